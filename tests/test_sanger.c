#include "lab/sanger.h"

#include <criterion/criterion.h>
#include <string.h>

/* Bases of HBB, minus strand of the genome, c.1 to c.92 and what follows; the variant of most rows is c.20A>T (HbS). */
static const char slice[] =
    "TTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTGAGGAGAAGTCTGCCG"
    "TTACTGCCCTGTGGGGCAAGGTGAACGTGGATGAAGTTGGTGGTGAGGCCCTGGGCAGGTTGGTATCAAGG";
enum { ATG = 46, MOST = 400 };

static const SangerLimits limits = {.one_base = 0.15,
                                    .two_bases = 0.3,
                                    .noise = 0.25,
                                    .quality = 20,
                                    .wrong = 0.2,
                                    .before = 20,
                                    .after = 20};

static char other_strand(char c)
{
    return "TGCA"[strchr("ACGT", c) - "ACGT"];
}

static void turn(char *bases)
{
    size_t n = strlen(bases);
    for (size_t i = 0; i < (n + 1) / 2; i++) {
        char left = other_strand(bases[i]);
        bases[i] = other_strand(bases[n - 1 - i]);
        bases[n - 1 - i] = left;
    }
}

/* A read of two haplotypes, the second at `share` of the height of the first; dyes differ in brightness. */
static BaseRead simulate(const char *a, const char *b, double share, int quality, Arena *arena)
{
    static const double bright[BASES] = {1000, 600, 500, 900};
    size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    TraceBase *calls = arena_alloc(arena, n * sizeof *calls);
    for (size_t i = 0; i < n; i++) {
        TraceBase *c = &calls[i];
        int one = (int)(strchr("ACGT", a[i]) - "ACGT"), two = (int)(strchr("ACGT", b[i]) - "ACGT");
        for (int d = 0; d < BASES; d++)
            c->height[d] = (int32_t)(0.04 * bright[d]);
        c->height[one] += (int32_t)(bright[one] * (one == two ? 1 : 1 / (1 + share)));
        if (one != two) c->height[two] += (int32_t)(bright[two] * share / (1 + share));
        c->call = a[i];
        c->quality = one == two || share < 0.1 ? quality : quality / 3;
    }
    return (BaseRead){calls, n};
}

typedef struct Row {
    const char *what;
    size_t at;
    const char *ref, *alt;      /* asked */
    const char *first, *second; /* what the two chromosomes carry instead of `ref` */
    double share;
    int quality;
    SangerAnswer answer;
} Row;

enum { HBS = ATG + 19, DUP = ATG + 24, DEL = ATG + 16 };

static const Row rows[] = {
    {"reference", HBS, "A", "T", "A", "A", 1, 40, SANGER_REFERENCE},
    {"both", HBS, "A", "T", "A", "T", 1, 40, SANGER_HETEROZYGOUS},
    {"both, uneven", HBS, "A", "T", "T", "A", 0.5, 40, SANGER_HETEROZYGOUS},
    {"variant alone", HBS, "A", "T", "T", "T", 1, 40, SANGER_VARIANT},
    {"a faint second peak", HBS, "A", "T", "A", "T", 0.2, 40, SANGER_UNCLEAR},
    {"background only", HBS, "A", "T", "A", "T", 0.05, 40, SANGER_REFERENCE},
    {"another base", HBS, "A", "T", "A", "C", 1, 40, SANGER_OTHER},
    {"another base alone", HBS, "A", "T", "G", "G", 1, 40, SANGER_OTHER},
    {"poor quality", HBS, "A", "T", "A", "A", 1, 10, SANGER_LOW_QUALITY},
    {"poor quality, both", HBS, "A", "T", "A", "T", 1, 10, SANGER_LOW_QUALITY},
    {"deletion, both", DEL, "CTGA", "C", "CTGA", "C", 1, 40, SANGER_HETEROZYGOUS},
    {"deletion, alone", DEL, "CTGA", "C", "C", "C", 1, 40, SANGER_VARIANT},
    {"deletion asked, reference", DEL, "CTGA", "C", "CTGA", "CTGA", 1, 40, SANGER_REFERENCE},
    {"deletion asked, another one", DEL, "CTGA", "C", "CTGA", "CA", 1, 40, SANGER_NOT_READABLE},
    {"duplication, both", DUP, "A", "AG", "A", "AG", 1, 40, SANGER_HETEROZYGOUS},
    {"duplication asked, another inserted", DUP, "A", "AG", "A", "AC", 1, 40, SANGER_NOT_READABLE},
    {"substitution asked behind a deletion", HBS, "A", "T", "AGGA", "A", 1, 40,
     SANGER_NOT_READABLE},
};

static char *with(const Row *row, const char *carried, Arena *arena)
{
    return arena_print(arena, "%.*s%s%s", (int)row->at, slice, carried,
                       slice + row->at + strlen(row->ref));
}

static SangerView ask(const Row *row, bool reverse, bool slice_reversed, Arena *arena)
{
    char *a = with(row, row->first, arena), *b = with(row, row->second, arena);
    SangerView v;
    if (reverse) {
        turn(a);
        turn(b);
    }
    BaseRead read = simulate(a, b, row->share, row->quality, arena);
    SangerQuestion q = {slice, row->at, row->ref, row->alt};
    if (slice_reversed && strlen(row->ref) == strlen(row->alt)) {
        char *s = arena_copy(arena, slice), *r = arena_copy(arena, row->ref);
        char *t = arena_copy(arena, row->alt);
        turn(s);
        turn(r);
        turn(t);
        q = (SangerQuestion){s, strlen(slice) - row->at - strlen(row->ref), r, t};
    }
    sanger_view(&v, &read, &q, &limits, arena);
    return v;
}

Test(sanger, every_situation_on_both_strands)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int s = 0; s < 4; s++) {
            SangerView v = ask(&rows[i], s & 1, s & 2, arena);
            cr_expect(v.answer == rows[i].answer, "%s, %d: %d", rows[i].what, s, v.answer);
        }
    arena_free(arena);
}

Test(sanger, the_strand_is_found_and_the_ratio_told)
{
    Arena *arena = arena_new(NULL);
    SangerView forward = ask(&rows[2], false, false, arena),
               back = ask(&rows[2], true, false, arena);
    cr_expect(!forward.reverse && back.reverse);
    cr_expect(forward.first == HBS && back.first == strlen(slice) - 1 - HBS);
    cr_expect(forward.ratio > 0.45 && forward.ratio < 0.62, "%g", forward.ratio);
    arena_free(arena);
}

/* N stands where people differ: whatever is there is no contradiction. */
Test(sanger, a_polymorphic_place_is_compared_with_nothing)
{
    Arena *arena = arena_new(NULL);
    char *open = arena_copy(arena, slice), *carried = arena_copy(arena, slice);
    open[HBS - 5] = 'N';
    carried[HBS - 5] = carried[HBS - 5] == 'A' ? 'C' : 'A';
    BaseRead read = simulate(slice, carried, 1, 40, arena);
    SangerView v;
    sanger_view(&v, &read, &(SangerQuestion){open, HBS, "A", "T"}, &limits, arena);
    cr_expect(v.answer == SANGER_REFERENCE, "%d", v.answer);
    arena_free(arena);
}

Test(sanger, what_is_not_covered_is_not_answered)
{
    Arena *arena = arena_new(NULL);
    SangerView v;
    BaseRead read = simulate(slice, slice, 1, 40, arena), part = read;
    const SangerQuestion q = {slice, HBS, "A", "T"};
    const struct {
        const char *what;
        size_t from, n;
        SangerQuestion q;
    } cases[] = {
        {"ends before the variant", 0, HBS - 3, q},
        {"ends on the variant", 0, HBS + 1, q},
        {"begins shortly before it", HBS - 10, 60, q},
        {"empty", 0, 0, q},
        {"variant at the edge of the slice", 0, read.n, {slice, 5, "T", "A"}},
        {"the slice holds another base", 0, read.n, {slice, HBS, "G", "T"}},
        {"no variant", 0, read.n, {slice, HBS, "A", "A"}},
        {"outside the slice", 0, read.n, {slice, sizeof slice + 5, "A", "T"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        part = (BaseRead){read.calls + cases[i].from, cases[i].n};
        sanger_view(&v, &part, &cases[i].q, &limits, arena);
        cr_expect(v.answer == SANGER_NOT_COVERED, "%s: %d", cases[i].what, v.answer);
    }
    BaseRead foreign = simulate("ACGTTGCAACGGTTAACCGGATATCGCGTTTAAACCCGGGTTTACGACGT",
                                "ACGTTGCAACGGTTAACCGGATATCGCGTTTAAACCCGGGTTTACGACGT", 1, 40, arena);
    sanger_view(&v, &foreign, &q, &limits, arena);
    cr_expect(v.answer == SANGER_NOT_COVERED, "another slice");
    arena_free(arena);
}

Test(sanger, strands_must_agree)
{
    const struct {
        SangerView views[3];
        size_t n;
        SangerVerdict verdict;
    } cases[] = {
        {{{0}}, 0, VERDICT_NO_READ},
        {{{.answer = SANGER_LOW_QUALITY}}, 1, VERDICT_UNREAD},
        {{{.answer = SANGER_REFERENCE}}, 1, VERDICT_ONE_STRAND_REFERENCE},
        {{{.answer = SANGER_HETEROZYGOUS, .reverse = true}}, 1, VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_HETEROZYGOUS}},
         2,
         VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_LOW_QUALITY, .reverse = true}},
         2,
         VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_HETEROZYGOUS},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_REFERENCE, .reverse = true}},
         2,
         VERDICT_REFUTED},
        {{{.answer = SANGER_VARIANT}, {.answer = SANGER_VARIANT, .reverse = true}},
         2,
         VERDICT_VARIANT},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_VARIANT}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_OTHER, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_REFERENCE},
          {.answer = SANGER_REFERENCE, .reverse = true},
          {.answer = SANGER_HETEROZYGOUS}},
         3,
         VERDICT_DISCORDANT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(sanger_agree(cases[i].views, cases[i].n) == cases[i].verdict, "row %zu: %d", i,
                  sanger_agree(cases[i].views, cases[i].n));
}
