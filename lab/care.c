/* Screening without follow-up finds nothing. In England in 2018 letters were never sent because nobody compared what was due with what
 * went out; the remedy asked for since (gov.uk, cervical screening failsafe) is that every required action has an opening point and a closing
 * point, or a recorded valid reason. So a referral is a small machine here: sent opens it, received acknowledges it, closed ends it, and a
 * state that waits too long climbs to the next level.
 *
 * Method: which step may follow which is a decision table, proven complete at opening like every other; care_ready() also walks it and refuses a table
 * with a state that cannot reach `closed`. Only the laboratory may close what was never done.
 * Refuses: a step out of order, by somebody else than the centre it was sent to or one above it, about a version that is not the newest one
 * sent, with a date in the future or before the state it follows, or without the reason or outcome that the table asks for. */
#include "care.h"

#include "decide.h"

#include <math.h>
#include <string.h>

static const char *const states[CARE_STATES] = {
    "",         "sent",    "received",  "appointed",
    "attended", "refused", "elsewhere", "result_returned",
    "treated",  "cured",   "lost",      "closed"};

const char *care_state_code(CareState state)
{
    return states[state];
}

bool care_state_parse(CareState *out, const char *code)
{
    for (int i = CARE_SENT; i < CARE_STATES; i++)
        if (strcmp(states[i], code) == 0) {
            *out = (CareState)i;
            return true;
        }
    return false;
}

const char *care_flow_code(PaperKind kind)
{
    static const char *const flows[] = {[PAPER_REFERRAL] = "referral",
                                        [PAPER_RESULT] = "result",
                                        [PAPER_WITHDRAWAL] = "withdrawal"};
    return flows[kind];
}

const char *care_class_code(CareClass c)
{
    static const char *const codes[CARE_CLASSES] = {"none", "draft",   "unsent",   "unacknowledged",
                                                    "due",  "overdue", "returned", "decide"};
    return codes[c];
}

/* ---- is the table a life? ---- */

static Decision look_up(const Rules *rules, PaperKind kind, CareState from, CareState to)
{
    return decide(rules, (const char *const[]){care_flow_code(kind), states[from], states[to]});
}

static bool may(const Rules *rules, PaperKind kind, CareState from, CareState to)
{
    return strcmp(decide_output(rules, look_up(rules, kind, from, to), "may"), "yes") == 0;
}

/* A result report is done when it was received; a referral when it was closed. */
static bool is_end(PaperKind kind, CareState state)
{
    return state == CARE_CLOSED || (kind != PAPER_REFERRAL && state == CARE_RECEIVED);
}

/* Marks what an end can be reached from, until nothing new is found. */
static bool always_ends(const Rules *rules, PaperKind kind, CareState *dead)
{
    bool ends[CARE_STATES] = {false};
    for (int round = 0; round < CARE_STATES; round++)
        for (int from = 0; from < CARE_STATES; from++)
            for (int to = CARE_SENT; to < CARE_STATES; to++)
                if (is_end(kind, (CareState)from) ||
                    (ends[to] && may(rules, kind, (CareState)from, (CareState)to)))
                    ends[from] = true;
    for (int i = 0; i < CARE_STATES; i++)
        if (!ends[i]) {
            *dead = (CareState)i;
            return false;
        }
    return true;
}

Status care_ready(const Reference *reference, Note *why)
{
    static const char *const tables[] = {"care/reasons", "care/outcomes", "care/escalation",
                                         "calendar"};
    const Rules *rules = reference_rules(reference, "care/steps");
    if (rules == NULL)
        return note_fail(why, REFUSED, "care.table", (Place){.file = "care/steps"}, NULL);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (reference_table(reference, tables[i]) == NULL)
            return note_fail(why, REFUSED, "care.table", (Place){.file = tables[i]}, NULL);
    CareState dead;
    for (int kind = PAPER_REFERRAL; kind <= PAPER_WITHDRAWAL; kind++)
        if (!always_ends(rules, (PaperKind)kind, &dead))
            return note_fail(why, REFUSED, "care.dead_end", (Place){.file = "care/steps"}, "%s",
                             states[dead]);
    return OK;
}

/* ---- one step ---- */

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' ')) return true;
    return false;
}

/* The laboratory, the centre it was sent to, or one above that. */
static bool may_speak(const CareThread *thread, const CareStep *step, const char *who)
{
    if (step->laboratory) return true;
    if (strcmp(who, "destination") != 0) return false;
    for (const Centre *c = thread->at; c != NULL; c = c->parent)
        if (strcmp(c->id, step->centre) == 0) return true;
    return false;
}

/* Is there a row of that key whose "steps" name the step? */
static bool listed(const Reference *reference, const char *table, const char *key, CareState step)
{
    const Table *t = reference_table(reference, table);
    long row = t != NULL ? table_find(t, key) : -1;
    return row >= 0 && has_word(table_get(t, (size_t)row, "steps"), states[step]);
}

static CareRefusal check_date(const CareThread *thread, const CareStep *step, Date today)
{
    if (step->date == DATE_NONE) return (CareRefusal){"care.date", "date"};
    if (step->to == CARE_APPOINTED) return (CareRefusal){0};
    if (step->date > today) return (CareRefusal){"care.future", "date"};
    /* An appointment lies ahead: who comes earlier than asked has come all the same. */
    bool early =
        thread->since != DATE_NONE && thread->state != CARE_APPOINTED && step->date < thread->since;
    return early ? (CareRefusal){"care.order", "date"} : (CareRefusal){0};
}

static CareRefusal check_needs(const Reference *reference, const CareStep *step, const char *needs)
{
    if (has_word(needs, "reason") || step->reason[0] != '\0')
        if (!listed(reference, "care/reasons", step->reason, step->to))
            return (CareRefusal){"care.reason", "reason"};
    if (has_word(needs, "outcome") || step->outcome[0] != '\0')
        if (!listed(reference, "care/outcomes", step->outcome, step->to))
            return (CareRefusal){"care.outcome", "outcome"};
    return (CareRefusal){0};
}

CareRefusal care_check(const Reference *reference, const CareThread *thread, const CareStep *step,
                       Date today)
{
    const Rules *rules = reference_rules(reference, "care/steps");
    Decision d = look_up(rules, thread->kind, thread->state, step->to);
    if (!may_speak(thread, step, decide_output(rules, d, "who")) &&
        !may_speak(thread, step, "destination"))
        return (CareRefusal){"care.foreign", "centre"};
    if (step->to != CARE_SENT && step->version != thread->version)
        return (CareRefusal){"care.version", "version"};
    if (strcmp(decide_output(rules, d, "may"), "yes") != 0)
        return (CareRefusal){"care.step", "step"};
    if (!may_speak(thread, step, decide_output(rules, d, "who")))
        return (CareRefusal){"care.laboratory", "step"};
    const char *needs = decide_output(rules, d, "needs");
    if (has_word(needs, "document") && !step->same_document)
        return (CareRefusal){"care.document", "sha256"};
    CareRefusal no = {0};
    if (has_word(needs, "date")) no = check_date(thread, step, today);
    return no.code != NULL ? no : check_needs(reference, step, needs);
}

void care_apply(CareThread *thread, const CareStep *step, const Centre *to)
{
    thread->state = step->to;
    thread->since = step->date;
    if (step->to != CARE_SENT) return;
    thread->version = step->version;
    thread->at = to;
}

/* ---- what came back as history ---- */

static bool about_fetus(const Reference *reference, const char *outcome)
{
    const Table *t = reference_table(reference, "care/outcomes");
    long row = t != NULL ? table_find(t, outcome) : -1;
    return row < 0 || strcmp(table_get(t, (size_t)row, "about_fetus"), "no") != 0;
}

bool care_history(Result *out, const Reference *reference, const char *assay, const char *outcome,
                  const char *value)
{
    const Table *t = reference_table(reference, "care/history");
    if (t == NULL || about_fetus(reference, outcome)) return false;
    for (size_t r = 0; r < t->n_rows; r++)
        if (strcmp(table_get(t, r, "outcome"), outcome) == 0 &&
            strcmp(table_get(t, r, "value"), value) == 0 &&
            strcmp(table_get(t, r, "assay"), assay) == 0) {
            *out = (Result){.specimen = "",
                            .code = table_get(t, r, "code"),
                            .value = table_get(t, r, "result"),
                            .number = NAN,
                            .unit = "",
                            .time = INSTANT_NONE,
                            .run = "",
                            .well = ""};
            return true;
        }
    return false;
}

/* ---- what waits ---- */

/* Nothing that was only acknowledged is late before its own due date. */
static bool is_over(const Reference *reference, const CareThread *thread, size_t row, Date today,
                    bool *uncertain)
{
    const Table *t = reference_table(reference, "care/escalation");
    Date from = thread->since;
    double days;
    if (from == DATE_NONE || !table_number(t, row, table_column(t, "days"), &days)) return false;
    if (thread->state == CARE_RECEIVED && thread->due != DATE_NONE && today <= thread->due)
        return false;
    bool working = strcmp(table_get(t, row, "kind"), "working") == 0;
    Date end = working ? triage_working_day(reference_table(reference, "calendar"), from, (int)days,
                                            uncertain)
                       : from + (Date)days;
    return today > end;
}

static void escalate(CareWait *wait, const Reference *reference, const CareThread *thread,
                     Date today)
{
    const char *state = thread->state == CARE_NEW ? "unsent" : states[thread->state];
    const Table *t = reference_table(reference, "care/escalation");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        bool uncertain = false;
        if (strcmp(table_get(t, r, "state"), state) != 0 ||
            !is_over(reference, thread, r, today, &uncertain))
            continue;
        Level level = (Level)(table_get(t, r, "level")[0] - '0');
        wait->uncertain = wait->uncertain || uncertain || t->examples[r];
        if (wait->class == WAIT_DUE) wait->class = WAIT_OVERDUE;
        if (level <= wait->level) continue;
        wait->level = level;
        wait->row = table_get(t, r, "row");
    }
}

static CareClass class_of(const CareThread *t, Date today)
{
    if (is_end(t->kind, t->state)) return WAIT_NONE;
    switch (t->state) {
    case CARE_NEW:
        return WAIT_UNSENT;
    case CARE_SENT:
        return WAIT_UNACKNOWLEDGED;
    case CARE_RESULT_RETURNED:
        return WAIT_RETURNED;
    case CARE_REFUSED:
    case CARE_ELSEWHERE:
    case CARE_LOST:
        return WAIT_DECIDE;
    case CARE_RECEIVED:
        return t->due != DATE_NONE && t->due < today ? WAIT_OVERDUE : WAIT_DUE;
    case CARE_APPOINTED:
        return t->since < today ? WAIT_OVERDUE : WAIT_DUE;
    default:
        return WAIT_DUE;
    }
}

CareWait care_wait(const Reference *reference, const CareThread *thread, Date today)
{
    CareWait wait = {.class = class_of(thread, today),
                     .level = thread->at ? thread->at->level : LEVEL_CITY,
                     .uncertain = thread->due_uncertain,
                     .row = ""};
    if (wait.class == WAIT_NONE) return wait;
    escalate(&wait, reference, thread, today);
    return wait;
}

bool care_concerns(const CareThread *thread, const CareWait *wait, const Centre *centre)
{
    for (const Centre *c = thread->at; c != NULL; c = c->parent)
        if (c == centre) return c == thread->at || c->level <= wait->level;
    return thread->at == NULL && centre->level == LEVEL_CITY;
}
