#include "lab/medians.h"

#include <criterion/criterion.h>
#include <math.h>

enum { DAYS = 42, EACH = 9 };

/* EACH values a day from day 105 on, around 10^(polynomial of the day), symmetric in the logarithm. */
static size_t values(double *x, double *y, const double p[3], double spread, size_t days)
{
    size_t n = 0;
    for (size_t d = 0; d < days; d++)
        for (int k = 0; k < EACH; k++, n++) {
            x[n] = 105 + (double)d;
            y[n] = pow(10, p[0] + p[1] * x[n] + p[2] * x[n] * x[n] +
                               spread * (k - EACH / 2) / (EACH / 2.0));
        }
    return n;
}

Test(medians, recovers_the_curve_it_was_given)
{
    static const struct {
        double p[3], spread, tolerance;
        int degree;
    } rows[] = {
        {{0.55, 0.0077, 0}, 0, 0.002, 1},       {{0.55, 0.0077, 0}, 0.2, 0.01, 1},
        {{2.08, -0.0085, 0}, 0.1, 0.01, 1},     {{6.2, -0.066, 0.00027}, 0, 0.002, 2},
        {{6.2, -0.066, 0.00027}, 0.2, 0.01, 2},
    };
    static double x[DAYS * EACH], y[DAYS * EACH];
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        MedianFit f;
        size_t n = values(x, y, rows[i].p, rows[i].spread, DAYS);
        cr_assert(median_fit(&f, x, y, n, 7, arena), "row %zu", i);
        cr_expect_eq(f.degree, rows[i].degree, "row %zu degree %d", i, f.degree);
        for (double d = 108; d < 144; d += 3) {
            double wanted = pow(10, rows[i].p[0] + rows[i].p[1] * d + rows[i].p[2] * d * d);
            cr_expect_float_eq(median_at(&f, d) / wanted, 1, rows[i].tolerance,
                               "row %zu day %g: %g", i, d, median_at(&f, d) / wanted);
        }
        cr_expect_eq(f.n, n);
        cr_expect_eq(f.from, 105.0);
        cr_expect_eq(f.to, 146.0);
    }
    arena_free(arena);
}

/* One value in nine is ten times too high: the median does not care. */
Test(medians, outliers_do_not_pull_the_line)
{
    static double x[DAYS * EACH], y[DAYS * EACH];
    Arena *arena = arena_new(NULL);
    MedianFit f;
    size_t n = values(x, y, (const double[3]){0.55, 0.0077, 0}, 0.1, DAYS);
    for (size_t i = EACH - 1; i < n; i += EACH)
        y[i] *= 10;
    cr_assert(median_fit(&f, x, y, n, 7, arena));
    cr_expect_float_eq(median_at(&f, 126) / pow(10, 0.55 + 0.0077 * 126), 1, 0.02);
    arena_free(arena);
}

Test(medians, refusals)
{
    static double x[DAYS * EACH], y[DAYS * EACH];
    Arena *arena = arena_new(NULL);
    MedianFit f;
    size_t n = values(x, y, (const double[3]){0.55, 0.0077, 0}, 0.1, 14);
    cr_expect_not(median_fit(&f, x, y, n, 7, arena), "two weeks are no line");
    n = values(x, y, (const double[3]){0.55, 0.0077, 0}, 0.1, 21);
    cr_expect(median_fit(&f, x, y, n, 7, arena));
    cr_expect_not(median_fit(&f, x, y, 0, 7, arena));
    y[5] = 0;
    cr_expect_not(median_fit(&f, x, y, n, 7, arena), "a value that is not positive");
    y[5] = NAN;
    cr_expect_not(median_fit(&f, x, y, n, 7, arena));
    y[5] = 1;
    x[5] = 105 + 7 * 1000.0;
    cr_expect(median_fit(&f, x, y, n, 7, arena), "a thousand weeks are looked at");
    x[5] = 105 + 7 * 1000.1;
    cr_expect_not(median_fit(&f, x, y, n, 7, arena), "more are not");
    x[5] = 1e9;
    cr_expect_not(median_fit(&f, x, y, n, 7, arena), "a gestation out of all bounds");
    arena_free(arena);
}

/* `each[i]` values of 10^y[i] at x = i. */
static size_t steps(double *x, double *values, const double *y, const size_t *each, size_t n_bins)
{
    size_t n = 0;
    for (size_t b = 0; b < n_bins; b++)
        for (size_t k = 0; k < each[b]; k++, n++) {
            x[n] = (double)b;
            values[n] = pow(10, y[b]);
        }
    return n;
}

/* Logarithms 0, 0, 1 at 0, 1, 2 with weights 1 : 2 : 4: on paper the line is (8x - 4) / 13. */
Test(medians, bins_weigh_as_many_as_they_hold)
{
    static const double y[] = {0, 0, 1};
    static const size_t each[] = {10, 20, 40};
    double x[70], values[70];
    Arena *arena = arena_new(NULL);
    MedianFit f;
    size_t n = steps(x, values, y, each, 3);
    cr_assert(median_fit(&f, x, values, n, 1, arena));
    cr_expect_eq(f.degree, 1);
    cr_expect_float_eq(f.p[0], -4.0 / 13, 1e-12);
    cr_expect_float_eq(f.p[1], 8.0 / 13, 1e-12);
    cr_expect_eq(f.p[2], 0.0);
    cr_expect_float_eq(f.worst, pow(10, 4.0 / 13) - 1, 1e-12);
    cr_expect(f.n == 70 && f.n_bins == 3 && f.from == 0 && f.to == 2);
    for (size_t b = 0; b < 3; b++) {
        cr_expect(f.bins[b].x == (double)b && f.bins[b].n == each[b]);
        cr_expect_float_eq(f.bins[b].observed, pow(10, y[b]), 1e-9);
        cr_expect_float_eq(f.bins[b].fitted, pow(10, (8.0 * (double)b - 4) / 13), 1e-9);
    }
    cr_expect_float_eq(f.log_sd, 0, 1e-12, "half of them lie at one residual");
    arena_free(arena);
}

/* A parabola is taken when the sum of squares falls by more than Akaike's corrected criterion asks of so many bins: by the factor e^5 for six,
 * e^2 for seven, e^(7/6) for eight. Sums of squares are those of orthogonal polynomials, second and third order (R. A. Fisher, F. Yates). */
Test(medians, a_parabola_must_earn_its_place)
{
    static const struct {
        size_t n;
        double second[8], third[8], factor;
    } rows[] = {
        {6, {5, -1, -4, -4, -1, 5}, {-5, 7, 4, -4, -7, 5}, 148.413},
        {7, {5, 0, -3, -4, -3, 0, 5}, {-1, 1, 1, 0, -1, -1, 1}, 7.38906},
        {8, {7, 1, -3, -5, -5, -3, 1, 7}, {-7, 5, 7, 3, -3, -7, -5, 7}, 3.21134},
    };
    static const size_t each[] = {10, 10, 10, 10, 10, 10, 10, 10};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int more = 0; more < 2; more++) {
            double x[80], values[80], y[8], ss2 = 0, ss3 = 0;
            for (size_t b = 0; b < rows[i].n; b++) {
                ss2 += rows[i].second[b] * rows[i].second[b];
                ss3 += rows[i].third[b] * rows[i].third[b];
            }
            double wanted = rows[i].factor * (more ? 1.01 : 0.99);
            double a = 0.001 * sqrt((wanted - 1) * ss3 / ss2);
            for (size_t b = 0; b < rows[i].n; b++)
                y[b] = 0.5 + 0.1 * (double)b + a * rows[i].second[b] + 0.001 * rows[i].third[b];
            Arena *arena = arena_new(NULL);
            MedianFit f;
            cr_assert(median_fit(&f, x, values, steps(x, values, y, each, rows[i].n), 1, arena));
            cr_expect_eq(f.degree, more ? 2 : 1, "%zu bins, %s", rows[i].n, more ? "more" : "less");
            arena_free(arena);
        }
    static const double curved[] = {4, 1, 0, 1, 4, 9};
    for (size_t n = 5; n <= 6; n++) {
        double x[60], values[60];
        Arena *arena = arena_new(NULL);
        MedianFit f;
        cr_assert(median_fit(&f, x, values, steps(x, values, curved, each, n), 1, arena));
        cr_expect_eq(f.degree, n == 5 ? 1 : 2, "five bins are too few for a curve");
        if (n == 6) /* (x - 2)^2 */
            cr_expect(fabs(f.p[0] - 4) < 1e-9 && fabs(f.p[1] + 4) < 1e-9 &&
                      fabs(f.p[2] - 1) < 1e-9);
        arena_free(arena);
    }
}

/* A bin begins at a multiple of the width and ends before the next; with nine values it is none, with ten it is. */
Test(medians, what_is_a_bin)
{
    static const struct {
        double x;
        size_t n;
    } groups[] = {{103, 9},   {105, 5}, {111.9, 5}, {112, 10}, {119, 4},
                  {125.5, 6}, {126, 9}, {133, 11},  {140, 9}};
    static const struct {
        double x;
        size_t n;
    } bins[] = {{108.45, 10}, {112, 10}, {122.9, 10}, {133, 11}};
    double x[100], values[100];
    size_t n = 0;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t k = 0; k < groups[g].n; k++, n++) {
            x[n] = groups[g].x;
            values[n] = pow(10, 0.01 * (double)g + 0.001 * (double)k);
        }
    Arena *arena = arena_new(NULL);
    MedianFit f;
    cr_assert(median_fit(&f, x, values, n, 7, arena));
    cr_assert_eq(f.n_bins, 4U);
    for (size_t b = 0; b < 4; b++) {
        cr_expect_float_eq(f.bins[b].x, bins[b].x, 1e-9, "bin %zu: %g", b, f.bins[b].x);
        cr_expect_eq(f.bins[b].n, bins[b].n);
    }
    cr_expect_eq(f.from, 105.0);
    cr_expect_eq(f.to, 133.0);
    cr_expect_eq(f.n, 41U);
    cr_expect_float_eq(f.bins[1].observed, (pow(10, 0.034) + pow(10, 0.035)) / 2, 1e-12);
    cr_expect_float_eq(f.bins[3].observed, pow(10, 0.075), 1e-12);
    arena_free(arena);
}
