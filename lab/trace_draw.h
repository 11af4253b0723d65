/* trace_draw - pictures of one injection, for every assay of the capillary analyser.
 *
 *     trace_draw_dye(figures, "qfpcr_dye1", sample->id, trace, 1, &markers);
 *     trace_draw_ladder(figures, "trace_ladder", sample->id, trace);
 *
 * Only what is in the evidence can be drawn: wiped ranges are gaps, sex markers have no window here. */
#ifndef SCREENLAB_TRACE_DRAW_H
#define SCREENLAB_TRACE_DRAW_H

#include "figure.h"
#include "markers.h"

/* The curve of a dye (1 to DYES) over base pairs, windows of its autosomal markers, sizes of its peaks; of the standard's dye the rungs.
 * `title` is a code of wording.tsv. Nothing is added when the dye was not drawn. The figure, or NULL. */
Figure *trace_draw_dye(Figures *out, const char *title, const char *sample, const Trace *trace,
                       int dye, const Markers *markers);
/* Rungs of the size standard: scan and size. */
void trace_draw_ladder(Figures *out, const char *title, const char *sample, const Trace *trace);

#endif
