/* panel - the quality page of a reference panel: what a laboratory looks at before it lets a panel judge.
 *
 *     Status s = report_panel(&html, &(PanelView){reference, &stamp, panel, few}, arena, &why); */
#ifndef SCREENLAB_REPORTS_PANEL_H
#define SCREENLAB_REPORTS_PANEL_H

#include "../lab/nipt.h"
#include "report.h"

typedef struct PanelView {
    const Reference *reference;
    const Stamp *stamp;
    const NiptPanel *panel;
    double advised_samples; /* fewer are warned of */
} PanelView;

Status report_panel(Document *html, const PanelView *view, Arena *arena, Note *why) MUST_USE;

#endif
