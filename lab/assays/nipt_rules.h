/* nipt_rules - which of a sample's figures forbid a result, by reference/nipt/rules.tsv. */
#ifndef SCREENLAB_NIPT_RULES_H
#define SCREENLAB_NIPT_RULES_H

#include "../case.h"
#include "../finding.h"
#include "nipt.h"

/* Figures that rules may speak of; NAN = not told. In the order of nipt_measure_code(). */
typedef enum Measure {
    MEASURE_READS,
    MEASURE_DUPLICATES,
    MEASURE_UNIQUE,
    MEASURE_GC_SHIFT,
    MEASURE_DISPERSION,
    MEASURE_Z_LOWEST,
    MEASURE_DETECTABLE,
    MEASURE_FRACTION,
    MEASURE_MARGIN, /* fetal fraction less the least detectable one */
    MEASURE_GESTATION,
    MEASURE_PLURALITY,
    MEASURE_WEIGHT,
    MEASURE_OTHER_AUTOSOMES,
    MEASURES
} Measure;

const char *nipt_measure_code(Measure measure);

typedef enum Effect { EFFECT_ALARM, EFFECT_NO_NEGATIVE, EFFECT_STOP } Effect;

/* The first rule of the strongest effect that is broken. */
typedef struct Verdict {
    long row; /* of nipt/rules; -1 = no rule forbids anything */
    Effect effect;
    Answer answer;
    const char *detail;
} Verdict;

/* Every row: known measure, effect and answer, numbers that are numbers. BAD_INPUT names the row. */
Status nipt_rules_check(const Table *rules, Note *why) MUST_USE;
/* Whether that row is broken by these figures. */
bool nipt_rule_broken(const Table *rules, size_t row, const double figures[MEASURES]);
Verdict nipt_verdict(const Table *rules, const double figures[MEASURES]);
Verdict nipt_rule_verdict(const Table *rules, size_t row);

#endif
