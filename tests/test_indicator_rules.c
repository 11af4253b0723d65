/* Figures by tables that stand here: each form of an expression and of a tag, what is added up where, and at which number a cell is hidden. */
#include "arena_suite.h"
#include "indicator_fixture.h"

#include <math.h>
#include <stdio.h>

ARENA_SUITE(indicator_rules);

static IndicatorBench bench(const char *items, size_t months)
{
    IndicatorBench b = {.reference =
                            indicator_reference(LETTERS, arena_print(arena, ITEMS "%s", items),
                                                "centre\tgroup\tfrom\tuntil\tcount\n"
                                                "D1\twomen\t2026-01-01\t2026-12-31\t400\n"
                                                "D2\tmen\t2026-01-01\t2026-12-31\t400\n"
                                                "CITY\twomen\t2026-01-02\t2026-12-31\t400\n"
                                                "CITY\twomen\t2026-01-01\t2026-12-30\t500\n"
                                                "CITY\twomen\t2025-01-01\t2027-12-31\t900\n"
                                                "T1\twomen\t2026-01-01\t2026-12-31\tmany\n"
                                                "T3\twomen\t2026-01-01\t2026-12-31\t0\n",
                                                arena)};
    indicator_open(&b, months, arena);
    return b;
}

static void finish(const IndicatorBench *b)
{
    indicators_finish(b->counts, date_from(2026, 1, 1), date_from(2026, 12, 31));
}

static IndicatorFigure figure(const IndicatorBench *b, const char *id)
{
    return indicators_figure(b->counts, 0, indicator_centre(b, id), INDICATOR_WHOLE);
}

/* "a b" = both, "!a" = not, "a|b" = either, "" = nobody. */
Test(indicator_rules, expressions)
{
    static const struct {
        const char *expression, *in,
            *out; /* cases, separated by blanks; "-" = a case without tags */
    } rows[] = {
        {"a", "a ab abc", "- b bc"},
        {"a b", "ab abc", "- a b ac"},
        {"!a", "- b bc", "a ab"},
        {"a !b", "a ac", "- b ab"},
        {"!a !b", "- c", "a b ab"},
        {"a|b", "a b ab ac", "- c cd"},
        {"a b|!c", "ab abc - a d", "c ac bcd"},
        {"a|b|c|d", "a b c d", "-"},
        {"a b|c d", "ab cd abc", "ac bd a b"},
        {"a  b", "ab", "a"},
        {"", "", "- a abcd"},
        {"a|a|a|a|a|a|a|d", "a d", "b -"}, /* eight alternatives are the most */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int wanted = 0; wanted < 2; wanted++) {
            const char *cases = wanted ? rows[i].in : rows[i].out;
            while (*cases != '\0') {
                size_t n = strcspn(cases, " ");
                const char *letters = *cases == '-' ? "" : arena_copy_n(arena, cases, n);
                IndicatorBench b = bench(
                    arena_print(arena, "I\tg\tratio\t%s\ta|!a\t\t\t\t\t\n", rows[i].expression), 1);
                indicator_put(&b, "T1", letters, 10, 0, -1);
                finish(&b);
                cr_expect_eq(figure(&b, "T1").numerator, wanted ? 10 : 0, "\"%s\" of \"%s\"",
                             rows[i].expression, letters);
                cr_expect_eq(figure(&b, "T1").denominator, 10);
                cases += n + (cases[n] == ' ');
            }
        }
}

/* What cannot be read is refused at the start, with its word. */
Test(indicator_rules, refusals)
{
    const char *longest =
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"; /* 63 */
    const char *named = arena_print(arena, LETTERS "%s\tsample\tz\t\t\t\n", longest);
    const char *full = TAGS, *over;
    for (int i = 0; i < 64; i++)
        full = arena_print(arena, "%st%d\tsample\tz\t\t\t\n", full, i);
    over = arena_print(arena, "%st63\tstep\t\t\t\tz\n", full); /* two rows of one tag are one tag */
    const struct {
        const char *tags, *item, *code, *detail;
    } rows[] = {
        {LETTERS, "share\ta\tb\t\t\t\t\t", "", ""},
        {LETTERS, "ratio\ta\tb\t\t\t\t\t", "", ""},
        {LETTERS, "within\ta\t\t\t\t\t14\t", "", ""},
        {LETTERS, "median\ta\t\t\t\t\t\t", "", ""},
        {LETTERS, "mean\ta\tb\t\t\t\t\t", "indicator.form", "mean"},
        {LETTERS, "\ta\tb\t\t\t\t\t", "indicator.form", ""},
        {LETTERS, "share\tx\tb\t\t\t\t\t", "indicator.tag", "x"},
        {LETTERS, "share\ta\tb y\t\t\t\t\t", "indicator.tag", "y"},
        {LETTERS, "share\ta\t!z\t\t\t\t\t", "indicator.tag", "z"},
        {LETTERS, "share\t!\tb\t\t\t\t\t", "indicator.tag", ""},
        {LETTERS, "share\ta|a|a|a|a|a|a|a|b\tb\t\t\t\t\t", "indicator.tag", "a"},
        {named, arena_print(arena, "share\t%s\tb\t\t\t\t\t", longest), "", ""},
        {named, arena_print(arena, "share\t%sl\tb\t\t\t\t\t", longest), "indicator.tag", ""},
        {full, "share\tt0\tt63\t\t\t\t\t", "", ""},
        {over, "share\tt0\tt63\t\t\t\t\t", "", ""},
        {arena_print(arena, "%su\tsample\tz\t\t\t\n", full), "share\tt0\tt63\t\t\t\t\t",
         "indicator.form", "u"},
        {LETTERS "e\tguess\tz\t\t\t\n", "share\ta\tb\t\t\t\t\t", "indicator.form", "e"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *items = arena_print(arena, ITEMS "I\tg\t%s\n", rows[i].item);
        IndicatorBook *book;
        Note why = {0};
        Status s = indicators_open(&book, indicator_reference(rows[i].tags, items, NULL, arena),
                                   arena, &why);
        cr_expect_eq(s, rows[i].code[0] ? REFUSED : OK, "row %zu: %s %s", i, why.code, why.detail);
        if (rows[i].code[0] == '\0') continue;
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        cr_expect_str_eq(why.detail, rows[i].detail, "row %zu", i);
        cr_expect_gt(why.row, 1, "row %zu", i);
    }
}

Test(indicator_rules, absent_tables)
{
    static const char *const names[] = {"care/tags", "care/indicators", "care/suppression"};
    static const char *const texts[] = {LETTERS, ITEMS "I\tg\tshare\ta\tb\t\t\t\t\t\n",
                                        "key\tvalue\nleast\t5\n"};
    static const char *const bad[] = {"key\tvalue\nmost\t5\n", "key\tvalue\nleast\tfew\n"};
    for (size_t without = 0; without < 5; without++) {
        Reference *r = reference_new(arena, "test", true);
        fixture_network(r, "", arena);
        for (size_t i = 0; i < 3; i++)
            if (i != without)
                fixture_table(r, names[i], "local",
                              i == 2 && without > 2 ? bad[without - 3] : texts[i], arena);
        fixture_finish(r);
        IndicatorBook *book;
        Note why = {0};
        cr_expect_eq(indicators_open(&book, r, arena, &why), REFUSED, "%zu", without);
        cr_expect_str_eq(why.code, "indicator.table");
        cr_expect_str_eq(why.file, names[without < 3 ? without : 2]);
    }
}

/* Which cells of a rule are asked of which event; "*", "a|b", "!a|b" and ages with both ends. */
Test(indicator_rules, tags)
{
    static const struct {
        const char *rule;
        TagEvent event;
        bool fits;
    } rows[] = {
        {"sample\tserum\t\t\t", {TAG_SAMPLE, "serum", "x", ANSWER_NEGATIVE, "y", 0}, true},
        {"sample\tserum\t\t\t", {TAG_SAMPLE, "serums", "", ANSWER_NEGATIVE, "", 0}, false},
        {"sample\tserum\t\t\t", {TAG_SAMPLE, "ser", "", ANSWER_NEGATIVE, "", 0}, false},
        {"sample\tserum\t\t\t", {TAG_OUTCOME, "serum", "", ANSWER_NEGATIVE, "", 0}, false},
        {"sample\ta|bc|d\t\t\t", {TAG_SAMPLE, "bc", "", ANSWER_NEGATIVE, "", 0}, true},
        {"sample\ta|bc|d\t\t\t", {TAG_SAMPLE, "d", "", ANSWER_NEGATIVE, "", 0}, true},
        {"sample\ta|bc|d\t\t\t", {TAG_SAMPLE, "b", "", ANSWER_NEGATIVE, "", 0}, false},
        {"sample\t!a|bc\t\t\t", {TAG_SAMPLE, "bc", "", ANSWER_NEGATIVE, "", 0}, false},
        {"sample\t!a|bc\t\t\t", {TAG_SAMPLE, "d", "", ANSWER_NEGATIVE, "", 0}, true},
        {"sample\t*\t\t\t", {TAG_SAMPLE, "z", "", ANSWER_NEGATIVE, "", 0}, true},
        {"step\t\t\t\tattended", {TAG_STEP, "x", "y", ANSWER_NEGATIVE, "attended", 0}, true},
        {"step\t\t\t\tattended", {TAG_STEP, "", "", ANSWER_NEGATIVE, "sent", 0}, false},
        {"outcome\thistology\t\t\tcin2",
         {TAG_OUTCOME, "histology", "x", ANSWER_NEGATIVE, "cin2", 0},
         true},
        {"outcome\thistology\t\t\tcin2",
         {TAG_OUTCOME, "histology", "", ANSWER_NEGATIVE, "cin3", 0},
         false},
        {"outcome\thistology\t\t\tcin2",
         {TAG_OUTCOME, "cytology", "", ANSWER_NEGATIVE, "cin2", 0},
         false},
        {"finding\tc\ti\tpositive\tv", {TAG_FINDING, "c", "i", ANSWER_POSITIVE, "v", 0}, true},
        {"finding\tc\ti\tpositive\tv", {TAG_FINDING, "d", "i", ANSWER_POSITIVE, "v", 0}, false},
        {"finding\tc\ti\tpositive\tv", {TAG_FINDING, "c", "j", ANSWER_POSITIVE, "v", 0}, false},
        {"finding\tc\ti\tpositive\tv", {TAG_FINDING, "c", "i", ANSWER_NEGATIVE, "v", 0}, false},
        {"finding\tc\ti\tpositive\tv", {TAG_FINDING, "c", "i", ANSWER_POSITIVE, "w", 0}, false},
        {"finding\tc\t*\t!negative\t*", {TAG_FINDING, "c", "j", ANSWER_INVALID, "w", 0}, true},
        {"finding\tc\t*\t!negative\t*", {TAG_FINDING, "c", "j", ANSWER_NEGATIVE, "w", 0}, false},
        {"age\t\t\t\t35..64", {TAG_AGE, "", "", ANSWER_NEGATIVE, "", 34}, false},
        {"age\t\t\t\t35..64", {TAG_AGE, "", "", ANSWER_NEGATIVE, "", 35}, true},
        {"age\t\t\t\t35..64", {TAG_AGE, "", "", ANSWER_NEGATIVE, "", 64}, true},
        {"age\t\t\t\t35..64", {TAG_AGE, "", "", ANSWER_NEGATIVE, "", 65}, false},
        {"age\t\t\t\t35-64", {TAG_AGE, "", "", ANSWER_NEGATIVE, "", 35}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *tags =
            arena_print(arena, TAGS "other\tage\t\t\t\t0..200\nit\t%s\n", rows[i].rule);
        IndicatorBook *book;
        Note why = {0};
        cr_assert_eq(
            indicators_open(
                &book,
                indicator_reference(tags, ITEMS "I\tg\tshare\tit\tit\t\t\t\t\t\n", NULL, arena),
                arena, &why),
            OK, "%s %s", why.code, why.detail);
        uint64_t other = rows[i].event.source == TAG_AGE ? 1 : 0;
        cr_expect_eq(indicators_tag(book, &rows[i].event), other | (rows[i].fits ? 2U : 0U),
                     "row %zu", i);
    }
}

/* Days of a median are those of a centre and of all below it, each case once, in whatever order centres stand. */
Test(indicator_rules, medians_of_the_network)
{
    IndicatorBench b = bench("I\tg\tmedian\ta\t\t\t\t\t\t\n", 2);
    indicator_put(&b, "T1", "a", 5, 0, 1);
    indicator_put(&b, "T2", "a", 6, 1, 3);
    indicator_put(&b, "D1", "a", 7, 0, 5);
    indicator_put(&b, "T3", "a", 5, 1, 0);
    indicator_put(&b, "D2", "a", 6, 1, 300); /* longer than anything that is told apart */
    indicator_put(&b, "CITY", "a", 8, 0, 9);
    indicator_put(&b, "CITY", "b", 50, 0, 2);  /* not asked for */
    indicator_put(&b, "CITY", "a", 50, 0, -1); /* not sent yet */
    finish(&b);
    static const struct {
        const char *centre;
        int64_t n;
        double median;
    } rows[] = {{"T1", 5, 1}, {"T2", 6, 3},    {"D1", 18, 3}, /* 5 x 1, 6 x 3, 7 x 5: the ninth */
                {"T3", 5, 0}, {"D2", 11, 200}, {"CITY", 37, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IndicatorFigure f = figure(&b, rows[i].centre);
        cr_expect_eq(f.state, FIGURE_TOLD, "%s", rows[i].centre);
        cr_expect_eq(f.denominator, rows[i].n, "%s: %d", rows[i].centre, (int)f.denominator);
        cr_expect_eq(f.value, rows[i].median, "%s: %g", rows[i].centre, f.value);
    }
    indicators_months(b.counts, indicator_centre(&b, "D1"));
    IndicatorFigure f = indicators_figure(b.counts, 0, indicator_centre(&b, "D1"), 0);
    cr_expect(f.state == FIGURE_TOLD && f.denominator == 12 && isnan(f.value),
              "days are kept for the whole period only");
}

/* Each indicator has cells and days of its own. */
Test(indicator_rules, beside_each_other)
{
    IndicatorBench b = bench("I\tg\tmedian\ta\t\t\t\t\t\t\nJ\tg\tmedian\tb\t\t\t\t\t\t\n"
                             "K\tg\tshare\ta\tb\t\t\t\t\t\nL\tg\tshare\tb\ta\t\t\t\t\t\n",
                             1);
    indicator_put(&b, "T1", "a", 10, 0, 1);
    indicator_put(&b, "T1", "b", 20, 0, 2);
    indicator_put(&b, "T2", "a", 30, 0, 3);
    indicator_put(&b, "T2", "b", 40, 0, 4);
    finish(&b);
    static const struct {
        const char *centre;
        double values[4];
    } rows[] = {
        {"T1", {1, 2, 0.5, 2}}, {"T2", {3, 4, 0.75, 40.0 / 30}}, {"D1", {3, 4, 40.0 / 60, 1.5}}};
    for (size_t r = 0; r < 3; r++)
        for (size_t i = 0; i < 4; i++)
            cr_expect_float_eq(indicators_figure(b.counts, i, indicator_centre(&b, rows[r].centre),
                                                 INDICATOR_WHOLE)
                                   .value,
                               rows[r].values[i], 1e-12, "%s, %zu", rows[r].centre, i);
}

Test(indicator_rules, the_day_by_which_half_were_sent)
{
    static const struct {
        size_t n[3]; /* after 0, 7, 200 days */
        double median;
    } rows[] = {{{5, 5, 0}, 0},   {{5, 6, 0}, 7}, {{6, 5, 0}, 0},   {{0, 5, 5}, 7},
                {{0, 5, 6}, 200}, {{5, 0, 5}, 0}, {{0, 0, 5}, 200}, {{2, 2, 1}, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IndicatorBench b = bench("I\tg\tmedian\ta\t\t\t\t\t\t\n", 1);
        indicator_put(&b, "T1", "a", rows[i].n[0], 0, 0);
        indicator_put(&b, "T1", "a", rows[i].n[1], 0, 7);
        indicator_put(&b, "T1", "a", rows[i].n[2], 0, 200);
        finish(&b);
        cr_expect_eq(figure(&b, "T1").value, rows[i].median, "row %zu: %g", i,
                     figure(&b, "T1").value);
    }
}

/* Within 14 days: the fourteenth counts. */
Test(indicator_rules, within_its_days)
{
    IndicatorBench b = bench("I\tg\twithin\ta\t\t\t\t\t14\t\n", 1);
    indicator_put(&b, "T1", "a", 10, 0, 14);
    indicator_put(&b, "T1", "ab", 20, 0, 15);
    indicator_put(&b, "T1", "a", 40, 0, -1);
    indicator_put(&b, "T2", "a", 5, 0, 0);
    indicator_put(&b, "T2", "b", 5, 0, 0);
    finish(&b);
    cr_expect(figure(&b, "T1").numerator == 10 && figure(&b, "T1").denominator == 30);
    cr_expect(figure(&b, "T2").numerator == 5 && figure(&b, "T2").denominator == 5);
    cr_expect_eq(figure(&b, "T2").value, 1.0);
}

/* Which cells speak of single persons, by kind. */
Test(indicator_rules, small_cells)
{
    static const struct {
        const char *kind;
        size_t a, b;
        FigureState state;
    } rows[] = {
        {"share", 5, 10, FIGURE_TOLD},        {"share", 4, 10, FIGURE_SUPPRESSED},
        {"share", 5, 9, FIGURE_SUPPRESSED},   {"share", 1, 100, FIGURE_SUPPRESSED},
        {"share", 0, 5, FIGURE_TOLD},         {"share", 0, 4, FIGURE_SUPPRESSED},
        {"share", 9, 10, FIGURE_SUPPRESSED},  {"share", 10, 10, FIGURE_TOLD},
        {"ratio", 9, 10, FIGURE_TOLD},        {"ratio", 12, 10, FIGURE_TOLD},
        {"ratio", 4, 10, FIGURE_SUPPRESSED},  {"ratio", 10, 4, FIGURE_SUPPRESSED},
        {"within", 9, 10, FIGURE_SUPPRESSED}, {"within", 5, 10, FIGURE_TOLD},
        {"within", 1, 10, FIGURE_SUPPRESSED}, {"median", 1, 5, FIGURE_TOLD},
        {"median", 0, 4, FIGURE_SUPPRESSED},  {"median", 0, 1, FIGURE_SUPPRESSED},
        {"share", 0, 0, FIGURE_EMPTY},        {"median", 0, 0, FIGURE_EMPTY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const bool timed = rows[i].kind[0] == 'w' || rows[i].kind[0] == 'm';
        IndicatorBench b =
            bench(arena_print(arena, "I\tg\t%s\ta\tb\t\t\t\t7\t\n", rows[i].kind), 1);
        if (timed) { /* `a` of `b` within the week */
            indicator_put(&b, "T1", "a", rows[i].a, 0, 7);
            indicator_put(&b, "T1", "a", rows[i].b - rows[i].a, 0, 8);
        } else {
            indicator_put(&b, "T1", "a", rows[i].a, 0, -1);
            indicator_put(&b, "T1", "b", rows[i].b, 0, -1);
        }
        finish(&b);
        IndicatorFigure f = figure(&b, "T1");
        cr_expect_eq(f.state, rows[i].state, "row %zu (%s %zu of %zu): %d", i, rows[i].kind,
                     rows[i].a, rows[i].b, (int)f.state);
        cr_expect_eq(f.state == FIGURE_TOLD, !isnan(f.value), "row %zu", i);
        if (f.state == FIGURE_TOLD && !timed)
            cr_expect_eq(f.value, (double)rows[i].a / (double)rows[i].b, "row %zu", i);
    }
}

/* What is hidden beside what: denominators of T1, T2 and of what D1 submitted itself (numerator 0), and which of T1, T2, D1, CITY are told. */
Test(indicator_rules, what_is_hidden_with_a_small_cell)
{
    static const struct {
        size_t t1, t2, own;
        const char *told; /* '+' told, '-' hidden, '0' empty; T1 T2 D1 */
    } rows[] = {
        {10, 20, 0, "+++"}, {3, 20, 0, "--+"},  {20, 3, 0, "--+"},
        {3, 4, 0, "--+"}, /* two, seven together: neither can be computed */
        {2, 2, 0, "---"},   {2, 2, 30, "--+"}, /* four together are few: what D1 submitted goes with them, and is not told anyway */
        {3, 20, 10, "-++"}, /* the smallest told is D1's own */
        {3, 10, 20, "--+"}, {3, 0, 20, "-0+"},  {3, 0, 0, "-0-"},
        {10, 0, 0, "+0+"},  {20, 30, 3, "-++"}, /* D1's own is small: the smallest child protects it */
        {30, 20, 3, "+-+"}, {20, 20, 3, "-++"}, {0, 0, 3, "00-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IndicatorBench b = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 2);
        indicator_put(&b, "T1", "b", rows[i].t1, 0, -1);
        indicator_put(&b, "T2", "b", rows[i].t2, 1, -1);
        indicator_put(&b, "D1", "b", rows[i].own, 1, -1);
        finish(&b);
        char told[4] = "";
        static const char *const centres[] = {"T1", "T2", "D1"};
        for (size_t k = 0; k < 3; k++) {
            FigureState s = figure(&b, centres[k]).state;
            told[k] = s == FIGURE_TOLD ? '+' : s == FIGURE_EMPTY ? '0' : '-';
        }
        cr_expect_str_eq(told, rows[i].told, "row %zu", i);
    }
}

/* A district that is hidden tells nothing to subtract from; the city's sum hides a second district for it. */
Test(indicator_rules, hidden_districts)
{
    IndicatorBench b = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 1);
    indicator_put(&b, "D1", "b", 3, 0, -1);
    indicator_put(&b, "T3", "b", 40, 0, -1);
    indicator_put(&b, "D2", "b", 60, 0, -1);
    finish(&b);
    cr_expect_eq(figure(&b, "CITY").denominator, 103);
    cr_expect_eq(figure(&b, "D1").state, FIGURE_SUPPRESSED);
    cr_expect_eq(figure(&b, "D2").state, FIGURE_SUPPRESSED, "103 - 100 = 3");
    cr_expect_eq(figure(&b, "T3").state, FIGURE_TOLD);
    IndicatorBench c = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 1);
    indicator_put(&c, "D1", "b", 3, 0, -1);
    indicator_put(&c, "D2", "b", 100, 0, -1);
    indicator_put(&c, "CITY", "b", 50, 0, -1);
    finish(&c);
    cr_expect_eq(figure(&c, "D2").state, FIGURE_TOLD, "the city's own, not told, is the smaller");
}

/* Numerators count like denominators: 2 of 50 and 2 of 60 hidden leave a numerator of 4. */
Test(indicator_rules, few_together)
{
    IndicatorBench b = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 1);
    indicator_put(&b, "T1", "ab", 2, 0, -1);
    indicator_put(&b, "T1", "b", 48, 0, -1);
    indicator_put(&b, "T2", "ab", 2, 0, -1);
    indicator_put(&b, "T2", "b", 58, 0, -1);
    indicator_put(&b, "D1", "ab", 10, 0, -1);
    indicator_put(&b, "D1", "b", 90, 0, -1);
    indicator_put(&b, "T3", "ab", 10, 0, -1);
    indicator_put(&b, "T3", "b", 10, 0, -1);
    finish(&b);
    cr_expect_eq(figure(&b, "D1").numerator, 14);
    indicators_months(b.counts, indicator_centre(&b, "D1"));
    cr_expect_eq(indicators_figure(b.counts, 0, indicator_centre(&b, "D1"), 0).numerator, 14);
    IndicatorBench three = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 3);
    static const size_t with[] = {2, 2, 10}, without[] = {48, 58, 90};
    for (size_t m = 0; m < 3; m++) {
        indicator_put(&three, "T1", "ab", with[m], m, -1);
        indicator_put(&three, "T1", "b", without[m], m, -1);
        indicator_put(&three, "T3", "ab", 30, m, -1);
        indicator_put(&three, "T3", "b", 30, m, -1);
    }
    finish(&three);
    indicators_months(three.counts, indicator_centre(&three, "D1"));
    for (int m = 0; m < 3; m++)
        cr_expect_eq(indicators_figure(three.counts, 0, indicator_centre(&three, "D1"), m).state,
                     FIGURE_SUPPRESSED, "month %d: all three, or the first two tell of four", m);
    cr_expect_eq(figure(&three, "D1").numerator, 14);
}

/* Months are those of the centre and what lies below it, and of nobody else; a hidden sum protects them. */
Test(indicator_rules, months)
{
    IndicatorBench b = bench("X\tg\tshare\tc\tc\t\t\t\t\t\nI\tg\tshare\ta\tb\t\t\t\t\t\n", 4);
    static const size_t women[] = {10, 3, 20, 0};
    for (size_t m = 0; m < 4; m++) {
        indicator_put(&b, "T1", "b", women[m], m, -1);
        indicator_put(&b, "T3", "b", 100, m, -1);
    }
    indicator_put(&b, "D1", "b", 7, 2, -1);
    finish(&b);
    const struct {
        const char *centre;
        FigureState states[4];
        int64_t third;
    } rows[] = {
        {"D1", {FIGURE_SUPPRESSED, FIGURE_SUPPRESSED, FIGURE_TOLD, FIGURE_EMPTY}, 27},
        {"T1", {FIGURE_SUPPRESSED, FIGURE_SUPPRESSED, FIGURE_TOLD, FIGURE_EMPTY}, 20},
        {"T2", {FIGURE_EMPTY, FIGURE_EMPTY, FIGURE_EMPTY, FIGURE_EMPTY}, 0},
        {"CITY", {FIGURE_TOLD, FIGURE_TOLD, FIGURE_TOLD, FIGURE_TOLD}, 127},
        {"T3", {FIGURE_TOLD, FIGURE_TOLD, FIGURE_TOLD, FIGURE_TOLD}, 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        indicators_months(b.counts, indicator_centre(&b, rows[i].centre));
        for (int m = 0; m < 4; m++)
            cr_expect_eq(
                indicators_figure(b.counts, 1, indicator_centre(&b, rows[i].centre), m).state,
                rows[i].states[m], "%s, month %d", rows[i].centre, m);
        cr_expect_eq(
            indicators_figure(b.counts, 1, indicator_centre(&b, rows[i].centre), 2).denominator,
            rows[i].third, "%s", rows[i].centre);
    }
    IndicatorBench few = bench("I\tg\tshare\ta\tb\t\t\t\t\t\n", 2);
    indicator_put(&few, "T1", "b", 4, 0, -1);
    finish(&few);
    indicators_months(few.counts, indicator_centre(&few, "T1"));
    cr_expect_eq(indicators_figure(few.counts, 0, indicator_centre(&few, "T1"), 0).state,
                 FIGURE_SUPPRESSED);
    cr_expect_eq(indicators_figure(few.counts, 0, indicator_centre(&few, "T1"), 1).state,
                 FIGURE_EMPTY);
}

/* A denominator from a table: the row of this centre and group whose days hold the whole period, or none. */
Test(indicator_rules, population)
{
    IndicatorBench b = bench(
        "I\tg\tshare\ta\t\tpeople\t1.5\t\twomen\t\nE\tg\tshare\t\t\tpeople\t\t2.5\twomen\t\n", 1);
    indicator_put(&b, "T1", "a", 20, 0, -1);
    indicator_put(&b, "T3", "a", 20, 0, -1);
    indicator_put(&b, "T2", "a", 80, 0, -1);
    finish(&b);
    static const struct {
        const char *centre;
        FigureState state;
        int64_t numerator, denominator;
    } rows[] = {
        {"D1", FIGURE_TOLD, 100, 400}, {"CITY", FIGURE_TOLD, 120, 900},
        {"D2", FIGURE_NEEDS, 0, 0}, /* the row is of another group */
        {"T1", FIGURE_NEEDS, 0, 0}, /* what stands there is no number */
        {"T2", FIGURE_NEEDS, 0, 0},    {"T3", FIGURE_EMPTY, 20, 0},
    };
    indicators_months(b.counts, indicator_centre(&b, "D1"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IndicatorFigure f = figure(&b, rows[i].centre);
        cr_expect(f.state == rows[i].state && f.numerator == rows[i].numerator &&
                      f.denominator == rows[i].denominator,
                  "%s: %d %d of %d", rows[i].centre, (int)f.state, (int)f.numerator,
                  (int)f.denominator);
        cr_expect_eq(
            indicators_figure(b.counts, 1, indicator_centre(&b, rows[i].centre), INDICATOR_WHOLE)
                .state,
            FIGURE_NEEDS, "nobody is counted");
    }
    cr_expect_eq(indicators_figure(b.counts, 0, indicator_centre(&b, "D1"), 0).state, FIGURE_NEEDS);
    cr_expect(indicators_at(b.book, 0)->low == 1.5 && isnan(indicators_at(b.book, 0)->high));
    cr_expect(indicators_at(b.book, 1)->high == 2.5 && isnan(indicators_at(b.book, 1)->low));
    cr_expect_eq(indicators_size(b.book), 2U);
    IndicatorBench few = bench("I\tg\tshare\ta\t\tpeople\t\t\twomen\t\n", 1);
    indicator_put(&few, "D1", "a", 4, 0, -1);
    finish(&few);
    cr_expect_eq(figure(&few, "D1").state, FIGURE_SUPPRESSED, "4 of 400");
    IndicatorBench five = bench("I\tg\tshare\ta\t\tpeople\t\t\twomen\t\n", 1);
    indicator_put(&five, "D1", "a", 5, 0, -1);
    finish(&five);
    cr_expect_eq(figure(&five, "D1").value, 5.0 / 400);
    IndicatorBench none = bench("I\tg\tshare\ta\t\tpeople\t\t\twomen\t\n", 1);
    finish(&none);
    cr_expect_eq(figure(&none, "D1").state, FIGURE_TOLD, "nobody of 400 is an answer");
}
