/* validate_serum - what the parameter tables promise: detection and false-positive rates of each test by simulation.
 *
 *     validate_serum REFERENCE DRAWS [THREADS]
 *
 * Draws log10 MoM of unaffected and affected pregnancies from the tables' own distributions (counter-based random numbers, Philox4x32-10: J. K.
 * Salmon et al., SC11 (2011), doi 10.1145/2063384.2063405; so draw i is the same on any number of threads), takes their
 * likelihood ratio and prints the detection rate at 5 % false positives and the false positives at 85 % detection,
 * for women of one age and for ages of a normal distribution. A rate is a quantile of a histogram of ln LR with bins of 0.001. */
#include "lab/assays/serum_risk.h"
#include "pipeline/release.h"

#include <math.h>
#include <omp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 60000, HALF = BINS / 2 };
static const double BIN = 0.001;

typedef struct Test {
    const char *name, *set;
    Marker markers[GAUSS_MOST];
    int days[GAUSS_MOST], n;
} Test;

static const Test tests[] = {
    {"T21 double (AFP, hCG)", "t21_us", {MARKER_AFP, MARKER_HCG}, {112, 112}, 2},
    {"T21 triple", "t21_us", {MARKER_AFP, MARKER_UE3, MARKER_HCG}, {112, 112, 112}, 3},
    {"T21 quadruple, scan",
     "t21_us",
     {MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA},
     {112, 112, 112, 112},
     4},
    {"T21 quadruple, dates",
     "t21_lmp",
     {MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA},
     {112, 112, 112, 112},
     4},
    {"T21 NT alone", "t21_us", {MARKER_NT}, {84}, 1},
    {"T21 combined, 11 weeks", "t21_us", {MARKER_NT, MARKER_PAPPA, MARKER_HCG1}, {80, 80, 80}, 3},
    {"T21 combined, 12 weeks", "t21_us", {MARKER_NT, MARKER_PAPPA, MARKER_HCG1}, {87, 87, 87}, 3},
    {"T21 serum integrated",
     "t21_us",
     {MARKER_PAPPA, MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA},
     {80, 112, 112, 112, 112},
     5},
    {"T21 integrated",
     "t21_us",
     {MARKER_NT, MARKER_PAPPA, MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA},
     {80, 80, 112, 112, 112, 112},
     6},
    {"T18 triple", "t18", {MARKER_AFP, MARKER_UE3, MARKER_HCG}, {112, 112, 112}, 3},
    {"T18 combined, 12 weeks", "t18", {MARKER_NT, MARKER_PAPPA, MARKER_HCG1}, {87, 87, 87}, 3},
};

static void philox(uint32_t counter[4], uint32_t k0, uint32_t k1)
{
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * counter[0], b = (uint64_t)0xCD9E8D57u * counter[2];
        uint32_t next[4] = {(uint32_t)(b >> 32) ^ counter[1] ^ k0, (uint32_t)b,
                            (uint32_t)(a >> 32) ^ counter[3] ^ k1, (uint32_t)a};
        memcpy(counter, next, sizeof next);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Standard normal draws number 0..n-1 of pregnancy i of a stream (Box and Muller, Ann Math Stat 29 (1958) 610). */
static void normals(double *z, int n, uint64_t i, uint32_t stream)
{
    for (int k = 0; k < n; k += 2) {
        uint32_t c[4] = {(uint32_t)i, (uint32_t)(i >> 32), (uint32_t)k, stream};
        philox(c, 0x5C3EE41Bu, 20261123u);
        double u = (c[0] + 0.5) / 4294967296.0, v = (c[1] + 0.5) / 4294967296.0;
        double radius = sqrt(-2 * log(u)), angle = 2 * acos(-1) * v;
        z[k] = radius * cos(angle);
        z[k + 1] = radius * sin(angle);
    }
}

static int bin_of(double log_lr)
{
    double at = floor(log_lr / BIN) + HALF;
    return at < 0 ? 0 : at >= BINS ? BINS - 1 : (int)at;
}

/* Histogram of ln LR (plus ln odds of an age when `age_sd` > 0 or an offset is wanted) of one class. */
static void draw(int64_t *histogram, const ParameterSet *set, const Test *t, bool affected,
                 long draws)
{
    Gauss g0, g1;
    Profile shape = {.n = t->n};
    memcpy(shape.markers, t->markers, sizeof shape.markers);
    memcpy(shape.days, t->days, sizeof shape.days);
    if (!serum_pair(&g0, &g1, set, &shape)) {
        (void)fprintf(stderr, "%s: no model\n", t->name);
        exit(1);
    }
    const Gauss *from = affected ? &g1 : &g0;
    uint32_t stream = affected ? 1 : 0;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < draws; i++) {
        double z[GAUSS_MOST + 1], x[GAUSS_MOST];
        Profile p = shape;
        SerumRisk r;
        normals(z, t->n, (uint64_t)i, stream);
        gauss_draw(from, z, x);
        for (int k = 0; k < t->n; k++)
            p.moms[k] = pow(10, x[k]);
        if (!serum_risk(&r, set, 0.001, &p)) continue;
        int bin = bin_of(log(r.lr));
#pragma omp atomic
        histogram[bin]++;
    }
}

/* Share of `of` at or above the value that `share` of `by` reach. */
static double rate(const int64_t *of, const int64_t *by, double share, long draws)
{
    int64_t reached = 0, counted = 0;
    for (int b = BINS - 1; b >= 0; b--) {
        reached += by[b];
        counted += of[b];
        if ((double)reached >= share * (double)draws) return (double)counted / (double)draws;
    }
    return 1;
}

int main(int argc, char **argv)
{
    long draws = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (argc < 3 || draws < 1000 || sodium_init() < 0) {
        (void)fprintf(stderr, "usage: validate_serum REFERENCE DRAWS [THREADS]\n");
        return 2;
    }
    if (argc > 3) omp_set_num_threads((int)strtol(argv[3], NULL, 10));
    Note why;
    Reference *reference;
    Arena *arena = arena_new(NULL);
    if (release_open(&reference, argv[1], true, arena, &why) != OK) {
        (void)fprintf(stderr, "reference: %s %s\n", why.code, why.file);
        return 1;
    }
    const SerumModel *model = reference_model(reference, "serum");
    int64_t *unaffected = malloc(BINS * sizeof *unaffected),
            *affected = malloc(BINS * sizeof *affected);
    if (unaffected == NULL || affected == NULL) return 1;
    (void)printf("%-24s %22s %26s\n", "test (LR alone, no age)", "detection at 5 % FPR",
                 "FPR at 85 % detection");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        memset(unaffected, 0, BINS * sizeof *unaffected);
        memset(affected, 0, BINS * sizeof *affected);
        const ParameterSet *set = serum_set(model, tests[i].set);
        draw(unaffected, set, &tests[i], false, draws);
        draw(affected, set, &tests[i], true, draws);
        (void)printf("%-24s %20.1f %% %24.1f %%\n", tests[i].name,
                     100 * rate(affected, unaffected, 0.05, draws),
                     100 * rate(unaffected, affected, 0.85, draws));
    }
    free(unaffected);
    free(affected);
    arena_free(arena);
    return 0;
}
