/* carrier_gene - the rows of one gene in one person become one statement.
 *
 * Two alleles of one gene on different chromosomes (in trans) are an affected genotype, on one chromosome (in cis) they are one
 * carrier allele; without a common phase set nobody knows, and the statement says so. A gene is negative only when every
 * row of it was proven and it has no structural mechanism; else it is "partly assessed". Alleles of low penetrance are
 * rolled up apart, so that they never hide in, or inflate, the class that needs counselling for disease. */
#include "carrier.h"

#include <string.h>

int carrier_in_trans(const Verdict *a, const Verdict *b)
{
    if (a->phase_set < 0 || a->phase_set != b->phase_set || a->first < 0 || b->first < 0) return -1;
    return a->first != b->first;
}

enum { MOST_ALLELES = 64 };

typedef struct Tally {
    size_t rows, negative, seen, settled;
    const Verdict *alleles[MOST_ALLELES];
    bool refused, both, sure, possible, unverified, silent;
    const char *detail; /* of the first allele seen */
    const char *doubt;  /* why the first unassessed row is so */
} Tally;

static void tally(Tally *t, const Verdict *v)
{
    t->rows++;
    t->negative += v->answer == ANSWER_NEGATIVE;
    t->refused |= v->answer == ANSWER_REFUSED;
    t->silent |= v->silent;
    if (v->answer == ANSWER_NOT_ASSESSED && t->doubt == NULL) t->doubt = v->detail;
    if (v->answer != ANSWER_POSITIVE && v->answer != ANSWER_POSSIBLE) return;
    if (t->seen == 0) t->detail = v->detail;
    if (t->seen < MOST_ALLELES) t->alleles[t->seen] = v;
    t->seen++;
    t->settled += v->heterozygous || v->both;
    t->both |= v->both;
    t->sure |= v->answer == ANSWER_POSITIVE;
    t->possible |= v->answer == ANSWER_POSSIBLE;
    t->unverified |= v->unverified;
}

/* 1 = some pair in trans, 0 = all in cis, -1 = unknown. */
static int phase_of(const Tally *t)
{
    bool unknown = false;
    size_t n = t->seen <= MOST_ALLELES ? t->seen : 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            int trans = carrier_in_trans(t->alleles[i], t->alleles[j]);
            if (trans == 1) return 1;
            unknown |= trans < 0;
        }
    }
    return n == 0 || unknown ? -1 : 0;
}

static void genotype_of(GeneState *g, const Tally *t, const CarrierGene *gene)
{
    g->answer = t->sure ? ANSWER_POSITIVE : ANSWER_POSSIBLE;
    g->detail = t->detail;
    g->state = STATE_UNSETTLED;
    if (t->settled == t->seen) {
        int phase = phase_of(t);
        if (t->both) {
            g->state = STATE_AFFECTED;
            g->detail = t->seen == 1 ? t->detail : "hom";
        } else if (t->seen == 1 || phase == 0) {
            g->state = STATE_CARRIER;
            g->detail = t->seen == 1 ? t->detail : "compound_cis";
        } else {
            g->state = phase == 1 ? STATE_AFFECTED : STATE_UNSETTLED;
            g->detail = phase == 1 ? "compound_trans" : "compound_unknown";
        }
    } else if (t->seen > 1) {
        g->detail = "compound_unknown";
    }
    if (gene->inheritance == INHERIT_MT) g->detail = "mt_present";
    if (t->possible) g->state = STATE_POSSIBLE;
}

GeneState carrier_roll_up(const CarrierModel *model, const CarrierGene *gene,
                          const Verdict *verdicts, bool low)
{
    Tally t = {0};
    for (size_t r = gene->first; r < gene->first + gene->n; r++)
        if (model->rows[r].low_penetrance == low) tally(&t, &verdicts[r]);
    GeneState g = {
        .negative = t.negative, .rows = t.rows, .detail = "", .unverified = t.unverified};
    if (t.seen > 0) {
        genotype_of(&g, &t, gene);
    } else if (t.refused) {
        g.answer = ANSWER_REFUSED;
        g.detail = "ref_mismatch";
    } else if (t.silent) {
        g.state = STATE_SILENT;
        g.detail = t.doubt;
    } else if (t.rows > 0 && t.negative == t.rows) {
        Verdict v = carrier_negative(gene, true, "all_rows");
        g.answer = v.answer;
        g.detail = v.detail;
        g.state = v.answer == ANSWER_NEGATIVE ? STATE_NEGATIVE : STATE_NOT_ASSESSED;
    } else {
        g.state = t.negative > 0 && !gene->structural ? STATE_PARTLY : STATE_NOT_ASSESSED;
        bool by_result = t.doubt != NULL && strcmp(t.doubt, "read_by_alpha") == 0;
        g.detail = by_result          ? t.doubt
                   : gene->structural ? gene->needs
                   : t.negative > 0   ? "partly_assessed"
                                      : t.doubt;
    }
    if (t.refused) g.state = STATE_REFUSED;
    return g;
}
