/* mlpa - dosage of genes that no variant file can answer: deletions of the alpha-globin cluster, copies of SMN1.
 *
 * Why: they are the commonest severe carrier states of the region. Method: lab/mlpa.h, injection by injection; every region's quotient and
 * copies are told, and the pattern they make. What the pattern means for a person and a couple is the carrier assay's, which reads
 * the same injections through the same function: there is one truth.
 *
 * Refuses: runs and samples that fail a check (invalid, repeat), ambiguous quotients, patterns of no row. Sex-chromosome fragments of a kit
 * are never read here; those of a fetus were wiped at the door. */
#include "../mlpa.h"

#include "assay.h"
#include "mlpa_draw.h"

#include <math.h>
#include <string.h>

typedef struct Desk {
    const Sample *sample;
    const MlpaModel *model;
    Arena *arena;
    Findings *out;
} Desk;

static void rest_on(Finding *f, const Table *table, const char *row)
{
    f->table = table->info.name;
    f->version = table->info.version;
    f->row = row;
    f->unverified = strcmp(table->info.status, "unverified") == 0;
}

static const char *item_of(const Desk *d, const MlpaReading *r)
{
    const Table *t = d->model->kit_table;
    long row = r->kit == NULL ? -1 : table_find(t, r->kit->code);
    return row < 0 ? "" : table_get(t, (size_t)row, "item");
}

static void tell(const Desk *d, const char *item, Answer answer, const char *detail)
{
    finding_add(d->out, finding_about(d->sample, "mlpa.result", item, answer, detail));
}

static void tell_region(const Desk *d, const MlpaReading *r, const MlpaRegion *region)
{
    static const char *const details[] = {"mlpa_copies_0", "mlpa_copies_1", "mlpa_copies_2",
                                          "mlpa_copies_3", "mlpa_copies_4"};
    Finding f =
        finding_about(d->sample, "mlpa.region", region->name, ANSWER_NOT_ASSESSED, "mlpa_unread");
    if (region->copies == MLPA_AMBIGUOUS) {
        f.answer = ANSWER_POSSIBLE;
        f.detail = "mlpa_ambiguous";
    } else if (region->copies >= 0) {
        f.answer = ANSWER_MEASURED;
        f.detail = details[region->copies < 4 ? region->copies : 4];
    }
    f.has_value = !isnan(region->quotient);
    f.value = f.has_value ? round(region->quotient * 100) / 100 : 0;
    f.unit = "1";
    f.example = r->kit->example;
    rest_on(&f, d->model->bands, "");
    finding_add(d->out, f);
}

static bool all_read(const MlpaReading *r)
{
    for (size_t i = 0; i < r->n_regions; i++)
        if (r->regions[i].copies < 0) return false;
    return true;
}

/* Numbers nobody has verified never make a negative, and a positive must be confirmed. */
static void hold_back(Finding *f)
{
    if (!f->unverified) return;
    f->answer = f->answer == ANSWER_POSITIVE ? ANSWER_POSSIBLE : ANSWER_NOT_ASSESSED;
}

static void tell_result(const Desk *d, const MlpaReading *r)
{
    const char *item = item_of(d, r);
    Finding f = finding_about(d->sample, "mlpa.result", item, ANSWER_POSSIBLE, "mlpa_no_pattern");
    rest_on(&f, r->patterns, "");
    if (r->pattern >= 0) {
        const size_t row = (size_t)r->pattern;
        f.item = arena_print(d->arena, "%s %s", item, table_get(r->patterns, row, "label"));
        f.answer = finding_answer(table_get(r->patterns, row, "answer"));
        f.detail = table_get(r->patterns, row, "detail");
        f.row = table_cell(r->patterns, row, 0);
    } else if (!all_read(r)) {
        f.answer = ANSWER_INVALID;
        f.detail = "mlpa_ambiguous";
    }
    f.example = r->kit->example;
    f.unverified = f.unverified || strcmp(d->model->bands->info.status, "unverified") == 0;
    hold_back(&f);
    finding_add(d->out, f);
}

static void tell_spread(const Desk *d, const MlpaReading *r)
{
    if (isnan(r->worst)) return;
    Finding f = finding_about(d->sample, "mlpa.spread", item_of(d, r), ANSWER_MEASURED, "");
    f.has_value = true;
    f.value = round(r->worst * 1000) / 1000;
    f.unit = "1";
    f.example = r->kit->example;
    rest_on(&f, d->model->kit_table, r->kit->code);
    finding_add(d->out, f);
}

static void judge_trace(const Desk *d, const Trace *own)
{
    MlpaReading r;
    mlpa_read(&r, d->model, d->sample, own, d->arena);
    if (r.kit == NULL) {
        tell(d, "", ANSWER_REFUSED, r.fault);
        return;
    }
    if (r.fault != NULL)
        tell(d, item_of(d, &r), ANSWER_INVALID, r.fault);
    else
        tell_result(d, &r);
    for (size_t i = 0; i < r.n_regions; i++)
        tell_region(d, &r, &r.regions[i]);
    tell_spread(d, &r);
}

static void judge_sample(const Desk *d)
{
    const Evidence *e = &d->sample->evidence;
    size_t own = 0;
    for (size_t i = 0; e->status == OK && i < e->n_traces; i++) {
        if (e->traces[i].role != TRACE_SAMPLE) continue;
        judge_trace(d, &e->traces[i]);
        own++;
    }
    if (e->status != OK)
        tell(d, "", ANSWER_REFUSED, "evidence_unusable");
    else if (own == 0)
        tell(d, "", ANSWER_MISSING, "mlpa_no_trace");
    finding_add(d->out, finding_about(d->sample, "mlpa.scope", "", ANSWER_NOT_ASSESSED,
                                      d->sample->fetal ? "mlpa_scope_fetal" : "mlpa_scope"));
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    const MlpaModel *model = reference_model(reference, "mlpa");
    if (model == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = "mlpa/kits"}, NULL);
    for (size_t i = 0; i < c->n_samples; i++)
        if (strcmp(c->samples[i].assay, "mlpa") == 0)
            judge_sample(&(Desk){&c->samples[i], model, arena, out});
    return OK;
}

/* Pictures of injections that passed their checks: that of a failed one would be read as a result. */
static void draw(Figures *out, const Case *c, const Reference *reference, Arena *arena)
{
    const MlpaModel *model = reference_model(reference, "mlpa");
    for (size_t i = 0; model != NULL && i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        const Evidence *e = &s->evidence;
        for (size_t t = 0; e->status == OK && t < e->n_traces; t++) {
            MlpaReading r;
            if (strcmp(s->assay, "mlpa") != 0 || e->traces[t].role != TRACE_SAMPLE) continue;
            mlpa_read(&r, model, s, &e->traces[t], arena);
            if (r.kit != NULL && r.fault == NULL) mlpa_draw_bars(out, &r, model->bands, s->id);
        }
    }
}

static const char *const no_facts[] = {NULL};
static const char *const tables[] = {"mlpa/kits", "mlpa/probes", "mlpa/bands", "mlpa/patterns",
                                     NULL};

const Assay assay_mlpa = {
    .code = "mlpa",
    .takes_traces = true,
    .facts = no_facts,
    .tables = tables,
    .prepare = mlpa_prepare,
    .interpret = interpret,
    .draw = draw,
};
