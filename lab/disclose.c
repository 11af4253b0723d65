/* Why: the law forbids to tell a fetus's sex and allows to diagnose a serious sex-linked disease, when experts agree; so what leaves here is whether
 * the fetus is affected, and nothing from which more could be read.
 * Method: tables say who, what and how long. Experts are two roles of roles.tsv, expert_clinical and expert_genetics, for persons of the rank of an associate chief
 * physician or above; the table is filled by the laboratory, which proves the rank. Fewer than three approvals cannot be configured.
 * Source: joint rule against fetal sex identification without medical need (in force 2016-05-01) for the principle; number, fields and rank of the experts
 * from its published draft of 2014-09-04: the final text was not seen, as disclosure/limits.tsv says.
 * Refuses: a disease whose carriers may fall ill themselves. There "not expected to be affected" could be false, and any fourth word would tell the sex. */
#include "disclose.h"

#include <math.h>
#include <string.h>

const char *disclosure_code(Disclosure answer)
{
    static const char *const codes[] = {"not_determinable", "affected", "not_expected"};
    return codes[answer < DISCLOSURES ? answer : DISCLOSURE_NOT_DETERMINABLE];
}

/* ---- limits ---- */

static bool number_of(double *out, const Table *t, const char *key, bool *example)
{
    long row = table_find(t, key);
    if (row < 0 || !table_number(t, (size_t)row, table_column(t, "value"), out)) return false;
    *example |= t->examples[row];
    return true;
}

const char *disclosure_limits(DisclosureLimits *out, const Reference *reference)
{
    enum { DAY_SECONDS = 86400, MOST_DAYS = 366, MOST_APPROVALS = 20 };
    const Table *t = reference_table(reference, "disclosure/limits");
    double approvals = 0, days = 0;
    *out = (DisclosureLimits){.table = t};
    long cells = t != NULL ? table_find(t, "maternal_cells") : -1;
    if (cells < 0 || !number_of(&approvals, t, "approvals", &out->example) ||
        !number_of(&days, t, "days", &out->example))
        return "disclose.limits";
    out->maternal_cells = table_get(t, (size_t)cells, "value");
    out->example |= t->examples[cells];
    if (approvals < DISCLOSURE_LEAST || approvals > MOST_APPROVALS ||
        approvals != floor(approvals) || days <= 0 || days > MOST_DAYS ||
        out->maternal_cells[0] == '\0')
        return "disclose.limits";
    out->approvals = (size_t)approvals;
    out->seconds = (Instant)(days * DAY_SECONDS);
    return NULL;
}

/* ---- conditions ---- */

const char *disclosure_condition(DisclosureCondition *out, const Reference *reference,
                                 const char *code)
{
    const Table *t = reference_table(reference, "disclosure/conditions");
    long row = t != NULL ? table_find(t, code) : -1;
    if (row < 0) return "disclose.condition";
    size_t r = (size_t)row;
    *out = (DisclosureCondition){.code = table_cell(t, r, 0),
                                 .gene = table_get(t, r, "gene"),
                                 .example = t->examples[r],
                                 .unverified = strcmp(table_get(t, r, "verified"), "yes") != 0,
                                 .table = t};
    if (strcmp(table_get(t, r, "approved"), "yes") != 0) return "disclose.not_approved";
    bool answerable = strcmp(table_get(t, r, "carriers"), "unaffected") == 0 &&
                      strcmp(table_get(t, r, "method"), "variant") == 0;
    return answerable ? NULL : "disclose.no_method";
}

/* ---- persons ---- */

static const char clinical[] = "expert_clinical", genetics[] = "expert_genetics";

static bool holds(const Reference *reference, const Person *person, const char *role, Date day)
{
    return policy_role(reference, person, role, day) == NULL;
}

static bool is_expert(const Reference *reference, const Person *person, Date day)
{
    return holds(reference, person, clinical, day) || holds(reference, person, genetics, day);
}

const char *disclosure_may(const Reference *reference, const Person *person, const char *step,
                           Date day)
{
    const char *role = strcmp(step, "give") == 0      ? "authoriser"
                       : strcmp(step, "request") == 0 ? "reviewer"
                                                      : clinical;
    if (strcmp(step, "give") != 0 && is_expert(reference, person, day)) return NULL;
    return policy_role(reference, person, role, day);
}

const char *disclosure_field(const Reference *reference, const Person *person, Date day)
{
    if (holds(reference, person, genetics, day)) return "genetics";
    return holds(reference, person, clinical, day) ? "clinical" : "";
}

/* The same person, or the same key under another name, counts once. */
static bool counted_before(const DisclosureExpert *experts, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(experts[k].who.code, experts[i].who.code) == 0 ||
            strcmp(experts[k].who.key, experts[i].who.key) == 0)
            return true;
    return false;
}

const char *disclosure_quorum(const DisclosureLimits *limits, const Reference *reference,
                              const DisclosureExpert *experts, size_t n, Date day)
{
    size_t distinct = 0, of_clinic = 0, of_genetics = 0;
    for (size_t i = 0; i < n; i++) {
        const Person *who = &experts[i].who;
        if (!is_expert(reference, who, day) || counted_before(experts, i)) continue;
        distinct++;
        of_clinic += holds(reference, who, clinical, day);
        of_genetics += holds(reference, who, genetics, day);
    }
    bool enough = distinct >= limits->approvals && distinct >= DISCLOSURE_LEAST;
    return enough && of_clinic > 0 && of_genetics > 0 ? NULL : "disclose.approvals";
}
