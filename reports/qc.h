/* qc - the page of quality control: which runs are rejected, the charts of the controls, the patients' own medians and rates. */
#ifndef SCREENLAB_REPORTS_QC_H
#define SCREENLAB_REPORTS_QC_H

#include "../lab/drift.h"
#include "../lab/qc.h"
#include "page.h"
#include "report.h"

typedef struct QcView {
    const Reference *reference;
    const Stamp *stamp;
    const QcBook *book;
    const DriftFigure *figures;
    size_t n_figures;
    const QcAction *actions; /* oldest first */
    size_t n_actions;
} QcView;

typedef struct QcTally {
    size_t runs, accepted, warning, rejected, none, alarms;
} QcTally;

/* The newest record about a run, "cause · action (person, time)"; "" = none. */
const char *qc_action_text(const Page *page, const QcView *view, const char *analyte,
                           const char *run);
QcTally report_qc_tally(const QcView *view);
Status report_qc(Document *html, Document *tsv, const QcView *view, Arena *arena,
                 Note *why) MUST_USE;

#endif
