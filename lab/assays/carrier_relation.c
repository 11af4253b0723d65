/* carrier_relation - swap check between samples of one case, from autosomal SNPs alone.
 *
 * Opposite homozygotes (IBS0) are near zero between parent and child and clearly above zero between unrelated people; nearly equal genotypes are one person twice,
 * or a fetal sample full of maternal cells. Never X, Y or ploidy of X: a fetus's sex must not enter, so the usual tools,
 * which report sex, are no model here. Two fetuses are not compared: identical twins are not a swap, and zygosity is not told.
 * Limits are the laboratory's own (carrier/relationship): without them, without sites or with too few, the answer is "not
 * assessed", never "fits". A pair that does not fit refuses both samples: which of them is wrong is not known.
 * Method: IBS0 and concordance as in Pedersen et al., Genome Med 12 (2020) 62, without its sex check. */
#include "carrier.h"

#include <string.h>

typedef struct Likeness {
    size_t sites;
    double ibs0, agreement; /* shares */
} Likeness;

static Likeness compare(const CallSet *a, const CallSet *b, size_t n)
{
    size_t same = 0, opposite = 0;
    Likeness l = {0};
    for (size_t i = 0; i < n; i++) {
        const int8_t x = a->identity[i], y = b->identity[i];
        if (x < 0 || y < 0) continue;
        l.sites++;
        same += x == y;
        opposite += (x == 0 && y == 2) || (x == 2 && y == 0);
    }
    if (l.sites > 0) {
        l.ibs0 = (double)opposite / (double)l.sites;
        l.agreement = (double)same / (double)l.sites;
    }
    return l;
}

static bool is_child(const Sample *s)
{
    return s->subject == SUBJECT_FETUS_A || s->subject == SUBJECT_FETUS_B ||
           s->subject == SUBJECT_NEWBORN;
}

static bool is_parent(const Sample *s)
{
    return s->subject == SUBJECT_WOMAN || s->subject == SUBJECT_PARTNER;
}

static bool same_owner(const Sample *a, const Sample *b)
{
    return a->subject == b->subject && strcmp(a->person, b->person) == 0;
}

typedef enum Relation { RELATION_NONE, RELATION_SAME, RELATION_CHILD, RELATION_COUPLE } Relation;

static Relation relation_of(const Sample *a, const Sample *b)
{
    if (same_owner(a, b)) return RELATION_SAME;
    if ((is_child(a) && is_parent(b)) || (is_child(b) && is_parent(a))) return RELATION_CHILD;
    return is_parent(a) && is_parent(b) && a->subject != b->subject ? RELATION_COUPLE
                                                                    : RELATION_NONE;
}

/* Why the pair does not fit; NULL = it fits what was declared. */
static const char *misfit(const CarrierLimits *limits, Relation relation, const Likeness *l)
{
    if (relation == RELATION_SAME)
        return l->agreement < limits->same_agreement_min ? "same_person_differs" : NULL;
    if (relation == RELATION_CHILD) {
        if (l->agreement >= limits->contamination_agreement_min) return "nearly_identical";
        return l->ibs0 > limits->child_ibs0_max ? "not_parent_and_child" : NULL;
    }
    if (l->agreement >= limits->same_agreement_min) return "nearly_identical";
    return l->ibs0 < limits->couple_ibs0_min ? "couple_too_alike" : NULL;
}

static const char *unready(const CarrierModel *model, const SampleView *a, const SampleView *b)
{
    const CallSet *x = a->sample->evidence.calls, *y = b->sample->evidence.calls;
    if (!model->limits.given || model->n_identity == 0) return "no_identity_table";
    if (x == NULL || y == NULL || x->n_identity != model->n_identity ||
        y->n_identity != model->n_identity)
        return "too_few_sites";
    return NULL;
}

static void relate(const CarrierModel *model, SampleView *a, SampleView *b, Relation relation,
                   Findings *out)
{
    bool fetal = a->sample->fetal || b->sample->fetal;
    Finding f = {.sample = "",
                 .assay = CARRIER_CODE,
                 .fetal = fetal,
                 .code = "carrier.relationship",
                 .item = arena_print(out->arena, "%s - %s", a->sample->id, b->sample->id),
                 .example = model->limits.example,
                 .detail = unready(model, a, b)};
    if (f.detail == NULL) {
        Likeness l =
            compare(a->sample->evidence.calls, b->sample->evidence.calls, model->n_identity);
        f.detail = l.sites < model->limits.min_sites ? "too_few_sites"
                                                     : misfit(&model->limits, relation, &l);
        if (f.detail == NULL) {
            f.answer = ANSWER_NEGATIVE;
            f.detail = "as_declared";
        } else if (l.sites >= model->limits.min_sites) {
            f.answer = ANSWER_REFUSED;
            a->refused = b->refused = "sample_mixup";
        }
    }
    finding_add(out, f);
}

void carrier_relations(const CarrierModel *model, SampleView *views, size_t n, Findings *out)
{
    bool usable[2];
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            Relation relation = relation_of(views[i].sample, views[j].sample);
            usable[0] = views[i].refused == NULL || strcmp(views[i].refused, "sample_mixup") == 0;
            usable[1] = views[j].refused == NULL || strcmp(views[j].refused, "sample_mixup") == 0;
            if (relation != RELATION_NONE && usable[0] && usable[1])
                relate(model, &views[i], &views[j], relation, out);
        }
    }
}
