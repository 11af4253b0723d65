/* Peaks and marks of random channels, computed a second time: the curve by its weights, each peak by walking from its top. */
#include "lab/fragment.h"
#include "tests/chance.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 150 };

/* Savitzky and Golay's cubic over 2m + 1 scans; half a window at both ends, and a channel shorter than a window, stay as they are. */
static void smoothed(double *out, const double *in, int n, int window)
{
    const int m = window / 2;
    const double norm = (2.0 * m + 3) * (2.0 * m + 1) * (2.0 * m - 1) / 3;
    for (int i = 0; i < n; i++) {
        out[i] = in[i];
        if (m < 1 || window > 64 || i < m || i + m >= n) continue;
        out[i] = in[i] * ((3.0 * m * m + 3.0 * m - 1) / norm);
        for (int k = m; k > 0; k--) /* in this order, since a tie must stay one */
            out[i] += (3.0 * m * m + 3.0 * m - 1 - 5.0 * k * k) / norm * (in[i - k] + in[i + k]);
    }
}

/* Down the curve from its top until it rises or has come to the baseline. */
static int foot(const double *curve, int top, int step, int last)
{
    int at = top;
    while (at != last && curve[at] > 0 && curve[at + step] <= curve[at])
        at += step;
    return at;
}

/* Where the signal falls to half, on a straight line between two scans. */
static double half_way(const double *signal, int apex, int step, int end)
{
    for (int i = apex; i != end; i += step)
        if (signal[i + step] <= signal[apex] / 2)
            return i + step * (signal[i] - signal[apex] / 2) / (signal[i] - signal[i + step]);
    return end;
}

static int peaks_of(Peak *out, const double *signal, int n, const PeakOptions *o)
{
    double curve[MOST];
    int found = 0;
    smoothed(curve, signal, n, o->smooth_window);
    for (int top = 1; top + 1 < n; top++) {
        if (o->to > 0 && (top < o->from || top >= o->to)) continue;
        if (curve[top] < o->least_height / 2 || curve[top] <= curve[top - 1] ||
            curve[top] < curve[top + 1])
            continue;
        Peak p = {.begin = foot(curve, top, -1, 0), .end = foot(curve, top, 1, n - 1)};
        int apex = top;
        for (int i = top - 2; i <= top + 2; i++)
            if (i >= p.begin && i <= p.end && signal[i] > signal[apex]) apex = i;
        for (int i = p.begin; i <= p.end; i++)
            p.area += signal[i];
        p.scan = apex;
        p.height = signal[apex];
        p.width = half_way(signal, apex, 1, p.end) - half_way(signal, apex, -1, p.begin);
        if (p.height < o->least_height || p.width < o->least_width) continue;
        if (found > 0 && out[found - 1].scan >= p.scan) continue;
        out[found++] = p;
    }
    return found;
}

static void expect_peaks(const double *signal, int n, const PeakOptions *o, int turn, size_t *all)
{
    Peak due[MOST];
    Arena *arena = arena_new(NULL);
    const int m = peaks_of(due, signal, n, o);
    const PeakList found = fragment_peaks(signal, (size_t)n, o, arena);
    cr_assert_eq(found.n, (size_t)m, "turn %d: %zu, not %d", turn, found.n, m);
    for (int i = 0; i < m; i++) {
        const Peak *f = &found.items[i], *d = &due[i];
        cr_assert(f->scan == d->scan && f->begin == d->begin && f->end == d->end &&
                      f->height == d->height,
                  "turn %d, peak %d: %g from %d to %d, not %g from %d to %d", turn, i, f->scan,
                  f->begin, f->end, d->scan, d->begin, d->end);
        cr_expect_float_eq(f->area, d->area, 1e-9);
        cr_expect_float_eq(f->width, d->width, 1e-9, "turn %d, peak %d: %g, not %g", turn, i,
                           f->width, d->width);
        cr_expect(isnan(f->size) && f->flags == 0);
    }
    *all += found.n;
    arena_free(arena);
}

/* Small whole numbers, so that plateaus and ties are many; every window, and channels shorter than it. */
Test(fragment_peaks, peaks_by_their_definition)
{
    static const int windows[] = {1, 3, 5, 7, 9, 21, 63, 65};
    size_t all = 0, unsmoothed = 0;
    for (int turn = 0; turn < 4000; turn++) {
        double signal[MOST];
        const int n = turn % 7 == 0   ? (int)(chance_part() * 12)
                      : turn % 7 == 1 ? 70 + turn % 5
                                      : (int)(chance_part() * (MOST - 1));
        const int from = (int)(chance_part() * n), to = from + (int)(chance_part() * (n - from));
        const PeakOptions o = {.least_height = 1 + floor(chance_part() * 6),
                               .smooth_window = turn % 3 ? windows[turn / 3 % 8] : 1,
                               .least_width = turn % 2 ? 0 : floor(chance_part() * 4),
                               .from = turn % 4 == 0 ? from : 0,
                               .to = turn % 4 == 0 ? to : 0};
        for (int i = 0; i < n; i++)
            signal[i] = floor(chance_part() * (turn % 5 == 0 ? 4 : 12)) - 1;
        expect_peaks(signal, n, &o, turn, o.smooth_window == 1 ? &unsmoothed : &all);
    }
    cr_expect(all > 3000 && unsmoothed > 3000, "%zu %zu", all, unsmoothed);
}

/* ---- marks ---- */

static PeakList list_of(Peak *peaks, size_t n)
{
    double at = 0;
    for (size_t i = 0; i < n; i++) {
        at += floor(chance_part() * 4);
        peaks[i] = (Peak){.scan = at,
                          .begin = (int)at - (int)(chance_part() * 3),
                          .end = (int)at + (int)(chance_part() * 3),
                          .height = floor(1 + chance_part() * 20),
                          .width = floor(1 + chance_part() * 6)};
    }
    return (PeakList){peaks, n};
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static unsigned due_marks(const PeakList *dyes, size_t dye, size_t at, const ArtefactLimits *limits,
                          const int32_t *off, size_t n_off)
{
    const Peak *p = &dyes[dye].items[at];
    unsigned marks = 0;
    double widths[15];
    size_t n = 0;
    for (size_t i = 0; i < n_off; i++)
        if (off[i] >= p->begin && off[i] <= p->end) marks |= PEAK_OFF_SCALE;
    for (size_t d = 0; d < 3; d++)
        for (size_t i = 0; i < dyes[d].n; i++) {
            const Peak *q = &dyes[d].items[i];
            if (d != dye && fabs(q->scan - p->scan) <= limits->pull_up_scans &&
                p->height < limits->pull_up_ratio * q->height)
                marks |= PEAK_PULL_UP;
            if (d == dye && i + 7 >= at && i <= at + 7) widths[n++] = q->width;
        }
    qsort(widths, n, sizeof *widths, by_value);
    if (p->width < limits->width_low * widths[n / 2] ||
        p->width > limits->width_high * widths[n / 2])
        marks |= PEAK_SHAPE;
    return marks;
}

Test(fragment_peaks, marks_by_their_definition)
{
    static const ArtefactLimits limits = {0.25, 2, 0.5, 1.5};
    size_t marked[3] = {0};
    for (int turn = 0; turn < 500; turn++) {
        Peak peaks[3][40];
        PeakList dyes[3];
        int32_t off[10];
        const size_t n_off = (size_t)(chance_part() * 10);
        for (size_t d = 0; d < 3; d++)
            dyes[d] = list_of(peaks[d], (size_t)(chance_part() * 40));
        for (size_t i = 0; i < n_off; i++)
            off[i] = (int32_t)(chance_part() * 80) - 2;
        unsigned due[3][40];
        for (size_t d = 0; d < 3; d++)
            for (size_t i = 0; i < dyes[d].n; i++)
                due[d][i] = due_marks(dyes, d, i, &limits, off, n_off);
        fragment_mark_pull_up(dyes, 3, &limits);
        for (size_t d = 0; d < 3; d++) {
            fragment_mark_off_scale(&dyes[d], off, n_off);
            fragment_mark_shape(&dyes[d], &limits);
            for (size_t i = 0; i < dyes[d].n; i++) {
                cr_assert_eq(peaks[d][i].flags, due[d][i], "turn %d, dye %zu, peak %zu: %u, not %u",
                             turn, d, i, peaks[d][i].flags, due[d][i]);
                for (size_t k = 0; k < 3; k++)
                    marked[k] += (due[d][i] >> k) & 1;
            }
        }
    }
    cr_expect(marked[0] > 500 && marked[1] > 500 && marked[2] > 500);
}
