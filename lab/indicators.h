/* indicators - figures of the network: who was screened, who was found, who came, who was treated; per centre and month.
 *
 *     IndicatorBook *book;
 *     Status s = indicators_open(&book, reference, arena, why);
 *     uint64_t tags = indicators_tag(book, &(TagEvent){.source = TAG_FINDING, .code = "cervical.hpv", ...});
 *     IndicatorCounts *counts = indicators_new(book, n_centres, n_months, arena);
 *     indicators_count(counts, &(TaggedCase){...});
 *     IndicatorFigure f = indicators_figure(counts, i, centre, month);
 *
 * A case carries tags; an indicator is two expressions over tags. Both are tables: care/tags and care/indicators. */
#ifndef SCREENLAB_INDICATORS_H
#define SCREENLAB_INDICATORS_H

#include "finding.h"
#include "reference.h"

typedef enum TagSource { TAG_SAMPLE, TAG_FINDING, TAG_OUTCOME, TAG_STEP, TAG_AGE } TagSource;

/* One thing the ledger knows of a case. */
typedef struct TagEvent {
    TagSource source;
    const char *code;  /* assay, finding code, outcome code; "" for steps and ages */
    const char *item;  /* of a finding */
    Answer answer;     /* of a finding */
    const char *value; /* detail, coded outcome, state */
    int age;           /* completed years, of TAG_AGE */
} TagEvent;

typedef enum IndicatorKind {
    INDICATOR_SHARE,  /* numerator of the denominator's cases */
    INDICATOR_RATIO,  /* two groups of cases beside each other */
    INDICATOR_WITHIN, /* of the cases whose result was sent: within `number` days of sampling */
    INDICATOR_MEDIAN  /* median days from sampling to sending */
} IndicatorKind;

typedef struct Indicator {
    const char *id, *group; /* words: indicator.<id>, .num, .den; indicator.group.<group> */
    IndicatorKind kind;
    const char *needs; /* the table without which the denominator is unknown; "" = none */
    const char *numerator, *denominator, *number, *source; /* as in the table */
    double low, high; /* what is aimed at or usual; NAN = open */
} Indicator;

typedef struct IndicatorBook IndicatorBook;

/* REFUSED "indicator.table" (a table is absent), "indicator.tag" (an expression names a tag that no row gives), "indicator.form". */
Status indicators_open(IndicatorBook **out, const Reference *reference, Arena *arena,
                       Note *why) MUST_USE;
size_t indicators_size(const IndicatorBook *book);
const Indicator *indicators_at(const IndicatorBook *book, size_t i);
uint64_t indicators_tag(const IndicatorBook *book, const TagEvent *event);

typedef struct TaggedCase {
    uint64_t tags;
    size_t centre; /* index among reference_centres: who submitted it */
    size_t month;  /* of the period, from 0 */
    int days;      /* from sampling to sending; -1 = not sent */
} TaggedCase;

typedef struct IndicatorCounts IndicatorCounts;

IndicatorCounts *indicators_new(const IndicatorBook *book, const Reference *reference,
                                size_t n_months, Arena *arena);
void indicators_count(IndicatorCounts *counts, const TaggedCase *c);

typedef enum FigureState {
    FIGURE_TOLD,
    FIGURE_EMPTY, /* nobody in the denominator */
    FIGURE_SUPPRESSED, /* so few that it would speak of single persons, or that those could be computed */
    FIGURE_NEEDS /* the denominator stands in a table that is absent, or has no row for this centre and period */
} FigureState;

typedef struct IndicatorFigure {
    FigureState state;
    int64_t numerator, denominator; /* 0 unless told */
    double value;                   /* NAN unless told */
} IndicatorFigure;

enum { INDICATOR_WHOLE = -1 }; /* month: the period */

/* Adds up the levels and finds what must not be told; call once, after the last case. */
void indicators_finish(IndicatorCounts *counts, Date from, Date until);
/* Of a centre and all below it. Months are told for one centre only, the one `indicators_months` was called for last. */
IndicatorFigure indicators_figure(const IndicatorCounts *counts, size_t i, const Centre *centre,
                                  int month);
void indicators_months(IndicatorCounts *counts, const Centre *centre);

#endif
