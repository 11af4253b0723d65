/* Why: whatever a centre sends, the laboratory must be able to say of every row: taken, or not and why.
 * Method: the folder's tables are read in the order registrations, facts, results, controls, plates, because the later ones name the
 * earlier ones' samples and cases. A fault costs its row (or its table, when the table cannot be read at all) and becomes one Rejection.
 * Refuses: a batch that has neither registrations nor results nor controls, and a folder whose name could not be a file's name. */
#include "intake.h"

#include "exhausted.h"
#include "file.h"
#include "intake_room.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_LIMIT = 64, TABLES = 5 };

const char *intake_batch_name(const char *path, Arena *arena)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    char *name = arena_copy_n(arena, path + start, end - start);
    return end - start <= NAME_LIMIT && file_name_ok(name) ? name : "";
}

static int table_order(const Rejection *r)
{
    static const char order[] = "sfrcp"; /* first letters of the tables' names */
    const char *at = strchr(order, r->note.file[0]);
    return r->note.file[0] != '\0' && at != NULL ? (int)(at - order) : 2;
}

typedef struct Order {
    const Rejection *rejection;
} Order;

/* By table, then row; within a row in the order in which the faults were found, which is the order in memory. */
static int compare_rejections(const void *a, const void *b)
{
    const Rejection *x = ((const Order *)a)->rejection, *y = ((const Order *)b)->rejection;
    int tables = table_order(x) - table_order(y);
    if (tables != 0) return tables;
    if (x->note.row != y->note.row) return x->note.row < y->note.row ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void sort_rejections(Intake *in, Arena *arena)
{
    size_t n = in->n_rejections;
    bool sorted = true;
    for (size_t i = 1; i < n && sorted; i++) {
        const Rejection *a = &in->rejections[i - 1], *b = &in->rejections[i];
        sorted = table_order(a) < table_order(b) ||
                 (table_order(a) == table_order(b) && a->note.row <= b->note.row);
    }
    if (sorted) return;
    Arena *scratch = arena_new(exhausted);
    Order *order = arena_alloc(scratch, n * sizeof *order);
    Rejection *copy = arena_alloc(arena, n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        order[i].rejection = &in->rejections[i];
    qsort(order, n, sizeof *order, compare_rejections);
    for (size_t i = 0; i < n; i++)
        copy[i] = *order[i].rejection;
    in->rejections = copy;
    arena_free(scratch);
}

static Status read_tables(Room *room, Note *why)
{
    bool found[TABLES], usable[TABLES];
    const TableShape *const shapes[] = {&shape_submission, &shape_facts, &shape_results,
                                        &shape_controls, &shape_plate};
    void (*const finish[])(Room *) = {intake_finish_submission, intake_finish_facts,
                                      intake_finish_results, intake_finish_controls,
                                      intake_finish_plate};
    for (size_t i = 0; i < TABLES; i++) {
        Status s = intake_table_read(room, shapes[i], &found[i], &usable[i], why);
        if (s != OK) return s;
        finish[i](room);
        if (room->stopped) {
            if (why != NULL) *why = room->fault;
            return IO_FAILED;
        }
    }
    if (!found[0] && !found[2] && !found[3])
        return note_fail(why, BAD_INPUT, "batch.empty", (Place){.file = room->out->batch}, NULL);
    if (!usable[0] && !usable[2] && !usable[3]) {
        if (why != NULL && room->out->n_rejections > 0) *why = room->out->rejections[0].note;
        return BAD_INPUT;
    }
    sort_rejections(room->out, room->arena);
    return OK;
}

Status intake_read(Intake *out, const char *path, const Reference *reference, Instant now,
                   Arena *arena, Note *why)
{
    *out = (Intake){.batch = intake_batch_name(path, arena), .folder = -1};
    Room room = {.out = out,
                 .reference = reference,
                 .now = now,
                 .arena = arena,
                 .offset_minutes = reference_offset_minutes(reference),
                 .reasons = reference_table(reference, "reasons"),
                 .materials = reference_table(reference, "materials"),
                 .facts = reference_table(reference, "facts")};
    if (out->batch[0] == '\0') return note_fail(why, BAD_INPUT, "batch.name", (Place){0}, NULL);
    Status s = file_open_folder(&out->folder, path, why);
    if (s != OK) return s;
    room.scratch = arena_new(exhausted);
    room.verdicts = arena_alloc(room.scratch, VERDICTS * sizeof *room.verdicts);
    s = read_tables(&room, why);
    arena_free(room.scratch);
    if (s != OK) {
        (void)close(out->folder);
        out->folder = -1;
    }
    return s;
}
