/* Peaks and ladders by figures that can be worked out on paper, or by the definition written down the long way. */
#include "lab/fragment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* ---- baseline ---- */

static int32_t extreme(const int32_t *in, size_t n, size_t at, size_t half, bool highest)
{
    size_t from = at > half ? at - half : 0, to = at + half < n ? at + half : n - 1;
    int32_t best = in[from];
    for (size_t i = from; i <= to; i++)
        if (highest ? in[i] > best : in[i] < best) best = in[i];
    return best;
}

/* The opening is the highest of the lowest; what goes is the lower of it and of its mean over the window. */
Test(fragment_rules, the_baseline_is_the_opening_or_its_mean)
{
    enum { MOST = 400 };
    static int32_t raw[MOST], low[MOST], open[MOST];
    static const int windows[] = {1, 3, 5, 7, 9, 15, 17, 51, 63, 65};
    static const size_t sizes[] = {1, 2, 3, 7, 8, 50, 51, 52, 63, 64, 65, 128, 200, 399};
    uint64_t chance = 99;
    for (size_t w = 0; w < COUNT(windows); w++)
        for (size_t s = 0; s < COUNT(sizes); s++) {
            const size_t n = sizes[s], half = (size_t)windows[w] / 2;
            Arena *a = arena_new(NULL);
            for (size_t i = 0; i < n; i++) {
                chance = chance * 6364136223846793005u + 1442695040888963407u;
                raw[i] = (int32_t)(chance >> 40) % (i % 5 ? 300 : 30000) - (int32_t)(i * s);
            }
            if (n > 60) raw[30] = INT32_MAX, raw[31] = INT32_MIN;
            for (size_t i = 0; i < n; i++)
                low[i] = extreme(raw, n, i, half, false);
            for (size_t i = 0; i < n; i++)
                open[i] = extreme(low, n, i, half, true);
            const double *flat = fragment_flatten(raw, n, windows[w], a);
            for (size_t i = 0; i < n; i++) {
                size_t from = i > half ? i - half : 0, to = i + half < n ? i + half : n - 1;
                double mean = 0;
                for (size_t k = from; k <= to; k++)
                    mean += open[k];
                mean /= (double)(to - from + 1);
                cr_assert_float_eq(flat[i], raw[i] - fmin(mean, open[i]), 1e-5,
                                   "window %d, %zu of %zu", windows[w], i, n);
            }
            arena_free(a);
        }
}

/* ---- peaks ---- */

/* Without smoothing: begin and end lie at the baseline or in the valley, the width at half of the height, between scans. */
Test(fragment_rules, a_peak_on_paper)
{
    static const struct {
        double signal[12];
        size_t n;
        PeakOptions options;
        size_t n_peaks;
        Peak first;
    } rows[] = {
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20, 1, 2, 0, 0}, 1, {3, 1, 5, 20, 40, 2, 0, 0}},
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20.01, 1, 2, 0, 0}, 0, {.scan = 0}},
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20, 1, 2.01, 0, 0}, 0, {.scan = 0}},
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20, 1, 2, 3, 4}, 1, {3, 1, 5, 20, 40, 2, 0, 0}},
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20, 1, 2, 4, 7}, 0, {.scan = 0}},
        {{0, 0, 10, 20, 10, 0, 0}, 7, {20, 1, 2, 1, 3}, 0, {.scan = 0}},
        {{5, 20, 5, 0}, 4, {20, 1, 1, 0, 0}, 1, {1, 0, 3, 20, 30, 4.0 / 3, 0, 0}},
        {{0, 5, 20, 5}, 4, {20, 1, 1, 0, 0}, 1, {2, 0, 3, 20, 30, 4.0 / 3, 0, 0}},
        {{20, 5, 0, 5, 20}, 5, {20, 1, 1, 0, 0}, 0, {.scan = 0}}, /* the ends are no peaks */
        {{0, 10, 20, 20, 10, 0}, 6, {20, 1, 1, 0, 0}, 1, {2, 0, 5, 20, 60, 3, 0, 0}},
        {{0, 8, 24, 6, 30, 6, 0}, 7, {20, 1, 1, 0, 0}, 2, {2, 0, 3, 24, 38, 17.0 / 12, 0, 0}},
        {{0, 8, 24, 16, 30, 6, 0},
         7,
         {20, 1, 1, 0, 0},
         2,
         {2, 0, 3, 24, 48, 1.75, 0, 0}}, /* never falls to half: ends in the valley */
        {{-2, 4, -1, 20, 9, 9, -3, 7},
         8,
         {20, 1, 0.5, 0, 0},
         1,
         {3, 2, 6, 20, 34, 10.0 / 11 + 10.0 / 21, 0, 0}},
        {{0, 20}, 2, {1, 1, 0, 0, 0}, 0, {.scan = 0}},
        {{0}, 1, {1, 1, 0, 0, 0}, 0, {.scan = 0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *a = arena_new(NULL);
        const PeakList p = fragment_peaks(rows[i].signal, rows[i].n, &rows[i].options, a);
        cr_assert_eq(p.n, rows[i].n_peaks, "row %zu: %zu", i, p.n);
        if (p.n > 0) {
            const Peak *f = &p.items[0], *w = &rows[i].first;
            cr_expect(f->scan == w->scan && f->begin == w->begin && f->end == w->end,
                      "row %zu: %g %d %d", i, f->scan, f->begin, f->end);
            cr_expect(f->height == w->height && f->area == w->area, "row %zu: %g %g", i, f->height,
                      f->area);
            cr_expect_float_eq(f->width, w->width, 1e-12, "row %zu: %g", i, f->width);
            cr_expect(isnan(f->size) && f->flags == 0);
        }
        arena_free(a);
    }
}

/* One scan of 1 becomes the weights of Savitzky and Golay's cubic, -3 12 17 12 -3, -2 3 6 7 ... or -21 14 39 54 59 ...: where they fall below zero the
 * peak ends; and between two such scans the valley lies where the weights say, to one part in a thousand. */
Test(fragment_rules, smoothing_by_printed_weights)
{
    static const struct {
        int window, apart; /* the second scan behind the first */
        double second;
        int end; /* of the first peak, from its apex */
    } rows[] = {
        {5, 0, 0, 2},
        {7, 0, 0, 3},
        {9, 0, 0, 4},
        /* at +1: 12 - 3 x, at +2: -3 + 12 x */
        {5, 3, 0.999, 2},
        {5, 3, 1.001, 1},
        /* at +1: 12, at +2: -3 - 3 x */
        {5, 4, 1, 2},
        /* at +1: 6 - 2 x, at +2: 3 + 3 x, x = 0.6 */
        {7, 4, 0.599, 3},
        {7, 4, 0.601, 1},
        /* at +2: 3 - 2 x, at +3: -2 + 3 x */
        {7, 5, 0.999, 3},
        {7, 5, 1.001, 2},
        /* at +2: 39 - 21 x, at +3: 14 + 14 x, x = 25 / 35 */
        {9, 6, 0.7136, 4},
        {9, 6, 0.7149, 2},
    };
    static const size_t places[] = {8, 40, 100, 140, 175};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < COUNT(places); k++) {
            double signal[190] = {0};
            Arena *a = arena_new(NULL);
            const PeakOptions options = {.least_height = 100, .smooth_window = rows[i].window};
            signal[places[k]] = 1000;
            if (rows[i].apart > 0)
                signal[places[k] + (size_t)rows[i].apart] = 1000 * rows[i].second;
            const PeakList p = fragment_peaks(signal, 190, &options, a);
            cr_assert_eq(p.n, rows[i].apart > 0 ? 2U : 1U, "row %zu", i);
            cr_expect_eq(p.items[0].scan, (double)places[k]);
            cr_expect_eq(p.items[0].end - (int)places[k], rows[i].end, "row %zu at %zu: %d", i,
                         places[k], p.items[0].end - (int)places[k]);
            cr_expect_eq((int)places[k] - p.items[0].begin, rows[i].window / 2, "row %zu", i);
            cr_expect_eq(p.items[0].width, 1.0);
            /* the mirror image */
            for (size_t left = 0; left < 95; left++) {
                const double swap = signal[left];
                signal[left] = signal[189 - left];
                signal[189 - left] = swap;
            }
            const PeakList m = fragment_peaks(signal, 190, &options, a);
            cr_assert_eq(m.n, p.n);
            cr_expect_eq(189 - places[k] - (size_t)m.items[m.n - 1].begin, (size_t)rows[i].end,
                         "row %zu, mirrored", i);
            arena_free(a);
        }
}

/* A spike that the smoothing leaves less than half of what is asked is none; the apex is the highest scan beside the top of the curve. */
Test(fragment_rules, spikes_and_leaning_peaks)
{
    static const struct {
        int window;
        double most; /* twice 17/35, 7/21 and 59/231 of 1000 */
    } rows[] = {{5, 971.43}, {7, 666.67}, {9, 510.82}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int more = 0; more < 2; more++)
            for (size_t at = 20; at < 190; at += 60) {
                double signal[190] = {0};
                Arena *a = arena_new(NULL);
                const PeakOptions options = {.least_height = rows[i].most + (more ? 0.1 : -0.1),
                                             .smooth_window = rows[i].window};
                signal[at] = 1000;
                cr_expect_eq(fragment_peaks(signal, 190, &options, a).n, more ? 0U : 1U, "row %zu",
                             i);
                arena_free(a);
            }
    for (int mirrored = 0; mirrored < 2; mirrored++) {
        double signal[100] = {0}; /* the curve is highest at 51 */
        Arena *a = arena_new(NULL);
        const PeakOptions options = {.least_height = 50, .smooth_window = 5};
        signal[51] = 90;
        signal[mirrored ? 52 : 50] = 100;
        signal[mirrored ? 50 : 52] = 90;
        const PeakList p = fragment_peaks(signal, 100, &options, a);
        cr_assert_eq(p.n, 1U);
        cr_expect_eq(p.items[0].scan, mirrored ? 52.0 : 50.0);
        cr_expect_eq(p.items[0].height, 100.0);
        arena_free(a);
    }
}

/* ---- artefacts ---- */

Test(fragment_rules, marks_at_their_limits)
{
    static const ArtefactLimits limits = {0.1, 1.5, 0.6, 1.7};
    static const struct {
        double scan, height;
        unsigned flags;
    } pull_up[] = {{500, 99, PEAK_PULL_UP},   {500, 100, 0},
                   {501.5, 99, PEAK_PULL_UP}, {501.6, 99, 0},
                   {498.5, 99, PEAK_PULL_UP}, {498.4, 99, 0}};
    for (size_t i = 0; i < COUNT(pull_up); i++)
        for (int swapped = 0; swapped < 2; swapped++) {
            Peak small[] = {{.scan = pull_up[i].scan, .height = pull_up[i].height},
                            {.scan = pull_up[i].scan, .height = 2000}};
            Peak tall[] = {{.scan = 900, .height = 1}, {.scan = 500, .height = 1000}};
            PeakList dyes[] = {{small, 1}, {tall, 2}}, swap[] = {{tall, 2}, {small, 1}},
                     own[] = {{small, 2}};
            fragment_mark_pull_up(swapped ? swap : dyes, 2, &limits);
            cr_expect_eq(small[0].flags, pull_up[i].flags, "row %zu", i);
            cr_expect(tall[0].flags == 0 && tall[1].flags == 0);
            small[0].flags = 0;
            fragment_mark_pull_up(own, 1, &limits);
            cr_expect_eq(small[0].flags, 0U, "a dye does not pull itself up");
        }
    static const struct {
        int32_t scan;
        bool marked;
    } saturated[] = {{9, false}, {10, true}, {15, true}, {20, true}, {21, false}};
    for (size_t i = 0; i < COUNT(saturated); i++) {
        Peak p[] = {{.begin = 100, .end = 120}, {.begin = 10, .end = 20}};
        PeakList list = {p, 2};
        const int32_t scans[] = {50, saturated[i].scan};
        fragment_mark_off_scale(&list, scans, 2);
        cr_expect_eq(p[1].flags, saturated[i].marked ? PEAK_OFF_SCALE : 0U, "row %zu", i);
        cr_expect_eq(p[0].flags, 0U);
    }
}

/* Held against the median width of itself and of seven neighbours on both sides; on the limit is within. */
Test(fragment_rules, width_among_neighbours)
{
    static const ArtefactLimits limits = {0, 0, 0.5, 2};
    static const struct {
        double width;
        bool marked;
    } rows[] = {{4.9, true}, {5, false}, {20, false}, {20.1, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Peak p[15] = {{0}};
        for (size_t k = 0; k < 15; k++)
            p[k].width = 10;
        p[7].width = rows[i].width;
        PeakList list = {p, 15};
        fragment_mark_shape(&list, &limits);
        for (size_t k = 0; k < 15; k++)
            cr_expect_eq(p[k].flags, k == 7 && rows[i].marked ? PEAK_SHAPE : 0U, "row %zu: %zu", i,
                         k);
    }
    /* Wide peaks from number 20 on: at 12 seven of fifteen may be wide, at 13 the eighth makes them the rule. */
    Peak p[40] = {{0}};
    for (size_t k = 0; k < 40; k++)
        p[k].width = k < 20 ? 10 : 100;
    PeakList list = {p, 40};
    fragment_mark_shape(&list, &limits);
    for (size_t k = 0; k < 40; k++)
        cr_expect_eq(p[k].flags, 0U, "%zu: the rule changes with them", k);
    p[39].width = p[0].width = 30; /* at the ends there are eight */
    fragment_mark_shape(&list, &limits);
    cr_expect(p[0].flags == PEAK_SHAPE && p[39].flags == PEAK_SHAPE);
    Peak few[] = {{.width = 10}, {.width = 10}, {.width = 21}, {.width = 10}};
    PeakList four = {few, 4};
    fragment_mark_shape(&four, &limits);
    cr_expect(few[0].flags == 0 && few[2].flags == PEAK_SHAPE && few[3].flags == 0);
}

/* ---- ladders ---- */

static const SizeStandard nine = {"nine", {50, 75, 100, 139, 150, 160, 200, 250, 300}, 9};

/* The value that keeps the cross ratio of four points: a hyperbola through three of them. */
static double by_cross_ratio(const double *m, const double *size, double scan)
{
    const double k = (scan - m[0]) * (m[1] - m[2]) / ((scan - m[2]) * (m[1] - m[0]));
    const double p = size[1] - size[2], q = k * (size[1] - size[0]);
    return (p * size[0] - q * size[2]) / (p - q);
}

/* A bent ladder that is no hyperbola. */
static void bent(double *scans, double more)
{
    for (int i = 0; i < nine.n; i++)
        scans[i] = floor(300 + 6.6 * nine.sizes[i] + 0.0012 * nine.sizes[i] * nine.sizes[i]) +
                   (i == 4 ? more : 0);
}

/* Local Southern is the mean of the two hyperbolas that enclose the scan, and the one that there is in the first and last gap. */
Test(fragment_rules, sizes_between_rungs)
{
    double scans[LADDER_MOST], all[3000];
    Ladder l;
    bent(scans, 3);
    ladder_set(&l, &nine, scans);
    for (int gap = 0; gap < 8; gap++)
        for (double scan = scans[gap]; scan < scans[gap + 1]; scan += 7) {
            double wanted = gap == 0 ? by_cross_ratio(scans, nine.sizes, scan)
                            : gap == 7
                                ? by_cross_ratio(scans + 6, nine.sizes + 6, scan)
                                : (by_cross_ratio(scans + gap - 1, nine.sizes + gap - 1, scan) +
                                   by_cross_ratio(scans + gap, nine.sizes + gap, scan)) /
                                      2;
            cr_expect_float_eq(ladder_size(&l, scan), wanted, 1e-8, "scan %g", scan);
        }
    for (int method = 0; method < 2; method++) {
        l.method = method == 0 ? SIZING_LOCAL_SOUTHERN : SIZING_CUBIC;
        ladder_size_scans(&l, all, 3000);
        for (size_t i = 0; i < 3000; i++) {
            const double one = ladder_size(&l, (double)i);
            cr_expect(isnan(one) ? isnan(all[i]) : one == all[i], "scan %zu", i);
            cr_expect_eq(isnan(one), (double)i < scans[0] || (double)i > scans[8], "scan %zu", i);
        }
        Peak peaks[] = {
            {.scan = scans[0] - 1}, {.scan = scans[0]}, {.scan = 999}, {.scan = scans[8]}};
        PeakList list = {peaks, 4};
        ladder_size_all(&l, &list);
        cr_expect(isnan(peaks[0].size) && !isnan(peaks[1].size) && !isnan(peaks[3].size));
        cr_expect_eq(peaks[2].size, all[999]);
    }
}

/* What a cubic leaves over by least squares stands at right angles to 1, t, t^2 and t^3; what is a cubic leaves nothing. */
Test(fragment_rules, the_cubic_is_the_least_squares)
{
    double scans[LADDER_MOST];
    Ladder l;
    for (int exact = 0; exact < 2; exact++) {
        SizeStandard s = nine;
        bent(scans, 5);
        for (int i = 0; exact && i < s.n; i++) {
            const double t = (scans[i] - scans[0]) / 1000;
            s.sizes[i] = 50 + 150 * t - 20 * t * t + 3 * t * t * t;
        }
        ladder_set(&l, &s, scans);
        l.method = SIZING_CUBIC;
        double moments[4] = {0}, largest = 0;
        for (int i = 0; i < l.n; i++) {
            const double t = (scans[i] - scans[0]) / (scans[8] - scans[0]),
                         r = ladder_size(&l, scans[i]) - l.sizes[i];
            for (int k = 0; k < 4; k++)
                moments[k] += r * pow(t, k);
            largest = fmax(largest, fabs(r));
        }
        for (int k = 0; k < 4; k++)
            cr_expect_float_eq(moments[k], 0, 1e-8, "power %d: %g", k, moments[k]);
        cr_expect(exact ? largest < 1e-8 : largest > 0.05, "%g", largest);
    }
}

/* The residual is the largest distance of a rung from where its neighbours place it; a ladder at the limit stands, beyond it is refused. */
Test(fragment_rules, a_rung_elsewhere)
{
    Peak peaks[12];
    double scans[LADDER_MOST];
    bent(scans, 2);
    double worst = 0;
    for (int i = 2; i + 2 < nine.n; i++) {
        const int below[] = {i - 2, i - 1, i + 1}, above[] = {i - 1, i + 1, i + 2};
        double m[2][3], s[2][3];
        for (int k = 0; k < 3; k++) {
            m[0][k] = scans[below[k]], s[0][k] = nine.sizes[below[k]];
            m[1][k] = scans[above[k]], s[1][k] = nine.sizes[above[k]];
        }
        worst = fmax(
            worst,
            fabs((by_cross_ratio(m[0], s[0], scans[i]) + by_cross_ratio(m[1], s[1], scans[i])) / 2 -
                 nine.sizes[i]));
    }
    Ladder l;
    ladder_set(&l, &nine, scans);
    cr_expect_float_eq(l.residual, worst, 1e-8, "%g", l.residual);
    for (int i = 0; i < nine.n; i++)
        peaks[i] = (Peak){.scan = scans[i], .height = 500};
    PeakList list = {peaks, 9};
    static const struct {
        double more;
        int least;
        Status status;
        const char *code;
    } rows[] = {{0, 9, OK, ""},
                {1e-6, 9, OK, ""},
                {-1e-6, 9, REFUSED, "ladder.bad"},
                {0, 10, REFUSED, "ladder.few"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *a = arena_new(NULL);
        Note why = {.code = ""};
        Ladder found = {.n = 77};
        const LadderLimits limits = {l.residual + rows[i].more, rows[i].least};
        cr_expect_eq(ladder_match(&found, &nine, &list, &limits, a, &why), rows[i].status,
                     "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code);
        cr_expect_eq(found.n, rows[i].status == OK ? 9 : 77);
        for (int k = 0; rows[i].status == OK && k < 9; k++)
            cr_expect(found.scans[k] == scans[k] && found.sizes[k] == nine.sizes[k]);
        arena_free(a);
    }
}

/* Rungs that are gone at either end, and how few are none; peaks that are no rungs, tall and low. */
Test(fragment_rules, rungs_that_are_found)
{
    static const struct {
        int from, to;        /* rungs that are there */
        double scan, height; /* one more peak, 0 = none */
        double rung_height;
        int n;
    } rows[] = {
        {0, 9, 0, 0, 500, 9},      {1, 9, 0, 0, 500, 8},     {0, 8, 0, 0, 500, 8},
        {2, 9, 0, 0, 500, 7},      {0, 7, 0, 0, 500, 7},     {0, 9, 1111, 100, 500, 9},
        {0, 9, 1111, 450, 500, 9}, {0, 9, 20, 5000, 500, 9}, {0, 9, 2900, 5000, 500, 9},
        {0, 9, 950, 30, 500, 9},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *a = arena_new(NULL);
        Peak peaks[12];
        double scans[LADDER_MOST];
        size_t n = 0;
        bent(scans, 0);
        if (rows[i].scan > 0) peaks[n++] = (Peak){.scan = rows[i].scan, .height = rows[i].height};
        for (int k = rows[i].to; k-- > rows[i].from;) /* in no order */
            peaks[n++] = (Peak){.scan = scans[k], .height = rows[i].rung_height + 10 * (k % 3)};
        PeakList list = {peaks, n};
        const LadderLimits limits = {1, 5};
        Ladder l = {0};
        Note why = {.code = ""};
        cr_assert_eq(ladder_match(&l, &nine, &list, &limits, a, &why), OK, "row %zu: %s", i,
                     why.code);
        cr_assert_eq(l.n, rows[i].n, "row %zu: %d", i, l.n);
        for (int k = 0; k < l.n; k++)
            cr_expect(l.scans[k] == scans[rows[i].from + k] &&
                          l.sizes[k] == nine.sizes[rows[i].from + k],
                      "row %zu: %g at %g", i, l.sizes[k], l.scans[k]);
        arena_free(a);
    }
    Arena *a = arena_new(NULL);
    Peak four[5] = {{.scan = 100, .height = 9},
                    {.scan = 200, .height = 9},
                    {.scan = 300, .height = 9},
                    {.scan = 400, .height = 9},
                    {.scan = 500, .height = 9}};
    static const SizeStandard even[] = {{"five", {100, 200, 300, 400, 500}, 5},
                                        {"four", {100, 200, 300, 400}, 4}};
    static const struct {
        int standard;
        size_t n;
        const char *code;
    } few[] = {{0, 5, ""}, {0, 4, "ladder.none"}, {1, 5, "ladder.none"}};
    for (size_t i = 0; i < COUNT(few); i++) {
        PeakList list = {four, few[i].n};
        const LadderLimits limits = {1, 0};
        Ladder l;
        Note why = {.code = ""};
        Status s = ladder_match(&l, &even[few[i].standard], &list, &limits, a, &why);
        cr_expect_eq(s, few[i].code[0] ? REFUSED : OK, "row %zu", i);
        cr_expect_str_eq(why.code, few[i].code);
    }
    arena_free(a);
}

/* Taking rungs out leaves five at least, in their order, and fits what is left. */
Test(fragment_rules, rungs_that_are_taken_out)
{
    for (int out = 0; out <= 5; out++) {
        double scans[LADDER_MOST];
        bool gone[LADDER_MOST] = {false};
        Ladder l, left;
        bent(scans, 4);
        ladder_set(&l, &nine, scans);
        for (int i = 0; i < out; i++)
            gone[2 * i % 9] = true;
        const Ladder before = l;
        cr_expect_eq(ladder_drop(&l, gone), out <= 4, "%d", out);
        if (out > 4) {
            cr_expect(l.n == 9 && l.residual == before.residual && l.cubic[3] == before.cubic[3]);
            continue;
        }
        cr_assert_eq(l.n, 9 - out);
        SizeStandard rest = {.name = "rest"};
        double rest_scans[LADDER_MOST];
        for (int i = 0; i < 9; i++)
            if (!gone[i]) {
                rest_scans[rest.n] = scans[i];
                rest.sizes[rest.n++] = nine.sizes[i];
            }
        ladder_set(&left, &rest, rest_scans);
        cr_expect(left.residual == l.residual && left.shift == l.shift && left.scale == l.scale);
        for (int k = 0; k < 4; k++)
            cr_expect_eq(l.cubic[k], left.cubic[k]);
        for (int i = 0; i < l.n; i++)
            cr_expect(l.scans[i] == rest_scans[i] && l.sizes[i] == rest.sizes[i]);
    }
}
