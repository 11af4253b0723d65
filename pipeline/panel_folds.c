/* Why: an error that is measured on what taught the panel is too small, and every choice made on the way (weights of bins, the penalty,
 * whether to foretell at all) hides some more of it. Method: the samples are dealt to folds; all is learnt anew without one
 * fold, whose samples are then judged as patients are. From the mean square of a chromosome's held-out errors are taken apart
 *     counting    of these very samples, known in closed form,
 *     uncertain   what the panel's finite size adds, from the leverages,
 *     white       the noise of bins along the line, which shrinks with a chromosome's size,
 *     rest        what whole chromosomes have in common with nothing else; told by a hundred errors to 14 per cent of the whole only, so
 *                 it is drawn to the mean of all autosomes as far as their differences are no larger than chance
 *                 (B. Efron, C. Morris, JASA 70 (1975) 311).
 * Over-dispersion is white + rest. Stretches of six lengths show what segments have beyond the noise of their bins, by a robust spread, since
 * mothers of a panel carry changes of their own. Refuses: nothing that panel.c lets through. */
#include "panel_room.h"

#include "../lab/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct HeldOut {
    double *error[NIPT_CHROMS];    /* of each sample */
    double *counting[NIPT_CHROMS]; /* its variance from counts */
    double *spread[NIPT_SCALES];   /* effects of stretches over the SD that bins alone give */
    double variance[NIPT_SCALES];  /* sum of the variances that bins alone give */
    size_t n[NIPT_SCALES], most;
} HeldOut;

void panel_window_noise(double *variance, const NiptPanel *p)
{
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        uint32_t end = p->bin_first[chrom + 1], w = p->window_first[chrom];
        for (uint32_t from = p->bin_first[chrom]; from < end; from += p->window_bins, w++) {
            double weights = 0, sum = 0;
            for (uint32_t b = from; b < from + p->window_bins && b < end; b++) {
                if (p->share[b] <= 0) continue;
                double noise = (double)p->noise[b],
                       u = 1 / (1 / ((double)p->share[b] * p->reads) + noise);
                weights += u;
                sum += u * u * noise;
            }
            variance[w] = weights > 0 ? sum / (weights * weights) : 0;
        }
    }
}

static void hold_stretches(HeldOut *h, const NiptPanel *panel, const NiptProfile *p, Arena *scratch)
{
    size_t most = panel->n_bins + 1;
    double *effect = arena_alloc(scratch, most * sizeof *effect),
           *variance = arena_alloc(scratch, most * sizeof *variance);
    for (int k = 0; k < NIPT_SCALES; k++) {
        double bases = (double)NIPT_SCALE_LEAST * (1 << k);
        size_t n = nipt_stretches(effect, variance, panel, p, bases, scratch);
        for (size_t i = 0; i < n && h->n[k] < h->most; i++) {
            h->spread[k][h->n[k]++] = effect[i] / sqrt(variance[i]);
            h->variance[k] += variance[i];
        }
    }
}

static void hold_sample(HeldOut *h, const NiptPanel *panel, const Training *t, size_t s)
{
    NiptProfile *p = nipt_profile(panel, t->in->samples[s].bins, t->scratch);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        const NiptChrom *c = &panel->chroms[chrom];
        double y = -c->shift;
        for (uint32_t w = 0; w < panel->n_windows; w++)
            y += (double)c->line[w] * p->x[w];
        h->error[chrom][s] = y;
        h->counting[chrom][s] = nipt_counting(panel, p, c->line);
    }
    hold_stretches(h, panel, p, t->scratch);
    arena_reset(t->scratch);
}

/* Learns all without the samples of one fold, and judges those. */
static Status hold_fold(HeldOut *h, const Training *t, size_t fold, size_t folds, Note *why)
{
    PanelInput in = *t->in;
    PanelSample *rest = arena_alloc(t->arena, t->n * sizeof *rest);
    Arena *arena = arena_new(NULL);
    in.samples = rest;
    in.n = 0;
    for (size_t s = 0; s < t->n; s++)
        if (s % folds != fold) rest[in.n++] = t->in->samples[s];
    Training part = {.in = &in, .arena = arena, .scratch = t->scratch, .n = in.n};
    part.panel = arena_alloc(arena, sizeof *part.panel);
    Status status = panel_learn_lines(&part, why);
    if (status == OK) status = panel_learn_factors(&part, why);
    for (size_t s = fold; status == OK && s < t->n; s += folds)
        hold_sample(h, part.panel, t, s);
    arena_free(arena);
    return status;
}

/* ---- what the errors are made of ---- */

typedef struct Parts {
    double rest[NIPT_CHROMS], white[NIPT_CHROMS],
        chance[NIPT_CHROMS]; /* chance: variance of rest */
} Parts;

static void take_apart(Parts *parts, Training *t, const HeldOut *h, double folds)
{
    const double n = (double)t->n, taught = n * (1 - 1 / folds);
    double *noise = arena_alloc(t->scratch, t->windows * sizeof *noise);
    panel_window_noise(noise, t->panel);
    const NiptProfile bins = {.variance = noise, .weight = t->weight};
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        NiptChrom *c = &t->panel->chroms[chrom];
        double square = 0, counting = 0, reach = t->reach[chrom];
        for (size_t s = 0; s < t->n; s++) {
            square += h->error[chrom][s] * h->error[chrom][s] / n;
            counting += h->counting[chrom][s] / n;
        }
        double part = reach * n / taught; /* of a panel as small as those of the folds */
        double own = square / (1 + part); /* variance of a sample without the panel's share in it */
        c->uncertain = own * reach;
        c->held_out = own * (1 + reach);
        c->df = n - 1; /* of the mean square of n held-out errors, whatever the penalty */
        parts->white[chrom] = nipt_counting(t->panel, &bins, c->line);
        parts->rest[chrom] = own - counting - parts->white[chrom];
        parts->chance[chrom] = 2 * own * own / c->df;
    }
    arena_reset(t->scratch);
}

static void settle_excess(Training *t, const Parts *parts)
{
    double weights = 0, mean = 0, spread = 0, chance = 0;
    for (int c = 1; c <= AUTOSOMES; c++) {
        weights += 1 / parts->chance[c];
        mean += parts->rest[c] / parts->chance[c];
    }
    mean /= weights;
    for (int c = 1; c <= AUTOSOMES; c++) {
        double away = parts->rest[c] - mean;
        spread += away * away / parts->chance[c] / weights;
        chance += 1 / weights;
    }
    double between = fmax(spread - chance, 0);
    for (int c = 1; c <= AUTOSOMES; c++) {
        double trust = fmax(between / (between + parts->chance[c]), t->in->settings.least_trust);
        double rest = trust * parts->rest[c] + (1 - trust) * mean;
        t->panel->chroms[c].excess = fmax(parts->white[c] + rest, 0);
    }
}

static void settle_scores(Training *t, const HeldOut *h)
{
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        NiptChrom *c = &t->panel->chroms[chrom];
        for (size_t s = 0; s < t->n; s++)
            c->z[s] = (float)(h->error[chrom][s] /
                              sqrt(c->excess + c->uncertain + h->counting[chrom][s]));
    }
}

static void settle_segments(Training *t, HeldOut *h)
{
    for (int k = 0; k < NIPT_SCALES; k++) {
        if (h->n[k] == 0) continue;
        double wide = robust_sd(h->spread[k], h->n[k]);
        t->panel->segment_excess[k] = fmax(wide * wide - 1, 0) * h->variance[k] / (double)h->n[k];
    }
}

Status panel_hold_out(Training *t, Note *why)
{
    size_t folds = (size_t)fmin(t->in->settings.folds, (double)t->n);
    HeldOut *h = arena_alloc(t->arena, sizeof *h);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        h->error[chrom] = arena_alloc(t->arena, t->n * sizeof(double));
        h->counting[chrom] = arena_alloc(t->arena, t->n * sizeof(double));
    }
    double genome = (double)t->panel->n_bins * t->panel->bin_size;
    h->most = t->n * (size_t)(genome / NIPT_SCALE_LEAST + 1);
    for (int k = 0; k < NIPT_SCALES; k++)
        h->spread[k] = arena_alloc(t->arena, h->most * sizeof(double));
    Status status = OK;
    for (size_t fold = 0; status == OK && fold < folds; fold++)
        status = hold_fold(h, t, fold, folds, why);
    if (status != OK) return status;
    Parts parts;
    take_apart(&parts, t, h, (double)folds);
    settle_excess(t, &parts);
    settle_scores(t, h);
    settle_segments(t, h);
    return OK;
}
