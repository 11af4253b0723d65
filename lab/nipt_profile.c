/* Why: raw counts follow the library's GC preference and the run's habits more than the fetus. Method:
 * the panel tells each bin's share of reads and the mean GC of its reads; the sample's own curve of observed over
 * expected reads by GC (strata of half a per cent, smoothed by local-linear regression with tricube weights, W. S.
 * Cleveland, JASA 74 (1979) 829) corrects the expectation, not the count, so that the count stays Poisson and
 * its variance known. Ratios are centred on autosomes other than 13, 18 and 21. Refuses nothing: a bin
 * that the panel masks, or where nothing is expected, carries no weight. */
#include "nipt.h"
#include "stats.h"

#include <math.h>
#include <string.h>

static const double curve_width = 4.0; /* half-width of the smoothing, per cent GC */
static const double least_curve = 0.1, most_curve = 10;

bool nipt_target(int chrom)
{
    return chrom == 13 || chrom == 18 || chrom == 21;
}

void nipt_panel_layout(NiptPanel *panel)
{
    uint32_t window = 0;
    for (int c = 1; c <= NIPT_CHROMS; c++) {
        panel->bin_first[c] = bins_first(panel->build, panel->bin_size, c);
        panel->window_first[c] = window;
        uint32_t bins = bins_first(panel->build, panel->bin_size, c + 1) - panel->bin_first[c];
        window += (bins + panel->window_bins - 1) / panel->window_bins;
    }
    panel->n_bins = panel->bin_first[NIPT_CHROMS];
    panel->n_windows = panel->window_first[NIPT_CHROMS];
}

static bool agrees(const char *panel, const char *sample)
{
    return panel[0] == '\0' || strcmp(panel, sample) == 0;
}

bool nipt_matches(const NiptPanel *panel, const Bins *bins)
{
    return panel->build == bins->build && panel->bin_size == bins->size &&
           panel->paired == bins->paired && agrees(panel->instrument, bins->instrument) &&
           agrees(panel->aligner, bins->aligner) && agrees(panel->protocol, bins->protocol);
}

/* ---- the GC curve ---- */

static int stratum(double gc)
{
    int s = (int)(gc * (NIPT_STRATA - 1) / 100 + 0.5);
    return s < 0 ? 0 : s >= NIPT_STRATA ? NIPT_STRATA - 1 : s;
}

/* Local-linear estimate of observed / expected at stratum `at`, weighted by the expected reads. */
static double smooth_at(const double *observed, const double *expected, int at)
{
    const double step = 100.0 / (NIPT_STRATA - 1);
    double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
    double width = curve_width / 2;
    while ((width *= 2) < 120) {
        s0 = s1 = s2 = t0 = t1 = 0;
        for (int i = 0; i < NIPT_STRATA; i++) {
            double d = (i - at) * step, u = fabs(d) / width;
            if (u >= 1 || expected[i] <= 0) continue;
            double tricube = 1 - u * u * u, w = tricube * tricube * tricube * expected[i];
            s0 += w;
            s1 += w * d;
            s2 += w * d * d;
            t0 += tricube * tricube * tricube * observed[i];
            t1 += tricube * tricube * tricube * observed[i] * d;
        }
        if (s0 >= 500) break; /* reads: below that a wider look is needed */
    }
    if (s0 <= 0) return 1;
    double det = s0 * s2 - s1 * s1;
    double level = det > 1e-9 * s0 * s2 ? (s2 * t0 - s1 * t1) / det : t0 / s0;
    return fmin(fmax(level, least_curve), most_curve);
}

void nipt_gc_curve(double curve[NIPT_STRATA], const Bins *bins, const float *gc,
                   const double *expected)
{
    double seen[NIPT_STRATA] = {0}, due[NIPT_STRATA] = {0}, all_seen = 0, all_due = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        uint32_t end = bins_first(bins->build, bins->size, chrom + 1);
        for (uint32_t b = bins_first(bins->build, bins->size, chrom); b < end; b++) {
            if (expected[b] <= 0 || nipt_target(chrom)) continue;
            int s = gc ? stratum((double)gc[b]) : 0;
            seen[s] += bins->reads[b];
            due[s] += expected[b];
            all_seen += bins->reads[b];
            all_due += expected[b];
        }
    }
    double scale = all_due > 0 && all_seen > 0 ? all_due / all_seen : 1;
    for (int s = 0; s < NIPT_STRATA; s++)
        seen[s] *= scale;
    for (int s = 0; s < NIPT_STRATA; s++)
        curve[s] = gc ? smooth_at(seen, due, s) : 1;
}

double nipt_gc_at(const double curve[NIPT_STRATA], double gc)
{
    double at = gc * (NIPT_STRATA - 1) / 100;
    if (!(at > 0)) return curve[0];
    if (at >= NIPT_STRATA - 1) return curve[NIPT_STRATA - 1];
    int low = (int)at;
    return curve[low] + (curve[low + 1] - curve[low]) * (at - low);
}

/* ---- the profile ---- */

static void count_reads(NiptProfile *p, const NiptPanel *panel, const Bins *bins)
{
    double gc = 0, all = 0;
    for (uint32_t b = 0; b < panel->n_bins; b++) {
        if (bins->gc) gc += bins->gc[b];
        all += bins->reads[b];
        if (panel->share[b] > 0) p->reads += bins->reads[b];
    }
    p->gc = bins->gc && all > 0 ? gc / all : NAN;
}

/* Expected reads of every bin: share, times the curve, times what makes the sums agree outside 13, 18 and 21. */
static void expect_reads(NiptProfile *p, const NiptPanel *panel, const Bins *bins)
{
    for (uint32_t b = 0; b < panel->n_bins; b++)
        p->expected[b] = (double)panel->share[b] * p->reads;
    nipt_gc_curve(p->curve, bins, panel->gc, p->expected);
    double seen = 0, due = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        for (uint32_t b = panel->bin_first[chrom]; b < panel->bin_first[chrom + 1]; b++) {
            if (panel->gc) p->expected[b] *= nipt_gc_at(p->curve, (double)panel->gc[b]);
            if (nipt_target(chrom) || p->expected[b] <= 0) continue;
            seen += bins->reads[b];
            due += p->expected[b];
        }
    }
    for (uint32_t b = 0; b < panel->n_bins; b++) {
        p->expected[b] *= due > 0 ? seen / due : 0;
        p->ratio[b] = p->expected[b] > 0 ? bins->reads[b] / p->expected[b] : 0;
    }
}

/* One window: inverse-variance mean of its bins at the panel's depth, so that the statistic is the same at any depth. */
static void fill_window(NiptProfile *p, const NiptPanel *panel, uint32_t w, uint32_t from,
                        uint32_t to)
{
    double sum = 0, weights = 0, variance = 0;
    for (uint32_t b = from; b < to; b++) {
        if (p->expected[b] <= 0) continue;
        double u = 1 / (1 / ((double)panel->share[b] * panel->reads) + (double)panel->noise[b]);
        sum += u * p->ratio[b];
        weights += u;
        variance += u * u / p->expected[b];
    }
    p->weight[w] = weights;
    p->x[w] = weights > 0 ? sum / weights : 0;
    p->variance[w] = weights > 0 ? variance / (weights * weights) : 0;
}

static void centre_windows(NiptProfile *p, const NiptPanel *panel)
{
    double sum = 0, weights = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        for (uint32_t w = panel->window_first[chrom]; w < panel->window_first[chrom + 1]; w++) {
            if (nipt_target(chrom)) continue;
            sum += p->weight[w] * p->x[w];
            weights += p->weight[w];
        }
    }
    double centre = weights > 0 && sum > 0 ? sum / weights : 1;
    for (uint32_t b = 0; b < panel->n_bins; b++)
        p->ratio[b] /= centre;
    for (uint32_t w = 0; w < panel->n_windows; w++)
        p->x[w] = p->weight[w] > 0 ? p->x[w] / centre - 1 : 0;
}

NiptProfile *nipt_profile_plain(const NiptPanel *panel, const Bins *bins, Arena *arena)
{
    NiptProfile *p = arena_alloc(arena, sizeof *p);
    p->expected = arena_alloc(arena, panel->n_bins * sizeof *p->expected);
    p->ratio = arena_alloc(arena, panel->n_bins * sizeof *p->ratio);
    p->x = arena_alloc(arena, panel->n_windows * sizeof *p->x);
    p->variance = arena_alloc(arena, panel->n_windows * sizeof *p->variance);
    p->weight = arena_alloc(arena, panel->n_windows * sizeof *p->weight);
    p->dispersion = p->overcount = 1;
    count_reads(p, panel, bins);
    expect_reads(p, panel, bins);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        uint32_t end = panel->bin_first[chrom + 1], w = panel->window_first[chrom];
        for (uint32_t b = panel->bin_first[chrom]; b < end; b += panel->window_bins) {
            uint32_t to = b + panel->window_bins < end ? b + panel->window_bins : end;
            fill_window(p, panel, w++, b, to);
        }
    }
    centre_windows(p, panel);
    return p;
}

/* Best linear prediction of the true scores: the noisier this sample, the more its scores shrink to none. */
static void fill_scores(NiptProfile *p, const NiptPanel *panel)
{
    for (uint32_t k = 0; k < panel->n_factors; k++) {
        double raw = 0, noise = 0;
        for (uint32_t w = 0; w < panel->n_windows; w++) {
            double a = (double)panel->project[k][w];
            raw += a * p->x[w];
            noise += a * a * p->variance[w];
        }
        p->score[k] = raw * panel->signal[k] / (panel->signal[k] + noise);
    }
}

/* What the panel's components foretell for a bin of that window. */
static double due_ratio(const NiptProfile *p, const NiptPanel *panel, uint32_t window)
{
    double due = 1;
    for (uint32_t k = 0; k < panel->n_factors; k++)
        due += p->score[k] * (double)panel->loading[k][window];
    return due;
}

/* Robust SD of standardised bins: a sample that is noisier than the panel's habit and its own counts explain. Copies that nobody
 * marked multiply the counting part alone, so that part bears the whole of it. */
static void measure_dispersion(NiptProfile *p, const NiptPanel *panel, Arena *arena)
{
    double *z = arena_alloc(arena, panel->n_bins * sizeof *z), counting = 0, all = 0;
    size_t n = 0;
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t b = panel->bin_first[c]; b < panel->bin_first[c + 1]; b++) {
            if (p->expected[b] < 10) continue;
            uint32_t w = panel->window_first[c] + (b - panel->bin_first[c]) / panel->window_bins;
            double variance = nipt_bin_variance(panel, p, b);
            z[n++] = (p->ratio[b] - due_ratio(p, panel, w)) / sqrt(variance);
            counting += 1 / p->expected[b];
            all += variance;
        }
    p->dispersion = p->overcount = 1;
    if (n <= 100) return;
    p->dispersion = robust_sd(z, n);
    p->overcount = fmax(1 + (p->dispersion * p->dispersion - 1) * all / counting, 1);
}

NiptProfile *nipt_profile(const NiptPanel *panel, const Bins *bins, Arena *arena)
{
    NiptProfile *p = nipt_profile_plain(panel, bins, arena);
    fill_scores(p, panel);
    measure_dispersion(p, panel, arena);
    return p;
}
