/* mlpa_draw - the picture of an MLPA: one bar a probe. Only for assays/mlpa.c. */
#ifndef SCREENLAB_MLPA_DRAW_H
#define SCREENLAB_MLPA_DRAW_H

#include "../figure.h"
#include "../mlpa.h"

void mlpa_draw_bars(Figures *out, const MlpaReading *reading, const Table *bands,
                    const char *sample);

#endif
