/* carrier_site - what all the calls of one file say about one row of the panel.
 *
 * "Not assessed" is where every row starts; only evidence moves it. A genotype of 0/0 is no proof: gVCFs print it over
 * bases that no read covers. A negative needs positive proof of reference: good depth and quality over the whole span of the row,
 * for an indel over the whole range in which it can be shifted; neighbouring pieces may prove it together, and a single weak piece
 * spoils it. When several records speak: refused > carrier (with a warning) > possible > not assessed > negative.
 *
 * Refused here: a foreign reference base. Never said of a fetus: homozygous X, hemizygous, ploidy of X: rows on the X of a
 * fetus do not come here at all (carrier.c).
 * Rules: our own, from the VCF specification (v4.3, hts-specs) and the known failures of annotators that trust GT. */
#include "carrier.h"

#include <string.h>

typedef struct Question {
    const CarrierModel *model;
    const CarrierRow *row;
    const CarrierGene *gene;
    const Sample *sample;
    const Site *site;
} Question;

Verdict carrier_negative(const CarrierGene *gene, bool verified, const char *detail)
{
    if (gene->structural) return (Verdict){.detail = gene->needs, .first = -1, .phase_set = -1};
    if (!verified)
        return (Verdict){
            .detail = "row_unverified", .unverified = true, .first = -1, .phase_set = -1};
    return (Verdict){.answer = ANSWER_NEGATIVE, .detail = detail, .first = -1, .phase_set = -1};
}

static Verdict not_assessed(const char *why)
{
    return (Verdict){.answer = ANSWER_NOT_ASSESSED, .detail = why, .first = -1, .phase_set = -1};
}

static int64_t span_end(const Site *site)
{
    size_t ref = strlen(site->ref), context = strlen(site->context);
    return site->pos + (int64_t)(context > ref ? context : ref) - 1;
}

static bool is_indel(const Site *site)
{
    return strlen(site->ref) != strlen(site->alt);
}

/* Why the numbers of a call cannot carry a conclusion; NULL = they can. */
static const char *weakness(const Question *q, const Call *c)
{
    const CarrierFloors *f = &q->model->floors;
    if (c->depth == 0 || c->quality == 0) return "no_depth";
    if (c->depth < 0 || c->quality < 0) return "quality_not_given";
    if (c->filtered) return "filtered";
    return c->depth < f->depth || c->quality < f->quality ? "low_quality" : NULL;
}

static const char *zygosity_on_x(const Question *q, const Call *c)
{
    if (q->sample->subject == SUBJECT_WOMAN)
        return c->ploidy == 1 ? "second_unknown" : c->copies >= c->ploidy ? "hom" : "het";
    if (q->sample->subject == SUBJECT_PARTNER)
        return c->copies >= c->ploidy ? "hemizygous" : "x_two_alleles";
    return "allele_present"; /* a newborn's own sex is not this assay's business */
}

static const char *zygosity(const Question *q, const Call *c)
{
    if (c->kind == CALL_MNV) return "mnv";
    if (c->missing > 0) return "second_unknown";
    if (c->deleted > 0) return "trans_deletion";
    if (q->gene->inheritance == INHERIT_MT) return "mt_present";
    if (q->gene->inheritance == INHERIT_XL) return zygosity_on_x(q, c);
    if (c->ploidy == 1)
        return q->sample->fetal || q->sample->subject == SUBJECT_NEWBORN ? "second_unknown"
                                                                         : "haploid_autosome";
    if (c->copies < c->ploidy) return "het";
    return q->gene->locus == LOCUS_ALPHA ? "every_copy" : "hom";
}

static Verdict seen(const Question *q, const Call *c)
{
    const char *weak = weakness(q, c);
    Verdict v = {.answer = ANSWER_POSITIVE, .detail = zygosity(q, c), .first = -1, .phase_set = -1};
    v.unverified = !q->row->verified;
    v.heterozygous = strcmp(v.detail, "het") == 0;
    v.both = strcmp(v.detail, "hom") == 0 || strcmp(v.detail, "hemizygous") == 0 ||
             strcmp(v.detail, "every_copy") == 0;
    if (v.heterozygous && c->phased && c->phase_set >= 0) {
        v.first = c->first;
        v.phase_set = c->phase_set;
    }
    if (weak != NULL)
        v.detail = weak;
    else if (q->gene->confirm)
        v.detail = "pseudogene";
    if (weak != NULL || q->gene->confirm || v.unverified || strcmp(v.detail, "x_two_alleles") == 0)
        v.answer = ANSWER_POSSIBLE;
    return v;
}

static bool carries(const Call *c)
{
    return c->kind == CALL_MNV || (c->kind == CALL_ALLELE && c->copies > 0);
}

/* Why a record that does not carry the allele proves nothing; NULL = it proves reference, or another allele, over its span. */
static const char *absence_fault(const Question *q, const Call *c)
{
    if (c->kind == CALL_DELETED || c->deleted > 0) return "spanning_deletion";
    if (c->ploidy == 0) return "no_genotype";
    if (c->missing >= c->ploidy) return "no_call";
    if (c->missing > 0) return "half_call";
    if (c->kind == CALL_NO_CALL) return "no_call";
    if (q->gene->inheritance == INHERIT_XL && q->sample->subject == SUBJECT_WOMAN && c->ploidy == 1)
        return "half_call";
    return weakness(q, c);
}

/* What the records of one row came to so far. */
typedef struct Weighing {
    Verdict best; /* strongest carrier or possible */
    bool refused, carrier, conflict, deletion;
    const char *doubt;    /* first reason against a negative */
    int64_t proven;       /* reference is proven from site->pos up to here */
    bool other, explicit; /* another allele; a record of the site's own */
} Weighing;

static void weigh_seen(Weighing *w, const Verdict *v)
{
    if (w->carrier && (w->best.heterozygous != v->heterozygous || w->best.both != v->both))
        w->conflict = true;
    if (!w->carrier || (v->answer == ANSWER_POSITIVE && w->best.answer != ANSWER_POSITIVE))
        w->best = *v;
    w->carrier = true;
}

static void weigh_absent(Weighing *w, const Question *q, const Call *c)
{
    const char *fault = absence_fault(q, c);
    int64_t last = span_end(q->site);
    bool listed =
        c->kind == CALL_ALLELE; /* genotyped for this very allele: speaks about the whole row */
    if (fault != NULL) {
        w->doubt = w->doubt == NULL ? fault : w->doubt;
        w->deletion |= c->kind == CALL_DELETED;
        return;
    }
    w->other |= c->kind == CALL_OTHER;
    w->explicit |= !c->block;
    if (listed)
        w->proven = last;
    else if (c->start <= w->proven + 1 && c->end > w->proven)
        w->proven = c->end;
}

/* Another record calls the whole row reference: with a carrier call beside it, the file contradicts itself. */
static bool denies(const Question *q, const Call *c)
{
    if (c->missing > 0 || c->ploidy == 0 || c->deleted > 0) return false;
    if (c->kind == CALL_ALLELE) return c->copies == 0;
    return c->kind == CALL_REFERENCE && c->start <= q->site->pos && c->end >= span_end(q->site);
}

static void weigh(Weighing *w, const Question *q, const Call *calls, size_t n)
{
    bool denied = false;
    for (size_t i = 0; i < n; i++) {
        const Call *c = &calls[i];
        if (c->kind == CALL_REF_MISMATCH) {
            w->refused = true;
        } else if (carries(c)) {
            Verdict v = seen(q, c);
            weigh_seen(w, &v);
        } else {
            denied |= denies(q, c);
            weigh_absent(w, q, c);
        }
    }
    w->conflict |= w->carrier && denied;
}

static Verdict conclude(const Weighing *w, const Question *q)
{
    if (w->refused)
        return (Verdict){
            .answer = ANSWER_REFUSED, .detail = "ref_mismatch", .first = -1, .phase_set = -1};
    if (w->carrier) {
        Verdict v = w->best;
        if (w->conflict || w->deletion) {
            v.heterozygous = v.both = false;
            v.detail = w->conflict ? "conflict" : "trans_deletion";
        }
        return v;
    }
    if (w->doubt != NULL) return not_assessed(w->doubt);
    if (is_indel(q->site) && q->site->context[0] == '\0') return not_assessed("shift_unknown");
    if (w->proven < span_end(q->site)) return not_assessed("span_incomplete");
    return carrier_negative(q->gene, q->row->verified,
                            w->other      ? "other_allele"
                            : w->explicit ? "explicit"
                                          : "block");
}

Verdict carrier_judge_row(const CarrierModel *model, const Sample *sample, size_t row, Build build,
                          const Call *calls, size_t n)
{
    const CarrierRow *r = &model->rows[row];
    Question q = {model, r, &model->genes[r->gene], sample, &r->places[build == BUILD_GRCH38]};
    if (r->site == SITE_NONE) return not_assessed(q.gene->needs);
    if (n == 0) return not_assessed("absent");
    Weighing w = {.proven = q.site->pos - 1};
    weigh(&w, &q, calls, n);
    return conclude(&w, &q);
}
