/* outbox - released documents are put where the transport takes them: OUT/outbox/CENTRE/RN2026501-2-v1/{xml, html, signature}.
 *
 *     OutboxCount count;
 *     Status s = outbox_send(&count, &(OutboxJob){ledger, reference, "out", now, exhausted}, &why);
 *
 * A package is a folder that appears whole, by one rename, and exactly once: also when the program was killed, and also when the transport
 * has taken the package away since. */
#ifndef SCREENLAB_OUTBOX_H
#define SCREENLAB_OUTBOX_H

#include "ledger_care.h"
#include "people.h"

typedef struct OutboxJob {
    Ledger *ledger;
    const Reference *reference;
    const char *out;
    Instant now;
    void (*exhausted)(void);
    People *people; /* NULL: referrals that name a person stay unsent, and are counted */
} OutboxJob;

typedef struct OutboxCount {
    int64_t documents, copies, rerouted;
    int64_t recovered; /* packages that an interrupted run had recorded and not yet published */
    int64_t
        without_file; /* released papers whose files cannot be read: names erased, or no store of persons open */
} OutboxCount;

Status outbox_send(OutboxCount *count, const OutboxJob *job, Note *why) MUST_USE;

/* Opens OUT/outbox/CENTRE, made when absent. */
Status outbox_folder(int *fd, const char *out, const char *centre, Note *why) MUST_USE;

#endif
