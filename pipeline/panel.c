/* Why: a z is only as honest as the panel behind it. Method:
 *  1. Shares and mean read GC of bins, each sample's GC curve, and again: three rounds. Bins with few reads or a wild
 *     variance are masked.
 *  2. Windows' ratios, weighted by the inverse variance of their bins, are the features. Each chromosome is
 *     foretold from all windows of the others (13, 18 and 21 and itself left out) by kernel ridge regression (A. E. Hoerl,
 *     R. W. Kennard, Technometrics 12 (1970) 55): with a hundred samples and a thousand windows it is solved in
 *     the space of samples, and the penalty is the one whose held-out squared error is least.
 *  3. The penalty is chosen by held-out residuals that are exact without refitting: r / (1 - h) (PRESS, D. M. Allen,
 *     Technometrics 16 (1974) 125). The errors themselves come from folds: everything, from the shares of bins to the
 *     penalty, is learnt again without a tenth of the samples, and that tenth is judged (panel_folds.c). So nothing is judged
 *     by the samples that taught it, and the luck of choosing costs what it costs a new sample.
 *  4. Principal components of the windows outside 13, 18 and 21 that stand above the noise edge of a random matrix
 *     (V. A. Marchenko, L. A. Pastur, 1967) clean the segments.
 * Eigenvectors come from LAPACK, all else from this file, one thread, one order of sums: the same bytes everywhere.
 * Refuses: samples that do not belong together, and a panel in which one sample stands out, since a trisomy in the panel
 * makes every later trisomy look normal. */
#include "panel_room.h"

#include "exhausted.h"

#include "../lab/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

void panel_begin(Training *t)
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

/* ---- outliers ---- */

/* Robust SD of held-out z of all chromosomes together. */
static double common_spread(const Training *t)
{
    double *z = arena_alloc(t->arena, AUTOSOMES * t->n * sizeof *z);
    size_t n = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        for (size_t s = 0; s < t->n; s++)
            z[n++] = (double)t->panel->chroms[chrom].z[s];
    return robust_sd(z, n);
}

/* Names the worst samples: beyond the limit by the robust spread of held-out z, which they cannot widen. The spread of one chromosome
 * over thirty samples is known to a fifth only, that of all may hide a chromosome whose own SD the outlier has widened: their
 * geometric mean errs little either way. */
static Status check_outliers(const Training *t, Note *why)
{
    char found[160] = "";
    size_t length = 0;
    double *z = arena_alloc(t->arena, t->n * sizeof *z), common = common_spread(t);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        const NiptChrom *c = &t->panel->chroms[chrom];
        for (size_t s = 0; s < t->n; s++)
            z[s] = (double)c->z[s];
        double spread = sqrt(robust_sd(z, t->n) * common);
        for (size_t s = 0; s < t->n && length + 40 < sizeof found; s++) {
            if (!(fabs((double)c->z[s]) > t->in->settings.outlier_z * spread)) continue;
            length += (size_t)snprintf(found + length, sizeof found - length,
                                       "%s%.20s chr%d z=%.1f", length ? "; " : "",
                                       t->in->samples[s].name, chrom, (double)c->z[s] / spread);
        }
    }
    if (length == 0) return OK;
    return note_fail(why, REFUSED, "panel.outlier", (Place){.field = "samples"}, "%s", found);
}

static Status learn(Training *t, Note *why)
{
    Status status = panel_learn_lines(t, why);
    if (status == OK) status = panel_hold_out(t, why);
    if (status == OK) status = check_outliers(t, why);
    if (status == OK) status = panel_learn_factors(t, why);
    if (status == OK) status = panel_learn_size(t, why);
    if (status == OK) panel_learn_shorts(t);
    if (status == OK) status = panel_learn_counts(t, why);
    return status;
}

Status panel_train(NiptPanel **out, const PanelInput *input, Arena *arena, Note *why)
{
    Status status = check_samples(input, why);
    if (status != OK) return status;
    Training t = {.in = input, .arena = arena, .n = input->n};
    t.panel = arena_alloc(arena, sizeof *t.panel);
    t.scratch = arena_new(exhausted);
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
        {"panel.folds", &out->folds},
        {"panel.least_trust", &out->least_trust},
        {"panel.length_gap", &out->length_gap},
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
