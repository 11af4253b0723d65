/* NIPT's profile, scores and fractions of random panels, computed a second time from their definitions. */
#include "arena_suite.h"
#include "lab/stats.h"
#include "nipt_random.h"

#include <string.h>

ARENA_SUITE(nipt_profile);

static int chrom_of(const NiptPanel *p, uint32_t bin)
{
    int c = 1;
    while (bin >= p->bin_first[c + 1])
        c++;
    return c;
}

static bool centres(const NiptPanel *p, uint32_t bin)
{
    const int c = chrom_of(p, bin);
    return c != 13 && c != 18 && c != 21;
}

static uint32_t window_of(const NiptPanel *p, uint32_t bin)
{
    const int c = chrom_of(p, bin);
    return p->window_first[c] + (bin - p->bin_first[c]) / p->window_bins;
}

Test(nipt_profile, a_sample_fits_the_panel_in_every_respect)
{
    NiptRandom r = nipt_random(1, 5000000, 3, arena);
    NiptPanel *p = &r.panel;
    Bins *b = r.bins;
    cr_expect(nipt_matches(p, b), "a panel that names nothing fits any");
    p->instrument = p->aligner = p->protocol = "x";
    b->instrument = b->aligner = b->protocol = "x";
    cr_expect(nipt_matches(p, b));
    const char **const words[] = {&b->instrument, &b->aligner, &b->protocol};
    for (size_t i = 0; i < 3; i++) {
        *words[i] = "y";
        cr_expect(!nipt_matches(p, b), "word %zu", i);
        *words[i] = "x";
    }
    b->paired = false;
    cr_expect(!nipt_matches(p, b));
    b->paired = true;
    p->bin_size = 1000000;
    cr_expect(!nipt_matches(p, b));
    p->bin_size = 5000000;
    p->build = BUILD_GRCH37;
    cr_expect(!nipt_matches(p, b));
}

/* ---- the GC curve ---- */

/* Weighted straight line through observed over expected, with tricube weights; twice as wide until 500 reads are expected. */
static double curve_at(const double *seen, const double *due, int at)
{
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (double width = 4; width < 120; width *= 2) {
        w = x = y = 0;
        for (int i = 0; i < NIPT_STRATA; i++) {
            const double d = (i - at) * 0.5, u = fmin(fabs(d) / width, 1),
                         k = pow(1 - u * u * u, 3) * due[i];
            if (due[i] <= 0) continue;
            w += k, x += k * d, y += k * seen[i] / due[i];
        }
        xx = xy = 0;
        for (int i = 0; i < NIPT_STRATA && w > 0; i++) {
            const double d = (i - at) * 0.5, u = fmin(fabs(d) / width, 1),
                         k = pow(1 - u * u * u, 3) * due[i];
            if (due[i] <= 0) continue;
            xx += k * (d - x / w) * (d - x / w);
            xy += k * (d - x / w) * (seen[i] / due[i] - y / w);
        }
        if (w >= 500) break;
    }
    if (w <= 0) return 1;
    const double level = xx > 1e-9 * (xx + x * x / w) ? y / w - xy / xx * (x / w) : y / w;
    return fmin(fmax(level, 0.1), 10);
}

static void curve_of(double curve[NIPT_STRATA], const NiptRandom *r, const double *expected)
{
    double seen[NIPT_STRATA] = {0}, due[NIPT_STRATA] = {0}, all_seen = 0, all_due = 0;
    for (uint32_t i = 0; i < r->panel.n_bins; i++) {
        if (expected[i] <= 0 || !centres(&r->panel, i)) continue;
        const double at = floor((double)r->panel.gc[i] * 2 + 0.5);
        const int s = (int)fmin(fmax(at, 0), 200);
        seen[s] += r->bins->reads[i];
        due[s] += expected[i];
        all_seen += r->bins->reads[i];
        all_due += expected[i];
    }
    for (int s = 0; s < NIPT_STRATA; s++)
        seen[s] *= all_seen > 0 ? all_due / all_seen : 1;
    for (int s = 0; s < NIPT_STRATA; s++)
        curve[s] = curve_at(seen, due, s);
}

Test(nipt_profile, gc_curve_by_its_definition)
{
    static const double depths[] = {1, 0.01, 0.001, 3e-5, 0};
    for (uint64_t seed = 1; seed <= 3; seed++)
        for (size_t k = 0; k < COUNT(depths); k++) {
            NiptRandom r = nipt_random(seed, 5000000, 3, arena);
            double curve[NIPT_STRATA], due[NIPT_STRATA];
            double *expected = arena_alloc(arena, (r.panel.n_bins + 1) * sizeof *expected);
            for (uint32_t i = 0; i < r.panel.n_bins; i++) {
                expected[i] = depths[k] * r.panel.reads * (double)r.panel.share[i];
                if (seed == 2)
                    r.panel.gc[i] = i % 20 == 0 ? -3 : i % 20 == 1 ? 103 : r.panel.gc[i] * 3 - 90;
                if (seed == 3) r.panel.gc[i] = 41.2F; /* one stratum: no slope can be seen */
                if (seed == 3 && k == 2) r.bins->reads[i] = 0;
            }
            nipt_gc_curve(curve, r.bins, r.panel.gc, expected);
            curve_of(due, &r, expected);
            for (int s = 0; s < NIPT_STRATA; s++)
                cr_assert_float_eq(curve[s], due[s], 1e-6 * due[s],
                                   "seed %d, depth %g, stratum %d: %g, not %g", (int)seed,
                                   depths[k], s, curve[s], due[s]);
            nipt_gc_curve(curve, r.bins, NULL, expected);
            for (int s = 0; s < NIPT_STRATA; s++)
                cr_assert_eq(curve[s], 1, "without GC there is no curve");
        }
}

Test(nipt_profile, between_two_strata_the_curve_is_straight)
{
    double curve[NIPT_STRATA];
    for (int s = 0; s < NIPT_STRATA; s++)
        curve[s] = (s * 37) % 11 + 1;
    for (int s = 0; s < NIPT_STRATA - 1; s++)
        for (int k = 0; k < 4; k++)
            cr_expect_float_eq(nipt_gc_at(curve, 0.5 * s + 0.125 * k),
                               (curve[s] * (4 - k) + curve[s + 1] * k) / 4, 1e-12);
    cr_expect(nipt_gc_at(curve, -1) == curve[0] && nipt_gc_at(curve, NAN) == curve[0]);
    cr_expect(nipt_gc_at(curve, 100) == curve[200] && nipt_gc_at(curve, 101) == curve[200]);
}

/* ---- the profile ---- */

typedef struct Due {
    double *expected, *ratio, *x, *variance, *weight, reads, gc;
} Due;

static Due due_of(const NiptRandom *r, const double *curve)
{
    const NiptPanel *p = &r->panel;
    const uint32_t n = p->n_bins, m = p->n_windows;
    Due d = {.expected = arena_alloc(arena, (n + 1) * sizeof(double)),
             .ratio = arena_alloc(arena, (n + 1) * sizeof(double)),
             .x = arena_alloc(arena, (m + 1) * sizeof(double)),
             .variance = arena_alloc(arena, (m + 1) * sizeof(double)),
             .weight = arena_alloc(arena, (m + 1) * sizeof(double))};
    double all = 0, gc = 0, seen = 0, due = 0, sum = 0, weights = 0;
    for (uint32_t i = 0; i < n; i++) {
        all += r->bins->reads[i];
        gc += r->bins->gc[i];
        if (p->share[i] > 0) d.reads += r->bins->reads[i];
    }
    d.gc = gc / all;
    for (uint32_t i = 0; i < n; i++) {
        d.expected[i] = d.reads * (double)p->share[i] * nipt_gc_at(curve, (double)p->gc[i]);
        if (!centres(p, i) || p->share[i] <= 0) continue;
        seen += r->bins->reads[i];
        due += d.expected[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        d.expected[i] *= seen / due;
        if (d.expected[i] <= 0) continue;
        const uint32_t w = window_of(p, i);
        const double u = 1 / (1 / (p->reads * (double)p->share[i]) + (double)p->noise[i]);
        d.ratio[i] = r->bins->reads[i] / d.expected[i];
        d.weight[w] += u;
        d.x[w] += u * d.ratio[i];
        d.variance[w] += u * u / d.expected[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t w = window_of(p, i);
        if (!centres(p, i) || (i > 0 && window_of(p, i - 1) == w)) continue;
        sum += d.x[w];
        weights += d.weight[w];
    }
    for (uint32_t w = 0; w < m; w++) {
        const double own = d.weight[w];
        d.x[w] = own > 0 ? d.x[w] / own / (sum / weights) - 1 : 0;
        d.variance[w] = own > 0 ? d.variance[w] / (own * own) : 0;
    }
    for (uint32_t i = 0; i < n; i++)
        d.ratio[i] /= sum / weights;
    return d;
}

static void expect_all(const double *found, const double *due, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(found[i], due[i], 1e-9 * fmax(fabs(due[i]), 1e-3), "%s %zu: %g, not %g",
                           what, i, found[i], due[i]);
}

Test(nipt_profile, profile_by_its_definition)
{
    static const uint32_t joined[] = {1, 3, 7, 1000};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        NiptRandom r = nipt_random(seed, 5000000, joined[seed - 1], arena);
        NiptPanel *p = &r.panel;
        for (uint32_t i = p->bin_first[seed * 5]; i < p->bin_first[seed * 5] + 14; i++)
            p->share[i] = 0; /* whole windows are masked */
        const NiptProfile *f = nipt_profile(p, r.bins, arena);
        const Due d = due_of(&r, f->curve);
        cr_expect_eq(f->reads, d.reads);
        cr_expect_float_eq(f->gc, d.gc, 1e-12);
        expect_all(f->expected, d.expected, p->n_bins, "expected");
        expect_all(f->ratio, d.ratio, p->n_bins, "ratio");
        expect_all(f->x, d.x, p->n_windows, "x");
        expect_all(f->variance, d.variance, p->n_windows, "variance");
        expect_all(f->weight, d.weight, p->n_windows, "weight");
        double *z = arena_alloc(arena, p->n_bins * sizeof *z), counting = 0, all = 0;
        size_t n = 0;
        for (uint32_t k = 0; k < 2; k++) {
            double raw = 0, noise = 0;
            for (uint32_t w = 0; w < p->n_windows; w++) {
                raw += (double)p->project[k][w] * d.x[w];
                noise += pow((double)p->project[k][w], 2) * d.variance[w];
            }
            cr_expect_float_eq(f->score[k], raw * p->signal[k] / (p->signal[k] + noise), 1e-9);
        }
        for (uint32_t i = 0; i < p->n_bins; i++) {
            if (d.expected[i] < 10) continue;
            const uint32_t w = window_of(p, i);
            const double variance = nipt_bin_variance(p, f, i),
                         due = 1 + f->score[0] * (double)p->loading[0][w] +
                               f->score[1] * (double)p->loading[1][w];
            z[n++] = (d.ratio[i] - due) / sqrt(variance);
            counting += 1 / d.expected[i];
            all += variance;
        }
        const double spread = robust_sd(z, n);
        cr_expect_float_eq(f->dispersion, spread, 1e-9);
        cr_expect_float_eq(f->overcount, 1 + (spread * spread - 1) * all / counting, 1e-9);
        cr_expect_gt(f->dispersion, 1.5);
    }
}

/* What cannot be told, and samples without any read: nothing is divided by nothing. */
Test(nipt_profile, samples_that_tell_little)
{
    NiptRandom r = nipt_random(5, 5000000, 3, arena);
    NiptPanel *p = &r.panel;
    r.bins->gc = NULL;
    cr_expect(isnan(nipt_profile(p, r.bins, arena)->gc));
    const NiptProfile *plain = nipt_profile_plain(p, r.bins, arena);
    cr_expect(plain->dispersion == 1 && plain->overcount == 1 && plain->score[0] == 0);
    /* bins of at least ten reads are asked for the scatter, more than a hundred of them */
    for (int more = 0; more < 2; more++) {
        size_t left = more ? 101 : 100;
        NiptRandom q = nipt_random(6, 5000000, 3, arena);
        for (uint32_t i = 0; i < p->n_bins; i++)
            if (q.panel.share[i] > 0 && (left == 0 || left-- == 0)) q.panel.share[i] = 0;
        const NiptProfile *f = nipt_profile(&q.panel, q.bins, arena);
        cr_expect_eq(f->dispersion == 1 && f->overcount == 1, more == 0, "%g", f->dispersion);
    }
    memset(r.bins->reads, 0, p->n_bins * sizeof *r.bins->reads);
    const NiptProfile *none = nipt_profile(p, r.bins, arena);
    cr_expect(none->reads == 0 && none->dispersion == 1 && none->overcount == 1);
    for (uint32_t i = 0; i < p->n_bins; i++)
        cr_assert(none->expected[i] == 0 && none->ratio[i] == 0);
    for (uint32_t w = 0; w < p->n_windows; w++)
        cr_assert(none->x[w] == 0 && none->weight[w] == 0 && none->variance[w] == 0);
    NiptRandom targets =
        nipt_random(9, 5000000, 3, arena); /* nothing to hold 13, 18 and 21 against */
    for (uint32_t i = 0; i < p->n_bins; i++)
        if (centres(p, i)) targets.panel.share[i] = 0;
    none = nipt_profile(&targets.panel, targets.bins, arena);
    for (uint32_t i = 0; i < p->n_bins; i++)
        cr_assert(none->expected[i] == 0 && none->ratio[i] == 0);
    NiptRandom even = nipt_random(7, 5000000, 3, arena); /* scatters less than by counting */
    for (uint32_t i = 0; i < p->n_bins; i++) {
        even.panel.share[i] = (float)(1.0 / p->n_bins);
        even.bins->reads[i] = 1000 + i % 3;
    }
    const NiptProfile *f = nipt_profile(&even.panel, even.bins, arena);
    cr_expect(f->dispersion < 0.2 && f->overcount == 1, "%g", f->dispersion);
}

/* ---- a chromosome's score ---- */

Test(nipt_profile, scores_by_their_definition)
{
    NiptRandom r = nipt_random(8, 5000000, 3, arena);
    const NiptPanel *p = &r.panel;
    const NiptProfile *f = nipt_profile(p, r.bins, arena);
    double reference = 0;
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t w = p->window_first[c]; w < p->window_first[c + 1]; w++)
            if (!nipt_target(c)) reference += f->weight[w];
    for (int c = 1; c <= AUTOSOMES; c++) {
        const NiptChrom *x = &p->chroms[c];
        double sum = 0, y = -x->shift, counting = 0;
        for (uint32_t w = 0; w < p->n_windows; w++) {
            sum += (double)x->line[w];
            y += (double)x->line[w] * f->x[w];
        }
        for (int k = 1; k <= AUTOSOMES; k++)
            for (uint32_t w = p->window_first[k]; w < p->window_first[k + 1]; w++)
                counting +=
                    f->variance[w] *
                    pow((double)x->line[w] - (nipt_target(k) ? 0 : sum * f->weight[w] / reference),
                        2);
        cr_expect_float_eq(nipt_counting(p, f, x->line), counting, 1e-9 * counting);
        counting *= f->overcount;
        const double variance = x->excess + x->uncertain + counting, sd = sqrt(variance),
                     df = x->df * fmax(pow(variance / x->held_out, 2), 1);
        const NiptScore s = nipt_score(p, f, c, 3, 1.645);
        cr_expect_float_eq(s.ratio, 1 + y, 1e-9);
        cr_expect_float_eq(s.sd, sd, 1e-9);
        cr_expect_float_eq(s.counting, sqrt(counting), 1e-9);
        cr_expect_float_eq(s.z, y / sd, 1e-6);
        cr_expect_float_eq(s.df, df, 1e-6 * df);
        cr_expect_float_eq(s.p, student_upper(y / sd, df), 1e-6);
        const double reach = student_quantile(0.975, df) * sd;
        cr_expect_float_eq(s.implied, 2 * y, 1e-9);
        cr_expect_float_eq(s.implied_low, 2 * (y - reach), 1e-9);
        cr_expect_float_eq(s.implied_high, 2 * (y + reach), 1e-9);
        cr_expect_float_eq(s.detectable, 2 * 4.645 * sd, 1e-9);
    }
    memset(r.bins->reads, 0, p->n_bins * sizeof *r.bins->reads);
    const NiptScore s = nipt_score(p, nipt_profile(p, r.bins, arena), 18, 3, 1.5);
    cr_expect(s.ratio == 1 && s.sd == 1 && s.counting == 1 && s.z == 0 && s.p == 0.5 &&
              s.df == p->chroms[18].df && s.implied == 0 && s.implied_low == 0 &&
              s.implied_high == 1 && s.detectable == 9);
}

/* ---- fetal fraction ---- */

Test(nipt_profile, pairs_are_counted_by_their_length)
{
    static const struct {
        int length;
        double ratio; /* NAN = no pair of 100 to 220 */
        int class;    /* -1 = no pair of 60 to 299 */
    } rows[] = {{59, NAN, -1}, {60, NAN, 0},   {64, NAN, 0},   {65, NAN, 1},
                {99, NAN, 7},  {100, 1, 8},    {150, 1, 18},   {151, 0, 18},
                {220, 0, 32},  {221, NAN, 32}, {299, NAN, 47}, {300, NAN, -1}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int few = 0; few < 3; few++) {
            Bins *b = bins_new(BUILD_GRCH38, 5000000, false, false, arena);
            double shares[NIPT_LENGTHS];
            b->paired = few != 2;
            b->lengths[rows[i].length] = few == 1 ? 19999 : 20000;
            const double ratio = nipt_size_ratio(b);
            if (few > 0 || isnan(rows[i].ratio))
                cr_expect(isnan(ratio), "%d bases: %g", rows[i].length, ratio);
            else
                cr_expect_eq(ratio, rows[i].ratio, "%d bases: %g", rows[i].length, ratio);
            const bool told = few == 0 && rows[i].class >= 0;
            cr_assert_eq(nipt_length_shares(shares, b), told, "%d bases", rows[i].length);
            for (int k = 0; told && k < NIPT_LENGTHS; k++)
                cr_expect_eq(shares[k], k == rows[i].class ? 1 : 0, "%d bases, class %d",
                             rows[i].length, k);
        }
}

typedef struct Estimate {
    double value, variance;
} Estimate;

static Estimate by_lengths(const NiptRandom *r)
{
    const NiptPanel *p = &r->panel;
    double brief = 0, middle = 0, all = 0, sum = 0, squares = 0;
    for (int i = 60; i <= 299; i++) {
        const double n = r->bins->lengths[i], weight = (double)p->length_line[(i - 60) / 5];
        all += n;
        sum += n * weight;
        squares += n * weight * weight;
        if (i >= 100 && i <= 220) middle += n;
        if (i >= 100 && i <= 150) brief += n;
    }
    const double q = brief / middle, mean = sum / all;
    const Estimate s = {p->size_base + p->size_slope * q,
                        pow(p->size_sd, 2) + pow(p->size_slope, 2) * q * (1 - q) / middle},
                   w = {p->length_base + mean,
                        pow(p->length_sd, 2) + (squares / all - mean * mean) / all};
    if (fabs(s.value - w.value) <= p->length_gap * sqrt(s.variance + w.variance)) return w;
    return (Estimate){fmin(s.value, w.value), fmax(s.variance, w.variance)};
}

static void expect_fraction(const NiptFraction *f, Estimate e, const char *method)
{
    const double reach = 1.96 * sqrt(e.variance);
    cr_expect(f->estimated && strcmp(f->method, method) == 0, "%s, not %s", f->method, method);
    cr_expect_float_eq(f->value, fmax(e.value, 0), 1e-9, "%g, not %g", f->value, e.value);
    cr_expect_float_eq(f->low, fmax(e.value - reach, 0), 1e-9);
    cr_expect_float_eq(f->high, fmin(fmax(e.value + reach, 0), 1), 1e-9, "%g", f->high);
}

Test(nipt_profile, fractions_by_their_definition)
{
    size_t agree = 0, apart = 0, none = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        NiptRandom r = nipt_random(seed, 5000000, 30, arena);
        NiptPanel *p = &r.panel;
        float *line = p->fraction_line;
        p->has_size = true;
        p->size_slope = 1 + nipt_any(&r);
        p->size_base = 0.1 - 0.45 * p->size_slope + 0.2 * nipt_any(&r);
        p->size_sd = 0.05 * nipt_any(&r);
        p->length_base = 0.4 * nipt_any(&r) - 0.1;
        p->length_sd = 0.05 * nipt_any(&r);
        p->length_gap = 2;
        p->fraction_base = nipt_any(&r) - 0.3;
        p->fraction_sd = 0.1 * nipt_any(&r);
        const NiptProfile *f = nipt_profile(p, r.bins, arena);
        const Estimate lengths = by_lengths(&r);
        Estimate counts = {p->fraction_base, pow(p->fraction_sd, 2) + nipt_counting(p, f, line)};
        for (uint32_t w = 0; w < p->n_windows; w++)
            counts.value += (double)line[w] * f->x[w];
        const double a = lengths.variance, b = counts.variance;
        NiptFraction found = nipt_fraction(p, f, r.bins);
        expect_fraction(
            &found, (Estimate){(lengths.value * b + counts.value * a) / (a + b), a * b / (a + b)},
            "both");
        p->fraction_line = NULL;
        found = nipt_fraction(p, f, r.bins);
        expect_fraction(&found, lengths, "length");
        *(lengths.variance > pow(p->length_sd, 2) * 1.5 ? &apart : &agree) += 1;
        none += found.value == 0;
        p->length_line = NULL;
        found = nipt_fraction(p, f, r.bins);
        cr_expect_gt(found.high - found.low, 0, "the short pairs alone");
        p->fraction_line = line;
        r.bins->paired = false;
        found = nipt_fraction(p, f, r.bins);
        expect_fraction(&found, counts, "counts");
        p->fraction_line = NULL;
        found = nipt_fraction(p, f, r.bins);
        cr_expect(!found.estimated && found.method[0] == '\0' && found.value == 0 &&
                  found.high == 0);
        r.bins->paired = true;
        p->has_size = false;
        cr_expect(!nipt_fraction(p, f, r.bins).estimated, "a panel without labels");
    }
    cr_expect(agree > 5 && apart > 5 && none > 2, "%zu %zu %zu", agree, apart, none);
}
