/* trend - a line over months as inline SVG, small enough to stand beside others; the range that is aimed at lies behind it. */
#ifndef SCREENLAB_TREND_H
#define SCREENLAB_TREND_H

#include "markup.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Trend {
    const char *title;         /* above the line, and what a screen reader says */
    const double *values;      /* NAN = nothing told: the line is broken there */
    const char *const *labels; /* of the values; first and last are written */
    size_t n;
    double low, high; /* NAN = open */
    bool percent;
} Trend;

void trend_print(Markup *m, const Trend *trend, Arena *arena);

#endif
