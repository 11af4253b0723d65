/* Why: mean and SD of a lot are entered by hand, and an SD that is too wide hides every error that the rules look for. What the lot itself has shown is
 * therefore told beside them.
 * Method: mean and sample SD of the points of runs that were not rejected (a laboratory may count them, the default is not to); the sum of squares
 * about the mean in a second pass. At least 20 points over 10 days make limits (qc/settings: from memory, to be verified); before, the lot is provisional.
 * Refuses: to change a limit. New limits are a new version of qc/materials. */
#include "qc_lots.h"

#include <math.h>
#include <string.h>

static double setting(const Reference *reference, const char *key)
{
    double value = NAN;
    const Table *t = reference_table(reference, "qc/settings");
    long row = t != NULL ? table_find(t, key) : -1;
    if (row >= 0) (void)table_number(t, (size_t)row, table_column(t, "value"), &value);
    return value;
}

static bool same_lot(const Control *a, const Control *b)
{
    return strcmp(a->material, b->material) == 0 && strcmp(a->lot, b->lot) == 0;
}

static bool counts(const QcRun *run, const QcPoint *p)
{
    return run->verdict.state != QC_REJECTED && isfinite(p->z);
}

typedef struct Sum {
    double total, squares; /* squares about `mean` */
    Instant first, last;
    size_t n;
} Sum;

static Sum sum_of(const QcSeries *s, const Control *lot, double mean)
{
    Sum sum = {0};
    for (size_t r = 0; r < s->n_runs; r++)
        for (size_t i = s->runs[r].first; i < s->runs[r].first + s->runs[r].n; i++) {
            const Control *c = s->points[i].control;
            if (!same_lot(c, lot) || !counts(&s->runs[r], &s->points[i])) continue;
            sum.total += c->value;
            sum.squares += (c->value - mean) * (c->value - mean);
            if (sum.n == 0 || c->time < sum.first) sum.first = c->time;
            if (sum.n == 0 || c->time > sum.last) sum.last = c->time;
            sum.n++;
        }
    return sum;
}

static QcLot lot_of(const QcSeries *s, size_t point, const Reference *reference)
{
    const QcPoint *p = &s->points[point];
    const int offset = reference_offset_minutes(reference);
    const Sum sum = sum_of(s, p->control, 0);
    QcLot lot = {.series = s,
                 .first = p->control,
                 .n = sum.n,
                 .mean = NAN,
                 .sd = NAN,
                 .set_mean = p->mean,
                 .set_sd = p->sd};
    if (sum.n > 0) lot.days = date_of(sum.last, offset) - date_of(sum.first, offset) + 1;
    if (sum.n > 1) {
        lot.mean = sum.total / (double)sum.n;
        lot.sd = sqrt(sum_of(s, p->control, lot.mean).squares / (double)(sum.n - 1));
    }
    /* Without the setting every lot is provisional. */
    lot.provisional = !((double)lot.n >= setting(reference, "lot_points") &&
                        lot.days >= setting(reference, "lot_days"));
    return lot;
}

static bool is_first(const QcSeries *s, size_t point)
{
    for (size_t i = 0; i < point; i++)
        if (same_lot(s->points[i].control, s->points[point].control)) return false;
    return true;
}

QcLots qc_lots(const QcBook *book, const Reference *reference, Arena *arena)
{
    QcLots lots = {0};
    for (size_t k = 0; k < qc_size(book); k++) {
        const QcSeries *s = qc_series(book, k);
        for (size_t i = 0; i < s->n_points; i++) {
            if (!is_first(s, i)) continue;
            if (lots.n == lots.capacity)
                lots.items = arena_grow(arena, lots.items, &lots.capacity, sizeof *lots.items);
            lots.items[lots.n++] = lot_of(s, i, reference);
        }
    }
    return lots;
}
