/* who - who asks for something of the ledger: the key file of --as, against roles.tsv and acts.tsv.
 *
 *     Who who;
 *     int code;
 *     const Asking asking = {.settings = s, .reference = r, .ledger = l, .now = now, .arena = a, .act = "show", .object = case_id};
 *     if (!who_may(&who, &asking, &code)) return code;      // told, and a row of the audit
 *     ledger_audit(l, &(AuditEntry){now, who.code, "show", case_id, "done"});
 *     who_forget(&who);
 *
 * The row of what was done is the caller's; the row of what was refused is written here. */
#ifndef SCREENLAB_WHO_H
#define SCREENLAB_WHO_H

#include "commands.h"
#include "ledger.h"
#include "person_key.h"

typedef struct Asking {
    const Settings *settings;
    const Reference *reference;
    Ledger *ledger;
    Instant now;
    Arena *arena;
    const char *act;    /* column act of acts.tsv */
    const char *object; /* for the audit; "" = not known yet */
    bool signs;         /* a key is needed, whatever acts.tsv says: something will be signed */
} Asking;

typedef struct Who {
    PersonKey key;
    bool shown;       /* false: nobody showed a key, and the table asks for none */
    const char *code; /* the person's code, "-" without a key; lives as long as this */
} Who;

/* False: refused, *code is the exit code. */
bool who_may(Who *out, const Asking *asking, int *code);
/* A refusal that was found later: told, and recorded under who->code. Gives the exit code. */
int who_refused(const Who *who, const Asking *asking, const Note *why);
/* The act was done: recorded under who->code with its outcome. EXIT_ALL_INTERPRETED, or EXIT_STOPPED (told) when the row could not be written. */
int who_recorded(const Who *who, const Asking *asking, const char *outcome);
void who_forget(Who *who);

#endif
