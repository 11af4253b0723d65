/* Why: controls.csv is what the analyser measured on material of known content; without it nobody can say what a patient's value is worth.
 * Method: a row is one control of one analyte in one run. Its lot must have a mean and an SD in qc/materials, its unit must be the
 * result's. A row that is told to be wrong in its value, unit or lot is kept all the same, as a control that cannot be used: dropping it
 * would leave a run that looks better than it was.
 * Refuses: a row that does not say which run, analyte, material, lot and time it is about; two values of one control at one time. */
#include "intake_room.h"

#include "exhausted.h"

#include <math.h>
#include <string.h>

enum { RUN, ANALYTE, MATERIAL, LOT, VALUE, UNIT, TIME, INSTRUMENT, COLUMNS };

static const char *const columns[] = {"run",   "analyte", "material", "lot",
                                      "value", "unit",    "time",     "instrument"};

static const char *cell(const Cells *cells, int column)
{
    return cells->cell[column];
}

/* What the row is about; a fault here and nobody knows which run to hold. */
static Fault check_about(Control *c, const Room *room, const Cells *cells)
{
    static const int names[] = {RUN, MATERIAL, LOT, INSTRUMENT};
    if (cells->fault != NULL) return intake_form_fault(cells, room->arena);
    Fault f = intake_check_cells(cells, COLUMNS, VALUE);
    if (f.code != NULL) return f;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (cell(cells, names[i])[0] == '\0' && names[i] != INSTRUMENT)
            return (Fault){.code = "cell.empty", .column = names[i]};
        if (!intake_plate_name_ok(cell(cells, names[i])))
            return (Fault){.code = "control.name", .column = names[i]};
    }
    if (!intake_result_known(room->reference, "", cell(cells, ANALYTE)))
        return (Fault){.code = "result.code", .column = ANALYTE};
    if (!instant_parse(&c->time, cell(cells, TIME), room->offset_minutes))
        return (Fault){.code = "date.form", .column = TIME};
    return room->now != INSTANT_NONE && c->time > room->now
               ? (Fault){.code = "date.future", .column = TIME}
               : FINE;
}

/* What it measured; the control counts as unusable when this is not FINE. */
static Fault check_measured(Control *c, const Room *room, const Cells *cells)
{
    const Table *t = reference_table(room->reference, "results");
    const char *unit = table_get(t, (size_t)table_find(t, c->analyte), "unit");
    c->value = NAN;
    c->unit = unit;
    if (strcmp(cell(cells, UNIT), unit) != 0)
        return (Fault){.code = "result.unit", .column = UNIT, .detail = unit};
    if (!intake_number(cell(cells, VALUE), &c->value)) {
        c->value = NAN;
        return (Fault){.code = "control.number", .column = VALUE};
    }
    return qc_material(room->reference, c) < 0 ? (Fault){.code = "control.material", .column = LOT}
                                               : FINE;
}

static void reject(Room *room, long row, Fault f)
{
    Place at = {
        .file = "controls.csv", .row = row, .field = f.column < 0 ? NULL : columns[f.column]};
    intake_reject(room, (Whose){.centre = ""}, f.code, at, f.detail);
}

static void reserve(Room *room, size_t rows)
{
    room->control_capacity = rows;
    room->out->controls = arena_alloc(room->arena, rows * sizeof *room->out->controls);
}

static void push(Room *room, const Control *c)
{
    Intake *in = room->out;
    if (in->n_controls == room->control_capacity)
        in->controls =
            arena_grow(room->arena, in->controls, &room->control_capacity, sizeof *in->controls);
    in->controls[in->n_controls++] = *c;
}

static void take(Room *room, const Cells *cells)
{
    Control c = {.row = cells->row};
    if (cells->fault == NULL && intake_code_denied(room, cell(cells, ANALYTE))) return;
    Fault f = check_about(&c, room, cells);
    if (f.code != NULL) {
        reject(room, cells->row, f);
        return;
    }
    c.run = arena_copy(room->arena, cell(cells, RUN));
    c.analyte = arena_copy(room->arena, cell(cells, ANALYTE));
    c.material = arena_copy(room->arena, cell(cells, MATERIAL));
    c.lot = arena_copy(room->arena, cell(cells, LOT));
    c.instrument = arena_copy(room->arena, cell(cells, INSTRUMENT));
    f = check_measured(&c, room, cells);
    if (f.code != NULL) reject(room, cells->row, f);
    push(room, &c);
}

const TableShape shape_controls = {.table = "controls",
                                   .file = "controls.csv",
                                   .columns = columns,
                                   .n_columns = COLUMNS,
                                   .row_bytes = 16,
                                   .reserve = reserve,
                                   .take = take};

static uint64_t control_key(const Control *c)
{
    const char *const parts[] = {c->run, c->analyte, c->material, c->lot, c->instrument};
    uint64_t h = seen_hash_number(SEEN_SEED, c->time);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        h = seen_hash(h, parts[i]);
    return h;
}

bool intake_same_control(const Control *a, const Control *b)
{
    return a->time == b->time && strcmp(a->run, b->run) == 0 &&
           strcmp(a->analyte, b->analyte) == 0 && strcmp(a->material, b->material) == 0 &&
           strcmp(a->lot, b->lot) == 0 && strcmp(a->instrument, b->instrument) == 0;
}

bool intake_same_value(const Control *a, const Control *b)
{
    if (isnan(a->value) || isnan(b->value)) return isnan(a->value) && isnan(b->value);
    return a->value <= b->value && a->value >= b->value;
}

/* A row said twice counts once; one that says two things makes its control unusable. */
void intake_finish_controls(Room *room)
{
    Intake *in = room->out;
    Arena *scratch = arena_new(exhausted);
    Seen *seen = seen_new(in->n_controls, scratch);
    bool *dropped = arena_alloc(scratch, in->n_controls + 1);
    for (size_t i = 0; i < in->n_controls; i++) {
        Control *c = &in->controls[i];
        size_t cursor = 0;
        long before;
        while ((before = seen_next(seen, control_key(c), &cursor)) >= 0 &&
               !intake_same_control(&in->controls[before], c))
            continue;
        if (before < 0) {
            seen_add(seen, control_key(c), i);
            continue;
        }
        bool same = intake_same_value(&in->controls[before], c);
        reject(room, c->row,
               (Fault){.code = same ? "control.duplicate" : "control.conflict", .column = VALUE});
        dropped[i] = true;
        if (!same) in->controls[before].value = NAN;
    }
    size_t kept = 0;
    for (size_t i = 0; i < in->n_controls; i++)
        if (!dropped[i]) in->controls[kept++] = in->controls[i];
    in->n_controls = kept;
    arena_free(scratch);
}
