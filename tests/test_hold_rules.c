/* Facts and tests that hold a conclusion, on cases that stand here: whose sample is named, which findings turn, and which never do. */
#include "arena_suite.h"
#include "lab/hold.h"
#include "lab/standing.h"

#include <string.h>

ARENA_SUITE(hold_rules);

static const Sample samples[] = {
    {.id = "O", .assay = "other", .subject = SUBJECT_WOMAN},
    {.id = "W", .assay = "x", .subject = SUBJECT_WOMAN},
    {.id = "P1", .assay = "x", .subject = SUBJECT_PARTNER},
    {.id = "P2", .assay = "x", .subject = SUBJECT_PARTNER},
    {.id = "F", .assay = "x", .subject = SUBJECT_FETUS_A, .fetal = true},
};

static Fact fact(Subject owner, const char *code, bool unreadable)
{
    return (Fact){.owner = owner, .code = code, .value = "", .unit = "", .unreadable = unreadable};
}

/* The owner's first sample of the assay is named, else the assay's first; without one nothing is told. */
Test(hold_rules, whose_sample_is_named)
{
    static const struct {
        Subject owner;
        size_t from, n; /* of the samples */
        const char *sample;
    } rows[] = {{SUBJECT_WOMAN, 0, 5, "W"},    {SUBJECT_PARTNER, 0, 5, "P1"},
                {SUBJECT_FETUS_A, 0, 5, "F"},  {SUBJECT_NEWBORN, 0, 5, "W"},
                {SUBJECT_NEWBORN, 2, 3, "P1"}, {SUBJECT_FETUS_A, 0, 4, "W"},
                {SUBJECT_WOMAN, 0, 1, NULL},   {SUBJECT_WOMAN, 0, 0, NULL}};
    const Assay assay = {.code = "x"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Fact f = fact(rows[i].owner, "smoking", true);
        const Case c = {
            .samples = samples + rows[i].from, .n_samples = rows[i].n, .facts = &f, .n_facts = 1};
        Findings out = {.arena = arena};
        hold_unreadable(&out, 0, &c, &assay);
        cr_assert_eq(out.n, rows[i].sample == NULL ? 0U : 1U, "row %zu", i);
        if (out.n == 0) continue;
        const Finding *t = &out.items[0];
        cr_expect_str_eq(t->sample, rows[i].sample, "row %zu: %s", i, t->sample);
        cr_expect(strcmp(t->assay, "x") == 0 && strcmp(t->code, "case.fact") == 0 &&
                  strcmp(t->item, "smoking") == 0 && strcmp(t->detail, "fact_unreadable") == 0);
        cr_expect(t->answer == ANSWER_MISSING && t->fetal == (rows[i].sample[0] == 'F') &&
                  !t->has_value);
        cr_expect_eq(t->subject, rows[i].sample[0] == 'W'   ? SUBJECT_WOMAN
                                 : rows[i].sample[0] == 'P' ? SUBJECT_PARTNER
                                                            : SUBJECT_FETUS_A);
    }
}

/* Each fact of each owner once, as the row that came last says; only facts that the assay uses. */
Test(hold_rules, which_facts_are_told)
{
    static const char *const uses[] = {"smoking", "hiv", NULL};
    const Fact facts[] = {
        fact(SUBJECT_WOMAN, "smoking", true),   fact(SUBJECT_WOMAN, "hiv", true),
        fact(SUBJECT_PARTNER, "smoking", true), fact(SUBJECT_WOMAN, "smoking", false),
        fact(SUBJECT_WOMAN, "hiv", true),       fact(SUBJECT_WOMAN, "weight", true),
        fact(SUBJECT_NEWBORN, "hiv", false),    fact(SUBJECT_NEWBORN, "hiv", true)};
    static const struct {
        const char *const *uses;
        const char *told; /* first letters of sample and fact */
    } rows[] = {{NULL, "Wh Ps Ww Wh "}, {uses, "Wh Ps Wh "}, {uses + 1, "Wh Wh "}, {uses + 2, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Assay assay = {.code = "x", .facts = rows[i].uses};
        const Case c = {
            .samples = samples, .n_samples = 5, .facts = facts, .n_facts = COUNT(facts)};
        Findings out = {.arena = arena};
        const char *told = "";
        hold_unreadable(&out, 0, &c, &assay);
        for (size_t k = 0; k < out.n; k++)
            told =
                arena_print(arena, "%s%c%c ", told, out.items[k].sample[0], out.items[k].item[0]);
        cr_expect_str_eq(told, rows[i].told, "row %zu: %s", i, told);
    }
}

/* From `first` on what was negative is missing; every other answer stands, and so does what was there before. */
Test(hold_rules, which_findings_turn)
{
    for (int held = 0; held < 3;
         held++) { /* 0 no fact, 1 an unreadable one, 2 the assay meets it itself */
        const Fact f = fact(SUBJECT_WOMAN, "smoking", held > 0);
        const Case c = {.samples = samples, .n_samples = 5, .facts = &f, .n_facts = 1};
        const Assay assay = {.code = "x", .meets_unreadable = held == 2};
        Findings out = {.arena = arena};
        finding_add(&out, (Finding){.code = "before",
                                    .answer = ANSWER_NEGATIVE,
                                    .detail = "d",
                                    .has_value = true});
        for (int a = 0; a < ANSWERS; a++)
            finding_add(
                &out,
                (Finding){.code = "c", .answer = (Answer)a, .detail = "d", .has_value = true});
        hold_unreadable(&out, 1, &c, &assay);
        cr_assert_eq(out.n, (size_t)ANSWERS + 1 + (held > 0));
        for (size_t i = 0; i <= ANSWERS; i++) {
            const Finding *t = &out.items[i];
            const bool turns = held == 1 && i == 1 + ANSWER_NEGATIVE;
            const Answer due = i == 0 ? ANSWER_NEGATIVE : (Answer)(i - 1);
            cr_expect_eq(t->answer, turns ? ANSWER_MISSING : due, "%d: %zu", held, i);
            cr_expect_str_eq(t->detail, turns ? "fact_unreadable" : "d");
            cr_expect_eq(t->has_value, !turns);
        }
    }
}

/* A test that nobody knows is named except of a fetus; one that was taken back or contradicted is named always. */
Test(hold_rules, tests_that_speak_for_themselves)
{
    static Result results[] = {{.code = RESULT_UNKNOWN_TEST, .value = "new"},
                               {.code = "hpv.16", .value = "positive"},
                               {.code = "hpv.16", .value = RESULT_TAKEN_BACK},
                               {.code = "hpv.18", .value = RESULT_CONTRADICTED},
                               {.code = "afp", .value = NULL, .number = 1},
                               {.code = NULL, .value = NULL}};
    Sample with[] = {samples[0], samples[1], samples[4]};
    for (size_t i = 0; i < 3; i++)
        with[i].evidence = (Evidence){.results = results, .n_results = COUNT(results)};
    static const struct {
        const char *sample, *code, *item, *detail;
        Answer answer;
    } due[] = {{"W", "test.unknown", "new", "test_unknown", ANSWER_NOT_ASSESSED},
               {"W", "test.held", "hpv.16", "result_taken_back", ANSWER_INVALID},
               {"W", "test.held", "hpv.18", "result_contradicted", ANSWER_INVALID},
               {"F", "test.held", "hpv.16", "result_taken_back", ANSWER_INVALID},
               {"F", "test.held", "hpv.18", "result_contradicted", ANSWER_INVALID}};
    const Case c = {.samples = with, .n_samples = 3};
    const Assay assay = {.code = "x"};
    Findings out = {.arena = arena};
    tell_tests(&out, &c, &assay);
    cr_assert_eq(out.n, COUNT(due), "%zu", out.n);
    for (size_t i = 0; i < out.n; i++) {
        const Finding *f = &out.items[i];
        cr_expect(strcmp(f->sample, due[i].sample) == 0 && strcmp(f->code, due[i].code) == 0 &&
                      strcmp(f->item, due[i].item) == 0 && strcmp(f->detail, due[i].detail) == 0 &&
                      f->answer == due[i].answer && strcmp(f->assay, "x") == 0,
                  "%zu: %s %s", i, f->code, f->item);
        cr_expect(f->fetal == (due[i].sample[0] == 'F') &&
                  f->subject == (f->fetal ? SUBJECT_FETUS_A : SUBJECT_WOMAN));
    }
}
