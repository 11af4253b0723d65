/* What the ledger is asked for. Every list is copied into the caller's arena, so that no statement
 * stays open. */
#include "ledger_sql.h"

#include "exhausted.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

enum { SAMPLE_COLUMNS = 19, MOST_DOCUMENT = 1 << 30 };

static Date date_at(const Rows *rows, int column)
{
    return sql_is_null(rows, column) ? DATE_NONE : (Date)sql_int(rows, column);
}

/* A Note in five columns: code, file, row, field, detail. */
static Note note_at(const Rows *rows, int column, Arena *arena)
{
    Note note = {0};
    if (sql_is_null(rows, column)) return note;
    Place place = {sql_text(rows, column + 1, arena), (long)sql_int(rows, column + 2),
                   sql_text(rows, column + 3, arena)};
    (void)note_fail(&note, BAD_INPUT, sql_text(rows, column, arena), place, "%s",
                    sql_text(rows, column + 4, arena));
    return note;
}

static Names names_of(Rows rows, Arena *arena)
{
    Names names = {0};
    size_t capacity = 0;
    while (sql_next(&rows)) {
        if (names.n == capacity)
            names.items = arena_grow(arena, names.items, &capacity, sizeof *names.items);
        names.items[names.n++] = sql_text(&rows, 0, arena);
    }
    return names;
}

/* ---- batches ---- */

BatchRow ledger_batch(Ledger *ledger, const char *name)
{
    BatchRow batch = {0};
    Rows rows = sql_ask(ledger, GET_BATCH, (const Cell[]){of_text(name)}, 1);
    if (!sql_next(&rows)) return batch;
    Arena *arena = arena_new(exhausted);
    batch = (BatchRow){.id = sql_int(&rows, 0),
                       .now = sql_int(&rows, 1),
                       .lang = strcmp(sql_text(&rows, 2, arena), "en") == 0 ? LANG_EN : LANG_ZH,
                       .documents = sql_int(&rows, 3) != 0,
                       .finished = sql_int(&rows, 4) != 0,
                       .tally = {sql_int(&rows, 5), sql_int(&rows, 6), sql_int(&rows, 7),
                                 sql_int(&rows, 8), sql_int(&rows, 9)}};
    arena_free(arena);
    sql_stop(&rows);
    return batch;
}

void ledger_tally(Tally *tally, Ledger *ledger, const char *batch)
{
    int64_t *const counts[] = {&tally->awaiting, &tally->interpreted, &tally->not_interpretable};
    Rows rows = sql_ask(ledger, GET_TALLY, (const Cell[]){of_text(batch)}, 1);
    while (sql_next(&rows))
        *counts[sql_int(&rows, 0)] = sql_int(&rows, 1);
    rows = sql_ask(ledger, GET_REPLACED, (const Cell[]){of_text(batch)}, 1);
    if (sql_next(&rows)) tally->replaced = sql_int(&rows, 0);
    sql_stop(&rows);
}

VisitRows ledger_visits(Ledger *ledger, const char *batch, Arena *arena)
{
    VisitRows visits = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_BATCH_CASES, (const Cell[]){of_text(batch)}, 1);
    while (sql_next(&rows)) {
        if (visits.n == capacity)
            visits.items = arena_grow(arena, visits.items, &capacity, sizeof *visits.items);
        visits.items[visits.n++] = (VisitRow){sql_text(&rows, 0, arena), sql_int(&rows, 1)};
    }
    for (size_t i = 0; i < visits.n; i++) {
        Rows row = sql_ask(ledger, GET_CONTENT_VERDICT,
                           (const Cell[]){of_int(visits.items[i].verdict)}, 1);
        if (sql_next(&row)) visits.items[i].verdict = sql_int(&row, 0);
        sql_stop(&row);
    }
    return visits;
}

/* ---- what came in ---- */

static Known known_at(const Rows *rows, Arena *arena)
{
    Known k = {.id = sql_int(rows, 0), .batch = sql_int(rows, 1), .newest = true};
    const char *texts[SAMPLE_COLUMNS] = {0};
    static const int text_columns[] = {2, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15};
    for (size_t i = 0; i < sizeof text_columns / sizeof *text_columns; i++)
        texts[text_columns[i]] = sql_text(rows, text_columns[i], arena);
    k.sample = (Sample){.id = texts[2],
                        .revision = (int)sql_int(rows, 3),
                        .replaces = (int)sql_int(rows, 4),
                        .reason = texts[5],
                        .person = texts[6],
                        .case_id = texts[7],
                        .submitter = texts[8],
                        .follow_up = texts[9],
                        .subject = subject_parse(texts[10]),
                        .material = material_parse(texts[11]),
                        .assay = texts[12],
                        .collected = sql_int(rows, 13),
                        .consent = {texts[14], texts[15], (Date)sql_int(rows, 16)},
                        .fetal = sql_int(rows, 17) != 0,
                        .row = (long)sql_int(rows, 18)};
    return k;
}

static KnownList known_of(Rows rows, Arena *arena, bool tells_newest)
{
    KnownList list = {0};
    size_t capacity = 0;
    while (sql_next(&rows)) {
        if (capacity == 0) /* mostly there is one: a Known is half a kilobyte */
            list.items = arena_alloc(arena, (capacity = 1) * sizeof *list.items);
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n] = known_at(&rows, arena);
        list.items[list.n++].newest = !tells_newest || sql_int(&rows, SAMPLE_COLUMNS) != 0;
    }
    return list;
}

KnownList ledger_revisions(Ledger *ledger, const char *sample, Arena *arena)
{
    KnownList list =
        known_of(sql_ask(ledger, GET_REVISIONS, (const Cell[]){of_text(sample)}, 1), arena, false);
    for (size_t i = 0; i < list.n; i++)
        list.items[i].newest = i + 1 == list.n;
    return list;
}

KnownList ledger_case_samples(Ledger *ledger, const char *case_id, Arena *arena)
{
    return known_of(sql_ask(ledger, GET_CASE_SAMPLES, (const Cell[]){of_text(case_id)}, 1), arena,
                    true);
}

KnownList ledger_history(Ledger *ledger, const char *person, const char *other_than, Instant until,
                         Arena *arena)
{
    const Cell cells[] = {of_text(person), of_text(other_than), of_int(until)};
    return known_of(sql_ask(ledger, GET_PERSON_SAMPLES, cells, 3), arena, false);
}

ControlList ledger_controls(Ledger *ledger, Arena *arena)
{
    ControlList list = {0};
    size_t capacity = 0, batches = 0;
    Rows rows = sql_ask(ledger, GET_CONTROLS, NULL, 0);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        if (list.n == batches)
            list.batches = arena_grow(arena, list.batches, &batches, sizeof *list.batches);
        list.batches[list.n] = sql_int(&rows, 9);
        list.items[list.n++] = (Control){.run = sql_text(&rows, 0, arena),
                                         .analyte = sql_text(&rows, 1, arena),
                                         .material = sql_text(&rows, 2, arena),
                                         .lot = sql_text(&rows, 3, arena),
                                         .instrument = sql_text(&rows, 4, arena),
                                         .unit = sql_text(&rows, 5, arena),
                                         .value = sql_is_null(&rows, 6) ? NAN : sql_real(&rows, 6),
                                         .time = sql_int(&rows, 7),
                                         .row = (long)sql_int(&rows, 8)};
    }
    return list;
}

WatchedList ledger_watched(Ledger *ledger, const char *code, const char *beside, const char *of,
                           Arena *arena)
{
    WatchedList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_WATCHED,
                        (const Cell[]){of_text(code), of_text(beside), of_text(of)}, 3);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] =
            (Watched){.item = sql_text(&rows, 0, arena),
                      .answer = (Answer)sql_int(&rows, 1),
                      .value = sql_is_null(&rows, 2) ? NAN : sql_real(&rows, 2),
                      .collected = sql_int(&rows, 3),
                      .run = sql_text(&rows, 4, arena),
                      .beside = sql_is_null(&rows, 5) ? NAN : sql_real(&rows, 5)};
    }
    return list;
}

Names ledger_cases_of_run(Ledger *ledger, const char *run, Arena *arena)
{
    return names_of(sql_ask(ledger, GET_CASES_OF_RUN, (const Cell[]){of_text(run)}, 1), arena);
}

Names ledger_later_cases(Ledger *ledger, const char *person, const char *other_than, Instant from,
                         Arena *arena)
{
    const Cell cells[] = {of_text(person), of_text(other_than), of_int(from)};
    return names_of(sql_ask(ledger, GET_LATER_CASES, cells, 3), arena);
}

/* Whether the question has an answer at all. */
static bool answered(Rows rows)
{
    bool has = sql_next(&rows);
    sql_stop(&rows);
    return has;
}

bool ledger_has_case(Ledger *ledger, const char *case_id)
{
    return answered(sql_ask(ledger, HAS_CASE, (const Cell[]){of_text(case_id)}, 1));
}

FactList ledger_facts(Ledger *ledger, const char *case_id, Arena *arena)
{
    FactList list = {0};
    size_t capacity = 0, batch_capacity = 0;
    Rows rows = sql_ask(ledger, GET_FACTS, (const Cell[]){of_text(case_id)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        if (list.n == batch_capacity)
            list.batches = arena_grow(arena, list.batches, &batch_capacity, sizeof *list.batches);
        list.batches[list.n] = sql_int(&rows, 7);
        list.items[list.n++] =
            (Fact){.owner = subject_parse(sql_text(&rows, 0, arena)),
                   .code = sql_text(&rows, 1, arena),
                   .value = sql_text(&rows, 2, arena),
                   .number = sql_is_null(&rows, 3) ? (double)NAN : sql_real(&rows, 3),
                   .unit = sql_text(&rows, 4, arena),
                   .time = sql_is_null(&rows, 5) ? INSTANT_NONE : sql_int(&rows, 5),
                   .row = (long)sql_int(&rows, 6)};
        list.items[list.n - 1].unreadable = list.items[list.n - 1].value[0] == '\0';
    }
    return list;
}

Pieces ledger_evidence(Ledger *ledger, const char *sample, Arena *arena)
{
    Pieces pieces = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_EVIDENCE, (const Cell[]){of_text(sample)}, 1);
    while (sql_next(&rows)) {
        if (pieces.n == capacity)
            pieces.items = arena_grow(arena, pieces.items, &capacity, sizeof *pieces.items);
        pieces.items[pieces.n++] = (Piece){(int)sql_int(&rows, 0), sql_int(&rows, 1),
                                           sql_int(&rows, 2) != 0, sql_text(&rows, 3, arena), NULL};
    }
    return pieces;
}

bool ledger_has_unmatched(Ledger *ledger)
{
    return answered(sql_ask(ledger, HAS_UNMATCHED, NULL, 0));
}

bool ledger_is_of_batch(Ledger *ledger, int64_t batch, const char *name)
{
    return answered(sql_ask(ledger, IS_OF_BATCH, (const Cell[]){of_int(batch), of_text(name)}, 2));
}

Names ledger_unmatched(Ledger *ledger, const char *sample, Arena *arena)
{
    return names_of(sql_ask(ledger, GET_UNMATCHED, (const Cell[]){of_text(sample)}, 1), arena);
}

int ledger_sealed_revision(Ledger *ledger, const char *sample,
                           const unsigned char digest[LEDGER_MAC])
{
    const Cell cells[] = {of_text(sample), of_blob(digest, LEDGER_MAC)};
    Rows rows = sql_ask(ledger, GET_SEAL, cells, 2);
    int revision = sql_next(&rows) ? (int)sql_int(&rows, 0) : 0;
    sql_stop(&rows);
    return revision;
}

SealedList ledger_sealed_samples(Ledger *ledger, const unsigned char digest[LEDGER_MAC],
                                 Arena *arena)
{
    SealedList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_SEALED, (const Cell[]){of_blob(digest, LEDGER_MAC)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n].sample = sql_text(&rows, 0, arena);
        list.items[list.n++].revision = (int)sql_int(&rows, 1);
    }
    sql_stop(&rows);
    return list;
}

RejectedList ledger_rejections(Ledger *ledger, int64_t batch, Arena *arena)
{
    RejectedList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_REJECTIONS, (const Cell[]){of_int(batch)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (Rejected){sql_text(&rows, 0, arena), sql_text(&rows, 1, arena),
                                          sql_text(&rows, 2, arena), note_at(&rows, 3, arena)};
    }
    return list;
}

/* ---- verdicts ---- */

Verdict ledger_verdict(Ledger *ledger, const char *case_id)
{
    Verdict v = {.case_id = case_id};
    const void *key;
    Rows rows = sql_ask(ledger, GET_VERDICT, (const Cell[]){of_text(case_id)}, 1);
    if (sql_next(&rows)) {
        v.id = sql_int(&rows, 0);
        v.version = (int)sql_int(&rows, 1);
        if (sql_blob(&rows, 2, &key) == LEDGER_MAC) memcpy(v.key, key, LEDGER_MAC);
    }
    sql_stop(&rows);
    return v;
}

Names ledger_visited(Ledger *ledger, const char *batch, int64_t from, Arena *arena)
{
    return names_of(sql_ask(ledger, GET_VISITED, (const Cell[]){of_text(batch), of_int(from)}, 2),
                    arena);
}

bool ledger_judged(Judged *out, Ledger *ledger, int64_t verdict, int64_t sample_row, Arena *arena)
{
    const Cell cells[] = {of_int(verdict), of_int(sample_row)};
    Rows rows = sql_ask(ledger, GET_JUDGED, cells, 2);
    bool found = sql_next(&rows);
    if (found) *out = (Judged){(int)sql_int(&rows, 0), note_at(&rows, 1, arena)};
    sql_stop(&rows);
    return found;
}

static Finding finding_at(const Rows *rows, Arena *arena)
{
    return (Finding){.sample = sql_text(rows, 0, arena),
                     .assay = sql_text(rows, 1, arena),
                     .subject = subject_parse(sql_text(rows, 2, arena)),
                     .fetal = sql_int(rows, 3) != 0,
                     .code = sql_text(rows, 4, arena),
                     .item = sql_text(rows, 5, arena),
                     .answer = (Answer)sql_int(rows, 6),
                     .detail = sql_text(rows, 7, arena),
                     .has_value = !sql_is_null(rows, 8),
                     .value = sql_real(rows, 8),
                     .unit = sql_text(rows, 9, arena),
                     .table = sql_text(rows, 10, arena),
                     .version = sql_text(rows, 11, arena),
                     .row = sql_text(rows, 12, arena),
                     .example = sql_int(rows, 13) != 0,
                     .unverified = sql_int(rows, 14) != 0,
                     .qc = sql_text(rows, 25, arena)};
}

static Action action_at(const Rows *rows, const Reference *reference, Arena *arena)
{
    return (Action){.level = (Level)sql_int(rows, 15),
                    .department = sql_text(rows, 16, arena),
                    .capability = sql_text(rows, 17, arena),
                    .urgency = sql_text(rows, 18, arena),
                    .wording = sql_text(rows, 19, arena),
                    .due = date_at(rows, 20),
                    .due_uncertain = sql_int(rows, 21) != 0,
                    .due_example = sql_int(rows, 22) != 0,
                    .to = centre_find(reference_centres(reference), sql_text(rows, 23, arena)),
                    .row = sql_text(rows, 24, arena)};
}

ToldList ledger_findings(Ledger *ledger, int64_t verdict, const Reference *reference, Arena *arena)
{
    ToldList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_FINDINGS, (const Cell[]){of_int(verdict)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        Told *told = &list.items[list.n++];
        *told = (Told){.finding = finding_at(&rows, arena), .has_action = !sql_is_null(&rows, 15)};
        if (told->has_action) told->action = action_at(&rows, reference, arena);
    }
    return list;
}

/* ---- what went out ---- */

PaperRows ledger_papers(Ledger *ledger, const char *case_id, Arena *arena)
{
    PaperRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_PAPERS, (const Cell[]){of_text(case_id)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (PaperRow){.id = sql_int(&rows, 0),
                                          .kind = (PaperKind)sql_int(&rows, 1),
                                          .name = sql_text(&rows, 2, arena),
                                          .version = (int)sql_int(&rows, 3),
                                          .centre = sql_text(&rows, 4, arena),
                                          .copy_to = sql_text(&rows, 5, arena)};
    }
    return list;
}

ToldList ledger_told(Ledger *ledger, int64_t paper, Arena *arena)
{
    ToldList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_TOLD, (const Cell[]){of_int(paper)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++].finding = (Finding){.code = sql_text(&rows, 0, arena),
                                                 .item = sql_text(&rows, 1, arena),
                                                 .answer = (Answer)sql_int(&rows, 2),
                                                 .fetal = sql_int(&rows, 3) != 0,
                                                 .sample = sql_text(&rows, 4, arena)};
    }
    return list;
}

const char *ledger_paper_case(Ledger *ledger, const char *name, Arena *arena)
{
    Names names =
        names_of(sql_ask(ledger, GET_PAPER_CASE, (const Cell[]){of_text(name)}, 1), arena);
    return names.n > 0 ? names.items[0] : NULL;
}

Names ledger_paper_documents(Ledger *ledger, int64_t verdict, Arena *arena)
{
    return names_of(sql_ask(ledger, GET_PAPER_DOCUMENTS, (const Cell[]){of_int(verdict)}, 1),
                    arena);
}

static DocumentRow document_at(const Rows *rows, Arena *arena)
{
    return (DocumentRow){.name = sql_text(rows, 0, arena),
                         .kind = sql_text(rows, 1, arena),
                         .sha256 = sql_text(rows, 2, arena),
                         .size = (size_t)sql_int(rows, 3)};
}

static Status inflate_content(DocumentRow *document, const Rows *rows, Arena *arena, Note *why)
{
    const void *content;
    size_t size = sql_blob(rows, 4, &content);
    uLongf room = (uLongf)document->size;
    unsigned char *bytes =
        document->size > MOST_DOCUMENT ? NULL : arena_alloc(arena, document->size + 1);
    if (bytes == NULL || uncompress(bytes, &room, content, (uLong)size) != Z_OK ||
        room != document->size)
        return note_fail(why, LEDGER_FAILED, "ledger.document", (Place){.file = document->name},
                         NULL);
    document->bytes = bytes;
    return OK;
}

/* A document whose content cannot be read back leaves the list: who asks for two and gets one refuses. */
DocumentRows ledger_draft_documents(Ledger *ledger, int64_t paper, Arena *arena)
{
    DocumentRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_DRAFT_DOCUMENTS, (const Cell[]){of_int(paper)}, 1);
    while (sql_next(&rows)) {
        DocumentRow document = document_at(&rows, arena);
        if (inflate_content(&document, &rows, arena, NULL) != OK) continue;
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = document;
    }
    return list;
}

Status ledger_each_document(Ledger *ledger, const char *batch,
                            Status (*use)(const DocumentRow *document, void *context, Note *why),
                            void *context, Note *why)
{
    Arena *arena = arena_new(exhausted);
    Rows rows = batch == NULL
                    ? sql_ask(ledger, GET_ALL_DOCUMENTS, NULL, 0)
                    : sql_ask(ledger, GET_BATCH_DOCUMENTS, (const Cell[]){of_text(batch)}, 1);
    Status s = OK;
    while (s == OK && sql_next(&rows)) {
        arena_reset(arena);
        DocumentRow document = document_at(&rows, arena);
        if (batch != NULL) s = inflate_content(&document, &rows, arena, why);
        if (s == OK) s = use(&document, context, why);
    }
    sql_stop(&rows);
    arena_free(arena);
    return s != OK ? s : ledger_ok(ledger, why);
}
