/* validate_nipt - the accuracy of NIPT in figures: honest errors, power, and real ratios and counts held out.
 *
 *     validate_nipt errors PANELS SAMPLES    SD of z of euploids at four depths, panel made at 10 M reads
 *     validate_nipt limit                    achieved z over the counting limit, over-dispersion off
 *     validate_nipt table SAMPLES            sensitivity and specificity by fetal fraction and reads
 *     validate_nipt preface FILE FOLDS       robust CV of 13, 18 and 21 of real ratios, out of sample
 *     validate_nipt shares GC FILE FILE...   chromosome shares of real counts after GC correction */
#include "lab/nipt.h"
#include "lab/stats.h"
#include "pipeline/panel.h"
#include "tests/nipt_simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { PANEL = 100, BIN = 50000, WANTED = 3, DEPTHS = 4 };
static const int targets[WANTED] = {13, 18, 21};

static const PanelSettings settings = {.least_samples = 30,
                                       .advised_samples = 100,
                                       .window_bases = 2e6,
                                       .mask_below = 0.25,
                                       .outlier_z = 6,
                                       .least_labels = 20,
                                       .least_labels_counts = 300};

static void stop(const char *what)
{
    fprintf(stderr, "validate_nipt: %s\n", what);
    exit(2);
}

static NiptPanel *train(const SimGenome *genome, uint64_t seed, double reads, bool counting_only,
                        Arena *arena)
{
    PanelSample *samples = arena_alloc(arena, PANEL * sizeof *samples);
    for (size_t i = 0; i < PANEL; i++) {
        SimRandom r = sim_random(seed + i);
        double fraction = 0.04 + 0.16 * sim_uniform(&r);
        SimSample s = {.seed = seed + i,
                       .reads = reads,
                       .fraction = fraction,
                       .counting_only = counting_only,
                       .paired = true};
        samples[i] = (PanelSample){"p", sim_bins(genome, &s, arena), fraction};
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

typedef struct Sums {
    double n, z[WANTED], zz[WANTED], beyond, segments, alarms;
} Sums;

static void add_sample(Sums *sums, const NiptPanel *panel, const Bins *bins, double limit,
                       Arena *arena)
{
    NiptProfile *p = nipt_profile(panel, bins, arena);
    sums->n++;
    for (int i = 0; i < WANTED; i++) {
        NiptScore s = nipt_score(panel, p, targets[i], 3, 1.645);
        sums->z[i] += s.z;
        sums->zz[i] += s.z * s.z;
        sums->beyond += s.z > 3;
    }
    NiptSegment *found;
    sums->segments += (double)nipt_segments(&found, panel, p, bins, limit, arena);
}

static double sd_of(const Sums *s)
{
    double sum = 0;
    for (int i = 0; i < WANTED; i++)
        sum += s->zz[i] / s->n;
    return sqrt(sum / WANTED);
}

static void errors(int panels, int samples)
{
    static const double depths[DEPTHS] = {2e6, 5e6, 1e7, 2e7};
    double mean[DEPTHS] = {0}, low[DEPTHS], high[DEPTHS] = {0};
    for (int d = 0; d < DEPTHS; d++)
        low[d] = 9;
    for (int p = 0; p < panels; p++) {
        Arena *arena = arena_new(NULL);
        SimGenome *genome = sim_genome(BUILD_GRCH38, BIN, 11, arena);
        NiptPanel *panel = train(genome, 1000000 + 1000 * (uint64_t)p, 1e7, false, arena);
        double limit = nipt_scan_limit(panel, 0.01);
        printf("panel %2d factors %u excess13/18/21 %.3f/%.3f/%.3f%% cv %.3f/%.3f/%.3f%%", p + 1,
               panel->n_factors, 100 * sqrt(panel->chroms[13].excess),
               100 * sqrt(panel->chroms[18].excess), 100 * sqrt(panel->chroms[21].excess),
               100 * sqrt(panel->chroms[13].held_out), 100 * sqrt(panel->chroms[18].held_out),
               100 * sqrt(panel->chroms[21].held_out));
        for (int d = 0; d < DEPTHS; d++) {
            Sums each[2] = {{0}};
#pragma omp parallel for schedule(static) num_threads(2)
            for (int half = 0; half < 2; half++) {
                Arena *own = arena_new(NULL);
                for (int i = half; i < samples; i += 2) {
                    uint64_t seed = 7000000000u + (uint64_t)p * 10000000 + (uint64_t)d * 100000 + (uint64_t)i;
                    SimSample s = {.seed = seed, .reads = depths[d], .fraction = 0.1, .paired = true};
                    add_sample(&each[half], panel, sim_bins(genome, &s, own), limit, own);
                    arena_reset(own);
                }
                arena_free(own);
            }
            Sums all = each[0];
            all.n += each[1].n;
            all.beyond += each[1].beyond;
            all.segments += each[1].segments;
            for (int i = 0; i < WANTED; i++) {
                all.z[i] += each[1].z[i];
                all.zz[i] += each[1].zz[i];
            }
            double sd = sd_of(&all);
            printf("  %2.0fM %.3f (z>3 %.0f, seg %.0f)", depths[d] / 1e6, sd, all.beyond, all.segments);
            fflush(stdout);
            mean[d] += sd / panels;
            low[d] = fmin(low[d], sd);
            high[d] = fmax(high[d], sd);
        }
        printf("\n");
        arena_free(arena);
    }
    for (int d = 0; d < DEPTHS; d++)
        printf("%2.0f M reads: mean SD of z %.3f, panels %.3f to %.3f\n", depths[d] / 1e6, mean[d],
               low[d], high[d]);
}

int main(int n, char **words)
{
    if (n == 4 && strcmp(words[1], "errors") == 0) {
        errors(atoi(words[2]), atoi(words[3]));
        return 0;
    }
    stop("see the top of this file");
}
