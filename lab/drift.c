/* Why: controls see the analyser, not the medians; when the patients' median MoM leaves 1, the equation, the reagent or the population has changed. A
 * slope over weeks of gestation points at the median equation, one over weight at the weight correction, a spread that is not the parameter
 * set's at the assay; a sequencing run whose euploids do not lie around z = 0 points at its library or its panel.
 *
 * Method: observations of one item and group are taken together. A median or a spread is held against the table's limits, which for an SD are
 * multiples of the SD that the parameter set expects. A share is held against the most that is expected: over it is a warning, and an alarm when even
 * the lower end of Wilson's 95 % interval lies above. Source: limits stand in qc/watch with theirs; the interval is E. B. Wilson, J Am Stat Assoc 22
 * (1927) 209; 1.4826 makes the median absolute deviation of a normal distribution its SD (P. J. Rousseeuw, C. Croux, J Am Stat Assoc 88 (1993) 1273).
 *
 * A small shift that no single week shows adds up: the tabular cumulative sum (E. S. Page, Biometrika 41 (1954) 100) of each group's log10 median in units
 * of its standard error, sqrt(pi/2) SD / sqrt(n), less a slack on either side (qc/settings). A group of too few adds nothing.
 *
 * Refuses: groups with fewer observations than the table asks, whose figure is not told; limits whose expectation the reference does not hold. */
#include "drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double Z95 = 1.959964, MAD_TO_SD = 1.4826;

static double cell(const Table *t, size_t row, const char *column)
{
    double value = NAN;
    (void)table_number(t, row, table_column(t, column), &value);
    return value;
}

/* ---- the table's words ---- */

static const char *const kinds[] = {[BY_MONTH] = "month",
                                    [BY_WEEK] = "week",
                                    [BY_RUN] = "run",
                                    [BY_FINDING] = "finding",
                                    [BY_FACT] = "fact"};
static const char *const figure_kinds[] = {
    [FIGURE_MEDIAN] = "median", [FIGURE_SPREAD] = "spread", [FIGURE_SD_LOG10] = "sd_log10",
    [FIGURE_CUSUM] = "cusum",   [FIGURE_RATE] = "rate",     [FIGURE_FAILED] = "failed"};
enum { KINDS = sizeof kinds / sizeof *kinds, FIGURES = sizeof figure_kinds / sizeof *figure_kinds };

const char *drift_kind_code(DriftKind kind)
{
    return kinds[kind];
}

const char *drift_figure_code(DriftFigureKind kind)
{
    return figure_kinds[kind];
}

bool drift_is_share(DriftFigureKind kind)
{
    return kind == FIGURE_RATE || kind == FIGURE_FAILED;
}

bool drift_by(DriftBy *out, const Table *watch, size_t row, Arena *arena)
{
    const char *by = table_get(watch, row, "by");
    size_t length = strcspn(by, ":");
    int kind = -1;
    for (int i = 0; i < KINDS; i++)
        if (strlen(kinds[i]) == length && strncmp(by, kinds[i], length) == 0) kind = i;
    if (kind < 0) return false;
    *out = (DriftBy){.kind = (DriftKind)kind, .code = ""};
    bool numbered = kind == BY_FINDING || kind == BY_FACT;
    if (!numbered) return by[length] == '\0';
    const char *code = by + length + (by[length] == ':'), *colon = strrchr(code, ':');
    if (colon == NULL || colon == code) return false;
    char *end;
    out->width = strtod(colon + 1, &end);
    out->code = arena_copy_n(arena, code, (size_t)(colon - code));
    return end != colon + 1 && *end == '\0' && out->width > 0;
}

static bool figure_of(DriftFigureKind *out, const Table *watch, size_t row)
{
    for (int i = 0; i < FIGURES; i++)
        if (strcmp(table_get(watch, row, "figure"), figure_kinds[i]) == 0) {
            *out = (DriftFigureKind)i;
            return true;
        }
    return false;
}

/* ---- what is expected ---- */

typedef struct Path { /* "serum/parameters|set=t21_us|class=unaffected|marker={item}|sd" */
    const char *part;
    size_t length;
} Path;

static bool next_part(Path *path)
{
    path->part += path->length + (path->part[path->length] == '|');
    path->length = strcspn(path->part, "|");
    return path->length > 0;
}

static bool part_fits(const Table *t, size_t row, const Path *part, const char *item, Arena *arena)
{
    const char *equals = memchr(part->part, '=', part->length);
    if (equals == NULL) return true; /* the last part: the column that is wanted */
    const char *column = arena_copy_n(arena, part->part, (size_t)(equals - part->part));
    const char *wanted =
        arena_copy_n(arena, equals + 1, part->length - (size_t)(equals + 1 - part->part));
    return strcmp(table_get(t, row, column), strcmp(wanted, "{item}") == 0 ? item : wanted) == 0;
}

/* What an SD should be, where the reference says it: the first row that fits. NAN = nowhere. */
static double expected_sd(const Reference *reference, const char *where, const char *item,
                          Arena *arena)
{
    const Path start = {where, strcspn(where, "|")};
    const Table *t = start.length == 0
                         ? NULL
                         : reference_table(reference, arena_copy_n(arena, where, start.length));
    for (size_t row = 0; t != NULL && row < t->n_rows; row++) {
        Path part = start;
        bool fits = true;
        const char *last = "";
        while (next_part(&part)) {
            fits = fits && part_fits(t, row, &part, item, arena);
            last = arena_copy_n(arena, part.part, part.length);
        }
        if (fits) return cell(t, row, last);
    }
    return NAN;
}

/* ---- figures ---- */

static int by_value(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static double median_of(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double spread_of(double *values, size_t n)
{
    const double middle = median_of(values, n);
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - middle);
    return MAD_TO_SD * median_of(values, n);
}

static double sd_log10_of(double *values, size_t n)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        mean += (values[i] = log10(values[i])) / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return n > 1 ? sqrt(sum / (double)(n - 1)) : NAN;
}

static double number_of(DriftFigureKind kind, const Observation *const *o, size_t n, Arena *arena)
{
    double *values = arena_alloc(arena, n * sizeof *values);
    for (size_t i = 0; i < n; i++)
        values[i] = o[i]->value;
    return kind == FIGURE_MEDIAN || kind == FIGURE_CUSUM ? median_of(values, n)
           : kind == FIGURE_SPREAD                       ? spread_of(values, n)
                                                         : sd_log10_of(values, n);
}

typedef struct Cusum { /* of one item so far */
    double up, down, slack;
} Cusum;

/* The side that is further out, signed. */
static double cusum_add(Cusum *c, double median, size_t n, double sd)
{
    if (!(sd > 0) || isnan(c->slack)) return NAN; /* nobody says what a shift is */
    const double z = log10(median) * sqrt((double)n) / (sqrt(acos(-1) / 2) * sd);
    c->up = fmax(0, c->up + z - c->slack);
    c->down = fmax(0, c->down - z - c->slack);
    return c->up >= c->down ? c->up : -c->down;
}

static void judge_number(DriftFigure *f, const Table *t, const Reference *reference, Arena *arena)
{
    const char *where = table_get(t, f->row, "expected");
    const bool multiples = *where && f->kind != FIGURE_CUSUM;
    double scale = multiples ? expected_sd(reference, where, f->item, arena) : 1;
    double low_alarm = cell(t, f->row, "low_alarm") * scale;
    double high_alarm = cell(t, f->row, "high_alarm") * scale;
    f->low = cell(t, f->row, "low_warning") * scale;
    f->high = cell(t, f->row, "high_warning") * scale;
    f->expected = multiples ? scale : NAN;
    if (isnan(f->value) || (isnan(f->low) && isnan(f->high)))
        f->state = DRIFT_TOLD;
    else if (f->value < low_alarm || f->value > high_alarm)
        f->state = DRIFT_ALARM;
    else
        f->state = f->value < f->low || f->value > f->high ? DRIFT_WARNING : DRIFT_GOOD;
}

static void judge_share(DriftFigure *f, const Table *t)
{
    double n = (double)f->n, p = (double)f->positive / n, z2 = Z95 * Z95;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    f->value = p;
    f->low = fmax(0, centre - half);
    f->high = fmin(1, centre + half);
    f->expected = cell(t, f->row, "high_warning");
    f->state = isnan(f->expected)       ? DRIFT_TOLD
               : f->low > f->expected   ? DRIFT_ALARM
               : f->value > f->expected ? DRIFT_WARNING
                                        : DRIFT_GOOD;
}

typedef struct Pile { /* observations of one item and group */
    const Observation *const *items;
    size_t n;
    Cusum *sum;
} Pile;

static void add_pile(Drift *drift, const Reference *reference, const Table *t, DriftFigure f,
                     Pile pile)
{
    f.item = pile.items[0]->item;
    f.group = pile.items[0]->group;
    f.n = pile.n;
    for (size_t i = 0; i < pile.n; i++)
        f.positive +=
            (f.kind == FIGURE_FAILED ? pile.items[i]->failed : pile.items[i]->positive) ? 1 : 0;
    if (drift_is_share(f.kind)) {
        judge_share(&f, t);
    } else {
        f.value = number_of(f.kind, pile.items, pile.n, drift->arena);
        if (f.kind == FIGURE_CUSUM && (double)pile.n >= cell(t, f.row, "least"))
            f.value = cusum_add(
                pile.sum, f.value, pile.n,
                expected_sd(reference, table_get(t, f.row, "expected"), f.item, drift->arena));
        judge_number(&f, t, reference, drift->arena);
    }
    if ((double)pile.n < cell(t, f.row, "least")) {
        f.state = DRIFT_TOO_FEW;
        f.value = NAN;
    }
    if (drift->n == drift->capacity)
        drift->figures =
            arena_grow(drift->arena, drift->figures, &drift->capacity, sizeof *drift->figures);
    drift->figures[drift->n++] = f;
}

static int by_item_group(const void *x, const void *y)
{
    const Observation *const *a = x, *const *b = y;
    int c = strcmp((*a)->item, (*b)->item);
    if (c == 0) c = (*a)->order < (*b)->order ? -1 : (*a)->order > (*b)->order;
    return c != 0 ? c : strcmp((*a)->group, (*b)->group);
}

static bool same_pile(const Observation *a, const Observation *b)
{
    return strcmp(a->item, b->item) == 0 && strcmp(a->group, b->group) == 0;
}

static bool counts(DriftFigureKind kind, const char *item, const Observation *o)
{
    if (strcmp(item, "*") != 0 && strcmp(item, o->item) != 0) return false;
    if (kind == FIGURE_FAILED) return true;
    if (o->failed) return false;
    if (kind == FIGURE_SD_LOG10 || kind == FIGURE_CUSUM) return o->value > 0 && isfinite(o->value);
    return kind == FIGURE_RATE || isfinite(o->value);
}

static double slack_of(const Reference *reference)
{
    const Table *t = reference_table(reference, "qc/settings");
    const long row = t != NULL ? table_find(t, "cusum_slack") : -1;
    return row >= 0 ? cell(t, (size_t)row, "value") : NAN;
}

void drift_add(Drift *drift, const Reference *reference, const Table *watch, size_t row,
               const Observation *observations, size_t n)
{
    DriftFigure f = {.row = row, .code = table_cell(watch, row, 0)};
    if (!figure_of(&f.kind, watch, row) || !drift_by(&f.by, watch, row, drift->arena)) return;
    const Observation **chosen = arena_alloc(drift->arena, n * sizeof *chosen);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (counts(f.kind, table_get(watch, row, "item"), &observations[i]))
            chosen[m++] = &observations[i];
    qsort(chosen, m, sizeof *chosen, by_item_group);
    Cusum sum = {.slack = slack_of(reference)};
    for (size_t i = 0, end; i < m; i = end) {
        if (i > 0 && strcmp(chosen[i]->item, chosen[i - 1]->item) != 0) sum.up = sum.down = 0;
        for (end = i + 1; end < m && same_pile(chosen[i], chosen[end]);)
            end++;
        add_pile(drift, reference, watch, f, (Pile){chosen + i, end - i, &sum});
    }
}

const char *drift_state_code(DriftState state)
{
    static const char *const codes[] = {[DRIFT_TOO_FEW] = "too_few",
                                        [DRIFT_GOOD] = "good",
                                        [DRIFT_WARNING] = "warning",
                                        [DRIFT_ALARM] = "alarm",
                                        [DRIFT_TOLD] = "told"};
    return codes[state];
}
