#include "lab/assays/serum_risk.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sodium.h>
#include <string.h>

#include "lab/assays/assay.h"

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

/* A profile at given days, all markers in order. */
static Profile profile(const Marker *markers, int n, const double *moms, const int *days)
{
    Profile p = {.n = n};
    memcpy(p.markers, markers, (size_t)n * sizeof *markers);
    memcpy(p.moms, moms, (size_t)n * sizeof *moms);
    memcpy(p.days, days, (size_t)n * sizeof *days);
    return p;
}

static bool judged(SerumRisk *out, const ParameterSet *set, double prior, Profile p)
{
    return serum_risk(out, set, prior, &p);
}

TestSuite(serum, .init = open_reference, .fini = close_reference);

static const SerumModel *model(void)
{
    const SerumModel *m = reference_model(reference, "serum");
    cr_assert_not_null(m);
    return m;
}

/* Likelihood ratios worked out by hand-inverting the source's precision matrices (the open vectors of the brief). */
Test(serum, likelihood_ratios_of_worked_vectors)
{
    static const struct {
        double mom[4], us, lmp, t18;
    } rows[] = {
        {{1, 1, 1, 1}, 0.076663, 0.093899, 0.053901},
        {{0.65, 0.43, 0.36, 0.9}, 0.067989, 0.040223, 168.161896},
        {{0.74, 0.7, 2.05, 2.18}, 13.968695, 10.546684, 0.123409},
        {{0.2, 0.3, 8.0, 9.0}, 110313.989151, 31064.342344, 10.442168},
        {{0.6, 0.55, 3.1, 2.9}, 384.720102, 192.029796, 0.452446},
        {{2.6, 1.05, 1.1, 1.0}, 0.001588, 0.003336, 0.026133},
        {{1.3, 1.2, 0.8, 0.7}, 0.007364, 0.011614, 0.044051},
    };
    static const Marker four[] = {MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA};
    static const int days[] = {112, 112, 112, 112};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SerumRisk r;
        cr_assert(
            judged(&r, serum_set(model(), "t21_us"), 0.001, profile(four, 4, rows[i].mom, days)));
        cr_expect_lt(fabs(r.lr / rows[i].us - 1), 1e-3, "row %zu us %g", i, r.lr);
        cr_assert(
            judged(&r, serum_set(model(), "t21_lmp"), 0.001, profile(four, 4, rows[i].mom, days)));
        cr_expect_lt(fabs(r.lr / rows[i].lmp - 1), 1e-3, "row %zu lmp %g", i, r.lr);
        cr_assert(
            judged(&r, serum_set(model(), "t18"), 0.001, profile(four, 3, rows[i].mom, days)));
        cr_expect_lt(fabs(r.lr / rows[i].t18 - 1), 1e-3, "row %zu t18 %g", i, r.lr);
    }
}

Test(serum, risk_is_a_probability)
{
    static const Marker four[] = {MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA};
    static const double mom[] = {0.2, 0.3, 8, 9};
    static const int days[] = {112, 112, 112, 112};
    SerumRisk r;
    cr_assert(judged(&r, serum_set(model(), "t21_us"), 0.5, profile(four, 4, mom, days)));
    cr_expect(r.risk > 0.999 && r.risk < 1);
    cr_expect(r.clamped[MARKER_AFP] && r.clamped[MARKER_UE3] && r.clamped[MARKER_HCG] &&
              r.clamped[MARKER_INHA]);
    cr_expect_lt(r.rarity, 1e-4, "no pregnancy shows these four");
}

Test(serum, age_prior_of_morris)
{
    static const struct {
        double age;
        double one_in;
    } rows[] = {{20, 1483.98}, {35, 403.3}, {37.73, 186.77}, {40, 97.81}, {45, 37.57}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double first = serum_prior(serum_find_prior(model(), "first"), rows[i].age);
        double second = serum_prior(serum_find_prior(model(), "second"), rows[i].age);
        double t18 = serum_prior(serum_find_prior(model(), "t18"), rows[i].age);
        double term = second * 0.77;
        cr_expect_lt(fabs(1 / term - rows[i].one_in), rows[i].one_in * 0.002, "row %zu: 1 in %g", i,
                     1 / term);
        cr_expect_lt(fabs(first * 0.57 / term - 1), 1e-9);
        cr_expect_lt(fabs(t18 / (1 - t18) * 10 / (term / (1 - term)) - 1), 1e-9);
    }
    const SerumPrior *first = serum_find_prior(model(), "first");
    cr_expect_eq(serum_prior(first, 10), serum_prior(first, 15),
                 "the prior is clamped; the assay refuses such an age");
}

Test(serum, dating_formulas_keep_their_range)
{
    static const struct {
        const char *method;
        double mm;
        int days;
    } rows[] = {
        {"crl", 80, 97},   {"crl", 32, 70},  {"crl", 55, 84}, {"crl", 80.1, -1},
        {"crl", 31.9, -1}, {"bpd", 35, 117}, {"bpd", 51, -1}, {"other", 50, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int days = -1;
        cr_expect_eq(serum_days(&days, model(), rows[i].method, rows[i].mm), rows[i].days >= 0,
                     "row %zu", i);
        cr_expect_eq(days, rows[i].days, "row %zu: %d", i, days);
    }
}

Test(serum, a_blank_correlation_is_no_zero)
{
    static const Marker no_model[] = {MARKER_PAPPA, MARKER_HCG};
    static const Marker t18[] = {MARKER_AFP, MARKER_INHA};
    static const double mom[] = {1, 1};
    static const int days[] = {80, 112};
    SerumRisk r;
    cr_expect(judged(&r, serum_set(model(), "t21_us"), 0.001, profile(no_model, 2, mom, days)));
    cr_expect_not(judged(&r, serum_set(model(), "t18"), 0.001, profile(no_model, 2, mom, days)));
    cr_expect_not(judged(&r, serum_set(model(), "t18"), 0.001, profile(t18, 2, mom, days)));
    cr_expect_null(serum_set(model(), "free_beta"));
}

/* ---- the assay ---- */

typedef struct Given {
    const char *code, *value;
    double number;
} Given;

static Case make_case(const Given *facts, size_t n_facts, const Given *results, size_t n_results)
{
    Sample *s = arena_alloc(arena, sizeof *s);
    Fact *f = arena_alloc(arena, (n_facts + 1) * sizeof *f);
    Result *r = arena_alloc(arena, (n_results + 1) * sizeof *r);
    Instant collected;
    cr_assert(instant_parse(&collected, "2026-11-20T09:00", 480));
    for (size_t i = 0; i < n_facts; i++)
        f[i] = (Fact){.owner = SUBJECT_WOMAN,
                      .code = facts[i].code,
                      .value = facts[i].value,
                      .number = facts[i].number,
                      .unit = "",
                      .time = collected};
    for (size_t i = 0; i < n_results; i++)
        r[i] = (Result){.specimen = "",
                        .code = results[i].code,
                        .number = results[i].number,
                        .unit = results[i].value,
                        .time = INSTANT_NONE,
                        .run = "",
                        .well = ""};
    *s = (Sample){.id = "S1",
                  .person = "P1",
                  .case_id = "C1",
                  .assay = "serum",
                  .subject = SUBJECT_WOMAN,
                  .material = MATERIAL_SERUM,
                  .collected = collected};
    s->evidence.results = r;
    s->evidence.n_results = n_results;
    return (Case){.id = "C1",
                  .samples = s,
                  .n_samples = 1,
                  .facts = f,
                  .n_facts = n_facts,
                  .now = collected,
                  .offset_minutes = 480};
}

static Findings judge(const Case *c)
{
    Findings out = {.arena = arena};
    Note why = {0};
    cr_assert_eq(assay_find("serum")->interpret(&out, c, reference, arena, &why), OK);
    return out;
}

static const Finding *risk_of(const Findings *f, const char *item)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, "serum.risk") == 0 && strcmp(f->items[i].item, item) == 0)
            return &f->items[i];
    return NULL;
}

static const Given facts[] = {{"birth_date", "1990-05-01", 0}, {"serum_test", "quadruple", 0},
                              {"plurality", "1", 1},           {"weight_kg", "55", 55},
                              {"gestation_days", "112", 112},  {"gestation_method", "crl", 0}};
static const Given high[] = {{"serum.afp_mom", "{MoM}", 0.6},
                             {"serum.ue3_mom", "{MoM}", 0.55},
                             {"serum.hcg_mom", "{MoM}", 3.1},
                             {"serum.inha_mom", "{MoM}", 2.9}};
static const Given low[] = {{"serum.afp_mom", "{MoM}", 1.3},
                            {"serum.ue3_mom", "{MoM}", 1.2},
                            {"serum.hcg_mom", "{MoM}", 0.8},
                            {"serum.inha_mom", "{MoM}", 0.7}};
static const Given defect[] = {{"serum.afp_mom", "{MoM}", 2.5},
                               {"serum.ue3_mom", "{MoM}", 1.2},
                               {"serum.hcg_mom", "{MoM}", 0.8},
                               {"serum.inha_mom", "{MoM}", 0.7}};

Test(serum, high_low_and_neural_tube)
{
    Case c = make_case(facts, 6, high, 4);
    Findings f = judge(&c);
    cr_assert_not_null(risk_of(&f, "T21"));
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_POSITIVE);
    cr_expect_gt(risk_of(&f, "T21")->value, 0.1);
    c = make_case(facts, 6, low, 4);
    f = judge(&c);
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_NEGATIVE);
    cr_expect_eq(risk_of(&f, "T18")->answer, ANSWER_NEGATIVE);
    cr_expect_eq(risk_of(&f, "ONTD")->answer, ANSWER_NEGATIVE);
    c = make_case(facts, 6, defect, 4);
    f = judge(&c);
    cr_expect_eq(risk_of(&f, "ONTD")->answer, ANSWER_POSITIVE, "the limit itself is high");
}

/* Every way in which no risk may be stated: never a negative. */
Test(serum, refusals_never_read_low)
{
    static const struct {
        size_t fact;
        Given with;
        Answer answer;
        const char *detail;
    } rows[] = {
        {0, {"birth_date", "2013-05-01", 0}, ANSWER_REFUSED, "age_outside"},
        {0, {"birth_date", "1950-05-01", 0}, ANSWER_REFUSED, "age_implausible"},
        {0, {"other", "x", 0}, ANSWER_MISSING, "birth_date_missing"},
        {1, {"serum_test", "double_free_beta", 0}, ANSWER_MISSING, "marker_missing"},
        {1, {"serum_test", "integrated", 0}, ANSWER_MISSING, "marker_missing"},
        {1, {"other", "x", 0}, ANSWER_MISSING, "order_missing"},
        {2, {"plurality", "2", 2}, ANSWER_REFUSED, "twins_no_model"},
        {2, {"other", "x", 0}, ANSWER_MISSING, "plurality_missing"},
        {3, {"smoking", "yes", 0}, ANSWER_REFUSED, "no_correction"},
        {3, {"ivf", "yes", 0}, ANSWER_REFUSED, "no_correction"},
        {3, {"previous_affected", "t21", 0}, ANSWER_REFUSED, "previous_affected_no_model"},
        {4, {"gestation_days", "104", 104}, ANSWER_REFUSED, "gestation_outside"},
        {4, {"gestation_days", "147", 147}, ANSWER_REFUSED, "gestation_outside"},
        {4, {"other", "x", 0}, ANSWER_MISSING, "gestation_missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Given changed[6];
        memcpy(changed, facts, sizeof changed);
        changed[rows[i].fact] = rows[i].with;
        Case c = make_case(changed, 6, low, 4);
        Findings f = judge(&c);
        size_t told = 0;
        for (size_t k = 0; k < f.n; k++) {
            if (strcmp(f.items[k].code, "serum.risk") != 0) continue;
            told++;
            cr_expect_eq(f.items[k].answer, rows[i].answer, "row %zu: %s", i, f.items[k].detail);
            cr_expect_str_eq(f.items[k].detail, rows[i].detail, "row %zu", i);
        }
        cr_expect_gt(told, 0, "row %zu says nothing", i);
    }
}

Test(serum, values_become_mom_only_with_weight_and_unit)
{
    static const Given raw[] = {{"serum.afp", "U/mL", 30},
                                {"serum.ue3", "nmol/L", 4},
                                {"serum.hcg", "U/mL", 30},
                                {"serum.inha", "pg/mL", 180}};
    Case c = make_case(facts, 6, raw, 4);
    Findings f = judge(&c);
    cr_expect_neq(risk_of(&f, "T21")->answer, ANSWER_REFUSED, "%s", risk_of(&f, "T21")->detail);
    cr_expect(risk_of(&f, "T21")->example, "the demonstration's medians are invented");
    Given unweighed[6];
    memcpy(unweighed, facts, sizeof unweighed);
    unweighed[3] = (Given){"other", "x", 0};
    c = make_case(unweighed, 6, raw, 4);
    f = judge(&c);
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_MISSING);
    cr_expect_str_eq(risk_of(&f, "T21")->detail, "weight_missing");
    static const struct {
        double kg;
        const char *detail;
    } weights[] = {{34.9, "weight_outside"}, {130.1, "weight_outside"}, {35, ""}, {130, ""}};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        unweighed[3] = (Given){"weight_kg", "", weights[i].kg};
        c = make_case(unweighed, 6, raw, 4);
        f = judge(&c);
        bool refused = risk_of(&f, "T21")->answer == ANSWER_REFUSED;
        cr_expect_eq(refused, weights[i].detail[0] != '\0', "%g kg", weights[i].kg);
        if (refused) cr_expect_str_eq(risk_of(&f, "T21")->detail, weights[i].detail);
    }
    Given other_unit[4];
    memcpy(other_unit, raw, sizeof other_unit);
    other_unit[0].value = "ng/mL";
    c = make_case(facts, 6, other_unit, 4);
    f = judge(&c);
    cr_expect_str_eq(risk_of(&f, "T21")->detail, "unit_differs");
}

/* A sourced divisor corrects a value; a MoM of the analyser's software, a marker and a condition without a row are refused. */
Test(serum, declared_conditions_are_corrected_or_refused)
{
    static const Given raw[] = {{"serum.afp", "U/mL", 30},
                                {"serum.ue3", "nmol/L", 4},
                                {"serum.hcg", "U/mL", 30},
                                {"serum.inha", "pg/mL", 180}};
    Given with[7];
    memcpy(with, facts, sizeof facts);
    with[6] = (Given){"diabetes_insulin", "no", 0};
    Case c = make_case(with, 7, raw, 4);
    Findings plain = judge(&c);
    with[6].value = "yes";
    c = make_case(with, 7, raw, 4);
    Findings corrected = judge(&c);
    static const double divisors[] = {0.89, 0.92, 0.93, 1};
    size_t moms = 0;
    cr_assert_eq(plain.n, corrected.n);
    for (size_t i = 0; i < plain.n; i++) {
        if (strcmp(plain.items[i].code, "serum.mom") != 0) continue;
        double ratio = plain.items[i].value / corrected.items[i].value;
        cr_expect_lt(fabs(ratio / divisors[moms] - 1), 1e-12, "%s", plain.items[i].item);
        cr_expect_str_eq(corrected.items[i].detail, "mom_of_condition");
        moms++;
    }
    cr_expect_eq(moms, 4U);
    c = make_case(with, 7, low, 4);
    Findings f = judge(&c);
    cr_expect_str_eq(risk_of(&f, "T21")->detail, "no_correction", "a MoM may be corrected already");
    with[6].code = "smoking";
    c = make_case(with, 7, raw, 4);
    f = judge(&c);
    cr_expect_str_eq(risk_of(&f, "T21")->detail, "no_correction");
}

Test(serum, a_smaller_test_only_when_the_order_allows_it)
{
    Given allowing[7];
    memcpy(allowing, facts, sizeof facts);
    allowing[6] = (Given){"serum_fallback", "yes", 0};
    Case c = make_case(allowing, 7, low, 3);
    Findings f = judge(&c);
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_NEGATIVE);
    bool said = false;
    for (size_t i = 0; i < f.n; i++)
        said = said || strcmp(f.items[i].detail, "smaller_test") == 0;
    cr_expect(said, "a smaller test is never silent");
    c = make_case(facts, 6, low, 3);
    f = judge(&c);
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_MISSING);
}

/* A test without a model for the way of dating used to say nothing at all. */
Test(serum, every_condition_is_answered_whatever_dated_the_pregnancy)
{
    static const Given first[] = {{"serum.nt_mom", "{MoM}", 1},
                                  {"serum.pappa_mom", "{MoM}", 1},
                                  {"serum.hcg1_mom", "{MoM}", 1}};
    Given all[7], by_period[7];
    memcpy(all, low, sizeof low);
    memcpy(all + 4, first, sizeof first);
    memcpy(by_period, facts, sizeof facts);
    by_period[5] = (Given){"gestation_method", "lmp", 0};
    by_period[1] = (Given){"serum_test", "combined", 0};
    by_period[4] = (Given){"gestation_days", "85", 85};
    Case c = make_case(by_period, 6, first, 3);
    Findings f = judge(&c);
    static const char *const items[] = {"T21", "T18"};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_not_null(risk_of(&f, items[i]), "%s is not answered", items[i]);
        cr_expect_eq(risk_of(&f, items[i])->answer, ANSWER_REFUSED);
        cr_expect_str_eq(risk_of(&f, items[i])->detail, "dating_no_model");
    }
    by_period[1] = (Given){"serum_test", "serum_integrated", 0};
    by_period[4] = (Given){"gestation_days", "112", 112};
    c = make_case(by_period, 6, low, 4);
    f = judge(&c);
    cr_assert_not_null(risk_of(&f, "T21"));
    cr_expect_str_eq(risk_of(&f, "T21")->detail, "dating_no_model");
    cr_expect_eq(risk_of(&f, "T18")->answer, ANSWER_NEGATIVE, "the second trimester has a model");
    by_period[6] = (Given){"serum_fallback", "yes", 0};
    c = make_case(by_period, 7, all, 7);
    f = judge(&c);
    cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_NEGATIVE,
                 "the quadruple test has a model by dates");
}

/* Known well enough where truncation would have cut it off anyway, or where the cut-off of the MoM itself is passed for sure. */
Test(serum, beyond_the_range_of_the_analyser)
{
    static const struct {
        size_t marker;
        double mom;
        char bound;
        const char *t21, *t18, *ontd;
    } rows[] = {
        {0, 0.33, '<', "", "", "risk_low"},
        {0, 0.39, '<', "", "beyond_range_unclear", "risk_low"},
        {0, 0.41, '<', "beyond_range_unclear", "beyond_range_unclear", "risk_low"},
        {0, 2.6, '<', "beyond_range_unclear", "beyond_range_unclear", "beyond_range_unclear"},
        {0, 3, '>', "", "", "risk_high"},
        {0, 2.5, '>', "beyond_range_unclear", "", "risk_high"},
        {0, 2.4, '>', "beyond_range_unclear", "", "beyond_range_unclear"},
        {3, 5, '>', "", "", "risk_low"},
        {3, 4.9, '>', "beyond_range_unclear", "", "risk_low"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Given values[4];
        memcpy(values, low, sizeof values);
        values[rows[i].marker].number = rows[i].mom;
        Case c = make_case(facts, 6, values, 4);
        c.samples[0].evidence.results[rows[i].marker].bound = rows[i].bound;
        Findings f = judge(&c);
        const struct {
            const char *item, *detail;
        } wanted[] = {{"T21", rows[i].t21}, {"T18", rows[i].t18}, {"ONTD", rows[i].ontd}};
        for (size_t k = 0; k < 3; k++) {
            const Finding *x = risk_of(&f, wanted[k].item);
            cr_assert_not_null(x);
            if (wanted[k].detail[0] == '\0')
                cr_expect(x->has_value, "row %zu %s: %s", i, x->item, x->detail);
            else
                cr_expect_str_eq(x->detail, wanted[k].detail, "row %zu %s", i, x->item);
        }
    }
}

Test(serum, a_value_beside_a_mom_is_told)
{
    Given both[5];
    memcpy(both, low, sizeof low);
    both[4] = (Given){"serum.afp", "U/mL", 30};
    Case c = make_case(facts, 6, both, 5);
    Findings f = judge(&c);
    size_t told = 0;
    for (size_t i = 0; i < f.n; i++)
        told += strcmp(f.items[i].detail, "value_and_mom") == 0 ? 1 : 0;
    cr_expect_eq(told, 1U);
}

/* A duplicate run is a repeat: the latest in time speaks, in whatever order the rows came, and it is told. */
Test(serum, a_duplicate_run_is_a_repeat)
{
    Given twice[5];
    memcpy(twice, low, sizeof low);
    twice[4] = (Given){"serum.afp_mom", "{MoM}", 2.8};
    for (int swapped = 0; swapped < 2; swapped++) {
        Case c = make_case(facts, 6, twice, 5);
        Result *r = c.samples[0].evidence.results;
        r[0].time = swapped ? 2000 : 1000;
        r[4].time = swapped ? 1000 : 2000;
        Findings f = judge(&c);
        cr_expect_eq(risk_of(&f, "ONTD")->answer, swapped ? ANSWER_NEGATIVE : ANSWER_POSITIVE);
        size_t told = 0;
        for (size_t i = 0; i < f.n; i++)
            told += strcmp(f.items[i].detail, "measured_again") == 0 ? 1 : 0;
        cr_expect_eq(told, 1U, "swapped %d", swapped);
    }
    twice[4].number = low[0].number;
    Case c = make_case(facts, 6, twice, 5);
    Findings f = judge(&c);
    for (size_t i = 0; i < f.n; i++)
        cr_expect_str_neq(f.items[i].detail, "measured_again", "the same number twice is no news");
}

/* ---- tables that cannot be meant do not open ---- */

static const char *const table_names[] = {
    "serum/parameters", "serum/correlations", "serum/truncation", "serum/tests",
    "serum/priors",     "serum/cutoffs",      "serum/limits",     "serum/dating",
    "serum/weight",     "serum/medians",      "serum/corrections"};

/* The table as text again, with one piece of it changed. */
static Table *changed_table(const Table *t, const char *from, const char *to)
{
    const char *text = "";
    for (size_t c = 0; c < t->n_columns; c++)
        text = arena_print(arena, "%s%s%s", text, c ? "\t" : "", t->columns[c]);
    for (size_t r = 0; r < t->n_rows; r++) {
        text = arena_print(arena, "%s\n", text);
        for (size_t c = 0; c < t->n_columns; c++)
            text = arena_print(arena, "%s%s%s", text, c ? "\t" : "", table_cell(t, r, (int)c));
    }
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s is not in %s", from, t->info.name);
    text = arena_print(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    Table *out;
    cr_assert_eq(table_parse(&out, &t->info, text, strlen(text), arena, NULL), OK);
    return out;
}

Test(serum, a_table_that_cannot_be_meant_does_not_open)
{
    static const struct {
        const char *table, *from, *to, *field;
    } rows[] = {
        {"serum/medians", "ue3\tnmol/L", "afp\tnmol/L", "from_day"}, /* two of one marker and day */
        {"serum/medians", "log10_linear", "log_linear", "form"},
        {"serum/medians", "afp\tU/mL", "afp\t", "unit"},
        {"serum/medians", "0.0077", "0,0077", "p1"},
        {"serum/medians", "105\t146", "146\t105", "from_day"},
        {"serum/medians", "inha", "inhb", "marker"},
        {"serum/cutoffs", "t21\t0.0037037037037037038\t0.001", "t21\t0.0037\t0.01", "grey"},
        {"serum/cutoffs", "0.0028571428571428571", "", "high"},
        {"serum/tests", "quadruple\tt21\tafp|ue3", "quadruple\tt21\tafp|ue4", "markers"},
        {"serum/tests", "quadruple\tt18", "quadruple\tt13", "condition"},
        {"serum/tests", "t21\ttriple", "t21\tquadruple", "fallback"}, /* never smaller */
        {"serum/tests", "t21_us\tsecond", "t21_us\tthird", "prior"},
        {"serum/priors", "first\t7.330", "first\tseven", "a"},
        {"serum/dating", "crl\tus\texp", "crl\tus\tlog", "form"},
        {"serum/dating", "32\t80", "80\t32", "max_mm"},
        {"serum/weight", "ue3", "afp", "marker"},
        {"serum/corrections", "diabetes_insulin", "diabetes", "condition"},
        {"serum/corrections", "insulin\tue3", "insulin\tafp", "marker"},
        {"serum/corrections", "0.89", "0", "divisor"},
        {"serum/limits", "age_min", "age_mim", "age_min"},
        {"serum/parameters", "0.1399", "0", "sd"},
        {"serum/correlations", "0.1981", "1", "r"},
        {"serum/correlations", "afp\tue3\t0.1981", "afp\tue3\t0.5", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Reference *r = reference_new(arena, "test", true);
        for (size_t k = 0; k < sizeof table_names / sizeof *table_names; k++) {
            Note why = {0};
            const Table *t = reference_table(reference, table_names[k]);
            Table *copy = arena_alloc(arena, sizeof *copy);
            *copy = *t;
            if (strcmp(table_names[k], rows[i].table) == 0)
                copy = changed_table(t, rows[i].from, rows[i].to);
            cr_assert_eq(reference_add(r, copy, &why), OK);
        }
        Note why = {0};
        const void *m;
        Status s = assay_find("serum")->prepare(&m, r, arena, &why);
        if (rows[i].field == NULL) {
            cr_expect_eq(s, OK, "row %zu: strong, but possible", i);
            continue;
        }
        cr_expect_eq(s, BAD_INPUT, "row %zu", i);
        cr_expect_str_eq(why.code, "serum.table", "row %zu", i);
        cr_expect_str_eq(why.field, rows[i].field, "row %zu", i);
    }
}

Test(serum, correlations_that_no_population_has_do_not_open)
{
    static const char *const pairs[][2] = {{"afp\tue3\t0.1981", "afp\tue3\t0.95"},
                                           {"afp\thcg\t0.1535", "afp\thcg\t0.95"},
                                           {"ue3\thcg\t-0.0416", "ue3\thcg\t-0.95"}};
    Reference *r = reference_new(arena, "test", true);
    for (size_t k = 0; k < sizeof table_names / sizeof *table_names; k++) {
        Note why = {0};
        Table *copy = arena_alloc(arena, sizeof *copy);
        *copy = *reference_table(reference, table_names[k]);
        for (size_t i = 0; strcmp(table_names[k], "serum/correlations") == 0 && i < 3; i++)
            copy = changed_table(copy, pairs[i][0], pairs[i][1]);
        cr_assert_eq(reference_add(r, copy, &why), OK);
    }
    Note why = {0};
    const void *m;
    cr_expect_eq(assay_find("serum")->prepare(&m, r, arena, &why), BAD_INPUT);
    cr_expect_str_eq(why.field, "set");
}

/* Of two tubes with the same marker the later one speaks, in whatever order they were registered. */
Test(serum, the_later_tube_speaks)
{
    for (int swapped = 0; swapped < 2; swapped++) {
        Case c = make_case(facts, 6, low, 4), other = make_case(facts, 6, high, 4);
        Sample both[2] = {c.samples[0], other.samples[0]};
        both[1].id = "S2";
        both[1].collected += 86400;
        if (swapped) {
            Sample first = both[0];
            both[0] = both[1];
            both[1] = first;
        }
        c.samples = both;
        c.n_samples = 2;
        Findings f = judge(&c);
        cr_assert_not_null(risk_of(&f, "T21"));
        cr_expect_eq(risk_of(&f, "T21")->answer, ANSWER_POSITIVE, "swapped %d", swapped);
        size_t parts = 0;
        for (size_t i = 0; i < f.n; i++)
            if (strcmp(f.items[i].code, "serum.part") == 0) {
                parts++;
                cr_expect_str_neq(f.items[i].sample, "S2", "the earlier tube is a part");
            } else {
                cr_expect_str_eq(f.items[i].sample, "S2", "%s", f.items[i].code);
            }
        cr_expect_eq(parts, 1U);
    }
}

/* What is needed to compute a risk again stands beside it. */
Test(serum, a_risk_can_be_computed_again)
{
    Case c = make_case(facts, 6, high, 4);
    Findings f = judge(&c);
    double prior = 0, lr = 0, risk = 0;
    for (size_t i = 0; i < f.n; i++) {
        if (strcmp(f.items[i].item, "T21") != 0) continue;
        if (strcmp(f.items[i].code, "serum.prior") == 0) prior = f.items[i].value;
        if (strcmp(f.items[i].code, "serum.risk") == 0) risk = f.items[i].value;
        if (strcmp(f.items[i].code, "serum.lr") != 0) continue;
        lr = f.items[i].value;
        cr_expect_str_eq(f.items[i].table, "serum/parameters");
        cr_expect_str_eq(f.items[i].row, "t21_us");
    }
    double odds = prior / (1 - prior) * lr;
    cr_expect_gt(risk, 0);
    cr_expect_lt(fabs(odds / (1 + odds) / risk - 1), 1e-9);
}
