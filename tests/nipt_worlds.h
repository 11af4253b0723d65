/* nipt_worlds - where the tools that measure NIPT take their euploids from, and how they teach a panel of them.
 *
 *     World w = {.genome = sim_genome(BUILD_GRCH38, BIN, 11, arena)};
 *     NiptPanel *panel = train(&w, 41000000, 1e7, arena);
 */
#ifndef SCREENLAB_TESTS_NIPT_WORLDS_H
#define SCREENLAB_TESTS_NIPT_WORLDS_H

#include "lab/nipt.h"
#include "pipeline/panel.h"
#include "tests/nipt_simulation.h"

#include <stdio.h>
#include <stdlib.h>

enum { PANEL = 100, BIN = 50000, WANTED = 3, DEPTHS = 4 };
static const int targets[WANTED] = {13, 18, 21};

static const PanelSettings settings = {.least_samples = 30,
                                       .advised_samples = 100,
                                       .window_bases = 2e6,
                                       .mask_below = 0.25,
                                       .outlier_z = 6,
                                       .folds = 10,
                                       .least_trust = 0.25,
                                       .length_gap = 4,
                                       .least_labels = 20,
                                       .least_labels_counts = 300};

static inline void stop(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(2);
}

/* A world makes euploids: from the simulator, or from real counts drawn anew. */
typedef struct World {
    const SimGenome *genome;
    const double *real[8]; /* rates of real samples */
    double *gc;
    size_t n_real;
    bool counting_only;
    bool habits; /* libraries' lengths differ in more ways than the simulator knows of */
    bool single; /* without pairs: z needs none, and drawing them is a third of the time */
} World;

static inline Bins *draw_real(const World *w, uint64_t seed, double reads, Arena *arena)
{
    SimRandom r = sim_random(seed * 2 + 1);
    Bins *b = bins_new(BUILD_GRCH37, BIN, true, false, arena);
    double part[8], sum = 0;
    for (size_t k = 0; k < w->n_real; k++)
        sum += part[k] = -log(sim_uniform(&r));
    for (uint32_t i = 0; i < b->n; i++) {
        double rate = 0;
        for (size_t k = 0; k < w->n_real; k++)
            rate += part[k] / sum * w->real[k][i];
        b->reads[i] = rate > 0 ? sim_poisson(&r, rate * reads) : 0;
        b->gc[i] = (uint32_t)(b->reads[i] * w->gc[i] + 0.5);
        b->examined += b->reads[i];
    }
    return b;
}

/* Lengths drawn anew: the peaks of long and of short pairs lie up to a base or two elsewhere in every library, and no two fetuses have the
 * same part of short pairs. */
static inline void draw_lengths(Bins *b, const SimSample *s)
{
    SimRandom r = sim_random(s->seed * 2 + 900000001);
    double peak = 167 + 0.5 * sim_normal(&r), brief = sim_normal(&r), reads = 0;
    double mother = 0.15 + 0.004 * sim_normal(&r), fetus = 0.45 + 0.02 * sim_normal(&r);
    for (uint32_t i = 0; i < b->n; i++)
        reads += b->reads[i];
    for (int i = 0; i < BINS_LENGTHS; i++) {
        double m = (1 - mother) * sim_bell(i, peak, 10) + mother * sim_bell(i, 146 + brief, 17);
        double f = (1 - fetus) * sim_bell(i, peak, 10) + fetus * sim_bell(i, 140 + brief, 17);
        b->lengths[i] = sim_poisson(&r, reads * ((1 - s->fraction) * m + s->fraction * f));
    }
}

static inline Bins *draw(const World *w, SimSample s, Arena *arena)
{
    if (w->n_real > 0) return draw_real(w, s.seed, s.reads, arena);
    s.counting_only = w->counting_only;
    s.paired = !w->single;
    Bins *b = sim_bins(w->genome, &s, arena);
    if (w->habits) draw_lengths(b, &s);
    return b;
}

static inline NiptPanel *train(const World *w, uint64_t seed, double reads, Arena *arena)
{
    PanelSample *samples = arena_alloc(arena, PANEL * sizeof *samples);
    for (size_t i = 0; i < PANEL; i++) {
        SimRandom r = sim_random(seed + i);
        double fraction = 0.04 + 0.16 * sim_uniform(&r);
        samples[i] = (PanelSample){
            "p",
            draw(w, (SimSample){.seed = seed + i, .reads = reads, .fraction = fraction}, arena),
            fraction};
    }
    Note why;
    NiptPanel *panel;
    PanelInput in = {.id = "v", .samples = samples, .n = PANEL, .settings = settings};
    if (panel_train(&panel, &in, arena, &why) != OK) {
        fprintf(stderr, "%s %s %s\n", why.code, why.field, why.detail);
        stop("the panel was refused");
    }
    return panel;
}

static inline double share_of(const SimGenome *g, int chrom)
{
    double sum = 0;
    for (uint32_t i = bins_first(g->build, g->size, chrom);
         i < bins_first(g->build, g->size, chrom + 1); i++)
        sum += g->share[i];
    return sum;
}

#endif
