/* Who may ask, who must agree, and what must stand in the ledger before a fetus's file is opened again.
 *
 * Order of things: one person asks (reviewer or expert), at least three other experts approve, each signing the request's own signature, and another person,
 * an authoriser, lets the document be written while the approvals hold. Everything is bound by signatures to the case, the condition, the mother's
 * variant, the release of the tables and the revisions of the fetal samples: when one of them changes, the request is void and must be made anew.
 *
 * Gates are asked again at each step, and none of them looks at a fetus's evidence: tables, persons, the mother's own variant in the ledger, the judgement
 * of the fetal sample on its autosomes. A gate that cannot be read is closed. So a refusal is the same for a fetus of either sex. */
#include "disclose_room.h"

#include "case_merge.h"

#include <sodium.h>
#include <string.h>

Status disclosure_refuse(const char *code, Note *why)
{
    return note_fail(why, REFUSED, code, (Place){0}, NULL);
}

bool disclosure_is_fetal(const Matter *m, const Known *known)
{
    const Sample *s = &known->sample;
    bool fetus = s->subject == SUBJECT_FETUS_A || s->subject == SUBJECT_FETUS_B;
    return known->newest && fetus && s->fetal && m->assay != NULL &&
           strcmp(s->assay, m->assay->code) == 0;
}

/* ---- what stands ---- */

static const Assay *assay_that_answers(const KnownList *samples)
{
    for (size_t i = 0; i < samples->n; i++) {
        const Assay *assay = assay_find(samples->items[i].sample.assay);
        if (samples->items[i].newest && assay != NULL && assay->disclose != NULL) return assay;
    }
    return NULL;
}

static bool has_fetus(const Matter *m)
{
    for (size_t i = 0; i < m->samples.n; i++)
        if (disclosure_is_fetal(m, &m->samples.items[i])) return true;
    return false;
}

/* The variant that her own samples prove; false when they prove different ones. */
static bool find_mother(Matter *m)
{
    const DisclosureDesk *desk = m->desk;
    const void *model = reference_model(desk->reference, m->assay->code);
    for (size_t i = 0; i < m->samples.n; i++) {
        const Known *k = &m->samples.items[i];
        Evidence all;
        if (!k->newest || k->sample.subject != SUBJECT_WOMAN || k->sample.fetal ||
            strcmp(k->sample.assay, m->assay->code) != 0)
            continue;
        Pieces pieces = ledger_evidence(desk->ledger, k->sample.id, desk->arena);
        case_merge(&all, &pieces, desk->arena);
        const char *row = all.status == OK && all.calls != NULL
                              ? m->assay->maternal_row(model, all.calls, m->condition.gene)
                              : NULL;
        if (row == NULL) continue;
        if (m->row != NULL && strcmp(m->row, row) != 0) return false;
        m->row = row;
        m->mother = k->sample.id;
    }
    return m->row != NULL;
}

static const char *case_gate(Matter *m)
{
    const DisclosureDesk *desk = m->desk;
    m->samples = ledger_case_samples(desk->ledger, m->wish->case_id, desk->arena);
    m->verdict = ledger_verdict(desk->ledger, m->wish->case_id);
    if (m->samples.n == 0 || m->verdict.id == 0) return "disclose.case";
    if (ledger_verdict_demo(desk->ledger, m->verdict.id) != reference_demo(desk->reference))
        return "release.example";
    m->assay = assay_that_answers(&m->samples);
    if (m->assay == NULL || !has_fetus(m)) return "disclose.fetus";
    if (!find_mother(m)) return "disclose.mother";
    return ledger_audit_unbroken(desk->ledger) ? NULL : "release.audit";
}

static const char *table_gate(Matter *m)
{
    const char *fault = disclosure_limits(&m->limits, m->desk->reference);
    return fault != NULL
               ? fault
               : disclosure_condition(&m->condition, m->desk->reference, m->wish->condition);
}

/* ---- what is signed ---- */

static const char *hex_of(const unsigned char *bytes, size_t n, Arena *arena)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    return sodium_bin2hex(text, 2 * n + 1, bytes, n);
}

static const DisclosureAct *act_of(const Matter *m, int64_t id)
{
    for (size_t i = 0; i < m->acts.n; i++)
        if (m->acts.items[i].id == id) return &m->acts.items[i];
    return NULL;
}

const char *disclosure_text(const Matter *m, const DisclosureAct *act)
{
    Arena *arena = m->desk->arena;
    const char *samples = "";
    const DisclosureAct *request = act->request != 0 ? act_of(m, act->request) : NULL;
    for (size_t i = 0; i < m->samples.n; i++)
        if (disclosure_is_fetal(m, &m->samples.items[i]))
            samples = arena_print(arena, "%s%s-r%d\n", samples, m->samples.items[i].sample.id,
                                  m->samples.items[i].sample.revision);
    return arena_print(arena, "screenlab disclosure 1\n%s\n%s\n%s\n%s %s\n%s\n%s%s\n%s\n%lld\n%s\n",
                       act->kind, reference_release(m->desk->reference), m->wish->case_id,
                       m->condition.code, m->condition.table->info.version, m->row, samples,
                       act->sample, act->person, (long long)act->time,
                       request != NULL ? hex_of(request->signature, ACT_SIGNATURE, arena) : "");
}

bool disclosure_act_holds(const Matter *m, const DisclosureAct *act)
{
    return person_signature_ok(act->signature, act->key, disclosure_text(m, act));
}

DisclosureAct disclosure_sign(const Matter *m, const PersonKey *person, const char *sample)
{
    DisclosureAct act = {.request = m->request != NULL ? m->request->id : 0,
                         .kind = m->wish->step,
                         .sample = sample,
                         .person = person->person,
                         .time = m->desk->now};
    memcpy(act.key, person->public, ACT_KEY);
    person_key_sign(act.signature, person, disclosure_text(m, &act));
    return act;
}

/* ---- requests and approvals ---- */

static bool in_time(const Matter *m, Instant time)
{
    return time >= m->request->time && time - m->request->time <= m->limits.seconds;
}

/* The last request, when it can be acted upon; else why not. A giving that was recorded may be written again in that time. */
static const char *find_request(Matter *m)
{
    const DisclosureAct *last = NULL;
    for (size_t i = 0; i < m->acts.n; i++)
        if (m->acts.items[i].request == 0) last = &m->acts.items[i];
    if (last == NULL) return "disclose.no_request";
    if (!disclosure_act_holds(m, last)) return "disclose.changed";
    m->request = last;
    if (in_time(m, m->desk->now)) return NULL;
    m->request = NULL;
    return "disclose.expired";
}

/* One person under two names, or with two keys, is one. */
static bool is_one(const DisclosureAct *act, const char *person, const unsigned char *key)
{
    return strcmp(act->person, person) == 0 || memcmp(act->key, key, ACT_KEY) == 0;
}

static bool same_hand(const DisclosureAct *act, const PersonKey *person)
{
    return is_one(act, person->person, person->public);
}

static bool is_approval(const Matter *m, const DisclosureAct *act)
{
    return act->request == m->request->id && strcmp(act->kind, "approve") == 0;
}

DisclosureExpert *disclosure_experts(size_t *n, const Matter *m, int64_t before)
{
    DisclosureExpert *list = arena_alloc(m->desk->arena, (m->acts.n + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; i < m->acts.n; i++) {
        const DisclosureAct *a = &m->acts.items[i];
        if (!is_approval(m, a) || !in_time(m, a->time) || is_one(m->request, a->person, a->key) ||
            (before != 0 && a->id > before) || !disclosure_act_holds(m, a))
            continue;
        list[(*n)++] =
            (DisclosureExpert){{a->person, hex_of(a->key, ACT_KEY, m->desk->arena)}, a->time};
    }
    return list;
}

static bool has_acted(const Matter *m, const PersonKey *person)
{
    if (same_hand(m->request, person)) return true;
    for (size_t i = 0; i < m->acts.n; i++)
        if (is_approval(m, &m->acts.items[i]) && same_hand(&m->acts.items[i], person)) return true;
    return false;
}

/* ---- steps ---- */

static Date today(const DisclosureDesk *desk)
{
    return date_of(desk->now, reference_offset_minutes(desk->reference));
}

static const char *person_gate(const Matter *m, const PersonKey *person)
{
    const Person who = {person->person, person->public_hex};
    return disclosure_may(m->desk->reference, &who, m->wish->step, today(m->desk));
}

static const char *request_gate(Matter *m)
{
    const char *fault = find_request(m);
    m->request = NULL;
    return fault == NULL ? "disclose.open" : NULL;
}

static const char *approve_gate(Matter *m, const PersonKey *person)
{
    const char *fault = find_request(m);
    if (fault != NULL) return fault;
    if (same_hand(m->request, person)) return "disclose.own";
    return has_acted(m, person) ? "disclose.twice" : NULL;
}

static const char *give_gate(Matter *m, const PersonKey *person)
{
    size_t n = 0;
    const char *fault = find_request(m);
    if (fault != NULL) return fault;
    if (has_acted(m, person)) return "disclose.same_person";
    if (m->desk->key == NULL) return "release.no_key";
    if (m->desk->evidence == NULL) return "disclose.no_evidence";
    DisclosureExpert *experts = disclosure_experts(&n, m, 0);
    return disclosure_quorum(&m->limits, m->desk->reference, experts, n, today(m->desk));
}

static const char *step_gate(Matter *m, const PersonKey *person)
{
    if (strcmp(m->wish->step, "request") == 0) return request_gate(m);
    if (strcmp(m->wish->step, "approve") == 0) return approve_gate(m, person);
    return give_gate(m, person);
}

void disclosure_record(const Matter *m, const DisclosureAct *act, const char *actor)
{
    const DisclosureWish *w = m->wish;
    Arena *arena = m->desk->arena;
    const char *action = arena_print(arena, "disclose.%s", w->step);
    const char *object = arena_print(arena, "%s/%s", w->case_id, w->condition);
    if (act != NULL) ledger_add_disclosure(m->desk->ledger, w->case_id, w->condition, act);
    ledger_audit(m->desk->ledger, &(AuditEntry){m->desk->now, actor, action, object, "done"});
}

static Status record_step(const Matter *m, const PersonKey *person, Note *why)
{
    const DisclosureAct act = disclosure_sign(m, person, "");
    ledger_begin(m->desk->ledger);
    disclosure_record(m, &act, act.person);
    return ledger_commit(m->desk->ledger, why);
}

Status disclosure_take(const char **document, const DisclosureDesk *desk, const PersonKey *person,
                       const DisclosureWish *wish, Note *why)
{
    Matter m = {.desk = desk, .wish = wish};
    *document = NULL;
    const char *fault = person_gate(&m, person);
    if (fault == NULL) fault = table_gate(&m);
    if (fault == NULL) fault = case_gate(&m);
    if (fault == NULL) {
        m.acts = ledger_disclosures(desk->ledger, wish->case_id, wish->condition, desk->arena);
        fault = step_gate(&m, person);
    }
    Status s = ledger_ok(desk->ledger, why);
    if (s != OK) return s;
    if (fault != NULL) return disclosure_refuse(fault, why);
    return strcmp(wish->step, "give") == 0 ? disclosure_give(document, &m, person, why)
                                           : record_step(&m, person, why);
}
