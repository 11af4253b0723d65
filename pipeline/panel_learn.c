/* Why: the other chromosomes of a sample know what its library does to this one. Method: steps 2 and 3 of panel.c, ridge
 * regression in the space of samples with exact held-out residuals. The eigenvectors are LAPACK's (E. Anderson et
 * al., LAPACK Users' Guide, 1999). Refuses: a chromosome without a single window to see. */
#include "panel_room.h"

#include "../lab/stats.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

/* Eigen-system of the Gram matrix over all chromosomes but 13, 18, 21 and `without` (0 = none). */
Status panel_decompose(Training *t, int without, Note *why)
{
    const size_t cells = t->n * t->n;
    memset(t->vectors, 0, cells * sizeof *t->vectors);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (size_t i = 0; chrom != without && !nipt_target(chrom) && i < cells; i++)
            t->vectors[i] += t->gram[chrom][i];
    return panel_eigen(t, why);
}

Status panel_eigen(Training *t, Note *why)
{
    lapack_int n = (lapack_int)t->n;
    if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'U', n, t->vectors, n, t->values) != 0)
        return note_fail(why, REFUSED, "panel.algebra", (Place){.field = "eigenvalues"}, NULL);
    for (size_t k = 0; k < t->n; k++)
        t->values[k] = fmax(t->values[k], 0);
    return OK;
}

/* ---- regression ---- */

/* Ridge regression of y (centred) on the decomposed Gram matrix. penalty INFINITY = the mean alone. */
static void fit_ridge(Fit *fit, const Training *t, const double *y, double penalty)
{
    const double n = (double)t->n;
    for (size_t s = 0; s < t->n; s++) {
        fit->leverage[s] = fit->reach[s] = 1 / n;
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
            fit->reach[s] += v[s] * v[s] * shrink * shrink;
        }
    }
    fit->error = 0;
    for (size_t s = 0; s < t->n; s++) {
        double own = fmin(fit->leverage[s], 0.99);
        fit->reach[s] = fmax(fit->reach[s] - own * own, 0) / ((1 - own) * (1 - own));
        fit->held_out[s] /= 1 - own;
        fit->error += fit->held_out[s] * fit->held_out[s] / n;
    }
}

static Fit new_fit(Arena *arena, size_t n)
{
    return (Fit){.alpha = arena_alloc(arena, n * sizeof(double)),
                 .held_out = arena_alloc(arena, n * sizeof(double)),
                 .leverage = arena_alloc(arena, n * sizeof(double)),
                 .reach = arena_alloc(arena, n * sizeof(double))};
}

/* How much of the foretelling to believe: the part that fits the held-out values best, less what chance alone would give it (W. James, C. Stein,
 * 1961), so that a library without habits is not burdened with the noise of learning some and a weak habit is not thrown away. */
static void temper(Fit *fit, const Fit *none, size_t n)
{
    double together = 0, square = 0, rest = 0;
    for (size_t s = 0; s < n; s++) {
        double foretold = none->held_out[s] - fit->held_out[s];
        together += none->held_out[s] * foretold;
        square += foretold * foretold;
    }
    double part = square > 0 ? together / square : 0;
    for (size_t s = 0; s < n; s++) {
        double left = none->held_out[s] - part * (none->held_out[s] - fit->held_out[s]);
        rest += left * left / (double)(n - 1);
    }
    double chance = square > 0 ? rest / square : 0;
    part = part > 0 ? fmin(fmax(part - chance / part, 0), 1) : 0;
    fit->error = 0;
    for (size_t s = 0; s < n; s++) {
        fit->alpha[s] *= part;
        fit->held_out[s] = (1 - part) * none->held_out[s] + part * fit->held_out[s];
        fit->reach[s] = none->reach[s] + part * part * (fit->reach[s] - none->reach[s]);
        fit->leverage[s] = none->leverage[s] + part * (fit->leverage[s] - none->leverage[s]);
        fit->error += fit->held_out[s] * fit->held_out[s] / (double)n;
    }
}

/* The penalty with the least held-out error, from none of the others' help to nearly all of it. */
Fit panel_best_fit(const Training *t, const double *y, int penalties)
{
    Fit none = new_fit(t->arena, t->n), best = new_fit(t->arena, t->n),
        other = new_fit(t->arena, t->n);
    double trace = 0;
    for (size_t k = 0; k < t->n; k++)
        trace += t->values[k] / (double)t->n;
    fit_ridge(&none, t, y, INFINITY);
    fit_ridge(&best, t, y, INFINITY);
    for (int i = 0; i < penalties; i++) {
        fit_ridge(&other, t, y, trace * pow(10, 2 - i / 4.0));
        if (other.error >= best.error) continue;
        Fit swap = best;
        best = other;
        other = swap;
    }
    temper(&best, &none, t->n);
    return best;
}

/* Adds to the line the windows of the chromosomes that foretell. */
void panel_add_predictors(float *line, const Training *t, const double *alpha, int without,
                          double sign)
{
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        if (chrom == without || nipt_target(chrom)) continue;
        for (uint32_t w = t->panel->window_first[chrom]; w < t->panel->window_first[chrom + 1];
             w++) {
            double sum = 0;
            for (size_t s = 0; s < t->n; s++)
                sum += t->centred[s * t->windows + w] * alpha[s];
            line[w] = (float)((double)line[w] + sign * sqrt(t->weight[w]) * sum);
        }
    }
}

double panel_along(const Training *t, const float *line, size_t sample)
{
    double sum = 0;
    for (uint32_t w = 0; w < t->windows; w++)
        sum += (double)line[w] * t->x[sample * t->windows + w];
    return sum;
}

Status panel_learn_chrom(Training *t, int chrom, Note *why)
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
        mean += (y[s] = panel_along(t, c->line, s)) / (double)t->n;
    for (size_t s = 0; s < t->n; s++)
        y[s] -= mean;
    Status status = panel_decompose(t, chrom, why);
    if (status != OK) return status;
    Fit fit = panel_best_fit(t, y, PANEL_PENALTIES);
    panel_add_predictors(c->line, t, fit.alpha, chrom, -1);
    for (size_t s = 0; s < t->n; s++)
        c->shift += panel_along(t, c->line, s) / (double)t->n;
    t->reach[chrom] = 0;
    for (size_t s = 0; s < t->n; s++)
        t->reach[chrom] += fit.reach[s] / (double)t->n;
    return OK;
}

Status panel_learn_lines(Training *t, Note *why)
{
    panel_begin(t);
    panel_learn_bins(t);
    panel_fill_windows(t);
    panel_fill_grams(t);
    t->vectors = arena_alloc(t->arena, t->n * t->n * sizeof *t->vectors);
    t->values = arena_alloc(t->arena, t->n * sizeof *t->values);
    Status status = OK;
    for (int chrom = 1; status == OK && chrom <= AUTOSOMES; chrom++)
        status = panel_learn_chrom(t, chrom, why);
    return status;
}
