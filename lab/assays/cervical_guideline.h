/* cervical_guideline - a guideline that is asked section by section.
 *
 *     View v = {...};
 *     Advice a = guideline_ask(&v, NULL);          // all sections, in their order
 *     Advice a = guideline_ask(&v, "rare");        // one library: what published test cases ask
 *
 * No section answers: "clinician_no_row", never a routine interval. */
#ifndef SCREENLAB_CERVICAL_GUIDELINE_H
#define SCREENLAB_CERVICAL_GUIDELINE_H

#include "cervical_feature.h"

/* Sections of policies.tsv's column "sections" (a table: order section library table), their
 * features bound. BAD_INPUT names what is not understood. */
Status guideline_prepare(CervicalModel *m, const Reference *reference, const char *sections,
                         Arena *arena, Note *why) MUST_USE;
Advice guideline_ask(const View *v, const char *library);

/* What is asked: whole = {DATE_NONE, NULL}. `today` stands for the day of the newest sample. */
typedef struct Question {
    Date today;
    const char *library;
} Question;

/* What `policy` says of the first woman of a case, without findings: for the conformance driver. */
Advice cervical_ask(const Case *c, const Reference *reference, const char *policy,
                    const Question *question, Arena *arena);

/* The risk tables: the row of cervical/asccp/risk that fits this woman, -1 = none; *table 1..5. */
long risk_find(int *table, const View *v);

#endif
