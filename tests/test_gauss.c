/* Normal densities of many markers against closed forms: equal correlations have their determinant and distances on paper. */
#include "lab/gauss.h"
#include "tests/chance.h"

#include <criterion/criterion.h>
#include <math.h>

static void fill(double r[GAUSS_MOST][GAUSS_MOST], double value)
{
    for (int i = 0; i < GAUSS_MOST; i++)
        for (int j = 0; j < GAUSS_MOST; j++)
            r[i][j] = i > j ? value : NAN; /* what lies above is not read */
}

/* det = product of sd^2 times (1 - r)^(n - 1) (1 + (n - 1) r); a point c SD out in all of n lies n c^2 / (1 + (n - 1) r) away, one that is c out
 * in one and -c in another 2 c^2 / (1 - r). */
Test(gauss, equal_correlations)
{
    static const double mean[] = {0, 1, -2, 0.5, 3, -1, 0.25, 8};
    static const double sd[] = {0.2, 0.3, 1, 2, 0.5, 0.25, 4, 0.1};
    static const double correlations[] = {0, 0.3, 0.9, -0.1};
    for (int n = 1; n <= GAUSS_MOST; n++)
        for (int c = 0; c < 4; c++) {
            double r[GAUSS_MOST][GAUSS_MOST], x[GAUSS_MOST], z[GAUSS_MOST], log_det = 0, sum = 0;
            const double rho = correlations[c];
            Gauss g;
            fill(r, rho);
            cr_assert(gauss_make(&g, n, mean, sd, r), "%d, %g", n, rho);
            for (int i = 0; i < n; i++)
                log_det += 2 * log(sd[i]);
            log_det += (n - 1) * log(1 - rho) + log(1 + (n - 1) * rho);
            cr_expect_float_eq(g.half_log_det, log_det / 2, 1e-9, "%d, %g", n, rho);
            for (int i = 0; i < n; i++)
                x[i] = mean[i] + 1.5 * sd[i];
            const double away = n * 2.25 / (1 + (n - 1) * rho);
            cr_expect_float_eq(gauss_mahalanobis2(&g, x), away, 1e-9, "%d, %g", n, rho);
            cr_expect_float_eq(gauss_log(&g, x), -log_det / 2 - away / 2, 1e-9);
            for (int a = 0; a < n; a++)
                for (int b = 0; b < n; b++) {
                    if (a == b) continue;
                    for (int i = 0; i < n; i++)
                        x[i] = mean[i] + (i == a ? 2 : i == b ? -2 : 0) * sd[i];
                    cr_expect_float_eq(gauss_mahalanobis2(&g, x), 8 / (1 - rho), 1e-8, "%d, %g", n,
                                       rho);
                }
            for (int i = 0; i < n; i++) {
                z[i] = 0.5 * i - 1;
                sum += z[i] * z[i];
            }
            gauss_draw(&g, z, x);
            cr_expect_float_eq(gauss_mahalanobis2(&g, x), sum, 1e-8,
                               "what is drawn lies as far as its draws");
            cr_expect_float_eq(x[0], mean[0] - sd[0], 1e-12);
        }
}

Test(gauss, what_is_no_covariance)
{
    static const struct {
        int n;
        double mean, sd, r10, r20, r21;
        bool makes;
    } rows[] = {
        {3, 0, 1, 0.5, 0.5, 0.5, true},
        {0, 0, 1, 0, 0, 0, false},
        {9, 0, 1, 0, 0, 0, false},
        {3, 0, 0, 0, 0, 0, false},
        {3, 0, -1, 0, 0, 0, false},
        {3, 0, INFINITY, 0, 0, 0, false},
        {3, 0, NAN, 0, 0, 0, false},
        {3, NAN, 1, 0, 0, 0, false},
        {3, INFINITY, 1, 0, 0, 0, false},
        {3, 0, 1, 1, 0, 0, false},
        {3, 0, 1, 0, -1, 0, false},
        {3, 0, 1, 0, 0, NAN, false},
        {3, 0, 1, 0.9, 0.9, -0.9, false},
        {2, 0, 1, 0.9, 0.9, -0.9, true}, /* the third is not there */
        {3, 0, 1, 0.9999, 0, 0, true},
        {3, 0, 1, 0.6, 0.8, 0, false}, /* singular: 0.36 + 0.64 = 1 */
        {3, 0, 1, 0.6, 0.79, 0, true},
        {3, 0, 1, 0.6, 0.81, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double mean[9] = {0}, sd[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, r[GAUSS_MOST][GAUSS_MOST];
        Gauss g;
        fill(r, 0);
        r[1][0] = rows[i].r10;
        r[2][0] = rows[i].r20;
        r[2][1] = rows[i].r21;
        mean[1] = rows[i].mean;
        sd[1] = rows[i].sd;
        cr_expect_eq(gauss_make(&g, rows[i].n, mean, sd, r), rows[i].makes, "row %zu", i);
    }
}

/* Printed points of chi-square: 5 %, 95 % and 0.1 % of one to eight degrees of freedom. */
Test(gauss, chi_square_by_its_printed_points)
{
    static const double five[] = {3.841459,  5.991465,  7.814728,  9.487729,
                                  11.070498, 12.591587, 14.067140, 15.507313};
    static const double most[] = {0.00393214, 0.102587, 0.351846, 0.710723,
                                  1.145476,   1.635383, 2.167350, 2.732637};
    static const double rare[] = {10.827566, 13.815511, 16.266236, 18.466827,
                                  20.515006, 22.457744, 24.321886, 26.124482};
    for (int n = 1; n <= 8; n++) {
        cr_expect_float_eq(chi_square_tail(five[n - 1], n), 0.05, 1e-6, "%d", n);
        cr_expect_float_eq(chi_square_tail(most[n - 1], n), 0.95, 1e-6, "%d", n);
        cr_expect_float_eq(chi_square_tail(rare[n - 1], n), 0.001, 1e-8, "%d", n);
        cr_expect_eq(chi_square_tail(0, n), 1.0);
        cr_expect_eq(chi_square_tail(-1, n), 1.0);
        cr_expect_eq(chi_square_tail(NAN, n), 1.0);
    }
}

/* A covariance made of a known factor gives that factor back; what is drawn with z lies |z| away. */
Test(gauss, factors_that_are_known)
{
    for (int turn = 0; turn < 400; turn++) {
        const int n = 1 + turn % GAUSS_MOST;
        double l[GAUSS_MOST][GAUSS_MOST] = {{0}}, c[GAUSS_MOST][GAUSS_MOST] = {{0}},
               r[GAUSS_MOST][GAUSS_MOST], mean[GAUSS_MOST], sd[GAUSS_MOST], z[GAUSS_MOST],
               x[GAUSS_MOST], det = 0, far = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) {
                const double any = chance_part();
                l[i][j] = i == j ? 0.5 + any : 2 * any - 1;
                mean[i] = 3 * any;
                z[i] = 4 * any - 2;
            }
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                for (int k = 0; k <= j; k++)
                    c[i][j] += l[i][k] * l[j][k];
        for (int i = 0; i < n; i++) {
            sd[i] = sqrt(c[i][i]);
            det += log(l[i][i]);
            far += z[i] * z[i];
            for (int j = 0; j < i; j++)
                r[i][j] = c[i][j] / sd[i] / sd[j];
        }
        Gauss g;
        cr_assert(gauss_make(&g, n, mean, sd, r));
        cr_expect_float_eq(g.half_log_det, det, 1e-9);
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                cr_expect_float_eq(g.factor[i][j], l[i][j], 1e-9, "%d %d of %d", i, j, n);
        gauss_draw(&g, z, x);
        for (int i = 0; i < n; i++) {
            double due = mean[i];
            for (int k = 0; k <= i; k++)
                due += l[i][k] * z[k];
            cr_expect_float_eq(x[i], due, 1e-9);
        }
        cr_expect_float_eq(gauss_mahalanobis2(&g, x), far, 1e-8);
        cr_expect_float_eq(gauss_log(&g, x), -det - far / 2, 1e-8);
    }
}
