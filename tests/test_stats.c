#include "lab/stats.h"

#include <criterion/criterion.h>
#include <math.h>

/* Printed tables of the normal and of Student's t; six figures. */
Test(stats, upper_tails)
{
    static const struct {
        double t, df, tail;
    } rows[] = {
        {0, 5, 0.5},           {1.812461, 10, 0.05},  {2.570582, 5, 0.025}, {3.365, 5, 0.0100},
        {-1.812461, 10, 0.95}, {1.644854, 1e9, 0.05}, {12.7062, 1, 0.025},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(fabs(student_upper(rows[i].t, rows[i].df) - rows[i].tail) < 2e-6, "row %zu: %.8f",
                  i, student_upper(rows[i].t, rows[i].df));
}

/* Student's t of one, two, three and four degrees of freedom has closed forms (NIST Handbook of Mathematical Functions, 26.7.3 and 26.7.4). */
Test(stats, closed_forms_of_students_t)
{
    static const double ts[] = {0, 1e-3, 0.1, 0.5, 1, 1.5, 2, 3, 5, 10, 50, 1000};
    const double pi = acos(-1);
    for (size_t i = 0; i < sizeof ts / sizeof *ts; i++) {
        const double t = ts[i], angle = atan(t / sqrt(3)), s = t / sqrt(4 + t * t);
        const double upper[] = {t > 1 ? atan(1 / t) / pi : 0.5 - atan(t) / pi,
                                1 / ((2 + t * t) * (1 + t / sqrt(2 + t * t))),
                                0.5 - (angle + sin(angle) * cos(angle)) / pi,
                                0.5 - s * (1.5 - s * s / 2) / 2};
        for (int df = 1; df <= 4; df++) {
            /* three and four lose digits in the difference */
            double lost = df > 2 ? 1e-15 / upper[df - 1] : 0;
            cr_expect(fabs(student_upper(t, df) / upper[df - 1] - 1) < 5e-11 + lost, "%g, %d: %g",
                      t, df, student_upper(t, df) / upper[df - 1] - 1);
            cr_expect(fabs(student_upper(-t, df) - (1 - upper[df - 1])) < 5e-11);
        }
        if (t > 0 && t < 100)
            cr_expect(fabs(student_quantile(1 - upper[1], 2) / t - 1) < 1e-8, "%g", t);
    }
    cr_expect(fabs(student_upper(2, 1e7) / normal_upper(2) - 1) < 1e-6);
    cr_expect(student_upper(2, 1.1e7) == normal_upper(2));
    cr_expect(fabs(student_quantile(0.5, 3)) < 1e-9);
    /* Degrees between two whole numbers lie between them; many are near the normal. */
    cr_expect(student_upper(2, 2.5) < student_upper(2, 2) &&
              student_upper(2, 2.5) > student_upper(2, 3));
    cr_expect(fabs(student_upper(1.96, 200) - 0.0256925) < 5e-6);
    cr_expect(fabs(student_upper(3, 1e6) / normal_upper(3) - 1) < 1e-4);
}

Test(stats, quantiles_invert_tails)
{
    static const double levels[] = {1e-12, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999999};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        double z = normal_quantile(levels[i]);
        cr_expect(fabs(normal_upper(-z) - levels[i]) < 1e-9 * levels[i], "row %zu", i);
    }
    cr_expect(fabs(normal_quantile(0.975) - 1.959963985) < 1e-8);
    cr_expect(fabs(student_quantile(0.975, 10) - 2.228138852) < 1e-7);
}

Test(stats, robust_figures)
{
    double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 2}, spread[] = {1, 2, 3, 4, 1000};
    cr_expect(median_of(odd, 3) == 5);
    cr_expect(median_of(even, 4) == 2.5);
    cr_expect(median_of(odd, 0) == 0);
    cr_expect(fabs(robust_sd(spread, 5) - 1.4826) < 1e-12);
    /* Selection and sorting agree, ties and both parities included. */
    double a[64], b[64];
    unsigned long long chance = 12345;
    for (int round = 0; round < 2000; round++) {
        size_t n = 1 + (size_t)round % 64;
        for (size_t i = 0; i < n; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            a[i] = b[i] = (double)(chance >> 33) / (round % 3 ? 1e9 : 1) * (round % 5 ? 1 : 0);
            if (round % 2) a[i] = b[i] = floor(a[i] * 4);
        }
        double middle = median_of(b, n);
        for (size_t i = 0; i < n; i++)
            b[i] = fabs(b[i] - middle);
        double sorted = 1.4826 * median_of(b, n);
        cr_assert(robust_sd(a, n) == sorted, "round %d", round);
    }
}
