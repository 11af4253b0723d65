/* plot - small figures as inline SVG: horizontal stacked bars. Every number in a figure also
 * stands in a table. */
#ifndef SCREENLAB_PLOT_H
#define SCREENLAB_PLOT_H

#include "markup.h"

#include <stdbool.h>

enum { PLOT_PARTS = 12 };

typedef struct Bar {
    const char *label;
    size_t counts[PLOT_PARTS];
} Bar;

typedef struct Plot {
    const char *title; /* also what a screen reader says */
    const char *parts[PLOT_PARTS];
    const char *colours[PLOT_PARTS];
    size_t n_parts;
    const Bar *bars;
    size_t n_bars;
    bool shares; /* every bar at full width: parts may be compared, totals stand in figures */
} Plot;

/* All bars share one scale, unless `shares`. Nothing is drawn when every count is zero. */
void plot_print(Markup *m, const Plot *plot, Arena *arena);

#endif
