/* medians - a laboratory's own median of a marker as a function of gestation (or CRL), fitted to its patients' values.
 *
 *     MedianFit fit;
 *     if (median_fit(&fit, days, values, n, WEEK, arena)) ...      // median(x) = 10^(fit.p[2] x^2 + fit.p[1] x + fit.p[0])
 *
 * Straight line or parabola in the logarithm, through the medians of bins of x, weighted by their numbers. */
#ifndef SCREENLAB_MEDIANS_H
#define SCREENLAB_MEDIANS_H

#include "arena.h"

#include <stdbool.h>

typedef struct MedianBin {
    double x;        /* mean of its values' x */
    double observed; /* median of its values */
    double fitted;
    size_t n;
} MedianBin;

typedef struct MedianFit {
    int degree;      /* 1 or 2 */
    double p[3];     /* of x^0, x^1, x^2 */
    double from, to; /* range of x seen: the fit says nothing outside */
    MedianBin *bins;
    size_t n_bins, n; /* values in bins that count */
    double worst;     /* largest |observed / fitted - 1| of a bin */
    double log_sd;    /* robust SD of log10(value / fitted) */
} MedianFit;

/* False when fewer than three bins of the width hold MEDIAN_LEAST values, or a value is not positive. */
enum { MEDIAN_LEAST = 10 };
bool median_fit(MedianFit *out, const double *x, const double *values, size_t n, double width,
                Arena *arena);
double median_at(const MedianFit *fit, double x);

#endif
