/* The tables of the Sanger assay: what is refused and named, what is read back, and at which slice a variant is looked for. */
#include "arena_suite.h"
#include "lab/sanger_slices.h"
#include "trace_fixture.h"

ARENA_SUITE(sanger_tables);

#define SLICES "slice\tgene\tchromosome\tstart\tbases\tchecked\tsource\n"
#define LIMITS "key\tvalue\tunit\tsource\n"
#define PANEL  "row\tmechanism\tchrom38\tpos38\tref38\talt38\tverified\n"
static const char GOOD_SLICES[] = SLICES "s\tG\t5\t100\tCCCACCC\t\t\n";
static const char GOOD_LIMITS[] =
    LIMITS "one_base\t0.15\t\t\ntwo_bases\t0.3\t\t\nnoise\t0.25\t\t\nquality\t20\t\t\n"
           "wrong\t0.2\t\t\nbefore\t21\t\t\nafter\t22\t\t\n";
static const char GOOD_PANEL[] = PANEL "G:c.1A>T\tsmall\t5\t103\tA\tT\tyes\n";

static Status prepare(const SangerModel **model, const char *slices, const char *limits,
                      const char *panel, Note *why)
{
    Reference *r = reference_new(arena, "test", true);
    const void *out = r;
    *why = (Note){.code = ""};
    if (slices != NULL) add_table(r, "sanger/slices", "local", slices, arena);
    if (limits != NULL) add_table(r, "sanger/limits", "local", limits, arena);
    if (panel != NULL) add_table(r, "carrier/panel", "local", panel, arena);
    Status s = sanger_prepare(&out, r, arena, why);
    *model = out;
    return s;
}

Test(sanger_tables, without_its_tables_there_is_no_model)
{
    for (int absent = 0; absent < 3; absent++) {
        const SangerModel *m;
        Note why;
        cr_expect_eq(prepare(&m, absent == 0 ? NULL : GOOD_SLICES, absent == 1 ? NULL : GOOD_LIMITS,
                             absent == 2 ? NULL : GOOD_PANEL, &why),
                     OK);
        cr_expect_null(m, "%d", absent);
    }
}

/* Each limit: absent, no number, below, at and above what can be meant; and all seven read back. */
Test(sanger_tables, limits_have_limits)
{
    static const struct {
        const char *key;
        double low, high, good;
    } keys[] = {{"one_base", 0, 1, 0.15}, {"two_bases", 0, 1, 0.3}, {"noise", 0, 1, 0.25},
                {"quality", 1, 99, 20},   {"wrong", 0, 0.5, 0.2},   {"before", 8, 100, 21},
                {"after", 8, 100, 22}};
    const SangerModel *m;
    Note why;
    for (size_t k = 0; k < 7; k++)
        for (int change = 0; change < 8; change++) {
            const double value = change == 3   ? keys[k].low - 0.01
                                 : change == 4 ? keys[k].low
                                 : change == 5 ? keys[k].high
                                 : change == 6 ? keys[k].high + 0.01
                                               : keys[k].good;
            const char *text = LIMITS;
            for (size_t i = 0; i < 7; i++)
                if (i != k)
                    text = arena_print(arena, "%s%s\t%g\t\t\n", text, keys[i].key, keys[i].good);
                else if (change > 0)
                    text = arena_print(arena, "%s%s\t%s\t\t\n", text, keys[i].key,
                                       change == 1   ? ""
                                       : change == 2 ? "x"
                                                     : arena_print(arena, "%g", value));
            const double one = k == 0 ? value : 0.15, two = k == 1 ? value : 0.3;
            const bool good =
                change > 2 && value >= keys[k].low && value <= keys[k].high && one < two;
            cr_expect_eq(prepare(&m, GOOD_SLICES, text, GOOD_PANEL, &why), good ? OK : BAD_INPUT,
                         "%s, %d", keys[k].key, change);
            cr_expect_eq(m != NULL, good, "%s, %d", keys[k].key, change);
            if (!good) cr_expect_str_eq(why.code, "sanger.limit");
            if (!good) cr_expect_str_eq(why.file, "sanger/limits");
        }
    const char *equal =
        LIMITS "one_base\t0.3\t\t\ntwo_bases\t0.3\t\t\nnoise\t0.25\t\t\nquality\t20\t\t\n"
               "wrong\t0.2\t\t\nbefore\t21\t\t\nafter\t22\t\t\n";
    cr_expect_eq(prepare(&m, GOOD_SLICES, equal, GOOD_PANEL, &why), BAD_INPUT, "nothing between");
    cr_assert_eq(prepare(&m, GOOD_SLICES, GOOD_LIMITS, GOOD_PANEL, &why), OK);
    const SangerLimits *l = &m->limits;
    cr_expect(l->one_base == 0.15 && l->two_bases == 0.3 && l->noise == 0.25 && l->quality == 20 &&
              l->wrong == 0.2 && l->before == 21 && l->after == 22);
}

/* One cell of the second of three slices is broken: its row is named. */
Test(sanger_tables, slices_are_named_when_they_are_none)
{
    static const struct {
        const char *chromosome, *start, *bases;
        bool good;
    } rows[] = {
        {"5", "200", "ACGTN", true},  {"5", "1", "ACGTN", true},    {"", "200", "ACGTN", false},
        {"5", "", "ACGTN", false},    {"5", "0", "ACGTN", false},   {"5", "0.9", "ACGTN", false},
        {"5", "x", "ACGTN", false},   {"5", "200", "", false},      {"5", "200", "aCGTN", false},
        {"5", "200", "ACGTn", false}, {"5", "200", "AC GT", false}, {"5", "200", "N", true},
        {"5", "-1", "ACGTN", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const SangerModel *m;
        Note why;
        const char *text = arena_print(
            arena, SLICES "s\tG\t5\t100\tCCCACCC\t\t\nt\tG\t%s\t%s\t%s\t\t\nu\tG\t6\t1\tA\t\t\n",
            rows[i].chromosome, rows[i].start, rows[i].bases);
        cr_expect_eq(prepare(&m, text, GOOD_LIMITS, GOOD_PANEL, &why),
                     rows[i].good ? OK : BAD_INPUT, "row %zu", i);
        cr_expect_eq(m != NULL, rows[i].good, "row %zu", i);
        if (rows[i].good) continue;
        cr_expect_str_eq(why.code, "sanger.slice");
        cr_expect_str_eq(why.file, "sanger/slices");
        cr_expect_eq(why.row, 3);
    }
}

/* A variant belongs to the first slice of its chromosome that holds all of its REF, from the first base to the last. */
Test(sanger_tables, the_slice_that_covers_a_variant)
{
    static const char first[] = "ACGTACGTAC", second[] = "GTACGTNCGTACG"; /* from 100; from 106 */
    const char *slices = arena_print(
        arena, SLICES "a\tG\t5\t100\t%s\t\t\nb\tG\t5\t106\t%s\t\t\nc\tG\t6\t100\t%s\t\t\n", first,
        second, first);
    static const char genome[] = "ACGTACGTACGTNCGTACG"; /* what both say, from 100 */
    for (int pos = 95; pos < 125; pos++)
        for (int n = 1; n <= 3; n++) {
            char ref[4] = "AAA";
            for (int i = 0; i < n; i++)
                ref[i] = pos + i >= 100 && pos + i < 119 ? genome[pos + i - 100] : 'A';
            ref[n] = '\0';
            const char *panel =
                arena_print(arena, PANEL "G:v\tsmall\t5\t%d\t%s\tC\tyes\n", pos, ref);
            const SangerModel *m;
            Note why;
            cr_assert_eq(prepare(&m, slices, GOOD_LIMITS, panel, &why), OK, "%d %d", pos, n);
            const SangerVariant *v = sanger_variant(m, "G:v");
            const char *wanted = pos >= 100 && pos + n <= 110   ? "a"
                                 : pos >= 106 && pos + n <= 119 ? "b"
                                                                : NULL;
            cr_assert_eq(v->slice == NULL, wanted == NULL, "%d %d", pos, n);
            cr_expect_str_eq(v->question.ref, ref);
            cr_expect_str_eq(v->question.alt, "C");
            if (wanted == NULL) continue;
            cr_expect_str_eq(v->slice, wanted, "%d %d", pos, n);
            cr_expect_eq(v->question.at, (size_t)(pos - (*wanted == 'a' ? 100 : 106)), "%d %d", pos,
                         n);
            cr_expect_str_eq(v->question.slice, *wanted == 'a' ? first : second);
            ref[n - 1] = ref[n - 1] == 'G' ? 'T' : 'G'; /* its last base is another */
            panel = arena_print(
                arena, PANEL "G:u\tsmall\t7\t%d\tA\tC\tyes\nG:v\tsmall\t5\t%d\t%s\tC\tyes\n", pos,
                pos, ref);
            cr_expect_eq(prepare(&m, slices, GOOD_LIMITS, panel, &why), BAD_INPUT, "%d %d", pos, n);
            cr_expect_str_eq(why.code, "sanger.slice");
            cr_expect_str_eq(why.file, "carrier/panel");
            cr_expect_eq(why.row, 3);
        }
}

Test(sanger_tables, rows_that_become_variants)
{
    const char *panel =
        PANEL "G:c.1A>T\tsmall\t5\t103\tA\tT\tyes\nG:del\tstructural\t5\t103\tA\tT\tyes\n"
              "nocolon\tsmall\t5\t103\tA\tT\tyes\nHBA2:c.2C>G\tsmall\tX\t103\tA\tG\tno\n"
              "H:c.3\tsmall\t5\t\tA\tG\t\nI:c.4\tsmall\t55\t103\tA\tG\tyess\n";
    const SangerModel *m;
    Note why;
    cr_assert_eq(prepare(&m, GOOD_SLICES, GOOD_LIMITS, panel, &why), OK);
    static const struct {
        const char *key, *item;
        bool x, verified, placed;
    } wanted[] = {{"G:c.1A>T", "G c.1A>T", false, true, true},
                  {"HBA2:c.2C>G", "HBA2 c.2C>G", true, false, false},
                  {"H:c.3", "H c.3", false, false, false},
                  {"I:c.4", "I c.4", false, false, false}};
    cr_assert_eq(m->n_variants, 4U);
    for (size_t i = 0; i < 4; i++) {
        const SangerVariant *v = &m->variants[i];
        cr_expect_str_eq(v->key, wanted[i].key);
        cr_expect_str_eq(v->item, wanted[i].item);
        cr_expect(v->x == wanted[i].x && v->verified == wanted[i].verified &&
                      (v->slice != NULL) == wanted[i].placed,
                  "row %zu", i);
        cr_expect_eq(sanger_variant(m, wanted[i].key), v);
    }
    cr_expect_null(sanger_variant(m, "G:del"));
    cr_expect_null(sanger_variant(m, ""));
}

/* Limits or slices of an example make the model an example, in whichever row they stand. */
Test(sanger_tables, an_example_is_told)
{
    for (int which = 0; which < 4; which++) {
        Reference *r = reference_new(arena, "test", true);
        const void *out;
        Note why;
        add_table(r, "sanger/slices", which & 1 ? "example" : "local", GOOD_SLICES, arena);
        add_table(r, "sanger/limits", which & 2 ? "example" : "local", GOOD_LIMITS, arena);
        add_table(r, "carrier/panel", "local", GOOD_PANEL, arena);
        cr_assert_eq(sanger_prepare(&out, r, arena, &why), OK);
        cr_expect_eq(((const SangerModel *)out)->example, which != 0, "%d", which);
    }
}

/* The door opens for a slice on one of the 22 autosomes, spelt as the table spells them, and for nothing else. */
Test(sanger_tables, only_autosomes_pass_the_door)
{
    static const char bases[] = "TTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCC";
    static const char *const names[] = {"1",  "2",   "3",   "9",  "10", "11", "19", "20", "21",
                                        "22", "0",   "00",  "01", "23", "24", "25", "29", "30",
                                        "99", "100", "111", "X",  "Y",  "XY", "MT", "M",  "1X",
                                        "X1", "2Y",  "-1",  "+1", "1.", " 1", "1 "};
    TraceBase calls[sizeof bases];
    for (size_t i = 0; i + 1 < sizeof bases; i++)
        calls[i] = (TraceBase){.call = bases[i]};
    const BaseRead read = {calls, sizeof bases - 1};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Reference *r = reference_new(arena, "test", true);
        add_table(r, "sanger/slices", "local",
                  arena_print(arena, SLICES "s\tG\t%s\t100\t%s\t\t\nt\tG\t1\t100\tACGT\t\t\n",
                              names[i], bases),
                  arena);
        cr_expect_eq(sanger_admits(r, "s", &read, arena), i < 10, "%s", names[i]);
        cr_expect_not(sanger_admits(r, "t", &read, arena), "bases of another slice");
        cr_expect_not(sanger_admits(r, "u", &read, arena), "no such slice");
    }
    cr_expect_not(sanger_admits(reference_new(arena, "test", true), "s", &read, arena), "no table");
}
