/* What a lot has shown, against sums made in the plainest way over random controls. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/qc_lots.h"
#include "table_fixture.h"

#include <math.h>
#include <stdio.h>

ARENA_SUITE(qc_lots);

static const Reference *tables(const char *settings)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r, "", arena);
    fixture_table(
        r, "qc/rules", "local",
        "analyte\tcontrols\trequired\tlevels\treject\twarn\tacross_levels\tr4s\tsame_side\n"
        "a\ta\tyes\t1\t1-3s\tno\t\t\t\n",
        arena);
    fixture_table(r, "qc/materials", "local",
                  "row\tanalyte\tmaterial\tlevel\tlot\tinstrument\tmean\tsd\tunit\n"
                  "M1\ta\tLOW\t1\tL\t*\t100\t10\tg\nM2\ta\tHIGH\t2\tL\t*\t50\t5\tg\n"
                  "M3\ta\tLOW\t1\tK\t*\t200\t20\tg\n",
                  arena);
    if (settings != NULL) fixture_table(r, "qc/settings", "local", settings, arena);
    fixture_finish(r);
    return r;
}

static const struct {
    const char *material, *lot;
    double mean, sd;
} LOTS[] = {
    {"LOW", "L", 100, 10}, {"HIGH", "L", 50, 5}, {"LOW", "K", 200, 20}, {"LOW", "NEW", NAN, NAN}};

static bool same(double a, double b)
{
    return isnan(b) ? isnan(a) : fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

static long day_at(Instant time) /* eight hours east of Greenwich */
{
    return (long)((time + 8 * 3600) / 86400);
}

static void expect_lot(const QcLot *lot, const QcSeries *s, size_t which, int round)
{
    double values[64], sum = 0, squares = 0;
    Instant first = INT64_MAX, last = INT64_MIN;
    size_t n = 0;
    for (size_t r = 0; r < s->n_runs; r++)
        for (size_t i = s->runs[r].first; i < s->runs[r].first + s->runs[r].n; i++) {
            const Control *c = s->points[i].control;
            if (strcmp(c->material, LOTS[which].material) != 0 ||
                strcmp(c->lot, LOTS[which].lot) != 0 || s->runs[r].verdict.state == QC_REJECTED ||
                isnan(c->value) || isnan(LOTS[which].mean))
                continue;
            values[n++] = c->value;
            first = c->time < first ? c->time : first;
            last = c->time > last ? c->time : last;
        }
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - sum / (double)n) * (values[i] - sum / (double)n);
    const long days = n > 0 ? day_at(last) - day_at(first) + 1 : 0;
    cr_assert(lot->series == s && lot->n == n && lot->days == (int)days,
              "round %d: %zu points, %d days", round, lot->n, lot->days);
    cr_assert(same(lot->mean, n > 1 ? sum / (double)n : NAN), "round %d: %g", round, lot->mean);
    cr_assert(same(lot->sd, n > 1 ? sqrt(squares / (double)(n - 1)) : NAN), "round %d: %g", round,
              lot->sd);
    cr_assert(same(lot->set_mean, LOTS[which].mean) && same(lot->set_sd, LOTS[which].sd),
              "round %d", round);
    cr_assert_eq(lot->provisional, !(n >= 6 && days >= 4), "round %d: %zu points, %ld days", round,
                 n, days);
}

/* Every lot once, in the order in which its first point stands; rejected runs and what is no value do not count. */
Test(qc_lots, sums_of_random_controls)
{
    const Reference *r = tables("key\tvalue\nlot_points\t6\nlot_days\t4\n");
    static char names[12][8];
    size_t provisional = 0, entered = 0;
    for (int round = 0; round < 300; round++) {
        Control controls[60];
        const size_t n = chance(60);
        for (size_t i = 0; i < n; i++) {
            const uint32_t which = chance(4), run = chance(12);
            const double z = (double)chance(500) / 100 - 2.5;
            (void)snprintf(names[run], sizeof names[run], "R%u", run);
            controls[i] = (Control){.run = names[run],
                                    .analyte = "a",
                                    .material = LOTS[which].material,
                                    .lot = LOTS[which].lot,
                                    .instrument = chance(2) ? "X" : "Y",
                                    .unit = "g",
                                    .time = 1000000 + chance(3) * (Instant)chance(240000)};
            controls[i].value = which == 3 ? 7 : LOTS[which].mean + z * LOTS[which].sd;
            if (chance(20) == 0) controls[i].value = which == 3 ? 7 : LOTS[which].mean * 2;
            if (chance(20) == 0) controls[i].value = NAN;
        }
        const QcBook *book = qc_book(r, controls, n, arena);
        const QcLots lots = qc_lots(book, r, arena);
        size_t at = 0;
        for (size_t k = 0; k < qc_size(book); k++) {
            const QcSeries *s = qc_series(book, k);
            bool seen[4] = {false};
            for (size_t i = 0; i < s->n_points; i++) {
                size_t which = 0;
                const Control *c = s->points[i].control;
                while (strcmp(LOTS[which].material, c->material) != 0 ||
                       strcmp(LOTS[which].lot, c->lot) != 0)
                    which++;
                if (seen[which]) continue;
                seen[which] = true;
                cr_assert_lt(at, lots.n, "round %d", round);
                cr_assert_eq(lots.items[at].first, c, "round %d", round);
                provisional += lots.items[at].provisional;
                entered += !lots.items[at].provisional;
                expect_lot(&lots.items[at++], s, which, round);
            }
        }
        cr_assert_eq(lots.n, at, "round %d", round);
    }
    cr_expect(provisional > 100 && entered > 100, "%zu %zu", provisional, entered);
}

/* A setting that is absent, or no number, never makes limits. */
Test(qc_lots, without_settings_every_lot_is_provisional)
{
    static const char *const settings[] = {
        NULL, "key\tvalue\nlot_points\t1\n", "key\tvalue\nlot_days\t1\n",
        "key\tvalue\nlot_points\tx\nlot_days\t1\n", "key\tvalue\nlot_points\t1\nlot_days\t1\n"};
    for (size_t i = 0; i < 5; i++) {
        const Reference *r = tables(settings[i]);
        const Control one = {.run = "R",
                             .analyte = "a",
                             .material = "LOW",
                             .lot = "L",
                             .instrument = "X",
                             .unit = "g",
                             .value = 100};
        const QcLots lots = qc_lots(qc_book(r, &one, 1, arena), r, arena);
        cr_assert_eq(lots.n, 1U);
        cr_expect_eq(lots.items[0].provisional, i < 4, "row %zu", i);
        cr_expect(lots.items[0].n == 1 && lots.items[0].days == 1 && isnan(lots.items[0].mean) &&
                  isnan(lots.items[0].sd));
        cr_expect_eq(qc_lots(qc_book(r, NULL, 0, arena), r, arena).n, 0U);
    }
}
