/* A referral's life rule by rule: what each step needs, what waits and who is told of it, against a plain count of days. */
#include "../lab/care.h"
#include "../pipeline/release.h"
#include "broken_table.h"
#include "table_fixture.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static Arena *arena;
static Reference *release;

static void set_up(void)
{
    Note why = {.code = ""};
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&release, "reference", true, arena, &why), OK, "%s", why.code);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(care_rules, .init = set_up, .fini = tear_down);

Test(care_rules, states_flows_and_classes_have_their_words)
{
    static const char *const states[CARE_STATES] = {
        "",         "sent",    "received",  "appointed",
        "attended", "refused", "elsewhere", "result_returned",
        "treated",  "cured",   "lost",      "closed"};
    static const char *const classes[CARE_CLASSES] = {
        "none", "draft", "unsent", "unacknowledged", "due", "overdue", "returned", "decide"};
    CareState s = CARE_LOST;
    for (int i = 0; i < CARE_STATES; i++) {
        cr_expect_str_eq(care_state_code((CareState)i), states[i]);
        if (i > 0) cr_expect(care_state_parse(&s, states[i]) && (int)s == i, "%s", states[i]);
    }
    s = CARE_LOST;
    cr_expect(!care_state_parse(&s, "") && !care_state_parse(&s, "sen") && s == CARE_LOST);
    for (int i = 0; i < CARE_CLASSES; i++)
        cr_expect_str_eq(care_class_code((CareClass)i), classes[i]);
    cr_expect_str_eq(care_flow_code(PAPER_REFERRAL), "referral");
    cr_expect_str_eq(care_flow_code(PAPER_RESULT), "result");
    cr_expect_str_eq(care_flow_code(PAPER_WITHDRAWAL), "withdrawal");
}

static long row_of(const char *table, const char *key)
{
    const long row = table_find(reference_table(release, table), key);
    cr_assert(row >= 0, "%s %s", table, key);
    return row;
}

/* The steps that ship with one or two of them forbidden; those tables that are named left out. */
static Reference *steps_without(const char *const *forbidden, const char *left_out)
{
    static const char *const needed[] = {"care/steps",      "care/reasons", "care/outcomes",
                                         "care/escalation", "calendar",     "domains"};
    Reference *r = reference_new(arena, "test", true);
    fixture_table(r, "wording", "local", "key\tzh\ten\na\tb\tc\n", arena);
    fixture_table(r, "site", "local", "key\tvalue\nutc_offset_minutes\t480\n", arena);
    fixture_table(r, "centres", "local",
                  "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\n"
                  "CITY\t3\t\t\t\t\t市\tc\n",
                  arena);
    for (size_t i = 0; i < COUNT(needed); i++) {
        Table *t = arena_alloc(arena, sizeof *t);
        *t = *reference_table(release, needed[i]);
        for (size_t k = 0; i == 0 && forbidden[k] != NULL; k++)
            t = table_with(t, (size_t)row_of("care/steps", forbidden[k]), "out:may", "no", arena);
        if (left_out == NULL || strcmp(left_out, needed[i]) != 0)
            cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    fixture_finish(r);
    return r;
}

Test(care_rules, no_state_is_a_dead_end)
{
    static const struct {
        const char *forbidden[4];
        const char *dead; /* NULL = none */
    } rows[] = {
        {{NULL}, NULL},
        {{"ST23", "ST24"}, ""},   /* nothing closes: the first state of all */
        {{"ST2", "ST5"}, ""},     /* a result report is neither received nor closed */
        {{"ST5"}, NULL},          /* received is its end */
        {{"ST2"}, NULL},          /* the laboratory may close it */
        {{"ST24"}, NULL},         /* whoever is lost may be appointed again */
        {{"ST1"}, ""},            /* nothing is ever sent */
        {{"ST23"}, NULL},         /* what was done is sent again, and closed */
        {{"ST23", "ST19"}, NULL}, /* treated is lost, and that the laboratory closes */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Note why = {.code = ""};
        const Status s = care_ready(steps_without(rows[i].forbidden, NULL), &why);
        cr_expect_eq(s, rows[i].dead == NULL ? OK : REFUSED, "row %zu: %s %s", i, why.code,
                     why.detail);
        if (s == OK || rows[i].dead == NULL) continue;
        cr_expect_str_eq(why.code, "care.dead_end", "row %zu", i);
        cr_expect_str_eq(why.file, "care/steps", "row %zu", i);
        cr_expect_str_eq(why.detail, rows[i].dead, "row %zu: %s", i, why.detail);
    }
    static const char *const tables[] = {"care/steps", "care/reasons", "care/outcomes",
                                         "care/escalation", "calendar"};
    for (size_t i = 0; i < COUNT(tables); i++) {
        Note why = {.code = ""};
        cr_expect_eq(care_ready(steps_without((const char *const[]){NULL}, tables[i]), &why),
                     REFUSED);
        cr_expect_str_eq(why.code, "care.table");
        cr_expect_str_eq(why.file, tables[i]);
    }
}

static const Date today = 20000;

static CareThread thread_in(CareState state)
{
    return (CareThread){.paper = "RN1-1",
                        .kind = PAPER_REFERRAL,
                        .version = 2,
                        .state = state,
                        .at = centre_find(reference_centres(release), "230103001"),
                        .since = today - 7,
                        .due = DATE_NONE};
}

static CareStep step_to(CareState to, Date date)
{
    return (CareStep){.to = to,
                      .version = 2,
                      .date = date,
                      .centre = "230103001",
                      .person = "N07",
                      .reason = "",
                      .outcome = "",
                      .value = "",
                      .same_document = true};
}

/* Code and column of every refusal; dates on both sides of the day that bounds them. */
Test(care_rules, what_a_step_needs)
{
    static const struct {
        CareState from, to;
        int date; /* days from today; 99999 = none */
        const char *reason, *outcome, *code, *field;
    } rows[] = {
        {CARE_SENT, CARE_RECEIVED, 0, "", "", NULL, NULL},
        {CARE_SENT, CARE_RECEIVED, 1, "", "", "care.future", "date"},
        {CARE_SENT, CARE_RECEIVED, -7, "", "", NULL, NULL},
        {CARE_SENT, CARE_RECEIVED, -8, "", "", "care.order", "date"},
        {CARE_SENT, CARE_RECEIVED, 99999, "", "", "care.date", "date"},
        {CARE_RECEIVED, CARE_APPOINTED, 400, "", "", NULL, NULL},
        {CARE_RECEIVED, CARE_APPOINTED, -400, "", "", NULL, NULL},
        {CARE_RECEIVED, CARE_APPOINTED, 99999, "", "", "care.date", "date"},
        {CARE_APPOINTED, CARE_ATTENDED, -8, "", "", NULL, NULL}, /* earlier than asked */
        {CARE_APPOINTED, CARE_ATTENDED, 1, "", "", "care.future", "date"},
        {CARE_RECEIVED, CARE_ATTENDED, -8, "", "", "care.order", "date"},
        {CARE_RECEIVED, CARE_REFUSED, 0, "declined", "", NULL, NULL},
        {CARE_RECEIVED, CARE_REFUSED, 0, "", "", "care.reason", "reason"},
        {CARE_RECEIVED, CARE_REFUSED, 0, "moved", "", "care.reason", "reason"},
        {CARE_RECEIVED, CARE_REFUSED, 0, "no_such", "", "care.reason", "reason"},
        {CARE_RECEIVED, CARE_ELSEWHERE, 0, "moved", "", NULL, NULL},
        {CARE_RECEIVED, CARE_ELSEWHERE, 0, "declined_other_hospital", "", NULL, NULL},
        {CARE_RECEIVED, CARE_REFUSED, 0, "declined_other_hospital", "", NULL, NULL},
        {CARE_RECEIVED, CARE_ATTENDED, 0, "declined", "", "care.reason", "reason"}, /* not asked */
        {CARE_RECEIVED, CARE_ATTENDED, 0, "", "cytology", "care.outcome", "outcome"},
        {CARE_ATTENDED, CARE_RESULT_RETURNED, 0, "", "cytology", NULL, NULL},
        {CARE_ATTENDED, CARE_RESULT_RETURNED, 0, "", "", "care.outcome", "outcome"},
        {CARE_ATTENDED, CARE_TREATED, 0, "", "cytology", "care.outcome", "outcome"},
        {CARE_ATTENDED, CARE_TREATED, 0, "", "treatment", NULL, NULL},
        {CARE_ATTENDED, CARE_CURED, 0, "", "", "care.step", "step"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const CareThread t = thread_in(rows[i].from);
        CareStep s = step_to(rows[i].to, rows[i].date == 99999 ? DATE_NONE : today + rows[i].date);
        s.reason = rows[i].reason;
        s.outcome = rows[i].outcome;
        const CareRefusal no = care_check(release, &t, &s, today);
        cr_expect_str_eq(no.code ? no.code : "legal", rows[i].code ? rows[i].code : "legal",
                         "row %zu", i);
        cr_expect_str_eq(no.field ? no.field : "", rows[i].field ? rows[i].field : "", "row %zu",
                         i);
    }
    CareThread t = thread_in(CARE_SENT);
    CareStep s = step_to(CARE_RECEIVED, today);
    s.version = 1;
    cr_expect_str_eq(care_check(release, &t, &s, today).field, "version");
    s = step_to(CARE_RECEIVED, today);
    s.centre = "230104";
    cr_expect_str_eq(care_check(release, &t, &s, today).field, "centre");
    s = step_to(CARE_SENT, today); /* a new version names itself; only the laboratory may */
    s.version = 3;
    cr_expect_str_eq(care_check(release, &t, &s, today).code, "care.laboratory");
    cr_expect_str_eq(care_check(release, &t, &s, today).field, "step");
    s.laboratory = true;
    cr_expect_null(care_check(release, &t, &s, today).code);
    t.since = DATE_NONE; /* nothing to be before */
    s = step_to(CARE_RECEIVED, today - 4000);
    cr_expect_null(care_check(release, &t, &s, today).code);
    s.same_document = false;
    cr_expect_str_eq(care_check(release, &t, &s, today).field, "sha256");
    t.at = NULL;
    cr_expect_str_eq(care_check(release, &t, &s, today).code, "care.foreign");
}

/* A word of a list is a whole word of it. */
Test(care_rules, steps_of_a_reason_are_whole_words)
{
    static const struct {
        const char *steps;
        bool listed;
    } rows[] = {{"refused", true},          {"x refused", true},
                {"refused x", true},        {"a refused b", true},
                {"refusedx", false},        {"xrefused", false},
                {"refusedx refused", true}, {"xrefused refused", true},
                {"refused,x", false},       {"", false},
                {"refuse", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t row = (size_t)row_of("care/reasons", "declined");
        Reference *r = reference_but(release, "care/reasons", row, "steps", rows[i].steps, arena);
        Note why = {.code = ""};
        cr_assert_eq(reference_finish(r, &why), OK, "%s %s", why.code, why.file);
        const CareThread thread = thread_in(CARE_RECEIVED);
        CareStep s = step_to(CARE_REFUSED, today);
        s.reason = "declined";
        cr_expect_eq(care_check(r, &thread, &s, today).code == NULL, rows[i].listed, "'%s'",
                     rows[i].steps);
    }
}

Test(care_rules, a_step_that_is_taken)
{
    const Centre *city = centre_find(reference_centres(release), "230100");
    CareThread t = thread_in(CARE_SENT);
    const CareThread before = t;
    CareStep s = step_to(CARE_RECEIVED, today - 1);
    s.version = 9;
    care_apply(&t, &s, city);
    cr_expect(t.state == CARE_RECEIVED && t.since == today - 1 && t.version == 2 &&
              t.at == before.at);
    s.to = CARE_SENT;
    care_apply(&t, &s, city);
    cr_expect(t.state == CARE_SENT && t.version == 9 && t.at == city && t.due == before.due);
}

static const char *const escalation = "row\tstate\tdays\tkind\tlevel\n"
                                      "A\tunsent\t2\tcalendar\t3\n"
                                      "B\tsent\t5\tcalendar\t2\n"
                                      "C\tsent\t9\tcalendar\t3\n"
                                      "D\tsent\t12\tcalendar\t2\n" /* told already */
                                      "E\treceived\t4\tcalendar\t2\n"
                                      "F\tappointed\t3\tcalendar\t2\n"
                                      "G\tattended\t0\tcalendar\t2\n"
                                      "H\ttreated\tx\tcalendar\t3\n"; /* says nothing */

/* Day by day: what the class is, who is told, by which row. */
Test(care_rules, what_waits_day_by_day)
{
    static const struct {
        const char *row, *state;
        int days, level;
    } told[] = {{"A", "", 2, 3},         {"B", "sent", 5, 2},      {"C", "sent", 9, 3},
                {"E", "received", 4, 2}, {"F", "appointed", 3, 2}, {"G", "attended", 0, 2}};
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r, "", arena);
    fixture_table(r, "care/escalation", "local", escalation, arena);
    fixture_finish(r);
    const Centre *at = centre_find(reference_centres(r), "T1");
    for (int state = CARE_NEW; state < CARE_STATES; state++)
        for (int due = -1; due <= 8; due += 3) /* days behind the beginning; -1 = none */
            for (int days = 0; days < 15; days++) {
                CareThread t = thread_in((CareState)state);
                t.at = at;
                t.since = today - days;
                t.due = due < 0 ? DATE_NONE : t.since + due;
                CareClass class =
                    state == CARE_NEW               ? WAIT_UNSENT
                    : state == CARE_SENT            ? WAIT_UNACKNOWLEDGED
                    : state == CARE_CLOSED          ? WAIT_NONE
                    : state == CARE_RESULT_RETURNED ? WAIT_RETURNED
                    : state == CARE_REFUSED || state == CARE_ELSEWHERE || state == CARE_LOST
                        ? WAIT_DECIDE
                    : (state == CARE_RECEIVED && due >= 0 && days > due) ||
                            (state == CARE_APPOINTED && days > 0)
                        ? WAIT_OVERDUE
                        : WAIT_DUE;
                const bool early = state == CARE_RECEIVED && due >= 0 && days <= due;
                const char *row = "";
                int level = 1;
                for (size_t i = 0; i < COUNT(told); i++)
                    if (strcmp(told[i].state, care_state_code((CareState)state)) == 0 &&
                        days > told[i].days && !early && told[i].level > level) {
                        level = told[i].level;
                        row = told[i].row;
                        if (class == WAIT_DUE) class = WAIT_OVERDUE;
                    }
                const CareWait w = care_wait(r, &t, today);
                cr_expect_eq(w.class, class, "%d %d %d: %s", state, due, days,
                             care_class_code(w.class));
                cr_expect_eq((int)w.level, level, "%d %d %d: %d", state, due, days, (int)w.level);
                cr_expect_str_eq(w.row, row, "%d %d %d", state, due, days);
                cr_expect_not(w.uncertain);
            }
    CareThread t = thread_in(CARE_NEW);
    t.at = NULL;
    t.due_uncertain = true;
    t.since = DATE_NONE;
    const CareWait w = care_wait(r, &t, today);
    cr_expect(w.level == LEVEL_CITY && w.uncertain && w.class == WAIT_UNSENT && w.row[0] == '\0');
    t = thread_in(CARE_RECEIVED); /* a result report that was received waits for nothing */
    t.kind = PAPER_RESULT;
    cr_expect_eq(care_wait(r, &t, today).class, WAIT_NONE);
    t.state = CARE_SENT;
    cr_expect_eq(care_wait(r, &t, today).class, WAIT_UNACKNOWLEDGED);
}

/* Rows of an example, and days behind the end of the calendar, make a date uncertain. */
Test(care_rules, uncertain_dates)
{
    CareThread t = thread_in(CARE_TREATED);
    t.since = today - 200; /* EX9: 180 days, an example */
    cr_expect(care_wait(release, &t, today).uncertain);
    cr_expect_str_eq(care_wait(release, &t, today).row, "EX9");
    t.since = today - 180;
    cr_expect_not(care_wait(release, &t, today).uncertain);
    t = thread_in(CARE_RECEIVED);
    t.since = date_from(2026, 11, 23);
    cr_expect_str_eq(care_wait(release, &t, date_from(2026, 12, 1)).row, "ES2");
    cr_expect_not(care_wait(release, &t, date_from(2026, 12, 1)).uncertain);
    t.due_uncertain = true;
    cr_expect(care_wait(release, &t, date_from(2026, 12, 1)).uncertain);
    t = thread_in(CARE_SENT); /* holidays of that year are not known */
    t.since = date_from(2041, 3, 4);
    cr_expect_str_eq(care_wait(release, &t, t.since + 9).row, "ES1");
    cr_expect(care_wait(release, &t, t.since + 9).uncertain);
}

/* A centre's list: its own, and what climbed to its level from below. */
Test(care_rules, whose_list_it_is_on)
{
    static const struct {
        const char *at, *who;
        int level;
        bool listed;
    } rows[] = {{"T1", "T1", 1, true},  {"T1", "D1", 1, false},    {"T1", "D1", 2, true},
                {"T1", "D1", 3, true},  {"T1", "CITY", 2, false},  {"T1", "CITY", 3, true},
                {"T1", "T2", 3, false}, {"T1", "D2", 3, false},    {"D1", "T1", 3, false},
                {"D1", "D1", 1, true},  {"CITY", "CITY", 1, true}, {"CITY", "D1", 3, false},
                {"", "CITY", 1, true},  {"", "D1", 3, false},      {"", "T1", 3, false},
                {"T3", "D2", 2, true}};
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r, "", arena);
    fixture_finish(r);
    for (size_t i = 0; i < COUNT(rows); i++) {
        CareThread t = thread_in(CARE_SENT);
        const CareWait w = {.level = (Level)rows[i].level};
        t.at = rows[i].at[0] ? centre_find(reference_centres(r), rows[i].at) : NULL;
        cr_expect_eq(care_concerns(&t, &w, centre_find(reference_centres(r), rows[i].who)),
                     rows[i].listed, "row %zu", i);
    }
}

/* Every row of care/history gives its result to its own assay; nothing that is said of a fetus does, nor what nobody lists. */
Test(care_rules, history_row_by_row)
{
    const Table *t = reference_table(release, "care/history");
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *assay = table_get(t, r, "assay"), *outcome = table_get(t, r, "outcome"),
                   *value = table_get(t, r, "value");
        Result x = {.number = 1, .bound = '<'};
        cr_assert(care_history(&x, release, assay, outcome, value), "row %zu", r);
        cr_expect_str_eq(x.code, table_get(t, r, "code"));
        cr_expect_str_eq(x.value, table_get(t, r, "result"));
        cr_expect(x.specimen[0] == '\0' && x.unit[0] == '\0' && x.run[0] == '\0' &&
                  x.well[0] == '\0' && isnan(x.number) && x.time == INSTANT_NONE && x.bound == 0);
        cr_expect_not(care_history(&x, release, "nipt", outcome, value));
        cr_expect_not(care_history(&x, release, assay, outcome, "x"));
        cr_expect_not(care_history(&x, release, assay, "prenatal_diagnosis", value));
    }
    const size_t row = (size_t)row_of("care/outcomes", table_get(t, 0, "outcome"));
    static const char *const answers[] = {"yes", "", "No"};
    Result x;
    for (size_t i = 0; i < COUNT(answers); i++)
        cr_expect_not(care_history(
            &x, reference_but(release, "care/outcomes", row, "about_fetus", answers[i], arena),
            table_get(t, 0, "assay"), table_get(t, 0, "outcome"), table_get(t, 0, "value")));
    const Reference *empty = reference_new(arena, "test", true);
    cr_expect_not(care_history(&x, empty, table_get(t, 0, "assay"), table_get(t, 0, "outcome"),
                               table_get(t, 0, "value")));
    Reference *only =
        reference_new(arena, "test", true); /* whether it is about a fetus is not known */
    Table *copy = arena_alloc(arena, sizeof *copy);
    *copy = *t;
    cr_assert_eq(reference_add(only, copy, NULL), OK);
    cr_expect_not(care_history(&x, only, table_get(t, 0, "assay"), table_get(t, 0, "outcome"),
                               table_get(t, 0, "value")));
}
