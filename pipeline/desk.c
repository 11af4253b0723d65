/* Who may let a paper go, and what must hold before it goes.
 *
 * Order of things: a person who reviews signs what was read (the text names paper, version and the checksums of both drafts), then
 * another person with another key lets it go; an automatic release needs a row of release.tsv for every finding that the paper
 * tells. The gates stand in front of both: the newest version of the newest judgement, not held, controls accepted, tables in
 * force, the drafts as they were written, the audit's chain unbroken. A gate that cannot be read is a closed gate:
 * every question here answers "no" after a fault of the ledger, and the fault is told.
 *
 * An amended paper is a new version after one that left. It needs a reason and two persons whatever the policy says, and shows what has
 * changed since the version that was released last (quality-control practice after ISO 15189:2022, 7.4). */
#include "desk_room.h"
#include "exhausted.h"

#include <stdlib.h>
#include <string.h>

Status desk_refuse(const Draft *draft, const char *code, Note *why)
{
    return note_fail(why, REFUSED, code, (Place){.file = draft->row.name}, NULL);
}

Status desk_find(Draft *out, const Desk *desk, const char *paper, Note *why)
{
    const char *mark = strstr(paper, "-v");
    int version = mark != NULL ? (int)strtol(mark + 2, NULL, 10) : 0;
    const char *name =
        mark != NULL ? arena_copy_n(desk->arena, paper, (size_t)(mark - paper)) : paper;
    if (ledger_draft(out, desk->ledger, name, version, desk->arena)) return OK;
    Status s = ledger_ok(desk->ledger, why);
    return s != OK ? s : note_fail(why, NOT_FOUND, "release.paper", (Place){0}, NULL);
}

/* ---- what is signed ---- */

const char *desk_act_text(const Desk *desk, const Draft *draft, const Act *act)
{
    DocumentRows drafts = ledger_draft_documents(desk->ledger, draft->row.id, desk->arena);
    const char *sums = "";
    for (size_t i = 0; i < drafts.n; i++)
        sums = arena_print(desk->arena, "%s%s\n", sums, drafts.items[i].sha256);
    return arena_print(desk->arena, "screenlab act 1\n%s\n%s-v%d\n%s%s\n%lld\n%s\n%s\n", act->kind,
                       draft->row.name, draft->row.version, sums, act->person, (long long)act->time,
                       act->reason, act->told);
}

static bool act_holds(const Desk *desk, const Draft *draft, const Act *act)
{
    return person_signature_ok(act->signature, act->key, desk_act_text(desk, draft, act));
}

/* The last review or proposal to amend of this very version; NULL = none that holds. */
const Act *desk_reviewed(const Desk *desk, const Draft *draft, bool amends)
{
    Acts acts = ledger_acts(desk->ledger, draft->row.id, desk->arena);
    const char *kind = amends ? "amend" : "review";
    for (size_t i = acts.n; i-- > 0;)
        if (strcmp(acts.items[i].kind, kind) == 0)
            return act_holds(desk, draft, &acts.items[i]) ? &acts.items[i] : NULL;
    return NULL;
}

/* ---- gates ---- */

static const char *state_gate(const Desk *desk, const Draft *draft)
{
    if (ledger_released(desk->ledger, draft->row.id)) return "release.already";
    if (!draft->newest || !draft->current) return "release.superseded";
    if (draft->row.kind == PAPER_WITHDRAWAL &&
        ledger_last_released(desk->ledger, draft->row.name).version == 0)
        return "release.nothing_sent";
    if (draft->demo != reference_demo(desk->reference)) return "release.example";
    return NULL;
}

static const char *content_gate(const Desk *desk, const ToldList *told)
{
    for (size_t i = 0; i < told->n; i++) {
        const char *fault = policy_gate(desk->reference, &told->items[i].finding);
        if (fault != NULL) return fault;
    }
    return NULL;
}

/* Everything but the persons. */
const char *desk_gate(const Desk *desk, const Draft *draft, const ToldList *told)
{
    const char *fault = state_gate(desk, draft);
    if (fault == NULL && ledger_held(desk->ledger, draft->row.name)) fault = "release.held";
    if (fault == NULL) fault = content_gate(desk, told);
    if (fault == NULL && !ledger_audit_unbroken(desk->ledger)) fault = "release.audit";
    return ledger_ok(desk->ledger, NULL) == OK ? fault : "release.unreadable";
}

ToldList desk_told(const Desk *desk, const Draft *draft)
{
    return ledger_told_whole(desk->ledger, draft->row.id, draft->verdict, desk->reference,
                             desk->arena);
}

/* What policy asks for; a withdrawal tells no finding and is never automatic, nor is a correction of what has left. */
Release desk_policy(const Desk *desk, const Draft *draft, const ToldList *told)
{
    bool first = ledger_last_released(desk->ledger, draft->row.name).version == 0;
    Release how = told->n > 0 && first && draft->row.kind != PAPER_WITHDRAWAL ? RELEASE_AUTOMATIC
                                                                              : RELEASE_TWO_PERSONS;
    for (size_t i = 0; i < told->n; i++)
        how = policy_stricter(how, policy_of(desk->reference, &told->items[i].finding));
    for (size_t i = 0; i < told->n; i++)
        if (told->items[i].has_action &&
            policy_call_hours(desk->reference, told->items[i].action.urgency) != 0)
            how = RELEASE_CALL;
    return how;
}

const char *desk_state(Release *policy, const Desk *desk, const Draft *draft)
{
    ToldList told = desk_told(desk, draft);
    *policy = desk_policy(desk, draft, &told);
    const char *fault = desk_gate(desk, draft, &told);
    return fault != NULL ? fault : "";
}

/* ---- acts ---- */

/* acts.tsv says which role may do what; that two different persons are needed stands in no table. */
static const char *role_gate(const Desk *desk, const PersonKey *person, const char *kind)
{
    const Person who = {person->person, person->public_hex};
    return policy_may(desk->reference, &who, kind,
                      date_of(desk->now, reference_offset_minutes(desk->reference)));
}

static bool has_word(const Desk *desk, const char *kind, const char *code)
{
    return reference_has_word(desk->reference, arena_print(desk->arena, "%s.%s", kind, code));
}

static const char *word_gate(const Desk *desk, const Wish *wish)
{
    bool amend = strcmp(wish->kind, "amend") == 0;
    bool hold = strcmp(wish->kind, "hold") == 0 || strcmp(wish->kind, "lift") == 0;
    if (amend && !has_word(desk, "amend", wish->reason)) return "release.reason_amend";
    if (hold && !has_word(desk, "hold", wish->reason)) return "release.reason_hold";
    if (strcmp(wish->kind, "call") == 0 && !has_word(desk, "told", wish->told))
        return "release.told";
    return NULL;
}

static const char *two_persons_gate(const PersonKey *person, const Act *reviewed, bool amends)
{
    if (reviewed == NULL) return amends ? "release.no_amend" : "release.no_review";
    if (strcmp(reviewed->person, person->person) == 0 ||
        memcmp(reviewed->key, person->public, ACT_KEY) == 0)
        return "release.same_person";
    return NULL;
}

/* A hold is taken off by another person than the one who set it. */
static const char *lift_gate(const Desk *desk, const Draft *draft, const PersonKey *person)
{
    if (!ledger_held(desk->ledger, draft->row.name)) return "release.not_held";
    Acts acts = ledger_acts(desk->ledger, draft->row.id, desk->arena);
    for (size_t i = acts.n; i-- > 0;)
        if (strcmp(acts.items[i].kind, "hold") == 0)
            return strcmp(acts.items[i].person, person->person) == 0 ? "release.same_holder" : NULL;
    return NULL; /* an earlier version was held */
}

/* Whether this act may be done on this paper now, apart from who does it. */
static const char *wish_gate(const Desk *desk, const Draft *draft, const PersonKey *person,
                             const Wish *wish, const ToldList *told)
{
    bool amends = ledger_last_released(desk->ledger, draft->row.name).version > 0;
    if (strcmp(wish->kind, "call") == 0)
        return ledger_released(desk->ledger, draft->row.id) ? NULL : "release.not_yet";
    if (strcmp(wish->kind, "hold") == 0) return state_gate(desk, draft);
    if (strcmp(wish->kind, "lift") == 0) return lift_gate(desk, draft, person);
    if (strcmp(wish->kind, "review") == 0 && amends) return "release.is_amendment";
    if (strcmp(wish->kind, "amend") == 0 && !amends) return "release.is_first";
    if (strcmp(wish->kind, "release") != 0) return state_gate(desk, draft);
    if (desk->key == NULL) return "release.no_key";
    const char *fault = desk_gate(desk, draft, told);
    return fault != NULL ? fault
                         : two_persons_gate(person, desk_reviewed(desk, draft, amends), amends);
}

static Act signed_act(const Desk *desk, const Draft *draft, const PersonKey *person,
                      const Wish *wish)
{
    Act act = {.kind = wish->kind,
               .person = person->person,
               .time = desk->now,
               .reason = wish->reason,
               .told = wish->told};
    memcpy(act.key, person->public, ACT_KEY);
    person_key_sign(act.signature, person, desk_act_text(desk, draft, &act));
    return act;
}

void desk_record(const Desk *desk, const Draft *draft, const char *actor, const char *action)
{
    const char *object = arena_print(desk->arena, "%s-v%d", draft->row.name, draft->row.version);
    ledger_audit(desk->ledger, &(AuditEntry){desk->now, actor, action, object, "done"});
}

static Status record_act(const Desk *desk, const Draft *draft, const Act *act, Note *why)
{
    ledger_begin(desk->ledger);
    ledger_add_act(desk->ledger, draft->row.id, act);
    desk_record(desk, draft, act->person, act->kind);
    return ledger_commit(desk->ledger, why);
}

Status desk_act(const Desk *desk, const Draft *draft, const PersonKey *person, const Wish *wish,
                Note *why)
{
    ToldList told = desk_told(desk, draft);
    const char *fault = role_gate(desk, person, wish->kind);
    if (fault == NULL) fault = word_gate(desk, wish);
    if (fault == NULL) fault = wish_gate(desk, draft, person, wish, &told);
    Status s = ledger_ok(desk->ledger, why);
    if (s != OK) return s;
    if (fault != NULL) return desk_refuse(draft, fault, why);
    const Act act = signed_act(desk, draft, person, wish);
    if (strcmp(wish->kind, "release") == 0) return desk_issue(desk, draft, &told, &act, why);
    return record_act(desk, draft, &act, why);
}

/* ---- by policy ---- */

static Status release_one(size_t *released, const Desk *desk, const PaperName *name, Note *why)
{
    Draft draft;
    if (!ledger_draft(&draft, desk->ledger, name->name, name->version, desk->arena))
        return ledger_ok(desk->ledger, why);
    ToldList told = desk_told(desk, &draft);
    if (desk_policy(desk, &draft, &told) != RELEASE_AUTOMATIC ||
        desk_gate(desk, &draft, &told) != NULL)
        return ledger_ok(desk->ledger, why);
    Status s = desk_issue(desk, &draft, &told, NULL, why);
    if (s == OK) ++*released;
    return s;
}

Status desk_automatic(size_t *released, const Desk *desk, const char *batch, Note *why)
{
    *released = 0;
    Arena *scratch = arena_new(exhausted);
    PaperNames open = ledger_open_drafts(desk->ledger, batch, desk->arena);
    Status s = ledger_ok(desk->ledger, why);
    for (size_t i = 0; i < open.n && s == OK; i++) {
        Desk one = *desk;
        one.arena = scratch;
        arena_reset(scratch);
        s = release_one(released, &one, &open.items[i], why);
    }
    arena_free(scratch);
    return s;
}
