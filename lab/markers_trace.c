/* Why: a picture of a run must be drawn long after its file is gone, and without a scan that was sealed.
 * Method: on a grid of half a base pair the highest scan of each cell is kept, so that no peak is lost or lowered. A cell in the window of a
 * sex marker is a gap, by the table's windows and never by what the file held.
 * Refuses: to draw or list what no ladder can size. */
#include "markers.h"

#include <math.h>

enum { CELLS_A_BASE_PAIR = 2, TRACE_EMPTY = -2 };

static const double highest = 1e6;

static void take_peaks(TraceDye *dye, const PeakList *peaks, Arena *arena)
{
    dye->peaks = arena_alloc(arena, (peaks->n + 1) * sizeof *dye->peaks);
    for (size_t i = 0; i < peaks->n; i++)
        if (!isnan(peaks->items[i].size)) dye->peaks[dye->n++] = trace_peak(&peaks->items[i]);
}

static void take_ladder(Trace *t, const Ladder *l)
{
    t->n_rungs = l->n;
    t->residual = isnan(l->residual) ? 0 : trace_round(l->residual, 0.001);
    for (int i = 0; i < l->n; i++) {
        t->rung_scans[i] = round(l->scans[i]);
        t->rung_sizes[i] = trace_round(l->sizes[i], 0.1);
    }
}

/* Cell of the grid in which a scan lies; -1 = outside. */
static long cell_of(const Trace *t, double bp)
{
    const long cell = isnan(bp) ? -1 : (long)floor((bp - t->grid_from) / t->grid_step + 0.5);
    return cell >= 0 && (size_t)cell < t->n_grid ? cell : -1;
}

/* Cells that hold no scan (the first base pairs of a fast run) take the value of the cell before. */
static void draw_dye(TraceDye *dye, const Trace *t, const double *flat, const long *cells,
                     long scans)
{
    for (size_t i = 0; i < t->n_grid; i++)
        if (dye->drawn[i] != TRACE_GAP) dye->drawn[i] = TRACE_EMPTY;
    for (long s = 0; s < scans; s++) {
        if (cells[s] < 0 || dye->drawn[cells[s]] == TRACE_GAP) continue;
        const double y = flat[s] > highest ? highest : flat[s];
        const int32_t height = y > 0 ? (int32_t)(y + 0.5) : 0;
        if (height > dye->drawn[cells[s]]) dye->drawn[cells[s]] = height;
    }
    for (size_t i = 0; i < t->n_grid; i++)
        if (dye->drawn[i] == TRACE_EMPTY) dye->drawn[i] = i > 0 ? dye->drawn[i - 1] : 0;
}

static void draw(Trace *t, const Markers *m, const Sized *run, bool fetal, Arena *arena)
{
    const Ladder *l = &run->ladder;
    const long first = (long)l->scans[0], last = (long)l->scans[l->n - 1], scans = last - first + 1;
    long *cells = arena_alloc(arena, (size_t)scans * sizeof *cells);
    t->grid_step = 1.0 / CELLS_A_BASE_PAIR;
    t->grid_from = ceil(l->sizes[0] * CELLS_A_BASE_PAIR) / CELLS_A_BASE_PAIR;
    t->n_grid = (size_t)((l->sizes[l->n - 1] - t->grid_from) * CELLS_A_BASE_PAIR) + 1;
    for (long s = 0; s < scans; s++)
        cells[s] = cell_of(t, run->bp[first + s]);
    for (int d = 0; d < DYES; d++) {
        TraceDye *dye = &t->dye[d];
        if (run->flat[d] == NULL) continue;
        dye->drawn = arena_alloc(arena, t->n_grid * sizeof *dye->drawn);
        for (size_t i = 0; i < t->n_grid && fetal; i++)
            if (markers_sealed(m, t->grid_from + (double)i * t->grid_step))
                dye->drawn[i] = TRACE_GAP;
        draw_dye(dye, t, run->flat[d] + first, cells, scans);
    }
}

void markers_trace(Trace *out, const Markers *markers, const Sized *run, bool fetal, bool drawn,
                   Arena *arena)
{
    Trace t = {.role = TRACE_SAMPLE,
               .kit = "",
               .material = "",
               .run = "",
               .well = "",
               .fault = "",
               .standard_dye = run->standard_dye};
    for (int d = 0; d < DYES; d++)
        take_peaks(&t.dye[d], &run->dye[d], arena);
    take_ladder(&t, &run->ladder);
    if (drawn) draw(&t, markers, run, fetal, arena);
    *out = t;
}
