/* Tables are read by people and by this parser, so the form is the plainest there is: TAB-separated lines without quoting.
 * Everything is checked once at opening, so that whoever asks for a cell later need not. */
#include "table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 128 };

typedef struct Parser {
    const TableInfo *info;
    Arena *arena;
    Note *why;
    size_t capacity; /* rows that fit */
    size_t line_capacity;
    const char **cells;
    long *lines;
    size_t n_rows, n_columns;
    const char **columns;
} Parser;

static Status table_fault(const Parser *p, const char *code, long line, const char *field)
{
    return note_fail(p->why, BAD_INPUT, code,
                     (Place){.file = p->info->path, .row = line, .field = field}, NULL);
}

/* Length of the UTF-8 sequence at s (RFC 3629: no overlong forms, no surrogates), 0 = invalid. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80) return s[0] == 0 ? 0 : 1;
    size_t n = s[0] >= 0xF0 && s[0] <= 0xF4  ? 4
               : s[0] >= 0xE0 && s[0] < 0xF0 ? 3
               : s[0] >= 0xC2 && s[0] < 0xE0 ? 2
                                             : 0;
    if (n == 0 || n > left) return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
    return overlong || beyond ? 0 : n;
}

static bool line_is_utf8(const char *line, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t n = utf8_length((const unsigned char *)line + i, size - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

/* A copy of one cell with "\n" turned into a line break. */
static const char *cell_copy(Arena *arena, const char *text, size_t size)
{
    char *copy = arena_copy_n(arena, text, size), *to = strchr(copy, '\\');
    if (to == NULL) return copy; /* nearly all */
    for (const char *from = to; *from != '\0'; from++) {
        *to = *from;
        if (from[0] == '\\' && from[1] == 'n') {
            *to = '\n';
            from++;
        }
        to++;
    }
    *to = '\0';
    return copy;
}

static size_t split(const char **cells, size_t most, const char *line, size_t size, Arena *arena)
{
    size_t n = 0, start = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && line[i] != '\t') continue;
        if (n < most) cells[n] = cell_copy(arena, line + start, i - start);
        n++;
        start = i + 1;
    }
    return n;
}

static Status take_header(Parser *p, const char *line, size_t size, long number)
{
    p->columns = arena_alloc(p->arena, MOST_COLUMNS * sizeof *p->columns);
    p->n_columns = split(p->columns, MOST_COLUMNS, line, size, p->arena);
    if (p->n_columns > MOST_COLUMNS) return table_fault(p, "table.columns", number, NULL);
    for (size_t i = 0; i < p->n_columns; i++) {
        if (p->columns[i][0] == '\0') return table_fault(p, "table.columns", number, NULL);
        for (size_t j = 0; j < i; j++)
            if (strcmp(p->columns[i], p->columns[j]) == 0)
                return table_fault(p, "table.columns", number, p->columns[i]);
    }
    return OK;
}

static Status take_row(Parser *p, const char *line, size_t size, long number)
{
    if (p->n_rows == p->capacity) {
        p->cells = arena_grow(p->arena, p->cells, &p->capacity, p->n_columns * sizeof *p->cells);
        p->lines = arena_grow(p->arena, p->lines, &p->line_capacity, sizeof *p->lines);
    }
    const char **row = p->cells + p->n_rows * p->n_columns;
    if (split(row, p->n_columns, line, size, p->arena) != p->n_columns)
        return table_fault(p, "table.cells", number, NULL);
    p->lines[p->n_rows++] = number;
    return OK;
}

static Status take_lines(Parser *p, const char *bytes, size_t size)
{
    long number = 0;
    for (size_t start = 0; start < size;) {
        const char *line = bytes + start, *end = memchr(line, '\n', size - start);
        size_t length = end ? (size_t)(end - line) : size - start;
        start += length + 1;
        number++;
        if (length > 0 && line[length - 1] == '\r') length--;
        if (!line_is_utf8(line, length)) return table_fault(p, "table.utf8", number, NULL);
        if (length == 0 || line[0] == '#') continue;
        Status s = p->columns == NULL ? take_header(p, line, length, number)
                                      : take_row(p, line, length, number);
        if (s != OK) return s;
    }
    return p->columns == NULL ? table_fault(p, "table.empty", 0, NULL) : OK;
}

/* ---- sorted order of the first column ---- */

static const char *key_of(const Table *t, size_t row)
{
    return t->cells[row * t->n_columns];
}

/* Merge sort: stable, so that the first of equal keys stays first. qsort has no context argument in C17. */
static void sort_rows(const Table *t, size_t *order, size_t *spare, size_t n)
{
    if (n < 2) return;
    size_t half = n / 2, i = 0, j = half, k = 0;
    sort_rows(t, order, spare, half);
    sort_rows(t, order + half, spare, n - half);
    while (i < half && j < n)
        spare[k++] = strcmp(key_of(t, order[j]), key_of(t, order[i])) < 0 ? order[j++] : order[i++];
    while (i < half)
        spare[k++] = order[i++];
    while (j < n)
        spare[k++] = order[j++];
    memcpy(order, spare, n * sizeof *order);
}

static void index_rows(Table *t, Arena *arena)
{
    size_t bytes = (t->n_rows + 1) * sizeof(size_t);
    size_t *order = arena_alloc(arena, bytes), *spare = arena_alloc(arena, bytes);
    for (size_t i = 0; i < t->n_rows; i++)
        order[i] = i;
    sort_rows(t, order, spare, t->n_rows);
    t->order = order;
}

Status table_parse(Table **out, const TableInfo *info, const char *bytes, size_t size, Arena *arena,
                   Note *why)
{
    Parser p = {.info = info, .arena = arena, .why = why};
    Status s = take_lines(&p, bytes, size);
    if (s != OK) return s;
    Table *t = arena_alloc(arena, sizeof *t);
    *t = (Table){.info = *info,
                 .columns = p.columns,
                 .cells = p.cells,
                 .lines = p.lines,
                 .n_rows = p.n_rows,
                 .n_columns = p.n_columns};
    bool *examples = arena_alloc(arena, p.n_rows + 1);
    memset(examples, info->status && strcmp(info->status, "example") == 0, p.n_rows);
    t->examples = examples;
    index_rows(t, arena);
    *out = t;
    return OK;
}

static bool same_columns(const Table *a, const Table *b)
{
    if (a->n_columns != b->n_columns) return false;
    for (size_t i = 0; i < a->n_columns; i++)
        if (strcmp(a->columns[i], b->columns[i]) != 0) return false;
    return true;
}

static void copy_rows(const char **cells, long *lines, bool *examples, const Table *from)
{
    if (from->n_rows == 0) return;
    memcpy(cells, from->cells, from->n_rows * from->n_columns * sizeof *cells);
    memcpy(lines, from->lines, from->n_rows * sizeof *lines);
    memcpy(examples, from->examples, from->n_rows * sizeof *examples);
}

Status table_append_examples(Table **out, const Table *base, const Table *examples, Arena *arena,
                             Note *why)
{
    if (!same_columns(base, examples))
        return note_fail(why, BAD_INPUT, "table.examples", (Place){.file = examples->info.path},
                         NULL);
    size_t n = base->n_rows + examples->n_rows;
    Table *t = arena_alloc(arena, sizeof *t);
    *t = *base;
    t->n_rows = n;
    const char **cells = arena_alloc(arena, (n + 1) * base->n_columns * sizeof *cells);
    long *lines = arena_alloc(arena, (n + 1) * sizeof *lines);
    bool *marks = arena_alloc(arena, (n + 1) * sizeof *marks);
    copy_rows(cells, lines, marks, base);
    copy_rows(cells + base->n_rows * base->n_columns, lines + base->n_rows, marks + base->n_rows,
              examples);
    t->cells = cells;
    t->lines = lines;
    t->examples = marks;
    index_rows(t, arena);
    *out = t;
    return OK;
}

int table_column(const Table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i], name) == 0) return (int)i;
    return -1;
}

const char *table_cell(const Table *table, size_t row, int column)
{
    return column < 0 ? "" : table->cells[row * table->n_columns + (size_t)column];
}

const char *table_get(const Table *table, size_t row, const char *column)
{
    return table_cell(table, row, table_column(table, column));
}

long table_find(const Table *table, const char *key)
{
    size_t low = 0, high = table->n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(key_of(table, table->order[middle]), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->n_rows && strcmp(key_of(table, table->order[low]), key) == 0;
    return found ? (long)table->order[low] : -1;
}

bool table_number(const Table *table, size_t row, int column, double *out)
{
    const char *text = table_cell(table, row, column);
    if (text[0] == '\0' || strspn(text, "+-.0123456789eE") != strlen(text)) return false;
    char *end;
    double value = strtod(text, &end);
    if (*end != '\0' || !isfinite(value)) return false;
    *out = value;
    return true;
}
