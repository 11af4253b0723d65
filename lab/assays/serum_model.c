/* A parameter set is data with a source. It is checked here before the first woman: sizes, ranges, correlations within -1..1,
 * covariance positive definite for every test that names it (in serum_prepare, at every day of its range). A number that the
 * source leaves blank stays blank: a test that needs it has no model. */
#include "serum_model.h"

#include <string.h>

static const char *const marker_codes[MARKERS] = {
    [MARKER_AFP] = "afp",     [MARKER_UE3] = "ue3",
    [MARKER_HCG] = "hcg",     [MARKER_INHA] = "inha",
    [MARKER_PAPPA] = "pappa", [MARKER_NT] = "nt",
    [MARKER_HCG1] = "hcg1",   [MARKER_FREE_BETA] = "free_beta",
};

const char *marker_code(Marker marker)
{
    return marker_codes[marker];
}

int marker_find(const char *code, size_t length)
{
    for (int m = 0; m < MARKERS; m++)
        if (strlen(marker_codes[m]) == length && memcmp(marker_codes[m], code, length) == 0)
            return m;
    return -1;
}

const ParameterSet *serum_set(const SerumModel *model, const char *name)
{
    for (int i = 0; i < model->n_sets; i++)
        if (strcmp(model->sets[i].name, name) == 0) return &model->sets[i];
    return NULL;
}

double serum_limit(const SerumModel *model, const char *key)
{
    double value = 0;
    long row = table_find(model->limits, key);
    if (row >= 0)
        (void)table_number(model->limits, (size_t)row, table_column(model->limits, "value"),
                           &value);
    return value;
}

static bool in_days(Days days, int day)
{
    return days.from > days.to || (days.from <= day && day <= days.to);
}

static Status row_fault(const Table *t, size_t row, const char *field, Note *why)
{
    return note_fail(why, BAD_INPUT, "serum.table",
                     (Place){.file = t->info.path, .row = t->lines[row], .field = field}, NULL);
}

static bool number_in(const Table *t, size_t row, const char *column, double low, double high,
                      double *out)
{
    return table_number(t, row, table_column(t, column), out) && *out >= low && *out <= high;
}

/* Both ends, or both empty for "any day". */
static bool days_in(const Table *t, size_t row, Days *out)
{
    double from, to;
    *out = (Days){1, 0};
    if (table_get(t, row, "from_day")[0] == '\0' && table_get(t, row, "to_day")[0] == '\0')
        return true;
    if (!number_in(t, row, "from_day", 0, 308, &from) ||
        !number_in(t, row, "to_day", from, 308, &to))
        return false;
    *out = (Days){(int)from, (int)to};
    return true;
}

static ParameterSet *set_for(SerumModel *model, const char *name)
{
    for (int i = 0; i < model->n_sets; i++)
        if (strcmp(model->sets[i].name, name) == 0) return &model->sets[i];
    if (model->n_sets == SERUM_SETS) return NULL;
    ParameterSet *set = &model->sets[model->n_sets++];
    *set = (ParameterSet){.name = name};
    return set;
}

static Population *population_of(SerumModel *model, const Table *t, size_t row)
{
    ParameterSet *set = set_for(model, table_get(t, row, "set"));
    const char *class = table_get(t, row, "class");
    if (set == NULL) return NULL;
    return strcmp(class, "unaffected") == 0 ? &set->unaffected
           : strcmp(class, "affected") == 0 ? &set->affected
                                            : NULL;
}

static int marker_in(const Table *t, size_t row, const char *column)
{
    const char *code = table_get(t, row, column);
    return marker_find(code, strlen(code));
}

static Status take_parameters(SerumModel *model, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        Population *p = population_of(model, t, r);
        int m = marker_in(t, r, "marker");
        MarkerNumber n;
        if (p == NULL || m < 0 || p->n_markers[m] == SERUM_PIECES)
            return row_fault(t, r, "marker", why);
        if (!number_in(t, r, "mean", -3, 3, &n.mean) ||
            !number_in(t, r, "slope_per_day", -1, 1, &n.slope))
            return row_fault(t, r, "mean", why);
        if (!number_in(t, r, "sd", 1e-6, 2, &n.sd)) return row_fault(t, r, "sd", why);
        if (!days_in(t, r, &n.days)) return row_fault(t, r, "from_day", why);
        p->markers[m][p->n_markers[m]++] = n;
    }
    return OK;
}

static Status take_correlations(SerumModel *model, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        Population *p = population_of(model, t, r);
        int a = marker_in(t, r, "a"), b = marker_in(t, r, "b");
        double value;
        Days days;
        if (p == NULL || a < 0 || b < 0 || a == b || p->n_r[a][b] == SERUM_PIECES)
            return row_fault(t, r, "a", why);
        if (!number_in(t, r, "r", -0.999999, 0.999999, &value)) return row_fault(t, r, "r", why);
        if (!days_in(t, r, &days)) return row_fault(t, r, "from_day", why);
        int at = p->n_r[a][b]++;
        p->n_r[b][a] = p->n_r[a][b];
        p->r[a][b][at] = p->r[b][a][at] = value;
        p->r_days[a][b][at] = p->r_days[b][a][at] = days;
    }
    return OK;
}

static Status take_truncation(SerumModel *model, const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        ParameterSet *set = set_for(model, table_get(t, r, "set"));
        int m = marker_in(t, r, "marker");
        if (set == NULL || m < 0 || set->low[m] > 0) return row_fault(t, r, "marker", why);
        if (!number_in(t, r, "low", 1e-3, 100, &set->low[m]) ||
            !number_in(t, r, "high", set->low[m], 100, &set->high[m]))
            return row_fault(t, r, "low", why);
    }
    return OK;
}

static const MarkerNumber *number_at(const Population *p, Marker m, int day)
{
    for (int i = 0; i < p->n_markers[m]; i++)
        if (in_days(p->markers[m][i].days, day)) return &p->markers[m][i];
    return NULL;
}

/* A correlation that changes with gestation is a first-trimester one: the earlier of the two days decides. */
static bool correlation_at(double *out, const Population *p, Marker a, Marker b, int day)
{
    for (int i = 0; i < p->n_r[a][b]; i++)
        if (in_days(p->r_days[a][b][i], day)) {
            *out = p->r[a][b][i];
            return true;
        }
    return false;
}

static bool gauss_of(Gauss *out, const Population *p, const Profile *profile)
{
    const Marker *markers = profile->markers;
    const int *days = profile->days;
    int n = profile->n;
    double mean[GAUSS_MOST], sd[GAUSS_MOST], r[GAUSS_MOST][GAUSS_MOST] = {{0}};
    for (int i = 0; i < n; i++) {
        const MarkerNumber *m = number_at(p, markers[i], days[i]);
        if (m == NULL) return false;
        mean[i] = m->mean + m->slope * days[i];
        sd[i] = m->sd;
        for (int j = 0; j < i; j++)
            if (!correlation_at(&r[i][j], p, markers[i], markers[j],
                                days[i] < days[j] ? days[i] : days[j]))
                return false;
    }
    return gauss_make(out, n, mean, sd, r);
}

bool serum_pair(Gauss *unaffected, Gauss *affected, const ParameterSet *set, const Profile *profile)
{
    return gauss_of(unaffected, &set->unaffected, profile) &&
           gauss_of(affected, &set->affected, profile);
}

Status serum_prepare(const void **model, const Reference *reference, Arena *arena, Note *why)
{
    SerumModel *m = arena_alloc(arena, sizeof *m);
    m->parameters = reference_table(reference, "serum/parameters");
    m->tests = reference_table(reference, "serum/tests");
    m->priors = reference_table(reference, "serum/priors");
    m->cutoffs = reference_table(reference, "serum/cutoffs");
    m->limits = reference_table(reference, "serum/limits");
    m->dating = reference_table(reference, "serum/dating");
    m->weight = reference_table(reference, "serum/weight");
    m->medians = reference_table(reference, "serum/medians");
    Status s = take_parameters(m, m->parameters, why);
    if (s == OK) s = take_correlations(m, reference_table(reference, "serum/correlations"), why);
    if (s == OK) s = take_truncation(m, reference_table(reference, "serum/truncation"), why);
    *model = m;
    return s;
}
