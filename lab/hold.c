/* Why: a centre declared "hysterectomy" in a row that could not be read, and the woman got routine recall as if she had none. The row is
 * quarantined and told to the centre, but the verdict stands before anybody has answered.
 * Method: one rule for every assay. An assay names the facts it uses (NULL = any fact of the case); when one of them is unreadable, what it
 * found negative is "missing" with that reason. What it found positive stands. An assay whose own tables speak about unreadable
 * facts is left to them; the fact is named all the same.
 * Refuses: nothing; a later good row of the same fact lifts it (lab/case.c). */
#include "hold.h"

#include "standing.h"

#include <string.h>

static bool uses(const Assay *assay, const char *code)
{
    for (size_t i = 0; assay->facts != NULL && assay->facts[i] != NULL; i++)
        if (strcmp(assay->facts[i], code) == 0) return true;
    return assay->facts == NULL;
}

/* The first sample of the assay, from the owner of the fact when there is one. */
static const Sample *whose(const Case *c, const Assay *assay, Subject owner)
{
    const Sample *first = NULL;
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if (strcmp(s->assay, assay->code) != 0) continue;
        if (s->subject == owner) return s;
        if (first == NULL) first = s;
    }
    return first;
}

static bool told_before(const Case *c, size_t fact)
{
    for (size_t i = 0; i < fact; i++)
        if (c->facts[i].owner == c->facts[fact].owner &&
            strcmp(c->facts[i].code, c->facts[fact].code) == 0)
            return true;
    return false;
}

static void tell(Findings *findings, const Case *c, const Assay *assay, const Fact *fact)
{
    const Sample *s = whose(c, assay, fact->owner);
    if (s == NULL) return;
    finding_add(findings, (Finding){.sample = s->id,
                                    .assay = assay->code,
                                    .subject = s->subject,
                                    .fetal = s->fetal,
                                    .code = "case.fact",
                                    .item = fact->code,
                                    .answer = ANSWER_MISSING,
                                    .detail = "fact_unreadable"});
}

void hold_unreadable(Findings *findings, size_t first, const Case *c, const Assay *assay)
{
    size_t n = findings->n;
    for (size_t i = 0; i < c->n_facts; i++) {
        const Fact *f = &c->facts[i];
        if (uses(assay, f->code) && !told_before(c, i) &&
            case_fact_unreadable(c, f->owner, f->code))
            tell(findings, c, assay, f);
    }
    if (findings->n == n || assay->meets_unreadable) return;
    for (size_t i = first; i < n; i++) {
        Finding *f = &findings->items[i];
        if (f->answer != ANSWER_NEGATIVE) continue;
        f->answer = ANSWER_MISSING;
        f->detail = "fact_unreadable";
        f->has_value = false;
    }
}

static bool says(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

/* The finding that a result asks for by itself, whatever the assay makes of it; code NULL = none. */
static Finding about(const Result *r)
{
    if (says(r->code, RESULT_UNKNOWN_TEST))
        return (Finding){.code = "test.unknown",
                         .item = r->value,
                         .answer = ANSWER_NOT_ASSESSED,
                         .detail = "test_unknown"};
    if (says(r->value, RESULT_TAKEN_BACK))
        return (Finding){.code = "test.held",
                         .item = r->code,
                         .answer = ANSWER_INVALID,
                         .detail = "result_taken_back"};
    if (says(r->value, RESULT_CONTRADICTED))
        return (Finding){.code = "test.held",
                         .item = r->code,
                         .answer = ANSWER_INVALID,
                         .detail = "result_contradicted"};
    return (Finding){.code = NULL};
}

void tell_tests(Findings *findings, const Case *c, const Assay *assay)
{
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if (strcmp(s->assay, assay->code) != 0) continue;
        for (size_t r = 0; r < s->evidence.n_results; r++) {
            Finding f = about(&s->evidence.results[r]);
            if (f.code == NULL || (s->fetal && f.answer == ANSWER_NOT_ASSESSED)) continue;
            f.sample = s->id;
            f.assay = assay->code;
            f.subject = s->subject;
            f.fetal = s->fetal;
            finding_add(findings, f);
        }
    }
}
