/* figure - a picture as plain numbers: what an assay wants drawn, before anyone knows how.
 *
 * Points, spans and guide lines over two axes; every number in a figure that matters also stands in a finding. Coordinates are rounded
 * where they are drawn, so that no byte depends on the last bit of a sum. */
#ifndef SCREENLAB_FIGURE_H
#define SCREENLAB_FIGURE_H

#include "arena.h"

#include <stdbool.h>

typedef enum FigureMark { MARK_FAINT, MARK_PLAIN, MARK_DOT, MARK_STRONG, MARKS } FigureMark;

typedef struct FigurePoint {
    double x, y;
    FigureMark mark;
} FigurePoint;

typedef struct FigureSpan {
    double x0, x1, y;
} FigureSpan;

typedef struct FigureTick {
    double at;
    const char *label; /* digits and signs only: no word, so no language */
} FigureTick;

typedef enum FigureTint { TINT_PLAIN, TINT_A, TINT_C, TINT_G, TINT_T, TINTS } FigureTint;

/* A line through equally spaced points; NAN is a gap. */
typedef struct FigureCurve {
    const double *y;
    size_t n;
    double x0, step;
    FigureTint tint; /* of a base: the colours that sequencing programs use */
} FigureCurve;

/* An upright bar from the bottom to y. */
typedef struct FigureBar {
    double x0, x1, y;
    FigureMark mark;
} FigureBar;

/* A shaded range with a short name in it: a marker's window. */
typedef struct FigureBand {
    double x0, x1;
    const char *label; /* a name of a table: no word, so no language */
} FigureBand;

typedef struct Figure {
    const char *title; /* wording row "figure.<title>" */
    const char *sample;
    double x_low, x_high, y_low,
        y_high; /* what lies outside is drawn at the edge, as a triangle would be read */
    FigureTick *x_ticks, *y_ticks;
    size_t n_x, n_y;
    double *guides; /* dashed lines at these y */
    size_t n_guides;
    double *walls; /* faint upright lines at these x */
    size_t n_walls;
    FigurePoint *points;
    size_t n_points;
    FigureSpan *spans; /* thick lines */
    size_t n_spans;
    FigureCurve *curves;
    size_t n_curves;
    FigureBar *bars;
    size_t n_bars;
    FigureBand *bands;
    size_t n_bands;
    FigureTick *names; /* upright short names at these x, below the top: sizes of peaks */
    size_t n_names;
} Figure;

typedef struct Figures {
    Figure *items;
    size_t n, capacity;
    Arena *arena;
} Figures;

Figure *figure_add(Figures *figures, const char *title, const char *sample);

#endif
