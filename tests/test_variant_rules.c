/* Variants against plain computations: a call is what the changed sequences say, an index is what a walk through its sites says. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/variant.h"

#include <stdio.h>
#include <string.h>

ARENA_SUITE(variant_rules);

/* ---- names ---- */

/* The reading of a name, by comparing with all that exist. */
static int plain_chrom(const char *name)
{
    static const char *const names[] = {"",   "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                        "9",  "10", "11", "12", "13", "14", "15", "16", "17",
                                        "18", "19", "20", "21", "22", "X",  "Y",  "MT"};
    const char *bare = strncmp(name, "chr", 3) == 0 ? name + 3 : name;
    for (int c = 1; c <= CHROM_MT; c++)
        if (strcmp(bare, names[c]) == 0) return c;
    if (strcmp(bare, "M") == 0 || strcmp(name, "NC_012920.1") == 0) return CHROM_MT;
    int n = 0;
    if (strncmp(name, "NC_", 3) != 0 || strspn(name + 3, "0123456789") != 6 || name[9] != '.' ||
        sscanf(name + 3, "%6d", &n) != 1)
        return CHROM_NONE;
    const size_t version = strspn(name + 10, "0123456789");
    return n >= 1 && n <= CHROM_Y && version >= 1 && version <= 2 && name[10 + version] == '\0'
               ? n
               : CHROM_NONE;
}

static void expect_chrom(const char *name)
{
    cr_expect_eq(chrom_parse(name, strlen(name)), plain_chrom(name), "%s: %d", name,
                 chrom_parse(name, strlen(name)));
}

/* Every name of up to two signs, with and without "chr", and every sign at each place of longer ones. */
Test(variant_rules, names_of_chromosomes)
{
    static const char *const names[] = {
        "NC_000001.11", "NC_000010.9", "NC_000023.10", "NC_000024.1", "NC_012920.1", "chr9",
        "chr22",        "chrMT",       "NC_000019.10", "MT",          "M",           "chrX"};
    char text[32];
    expect_chrom("");
    expect_chrom("chr");
    for (char a = '!'; a <= '~'; a++) {
        for (int f = 0; f < 2; f++) {
            (void)snprintf(text, sizeof text, "%s%c", f ? "chr" : "", a);
            expect_chrom(text);
        }
        for (char b = '!'; b <= '~'; b++)
            for (int f = 0; f < 2; f++) {
                (void)snprintf(text, sizeof text, "%s%c%c", f ? "chr" : "", a, b);
                expect_chrom(text);
            }
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            for (size_t at = 0; at <= strlen(names[i]); at++) {
                (void)snprintf(text, sizeof text, "%s", names[i]);
                text[at] = a;
                expect_chrom(text);
                (void)snprintf(text, sizeof text, "%.*s%c%s", (int)at, names[i], a, names[i] + at);
                expect_chrom(text);
                (void)snprintf(text, sizeof text, "%.*s", (int)at, names[i]);
                expect_chrom(text);
            }
    }
    for (int n = 0; n < 1000; n++) {
        (void)snprintf(text, sizeof text, "%d", n);
        expect_chrom(text);
        (void)snprintf(text, sizeof text, "NC_%06d.%d", n % 40, n / 7);
        expect_chrom(text);
    }
    cr_expect_eq(chrom_parse("12", 1), 1, "only the given length counts");
    cr_expect_eq(chrom_parse("MTX", 2), CHROM_MT);
    static const char *const told[] = {"",   "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                       "9",  "10", "11", "12", "13", "14", "15", "16", "17",
                                       "18", "19", "20", "21", "22", "X",  "Y",  "MT", ""};
    for (int c = 0; c <= CHROMS; c++)
        cr_expect_str_eq(chrom_name(c), told[c]);
    cr_expect_str_eq(chrom_name(-1), "");
}

/* Sizes that every table of the assemblies shows: the largest, the smallest, and where the order of sizes is not that of numbers. */
Test(variant_rules, lengths_of_single_chromosomes)
{
    static const struct {
        int chrom;
        int64_t old, new;
    } rows[] = {{1, 249250621, 248956422},    {7, 159138663, 159345973},
                {19, 59128983, 58617616},     {21, 48129895, 46709983},
                {22, 51304566, 50818468},     {CHROM_X, 155270560, 156040895},
                {CHROM_Y, 59373566, 57227415}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(chrom_length(BUILD_GRCH37, rows[i].chrom), rows[i].old);
        cr_expect_eq(chrom_length(BUILD_GRCH38, rows[i].chrom), rows[i].new);
    }
    cr_expect_eq(chrom_length(BUILD_GRCH37, 0), 0);
    cr_expect_eq(chrom_length(BUILD_GRCH37, -1), 0);
    cr_expect_eq(chrom_length(BUILD_GRCH37, CHROMS), 0);
}

/* ---- sites ---- */

static Status check(Build build, const Site *site, const char **code)
{
    Note why = {.code = ""};
    Status s = site_check(build, site, &why);
    *code = s == OK ? "" : why.code;
    if (s != OK) cr_expect_str_eq(why.field, "pos");
    if (s != OK)
        cr_expect_str_eq(why.detail, arena_print(arena, "%s:%lld", chrom_name(site->chrom),
                                                 (long long)site->pos));
    return s;
}

Test(variant_rules, first_and_last_places_of_a_chromosome)
{
    enum { END37 = 48129895, END38 = 46709983 }; /* of 21 */
    static const struct {
        Site site;
        const char *in37, *in38;
    } rows[] = {
        {{21, 1, "C", "T", "", 0, false}, "", ""},
        {{21, 0, "C", "T", "", 0, false}, "variant.position", "variant.position"},
        {{21, END38, "C", "T", "", 0, false}, "", ""},
        {{21, END38 + 1, "C", "T", "", 0, false}, "", "variant.position"},
        {{21, END37, "C", "T", "", 0, false}, "", "variant.position"},
        {{21, END37 + 1, "C", "T", "", 0, false}, "variant.position", "variant.position"},
        {{21, END38 - 1, "CA", "C", "", 0, false}, "", ""},
        {{21, END38, "CA", "C", "", 0, false}, "", "variant.position"},
        {{21, END38 - 3, "CA", "C", "CAAG", 0, false}, "", ""},
        {{21, END38 - 2, "CA", "C", "CAAG", 0, false}, "", "variant.position"},
        {{22, 100, "C", "T", "", 0, true}, "", ""},
        {{23, 100, "C", "T", "", 0, true}, "variant.identity", "variant.identity"},
        {{22, 100, "C", "CA", "", 0, true}, "variant.identity", "variant.identity"},
        {{22, 100, "CA", "C", "", 0, true}, "variant.identity", "variant.identity"},
        {{25, 16569, "C", "T", "", 0, false}, "", ""},
        {{26, 1, "C", "T", "", 0, false}, "variant.position", "variant.position"},
        {{11, 9, "CAT", "CGT", "", 0, false}, "variant.allele", "variant.allele"},
        {{11, 9, "CAT", "GAG", "", 0, false}, "", ""},
        {{11, 9, "CAT", "CG", "", 0, false}, "variant.allele", "variant.allele"},
        {{11, 9, "CAT", "C", "", 0, false}, "", ""},
        {{11, 9, "C", "CAT", "", 0, false}, "", ""},
        {{11, 9, "CT", "CAG", "", 0, false}, "variant.allele", "variant.allele"},
        {{11, 9, "T", "CAT", "", 0, false}, "variant.allele", "variant.allele"},
        {{11, 9, "C", NULL, "", 0, false}, "variant.allele", "variant.allele"},
        {{11, 9, "C", "T", "C", 0, false}, "", ""},
        {{11, 9, "CA", "C", "C", 0, false}, "variant.context", "variant.context"},
        {{11, 9, "C", "T", "Cn", 0, false}, "variant.context", "variant.context"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *code;
        (void)check(BUILD_GRCH37, &rows[i].site, &code);
        cr_expect_str_eq(code, rows[i].in37, "row %zu", i);
        (void)check(BUILD_GRCH38, &rows[i].site, &code);
        cr_expect_str_eq(code, rows[i].in38, "row %zu", i);
        int64_t start = 7, end = 7;
        const bool either = rows[i].in37[0] == '\0' || rows[i].in38[0] == '\0';
        cr_expect_eq(site_span(&start, &end, &rows[i].site), either, "row %zu", i);
        if (!either) cr_expect(start == 0 && end == -1, "row %zu", i);
        if (either) cr_expect_eq(start, rows[i].site.pos, "row %zu", i);
    }
}

/* Two spellings are one event when they make one sequence: the right end of the span is that of the last spelling that does. */
Test(variant_rules, spans_by_the_changed_sequence)
{
    for (int round = 0; round < 600; round++) {
        char context[16] = "", changed[32], again[32];
        const size_t n = 4 + chance(8), length = 1 + chance(3);
        for (size_t i = 0; i < n; i++)
            context[i] = "AC"[chance(2)];
        const bool insertion = chance(2);
        char ref[8] = {context[0]}, alt[8] = {context[0]};
        for (size_t i = 1; i <= length; i++)
            (insertion ? alt : ref)[i] = insertion ? "AC"[chance(2)] : context[i];
        const Site site = {11, 1000, ref, alt, context, 0, false};
        int64_t start, end;
        if (!site_span(&start, &end, &site)) continue; /* not left-aligned */
        size_t steps = 0;
        (void)snprintf(changed, sizeof changed, "%s%s", alt, context + strlen(ref));
        for (size_t k = 1; k + strlen(ref) - 1 < n; k++) {
            /* the same change k to the right: an insertion spells whatever makes the sequence */
            if (insertion)
                (void)snprintf(again, sizeof again, "%.*s%.*s%s", (int)k + 1, context, (int)length,
                               changed + k + 1, context + k + 1);
            else
                (void)snprintf(again, sizeof again, "%.*s%s", (int)k + 1, context,
                               context + k + 1 + length);
            if (strcmp(changed, again) != 0) break;
            steps = k;
        }
        cr_assert_eq(start, 1000);
        cr_assert_eq(end, 1000 + (int64_t)strlen(ref) - 1 + (int64_t)steps, "%s>%s in %s: %d, %zu",
                     ref, alt, context, (int)end, steps);
    }
}

/* ---- the index ---- */

Test(variant_rules, fingerprints_tell_panels_apart)
{
    const Site base[] = {{11, 100, "C", "T", "", 0, false},
                         {11, 200, "CA", "C", "CAAG", 1, false},
                         {12, 50, "G", "A", "", 0, true}};
    SiteIndex *index;
    Note why;
    int64_t prints[16];
    size_t n = 0;
    for (int change = 0; change < 12; change++) {
        Site sites[3];
        memcpy(sites, base, sizeof base);
        Site *s = &sites[change % 2];
        Build build = change == 11 ? BUILD_GRCH37 : BUILD_GRCH38;
        if (change == 1) s->pos++;
        if (change == 2) s->chrom = 10;
        if (change == 3) s->alt = "G";
        if (change == 4) s->alt = "A";
        if (change == 5) s->panel = 7;
        if (change == 6) s->context = "CA";
        if (change == 7) s->context = "CAAA";
        if (change == 8) sites[0] = base[1], sites[1] = base[0];
        if (change == 9) s->ref = "CG", s->context = "";
        if (change == 10) sites[2].ref = "C";
        cr_assert_eq(site_index_build(&index, build, sites, 3, arena, &why), OK, "%d %s", change,
                     why.code);
        prints[n] = site_index_fingerprint(index);
        cr_expect_gt(prints[n], 0);
        for (size_t i = 0; i < n; i++)
            cr_expect_neq(prints[i], prints[n], "%zu and %d", i, change);
        n++;
        cr_expect_eq(site_index_panel_size(index), change == 5 ? 8U : 2U);
        cr_expect_eq(site_index_identity_size(index), 1U);
    }
    cr_assert_eq(site_index_build(&index, BUILD_GRCH38, base, 3, arena, &why), OK);
    cr_expect_eq(site_index_fingerprint(index), prints[0]);
    /* Published: FNV-1a over "1 1 0 0", "A", "C", "" with their NULs, begun from the offset basis with the build mixed in. */
    const Site one = {1, 1, "A", "C", "", 0, false};
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)BUILD_GRCH38;
    static const char text[] = "1 1 0 0\0A\0C\0";
    for (size_t i = 0; i < sizeof text; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    cr_assert_eq(site_index_build(&index, BUILD_GRCH38, &one, 1, arena, &why), OK);
    cr_expect_eq((uint64_t)site_index_fingerprint(index), hash >> 1 | 1);
}

/* What is wrong with one site is found wherever it stands, and one event of a panel and an identity site are two. */
Test(variant_rules, one_bad_site_spoils_the_panel)
{
    enum { N = 9 };
    Site sites[N];
    SiteIndex *index;
    for (int bad = -1; bad < N; bad++) {
        Note why = {.code = ""};
        for (int i = 0; i < N; i++)
            sites[i] =
                (Site){1 + i / 3, 100 + i % 3, "C", i == bad ? "C" : "T", "", (uint32_t)i, false};
        cr_expect_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why),
                     bad < 0 ? OK : BAD_INPUT, "%d", bad);
        cr_expect_str_eq(why.code, bad < 0 ? "" : "variant.allele");
    }
    for (int twin = 0; twin < N - 1; twin++) {
        Note why = {.code = ""};
        for (int i = 0; i < N; i++)
            sites[i] = (Site){1, 100 + i, "C", "T", "", (uint32_t)i, false};
        sites[N - 1].pos = 100 + twin;
        cr_expect_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why), BAD_INPUT);
        cr_expect_str_eq(why.code, "variant.duplicate");
        sites[N - 1].identity = true;
        cr_expect_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why), OK);
        sites[N - 1] = (Site){1, 100 + twin, "C", "A", "", 0, false};
        cr_expect_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why), OK);
        sites[N - 1] = (Site){2, 100 + twin, "C", "T", "", 0, false};
        cr_expect_eq(site_index_build(&index, BUILD_GRCH38, sites, N, arena, &why), OK);
    }
}

/* ---- what a record says ---- */

/* What a called allele that is not the panel's does to it: -1 = it does not touch the site at all. `changed` is what the event itself changes, the whole
 * range over which it may stand; of an insertion the bases around it. */
static int plain_kind(const Site *site, const int64_t changed[2], int64_t pos, const char *ref,
                      const char *alt)
{
    int64_t r = (int64_t)strlen(ref), a = (int64_t)strlen(alt), start, end;
    const bool bases = strlen(site->ref) == strlen(site->alt); /* a substitution */
    const int64_t own = (int64_t)strlen(site->alt);
    cr_assert(site_span(&start, &end, site));
    if (pos > end || pos + r - 1 < start) return -1;
    while (r > 0 && a > 0 && ref[r - 1] == alt[a - 1])
        r--, a--;
    while (r > 0 && a > 0 && *ref == *alt)
        ref++, alt++, pos++, r--, a--;
    if (bases && site->pos >= pos && site->pos + own <= pos + r) {
        const int64_t left = site->pos - pos, right = left + a - r;
        if (left + own <= a && strncmp(alt + left, site->alt, (size_t)own) == 0) return CALL_MNV;
        if (right >= 0 && strncmp(alt + right, site->alt, (size_t)own) == 0) return CALL_MNV;
    }
    bool hit = false;
    for (int64_t at = changed[0]; at <= changed[1];
         at++) /* a base that is replaced, or parted from the one before */
        hit = hit || (r > 0 ? at >= pos && at < pos + r : at == pos && at > changed[0]);
    if (!hit) return CALL_OTHER;
    if (a < r) return CALL_DELETED;
    const bool single = bases && own == 1, indel = site->ref[0] == site->alt[0];
    return single || indel ? CALL_OTHER : CALL_NO_CALL;
}

/* One site of each kind in a sequence that is known, and records of up to four bases for up to five, at every place around it: the call is the
 * panel's allele when, and only when, the changed sequences are the same, and else what becomes of the bases that the event changes. */
Test(variant_rules, a_match_is_an_equal_sequence)
{
    static const char around[] = "GATCAAAAGTATATGCC"; /* from 100 on */
    static const Site kinds[] = {
        {11, 108, "G", "C", "G", 0, false},         {11, 103, "CA", "C", "CAAAAG", 0, false},
        {11, 108, "G", "GTA", "GTATATG", 0, false}, {11, 103, "CAA", "C", "CAAAAG", 0, false},
        {11, 108, "GT", "AC", "GT", 0, false},      {11, 107, "AGT", "CC", "AGT", 0, false},
        {11, 108, "G", "CC", "G", 0, false},        {11, 107, "AG", "C", "AG", 0, false},
    };
    static const int64_t changed[][2] = {{108, 108}, {104, 107}, {108, 113}, {104, 107},
                                         {108, 109}, {107, 109}, {108, 108}, {107, 108}};
    size_t matches = 0, others[CALL_REF_MISMATCH + 2] = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const Site *site = &kinds[k];
        SiteIndex *index;
        Note why;
        char wanted[40], made[40];
        cr_assert_eq(site_index_build(&index, BUILD_GRCH38, site, 1, arena, &why), OK, "%zu %s", k,
                     why.code);
        (void)snprintf(wanted, sizeof wanted, "%.*s%s%s", (int)(site->pos - 100), around, site->alt,
                       around + site->pos - 100 + strlen(site->ref));
        ArenaMark own = arena_mark(arena);
        for (int round = 0; round < 1500; round++) {
            const size_t at = chance(sizeof around - 5), n = 1 + chance(4);
            char ref[8], alt[8] = "";
            (void)snprintf(ref, sizeof ref, "%.*s", (int)n, around + at);
            /* half of them cut from the wanted sequence, so that there are matches */
            const size_t m = 1 + chance(5);
            for (size_t i = 0; i < m; i++)
                alt[i] = round % 3 == 0            ? wanted[at + i]
                         : round % 3 == 1 && i < n ? (chance(3) ? ref[i] : "ACGT"[chance(4)])
                                                   : "ACGT"[chance(4)];
            (void)snprintf(made, sizeof made, "%.*s%s%s", (int)at, around, alt, around + at + n);
            if (strcmp(ref, alt) == 0) continue;
            const char *alts[] = {alt};
            const size_t lengths[] = {m};
            const Record record = {.chrom = 11,
                                   .pos = 100 + (int64_t)at,
                                   .end = 99 + (int64_t)(at + n),
                                   .ref = ref,
                                   .ref_length = n,
                                   .alts = alts,
                                   .alt_lengths = lengths,
                                   .n_alts = 1,
                                   .gt = {0, 1},
                                   .ploidy = 2,
                                   .phase_set = -1,
                                   .depth = 30,
                                   .quality = 99};
            CallBuilder *b = call_builder_new(index, arena);
            call_builder_add(b, &record);
            const CallSet *set = call_builder_finish(b, BUILD_GRCH38);
            const bool carried = set->n_calls == 1 && set->calls[0].kind == CALL_ALLELE;
            cr_assert_eq(carried, strcmp(made, wanted) == 0, "site %zu: %d %s>%s", k, (int)at, ref,
                         alt);
            if (carried)
                cr_assert(set->calls[0].copies == 1 && set->calls[0].start == record.pos &&
                          set->calls[0].end == record.end);
            matches += carried;
            if (!carried) {
                const int kind = plain_kind(site, changed[k], record.pos, ref, alt);
                const int told = set->n_calls == 1 ? (int)set->calls[0].kind : -1;
                cr_assert_eq(told, kind, "site %zu: %d %s>%s is %d, not %d", k, (int)at, ref, alt,
                             told, kind);
                others[kind + 1]++;
            }
            arena_rewind(arena, own);
        }
    }
    cr_expect_gt(matches, 100U);
    static const int told[] = {-1, CALL_OTHER, CALL_DELETED, CALL_MNV, CALL_NO_CALL};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        cr_expect_gt(others[told[i] + 1], 50U, "%d: %zu", told[i], others[told[i] + 1]);
}
