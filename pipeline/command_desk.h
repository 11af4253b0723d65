/* command_desk - what the commands that use the desk share: reference, time, ledger and keys, opened and closed in one place.
 *
 *     static int what(DeskRoom *room);        // the exit code
 *     return desk_with(settings, LEDGER_WRITE, what); */
#ifndef SCREENLAB_COMMAND_DESK_H
#define SCREENLAB_COMMAND_DESK_H

#include "commands.h"
#include "desk.h"

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

int desk_with(const Settings *settings, LedgerUse use, int (*what)(DeskRoom *room));

#endif
