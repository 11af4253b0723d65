/* drift - what the patients' own results say about the analyser: medians and shares of positives, month by month.
 *
 *     size_t n;
 *     const DriftFigure *figures = drift_figures(&n, table, observations, n_observations, arena);
 *
 * `table` is qc/watch: which findings are watched, as median or as rate, with which limits and from which number on. Medians, not means: a few
 * very high values must not move them. Drift blocks nothing by itself; a person decides. */
#ifndef SCREENLAB_DRIFT_H
#define SCREENLAB_DRIFT_H

#include "table.h"

typedef struct Observation {
    const char *code, *item, *month; /* "serum.mom", "afp", "2026-11" */
    double value;                    /* NAN = none */
    bool positive;
} Observation;

typedef enum DriftState { DRIFT_TOO_FEW, DRIFT_GOOD, DRIFT_WARNING, DRIFT_ALARM } DriftState;

typedef struct DriftFigure {
    const char *code, *item, *month;
    bool rate;
    size_t n, positive;
    double value;     /* median, or share of positives */
    double low, high; /* of a rate: its 95 % interval; of a median: the warning limits */
    double expected;  /* of a rate: at most; of a median: 1 */
    DriftState state;
} DriftFigure;

/* By order of the table's rows, then item, then month. */
const DriftFigure *drift_figures(size_t *n, const Table *watch, const Observation *observations,
                                 size_t n_observations, Arena *arena);
const char *drift_state_code(DriftState state); /* "too_few" "good" "warning" "alarm" */

#endif
