/* Pictures of an injection: every mark stands where the data say, counted and placed by plain scans of the data. */
#include "chance.h"
#include "lab/trace_draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static Arena *arena;
static Figures figures;
static void setup(void)
{
    arena = arena_new(NULL);
    figures = (Figures){.arena = arena};
}
static void teardown(void)
{
    arena_free(arena);
}
TestSuite(trace_draw, .init = setup, .fini = teardown);

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

/* Multiples of 1, 2 or 5 times a power of ten, whichever is nearest a fifth of the range (at least a fifth of 1); none in the last hundredth. */
static void expect_ticks(const FigureTick *ticks, size_t n, double low, double high,
                         const char *what)
{
    const double fifth = (high - low > 1 ? high - low : 1) / 5;
    double power = 1, step;
    while (power * 10 <= fifth)
        power *= 10;
    while (power > fifth)
        power /= 10;
    step = 10 * power;
    if (fifth < 7.5 * power) step = 5 * power;
    if (fifth < 3.5 * power) step = 2 * power;
    if (fifth < 1.5 * power) step = power;
    size_t at = 0;
    for (long i = (long)(low / step) - 2; (double)i * step <= high; i++) {
        const double place = (double)i * step;
        if (place < low || place > high - 0.01 * (high - low)) continue;
        cr_assert_lt(at, n, "%s: %g to %g", what, low, high);
        cr_assert(near(ticks[at].at, place), "%s: %g, %g", what, ticks[at].at, place);
        cr_assert(near(strtod(ticks[at].label, NULL), place), "%s: %s", what, ticks[at].label);
        at++;
    }
    cr_assert_eq(n, at, "%s: %zu of %zu, %g to %g", what, n, at, low, high);
}

Test(trace_draw, a_dye_by_its_data)
{
    enum { GRID = 40, PEAKS = 12 };
    for (int round = 0; round < 500; round++) {
        int32_t drawn[GRID];
        TracePeak peaks[PEAKS];
        Marker windows[6];
        const size_t n = 1 + chance(GRID - 1), n_peaks = chance(PEAKS);
        const int dye = 1 + (int)chance(DYES);
        Trace t = {.standard_dye = 5,
                   .grid_from = 40 + chance(800) * 0.5,
                   .grid_step = round % 3 ? 0.5 : 0.0625,
                   .n_grid = n};
        const int32_t scale[] = {50, 101, 750, 1751, 30000};
        double top = 100;
        for (size_t i = 0; i < n; i++) {
            drawn[i] = chance(6) ? (int32_t)chance((uint32_t)scale[round % 5]) : TRACE_GAP;
            if (drawn[i] > top) top = drawn[i];
        }
        for (size_t i = 0; i < n_peaks; i++)
            peaks[i] = (TracePeak){.size = 50 + (double)i * 7.25,
                                   .height = chance(4) ? chance((uint32_t)scale[round % 5])
                                                       : floor(0.12 * top) + chance(2)};
        for (size_t i = 0; i < 6; i++)
            windows[i] = (Marker){.name = i % 2 ? "odd" : "even",
                                  .dye = 1 + (int)chance(DYES),
                                  .low = (double)i,
                                  .high = (double)i + 0.5,
                                  .sex = chance(3) == 0};
        t.dye[dye - 1] = (TraceDye){.peaks = peaks, .n = n_peaks, .drawn = drawn};
        t.n_rungs = (int)chance(9);
        for (int i = 0; i < t.n_rungs; i++)
            t.rung_sizes[i] = 35 + i * 12.5;
        const Markers markers = {.kit = "k", .items = windows, .n = 6};
        const size_t before = figures.n;
        const Figure *f = trace_draw_dye(&figures, "title", "S1", &t, dye, &markers);
        cr_assert_eq(f != NULL, n >= 2, "round %d", round);
        cr_assert_eq(figures.n, before + (n >= 2));
        for (int other = 1; other <= DYES; other++)
            if (other != dye)
                cr_assert_null(trace_draw_dye(&figures, "title", "S1", &t, other, &markers));
        if (f == NULL) continue;
        f = &figures.items[before];
        cr_assert(strcmp(f->title, "title") == 0 && strcmp(f->sample, "S1") == 0);
        cr_assert(near(f->x_low, t.grid_from) &&
                      near(f->x_high, t.grid_from + (double)(n - 1) * t.grid_step) &&
                      f->y_low == 0 && near(f->y_high, 1.45 * top),
                  "round %d", round);
        expect_ticks(f->x_ticks, f->n_x, f->x_low, f->x_high, "x");
        expect_ticks(f->y_ticks, f->n_y, 0, top, "y");
        cr_assert(f->n_curves == 1 && f->curves[0].n == n && f->curves[0].x0 == t.grid_from &&
                  f->curves[0].step == t.grid_step);
        for (size_t i = 0; i < n; i++)
            cr_assert(drawn[i] == TRACE_GAP ? isnan(f->curves[0].y[i])
                                            : f->curves[0].y[i] == drawn[i],
                      "round %d, %zu", round, i);
        size_t named = 0, bands = 0;
        for (size_t i = 0; i < (dye == 5 ? (size_t)t.n_rungs : n_peaks); i++) {
            const double x = dye == 5 ? t.rung_sizes[i] : peaks[i].size,
                         y = dye == 5 ? 0.02 * top : peaks[i].height;
            if (dye != 5 && y < 0.12 * top) continue;
            cr_assert_lt(named, f->n_points, "round %d", round);
            cr_assert(f->points[named].x == x && near(f->points[named].y, y) &&
                          f->points[named].mark == MARK_PLAIN,
                      "round %d", round);
            cr_assert(f->names[named].at == x &&
                          fabs(strtod(f->names[named].label, NULL) - x) < 0.051,
                      "round %d", round);
            named++;
        }
        for (size_t i = 0; i < 6; i++) {
            if (dye == 5 || windows[i].dye != dye || windows[i].sex) continue;
            cr_assert(bands < f->n_bands && f->bands[bands].x0 == windows[i].low &&
                          f->bands[bands].x1 == windows[i].high &&
                          f->bands[bands].label == windows[i].name,
                      "round %d", round);
            bands++;
        }
        cr_assert(f->n_points == named && f->n_names == named && f->n_bands == bands, "round %d",
                  round);
        cr_assert(f->n_spans == 0 && f->n_bars == 0 && f->n_walls == 0 && f->n_guides == 0);
    }
}

/* Steps change where a fifth of the height is one and a half, three and a half, seven and a half of a power of ten. */
Test(trace_draw, steps_of_the_axis)
{
    static const int32_t tops[] = {0,    99,   100,  101,  499,  500,  749,  750,  751,  1749,
                                   1750, 1751, 3749, 3750, 3751, 4999, 5000, 5001, 7500, 50000};
    const Markers none = {.kit = "k"};
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
        for (int at = 0; at < 3; at++) {
            int32_t drawn[] = {0, 0, 0};
            drawn[at] = tops[i];
            Trace t = {.standard_dye = 5, .grid_step = 0.5, .n_grid = 3};
            t.dye[0].drawn = drawn;
            (void)trace_draw_dye(&figures, "title", "S1", &t, 1, &none);
            const Figure *f = &figures.items[figures.n - 1];
            const double top = tops[i] > 100 ? tops[i] : 100;
            cr_expect(near(f->y_high, 1.45 * top), "%d", (int)tops[i]);
            expect_ticks(f->y_ticks, f->n_y, 0, top, "y");
        }
}

Test(trace_draw, rungs_over_scans)
{
    for (int n = 0; n <= LADDER_MOST; n++) {
        Trace t = {.n_rungs = n};
        for (int i = 0; i < n; i++) {
            t.rung_scans[i] = 1000 + 97 * i;
            t.rung_sizes[i] = 20 + 11.5 * i;
        }
        const size_t before = figures.n;
        trace_draw_ladder(&figures, "ladder", "S2", &t);
        cr_assert_eq(figures.n, before + (n >= 2), "%d", n);
        if (n < 2) continue;
        const Figure *f = &figures.items[before];
        cr_assert(strcmp(f->title, "ladder") == 0 && strcmp(f->sample, "S2") == 0);
        cr_assert(near(f->x_low, 900) && near(f->x_high, 1.03 * t.rung_scans[n - 1]) &&
                  f->y_low == 0 && near(f->y_high, 1.05 * t.rung_sizes[n - 1]));
        expect_ticks(f->x_ticks, f->n_x, f->x_low, f->x_high, "x");
        expect_ticks(f->y_ticks, f->n_y, 0, f->y_high, "y");
        cr_assert_eq(f->n_points, (size_t)n);
        for (int i = 0; i < n; i++)
            cr_assert(f->points[i].x == t.rung_scans[i] && f->points[i].y == t.rung_sizes[i] &&
                      f->points[i].mark == MARK_DOT);
    }
}
