/* The way of a batch: read, planned, registered, judged chunk by chunk, closed.
 *
 * Registration and judgement are two passes, so that every case is judged knowing all that the
 * batch declares, whatever the order of rows. Judging is the only parallel loop of the program:
 * cases are independent, each has a slot with an arena of its own, the Reference is const, and the
 * ledger is asked before and written after the loop by one thread, in the order of submission. So
 * the same bytes come out for any number of threads, and no row number tells how long a case took.
 *
 * Resume: what is in the ledger is not done again (batch_plan.c). The time, the language and
 * whether documents are written are those of the run that began. */
#include "batch_room.h"

#include "../lab/assays/assay.h"
#include "progress.h"
#include "xml.h"

#include <string.h>
#include <unistd.h>

enum { CHUNK_WITH_DOCUMENTS = 64, CHUNK_WITHOUT = 1000, ROWS_A_TRANSACTION = 50000 };

/* ---- before the first case ---- */

/* An assay whose tables this release lacks must not begin: its samples would all come out as
 * failures. */
static Status check_assay(const Run *run, const char *code, Note *why)
{
    const Assay *assay = assay_find(code);
    for (size_t i = 0; assay != NULL && assay->tables != NULL && assay->tables[i] != NULL; i++)
        if (reference_table(run->reference, assay->tables[i]) == NULL)
            return note_fail(why, REFUSED, "assay.table_absent",
                             (Place){.file = assay->tables[i], .field = code}, NULL);
    return OK;
}

static Status check_assays(const Run *run, Note *why)
{
    const char *last = "";
    for (size_t i = 0; i < run->in.n_samples; i++) {
        const char *code = run->in.samples[i].assay;
        Status s = strcmp(code, last) == 0 ? OK : check_assay(run, code, why);
        if (s != OK) return s;
        last = code;
    }
    return triage_ready(run->reference, why);
}

static const char *program(void)
{
    return "screenlab " SCREENLAB_VERSION;
}

/* The row this run works for: a new one, or that of a run which did not come to its end. */
static void adopt_batch(Run *run, const char *name)
{
    const BatchOptions *o = run->options;
    run->batch = ledger_batch(run->ledger, name);
    run->rerun = run->batch.id != 0 && run->batch.finished;
    run->unwritten = run->rerun && !run->batch.documents;
    if (run->batch.id == 0 || run->rerun) {
        run->batch.now = o->now;
        run->batch.lang = o->lang;
        run->batch.documents = o->documents;
    }
    run->stamp = (Stamp){.lang = run->batch.lang,
                         .now = run->batch.now,
                         .offset_minutes = reference_offset_minutes(run->reference),
                         .program = program(),
                         .batch = name};
}

/* ---- registration ---- */

static void register_batch(Run *run)
{
    run->stamp_row = ledger_stamp(run->ledger, reference_release(run->reference), program(),
                                  reference_demo(run->reference));
    if (run->batch.id == 0 || run->rerun) {
        run->batch.id = ledger_add_batch(run->ledger, run->in.batch, &run->batch);
    }
    for (size_t i = 0; i < run->plan.n_rejected; i++)
        ledger_add_rejection(run->ledger, run->batch.id, &run->plan.rejected[i]);
}

/* Which runs measured this registration, of analytes that need controls: so that a late control
 * finds its cases. */
static void register_runs(Run *run, int64_t sample_row, const Evidence *e)
{
    const char *last = "";
    for (size_t i = 0; i < e->n_results; i++) {
        const Result *r = &e->results[i];
        if (r->run == NULL || strcmp(r->run, last) == 0 || !qc_asks(run->qc, r->code)) continue;
        ledger_measured_in(run->ledger, r->run, sample_row);
        last = r->run;
    }
}

/* Results that came before their registration become evidence together with it. */
static void register_sample(Run *run, Revision *revision, Arena *scratch, bool any_unmatched)
{
    const Sample *s = revision->sample;
    revision->row = ledger_add_sample(run->ledger, run->batch.id, s);
    if (!any_unmatched || s->replaces != 0) return;
    arena_reset(scratch);
    Names waiting = ledger_unmatched(run->ledger, s->id, scratch);
    for (size_t i = 0; i < waiting.n; i++) {
        Evidence e;
        ledger_add_evidence(run->ledger, run->batch.id, revision->row,
                            &(NewEvidence){revision->n_pieces++, false, waiting.items[i]});
        if (evidence_parse(&e, waiting.items[i], scratch, NULL) == OK)
            register_runs(run, revision->row, &e);
    }
}

static void register_piece(Run *run, const NewPiece *piece, Arena *scratch)
{
    arena_reset(scratch);
    const Evidence e = {.results = piece->row->results, .n_results = piece->row->n_results};
    Revision *newest = piece->tube->newest;
    ledger_add_evidence(run->ledger, run->batch.id, newest->row,
                        &(NewEvidence){newest->n_pieces++, false, evidence_print(&e, scratch)});
    register_runs(run, newest->row, &e);
}

static void register_unmatched(Run *run, const ResultRow *row, Arena *scratch)
{
    arena_reset(scratch);
    const Evidence e = {.results = row->results, .n_results = row->n_results};
    ledger_add_unmatched(run->ledger, run->batch.id, row->sample, evidence_print(&e, scratch));
}

typedef enum Kind { KIND_CONTROL, KIND_SAMPLE, KIND_FACT, KIND_PIECE, KIND_UNMATCHED, KINDS } Kind;

static void register_one(Run *run, Kind kind, size_t i, Arena *scratch, bool any_unmatched)
{
    const Plan *plan = &run->plan;
    switch (kind) {
    case KIND_CONTROL:
        ledger_add_control(run->ledger, run->batch.id, plan->controls[i]);
        break;
    case KIND_SAMPLE:
        register_sample(run, plan->samples[i], scratch, any_unmatched);
        break;
    case KIND_FACT:
        ledger_add_fact(run->ledger, run->batch.id, plan->facts[i]->case_id, &plan->facts[i]->fact);
        break;
    case KIND_PIECE:
        register_piece(run, plan->pieces[i], scratch);
        break;
    default:
        register_unmatched(run, plan->unmatched[i], scratch);
        break;
    }
}

/* One transaction for nearly all batches: a disk is waited for once. */
static Status register_all(Run *run, Note *why)
{
    const Plan *plan = &run->plan;
    const size_t sizes[KINDS] = {plan->n_controls, plan->n_samples, plan->n_facts, plan->n_pieces,
                                 plan->n_unmatched};
    bool any_unmatched = ledger_has_unmatched(run->ledger);
    Arena *scratch = arena_new(run->options->exhausted);
    size_t rows = 0;
    Status s = OK;
    ledger_begin(run->ledger);
    register_batch(run);
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < sizes[kind] && s == OK; i++) {
            register_one(run, (Kind)kind, i, scratch, any_unmatched);
            if (++rows % ROWS_A_TRANSACTION != 0) continue;
            s = ledger_commit(run->ledger, why);
            ledger_begin(run->ledger);
        }
    arena_free(scratch);
    return s == OK ? ledger_commit(run->ledger, why) : s;
}

/* The book of all controls, as the ledger will have them: this batch's own behind the earlier ones.
 */
static void open_book(Run *run)
{
    ControlList known = ledger_controls(run->ledger, run->arena);
    size_t n = known.n + run->plan.n_controls;
    Control *all = arena_alloc(run->arena, (n + 1) * sizeof *all);
    if (known.n > 0) memcpy(all, known.items, known.n * sizeof *all);
    for (size_t i = 0; i < run->plan.n_controls; i++)
        all[known.n + i] = *run->plan.controls[i];
    run->qc = qc_book(run->reference, all, n, run->arena);
}

/* ---- judgement ---- */

/* Judging coded results takes microseconds: to wake threads for that, who then wait for more, costs
 * more than it saves. */
static bool is_worth_threads(const Run *run, const Visit *visits, size_t n)
{
    bool worth = run->batch.documents;
    for (size_t i = 0; i < n && !worth; i++)
        worth = visits[i].files != NULL;
    return worth;
}

static Status visit_chunk(Run *run, Slot *slots, const Visit *visits, size_t n, Note *why)
{
    const bool is_work = is_worth_threads(run, visits, n);
    ledger_begin_reading(run->ledger);
    for (size_t i = 0; i < n; i++)
        case_load(&slots[i], run, &visits[i]);
    Status s = ledger_commit(run->ledger, why);
    if (s != OK) return s;
#pragma omp parallel for schedule(dynamic) num_threads(run->options->threads) if (is_work)
    for (size_t i = 0; i < n; i++)
        case_judge(&slots[i], run);
    for (size_t i = 0; i < n; i++)
        if (slots[i].stopped) {
            *why = slots[i].fault;
            why->code = arena_copy(run->arena, why->code); /* the slot's arena dies first */
            return IO_FAILED;
        }
    return chunk_commit(run, slots, n, why);
}

static Status visit_all(Run *run, Note *why)
{
    const size_t chunk = run->batch.documents ? CHUNK_WITH_DOCUMENTS : CHUNK_WITHOUT;
    const Plan *plan = &run->plan;
    Slot *slots = arena_alloc(run->arena, chunk * sizeof *slots);
    xml_start();
    for (size_t i = 0; i < chunk; i++)
        slots[i].arena = arena_new(run->options->exhausted);
    Progress progress = progress_begin(plan->n_visits);
    Status s = OK;
    for (size_t first = 0; first < plan->n_visits && s == OK; first += chunk) {
        size_t n = plan->n_visits - first < chunk ? plan->n_visits - first : chunk, failed = 0;
        s = visit_chunk(run, slots, plan->visits + first, n, why);
        for (size_t i = 0; i < n; i++)
            failed += slots[i].failed ? 1 : 0;
        progress_add(&progress, n, failed);
    }
    progress_end(&progress);
    for (size_t i = 0; i < chunk; i++)
        arena_free(slots[i].arena);
    return s;
}

/* ---- the way ---- */

static Status work(Run *run, BatchResult *out, Note *why)
{
    Status s = plan_make(run, why);
    if (s == OK) s = documents_open(run, why);
    if (s != OK) return s;
    out->name = run->in.batch;
    out->nothing_to_do = run->rerun && plan_is_empty(run);
    if (out->nothing_to_do) {
        out->unwritten = run->unwritten;
        out->tally = run->batch.tally;
        return run->batch.documents ? documents_restore(run, &out->n_restored, why) : OK;
    }
    open_book(run);
    s = register_all(run, why);
    if (s == OK) s = visit_all(run, why);
    if (s == OK) s = batch_finish(run, why);
    out->n_visited = run->plan.n_visits;
    out->tally = run->batch.tally;
    return s;
}

Status batch_run(BatchResult *out, const BatchOptions *options, Arena *arena, Note *why)
{
    Run run = {.options = options,
               .reference = options->reference,
               .ledger = options->ledger,
               .arena = arena,
               .folders = {-1, -1, -1, -1}};
    *out = (BatchResult){.name = ""};
    adopt_batch(&run, intake_batch_name(options->path, arena));
    Status s = ledger_ok(run.ledger, why);
    if (s != OK) return s;
    /* What lies in the future is asked of the time at which the batch began, even if the clock was put back since. */
    s = intake_read(&run.in, options->path, options->reference, run.batch.now, arena, why);
    if (s != OK) return s;
    s = check_assays(&run, why);
    if (s == OK) s = work(&run, out, why);
    documents_close(&run);
    (void)close(run.in.folder);
    return s;
}
