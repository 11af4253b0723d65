/* carrier - known pathogenic variants of a couple, of a newborn, of a fetus: which are there, which are not, and about which nobody can say.
 *
 * Four answers for every row of the panel: carrier, assessed and negative, not assessed (why), refused (why). They are
 * counted, and the four counts add up to the number of rows. The rooms are listed in carrier.h; this file judges the samples of a case in
 * order, then the pairs, then the couple.
 *
 * Refused: samples whose files could not be used, whose build is unknown or foreign, maternal plasma (it is not the fetus), samples that do
 * not fit their declared relation, and everything while the laboratory has no floors of its own.
 * Of a fetus, genes on the X chromosome are one constant sentence, whatever was sent: zygosity there tells the sex. */
#include "carrier.h"

#include "../mlpa.h"

#include <string.h>

typedef struct Room {
    const CarrierModel *model;
    const Case *c;
    Arena *arena;
    Findings *out;
} Room;

static Finding about(const SampleView *v, const char *code, const char *item)
{
    return (Finding){.sample = v->sample->id,
                     .assay = CARRIER_CODE,
                     .subject = v->sample->subject,
                     .fetal = v->sample->fetal,
                     .code = code,
                     .item = item,
                     .detail = ""};
}

static void rest_on(Finding *f, const Table *table, const char *row)
{
    f->table = table->info.name;
    f->version = table->info.version;
    f->row = row;
}

static bool is_constant(const CarrierModel *model, const SampleView *v, size_t row)
{
    return v->sample->fetal && carrier_is_x(model, row);
}

static const char *unfit(const CarrierModel *model, const Sample *s)
{
    if (s->evidence.status != OK) return "evidence_unusable";
    if (model == NULL) return "no_panel";
    if (!model->floors.given) return "no_floors";
    if (s->material == MATERIAL_PLASMA) return "plasma_not_suitable";
    const CallSet *calls = s->evidence.calls;
    if (calls != NULL && calls->build == BUILD_UNKNOWN) return "build_unknown";
    /* Calls that the ledger kept are indices into the panel of their day. */
    if (calls != NULL && calls->panel != site_index_fingerprint(carrier_sites(model, calls->build)))
        return "calls_foreign";
    for (size_t i = 0; calls != NULL && i < calls->n_calls; i++)
        if (calls->calls[i].site >= model->n_sites) return "calls_foreign";
    return NULL;
}

/* From the limit on, foreign reference bases mean a wrong build or a wrong file, not a wrong row. */
static bool mostly_foreign(const CarrierModel *model, const SampleView *v)
{
    const CallSet *set = v->sample->evidence.calls;
    size_t foreign = 0, last = SIZE_MAX;
    for (size_t i = 0; set != NULL && i < set->n_calls; i++) {
        size_t row = model->row_of_site[set->calls[i].site];
        if (set->calls[i].kind != CALL_REF_MISMATCH || row == last || is_constant(model, v, row))
            continue;
        foreign++;
        last = row;
    }
    return foreign >= model->floors.ref_mismatch_rows;
}

static void judge_rows(const CarrierModel *model, SampleView *v)
{
    const CallSet *set = v->sample->evidence.calls;
    size_t at = 0;
    for (size_t r = 0; r < model->n_rows; r++) {
        int32_t site = model->rows[r].site;
        Verdict *to = &v->verdicts[r];
        if (is_constant(model, v, r)) {
            *to = (Verdict){.detail = "fetal_xlinked", .first = -1, .phase_set = -1};
        } else if (site == SITE_NONE || set == NULL) {
            *to = carrier_judge_row(model, v->sample, r, BUILD_GRCH38, NULL, 0);
            if (site != SITE_NONE) to->detail = "no_variant_file";
        } else {
            while (at < set->n_calls && (int32_t)set->calls[at].site < site)
                at++;
            size_t end = at;
            while (end < set->n_calls && (int32_t)set->calls[end].site == site)
                end++;
            *to = carrier_judge_row(model, v->sample, r, set->build, set->calls + at, end - at);
        }
    }
}

static void roll_up(const CarrierModel *model, SampleView *v)
{
    for (size_t g = 0; g < model->n_genes; g++) {
        v->genes[g] = carrier_roll_up(model, &model->genes[g], v->verdicts, false);
        v->own_class[g] = carrier_roll_up(model, &model->genes[g], v->verdicts, true);
    }
}

/* The coded results of a person are read together with the variants: on a tube without variants only when no other tube of
 * the person has them. */
static bool reads_results(const Room *room, const Sample *s)
{
    for (size_t i = 0; s->evidence.calls == NULL && i < room->c->n_samples; i++) {
        const Sample *other = &room->c->samples[i];
        if (strcmp(other->assay, CARRIER_CODE) == 0 && strcmp(other->person, s->person) == 0 &&
            other->subject == s->subject && unfit(room->model, other) == NULL &&
            other->evidence.calls != NULL)
            return false;
    }
    return true;
}

static void judge(const Room *room, SampleView *v)
{
    const CarrierModel *model = room->model;
    if (v->refused != NULL) return;
    v->verdicts = arena_alloc(room->arena, (model->n_rows + 1) * sizeof *v->verdicts);
    v->genes = arena_alloc(room->arena, (model->n_genes + 1) * sizeof *v->genes);
    v->own_class = arena_alloc(room->arena, (model->n_genes + 1) * sizeof *v->own_class);
    judge_rows(model, v);
    if (reads_results(room, v->sample)) carrier_read_results(model, room->c, v);
    carrier_alpha(model, v, room->arena);
    roll_up(model, v);
}

/* --- findings of one sample --- */

/* "3 + 38 + 88 + 0 = 129": carrier + negative + not assessed + refused. */
static void tell_counts(const Room *room, const SampleView *v)
{
    size_t by[ANSWERS] = {0}, n = room->model->n_rows;
    for (size_t r = 0; r < n; r++)
        by[v->refused != NULL ? ANSWER_REFUSED : v->verdicts[r].answer]++;
    size_t rest = n - by[ANSWER_POSITIVE] - by[ANSWER_NEGATIVE] - by[ANSWER_REFUSED];
    Finding f = about(v, "carrier.counts",
                      arena_print(room->arena, "%zu + %zu + %zu + %zu = %zu", by[ANSWER_POSITIVE],
                                  by[ANSWER_NEGATIVE], rest, by[ANSWER_REFUSED], n));
    f.answer = by[ANSWER_REFUSED] > 0     ? ANSWER_REFUSED
               : by[ANSWER_POSITIVE] > 0  ? ANSWER_POSITIVE
               : by[ANSWER_POSSIBLE] > 0  ? ANSWER_POSSIBLE
               : by[ANSWER_NEGATIVE] == n ? ANSWER_NEGATIVE
                                          : ANSWER_NOT_ASSESSED;
    f.has_value = true;
    f.value = (double)n;
    f.unit = "1";
    f.example = room->model->floors.example;
    rest_on(&f, room->model->panel, "");
    finding_add(room->out, f);
}

static void tell_refusal(const Room *room, const SampleView *v)
{
    Finding f = about(v, "carrier.sample", "");
    f.answer = ANSWER_REFUSED;
    f.detail = v->refused;
    finding_add(room->out, f);
    if (room->model != NULL) tell_counts(room, v);
}

static void tell_gene(const Room *room, const SampleView *v, const CarrierGene *gene,
                      const char *item, const GeneState *state)
{
    Finding f = about(v, "carrier.gene", item);
    f.answer = state->answer;
    f.detail = state->detail == NULL ? "" : state->detail;
    f.unverified = state->unverified;
    f.example = room->model->floors.example;
    rest_on(&f, room->model->gene_table, gene->name);
    finding_add(room->out, f);
}

/* Two variants of one autosomal gene in a fetus: the pregnancy is going on, so it is told and timed apart from what the same
 * genotype means in an adult. */
static void tell_fetal_pair(const Room *room, const SampleView *v, const CarrierGene *gene,
                            const GeneState *state)
{
    static const char *const pairs[] = {"hom", "compound_trans", "compound_unknown"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!v->sample->fetal || state->answer != ANSWER_POSITIVE || state->detail == NULL ||
            strcmp(state->detail, pairs[i]) != 0)
            continue;
        Finding f = about(v, "carrier.fetal", gene->name);
        f.answer = ANSWER_POSITIVE;
        f.detail = "fetal_two_variants";
        f.example = room->model->floors.example;
        rest_on(&f, room->model->gene_table, gene->name);
        finding_add(room->out, f);
    }
}

static void tell_genes(const Room *room, const SampleView *v)
{
    const CarrierModel *m = room->model;
    for (size_t g = 0; g < m->n_genes; g++) {
        const CarrierGene *gene = &m->genes[g];
        if (gene->n == 0 || is_constant(m, v, gene->first)) continue;
        tell_gene(room, v, gene, gene->name, &v->genes[g]);
        tell_fetal_pair(room, v, gene, &v->genes[g]);
        for (size_t r = gene->first; r < gene->first + gene->n && v->own_class[g].rows > 0; r++)
            if (m->rows[r].low_penetrance) {
                tell_gene(room, v, gene, m->rows[r].item, &v->own_class[g]);
                break;
            }
    }
    if (v->sample->fetal) {
        Finding f = about(v, "carrier.xlinked", "");
        f.detail = "fetal_xlinked";
        rest_on(&f, m->gene_table, "");
        finding_add(room->out, f);
    }
}

static void tell_sites(const Room *room, const SampleView *v)
{
    const CarrierModel *m = room->model;
    for (size_t r = 0; r < m->n_rows; r++) {
        const Verdict *d = &v->verdicts[r];
        if (is_constant(m, v, r)) continue;
        Finding f = about(v, "carrier.site", m->rows[r].item);
        f.answer = d->answer;
        f.detail = d->detail;
        f.unverified = d->unverified;
        f.example = m->floors.example;
        rest_on(&f, m->panel, m->rows[r].key);
        finding_add(room->out, f);
    }
}

/* What remains after a negative gene of an adult. */
static void tell_residuals(const Room *room, const SampleView *v)
{
    const CarrierModel *m = room->model;
    for (size_t g = 0; g < m->n_genes && !v->sample->fetal; g++) {
        double risk = 0;
        size_t row = 0;
        if (v->genes[g].state != STATE_NEGATIVE || m->genes[g].inheritance != INHERIT_AR) continue;
        Finding f = about(v, "carrier.residual", m->genes[g].name);
        f.detail = "not_computed";
        if (carrier_residual(m, m->genes[g].name, &risk, &row)) {
            f.answer = ANSWER_NEGATIVE;
            f.detail = "residual_risk";
            f.has_value = true;
            f.value = risk;
            f.unit = "1";
            f.example = m->frequencies->examples[row];
            rest_on(&f, m->frequencies, table_cell(m->frequencies, row, 0));
        }
        finding_add(room->out, f);
    }
}

static void tell_sample(const Room *room, const SampleView *v)
{
    if (v->refused != NULL) {
        tell_refusal(room, v);
        return;
    }
    if (v->sample->evidence.calls == NULL) {
        Finding f = about(v, "carrier.sample", "");
        f.detail = "no_variant_file";
        finding_add(room->out, f);
    }
    tell_counts(room, v);
    tell_genes(room, v);
    carrier_alpha_findings(room->model, v, room->out);
    tell_residuals(room, v);
    tell_sites(room, v);
}

/* --- the case --- */

static int usefulness(const SampleView *v)
{
    return v->refused != NULL ? 1 : v->sample->evidence.calls == NULL ? 2 : 3;
}

/* The first sample of that subject that tells most: with variants, else usable, else refused; NULL = none. */
static const SampleView *person_of(const SampleView *views, size_t n, Subject subject)
{
    const SampleView *found = NULL;
    for (size_t i = 0; i < n; i++) {
        const Sample *s = views[i].sample;
        if (s->subject != subject || s->fetal) continue;
        if (found == NULL || usefulness(&views[i]) > usefulness(found)) found = &views[i];
    }
    return found;
}

static SampleView *collect(const Room *room, size_t *n)
{
    SampleView *views = arena_alloc(room->arena, (room->c->n_samples + 1) * sizeof *views);
    *n = 0;
    for (size_t i = 0; i < room->c->n_samples; i++) {
        const Sample *s = &room->c->samples[i];
        if (strcmp(s->assay, CARRIER_CODE) == 0)
            views[(*n)++] = (SampleView){.sample = s, .refused = unfit(room->model, s)};
    }
    return views;
}

void carrier_interpret(Findings *out, const Case *c, const CarrierModel *model, Arena *arena)
{
    Room room = {model, c, arena, out};
    size_t n = 0;
    SampleView *views = collect(&room, &n);
    Findings pairs = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        if (views[i].refused == NULL && mostly_foreign(model, &views[i]))
            views[i].refused = "ref_mismatch_file";
    if (model != NULL) carrier_relations(model, views, n, &pairs);
    for (size_t i = 0; i < n; i++)
        judge(&room, &views[i]);
    for (size_t i = 0; i < n; i++)
        tell_sample(&room, &views[i]);
    for (size_t i = 0; i < pairs.n; i++)
        finding_add(out, pairs.items[i]);
    const SampleView *woman = person_of(views, n, SUBJECT_WOMAN);
    const SampleView *partner = person_of(views, n, SUBJECT_PARTNER);
    if (model != NULL && (woman != NULL || partner != NULL))
        carrier_couple(model, woman, partner, out);
}

/* The case as the judges of the carrier assay read it: what a person's MLPA shows stands among the results of that sample, by the function
 * that the assay mlpa itself uses. *example = a kit of example numbers had a part in it. */
static Case with_mlpa(const Case *c, bool *example, const MlpaModel *mlpa, Arena *arena)
{
    Case out = *c;
    Sample *samples = arena_alloc(arena, (c->n_samples + 1) * sizeof *samples);
    if (mlpa == NULL) return out;
    for (size_t i = 0; i < c->n_samples; i++) {
        Result *results = NULL;
        samples[i] = c->samples[i];
        if (strcmp(samples[i].assay, MLPA_CODE) != 0) continue;
        samples[i].evidence.n_results =
            mlpa_results(&results, example, mlpa, &c->samples[i], arena);
        samples[i].evidence.results = results;
    }
    out.samples = samples;
    return out;
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    bool example = false;
    const size_t before = out->n;
    const Case read = with_mlpa(c, &example, reference_model(reference, MLPA_CODE), arena);
    (void)why;
    carrier_interpret(out, &read, reference_model(reference, CARRIER_CODE), arena);
    for (size_t i = before; i < out->n;
         i++) /* counts and couples rest on every sample of the case */
        out->items[i].example |= example;
    return OK;
}

static const char *const tables[] = {"carrier/panel", "carrier/genes", "carrier/floors", NULL};

static const char *const no_facts[] = {NULL};

const Assay assay_carrier = {
    .code = CARRIER_CODE,
    .takes_calls = true,
    .facts = no_facts,
    .takes_results = true,
    .tables = tables,
    .prepare = carrier_prepare,
    .sites = carrier_sites,
    .interpret = interpret,
    .maternal_row = carrier_maternal_row,
    .disclose = carrier_disclose,
};
