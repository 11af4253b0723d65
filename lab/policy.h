/* policy - may this leave without a person? By table, never by default.
 *
 *     Release how = RELEASE_AUTOMATIC;
 *     for (size_t i = 0; i < told.n; i++)
 *         how = policy_stricter(how, policy_of(reference, &told.items[i].finding));
 *
 * release.tsv, a decision table (lab/decide): in:code in:answer in:sure in:fetal -> out:how "automatic" | "two_persons" | "call".
 * What it does not know asks for two persons. call.tsv: urgency -> hours within which somebody at the receiving centre is told by
 * phone. roles.tsv: person, role, valid_from, valid_until, key (Ed25519, hex): who may do what, from when until when. */
#ifndef SCREENLAB_POLICY_H
#define SCREENLAB_POLICY_H

#include "date.h"
#include "finding.h"
#include "reference.h"

typedef enum Release {
    RELEASE_AUTOMATIC,
    RELEASE_TWO_PERSONS,
    RELEASE_CALL /* two persons, and the receiving centre is told by phone within a deadline */
} Release;

Release policy_of(const Reference *reference, const Finding *finding);
Release policy_stricter(Release a, Release b);

/* Hours within which an action of that urgency is told by phone: 0 = none is asked for; NAN = at once, because no number has been
 * set. */
double policy_call_hours(const Reference *reference, const char *urgency);

/* Why this finding may not leave, as the code of a Note; NULL = nothing is against it.
 * "release.qc": a conclusion whose controls are missing or rejected; "release.version": the table it rests on is not in this
 * release of the reference, or in another version. */
const char *policy_gate(const Reference *reference, const Finding *finding);

typedef struct Person {
    const char *code, *key; /* as the key file says; key in hex */
} Person;

/* Whether the person holds the role on that day under that key: NULL, or the code of a Note: "release.person" (in no row), "release.key"
 * (another key), "release.role" (not this role, or not on that day). */
const char *policy_role(const Reference *reference, const Person *person, const char *role,
                        Date day);
/* Whether roles.tsv knows this person under this key, whatever the role and the day. */
bool policy_knows(const Reference *reference, const Person *person);

/* acts.tsv (act, role) says which roles may do what: NULL when the person holds one of them on that day under that key, else as policy_role(). An
 * act without a row may nobody do. */
const char *policy_may(const Reference *reference, const Person *person, const char *act, Date day);
/* Whether the act asks for no key: a row of acts.tsv with the role "anyone". */
bool policy_open(const Reference *reference, const char *act);

#endif
