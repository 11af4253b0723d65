/* csv_table - RFC 4180 rows out of a text stream, with ceilings; a broken row costs that row, not the table.
 *
 *     static bool take(void *context, const CsvRow *row);   // false stops reading
 *     Status s = csv_read(text, ',', take, context, place, why);
 *
 * libcsv does the quoting (strict mode). Cells are trimmed of blanks when unquoted, UTF-8, NUL-terminated, and live until
 * `take` returns. Empty lines are counted as rows, as a spreadsheet does, and not handed out. */
#ifndef SCREENLAB_CSV_TABLE_H
#define SCREENLAB_CSV_TABLE_H

#include "text.h"

enum {
    CSV_CELL_LIMIT =
        64 * 1024, /* bytes of one cell; longer ones are handed out as "" and flagged */
    CSV_CELLS =
        256, /* columns; a row with more has n_cells larger than this and only so many cells */
    CSV_ROWS = 10000000
};

typedef enum CsvFault {
    CSV_FINE,
    CSV_BROKEN,    /* quoting is wrong: no cell can be trusted */
    CSV_LINE_BREAK /* a cell holds a line break: two rows may have run together */
} CsvFault;

typedef struct CsvRow {
    long row,
        last; /* rows as a spreadsheet counts them, header = 1; last > row when a fault spans lines */
    const char *const *cells;
    const bool *too_long;
    size_t n_cells;
    CsvFault fault;
} CsvRow;

typedef bool CsvTake(void *context, const CsvRow *row);

/* TOO_LARGE "table.rows" past CSV_ROWS; IO_FAILED. */
Status csv_read(TextStream *text, char delimiter, CsvTake *take, void *context, Place place,
                Note *why) MUST_USE;

#endif
