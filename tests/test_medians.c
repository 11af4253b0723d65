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
