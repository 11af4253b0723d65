/* power_nipt - what NIPT finds and what it withholds, in figures.
 *
 *     power_nipt table SAMPLES           sensitivity, specificity and no-calls by fetal fraction and reads
 *     power_nipt calls PANELS SAMPLES    no-calls of euploids at 10 M reads, their reasons, and the error of the fetal fraction
 *
 * Every figure comes from the code that judges patients; only the samples are made here. */
#include "lab/stats.h"
#include "tests/nipt_worlds.h"

enum { REASONS = 5 };

/* Whether the default rules of reference/nipt/rules.tsv would withhold a negative. */
static bool no_call(const NiptPanel *panel, const NiptProfile *p, const Bins *b,
                    double why[REASONS])
{
    NiptFraction f = nipt_fraction(panel, p, b);
    double lowest = 0, detectable = 0;
    for (int i = 0; i < WANTED; i++) {
        NiptScore s = nipt_score(panel, p, targets[i], 3, 1.645);
        lowest = fmin(lowest, s.z);
        detectable = fmax(detectable, s.detectable);
    }
    bool broken[REASONS] = {p->reads<2.5e6, p->dispersion> 1.35, lowest<-3, detectable> 0.04,
                            !f.estimated || f.value < fmax(0.035, detectable)};
    bool any = false;
    for (int i = 0; i < REASONS; i++) {
        any = any || broken[i];
        why[i] += broken[i];
    }
    return any;
}

static void power_cell(const World *w, const NiptPanel *panel, double f, double reads, int samples)
{
    double why[REASONS] = {0}, seen[WANTED] = {0}, false_alarms = 0, withheld = 0;
    Arena *own = arena_new(NULL);
    for (int i = 0; i <= WANTED; i++)
        for (int k = 0; k < samples; k++) {
            SimSample s = {.seed = 51000000 + (uint64_t)(f * 1e6) * 977 +
                                   (uint64_t)(reads / 1e6) * 131071 + (uint64_t)(i * 5000 + k),
                           .reads = reads,
                           .fraction = f,
                           .trisomy = i < WANTED ? targets[i] : 0};
            const Bins *b = draw(w, s, own);
            const NiptProfile *p = nipt_profile(panel, b, own);
            for (int j = 0; j < WANTED; j++) {
                bool beyond = nipt_score(panel, p, targets[j], 3, 1.645).z > 3;
                if (i == j) seen[i] += beyond;
                if (i == WANTED) false_alarms += beyond;
            }
            withheld += i == WANTED && no_call(panel, p, b, why);
            arena_reset(own);
        }
    printf("%4.0f %% %4.0f M ", 100 * f, reads / 1e6);
    for (int i = 0; i < WANTED; i++) {
        double p = share_of(w->genome, targets[i]);
        double z = f / 2 * sqrt(reads * p * (1 - p));
        printf(" %6.1f (%5.1f)", 100 * seen[i] / samples, 100 * normal_upper(3 - z));
    }
    printf("  %8.2f  %8.1f\n", 100 - 100 * false_alarms / (WANTED * samples),
           100 * withheld / samples);
    arena_free(own);
}

static void power_table(const World *w, int samples)
{
    static const double fractions[] = {0.02, 0.03, 0.04, 0.06, 0.10},
                        reads[] = {3e6, 5e6, 1e7, 2e7};
    Arena *arena = arena_new(NULL);
    NiptPanel *panel = train(w, 41000000, 1e7, arena);
    printf(
        "sensitivity at z > 3 in %%, beside it what counting alone allows; %d samples a figure\n",
        samples);
    printf("  FF   reads     T13             T18             T21        specificity %%  euploids "
           "not called %%\n");
    for (size_t f = 0; f < 5; f++)
        for (size_t n = 0; n < 4; n++)
            power_cell(w, panel, fractions[f], reads[n], samples);
    arena_free(arena);
}

/* Euploids at 10 M reads and that fetal fraction, or, when it is 0, of at least 4 % out of N(10 %, 4 %), by several panels. */
static double fraction_of(double fixed, uint64_t seed)
{
    SimRandom r = sim_random(seed);
    double f = fixed;
    while (f < 0.04)
        f = 0.10 + 0.04 * sim_normal(&r);
    return f;
}

static void calls_at(const World *w, NiptPanel **panels, int n, int samples, double fixed)
{
    double withheld = 0, why[REASONS] = {0}, wrong = 0, square = 0;
    Arena *own = arena_new(NULL);
    for (int k = 0; k < n * samples; k++) {
        double f = fraction_of(fixed, 61000000 + (uint64_t)k);
        const NiptPanel *panel = panels[k % n];
        const Bins *b =
            draw(w, (SimSample){.seed = 62000000 + (uint64_t)k, .reads = 1e7, .fraction = f}, own);
        const NiptProfile *p = nipt_profile(panel, b, own);
        double error = nipt_fraction(panel, p, b).value - f;
        wrong += error;
        square += error * error;
        withheld += no_call(panel, p, b, why);
        arena_reset(own);
    }
    double all = n * samples, bias = wrong / all;
    if (fixed > 0)
        printf("fraction %.0f %%:", 100 * fixed);
    else
        printf("fractions N(10 %%, 4 %%) of at least 4 %%:");
    printf(
        " not called %.2f %% of %.0f; reads %.2f, scatter %.2f, a target too low %.2f, power %.2f, "
        "fraction %.2f %%; error of the fraction: bias %.2f, SD %.2f points\n",
        100 * withheld / all, all, 100 * why[0] / all, 100 * why[1] / all, 100 * why[2] / all,
        100 * why[3] / all, 100 * why[4] / all, 100 * bias, 100 * sqrt(square / all - bias * bias));
    (void)fflush(stdout);
    arena_free(own);
}

static void calls(const World *w, int n, int samples)
{
    Arena *arena = arena_new(NULL);
    NiptPanel **panels = arena_alloc(arena, (size_t)n * sizeof *panels);
    for (int i = 0; i < n; i++)
        panels[i] = train(w, 41000000 + 1000 * (uint64_t)i, 1e7, arena);
    printf(
        "no-calls at 10 M reads, %d panels of 100 (asked of fractions of at least 4 %%: at most 2 "
        "%%)\n",
        n);
    calls_at(w, panels, n, samples, 0);
    calls_at(w, panels, n, samples, 0.04);
    calls_at(w, panels, n, samples, 0.05);
    arena_free(arena);
}

int main(int n, char **words)
{
    Arena *arena = arena_new(NULL);
    World simulated = {.genome = sim_genome(BUILD_GRCH38, BIN, 11, arena), .habits = true};
    const char *what = n > 1 ? words[1] : "";
    if (n == 3 && strcmp(what, "table") == 0)
        power_table(&simulated, atoi(words[2]));
    else if (n == 4 && strcmp(what, "calls") == 0)
        calls(&simulated, atoi(words[2]), atoi(words[3]));
    else
        stop("see the top of this file");
    arena_free(arena);
    return 0;
}
