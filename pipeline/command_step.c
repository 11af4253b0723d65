/* What the laboratory itself records of a referral's life: `step` and `reroute`.
 *
 * Both say something of a woman that nobody else has said, and `closed` ends the watch over her: so a person does it with a key, and the
 * ledger keeps it signed beside the step (an act of kind "step" or "reroute", over paper, version, checksums of the drafts and every word of
 * the step). `audit` checks the signatures again and finds a step of the laboratory that nobody has signed. */
#include "command_desk.h"
#include "inbox.h"
#include "returns.h"

#include <stdio.h>
#include <string.h>

typedef struct Recorder {
    DeskRoom *room;
    const Who *who;
    const Asking *asking;
    const char *paper;
    ThreadRow thread;
} Recorder;

static int refuse(const Recorder *r, CareRefusal no)
{
    Note why;
    (void)note_fail(&why, REFUSED, no.code, (Place){.field = no.field}, NULL);
    return who_refused(r->who, r->asking, &why);
}

static int stop(const Recorder *r, const Note *why)
{
    ledger_rollback(r->room->ledger);
    command_tell(why, r->room->reference, r->room->settings->lang);
    return EXIT_STOPPED;
}

static void say(const Recorder *r, const char *key, const char *const *pairs)
{
    const DeskRoom *room = r->room;
    (void)puts(
        word_fill(reference_word(room->reference, room->settings->lang, key), pairs, room->arena));
}

static const char *or_(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

/* ---- signature ---- */

static const char *step_text(const CareStep *s, Arena *arena)
{
    char date[DATE_TEXT];
    date_print(date, s->date);
    return arena_print(arena, "%s %s %s reason=%s outcome=%s value=%s", care_state_code(s->to),
                       date, s->centre, s->reason, s->outcome, s->value);
}

static Status sign(const Recorder *r, const char *text, Note *why)
{
    Draft sent;
    const DeskRoom *room = r->room;
    const char *version = arena_print(room->arena, "%s-v%d", r->paper, r->thread.thread.version);
    Status s = desk_find(&sent, &room->desk, version, why);
    if (s != OK) return s;
    Act act = {.kind = r->asking->act,
               .person = r->who->code,
               .time = room->now,
               .reason = text,
               .told = ""};
    memcpy(act.key, r->who->key.public, ACT_KEY);
    person_key_sign(act.signature, &r->who->key, desk_act_text(&room->desk, &sent, &act));
    ledger_add_act(room->ledger, sent.row.id, &act);
    return ledger_ok(room->ledger, why);
}

/* ---- step ---- */

/* The laboratory speaks as the city's centre unless --centre says for whom. */
static CareRefusal read_step(StepRow *row, const Recorder *r)
{
    const DeskRoom *room = r->room;
    const Settings *s = room->settings;
    CareState to;
    if (!care_state_parse(&to, s->what) || to == CARE_SENT)
        return (CareRefusal){"care.step", "step"};
    *row = (StepRow){.paper = r->paper, .time = room->now};
    row->step = (CareStep){.to = to,
                           .version = r->thread.thread.version,
                           .date = date_of(room->now, reference_offset_minutes(room->reference)),
                           .centre = or_(s->centre, reference_centres(room->reference)->city->id),
                           .person = r->who->code,
                           .reason = or_(s->reason, ""),
                           .outcome = "",
                           .value = "",
                           .laboratory = true,
                           .same_document = true};
    if (s->date != NULL && !date_parse(&row->step.date, s->date))
        return (CareRefusal){"care.date", "date"};
    if (!returns_outcome(&row->step, room->reference, or_(s->outcome, ""), or_(s->value, ""),
                         room->arena))
        return (CareRefusal){"care.value", "value"};
    return (CareRefusal){0};
}

static int take_step(const Recorder *r)
{
    Note why;
    StepRow row;
    DeskRoom *room = r->room;
    CareRefusal no = read_step(&row, r);
    if (no.code != NULL) return refuse(r, no);
    ledger_begin(room->ledger);
    no = care_record(room->ledger, room->reference, &row, "", room->arena);
    Status s = no.code == NULL ? sign(r, step_text(&row.step, room->arena), &why) : OK;
    if (s == OK) s = ledger_commit(room->ledger, &why);
    if (s != OK) return stop(r, &why);
    if (no.code == NULL) {
        say(r, "console.step", (const char *const[]){"referral", r->paper, NULL});
        return EXIT_ALL_INTERPRETED;
    }
    (void)note_fail(&why, REFUSED, no.code, (Place){.field = no.field}, NULL);
    command_tell(&why, room->reference, room->settings->lang); /* care_record has recorded it */
    return EXIT_SOMETHING_LEFT;
}

/* ---- reroute ---- */

static CareRefusal reroute_fault(const Recorder *r, const StepRow *row, const char *to)
{
    const DeskRoom *room = r->room;
    const Table *reasons = reference_table(room->reference, "care/reasons");
    const CareThread *t = &r->thread.thread;
    if (r->thread.paper == 0 || t->version == 0) return (CareRefusal){"care.foreign", "referral"};
    if (t->state == CARE_CLOSED) return (CareRefusal){"care.step", "referral"};
    if (r->thread.moving) return (CareRefusal){"care.moving", "referral"};
    if (reasons == NULL || table_find(reasons, row->step.reason) < 0)
        return (CareRefusal){"care.reason", "reason"};
    return (CareRefusal){care_receiver(room->ledger, room->reference, row, to, room->arena),
                         "centre"};
}

/* Whatever the state: she has moved, so the next centre begins anew. */
static int reroute(const Recorder *r)
{
    Note why;
    DeskRoom *room = r->room;
    const char *to = room->settings->what;
    const StepRow row = {.paper = r->paper,
                         .time = room->now,
                         .step = {.person = r->who->code,
                                  .version = r->thread.thread.version,
                                  .reason = or_(room->settings->reason, "moved")}};
    const CareRefusal no = reroute_fault(r, &row, to);
    if (no.code != NULL) return refuse(r, no);
    ledger_begin(room->ledger);
    ledger_add_reroute(room->ledger, r->thread.paper, &row, to);
    Status s = sign(r, arena_print(room->arena, "%s reason=%s", to, row.step.reason), &why);
    ledger_audit(room->ledger, &(AuditEntry){room->now, r->who->code, "reroute", r->paper, "done"});
    if (s == OK) s = ledger_commit(room->ledger, &why);
    if (s != OK) return stop(r, &why);
    say(r, "console.reroute", (const char *const[]){"referral", r->paper, "centre", to, NULL});
    return EXIT_ALL_INTERPRETED;
}

/* ---- both ---- */

static int record(DeskRoom *room, const char *act, int (*what)(const Recorder *r))
{
    Who who;
    Note why;
    int code;
    Recorder r = {.room = room, .who = &who, .paper = room->settings->verb};
    Asking asking = desk_asking(room, act);
    if (care_ready(room->reference, &why) != OK) return stop(&r, &why);
    r.thread = ledger_thread(room->ledger, r.paper, room->reference, room->arena);
    asking.object = r.thread.paper != 0 ? r.paper : ""; /* what was typed may be anything */
    asking.signs = true;
    r.asking = &asking;
    if (!who_may(&who, &asking, &code)) return code;
    code = what(&r);
    who_forget(&who);
    return code;
}

static int record_step(DeskRoom *room)
{
    return record(room, "step", take_step);
}

static int record_reroute(DeskRoom *room)
{
    return record(room, "reroute", reroute);
}

int command_step(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, record_step);
}

int command_reroute(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, record_reroute);
}
