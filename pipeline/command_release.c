/* The desk on the command line: review, release, amend, hold, lift, call, and the list of what waits.
 *
 * Whoever acts shows a key file (--as). A wish that is refused is recorded in the audit like one that was carried out: with the
 * Note's code, and with the person's code only when roles.tsv knows the key, because a file can claim any name. */
#include "../reports/report.h"
#include "command_desk.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool command_passphrase(const char **out, const Settings *settings, const Reference *reference,
                        Arena *arena)
{
    enum { CEILING = 1024 };
    Content content;
    Note why;
    *out = NULL;
    if (settings->passphrase == NULL) return true;
    if (file_load(&content, settings->passphrase, CEILING, arena, &why) != OK) {
        command_tell(&why, reference, settings->lang);
        return false;
    }
    content.bytes[strcspn(content.bytes, "\r\n")] = '\0';
    *out = content.bytes;
    return true;
}

/* ---- opening ---- */

static Status open_keys(DeskRoom *room, Note *why)
{
    const Settings *s = room->settings;
    Status status = OK;
    if (s->key != NULL)
        status =
            sign_open_private(&room->key, s->key, s->as == NULL ? room->passphrase : NULL, why);
    if (status == OK && s->people_key != NULL)
        status = people_open(&room->people, room->ledger, s->people_key, why);
    if (status == OK)
        room->desk = (Desk){.reference = room->reference,
                            .ledger = room->ledger,
                            .out = s->out,
                            .key = room->key,
                            .people = room->people,
                            .now = room->now,
                            .arena = room->arena};
    return status;
}

/* Who tries keys that are not the right ones leaves a trace too. */
static void keys_refused(const DeskRoom *room, const Note *why)
{
    ledger_audit(room->ledger, &(AuditEntry){room->now, "-", "keys", "", why->code});
    command_tell(why, room->reference, room->settings->lang);
}

int desk_with(const Settings *settings, LedgerUse use, int (*what)(DeskRoom *room))
{
    DeskRoom room = {.settings = settings, .arena = arena_new(settings->exhausted)};
    Note why;
    int code = EXIT_STOPPED;
    if (command_open_reference(&room.reference, settings, room.arena) &&
        command_passphrase(&room.passphrase, settings, room.reference, room.arena)) {
        if (!command_now(&room.now, settings, room.reference))
            code = EXIT_USAGE;
        else if (ledger_open(&room.ledger, settings->ledger, use, &why) != OK)
            command_tell(&why, room.reference, settings->lang);
        else if (open_keys(&room, &why) == OK)
            code = what(&room);
        else
            keys_refused(&room, &why);
    }
    people_close(room.people);
    sign_close(room.key);
    ledger_close(room.ledger);
    arena_free(room.arena);
    return code;
}

/* ---- acts ---- */

const char *command_actor(const DeskRoom *room, const PersonKey *person)
{
    const Person who = {person->person, person->public_hex};
    return policy_knows(room->reference, &who) ? person->person : "-";
}

int command_refused(const DeskRoom *room, const char *actor, const char *kind, const char *object,
                    const Note *why)
{
    Note fault;
    ledger_audit(room->ledger, &(AuditEntry){room->now, actor, kind, object, why->code});
    command_tell(why, room->reference, room->settings->lang);
    if (ledger_ok(room->ledger, &fault) == OK) return EXIT_SOMETHING_LEFT;
    command_tell(&fault, room->reference, room->settings->lang);
    return EXIT_STOPPED;
}

static const char *paper_version(const DeskRoom *room, const Draft *draft)
{
    return arena_print(room->arena, "%s-v%d", draft->row.name, draft->row.version);
}

static void say(const DeskRoom *room, const char *key, const char *const *pairs)
{
    (void)puts(
        word_fill(reference_word(room->reference, room->settings->lang, key), pairs, room->arena));
}

/* Who gets it: the centre and its copies, and everybody who got an earlier version. */
static const char *receivers(const DeskRoom *room, const Draft *draft)
{
    Names list = ledger_recipients(room->ledger, draft->row.name, room->arena);
    const char *text = "";
    for (size_t i = 0; i < list.n; i++)
        text = arena_print(room->arena, "%s%s%s", text, i > 0 ? ", " : "", list.items[i]);
    return text;
}

static int act_on(const DeskRoom *room, const PersonKey *person, const Wish *wish,
                  const char *named)
{
    Draft draft;
    Note why;
    const char *actor = command_actor(room, person);
    if (desk_find(&draft, &room->desk, named, &why) != OK)
        return command_refused(room, actor, wish->kind, "", &why);
    const char *paper = paper_version(room, &draft);
    if (desk_act(&room->desk, &draft, person, wish, &why) != OK)
        return command_refused(room, actor, wish->kind, paper, &why);
    const char *const pairs[] = {"paper",  paper,
                                 "person", person->person,
                                 "out",    room->settings->out,
                                 "to",     receivers(room, &draft),
                                 NULL};
    say(room, arena_print(room->arena, "console.act.%s", wish->kind), pairs);
    return EXIT_ALL_INTERPRETED;
}

/* "-": papers from the standard input, one a line; each is an act of its own, and what is refused does not stop the others. */
static int act_on_list(const DeskRoom *room, const PersonKey *person, const Wish *wish)
{
    enum { LINE = 128 };
    char line[LINE];
    int worst = EXIT_ALL_INTERPRETED;
    Arena *scratch = arena_new(room->settings->exhausted);
    while (worst != EXIT_STOPPED && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0') continue;
        DeskRoom one = *room;
        one.arena = one.desk.arena = scratch;
        arena_reset(scratch);
        int code = act_on(&one, person, wish, line);
        worst = code > worst ? code : worst;
    }
    arena_free(scratch);
    return worst;
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static int act(DeskRoom *room)
{
    const Settings *s = room->settings;
    PersonKey person;
    Note why;
    const Wish wish = {
        .kind = s->verb, .reason = text_or(s->reason, "routine"), .told = text_or(s->told, "")};
    Status status = s->as != NULL ? person_key_open(&person, s->as, room->passphrase, &why)
                                  : note_fail(&why, REFUSED, "release.no_person", (Place){0}, NULL);
    if (status != OK) return command_refused(room, "-", wish.kind, "", &why);
    int code = strcmp(s->what, "-") == 0 ? act_on_list(room, &person, &wish)
                                         : act_on(room, &person, &wish, s->what);
    person_key_forget(&person);
    return code;
}

static int act_as(const Settings *settings, const char *kind)
{
    Settings with = *settings;
    with.verb = kind;
    return desk_with(&with, LEDGER_WRITE, act);
}

int command_review(const Settings *settings)
{
    return act_as(settings, "review");
}

int command_release(const Settings *settings)
{
    return act_as(settings, "release");
}

int command_hold(const Settings *settings)
{
    return act_as(settings, "hold");
}

int command_lift(const Settings *settings)
{
    return act_as(settings, "lift");
}

int command_amend(const Settings *settings)
{
    return act_as(settings, "amend");
}

int command_call(const Settings *settings)
{
    return act_as(settings, "call");
}

/* ---- what waits ---- */

static const char *step_of(const DeskRoom *room, const Draft *draft)
{
    Acts acts = ledger_acts(room->ledger, draft->row.id, room->arena);
    bool amends = ledger_last_released(room->ledger, draft->row.name).version > 0;
    for (size_t i = 0; i < acts.n; i++)
        if (strcmp(acts.items[i].kind, amends ? "amend" : "review") == 0) return "pending.release";
    return amends ? "pending.amend" : "pending.review";
}

static const char *word(const DeskRoom *room, const char *key)
{
    return reference_word(room->reference, room->settings->lang, key);
}

static void tell_draft(const DeskRoom *room, const PaperName *name)
{
    Draft draft;
    Release policy;
    if (!ledger_draft(&draft, room->ledger, name->name, name->version, room->arena)) return;
    const char *fault = desk_state(&policy, &room->desk, &draft);
    const char *why = *fault != '\0' ? word(room, arena_print(room->arena, "note.%s", fault)) : "";
    (void)printf("%s\t%s\t%s%s%s%s\n", paper_version(room, &draft), draft.row.centre,
                 word(room, step_of(room, &draft)),
                 policy == RELEASE_CALL ? word(room, "pending.with_call") : "", *why ? "\t" : "",
                 why);
}

static void tell_call(const DeskRoom *room, const CallDue *call)
{
    char due[INSTANT_TEXT] = "";
    if (call->due != INSTANT_NONE)
        instant_print(due, call->due, reference_offset_minutes(room->reference));
    bool late = call->due == INSTANT_NONE || call->due < room->now;
    const char *const pairs[] = {"due", *due ? due : word(room, "pending.at_once"), NULL};
    (void)printf(
        "%s-v%d\t%s\t%s\n", call->name, call->version, call->centre,
        word_fill(word(room, late ? "pending.call_late" : "pending.call"), pairs, room->arena));
}

Asking desk_asking(const DeskRoom *room, const char *act)
{
    return (Asking){.settings = room->settings,
                    .reference = room->reference,
                    .ledger = room->ledger,
                    .now = room->now,
                    .arena = room->arena,
                    .act = act,
                    .object = ""};
}

static int pending(DeskRoom *room)
{
    Who who;
    int code;
    const Asking asking = desk_asking(room, "pending");
    if (!who_may(&who, &asking, &code)) return code;
    PaperNames drafts = ledger_open_drafts(room->ledger, "", room->arena);
    CallsDue calls = ledger_calls_due(room->ledger, room->arena);
    code = who_recorded(&who, &asking, "done");
    who_forget(&who);
    if (code != EXIT_ALL_INTERPRETED) return code;
    for (size_t i = 0; i < calls.n; i++)
        tell_call(room, &calls.items[i]);
    for (size_t i = 0; i < drafts.n; i++)
        tell_draft(room, &drafts.items[i]);
    const char *const pairs[] = {"drafts", arena_print(room->arena, "%zu", drafts.n), "calls",
                                 arena_print(room->arena, "%zu", calls.n), NULL};
    say(room, "console.pending", pairs);
    return drafts.n + calls.n > 0 ? EXIT_SOMETHING_LEFT : EXIT_ALL_INTERPRETED;
}

int command_pending(const Settings *settings)
{
    return desk_with(settings, LEDGER_LOOK, pending);
}

/* ---- again ---- */

static int restore(DeskRoom *room)
{
    size_t n = 0;
    Note why;
    Who who;
    int code;
    const Asking asking = desk_asking(room, "restore");
    if (!who_may(&who, &asking, &code)) return code;
    Status s = desk_restore(&n, &room->desk, &why);
    const char *outcome = s == OK ? "done" : why.code;
    ledger_audit(room->ledger, &(AuditEntry){room->now, who.code, "restore", "", outcome});
    who_forget(&who);
    const char *const pairs[] = {"n", arena_print(room->arena, "%zu", n), NULL};
    say(room, "console.restored_released", pairs);
    if (s == OK) return EXIT_ALL_INTERPRETED;
    command_tell(&why, room->reference, room->settings->lang);
    return EXIT_STOPPED;
}

int command_restore(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, restore);
}
