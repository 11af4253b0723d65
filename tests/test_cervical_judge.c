/* One woman judged by the work plan of 2021: what her findings rest on, in which order her samples are read, and what keeps a result from being the last word. */
#include "cervical_fixture.h"

#define AT46 "birth_date=1980-05-01"

Test(cervical_judge, the_assay_says_what_it_takes)
{
    const Assay *a = assay_find("cervical");
    cr_expect(a->takes_results && a->uses_history && a->meets_unreadable);
    cr_expect(!a->takes_calls && !a->takes_traces && !a->never_fetal);
}

static const Finding *advice_on(const Findings *f)
{
    const Finding *a = find(f, "cervical.recommendation", 0);
    cr_assert_not_null(a);
    return a;
}

/* --- facts --- */

/* Any fact that was declared and could not be read may be the one that takes her out of the programme. */
Test(cervical_judge, a_fact_that_could_not_be_read_is_for_a_clinician)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const char *const *codes = assay_find("cervical")->facts;
    Sample s;
    (void)add_samples(&s, NEG, MATERIAL_CERVICAL, "S", arena);
    for (size_t i = 0; codes[i] != NULL; i++)
        for (int own = 0; own < 2; own++) {
            Fact facts[2];
            (void)add_facts(facts, AT46, arena);
            facts[1] = (Fact){.owner = own ? SUBJECT_WOMAN : SUBJECT_PARTNER,
                              .code = codes[i],
                              .unit = "",
                              .value = "",
                              .time = INSTANT_NONE,
                              .unreadable = true};
            const Case c = {.id = "c0",
                            .offset_minutes = 480,
                            .samples = &s,
                            .n_samples = 1,
                            .facts = facts,
                            .n_facts = 2};
            Findings f = {.arena = arena};
            cr_assert_eq(assay_find("cervical")->interpret(&f, &c, r, arena, NULL), OK);
            const Finding *a = advice_on(&f);
            cr_expect_eq(strstr(a->detail, "facts_unreadable") != NULL, own == 1, "%s: %s",
                         codes[i], a->detail);
            cr_expect_eq(a->answer == ANSWER_NEGATIVE, own == 0, "%s", codes[i]);
        }
    arena_free(arena);
}

/* --- order --- */

/* The newest sample with a result is judged, of equal times the one registered later; what has no result yet comes last and keeps the round open. */
Test(cervical_judge, the_newest_sample_with_a_result_is_judged)
{
    static const struct {
        const char *now, *sample;
        Answer answer;
    } rows[] = {
        {"2026-06-01 c0 " NEG "; 2026-06-02 c0 cyt=nilm", "S2", ANSWER_NEGATIVE},
        {"2026-06-02 c0 cyt=nilm; 2026-06-01 c0 " NEG, "S1", ANSWER_NEGATIVE},
        {"2026-06-01 c0 " NEG "; 2026-06-01 c0 cyt=nilm", "S2", ANSWER_NEGATIVE},
        {"2026-06-01 c0 cyt=nilm; 2026-06-01 c0 " NEG, "S2", ANSWER_NEGATIVE},
        {"2026-06-01 c0 " NEG "; 2026-06-02 c0 ", "S1", ANSWER_MISSING},
        {"2026-06-03 c0 ; 2026-06-01 c0 " NEG "; 2026-06-02 c0 cyt=nilm", "S3", ANSWER_MISSING},
        {"2026-06-01 c0 ; 2026-06-01 c0 ", "S2", ANSWER_MISSING},
        {"2026-06-02 c0 ; 2026-06-01 c0 ", "S1", ANSWER_MISSING},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Setting set = {.now = rows[i].now, .facts = AT46};
        const Findings f = judge(&set, r, arena);
        cr_expect_str_eq(advice_on(&f)->sample, rows[i].sample, "row %zu: %s", i,
                         advice_on(&f)->sample);
        cr_expect_eq(advice_on(&f)->answer, rows[i].answer, "row %zu: %s %s", i,
                     answer_code(advice_on(&f)->answer), advice_on(&f)->detail);
        cr_expect_null(find(&f, "cervical.recommendation", 1), "row %zu", i);
    }
    arena_free(arena);
}

/* What followed speaks from the day of the tests on; an older colposcopy does not. */
Test(cervical_judge, what_followed_the_tests_speaks)
{
    static const struct {
        const char *now, *detail;
    } rows[] = {
        {POS16 "col=normal", "recheck_12mo"},
        {"2026-06-01 c0 " POS16 "; 2026-06-02 c0 col=abnormal", "biopsy"},
        {"2026-06-02 c0 " POS16 "; 2026-06-01 c0 col=normal", "colposcopy"},
        {"2026-06-01 c0 " POS16 "; 2026-06-02 c0 his=cin2", "treat"},
        {"2026-06-01 c0 " POS16 "; 2026-06-02 c0 treatment=excision", "clinician_prior_cin2plus"},
        {"2026-06-01 c0 cyt=hsil; 2026-06-01 c0 his=normal", "recheck_12mo"},
        {"vis=abnormal col=inadequate", "clinician_colposcopy_repeat"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Setting set = {.now = rows[i].now, .facts = AT46};
        const Findings f = judge(&set, r, arena);
        cr_expect_str_eq(advice_on(&f)->detail, rows[i].detail, "row %zu: %s", i,
                         advice_on(&f)->detail);
    }
    arena_free(arena);
}

/* --- what a finding rests on --- */

/* The interval is the row's own months, also of one digit; without months there is no value. */
Test(cervical_judge, an_interval_is_the_months_of_its_row)
{
    static const char *const months[] = {"12", "6", ""};
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Table *t = reference_table(r, "cervical/national2021_followup");
    for (size_t i = 0; i < COUNT(months); i++) {
        t->cells[(size_t)table_find(t, "F7") * t->n_columns +
                 (size_t)table_column(t, "out:months")] = months[i];
        const Setting set = {.now = POS16 "col=normal", .facts = AT46};
        const Findings f = judge(&set, r, arena);
        const Finding *a = advice_on(&f);
        cr_expect_str_eq(a->row, "F7");
        cr_expect_eq(a->has_value, months[i][0] != '\0', "row %zu", i);
        if (!a->has_value) continue;
        cr_expect_eq(a->value, atof(months[i]), "row %zu: %g", i, a->value);
        cr_expect_str_eq(a->unit, "mo");
    }
    arena_free(arena);
}

/* A table that is not verified, a row that is not, a row that is an example: each says so in the finding. */
Test(cervical_judge, what_is_not_certain_is_marked)
{
    static const struct {
        const char *status;
        bool example, unverified;
    } rows[] = {{"sourced", false, false},
                {"unverified", false, true},
                {"local", true, false},
                {"sourced", true, false}};
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    Table *t = (Table *)reference_table(r, "cervical/classes");
    bool *examples = arena_alloc(arena, t->n_rows);
    const size_t nilm = (size_t)table_find(t, "cytology.nilm");
    t->examples = examples;
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->info.status = rows[i].status;
        examples[nilm] = rows[i].example;
        const Setting set = {.now = NEG "cyt=nilm", .facts = AT46};
        const Findings f = judge(&set, r, arena);
        const Finding *x = find(&f, "cervical.cytology", 0);
        cr_assert_not_null(x);
        cr_expect_eq(x->unverified, rows[i].unverified, "row %zu", i);
        cr_expect_eq(x->example, rows[i].example, "row %zu", i);
        cr_expect_str_eq(x->row, "cytology.nilm");
        cr_expect_str_eq(x->version, t->info.version);
    }
    arena_free(arena);
}

/* What the chart's domains do not hold goes to a clinician, and what is abnormal stays so. */
Test(cervical_judge, a_result_that_no_row_knows_is_for_a_clinician)
{
    static const struct {
        const char *now;
        Answer answer;
    } rows[] = {
        {NEG "cyt=nilm", ANSWER_NOT_ASSESSED},
        {"cyt=nilm", ANSWER_NOT_ASSESSED},
        {POS16 "cyt=nilm", ANSWER_POSITIVE},
        {"cyt=nilm vis=abnormal", ANSWER_POSITIVE},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = changed("cervical/classes", "cytology.nilm", "chart", "unheard_of", arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Setting set = {.now = rows[i].now, .facts = AT46};
        const Findings f = judge(&set, r, arena);
        cr_expect_str_eq(advice_on(&f)->detail, "clinician_no_row", "row %zu: %s", i,
                         advice_on(&f)->detail);
        cr_expect_eq(advice_on(&f)->answer, rows[i].answer, "row %zu", i);
        cr_expect_not(advice_on(&f)->has_value);
    }
    arena_free(arena);
}

/* All seven risks of a row are told as shares of one, a lower end below zero as zero; by a rule of another kind none is told. */
Test(cervical_judge, risks_are_those_of_the_row)
{
    static const char *const told[][2] = {{"cervical.risk_now", "cin3_now"},
                                          {"cervical.risk_now_low", "cin3_now_low"},
                                          {"cervical.risk_now_high", "cin3_now_high"},
                                          {"cervical.risk_1y", "cin3_1y"},
                                          {"cervical.risk_5y", "cin3_5y"},
                                          {"cervical.risk_5y_low", "cin3_5y_low"},
                                          {"cervical.risk_5y_high", "cin3_5y_high"}};
    static const char *const now[] = {NEG "cyt=nilm", OTHER "cyt=asc_us",   POS16 "cyt=lsil",
                                      NEG "cyt=hsil", "cyt=unsatisfactory", "his=cin1"};
    Arena *arena = arena_new(NULL);
    const Reference *r = changed("site", "cervical_policy", "value", "asccp2019", arena);
    const Table *t = reference_table(r, "cervical/asccp/risk");
    size_t by_risk = 0;
    t->cells[(size_t)table_column(t, "cin3_now_low")] = "-0.5"; /* of the first row */
    for (size_t i = 0; i < COUNT(now); i++) {
        const Setting set = {.now = now[i], .facts = AT46};
        const Findings f = judge(&set, r, arena);
        const Finding *a = advice_on(&f);
        const bool is = strcmp(a->table, "cervical/asccp/risk") == 0;
        by_risk += is;
        for (size_t k = 0; k < COUNT(told); k++) {
            const Finding *x = find(&f, told[k][0], 0);
            double percent = 0;
            const bool due = is && table_number(t, (size_t)table_find(t, a->row),
                                                table_column(t, told[k][1]), &percent);
            cr_expect_eq(x != NULL, due, "%s: %s", now[i], told[k][0]);
            if (x == NULL) continue;
            cr_expect_float_eq(x->value, percent < 0 ? 0 : percent / 100, 1e-15, "%s: %g",
                               told[k][0], x->value);
            cr_expect(x->has_value && strcmp(x->unit, "1") == 0 && strcmp(x->item, "CIN3+") == 0 &&
                      x->answer == ANSWER_MEASURED && strcmp(x->row, a->row) == 0);
        }
    }
    cr_expect_eq(by_risk, 4U, "%zu", by_risk);
    arena_free(arena);
}

/* A sample that brought results, but none that is ours, is told apart from one that still waits for them. */
Test(cervical_judge, results_of_others_are_no_result)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    Result results[2] = {{.specimen = "", .code = "alpha.points", .value = "none", .unit = ""},
                         {.specimen = "", .code = "alpha.deletion", .value = "aa/aa", .unit = ""}};
    for (size_t n = 0; n <= 2; n++) {
        Sample s;
        (void)add_samples(&s, "2026-06-01 c0 ", MATERIAL_CERVICAL, "S", arena);
        s.evidence.results = results;
        s.evidence.n_results = n;
        const Findings f = judge_samples(&s, 1, r, arena);
        const Finding *x = find(&f, "cervical.result", 0);
        cr_assert_not_null(x);
        cr_expect_eq(x->answer, ANSWER_MISSING);
        cr_expect_str_eq(x->detail, n > 0 ? "cervical_no_result" : "cervical_awaiting");
    }
    arena_free(arena);
}
