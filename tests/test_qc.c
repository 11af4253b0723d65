#include "lab/qc.h"
#include "lab/qc_lots.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static Arena *arena;
static Reference *reference;

static void open_reference(void)
{
    Note why = {0};
    cr_assert_geq(sodium_init(), 0);
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s %s %ld %s",
                 why.code, why.file, why.row, why.field);
}

static void close_reference(void)
{
    arena_free(arena);
}

TestSuite(qc, .init = open_reference, .fini = close_reference);

/* A control of AFP, `z` SDs from the mean of the example table; lot A1: 28 +- 1.4 and 95 +- 4.2. */
static Control afp(const char *run, const char *material, double z, Instant time)
{
    bool low = strcmp(material, "LOW") == 0;
    return (Control){.run = run,
                     .analyte = "serum.afp",
                     .material = material,
                     .lot = "A1",
                     .instrument = "IA-1",
                     .unit = "U/mL",
                     .value = low ? 28 + 1.4 * z : 95 + 4.2 * z,
                     .time = time};
}

Test(qc, verdict_of_a_run_by_name)
{
    static const struct {
        double low, high;
        QcState state;
        const char *fired;
    } rows[] = {
        {0.5, -0.5, QC_ACCEPTED, ""},          {0.5, 2.4, QC_WARNING, "1-2s"},
        {0.5, 3.1, QC_REJECTED, "1-2s 1-3s"},  {2.3, 2.2, QC_REJECTED, "1-2s 2-2s"},
        {-2.3, 2.2, QC_REJECTED, "1-2s R-4s"}, {NAN, 0.1, QC_NONE, ""},
        {NAN, 3.1, QC_REJECTED, "1-2s 1-3s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Control controls[] = {afp("R", "LOW", rows[i].low, 100),
                                    afp("R", "HIGH", rows[i].high, 101)};
        QcVerdict v = qc_verdict(qc_book(reference, controls, 2, arena), "serum.afp", "R");
        cr_expect_eq(v.state, rows[i].state, "row %zu: %s", i, qc_state_code(v.state));
        cr_expect_str_eq(qc_fired(v.fired, arena), rows[i].fired, "row %zu", i);
    }
}

Test(qc, what_is_held)
{
    const Control controls[] = {afp("GOOD", "LOW", 0, 100), afp("GOOD", "HIGH", 0, 101),
                                afp("BAD", "LOW", 4, 200), afp("BAD", "HIGH", 0, 201),
                                afp("ONE", "LOW", 0, 300)};
    static const struct {
        const char *code, *run;
        bool asked, held;
    } rows[] = {
        {"serum.afp", "GOOD", true, false},  {"serum.afp_mom", "GOOD", true, false},
        {"serum.afp", "BAD", true, true},    {"serum.afp_mom", "BAD", true, true},
        {"serum.afp", "ONE", true, true},    {"serum.afp", "", true, true},
        {"serum.afp", "NOBODY", true, true}, {"serum.ue3", "GOOD", true, true},
        {"hpv.16", "BAD", false, false},     {"serum.nt", "BAD", false, false},
    };
    const QcBook *book = qc_book(reference, controls, 5, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(qc_asks(book, rows[i].code), rows[i].asked, "row %zu", i);
        cr_expect_eq(qc_holds(book, rows[i].code, qc_verdict(book, rows[i].code, rows[i].run)),
                     rows[i].held, "row %zu", i);
    }
}

Test(qc, unknown_lot_and_wrong_unit_are_no_pass)
{
    Control controls[] = {afp("R", "LOW", 0, 100), afp("R", "HIGH", 0, 101)};
    controls[0].lot = "ZZ";
    cr_expect_eq(qc_verdict(qc_book(reference, controls, 2, arena), "serum.afp", "R").state,
                 QC_NONE);
    controls[0].lot = "A1";
    controls[0].unit = "ng/mL";
    cr_expect_eq(qc_verdict(qc_book(reference, controls, 2, arena), "serum.afp", "R").state,
                 QC_NONE);
    controls[0].unit = "U/mL";
    cr_expect_eq(qc_verdict(qc_book(reference, controls, 2, arena), "serum.afp", "R").state,
                 QC_ACCEPTED);
}

/* The order in which controls arrive plays no part; chains run over runs in order of time, on one instrument. */
Test(qc, chains_follow_time_not_arrival)
{
    enum { RUNS = 40 };
    static char names[RUNS][8];
    Control controls[2 * RUNS];
    for (int i = 0; i < RUNS; i++) {
        int at = (i * 17) % RUNS; /* arrival is a permutation */
        (void)snprintf(names[at], sizeof names[at], "R%d", at);
        double z = at >= 20 && at < 24 ? 1.2 : at % 2 ? 0.5 : -0.5;
        controls[2 * i] = afp(names[at], "LOW", z, 1000 * at);
        controls[2 * i + 1] = afp(names[at], "HIGH", at % 2 ? -0.4 : 0.4, 1000 * at + 1);
    }
    const QcBook *book = qc_book(reference, controls, 2 * RUNS, arena);
    for (int at = 0; at < RUNS; at++) {
        QcVerdict v = qc_verdict(book, "serum.afp", names[at]);
        cr_expect_eq(v.fired, at == 23 ? QC_4_1S : 0u, "run %d fired %u", at, v.fired);
    }
    controls[34].instrument = controls[35].instrument = "IA-2";
    book = qc_book(reference, controls, 2 * RUNS, arena);
    cr_expect_eq(qc_size(book), 2u);
}

/* A name says nothing about the time: here the first by name is the last by time, and the chain runs up to it. */
Test(qc, chains_follow_time_not_names)
{
    static const char *const names[] = {"R4", "R3", "R2", "R1"};
    Control controls[8];
    for (int at = 0; at < 4; at++) {
        controls[2 * at] = afp(names[at], "LOW", at == 2 ? -1.2 : 1.2, 1000 + 1000 * at);
        controls[2 * at + 1] = afp(names[at], "HIGH", at == 2 ? -1.2 : 1.2, 1001 + 1000 * at);
    }
    const QcBook *book = qc_book(reference, controls, 8, arena);
    const QcSeries *series = qc_series(book, 0);
    const Table *materials = reference_table(reference, "qc/materials");
    for (size_t i = 0; i < series->n_points; i++) {
        const Control *c = series->points[i].control;
        cr_expect_str_eq(series->points[i].mean_row,
                         table_cell(materials, (size_t)qc_material(reference, c), 0));
        cr_expect_str_eq(c->run, names[i / 2], "point %zu", i);
    }
    cr_expect_eq(qc_verdict(book, "serum.afp", "R4").fired, 0U,
                 "the first run has nothing before it");
    cr_expect_eq(qc_verdict(book, "serum.afp", "R3").fired, QC_4_1S);
    cr_expect_eq(qc_verdict(book, "serum.afp", "R1").fired, 0U, "two runs after the chain broke");
}

/* One name on two instruments: the worse of the two. */
Test(qc, same_run_name_on_two_instruments)
{
    Control controls[] = {afp("R", "LOW", 0, 100), afp("R", "HIGH", 0, 101),
                          afp("R", "LOW", 4, 102), afp("R", "HIGH", 0, 103)};
    controls[2].instrument = controls[3].instrument = "IA-2";
    cr_expect_eq(qc_verdict(qc_book(reference, controls, 4, arena), "serum.afp", "R").state,
                 QC_REJECTED);
}

/* 25 days of both levels, with one run rejected: what the lot has shown leaves that run out. */
Test(qc, what_a_lot_has_shown)
{
    enum { DAYS = 25, DAY = 86400 };
    Control controls[2 * DAYS];
    char names[DAYS][8];
    for (int d = 0; d < DAYS; d++) {
        (void)snprintf(names[d], sizeof names[d], "R%02d", d);
        double z = d == 12 ? 5 : d % 2 ? 0.5 : -0.5;
        controls[2 * d] = afp(names[d], "LOW", z, (Instant)d * DAY);
        controls[2 * d + 1] = afp(names[d], "HIGH", -z, (Instant)d * DAY + 60);
    }
    const QcBook *book = qc_book(reference, controls, 2 * DAYS, arena);
    QcLots lots = qc_lots(book, reference, arena);
    cr_assert_eq(lots.n, 2U);
    for (size_t i = 0; i < lots.n; i++) {
        double mean = i == 0 ? 28 : 95, sd = i == 0 ? 1.4 : 4.2;
        cr_expect_eq(lots.items[i].n, 24U, "the rejected run does not count");
        cr_expect_eq(lots.items[i].days, DAYS);
        cr_expect_not(lots.items[i].provisional);
        cr_expect_lt(fabs(lots.items[i].mean / mean - 1), 0.01);
        cr_expect_lt(fabs(lots.items[i].sd / (0.5 * sd) - 1), 0.03);
        cr_expect(lots.items[i].set_sd >= sd && lots.items[i].set_sd <= sd);
    }
    lots = qc_lots(qc_book(reference, controls, 2 * 19, arena), reference, arena);
    cr_expect(lots.items[0].provisional, "19 points less the rejected one");
    for (int d = 0; d < 2 * DAYS; d++)
        controls[d].time /= 5;
    lots = qc_lots(qc_book(reference, controls, 2 * DAYS, arena), reference, arena);
    cr_expect(lots.items[0].provisional, "five days are too few, whatever the number of points");
}
