/* nipt - inside of the assay: its settings and panels, shared with the readers that make bins. */
#ifndef SCREENLAB_ASSAY_NIPT_H
#define SCREENLAB_ASSAY_NIPT_H

#include "../nipt.h"
#include "../table.h"

/* Rows of reference/nipt/settings.tsv, each with its source there. */
typedef struct NiptSettings {
    double bin_size;       /* bases */
    double least_mapq;     /* a read below is ambiguous */
    double short_most;     /* longest short pair, bases */
    double z_limit;        /* a trisomy is told beyond it */
    double z_low;          /* below it a target chromosome says that the library is wrong */
    double z_other;        /* alarm on other autosomes, both sides */
    double power;          /* asked of the least detectable fraction: 0.95 */
    double family_error;   /* of all segments of one sample */
    double segment_least;  /* bases: shorter ones are not told */
    double maternal_gap;   /* a ratio this close to 0.5 or 1.5 looks maternal */
    double origin_z;       /* standard errors by which lengths must contradict an origin */
    double power_fraction; /* fetal fraction that the size statement speaks of */
} NiptSettings;

typedef struct NiptModel {
    NiptSettings settings;
    const NiptPanel **panels; /* every table whose name begins with nipt/panel */
    const Table **panel_tables;
    size_t n_panels;
    const Table *rules, *table;        /* nipt/rules, nipt/settings */
    const Table *performance, *priors; /* nipt/performance, serum/priors; NULL = absent */
} NiptModel;

/* The panel for these bins; NULL = none fits. */
const NiptPanel *nipt_panel_for(const NiptModel *model, const Bins *bins, const Table **table);

#endif
