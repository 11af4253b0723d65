/* Why: analysers without HL7 and reference laboratories deliver tables, each with columns of its own.
 * Method: the layouts are data (exporters.tsv): which column holds the specimen, the test, the word. The first row, among the first forty,
 * whose cells contain all required columns of a layout is the header; the first layout of the table that fits is taken.
 * Words become values by the tables of lab/terms, as in HL7 messages. Columns that no layout names (name, sex, age, identity
 * number) are never read. Controls are never patients. A flag holds a row back, an error makes the test "failed".
 * Source: RFC 4180; the exporters are named in exporters.tsv.
 * Refuses: a header that no layout fits; a word that no table holds (a person must look), whatever stands beside it. */
#include "../csv_table.h"
#include "../text.h"

#include "../../lab/sex.h"
#include "desk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_ROWS = 40, ROLES = 64, PLATE_LIMIT = 40, SPECIMEN_LIMIT = 64 };

typedef struct Role {
    const char *role, *values, *test; /* test: of columns "fixed" and "wide" */
    size_t cell;
} Role;

typedef struct Export {
    Desk *desk;
    const Table *layouts;
    Role roles[ROLES];
    size_t n_roles, n_header;
    const char *specimen; /* of the row before: rows of one specimen share the text */
    int offset_minutes;
    bool refused;
} Export;

static bool folded_equal(const char *a, size_t length, const char *folded)
{
    char part[TERM_LENGTH], key[TERM_LENGTH];
    (void)snprintf(part, sizeof part, "%.*s",
                   (int)(length < TERM_LENGTH ? length : TERM_LENGTH - 1), a);
    return terms_fold(key, part) && strcmp(key, folded) == 0;
}

/* Is `text` one of "a|b|c", after folding? */
static bool listed(const char *list, const char *text)
{
    char folded[TERM_LENGTH];
    bool folds = terms_fold(folded, text);
    while (*list != '\0') {
        size_t n = strcspn(list, "|");
        bool same =
            strlen(text) == n && n > 0 && strncmp(list, text, n) == 0; /* "-" folds to nothing */
        if (same || (folds && folded_equal(list, n, folded))) return true;
        list += n + (list[n] == '|');
    }
    return false;
}

/* ---- the header ---- */

static void add_role(Export *x, size_t r, size_t cell, const char *test)
{
    if (x->n_roles == ROLES) return;
    x->roles[x->n_roles++] = (Role){.role = table_get(x->layouts, r, "role"),
                                    .test = test,
                                    .cell = cell,
                                    .values = table_get(x->layouts, r, "values")};
}

/* The test that a column's name stands for: as it is, or "HPV" and a bare number. */
static const char *test_of_column(const Export *x, const char *name)
{
    char typed[16];
    const char *test = desk_test(x->desk, "local", name);
    size_t digits = strspn(name, "0123456789");
    if (test[0] != '\0' || digits == 0 || digits > 2 || name[digits] != '\0') return test;
    (void)snprintf(typed, sizeof typed, "HPV %.2s", name);
    return desk_test(x->desk, "local", typed);
}

static bool has_role_at(const Export *x, size_t cell)
{
    for (size_t i = 0; i < x->n_roles; i++)
        if (x->roles[i].cell == cell) return true;
    return false;
}

static void add_wide(Export *x, size_t r, const CsvRow *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *test = has_role_at(x, i) ? "" : test_of_column(x, csv_cell(row, i, NULL));
        if (test[0] != '\0' && strcmp(test, "remark") != 0) add_role(x, r, i, test);
    }
}

/* Columns of one line of a layout; false when a required one is missing. */
static bool place_role(Export *x, size_t r, const CsvRow *row, size_t n)
{
    bool found = false;
    if (strcmp(table_get(x->layouts, r, "role"), "wide") == 0) {
        add_wide(x, r, row, n);
        return true;
    }
    for (size_t i = 0; i < n && !found; i++)
        if (listed(table_get(x->layouts, r, "columns"), csv_cell(row, i, NULL))) {
            add_role(x, r, i, table_get(x->layouts, r, "code"));
            found = true;
        }
    return found || strcmp(table_get(x->layouts, r, "required"), "yes") != 0;
}

static const Role *next_role(const Export *x, const char *role, const Role *after)
{
    for (const Role *p = after ? after + 1 : x->roles; p < x->roles + x->n_roles; p++)
        if (strcmp(p->role, role) == 0) return p;
    return NULL;
}

static bool can_be_read(const Export *x)
{
    bool results = next_role(x, "target", NULL) != NULL || next_role(x, "fixed", NULL) != NULL ||
                   next_role(x, "wide", NULL) != NULL;
    return next_role(x, "specimen", NULL) != NULL && results;
}

/* Is this row the header of a layout? */
static bool take_header(Export *x, const CsvRow *row)
{
    size_t n = row->n_cells < CSV_CELLS ? row->n_cells : CSV_CELLS;
    for (size_t r = 0; r < x->layouts->n_rows;) {
        const char *exporter = table_cell(x->layouts, r, 0);
        bool fits = true;
        x->n_roles = 0;
        for (; r < x->layouts->n_rows && strcmp(table_cell(x->layouts, r, 0), exporter) == 0; r++)
            fits = fits && place_role(x, r, row, n);
        if (fits && can_be_read(x)) {
            x->n_header = row->n_cells;
            for (size_t i = 0; i < x->n_roles; i++)
                csv_written_as(row, x->roles[i].cell);
            return true;
        }
    }
    x->n_roles = 0;
    return false;
}

/* ---- a row ---- */

static const char *cell_of(const Role *role, const CsvRow *row)
{
    CellState state;
    if (role == NULL) return "";
    const char *text = csv_cell(row, role->cell, &state);
    return state == CELL_FINE ? text : "?"; /* no word; and no name of a specimen: see take_row */
}

static const char *first_cell(const Export *x, const char *role, const CsvRow *row)
{
    return cell_of(next_role(x, role, NULL), row);
}

static bool any_listed(const Export *x, const char *role, const CsvRow *row)
{
    for (const Role *p = next_role(x, role, NULL); p != NULL; p = next_role(x, role, p))
        if (listed(p->values, cell_of(p, row))) return true;
    return false;
}

/* Something other than the harmless values stands in a column of that role. */
static bool any_unlisted(const Export *x, const char *role, const CsvRow *row)
{
    for (const Role *p = next_role(x, role, NULL); p != NULL; p = next_role(x, role, p)) {
        const char *text = cell_of(p, row);
        char folded[TERM_LENGTH];
        bool blank =
            strlen(text) < TERM_LENGTH && !terms_fold(folded, text); /* nothing, or a dash */
        if (!blank && !listed(p->values, text)) return true;
    }
    return false;
}

static bool two_digits(const char **p, int *out)
{
    size_t n = strspn(*p, "0123456789");
    if (n < 1 || n > 2) return false;
    *out = n == 1 ? (*p)[0] - '0' : ((*p)[0] - '0') * 10 + ((*p)[1] - '0');
    *p += n;
    return true;
}

/* ISO 8601, or as spreadsheets write it: 2026/5/20 14:25. */
static Instant time_of(const Export *x, const char *text)
{
    Instant t;
    int month, day, hour = 0, minute = 0;
    char iso[32];
    if (instant_parse(&t, text, x->offset_minutes)) return t;
    if (strspn(text, "0123456789") != 4 || (text[4] != '/' && text[4] != '-')) return INSTANT_NONE;
    const char *p = text + 5;
    if (!two_digits(&p, &month) || *p++ != text[4] || !two_digits(&p, &day)) return INSTANT_NONE;
    if (*p == ' ' && (++p, !two_digits(&p, &hour) || *p++ != ':' || !two_digits(&p, &minute)))
        return INSTANT_NONE;
    (void)snprintf(iso, sizeof iso, "%.4s-%02d-%02dT%02d:%02d", text, month, day, hour, minute);
    return instant_parse(&t, iso, x->offset_minutes) ? t : INSTANT_NONE;
}

static const char *plate_name(const Export *x, const char *role, const CsvRow *row)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/#-";
    const char *text = first_cell(x, role, row);
    size_t n = strlen(text);
    bool good = n > 0 && n <= PLATE_LIMIT && strspn(text, allowed) == n && !text_is_formula(text);
    return good ? arena_copy(x->desk->job->arena, text) : "";
}

static void put(Export *x, const char *code, const char *value, const CsvRow *row)
{
    Result r = {.specimen = x->specimen,
                .code = code,
                .value = value,
                .unit = "",
                .time = time_of(x, first_cell(x, "time", row)),
                .run = plate_name(x, "run", row),
                .well = plate_name(x, "well", row)};
    desk_put(x->desk, &r);
}

/* What a cell says about a test. */
typedef struct Said {
    const char *test, *word, *code, *value;
    Match match;
} Said;

/* A test and its word become a result, or a fault. */
static void put_word(Export *x, const Said *s, const CsvRow *row)
{
    if (any_unlisted(x, "error", row) && desk_allows(x->desk, s->test, "failed"))
        put(x, s->test, "failed", row);
    else if (any_unlisted(x, "flag", row))
        desk_fault(x->desk, x->specimen, "csv.flagged", "flag", first_cell(x, "flag", row));
    else if (s->match == MATCH_VALUE)
        put(x, s->code, s->value, row);
    else if (s->match == MATCH_NONE && desk_allows(x->desk, s->test, "unmatched"))
        put(x, s->test, "unmatched", row);
    else
        desk_fault(x->desk, x->specimen,
                   s->match == MATCH_CLASH ? "result.contradiction" : "result.word", "result",
                   s->word);
}

static void take_target(Export *x, const Role *target, const CsvRow *row)
{
    const char *name = cell_of(target, row);
    Said s = {
        .test = test_of_column(x, name), .word = "", .code = "", .value = "", .match = MATCH_NONE};
    if (strcmp(s.test, "remark") == 0) return;
    if (s.test[0] == '\0') {
        desk_unknown_test(x->desk, x->specimen, "target", name);
        return;
    }
    for (const Role *p = next_role(x, "result", NULL); p != NULL && s.match == MATCH_NONE;
         p = next_role(x, "result", p)) {
        const char *text = cell_of(p, row);
        if (s.word[0] == '\0') s.word = text;
        s.match = desk_word(x->desk, s.test, text, &s.code, &s.value);
    }
    put_word(x, &s, row);
}

/* Columns that are tests themselves; an empty cell means that the type was not looked for. */
static size_t take_columns(Export *x, const char *role, const CsvRow *row)
{
    size_t n = 0;
    for (const Role *p = next_role(x, role, NULL); p != NULL; p = next_role(x, role, p)) {
        Said s = {.test = p->test, .word = cell_of(p, row), .code = "", .value = ""};
        if (s.word[0] == '\0') continue;
        s.match = desk_word(x->desk, s.test, s.word, &s.code, &s.value);
        put_word(x, &s, row);
        n++;
    }
    return n;
}

static void take_patient(Export *x, const CsvRow *row)
{
    const Role *target = next_role(x, "target", NULL);
    if (target != NULL)
        take_target(x, target, row);
    else if (take_columns(x, "fixed", row) + take_columns(x, "wide", row) == 0)
        desk_fault(x->desk, x->specimen, "result.none", "result", NULL);
}

/* Nothing in the columns that are read; of the others not even that is asked. */
static bool is_blank(const Export *x, const CsvRow *row)
{
    for (size_t i = 0; i < x->n_roles; i++)
        if (!csv_is_empty(row, x->roles[i].cell)) return false;
    return true;
}

static const char *form_fault(const Export *x, const CsvRow *row)
{
    return row->fault == CSV_BROKEN       ? "csv.syntax"
           : row->fault == CSV_LINE_BREAK ? "row.line_break"
           : row->n_cells > x->n_header   ? "row.cells"
                                          : NULL;
}

static bool take_row(void *context, const CsvRow *row)
{
    Export *x = context;
    if (x->n_roles == 0) {
        x->refused = row->row > HEADER_ROWS;
        if (row->fault == CSV_FINE) (void)take_header(x, row);
        return !x->refused;
    }
    const char *fault = form_fault(x, row);
    if (fault != NULL) {
        desk_fault(x->desk, "", fault, NULL, NULL);
        return true;
    }
    if (is_blank(x, row) || any_listed(x, "control", row)) return true;
    if (sex_code_denied(first_cell(x, "target", row))) return true;
    const char *specimen = first_cell(x, "specimen", row);
    if (specimen[0] == '\0' || strcmp(specimen, "?") == 0 ||
        !text_is_plain(specimen, SPECIMEN_LIMIT)) {
        desk_fault(x->desk, "", "csv.no_specimen", "specimen", NULL);
        return true;
    }
    if (!desk_wants(x->desk, specimen)) return true;
    if (strcmp(specimen, x->specimen) != 0) x->specimen = arena_copy(x->desk->job->arena, specimen);
    take_patient(x, row);
    return true;
}

/* ---- the file ---- */

/* The separator of the columns: the one of the three that the first bytes hold most of. */
static char delimiter_of(int fd)
{
    unsigned char head[4096];
    size_t best = 0;
    char found = ',';
    ssize_t n = pread(fd, head, sizeof head, 0);
    for (const char *d = ",;\t"; *d != '\0'; d++) {
        size_t count = 0;
        for (ssize_t i = 0; i < n; i++)
            count += head[i] == (unsigned char)*d;
        if (count > best) found = *d;
        best = count > best ? count : best;
    }
    return found;
}

static Status read_csv(Evidence *out, const ReadJob *job, Note *why)
{
    Desk desk;
    Place at = {.file = job->fetal ? NULL : job->file};
    Status s = desk_open(&desk, job, why);
    Export x = {.desk = &desk,
                .layouts = reference_table(job->reference, "exporters"),
                .specimen = "",
                .offset_minutes = reference_offset_minutes(job->reference)};
    if (s == OK && x.layouts == NULL) s = note_fail(why, REFUSED, "csv.header_unknown", at, NULL);
    if (s == OK) s = csv_read(job->fd, delimiter_of(job->fd), take_row, &x, at, why);
    if (s == OK && x.n_roles == 0) s = note_fail(why, REFUSED, "csv.header_unknown", at, NULL);
    return s == OK ? desk_close(&desk, out, why) : s;
}

/* Up to the end of the first line with a separator: below it stand cells that may never be read. */
static bool sniff_csv(const unsigned char *head, size_t size)
{
    bool separated = false;
    for (size_t i = 0; i < size && (head[i] != '\n' || !separated); i++) {
        if (head[i] < 0x20 && head[i] != '\t' && head[i] != '\r' && head[i] != '\n') return false;
        separated = separated || head[i] == ',' || head[i] == ';' || head[i] == '\t';
    }
    return separated;
}

const Reader reader_csv = {.code = "csv",
                           .what = "CSV exports of analysers and laboratory systems",
                           .many = true,
                           .sniff = sniff_csv,
                           .read = read_csv};
