/* Why: segments need clean bins, and a result needs its fetal fraction. Method: step 4 of panel.c; the fetal fraction
 * by ridge regression on counts, only where the held-out r^2 reaches a half (by lengths: panel_lengths.c). Refuses: labels too few for a number that would be believed. */
#include "panel_room.h"

#include "../lab/stats.h"

#include <math.h>
#include <string.h>

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

Status panel_learn_factors(Training *t, Note *why)
{
    Status status = panel_decompose(t, 0, why);
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

/* ---- fetal fraction ---- */

/* Where in the genome short pairs are more or fewer than elsewhere, in every sample alike: GC and nucleosomes. */
void panel_learn_shorts(Training *t)
{
    NiptPanel *p = t->panel;
    double *share = arena_alloc(t->arena, t->windows * sizeof *share);
    double *reads = arena_alloc(t->arena, t->windows * sizeof *reads);
    for (size_t s = 0; s < t->n; s++) {
        const Bins *b = t->in->samples[s].bins;
        if (b->shorts == NULL) return;
        double all = 0, all_shorts = 0;
        for (uint32_t i = 0; i < p->n_bins; i++) {
            all += b->reads[i];
            all_shorts += b->shorts[i];
        }
        if (!(all_shorts > 0)) return;
        for (int c = 1; c <= AUTOSOMES; c++)
            for (uint32_t i = p->bin_first[c]; i < p->bin_first[c + 1]; i++) {
                uint32_t w = p->window_first[c] + (i - p->bin_first[c]) / p->window_bins;
                share[w] += b->shorts[i] * all / all_shorts;
                reads[w] += b->reads[i];
            }
    }
    p->shorts = arena_alloc(t->arena, t->windows * sizeof *p->shorts);
    for (uint32_t w = 0; w < t->windows; w++)
        p->shorts[w] = reads[w] > 0 ? (float)(share[w] / reads[w]) : 1;
}

/* Ridge on the labelled samples alone: they become a training of their own. */
Status panel_learn_counts(Training *t, Note *why)
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
    panel_fill_grams(&own);
    Status status = panel_decompose(&own, 0, why);
    if (status != OK) return status;
    Fit fit = panel_best_fit(&own, y, PANEL_PENALTIES);
    if (fit.error > 0.5 * spread) return OK; /* held-out r^2 below a half: not worth a number */
    NiptPanel *p = t->panel;
    p->fraction_line = arena_alloc(t->arena, t->windows * sizeof *p->fraction_line);
    panel_add_predictors(p->fraction_line, &own, fit.alpha, 0, 1);
    p->fraction_sd = sqrt(fit.error);
    p->fraction_base = mean;
    for (size_t s = 0; s < own.n; s++)
        p->fraction_base -= panel_along(t, p->fraction_line, which[s]) / (double)own.n;
    return OK;
}
