/* figure - pictures of assays (lab/figure.h) as inline SVG in the HTML dress. */
#ifndef SCREENLAB_REPORT_FIGURE_H
#define SCREENLAB_REPORT_FIGURE_H

#include "page.h"

/* One picture under its title. */
void html_figure(Markup *m, const Page *page, const Figure *figure);
/* A section with all figures of the page; nothing when there are none. */
void html_figures(Markup *m, const Page *page);

#endif
