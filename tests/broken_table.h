/* A table of the reference as text in the test, and the same with one cell changed: so each cell can be broken in turn.
 *
 *     Table *good = table_of(&(TableText){"serum/weight", "marker\ta_kg\tb\nafp\t50\t0.3\n"}, arena);
 *     Table *bad = table_with(good, 0, "b", "11", arena);           // row 0 is line 2 */
#ifndef SCREENLAB_BROKEN_TABLE_H
#define SCREENLAB_BROKEN_TABLE_H

#include "../lab/reference.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct TableText {
    const char *name, *text;
} TableText;

/* A column of numbers and its limits. */
typedef struct TableRange {
    const char *table, *column;
    double low, high;
} TableRange;

static inline Table *table_of(const TableText *t, Arena *arena)
{
    const TableInfo info = {.name = t->name,
                            .path = arena_print(arena, "%s.tsv", t->name),
                            .version = "7.1",
                            .valid_from = "2026-01-01",
                            .status = "local"};
    Table *out;
    Note why = {0};
    cr_assert_eq(table_parse(&out, &info, t->text, strlen(t->text), arena, &why), OK, "%s: %s",
                 t->name, why.code);
    return out;
}

static inline Table *table_with(const Table *t, size_t row, const char *column, const char *value,
                                Arena *arena)
{
    const char *text = "";
    const int changed = table_column(t, column);
    cr_assert(changed >= 0 && row < t->n_rows, "%s %s", t->info.name, column);
    for (size_t c = 0; c < t->n_columns; c++)
        text = arena_print(arena, "%s%s%s", text, c > 0 ? "\t" : "", t->columns[c]);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            text = arena_print(arena, "%s%s%s", text, c > 0 ? "\t" : "\n",
                               r == row && (int)c == changed ? value : table_cell(t, r, (int)c));
    Table *out;
    cr_assert_eq(table_parse(&out, &t->info, text, strlen(text), arena, NULL), OK, "%s %s",
                 t->info.name, value);
    return out;
}

/* All tables of a release, one of them with a cell changed. Nothing is compiled: for readers that ask the tables themselves. */
static inline Reference *reference_but(const Reference *all, const char *table, size_t row,
                                       const char *column, const char *value, Arena *arena)
{
    Reference *r = reference_new(arena, "test", true);
    for (size_t i = 0; i < reference_size(all); i++) {
        Table *copy = arena_alloc(arena, sizeof *copy);
        *copy = *reference_at(all, i);
        if (strcmp(copy->info.name, table) == 0) copy = table_with(copy, row, column, value, arena);
        cr_assert_eq(reference_add(r, copy, NULL), OK, "%s", table);
    }
    return r;
}

#endif
