/* The panel's rows cell by cell; the door of a fetus, what is shared and what is drawn, each held against its definition scan by scan. */
#include "arena_suite.h"
#include "lab/markers.h"
#include "row_fixture.h"
#include "table_fixture.h"

#include <math.h>

ARENA_SUITE(markers_rules);

/* ---- rows ---- */

#define ROW "k\tD21S11\t21\t1\t180\t250\t4\tno\ts\n"

static Status find(Markers *out, const char *rows, const char *status, Note *why)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_table(r, "fragment/panel", status,
                  arena_print(arena,
                              "kit\tmarker\tchromosome\tdye\tlow\thigh\trepeat\tsex\tsource\n%s",
                              rows),
                  arena);
    return markers_find(out, r, "k", arena, why);
}

static bool reads(const char *row)
{
    Markers m = {.n = 77};
    Note why = {0};
    const Status s =
        find(&m, arena_print(arena, "other\tX\t\t\t\t\t\t\t\n" ROW "%s", row), "local", &why);
    if (s == OK) return m.n == 2;
    cr_expect(s == BAD_INPUT && strcmp(why.code, "panel.row") == 0 && why.row == 4 && m.n == 77 &&
                  strcmp(why.field, "k") == 0 && strcmp(why.file, "fragment/panel") == 0,
              "%s", row);
    return false;
}

Test(markers_rules, every_cell_at_its_limits)
{
    static const CellLimits cells[] = {
        {"marker", 1, NULL, "m", NULL, NULL},
        {"chromosome", 2, "0", "1", "22", "23"},
        {"chromosome", 2, "01", "9", "10", "100"},
        {"chromosome", 2, "X", "19", "20", "2a"},
        {"dye", 3, "0", "1", "6", "7"},
        {"dye", 3, "1.5", "2", "5", "5.5"},
        {"low", 4, "0", "0.5", "249.9", "250"},
        {"high", 5, "180", "180.1", "1000", NULL},
        {"repeat", 6, "0", "0.5", "100", NULL},
        {"sex", 7, "maybe", "no", "yes", "y"},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char changed[ROW_MOST];
        const char *const bad[] = {cells[i].below, cells[i].above, ""}, *const good[] = {
                                                                            cells[i].lowest,
                                                                            cells[i].highest};
        for (size_t k = 0; k < 3; k++)
            if (bad[k] != NULL)
                cr_expect(!reads(with_cell(changed, ROW, cells[i].column, bad[k])), "%s = \"%s\"",
                          cells[i].name, bad[k]);
        for (size_t k = 0; k < 2; k++)
            if (good[k] != NULL)
                cr_expect(reads(with_cell(changed, ROW, cells[i].column, good[k])), "%s = \"%s\"",
                          cells[i].name, good[k]);
    }
    cr_expect(reads("k\tAMEL\tXY\t1\t100\t120\t4\tyes\ts\n"), "a sex marker may stand anywhere");
    cr_expect(!reads("k\tAMEL\t\t1\t100\t120\t4\tyes\ts\n"));
}

Test(markers_rules, rows_of_the_kit_in_their_order)
{
    static const char rows[] =
        "k\tA\t1\t6\t90\t120.5\t3\tno\ts\nother\tB\t2\t1\t100\t120\t4\tno\ts\n"
        "k\tC\tY\t2\t200\t220\t5\tyes\ts\n";
    for (int unverified = 0; unverified < 2; unverified++) {
        Markers m;
        Note why = {0};
        cr_assert_eq(find(&m, rows, unverified ? "unverified" : "local", &why), OK);
        cr_assert(m.n == 2 && m.margin == 4 && strcmp(m.kit, "k") == 0);
        const Marker *a = &m.items[0], *c = &m.items[1];
        cr_expect(strcmp(a->name, "A") == 0 && strcmp(a->chromosome, "1") == 0 && a->dye == 6 &&
                  a->low == 90 && a->high == 120.5 && a->repeat == 3 && !a->sex);
        cr_expect(strcmp(c->name, "C") == 0 && strcmp(c->chromosome, "Y") == 0 && c->dye == 2 &&
                  c->low == 200 && c->high == 220 && c->repeat == 5 && c->sex);
        for (size_t i = 0; i < 2; i++)
            cr_expect(m.items[i].unverified == (unverified == 1) && !m.items[i].example);
    }
    Markers m = {.n = 77};
    Note why = {0};
    cr_expect_eq(find(&m, "other\tB\t2\t1\t100\t120\t4\tno\ts\n", "local", &why), NOT_FOUND);
    cr_expect(m.n == 77 && strcmp(why.code, "panel.kit") == 0);
    cr_expect_eq(markers_find(&m, reference_new(arena, "test", true), "k", arena, &why), NOT_FOUND);
}

/* ---- a run ---- */

enum { SCANS = 2700, RUNGS = 9 };
static const Kit kit = {.code = "k",
                        .standard = {"nine", {50, 75, 100, 139, 150, 160, 200, 250, 300}, RUNGS},
                        .method = SIZING_LOCAL_SOUTHERN,
                        .standard_dye = 5,
                        .baseline = 51,
                        .peaks = {.least_height = 50, .smooth_window = 7, .least_width = 1.5},
                        .rungs = {.least_height = 50, .smooth_window = 7, .least_width = 1.5},
                        .ladder = {4, 6},
                        .artefacts = {0.1, 1.5, 0.5, 2}};

static double scan_of(double bp)
{
    return floor(250 + 6 * bp + 0.002 * bp * bp);
}

typedef struct Run {
    int32_t dye[5][SCANS];
    int32_t off[200];
    Channels channels;
} Run;

/* Peaks at random places over a random ground in four dyes; every twentieth scan and some that are none are saturated. */
static Run *run_of(uint64_t seed)
{
    Run *run = arena_alloc(arena, sizeof *run);
    uint64_t chance = seed * 977 + 1;
    for (int d = 0; d < 5; d++) {
        for (int i = 0; i < SCANS; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            run->dye[d][i] = (int32_t)(chance >> 60) + (d < 4 ? 200 + d * i / 10 : 0);
        }
        for (int k = 0; k < (d < 4 ? 24 : RUNGS); k++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            const double at = d < 4 ? 300 + (double)(chance >> 33) / (1u << 31) * 2000
                                    : scan_of(kit.standard.sizes[k]),
                         height = d < 4 ? 300 + 100 * k : 800;
            for (int i = (int)at - 15; i <= (int)at + 15; i++)
                run->dye[d][i] += (int32_t)lrint(height * exp(-pow((i - at) / 3, 2) / 2));
        }
    }
    run->channels = (Channels){.n = SCANS, .off_scale = run->off, .header = "nine"};
    for (int i = -2; i < SCANS + 82; i += 20 - (i == 2698) * 18)
        run->off[run->channels.n_off_scale++] = i;
    for (int d = 0; d < 5; d++)
        run->channels.dye[d] = d == 2 ? NULL : run->dye[d];
    return run;
}

/* Two sex markers, the second over the rung of 150; between them an autosomal one. */
static Marker items[] = {{.name = "A", .low = 110, .high = 120, .sex = true, .dye = 1},
                         {.name = "B", .low = 170, .high = 190, .dye = 1},
                         {.name = "C", .low = 146, .high = 152.5, .sex = true, .dye = 2},
                         {.name = "D", .low = 270, .high = 280, .sex = true, .dye = 4}};
static const Markers markers = {.kit = "k", .items = items, .n = 4, .margin = 4};

static bool sealed_at(double bp)
{
    static const double windows[][2] = {{106, 124}, {142, 156.5}, {266, 284}};
    for (size_t i = 0; i < 3; i++)
        if (bp >= windows[i][0] && bp <= windows[i][1]) return true;
    return false;
}

/* The ladder as it came, and without the rung that lies under a sex marker. */
static Ladder ladder_of(const Run *run, Ladder *all)
{
    Note why = {0};
    bool gone[LADDER_MOST] = {false};
    cr_assert_eq(kit_ladder(all, &kit, &run->channels, arena, &why), OK, "%s", why.code);
    cr_assert_eq(all->n, RUNGS);
    Ladder used = *all;
    gone[4] = true;
    cr_assert(ladder_drop(&used, gone));
    return used;
}

static bool *sealed_of(const Ladder *used)
{
    bool *sealed = arena_alloc(arena, SCANS + 1);
    for (int i = 0; i < SCANS; i++) {
        const double bp = ladder_size(used, i);
        sealed[i] = isnan(bp) || sealed_at(bp);
    }
    return sealed;
}

/* Between the last scan before and the first behind. */
static int32_t *line_through(const int32_t *channel, const bool *sealed)
{
    int32_t *out = arena_alloc(arena, SCANS * sizeof *out);
    for (int i = 0; i < SCANS; i++) {
        int before = i, behind = i;
        while (before >= 0 && sealed[before])
            before--;
        while (behind < SCANS && sealed[behind])
            behind++;
        const double left = channel[before >= 0 ? before : behind],
                     right = channel[behind < SCANS ? behind : before];
        out[i] = sealed[i]
                     ? (int32_t)lrint(left + (right - left) * (i - before) / (behind - before))
                     : channel[i];
    }
    return out;
}

Test(markers_rules, what_is_shared_by_its_definition)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        Run *run = run_of(seed);
        Ladder all;
        const Ladder used = ladder_of(run, &all);
        const bool *sealed = sealed_of(&used);
        Channels shared;
        Note why = {0};
        cr_assert_eq(markers_shared(&shared, &markers, &kit, &run->channels, arena, &why), OK);
        for (int d = 0; d < 4; d++) {
            cr_assert_eq(shared.dye[d] == NULL, d == 2);
            if (d == 2) continue;
            const int32_t *due = line_through(run->dye[d], sealed);
            for (int i = 0; i < SCANS; i++)
                cr_assert_eq(shared.dye[d][i], due[i], "seed %d, dye %d, scan %d", (int)seed, d + 1,
                             i);
        }
        int32_t standard[SCANS] = {0};
        for (int k = 0; k < RUNGS; k++) {
            double at = all.scans[k];
            for (double s = all.scans[3]; k == 4 && s < all.scans[5]; s += 0.01)
                if (ladder_size(&used, s) <= all.sizes[4]) at = s;
            for (long i = lrint(at) - 20; i <= lrint(at) + 20; i++) {
                const double d = (double)(i - lrint(at)) / 4.5;
                standard[i] += (int32_t)lrint(3000 * exp(-d * d / 2));
            }
        }
        for (int i = 0; i < SCANS; i++)
            cr_assert_eq(shared.dye[4][i], standard[i], "seed %d, scan %d of the standard",
                         (int)seed, i);
        size_t kept = 0;
        for (size_t i = 0; i < run->channels.n_off_scale; i++)
            if (run->off[i] >= 0 && run->off[i] < SCANS && !sealed[run->off[i]])
                cr_expect_eq(shared.off_scale[kept++], run->off[i]);
        cr_expect(shared.n_off_scale == kept && kept > 50 && shared.n == SCANS);
        cr_expect(shared.header[0] == '\0' && shared.dye[5] == NULL);
    }
}

static void expect_peaks(const PeakList *found, const PeakList *due, const bool *sealed, int dye)
{
    size_t k = 0;
    for (size_t i = 0; i < due->n; i++) {
        const Peak *p = &due->items[i];
        bool touches = false;
        for (int s = p->begin - 1; sealed != NULL && s <= p->end + 1; s++)
            if (s >= 0 && s < SCANS && sealed[s]) touches = true;
        if (touches) continue;
        cr_assert_lt(k, found->n, "dye %d", dye);
        const Peak *q = &found->items[k++];
        cr_expect(p->scan == q->scan && p->begin == q->begin && p->end == q->end &&
                      p->height == q->height && p->area == q->area && p->width == q->width &&
                      (p->size == q->size || (isnan(p->size) && isnan(q->size))) &&
                      p->flags == q->flags,
                  "dye %d, peak %zu at scan %g", dye, i, p->scan);
    }
    cr_expect_eq(found->n, k, "dye %d: %zu peaks, not %zu", dye, found->n, k);
}

/* A fetus is measured on the wiped channels, and what touches a wiped scan is left out; everyone is sized without the rung below a sex marker. */
Test(markers_rules, a_run_is_sized_behind_the_door)
{
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (int fetal = 0; fetal < 2; fetal++) {
            Run *run = run_of(seed);
            Ladder all;
            const Ladder used = ladder_of(run, &all);
            const bool *sealed = sealed_of(&used);
            Sized found, due;
            Note why = {0};
            cr_assert_eq(markers_size(&found, &markers, &kit, &run->channels, fetal, arena, &why),
                         OK);
            Channels clean = run->channels;
            int32_t off[200];
            for (int d = 0; fetal && d < 5; d++)
                if (d != 2) clean.dye[d] = line_through(run->dye[d], sealed);
            if (fetal) {
                clean.off_scale = off;
                clean.n_off_scale = 0;
                for (size_t i = 0; i < run->channels.n_off_scale; i++)
                    if (run->off[i] >= 0 && run->off[i] < SCANS && !sealed[run->off[i]])
                        off[clean.n_off_scale++] = run->off[i];
            }
            kit_begin(&due, &kit, &used);
            kit_peaks(&due, &kit, &clean, arena);
            size_t peaks = 0;
            for (int d = 0; d < DYES; d++) {
                expect_peaks(&found.dye[d], &due.dye[d], fetal ? sealed : NULL, d + 1);
                peaks += found.dye[d].n;
                cr_assert_eq(found.height[d] == NULL, d == 2 || d == 5);
                if (found.height[d] != NULL)
                    cr_expect_arr_eq(found.height[d], due.height[d], SCANS * sizeof(int32_t));
            }
            cr_expect_gt(peaks, 30, "%zu peaks", peaks);
            cr_expect(found.standard_dye == 5 && found.ladder.n == RUNGS - 1);
            for (int i = 0; i < SCANS; i++)
                cr_assert(isnan(ladder_size(&used, i)) ? isnan(found.bp[i])
                                                       : found.bp[i] == ladder_size(&used, i));
        }
}

/* With five rungs outside the windows a run is read, with four it is refused; a file without a ladder too. */
Test(markers_rules, rungs_that_are_left)
{
    for (int rungs = 4; rungs <= 5; rungs++) {
        Marker wide[] = {{.low = 0, .high = kit.standard.sizes[RUNGS - 1 - rungs], .sex = true}};
        const Markers m = {.items = wide, .n = 1, .margin = 0};
        Run *run = run_of(3);
        Channels shared = {.n = 77};
        Sized s = {.standard_dye = 77};
        Note why = {0};
        const Status due = rungs == 5 ? OK : REFUSED;
        cr_expect_eq(markers_size(&s, &m, &kit, &run->channels, true, arena, &why), due);
        cr_expect_eq(markers_size(&s, &m, &kit, &run->channels, false, arena, &why), due);
        cr_expect_eq(markers_shared(&shared, &m, &kit, &run->channels, arena, &why), due);
        if (due == OK) continue;
        cr_expect(strcmp(why.code, "ladder.few") == 0 && strcmp(why.field, "nine") == 0);
        cr_expect(s.standard_dye == 77 && shared.n == 77);
        run->channels.dye[4] = NULL;
        cr_expect_eq(markers_shared(&shared, &m, &kit, &run->channels, arena, &why), REFUSED);
        cr_expect(strcmp(why.code, "ladder.none") == 0 && shared.n == 77);
    }
}

/* A rung under a sex marker at an end of the ladder has no place that its neighbours could give it: it is not drawn. */
Test(markers_rules, rungs_at_the_ends_that_are_sealed)
{
    static const struct {
        double low, high;
        int gone;
    } rows[] = {{46, 54, 0}, {296, 304, RUNGS - 1}, {71, 79, -1}};
    for (size_t i = 0; i < 3; i++) {
        Marker one[] = {{.low = rows[i].low, .high = rows[i].high, .sex = true}};
        const Markers m = {.items = one, .n = 1, .margin = 0};
        Run *run = run_of(2);
        Channels shared;
        Note why = {0};
        cr_assert_eq(markers_shared(&shared, &m, &kit, &run->channels, arena, &why), OK);
        for (int k = 0; k < RUNGS; k++) {
            const int32_t height = shared.dye[4][(int)scan_of(kit.standard.sizes[k])];
            cr_expect_eq(height == 0, k == rows[i].gone, "row %zu, rung %d: %d", i, k, (int)height);
        }
    }
}

/* ---- as evidence ---- */

/* Cells of half a base pair from the first rung to the last hold their highest scan; a cell without one holds its neighbour's, a sealed one a gap. */
Test(markers_rules, a_trace_by_its_definition)
{
    for (int turn = 0; turn < 4; turn++) {
        const bool drawn = turn > 0, fetal = turn == 1, empty = turn == 2;
        Run *run = run_of(5);
        Sized s;
        Trace t;
        Note why = {0};
        cr_assert_eq(markers_size(&s, &markers, &kit, &run->channels, fetal, arena, &why), OK);
        const int first = (int)s.ladder.scans[0], last = (int)s.ladder.scans[RUNGS - 2];
        double *bp = (double *)(uintptr_t)s.bp;
        for (int i = first; i <= last;
             i++) { /* cells without a scan; the first has none or is sealed */
            const bool gone = (bp[i] >= 70 && bp[i] < 71) || (bp[i] >= 80.2 && bp[i] < 80.8) ||
                              (empty && bp[i] >= 50.25 && bp[i] < 50.75);
            if (gone) bp[i] = 299;
        }
        bp[first + 100] =
            50.25 + (empty ? 0.5 : 0); /* where a cell begins, and where the last has ended */
        bp[first + 101] = 300.25;
        for (int d = 0; d < 5; d++)
            if (s.height[d] != NULL)
                s.height[d][first] = s.height[d][last] = s.height[d][first + 100] =
                    s.height[d][first + 101] = s.height[d][last + 1] = 90000;
        s.ladder.sizes[0] = 50.2; /* the grid begins at the next half */
        s.ladder.scans[0] += 0.4;
        s.ladder.sizes[RUNGS - 1] = 320; /* behind the last of the eight */
        s.ladder.scans[RUNGS - 1] = 2500;
        if (drawn) s.ladder.residual = NAN;
        Marker with[5] = {{.low = 54.4, .high = 55, .sex = true}};
        memcpy(with + 1, items, sizeof items);
        const Markers markers_here = {.kit = "k", .items = with, .n = 5, .margin = 4};
        markers_trace(&t, &markers_here, &s, fetal, drawn, arena);
        cr_expect(t.role == TRACE_SAMPLE && t.kit[0] == '\0' && t.fault[0] == '\0' &&
                  t.standard_dye == 5);
        cr_assert_eq(t.n_rungs, RUNGS - 1);
        for (int i = 0; i < t.n_rungs; i++)
            cr_expect(t.rung_scans[i] == round(s.ladder.scans[i]) &&
                      fabs(t.rung_sizes[i] - s.ladder.sizes[i]) < 1e-9);
        cr_expect(t.rung_scans[RUNGS - 1] == 0 && t.rung_sizes[RUNGS - 1] == 0);
        cr_expect_float_eq(t.residual, drawn ? 0 : s.ladder.residual, 0.000501);
        for (int d = 0; d < DYES; d++) {
            size_t n = 0;
            for (size_t i = 0; i < s.dye[d].n; i++) {
                if (isnan(s.dye[d].items[i].size)) continue;
                const TracePeak p = trace_peak(&s.dye[d].items[i]);
                cr_expect(t.dye[d].peaks[n].size == p.size && t.dye[d].peaks[n].area == p.area);
                n++;
            }
            cr_expect_eq(t.dye[d].n, n);
            cr_expect_eq(t.dye[d].drawn != NULL, drawn && d != 2 && d != 5);
        }
        if (!drawn) continue;
        cr_assert(t.grid_from == 50.5 && t.grid_step == 0.5 && t.n_grid == 500);
        for (int d = 0; d < 5; d++)
            for (size_t i = 0; d != 2 && i < t.n_grid; i++) {
                const double at = 50.5 + 0.5 * (double)i;
                int32_t due = -2;
                for (int k = first; k <= last; k++)
                    if (bp[k] >= at - 0.25 && bp[k] < at + 0.25 && s.height[d][k] > due)
                        due = s.height[d][k];
                if (fetal && (sealed_at(at) || at <= 59)) due = TRACE_GAP;
                if (due == -2) due = i > 0 ? t.dye[d].drawn[i - 1] : 0;
                cr_assert_eq(t.dye[d].drawn[i], due, "dye %d at %g: %d, not %d", d + 1, at,
                             (int)t.dye[d].drawn[i], (int)due);
            }
    }
}
