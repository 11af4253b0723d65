/* The tables of a batch without what tells a fetus's sex.
 *
 * Which table it is, its columns tell (columns.tsv). What comes out: the documented columns under their documented names, in the order of that table, in UTF-8; rows whose
 * code is one of facts.tsv or results.tsv. What does not: other columns; rows of another code; names of files and their checksums, which differ by
 * sex; a cell that is no plain word. Stripped files get new names, so results.csv must name them anew. */
#include "../../lab/sex.h"
#include "../csv_table.h"
#include "strip.h"

#include <string.h>

enum { COLUMNS_MOST = 32 };

typedef struct Column {
    const char *name;
    int at; /* in the file, -1 = not there */
} Column;

typedef struct Sheet {
    const StripJob *job;
    const char *table; /* "facts" */
    Column columns[COLUMNS_MOST];
    size_t n_columns;
    char *bytes;
    size_t n, capacity;
    bool broken;
} Sheet;

static void put(Sheet *s, const char *text, size_t n)
{
    while (s->capacity < s->n + n + 1)
        s->bytes = arena_grow(s->job->arena, s->bytes, &s->capacity, 1);
    memcpy(s->bytes + s->n, text, n);
    s->n += n;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same_name(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

static bool is_alias(const char *aliases, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = aliases; *p != '\0';) {
        size_t item = strcspn(p, "|");
        if (item == n && same_name(p, name, n)) return true;
        p += item + (p[item] == '|');
    }
    return false;
}

static int column_at(const CsvRow *header, const char *aliases)
{
    for (size_t i = 0; i < header->n_cells && i < CSV_CELLS; i++)
        if (is_alias(aliases, csv_cell(header, i, NULL))) return (int)i;
    return -1;
}

/* Columns of one kind of table; false when a required one is missing. */
static bool fits(Sheet *s, const Table *t, const char *kind, const CsvRow *header)
{
    bool complete = true;
    s->n_columns = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strcmp(table_cell(t, r, 0), kind) != 0) continue;
        Column c = {.name = table_get(t, r, "column")};
        c.at = column_at(header, table_get(t, r, "alias"));
        if (c.at < 0 && strcmp(table_get(t, r, "required"), "yes") == 0) complete = false;
        if (s->n_columns < COLUMNS_MOST) s->columns[s->n_columns++] = c;
    }
    return complete && s->n_columns > 0;
}

static bool find_table(Sheet *s, const CsvRow *header)
{
    static const char *const kinds[] = {"submission", "facts", "controls", "plate", "results"};
    const Table *t = reference_table(s->job->reference, "columns");
    for (size_t i = 0; t != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (fits(s, t, kinds[i], header)) {
            s->table = kinds[i];
            return true;
        }
    return false;
}

static bool is(const Sheet *s, const char *table)
{
    return strcmp(s->table, table) == 0;
}

/* Rows about a fact or a result that nobody documents are rows about nothing that may be told. */
static bool is_known_code(const Sheet *s, const char *code)
{
    if (!is(s, "facts") && !is(s, "results")) return true;
    const Table *t = reference_table(s->job->reference, s->table);
    if (code[0] == '\0') return is(s, "results");
    return t != NULL && table_find(t, code) >= 0 && !sex_code_denied(code);
}

static const char *cell_of(const Sheet *s, const CsvRow *row, const char *column)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, column) == 0 && s->columns[i].at >= 0)
            return csv_cell(row, (size_t)s->columns[i].at, NULL);
    return "";
}

static bool is_withheld(const char *column)
{
    static const char *const names[] = {"file", "sha256", "specimen"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(column, names[i]) == 0) return true;
    return false;
}

static void put_header(Sheet *s)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        if (i > 0) put(s, ",", 1);
        put(s, s->columns[i].name, strlen(s->columns[i].name));
    }
    put(s, "\n", 1);
}

static void put_row(Sheet *s, const CsvRow *row)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        const Column *c = &s->columns[i];
        const char *text = c->at >= 0 ? csv_cell(row, (size_t)c->at, NULL) : "";
        if (i > 0) put(s, ",", 1);
        if (!is_withheld(c->name) && strip_value(text)) put(s, text, strlen(text));
    }
    put(s, "\n", 1);
}

static bool take(void *context, const CsvRow *row)
{
    Sheet *s = context;
    if (row->fault != CSV_FINE) {
        s->broken = true;
        return false;
    }
    if (s->table == NULL) {
        if (!find_table(s, row)) {
            s->broken = true;
            return false;
        }
        put_header(s);
        return true;
    }
    if (is_known_code(s, cell_of(s, row, "code"))) put_row(s, row);
    return true;
}

static Status strip_sheet(const StripJob *job, Note *why)
{
    Sheet s = {.job = job};
    Status status = csv_read(job->in, ',', take, &s, (Place){.file = NULL}, why);
    if (status == OK && (s.broken || s.table == NULL))
        status = strip_fault(BAD_INPUT, "strip.table", why);
    return status == OK ? strip_put(job, s.bytes, s.n, why) : status;
}

/* Whatever nobody else knows and is text: its columns decide. */
static bool sniff(const unsigned char *head, size_t size)
{
    return size > 0 && memchr(head, '\0', size) == NULL && memchr(head, ',', size) != NULL;
}

extern const Stripper strip_csv;
const Stripper strip_csv = {
    .code = "csv", .what = "CSV tables of a batch", .sniff = sniff, .strip = strip_sheet};
