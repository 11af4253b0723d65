/* Matching of records against a panel: every spelling of an event, every genotype, and what must never become proof. */
#include "arena_suite.h"
#include "lab/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The panel: a substitution, a deletion and an insertion in repeats, a codon-sized deletion (CD41-42 of HBB), a substitution at
 * its anchor, a double substitution, a deletion with an insertion, an indel whose surroundings nobody knows. */
static const Site PANEL[] = {
    {11, 100, "C", "T", "", 0, false},
    {11, 200, "CA", "C", "CAAAAG", 1, false},    /* may stand at 201..204 */
    {11, 300, "C", "CAT", "CATATATG", 2, false}, /* may stand behind 300..306 */
    {11, 400, "CAAAG", "C", "CAAAGA", 3, false},
    {11, 400, "C", "A", "", 4, false},
    {11, 500, "AC", "GT", "", 5, false},
    {11, 600, "ACC", "GT", "", 6, false},
    {11, 700, "CA", "C", "", 7, false},
    {11, 105, "G", "C", "", 0, true},
};
enum { N_PANEL = sizeof PANEL / sizeof PANEL[0], N_SITES = N_PANEL - 1 };

ARENA_SUITE(variant);

static SiteIndex *panel(void)
{
    Note why = {0};
    SiteIndex *index = NULL;
    cr_assert_eq(site_index_build(&index, BUILD_GRCH38, PANEL, N_PANEL, arena, &why), OK, "%s %s",
                 why.code, why.detail);
    return index;
}

/* "100 C T,G 0/1" or "90-120 C <NON_REF> 0/0" (a block). */
typedef struct Row {
    const char *record;
    const char *calls; /* "site kind copies/missing/deleted" of each call, in order of sites */
} Row;

static char alts_copy[256];
static const char *alts[16];
static size_t alt_lengths[16];

static void parse_gt(Record *r, const char *gt)
{
    r->phased = strchr(gt, '|') != NULL;
    for (const char *p = gt; *p != '\0' && strcmp(gt, "-") != 0;) {
        r->gt[r->ploidy++] = *p == '.' ? -1 : (int)strtol(p, NULL, 10);
        p += strcspn(p, "/|");
        p += *p != '\0';
    }
}

static Record parse(const char *text)
{
    static char ref[128], gt[32];
    long pos = 0, end = 0;
    const char *rest = text + strspn(text, "0123456789");
    pos = strtol(text, NULL, 10);
    if (*rest == '-') end = strtol(rest + 1, (char **)&rest, 10);
    cr_assert_eq(sscanf(rest, " %127s %255s %31s", ref, alts_copy, gt), 3, "%s", text);
    Record r = {.chrom = 11,
                .pos = pos,
                .ref = ref,
                .ref_length = strlen(ref),
                .alts = alts,
                .alt_lengths = alt_lengths,
                .phase_set = -1,
                .depth = 30,
                .quality = 99};
    bool real = false;
    for (char *a = alts_copy; strcmp(a, ".") != 0 && *a != '\0';) {
        size_t n = strcspn(a, ",");
        alts[r.n_alts] = a;
        alt_lengths[r.n_alts++] = n;
        real = real || !(n == 9 && strncmp(a, "<NON_REF>", 9) == 0);
        a += n;
        a += *a == ',';
    }
    r.end = end > 0 ? end : pos + (long)r.ref_length - 1;
    r.block = end > 0 && !real;
    parse_gt(&r, gt);
    return r;
}

static const char *print(const CallSet *set)
{
    static const char *const kinds[] = {"allele", "ref",  "other",   "deleted",
                                        "mnv",    "none", "mismatch"};
    char *text = arena_copy(arena, "");
    for (size_t i = 0; i < set->n_calls; i++) {
        const Call *c = &set->calls[i];
        text = arena_print(arena, "%s%s%u %s %d/%d/%d", text, i ? "; " : "", c->site,
                           kinds[c->kind], c->copies, c->missing, c->deleted);
    }
    return text;
}

static void check_rows(const Row *rows, size_t n)
{
    const SiteIndex *index = panel();
    for (size_t i = 0; i < n; i++) {
        CallBuilder *b = call_builder_new(index, arena);
        Record r = parse(rows[i].record);
        call_builder_add(b, &r);
        const char *got = print(call_builder_finish(b, BUILD_GRCH38));
        cr_expect_str_eq(got, rows[i].calls, "row %zu (%s): %s, wanted %s", i, rows[i].record, got,
                         rows[i].calls);
    }
}
#define CHECK(rows) check_rows(rows, sizeof rows / sizeof rows[0])

Test(variant, genotypes_of_a_substitution)
{
    static const Row rows[] = {
        {"100 C T 0/1", "0 allele 1/0/0"}, {"100 C T 1/1", "0 allele 2/0/0"},
        {"100 C T 1|0", "0 allele 1/0/0"}, {"100 C T 1", "0 allele 1/0/0"},
        {"100 C T 0", "0 allele 0/0/0"},   {"100 C T 0/0", "0 allele 0/0/0"},
        {"100 C T ./1", "0 allele 1/1/0"}, {"100 C T 0/.", "0 none 0/1/0"},
        {"100 C T ./.", "0 none 0/2/0"},   {"100 C T .", "0 none 0/1/0"},
        {"100 C T -", "0 none 0/0/0"},     {"100 C . 0/0", "0 ref 0/0/0"},
        {"100 C . ./.", "0 none 0/2/0"},   {"100 C T 0/1/1", "0 allele 2/0/0"},
    };
    CHECK(rows);
}

Test(variant, several_alternatives)
{
    static const Row rows[] = {
        {"100 C G,T 1/2", "0 allele 1/0/0"}, /* the panel's is the second */
        {"100 C G,T 0/1", "0 allele 0/0/0"}, /* listed, not carried */
        {"100 C G 0/1", "0 other 0/0/0"},    /* another allele */
        {"100 C G 0/0", "0 ref 0/0/0"},
        {"100 C T,<NON_REF> 0/1", "0 allele 1/0/0"},
        {"100 C T,<NON_REF> 0/2", "0 none 0/1/0"}, /* something, nobody says what */
        {"100 C <NON_REF> 0/1", "0 none 0/1/0"},
        {"100 C T,* 1/2", "0 allele 1/0/1"}, /* in trans with a deletion */
        {"100 C T,* 0/2", "0 deleted 0/0/1"},
        {"100 C * 0/1", "0 deleted 0/0/1"},
        {"100 C <DUP> 0/1", "0 none 0/1/0"},
        {"100 C <DUP> 0/0", ""}, /* a structural record is no proof */
        {"100-900 C <INV> 0/0", ""},
        {"100 C C]chr2:1] 0/1", "0 none 0/1/0"},
        {"100 C n 0/1", "0 none 0/1/0"}, /* it may be the panel's base */
    };
    CHECK(rows);
}

Test(variant, one_event_has_many_spellings)
{
    static const Row rows[] = {
        {"100 c t 0/1", "0 allele 1/0/0"},     /* lower case */
        {"99 GC GT 0/1", "0 allele 1/0/0"},    /* padded left */
        {"100 CGA TGA 0/1", "0 allele 1/0/0"}, /* padded right */
        {"98 aGCt aGTt 0/1", "0 allele 1/0/0"},
        {"200 CA C 0/1", "1 allele 1/0/0"},
        {"200 CAA CA 0/1", "1 allele 1/0/0"},
        {"203 AA A 0/1", "1 allele 1/0/0"},
        {"203 aa a 0/1", "1 allele 1/0/0"},
        {"199 GCA GC 0/1", "1 allele 1/0/0"},
        {"200 CAAAA CAAA 0/1", "1 allele 1/0/0"},
        {"200 CAAAAG CAAAG 0/1", "1 allele 1/0/0"},
        {"204 A . 0/0", "1 ref 0/0/0"},
        {"200 CAA C 0/1", "1 deleted 0/0/1"}, /* two bases, not one */
        {"300 C CAT 0/1", "2 allele 1/0/0"},
        {"301 A ATA 0/1", "2 allele 1/0/0"},
        {"306 T TAT 0/1", "2 allele 1/0/0"},
        {"302 TA TATA 0/1", "2 allele 1/0/0"},
        {"300 C CTA 0/1", "2 other 0/0/0"},   /* same place, other bases */
        {"300 C CATAT 0/1", "2 other 0/0/0"}, /* two repeats, not one */
        {"305 A ATT 0/1", "2 other 0/0/0"},
        {"306 TG TGTA 0/1", "2 other 0/0/0"}, /* one step too far */
        {"400 CAAAG C 0/1", "3 allele 1/0/0; 4 other 0/0/0"},
        {"400 CAAAG C,A 1/2", "3 allele 1/0/1; 4 mnv 1/0/0"},
        {"400 C A 0/1", "3 other 0/0/0; 4 allele 1/0/0"},
        {"700 CA C 0/1", "7 allele 1/0/0"},
        {"701 AA A 0/1", "7 allele 1/0/0"},
    };
    CHECK(rows);
}

Test(variant, longer_substitutions_and_deletions)
{
    static const Row rows[] = {
        {"99 GC AT 0/1", "0 mnv 1/0/0"},
        {"98 AGC T 0/1", "0 mnv 1/0/0"}, /* aligned to the right */
        {"99 GCG ATA 0/1", "0 mnv 1/0/0"},
        {"99 GCG ACA 0/1", "0 other 0/0/0"}, /* leaves the panel's base alone */
        {"100 C TA 0/1", "0 mnv 1/0/0"},     /* the substitution and an insertion */
        {"99 GCG A 0/1", "0 deleted 0/0/1"},
        {"99 GC G 0/1", "0 deleted 0/0/1"},
        {"90-110 G <DEL> 0/1", "0 deleted 0/0/1"},
        {"90-110 G <DEL> 0/0", ""},
        {"99-102 G <DEL> 0/1",
         "0 deleted 0/0/1"}, /* the base behind the anchor is the first that is gone */
        {"100-102 C <DEL> 0/1", ""},
        {"90-100 G <DEL> 0/1", "0 deleted 0/0/1"},
        {"90-99 G <DEL> 0/1", ""},
        {"90-100 G <DEL:ME> 0/1", "0 deleted 0/0/1"},
        {"90-100 G <DELX> 0/1", "0 deleted 0/0/1"},
        {"100 C <DE> 0/1", "0 none 0/1/0"},
        {"90 GAAAAAAAAAC G 1/1", "0 deleted 0/0/2"},
        {"100 CGA C 0/1", "0 other 0/0/0"}, /* only anchored at the site */
        {"500 AC GT 0/1", "5 allele 1/0/0"},
        {"500 A G 0/1", "5 none 0/1/0"}, /* half of the event: phase unknown */
        {"501 C T 0/1", "5 none 0/1/0"},
        {"500 ACA GTC 0/1", "5 mnv 1/0/0"},
        {"600 ACC GT 0/1", "6 allele 1/0/0"},
        {"600 ACCT GTT 0/1", "6 allele 1/0/0"},
        {"600 A G 0/1", "6 none 0/1/0"},
        {"499 TACA GGTC 0/1", "5 mnv 1/0/0"},  /* both bases stand inside */
        {"499 TACA GGAC 0/1", "5 none 0/1/0"}, /* the first only */
        {"499 TACA GATC 0/1", "5 none 0/1/0"}, /* the second only */
        {"498 TTAC GGT 0/1", "5 mnv 1/0/0"},   /* a base shorter: aligned to the right */
        {"498 TTAC GCT 0/1", "5 deleted 0/0/1"},
        {"500 ACA GTCC 0/1", "5 mnv 1/0/0"}, /* a base longer: aligned to the left */
        {"500 ACA GCCC 0/1", "5 none 0/1/0"},
        {"99 GCGA TATG 0/1", "0 other 0/0/0"}, /* the panel's base one place before its own */
        {"98 AGC TTA 0/1", "0 other 0/0/0"},   /* and one behind */
        {"501 CAA TCC 0/1", "5 none 0/1/0"},   /* begins inside the event */
        {"499 TA GG 0/1", "5 none 0/1/0"},     /* ends inside it */
    };
    CHECK(rows);
}

Test(variant, blocks_and_wrong_references)
{
    static const Row rows[] = {
        {"90-120 G <NON_REF> 0/0", "0 ref 0/0/0"},
        {"90-120 G . 0/0", "0 ref 0/0/0"},
        {"90-120 N . 0/0", "0 ref 0/0/0"},
        {"100-104 N . 0/0",
         "0 ref 0/0/0"}, /* what stands for the first base of a block is no base */
        {"100-104 N <NON_REF> 0/0", "0 ref 0/0/0"},
        {"100 N <DUP> 0/1", "0 none 0/1/0"}, /* nor that of a structural record */
        {"100 A <DUP> 0/1", "0 mismatch 0/1/0"},
        {"99 GN <DUP> 0/1", "0 none 0/1/0"},
        {"90-120 G . ./.", "0 none 0/2/0"},
        {"195-202 G . 0/0", "1 ref 0/0/0"}, /* a piece: the judge sees that it ends at 202 */
        {"202-400 A . 0/0", "1 ref 0/0/0; 2 ref 0/0/0; 3 ref 0/0/0; 4 ref 0/0/0"},
        {"90-99 G . 0/0", ""},
        {"100-120 A . 0/0", "0 mismatch 0/0/0"},
        {"100 A T 0/1", "0 mismatch 1/0/0"},
        {"100 N T 0/1", "0 mismatch 1/0/0"},
        {"203 GA G 0/1", "1 mismatch 1/0/0"}, /* the context knows better */
        {"206 T C 0/1", ""},
    };
    CHECK(rows);
}

Test(variant, a_call_says_what_the_record_says)
{
    CallBuilder *b = call_builder_new(panel(), arena);
    static const char *const texts[] = {"100 C T 1|0", "100 C T 0|1", "100 C T 0/1", "100 C T 1|1"};
    static const int first[] = {1, 0, -1, -1};
    for (int i = 0; i < 4; i++) {
        Record r = parse(texts[i]);
        r.phase_set = 7 + i;
        r.depth = 11 + i;
        r.quality = 22 + i;
        r.filtered = i == 2;
        call_builder_add(b, &r);
    }
    cr_expect_eq(call_builder_size(b), 4);
    const CallSet *set = call_builder_finish(b, BUILD_GRCH37);
    cr_assert_eq(set->n_calls, 4, "duplicates stay two calls");
    cr_expect_eq(set->build, BUILD_GRCH37);
    for (int i = 0; i < 4; i++) {
        const Call *c = &set->calls[i];
        cr_expect_eq(c->first, first[i], "call %d", i);
        cr_expect(c->phase_set == 7 + i && c->depth == 11 + i && c->quality == 22 + i, "call %d",
                  i);
        cr_expect_eq(c->filtered, i == 2, "call %d", i);
        cr_expect_eq(c->phased, i != 2, "call %d", i);
        cr_expect(c->ploidy == 2 && c->start == 100 && c->end == 100 && !c->block, "call %d", i);
    }
}

Test(variant, identity_sites)
{
    static const struct {
        const char *one, *two;
        int copies;
        int depth;
    } rows[] = {
        {"105 G C 0/1", NULL, 1, 30},
        {"105 G C 1/1", NULL, 2, 30},
        {"105 G C 0/0", NULL, 0, 30},
        {"101-110 A . 0/0", NULL, 0, 30},
        {"101-110 A . 0/0", NULL, -1, 0},
        {"105 G C ./1", NULL, -1, 30},
        {"105 G C 1", NULL, -1, 30},
        {"105 G A 0/1", NULL, -1, 30},
        {"105 G C 0/1", "105 G C 1/1", -1, 30},
        {"105 G C 0/1", "105 G C 0/1", 1, 30},
        {"106 G C 0/1", NULL, -1, 30},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CallBuilder *b = call_builder_new(panel(), arena);
        for (int n = 0; n < 2; n++) {
            const char *text = n == 0 ? rows[i].one : rows[i].two;
            if (text == NULL) continue;
            Record r = parse(text);
            r.depth = rows[i].depth;
            call_builder_add(b, &r);
        }
        const CallSet *set = call_builder_finish(b, BUILD_GRCH38);
        cr_assert_eq(set->n_identity, 1);
        cr_expect_eq(set->n_calls, 0, "row %zu", i);
        cr_expect_eq(set->identity[0], rows[i].copies, "row %zu: %d", i, set->identity[0]);
    }
}

Test(variant, sites_that_are_refused)
{
    static const struct {
        Site site;
        const char *code;
    } rows[] = {
        {{11, 100, "C", "T", "", 0, false}, NULL},
        {{11, 100, "C", "C", "", 0, false}, "variant.allele"},
        {{11, 100, "c", "T", "", 0, false}, "variant.allele"},
        {{11, 100, "", "T", "", 0, false}, "variant.allele"},
        {{11, 100, "C", "R", "", 0, false}, "variant.allele"},
        {{11, 100, "CA", "TA", "", 0, false}, "variant.allele"},   /* not trimmed on the right */
        {{11, 100, "CAA", "CAT", "", 0, false}, "variant.allele"}, /* nor on the left */
        {{11, 100, "AA", "A", "", 0, false}, "variant.allele"},    /* not left-aligned */
        {{11, 100, "CA", "C", "CAAA", 0, false}, NULL},
        {{11, 100, "CA", "C", "CTAA", 0, false}, "variant.context"},
        {{11, 100, "CA", "C", "CANN", 0, false}, "variant.context"},
        {{11, 0, "C", "T", "", 0, false}, "variant.position"},
        {{11, 135086623, "C", "T", "", 0, false}, "variant.position"},
        {{0, 100, "C", "T", "", 0, false}, "variant.position"},
        {{23, 100, "C", "T", "", 0, true}, "variant.identity"},
        {{11, 100, "CA", "C", "", 0, true}, "variant.identity"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Note why = {0};
        Status s = site_check(BUILD_GRCH38, &rows[i].site, &why);
        cr_expect_eq(s == OK, rows[i].code == NULL, "row %zu", i);
        if (s != OK && rows[i].code != NULL)
            cr_expect_str_eq(why.code, rows[i].code, "row %zu: %s", i, why.code);
    }
    const Site twice[] = {{11, 100, "C", "T", "", 0, false}, {11, 100, "C", "T", "", 1, false}};
    SiteIndex *index;
    Note why;
    cr_expect_eq(site_index_build(&index, BUILD_GRCH38, twice, 2, arena, &why), BAD_INPUT);
    cr_expect_str_eq(why.code, "variant.duplicate");
}

Test(variant, span_covers_the_shift_range)
{
    static const long spans[N_SITES][2] = {{100, 100}, {200, 204}, {300, 306}, {400, 405},
                                           {400, 400}, {500, 501}, {600, 602}, {700, 701}};
    for (size_t i = 0; i < N_SITES; i++) {
        int64_t start, end;
        cr_expect(site_span(&start, &end, &PANEL[i]));
        cr_expect(start == spans[i][0] && end == spans[i][1], "site %zu: %ld-%ld", i, (long)start,
                  (long)end);
    }
}

Test(variant, an_empty_index_touches_nothing)
{
    SiteIndex *index;
    Note why;
    cr_assert_eq(site_index_build(&index, BUILD_GRCH38, NULL, 0, arena, &why), OK);
    size_t hint = 0;
    cr_expect_not(site_index_touches(index, 11, 1, 1000, &hint));
    cr_expect_eq(site_index_panel_size(index), 0);
    cr_expect_eq(site_index_identity_size(index), 0);
}

/* Against the plain question "is there a site whose span overlaps?", in file order and out of it. */
Test(variant, touches_is_exact)
{
    enum { N = 400 };
    static Site sites[N];
    uint32_t seed = 1;
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        int length = (int)(seed >> 20 & 31) + 2;
        char *ref = arena_copy_n(arena, "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", (size_t)length);
        sites[i] =
            (Site){1 + i % 3, 100 + (i / 3) * 10 + (int)(seed >> 24 & 3), ref, "C", "", (uint32_t)i,
                   false};
    }
    SiteIndex *index;
    Note why = {0};
    cr_assert_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why), OK, "%s", why.code);
    size_t hint = 0;
    for (int step = 0; step < 20000; step++) {
        seed = seed * 1664525u + 1013904223u;
        int chrom = step < 10000 ? 1 + step / 3000 : (int)(seed >> 8 & 3);
        int64_t pos = step < 10000 ? 90 + step % 3000 / 2 : (int64_t)(seed >> 12 & 2047);
        int64_t end = pos + (int64_t)(seed >> 26 & 15);
        bool wanted = false;
        for (int i = 0; i < N; i++) {
            int64_t last = sites[i].pos + (int64_t)strlen(sites[i].ref) - 1;
            wanted = wanted || (sites[i].chrom == chrom && sites[i].pos <= end && last >= pos);
        }
        cr_assert_eq(site_index_touches(index, chrom, pos, end, &hint), wanted, "step %d", step);
    }
}

Test(variant, names_of_chromosomes)
{
    static const struct {
        const char *name;
        int chrom;
    } rows[] = {
        {"1", 1},
        {"chr1", 1},
        {"22", 22},
        {"chr22", 22},
        {"X", CHROM_X},
        {"chrX", CHROM_X},
        {"Y", CHROM_Y},
        {"M", CHROM_MT},
        {"MT", CHROM_MT},
        {"chrM", CHROM_MT},
        {"NC_000001.11", 1},
        {"NC_000023.10", CHROM_X},
        {"NC_012920.1", CHROM_MT},
        {"", 0},
        {"chr", 0},
        {"0", 0},
        {"01", 0},
        {"23", 0},
        {"chr1_random", 0},
        {"1 ", 0},
        {"Chr1", 0},
        {"NC_000000.1", 0},
        {"NC_000025.1", 0},
        {"NC_000001.", 0},
        {"NC_0000-1.1", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(chrom_parse(rows[i].name, strlen(rows[i].name)), rows[i].chrom, "row %zu (%s)",
                     i, rows[i].name);
    for (int c = 1; c < CHROMS; c++) {
        cr_expect_eq(chrom_parse(chrom_name(c), strlen(chrom_name(c))), c);
        cr_expect_gt(chrom_length(BUILD_GRCH38, c), 16000);
    }
    cr_expect_eq(chrom_length(BUILD_GRCH37, 11), 135006516);
    cr_expect_eq(chrom_length(BUILD_UNKNOWN, 11), 0);
    cr_expect_str_eq(chrom_name(99), "");
}

/* Sums over all chromosomes, so that a digit of any of them counts. GRC: GRCh37 3,095,677,412 and GRCh38 3,088,269,832 bases of 1 to 22, X and Y. */
Test(variant, chromosomes_are_as_long_as_the_assemblies_say)
{
    int64_t sum[2] = {0, 0};
    for (int c = 1; c <= 24; c++) {
        sum[0] += chrom_length(BUILD_GRCH37, c);
        sum[1] += chrom_length(BUILD_GRCH38, c);
    }
    cr_expect_eq(sum[0], 3095677412);
    cr_expect_eq(sum[1], 3088269832);
    cr_expect_eq(chrom_length(BUILD_GRCH37, 25), 16569);
    cr_expect_eq(chrom_length(BUILD_GRCH38, 25), 16569);
    cr_expect_eq(chrom_length(BUILD_GRCH38, 0), 0);
    cr_expect_eq(chrom_length(BUILD_GRCH38, 26), 0);
    cr_expect_eq(chrom_length(BUILD_UNKNOWN, 1), 0);
}
