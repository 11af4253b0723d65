/* The scan for segments on a panel made by hand, where every figure can be worked out on paper: no noise but counting, 1,000 reads a bin. */
#include "lab/nipt.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { BIN = 500000, READS = 1000 };

static Arena *arena;
static NiptPanel panel;
static NiptProfile profile;

static void fill(float *at, uint32_t n, double value)
{
    for (uint32_t i = 0; i < n; i++)
        at[i] = (float)value;
}

static void set_up_bins(uint32_t size)
{
    arena = arena_new(NULL);
    panel =
        (NiptPanel){.build = BUILD_GRCH38, .bin_size = size, .window_bins = 2, .n_samples = 100};
    nipt_panel_layout(&panel);
    const uint32_t n = panel.n_bins;
    panel.reads = (double)READS * n;
    panel.share = arena_alloc(arena, n * sizeof *panel.share);
    panel.noise = arena_alloc(arena, n * sizeof *panel.noise);
    panel.shorts = arena_alloc(arena, panel.n_windows * sizeof *panel.shorts);
    profile = (NiptProfile){.dispersion = 1};
    profile.expected = arena_alloc(arena, n * sizeof *profile.expected);
    profile.ratio = arena_alloc(arena, n * sizeof *profile.ratio);
    fill(panel.share, n, 1.0 / n);
    fill(panel.noise, n, 0);
    fill(panel.shorts, panel.n_windows, 1);
    for (uint32_t i = 0; i < n; i++) {
        profile.expected[i] = READS;
        profile.ratio[i] = 1;
    }
}

static void set_up(void)
{
    set_up_bins(BIN);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(nipt_scan, .init = set_up, .fini = tear_down);

static void change(int chrom, uint32_t from, uint32_t to, double ratio)
{
    for (uint32_t i = from; i < to; i++)
        profile.ratio[panel.bin_first[chrom] + i] = ratio;
}

static Bins *lengths(int chrom, uint32_t from, uint32_t to, double part)
{
    Bins *b = bins_new(BUILD_GRCH38, BIN, false, true, arena);
    for (uint32_t i = 0; i < panel.n_bins; i++) {
        const uint32_t at = i - panel.bin_first[chrom];
        const bool in = i >= panel.bin_first[chrom] && at >= from && at < to;
        b->reads[i] = READS;
        b->shorts[i] = (uint32_t)(in ? part * READS : 0.2 * READS);
    }
    return b;
}

static size_t scan(NiptSegment **found)
{
    return nipt_segments(found, &panel, &profile, lengths(1, 0, 0, 0.2), 5, arena);
}

/* Counting 1/1000, and the share's own error over 100 samples. */
static const double BIN_VARIANCE = 0.001 + 0.00001;

Test(nipt_scan, variance_of_a_bin)
{
    cr_expect_float_eq(nipt_bin_variance(&panel, &profile, 7), BIN_VARIANCE, 1e-9);
    panel.noise[7] = 0.25F;
    cr_expect_float_eq(nipt_bin_variance(&panel, &profile, 7), 0.001 + 0.25 + 0.251 / 100, 1e-9);
    panel.share[7] *= 2;
    profile.expected[7] = 500;
    cr_expect_float_eq(nipt_bin_variance(&panel, &profile, 7), 0.002 + 0.25 + 0.2505 / 100, 1e-9);
}

Test(nipt_scan, a_segment_has_the_place_ratio_and_error_of_its_bins)
{
    static const struct {
        int chrom;
        uint32_t from, to;
        double ratio;
    } rows[] = {{5, 20, 40, 1.05},
                {1, 0, 20, 0.95},
                {21, 50, 70, 1.1},
                {22, 30, 34, 1.2},
                {3, 100, 300, 0.98}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        NiptSegment *s;
        const double n = rows[i].to - rows[i].from, variance = BIN_VARIANCE / n;
        change(rows[i].chrom, rows[i].from, rows[i].to, rows[i].ratio);
        cr_assert_eq(scan(&s), 1U, "row %zu", i);
        cr_expect_eq(s->chrom, rows[i].chrom, "row %zu", i);
        cr_expect_eq(s->start, (int64_t)rows[i].from * BIN + 1, "row %zu: %ld", i, (long)s->start);
        cr_expect_eq(s->end, (int64_t)rows[i].to * BIN, "row %zu: %ld", i, (long)s->end);
        cr_expect_float_eq(s->ratio, rows[i].ratio, 1e-9, "row %zu", i);
        cr_expect_float_eq(s->sd, sqrt(variance), 1e-9, "row %zu", i);
        const double z = (rows[i].ratio - 1) / sqrt(variance), reads = READS * n;
        const double lean = 1 / (reads * reads * variance * sqrt(variance));
        cr_expect_float_eq(s->z, z - lean * (z * z - 1) / 6, 1e-6, "row %zu: %f", i, s->z);
        cr_expect(!s->whole, "row %zu", i);
        change(rows[i].chrom, rows[i].from, rows[i].to, 1);
    }
}

/* Between two lengths at which the panel knows it, the excess is read off a straight line over the logarithm. */
Test(nipt_scan, excess_goes_by_length)
{
    static const double excess[NIPT_SCALES] = {6e-4, 5e-4, 4e-4, 3e-4, 2e-4, 1e-4};
    static const struct {
        uint32_t bins;
        double excess;
    } rows[] = {{4, 6e-4},   {5, 6e-4},   {10, 5e-4},
                {20, 4e-4},  {40, 3e-4},  {80, 2e-4},
                {160, 1e-4}, {200, 1e-4}, {30, 3.41503749928e-4}};
    memcpy(panel.segment_excess, excess, sizeof excess);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        NiptSegment *s;
        change(2, 100, 100 + rows[i].bins, 1.4);
        cr_assert_eq(scan(&s), 1U, "row %zu", i);
        cr_expect_float_eq(s->sd * s->sd, BIN_VARIANCE / rows[i].bins + rows[i].excess, 1e-9,
                           "row %zu: %g", i, s->sd * s->sd - BIN_VARIANCE / rows[i].bins);
        change(2, 100, 100 + rows[i].bins, 1);
    }
}

Test(nipt_scan, bins_are_joined_to_blocks_of_a_quarter_megabase)
{
    tear_down();
    set_up_bins(100000); /* two a block */
    NiptSegment *s;
    Bins *none = bins_new(BUILD_GRCH38, 100000, false, false, arena);
    change(4, 100, 140, 1.1);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, none, 5, arena), 1U);
    cr_expect(s->start == 10000001 && s->end == 14000000, "%ld %ld", (long)s->start, (long)s->end);
    cr_expect_float_eq(s->sd, sqrt(BIN_VARIANCE / 40), 1e-9);
    change(4, 100, 140, 1);
    change(21, panel.bin_first[22] - panel.bin_first[21] - 41,
           panel.bin_first[22] - panel.bin_first[21], 1.1);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, none, 5, arena), 1U);
    cr_expect_eq(s->end, (int64_t)(panel.bin_first[22] - panel.bin_first[21]) * 100000);
}

Test(nipt_scan, what_is_too_short_weak_or_unseen_is_no_segment)
{
    NiptSegment *s;
    change(6, 10, 12, 1.2); /* two bins are none: four are the least, and there it is diluted */
    cr_assert_eq(scan(&s), 1U);
    cr_expect_float_eq(s->ratio, 1.1, 1e-9);
    change(6, 10, 12, 1);
    change(6, 10, 30, 1.03); /* z = 4.2 */
    cr_expect_eq(scan(&s), 0U);
    change(6, 10, 30, 1.05); /* z = 7 */
    cr_expect_eq(scan(&s), 1U);
    profile.dispersion = 1.5; /* z = 4.7 */
    cr_expect_eq(scan(&s), 0U);
    profile.dispersion = 1.3; /* z = 5.4 */
    cr_assert_eq(scan(&s), 1U);
    cr_expect_float_eq(s->sd, 1.3 * sqrt(BIN_VARIANCE / 20), 1e-9);
    profile.dispersion = 0.5; /* a sample is never better than its counts */
    cr_assert_eq(scan(&s), 1U);
    cr_expect_float_eq(s->sd, sqrt(BIN_VARIANCE / 20), 1e-9);
    for (uint32_t i = 12; i < 28; i++)
        profile.expected[panel.bin_first[6] + i] = 0;
    profile.dispersion = 1;
    cr_expect_eq(scan(&s), 0U, "four bins of it are seen: z = 3.1");
    for (uint32_t i = 0; i < panel.n_bins; i++)
        profile.expected[i] = 0;
    cr_expect_eq(scan(&s), 0U, "nothing is seen");
}

Test(nipt_scan, several_come_in_order_and_a_whole_chromosome_is_told_apart)
{
    NiptSegment *s;
    const uint32_t n = panel.bin_first[19] - panel.bin_first[18];
    change(2, 300, 340, 1.1);
    change(2, 20, 40, 0.9);
    change(2, 150, 190, 0.8);
    change(18, 0, n, 1.1);
    change(20, 0, 60, 1.1);
    cr_assert_eq(scan(&s), 5U);
    static const int64_t starts[] = {20, 150, 300, 0, 0};
    for (size_t i = 0; i < 5; i++) {
        cr_expect_eq(s[i].start, starts[i] * BIN + 1, "%zu", i);
        cr_expect_eq(s[i].chrom, i < 3 ? 2 : i == 3 ? 18 : 20, "%zu", i);
        cr_expect_eq(s[i].whole, i == 3, "%zu", i);
    }
    change(18, 0, n / 5 + 2, 1); /* not quite four fifths are left */
    cr_assert_eq(scan(&s), 5U);
    cr_expect(!s[3].whole);
}

Test(nipt_scan, share_of_short_pairs_inside_against_outside)
{
    NiptSegment *s;
    change(7, 30, 50, 1.1);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, lengths(7, 30, 50, 0.25), 5, arena), 1U);
    cr_expect_float_eq(s->shift, 0.25, 1e-9); /* 0.25 over 0.2 */
    cr_expect_float_eq(s->shift_sd, 1.25 / sqrt(5000), 1e-9);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, lengths(7, 29, 51, 0.25), 5, arena), 1U);
    cr_expect(s->shift > 0.2499 - 0.001 && s->shift < 0.25, "%f", s->shift);
    fill(panel.shorts + panel.window_first[7] + 15, 10, 1.25); /* such a place by itself */
    cr_assert_eq(nipt_segments(&s, &panel, &profile, lengths(7, 30, 50, 0.25), 5, arena), 1U);
    cr_expect_float_eq(s->shift, 0, 1e-9);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, lengths(7, 30, 50, 0), 5, arena), 1U);
    cr_expect(isnan(s->shift), "no short pair inside");
    Bins *none = bins_new(BUILD_GRCH38, BIN, false, false, arena);
    cr_assert_eq(nipt_segments(&s, &panel, &profile, none, 5, arena), 1U);
    cr_expect(isnan(s->shift) && isnan(s->shift_sd));
    panel.shorts = NULL;
    cr_assert_eq(nipt_segments(&s, &panel, &profile, lengths(7, 30, 50, 0.25), 5, arena), 1U);
    cr_expect(isnan(s->shift));
}

/* share(f) = (f + 0.2) / 1: a fetus of 10 % has 0.3 of all and 1.2 of itself, four times as many short pairs. */
Test(nipt_scan, origin)
{
    static const struct {
        double ratio, shift, sd, limit;
        NiptOrigin origin;
    } rows[] = {
        /* a gain of 5 %: due 1.2 / 1.05 - 1 = 0.1429 of the fetus, 0 of the mother; away from both or from neither is open */
        {1.05, 0.1429, 0.02, 3, ORIGIN_FETAL},
        {1.05, 0, 0.02, 3, ORIGIN_MATERNAL},
        {1.05, 0.0714, 0.02, 3, ORIGIN_OPEN},
        {1.05, 0.0714, 0.02, 4, ORIGIN_OPEN},
        {1.05, 0.0714, 0.03, 2.5, ORIGIN_OPEN},
        {1.05, 0.061, 0.02, 3, ORIGIN_OPEN},
        {1.05, 0.059, 0.02, 3, ORIGIN_MATERNAL},
        {1.05, -0.1, 0.02, 3, ORIGIN_MATERNAL},
        {1.05, 0.0835, 0.02, 3, ORIGIN_FETAL},
        {1.05, 0.0823, 0.02, 3, ORIGIN_OPEN},
        /* a loss of 5 %: due 0.8 / 0.95 - 1 = -0.158 */
        {0.95, -0.158, 0.02, 3, ORIGIN_FETAL},
        {0.95, 0, 0.02, 3, ORIGIN_MATERNAL},
        {0.95, -0.158, 0.06, 3, ORIGIN_OPEN},
        {0.95, NAN, 0.02, 3, ORIGIN_OPEN},
    };
    NiptFraction f = {.estimated = true, .value = 0.1};
    panel.has_size = true;
    panel.size_base = -0.2;
    panel.size_slope = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const NiptSegment s = {
            .ratio = rows[i].ratio, .shift = rows[i].shift, .shift_sd = rows[i].sd};
        NiptOrigin o = nipt_origin(&panel, &f, &s, rows[i].limit);
        cr_expect_eq(o, rows[i].origin, "row %zu: %d", i, (int)o);
    }
    const NiptSegment s = {.ratio = 1.05, .shift = 0.1429, .shift_sd = 0.02};
    f.estimated = false;
    cr_expect_eq(nipt_origin(&panel, &f, &s, 3), ORIGIN_OPEN);
    f.estimated = true;
    panel.has_size = false;
    cr_expect_eq(nipt_origin(&panel, &f, &s, 3), ORIGIN_OPEN);
    panel.has_size = true;
    panel.size_slope = -1; /* a model by which a fetus has fewer short pairs tells nothing */
    cr_expect_eq(nipt_origin(&panel, &f, &s, 3), ORIGIN_OPEN);
}

/* The smallest size is where z reaches limit + power: effect f / 2 against sqrt(variance / bins + excess). */
Test(nipt_scan, smallest_size_that_would_be_found)
{
    static const struct {
        double fraction, limit, power, dispersion, excess, size;
    } rows[] = {
        /* effect 0.05 / 6.25 = 0.008: 0.00101 / 0.000064 = 15.8 bins, 7.89 Mb, in steps of a quarter */
        {0.1, 5, 1.25, 1, 0, 8e6},          {0.1, 5, 1.25, 0.5, 0, 8e6},
        {0.1, 5, 1.25, 2, 0, 31.75e6},      /* four times: 31.56 Mb */
        {0.2, 5, 1.25, 1, 0, 2e6},          /* a quarter: 1.97 Mb */
        {0.5, 5, 1.25, 1, 0, 1e6},          /* 0.32 Mb, but none is below a megabase */
        {0.1, 7, 1.25, 1, 0, 13.75e6},      /* (8.25 / 6.25)^2 as much: 13.75 Mb */
        {0.1, 5, 1.25, 1, 3.2e-5, 15.75e6}, /* half of the variance is excess */
        {0.1, 5, 1.25, 1, 6.4e-5, 0},       /* never */
        {0.01, 5, 1.25, 1, 0, 0},           /* 789 Mb */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int k = 0; k < NIPT_SCALES; k++)
            panel.segment_excess[k] = rows[i].excess;
        profile.dispersion = rows[i].dispersion;
        double size =
            nipt_segment_size(&panel, &profile, rows[i].fraction, rows[i].limit, rows[i].power);
        cr_expect_float_eq(size, rows[i].size, 260000, "row %zu: %.2f Mb", i, size / 1e6);
    }
    for (uint32_t i = 0; i < panel.n_bins; i++)
        profile.expected[i] = 0;
    cr_expect_eq(nipt_segment_size(&panel, &profile, 0.5, 5, 1.25), 0);
}

/* Tail of the largest z by the same theory, summed here over the lengths themselves instead of their logarithm. */
static double chance(double b, double blocks, double longest)
{
    double sum = 0;
    for (double length = 4.005; length < longest; length += 0.01) {
        const double t = length / blocks, x = b / sqrt(length);
        sum += (1 - t) / (t * t) * exp(-2 * 0.583 * x) * 0.01 / blocks;
    }
    return b * b * b * exp(-b * b / 2) / sqrt(2 * acos(-1)) / 2 * sum;
}

Test(nipt_scan, limit_holds_the_error_of_all_places_together)
{
    static const double errors[] = {0.001, 0.01, 0.05, 0.2};
    const double blocks = panel.n_bins, longest = panel.bin_first[2];
    for (size_t i = 0; i < 4; i++) {
        const double b = nipt_scan_limit(&panel, errors[i]);
        cr_expect_float_eq(chance(b, blocks, longest) / errors[i], 1, 0.003, "%g: limit %.4f, %.4f",
                           errors[i], b, chance(b, blocks, longest));
    }
    const double all = nipt_scan_limit(&panel, 0.01);
    for (uint32_t i = 0; i < panel.n_bins; i += 2)
        panel.share[i] = 0;
    cr_expect_lt(nipt_scan_limit(&panel, 0.01), all - 0.05, "half as many places are looked at");
}

Test(nipt_scan, stretches_lie_side_by_side)
{
    double *effects = arena_alloc(arena, 20000 * sizeof *effects),
           *variances = arena_alloc(arena, 20000 * sizeof *variances);
    change(1, 10, 20, 1.2);
    size_t n = nipt_stretches(effects, variances, &panel, &profile, 5e6, arena), due = 0;
    for (int c = 1; c <= AUTOSOMES; c++)
        due += (panel.bin_first[c + 1] - panel.bin_first[c]) / 10;
    cr_expect_eq(n, due);
    for (size_t i = 0; i < n; i++) {
        cr_expect_float_eq(effects[i], i == 1 ? 0.2 : 0, 1e-9, "%zu", i);
        cr_expect_float_eq(variances[i], BIN_VARIANCE / 10, 1e-12, "%zu", i);
    }
    cr_expect_eq(nipt_stretches(effects, variances, &panel, &profile, 1e5, arena), 0U);
    for (uint32_t i = 0; i < 10; i++)
        profile.expected[i] = 0;
    cr_expect_eq(nipt_stretches(effects, variances, &panel, &profile, 5e6, arena), due - 1);
}

/* One window weighs 1, centred on the chromosomes that are no targets: variance = sum over windows of (line - centring)^2 times its own. */
Test(nipt_scan, counting_error_of_a_line)
{
    const uint32_t n = panel.n_windows;
    float *line = arena_alloc(arena, n * sizeof *line);
    profile.x = arena_alloc(arena, n * sizeof *profile.x);
    profile.variance = arena_alloc(arena, n * sizeof *profile.variance);
    profile.weight = arena_alloc(arena, n * sizeof *profile.weight);
    uint32_t reference = 0;
    for (int c = 1; c <= AUTOSOMES; c++)
        reference += nipt_target(c) ? 0 : panel.window_first[c + 1] - panel.window_first[c];
    for (uint32_t w = 0; w < n; w++) {
        line[w] = 0;
        profile.x[w] = 0;
        profile.variance[w] = 4e-6;
        profile.weight[w] = 2;
    }
    const uint32_t own = panel.window_first[21] + 3, other = panel.window_first[22] + 1;
    line[own] = 0.5F;
    cr_expect_float_eq(nipt_counting(&panel, &profile, line), 4e-6 * (0.25 + 0.25 / reference),
                       1e-15);
    line[own] = 0;
    line[other] = 0.5F; /* it stands in the centre itself */
    cr_expect_float_eq(nipt_counting(&panel, &profile, line), 4e-6 * (0.25 - 0.25 / reference),
                       1e-15);
    line[own] = 0.5F;
    line[other] = 0;
    panel.chroms[21] = (NiptChrom){.line = line,
                                   .shift = 0.001,
                                   .excess = 2e-6,
                                   .uncertain = 1e-6,
                                   .held_out = 4e-6,
                                   .df = 50};
    profile.overcount = 3;
    profile.x[own] = 0.022;
    const double counting = 3 * 4e-6 * (0.25 + 0.25 / reference), variance = 3e-6 + counting;
    const NiptScore s = nipt_score(&panel, &profile, 21, 3, 1.645);
    cr_expect_float_eq(s.ratio, 1.01, 1e-9);
    cr_expect_float_eq(s.counting, sqrt(counting), 1e-9);
    cr_expect_float_eq(s.sd, sqrt(variance), 1e-9);
    cr_expect_float_eq(s.z, 0.01 / sqrt(variance), 1e-6);
    cr_expect_float_eq(s.df, 50 * (variance / 4e-6) * (variance / 4e-6), 1e-6);
    cr_expect_float_eq(s.implied, 0.02, 1e-9);
    cr_expect_float_eq(s.implied_low + s.implied_high, 0.04, 1e-9);
    cr_expect_float_eq(s.implied_high - s.implied, 2 * 1.98 * s.sd, 0.03 * s.sd,
                       "Student, 95 per cent");
    cr_expect_float_eq(s.detectable, 2 * 4.645 * sqrt(variance), 1e-9);
    for (uint32_t w = 0; w < n; w++)
        profile.weight[w] = 0;
    cr_expect_eq(nipt_score(&panel, &profile, 21, 3, 1.645).z, 0, "nothing was seen to centre on");
}
