/* Why: screening states how sure it is, so tails of the normal and of Student's t are needed without
 * a statistics library. Method: erfc of libm for the normal tail and Newton steps on it for the
 * quantile; Student's t through the regularised incomplete beta function by its continued fraction
 * (NIST Digital Library of Mathematical Functions, 8.17.22, evaluated by Lentz's method, W. J.
 * Lentz, Applied Optics 15 (1976) 668, doi 10.1364/AO.15.000668). Robust SD: the median absolute
 * deviation. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

static const double root2 = 1.41421356237309504880;
static const double root_2pi = 2.50662827463100050242;

double normal_upper(double z)
{
    return 0.5 * erfc(z / root2);
}

double normal_quantile(double p)
{
    if (p > 0.5) return -normal_quantile(1 - p);
    /* Start from the tail's asymptote, then Newton on the logarithm of the lower tail. */
    double z = p < 0.1 ? -sqrt(-2 * log(p)) + 0.5 : (p - 0.5) * root_2pi;
    for (int i = 0; i < 60; i++) {
        double tail = normal_upper(-z);
        double step = tail * (log(p) - log(tail)) / (exp(-z * z / 2) / root_2pi);
        z += step;
        if (fabs(step) < 1e-13 * (1 + fabs(z))) break;
    }
    return z;
}

static double keep_off_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction of the incomplete beta function I_x(a, b). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / keep_off_zero(1 - (a + b) * x / (a + 1)), h = d;
    for (int m = 1; m < 500; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / keep_off_zero(1 + even * d);
        c = keep_off_zero(1 + even / c);
        h *= d * c;
        d = 1 / keep_off_zero(1 + odd * d);
        c = keep_off_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15) break;
    }
    return h;
}

/* Stirling's series after a shift to x >= 8. libm's lgamma() writes a global, which threads would share. */
static double log_gamma(double x)
{
    double shift = 0;
    while (x < 8) {
        shift -= log(x);
        x++;
    }
    double y = 1 / (x * x);
    double series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680)))) / x;
    return shift + (x - 0.5) * log(x) - x + log(root_2pi) + series;
}

/* I_x(a, b), 0 <= x <= 1. */
static double beta_part(double a, double b, double x)
{
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double student_upper(double t, double df)
{
    if (df > 1e7) return normal_upper(t);
    double tail = 0.5 * beta_part(df / 2, 0.5, df / (df + t * t));
    return t >= 0 ? tail : 1 - tail;
}

double student_quantile(double p, double df)
{
    double low = 0, high = 1;
    while (student_upper(high, df) > 1 - p && high < 1e12)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
        double middle = (low + high) / 2;
        if (student_upper(middle, df) > 1 - p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median_of(double *values, size_t n)
{
    if (n == 0) return 0;
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* The k-th smallest by C. A. R. Hoare's FIND (Comm. ACM 4 (1961) 321): what stands before it is no larger, what stands behind no smaller. */
static double select_at(double *values, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j) break;
            double swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[k];
}

/* As median_of(), without sorting: there are tens of thousands of bins in every sample. */
static double middle_of(double *values, size_t n)
{
    if (n == 0) return 0;
    double upper = select_at(values, n, n / 2);
    if (n % 2) return upper;
    double lower = values[0];
    for (size_t i = 1; i < n / 2; i++)
        lower = fmax(lower, values[i]);
    return (lower + upper) / 2;
}

double robust_sd(double *values, size_t n)
{
    double middle = middle_of(values, n);
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - middle);
    return 1.4826 * middle_of(values, n);
}
