/* case - one pregnancy, couple or newborn: the unit that is judged and referred together. */
#ifndef SCREENLAB_CASE_H
#define SCREENLAB_CASE_H

#include "sample.h"

typedef struct Case {
    const char *id;
    const Sample *samples; /* newest revision of each, in order of registration */
    size_t n_samples;
    const Fact *facts; /* in order of arrival */
    size_t n_facts;
    const Sample *
        history; /* earlier samples of the same persons in other cases, newest first, with evidence */
    size_t n_history;
    Instant now;        /* the run's time: from --now, or read once in main */
    int offset_minutes; /* local time, from reference/site.tsv */
} Case;

/* The newest fact of that code about `owner`; NULL = not declared, or declared last in a row that could not be read. */
const Fact *case_fact(const Case *c, Subject owner, const char *code);
/* The row that came last about this fact could not be read: nothing may be concluded as if it had not been declared. */
bool case_fact_unreadable(const Case *c, Subject owner, const char *code);

#endif
