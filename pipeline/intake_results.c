/* Why: results.csv is the laboratory's own table: a file to read, or a result that a person or another system coded.
 * Method: a row names either a file with its SHA-256 or a code with its value, never both. Codes and values must stand in
 * results.tsv for the assay that the sample was registered for; a sample that this batch does not register may be in the ledger, so
 * its row is kept when some assay knows the code. A sample "*" stands for every specimen of the file.
 * The fetal door: for fetal material, and for material of nobody known, a code outside results.tsv is dropped without a word,
 * before any other check; so is every code of a fetus's sex, whoever it is about.
 * Refuses: a file without checksum (a table cut short looks just like a shorter table). */
#include "../lab/assays/assay.h"
#include "../lab/sex.h"
#include "exhausted.h"
#include "file.h"
#include "intake_room.h"
#include "text.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLE, RUN, WELL, SPECIMEN, FILE_NAME, SHA256, CODE, VALUE, UNIT, TIME, COLUMNS };
enum { PLATE_LIMIT = 40, SPECIMEN_LIMIT = 64 };

static const char *const columns[] = {"sample", "run",  "well",  "specimen", "file",
                                      "sha256", "code", "value", "unit",     "time"};

typedef struct Draft {
    Room *room;
    const Cells *cells;
    const Sample *sample; /* NULL = not registered in this batch */
    bool fetal, coded, hushed, denied;
    ResultRow row;
    Result result;
} Draft;

/* Row of results.tsv for `code` and that assay ("" = any); -1 = none. */
static long find_rule(const Table *t, const char *assay, const char *code)
{
    long first = t != NULL ? table_find(t, code) : -1;
    if (first < 0 || assay[0] == '\0') return first;
    int at_assay = table_column(t, "assay");
    for (size_t r = (size_t)first; r < t->n_rows; r++)
        if (strcmp(table_cell(t, r, 0), code) == 0 &&
            strcmp(table_cell(t, r, at_assay), assay) == 0)
            return (long)r;
    return -1;
}

bool intake_result_known(const Reference *reference, const char *assay, const char *code)
{
    return find_rule(reference_table(reference, "results"), assay, code) >= 0;
}

Fault intake_check_result(const Reference *reference, const char *assay, Result *result,
                          const char *value)
{
    const Table *t = reference_table(reference, "results");
    long row = find_rule(t, assay, result->code);
    double low = -INFINITY, high = INFINITY;
    if (row < 0) return (Fault){.code = "result.code", .column = CODE};
    size_t r = (size_t)row;
    result->code = table_cell(t, r, 0);
    if (strcmp(table_get(t, r, "kind"), "number") != 0) {
        result->unit = ""; /* a word has none; what stood in the cell is not kept */
        result->value = value;
        return intake_listed(table_get(t, r, "values"), value)
                   ? FINE
                   : (Fault){.code = "result.value", .column = VALUE};
    }
    if (intake_listed(table_get(t, r, "values"), "bound")) result->bound = intake_bound(&value);
    if (!intake_number(value, &result->number) || (result->bound != 0 && !(result->number > 0)))
        return (Fault){.code = "result.number", .column = VALUE};
    if (strcmp(result->unit, table_get(t, r, "unit")) != 0)
        return (Fault){.code = "result.unit", .column = UNIT, .detail = table_get(t, r, "unit")};
    (void)intake_number(table_get(t, r, "min"), &low);
    (void)intake_number(table_get(t, r, "max"), &high);
    result->unit = table_get(t, r, "unit");
    if (result->bound == '<')
        low = 0; /* the end of an analyser's range may lie below all that is plausible */
    return result->number < low || result->number > high
               ? (Fault){.code = "result.range", .column = VALUE}
               : FINE;
}

static const char *cell(const Draft *d, int column)
{
    return d->cells->cell[column];
}

static Fault check_sample(Draft *d)
{
    if (strcmp(cell(d, SAMPLE), "*") != 0) return intake_check_id('S', d->cells, SAMPLE);
    return cell(d, FILE_NAME)[0] != '\0' ? FINE : (Fault){.code = "result.star", .column = SAMPLE};
}

/* Run and well come back on documents of the laboratory: letters, digits and a few signs. */
bool intake_plate_name_ok(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/#-";
    size_t n = strlen(text);
    return n <= PLATE_LIMIT && strspn(text, allowed) == n;
}

static Fault check_place(const Draft *d)
{
    if (!intake_plate_name_ok(cell(d, RUN))) return (Fault){.code = "result.run", .column = RUN};
    if (!intake_plate_name_ok(cell(d, WELL))) return (Fault){.code = "result.run", .column = WELL};
    return text_is_plain(cell(d, SPECIMEN), SPECIMEN_LIMIT)
               ? FINE
               : (Fault){.code = "result.specimen", .column = SPECIMEN};
}

static Fault check_checksum(Draft *d)
{
    const char *hex = cell(d, SHA256);
    if (hex[0] == '\0') return (Fault){.code = "file.no_checksum", .column = SHA256};
    if (strlen(hex) != SHA256_HEX - 1 || strspn(hex, "0123456789abcdefABCDEF") != SHA256_HEX - 1)
        return (Fault){.code = "file.checksum_form", .column = SHA256};
    return FINE;
}

static Fault check_coded(Draft *d)
{
    const Room *room = d->room;
    d->result.code = cell(d, CODE);
    d->result.unit = cell(d, UNIT);
    d->result.time = INSTANT_NONE;
    if (cell(d, VALUE)[0] == '\0') return (Fault){.code = "cell.empty", .column = VALUE};
    if (cell(d, SHA256)[0] != '\0' || cell(d, SPECIMEN)[0] != '\0')
        return (Fault){.code = "result.both", .column = cell(d, SHA256)[0] ? SHA256 : SPECIMEN};
    if (cell(d, TIME)[0] != '\0' &&
        !instant_parse(&d->result.time, cell(d, TIME), room->offset_minutes))
        return (Fault){.code = "date.form", .column = TIME};
    if (room->now != INSTANT_NONE && d->result.time > room->now)
        return (Fault){.code = "date.future", .column = TIME};
    return intake_check_result(room->reference, d->sample ? d->sample->assay : "", &d->result,
                               cell(d, VALUE));
}

/* A word of results.tsv is no formula, whatever it begins with: "--SEA/aa" is a genotype. */
static bool is_listed_word(const Draft *d)
{
    const Table *t = reference_table(d->room->reference, "results");
    long row = find_rule(t, d->sample ? d->sample->assay : "", cell(d, CODE));
    return row >= 0 && intake_listed(table_get(t, (size_t)row, "values"), cell(d, VALUE));
}

static Fault check_row(Draft *d)
{
    if (d->cells->fault != NULL) return intake_form_fault(d->cells, d->room->arena);
    Cells checked = *d->cells;
    if (is_listed_word(d)) checked.cell[VALUE] = "";
    Fault f = intake_check_cells(&checked, COLUMNS, VALUE);
    if (f.code == NULL) f = check_sample(d);
    if (f.code == NULL) f = check_place(d);
    if (f.code != NULL) return f;
    bool file = cell(d, FILE_NAME)[0] != '\0';
    if (!file && !d->coded) return (Fault){.code = "result.nothing", .column = -1};
    if (file && d->coded) return (Fault){.code = "result.both", .column = CODE};
    if (d->coded) return check_coded(d);
    if (!file_name_ok(cell(d, FILE_NAME))) return (Fault){.code = "file.name", .column = FILE_NAME};
    return check_checksum(d);
}

/* A code that must not be heard of: the row goes on without it. */
static bool code_at_the_door(Draft *d)
{
    const char *code = cell(d, CODE);
    if (d->fetal && d->cells->fault != NULL && d->cells->fault_column == CODE) return true;
    if (code[0] == '\0') return false;
    d->denied = intake_code_denied(d->room, code);
    return d->denied || (d->fetal && !intake_result_known(d->room->reference,
                                                          d->sample ? d->sample->assay : "", code));
}

static Whose whose_row(const Draft *d)
{
    bool good = intake_id_ok('S', cell(d, SAMPLE));
    return (Whose){.centre = d->sample ? d->sample->submitter : "",
                   .sample = good ? cell(d, SAMPLE) : "",
                   .case_id = d->sample ? d->sample->case_id : ""};
}

static void reserve(Room *room, size_t rows)
{
    room->result_capacity = rows;
    room->out->results = arena_alloc(room->arena, rows * sizeof *room->out->results);
}

static const char *keep(Arena *arena, const char *text, const char *before)
{
    if (text[0] == '\0') return "";
    return before != NULL && strcmp(text, before) == 0 ? before : arena_copy(arena, text);
}

static const char *lower(Arena *arena, const char *hex)
{
    char *text = arena_copy(arena, hex);
    for (char *p = text; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'F') *p = (char)(*p - 'A' + 'a');
    return text;
}

void intake_push_result(Room *room, const ResultRow *row)
{
    Intake *in = room->out;
    if (in->n_results == room->result_capacity)
        in->results =
            arena_grow(room->arena, in->results, &room->result_capacity, sizeof *in->results);
    in->results[in->n_results++] = *row;
}

/* Where a fetus's sample stood is kept only as far as its words are about a plate. */
static const char *place_of(const Draft *d, int column)
{
    return d->fetal && sex_text_denied(cell(d, column)) ? "" : cell(d, column);
}

static void push_row(Draft *d)
{
    Room *room = d->room;
    Arena *a = room->arena;
    size_t n = room->out->n_results;
    const ResultRow *before = n > 0 ? &room->out->results[n - 1] : NULL;
    d->row = (ResultRow){.sample = d->sample ? d->sample->id : arena_copy(a, cell(d, SAMPLE)),
                         .run = keep(a, place_of(d, RUN), before ? before->run : NULL),
                         .well = keep(a, place_of(d, WELL), NULL),
                         .specimen = keep(a, cell(d, SPECIMEN), NULL),
                         .file = keep(a, cell(d, FILE_NAME), before ? before->file : NULL),
                         .sha256 = "",
                         .row = d->cells->row,
                         .hushed = d->hushed};
    if (d->coded) {
        d->result.specimen = "";
        d->result.run = d->row.run;
        d->result.well = d->row.well;
        if (d->result.value != NULL) d->result.value = arena_copy(a, d->result.value);
        d->row.results = arena_alloc(a, sizeof d->result);
        d->row.results[0] = d->result;
        d->row.n_results = 1;
    } else {
        d->row.sha256 = lower(a, cell(d, SHA256));
    }
    intake_push_result(room, &d->row);
}

/* Whether the file is there: a Rejection when not. For fetal material its name stays untold. */
static bool file_there(const Draft *d)
{
    Note note;
    int fd;
    Place at = {.file = "results.csv", .row = d->cells->row, .field = "file"};
    Status s =
        file_open(&fd, d->room->out->folder, cell(d, FILE_NAME), INTAKE_FILE_LIMIT, at, &note);
    if (s == OK) {
        (void)close(fd);
        return true;
    }
    if (d->fetal) note.detail[0] = '\0';
    if (s == IO_FAILED)
        intake_stop(d->room, &note);
    else
        intake_reject_note(d->room, whose_row(d), &note);
    return false;
}

static void take(Room *room, const Cells *cells)
{
    Draft d = {.room = room, .cells = cells};
    bool torn = cells->fault != NULL && cells->fault_column < 0;
    d.sample = intake_find_sample(room, cells->cell[SAMPLE], &d.fetal);
    d.coded = cells->cell[CODE][0] != '\0';
    Cells quiet = *cells;
    if (!torn && code_at_the_door(&d)) {
        if (cells->cell[FILE_NAME][0] == '\0') return;
        quiet.cell[CODE] = quiet.cell[VALUE] = quiet.cell[UNIT] = "";
        if (cells->fault_column == CODE || cells->fault_column == VALUE ||
            cells->fault_column == UNIT)
            quiet.fault = NULL;
        d.cells = &quiet;
        d.coded = false;
        d.hushed = true;
    }
    const size_t n_results = room->out->n_results, n_rejections = room->out->n_rejections;
    Fault f = check_row(&d);
    if (f.code == NULL && (d.coded || file_there(&d))) {
        push_row(&d);
    } else if (f.code != NULL) {
        Place at = {.file = "results.csv",
                    .row = cells->row,
                    .field = f.column < 0 ? NULL : columns[f.column]};
        intake_reject(room, whose_row(&d), f.code, at, f.detail);
    }
    if (!torn && cells->cell[FILE_NAME][0] != '\0')
        intake_mention(room, cells->cell[SAMPLE], d.hushed, d.denied, n_results, n_rejections);
}

const TableShape shape_results = {.table = "results",
                                  .file = "results.csv",
                                  .columns = columns,
                                  .n_columns = COLUMNS,
                                  .row_bytes = 16,
                                  .reserve = reserve,
                                  .take = take};

static uint64_t row_key(const ResultRow *r)
{
    uint64_t h = seen_hash(seen_hash(SEEN_SEED, r->sample), r->file);
    if (r->n_results == 0) return seen_hash(h, r->specimen);
    h = seen_hash(seen_hash(seen_hash(h, r->results->code), r->run), r->well);
    return seen_hash_number(h, r->results->time);
}

static bool same_place(const ResultRow *a, const ResultRow *b)
{
    if (a->n_results != b->n_results || strcmp(a->sample, b->sample) != 0 ||
        strcmp(a->file, b->file) != 0)
        return false;
    if (a->n_results == 0) return strcmp(a->specimen, b->specimen) == 0;
    return strcmp(a->results->code, b->results->code) == 0 && strcmp(a->run, b->run) == 0 &&
           strcmp(a->well, b->well) == 0 && a->results->time == b->results->time;
}

static bool same_result(const ResultRow *a, const ResultRow *b)
{
    if (a->n_results == 0) return strcmp(a->sha256, b->sha256) == 0;
    const Result *x = a->results, *y = b->results;
    if ((x->value == NULL) != (y->value == NULL)) return false;
    return x->value ? strcmp(x->value, y->value) == 0
                    : x->bound == y->bound && x->number == y->number;
}

static void reject_row(Room *room, const ResultRow *r, const char *code)
{
    bool fetal;
    const Sample *s = intake_find_sample(room, r->sample, &fetal);
    intake_reject(room,
                  (Whose){.centre = s ? s->submitter : "",
                          .case_id = s ? s->case_id : "",
                          .sample = strcmp(r->sample, "*") == 0 ? "" : r->sample},
                  code, (Place){.file = "results.csv", .row = r->row, .field = "sample"}, NULL);
}

/* A row that named its file beside a result about sex says nothing that another row of that file does not: it goes without a word, for a
 * repeat that is told would tell how many such results there were. */
static const char unsaid[] = "";

static void find_duplicates(const Intake *in, const char **fault, Arena *scratch)
{
    Seen *seen = seen_new(in->n_results, scratch);
    for (size_t i = 0; i < in->n_results; i++) {
        const ResultRow *r = &in->results[i];
        size_t cursor = 0;
        long before;
        if (fault[i] == unsaid) continue;
        while ((before = seen_next(seen, row_key(r), &cursor)) >= 0 &&
               (fault[before] == unsaid || !same_place(&in->results[before], r)))
            continue;
        bool hushed = before >= 0 && in->results[before].hushed;
        if (before >= 0 && (r->hushed || hushed)) fault[r->hushed ? (long)i : before] = unsaid;
        if (before < 0 || (hushed && !r->hushed))
            seen_add(seen, row_key(r), i);
        else if (r->hushed)
            continue;
        else if (same_result(&in->results[before], r))
            fault[i] = "result.duplicate";
        else
            fault[i] = fault[before] = "result.conflict";
    }
}

/* No two women have the same reads: a file of counted reads that stands under two of them is a mix-up, and nobody here can tell whose it is. */
static void find_shared_files(const Room *room, const char **fault, Arena *scratch)
{
    const Intake *in = room->out;
    Seen *seen = seen_new(in->n_results, scratch);
    for (size_t i = 0; i < in->n_results; i++) {
        const ResultRow *r = &in->results[i];
        bool fetal;
        const Sample *s = intake_find_sample(room, r->sample, &fetal);
        const Assay *assay = s ? assay_find(s->assay) : NULL;
        if (r->n_results > 0 || fault[i] != NULL || assay == NULL || !assay->takes_bins) continue;
        uint64_t key = seen_hash(SEEN_SEED, r->sha256);
        size_t cursor = 0;
        long before;
        while ((before = seen_next(seen, key, &cursor)) >= 0 &&
               strcmp(in->results[before].sha256, r->sha256) != 0)
            continue;
        const Sample *other =
            before < 0 ? NULL : intake_find_sample(room, in->results[before].sample, &fetal);
        if (before < 0)
            seen_add(seen, key, i);
        else if (other != NULL && strcmp(other->person, s->person) != 0)
            fault[i] = fault[before] = "file.shared";
    }
}

void intake_finish_results(Room *room)
{
    Intake *in = room->out;
    Arena *scratch = arena_new(exhausted);
    const char **fault = arena_alloc(scratch, (in->n_results + 1) * sizeof *fault);
    intake_hush(room, fault, unsaid, scratch);
    find_duplicates(in, fault, scratch);
    find_shared_files(room, fault, scratch);
    size_t n = in->n_results, kept = 0, n_many = 0;
    ResultRow *many = arena_alloc(scratch, (n + 1) * sizeof *many);
    for (size_t i = 0; i < n; i++) {
        if (fault[i] == unsaid) continue;
        if (fault[i] != NULL)
            reject_row(room, &in->results[i], fault[i]);
        else if (strcmp(in->results[i].sample, "*") == 0)
            many[n_many++] = in->results[i];
        else
            in->results[kept++] = in->results[i];
    }
    in->n_results = kept;
    for (size_t i = 0; i < n_many; i++)
        intake_read_many(room, &many[i]);
    arena_free(scratch);
}
