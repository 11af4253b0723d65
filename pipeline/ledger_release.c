/* Which papers have left the draft. A release is a row that is never changed: what was sent stays sent, and what corrects it is a
 * new version of the paper with a release of its own. */
#include "exhausted.h"
#include "ledger_sql.h"

#include <string.h>

static Date date_in(const Rows *rows, int column)
{
    return sql_is_null(rows, column) ? DATE_NONE : (Date)sql_int(rows, column);
}

static PaperRow paper_in(const Rows *rows, Arena *arena)
{
    return (PaperRow){.id = sql_int(rows, 0),
                      .kind = (PaperKind)sql_int(rows, 1),
                      .name = sql_text(rows, 2, arena),
                      .version = (int)sql_int(rows, 3),
                      .centre = sql_text(rows, 4, arena),
                      .copy_to = sql_text(rows, 5, arena),
                      .replaces = (int)sql_int(rows, 6),
                      .due = date_in(rows, 7)};
}

bool ledger_released(Ledger *ledger, int64_t paper)
{
    Rows rows = sql_ask(ledger, GET_RELEASED, (const Cell[]){of_int(paper)}, 1);
    bool is = sql_next(&rows);
    sql_stop(&rows);
    return is;
}

void ledger_add_released(Ledger *ledger, int64_t paper, Instant time, const char *how)
{
    const Cell cells[] = {of_int(paper), of_int(time), of_text(how)};
    (void)sql_add(ledger, ADD_RELEASED, cells, sizeof cells / sizeof *cells);
}

PaperRows ledger_released_papers(Ledger *ledger, Arena *arena)
{
    PaperRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_RELEASED_PAPERS, NULL, 0);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = paper_in(&rows, arena);
    }
    return list;
}

/* ---- drafts ---- */

static void set_person(Draft *draft, Ledger *ledger, Arena *arena)
{
    Rows rows = sql_ask(ledger, GET_RECORD_PERSON, (const Cell[]){of_int(draft->verdict)}, 1);
    if (sql_next(&rows)) {
        draft->person = sql_text(&rows, 0, arena);
        draft->newborn = subject_parse(sql_text(&rows, 1, arena)) == SUBJECT_NEWBORN;
    }
    sql_stop(&rows);
}

bool ledger_draft(Draft *out, Ledger *ledger, const char *name, int version, Arena *arena)
{
    Rows rows = sql_ask(ledger, GET_DRAFT, (const Cell[]){of_text(name), of_int(version)}, 2);
    bool found = sql_next(&rows);
    if (found)
        *out = (Draft){.row = paper_in(&rows, arena),
                       .verdict = sql_int(&rows, 8),
                       .case_id = sql_text(&rows, 9, arena),
                       .batch = sql_int(&rows, 10),
                       .batch_name = sql_text(&rows, 11, arena),
                       .lang = strcmp(sql_text(&rows, 12, arena), "en") == 0 ? LANG_EN : LANG_ZH,
                       .newest = sql_int(&rows, 13) != 0,
                       .current = sql_int(&rows, 14) != 0,
                       .release = sql_text(&rows, 15, arena),
                       .demo = sql_int(&rows, 16) != 0};
    sql_stop(&rows);
    if (found) set_person(out, ledger, arena);
    return found;
}

static PaperNames paper_names(Rows rows, Arena *arena)
{
    PaperNames list = {0};
    size_t capacity = 0;
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (PaperName){sql_text(&rows, 0, arena), (int)sql_int(&rows, 1)};
    }
    return list;
}

PaperNames ledger_open_drafts(Ledger *ledger, const char *batch, Arena *arena)
{
    return paper_names(sql_ask(ledger, GET_OPEN_DRAFTS, (const Cell[]){of_text(batch)}, 1), arena);
}

PaperNames ledger_acted(Ledger *ledger, Arena *arena)
{
    return paper_names(sql_ask(ledger, GET_ACTED, NULL, 0), arena);
}

static Names names_in(Rows rows, Arena *arena)
{
    Names list = {0};
    size_t capacity = 0;
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = sql_text(&rows, 0, arena);
    }
    return list;
}

Names ledger_recipients(Ledger *ledger, const char *name, Arena *arena)
{
    return names_in(sql_ask(ledger, GET_RECIPIENTS, (const Cell[]){of_text(name)}, 1), arena);
}

Names ledger_issued_of_person(Ledger *ledger, const char *person, Arena *arena)
{
    return names_in(sql_ask(ledger, GET_ISSUED_OF_PERSON, (const Cell[]){of_text(person)}, 1),
                    arena);
}

LastRelease ledger_last_released(Ledger *ledger, const char *name)
{
    Rows rows = sql_ask(ledger, GET_LAST_RELEASED, (const Cell[]){of_text(name)}, 1);
    LastRelease last = {0};
    if (sql_next(&rows))
        last = (LastRelease){(int)sql_int(&rows, 0), sql_int(&rows, 1), sql_int(&rows, 2),
                             sql_int(&rows, 3)};
    sql_stop(&rows);
    return last;
}

ToldList ledger_told_whole(Ledger *ledger, int64_t paper, int64_t verdict,
                           const Reference *reference, Arena *arena)
{
    ToldList all = ledger_findings(ledger, verdict, reference, arena), list = {0};
    list.items = arena_alloc(arena, (all.n + 1) * sizeof *list.items);
    Rows rows = sql_ask(ledger, GET_TOLD_NUMBERS, (const Cell[]){of_int(paper)}, 1);
    while (sql_next(&rows)) {
        size_t n = (size_t)sql_int(&rows, 0);
        if (n < all.n) list.items[list.n++] = all.items[n]; /* findings are numbered from 0 on */
    }
    return list;
}

/* ---- acts ---- */

Acts ledger_acts(Ledger *ledger, int64_t paper, Arena *arena)
{
    Acts list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_ACTS, (const Cell[]){of_int(paper)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        Act *act = &list.items[list.n++];
        const void *bytes;
        *act = (Act){.id = sql_int(&rows, 0),
                     .kind = sql_text(&rows, 1, arena),
                     .person = sql_text(&rows, 2, arena),
                     .time = sql_int(&rows, 3),
                     .reason = sql_text(&rows, 4, arena),
                     .told = sql_text(&rows, 5, arena)};
        if (sql_blob(&rows, 6, &bytes) == ACT_KEY) memcpy(act->key, bytes, ACT_KEY);
        if (sql_blob(&rows, 7, &bytes) == ACT_SIGNATURE)
            memcpy(act->signature, bytes, ACT_SIGNATURE);
    }
    return list;
}

void ledger_add_act(Ledger *ledger, int64_t paper, const Act *act)
{
    const Cell cells[] = {of_int(paper),
                          of_text(act->kind),
                          of_text(act->person),
                          of_int(act->time),
                          of_text(act->reason),
                          of_text(act->told),
                          of_blob(act->key, ACT_KEY),
                          of_blob(act->signature, ACT_SIGNATURE)};
    (void)sql_add(ledger, ADD_ACT, cells, sizeof cells / sizeof *cells);
}

bool ledger_held(Ledger *ledger, const char *name)
{
    Arena *arena = arena_new(exhausted);
    Rows rows = sql_ask(ledger, GET_HELD, (const Cell[]){of_text(name)}, 1);
    bool held = sql_next(&rows) && strcmp(sql_text(&rows, 0, arena), "hold") == 0;
    sql_stop(&rows);
    arena_free(arena);
    return held;
}

void ledger_add_call_due(Ledger *ledger, int64_t paper, Instant due)
{
    const Cell cells[] = {of_int(paper), due == INSTANT_NONE ? of_null() : of_int(due)};
    (void)sql_add(ledger, ADD_CALL_DUE, cells, sizeof cells / sizeof *cells);
}

CallsDue ledger_calls_due(Ledger *ledger, Arena *arena)
{
    CallsDue list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_CALLS_DUE, NULL, 0);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] =
            (CallDue){sql_text(&rows, 0, arena), (int)sql_int(&rows, 1), sql_text(&rows, 2, arena),
                      sql_is_null(&rows, 3) ? INSTANT_NONE : sql_int(&rows, 3)};
    }
    return list;
}

/* ---- issued files ---- */

void ledger_add_issued(Ledger *ledger, int64_t paper, const IssuedRow *row)
{
    const Cell cells[] = {of_int(paper),
                          of_text(row->name),
                          of_text(row->kind),
                          of_text(row->sha256),
                          of_int((int64_t)row->size),
                          of_text(row->person),
                          of_blob(row->content, row->content_size)};
    (void)sql_add(ledger, ADD_ISSUED, cells, sizeof cells / sizeof *cells);
}

static IssuedRow issued_in(const Rows *rows, Arena *arena)
{
    return (IssuedRow){.name = sql_text(rows, 0, arena),
                       .kind = sql_text(rows, 1, arena),
                       .sha256 = sql_text(rows, 2, arena),
                       .size = (size_t)sql_int(rows, 3),
                       .person = sql_text(rows, 4, arena)};
}

static IssuedRow issued_with_content(const Rows *rows, Arena *arena)
{
    IssuedRow row = issued_in(rows, arena);
    const void *content;
    row.content_size = sql_blob(rows, 5, &content);
    row.content = arena_copy_n(arena, content != NULL ? content : "", row.content_size);
    return row;
}

IssuedRows ledger_issued(Ledger *ledger, int64_t paper, Arena *arena)
{
    IssuedRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_ISSUED, (const Cell[]){of_int(paper)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = issued_with_content(&rows, arena);
    }
    return list;
}

bool ledger_issued_file(IssuedRow *out, Ledger *ledger, const char *name, Arena *arena)
{
    Rows rows = sql_ask(ledger, GET_ISSUED_FILE, (const Cell[]){of_text(name)}, 1);
    bool found = sql_next(&rows);
    if (found) *out = issued_with_content(&rows, arena);
    sql_stop(&rows);
    return found;
}

Status ledger_each_issued(Ledger *ledger,
                          Status (*use)(const IssuedRow *row, void *context, Note *why),
                          void *context, Note *why)
{
    Arena *arena = arena_new(exhausted);
    Rows rows = sql_ask(ledger, GET_ALL_ISSUED, NULL, 0);
    Status s = OK;
    while (s == OK && sql_next(&rows)) {
        arena_reset(arena);
        IssuedRow row = issued_in(&rows, arena);
        row.erased = sql_int(&rows, 5) != 0;
        s = use(&row, context, why);
    }
    sql_stop(&rows);
    arena_free(arena);
    return s != OK ? s : ledger_ok(ledger, why);
}
