#include "lab/fragment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SCANS = 4000, NOISE_EVERY = 97 };
static const SizeStandard gs500 = {
    "GS500(-250)", {50, 75, 100, 139, 150, 160, 200, 300, 340, 350, 400, 450, 490, 500}, 14};
static const SizeStandard gs400 = {"GS400HD",
                                   {50,  60,  90,  100, 120, 150, 160, 180, 190, 200, 220,
                                    240, 260, 280, 290, 300, 320, 340, 360, 380, 400},
                                   21};
static const LadderLimits limits = {1.5, 12};
static const PeakOptions options = {.least_height = 50, .smooth_window = 7, .least_width = 2};

/* Migration of a capillary that slows down a little: the truth of these tests. */
static double scan_of(double bp)
{
    return 300 + 6.6 * bp + 0.0012 * bp * bp;
}

static void add_peak(int32_t *trace, double scan, double height, double sigma)
{
    for (int i = 0; i < SCANS; i++)
        trace[i] += (int32_t)lrint(height * exp(-pow((i - scan) / sigma, 2) / 2));
}

/* A drifting baseline with ripples, and the standard's peaks without number `missing` (-1 = all). */
static int32_t *ladder_trace(Arena *a, const SizeStandard *s, int missing)
{
    int32_t *trace = arena_alloc(a, SCANS * sizeof *trace);
    for (int i = 0; i < SCANS; i++)
        trace[i] = 200 + i / 40 + (i % NOISE_EVERY) / 12;
    for (int i = 0; i < s->n; i++)
        if (i != missing) add_peak(trace, scan_of(s->sizes[i]), 800 + 40.0 * (i % 5), 3);
    return trace;
}

static PeakList peaks_of(const int32_t *trace, Arena *a)
{
    return fragment_peaks(fragment_flatten(trace, SCANS, 51, a), SCANS, &options, a);
}

Test(fragment, baseline_goes_and_peaks_stay)
{
    Arena *a = arena_new(NULL);
    int32_t *trace = ladder_trace(a, &gs500, -1);
    PeakList p = peaks_of(trace, a);
    cr_assert_eq(p.n, (size_t)gs500.n, "%zu peaks", p.n);
    for (size_t i = 0; i < p.n; i++) {
        double height = 800 + 40.0 * (double)(i % 5), area = height * 3 * 2.5066;
        cr_expect_leq(fabs(p.items[i].scan - scan_of(gs500.sizes[i])), 0.51, "peak %zu", i);
        cr_expect_leq(fabs(p.items[i].height - height), 0.03 * height, "peak %zu", i);
        cr_expect_leq(fabs(p.items[i].area - area), 0.05 * area, "peak %zu", i);
        cr_expect_leq(fabs(p.items[i].width - 2.355 * 3), 0.4, "peak %zu", i);
        cr_expect(isnan(p.items[i].size));
    }
    arena_free(a);
}

Test(fragment, spikes_low_peaks_and_empty_channels_give_nothing)
{
    Arena *a = arena_new(NULL);
    int32_t *trace = arena_alloc(a, SCANS * sizeof *trace);
    cr_expect_eq(peaks_of(trace, a).n, 0, "flat");
    trace[1000] = 5000;
    cr_expect_eq(peaks_of(trace, a).n, 0, "one scan is a spike");
    add_peak(trace, 2000, 40, 3);
    cr_expect_eq(peaks_of(trace, a).n, 0, "below the threshold");
    for (size_t n = 0; n < 12; n++)
        cr_expect_eq(fragment_peaks(fragment_flatten(trace, n, 51, a), n, &options, a).n, 0);
    arena_free(a);
}

Test(fragment, only_the_window_asked_for)
{
    Arena *a = arena_new(NULL);
    int32_t *trace = ladder_trace(a, &gs500, -1);
    PeakOptions part = options;
    part.from = (int)scan_of(95);
    part.to = (int)scan_of(205);
    cr_expect_eq(fragment_peaks(fragment_flatten(trace, SCANS, 51, a), SCANS, &part, a).n, 5);
    arena_free(a);
}

Test(ladder, found_among_noise_and_one_short)
{
    static const struct {
        const char *what;
        int missing;
        double extra[4];
        double height;
    } rows[] = {
        {"clean", -1, {0}, 0},
        {"bleed between rungs", -1, {120, 180, 260, 420}, 150},
        {"primer flare before", -1, {8, 20, 28, 36}, 20000},
        {"tall peaks between", -1, {123, 431}, 700},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena *a = arena_new(NULL);
        Note why = {0};
        Ladder l = {0};
        int32_t *trace = ladder_trace(a, &gs500, rows[r].missing);
        for (int k = 0; k < 4 && rows[r].extra[k] > 0; k++)
            add_peak(trace, scan_of(rows[r].extra[k]), rows[r].height, 3);
        PeakList p = peaks_of(trace, a);
        cr_assert_eq(ladder_match(&l, &gs500, &p, &limits, a, &why), OK, "%s: %s", rows[r].what,
                     why.code);
        cr_expect_eq(l.n, gs500.n, "%s: %d rungs", rows[r].what, l.n);
        for (int i = 0; i < l.n; i++)
            cr_expect_leq(fabs(l.scans[i] - scan_of(l.sizes[i])), 0.6, "%s: rung %g at %g",
                          rows[r].what, l.sizes[i], l.scans[i]);
        arena_free(a);
    }
}

Test(ladder, the_wrong_standard_is_refused)
{
    static const struct {
        const SizeStandard *there, *asked;
    } rows[] = {{&gs400, &gs500}, {&gs500, &gs400}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena *a = arena_new(NULL);
        Note why = {0};
        Ladder l = {.n = 77};
        LadderLimits strict = {1.5, rows[r].asked->n};
        PeakList p = peaks_of(ladder_trace(a, rows[r].there, -1), a);
        cr_expect_eq(ladder_match(&l, rows[r].asked, &p, &strict, a, &why), REFUSED, "row %zu", r);
        cr_expect_eq(l.n, 77, "nothing is handed out");
        cr_expect_str_eq(why.field, rows[r].asked->name);
        arena_free(a);
    }
}

Test(ladder, no_or_few_peaks)
{
    Arena *a = arena_new(NULL);
    Note why = {0};
    Ladder l;
    int32_t *trace = arena_alloc(a, SCANS * sizeof *trace);
    PeakList none = {0}, few;
    cr_expect_eq(ladder_match(&l, &gs500, &none, &limits, a, &why), REFUSED);
    cr_expect_str_eq(why.code, "ladder.none");
    for (int i = 0; i < 8; i++)
        add_peak(trace, scan_of(gs500.sizes[i]), 500, 3);
    few = peaks_of(trace, a);
    cr_expect_eq(ladder_match(&l, &gs500, &few, &limits, a, &why), REFUSED);
    cr_expect_str_eq(why.code, "ladder.few", "%s", why.code);
    arena_free(a);
}

Test(ladder, local_southern_meets_its_rungs_and_stays_inside)
{
    double scans[LADDER_MOST];
    Ladder l;
    for (int i = 0; i < gs500.n; i++)
        scans[i] = scan_of(gs500.sizes[i]);
    ladder_set(&l, &gs500, scans);
    cr_expect_lt(l.residual, 0.01);
    for (int i = 0; i < gs500.n; i++)
        cr_expect_leq(fabs(ladder_size(&l, scans[i]) - gs500.sizes[i]), 1e-9, "rung %d", i);
    for (double bp = 51; bp < 500; bp += 3.7)
        cr_expect_leq(fabs(ladder_size(&l, scan_of(bp)) - bp), 0.05, "%g bp", bp);
    cr_expect(isnan(ladder_size(&l, scans[0] - 0.1)));
    cr_expect(isnan(ladder_size(&l, scans[13] + 0.1)));
    cr_expect(isnan(ladder_size(&l, NAN)));
    l.method = SIZING_CUBIC;
    for (double bp = 51; bp < 500; bp += 3.7)
        cr_expect_leq(fabs(ladder_size(&l, scan_of(bp)) - bp), 0.01, "%g bp by the cubic", bp);
}

/* Evenly spaced rungs: the hyperbola has no pole, the straight line is the answer. */
Test(ladder, straight_lines_have_no_pole)
{
    static const SizeStandard even = {"even", {100, 200, 300, 400, 500}, 5};
    static const double scans[] = {1000, 2000, 3000, 4000, 5000};
    Ladder l;
    ladder_set(&l, &even, scans);
    for (double scan = 1000; scan <= 5000; scan += 250)
        cr_expect_leq(fabs(ladder_size(&l, scan) - scan / 10), 1e-9);
}

Test(artefacts, marks)
{
    static const ArtefactLimits a = {0.1, 1.5, 0.6, 1.7};
    static const int32_t saturated[] = {505, 900};
    Peak blue[] = {{.scan = 500, .begin = 490, .end = 510, .height = 9000, .width = 7},
                   {.scan = 700, .begin = 690, .end = 710, .height = 1000, .width = 7},
                   {.scan = 800, .begin = 790, .end = 810, .height = 800, .width = 20},
                   {.scan = 950, .begin = 940, .end = 960, .height = 800, .width = 7}};
    Peak green[] = {{.scan = 501, .begin = 495, .end = 505, .height = 300, .width = 7},
                    {.scan = 700, .begin = 690, .end = 710, .height = 700, .width = 7},
                    {.scan = 950, .begin = 940, .end = 960, .height = 500, .width = 7}};
    PeakList dyes[] = {{blue, 4}, {green, 3}};
    fragment_mark_pull_up(dyes, 2, &a);
    fragment_mark_shape(&dyes[0], &a);
    fragment_mark_off_scale(&dyes[0], saturated, 2);
    cr_expect_eq(blue[0].flags, PEAK_OFF_SCALE);
    cr_expect_eq(blue[1].flags, 0, "two alleles of like height at one place");
    cr_expect_eq(blue[2].flags, PEAK_SHAPE);
    cr_expect_eq(blue[3].flags, 0, "the saturated scan 900 is not this peak's");
    cr_expect_eq(green[0].flags, PEAK_PULL_UP);
    cr_expect_eq(green[1].flags, 0);
    cr_expect_eq(green[2].flags, 0);
}
