/* The ladder among peaks against all other ladders: every way to name some of the peaks is tried, and the cheapest is the one that must be found. */
#include "lab/fragment.h"
#include "tests/chance.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PEAKS = 9, MOST_RUNGS = 7 };

typedef struct Ways {
    const SizeStandard *s;
    const Peak *peaks; /* by scan */
    int m;
    double tall;
    double best;
    int best_rung, best_n, best_chain[MOST_RUNGS];
    int chain[MOST_RUNGS];
} Ways;

/* A low peak that has a name costs, and more the lower it is; so does each tall one without. */
static double price_of(const Ways *w, int rung, int n)
{
    double cost = 0.15 * (rung + (w->s->n - rung - n));
    for (int k = 0; k < n; k++) {
        const Peak *p = &w->peaks[w->chain[k]];
        if (p->height < w->tall) cost += 0.01 * w->tall / p->height;
        for (int i = k > 0 ? w->chain[k - 1] + 1 : w->chain[0]; i < w->chain[k]; i++)
            if (w->peaks[i].height > w->tall) cost += 0.02;
        if (k < 2) continue;
        const double *bp = w->s->sizes + rung + k;
        const double now = (p->scan - w->peaks[w->chain[k - 1]].scan) / (bp[0] - bp[-1]),
                     before = (w->peaks[w->chain[k - 1]].scan - w->peaks[w->chain[k - 2]].scan) /
                              (bp[-1] - bp[-2]);
        cost += pow(log(now / before), 2);
    }
    return cost;
}

static void try_all(Ways *w, int rung, int n)
{
    const int from = n == 0 ? 0 : w->chain[n - 1] + 1;
    if (n >= 2) {
        const double cost = price_of(w, rung, n);
        if (cost < w->best) {
            w->best = cost;
            w->best_rung = rung;
            w->best_n = n;
            memcpy(w->best_chain, w->chain, sizeof w->chain);
        }
    }
    if (rung + n == w->s->n) return;
    for (int i = from; i < w->m; i++) {
        w->chain[n] = i;
        try_all(w, rung, n + 1);
    }
}

static int highest_first(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (y > x) - (y < x);
}

static Ways all_ways(const SizeStandard *s, const Peak *peaks, int m)
{
    Ways w = {.s = s, .peaks = peaks, .m = m, .best = INFINITY};
    double heights[MOST_PEAKS];
    for (int i = 0; i < m; i++)
        heights[i] = peaks[i].height;
    qsort(heights, (size_t)m, sizeof *heights, highest_first);
    w.tall = heights[s->n < m ? s->n / 2 : m / 2] / 2;
    for (int rung = 0; rung + 2 <= s->n; rung++)
        try_all(&w, rung, 0);
    return w;
}

Test(ladder_ways, the_cheapest_of_all_is_found)
{
    size_t whole = 0, part = 0, few = 0, skipped = 0;
    for (int turn = 0; turn < 400; turn++) {
        SizeStandard s = {.name = "s", .n = 5 + turn % 3};
        Peak peaks[MOST_PEAKS] = {{0}}, shuffled[MOST_PEAKS];
        const int m = 5 + (int)(chance_part() * (MOST_PEAKS - 4));
        double bp = 30, scan = 100;
        for (int i = 0; i < s.n; i++)
            s.sizes[i] = bp += 10 + floor(chance_part() * 40);
        const int gone = turn % 4 == 3 ? 1 : 0;
        for (int i = 0; i < m; i++) { /* rungs first, in every second turn; then anything */
            const bool rung = turn % 2 && i < s.n - gone;
            scan = rung ? 200 + 6 * s.sizes[i + gone] : 200 + chance_part() * 6 * bp;
            peaks[i] = (Peak){.scan = floor(scan * 16) / 16 + i / 64.0,
                              .height = rung ? 300 + 200 * chance_part()
                                             : 900 * chance_part() * chance_part() + 5};
        }
        memcpy(shuffled, peaks, sizeof peaks);
        for (int i = 1; i < m; i++)
            for (int k = i; k > 0 && peaks[k].scan < peaks[k - 1].scan; k--) {
                const Peak swap = peaks[k];
                peaks[k] = peaks[k - 1];
                peaks[k - 1] = swap;
            }
        const Ways w = all_ways(&s, peaks, m);
        const LadderLimits limits = {.most_residual = 1e12, .least_peaks = turn % 5 ? 5 : 6};
        PeakList list = {shuffled, (size_t)m};
        Arena *arena = arena_new(NULL);
        Note why = {.code = ""};
        Ladder l = {.n = 77};
        const Status status = ladder_match(&l, &s, &list, &limits, arena, &why);
        arena_free(arena);
        if (w.best_n < limits.least_peaks) {
            cr_expect(status == REFUSED && strcmp(why.code, "ladder.few") == 0 && l.n == 77,
                      "turn %d: %s", turn, why.code);
            few++;
            continue;
        }
        if (status != OK) { /* a pole between two rungs is no distance at all */
            cr_expect_str_eq(why.code, "ladder.bad", "turn %d: %s", turn, why.code);
            continue;
        }
        cr_assert_eq(l.n, w.best_n, "turn %d: %d rungs, not %d", turn, l.n, w.best_n);
        for (int i = 0; i < l.n; i++)
            cr_expect(l.scans[i] == peaks[w.best_chain[i]].scan &&
                          l.sizes[i] == s.sizes[w.best_rung + i],
                      "turn %d, rung %d: %g at %g", turn, i, l.sizes[i], l.scans[i]);
        *(l.n == s.n ? &whole : &part) += 1;
        skipped += w.best_chain[l.n - 1] - w.best_chain[0] >= l.n;
    }
    cr_expect(whole > 50 && part > 10 && few > 50 && skipped > 20, "%zu %zu %zu %zu", whole, part,
              few, skipped);
}

static const SizeStandard nine = {"nine", {50, 75, 100, 139, 150, 160, 200, 250, 300}, 9};

/* Of more than 160 peaks the highest 160 are looked at, in whatever order they come. */
Test(ladder_ways, of_many_peaks_the_highest)
{
    enum { NOISE = 170 };
    Peak peaks[NOISE + 9];
    const LadderLimits limits = {.most_residual = 5, .least_peaks = 9};
    for (int low = 0; low < 2; low++) {
        for (int i = 0; i < NOISE + 9; i++) {
            const bool rung = i % 19 == 3 && i / 19 < 9;
            peaks[i] =
                (Peak){.scan = rung ? 200 + 6 * nine.sizes[i / 19] : 150 + 2000 * chance_part(),
                       .height = rung ? (low ? 5 : 500 + i) : 10 + 5 * chance_part()};
        }
        PeakList list = {peaks, NOISE + 9};
        Arena *arena = arena_new(NULL);
        Note why = {.code = ""};
        Ladder l = {.n = 77};
        const Status s = ladder_match(&l, &nine, &list, &limits, arena, &why);
        cr_expect(low ? s != OK || l.scans[0] != 500 : s == OK, "%s", why.code);
        for (int i = 0; !low && i < 9; i++)
            cr_expect(l.scans[i] == 200 + 6 * nine.sizes[i] && l.sizes[i] == nine.sizes[i],
                      "%d: %g", i, l.scans[i]);
        arena_free(arena);
    }
}

/* Candidates are as many as there are peaks up to 160: a rung that is the lowest of 160 is found, of 161 it is not looked at. */
Test(ladder_ways, one_peak_more_than_are_looked_at)
{
    Peak peaks[161];
    const LadderLimits limits = {.most_residual = 5, .least_peaks = 5};
    for (int n = 159; n <= 161; n++) {
        for (int i = 0; i < n;
             i++) /* noise far behind the ladder, all of it lower than the rungs but the first */
            peaks[i] = i < 9 ? (Peak){.scan = 200 + 6 * nine.sizes[i], .height = i == 0 ? 99 : 1000}
                             : (Peak){.scan = 3000 + 3 * i, .height = 100};
        PeakList list = {peaks, (size_t)n};
        Arena *arena = arena_new(NULL);
        Note why = {.code = ""};
        Ladder l = {.n = 77};
        cr_assert_eq(ladder_match(&l, &nine, &list, &limits, arena, &why), OK, "%s", why.code);
        cr_expect_eq(l.n, n <= 160 ? 9 : 8, "%d peaks: %d rungs", n, l.n);
        cr_expect_eq(l.sizes[l.n - 1], 300);
        arena_free(arena);
    }
}

/* Three rungs are the fewest that size anything; a ladder that was never found sizes nothing. */
Test(ladder_ways, few_rungs)
{
    static const double scans[] = {1000, 2000, 3000};
    SizeStandard s = {"three", {100, 200, 300}, 3};
    Ladder l = {.n = 0};
    double all[10];
    cr_expect(isnan(ladder_size(&l, 0)));
    ladder_size_scans(&l, all, 10);
    for (int i = 0; i < 10; i++)
        cr_expect(isnan(all[i]));
    for (s.n = 2; s.n <= 3; s.n++) {
        ladder_set(&l, &s, scans);
        const double bp = ladder_size(&l, 1500);
        cr_expect(s.n == 2 ? isnan(bp) : fabs(bp - 150) < 1e-9, "%d: %g", s.n, bp);
    }
}
