/* validate_nipt - the accuracy of NIPT in figures: honest errors, power, and real ratios and counts held out.
 *
 *     validate_nipt errors PANELS SAMPLES            SD of z of euploids at four depths, panels made at 10 M reads
 *     validate_nipt real PANELS SAMPLES FILE...      the same from real counts, mixed and drawn anew
 *     validate_nipt limit SAMPLES                    achieved z over the counting limit, over-dispersion off
 *     validate_nipt judge SAMPLES                    processor time of judging one sample
 *     validate_nipt preface FILE FOLDS [ROUNDS]      robust CV of 13, 18 and 21 of real ratios, out of sample
 *     validate_nipt shares FILE...                   chromosome shares of real counts after GC correction
 *
 * Every figure comes from the code that judges patients; only the samples are made or read here. */
#include "lab/nipt.h"
#include "lab/stats.h"
#include "pipeline/panel.h"
#include "tests/nipt_worlds.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

/* ---- honest errors ---- */

typedef struct Sums {
    double n, zz, beyond, below, segments, told;
} Sums;

static void add_sample(Sums *sums, const NiptPanel *panel, const Bins *bins, double limit,
                       Arena *arena)
{
    NiptProfile *p = nipt_profile(panel, bins, arena);
    sums->n++;
    for (int i = 0; i < WANTED; i++) {
        double z = nipt_score(panel, p, targets[i], 3, 1.645).z;
        sums->zz += z * z / WANTED;
        sums->beyond += z > 3;
        sums->below += z < -3;
    }
    NiptSegment *found;
    size_t n = nipt_segments(&found, panel, p, bins, limit, arena);
    bool told = false;
    for (size_t i = 0; i < n; i++)
        told = told || (!found[i].whole && found[i].end - found[i].start >= 5000000);
    sums->segments += n > 0;
    sums->told += told;
}

static Sums euploids(const World *w, const NiptPanel *panel, uint64_t seed, double reads,
                     int samples)
{
    Sums each[2] = {{0}};
    double limit = nipt_scan_limit(panel, 0.01);
#pragma omp parallel for schedule(static) num_threads(2)
    for (int half = 0; half < 2; half++) {
        Arena *own = arena_new(NULL);
        for (int i = half; i < samples; i += 2) {
            SimSample s = {.seed = seed + (uint64_t)i, .reads = reads, .fraction = 0.1};
            add_sample(&each[half], panel, draw(w, s, own), limit, own);
            arena_reset(own);
        }
        arena_free(own);
    }
    return (Sums){each[0].n + each[1].n,
                  each[0].zz + each[1].zz,
                  each[0].beyond + each[1].beyond,
                  each[0].below + each[1].below,
                  each[0].segments + each[1].segments,
                  each[0].told + each[1].told};
}

static void errors(const World *w, int panels, int samples)
{
    static const double depths[DEPTHS] = {2e6, 5e6, 1e7, 2e7};
    double mean[DEPTHS] = {0}, low[DEPTHS] = {9, 9, 9, 9}, high[DEPTHS] = {0};
    double beyond[DEPTHS] = {0}, below[DEPTHS] = {0}, segments[DEPTHS] = {0}, told[DEPTHS] = {0};
    for (int p = 0; p < panels; p++) {
        Arena *arena = arena_new(NULL);
        NiptPanel *panel = train(w, 1000000 + 1000 * (uint64_t)p, 1e7, arena);
        printf("panel %2d: SD of z", p + 1);
        for (int d = 0; d < DEPTHS; d++) {
            uint64_t seed = 7000000000u + (uint64_t)p * 10000000 + (uint64_t)d * 100000;
            Sums s = euploids(w, panel, seed, depths[d], samples);
            double sd = sqrt(s.zz / s.n);
            printf("  %.0f M %.3f", depths[d] / 1e6, sd);
            fflush(stdout);
            mean[d] += sd / panels;
            beyond[d] += s.beyond;
            below[d] += s.below;
            segments[d] += s.segments;
            told[d] += s.told;
            low[d] = fmin(low[d], sd);
            high[d] = fmax(high[d], sd);
        }
        printf("\n");
        arena_free(arena);
    }
    for (int d = 0; d < DEPTHS; d++)
        printf("%2.0f M reads: mean SD of z %.3f (asked 0.95-1.05), panels %.3f to %.3f (asked "
               "0.85-1.15), z > 3 in "
               "%.2f %%, z < -3 in %.2f %% (normal 0.13), euploids with a segment %.2f %%, with "
               "one of 5 Mb or more "
               "%.2f %% (wanted: 1)\n",
               depths[d] / 1e6, mean[d], low[d], high[d],
               100 * beyond[d] / (WANTED * panels * samples),
               100 * below[d] / (WANTED * panels * samples), 100 * segments[d] / (panels * samples),
               100 * told[d] / (panels * samples));
}

/* ---- the counting limit ---- */

static void counting_limit(const World *w, int samples)
{
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    World counting = {.genome = w->genome, .counting_only = true};
    NiptPanel *panel = train(&counting, 31000000, 1e7, arena);
    for (int i = 0; i < WANTED; i++) {
        double sum = 0, p = share_of(w->genome, targets[i]), f = 0.1, n = 1e7;
        for (int k = 0; k < samples; k++) {
            SimSample s = {.seed = 32000000 + (uint64_t)(1000 * i + k),
                           .reads = n,
                           .fraction = f,
                           .trisomy = targets[i]};
            const Bins *b = draw(&counting, s, own);
            sum += nipt_score(panel, nipt_profile(panel, b, own), targets[i], 3, 1.645).z / samples;
            arena_reset(own);
        }
        double limit = f / 2 * sqrt(n * p * (1 - p));
        printf(
            "T%d at 10 M reads, 10 %%: mean z %.2f, counting limit %.2f: %.1f %% (asked 95 %%)\n",
            targets[i], sum, limit, 100 * sum / limit);
    }
    arena_free(own);
    arena_free(arena);
}

/* ---- real data ---- */

static gzFile open_gz(const char *path)
{
    gzFile f = gzopen(path, "rb");
    if (f == NULL) stop("cannot open the file");
    return f;
}

/* chrom start s1 ... sN of log2 ratios at 100 kb: counts that have these ratios, `depth` a bin. */
static Bins **read_ratios(const char *path, size_t *n, double depth, Arena *arena)
{
    enum { LINE = 65536, MOST = 400 };
    char *line = arena_alloc(arena, LINE);
    Bins **out = arena_alloc(arena, MOST * sizeof *out);
    gzFile f = open_gz(path);
    *n = 0;
    while (gzgets(f, line, LINE) != NULL) {
        char *p = line;
        int chrom = (int)strtol(p, &p, 10);
        if (chrom < 1 || chrom > AUTOSOMES) continue;
        double start = strtod(p, &p);
        uint32_t bin = bins_first(BUILD_GRCH38, 100000, chrom) + (uint32_t)(start / 1e5);
        size_t s = 0;
        while (*p == '\t' && s < MOST) {
            char *end;
            double ratio = strtod(p + 1, &end);
            bool told = end > p + 1;
            p += 1 + strcspn(p + 1, "\t\n");
            if (s == *n) out[(*n)++] = bins_new(BUILD_GRCH38, 100000, false, false, arena);
            out[s++]->reads[bin] =
                (uint32_t)(depth * (told && isfinite(ratio) ? exp2(ratio) : 1) + 0.5);
        }
    }
    gzclose(f);
    return out;
}

/* The files tell ratios, not reads. No bin scatters less than its counts do, so the twentieth part of bins that scatter least tell how many
 * reads a bin had at the least. */
static double depth_of(const char *path, Arena *arena)
{
    size_t n, used = 0;
    const double scale = 1e6;
    Bins **all = read_ratios(path, &n, scale, arena);
    double *depth = arena_alloc(arena, all[0]->n * sizeof *depth);
    for (uint32_t b = 0; b < all[0]->n; b++) {
        double sum = 0, square = 0;
        for (size_t s = 0; s < n; s++) {
            double x = all[s]->reads[b] / scale;
            sum += x / (double)n;
            square += x * x / (double)n;
        }
        double variance = (square - sum * sum) * (double)n / (double)(n - 1);
        if (sum > 0 && variance > 1e-9) depth[used++] = sum * sum / variance;
    }
    (void)median_of(depth, used); /* sorts */
    return used > 0 ? depth[used - 1 - used / 20] : 750;
}

typedef struct Preface {
    Bins **all;
    size_t n, folds;
    double *y[WANTED], *plain[WANTED], *z[WANTED];
} Preface;

static void preface_sample(Preface *f, const NiptPanel *panel, size_t s, Arena *own)
{
    NiptProfile *p = nipt_profile(panel, f->all[s], own);
    for (int i = 0; i < WANTED; i++) {
        NiptScore score = nipt_score(panel, p, targets[i], 3, 1.645);
        f->y[i][s] = score.ratio;
        f->z[i][s] = score.z;
        double sum = 0, weights = 0;
        for (uint32_t k = panel->window_first[targets[i]]; k < panel->window_first[targets[i] + 1];
             k++) {
            sum += p->weight[k] * p->x[k];
            weights += p->weight[k];
        }
        f->plain[i][s] = sum / weights;
    }
}

/* Samples are dealt to folds by `order`; each fold is judged by a panel of the others. */
static void preface_round(Preface *f, const size_t *order)
{
    for (size_t fold = 0; fold < f->folds; fold++) {
        Arena *own = arena_new(NULL);
        PanelSample *samples = arena_alloc(own, f->n * sizeof *samples);
        PanelInput in = {.id = "preface", .samples = samples, .settings = settings};
        in.settings.outlier_z = 1e9; /* published as they are: judged, not chosen */
        for (size_t s = 0; s < f->n; s++)
            if (s % f->folds != fold) samples[in.n++] = (PanelSample){"s", f->all[order[s]], NAN};
        Note why;
        NiptPanel *panel;
        if (panel_train(&panel, &in, own, &why) != OK) stop(why.code);
        for (size_t s = fold; s < f->n; s += f->folds)
            preface_sample(f, panel, order[s], own);
        arena_free(own);
    }
}

/* The first round deals in the order of the file, the others by chance: a robust CV of few samples varies with the dealing. */
static void preface(const char *path, size_t folds, int rounds)
{
    static const double asked[WANTED] = {0.175, 0.190, 0.180};
    Arena *arena = arena_new(NULL);
    Preface f = {.folds = folds};
    double depth = depth_of(path, arena), cv[WANTED] = {0}, bare[WANTED] = {0}, sd[WANTED] = {0};
    double low[WANTED] = {9, 9, 9}, high[WANTED] = {0}, zz[WANTED] = {0};
    f.all = read_ratios(path, &f.n, depth, arena);
    size_t *order = arena_alloc(arena, f.n * sizeof *order);
    for (size_t s = 0; s < f.n; s++)
        order[s] = s;
    for (int i = 0; i < WANTED; i++) {
        f.y[i] = arena_alloc(arena, f.n * sizeof *f.y[i]);
        f.z[i] = arena_alloc(arena, f.n * sizeof *f.z[i]);
        f.plain[i] = arena_alloc(arena, f.n * sizeof *f.plain[i]);
    }
    SimRandom chance = sim_random(1);
    for (int round = 0; round < rounds; round++) {
        preface_round(&f, order);
        for (int i = 0; i < WANTED; i++) {
            double mean = 0;
            for (size_t s = 0; s < f.n; s++)
                mean += f.y[i][s] / (double)f.n;
            for (size_t s = 0; s < f.n; s++) {
                sd[i] += (f.y[i][s] - mean) * (f.y[i][s] - mean) / (double)(f.n - 1) / rounds;
                zz[i] += f.z[i][s] * f.z[i][s] / (double)f.n / rounds;
            }
            double own = robust_sd(f.y[i], f.n);
            cv[i] += own / rounds;
            low[i] = fmin(low[i], own);
            high[i] = fmax(high[i], own);
            bare[i] += robust_sd(f.plain[i], f.n) / rounds;
        }
        for (size_t s = f.n - 1; s > 0; s--) {
            size_t other = (size_t)(sim_uniform(&chance) * (double)(s + 1)), swap = order[s];
            order[s] = order[other];
            order[other] = swap;
        }
    }
    printf("%zu samples, %zu folds, %d rounds, taken as %.0f reads a bin\n", f.n, folds, rounds,
           depth);
    for (int i = 0; i < WANTED; i++)
        printf(
            "chr%d: robust CV %.3f %% (asked %.3f; rounds %.3f to %.3f), without regression %.3f "
            "%%; SD %.3f %%; SD of z %.3f\n",
            targets[i], 100 * cv[i], asked[i], 100 * low[i], 100 * high[i], 100 * bare[i],
            100 * sqrt(sd[i]), sqrt(zz[i]));
    arena_free(arena);
}

/* chr bin fwd rev gc of 50 kb bins, GRCh37. */
static Bins *read_counts(const char *path, double *gc, Arena *arena)
{
    char line[256];
    Bins *b = bins_new(BUILD_GRCH37, BIN, true, false, arena);
    gzFile f = open_gz(path);
    while (gzgets(f, line, sizeof line) != NULL) {
        int chrom, bin;
        double forward, reverse, percent = 0;
        if (sscanf(line, "%d %d %lf %lf %lf", &chrom, &bin, &forward, &reverse, &percent) < 4 ||
            chrom < 1 || chrom > AUTOSOMES)
            continue;
        uint32_t i = bins_first(BUILD_GRCH37, BIN, chrom) + (uint32_t)bin;
        if (i >= bins_first(BUILD_GRCH37, BIN, chrom + 1)) continue;
        b->reads[i] = (uint32_t)(forward + reverse);
        b->gc[i] = (uint32_t)(percent * b->reads[i] + 0.5);
        gc[i] = percent > 0 ? percent : 0;
    }
    gzclose(f);
    return b;
}

static void shares(int n, char **paths)
{
    Arena *arena = arena_new(NULL);
    double low[NIPT_CHROMS], high[NIPT_CHROMS] = {0};
    for (int c = 0; c < NIPT_CHROMS; c++)
        low[c] = 1;
    for (int k = 0; k < n; k++) {
        double *gc = arena_alloc(arena, 700000 * sizeof *gc), curve[NIPT_STRATA],
               sums[NIPT_CHROMS] = {0}, raw[NIPT_CHROMS] = {0}, all = 0, all_raw = 0;
        const Bins *b = read_counts(paths[k], gc, arena);
        double *expected = arena_alloc(arena, b->n * sizeof *expected),
               *counts = arena_alloc(arena, b->n * sizeof *counts);
        float *percent = arena_alloc(arena, b->n * sizeof *percent);
        size_t used = 0;
        for (uint32_t i = 0; i < b->n; i++)
            if (gc[i] > 0 && b->reads[i] > 0) counts[used++] = b->reads[i];
        double middle = median_of(counts, used);
        for (uint32_t i = 0; i < b->n; i++) {
            percent[i] = (float)gc[i];
            expected[i] =
                gc[i] > 0 && b->reads[i] > 0.25 * middle && b->reads[i] < 3 * middle ? middle : 0;
        }
        nipt_gc_curve(curve, b, percent, expected);
        for (int c = 1; c <= AUTOSOMES; c++)
            for (uint32_t i = bins_first(BUILD_GRCH37, BIN, c);
                 i < bins_first(BUILD_GRCH37, BIN, c + 1); i++) {
                if (expected[i] <= 0) continue;
                sums[c] += b->reads[i] / nipt_gc_at(curve, gc[i]);
                raw[c] += b->reads[i];
            }
        for (int c = 1; c <= AUTOSOMES; c++) {
            all += sums[c];
            all_raw += raw[c];
        }
        printf("%s:", strrchr(paths[k], '/') ? strrchr(paths[k], '/') + 1 : paths[k]);
        for (int i = 0; i < WANTED; i++) {
            int c = targets[i];
            printf("  chr%d %.4f %% (raw %.4f)", c, 100 * sums[c] / all, 100 * raw[c] / all_raw);
            low[c] = fmin(low[c], sums[c] / all);
            high[c] = fmax(high[c], sums[c] / all);
        }
        printf("\n");
    }
    for (int i = 0; i < WANTED; i++)
        printf("chr%d: largest over smallest share %.2f %% (asked: within 1 %%)\n", targets[i],
               100 * (high[targets[i]] / low[targets[i]] - 1));
    arena_free(arena);
}

/* Time of judging one sample whose bins are in memory: scores of all chromosomes, segments, fraction. */
static void judge_time(const World *w, int samples)
{
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    NiptPanel *panel = train(w, 71000000, 1e7, arena);
    const Bins *b = draw(w, (SimSample){.seed = 72000000, .reads = 1e7, .fraction = 0.1}, arena);
    struct timespec from, to;
    double limit = nipt_scan_limit(panel, 0.01);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < samples; i++) {
        NiptSegment *found;
        const NiptProfile *p = nipt_profile(panel, b, own);
        for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
            (void)nipt_score(panel, p, chrom, 3, 1.645);
        (void)nipt_segments(&found, panel, p, b, limit, own);
        (void)nipt_fraction(panel, p, b);
        arena_reset(own);
    }
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("judging one sample from bins: %.3f s of processor time\n", seconds / samples);
    arena_free(own);
    arena_free(arena);
}

static World real_world(int n, char **paths, Arena *arena)
{
    World w = {.n_real = (size_t)(n < 8 ? n : 8)};
    w.gc = arena_alloc(arena, 700000 * sizeof *w.gc);
    for (size_t k = 0; k < w.n_real; k++) {
        const Bins *b = read_counts(paths[k], w.gc, arena);
        double *rate = arena_alloc(arena, b->n * sizeof *rate), sum = 0;
        for (uint32_t i = 0; i < b->n; i++)
            sum += b->reads[i];
        for (uint32_t i = 0; i < b->n; i++)
            rate[i] = b->reads[i] / sum;
        w.real[k] = rate;
    }
    return w;
}

int main(int n, char **words)
{
    Arena *arena = arena_new(NULL);
    World simulated = {.genome = sim_genome(BUILD_GRCH38, BIN, 11, arena)};
    const char *what = n > 1 ? words[1] : "";
    if (n == 4 && strcmp(what, "errors") == 0) {
        simulated.single = true;
        errors(&simulated, atoi(words[2]), atoi(words[3]));
    } else if (n > 4 && strcmp(what, "real") == 0) {
        World w = real_world(n - 4, words + 4, arena);
        errors(&w, atoi(words[2]), atoi(words[3]));
    } else if (n == 3 && strcmp(what, "limit") == 0) {
        counting_limit(&simulated, atoi(words[2]));
    } else if (n == 3 && strcmp(what, "judge") == 0) {
        judge_time(&simulated, atoi(words[2]));
    } else if ((n == 4 || n == 5) && strcmp(what, "preface") == 0) {
        preface(words[2], (size_t)atoi(words[3]), n == 5 ? atoi(words[4]) : 1);
    } else if (n > 2 && strcmp(what, "shares") == 0) {
        shares(n - 2, words + 2);
    } else {
        stop("see the top of this file");
    }
    arena_free(arena);
    return 0;
}
