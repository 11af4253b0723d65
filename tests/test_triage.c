#include "lab/triage.h"
#include "table_fixture.h"

static Reference *reference(Arena *arena)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_table(r, "wording", "local", "key\tzh\ten\nlevel.1\t一\tone\n", arena);
    fixture_table(r, "site", "local", "key\tvalue\nutc_offset_minutes\t480\n", arena);
    fixture_table(
        r, "centres", "local",
        "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_"
        "until\tzh\ten\nCITY\t3\t\tcolposcopy\t\t\t市\tc\n"
        "D1\t2\tCITY\tcolposcopy\t\t\t甲\td\nD2\t2\tCITY\t\t\t\t乙\te\nT1\t1\tD1\t\t\t\t丙\tf\nT2\t"
        "1\tD2\t\t\t\t丁\tg\n",
        arena);
    fixture_table(
        r, "domains", "local",
        "table\tinput\tvalues\ntriage\tcode\tunmatched|hpv|site\ntriage\tanswer\tnegative|positive|"
        "refused\n"
        "triage\tdetail\t-|hpv16\n",
        arena);
    fixture_table(
        r, "triage", "local",
        "row\tin:code\tin:answer\tin:detail\tout:level\tout:department\tout:capability\tout:"
        "urgency\tout:wording\n"
        "U\tunmatched\t*\t*\t3\tlab\t\tsoon\tclinician\n"
        "S\tsite\t*\t*\t0\t\t\tnone\t\n"
        "H0\thpv\tnegative\t*\t0\t\t\tnone\t\n"
        "H1\thpv\tpositive\t*\t2\tcervical\tcolposcopy\twork\tcolposcopy\n"
        "H2\thpv\trefused\t*\t1\tcervical\t\tsoon\trepeat\n",
        arena);
    fixture_table(r, "due", "local", "urgency\tdays\tkind\nnone\t\t\nwork\t5\tworking\n", arena);
    fixture_table(r, "due", "example", "urgency\tdays\tkind\nsoon\t14\tcalendar\n", arena);
    fixture_table(
        r, "calendar", "local",
        "from\tuntil\tkind\tname\n2026-09-01\t2026-10-31\tcovered\tx\n2026-09-20\t2026-09-"
        "20\tworkday\tx\n"
        "2026-09-25\t2026-09-27\tholiday\tx\n2026-10-01\t2026-10-07\tholiday\tx\n2026-10-10\t2026-"
        "10-10\tworkday\tx\n",
        arena);
    fixture_finish(r);
    return r;
}

Test(triage, working_days_follow_adjusted_holidays)
{
    static const struct {
        const char *from;
        int days;
        const char *due;
        bool uncertain;
    } rows[] = {
        {"2026-09-18", 1, "2026-09-20", false}, /* Sunday is an adjusted working day */
        {"2026-09-24", 1, "2026-09-28", false}, {"2026-09-30", 1, "2026-10-08", false},
        {"2026-09-30", 3, "2026-10-10", false}, /* Saturday works */
        {"2026-09-30", 4, "2026-10-12", false}, {"2026-09-18", 0, "2026-09-18", false},
        {"2026-10-30", 1, "2026-11-02", true}, /* beyond the calendar */
        {"2025-12-31", 1, "2026-01-01", true}, /* before it */
    };
    Arena *arena = arena_new(NULL);
    const Table *calendar = reference_table(reference(arena), "calendar");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Date from, due;
        bool uncertain = false;
        cr_assert(date_parse(&from, rows[i].from) && date_parse(&due, rows[i].due));
        cr_expect_eq(triage_working_day(calendar, from, rows[i].days, &uncertain), due, "row %zu",
                     i);
        cr_expect_eq(uncertain, rows[i].uncertain, "row %zu", i);
    }
    arena_free(arena);
}

static Case couple(Sample *samples, Arena *arena)
{
    (void)arena;
    samples[0] = (Sample){.id = "S1",
                          .case_id = "C1",
                          .subject = SUBJECT_WOMAN,
                          .submitter = "T1",
                          .follow_up = "T1"};
    samples[1] = (Sample){.id = "S2",
                          .case_id = "C1",
                          .subject = SUBJECT_PARTNER,
                          .submitter = "T2",
                          .follow_up = "T2"};
    Case c = {.id = "C1", .samples = samples, .n_samples = 2, .offset_minutes = 480};
    cr_assert(instant_parse(&c.now, "2026-09-18T09:00", 480));
    return c;
}

Test(triage, papers_by_destination)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference(arena);
    Sample samples[2];
    Case c = couple(samples, arena);
    Findings f = {.arena = arena};
    finding_add(&f, (Finding){.sample = "S1", .code = "site", .answer = ANSWER_NEGATIVE});
    finding_add(&f, (Finding){.sample = "S2", .code = "hpv", .answer = ANSWER_REFUSED});
    finding_add(
        &f, (Finding){.sample = "S1", .code = "hpv", .answer = ANSWER_POSITIVE, .detail = "hpv16"});
    finding_add(&f, (Finding){.sample = "", .code = "new.code", .answer = ANSWER_POSITIVE});
    finding_add(
        &f,
        (Finding){.sample = "S1", .code = "hpv", .answer = ANSWER_POSITIVE, .detail = "unknown"});
    Papers p;
    cr_assert_eq(triage_case(&p, &c, &f, r, arena, NULL), OK);
    cr_assert_eq(p.n, 5, "%zu", p.n);
    cr_expect_eq(p.items[0].kind, PAPER_RESULT);
    cr_expect_str_eq(p.items[0].to->id, "T1");
    cr_expect_str_eq(p.items[1].to->id, "T2");
    cr_expect_eq(p.items[1].n_actions, 4, "the negative site asks for nothing");
    cr_expect_str_eq(p.items[2].to->id, "T2");
    cr_expect_null(p.items[2].copy_to);
    cr_expect_str_eq(p.items[3].to->id, "D1");
    cr_expect_str_eq(p.items[3].copy_to->id, "T1");
    cr_expect_str_eq(p.items[3].actions[0].row, "H1");
    cr_expect_eq(p.items[3].due, date_from(2026, 9, 24));
    cr_expect_str_eq(p.items[4].to->id, "CITY");
    cr_expect_eq(p.items[4].n_actions, 2, "an unknown code and an unknown detail go to the city");
    cr_expect_str_eq(p.items[4].actions[1].row, "U");
    cr_expect(p.items[4].actions[0].due_example);
    arena_free(arena);
}

Test(triage, everything_normal_still_reports)
{
    Arena *arena = arena_new(NULL);
    Sample samples[2];
    Case c = couple(samples, arena);
    c.n_samples = 1;
    Findings f = {.arena = arena};
    finding_add(&f, (Finding){.sample = "S1", .code = "hpv", .answer = ANSWER_NEGATIVE});
    Papers p;
    cr_assert_eq(triage_case(&p, &c, &f, reference(arena), arena, NULL), OK);
    cr_expect_eq(p.n, 1);
    cr_expect_eq(p.items[0].kind, PAPER_RESULT);
    cr_expect_eq(p.items[0].due, DATE_NONE);
    arena_free(arena);
}

Test(triage, urgency_without_days_is_refused_at_start)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference(arena);
    cr_expect_eq(triage_ready(r, NULL), OK);
    Reference *bare = reference_new(arena, "test", false);
    for (size_t i = 0; i < reference_size(r); i++) {
        Table *t = arena_alloc(arena, sizeof *t);
        *t = *reference_at(r, i);
        if (strcmp(t->info.name, "due") == 0) t->n_rows = 1;
        cr_assert_eq(reference_add(bare, t, NULL), OK);
    }
    Note why = {0};
    cr_assert_eq(reference_finish(bare, NULL), OK);
    cr_expect_eq(triage_ready(bare, &why), REFUSED);
    cr_expect_str_eq(why.code, "due.absent");
    arena_free(arena);
}
