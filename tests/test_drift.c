#include "lab/drift.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char watch_text[] =
    "code\titem\tfigure\tlow_alarm\tlow_warning\thigh_warning\thigh_alarm\tleast\n"
    "mom\t*\tmedian\t0.9\t0.95\t1.05\t1.1\t5\n"
    "risk\tT21\trate\t\t\t0.05\t\t20\n";

static const Table *watch(Arena *arena)
{
    Table *t;
    const TableInfo info = {.name = "qc/watch",
                            .path = "qc/watch.tsv",
                            .version = "1",
                            .status = "local",
                            .source = "",
                            .valid_from = "",
                            .sha256 = ""};
    cr_assert_eq(table_parse(&t, &info, watch_text, sizeof watch_text - 1, arena, NULL), OK);
    return t;
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
        size_t n;
        for (size_t k = 0; k < rows[i].n; k++)
            o[k] = (Observation){
                .code = "mom", .item = "afp", .month = "2026-11", .value = rows[i].value[k]};
        const DriftFigure *f = drift_figures(&n, watch(arena), o, rows[i].n, arena);
        cr_assert_eq(n, 1u, "row %zu", i);
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
        size_t n;
        for (size_t k = 0; k < rows[i].n; k++)
            o[k] = (Observation){.code = "risk",
                                 .item = "T21",
                                 .month = "2026-11",
                                 .value = NAN,
                                 .positive = k < rows[i].positive};
        const DriftFigure *f = drift_figures(&n, watch(arena), o, rows[i].n, arena);
        cr_assert_eq(n, 1u, "row %zu", i);
        cr_expect_eq(f[0].state, rows[i].state, "row %zu: %s", i, drift_state_code(f[0].state));
        cr_expect(f[0].low <= f[0].value + 1e-9 && f[0].value <= f[0].high + 1e-9, "row %zu", i);
    }
    arena_free(arena);
}

Test(drift, months_and_items_apart_and_others_ignored)
{
    const Observation o[] = {{"mom", "ue3", "2026-11", 1, false},
                             {"mom", "afp", "2026-11", 1, false},
                             {"mom", "afp", "2026-10", 1, false},
                             {"other", "afp", "2026-10", 1, false},
                             {"risk", "T18", "2026-10", 1, true}};
    Arena *arena = arena_new(NULL);
    size_t n;
    const DriftFigure *f = drift_figures(&n, watch(arena), o, sizeof o / sizeof *o, arena);
    cr_assert_eq(n, 3u);
    cr_expect_str_eq(f[0].month, "2026-10");
    cr_expect_str_eq(f[1].month, "2026-11");
    cr_expect_str_eq(f[2].item, "ue3");
    arena_free(arena);
}
