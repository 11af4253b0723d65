/* Why: facts.csv declares what a judgement needs and no analyser measures: birth date, gestation, weight, HIV. A wrong unit or a
 * misplaced decimal point makes a wrong risk, so every fact is checked against its row of facts.tsv: who may own it, of
 * which kind it is, its unit and its limits of plausibility.
 * The fetal door: what a fetus's row declares outside facts.tsv is dropped without a word, before any other
 * check, and so is every code that stands for its sex, whoever owns it: neither presence nor value shows anywhere.
 * A row that names a case and a fact of facts.tsv but cannot be read is quarantined, and goes on as an unreadable fact: that something was
 * declared must hold back what its absence would allow (lab/hold.h).
 * Refuses: a number without its unit; two different values of one fact at one time. */
#include "intake_room.h"

#include "exhausted.h"

#include <math.h>
#include <string.h>

enum { CASE, OWNER, CODE, VALUE, UNIT, TIME, COLUMNS };

static const char *const columns[] = {"case", "owner", "code", "value", "unit", "time"};

typedef struct Draft {
    const Room *room;
    const Cells *cells;
    const Table *table;
    long row; /* of facts.tsv */
    Fact fact;
} Draft;

static const char *rule(const Draft *d, const char *column)
{
    return table_get(d->table, (size_t)d->row, column);
}

static bool is_fetus(Subject owner)
{
    return owner != SUBJECT_WOMAN && owner != SUBJECT_PARTNER && owner != SUBJECT_NEWBORN;
}

/* What the limits say, e.g. "0..308 d": words of the reference, never of the file. */
static const char *limits(const Draft *d)
{
    return arena_print(d->room->arena, "%s..%s %s", rule(d, "min"), rule(d, "max"),
                       rule(d, "unit"));
}

static Fault check_number(Draft *d)
{
    double low = -INFINITY, high = INFINITY;
    if (!intake_number(d->cells->cell[VALUE], &d->fact.number))
        return (Fault){.code = "fact.number", .column = VALUE};
    if (strcmp(d->cells->cell[UNIT], rule(d, "unit")) != 0)
        return (Fault){.code = "fact.unit", .column = UNIT, .detail = rule(d, "unit")};
    (void)intake_number(rule(d, "min"), &low);
    (void)intake_number(rule(d, "max"), &high);
    if (d->fact.number < low || d->fact.number > high)
        return (Fault){.code = "fact.range", .column = VALUE, .detail = limits(d)};
    d->fact.unit = rule(d, "unit");
    return FINE;
}

static Fault check_day(Draft *d)
{
    Date day, low, high;
    const Room *room = d->room;
    if (!date_parse(&day, d->cells->cell[VALUE]))
        return (Fault){.code = "date.form", .column = VALUE};
    if (room->now != INSTANT_NONE && day > date_of(room->now, room->offset_minutes))
        return (Fault){.code = "date.future", .column = VALUE};
    if ((date_parse(&low, rule(d, "min")) && day < low) ||
        (date_parse(&high, rule(d, "max")) && day > high))
        return (Fault){.code = "fact.range", .column = VALUE, .detail = limits(d)};
    return FINE;
}

static Fault check_value(Draft *d)
{
    const char *kind = rule(d, "kind");
    d->fact.number = NAN;
    d->fact.unit = "";
    if (d->cells->cell[VALUE][0] == '\0') return (Fault){.code = "cell.empty", .column = VALUE};
    if (strcmp(kind, "number") == 0) return check_number(d);
    if (d->cells->cell[UNIT][0] != '\0') return (Fault){.code = "fact.no_unit", .column = UNIT};
    if (strcmp(kind, "date") == 0) return check_day(d);
    if (!intake_listed(rule(d, "values"), d->cells->cell[VALUE]))
        return (Fault){.code = "fact.value", .column = VALUE, .detail = rule(d, "values")};
    return FINE;
}

static Fault check_time(Draft *d)
{
    const Room *room = d->room;
    d->fact.time = INSTANT_NONE;
    if (d->cells->cell[TIME][0] == '\0') return FINE;
    if (!instant_parse(&d->fact.time, d->cells->cell[TIME], room->offset_minutes))
        return (Fault){.code = "date.form", .column = TIME};
    if (room->now != INSTANT_NONE && d->fact.time > room->now)
        return (Fault){.code = "date.future", .column = TIME};
    return FINE;
}

static Fault check_fact(Draft *d)
{
    const Cells *cells = d->cells;
    if (cells->fault != NULL) return intake_form_fault(cells, d->room->arena);
    Fault f = intake_check_cells(cells, COLUMNS, VALUE);
    if (f.code == NULL) f = intake_check_id('C', cells, CASE);
    if (f.code != NULL) return f;
    if (strcmp(subject_code(d->fact.owner), cells->cell[OWNER]) != 0 ||
        d->fact.owner == SUBJECT_UNKNOWN)
        return (Fault){
            .code = "fact.owner", .column = OWNER, .detail = d->row < 0 ? NULL : rule(d, "owners")};
    if (d->row < 0) return (Fault){.code = "fact.code", .column = CODE};
    if (!intake_listed(rule(d, "owners"), cells->cell[OWNER]))
        return (Fault){.code = "fact.owner", .column = OWNER, .detail = rule(d, "owners")};
    f = check_value(d);
    return f.code != NULL ? f : check_time(d);
}

/* Whether the row is to vanish: a sex code, or something of a fetus (or of nobody known) outside the allow-list. */
static bool at_the_door(const Draft *d)
{
    const Cells *cells = d->cells;
    if (cells->fault != NULL && cells->fault_column < 0)
        return false; /* the row cannot be split into cells: its form is at fault, whatever it holds */
    if (intake_code_denied(d->room, cells->cell[CODE])) return true;
    return d->row < 0 && is_fetus(d->fact.owner);
}

static Whose whose_row(const Room *room, const Cells *cells)
{
    bool good = intake_id_ok('C', cells->cell[CASE]);
    const Sample *s = good ? intake_find_case(room, cells->cell[CASE]) : NULL;
    return (Whose){.centre = s ? s->submitter : "", .case_id = good ? cells->cell[CASE] : ""};
}

/* One spelling of a value: numbers lose a plus, leading and trailing zeros; dates get their hyphens. */
static const char *canonical(const Draft *d, Arena *arena)
{
    Date day;
    char text[DATE_TEXT];
    if (!isnan(d->fact.number)) return arena_print(arena, "%.15g", d->fact.number);
    if (strcmp(rule(d, "kind"), "date") == 0 && date_parse(&day, d->cells->cell[VALUE])) {
        date_print(text, day);
        return arena_copy(arena, text);
    }
    return arena_copy(arena, d->cells->cell[VALUE]);
}

static void reserve(Room *room, size_t rows)
{
    room->fact_capacity = rows;
    room->out->facts = arena_alloc(room->arena, rows * sizeof *room->out->facts);
}

static void push_fact(Room *room, const Draft *d)
{
    Intake *in = room->out;
    const Sample *s = intake_find_case(room, d->cells->cell[CASE]);
    if (in->n_facts == room->fact_capacity)
        in->facts = arena_grow(room->arena, in->facts, &room->fact_capacity, sizeof *in->facts);
    in->facts[in->n_facts++] = (FactRow){
        .case_id = s ? s->case_id : arena_copy(room->arena, d->cells->cell[CASE]), .fact = d->fact};
}

/* Also one of two values that contradict each other: nobody here can say which is right, and neither may be taken for undeclared. */
static void make_unreadable(Fact *f)
{
    f->value = f->unit = "";
    f->number = NAN;
    f->time = INSTANT_NONE;
    f->unreadable = true;
}

/* About each owner that the code may have, when the row does not name one of them. */
static void push_unreadable(Room *room, Draft *d)
{
    static const Subject owners[] = {SUBJECT_WOMAN, SUBJECT_PARTNER, SUBJECT_NEWBORN};
    const char *owner = d->cells->cell[OWNER];
    if (d->row < 0 || !intake_id_ok('C', d->cells->cell[CASE])) return;
    bool named = intake_listed(rule(d, "owners"), owner);
    make_unreadable(&d->fact);
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        if (!intake_listed(rule(d, "owners"), subject_code(owners[i])) ||
            (named && strcmp(subject_code(owners[i]), owner) != 0))
            continue;
        d->fact.owner = owners[i];
        push_fact(room, d);
    }
}

/* A row with a cell too many, or with broken quotes, still says at its beginning whose fact it was. */
static void suspect_torn(Room *room, const Cells *cells)
{
    Cells guess = *cells;
    memcpy(guess.cell, cells->torn, sizeof guess.cell);
    Draft d = {.room = room, .cells = &guess, .table = room->facts, .row = -1};
    if (d.table != NULL) d.row = table_find(d.table, guess.cell[CODE]);
    if (d.row < 0) return;
    d.fact.code = table_cell(d.table, (size_t)d.row, 0);
    d.fact.row = cells->row;
    push_unreadable(room, &d);
}

static void take(Room *room, const Cells *cells)
{
    Draft d = {.room = room, .cells = cells, .table = room->facts, .row = -1};
    if (d.table != NULL) d.row = table_find(d.table, cells->cell[CODE]);
    d.fact.owner = subject_parse(cells->cell[OWNER]);
    if (at_the_door(&d)) return;
    Fault f = check_fact(&d);
    d.fact.row = cells->row;
    if (d.row >= 0) d.fact.code = table_cell(d.table, (size_t)d.row, 0);
    if (f.code == NULL) {
        d.fact.value = canonical(&d, room->arena);
        push_fact(room, &d);
        return;
    }
    push_unreadable(room, &d);
    if (cells->fault != NULL && cells->fault_column < 0) suspect_torn(room, cells);
    Place at = {
        .file = "facts.csv", .row = cells->row, .field = f.column < 0 ? NULL : columns[f.column]};
    intake_reject(room, whose_row(room, cells), f.code, at, f.detail);
}

const TableShape shape_facts = {.table = "facts",
                                .file = "facts.csv",
                                .columns = columns,
                                .n_columns = COLUMNS,
                                .row_bytes = 16,
                                .reserve = reserve,
                                .take = take};

static uint64_t fact_key(const FactRow *r)
{
    uint64_t h = seen_hash(seen_hash(SEEN_SEED, r->case_id), r->fact.code);
    return seen_hash_number(seen_hash_number(h, r->fact.owner), r->fact.time);
}

static bool same_fact(const FactRow *a, const FactRow *b)
{
    return a->fact.owner == b->fact.owner && a->fact.time == b->fact.time &&
           strcmp(a->fact.code, b->fact.code) == 0 && strcmp(a->case_id, b->case_id) == 0;
}

/* Nobody is born after the tube was filled, except those whose tube was filled before birth. */
static bool born_too_late(const Room *room, const FactRow *r)
{
    Date born;
    const Sample *s = intake_find_case(room, r->case_id);
    return s != NULL && r->fact.owner == s->subject && strcmp(r->fact.code, "birth_date") == 0 &&
           date_parse(&born, r->fact.value) && born > date_of(s->collected, room->offset_minutes);
}

static void reject_fact(Room *room, const FactRow *r, const char *code)
{
    const Sample *s = intake_find_case(room, r->case_id);
    Place at = {.file = "facts.csv", .row = r->fact.row, .field = "value"};
    intake_reject(room, (Whose){.centre = s ? s->submitter : "", .case_id = r->case_id}, code, at,
                  NULL);
}

void intake_finish_facts(Room *room)
{
    Intake *in = room->out;
    Arena *scratch = arena_new(exhausted);
    Seen *seen = seen_new(in->n_facts, scratch);
    const char **fault = arena_alloc(scratch, (in->n_facts + 1) * sizeof *fault);
    for (size_t i = 0; i < in->n_facts; i++) {
        const FactRow *r = &in->facts[i];
        size_t cursor = 0;
        long before;
        if (r->fact.unreadable) continue;
        while ((before = seen_next(seen, fact_key(r), &cursor)) >= 0 &&
               !same_fact(&in->facts[before], r))
            continue;
        if (before < 0)
            seen_add(seen, fact_key(r), i);
        else if (strcmp(in->facts[before].fact.value, r->fact.value) == 0)
            fault[i] = "fact.duplicate";
        else
            fault[i] = fault[before] = "fact.conflict";
        if (fault[i] == NULL && born_too_late(room, r)) fault[i] = "fact.birth_date";
    }
    size_t kept = 0;
    for (size_t i = 0; i < in->n_facts; i++) {
        FactRow *r = &in->facts[i];
        if (fault[i] != NULL) reject_fact(room, r, fault[i]);
        if (fault[i] != NULL && strcmp(fault[i], "fact.duplicate") == 0) continue;
        if (fault[i] != NULL) make_unreadable(&r->fact);
        in->facts[kept++] = *r;
    }
    in->n_facts = kept;
    arena_free(scratch);
}
