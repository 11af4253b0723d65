/* Why: a z is only as honest as the panel behind it. Method:
 *  1. Shares and mean read GC of bins, each sample's GC curve, and again: three rounds. Bins with few reads or a wild
 *     variance are masked.
 *  2. Windows' ratios, weighted by the inverse variance of their bins, are the features. Each chromosome is
 *     foretold from all windows of the others (13, 18 and 21 and itself left out) by kernel ridge regression (A. E. Hoerl,
 *     R. W. Kennard, Technometrics 12 (1970) 55): with a hundred samples and a thousand windows it is solved in
 *     the space of samples, and the penalty is the one whose held-out squared error is least.
 *  3. Held-out residuals are exact without refitting: r / (1 - h) (PRESS, D. M. Allen, Technometrics 16 (1974) 125).
 *     From their mean square the panel's own counting variance and the part that comes from its finite size are taken
 *     apart; what remains is over-dispersion. So nothing is judged by the samples that taught it.
 *  4. Principal components of the windows outside 13, 18 and 21 that stand above the noise edge of a random matrix
 *     (V. A. Marchenko, L. A. Pastur, 1967) clean the segments.
 * Eigenvectors come from LAPACK, all else from this file, one thread, one order of sums: the same bytes everywhere.
 * Refuses: samples that do not belong together, and a panel in which one sample stands out, since a trisomy in the panel
 * makes every later trisomy look normal. */
#include "panel.h"

#include "../lab/stats.h"

#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3, PENALTIES = 13 };

/* All buffers of one training, in one struct so that the steps read as steps. */
typedef struct Training {
    const PanelInput *in;
    NiptPanel *panel;
    Arena *arena, *scratch; /* scratch is emptied after every sample */
    size_t n;               /* samples */
    uint32_t windows;
    double *x;       /* n x windows: ratio minus one */
    double *seen;    /* n x windows: counting variance */
    double *weight;  /* windows */
    double *centred; /* n x windows: sqrt(weight) * (x - mean) */
    double *gram[NIPT_CHROMS]; /* n x n of each chromosome's windows */
    double *vectors, *values;  /* eigen-system of the Gram matrix at hand */
} Training;

/* ---- samples that belong together ---- */

static const char *difference(const Bins *a, const Bins *b)
{
    if (a->build != b->build) return "build";
    if (a->size != b->size) return "bin_size";
    if (a->paired != b->paired) return "pairing";
    if (strcmp(a->instrument, b->instrument) != 0) return "instrument";
    if (strcmp(a->aligner, b->aligner) != 0) return "aligner";
    if (strcmp(a->protocol, b->protocol) != 0) return "protocol";
    return NULL;
}

static bool same_counts(const Bins *a, const Bins *b)
{
    return memcmp(a->reads, b->reads, a->n * sizeof *a->reads) == 0;
}

static Status check_samples(const PanelInput *in, Note *why)
{
    if ((double)in->n < in->settings.least_samples || in->n > NIPT_SAMPLES)
        return note_fail(why, REFUSED, "panel.few", (Place){.field = "samples"}, "%zu", in->n);
    for (size_t i = 0; i < in->n; i++) {
        const PanelSample *s = &in->samples[i];
        const char *field = difference(in->samples[0].bins, s->bins);
        if (field != NULL)
            return note_fail(why, REFUSED, "panel.mixed", (Place){.file = s->name, .field = field},
                             NULL);
        for (size_t j = 0; j < i; j++)
            if (same_counts(in->samples[j].bins, s->bins))
                return note_fail(why, REFUSED, "panel.twice", (Place){.file = s->name}, "%s",
                                 in->samples[j].name);
    }
    return OK;
}

/* ---- bins ---- */

static void begin_panel(Training *t)
{
    const Bins *first = t->in->samples[0].bins;
    NiptPanel *p = t->panel;
    *p = (NiptPanel){.id = t->in->id,
                     .instrument = first->instrument,
                     .aligner = first->aligner,
                     .protocol = first->protocol,
                     .build = first->build,
                     .paired = first->paired,
                     .bin_size = first->size,
                     .n_samples = (uint32_t)t->n};
    double bins = t->in->settings.window_bases / first->size;
    p->window_bins = bins < 1 ? 1 : (uint32_t)bins;
    nipt_panel_layout(p);
    p->share = arena_alloc(t->arena, p->n_bins * sizeof *p->share);
    p->noise = arena_alloc(t->arena, p->n_bins * sizeof *p->noise);
    p->gc = arena_alloc(t->arena, p->n_bins * sizeof *p->gc);
    t->windows = p->n_windows;
}

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
    for (uint32_t i = 0; i < p->n_bins && due != NULL; i++)
        if (due[i] > 0) p->share[i] = (float)((double)p->share[i] * seen[i] / due[i]);
    scale_shares(p);
    free(seen);
    free(due);
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
        double variance = (square[i] - sum[i] * sum[i] / n) / (n - 1);
        p->noise[i] = (float)fmax(variance - counting[i] / n, 0);
        if (variance > wild * counting[i] / n) p->share[i] = 0;
    }
    scale_shares(p);
}

/* ---- windows ---- */

static void fill_windows(Training *t)
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

static void fill_grams(Training *t)
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

/* Eigen-system of the Gram matrix over all chromosomes but 13, 18, 21 and `without` (0 = none). */
static Status decompose(Training *t, int without, Note *why)
{
    const size_t cells = t->n * t->n;
    memset(t->vectors, 0, cells * sizeof *t->vectors);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (size_t i = 0; chrom != without && !nipt_target(chrom) && i < cells; i++)
            t->vectors[i] += t->gram[chrom][i];
    lapack_int n = (lapack_int)t->n;
    if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'U', n, t->vectors, n, t->values) != 0)
        return note_fail(why, REFUSED, "panel.algebra", (Place){.field = "eigenvalues"}, NULL);
    for (size_t k = 0; k < t->n; k++)
        t->values[k] = fmax(t->values[k], 0);
    return OK;
}

/* ---- regression ---- */

typedef struct Fit {
    double *alpha;    /* weights of the samples */
    double *held_out; /* residual of each sample, foretold by the others */
    double *leverage;
    double error;     /* mean square of held_out */
} Fit;

/* Ridge regression of y (centred) on the decomposed Gram matrix. penalty INFINITY = the mean alone. */
static void fit_ridge(Fit *fit, const Training *t, const double *y, double penalty)
{
    const double n = (double)t->n;
    for (size_t s = 0; s < t->n; s++) {
        fit->leverage[s] = 1 / n;
        fit->held_out[s] = y[s];
        fit->alpha[s] = 0;
    }
    for (size_t k = 0; k < t->n && isfinite(penalty); k++) {
        const double *v = t->vectors + k * t->n;
        double along = 0, shrink = t->values[k] / (t->values[k] + penalty);
        if (t->values[k] <= 1e-12 * t->values[t->n - 1]) continue;
        for (size_t s = 0; s < t->n; s++)
            along += v[s] * y[s];
        for (size_t s = 0; s < t->n; s++) {
            fit->alpha[s] += v[s] * along / (t->values[k] + penalty);
            fit->held_out[s] -= v[s] * along * shrink;
            fit->leverage[s] += v[s] * v[s] * shrink;
        }
    }
    fit->error = 0;
    for (size_t s = 0; s < t->n; s++) {
        fit->held_out[s] /= 1 - fmin(fit->leverage[s], 0.99);
        fit->error += fit->held_out[s] * fit->held_out[s] / n;
    }
}

static Fit new_fit(Arena *arena, size_t n)
{
    return (Fit){.alpha = arena_alloc(arena, n * sizeof(double)),
                 .held_out = arena_alloc(arena, n * sizeof(double)),
                 .leverage = arena_alloc(arena, n * sizeof(double))};
}

/* The penalty with the least held-out error, from none of the others' help to nearly all of it. */
static Fit best_fit(const Training *t, const double *y)
{
    Fit best = new_fit(t->arena, t->n), other = new_fit(t->arena, t->n);
    double trace = 0;
    for (size_t k = 0; k < t->n; k++)
        trace += t->values[k] / (double)t->n;
    fit_ridge(&best, t, y, INFINITY);
    for (int i = 0; i < PENALTIES; i++) {
        fit_ridge(&other, t, y, trace * pow(10, 2 - i / 4.0));
        if (other.error >= best.error) continue;
        Fit swap = best;
        best = other;
        other = swap;
    }
    return best;
}

/* Adds to the line the windows of the chromosomes that foretell. */
static void add_predictors(float *line, const Training *t, const double *alpha, int without,
                           double sign)
{
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        if (chrom == without || nipt_target(chrom)) continue;
        for (uint32_t w = t->panel->window_first[chrom]; w < t->panel->window_first[chrom + 1]; w++) {
            double sum = 0;
            for (size_t s = 0; s < t->n; s++)
                sum += t->centred[s * t->windows + w] * alpha[s];
            line[w] = (float)((double)line[w] + sign * sqrt(t->weight[w]) * sum);
        }
    }
}

static double along_line(const Training *t, const float *line, size_t sample)
{
    double sum = 0;
    for (uint32_t w = 0; w < t->windows; w++)
        sum += (double)line[w] * t->x[sample * t->windows + w];
    return sum;
}

static double counting_of(const Training *t, const float *line, size_t sample)
{
    NiptProfile p = {.variance = t->seen + sample * t->windows, .weight = t->weight};
    return nipt_counting(t->panel, &p, line);
}

/* What the held-out errors are made of: counting, the panel's size, and over-dispersion. */
static void split_variance(NiptChrom *c, const Training *t, const Fit *fit)
{
    double counting = 0, leverage = 0, freedom = 0;
    double *own = arena_alloc(t->arena, t->n * sizeof *own);
    for (size_t s = 0; s < t->n; s++) {
        own[s] = counting_of(t, c->line, s);
        counting += own[s] / (double)t->n;
        leverage += fit->leverage[s] / (double)t->n;
        freedom += 1 - fit->leverage[s];
    }
    c->held_out = fit->error;
    c->uncertain = fit->error * leverage / (1 + leverage);
    c->excess = fmax(fit->error - c->uncertain - counting, 0);
    c->df = fmax(freedom, 1);
    for (size_t s = 0; s < t->n; s++)
        c->z[s] = (float)(fit->held_out[s] / sqrt(c->excess + c->uncertain + own[s]));
}

static Status learn_chrom(Training *t, int chrom, Note *why)
{
    NiptChrom *c = &t->panel->chroms[chrom];
    c->line = arena_alloc(t->arena, t->windows * sizeof *c->line);
    c->z = arena_alloc(t->arena, t->n * sizeof *c->z);
    double *y = arena_alloc(t->arena, t->n * sizeof *y), weights = 0, mean = 0;
    uint32_t from = t->panel->window_first[chrom], to = t->panel->window_first[chrom + 1];
    for (uint32_t w = from; w < to; w++)
        weights += t->weight[w];
    if (!(weights > 0))
        return note_fail(why, REFUSED, "panel.empty", (Place){.field = "chromosome"}, "%d", chrom);
    for (uint32_t w = from; w < to; w++)
        c->line[w] = (float)(t->weight[w] / weights);
    for (size_t s = 0; s < t->n; s++)
        mean += (y[s] = along_line(t, c->line, s)) / (double)t->n;
    for (size_t s = 0; s < t->n; s++)
        y[s] -= mean;
    Status status = decompose(t, chrom, why);
    if (status != OK) return status;
    Fit fit = best_fit(t, y);
    add_predictors(c->line, t, fit.alpha, chrom, -1);
    for (size_t s = 0; s < t->n; s++)
        c->shift += along_line(t, c->line, s) / (double)t->n;
    split_variance(c, t, &fit);
    return OK;
}

/* ---- components and segments ---- */

/* Scores of the k-th largest component, its lines to and from the windows. */
static void learn_factor(Training *t, size_t k, double bulk)
{
    NiptPanel *p = t->panel;
    const double value = t->values[t->n - 1 - k], *v = t->vectors + (t->n - 1 - k) * t->n;
    float *project = p->project[k] = arena_alloc(t->arena, t->windows * sizeof *project);
    float *loading = p->loading[k] = arena_alloc(t->arena, t->windows * sizeof *loading);
    p->signal[k] = fmax(value - bulk, 0) / (double)t->n;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (uint32_t w = p->window_first[chrom]; w < p->window_first[chrom + 1]; w++) {
            double sum = 0, root = sqrt(t->weight[w]);
            for (size_t s = 0; s < t->n; s++)
                sum += v[s] * t->centred[s * t->windows + w];
            project[w] = nipt_target(chrom) ? 0 : (float)(root * sum / sqrt(value));
            loading[w] = root > 0 ? (float)(sum / root / sqrt(value)) : 0;
        }
}

static Status learn_factors(Training *t, Note *why)
{
    Status status = decompose(t, 0, why);
    if (status != OK) return status;
    double windows = 0, *sorted = arena_alloc(t->arena, t->n * sizeof *sorted);
    for (uint32_t w = 0; w < t->windows; w++)
        windows += t->weight[w] > 0 ? 1 : 0;
    memcpy(sorted, t->values, t->n * sizeof *sorted);
    double bulk = median_of(sorted, t->n), edge = 1 + sqrt((double)t->n / windows);
    uint32_t most = t->n / 10 < NIPT_FACTORS ? (uint32_t)(t->n / 10) : NIPT_FACTORS;
    for (uint32_t k = 0; k < most; k++) {
        if (t->values[t->n - 1 - k] < 1.15 * bulk * edge * edge) break;
        learn_factor(t, k, bulk);
        t->panel->n_factors = k + 1;
    }
    return OK;
}

/* Variance that bins' own over-dispersion leaves in a window. */
static double window_noise(const NiptPanel *p, uint32_t first_bin, uint32_t end_bin)
{
    double weights = 0, sum = 0;
    for (uint32_t b = first_bin; b < end_bin; b++) {
        if (p->share[b] <= 0) continue;
        double noise = (double)p->noise[b], u = 1 / (1 / ((double)p->share[b] * p->reads) + noise);
        weights += u;
        sum += u * u * noise;
    }
    return weights > 0 ? sum / (weights * weights) : 0;
}

typedef struct Stretch {
    double sum, variance, weights;
} Stretch;

static void add_window(Stretch *a, const Training *t, size_t s, uint32_t w, double noise)
{
    const NiptPanel *p = t->panel;
    double residual = t->x[s * t->windows + w];
    for (uint32_t k = 0; k < p->n_factors; k++) {
        const double *v = t->vectors + (t->n - 1 - k) * t->n;
        residual -= v[s] * sqrt(t->values[t->n - 1 - k]) * (double)p->loading[k][w];
    }
    a->sum += t->weight[w] * residual;
    a->variance += t->weight[w] * t->weight[w] * (t->seen[s * t->windows + w] + noise);
    a->weights += t->weight[w];
}

/* Mean square of ten-megabase stretches beyond counting and the bins' own noise. After learn_factors(). */
static void learn_segment_excess(Training *t)
{
    NiptPanel *p = t->panel;
    const uint32_t join = (uint32_t)fmax(1e7 / p->bin_size / p->window_bins, 1);
    double sum = 0, n = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (uint32_t w = p->window_first[chrom]; w + join <= p->window_first[chrom + 1]; w += join)
            for (size_t s = 0; s < t->n; s++) {
                Stretch a = {0};
                for (uint32_t i = w; i < w + join; i++) {
                    uint32_t b = p->bin_first[chrom] + (i - p->window_first[chrom]) * p->window_bins;
                    uint32_t end = b + p->window_bins;
                    if (end > p->bin_first[chrom + 1]) end = p->bin_first[chrom + 1];
                    add_window(&a, t, s, i, s == 0 || t->weight[i] > 0 ? window_noise(p, b, end) : 0);
                }
                if (a.weights <= 0) continue;
                sum += (a.sum * a.sum - a.variance) / (a.weights * a.weights);
                n++;
            }
    double kept = 1 - (1.0 + p->n_factors) / (double)t->n;
    p->segment_excess = n > 0 ? fmax(sum / n / kept, 0) : 0;
}

/* ---- fetal fraction ---- */

static void learn_size(Training *t)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (size_t s = 0; s < t->n; s++) {
        double x = nipt_size_ratio(t->in->samples[s].bins), y = t->in->samples[s].fraction;
        if (!isfinite(x) || !isfinite(y)) continue;
        n++;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        syy += y * y;
    }
    double spread = sxx - sx * sx / n;
    if (n < t->in->settings.least_labels || !(spread > 0)) return;
    NiptPanel *p = t->panel;
    double slope = (sxy - sx * sy / n) / spread;
    double rest = fmax(syy - sy * sy / n - slope * (sxy - sx * sy / n), 0) / (n - 2);
    if (!(slope > 0) || rest > 0.5 * (syy - sy * sy / n) / (n - 1)) return; /* r^2 below a half */
    p->has_size = true;
    p->size_slope = slope;
    p->size_base = (sy - slope * sx) / n;
    p->size_sd = sqrt(rest * (1 + 2 / n));
}

/* Ridge on the labelled samples alone: they become a training of their own. */
static Status learn_counts(Training *t, Note *why)
{
    Training own = *t;
    double *y = arena_alloc(t->arena, t->n * sizeof *y), mean = 0, spread = 0;
    size_t *which = arena_alloc(t->arena, t->n * sizeof *which);
    own.n = 0;
    for (size_t s = 0; s < t->n; s++)
        if (isfinite(t->in->samples[s].fraction)) which[own.n++] = s;
    if ((double)own.n < t->in->settings.least_labels_counts) return OK;
    own.centred = arena_alloc(t->arena, own.n * t->windows * sizeof *own.centred);
    for (size_t s = 0; s < own.n; s++) {
        mean += t->in->samples[which[s]].fraction / (double)own.n;
        memcpy(own.centred + s * t->windows, t->centred + which[s] * t->windows,
               t->windows * sizeof *own.centred);
    }
    for (size_t s = 0; s < own.n; s++) {
        y[s] = t->in->samples[which[s]].fraction - mean;
        spread += y[s] * y[s] / (double)own.n;
    }
    fill_grams(&own);
    Status status = decompose(&own, 0, why);
    if (status != OK) return status;
    Fit fit = best_fit(&own, y);
    if (fit.error > 0.5 * spread) return OK; /* held-out r^2 below a half: not worth a number */
    NiptPanel *p = t->panel;
    p->fraction_line = arena_alloc(t->arena, t->windows * sizeof *p->fraction_line);
    add_predictors(p->fraction_line, &own, fit.alpha, 0, 1);
    p->fraction_sd = sqrt(fit.error);
    p->fraction_base = mean;
    for (size_t s = 0; s < own.n; s++)
        p->fraction_base -= along_line(t, p->fraction_line, which[s]) / (double)own.n;
    return OK;
}

/* ---- outliers ---- */

/* Names the worst samples: beyond the limit by the robust spread of held-out z, which they cannot widen. */
static Status check_outliers(const Training *t, Note *why)
{
    char found[160] = "";
    size_t length = 0;
    double *z = arena_alloc(t->arena, t->n * sizeof *z);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        const NiptChrom *c = &t->panel->chroms[chrom];
        for (size_t s = 0; s < t->n; s++)
            z[s] = (double)c->z[s];
        double spread = robust_sd(z, t->n);
        for (size_t s = 0; s < t->n && length + 40 < sizeof found; s++) {
            if (!(fabs((double)c->z[s]) > t->in->settings.outlier_z * spread)) continue;
            length += (size_t)snprintf(found + length, sizeof found - length, "%s%.20s chr%d z=%.1f",
                                       length ? "; " : "", t->in->samples[s].name, chrom,
                                       (double)c->z[s] / spread);
        }
    }
    if (length == 0) return OK;
    return note_fail(why, REFUSED, "panel.outlier", (Place){.field = "samples"}, "%s", found);
}

static Status learn(Training *t, Note *why)
{
    begin_panel(t);
    learn_gc(t);
    first_shares(t);
    for (int round = 0; round < ROUNDS; round++)
        improve_shares(t);
    learn_noise(t);
    improve_shares(t);
    fill_windows(t);
    fill_grams(t);
    t->vectors = arena_alloc(t->arena, t->n * t->n * sizeof *t->vectors);
    t->values = arena_alloc(t->arena, t->n * sizeof *t->values);
    Status status = OK;
    for (int chrom = 1; status == OK && chrom <= AUTOSOMES; chrom++)
        status = learn_chrom(t, chrom, why);
    if (status == OK) status = check_outliers(t, why);
    if (status == OK) status = learn_factors(t, why);
    if (status == OK) learn_segment_excess(t);
    if (status == OK) learn_size(t);
    if (status == OK) status = learn_counts(t, why);
    return status;
}

Status panel_train(NiptPanel **out, const PanelInput *input, Arena *arena, Note *why)
{
    Status status = check_samples(input, why);
    if (status != OK) return status;
    Training t = {.in = input, .arena = arena, .n = input->n};
    t.panel = arena_alloc(arena, sizeof *t.panel);
    t.scratch = arena_new(NULL);
    status = learn(&t, why);
    arena_free(t.scratch);
    if (status == OK) *out = t.panel;
    return status;
}

bool panel_settings(PanelSettings *out, const Table *table, const char **missing)
{
    const struct {
        const char *key;
        double *value;
    } rows[] = {
        {"panel.least_samples", &out->least_samples},
        {"panel.advised_samples", &out->advised_samples},
        {"panel.window_bases", &out->window_bases},
        {"panel.mask_below", &out->mask_below},
        {"panel.outlier_z", &out->outlier_z},
        {"panel.least_labels", &out->least_labels},
        {"panel.least_labels_counts", &out->least_labels_counts},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long row = table_find(table, rows[i].key);
        *missing = rows[i].key;
        if (row < 0 || !table_number(table, (size_t)row, 1, rows[i].value)) return false;
    }
    return true;
}
