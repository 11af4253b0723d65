/* csv_table - RFC 4180 rows, with ceilings; a broken row costs that row, not the table.
 *
 *     static bool take(void *context, const CsvRow *row);   // false stops reading
 *     Status s = csv_read(fd, ',', take, context, place, why);
 *     ... in take: csv_cell(row, 3, &state)
 *
 * libcsv does the quoting (strict mode). A cell is decoded when it is asked for, and only then: UTF-8 or GB18030, each on its own, so that no
 * byte of a column that nobody reads plays a part. Rows split alike in both: a comma, semicolon, quote, TAB or line end is never part of a
 * character. Cells are trimmed of blanks when unquoted, NUL-terminated, and live until
 * `take` returns. Empty lines are counted as rows, as a spreadsheet does, and not handed out. */
#ifndef SCREENLAB_CSV_TABLE_H
#define SCREENLAB_CSV_TABLE_H

#include "../lab/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    CSV_CELL_LIMIT =
        64 * 1024, /* bytes of one cell as it stands in the file; longer ones are CELL_LONG */
    CSV_CELLS =
        256, /* columns; a row with more has n_cells larger than this and only so many cells */
    CSV_ROWS = 10000000
};

typedef enum CsvFault {
    CSV_FINE,
    CSV_BROKEN,    /* quoting is wrong: no cell can be trusted */
    CSV_LINE_BREAK /* a cell holds a line break: two rows may have run together */
} CsvFault;

typedef enum CellState {
    CELL_FINE,
    CELL_LONG,
    CELL_BINARY,  /* NUL or another control character */
    CELL_ENCODING /* neither UTF-8 nor GB18030 */
} CellState;

struct CsvParse;

typedef struct CsvRow {
    long row,
        last; /* rows as a spreadsheet counts them, header = 1; last > row when a fault spans lines */
    size_t n_cells;
    CsvFault fault;
    struct CsvParse *parse; /* private */
} CsvRow;

/* Cell `i` as UTF-8; "" when the row has none, and "" with its reason in *state (may be NULL) when it cannot be read. */
const char *csv_cell(const CsvRow *row, size_t i, CellState *state);
/* Whether anything stands in the cell; asks for no decoding. */
bool csv_is_empty(const CsvRow *row, size_t i);
/* The table is written as this cell is: bytes that could be either encoding are read as its. Header cells that were understood. */
void csv_written_as(const CsvRow *row, size_t i);

typedef bool CsvTake(void *context, const CsvRow *row);

/* TOO_LARGE "table.rows" past CSV_ROWS; IO_FAILED. */
Status csv_read(int fd, char delimiter, CsvTake *take, void *context, Place place,
                Note *why) MUST_USE;
/* Line feeds and bytes of the whole file: upper bounds of what its rows need. Leaves the fd at 0. */
Status csv_measure(size_t *lines, size_t *bytes, int fd, Place place, Note *why) MUST_USE;

#endif
