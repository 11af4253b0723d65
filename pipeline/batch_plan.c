/* Intake and ledger side by side. What the ledger has with equal content is known and costs
 * nothing; what it has with other content behind the same revision is rejected, because a
 * correction says that it is one; the rest is new. Results look for their registration here, in
 * this batch or in any earlier one.
 *
 * The plan is a pure function of the folder and of what earlier batches left in the ledger. Rows
 * that a killed run of this same batch has left there change which rows are new, but never the
 * order of cases nor a rejection: so the second run ends where the first would have. Cases that the
 * batch touches only through others (a correction moved a sample away, an earlier result changes a
 * history) come after all that it names. */
#include "batch_plan_room.h"

#include "../lab/assays/assay.h"
#include "ledger_care.h"
#include "seen.h"

#include <string.h>

void *planner_push(Planner *p, void *items, size_t n, size_t *capacity, size_t size)
{
    return n < *capacity ? items : arena_grow(p->run->arena, items, capacity, size);
}

void planner_reject(Planner *p, const Rejected *r)
{
    Plan *plan = p->plan;
    plan->rejected = planner_push(p, plan->rejected, plan->n_rejected, &p->reject_capacity,
                                  sizeof *plan->rejected);
    plan->rejected[plan->n_rejected++] = *r;
}

static void reject_sample(Planner *p, const Sample *s, const char *code, const char *field)
{
    Rejected r = {.centre = s->submitter, .sample = s->id, .case_id = s->case_id};
    (void)note_fail(&r.note, BAD_INPUT, code, (Place){"submission.csv", s->row, field}, NULL);
    planner_reject(p, &r);
}

Visit *planner_touch(Planner *p, const char *case_id)
{
    Plan *plan = p->plan;
    size_t at = index_find(p->visit_index, case_id);
    if (at != INDEX_NONE) return &plan->visits[at];
    plan->visits =
        planner_push(p, plan->visits, plan->n_visits, &p->visit_capacity, sizeof *plan->visits);
    Visit *visit = &plan->visits[plan->n_visits];
    *visit = (Visit){.case_id = arena_copy(p->run->arena, case_id)};
    index_add(p->visit_index, visit->case_id, plan->n_visits++);
    return visit;
}

/* ---- tubes ---- */

bool run_is_of(const Run *run, int64_t batch)
{
    return run->batch.id != 0 && !run->rerun && batch == run->batch.id;
}

static Revision *add_revision(Planner *p, Tube *tube, const Sample *sample, int64_t row)
{
    Revision *r = arena_alloc(p->run->arena, sizeof *r), **end = &tube->revisions;
    *r = (Revision){.sample = sample, .row = row};
    while (*end != NULL)
        end = &(*end)->next;
    return *end = r;
}

/* Texts of evidence that waits for this registration count as known. */
static void load_unmatched(Planner *p, Tube *tube)
{
    Names texts = ledger_unmatched(p->run->ledger, tube->id, p->run->arena);
    tube->pieces.n = texts.n;
    tube->pieces.items = arena_alloc(p->run->arena, (texts.n + 1) * sizeof *tube->pieces.items);
    for (size_t i = 0; i < texts.n; i++)
        tube->pieces.items[i] = (Piece){.text = texts.items[i]};
}

static Revision *find_revision(const Tube *tube, int revision)
{
    for (Revision *r = tube->revisions; r != NULL; r = r->next)
        if (r->sample->revision == revision) return r;
    return NULL;
}

Tube *planner_tube(Planner *p, const char *id)
{
    size_t at = index_find(p->tube_index, id);
    if (p->tubes != NULL && at != INDEX_NONE) return p->tubes[at];
    Run *run = p->run;
    Tube *tube = arena_alloc(run->arena, sizeof *tube);
    tube->id = arena_copy(run->arena, id);
    p->tubes = planner_push(p, p->tubes, p->n_tubes, &p->tube_capacity, sizeof(Tube *));
    p->tubes[p->n_tubes] = tube;
    index_add(p->tube_index, tube->id, p->n_tubes++);
    KnownList known = ledger_revisions(run->ledger, id, run->arena);
    tube->in_ledger = known.n > 0;
    for (size_t i = 0; i < known.n; i++) {
        tube->newest = add_revision(p, tube, &known.items[i].sample, known.items[i].id);
        tube->fresh = tube->fresh || run_is_of(run, known.items[i].batch);
    }
    if (tube->in_ledger)
        tube->pieces = ledger_evidence(run->ledger, id, run->arena);
    else if (p->any_unmatched)
        load_unmatched(p, tube);
    for (size_t i = 0; i < tube->pieces.n; i++) {
        Revision *under = find_revision(tube, tube->pieces.items[i].revision);
        tube->fresh = tube->fresh || run_is_of(run, tube->pieces.items[i].batch);
        if (under != NULL) under->n_pieces++;
    }
    return tube;
}

static void drop_revision(Tube *tube, const Revision *gone)
{
    for (Revision **r = &tube->revisions; *r != NULL; r = &(*r)->next)
        if (*r == gone) {
            *r = gone->next;
            return;
        }
}

/* ---- registrations ---- */

static bool same_registration(const Sample *a, const Sample *b)
{
    return strcmp(a->person, b->person) == 0 && strcmp(a->case_id, b->case_id) == 0 &&
           a->replaces == b->replaces && strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->submitter, b->submitter) == 0 && strcmp(a->follow_up, b->follow_up) == 0 &&
           a->subject == b->subject && a->material == b->material &&
           strcmp(a->assay, b->assay) == 0 && a->collected == b->collected &&
           strcmp(a->consent.person, b->consent.person) == 0 &&
           strcmp(a->consent.version, b->consent.version) == 0 &&
           a->consent.given == b->consent.given;
}

/* First pass: every revision that the batch brings finds its tube, so that order of rows plays no
 * part. */
static Revision *meet(Planner *p, const Sample *s)
{
    Tube *tube = planner_tube(p, s->id);
    const Revision *known = find_revision(tube, s->revision);
    if (known == NULL) return add_revision(p, tube, s, 0);
    if (!same_registration(known->sample, s))
        reject_sample(p, s, "revision.changed", "revision");
    else
        (void)planner_touch(p, s->case_id);
    return NULL;
}

/* Why a revision that the ledger does not have cannot be taken; NULL = it can. */
static const char *revision_fault(const Tube *tube, const Sample *s)
{
    for (const Revision *r = tube->revisions; r != NULL; r = r->next)
        if (r->row != 0 && r->sample->revision > s->revision && r->sample->replaces != s->revision)
            return "revision.old";
    if (s->replaces != 0 && find_revision(tube, s->replaces) == NULL) return "revision.unknown";
    return NULL;
}

static void accept(Planner *p, Tube *tube, Revision *r)
{
    Plan *plan = p->plan;
    const char *fault = revision_fault(tube, r->sample);
    if (fault != NULL) {
        drop_revision(tube, r);
        reject_sample(p, r->sample, fault, "revision");
        return;
    }
    plan->samples =
        planner_push(p, plan->samples, plan->n_samples, &p->sample_capacity, sizeof(Revision *));
    plan->samples[plan->n_samples++] = r;
    tube->fresh = true;
    planner_touch(p, r->sample->case_id)->changed = true;
}

static void find_newest(Tube *tube)
{
    for (Revision *r = tube->revisions; r != NULL; r = r->next)
        if (tube->newest == NULL || r->sample->revision > tube->newest->sample->revision)
            tube->newest = r;
}

static void plan_samples(Planner *p)
{
    const Intake *in = &p->run->in;
    Revision **met = arena_alloc(p->run->arena, (in->n_samples + 1) * sizeof(Revision *));
    for (size_t i = 0; i < in->n_samples; i++)
        met[i] = meet(p, &in->samples[i]);
    for (size_t i = 0; i < in->n_samples; i++)
        if (met[i] != NULL) accept(p, planner_tube(p, in->samples[i].id), met[i]);
    for (size_t i = 0; i < p->n_tubes; i++)
        find_newest(p->tubes[i]);
}

/* ---- facts ---- */

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_fact(const Fact *a, const Fact *b)
{
    return a->owner == b->owner && a->time == b->time && same_text(a->code, b->code) &&
           same_text(a->value, b->value) && same_text(a->unit, b->unit);
}

static void reject_fact(Planner *p, const FactRow *row)
{
    Rejected r = {.centre = "", .sample = "", .case_id = row->case_id};
    Place place = {.file = "facts.csv", .row = row->fact.row, .field = "case"};
    (void)note_fail(&r.note, BAD_INPUT, "fact.unmatched", place, NULL);
    planner_reject(p, &r);
}

/* Whether fact i of the ledger still says how it stands: a readable row lifts an unreadable one before it, and the other way round. */
static bool in_force(const FactList *facts, size_t i)
{
    for (size_t k = i + 1; k < facts->n; k++)
        if (facts->items[k].owner == facts->items[i].owner &&
            same_text(facts->items[k].code, facts->items[i].code) &&
            facts->items[k].unreadable != facts->items[i].unreadable)
            return false;
    return true;
}

/* The ledger has this row: it came in this batch, or it says what stands there already. */
static bool fact_known(const Run *run, const FactList *facts, const FactRow *row, bool *of_this_run)
{
    *of_this_run = false;
    for (size_t i = 0; i < facts->n; i++) {
        if (!same_fact(&facts->items[i], &row->fact)) continue;
        *of_this_run = run_is_of(run, facts->batches[i]);
        if (*of_this_run || in_force(facts, i) ||
            ledger_is_of_batch(run->ledger, facts->batches[i], run->in.batch))
            return true;
    }
    return false;
}

static void plan_fact(Planner *p, const FactRow *row)
{
    Run *run = p->run;
    bool of_this_run = false;
    FactList facts = ledger_facts(run->ledger, row->case_id, p->scratch);
    bool known = fact_known(run, &facts, row, &of_this_run);
    if (index_find(p->visit_index, row->case_id) == INDEX_NONE &&
        !ledger_has_case(run->ledger, row->case_id)) {
        if (!row->fact.unreadable) reject_fact(p, row); /* intake has told the other */
    } else if (!known || of_this_run) {
        Visit *visit = planner_touch(p, row->case_id);
        visit->changed = visit->changed || !known;
    }
    if (!known) p->plan->facts[p->plan->n_facts++] = row;
}

static void plan_facts(Planner *p)
{
    const Intake *in = &p->run->in;
    p->plan->facts = arena_alloc(p->run->arena, (in->n_facts + 1) * sizeof(const FactRow *));
    for (size_t i = 0; i < in->n_facts; i++) {
        arena_reset(p->scratch);
        plan_fact(p, &in->facts[i]);
    }
}

/* ---- controls ---- */

static void reject_control(void *context, const Control *control)
{
    Rejected r = {.centre = "", .sample = "", .case_id = ""};
    Place place = {.file = "controls.csv", .row = control->row, .field = "value"};
    (void)note_fail(&r.note, BAD_INPUT, "control.changed", place, NULL);
    planner_reject(context, &r);
}

/* Cases that were measured in a run whose controls now say something else are judged again. */
static void plan_controls(Planner *p)
{
    Run *run = p->run;
    Names runs = controls_plan(run, reject_control, p);
    for (size_t i = 0; i < runs.n; i++) {
        Names cases = ledger_cases_of_run(run->ledger, runs.items[i], run->arena);
        for (size_t k = 0; k < cases.n; k++) {
            Visit *visit = planner_touch(p, cases.items[k]);
            visit->changed = visit->changed || p->plan->n_controls > 0;
        }
    }
}

/* ---- cases that the batch does not name ---- */

static void touch_others(Planner *p, const Tube *tube)
{
    const Sample *s = tube->newest ? tube->newest->sample : NULL;
    const Assay *assay = s ? assay_find(s->assay) : NULL;
    for (const Revision *r = tube->revisions; r != NULL; r = r->next)
        (void)planner_touch(p, r->sample->case_id);
    if (assay == NULL || !assay->uses_history) return;
    arena_reset(p->scratch);
    Names later =
        ledger_later_cases(p->run->ledger, s->person, s->case_id, s->collected, p->scratch);
    for (size_t i = 0; i < later.n; i++)
        (void)planner_touch(p, later.items[i]);
}

/* What centres have returned since the last batch may be the history of a case that was judged without it. */
static void touch_returned(Planner *p)
{
    const Run *run = p->run;
    CaseAssays later = ledger_returned_since(run->ledger, run->batch.id, run->arena);
    for (size_t i = 0; i < later.n; i++) {
        const Assay *assay = assay_find(later.items[i].assay);
        if (assay != NULL && assay->uses_history) (void)planner_touch(p, later.items[i].case_id);
    }
}

/* ---- what is finished already ---- */

static uint64_t rejected_key(const Rejected *r)
{
    const char *const parts[] = {r->note.code, r->note.file, r->note.field, r->note.detail,
                                 r->sample};
    uint64_t key = seen_hash_number(SEEN_SEED, r->note.row);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        key = seen_hash(key, parts[i]);
    return key;
}

/* Leaves in the plan only the rejections that the batch's row in the ledger does not have. */
static void drop_told(Planner *p)
{
    Plan *plan = p->plan;
    RejectedList told = ledger_rejections(p->run->ledger, p->run->batch.id, p->run->arena);
    Seen *seen = seen_new(told.n, p->run->arena);
    for (size_t i = 0; i < told.n; i++)
        seen_add(seen, rejected_key(&told.items[i]), i);
    Rejected *left = arena_alloc(p->run->arena, (plan->n_rejected + 1) * sizeof *left);
    size_t kept = 0;
    for (size_t i = 0; i < plan->n_rejected; i++) {
        size_t cursor = 0;
        if (seen_next(seen, rejected_key(&plan->rejected[i]), &cursor) < 0)
            left[kept++] = plan->rejected[i];
    }
    plan->rejected = left;
    plan->n_rejected = kept;
}

/* A visited case is visited again only when the batch brings it something, or when it is asked for.
 */
static void drop_visited(Planner *p)
{
    Run *run = p->run;
    Plan *plan = p->plan;
    bool again = run->options->reissue;
    if (again && run->rerun) return;
    Index *visited = index_new(run->arena);
    Names names = ledger_visited(run->ledger, run->in.batch, again ? run->batch.id : 0, run->arena);
    for (size_t i = 0; i < names.n; i++)
        if (index_find(visited, names.items[i]) == INDEX_NONE)
            index_add(visited, names.items[i], i);
    size_t kept = 0;
    for (size_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].changed || index_find(visited, plan->visits[i].case_id) == INDEX_NONE)
            plan->visits[kept++] = plan->visits[i];
    plan->n_visits = kept;
}

bool plan_is_empty(const Run *run)
{
    const Plan *plan = &run->plan;
    if (run->unwritten && run->options->reissue && run->options->documents) return false;
    return plan->n_visits == 0 && plan->n_samples == 0 && plan->n_facts == 0 &&
           plan->n_pieces == 0 && plan->n_unmatched == 0 && plan->n_controls == 0 &&
           plan->n_rejected == 0;
}

const Tube *plan_tube(const Plan *plan, const char *sample)
{
    size_t at = index_find(plan->tube_index, sample);
    return plan->tubes != NULL && at != INDEX_NONE ? plan->tubes[at] : NULL;
}

static void take_rejections(Planner *p)
{
    for (size_t i = 0; i < p->run->in.n_rejections; i++) {
        const Rejection *r = &p->run->in.rejections[i];
        planner_reject(p, &(Rejected){r->centre, r->sample, r->case_id, r->note});
    }
}

static void reject_plate(void *context, const Note *note)
{
    planner_reject(context, &(Rejected){.centre = "", .sample = "", .case_id = "", .note = *note});
}

Status plan_make(Run *run, Note *why)
{
    Planner p = {.run = run,
                 .plan = &run->plan,
                 .tube_index = index_new(run->arena),
                 .visit_index = index_new(run->arena),
                 .any_unmatched = ledger_has_unmatched(run->ledger),
                 .scratch = arena_new(run->options->exhausted)};
    take_rejections(&p);
    Status s = plates_read(run, &(PlateFault){reject_plate, &p}, why);
    if (s != OK) {
        arena_free(p.scratch);
        return s;
    }
    ledger_begin_reading(run->ledger);
    plan_samples(&p);
    plan_results(&p);
    plan_facts(&p);
    size_t n_named = p.n_tubes;
    for (size_t i = 0; i < n_named; i++)
        if (p.tubes[i]->fresh) touch_others(&p, p.tubes[i]);
    if (!run->rerun) touch_returned(&p);
    plan_controls(&p);
    if (run->batch.id != 0) {
        drop_visited(&p);
        Plan all = run->plan;
        drop_told(&p);
        if (run->rerun && !plan_is_empty(run)) { /* a new row of the batch tells them all */
            run->plan.rejected = all.rejected;
            run->plan.n_rejected = all.n_rejected;
        }
    }
    run->plan.tube_index = p.tube_index;
    run->plan.tubes = p.tubes;
    arena_free(p.scratch);
    return ledger_commit(run->ledger, why);
}
