/* qc - the page of quality control: which runs are rejected, the charts of the controls, the patients' own medians and rates. */
#ifndef SCREENLAB_REPORTS_QC_H
#define SCREENLAB_REPORTS_QC_H

#include "../lab/drift.h"
#include "../lab/qc.h"
#include "report.h"

typedef struct QcView {
    const Reference *reference;
    const Stamp *stamp;
    const QcBook *book;
    const DriftFigure *figures;
    size_t n_figures;
} QcView;

typedef struct QcTally {
    size_t runs, accepted, warning, rejected, none, alarms;
} QcTally;

QcTally report_qc_tally(const QcView *view);
Status report_qc(Document *html, Document *tsv, const QcView *view, Arena *arena,
                 Note *why) MUST_USE;

#endif
