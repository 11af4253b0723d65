/* nipt_random - a panel and a sample of random numbers, small enough that every figure can be computed a second time from its definition:
 *
 *     NiptRandom r = nipt_random(seed, 5000000, 3, arena);       // bins of 5 Mb, three to a window
 *     NiptProfile *p = nipt_profile(&r.panel, r.bins, arena); */
#ifndef SCREENLAB_TESTS_NIPT_RANDOM_H
#define SCREENLAB_TESTS_NIPT_RANDOM_H

#include "lab/nipt.h"

#include <math.h>

typedef struct NiptRandom {
    NiptPanel panel;
    Bins *bins;
    uint64_t chance;
} NiptRandom;

/* 0 <= x < 1 */
static inline double nipt_any(NiptRandom *r)
{
    r->chance = r->chance * 6364136223846793005u + 1442695040888963407u;
    return (double)(r->chance >> 11) / 9007199254740992.0;
}

static inline double nipt_normal(NiptRandom *r)
{
    const double u = nipt_any(r), v = nipt_any(r);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

static inline float *nipt_floats(NiptRandom *r, size_t n, double low, double high, Arena *arena)
{
    float *out = arena_alloc(arena, (n + 1) * sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(low + (high - low) * nipt_any(r));
    return out;
}

/* About one bin in ten is masked; counts scatter about twice as much as by counting. */
static inline NiptRandom nipt_random(uint64_t seed, uint32_t size, uint32_t joined, Arena *arena)
{
    NiptRandom r = {.chance = seed * 7919 + 1};
    r.panel = (NiptPanel){.instrument = "",
                          .aligner = "",
                          .protocol = "",
                          .build = BUILD_GRCH38,
                          .paired = true,
                          .bin_size = size,
                          .window_bins = joined,
                          .n_samples = 50,
                          .n_factors = 2};
    NiptPanel *p = &r.panel;
    nipt_panel_layout(p);
    const uint32_t n = p->n_bins, m = p->n_windows;
    p->reads = 1000.0 * n;
    p->share = nipt_floats(&r, n, 0.5, 1.5, arena);
    p->gc = nipt_floats(&r, n, 36, 50, arena);
    p->noise = nipt_floats(&r, n, 0, 1e-4, arena);
    p->shorts = nipt_floats(&r, m, 0.8, 1.2, arena);
    p->fraction_line = nipt_floats(&r, m, -0.1, 0.1, arena);
    p->length_line = nipt_floats(&r, NIPT_LENGTHS, -1, 1, arena);
    for (uint32_t k = 0; k < 2; k++) {
        p->signal[k] = 0.5 + nipt_any(&r);
        p->project[k] = nipt_floats(&r, m, -1, 1, arena);
        p->loading[k] = nipt_floats(&r, m, -0.02, 0.02, arena);
    }
    for (int c = 1; c <= AUTOSOMES; c++) {
        p->chroms[c] = (NiptChrom){.shift = 0.001 * nipt_any(&r),
                                   .excess = 1e-6 * nipt_any(&r),
                                   .uncertain = 1e-6 * nipt_any(&r),
                                   .held_out = 1e-5 * (0.5 + nipt_any(&r)),
                                   .df = 10 + 50 * nipt_any(&r)};
        p->chroms[c].line = nipt_floats(&r, m, -0.01, 0.01, arena);
    }
    for (int k = 0; k < NIPT_SCALES; k++)
        p->segment_excess[k] = 1e-5 * (0.5 + nipt_any(&r));
    r.bins = bins_new(p->build, size, true, true, arena);
    r.bins->paired = true;
    r.bins->instrument = r.bins->aligner = r.bins->protocol = "";
    for (uint32_t i = 0; i < n; i++) {
        if (nipt_any(&r) < 0.1) p->share[i] = 0;
        const double due = 1000 * (double)p->share[i] * (1 + 0.02 * ((double)p->gc[i] - 43));
        p->share[i] /= (float)n;
        r.bins->reads[i] = (uint32_t)fmax(due + 2 * sqrt(due) * nipt_normal(&r) + 1, 0);
        r.bins->gc[i] = (uint32_t)(r.bins->reads[i] * (double)p->gc[i]);
        r.bins->shorts[i] = (uint32_t)(r.bins->reads[i] * (0.15 + 0.1 * nipt_any(&r)));
    }
    for (int i = 0; i < BINS_LENGTHS; i++)
        r.bins->lengths[i] = (uint32_t)(2000 * nipt_any(&r));
    return r;
}

#endif
