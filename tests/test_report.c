#include "../lab/sex.h"
#include "../pipeline/xml.h"
#include "../reports/markup.h"
#include "../reports/qc.h"
#include "paper_fixture.h"

#include <criterion/criterion.h>
#include <math.h>

typedef struct Both {
    Document xml, html;
    Note why;
    Status status;
} Both;

static void (*const fills[])(Fixture *) = {fixture_couple, fixture_woman, fixture_twins};
enum { FILLS = sizeof fills / sizeof fills[0] };

static Both print(Fixture *x)
{
    Both b = {0};
    b.status = report_paper(&b.xml, &b.html, &x->input, x->arena, &b.why);
    return b;
}

static Both paper_of(Fixture *x, void (*fill)(Fixture *), bool demo, PaperKind kind)
{
    fixture_open(x, "reference", demo, fill);
    x->paper.kind = kind;
    return print(x);
}

static size_t times(const Document *d, const char *word)
{
    size_t n = 0;
    for (const char *at = d->bytes; (at = strstr(at, word)) != NULL; at += strlen(word))
        n++;
    return n;
}

Test(report, every_paper_passes_our_own_rules)
{
    for (size_t f = 0; f < FILLS; f++)
        for (int kind = PAPER_REFERRAL; kind <= PAPER_WITHDRAWAL; kind++) {
            Fixture x;
            Both b = paper_of(&x, fills[f], true, (PaperKind)kind);
            Note why = {0};
            cr_assert_eq(b.status, OK, "fill %zu kind %d: %s", f, kind, b.why.code);
            Status s = xml_check_document(b.xml.bytes, b.xml.size, b.xml.kind, (Place){0}, &why);
            cr_expect_eq(s, OK, "fill %zu kind %d: %s %s", f, kind, why.code, why.detail);
            arena_free(x.arena);
        }
}

Test(report, same_content_same_bytes)
{
    for (size_t f = 0; f < FILLS; f++) {
        Fixture x, y;
        Both a = paper_of(&x, fills[f], true, PAPER_REFERRAL),
             b = paper_of(&y, fills[f], true, PAPER_REFERRAL);
        cr_assert_eq(a.xml.size, b.xml.size, "fill %zu", f);
        cr_expect_arr_eq(a.xml.bytes, b.xml.bytes, a.xml.size, "fill %zu", f);
        cr_assert_eq(a.html.size, b.html.size, "fill %zu", f);
        cr_expect_arr_eq(a.html.bytes, b.html.bytes, a.html.size, "fill %zu", f);
        arena_free(x.arena);
        arena_free(y.arena);
    }
}

Test(report, no_word_is_left_with_a_hole)
{
    for (size_t f = 0; f < FILLS; f++) {
        Fixture x;
        Both b = paper_of(&x, fills[f], false, PAPER_RESULT);
        cr_expect_eq(times(&b.xml, "{"), 0, "fill %zu: {item} was not filled in", f);
        arena_free(x.arena);
    }
}

Test(report, every_fetus_stands_behind_the_same_mask)
{
    Fixture x;
    Both b = paper_of(&x, fixture_twins, true, PAPER_RESULT);
    cr_expect_eq(times(&b.xml, "11951-1"), 2);
    cr_expect_eq(times(&b.xml, "<administrativeGenderCode nullFlavor=\"MSK\"/>"), 2);
    cr_expect_eq(times(&b.xml, "administrativeGenderCode"), 2);
    cr_expect_eq(times(&b.xml, "originalText"), 0);
    arena_free(x.arena);
}

Test(report, the_sentence_on_fetal_sex_is_on_every_paper)
{
    for (size_t f = 0; f < FILLS; f++)
        for (int kind = PAPER_REFERRAL; kind <= PAPER_WITHDRAWAL; kind++) {
            Fixture x;
            Both b = paper_of(&x, fills[f], true, (PaperKind)kind);
            const char *sentence = reference_word(x.reference, LANG_ZH, "label.fetal_sex");
            cr_expect_eq(times(&b.xml, sentence), 1, "fill %zu kind %d", f, kind);
            cr_expect_eq(times(&b.html, sentence), 1, "fill %zu kind %d", f, kind);
            arena_free(x.arena);
        }
}

Test(report, a_denied_word_about_a_fetus_stops_the_paper)
{
    static const char *const words[] = {"男", "XY", "SRY", "female"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        Fixture x;
        fixture_open(&x, "reference", true, fixture_twins);
        x.findings.items[1].item = words[i];
        Both b = print(&x);
        cr_expect_eq(b.status, REFUSED, "row %zu", i);
        cr_expect_str_eq(b.why.code, "gate.denied", "row %zu", i);
        cr_expect_null(b.xml.bytes, "row %zu", i);
        arena_free(x.arena);
    }
}

Test(report, the_same_word_about_a_woman_does_not)
{
    Fixture x;
    fixture_open(&x, "reference", true, fixture_twins);
    x.findings.items[0].item = "XY";
    cr_expect_eq(print(&x).status, OK);
    arena_free(x.arena);
}

Test(report, example_is_stamped_under_demo_and_nowhere_else)
{
    Fixture x, y;
    Both demo = paper_of(&x, fixture_woman, true, PAPER_RESULT);
    Both real = paper_of(&y, fixture_woman, false, PAPER_RESULT);
    cr_expect_gt(times(&demo.html, "class=\"watermark\""), 0);
    cr_expect_gt(times(&demo.html, "class=\"stamp\""), 0);
    cr_expect_gt(times(&demo.xml, "EXAMPLE 示例"), 0);
    cr_expect_eq(times(&real.html, "EXAMPLE"), 0);
    cr_expect_eq(times(&real.xml, "EXAMPLE"), 0);
    arena_free(x.arena);
    arena_free(y.arena);
}

Test(report, draft_is_on_every_paper_and_nobody_signs)
{
    Fixture x;
    Both b = paper_of(&x, fixture_woman, false, PAPER_REFERRAL);
    cr_expect_gt(times(&b.xml, "草稿"), 0);
    cr_expect_gt(times(&b.html, "草稿"), 0);
    cr_expect_eq(times(&b.xml, "legalAuthenticator"), 0);
    cr_expect_eq(times(&b.html, "<script"), 0);
    arena_free(x.arena);
}

Test(report, counts_of_what_was_read_add_up)
{
    Fixture x;
    Both b = paper_of(&x, fixture_couple, true, PAPER_RESULT);
    const char *line = strstr(b.html.bytes, ": 130 =");
    cr_assert_not_null(line);
    unsigned long sum = 0;
    const char *end = strchr(line, '<');
    for (const char *c = line + strlen(": 130 ="); c < end; c++)
        if (*c >= '0' && *c <= '9' && c[-1] == ' ') sum += strtoul(c, NULL, 10);
    cr_expect_eq(sum, 130ul);
    arena_free(x.arena);
}

/* Only a proven negative is ever coded N or printed with the tone of a good result. */
Test(report, nothing_but_negative_reads_as_normal)
{
    for (int answer = 0; answer < ANSWERS; answer++) {
        Fixture x;
        fixture_open(&x, "reference", true, fixture_woman);
        for (size_t i = 0; i < x.findings.n; i++)
            x.findings.items[i].answer = (Answer)answer;
        Both b = print(&x);
        bool negative = answer == ANSWER_NEGATIVE;
        cr_expect_eq(times(&b.xml, "interpretationCode code=\"N\"") > 0, negative, "answer %d",
                     answer);
        cr_expect_eq(times(&b.html, "class=\"good\"") > 0, negative, "answer %d", answer);
        cr_expect_eq(times(&b.xml, "<interpretationCode"), x.findings.n, "answer %d", answer);
        arena_free(x.arena);
    }
}

Test(report, a_referral_tells_only_what_its_task_needs)
{
    Fixture x;
    fixture_open(&x, "reference", true, fixture_woman);
    finding_add(&x.findings, (Finding){.sample = "S2026000011",
                                       .assay = "carrier",
                                       .subject = SUBJECT_WOMAN,
                                       .code = "carrier.gene",
                                       .item = "GAA",
                                       .answer = ANSWER_POSITIVE});
    Both referral = print(&x);
    cr_expect_eq(times(&referral.html, "GAA"), 0);
    x.paper.kind = PAPER_RESULT;
    Both result = print(&x);
    cr_expect_gt(times(&result.html, "GAA"), 0);
    arena_free(x.arena);
}

Test(report, a_referral_leaves_single_negative_sites_to_the_result_report)
{
    Fixture x;
    Both referral = paper_of(&x, fixture_couple, true, PAPER_REFERRAL);
    cr_expect_eq(times(&referral.xml, "\"finding.carrier.site\""), 2);
    x.paper.kind = PAPER_RESULT;
    Both result = print(&x);
    cr_expect_eq(times(&result.xml, "\"finding.carrier.site\""), 260);
    arena_free(x.arena);
}

Test(report, a_normal_result_says_when_to_come_again)
{
    Fixture x;
    fixture_open(&x, "reference", true, fixture_woman);
    x.paper.kind = PAPER_RESULT;
    x.paper.n_actions = 0;
    fixture_find(&x, 0, "cervical.recommendation", "", ANSWER_NEGATIVE, "routine_60mo");
    Both b = print(&x);
    const char *words = reference_word(x.reference, LANG_ZH, "action.routine_60mo");
    cr_expect_eq(times(&b.html, words), 1);
    cr_expect_eq(times(&b.xml, words), 1);
    arena_free(x.arena);
}

Test(report, a_replacement_names_what_it_replaces)
{
    static const Withdrawn withdrawn[] = {{.code = "carrier.gene", .item = "PCCB"}};
    Fixture x;
    fixture_open(&x, "reference", false, fixture_couple);
    x.paper.version = 3;
    x.paper.replaces = 2;
    x.input.withdrawn = withdrawn;
    x.input.n_withdrawn = 1;
    Both b = print(&x);
    cr_expect_eq(times(&b.xml, "typeCode=\"RPLC\""), 1);
    cr_expect_eq(times(&b.xml, "extension=\"RN0000000001-v2\""), 1);
    cr_expect_gt(times(&b.html, "PCCB"), 0);
    cr_expect_str_eq(b.xml.name, "RN0000000001-C2026000001-230100-v3.xml");
    arena_free(x.arena);
}

Test(report, special_characters_and_control_characters_are_escaped)
{
    static const struct {
        const char *text, *clean;
    } rows[] = {{"a&b<c>\"'", "a&b<c>\"'"},
                {"a\001b", "a\xEF\xBF\xBD"
                           "b"},
                {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
                {"\xEF\xBF\xBF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
                {"中\xE4\xB8", "中\xEF\xBF\xBD\xEF\xBF\xBD"},
                {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
                {"", ""}};
    Fixture x;
    fixture_open(&x, "reference", false, fixture_couple);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_str_eq(markup_clean(x.arena, rows[i].text), rows[i].clean, "row %zu", i);
    x.findings.items[1].item = "<b>&\"\001\xFF";
    Both b = print(&x);
    Note why = {0};
    cr_expect_eq(xml_check_document(b.xml.bytes, b.xml.size, "referral", (Place){0}, &why), OK,
                 "%s %s", why.code, why.detail);
    cr_expect_eq(times(&b.html, "<b>"), 0);
    cr_expect_gt(times(&b.html, "&lt;b&gt;&amp;"), 0);
    arena_free(x.arena);
}

Test(report, very_many_and_very_long_findings)
{
    Fixture x;
    fixture_open(&x, "reference", true, fixture_couple);
    char *item = arena_alloc(x.arena, 100001);
    memset(item, 'A', 100000);
    fixture_find(&x, 0, "carrier.gene", item, ANSWER_POSITIVE, "het");
    for (size_t i = 0; i < 1500; i++)
        fixture_find(&x, 0, "carrier.site", "HBB c.52A>T", (Answer)(i % ANSWERS),
                     i % 2 ? "absent" : "");
    x.paper.kind = PAPER_RESULT;
    Both b = print(&x);
    Note why = {0};
    cr_assert_eq(b.status, OK);
    cr_expect_eq(xml_check_document(b.xml.bytes, b.xml.size, "referral", (Place){0}, &why), OK,
                 "%s %s", why.code, why.detail);
    cr_expect_eq(times(&b.xml, "<observation "), x.findings.n);
    arena_free(x.arena);
}

Test(report, a_note_names_its_place_once)
{
    Fixture x;
    fixture_open(&x, "reference", false, fixture_woman);
    Note note;
    (void)note_fail(&note, BAD_INPUT, "xml.malformed", (Place){"a.xml", 7, "code"}, "%s", "why");
    const char *text = report_note(&note, x.reference, LANG_EN, x.arena);
    cr_expect_eq(strncmp(text, "a.xml row 7 field code: ", 24), 0, "%s", text);
    cr_expect_not_null(strstr(text, "(why)"), "%s", text);
    arena_free(x.arena);
}

Test(report, a_note_does_not_carry_a_denied_word)
{
    static const struct {
        const char *field, *detail, *absent;
    } rows[] = {{"sex", "male", "male"}, {"x", "男", "男"}, {"女", "", "女"}, {"x", "46,XY", "XY"}};
    Fixture x;
    fixture_open(&x, "reference", false, fixture_woman);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Note note;
        (void)note_fail(&note, BAD_INPUT, "xml.malformed", (Place){"a.xml", 7, rows[i].field}, "%s",
                        rows[i].detail);
        const char *text = report_note(&note, x.reference, LANG_EN, x.arena);
        cr_expect_null(strstr(text, rows[i].absent), "row %zu: %s", i, text);
    }
    arena_free(x.arena);
}

static size_t count_in(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    const char *cell = at ? strstr(at, "<td>") : NULL;
    return cell ? strtoul(cell + 4, NULL, 10) : 99999;
}

Test(report, receipts_account_for_every_row)
{
    static const struct {
        const char *centre;
        size_t accepted, rejected;
    } rows[] = {{"230103", 9, 2}, {"230102", 3, 1}, {"230100", 0, 2}, {"230104", 0, 0}};
    Fixture x;
    BatchFixture b;
    size_t accepted = 0, rejected = 0;
    fixture_open(&x, "reference", true, fixture_couple);
    fixture_batch(&b, &x);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const Centre *centre = centre_find(reference_centres(x.reference), rows[i].centre);
        Document xml, html;
        Note why = {0};
        cr_assert_eq(report_receipt(&xml, &html, &b.view, centre, x.arena, &why), OK, "row %zu", i);
        cr_expect_eq(times(&xml, "<sample "), rows[i].accepted, "row %zu", i);
        cr_expect_eq(times(&xml, "<row "), rows[i].rejected, "row %zu", i);
        cr_expect_eq(xml_check_document(xml.bytes, xml.size, "receipt", (Place){0}, &why), OK,
                     "row %zu", i);
        const char *total = reference_word(x.reference, LANG_ZH, "label.accepted_total");
        cr_expect_eq(count_in(html.bytes, total), rows[i].accepted, "row %zu", i);
        const char *sentence = reference_word(x.reference, LANG_ZH, "label.receipt_fetal_sex");
        cr_expect_eq(times(&xml, sentence), 1, "row %zu", i);
        accepted += times(&xml, "<sample ");
        rejected += times(&xml, "<row ");
    }
    cr_expect_eq(accepted, b.view.n_cases);
    cr_expect_eq(rejected, b.view.n_rejected);
    arena_free(x.arena);
}

Test(report, the_summary_shows_every_state_and_every_trouble)
{
    static const char *const keys[] = {"label.attention",         "label.awaiting",
                                       "label.unmatched",         "state.awaiting",
                                       "state.not_interpretable", "note.xml.malformed"};
    Fixture x;
    BatchFixture b;
    Document html;
    Note why;
    fixture_open(&x, "reference", true, fixture_couple);
    fixture_batch(&b, &x);
    b.rejected[0].note.code = "xml.malformed";
    cr_assert_eq(report_summary(&html, &b.view, x.arena, &why), OK);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        cr_expect_gt(times(&html, reference_word(x.reference, LANG_ZH, keys[i])), 0, "row %zu", i);
    for (size_t i = 0; i < b.view.n_cases; i++)
        cr_expect_gt(times(&html, b.cases[i].case_id), 0, "case %zu", i);
    cr_expect_eq(times(&html, "<script"), 0);
    cr_expect_gt(times(&html, "<svg "), 0);
    arena_free(x.arena);
}

Test(report, findings_tsv_has_one_line_a_finding)
{
    Fixture x;
    BatchFixture b;
    Document tsv;
    Note why;
    fixture_open(&x, "reference", true, fixture_couple);
    x.findings.items[1].item = "a\tb\nc\\d";
    fixture_batch(&b, &x);
    cr_assert_eq(report_findings(&tsv, &b.view, x.arena, &why), OK);
    size_t lines = 0, tabs = 0;
    for (size_t i = 0; i < tsv.size; i++) {
        tabs += tsv.bytes[i] == '\t' ? 1 : 0;
        if (tsv.bytes[i] != '\n') continue;
        cr_expect_eq(tabs, 16, "line %zu", lines + 1);
        tabs = 0;
        lines++;
    }
    cr_expect_eq(lines, x.findings.n + 1);
    cr_expect_not_null(strstr(arena_copy_n(x.arena, tsv.bytes, tsv.size), "a\\tb\\nc\\\\d"));
    arena_free(x.arena);
}

/* A figure outside its limits must not be rounded onto them. */
Test(report, the_page_of_quality_control_shows_on_which_side_of_its_limits_a_figure_lies)
{
    static const struct {
        double value;
        const char *shown;
    } rows[] = {{0.9498, "<td>0.9498</td>"},   {0.94996, "<td>0.94996</td>"},
                {0.95, "<td>0.950</td>"},      {0.9502, "<td>0.950</td>"},
                {1.0502, "<td>1.0502</td>"},   {1.05, "<td>1.050</td>"},
                {0.9, "<td>0.900</td>"},       {0.949999999, "<td>0.950000</td>"},
                {1.2345678, "<td>1.235</td>"}, {NAN, "<td>\xE2\x80\x93</td>"}};
    Fixture x;
    fixture_open(&x, "reference", true, fixture_woman);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const DriftFigure figure = {.code = "serum.marker",
                                    .item = "uE3",
                                    .group = "2026-11",
                                    .kind = FIGURE_MEDIAN,
                                    .by.kind = BY_MONTH,
                                    .n = 100,
                                    .value = rows[i].value,
                                    .low = 0.95,
                                    .high = 1.05,
                                    .expected = 1,
                                    .state = DRIFT_WARNING};
        const QcView view = {.reference = x.reference,
                             .stamp = &x.stamp,
                             .book = qc_book(x.reference, NULL, 0, x.arena),
                             .figures = &figure,
                             .n_figures = 1};
        Document html, tsv;
        Note why;
        cr_assert_eq(report_qc(&html, &tsv, &view, x.arena, &why), OK, "%s", why.code);
        cr_expect_eq(times(&html, rows[i].shown), 1, "row %zu: %s", i, rows[i].shown);
    }
    arena_free(x.arena);
}
