/* `screenlab disclose request|approve|give CASE CONDITION`: one step of one person with a key. Refused steps are rows of the audit like those
 * that were taken. What is printed is the same whatever the document says. */
#include "command_desk.h"
#include "disclose.h"
#include "intake.h"

#include <stdio.h>
#include <string.h>

static bool is_step(const char *step)
{
    return strcmp(step, "request") == 0 || strcmp(step, "approve") == 0 ||
           strcmp(step, "give") == 0;
}

/* What the audit may call it: only words that are ours. */
static const char *object_of(const DeskRoom *room, const DisclosureWish *wish)
{
    DisclosureCondition condition = {0};
    const char *fault = disclosure_condition(&condition, room->reference, wish->condition);
    bool listed = fault == NULL || strcmp(fault, "disclose.condition") != 0;
    if (!intake_id_ok('C', wish->case_id)) return "";
    return listed ? arena_print(room->arena, "%s/%s", wish->case_id, wish->condition)
                  : wish->case_id;
}

static void say(const DeskRoom *room, const DisclosureWish *wish, const PersonKey *person,
                const char *document)
{
    const char *const pairs[] = {
        "case",
        wish->case_id,
        "condition",
        wish->condition,
        "person",
        person->person,
        "file",
        arena_print(room->arena, "%s/%s", room->settings->out, document != NULL ? document : ""),
        NULL};
    const char *key = arena_print(room->arena, "console.disclose.%s", wish->step);
    (void)puts(
        word_fill(reference_word(room->reference, room->settings->lang, key), pairs, room->arena));
}

static int disclose(DeskRoom *room)
{
    const Settings *s = room->settings;
    const DisclosureWish wish = {.step = s->verb, .case_id = s->object, .condition = s->what};
    const DisclosureDesk desk = {.reference = room->reference,
                                 .ledger = room->ledger,
                                 .out = s->out,
                                 .key = room->key,
                                 .evidence = s->evidence,
                                 .specimen = s->specimen,
                                 .unconfined = s->unconfined,
                                 .lang = s->lang,
                                 .now = room->now,
                                 .arena = room->arena};
    const char *action = arena_print(room->arena, "disclose.%s", wish.step);
    const char *object = object_of(room, &wish), *document = NULL;
    PersonKey person;
    Note why;
    Status status = s->as != NULL ? person_key_open(&person, s->as, room->passphrase, &why)
                                  : note_fail(&why, REFUSED, "release.no_person", (Place){0}, NULL);
    if (status != OK) return command_refused(room, "-", action, object, &why);
    const char *actor = arena_copy(room->arena, command_actor(room, &person));
    status = disclosure_take(&document, &desk, &person, &wish, &why);
    if (status == OK) say(room, &wish, &person, document);
    person_key_forget(&person);
    if (status == OK) return EXIT_ALL_INTERPRETED;
    int code = command_refused(room, actor, action, object, &why);
    return status == IO_FAILED ? EXIT_STOPPED : code;
}

int command_disclose(const Settings *settings)
{
    if (is_step(settings->verb)) return desk_with(settings, LEDGER_WRITE, disclose);
    (void)fputs("screenlab: disclose: request, approve or give? see screenlab --help\n", stderr);
    return EXIT_USAGE;
}
