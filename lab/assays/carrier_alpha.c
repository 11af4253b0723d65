/* carrier_alpha - the loci that coded laboratory results read: alpha-globin (gap-PCR or MLPA, and a point-mutation kit or the VCF) and
 * SMN1 (copies of exon 7).
 *
 * A large deletion removes variants, so no VCF shows it: the genotype of a person is read from the deletion result, which says what
 * both chromosomes lack, and from the alleles HbCS, HbQS and HbWS. Both readings and every name are rows of alpha_*.tsv;
 * --/aa is trait, never silent carrier, and a 1/1 call beside one deleted chromosome is hemizygous. Without a deletion result the
 * number of genes is unknown and no genotype is named. Two results that differ are refused, not chosen from.
 * A genotype that lacks a full reading of the point alleles carries a "?": it can show a risk, never exclude one. */
#include "carrier.h"

#include <string.h>

static const char *look_up(const Table *table, const char *key, const char *column)
{
    long row = table == NULL || key == NULL ? -1 : table_find(table, key);
    return row < 0 ? NULL : table_get(table, (size_t)row, column);
}

static bool is_unusable(const char *word)
{
    return word != NULL && (strcmp(word, "invalid") == 0 || strcmp(word, "failed") == 0);
}

/* Does each name of one list stand in the other? "--SEA" in "--SEA,--MED", not the reverse. */
static bool stands_in(const char *few, size_t n_few, const char *many, size_t n_many)
{
    for (size_t at = 0; at < n_few;) {
        size_t n = 0, k = 0;
        bool found = false;
        while (at + n < n_few && few[at + n] != ',')
            n++;
        while (k < n_many && !found) {
            size_t m = 0;
            while (k + m < n_many && many[k + m] != ',')
                m++;
            found = m == n && memcmp(few + at, many + k, n) == 0;
            k += m + 1;
        }
        if (!found) return false;
        at += n + 1;
    }
    return true;
}

/* A result that names one deletion of a group that dosage cannot tell apart (gap-PCR beside MLPA) says the same, and more. */
static bool more_exact(const char *exact, const char *group)
{
    size_t a = strcspn(exact, "/"), b = strcspn(group, "/");
    if (exact[a] == '\0' || group[b] == '\0') return false;
    return stands_in(exact, a, group, b) &&
           stands_in(exact + a + 1, strlen(exact + a + 1), group + b + 1, strlen(group + b + 1));
}

/* A test that failed does not contradict one that did not. */
static bool contradict(const Result *a, const Result *b)
{
    if (a->value == NULL || b->value == NULL) return a->value != b->value || a->number != b->number;
    return strcmp(a->value, b->value) != 0 && !more_exact(a->value, b->value) &&
           !more_exact(b->value, a->value) && !is_unusable(a->value) && !is_unusable(b->value);
}

static const Result *better(const Result *a, const Result *b)
{
    if (a == NULL) return b;
    if (a->value == NULL || b->value == NULL) return a;
    return is_unusable(a->value) || more_exact(b->value, a->value) ? b : a;
}

/* The value of a coded result of this person: of the sample itself, else of another sample of the same person; results that an MLPA gave stand
 * among the others (carrier.c). */
static const Result *find_result(const Case *c, SampleView *view, const char *code)
{
    const Result *found = NULL;
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if ((strcmp(s->assay, CARRIER_CODE) != 0 && strcmp(s->assay, MLPA_CODE) != 0) ||
            strcmp(s->person, view->sample->person) != 0 || s->subject != view->sample->subject ||
            s->evidence.status != OK)
            continue;
        for (size_t r = 0; r < s->evidence.n_results; r++) {
            const Result *q = &s->evidence.results[r];
            if (strcmp(q->code, code) != 0) continue;
            view->conflict |= found != NULL && contradict(found, q);
            found = better(found, q);
        }
    }
    return found;
}

/* "--SEA" stands in "--SEA/aa" and in "--SEA,--MED/aa", as a whole word. */
static bool names_deletion(const char *deletion, const char *label)
{
    size_t n = strlen(label);
    for (const char *p = strstr(deletion, label); p != NULL; p = strstr(p + 1, label)) {
        bool begins = p == deletion || p[-1] == '/' || p[-1] == ',';
        if (begins && (p[n] == '\0' || p[n] == '/' || p[n] == ',')) return true;
    }
    return false;
}

/* A deletion result was read: the rows of the locus no longer need one, and those it names are there. */
static void mark_alpha_rows(const CarrierModel *model, SampleView *view)
{
    for (size_t r = 0; r < model->n_rows; r++) {
        const CarrierRow *row = &model->rows[r];
        const CarrierGene *gene = &model->genes[row->gene];
        Verdict *v = &view->verdicts[r];
        if (gene->locus != LOCUS_ALPHA || v->answer != ANSWER_NOT_ASSESSED ||
            strcmp(v->detail, gene->needs) != 0)
            continue;
        v->detail = "read_by_alpha";
        if (row->site == SITE_NONE && names_deletion(view->deletion, row->label))
            v->answer = ANSWER_POSITIVE;
    }
}

static State state_of(const char *code)
{
    if (strcmp(code, "affected") == 0) return STATE_AFFECTED;
    if (strcmp(code, "carrier") == 0) return STATE_CARRIER;
    return strcmp(code, "silent_not_excluded") == 0 ? STATE_SILENT : STATE_NOT_ASSESSED;
}

/* Row of smn1.tsv for that many copies: the last row holds for more. -1 = no row. */
static long smn1_row(const Table *table, double copies)
{
    int column = table_column(table, "copies");
    long best = -1;
    for (size_t r = 0; r < table->n_rows; r++) {
        double from = 0;
        if (table_number(table, r, column, &from) && from <= copies) best = (long)r;
    }
    return best;
}

static void read_smn1(const CarrierModel *model, const Case *c, SampleView *view)
{
    const Result *result = find_result(c, view, "smn1.exon7_copies");
    if (result == NULL || result->value != NULL || model->smn1 == NULL || view->conflict) return;
    long row = smn1_row(model->smn1, result->number);
    if (row < 0) return;
    for (size_t r = 0; r < model->n_rows; r++) {
        if (model->genes[model->rows[r].gene].locus != LOCUS_SMN1) continue;
        State state = state_of(table_get(model->smn1, (size_t)row, "state"));
        Verdict v = {.answer = finding_answer(table_get(model->smn1, (size_t)row, "answer")),
                     .detail = table_get(model->smn1, (size_t)row, "detail"),
                     .first = -1,
                     .phase_set = -1};
        v.heterozygous = state == STATE_CARRIER;
        v.both = state == STATE_AFFECTED;
        v.silent = state == STATE_SILENT;
        view->verdicts[r] = v;
    }
}

void carrier_read_results(const CarrierModel *model, const Case *c, SampleView *view)
{
    const Result *deletion = find_result(c, view, "alpha.deletion");
    const Result *points = find_result(c, view, "alpha.points");
    view->deletion = deletion == NULL ? NULL : deletion->value;
    view->points = points == NULL ? NULL : points->value;
    const char *chromosomes = look_up(model->deletions, view->deletion, "chromosomes");
    if (chromosomes != NULL && !is_unusable(chromosomes)) mark_alpha_rows(model, view);
    read_smn1(model, c, view);
}

/* How many point alleles the VCF shows, in the words of alpha_genotypes. It can never prove "none": that takes a kit. */
typedef struct Points {
    size_t seen, possible;
    bool both;
} Points;

static Points points_of_calls(const CarrierModel *model, const SampleView *view)
{
    Points p = {0};
    for (size_t r = 0; r < model->n_rows; r++) {
        const CarrierRow *row = &model->rows[r];
        const Verdict *v = &view->verdicts[r];
        if (model->genes[row->gene].locus != LOCUS_ALPHA || row->site == SITE_NONE) continue;
        p.seen += v->answer == ANSWER_POSITIVE;
        p.possible += v->answer == ANSWER_POSSIBLE;
        p.both |= v->answer == ANSWER_POSITIVE && v->both;
    }
    return p;
}

static const char *points_word(const Points *p)
{
    return p->seen == 0 ? "unknown" : p->seen > 1 ? "two" : p->both ? "both" : "one";
}

/* An allele that still has to be confirmed: "none" is not certain, and "one" may be two. */
static const char *with_doubt(const char *points, const Points *p)
{
    if (p->possible == 0) return points;
    return strcmp(points, "none") == 0 ? "unknown" : strcmp(points, "one") == 0 ? "two" : points;
}

void carrier_alpha(const CarrierModel *model, SampleView *view, Arena *arena)
{
    const char *chromosomes = look_up(model->deletions, view->deletion, "chromosomes");
    const char *kit = look_up(model->points, view->points, "count");
    const Points p = points_of_calls(model, view);
    const char *calls = points_word(&p), *points = kit == NULL || is_unusable(kit) ? calls : kit;
    view->alpha_row = -1;
    view->chromosomes = chromosomes == NULL || is_unusable(chromosomes) ? "unknown" : chromosomes;
    bool called = p.seen > 0;
    if (model->genotypes == NULL || (view->deletion == NULL && view->points == NULL && !called))
        return;
    /* A kit that says "none" beside a called allele, or another number of alleles, contradicts the VCF. */
    if (called && strcmp(points, calls) != 0) view->conflict = true;
    points = with_doubt(points, &p);
    view->alpha_row =
        table_find(model->genotypes, arena_print(arena, "%s + %s", view->chromosomes, points));
    if (view->alpha_row >= 0 && !view->conflict)
        view->genotype = table_get(model->genotypes, (size_t)view->alpha_row, "genotype");
}

static Finding alpha_finding(const CarrierModel *model, const SampleView *view)
{
    const Sample *s = view->sample;
    Finding f = {.sample = s->id,
                 .assay = CARRIER_CODE,
                 .subject = s->subject,
                 .fetal = s->fetal,
                 .code = "carrier.alpha",
                 .item = "HBA1/HBA2"};
    if (model->genotypes != NULL) {
        f.table = model->genotypes->info.name;
        f.version = model->genotypes->info.version;
    }
    return f;
}

/* A test that ran and failed is its own answer, also when nothing else is known. */
static bool report_unusable(const char *word, Finding f, Findings *out)
{
    if (!is_unusable(word)) return false;
    f.answer = strcmp(word, "invalid") == 0 ? ANSWER_INVALID : ANSWER_FAILED;
    f.detail = "alpha_repeat";
    finding_add(out, f);
    return true;
}

void carrier_alpha_findings(const CarrierModel *model, const SampleView *view, Findings *out)
{
    Finding f = alpha_finding(model, view);
    if (view->conflict) {
        f.answer = ANSWER_REFUSED;
        f.detail = "results_conflict";
        finding_add(out, f);
        return;
    }
    bool told = report_unusable(look_up(model->deletions, view->deletion, "chromosomes"), f, out);
    told |= report_unusable(look_up(model->points, view->points, "count"), f, out);
    if (view->alpha_row < 0 || (told && strcmp(view->chromosomes, "unknown") == 0)) return;
    size_t row = (size_t)view->alpha_row;
    f.answer = finding_answer(table_get(model->genotypes, row, "answer"));
    f.detail = table_get(model->genotypes, row, "detail");
    f.row = table_cell(model->genotypes, row, 0);
    const char *genotype = table_get(model->genotypes, row, "genotype");
    if (strchr(genotype, '/') != NULL) f.item = arena_print(out->arena, "HBA1/HBA2 %s", genotype);
    finding_add(out, f);
    bool open = strcmp(table_get(model->genotypes, row, "points"), "unknown") == 0;
    if (f.answer == ANSWER_POSITIVE && open) {
        f.answer = ANSWER_NOT_ASSESSED;
        f.detail = "alpha_points_open";
        finding_add(out, f);
    }
}
