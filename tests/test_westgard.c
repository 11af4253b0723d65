#include "chance.h"
#include "lab/westgard.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A = QC_ACCEPTED, W = QC_WARNING, R = QC_REJECTED, N = QC_NONE, MOST = 64 };
enum { R12 = QC_1_2S, R13 = QC_1_3S, R22 = QC_2_2S, RR4 = QC_R_4S, R41 = QC_4_1S, R10 = QC_10X };

static const QcRules standard = {.reject = QC_1_3S | QC_2_2S | QC_R_4S | QC_4_1S | QC_10X,
                                 .warn = true,
                                 .across_levels = true,
                                 .n_same_side = 10};

/* A sequence is written as runs separated by ';', levels by ',', '/' before a value = a new lot of that level, '?' = missing.
 * The last run is judged. */
static size_t read_points(ControlPoint *points, const char *text)
{
    size_t n = 0;
    long run = 1;
    int level = 0, lots[4] = {0};
    for (const char *p = text; *p != '\0'; p++) {
        double z = NAN;
        int used = 0;
        if (*p == '/') {
            lots[level]++;
            p++;
        }
        if (*p == '?')
            used = 1;
        else
            cr_assert_eq(sscanf(p, "%lf%n", &z, &used), 1, "%s", text);
        cr_assert_lt(n, MOST);
        points[n++] = (ControlPoint){.run = run,
                                     .level = level,
                                     .lot = lots[level],
                                     .value = 100 + 8 * z,
                                     .mean = 100,
                                     .sd = 8};
        p += used;
        if (*p == ';') {
            run++;
            level = 0;
        } else if (*p == ',') {
            level++;
        } else {
            break;
        }
    }
    return n;
}

static const struct {
    const char *points;
    int state;
    unsigned fired;
} rows[] = {
    /* 1-2s, 1-3s and their boundaries */
    {"0", A, 0},
    {"2", A, 0},
    {"-2", A, 0},
    {"2.125", W, R12},
    {"-2.125", W, R12},
    {"3", W, R12},
    {"-3", W, R12},
    {"3.125", R, R12 | R13},
    {"-3.125", R, R12 | R13},
    {"0,0", A, 0},
    {"0,2.5", W, R12},
    {"0,3.5", R, R12 | R13},
    {"3.5,0", R, R12 | R13},
    {"3.5;0", A, 0},
    {"2.5;0", A, 0},
    {"0;2.5", W, R12},
    /* 2-2s */
    {"2.5;2.5", R, R12 | R22},
    {"-2.5;-2.5", R, R12 | R22},
    {"2.5;-2.5", W, R12},
    {"2.5;2", A, 0},
    {"2;2.5", W, R12},
    {"2.5,2.5", R, R12 | R22},
    {"-2.5,-2.5", R, R12 | R22},
    {"2.5,0;2.5,0", R, R12 | R22},
    {"2.5,0;0,2.5", W, R12},
    {"0,2.5;2.5,0", W, R12},
    {"2.5;0;2.5", W, R12},
    {"2.5;/2.5", W, R12},
    {"2.5;?;2.5", W, R12},
    {"2.5,0,2.5", W, R12},
    {"2.5;2.5;0", A, 0},
    {"2.125;2.125", R, R12 | R22},
    {"2.5,2", W, R12},
    /* R-4s */
    {"2.5,-2.5", R, R12 | RR4},
    {"-2.5,2.5", R, R12 | RR4},
    {"1.875,-2.5", W, R12},
    {"2,-2.5", W, R12},
    {"2.125,-2.125", R, R12 | RR4},
    {"2.5,0;-2.5,0", W, R12},
    {"2.5,0,-2.5", R, R12 | RR4},
    {"3.5,-2.5", R, R12 | R13 | RR4},
    {"2.5;-2.5", W, R12},
    /* 4-1s */
    {"1.5;1.5;1.5;1.5", R, R41},
    {"-1.5;-1.5;-1.5;-1.5", R, R41},
    {"1.5;1.5;1.5;1", A, 0},
    {"1;1.5;1.5;1.5", A, 0},
    {"1.5;1.5;1;1.5", A, 0},
    {"1.5;1.5;1.5;-1.5", A, 0},
    {"1.5,1.5;1.5,1.5", R, R41},
    {"1.5,-1.5;1.5,-1.5;1.5,-1.5;1.5,-1.5", R, R41},
    {"1.5,0;1.5,0;1.5,0;1.5,0", R, R41},
    {"1.5,1.5;1.5,0", A, 0},
    {"1.5;1.5;/1.5;1.5", A, 0},
    {"1.5;1.5;1.5;?", N, 0},
    {"1.5;1.5;?;1.5;1.5", A, 0},
    {"1.5,1.5;1.5,/1.5", A, 0},
    {"1.125;1.125;1.125;1.125", R, R41},
    {"1.5;1.5;1.5;1.5;0", A, 0},
    {"1.5;1.5;1.5;2.5", R, R12 | R41},
    {"1.5,1.5,1.5,1.5", R, R41},
    /* 10x */
    {"0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5", R, R10},
    {"-.5;-.5;-.5;-.5;-.5;-.5;-.5;-.5;-.5;-.5", R, R10},
    {"0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5", A, 0},
    {"0.5;0.5;0.5;0.5;0;0.5;0.5;0.5;0.5;0.5", A, 0},
    {"0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0", A, 0},
    {"0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5;-.5", A, 0},
    {"0.5,0.5;0.5,0.5;0.5,0.5;0.5,0.5;0.5,0.5", R, R10},
    {"0.5,-.5;0.5,0.5;0.5,0.5;0.5,0.5;0.5,0.5", A, 0},
    {"0.5;0.5;0.5;0.5;0.5;/0.5;0.5;0.5;0.5;0.5", A, 0},
    {"0.125;0.125;0.125;0.125;0.125;0.125;0.125;0.125;0.125;0.125", R, R10},
    {"1.5;1.5;1.5;1.5;1.5;1.5;1.5;1.5;1.5;1.5", R, R41 | R10},
    {"2.5;2.5;2.5;2.5;2.5;2.5;2.5;2.5;2.5;2.5", R, R12 | R22 | R41 | R10},
    {"3.5;3.5;3.5;3.5;3.5;3.5;3.5;3.5;3.5;3.5", R, R12 | R13 | R22 | R41 | R10},
    /* no control, missing control */
    {"?", N, 0},
    {"0,?", N, 0},
    {"?,0", N, 0},
    {"2.5,?", N, R12},
    {"3.5,?", R, R12 | R13},
};

Test(westgard, sequences)
{
    cr_assert_geq(sizeof rows / sizeof *rows, 60);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ControlPoint points[MOST];
        size_t n = read_points(points, rows[i].points);
        QcVerdict v = westgard_judge(points, n, points[n - 1].run, &standard);
        cr_expect_eq((int)v.state, rows[i].state, "row %zu (%s): state %d", i, rows[i].points,
                     (int)v.state);
        cr_expect_eq(v.fired, rows[i].fired, "row %zu (%s): fired %u", i, rows[i].points, v.fired);
    }
}

Test(westgard, options_of_the_laboratory)
{
    ControlPoint points[MOST];
    QcRules range = standard, one_level = standard, eight = standard, few = standard;
    range.r4s_as_range = true;
    size_t n = read_points(points, "1.875,-2.375");
    cr_expect_eq(westgard_judge(points, n, 1, &standard).fired, R12);
    cr_expect_eq(westgard_judge(points, n, 1, &range).fired, R12 | RR4, "a range of 4.25 SD");
    one_level.across_levels = false;
    n = read_points(points, "1.5,1.5;1.5,1.5");
    cr_expect_eq(westgard_judge(points, n, 2, &one_level).state, QC_ACCEPTED);
    eight.n_same_side = 8;
    n = read_points(points, "0.5;0.5;0.5;0.5;0.5;0.5;0.5;0.5");
    cr_expect_eq(westgard_judge(points, n, 8, &eight).fired, R10);
    few.reject = QC_1_3S;
    n = read_points(points, "2.5;2.5");
    cr_expect_eq(westgard_judge(points, n, 2, &few).state, QC_WARNING, "2-2s is not in use here");
}

Test(westgard, a_run_without_controls_or_with_no_sd_is_not_accepted)
{
    ControlPoint point = {.run = 1, .value = 100, .mean = 100, .sd = 0};
    cr_expect_eq(westgard_judge(&point, 1, 1, &standard).state, QC_NONE);
    cr_expect_eq(westgard_judge(&point, 1, 2, &standard).state, QC_NONE);
    cr_expect_eq(westgard_judge(NULL, 0, 1, &standard).state, QC_NONE);
}

/* The limits as a laboratory meets them: decimal mean and SD, a value exactly on the limit. */
Test(westgard, a_decimal_value_on_the_limit_does_not_exceed_it)
{
    static const struct {
        double mean, sd;
    } lots[] = {{28, 1.4}, {95, 4.2}, {3.2, 0.2}, {1.8, 0.15}, {0.35, 0.07}, {8.32, 0.6}};
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        for (int thousandths = -3000; thousandths <= 3000; thousandths += 1000) {
            /* mean + k SD as the decimal number that an analyser prints */
            char printed[32];
            (void)snprintf(printed, sizeof printed, "%.3f",
                           lots[i].mean + lots[i].sd * thousandths / 1000);
            ControlPoint point = {
                .run = 1, .value = strtod(printed, NULL), .mean = lots[i].mean, .sd = lots[i].sd};
            unsigned fired = westgard_judge(&point, 1, 1, &standard).fired;
            unsigned wanted = abs(thousandths) > 2000 ? R12 : 0;
            cr_expect_eq(fired, wanted, "%s of %g +- %g: %u", printed, lots[i].mean, lots[i].sd,
                         fired);
        }
}

Test(westgard, a_chain_on_a_decimal_limit_is_none)
{
    ControlPoint points[10];
    for (int i = 0; i < 10; i++)
        points[i] = (ControlPoint){.run = i + 1, .value = 29.4, .mean = 28, .sd = 1.4};
    cr_expect_eq(westgard_judge(points, 4, 4, &standard).fired, 0, "z = 1 exactly");
    ControlPoint pair[] = {{.run = 1, .value = 30.8, .mean = 28, .sd = 1.4},
                           {.run = 1, .level = 1, .value = 86.6, .mean = 95, .sd = 4.2}};
    cr_expect_eq(westgard_judge(pair, 2, 1, &standard).fired, 0, "+2s and -2s exactly");
    QcRules range = standard;
    range.r4s_as_range = true;
    cr_expect_eq(westgard_judge(pair, 2, 1, &range).fired, 0, "a range of 4s exactly");
}

Test(westgard, later_runs_change_nothing)
{
    ControlPoint points[MOST];
    size_t n = read_points(points, "2.5;0;2.5;2.5");
    cr_expect_eq(westgard_judge(points, n, 3, &standard).fired, R12);
    cr_expect_eq(westgard_judge(points, n, 4, &standard).fired, R12 | R22);
}

/* ---- the rules as they are written, over thousands of random runs ---- */

/* The last `n` before and with `at`, of its level or of all, on one side beyond the limit; a new lot of any level among them ends it. */
static bool plain_chain(const ControlPoint *points, const double *z, size_t at, double limit,
                        size_t n, bool one_level)
{
    size_t picked[MOST], have = 0;
    for (size_t i = at + 1; i-- > 0 && have < n;)
        if (!one_level || points[i].level == points[at].level) picked[have++] = i;
    if (have < n) return false;
    bool above = true, below = true;
    for (size_t i = 0; i < n; i++) {
        above = above && z[picked[i]] > limit;
        below = below && z[picked[i]] < -limit;
        for (size_t k = 0; k < i; k++)
            if (points[picked[i]].level == points[picked[k]].level &&
                points[picked[i]].lot != points[picked[k]].lot)
                return false;
    }
    return above || below;
}

static QcVerdict plain_judge(const ControlPoint *points, const double *z, size_t n, long run,
                             const QcRules *rules)
{
    unsigned fired = 0;
    size_t last = 0, seen = 0;
    bool complete = true;
    double high = -99, low = 99;
    for (size_t i = 0; i < n; i++) {
        if (points[i].run != run) continue;
        if (isnan(z[i])) complete = false;
        if (z[i] > 2 || z[i] < -2) fired |= R12;
        if (z[i] > 3 || z[i] < -3) fired |= R13;
        if (seen > 0 && last == i - 1 && ((z[last] > 2 && z[i] > 2) || (z[last] < -2 && z[i] < -2)))
            fired |= R22;
        for (int one_level = 0; one_level < 2; one_level++) {
            const bool used = one_level || rules->across_levels;
            if (one_level && plain_chain(points, z, i, 2, 2, true)) fired |= R22;
            if (used && plain_chain(points, z, i, 1, 4, one_level)) fired |= R41;
            if (used && plain_chain(points, z, i, 0, (size_t)rules->n_same_side, one_level))
                fired |= R10;
        }
        high = z[i] > high ? z[i] : high;
        low = z[i] < low ? z[i] : low;
        last = i;
        seen++;
    }
    if (seen == 0) return (QcVerdict){QC_NONE, 0};
    if (rules->r4s_as_range ? high - low > 4 : high > 2 && low < -2) fired |= RR4;
    fired &= rules->reject | (rules->warn ? R12 : 0U);
    return (QcVerdict){fired & ~(unsigned)R12 ? QC_REJECTED
                       : !complete            ? QC_NONE
                       : fired                ? QC_WARNING
                                              : QC_ACCEPTED,
                       fired};
}

Test(westgard, random_runs_by_the_rules_as_they_are_written)
{
    static const double zs[] = {0, 0.125, -0.125, 1,      -1,  1.125, -1.125, 1.5,
                                2, -2,    2.125,  -2.125, 2.5, 3,     3.125,  -3.125};
    size_t states[4] = {0};
    for (int round = 0; round < 20000; round++) {
        ControlPoint points[MOST];
        double z[MOST];
        size_t n = 0;
        const uint32_t levels = 1 + chance(3), bias = chance(4);
        int lots[3] = {0};
        const long runs = 1 + (long)chance(9);
        for (long run = 1; run <= runs; run++)
            for (uint32_t level = 0; level < levels; level++) {
                if (chance(12) == 0) continue;
                if (chance(40) == 0) lots[level]++;
                const uint32_t broken = chance(60);
                z[n] = zs[chance(16)];
                if (bias > 1 && chance(8) > 0) z[n] = fabs(z[n]) * (bias == 2 ? 1 : -1);
                points[n] = (ControlPoint){.run = run,
                                           .level = (int)level,
                                           .lot = lots[level],
                                           .value = 100 + 8 * z[n],
                                           .mean = 100,
                                           .sd = 8};
                if (broken == 0) points[n].value = NAN;
                if (broken == 1) points[n].value = INFINITY;
                if (broken == 2) points[n].mean = -INFINITY;
                if (broken == 3) points[n].sd = 0;
                if (broken == 4) points[n].sd = -8;
                if (broken < 5) z[n] = NAN;
                n++;
            }
        const QcRules rules = {.reject = round % 5 ? standard.reject : chance(64) & ~1U,
                               .warn = round % 3 > 0,
                               .across_levels = round % 2,
                               .r4s_as_range = round % 7 == 0,
                               .n_same_side = round % 4 ? 10 : 8};
        for (size_t i = 0; i < n; i++)
            cr_assert(isnan(z[i]) ? isnan(control_z(&points[i])) : control_z(&points[i]) == z[i],
                      "round %d", round);
        const long run = (long)chance((uint32_t)runs + 2);
        const QcVerdict told = westgard_judge(points, n, run, &rules),
                        wanted = plain_judge(points, z, n, run, &rules);
        cr_assert_eq(told.fired, wanted.fired, "round %d: %u, %u", round, told.fired, wanted.fired);
        cr_assert_eq(told.state, wanted.state, "round %d: %d, %d", round, (int)told.state,
                     (int)wanted.state);
        states[told.state]++;
    }
    for (int i = 0; i < 4; i++)
        cr_expect_gt(states[i], 300U, "state %d: %zu", i, states[i]);
}

/* An excess is strict but for the rounding of decimal numbers, a billionth of an SD. */
Test(westgard, an_excess_is_more_than_rounding)
{
    static const struct {
        double z, limit;
        bool exceeds;
    } cases[] = {{2, 2, false},   {2 + 5e-10, 2, false},  {2 + 2e-9, 2, true},
                 {-2, 2, false},  {-2 - 5e-10, 2, false}, {-2 - 2e-9, 2, true},
                 {1.9, 2, false}, {-1.9, 2, false},       {NAN, 2, false},
                 {NAN, 0, false}, {0, 0, false},          {2e-9, 0, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(control_exceeds(cases[i].z, cases[i].limit), cases[i].exceeds, "row %zu", i);
}
