/* What is told of a named variant in Sanger reads, compared whole: the answer, then each read that covers the place with its ratio. */
#include "findings_text.h"
#include "sanger_simulation.h"
#include "watched.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const char KEY[] = "HBB:c.52A>T";

static Arena *arena;
static const Reference *reference;
static const SangerVariant *asked;

static void set_up(void)
{
    arena = arena_new(NULL);
    reference = demo_release(arena);
    asked = sanger_variant(reference_model(reference, "sanger"), KEY);
    cr_assert(asked != NULL && asked->slice != NULL);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(sanger_assay, .init = set_up, .fini = tear_down);

static Findings interpret(const char *const *orders, size_t n_orders, Trace *traces,
                          size_t n_traces)
{
    Result *results = arena_alloc(arena, (n_orders + 1) * sizeof *results);
    Findings out = {.arena = arena};
    Note why = {.code = ""};
    for (size_t i = 0; i < n_orders; i++)
        results[i] = (Result){.specimen = "",
                              .code = i == 3 ? "sanger.other" : "sanger.variant",
                              .value = orders[i],
                              .unit = "",
                              .run = "",
                              .well = ""};
    const Sample s[] = {
        {.id = "S0", .assay = "mlpa"},
        {.id = "S1",
         .assay = "sanger",
         .subject = SUBJECT_WOMAN,
         .evidence = {
             .results = results, .n_results = n_orders, .traces = traces, .n_traces = n_traces}}};
    const Case c = {.id = "C1", .samples = samples_of(s, 2, arena), .n_samples = 2};
    cr_assert_eq(assay_find("sanger")->interpret(&out, &c, reference, arena, &why), OK);
    return out;
}

/* Two chromosomes at `share` of each other: second over first peak, above a background of 0.04. */
static double ratio_of(double share)
{
    return (share / (1 + share) + 0.04) / (1 / (1 + share) + 0.04);
}

Test(sanger_assay, all_findings_of_an_order)
{
    static const struct {
        const char *first, *second;
        double share;
        int quality;
        const char *answer, *read; /* read "" = none is told; "x" = told without a ratio */
        double ratio;
    } rows[] = {
        {"A", "T", 0.5, 40, "positive|sanger_both", "sanger_both", 0.5},
        {"T", "A", 0.6, 40, "positive|sanger_both", "sanger_both", 0.6},
        {"T", "T", 1, 40, "negative|sanger_refuted", "sanger_reference", 0},
        {"A", "A", 1, 40, "positive|sanger_every_copy", "sanger_every_copy", 0},
        {"T", "A", 0.2, 40, "possible|sanger_unclear", "sanger_unclear", 0.2},
        {"T", "T", 1, 10, "invalid|sanger_low_quality", "sanger_low_quality", -1},
        {"T", "C", 1, 40, "possible|sanger_discordant", "sanger_other", 1},
    };
    static const char *const orders[] = {KEY};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Trace traces[4];
        for (size_t k = 0; k < 2; k++)
            traces[k + 1] = read_like(asked, rows[i].first, rows[i].second, k == 1, rows[i].share,
                                      rows[i].quality, arena);
        traces[0] = traces[1]; /* no read of the sample, and a file without bases */
        traces[0].role = TRACE_CONTROL;
        traces[3] = traces[2];
        traces[3].n_bases = 0;
        const Findings f = interpret(orders, 1, traces, 4);
        const char *text =
            arena_print(arena, "S1|sanger.variant|HBB c.52A>T|%s||sanger/slices:%s!\n",
                        rows[i].answer, asked->slice);
        for (size_t k = 0; k < 2; k++) {
            const double ratio = rows[i].ratio > 0 ? ratio_of(rows[i].ratio) : 0.04 / 1.04;
            text = arena_print(
                arena,
                "%sS1|sanger.read|HBB c.52A>T (%c)|measured|%s|%s|sanger/limits:two_bases!\n", text,
                k ? '-' : '+', rows[i].read,
                rows[i].ratio < 0 ? "" : arena_print(arena, "%.6g 1", round(ratio * 100) / 100));
        }
        text = arena_print(arena, "%sS1|sanger.scope||not_assessed|sanger_scope||\n", text);
        cr_expect_str_eq(findings_text(&f, arena), text, "row %zu\n%s\nnot\n%s", i,
                         findings_text(&f, arena), text);
    }
}

/* Each variant once, in the order of the orders; other codes and orders without a value ask nothing. */
Test(sanger_assay, orders_in_their_order)
{
    static const char *const orders[] = {"nobody:knows", KEY, "nobody:knows", "HBB:c.20A>T",
                                         NULL,           KEY, "PAH:c.1222C>T"};
    Trace both[] = {read_of(asked, "A", "T", false, arena), read_of(asked, "A", "T", true, arena)};
    const Findings f = interpret(orders, COUNT(orders), both, 2);
    static const char *const due[] = {
        "S1|sanger.variant||refused|sanger_unknown_variant||sanger/slices!\n",
        "S1|sanger.variant|HBB c.52A>T|positive|sanger_both||sanger/slices:",
        "S1|sanger.read|HBB c.52A>T (+)|",
        "S1|sanger.read|HBB c.52A>T (-)|",
        "S1|sanger.variant|PAH c.1222C>T|not_assessed|sanger_no_slice||sanger/slices!\n",
        "S1|sanger.scope||not_assessed|sanger_scope||\n"};
    cr_assert_eq(f.n, COUNT(due), "%s", findings_text(&f, arena));
    for (size_t i = 0; i < COUNT(due); i++)
        cr_expect_eq(strncmp(finding_text(&f.items[i], arena), due[i], strlen(due[i])), 0,
                     "%zu: %s", i, finding_text(&f.items[i], arena));
    const Findings none = interpret(NULL, 0, both, 2);
    cr_expect_str_eq(findings_text(&none, arena),
                     "S1|sanger.variant||missing|sanger_no_order||sanger/slices!\n"
                     "S1|sanger.scope||not_assessed|sanger_scope||\n");
}

/* Of reads that all fail the one that came nearest says why. */
Test(sanger_assay, the_reason_of_the_best_read)
{
    static const struct {
        const char *reads; /* l = low quality, u = unclear, e = the read ends before the place */
        const char *told;
        size_t lines; /* of reads: those that reach the place */
    } rows[] = {
        {"l", "invalid|sanger_low_quality", 1},  {"lu", "possible|sanger_unclear", 2},
        {"ul", "possible|sanger_unclear", 2},    {"el", "invalid|sanger_low_quality", 1},
        {"le", "invalid|sanger_low_quality", 1}, {"ee", "not_assessed|sanger_not_covered", 0},
        {"ue", "possible|sanger_unclear", 1},    {"eu", "possible|sanger_unclear", 1}};
    static const char *const orders[] = {KEY};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Trace traces[2];
        const size_t n = strlen(rows[i].reads);
        for (size_t k = 0; k < n; k++) {
            const char r = rows[i].reads[k];
            traces[k] = r == 'u' ? read_like(asked, "T", "A", k == 1, 0.2, 40, arena)
                                 : read_like(asked, "T", "T", false, 1, r == 'l' ? 10 : 40, arena);
            if (r == 'e') traces[k].n_bases = 80;
        }
        const Findings f = interpret(orders, 1, traces, n);
        const char *line = findings_with(&f, "sanger.variant", arena);
        cr_expect_not_null(strstr(line, rows[i].told), "%s: %s", rows[i].reads, line);
        cr_expect_eq(f.n, rows[i].lines + 2, "%s", rows[i].reads);
    }
}
