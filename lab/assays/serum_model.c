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

static bool in_days(Days days, int day)
{
    return days.from > days.to || (days.from <= day && day <= days.to);
}

Status serum_fault(const Table *t, size_t row, const char *field, Note *why)
{
    return note_fail(why, BAD_INPUT, "serum.table",
                     (Place){.file = t->info.path, .row = t->lines[row], .field = field}, NULL);
}

bool serum_number(const Table *t, size_t row, const char *column, double low, double high,
                  double *out)
{
    return table_number(t, row, table_column(t, column), out) && *out >= low && *out <= high;
}

/* Both ends, or both empty for "any day". */
bool serum_days_of(const Table *t, size_t row, Days *out)
{
    double from, to;
    *out = (Days){1, 0};
    if (table_get(t, row, "from_day")[0] == '\0' && table_get(t, row, "to_day")[0] == '\0')
        return true;
    if (!serum_number(t, row, "from_day", 0, MOST_GESTATION, &from) ||
        !serum_number(t, row, "to_day", from, MOST_GESTATION, &to))
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
            return serum_fault(t, r, "marker", why);
        if (!serum_number(t, r, "mean", -3, 3, &n.mean) ||
            !serum_number(t, r, "slope_per_day", -1, 1, &n.slope))
            return serum_fault(t, r, "mean", why);
        if (!serum_number(t, r, "sd", 1e-6, 2, &n.sd)) return serum_fault(t, r, "sd", why);
        if (!serum_days_of(t, r, &n.days)) return serum_fault(t, r, "from_day", why);
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
            return serum_fault(t, r, "a", why);
        if (!serum_number(t, r, "r", -0.999999, 0.999999, &value))
            return serum_fault(t, r, "r", why);
        if (!serum_days_of(t, r, &days)) return serum_fault(t, r, "from_day", why);
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
        if (set == NULL || m < 0 || set->low[m] > 0) return serum_fault(t, r, "marker", why);
        if (!serum_number(t, r, "low", 1e-3, 100, &set->low[m]) ||
            !serum_number(t, r, "high", set->low[m], 100, &set->high[m]))
            return serum_fault(t, r, "low", why);
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

static PairFault gauss_of(Gauss *out, const Population *p, const Profile *profile)
{
    const Marker *markers = profile->markers;
    const int *days = profile->days;
    int n = profile->n;
    double mean[GAUSS_MOST], sd[GAUSS_MOST], r[GAUSS_MOST][GAUSS_MOST];
    for (int i = 0; i < n; i++) {
        const MarkerNumber *m = number_at(p, markers[i], days[i]);
        if (m == NULL) return PAIR_NO_MODEL;
        mean[i] = m->mean + m->slope * days[i];
        sd[i] = m->sd;
        for (int j = 0; j < i; j++)
            if (!correlation_at(&r[i][j], p, markers[i], markers[j],
                                days[i] < days[j] ? days[i] : days[j]))
                return PAIR_NO_MODEL;
    }
    return gauss_make(out, n, mean, sd, r) ? PAIR_GOOD : PAIR_NO_COVARIANCE;
}

PairFault serum_pair(Gauss *unaffected, Gauss *affected, const ParameterSet *set,
                     const Profile *profile)
{
    PairFault fault = gauss_of(unaffected, &set->unaffected, profile);
    return fault != PAIR_GOOD ? fault : gauss_of(affected, &set->affected, profile);
}

/* ---- no table of correlations may be impossible ---- */

/* Days on which some number of the set begins to hold: between two of them nothing but the means changes. */
static void find_edges(bool *edges, const Population *p)
{
    for (int m = 0; m < MARKERS; m++) {
        for (int i = 0; i < p->n_markers[m]; i++)
            if (p->markers[m][i].days.from <= p->markers[m][i].days.to)
                edges[p->markers[m][i].days.from] = true;
        for (int k = 0; k < MARKERS; k++)
            for (int i = 0; i < p->n_r[m][k]; i++)
                if (p->r_days[m][k][i].from <= p->r_days[m][k][i].to)
                    edges[p->r_days[m][k][i].from] = true;
    }
}

static bool is_first_trimester(Marker m)
{
    return m == MARKER_PAPPA || m == MARKER_NT || m == MARKER_HCG1;
}

static bool possible_at(const SerumAsk *ask, int first, int second)
{
    Gauss a, b;
    Profile p = {.n = ask->n_markers};
    for (int i = 0; i < p.n; i++) {
        p.markers[i] = ask->markers[i];
        p.days[i] = is_first_trimester(p.markers[i]) ? first : second;
    }
    return serum_pair(&a, &b, ask->set, &p) != PAIR_NO_COVARIANCE;
}

/* Every covariance that a woman could meet is positive definite. */
static bool is_possible(const SerumModel *m, const SerumAsk *ask)
{
    bool edges[MOST_GESTATION + 1] = {false};
    find_edges(edges, &ask->set->unaffected);
    find_edges(edges, &ask->set->affected);
    edges[(int)m->limits[LIMIT_FIRST_FROM]] = edges[(int)m->limits[LIMIT_SECOND_FROM]] = true;
    for (int first = 0; first <= MOST_GESTATION; first++)
        for (int second = first; edges[first] && second <= MOST_GESTATION; second++)
            if (edges[second] && !possible_at(ask, first, second)) return false;
    return true;
}

static Status check_covariances(const SerumModel *m, const Table *tests, Note *why)
{
    for (int i = 0; i < m->n_asks; i++)
        if (m->asks[i].set != NULL && !is_possible(m, &m->asks[i]))
            return serum_fault(tests, (size_t)i, "set", why);
    return OK;
}

Status serum_prepare(const void **model, const Reference *reference, Arena *arena, Note *why)
{
    SerumModel *m = arena_alloc(arena, sizeof *m);
    const Table *parameters = reference_table(reference, "serum/parameters");
    m->parameters_unverified = strcmp(parameters->info.status, "unverified") == 0;
    m->parameters_table = parameters->info.name;
    m->parameters_version = parameters->info.version;
    Status s = take_parameters(m, parameters, why);
    if (s == OK) s = take_correlations(m, reference_table(reference, "serum/correlations"), why);
    if (s == OK) s = take_truncation(m, reference_table(reference, "serum/truncation"), why);
    if (s == OK) s = serum_tables(m, reference, arena, why);
    if (s == OK) s = check_covariances(m, reference_table(reference, "serum/tests"), why);
    *model = m;
    return s;
}
