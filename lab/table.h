/* table - one versioned TSV table of the reference, parsed once and const ever after.
 *
 *     const Table *t = reference_table(reference, "triage");
 *     int level = table_column(t, "level");
 *     for (size_t r = 0; r < t->n_rows; r++)
 *         use(table_cell(t, r, level));
 *
 * Form: UTF-8, LF or CRLF, TAB between cells; lines that start with '#' are comments, the first other line names the
 * columns, every row has as many cells. No quoting: a cell holds no TAB. "\n" in a cell is a line break. */
#ifndef SCREENLAB_TABLE_H
#define SCREENLAB_TABLE_H

#include "arena.h"

#include <stdbool.h>

typedef struct TableInfo {
    const char *name; /* "cervical/national2021" */
    const char *path; /* inside the release folder */
    const char *version;
    const char *valid_from; /* YYYY-MM-DD */
    const char *source;
    const char *sha256; /* hex */
    const char *status; /* sourced | local | unverified | example */
} TableInfo;

typedef struct Table {
    TableInfo info;
    const char **columns;
    const char **cells;   /* n_rows x n_columns */
    const long *lines;    /* line of each row in its file, for Notes */
    const bool *examples; /* row came from reference/example/ */
    const size_t *order;  /* rows sorted by their first cell: table_find */
    size_t n_rows, n_columns;
} Table;

/* Parses `size` bytes. BAD_INPUT names line and column: wrong number of cells, invalid UTF-8, NUL, no or duplicate column names. */
Status table_parse(Table **out, const TableInfo *info, const char *bytes, size_t size, Arena *arena,
                   Note *why) MUST_USE;

/* Base rows followed by the example rows (marked); same columns in the same order, else BAD_INPUT. Keeps the
 * base's info. */
Status table_append_examples(Table **out, const Table *base, const Table *examples, Arena *arena,
                             Note *why) MUST_USE;

int table_column(const Table *table, const char *name);             /* -1 = no such column */
const char *table_cell(const Table *table, size_t row, int column); /* "" when column is -1 */
const char *table_get(const Table *table, size_t row,
                      const char *column); /* by name, for rare use */
/* The first row whose first cell is `key`; -1 = none. Binary search. */
long table_find(const Table *table, const char *key);
/* A whole cell as a number; false for "", text behind it, NAN or infinity. No locale. */
bool table_number(const Table *table, size_t row, int column, double *out);

#endif
