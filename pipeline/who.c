/* A name typed at a prompt is nobody: whoever sits at the machine can type it. So a person is a key file that roles.tsv knows, and acts.tsv
 * says which roles may do what; what it opens to "anyone" may be done without a key, and the audit then names nobody. A key that is shown is always
 * checked: a stranger's is refused even where none is asked for.
 *
 * A refusal is recorded under the person's code only when roles.tsv knows this very key, because a file can claim any name. Refuses: an act
 * that no row of acts.tsv names, to everybody. */
#include "who.h"

#include "../lab/policy.h"

#include <string.h>

static Date today(const Asking *a)
{
    return date_of(a->now, reference_offset_minutes(a->reference));
}

/* NULL = may; else the code of a Note. */
static const char *gate(const Who *who, const Asking *a)
{
    bool open = !a->signs && policy_open(a->reference, a->act);
    if (!who->shown) return open ? NULL : "release.no_person";
    const Person person = {who->key.person, who->key.public_hex};
    const char *fault = policy_may(a->reference, &person, a->act, today(a));
    bool stranger = fault != NULL && strcmp(fault, "release.role") != 0;
    return open && !stranger ? NULL : fault;
}

static bool is_known(const Who *who, const Asking *a)
{
    const Person person = {who->key.person, who->key.public_hex};
    return who->shown && policy_knows(a->reference, &person);
}

static Status open_key(Who *out, const Asking *a, Note *why)
{
    const char *passphrase;
    if (a->settings->as == NULL) return OK;
    if (!command_passphrase(&passphrase, a->settings, a->reference, a->arena))
        return note_fail(why, BAD_INPUT, "key.passphrase", (Place){0}, NULL);
    Status s = person_key_open(&out->key, a->settings->as, passphrase, why);
    out->shown = s == OK;
    return s;
}

int who_recorded(const Who *who, const Asking *a, const char *outcome)
{
    Note fault;
    ledger_audit(a->ledger, &(AuditEntry){.time = a->now,
                                          .actor = who->code,
                                          .action = a->act,
                                          .object = a->object,
                                          .outcome = outcome});
    if (ledger_ok(a->ledger, &fault) == OK) return EXIT_ALL_INTERPRETED;
    command_tell(&fault, a->reference, a->settings->lang);
    return EXIT_STOPPED;
}

int who_refused(const Who *who, const Asking *a, const Note *why)
{
    ledger_rollback(a->ledger);
    command_tell(why, a->reference, a->settings->lang);
    const int code = who_recorded(who, a, why->code);
    return code == EXIT_ALL_INTERPRETED ? EXIT_SOMETHING_LEFT : code;
}

bool who_may(Who *out, const Asking *a, int *code)
{
    Note why;
    *out = (Who){.code = "-"};
    Status s = open_key(out, a, &why);
    if (is_known(out, a)) out->code = out->key.person;
    const char *fault = s == OK ? gate(out, a) : NULL;
    if (fault != NULL) s = note_fail(&why, REFUSED, fault, (Place){0}, NULL);
    if (s == OK) return true;
    *code = who_refused(out, a, &why);
    who_forget(out);
    return false;
}

void who_forget(Who *who)
{
    person_key_forget(&who->key);
    *who = (Who){.code = "-"};
}
