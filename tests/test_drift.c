#include "lab/drift.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char watch_text[] =
    "code\titem\tfigure\tby\tdays\texpected\tlow_alarm\tlow_warning\thigh_warning\thigh_"
    "alarm\tleast\n"
    "mom\t*\tmedian\tmonth\t\t\t0.9\t0.95\t1.05\t1.1\t5\n"
    "risk\tT21\trate\tmonth\t\t\t\t\t0.05\t\t20\n"
    "mom\t*\tsd_log10\tmonth\t\tsets|class=well|marker={item}|sd\t0.7\t0.85\t1.15\t1.3\t5\n"
    "z\t*\tspread\trun\t\t\t0.5\t0.7\t1.3\t1.6\t5\n"
    "z\tT21\tfailed\trun\t\t\t\t\t0.1\t\t5\n"
    "reads\t*\tmedian\trun\t\t\t\t\t\t\t2\n"
    "mom\t*\tmedian\tfact:weight_kg:10\t365\t\t\t\t\t\t1\n"
    "mom\t*\tmedian\tfact:weight_kg\t\t\t\t\t\t\t1\n"
    "mom\t*\tmean\tmonth\t\t\t\t\t\t\t1\n";
enum {
    ROW_MEDIAN,
    ROW_RATE,
    ROW_SD,
    ROW_SPREAD,
    ROW_FAILED,
    ROW_TOLD,
    ROW_WEIGHT,
    ROW_BAD_BY,
    ROW_BAD
};

static const char sets_text[] = "class\tmarker\tsd\nill\tafp\t9\nwell\tue3\t0.2\nwell\tafp\t0.1\n";

static Table *table(Arena *arena, const char *name, const char *text, size_t size)
{
    Table *t;
    const TableInfo info = {.name = name,
                            .path = name,
                            .version = "1",
                            .status = "local",
                            .source = "",
                            .valid_from = "",
                            .sha256 = ""};
    cr_assert_eq(table_parse(&t, &info, text, size, arena, NULL), OK);
    return t;
}

/* Figures of one row of the table, as reports read them. */
static Drift figures(Arena *arena, size_t row, const Observation *o, size_t n)
{
    Drift drift = {.arena = arena};
    Reference *reference = reference_new(arena, "test", false);
    Note why;
    cr_assert_eq(
        reference_add(reference, table(arena, "sets", sets_text, sizeof sets_text - 1), &why), OK);
    drift_add(&drift, reference, table(arena, "qc/watch", watch_text, sizeof watch_text - 1), row,
              o, n);
    return drift;
}

Test(drift, medians_against_their_limits)
{
    static const struct {
        double value[6];
        size_t n;
        double median;
        DriftState state;
    } rows[] = {
        {{1, 1, 1, 1, 1}, 5, 1, DRIFT_GOOD},
        {{0.9, 0.8, 1.05, 9, 99}, 5, 1.05, DRIFT_GOOD}, /* on the limit: within */
        {{0.9, 0.8, 1.0501, 9, 99}, 5, 1.0501, DRIFT_WARNING},
        {{0.9, 0.8, 1.1, 9, 99}, 5, 1.1, DRIFT_WARNING},
        {{0.9, 0.8, 1.1001, 9, 99}, 5, 1.1001, DRIFT_ALARM},
        {{0.1, 0.2, 0.8999, 9, 99}, 5, 0.8999, DRIFT_ALARM},
        {{0.1, 0.2, 0.94, 0.98, 9, 99}, 6, 0.96, DRIFT_GOOD},
        {{5, 5, 5, 5}, 4, 5, DRIFT_TOO_FEW},
        {{5, 5, 5, 5, NAN}, 5, 5, DRIFT_TOO_FEW},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Observation o[6];
        for (size_t k = 0; k < rows[i].n; k++)
            o[k] = (Observation){.item = "afp", .group = "2026-11", .value = rows[i].value[k]};
        const Drift d = figures(arena, ROW_MEDIAN, o, rows[i].n);
        const DriftFigure *f = d.figures;
        cr_assert_eq(d.n, 1u, "row %zu", i);
        if (rows[i].state == DRIFT_TOO_FEW)
            cr_expect(isnan(f[0].value), "row %zu", i);
        else
            cr_expect_float_eq(f[0].value, rows[i].median, 1e-12, "row %zu", i);
        cr_expect_eq(f[0].state, rows[i].state, "row %zu: %s", i, drift_state_code(f[0].state));
    }
    arena_free(arena);
}

Test(drift, rates_need_more_than_chance_to_alarm)
{
    static const struct {
        size_t n, positive;
        DriftState state;
    } rows[] = {{19, 19, DRIFT_TOO_FEW}, {20, 1, DRIFT_GOOD},   {20, 2, DRIFT_WARNING},
                {20, 5, DRIFT_ALARM},    {200, 10, DRIFT_GOOD}, {200, 30, DRIFT_ALARM}};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Observation o[200];
        for (size_t k = 0; k < rows[i].n; k++)
            o[k] = (Observation){
                .item = "T21", .group = "2026-11", .value = NAN, .positive = k < rows[i].positive};
        const Drift d = figures(arena, ROW_RATE, o, rows[i].n);
        const DriftFigure *f = d.figures;
        cr_assert_eq(d.n, 1u, "row %zu", i);
        cr_expect_eq(f[0].state, rows[i].state, "row %zu: %s", i, drift_state_code(f[0].state));
        cr_expect(isnan(f[0].value) ||
                      (f[0].low <= f[0].value + 1e-9 && f[0].value <= f[0].high + 1e-9),
                  "row %zu", i);
    }
    arena_free(arena);
}

Test(drift, groups_and_items_apart_in_their_order)
{
    const Observation o[] = {{"ue3", "b", 2, 1, false, false},
                             {"afp", "b", 2, 1, false, false},
                             {"afp", "a", 9, 1, false, false},
                             {"afp", "b", 2, 3, false, false},
                             {"afp", "b", 2, 3, false, true}}; /* the last has no answer */
    Arena *arena = arena_new(NULL);
    const Drift d = figures(arena, ROW_WEIGHT, o, sizeof o / sizeof *o);
    cr_assert_eq(d.n, 3u);
    cr_expect_str_eq(d.figures[0].group, "b", "in order of `order`, not of the name");
    cr_expect_eq(d.figures[0].n, 2u);
    cr_expect_float_eq(d.figures[0].value, 2, 1e-12);
    cr_expect_eq(d.figures[0].state, DRIFT_TOLD, "a row without limits judges nothing");
    cr_expect_str_eq(d.figures[1].group, "a");
    cr_expect_str_eq(d.figures[2].item, "ue3");
    cr_expect_eq(figures(arena, ROW_BAD_BY, o, 4).n, 0u);
    cr_expect_eq(figures(arena, ROW_BAD, o, 4).n, 0u);
    cr_expect_eq(figures(arena, ROW_RATE, o, 4).n, 0u, "only T21 is asked for");
    arena_free(arena);
}

Test(drift, an_sd_is_held_against_the_parameter_set)
{
    static const struct {
        const char *item;
        double sd; /* of log10, by construction: five values around 1 */
        DriftState state;
    } rows[] = {
        {"afp", 0.1, DRIFT_GOOD},   {"afp", 0.12, DRIFT_WARNING}, {"afp", 0.14, DRIFT_ALARM},
        {"afp", 0.06, DRIFT_ALARM}, {"ue3", 0.2, DRIFT_GOOD},     {"ue3", 0.1, DRIFT_ALARM},
        {"hcg", 0.1, DRIFT_TOLD}}; /* the set does not know it: nothing to hold it against */
    static const double shape[] = {-1.264911064, -0.632455532, 0, 0.632455532, 1.264911064};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Observation o[5];
        for (size_t k = 0; k < 5; k++)
            o[k] = (Observation){
                .item = rows[i].item, .group = "g", .value = pow(10, shape[k] * rows[i].sd)};
        const Drift d = figures(arena, ROW_SD, o, 5);
        cr_assert_eq(d.n, 1u);
        cr_expect_float_eq(d.figures[0].value, rows[i].sd, 1e-6, "row %zu", i);
        cr_expect_eq(d.figures[0].state, rows[i].state, "row %zu: %s", i,
                     drift_state_code(d.figures[0].state));
    }
    arena_free(arena);
}

Test(drift, a_run_is_judged_by_its_spread_and_by_what_failed)
{
    static const double z[] = {-1, -0.67449, 0, 0.67449, 40}; /* one trisomy moves nothing */
    Observation o[6];
    Arena *arena = arena_new(NULL);
    for (size_t k = 0; k < 5; k++)
        o[k] = (Observation){.item = "T21", .group = "R1", .value = z[k]};
    o[5] = (Observation){.item = "T21", .group = "R1", .value = NAN, .failed = true};
    Drift d = figures(arena, ROW_SPREAD, o, 6);
    cr_assert_eq(d.n, 1u);
    cr_expect_eq(d.figures[0].n, 5u);
    cr_expect_float_eq(d.figures[0].value, 1.4826 * 0.67449, 1e-9);
    cr_expect_eq(d.figures[0].state, DRIFT_GOOD);
    d = figures(arena, ROW_FAILED, o, 6);
    cr_assert_eq(d.n, 1u);
    cr_expect_eq(d.figures[0].n, 6u);
    cr_expect_eq(d.figures[0].positive, 1u);
    cr_expect_eq(d.figures[0].state, DRIFT_WARNING);
    arena_free(arena);
}
