/* `screenlab qc`: what the ledger knows about controls and about the patients' own medians, as OUT/qc/qc.html and OUT/qc/qc.tsv. It only reads
 * the ledger. Findings that are watched are named by qc/watch; those that nobody could judge (refused, missing) count nowhere. */
#include "../reports/qc.h"
#include "commands.h"
#include "file.h"
#include "ledger.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Looker {
    const Settings *settings;
    const Reference *reference;
    Ledger *ledger;
    Arena *arena;
    Observation *observations;
    size_t n, capacity;
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

static void observe(Looker *l, const char *code)
{
    WatchedList list = ledger_watched(l->ledger, code, l->arena);
    for (size_t i = 0; i < list.n; i++) {
        const Watched *w = &list.items[i];
        if (!is_judged(w->answer)) continue;
        if (l->n == l->capacity)
            l->observations =
                arena_grow(l->arena, l->observations, &l->capacity, sizeof *l->observations);
        l->observations[l->n++] = (Observation){.code = code,
                                                .item = w->item,
                                                .month = month_of(l, w->collected),
                                                .value = w->value,
                                                .positive = w->answer == ANSWER_POSITIVE};
    }
}

static void observe_all(Looker *l, const Table *watch)
{
    for (size_t r = 0; watch != NULL && r < watch->n_rows; r++) {
        bool seen = false;
        for (size_t i = 0; i < r && !seen; i++)
            seen = strcmp(table_cell(watch, i, 0), table_cell(watch, r, 0)) == 0;
        if (!seen) observe(l, table_cell(watch, r, 0));
    }
}

static Status write_both(const Looker *l, const Document *html, const Document *tsv, Note *why)
{
    const char *out = l->settings->out;
    int folder, at = -1;
    if (mkdir(out, 0777) != 0 && access(out, F_OK) != 0)
        return note_fail(why, IO_FAILED, "file.write", (Place){.file = out}, NULL);
    Status s = file_open_folder(&folder, out, why);
    if (s != OK) return s;
    s = file_make_folder(&at, folder, "qc", why);
    (void)close(folder);
    if (s == OK) s = file_write(at, html->name, html->bytes, html->size, why);
    if (s == OK) s = file_write(at, tsv->name, tsv->bytes, tsv->size, why);
    if (s == OK) s = file_sync_folder(at, why);
    if (at >= 0) (void)close(at);
    return s;
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
    const Table *watch = reference_table(l->reference, "qc/watch");
    ControlList controls = ledger_controls(l->ledger, l->arena);
    observe_all(l, watch);
    QcView view = {.reference = l->reference, .stamp = &stamp};
    view.book = qc_book(l->reference, controls.items, controls.n, l->arena);
    view.figures = drift_figures(&view.n_figures, watch, l->observations, l->n, l->arena);
    Document html, tsv;
    Status s = ledger_ok(l->ledger, &why);
    if (s == OK) s = report_qc(&html, &tsv, &view, l->arena, &why);
    if (s == OK) s = write_both(l, &html, &tsv, &why);
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
