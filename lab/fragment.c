/* Peaks are found on the channel itself: a cubic fitted over a short window (Savitzky and Golay) tells where the slope changes sign, the
 * flattened signal gives height and area. A peak ends where the signal starts to rise again, or at the baseline. */
#include "fragment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scans that are worked on side by side: a fixed number is what compilers make vectors of. */
enum { TILE = 64 };

/* ---- baseline ---- */

static int32_t lower(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* The scans, half a window on both sides, and what the last tile of a pass reads beyond them. */
static size_t padded_size(size_t n, size_t window)
{
    return n + 2 * (window / 2) + window + TILE;
}

/* least[i] becomes the lower of itself and of what stands `by` further on. */
static void widen(int32_t *least, size_t n, size_t by)
{
    for (size_t i = 0; i < n; i += TILE) {
        int32_t both[TILE];
        for (size_t j = 0; j < TILE; j++)
            both[j] = lower(least[i + j], least[i + by + j]);
        memcpy(least + i, both, sizeof both);
    }
}

/* Running minimum over `window` scans, centred. Two neighbouring minima of `width` scans make one of twice as many, and the last step lets them
 * overlap: the passes are few and each works on many scans at once, which is quicker here than the fewest comparisons (M. van Herk, Pattern
 * Recognit Lett 13 (1992) 517). The maximum is the minimum of the complements (`flip` -1: ~x turns the order round and cannot
 * overflow). `work` holds padded_size(). */
static void running_extreme(int32_t *out, const int32_t *in, size_t n, size_t window, int32_t flip,
                            int32_t *work)
{
    const size_t half = window / 2, all = padded_size(n, window);
    size_t width = 1;
    for (size_t i = 0; i < half; i++)
        work[i] = INT32_MAX;
    for (size_t i = 0; i < n; i++)
        work[half + i] = in[i] ^ flip;
    for (size_t i = half + n; i < all; i++)
        work[i] = INT32_MAX;
    for (; 2 * width <= 2 * half + 1; width *= 2)
        widen(work, n + 2 * half, width);
    widen(work, n, 2 * half + 1 - width);
    for (size_t i = 0; i < n; i++)
        out[i] = work[i] ^ flip;
}

/* The signal minus its opening, or minus the mean of the opening over the window where that is lower. */
static void subtract(double *signal, const int32_t *raw, const int32_t *open, size_t n, int window)
{
    const size_t half = (size_t)window / 2;
    size_t from = 0, to = 0; /* of the window, which is cut at both ends */
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        for (; to < n && to <= i + half; to++)
            sum += open[to];
        for (; from + half < i; from++)
            sum -= open[from];
        const double mean = (double)sum / (double)(int64_t)(to - from), low = open[i];
        signal[i] = raw[i] - (mean < low ? mean : low);
    }
}

double *fragment_flatten(const int32_t *raw, size_t n, int window, Arena *arena)
{
    double *signal = arena_alloc(arena, (n + 1) * sizeof *signal);
    const ArenaMark own = arena_mark(arena);
    int32_t *low = arena_alloc(arena, (n + 1) * sizeof *low),
            *open = arena_alloc(arena, (n + 1) * sizeof *open),
            *work = arena_alloc(arena, padded_size(n, (size_t)window) * sizeof *work);
    running_extreme(low, raw, n, (size_t)window, 0, work);
    running_extreme(open, low, n, (size_t)window, -1, work);
    subtract(signal, raw, open, n, window);
    arena_rewind(arena, own);
    return signal;
}

/* ---- peaks ---- */

enum { MOST_WEIGHTS = 64 };

static void smooth_tile(double *out, const double *in, const double *weights, size_t edge)
{
    double sum[TILE];
    for (size_t j = 0; j < TILE; j++)
        sum[j] = weights[edge] * in[edge + j];
    for (size_t k = 0; k < edge; k++) { /* symmetric */
        const double w = weights[k], *left = in + k, *right = in + 2 * edge - k;
        for (size_t j = 0; j < TILE; j++)
            sum[j] += w * (left[j] + right[j]);
    }
    memcpy(out, sum, sizeof sum);
}

static double smooth_one(const double *in, const double *weights, size_t edge)
{
    double sum = weights[edge] * in[edge];
    for (size_t k = 0; k < edge; k++)
        sum += weights[k] * (in[k] + in[2 * edge - k]);
    return sum;
}

/* Value at the middle of a cubic fitted over 2m+1 scans: weights 3 (3m^2 + 3m - 1 - 5 k^2) / ((2m+3)(2m+1)(2m-1)). */
static void smooth(double *out, const double *in, size_t n, int window)
{
    const int m = window / 2;
    const size_t edge = (size_t)m, width = 2 * edge + 1;
    const double norm = (2.0 * m + 3) * (2.0 * m + 1) * (2.0 * m - 1) / 3;
    double weights[MOST_WEIGHTS] = {0};
    memcpy(out, in, n * sizeof *out);
    if (m < 1 || n <= 2 * edge || width > MOST_WEIGHTS) return;
    for (int k = -m; k <= m; k++)
        weights[k + m] = (3.0 * m * m + 3.0 * m - 1 - 5.0 * k * k) / norm;
    size_t i = edge;
    for (; i + edge + TILE <= n; i += TILE)
        smooth_tile(out + i, in + (i - edge), weights, edge);
    for (; i + edge < n; i++)
        out[i] = smooth_one(in + (i - edge), weights, edge);
}

/* Where the signal falls through half of `height` on the way from the apex, between two scans. */
static double half_point(const double *signal, size_t apex, size_t end, int step, double half)
{
    for (size_t i = apex; i != end; i += (size_t)(ptrdiff_t)step) {
        size_t next = i + (size_t)(ptrdiff_t)step;
        if (signal[next] <= half)
            return (double)i + step * (signal[i] - half) / (signal[i] - signal[next]);
    }
    return (double)end;
}

static size_t foot(const double *curve, size_t apex, size_t limit, int step)
{
    size_t at = apex;
    while (at != limit) {
        size_t next = at + (size_t)(ptrdiff_t)step;
        if (curve[next] > curve[at] || curve[at] <= 0) break;
        at = next;
    }
    return at;
}

static Peak measure(const double *signal, const double *curve, size_t n, size_t top)
{
    size_t begin = foot(curve, top, 0, -1), end = foot(curve, top, n - 1, 1), apex = top;
    /* The apex is the highest scan of the signal itself near the top of its smoothed curve. */
    size_t near = 2;
    for (size_t i = top > begin + near ? top - near : begin; i <= top + near && i <= end; i++)
        if (signal[i] > signal[apex]) apex = i;
    Peak p = {.scan = (double)apex,
              .begin = (int)begin,
              .end = (int)end,
              .height = signal[apex],
              .size = NAN};
    for (size_t i = begin; i <= end; i++)
        p.area += signal[i];
    p.width = half_point(signal, apex, end, 1, p.height / 2) -
              half_point(signal, apex, begin, -1, p.height / 2);
    return p;
}

PeakList fragment_peaks(const double *signal, size_t n, const PeakOptions *options, Arena *arena)
{
    PeakList list = {0};
    size_t capacity = 0, from = options->to > 0 ? (size_t)options->from : 0,
           to = options->to > 0 ? (size_t)options->to : n;
    const ArenaMark own = arena_mark(arena);
    double *curve = arena_alloc(arena, (n + 1) * sizeof *curve);
    smooth(curve, signal, n, options->smooth_window);
    for (size_t i = from > 1 ? from : 1; i + 1 < n && i < to; i++) {
        if (curve[i] < options->least_height / 2) continue; /* nearly all: so it is asked first */
        if (curve[i] <= curve[i - 1] || curve[i] < curve[i + 1]) continue;
        Peak p = measure(signal, curve, n, i);
        bool again = list.n > 0 && list.items[list.n - 1].scan >= p.scan;
        if (p.height < options->least_height || p.width < options->least_width || again) continue;
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = p;
    }
    list.items = arena_rewind_but(arena, own, list.items, list.n * sizeof *list.items);
    return list;
}

/* ---- artefacts ---- */

void fragment_mark_off_scale(PeakList *peaks, const int32_t *scans, size_t n_scans)
{
    for (size_t i = 0; i < peaks->n; i++)
        for (size_t k = 0; k < n_scans; k++)
            if (scans[k] >= peaks->items[i].begin && scans[k] <= peaks->items[i].end)
                peaks->items[i].flags |= PEAK_OFF_SCALE;
}

void fragment_mark_pull_up(PeakList *dyes, int n_dyes, const ArtefactLimits *limits)
{
    for (int d = 0; d < n_dyes; d++)
        for (size_t i = 0; i < dyes[d].n; i++)
            for (int other = 0; other < n_dyes; other++)
                for (size_t k = 0; other != d && k < dyes[other].n; k++) {
                    const Peak *cause = &dyes[other].items[k];
                    Peak *p = &dyes[d].items[i];
                    if (fabs(cause->scan - p->scan) <= limits->pull_up_scans &&
                        p->height < limits->pull_up_ratio * cause->height)
                        p->flags |= PEAK_PULL_UP;
                }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Neighbours along the run, not the whole run: peaks widen with size. */
static double median_width_near(const PeakList *peaks, size_t at)
{
    enum { REACH = 7 };
    double widths[2 * REACH + 1] = {0};
    size_t n = 0;
    for (size_t i = at > REACH ? at - REACH : 0; i <= at + REACH && i < peaks->n; i++)
        widths[n++] = peaks->items[i].width;
    qsort(widths, n, sizeof *widths, by_value);
    return widths[n / 2];
}

void fragment_mark_shape(PeakList *peaks, const ArtefactLimits *limits)
{
    for (size_t i = 0; i < peaks->n; i++) {
        double usual = median_width_near(peaks, i), width = peaks->items[i].width;
        if (width < limits->width_low * usual || width > limits->width_high * usual)
            peaks->items[i].flags |= PEAK_SHAPE;
    }
}
