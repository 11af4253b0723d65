/* Why: a gain or loss of a part of a chromosome has no column of its own, so every stretch of every
 * chromosome is looked at, and the price of looking so often is paid. Method: bins are cleaned of the panel's components
 * and joined to blocks of a quarter megabase; the stretch with the largest |z| is taken while it is beyond the limit,
 * then the rest to its left and right is searched again. The limit is the quantile of the largest of
 * all z under no change: D. Siegmund, B. Yakir, The Statistics of Gene Mapping (2007), and N. R. Zhang, D. O. Siegmund,
 * Biometrics 63 (2007) 22, doi 10.1111/j.1541-0420.2006.00662.x:
 *     P(max > b) ~ b^3 phi(b) / 4 * integral of (1 - t) / t^2 nu(b / sqrt(m t))^2 dt, on either side.
 * A stretch's error holds what neighbouring bins have in common, which shrinks slower than 1 / length: the panel measured it on
 * held-out samples at some lengths (NIPT_SCALES), between them it is read off a straight line over the logarithm of length. A
 * sample that scatters more than its counts and the panel explain has all its errors widened. Refuses: stretches below a
 * megabase; whether one is told is for the assay's table to say. */
#include "nipt.h"
#include "stats.h"

#include <math.h>

enum { BLOCK_BASES = 250000, LEAST_BLOCKS = 4, MOST_SEGMENTS = 200 };

typedef struct Block {
    double residual;  /* ratio minus what is expected of a euploid; 0 where nothing is seen */
    double precision; /* 1 / variance; 0 where nothing is seen */
} Block;

typedef struct Scan {
    const NiptPanel *panel;
    const NiptProfile *profile;
    const Bins *bins;
    double limit;
    Arena *arena;
    Block *blocks;             /* of the chromosome at hand */
    double *sums, *precisions; /* running totals, one more than blocks */
    double *excess; /* variance of a stretch of so many blocks beyond its bins' own noise */
    double wider;   /* factor of every variance: this sample's scatter */
    uint32_t block_bins;
    int chrom;
    NiptSegment *found;
    size_t n, capacity;
} Scan;

static double foretold(const Scan *s, uint32_t window)
{
    double sum = 0;
    for (uint32_t k = 0; k < s->panel->n_factors; k++)
        sum += s->profile->score[k] * (double)s->panel->loading[k][window];
    return sum;
}

double nipt_bin_variance(const NiptPanel *panel, const NiptProfile *profile, uint32_t b)
{
    double noise = (double)panel->noise[b], due = (double)panel->share[b] * panel->reads;
    return 1 / profile->expected[b] + noise + (1 / due + noise) / panel->n_samples;
}

static void add_bin(Block *block, const Scan *s, uint32_t b, double expectation)
{
    if (s->profile->expected[b] <= 0) return;
    double precision = 1 / nipt_bin_variance(s->panel, s->profile, b);
    block->residual += precision * (s->profile->ratio[b] - expectation);
    block->precision += precision;
}

/* Blocks of a chromosome and their running totals; returns how many. */
static uint32_t fill_blocks(Scan *s, int chrom)
{
    const NiptPanel *p = s->panel;
    uint32_t first = p->bin_first[chrom], n_bins = p->bin_first[chrom + 1] - first;
    uint32_t n = (n_bins + s->block_bins - 1) / s->block_bins;
    s->chrom = chrom;
    for (uint32_t i = 0; i < n; i++)
        s->blocks[i] = (Block){0, 0};
    for (uint32_t i = 0; i < n_bins; i++) {
        uint32_t window = p->window_first[chrom] + i / p->window_bins;
        add_bin(&s->blocks[i / s->block_bins], s, first + i, 1 + foretold(s, window));
    }
    s->sums[0] = s->precisions[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        s->sums[i + 1] = s->sums[i] + s->blocks[i].residual;
        s->precisions[i + 1] = s->precisions[i] + s->blocks[i].precision;
    }
    return n;
}

/* Whether short pairs are more or fewer in bins from..to-1 than the sample's own share and the place let expect: a change of the fetus
 * weighs more among them, a change of the mother does not. */
static void measure_shift(NiptSegment *out, const Scan *s, uint32_t from, uint32_t to)
{
    const NiptPanel *p = s->panel;
    const Bins *b = s->bins;
    out->shift = out->shift_sd = NAN;
    if (b->shorts == NULL || p->shorts == NULL) return;
    double all = 0, all_due = 0, due = 0, inside = 0;
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t i = p->bin_first[c]; i < p->bin_first[c + 1]; i++) {
            if (s->profile->expected[i] <= 0) continue;
            uint32_t w = p->window_first[c] + (i - p->bin_first[c]) / p->window_bins;
            double here = b->reads[i] * (double)p->shorts[w];
            bool in = i >= from && i < to;
            *(in ? &due : &all_due) += here;
            *(in ? &inside : &all) += b->shorts[i];
        }
    if (!(all > 0 && all_due > 0 && due > 0 && inside > 0)) return;
    out->shift = inside / (due * all / all_due) - 1;
    out->shift_sd = (1 + out->shift) / sqrt(inside);
}

/* Of a fetal change of ratio 1 + e the short pairs show e times the fetal part among them over the part among all, by the panel's model of
 * lengths (nipt_fraction.c): share(f) = (f - size_base) / size_slope. Of the mother's they show e itself, or a little less. */
NiptOrigin nipt_origin(const NiptPanel *panel, const NiptFraction *fraction,
                       const NiptSegment *segment, double limit)
{
    if (!isfinite(segment->shift) || !panel->has_size || !fraction->estimated) return ORIGIN_OPEN;
    double effect = segment->ratio - 1, f = fraction->value;
    double fetal = (1 - panel->size_base) / panel->size_slope;
    double all = (f - panel->size_base) / panel->size_slope;
    if (!(all > 0 && fetal > all)) return ORIGIN_OPEN;
    double due = (1 + effect * fetal / all) / (1 + effect) - 1, side = due < 0 ? -1 : 1;
    bool not_maternal = side * segment->shift > limit * segment->shift_sd;
    bool not_fetal = side * (due - segment->shift) > limit * segment->shift_sd;
    if (not_maternal == not_fetal) return ORIGIN_OPEN;
    return not_fetal ? ORIGIN_MATERNAL : ORIGIN_FETAL;
}

/* Counts lean to the right: few reads make a gain look rarer than it is. Cornish and Fisher's first term takes the lean out of z (E. A.
 * Cornish, R. A. Fisher, Rev. Inst. Int. Stat. 5 (1938) 307); the third moment of a mean of Poisson counts is 1 / reads^2. */
static double upright(const Scan *s, uint32_t from_bin, uint32_t to_bin, double z, double variance)
{
    double reads = 0;
    for (uint32_t b = from_bin; b < to_bin; b++)
        reads += s->profile->expected[b];
    double lean = 1 / (reads * reads * variance * sqrt(variance));
    return z - lean * (z * z - 1) / 6;
}

static void keep(Scan *s, uint32_t from, uint32_t to, uint32_t n)
{
    if (s->n == MOST_SEGMENTS) return;
    double precision = s->precisions[to] - s->precisions[from]; /* not 0: its ends are seen */
    double effect = (s->sums[to] - s->sums[from]) / precision;
    double variance = s->wider * (1 / precision + s->excess[to - from]);
    const NiptPanel *p = s->panel;
    uint32_t first = p->bin_first[s->chrom], last = p->bin_first[s->chrom + 1];
    uint32_t b0 = first + from * s->block_bins, b1 = first + to * s->block_bins;
    if (b1 > last) b1 = last;
    double z = upright(s, b0, b1, effect / sqrt(variance), variance);
    if (!(fabs(z) > s->limit)) return;
    if (s->n == s->capacity)
        s->found = arena_grow(s->arena, s->found, &s->capacity, sizeof *s->found);
    s->found[s->n++] = (NiptSegment){
        .chrom = s->chrom,
        .start = (int64_t)(b0 - first) * p->bin_size + 1,
        .end = (int64_t)(b1 - first) * p->bin_size,
        .ratio = 1 + effect,
        .sd = sqrt(variance),
        .z = z,
        .whole = precision > 0.8 * s->precisions[n],
    };
    measure_shift(&s->found[s->n - 1], s, b0, b1);
}

typedef struct Best {
    uint32_t from, to;
    double z;
} Best;

/* The z of keep() before it is set upright, squared and without a root: this is the inner loop of the whole judgement. */
static Best best_of(const Scan *s, uint32_t low, uint32_t high)
{
    Best best = {low, low, 0};
    for (uint32_t i = low; i + LEAST_BLOCKS <= high; i++) {
        if (s->blocks[i].precision <= 0) continue;
        const double sum = s->sums[i], precision = s->precisions[i], *excess = s->excess - i;
        for (uint32_t j = i + LEAST_BLOCKS; j <= high; j++) {
            double d = s->sums[j] - sum, p = s->precisions[j] - precision;
            if (d * d > best.z * (p * (1 + excess[j] * p)) && s->blocks[j - 1].precision > 0)
                best = (Best){i, j, d * d / (p * (1 + excess[j] * p))};
        }
    }
    best.z = sqrt(best.z / s->wider);
    return best;
}

/* The strongest stretch of low..high, then what lies left and right of it. */
static void search(Scan *s, uint32_t n)
{
    struct {
        uint32_t low, high;
    } open[MOST_SEGMENTS];
    size_t n_open = 0;
    open[n_open].low = 0;
    open[n_open++].high = n;
    while (n_open > 0) {
        uint32_t low = open[--n_open].low, high = open[n_open].high;
        Best best = best_of(s, low, high);
        if (!(best.z > s->limit)) continue;
        keep(s, best.from, best.to, n);
        if (n_open + 2 > MOST_SEGMENTS) return;
        open[n_open].low = low;
        open[n_open++].high = best.from;
        open[n_open].low = best.to;
        open[n_open++].high = high;
    }
}

static void sort_by_place(NiptSegment *segments, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && segments[j].chrom == segments[j - 1].chrom &&
                           segments[j].start < segments[j - 1].start;
             j--) {
            NiptSegment swap = segments[j];
            segments[j] = segments[j - 1];
            segments[j - 1] = swap;
        }
}

/* Excess at a length in bases, from those of NIPT_SCALES. */
static double excess_at(const NiptPanel *panel, double bases)
{
    double at = log2(fmax(bases, 1) / NIPT_SCALE_LEAST);
    if (at <= 0) return panel->segment_excess[0];
    if (at >= NIPT_SCALES - 1) return panel->segment_excess[NIPT_SCALES - 1];
    int low = (int)at;
    double part = at - low;
    return (1 - part) * panel->segment_excess[low] + part * panel->segment_excess[low + 1];
}

static Scan begin_scan(const NiptPanel *panel, const NiptProfile *profile, const Bins *bins,
                       Arena *arena)
{
    Scan s = {.panel = panel, .profile = profile, .bins = bins, .arena = arena};
    s.block_bins = BLOCK_BASES > panel->bin_size ? BLOCK_BASES / panel->bin_size : 1;
    size_t most = panel->bin_first[2] / s.block_bins + 2; /* chromosome 1 is the longest */
    s.blocks = arena_alloc(arena, most * sizeof *s.blocks);
    s.sums = arena_alloc(arena, (most + 1) * sizeof *s.sums);
    s.precisions = arena_alloc(arena, (most + 1) * sizeof *s.precisions);
    s.excess = arena_alloc(arena, (most + 1) * sizeof *s.excess);
    for (size_t i = 0; i <= most; i++)
        s.excess[i] = excess_at(panel, (double)i * s.block_bins * panel->bin_size);
    s.wider = profile->dispersion > 1 ? profile->dispersion * profile->dispersion : 1;
    return s;
}

size_t nipt_stretches(double *effects, double *variances, const NiptPanel *panel,
                      const NiptProfile *profile, double bases, Arena *arena)
{
    Scan s = begin_scan(panel, profile, NULL, arena);
    size_t found = 0;
    uint32_t join = (uint32_t)(bases / ((double)s.block_bins * panel->bin_size) + 0.5);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        uint32_t n = fill_blocks(&s, chrom);
        for (uint32_t i = 0; join > 0 && i + join <= n; i += join) {
            double precision = s.precisions[i + join] - s.precisions[i];
            if (precision <= 0) continue;
            effects[found] = (s.sums[i + join] - s.sums[i]) / precision;
            variances[found++] = 1 / precision;
        }
    }
    return found;
}

size_t nipt_segments(NiptSegment **out, const NiptPanel *panel, const NiptProfile *profile,
                     const Bins *bins, double limit, Arena *arena)
{
    Scan s = begin_scan(panel, profile, bins, arena);
    s.limit = limit;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        search(&s, fill_blocks(&s, chrom));
    sort_by_place(s.found, s.n);
    *out = s.found;
    return s.n;
}

/* ---- the limit and the power ---- */

/* nu(x) of the discrete boundary crossing, to within two per cent. */
static double overshoot(double x)
{
    return exp(-0.583 * x);
}

static double exceeds(double b, double blocks, double longest)
{
    enum { STEPS = 400 };
    double low = log(LEAST_BLOCKS / blocks), high = log(longest / blocks), sum = 0;
    for (int i = 0; i < STEPS; i++) {
        double t = exp(low + (high - low) * (i + 0.5) / STEPS);
        double nu = overshoot(b / sqrt(blocks * t));
        sum += (1 - t) / t * nu * nu * (high - low) / STEPS; /* dt = t d(log t) */
    }
    return 2 * b * b * b * exp(-b * b / 2) / 2.5066282746310002 / 4 * sum;
}

double nipt_scan_limit(const NiptPanel *panel, double family_error)
{
    double per_block = fmax(1, BLOCK_BASES / (double)panel->bin_size), used = 0;
    for (uint32_t b = 0; b < panel->n_bins; b++)
        used += panel->share[b] > 0 ? 1 : 0;
    double blocks = fmax(used / per_block, 2 * LEAST_BLOCKS);
    double longest = fmax(panel->bin_first[2] / per_block, LEAST_BLOCKS + 1.0);
    double low = 2.5, high = 12;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (exceeds(middle, blocks, fmin(longest, blocks * 0.999)) > family_error)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The excess depends on the size that is looked for: the smallest size at which a stretch of it would be found. */
double nipt_segment_size(const NiptPanel *panel, const NiptProfile *profile, double fraction,
                         double limit, double power_z)
{
    double precision = 0, bases = 0;
    for (uint32_t b = 0; b < panel->n_bins; b++) {
        if (profile->expected[b] <= 0) continue;
        precision += 1 / nipt_bin_variance(panel, profile, b);
        bases += panel->bin_size;
    }
    double effect = fraction / 2 / (limit + power_z);
    double wider = profile->dispersion > 1 ? profile->dispersion * profile->dispersion : 1;
    const double step = BLOCK_BASES, longest = 250e6;
    for (double size = LEAST_BLOCKS * step; precision > 0 && size <= longest; size += step)
        if (wider * (bases / (precision * size) + excess_at(panel, size)) <= effect * effect)
            return size;
    return 0;
}
