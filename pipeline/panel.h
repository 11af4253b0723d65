/* panel - a reference panel for low-pass sequencing, learnt from euploid pregnancies.
 *
 *     PanelInput in = {.id = "city-2026a", .samples = samples, .n = 120, .settings = settings};
 *     Status s = panel_train(&panel, &in, arena, &why);
 *
 * The same samples in the same order give the same bytes on any number of threads. Labels of fetal fraction change the fetal
 * fraction's model only: they are neither listed nor counted anywhere, because a centre that takes them from Y would thereby
 * list the sexes. */
#ifndef SCREENLAB_PANEL_H
#define SCREENLAB_PANEL_H

#include "../lab/nipt.h"

typedef struct PanelSample {
    const char *name;
    const Bins *bins;
    double fraction; /* label of fetal fraction, 0..1; NAN = none */
} PanelSample;

/* Rows of reference/nipt/settings.tsv. */
typedef struct PanelSettings {
    double least_samples;       /* fewer are refused */
    double advised_samples;     /* fewer are warned of */
    double window_bases;        /* of the windows that foretell chromosomes */
    double mask_below;          /* bins with less than this part of the median share are masked */
    double outlier_z;           /* a sample beyond it on any autosome is refused */
    double folds;               /* parts that are held out one after the other */
    double least_trust;         /* of a chromosome's own over-dispersion */
    double length_gap;          /* standard errors between two estimates by lengths */
    double least_labels;        /* for the fetal fraction from lengths */
    double least_labels_counts; /* and from counts */
} PanelSettings;

typedef struct PanelInput {
    const char *id;
    const PanelSample *samples;
    size_t n;
    PanelSettings settings;
} PanelInput;

/* What the quality page tells; held-out z of every sample and chromosome are in the panel itself. */
typedef struct PanelOutlier {
    const char *name;
    int chrom;
    double z;
} PanelOutlier;

/* REFUSED: too few samples, mixed builds, bin sizes, instruments, protocols or aligners ("panel.mixed"), the same sample twice ("panel.twice"),
 * no GC in the files, an outlier ("panel.outlier": the samples and chromosomes in the Note; take them out, or look at them). */
Status panel_train(NiptPanel **out, const PanelInput *input, Arena *arena, Note *why) MUST_USE;

/* Values from the table nipt/settings; false and the key in *missing when one is absent. */
bool panel_settings(PanelSettings *out, const Table *table, const char **missing);

#endif
