/* Why: a second peak is believed when it is seen. Method: the evidence keeps the height of each dye at each call, not the curve; so a peak of
 * usual width is drawn at the place of each call, and the picture says so. Refuses: everything but the window around the named
 * variant. */
#include "sanger_draw.h"

#include <math.h>

enum { AROUND = 14, POINTS = 8 };

static const double width = 0.27; /* of the distance of two bases */

typedef struct Window {
    const BaseRead *read;
    size_t from, to; /* calls */
    double spacing;  /* scans */
    double usual[BASES];
} Window;

/* Scans of a call: as told, else one spacing a call. */
static double place(const Window *w, size_t call)
{
    const int32_t scan = w->read->calls[call].scan;
    return scan >= 0 ? (double)scan : (double)call * w->spacing;
}

static double height(const Window *w, int dye, double x)
{
    double sum = 0;
    for (size_t i = w->from; i < w->to; i++) {
        const double away = (x - place(w, i)) / (w->spacing * width);
        if (fabs(away) < 5) sum += w->read->calls[i].height[dye] * exp(-away * away / 2);
    }
    return sum / w->usual[dye];
}

static void add_curves(Figure *f, const Window *w, Arena *arena)
{
    const double step = w->spacing / POINTS;
    const size_t n = (size_t)((f->x_high - f->x_low) / step) + 1;
    f->curves = arena_alloc(arena, BASES * sizeof *f->curves);
    for (int d = 0; d < BASES; d++) {
        double *y = arena_alloc(arena, n * sizeof *y);
        for (size_t i = 0; i < n; i++)
            y[i] = height(w, d, f->x_low + step * (double)i);
        f->curves[f->n_curves++] = (FigureCurve){
            .y = y, .n = n, .x0 = f->x_low, .step = step, .tint = (FigureTint)(TINT_A + d)};
    }
}

static void add_letters(Figure *f, const Window *w, Arena *arena)
{
    f->x_ticks = arena_alloc(arena, (w->to - w->from) * sizeof *f->x_ticks);
    for (size_t i = w->from; i < w->to; i++)
        f->x_ticks[f->n_x++] =
            (FigureTick){place(w, i), arena_copy_n(arena, &w->read->calls[i].call, 1)};
}

void sanger_draw_window(Figures *out, const BaseRead *read, const SangerView *view,
                        const char *sample)
{
    Arena *arena = out->arena;
    if (view->answer == SANGER_NOT_COVERED || view->first >= read->n) return;
    Window w = {.read = read, .from = view->first > AROUND ? view->first - AROUND : 0};
    w.to = view->first + AROUND + 1 < read->n ? view->first + AROUND + 1 : read->n;
    if (w.to - w.from < 3) return;
    const double span = read->calls[w.to - 1].scan - read->calls[w.from].scan;
    w.spacing = span > 0 ? span / (double)(w.to - w.from - 1) : 10;
    sanger_usual(w.usual, read, view->first, arena);
    Figure *f = figure_add(out, "sanger_window",
                           arena_print(arena, "%s (%c)", sample, view->reverse ? '-' : '+'));
    f->x_low = place(&w, w.from) - w.spacing;
    f->x_high = place(&w, w.to - 1) + w.spacing;
    f->y_high = 1.6;
    f->walls = arena_alloc(arena, sizeof *f->walls);
    f->walls[f->n_walls++] = place(&w, view->first);
    add_curves(f, &w, arena);
    add_letters(f, &w, arena);
}
