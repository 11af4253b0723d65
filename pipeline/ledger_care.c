/* What happened to a document after its release. Nothing here is a state that somebody sets: a thread's state follows from its steps, a
 * document counts as sent because its dispatch is there. So two programs cannot disagree about it, and nothing can be "set back". */
#include "ledger_care.h"

#include "exhausted.h"
#include "ledger_sql.h"

#include <string.h>
#include <zlib.h>

#define COUNT(cells) (sizeof(cells) / sizeof *(cells))

enum { MOST_DOCUMENT = 1 << 30 };

/* ---- what goes out ---- */

static Pending *push(PendingRows *list, size_t *capacity, Arena *arena)
{
    if (list->n == *capacity)
        list->items = arena_grow(arena, list->items, capacity, sizeof *list->items);
    return &list->items[list->n++];
}

PendingRows ledger_unsent(Ledger *ledger, int64_t after, int most, Arena *arena)
{
    PendingRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_UNSENT, (const Cell[]){of_int(after), of_int(most)}, 2);
    while (sql_next(&rows))
        *push(&list, &capacity, arena) = (Pending){.paper = sql_int(&rows, 0),
                                                   .n = 1,
                                                   .name = sql_text(&rows, 1, arena),
                                                   .version = (int)sql_int(&rows, 2),
                                                   .kind = (PaperKind)sql_int(&rows, 3),
                                                   .centre = sql_text(&rows, 4, arena),
                                                   .copy_to = sql_text(&rows, 5, arena),
                                                   .case_id = sql_text(&rows, 6, arena),
                                                   .reason = "",
                                                   .person = "-"};
    return list;
}

PendingRows ledger_reroutes(Ledger *ledger, int64_t after, int most, Arena *arena)
{
    PendingRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_REROUTES, (const Cell[]){of_int(after), of_int(most)}, 2);
    while (sql_next(&rows))
        *push(&list, &capacity, arena) = (Pending){.paper = sql_int(&rows, 0),
                                                   .name = sql_text(&rows, 1, arena),
                                                   .version = (int)sql_int(&rows, 2),
                                                   .kind = (PaperKind)sql_int(&rows, 3),
                                                   .centre = sql_text(&rows, 4, arena),
                                                   .copy_to = "",
                                                   .case_id = sql_text(&rows, 5, arena),
                                                   .reroute = sql_int(&rows, 6),
                                                   .reason = sql_text(&rows, 7, arena),
                                                   .person = sql_text(&rows, 8, arena),
                                                   .n = (int)sql_int(&rows, 9) + 1};
    return list;
}

void ledger_add_dispatch(Ledger *ledger, const DispatchRow *d)
{
    const Cell cells[] = {of_int(d->paper), of_int(d->n), of_text(d->centre),
                          d->reroute == 0 ? of_null() : of_int(d->reroute), of_int(d->time)};
    (void)sql_add(ledger, ADD_DISPATCH, cells, COUNT(cells));
}

bool ledger_dispatched(Ledger *ledger, const char *name, int version, int n)
{
    const Cell cells[] = {of_text(name), of_int(version), of_int(n)};
    Rows rows = sql_ask(ledger, GET_DISPATCHED, cells, COUNT(cells));
    bool is = sql_next(&rows);
    sql_stop(&rows);
    return is;
}

Names ledger_sent_before(Ledger *ledger, const char *name, int version, Arena *arena)
{
    Names list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_SENT_BEFORE, (const Cell[]){of_text(name), of_int(version)}, 2);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = sql_text(&rows, 0, arena);
    }
    return list;
}

/* ---- what comes back ---- */

void ledger_add_step(Ledger *ledger, const StepRow *r)
{
    const CareStep *s = &r->step;
    const Cell cells[] = {of_text(r->paper),
                          of_int(s->version),
                          of_text(care_state_code(s->to)),
                          of_int(s->date),
                          of_text(s->centre),
                          of_text(s->person),
                          of_word(s->reason),
                          of_word(s->outcome),
                          of_word(s->value),
                          of_int(s->laboratory),
                          r->message == 0 ? of_null() : of_int(r->message),
                          of_int(r->time)};
    (void)sql_add(ledger, ADD_STEP, cells, COUNT(cells));
}

static StepRow step_at(const Rows *rows, Arena *arena)
{
    StepRow r = {
        .paper = sql_text(rows, 0, arena), .message = sql_int(rows, 10), .time = sql_int(rows, 11)};
    r.step = (CareStep){.version = (int)sql_int(rows, 1),
                        .date = (Date)sql_int(rows, 3),
                        .centre = sql_text(rows, 4, arena),
                        .person = sql_text(rows, 5, arena),
                        .reason = sql_text(rows, 6, arena),
                        .outcome = sql_text(rows, 7, arena),
                        .value = sql_text(rows, 8, arena),
                        .laboratory = sql_int(rows, 9) != 0};
    (void)care_state_parse(&r.step.to, sql_text(rows, 2, arena)); /* the column's CHECK holds */
    return r;
}

StepRows ledger_steps(Ledger *ledger, const char *paper, Arena *arena)
{
    StepRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_STEPS, (const Cell[]){of_text(paper)}, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = step_at(&rows, arena);
    }
    return list;
}

ReturnedOutcomes ledger_returned(Ledger *ledger, const char *person, Date until, Arena *arena)
{
    ReturnedOutcomes list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_RETURNED, (const Cell[]){of_text(person), of_int(until)}, 2);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (ReturnedOutcome){.case_id = sql_text(&rows, 0, arena),
                                                 .assay = sql_text(&rows, 1, arena),
                                                 .paper = sql_text(&rows, 2, arena),
                                                 .date = (Date)sql_int(&rows, 3),
                                                 .outcome = sql_text(&rows, 4, arena),
                                                 .value = sql_text(&rows, 5, arena)};
    }
    return list;
}

CaseAssays ledger_returned_since(Ledger *ledger, int64_t batch, Arena *arena)
{
    CaseAssays list = {0};
    size_t capacity = 0;
    const Cell before = of_int(batch != 0 ? batch : INT64_MAX);
    Rows rows = sql_ask(ledger, GET_RETURNED_SINCE, &before, 1);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (CaseAssay){sql_text(&rows, 0, arena), sql_text(&rows, 1, arena)};
    }
    return list;
}

int64_t ledger_message(Ledger *ledger, const char *centre, const unsigned char key[LEDGER_MAC])
{
    const Cell cells[] = {of_text(centre), of_blob(key, LEDGER_MAC)};
    Rows rows = sql_ask(ledger, GET_MESSAGE, cells, COUNT(cells));
    int64_t id = sql_next(&rows) ? sql_int(&rows, 0) : 0;
    sql_stop(&rows);
    return id;
}

int64_t ledger_add_message(Ledger *ledger, const char *centre, const unsigned char key[LEDGER_MAC],
                           Instant time)
{
    const Cell cells[] = {of_text(centre), of_blob(key, LEDGER_MAC), of_int(time)};
    return sql_add(ledger, ADD_MESSAGE, cells, COUNT(cells));
}

void ledger_add_reroute(Ledger *ledger, int64_t paper, const StepRow *why, const char *centre)
{
    const Cell cells[] = {of_int(paper), of_text(centre), of_text(why->step.reason),
                          of_text(why->step.person), of_int(why->time)};
    (void)sql_add(ledger, ADD_REROUTE, cells, COUNT(cells));
}

/* ---- threads ---- */

/* One version of a paper, as GET_NAME and GET_ALL_NAMES tell it. */
typedef struct Version {
    int64_t paper;
    const char *name, *case_id, *sha256, *centre;
    int version;
    PaperKind kind;
    Date due;
    bool released, moving;
    Instant released_at;
} Version;

static Version version_at(const Rows *rows, Arena *arena)
{
    return (Version){.paper = sql_int(rows, 0),
                     .name = sql_text(rows, 1, arena),
                     .version = (int)sql_int(rows, 2),
                     .kind = (PaperKind)sql_int(rows, 3),
                     .due = sql_is_null(rows, 4) ? DATE_NONE : (Date)sql_int(rows, 4),
                     .case_id = sql_text(rows, 5, arena),
                     .released = sql_int(rows, 6) != 0,
                     .released_at = sql_int(rows, 7),
                     .moving = sql_int(rows, 8) != 0,
                     .sha256 = sql_text(rows, 9, arena),
                     .centre = sql_text(rows, 10, arena)};
}

typedef struct Fold {
    const Reference *reference;
    ThreadRow row;
    int sent; /* version, 0 = none */
} Fold;

static void fold_step(Fold *f, const StepRow *s)
{
    const Centre *to = s->step.to == CARE_SENT
                           ? centre_find(reference_centres(f->reference), s->step.centre)
                           : NULL;
    care_apply(&f->row.thread, &s->step, to);
    f->sent = f->row.thread.version;
}

/* Steps first, then versions from the lowest: the paper is the version that was sent or, before that, the newest that was released, else the
 * newest of all. */
static void fold_version(Fold *f, const Version *v)
{
    ThreadRow *r = &f->row;
    CareThread *t = &r->thread;
    r->produced_version = v->version;
    r->newer_draft = f->sent != 0 && v->version > f->sent && !v->released;
    if (f->sent != 0 ? v->version != f->sent : r->released && !v->released) return;
    t->paper = v->name;
    t->kind = v->kind;
    t->due = v->due;
    r->paper = v->paper;
    r->case_id = v->case_id;
    r->xml_sha256 = v->sha256;
    r->released = v->released;
    r->moving = v->moving;
    if (f->sent != 0) return;
    t->at = centre_find(reference_centres(f->reference), v->centre);
    t->since =
        v->released ? date_of(v->released_at, reference_offset_minutes(f->reference)) : DATE_NONE;
}

static Fold fold_begin(const Reference *reference)
{
    return (Fold){.reference = reference,
                  .row = {.case_id = "",
                          .xml_sha256 = "",
                          .thread = {.paper = "", .since = DATE_NONE, .due = DATE_NONE}}};
}

ThreadRow ledger_thread(Ledger *ledger, const char *name, const Reference *reference, Arena *arena)
{
    Fold fold = fold_begin(reference);
    StepRows steps = ledger_steps(ledger, name, arena);
    for (size_t i = 0; i < steps.n; i++)
        fold_step(&fold, &steps.items[i]);
    Rows rows = sql_ask(ledger, GET_NAME, (const Cell[]){of_text(name)}, 1);
    while (sql_next(&rows)) {
        const Version v = version_at(&rows, arena);
        fold_version(&fold, &v);
    }
    return fold.row;
}

/* Two lists in one order: steps and versions of a name are merged as they come. */
typedef struct Walk {
    Rows versions, steps;
    bool has_version, has_step;
    Version version;
    StepRow step;
    Arena *arena; /* of the step and the version that were read ahead: emptied in turns */
} Walk;

static void next_version(Walk *w)
{
    w->has_version = sql_next(&w->versions);
    if (w->has_version) w->version = version_at(&w->versions, w->arena);
}

static void next_step(Walk *w)
{
    w->has_step = sql_next(&w->steps);
    if (w->has_step) w->step = step_at(&w->steps, w->arena);
}

/* What was read ahead moves to the other arena, then this one is empty again. */
static void turn_arena(Walk *w, Arena **other)
{
    Version *v = &w->version;
    StepRow *s = &w->step;
    Arena *to = *other;
    const char **const texts[] = {
        &v->name,        &v->case_id,     &v->sha256,      &v->centre,       &s->paper,
        &s->step.centre, &s->step.person, &s->step.reason, &s->step.outcome, &s->step.value};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_copy(to, *texts[i]);
    arena_reset(w->arena);
    *other = w->arena;
    w->arena = to;
}

void ledger_each_thread(Ledger *ledger, const Reference *reference,
                        void (*use)(const ThreadRow *row, void *context), void *context)
{
    Walk w = {.versions = sql_ask(ledger, GET_ALL_NAMES, NULL, 0),
              .steps = sql_ask(ledger, GET_ALL_STEPS, NULL, 0),
              .arena = arena_new(exhausted)};
    Arena *other = arena_new(exhausted);
    next_version(&w);
    next_step(&w);
    while (w.has_version) {
        Fold fold = fold_begin(reference);
        const char *name = w.version.name;
        for (; w.has_step && strcmp(w.step.paper, name) == 0; next_step(&w))
            fold_step(&fold, &w.step);
        for (; w.has_version && strcmp(w.version.name, name) == 0; next_version(&w))
            fold_version(&fold, &w.version);
        use(&fold.row, context);
        turn_arena(&w, &other);
    }
    sql_stop(&w.versions);
    sql_stop(&w.steps);
    arena_free(w.arena);
    arena_free(other);
}

Reconciliation ledger_reconcile(Ledger *ledger)
{
    Reconciliation r = {0};
    Rows rows = sql_ask(ledger, GET_RECONCILED, NULL, 0);
    if (sql_next(&rows))
        r = (Reconciliation){.produced = sql_int(&rows, 0),
                             .draft = sql_int(&rows, 1),
                             .superseded = sql_int(&rows, 2),
                             .unsent = sql_int(&rows, 3),
                             .unacknowledged = sql_int(&rows, 4),
                             .acknowledged = sql_int(&rows, 5)};
    sql_stop(&rows);
    return r;
}
