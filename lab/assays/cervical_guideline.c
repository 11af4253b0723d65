/* A guideline that is asked section by section.
 *
 * Guidelines with memory are not one chart but an order of questions: special populations first,
 * then rare results, then the risk tables, then what fills their gaps. Each section is a decision
 * table over named features of the woman's history (cervical_feature.c); its row "none" passes the
 * question on. Which sections there are, and in which order, is a table too. The interval of a row
 * counts from the mark that the row names. Source of the order for ASCCP 2019: the published engine
 * of CDC and MITRE (ccsm-cds-with-tests), which asks its libraries the same way.
 *
 * Refused: a section whose columns are no features. When no section answers, a clinician decides. */
#include "cervical_guideline.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

Status guideline_prepare(CervicalModel *m, const Reference *reference, const char *sections,
                         Arena *arena, Note *why)
{
    const Table *t = reference_table(reference, sections);
    if (t == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = sections}, NULL);
    m->sections = arena_alloc(arena, t->n_rows * sizeof *m->sections);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *name = table_get(t, r, "table");
        Section *s = &m->sections[m->n_sections++];
        *s = (Section){.code = table_get(t, r, "section"),
                       .library = table_get(t, r, "library"),
                       .rules = reference_rules(reference, name)};
        if (same(name, "cervical/asccp/risk")) continue;
        if (s->rules == NULL)
            return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = name}, NULL);
        Status bound = features_bind(&s->features, s->rules, arena, why);
        if (bound != OK) return bound;
    }
    return OK;
}

static Date base_of(const View *v, const char *mark)
{
    return mark[0] == '\0' ? DATE_NONE : history_mark(v->h, mark_find(mark, strlen(mark)));
}

static Advice ask_rules(const Section *s, const View *v)
{
    Decision d = features_decide(s->rules, s->features, v);
    const char *recommendation = decide_output(s->rules, d, "recommendation");
    return (Advice){.recommendation = d.row < 0 ? "clinician_no_row" : recommendation,
                    .months = decide_output(s->rules, d, "months"),
                    .answer =
                        cervical_answer(decide_output(s->rules, d, "answer"), ANSWER_NOT_ASSESSED),
                    .rules = s->rules,
                    .decision = d,
                    .rule = decide_output(s->rules, d, "rule"),
                    .base = base_of(v, decide_output(s->rules, d, "from")),
                    .section = s->code,
                    .risk = -1};
}

/* The row's action as a recommendation: asked of cervical/asccp/actions with her age. */
static Advice ask_risks(const Section *s, const View *v)
{
    int table = 0;
    Advice none = {.recommendation = "none", .risk = -1, .base = DATE_NONE};
    const CervicalModel *m = v->h->model;
    const char *age = feature_age(v);
    long row = m->risks == NULL || m->actions == NULL ? -1 : risk_find(&table, v);
    if (row < 0) return none;
    const char *values[] = {table_get(m->risks, (size_t)row, "action"), age};
    Decision d = decide(m->actions, values);
    const char *recommendation = decide_output(m->actions, d, "recommendation");
    if (d.row < 0 || same(recommendation, "none")) return none;
    return (Advice){
        .recommendation = recommendation,
        .months = decide_output(m->actions, d, "months"),
        .answer = cervical_answer(decide_output(m->actions, d, "answer"), ANSWER_NOT_ASSESSED),
        .rules = m->actions,
        .decision = d,
        .rule = arena_print(v->arena, "5.T.%d.%s", table, decide_output(m->actions, d, "rule")),
        .base = base_of(v, decide_output(m->actions, d, "from")),
        .section = s->code,
        .risk = row};
}

Advice guideline_ask(const View *v, const char *library)
{
    const CervicalModel *m = v->h->model;
    for (size_t i = 0; i < m->n_sections; i++) {
        const Section *s = &m->sections[i];
        if (library != NULL && !same(library, s->library)) continue;
        if (library == NULL && same(s->library, "screening")) continue;
        Advice a = s->rules == NULL ? ask_risks(s, v) : ask_rules(s, v);
        if (!same(a.recommendation, "none")) return a;
    }
    return (Advice){.recommendation = library == NULL ? "clinician_no_row" : "none",
                    .months = "",
                    .rule = "",
                    .base = DATE_NONE,
                    .risk = -1};
}
