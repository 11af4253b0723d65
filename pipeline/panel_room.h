/* panel_room - what the files of the panel's training share; others see panel.h only. */
#ifndef SCREENLAB_PANEL_ROOM_H
#define SCREENLAB_PANEL_ROOM_H

#include "panel.h"

/* Four to a factor of ten, from a hundred times the mean eigenvalue downwards. */
enum { PANEL_PENALTIES = 15, PANEL_PENALTIES_LENGTHS = 33 };

/* All buffers of one training, in one struct so that the steps read as steps. */
typedef struct Training {
    const PanelInput *in;
    NiptPanel *panel;
    Arena *arena, *scratch; /* scratch is emptied after every sample */
    size_t n;               /* samples */
    uint32_t windows;
    double *x;                 /* n x windows: ratio minus one */
    double *seen;              /* n x windows: counting variance */
    double *weight;            /* windows */
    double *centred;           /* n x windows: sqrt(weight) * (x - mean) */
    double *gram[NIPT_CHROMS]; /* n x n of each chromosome's windows */
    double *vectors, *values;  /* eigen-system of the Gram matrix at hand */
    double reach[NIPT_CHROMS]; /* mean variance of a prediction over that of one residual */
} Training;

typedef struct Fit {
    double *alpha;    /* weights of the samples */
    double *held_out; /* residual of each sample, foretold by the others */
    double *leverage; /* of each sample on its own prediction */
    double *reach;    /* variance of a held-out prediction over that of one residual */
    double error;     /* mean square of held_out */
} Fit;

/* panel.c: settings of the run and empty arrays of bins. */
void panel_begin(Training *t);

/* panel_bins.c: shares, GC and noise of bins; then windows and their Gram matrices. */
void panel_learn_bins(Training *t);
void panel_fill_windows(Training *t);
void panel_fill_grams(Training *t);

/* panel_learn.c */
/* Eigen-system of the Gram matrix over all chromosomes but 13, 18, 21 and `without` (0 = none). */
Status panel_decompose(Training *t, int without, Note *why) MUST_USE;
/* Of the matrix that lies in t->vectors. */
Status panel_eigen(Training *t, Note *why) MUST_USE;
/* The penalty with the least held-out error, from none of the others' help to nearly all of it. */
Fit panel_best_fit(const Training *t, const double *y, int penalties);
/* Adds to the line the windows of the chromosomes that foretell. */
void panel_add_predictors(float *line, const Training *t, const double *alpha, int without,
                          double sign);
double panel_along(const Training *t, const float *line, size_t sample);
Status panel_learn_chrom(Training *t, int chrom, Note *why) MUST_USE;
/* Bins, windows, and the line of every chromosome; errors are not known yet. */
Status panel_learn_lines(Training *t, Note *why) MUST_USE;

/* panel_folds.c: held-out errors of all that, and what they are made of. */
Status panel_hold_out(Training *t, Note *why) MUST_USE;
/* Variance that bins' own over-dispersion leaves in every window. */
void panel_window_noise(double *variance, const NiptPanel *panel);

/* panel_lengths.c: the fetal fraction from the lengths of pairs. */
Status panel_learn_size(Training *t, Note *why) MUST_USE;

/* panel_extra.c: what segments and the fetal fraction need. */
Status panel_learn_factors(Training *t, Note *why) MUST_USE;
void panel_learn_shorts(Training *t);
Status panel_learn_counts(Training *t, Note *why) MUST_USE;

#endif
