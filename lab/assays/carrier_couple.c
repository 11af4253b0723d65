/* carrier_couple - what two people can pass on together, and what remains after a negative.
 *
 * Autosomal recessive: a carrier passes the allele on with 1/2, an affected genotype always; the child's risk is the product, whichever
 * alleles of the gene they are. X-linked: the woman alone decides, a negative partner changes nothing, and the risk is told as
 * a share of all pregnancies, never split by sex. Mitochondrial alleles come from the woman; no number. Alleles of low penetrance
 * are counted apart. Alpha-globin pairs are rows of alpha_couples.tsv. A number is printed only when both sides were
 * read: not assessed = "must be tested", refused = no statement, possible = confirm first.
 *
 * Residual risk of a negative person = p(1-d) / (1-pd), p carrier frequency, d detection rate of this panel in that population
 * (Bayes); only with a sourced p and d for the whole gene. Nothing is ever computed from a fetus's own result. */
#include "carrier.h"

#include <string.h>

typedef struct Pair {
    const CarrierModel *model;
    const SampleView *woman, *partner; /* NULL = no sample */
    Findings *out;
    size_t told;
} Pair;

static Finding statement(const Pair *p, const char *item)
{
    const TableInfo *table = &p->model->gene_table->info;
    return (Finding){.sample = "",
                     .assay = CARRIER_CODE,
                     .code = "carrier.couple",
                     .item = item,
                     .detail = "",
                     .table = table->name,
                     .version = table->version,
                     .example = p->model->floors.example};
}

static void tell(Pair *p, Finding *f, Answer answer, const char *detail)
{
    f->answer = answer;
    f->detail = detail;
    finding_add(p->out, *f);
    p->told++;
}

static void tell_number(Pair *p, Finding *f, const char *detail, double value)
{
    f->has_value = true;
    f->value = value;
    f->unit = "1";
    tell(p, f, ANSWER_POSITIVE, detail);
}

static double passes_on(State state)
{
    return state == STATE_CARRIER ? 0.5 : state == STATE_AFFECTED ? 1 : 0;
}

static bool is_seen(State state)
{
    return state == STATE_CARRIER || state == STATE_AFFECTED || state == STATE_UNSETTLED ||
           state == STATE_POSSIBLE;
}

bool carrier_residual(const CarrierModel *model, const char *gene, double *risk, size_t *table_row)
{
    const Table *t = model->frequencies;
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        double p = 0, d = 0;
        if (strcmp(table_get(t, r, "gene"), gene) != 0 || table_get(t, r, "scope")[0] != '\0')
            continue;
        if (!table_number(t, r, table_column(t, "p"), &p) ||
            !table_number(t, r, table_column(t, "d"), &d))
            continue;
        if (p < 0 || p >= 1 || d < 0 || d > 1) continue;
        *risk = p * (1 - d) / (1 - p * d);
        *table_row = r;
        return true;
    }
    return false;
}

/* One is seen, the other negative: what remains of the other's risk. */
static void tell_residual(Pair *p, Finding *f, const char *gene, double seen)
{
    double residual = 0;
    size_t row = 0;
    if (!carrier_residual(p->model, gene, &residual, &row)) {
        tell(p, f, ANSWER_NOT_ASSESSED, "couple_residual_not_computed");
        return;
    }
    const Table *t = p->model->frequencies;
    f->table = t->info.name;
    f->version = t->info.version;
    f->row = table_cell(t, row, 0);
    f->example |= t->examples[row];
    f->has_value = true;
    f->value = seen * residual / 2;
    f->unit = "1";
    tell(p, f, ANSWER_NEGATIVE, "couple_residual");
}

static const char *risk_detail(double risk)
{
    return risk > 0.75 ? "couple_all" : risk > 0.375 ? "couple_half" : "couple_quarter";
}

static void recessive(Pair *p, const CarrierGene *gene, State w, State m)
{
    bool refused = w == STATE_REFUSED || m == STATE_REFUSED;
    if (!refused && !is_seen(w) && !is_seen(m)) return;
    Finding f = statement(p, gene->name);
    f.row = gene->name;
    if (refused)
        tell(p, &f, ANSWER_REFUSED, "couple_refused");
    else if (w == STATE_POSSIBLE || m == STATE_POSSIBLE)
        tell(p, &f, ANSWER_POSSIBLE, "couple_confirm");
    else if (w == STATE_NOT_ASSESSED || m == STATE_NOT_ASSESSED)
        tell(p, &f, ANSWER_NOT_ASSESSED, "partner_must_be_tested");
    else if (w == STATE_PARTLY || m == STATE_PARTLY)
        tell(p, &f, ANSWER_NOT_ASSESSED, "partner_partly_assessed");
    else if (w == STATE_SILENT || m == STATE_SILENT)
        tell(p, &f, ANSWER_NOT_ASSESSED, "couple_silent_not_excluded");
    else if (w == STATE_UNSETTLED || m == STATE_UNSETTLED)
        tell(p, &f, ANSWER_POSSIBLE, "couple_unsettled");
    else if (w == STATE_NEGATIVE || m == STATE_NEGATIVE)
        tell_residual(p, &f, gene->name, passes_on(w) + passes_on(m));
    else
        tell_number(p, &f, risk_detail(passes_on(w) * passes_on(m)), passes_on(w) * passes_on(m));
}

/* What a person shows in both classes of the gene together; STATE_UNSETTLED when both classes are seen in one person. */
static State either_class(const GeneState *standard, const GeneState *low)
{
    if (standard->state == STATE_REFUSED || low->state == STATE_REFUSED) return STATE_REFUSED;
    if (is_seen(standard->state) && is_seen(low->state))
        return standard->state == STATE_POSSIBLE || low->state == STATE_POSSIBLE ? STATE_POSSIBLE
                                                                                 : STATE_UNSETTLED;
    if (is_seen(standard->state)) return standard->state;
    if (is_seen(low->state)) return low->state;
    if (standard->state == STATE_NOT_ASSESSED || low->state == STATE_NOT_ASSESSED)
        return STATE_NOT_ASSESSED;
    if (standard->state == STATE_PARTLY || low->state == STATE_PARTLY) return STATE_PARTLY;
    return standard->state == STATE_SILENT || low->state == STATE_SILENT ? STATE_SILENT
                                                                         : STATE_NEGATIVE;
}

/* The class of low penetrance: pairs in which at least one allele belongs to it. */
static void own_class(Pair *p, const CarrierGene *gene, size_t g, const char *item)
{
    static const GeneState none = {0};
    const GeneState *ws = p->woman ? &p->woman->genes[g] : &none,
                    *wl = p->woman ? &p->woman->own_class[g] : &none;
    const GeneState *ms = p->partner ? &p->partner->genes[g] : &none,
                    *ml = p->partner ? &p->partner->own_class[g] : &none;
    if (!is_seen(wl->state) && !is_seen(ml->state)) return;
    State w = either_class(ws, wl), m = either_class(ms, ml);
    CarrierGene named = *gene;
    named.name = item;
    if ((w == STATE_CARRIER || w == STATE_AFFECTED) &&
        (m == STATE_CARRIER || m == STATE_AFFECTED)) {
        Finding f = statement(p, item);
        f.row = gene->name;
        tell_number(p, &f, "couple_low_penetrance", passes_on(w) * passes_on(m));
        return;
    }
    recessive(p, &named, w, m);
}

static void x_linked(Pair *p, const CarrierGene *gene, State w)
{
    if (!is_seen(w) && w != STATE_REFUSED) return;
    Finding f = statement(p, gene->name);
    f.row = gene->name;
    if (w == STATE_REFUSED)
        tell(p, &f, ANSWER_REFUSED, "couple_refused");
    else if (w == STATE_POSSIBLE || w == STATE_UNSETTLED)
        tell(p, &f, ANSWER_POSSIBLE, w == STATE_POSSIBLE ? "couple_confirm" : "couple_unsettled");
    else
        tell_number(p, &f, w == STATE_CARRIER ? "xlinked_quarter" : "xlinked_half",
                    passes_on(w) / 2);
}

static void maternal(Pair *p, const CarrierGene *gene, const GeneState *w)
{
    if (w->answer != ANSWER_POSITIVE && w->answer != ANSWER_POSSIBLE) return;
    Finding f = statement(p, gene->name);
    f.row = gene->name;
    tell(p, &f, w->answer, "maternal_line");
}

static const char *own_item(const CarrierModel *model, const CarrierGene *gene)
{
    for (size_t r = gene->first; r < gene->first + gene->n; r++)
        if (model->rows[r].low_penetrance) return model->rows[r].item;
    return NULL;
}

static void gene_statement(Pair *p, size_t g)
{
    const CarrierGene *gene = &p->model->genes[g];
    const GeneState *w = p->woman == NULL ? NULL : &p->woman->genes[g];
    const GeneState *m = p->partner == NULL ? NULL : &p->partner->genes[g];
    if (gene->locus == LOCUS_ALPHA) return;
    if (gene->inheritance == INHERIT_XL && w != NULL) x_linked(p, gene, w->state);
    if (gene->inheritance == INHERIT_MT && w != NULL) maternal(p, gene, w);
    if (gene->inheritance != INHERIT_AR) return;
    recessive(p, gene, w == NULL ? STATE_NOT_ASSESSED : w->state,
              m == NULL ? STATE_NOT_ASSESSED : m->state);
    const char *item = own_item(p->model, gene);
    if (item != NULL) own_class(p, gene, g, item);
}

/* Length of a genotype without the "?" that marks point alleles not fully read. */
static size_t settled_length(const char *genotype)
{
    return strcspn(genotype, "?");
}

static bool same_genotype(const char *cell, const char *genotype)
{
    size_t n = settled_length(genotype);
    return strlen(cell) == n && strncmp(cell, genotype, n) == 0;
}

static long alpha_pair(const Table *t, const char *a, const char *b)
{
    int ca = table_column(t, "a"), cb = table_column(t, "b");
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *x = table_cell(t, r, ca), *y = table_cell(t, r, cb);
        if ((same_genotype(x, a) && same_genotype(y, b)) ||
            (same_genotype(x, b) && same_genotype(y, a)))
            return (long)r;
    }
    return -1;
}

static bool alpha_known(const SampleView *v)
{
    return v != NULL && v->genotype != NULL && strcmp(v->chromosomes, "unknown") != 0;
}

static bool alpha_told(const SampleView *v)
{
    return v != NULL && (v->alpha_row >= 0 || v->conflict);
}

static void alpha_number(Pair *p, Finding *f, const char *a, const char *b)
{
    const Table *t = p->model->couples;
    long row = t == NULL ? -1 : alpha_pair(t, a, b);
    double severe = 0;
    if (row < 0 || !table_number(t, (size_t)row, table_column(t, "severe"), &severe)) {
        tell(p, f, ANSWER_POSSIBLE, "alpha_couple_refer");
        return;
    }
    f->table = t->info.name;
    f->version = t->info.version;
    f->row = table_cell(t, (size_t)row, 0);
    bool open = settled_length(a) != strlen(a) || settled_length(b) != strlen(b);
    const char *detail = table_get(t, (size_t)row, "detail");
    if (severe > 0)
        tell_number(p, f, detail, severe);
    else if (open)
        tell(p, f, ANSWER_NOT_ASSESSED, "alpha_partner_points");
    else
        tell(p, f,
             strcmp(table_get(t, (size_t)row, "answer"), "negative") == 0 ? ANSWER_NEGATIVE
                                                                          : ANSWER_POSSIBLE,
             detail);
}

static void alpha_statement(Pair *p)
{
    if (!alpha_told(p->woman) && !alpha_told(p->partner)) return;
    Finding f = statement(p, "HBA1/HBA2");
    if ((p->woman != NULL && p->woman->conflict) || (p->partner != NULL && p->partner->conflict)) {
        tell(p, &f, ANSWER_REFUSED, "couple_refused");
        return;
    }
    if (!alpha_known(p->woman) || !alpha_known(p->partner)) {
        tell(p, &f, ANSWER_NOT_ASSESSED, "alpha_partner_not_tested");
        return;
    }
    f.item =
        arena_print(p->out->arena, "HBA1/HBA2 %s x %s", p->woman->genotype, p->partner->genotype);
    alpha_number(p, &f, p->woman->genotype, p->partner->genotype);
}

void carrier_couple(const CarrierModel *model, const SampleView *woman, const SampleView *partner,
                    Findings *out)
{
    Pair p = {model, woman, partner, out, 0};
    Finding f = statement(&p, "");
    if ((woman != NULL && woman->refused != NULL) ||
        (partner != NULL && partner->refused != NULL)) {
        tell(&p, &f, ANSWER_REFUSED, "couple_refused");
        return;
    }
    alpha_statement(&p);
    for (size_t g = 0; g < model->n_genes; g++)
        gene_statement(&p, g);
    if (p.told == 0 && woman != NULL && partner != NULL) {
        tell(&p, &f, ANSWER_NOT_ASSESSED, "couple_none_found");
    }
}
