/* The arithmetic of NIPT: what a panel learns, what a sample's z means, and what must be refused. */
#include "lab/nipt.h"
#include "lab/stats.h"
#include "tests/nipt_fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static Arena *arena;
static SimGenome *genome;

static void setup(void)
{
    arena = arena_new(NULL);
    genome = fixture_genome(arena);
}

static void teardown(void)
{
    arena_free(arena);
}

TestSuite(nipt, .init = setup, .fini = teardown);

static NiptPanel *panel(void)
{
    Note why = {0};
    NiptPanel *p;
    PanelInput in = fixture_input(genome, 0, arena);
    cr_assert_eq(panel_train(&p, &in, arena, &why), OK, "%s %s", why.code, why.detail);
    return p;
}

static NiptScore score(const NiptPanel *p, SimSample s, int chrom)
{
    s.paired = true;
    return nipt_score(p, nipt_profile(p, sim_bins(genome, &s, arena), arena), chrom, 3, 1.645);
}

Test(nipt, trisomies_are_seen_and_tell_their_fraction)
{
    static const struct {
        int chrom;
        double fraction, mosaic;
    } rows[] = {{21, 0.10, 0}, {18, 0.10, 0}, {13, 0.10, 0}, {21, 0.20, 0.5}};
    NiptPanel *p = panel();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SimSample s = {.seed = 900 + i,
                       .reads = 1e7,
                       .fraction = rows[i].fraction,
                       .trisomy = rows[i].chrom,
                       .mosaic = rows[i].mosaic};
        NiptScore t = score(p, s, rows[i].chrom);
        cr_expect(t.z > 5, "row %zu: z %.2f", i, t.z);
        cr_expect(t.p < 1e-3, "row %zu", i);
        cr_expect(t.implied_low < 0.115 && t.implied_high > 0.085, "row %zu: %.3f..%.3f", i,
                  t.implied_low, t.implied_high);
    }
}

Test(nipt, error_grows_as_the_depth_falls)
{
    NiptPanel *p = panel();
    double last = 0;
    static const double depths[] = {4e7, 1e7, 2.5e6, 6e5};
    for (size_t i = 0; i < 4; i++) {
        NiptScore s =
            score(p, (SimSample){.seed = 40 + i, .reads = depths[i], .fraction = 0.1}, 21);
        double alone = sqrt(1 / (depths[i] * 0.0138));
        cr_expect(s.sd > last, "depth %zu", i);
        cr_expect(s.counting > 0.9 * alone && s.counting < 1.4 * alone,
                  "depth %zu: %.5f against %.5f", i, s.counting, alone);
        cr_expect(fabs(s.detectable - 2 * 4.645 * s.sd) < 1e-9, "depth %zu", i);
        last = s.sd;
    }
}

/* 3 x 200 euploids at the panel's depth and at a quarter of it: the SD of z is 1 within what 600 numbers and 40 samples allow. */
Test(nipt, z_of_euploids_is_standard)
{
    NiptPanel *p = panel();
    static const double depths[] = {5e6, 1.25e6};
    for (size_t d = 0; d < 2; d++) {
        double sum = 0;
        int n = 0;
        for (uint64_t i = 0; i < 200; i++) {
            Arena *own = arena_new(NULL);
            SimSample s = {
                .seed = 5000 + 1000 * d + i, .reads = depths[d], .fraction = 0.1, .paired = true};
            NiptProfile *profile = nipt_profile(p, sim_bins(genome, &s, own), own);
            for (int chrom = 13; chrom <= 21; chrom++) {
                if (!nipt_target(chrom)) continue;
                double z = nipt_score(p, profile, chrom, 3, 1.645).z;
                sum += z * z;
                n++;
            }
            arena_free(own);
        }
        cr_expect(sqrt(sum / n) > 0.8 && sqrt(sum / n) < 1.25, "depth %zu: SD %.3f", d,
                  sqrt(sum / n));
    }
}

Test(nipt, a_panel_survives_its_text)
{
    Note why = {0};
    NiptPanel *p = panel(), *again;
    const char *text = nipt_panel_print(p, arena);
    Table *table;
    TableInfo info = {.name = "nipt/panel",
                      .path = "nipt/panel.tsv",
                      .version = "1",
                      .status = "local",
                      .source = "",
                      .valid_from = "",
                      .sha256 = ""};
    cr_assert_eq(table_parse(&table, &info, text, strlen(text), arena, &why), OK);
    cr_assert_eq(nipt_panel_parse(&again, table, arena, &why), OK, "%s %s", why.code, why.field);
    SimSample s = {.seed = 77, .reads = 5e6, .fraction = 0.1, .trisomy = 18};
    cr_expect(fabs(score(p, s, 18).z - score(again, s, 18).z) < 0.02);
    cr_expect(strcmp(nipt_panel_print(again, arena), text) == 0, "text of the text differs");
    /* A row taken away, one at a time, is named. */
    for (size_t r = 0; r < table->n_rows; r++) {
        const char *key = table->cells[2 * r];
        if (strcmp(key, "gc") == 0 || strcmp(key, "size") == 0 || strcmp(key, "shorts") == 0)
            continue;
        const char *start = strstr(text, arena_print(arena, "\n%s\t", key)) + 1,
                   *rest = strchr(start, '\n') + 1;
        const char *cut = arena_print(arena, "%.*s%s", (int)(start - text), text, rest);
        cr_assert_eq(table_parse(&table, &info, cut, strlen(cut), arena, &why), OK);
        cr_expect_eq(nipt_panel_parse(&again, table, arena, &why), BAD_INPUT, "without %s", key);
        cr_expect_str_eq(why.field, key);
        cr_assert_eq(table_parse(&table, &info, text, strlen(text), arena, &why), OK);
    }
}

Test(nipt, the_same_samples_give_the_same_panel)
{
    const char *first = nipt_panel_print(panel(), arena);
    cr_expect(strcmp(first, nipt_panel_print(panel(), arena)) == 0);
}

Test(nipt, panels_that_must_be_refused)
{
    Note why = {0};
    NiptPanel *p;
    PanelInput in = fixture_input(genome, 21, arena);
    cr_expect_eq(panel_train(&p, &in, arena, &why), REFUSED);
    cr_expect_str_eq(why.code, "panel.outlier");
    cr_expect(strstr(why.detail, "E39 chr21") != NULL, "%s", why.detail);

    in = fixture_input(genome, 0, arena);
    PanelSample *samples = arena_alloc(arena, in.n * sizeof *samples);
    memcpy(samples, in.samples, in.n * sizeof *samples);
    samples[5].bins = samples[2].bins;
    in.samples = samples;
    cr_expect_eq(panel_train(&p, &in, arena, &why), REFUSED);
    cr_expect_str_eq(why.code, "panel.twice");

    SimGenome *other = sim_genome(BUILD_GRCH37, FIXTURE_BIN, 3, arena);
    samples[5].bins = sim_bins(other, &(SimSample){.seed = 1, .reads = 1e6, .paired = true}, arena);
    cr_expect_eq(panel_train(&p, &in, arena, &why), REFUSED);
    cr_expect_str_eq(why.code, "panel.mixed");
    cr_expect_str_eq(why.field, "build");

    in.n = 29;
    cr_expect_eq(panel_train(&p, &in, arena, &why), REFUSED);
    cr_expect_str_eq(why.code, "panel.few");
}

/* Labels change the model of the fetal fraction and nothing else: not a listing, not a count. */
Test(nipt, labels_are_told_nowhere)
{
    Note why;
    NiptPanel *with = panel(), *without;
    PanelInput in = fixture_input(genome, 0, arena);
    PanelSample *samples = arena_alloc(arena, in.n * sizeof *samples);
    memcpy(samples, in.samples, in.n * sizeof *samples);
    for (size_t i = 0; i < in.n; i++)
        samples[i].fraction = NAN;
    in.samples = samples;
    cr_assert_eq(panel_train(&without, &in, arena, &why), OK);
    cr_expect(with->has_size);
    cr_expect_not(without->has_size);
    cr_expect(with->length_line != NULL);
    cr_expect(without->length_line == NULL);
    with->has_size = false;
    with->length_line = NULL;
    cr_expect(strcmp(nipt_panel_print(with, arena), nipt_panel_print(without, arena)) == 0);
}

Test(nipt, fetal_fraction_has_an_interval_that_holds_it)
{
    NiptPanel *p = panel();
    int held = 0;
    for (uint64_t i = 0; i < 40; i++) {
        SimSample s = {
            .seed = 300 + i, .reads = 5e6, .fraction = 0.03 + 0.005 * (double)i, .paired = true};
        Bins *b = sim_bins(genome, &s, arena);
        NiptFraction f = nipt_fraction(p, nipt_profile(p, b, arena), b);
        cr_assert(f.estimated);
        held += f.low <= s.fraction && s.fraction <= f.high;
    }
    cr_expect(held >= 35, "%d of 40 intervals hold the truth", held);
    SimSample s = {.seed = 9, .reads = 5e6, .fraction = 0.1};
    Bins *single = sim_bins(genome, &s, arena);
    cr_expect_not(nipt_fraction(p, nipt_profile(p, single, arena), single).estimated);
}

/* Libraries whose mothers' fragments are more or less broken: the whole profile errs less than the share of short pairs. A profile that
 * contradicts that share is not believed, and the lower of the two is told. */
Test(nipt, a_profile_of_lengths_errs_less_and_must_agree)
{
    NiptPanel *p = panel();
    NiptPanel brief = *p;
    brief.length_line = NULL;
    double whole_square = 0, brief_square = 0;
    for (uint64_t i = 0; i < 40; i++) {
        SimSample s = {.seed = 700 + i, .reads = 5e6, .fraction = 0.05, .paired = true};
        Bins *b = sim_bins(genome, &s, arena);
        NiptProfile *profile = nipt_profile(p, b, arena);
        whole_square += pow(nipt_fraction(p, profile, b).value - 0.05, 2);
        brief_square += pow(nipt_fraction(&brief, profile, b).value - 0.05, 2);
    }
    cr_expect(whole_square < 0.5 * brief_square, "%.3f and %.3f points",
              100 * sqrt(whole_square / 40), 100 * sqrt(brief_square / 40));
    SimSample s = {.seed = 750, .reads = 5e6, .fraction = 0.05, .paired = true};
    Bins *b = sim_bins(genome, &s, arena);
    NiptProfile *profile = nipt_profile(p, b, arena);
    NiptFraction due = nipt_fraction(&brief, profile, b);
    p->length_base += 0.2;
    NiptFraction high = nipt_fraction(p, profile, b);
    cr_expect(fabs(high.value - due.value) < 1e-12 && high.high >= due.high - 1e-12);
    p->length_base -= 0.4;
    cr_expect_eq(nipt_fraction(p, profile, b).value, 0);
}

Test(nipt, segments)
{
    NiptPanel *p = panel();
    static const struct {
        int chrom, copies;
        double start, end, fraction;
        bool maternal;
    } rows[] = {{5, 1, 20e6, 60e6, 0.25, false},
                {2, 3, 100e6, 150e6, 0.25, false},
                {4, 1, 30e6, 40e6, 0.1, true},
                {8, 3, 60e6, 70e6, 0.1, true}};
    double limit = nipt_scan_limit(p, 0.01);
    cr_expect(limit > 4 && limit < 6, "%.2f", limit);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SimSample s = {.seed = 800 + i,
                       .reads = 1e7,
                       .fraction = rows[i].fraction,
                       .cnv_chrom = rows[i].chrom,
                       .cnv_start = (int64_t)rows[i].start,
                       .cnv_end = (int64_t)rows[i].end,
                       .cnv_copies = rows[i].copies,
                       .cnv_maternal = rows[i].maternal,
                       .paired = true};
        Bins *b = sim_bins(genome, &s, arena);
        NiptSegment *found;
        size_t n = nipt_segments(&found, p, nipt_profile(p, b, arena), b, limit, arena);
        cr_assert_eq(n, 1, "row %zu: %zu", i, n);
        cr_expect_eq(found->chrom, rows[i].chrom, "row %zu", i);
        cr_expect(fabs((double)found->start - rows[i].start) < 4e6, "row %zu: start %.1f", i,
                  (double)found->start / 1e6);
        cr_expect(fabs((double)found->end - rows[i].end) < 4e6, "row %zu: end %.1f", i,
                  (double)found->end / 1e6);
        cr_expect((found->ratio > 1) == (rows[i].copies == 3), "row %zu", i);
        double gap = fmin(fabs(found->ratio - 0.5), fabs(found->ratio - 1.5));
        cr_expect((gap < 0.15) == rows[i].maternal, "row %zu: ratio %.2f", i, found->ratio);
        NiptFraction f = nipt_fraction(p, nipt_profile(p, b, arena), b);
        cr_expect_eq(nipt_origin(p, &f, found, 3),
                     rows[i].maternal ? ORIGIN_MATERNAL : ORIGIN_FETAL,
                     "row %zu: shift %.3f +- %.3f", i, found->shift, found->shift_sd);
        /* Nobody knows without lengths, without a fraction, or when the limit is out of reach. */
        cr_expect_eq(nipt_origin(p, &f, found, 1e6), ORIGIN_OPEN);
        f.estimated = false;
        cr_expect_eq(nipt_origin(p, &f, found, 3), ORIGIN_OPEN);
        b->shorts = NULL;
        cr_assert_eq(nipt_segments(&found, p, nipt_profile(p, b, arena), b, limit, arena), 1);
        cr_expect(isnan(found->shift));
    }
}

Test(nipt, a_sample_of_another_kind_fits_no_panel)
{
    NiptPanel *p = panel();
    SimSample s = {.seed = 1, .reads = 1e6, .paired = true};
    Bins *b = sim_bins(genome, &s, arena);
    cr_expect(nipt_matches(p, b));
    Bins other = *b;
    other.instrument = "another";
    cr_expect_not(nipt_matches(p, &other));
    other = *b;
    other.size = 50000;
    cr_expect_not(nipt_matches(p, &other));
    other = *b;
    other.paired = false;
    cr_expect_not(nipt_matches(p, &other));
    other = *b;
    other.build = BUILD_GRCH37;
    cr_expect_not(nipt_matches(p, &other));
}

/* No reads, one read, all reads in one bin: figures stay figures. */
Test(nipt, empty_and_absurd_samples)
{
    NiptPanel *p = panel();
    for (uint32_t reads = 0; reads < 3; reads++) {
        Bins *b = bins_new(BUILD_GRCH38, FIXTURE_BIN, true, true, arena);
        b->paired = true;
        b->reads[1000] = reads == 2 ? 1000000 : reads;
        NiptProfile *profile = nipt_profile(p, b, arena);
        for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
            NiptScore s = nipt_score(p, profile, chrom, 3, 1.645);
            cr_expect(isfinite(s.z) && isfinite(s.sd), "%u reads, chromosome %d", reads, chrom);
        }
        NiptSegment *found;
        (void)nipt_segments(&found, p, profile, b, 5, arena);
        cr_expect_not(nipt_fraction(p, profile, b).estimated);
    }
}

/* A library whose copies nobody marked: every read counts twice. Its errors are those of half the reads. */
Test(nipt, a_sample_that_scatters_has_wider_errors)
{
    NiptPanel *p = panel();
    Bins *b = sim_bins(
        genome, &(SimSample){.seed = 61, .reads = 1e6, .fraction = 0.1, .paired = true}, arena);
    double before = nipt_score(p, nipt_profile(p, b, arena), 21, 3, 1.645).sd;
    for (uint32_t i = 0; i < b->n; i++) {
        b->reads[i] *= 4;
        b->gc[i] *= 4;
        b->shorts[i] *= 4;
    }
    NiptProfile *profile = nipt_profile(p, b, arena);
    cr_expect(profile->dispersion > 1.5, "%.2f", profile->dispersion);
    double after = nipt_score(p, profile, 21, 3, 1.645).sd;
    cr_expect(fabs(after / before - 1) < 0.1, "%.5f after %.5f", after, before);
}

/* Errors of a panel are told by samples that did not teach it: they hold at a depth where only over-dispersion and the panel's size count. */
Test(nipt, over_dispersion_is_honest_at_great_depth)
{
    NiptPanel *p = panel();
    double sum = 0;
    int n = 0;
    for (uint64_t i = 0; i < 60; i++) {
        Arena *own = arena_new(NULL);
        SimSample s = {.seed = 9000 + i, .reads = 1e9, .fraction = 0.1, .paired = true};
        NiptProfile *profile = nipt_profile(p, sim_bins(genome, &s, own), own);
        for (int chrom = 1; chrom <= AUTOSOMES; chrom++, n++) {
            double z = nipt_score(p, profile, chrom, 3, 1.645).z;
            sum += z * z;
        }
        arena_free(own);
    }
    cr_expect(sqrt(sum / n) > 0.75 && sqrt(sum / n) < 1.25, "SD %.3f", sqrt(sum / n));
}
