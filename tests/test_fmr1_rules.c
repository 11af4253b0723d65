/* FMR1 by tables and traces that stand here: every cell at its limits, and products, line, alleles and categories computed a second time. */
#include "arena_suite.h"
#include "lab/fmr1.h"
#include "row_fixture.h"
#include "table_fixture.h"
#include "tests/chance.h"

#include <math.h>

ARENA_SUITE(fmr1_rules);

#define KIT        "k\t2\t240\t595\t0.1\t7\t0.5\t3\t1\tno\ts\n"
#define CONTROLS   "k\tA\t20|31\ts\nk\tB\t60\ts\nother\tC\t70\ts\n"
#define CATEGORIES "n\t0\t44\tx\td\ts\ni\t45\t54\tx\td\ts\np\t55\t200\tx\td\ts\nf\t201\t\tx\td\ts\n"
#define LIMIT      "tolerance\t0.05\t1\ts\n"

typedef struct Texts {
    const char *kit, *controls, *categories, *limits; /* NULL = no such table */
} Texts;

static void add(Reference *r, const char *name, const char *head, const char *rows)
{
    if (rows == NULL) return;
    fixture_table(r, name, "local", arena_print(arena, "%s\n%s", head, rows), arena);
}

static Status prepare(const Fmr1Model **out, const Texts *t, Note *why)
{
    Reference *r = reference_new(arena, "test", true);
    const void *model;
    add(r, "fmr1/kits",
        "kit\tdye\tlow\thigh\tleast_share\tstutter\tstutter_most\tcontrol_"
        "alleles\tresidual\tblank\t"
        "source",
        t->kit);
    add(r, "fmr1/controls", "kit\tmaterial\trepeats\tsource", t->controls);
    add(r, "fmr1/categories", "category\tlow\thigh\tanswer\tdetail\tsource", t->categories);
    add(r, "fmr1/limits", "key\tvalue\tunit\tsource", t->limits);
    const Status s = fmr1_prepare(&model, r, arena, why);
    *out = model;
    return s;
}

/* The code of the Note, "" when the tables are read. */
static const char *fault_of(Texts t, long row)
{
    const Fmr1Model *m;
    static Note why;
    why = (Note){.code = ""};
    const Status s = prepare(&m, &t, &why);
    cr_expect_eq(s == OK, m != NULL);
    if (s == OK) return "";
    cr_expect(s == BAD_INPUT && (row == 0 || why.row == row), "row %ld", why.row);
    return why.code;
}

/* ---- tables ---- */

static bool reads_kit(const char *row)
{
    const char *code =
        fault_of((Texts){arena_print(arena, KIT "%s", row), CONTROLS, CATEGORIES, LIMIT}, 3);
    cr_expect(code[0] == '\0' || strcmp(code, "fmr1.kit") == 0);
    return code[0] == '\0';
}

static bool reads_limit(const char *row)
{
    const char *code = fault_of((Texts){KIT, CONTROLS, CATEGORIES, row}, 0);
    cr_expect(code[0] == '\0' || strcmp(code, "fmr1.limit") == 0);
    return code[0] == '\0';
}

Test(fmr1_rules, every_cell_at_its_limits)
{
    static const CellLimits kit[] = {{"dye", 1, "0", "1", "6", "7"},
                                     {"low", 2, "0.9", "1", "595", "595.1"},
                                     {"high", 3, "239.9", "240", "5000", "5000.1"},
                                     {"least_share", 4, "0.009", "0.01", "1", "1.01"},
                                     {"stutter", 5, "-0.1", "0", "100", "100.1"},
                                     {"stutter_most", 6, "-0.1", "0", "1", "1.01"},
                                     {"control_alleles", 7, "2", "3", "50", "51"},
                                     {"residual", 8, "0.009", "0.01", "10", "10.1"},
                                     {"blank", 9, "maybe", "no", "yes", "y"}};
    static const CellLimits limit[] = {{"value", 1, "0.0009", "0.001", "0.5", "0.51"},
                                       {"key", 0, "tolerances", "tolerance", NULL, NULL}};
    expect_limits(KIT, kit, COUNT(kit), reads_kit);
    expect_limits(LIMIT, limit, COUNT(limit), reads_limit);
}

Test(fmr1_rules, every_cell_is_read_into_its_place)
{
    const Fmr1Model *m;
    Note why = {0};
    const Texts t = {KIT "l\t6\t100\t200\t0.2\t0\t0.3\t4\t2\tyes\ts\n", CONTROLS, CATEGORIES,
                     LIMIT};
    cr_assert_eq(prepare(&m, &t, &why), OK);
    cr_assert_eq(m->n_kits, 2U);
    const Fmr1Kit *k = &m->kits[0], *l = &m->kits[1];
    cr_expect(strcmp(k->code, "k") == 0 && k->dye == 2 && k->low == 240 && k->high == 595 &&
              k->least_share == 0.1 && k->stutter == 7 && k->stutter_most == 0.5 &&
              k->control_alleles == 3 && k->residual == 1 && !k->blank && !k->example);
    cr_expect(strcmp(l->code, "l") == 0 && l->dye == 6 && l->low == 100 && l->high == 200 &&
              l->stutter == 0 && l->control_alleles == 4 && l->residual == 2 && l->blank);
    cr_expect_eq(m->tolerance, 0.05);
    const Texts without[] = {{NULL, CONTROLS, CATEGORIES, LIMIT},
                             {KIT, NULL, CATEGORIES, LIMIT},
                             {KIT, CONTROLS, NULL, LIMIT},
                             {KIT, CONTROLS, CATEGORIES, NULL}};
    for (size_t i = 0; i < COUNT(without); i++) {
        cr_expect_eq(prepare(&m, &without[i], &why), OK, "without a table nothing is judged");
        cr_expect_null(m);
    }
}

Test(fmr1_rules, repeats_of_a_control)
{
    static const struct {
        const char *cell;
        bool good;
    } rows[] = {{"1", true},
                {"9", true},
                {"20|31", true},
                {"20|31|118", true},
                {"", false},
                {"0", false},
                {"020", false},
                {"20|020", false},
                {"20|0", false},
                {"20|20", false},
                {"31|20", false},
                {"20|31|30", false},
                {"|20", false},
                {"20||31", false},
                {"20,31", false},
                {"20|3x", false},
                {"x", false},
                {"9999", true},
                {"100000", false},
                {"1|2|3|4|5|6|7|8", true},
                {"1|2|3|4|5|6|7|8|9", false},
                {":", false},
                {"2:", false},
                {"2/", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = arena_print(arena, CONTROLS "k\tD\t%s\ts\n", rows[i].cell);
        cr_expect_str_eq(fault_of((Texts){KIT, text, CATEGORIES, LIMIT}, 5),
                         rows[i].good ? "" : "fmr1.control", "\"%s\"", rows[i].cell);
    }
}

/* From 0 on without a hole, the last without an end. */
Test(fmr1_rules, categories_follow_each_other)
{
    static const struct {
        const char *rows;
        long bad; /* line; 0 = good */
    } rows[] = {
        {"a\t0\t\tx\td\ts\n", 0},
        {"a\t1\t\tx\td\ts\n", 2},
        {"a\t0\t9\tx\td\ts\n", 2},
        {"a\t\t\tx\td\ts\n", 2},
        {"a\t0\t9\tx\td\ts\nb\t10\t\tx\td\ts\n", 0},
        {"a\t0\t0\tx\td\ts\nb\t1\t\tx\td\ts\n", 0},
        {"a\t0\t9\tx\td\ts\nb\t9\t\tx\td\ts\n", 3},
        {"a\t0\t9\tx\td\ts\nb\t11\t\tx\td\ts\n", 3},
        {"a\t0\t\tx\td\ts\nb\t10\t\tx\td\ts\n", 2},
        {"a\t0\t9\tx\td\ts\nb\t10\t9\tx\td\ts\nc\t10\t\tx\td\ts\n", 3},
        {"a\t0\t9\tx\td\ts\nb\t10\t10\tx\td\ts\nc\t11\t\tx\td\ts\n", 0},
        {"a\t0\t9999\tx\td\ts\nb\t10000\t\tx\td\ts\n", 0},
        {"a\t0\t10001\tx\td\ts\nb\t10002\t\tx\td\ts\n", 2},
        {"a\t0\t9\tx\td\ts\nb\t10\t20\tx\td\ts\n", 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(fault_of((Texts){KIT, CONTROLS, rows[i].rows, LIMIT}, rows[i].bad),
                         rows[i].bad > 0 ? "fmr1.category" : "", "row %zu", i);
}

/* ---- a run ---- */

enum { TRACES = 7, PEAKS = 16 };

typedef struct Run {
    Trace traces[TRACES];
    TracePeak peaks[TRACES][PEAKS];
    Evidence evidence;
} Run;

static Run *run_of(void)
{
    Run *run = arena_alloc(arena, sizeof *run);
    for (size_t i = 0; i < TRACES; i++) {
        run->traces[i] =
            (Trace){.role = TRACE_LADDER, .kit = "k", .material = "", .run = "R", .fault = ""};
        run->traces[i].dye[1].peaks = run->peaks[i];
    }
    run->evidence = (Evidence){.traces = run->traces, .n_traces = TRACES};
    run->traces[0].role = TRACE_SAMPLE;
    return run;
}

static void put(Trace *t, double size, double height, unsigned marks)
{
    cr_assert_lt(t->dye[1].n, (size_t)PEAKS);
    t->dye[1].peaks[t->dye[1].n++] = (TracePeak){.size = size, .height = height, .marks = marks};
}

static void control(Trace *t, const char *material, size_t n, const double *sizes)
{
    t->role = TRACE_CONTROL;
    t->material = material;
    t->dye[1].n = 0;
    for (size_t i = 0; i < n; i++)
        put(t, sizes[i], 1000, 0);
}

/* 250 bp and 3 bp a repeat. */
static void calibrated(Run *run)
{
    control(&run->traces[1], "A", 2, (double[]){310, 343});
    control(&run->traces[2], "B", 1, (double[]){430});
}

static const Fmr1Model *model(const char *kit, const char *controls)
{
    const Fmr1Model *m;
    Note why = {0};
    cr_assert_eq(prepare(&m, &(Texts){kit, controls, CATEGORIES, LIMIT}, &why), OK, "%s", why.code);
    return m;
}

static Fmr1Reading read_run(const Run *run, const Fmr1Model *m)
{
    Fmr1Reading r;
    fmr1_read(&r, m, &run->evidence, &run->traces[0]);
    return r;
}

static const char *text(const char *given)
{
    return given == NULL ? "" : given;
}

static long category(double repeats)
{
    return repeats < 45 ? 0 : repeats < 55 ? 1 : repeats < 201 ? 2 : 3;
}

/* In the kit's window, at least a tenth of the highest there, and no stutter: no peak up to 7 bp longer is more than twice as high. */
static size_t alleles_of(const TraceDye *dye, double *sizes, bool *doubtful)
{
    double top = 0;
    size_t n = 0;
    *doubtful = false;
    for (size_t i = 0; i < dye->n; i++)
        if (dye->peaks[i].size >= 240 && dye->peaks[i].size <= 595 && dye->peaks[i].height > top)
            top = dye->peaks[i].height;
    for (size_t i = 0; i < dye->n; i++) {
        const TracePeak *p = &dye->peaks[i];
        bool stutter = false;
        for (size_t k = 0; k < dye->n; k++) {
            const double before = dye->peaks[k].size - p->size;
            if (before > 0 && before <= 7 && p->height < 0.5 * dye->peaks[k].height) stutter = true;
        }
        if (p->size < 240 || p->size > 595 || p->height < 0.1 * top || stutter) continue;
        if (n == FMR1_MOST_ALLELES) {
            *doubtful = true;
            break;
        }
        if ((p->marks & (PEAK_OFF_SCALE | PEAK_PULL_UP | PEAK_SHAPE)) != 0) *doubtful = true;
        sizes[n++] = p->size;
    }
    return n;
}

Test(fmr1_rules, alleles_by_their_definition)
{
    const Fmr1Model *m = model(KIT, CONTROLS);
    size_t doubtful = 0, full = 0, beyond = 0, near = 0;
    for (int turn = 0; turn < 3000; turn++) {
        Run run = *run_of();
        for (size_t i = 0; i < TRACES; i++)
            run.traces[i].dye[1].peaks = run.peaks[i];
        run.evidence.traces = run.traces;
        calibrated(&run);
        double at = 225, sizes[FMR1_MOST_ALLELES];
        const int most = turn % (PEAKS + 1);
        for (int k = 0; k < most; k++) {
            at += (double)chance(16) * (turn % 3 == 0 ? 4 : 0.5) + 0.5;
            const double height = 100 * (1 + chance(16));
            put(&run.traces[0], at, height, chance(64) == 0 ? (unsigned)(1 << (k % 4)) : 0);
        }
        bool due_doubtful;
        const size_t due = alleles_of(&run.traces[0].dye[1], sizes, &due_doubtful);
        const Fmr1Reading r = read_run(&run, m);
        cr_assert_null(r.fault, "%s", text(r.fault));
        cr_assert_eq(r.n_alleles, due, "turn %d: %zu, not %zu", turn, r.n_alleles, due);
        cr_assert_eq(r.doubtful, due_doubtful, "turn %d", turn);
        doubtful += r.doubtful;
        full += due == FMR1_MOST_ALLELES;
        for (size_t i = 0; i < due; i++) {
            const Fmr1Allele *a = &r.alleles[i];
            const double repeats = round((sizes[i] - 250) / 3), told = repeats > 63 ? 60 : repeats;
            cr_expect(a->size == sizes[i] && a->repeats == told && a->beyond == (repeats > 63),
                      "%g bp: %g", a->size, a->repeats);
            cr_expect(a->low == floor(told * 0.95 + 0.5) && a->high == floor(told * 1.05 + 0.5));
            cr_expect(a->category == category(told), "%g: %ld", told, a->category);
            cr_expect_eq(a->near,
                         category(a->low) != category(told) || category(a->high) != category(told),
                         "%g", told);
            beyond += a->beyond;
            near += a->near;
        }
    }
    cr_expect(doubtful > 100 && full > 100 && beyond > 100 && near > 100, "%zu %zu %zu %zu",
              doubtful, full, beyond, near);
}

/* Least squares by the sums of the textbook; the largest distance from the line counts in repeats, and on the limit it is good. */
Test(fmr1_rules, the_line_through_the_controls)
{
    static const double known[] = {20, 31, 44, 60, 118};
    for (int round = 0; round < 200; round++) {
        double sizes[5], n = 5, x = 0, y = 0, xx = 0, xy = 0, worst = 0;
        for (int i = 0; i < 5; i++) {
            sizes[i] = 240 + 2.8 * known[i] + chance(16) / 4.0;
            x += known[i], y += sizes[i], xx += known[i] * known[i], xy += known[i] * sizes[i];
        }
        const double slope = (n * xy - x * y) / (n * xx - x * x), offset = (y - slope * x) / n;
        for (int i = 0; i < 5; i++)
            worst = fmax(worst, fabs((sizes[i] - offset) / slope - known[i]));
        for (int wide = 0; wide < 2; wide++) {
            const char *kit = arena_print(arena, "k\t2\t240\t595\t0.1\t7\t0.5\t5\t%.9f\tno\ts\n",
                                          worst + (wide ? 1e-6 : -1e-6));
            const Fmr1Model *m = model(kit, "k\tA\t20|31\ts\nk\tB\t44\ts\nk\tC\t60|118\ts\n");
            Run *run = run_of();
            control(&run->traces[3], "A", 2, sizes);
            control(&run->traces[1], "C", 2, sizes + 3);
            control(&run->traces[6], "B", 1, sizes + 2);
            const Fmr1Reading r = read_run(run, m);
            cr_expect_float_eq(r.slope, slope, 1e-9);
            cr_expect_float_eq(r.offset, offset, 1e-7);
            cr_expect_float_eq(r.residual, worst, 1e-7);
            cr_expect(r.shortest == 20 && r.longest == 118);
            cr_expect_str_eq(text(r.fault), wide ? "" : "fmr1_calibration");
        }
    }
}

/* What else lies in the run, and what it does to it. */
Test(fmr1_rules, runs_and_their_faults)
{
    enum {
        NOTHING,
        FEW,
        FALLING,
        LEVEL,
        BLANK,
        BLANK_PEAK,
        BLANK_BELOW,
        BLANK_FAULT,
        BLANK_ELSEWHERE,
        CONTROL_FAULT,
        OTHER_KIT,
        OTHER_RUN,
        UNKNOWN,
        SHORT_ONE,
        ONE_MORE,
        DOUBTFUL,
        OTHERS_FAULT,
        SAMPLES_FAULT,
        OWN_KIT
    };
    static const struct {
        int change;
        bool blank; /* the kit asks for one */
        const char *fault;
    } rows[] = {
        {NOTHING, false, ""},
        {NOTHING, true, "fmr1_blank"},
        {FEW, false, "fmr1_few_controls"},
        {FALLING, false, "fmr1_calibration"},
        {LEVEL, false, "fmr1_calibration"},
        {BLANK, true, ""},
        {BLANK_PEAK, true, "fmr1_blank"},
        {BLANK_PEAK, false, "fmr1_blank"},
        {BLANK_BELOW, true, ""}, /* outside the window */
        {BLANK_FAULT, true, "fmr1_blank"},
        {BLANK_FAULT, false, "fmr1_blank"},
        {BLANK_ELSEWHERE, true, "fmr1_blank"},
        {CONTROL_FAULT, false, "fmr1_control"},
        {OTHER_KIT, false, "fmr1_few_controls"},
        {OTHER_RUN, false, "fmr1_few_controls"},
        {UNKNOWN, false, "fmr1_control"},
        {SHORT_ONE, false, "fmr1_control"},
        {ONE_MORE, false, "fmr1_control"},
        {DOUBTFUL, false, "fmr1_control"},
        {OTHERS_FAULT, false, ""}, /* a ladder's */
        {SAMPLES_FAULT, false, ""},
        {OWN_KIT, false, "fmr1_kit_unknown"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Run *run = run_of();
        Trace *t = run->traces;
        calibrated(run);
        if (rows[i].change >= BLANK && rows[i].change <= BLANK_ELSEWHERE) t[5].role = TRACE_BLANK;
        switch (rows[i].change) {
        case FEW:
            t[2].role = TRACE_LADDER;
            break;
        case FALLING:
            control(&t[2], "B", 1, (double[]){250});
            break;
        case LEVEL:
            control(&t[1], "A", 2, (double[]){430, 430});
            break;
        case BLANK_PEAK:
            put(&t[5], 300, 20, 0);
            break;
        case BLANK_BELOW:
            put(&t[5], 239, 2000, 0);
            break;
        case BLANK_FAULT:
            t[5].fault = "ladder.few";
            break;
        case BLANK_ELSEWHERE:
            t[5].run = "S";
            break;
        case CONTROL_FAULT:
            t[1].fault = "ladder.few";
            break;
        case OTHER_KIT:
            t[1].kit = "l";
            break;
        case OTHER_RUN:
            t[2].run = "S";
            break;
        case UNKNOWN:
            t[1].material = "C";
            break;
        case SHORT_ONE:
            t[1].dye[1].n = 1;
            break;
        case ONE_MORE:
            put(&t[2], 500, 1000, 0);
            break;
        case DOUBTFUL:
            t[1].dye[1].peaks[1].marks = PEAK_SHAPE;
            break;
        case OTHERS_FAULT:
            t[6].fault = "ladder.few";
            break;
        case SAMPLES_FAULT:
            t[0].fault = "ladder.few";
            break;
        case OWN_KIT:
            t[0].kit = "l";
            break;
        default:
            break;
        }
        put(&t[0], 340, 500, 0);
        const Fmr1Reading r =
            read_run(run, model(rows[i].blank ? "k\t2\t240\t595\t0.1\t7\t0.5\t3\t1\tyes\ts\n" : KIT,
                                CONTROLS));
        cr_expect_str_eq(text(r.fault), rows[i].fault, "row %zu: %s", i, text(r.fault));
        cr_expect_eq(r.n_alleles, rows[i].fault[0] == '\0' ? 1U : 0U, "row %zu", i);
        cr_expect_eq(r.kit == NULL, rows[i].change == OWN_KIT);
    }
}
