/* Why: a MoM is only as good as its median, and medians differ between kits, laboratories and populations: each laboratory fits its own.
 * Method: values are put into bins of x (weeks, say); the logarithms of the bins' medians, weighted by their numbers, get a straight line and, from
 * six bins on, a parabola by least squares; the parabola is taken when Akaike's criterion with the correction for few points (C. M. Hurvich,
 * C. L. Tsai, Biometrika 76 (1989) 297) prefers it. Medians, not means, so that affected pregnancies among the values do not pull the line.
 * Refuses: fewer than three bins with enough values: a line through two points has no quality to show. */
#include "medians.h"

#include "stats.h"

#include <math.h>
#include <string.h>

enum { TERMS = 3, BINS_FOR_PARABOLA = 6 };

typedef struct Solution {
    int degree;
    double p[TERMS]; /* in x - centre */
    double rss, centre;
} Solution;

/* Gauss's elimination of up to three normal equations, which need no pivots (their matrix is positive definite); false when it is singular. */
static bool solve(double a[TERMS][TERMS + 1], int n)
{
    for (int k = 0; k < n; k++) {
        if (!(a[k][k] > 1e-12)) return false;
        for (int i = 0; i < n; i++) {
            double factor = a[i][k] / a[k][k];
            for (int j = k; j <= n && i != k; j++)
                a[i][j] -= factor * a[k][j];
        }
    }
    return true;
}

static double polynomial(const double *p, int degree, double x)
{
    double y = 0;
    for (int k = degree; k >= 0; k--)
        y = y * x + p[k];
    return y;
}

static double total_weight(const MedianBin *bins, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)bins[i].n;
    return sum;
}

/* Least squares of log10(observed), weighted by the numbers of values. */
static bool fit_degree(Solution *s, const MedianBin *bins, size_t n, int degree)
{
    double a[TERMS][TERMS + 1] = {{0}};
    s->degree = degree;
    for (size_t b = 0; b < n; b++) {
        double x = bins[b].x - s->centre, y = log10(bins[b].observed), w = (double)bins[b].n;
        for (int i = 0; i <= degree; i++) {
            for (int j = 0; j <= degree; j++)
                a[i][j] += w * pow(x, i + j);
            a[i][degree + 1] += w * pow(x, i) * y;
        }
    }
    if (!solve(a, degree + 1)) return false;
    for (int i = 0; i <= degree; i++)
        s->p[i] = a[i][degree + 1] / a[i][i];
    s->rss = 0;
    for (size_t b = 0; b < n; b++) {
        double r = log10(bins[b].observed) - polynomial(s->p, degree, bins[b].x - s->centre);
        s->rss += (double)bins[b].n * r * r;
    }
    return true;
}

static double corrected_aic(const Solution *s, size_t n)
{
    double k = s->degree + 2, m = (double)n; /* coefficients and the variance */
    return m * log(s->rss / m + 1e-18) + 2 * k + 2 * k * (k + 1) / (m - k - 1);
}

/* p of x - centre becomes p of x. */
static void expand(MedianFit *out, const Solution *s)
{
    double c = s->centre;
    out->degree = s->degree;
    out->p[2] = s->degree == 2 ? s->p[2] : 0;
    out->p[1] = s->p[1] - 2 * out->p[2] * c;
    out->p[0] = s->p[0] - s->p[1] * c + out->p[2] * c * c;
}

static bool fit_best(MedianFit *out)
{
    Solution line = {.degree = 1}, parabola;
    for (size_t b = 0; b < out->n_bins; b++)
        line.centre +=
            out->bins[b].x * (double)out->bins[b].n / total_weight(out->bins, out->n_bins);
    parabola = line;
    if (!fit_degree(&line, out->bins, out->n_bins, 1)) return false;
    bool curved = out->n_bins >= BINS_FOR_PARABOLA &&
                  fit_degree(&parabola, out->bins, out->n_bins, 2) &&
                  corrected_aic(&parabola, out->n_bins) < corrected_aic(&line, out->n_bins);
    expand(out, curved ? &parabola : &line);
    return true;
}

double median_at(const MedianFit *fit, double x)
{
    return pow(10, polynomial(fit->p, fit->degree, x));
}

/* Bins [from, from + width) that hold enough values. */
static void fill_bins(MedianFit *out, const double *x, const double *values, size_t n, double width,
                      double *room)
{
    double low = x[0], high = x[0];
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    double from = floor(low / width) * width - width;
    while ((from += width) <= high) {
        MedianBin bin = {0};
        double first = INFINITY, last = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            if (x[i] < from || x[i] >= from + width) continue;
            room[bin.n++] = values[i];
            bin.x += x[i];
            first = fmin(first, x[i]);
            last = fmax(last, x[i]);
        }
        if (bin.n < MEDIAN_LEAST) continue;
        bin.x /= (double)bin.n;
        bin.observed = median_of(room, bin.n);
        out->from = out->n_bins == 0 ? first : out->from;
        out->to = last;
        out->n += bin.n;
        out->bins[out->n_bins++] = bin;
    }
}

bool median_fit(MedianFit *out, const double *x, const double *values, size_t n, double width,
                Arena *arena)
{
    enum { LEAST_BINS = 3, MOST_BINS = 1000 };
    *out = (MedianFit){.degree = 1};
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] > 0) || !isfinite(values[i]) || !isfinite(x[i])) return false;
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    if (n == 0 || (high - low) / width > MOST_BINS) return false;
    double *room = arena_alloc(arena, n * sizeof *room);
    out->bins = arena_alloc(arena, ((size_t)((high - low) / width) + 2) * sizeof *out->bins);
    fill_bins(out, x, values, n, width, room);
    if (out->n_bins < LEAST_BINS || !fit_best(out)) return false;
    for (size_t b = 0; b < out->n_bins; b++) {
        MedianBin *bin = &out->bins[b];
        bin->fitted = median_at(out, bin->x);
        out->worst = fmax(out->worst, fabs(bin->observed / bin->fitted - 1));
    }
    for (size_t i = 0; i < n; i++)
        room[i] = log10(values[i] / median_at(out, x[i]));
    out->log_sd = robust_sd(room, n);
    return true;
}
