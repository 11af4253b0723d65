/* Why in logarithms: an inhibin of 8 MoM and an oestriol of 0.2 lie more than ten standard deviations out, where a density
 * is 1e-60 and its ratio is still wanted. Cholesky's factor gives determinant and distance in one pass and tells
 * when a matrix of published correlations is no covariance at all.
 * Source of the factorisation: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 4.2. */
#include "gauss.h"

#include <math.h>

static bool factorise(Gauss *g, double covariance[GAUSS_MOST][GAUSS_MOST])
{
    for (int i = 0; i < g->n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = covariance[i][j];
            for (int k = 0; k < j; k++)
                sum -= g->factor[i][k] * g->factor[j][k];
            if (i != j) {
                g->factor[i][j] = sum / g->factor[j][j];
                continue;
            }
            if (!(sum > 1e-12 * covariance[i][i])) return false;
            g->factor[i][i] = sqrt(sum);
            g->half_log_det += log(g->factor[i][i]);
        }
    }
    return true;
}

bool gauss_make(Gauss *out, int n, const double *mean, const double *sd,
                double r[GAUSS_MOST][GAUSS_MOST])
{
    Gauss g = {.n = n};
    double covariance[GAUSS_MOST][GAUSS_MOST] = {{0}};
    if (n < 1 || n > GAUSS_MOST) return false;
    for (int i = 0; i < n; i++) {
        if (!(sd[i] > 0) || !isfinite(sd[i]) || !isfinite(mean[i])) return false;
        g.mean[i] = mean[i];
        covariance[i][i] = sd[i] * sd[i];
        for (int j = 0; j < i; j++) {
            if (!(fabs(r[i][j]) < 1)) return false;
            covariance[i][j] = r[i][j] * sd[i] * sd[j];
        }
    }
    if (!factorise(&g, covariance)) return false;
    *out = g;
    return true;
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
