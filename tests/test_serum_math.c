/* The formulas of serum screening, each on numbers that can be worked out on paper: medians in their five forms, the risk by age, weights and the days on which
 * a median holds. Sources are in lab/assays/serum_risk.c. */
#include "lab/assays/serum_risk.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

Test(serum_math, medians_in_their_forms)
{
    static const struct {
        MedianForm form;
        double p[3];
        int day;
        double crl, value; /* 0 = it cannot be stated */
    } rows[] = {
        {MEDIAN_LOG10_LINEAR, {0.01, 0.5}, 100, 0, 31.622776601683793},
        {MEDIAN_LOG10_LINEAR, {0.01, -1}, 100, 60, 1},
        {MEDIAN_LOG10_QUADRATIC, {0.0001, 0.01, 0.2}, 100, 0, 158.48931924611142},
        {MEDIAN_LOG10_QUADRATIC, {0.0002, 0.01, -1}, 50, 0, 1},
        {MEDIAN_EXPONENTIAL, {2, 0.03, 5}, 98, 0, 7}, /* day 98: week 14 */
        {MEDIAN_EXPONENTIAL, {2, 0.03, 5}, 108, 0, 7.699717615152007},
        {MEDIAN_QUADRATIC, {0.01, 0.2, 3}, 100, 0, 123},
        {MEDIAN_QUADRATIC, {0.02, -0.3, 4}, 10, 0, 3},
        {MEDIAN_LOG10_CRL, {0.01, 0.1}, 90, 60, 5.011872336272722},
        {MEDIAN_LOG10_CRL, {0.01, 0.1}, 90, 1, 1.2882495516931340},
        {MEDIAN_LOG10_CRL, {0.01, 0.1}, 90, 0, 0}, /* no crown-rump length */
        {MEDIAN_QUADRATIC, {0, -1, 50}, 50, 0, 0}, /* a median is above zero */
        {MEDIAN_QUADRATIC, {0, -1, 51}, 50, 0, 1},
        {MEDIAN_LOG10_LINEAR, {1e6, 0}, 100, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        SerumMedian m = {.form = rows[i].form};
        double value = -1;
        for (size_t k = 0; k < 3; k++)
            m.p[k] = rows[i].p[k];
        const bool told = serum_median(&value, &m, rows[i].day, rows[i].crl);
        cr_expect_eq(told, rows[i].value > 0, "row %zu", i);
        if (told) cr_expect(fabs(value / rows[i].value - 1) < 1e-12, "row %zu: %.17g", i, value);
    }
}

Test(serum_math, a_median_holds_on_its_days)
{
    const SerumMedian medians[] = {{.marker = MARKER_AFP, .days = {105, 111}},
                                   {.marker = MARKER_UE3, .days = {105, 146}},
                                   {.marker = MARKER_AFP, .days = {112, 146}}};
    const SerumModel m = {.medians = (SerumMedian *)medians, .n_medians = 3};
    static const struct {
        Marker marker;
        int day, at;
    } rows[] = {{MARKER_AFP, 104, -1}, {MARKER_AFP, 105, 0},   {MARKER_AFP, 111, 0},
                {MARKER_AFP, 112, 2},  {MARKER_AFP, 146, 2},   {MARKER_AFP, 147, -1},
                {MARKER_UE3, 105, 1},  {MARKER_INHA, 112, -1}, {MARKER_UE3, 147, -1}};
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(serum_find_median(&m, rows[i].marker, rows[i].day),
                     rows[i].at < 0 ? NULL : &medians[rows[i].at], "row %zu", i);
}

/* Odds by age follow a logistic curve between two limits (J. K. Morris et al.), half a year is taken for completed years, T18 is rarer by a ratio of odds, and
 * losses before term make it more frequent earlier. With b = 0 the curve is flat, and the rest can be seen. */
Test(serum_math, the_risk_by_age)
{
    const SerumPrior flat = {.a = log(99),
                             .b = 0,
                             .c = 0.3,
                             .d = 35,
                             .ratio = 1,
                             .survival = 1,
                             .age_min = 15,
                             .age_max = 50};
    SerumPrior p = flat;
    cr_expect(fabs(serum_prior(&p, 30) - 0.01) < 1e-12, "1 in 100");
    p.ratio = 10; /* odds 1:990 */
    cr_expect(fabs(serum_prior(&p, 30) - 1.0 / 991) < 1e-12);
    p.survival = 0.5;
    cr_expect(fabs(serum_prior(&p, 30) - 2.0 / 991) < 1e-12);
    p.survival = 0.0001; /* it stays a probability */
    cr_expect_eq(serum_prior(&p, 30), 1);
    /* in the middle of the curve half of b has come */
    p = flat;
    p.b = log(99);
    p.half_year = 0.5;
    cr_expect(fabs(serum_prior(&p, 35.5) - 1 / (1 + exp(log(99) / 2))) < 1e-12);
    /* one unit of c further: exp(-1) */
    p.c = 1;
    cr_expect(fabs(serum_prior(&p, 36.5) - 1 / (1 + exp(log(99) - log(99) / (1 + exp(-1))))) <
              1e-12);
    cr_expect(fabs(serum_prior(&p, 34.5) - 1 / (1 + exp(log(99) - log(99) / (1 + exp(1))))) <
              1e-12);
    /* beyond the ages of the source it is that of its ends */
    p.age_min = 34;
    p.age_max = 37;
    cr_expect_eq(serum_prior(&p, 20), serum_prior(&p, 34));
    cr_expect_eq(serum_prior(&p, 50), serum_prior(&p, 37));
    cr_expect_gt(serum_prior(&p, 37), serum_prior(&p, 36.9));
    cr_expect_lt(serum_prior(&p, 34), serum_prior(&p, 34.1));
}

Test(serum_math, weights_and_names)
{
    SerumModel m = {0};
    double factor = 0;
    for (int i = 0; i < MARKERS; i++) {
        m.weights[i].a_kg = 30;
        m.weights[i].b = 0.5;
    }
    cr_expect(serum_weight_factor(&factor, &m, MARKER_AFP, 60) && fabs(factor - 1) < 1e-12);
    cr_expect(serum_weight_factor(&factor, &m, MARKER_UE3, 100) && fabs(factor - 0.8) < 1e-12);
    cr_expect(serum_weight_factor(&factor, &m, MARKER_NT, 100) && factor == 1,
              "a thickness is not diluted");
    m.weights[MARKER_AFP].b = -0.5; /* nothing is left of it */
    cr_expect_not(serum_weight_factor(&factor, &m, MARKER_AFP, 60));
    m.weights[MARKER_AFP].a_kg = NAN; /* no row */
    cr_expect_not(serum_weight_factor(&factor, &m, MARKER_AFP, 60));
    SerumPrior priors[] = {{.name = "first"}, {.name = "second"}};
    m.priors = priors;
    m.n_priors = 2;
    cr_expect_eq(serum_find_prior(&m, "first"), &priors[0]);
    cr_expect_eq(serum_find_prior(&m, "second"), &priors[1]);
    cr_expect_null(serum_find_prior(&m, "third"));
}
