/* nipt_fixture - a small panel and samples for tests: half-megabase bins, 40 euploids, counts as a real run would have. */
#ifndef SCREENLAB_TESTS_NIPT_FIXTURE_H
#define SCREENLAB_TESTS_NIPT_FIXTURE_H

#include "pipeline/panel.h"
#include "tests/nipt_simulation.h"

enum { FIXTURE_SAMPLES = 40, FIXTURE_BIN = 500000 };

static const PanelSettings fixture_settings = {.least_samples = 30,
                                               .advised_samples = 100,
                                               .window_bases = 2e6,
                                               .mask_below = 0.25,
                                               .outlier_z = 6,
                                               .folds = 5,
                                               .least_trust = 0.25,
                                               .least_labels = 20,
                                               .least_labels_counts = 300};

static inline SimGenome *fixture_genome(Arena *arena)
{
    return sim_genome(BUILD_GRCH38, FIXTURE_BIN, 3, arena);
}

/* `odd` is the trisomy of the last sample; 0 = all euploid. */
static inline PanelInput fixture_input(const SimGenome *genome, int odd, Arena *arena)
{
    PanelSample *samples = arena_alloc(arena, FIXTURE_SAMPLES * sizeof *samples);
    for (size_t i = 0; i < FIXTURE_SAMPLES; i++) {
        SimSample s = {.seed = 100 + i,
                       .reads = 5e6,
                       .fraction = 0.05 + 0.003 * (double)i,
                       .paired = true,
                       .trisomy = i + 1 == FIXTURE_SAMPLES ? odd : 0};
        samples[i] =
            (PanelSample){arena_print(arena, "E%zu", i), sim_bins(genome, &s, arena), s.fraction};
    }
    return (PanelInput){
        .id = "fixture", .samples = samples, .n = FIXTURE_SAMPLES, .settings = fixture_settings};
}

#endif
