/* qfpcr_draw - the pictures of a sample: dosage of all markers by chromosome, each dye's trace, the fit of the size standard. */
#ifndef SCREENLAB_QFPCR_DRAW_H
#define SCREENLAB_QFPCR_DRAW_H

#include "../figure.h"
#include "qfpcr_run.h"

void qfpcr_draw(Figures *out, const QfpcrJudgement *judged, const Sample *sample,
                const Reference *reference, Arena *arena);

#endif
