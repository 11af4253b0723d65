/* stats - the few distributions and robust figures that the judges share.
 *
 * Double precision, libm only; nothing here allocates. */
#ifndef SCREENLAB_STATS_H
#define SCREENLAB_STATS_H

#include <stddef.h>

double normal_upper(double z); /* P(Z > z) */
double
normal_quantile(double p); /* the z with P(Z <= z) = p, 0 < p < 1; relative error below 1e-9 */
/* P(T > t) of Student's t with `df` degrees of freedom (df > 0, not only whole numbers). */
double student_upper(double t, double df);
double student_quantile(double p, double df); /* 0.5 <= p < 1 */

/* Sorts `values` in place; 0 for n = 0. */
double median_of(double *values, size_t n);
/* 1.4826 times the median absolute deviation from the median: the SD of a normal sample, deaf to outliers. Reorders `values`. */
double robust_sd(double *values, size_t n);

#endif
