/* Results look for their registration in this batch or in any earlier one. A coded result that says something else than what stands is told, kept, and
 * holds the case (lab/standing.h); a file that holds calls or counts says so only under a higher revision.
 *
 * What a row is compared with is what came before it: pieces of the ledger up to the row itself, when a killed run has added it already,
 * and the rows of this batch before it. So the second run tells what the first would have. */
#include "batch_plan_room.h"

#include "../lab/standing.h"

#include <string.h>
#include <unistd.h>

static void reject_result(Planner *p, const ResultRow *row, const Sample *s, const char *code)
{
    Rejected r = {
        .centre = s ? s->submitter : "", .sample = row->sample, .case_id = s ? s->case_id : ""};
    (void)note_fail(&r.note, BAD_INPUT, code, (Place){.file = "results.csv", .row = row->row},
                    NULL);
    planner_reject(p, &r);
}

static bool is_unknown_test(const Result *r)
{
    return strcmp(r->code, RESULT_UNKNOWN_TEST) == 0;
}

/* What stands of a tube before a row: pieces of the ledger up to `n_pieces`, then the rows that this batch brought before. */
static void stand(Standing *s, const Planner *p, const Tube *tube, size_t n_pieces, size_t n_more)
{
    size_t n = n_more;
    Evidence *parsed = arena_alloc(p->scratch, (n_pieces + 1) * sizeof *parsed);
    for (size_t i = 0; i < n_pieces; i++) {
        const Piece *piece = &tube->pieces.items[i];
        bool speaks = piece->revision == 0 || piece->revision == tube->newest->sample->revision;
        if (!speaks || evidence_parse(&parsed[i], piece->text, p->scratch, NULL) != OK)
            parsed[i] = (Evidence){.status = OK};
        n += parsed[i].n_results;
    }
    for (const NewPiece *one = tube->rows; one != NULL; one = one->next)
        n += one->row->n_results;
    standing_begin(s, n, p->scratch);
    for (size_t i = 0; i < n_pieces; i++)
        for (size_t r = 0; r < parsed[i].n_results; r++)
            (void)standing_take(s, &parsed[i].results[r]);
    for (const NewPiece *one = tube->rows; one != NULL; one = one->next)
        for (size_t r = 0; r < one->row->n_results; r++)
            (void)standing_take(s, &one->row->results[r]);
}

/* Tells what the row says against what stands. It is kept all the same: the case is judged knowing of the contradiction (lab/standing.h). */
static void tell_against(Planner *p, const Tube *tube, const ResultRow *row, size_t n_pieces)
{
    Standing s;
    Taken worst = TAKEN;
    if (n_pieces == 0 && tube->rows == NULL && row->n_results == 1) return; /* mostly so */
    stand(&s, p, tube, n_pieces, row->n_results);
    for (size_t i = 0; i < row->n_results && s.n <= STANDING_MOST; i++) {
        Taken taken = standing_take(&s, &row->results[i]);
        if (worst == TAKEN || taken == TAKEN_AGAINST) worst = taken == TAKEN ? worst : taken;
    }
    if (worst != TAKEN)
        reject_result(p, row, tube->newest->sample,
                      worst == TAKEN_GONE ? "result.taken_back" : "result.against");
}

static void plan_coded(Planner *p, Tube *tube, const ResultRow *row)
{
    Plan *plan = p->plan;
    const Evidence e = {.results = row->results, .n_results = row->n_results};
    const char *text = tube->pieces.n > 0 ? evidence_print(&e, p->scratch) : "";
    size_t known = 0;
    while (known < tube->pieces.n && strcmp(tube->pieces.items[known].text, text) != 0)
        known++;
    tell_against(p, tube, row, known);
    if (known < tube->pieces.n) {
        if (run_is_of(p->run, tube->pieces.items[known].batch)) /* registered, then killed */
            (void)planner_touch(p, tube->newest->sample->case_id);
        return;
    }
    NewPiece *piece = arena_alloc(p->run->arena, sizeof *piece);
    *piece = (NewPiece){.tube = tube, .row = row};
    plan->pieces =
        planner_push(p, plan->pieces, plan->n_pieces, &p->piece_capacity, sizeof *plan->pieces);
    plan->pieces[plan->n_pieces++] = piece;
    if (tube->last_row != NULL)
        tube->last_row->next = piece;
    else
        tube->rows = piece;
    tube->last_row = piece;
    tube->fresh = true;
    planner_touch(p, tube->newest->sample->case_id)->changed = true;
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
    bool good = false;
    for (size_t i = 0; i < tube->pieces.n; i++) {
        const Piece *piece = &tube->pieces.items[i];
        Evidence e;
        if (!piece->file || piece->revision != revision) continue;
        if (failed_too && ledger_is_of_batch(p->run->ledger, piece->batch, p->run->in.batch))
            return true;
        good = good || (!run_is_of(p->run, piece->batch) &&
                        evidence_parse(&e, piece->text, p->scratch, NULL) == OK && e.status == OK);
    }
    return good && (!failed_too || files_speak(p, tube));
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

/* The centre of the sample that the file stands under already must look again too. */
static void tell_earlier(Planner *p, const ResultRow *row, const Sample *s)
{
    Rejected r = {.centre = s->submitter, .sample = s->id, .case_id = s->case_id};
    (void)note_fail(&r.note, BAD_INPUT, "file.shared_since",
                    (Place){.file = "results.csv", .row = row->row}, NULL);
    planner_reject(p, &r);
}

/* Another file behind a revision is a contradiction when it holds calls or counts; results say themselves what they correct. */
static void plan_file(Planner *p, Tube *tube, const ResultRow *row)
{
    Run *run = p->run;
    RawFile *file = arena_alloc(run->arena, sizeof *file);
    *file = (RawFile){.row = row, .tube = tube};
    ledger_raw_digest(file->digest, run->ledger, row->sample, row->sha256, row->specimen);
    int sealed = ledger_sealed_revision(run->ledger, tube->id, file->digest);
    if (sealed != 0 && was_read(p, tube, sealed, true) && !was_mended(p, tube, sealed, row)) return;
    if (sealed == 0 && was_read(p, tube, tube->newest->sample->revision, false) &&
        !intake_holds_results(&run->in, row)) {
        reject_result(p, row, tube->newest->sample, "revision.changed");
        return;
    }
    plan_digest_content(file->content, run, tube, row);
    const Sample *other = plan_stands_elsewhere(p, tube, file);
    if (other != NULL) {
        reject_result(p, row, tube->newest->sample, "file.shared_before");
        tell_earlier(p, row, other);
        return;
    }
    Visit *visit = planner_touch(p, tube->newest->sample->case_id);
    visit->changed = true;
    tube->fresh = true;
    if (visit->files == NULL)
        visit->files = file;
    else
        visit->last_file->next = file;
    visit->last_file = file;
    if (tube->last_file != NULL)
        tube->last_file->next_of_tube = file;
    else
        tube->files = file;
    tube->last_file = file;
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
        if (!is_unknown_test(&row->results[i]) &&
            !intake_result_known(p->run->reference, s->assay, row->results[i].code)) {
            if (!s->fetal) reject_result(p, row, s, "result.code");
            return false;
        }
    return true;
}

/* A copy of the row without names of unknown tests, for material that is fetal or nobody's: a name alone could tell the sex. */
static const ResultRow *at_the_door(Planner *p, const Tube *tube, const ResultRow *row)
{
    size_t unknown = 0;
    for (size_t i = 0; i < row->n_results; i++)
        unknown += is_unknown_test(&row->results[i]) ? 1 : 0;
    if (unknown == 0 || (tube->newest != NULL && !tube->newest->sample->fetal)) return row;
    ResultRow *quiet = arena_alloc(p->run->arena, sizeof *quiet);
    *quiet = *row;
    quiet->results = arena_alloc(p->run->arena, (row->n_results + 1) * sizeof *quiet->results);
    quiet->n_results = 0;
    for (size_t i = 0; i < row->n_results; i++)
        if (!is_unknown_test(&row->results[i]))
            quiet->results[quiet->n_results++] = row->results[i];
    return quiet;
}

void plan_results(Planner *p)
{
    const Intake *in = &p->run->in;
    p->plan->unmatched =
        arena_alloc(p->run->arena, (in->n_results + 1) * sizeof(const ResultRow *));
    const bool *shared = plan_shared_rows(p);
    for (size_t i = 0; i < in->n_results; i++) {
        Tube *tube = planner_tube(p, in->results[i].sample);
        const ResultRow *row = at_the_door(p, tube, &in->results[i]);
        arena_reset(p->scratch);
        if (tube->newest == NULL) {
            plan_unmatched(p, tube, row);
            continue;
        }
        if (row->results != NULL && tube->in_ledger && !codes_fit(p, tube, row)) continue;
        if (shared[i])
            reject_result(p, row, tube->newest->sample, "file.shared");
        else if (row->results != NULL)
            plan_coded(p, tube, row);
        else
            plan_file(p, tube, row);
    }
}
