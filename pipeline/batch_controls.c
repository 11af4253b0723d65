/* Controls on their way through a batch. What is new of controls.csv is found by comparison with the ledger; a control that the ledger has with
 * another value contradicts it and is told, the first stays. Two books, without and with what this run brings, show which runs' verdicts changed;
 * the one without holds nothing of this very batch, so that a resumed run finds the same runs as an undisturbed one.
 *
 * A held sample's evidence is refused as a whole: nothing of it can read normal. Only results that a better run measured anew are taken out
 * silently, because the repeat is the laboratory's answer to a rejected run; both stay in the ledger. */
#include "batch_room.h"
#include "seen.h"

#include <string.h>

bool controls_same(const Control *a, const Control *b)
{
    return intake_same_control(a, b) && intake_same_value(a, b);
}

static uint64_t key_of(const Control *c)
{
    return seen_hash(seen_hash(seen_hash_number(SEEN_SEED, c->time), c->run), c->analyte);
}

static const Control *find(const ControlList *known, const Seen *seen, const Control *c)
{
    size_t cursor = 0;
    for (long i; (i = seen_next(seen, key_of(c), &cursor)) >= 0;)
        if (intake_same_control(&known->items[i], c)) return &known->items[i];
    return NULL;
}

static void file_new(Run *run, const ControlList *known,
                     void (*contradicts)(void *, const Control *), void *context)
{
    Plan *plan = &run->plan;
    Seen *seen = seen_new(known->n, run->arena);
    for (size_t i = 0; i < known->n; i++)
        seen_add(seen, key_of(&known->items[i]), i);
    plan->controls = arena_alloc(run->arena, (run->in.n_controls + 1) * sizeof *plan->controls);
    for (size_t i = 0; i < run->in.n_controls; i++) {
        const Control *c = &run->in.controls[i], *old = find(known, seen, c);
        if (old == NULL)
            plan->controls[plan->n_controls++] = c;
        else if (!intake_same_value(old, c))
            contradicts(context, c);
    }
}

static bool same_verdict(QcVerdict a, QcVerdict b)
{
    return a.state == b.state && a.fired == b.fired;
}

static Names changed_runs(const QcBook *before, const QcBook *after, Arena *arena)
{
    Names names = {0};
    size_t capacity = 0;
    Index *index = index_new(arena);
    for (size_t s = 0; s < qc_size(after); s++) {
        const QcSeries *series = qc_series(after, s);
        for (size_t r = 0; r < series->n_runs; r++) {
            const char *run = series->runs[r].name;
            if (same_verdict(qc_verdict(before, series->analyte, run),
                             qc_verdict(after, series->analyte, run)) ||
                index_find(index, run) != INDEX_NONE)
                continue;
            if (names.n == capacity)
                names.items = arena_grow(arena, names.items, &capacity, sizeof *names.items);
            index_add(index, run, names.n);
            names.items[names.n++] = run;
        }
    }
    return names;
}

Names controls_plan(Run *run, void (*contradicts)(void *, const Control *), void *context)
{
    ControlList known = ledger_controls(run->ledger, run->arena);
    file_new(run, &known, contradicts, context);
    Control *all = arena_alloc(run->arena, (known.n + run->plan.n_controls + 1) * sizeof *all);
    size_t n_before = 0, n_after = 0;
    bool own = run->batch.id != 0 && !run->rerun;
    for (size_t i = 0; i < known.n; i++)
        if (!own || known.batches[i] != run->batch.id) all[n_before++] = known.items[i];
    n_after = n_before;
    for (size_t i = 0; i < known.n; i++)
        if (own && known.batches[i] == run->batch.id) all[n_after++] = known.items[i];
    for (size_t i = 0; i < run->plan.n_controls; i++)
        all[n_after++] = *run->plan.controls[i];
    if (n_after == n_before) return (Names){0};
    return changed_runs(qc_book(run->reference, all, n_before, run->arena),
                        qc_book(run->reference, all, n_after, run->arena), run->arena);
}

/* ---- what it means for a sample ---- */

static bool repeated_better(const Evidence *e, const bool *held, size_t i)
{
    for (size_t k = 0; k < e->n_results; k++)
        if (!held[k] && strcmp(e->results[k].code, e->results[i].code) == 0) return true;
    return false;
}

static const char *run_of(const Result *r)
{
    return r->run != NULL ? r->run : "";
}

/* Lower is better; states that hold come last. */
static int badness(QcState state)
{
    static const int order[] = {
        [QC_ACCEPTED] = 0, [QC_WARNING] = 1, [QC_NONE] = 2, [QC_REJECTED] = 3};
    return order[state];
}

static void hold(Evidence *e, const Result *r, QcVerdict v, Arena *arena)
{
    const char *fired = qc_fired(v.fired, arena);
    Place place = {.file = "controls.csv", .field = run_of(r)};
    e->status = note_fail(&e->note, REFUSED, v.state == QC_REJECTED ? "qc.rejected" : "qc.none",
                          place, "%s%s%s", r->code, *fired ? " " : "", fired);
}

Controlled controls_apply(Evidence *e, const QcBook *book, Arena *arena)
{
    Controlled c = {.state = QC_ACCEPTED};
    if (e->status != OK) return c;
    bool *held = arena_alloc(arena, e->n_results + 1);
    QcVerdict *verdicts = arena_alloc(arena, (e->n_results + 1) * sizeof *verdicts);
    for (size_t i = 0; i < e->n_results; i++)
        if (qc_asks(book, e->results[i].code)) {
            verdicts[i] = qc_verdict(book, e->results[i].code, run_of(&e->results[i]));
            held[i] = qc_holds(book, e->results[i].code, verdicts[i]);
        }
    const size_t n = e->n_results;
    bool *dropped = arena_alloc(arena, n + 1);
    const Result *worst = NULL;
    QcVerdict reason = {.state = QC_ACCEPTED};
    for (size_t i = 0; i < n; i++)
        dropped[i] = held[i] && repeated_better(e, held, i);
    for (size_t i = 0; i < n; i++) {
        if (dropped[i] || !qc_asks(book, e->results[i].code)) continue;
        c.asked = true;
        if (badness(verdicts[i].state) > badness(c.state)) c.state = verdicts[i].state;
        if (!held[i] || badness(verdicts[i].state) <= badness(reason.state)) continue;
        worst = &e->results[i];
        reason = verdicts[i];
    }
    c.held = worst != NULL;
    if (c.held) hold(e, worst, reason, arena);
    size_t kept = 0;
    for (size_t i = 0; i < n && !c.held; i++)
        if (!dropped[i]) e->results[kept++] = e->results[i];
    e->n_results = kept;
    return c;
}
