/* What is told of a sample of cell-free DNA: samples made from the panel's own expectation, so that nothing stands in them but what the row puts there. The
 * numbers in the rows are those of reference/nipt/settings.tsv and rules.tsv, on both sides. */
#include "broken_table.h"
#include "findings_text.h"
#include "lab/assays/assay.h"
#include "lab/assays/nipt.h"
#include "lab/assays/serum_risk.h"
#include "lab/stats.h"
#include "pipeline/release.h"
#include "watched.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static Arena *arena;
static Reference *reference;
static NiptPanel *panel;

static void set_up(void)
{
    Note why = {.code = ""};
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s", why.code);
    const NiptModel *m = reference_model(reference, "nipt");
    cr_assert_eq(m->n_panels, 1U);
    panel = (NiptPanel *)m->panels[0];
    panel->length_line = NULL; /* the fraction of a row is told by the share of short pairs alone */
    panel->fraction_line = NULL;
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(nipt_assay, .init = set_up, .fini = tear_down);

/* One sample: copies of a chromosome, or of a part of one, over two; what else differs from a good one. */
typedef struct Row {
    int chrom;
    double dose; /* 0 = as expected */
    double from_mb, to_mb;
    double reads;    /* 0 = 8 million */
    double fraction; /* 0 = 10 per cent; below 0 = no pairs were measured */
    const char *facts;
    double duplicates, ambiguous; /* shares */
} Row;

#define GOOD_FACTS "gestation_days=100 plurality=1 weight_kg=60"

static Bins *bins_of(const Row *row)
{
    const double reads = row->reads > 0 ? row->reads : 8e6,
                 fraction = row->fraction > 0 ? row->fraction : 0.1;
    Bins *b = bins_new(panel->build, panel->bin_size, true, true, arena);
    b->paired = panel->paired;
    b->instrument = panel->instrument;
    b->aligner = panel->aligner;
    b->protocol = panel->protocol;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (uint32_t i = panel->bin_first[chrom]; i < panel->bin_first[chrom + 1]; i++) {
            const double mb = (double)(i - panel->bin_first[chrom]) * panel->bin_size / 1e6;
            const bool hit = row->dose > 0 && chrom == row->chrom &&
                             (row->to_mb <= 0 || (mb >= row->from_mb && mb < row->to_mb));
            b->reads[i] = (uint32_t)lround((double)panel->share[i] * reads * (hit ? row->dose : 1));
            b->gc[i] = (uint32_t)lround(b->reads[i] * (double)panel->gc[i]);
        }
    b->shorts = NULL;
    const double pairs = 4e6, ratio = (fraction - panel->size_base) / panel->size_slope;
    if (row->fraction >= 0) {
        b->lengths[120] = (uint32_t)lround(pairs * ratio);
        b->lengths[180] = (uint32_t)lround(pairs * (1 - ratio));
    }
    b->examined = 10000000;
    b->duplicates = (uint64_t)llround(row->duplicates * 1e7);
    b->ambiguous = (uint64_t)llround(row->ambiguous * 1e7);
    return b;
}

/* "gestation_days=90@2026-05-01 plurality=1" */
static size_t facts_of(Fact *out, const char *text)
{
    char *copy = arena_copy(arena, text), *save = NULL;
    size_t n = 0;
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        char *value = strchr(word, '='), *at = strchr(word, '@');
        *value++ = '\0';
        Fact *f = &out[n++];
        *f = (Fact){.owner = SUBJECT_WOMAN,
                    .code = word,
                    .value = value,
                    .number = strtod(value, NULL),
                    .unit = "",
                    .time = INSTANT_NONE};
        if (at == NULL) continue;
        *at = '\0';
        cr_assert(instant_parse(&f->time, at + 1, 480));
    }
    return n;
}

static Sample sample_of(const Row *row)
{
    Sample s = {.id = "S1",
                .case_id = "C1",
                .person = "P1",
                .assay = "nipt",
                .subject = SUBJECT_FETUS_A,
                .fetal = true,
                .material = MATERIAL_PLASMA};
    cr_assert(instant_parse(&s.collected, "2026-06-01", 480));
    s.evidence.bins = bins_of(row);
    return s;
}

static Findings judge(const Sample *s, const char *facts)
{
    Fact *f = arena_alloc(arena, 8 * sizeof *f);
    Case c = {.id = "C1",
              .offset_minutes = 480,
              .samples = samples_of(s, 1, arena),
              .n_samples = 1,
              .facts = f};
    c.n_facts = facts_of(f, facts ? facts : GOOD_FACTS);
    Findings out = {.arena = arena};
    Note why;
    cr_assert_eq(assay_find("nipt")->interpret(&out, &c, reference, arena, &why), OK);
    return out;
}

static const Finding *find(const Findings *f, const char *code, const char *item)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, code) == 0 &&
            (item == NULL || strcmp(f->items[i].item, item) == 0))
            return &f->items[i];
    return NULL;
}

static size_t count(const Findings *f, const char *code, const char *detail)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += strcmp(f->items[i].code, code) == 0 &&
             (detail == NULL || strcmp(f->items[i].detail, detail) == 0);
    return n;
}

static void expect(const Finding *f, Answer answer, const char *detail, const char *what)
{
    cr_expect(f != NULL, "%s: not told", what);
    if (f != NULL)
        cr_expect(f->answer == answer && strcmp(f->detail, detail) == 0, "%s: %s %s", what,
                  answer_code(f->answer), f->detail);
}

static void expect_number(const Finding *f, double value, double within, const char *what)
{
    cr_expect(f != NULL && f->has_value && f->answer == ANSWER_MEASURED &&
                  fabs(f->value - value) <= within && strcmp(f->unit, "1") == 0,
              "%s: %g", what, f ? f->value : NAN);
}

Test(nipt_assay, a_euploid_sample_with_all_that_is_asked)
{
    const Row row = {0};
    const Sample s = sample_of(&row);
    const Findings f = judge(&s, NULL);
    static const char *const items[] = {"T13", "T18", "T21"};
    for (size_t i = 0; i < 3; i++) {
        const Finding *t = find(&f, "nipt.trisomy", items[i]);
        expect(t, ANSWER_NEGATIVE, "nipt_within", items[i]);
        cr_expect(t->has_value && fabs(t->value) < 2, "%g", t->value);
        cr_expect(fabs(t->value * 100 - round(t->value * 100)) < 1e-9, "two places");
        cr_expect_str_eq(t->sample, "S1");
        cr_expect_str_eq(t->table, "nipt/panel");
        cr_expect_str_eq(t->row, panel->id);
        cr_expect(t->example && !t->unverified);
        cr_expect_eq(t->subject, SUBJECT_FETUS_A);
        const Finding *least = find(&f, "nipt.detectable", items[i]);
        cr_expect(least && least->value > 0 && least->value < 0.04);
        cr_expect_str_eq(least->detail, "nipt_power_95");
    }
    cr_expect_eq(count(&f, "nipt.trisomy", NULL), 3U);
    expect(find(&f, "nipt.segments", "GRCh38"), ANSWER_NEGATIVE, "nipt_none_found", "segments");
    expect_number(find(&f, "nipt.fraction", ""), 0.1, 0.0011, "fraction");
    cr_expect_str_eq(find(&f, "nipt.fraction", "")->detail, "nipt_by_length");
    expect_number(find(&f, "nipt.fraction_low", ""), 0.1 - 1.96 * panel->size_sd, 0.002, "low");
    expect_number(find(&f, "nipt.fraction_high", ""), 0.1 + 1.96 * panel->size_sd, 0.002, "high");
    expect_number(find(&f, "nipt.reads", ""), 8, 0.2, "million reads");
    const Finding *size = find(&f, "nipt.segment_size", "");
    cr_expect(size && size->answer == ANSWER_MEASURED && size->value > 1 && size->value < 80);
    expect(find(&f, "nipt.scope", ""), ANSWER_NOT_ASSESSED, "nipt_scope", "sex chromosomes");
    cr_expect_eq(count(&f, "nipt.quality", NULL), 0U);
    cr_expect_eq(count(&f, "nipt.ppv", NULL), 0U);
    cr_expect_eq(count(&f, "nipt.implied", NULL), 0U);
}

Test(nipt_assay, a_trisomy_is_told_of_its_chromosome_alone)
{
    static const int targets[] = {13, 18, 21};
    for (size_t k = 0; k < 3; k++) {
        const Row row = {.chrom = targets[k], .dose = 1.05};
        const Sample s = sample_of(&row);
        const Findings f = judge(&s, NULL);
        for (size_t i = 0; i < 3; i++) {
            const char *item = arena_print(arena, "T%d", targets[i]);
            const Finding *t = find(&f, "nipt.trisomy", item);
            expect(t, i == k ? ANSWER_POSITIVE : ANSWER_NEGATIVE,
                   i == k ? "nipt_beyond" : "nipt_within", item);
            cr_expect_eq(t->value > 3, i == k);
            cr_expect_eq(find(&f, "nipt.implied", item) != NULL, i == k, "%s", item);
            cr_expect_eq(find(&f, "nipt.ppv", item) != NULL, i == k, "%s", item);
        }
        const Finding *implied = find(&f, "nipt.implied", NULL);
        expect_number(implied, 0.1, 0.01, "implied fraction");
        cr_expect_str_eq(implied->detail, "");
        /* a whole chromosome is no segment */
        expect(find(&f, "nipt.segments", "GRCh38"), ANSWER_NEGATIVE, "nipt_none_found", "segments");
    }
    /* a trisomy that implies less than what was measured is not of the whole fetus */
    const Row part = {.chrom = 21, .dose = 1.05, .fraction = 0.25};
    const Sample s = sample_of(&part);
    const Findings f = judge(&s, NULL);
    cr_expect_str_eq(find(&f, "nipt.implied", "T21")->detail, "nipt_implied_less");
}

/* What a positive is worth: Bayes with the published rates and the risk by her age at delivery (day 280). */
Test(nipt_assay, predictive_value_follows_age)
{
    static const struct {
        const char *birth;
        int days;
        const char *prior;
    } rows[] = {
        {"2001-06-01", 97, "first"},   {"2001-06-01", 98, "second"}, {"1983-06-01", 97, "first"},
        {"1983-06-01", 120, "second"}, {"1990-11-15", 90, "first"},
    };
    const SerumModel *serum = reference_model(reference, "serum");
    Date taken;
    cr_assert(date_parse(&taken, "2026-06-01"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        Date born;
        cr_assert(date_parse(&born, rows[i].birth));
        const double age = (taken - born + 280 - rows[i].days) / 365.25,
                     p = serum_prior(serum_find_prior(serum, rows[i].prior), age),
                     due = p * 0.99 / (p * 0.99 + (1 - p) * 0.0008);
        const Row row = {.chrom = 21, .dose = 1.05};
        const Sample s = sample_of(&row);
        const Findings f = judge(&s, arena_print(arena,
                                                 "birth_date=%s gestation_days=%d plurality=1 "
                                                 "weight_kg=60",
                                                 rows[i].birth, rows[i].days));
        const Finding *v = find(&f, "nipt.ppv", "T21");
        expect(v, ANSWER_MEASURED, "nipt_by_age", rows[i].birth);
        expect_number(v, due, 0.00051, rows[i].birth);
        cr_expect_str_eq(v->table, "nipt/performance");
        cr_expect_str_eq(v->row, "T21");
        cr_expect(v->unverified);
    }
    /* no sourced prior for the other two; nothing without her age, or without a gestation */
    const Row t18 = {.chrom = 18, .dose = 1.05}, t21 = {.chrom = 21, .dose = 1.05};
    Sample s = sample_of(&t18);
    Findings f = judge(&s, GOOD_FACTS " birth_date=1990-01-01");
    expect(find(&f, "nipt.ppv", "T18"), ANSWER_NOT_ASSESSED, "nipt_no_prior", "T18");
    s = sample_of(&t21);
    f = judge(&s, GOOD_FACTS);
    expect(find(&f, "nipt.ppv", "T21"), ANSWER_NOT_ASSESSED, "nipt_no_age", "age");
    f = judge(&s, "birth_date=1990-01-01 plurality=1 weight_kg=60");
    expect(find(&f, "nipt.ppv", "T21"), ANSWER_NOT_ASSESSED, "nipt_no_age", "gestation");
}

/* What forbids a negative lets a positive through; what stops a sample withholds both, and shows no z. */
Test(nipt_assay, rules_on_both_sides)
{
    static const struct {
        Row row;
        Answer negative; /* told of T13 and of segments */
        const char *detail;
        bool stops;
    } rows[] = {
        {{.facts = "gestation_days=84 plurality=1 weight_kg=60"}, ANSWER_NEGATIVE, NULL, false},
        {{.facts = "gestation_days=83 plurality=1 weight_kg=60"},
         ANSWER_NOT_ASSESSED,
         "nipt_gestation",
         false},
        {{.facts = "gestation_days=160 plurality=1 weight_kg=60"}, ANSWER_NEGATIVE, NULL, false},
        {{.facts = "gestation_days=161 plurality=1 weight_kg=60"},
         ANSWER_NOT_ASSESSED,
         "nipt_gestation",
         false},
        {{.facts = "gestation_days=74@2026-05-22 plurality=1 weight_kg=60"},
         ANSWER_NEGATIVE,
         NULL,
         false},
        {{.facts = "gestation_days=73@2026-05-22 plurality=1 weight_kg=60"},
         ANSWER_NOT_ASSESSED,
         "nipt_gestation",
         false},
        {{.facts = "gestation_days=170@2026-06-11 plurality=1 weight_kg=60"},
         ANSWER_NEGATIVE,
         NULL,
         false},
        {{.facts = "plurality=1 weight_kg=60"}, ANSWER_MISSING, "nipt_gestation_missing", false},
        {{.facts = "gestation_days=100 plurality=2 weight_kg=60"},
         ANSWER_NOT_ASSESSED,
         "nipt_twins",
         false},
        {{.facts = "gestation_days=100 weight_kg=60"},
         ANSWER_MISSING,
         "nipt_plurality_missing",
         false},
        {{.facts = "gestation_days=100 plurality=1"}, ANSWER_MISSING, "nipt_weight_missing", false},
        {{.fraction = 0.036}, ANSWER_NEGATIVE, NULL, false},
        {{.fraction = 0.034}, ANSWER_NOT_ASSESSED, "nipt_low_fraction", false},
        {{.fraction = -1}, ANSWER_NOT_ASSESSED, "nipt_no_fraction", false},
        {{.duplicates = 0.4}, ANSWER_NEGATIVE, NULL, false},
        {{.duplicates = 0.41}, ANSWER_INVALID, "nipt_duplicates", true},
        {{.ambiguous = 0.3}, ANSWER_NEGATIVE, NULL, false},
        {{.ambiguous = 0.31}, ANSWER_INVALID, "nipt_ambiguous", true},
        {{.reads = 2.4e6}, ANSWER_FAILED, "nipt_few_reads", true},
        {{.chrom = 13, .dose = 0.95}, ANSWER_INVALID, "nipt_low_z", true},
        {{.chrom = 18, .dose = 0.95}, ANSWER_INVALID, "nipt_low_z", true},
        {{.chrom = 21, .dose = 0.95}, ANSWER_INVALID, "nipt_low_z", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *what = arena_print(arena, "row %zu", i);
        Sample s = sample_of(&rows[i].row);
        Findings f = judge(&s, rows[i].row.facts);
        const char *within = rows[i].detail ? rows[i].detail : "nipt_within";
        const Finding *t13 = find(&f, "nipt.trisomy", "T13");
        expect(t13, rows[i].negative, within, what);
        cr_expect_eq(t13->has_value, rows[i].detail == NULL, "%s", what);
        cr_expect_eq(find(&f, "nipt.detectable", "T13") != NULL, rows[i].detail == NULL, "%s",
                     what);
        expect(find(&f, "nipt.segments", "GRCh38"), rows[i].negative,
               rows[i].detail ? rows[i].detail : "nipt_none_found", what);
        cr_expect_eq(find(&f, "nipt.segment_size", NULL) != NULL, !rows[i].stops, "%s", what);
        cr_expect_eq(count(&f, "nipt.quality", rows[i].detail ? rows[i].detail : "none"),
                     rows[i].detail ? 1U : 0U, "%s", what);
        if (rows[i].row.dose > 0) continue;
        Row positive = rows[i].row;
        positive.chrom = 21;
        positive.dose = 1.08;
        s = sample_of(&positive);
        f = judge(&s, rows[i].row.facts);
        expect(find(&f, "nipt.trisomy", "T21"), rows[i].stops ? rows[i].negative : ANSWER_POSITIVE,
               rows[i].stops ? rows[i].detail : "nipt_beyond", what);
    }
    const Row none = {.fraction = -1};
    const Sample s = sample_of(&none);
    const Findings f = judge(&s, NULL);
    expect(find(&f, "nipt.fraction", ""), ANSWER_NOT_ASSESSED, "nipt_no_fraction", "fraction");
    cr_expect_null(find(&f, "nipt.fraction_low", NULL));
}

Test(nipt_assay, what_is_not_examined_is_said)
{
    const Row row = {0};
    const Sample good = sample_of(&row);
    Sample samples[4] = {good, good, good, good};
    Bins other = *good.evidence.bins;
    other.instrument = "another";
    samples[0].material = MATERIAL_BLOOD;
    samples[1].evidence.status = BAD_INPUT;
    samples[2].evidence.bins = NULL;
    samples[3].evidence.bins = &other;
    static const struct {
        Answer answer;
        const char *detail;
    } due[] = {{ANSWER_REFUSED, "nipt_not_plasma"},
               {ANSWER_REFUSED, "evidence_unusable"},
               {ANSWER_MISSING, "nipt_no_reads"},
               {ANSWER_NOT_ASSESSED, "nipt_no_panel"}};
    for (size_t i = 0; i < 4; i++) {
        const Findings f = judge(&samples[i], NULL);
        cr_expect_eq(f.n, 5U, "row %zu: %zu", i, f.n);
        cr_expect_eq(count(&f, "nipt.trisomy", due[i].detail), 3U, "row %zu", i);
        expect(find(&f, "nipt.trisomy", "T18"), due[i].answer, due[i].detail, "T18");
        expect(find(&f, "nipt.segments", ""), due[i].answer, due[i].detail, "segments");
        expect(find(&f, "nipt.scope", ""), ANSWER_NOT_ASSESSED, "nipt_scope", "scope");
    }
    Sample foreign = good;
    foreign.assay = "serum";
    cr_expect_eq(judge(&foreign, NULL).n, 0U);
}

/* Another autosome beyond its limit is a matter of quality; parts of autosomes are told from five million bases on. */
Test(nipt_assay, other_autosomes_and_parts_of_them)
{
    const Row whole = {.chrom = 5, .dose = 1.05};
    Sample s = sample_of(&whole);
    Findings f = judge(&s, NULL);
    expect(find(&f, "nipt.quality", ""), ANSWER_POSSIBLE, "nipt_other_autosomes", "chromosome 5");
    cr_expect_str_eq(find(&f, "nipt.quality", "")->table, "nipt/rules");
    cr_expect_str_eq(find(&f, "nipt.quality", "")->row, "N15");
    expect(find(&f, "nipt.trisomy", "T21"), ANSWER_NEGATIVE, "nipt_within", "T21");
    expect(find(&f, "nipt.segments", "GRCh38"), ANSWER_NEGATIVE, "nipt_none_found", "whole");
    static const struct {
        double dose, from, to;
        const char *detail; /* NULL = not told */
    } rows[] = {
        {0.5, 60, 90, "nipt_loss_maternal"},
        {1.5, 60, 90, "nipt_gain_maternal"},
        {0.94, 60, 120, "nipt_loss"},
        {1.06, 60, 120, "nipt_gain"},
        {0.64, 60, 90, "nipt_loss_maternal"},
        {0.66, 60, 90, "nipt_loss"},
        {1.36, 60, 90, "nipt_gain_maternal"},
        {1.34, 60, 90, "nipt_gain"},
        {1.5, 60, 64, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Row row = {
            .chrom = 4, .dose = rows[i].dose, .from_mb = rows[i].from, .to_mb = rows[i].to};
        s = sample_of(&row);
        f = judge(&s, NULL);
        cr_expect_eq(count(&f, "nipt.segment", NULL), rows[i].detail ? 1U : 0U, "row %zu", i);
        cr_expect_eq(count(&f, "nipt.segments", NULL), rows[i].detail ? 0U : 1U, "row %zu", i);
        if (rows[i].detail == NULL) continue;
        const Finding *g = find(&f, "nipt.segment", NULL);
        expect(g, ANSWER_POSSIBLE, rows[i].detail, arena_print(arena, "row %zu", i));
        cr_expect(fabs(g->value - rows[i].dose) < 0.02, "row %zu: %g", i, g->value);
        int chrom = 0;
        double from = 0, to = 0;
        cr_expect_eq(sscanf(g->item, "chr%d:%lf-%lf Mb GRCh38", &chrom, &from, &to), 3, "%s",
                     g->item);
        cr_expect(chrom == 4 && fabs(from - rows[i].from) < 1.1 && fabs(to - rows[i].to) < 1.1,
                  "row %zu: %s", i, g->item);
    }
}

Test(nipt_assay, a_sample_that_was_stopped_is_not_drawn)
{
    static const struct {
        Row row;
        size_t figures;
    } rows[] = {
        {{0}, 2}, {{.chrom = 21, .dose = 1.05}, 2}, {{.fraction = 0.02}, 2}, {{.reads = 2e6}, 0}};
    for (size_t i = 0; i <= COUNT(rows); i++) {
        Sample s = sample_of(&rows[i % COUNT(rows)].row);
        if (i == COUNT(rows)) s.evidence.bins = NULL;
        const Case c = {
            .id = "C1", .offset_minutes = 480, .samples = samples_of(&s, 1, arena), .n_samples = 1};
        Figures figures = {.arena = arena};
        assay_find("nipt")->draw(&figures, &c, reference, arena);
        cr_expect_eq(figures.n, i == COUNT(rows) ? 0U : rows[i].figures, "row %zu: %zu", i,
                     figures.n);
    }
}

/* ---- compared whole ---- */

static double to(double value, double steps)
{
    return round(value * steps) / steps;
}

/* The lines about one chromosome, from its score and what the rules allow. */
static const char *target_lines(int chrom, const NiptScore *s, const char *held, double birth)
{
    const char *item = arena_print(arena, "T%d", chrom);
    const char *on = arena_print(arena, "nipt/panel:%s!", panel->id);
    if (s->z <= 3 && held != NULL)
        return arena_print(arena, "S1|nipt.trisomy|%s|%s||%s\n", item, held, on);
    const char *text = arena_print(arena,
                                   "S1|nipt.trisomy|%s|%s|%.6g 1|%s\n"
                                   "S1|nipt.detectable|%s|measured|nipt_power_95|%.6g 1|%s\n",
                                   item, s->z > 3 ? "positive|nipt_beyond" : "negative|nipt_within",
                                   to(s->z, 100), on, item, to(s->detectable, 10000), on);
    if (s->z <= 3) return text;
    text = arena_print(arena, "%sS1|nipt.implied|%s|measured||%.6g 1|%s\n", text, item,
                       to(s->implied, 10000), on);
    return birth < 0 ? arena_print(arena, "%sS1|nipt.ppv|%s|not_assessed|nipt_no_age||%s\n", text,
                                   item, on)
                     : text;
}

Test(nipt_assay, all_findings_of_a_sample)
{
    static const struct {
        Row row;
        const char *held, *rule; /* what withholds negatives: "answer|detail", and its row */
    } rows[] = {{{0}, NULL, NULL},
                {{.chrom = 21, .dose = 1.05}, NULL, NULL},
                {{.chrom = 13, .dose = 1.04, .reads = 6.4e6}, NULL, NULL},
                {{.chrom = 18, .dose = 1.05, .facts = "gestation_days=83 plurality=1 weight_kg=60"},
                 "not_assessed|nipt_gestation",
                 "N10"},
                {{.fraction = 0.0333}, "not_assessed|nipt_low_fraction", "N8"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Sample s = sample_of(&rows[i].row);
        const Bins *b = s.evidence.bins;
        const NiptProfile *p = nipt_profile(panel, b, arena);
        const NiptFraction part = nipt_fraction(panel, p, b);
        const double limit = nipt_scan_limit(panel, 0.01), power = normal_quantile(0.95);
        const char *text = "", *on = arena_print(arena, "nipt/panel:%s!", panel->id);
        static const int chroms[] = {13, 18, 21};
        for (size_t k = 0; k < 3; k++) {
            const NiptScore score = nipt_score(panel, p, chroms[k], 3, power);
            text =
                arena_print(arena, "%s%s", text, target_lines(chroms[k], &score, rows[i].held, -1));
        }
        text =
            arena_print(arena,
                        "%sS1|nipt.segments|GRCh38|%s||%s\n"
                        "S1|nipt.segment_size||measured|nipt_at_ten_percent|%.6g 1|%s\n"
                        "S1|nipt.fraction||measured|nipt_by_length|%.6g 1|%s\n"
                        "S1|nipt.fraction_low||measured|nipt_interval_95|%.6g 1|%s\n"
                        "S1|nipt.fraction_high||measured|nipt_interval_95|%.6g 1|%s\n",
                        text, rows[i].held ? rows[i].held : "negative|nipt_none_found", on,
                        to(nipt_segment_size(panel, p, 0.1, limit, power) / 1e6, 10), on,
                        to(part.value, 1000), on, to(part.low, 1000), on, to(part.high, 1000), on);
        if (rows[i].rule != NULL)
            text = arena_print(arena, "%sS1|nipt.quality||%s||nipt/rules:%s!\n", text, rows[i].held,
                               rows[i].rule);
        text = arena_print(arena,
                           "%sS1|nipt.reads||measured|nipt_millions|%.6g 1|%s\n"
                           "S1|nipt.scope||not_assessed|nipt_scope||%s\n",
                           text, to(p->reads / 1e6, 100), on, on);
        const Findings f = judge(&s, rows[i].row.facts);
        cr_expect_str_eq(findings_text(&f, arena), text, "row %zu\n%s\nnot\n%s", i,
                         findings_text(&f, arena), text);
    }
}

/* A day of her age moves the predictive value: of consecutive days of birth each has its own. */
Test(nipt_assay, every_day_of_her_age_counts)
{
    const SerumModel *serum = reference_model(reference, "serum");
    const SerumPrior *prior = serum_find_prior(serum, "second");
    const Row row = {.chrom = 21, .dose = 1.05};
    const Sample s = sample_of(&row);
    Date taken;
    cr_assert(date_parse(&taken, "2026-06-01"));
    for (Date born = date_from(1988, 3, 1); born < date_from(1988, 3, 15); born++) {
        char day[DATE_TEXT];
        date_print(day, born);
        const double age = (taken - born + 280 - 100) / 365.25, p = serum_prior(prior, age);
        const Findings f = judge(&s, arena_print(arena, GOOD_FACTS " birth_date=%s", day));
        const Finding *v = find(&f, "nipt.ppv", "T21");
        cr_assert_not_null(v);
        cr_expect_eq(v->value, to(p * 0.99 / (p * 0.99 + (1 - p) * 0.0008), 1000), "%s", day);
    }
}

/* A negative needs a fraction that this very sample could have shown: above the limits of fraction and power, and yet too little. */
Test(nipt_assay, a_fraction_below_what_the_sample_can_show)
{
    static const double fractions[] = {0.036, 0.045};
    double detectable = 0;
    for (size_t i = 0; i < 2; i++) {
        const Row row = {.reads = 4.4e6, .fraction = fractions[i]};
        const Sample s = sample_of(&row);
        const NiptProfile *p = nipt_profile(panel, s.evidence.bins, arena);
        static const int chroms[] = {13, 18, 21};
        for (size_t k = 0; k < 3; k++)
            detectable = fmax(detectable,
                              nipt_score(panel, p, chroms[k], 3, normal_quantile(0.95)).detectable);
        cr_assert(detectable > 0.0365 && detectable < 0.04, "%g", detectable);
        const Findings f = judge(&s, NULL);
        expect(find(&f, "nipt.trisomy", "T18"), i == 0 ? ANSWER_NOT_ASSESSED : ANSWER_NEGATIVE,
               i == 0 ? "nipt_low_fraction" : "nipt_within", "T18");
    }
}

/* A part is told from the least size on: that size is inside. */
Test(nipt_assay, the_least_size_of_a_part)
{
    NiptModel *m = (NiptModel *)reference_model(reference, "nipt");
    const Row row = {.chrom = 4, .dose = 1.5, .from_mb = 60, .to_mb = 90};
    const Sample s = sample_of(&row);
    NiptSegment *found;
    const size_t n = nipt_segments(&found, panel, nipt_profile(panel, s.evidence.bins, arena),
                                   s.evidence.bins, nipt_scan_limit(panel, 0.01), arena);
    cr_assert_eq(n, 1U);
    for (int more = 0; more < 2; more++) {
        m->settings.segment_least = (double)(found->end - found->start) + more;
        const Findings f = judge(&s, NULL);
        cr_expect_eq(count(&f, "nipt.segment", NULL), more ? 0U : 1U);
        if (more) continue;
        const Finding *g = find(&f, "nipt.segment", NULL);
        cr_expect_str_eq(g->item,
                         arena_print(arena, "chr4:%.2f-%.2f Mb GRCh38",
                                     (double)(found->start - 1) / 1e6, (double)found->end / 1e6));
        cr_expect_eq(g->value, to(found->ratio, 1000));
    }
}

/* Every setting must be there and a number; bins have a size, chances lie between 0 and 1: the key at fault is named. */
Test(nipt_assay, settings_are_checked_when_the_release_opens)
{
    static const struct {
        const char *key, *value;
        bool good;
    } rows[] = {{"bins.size", "4999", false},    {"bins.size", "5000", true},
                {"bins.size", "5000001", false}, {"power", "0", false},
                {"power", "1", false},           {"power", "0.999", true},
                {"family_error", "0", false},    {"family_error", "1", false},
                {"family_error", "0.5", true},   {"bins.size", "", false},
                {"bins.least_mapq", "", false},  {"bins.short_most", "x", false},
                {"z_limit", "", false},          {"z_low", "", false},
                {"z_other", "", false},          {"segment_least", "", false},
                {"maternal_gap", "", false},     {"origin_z", "", false},
                {"power_fraction", "", false}};
    const Table *t = reference_table(reference, "nipt/settings");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const void *model;
        Note why = {.code = ""};
        const Reference *r =
            reference_but(reference, "nipt/settings", (size_t)table_find(t, rows[i].key), "value",
                          rows[i].value, arena);
        const Status s = assay_find("nipt")->prepare(&model, r, arena, &why);
        cr_expect_eq(s, rows[i].good ? OK : BAD_INPUT, "row %zu", i);
        if (s == OK) continue;
        cr_expect_str_eq(why.code, "nipt.settings");
        cr_expect_str_eq(why.field, rows[i].key);
    }
}
