/* case_merge - the one evidence of a sample, of all pieces that the ledger holds of it (pipeline/batch_merge.c). */
#ifndef SCREENLAB_CASE_MERGE_H
#define SCREENLAB_CASE_MERGE_H

#include "ledger.h"

/* One evidence of many pieces; BAD_INPUT in out->status when the ledger was tampered with. */
void case_merge(Evidence *out, const Pieces *pieces, Arena *arena);

#endif
