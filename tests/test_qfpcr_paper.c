/* QF-PCR on paper: peaks placed by hand, so that every limit can be tried on both sides: dosage bands, stutter, foreign peaks, what a chromosome's markers say
 * together, the run's controls and the mother. Limits are those of reference/qfpcr/settings.tsv. */
#include "qfpcr_paper.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

TestSuite(qfpcr_paper, .init = paper_open, .fini = paper_close);

/* --- one marker: 220 to 270 bp, repeat 4 -------------------- */

typedef struct Spot {
    double size, height, area; /* area 0 = as the height */
} Spot;

static MarkerReading read_spots(const Spot *spots, const QfpcrKit *kit)
{
    static const Marker marker = {
        .name = "M", .chromosome = "21", .dye = 1, .low = 220, .high = 270, .repeat = 4};
    TracePeak *peaks = arena_alloc(arena, 16 * sizeof *peaks);
    Trace t = {.role = TRACE_SAMPLE, .kit = KIT, .fault = ""};
    MarkerReading r;
    for (size_t i = 0; i < 6 && spots[i].size > 0; i++)
        peaks[t.dye[0].n++] =
            (TracePeak){spots[i].size, spots[i].height,
                        spots[i].area > 0 ? spots[i].area : spots[i].height, 6, 0};
    t.dye[0].peaks = peaks;
    qfpcr_read_marker(&r, &limits, kit, &marker, &t, reference);
    return r;
}

Test(qfpcr_paper, limits_of_a_marker)
{
    static const struct {
        const char *class;
        double ratio; /* 0 = not asked */
        Spot spots[6];
    } rows[] = {
        /* 1:1 from 0.8 to 1.4, and to 1.5 when more than 24 bp apart */
        {"normal", 0.8, {{232, 1600, 0}, {252, 2000, 0}}},
        {"between", 0.799, {{232, 1598, 0}, {252, 2000, 0}}},
        {"normal", 1.4, {{232, 2800, 0}, {252, 2000, 0}}},
        {"between", 1.401, {{232, 2802, 0}, {252, 2000, 0}}},
        {"normal", 1.5, {{232, 3000, 0}, {260, 2000, 0}}},
        {"between", 1.501, {{232, 3002, 0}, {260, 2000, 0}}},
        {"between", 1.45, {{232, 2900, 0}, {256, 2000, 0}}},
        {"normal", 1.45, {{232, 2900, 0}, {256.5, 2000, 0}}},
        /* 2:1 from 0.65 down and from 1.8 up */
        {"trisomic", 0.65, {{232, 1300, 0}, {252, 2000, 0}}},
        {"between", 0.651, {{232, 1302, 0}, {252, 2000, 0}}},
        {"trisomic", 1.8, {{232, 3600, 0}, {252, 2000, 0}}},
        {"between", 1.799, {{232, 3598, 0}, {252, 2000, 0}}},
        /* height and area must tell the same, within 0.2 */
        {"normal", 1, {{232, 2398, 2000}, {252, 2000, 2000}}},
        {"between", 1, {{232, 2402, 2000}, {252, 2000, 2000}}},
        {"between", 1.85, {{232, 3580, 3700}, {252, 2000, 2000}}},
        /* an allele has a third of the highest, or it is foreign */
        {"trisomic", 0, {{232, 3000, 0}, {252, 991, 0}}},
        {"foreign", 0, {{232, 3000, 0}, {252, 989, 0}}},
        {"foreign", 0, {{232, 1000, 0}, {244, 50, 0}}},
        {"homozygous", 0, {{232, 1000, 0}, {244, 49, 0}}},
        {"foreign", 0, {{232, 3000, 0}, {244, 121, 0}}},
        {"homozygous", 0, {{232, 3000, 0}, {244, 119, 0}}},
        /* stutter: one repeat shorter to 0.15, two to its square, one longer to 0.03; within 0.7 bp */
        {"homozygous", 0, {{228, 450, 0}, {232, 3000, 0}}},
        {"foreign", 0, {{228, 451, 0}, {232, 3000, 0}}},
        {"homozygous", 0, {{228.69, 449, 0}, {232, 3000, 0}}},
        {"foreign", 0, {{228.75, 449, 0}, {232, 3000, 0}}},
        {"homozygous", 0, {{227.31, 449, 0}, {232, 3000, 0}}},
        {"foreign", 0, {{227.25, 449, 0}, {232, 3000, 0}}},
        {"homozygous", 0, {{232, 9000, 0}, {236, 269, 0}}},
        {"homozygous", 0, {{232, 3000, 0}, {236, 90, 0}}},
        {"foreign", 0, {{232, 3000, 0}, {236, 125, 0}}},
        /* a whole allele is 300 high */
        {"normal", 1, {{232, 300, 0}, {252, 300, 0}}},
        {"unusable", 0, {{232, 299, 0}, {252, 299, 0}}},
        {"normal", 0, {{232, 300, 0}, {252, 250, 0}}},
        /* the window holds its ends */
        {"normal", 1, {{220, 2000, 0}, {270, 2000, 0}}},
        {"homozygous", 0, {{219.9, 2000, 0}, {252, 2000, 0}}},
        {"homozygous", 0, {{232, 2000, 0}, {270.1, 2000, 0}}},
        /* the longer one's mean stutter, a tenth here, stands on the shorter one */
        {"normal", 1, {{248, 2200, 0}, {252, 2000, 0}}},
        {"normal", 0.9, {{248, 2000, 0}, {252, 2000, 0}}},
        /* three alleles: all pairs equal, and the ratio furthest from 1 is told */
        {"trisomic", 1.25, {{232, 2500, 0}, {246, 2200, 0}, {262, 2000, 0}}},
        {"trisomic", 0.8, {{232, 2000, 0}, {246, 2200, 0}, {262, 2500, 0}}},
        {"foreign", 0, {{232, 3010, 0}, {246, 2200, 0}, {262, 2000, 0}}},
        {"between", 0, {{232, 2000, 2000}, {246, 2600, 2000}, {262, 2000, 2000}}},
        {"foreign", 0, {{226, 2000, 0}, {238, 2000, 0}, {250, 2000, 0}, {262, 2000, 0}}},
    };
    const QfpcrKit kit = {
        .decay = 0, .stutter_mean = 0.1, .stutter_most = 0.15, .forward_most = 0.03};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const MarkerReading r = read_spots(rows[i].spots, &kit);
        cr_expect_str_eq(r.class, rows[i].class, "row %zu: %s", i, r.class);
        if (rows[i].ratio > 0)
            cr_expect(fabs(r.ratio - rows[i].ratio) < 1e-9, "row %zu: %g", i, r.ratio);
    }
}

Test(qfpcr_paper, kits_differ)
{
    static const struct {
        QfpcrKit kit;
        const char *class;
        double ratio;
        Spot spots[6];
    } rows[] = {
        /* one per cent a base pair: 20 bp are exp(0.2) */
        {{.decay = 0.01}, "normal", 1, {{232, 2442.805516, 0}, {252, 2000, 0}}},
        {{.decay = 0.01}, "normal", 0.818730753, {{232, 2000, 0}, {252, 2000, 0}}},
        /* two repeats shorter: the square */
        {{.stutter_most = 0.5}, "homozygous", 0, {{224, 750, 0}, {232, 3000, 0}}},
        {{.stutter_most = 0.5}, "foreign", 0, {{224, 751, 0}, {232, 3000, 0}}},
        {{.stutter_most = 0.5}, "homozygous", 0, {{228, 1500, 0}, {232, 3000, 0}}},
        {{.stutter_most = 0.5}, "trisomic", 0, {{228, 1501, 0}, {232, 3000, 0}}},
        /* stutters of two alleles add up: 252 gives 248, and 244 gives 248 as its forward one */
        {{.stutter_most = 0.1, .forward_most = 0.1},
         "normal",
         1,
         {{244, 3000, 0}, {248, 600, 0}, {252, 3000, 0}}},
        {{.stutter_most = 0.1, .forward_most = 0.1},
         "foreign",
         0,
         {{244, 3000, 0}, {248, 601, 0}, {252, 3000, 0}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const MarkerReading r = read_spots(rows[i].spots, &rows[i].kit);
        cr_expect_str_eq(r.class, rows[i].class, "row %zu: %s", i, r.class);
        if (rows[i].ratio > 0)
            cr_expect(fabs(r.ratio - rows[i].ratio) < 1e-6, "row %zu: %g", i, r.ratio);
    }
    const QfpcrKit plain = {.stutter_most = 0.15};
    const MarkerReading r = read_spots((const Spot[6]){{232, 2000, 0}, {252, 2000, 0}}, &plain);
    cr_expect(r.n == 2 && r.n_foreign == 0 && r.alleles[0].size == 232 && r.alleles[1].size == 252);
    cr_expect(qfpcr_has_allele(&r, 232.69, 0.7) && qfpcr_has_allele(&r, 251.31, 0.7));
    cr_expect_not(qfpcr_has_allele(&r, 232.75, 0.7) || qfpcr_has_allele(&r, 240, 0.7));
}

/* --- a whole sample -------------------- */

#define NORMAL  "6/18"
#define TRISOMY "6:2/18"
#define ONE     "6"
#define BETWEEN "6:1.6/18"
#define FOREIGN "6/18/12:0.1"
#define SKEWED  "6:1.3/18"

Test(qfpcr_paper, what_markers_say_together)
{
    static const struct {
        Genotype g[5];
        const char *v13, *v18, *v21, *pattern;
    } rows[] = {
        {{{0}}, "normal", "normal", "normal", "none"},
        {{{"21", TRISOMY}}, "normal", "normal", "trisomy", "single"},
        {{{"13", "6/18:2"}}, "trisomy", "normal", "normal", "single"},
        {{{"18", "6/12/18"}}, "normal", "trisomy", "normal", "single"},
        {{{"18", TRISOMY}, {"21", TRISOMY}}, "normal", "trisomy", "trisomy", "several"},
        {{{"13", TRISOMY}, {"18", TRISOMY}, {"21", TRISOMY}},
         "trisomy",
         "trisomy",
         "trisomy",
         "triploidy"},
        {{{"13", ONE}, {"18", ONE}, {"21", TRISOMY}}, "too_few", "too_few", "trisomy", "several"},
        {{{"13", ONE}, {"21", TRISOMY}}, "too_few", "normal", "trisomy", "single"},
        {{{"21", ONE}, {"D21S11", NORMAL}}, "normal", "normal", "too_few", "none"},
        {{{"21", ONE}, {"D21S11", NORMAL}, {"D21S1446", NORMAL}},
         "normal",
         "normal",
         "normal",
         "none"},
        {{{"D21S11", TRISOMY}}, "normal", "normal", "single", "none"},
        {{{"D21S11", TRISOMY}, {"D21S1446", TRISOMY}}, "normal", "normal", "discordant", "none"},
        {{{"D21S11", BETWEEN}}, "normal", "normal", "normal", "none"},
        {{{"D21S11", BETWEEN}, {"D21S1446", BETWEEN}}, "normal", "normal", "intermediate", "none"},
        {{{"D21S11", BETWEEN}, {"D21S1446", TRISOMY}}, "normal", "normal", "suspect", "none"},
        {{{"13", BETWEEN}, {"21", BETWEEN}}, "intermediate", "normal", "intermediate", "skewed"},
        {{{"13", BETWEEN}, {"21", TRISOMY}}, "intermediate", "normal", "trisomy", "several"},
        {{{"D21S11", FOREIGN}}, "normal", "normal", "foreign", "foreign_once"},
        {{{"D21S11", FOREIGN}, {"D21S1446", FOREIGN}}, "normal", "normal", "foreign", "mosaic"},
        {{{"D21S11", FOREIGN}, {"D13S800", FOREIGN}},
         "foreign",
         "normal",
         "foreign",
         "contamination"},
        /* all of a chromosome's pairs a little off */
        {{{"18", SKEWED}}, "normal", "intermediate", "normal", "none"},
        {{{"18", "6:1.19/18"}}, "normal", "intermediate", "normal", "none"},
        {{{"18", "6:1.17/18"}}, "normal", "normal", "normal", "none"},
        {{{"18", "6/18:1.19"}}, "normal", "intermediate", "normal", "none"},
        {{{"18", ONE}, {"D18S535", SKEWED}, {"D18S978", SKEWED}},
         "normal",
         "intermediate",
         "normal",
         "none"},
        {{{"18", ONE}, {"D18S535", SKEWED}}, "normal", "too_few", "normal", "none"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Trace t = typed(rows[i].g, 5);
        const QfpcrJudgement j = judged(&t, NULL);
        cr_expect_str_eq(j.of[13].verdict, rows[i].v13, "row %zu: %s", i, j.of[13].verdict);
        cr_expect_str_eq(j.of[18].verdict, rows[i].v18, "row %zu: %s", i, j.of[18].verdict);
        cr_expect_str_eq(j.of[21].verdict, rows[i].v21, "row %zu: %s", i, j.of[21].verdict);
        cr_expect_str_eq(j.pattern, rows[i].pattern, "row %zu: %s", i, j.pattern);
        cr_expect_str_eq(j.mother, "");
        cr_expect(!j.mother_typed && j.n_typings == 1 && j.typings[0].n == 15, "row %zu", i);
        for (int c = 1; c < QFPCR_CHROMS; c++)
            cr_expect_eq(j.told[c], c == 13 || c == 18 || c == 21, "row %zu: %d", i, c);
    }
}

Test(qfpcr_paper, counts_of_a_chromosome)
{
    static const Genotype g[] = {
        {"D21S11", TRISOMY}, {"D21S1446", BETWEEN}, {"D21S1409", ONE}, {"D21S1442", FOREIGN}};
    const Trace t = typed(g, 4);
    const QfpcrJudgement j = judged(&t, NULL);
    const ChromosomeCount *c = &j.of[21];
    cr_expect(c->markers == 5 && c->normal == 1 && c->trisomic == 1 && c->between == 1 &&
                  c->foreign == 1 && c->pairs == 2,
              "%d %d %d %d %d %d", c->markers, c->normal, c->trisomic, c->between, c->foreign,
              c->pairs);
    cr_expect(fabs(c->skew - log(1.6)) < 1e-6, "%g", c->skew);
    cr_expect(fabs(j.control_ratio - 1) < 1e-6, "the control's dosage: %g", j.control_ratio);
}

/* Mendel: each marker shares an allele with hers; all of hers, heterozygous and equal, is no fetus. */
Test(qfpcr_paper, the_mother)
{
    static const struct {
        Genotype own[5], hers[5];
        const char *mother;
    } rows[] = {
        {{{0}}, {{0}}, "identical"},
        {{{0}}, {{"13", "6/24"}}, "consistent"},
        {{{"D13S800", "6/24"}}, {{0}}, "consistent"},
        {{{"D13S800", ONE}}, {{0}}, "consistent"}, /* one marker that is not hers */
        {{{"D13S800", TRISOMY}}, {{0}}, "consistent"},
        {{{0}}, {{"D13S800", ONE}}, "identical"}, /* her homozygous ones tell nothing */
        /* four heterozygous markers that agree are enough, three are not */
        {{{"13", ONE}, {"18", ONE}, {"D21S11", ONE}},
         {{"13", ONE}, {"18", ONE}, {"D21S11", ONE}},
         "identical"},
        {{{"13", ONE}, {"18", ONE}, {"D21S11", ONE}, {"D21S1446", ONE}},
         {{"13", ONE}, {"18", ONE}, {"D21S11", ONE}, {"D21S1446", ONE}},
         "consistent"},
        /* no allele in common: once may be a mutation, twice is another woman */
        {{{"D13S800", "9/24"}}, {{0}}, "consistent"},
        {{{"D13S800", "9/24"}, {"D21S11", "9/24"}}, {{0}}, "mismatch"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Trace own = typed(rows[i].own, 5), hers = typed(rows[i].hers, 5);
        const QfpcrJudgement j = judged(&own, &hers);
        cr_expect_str_eq(j.mother, rows[i].mother, "row %zu: %s", i, j.mother);
        cr_expect(j.mother_typed);
    }
}

/* What a control or a blank must show, and what each failure is called. */
Test(qfpcr_paper, the_run)
{
    static const char *const due[] = {
        "",
        "qfpcr_no_control",
        "qfpcr_no_blank",
        "qfpcr_control_unread",
        "qfpcr_control_unlisted",
        "qfpcr_control_wrong",
        "qfpcr_blank_unread",
        "qfpcr_blank_peaks",
        "",
        "",
        "qfpcr_control_wrong",
    };
    const Trace own = typed(NULL, 0);
    for (size_t i = 0; i < COUNT(due); i++) {
        Trace traces[] = {own, control(), empty(TRACE_BLANK), control()};
        Sample s = {.id = "S1", .fetal = true, .evidence = {.traces = traces, .n_traces = 4}};
        const Marker *m = &markers.items[0];
        QfpcrJudgement j;
        traces[3].material = i == 10 ? "DEMO-DNA" : traces[3].material;
        if (i != 10) s.evidence.n_traces = 3;
        if (i == 1) traces[1].role = TRACE_LADDER;
        if (i == 2) s.evidence.n_traces = 2;
        if (i == 3) traces[1].fault = "ladder.few";
        if (i == 4) traces[1].material = "9947A";
        if (i == 5) traces[1].dye[m->dye - 1].peaks[0].size += 1.2;
        if (i == 6) traces[2].fault = "ladder.few";
        if (i >= 7 && i < 10) put(&traces[2], m, "10:0.04");
        if (i >= 7 && i < 10) traces[2].dye[m->dye - 1].peaks[0].height = i == 8 ? 49 : 50;
        if (i == 9) traces[2].dye[m->dye - 1].peaks[0].marks = PEAK_PULL_UP;
        if (i == 10) traces[3].dye[m->dye - 1].peaks[0].size += 1.2; /* the second control */
        cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
        const char *detail =
            decide_output(reference_rules(reference, "qfpcr/run"), j.run, "detail");
        cr_expect_str_eq(detail, due[i], "row %zu: %s", i, detail);
    }
}
