/* validate_serum - what the parameter tables promise: detection and false-positive rates of each test by simulation.
 *
 *     validate_serum REFERENCE DRAWS [THREADS [MEAN_AGE SD_AGE]]
 *     validate_serum REFERENCE priors SNIJDERS.csv
 *
 * Draws log10 MoM of unaffected and affected pregnancies from the tables' own distributions (counter-based random numbers, Philox4x32-10: J. K.
 * Salmon et al., SC11 (2011), doi 10.1145/2063384.2063405; so draw i is the same on any number of threads), takes their
 * likelihood ratio and prints the detection rate at 5 % false positives and the false positives at 85 % detection, by the likelihood ratio alone
 * and, given an age distribution, by the risk: ages of unaffected pregnancies are normal, those of affected ones the same times the prior.
 * A rate is a quantile of a histogram of ln LR (or ln odds) with bins of 0.001.
 *
 * `priors` prints the loss-adjusted prior beside a table of odds by age and week (Snijders et al., Ultrasound Obstet Gynecol 1999;13:167-170). */
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

/* Maternal age at delivery, in steps of a tenth of a year: cumulative shares among unaffected and among affected pregnancies. */
enum { AGES = 350 };
static const double YOUNGEST = 15, AGE_STEP = 0.1;

typedef struct Ages {
    bool used;
    double cumulative[2][AGES], log_odds[AGES];
} Ages;

static void make_ages(Ages *out, const SerumPrior *prior, double mean, double sd)
{
    double sums[2] = {0, 0};
    for (int i = 0; i < AGES; i++) {
        double age = YOUNGEST + (i + 0.5) * AGE_STEP, d = (age - mean) / sd;
        double weight = exp(-d * d / 2), p = serum_prior(prior, age);
        out->log_odds[i] = log(p / (1 - p));
        out->cumulative[0][i] = sums[0] += weight * (1 - p);
        out->cumulative[1][i] = sums[1] += weight * p;
    }
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < AGES; i++)
            out->cumulative[c][i] /= sums[c];
    out->used = true;
}

static double log_odds_of_age(const Ages *ages, bool affected, uint64_t i, uint32_t stream)
{
    uint32_t c[4] = {(uint32_t)i, (uint32_t)(i >> 32), GAUSS_MOST + 2, stream};
    philox(c, 0x5C3EE41Bu, 20261123u);
    double u = (c[0] + 0.5) / 4294967296.0;
    int low = 0, high = AGES - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (ages->cumulative[affected][middle] < u)
            low = middle + 1;
        else
            high = middle;
    }
    return ages->log_odds[low];
}

/* Counts of ln LR, and of ln odds with age, of one class. */
typedef struct Counts {
    int64_t lr[BINS], odds[BINS];
} Counts;

static void draw(Counts *counts, const ParameterSet *set, const Test *t, bool affected,
                 const Ages *ages, long draws)
{
    Gauss g0, g1;
    Profile shape = {.n = t->n};
    memcpy(shape.markers, t->markers, sizeof shape.markers);
    memcpy(shape.days, t->days, sizeof shape.days);
    if (serum_pair(&g0, &g1, set, &shape) != PAIR_GOOD) {
        (void)fprintf(stderr, "%s: no model\n", t->name);
        exit(1);
    }
    const Gauss *from = affected ? &g1 : &g0;
    uint32_t stream = affected ? 1 : 0;
    memset(counts, 0, sizeof *counts);
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
        double log_lr = log(r.lr);
        int bin = bin_of(log_lr);
#pragma omp atomic
        counts->lr[bin]++;
        if (!ages->used) continue;
        bin = bin_of(log_lr + log_odds_of_age(ages, affected, (uint64_t)i, stream));
#pragma omp atomic
        counts->odds[bin]++;
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

static void tell_rates(const int64_t *affected, const int64_t *unaffected, long draws)
{
    (void)printf(" %12.1f %% %12.1f %%", 100 * rate(affected, unaffected, 0.05, draws),
                 100 * rate(unaffected, affected, 0.85, draws));
}

static int simulate(const SerumModel *model, const Ages *trimesters, long draws)
{
    Counts *unaffected = malloc(sizeof *unaffected), *affected = malloc(sizeof *affected);
    if (unaffected == NULL || affected == NULL) return 1;
    (void)printf("%-24s %-29s %s\n%-24s %14s %14s", "", "  by the likelihood ratio alone",
                 trimesters->used ? "  by the risk, with age" : "", "test", "DR at 5 % FPR",
                 "FPR at 85 % DR");
    (void)printf("%s\n", trimesters->used ? "  DR at 5 % FPR FPR at 85 % DR" : "");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        const ParameterSet *set = serum_set(model, tests[i].set);
        const Ages *ages = &trimesters[tests[i].days[tests[i].n - 1] < 100 ? 0 : 1];
        draw(unaffected, set, &tests[i], false, ages, draws);
        draw(affected, set, &tests[i], true, ages, draws);
        (void)printf("%-24s", tests[i].name);
        tell_rates(affected->lr, unaffected->lr, draws);
        if (ages->used) tell_rates(affected->odds, unaffected->odds, draws);
        (void)printf("\n");
    }
    free(unaffected);
    free(affected);
    return 0;
}

/* Rows "Age;W10;W12;W14;W16;W20;W40" of odds 1:N: ours at first trimester, mid-trimester and term beside the weeks nearest to them. */
static int priors(const SerumModel *model, const char *path)
{
    const SerumPrior *first = serum_find_prior(model, "first"),
                     *second = serum_find_prior(model, "second");
    FILE *file = fopen(path, "r");
    char line[256];
    if (file == NULL || first == NULL || second == NULL) return 1;
    (void)printf(
        "T21, 1 in N by age at delivery: ours (Morris, loss-adjusted) | Snijders 1999 (odds 1:N)\n"
        "age   first mid-trim    term |  week 12  week 16  week 40\n");
    while (fgets(line, sizeof line, file) != NULL) {
        char *end;
        double v[7], age = strtod(line, &end);
        if (end == line) continue; /* the heading */
        for (int i = 1; i < 7; i++)
            v[i] = *end == ';' ? strtod(end + 1, &end) : NAN;
        double term = serum_prior(second, age) * second->survival;
        (void)printf("%3.0f %7.0f %8.0f %7.0f | %8.0f %8.0f %8.0f\n", age,
                     1 / serum_prior(first, age), 1 / serum_prior(second, age), 1 / term, v[2],
                     v[4], v[6]);
    }
    (void)fclose(file);
    return 0;
}

static const SerumModel *open_model(const char *folder, Arena *arena)
{
    Note why;
    Reference *reference;
    if (release_open(&reference, folder, true, arena, &why) == OK)
        return reference_model(reference, "serum");
    (void)fprintf(stderr, "reference: %s %s\n", why.code, why.file);
    return NULL;
}

int main(int argc, char **argv)
{
    bool of_priors = argc == 4 && strcmp(argv[2], "priors") == 0;
    long draws = argc > 2 && !of_priors ? strtol(argv[2], NULL, 10) : 0;
    if (argc < 3 || (!of_priors && draws < 1000) || sodium_init() < 0) {
        (void)fprintf(stderr, "usage: validate_serum REFERENCE DRAWS [THREADS [MEAN_AGE SD_AGE]]\n"
                              "       validate_serum REFERENCE priors SNIJDERS.csv\n");
        return 2;
    }
    if (argc > 3 && !of_priors) omp_set_num_threads((int)strtol(argv[3], NULL, 10));
    Arena *arena = arena_new(NULL);
    const SerumModel *model = open_model(argv[1], arena);
    if (model == NULL) return 1;
    Ages trimesters[2] = {{.used = false}, {.used = false}};
    if (argc > 5) {
        double mean = strtod(argv[4], NULL), sd = strtod(argv[5], NULL);
        make_ages(&trimesters[0], serum_find_prior(model, "first"), mean, sd);
        make_ages(&trimesters[1], serum_find_prior(model, "second"), mean, sd);
    }
    int code = of_priors ? priors(model, argv[3]) : simulate(model, trimesters, draws);
    arena_free(arena);
    return code;
}
