/* Why in logarithms: an inhibin of 8 MoM and an oestriol of 0.2 lie more than ten standard deviations out, where a density
 * is 1e-60 and its ratio is still wanted. Cholesky's factor gives determinant and distance in one pass and tells
 * when a matrix of published correlations is no covariance at all.
 * Source of the factorisation: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 4.2. */
#include "gauss.h"

#include <math.h>

/* Leaves the lower factor and half of ln det; `g->factor` holds the covariance's lower triangle before. One logarithm of the
 * product, not one each: SD of screening markers are near 0.2, so even eight of them are far from underflow. */
static bool factorise(Gauss *g)
{
    double product = 1;
    for (int i = 0; i < g->n; i++) {
        double *row = g->factor[i], variance = row[i];
        for (int j = 0; j < i; j++) {
            double sum = row[j];
            for (int k = 0; k < j; k++)
                sum -= row[k] * g->factor[j][k];
            row[j] = sum / g->factor[j][j];
            row[i] -= row[j] * row[j];
        }
        if (!(row[i] > 1e-12 * variance)) return false;
        row[i] = sqrt(row[i]);
        product *= row[i];
    }
    g->half_log_det = log(product);
    return true;
}

bool gauss_make(Gauss *out, int n, const double *mean, const double *sd,
                double r[GAUSS_MOST][GAUSS_MOST])
{
    if (n < 1 || n > GAUSS_MOST) return false;
    out->n = n;
    for (int i = 0; i < n; i++) {
        if (!(sd[i] > 0) || !isfinite(sd[i]) || !isfinite(mean[i])) return false;
        out->mean[i] = mean[i];
        out->factor[i][i] = sd[i] * sd[i];
        for (int j = 0; j < i; j++) {
            if (!(fabs(r[i][j]) < 1)) return false;
            out->factor[i][j] = r[i][j] * sd[i] * sd[j];
        }
    }
    return factorise(out);
}

double gauss_mahalanobis2(const Gauss *g, const double *x)
{
    double y[GAUSS_MOST], sum = 0;
    for (int i = 0; i < g->n; i++) {
        y[i] = x[i] - g->mean[i];
        for (int k = 0; k < i; k++)
            y[i] -= g->factor[i][k] * y[k];
        y[i] /= g->factor[i][i];
        sum += y[i] * y[i];
    }
    return sum;
}

double gauss_log(const Gauss *g, const double *x)
{
    return -g->half_log_det - gauss_mahalanobis2(g, x) / 2;
}

void gauss_draw(const Gauss *g, const double *z, double *x)
{
    for (int i = 0; i < g->n; i++) {
        x[i] = g->mean[i];
        for (int k = 0; k <= i; k++)
            x[i] += g->factor[i][k] * z[k];
    }
}

/* Q(x, n) = Q(x, n - 2) + x^(n/2 - 1) e^(-x/2) / (2^(n/2 - 1) gamma(n/2)): Abramowitz and Stegun (1964), 26.4.4 and 26.4.5. */
double chi_square_tail(double x, int n)
{
    if (!(x > 0)) return 1;
    bool odd = n % 2 != 0;
    double tail = odd ? erfc(sqrt(x / 2)) : exp(-x / 2);
    double term = odd ? sqrt(2 * x / acos(-1)) * exp(-x / 2) : exp(-x / 2) * x / 2;
    for (int k = odd ? 3 : 4; k <= n; k += 2) {
        tail += term;
        term *= x / k;
    }
    return tail;
}
