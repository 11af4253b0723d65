/* The scan for segments on random samples: every stretch of every chromosome is looked at again, by the definition. */
#include "arena_suite.h"
#include "nipt_random.h"

ARENA_SUITE(nipt_segment);

typedef struct Scan {
    NiptRandom r;
    NiptProfile profile;
    uint32_t joined; /* bins in a block of a quarter megabase */
    double limit, wider;
    double *effect, *precision; /* of each block of a chromosome: sums */
    double *excess;             /* of a stretch of so many blocks */
    uint32_t blocks;
    int chrom;
    NiptSegment found[200];
    size_t n;
} Scan;

/* Read off a straight line over the logarithm between 2.5, 5, ... 80 Mb. */
static double excess(const NiptPanel *p, double bases)
{
    if (bases <= 2.5e6) return p->segment_excess[0];
    for (int k = 1; k < NIPT_SCALES; k++)
        if (bases < 2.5e6 * pow(2, k)) {
            const double part = log(bases / (2.5e6 * pow(2, k - 1))) / log(2);
            return p->segment_excess[k - 1] +
                   part * (p->segment_excess[k] - p->segment_excess[k - 1]);
        }
    return p->segment_excess[NIPT_SCALES - 1];
}

/* A profile as a sample's would be: ratios scatter as counting says, some are lifted, some are not seen. */
static Scan *scan_of(uint64_t seed, uint32_t size)
{
    Scan *s = arena_alloc(arena, sizeof *s);
    s->r = nipt_random(seed, size, 4, arena);
    s->joined = size < 250000 ? 250000 / size : 1;
    const NiptPanel *p = &s->r.panel;
    s->profile = (NiptProfile){.dispersion = seed % 2 ? 1.3 : 0.8, .score = {0.5, -0.25}};
    s->wider = seed % 2 ? 1.3 * 1.3 : 1;
    s->profile.expected = arena_alloc(arena, p->n_bins * sizeof *s->profile.expected);
    s->profile.ratio = arena_alloc(arena, p->n_bins * sizeof *s->profile.ratio);
    double lift = 0;
    for (uint32_t i = 0; i < p->n_bins; i++) {
        const double due = p->reads * (double)p->share[i];
        if (nipt_any(&s->r) < 0.01) lift = 0.2 * (nipt_any(&s->r) - 0.5) * (i % 3 == 0);
        s->profile.expected[i] = due;
        if (due > 0) s->profile.ratio[i] = 1 + lift + nipt_normal(&s->r) / sqrt(due);
    }
    s->effect = arena_alloc(arena, (p->n_bins + 1) * sizeof *s->effect);
    s->precision = arena_alloc(arena, (p->n_bins + 1) * sizeof *s->precision);
    s->excess = arena_alloc(arena, (p->n_bins + 1) * sizeof *s->excess);
    for (uint32_t i = 0; i <= p->bin_first[2]; i++)
        s->excess[i] = excess(p, (double)i * s->joined * size);
    return s;
}

static double variance_of(const Scan *s, uint32_t bin)
{
    const NiptPanel *p = &s->r.panel;
    const double noise = (double)p->noise[bin];
    return 1 / s->profile.expected[bin] + noise +
           (1 / (p->reads * (double)p->share[bin]) + noise) / p->n_samples;
}

static void fill(Scan *s, int chrom)
{
    const NiptPanel *p = &s->r.panel;
    const uint32_t first = p->bin_first[chrom], n = p->bin_first[chrom + 1] - first;
    s->chrom = chrom;
    s->blocks = n / s->joined + (n % s->joined > 0);
    for (uint32_t k = 0; k < s->blocks; k++)
        s->effect[k] = s->precision[k] = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t w = p->window_first[chrom] + i / 4;
        if (s->profile.expected[first + i] <= 0) continue;
        const double precision = 1 / variance_of(s, first + i);
        s->precision[i / s->joined] += precision;
        s->effect[i / s->joined] +=
            precision * (s->profile.ratio[first + i] - 1 - 0.5 * (double)p->loading[0][w] +
                         0.25 * (double)p->loading[1][w]);
    }
}

/* Of short pairs inside over what is due there by the place and the rest of the genome, less one. */
static void shift_of(NiptSegment *out, const Scan *s, uint32_t from, uint32_t to)
{
    const NiptPanel *p = &s->r.panel;
    double counts[2] = {0}, dues[2] = {0};
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t i = p->bin_first[c]; i < p->bin_first[c + 1]; i++) {
            if (s->profile.expected[i] <= 0) continue;
            const int in = i >= from && i < to;
            counts[in] += s->r.bins->shorts[i];
            dues[in] += s->r.bins->reads[i] *
                        (double)p->shorts[p->window_first[c] + (i - p->bin_first[c]) / 4];
        }
    out->shift = counts[1] / dues[1] / (counts[0] / dues[0]) - 1;
    out->shift_sd = (1 + out->shift) / sqrt(counts[1]);
}

static void keep(Scan *s, uint32_t from, uint32_t to, double effect, double precision,
                 double variance)
{
    const NiptPanel *p = &s->r.panel;
    const uint32_t first = p->bin_first[s->chrom], last = p->bin_first[s->chrom + 1];
    const uint32_t b0 = first + from * s->joined,
                   b1 = first + to * s->joined < last ? first + to * s->joined : last;
    double reads = 0, all = 0, z = effect / sqrt(variance);
    for (uint32_t b = b0; b < b1; b++)
        reads += s->profile.expected[b];
    for (uint32_t k = 0; k < s->blocks; k++)
        all += s->precision[k];
    z -= (z * z - 1) / 6 / (reads * reads * pow(variance, 1.5));
    if (fabs(z) <= s->limit) return;
    NiptSegment *f = &s->found[s->n++];
    *f = (NiptSegment){.chrom = s->chrom,
                       .start = (int64_t)(b0 - first) * p->bin_size + 1,
                       .end = (int64_t)(b1 - first) * p->bin_size,
                       .ratio = 1 + effect,
                       .sd = sqrt(variance),
                       .z = z,
                       .whole = precision > 0.8 * all};
    shift_of(f, s, b0, b1);
}

/* The strongest stretch of four blocks at least that begins and ends where something is seen, then what lies before and behind it. */
static void search(Scan *s, uint32_t low, uint32_t high)
{
    double best = 0, effect = 0, precision = 0, variance = 0;
    uint32_t from = low, to = low;
    for (uint32_t i = low; i < high; i++) {
        double e = 0, p = 0;
        for (uint32_t j = i; j < high && s->precision[i] > 0; j++) {
            e += s->effect[j];
            p += s->precision[j];
            if (j + 1 < i + 4 || s->precision[j] <= 0) continue;
            const double v = s->wider * (1 / p + s->excess[j + 1 - i]), z = fabs(e / p) / sqrt(v);
            if (z <= best) continue;
            best = z, effect = e / p, precision = p, variance = v;
            from = i, to = j + 1;
        }
    }
    if (best <= s->limit) return;
    search(s, low, from);
    keep(s, from, to, effect, precision, variance);
    search(s, to, high);
}

static bool near(double x, double y, double by)
{
    return fabs(x - y) <= by;
}

static void expect_segments(Scan *s)
{
    NiptSegment *found;
    const size_t n = nipt_segments(&found, &s->r.panel, &s->profile, s->r.bins, s->limit, arena);
    for (int c = 1; c <= AUTOSOMES; c++) {
        fill(s, c);
        search(s, 0, s->blocks);
    }
    cr_assert_eq(n, s->n, "%zu, not %zu", n, s->n);
    for (size_t i = 0; i < n; i++) {
        const NiptSegment *f = &found[i], *d = &s->found[i];
        cr_assert(f->chrom == d->chrom && f->start == d->start && f->end == d->end &&
                      f->whole == d->whole,
                  "%zu: chromosome %d, %ld to %ld, not %d, %ld to %ld", i, f->chrom, (long)f->start,
                  (long)f->end, d->chrom, (long)d->start, (long)d->end);
        cr_expect(
            near(f->ratio, d->ratio, 1e-9) && near(f->sd, d->sd, 1e-9) && near(f->z, d->z, 1e-6),
            "%zu: %g, %g, %g, not %g, %g, %g", i, f->ratio, f->sd, f->z, d->ratio, d->sd, d->z);
        cr_expect(near(f->shift, d->shift, 1e-9) && near(f->shift_sd, d->shift_sd, 1e-9),
                  "%zu: %g, not %g", i, f->shift, d->shift);
    }
}

Test(nipt_segment, all_stretches_of_all_chromosomes)
{
    static const uint32_t sizes[] = {1000000, 500000, 125000, 2000000};
    size_t found = 0, whole = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        Scan *s = scan_of(seed, sizes[seed - 1]);
        const NiptPanel *p = &s->r.panel;
        s->limit = 4;
        for (uint32_t i = p->bin_first[9]; i < p->bin_first[10]; i++)
            s->profile.ratio[i] += s->profile.expected[i] > 0 ? 0.3 : 0;
        for (uint32_t i = p->bin_first[22]; i < p->bin_first[23];
             i++) /* its ends, to the last bin */
            if (i + 5 * s->joined > p->bin_first[23])
                s->profile.ratio[i] += s->profile.expected[i] > 0 ? 0.5 : 0;
        expect_segments(s);
        found += s->n;
        for (size_t i = 0; i < s->n; i++)
            whole += s->found[i].whole;
    }
    cr_expect(found > 40 && whole >= 3, "%zu, %zu", found, whole);
}

/* Where nothing is due or nothing was counted, inside or outside, no shift is told; chromosome 9 is the segment. */
Test(nipt_segment, shifts_that_cannot_be_told)
{
    for (int without = 0; without < 6; without++) {
        Scan *s = scan_of(4, 1000000);
        NiptPanel *p = &s->r.panel;
        NiptSegment *found;
        for (uint32_t i = 0; i < p->n_bins; i++) {
            const bool in = i >= p->bin_first[9] && i < p->bin_first[10];
            if (s->profile.expected[i] > 0) s->profile.ratio[i] = in ? 1.5 : 1;
            if (without == (in ? 1 : 2)) s->r.bins->shorts[i] = 0;
        }
        for (uint32_t w = 0; w < p->n_windows; w++) {
            const bool in = w >= p->window_first[9] && w < p->window_first[10];
            if (without == 5 || without == (in ? 3 : 4)) p->shorts[w] = 0;
        }
        const size_t n = nipt_segments(&found, p, &s->profile, s->r.bins, 12, arena);
        cr_assert_eq(n, 1U, "%zu", n);
        cr_expect(found->chrom == 9 && found->whole);
        cr_expect_eq(isnan(found->shift), without > 0, "%d: %g", without, found->shift);
        cr_expect_eq(isnan(found->shift_sd), without > 0, "%d", without);
    }
}

/* Segments lie side by side without a gap when the whole genome is odd, and no more than 200 are told. */
Test(nipt_segment, many)
{
    Scan *s = scan_of(2, 500000);
    const NiptPanel *p = &s->r.panel;
    NiptSegment *found;
    for (uint32_t i = 0; i < p->n_bins; i++)
        s->profile.ratio[i] = (i / 8) % 2 ? 2 : 0.5;
    const size_t n = nipt_segments(&found, p, &s->profile, s->r.bins, 4, arena);
    cr_expect(n > 100 && n <= 200, "%zu", n);
    for (size_t i = 1; i < n; i++)
        cr_expect(found[i].chrom > found[i - 1].chrom ||
                      (found[i].chrom == found[i - 1].chrom && found[i].start > found[i - 1].end),
                  "%zu", i);
}

/* Stretches of a length side by side: the last that is not whole is left out, and so is one of which nothing is seen. */
Test(nipt_segment, stretches_by_their_definition)
{
    static const struct {
        uint32_t size;
        double bases;
        uint32_t blocks; /* of a stretch, rounded */
    } rows[] = {{500000, 2.5e6, 5}, {500000, 2.7e6, 5},  {500000, 2.76e6, 6}, {125000, 1e6, 4},
                {125000, 3e5, 1},   {500000, 4e7, 80},   {500000, 2.4e5, 0},  {100000, 1e6, 5},
                {1000000, 4e5, 0},  {1000000, 500001, 1}};
    for (size_t k = 0; k < COUNT(rows); k++) {
        Scan *s = scan_of(k + 1, rows[k].size);
        double *effects = arena_alloc(arena, 30000 * sizeof *effects),
               *variances = arena_alloc(arena, 30000 * sizeof *variances);
        size_t due = 0;
        const size_t n =
            nipt_stretches(effects, variances, &s->r.panel, &s->profile, rows[k].bases, arena);
        for (int c = 1; c <= AUTOSOMES && rows[k].blocks > 0; c++) {
            fill(s, c);
            for (uint32_t from = 0; from + rows[k].blocks <= s->blocks; from += rows[k].blocks) {
                double e = 0, p = 0;
                for (uint32_t i = from; i < from + rows[k].blocks; i++) {
                    e += s->effect[i];
                    p += s->precision[i];
                }
                if (p <= 0) continue;
                cr_assert(due < n && near(effects[due], e / p, 1e-9) &&
                              near(variances[due], 1 / p, 1e-9),
                          "row %zu: %zu", k, due);
                due++;
            }
        }
        cr_expect_eq(n, due, "row %zu: %zu, not %zu", k, n, due);
    }
}

/* In steps of a quarter megabase from 1 to 250: the first at which effect over error reaches limit and power. */
Test(nipt_segment, the_smallest_size)
{
    size_t told = 0, none = 0;
    Scan *s = scan_of(3, 1000000);
    const NiptPanel *p = &s->r.panel;
    double precision = 0, bases = 0;
    for (uint32_t i = 0; i < p->n_bins; i++)
        if (s->profile.expected[i] > 0) {
            precision += 1 / variance_of(s, i);
            bases += 1e6;
        }
    for (int turn = 0; turn < 300; turn++) {
        const double fraction = 0.002 * pow(100, nipt_any(&s->r)), limit = 3 + 4 * nipt_any(&s->r),
                     power = 2 * nipt_any(&s->r), effect = fraction / 2 / (limit + power);
        double due = 0;
        s->profile.dispersion = 0.5 + nipt_any(&s->r);
        const double wider = fmax(s->profile.dispersion * s->profile.dispersion, 1);
        for (int quarters = 1000; quarters >= 4; quarters--) {
            const double size = quarters * 250000.0,
                         v = (s->profile.dispersion > 1 ? wider : 1) *
                             (bases / (precision * size) + excess(p, size));
            if (v <= effect * effect)
                due = size;
            else if (due > 0)
                break; /* only where the excess rises again */
        }
        const double found = nipt_segment_size(p, &s->profile, fraction, limit, power);
        if (due == 0 || found == due) {
            cr_expect_eq(found, due, "turn %d: %g, not %g", turn, found, due);
        } else { /* the first of all sizes, which the walk from above passed by */
            const double v = wider * (bases / (precision * found) + excess(p, found));
            cr_expect(found < due && found >= 1e6 && v <= effect * effect, "turn %d: %g", turn,
                      found);
        }
        told += found > 0;
        none += found == 0;
    }
    cr_expect(told > 50 && none > 50, "%zu %zu", told, none);
}
