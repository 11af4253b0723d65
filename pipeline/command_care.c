/* The commands of a referral's life: `send` (both ways: what came back is taken first, then what is due goes out), `worklist`, and for the
 * centres `centre-key` and `seal`. What the laboratory itself records stands in command_step.c. */
#include "../reports/worklist.h"
#include "commands.h"
#include "file.h"
#include "inbox.h"
#include "outbox.h"
#include "who.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct Office {
    const Settings *settings;
    const Reference *reference;
    Ledger *ledger;
    Arena *arena;
    Instant now;
} Office;

static void tell(const Note *note, const void *context)
{
    const Office *o = context;
    command_tell(note, o->reference, o->settings->lang);
}

static int stopped(const Office *o, const Note *why)
{
    tell(why, o);
    return EXIT_STOPPED;
}

/* Opens what every command of this file needs, and runs it. */
static int with_office(const Settings *settings, LedgerUse use, int (*work)(Office *))
{
    Note why;
    Office o = {.settings = settings, .arena = arena_new(settings->exhausted)};
    int code = EXIT_STOPPED;
    if (command_open_reference(&o.reference, settings, o.arena)) {
        if (!command_now(&o.now, settings, o.reference))
            code = EXIT_USAGE;
        else if (care_ready(o.reference, &why) != OK ||
                 ledger_open(&o.ledger, settings->ledger, use, &why) != OK)
            tell(&why, &o);
        else
            code = work(&o);
    }
    ledger_close(o.ledger);
    arena_free(o.arena);
    return code;
}

static const char *number(const Office *o, int64_t n)
{
    return arena_print(o->arena, "%" PRId64, n);
}

static void say(const Office *o, const char *key, const char *const *pairs)
{
    (void)puts(word_fill(reference_word(o->reference, o->settings->lang, key), pairs, o->arena));
}

/* ---- send ---- */

static void tell_counts(const Office *o, const InboxCount *in, const OutboxCount *out)
{
    const char *const pairs[] = {
        "messages",    number(o, in->messages),    "taken",     number(o, in->taken),
        "known",       number(o, in->known),       "refused",   number(o, in->refused),
        "quarantined", number(o, in->quarantined), "replayed",  number(o, in->replayed),
        "waiting",     number(o, in->waiting),     "documents", number(o, out->documents),
        "copies",      number(o, out->copies),     "rerouted",  number(o, out->rerouted),
        "recovered",   number(o, out->recovered),  "without",   number(o, out->without_file),
        "out",         o->settings->out,           NULL};
    say(o, "console.taken", pairs);
    say(o, "console.sent", pairs);
    if (out->recovered > 0) say(o, "console.recovered", pairs);
    if (in->waiting > 0) say(o, "console.mac_waits", pairs);
    if (out->without_file > 0) say(o, "console.without_file", pairs);
}

static int send_and_take(Office *o)
{
    const Settings *s = o->settings;
    const char *inbox = s->inbox ? s->inbox : arena_print(o->arena, "%s/inbox", s->out);
    const InboxJob in_job = {.ledger = o->ledger,
                             .reference = o->reference,
                             .out = s->out,
                             .inbox = inbox,
                             .now = o->now,
                             .lang = s->lang,
                             .exhausted = s->exhausted,
                             .tell = tell,
                             .context = o};
    OutboxJob out_job = {.ledger = o->ledger,
                         .reference = o->reference,
                         .out = s->out,
                         .now = o->now,
                         .exhausted = s->exhausted};
    InboxCount in;
    OutboxCount out = {0};
    Note why;
    Status status = inbox_take(&in, &in_job, &why);
    if (status == OK && s->people_key != NULL)
        status = people_open(&out_job.people, o->ledger, s->people_key, &why);
    if (status == OK) status = outbox_send(&out, &out_job, &why);
    people_close(out_job.people);
    if (status != OK) return stopped(o, &why);
    tell_counts(o, &in, &out);
    return in.quarantined + in.refused + in.waiting + out.without_file > 0 ? EXIT_SOMETHING_LEFT
                                                                           : EXIT_ALL_INTERPRETED;
}

int command_send(const Settings *settings)
{
    return with_office(settings, LEDGER_WRITE, send_and_take);
}

static int refused(const Office *o, CareRefusal no)
{
    Note note;
    (void)note_fail(&note, REFUSED, no.code, (Place){.field = no.field}, NULL);
    tell(&note, o);
    return EXIT_SOMETHING_LEFT;
}

/* Who looks, recorded; false: *code is the exit code. */
static bool recorded(const Office *o, const char *act, const char *object, int *code)
{
    Who who;
    const Asking asking = {.settings = o->settings,
                           .reference = o->reference,
                           .ledger = o->ledger,
                           .now = o->now,
                           .arena = o->arena,
                           .act = act,
                           .object = object};
    if (!who_may(&who, &asking, code)) return false;
    *code = who_recorded(&who, &asking, "done");
    who_forget(&who);
    return *code == EXIT_ALL_INTERPRETED;
}

/* ---- worklist ---- */

typedef struct Collector {
    const Office *office;
    Worklist list;
    WorkItem *items;
    size_t capacity;
    Date today;
} Collector;

static void collect(const ThreadRow *row, void *context)
{
    Collector *c = context;
    Arena *arena = c->office->arena;
    CareWait wait = care_wait(c->office->reference, &row->thread, c->today);
    if (!row->released) wait = (CareWait){.class = WAIT_DRAFT, .level = LEVEL_CITY, .row = ""};
    const Centre *centre = c->list.centre;
    if (centre != NULL && (!care_concerns(&row->thread, &wait, centre) ||
                           (wait.class == WAIT_DRAFT && centre->level != LEVEL_CITY)))
        return;
    if (wait.class == WAIT_NONE) {
        c->list.closed++;
        return;
    }
    if (c->list.level != LEVEL_NONE && wait.level != c->list.level) return;
    if (c->list.n == c->capacity)
        c->items = arena_grow(arena, c->items, &c->capacity, sizeof *c->items);
    WorkItem *item = &c->items[c->list.n++];
    *item = (WorkItem){.thread = row->thread,
                       .wait = wait,
                       .case_id = arena_copy(arena, row->case_id),
                       .newer_draft = row->newer_draft,
                       .moving = row->moving};
    item->thread.paper = arena_copy(arena, row->thread.paper);
}

static WorkCounts counts_of(Ledger *ledger)
{
    Reconciliation r = ledger_reconcile(ledger);
    return (WorkCounts){.produced = r.produced,
                        .draft = r.draft,
                        .superseded = r.superseded,
                        .unsent = r.unsent,
                        .unacknowledged = r.unacknowledged,
                        .acknowledged = r.acknowledged};
}

/* Calls are the laboratory's; the centre that will be called sees its own. */
static void collect_calls(Collector *c)
{
    const Office *o = c->office;
    CallsDue due = ledger_calls_due(o->ledger, o->arena);
    WorkCall *calls = arena_alloc(o->arena, (due.n + 1) * sizeof *calls);
    const Centre *centre = c->list.centre;
    bool all = centre == NULL || centre->level == LEVEL_CITY;
    for (size_t i = 0; i < due.n; i++) {
        const CallDue *d = &due.items[i];
        if (!all && strcmp(centre->id, d->centre) != 0) continue;
        const char *of = ledger_paper_case(o->ledger, d->name, o->arena);
        calls[c->list.n_calls++] =
            (WorkCall){d->name, of != NULL ? of : "", d->centre, d->version, d->due};
    }
    if (c->list.level != LEVEL_NONE && c->list.level != LEVEL_CITY) c->list.n_calls = 0;
    c->list.calls = calls;
}

static int list_work(Office *o)
{
    Note why;
    Document html, tsv;
    int code;
    const Settings *s = o->settings;
    Collector c = {.office = o,
                   .today = date_of(o->now, reference_offset_minutes(o->reference)),
                   .list = {.level = (Level)s->level}};
    if (s->centre != NULL) {
        c.list.centre = centre_find(reference_centres(o->reference), s->centre);
        if (c.list.centre == NULL) return refused(o, (CareRefusal){"care.to", "centre"});
    }
    if (!recorded(o, "worklist", s->centre ? s->centre : "", &code)) return code;
    ledger_each_thread(o->ledger, o->reference, collect, &c);
    c.list.items = c.items;
    collect_calls(&c);
    c.list.counts = counts_of(o->ledger);
    c.list.reference = o->reference;
    const Stamp stamp = {.lang = s->lang,
                         .now = o->now,
                         .offset_minutes = reference_offset_minutes(o->reference),
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = ""};
    c.list.stamp = &stamp;
    Status status = ledger_ok(o->ledger, &why);
    if (status == OK) status = report_worklist(&html, &tsv, &c.list, o->arena, &why);
    if (status == OK) status = command_write(s->out, "worklist", &html, &tsv, &why);
    if (status != OK) return stopped(o, &why);
    say(o, "console.worklist",
        (const char *const[]){"open", number(o, (int64_t)c.list.n), "closed",
                              number(o, (int64_t)c.list.closed), "out", s->out, NULL});
    return EXIT_ALL_INTERPRETED;
}

int command_worklist(const Settings *settings)
{
    return with_office(settings, LEDGER_LOOK, list_work);
}

/* ---- keys of centres ---- */

static int print_key(Office *o)
{
    Note why;
    int code;
    unsigned char key[CENTRE_KEY];
    char hex[2 * CENTRE_KEY + 1];
    const Centre *centre = centre_find(reference_centres(o->reference), o->settings->what);
    if (centre == NULL) return refused(o, (CareRefusal){"care.to", "centre"});
    if (!recorded(o, "centre-key", centre->id, &code)) return code;
    if (ledger_ok(o->ledger, &why) != OK) return stopped(o, &why);
    inbox_centre_key(key, o->ledger, centre->id);
    (void)puts(sodium_bin2hex(hex, sizeof hex, key, sizeof key));
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    return EXIT_ALL_INTERPRETED;
}

int command_centre_key(const Settings *settings)
{
    return with_office(settings, LEDGER_LOOK, print_key);
}

static Status read_whole(Content *out, const char *path, size_t ceiling, Arena *arena, Note *why)
{
    const Place place = {.file = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return note_fail(why, NOT_FOUND, "file.missing", place, NULL);
    Status s = file_read(out, fd, ceiling, arena, place, why);
    (void)close(fd);
    return s;
}

/* On the centre's own machine: no ledger, no reference; KEYFILE holds what `centre-key` printed. */
int command_seal(const Settings *settings)
{
    Note why;
    Arena *arena = arena_new(settings->exhausted);
    Content key_text = {0}, message = {0};
    unsigned char key[CENTRE_KEY];
    char hex[2 * CENTRE_KEY + 1];
    const size_t digits = sizeof hex - 1;
    size_t n = 0;
    Status s = read_whole(&key_text, settings->verb, 4096, arena, &why);
    if (s == OK) s = read_whole(&message, settings->what, RETURN_BYTES, arena, &why);
    if (s == OK && (key_text.size < digits ||
                    sodium_hex2bin(key, sizeof key, key_text.bytes, digits, NULL, &n, NULL) != 0 ||
                    n != sizeof key))
        s = note_fail(&why, BAD_INPUT, "care.key", (Place){.file = settings->verb}, NULL);
    if (s != OK) {
        command_tell(&why, NULL, settings->lang);
    } else {
        inbox_mac(hex, key, message.bytes, message.size);
        (void)puts(hex);
    }
    sodium_memzero(key, sizeof key);
    arena_free(arena);
    return s == OK ? EXIT_ALL_INTERPRETED : EXIT_STOPPED;
}
