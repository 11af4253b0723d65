/* disclose - the medically approved way to tell about one serious hereditary disease: by whom, for which condition, for how long.
 *
 *     DisclosureLimits limits;
 *     DisclosureCondition condition;
 *     const char *fault = disclosure_limits(&limits, reference);              // the code of a Note, NULL = fine
 *     if (fault == NULL) fault = disclosure_condition(&condition, reference, "haemophilia_b");
 *     fault = disclosure_quorum(&limits, reference, experts, n, today);
 *
 * disclosure/limits.tsv: key -> value. "approvals" (never fewer than DISCLOSURE_LEAST), "days" from the request, "maternal_cells": the code of the finding
 * that must have excluded them. disclosure/conditions.tsv: what may be asked for, of which gene of the panel, and whether an answer
 * is possible at all. A number that is missing refuses everything. */
#ifndef SCREENLAB_DISCLOSE_H
#define SCREENLAB_DISCLOSE_H

#include "disclosure.h"
#include "policy.h"

enum { DISCLOSURE_LEAST = 3 };

typedef struct DisclosureLimits {
    size_t approvals;
    Instant seconds;            /* an approval holds that long after its request */
    const char *maternal_cells; /* code of a finding that must be negative */
    bool example;
    const Table *table;
} DisclosureLimits;

/* "disclose.limits": no table, or a number that nobody has set. */
const char *disclosure_limits(DisclosureLimits *out, const Reference *reference);

typedef struct DisclosureCondition {
    const char *code; /* wording row "disclosure.condition.<code>" */
    const char *gene; /* of the panel */
    bool example, unverified;
    const Table *table;
} DisclosureCondition;

/* "disclose.condition": not listed; "disclose.not_approved": listed as no serious disease; "disclose.no_method": three words cannot answer
 * it, or no assay of this release can. */
const char *disclosure_condition(DisclosureCondition *out, const Reference *reference,
                                 const char *code);

/* Whether the person may take that step ("request", "approve", "give") on that day: NULL, or the code of policy_role(). */
const char *disclosure_may(const Reference *reference, const Person *person, const char *step,
                           Date day);

typedef struct DisclosureExpert {
    Person who;
    Instant time; /* of the approval */
} DisclosureExpert;

/* "clinical" or "genetics" on that day; "" = neither. */
const char *disclosure_field(const Reference *reference, const Person *person, Date day);

/* Approvals that hold: NULL when they are of enough distinct persons with distinct keys, each an expert on that day, with at
 * least one of clinical medicine and one of medical genetics; else "disclose.approvals". */
const char *disclosure_quorum(const DisclosureLimits *limits, const Reference *reference,
                              const DisclosureExpert *experts, size_t n, Date day);

#endif
