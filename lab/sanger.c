/* Why: a variant that a panel or another laboratory found is confirmed on the capillary before a couple is counselled. Method: the read's
 * calls are aligned to a short slice of the reference (T. F. Smith, M. S. Waterman, J Mol Biol 147 (1981) 195), in both orientations.
 * From the first base at which the two haplotypes part, three genotypes are laid beside the peaks without gaps: reference, both,
 * variant. Each says which one or two bases must stand at every place; the peaks contradict two of them. So a substitution is one place,
 * and a heterozygous insertion or deletion, which lays two traces over each other, is many places that must all fit the
 * named event. Peaks are compared by the usual height of their dye, since dyes differ in brightness.
 *
 * Refuses: a place that is not covered, poor quality before it, a second peak between the limits, overlapping traces that the named
 * variant does not explain, a read of another slice. Nothing is ever searched for. */
#include "sanger.h"

#include "stats.h"

#include <math.h>
#include <string.h>

static const char LETTERS[] = "ACGT";

/* ---- peaks ---- */

static int dye_of(char base)
{
    const char *p = base == '\0' ? NULL : strchr(LETTERS, base);
    return p == NULL ? -1 : (int)(p - LETTERS);
}

static char complement(char base)
{
    int d = dye_of(base);
    static const char against[] = "TGCA";
    if (d < 0) return 'N';
    return against[d];
}

void sanger_usual(double usual[BASES], const BaseRead *read, size_t at, Arena *arena)
{
    enum { AROUND = 60, FEWEST = 3 };
    size_t from = at > AROUND ? at - AROUND : 0, to = at + AROUND < read->n ? at + AROUND : read->n;
    double *heights = arena_alloc(arena, (to - from + 1) * sizeof *heights);
    double all = 0;
    size_t told = 0;
    for (int d = 0; d < BASES; d++) {
        size_t n = 0;
        for (size_t i = from; i < to; i++)
            if (dye_of(read->calls[i].call) == d) heights[n++] = read->calls[i].height[d];
        usual[d] = n >= FEWEST ? median_of(heights, n) : 0;
        all += usual[d];
        told += usual[d] > 0 ? 1 : 0;
    }
    for (int d = 0; d < BASES; d++)
        if (usual[d] <= 0) usual[d] = told > 0 ? all / (double)told : 1;
}

double sanger_ratio(const TraceBase *call, const double usual[BASES], char *first, char *second)
{
    int a = 0, b;
    double h[BASES];
    for (int d = 0; d < BASES; d++)
        h[d] = fmax(call->height[d], 0) / usual[d];
    for (int d = 1; d < BASES; d++)
        a = h[d] > h[a] ? d : a;
    b = a == 0 ? 1 : 0;
    for (int d = 0; d < BASES; d++)
        if (d != a && h[d] > h[b]) b = d;
    *first = LETTERS[a];
    *second = LETTERS[b];
    return h[a] > 0 ? h[b] / h[a] : 1;
}

/* ---- alignment ---- */

enum { MATCH = 2, MISMATCH = -3, GAP = -5, MOST_CELLS = 8000000 };

typedef struct Alignment {
    long *call_of; /* by place of the haplotype: the call that stands there; -1 = none */
    int score;
} Alignment;

static int pair_score(char called, char wanted)
{
    if (wanted == 'N' || dye_of(called) < 0) return 0;
    return called == wanted ? MATCH : MISMATCH;
}

/* Fills one row of the score table; `above` is the row before. What stands before the first base of either is 0. */
static void score_row(int *row, const int *above, unsigned char *step, char called,
                      const char *haplotype, size_t m)
{
    for (size_t j = 1; j <= m; j++) {
        int diagonal = above[j - 1] + pair_score(called, haplotype[j - 1]);
        int up = above[j] + GAP, left = row[j - 1] + GAP;
        int best = diagonal > up ? diagonal : up;
        best = best > left ? best : left;
        row[j] = best > 0 ? best : 0;
        step[j] = (unsigned char)(best <= 0 ? 0 : best == diagonal ? 1 : best == up ? 2 : 3);
    }
}

static void walk_back(Alignment *out, const unsigned char *steps, size_t m, size_t i, size_t j)
{
    while (i > 0 && j > 0 && steps[i * (m + 1) + j] != 0) {
        unsigned char step = steps[i * (m + 1) + j];
        if (step == 1) out->call_of[j - 1] = (long)i - 1;
        i -= step != 3;
        j -= step != 2;
    }
}

static Alignment align(const BaseRead *read, const char *haplotype, Arena *arena)
{
    size_t n = read->n, m = strlen(haplotype), best_i = 0, best_j = 0;
    Alignment out = {.call_of = arena_alloc(arena, (m + 1) * sizeof *out.call_of)};
    for (size_t j = 0; j < m; j++)
        out.call_of[j] = -1;
    if ((n + 1) > MOST_CELLS / (m + 1)) return out;
    unsigned char *steps = arena_alloc(arena, (n + 1) * (m + 1));
    int *row = arena_alloc(arena, (m + 1) * sizeof *row);
    int *above = arena_alloc(arena, (m + 1) * sizeof *above);
    for (size_t i = 1; i <= n; i++) {
        int *spare = above;
        above = row;
        row = spare;
        score_row(row, above, steps + i * (m + 1), read->calls[i - 1].call, haplotype, m);
        for (size_t j = 1; j <= m; j++)
            if (row[j] > out.score) {
                out.score = row[j];
                best_i = i;
                best_j = j;
            }
    }
    walk_back(&out, steps, m, best_i, best_j);
    return out;
}

/* ---- the question in the direction of the read ---- */

typedef struct Haplotypes {
    char *reference, *variant;
    size_t part; /* first place at which they differ */
    size_t
        own; /* places that belong to the event itself: of each no contradiction is passed over */
} Haplotypes;

static char *turned(const char *bases, Arena *arena)
{
    size_t n = strlen(bases);
    char *out = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = complement(bases[n - 1 - i]);
    out[n] = '\0';
    return out;
}

static bool haplotypes(Haplotypes *out, const SangerQuestion *q, bool reverse, Arena *arena)
{
    size_t n = strlen(q->slice), ref = strlen(q->ref);
    if (q->at > n || ref > n - q->at || memcmp(q->slice + q->at, q->ref, ref) != 0) return false;
    char *variant =
        arena_print(arena, "%.*s%s%s", (int)q->at, q->slice, q->alt, q->slice + q->at + ref);
    *out = (Haplotypes){.reference = arena_copy(arena, q->slice), .variant = variant};
    size_t alt = strlen(q->alt);
    out->own = ref == alt ? ref : ref > alt ? ref - alt : alt - ref;
    if (reverse) {
        out->reference = turned(out->reference, arena);
        out->variant = turned(out->variant, arena);
    }
    while (out->reference[out->part] != '\0' &&
           out->reference[out->part] == out->variant[out->part])
        out->part++;
    return out->reference[out->part] != '\0' || out->variant[out->part] != '\0';
}

/* ---- one read ---- */

typedef struct Look {
    const BaseRead *read;
    const SangerLimits *limits;
    Haplotypes h;
    Alignment a;
    double usual[BASES];
    Arena *arena;
} Look;

/* The call that stands at the last place before the parting, by the median shift of the places before it: next to the parting itself gaps may
 * lie scattered. -1 = the read is not there. */
static long last_before(const Look *l)
{
    size_t want = (size_t)l->limits->before, n = 0;
    if (l->h.part < want) return -1;
    double *shifts = arena_alloc(l->arena, want * sizeof *shifts);
    for (size_t k = l->h.part - want; k < l->h.part; k++)
        if (l->a.call_of[k] >= 0) shifts[n++] = (double)(l->a.call_of[k] - (long)k);
    if (2 * n < want) return -1;
    long last = (long)l->h.part - 1 + lround(median_of(shifts, n));
    return last + 1 >= (long)want && last < (long)l->read->n ? last : -1;
}

/* The bases before the parting: all there, without a gap, alike, clean and good. */
static SangerAnswer look_before(const Look *l, SangerView *out, long last)
{
    size_t want = (size_t)l->limits->before, alike = 0;
    double *ratios = arena_alloc(l->arena, want * sizeof *ratios), quality = 0;
    for (size_t k = 0; k < want; k++) {
        const TraceBase *call = &l->read->calls[(size_t)last - k];
        char first, second, wanted = l->h.reference[l->h.part - 1 - k];
        ratios[k] = sanger_ratio(call, l->usual, &first, &second);
        quality += call->quality;
        alike += wanted == 'N' || first == wanted ? 1 : 0;
    }
    out->noise = median_of(ratios, want);
    out->quality = quality / (double)want;
    if ((double)(want - alike) > l->limits->wrong * (double)want) return SANGER_NOT_COVERED;
    if (out->quality < l->limits->quality) return SANGER_LOW_QUALITY;
    return out->noise > l->limits->noise ? SANGER_NOT_READABLE : SANGER_REFERENCE;
}

enum { GENOTYPES = 3 }; /* reference, both, variant */

/* How badly a call contradicts "these bases stand here": 0, 0.5 (between the limits), 1. */
static double contradiction(const Look *l, const TraceBase *call, char x, char y)
{
    char first, second;
    double ratio = sanger_ratio(call, l->usual, &first, &second);
    bool grey = ratio >= l->limits->one_base && ratio < l->limits->two_bases;
    if (x == 'N' || y == 'N') return 0;
    if (x == y) return first != x ? 1 : grey ? 0.5 : ratio >= l->limits->two_bases ? 1 : 0;
    bool both = (first == x && second == y) || (first == y && second == x);
    return !both || ratio < l->limits->one_base ? 1 : grey ? 0.5 : 0;
}

typedef struct Tally {
    double differing[GENOTYPES], shared[GENOTYPES]; /* contradictions */
    bool denied[GENOTYPES];                         /* by a place of the event itself */
    size_t n_differing, n_shared, n_double;         /* places; of them with two clear peaks */
    double *ratios;                                 /* where the haplotypes differ */
} Tally;

static void count_place(const Look *l, Tally *t, const TraceBase *call, size_t k)
{
    const char r = l->h.reference[l->h.part + k], v = l->h.variant[l->h.part + k];
    const double by[GENOTYPES] = {contradiction(l, call, r, r), contradiction(l, call, r, v),
                                  contradiction(l, call, v, v)};
    char first, second;
    double ratio = sanger_ratio(call, l->usual, &first, &second);
    bool differ = r != v && r != 'N' && v != 'N';
    for (int g = 0; g < GENOTYPES; g++) {
        *(differ ? &t->differing[g] : &t->shared[g]) += by[g];
        t->denied[g] = t->denied[g] || (k < l->h.own && by[g] >= 1);
    }
    if (differ) t->ratios[t->n_differing++] = ratio;
    t->n_shared += differ ? 0 : 1;
    t->n_double += ratio >= l->limits->two_bases ? 1 : 0;
}

/* Lays both haplotypes beside the calls from `next` on. */
static size_t count_places(const Look *l, Tally *t, size_t next)
{
    size_t k = 0, want = (size_t)l->limits->after;
    const char *r = l->h.reference + l->h.part, *v = l->h.variant + l->h.part;
    for (; k < want && r[k] != '\0' && v[k] != '\0' && next + k < l->read->n; k++)
        count_place(l, t, &l->read->calls[next + k], k);
    return k;
}

/* A call at a single place that no genotype explains: another base, or a second peak between the limits. */
static SangerAnswer unexplained(const Look *l, const Tally *t)
{
    double least = fmin(t->differing[0], fmin(t->differing[1], t->differing[2]));
    if (t->n_differing > 1 || (t->n_shared > 0 && 2 * t->n_double > t->n_shared))
        return SANGER_NOT_READABLE;
    return least <= 0.5 + l->limits->wrong ? SANGER_UNCLEAR : SANGER_OTHER;
}

static SangerAnswer decide(const Look *l, const Tally *t)
{
    static const SangerAnswer answers[GENOTYPES] = {SANGER_REFERENCE, SANGER_HETEROZYGOUS,
                                                    SANGER_VARIANT};
    int fits = -1, n = 0;
    for (int g = 0; g < GENOTYPES; g++) {
        bool fit = !t->denied[g] && t->differing[g] <= l->limits->wrong * (double)t->n_differing &&
                   t->shared[g] <= l->limits->wrong * (double)t->n_shared;
        n += fit ? 1 : 0;
        fits = fit ? g : fits;
    }
    return n == 1 ? answers[fits] : n > 1 ? SANGER_UNCLEAR : unexplained(l, t);
}

static bool is_single(SangerAnswer a)
{
    return a == SANGER_REFERENCE || a == SANGER_VARIANT;
}

static SangerAnswer look(const Look *l, SangerView *out, long last)
{
    size_t next = (size_t)last + 1;
    SangerAnswer before = look_before(l, out, last);
    if (before != SANGER_REFERENCE) return before;
    Tally t = {.ratios = arena_alloc(l->arena, ((size_t)l->limits->after + 1) * sizeof(double))};
    out->first = next;
    size_t seen = count_places(l, &t, next);
    if (2 * seen < (size_t)l->limits->after || t.n_differing == 0) return SANGER_NOT_COVERED;
    out->ratio = median_of(t.ratios, t.n_differing);
    SangerAnswer answer = decide(l, &t);
    /* A mixed place has a poor quality by nature; a single base that the base caller doubts proves nothing. */
    bool doubted = is_single(answer) && l->read->calls[next].quality < l->limits->quality;
    return doubted ? SANGER_LOW_QUALITY : answer;
}

void sanger_view(SangerView *out, const BaseRead *read, const SangerQuestion *question,
                 const SangerLimits *limits, Arena *arena)
{
    Look looks[2] = {{0}};
    *out = (SangerView){.answer = SANGER_NOT_COVERED};
    for (int s = 0; s < 2; s++) {
        looks[s] = (Look){.read = read, .limits = limits, .arena = arena};
        if (!haplotypes(&looks[s].h, question, s == 1, arena)) return;
        looks[s].a = align(read, looks[s].h.reference, arena);
    }
    out->reverse = looks[1].a.score > looks[0].a.score;
    Look *l = &looks[out->reverse ? 1 : 0];
    long last = last_before(l);
    if (last < 0) return;
    sanger_usual(l->usual, read, (size_t)last, arena);
    out->answer = look(l, out, last);
}

bool sanger_belongs(const BaseRead *read, const char *slice, Arena *arena)
{
    enum { FIFTY_BASES = 50 * MATCH };
    return align(read, slice, arena).score >= FIFTY_BASES ||
           align(read, turned(slice, arena), arena).score >= FIFTY_BASES;
}

/* ---- both strands ---- */

static bool is_read(SangerAnswer a)
{
    return a >= SANGER_REFERENCE;
}

SangerVerdict sanger_agree(const SangerView *views, size_t n)
{
    bool strand[2] = {false, false}, differ = false;
    SangerAnswer told = SANGER_NOT_COVERED;
    for (size_t i = 0; i < n; i++) {
        /* What one strand shows and the other does not is as much a contradiction as another genotype. */
        if (views[i].answer == SANGER_OTHER) differ = true;
        if (!is_read(views[i].answer)) continue;
        differ = differ || (is_read(told) && told != views[i].answer);
        told = views[i].answer;
        strand[views[i].reverse ? 1 : 0] = true;
    }
    if (n == 0) return VERDICT_NO_READ;
    if (differ) return VERDICT_DISCORDANT;
    if (!is_read(told)) return VERDICT_UNREAD;
    if (!strand[0] || !strand[1])
        return told == SANGER_REFERENCE ? VERDICT_ONE_STRAND_REFERENCE : VERDICT_ONE_STRAND_SEEN;
    return told == SANGER_REFERENCE      ? VERDICT_REFUTED
           : told == SANGER_HETEROZYGOUS ? VERDICT_HETEROZYGOUS
                                         : VERDICT_VARIANT;
}
