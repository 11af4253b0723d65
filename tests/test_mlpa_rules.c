/* MLPA of traces that stand here: quotients, copies and regions computed a second time, and every check at its limit. */
#include "arena_suite.h"
#include "chance.h"
#include "mlpa_tables.h"

#include <math.h>
#include <stdlib.h>

ARENA_SUITE(mlpa_rules);

/* ---- a run ---- */

enum { PROBES_N = 14, TRACES = 7, PEAKS = PROBES_N + 4 };
enum { Q1, Q2, D1, D2, B, A1, R1, B1, R2, A2, R3, C1, R4, R5 };

static size_t
    first_row; /* of MLPA_PROBES; those before it stand at the end, so that a target or a reference may be the first or last */

/* Where a probe stands. */
static size_t at(size_t probe)
{
    return (probe + PROBES_N - first_row) % PROBES_N;
}

static const MlpaModel *model(const char *kit, const char *patterns)
{
    const char *rest = MLPA_PROBES;
    for (size_t i = 0; i < first_row; i++)
        rest = strchr(rest, '\n') + 1;
    const MlpaTexts texts = {
        kit, arena_print(arena, "%s%.*s", rest, (int)(rest - MLPA_PROBES), MLPA_PROBES), MLPA_BANDS,
        patterns};
    const MlpaModel *m;
    Note why = {0};
    cr_assert_eq(mlpa_model(&m, &texts, MLPA_PANEL, arena, &why), OK, "%s", why.code);
    return m;
}

typedef struct Run {
    Sample sample;
    Trace traces[TRACES];
    TracePeak peaks[TRACES][PEAKS];
} Run;

static bool is_measured(const MlpaProbe *p)
{
    return p->role == MLPA_TARGET || p->role == MLPA_REFERENCE;
}

/* One peak a probe, in the middle of its window: good fragments of control, then heights that fall with length and scatter. */
static void shoot(Trace *t, const MlpaKit *kit, double scatter)
{
    const double level = 500 + 2000 * chance_part(), slope = 0.01 * (chance_part() - 0.5);
    t->dye[0].n = PROBES_N;
    for (size_t i = 0; i < PROBES_N; i++) {
        const MlpaProbe *p = &kit->probes[i];
        const double height = p->role == MLPA_Q ? 0.1 * level
                              : !is_measured(p) ? level
                                                : level * (1 + fabs(sin((double)i))) *
                                                      exp(slope * (p->length - 180)) *
                                                      (1 + scatter * (chance_part() - 0.5));
        t->dye[0].peaks[i] = (TracePeak){.size = p->length, .height = height};
    }
}

/* The sample, then a ladder, three reference samples, a silent blank, and one more reference of another run. */
static Run *run_of(const MlpaKit *kit, double scatter)
{
    static const TraceRole roles[TRACES] = {TRACE_SAMPLE,    TRACE_LADDER, TRACE_REFERENCE,
                                            TRACE_REFERENCE, TRACE_BLANK,  TRACE_REFERENCE,
                                            TRACE_REFERENCE};
    Run *run = arena_alloc(arena, sizeof *run);
    for (size_t i = 0; i < TRACES; i++) {
        run->traces[i] = (Trace){.role = roles[i], .kit = "k", .material = "", .fault = ""};
        run->traces[i].run = i == 6 ? "S" : "R";
        run->traces[i].well = "";
        run->traces[i].dye[0].peaks = run->peaks[i];
        if (roles[i] != TRACE_BLANK) shoot(&run->traces[i], kit, scatter);
    }
    run->sample = (Sample){.id = "S", .evidence = {.traces = run->traces, .n_traces = TRACES}};
    return run;
}

static MlpaReading read_run(const Run *run, const MlpaModel *m)
{
    MlpaReading r;
    mlpa_read(&r, m, &run->sample, &run->traces[0], arena);
    return r;
}

static const char *text(const char *given)
{
    return given == NULL ? "" : given;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double middle(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double deviation(const double *x, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i], squares += x[i] * x[i];
    return sqrt(fmax(squares - sum * sum / (double)n, 0) / (double)(n - 1));
}

/* Logarithms of the heights less the mean of the references; peak i is that of probe i. */
static void relative(double out[PROBES_N], const Trace *t, const MlpaKit *kit)
{
    double level = 0, n = 0;
    for (size_t i = 0; i < PROBES_N; i++) {
        out[i] = log(t->dye[0].peaks[i].height);
        if (kit->probes[i].role == MLPA_REFERENCE) level += out[i], n++;
    }
    for (size_t i = 0; i < PROBES_N; i++)
        out[i] -= level / n;
}

/* Against the mean of the three reference samples, less the line of medians through the reference probes. */
static void quotients(double out[PROBES_N], const Run *run, const MlpaKit *kit, size_t trace)
{
    static const size_t references[] = {2, 3, 5};
    const size_t probes[] = {at(R1), at(R2), at(R3), at(R4), at(R5)};
    double v[PROBES_N], slopes[10], heights[5];
    size_t pairs = 0;
    relative(v, &run->traces[trace], kit);
    for (size_t r = 0; r < 3; r++) {
        double other[PROBES_N];
        relative(other, &run->traces[references[r]], kit);
        for (size_t i = 0; i < PROBES_N; i++)
            v[i] -= other[i] / 3;
    }
    for (size_t a = 0; a < 5; a++)
        for (size_t b = 0; b < a; b++)
            slopes[pairs++] = (v[probes[a]] - v[probes[b]]) /
                              (kit->probes[probes[a]].length - kit->probes[probes[b]].length);
    const double slope = middle(slopes, pairs);
    for (size_t a = 0; a < 5; a++)
        heights[a] = v[probes[a]] - slope * kit->probes[probes[a]].length;
    const double height = middle(heights, 5);
    for (size_t i = 0; i < PROBES_N; i++)
        out[i] = exp(v[i] - height - slope * kit->probes[i].length);
}

static double worst_of(const Run *run, const MlpaKit *kit)
{
    static const size_t references[] = {2, 3, 5};
    double q[3][PROBES_N], worst = 0;
    for (size_t r = 0; r < 3; r++)
        quotients(q[r], run, kit, references[r]);
    for (size_t i = 0; i < PROBES_N; i++)
        if (is_measured(&kit->probes[i]))
            worst = fmax(worst, deviation((double[]){q[0][i], q[1][i], q[2][i]}, 3));
    return worst;
}

/* The sample's own references without the one that is farthest from 1. */
static double own_of(const double q[PROBES_N])
{
    const size_t probes[] = {at(R1), at(R2), at(R3), at(R4), at(R5)};
    double kept[5], far = 0;
    size_t n = 0;
    for (size_t i = 0; i < 5; i++)
        far = fmax(far, fabs(q[probes[i]] - 1));
    for (size_t i = 0; i < 5; i++)
        if (fabs(q[probes[i]] - 1) < far) kept[n++] = q[probes[i]];
    return deviation(kept, n);
}

static int copies(double q)
{
    return q <= 0.1               ? 0
           : q >= 0.4 && q <= 0.6 ? 1
           : q >= 0.8 && q <= 1.2 ? 2
           : q >= 1.3 && q <= 1.7 ? 3
                                  : MLPA_AMBIGUOUS;
}

Test(mlpa_rules, quotients_copies_and_regions_by_their_definition)
{
    static const size_t firsts[] = {Q1, A1, R1, R5};
    size_t told[4] = {0}, none = 0, patterns[5] = {0};
    for (int turn = 0; turn < 600; turn++) {
        first_row = firsts[turn / 150];
        const MlpaModel *m = model("k\talpha\tHBA\t3\t4\t0.5\t0.3\t0.4\t50\ts\n", MLPA_PATTERNS);
        const MlpaKit *kit = m->kits;
        Run *run = run_of(kit, 0.15);
        for (size_t i = 0; i < PROBES_N; i++)
            if (kit->probes[i].role == MLPA_TARGET)
                run->peaks[0][i].height *=
                    turn % 2 ? 0.5 * (double)(1 + (int)(2 * chance_part())) : 1.6 * chance_part();
        double q[PROBES_N];
        quotients(q, run, kit, 0);
        const MlpaReading r = read_run(run, m);
        cr_assert_null(r.fault, "%s", text(r.fault));
        cr_expect_float_eq(r.worst, worst_of(run, kit), 1e-9);
        cr_assert_eq(r.n_regions, 3U);
        int copied[3];
        for (size_t i = 0; i < PROBES_N; i++) {
            if (!is_measured(&kit->probes[i])) {
                cr_expect(isnan(r.quotients[i]) && r.copies[i] == MLPA_UNREAD);
                continue;
            }
            cr_expect_float_eq(r.quotients[i], q[i], 1e-9, "%s: %g", kit->probes[i].name,
                               r.quotients[i]);
            cr_expect_eq(r.copies[i], copies(q[i]), "%s: %g", kit->probes[i].name, q[i]);
            if (r.copies[i] >= 0) told[r.copies[i]]++;
        }
        copied[0] = copies(q[at(A1)]) == copies(q[at(A2)]) ? copies(q[at(A1)]) : MLPA_AMBIGUOUS;
        copied[1] = copies(q[at(B1)]);
        copied[2] = copies(q[at(C1)]);
        const double means[] = {(q[at(A1)] + q[at(A2)]) / 2, q[at(B1)], q[at(C1)]};
        for (size_t k = 0; k < 3; k++) {
            const size_t region = (size_t)(r.regions[k].name[0] - 'A');
            cr_expect_eq(r.regions[k].copies, copied[region], "region %zu", region);
            cr_expect_float_eq(r.regions[k].quotient, means[region], 1e-9, "region %zu", region);
        }
        const long pattern = copied[0] == 2 && copied[1] == 2 && copied[2] == 2 ? 0
                             : copied[0] == 1 && copied[2] == 2                 ? 2
                             : copied[0] == 1                                   ? 3
                                                                                : -1;
        cr_expect_eq(r.pattern, pattern, "%ld", r.pattern);
        cr_expect_str_eq(text(r.value), pattern < 0    ? ""
                                        : pattern == 0 ? "normal"
                                        : pattern == 2 ? "one"
                                                       : "later");
        cr_expect_str_eq(text(r.code), pattern < 0 ? "" : "code");
        none += pattern < 0;
        patterns[pattern + 1]++;
    }
    cr_expect(told[0] > 20 && told[1] > 50 && told[2] > 50 && told[3] > 20 && none > 50);
    cr_expect(patterns[1] > 5 && patterns[3] > 5 && patterns[4] > 5);
}

/* Scatter of the references, then of the sample, at the kit's limit: below it is good. */
Test(mlpa_rules, scatter_at_its_limit)
{
    size_t spread = 0, noise = 0;
    for (int turn = 0; turn < 60; turn++) {
        first_row = turn % 3 == 0 ? Q1 : turn % 3 == 1 ? A1 : R1;
        const MlpaKit *kit = model(MLPA_KIT, MLPA_PATTERNS)->kits;
        Run *run = run_of(kit, 0.3);
        double q[PROBES_N];
        if (turn % 2) shoot(&run->traces[0], kit, 1);
        quotients(q, run, kit, 0);
        const double worst = worst_of(run, kit), own = own_of(q), limit = fmax(worst, own);
        for (int wide = 0; wide < 2; wide++) {
            const char *row = arena_print(arena, "k\talpha\tHBA\t3\t4\t%.12f\t0.3\t0.4\t50\ts\n",
                                          limit + (wide ? 1e-9 : -1e-9));
            const MlpaReading r = read_run(run, model(row, MLPA_PATTERNS));
            const char *due = wide ? "" : worst > own ? "mlpa_spread" : "mlpa_noise";
            cr_expect_str_eq(text(r.fault), due, "turn %d: %s", turn, text(r.fault));
            cr_expect_eq(r.copies == NULL, !wide);
        }
        *(worst > own ? &spread : &noise) += 1;
    }
    cr_expect(spread > 5 && noise > 5, "%zu %zu", spread, noise);
}

/* Heights of the fragments of control, and peaks that are not to be used; the benchmark is 1000, probes are 900. */
Test(mlpa_rules, checks_at_their_limits)
{
    static const struct {
        int probe, also;
        double height; /* 0 = gone */
        unsigned marks;
        bool fetal;
        const char *fault;
    } rows[] = {
        {Q1, Q1, 300, 0, false, ""},
        {Q1, Q1, 300.1, 0, false, "mlpa_q"},
        {Q2, Q2, 300.1, 0, false, "mlpa_q"},
        {B, B, 333, 0, false, "mlpa_q"},
        {B, B, 0, 0, false, "mlpa_q"},
        {B, Q1, 0, 0, false, "mlpa_q"},
        {D1, D1, 400, 0, false, ""},
        {D1, D1, 399.9, 0, false, "mlpa_d"},
        {D2, D2, 399.9, 0, false, "mlpa_d"},
        {D2, D2, 0, 0, false, "mlpa_d"},
        {A1, A1, 0, 0, false, ""},
        {A1, A1, 900, PEAK_OFF_SCALE, false, "mlpa_saturated"},
        {C1, C1, 900, PEAK_OFF_SCALE, false, "mlpa_saturated"},
        {A1, A1, 900, PEAK_PULL_UP, false, ""},
        {R1, R1, 900, PEAK_SHAPE, false, ""}, /* four are left */
        {R1, R2, 900, PEAK_SHAPE, false, "mlpa_reference_probes"},
        {R1, R1, 0, 0, false, ""},
        {R1, R4, 0, 0, false, "mlpa_reference_probes"},
        {R1, R1, 900, PEAK_PULL_UP, true, "mlpa_reference_probes"}, /* R3 is sealed too */
        {A1, A1, 900, 0, true, ""},
    };
    const MlpaModel *m = model(MLPA_KIT, MLPA_PATTERNS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Run *run = run_of(m->kits, 0);
        for (size_t t = 0; t < TRACES; t++)
            for (size_t k = 0; k < PROBES_N && t != 4; k++)
                run->peaks[t][k].height = k <= Q2 ? 100 : k <= B ? 1000 : 900;
        const int probes[] = {rows[i].probe, rows[i].also};
        for (size_t k = 0; k < 2; k++) {
            run->peaks[0][probes[k]].height = rows[i].height;
            run->peaks[0][probes[k]].marks = rows[i].marks;
        }
        run->sample.fetal = rows[i].fetal;
        const MlpaReading r = read_run(run, m);
        cr_expect_str_eq(text(r.fault), rows[i].fault, "row %zu: %s", i, text(r.fault));
        if (r.fault != NULL) continue;
        const bool lost = rows[i].height == 0 && rows[i].probe == A1,
                   pulled = rows[i].marks == PEAK_PULL_UP && rows[i].probe == A1;
        cr_expect_eq(r.copies[A1], lost ? 0 : pulled ? MLPA_UNREAD : 2, "row %zu", i);
        cr_expect_eq(r.regions[0].copies, lost ? MLPA_AMBIGUOUS : 2, "row %zu", i);
        cr_expect_eq(r.regions[2].copies, rows[i].fetal ? MLPA_UNREAD : 2, "row %zu", i);
        cr_expect_eq(isnan(r.regions[2].quotient), rows[i].fetal, "row %zu", i);
    }
}

/* In a window the highest peak counts, with its marks; both ends are inside. */
Test(mlpa_rules, which_peak_is_the_probes)
{
    static const struct {
        double size, height;
        unsigned marks;
        double quotient; /* of A1, which has 900 at 141; NAN = not to be used */
    } rows[] = {{140, 1800, 0, 2},
                {142, 1800, 0, 2},
                {139.9, 1800, 0, 1},
                {142.1, 1800, 0, 1},
                {140, 450, PEAK_PULL_UP, 1},
                {140, 900, PEAK_PULL_UP, 1},
                {140, 1800, PEAK_PULL_UP, NAN}};
    const MlpaModel *m = model(MLPA_KIT, MLPA_PATTERNS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Run *run = run_of(m->kits, 0);
        for (size_t t = 0; t < TRACES; t++)
            for (size_t k = A1; k < PROBES_N && t != 4; k++)
                run->peaks[t][k].height = 900;
        for (size_t t = 0; t < TRACES; t++)
            for (size_t k = 0; k < A1 && t != 4; k++)
                run->peaks[t][k].height = k <= Q2 ? 100 : 1000;
        run->peaks[0][PROBES_N] =
            (TracePeak){.size = rows[i].size, .height = rows[i].height, .marks = rows[i].marks};
        run->traces[0].dye[0].n++;
        const MlpaReading r = read_run(run, m);
        cr_assert_null(r.fault, "row %zu: %s", i, text(r.fault));
        cr_expect(isnan(rows[i].quotient) ? isnan(r.quotients[A1])
                                          : fabs(r.quotients[A1] - rows[i].quotient) < 1e-9,
                  "row %zu: %g", i, r.quotients[A1]);
    }
}

/* Three reference samples of the run are needed, as good as the sample must be; a blank must be silent. */
Test(mlpa_rules, the_run)
{
    enum {
        NOTHING,
        FAULTY,
        POOR,
        ELSEWHERE,
        BLANK_AT,
        BLANK_OVER,
        BLANK_Q,
        BLANK_FAULTY,
        BLANK_ELSEWHERE,
        BLANK_SEALED,
        OWN
    };
    static const struct {
        int change;
        bool fetal;
        const char *fault;
    } rows[] = {{NOTHING, false, ""},
                {FAULTY, false, "mlpa_few_references"},
                {POOR, false, "mlpa_few_references"},
                {ELSEWHERE, false, "mlpa_few_references"},
                {BLANK_AT, false, ""},
                {BLANK_OVER, false, "mlpa_blank"},
                {BLANK_Q, false, ""}, /* they need no DNA */
                {BLANK_FAULTY, false, ""},
                {BLANK_ELSEWHERE, false, ""},
                {BLANK_SEALED, false, "mlpa_blank"},
                {BLANK_SEALED, true, ""},
                {OWN, false, "mlpa_kit_unknown"}};
    const MlpaModel *m = model(MLPA_KIT, MLPA_PATTERNS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Run *run = run_of(m->kits, 0.02);
        Trace *reference = &run->traces[5], *blank = &run->traces[4];
        const int change = rows[i].change;
        if (change == FAULTY) reference->fault = "ladder.few";
        if (change == POOR) reference->dye[0].peaks[D1].height = 1;
        if (change == ELSEWHERE) reference->kit = "l";
        if (change >= BLANK_AT && change <= BLANK_SEALED) {
            const size_t probe = change == BLANK_Q ? Q1 : change == BLANK_SEALED ? C1 : R5;
            blank->dye[0].n = 1;
            blank->dye[0].peaks[0] = (TracePeak){.size = m->kits[0].probes[probe].length,
                                                 .height = change == BLANK_AT ? 50 : 51};
        }
        if (change == BLANK_FAULTY) blank->fault = "ladder.few";
        if (change == BLANK_ELSEWHERE) blank->run = "S";
        if (change == OWN) run->traces[0].kit = "l";
        run->sample.fetal = rows[i].fetal;
        const MlpaReading r = read_run(run, m);
        cr_expect_str_eq(text(r.fault), rows[i].fault, "row %zu: %s", i, text(r.fault));
        cr_expect(r.kit == (change == OWN ? NULL : m->kits) &&
                  (r.fault == NULL || r.n_regions == 0));
        cr_expect_eq(isnan(r.worst), r.fault != NULL, "row %zu", i);
    }
}

/* ---- for the carrier assay ---- */

/* Each injection of the sample says its code; what failed says "invalid" where the kit's patterns are words, and nothing where they are numbers. */
Test(mlpa_rules, coded_results)
{
    static const char numbers[] = "1\talpha\tA=2\tcopies\t2\t1\tl\tnegative\td\ts\n"
                                  "2\talpha\tA=1\tcopies\t1\t1\tl\tpositive\td\ts\n",
                      others[] = "2\tbeta\tA=1\tcode\tother\t\tl\tnegative\td\ts\n";
    static const struct {
        const char *patterns;
        bool poor, refused;
        const char *value;
        size_t n;
        double number;
    } rows[] = {{MLPA_PATTERNS, false, false, "normal", 2, 0},
                {MLPA_PATTERNS, true, false, "invalid", 2, 0},
                {MLPA_PATTERNS, false, true, NULL, 0, 0},
                {numbers, false, false, NULL, 2, 2},
                {numbers, true, false, NULL, 0, 0},
                {others, false, false, NULL, 0, 0},
                {others, true, false, NULL, 0, 0}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int marked = 0; marked < 2; marked++) {
            const MlpaModel *m = model(MLPA_KIT, rows[i].patterns);
            Run *run = run_of(m->kits, 0.02);
            run->traces[6] = run->traces[0]; /* a second injection */
            run->traces[0].well = "A1";
            run->traces[6].well = "A2";
            m->kits[0].example = marked == 1;
            if (rows[i].poor) run->traces[0].dye[0].peaks[Q1].height = 1e6;
            if (rows[i].refused) run->sample.evidence.status = REFUSED;
            Result *out;
            bool example = false;
            cr_assert_eq(mlpa_results(&out, &example, m, &run->sample, arena), rows[i].n, "row %zu",
                         i);
            cr_expect_eq(example, marked == 1 && rows[i].n > 0, "row %zu", i);
            for (size_t k = 0; k < rows[i].n; k++) {
                cr_expect_str_eq(out[k].code, rows[i].number > 0 ? "copies" : "code");
                cr_expect_str_eq(text(out[k].value), text(rows[i].value), "row %zu", i);
                cr_expect(out[k].number == rows[i].number && out[k].time == INSTANT_NONE);
                cr_expect_str_eq(out[k].unit, rows[i].number > 0 ? "1" : "");
                cr_expect_str_eq(out[k].well, k == 0 ? "A1" : "A2");
                cr_expect(strcmp(out[k].run, "R") == 0 && out[k].specimen[0] == '\0');
            }
        }
}
