#include "lab/bins.h"
#include "lab/evidence.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static Call calls[] = {
    {.site = 0,
     .kind = CALL_ALLELE,
     .ploidy = 2,
     .copies = 1,
     .first = -1,
     .phase_set = -1,
     .depth = 31,
     .quality = 99,
     .start = 5226762,
     .end = 5226762},
    {.site = 4294967295u,
     .kind = CALL_REF_MISMATCH,
     .block = true,
     .filtered = true,
     .phased = true,
     .ploidy = 1,
     .missing = 1,
     .deleted = 1,
     .first = 1,
     .phase_set = 12,
     .depth = -1,
     .quality = -1,
     .start = 1,
     .end = 248956422},
};
static int8_t identity[] = {0, 1, 2, -1};
static CallSet call_set = {BUILD_GRCH38, calls, 2, identity, 4, 77};
static CallSet one_identity = {BUILD_GRCH37, calls, 1, identity, 1, 3};
static CallSet empty_set = {.build = BUILD_GRCH37};
static Result results[] = {
    {"", "hpv.16", "positive", 0, "", INSTANT_NONE, "", "", RESULT_FINAL, 0},
    {"a\tb\\\n\r", "cytology", "NILM", 0, "", 1795392000, "R1", "A01", RESULT_CORRECTED, 0},
    {"", "afp", NULL, 0.1, "[IU]/mL", -1, "", "", RESULT_CORRECTED, 0},
    {"", "afp", NULL, -1e-300, "", 0, "", "", RESULT_FINAL, 0},
    {"", "hpv.16", "taken_back", 0, "", INSTANT_NONE, "", "", RESULT_WITHDRAWN, 0},
    {"", "nbs.tsh", NULL, 0.5, "mU/L", INSTANT_NONE, "", "", RESULT_FINAL, '<'},
    {"", "nbs.tsh", NULL, 500, "mU/L", INSTANT_NONE, "", "", RESULT_CORRECTED, '>'},
};

static const Evidence cases[] = {
    {.status = OK},
    {.calls = &call_set},
    {.calls = &empty_set},
    {.results = results, .n_results = 7},
    {.calls = &call_set, .results = results, .n_results = 7},
    {.status = TOO_LARGE,
     .note = {.code = "file.too_large",
              .file = "results.csv",
              .row = 7,
              .field = "file",
              .detail = "a\tb"}},
    {.status = BAD_INPUT, .note = {.code = "x"}, .results = results, .n_results = 1},
    {.calls = &one_identity},
};
enum { CASES = sizeof cases / sizeof *cases };

Test(evidence, what_is_printed_is_read_back)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < CASES; i++) {
        const char *text = evidence_print(&cases[i], arena);
        Evidence e;
        cr_assert_eq(evidence_parse(&e, text, arena, NULL), OK, "row %zu", i);
        cr_expect_str_eq(evidence_print(&e, arena), text, "row %zu", i);
        cr_expect_eq(e.status, cases[i].status, "row %zu", i);
        cr_expect_eq(e.n_results, cases[i].n_results, "row %zu", i);
        cr_expect_eq(e.calls == NULL, cases[i].calls == NULL, "row %zu", i);
    }
    arena_free(arena);
}

Test(evidence, every_field_survives)
{
    Arena *arena = arena_new(NULL);
    Evidence e;
    cr_assert_eq(evidence_parse(&e, evidence_print(&cases[4], arena), arena, NULL), OK);
    const Call *c = &e.calls->calls[1];
    cr_expect(c->site == 4294967295u && c->kind == CALL_REF_MISMATCH && c->block && c->filtered);
    cr_expect(c->phased && c->ploidy == 1 && c->missing == 1 && c->deleted == 1 && c->first == 1);
    cr_expect(c->phase_set == 12 && c->depth == -1 && c->end == 248956422);
    cr_expect_eq(e.calls->identity[3], -1);
    cr_expect_str_eq(e.results[1].specimen, "a\tb\\\n\r");
    cr_expect_eq(e.results[0].time, INSTANT_NONE);
    cr_expect_null(e.results[2].value);
    cr_expect_eq(e.results[2].number, 0.1);
    arena_free(arena);
}

/* Each of the three flags by itself and with the others. */
Test(evidence, flags_of_a_call)
{
    Arena *arena = arena_new(NULL);
    for (int flags = 0; flags < 8; flags++) {
        Call call = calls[0];
        CallSet set = {BUILD_GRCH38, &call, 1, NULL, 0, 77};
        const Evidence with = {.calls = &set};
        Evidence e;
        call.block = flags & 1;
        call.filtered = flags & 2;
        call.phased = flags & 4;
        const char *text = evidence_print(&with, arena);
        cr_expect_not_null(
            strstr(text, arena_print(arena, "call\t0\t%d\t%d\t", CALL_ALLELE, flags)));
        cr_assert_eq(evidence_parse(&e, text, arena, NULL), OK);
        const Call *c = &e.calls->calls[0];
        cr_expect(c->block == call.block && c->filtered == call.filtered &&
                      c->phased == call.phased,
                  "%d", flags);
    }
    arena_free(arena);
}

/* Whole numbers on both sides of what a cell may hold. */
Test(evidence, cells_at_their_limits)
{
    static const struct {
        const char *line; /* with a %s */
        const char *below, *lowest, *highest, *above;
    } rows[] = {
        {"calls\t%s\t0\t0\t0", "-1", "0", "2", "3"},
        {"calls\t2\t0\t%s\t0", "-1", "0", NULL, "50000001"},
        {"calls\t2\t0\t0\t%s", "-1", "0", "9223372036854775807", "9223372036854775808"},
        {"calls\t2\t1\t0\t0\ncall\t%s\t1\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1", "-1", "0",
         "4294967295", "4294967296"},
        {"calls\t2\t1\t0\t0\ncall\t0\t1\t%s\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1", "-1", "0", "7",
         "8"},
        {"calls\t2\t1\t0\t0\ncall\t0\t1\t0\t%s\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1", "-129", "-128",
         "127", "128"},
        {"calls\t2\t1\t0\t0\ncall\t0\t1\t0\t2\t1\t0\t0\t-1\t%s\t-1\t-1\t1\t1", "-2147483649",
         "-2147483648", "2147483647", "2147483648"},
        {"failed\t%s\tx\t\t0\t\t", "0", "1", "5", "99"},
        {"failed\t1\tx\t\t%s\t\t", "-1", "0", "2147483647", "2147483648"},
        {"result\t\tafp\tnumber\t1\t\t%s\t\t", "-9223372036854775809", "-9223372036854775807",
         "9223372036854775807", "9223372036854775808"},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const cells[] = {rows[i].below, rows[i].above, rows[i].lowest, rows[i].highest};
        for (size_t k = 0; k < 4; k++) {
            if (cells[k] == NULL) continue;
            const char *at = strstr(rows[i].line, "%s");
            const char *text =
                arena_print(arena, "evidence\t1\n%.*s%s%s\n", (int)(at - rows[i].line),
                            rows[i].line, cells[k], at + 2);
            Evidence e;
            Note why = {0};
            cr_expect_eq(evidence_parse(&e, text, arena, &why), k < 2 ? BAD_INPUT : OK,
                         "row %zu: %s", i, cells[k]);
        }
    }
    arena_free(arena);
}

Test(evidence, sealed_is_never_printed)
{
    Arena *arena = arena_new(NULL);
    Evidence with = {.results = results, .n_results = 1, .sealed = (Sealed *)arena};
    Evidence without = {.results = results, .n_results = 1};
    cr_expect_str_eq(evidence_print(&with, arena), evidence_print(&without, arena));
    arena_free(arena);
}

Test(evidence, every_other_form_is_refused)
{
    static const char *const texts[] = {
        "",
        "evidence\t2\n",
        "evidence\t1",
        "evidence\t1\nresult\t\thpv.16\tcode\tpositive\t\t\t\t", /* no line end */
        "evidence\t1\nresult\t\thpv.16\tcode\tpositive\t\t\t\n", /* a cell short */
        "evidence\t1\nresult\t\thpv.16\tword\tpositive\t\t\t\t\n",
        "evidence\t1\nresult\t\tafp\tnumber\t1.50\t\t\t\t\n", /* not as printed */
        "evidence\t1\nresult\t\tafp\tnumber\t\t\t\t\t\n",
        "evidence\t1\nresult\t\tafp\tnumber\t1\t\t01\t\t\n",
        "evidence\t1\nresult\t\ta\\x\tcode\tp\t\t\t\t\n",
        "evidence\t1\nfailed\t0\tx\t\t0\t\t\n",
        "evidence\t1\nfailed\t99\tx\t\t0\t\t\n",
        "evidence\t1\ncalls\t3\t0\t0\t0\n",
        "evidence\t1\ncalls\t2\t1\t0\t0\n", /* a call is missing */
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\t0\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\n",
        "evidence\t1\ncall\t0\t0\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1\n",
        "evidence\t1\ncalls\t2\t1\t0\t0\ncall\t0\t9\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1\n",
        "evidence\t1\nsex\tX\n",
        "evidence\t1\ncalls\t2\t0\t0\n", /* a cell short, a cell more, once more */
        "evidence\t1\ncalls\t2\t0\t0\t0\t0\n",
        "evidence\t1\ncalls\t2\t0\t0\t0\ncalls\t2\t0\t0\t0\n",
        "evidence\t1\nfailed\t1\tx\t\t0\t\n",
        "evidence\t1\nfailed\t1\tx\t\t0\t\t\t\n",
        "evidence\t1\nfailed\t1\tx\t\t0\t\t\nfailed\t1\tx\t\t0\t\t\n",
        "evidence\t1\ncalls\t2\t1\t0\t0\ncall\t0\t0\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\n",
        "evidence\t1\ncalls\t2\t1\t0\t0\ncall\t0\t0\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1\t1\n",
        "evidence\t1\ncalls\t2\t0\t0\t0\ncall\t0\t0\t0\t2\t1\t0\t0\t-1\t-1\t-1\t-1\t1\t1\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\n",
        "evidence\t1\nresult\t\thpv.16\tcode\tpositive\t\t\t\t\tlater\n",
        "evidence\t1\nresult\t\thpv.16\tcode\tpositive\t\t\t\t\tcorrected\t\n",
        "evidence\t1\nresult\t\tafp\tnumber\t<\t\t\t\t\n",
        "evidence\t1\nresult\t\tafp\tnumber\t=1\t\t\t\t\n",
        "evidence\t1\nidentity\t01\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\t012\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\t01\t2\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\t01\nidentity\t01\n",
        "evidence\t1\ncalls\t2\t0\t2\t0\nidentity\t0x\n",
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Evidence e = {.n_results = 77};
        Note why;
        cr_expect_eq(evidence_parse(&e, texts[i], arena, &why), BAD_INPUT, "row %zu", i);
        cr_expect_eq(e.n_results, 77, "row %zu: untouched on failure", i);
        cr_expect_str_eq(why.code, "ledger.evidence", "row %zu", i);
    }
    arena_free(arena);
}

/* A line of bins as it was printed is read; with another build, a bin of no size, or a flag that is none it is not. */
Test(evidence, bins_of_no_genome_are_refused)
{
    static const struct {
        const char *head;
        bool good;
    } rows[] = {{"2\t5000000\t0", true},  {"2\t5000000\t1", true},   {"0\t5000000\t0", false},
                {"3\t5000000\t0", false}, {"2\t4999\t0", false},     {"2\t5000001\t0", false},
                {"2\t5000000\t2", false}, {"02\t5000000\t0", false}, {"\t5000000\t0", false},
                {"2\t5000000x\t0", false}};
    Arena *arena = arena_new(NULL);
    Bins *empty = bins_new(BUILD_UNKNOWN, 5000000, false, false, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        /* Without a build there are no bins, and a text of none fits them. */
        Bins *b = rows[i].head[0] == '0' && rows[i].head[1] == '\t'
                      ? empty
                      : bins_new(BUILD_GRCH38, 5000000, false, false, arena);
        const char *text = bins_print(b, arena), *rest = text;
        for (int tabs = 0; tabs < 4; rest++)
            tabs += *rest == '\t';
        Evidence e;
        Note why;
        const char *whole = arena_print(arena, "evidence\t1\nbins\t%s\t%s\n", rows[i].head, rest);
        cr_expect_eq(evidence_parse(&e, whole, arena, &why) == OK, rows[i].good, "%s",
                     rows[i].head);
    }
    arena_free(arena);
}
