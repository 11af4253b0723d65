/* nipt_draw - the two pictures of a sample: its autosomes side by side, and its z beside the panel's. */
#ifndef SCREENLAB_NIPT_DRAW_H
#define SCREENLAB_NIPT_DRAW_H

#include "../figure.h"
#include "../sample.h"
#include "nipt.h"

void nipt_draw_genome(Figures *out, const NiptPanel *panel, const NiptProfile *profile,
                      const Sample *sample, const NiptSettings *settings, Arena *arena);
void nipt_draw_scores(Figures *out, const NiptPanel *panel, const NiptScore *scores,
                      const Sample *sample, const NiptSettings *settings, Arena *arena);

#endif
