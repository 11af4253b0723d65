/* newborn_limits - a laboratory's cut-offs for dried blood spots, proven and compiled once. Shared by the rooms of the assay only.
 *
 * A row of newborn/cutoffs holds for one analyte within one stratum (birth weight, gestation, or none) and one range of age at collection; over all
 * strata and ages the rows of an analyte fit each baby exactly once, or the table does not open. */
#ifndef SCREENLAB_NEWBORN_LIMITS_H
#define SCREENLAB_NEWBORN_LIMITS_H

#include "../reference.h"

enum { NEWBORN_REPLICATES = 8 };

typedef enum Stratum { STRATUM_NONE, STRATUM_WEIGHT_G, STRATUM_GESTATION_D } Stratum;

typedef struct Span { /* above < x <= up_to; infinite where the table's cell is empty */
    double above, up_to;
} Span;

typedef struct NewbornLimits {
    const char *row, *unit;
    Span stratum, age_h;
    bool low_is_bad;
    bool all; /* duplicate rule: every replicate must alarm; else their mean */
    int replicates;
    double borderline, positive; /* at or beyond */
    bool example;
} NewbornLimits;

typedef struct NewbornAnalyte {
    const char *code; /* "tsh" */
    Stratum stratum;
    const NewbornLimits *limits;
    int n_limits;
    const char *numerator,
        *denominator; /* of a ratio of two analytes (newborn/ratios); NULL = measured itself */
} NewbornAnalyte;

typedef enum NewbornRule {
    RULE_EARLY_H,
    RULE_LATE_H,
    RULE_SPOTS_MIN,
    RULE_SPOT_MM_MIN,
    NEWBORN_RULES
} NewbornRule;

typedef struct NewbornModel {
    NewbornAnalyte *analytes; /* in the table's order */
    int n_analytes;
    double rules[NEWBORN_RULES];
    const char *table, *version; /* of the cut-offs */
} NewbornModel;

Status newborn_prepare(const void **model, const Reference *reference, Arena *arena,
                       Note *why) MUST_USE;

/* Which row holds. `key` is the stratum's number, `age` the range of ages at collection that are possible; NAN = unknown. NULL = that cannot be told. */
const NewbornLimits *newborn_limits(const NewbornAnalyte *analyte, double key, Span age);

typedef enum Grade { GRADE_NORMAL, GRADE_BORDERLINE, GRADE_POSITIVE } Grade;

/* A value as far as the analyser tells it: 12 is 12..12, "<0.5" is 0..0.5, ">500" is 500..infinity. */
typedef struct Reach {
    double from, to;
} Reach;

/* The mildest grade that the values may have, and the worst. */
typedef struct Grades {
    Grade mildest, worst;
} Grades;

Grades newborn_grades(const NewbornLimits *limits, const Reach *values, size_t n);
/* The mildest grade under any row: what is alarming whoever the baby is. */
Grade newborn_grade_at_least(const NewbornAnalyte *analyte, const Reach *values, size_t n);

#endif
