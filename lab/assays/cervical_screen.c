/* One sample's results become states that a guideline knows.
 *
 * HPV. A kit reports channels (16, 18, the other twelve together, all fourteen pooled) or single
 * genotypes; genotypes are gathered into channels by cervical/types.tsv, and
 * cervical/hpv_state.tsv turns four channels into one state. The rules that must never break: a
 * positive reading is never replaced; a channel is negative only when it, or every type that it
 * needs, is; a channel that is missing or failed beside others that were reported is invalid;
 * low-risk types never count.
 *
 * Cytology, visual inspection, colposcopy, histology. Of several readings of one sample the most
 * severe class holds, by the ranks of cervical/classes.tsv. A class that the table does not know
 * is for a person. */
#include "cervical_guideline.h"

#include <string.h>

static const char *const TEST_CODES[TESTS] = {
    [TEST_HPV] = "hpv",
    [TEST_CYTOLOGY] = "cytology",
    [TEST_VISUAL] = "visual",
    [TEST_COLPOSCOPY] = "colposcopy",
    [TEST_HISTOLOGY] = "histology",
    [TEST_TREATMENT] = "treatment",
};

/* --- the model -------------------- */

static Channel channel_parse(const char *code)
{
    static const char *const codes[CHANNELS] = {"none", "16", "18", "other", "pooled"};
    for (int c = CHANNEL_16; c < CHANNELS; c++)
        if (strcmp(codes[c], code) == 0) return (Channel)c;
    return CHANNEL_NONE;
}

static bool answer_parse(Answer *out, const char *code)
{
    for (int a = 0; a < ANSWERS; a++)
        if (strcmp(answer_code((Answer)a), code) == 0) {
            *out = (Answer)a;
            return true;
        }
    return false;
}

static Status table_fault(const Table *t, size_t row, const char *field, Note *why)
{
    return note_fail(why, BAD_INPUT, "cervical.table", (Place){t->info.path, t->lines[row], field},
                     "%s", table_get(t, row, field));
}

static Status read_types(CervicalModel *m, const char *required, Note *why)
{
    const Table *t = m->types_table;
    if (t->n_rows > HPV_TYPES)
        return note_fail(why, TOO_LARGE, "cervical.table", (Place){.file = t->info.path}, NULL);
    int needed = table_column(t, required);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *channel = table_get(t, r, "channel");
        m->types[r] = (HpvType){.code = table_get(t, r, "code"),
                                .item = table_get(t, r, "item"),
                                .channel = channel_parse(channel),
                                .whole = strcmp(table_cell(t, r, needed), "whole") == 0,
                                .required = strcmp(table_cell(t, r, needed), "yes") == 0};
        if (m->types[r].channel == CHANNEL_NONE && strcmp(channel, "none") != 0)
            return table_fault(t, r, "channel", why);
    }
    m->n_types = t->n_rows;
    return OK;
}

static Status read_classes(CervicalModel *m, Arena *arena, Note *why)
{
    const Table *t = m->classes_table;
    if (t->n_rows > RESULT_CLASSES)
        return note_fail(why, TOO_LARGE, "cervical.table", (Place){.file = t->info.path}, NULL);
    m->classes = arena_alloc(arena, t->n_rows * sizeof *m->classes);
    for (size_t r = 0; r < t->n_rows; r++) {
        ResultClass *k = &m->classes[m->n_classes++];
        *k = (ResultClass){.value = table_get(t, r, "value"),
                           .detail = table_get(t, r, "detail"),
                           .chart = table_get(t, r, "chart"),
                           .risk = table_get(t, r, "risk"),
                           .test = TESTS,
                           .cin2plus = strcmp(table_get(t, r, "cin2plus"), "yes") == 0};
        for (int test = TEST_CYTOLOGY; test < TESTS; test++)
            if (strcmp(TEST_CODES[test], table_get(t, r, "test")) == 0) k->test = (Test)test;
        if (k->test == TESTS) return table_fault(t, r, "test", why);
        if (!answer_parse(&k->answer, table_get(t, r, "answer")))
            return table_fault(t, r, "answer", why);
        if (!table_number(t, r, table_column(t, "rank"), &k->rank))
            return table_fault(t, r, "rank", why);
    }
    return OK;
}

/* "yes", or the policy's chart or sections among "a|b|c". */
static bool carried_out(const char *implemented, const char *by)
{
    size_t n = strlen(by);
    if (strcmp(implemented, "yes") == 0) return true;
    for (const char *at = implemented; n > 0 && (at = strstr(at, by)) != NULL; at += n)
        if ((at == implemented || at[-1] == '|') && (at[n] == '\0' || at[n] == '|')) return true;
    return false;
}

static bool option_in_force(const Table *policies, size_t row, const Table *switches, size_t option)
{
    const char *chart = table_get(policies, row, "chart");
    const char *by = chart[0] != '\0' ? chart : table_get(policies, row, "sections");
    const char *chosen = table_get(policies, row, table_cell(switches, option, 0));
    return strcmp(table_get(switches, option, "option"), chosen) == 0 &&
           carried_out(table_get(switches, option, "implemented"), by);
}

/* A switch option is in force only where the policy's own tables carry it out; a policy that names
 * another is refused. */
static bool options_implemented(const Table *policies, size_t row, const Table *switches)
{
    for (size_t s = 0; s < switches->n_rows; s++) {
        bool found = false;
        for (size_t o = 0; o < switches->n_rows; o++)
            found = found || (strcmp(table_cell(switches, o, 0), table_cell(switches, s, 0)) == 0 &&
                              option_in_force(policies, row, switches, o));
        if (!found) return false;
    }
    return true;
}

static Status read_windows(CervicalModel *m, const Table *t, Note *why)
{
    static const char *const keys[WINDOWS] = {
        [WINDOW_SCREENING] = "screening",     [WINDOW_BIOPSY] = "biopsy",
        [WINDOW_HPV_CHAIN] = "hpv_chain",     [WINDOW_REFERRAL] = "referral",
        [WINDOW_PREGNANCY] = "pregnancy",     [WINDOW_PERSISTS_FROM] = "persists_from",
        [WINDOW_PERSISTS_TO] = "persists_to",
    };
    for (int w = 0; w < WINDOWS; w++) {
        long row = table_find(t, keys[w]);
        double value;
        if (row < 0 || !table_number(t, (size_t)row, table_column(t, "value"), &value) ||
            value < 0 || value > 1200)
            return note_fail(why, BAD_INPUT, "cervical.table", (Place){t->info.path, 0, keys[w]},
                             "%s", keys[w]);
        m->windows[w] = (int)value;
    }
    return OK;
}

static bool whole_chart(const CervicalModel *m)
{
    return m->chart != NULL && m->scope != NULL && m->followup != NULL;
}

static Status read_policy(CervicalModel *m, const Reference *reference, size_t r, Arena *arena,
                          Note *why)
{
    const Table *t = m->policies;
    const char *sections = table_get(t, r, "sections");
    m->policy = table_cell(t, r, 0);
    m->guideline = table_get(t, r, "guideline");
    m->guideline_version = table_get(t, r, "guideline_version");
    m->chart = reference_rules(reference, table_get(t, r, "chart"));
    m->scope = reference_rules(reference, table_get(t, r, "scope"));
    m->followup = reference_rules(reference, table_get(t, r, "followup"));
    double days;
    bool timed =
        table_number(t, r, table_column(t, "cotest_days"), &days) && days >= 0 && days <= 366;
    m->cotest_seconds = timed ? (Instant)(days * 86400) : 0;
    Status s = sections[0] == '\0' ? OK : guideline_prepare(m, reference, sections, arena, why);
    m->refused = !timed || strcmp(table_get(t, r, "implemented"), "yes") != 0 ||
                 (m->n_sections == 0 && !whole_chart(m)) ||
                 !options_implemented(t, r, reference_table(reference, "cervical/switches"));
    return s;
}

/* Column of types.tsv for the policy's hpv.required_types: "14" -> "types14". */
static const char *types_column(const CervicalModel *m, size_t policy, Arena *arena)
{
    const char *n = table_get(m->policies, policy, "hpv.required_types");
    const char *column = arena_print(arena, "types%s", n);
    return table_column(m->types_table, column) < 0 ? "types14" : column;
}

static Status read_model(CervicalModel *m, const Reference *reference, size_t policy, Arena *arena,
                         Note *why)
{
    *m = (CervicalModel){.types_table = reference_table(reference, "cervical/types"),
                         .classes_table = reference_table(reference, "cervical/classes"),
                         .policies = reference_table(reference, "cervical/policies"),
                         .risks = reference_table(reference, "cervical/asccp/risk"),
                         .actions = reference_rules(reference, "cervical/asccp/actions"),
                         .hpv_state = reference_rules(reference, "cervical/hpv_state"),
                         .special = reference_rules(reference, "cervical/special"),
                         .previous = reference_rules(reference, "cervical/previous")};
    Status s = read_policy(m, reference, policy, arena, why);
    if (s == OK) s = read_types(m, types_column(m, policy, arena), why);
    if (s == OK) s = read_classes(m, arena, why);
    if (s == OK) s = read_windows(m, reference_table(reference, "cervical/windows"), why);
    return s;
}

Status cervical_prepare(const void **models, const Reference *reference, Arena *arena, Note *why)
{
    const Table *policies = reference_table(reference, "cervical/policies");
    CervicalModels *all = arena_alloc(arena, sizeof *all);
    CervicalModel *items = arena_alloc(arena, policies->n_rows * sizeof *items);
    *all = (CervicalModels){.items = items,
                            .n = policies->n_rows,
                            .chosen = reference_table(reference, "cervical/centre_policy")};
    for (size_t r = 0; r < policies->n_rows; r++) {
        Status s = read_model(&items[r], reference, r, arena, why);
        if (s != OK) return s;
        if (strcmp(items[r].policy, reference_site(reference, "cervical_policy")) == 0)
            all->standing = &items[r];
    }
    *models = all;
    return OK;
}

static const CervicalModel *policy_named(const CervicalModels *models, const char *name)
{
    for (size_t i = 0; i < models->n; i++)
        if (strcmp(models->items[i].policy, name) == 0) return &models->items[i];
    return NULL;
}

/* A centre that names a policy which is not there gets none: nobody is judged by another one. */
const CervicalModel *cervical_policy(const CervicalModels *models, const Centres *centres,
                                     const char *centre)
{
    const Centre *at = centre == NULL || centres == NULL ? NULL : centre_find(centres, centre);
    for (; at != NULL && models->chosen != NULL; at = at->parent) {
        long row = table_find(models->chosen, at->id);
        if (row >= 0) return policy_named(models, table_get(models->chosen, (size_t)row, "policy"));
    }
    return models->standing;
}

/* --- one sample -------------------- */

static bool without_result(Answer a)
{
    return a != ANSWER_POSITIVE && a != ANSWER_NEGATIVE;
}

/* The same time is the same measurement, sent twice: no second try. */
static void reading_take(Reading *reading, const Result *result)
{
    Answer answer;
    if (result->value == NULL || !answer_parse(&answer, result->value)) answer = ANSWER_INVALID;
    if (reading->given && reading->answer == ANSWER_POSITIVE) return;
    bool timed = result->time != INSTANT_NONE;
    bool older = reading->given && timed && result->time < reading->time;
    bool tried_before = reading->given && !(timed && result->time == reading->time) &&
                        without_result(answer) && without_result(reading->answer);
    if (older && answer != ANSWER_POSITIVE) {
        reading->again = reading->again || tried_before;
        return;
    }
    reading->again = tried_before;
    reading->given = true;
    reading->answer = answer;
    reading->time = result->time;
}

static void class_take(Screen *s, const CervicalModel *m, Test test, const char *value)
{
    for (size_t i = 0; i < m->n_classes; i++) {
        const ResultClass *k = &m->classes[i];
        if (k->test != test || value == NULL || strcmp(k->value, value) != 0) continue;
        s->seen[test] |= UINT64_C(1) << i;
        if (s->classes[test] == NULL || k->rank > s->classes[test]->rank) s->classes[test] = k;
        return;
    }
    if (test == TEST_CYTOLOGY && !s->unknown_value) {
        s->unknown_value = true;
        class_take(s, m, test, "unmatched");
    }
    s->unknown_value = true;
}

static void result_take(Screen *s, const CervicalModel *m, const Result *result)
{
    for (size_t i = 0; i < m->n_types; i++)
        if (strcmp(m->types[i].code, result->code) == 0) {
            reading_take(&s->types[i], result);
            return;
        }
    for (int test = TEST_CYTOLOGY; test < TESTS; test++)
        if (strcmp(TEST_CODES[test], result->code) == 0)
            class_take(s, m, (Test)test, result->value);
}

/* "" not reported, "pos", "neg" or "inv". */
static const char *channel_value(const Screen *s, const CervicalModel *m, Channel channel)
{
    bool given = false, whole = false, every = true, needed = false;
    for (size_t i = 0; i < m->n_types; i++) {
        const Reading *r = &s->types[i];
        bool negative = r->given && r->answer == ANSWER_NEGATIVE;
        if (m->types[i].channel != channel) continue;
        if (r->given && r->answer == ANSWER_POSITIVE) return "pos";
        given = given || r->given;
        whole = whole || (m->types[i].whole && negative);
        needed = needed || m->types[i].required;
        every = every && (!m->types[i].required || negative);
    }
    if (!given) return "";
    return whole || (needed && every) ? "neg" : "inv";
}

/* Why there is no result: a reading was invalid, failed, or a channel never came. */
static Answer hpv_fault(const Screen *s, const CervicalModel *m)
{
    Answer a = ANSWER_MISSING;
    for (size_t i = 0; i < m->n_types; i++) {
        if (!s->types[i].given || m->types[i].channel == CHANNEL_NONE) continue;
        if (s->types[i].answer == ANSWER_INVALID) return ANSWER_INVALID;
        if (s->types[i].answer == ANSWER_FAILED) a = ANSWER_FAILED;
    }
    return a;
}

static void judge_hpv(Screen *s, const CervicalModel *m)
{
    const char *channels[] = {channel_value(s, m, CHANNEL_16), channel_value(s, m, CHANNEL_18),
                              channel_value(s, m, CHANNEL_OTHER),
                              channel_value(s, m, CHANNEL_POOLED)};
    s->hpv = decide(m->hpv_state, channels);
    const char *state = decide_output(m->hpv_state, s->hpv, "state");
    s->value[TEST_HPV] = strcmp(state, "missing") == 0 ? "" : state;
    if (strncmp(state, "pos", 3) == 0)
        s->answer[TEST_HPV] = ANSWER_POSITIVE;
    else
        s->answer[TEST_HPV] = strcmp(state, "negative") == 0 ? ANSWER_NEGATIVE : hpv_fault(s, m);
    for (size_t i = 0; i < m->n_types; i++)
        s->hpv_again = s->hpv_again || (m->types[i].channel != CHANNEL_NONE && s->types[i].again &&
                                        without_result(s->types[i].answer));
}

/* A self-sample holds no cells for cytology: "normal" on it says nothing. */
static void distrust_self_sample(Screen *s, const CervicalModel *m)
{
    const ResultClass *k = s->classes[TEST_CYTOLOGY];
    if (s->sample->material != MATERIAL_SELF_SAMPLED || k == NULL || k->answer != ANSWER_NEGATIVE)
        return;
    s->classes[TEST_CYTOLOGY] = NULL;
    s->seen[TEST_CYTOLOGY] = 0;
    class_take(s, m, TEST_CYTOLOGY, "unsatisfactory");
}

void screen_read(Screen *out, const CervicalModel *model, const Sample *sample)
{
    const Evidence *e = &sample->evidence;
    *out = (Screen){.sample = sample};
    for (size_t i = 0; i < e->n_results && e->status == OK; i++)
        result_take(out, model, &e->results[i]);
    distrust_self_sample(out, model);
    judge_hpv(out, model);
    out->usable = out->value[TEST_HPV][0] != '\0';
    for (int test = TEST_CYTOLOGY; test < TESTS; test++) {
        const ResultClass *k = out->classes[test];
        out->value[test] = k ? k->chart : "";
        out->answer[test] = k ? k->answer : ANSWER_NOT_ASSESSED;
        out->usable = out->usable || k != NULL;
    }
}
