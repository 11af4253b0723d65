/* `screenlab qc`: what the ledger knows about controls and about the patients' own medians, as OUT/qc/qc.html and OUT/qc/qc.tsv. It only reads
 * the ledger. Findings that are watched are named by qc/watch, with what they are grouped by; those that nobody could judge (refused, missing) count
 * in shares of failures only. */
#include "../reports/qc.h"
#include "commands.h"
#include "ledger.h"
#include "names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SECONDS_A_DAY = 86400 };

typedef struct Looker {
    const Settings *settings;
    const Reference *reference;
    Ledger *ledger;
    Arena *arena;
    Instant now;
} Looker;

static bool is_judged(Answer answer)
{
    return answer == ANSWER_POSITIVE || answer == ANSWER_POSSIBLE || answer == ANSWER_NEGATIVE ||
           answer == ANSWER_MEASURED;
}

static const char *month_of(const Looker *l, Instant instant)
{
    enum { MONTH = 7 }; /* "2026-11" */
    char day[DATE_TEXT];
    date_print(day, date_of(instant, reference_offset_minutes(l->reference)));
    return arena_copy_n(l->arena, day, MONTH);
}

/* The Monday of its week: "2026-11-09". */
static const char *week_of(const Looker *l, Instant instant)
{
    char day[DATE_TEXT];
    Date date = date_of(instant, reference_offset_minutes(l->reference));
    date_print(day, date - (date + 3) % 7); /* day 0, 1 January 1970, was a Thursday */
    return arena_copy(l->arena, day);
}

/* When each run began, as far as its samples tell: runs stand in that order. */
typedef struct Runs {
    Index *index;
    Instant *began;
    size_t n;
} Runs;

static Runs runs_of(const Looker *l, const WatchedList *list)
{
    Runs runs = {.index = index_new(l->arena),
                 .began = arena_alloc(l->arena, (list->n + 1) * sizeof *runs.began)};
    for (size_t i = 0; i < list->n; i++) {
        const Watched *w = &list->items[i];
        size_t at = index_find(runs.index, w->run);
        if (at == INDEX_NONE) {
            index_add(runs.index, w->run, runs.n);
            runs.began[runs.n++] = w->collected;
        } else if (w->collected < runs.began[at]) {
            runs.began[at] = w->collected;
        }
    }
    return runs;
}

/* Which group an observation belongs to, and that group's place; false = to none. */
static bool group_of(Observation *o, const Looker *l, const DriftBy *by, const Runs *runs,
                     const Watched *w)
{
    switch (by->kind) {
    case BY_MONTH:
        o->group = month_of(l, w->collected);
        o->order = 0; /* the name itself is in order of time */
        return true;
    case BY_WEEK:
        o->group = week_of(l, w->collected);
        o->order = 0;
        return true;
    case BY_RUN:
        o->group = w->run;
        o->order = (double)runs->began[index_find(runs->index, w->run)];
        return true;
    default:
        if (!isfinite(w->beside)) return false;
        o->order = floor(w->beside / by->width) * by->width;
        o->group = arena_print(l->arena, "%g\xE2\x80\x93%g", o->order, o->order + by->width - 1);
        return true;
    }
}

static void observe(Drift *drift, const Looker *l, const Table *watch, size_t row)
{
    DriftBy by;
    double days = 0;
    if (!drift_by(&by, watch, row, l->arena)) return;
    bool windowed = table_number(watch, row, table_column(watch, "days"), &days);
    WatchedList list = ledger_watched(l->ledger, table_cell(watch, row, 0),
                                      drift_kind_code(by.kind), by.code, l->arena);
    const Runs runs = runs_of(l, &list);
    Observation *observations = arena_alloc(l->arena, (list.n + 1) * sizeof *observations);
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++) {
        const Watched *w = &list.items[i];
        Observation o = {.item = w->item,
                         .value = w->value,
                         .positive = w->answer == ANSWER_POSITIVE,
                         .failed = !is_judged(w->answer)};
        if (windowed && (double)(l->now - w->collected) > days * SECONDS_A_DAY) continue;
        if (group_of(&o, l, &by, &runs, w)) observations[n++] = o;
    }
    drift_add(drift, l->reference, watch, row, observations, n);
}

static void tell(const Looker *l, const QcTally *t)
{
    Arena *a = l->arena;
    const char *const pairs[] = {"runs",     arena_print(a, "%zu", t->runs),
                                 "accepted", arena_print(a, "%zu", t->accepted),
                                 "warning",  arena_print(a, "%zu", t->warning),
                                 "rejected", arena_print(a, "%zu", t->rejected),
                                 "none",     arena_print(a, "%zu", t->none),
                                 "alarms",   arena_print(a, "%zu", t->alarms),
                                 "out",      l->settings->out,
                                 NULL};
    (void)puts(word_fill(reference_word(l->reference, l->settings->lang, "console.qc"), pairs, a));
}

static int look(Looker *l)
{
    Note why;
    Stamp stamp = {.lang = l->settings->lang,
                   .offset_minutes = reference_offset_minutes(l->reference),
                   .program = "screenlab " SCREENLAB_VERSION,
                   .batch = ""};
    if (!command_now(&stamp.now, l->settings, l->reference)) return EXIT_USAGE;
    l->now = stamp.now;
    Drift drift = {.arena = l->arena};
    const Table *watch = reference_table(l->reference, "qc/watch");
    ControlList controls = ledger_controls(l->ledger, l->arena);
    for (size_t row = 0; watch != NULL && row < watch->n_rows; row++)
        observe(&drift, l, watch, row);
    QcView view = {.reference = l->reference, .stamp = &stamp};
    view.book = qc_book(l->reference, controls.items, controls.n, l->arena);
    const QcActionList actions = ledger_qc_actions(l->ledger, l->arena);
    view.actions = actions.items;
    view.n_actions = actions.n;
    view.figures = drift.figures;
    view.n_figures = drift.n;
    Document html, tsv;
    Status s = ledger_ok(l->ledger, &why);
    if (s == OK) s = report_qc(&html, &tsv, &view, l->arena, &why);
    if (s == OK) s = command_write(l->settings->out, "qc", &html, &tsv, &why);
    if (s != OK) {
        command_tell(&why, l->reference, l->settings->lang);
        return EXIT_STOPPED;
    }
    const QcTally tally = report_qc_tally(&view);
    tell(l, &tally);
    return tally.rejected > 0 ? EXIT_SOMETHING_LEFT : EXIT_ALL_INTERPRETED;
}

int command_qc(const Settings *settings)
{
    Note why;
    Arena *arena = arena_new(settings->exhausted);
    Looker looker = {.settings = settings, .arena = arena};
    int code = EXIT_STOPPED;
    if (command_open_reference(&looker.reference, settings, arena)) {
        if (ledger_open(&looker.ledger, settings->ledger, LEDGER_READ, &why) == OK)
            code = look(&looker);
        else
            command_tell(&why, looker.reference, settings->lang);
    }
    ledger_close(looker.ledger);
    arena_free(arena);
    return code;
}
