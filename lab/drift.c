/* Why: controls see the analyser, not the medians; when the patients' median MoM leaves 1, the equation, the reagent or the population has changed.
 * Method: observations of one code and item are taken together by month. A median is held against the table's warning and alarm limits; a share of
 * positives against the most that is expected: over it is a warning, and an alarm when even the lower end of Wilson's 95 % interval lies above.
 * Source: limits stand in qc/watch with theirs; the interval is E. B. Wilson, J Am Stat Assoc 22 (1927) 209.
 * Refuses: months with fewer observations than the table asks, which are told as too few. */
#include "drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double Z95 = 1.959964;

static int by_item_month(const void *x, const void *y)
{
    const Observation *const *a = x, *const *b = y;
    int c = strcmp((*a)->item, (*b)->item);
    if (c == 0) c = strcmp((*a)->month, (*b)->month);
    if (c != 0) return c;
    return (*a)->value < (*b)->value ? -1 : (*a)->value > (*b)->value;
}

static double cell(const Table *t, size_t row, const char *column)
{
    double value = NAN;
    (void)table_number(t, row, table_column(t, column), &value);
    return value;
}

static void judge_median(DriftFigure *f, const Table *t, size_t row,
                         const Observation *const *sorted)
{
    f->value = f->n % 2 ? sorted[f->n / 2]->value
                        : (sorted[f->n / 2 - 1]->value + sorted[f->n / 2]->value) / 2;
    f->low = cell(t, row, "low_warning");
    f->high = cell(t, row, "high_warning");
    f->expected = 1;
    if (f->value < cell(t, row, "low_alarm") || f->value > cell(t, row, "high_alarm"))
        f->state = DRIFT_ALARM;
    else
        f->state = f->value < f->low || f->value > f->high ? DRIFT_WARNING : DRIFT_GOOD;
}

static void judge_rate(DriftFigure *f, const Table *t, size_t row)
{
    double n = (double)f->n, p = (double)f->positive / n, z2 = Z95 * Z95;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    f->value = p;
    f->low = fmax(0, centre - half);
    f->high = fmin(1, centre + half);
    f->expected = cell(t, row, "high_warning");
    f->state = f->low > f->expected ? DRIFT_ALARM : p > f->expected ? DRIFT_WARNING : DRIFT_GOOD;
}

static DriftFigure figure_of(const Table *t, size_t row, const Observation *const *sorted, size_t n)
{
    DriftFigure f = {
        .code = sorted[0]->code, .item = sorted[0]->item, .month = sorted[0]->month, .n = n};
    f.rate = strcmp(table_get(t, row, "figure"), "rate") == 0;
    for (size_t i = 0; i < n; i++)
        f.positive += sorted[i]->positive ? 1 : 0;
    if (f.rate)
        judge_rate(&f, t, row);
    else
        judge_median(&f, t, row, sorted);
    if ((double)n < cell(t, row, "least")) f.state = DRIFT_TOO_FEW;
    return f;
}

static bool fits(const Table *t, size_t row, const Observation *o)
{
    const char *item = table_get(t, row, "item");
    bool rate = strcmp(table_get(t, row, "figure"), "rate") == 0;
    return strcmp(table_cell(t, row, 0), o->code) == 0 &&
           (strcmp(item, "*") == 0 || strcmp(item, o->item) == 0) && (rate || isfinite(o->value));
}

const DriftFigure *drift_figures(size_t *n, const Table *watch, const Observation *observations,
                                 size_t n_observations, Arena *arena)
{
    DriftFigure *figures = NULL;
    size_t capacity = 0;
    const Observation **chosen = arena_alloc(arena, (n_observations + 1) * sizeof *chosen);
    *n = 0;
    for (size_t row = 0; watch != NULL && row < watch->n_rows; row++) {
        size_t m = 0;
        for (size_t i = 0; i < n_observations; i++)
            if (fits(watch, row, &observations[i])) chosen[m++] = &observations[i];
        qsort(chosen, m, sizeof *chosen, by_item_month);
        for (size_t i = 0, end; i < m; i = end) {
            for (end = i + 1; end < m && strcmp(chosen[i]->item, chosen[end]->item) == 0 &&
                              strcmp(chosen[i]->month, chosen[end]->month) == 0;)
                end++;
            if (*n == capacity) figures = arena_grow(arena, figures, &capacity, sizeof *figures);
            figures[(*n)++] = figure_of(watch, row, chosen + i, end - i);
        }
    }
    return figures;
}

const char *drift_state_code(DriftState state)
{
    static const char *const codes[] = {[DRIFT_TOO_FEW] = "too_few",
                                        [DRIFT_GOOD] = "good",
                                        [DRIFT_WARNING] = "warning",
                                        [DRIFT_ALARM] = "alarm"};
    return codes[state];
}
