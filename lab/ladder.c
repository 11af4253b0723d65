/* The size standard among noise. Capillary speed (scans per base pair) changes slowly along a run, whatever the polymer and the voltage: of
 * all ways to name the peaks of the standard's dye the right one has the smallest changes of speed from gap to gap. A dynamic
 * programme over pairs of neighbouring standard peaks finds it exactly. Tall peaks that stay without a name, low peaks that get one, and standard
 * peaks left out at the ends cost extra, so that a regular ladder is not read one rung off.
 *
 * Then every rung is held against the place its neighbours on both sides would give it; a ladder with a rung elsewhere is refused, never used.
 * Sizing: local Southern, J. K. Elder, E. M. Southern, Anal Biochem 128 (1983) 227: the mean of the two hyperbolas through three
 * rungs that enclose the scan; or a third-order least-squares polynomial where the file's own method says so. */
#include "fragment.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_CANDIDATES = 160 };

/* Costs in squared log-ratios of speed, where a step of a true ladder costs about 0.001. */
static const double DROPPED_RUNG = 0.15, TALL_SKIPPED = 0.02, LOW_NAMED = 0.01;

typedef struct Matcher {
    const SizeStandard *s;
    const Peak *peaks; /* candidates by scan */
    int m;
    double *gap;           /* [before][this]: logarithm of the scans between them */
    double *cost, *before; /* [before][this], of a rung and of the rung before it */
    int16_t *from;         /* [rung][before][this]: candidate before `before` */
    double tall;           /* height from which a peak without a name is suspicious */
    int tall_before[MOST_CANDIDATES + 1];
} Matcher;

static size_t cell(const Matcher *x, int before, int at)
{
    return (size_t)before * (size_t)x->m + (size_t)at;
}

static int16_t *came_from(const Matcher *x, int rung, int before, int at)
{
    return &x->from[(size_t)rung * (size_t)x->m * (size_t)x->m + cell(x, before, at)];
}

static int by_height(const void *a, const void *b)
{
    double x = ((const Peak *)a)->height, y = ((const Peak *)b)->height;
    return (y > x) - (y < x);
}

static int by_scan(const void *a, const void *b)
{
    double x = ((const Peak *)a)->scan, y = ((const Peak *)b)->scan;
    return (x > y) - (x < y);
}

/* The highest candidates in order of scan; `tall` from the median of as many as there are rungs. */
static void take_candidates(Matcher *x, const PeakList *peaks, Arena *arena)
{
    Peak *copy = arena_alloc(arena, (peaks->n + 1) * sizeof *copy);
    for (size_t i = 0; i < peaks->n; i++)
        copy[i] = peaks->items[i];
    qsort(copy, peaks->n, sizeof *copy, by_height);
    x->m = peaks->n < MOST_CANDIDATES ? (int)peaks->n : MOST_CANDIDATES;
    int middle = x->s->n < x->m ? x->s->n / 2 : x->m / 2;
    x->tall = copy[middle].height * 0.5;
    qsort(copy, (size_t)x->m, sizeof *copy, by_scan);
    x->peaks = copy;
    for (int i = 0; i < x->m; i++)
        x->tall_before[i + 1] = x->tall_before[i] + (copy[i].height > x->tall);
}

static void measure_gaps(Matcher *x)
{
    for (int a = 0; a < x->m; a++)
        for (int b = a + 1; b < x->m; b++)
            x->gap[cell(x, a, b)] = log(x->peaks[b].scan - x->peaks[a].scan);
}

/* Logarithm of the base pairs from the rung before. */
static double rise(const Matcher *x, int rung)
{
    return log(x->s->sizes[rung] - x->s->sizes[rung - 1]);
}

static double named(const Matcher *x, int at)
{
    double ratio = x->tall / x->peaks[at].height;
    return ratio > 1 ? LOW_NAMED * ratio : 0;
}

static double skipped(const Matcher *x, int before, int at)
{
    return TALL_SKIPPED * (x->tall_before[at] - x->tall_before[before + 1]);
}

/* Best way to name `before` as rung - 1 and `at` as rung; `turn` is what the logarithm of speed gains from equal gaps of scans. */
static void step(Matcher *x, int rung, int before, int at, double turn)
{
    const double here = x->gap[cell(x, before, at)] + turn;
    double best = DROPPED_RUNG * (rung - 1) + named(x, before);
    int16_t from = -1;
    for (int c = 0; rung > 1 && c < before; c++) {
        const double change = here - x->gap[cell(x, c, before)];
        const double total = x->before[cell(x, c, before)] + change * change;
        if (total < best) {
            best = total;
            from = (int16_t)c;
        }
    }
    x->cost[cell(x, before, at)] = best + named(x, at) + skipped(x, before, at);
    *came_from(x, rung, before, at) = from;
}

/* Walks back from the cheapest end; fills the ladder in order of size. */
static void trace_back(Ladder *out, const Matcher *x, int rung, int before, int at)
{
    int chain[LADDER_MOST], n = 0;
    chain[n++] = at;
    while (before >= 0 && n < LADDER_MOST) {
        int16_t next = *came_from(x, rung, before, at);
        chain[n++] = before;
        at = before;
        before = next;
        rung--;
    }
    out->n = n;
    for (int i = 0; i < n; i++) {
        out->scans[i] = x->peaks[chain[n - 1 - i]].scan;
        out->sizes[i] = x->s->sizes[rung + i];
    }
}

static void cheapest(Ladder *out, Matcher *x)
{
    double best = INFINITY;
    int rung = 1, before = 0, at = 1;
    for (int r = 1; r < x->s->n; r++) {
        const double turn = r > 1 ? rise(x, r - 1) - rise(x, r) : 0;
        double *free_again = x->before;
        x->before = x->cost;
        x->cost = free_again;
        for (int a = 0; a < x->m; a++)
            for (int b = a + 1; b < x->m; b++) {
                step(x, r, a, b, turn);
                double total = x->cost[cell(x, a, b)] + DROPPED_RUNG * (x->s->n - 1 - r);
                if (total < best) {
                    best = total;
                    rung = r;
                    before = a;
                    at = b;
                }
            }
    }
    trace_back(out, x, rung, before, at);
}

/* ---- fit ---- */

/* Normal equations of a cubic in a scaled variable, by elimination with pivots. */
static void fit_cubic(Ladder *l)
{
    double a[4][5] = {{0}};
    l->shift = l->scans[0];
    l->scale = l->scans[l->n - 1] - l->scans[0];
    for (int i = 0; i < l->n; i++) {
        double t = (l->scans[i] - l->shift) / l->scale, power[7] = {1};
        for (int k = 1; k < 7; k++)
            power[k] = power[k - 1] * t;
        for (int r = 0; r < 4; r++) {
            for (int c = 0; c < 4; c++)
                a[r][c] += power[r + c];
            a[r][4] += power[r] * l->sizes[i];
        }
    }
    for (int r = 0; r < 4; r++) {
        for (int below = r + 1; below < 4; below++) {
            double factor = a[below][r] / a[r][r];
            for (int c = r; c < 5; c++)
                a[below][c] -= factor * a[r][c];
        }
    }
    for (int r = 3; r >= 0; r--) {
        l->cubic[r] = a[r][4];
        for (int c = r + 1; c < 4; c++)
            l->cubic[r] -= a[r][c] * l->cubic[c];
        l->cubic[r] /= a[r][r];
    }
}

static double cubic_size(const Ladder *l, double scan)
{
    double t = (scan - l->shift) / l->scale;
    return l->cubic[0] + t * (l->cubic[1] + t * (l->cubic[2] + t * l->cubic[3]));
}

/* The hyperbola L = L0 + c / (m - m0) through three points, or the straight line when they lie on one. */
typedef struct Hyperbola {
    double c, m0, l0;
    bool straight; /* then l0 + c (m - m0) / m1 */
    double m1;
} Hyperbola;

static Hyperbola through(const double *m, const double *size)
{
    double a = (size[2] - size[1]) / (size[1] - size[0]) * ((m[1] - m[0]) / (m[2] - m[1]));
    if (fabs(a - 1) < 1e-12)
        return (Hyperbola){
            .c = size[2] - size[0], .m0 = m[0], .l0 = size[0], .straight = true, .m1 = m[2] - m[0]};
    double m0 = (m[0] - a * m[2]) / (1 - a);
    double c = (size[1] - size[0]) / (1 / (m[1] - m0) - 1 / (m[0] - m0));
    return (Hyperbola){.c = c, .m0 = m0, .l0 = size[0] - c / (m[0] - m0)};
}

static double at_scan(const Hyperbola *h, double scan)
{
    return h->straight ? h->l0 + h->c * (scan - h->m0) / h->m1 : h->l0 + h->c / (scan - h->m0);
}

static double hyperbola(const double *m, const double *size, double scan)
{
    const Hyperbola h = through(m, size);
    return at_scan(&h, scan);
}

/* Largest distance, in bp, of a rung from where its neighbours on both sides would place it. */
static double largest_residual(const Ladder *l)
{
    double worst = 0;
    for (int i = 2; i + 2 < l->n; i++) {
        const double below[2][3] = {{l->scans[i - 2], l->scans[i - 1], l->scans[i + 1]},
                                    {l->sizes[i - 2], l->sizes[i - 1], l->sizes[i + 1]}};
        const double above[2][3] = {{l->scans[i - 1], l->scans[i + 1], l->scans[i + 2]},
                                    {l->sizes[i - 1], l->sizes[i + 1], l->sizes[i + 2]}};
        double there = (hyperbola(below[0], below[1], l->scans[i]) +
                        hyperbola(above[0], above[1], l->scans[i])) /
                       2;
        double error = fabs(there - l->sizes[i]);
        worst = error > worst || isnan(error) ? error : worst;
    }
    return worst;
}

Status ladder_match(Ladder *out, const SizeStandard *standard, const PeakList *peaks,
                    const LadderLimits *limits, Arena *arena, Note *why)
{
    Place place = {.field = standard->name};
    Ladder l = {.standard = standard};
    Matcher x = {.s = standard};
    if (standard->n < 5 || peaks->n < 5) return note_fail(why, REFUSED, "ladder.none", place, NULL);
    const ArenaMark own = arena_mark(arena);
    take_candidates(&x, peaks, arena);
    const size_t pairs = (size_t)x.m * (size_t)x.m;
    x.gap = arena_alloc(arena, pairs * sizeof *x.gap);
    x.cost = arena_alloc(arena, pairs * sizeof *x.cost);
    x.before = arena_alloc(arena, pairs * sizeof *x.before);
    x.from = arena_alloc(arena, (size_t)standard->n * pairs * sizeof *x.from);
    measure_gaps(&x);
    cheapest(&l, &x);
    arena_rewind(arena, own);
    if (l.n < limits->least_peaks || l.n < 5)
        return note_fail(why, REFUSED, "ladder.few", place, NULL);
    fit_cubic(&l);
    l.residual = largest_residual(&l);
    if (!(l.residual <= limits->most_residual))
        return note_fail(why, REFUSED, "ladder.bad", place, NULL);
    *out = l;
    return OK;
}

void ladder_set(Ladder *out, const SizeStandard *standard, const double *scans)
{
    *out = (Ladder){.standard = standard, .n = standard->n};
    for (int i = 0; i < standard->n; i++) {
        out->scans[i] = scans[i];
        out->sizes[i] = standard->sizes[i];
    }
    fit_cubic(out);
    out->residual = largest_residual(out);
}

bool ladder_drop(Ladder *ladder, const bool *gone)
{
    Ladder l = *ladder;
    l.n = 0;
    for (int i = 0; i < ladder->n; i++)
        if (!gone[i]) {
            l.scans[l.n] = ladder->scans[i];
            l.sizes[l.n++] = ladder->sizes[i];
        }
    if (l.n < 5) return false;
    fit_cubic(&l);
    l.residual = largest_residual(&l);
    *ladder = l;
    return true;
}

/* ---- sizing ---- */

/* The two hyperbolas of the gap between rung `gap` and the next; at either end there is one. */
typedef struct Gap {
    Hyperbola of[2];
    int n;
} Gap;

static Gap gap_at(const Ladder *l, int gap)
{
    Gap g = {.n = 0};
    for (int first = gap - 1; first <= gap; first++)
        if (first >= 0 && first + 2 < l->n)
            g.of[g.n++] = through(l->scans + first, l->sizes + first);
    return g;
}

static double local_southern(const Gap *g, double scan)
{
    return g->n == 2 ? (at_scan(&g->of[0], scan) + at_scan(&g->of[1], scan)) / 2
                     : at_scan(&g->of[0], scan);
}

static bool inside(const Ladder *l, double scan)
{
    return l->n >= 3 && scan >= l->scans[0] && scan <= l->scans[l->n - 1];
}

double ladder_size(const Ladder *l, double scan)
{
    if (!inside(l, scan)) return NAN;
    if (l->method != SIZING_LOCAL_SOUTHERN) return cubic_size(l, scan);
    int gap = 0;
    while (gap + 2 < l->n && scan >= l->scans[gap + 1])
        gap++;
    const Gap g = gap_at(l, gap);
    return local_southern(&g, scan);
}

void ladder_size_scans(const Ladder *l, double *bp, size_t n)
{
    Gap g = {.n = 0};
    int gap = -1;
    for (size_t i = 0; i < n; i++) {
        const double scan = (double)i;
        bp[i] = NAN;
        if (!inside(l, scan)) continue;
        const int before = gap;
        while (gap < 0 || (gap + 2 < l->n && scan >= l->scans[gap + 1]))
            gap++;
        if (gap != before) g = gap_at(l, gap);
        bp[i] = l->method == SIZING_LOCAL_SOUTHERN ? local_southern(&g, scan) : cubic_size(l, scan);
    }
}

void ladder_size_all(const Ladder *ladder, PeakList *peaks)
{
    for (size_t i = 0; i < peaks->n; i++)
        peaks->items[i].size = ladder_size(ladder, peaks->items[i].scan);
}
