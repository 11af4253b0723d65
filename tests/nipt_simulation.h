/* nipt_simulation - pregnancies that never were: bins of low-pass sequencing, the same for the same seed on every machine.
 *
 *     SimGenome *genome = sim_genome(BUILD_GRCH38, 50000, 1, arena);
 *     Bins *b = sim_bins(genome, &(SimSample){.seed = 7, .reads = 1e7, .fraction = 0.1, .trisomy = 21}, arena);
 *
 * What real libraries do to counts: a GC preference of every sample's own, mappability, gaps, long waves common to a batch with
 * another strength in each sample, over-dispersion of bins and of chromosomes, shorter fetal fragments. */
#ifndef SCREENLAB_TESTS_NIPT_SIMULATION_H
#define SCREENLAB_TESTS_NIPT_SIMULATION_H

#include "lab/bins.h"
#include "lab/variant.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { SIM_WAVES = 3 };

typedef struct SimGenome {
    Build build;
    uint32_t size, n;
    double *gc;    /* per cent */
    double *share; /* of an unbiased library; sums to 1 */
    double *wave[SIM_WAVES];
} SimGenome;

typedef struct SimSample {
    uint64_t seed;
    double reads;    /* expected autosomal */
    double fraction; /* fetal, 0..1 */
    int trisomy;     /* chromosome; 0 = none */
    double mosaic;   /* part of the trisomic cells; 0 counts as 1 */
    int cnv_chrom;   /* 0 = none */
    int64_t cnv_start, cnv_end;
    int cnv_copies; /* 1 or 3 */
    bool cnv_maternal;
    bool counting_only; /* no over-dispersion of any kind */
    bool paired;
    double gc_shift; /* extra GC preference, for a failed library; 0 = none */
} SimSample;

/* ---- chance: xoshiro256** of D. Blackman and S. Vigna (2018), seeded by splitmix64 ---- */

typedef struct SimRandom {
    uint64_t s[4];
} SimRandom;

static inline uint64_t sim_rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline SimRandom sim_random(uint64_t seed)
{
    SimRandom r;
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15u);
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        r.s[i] = z ^ z >> 31;
    }
    return r;
}

static inline uint64_t sim_next(SimRandom *r)
{
    uint64_t out = sim_rotate(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = sim_rotate(r->s[3], 45);
    return out;
}

/* 0 < u < 1 */
static inline double sim_uniform(SimRandom *r)
{
    return ((double)(sim_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double sim_normal(SimRandom *r)
{
    double u = sim_uniform(r), v = sim_uniform(r);
    return sqrt(-2 * log(u)) * cos(6.28318530717958648 * v);
}

static inline double sim_log_factorial(double k)
{
    static const double small[] = {0,
                                   0,
                                   0.69314718055994531,
                                   1.791759469228055,
                                   3.1780538303479458,
                                   4.7874917427820458,
                                   6.5792512120101012,
                                   8.5251613610654147,
                                   10.604602902745251,
                                   12.801827480081469};
    if (k < 10) return small[(int)k];
    double x = k + 1;
    return (x - 0.5) * log(x) - x + 0.91893853320467274 + 1 / (12 * x) - 1 / (360 * x * x * x);
}

/* Exact: W. Hoermann, "The transformed rejection method for generating Poisson random variables", 1993 (PTRS). */
static inline uint32_t sim_poisson(SimRandom *r, double mean)
{
    if (mean < 10) {
        double limit = exp(-mean), product = sim_uniform(r);
        uint32_t k = 0;
        for (; product > limit; k++)
            product *= sim_uniform(r);
        return k;
    }
    double root = sqrt(mean), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
    double inverse = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = sim_uniform(r) - 0.5, v = sim_uniform(r), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= squeeze) return (uint32_t)k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        if (log(v) + log(inverse) - log(a / (us * us) + b) <=
            -mean + k * log(mean) - sim_log_factorial(k))
            return (uint32_t)k;
    }
}

/* ---- the genome ---- */

static inline double *sim_walk(SimRandom *r, uint32_t n, double memory, Arena *arena)
{
    double *out = arena_alloc(arena, n * sizeof *out), x = sim_normal(r);
    for (uint32_t i = 0; i < n; i++) {
        x = memory * x + sqrt(1 - memory * memory) * sim_normal(r);
        out[i] = x;
    }
    return out;
}

static inline SimGenome *sim_genome(Build build, uint32_t size, uint64_t seed, Arena *arena)
{
    SimRandom r = sim_random(seed);
    SimGenome *g = arena_alloc(arena, sizeof *g);
    *g = (SimGenome){.build = build, .size = size, .n = bins_first(build, size, AUTOSOMES + 1)};
    double step = size / 5e4;
    double *isochore = sim_walk(&r, g->n, exp(-step / 40), arena);
    double *local = sim_walk(&r, g->n, exp(-step / 3), arena);
    g->gc = arena_alloc(arena, g->n * sizeof *g->gc);
    g->share = arena_alloc(arena, g->n * sizeof *g->share);
    for (int k = 0; k < SIM_WAVES; k++)
        g->wave[k] = sim_walk(&r, g->n, exp(-step / 200), arena);
    double sum = 0;
    for (int c = 1; c <= AUTOSOMES; c++) {
        uint32_t first = bins_first(build, size, c), end = bins_first(build, size, c + 1);
        double lean = 1.5 * sim_normal(&r),
               middle = first + (end - first) * (0.3 + 0.2 * sim_uniform(&r));
        for (uint32_t i = first; i < end; i++) {
            g->gc[i] = fmin(fmax(41 + lean + 3.5 * isochore[i] + 2 * local[i], 33), 62);
            bool gap = fabs(i - middle) < 1.5e6 / size || sim_uniform(&r) < 0.02;
            double u = sim_uniform(&r);
            g->share[i] = gap ? 0 : u < 0.06 ? 0.3 + 0.5 * sim_uniform(&r) : 0.92 + 0.08 * u;
            sum += g->share[i];
        }
    }
    for (uint32_t i = 0; i < g->n; i++)
        g->share[i] /= sum;
    return g;
}

/* ---- a sample ---- */

/* Expected copies relative to a euploid at that bin. */
static inline double sim_dose(const SimGenome *g, const SimSample *s, int chrom, uint32_t bin)
{
    double dose = 1;
    if (chrom == s->trisomy) dose += s->fraction / 2 * (s->mosaic > 0 ? s->mosaic : 1);
    int64_t place = (int64_t)(bin - bins_first(g->build, g->size, chrom)) * g->size;
    if (chrom == s->cnv_chrom && place >= s->cnv_start && place < s->cnv_end)
        dose += (s->cnv_copies - 2) / 2.0 * (s->cnv_maternal ? 1 - s->fraction / 2 : s->fraction);
    return dose;
}

/* Expected reads of every bin. */
static inline double *sim_rates(const SimGenome *g, const SimSample *s, SimRandom *r, Arena *arena)
{
    double *rate = arena_alloc(arena, g->n * sizeof *rate), sum = 0, score[SIM_WAVES];
    double on = s->counting_only ? 0 : 1;
    double tilt = on * 0.15 * sim_normal(r) + s->gc_shift;
    double bend = -0.05 + on * 0.04 * sim_normal(r);
    for (int k = 0; k < SIM_WAVES; k++)
        score[k] = on * 0.012 * sim_normal(r);
    for (int c = 1; c <= AUTOSOMES; c++) {
        double own = on * 0.0008 * sim_normal(r);
        const uint32_t end = bins_first(g->build, g->size, c + 1);
        for (uint32_t i = bins_first(g->build, g->size, c); i < end; i++) {
            double gc = (g->gc[i] - 41) / 10, log_rate = tilt * gc + bend * gc * gc + own;
            for (int k = 0; k < SIM_WAVES; k++)
                log_rate += score[k] * g->wave[k][i];
            if (on > 0) log_rate += 0.025 * sim_normal(r);
            rate[i] = g->share[i] * exp(log_rate);
            sum += rate[i];
            rate[i] *= sim_dose(g, s, c, i);
        }
    }
    for (uint32_t i = 0; i < g->n; i++)
        rate[i] *= s->reads / sum;
    return rate;
}

static inline double sim_bell(double x, double mean, double sd)
{
    return exp(-(x - mean) * (x - mean) / (2 * sd * sd)) / (sd * 2.5066282746310002);
}

/* Density of pairs by length: `fetal` 0 or 1; `habit` is the sample's own share of short maternal fragments. */
static inline double sim_length(int bases, bool fetal, double habit)
{
    double brief = fetal ? 0.45 : 0.15 + habit;
    double centre = fetal ? 140 : 146;
    return (1 - brief) * sim_bell(bases, 167, 10) + brief * sim_bell(bases, centre, 17);
}

static inline void sim_fill_lengths(Bins *b, const SimSample *s, SimRandom *r, double habit)
{
    double reads = 0;
    for (uint32_t i = 0; i < b->n; i++)
        reads += b->reads[i];
    for (int i = 0; i < BINS_LENGTHS; i++)
        b->lengths[i] = sim_poisson(r, reads * ((1 - s->fraction) * sim_length(i, false, habit) +
                                                s->fraction * sim_length(i, true, habit)));
}

/* Fetal part of the pairs of that bin: larger or smaller where the fetus or the mother has a gain or loss. */
static inline double sim_local_fraction(const SimGenome *g, const SimSample *s, uint32_t bin)
{
    double fetal = 1, mother = 1;
    int chrom = 1;
    if (s->trisomy == 0 && s->cnv_chrom == 0) return s->fraction;
    while (chrom < AUTOSOMES && bin >= bins_first(g->build, g->size, chrom + 1))
        chrom++;
    int64_t place = (int64_t)(bin - bins_first(g->build, g->size, chrom)) * g->size;
    if (chrom == s->trisomy) fetal += 0.5 * (s->mosaic > 0 ? s->mosaic : 1);
    if (chrom == s->cnv_chrom && place >= s->cnv_start && place < s->cnv_end) {
        /* sim_dose() gives half of the fetus of a mother's change: it inherits it in half of its cells' stead */
        fetal += (s->cnv_copies - 2) / 2.0 * (s->cnv_maternal ? 0.5 : 1);
        mother += (s->cnv_copies - 2) / 2.0 * (s->cnv_maternal ? 1 : 0);
    }
    double f = s->fraction * fetal, m = (1 - s->fraction) * mother;
    return fetal == mother ? s->fraction : f / (f + m);
}

static inline double sim_short_part(bool fetal, double habit)
{
    double sum = 0;
    for (int i = 0; i <= 150; i++)
        sum += sim_length(i, fetal, habit);
    return sum;
}

static inline Bins *sim_bins(const SimGenome *g, const SimSample *s, Arena *arena)
{
    SimRandom r = sim_random(s->seed * 2 + 1);
    Bins *b = bins_new(g->build, g->size, true, s->paired, arena);
    double *rate = sim_rates(g, s, &r, arena);
    double habit = s->counting_only ? 0 : 0.004 * sim_normal(&r);
    double brief = sim_short_part(false, habit) * (1 - s->fraction) +
                   sim_short_part(true, habit) * s->fraction;
    b->paired = s->paired;
    b->instrument = "simulated";
    b->aligner = "none";
    b->protocol = s->paired ? "paired" : "single";
    for (uint32_t i = 0; i < g->n; i++) {
        b->reads[i] = sim_poisson(&r, rate[i]);
        double gc = b->reads[i] * g->gc[i] + 8 * sqrt(b->reads[i]) * sim_normal(&r);
        b->gc[i] = (uint32_t)fmin(fmax(gc + 0.5, 0), 100.0 * b->reads[i]);
        if (b->shorts != NULL) {
            double f = sim_local_fraction(g, s, i);
            double here = f == s->fraction ? brief
                                           : sim_short_part(false, habit) * (1 - f) +
                                                 sim_short_part(true, habit) * f;
            uint32_t n = sim_poisson(&r, b->reads[i] * here);
            b->shorts[i] = n < b->reads[i] ? n : b->reads[i];
        }
        b->examined += b->reads[i];
    }
    if (s->paired) sim_fill_lengths(b, s, &r, habit);
    b->ambiguous = (uint64_t)(0.04 * (double)b->examined);
    b->duplicates = (uint64_t)(0.05 * (double)b->examined);
    b->examined += b->ambiguous + b->duplicates;
    return b;
}

#endif
