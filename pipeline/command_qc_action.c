/* `screenlab qc-action ANALYTE RUN`: what somebody found and did about a run that its controls did not pass.
 *
 * Why: a rejection that nobody explains comes again, and an inspector asks who looked. A cause (--reason) and an action (--outcome) are words of
 * qc/actions, never free text; the row stands in the audit chain under the person's code, and the page and the chart of quality control show it at the
 * run. It lifts nothing: a rejected run stays rejected, whatever is said about it, and only a repeat with good controls gives results. So there is no
 * override, by one person or by two.
 *
 * Refuses: a run without controls in the ledger, a run that is accepted, words that the table does not have, a person whose role may not (acts.tsv). */
#include "../lab/qc.h"
#include "command_desk.h"

#include <stdio.h>
#include <string.h>

static const char *or_none(const char *text)
{
    return text != NULL ? text : "";
}

static bool is_word(const Reference *reference, const char *kind, const char *word)
{
    const Table *t = reference_table(reference, "qc/actions");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++)
        if (strcmp(table_cell(t, r, 0), word) == 0 && strcmp(table_get(t, r, "kind"), kind) == 0)
            return true;
    return false;
}

/* The run's own names, as the ledger has them: what was typed may be anything. */
static const Control *find_run(const ControlList *controls, const Settings *s)
{
    for (size_t i = 0; i < controls->n; i++)
        if (strcmp(controls->items[i].analyte, s->verb) == 0 &&
            strcmp(controls->items[i].run, s->what) == 0)
            return &controls->items[i];
    return NULL;
}

static const char *fault_of(const DeskRoom *room, const ControlList *controls, const Control *run)
{
    const Settings *s = room->settings;
    if (run == NULL) return "qc.action_run";
    const QcBook *book = qc_book(room->reference, controls->items, controls->n, room->arena);
    if (qc_verdict(book, run->analyte, run->run).state == QC_ACCEPTED) return "qc.action_accepted";
    if (!is_word(room->reference, "cause", or_none(s->reason))) return "qc.action_cause";
    return is_word(room->reference, "action", or_none(s->outcome)) ? NULL : "qc.action_action";
}

static int take(const DeskRoom *room, const Who *who, const Asking *asking,
                const ControlList *controls)
{
    Note why;
    const Settings *s = room->settings;
    const char *fault = fault_of(room, controls, find_run(controls, s));
    if (fault != NULL) {
        (void)note_fail(&why, REFUSED, fault, (Place){0}, NULL);
        return who_refused(who, asking, &why);
    }
    const int code = who_recorded(
        who, asking, arena_print(room->arena, LEDGER_QC_ACTION "%s %s", s->reason, s->outcome));
    if (code != EXIT_ALL_INTERPRETED) return code;
    const char *const pairs[] = {"analyte", s->verb, "run", s->what, NULL};
    (void)puts(word_fill(reference_word(room->reference, s->lang, "console.qc_action"), pairs,
                         room->arena));
    return EXIT_ALL_INTERPRETED;
}

static int record(DeskRoom *room)
{
    Who who;
    int code;
    const ControlList controls = ledger_controls(room->ledger, room->arena);
    const Control *run = find_run(&controls, room->settings);
    Asking asking = desk_asking(room, "qc-action");
    asking.signs = true;
    if (run != NULL) asking.object = arena_print(room->arena, "%s %s", run->analyte, run->run);
    if (!who_may(&who, &asking, &code)) return code;
    code = take(room, &who, &asking, &controls);
    who_forget(&who);
    return code;
}

int command_qc_action(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, record);
}
