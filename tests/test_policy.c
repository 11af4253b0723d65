#include "lab/policy.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void add(Reference *r, const char *name, const char *version, const char *text, Arena *arena)
{
    TableInfo info = {.name = name,
                      .path = name,
                      .version = version,
                      .valid_from = "2026-01-01",
                      .status = "local"};
    Table *t;
    Note why = {0};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s: %s", name,
                 why.code);
    cr_assert_eq(reference_add(r, t, NULL), OK, "%s", name);
}

static Reference *reference(Arena *arena, bool with_policy)
{
    Reference *r = reference_new(arena, "test", false);
    Note why = {0};
    add(r, "wording", "1", "key\tzh\ten\nlevel.1\t一\tone\n", arena);
    add(r, "site", "1", "key\tvalue\nutc_offset_minutes\t480\n", arena);
    add(r, "centres", "1",
        "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_"
        "until\tzh\ten\nCITY\t3\t\t\t\t\t市\tc\n",
        arena);
    add(r, "panel", "7", "row\tx\na\t1\n", arena);
    add(r, "domains", "1",
        "table\tinput\tvalues\nrelease\tcode\ta|b\nrelease\tanswer\tnegative|positive|possible\n"
        "release\tsure\tsure|unverified\nrelease\tfetal\tyes|no\n",
        arena);
    if (with_policy)
        add(r, "release", "1",
            "row\tin:code\tin:answer\tin:sure\tin:fetal\tout:how\n"
            "1\ta\tnegative\tsure\tno\tautomatic\n2\ta\tnegative\tsure\tyes\ttwo_persons\n"
            "3\ta\tnegative\tunverified\t*\ttwo_persons\n4\ta\t!negative\t*\t*\ttwo_persons\n"
            "5\tb\tpositive\t*\t*\tcall\n6\tb\t!positive\t*\t*\ttwo_persons\n",
            arena);
    add(r, "call", "1", "urgency\thours\nurgent\t48\ncritical\t\n", arena);
    if (with_policy)
        add(r, "acts", "1",
            "act\trole\nread\treviewer\nread\tclerk\nlist\tanyone\nsign\tauthoriser\n", arena);
    add(r, "roles", "1",
        "person\trole\tvalid_from\tvalid_until\tkey\n"
        "p1\treviewer\t2026-01-01\t2026-06-30\taa\np1\tauthoriser\t2026-03-01\t\taa\n"
        "p2\treviewer\t2026-01-01\t\tbb\np3\treviewer\tsoon\t\tcc\n",
        arena);
    cr_assert_eq(reference_finish(r, &why), OK, "%s %s %s", why.code, why.field, why.detail);
    return r;
}

Test(policy, only_a_row_lets_a_finding_leave_without_a_person)
{
    static const struct {
        const char *code;
        Answer answer;
        bool unverified, fetal;
        Release how;
    } rows[] = {
        {"a", ANSWER_NEGATIVE, false, false, RELEASE_AUTOMATIC},
        {"a", ANSWER_NEGATIVE, true, false, RELEASE_TWO_PERSONS},
        {"a", ANSWER_NEGATIVE, false, true, RELEASE_TWO_PERSONS},
        {"a", ANSWER_POSITIVE, false, false, RELEASE_TWO_PERSONS},
        {"a", ANSWER_MISSING, false, false, RELEASE_TWO_PERSONS}, /* outside the domain */
        {"new", ANSWER_NEGATIVE, false, false, RELEASE_TWO_PERSONS},
        {"", ANSWER_NOT_ASSESSED, false, false, RELEASE_TWO_PERSONS},
        {"b", ANSWER_POSITIVE, false, false, RELEASE_CALL},
        {"b", ANSWER_NEGATIVE, false, false, RELEASE_TWO_PERSONS},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = reference(arena, true), *none = reference(arena, false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Finding f = {.code = rows[i].code,
                           .answer = rows[i].answer,
                           .unverified = rows[i].unverified,
                           .fetal = rows[i].fetal};
        cr_expect_eq(policy_of(r, &f), rows[i].how, "row %zu", i);
        cr_expect_eq(policy_of(none, &f), RELEASE_TWO_PERSONS, "row %zu without a table", i);
    }
    cr_expect_eq(policy_stricter(RELEASE_AUTOMATIC, RELEASE_CALL), RELEASE_CALL);
    cr_expect_eq(policy_stricter(RELEASE_TWO_PERSONS, RELEASE_AUTOMATIC), RELEASE_TWO_PERSONS);
    arena_free(arena);
}

Test(policy, an_hour_that_nobody_set_means_at_once)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = reference(arena, true);
    cr_expect_eq(policy_call_hours(r, "urgent"), 48);
    cr_expect(isnan(policy_call_hours(r, "critical")));
    cr_expect_eq(policy_call_hours(r, "routine"), 0);
    arena_free(arena);
}

Test(policy, gates_are_opened_by_no_table)
{
    static const struct {
        Answer answer;
        const char *qc, *table, *version, *gate;
    } rows[] = {
        {ANSWER_NEGATIVE, "accepted", "panel", "7", NULL},
        {ANSWER_NEGATIVE, "warning", "panel", "7", NULL},
        {ANSWER_NEGATIVE, "", "", "", NULL},
        {ANSWER_NEGATIVE, "none", "panel", "7", "release.qc"},
        {ANSWER_POSITIVE, "rejected", "panel", "7", "release.qc"},
        {ANSWER_MEASURED, "rejected", "panel", "7", "release.qc"},
        {ANSWER_INVALID, "rejected", "panel", "7", NULL}, /* it tells that the controls failed */
        {ANSWER_NEGATIVE, "accepted", "panel", "6", "release.version"},
        {ANSWER_INVALID, "", "panel", "6", "release.version"},
        {ANSWER_NEGATIVE, "", "gone", "7", "release.version"},
        {ANSWER_NEGATIVE, "strange", "panel", "7", "release.qc"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Finding f = {.code = "a",
                           .answer = rows[i].answer,
                           .qc = rows[i].qc,
                           .table = rows[i].table,
                           .version = rows[i].version};
        const char *gate = policy_gate(r, &f);
        cr_expect(gate == rows[i].gate || (gate && rows[i].gate && strcmp(gate, rows[i].gate) == 0),
                  "row %zu: %s", i, gate ? gate : "open");
    }
    arena_free(arena);
}

Test(policy, a_role_is_a_persons_with_that_key_on_that_day)
{
    static const struct {
        const char *person, *key, *role, *day, *fault;
    } rows[] = {
        {"p1", "aa", "reviewer", "2026-01-01", NULL},
        {"p1", "aa", "reviewer", "2026-06-30", NULL},
        {"p1", "aa", "reviewer", "2026-07-01", "release.role"},
        {"p1", "aa", "reviewer", "2025-12-31", "release.role"},
        {"p1", "aa", "authoriser", "2026-02-28", "release.role"},
        {"p1", "aa", "authoriser", "2036-01-01", NULL},
        {"p1", "bb", "reviewer", "2026-02-01", "release.key"},
        {"p2", "bb", "authoriser", "2026-02-01", "release.role"},
        {"p3", "cc", "reviewer", "2026-02-01", "release.role"}, /* no day */
        {"p9", "aa", "reviewer", "2026-02-01", "release.person"},
        {"", "", "", "2026-02-01", "release.person"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Date day;
        cr_assert(date_parse(&day, rows[i].day));
        const Person who = {rows[i].person, rows[i].key};
        const char *fault = policy_role(r, &who, rows[i].role, day);
        cr_expect(fault == rows[i].fault ||
                      (fault && rows[i].fault && strcmp(fault, rows[i].fault) == 0),
                  "row %zu: %s", i, fault ? fault : "holds");
    }
    arena_free(arena);
}

Test(policy, a_table_says_which_role_may_do_what)
{
    static const struct {
        const char *person, *key, *act, *day, *fault;
    } rows[] = {
        {"p1", "aa", "read", "2026-02-01", NULL},
        {"p1", "aa", "read", "2026-07-01", "release.role"}, /* the role ended */
        {"p1", "aa", "sign", "2026-07-01", NULL},
        {"p2", "bb", "sign", "2026-02-01", "release.role"},
        {"p2", "aa", "read", "2026-02-01", "release.key"},
        {"p9", "aa", "read", "2026-02-01", "release.person"},
        {"p2", "bb", "list", "2026-02-01",
         "release.role"}, /* whom a key names holds no role for it */
        {"p2", "bb", "erase", "2026-02-01", "release.role"}, /* what no row names */
        {"p2", "bb", "", "2026-02-01", "release.role"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = reference(arena, true), *none = reference(arena, false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Date day;
        cr_assert(date_parse(&day, rows[i].day));
        const Person who = {rows[i].person, rows[i].key};
        const char *fault = policy_may(r, &who, rows[i].act, day);
        cr_expect(fault == rows[i].fault ||
                      (fault && rows[i].fault && strcmp(fault, rows[i].fault) == 0),
                  "row %zu: %s", i, fault ? fault : "may");
        cr_expect_not_null(policy_may(none, &who, rows[i].act, day), "row %zu, no table", i);
    }
    cr_expect(policy_open(r, "list"));
    cr_expect_not(policy_open(r, "read"));
    cr_expect_not(policy_open(r, "erase"));
    cr_expect_not(policy_open(none, "list"));
    cr_expect(policy_knows(r, &(Person){"p3", "cc"}));
    cr_expect_not(policy_knows(r, &(Person){"p3", "bb"}));
    cr_expect_not(policy_knows(r, &(Person){"p9", "bb"}));
    arena_free(arena);
}
