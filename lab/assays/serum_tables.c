/* serum_tables - the tables beside the parameter sets, compiled once: tests, priors, cut-offs, limits, dating, weight, medians.
 *
 * Why compiled: a year's women are judged by the same few rows, and looking them up by name cost ten times the likelihood ratio itself. Why
 * checked here: a row that cannot be meant (an unknown form, two medians of one marker for the same day, a grey zone above the cut-off) must stop the
 * laboratory when it opens the release, not at the first woman it concerns. What a row leaves out is no fault: it is refused when it is asked for. */
#include "serum_model.h"

#include <math.h>
#include <string.h>

enum { LIST_SEPARATOR = '|' };

static const Table *rows_of(const Reference *reference, const char *name, void **out, size_t size,
                            Arena *arena)
{
    const Table *t = reference_table(reference, name);
    *out = arena_alloc(arena, t->n_rows * size);
    return t;
}

/* ---- limits, priors, cut-offs ---- */

static Status take_limits(SerumModel *m, const Table *t, Note *why)
{
    static const char *const keys[SERUM_LIMITS] = {[LIMIT_AGE_MIN] = "age_min",
                                                   [LIMIT_AGE_MOST] = "age_most",
                                                   [LIMIT_UE3_REVIEW] = "ue3_review",
                                                   [LIMIT_PAPPA_REVIEW] = "pappa_review",
                                                   [LIMIT_IMPLAUSIBLE_TAIL] = "implausible_tail",
                                                   [LIMIT_FIRST_FROM] = "first_from",
                                                   [LIMIT_FIRST_TO] = "first_to",
                                                   [LIMIT_SECOND_FROM] = "second_from",
                                                   [LIMIT_SECOND_TO] = "second_to",
                                                   [LIMIT_WEIGHT_FROM] = "weight_from_kg",
                                                   [LIMIT_WEIGHT_TO] = "weight_to_kg"};
    for (int i = 0; i < SERUM_LIMITS; i++) {
        long row = table_find(t, keys[i]);
        if (row < 0)
            return note_fail(why, BAD_INPUT, "serum.table",
                             (Place){.file = t->info.path, .field = keys[i]}, NULL);
        if (!serum_number(t, (size_t)row, "value", 0, MOST_GESTATION, &m->limits[i]))
            return serum_fault(t, (size_t)row, "value", why);
    }
    return OK;
}

static Status take_priors(SerumModel *m, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        SerumPrior *p = &m->priors[m->n_priors++];
        *p = (SerumPrior){.name = table_cell(t, r, 0)};
        const struct {
            const char *column;
            double low, high, *out;
        } cells[] = {{"a", -100, 100, &p->a},
                     {"b", -100, 100, &p->b},
                     {"c", -100, 100, &p->c},
                     {"d", 0, 100, &p->d},
                     {"half_year", 0, 1, &p->half_year},
                     {"survival", 0.01, 1, &p->survival},
                     {"ratio", 0.01, 1000, &p->ratio},
                     {"age_min", 10, 60, &p->age_min},
                     {"age_max", 10, 60, &p->age_max}};
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
            if (!serum_number(t, r, cells[i].column, cells[i].low, cells[i].high, cells[i].out))
                return serum_fault(t, r, cells[i].column, why);
    }
    return OK;
}

static Status take_cutoffs(SerumModel *m, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        SerumCutoff *c = &m->cutoffs[m->n_cutoffs++];
        *c = (SerumCutoff){
            .name = table_cell(t, r, 0), .grey = (double)NAN, .example = t->examples[r]};
        if (!serum_number(t, r, "high", 1e-9, 100, &c->high)) return serum_fault(t, r, "high", why);
        if (table_get(t, r, "grey")[0] != '\0' &&
            !serum_number(t, r, "grey", 1e-9, c->high, &c->grey))
            return serum_fault(t, r, "grey", why);
    }
    m->cutoffs_unverified = strcmp(t->info.status, "unverified") == 0;
    m->cutoffs_table = t->info.name;
    m->cutoffs_version = t->info.version;
    return OK;
}

/* ---- dating, weight, medians ---- */

static Status take_datings(SerumModel *m, const Table *t, Note *why)
{
    static const char *const columns[] = {"c0", "c1", "c2", "c3", "c4"};
    for (size_t r = 0; r < t->n_rows; r++) {
        SerumDating *d = &m->datings[m->n_datings++];
        *d = (SerumDating){.method = table_cell(t, r, 0)};
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            if (!serum_number(t, r, columns[i], -1e3, 1e3, &d->c[i]))
                return serum_fault(t, r, columns[i], why);
        if (!serum_number(t, r, "min_mm", 0, 400, &d->min_mm))
            return serum_fault(t, r, "min_mm", why);
        if (!serum_number(t, r, "max_mm", d->min_mm, 400, &d->max_mm))
            return serum_fault(t, r, "max_mm", why);
        d->exponential = strcmp(table_get(t, r, "form"), "exp") == 0;
        if (!d->exponential && strcmp(table_get(t, r, "form"), "poly") != 0)
            return serum_fault(t, r, "form", why);
    }
    return OK;
}

static int marker_at(const Table *t, size_t row)
{
    const char *code = table_get(t, row, "marker");
    return marker_find(code, strlen(code));
}

static Status take_weights(SerumModel *m, const Table *t, Note *why)
{
    for (int i = 0; i < MARKERS; i++)
        m->weights[i] = (SerumWeight){.a_kg = (double)NAN};
    for (size_t r = 0; r < t->n_rows; r++) {
        int marker = marker_at(t, r);
        if (marker < 0 || !isnan(m->weights[marker].a_kg)) return serum_fault(t, r, "marker", why);
        SerumWeight *w = &m->weights[marker];
        if (!serum_number(t, r, "a_kg", 0, 1000, &w->a_kg)) return serum_fault(t, r, "a_kg", why);
        if (!serum_number(t, r, "b", -10, 10, &w->b)) return serum_fault(t, r, "b", why);
    }
    return OK;
}

const char *serum_condition_code(SerumCondition condition)
{
    static const char *const codes[SERUM_CONDITIONS] = {[CONDITION_SMOKING] = "smoking",
                                                        [CONDITION_INSULIN] = "diabetes_insulin",
                                                        [CONDITION_IVF] = "ivf"};
    return codes[condition];
}

static int condition_at(const Table *t, size_t row)
{
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        if (strcmp(table_get(t, row, "condition"), serum_condition_code((SerumCondition)c)) == 0)
            return c;
    return -1;
}

/* The release ships none: a divisor belongs to a population, and no Chinese one is known. A laboratory enters its own. */
static Status take_corrections(SerumModel *m, const Table *t, Note *why)
{
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        for (int k = 0; k < MARKERS; k++)
            m->corrections[c][k] = (double)NAN;
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        int c = condition_at(t, r), marker = marker_at(t, r);
        if (c < 0) return serum_fault(t, r, "condition", why);
        if (marker < 0 || !isnan(m->corrections[c][marker]))
            return serum_fault(t, r, "marker", why);
        if (!serum_number(t, r, "divisor", 0.2, 5, &m->corrections[c][marker]))
            return serum_fault(t, r, "divisor", why);
        m->corrections_example = m->corrections_example || t->examples[r];
    }
    return OK;
}

static bool form_of(MedianForm *out, const char *name)
{
    static const char *const names[MEDIAN_FORMS] = {[MEDIAN_LOG10_LINEAR] = "log10_linear",
                                                    [MEDIAN_LOG10_QUADRATIC] = "log10_quadratic",
                                                    [MEDIAN_EXPONENTIAL] = "exponential",
                                                    [MEDIAN_QUADRATIC] = "quadratic",
                                                    [MEDIAN_LOG10_CRL] = "log10_crl"};
    for (int i = 0; i < MEDIAN_FORMS; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (MedianForm)i;
            return true;
        }
    return false;
}

static bool overlaps(const SerumModel *m, const SerumMedian *x)
{
    for (int i = 0; i < m->n_medians; i++) {
        const SerumMedian *y = &m->medians[i];
        if (x->marker == y->marker && x->days.from <= y->days.to && y->days.from <= x->days.to)
            return true;
    }
    return false;
}

/* A laboratory that uses two kits for one marker needs two releases, or two markers: which kit measured a value is nowhere said, so two medians
 * for one day would be a choice by order of rows. */
static Status take_medians(SerumModel *m, const Table *t, Note *why)
{
    static const char *const columns[] = {"p1", "p2", "p3"};
    for (size_t r = 0; r < t->n_rows; r++) {
        int marker = marker_at(t, r);
        SerumMedian x = {.unit = table_get(t, r, "unit"), .example = t->examples[r]};
        if (marker < 0) return serum_fault(t, r, "marker", why);
        x.marker = (Marker)marker;
        if (x.unit[0] == '\0') return serum_fault(t, r, "unit", why);
        if (!form_of(&x.form, table_get(t, r, "form"))) return serum_fault(t, r, "form", why);
        for (size_t i = 0; i < 3; i++)
            if (table_get(t, r, columns[i])[0] != '\0' &&
                !serum_number(t, r, columns[i], -1e6, 1e6, &x.p[i]))
                return serum_fault(t, r, columns[i], why);
        if (!serum_days_of(t, r, &x.days) || x.days.from > x.days.to || overlaps(m, &x))
            return serum_fault(t, r, "from_day", why);
        m->medians[m->n_medians++] = x;
        m->medians_example = m->medians_example || x.example;
    }
    return OK;
}

/* ---- tests ---- */

static const char *item_of(const char *condition)
{
    static const char *const items[][2] = {{"t21", "T21"}, {"t18", "T18"}, {"ontd", "ONTD"}};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strcmp(items[i][0], condition) == 0) return items[i][1];
    return NULL;
}

static bool take_markers(SerumAsk *ask, const char *list)
{
    while (*list != '\0') {
        size_t length = strcspn(list, "|");
        int m = marker_find(list, length);
        if (m < 0 || ask->n_markers == GAUSS_MOST) return false;
        ask->markers[ask->n_markers++] = (Marker)m;
        list += length + (list[length] == LIST_SEPARATOR);
    }
    return ask->n_markers > 0;
}

static int find_test(const SerumModel *m, const char *code)
{
    for (int i = 0; i < m->n_tests; i++)
        if (strcmp(m->tests[i].code, code) == 0) return i;
    return -1;
}

static const SerumPrior *find_prior(const SerumModel *m, const char *name)
{
    for (int i = 0; i < m->n_priors; i++)
        if (strcmp(m->priors[i].name, name) == 0) return &m->priors[i];
    return NULL;
}

static const SerumCutoff *find_cutoff(const SerumModel *m, const char *name)
{
    for (int i = 0; i < m->n_cutoffs; i++)
        if (strcmp(m->cutoffs[i].name, name) == 0) return &m->cutoffs[i];
    return NULL;
}

static Status take_ask(SerumModel *m, const Table *t, size_t r, Note *why)
{
    SerumAsk ask = {.test = find_test(m, table_cell(t, r, 0))};
    const char *dating = table_get(t, r, "dating"), *prior = table_get(t, r, "prior");
    if (ask.test < 0) {
        ask.test = m->n_tests++;
        m->tests[ask.test] = (SerumTest){.code = table_cell(t, r, 0), .fallback = -1};
    }
    ask.item = item_of(table_get(t, r, "condition"));
    if (ask.item == NULL) return serum_fault(t, r, "condition", why);
    if (!take_markers(&ask, table_get(t, r, "markers"))) return serum_fault(t, r, "markers", why);
    ask.dating = strcmp(dating, "us") == 0    ? DATING_US
                 : strcmp(dating, "lmp") == 0 ? DATING_LMP
                                              : DATING_ANY;
    ask.by_mom = strcmp(prior, "none") == 0;
    ask.set = ask.by_mom ? NULL : serum_set(m, table_get(t, r, "set"));
    ask.prior = find_prior(m, prior);
    if (!ask.by_mom && ask.prior == NULL) return serum_fault(t, r, "prior", why);
    ask.cutoff = find_cutoff(m, table_get(t, r, "cutoff"));
    m->asks[m->n_asks++] = ask;
    return OK;
}

static bool same_condition(const SerumAsk *a, const SerumAsk *b)
{
    return a->test == b->test && strcmp(a->item, b->item) == 0;
}

static bool dates(const SerumAsk *ask, Dating dating)
{
    return ask->dating == DATING_ANY || ask->dating == dating;
}

/* Which rows begin a condition, and which tests lack a row for a way of dating: asked of every woman, so found once. */
static void find_conditions(SerumModel *m)
{
    for (int i = 0; i < m->n_asks; i++) {
        bool has[2] = {false, false};
        m->asks[i].first = true;
        for (int k = 0; k < m->n_asks; k++) {
            if (!same_condition(&m->asks[k], &m->asks[i])) continue;
            if (k < i) m->asks[i].first = false;
            has[DATING_US] = has[DATING_US] || dates(&m->asks[k], DATING_US);
            has[DATING_LMP] = has[DATING_LMP] || dates(&m->asks[k], DATING_LMP);
        }
        SerumTest *test = &m->tests[m->asks[i].test];
        test->lacks[DATING_US] = test->lacks[DATING_US] || !has[DATING_US];
        test->lacks[DATING_LMP] = test->lacks[DATING_LMP] || !has[DATING_LMP];
    }
}

static Status take_tests(SerumModel *m, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        Status s = take_ask(m, t, r, why);
        if (s != OK) return s;
    }
    find_conditions(m);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *smaller = table_get(t, r, "fallback");
        int *fallback = &m->tests[m->asks[r].test].fallback;
        if (smaller[0] == '\0') continue;
        *fallback = find_test(m, smaller);
        if (*fallback < 0 || *fallback == m->asks[r].test)
            return serum_fault(t, r, "fallback", why);
    }
    return OK;
}

Status serum_tables(SerumModel *m, const Reference *reference, Arena *arena, Note *why)
{
    void *priors, *cutoffs, *datings, *medians, *asks, *tests;
    const Table *p = rows_of(reference, "serum/priors", &priors, sizeof *m->priors, arena),
                *c = rows_of(reference, "serum/cutoffs", &cutoffs, sizeof *m->cutoffs, arena),
                *d = rows_of(reference, "serum/dating", &datings, sizeof *m->datings, arena),
                *e = rows_of(reference, "serum/medians", &medians, sizeof *m->medians, arena),
                *t = rows_of(reference, "serum/tests", &asks, sizeof *m->asks, arena);
    (void)rows_of(reference, "serum/tests", &tests, sizeof *m->tests, arena);
    m->priors = priors;
    m->cutoffs = cutoffs;
    m->datings = datings;
    m->medians = medians;
    m->asks = asks;
    m->tests = tests;
    Status s = take_limits(m, reference_table(reference, "serum/limits"), why);
    if (s == OK) s = take_priors(m, p, why);
    if (s == OK) s = take_cutoffs(m, c, why);
    if (s == OK) s = take_datings(m, d, why);
    if (s == OK) s = take_weights(m, reference_table(reference, "serum/weight"), why);
    if (s == OK) s = take_corrections(m, reference_table(reference, "serum/corrections"), why);
    if (s == OK) s = take_medians(m, e, why);
    if (s == OK) s = take_tests(m, t, why);
    return s;
}
