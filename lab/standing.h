/* standing - which results of one sample stand, when some correct or take back what came before.
 *
 *     Standing s;
 *     standing_begin(&s, n, arena);
 *     for each result, in order of arrival:  (void)standing_take(&s, &result);
 *     use(s.items, s.n);
 *
 * A result is corrected or taken back by a later one of the same place: specimen, code, run and well. What was taken back leaves a
 * result of value RESULT_TAKEN_BACK, and two that contradict each other one of value RESULT_CONTRADICTED. Neither word stands in results.tsv: no table
 * gives them a meaning, so no assay can read them as negative. */
#ifndef SCREENLAB_STANDING_H
#define SCREENLAB_STANDING_H

#include "evidence.h"

#define RESULT_TAKEN_BACK   "taken_back"
#define RESULT_CONTRADICTED "contradicted"
/* Code of a test that the file names and no table knows; the value is its name, "" when it is no plain code. Not a result: see lab/hold.h. */
#define RESULT_UNKNOWN_TEST "test.unknown"

/* Most results that one sample may have: beyond it a person must look, and comparing all with all would take too long. */
enum { STANDING_MOST = 4000 };

typedef struct Standing {
    Result *items, *gone; /* gone: what was corrected or taken back */
    size_t n, n_gone;
} Standing;

typedef enum Taken {
    TAKEN,
    TAKEN_AGAINST, /* it contradicts what stands: both are held until a correction says which is right */
    TAKEN_GONE /* the same as one that was taken back: passed over, for a message sent again brings nothing back */
} Taken;

/* Room for `n` results. */
void standing_begin(Standing *s, size_t n, Arena *arena);
Taken standing_take(Standing *s, const Result *result);

#endif
