/* The rules of a Sanger view one by one, on both sides of each limit, and its arithmetic against plain computations. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/sanger.h"

#include <math.h>
#include <string.h>

ARENA_SUITE(sanger_rules);

/* ---- peaks ---- */

/* By rank, counting. */
static double plain_median(const double *values, size_t n)
{
    double middle[2] = {0, 0};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < n; i++) {
            size_t below = 0;
            for (size_t j = 0; j < n; j++)
                below += values[j] < values[i] || (values[j] == values[i] && j < i);
            if (below == (k == 0 ? (n - 1) / 2 : n / 2)) middle[k] = values[i];
        }
    return (middle[0] + middle[1]) / 2;
}

/* Median height of three calls or more among the 60 before and the 60 from there on; a dye that was hardly called has the mean of the others; none = 1. */
Test(sanger_rules, usual_heights)
{
    static const char *const letters[] = {"A", "ACGT", "AACGT", "AAACCN", "N", "AAAAAAAAAAAACGT"};
    static TraceBase calls[260];
    for (int round = 0; round < 300; round++) {
        const char *of = letters[round % 6];
        const size_t n = round < 60 ? (size_t)round / 6 : 1 + chance(259),
                     at = chance((uint32_t)n + 1);
        for (size_t i = 0; i < n; i++) {
            calls[i].call = of[chance((uint32_t)strlen(of))];
            for (int d = 0; d < BASES; d++)
                calls[i].height[d] = 1 + (int32_t)chance(2000);
        }
        double usual[BASES], wanted[BASES], sum = 0, told = 0;
        for (int d = 0; d < BASES; d++) {
            double heights[260];
            size_t count = 0;
            for (size_t i = 0; i < n; i++)
                if (i + 60 >= at && i < at + 60 && calls[i].call == "ACGT"[d])
                    heights[count++] = calls[i].height[d];
            wanted[d] = count >= 3 ? plain_median(heights, count) : -1;
            if (count >= 3) sum += wanted[d];
            if (count >= 3) told += 1;
        }
        sanger_usual(usual, &(BaseRead){calls, n}, at, arena);
        for (int d = 0; d < BASES; d++) {
            if (wanted[d] < 0) wanted[d] = told > 0 ? sum / told : 1;
            cr_assert(fabs(usual[d] - wanted[d]) < 1e-9, "round %d, %d: %g, %g", round, d, usual[d],
                      wanted[d]);
        }
    }
}

/* Heights below zero are none; of equal ones the first letter comes first; no peak at all is two that cannot be told apart. */
Test(sanger_rules, first_and_second_peak)
{
    static const double usual[BASES] = {1, 2, 4, 5};
    for (int round = 0; round < 5000; round++) {
        TraceBase call = {.call = 'A'};
        double h[BASES];
        int order[BASES] = {0, 1, 2, 3};
        for (int d = 0; d < BASES; d++) {
            call.height[d] = (int32_t)chance(round % 2 ? 9 : 30) * 20 - 60;
            h[d] = call.height[d] > 0 ? call.height[d] / usual[d] : 0;
        }
        for (int i = 0; i < BASES; i++)
            for (int j = BASES - 1; j > i; j--)
                if (h[order[j]] > h[order[j - 1]]) {
                    int swap = order[j];
                    order[j] = order[j - 1];
                    order[j - 1] = swap;
                }
        char first = '?', second = '?';
        double ratio = sanger_ratio(&call, usual, &first, &second);
        cr_assert_eq(first, "ACGT"[order[0]], "round %d", round);
        cr_assert_eq(second, "ACGT"[order[1]], "round %d", round);
        double wanted = h[order[0]] > 0 ? h[order[1]] / h[order[0]] : 1;
        cr_assert(ratio == wanted, "round %d: %g, %g", round, ratio, wanted);
    }
}

/* ---- a read of which each call is known ---- */

/* 120 bases in which no stretch of eight stands twice; HERE is an A. */
static const char slice[] =
    "TTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTGAGGAGAAGTCTGCCG"
    "TTACTGCCCTGTGGGGCAAGGTGAACGTGGATGAAGTTGGTGGTGAGGCCCTGGGCAGGTTGG";
enum { HERE = 65, BEFORE = 20, AFTER = 20, MOST = 200 };

static const SangerLimits limits = {.one_base = 0.15,
                                    .two_bases = 0.3,
                                    .noise = 0.25,
                                    .quality = 20,
                                    .wrong = 0.2,
                                    .before = BEFORE,
                                    .after = AFTER};

/* Every dye is 1,000 high where it is called, so that heights are thousandths of a ratio. */
static void set(TraceBase *call, char first, char second, int thousandths)
{
    memset(call->height, 0, sizeof call->height);
    call->height[strchr("ACGT", second) - "ACGT"] = thousandths;
    call->height[strchr("ACGT", first) - "ACGT"] = 1000;
    call->call = first;
}

static char other_than(char base)
{
    return base == 'G' ? 'C' : 'G';
}

static BaseRead clean(const char *bases)
{
    BaseRead read = {NULL, strlen(bases)};
    TraceBase *calls = arena_alloc(arena, (read.n + 1) * sizeof *calls);
    for (size_t i = 0; i < read.n; i++) {
        set(&calls[i], bases[i], other_than(bases[i]), 0);
        calls[i].quality = 40;
    }
    read.calls = calls;
    return read;
}

static TraceBase *at(const BaseRead *read, size_t i)
{
    return (TraceBase *)&read->calls[i];
}

static SangerView view(const BaseRead *read, const SangerLimits *by)
{
    SangerView v;
    sanger_view(&v, read, &(SangerQuestion){slice, HERE, "A", "T"}, by, arena);
    return v;
}

/* Whatever stands at the place: which two bases, and how high the second. */
Test(sanger_rules, every_pair_of_peaks_at_the_place)
{
    static const int ratios[] = {0, 149, 150, 151, 299, 300, 301, 999};
    for (const char *a = "ACGT"; *a != '\0'; a++)
        for (const char *b = "ACGT"; *b != '\0'; b++)
            for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++) {
                if (*a == *b) continue;
                BaseRead read = clean(slice);
                set(at(&read, HERE), *a, *b, ratios[k]);
                const bool own = *a == 'A' || *a == 'T', pair = own && (*b == 'A' || *b == 'T');
                SangerAnswer wanted = !own ? SANGER_OTHER
                                      : ratios[k] < 150
                                          ? (*a == 'A' ? SANGER_REFERENCE : SANGER_VARIANT)
                                      : ratios[k] < 300 ? SANGER_UNCLEAR
                                      : pair            ? SANGER_HETEROZYGOUS
                                                        : SANGER_OTHER;
                SangerView v = view(&read, &limits);
                cr_expect_eq(v.answer, wanted, "%c %c %d: %d", *a, *b, ratios[k], v.answer);
                cr_expect(v.ratio == ratios[k] / 1000.0 && v.first == HERE && !v.reverse,
                          "%c %c %d", *a, *b, ratios[k]);
            }
}

/* Noise and quality are those of the twenty bases before, not of one more or less. */
Test(sanger_rules, noise_and_quality_before_the_place)
{
    for (int round = 0; round < 60; round++) {
        BaseRead read = clean(slice);
        double ratios[BEFORE], sum = 0;
        for (size_t i = 0; i < read.n; i++) {
            const int second = i >= HERE - BEFORE && i < HERE ? (int)chance(200) : 900 * (i < HERE);
            set(at(&read, i), slice[i], other_than(slice[i]), second);
            at(&read, i)->quality = i >= HERE - BEFORE && i < HERE ? 20 + (int)chance(60) : 20;
        }
        for (size_t k = 0; k < BEFORE; k++) {
            ratios[k] = read.calls[HERE - BEFORE + k]
                            .height[other_than(slice[HERE - BEFORE + k]) == 'G' ? 2 : 1] /
                        1000.0;
            sum += read.calls[HERE - BEFORE + k].quality;
        }
        SangerView v = view(&read, &limits);
        cr_assert(v.answer == SANGER_REFERENCE, "round %d: %d", round, v.answer);
        cr_assert(fabs(v.noise - plain_median(ratios, BEFORE)) < 1e-12, "round %d", round);
        cr_assert(fabs(v.quality - sum / BEFORE) < 1e-12, "round %d", round);
    }
}

/* One change of a clean read, and the answer on either side of its limit. */
typedef struct Change {
    const char *what;
    int wrong_before, noisy, quality_before, quality_here, noise;
    int clip_left, keep_right; /* bases that are there before the place, and from it on; 0 = all */
    SangerAnswer answer;
} Change;

Test(sanger_rules, limits_of_a_readable_place)
{
    static const Change changes[] = {
        {"clean", 0, 0, 40, 40, 0, 0, 0, SANGER_REFERENCE},
        {"a fifth of the bases before contradict", 4, 0, 40, 40, 0, 0, 0, SANGER_REFERENCE},
        {"one more", 5, 0, 40, 40, 0, 0, 0, SANGER_NOT_COVERED},
        {"noise at the limit", 0, 20, 40, 40, 250, 0, 0, SANGER_REFERENCE},
        {"noise above it", 0, 20, 40, 40, 251, 0, 0, SANGER_NOT_READABLE},
        {"half of the bases are noisy", 0, 10, 40, 40, 500, 0, 0, SANGER_REFERENCE},
        {"half of the bases are noisy beyond", 0, 10, 40, 40, 502, 0, 0, SANGER_NOT_READABLE},
        {"quality at the limit", 0, 0, 20, 20, 0, 0, 0, SANGER_REFERENCE},
        {"before below", 0, 0, 19, 20, 0, 0, 0, SANGER_LOW_QUALITY},
        {"of the place below", 0, 0, 20, 19, 0, 0, 0, SANGER_LOW_QUALITY},
        {"twenty bases before", 0, 0, 40, 40, 0, 20, 0, SANGER_REFERENCE},
        {"nineteen", 0, 0, 40, 40, 0, 19, 0, SANGER_NOT_COVERED},
        {"ten from the place on", 0, 0, 40, 40, 0, 0, 10, SANGER_REFERENCE},
        {"nine", 0, 0, 40, 40, 0, 0, 9, SANGER_NOT_COVERED},
        {"the place alone", 0, 0, 40, 40, 0, 0, 1, SANGER_NOT_COVERED},
        {"poor and wrong is not covered", 5, 0, 10, 10, 0, 0, 0, SANGER_NOT_COVERED},
        {"poor and noisy is poor", 0, 20, 10, 10, 900, 0, 0, SANGER_LOW_QUALITY},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const Change *c = &changes[i];
        BaseRead read = clean(slice);
        for (int k = 1; k <= BEFORE; k++) {
            TraceBase *call = at(&read, HERE - (size_t)k);
            const char own = slice[HERE - k];
            const bool wrong = k % 4 == 0 && k / 4 <= c->wrong_before;
            set(call, wrong ? other_than(own) : own, wrong ? own : other_than(own),
                k <= c->noisy ? c->noise : 0);
            call->quality = c->quality_before;
        }
        at(&read, HERE)->quality = c->quality_here;
        const size_t from = c->clip_left > 0 ? HERE - (size_t)c->clip_left : 0;
        const size_t to = c->keep_right > 0 ? HERE + (size_t)c->keep_right : read.n;
        SangerView v = view(&(BaseRead){read.calls + from, to - from}, &limits);
        cr_expect_eq(v.answer, c->answer, "%s: %d", c->what, v.answer);
        if (v.answer == SANGER_REFERENCE) cr_expect_eq(v.first, HERE - from, "%s", c->what);
    }
}

/* Of the nineteen places behind it a fifth may contradict; traces lie over each other when more than half are double. */
Test(sanger_rules, places_behind_the_variant)
{
    static const struct {
        int wrong, doubled, grey;
        char here;
        SangerAnswer answer;
    } cases[] = {
        {3, 0, 0, 'A', SANGER_REFERENCE},     {4, 0, 0, 'A', SANGER_UNCLEAR},
        {0, 3, 0, 'A', SANGER_REFERENCE},     {0, 0, 7, 'A', SANGER_REFERENCE},
        {0, 0, 8, 'A', SANGER_UNCLEAR},       {3, 0, 1, 'A', SANGER_REFERENCE},
        {3, 0, 2, 'A', SANGER_UNCLEAR},       {0, 9, 0, 'C', SANGER_OTHER},
        {0, 10, 0, 'C', SANGER_NOT_READABLE}, {0, 10, 0, 'A', SANGER_NOT_READABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BaseRead read = clean(slice);
        set(at(&read, HERE), cases[i].here, 'G', 0);
        for (int k = 1; k < AFTER; k++) {
            const char own = slice[HERE + k];
            if (k % 4 == 0 && k / 4 <= cases[i].wrong)
                set(at(&read, HERE + (size_t)k), other_than(own), own, 0);
            if (k <= cases[i].doubled) set(at(&read, HERE + (size_t)k), own, other_than(own), 400);
            if (k % 2 == 1 && k / 2 < cases[i].grey)
                set(at(&read, HERE + (size_t)k), own, other_than(own), 200);
        }
        /* What lies behind the twenty does not count. */
        for (size_t k = HERE + AFTER; k < HERE + AFTER + 20; k++)
            set(at(&read, k), slice[k], other_than(slice[k]), 900);
        SangerView v = view(&read, &limits);
        cr_expect_eq(v.answer, cases[i].answer, "row %zu: %d", i, v.answer);
    }
}

/* Gaps before the place move it, and the calls are counted as they stand. */
Test(sanger_rules, gaps_before_the_place)
{
    static const struct {
        size_t gap; /* place of the slice that is left out, or before which a base is put */
        int step;
        SangerAnswer answer;
    } cases[] = {
        {20, -1, SANGER_REFERENCE},         {20, 1, SANGER_REFERENCE},
        {30, -1, SANGER_REFERENCE},         {30, 1, SANGER_REFERENCE},
        {HERE - 18, -1, SANGER_REFERENCE},  {HERE - 18, 1, SANGER_REFERENCE},
        {HERE - 9, -1, SANGER_NOT_COVERED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int reverse = 0; reverse < 2; reverse++) {
            const size_t gap = cases[i].gap;
            char *bases = cases[i].step < 0
                              ? arena_print(arena, "%.*s%s", (int)gap, slice, slice + gap + 1)
                              : arena_print(arena, "%.*sG%s", (int)gap, slice, slice + gap);
            const size_t n = strlen(bases), place = (size_t)((int)HERE + cases[i].step);
            for (size_t k = 0; reverse && k < n / 2; k++) {
                char swap = bases[k];
                bases[k] = bases[n - 1 - k];
                bases[n - 1 - k] = swap;
            }
            for (size_t k = 0; reverse && k < n; k++)
                bases[k] = "TGCA"[strchr("ACGT", bases[k]) - "ACGT"];
            BaseRead read = clean(bases);
            SangerView v = view(&read, &limits);
            if (reverse) { /* the gap lies behind the place, out of sight */
                cr_expect(v.reverse && v.first == n - 1 - place, "row %zu: %zu", i, v.first);
                continue;
            }
            cr_expect_eq(v.answer, cases[i].answer, "row %zu: %d", i, v.answer);
            if (v.answer == SANGER_REFERENCE)
                cr_expect(!v.reverse && v.first == place, "row %zu: %zu", i, v.first);
        }
}

/* A deletion of three bases is asked for, and one call contradicts what is there: at a place of the event itself, the first three, nothing is passed over;
 * behind them a fifth of the places may be wrong. */
Test(sanger_rules, nothing_is_passed_over_at_the_event_itself)
{
    enum { DEL = 55 }; /* CTGACTCC without its TGA */
    const SangerQuestion q = {slice, DEL, "CTGA", "C"};
    static const SangerAnswer answers[] = {SANGER_REFERENCE, SANGER_HETEROZYGOUS, SANGER_VARIANT};
    cr_assert_eq(strncmp(slice + DEL, "CTGACTCCTGAG", 12), 0);
    const char *deleted = arena_print(arena, "%.*s%s", DEL + 1, slice, slice + DEL + 4);
    for (int genotype = 0; genotype < 3; genotype++)
        for (int wrong = -1; wrong < AFTER + 2; wrong++) {
            BaseRead read = clean(genotype == 2 ? deleted : slice);
            read.n = strlen(deleted);
            for (size_t i = DEL + 1; genotype == 1 && i < read.n; i++)
                if (slice[i] != deleted[i]) set(at(&read, i), slice[i], deleted[i], 900);
            SangerView v;
            sanger_view(&v, &read, &q, &limits, arena);
            const size_t part = v.first, place = part + (size_t)wrong;
            cr_assert_eq(v.answer, answers[genotype], "%d", genotype);
            cr_assert_eq(part, DEL + 1);
            if (wrong < 0) continue;
            const char r = slice[place], d = deleted[place];
            char other = 'A';
            for (const char *c = "ACGT"; *c != '\0'; c++)
                other = *c != r && *c != d ? *c : other;
            set(at(&read, place), other, r, 0);
            sanger_view(&v, &read, &q, &limits, arena);
            cr_expect_eq(v.answer, wrong < 3 ? SANGER_NOT_READABLE : answers[genotype],
                         "%d, %d: %d", genotype, wrong, v.answer);
        }
}

/* A read that lies behind the place, before it, or that is not long enough to be sure of where it lies. */
Test(sanger_rules, reads_that_are_elsewhere)
{
    BaseRead read = clean(slice);
    static const struct {
        size_t from, to;
    } rows[] = {
        {HERE + 1, HERE + 60},  {HERE + 20, HERE + 60}, {HERE, HERE + 60}, {HERE - 9, HERE + 40},
        {HERE - 19, HERE + 40}, {0, HERE - 21},         {0, HERE - 1},     {0, HERE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const BaseRead part = {read.calls + rows[i].from, rows[i].to - rows[i].from};
        cr_expect_eq(view(&part, &limits).answer, SANGER_NOT_COVERED, "row %zu", i);
    }
    /* A slice that holds too few bases before the place tells nothing, whatever the read holds. */
    for (size_t before = 18; before < 23; before++) {
        SangerView v;
        sanger_view(&v, &read, &(SangerQuestion){slice + HERE - before, before, "A", "T"}, &limits,
                    arena);
        cr_expect_eq(v.answer, before < BEFORE ? SANGER_NOT_COVERED : SANGER_REFERENCE, "%zu",
                     before);
    }
    /* As many cells as are compared, and one row more. */
    cr_expect(sanger_belongs(&read, slice, arena));
    char *long_slice = arena_alloc(arena, 60000);
    memset(long_slice, 'N', 8000000 / (read.n + 1));
    memcpy(long_slice, slice, sizeof slice - 1);
    long_slice[8000000 / (read.n + 1) - 1] = '\0';
    cr_expect(sanger_belongs(&read, long_slice, arena));
    long_slice[8000000 / (read.n + 1) - 1] = 'N';
    cr_expect_not(sanger_belongs(&read, long_slice, arena),
                  "beyond the ceiling nothing is compared");
}

/* ---- is it of this stretch? ---- */

/* Best local alignment by its definition: match 2, mismatch -3, gap -5, a letter that is not read 0. */
static int plain_score(const char *read, const char *stretch)
{
    static int score[MOST + 1][MOST + 1];
    int best = 0;
    for (size_t i = 0; i <= strlen(read); i++)
        for (size_t j = 0; j <= strlen(stretch); j++) {
            score[i][j] = 0;
            if (i == 0 || j == 0) continue;
            const char a = read[i - 1], b = stretch[j - 1];
            const int pair = a == 'N' || b == 'N' ? 0 : a == b ? 2 : -3;
            const int ways[] = {score[i - 1][j - 1] + pair, score[i - 1][j] - 5,
                                score[i][j - 1] - 5};
            for (size_t k = 0; k < 3; k++)
                score[i][j] = ways[k] > score[i][j] ? ways[k] : score[i][j];
            best = score[i][j] > best ? score[i][j] : best;
        }
    return best;
}

static char *opposite(const char *bases)
{
    const size_t n = strlen(bases);
    char *out = arena_copy(arena, bases);
    for (size_t i = 0; i < n; i++)
        out[i] = bases[n - 1 - i] == 'N' ? 'N' : "TGCA"[strchr("ACGT", bases[n - 1 - i]) - "ACGT"];
    return out;
}

/* Changes of every kind around the score of fifty bases, on both strands. */
Test(sanger_rules, fifty_bases_belong)
{
    int belong[2] = {0, 0};
    for (int round = 0; round < 150; round++) {
        char bases[MOST], stretch[MOST];
        size_t n = 0, from = chance(60), to = from + 44 + chance(24);
        memcpy(stretch, slice, sizeof slice);
        for (size_t i = from; i < to && slice[i] != '\0'; i++) {
            const uint32_t event = chance(60);
            if (event == 0) continue;
            if (event == 1) bases[n++] = "ACGT"[chance(4)];
            bases[n++] = event == 2 ? "ACGT"[chance(4)] : event == 3 ? 'N' : slice[i];
            if (event == 4) stretch[i] = 'N';
        }
        bases[n] = '\0';
        const char *asked = round % 2 ? opposite(bases) : bases;
        const int forward = plain_score(asked, stretch),
                  back = plain_score(asked, opposite(stretch));
        BaseRead read = {NULL, n};
        TraceBase *calls = arena_alloc(arena, (n + 1) * sizeof *calls);
        for (size_t i = 0; i < n; i++)
            calls[i].call = asked[i];
        read.calls = calls;
        const bool wanted = forward >= 100 || back >= 100;
        belong[wanted]++;
        cr_assert_eq(sanger_belongs(&read, stretch, arena), wanted, "round %d: %d %d", round,
                     forward, back);
    }
    cr_expect(belong[0] > 25 && belong[1] > 25, "%d %d", belong[0], belong[1]);
    cr_expect_not(sanger_belongs(&(BaseRead){NULL, 0}, slice, arena));
    BaseRead whole = clean(slice);
    cr_expect_not(sanger_belongs(&whole, "", arena));
}

/* Clean reads of random stretches with random events: the genotype that was put in comes out, on either strand, at the place where the two haplotypes part. */
Test(sanger_rules, what_was_put_in_comes_out)
{
    static const SangerAnswer answers[] = {SANGER_REFERENCE, SANGER_HETEROZYGOUS, SANGER_VARIANT};
    for (int round = 0; round < 100; round++) {
        char bases[151] = "", ref[8] = "", alt[8] = "";
        for (int i = 0; i < 150; i++)
            bases[i] = "ACGT"[chance(4)];
        const size_t place = 60 + chance(20), length = chance(6), kind = chance(3);
        const char *asked = arena_copy(arena, bases);
        memcpy(ref, bases + place, kind == 1 ? 1 + length : 1);
        alt[0] = kind == 0 ? other_than(ref[0]) : ref[0];
        for (size_t i = 0; kind == 2 && i < length; i++)
            alt[1 + i] = "ACGT"[chance(4)];
        char *haplotypes[2] = {
            arena_copy(arena, bases),
            arena_print(arena, "%.*s%s%s", (int)place, bases, alt, bases + place + strlen(ref))};
        const bool reverse = chance(2);
        for (int h = 0; reverse && h < 2; h++)
            haplotypes[h] = opposite(haplotypes[h]);
        const int genotype = (int)chance(3);
        const char *first = haplotypes[genotype == 2], *second = haplotypes[genotype > 0];
        BaseRead read = clean(first);
        size_t part = 0, double_peaks = 0, differing = 0;
        while (haplotypes[0][part] != '\0' && haplotypes[0][part] == haplotypes[1][part])
            part++;
        if (strlen(second) < read.n) read.n = strlen(second);
        for (size_t i = 0; i < read.n; i++)
            if (first[i] != second[i]) set(at(&read, i), first[i], second[i], 900);
        for (size_t i = part; i < part + AFTER && i < read.n; i++) {
            differing += haplotypes[0][i] != haplotypes[1][i];
            double_peaks += first[i] != second[i];
        }
        SangerView v;
        sanger_view(&v, &read, &(SangerQuestion){asked, place, ref, alt}, &limits, arena);
        const bool event = strcmp(ref, alt) != 0;
        cr_assert_eq(v.answer, event ? answers[genotype] : SANGER_NOT_COVERED,
                     "round %d: %s>%s, %d: %d", round, ref, alt, genotype, v.answer);
        if (!event) continue;
        cr_assert(v.first == part && v.reverse == reverse && v.noise == 0 && v.quality == 40,
                  "round %d: %zu, %zu", round, v.first, part);
        cr_assert_eq(v.ratio, double_peaks > 0 ? 0.9 : 0, "round %d: %g", round, v.ratio);
        cr_assert_gt(differing, 0U);
    }
}

/* ---- both strands ---- */

/* Every set of up to three views: what they say is what they all say, and on how many strands. */
Test(sanger_rules, verdicts_of_all_views)
{
    enum { ANSWERS = SANGER_VARIANT + 1, VIEWS = 2 * ANSWERS };
    cr_expect_eq(sanger_agree(NULL, 0), VERDICT_NO_READ);
    for (int code = 0; code < VIEWS * VIEWS * VIEWS * 3; code++) {
        const size_t n = 1 + (size_t)(code % 3);
        SangerView views[3] = {{0}};
        bool said[ANSWERS] = {false}, strand[2] = {false};
        for (size_t i = 0, rest = (size_t)code / 3; i < n; i++, rest /= VIEWS) {
            views[i].answer = (SangerAnswer)(rest % ANSWERS);
            views[i].reverse = rest / ANSWERS % 2 == 1;
            said[views[i].answer] = true;
            if (views[i].answer >= SANGER_REFERENCE) strand[views[i].reverse] = true;
        }
        const int kinds = said[SANGER_REFERENCE] + said[SANGER_HETEROZYGOUS] + said[SANGER_VARIANT];
        const bool both = strand[0] && strand[1];
        SangerVerdict wanted = VERDICT_UNREAD;
        if (kinds == 1 && said[SANGER_REFERENCE])
            wanted = both ? VERDICT_REFUTED : VERDICT_ONE_STRAND_REFERENCE;
        if (kinds == 1 && said[SANGER_HETEROZYGOUS])
            wanted = both ? VERDICT_HETEROZYGOUS : VERDICT_ONE_STRAND_SEEN;
        if (kinds == 1 && said[SANGER_VARIANT])
            wanted = both ? VERDICT_VARIANT : VERDICT_ONE_STRAND_SEEN;
        if (kinds > 1 || said[SANGER_OTHER]) wanted = VERDICT_DISCORDANT;
        cr_assert_eq(sanger_agree(views, n), wanted, "%d: %d", code, (int)sanger_agree(views, n));
    }
}
