/* sanger_draw - the four dyes of a read around the place in question. Only for assays/sanger.c. */
#ifndef SCREENLAB_SANGER_DRAW_H
#define SCREENLAB_SANGER_DRAW_H

#include "../figure.h"
#include "../sanger.h"

/* Nothing is added for a read that does not cover the place. */
void sanger_draw_window(Figures *out, const BaseRead *read, const SangerView *view,
                        const char *sample);

#endif
