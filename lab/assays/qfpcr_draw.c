/* Why: a trisomy is seen at a glance when the markers of one chromosome stand together away from the line. Method: ratios on a logarithmic
 * axis, so that 2:1 and 1:2 are equally far; markers that tell nothing are left out, never drawn at 1. Refuses: sex markers. */
#include "qfpcr_draw.h"

#include "../trace_draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double lowest = 0.3, highest = 3.2;

static void add_limits(Figure *f, const QfpcrLimits *l, Arena *arena)
{
    const double limits[] = {l->trisomy_low, l->normal_low, l->normal_high, l->trisomy_high};
    enum { LIMITS = sizeof limits / sizeof *limits };
    f->y_low = log(lowest);
    f->y_high = log(highest);
    f->guides = arena_alloc(arena, LIMITS * sizeof *f->guides);
    f->y_ticks = arena_alloc(arena, (LIMITS + 1) * sizeof *f->y_ticks);
    for (size_t i = 0; i < LIMITS; i++) {
        f->guides[f->n_guides++] = log(limits[i]);
        f->y_ticks[f->n_y++] = (FigureTick){log(limits[i]), arena_print(arena, "%g", limits[i])};
    }
    f->y_ticks[f->n_y++] = (FigureTick){0, "1"};
}

/* Markers of one chromosome from x = `at` on; the next free x. */
static double add_chromosome(Figure *f, const QfpcrJudgement *j, int chrom, double at, Arena *arena)
{
    const double first = at;
    for (size_t t = 0; t < j->n_typings; t++)
        for (size_t i = 0; i < j->typings[t].n; i++) {
            const MarkerReading *r = &j->typings[t].readings[i];
            if (strtol(r->marker->chromosome, NULL, 10) != chrom) continue;
            const bool told = !isnan(r->ratio) && strcmp(r->class, "unusable") != 0;
            if (told)
                f->points[f->n_points++] = (FigurePoint){
                    at, log(r->ratio), strcmp(r->class, "normal") == 0 ? MARK_DOT : MARK_STRONG};
            at += 1;
        }
    if (at <= first) return at;
    f->x_ticks[f->n_x++] = (FigureTick){(first + at - 1) / 2, arena_print(arena, "%d", chrom)};
    f->walls[f->n_walls++] = at;
    return at + 1;
}

static void draw_dosage(Figures *out, const QfpcrJudgement *j, const Sample *sample,
                        const QfpcrLimits *limits, Arena *arena)
{
    size_t markers = 0;
    double at = 1;
    for (size_t t = 0; t < j->n_typings; t++)
        markers += j->typings[t].n;
    Figure *f = figure_add(out, "qfpcr_dosage", sample->id);
    f->points = arena_alloc(arena, markers * sizeof *f->points);
    f->x_ticks = arena_alloc(arena, QFPCR_CHROMS * sizeof *f->x_ticks);
    f->walls = arena_alloc(arena, QFPCR_CHROMS * sizeof *f->walls);
    add_limits(f, limits, arena);
    for (int c = 1; c < QFPCR_CHROMS; c++)
        at = add_chromosome(f, j, c, at, arena);
    f->x_high = at;
}

void qfpcr_draw(Figures *out, const QfpcrJudgement *j, const Sample *sample,
                const Reference *reference, Arena *arena)
{
    static const char *const titles[DYES] = {"qfpcr_dye1", "qfpcr_dye2", "qfpcr_dye3",
                                             "qfpcr_dye4", "qfpcr_dye5", "qfpcr_dye6"};
    QfpcrLimits limits;
    if (qfpcr_limits(&limits, reference, NULL) != OK) return;
    draw_dosage(out, j, sample, &limits, arena);
    for (size_t t = 0; t < j->n_typings; t++) {
        const Typing *y = &j->typings[t];
        for (int d = 1; d <= DYES; d++)
            (void)trace_draw_dye(out, titles[d - 1], sample->id, y->trace, d, y->markers);
        trace_draw_ladder(out, "trace_ladder", sample->id, y->trace);
    }
}
