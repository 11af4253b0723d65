/* Why: a picture of a run must be drawn long after its file is gone, and without a scan that was sealed.
 * Method: on a grid of half a base pair the highest scan of each cell is kept, so that no peak is lost or lowered. A cell in the window of a
 * sex marker is a gap, by the table's windows and never by what the file held.
 * Refuses: to draw or list what no ladder can size. */
#include "markers.h"

#include <math.h>
#include <string.h>

enum { CELLS_A_BASE_PAIR = 2, TRACE_EMPTY = -2 };

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
static int32_t cell_of(const Trace *t, double bp)
{
    const double cell = (bp - t->grid_from) * CELLS_A_BASE_PAIR + 0.5; /* NAN fails the question */
    return cell >= 0 && cell < (double)t->n_grid ? (int32_t)cell : -1;
}

/* What a dye looks like before its first scan: gaps where markers are sealed. */
static const int32_t *blank(const Trace *t, const Markers *m, bool fetal, Arena *arena)
{
    int32_t *y = arena_alloc(arena, t->n_grid * sizeof *y);
    for (size_t i = 0; i < t->n_grid; i++)
        y[i] = fetal && markers_sealed(m, t->grid_from + (double)i * t->grid_step) ? TRACE_GAP
                                                                                   : TRACE_EMPTY;
    return y;
}

/* Cells that hold no scan (the first base pairs of a fast run) take the value of the cell before. */
static void draw_dye(TraceDye *dye, const Trace *t, const int32_t *height, const int32_t *cells,
                     size_t scans)
{
    for (size_t s = 0; s < scans; s++) {
        if (cells[s] < 0) continue;
        const int32_t seen = dye->drawn[cells[s]];
        dye->drawn[cells[s]] = height[s] > seen ? height[s] : seen;
    }
    for (size_t i = 0; i < t->n_grid; i++)
        if (dye->drawn[i] == TRACE_EMPTY) dye->drawn[i] = i > 0 ? dye->drawn[i - 1] : 0;
}

static void draw(Trace *t, const Markers *m, const Sized *run, bool fetal, Arena *arena)
{
    const Ladder *l = &run->ladder;
    const size_t first = (size_t)l->scans[0], scans = (size_t)l->scans[l->n - 1] - first + 1;
    t->grid_step = 1.0 / CELLS_A_BASE_PAIR;
    t->grid_from = ceil(l->sizes[0] * CELLS_A_BASE_PAIR) / CELLS_A_BASE_PAIR;
    t->n_grid = (size_t)((l->sizes[l->n - 1] - t->grid_from) * CELLS_A_BASE_PAIR) + 1;
    for (int d = 0; d < DYES; d++)
        if (run->height[d] != NULL)
            t->dye[d].drawn = arena_alloc(arena, t->n_grid * sizeof *t->dye[d].drawn);
    const ArenaMark own = arena_mark(arena);
    const int32_t *gaps = blank(t, m, fetal, arena);
    int32_t *cells = arena_alloc(arena, scans * sizeof *cells);
    for (size_t s = 0; s < scans; s++) {
        cells[s] = cell_of(t, run->bp[first + s]);
        if (cells[s] >= 0 && gaps[cells[s]] == TRACE_GAP) cells[s] = -1;
    }
    for (int d = 0; d < DYES; d++) {
        if (run->height[d] == NULL) continue;
        memcpy(t->dye[d].drawn, gaps, t->n_grid * sizeof *gaps);
        draw_dye(&t->dye[d], t, run->height[d] + first, cells, scans);
    }
    arena_rewind(arena, own);
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
