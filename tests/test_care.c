/* A referral's life by the tables that ship: which step may follow which, who may say so, what climbs to which level. */
#include "../lab/care.h"
#include "../lab/decide.h"
#include "../lab/sex.h"
#include "../pipeline/release.h"
#include "../pipeline/returns.h"
#include "reading.h"

#include <criterion/criterion.h>

static const Reference *open_reference(Arena *arena, bool demo)
{
    Reference *reference = NULL;
    Note why = {0};
    cr_assert_eq(release_open(&reference, "reference", demo, arena, &why), OK, "%s %s", why.code,
                 why.detail);
    return reference;
}

static Date day(const char *text)
{
    Date d = DATE_NONE;
    cr_assert(date_parse(&d, text), "%s", text);
    return d;
}

static CareState state(const char *code)
{
    CareState s = CARE_NEW;
    cr_assert(*code == '\0' || care_state_parse(&s, code), "%s", code);
    return s;
}

static CareThread thread_in(const Reference *r, const char *code, const char *since)
{
    return (CareThread){.paper = "RN2026501-2",
                        .kind = PAPER_REFERRAL,
                        .version = 1,
                        .state = state(code),
                        .at = centre_find(reference_centres(r), "230103001"),
                        .since = day(since),
                        .due = DATE_NONE};
}

static CareStep step_to(const char *code, const char *date)
{
    return (CareStep){.to = state(code),
                      .version = 1,
                      .date = day(date),
                      .centre = "230103001",
                      .person = "N07",
                      .reason = "",
                      .outcome = "",
                      .value = "",
                      .same_document = true};
}

Test(care, tables_are_a_life)
{
    Arena *arena = arena_new(NULL);
    Note why = {0};
    cr_expect_eq(care_ready(open_reference(arena, true), &why), OK, "%s %s", why.code, why.detail);
    cr_expect_eq(care_ready(open_reference(arena, false), &why), OK, "also without the examples");
    arena_free(arena);
}

Test(care, steps)
{
    static const struct {
        const char *from, *to, *date, *centre, *reason, *outcome;
        int version;
        const char *says;
    } rows[] = {
        {"sent", "received", "2026-11-24", "230103001", "", "", 1, NULL},
        {"sent", "received", "2026-11-24", "230103", "", "", 1,
         NULL}, /* the district above speaks too */
        {"sent", "received", "2026-11-24", "230100", "", "", 1, NULL},
        {"sent", "received", "2026-11-24", "230104", "", "", 1, "care.foreign"},
        {"sent", "received", "2026-11-24", "230103001", "", "", 2, "care.version"},
        {"sent", "received", "2026-11-22", "230103001", "", "", 1, "care.order"},
        {"sent", "received", "2026-12-24", "230103001", "", "", 1, "care.future"},
        {"sent", "attended", "2026-11-24", "230103001", "", "", 1, "care.step"},
        {"received", "received", "2026-11-24", "230103001", "", "", 1, "care.step"},
        {"received", "appointed", "2027-01-04", "230103001", "", "", 1, NULL},
        {"received", "refused", "2026-11-24", "230103001", "", "", 1, "care.reason"},
        {"received", "refused", "2026-11-24", "230103001", "declined", "", 1, NULL},
        {"received", "refused", "2026-11-24", "230103001", "sample_taken", "", 1, "care.reason"},
        {"received", "result_returned", "2026-11-24", "230103001", "", "histology", 1, "care.step"},
        {"attended", "result_returned", "2026-11-24", "230103001", "", "", 1, "care.outcome"},
        {"attended", "result_returned", "2026-11-24", "230103001", "", "treatment", 1,
         "care.outcome"},
        {"attended", "result_returned", "2026-11-24", "230103001", "", "histology", 1, NULL},
        {"result_returned", "cured", "2026-11-24", "230103001", "", "", 1, "care.step"},
        {"treated", "cured", "2026-11-24", "230103001", "", "", 1, NULL},
        {"cured", "closed", "2026-11-24", "230103001", "treatment_complete", "", 1, NULL},
        {"lost", "closed", "2026-11-24", "230103001", "three_contacts", "", 1, "care.laboratory"},
        {"received", "closed", "2026-11-24", "230103001", "superseded", "", 1, "care.laboratory"},
        {"closed", "attended", "2026-11-24", "230103001", "", "", 1, "care.step"},
        {"received", "sent", "2026-11-24", "230103001", "", "", 1, "care.laboratory"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CareThread t = thread_in(r, rows[i].from, "2026-11-23");
        CareStep s = step_to(rows[i].to, rows[i].date);
        s.centre = rows[i].centre;
        s.reason = rows[i].reason;
        s.outcome = rows[i].outcome;
        s.version = rows[i].version;
        const char *says = care_check(r, &t, &s, day("2026-12-01")).code;
        bool same =
            says == NULL ? rows[i].says == NULL : rows[i].says && strcmp(says, rows[i].says) == 0;
        cr_expect(same, "row %zu (%s to %s): %s", i, rows[i].from, rows[i].to,
                  says ? says : "legal");
    }
    arena_free(arena);
}

Test(care, an_acknowledgement_names_what_was_received)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    CareThread t = thread_in(r, "sent", "2026-11-23");
    CareStep s = step_to("received", "2026-11-24");
    s.same_document = false;
    cr_expect_str_eq(care_check(r, &t, &s, day("2026-12-01")).code, "care.document");
    arena_free(arena);
}

Test(care, laboratory_closes_what_was_never_done)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    CareThread t = thread_in(r, "lost", "2026-11-23");
    CareStep s = step_to("closed", "2026-11-24");
    s.laboratory = true;
    cr_expect_str_eq(care_check(r, &t, &s, day("2026-12-01")).code, "care.reason");
    s.reason = "three_contacts";
    cr_expect_null(care_check(r, &t, &s, day("2026-12-01")).code);
    arena_free(arena);
}

Test(care, what_waits_climbs)
{
    static const struct {
        const char *state, *since, *due, *today;
        CareClass class;
        Level level;
    } rows[] = {
        {"sent", "2026-11-23", NULL, "2026-11-30", WAIT_UNACKNOWLEDGED,
         LEVEL_TOWNSHIP}, /* 5 working days end on Monday */
        {"sent", "2026-11-23", NULL, "2026-12-01", WAIT_UNACKNOWLEDGED, LEVEL_DISTRICT},
        {"sent", "2026-11-23", NULL, "2026-12-08", WAIT_UNACKNOWLEDGED, LEVEL_CITY},
        /* National holiday of 2026: 1 to 7 October do not count, Saturday the 10th does. */
        {"sent", "2026-09-28", NULL, "2026-10-10", WAIT_UNACKNOWLEDGED, LEVEL_TOWNSHIP},
        {"sent", "2026-09-28", NULL, "2026-10-11", WAIT_UNACKNOWLEDGED, LEVEL_DISTRICT},
        {"received", "2026-11-23", "2026-12-24", "2026-12-10", WAIT_DUE, LEVEL_TOWNSHIP},
        {"received", "2026-11-23", "2026-12-07", "2026-12-08", WAIT_OVERDUE, LEVEL_DISTRICT},
        {"appointed", "2026-12-07", NULL, "2026-12-07", WAIT_DUE, LEVEL_TOWNSHIP},
        {"appointed", "2026-12-07", NULL, "2026-12-08", WAIT_OVERDUE, LEVEL_TOWNSHIP},
        {"result_returned", "2026-11-23", NULL, "2026-11-24", WAIT_RETURNED, LEVEL_TOWNSHIP},
        {"lost", "2026-11-23", NULL, "2026-11-24", WAIT_DECIDE, LEVEL_TOWNSHIP},
        {"closed", "2026-11-23", NULL, "2027-11-24", WAIT_NONE, LEVEL_TOWNSHIP},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CareThread t = thread_in(r, rows[i].state, rows[i].since);
        t.due = rows[i].due ? day(rows[i].due) : DATE_NONE;
        CareWait w = care_wait(r, &t, day(rows[i].today));
        cr_expect_eq(w.class, rows[i].class, "row %zu: %s", i, care_class_code(w.class));
        cr_expect_eq(w.level, rows[i].level, "row %zu: level %d", i, (int)w.level);
        const Centre *district = centre_find(reference_centres(r), "230103");
        cr_expect_eq(care_concerns(&t, &w, district), w.level >= LEVEL_DISTRICT, "row %zu", i);
        cr_expect_not(care_concerns(&t, &w, centre_find(reference_centres(r), "230104")), "row %zu",
                      i);
    }
    arena_free(arena);
}

/* ---- the fetal door ---- */

Test(care, karyotypes_lose_their_sex_chromosomes)
{
    static const char *const rows[][5] = {
        /* what is told, then texts that differ only in sex chromosomes */
        {"46,XN", "46,XX", "46,XY", "45,X", "47,XXY"},
        {"46,XN", "47,XYY", "47,XXX", "46,X,idic(Y)(q11.2)", "46,X,del(X)(q13)"},
        {"46,XN", "45,X[12]/46,XX[8]", "mos 45,X/46,XY", "46, XX", "46,XN"},
        {"47,XN,+21", "47,XX,+21", "47,XY,+21", "46,X,+21", "48,XXY,+21"},
        {"47,XN,+18", "47,XX,+18", "47,XY,+18", "48,XXX,+18", "47,XN,+18"},
        {"mos 47,XN,+21", "47,XX,+21[10]/46,XX[20]", "47,XY,+21[10]/46,XY[20]",
         "46,X,+21[10]/45,X[20]", "mos 47,XY,+21/46,XY"},
        {"46,XN,t(9;22)", "46,XX,t(9;22)(q34;q11.2)", "46,XY,t(9;22)(q34;q11.2)",
         "45,X,t(9;22)(q34;q11.2)", "47,XXY,t(9;22)(q34;q11.2)"},
        {"46,XN,del(5)", "46,XX,del(5)(p15.2)", "46,XY,del(5)(p15.2)", "46,XX,del(5)(p15.3)",
         "46,XY,del(5)(p15.3)"},
        {"45,XN,der(13;14)", "45,XX,der(13;14)(q10;q10)", "45,XY,der(13;14)(q10;q10)",
         "44,X,der(13;14)(q10;q10)", "46,XXY,der(13;14)(q10;q10)"},
        {"47,XN,+der(22)", "47,XX,+der(22)t(11;22)(q23;q11)", "47,XY,+der(22)t(11;22)(q23;q11)",
         "46,X,+der(22)t(11;22)(q23;q11)", "48,XXY,+der(22)t(11;22)(q23;q11)"},
        {"45,XN,-21", "45,XX,-21", "45,XY,-21", "44,X,-21", "46,XXY,-21"},
        /* What is not understood, or does not add up, is never a normal one. */
        {"46,XN,other", "47,XX", "47,XY", "46,X", "48,XXY"},
        {"46,XN,other", "46,XX,foo(3)", "46,XY,foo(3)", "", "normal"},
        {"46,XN,other", "46,XX,t(9;23)(q34;q11)", "46,XY,t(9;23)(q34;q11)", "46", "XX,"},
        {"46,XN,other", "46,XX,t(9,22)(q34;q11)", "46,XY,t(9:22)(q34;q11)", "46,XX,t(9;22",
         "46,XY,t(9;)"},
        {"46,XN,other", "46,XX,t()(q34)", "46,XY,t", "46,XX,t(0;22)(q34;q11)", "46,XY,t(;22)"},
        {"46,XN,other", "47,XX,+mar", "47,XY,+mar", "46,X,+mar", "48,XXY,+mar"},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 1; k < 5; k++) {
            const char *told = sex_karyotype(rows[i][k], arena);
            cr_expect_str_eq(told, rows[i][0], "%s gives %s", rows[i][k], told);
            cr_expect_not(strpbrk(told, "Y"), "%s", told);
        }
    arena_free(arena);
}

/* Items that are kept, whether the number adds up, and what a clone that differs does; the sex chromosomes of all these are XX. */
Test(care, karyotypes_by_item)
{
    static const char *const rows[][2] = {
        {"47,XX,+1", "47,XN,+1"},
        {"47,XX,+22", "47,XN,+22"},
        {"47,XX,+23", "46,XN,other"}, /* no such autosome */
        {"47,XX,+0", "46,XN,other"},
        {"47,XX,+01", "46,XN,other"},
        {"46,XX,+21", "47,XN,+21,other"},
        {"48,XX,+18,+21", "48,XN,+18,+21"},
        {"46,XX,+18,-21", "46,XN,+18,-21"},
        {"44,XX,-18,-21", "44,XN,-18,-21"},
        {"46,XX,t(1;22)", "46,XN,t(1;22)"},
        {"46,XX,t(1;2;3)(p1;q2;q3)", "46,XN,t(1;2;3)"},
        {"46,XX,t(1;23)", "46,XN,other"},
        {"46,XX,dup(1)(q21)", "46,XN,dup(1)"},
        {"46,XX,inv(9)(p12q13)", "46,XN,inv(9)"},
        {"46,XX,ins(2)(p13q21)", "46,XN,ins(2)"},
        {"46,XX,i(17)(q10)", "46,XN,i(17)"},
        {"46,XX,r(20)", "46,XN,r(20)"},
        {"46,XX,add(19)(p13)", "46,XN,add(19)"},
        {"45,XX,rob(14;21)", "45,XN,rob(14;21)"},
        {"46,XX,rob(14;21)", "45,XN,rob(14;21),other"},
        {"46,XX,der(1)t(1;3)(p3;q2)", "46,XN,der(1)"}, /* of one chromosome: in its place */
        {"45,XX,der(14;21)", "45,XN,der(14;21)"},
        {"46,XX,t(14;21)", "46,XN,t(14;21)"},
        {"47,XX,+del(5)(p14)", "47,XN,+del(5)"},
        {"45,XX,-del(5)(p14)", "45,XN,-del(5)"},
        {"46,XX,+der(14;21)(q10;q10),-14", "46,XN,+der(14;21),-14"},
        {"46,XX,+del", "46,XN,other"},
        {"46,XX,del(5", "46,XN,other"},
        {"46,XX,del5)", "46,XN,other"},
        {"46,XX,tt(1;2)", "46,XN,other"},
        {"46,XX,der(1),der(2),der(3),der(4),der(5),der(6),der(7),der(8),der(9),der(10),der(11),der("
         "12)",
         "46,XN,der(1),der(2),der(3),der(4),der(5),der(6),der(7),der(8),der(9),der(10),der(11),der("
         "12)"},
        {"46,XX,der(1),der(2),der(3),der(4),der(5),der(6),der(7),der(8),der(9),der(10),der(11),der("
         "12),der(13)",
         "46,XN,der(1),der(2),der(3),der(4),der(5),der(6),der(7),der(8),der(9),der(10),der(11),der("
         "12),other"},
        {"46,XX,t(1;2;3;4;5;6;7;8;10;11)", "46,XN,other"}, /* longer than what is kept */
        {"46,XX,t(1;2;3;4;5;6;7;8;9)", "46,XN,t(1;2;3;4;5;6;7;8;9)"},
        {"46,XX,t(1;2;3;4;5;6;7;8;10)", "46,XN,t(1;2;3;4;5;6;7;8;10)"},
        {"46,XX,t(1;2;3;4;5;6;7;8;9;10)", "46,XN,t(1;2;3;4;5;6;7;8;9;10)"},
        /* clones */
        {"46,XX/47,XX,+21", "mos 47,XN,+21"},
        {"47,XX,+21/47,XX,+21", "47,XN,+21"},
        {"47,XX,+21/47,XX,+18", "mos 47,XN,+21"},
        {"47,XX,+21/48,XX,+18,+21", "mos 48,XN,+18,+21"},
        {"48,XX,+18,+21/47,XX,+21", "mos 48,XN,+18,+21"},
        {"46,XX[5]/46,XX[9]", "46,XN"},
        {"46,XX/foo", "46,XN,other"},
        {"foo/46,XX", "46,XN,other"},
        {"mos47,XX,+21[3]/46,XX[7]", "mos 47,XN,+21"},
        {"chi46,XX/46,XX", "46,XN"},
        {"chi 47,XX,+21/46,XX", "mos 47,XN,+21"},
        {"46,XX,t(9;22)[3]/46,XX[7]/47,XX,+8[1]", "mos 46,XN,t(9;22)"},
        /* numbers that are stated as a range, or not */
        {"45~47,XX", "46,XN,other"},
        {"XX", "46,XN,other"},
        {"0046,XX", "46,XN,other"},
        {"46", "46,XN,other"},
        {"46,XX,", "46,XN,other"},
        {"46,XX,+21,foo", "47,XN,+21,other"},
        {"46,XN,+21", "47,XN,+21"}, /* how many X or Y there are is not asked, so nothing adds up */
        {"47,N,+21", "47,XN,+21"},
        {"46,X,?", "46,XN"},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(sex_karyotype(rows[i][0], arena), rows[i][1], "%s gives %s", rows[i][0],
                         sex_karyotype(rows[i][0], arena));
    arena_free(arena);
}

/* ---- returns ---- */

/* "row referral step outcome=value note; " */
static const char *read_text(const Reference *r, Arena *arena, const char *bytes, size_t size,
                             bool xml)
{
    Returns returns;
    Note why = {0};
    int fd = reading_file(bytes, size);
    Status s = returns_read(&returns, fd, xml, r, arena, &why);
    (void)close(fd);
    if (s != OK) return arena_print(arena, "whole: %s", why.code);
    const char *out = "";
    for (size_t i = 0; i < returns.n; i++) {
        const ReturnRow *x = &returns.items[i];
        out = arena_print(arena, "%s%ld %s %s %s=%s%s%s; ", out, x->row, x->referral,
                          care_state_code(x->step.to), x->step.outcome, x->step.value,
                          x->note.code ? " " : "", x->note.code ? x->note.code : "");
    }
    return out;
}

#define HEADER "referral,version,step,date,person,reason,outcome,value,to,sha256\n"
#define ROOT   "<returns xmlns=\"urn:screenlab:returns:1\">"
#define STEP                                                                                       \
    "<step referral=\"RN1-1\" version=\"1\" step=\"attended\" date=\"2026-11-30\" person=\"D1\""

Test(care, returns_as_a_table)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {HEADER "RN1-1,1,attended,2026-11-30,D1,,,,,\n", "2 RN1-1 attended =; "},
        {HEADER "RN1-1,1,result_returned,2026-11-30,D1,,histology,cin3,,\n",
         "2 RN1-1 result_returned histology=cin3; "},
        {HEADER "RN1-1,1,result_returned,2026-11-30,D1,,chromosomes,\"47,XY,+21\",,\n",
         "2 RN1-1 result_returned chromosomes=47,XN,+21; "},
        {HEADER "RN1-1,1,result_returned,2026-11-30,D1,,fetal_sex,male,,\nRN1-1,1,attended,2026-11-"
                "30,D1,,,,,\n",
         "3 RN1-1 attended =; "},
        {HEADER "RN1-1,1,result_returned,2026-11-30,D1,,histology,cin9,,\n",
         "2 RN1-1 result_returned = care.value; "},
        {HEADER "RN1-1,1,result_returned,2026-11-30,D1,,opinion,bad,,\n",
         "2 RN1-1 result_returned = care.outcome; "},
        {HEADER "RN1-1,0,attended,2026-11-30,D1,,,,,\n", "2 RN1-1  = care.version; "},
        {HEADER "RN1-1,1,attended,2026-02-30,D1,,,,,\n", "2 RN1-1 attended = care.date; "},
        {HEADER "RN1-1,1,flown,2026-11-30,D1,,,,,\n", "2 RN1-1  = care.step; "},
        {HEADER "RN1-1,1,attended,2026-11-30,王芳,,,,,\n", "2 RN1-1 attended = care.person; "},
        {HEADER "=RN1-1,1,attended,2026-11-30,D1,,,,,\n", "2   = care.referral; "},
        {HEADER "RN1-1,1,received,2026-11-30,D1,,,,,ABC\n", "2 RN1-1 received = care.document; "},
        {HEADER "RN1-1,1,attended,\"2026\n-11-30\",D1,,,,,\n", "2   = care.row; "},
        {HEADER ",,,,,,,,,\n", ""},
        {"referral,version,step\nRN1-1,1,attended\n", "whole: care.header"},
        {"referral,referral,version,step,date,person\n", "whole: care.header"},
        {"", "whole: care.header"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *says = read_text(r, arena, rows[i].text, strlen(rows[i].text), false);
        cr_expect_str_eq(says, rows[i].says, "row %zu: %s", i, says);
    }
    arena_free(arena);
}

Test(care, returns_as_xml)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {ROOT STEP "/></returns>", "1 RN1-1 attended =; "},
        {ROOT "\n" STEP "/>\n" STEP " outcome=\"fetal_sex\" value=\"male\"/></returns>",
         "2 RN1-1 attended =; "},
        {ROOT STEP " outcome=\"chromosomes\" value=\"45,X\"/></returns>",
         "1 RN1-1 attended chromosomes=46,XN; "},
        {ROOT "</returns>", ""},
        {ROOT STEP " name=\"王芳\"/></returns>", "whole: care.form"},
        {ROOT STEP ">text</step></returns>", "whole: care.form"},
        {ROOT "<!-- 1 -->" STEP "/></returns>", "whole: care.form"},
        {ROOT "<other/></returns>", "whole: care.form"},
        {"<returns>" STEP "/></returns>", "whole: care.form"},
        {"<!DOCTYPE returns [<!ENTITY x SYSTEM \"/etc/passwd\">]>" ROOT STEP "/></returns>",
         "whole: xml.dtd"},
        {ROOT STEP "/>", "whole: xml.malformed"},
        {"", "whole: xml.malformed"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *says = read_text(r, arena, rows[i].text, strlen(rows[i].text), true);
        cr_expect_str_eq(says, rows[i].says, "row %zu: %s", i, says);
    }
    arena_free(arena);
}

static bool listed(const char *values, const char *value)
{
    size_t n = strlen(value);
    for (const char *at = values; (at = strstr(at, value)) != NULL; at += n)
        if ((at == values || at[-1] == '|') && (at[n] == '\0' || at[n] == '|')) return true;
    return false;
}

/* Every row speaks codes that both sides know, and none is about a fetus. */
Test(care, what_comes_back_is_history_in_the_assays_own_codes)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = open_reference(arena, false);
    const Table *t = reference_table(r, "care/history");
    const Table *outcomes = reference_table(r, "care/outcomes"),
                *results = reference_table(r, "results");
    cr_assert(t != NULL && outcomes != NULL && results != NULL);
    cr_expect_geq(t->n_rows, 20);
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *outcome = table_get(t, i, "outcome"), *value = table_get(t, i, "value");
        long o = table_find(outcomes, outcome), k = table_find(results, table_get(t, i, "code"));
        cr_assert(o >= 0 && k >= 0, "row %zu", i);
        cr_expect(listed(table_get(outcomes, (size_t)o, "values"), value), "row %zu", i);
        cr_expect_str_eq(table_get(outcomes, (size_t)o, "about_fetus"), "no", "row %zu", i);
        cr_expect(listed(table_get(results, (size_t)k, "values"), table_get(t, i, "result")),
                  "row %zu", i);
        cr_expect_str_eq(table_get(results, (size_t)k, "assay"), table_get(t, i, "assay"),
                         "row %zu", i);
    }
    Result x;
    cr_expect(care_history(&x, r, "cervical", "colposcopy", "high_grade"));
    cr_expect_str_eq(x.code, "colposcopy");
    cr_expect_str_eq(x.value, "abnormal");
    cr_expect_not(care_history(&x, r, "carrier", "histology", "cin3"));
    cr_expect_not(care_history(&x, r, "cervical", "treatment", "surgery"));
    cr_expect_not(care_history(&x, r, "cervical", "chromosomes", "46,XN"));
    cr_expect_not(care_history(&x, r, "cervical", "no_such", "cin3"));
    arena_free(arena);
}
