/* qc_drift - the part of the page of quality control that the patients' own results write: tables of figures, and a chart of each that has a history. */
#ifndef SCREENLAB_QC_DRIFT_H
#define SCREENLAB_QC_DRIFT_H

#include "page.h"
#include "qc.h"

void qc_drift_sections(Page *page, const QcView *view);
void qc_drift_charts(Markup *m, const Page *page, const QcView *view);

#endif
