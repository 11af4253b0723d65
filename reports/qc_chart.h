/* qc_chart - Levey-Jennings charts as inline SVG. */
#ifndef SCREENLAB_QC_CHART_H
#define SCREENLAB_QC_CHART_H

#include "markup.h"
#include "page.h"
#include "qc.h"

/* One chart of one material of a series, z against runs; the last `CHART_RUNS` runs when there are more. */
enum { CHART_RUNS = 90 };
void qc_chart_print(Markup *m, const Page *page, const QcView *view, const QcSeries *series,
                    const char *material);

#endif
