/* gauss - multivariate normal densities and their ratio: how screening markers become a likelihood ratio.
 *
 *     Gauss affected, unaffected;
 *     if (!gauss_make(&affected, 4, mean1, sd1, r1) || !gauss_make(&unaffected, 4, mean0, sd0, r0))
 *         ...                               // not positive definite: the parameter set is refused
 *     double lr = exp(gauss_log(&affected, x) - gauss_log(&unaffected, x));
 *
 * Computed in logarithms with Cholesky's factor, so that neither density underflows. */
#ifndef SCREENLAB_GAUSS_H
#define SCREENLAB_GAUSS_H

#include <stdbool.h>

enum { GAUSS_MOST = 8 }; /* markers of one test */

typedef struct Gauss {
    int n;
    double mean[GAUSS_MOST];
    double factor
        [GAUSS_MOST]
        [GAUSS_MOST];    /* lower Cholesky factor of the covariance; what lies above is not set */
    double half_log_det; /* ln det(covariance) / 2 */
} Gauss;

/* From means, standard deviations and the correlations r[i][j], i > j (the rest is not read). False when a standard deviation is
 * not positive, a correlation not within -1..1, or the matrix not positive definite; then *out holds nothing. */
bool gauss_make(Gauss *out, int n, const double *mean, const double *sd,
                double r[GAUSS_MOST][GAUSS_MOST]);
double gauss_log(const Gauss *g,
                 const double *x); /* ln density, without the constant (2 pi)^(-n/2) */
double gauss_mahalanobis2(const Gauss *g, const double *x); /* squared distance from the mean */
/* x = mean + factor * standard normal draws z. */
void gauss_draw(const Gauss *g, const double *z, double *x);

/* Upper tail of chi-square with n degrees of freedom, n = 1..GAUSS_MOST; exact finite series. */
double chi_square_tail(double x, int n);

#endif
