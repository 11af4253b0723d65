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
    "mom\t*\tmean\tmonth\t\t\t\t\t\t\t1\n"
    "mom\t*\tcusum\tweek\t\tsets|class=well|marker={item}|sd\t-5\t-4\t4\t5\t5\n"
    "mom\t*\tcusum\tweek\t\tsets|class=well|marker={item}|sd\t-5\t-4\t4\t5\t1\n";
enum {
    ROW_MEDIAN,
    ROW_RATE,
    ROW_SD,
    ROW_SPREAD,
    ROW_FAILED,
    ROW_TOLD,
    ROW_WEIGHT,
    ROW_BAD_BY,
    ROW_BAD,
    ROW_CUSUM,
    ROW_CUSUM_OF_ONE
};

static const char settings_text[] = "key\tvalue\ncusum_slack\t0.5\n";

static const char sets_text[] = "class\tmarker\tsd\tm\nill\tafp\t9\t8\nwell\tue3\t0."
                                "2\t8\nwell\tafp\t0.1\t0.1\nwell\tzero\t0\t1\n";

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
    cr_assert_eq(reference_add(reference,
                               table(arena, "qc/settings", settings_text, sizeof settings_text - 1),
                               &why),
                 OK);
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

/* Column `by`, word for word. */
Test(drift, groups_are_named_as_in_the_header)
{
    static const struct {
        const char *by;
        bool says;
        DriftKind kind;
        const char *code;
        double width;
    } rows[] = {
        {"month", true, BY_MONTH, "", 0},
        {"run", true, BY_RUN, "", 0},
        {"week", true, BY_WEEK, "", 0},
        {"finding:serum.day:7", true, BY_FINDING, "serum.day", 7},
        {"fact:weight_kg:0.5", true, BY_FACT, "weight_kg", 0.5},
        {"fact:a:b:10", true, BY_FACT, "a:b", 10},
        {"months", false, BY_MONTH, "", 0},
        {"mon", false, BY_MONTH, "", 0},
        {"month:7", false, BY_MONTH, "", 0},
        {"run:", false, BY_MONTH, "", 0},
        {"fact", false, BY_MONTH, "", 0},
        {"fact:", false, BY_MONTH, "", 0},
        {"fact:7", false, BY_MONTH, "", 0},
        {"fact::7", false, BY_MONTH, "", 0},
        {"fact:a:", false, BY_MONTH, "", 0},
        {"fact:a:0", false, BY_MONTH, "", 0},
        {"fact:a:-1", false, BY_MONTH, "", 0},
        {"fact:a:7d", false, BY_MONTH, "", 0},
        {"fact:a:x", false, BY_MONTH, "", 0},
        {"facts:a:7", false, BY_MONTH, "", 0},
        {"", false, BY_MONTH, "", 0},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = arena_print(arena, "code\tby\nx\t%s\n", rows[i].by);
        DriftBy by;
        cr_expect_eq(drift_by(&by, table(arena, "qc/watch", text, strlen(text)), 0, arena),
                     rows[i].says, "%s", rows[i].by);
        if (!rows[i].says) continue;
        cr_expect_eq(by.kind, rows[i].kind, "%s", rows[i].by);
        cr_expect_str_eq(by.code, rows[i].code, "%s", rows[i].by);
        cr_expect_eq(by.width, rows[i].width, "%s", rows[i].by);
        cr_expect_eq(
            strncmp(rows[i].by, drift_kind_code(by.kind), strlen(drift_kind_code(by.kind))), 0);
    }
    arena_free(arena);
}

/* One row of a watch table, in which `code` is "c" and at least one observation is enough. */
static DriftFigure only(Arena *arena, const char *cells, const Observation *o, size_t n)
{
    const char *text = arena_print(arena,
                                   "code\titem\tfigure\tby\texpected\tlow_alarm\tlow_warning\thigh_"
                                   "warning\thigh_alarm\tleast\nc\t*\t%s\t1\n",
                                   cells);
    Drift drift = {.arena = arena};
    Reference *reference = reference_new(arena, "test", false);
    cr_assert_eq(
        reference_add(reference, table(arena, "sets", sets_text, sizeof sets_text - 1), NULL), OK);
    drift_add(&drift, reference, table(arena, "qc/watch", text, strlen(text)), 0, o, n);
    cr_assert_eq(drift.n, 1U, "%s", cells);
    return drift.figures[0];
}

/* On a limit is within it; a side without a limit judges nothing; an expectation that nobody holds judges nothing at all. */
Test(drift, limits_by_side)
{
    static const struct {
        const char *cells;
        double value;
        DriftState state;
    } rows[] = {
        {"median\tmonth\t\t1\t2\t3\t4", 0.999, DRIFT_ALARM},
        {"median\tmonth\t\t1\t2\t3\t4", 1, DRIFT_WARNING},
        {"median\tmonth\t\t1\t2\t3\t4", 1.999, DRIFT_WARNING},
        {"median\tmonth\t\t1\t2\t3\t4", 2, DRIFT_GOOD},
        {"median\tmonth\t\t1\t2\t3\t4", 3, DRIFT_GOOD},
        {"median\tmonth\t\t1\t2\t3\t4", 3.001, DRIFT_WARNING},
        {"median\tmonth\t\t1\t2\t3\t4", 4, DRIFT_WARNING},
        {"median\tmonth\t\t1\t2\t3\t4", 4.001, DRIFT_ALARM},
        {"median\tmonth\t\t1\t2\t\t", 99, DRIFT_GOOD},
        {"median\tmonth\t\t1\t2\t\t", 1.5, DRIFT_WARNING},
        {"median\tmonth\t\t\t\t3\t4", -99, DRIFT_GOOD},
        {"median\tmonth\t\t\t\t3\t4", 3.5, DRIFT_WARNING},
        {"median\tmonth\t\t\t\t3\t4", 5, DRIFT_ALARM},
        {"median\tmonth\t\t\t\t3\t", 5, DRIFT_WARNING},
        {"median\tmonth\t\t\t\t\t", 5, DRIFT_TOLD},
        {"median\tmonth\tsets|class=well|marker={item}|sd\t1\t2\t3\t4", 0.1, DRIFT_WARNING},
        {"median\tmonth\tsets|class=well|marker={item}|sd\t1\t2\t3\t4", 0.25, DRIFT_GOOD},
        {"median\tmonth\tsets|class=well|marker=ue3|sd\t1\t2\t3\t4", 0.25, DRIFT_WARNING},
        {"median\tmonth\tsets|class=ill|marker={item}|sd\t1\t2\t3\t4", 26, DRIFT_GOOD},
        {"median\tmonth\tsets|marker={item}|sd\t1\t2\t3\t4", 26,
         DRIFT_GOOD}, /* the first that fits */
        {"median\tmonth\tsets|class=well|marker={item}|m\t1\t2\t3\t4", 0.25, DRIFT_GOOD},
        {"median\tmonth\tsets|class=well|marker={ite}|sd\t1\t2\t3\t4", 0.1, DRIFT_TOLD},
        {"median\tmonth\tnothing|marker={item}|sd\t1\t2\t3\t4", 0.1, DRIFT_TOLD},
        {"median\tmonth\tsets|class=well|marker={item}|mean\t1\t2\t3\t4", 0.1, DRIFT_TOLD},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Observation o = {.item = "afp", .group = "g", .value = rows[i].value};
        DriftFigure f = only(arena, rows[i].cells, &o, 1);
        cr_expect_eq(f.state, rows[i].state, "row %zu: %s", i, drift_state_code(f.state));
        cr_expect_str_eq(f.code, "c");
    }
    arena_free(arena);
}

/* E. B. Wilson's 95 % interval by its printed values, to four digits. */
Test(drift, intervals_of_shares)
{
    static const struct {
        size_t n, positive;
        double low, high;
        const char *most;
        DriftState state;
    } rows[] = {
        {20, 5, 0.1119, 0.4687, "0.11", DRIFT_ALARM},
        {20, 5, 0.1119, 0.4687, "0.112", DRIFT_WARNING},
        {20, 5, 0.1119, 0.4687, "0.25", DRIFT_GOOD},
        {20, 5, 0.1119, 0.4687, "0.2499", DRIFT_WARNING},
        {20, 5, 0.1119, 0.4687, "", DRIFT_TOLD},
        {20, 0, 0, 0.1611, "0", DRIFT_GOOD},
        {20, 1, 0.0089, 0.2361, "0.05", DRIFT_GOOD},
        {20, 20, 0.8389, 1, "0.8", DRIFT_ALARM},
        {10, 5, 0.2366, 0.7634, "0.4", DRIFT_WARNING},
        {100, 10, 0.0552, 0.1744, "0.05", DRIFT_ALARM},
        {1, 0, 0, 0.7935, "0.5", DRIFT_GOOD},
        {1, 1, 0.2065, 1, "0.5", DRIFT_WARNING},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Observation o[100];
        for (size_t k = 0; k < rows[i].n; k++)
            o[k] = (Observation){
                .item = "afp", .group = "g", .value = NAN, .positive = k < rows[i].positive};
        DriftFigure f =
            only(arena, arena_print(arena, "rate\tmonth\t\t\t\t%s\t", rows[i].most), o, rows[i].n);
        cr_expect_float_eq(f.low, rows[i].low, 6e-5, "row %zu: %g", i, f.low);
        cr_expect_float_eq(f.high, rows[i].high, 6e-5, "row %zu: %g", i, f.high);
        cr_expect_float_eq(f.value, (double)rows[i].positive / (double)rows[i].n, 1e-12);
        cr_expect_eq(f.positive, rows[i].positive);
        cr_expect_eq(f.state, rows[i].state, "row %zu: %s", i, drift_state_code(f.state));
    }
    arena_free(arena);
}

/* Figures of 1, 10, 100 and 10000, in any order; which observations count for which figure. */
Test(drift, figures_on_paper)
{
    static const struct {
        const char *figure;
        double value;
        size_t n;
    } rows[] = {
        {"median", 10, 5},                /* 0, 1, 10, 100, 10000 */
        {"spread", 1.4826 * 10, 5},       /* 10, 9, 0, 90, 9990 */
        {"sd_log10", 1.7078251276599, 4}, /* 0, 1, 2, 4: without what has no logarithm */
        {"rate", 0.5, 6},                 /* those with an answer */
        {"failed", 1.0 / 7, 7},
    };
    const Observation o[] = {{"afp", "g", 1, 100, true, false},   {"afp", "g", 1, 1, true, false},
                             {"afp", "g", 1, 10000, true, false}, {"afp", "g", 1, 10, false, false},
                             {"afp", "g", 1, 0, false, false},    {"afp", "g", 1, 50, true, true},
                             {"afp", "g", 1, NAN, false, false}};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DriftFigure f = only(arena, arena_print(arena, "%s\trun\t\t\t\t\t", rows[i].figure), o, 7);
        cr_expect_eq(f.n, rows[i].n, "%s: %zu", rows[i].figure, f.n);
        cr_expect_float_eq(f.value, rows[i].value, 1e-9, "%s: %.12g", rows[i].figure, f.value);
        cr_expect_str_eq(drift_figure_code(f.kind), rows[i].figure);
        cr_expect_eq(drift_is_share(f.kind), i > 2);
    }
    const DriftFigure one = only(arena, "sd_log10\trun\t\t\t\t\t", o, 1);
    cr_expect(isnan(one.value), "one value has no SD");
    const DriftFigure two = only(arena, "sd_log10\trun\t\t\t\t\t", o, 2);
    cr_expect_float_eq(two.value, sqrt(2), 1e-12, "2 and 0");
    arena_free(arena);
}

/* Without an SD of the parameter set nothing is known of a shift: that is told, and is not "within limits". */
Test(drift, no_sum_without_an_sd)
{
    Arena *arena = arena_new(NULL);
    Observation o[10];
    for (int i = 0; i < 10; i++)
        o[i] = (Observation){.item = "free_beta", .group = "w1", .value = 2};
    Drift d = figures(arena, ROW_CUSUM, o, 10);
    cr_assert_eq(d.n, 1U);
    cr_expect(isnan(d.figures[0].value));
    cr_expect_eq(d.figures[0].state, DRIFT_TOLD);
    arena_free(arena);
}

/* No week is out by more than 1.4 of its standard error; together they are an alarm, on either side. */
Test(drift, small_shifts_add_up)
{
    enum { WEEKS = 9, A_WEEK = 16 };
    Arena *arena = arena_new(NULL);
    static Observation o[2 * WEEKS * A_WEEK];
    static char weeks[WEEKS][4];
    for (int side = 0; side < 2; side++) {
        double shift = side ? 1 / 1.1 : 1.1;
        size_t n = 0;
        for (int w = 0; w < WEEKS; w++)
            for (int i = 0; i < A_WEEK; i++) {
                (void)snprintf(weeks[w], sizeof weeks[w], "w%d", w);
                double value = w == 3 ? 1 : shift;
                if (w == 5 && i >= 4) continue; /* a week of too few adds nothing */
                o[n++] = (Observation){.item = "afp", .group = weeks[w], .value = value};
                o[n++] = (Observation){.item = "ue3", .group = weeks[w], .value = 1};
            }
        Drift d = figures(arena, ROW_CUSUM, o, n);
        cr_assert_eq(d.n, 2U * WEEKS);
        double step = log10(1.1) * 4 / (sqrt(acos(-1) / 2) * 0.1) - 0.5, sum = 0;
        for (int w = 0; w < WEEKS; w++) {
            const DriftFigure *f = &d.figures[w];
            if (w == 5) {
                cr_expect_eq(f->state, DRIFT_TOO_FEW);
                continue;
            }
            sum += w == 3 ? -0.5 : step;
            cr_expect_lt(fabs(fabs(f->value) - sum), 1e-9, "week %d: %g, not %g", w, f->value, sum);
            cr_expect_eq(f->value < 0, side == 1);
            cr_expect_eq(f->state, sum > 5 ? DRIFT_ALARM : sum > 4 ? DRIFT_WARNING : DRIFT_GOOD);
        }
        cr_expect_gt(sum, 5, "there is an alarm to be seen");
        for (int w = 0; w < WEEKS; w++)
            if (w != 5) cr_expect_lt(fabs(d.figures[WEEKS + w].value), 1e-9, "another item");
    }
    arena_free(arena);
}

/* The least number that the row asks is enough, and each item begins its own sum. */
Test(drift, the_least_number_is_enough_for_a_sum)
{
    Arena *arena = arena_new(NULL);
    Observation o[14];
    for (int i = 0; i < 14; i++)
        o[i] = (Observation){.item = i < 5    ? "afp"
                                     : i < 10 ? "ue3"
                                              : "zzz",
                             .group = "w1",
                             .value = i < 5 ? 1.2 : 1 / 1.3};
    const Drift d = figures(arena, ROW_CUSUM, o, 14);
    cr_assert_eq(d.n, 3U);
    const double root = sqrt(5) / sqrt(acos(-1) / 2);
    cr_expect_float_eq(d.figures[0].value, log10(1.2) * root / 0.1 - 0.5, 1e-9);
    cr_expect_float_eq(d.figures[1].value, log10(1 / 1.3) * root / 0.2 + 0.5, 1e-9);
    cr_expect(isnan(d.figures[2].value) && d.figures[2].state == DRIFT_TOO_FEW);
    const Observation one[] = {{"afp", "w1", 1, 1.5, false, false},
                               {"ue3", "w1", 1, 1.5, false, false},
                               {"zero", "w1", 1, 1.5, false, false}};
    const Drift each = figures(arena, ROW_CUSUM_OF_ONE, one, 3);
    cr_assert_eq(each.n, 3U);
    const double unit = log10(1.5) / sqrt(acos(-1) / 2);
    cr_expect_float_eq(each.figures[0].value, unit / 0.1 - 0.5, 1e-9);
    cr_expect_float_eq(each.figures[1].value, unit / 0.2 - 0.5, 1e-9);
    cr_expect(isnan(each.figures[2].value) && each.figures[2].state == DRIFT_TOLD,
              "an SD of 0 says nothing");
    arena_free(arena);
}
