/* `screenlab audit-accept ROW`: a person has looked into a break of the audit's chain and says what it was.
 *
 * Why: a changed or missing row closes every release, as it must: nobody knows what else was done. But a damaged sector or a ledger restored
 * from a backup would then close a laboratory for ever. So two persons (by name and by key) whose role may (acts.tsv) each record what they found, a word of
 * audit_causes (--reason). Their rows stand in the same chain, after the break, under the ledger's key; the break stays told by `audit`. They accept what stands
 * there now: the same place changed once more is another break.
 *
 * Refuses: a row at which nothing is broken, a word that the table does not have, the same person or the same key a second time. */
#include "command_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const AuditBreak *find_break(const AuditBreaks *breaks, const char *row)
{
    char *end;
    const int64_t n = strtoll(row, &end, 10);
    for (size_t i = 0; end != row && *end == '\0' && i < breaks->n; i++)
        if (breaks->items[i].n == n) return &breaks->items[i];
    return NULL;
}

static const char *fault_of(const DeskRoom *room, const AuditBreak *broken, const Who *who)
{
    const Table *causes = reference_table(room->reference, "audit_causes");
    const char *reason = room->settings->reason;
    if (broken == NULL) return "audit.accept_row";
    if (broken->accepted[1] != NULL) return "audit.accept_twice";
    if (broken->accepted[0] != NULL && (strcmp(broken->accepted[0], who->code) == 0 ||
                                        strcmp(broken->key, who->key.public_hex) == 0))
        return "audit.accept_same";
    return causes != NULL && reason != NULL && table_find(causes, reason) >= 0
               ? NULL
               : "audit.accept_cause";
}

static int take(const DeskRoom *room, const Who *who, const Asking *asking,
                const AuditBreak *broken)
{
    Note why;
    const Settings *s = room->settings;
    const char *fault = fault_of(room, broken, who);
    if (fault != NULL) {
        (void)note_fail(&why, REFUSED, fault, (Place){0}, NULL);
        return who_refused(who, asking, &why);
    }
    const int code = who_recorded(
        who, asking, arena_print(room->arena, "done %s %s", s->reason, who->key.public_hex));
    if (code != EXIT_ALL_INTERPRETED) return code;
    const char *const pairs[] = {"row", s->what, "person", who->code, NULL};
    const char *word =
        broken->accepted[0] == NULL ? "console.audit_accept_first" : "console.audit_accept_second";
    (void)puts(word_fill(reference_word(room->reference, s->lang, word), pairs, room->arena));
    return EXIT_ALL_INTERPRETED;
}

static int record(DeskRoom *room)
{
    Who who;
    int code;
    const AuditCheck check = ledger_audit_check(room->ledger, room->arena);
    const AuditBreak *broken = find_break(&check.breaks, room->settings->what);
    Asking asking = desk_asking(room, LEDGER_ACCEPT);
    asking.signs = true;
    if (broken != NULL) asking.object = ledger_break_name(broken, room->arena);
    if (!who_may(&who, &asking, &code)) return code;
    code = take(room, &who, &asking, broken);
    who_forget(&who);
    return code;
}

int command_audit_accept(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, record);
}
