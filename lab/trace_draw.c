/* Why: nobody signs a dosage without having seen the peaks. Method: the curve that the door kept, on its own grid; the height of the axis is that
 * of the highest drawn point. Names stand at the peaks that are at least an eighth of it. Refuses: windows of sex markers. */
#include "trace_draw.h"

#include <math.h>

static const double least_named = 0.12;

/* 1, 2 or 5 times a power of ten, about a fifth of `range`. */
static double tick_step(double range)
{
    const double raw = fmax(range, 1) / 5, power = pow(10, floor(log10(raw)));
    const double part = raw / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

static FigureTick *ticks(size_t *n, double low, double high, Arena *arena)
{
    const double step = tick_step(high - low);
    const long first = (long)ceil(low / step), last = (long)floor(high / step);
    FigureTick *t = arena_alloc(arena, (size_t)(last - first + 2) * sizeof *t);
    *n = 0;
    for (long i = first; (double)i * step <= high - 0.01 * (high - low); i++)
        t[(*n)++] = (FigureTick){(double)i * step, arena_print(arena, "%g", (double)i * step)};
    return t;
}

static double highest(const TraceDye *dye, size_t n)
{
    double top = 100;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, dye->drawn[i]);
    return top;
}

static void add_curve(Figure *f, const Trace *t, const TraceDye *dye, Arena *arena)
{
    double *y = arena_alloc(arena, t->n_grid * sizeof *y);
    for (size_t i = 0; i < t->n_grid; i++)
        y[i] = dye->drawn[i] == TRACE_GAP ? NAN : (double)dye->drawn[i];
    f->curves = arena_alloc(arena, sizeof *f->curves);
    f->curves[f->n_curves++] =
        (FigureCurve){.y = y, .n = t->n_grid, .x0 = t->grid_from, .step = t->grid_step};
}

static void add_windows(Figure *f, const Markers *m, int dye, Arena *arena)
{
    f->bands = arena_alloc(arena, (m->n + 1) * sizeof *f->bands);
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i].dye == dye && !m->items[i].sex)
            f->bands[f->n_bands++] =
                (FigureBand){m->items[i].low, m->items[i].high, m->items[i].name};
}

static void add_peaks(Figure *f, const TraceDye *dye, double top, Arena *arena)
{
    f->names = arena_alloc(arena, (dye->n + 1) * sizeof *f->names);
    f->points = arena_alloc(arena, (dye->n + 1) * sizeof *f->points);
    for (size_t i = 0; i < dye->n; i++) {
        const TracePeak *p = &dye->peaks[i];
        if (p->height < least_named * top) continue;
        f->points[f->n_points++] = (FigurePoint){p->size, p->height, MARK_PLAIN};
        f->names[f->n_names++] = (FigureTick){p->size, arena_print(arena, "%.1f", p->size)};
    }
}

static void add_rungs(Figure *f, const Trace *t, double top, Arena *arena)
{
    f->names = arena_alloc(arena, LADDER_MOST * sizeof *f->names);
    f->points = arena_alloc(arena, LADDER_MOST * sizeof *f->points);
    for (int i = 0; i < t->n_rungs; i++) {
        f->points[f->n_points++] = (FigurePoint){t->rung_sizes[i], top * 0.02, MARK_PLAIN};
        f->names[f->n_names++] =
            (FigureTick){t->rung_sizes[i], arena_print(arena, "%g", t->rung_sizes[i])};
    }
}

Figure *trace_draw_dye(Figures *out, const char *title, const char *sample, const Trace *t, int dye,
                       const Markers *markers)
{
    const TraceDye *d = &t->dye[dye - 1];
    if (d->drawn == NULL || t->n_grid < 2) return NULL;
    const double top = highest(d, t->n_grid);
    Figure *f = figure_add(out, title, sample);
    f->x_low = t->grid_from;
    f->x_high = t->grid_from + t->grid_step * (double)(t->n_grid - 1);
    f->y_high = top * 1.45; /* names stand above */
    f->x_ticks = ticks(&f->n_x, f->x_low, f->x_high, out->arena);
    f->y_ticks = ticks(&f->n_y, 0, top, out->arena);
    add_curve(f, t, d, out->arena);
    if (dye == t->standard_dye)
        add_rungs(f, t, top, out->arena);
    else
        add_peaks(f, d, top, out->arena);
    if (dye != t->standard_dye) add_windows(f, markers, dye, out->arena);
    return f;
}

void trace_draw_ladder(Figures *out, const char *title, const char *sample, const Trace *t)
{
    if (t->n_rungs < 2) return;
    Figure *f = figure_add(out, title, sample);
    f->x_low = t->rung_scans[0] * 0.9;
    f->x_high = t->rung_scans[t->n_rungs - 1] * 1.03;
    f->y_high = t->rung_sizes[t->n_rungs - 1] * 1.05;
    f->x_ticks = ticks(&f->n_x, f->x_low, f->x_high, out->arena);
    f->y_ticks = ticks(&f->n_y, 0, f->y_high, out->arena);
    f->points = arena_alloc(out->arena, LADDER_MOST * sizeof *f->points);
    for (int i = 0; i < t->n_rungs; i++)
        f->points[f->n_points++] = (FigurePoint){t->rung_scans[i], t->rung_sizes[i], MARK_DOT};
}
