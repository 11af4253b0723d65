/* Triage by plain computation: due dates counted on a calendar by hand, and the papers of random findings made in the simplest way. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/triage.h"
#include "table_fixture.h"

ARENA_SUITE(triage_rules);

#define TRIAGE                                                                                     \
    "row\tin:code\tin:answer\tin:detail\tout:level\tout:department\tout:capability\tout:urgency"   \
    "\tout:wording\n"
static const char ROWS[] = TRIAGE "U\tunmatched\t*\t*\t3\tlab\t\tsoon\tclinician\n"
                                  "N\tnone\t*\t*\t0\t\t\tnodays\ttold\n"
                                  "A\ta\t*\t*\t1\tda\t\tsoon\twa\n"
                                  "B\tb\t*\t*\t2\tdb\t\twork\twb\n"
                                  "C\tc\t*\t*\t2\tdc\tcolpo\tlate\twc\n"
                                  "D\td\t*\t*\t1\tdd\t\tnodays\twd\n"
                                  "E\te\t*\t*\t3\tde\t\tabsent\twe\n";
static const char DUE[] = "urgency\tdays\tkind\nnodays\t\t\nwork\t5\tworking\nlate\t40\tcalendar\n";
static const char CALENDAR[] =
    "from\tuntil\tkind\tname\n2026-09-01\t2026-10-11\tcovered\tx\n"
    "2026-09-19\t2026-09-20\tworkday\tx\n2026-09-25\t2026-09-27\tholiday\tx\n"
    "2026-10-01\t2026-10-07\tholiday\tx\n2026-10-10\t2026-10-10\tworkday\tx\n"
    "2026-10-12\t2026-10-12\tholiday\tx\nx\t2026-10-12\tworkday\tx\n2026-10-12\t\tworkday\tx\n";

static Reference *reference(const char *triage, const char *due, const char *calendar)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r,
                    "triage\tcode\tunmatched|none|a|b|c|d|e\n"
                    "triage\tanswer\tnegative|positive\ntriage\tdetail\t-|x\n",
                    arena);
    if (triage != NULL) fixture_table(r, "triage", "local", triage, arena);
    if (due != NULL) fixture_table(r, "due", "local", due, arena);
    if (due != NULL)
        fixture_table(r, "due", "example", "urgency\tdays\tkind\nsoon\t14\tcalendar\n", arena);
    if (calendar != NULL) fixture_table(r, "calendar", "local", calendar, arena);
    fixture_finish(r);
    return r;
}

/* ---- dates ---- */

/* Day k after Monday 31 August 2026: w = a working day, - = none; W and . where no row covers it. */
static char day_of(int k)
{
    static const char september[] = "wwww--wwwww--wwwwwwwwwww---www";
    static const char october[] = "-------www-";
    if (k < 1) return k < -2 || k > -1 ? 'W' : '.';
    if (k <= 30) return september[k - 1];
    if (k <= 41) return october[k - 31];
    if (k == 42) return '.';
    return (k - 42) % 7 >= 5 ? '.' : 'W';
}

Test(triage_rules, working_days_counted_by_hand)
{
    const Table *calendar = reference_table(reference(ROWS, DUE, CALENDAR), "calendar");
    const Date august_31 = date_from(2026, 8, 31);
    for (int from = -4; from <= 44; from++)
        for (int days = 0; days <= 9; days++) {
            int k = from, left = days;
            bool doubt = false, uncertain = false;
            while (left > 0) {
                const char c = day_of(++k);
                left -= c == 'w' || c == 'W';
                doubt = doubt || c == 'W' || c == '.';
            }
            cr_expect_eq(triage_working_day(calendar, august_31 + from, days, &uncertain),
                         august_31 + k, "%d days from %d", days, from);
            cr_expect_eq(uncertain, doubt, "%d days from %d", days, from);
        }
    bool uncertain = true;
    (void)triage_working_day(calendar, august_31 + 10, 1, &uncertain);
    cr_expect(uncertain, "a doubt stays");
}

/* ---- papers ---- */

typedef struct Wanted {
    const Finding *finding;
    const char *to, *submitter, *row;
    int level;
    Date due;
    bool doubt, example;
} Wanted;

static const struct {
    const char *code, *row, *urgency;
    int level;
} CODES[] = {{"new", "U", "soon", 3}, {"none", "N", "nodays", 0}, {"a", "A", "soon", 1},
             {"b", "B", "work", 2},   {"c", "C", "late", 2},      {"d", "D", "nodays", 1},
             {"e", "E", "absent", 3}};
static const char *const TOWNSHIPS[] = {"T1", "T2", "T3", "D1", "nobody"};

/* Where a finding goes from that centre, read off the little map above. */
static const char *where(const char *from, int level, bool colpo)
{
    const char *district = strcmp(from, "T3") == 0       ? "D2"
                           : strcmp(from, "nobody") == 0 ? "CITY"
                                                         : "D1";
    if (level == 1) return strcmp(from, "nobody") == 0 ? "CITY" : from;
    if (level == 2) return colpo && strcmp(district, "D2") != 0 ? "CITY" : district;
    return "CITY";
}

static int rank(const char *id)
{
    static const char *const order[] = {"T1", "T2", "T3", "D1", "D2", "CITY"};
    int at = 0;
    while (strcmp(order[at], id) != 0)
        at++;
    return at;
}

/* By date, then as they came; none is last. */
static void sort_wanted(Wanted *w, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0; k--) {
            const int64_t a = w[k - 1].due == DATE_NONE ? INT64_MAX : w[k - 1].due,
                          b = w[k].due == DATE_NONE ? INT64_MAX : w[k].due;
            if (a <= b) break;
            Wanted swap = w[k];
            w[k] = w[k - 1];
            w[k - 1] = swap;
        }
}

static void expect_paper(const Paper *p, const Wanted *w, size_t n, const char *to, int round)
{
    bool doubt = false;
    cr_assert_eq(p->n_actions, n, "round %d, %s: %zu", round, to, p->n_actions);
    cr_assert_str_eq(p->to->id, to, "round %d", round);
    for (size_t i = 0; i < n; i++) {
        const Action *a = &p->actions[i];
        cr_assert_eq(a->finding, w[i].finding, "round %d, %s", round, to);
        cr_assert(a->due == w[i].due && a->due_uncertain == w[i].doubt &&
                      a->due_example == w[i].example && (int)a->level == w[i].level,
                  "round %d, %s, action %zu", round, to, i);
        cr_assert_str_eq(a->to->id, w[i].to, "round %d", round);
        cr_assert_str_eq(a->row, w[i].row);
        doubt = doubt || w[i].doubt;
    }
    cr_assert_eq(p->due, n > 0 ? w[0].due : DATE_NONE, "round %d, %s", round, to);
    cr_assert_eq(p->due_uncertain, doubt, "round %d, %s", round, to);
}

Test(triage_rules, papers_of_random_findings)
{
    const Reference *r = reference(ROWS, DUE, CALENDAR);
    for (int round = 0; round < 400; round++) {
        Sample samples[3] = {{.id = "S0"}, {.id = "S1"}, {.id = "S2"}};
        const size_t n_samples = 1 + chance(3);
        Case c = {.id = "C", .samples = samples, .n_samples = n_samples, .offset_minutes = 480};
        cr_assert(instant_parse(&c.now, "2026-09-24T23:30", 480));
        const Date today = date_from(2026, 9, 24);
        size_t woman = 0;
        for (size_t i = n_samples; i-- > 0;) {
            samples[i].submitter = TOWNSHIPS[chance(5)];
            samples[i].follow_up = TOWNSHIPS[chance(5)];
            samples[i].subject = chance(3) == 0 ? SUBJECT_WOMAN : SUBJECT_PARTNER;
            if (samples[i].subject == SUBJECT_WOMAN) woman = i;
        }
        Findings f = {.arena = arena};
        for (uint32_t i = chance(9); i > 0; i--)
            finding_add(
                &f, (Finding){.sample = chance(4) ? samples[chance((uint32_t)n_samples)].id : "",
                              .code = CODES[chance(7)].code,
                              .answer = ANSWER_POSITIVE,
                              .detail = ""});
        Wanted all[9], mine[9];
        size_t n = 0, paper = 0;
        for (size_t i = 0; i < f.n; i++) {
            const Finding *one = &f.items[i];
            size_t code = 0;
            while (strcmp(CODES[code].code, one->code) != 0)
                code++;
            if (CODES[code].level == 0) continue;
            const Sample *s =
                one->sample[0] == '\0' ? &samples[woman] : &samples[one->sample[1] - '0'];
            const char *urgency = CODES[code].urgency;
            all[n] = (Wanted){.finding = one,
                              .row = CODES[code].row,
                              .level = CODES[code].level,
                              .submitter = s->submitter,
                              .due = DATE_NONE,
                              .to = where(s->follow_up, CODES[code].level, *one->code == 'c')};
            if (strcmp(urgency, "soon") == 0) all[n].due = today + 14, all[n].example = true;
            if (strcmp(urgency, "late") == 0) all[n].due = today + 40;
            if (strcmp(urgency, "work") == 0)
                all[n].due = date_from(2026, 10, 9); /* 28, 29, 30, 8, 9 */
            if (strcmp(urgency, "absent") == 0) all[n].doubt = true;
            n++;
        }
        sort_wanted(all, n);
        Papers p;
        cr_assert_eq(triage_case(&p, &c, &f, r, arena, NULL), OK);
        for (size_t i = 0; i < n_samples; i++) { /* one result for each submitter that exists */
            bool told = strcmp(samples[i].submitter, "nobody") == 0;
            for (size_t k = 0; k < i; k++)
                told = told || strcmp(samples[k].submitter, samples[i].submitter) == 0;
            if (told) continue;
            cr_assert_lt(paper, p.n);
            cr_assert(p.items[paper].kind == PAPER_RESULT && p.items[paper].copy_to == NULL);
            expect_paper(&p.items[paper++], all, n, samples[i].submitter, round);
        }
        for (int at = 0; at < 6;
             at++) { /* one referral for each place, districts behind townships */
            static const char *const places[] = {"T1", "T2", "T3", "D1", "D2", "CITY"};
            size_t m = 0;
            for (size_t i = 0; i < n; i++)
                if (rank(all[i].to) == at) mine[m++] = all[i];
            if (m == 0) continue;
            cr_assert_lt(paper, p.n, "round %d", round);
            const Paper *one = &p.items[paper++];
            cr_assert_eq(one->kind, PAPER_REFERRAL);
            expect_paper(one, mine, m, places[at], round);
            const bool other = strcmp(mine[0].submitter, places[at]) != 0 &&
                               strcmp(mine[0].submitter, "nobody") != 0;
            cr_assert_eq(one->copy_to != NULL, other, "round %d, %s", round, places[at]);
            if (other) cr_assert_str_eq(one->copy_to->id, mine[0].submitter, "round %d", round);
        }
        cr_assert_eq(p.n, paper, "round %d", round);
    }
}

Test(triage_rules, an_action_says_what_its_row_says)
{
    const Reference *r = reference(ROWS, DUE, CALENDAR);
    Sample sample = {.id = "S0", .submitter = "T1", .follow_up = "T3", .subject = SUBJECT_WOMAN};
    Case c = {.id = "C", .samples = &sample, .n_samples = 1, .offset_minutes = 480};
    Findings f = {.arena = arena};
    Papers p;
    finding_add(&f,
                (Finding){.sample = "S0", .code = "c", .answer = ANSWER_POSITIVE, .detail = ""});
    cr_assert_eq(triage_case(&p, &c, &f, r, arena, NULL), OK);
    const Action *a = p.items[0].actions;
    cr_expect_str_eq(a->department, "dc");
    cr_expect_str_eq(a->capability, "colpo");
    cr_expect_str_eq(a->urgency, "late");
    cr_expect_str_eq(a->wording, "wc");
    cr_expect_str_eq(a->to->id, "D2");
    cr_expect_eq(a->due, 40, "days are counted from the day of the run");
    /* What asks for nothing tells its wording, what asks for something nothing. */
    static const char *const told[][2] = {{"none", "told"}, {"a", ""}, {"new", ""}, {"e", ""}};
    for (size_t i = 0; i < 4; i++) {
        const Finding one = {.code = told[i][0], .answer = ANSWER_POSITIVE, .detail = ""};
        cr_expect_str_eq(triage_told(r, &one), told[i][1], "%s", told[i][0]);
        cr_expect_str_eq(triage_told(reference(NULL, DUE, CALENDAR), &one), "");
    }
}

/* ---- before a run ---- */

Test(triage_rules, an_absent_table_is_named)
{
    static const char *const names[] = {"triage", "due", "calendar"};
    Sample sample = {.id = "S0"};
    Case c = {.id = "C", .samples = &sample, .n_samples = 1};
    Findings f = {.arena = arena};
    Papers p;
    for (int absent = 0; absent < 3; absent++) {
        Note why = {.code = ""};
        const Reference *r = reference(absent == 0 ? NULL : ROWS, absent == 1 ? NULL : DUE,
                                       absent == 2 ? NULL : CALENDAR);
        cr_expect_eq(triage_ready(r, &why), NOT_FOUND);
        cr_expect_str_eq(why.code, "table.absent");
        cr_expect_str_eq(why.file, names[absent]);
        cr_expect_eq(triage_case(&p, &c, &f, r, arena, &why), NOT_FOUND);
    }
}

/* Every row must have one of the four levels and an urgency that due.tsv knows, the first and the last too. */
Test(triage_rules, each_row_is_looked_at_before_a_run)
{
    static const struct {
        const char *level, *urgency, *code;
    } cells[] = {{"0", "soon", ""},
                 {"1", "work", ""},
                 {"2", "soon", ""},
                 {"3", "late", ""},
                 {"4", "soon", "triage.level"},
                 {"", "soon", "triage.level"},
                 {"/", "soon", "triage.level"},
                 {"10", "soon", "triage.level"},
                 {"1 ", "soon", "triage.level"},
                 {"1", "never", "due.absent"},
                 {"0", "", "due.absent"}};
    static const char *const codes[] = {"unmatched", "none", "a", "b", "c", "d", "e"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        for (size_t at = 0; at < 7; at++) {
            const char *text = TRIAGE;
            for (size_t k = 0; k < 7; k++)
                text = arena_print(arena, "%sR\t%s\t*\t*\t%s\t\t\t%s\t\n", text, codes[k],
                                   k == at ? cells[i].level : "1",
                                   k == at ? cells[i].urgency : "soon");
            Note why = {.code = ""};
            const Status s = triage_ready(reference(text, DUE, CALENDAR), &why);
            const bool absent = strcmp(cells[i].code, "due.absent") == 0;
            cr_expect_eq(s,
                         *cells[i].code == '\0' ? OK
                         : absent               ? REFUSED
                                                : BAD_INPUT,
                         "%zu, row %zu", i, at);
            cr_expect_str_eq(why.code, cells[i].code, "%zu, row %zu", i, at);
            if (s == BAD_INPUT) {
                cr_expect_eq(why.row, (long)at + 2);
                cr_expect_str_eq(why.field, "out:level");
                cr_expect_str_eq(why.file, "triage");
            }
            if (absent) cr_expect_str_eq(why.field, cells[i].urgency);
            if (absent) cr_expect_str_eq(why.file, "due.tsv");
        }
}
