/* command_desk - what the commands that use the desk share: reference, time, ledger and keys, opened and closed in one place.
 *
 *     static int what(DeskRoom *room);        // the exit code
 *     return desk_with(settings, LEDGER_WRITE, what); */
#ifndef SCREENLAB_COMMAND_DESK_H
#define SCREENLAB_COMMAND_DESK_H

#include "commands.h"
#include "desk.h"
#include "who.h"

typedef struct DeskRoom {
    const Settings *settings;
    const Reference *reference;
    const char *passphrase;
    Ledger *ledger;
    SignKey *key;   /* --key, private; NULL = not given */
    People *people; /* --people-key; NULL = not given */
    Instant now;
    Arena *arena;
    Desk desk;
} DeskRoom;

/* Who asks for an act of this room, not yet about any object. */
Asking desk_asking(const DeskRoom *room, const char *act);

/* The person's code when roles.tsv knows this very key, else "-": what the audit may call the actor. */
const char *command_actor(const DeskRoom *room, const PersonKey *person);
/* Records the refusal and tells it; the exit code. */
int command_refused(const DeskRoom *room, const char *actor, const char *kind, const char *object,
                    const Note *why);
int desk_with(const Settings *settings, LedgerUse use, int (*what)(DeskRoom *room));

#endif
