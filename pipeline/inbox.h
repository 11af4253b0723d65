/* inbox - what centres send back is taken from INBOX/CENTRE, files *.xml and *.csv, each with its MAC beside it (NAME.mac).
 *
 *     InboxCount count;
 *     Status s = inbox_take(&count, &(InboxJob){...}, &why);
 *
 * A message is taken whole or not at all, row by row refused or taken, answered by a receipt in the centre's outbox, and then moved to
 * INBOX/CENTRE/done or /quarantine. What is known already, comes late, from somebody else or changed on the way leaves a row in the audit and nothing
 * else. */
#ifndef SCREENLAB_INBOX_H
#define SCREENLAB_INBOX_H

#include "ledger_care.h"
#include "returns.h"

typedef struct InboxJob {
    Ledger *ledger;
    const Reference *reference;
    const char *out, *inbox;
    Instant now;
    Lang lang;
    void (*exhausted)(void);
    void (*tell)(const Note *note, const void *context); /* of messages that cannot be used */
    const void *context;
} InboxJob;

typedef struct InboxCount {
    int64_t messages, quarantined, replayed;
    int64_t waiting; /* without a MAC yet: left where they lie */
    int64_t rows, taken, known, refused;
} InboxCount;

Status inbox_take(InboxCount *count, const InboxJob *job, Note *why) MUST_USE;

enum { CENTRE_KEY = 32 };
/* The key that the laboratory and this centre share. */
void inbox_centre_key(unsigned char key[CENTRE_KEY], const Ledger *ledger, const char *centre);
/* HMAC-SHA256 of a message under a centre's key, as 64 hexadecimal digits. */
void inbox_mac(char hex[2 * CENTRE_KEY + 1], const unsigned char key[CENTRE_KEY], const void *bytes,
               size_t size);

/* Checks a step of this thread and, when it is legal, records it with its audit row; inside a transaction. Code NULL = done. */
CareRefusal care_record(Ledger *ledger, const Reference *reference, const StepRow *row,
                        const char *moved_to, Arena *arena);
/* NULL = the centre is open and can do what the paper's version asks for; else it, or the way to it, is at fault: "care.to", "care.capability". The
 * city takes what nobody else can. */
const char *care_receiver(Ledger *ledger, const Reference *reference, const StepRow *row,
                          const char *centre, Arena *arena);

#endif
