/* Why: three tables come in with a batch, and their form is checked in one place: header, number of cells, ceilings.
 * Method: columns are found by name (columns.tsv: documented name and what centres' systems call it), in any order. A column that
 * is not documented is never looked at, not even for its length: nothing may tell what it held, or that it was there. So a
 * row may also lack trailing cells as long as all documented ones are there. It is never decoded either: a cell that is no text costs its row when
 * it is one of a documented column, and nothing when it is not.
 * Refuses: a table without a documented column that is required, or with one twice; a row with more cells than the header (a
 * comma that was not quoted moves every value behind it into the wrong column). */
#include "csv_table.h"
#include "file.h"
#include "intake_room.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

static const int64_t TABLE_LIMIT = INT64_C(512) * 1024 * 1024;

typedef struct Reading {
    Room *room;
    const TableShape *shape;
    int at[INTAKE_COLUMNS]; /* cell of each documented column, -1 = absent */
    size_t n_header, n_needed;
    bool has_header, refused;
} Reading;

void intake_reject_note(Room *room, Whose whose, const Note *note)
{
    Intake *in = room->out;
    if (in->n_rejections == room->rejection_capacity)
        in->rejections = arena_grow(room->arena, in->rejections, &room->rejection_capacity,
                                    sizeof *in->rejections);
    in->rejections[in->n_rejections++] =
        (Rejection){.note = *note,
                    .centre = whose.centre ? whose.centre : "",
                    .sample = arena_copy(room->arena, whose.sample ? whose.sample : ""),
                    .case_id = arena_copy(room->arena, whose.case_id ? whose.case_id : "")};
}

void intake_reject(Room *room, Whose whose, const char *code, Place place, const char *detail)
{
    Note note;
    (void)note_fail(&note, BAD_INPUT, code, place, detail ? "%s" : NULL, detail);
    intake_reject_note(room, whose, &note);
}

static bool word_is(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(word, name, length) == 0;
}

static bool alias_of(const char *aliases, const char *name)
{
    for (const char *word = aliases; *word != '\0';) {
        size_t n = strcspn(word, "|");
        if (word_is(word, n, name)) return true;
        word += n + (word[n] == '|');
    }
    return false;
}

/* Index among the documented columns of what a header cell says; -1 = not documented. */
static int column_named(const Reading *r, const Table *columns, const char *name)
{
    int table = table_column(columns, "table"), column = table_column(columns, "column"),
        alias = table_column(columns, "alias");
    for (size_t i = 0; i < columns->n_rows; i++) {
        if (strcmp(table_cell(columns, i, table), r->shape->table) != 0 ||
            !alias_of(table_cell(columns, i, alias), name))
            continue;
        for (int c = 0; c < r->shape->n_columns; c++)
            if (strcmp(r->shape->columns[c], table_cell(columns, i, column)) == 0) return c;
    }
    return -1;
}

static bool column_required(const Reading *r, const Table *columns, int c)
{
    int table = table_column(columns, "table"), column = table_column(columns, "column"),
        required = table_column(columns, "required");
    for (size_t i = 0; i < columns->n_rows; i++)
        if (strcmp(table_cell(columns, i, table), r->shape->table) == 0 &&
            strcmp(table_cell(columns, i, column), r->shape->columns[c]) == 0)
            return strcmp(table_cell(columns, i, required), "yes") == 0;
    return true;
}

static bool refuse(Reading *r, const char *code, int column)
{
    intake_reject(r->room, (Whose){0}, code,
                  (Place){.file = r->shape->file,
                          .row = 1,
                          .field = column < 0 ? NULL : r->shape->columns[column]},
                  NULL);
    r->refused = true;
    return false;
}

/* A first row that names no documented column may be no text at all: a workbook, UTF-16, a damaged file. */
static const char *foreign_fault(const CsvRow *row)
{
    CellState state = CELL_FINE, worst = CELL_FINE;
    for (size_t i = 0; i < row->n_cells && worst != CELL_BINARY; i++) {
        (void)csv_cell(row, i, &state);
        if (state == CELL_BINARY || state == CELL_ENCODING) worst = state;
    }
    return worst == CELL_BINARY ? "text.binary" : worst == CELL_ENCODING ? "text.encoding" : NULL;
}

static bool find_columns(Reading *r, const Table *columns, const CsvRow *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        int c = column_named(r, columns, csv_cell(row, i, NULL));
        if (c >= 0 && r->at[c] >= 0) return refuse(r, "table.column_twice", c);
        if (c < 0) continue;
        r->at[c] = (int)i;
        r->n_needed = i + 1;
        csv_written_as(row, i);
    }
    return true;
}

static bool take_header(Reading *r, const CsvRow *row)
{
    const Table *columns = reference_table(r->room->reference, "columns");
    const char *foreign = foreign_fault(row);
    if (columns != NULL && row->n_cells <= CSV_CELLS && !find_columns(r, columns, row))
        return false;
    if (r->n_needed == 0 && foreign != NULL) return refuse(r, foreign, -1);
    if (row->fault != CSV_FINE || columns == NULL) return refuse(r, "table.header", -1);
    if (row->n_cells > CSV_CELLS) return refuse(r, "table.too_wide", -1);
    for (int c = 0; c < r->shape->n_columns; c++)
        if (r->at[c] < 0 && column_required(r, columns, c))
            return refuse(r, "table.column_missing", c);
    r->n_header = row->n_cells;
    return r->has_header = true;
}

/* A line of nothing but commas is what spreadsheets leave below a table. */
static bool is_blank(const Reading *r, const CsvRow *row)
{
    for (int c = 0; c < r->shape->n_columns; c++)
        if (r->at[c] >= 0 && !csv_is_empty(row, (size_t)r->at[c])) return false;
    return row->fault == CSV_FINE && row->n_cells <= r->n_header;
}

static const char *const cell_faults[] = {
    [CELL_LONG] = "cell.long", [CELL_BINARY] = "cell.binary", [CELL_ENCODING] = "cell.encoding"};

/* Fills the cells of documented columns and tells the first that cannot be read. */
static void fill_cells(const Reading *r, const CsvRow *row, Cells *cells)
{
    bool trusted = row->fault == CSV_FINE && row->n_cells <= r->n_header;
    for (int c = 0; c < INTAKE_COLUMNS; c++) {
        CellState state = CELL_FINE;
        bool there = c < r->shape->n_columns && r->at[c] >= 0;
        const char *text = there ? csv_cell(row, (size_t)r->at[c], &state) : "";
        cells->cell[c] = trusted ? text : "";
        cells->torn[c] = trusted ? "" : text;
        if (state == CELL_FINE || cells->fault != NULL) continue;
        cells->fault = cell_faults[state];
        cells->fault_column = c;
    }
}

static const char *row_fault(const Reading *r, const CsvRow *row)
{
    if (row->fault == CSV_BROKEN) return "csv.syntax";
    if (row->fault == CSV_LINE_BREAK) return "row.line_break";
    return row->n_cells > r->n_header || row->n_cells < r->n_needed ? "row.cells" : NULL;
}

static bool take_row(void *context, const CsvRow *row)
{
    Reading *r = context;
    if (!r->has_header) return take_header(r, row);
    if (is_blank(r, row)) return true;
    Cells cells = {.row = row->row, .last = row->last, .fault_column = -1};
    const char *fault = row_fault(r, row);
    fill_cells(r, row, &cells);
    if (fault != NULL) {
        cells.fault = fault;
        cells.fault_column = -1;
    }
    r->shape->take(r->room, &cells);
    return true;
}

static Status read_rows(Reading *r, int fd, Note *why)
{
    Place place = {.file = r->shape->file};
    size_t lines, bytes;
    Status s = csv_measure(&lines, &bytes, fd, place, why);
    if (s != OK) return s;
    size_t rows = lines + 1, most = bytes / r->shape->row_bytes + 1;
    r->shape->reserve(r->room, rows < most ? rows : most);
    s = csv_read(fd, ',', take_row, r, place, why);
    if (s == OK && !r->has_header && !r->refused) (void)refuse(r, "table.header", -1);
    return s;
}

Status intake_table_read(Room *room, const TableShape *shape, bool *found, bool *usable, Note *why)
{
    Reading r = {.room = room, .shape = shape};
    Note note;
    int fd;
    for (int c = 0; c < INTAKE_COLUMNS; c++)
        r.at[c] = -1;
    Status s = file_open(&fd, room->out->folder, shape->file, TABLE_LIMIT,
                         (Place){.file = shape->file}, &note);
    *found = s != NOT_FOUND;
    *usable = false;
    if (s == NOT_FOUND) return OK;
    if (s == OK) {
        s = read_rows(&r, fd, &note);
        (void)close(fd);
    }
    if (s == IO_FAILED) {
        if (why != NULL) *why = note;
        return s;
    }
    if (s != OK) intake_reject_note(room, (Whose){0}, &note);
    *usable = s == OK && !r.refused;
    return OK;
}
