/* The text of a trace: figures by their steps, every ceiling on both sides, and thousands of traces that come back as they were. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/pack.h"
#include "lab/trace.h"

#include <math.h>
#include <string.h>

enum { CELLS = 10, LADDER = 6, PEAKS, DRAWN, BASES };

ARENA_SUITE(trace_rules);

Test(trace_rules, words_of_roles)
{
    static const char *const words[] = {"sample", "control", "blank", "reference", "ladder"};
    for (int i = 0; i < TRACE_ROLES; i++) {
        cr_expect_str_eq(trace_role_code((TraceRole)i), words[i]);
        cr_expect_eq(trace_role_parse(words[i]), i);
    }
    cr_expect_eq(trace_role_parse("samples"), -1);
    cr_expect_eq(trace_role_parse(""), -1);
}

Test(trace_rules, figures_are_rounded_to_their_steps)
{
    static const struct {
        Peak peak;
        TracePeak rounded;
    } rows[] = {
        {{.size = 100.12349, .height = 10.4, .area = 20.5, .width = 3.004, .flags = 5},
         {100.123, 10, 21, 3, 5}},
        {{.size = 100.1236, .height = 10.5, .area = 20.4, .width = 3.006, .flags = 0},
         {100.124, 11, 20, 3.01, 0}},
        {{.size = 7, .height = -1, .area = -1, .width = -1, .flags = 8}, {7, 0, 0, 0, 8}},
        {{.size = 7, .height = 0, .area = 0, .width = 0}, {7, 0, 0, 0, 0}},
        {{.size = 7, .height = 0.6, .area = 0.6, .width = 0.006}, {7, 1, 1, 0.01, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const TracePeak p = trace_peak(&rows[i].peak), *w = &rows[i].rounded;
        cr_expect(p.size == w->size && p.height == w->height && p.area == w->area &&
                      p.width == w->width && p.marks == w->marks,
                  "row %zu: %g %g %g %g %u", i, p.size, p.height, p.area, p.width, p.marks);
    }
    cr_expect(trace_round(1.26, 0.1) == 1.3 && trace_round(1.24, 0.1) == 1.2);
    cr_expect(trace_round(1.26, 0.5) == 1.5 && trace_round(-1.26, 0.5) == -1.5);
}

/* ---- there and back ---- */

static Trace random_trace(void)
{
    static const char *const words[] = {"", "a", "GS500(x", "9947A", "R-1", "A01", "k_1.2:3/4#5"};
    Trace t = {.role = (TraceRole)chance(TRACE_ROLES), .kit = words[chance(2)], .fault = ""};
    t.material = words[3 + chance(4)];
    t.run = words[4];
    t.well = words[5];
    t.fault = chance(2) ? "ladder.few" : "";
    t.standard_dye = (int)chance(DYES + 1);
    t.residual = chance(3000) / 1000.0;
    t.n_rungs = (int)chance(LADDER_MOST + 1);
    for (int i = 0; i < t.n_rungs; i++) {
        t.rung_scans[i] = chance(100000);
        t.rung_sizes[i] = chance(10000) / 10.0;
    }
    t.grid_from = chance(10000) / 10.0;
    t.grid_step = chance(100) / 10.0;
    t.n_grid = chance(2) * (1 + chance(300));
    if (t.n_grid == 0) t.grid_from = t.grid_step = 0;
    for (int d = 0; d < DYES; d++) {
        t.dye[d].n = chance(3) ? chance(6) : 0;
        t.dye[d].peaks = arena_alloc(arena, 8 * sizeof *t.dye[d].peaks);
        for (size_t i = 0; i < t.dye[d].n; i++)
            t.dye[d].peaks[i] = (TracePeak){chance(900000) / 1000.0, chance(70000), chance(900000),
                                            chance(3000) / 100.0, chance(16)};
        if (t.n_grid == 0 || chance(2)) continue;
        t.dye[d].drawn = arena_alloc(arena, t.n_grid * sizeof *t.dye[d].drawn);
        for (size_t i = 0; i < t.n_grid; i++)
            t.dye[d].drawn[i] = chance(5) ? (int32_t)chance(70000) : TRACE_GAP;
    }
    t.n_bases = chance(3) ? chance(50) : 0;
    t.bases = arena_alloc(arena, 50 * sizeof *t.bases);
    for (size_t i = 0; i < t.n_bases; i++) {
        t.bases[i] = (TraceBase){"ACGTNRYKMSWZ"[chance(12)],
                                 (int)chance(257) - 1,
                                 (int32_t)chance(40000) - 1,
                                 {0, 0, 0, 0}};
        for (int c = 0; c < 4; c++)
            t.bases[i].height[c] = (int32_t)chance(40000);
    }
    return t;
}

static void expect_same(const Trace *a, const Trace *b, int round)
{
    cr_assert(a->role == b->role && a->standard_dye == b->standard_dye &&
                  a->n_rungs == b->n_rungs && a->n_grid == b->n_grid && a->n_bases == b->n_bases,
              "round %d", round);
    cr_assert(strcmp(a->kit, b->kit) == 0 && strcmp(a->material, b->material) == 0 &&
                  strcmp(a->run, b->run) == 0 && strcmp(a->well, b->well) == 0 &&
                  strcmp(a->fault, b->fault) == 0,
              "round %d", round);
    cr_assert(a->residual == b->residual && a->grid_from == b->grid_from &&
                  a->grid_step == b->grid_step,
              "round %d", round);
    for (int i = 0; i < a->n_rungs; i++)
        cr_assert(a->rung_scans[i] == b->rung_scans[i] && a->rung_sizes[i] == b->rung_sizes[i],
                  "round %d, rung %d", round, i);
    for (int d = 0; d < DYES; d++) {
        const TraceDye *x = &a->dye[d], *y = &b->dye[d];
        cr_assert(x->n == y->n && (x->drawn == NULL) == (y->drawn == NULL), "round %d", round);
        for (size_t i = 0; i < x->n; i++)
            cr_assert(x->peaks[i].size == y->peaks[i].size &&
                          x->peaks[i].height == y->peaks[i].height &&
                          x->peaks[i].area == y->peaks[i].area &&
                          x->peaks[i].width == y->peaks[i].width &&
                          x->peaks[i].marks == y->peaks[i].marks,
                      "round %d, dye %d, peak %zu", round, d, i);
        if (x->drawn != NULL)
            cr_assert_eq(memcmp(x->drawn, y->drawn, a->n_grid * sizeof *x->drawn), 0, "round %d",
                         round);
    }
    for (size_t i = 0; i < a->n_bases; i++)
        cr_assert_eq(memcmp(&a->bases[i].height, &b->bases[i].height, sizeof a->bases[i].height),
                     0);
    for (size_t i = 0; i < a->n_bases; i++)
        cr_assert(a->bases[i].call == b->bases[i].call && a->bases[i].scan == b->bases[i].scan &&
                      a->bases[i].quality == b->bases[i].quality,
                  "round %d, base %zu", round, i);
}

/* The text behind "trace" as its cells. */
static void cells_of(const char *cells[CELLS], const char *text)
{
    for (size_t i = 0; i < CELLS; i++) {
        cr_assert_eq(*text, '\t', "cell %zu", i);
        const size_t n = strcspn(text + 1, "\t");
        cells[i] = arena_copy_n(arena, text + 1, n);
        text += 1 + n;
    }
    cr_assert_eq(*text, '\0');
}

Test(trace_rules, every_trace_comes_back_as_it_was)
{
    for (int round = 0; round < 300; round++) {
        Trace t = random_trace(), back;
        const char *cells[CELLS];
        if (strchr(t.kit, '(')) t.kit = "k";
        cells_of(cells, trace_print(&t, arena));
        cr_assert(trace_parse(&back, cells, CELLS, arena), "round %d", round);
        expect_same(&t, &back, round);
        cr_assert_not(trace_parse(&back, cells, CELLS - 1, arena));
        cr_assert_not(trace_parse(&back, cells, CELLS + 1, arena));
        if (round % 16 == 15) arena_reset(arena);
    }
}

/* What cannot be written is written as the nearest that can. */
Test(trace_rules, figures_beyond_what_is_written)
{
    Trace t = {.kit = "", .material = "", .run = "", .well = "", .fault = ""}, back;
    TracePeak peaks[] = {{-5, -1, 5e9, 4e7 + 1, 3}, {2e6, 4e9, 4e9 - 1, 0.014, 0}};
    const char *cells[CELLS];
    t.dye[0] = (TraceDye){.peaks = peaks, .n = 2};
    cells_of(cells, trace_print(&t, arena));
    cr_assert(trace_parse(&back, cells, CELLS, arena));
    const TracePeak *p = back.dye[0].peaks;
    cr_expect(p[0].size == 0 && p[0].height == 0 && p[0].area == 4e9 && p[0].width == 4e7);
    cr_expect(p[1].size == 2e6 && p[1].height == 4e9 && p[1].area == 4e9 - 1 && p[1].width == 0.01);
}

/* ---- ceilings ---- */

/* Takes a bare trace in which that cell holds these numbers and then so many zeros. */
static bool takes(int cell, const uint32_t *numbers, size_t n, size_t zeros, const char *role)
{
    const Trace bare = {.kit = "", .material = "", .run = "", .well = "", .fault = ""};
    const char *cells[CELLS];
    Trace out;
    Pack p = {.arena = arena};
    cells_of(cells, trace_print(&bare, arena));
    for (size_t i = 0; i < n; i++)
        pack_number(&p, numbers[i]);
    for (size_t i = 0; i < zeros; i++)
        pack_number(&p, 0);
    cells[cell] = pack_text(&p);
    cells[0] = role;
    return trace_parse(&out, cells, CELLS, arena);
}

Test(trace_rules, ceilings_on_both_sides)
{
    static const struct {
        int cell;
        uint32_t numbers[9];
        size_t n, zeros;
        bool good;
    } rows[] = {
        /* standard dye, residual, rungs */
        {LADDER, {0, 0, 0}, 3, 0, true},
        {LADDER, {DYES, 0, 0}, 3, 0, true},
        {LADDER, {DYES + 1, 0, 0}, 3, 0, false},
        {LADDER, {1, 0, LADDER_MOST}, 3, 2 * LADDER_MOST, true},
        {LADDER, {1, 0, LADDER_MOST + 1}, 3, 2 * LADDER_MOST + 2, false},
        {LADDER, {1, 0, 2}, 3, 3, false},
        {LADDER, {1, 0, 2}, 3, 5, false},
        {LADDER, {1, 4000000000, 0}, 3, 0, true},
        {LADDER, {1, 4000000001, 0}, 3, 0, false},
        /* peaks of six dyes */
        {PEAKS, {0}, 0, DYES, true},
        {PEAKS, {0}, 0, DYES - 1, false},
        {PEAKS, {0}, 0, DYES + 1, false},
        {PEAKS, {1}, 1, 5 + DYES - 1, true},
        {PEAKS, {20000}, 1, 5 * 20000 + DYES - 1, true},
        {PEAKS, {20001}, 1, 5 * 20001 + DYES - 1, false},
        /* grid from, step, points; then six dyes */
        {DRAWN, {0, 0, 1}, 3, DYES, true},
        {DRAWN, {0, 0, 1}, 3, DYES - 1, false},
        {DRAWN, {0, 0, 0}, 3, DYES, false},
        {DRAWN, {0, 4000000000, 1}, 3, DYES, true},
        {DRAWN, {0, 4000000001, 1}, 3, DYES, false},
        {DRAWN, {0, 0, 20000, 1}, 4, 20000 + DYES - 1, true},
        {DRAWN, {0, 0, 20001, 1}, 4, 20001 + DYES - 1, false},
        {DRAWN, {0, 0, 1, 1, 1}, 5, DYES - 1, true},  /* a gap */
        {DRAWN, {0, 0, 1, 1, 3}, 5, DYES - 1, false}, /* below it */
        /* bases: letter, quality + 1, scan, four heights */
        {BASES, {0}, 1, 0, false},
        {BASES, {1, 'A', 0, 0}, 4, 4, true},
        {BASES, {1, 'Z', 0, 0}, 4, 4, true},
        {BASES, {1, 'A' - 1, 0, 0}, 4, 4, false},
        {BASES, {1, 'Z' + 1, 0, 0}, 4, 4, false},
        {BASES, {1, 'A', 256, 0}, 4, 4, true},
        {BASES, {1, 'A', 257, 0}, 4, 4, false},
        {BASES, {1, 'A', 0, 1}, 4, 4, true}, /* scan -1: not given */
        {BASES, {1, 'A', 0, 3}, 4, 4, false},
        {BASES, {1, 'A', 0, 4294967294}, 4, 4, true}, /* INT32_MAX */
        {BASES, {1, 'A', 0, 0, INT32_MAX}, 5, 3, true},
        {BASES, {1, 'A', 0, 0, 2147483648}, 5, 3, false},
        {BASES, {1, 'A', 0, 0, 0, 0, 0, 2147483648}, 8, 0, false},
        {BASES, {1, 'A', 0, 0}, 4, 3, false},
        {BASES, {1, 'A', 0, 0}, 4, 5, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(takes(rows[i].cell, rows[i].numbers, rows[i].n, rows[i].zeros, "sample"),
                     rows[i].good, "row %zu", i);
        cr_expect_not(takes(rows[i].cell, rows[i].numbers, rows[i].n, rows[i].zeros, "Sample"));
        arena_reset(arena);
    }
}

/* Twenty thousand bases and no more; the scan of each is counted from the one before. */
Test(trace_rules, as_many_bases_as_there_may_be)
{
    for (uint32_t n = 20000; n <= 20001; n++) {
        uint32_t *numbers = arena_alloc(arena, (7 * (size_t)n + 1) * sizeof *numbers);
        numbers[0] = n;
        for (size_t i = 0; i < n; i++)
            numbers[1 + 7 * i] = 'C';
        cr_expect_eq(takes(BASES, numbers, 7 * (size_t)n + 1, 0, "sample"), n == 20000);
    }
    static const uint32_t far[] = {2, 'A', 0, 4294967294, 0, 0, 0, 0, 'A', 0, 2, 0, 0, 0, 0};
    cr_expect_not(takes(BASES, far, 15, 0, "sample"), "a scan beyond what a number holds");
}

/* Declared words: the letters of plate.csv, 63 at most, in each of the five cells. */
Test(trace_rules, declared_words)
{
    const Trace bare = {.kit = "", .material = "", .run = "", .well = "", .fault = ""};
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/#-";
    char sixty_three[64], sixty_four[65];
    memset(sixty_three, 'x', 63);
    memset(sixty_four, 'x', 64);
    sixty_three[63] = sixty_four[64] = '\0';
    for (size_t cell = 1; cell < 6; cell++) {
        const char *cells[CELLS];
        Trace out;
        cells_of(cells, trace_print(&bare, arena));
        for (int c = 1; c < 256; c++) {
            const char word[] = {'a', (char)c, '\0'};
            cells[cell] = word;
            cr_expect_eq(trace_parse(&out, cells, CELLS, arena), strchr(allowed, c) != NULL,
                         "%zu: %d", cell, c);
        }
        cells[cell] = sixty_four;
        cr_expect_not(trace_parse(&out, cells, CELLS, arena), "%zu", cell);
        cells[cell] = sixty_three;
        cr_assert(trace_parse(&out, cells, CELLS, arena), "%zu", cell);
        const char *const told[] = {"", out.kit, out.material, out.run, out.well, out.fault};
        for (size_t k = 1; k < 6; k++)
            cr_expect_str_eq(told[k], k == cell ? sixty_three : "");
    }
}
