/* Why: what is expected of every bin decides everything behind it. Method: steps 1 and the features of step 2 of panel.c.
 * The share of a bin is corrected by seen over expected reads of all samples together, each with its own GC curve, which is the
 * maximum of the Poisson likelihood given the curves. Refuses: nothing; a poor bin is masked. */
#include "panel_room.h"

#include "../lab/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3 };

static double total_reads(const Bins *b)
{
    double sum = 0;
    for (uint32_t i = 0; i < b->n; i++)
        sum += b->reads[i];
    return sum;
}

/* Mean read GC of every bin over all samples, and of every sample; no file tells it: no GC correction. */
static void learn_gc(Training *t)
{
    NiptPanel *p = t->panel;
    double sum = 0, square = 0;
    size_t told = 0;
    double *gc = arena_alloc(t->scratch, p->n_bins * sizeof *gc);
    double *reads = arena_alloc(t->scratch, p->n_bins * sizeof *reads);
    for (size_t s = 0; s < t->n; s++) {
        const Bins *b = t->in->samples[s].bins;
        double all = 0;
        for (uint32_t i = 0; b->gc != NULL && i < p->n_bins; i++) {
            gc[i] += b->gc[i];
            reads[i] += b->reads[i];
            all += b->gc[i];
        }
        if (b->gc == NULL) continue;
        double mean = all / fmax(total_reads(b), 1);
        told++;
        sum += mean;
        square += mean * mean;
    }
    for (uint32_t i = 0; i < p->n_bins; i++)
        p->gc[i] = (float)(reads[i] > 0 ? gc[i] / reads[i] : 0);
    if (told == 0) p->gc = NULL;
    p->gc_mean = told > 0 ? sum / (double)told : 0;
    double variance = told > 1 ? (square - sum * p->gc_mean) / (double)(told - 1) : 0;
    p->gc_sd = sqrt(fmax(variance, 0));
    arena_reset(t->scratch);
}

static void scale_shares(NiptPanel *p)
{
    double sum = 0;
    for (uint32_t i = 0; i < p->n_bins; i++)
        sum += (double)p->share[i];
    for (uint32_t i = 0; i < p->n_bins && sum > 0; i++)
        p->share[i] = (float)((double)p->share[i] / sum);
}

static void mask_poor_bins(Training *t)
{
    NiptPanel *p = t->panel;
    double *shares = arena_alloc(t->scratch, p->n_bins * sizeof *shares);
    size_t n = 0;
    for (uint32_t i = 0; i < p->n_bins; i++)
        if (p->share[i] > 0) shares[n++] = (double)p->share[i];
    double floor = t->in->settings.mask_below * median_of(shares, n);
    for (uint32_t i = 0; i < p->n_bins; i++)
        if ((double)p->share[i] < floor) p->share[i] = 0;
    scale_shares(p);
    arena_reset(t->scratch);
}

static void first_shares(Training *t)
{
    NiptPanel *p = t->panel;
    double *reads = arena_alloc(t->arena, t->n * sizeof *reads);
    for (size_t s = 0; s < t->n; s++) {
        const Bins *b = t->in->samples[s].bins;
        reads[s] = total_reads(b);
        for (uint32_t i = 0; i < p->n_bins && reads[s] > 0; i++)
            p->share[i] += (float)(b->reads[i] / reads[s]);
    }
    p->reads = fmax(median_of(reads, t->n), 1);
    scale_shares(p);
    mask_poor_bins(t);
}

/* Seen over expected reads of every bin, all samples together: what a share is wrong by. */
static void improve_shares(Training *t)
{
    NiptPanel *p = t->panel;
    double *seen = calloc(p->n_bins, sizeof *seen), *due = calloc(p->n_bins, sizeof *due);
    for (size_t s = 0; s < t->n && seen != NULL && due != NULL; s++) {
        const Bins *b = t->in->samples[s].bins;
        const NiptProfile *profile = nipt_profile_plain(p, b, t->scratch);
        for (uint32_t i = 0; i < p->n_bins; i++) {
            seen[i] += b->reads[i];
            due[i] += profile->expected[i];
        }
        arena_reset(t->scratch);
    }
    for (uint32_t i = 0; i < p->n_bins && seen != NULL && due != NULL; i++)
        if (due[i] > 0) p->share[i] = (float)((double)p->share[i] * seen[i] / due[i]);
    scale_shares(p);
    free(seen);
    free(due);
}

typedef struct Prior {
    double mean, trust;
} Prior;

/* Where bins' own noise gathers, and how much of their differences is more than chance. `counting` is the variance from counts of
 * n bins, `part` the relative error of a variance of so many samples. */
static Prior prior_of(const double *own, const double *counting, size_t n, double part,
                      Arena *scratch)
{
    double *spread = arena_alloc(scratch, n * sizeof *spread);
    double *chance = arena_alloc(scratch, n * sizeof *chance);
    memcpy(spread, own, n * sizeof *spread);
    Prior p = {.mean = median_of(spread, n)};
    for (size_t i = 0; i < n; i++)
        chance[i] = part * (counting[i] + fmax(p.mean, 0));
    const double far = 4;
    for (int round = 0; round < ROUNDS; round++) {
        double sum = 0, weights = 0;
        for (size_t i = 0; i < n; i++) {
            if (fabs(own[i] - p.mean) > far * chance[i]) continue;
            sum += own[i] / (chance[i] * chance[i]);
            weights += 1 / (chance[i] * chance[i]);
        }
        if (weights > 0) p.mean = sum / weights;
    }
    for (size_t i = 0; i < n; i++)
        spread[i] = (own[i] - p.mean) / chance[i];
    double wide = robust_sd(spread, n);
    p.trust = wide > 1 ? 1 - 1 / (wide * wide) : 0;
    return p;
}

/* Noise of a bin is known as poorly as any variance of so many samples. Its own is drawn to the common one as far as differences are
 * chance, but never further than one standard error: a bin that is truly wild keeps nearly all of it (B. Efron, C. Morris, JASA
 * 67 (1972) 130). Else weights would follow chance, and a sample that taught nothing would scatter more than the panel's own. */
static void settle_noise(Training *t, const double *variance, const double *counting)
{
    NiptPanel *p = t->panel;
    const double part = sqrt(2 / (double)(t->n - 1));
    double *own = arena_alloc(t->scratch, p->n_bins * sizeof *own);
    double *counts = arena_alloc(t->scratch, p->n_bins * sizeof *counts);
    size_t n = 0;
    for (uint32_t i = 0; i < p->n_bins; i++) {
        if (p->share[i] <= 0) continue;
        own[n] = variance[i] - counting[i];
        counts[n++] = counting[i];
    }
    if (n == 0) return;
    Prior prior = prior_of(own, counts, n, part, t->scratch);
    n = 0;
    for (uint32_t i = 0; i < p->n_bins; i++) {
        if (p->share[i] <= 0) continue;
        double error = part * (counting[i] + fmax(prior.mean, 0));
        double drawn = prior.mean + prior.trust * (own[n] - prior.mean);
        drawn = fmin(fmax(drawn, own[n] - error), own[n] + error);
        p->noise[i] = (float)fmax(drawn, 0);
        n++;
    }
    arena_reset(t->scratch);
}

/* Variance of each bin's ratio beyond counting; bins far wilder than others are masked. */
static void learn_noise(Training *t)
{
    NiptPanel *p = t->panel;
    double *sum = arena_alloc(t->arena, p->n_bins * sizeof *sum);
    double *square = arena_alloc(t->arena, p->n_bins * sizeof *square);
    double *counting = arena_alloc(t->arena, p->n_bins * sizeof *counting);
    for (size_t s = 0; s < t->n; s++) {
        const NiptProfile *profile = nipt_profile_plain(p, t->in->samples[s].bins, t->scratch);
        for (uint32_t i = 0; i < p->n_bins; i++) {
            if (profile->expected[i] <= 0) continue;
            sum[i] += profile->ratio[i];
            square[i] += profile->ratio[i] * profile->ratio[i];
            counting[i] += 1 / profile->expected[i];
        }
        arena_reset(t->scratch);
    }
    const double n = (double)t->n, wild = 25;
    for (uint32_t i = 0; i < p->n_bins; i++) {
        if (p->share[i] <= 0) continue;
        square[i] = (square[i] - sum[i] * sum[i] / n) / (n - 1); /* from here on the variance */
        counting[i] /= n;
        if (square[i] > wild * counting[i]) p->share[i] = 0;
    }
    settle_noise(t, square, counting);
    scale_shares(p);
}

void panel_learn_bins(Training *t)
{
    learn_gc(t);
    first_shares(t);
    for (int round = 0; round < ROUNDS; round++)
        improve_shares(t);
    learn_noise(t);
    improve_shares(t);
}

/* ---- windows ---- */

void panel_fill_windows(Training *t)
{
    const size_t w_all = t->windows;
    t->x = arena_alloc(t->arena, t->n * w_all * sizeof *t->x);
    t->seen = arena_alloc(t->arena, t->n * w_all * sizeof *t->seen);
    t->weight = arena_alloc(t->arena, w_all * sizeof *t->weight);
    t->centred = arena_alloc(t->arena, t->n * w_all * sizeof *t->centred);
    for (size_t s = 0; s < t->n; s++) {
        const NiptProfile *p = nipt_profile_plain(t->panel, t->in->samples[s].bins, t->scratch);
        memcpy(t->x + s * w_all, p->x, w_all * sizeof *p->x);
        memcpy(t->seen + s * w_all, p->variance, w_all * sizeof *p->variance);
        for (uint32_t w = 0; w < t->windows; w++)
            t->weight[w] += p->weight[w] / (double)t->n;
        arena_reset(t->scratch);
    }
    for (uint32_t w = 0; w < t->windows; w++) {
        double mean = 0;
        for (size_t s = 0; s < t->n; s++)
            mean += t->x[s * w_all + w] / (double)t->n;
        for (size_t s = 0; s < t->n; s++)
            t->centred[s * w_all + w] = sqrt(t->weight[w]) * (t->x[s * w_all + w] - mean);
    }
}

void panel_fill_grams(Training *t)
{
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        double *g = t->gram[chrom] = arena_alloc(t->arena, t->n * t->n * sizeof *g);
        uint32_t from = t->panel->window_first[chrom], to = t->panel->window_first[chrom + 1];
        for (size_t i = 0; i < t->n; i++)
            for (size_t j = 0; j <= i; j++) {
                const double *a = t->centred + i * t->windows, *b = t->centred + j * t->windows;
                double sum = 0;
                for (uint32_t w = from; w < to; w++)
                    sum += a[w] * b[w];
                g[i * t->n + j] = g[j * t->n + i] = sum;
            }
    }
}
