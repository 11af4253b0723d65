/* Why proven at opening: a gap between two strata of birth weight would be found by the baby who falls into it. Method: the rows of an analyte
 * stand together; those of one stratum tile all ages at collection, and the strata tile the whole line, each beginning where the one before ends. A
 * boundary belongs to the lower stratum (OpenELIS-Iowa, scriptlet/nbs, commit 05c1c13: "<= 1500", "<= 2500", "> 2500").
 *
 * Refuses: gaps, overlaps, two kits for one analyte (which kit measured a spot is nowhere said, so two would be a choice by order of rows), limits on the
 * wrong side of each other, ratios of analytes that are not named. */
#include "newborn_limits.h"

#include <math.h>
#include <string.h>

static Status fault(const Table *t, size_t row, const char *code, const char *field, Note *why)
{
    return note_fail(why, BAD_INPUT, code,
                     (Place){.file = t->info.path, .row = t->lines[row], .field = field}, NULL);
}

/* ---- rows ---- */

static bool end_of(double *out, const Table *t, size_t row, const char *column, double open)
{
    *out = open;
    return table_get(t, row, column)[0] == '\0' ||
           table_number(t, row, table_column(t, column), out);
}

static bool read_span(Span *out, const Table *t, size_t row, const char *above, const char *up_to)
{
    return end_of(&out->above, t, row, above, -HUGE_VAL) &&
           end_of(&out->up_to, t, row, up_to, HUGE_VAL) && out->above < out->up_to;
}

static Status read_row(NewbornLimits *l, const Table *t, size_t row, Note *why)
{
    double replicates;
    *l = (NewbornLimits){.row = table_get(t, row, "row"),
                         .unit = table_get(t, row, "unit"),
                         .example = t->examples[row]};
    l->low_is_bad = strcmp(table_get(t, row, "direction"), "low") == 0;
    if (!l->low_is_bad && strcmp(table_get(t, row, "direction"), "high") != 0)
        return fault(t, row, "newborn.direction", "direction", why);
    l->all = strcmp(table_get(t, row, "duplicates"), "all") == 0;
    if (!l->all && strcmp(table_get(t, row, "duplicates"), "mean") != 0)
        return fault(t, row, "newborn.limits", "duplicates", why);
    if (!table_number(t, row, table_column(t, "borderline"), &l->borderline) ||
        !table_number(t, row, table_column(t, "positive"), &l->positive) ||
        (l->low_is_bad ? l->positive > l->borderline : l->positive < l->borderline))
        return fault(t, row, "newborn.limits", "borderline", why);
    if (!table_number(t, row, table_column(t, "replicates"), &replicates) || replicates < 1 ||
        replicates > NEWBORN_REPLICATES)
        return fault(t, row, "newborn.limits", "replicates", why);
    l->replicates = (int)replicates;
    if (!read_span(&l->stratum, t, row, "above", "up_to"))
        return fault(t, row, "newborn.gap", "above", why);
    if (!read_span(&l->age_h, t, row, "age_above_h", "age_up_to_h"))
        return fault(t, row, "newborn.gap", "age_above_h", why);
    return OK;
}

static bool same_span(Span a, Span b)
{
    return !(a.above < b.above) && !(a.above > b.above) && !(a.up_to < b.up_to) &&
           !(a.up_to > b.up_to);
}

static bool begins(Span s)
{
    return isinf(s.above);
}

static bool ends(Span s)
{
    return isinf(s.up_to);
}

static bool follows(Span before, Span s)
{
    return !ends(before) && !(before.up_to < s.above) && !(before.up_to > s.above);
}

/* Row by row: within a stratum the ages go on, and a stratum begins only where the one before has seen all ages. */
static const char *untiled(const NewbornLimits *l, int n)
{
    for (int i = 0; i < n; i++) {
        bool same = i > 0 && same_span(l[i].stratum, l[i - 1].stratum);
        if (i == 0 && !begins(l[i].stratum)) return "above";
        if (i > 0 && !same && !follows(l[i - 1].stratum, l[i].stratum)) return "above";
        if (same ? !follows(l[i - 1].age_h, l[i].age_h) : !begins(l[i].age_h)) return "age_above_h";
        bool closes = i + 1 == n || !same_span(l[i].stratum, l[i + 1].stratum);
        if (closes && !ends(l[i].age_h)) return "age_up_to_h";
    }
    return ends(l[n - 1].stratum) ? NULL : "up_to";
}

/* ---- analytes ---- */

static bool stratum_of(Stratum *out, const char *name)
{
    static const char *const names[] = {[STRATUM_NONE] = "",
                                        [STRATUM_WEIGHT_G] = "weight_g",
                                        [STRATUM_GESTATION_D] = "gestation_d"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (Stratum)i;
            return true;
        }
    return false;
}

static NewbornAnalyte *find_analyte(const NewbornModel *m, const char *code)
{
    for (int i = 0; i < m->n_analytes; i++)
        if (strcmp(m->analytes[i].code, code) == 0) return &m->analytes[i];
    return NULL;
}

/* Behind the rows from `first` on that are of one analyte. */
static size_t end_of_analyte(const Table *t, size_t first)
{
    size_t end = first + 1;
    while (end < t->n_rows &&
           strcmp(table_get(t, end, "analyte"), table_get(t, first, "analyte")) == 0)
        end++;
    return end;
}

static Status read_analyte(NewbornAnalyte *a, const Table *t, size_t first, Arena *arena, Note *why)
{
    const size_t end = end_of_analyte(t, first);
    NewbornLimits *limits = arena_alloc(arena, (end - first) * sizeof *limits);
    *a = (NewbornAnalyte){.code = table_get(t, first, "analyte"), .limits = limits};
    if (a->code[0] == '\0') return fault(t, first, "newborn.gap", "analyte", why);
    if (!stratum_of(&a->stratum, table_get(t, first, "stratum")))
        return fault(t, first, "newborn.gap", "stratum", why);
    for (size_t r = first; r < end; r++) {
        if (strcmp(table_get(t, r, "stratum"), table_get(t, first, "stratum")) != 0)
            return fault(t, r, "newborn.gap", "stratum", why);
        if (strcmp(table_get(t, r, "kit"), table_get(t, first, "kit")) != 0)
            return fault(t, r, "newborn.limits", "kit", why);
        Status s = read_row(&limits[a->n_limits++], t, r, why);
        if (s != OK) return s;
    }
    const char *field = untiled(limits, a->n_limits);
    if (field != NULL) return fault(t, first, "newborn.gap", field, why);
    if (a->stratum == STRATUM_NONE && !(begins(limits->stratum) && ends(limits->stratum)))
        return fault(t, first, "newborn.gap", "stratum", why);
    return OK;
}

static Status read_cutoffs(NewbornModel *m, const Table *t, Arena *arena, Note *why)
{
    m->analytes = arena_alloc(arena, t->n_rows * sizeof *m->analytes);
    m->table = t->info.name;
    m->version = t->info.version;
    for (size_t r = 0; r < t->n_rows; r += (size_t)m->analytes[m->n_analytes - 1].n_limits) {
        if (find_analyte(m, table_get(t, r, "analyte")) != NULL)
            return fault(t, r, "newborn.gap", "analyte", why);
        Status s = read_analyte(&m->analytes[m->n_analytes], t, r, arena, why);
        if (s != OK) return s;
        m->n_analytes++;
    }
    return OK;
}

/* A ratio without cut-offs of the laboratory is not asked about. */
static Status read_ratios(NewbornModel *m, const Table *t, Note *why)
{
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        NewbornAnalyte *ratio = find_analyte(m, table_cell(t, r, 0));
        const char *numerator = table_get(t, r, "numerator"),
                   *denominator = table_get(t, r, "denominator");
        if (numerator[0] == '\0' || denominator[0] == '\0')
            return fault(t, r, "newborn.limits", "numerator", why);
        if (ratio == NULL) continue;
        ratio->numerator = numerator;
        ratio->denominator = denominator;
    }
    return OK;
}

static Status read_rules(NewbornModel *m, const Table *t, Note *why)
{
    static const char *const keys[NEWBORN_RULES] = {[RULE_EARLY_H] = "early_h",
                                                    [RULE_LATE_H] = "late_h",
                                                    [RULE_SPOTS_MIN] = "spots_min",
                                                    [RULE_SPOT_MM_MIN] = "spot_mm_min"};
    for (int i = 0; i < NEWBORN_RULES; i++) {
        long row = table_find(t, keys[i]);
        if (row < 0 || !table_number(t, (size_t)row, table_column(t, "value"), &m->rules[i]) ||
            m->rules[i] < 0)
            return note_fail(
                why, BAD_INPUT, "newborn.limits",
                (Place){.file = t->info.path, .row = row < 0 ? 0 : t->lines[row], .field = keys[i]},
                NULL);
    }
    return OK;
}

Status newborn_prepare(const void **model, const Reference *reference, Arena *arena, Note *why)
{
    NewbornModel *m = arena_alloc(arena, sizeof *m);
    Status s = read_cutoffs(m, reference_table(reference, "newborn/cutoffs"), arena, why);
    if (s == OK) s = read_ratios(m, reference_table(reference, "newborn/ratios"), why);
    if (s == OK) s = read_rules(m, reference_table(reference, "newborn/rules"), why);
    *model = m;
    return s;
}

/* ---- asking ---- */

static bool inside(Span s, double x)
{
    return x > s.above && x <= s.up_to;
}

const NewbornLimits *newborn_limits(const NewbornAnalyte *a, double key, Span age)
{
    for (int i = 0; i < a->n_limits; i++) {
        const NewbornLimits *l = &a->limits[i];
        bool all_strata = begins(l->stratum) && ends(l->stratum);
        bool all_ages = begins(l->age_h) && ends(l->age_h);
        if (!all_strata && !inside(l->stratum, key)) continue;
        if (all_ages || (inside(l->age_h, age.above) && inside(l->age_h, age.up_to))) return l;
    }
    return NULL;
}

/* At the limit or beyond. A ratio of 0.7 to 3.5 and a mean of 3.1 and 3.3 miss 0.2 and 3.2 by the last bit: that much is the limit itself. */
static bool reaches(const NewbornLimits *l, double value, double limit)
{
    const double rounding = 1e-9 * fabs(limit);
    return l->low_is_bad ? value <= limit + rounding : value >= limit - rounding;
}

static Grade grade(const NewbornLimits *l, double value)
{
    bool positive = reaches(l, value, l->positive);
    bool borderline = reaches(l, value, l->borderline);
    return positive ? GRADE_POSITIVE : borderline ? GRADE_BORDERLINE : GRADE_NORMAL;
}

static Grade grade_of_ends(const NewbornLimits *l, const Reach *values, size_t n, bool upper)
{
    double sum = 0;
    Grade least = GRADE_POSITIVE;
    for (size_t i = 0; i < n; i++) {
        double value = upper ? values[i].to : values[i].from;
        Grade g = grade(l, value);
        sum += value;
        least = g < least ? g : least;
    }
    return l->all ? least : grade(l, sum / (double)n);
}

Grades newborn_grades(const NewbornLimits *l, const Reach *values, size_t n)
{
    return (Grades){.mildest = grade_of_ends(l, values, n, l->low_is_bad),
                    .worst = grade_of_ends(l, values, n, !l->low_is_bad)};
}

Grade newborn_grade_at_least(const NewbornAnalyte *a, const Reach *values, size_t n)
{
    Grade least = GRADE_POSITIVE;
    for (int i = 0; i < a->n_limits; i++) {
        Grade g = newborn_grades(&a->limits[i], values, n).mildest;
        least = g < least ? g : least;
    }
    return least;
}
