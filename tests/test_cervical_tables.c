/* The cervical tables: policies and switches, words and levels, and safety over whole products. */
#include "cervical_fixture.h"

/* --- policies and words -------------------- */

static const struct {
    const char *table, *row, *column, *value;
    bool refused;
} policies[] = {
    {"site", "cervical_policy", "value", "national2021", false},
    {"site", "cervical_policy", "value", "asccp2019", false},
    {"site", "cervical_policy", "value", "cn2023", false},
    {"site", "cervical_policy", "value", "cn2025", false},
    {"site", "cervical_policy", "value", "who2021", false},
    {"site", "cervical_policy", "value", "nobody", true},
    {"site", "cervical_policy", "value", "", true},
    {"cervical/policies", "national2021", "implemented", "no", true},
    {"cervical/policies", "national2021", "chart", "cervical/absent", true},
    {"cervical/policies", "national2021", "ascus.route", "hpv_triage", true},
    {"cervical/policies", "national2021", "second_positive", "colposcopy", true},
    {"cervical/policies", "national2021", "age.range", "25-64", true},
    {"cervical/policies", "national2021", "hpv.required_types", "13", false},
    {"cervical/policies", "national2021", "hpv.required_types", "12", true},
    {"cervical/policies", "national2021", "cotest_days", "", true},
    {"cervical/policies", "national2021", "cotest_days", "one", true},
    {"cervical/policies", "national2021", "cotest_days", "-1", true},
    {"cervical/policies", "national2021", "cotest_days", "0", false},
    {"cervical/policies", "national2021", "cotest_days", "366", false},
    {"cervical/policies", "national2021", "cotest_days", "367", true},
    {"cervical/policies", "national2021", "chart", "", true},
    {"cervical/policies", "national2021", "scope", "", true},
    {"cervical/policies", "national2021", "scope", "cervical/absent", true},
    {"cervical/policies", "national2021", "followup", "", true},
    {"cervical/policies", "national2021", "followup", "cervical/absent", true},
};

Test(cervical, policies_that_are_not_implemented_are_refused)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        const Reference *r = changed(policies[i].table, policies[i].row, policies[i].column,
                                     policies[i].value, arena);
        Setting set = {.now = "2026-06-01 c0 " NEG};
        Findings f = judge(&set, r, arena);
        const Finding *refused = find(&f, "cervical.result", 0);
        cr_expect_eq(refused != NULL, policies[i].refused, "row %zu", i);
        if (refused != NULL)
            cr_expect(refused->answer == ANSWER_REFUSED && f.n == 1 &&
                          strcmp(refused->detail, "cervical_policy") == 0,
                      "row %zu", i);
    }
    arena_free(arena);
}

Test(cervical, required_types_are_a_switch)
{
    Arena *arena = arena_new(NULL);
    Setting set = {
        .now = "2026-06-01 c0 16=- 18=- 31=- 33=- 35=- 39=- 45=- 51=- 52=- 56=- 58=- 59=- 68=-"};
    Findings f = judge(&set, shipped(arena), arena);
    cr_expect_eq(find(&f, "cervical.hpv", 0)->answer, ANSWER_MISSING,
                 "type 66 is one of the fourteen");
    f = judge(&set, changed("cervical/policies", "national2021", "hpv.required_types", "13", arena),
              arena);
    cr_expect_eq(find(&f, "cervical.hpv", 0)->answer, ANSWER_NEGATIVE);
    arena_free(arena);
}

static void expect_word(const Reference *r, const char *kind, const char *code, Arena *arena)
{
    const char *key = arena_print(arena, "%s.%s", kind, code);
    cr_expect(reference_has_word(r, key), "no wording for %s", key);
}

/* Whatever the tables can say has words, and a row of triage that was written for it. */
Test(cervical, every_output_has_words_and_a_level)
{
    static const char *const tables[] = {"cervical/national2021",
                                         "cervical/national2021_scope",
                                         "cervical/national2021_followup",
                                         "cervical/house",
                                         "cervical/cn2023",
                                         "cervical/cn2025",
                                         "cervical/who2021",
                                         "cervical/asccp/house",
                                         "cervical/asccp/cancer",
                                         "cervical/asccp/k1",
                                         "cervical/asccp/k2",
                                         "cervical/asccp/k3",
                                         "cervical/asccp/k4",
                                         "cervical/asccp/i6",
                                         "cervical/asccp/j",
                                         "cervical/asccp/i",
                                         "cervical/asccp/i4",
                                         "cervical/asccp/h",
                                         "cervical/asccp/g",
                                         "cervical/asccp/first",
                                         "cervical/asccp/actions",
                                         "cervical/asccp/gaps",
                                         "cervical/asccp/repeat",
                                         "cervical/asccp/limits"};
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Rules *triage = reference_rules(r, "triage");
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        const Table *table = reference_table(r, tables[t]);
        for (size_t i = 0; i < table->n_rows; i++) {
            const char *rec = table_get(table, i, "out:recommendation");
            if (strcmp(rec, "chart") == 0 || strcmp(rec, "none") == 0) continue;
            Decision d =
                decide(triage, (const char *const[]){"cervical.recommendation",
                                                     table_get(table, i, "out:answer"), rec});
            expect_word(r, "detail", rec, arena);
            expect_word(r, "action", decide_output(triage, d, "wording"), arena);
            cr_expect_str_neq(decide_output(triage, d, "wording"), "clinician", "%s %s", tables[t],
                              rec);
            bool negative = strcmp(table_get(table, i, "out:answer"), "negative") == 0;
            bool quiet =
                negative || strcmp(rec, "superseded") == 0 || strcmp(rec, "results_pending") == 0;
            cr_expect_eq(decide_output(triage, d, "level")[0] == '0', quiet, "%s %s", tables[t],
                         rec);
        }
    }
    const Table *classes = reference_table(r, "cervical/classes"),
                *states = reference_table(r, "cervical/hpv_state");
    for (size_t i = 0; i < classes->n_rows; i++)
        expect_word(r, "detail", table_get(classes, i, "detail"), arena);
    for (size_t i = 0; i < states->n_rows; i++)
        expect_word(r, "detail", table_get(states, i, "out:detail"), arena);
    arena_free(arena);
}

/* Every result code that the assay reads may be reported, and every code that may be reported for
 * it is read. */
Test(cervical, results_and_types_agree)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Table *results = reference_table(r, "results"),
                *types = reference_table(r, "cervical/types");
    const Table *classes = reference_table(r, "cervical/classes"),
                *terms = reference_table(r, "cervical/terms");
    for (size_t i = 0; i < types->n_rows; i++)
        cr_expect_geq(table_find(results, table_cell(types, i, 0)), 0, "%s",
                      table_cell(types, i, 0));
    for (size_t i = 0; i < classes->n_rows; i++) {
        long row = table_find(results, table_get(classes, i, "test"));
        cr_assert_geq(row, 0);
        const char *values = arena_print(arena, "|%s|", table_get(results, (size_t)row, "values"));
        const char *value = arena_print(arena, "|%s|", table_get(classes, i, "value"));
        cr_expect_not_null(strstr(values, value), "%s", table_cell(classes, i, 0));
    }
    for (size_t i = 0; i < terms->n_rows; i++) {
        const char *code = table_get(terms, i, "result_code");
        cr_expect(code[0] == '\0' || strcmp(code, "remark") == 0 || table_find(results, code) >= 0,
                  "%s", code);
    }
    arena_free(arena);
}

/* --- safety over the whole product, stated apart from the rows -------------------- */

static const char *const HPV_STATES[] = {
    "",         "pos1618",      "pos_other", "pos_other_unresolved", "pos_untyped",
    "negative", "not_negative", "invalid",   "invalid_again",        "missing"};
static const char *const CYTOLOGIES[] = {"",
                                         "nilm",
                                         "asc_us",
                                         "lsil",
                                         "asc_h",
                                         "hsil",
                                         "agc",
                                         "agc_fn",
                                         "agc_em",
                                         "ais",
                                         "scc",
                                         "adenocarcinoma",
                                         "other_malignant",
                                         "benign_endometrial",
                                         "unsatisfactory",
                                         "failed",
                                         "unmatched"};
static const char *const VISUALS[] = {"", "normal", "abnormal"};
static const char *const PREVIOUS[] = {
    "none",           "negative", "hpv_positive_normal", "hpv_positive_untriaged", "abnormal_open",
    "unsatisfactory", "invalid"};

static void check_chart(const Rules *chart, const char *const values[4])
{
    Decision d = decide(chart, values);
    cr_assert(d.row >= 0);
    const char *rec = decide_output(chart, d, "recommendation"),
               *answer = decide_output(chart, d, "answer");
    const char *hpv = values[0], *cytology = values[1], *months = decide_output(chart, d, "months");
    size_t grade = 0;
    while (strcmp(CYTOLOGIES[grade], cytology) != 0)
        grade++;
    bool abnormal = (grade >= 2 && grade <= 12) || strcmp(hpv, "pos1618") == 0 ||
                    strcmp(values[2], "abnormal") == 0;
    bool clean = (strcmp(hpv, "negative") == 0 && grade <= 1) || (hpv[0] == '\0' && grade == 1);
    const char *what = decide_row(chart, d);
    cr_expect_eq(strncmp(rec, "colposcopy", 10) == 0, abnormal,
                 "%s: abnormal goes to colposcopy, and only that", what);
    if (strcmp(answer, "negative") == 0)
        cr_expect(clean && !abnormal && strcmp(values[3], "abnormal_open") != 0,
                  "%s: negative needs a negative test", what);
    cr_expect_eq(strncmp(rec, "routine", 7) == 0, strcmp(answer, "negative") == 0,
                 "%s: routine is negative", what);
    if (strncmp(hpv, "pos", 3) == 0)
        cr_expect_str_eq(answer, "positive", "%s: a positive HPV test is never lost", what);
    if (months[0] != '\0' && strncmp(rec, "routine", 7) != 0)
        cr_expect_str_eq(months, "12", "%s", what);
}

Test(cervical, chart_is_safe_everywhere)
{
    Arena *arena = arena_new(NULL);
    const Rules *chart = reference_rules(shipped(arena), "cervical/national2021");
    for (size_t h = 0; h < COUNT(HPV_STATES); h++)
        for (size_t c = 0; c < COUNT(CYTOLOGIES); c++)
            for (size_t v = 0; v < COUNT(VISUALS); v++)
                for (size_t p = 0; p < COUNT(PREVIOUS); p++)
                    check_chart(chart, (const char *const[]){HPV_STATES[h], CYTOLOGIES[c],
                                                             VISUALS[v], PREVIOUS[p]});
    arena_free(arena);
}

static void check_channels(const Rules *rules, const char *const v[4])
{
    const char *state = decide_output(rules, decide(rules, v), "state");
    size_t pos = 0, neg = 0, inv = 0;
    for (size_t i = 0; i < 4; i++) {
        pos += strcmp(v[i], "pos") == 0;
        neg += strcmp(v[i], "neg") == 0;
        inv += strcmp(v[i], "inv") == 0;
    }
    bool typed = strcmp(v[0], "pos") == 0 || strcmp(v[1], "pos") == 0;
    bool whole = strcmp(v[3], "neg") == 0 ||
                 (strcmp(v[0], "neg") == 0 && strcmp(v[1], "neg") == 0 && strcmp(v[2], "neg") == 0);
    cr_expect_eq(strcmp(state, "pos1618") == 0, typed, "%s %s %s %s: %s", v[0], v[1], v[2], v[3],
                 state);
    cr_expect_eq(strncmp(state, "pos", 3) == 0, pos > 0, "%s %s %s %s: %s", v[0], v[1], v[2], v[3],
                 state);
    cr_expect_eq(strcmp(state, "missing") == 0, pos + neg + inv == 0, "%s", state);
    if (strcmp(state, "negative") == 0)
        cr_expect(pos == 0 && inv == 0 && whole, "%s %s %s %s: %s", v[0], v[1], v[2], v[3], state);
    if (strcmp(state, "pos_other") == 0)
        cr_expect(strcmp(v[0], "neg") == 0 && strcmp(v[1], "neg") == 0,
                  "%s %s: 16/18 must be negative", v[0], v[1]);
}

Test(cervical, channel_logic_is_safe_everywhere)
{
    static const char *const values[] = {"", "neg", "pos", "inv"};
    Arena *arena = arena_new(NULL);
    const Rules *rules = reference_rules(shipped(arena), "cervical/hpv_state");
    for (size_t i = 0; i < 256; i++)
        check_channels(rules, (const char *const[]){values[i & 3], values[i >> 2 & 3],
                                                    values[i >> 4 & 3], values[i >> 6]});
    arena_free(arena);
}

/* The chart speaks for women of 35 to 64 of average risk; for others only where it asks for a
 * repeat. */
static void check_scope(const Rules *scope, const char *const v[5], bool average, bool aged)
{
    Decision d = decide(scope, v);
    cr_assert(d.row >= 0);
    const char *rec = decide_output(scope, d, "recommendation"),
               *answer = decide_output(scope, d, "answer");
    bool chart = strcmp(rec, "chart") == 0, abnormal = strcmp(v[4], "positive") == 0;
    bool repeat =
        strcmp(v[4], "invalid") == 0 || strcmp(v[4], "failed") == 0 || strcmp(v[4], "missing") == 0;
    cr_expect(!chart || (average && aged) || repeat, "%s", decide_row(scope, d));
    cr_expect(!chart || strcmp(v[3], "no") == 0, "%s: a newer test decides", decide_row(scope, d));
    cr_expect(chart || strcmp(answer, "negative") != 0, "%s: outside the scope nothing is negative",
              decide_row(scope, d));
    cr_expect(chart || !abnormal || strcmp(answer, "positive") == 0, "%s: abnormal stays abnormal",
              decide_row(scope, d));
}

Test(cervical, scope_is_safe_everywhere)
{
    static const char *const specials[] = {"none",
                                           "pregnant",
                                           "hiv",
                                           "immunosuppressed",
                                           "prior_cin2plus",
                                           "des",
                                           "cervix_present",
                                           "cervix_removed",
                                           "cervix_unknown"};
    static const char *const ages[] = {"", "0", "24", "25", "34", "35", "64", "65", "120"};
    static const char *const materials[] = {"cervical_cells", "self_sampled"}, *const newer[] = {
                                                                                   "no", "yes"};
    Arena *arena = arena_new(NULL);
    const Rules *scope = reference_rules(shipped(arena), "cervical/national2021_scope");
    for (size_t s = 0; s < COUNT(specials); s++)
        for (size_t a = 0; a < COUNT(ages); a++)
            for (size_t i = 0; i < 4; i++)
                for (Answer answer = 0; answer < ANSWER_REFUSED; answer++) {
                    const char *v[] = {specials[s], ages[a], materials[i & 1], newer[i >> 1],
                                       answer_code(answer)};
                    check_scope(scope, v, s == 0, a == 5 || a == 6);
                }
    arena_free(arena);
}
