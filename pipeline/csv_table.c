/* Why: hand-written CSV parsers are where laboratory data gets lost. The quoting rules are left to libcsv (R. Gamble), in its strict
 * mode, after RFC 4180 (Y. Shafranovich, 2005); this file adds what a hostile table needs: ceilings, row numbers, and recovery.
 * Method: the stream is fed in pieces. When libcsv meets wrong quoting it stops at that byte; the rows from the start of the
 * broken one to the end of that line are handed out as one CSV_BROKEN row and parsing starts again on the next line.
 * A line break inside a cell is legal CSV, but two rows with one forgotten quote each look just like it, and a row
 * that vanished inside a remark would be a lost sample: such rows are handed out as CSV_LINE_BREAK.
 * Refuses: nothing silently; more than ten million rows stop the table. */
#include "csv_table.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024, GROWTH = 64 * 1024 };

typedef struct Parse {
    struct csv_parser csv;
    CsvTake *take;
    void *context;
    char *bytes; /* cells of the current row, one after another, each with its NUL */
    size_t n_bytes, capacity;
    size_t starts[CSV_CELLS];
    bool too_long[CSV_CELLS];
    size_t n_cells;
    bool line_break, stopped, failed, after_cr;
    long row, spanned; /* spanned: line feeds inside the current row's cells */
} Parse;

static bool room_for(Parse *p, size_t more)
{
    if (p->n_bytes + more <= p->capacity) return true;
    size_t capacity = (p->n_bytes + more) * 2;
    char *larger = realloc(p->bytes, capacity);
    if (larger == NULL) return false;
    p->bytes = larger;
    p->capacity = capacity;
    return true;
}

static void on_cell(void *cell, size_t size, void *context)
{
    Parse *p = context;
    const char *text = cell;
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n' || text[i] == '\r') {
            p->line_break = true;
            p->spanned += text[i] == '\n';
        }
    if (p->n_cells < CSV_CELLS) {
        bool too_long = size > CSV_CELL_LIMIT;
        size_t keep = too_long ? 0 : size;
        if (!room_for(p, keep + 1)) {
            p->failed = true;
            return;
        }
        p->starts[p->n_cells] = p->n_bytes;
        p->too_long[p->n_cells] = too_long;
        if (keep > 0) memcpy(p->bytes + p->n_bytes, text, keep);
        p->bytes[p->n_bytes + keep] = '\0';
        p->n_bytes += keep + 1;
    }
    p->n_cells++;
}

static void hand_out(Parse *p, CsvFault fault, long last)
{
    const char *cells[CSV_CELLS];
    size_t n = p->n_cells < CSV_CELLS ? p->n_cells : CSV_CELLS;
    for (size_t i = 0; i < n; i++)
        cells[i] = p->bytes + p->starts[i];
    CsvRow row = {.row = p->row,
                  .last = last,
                  .cells = cells,
                  .too_long = p->too_long,
                  .n_cells = p->n_cells,
                  .fault = fault};
    if (!p->stopped && !p->failed && !p->take(p->context, &row)) p->stopped = true;
}

static void clear_row(Parse *p)
{
    p->n_cells = p->n_bytes = 0;
    p->line_break = false;
    p->spanned = 0;
}

/* Called at every line end (CSV_REPALL_NL), so also between the CR and LF of one line, and with -1 at the end of the file. */
static void on_row(int end, void *context)
{
    Parse *p = context;
    bool second_half = end == '\n' && p->after_cr && p->n_cells == 0;
    p->after_cr = end == '\r';
    if (second_half || (end == -1 && p->n_cells == 0)) return;
    p->row++;
    if (p->n_cells > 0) hand_out(p, p->line_break ? CSV_LINE_BREAK : CSV_FINE, p->row);
    clear_row(p);
}

/* Where the line after text[at] starts; `size`, with *skipping set, when its end is not in this piece. */
static size_t next_line(Parse *p, const char *text, size_t at, size_t size, bool *skipping)
{
    while (at < size && text[at] != '\n' && text[at] != '\r')
        at++;
    *skipping = at == size;
    if (*skipping) return size;
    p->after_cr = text[at] == '\r';
    return at + 1;
}

/* libcsv keeps no count of line feeds in the cell it is in the middle of: they are counted in its buffer. */
static void break_row(Parse *p)
{
    for (size_t i = 0; i < p->csv.entry_pos; i++)
        p->spanned += p->csv.entry_buf[i] == '\n';
    p->row++;
    hand_out(p, CSV_BROKEN, p->row + p->spanned);
    p->row += p->spanned;
    clear_row(p);
    p->after_cr = false;
}

static bool restart(Parse *p, char delimiter)
{
    csv_free(&p->csv);
    if (csv_init(&p->csv, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) return false;
    csv_set_delim(&p->csv, (unsigned char)delimiter);
    csv_set_blk_size(&p->csv, GROWTH);
    return true;
}

static void feed(Parse *p, char delimiter, const char *text, size_t size, bool *skipping)
{
    size_t at = 0;
    if (*skipping) at = next_line(p, text, 0, size, skipping);
    while (at < size && !p->stopped && !p->failed && p->row < CSV_ROWS) {
        at += csv_parse(&p->csv, text + at, size - at, on_cell, on_row, p);
        int error = csv_error(&p->csv);
        if (error == CSV_SUCCESS) continue;
        if (error != CSV_EPARSE) {
            p->failed = true;
            return;
        }
        break_row(p);
        at = next_line(p, text, at, size, skipping);
        if (!restart(p, delimiter)) p->failed = true;
    }
}

static void finish(Parse *p)
{
    if (p->stopped || p->failed) return;
    if (csv_fini(&p->csv, on_cell, on_row, p) != 0) break_row(p);
}

static Status read_all(Parse *p, TextStream *text, char delimiter, Place place, Note *why)
{
    char piece[PIECE];
    bool skipping = false;
    size_t n = 1;
    while (n > 0 && !p->stopped && !p->failed && p->row < CSV_ROWS) {
        Status s = text_next(text, piece, sizeof piece, &n, why);
        if (s != OK) return s;
        feed(p, delimiter, piece, n, &skipping);
    }
    finish(p);
    if (p->row >= CSV_ROWS) return note_fail(why, TOO_LARGE, "table.rows", place, "%d", CSV_ROWS);
    return p->failed ? note_fail(why, IO_FAILED, "file.read", place, NULL) : OK;
}

Status csv_read(TextStream *text, char delimiter, CsvTake *take, void *context, Place place,
                Note *why)
{
    Parse *p = calloc(1, sizeof *p);
    if (p == NULL) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    p->take = take;
    p->context = context;
    Status s = restart(p, delimiter) ? read_all(p, text, delimiter, place, why)
                                     : note_fail(why, IO_FAILED, "file.read", place, NULL);
    csv_free(&p->csv);
    free(p->bytes);
    free(p);
    return s;
}
