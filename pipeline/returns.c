/* Why: a return is the only thing that comes in from outside after a document left, and it changes what the city believes about a woman's
 * care. So nothing of it is text: every cell is an identifier of ours, a date, or a row of a table.
 * Method: both forms become the same cells; then each cell is checked by its own rule, the first fault is the row's Note. Columns are found by their
 * documented names; a column or attribute that is not documented refuses an XML message, and in a table is never looked at.
 * The fetal door stands before every other check: a row whose outcome is a fetus's sex is dropped without a word, and a karyotype is rewritten.
 * Refuses: more than RETURN_ROWS rows or RETURN_BYTES bytes, XML with a DTD, comments or text, tables without the needed columns. */
#include "returns.h"

#include "../lab/sex.h"
#include "csv_table.h"
#include "file.h"
#include "xml.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REFERRAL, VERSION, STEP, DATE, PERSON, REASON, OUTCOME, VALUE, TO, SHA256, COLUMNS };
enum { CELL_LIMIT = 200, NAME_LIMIT = 40, PERSON_LIMIT = 24, MOST_VERSION = 9999 };

static const char *const columns[COLUMNS] = {"referral", "version", "step",  "date", "person",
                                             "reason",   "outcome", "value", "to",   "sha256"};

typedef struct Desk {
    Returns *out;
    size_t capacity;
    const Reference *reference;
    Arena *arena;
    int at[COLUMNS]; /* CSV: cell of each column, -1 = absent */
    size_t n_header;
    bool has_header, refused, too_many;
} Desk;

/* ---- cells ---- */

static bool made_of(const char *text, size_t limit, const char *letters)
{
    size_t n = strlen(text);
    return n > 0 && n <= limit && strspn(text, letters) == n;
}

/* "RN2026501-2", "RP2026501-1" */
static bool is_referral(const char *text)
{
    static const char digits[] = "0123456789";
    size_t n = strlen(text), a = n > 2 ? strspn(text + 2, digits) : 0;
    if (n > NAME_LIMIT || text[0] != 'R' || (text[1] != 'N' && text[1] != 'P')) return false;
    size_t b = a > 0 && text[2 + a] == '-' ? strspn(text + 3 + a, digits) : 0;
    return b > 0 && 3 + a + b == n;
}

static const char *keep(const Desk *d, const char *text)
{
    return *text == '\0' ? "" : arena_copy(d->arena, text);
}

static bool is_listed(const char *values, const char *value)
{
    size_t n = strlen(value);
    for (const char *at = values; n > 0 && *at != '\0';) {
        size_t word = strcspn(at, "|");
        if (word == n && strncmp(at, value, n) == 0) return true;
        at += word + (at[word] == '|');
    }
    return false;
}

static const char *fault(ReturnRow *r, const char *code, int column)
{
    (void)note_fail(&r->note, BAD_INPUT, code, (Place){.row = r->row, .field = columns[column]},
                    NULL);
    return code;
}

bool returns_outcome(CareStep *step, const Reference *reference, const char *outcome,
                     const char *value, Arena *arena)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const Table *t = reference_table(reference, "care/outcomes");
    step->outcome = step->value = "";
    if (outcome[0] == '\0') return value[0] == '\0';
    long row = t != NULL ? table_find(t, outcome) : -1;
    if (row < 0 || sex_code_denied(outcome)) return false;
    step->outcome = table_cell(t, (size_t)row, 0);
    if (strcmp(table_get(t, (size_t)row, "kind"), "karyotype") == 0) {
        step->value = sex_karyotype(value, arena);
        return true;
    }
    if (!made_of(value, NAME_LIMIT, letters) ||
        !is_listed(table_get(t, (size_t)row, "values"), value))
        return false;
    step->value = arena_copy(arena, value);
    return true;
}

static bool take_outcome(const Desk *d, ReturnRow *r, const char *const *cells)
{
    if (returns_outcome(&r->step, d->reference, cells[OUTCOME], cells[VALUE], d->arena))
        return true;
    bool known = r->step.outcome[0] != '\0';
    r->step.outcome = r->step.value = "";
    return fault(r, known ? "care.value" : "care.outcome", known ? VALUE : OUTCOME) == NULL;
}

bool returns_person_ok(const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return made_of(text, PERSON_LIMIT, letters);
}

static bool take_who(const Desk *d, ReturnRow *r, const char *const *cells)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    static const char hex[] = "0123456789abcdef";
    if (!returns_person_ok(cells[PERSON])) return fault(r, "care.person", PERSON) == NULL;
    if (cells[REASON][0] != '\0' && !made_of(cells[REASON], NAME_LIMIT, letters))
        return fault(r, "care.reason", REASON) == NULL;
    if (cells[TO][0] != '\0' && !made_of(cells[TO], NAME_LIMIT, letters))
        return fault(r, "care.to", TO) == NULL;
    if (cells[SHA256][0] != '\0' &&
        !(strlen(cells[SHA256]) == SHA256_HEX - 1 && made_of(cells[SHA256], SHA256_HEX, hex)))
        return fault(r, "care.document", SHA256) == NULL;
    r->step.person = keep(d, cells[PERSON]);
    r->step.reason = keep(d, cells[REASON]);
    r->to = keep(d, cells[TO]);
    r->sha256 = keep(d, cells[SHA256]);
    return true;
}

static bool take_what(const Desk *d, ReturnRow *r, const char *const *cells)
{
    char *end;
    if (!is_referral(cells[REFERRAL])) return fault(r, "care.referral", REFERRAL) == NULL;
    r->referral = keep(d, cells[REFERRAL]);
    long version = made_of(cells[VERSION], 4, "0123456789") ? strtol(cells[VERSION], &end, 10) : 0;
    if (version < 1 || version > MOST_VERSION) return fault(r, "care.version", VERSION) == NULL;
    r->step.version = (int)version;
    if (!care_state_parse(&r->step.to, cells[STEP])) return fault(r, "care.step", STEP) == NULL;
    if (!date_parse(&r->step.date, cells[DATE])) return fault(r, "care.date", DATE) == NULL;
    return true;
}

static ReturnRow *add_row(Desk *d, long row)
{
    Returns *out = d->out;
    if (out->n == RETURN_ROWS) {
        d->too_many = true;
        return NULL;
    }
    if (out->n == d->capacity)
        out->items = arena_grow(d->arena, out->items, &d->capacity, sizeof *out->items);
    ReturnRow *r = &out->items[out->n++];
    *r = (ReturnRow){.row = row, .referral = "", .sha256 = "", .to = ""};
    r->step = (CareStep){
        .centre = "", .person = "", .reason = "", .outcome = "", .value = "", .date = DATE_NONE};
    return r;
}

/* A row about a fetus's sex is not there; so a word about it in any coded cell. */
static bool is_denied(const char *const *cells)
{
    return sex_code_denied(cells[OUTCOME]) || sex_code_denied(cells[STEP]);
}

static void take_cells(Desk *d, long row, const char *const *cells)
{
    if (is_denied(cells)) return;
    ReturnRow *r = add_row(d, row);
    if (r == NULL) return;
    for (int c = 0; c < COLUMNS; c++)
        if (c != VALUE &&
            strlen(cells[c]) > CELL_LIMIT) { /* the length of a karyotype tells something */
            (void)fault(r, "cell.long", c);
            return;
        }
    if (take_what(d, r, cells) && take_who(d, r, cells)) (void)take_outcome(d, r, cells);
}

/* ---- the two forms ---- */

static bool refuse(Desk *d)
{
    d->refused = true;
    return false;
}

static bool take_header(Desk *d, const CsvRow *row)
{
    for (int c = 0; c < COLUMNS; c++)
        d->at[c] = -1;
    for (size_t i = 0; row->fault == CSV_FINE && i < row->n_cells && i < CSV_CELLS; i++)
        for (int c = 0; c < COLUMNS; c++)
            if (strcmp(columns[c], csv_cell(row, i, NULL)) == 0) {
                if (d->at[c] >= 0) return refuse(d);
                d->at[c] = (int)i;
            }
    for (int c = 0; c <= PERSON; c++)
        if (d->at[c] < 0) return refuse(d);
    d->n_header = row->n_cells;
    return d->has_header = true;
}

/* False when a cell cannot be read; that of a value is "" then, because how it was written may tell something. */
static bool fill_cells(const Desk *d, const CsvRow *row, const char *cells[COLUMNS])
{
    bool whole = row->fault == CSV_FINE && row->n_cells <= d->n_header;
    for (int c = 0; c < COLUMNS; c++) {
        CellState state = CELL_FINE;
        cells[c] = d->at[c] >= 0 ? csv_cell(row, (size_t)d->at[c], &state) : "";
        if (state != CELL_FINE && c != VALUE) whole = false;
    }
    return whole;
}

static bool is_empty_row(const Desk *d, const CsvRow *row)
{
    for (int c = 0; c < COLUMNS; c++)
        if (d->at[c] >= 0 && !csv_is_empty(row, (size_t)d->at[c])) return false;
    return row->fault == CSV_FINE;
}

static bool take_csv(void *context, const CsvRow *row)
{
    Desk *d = context;
    const char *cells[COLUMNS];
    if (!d->has_header) return take_header(d, row);
    if (is_empty_row(d, row)) return true;
    if (fill_cells(d, row, cells)) {
        take_cells(d, row->row, cells);
        return !d->too_many;
    }
    ReturnRow *r = add_row(d, row->row);
    if (r != NULL) (void)fault(r, "care.row", REFERRAL);
    return !d->too_many;
}

static Status read_csv(Desk *d, int fd, Note *why)
{
    Status s = csv_read(fd, ',', take_csv, d, (Place){0}, why);
    if (s == OK && (d->refused || !d->has_header))
        return note_fail(why, BAD_INPUT, "care.header", (Place){.row = 1}, NULL);
    return s;
}

static Status read_xml(Desk *d, int fd, Note *why)
{
    static const XmlShape shape = {.space = "urn:screenlab:returns:1",
                                   .root = "returns",
                                   .row = "step",
                                   .attributes = columns,
                                   .n_attributes = COLUMNS,
                                   .most_rows = RETURN_ROWS};
    Content content;
    XmlRows rows;
    Status s = file_read(&content, fd, RETURN_BYTES, d->arena, (Place){0}, why);
    if (s == OK) s = xml_read_rows(&rows, content.bytes, content.size, &shape, d->arena, why);
    if (s == REFUSED && why != NULL && strcmp(why->code, "xml.rule") == 0)
        return note_fail(why, REFUSED, "care.form", (Place){.row = why->row}, NULL);
    for (size_t i = 0; s == OK && i < rows.n; i++)
        take_cells(d, rows.items[i].line, rows.items[i].cells);
    return s;
}

Status returns_read(Returns *out, int fd, bool xml, const Reference *reference, Arena *arena,
                    Note *why)
{
    *out = (Returns){0};
    Desk desk = {.out = out, .reference = reference, .arena = arena};
    if (lseek(fd, 0, SEEK_END) > RETURN_BYTES)
        return note_fail(why, TOO_LARGE, "care.size", (Place){0}, NULL);
    if (lseek(fd, 0, SEEK_SET) != 0)
        return note_fail(why, IO_FAILED, "file.read", (Place){0}, NULL);
    Status s = xml ? read_xml(&desk, fd, why) : read_csv(&desk, fd, why);
    if (s == OK && desk.too_many) return note_fail(why, TOO_LARGE, "care.size", (Place){0}, NULL);
    return s;
}
