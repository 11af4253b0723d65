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
#include "batch_room.h"

#include "../lab/assays/assay.h"
#include "seen.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

typedef struct Planner {
    Run *run;
    Plan *plan;
    Index *tube_index, *visit_index;
    Tube **tubes;
    size_t n_tubes, tube_capacity, visit_capacity, sample_capacity, piece_capacity, reject_capacity;
    bool any_unmatched;
    Arena *scratch; /* emptied after every row */
} Planner;

static void *push(Planner *p, void *items, size_t n, size_t *capacity, size_t size)
{
    return n < *capacity ? items : arena_grow(p->run->arena, items, capacity, size);
}

static void reject(Planner *p, const Rejected *r)
{
    Plan *plan = p->plan;
    plan->rejected =
        push(p, plan->rejected, plan->n_rejected, &p->reject_capacity, sizeof *plan->rejected);
    plan->rejected[plan->n_rejected++] = *r;
}

static void reject_sample(Planner *p, const Sample *s, const char *code, const char *field)
{
    Rejected r = {.centre = s->submitter, .sample = s->id, .case_id = s->case_id};
    (void)note_fail(&r.note, BAD_INPUT, code, (Place){"submission.csv", s->row, field}, NULL);
    reject(p, &r);
}

static void reject_result(Planner *p, const ResultRow *row, const Sample *s, const char *code)
{
    Rejected r = {
        .centre = s ? s->submitter : "", .sample = row->sample, .case_id = s ? s->case_id : ""};
    (void)note_fail(&r.note, BAD_INPUT, code, (Place){.file = "results.csv", .row = row->row},
                    NULL);
    reject(p, &r);
}

static Visit *touch(Planner *p, const char *case_id)
{
    Plan *plan = p->plan;
    size_t at = index_find(p->visit_index, case_id);
    if (at != INDEX_NONE) return &plan->visits[at];
    plan->visits = push(p, plan->visits, plan->n_visits, &p->visit_capacity, sizeof *plan->visits);
    Visit *visit = &plan->visits[plan->n_visits];
    *visit = (Visit){.case_id = arena_copy(p->run->arena, case_id)};
    index_add(p->visit_index, visit->case_id, plan->n_visits++);
    return visit;
}

/* ---- tubes ---- */

static bool is_of_this_run(const Run *run, int64_t batch)
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

static Tube *tube_get(Planner *p, const char *id)
{
    size_t at = index_find(p->tube_index, id);
    if (p->tubes != NULL && at != INDEX_NONE) return p->tubes[at];
    Run *run = p->run;
    Tube *tube = arena_alloc(run->arena, sizeof *tube);
    tube->id = arena_copy(run->arena, id);
    p->tubes = push(p, p->tubes, p->n_tubes, &p->tube_capacity, sizeof(Tube *));
    p->tubes[p->n_tubes] = tube;
    index_add(p->tube_index, tube->id, p->n_tubes++);
    KnownList known = ledger_revisions(run->ledger, id, run->arena);
    tube->in_ledger = known.n > 0;
    for (size_t i = 0; i < known.n; i++) {
        tube->newest = add_revision(p, tube, &known.items[i].sample, known.items[i].id);
        tube->fresh = tube->fresh || is_of_this_run(run, known.items[i].batch);
    }
    if (tube->in_ledger)
        tube->pieces = ledger_evidence(run->ledger, id, run->arena);
    else if (p->any_unmatched)
        load_unmatched(p, tube);
    for (size_t i = 0; i < tube->pieces.n; i++) {
        Revision *under = find_revision(tube, tube->pieces.items[i].revision);
        tube->fresh = tube->fresh || is_of_this_run(run, tube->pieces.items[i].batch);
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
    Tube *tube = tube_get(p, s->id);
    const Revision *known = find_revision(tube, s->revision);
    if (known == NULL) return add_revision(p, tube, s, 0);
    if (!same_registration(known->sample, s))
        reject_sample(p, s, "revision.changed", "revision");
    else
        (void)touch(p, s->case_id);
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
        push(p, plan->samples, plan->n_samples, &p->sample_capacity, sizeof(Revision *));
    plan->samples[plan->n_samples++] = r;
    tube->fresh = true;
    touch(p, r->sample->case_id)->changed = true;
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
        if (met[i] != NULL) accept(p, tube_get(p, in->samples[i].id), met[i]);
    for (size_t i = 0; i < p->n_tubes; i++)
        find_newest(p->tubes[i]);
}

/* ---- results ---- */

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The same measurement with another outcome. */
static bool contradicts(const Result *a, const Result *b)
{
    bool same_place = same_text(a->specimen, b->specimen) && same_text(a->code, b->code) &&
                      same_text(a->run, b->run) && same_text(a->well, b->well) &&
                      a->time == b->time;
    bool same_outcome = same_text(a->value, b->value) && same_text(a->unit, b->unit) &&
                        (a->value != NULL || (a->number <= b->number && a->number >= b->number));
    return same_place && !same_outcome;
}

static bool contradicts_piece(const Planner *p, const Piece *piece, const ResultRow *row)
{
    Evidence e;
    if (evidence_parse(&e, piece->text, p->scratch, NULL) != OK) return false;
    for (size_t i = 0; i < e.n_results; i++)
        for (size_t k = 0; k < row->n_results; k++)
            if (contradicts(&e.results[i], &row->results[k])) return true;
    return false;
}

static void plan_coded(Planner *p, Tube *tube, const ResultRow *row)
{
    Plan *plan = p->plan;
    const Evidence e = {.results = row->results, .n_results = row->n_results};
    const char *text = tube->pieces.n > 0 ? evidence_print(&e, p->scratch) : "";
    for (size_t i = 0; i < tube->pieces.n; i++)
        if (strcmp(tube->pieces.items[i].text, text) == 0) {
            if (is_of_this_run(p->run, tube->pieces.items[i].batch)) /* registered, then killed */
                (void)touch(p, tube->newest->sample->case_id);
            return;
        }
    for (size_t i = 0; i < tube->pieces.n; i++) {
        const Piece *piece = &tube->pieces.items[i];
        if (piece->revision != tube->newest->sample->revision ||
            is_of_this_run(p->run, piece->batch))
            continue;
        if (contradicts_piece(p, piece, row)) {
            reject_result(p, row, tube->newest->sample, "revision.changed");
            return;
        }
    }
    plan->pieces = push(p, plan->pieces, plan->n_pieces, &p->piece_capacity, sizeof *plan->pieces);
    plan->pieces[plan->n_pieces++] = (NewPiece){tube, row};
    tube->fresh = true;
    touch(p, tube->newest->sample->case_id)->changed = true;
}

static void digest_of(unsigned char digest[LEDGER_MAC], const Run *run, const ResultRow *row)
{
    crypto_auth_hmacsha256_state state;
    const char *const parts[] = {"raw file", row->sample, row->sha256, row->specimen};
    size_t n =
        row->specimen[0] != '\0' ? 4 : 3; /* another column of the same file is another reading */
    (void)crypto_auth_hmacsha256_init(&state, ledger_key(run->ledger), LEDGER_KEY);
    for (size_t i = 0; i < n; i++)
        (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i],
                                            strlen(parts[i]) + 1);
    (void)crypto_auth_hmacsha256_final(&state, digest);
}

/* Whether what the tube's files said can be used as it stands. */
static bool files_speak(const Planner *p, const Tube *tube)
{
    Evidence all;
    case_merge(&all, &tube->pieces, p->scratch);
    return all.status == OK;
}

/* Whether evidence of a file stands under that revision: good evidence, or a failure that this
 * batch has told already. */
static bool was_read(const Planner *p, const Tube *tube, int revision, bool failed_too)
{
    for (size_t i = 0; i < tube->pieces.n; i++) {
        const Piece *piece = &tube->pieces.items[i];
        Evidence e;
        if (!piece->file || piece->revision != revision) continue;
        if (failed_too && ledger_is_of_batch(p->run->ledger, piece->batch, p->run->in.batch))
            return true;
        if (!is_of_this_run(p->run, piece->batch) &&
            evidence_parse(&e, piece->text, p->scratch, NULL) == OK && e.status == OK)
            return !failed_too || files_speak(p, tube);
    }
    return false;
}

/* A file that was not the one with the declared checksum may have been put right since. */
static bool was_mended(const Planner *p, const Tube *tube, int revision, const ResultRow *row)
{
    const Run *run = p->run;
    bool wrong = false;
    int64_t last = 0; /* what an earlier batch could not read does not matter any more */
    for (size_t i = 0; i < tube->pieces.n; i++) {
        const Piece *piece = &tube->pieces.items[i];
        Evidence e;
        if (!piece->file || piece->revision != revision || piece->batch < last) continue;
        if (evidence_parse(&e, piece->text, p->scratch, NULL) != OK) continue;
        wrong = wrong && piece->batch == last;
        last = piece->batch;
        wrong |=
            e.status != OK && e.note.row == row->row && strcmp(e.note.code, "file.checksum") == 0;
    }
    int fd = -1;
    if (!wrong || intake_open_result(&fd, &run->in, row, true, NULL) != OK) return false;
    (void)close(fd);
    return true;
}

static void plan_file(Planner *p, Tube *tube, const ResultRow *row)
{
    Run *run = p->run;
    RawFile *file = arena_alloc(run->arena, sizeof *file);
    *file = (RawFile){.row = row, .tube = tube};
    digest_of(file->digest, run, row);
    int sealed = ledger_sealed_revision(run->ledger, tube->id, file->digest);
    if (sealed != 0 && was_read(p, tube, sealed, true) && !was_mended(p, tube, sealed, row)) return;
    if (sealed == 0 && was_read(p, tube, tube->newest->sample->revision, false)) {
        reject_result(p, row, tube->newest->sample, "revision.changed");
        return;
    }
    Visit *visit = touch(p, tube->newest->sample->case_id);
    visit->changed = true;
    tube->fresh = true;
    if (visit->files == NULL)
        visit->files = file;
    else
        visit->last_file->next = file;
    visit->last_file = file;
}

static void plan_unmatched(Planner *p, const Tube *tube, const ResultRow *row)
{
    reject_result(p, row, NULL, "result.unmatched");
    if (row->results == NULL) return;
    const Evidence e = {.results = row->results, .n_results = row->n_results};
    const char *text = evidence_print(&e, p->scratch);
    for (size_t i = 0; i < tube->pieces.n; i++)
        if (strcmp(tube->pieces.items[i].text, text) == 0) return;
    p->plan->unmatched[p->plan->n_unmatched++] = row;
}

/* Intake could not ask the assay of a sample that only the ledger knows. */
static bool codes_fit(Planner *p, const Tube *tube, const ResultRow *row)
{
    const Sample *s = tube->newest->sample;
    for (size_t i = 0; i < row->n_results; i++)
        if (!intake_result_known(p->run->reference, s->assay, row->results[i].code)) {
            if (!s->fetal) reject_result(p, row, s, "result.code");
            return false;
        }
    return true;
}

static void plan_results(Planner *p)
{
    const Intake *in = &p->run->in;
    p->plan->unmatched =
        arena_alloc(p->run->arena, (in->n_results + 1) * sizeof(const ResultRow *));
    for (size_t i = 0; i < in->n_results; i++) {
        const ResultRow *row = &in->results[i];
        Tube *tube = tube_get(p, row->sample);
        arena_reset(p->scratch);
        if (tube->newest == NULL) {
            plan_unmatched(p, tube, row);
            continue;
        }
        if (row->results != NULL && tube->in_ledger && !codes_fit(p, tube, row)) continue;
        if (row->results != NULL)
            plan_coded(p, tube, row);
        else
            plan_file(p, tube, row);
    }
}

/* ---- facts ---- */

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
    reject(p, &r);
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
        *of_this_run = is_of_this_run(run, facts->batches[i]);
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
        Visit *visit = touch(p, row->case_id);
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
    reject(context, &r);
}

/* Cases that were measured in a run whose controls now say something else are judged again. */
static void plan_controls(Planner *p)
{
    Run *run = p->run;
    Names runs = controls_plan(run, reject_control, p);
    for (size_t i = 0; i < runs.n; i++) {
        Names cases = ledger_cases_of_run(run->ledger, runs.items[i], run->arena);
        for (size_t k = 0; k < cases.n; k++) {
            Visit *visit = touch(p, cases.items[k]);
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
        (void)touch(p, r->sample->case_id);
    if (assay == NULL || !assay->uses_history) return;
    arena_reset(p->scratch);
    Names later =
        ledger_later_cases(p->run->ledger, s->person, s->case_id, s->collected, p->scratch);
    for (size_t i = 0; i < later.n; i++)
        (void)touch(p, later.items[i]);
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

static void take_rejections(Planner *p)
{
    for (size_t i = 0; i < p->run->in.n_rejections; i++) {
        const Rejection *r = &p->run->in.rejections[i];
        reject(p, &(Rejected){r->centre, r->sample, r->case_id, r->note});
    }
}

Status plan_make(Run *run, Note *why)
{
    Planner p = {.run = run,
                 .plan = &run->plan,
                 .tube_index = index_new(run->arena),
                 .visit_index = index_new(run->arena),
                 .any_unmatched = ledger_has_unmatched(run->ledger),
                 .scratch = arena_new(run->options->exhausted)};
    ledger_begin_reading(run->ledger);
    take_rejections(&p);
    plan_samples(&p);
    plan_results(&p);
    plan_facts(&p);
    size_t n_named = p.n_tubes;
    for (size_t i = 0; i < n_named; i++)
        if (p.tubes[i]->fresh) touch_others(&p, p.tubes[i]);
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
    arena_free(p.scratch);
    return ledger_commit(run->ledger, why);
}
