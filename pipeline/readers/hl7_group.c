/* Why: a report states one thing in several forms: a code, a text, a PDF, a correction. Each OBX alone may be right and the whole still
 * contradict itself, so a group is resolved when all of it has been read.
 * Method: one specimen's segments in OUL^R22 (from SPM to SPM), one order's in ORU^R01 (from ORC or OBR on; its SPM stands
 * behind the OBX). Equal statements are one, contradicting ones are none; corrections count before what they correct.
 * Refuses: a group that names two samples, or none; controls (SPM-11 other than P) are passed over: they are never patients. */
#include "hl7_group.h"

#include "../../lab/standing.h"
#include "../intake.h"

#include <string.h>

static const char *subcomponent(const Reader7 *r, Span segment, int field, int component, int sub)
{
    Span first = hl7_part(hl7_field(segment, field, &r->d), r->d.repetition, 1);
    return hl7_span_text(r, hl7_part(hl7_part(first, r->d.component, component), r->d.sub, sub));
}

static void add_name(Group *g, const char *name, bool in_front)
{
    if (name[0] == '\0' || strcmp(name, "\"\"") == 0 || g->n_names == NAMES) return;
    if (in_front) memmove(g->names + 1, g->names, g->n_names * sizeof *g->names);
    g->names[in_front ? 0 : g->n_names] = name;
    g->n_names++;
}

/* Whose it is: the name that was asked for, else the one that has the form of a sample's id, else the best. Two different ids
 * of that form contradict each other: NULL. */
static const char *specimen_of(const Reader7 *r, const Group *g)
{
    const char *asked = r->desk->job->specimen, *id = NULL;
    for (size_t i = 0; i < g->n_names; i++) {
        if (asked != NULL && strcmp(asked, g->names[i]) == 0) return asked;
        if (!intake_id_ok('S', g->names[i])) continue;
        if (id != NULL && strcmp(id, g->names[i]) != 0) return NULL;
        id = g->names[i];
    }
    return id != NULL ? id : g->n_names > 0 ? g->names[0] : "";
}

static void put_result(Reader7 *r, const char *specimen, const Candidate *c, const char *value)
{
    ResultStanding standing =
        c->standing == RESULT_FINAL && c->impossible ? RESULT_CORRECTED : c->standing;
    desk_put(r->desk, &(Result){.specimen = specimen,
                                .code = c->code,
                                .value = value,
                                .unit = "",
                                .time = c->time,
                                .run = "",
                                .well = "",
                                .standing = standing});
}

static bool is_about(const Candidate *c, const char *code)
{
    return c->code != NULL && strcmp(c->code, code) == 0;
}

/* Where statements about the code of items[first] begin to count: behind the last that takes back what was said. */
static size_t behind_withdrawal(const Group *g, size_t first, const char *code)
{
    size_t from = first;
    for (size_t i = first; i < g->n; i++)
        if (is_about(&g->items[i], code) && g->items[i].standing == RESULT_WITHDRAWN) from = i + 1;
    return from;
}

/* Candidates of the same code; when one of them is a correction, only corrections count. */
static bool counts(const Candidate *c, const Candidate *one)
{
    return is_about(c, one->code) &&
           (c->standing == RESULT_CORRECTED || one->standing != RESULT_CORRECTED);
}

/* What is said together by those that count; said->code NULL = nobody said anything. */
static void listen(Candidate *said, const Group *g, size_t from, const Candidate *one)
{
    *said = (Candidate){.code = NULL};
    for (size_t i = from; i < g->n; i++) {
        const Candidate *c = &g->items[i];
        if (!counts(c, one)) continue;
        said->code = one->code;
        said->clash =
            said->clash || c->clash ||
            (said->value != NULL && c->value != NULL && strcmp(said->value, c->value) != 0);
        said->unread = said->unread || c->unread;
        said->impossible = said->impossible || c->impossible;
        if (said->value != NULL || c->value == NULL) continue;
        said->value = c->value;
        said->time = c->time;
    }
}

/* What all candidates of one code say together, starting with items[first]. A correction that cannot be read takes back all the same. */
static void resolve(Reader7 *r, const char *specimen, size_t first)
{
    const Group *g = &r->group;
    Candidate one = g->items[first], said;
    size_t from = behind_withdrawal(g, first, one.code);
    one.standing = RESULT_FINAL;
    for (size_t i = from; i < g->n; i++)
        if (is_about(&g->items[i], one.code) && g->items[i].standing == RESULT_CORRECTED)
            one.standing = RESULT_CORRECTED;
    listen(&said, g, from, &one);
    one.impossible = said.impossible;
    one.time = said.code != NULL && said.value != NULL ? said.time : one.time;
    if (from > first && said.code != NULL) one.standing = RESULT_CORRECTED;
    bool usable = said.value != NULL && !said.clash && !said.unread;
    if (said.code == NULL) {
        one.standing = RESULT_WITHDRAWN;
        put_result(r, specimen, &one, RESULT_TAKEN_BACK);
    } else if (usable || desk_allows(r->desk, one.code, "unmatched")) {
        put_result(r, specimen, &one, usable ? said.value : "unmatched");
    } else {
        desk_fault(r->desk, specimen, said.clash ? "result.contradiction" : "result.word", "OBX-5",
                   one.word);
        if (one.standing == RESULT_FINAL && !one.impossible) return;
        one.standing = RESULT_WITHDRAWN;
        put_result(r, specimen, &one, RESULT_TAKEN_BACK);
    }
}

static bool first_of_its_code(const Group *g, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (g->items[k].code != NULL && strcmp(g->items[k].code, g->items[i].code) == 0)
            return false;
    return true;
}

static void resolve_all(Reader7 *r, const char *specimen)
{
    const Group *g = &r->group;
    for (size_t i = 0; i < g->n; i++) {
        const Candidate *c = &g->items[i];
        if (c->code == NULL) desk_fault(r->desk, specimen, c->value, "OBX-11", c->word);
        if (c->code != NULL && first_of_its_code(g, i)) resolve(r, specimen, i);
    }
    /* Tests that nobody knows are told one by one; in one fault when nothing else was there. */
    if (g->n == 0)
        desk_fault(r->desk, specimen, "result.none", "OBX-3",
                   g->n_unknown > 0 ? g->unknown[0] : NULL);
    for (size_t i = 0; i < g->n_unknown && g->n > 0; i++)
        desk_unknown_test(r->desk, specimen, "OBX-3", g->unknown[i]);
}

void hl7_end_group(Reader7 *r)
{
    if (!r->has_group) return;
    r->has_group = false;
    r->any_group = true;
    if (r->group.control) return; /* controls are never patients */
    const char *specimen = specimen_of(r, &r->group);
    if (specimen == NULL)
        desk_fault(r->desk, "", "hl7.two_specimens", "SPM-2", NULL);
    else if (specimen[0] == '\0')
        desk_fault(r->desk, "", "hl7.no_specimen", "SPM-2", NULL);
    else if (!desk_wants(r->desk, specimen))
        return;
    else if (r->group.n == GROUP_LIMIT)
        desk_fault(r->desk, arena_copy(r->desk->job->arena, specimen), "hl7.too_many", "OBX", NULL);
    else
        resolve_all(r, arena_copy(r->desk->job->arena, specimen));
}

static void begin_group(Reader7 *r)
{
    hl7_end_group(r);
    r->group = (Group){.time = r->sent};
    r->has_group = true;
}

static void read_spm(Reader7 *r, Span spm)
{
    Group *g = &r->group;
    const char *role = hl7_field_text(r, spm, 11, 1);
    add_name(g, subcomponent(r, spm, 2, 2, 1), true);
    add_name(g, subcomponent(r, spm, 2, 1, 1), true);
    g->has_spm = true;
    g->control = g->control || (role[0] != '\0' && strcmp(role, "P") != 0);
}

static void read_obr(Reader7 *r, Span obr)
{
    add_name(&r->group, hl7_field_text(r, obr, 3, 1), false);
    add_name(&r->group, hl7_field_text(r, obr, 2, 1), false);
    r->group.has_obr = true;
    r->group.time = hl7_field_time(r, obr, 22, r->group.time);
}

/* Where a group starts: see the essay above. */
static bool opens_group(const Reader7 *r, Span segment)
{
    if (r->by_specimen) return hl7_is(segment, "SPM");
    return (hl7_is(segment, "ORC") || hl7_is(segment, "OBR")) &&
           (!r->has_group || r->group.has_obr);
}

bool hl7_is_read(const Reader7 *r, Span segment)
{
    static const char *const names[] = {"MSH", "ORC", "OBR", "SPM", "SAC"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (hl7_is(segment, names[i])) return true;
    return hl7_is(segment, "OBX") && hl7_obx_is_read(r, segment);
}

void hl7_read_segment(Reader7 *r, Span segment)
{
    if (!hl7_is(segment, "OBX") && hl7_is_read(r, segment))
        segment = hl7_decoded(r, hl7_kept(segment, &r->d, hl7_is_gb(r), r->arena));
    if (opens_group(r, segment)) begin_group(r);
    if (!r->has_group) return;
    if (hl7_is(segment, "SPM")) read_spm(r, segment);
    if (hl7_is(segment, "SAC")) add_name(&r->group, hl7_field_text(r, segment, 3, 1), false);
    if (hl7_is(segment, "OBR")) read_obr(r, segment);
    if (hl7_is(segment, "OBX")) hl7_read_obx(r, segment);
}
