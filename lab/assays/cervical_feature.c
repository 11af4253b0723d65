/* The words in which a guideline asks about a woman's history.
 *
 * Guidelines differ in their rules, not in what they look at: reports, their order, the months
 * between them, what is declared. So the rules are rows of tables, and the columns of these tables
 * are words of one small language: a report's word, months between two marks (cervical_mark.c), a
 * declared fact, and a few questions (cervical_question.c). Method: decision tables over named
 * features, each table proven by lab/decide. Source of the intervals: the tables' own rows.
 *
 * Refused: a column that is no word of the language, when the reference opens. */
#include "cervical_feature.h"

#include <string.h>

typedef enum Kind {
    KIND_ASK,
    KIND_WORD,
    KIND_HAS,
    KIND_PASSED,
    KIND_BEGUN,
    KIND_ORDER,
    KIND_FACT
} Kind;

struct Feature {
    Kind kind;
    Ask ask;
    int a, b;         /* marks */
    const char *text; /* class value, fact */
};

/* "A<between>B" from `name` on, both marks. */
static bool two_marks(Feature *f, Kind kind, const char *name, const char *between)
{
    for (const char *at = strstr(name, between); at != NULL; at = strstr(at + 1, between)) {
        const char *second = at + strlen(between);
        f->a = mark_find(name, (size_t)(at - name));
        f->b = mark_find(second, strlen(second));
        f->kind = kind;
        if (f->a >= 0 && f->b >= 0) return true;
    }
    return false;
}

static bool feature_parse(Feature *f, const char *name)
{
    *f = (Feature){.kind = KIND_ASK, .ask = question_find(name)};
    if (f->ask != NULL) return true;
    *f = (Feature){.kind = KIND_WORD, .a = mark_find(name, strlen(name))};
    if (f->a >= 0) return true;
    if (strncmp(name, "fact_", 5) == 0) {
        *f = (Feature){.kind = KIND_FACT, .text = name + 5};
        return true;
    }
    const char *has = strstr(name, "_has_");
    if (has != NULL) {
        *f = (Feature){KIND_HAS, NULL, mark_find(name, (size_t)(has - name)), -1, has + 5};
        return f->a >= 0;
    }
    if (strncmp(name, "passed_", 7) == 0) return two_marks(f, KIND_PASSED, name + 7, "_to_");
    if (strncmp(name, "begun_", 6) == 0) return two_marks(f, KIND_BEGUN, name + 6, "_to_");
    return two_marks(f, KIND_ORDER, name, "_vs_");
}

Status features_bind(const Feature **out, const Rules *rules, Arena *arena, Note *why)
{
    size_t n = decide_inputs(rules);
    Feature *features = arena_alloc(arena, n * sizeof *features);
    for (size_t i = 0; i < n; i++) {
        const char *name = decide_input_name(rules, i);
        if (!feature_parse(&features[i], name))
            return note_fail(why, BAD_INPUT, "cervical.table",
                             (Place){decide_table(rules)->info.path, 0, name}, "%s", name);
    }
    *out = features;
    return OK;
}

static const char *number(int n, Arena *arena)
{
    return n < 0 ? "" : arena_print(arena, "%d", n);
}

static const char *feature_value(const Feature *f, const View *v)
{
    const Report *r =
        f->kind == KIND_WORD || f->kind == KIND_HAS ? history_report(v->h, f->a) : NULL;
    Date a = history_mark(v->h, f->a), b = history_mark(v->h, f->b);
    switch (f->kind) {
    case KIND_ASK:
        return f->ask(v);
    case KIND_WORD:
        return r == NULL ? "" : r->word;
    case KIND_HAS:
        return report_has(r, v->h->model, f->text) ? "yes" : "no";
    case KIND_PASSED:
        return number(months_passed(a, b), v->arena);
    case KIND_BEGUN:
        return number(months_begun(a, b), v->arena);
    case KIND_ORDER:
        return a == DATE_NONE || b == DATE_NONE ? "" : a < b ? "before" : a == b ? "same" : "after";
    case KIND_FACT:
        return declared(v->h, f->text);
    }
    return "";
}

Decision features_decide(const Rules *rules, const Feature *features, const View *v)
{
    const char *values[DECIDE_INPUTS];
    for (size_t i = 0; i < decide_inputs(rules); i++)
        values[i] = feature_value(&features[i], v);
    return decide(rules, values);
}
