/* The batch as a whole, read back from the ledger only: so a run that was interrupted ten times
 * prints the receipts, the summary and the findings of an undisturbed one. */
#include "batch_room.h"

#include <string.h>

typedef struct Viewer {
    const Run *run;
    Arena *arena;
} Viewer;

static bool is_about(const Finding *f, const char *sample)
{
    return strcmp(f->sample, sample) == 0;
}

/* Findings about `sample` ("" = about the couple or case), as one list. */
static Finding *findings_of(const Viewer *v, const ToldList *told, const char *sample, size_t *n)
{
    Finding *list = arena_alloc(v->arena, (told->n + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; i < told->n; i++)
        if (is_about(&told->items[i].finding, sample)) list[(*n)++] = told->items[i].finding;
    return list;
}

/* Where the finding stands in the lists above: actions point there. */
static const Finding *find_listed(const CaseRow *row, const ToldList *told, size_t i)
{
    const char *sample = told->items[i].finding.sample;
    size_t nth = 0;
    for (size_t k = 0; k < i; k++)
        nth += is_about(&told->items[k].finding, sample) ? 1 : 0;
    if (sample[0] == '\0') return &row->findings[nth];
    for (size_t s = 0; s < row->n_samples; s++)
        if (row->samples[s].n_findings > nth && is_about(&row->samples[s].findings[nth], sample))
            return &row->samples[s].findings[nth];
    return &told->items[i].finding;
}

static void view_actions(const Viewer *v, CaseRow *row, const ToldList *told)
{
    Action *actions = arena_alloc(v->arena, (told->n + 1) * sizeof *actions);
    for (size_t i = 0; i < told->n; i++)
        if (told->items[i].has_action) {
            actions[row->n_actions] = told->items[i].action;
            actions[row->n_actions++].finding = find_listed(row, told, i);
        }
    row->actions = actions;
}

static SampleRow view_sample(const Viewer *v, Known *known, int64_t verdict, const ToldList *told)
{
    SampleRow row = {.sample = &known->sample,
                     .state = STATE_REPLACED,
                     .new_in_batch =
                         ledger_is_of_batch(v->run->ledger, known->batch, v->run->in.batch)};
    Judged judged;
    if (!known->newest || !ledger_judged(&judged, v->run->ledger, verdict, known->id, v->arena))
        return row;
    row.state = (SampleState)judged.state;
    row.note = judged.note;
    row.findings = findings_of(v, told, known->sample.id, &row.n_findings);
    return row;
}

static CaseRow view_case(const Viewer *v, const VisitRow *visit)
{
    Ledger *ledger = v->run->ledger;
    CaseRow row = {.case_id = visit->case_id};
    ToldList *told = arena_alloc(v->arena, sizeof *told);
    *told = ledger_findings(ledger, visit->verdict, v->run->reference, v->arena);
    KnownList known = ledger_case_samples(ledger, visit->case_id, v->arena);
    SampleRow *samples = arena_alloc(v->arena, (known.n + 1) * sizeof *samples);
    for (size_t i = 0; i < known.n; i++)
        if (known.items[i].batch <= v->run->batch.id)
            samples[row.n_samples++] = view_sample(v, &known.items[i], visit->verdict, told);
    row.samples = samples;
    row.findings = findings_of(v, told, "", &row.n_findings);
    view_actions(v, &row, told);
    Names names = ledger_paper_documents(ledger, visit->verdict, v->arena);
    row.documents = names.items;
    row.n_documents = names.n;
    return row;
}

static void view_make(BatchView *view, const Viewer *v)
{
    const Run *run = v->run;
    VisitRows visits = ledger_visits(run->ledger, run->in.batch, v->arena);
    CaseRow *cases = arena_alloc(v->arena, (visits.n + 1) * sizeof *cases);
    for (size_t i = 0; i < visits.n; i++)
        cases[i] = view_case(v, &visits.items[i]);
    RejectedList list = ledger_rejections(run->ledger, run->batch.id, v->arena);
    RejectedRow *rejected = arena_alloc(v->arena, (list.n + 1) * sizeof *rejected);
    for (size_t i = 0; i < list.n; i++)
        rejected[i] = (RejectedRow){list.items[i].note, list.items[i].centre, list.items[i].sample,
                                    list.items[i].case_id};
    *view = (BatchView){.cases = cases,
                        .n_cases = visits.n,
                        .rejected = rejected,
                        .n_rejected = list.n,
                        .reference = run->reference,
                        .stamp = &run->stamp};
}

/* Whether the batch concerns that centre: it submitted, or a row in its name was rejected.
 * Rejections of nobody's are the city's. */
static bool concerns(const BatchView *view, const Centre *centre, const Centre *city)
{
    for (size_t i = 0; i < view->n_rejected; i++) {
        const char *id = view->rejected[i].centre;
        if (strcmp(id, centre->id) == 0 || (id[0] == '\0' && centre == city)) return true;
    }
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++)
            if (strcmp(view->cases[i].samples[k].sample->submitter, centre->id) == 0) return true;
    return false;
}

typedef struct Output {
    Document *items;
    size_t n;
} Output;

static Status make_documents(Output *out, const BatchView *view, Arena *arena, Note *why)
{
    const Centres *centres = reference_centres(view->reference);
    out->items = arena_alloc(arena, (2 * centres->n + 2 + REGION_FILES) * sizeof *out->items);
    Status s = OK;
    for (size_t i = 0; i < centres->n && s == OK; i++) {
        if (!concerns(view, &centres->items[i], centres->city)) continue;
        s = report_receipt(&out->items[out->n], &out->items[out->n + 1], view, &centres->items[i],
                           arena, why);
        out->n += 2;
    }
    if (s == OK) s = report_summary(&out->items[out->n++], view, arena, why);
    if (s == OK) s = report_findings(&out->items[out->n++], view, arena, why);
    if (s == OK) out->n += report_regions(&out->items[out->n], view, arena);
    return s;
}

static Status write_documents(const Run *run, Output *out, Arena *arena, Note *why)
{
    BatchView view;
    view_make(&view, &(Viewer){run, arena});
    Status s = ledger_ok(run->ledger, why);
    if (s == OK) s = make_documents(out, &view, arena, why);
    for (size_t i = 0; i < out->n && s == OK; i++)
        s = document_write(run, &out->items[i], why);
    return s == OK ? documents_sync(run, why) : s;
}

Status batch_finish(Run *run, Note *why)
{
    Arena *arena = arena_new(run->options->exhausted);
    Output out = {0};
    Status s = run->batch.documents ? write_documents(run, &out, arena, why) : OK;
    if (s == OK) {
        Tally tally = {.rejected = (int64_t)ledger_rejections(run->ledger, run->batch.id, arena).n};
        ledger_tally(&tally, run->ledger, run->in.batch);
        ledger_begin(run->ledger);
        for (size_t i = 0; i < out.n; i++)
            document_add(run, 0, &out.items[i], arena);
        ledger_end_batch(run->ledger, run->batch.id, &tally);
        ledger_audit(run->ledger, &(AuditEntry){.time = run->batch.now,
                                                .actor = "-",
                                                .action = "run",
                                                .object = run->in.batch,
                                                .outcome = "done"});
        s = ledger_commit(run->ledger, why);
        run->batch.tally = tally;
    }
    arena_free(arena);
    return s;
}
