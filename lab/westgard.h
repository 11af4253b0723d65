/* westgard - multirule quality control: may the patients' results of a run be believed?
 *
 *     ControlPoint points[] = {{.run = 1, .level = 0, .lot = 0, .value = 4.1, .mean = 4.0, .sd = 0.1}, ...};   // in order of runs, then levels
 *     QcVerdict v = westgard_judge(points, n, run, &rules);
 *
 * "Exceeds" is strictly greater: a value exactly on a limit does not exceed it, a value on the mean lies on no side. Consecutive is in order of
 * runs within one lot; across levels in order of runs, then of levels; a new lot of any level breaks every chain that it stands in.
 * Source of the rules: J. O. Westgard, P. L. Barry, M. R. Hunt, T. Groth, Clin Chem 27 (1981) 493; scopes as in the laboratory's table. */
#ifndef SCREENLAB_WESTGARD_H
#define SCREENLAB_WESTGARD_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ControlPoint {
    long run;        /* order of the run; points of one run stand together */
    int level;       /* order of the control material within a run */
    int lot;         /* of the material; another number = another lot */
    double value;    /* NAN = missing or not numeric: never a pass */
    double mean, sd; /* of that lot, level, analyte and instrument, in the unit of `value` */
} ControlPoint;

typedef enum QcRule {
    QC_1_2S = 1, /* one control exceeds 2 SD: a warning only */
    QC_1_3S = 2, /* one control exceeds 3 SD */
    QC_2_2S =
        4, /* two consecutive exceed the same 2 SD limit: in a run across levels, or on one level across runs */
    QC_R_4S = 8, /* one exceeds +2 SD and another -2 SD in the same run */
    QC_4_1S =
        16, /* four consecutive exceed the same 1 SD limit: on one level, or across levels and runs */
    QC_10X = 32 /* ten (or n_same_side) consecutive on one side of the mean */
} QcRule;

typedef struct QcRules {
    unsigned reject;    /* rules in use, of those that reject */
    bool warn;          /* 1-2s in use */
    bool across_levels; /* 4-1s and 10x also across levels */
    bool
        r4s_as_range; /* the other reading of R-4s: the range of a run exceeds 4 SD; named on the report */
    int n_same_side; /* 8, 10 or 12 */
} QcRules;

typedef enum QcState { QC_NONE, QC_ACCEPTED, QC_WARNING, QC_REJECTED } QcState;

typedef struct QcVerdict {
    QcState
        state; /* QC_NONE: no control, a missing one, or an SD that is not positive: not accepted */
    unsigned fired; /* all rules that fired, never only the first */
} QcVerdict;

/* z of a point; NAN when it cannot be judged. */
double control_z(const ControlPoint *point);
/* Strictly beyond `limit` SDs on either side, but for the rounding of decimal numbers; false for NAN. */
bool control_exceeds(double z, double limit);
/* Judges one run with the points up to and with it; later ones are not looked at. */
QcVerdict westgard_judge(const ControlPoint *points, size_t n, long run, const QcRules *rules);

#endif
