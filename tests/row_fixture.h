/* row_fixture - a row of a table with one cell changed at a time, so that a reader is asked on both sides of each of its limits:
 *
 *     static const CellLimits limits[] = {{"dye", 5, "0", "1", "6", "7"}};       // 0 and 7 are refused, 1 and 6 are read
 *     expect_limits("k\tRow\t...", limits, 1, reads);                             // bool reads(const char *row) */
#ifndef SCREENLAB_TESTS_ROW_FIXTURE_H
#define SCREENLAB_TESTS_ROW_FIXTURE_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { ROW_MOST = 1024 };

typedef struct CellLimits {
    const char *name;
    size_t column;                                /* from 0 */
    const char *below, *lowest, *highest, *above; /* NULL = no such limit */
} CellLimits;

/* `row` with another cell in that column, in `out`. */
static inline const char *with_cell(char out[ROW_MOST], const char *row, size_t column,
                                    const char *cell)
{
    const char *from = row;
    for (size_t i = 0; i < column; i++)
        from = strchr(from, '\t') + 1;
    (void)snprintf(out, ROW_MOST, "%.*s%s%s", (int)(from - row), row, cell,
                   from + strcspn(from, "\t\n"));
    return out;
}

/* Within its limits each cell is read, beyond them, empty or with a word it is not. */
static inline void expect_limits(const char *row, const CellLimits *limits, size_t n,
                                 bool (*reads)(const char *row))
{
    char changed[ROW_MOST];
    cr_expect(reads(row), "the row itself");
    for (size_t i = 0; i < n; i++) {
        const struct {
            const char *cell;
            bool good;
        } cells[] = {{limits[i].below, false},
                     {limits[i].lowest, true},
                     {limits[i].highest, true},
                     {limits[i].above, false},
                     {"", false},
                     {"word", false}};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            if (cells[k].cell != NULL)
                cr_expect_eq(reads(with_cell(changed, row, limits[i].column, cells[k].cell)),
                             cells[k].good, "%s = \"%s\"", limits[i].name, cells[k].cell);
    }
}

#endif
