/* What a reviewer sees: each picture from figures that can be worked out on paper, so that a bar, a point or a line that stands in the wrong place is seen
 * before a person believes it. */
#include "lab/assays/mlpa_draw.h"
#include "lab/assays/nipt_draw.h"
#include "lab/assays/qfpcr_draw.h"
#include "lab/assays/sanger_draw.h"
#include "lab/trace_draw.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define EXPECT_AT(a, b)                                                                            \
    cr_expect(fabs((a) - (b)) < 1e-9, "%.9f, not %.9f", (double)(a), (double)(b))

static Arena *arena;
static Figures figures;

static void set_up(void)
{
    arena = arena_new(NULL);
    figures = (Figures){.arena = arena};
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(figures, .init = set_up, .fini = tear_down);

static void expect_ticks(const FigureTick *ticks, size_t n, const char *text)
{
    const char *told = "";
    for (size_t i = 0; i < n; i++)
        told = arena_print(arena, "%s%s%g=%s", told, i > 0 ? " " : "", ticks[i].at, ticks[i].label);
    cr_expect_str_eq(told, text, "%s, not %s", told, text);
}

static void expect_numbers(const double *at, size_t n, const char *text)
{
    const char *told = "";
    for (size_t i = 0; i < n; i++)
        told = arena_print(arena, "%s%s%.6g", told, i > 0 ? " " : "", at[i]);
    cr_expect_str_eq(told, text, "%s, not %s", told, text);
}

/* --- MLPA: one bar a probe, by size of the fragment -------------------- */

static Table *bands(const char *text)
{
    Table *t = NULL;
    Note why = {.code = ""};
    static const TableInfo info = {.name = "mlpa/bands",
                                   .path = "mlpa/bands.tsv",
                                   .version = "1",
                                   .valid_from = "2026-01-01",
                                   .status = "sourced"};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s", why.code);
    return t;
}

Test(figures, mlpa_bars_stand_by_size)
{
    MlpaProbe probes[] = {{.name = "P300", .role = MLPA_TARGET, .length = 300},
                          {.name = "P100", .role = MLPA_TARGET, .length = 100},
                          {.name = "R200", .role = MLPA_REFERENCE, .length = 200},
                          {.name = "Q64", .role = MLPA_Q, .length = 64},
                          {.name = "D88", .role = MLPA_D, .length = 88},
                          {.name = "B92", .role = MLPA_BENCHMARK, .length = 92},
                          {.name = "P400", .role = MLPA_TARGET, .length = 400},
                          {.name = "P150", .role = MLPA_TARGET, .length = 150}};
    double quotients[] = {1.02, 0.51, 0.98, 0.1, 1, 1, NAN, 1.49};
    int copies[] = {2, 1, 2, 2, 2, 2, MLPA_UNREAD, 3};
    const MlpaKit kit = {.code = "test", .probes = probes, .n = COUNT(probes)};
    const MlpaReading r = {.kit = &kit, .quotients = quotients, .copies = copies};
    const Table *t = bands("row\tlow\thigh\n0\t0\t0.2\n1\t0.4\t0.65\n2\t0.8\t1.2\n3\tnone\t1.3\n4\t"
                           "1.75\t2.2\n5\t2.2\t3\n6\t2.19\t2.3\n");
    mlpa_draw_bars(&figures, &r, t, "S1");
    cr_assert_eq(figures.n, 1U);
    const Figure *f = &figures.items[0];
    cr_expect_str_eq(f->title, "mlpa_bars");
    cr_expect_str_eq(f->sample, "S1");
    expect_ticks(f->x_ticks, f->n_x, "0.5=100 1.5=150 2.5=200 3.5=300 4.5=400");
    expect_ticks(f->names, f->n_names, "0.5=P100 1.5=P150 2.5=R200 3.5=P300 4.5=P400");
    expect_ticks(f->y_ticks, f->n_y, "0=0 0.5=0.5 1=1 1.5=1.5 2=2");
    /* limits inside the picture; 0 is its bottom, and 2.2 its top */
    expect_numbers(f->guides, f->n_guides, "0.2 0.4 0.65 0.8 1.2 1.75 2.19");
    EXPECT_AT(f->x_low, 0);
    EXPECT_AT(f->x_high, 5);
    EXPECT_AT(f->y_low, 0);
    EXPECT_AT(f->y_high, 3.08);
    static const struct {
        double x, y;
        FigureMark mark;
    } bars[] = {{0.5, 0.51, MARK_STRONG},
                {1.5, 1.49, MARK_STRONG},
                {2.5, 0.98, MARK_FAINT},
                {3.5, 1.02, MARK_PLAIN}}; /* 400 was not read */
    cr_assert_eq(f->n_bars, COUNT(bars));
    for (size_t i = 0; i < COUNT(bars); i++) {
        EXPECT_AT(f->bars[i].x0, bars[i].x - 0.32);
        EXPECT_AT(f->bars[i].x1, bars[i].x + 0.32);
        EXPECT_AT(f->bars[i].y, bars[i].y);
        cr_expect_eq(f->bars[i].mark, bars[i].mark, "bar %zu", i);
    }
}

/* --- QF-PCR: ratios by chromosome -------------------- */

static const Reference *demo(void)
{
    Reference *r = NULL;
    Note why = {.code = ""};
    cr_assert_eq(release_open(&r, "reference", true, arena, &why), OK, "%s %s", why.code, why.file);
    return r;
}

Test(figures, qfpcr_ratios_stand_by_chromosome)
{
    static const Marker on13 = {.name = "M13", .chromosome = "13"},
                        on18 = {.name = "M18", .chromosome = "18"},
                        on21a = {.name = "M21a", .chromosome = "21"},
                        on21b = {.name = "M21b", .chromosome = "21"};
    MarkerReading first[] = {
        {.marker = &on21a, .ratio = 2, .class = "trisomic"},
        {.marker = &on13, .ratio = 1.1, .class = "normal"},
        {.marker = &on21b, .ratio = 0.5, .class = "trisomic"},
    };
    MarkerReading second[] = {
        {.marker = &on13, .ratio = NAN, .class = "homozygous"}, /* keeps its place, empty */
        {.marker = &on13, .ratio = 0.9, .class = "normal"},
        {.marker = &on18, .ratio = 1.3, .class = "unusable"},
    };
    const Trace blank = {.n_grid = 0};
    Typing typings[] = {{.trace = &blank, .readings = first, .n = COUNT(first)},
                        {.trace = &blank, .readings = second, .n = COUNT(second)}};
    const QfpcrJudgement j = {.typings = typings, .n_typings = 2};
    const Sample s = {.id = "S1"};
    const Reference *r = demo();
    QfpcrLimits l;
    cr_assert_eq(qfpcr_limits(&l, r, NULL), OK);
    qfpcr_draw(&figures, &j, &s, r, arena);
    cr_assert_eq(figures.n, 1U); /* nothing of a trace that holds nothing */
    const Figure *f = &figures.items[0];
    cr_expect_str_eq(f->title, "qfpcr_dosage");
    /* 13: places 1, 2, 3; a gap with a wall; 18: place 5; 21: places 7 and 8 */
    expect_ticks(f->x_ticks, f->n_x, "2=13 5=18 7.5=21");
    expect_numbers(f->walls, f->n_walls, "4 6 9");
    EXPECT_AT(f->x_high, 10);
    EXPECT_AT(f->y_low, log(0.3));
    EXPECT_AT(f->y_high, log(3.2));
    static const struct {
        double x, ratio;
        FigureMark mark;
    } points[] = {
        {1, 1.1, MARK_DOT}, {3, 0.9, MARK_DOT}, {7, 2, MARK_STRONG}, {8, 0.5, MARK_STRONG}};
    cr_assert_eq(f->n_points, COUNT(points));
    for (size_t i = 0; i < COUNT(points); i++) {
        EXPECT_AT(f->points[i].x, points[i].x);
        EXPECT_AT(f->points[i].y, log(points[i].ratio));
        cr_expect_eq(f->points[i].mark, points[i].mark, "point %zu", i);
    }
    const double limits[] = {l.trisomy_low, l.normal_low, l.normal_high, l.trisomy_high};
    cr_assert_eq(f->n_guides, 4U);
    cr_assert_eq(f->n_y, 5U);
    for (size_t i = 0; i < 4; i++) {
        EXPECT_AT(f->guides[i], log(limits[i]));
        EXPECT_AT(f->y_ticks[i].at, log(limits[i]));
        EXPECT_AT(strtod(f->y_ticks[i].label, NULL), limits[i]);
    }
    EXPECT_AT(f->y_ticks[4].at, 0);
    cr_expect_str_eq(f->y_ticks[4].label, "1");
}

/* --- a trace -------------------- */

static Trace trace(void)
{
    static int32_t curve[] = {0, 10, TRACE_GAP, 800, 20}, standard[] = {0, 0, 50, 0, 0};
    static TracePeak peaks[] = {{.size = 101.26, .height = 95}, /* below an eighth of 800 */
                                {.size = 103.04, .height = 96},
                                {.size = 103.5, .height = 800}};
    Trace t = {.standard_dye = 5, .n_rungs = 3, .grid_from = 100, .grid_step = 1, .n_grid = 5};
    static const double scans[] = {1000, 2000, 4000}, sizes[] = {35, 50, 100};
    memcpy(t.rung_scans, scans, sizeof scans);
    memcpy(t.rung_sizes, sizes, sizeof sizes);
    t.dye[0].drawn = curve;
    t.dye[0].peaks = peaks;
    t.dye[0].n = COUNT(peaks);
    t.dye[4].drawn = standard;
    return t;
}

Test(figures, a_dye_is_drawn_with_its_peaks_and_windows)
{
    const Trace t = trace();
    Marker items[] = {{.name = "A", .dye = 1, .low = 100, .high = 102},
                      {.name = "SEX", .dye = 1, .low = 102, .high = 103, .sex = true},
                      {.name = "B", .dye = 2, .low = 100, .high = 104}};
    const Markers markers = {.kit = "test", .items = items, .n = COUNT(items)};
    const Figure *f = trace_draw_dye(&figures, "qfpcr_dye1", "S1", &t, 1, &markers);
    cr_assert_not_null(f);
    EXPECT_AT(f->x_low, 100);
    EXPECT_AT(f->x_high, 104);
    EXPECT_AT(f->y_high, 800 * 1.45);
    expect_ticks(f->x_ticks, f->n_x, "100=100 101=101 102=102 103=103");
    expect_ticks(f->y_ticks, f->n_y, "0=0 200=200 400=400 600=600");
    expect_ticks(f->names, f->n_names, "103.04=103.0 103.5=103.5");
    cr_expect_eq(f->n_points, 2U);
    cr_assert_eq(f->n_curves, 1U);
    cr_expect_eq(f->curves[0].n, 5U);
    cr_expect(isnan(f->curves[0].y[2]) && f->curves[0].y[3] == 800);
    EXPECT_AT(f->curves[0].x0, 100);
    EXPECT_AT(f->curves[0].step, 1);
    cr_assert_eq(f->n_bands, 1U); /* this dye's, and no sex marker's */
    cr_expect_str_eq(f->bands[0].label, "A");
    EXPECT_AT(f->bands[0].x0, 100);
    EXPECT_AT(f->bands[0].x1, 102);
    cr_expect_null(trace_draw_dye(&figures, "qfpcr_dye2", "S1", &t, 2, &markers));
}

Test(figures, the_standard_shows_its_rungs)
{
    Trace t = trace();
    const Markers none = {.kit = "test"};
    const Figure *f = trace_draw_dye(&figures, "qfpcr_dye5", "S1", &t, 5, &none);
    cr_assert_not_null(f);
    expect_ticks(f->names, f->n_names, "35=35 50=50 100=100");
    EXPECT_AT(f->y_high, 145); /* an empty dye is drawn to a height of 100 */
    EXPECT_AT(f->points[0].y, 2);
    EXPECT_AT(f->points[2].x, 100);
    cr_expect_eq(f->n_bands, 0U);
    trace_draw_ladder(&figures, "trace_ladder", "S1", &t);
    cr_assert_eq(figures.n, 2U);
    f = &figures.items[1];
    EXPECT_AT(f->x_low, 900);
    EXPECT_AT(f->x_high, 4120);
    EXPECT_AT(f->y_high, 105);
    cr_expect_eq(f->n_points, 3U);
    EXPECT_AT(f->points[1].x, 2000);
    EXPECT_AT(f->points[1].y, 50);
    t.n_rungs = 1;
    trace_draw_ladder(&figures, "trace_ladder", "S1", &t);
    cr_expect_eq(figures.n, 2U);
    t.n_rungs = 2;
    trace_draw_ladder(&figures, "trace_ladder", "S1", &t);
    cr_expect_eq(figures.n, 3U);
    t.n_grid = 1;
    cr_expect_null(trace_draw_dye(&figures, "qfpcr_dye1", "S1", &t, 1, &none));
}

/* Ticks are 1, 2 or 5 times a power of ten, about five of them. */
Test(figures, ticks_are_round)
{
    static const struct {
        int32_t top;
        const char *ticks;
    } rows[] = {
        {100, "0=0 20=20 40=40 60=60 80=80"},
        {701, "0=0 100=100 200=200 300=300 400=400 500=500 600=600"},
        {800, "0=0 200=200 400=400 600=600"},
        {1700, "0=0 200=200 400=400 600=600 800=800 1000=1000 1200=1200 1400=1400 1600=1600"},
        {1800, "0=0 500=500 1000=1000 1500=1500"},
        {3700, "0=0 500=500 1000=1000 1500=1500 2000=2000 2500=2500 3000=3000 3500=3500"},
        {3800, "0=0 1000=1000 2000=2000 3000=3000"},
        {5020, "0=0 1000=1000 2000=2000 3000=3000 4000=4000"}, /* too near the top for a name */
    };
    const Markers none = {.kit = "test"};
    Trace t = trace();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t curve[] = {0, rows[i].top, 0, 0, 0};
        t.dye[0].drawn = curve;
        const Figure *f = trace_draw_dye(&figures, "qfpcr_dye1", "S1", &t, 1, &none);
        expect_ticks(f->y_ticks, f->n_y, rows[i].ticks);
    }
}

/* --- sequencing of cell-free DNA -------------------- */

Test(figures, nipt_windows_stand_along_the_genome)
{
    NiptPanel panel = {
        .build = BUILD_GRCH38, .bin_size = 5000000, .window_bins = 2, .n_samples = 2};
    nipt_panel_layout(&panel);
    const uint32_t n = panel.n_windows;
    NiptProfile profile = {.dispersion = 1};
    profile.x = arena_alloc(arena, n * sizeof *profile.x);
    profile.weight = arena_alloc(arena, n * sizeof *profile.weight);
    float *loading = arena_alloc(arena, n * sizeof *loading);
    panel.n_factors = 1;
    panel.loading[0] = loading;
    profile.score[0] = 2;
    for (uint32_t i = 0; i < n; i++) {
        profile.x[i] = 0.05;
        profile.weight[i] = i == 3 ? 0 : 1; /* nothing is seen in one window */
        loading[i] = i == 0 ? 0.01F : 0;
    }
    profile.expected = arena_alloc(arena, panel.n_bins * sizeof *profile.expected);
    profile.ratio = arena_alloc(arena, panel.n_bins * sizeof *profile.ratio);
    panel.share = arena_alloc(arena, panel.n_bins * sizeof *panel.share);
    panel.noise = arena_alloc(arena, panel.n_bins * sizeof *panel.noise);
    panel.reads = 1000.0 * panel.n_bins;
    const uint32_t first21 = panel.bin_first[21], next21 = panel.bin_first[22];
    for (uint32_t i = 0; i < panel.n_bins; i++) {
        panel.share[i] = (float)(1.0 / panel.n_bins);
        panel.noise[i] = 0;
        profile.expected[i] = 1000;
        profile.ratio[i] = i >= first21 && i < next21 ? 1.4 : 1;
    }
    Bins *bins = bins_new(BUILD_GRCH38, 5000000, false, false, arena);
    const Sample s = {.id = "S1", .evidence = {.bins = bins}};
    const NiptSettings settings = {
        .family_error = 0.01, .segment_least = 1e9, .z_limit = 3, .z_low = -4};
    nipt_draw_genome(&figures, &panel, &profile, &s, &settings, arena);
    cr_assert_eq(figures.n, 1U);
    const Figure *f = &figures.items[0];
    EXPECT_AT(f->x_high, n);
    EXPECT_AT(f->y_low, 0.88);
    EXPECT_AT(f->y_high, 1.12);
    expect_ticks(f->y_ticks, f->n_y, "0.9=0.90 0.95=0.95 1=1 1.05=1.05 1.1=1.10");
    expect_numbers(f->guides, f->n_guides, "1");
    cr_assert_eq(f->n_x, 22U);
    cr_assert_eq(f->n_walls, 22U);
    for (int c = 1; c <= 22; c++) {
        EXPECT_AT(f->walls[c - 1], panel.window_first[c]);
        EXPECT_AT(f->x_ticks[c - 1].at, (panel.window_first[c] + panel.window_first[c + 1]) / 2.0);
        EXPECT_AT(strtod(f->x_ticks[c - 1].label, NULL), c);
    }
    cr_assert_eq(f->n_points, n - 1);
    EXPECT_AT(f->points[0].x, 0.5);
    EXPECT_AT(f->points[1].x, 1.5);
    EXPECT_AT(f->points[3].x, 4.5);
    cr_expect(fabs(f->points[0].y - 1.03) < 1e-6, "%f: without the panel's component",
              f->points[0].y);
    EXPECT_AT(f->points[1].y, 1.05);
    cr_expect_eq(f->points[0].mark, MARK_PLAIN);
    cr_expect_eq(f->points[panel.window_first[2]].mark, MARK_FAINT);
    EXPECT_AT(f->points[n - 2].x, n - 0.5);
    /* a whole chromosome is drawn however short the least segment would be */
    cr_assert_eq(f->n_spans, 1U);
    EXPECT_AT(f->spans[0].y, 1.4);
    cr_expect(f->spans[0].x0 >= panel.window_first[21] &&
                  f->spans[0].x0 < panel.window_first[21] + 0.1,
              "%f", f->spans[0].x0);
    cr_expect(f->spans[0].x1 > f->spans[0].x0 + 4 && f->spans[0].x1 <= panel.window_first[22] + 0.1,
              "%f", f->spans[0].x1);
}

Test(figures, nipt_scores_stand_over_the_panels)
{
    float z[2] = {-1, 0.5};
    NiptPanel panel = {.n_samples = 2};
    NiptScore scores[NIPT_CHROMS] = {0};
    for (int c = 1; c <= 22; c++) {
        panel.chroms[c].z = z;
        scores[c].z = c;
    }
    const NiptSettings settings = {.z_limit = 3, .z_low = -4};
    const Sample s = {.id = "S1"};
    nipt_draw_scores(&figures, &panel, scores, &s, &settings, arena);
    const Figure *f = &figures.items[0];
    EXPECT_AT(f->x_high, 22);
    EXPECT_AT(f->y_low, -8);
    EXPECT_AT(f->y_high, 20);
    expect_ticks(f->y_ticks, f->n_y, "-5=-5 0=0 5=5 10=10 15=15 20=20");
    expect_numbers(f->guides, f->n_guides, "3 -4");
    cr_assert_eq(f->n_x, 22U);
    EXPECT_AT(f->x_ticks[20].at, 20.5);
    cr_expect_str_eq(f->x_ticks[20].label, "21");
    cr_assert_eq(f->n_points, 66U);
    static const struct {
        double x, y;
        FigureMark mark;
    } points[] = {{0.2, -1, MARK_FAINT}, {0.5, 0.5, MARK_FAINT}, {0.5, 1, MARK_STRONG},
                  {1.2, -1, MARK_FAINT}, {1.5, 0.5, MARK_FAINT}, {1.5, 2, MARK_STRONG}};
    for (size_t i = 0; i < COUNT(points); i++) {
        EXPECT_AT(f->points[i].x, points[i].x);
        EXPECT_AT(f->points[i].y, points[i].y);
        cr_expect_eq(f->points[i].mark, points[i].mark, "point %zu", i);
    }
}

/* --- Sanger: fourteen bases on both sides of the place -------------------- */

static BaseRead read_of(size_t n, int spacing)
{
    static const char *const bases = "ACGT";
    TraceBase *calls = arena_alloc(arena, n * sizeof *calls);
    for (size_t i = 0; i < n; i++) {
        calls[i] = (TraceBase){.call = bases[i % 4], .quality = 40};
        calls[i].scan = spacing > 0 ? 100 + spacing * (int32_t)i : -1;
        calls[i].height[i % 4] = 500 * (int32_t)(i % 4 + 1); /* dyes differ in brightness */
    }
    return (BaseRead){calls, n};
}

static const Figure *window(size_t n, size_t at, int spacing, bool reverse)
{
    const BaseRead read = read_of(n, spacing);
    const SangerView view = {.answer = SANGER_HETEROZYGOUS, .first = at, .reverse = reverse};
    figures = (Figures){.arena = arena};
    sanger_draw_window(&figures, &read, &view, "S1");
    return figures.n == 0 ? NULL : &figures.items[0];
}

Test(figures, sanger_windows_stand_around_the_place)
{
    static const struct {
        size_t n, at;
        int spacing;
        size_t letters; /* drawn */
        const char *first;
        double first_at, wall, x_low, x_high;
    } rows[] = {
        {100, 50, 12, 29, "A", 532, 700, 520, 880}, /* calls 36 to 64 */
        {100, 14, 12, 29, "A", 100, 268, 88, 448},  /* 0 to 28 */
        {100, 15, 12, 29, "C", 112, 280, 100, 460}, /* 1 to 29 */
        {100, 2, 12, 17, "A", 100, 124, 88, 304},   /* 0 to 16 */
        {100, 99, 12, 15, "C", 1120, 1288, 1108, 1300},
        {100, 86, 12, 28, "A", 964, 1132, 952, 1300}, /* 72 to 99 */
        {100, 85, 12, 29, "T", 952, 1120, 940, 1300},
        {100, 50, 0, 29, "A", 360, 500, 350, 650}, /* scans not told: ten a call */
        {3, 1, 12, 3, "A", 100, 112, 88, 136},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Figure *f = window(rows[i].n, rows[i].at, rows[i].spacing, false);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_eq(f->n_x, rows[i].letters, "row %zu: %zu", i, f->n_x);
        cr_expect_str_eq(f->x_ticks[0].label, rows[i].first, "row %zu", i);
        EXPECT_AT(f->x_ticks[0].at, rows[i].first_at);
        cr_assert_eq(f->n_walls, 1U);
        EXPECT_AT(f->walls[0], rows[i].wall);
        EXPECT_AT(f->x_low, rows[i].x_low);
        EXPECT_AT(f->x_high, rows[i].x_high);
        EXPECT_AT(f->y_high, 1.6);
        cr_expect_str_eq(f->sample, "S1 (+)");
    }
    cr_expect_str_eq(window(100, 50, 12, true)->sample, "S1 (-)");
    cr_expect_null(window(2, 1, 12, false));     /* fewer than three calls are no window */
    cr_expect_null(window(100, 100, 12, false)); /* behind the last call */
    const BaseRead read = read_of(100, 12);
    const SangerView none = {.answer = SANGER_NOT_COVERED, .first = 50};
    figures = (Figures){.arena = arena};
    sanger_draw_window(&figures, &read, &none, "S1");
    cr_expect_eq(figures.n, 0U);
}

/* Each dye by its usual height, a peak of a width of 0.27 bases at the place of its call; eight points a base. */
Test(figures, sanger_curves_have_a_peak_at_each_call)
{
    const Figure *f = window(100, 50, 12, false);
    cr_assert_eq(f->n_curves, 4U);
    for (int d = 0; d < 4; d++) {
        const FigureCurve *c = &f->curves[d];
        cr_expect_eq(c->tint, (FigureTint)(TINT_A + d));
        EXPECT_AT(c->x0, 520);
        EXPECT_AT(c->step, 1.5);
        cr_expect_eq(c->n, 241U);
        for (size_t call = 36; call <= 64; call++) {
            const size_t at = (call - 36 + 1) * 8;
            const double due = call % 4 == (size_t)d ? 1 : 0, half = exp(-0.5 * pow(0.5 / 0.27, 2));
            cr_expect(fabs(c->y[at] - due) < 2e-3, "dye %d, call %zu: %f", d, call, c->y[at]);
            if (call < 64 && call % 4 == (size_t)d)
                cr_expect_eq(c->y[at + 12], 0.0,
                             "nothing of a peak is left after one and a half bases");
            if (call > 36 && call % 4 == (size_t)d)
                cr_expect(fabs(c->y[at - 4] - half) < 2e-3, "dye %d, before call %zu: %f", d, call,
                          c->y[at - 4]);
        }
    }
}
