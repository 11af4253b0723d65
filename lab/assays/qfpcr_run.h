/* qfpcr_run - what a sample's trace and the controls of its run say together: readings of all markers, the run's verdict, the
 * comparison with the mother, the pattern over all chromosomes, and a verdict for each. */
#ifndef SCREENLAB_QFPCR_RUN_H
#define SCREENLAB_QFPCR_RUN_H

#include "../case.h"
#include "qfpcr_marker.h"

enum { QFPCR_CHROMS = 23 };

/* Readings of one trace against the panel of its kit, sex markers left out. */
typedef struct Typing {
    const Trace *trace;
    const Markers *markers; /* of the kit, sex markers among them */
    MarkerReading *readings;
    size_t n;
} Typing;

typedef struct ChromosomeCount {
    int markers, normal, trisomic, between, foreign;
    int pairs;           /* markers with two alleles whose ratio is 1:1 or between */
    double skew;         /* sum over them of the logarithm of how many fold the ratio is from 1 */
    const char *verdict; /* word of qfpcr/chromosome */
} ChromosomeCount;

typedef struct QfpcrJudgement {
    Typing *typings; /* one a kit that the sample was run with */
    size_t n_typings;
    Decision run;         /* of qfpcr/run, the worst of all kits */
    double control_ratio; /* median dosage ratio of the control DNA of the first kit; NAN = none */
    ChromosomeCount of[QFPCR_CHROMS];
    bool told[QFPCR_CHROMS]; /* 13, 18, 21, and every other that a panel holds */
    const char *mother;      /* word of qfpcr/sample, "" = not typed or too little in common */
    bool mother_typed;       /* a trace of hers is there and could be read */
    const char *pattern;     /* word of qfpcr/sample */
} QfpcrJudgement;

/* BAD_INPUT "qfpcr.controls": a row of that table whose marker the kit does not have, or whose genotype is none. */
Status qfpcr_controls_check(const Reference *reference, Arena *arena, Note *why) MUST_USE;
/* Reads every trace of role sample. `mother` may be NULL. False when no trace of a known kit is there. */
bool qfpcr_judge(QfpcrJudgement *out, const Sample *sample, const Sample *mother,
                 const Reference *reference, Arena *arena);

#endif
