/* Why: hand-written CSV parsers are where laboratory data gets lost. The quoting rules are left to libcsv (R. Gamble), in its strict
 * mode, after RFC 4180 (Y. Shafranovich, 2005); this file adds what a hostile table needs: ceilings, row numbers, and recovery.
 * Method: the file's own bytes are fed in pieces; cells are decoded when they are asked for (csv_table.h). When libcsv meets wrong quoting it stops at that byte; the rows from the start of the
 * broken one to the end of that line are handed out as one CSV_BROKEN row and parsing starts again on the next line.
 * A line break inside a cell is legal CSV, but two rows with one forgotten quote each look just like it, and a row
 * that vanished inside a remark would be a lost sample: such rows are handed out as CSV_LINE_BREAK.
 * Refuses: nothing silently; more than ten million rows stop the table. */
#include "csv_table.h"

#include "exhausted.h"
#include "text.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, GROWTH = 64 * 1024 };

typedef struct CsvParse {
    struct csv_parser csv;
    CsvTake *take;
    void *context;
    char *bytes; /* cells of the current row, one after another, each with its NUL */
    size_t n_bytes, capacity;
    size_t starts[CSV_CELLS], sizes[CSV_CELLS]; /* size: as it stands in the file */
    size_t n_cells;
    Arena *decoded;          /* cells that were not UTF-8; emptied after every row */
    bool any_decoded, is_gb; /* is_gb: GB18030 is tried first */
    bool line_break, stopped, failed, after_cr;
    long row, spanned; /* spanned: line feeds inside the current row's cells */
} CsvParse;

static bool room_for(CsvParse *p, size_t more)
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
    CsvParse *p = context;
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
        p->sizes[p->n_cells] = size;
        if (keep > 0) memcpy(p->bytes + p->n_bytes, text, keep);
        p->bytes[p->n_bytes + keep] = '\0';
        p->n_bytes += keep + 1;
    }
    p->n_cells++;
}

static void hand_out(CsvParse *p, CsvFault fault, long last)
{
    CsvRow row = {.row = p->row, .last = last, .n_cells = p->n_cells, .fault = fault, .parse = p};
    if (!p->stopped && !p->failed && !p->take(p->context, &row)) p->stopped = true;
    if (p->any_decoded) arena_reset(p->decoded);
    p->any_decoded = false;
}

static bool is_there(const CsvRow *row, size_t i)
{
    return i < row->n_cells && i < CSV_CELLS;
}

bool csv_is_empty(const CsvRow *row, size_t i)
{
    return !is_there(row, i) || row->parse->sizes[i] == 0;
}

void csv_written_as(const CsvRow *row, size_t i)
{
    if (csv_is_empty(row, i) || row->parse->sizes[i] > CSV_CELL_LIMIT) return;
    const char *bytes = row->parse->bytes + row->parse->starts[i];
    if (!text_is_utf8(bytes, row->parse->sizes[i])) row->parse->is_gb = true;
}

/* In the table's own encoding, else in the other; NULL = in neither. */
static const char *decode(CsvParse *p, const char *bytes, size_t size)
{
    const char *utf8;
    size_t n;
    bool is_utf8 = text_is_utf8(bytes, size);
    if (is_utf8 && !p->is_gb) return bytes;
    p->any_decoded = true;
    Status s = text_decode(&utf8, &n, bytes, size, "GB18030", p->decoded);
    if (s == OK) return arena_copy_n(p->decoded, utf8, n);
    if (s == IO_FAILED) p->failed = true;
    return is_utf8 ? bytes : NULL;
}

const char *csv_cell(const CsvRow *row, size_t i, CellState *state)
{
    CsvParse *p = row->parse;
    CellState unused;
    if (state == NULL) state = &unused;
    *state = CELL_FINE;
    if (csv_is_empty(row, i)) return "";
    const char *bytes = p->bytes + p->starts[i];
    size_t size = p->sizes[i];
    *state = size > CSV_CELL_LIMIT           ? CELL_LONG
             : text_has_control(bytes, size) ? CELL_BINARY
                                             : CELL_FINE;
    if (*state != CELL_FINE) return "";
    if (text_is_ascii(bytes, size)) return bytes;
    const char *text = decode(p, bytes, size);
    if (text == NULL) *state = CELL_ENCODING;
    return text != NULL ? text : "";
}

static void clear_row(CsvParse *p)
{
    p->n_cells = p->n_bytes = 0;
    p->line_break = false;
    p->spanned = 0;
}

/* Called at every line end (CSV_REPALL_NL), so also between the CR and LF of one line, and with -1 at the end of the file. */
static void on_row(int end, void *context)
{
    CsvParse *p = context;
    bool second_half = end == '\n' && p->after_cr && p->n_cells == 0;
    p->after_cr = end == '\r';
    if (second_half || (end == -1 && p->n_cells == 0)) return;
    p->row++;
    if (p->n_cells > 0) hand_out(p, p->line_break ? CSV_LINE_BREAK : CSV_FINE, p->row);
    clear_row(p);
}

/* Where the line after text[at] starts; `size`, with *skipping set, when its end is not in this piece. */
static size_t next_line(CsvParse *p, const char *text, size_t at, size_t size, bool *skipping)
{
    while (at < size && text[at] != '\n' && text[at] != '\r')
        at++;
    *skipping = at == size;
    if (*skipping) return size;
    p->after_cr = text[at] == '\r';
    return at + 1;
}

/* libcsv keeps no count of line feeds in the cell it is in the middle of: they are counted in its buffer. */
static void break_row(CsvParse *p)
{
    for (size_t i = 0; i < p->csv.entry_pos; i++)
        p->spanned += p->csv.entry_buf[i] == '\n';
    p->row++;
    hand_out(p, CSV_BROKEN, p->row + p->spanned);
    p->row += p->spanned;
    clear_row(p);
    p->after_cr = false;
}

static bool restart(CsvParse *p, char delimiter)
{
    csv_free(&p->csv);
    if (csv_init(&p->csv, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) return false;
    csv_set_delim(&p->csv, (unsigned char)delimiter);
    csv_set_blk_size(&p->csv, GROWTH);
    return true;
}

static void feed(CsvParse *p, char delimiter, const char *text, size_t size, bool *skipping)
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

static void finish(CsvParse *p)
{
    if (p->stopped || p->failed) return;
    if (csv_fini(&p->csv, on_cell, on_row, p) != 0) break_row(p);
}

static Status read_piece(char *piece, size_t *n, int fd, Place place, Note *why)
{
    ssize_t got;
    do
        got = read(fd, piece, PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    *n = (size_t)got;
    return OK;
}

/* Bytes of the mark that some programs put in front of UTF-8 or GB18030. */
static size_t mark(const char *piece, size_t n)
{
    if (n >= 3 && memcmp(piece, "\xEF\xBB\xBF", 3) == 0) return 3;
    return n >= 4 && memcmp(piece, "\x84\x31\x95\x33", 4) == 0 ? 4 : 0;
}

Status csv_measure(size_t *lines, size_t *bytes, int fd, Place place, Note *why)
{
    char piece[PIECE];
    size_t n = 1;
    *lines = *bytes = 0;
    while (n > 0) {
        Status s = read_piece(piece, &n, fd, place, why);
        if (s != OK) return s;
        *bytes += n;
        for (size_t i = 0; i < n; i++)
            *lines += piece[i] == '\n';
    }
    return lseek(fd, 0, SEEK_SET) == 0 ? OK : note_fail(why, IO_FAILED, "file.read", place, NULL);
}

static Status read_all(CsvParse *p, int fd, char delimiter, Place place, Note *why)
{
    char piece[PIECE];
    bool skipping = false, first = true;
    size_t n = 1;
    while (n > 0 && !p->stopped && !p->failed && p->row < CSV_ROWS) {
        Status s = read_piece(piece, &n, fd, place, why);
        if (s != OK) return s;
        size_t skip = first ? mark(piece, n) : 0;
        first = false;
        feed(p, delimiter, piece + skip, n - skip, &skipping);
    }
    finish(p);
    if (p->row >= CSV_ROWS) return note_fail(why, TOO_LARGE, "table.rows", place, "%d", CSV_ROWS);
    return p->failed ? note_fail(why, IO_FAILED, "file.read", place, NULL) : OK;
}

Status csv_read(int fd, char delimiter, CsvTake *take, void *context, Place place, Note *why)
{
    CsvParse *p = calloc(1, sizeof *p);
    if (p == NULL) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    p->take = take;
    p->context = context;
    p->decoded = arena_new(exhausted);
    Status s = restart(p, delimiter) ? read_all(p, fd, delimiter, place, why)
                                     : note_fail(why, IO_FAILED, "file.read", place, NULL);
    csv_free(&p->csv);
    arena_free(p->decoded);
    free(p->bytes);
    free(p);
    return s;
}
