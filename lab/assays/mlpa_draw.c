/* Why: a deletion is a run of low bars side by side, and one bar alone is a variant under a probe. Method: bars by size of the fragment,
 * quotients from 0 on, the limits of the bands as dashed lines. Refuses: probes that were not read, which have no bar; sex chromosomes,
 * which have no probe. */
#include "mlpa_draw.h"

#include <math.h>
#include <stdlib.h>

static const double highest = 2.2;

static void add_limits(Figure *f, const Table *bands, Arena *arena)
{
    f->guides = arena_alloc(arena, 2 * bands->n_rows * sizeof *f->guides);
    for (size_t r = 0; r < bands->n_rows; r++) {
        double low, high;
        if (!table_number(bands, r, table_column(bands, "low"), &low) ||
            !table_number(bands, r, table_column(bands, "high"), &high))
            continue;
        if (low > 0 && low < highest) f->guides[f->n_guides++] = low;
        if (high < highest) f->guides[f->n_guides++] = high;
    }
}

static void add_axes(Figure *f, Arena *arena)
{
    static const double at[] = {0, 0.5, 1, 1.5, 2};
    static const char *const labels[] = {"0", "0.5", "1", "1.5", "2"};
    f->y_high = highest * 1.4; /* names stand above */
    f->y_ticks = arena_alloc(arena, sizeof at / sizeof *at * sizeof *f->y_ticks);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        f->y_ticks[f->n_y++] = (FigureTick){at[i], labels[i]};
}

static int by_length(const void *a, const void *b)
{
    const MlpaProbe *x = *(const MlpaProbe *const *)a, *y = *(const MlpaProbe *const *)b;
    return x->length < y->length ? -1 : x->length > y->length;
}

void mlpa_draw_bars(Figures *out, const MlpaReading *r, const Table *bands, const char *sample)
{
    Arena *arena = out->arena;
    const MlpaProbe **order = arena_alloc(arena, r->kit->n * sizeof *order);
    size_t n = 0;
    for (size_t i = 0; i < r->kit->n; i++)
        if (r->kit->probes[i].role <= MLPA_REFERENCE) order[n++] = &r->kit->probes[i];
    qsort(order, n, sizeof *order, by_length);
    Figure *f = figure_add(out, "mlpa_bars", sample);
    f->x_high = (double)n;
    f->bars = arena_alloc(arena, n * sizeof *f->bars);
    f->names = arena_alloc(arena, n * sizeof *f->names);
    f->x_ticks = arena_alloc(arena, n * sizeof *f->x_ticks);
    add_axes(f, arena);
    add_limits(f, bands, arena);
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)(order[i] - r->kit->probes);
        const double x = (double)i + 0.5;
        const FigureMark mark = order[i]->role == MLPA_REFERENCE ? MARK_FAINT
                                : r->copies[at] == 2             ? MARK_PLAIN
                                                                 : MARK_STRONG;
        f->names[f->n_names++] = (FigureTick){x, order[i]->name};
        f->x_ticks[f->n_x++] = (FigureTick){x, arena_print(arena, "%.0f", order[i]->length)};
        if (!isnan(r->quotients[at]))
            f->bars[f->n_bars++] = (FigureBar){x - 0.32, x + 0.32, r->quotients[at], mark};
    }
}
