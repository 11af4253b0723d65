/* Automatic release is the exception that a table grants, one code and answer at a time ("autoverification is allowed for listed,
 * validated rules": quality-control practice after ISO 15189:2022, 7.4). The strictest finding of a paper decides for all of it, and every doubt
 * falls to the side of two persons: a code without a row, a finding on an unverified row, anything about a fetus, a
 * table that is absent.
 *
 * The gates are not policy: no row of a table opens them. A conclusion whose run had no accepted controls, or that rests on a version of a
 * table which is not the one in force, does not leave by anybody's hand. */
#include "policy.h"

#include <math.h>
#include <string.h>

static const char *value_of(const char *input, const Finding *f)
{
    if (strcmp(input, "code") == 0) return f->code;
    if (strcmp(input, "answer") == 0) return answer_code(f->answer);
    if (strcmp(input, "sure") == 0) return f->unverified ? "unverified" : "sure";
    if (strcmp(input, "fetal") == 0) return f->fetal ? "yes" : "no";
    return ""; /* outside every domain: two persons */
}

Release policy_of(const Reference *reference, const Finding *f)
{
    const char *values[DECIDE_INPUTS];
    const Rules *rules = reference_rules(reference, "release");
    if (rules == NULL) return RELEASE_TWO_PERSONS;
    for (size_t i = 0; i < decide_inputs(rules); i++)
        values[i] = value_of(decide_input_name(rules, i), f);
    const char *how = decide_output(rules, decide(rules, values), "how");
    if (strcmp(how, "call") == 0) return RELEASE_CALL;
    return strcmp(how, "automatic") == 0 ? RELEASE_AUTOMATIC : RELEASE_TWO_PERSONS;
}

Release policy_stricter(Release a, Release b)
{
    return a > b ? a : b;
}

double policy_call_hours(const Reference *reference, const char *urgency)
{
    const Table *calls = reference_table(reference, "call");
    double hours, least = INFINITY;
    bool listed = false;
    for (size_t r = 0; calls != NULL && r < calls->n_rows; r++) {
        if (strcmp(table_get(calls, r, "urgency"), urgency) != 0) continue;
        listed = true;
        if (table_number(calls, r, table_column(calls, "hours"), &hours) && hours < least)
            least = hours;
    }
    if (!listed) return 0;
    return isinf(least) ? NAN : least;
}

static bool is_conclusion(Answer answer)
{
    return answer == ANSWER_POSITIVE || answer == ANSWER_POSSIBLE || answer == ANSWER_NEGATIVE ||
           answer == ANSWER_MEASURED;
}

const char *policy_gate(const Reference *reference, const Finding *f)
{
    bool controlled = f->qc == NULL || *f->qc == '\0' || strcmp(f->qc, "accepted") == 0 ||
                      strcmp(f->qc, "warning") == 0;
    if (is_conclusion(f->answer) && !controlled) return "release.qc";
    if (f->table == NULL || *f->table == '\0') return NULL;
    const Table *table = reference_table(reference, f->table);
    if (table == NULL || strcmp(table->info.version, f->version) != 0) return "release.version";
    return NULL;
}

static bool is_in_date(const Table *roles, size_t row, Date day)
{
    Date from, until;
    const char *last = table_get(roles, row, "valid_until");
    if (!date_parse(&from, table_get(roles, row, "valid_from")) || day < from) return false;
    return *last == '\0' || (date_parse(&until, last) && day <= until);
}

const char *policy_role(const Reference *reference, const Person *person, const char *role,
                        Date day)
{
    const Table *roles = reference_table(reference, "roles");
    bool known = false, same_key = false;
    for (size_t r = 0; roles != NULL && r < roles->n_rows; r++) {
        if (strcmp(table_get(roles, r, "person"), person->code) != 0) continue;
        known = true;
        if (strcmp(table_get(roles, r, "key"), person->key) != 0) continue;
        same_key = true;
        if (strcmp(table_get(roles, r, "role"), role) == 0 && is_in_date(roles, r, day))
            return NULL;
    }
    return !known ? "release.person" : !same_key ? "release.key" : "release.role";
}

bool policy_knows(const Reference *reference, const Person *person)
{
    const char *fault = policy_role(reference, person, "", 0);
    return fault == NULL || strcmp(fault, "release.role") == 0;
}

static const char anyone[] = "anyone";

bool policy_open(const Reference *reference, const char *act)
{
    const Table *acts = reference_table(reference, "acts");
    for (size_t r = 0; acts != NULL && r < acts->n_rows; r++)
        if (strcmp(table_get(acts, r, "act"), act) == 0 &&
            strcmp(table_get(acts, r, "role"), anyone) == 0)
            return true;
    return false;
}

const char *policy_may(const Reference *reference, const Person *person, const char *act, Date day)
{
    const Table *acts = reference_table(reference, "acts");
    for (size_t r = 0; acts != NULL && r < acts->n_rows; r++) {
        const char *role = table_get(acts, r, "role");
        if (strcmp(table_get(acts, r, "act"), act) == 0 && strcmp(role, anyone) != 0 &&
            policy_role(reference, person, role, day) == NULL)
            return NULL;
    }
    const char *fault = policy_role(reference, person, "", day);
    return fault != NULL ? fault : "release.role";
}
