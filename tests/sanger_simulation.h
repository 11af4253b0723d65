/* sanger_simulation - reads of two haplotypes, as bases with the heights of four dyes. */
#ifndef SCREENLAB_SANGER_SIMULATION_H
#define SCREENLAB_SANGER_SIMULATION_H

#include "../lab/sanger_slices.h"
#include "trace_fixture.h"

static inline char other_strand(char c)
{
    return "TGCA"[strchr("ACGT", c) - "ACGT"];
}

static inline void turn(char *bases)
{
    size_t n = strlen(bases);
    for (size_t i = 0; i < (n + 1) / 2; i++) {
        char left = other_strand(bases[i]);
        bases[i] = other_strand(bases[n - 1 - i]);
        bases[n - 1 - i] = left;
    }
}

/* A read of two haplotypes, the second at `share` of the height of the first; dyes differ in brightness. */
static inline BaseRead simulate(const char *a, const char *b, double share, int quality,
                                Arena *arena)
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

/* HBB-1 with these alleles at the variant's place, 100 bases on both sides. */
static inline Trace read_like(const SangerVariant *v, const char *first, const char *second,
                              bool reverse, double share, int quality, Arena *arena)
{
    const SangerQuestion *q = &v->question;
    const size_t from = q->at - 100, to = q->at + strlen(q->ref) + 100;
    Trace t = empty_trace(TRACE_SAMPLE, "HBB-1", "", arena);
    char *a =
        arena_print(arena, "%.*s%s%.*s", 100, q->slice + from, first, 100, q->slice + to - 100);
    char *b =
        arena_print(arena, "%.*s%s%.*s", 100, q->slice + from, second, 100, q->slice + to - 100);
    for (char *p = a; *p != '\0'; p++)
        if (*p == 'N') *p = 'A';
    for (char *p = b; *p != '\0'; p++)
        if (*p == 'N') *p = 'A';
    if (reverse) {
        turn(a);
        turn(b);
    }
    BaseRead read = simulate(a, b, share, quality, arena);
    t.bases = arena_alloc(arena, read.n * sizeof *t.bases);
    memcpy(t.bases, read.calls, read.n * sizeof *t.bases);
    t.n_bases = read.n;
    return t;
}

static inline Trace read_of(const SangerVariant *v, const char *first, const char *second,
                            bool reverse, Arena *arena)
{
    return read_like(v, first, second, reverse, 1, 40, arena);
}

#endif
