/* What serum screening tells of a woman, compared whole, with numbers that can be worked out on paper: markers without correlation whose two populations differ by
 * half a standard deviation, a flat weight correction, a prior that does not depend on age. And each limit on both sides. */
#include "broken_table.h"
#include "findings_text.h"
#include "lab/assays/assay.h"
#include "lab/assays/serum_risk.h"
#include "table_fixture.h"
#include "watched.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const TableText texts[] = {
    {"serum/parameters", "set\tclass\tmarker\tmean\tslope_per_day\tsd\tfrom_day\tto_day\n"
                         "set1\tunaffected\tafp\t0\t0\t0.2\t\t\n"
                         "set1\taffected\tafp\t-0.1\t0\t0.2\t\t\n"
                         "set1\tunaffected\tue3\t0\t0\t0.1\t\t\n"
                         "set1\taffected\tue3\t-0.1\t0\t0.1\t\t\n"
                         "set1\tunaffected\tpappa\t0\t0\t0.25\t\t\n"
                         "set1\taffected\tpappa\t-0.25\t0\t0.25\t\t\n"
                         "set1\tunaffected\tnt\t0\t0\t0.1\t\t\n"
                         "set1\taffected\tnt\t0.2\t0\t0.1\t\t\n"},
    {"serum/correlations", "set\tclass\ta\tb\tr\tfrom_day\tto_day\n"
                           "set1\tunaffected\tafp\tue3\t0\t\t\n"
                           "set1\taffected\tafp\tue3\t0\t\t\n"},
    {"serum/truncation", "set\tmarker\tlow\thigh\nset1\tafp\t0.5\t2\n"},
    {"serum/tests", "test\tcondition\tmarkers\tdating\tset\tprior\tcutoff\tfallback\n"
                    "two\tt21\tafp|ue3\tus\tset1\tone\tt21\tone\n"
                    "two\tt21\tafp|ue3\tlmp\tset1\tone\tt21\tone\n"
                    "two\tontd\tafp\t*\t\tnone\tontd\tone\n"
                    "one\tt21\tafp\tus\tset1\tone\tt21\t\n"
                    "one\tontd\tafp\tus\t\tnone\tontd\t\n"
                    "pappa\tt21\tpappa\t*\tset1\tone\tt21\t\n"
                    "nt\tt21\tnt\t*\tset1\tone\tt21\t\n"
                    "uncut\tt21\tafp\t*\tset1\tone\tx\t\n"
                    "mix\tt21\tafp\tus\tset1\tone\tt21\t\nmix\tontd\tafp\t*\t\tnone\tontd\t\n"
                    "unset\tt21\tafp\t*\tx\tone\tt21\t\n"
                    "p1\tontd\tinha\t*\t\tnone\tontd\tp2\np2\tontd\thcg\t*\t\tnone\tontd\tp3\n"
                    "p3\tontd\tpappa\t*\t\tnone\tontd\tp4\np4\tontd\tafp\t*\t\tnone\tontd\tp5\n"
                    "p5\tontd\tue3\t*\t\tnone\tontd\t\n"},
    {"serum/priors", "prior\ta\tb\tc\td\thalf_year\tsurvival\tratio\tage_min\tage_max\n"
                     "one\t4.59511985013459\t0\t0.3\t35\t0.5\t1\t1\t15\t50\n"}, /* 1 in 100 */
    {"serum/cutoffs", "cutoff\thigh\tgrey\nt21\t0.02\t0.01\nontd\t2.5\t2\n"},
    {"serum/limits", "key\tvalue\nage_min\t15\nage_most\t60\nue3_review\t0.25\n"
                     "pappa_review\t0.125\nimplausible_tail\t0.0001\nfirst_from\t70\nfirst_to\t97\n"
                     "second_from\t105\nsecond_to\t146\nweight_from_kg\t35\nweight_to_kg\t130\n"},
    {"serum/dating", "method\tform\tc0\tc1\tc2\tc3\tc4\tmin_mm\tmax_mm\n"
                     "crl\tpoly\t4\t1\t0\t0\t0\t30\t80\n"      /* 60 mm: 10 weeks */
                     "bpd\tpoly\t10\t1.5\t0\t0\t0\t20\t50\n"}, /* 40 mm: 16 weeks */
    {"serum/weight", "marker\ta_kg\tb\nafp\t30\t0.5\nue3\t0\t1\npappa\t0\t1\n"},
    {"serum/medians", "marker\tunit\tform\tp1\tp2\tp3\tfrom_day\tto_day\n"
                      "afp\tU/mL\tquadratic\t0\t0\t20\t100\t160\n"
                      "ue3\tnmol/L\tquadratic\t0\t0\t4\t100\t160\n"
                      "pappa\tmU/L\tquadratic\t0\t0\t1000\t60\t100\n"
                      "nt\tmm\tlog10_crl\t0.005\t0\t\t60\t100\n"},
    {"serum/corrections", "condition\tmarker\tdivisor\nsmoking\tafp\t1.25\nsmoking\tue3\t1\n"
                          "ivf\tafp\t2\nivf\tue3\t0.5\n"},
};

static Arena *arena;
static Instant taken; /* 2026-11-20, 09:00 local */

static void set_up(void)
{
    arena = arena_new(NULL);
    cr_assert(instant_parse(&taken, "2026-11-20T09:00", 480));
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(serum_assay, .init = set_up, .fini = tear_down);

static const Reference *reference_with(const char *table, size_t row, const char *column,
                                       const char *value)
{
    Reference *r = reference_new(arena, "test", false);
    fixture_network(r, "", arena);
    for (size_t i = 0; i < COUNT(texts); i++) {
        Table *t = table_of(&texts[i], arena);
        if (table != NULL && strcmp(table, texts[i].name) == 0)
            t = table_with(t, row, column, value, arena);
        cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    fixture_finish(r);
    return r;
}

/* "weight_kg=60 crl_mm=60@-28": a fact of the woman, its time in days from the sample's; "@none" without one. */
static void read_facts(Case *c, const char *text)
{
    char *copy = arena_copy(arena, text), *save;
    Fact *facts = arena_alloc(arena, 40 * sizeof *facts);
    for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
        char *value = strchr(w, '='), *at = strchr(w, '@');
        *value++ = '\0';
        if (at != NULL) *at++ = '\0';
        facts[c->n_facts++] =
            (Fact){.owner = SUBJECT_WOMAN,
                   .code = w,
                   .value = value,
                   .number = strtod(value, NULL),
                   .unit = "",
                   .time = at == NULL                ? taken
                           : strcmp(at, "none") == 0 ? INSTANT_NONE
                                                     : taken + 86400 * strtol(at, NULL, 10)};
    }
    c->facts = facts;
}

/* "afp=20:U/mL ue3_mom=1 afp=<20:U/mL@5": results of one tube, the time of measurement in seconds. */
static Sample tube(const char *id, const char *text)
{
    char *copy = arena_copy(arena, text), *save;
    Result *results = arena_alloc(arena, 20 * sizeof *results);
    Sample s = {.id = id,
                .assay = "serum",
                .subject = SUBJECT_WOMAN,
                .material = MATERIAL_SERUM,
                .collected = taken,
                .evidence = {.results = results}};
    for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
        char *value = strchr(w, '='), *at = strchr(w, '@');
        *value++ = '\0';
        if (at != NULL) *at++ = '\0';
        const char bound = *value == '<' || *value == '>' ? *value++ : '\0';
        char *unit = strchr(value, ':');
        if (unit != NULL) *unit++ = '\0';
        results[s.evidence.n_results++] =
            (Result){.specimen = "",
                     .code = arena_print(arena, "%s%s", strchr(w, '.') ? "" : "serum.", w),
                     .number = strtod(value, NULL),
                     .unit = unit != NULL ? unit : "{MoM}",
                     .time = at != NULL ? strtol(at, NULL, 10) : INSTANT_NONE,
                     .run = "",
                     .well = "",
                     .bound = bound};
    }
    return s;
}

static Findings judge(const Reference *r, const char *facts, const Sample *samples, size_t n)
{
    Case c = {.id = "C1",
              .samples = samples_of(samples, n, arena),
              .n_samples = n,
              .now = taken,
              .offset_minutes = 480};
    Findings out = {.arena = arena};
    Note why = {0};
    read_facts(&c, facts);
    cr_assert_eq(assay_find("serum")->interpret(&out, &c, r, arena, &why), OK);
    return out;
}

/* 16 weeks on the day of the tube, 60 kg: nothing is corrected (30 / 60 + 0.5 = 1). */
#define WOMAN                                                                                      \
    "birth_date=1990-05-01 plurality=1 weight_kg=60 gestation_days=112 gestation_method=crl "

/* Textbook: each marker's two normal densities of log10 MoM, one SD wide. */
static double ratio(double mom, double well, double ill, double sd)
{
    const double x = log10(mom);
    return exp(((x - well) * (x - well) - (x - ill) * (x - ill)) / (2 * sd * sd));
}

Test(serum_assay, a_risk_is_told_with_all_that_it_rests_on)
{
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    static const struct {
        const char *facts;
        double afp, ue3, factor;
        const char *mom, *t21, *ontd;
    } rows[] = {
        {"serum_test=two", 20, 4, 1, "", "negative|risk_low", "negative|risk_low"},
        {"serum_test=two", 16, 3, 1, "", "positive|risk_high", "negative|risk_low"},
        {"serum_test=two", 17, 3.4, 1, "", "possible|risk_grey", "negative|risk_low"},
        {"serum_test=two", 50, 5, 1, "", "negative|risk_low", "positive|risk_high"},
        {"serum_test=two", 40, 5, 1, "", "negative|risk_low", "possible|risk_grey"},
        {"serum_test=two smoking=yes", 20, 4, 1.25, "mom_of_condition", "negative|risk_low",
         "negative|risk_low"},
        {"serum_test=two smoking=no ivf=no", 20, 4, 1, "", "negative|risk_low",
         "negative|risk_low"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const double afp = rows[i].afp / 20 / rows[i].factor, ue3 = rows[i].ue3 / 4;
        const double kept = afp < 0.5 ? 0.5 : afp > 2 ? 2 : afp;
        const double lr = ratio(kept, 0, -0.1, 0.2) * ratio(ue3, 0, -0.1, 0.1);
        const double odds = lr / 99;
        const char *expected = arena_print(
            arena,
            "S1|serum.gestation||measured|us|112 d|\n"
            "S1|serum.mom|afp|measured|%s|%.6g {MoM}|\n"
            "S1|serum.mom_uncorrected|afp|measured||%.6g {MoM}|\n"
            "S1|serum.mom|ue3|measured|%s|%.6g {MoM}|\n"
            "S1|serum.mom_uncorrected|ue3|measured||%.6g {MoM}|\n"
            "S1|serum.prior|T21|measured|one|0.01|\n"
            "S1|serum.lr|T21|measured||%.6g|serum/parameters:set1\n"
            "S1|serum.risk|T21|%s|%.6g|serum/cutoffs:t21\n"
            "%s"
            "S1|serum.risk|ONTD|%s|%.6g {MoM}|serum/cutoffs:ontd\n",
            rows[i].mom, afp, rows[i].afp / 20, rows[i].mom, ue3, ue3, lr, rows[i].t21,
            odds / (1 + odds), afp > 2 ? "S1|serum.review|T21 afp|possible|truncated||\n" : "",
            rows[i].ontd, afp);
        const Sample s =
            tube("S1", arena_print(arena, "afp=%g:U/mL ue3=%g:nmol/L", rows[i].afp, rows[i].ue3));
        const Findings f = judge(r, arena_print(arena, "%s%s", WOMAN, rows[i].facts), &s, 1);
        cr_expect_str_eq(findings_text(&f, arena), expected, "row %zu\n%s", i,
                         findings_text(&f, arena));
        for (size_t k = 0; k < f.n; k++)
            cr_expect(f.items[k].subject == SUBJECT_WOMAN &&
                      strcmp(f.items[k].assay, "serum") == 0 && !f.items[k].fetal);
    }
}

/* The one line that answers T21, by what was declared. */
static void expect_line(const Reference *r, const char *facts, const char *results,
                        const char *about, const char *line)
{
    const Sample s = tube("S1", results);
    const Findings f = judge(r, arena_print(arena, "%s%s", WOMAN, facts), &s, 1);
    const char *lines = findings_with(&f, about, arena);
    cr_expect(strncmp(lines, line, strlen(line)) == 0 &&
                  strchr(lines, '\n') == strrchr(lines, '\n'),
              "%s / %s: '%s', not '%s'", facts, results, lines, line);
}

#define MOMS "afp_mom=1 ue3_mom=1"

Test(serum_assay, limits_on_both_sides)
{
    static const struct {
        const char *facts, *results, *about, *line;
    } rows[] = {
        /* born 2026-11-20 + 168 days - 15 years: the day of delivery is 2027-05-07 */
        {"serum_test=two birth_date=2012-05-06", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two birth_date=2012-05-08", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|age_outside"},
        {"serum_test=two birth_date=1967-05-08", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two birth_date=1967-05-05", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|age_implausible"},
        /* windows of the second trimester and of the first */
        {"serum_test=two gestation_days=105", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two gestation_days=104", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|gestation_outside"},
        {"serum_test=two gestation_days=146", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two gestation_days=147", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|gestation_outside"},
        {"serum_test=pappa gestation_days=70", "pappa_mom=1", "risk|T21",
         "S1|serum.risk|T21|negative"},
        {"serum_test=pappa gestation_days=69", "pappa_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|gestation_outside"},
        {"serum_test=pappa gestation_days=97", "pappa_mom=1", "risk|T21",
         "S1|serum.risk|T21|negative"},
        {"serum_test=pappa gestation_days=98", "pappa_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|gestation_outside"},
        {"serum_test=nt gestation_days=97", "nt_mom=1", "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=nt gestation_days=98", "nt_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|gestation_outside"},
        /* MoM that ask for review */
        {"serum_test=two", "afp_mom=1 ue3_mom=0.25", "review|ue3", ""},
        {"serum_test=two", "afp_mom=1 ue3_mom=0.2499", "review|ue3",
         "S1|serum.review|ue3|possible|ue3_low||"},
        {"serum_test=pappa gestation_days=80", "pappa_mom=0.125", "review|pappa", ""},
        {"serum_test=pappa gestation_days=80", "pappa_mom=0.1249", "review|pappa",
         "S1|serum.review|pappa|possible|pappa_low||"},
        {"serum_test=two", "afp_mom=0.2 ue3_mom=1", "review|afp", ""},
        /* values: weight, unit, median, and what nothing can be made of */
        {"serum_test=two weight_kg=35", "afp=20:U/mL ue3_mom=1", "mom|afp",
         "S1|serum.mom|afp|measured||0.736842 {MoM}|"}, /* 30 / 35 + 0.5 */
        {"serum_test=two weight_kg=34.9", "afp=20:U/mL ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|weight_outside"},
        {"serum_test=two weight_kg=130", "afp=20:U/mL ue3_mom=1", "mom|afp",
         "S1|serum.mom|afp|measured||1.36842 {MoM}|"},
        {"serum_test=two weight_kg=130.1", "afp=20:U/mL ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|weight_outside"},
        {"serum_test=two weight_kg=0", "afp=20:U/mL ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|missing|weight_missing"},
        {"serum_test=two weight_kg=0", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two", "afp=20:ng/mL ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|unit_differs"},
        {"serum_test=two", "afp=0:U/mL ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|implausible_value"},
        {"serum_test=two", "afp_mom=0 ue3_mom=1", "risk|T21",
         "S1|serum.risk|T21|refused|implausible_value"},
        {"serum_test=two", "afp_mom=1", "risk|T21", "S1|serum.risk|T21|missing|marker_missing"},
        {"serum_test=two", "ue3_mom=1", "risk|ONTD", "S1|serum.risk|ONTD|missing|marker_missing"},
        {"serum_test=pappa gestation_days=80", "pappa=500:mU/L", "mom|pappa",
         "S1|serum.mom|pappa|measured||0.5 {MoM}|"},
        /* a thickness needs the length of its scan: 10^(0.005 x 60) = 2 mm */
        {"serum_test=nt crl_mm=60@0", "nt=4:mm", "mom|nt",
         "S1|serum.mom|nt|measured||2.00475 {MoM}|"},
        {"serum_test=nt crl_mm=60@0 weight_kg=0", "nt=4:mm", "mom|nt",
         "S1|serum.mom|nt|measured||2.00475 {MoM}|"},
        {"serum_test=nt gestation_days=80", "nt=4:mm", "risk|T21",
         "S1|serum.risk|T21|missing|crl_missing"},
        /* tables that say nothing */
        {"serum_test=uncut", "afp_mom=1", "risk|T21", "S1|serum.risk|T21|refused|no_cutoff|"},
        {"serum_test=unset", "afp_mom=1", "risk|T21", "S1|serum.risk|T21|refused|no_model||"},
        {"serum_test=three", "afp_mom=1", "serum.risk", "S1|serum.risk||refused|no_model||"},
        /* declarations */
        {"serum_test=two plurality=2", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|twins_no_model"},
        {"serum_test=two previous_affected=none", MOMS, "risk|T21", "S1|serum.risk|T21|negative"},
        {"serum_test=two previous_affected=t21", MOMS, "risk|T21",
         "S1|serum.risk|T21|refused|previous_affected_no_model"},
        {"serum_test=two smoking=yes", MOMS, "risk|T21", "S1|serum.risk|T21|refused|no_correction"},
        {"serum_test=two ivf=yes", "afp=20:U/mL ue3=4:nmol/L", "mom|afp",
         "S1|serum.mom|afp|measured|mom_of_condition|0.5 {MoM}|"},
        {"serum_test=two ivf=yes smoking=yes", "afp=20:U/mL ue3=4:nmol/L", "mom|afp",
         "S1|serum.mom|afp|measured|mom_of_condition|0.4 {MoM}|"},
        {"serum_test=two diabetes_insulin=yes", "afp=20:U/mL ue3=4:nmol/L", "risk|T21",
         "S1|serum.risk|T21|refused|no_correction"},
        /* a smaller test, with leave only; it has no row for a period, and says so */
        {"serum_test=two serum_fallback=yes", "afp_mom=1", "risk|T21",
         "S1|serum.risk|T21|negative"},
        {"serum_test=two serum_fallback=yes", "afp_mom=1", "smaller",
         "S1|serum.review|one|possible|smaller_test||"},
        {"serum_test=two serum_fallback=yes", MOMS, "smaller", ""},
        {"serum_test=two serum_fallback=no", "afp_mom=1", "risk|T21",
         "S1|serum.risk|T21|missing|marker_missing"},
        {"serum_test=two serum_fallback=yes gestation_method=lmp", "afp_mom=1", "risk|T21",
         "S1|serum.risk|T21|missing|marker_missing"},
        /* three steps down, not four */
        {"serum_test=p1 serum_fallback=yes", "afp_mom=1", "smaller",
         "S1|serum.review|p4|possible|smaller_test||"},
        {"serum_test=p1 serum_fallback=yes", "ue3_mom=1", "risk|ONTD",
         "S1|serum.risk|ONTD|missing|marker_missing"},
        {"serum_test=p1 serum_fallback=no", "afp_mom=1", "risk|ONTD",
         "S1|serum.risk|ONTD|missing|marker_missing"},
        {"serum_test=p2 serum_fallback=yes", "hcg_mom=1", "smaller", ""},
        {"serum_test=one gestation_method=lmp", "afp_mom=1", "risk|ONTD",
         "S1|serum.risk|ONTD|refused|dating_no_model||"},
    };
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_line(r, rows[i].facts, rows[i].results, rows[i].about, rows[i].line);
}

/* One line for each condition that was ordered, and one without a condition where the order names no test. */
Test(serum_assay, a_refusal_answers_what_was_ordered)
{
    static const struct {
        const char *facts, *text;
    } rows[] = {
        {"serum_test=two plurality=2", "S1|serum.risk|T21|refused|twins_no_model||\n"
                                       "S1|serum.risk|ONTD|refused|twins_no_model||\n"},
        {"serum_test=one plurality=2", "S1|serum.risk|T21|refused|twins_no_model||\n"
                                       "S1|serum.risk|ONTD|refused|twins_no_model||\n"},
        {"serum_test=nt plurality=2", "S1|serum.risk|T21|refused|twins_no_model||\n"},
        {"serum_test=none", "S1|serum.risk||refused|no_model||\n"},
        {"", "S1|serum.risk||missing|order_missing||\n"},
        {"serum_test=mix gestation_method=lmp",
         "S1|serum.gestation||measured|lmp|112 d|\n"
         "S1|serum.mom|afp|measured|mom_as_reported|1 {MoM}|\n"
         "S1|serum.risk|ONTD|negative|risk_low|1 {MoM}|serum/cutoffs:ontd\n"
         "S1|serum.risk|T21|refused|dating_no_model||\n"},
    };
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    const Sample s = tube("S1", MOMS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Findings f = judge(r, arena_print(arena, "%s%s", WOMAN, rows[i].facts), &s, 1);
        cr_expect_str_eq(findings_text(&f, arena), rows[i].text, "%s", rows[i].facts);
    }
}

/* A scan outranks what was told, a length of the fetus the breadth of its head, and what was told the last period. */
Test(serum_assay, what_dates_the_pregnancy)
{
    static const struct {
        const char *facts, *line;
    } rows[] = {
        {"crl_mm=60@-42", "us|112 d"}, /* 10 weeks then, 6 weeks ago */
        {"crl_mm=80@-28", "us|112 d"},
        {"crl_mm=60@-42 bpd_mm=40@-1", "us|112 d"},
        {"crl_mm=80.1@-28 bpd_mm=40@-1", "us|113 d"},
        {"crl_mm=60@none bpd_mm=40@-2", "us|114 d"},
        {"bpd_mm=40@0 gestation_days=120@0", "us|112 d"},
        {"gestation_days=110@-3 gestation_method=crl lmp=2026-01-01", "us|113 d"},
        {"gestation_days=110@-3 gestation_method=lmp lmp=2026-01-01", "lmp|113 d"},
        {"gestation_days=110@-3 lmp=2026-08-01", "lmp|111 d"},
        {"gestation_days=110@none gestation_method=crl lmp=2026-08-01", "lmp|111 d"},
        {"lmp=2026-07-31", "lmp|112 d"},
    };
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    const Sample s = tube("S1", MOMS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Findings f =
            judge(r,
                  arena_print(arena, "serum_test=two plurality=1 birth_date=1990-05-01 %s",
                              rows[i].facts),
                  &s, 1);
        cr_expect_str_eq(findings_with(&f, "gestation", arena),
                         arena_print(arena, "S1|serum.gestation||measured|%s|\n", rows[i].line),
                         "%s", rows[i].facts);
    }
    const Findings f =
        judge(r, "serum_test=two plurality=1 birth_date=1990-05-01 bpd_mm=60", &s, 1);
    cr_expect_str_eq(findings_with(&f, "risk|T21", arena),
                     "S1|serum.risk|T21|missing|gestation_missing||\n");
}

/* Of one tube the latest measurement speaks; a value beside a MoM, or a second number, is told. */
Test(serum_assay, measurements_of_one_tube)
{
    static const struct {
        const char *results, *mom, *review;
    } rows[] = {
        {"afp_mom=1.5 ue3_mom=1", "1.5", ""},
        {"afp_mom=1.5@1 afp_mom=1.25@2 ue3_mom=1", "1.25", "measured_again"},
        {"afp_mom=1.5@2 afp_mom=1.25@1 ue3_mom=1", "1.5", "measured_again"},
        {"afp_mom=1.5@1 afp_mom=1.25@1 ue3_mom=1", "1.25", "measured_again"}, /* the later row */
        {"afp_mom=1.5@1 afp_mom=1.25 ue3_mom=1", "1.5", "measured_again"},    /* without a time */
        {"afp_mom=1.5@1 afp_mom=1.5@2 ue3_mom=1", "1.5", ""},
        {"afp_mom=1.5@1 afp_mom=1.25@2 afp_mom=1.25@3 ue3_mom=1", "1.25", "measured_again"},
        {"afp_mom=1.25@3 afp_mom=1.5@1 afp_mom=1.25@2 ue3_mom=1", "1.25", "measured_again"},
        {"afp=30:U/mL@1 afp_mom=1.25@2 ue3_mom=1", "1.25", "value_and_mom"},
        {"afp=30:U/mL@2 afp_mom=1.25@1 ue3_mom=1", "1.5", "value_and_mom"},
        {"afp=30:U/mL@1 afp_mom=1.25@2 afp_mom=1.25@3 ue3_mom=1", "1.25", "value_and_mom"},
        {"other.afp_mom=9 serum.afp_mom=1.5 serum.afq_mom=9 serum.ue3_mom=1 serum._mom=9", "1.5",
         ""},
    };
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Sample s = tube("S1", rows[i].results);
        const Findings f = judge(r, WOMAN "serum_test=two", &s, 1);
        cr_expect_not_null(strstr(findings_with(&f, "serum.mom|afp", arena),
                                  arena_print(arena, "|%s {MoM}|\n", rows[i].mom)),
                           "%s: %s", rows[i].results, findings_with(&f, "serum.mom|afp", arena));
        const char *review =
            rows[i].review[0] == '\0'
                ? ""
                : arena_print(arena, "S1|serum.review|afp|possible|%s||\n", rows[i].review);
        cr_expect_str_eq(findings_with(&f, "review", arena), review, "%s", rows[i].results);
    }
}

/* Her age is that of the expected day of delivery, day 280, to the day. */
Test(serum_assay, a_prior_by_age_at_delivery)
{
    const Reference *r = reference_with("serum/priors", 0, "b", "4.2");
    const Sample s = tube("S1", MOMS);
    for (int day = 1; day < 29; day += 9) {
        const double age = (date_from(2026, 11, 20) - 112 + 280 - date_from(1990, 5, day)) / 365.25,
                     term = 1 / (1 + exp(log(99) - 4.2 / (1 + exp(-0.3 * (age - 0.5 - 35)))));
        const Findings f = judge(
            r, arena_print(arena, WOMAN "serum_test=two birth_date=1990-05-%02d", day), &s, 1);
        cr_expect_str_eq(findings_with(&f, "serum.prior", arena),
                         arena_print(arena, "S1|serum.prior|T21|measured|one|%.6g|\n", term));
    }
}

/* Beyond the analyser's range the value is told as such; below what is truncated it is known all the same (afp: 0.5 to 2). */
Test(serum_assay, beyond_the_range)
{
    static const struct {
        const char *results, *t21, *ontd, *review;
    } rows[] = {
        {"afp_mom=<0.5 ue3_mom=1", "|0.0", "negative", "below_range"},
        {"afp_mom=<0.51 ue3_mom=1", "refused|beyond_range_unclear", "negative", "below_range"},
        {"afp_mom=>2 ue3_mom=1", "|0.0", "refused|beyond_range_unclear", "above_range"},
        {"afp_mom=>1.9 ue3_mom=1", "refused|beyond_range_unclear", "refused|beyond_range_unclear",
         "above_range"},
        {"afp_mom=>2.5 ue3_mom=1", "|0.0", "positive", "above_range"},
        {"afp_mom=<2 ue3_mom=1", "refused|beyond_range_unclear", "possible", "below_range"},
        {"afp_mom=<2.1 ue3_mom=1", "refused|beyond_range_unclear", "refused|beyond_range_unclear",
         "below_range"},
    };
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Sample s = tube("S1", rows[i].results);
        const Findings f = judge(r, WOMAN "serum_test=two", &s, 1);
        const char *t21 = findings_with(&f, "risk|T21", arena),
                   *ontd = findings_with(&f, "risk|ONTD", arena);
        cr_expect_not_null(strstr(t21, rows[i].t21), "%s: %s", rows[i].results, t21);
        cr_expect_not_null(strstr(ontd, rows[i].ontd), "%s: %s", rows[i].results, ontd);
        cr_expect_not_null(strstr(findings_with(&f, "review|afp", arena), rows[i].review));
    }
    /* untruncated, nothing is known beyond a bound, however far it lies */
    expect_line(r, "serum_test=two", "afp_mom=1 ue3_mom=>9", "risk|T21",
                "S1|serum.risk|T21|refused|beyond_range_unclear||");
    expect_line(r, "serum_test=two", "afp_mom=1 ue3_mom=<0.01", "risk|T21",
                "S1|serum.risk|T21|refused|beyond_range_unclear||");
    expect_line(r, "serum_test=unset", "afp_mom=<0.01", "risk|T21",
                "S1|serum.risk|T21|refused|beyond_range_unclear||");
}

/* Rarer than the limit, not as rare: at the mean of a population nothing is. */
Test(serum_assay, an_implausible_set_is_told)
{
    static const struct {
        const char *tail, *results;
        bool told;
    } rows[] = {{"1", "afp_mom=1 ue3_mom=1", false},
                {"1", "afp_mom=1 ue3_mom=1.01", true},
                {"0", "afp_mom=30 ue3_mom=30", false},
                {"0.0001", "afp_mom=30 ue3_mom=30", true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Reference *r = reference_with("serum/limits", 4, "value", rows[i].tail);
        const Sample s = tube("S1", rows[i].results);
        const Findings f = judge(r, WOMAN "serum_test=two", &s, 1);
        cr_expect_str_eq(findings_with(&f, "implausible", arena),
                         rows[i].told ? "S1|serum.review|T21|possible|implausible_set||\n" : "",
                         "row %zu", i);
    }
}

/* One invented median or divisor among the laboratory's own is enough to stamp what may rest on it. */
Test(serum_assay, an_example_among_own_numbers_is_told)
{
    static const struct {
        const char *table, *rows, *facts;
        bool told;
    } rows[] = {
        {"serum/medians", "inha\tpg/mL\tquadratic\t0\t0\t200\t100\t160\n", "", true},
        {"serum/corrections", "diabetes_insulin\tafp\t0.9\n", "", false},
        {"serum/corrections", "diabetes_insulin\tafp\t0.9\n", " smoking=yes", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Reference *r = reference_new(arena, "test", true);
        fixture_network(r, "", arena);
        for (size_t k = 0; k < COUNT(texts); k++) {
            cr_assert_eq(reference_add(r, table_of(&texts[k], arena), NULL), OK);
            if (strcmp(texts[k].name, rows[i].table) != 0) continue;
            const size_t head = strcspn(texts[k].text, "\n") + 1;
            fixture_table(r, rows[i].table, "example",
                          arena_print(arena, "%.*s%s", (int)head, texts[k].text, rows[i].rows),
                          arena);
        }
        fixture_finish(r);
        const Sample s = tube("S1", "afp=20:U/mL ue3=4:nmol/L");
        const Findings f =
            judge(r, arena_print(arena, "%sserum_test=two%s", WOMAN, rows[i].facts), &s, 1);
        for (size_t k = 0; k < f.n; k++)
            cr_expect_eq(f.items[k].example, rows[i].told, "row %zu: %s", i, f.items[k].code);
    }
}

/* Every tube of the assay is answered: the newest good one of the woman speaks, the others are part of it, and what cannot be used says so. */
Test(serum_assay, tubes_of_a_case)
{
    const Reference *r = reference_with(NULL, 0, NULL, NULL);
    Sample s[7];
    for (int i = 0; i < 7; i++)
        s[i] = tube(arena_print(arena, "S%d", i), MOMS);
    s[0].assay = "carrier";
    s[1].subject = SUBJECT_PARTNER;
    s[1].collected += 900;
    s[2].evidence.status = BAD_INPUT;
    s[2].collected += 800;
    s[3] = tube("S3", "afp_mom=1.5 ue3_mom=1.5");
    s[4].collected += 86400;
    s[4].evidence.n_results = 1; /* afp alone */
    s[5].collected += 86400;
    s[5].evidence.results[0].number = 1.25;
    s[5].evidence.n_results = 1;
    s[6].collected -= 86400;
    const Findings f = judge(r, WOMAN "serum_test=two", s, 7);
    const char *text = findings_text(&f, arena);
    static const char head[] = "S1|serum.risk||refused|not_the_woman||\n"
                               "S2|serum.risk||refused|evidence_unusable||\n"
                               "S3|serum.part||measured|judged_with_later_sample||\n"
                               "S4|serum.part||measured|judged_with_later_sample||\n"
                               "S6|serum.part||measured|judged_with_later_sample||\n"
                               "S5|serum.gestation||measured|us|113 d|\n"
                               "S5|serum.mom|afp|measured|mom_as_reported|1.25 {MoM}|\n";
    cr_expect_eq(strncmp(text, head, sizeof head - 1), 0, "%s", text);
    cr_expect_not_null(strstr(text, "S5|serum.mom|ue3|measured|mom_as_reported|1.5 {MoM}|"));
    cr_expect_null(strstr(text, "S0|"));
    const Findings none = judge(r, WOMAN "serum_test=two", s, 1);
    cr_expect_eq(none.n, 0U);
}
