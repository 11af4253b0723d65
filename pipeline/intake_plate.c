/* Why: an analyser's file tells neither which kit ran in its capillary nor which wells held controls; somebody has to say so.
 * Method: plate.csv names for every run the kit of its samples (one row for all wells, or a row a well), and the files of its controls,
 * blanks, references and ladders with their SHA-256. Samples of a run find their kit and their controls here (batch_plate.c).
 * A row of a control that is told to be wrong is kept as a control that cannot be used: dropping it would leave a run that looks
 * better than it was.
 * Refuses: a row that does not say which run, role and kit; one well with two contents. */
#include "file.h"
#include "intake_room.h"

#include <string.h>

enum { RUN, WELL, ROLE, KIT, MATERIAL, FILE_NAME, SHA256, COLUMNS };

static const char *const columns[] = {"run", "well", "role", "kit", "material", "file", "sha256"};

static const char *cell(const Cells *cells, int column)
{
    return cells->cell[column];
}

/* What the row is about; a fault here and nobody knows which run to hold. */
static Fault check_about(const Room *room, const Cells *cells)
{
    static const int names[] = {RUN, WELL, KIT, MATERIAL};
    static const int needed[] = {RUN, ROLE, KIT};
    if (cells->fault != NULL) return intake_form_fault(cells, room->arena);
    Fault f = intake_check_cells(cells, COLUMNS, -1);
    if (f.code != NULL) return f;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (cell(cells, needed[i])[0] == '\0')
            return (Fault){.code = "cell.empty", .column = needed[i]};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!intake_plate_name_ok(cell(cells, names[i])))
            return (Fault){.code = "plate.name", .column = names[i]};
    return trace_role_parse(cell(cells, ROLE)) < 0 ? (Fault){.code = "plate.role", .column = ROLE}
                                                   : FINE;
}

/* The control's file; the row stays as a control that cannot be used when this is not FINE. */
static Fault check_file(const Cells *cells, TraceRole role)
{
    const char *file = cell(cells, FILE_NAME), *hex = cell(cells, SHA256);
    if (role == TRACE_SAMPLE)
        return file[0] == '\0' ? FINE : (Fault){.code = "plate.sample_file", .column = FILE_NAME};
    if (file[0] == '\0') return (Fault){.code = "cell.empty", .column = FILE_NAME};
    if (!file_name_ok(file)) return (Fault){.code = "file.name", .column = FILE_NAME};
    if (hex[0] == '\0') return (Fault){.code = "file.no_checksum", .column = SHA256};
    if (strlen(hex) != SHA256_HEX - 1 || strspn(hex, "0123456789abcdef") != SHA256_HEX - 1)
        return (Fault){.code = "file.checksum_form", .column = SHA256};
    if (role == TRACE_CONTROL && cell(cells, MATERIAL)[0] == '\0')
        return (Fault){.code = "cell.empty", .column = MATERIAL};
    return FINE;
}

static void reject(Room *room, long row, Fault f)
{
    Place at = {.file = "plate.csv", .row = row, .field = f.column < 0 ? NULL : columns[f.column]};
    intake_reject(room, (Whose){.centre = ""}, f.code, at, f.detail);
}

static void reserve(Room *room, size_t rows)
{
    room->plate_capacity = rows;
    room->out->plate = arena_alloc(room->arena, rows * sizeof *room->out->plate);
}

static void take(Room *room, const Cells *cells)
{
    Intake *in = room->out;
    Fault f = check_about(room, cells);
    if (f.code != NULL) {
        reject(room, cells->row, f);
        return;
    }
    PlateRow r = {.run = arena_copy(room->arena, cell(cells, RUN)),
                  .well = arena_copy(room->arena, cell(cells, WELL)),
                  .kit = arena_copy(room->arena, cell(cells, KIT)),
                  .material = arena_copy(room->arena, cell(cells, MATERIAL)),
                  .role = (TraceRole)trace_role_parse(cell(cells, ROLE)),
                  .file = {.file = "", .sha256 = "", .row = cells->row}};
    f = check_file(cells, r.role);
    if (f.code != NULL) {
        reject(room, cells->row, f);
        r.fault = f.code;
    } else if (r.role != TRACE_SAMPLE) {
        r.file.file = arena_copy(room->arena, cell(cells, FILE_NAME));
        r.file.sha256 = arena_copy(room->arena, cell(cells, SHA256));
    }
    if (in->n_plate == room->plate_capacity)
        in->plate = arena_grow(room->arena, in->plate, &room->plate_capacity, sizeof *in->plate);
    in->plate[in->n_plate++] = r;
}

const TableShape shape_plate = {.table = "plate",
                                .file = "plate.csv",
                                .columns = columns,
                                .n_columns = COLUMNS,
                                .row_bytes = 8,
                                .reserve = reserve,
                                .take = take};

static bool same_place(const PlateRow *a, const PlateRow *b)
{
    if (strcmp(a->run, b->run) != 0 || strcmp(a->well, b->well) != 0) return false;
    return a->well[0] != '\0' ? true : a->role == TRACE_SAMPLE && b->role == TRACE_SAMPLE;
}

static bool same_content(const PlateRow *a, const PlateRow *b)
{
    return a->role == b->role && strcmp(a->kit, b->kit) == 0 &&
           strcmp(a->material, b->material) == 0 && strcmp(a->file.file, b->file.file) == 0 &&
           strcmp(a->file.sha256, b->file.sha256) == 0;
}

/* Two contents of one well: nobody knows what ran there. The rows stay, so that the well is refused and not forgotten. */
void intake_finish_plate(Room *room)
{
    Intake *in = room->out;
    Seen *seen = seen_new(in->n_plate, room->scratch);
    for (size_t i = 0; i < in->n_plate; i++) {
        PlateRow *r = &in->plate[i];
        uint64_t key = seen_hash(seen_hash(SEEN_SEED, r->run), r->well);
        size_t cursor = 0;
        long k;
        while ((k = seen_next(seen, key, &cursor)) >= 0 && !same_place(&in->plate[k], r))
            continue;
        seen_add(seen, key, i);
        if (k < 0) continue;
        if (same_content(&in->plate[k], r)) {
            r->repeated = true;
            continue;
        }
        in->plate[k].fault = r->fault = "plate.conflict";
        reject(room, r->file.row, (Fault){.code = "plate.conflict", .column = WELL});
    }
}

const PlateRow *intake_plate_of(const Intake *in, const char *run, const char *well)
{
    const PlateRow *all = NULL;
    for (size_t i = 0; i < in->n_plate; i++) {
        const PlateRow *r = &in->plate[i];
        if (run[0] == '\0' || strcmp(r->run, run) != 0) continue;
        if (r->well[0] != '\0' && strcmp(r->well, well) == 0) return r;
        if (r->well[0] == '\0' && r->role == TRACE_SAMPLE && all == NULL) all = r;
    }
    return all;
}
