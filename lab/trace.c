/* Why: a plate's evidence must live in the ledger, pictures and all, at a few kilobytes an injection.
 * Method: every figure is a whole number of its step, packed by lab/pack: sizes as differences from the peak before, a drawn curve as
 * differences from the point before. Peaks that a person could not see on the picture are there all the same.
 * Refuses: every text that it would not print itself; that is asked in the simplest way, by printing what was read. Only the drawn curves, nine
 * tenths of a text, are not printed again: lab/pack knows one way to write a number, and what they hold beside numbers is asked. */
#include "trace.h"

#include "pack.h"

#include <math.h>
#include <string.h>

enum { CELL_LADDER = 6, CELL_PEAKS, CELL_DRAWN, CELL_BASES, CELLS };
enum { MOST_PEAKS = 20000, MOST_GRID = 20000, MOST_BASES = 20000 };

static const char *const roles[TRACE_ROLES] = {"sample", "control", "blank", "reference", "ladder"};

const char *trace_role_code(TraceRole role)
{
    return roles[role];
}

int trace_role_parse(const char *code)
{
    for (int i = 0; i < TRACE_ROLES; i++)
        if (strcmp(roles[i], code) == 0) return i;
    return -1;
}

double trace_round(double value, double step)
{
    return round(value / step) / round(1 / step);
}

TracePeak trace_peak(const Peak *p)
{
    return (TracePeak){.size = trace_round(p->size, 0.001),
                       .height = fmax(0, round(p->height)),
                       .area = fmax(0, round(p->area)),
                       .width = fmax(0, trace_round(p->width, 0.01)),
                       .marks = p->flags};
}

/* ---- printing ---- */

static const uint32_t MOST_WHOLE = 4000000000;

static uint32_t whole(double value, double steps)
{
    return (uint32_t)fmin(fmax(0, round(value * steps)), MOST_WHOLE);
}

static const char *print_ladder(const Trace *t, Arena *arena)
{
    Pack p = {.arena = arena};
    pack_number(&p, (uint32_t)t->standard_dye);
    pack_number(&p, whole(t->residual, 1000));
    pack_number(&p, (uint32_t)t->n_rungs);
    for (int i = 0; i < t->n_rungs; i++) {
        pack_number(&p, whole(t->rung_scans[i], 1));
        pack_number(&p, whole(t->rung_sizes[i], 10));
    }
    return pack_text(&p);
}

static const char *print_peaks(const Trace *t, Arena *arena)
{
    Pack p = {.arena = arena};
    for (int d = 0; d < DYES; d++) {
        int64_t before = 0;
        pack_number(&p, (uint32_t)t->dye[d].n);
        for (size_t i = 0; i < t->dye[d].n; i++) {
            const TracePeak *k = &t->dye[d].peaks[i];
            const int64_t size = whole(k->size, 1000);
            pack_signed(&p, size - before);
            pack_number(&p, whole(k->height, 1));
            pack_number(&p, whole(k->area, 1));
            pack_number(&p, whole(k->width, 100));
            pack_number(&p, k->marks);
            before = size;
        }
    }
    return pack_text(&p);
}

static const char *print_drawn(const Trace *t, Arena *arena)
{
    Pack p = {.arena = arena};
    if (t->n_grid == 0) return "";
    pack_number(&p, whole(t->grid_from, 10));
    pack_number(&p, whole(t->grid_step, 10));
    pack_number(&p, (uint32_t)t->n_grid);
    for (int d = 0; d < DYES; d++) {
        const int32_t *y = t->dye[d].drawn;
        pack_number(&p, y != NULL);
        if (y != NULL) pack_curve(&p, y, t->n_grid);
    }
    return pack_text(&p);
}

static const char *print_bases(const Trace *t, Arena *arena)
{
    Pack p = {.arena = arena};
    int64_t before = 0;
    if (t->n_bases == 0) return "";
    pack_number(&p, (uint32_t)t->n_bases);
    for (size_t i = 0; i < t->n_bases; i++) {
        const TraceBase *b = &t->bases[i];
        pack_number(&p, (uint32_t)b->call);
        pack_number(&p, (uint32_t)(b->quality + 1));
        pack_signed(&p, b->scan - before);
        for (int c = 0; c < 4; c++)
            pack_number(&p, (uint32_t)b->height[c]);
        before = b->scan;
    }
    return pack_text(&p);
}

const char *trace_print(const Trace *t, Arena *arena)
{
    const ArenaMark own = arena_mark(arena);
    const char *const cells[CELLS] = {roles[t->role],
                                      t->kit,
                                      t->material,
                                      t->run,
                                      t->well,
                                      t->fault,
                                      print_ladder(t, arena),
                                      print_peaks(t, arena),
                                      print_drawn(t, arena),
                                      print_bases(t, arena)};
    size_t sizes[CELLS], all = 0;
    for (size_t i = 0; i < CELLS; i++)
        all += 1 + (sizes[i] = strlen(cells[i]));
    char *text = arena_alloc(arena, all + 1), *to = text;
    for (size_t i = 0; i < CELLS; i++) {
        *to++ = '\t';
        memcpy(to, cells[i], sizes[i]);
        to += sizes[i];
    }
    return arena_rewind_but(arena, own, text, all + 1);
}

/* ---- reading ---- */

static bool parse_ladder(Trace *t, const char *cell, Arena *arena)
{
    Unpack u;
    if (!unpack_open(&u, cell, arena)) return false;
    uint32_t dye = unpack_number(&u), residual = unpack_number(&u), n = unpack_number(&u);
    if (dye > DYES || n > LADDER_MOST) return false;
    t->standard_dye = (int)dye;
    t->residual = residual / 1000.0;
    t->n_rungs = (int)n;
    for (uint32_t i = 0; i < n; i++) {
        t->rung_scans[i] = unpack_number(&u);
        t->rung_sizes[i] = unpack_number(&u) / 10.0;
    }
    return unpack_done(&u);
}

static bool parse_peaks(Trace *t, const char *cell, Arena *arena)
{
    Unpack u;
    if (!unpack_open(&u, cell, arena)) return false;
    for (int d = 0; d < DYES; d++) {
        TraceDye *dye = &t->dye[d];
        const uint32_t n = unpack_number(&u);
        int64_t size = 0;
        if (n > MOST_PEAKS) return false;
        dye->peaks = arena_alloc(arena, (n + 1) * sizeof *dye->peaks);
        for (dye->n = 0; dye->n < n && !u.bad; dye->n++) {
            TracePeak *k = &dye->peaks[dye->n];
            size += unpack_signed(&u);
            k->size = (double)size / 1000.0;
            k->height = unpack_number(&u);
            k->area = unpack_number(&u);
            k->width = unpack_number(&u) / 100.0;
            k->marks = unpack_number(&u);
        }
    }
    return unpack_done(&u);
}

static bool parse_drawn(Trace *t, const char *cell, Arena *arena)
{
    Unpack u;
    if (cell[0] == '\0') return true;
    if (!unpack_open(&u, cell, arena)) return false;
    const uint32_t from = unpack_number(&u), step = unpack_number(&u);
    if (from > MOST_WHOLE || step > MOST_WHOLE) return false;
    t->grid_from = from / 10.0;
    t->grid_step = step / 10.0;
    t->n_grid = unpack_number(&u);
    if (t->n_grid == 0 || t->n_grid > MOST_GRID) return false;
    for (int d = 0; d < DYES; d++) {
        uint32_t there = unpack_number(&u);
        if (there > 1) return false;
        if (there == 0) continue;
        t->dye[d].drawn = arena_alloc(arena, t->n_grid * sizeof *t->dye[d].drawn);
        unpack_curve(t->dye[d].drawn, t->n_grid, TRACE_GAP, &u);
    }
    return unpack_done(&u);
}

static bool parse_bases(Trace *t, const char *cell, Arena *arena)
{
    Unpack u;
    int64_t scan = 0;
    if (cell[0] == '\0') return true;
    if (!unpack_open(&u, cell, arena)) return false;
    const uint32_t n = unpack_number(&u);
    if (n == 0 || n > MOST_BASES) return false;
    t->bases = arena_alloc(arena, n * sizeof *t->bases);
    for (t->n_bases = 0; t->n_bases < n && !u.bad; t->n_bases++) {
        TraceBase *b = &t->bases[t->n_bases];
        const uint32_t call = unpack_number(&u), quality = unpack_number(&u);
        if (call < 'A' || call > 'Z' || quality > 256) return false;
        b->call = (char)call;
        b->quality = (int)quality - 1;
        scan += unpack_signed(&u);
        b->scan = (int32_t)scan;
        for (int c = 0; c < 4; c++) {
            const uint32_t height = unpack_number(&u);
            u.bad = u.bad || height > INT32_MAX;
            b->height[c] = (int32_t)height;
        }
        u.bad = u.bad || scan < -1 || scan > INT32_MAX;
    }
    return unpack_done(&u);
}

/* What the laboratory declared: the signs that intake lets through. */
static bool plain(const char *cell)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/#-";
    return strspn(cell, allowed) == strlen(cell) && strlen(cell) < 64;
}

/* What was declared is kept as it stands, and curves are written in one way only. */
static bool same_cells(const Trace *t, const char *const *cells, Arena *arena)
{
    const ArenaMark own = arena_mark(arena);
    const bool same = strcmp(print_ladder(t, arena), cells[CELL_LADDER]) == 0 &&
                      strcmp(print_peaks(t, arena), cells[CELL_PEAKS]) == 0 &&
                      strcmp(print_bases(t, arena), cells[CELL_BASES]) == 0;
    arena_rewind(arena, own);
    return same;
}

bool trace_parse(Trace *out, const char *const *cells, size_t n, Arena *arena)
{
    Trace t = {.role = TRACE_SAMPLE};
    if (n != CELLS) return false;
    int role = trace_role_parse(cells[0]);
    for (size_t i = 1; i < 6; i++)
        if (!plain(cells[i])) return false;
    if (role < 0 || !parse_ladder(&t, cells[CELL_LADDER], arena) ||
        !parse_peaks(&t, cells[CELL_PEAKS], arena) || !parse_drawn(&t, cells[CELL_DRAWN], arena) ||
        !parse_bases(&t, cells[CELL_BASES], arena) || !same_cells(&t, cells, arena))
        return false;
    t.role = (TraceRole)role;
    t.kit = arena_copy(arena, cells[1]);
    t.material = arena_copy(arena, cells[2]);
    t.run = arena_copy(arena, cells[3]);
    t.well = arena_copy(arena, cells[4]);
    t.fault = arena_copy(arena, cells[5]);
    *out = t;
    return true;
}
