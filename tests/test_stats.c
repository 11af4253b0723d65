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
    cr_expect(student_upper(2, 1e7) > normal_upper(2));
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

/* The density of Student's t, integrated by Simpson's rule. */
static double plain_upper(double t, double df)
{
    enum { STEPS = 2000 };
    const double factor = exp(lgamma((df + 1) / 2) - lgamma(df / 2)) / sqrt(df * acos(-1));
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double x = t * i / STEPS;
        sum += (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * pow(1 + x * x / df, -(df + 1) / 2);
    }
    return 0.5 - factor * sum * t / STEPS / 3;
}

Test(stats, students_t_by_its_density)
{
    static const double dfs[] = {0.3, 0.5, 1.5, 2.5, 5, 7.3, 15.9, 16, 16.1, 30, 100, 1234.5, 1e5},
                        ts[] = {0.01, 0.3, 0.7, 1, 1.4, 2, 3, 4.5, 6};
    for (size_t i = 0; i < sizeof dfs / sizeof *dfs; i++)
        for (size_t k = 0; k < sizeof ts / sizeof *ts; k++) {
            cr_expect(fabs(student_upper(ts[k], dfs[i]) - plain_upper(ts[k], dfs[i])) < 2e-10,
                      "%g, %g: %g", ts[k], dfs[i],
                      student_upper(ts[k], dfs[i]) - plain_upper(ts[k], dfs[i]));
            cr_expect(fabs(student_upper(-ts[k], dfs[i]) + student_upper(ts[k], dfs[i]) - 1) <
                      1e-14);
        }
}

Test(stats, students_quantiles_invert_tails)
{
    static const double dfs[] = {0.5, 1, 3, 7.5, 40, 1e5, 2e7},
                        ps[] = {0.5, 0.501, 0.6, 0.75, 0.8, 0.9, 0.975, 0.999, 0.9999999};
    for (size_t i = 0; i < sizeof dfs / sizeof *dfs; i++)
        for (size_t k = 0; k < sizeof ps / sizeof *ps; k++) {
            const double t = student_quantile(ps[k], dfs[i]);
            if (t < 1e12) /* as far as is looked */
                cr_expect(fabs(student_upper(t, dfs[i]) / (1 - ps[k]) - 1) < 1e-8, "%g, %g: %g",
                          ps[k], dfs[i], t);
            else
                cr_expect(ps[k] > 0.999 && dfs[i] < 1);
        }
    cr_expect(fabs(student_quantile(1 - 1e-9, 1) / (1e9 / acos(-1)) - 1) < 1e-6,
              "a tail as far as that of 1 degree");
}

/* Every level from the far tail to the middle and beyond, to ten digits; tails by the complementary error function. */
Test(stats, normal_quantiles_on_both_sides)
{
    for (int i = -300; i < 300; i++) {
        const double p = i < 0 ? pow(10, i / 20.0) / 2.1 : 0.5 + i / 600.0;
        const double z = normal_quantile(p),
                     back = p < 0.5 ? normal_upper(-z) : 1 - normal_upper(z);
        cr_expect(fabs(back / p - 1) < 1e-10, "%g: %g", p, z);
        if (p > 0.01 && p < 0.99) cr_expect(fabs(normal_quantile(1 - p) + z) < 1e-10, "%g", p);
    }
    cr_expect(fabs(normal_quantile(0.5)) < 1e-14);
    static const double tails[][2] = {{0, 0.5},
                                      {1, 0.15865525393145707},
                                      {-1, 0.84134474606854293},
                                      {3, 0.0013498980316300946},
                                      {6, 9.8658764503769814e-10}};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        cr_expect(fabs(normal_upper(tails[i][0]) / tails[i][1] - 1) < 1e-13, "row %zu", i);
}

/* Medians of every length up to 40 by counting ranks; what was given is there afterwards, in order. */
Test(stats, medians_by_rank)
{
    unsigned long long chance = 99;
    for (int round = 0; round < 400; round++) {
        double given[40], sorted[40], middle[2] = {0, 0};
        const size_t n = (size_t)round % 40;
        for (size_t i = 0; i < n; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            given[i] = sorted[i] = (double)((chance >> 33) % (round % 2 ? 10 : 1000000)) - 5;
        }
        const double told = median_of(sorted, n);
        for (size_t i = 0; i < n; i++) {
            size_t rank = 0;
            for (size_t k = 0; k < n; k++)
                rank += given[k] < given[i] || (given[k] == given[i] && k < i);
            cr_assert_eq(sorted[rank], given[i], "round %d", round);
            if (rank == (n - 1) / 2) middle[0] = given[i];
            if (rank == n / 2) middle[1] = given[i];
        }
        cr_assert_eq(told, (middle[0] + middle[1]) / 2, "round %d", round);
    }
    double none[1] = {3};
    cr_expect_eq(robust_sd(none, 0), 0);
    cr_expect_eq(robust_sd(none, 1), 0);
}
