/* One door for every step, whether a centre returned it or the laboratory types it: read the thread, check, add, audit. */
#include "inbox.h"

#include <string.h>

/* What was told beside the actions, and the actions of other centres, ask nothing of this one. */
static bool can_do(const Centre *centre, const ToldList *told, const char *addressed, Date today)
{
    for (size_t i = 0; i < told->n; i++) {
        const Action *a = &told->items[i].action;
        bool asked =
            told->items[i].has_action && a->to != NULL && strcmp(a->to->id, addressed) == 0;
        if (asked && !centre_can(centre, a->capability, today)) return false;
    }
    return true;
}

const char *care_receiver(Ledger *ledger, const Reference *reference, const StepRow *row,
                          const char *centre, Arena *arena)
{
    Draft sent;
    Date today = date_of(row->time, reference_offset_minutes(reference));
    const Centre *c = centre_find(reference_centres(reference), centre);
    if (c == NULL || !centre_valid(c, today)) return "care.to";
    if (c == reference_centres(reference)->city) return NULL;
    if (!ledger_draft(&sent, ledger, row->paper, row->step.version, arena)) return "care.to";
    if (sent.row.kind != PAPER_REFERRAL) return NULL;
    const ToldList told = ledger_told_whole(ledger, sent.row.id, sent.verdict, reference, arena);
    return can_do(c, &told, sent.row.centre, today) ? NULL : "care.capability";
}

static bool same_step(const CareStep *a, const CareStep *b)
{
    return a->to == b->to && a->version == b->version && a->date == b->date &&
           strcmp(a->centre, b->centre) == 0 && strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->outcome, b->outcome) == 0 && strcmp(a->value, b->value) == 0;
}

static bool is_known(Ledger *ledger, const StepRow *row, Arena *arena)
{
    StepRows steps = ledger_steps(ledger, row->paper, arena);
    for (size_t i = 0; i < steps.n; i++)
        if (same_step(&steps.items[i].step, &row->step)) return true;
    return false;
}

/* A number that was never sent to this centre is answered like one that does not exist. */
static CareRefusal check(Ledger *ledger, const Reference *reference, const ThreadRow *thread,
                         const StepRow *row, const char *moved_to, Arena *arena)
{
    Date today = date_of(row->time, reference_offset_minutes(reference));
    if (thread->paper == 0 || thread->thread.version == 0)
        return (CareRefusal){"care.foreign", "referral"};
    CareRefusal no = care_check(reference, &thread->thread, &row->step, today);
    if (no.code != NULL && strcmp(no.code, "care.foreign") == 0) return no;
    if (is_known(ledger, row, arena)) return (CareRefusal){"care.known", "step"};
    if (no.code != NULL) return no;
    if (moved_to[0] == '\0') return no;
    if (row->step.to != CARE_ELSEWHERE || thread->moving) return (CareRefusal){"care.to", "to"};
    return (CareRefusal){care_receiver(ledger, reference, row, moved_to, arena), "to"};
}

/* A message is remembered when a row of it is taken, and not before: what changes nothing leaves nothing. */
static void add(Ledger *ledger, const StepRow *row)
{
    StepRow step = *row;
    if (row->message_key != NULL) {
        step.message = ledger_message(ledger, row->step.centre, row->message_key);
        if (step.message == 0)
            step.message =
                ledger_add_message(ledger, row->step.centre, row->message_key, row->time);
    }
    ledger_add_step(ledger, &step);
}

CareRefusal care_record(Ledger *ledger, const Reference *reference, const StepRow *row,
                        const char *moved_to, Arena *arena)
{
    ThreadRow thread = ledger_thread(ledger, row->paper, reference, arena);
    CareRefusal no = check(ledger, reference, &thread, row, moved_to, arena);
    if (no.code == NULL) {
        add(ledger, row);
        if (moved_to[0] != '\0') ledger_add_reroute(ledger, thread.paper, row, moved_to);
    }
    bool named = thread.paper != 0;
    ledger_audit(ledger,
                 &(AuditEntry){.time = row->time,
                               .actor = row->step.laboratory ? row->step.person : row->step.centre,
                               .action = "step",
                               .object = named ? row->paper : "",
                               .outcome = no.code != NULL ? no.code : "done"});
    return no;
}
