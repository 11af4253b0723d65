/* Why: no negative without fetal DNA, and an estimate that errs by a point withholds negatives of women who have enough of it.
 * Method: (1) a straight line on the share of short pairs, fitted as lengths on labels and turned round, so that small fractions are not
 * drawn towards the panel's mean; (2) the whole profile of lengths in classes of five bases, by ridge regression on the labels. What the ridge foretells of
 * samples held out is set against their labels in the same way, turned round too, and its scatter is the error that is told. The
 * profile is kept only if that error is less than that of the line. Refuses: labels too few, and a line that explains less than half
 * of what they differ by. */
#include "panel_room.h"

#include "../lab/stats.h"

#include <math.h>
#include <string.h>

/* How something measured follows the labels: measured = base + slope * label. */
typedef struct Line {
    double base, slope, rest, all; /* rest, all: variance around the line and around the mean */
} Line;

static Line line_of(const double *labels, const double *measured, size_t n)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (size_t s = 0; s < n; s++) {
        sx += labels[s];
        sy += measured[s];
    }
    for (size_t s = 0; s < n; s++) {
        double x = labels[s] - sx / (double)n, y = measured[s] - sy / (double)n;
        sxx += x * x;
        sxy += x * y;
        syy += y * y;
    }
    if (!(sxx > 0)) return (Line){0, 0, 0, 0};
    double slope = sxy / sxx;
    return (Line){.base = (sy - slope * sx) / (double)n,
                  .slope = slope,
                  .rest = fmax(syy - slope * sxy, 0) / ((double)n - 2),
                  .all = syy / ((double)n - 1)};
}

/* Error of a fraction that is read off the line, the line's own error included. */
static double error_of(const Line *line, size_t n)
{
    return sqrt(line->rest * (1 + 4 / (double)n)) / line->slope;
}

typedef struct Labelled {
    size_t n;
    double *label, *ratio;
    double *shares; /* n x NIPT_LENGTHS; then centred and scaled */
    double mean[NIPT_LENGTHS];
} Labelled;

static Labelled find_labelled(const Training *t)
{
    Labelled l = {.label = arena_alloc(t->arena, t->n * sizeof *l.label),
                  .ratio = arena_alloc(t->arena, t->n * sizeof *l.ratio),
                  .shares = arena_alloc(t->arena, t->n * NIPT_LENGTHS * sizeof *l.shares)};
    for (size_t s = 0; s < t->n; s++) {
        const PanelSample *sample = &t->in->samples[s];
        double ratio = nipt_size_ratio(sample->bins);
        if (!isfinite(sample->fraction) || !isfinite(ratio) ||
            !nipt_length_shares(l.shares + l.n * NIPT_LENGTHS, sample->bins))
            continue;
        l.label[l.n] = sample->fraction;
        l.ratio[l.n++] = ratio;
    }
    return l;
}

/* Every class about its mean, in units of what counting alone would scatter it by. */
static void scale_shares(Labelled *l)
{
    for (int k = 0; k < NIPT_LENGTHS; k++) {
        for (size_t s = 0; s < l->n; s++)
            l->mean[k] += l->shares[s * NIPT_LENGTHS + (size_t)k] / (double)l->n;
        double root = sqrt(l->mean[k]);
        for (size_t s = 0; s < l->n; s++) {
            double *x = &l->shares[s * NIPT_LENGTHS + (size_t)k];
            *x = root > 0 ? (*x - l->mean[k]) / root : 0;
        }
    }
}

static Status decompose_lengths(Training *own, const Labelled *l, Note *why)
{
    own->n = l->n;
    own->vectors = arena_alloc(own->arena, l->n * l->n * sizeof *own->vectors);
    own->values = arena_alloc(own->arena, l->n * sizeof *own->values);
    for (size_t i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->n; j++) {
            double sum = 0;
            for (size_t k = 0; k < NIPT_LENGTHS; k++)
                sum += l->shares[i * NIPT_LENGTHS + k] * l->shares[j * NIPT_LENGTHS + k];
            own->vectors[i * l->n + j] = sum;
        }
    return panel_eigen(own, why);
}

/* The weights of the classes, and the base that makes the held-out estimates right on average. */
static void keep_profile(NiptPanel *p, const Labelled *l, const Fit *fit, const Line *line,
                         double mean, Arena *arena)
{
    p->length_line = arena_alloc(arena, NIPT_LENGTHS * sizeof *p->length_line);
    p->length_base = (mean - line->base) / line->slope;
    for (size_t k = 0; k < NIPT_LENGTHS; k++) {
        double sum = 0;
        for (size_t s = 0; s < l->n; s++)
            sum += fit->alpha[s] * l->shares[s * NIPT_LENGTHS + k];
        p->length_line[k] = l->mean[k] > 0 ? (float)(sum / sqrt(l->mean[k]) / line->slope) : 0;
        p->length_base -= (double)p->length_line[k] * l->mean[k];
    }
    p->length_sd = error_of(line, l->n);
}

static Status learn_profile(Training *t, Labelled *l, Note *why)
{
    Training own = *t;
    double *y = arena_alloc(t->arena, l->n * sizeof *y), mean = 0;
    double *foretold = arena_alloc(t->arena, l->n * sizeof *foretold);
    scale_shares(l);
    Status status = decompose_lengths(&own, l, why);
    if (status != OK) return status;
    for (size_t s = 0; s < l->n; s++)
        mean += l->label[s] / (double)l->n;
    for (size_t s = 0; s < l->n; s++)
        y[s] = l->label[s] - mean;
    Fit fit = panel_best_fit(&own, y, PANEL_PENALTIES_LENGTHS);
    for (size_t s = 0; s < l->n; s++)
        foretold[s] = mean + y[s] - fit.held_out[s];
    Line line = line_of(l->label, foretold, l->n);
    if (!(line.slope > 0) || !(error_of(&line, l->n) < t->panel->size_sd)) return OK;
    t->panel->length_gap = t->in->settings.length_gap;
    keep_profile(t->panel, l, &fit, &line, mean, t->arena);
    return OK;
}

Status panel_learn_size(Training *t, Note *why)
{
    NiptPanel *p = t->panel;
    Labelled l = find_labelled(t);
    if (l.n < 3 || (double)l.n < t->in->settings.least_labels) return OK;
    Line line = line_of(l.label, l.ratio, l.n);
    if (!(line.slope > 0) || line.rest > 0.5 * line.all) return OK; /* r^2 below a half */
    p->has_size = true;
    p->size_slope = 1 / line.slope;
    p->size_base = -line.base / line.slope;
    p->size_sd = error_of(&line, l.n);
    return learn_profile(t, &l, why);
}
