/* carrier_disclose - the one variant that a mother carries, looked up in her fetus: affected, not expected to be affected, or not determinable.
 *
 * Why it needs no sex: whoever has the variant on every copy of the gene is affected, with one copy of X or with two; whoever has a copy without
 * it is not expected to be, with two copies (a carrier) or with one (who did not inherit it). So ploidy is read off the genotype at that one place
 * and forgotten, and the answer is the same for a carrier and for somebody without the variant.
 * Method: carrier_judge_row(), as for anybody's X: floors of depth and quality, proof of reference over the whole row, contradictions.
 * The rows beside it are looked at too: another variant of the gene in the fetus, not the mother's, makes it not determinable.
 * Refuses: more than one variant in the mother, one on a row nobody has verified, a gene whose changes a VCF does not show. */
#include "carrier.h"

#include <string.h>

/* Judged like a person of whom it is not known how many copies there are: "hemizygous" here means "on every copy". */
static Verdict judge_row(const CarrierModel *model, const CallSet *set, Subject subject, size_t row)
{
    const Sample anybody = {.id = "", .subject = subject};
    size_t first = 0, end;
    int32_t site = model->rows[row].site;
    if (site == SITE_NONE) return (Verdict){.detail = "", .first = -1, .phase_set = -1};
    while (first < set->n_calls && (int32_t)set->calls[first].site < site)
        first++;
    for (end = first; end < set->n_calls && (int32_t)set->calls[end].site == site; end++)
        continue;
    return carrier_judge_row(model, &anybody, row, set->build, set->calls + first, end - first);
}

static bool usable(const CarrierModel *model, const CallSet *set)
{
    if (model == NULL || set == NULL || !model->floors.given || set->build == BUILD_UNKNOWN)
        return false;
    for (size_t i = 0; i < set->n_calls; i++)
        if (set->calls[i].site >= model->n_sites) return false;
    return set->panel == site_index_fingerprint(carrier_sites(model, set->build));
}

static bool was_seen(const Verdict *v)
{
    return v->answer == ANSWER_POSITIVE || v->answer == ANSWER_POSSIBLE;
}

const char *carrier_maternal_row(const void *model, const CallSet *mother, const char *gene)
{
    const CarrierModel *m = model;
    const char *found = NULL;
    size_t seen = 0;
    if (!usable(m, mother)) return NULL;
    for (size_t r = 0; r < m->n_rows; r++) {
        const CarrierGene *g = &m->genes[m->rows[r].gene];
        if (strcmp(g->name, gene) != 0 || g->inheritance != INHERIT_XL || g->structural) continue;
        const Verdict v = judge_row(m, mother, SUBJECT_WOMAN, r);
        seen += was_seen(&v);
        if (v.answer == ANSWER_POSITIVE && !v.unverified && (v.heterozygous || v.both))
            found = m->rows[r].key;
    }
    return seen == 1 ? found : NULL;
}

/* "x_two_alleles" is what carrier_judge_row() says of one copy of two where it expected one; a weak or an unverified call says something else. */
static Disclosure answer_of(const Verdict *v)
{
    if (v->unverified) return DISCLOSURE_NOT_DETERMINABLE;
    if (v->answer == ANSWER_POSITIVE && v->both) return DISCLOSURE_AFFECTED;
    bool one_of_two = v->answer == ANSWER_POSSIBLE && strcmp(v->detail, "x_two_alleles") == 0;
    return one_of_two || v->answer == ANSWER_NEGATIVE ? DISCLOSURE_NOT_EXPECTED
                                                      : DISCLOSURE_NOT_DETERMINABLE;
}

Disclosure carrier_disclose(const void *model, const CallSet *fetus, const char *row)
{
    const CarrierModel *m = model;
    Disclosure answer = DISCLOSURE_NOT_DETERMINABLE;
    size_t at = 0;
    if (!usable(m, fetus)) return answer;
    while (at < m->n_rows && strcmp(m->rows[at].key, row) != 0)
        at++;
    if (at == m->n_rows || !carrier_is_x(m, at)) return answer;
    for (size_t r = 0; r < m->n_rows; r++) {
        if (m->rows[r].gene != m->rows[at].gene) continue;
        const Verdict v = judge_row(m, fetus, SUBJECT_PARTNER, r);
        if (r == at)
            answer = answer_of(&v);
        else if (was_seen(&v) || v.answer == ANSWER_REFUSED)
            return DISCLOSURE_NOT_DETERMINABLE;
    }
    return answer;
}
