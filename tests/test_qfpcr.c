/* QF-PCR: what a marker's peaks mean, what a run's controls are worth, what a sample's markers say together; and a few whole
 * simulated pregnancies. The large numbers are tests/validate/qfpcr.sh. */
#include "lab/assays/assay.h"
#include "lab/assays/qfpcr_run.h"
#include "pipeline/release.h"
#include "qfpcr_simulation.h"

#include <criterion/criterion.h>

static const char KIT[] = "example-qfpcr";

static Reference *reference(Arena *a)
{
    Reference *r = NULL;
    Note why = {0};
    cr_assert_eq(release_open(&r, "reference", true, a, &why), OK, "%s %s", why.code, why.field);
    return r;
}

/* ---- one marker: D21S11, dye 1, 220 to 270 bp, repeat 4; peaks as size, height, area / 12 ---- */

typedef struct Spot {
    double size, height, area;
    unsigned marks;
} Spot;

static const struct {
    const char *class;
    Spot spots[5];
} markers[] = {
    {"unusable", {{0, 0, 0, 0}}},
    {"homozygous", {{232, 3000, 3000, 0}}},
    {"homozygous", {{232, 3000, 3000, 0}, {228, 250, 250, 0}}}, /* stutter */
    {"foreign", {{232, 3000, 3000, 0}, {228, 600, 600, 0}}},    /* too high for one */
    {"foreign", {{232, 3000, 3000, 0}, {244, 300, 300, 0}}},
    {"homozygous", {{232, 3000, 3000, 0}, {244, 300, 300, PEAK_PULL_UP}}},
    {"homozygous", {{232, 3000, 3000, 0}, {244, 40, 40, 0}}}, /* noise */
    {"normal", {{232, 3000, 3000, 0}, {252, 2800, 2800, 0}}},
    {"normal", {{232, 2000, 2000, 0}, {252, 2400, 2400, 0}}},
    {"between", {{232, 2000, 2000, 0}, {252, 2700, 2700, 0}}},
    {"trisomic", {{232, 4000, 4000, 0}, {252, 2000, 2000, 0}}},
    {"trisomic", {{232, 2000, 2000, 0}, {252, 4000, 4000, 0}}},
    {"between", {{232, 3300, 3300, 0}, {252, 2000, 2000, 0}}},
    {"between", {{232, 3000, 3000, 0}, {252, 2000, 3000, 0}}}, /* height and area disagree */
    {"unusable", {{232, 3000, 3000, PEAK_OFF_SCALE}, {252, 3000, 3000, 0}}},
    {"unusable", {{232, 3000, 3000, 0}, {252, 3000, 3000, PEAK_PULL_UP}}},
    {"unusable", {{232, 3000, 3000, PEAK_SHAPE}, {252, 3000, 3000, 0}}},
    {"unusable", {{232, 200, 200, 0}, {252, 200, 200, 0}}}, /* too low */
    {"trisomic", {{232, 3000, 3000, 0}, {244, 2900, 2900, 0}, {260, 2800, 2800, 0}}},
    {"foreign", {{232, 3000, 3000, 0}, {244, 2900, 2900, 0}, {260, 1300, 1300, 0}}},
    {"foreign",
     {{226, 3000, 3000, 0}, {238, 2900, 2900, 0}, {250, 2900, 2900, 0}, {262, 2900, 2900, 0}}},
    {"normal", {{232, 3000, 3000, 0}, {252, 2800, 2800, 0}, {300, 9000, 9000, 0}}}, /* outside */
    /* The longer allele's stutter stands on the shorter one: without it they are equal. */
    {"normal", {{248, 3960, 3960, 0}, {252, 2800, 2800, 0}}},
};

static void read_spots(MarkerReading *out, const Spot *spots, size_t n, const Reference *r,
                       Arena *a)
{
    TracePeak peaks[5];
    Trace t = {.role = TRACE_SAMPLE, .kit = KIT, .fault = ""};
    QfpcrLimits limits;
    QfpcrKit kit;
    Markers *m = arena_alloc(a, sizeof *m);
    cr_assert_eq(qfpcr_limits(&limits, r, NULL), OK);
    cr_assert(qfpcr_kit(&kit, r, KIT));
    cr_assert_eq(markers_find(m, r, KIT, a, NULL), OK);
    for (size_t i = 0; i < n && spots[i].size > 0; i++)
        peaks[t.dye[0].n++] =
            (TracePeak){spots[i].size, spots[i].height, spots[i].area * 12, 6, spots[i].marks};
    t.dye[0].peaks = peaks;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->items[i].name, "D21S11") == 0)
            qfpcr_read_marker(out, &limits, &kit, &m->items[i], &t, r);
}

Test(qfpcr, a_marker_gets_its_class)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        MarkerReading x = {.class = "not found"};
        read_spots(&x, markers[i].spots, 5, r, a);
        cr_expect_str_eq(x.class, markers[i].class, "row %zu: %s", i, x.class);
    }
    arena_free(a);
}

/* ---- decisions ---- */

static const struct {
    const char *table, *values[6], *output, *expected;
} decisions[] = {
    {"qfpcr/chromosome", {"2", "0", "0", "0", "straight"}, "verdict", "normal"},
    {"qfpcr/chromosome", {"2", "0", "0", "0", "skewed"}, "verdict", "intermediate"},
    {"qfpcr/chromosome", {"4", "0", "1", "0", "skewed"}, "verdict", "intermediate"},
    {"qfpcr/chromosome", {"1", "0", "0", "0", "skewed"}, "verdict", "too_few"},
    {"qfpcr/chromosome", {"0", "2", "0", "0", "skewed"}, "verdict", "trisomy"},
    {"qfpcr/chromosome", {"1", "0", "0", "0", "straight"}, "verdict", "too_few"},
    {"qfpcr/chromosome", {"5", "0", "0", "1", "straight"}, "verdict", "foreign"},
    {"qfpcr/chromosome", {"2", "0", "1", "0", "straight"}, "verdict", "too_few"},
    {"qfpcr/chromosome", {"4", "0", "1", "0", "straight"}, "verdict", "normal"},
    {"qfpcr/chromosome", {"4", "1", "0", "0", "straight"}, "verdict", "single"},
    {"qfpcr/chromosome", {"3", "2", "0", "0", "straight"}, "verdict", "discordant"},
    {"qfpcr/chromosome", {"0", "2", "0", "0", "straight"}, "verdict", "trisomy"},
    {"qfpcr/chromosome", {"0", "1", "0", "0", "straight"}, "verdict", "too_few"},
    {"qfpcr/chromosome", {"2", "0", "2", "0", "straight"}, "verdict", "intermediate"},
    {"qfpcr/sample", {"", "0", "0", "0", "3", "0"}, "pattern", "none"},
    {"qfpcr/sample", {"", "0", "0", "1", "2", "0"}, "pattern", "single"},
    {"qfpcr/sample", {"", "0", "0", "1", "0", "0"}, "pattern", "several"},
    {"qfpcr/sample", {"", "0", "0", "3", "0", "0"}, "pattern", "triploidy"},
    {"qfpcr/sample", {"", "1", "1", "0", "3", "0"}, "pattern", "foreign_once"},
    {"qfpcr/sample", {"consistent", "4", "3", "0", "0", "0"}, "pattern", "contamination"},
    {"qfpcr/sample", {"consistent", "4", "1", "0", "2", "0"}, "pattern", "mosaic"},
    {"qfpcr/sample", {"mismatch", "0", "0", "0", "3", "0"}, "pattern", "not_mother"},
    {"qfpcr/sample", {"identical", "0", "0", "0", "3", "0"}, "pattern", "all_maternal"},
    {"qfpcr/verdict", {"none", "normal"}, "answer", "negative"},
    {"qfpcr/verdict", {"single", "trisomy"}, "answer", "positive"},
    {"qfpcr/verdict", {"contamination", "normal"}, "answer", "invalid"},
    {"qfpcr/verdict", {"mosaic", "normal"}, "answer", "not_assessed"},
    {"qfpcr/verdict", {"foreign_once", "normal"}, "answer", "not_assessed"},
    {"qfpcr/verdict", {"triploidy", "normal"}, "answer", "possible"},
};

Test(qfpcr, tables_speak_as_meant)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        const Rules *rules = reference_rules(r, decisions[i].table);
        cr_assert_not_null(rules, "%s", decisions[i].table);
        cr_expect_str_eq(
            decide_output(rules, decide(rules, decisions[i].values), decisions[i].output),
            decisions[i].expected, "row %zu", i);
    }
    arena_free(a);
}

/* "Normal" has one source: two tables' rows, and nothing foreign, contaminated or failed among them. */
Test(qfpcr, normal_is_told_by_one_row)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    const Table *t = reference_table(r, "qfpcr/verdict");
    for (size_t i = 0; i < t->n_rows; i++)
        if (strcmp(table_get(t, i, "out:answer"), "negative") == 0) {
            cr_expect_str_eq(table_get(t, i, "in:pattern"), "none|single");
            cr_expect_str_eq(table_get(t, i, "in:verdict"), "normal");
        }
    arena_free(a);
}

/* ---- whole samples through the assay ---- */

typedef struct Lab {
    Arena *arena;
    Reference *reference;
    Markers markers;
    Kit kit;
} Lab;

static Lab lab_open(void)
{
    Lab l = {.arena = arena_new(NULL)};
    l.reference = reference(l.arena);
    cr_assert_eq(markers_find(&l.markers, l.reference, KIT, l.arena, NULL), OK);
    cr_assert_eq(kit_find(&l.kit, l.reference, KIT, "", l.arena, NULL), OK);
    return l;
}

static Trace finish(const Lab *l, Tube *t, TraceRole role, bool fetal)
{
    Sized run;
    Trace trace;
    Note why = {0};
    Channels c = tube_channels(t, "");
    cr_assert_eq(markers_size(&run, &l->markers, &l->kit, &c, fetal, l->arena, &why), OK, "%s",
                 why.code);
    markers_trace(&trace, &l->markers, &run, fetal, role == TRACE_SAMPLE, l->arena);
    trace.role = role;
    trace.kit = KIT;
    trace.material = role == TRACE_CONTROL ? "DEMO-DNA" : "";
    tube_free(t);
    return trace;
}

static Trace control(const Lab *l, bool male)
{
    Tube t;
    control_tube(&t, 5, &l->markers, &l->kit, reference_table(l->reference, "qfpcr/controls"),
                 male);
    return finish(l, &t, TRACE_CONTROL, true);
}

static Trace blank(const Lab *l)
{
    Tube t;
    blank_tube(&t, 6, &l->kit);
    return finish(l, &t, TRACE_BLANK, true);
}

/* Answers of 13, 18, 21 as one text; detail of 21 in *detail. */
static const char *answers(const Lab *l, Trace *traces, size_t n, const Trace *hers,
                           const char **detail)
{
    Sample samples[2] = {{.id = "S1", .subject = SUBJECT_FETUS_A, .assay = "qfpcr", .fetal = true},
                         {.id = "S2", .subject = SUBJECT_WOMAN, .assay = "qfpcr"}};
    Trace mother[3];
    Case c = {.id = "C1", .samples = samples, .n_samples = hers ? 2 : 1};
    Findings found = {.arena = l->arena};
    const char *text = "";
    Note why = {0};
    samples[0].evidence = (Evidence){.traces = traces, .n_traces = n};
    if (hers) {
        mother[0] = *hers;
        mother[1] = control(l, false);
        mother[2] = blank(l);
        samples[1].evidence = (Evidence){.traces = mother, .n_traces = 3};
    }
    cr_assert_eq(assay_find("qfpcr")->interpret(&found, &c, l->reference, l->arena, &why), OK, "%s",
                 why.code);
    for (size_t i = 0; i < found.n; i++)
        if (strcmp(found.items[i].code, "qfpcr.chromosome") == 0) {
            text = arena_print(l->arena, "%s%s%s", text, *text ? " " : "",
                               answer_code(found.items[i].answer));
            *detail = found.items[i].detail;
        }
    return text;
}

static const struct {
    Pregnancy p;
    bool with_mother;
    const char *answers, *detail;
} samples[] = {
    {{.seed = 1}, false, "negative negative negative", "qfpcr_normal"},
    {{.seed = 2, .male = true}, true, "negative negative negative", "qfpcr_normal"},
    {{.seed = 3, .trisomy = 21}, false, "negative negative positive", "qfpcr_trisomy"},
    {{.seed = 4, .trisomy = 18}, true, "negative positive negative", "qfpcr_normal"},
    {{.seed = 5, .trisomy = 13}, false, "positive negative negative", "qfpcr_normal"},
    {{.seed = 6, .triploid = true}, false, "possible possible possible", "qfpcr_triploidy"},
    {{.seed = 7, .maternal = 0.1}, true, "invalid invalid invalid", "qfpcr_contamination"},
    {{.seed = 8, .maternal = 0.3}, false, "invalid invalid invalid", "qfpcr_contamination"},
    {{.seed = 9, .maternal = 1}, true, "invalid invalid invalid", "qfpcr_all_maternal"},
    {{.seed = 10, .wrong_mother = true}, true, "refused refused refused", "qfpcr_not_mother"},
};

Test(qfpcr, pregnancies_are_answered)
{
    Lab l = lab_open();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        Tube fetus, mother;
        const char *detail = "";
        pregnancy_tube(&fetus, &samples[i].p, &l.markers, &l.kit);
        mother_tube(&mother, &samples[i].p, &l.markers, &l.kit);
        Trace traces[3] = {finish(&l, &fetus, TRACE_SAMPLE, true), control(&l, i % 2), blank(&l)};
        Trace hers = finish(&l, &mother, TRACE_SAMPLE, false);
        cr_expect_str_eq(answers(&l, traces, 3, samples[i].with_mother ? &hers : NULL, &detail),
                         samples[i].answers, "row %zu: %s", i, detail);
        cr_expect_str_eq(detail, samples[i].detail, "row %zu", i);
    }
    arena_free(l.arena);
}

/* Without its controls the best of samples tells nothing. */
Test(qfpcr, a_run_without_good_controls_fails)
{
    static const struct {
        bool control, blank;
        const char *fault, *detail;
    } runs[] = {{false, true, "", "qfpcr_no_control"},
                {true, false, "", "qfpcr_no_blank"},
                {true, true, "ladder.few", "qfpcr_control_unread"}};
    Lab l = lab_open();
    Pregnancy p = {.seed = 1};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        Tube t;
        const char *detail = "";
        pregnancy_tube(&t, &p, &l.markers, &l.kit);
        Trace traces[3] = {finish(&l, &t, TRACE_SAMPLE, true)};
        size_t n = 1;
        if (runs[i].control) traces[n++] = control(&l, false);
        if (runs[i].control) traces[n - 1].fault = runs[i].fault;
        if (runs[i].blank) traces[n++] = blank(&l);
        cr_expect_str_eq(answers(&l, traces, n, NULL, &detail), "failed failed failed", "row %zu",
                         i);
        cr_expect_str_eq(detail, runs[i].detail, "row %zu", i);
    }
    Tube one, two;
    const char *detail = "";
    pregnancy_tube(&one, &p, &l.markers, &l.kit);
    pregnancy_tube(&two, &p, &l.markers, &l.kit);
    Trace traces[3] = {finish(&l, &one, TRACE_SAMPLE, true), finish(&l, &two, TRACE_CONTROL, true),
                       blank(&l)};
    (void)answers(&l, traces, 3, NULL, &detail);
    cr_expect_str_eq(detail, "qfpcr_control_wrong", "a sample in the control's well: %s", detail);
    traces[1] = control(&l, false);
    traces[2] = control(&l, false);
    traces[2].role = TRACE_BLANK;
    (void)answers(&l, traces, 3, NULL, &detail);
    cr_expect_str_eq(detail, "qfpcr_blank_peaks");
    arena_free(l.arena);
}

/* Windows of sex markers are neither named nor drawn: the curve has its gaps exactly there. */
Test(qfpcr, pictures_hold_no_sex_marker)
{
    Lab l = lab_open();
    Tube t;
    Pregnancy p = {.seed = 2, .male = true};
    pregnancy_tube(&t, &p, &l.markers, &l.kit);
    Trace traces[3] = {finish(&l, &t, TRACE_SAMPLE, true), control(&l, false), blank(&l)};
    Sample s = {.id = "S1",
                .subject = SUBJECT_FETUS_A,
                .assay = "qfpcr",
                .fetal = true,
                .evidence = {.traces = traces, .n_traces = 3}};
    Case c = {.id = "C1", .samples = &s, .n_samples = 1};
    Figures figures = {.arena = l.arena};
    assay_find("qfpcr")->draw(&figures, &c, l.reference, l.arena);
    cr_assert_eq(figures.n, 7, "dosage, five dyes, ladder: %zu", figures.n);
    for (size_t i = 0; i < figures.n; i++) {
        const Figure *f = &figures.items[i];
        for (size_t k = 0; k < f->n_bands; k++)
            for (size_t m = 0; m < l.markers.n; m++)
                cr_expect_not(l.markers.items[m].sex &&
                              strcmp(l.markers.items[m].name, f->bands[k].label) == 0);
        for (size_t k = 0; k < f->n_curves; k++)
            for (size_t x = 0; x < f->curves[k].n; x++) {
                const double bp = f->curves[k].x0 + f->curves[k].step * (double)x;
                cr_expect_eq(isnan(f->curves[k].y[x]) != 0, markers_sealed(&l.markers, bp),
                             "figure %zu at %g bp", i, bp);
            }
    }
    arena_free(l.arena);
}

/* Each finding names the table it rests on, with that table's version and standing, and is stamped when the kit is an example. */
Test(qfpcr, findings_rest_on_tables)
{
    Lab l = lab_open();
    Tube t;
    Pregnancy p = {.seed = 1};
    pregnancy_tube(&t, &p, &l.markers, &l.kit);
    Trace traces[3] = {finish(&l, &t, TRACE_SAMPLE, true), control(&l, false), blank(&l)};
    const Sample s = {.id = "S1",
                      .subject = SUBJECT_FETUS_A,
                      .assay = "qfpcr",
                      .fetal = true,
                      .evidence = {.traces = traces, .n_traces = 3}};
    const Case c = {.id = "C1", .samples = &s, .n_samples = 1};
    Findings found = {.arena = l.arena};
    Note why = {0};
    cr_assert_eq(assay_find("qfpcr")->interpret(&found, &c, l.reference, l.arena, &why), OK);
    cr_assert_gt(found.n, 3U);
    for (size_t i = 0; i < found.n; i++) {
        const Finding *f = &found.items[i];
        const Table *table = reference_table(l.reference, f->table);
        cr_assert_not_null(table, "%s: %s", f->code, f->table);
        cr_expect_str_eq(f->version, table->info.version, "%s", f->code);
        cr_expect_eq(f->unverified, strcmp(table->info.status, "unverified") == 0, "%s", f->code);
        cr_expect(f->example && f->fetal && f->subject == SUBJECT_FETUS_A, "%s", f->code);
        cr_expect_str_eq(f->sample, "S1");
        cr_expect_str_eq(f->assay, "qfpcr");
    }
    arena_free(l.arena);
}
