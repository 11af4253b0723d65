/* Indicators of random cases in the whole network: what each centre and each month is told is computed a second time, hidden cells too. */
#include "arena_suite.h"
#include "chance.h"
#include "indicator_fixture.h"

#include <math.h>

enum { CENTRES = 6, MONTHS = 3, LONGEST = 200 };

ARENA_SUITE(indicator_network);

typedef struct Count {
    int64_t with, of;
    bool hidden;
} Count;

typedef struct World {
    IndicatorBench bench;
    const Centre *centres;
    Count own[CENTRES][MONTHS], whole[CENTRES], months[MONTHS];
    size_t days[CENTRES][LONGEST + 1];
    IndicatorKind kind;
} World;

static bool below(const Centre *c, const Centre *top)
{
    return c == top || (c->parent != NULL && below(c->parent, top));
}

/* One to four cases speak of single persons. */
static bool few(int64_t n)
{
    return n >= 1 && n <= 4;
}

static bool is_hidden(const World *w, const Count *c)
{
    if (w->kind == INDICATOR_MEDIAN) return few(c->of);
    return few(c->of) || few(c->with) || (w->kind != INDICATOR_RATIO && few(c->of - c->with));
}

static void cast(World *w)
{
    static const char *const letters[] = {"a", "b", "ab", ""};
    for (size_t k = 0; k < CENTRES; k++)
        for (size_t m = 0; m < MONTHS; m++)
            for (size_t n = chance(4) > 0 ? chance(16) : 0; n > 0; n--) {
                const char *tags = letters[chance(4)];
                const int days = (int)chance(20) * (chance(8) == 0 ? 20 : 1) - 1;
                const bool a = strchr(tags, 'a') != NULL, b = strchr(tags, 'b') != NULL;
                indicator_put(&w->bench, w->centres[k].id, tags, 1, m, days);
                if (w->kind >= INDICATOR_WITHIN) {
                    if (!a || days < 0) continue;
                    w->own[k][m].of++;
                    if (w->kind == INDICATOR_WITHIN) w->own[k][m].with += days <= 7;
                    w->days[k][days < LONGEST ? days : LONGEST]++;
                } else {
                    w->own[k][m].with += a;
                    w->own[k][m].of += b;
                }
            }
}

/* What is hidden must be several cells that are many together; the smallest that is told joins them until they are. */
static void complete(Count **cells, size_t n)
{
    for (;;) {
        Count sum = {0};
        size_t hidden = 0, smallest = n;
        for (size_t i = 0; i < n; i++) {
            if (cells[i]->hidden) {
                hidden++;
                sum.with += cells[i]->with;
                sum.of += cells[i]->of;
            } else if (cells[i]->with + cells[i]->of > 0 &&
                       (smallest == n || cells[i]->of < cells[smallest]->of)) {
                smallest = i;
            }
        }
        const bool safe = hidden == 0 || (hidden > 1 && !few(sum.with) && !few(sum.of));
        if (safe || smallest == n) return;
        cells[smallest]->hidden = true;
    }
}

static Count sum_of(const World *w, const Centre *top, size_t from, size_t to, bool alone)
{
    Count sum = {0};
    for (size_t k = 0; k < CENTRES; k++)
        for (size_t m = from; m < to; m++) {
            if (alone ? &w->centres[k] != top : !below(&w->centres[k], top)) continue;
            sum.with += w->own[k][m].with;
            sum.of += w->own[k][m].of;
        }
    sum.hidden = is_hidden(w, &sum);
    return sum;
}

static void add_up(World *w)
{
    for (size_t k = 0; k < CENTRES; k++)
        w->whole[k] = sum_of(w, &w->centres[k], 0, MONTHS, false);
    for (int level = LEVEL_CITY; level >= LEVEL_DISTRICT; level--)
        for (size_t k = 0; k < CENTRES; k++) {
            Count own = sum_of(w, &w->centres[k], 0, MONTHS, true), *cells[CENTRES + 1];
            size_t n = 0;
            if (w->centres[k].level != (Level)level || w->whole[k].hidden) continue;
            if (own.with + own.of > 0) cells[n++] = &own;
            for (size_t i = 0; i < CENTRES; i++)
                if (w->centres[i].parent == &w->centres[k]) cells[n++] = &w->whole[i];
            complete(cells, n);
        }
}

static double median_day(const World *w, const Centre *top, int64_t n)
{
    int64_t seen = 0;
    for (int d = 0; d <= LONGEST; d++) {
        for (size_t k = 0; k < CENTRES; k++)
            if (below(&w->centres[k], top)) seen += (int64_t)w->days[k][d];
        if (2 * seen >= n) return d;
    }
    return NAN;
}

static void expect(const World *w, const Centre *c, int month, const Count *due)
{
    const IndicatorFigure f = indicators_figure(w->bench.counts, 1, c, month);
    const FigureState state = due->hidden    ? FIGURE_SUPPRESSED
                              : due->of == 0 ? FIGURE_EMPTY
                                             : FIGURE_TOLD;
    cr_assert_eq(f.state, state, "%s, month %d: %d, not %d (%d of %d)", c->id, month, (int)f.state,
                 (int)state, (int)due->with, (int)due->of);
    cr_expect_eq(f.numerator, due->hidden ? 0 : due->with, "%s, month %d", c->id, month);
    cr_expect_eq(f.denominator, due->hidden ? 0 : due->of, "%s, month %d", c->id, month);
    double value = (double)due->with / (double)due->of;
    if (w->kind == INDICATOR_MEDIAN) value = month < 0 ? median_day(w, c, due->of) : NAN;
    if (state != FIGURE_TOLD) value = NAN;
    cr_expect(isnan(value) ? isnan(f.value) : f.value == value, "%s, month %d: %g, not %g", c->id,
              month, f.value, value);
}

Test(indicator_network, every_centre_and_month)
{
    static const char *const kinds[] = {"share\ta\tb", "ratio\ta\tb", "within\ta\t", "median\ta\t"};
    size_t hidden = 0, told = 0;
    for (int turn = 0; turn < 160; turn++) {
        World w = {.kind = (IndicatorKind)(turn % 4)};
        const char *items = arena_print(arena,
                                        ITEMS "X\tg\tshare\tc\tc\t\t\t\t\t\nI\tg\t%s\t\t\t\t7\t\n"
                                              "Y\tg\tmedian\tb\t\t\t\t\t\t\n",
                                        kinds[turn % 4]);
        w.bench.reference = indicator_reference(LETTERS, items, NULL, arena);
        indicator_open(&w.bench, MONTHS, arena);
        cr_assert_eq(reference_centres(w.bench.reference)->n, (size_t)CENTRES);
        w.centres = reference_centres(w.bench.reference)->items;
        cast(&w);
        indicators_finish(w.bench.counts, date_from(2026, 1, 1), date_from(2026, 3, 31));
        add_up(&w);
        for (size_t k = 0; k < CENTRES; k++) {
            const Centre *c = &w.centres[k];
            Count *cells[MONTHS];
            expect(&w, c, INDICATOR_WHOLE, &w.whole[k]);
            indicators_months(w.bench.counts, c);
            for (size_t m = 0; m < MONTHS; m++) {
                w.months[m] = sum_of(&w, c, m, m + 1, false);
                cells[m] = &w.months[m];
            }
            if (!w.whole[k].hidden) complete(cells, MONTHS);
            for (int m = 0; m < MONTHS; m++) {
                expect(&w, c, m, &w.months[m]);
                *(w.months[m].hidden ? &hidden : &told) += 1;
            }
        }
    }
    cr_expect(hidden > 300 && told > 300, "%zu %zu", hidden, told);
}
