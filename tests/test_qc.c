#include "lab/qc.h"
#include "lab/qc_lots.h"
#include "pipeline/release.h"
#include "table_fixture.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>

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

/* ---- by tables that stand here: each cell of qc/rules and qc/materials is its rule ---- */

static const Reference *tables(const char *rules)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r, "", arena);
    fixture_table(r, "qc/rules", "local", rules, arena);
    fixture_table(r, "qc/materials", "local",
                  "row\tanalyte\tmaterial\tlevel\tlot\tinstrument\tmean\tsd\tunit\n"
                  "M1\ta\tLOW\t1\tL\t*\t100\t10\tg\nM2\ta\tHIGH\t2\tL\t*\t100\t10\tg\n"
                  "M3\ta\tLOW\t1\tK\t*\t200\t10\tg\nM4\tb\tLOW\t1\tL\tX\t100\t10\tg\n"
                  "M5\tb\tLOW\t1\tL\tY\t50\t10\tg\nM6\tc\tLOW\t1\tL\t*\t\t10\tg\n"
                  "M7\tc\tHIGH\t2\tL\t*\t100\t0\tg\nM8\ta\tZERO\t3\tL\t*\t100\t10\tg\n",
                  arena);
    fixture_finish(r);
    return r;
}

static Control control(const char *analyte, const char *run, const char *material, double z,
                       Instant time)
{
    return (Control){.run = run,
                     .analyte = analyte,
                     .material = material,
                     .lot = "L",
                     .instrument = "X",
                     .unit = "g",
                     .value = 100 + 10 * z,
                     .time = time};
}

static char run_names[64][8];

/* `n` runs R0, R1 ... of the material, at z each, at 100, 200 ...; the last is Rn-1. */
static size_t runs_of(Control *out, const char *material, const double *z, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(run_names[i], sizeof run_names[i], "R%zu", i);
        out[i] = control("a", run_names[i], material, z[i], (Instant)(100 * (i + 1)));
    }
    return n;
}

#define RULES "analyte\tcontrols\trequired\tlevels\treject\twarn\tacross_levels\tr4s\tsame_side\n"

/* Ten runs of LOW at +3.5 SD and in the last one HIGH at -3.5 SD break every rule: those in the cell are told, and no others. */
Test(qc, each_word_of_the_cell_is_its_rule)
{
    static const struct {
        const char *cell;
        unsigned fired;
    } rows[] = {
        {"1-3s", QC_1_3S},
        {"2-2s", QC_2_2S},
        {"R-4s", QC_R_4S},
        {"4-1s", QC_4_1S},
        {"10x", QC_10X},
        {"2-2s|4-1s", QC_2_2S | QC_4_1S},
        {"1-3s|2-2s|R-4s|4-1s|10x", QC_1_3S | QC_2_2S | QC_R_4S | QC_4_1S | QC_10X},
        {"", 0},
        {"1-3", 0},
        {"1-3sx", 0},
        {"1-4s|10x", QC_10X},
        {"1-2s", QC_1_2S}, /* never more than a warning */
    };
    Control controls[11];
    size_t n = runs_of(controls, "LOW",
                       (const double[]){3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5}, 10);
    controls[n] = control("a", "R9", "HIGH", -3.5, 1001);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int warn = 0; warn < 2; warn++) {
            const char *text = arena_print(arena, RULES "a\ta\tyes\t1\t%s\t%s\t\t\t10\n",
                                           rows[i].cell, warn ? "yes" : "no");
            QcVerdict v = qc_verdict(qc_book(tables(text), controls, n + 1, arena), "a", "R9");
            cr_expect_eq(v.fired, rows[i].fired | (warn ? QC_1_2S : 0U), "%s: %u", rows[i].cell,
                         v.fired);
            cr_expect_eq(v.state,
                         v.fired == 0         ? QC_ACCEPTED
                         : v.fired == QC_1_2S ? QC_WARNING
                                              : QC_REJECTED,
                         "%s", rows[i].cell);
        }
}

/* An empty cell of same_side is 10, of levels 1; "range" and "yes" are words, all else says no. */
Test(qc, numbers_and_words_of_a_row)
{
    static const struct {
        const char *levels, *across, *r4s, *same_side;
        size_t runs; /* of LOW, at 0.5 SD */
        double high; /* and HIGH in the last, NAN = none */
        QcState state;
        unsigned fired;
    } rows[] = {
        {"1", "no", "", "", 9, NAN, QC_ACCEPTED, 0},
        {"1", "no", "", "", 10, NAN, QC_REJECTED, QC_10X},
        {"1", "no", "", "8", 7, NAN, QC_ACCEPTED, 0},
        {"1", "no", "", "8", 8, NAN, QC_REJECTED, QC_10X},
        {"1", "no", "", "12", 11, NAN, QC_ACCEPTED, 0},
        {"1", "no", "", "12", 12, NAN, QC_REJECTED, QC_10X},
        {"1", "no", "", "8", 7, 0.5, QC_ACCEPTED, 0},
        {"1", "yes", "", "8", 7, 0.5, QC_REJECTED, QC_10X},
        {"1", "yes", "", "8", 7, -0.5, QC_ACCEPTED, 0},
        {"", "no", "", "", 1, NAN, QC_ACCEPTED, 0},
        {"2", "no", "", "", 1, NAN, QC_NONE, 0},
        {"2", "no", "", "", 1, 0.5, QC_ACCEPTED, 0},
        {"3", "no", "", "", 1, 0.5, QC_NONE, 0},
        {"1", "no", "range", "", 1, -3, QC_ACCEPTED, 0}, /* a range of 3.5 */
        {"1", "no", "range", "", 1, 3.875, QC_ACCEPTED, 0},
        {"1", "no", "range", "", 1, 4.75, QC_REJECTED, QC_R_4S},
        {"1", "no", "limits", "", 1, 4.75, QC_ACCEPTED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Control controls[16];
        static const double z[12] = {.5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5};
        size_t n = runs_of(controls, "LOW", z, rows[i].runs);
        if (!isnan(rows[i].high))
            controls[n] = control("a", run_names[n - 1], "HIGH", rows[i].high, 9999), n++;
        const char *text =
            arena_print(arena, RULES "a\ta\tyes\t%s\tR-4s|10x\tno\t%s\t%s\t%s\n", rows[i].levels,
                        rows[i].across, rows[i].r4s, rows[i].same_side);
        const QcBook *book = qc_book(tables(text), controls, n, arena);
        QcVerdict v = qc_verdict(book, "a", run_names[rows[i].runs - 1]);
        cr_expect_eq(v.state, rows[i].state, "row %zu: %s", i, qc_state_code(v.state));
        cr_expect_eq(v.fired, rows[i].fired, "row %zu: %u", i, v.fired);
        cr_expect_eq(qc_r4s_as_range(book, "a"), strcmp(rows[i].r4s, "range") == 0, "row %zu", i);
        cr_expect_not(qc_r4s_as_range(book, "b"));
    }
}

/* Levels are counted by controls that can be judged: two of one level are one, and a value that is none is no level. */
Test(qc, levels_that_count)
{
    const Reference *r = tables(RULES "a\ta\tyes\t2\t1-3s\tno\t\t\t\n");
    static const struct {
        const char *first, *second, *third;
        double z[3];
        QcState state;
    } rows[] = {
        {"LOW", "LOW", "LOW", {0, 0, 0}, QC_NONE},
        {"LOW", "LOW", "HIGH", {0, 0, 0}, QC_ACCEPTED},
        {"HIGH", "LOW", "LOW", {0, 0, 0}, QC_ACCEPTED},
        {"LOW", "HIGH", "ZERO", {0, 0, 0}, QC_ACCEPTED},
        {"LOW", "HIGH", "HIGH", {0, 0, NAN}, QC_NONE}, /* one of them was not measured */
        {"LOW", "LOW", "LOW", {0, 3.5, 0}, QC_REJECTED},
        {"LOW", "HIGH", "OTHER", {0, 0, 0}, QC_NONE}, /* a material that nobody knows */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Control controls[] = {control("a", "R", rows[i].first, rows[i].z[0], 1),
                                    control("a", "R", rows[i].second, rows[i].z[1], 2),
                                    control("a", "R", rows[i].third, rows[i].z[2], 3)};
        QcVerdict v = qc_verdict(qc_book(r, controls, 3, arena), "a", "R");
        cr_expect_eq(v.state, rows[i].state, "row %zu: %s", i, qc_state_code(v.state));
    }
}

/* A level that is measured once in fifty runs has a chain all the same: the second +2.5 SD is 2-2s, the fourth +1.5 SD 4-1s. */
Test(qc, a_rare_level_keeps_its_chain)
{
    enum { RUNS = 160 };
    static char names[RUNS][8];
    const Reference *r = tables(RULES "a\ta\tyes\t1\t2-2s|4-1s\tno\t\t\t\n");
    static const struct {
        double z;
        unsigned fired[4];
    } rows[] = {{2.5, {0, QC_2_2S, QC_2_2S, QC_2_2S | QC_4_1S}}, {1.5, {0, 0, 0, QC_4_1S}}};
    for (size_t i = 0; i < 2; i++) {
        Control controls[RUNS + 4];
        size_t n = 0;
        for (int at = 0; at < RUNS; at++) {
            (void)snprintf(names[at], sizeof names[at], "R%d", at);
            controls[n++] = control("a", names[at], "LOW", at % 2 ? 0.5 : -0.5, 10 * at);
            if (at % 50 == 5)
                controls[n++] = control("a", names[at], "HIGH", rows[i].z, 10 * at + 1);
        }
        const QcBook *book = qc_book(r, controls, n, arena);
        for (int k = 0; k < 4; k++)
            cr_expect_eq(qc_verdict(book, "a", names[50 * k + 5]).fired, rows[i].fired[k],
                         "row %zu, %d", i, k);
    }
}

/* Mean and SD are those of analyte, material, lot and instrument; "*" is any instrument. */
Test(qc, whose_mean)
{
    const Reference *r = tables(RULES "a\ta\tyes\t1\t1-3s\tno\t\t\t\n");
    static const struct {
        const char *analyte, *material, *lot, *instrument, *unit;
        double value;
        const char *row;
        double z;
        unsigned fired;
    } rows[] = {
        {"a", "LOW", "L", "X", "g", 120, "M1", 2, 0},
        {"a", "LOW", "L", "Q", "g", 121, "M1", 2.1, QC_1_2S},
        {"a", "HIGH", "L", "X", "g", 80, "M2", -2, 0},
        {"a", "HIGH", "L", "X", "g", 79, "M2", -2.1, QC_1_2S},
        {"a", "LOW", "K", "X", "g", 230, "M3", 3, QC_1_2S},
        {"a", "LOW", "K", "X", "g", 231, "M3", 3.1, QC_1_2S | QC_1_3S},
        {"a", "LOW", "K", "X", "g", 169, "M3", -3.1, QC_1_2S | QC_1_3S},
        {"b", "LOW", "L", "X", "g", 90, "M4", -1, 0},
        {"b", "LOW", "L", "Y", "g", 90, "M5", 4, QC_1_2S | QC_1_3S},
        {"b", "LOW", "L", "Z", "g", 90, "", NAN, 0},
        {"b", "HIGH", "L", "X", "g", 90, "", NAN, 0},
        {"a", "LOW", "M", "X", "g", 100, "", NAN, 0},
        {"d", "LOW", "L", "X", "g", 100, "", NAN, 0},
        {"a", "LOW", "L", "X", "mg", 100, "M1", NAN, 0}, /* another unit is no value */
        {"c", "LOW", "L", "X", "g", 100, "M6", NAN, 0},  /* no mean */
        {"c", "HIGH", "L", "X", "g", 100, "M7", NAN, 0}, /* an SD of 0 */
        {"a", "LOW", "L", "X", "g", NAN, "M1", NAN, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Control c = {"R",
                           rows[i].analyte,
                           rows[i].material,
                           rows[i].lot,
                           rows[i].instrument,
                           rows[i].unit,
                           rows[i].value,
                           5,
                           1};
        const QcBook *book = qc_book(r, &c, 1, arena);
        const QcPoint *p = qc_series(book, 0)->points;
        cr_expect_str_eq(p->mean_row, rows[i].row, "row %zu", i);
        cr_expect_eq(qc_material(r, &c) >= 0, rows[i].row[0] != '\0', "row %zu", i);
        cr_expect(isnan(rows[i].z) ? isnan(p->z) : fabs(p->z - rows[i].z) < 1e-9, "row %zu: %g", i,
                  p->z);
        cr_expect_eq(p->fired, rows[i].fired, "row %zu", i);
        if (strcmp(rows[i].analyte, "a") == 0)
            cr_expect_eq(qc_verdict(book, "a", "R").state,
                         isnan(rows[i].z)          ? QC_NONE
                         : rows[i].fired & QC_1_3S ? QC_REJECTED
                                                   : QC_ACCEPTED,
                         "row %zu", i);
    }
}

/* Series by analyte, then instrument; runs by the time of their first control, at equal times by name; points by level, material, time. */
Test(qc, order_of_series_runs_and_points)
{
    const Reference *r = tables(RULES "a\ta\tyes\t1\t1-3s\tno\t\t\t\n");
    Control controls[] = {
        control("b", "R1", "LOW", 0, 50),     control("a", "R2", "HIGH", 0, 15),
        control("a", "R2", "LOW", 0, 20),     control("a", "R1", "OTHER", 0, 14),
        control("a", "R1", "LOW", 1, 30),     control("a", "R1", "LOW", 2, 16),
        control("a", "R3", "HIGH", 0, 14),    control("a", "R1", "LOW", 0, 99),
        control("a", "R1", "ANOTHER", 0, 98),
    };
    controls[7].instrument = "W";
    static const char *const wanted[] = {"R1 LOW 16",  "R1 LOW 30", "R1 ANOTHER 98", "R1 OTHER 14",
                                         "R3 HIGH 14", "R2 LOW 20", "R2 HIGH 15"};
    const QcBook *book = qc_book(r, controls, sizeof controls / sizeof *controls, arena);
    cr_assert_eq(qc_size(book), 3U);
    const QcSeries *s = qc_series(book, 1);
    cr_expect_str_eq(qc_series(book, 0)->instrument, "W");
    cr_expect_str_eq(qc_series(book, 2)->analyte, "b");
    cr_expect(strcmp(s->analyte, "a") == 0 && strcmp(s->instrument, "X") == 0);
    cr_assert_eq(s->n_points, 7U);
    for (size_t i = 0; i < 7; i++) {
        const Control *c = s->points[i].control;
        cr_expect_str_eq(arena_print(arena, "%s %s %d", c->run, c->material, (int)c->time),
                         wanted[i], "point %zu", i);
    }
    static const struct {
        const char *name;
        Instant time;
        size_t first, n;
    } runs[] = {{"R1", 14, 0, 4}, {"R3", 14, 4, 1}, {"R2", 15, 5, 2}};
    cr_assert_eq(s->n_runs, 3U);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_str_eq(s->runs[i].name, runs[i].name);
        cr_expect(s->runs[i].time == runs[i].time && s->runs[i].first == runs[i].first &&
                      s->runs[i].n == runs[i].n,
                  "run %zu: %d %zu %zu", i, (int)s->runs[i].time, s->runs[i].first, s->runs[i].n);
    }
}

/* A run stands where its first control does, however late its last was measured. */
Test(qc, a_run_is_as_old_as_its_first_control)
{
    const Reference *r = tables(RULES "a\ta\tyes\t1\t1-3s\tno\t\t\t\n");
    const Control controls[] = {control("a", "R1", "HIGH", 0, 30), control("a", "R2", "LOW", 0, 20),
                                control("a", "R1", "LOW", 0, 10)};
    const QcSeries *s = qc_series(qc_book(r, controls, 3, arena), 0);
    cr_assert_eq(s->n_runs, 2U);
    cr_expect(strcmp(s->runs[0].name, "R1") == 0 && s->runs[0].time == 10 && s->runs[0].n == 2);
    cr_expect(s->runs[1].time == 20 && s->runs[1].first == 2 && s->runs[1].n == 1);
}

/* One name on two instruments: the worse state, and what fired on either; nobody's control is worse than a warning. */
Test(qc, the_worse_of_two_instruments)
{
    const Reference *r = tables(RULES "a\ta\tyes\t1\t1-3s\tyes\t\t\t\n");
    static const struct {
        double one, two;
        QcState state;
        unsigned fired;
    } rows[] = {
        {0, 0, QC_ACCEPTED, 0},
        {0, 2.5, QC_WARNING, QC_1_2S},
        {0, NAN, QC_NONE, 0},
        {2.5, NAN, QC_NONE, QC_1_2S},
        {2.5, 2.5, QC_WARNING, QC_1_2S},
        {3.5, NAN, QC_REJECTED, QC_1_2S | QC_1_3S},
        {3.5, 0, QC_REJECTED, QC_1_2S | QC_1_3S},
        {3.5, 2.5, QC_REJECTED, QC_1_2S | QC_1_3S},
        {NAN, NAN, QC_NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int swapped = 0; swapped < 2; swapped++) {
            Control controls[] = {control("a", "R", "LOW", swapped ? rows[i].two : rows[i].one, 1),
                                  control("a", "R", "LOW", swapped ? rows[i].one : rows[i].two, 2),
                                  control("a", "Q", "LOW", 3.5, 3), control("a", "S", "LOW", 0, 4),
                                  control("b", "R", "LOW", 3.5, 3)};
            controls[1].instrument = "Y";
            const QcBook *book = qc_book(r, controls, 5, arena);
            QcVerdict v = qc_verdict(book, "a", "R");
            cr_expect_eq(v.state, rows[i].state, "row %zu: %s", i, qc_state_code(v.state));
            cr_expect_eq(v.fired, rows[i].fired, "row %zu: %u", i, v.fired);
            cr_expect_eq(qc_verdict(book, "a", "Q").state, QC_REJECTED);
            cr_expect_eq(qc_verdict(book, "a", "S").state, QC_ACCEPTED);
            cr_expect_eq(qc_verdict(book, "b", "R").state, QC_NONE, "no row of qc/rules");
            cr_expect_eq(qc_verdict(book, "b", "R").fired, 0U);
            cr_expect_eq(qc_verdict(book, "a", "P").state, QC_NONE);
            cr_expect_eq(qc_verdict(book, "a", "").state, QC_NONE);
        }
    cr_expect_eq(qc_verdict(qc_book(r, NULL, 0, arena), "a", "R").state, QC_NONE);
}

/* A rejected run is held whatever the table says; a run without a control when controls are required; what has no row is not asked. */
Test(qc, held_by_state)
{
    const char *text = arena_print(arena, "%s",
                                   RULES "a\ta\tyes\t1\t1-3s\tno\t\t\t\n"
                                         "b\tb\tno\t1\t1-3s\tno\t\t\t\n");
    for (int i = 0; i < 100; i++) /* a laboratory may have many analytes: the last row counts too */
        text = arena_print(arena, "%sx%d\ta\tyes\t1\t1-3s\tno\t\t\t\n", text, i);
    const Control bad[] = {control("a", "R", "LOW", 3.5, 1)};
    const QcBook *book = qc_book(tables(text), bad, 1, arena);
    static const struct {
        QcState state;
        const char *word;
        bool required, voluntary;
    } rows[] = {{QC_NONE, "none", true, false},
                {QC_ACCEPTED, "accepted", false, false},
                {QC_WARNING, "warning", false, false},
                {QC_REJECTED, "rejected", true, true}};
    for (size_t i = 0; i < 4; i++) {
        const QcVerdict v = {rows[i].state, 0};
        cr_expect_str_eq(qc_state_code(rows[i].state), rows[i].word);
        cr_expect_eq(qc_holds(book, "a", v), rows[i].required, "row %zu", i);
        cr_expect_eq(qc_holds(book, "b", v), rows[i].voluntary, "row %zu", i);
        cr_expect_eq(qc_holds(book, "x99", v), rows[i].required, "row %zu", i);
        cr_expect_not(qc_holds(book, "c", v), "row %zu", i);
    }
    cr_expect_eq(qc_verdict(book, "x99", "R").state, QC_REJECTED, "judged by the controls of `a`");
    cr_expect(qc_asks(book, "x99") && !qc_asks(book, "c"));
    cr_expect_str_eq(qc_fired(0, arena), "");
    cr_expect_str_eq(qc_fired(63, arena), "1-2s 1-3s 2-2s R-4s 4-1s 10x");
}
