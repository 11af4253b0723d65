/* What holds a conclusion: a fact that was declared and could not be read, whichever assay it is. */
#include "batch_fixture.h"

#include "lab/hold.h"

TestSuite(hold, .init = set_up);

#define BAD  "C2026001,woman,hysterectomy,removed in 2019,,\n"
#define GOOD "C2026001,woman,hysterectomy,no,,\n"

static const char *detail_of(const char *case_id, const char *code)
{
    Ledger *ledger = open_ledger();
    ToldList told = ledger_findings(ledger, ledger_verdict(ledger, case_id).id, reference, arena);
    const char *detail = "";
    for (size_t i = 0; i < told.n; i++)
        if (strcmp(told.items[i].finding.code, code) == 0) detail = told.items[i].finding.detail;
    ledger_close(ledger);
    return detail;
}

static void expect(const char *when, Answer answer, const char *detail)
{
    cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), answer, "%s: answer %d", when,
                 (int)answer_of("C2026001", "cervical.recommendation"));
    cr_expect_str_eq(detail_of("C2026001", "cervical.recommendation"), detail, "%s", when);
}

Test(hold, an_unreadable_fact_holds_and_a_later_good_row_lifts)
{
    put_batch("b1", WOMAN_1, BORN_1 BAD, HPV_1);
    cr_expect_eq(run("b1").tally.rejected, 1);
    expect("unreadable", ANSWER_MISSING, "facts_unreadable");
    cr_expect_str_eq(detail_of("C2026001", "case.fact"), "fact_unreadable");
    cr_expect(run("b1").nothing_to_do);
    put_batch("b2", "", GOOD, "");
    (void)run("b2");
    expect("declared again", ANSWER_NEGATIVE, "routine_60mo");
    cr_expect_str_eq(detail_of("C2026001", "case.fact"), "");
    cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do,
              "an old folder holds nothing again");
    expect("after the rerun", ANSWER_NEGATIVE, "routine_60mo");
    put_batch("b3", "", BAD, "");
    (void)run("b3");
    expect("unreadable in another batch", ANSWER_MISSING, "facts_unreadable");
    put_batch("b4", "", GOOD, "");
    (void)run("b4");
    expect("the same good row as before", ANSWER_NEGATIVE, "routine_60mo");
    cr_expect(is_whole());
}

Test(hold, an_unreadable_fact_that_comes_later_takes_routine_recall_back)
{
    put_batch("b1", WOMAN_1, BORN_1 GOOD, HPV_1);
    (void)run("b1");
    expect("as declared", ANSWER_NEGATIVE, "routine_60mo");
    put_batch("b2", "", BAD, "");
    (void)run("b2");
    expect("unreadable", ANSWER_MISSING, "facts_unreadable");
    cr_expect_eq(version_of("C2026001"), 2);
    put("b2", "facts.csv", FACTS, GOOD);
    (void)run("b2");
    expect("mended in the same folder", ANSWER_NEGATIVE, "routine_60mo");
    cr_expect(is_whole());
}

Test(hold, a_positive_stands)
{
    put_batch("b1", WOMAN_1, BORN_1 BAD,
              "S2026001,HPV-1,A01,,,,hpv.16,positive,,2026-11-12T16:00\n");
    (void)run("b1");
    expect("positive", ANSWER_POSITIVE, "clinician_facts_unreadable");
}

/* The net below every assay. */
Test(hold, negatives_of_an_assay_that_does_not_speak_of_it)
{
    static const char *const own[] = {"smoking", NULL}, *const none[] = {NULL};
    static const struct {
        const char *what;
        const char *const *facts;
        bool meets;
        const char *code;
        Answer answer;
        size_t n;
    } cases[] = {{"any fact", NULL, false, "smoking", ANSWER_MISSING, 3},
                 {"its own", own, false, "smoking", ANSWER_MISSING, 3},
                 {"another's", own, false, "hiv", ANSWER_NEGATIVE, 2},
                 {"uses none", none, false, "smoking", ANSWER_NEGATIVE, 2},
                 {"speaks of it itself", own, true, "smoking", ANSWER_NEGATIVE, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Assay assay = {
            .code = "x", .facts = cases[i].facts, .meets_unreadable = cases[i].meets};
        const Fact fact = {.owner = SUBJECT_WOMAN,
                           .code = cases[i].code,
                           .value = "",
                           .unit = "",
                           .unreadable = true};
        const Sample sample = {.id = "S1", .assay = "x", .subject = SUBJECT_WOMAN};
        const Case c = {.samples = &sample, .n_samples = 1, .facts = &fact, .n_facts = 1};
        Findings f = {.arena = arena};
        finding_add(&f, (Finding){.code = "x.risk", .answer = ANSWER_NEGATIVE});
        finding_add(&f, (Finding){.code = "x.other", .answer = ANSWER_POSITIVE});
        hold_unreadable(&f, 0, &c, &assay);
        cr_expect_eq(f.items[0].answer, cases[i].answer, "%s", cases[i].what);
        cr_expect_eq(f.items[1].answer, ANSWER_POSITIVE, "%s", cases[i].what);
        cr_expect_eq(f.n, cases[i].n, "%s", cases[i].what);
        cr_expect_null(case_fact(&c, SUBJECT_WOMAN, cases[i].code));
    }
}
