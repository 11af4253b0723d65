/* drift - what the patients' own results say about the analyser: medians, spreads and shares, by month, by run, by week of gestation.
 *
 *     Drift drift = {.arena = arena};
 *     for (size_t row = 0; row < watch->n_rows; row++)
 *         drift_add(&drift, reference, watch, row, observations, n);       // of that row's grouping
 *
 * `watch` is qc/watch: which findings are watched, as which figure, grouped by what, with which limits and from which number on. Medians, not
 * means: a few very high values must not move them. Drift blocks nothing by itself; a person decides. */
#ifndef SCREENLAB_DRIFT_H
#define SCREENLAB_DRIFT_H

#include "reference.h"

/* Column `by`: "month", "week", "run", "finding:CODE:WIDTH" or "fact:CODE:WIDTH" (groups of that width of the number beside the finding). */
typedef enum DriftKind { BY_MONTH, BY_WEEK, BY_RUN, BY_FINDING, BY_FACT } DriftKind;

typedef struct DriftBy {
    DriftKind kind;
    const char *code; /* of BY_FINDING and BY_FACT, else "" */
    double width;
} DriftBy;

/* False = the cell says nothing of this. */
bool drift_by(DriftBy *out, const Table *watch, size_t row, Arena *arena);
const char *drift_kind_code(DriftKind kind); /* "month" "week" "run" "finding" "fact" */

typedef struct Observation {
    const char *item, *group; /* "afp", "2026-11" */
    double order;             /* of the group among groups */
    double value;             /* NAN = none */
    bool positive;
    bool failed; /* no answer to the question was possible */
} Observation;

typedef enum DriftState {
    DRIFT_TOO_FEW,
    DRIFT_GOOD,
    DRIFT_WARNING,
    DRIFT_ALARM,
    DRIFT_TOLD /* the row has no limits: told, not judged */
} DriftState;

typedef enum DriftFigureKind {
    FIGURE_MEDIAN,
    FIGURE_SPREAD,   /* 1.4826 times the median absolute deviation */
    FIGURE_SD_LOG10, /* standard deviation of log10 */
    FIGURE_CUSUM,    /* of the group's log10 median in its standard errors, from group to group */
    FIGURE_RATE,     /* share of positives among those judged */
    FIGURE_FAILED    /* share of those that could not be judged */
} DriftFigureKind;

typedef struct DriftFigure {
    size_t row; /* of the table */
    const char *code, *item, *group;
    DriftFigureKind kind;
    DriftBy by;
    size_t n, positive; /* positive: those that the share counts */
    double value;       /* NAN = too few to be told */
    double low, high;   /* of a share: its 95 % interval; else the warning limits, NAN = none */
    double expected; /* of a share: at most; of the others: what the limits are about; NAN = none */
    DriftState state;
} DriftFigure;

typedef struct Drift {
    DriftFigure *figures; /* by order of rows, then item, then group */
    size_t n, capacity;
    Arena *arena;
} Drift;

void drift_add(Drift *drift, const Reference *reference, const Table *watch, size_t row,
               const Observation *observations, size_t n);
bool drift_is_share(DriftFigureKind kind);
/* "median" "spread" "sd_log10" "cusum" "rate" "failed" */
const char *drift_figure_code(DriftFigureKind kind);
const char *drift_state_code(DriftState state); /* "too_few" "good" "warning" "alarm" "told" */

#endif
