/* indicators - the page of the network's figures for one centre and what lies below it, and all of them as a table. */
#ifndef SCREENLAB_REPORTS_INDICATORS_H
#define SCREENLAB_REPORTS_INDICATORS_H

#include "../lab/indicators.h"
#include "report.h"

typedef struct IndicatorView {
    const Reference *reference;
    const Stamp *stamp;
    const IndicatorBook *book;
    const IndicatorCounts *counts; /* months of `centre` */
    const Centre *centre;          /* the page is about it */
    Date from, until;              /* both days in */
    const char *const *months;     /* "2026-01" ... */
    size_t n_months;
} IndicatorView;

Status report_indicators(Document *html, Document *tsv, const IndicatorView *view, Arena *arena,
                         Note *why) MUST_USE;

#endif
