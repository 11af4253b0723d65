/* Rows of fragment/kits, fragment/standards and fragment/overrides, cell by cell, and the peaks of a run by hand. */
#include "arena_suite.h"
#include "lab/kit.h"
#include "row_fixture.h"
#include "table_fixture.h"

#include <limits.h>
#include <math.h>

#define KITS                                                                                       \
    "kit\tstandard\theaders\tstandard_dye\texcluded\tmethod\tbaseline\tsmooth\tpeak_height\t"      \
    "peak_width\trung_height\tleast_rungs\tfirst_scan\tmost_residual\tpull_up_ratio\t"             \
    "pull_up_scans\twidth_low\twidth_high\tsource\n"
#define ROW                                                                                        \
    "k\tnine\tNINE|nine-250|N9\t2\t75|160\tcubic\t51\t7\t80\t1.5\t60\t6\t30\t4\t0.1\t2\t0.5\t3\t"  \
    "s\n"
#define NINE "nine\t50|75|100|139|150|160|200|250|300\t\ts\n"

ARENA_SUITE(kit);

static Status find(Kit *out, const char *row, const char *standards, const char *header, Note *why)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_table(r, "fragment/kits", "local", arena_print(arena, KITS "%s", row), arena);
    fixture_table(r, "fragment/standards", "local",
                  arena_print(arena, "standard\tsizes\tknown\tsource\n%s", standards), arena);
    fixture_table(r, "fragment/overrides", "local",
                  "kit\theader\tapproved_by\tdate\nk\tGS500\tLi\t2026\nk\tGS400\t\t2026\n"
                  "other\tGS300\tLi\t2026\nk\tGS200\tLi\t2026\n",
                  arena);
    return kit_find(out, r, "k", header, arena, why);
}

static bool reads(const char *row)
{
    Kit k = {.baseline = 77};
    Note why = {0};
    const Status s = find(&k, row, NINE, "", &why);
    if (s == OK) return true;
    cr_expect(s == BAD_INPUT && strcmp(why.code, "kit.row") == 0 && strcmp(why.field, "k") == 0,
              "%s", row);
    cr_expect_eq(k.baseline, 77, "nothing is handed out");
    return false;
}

Test(kit, every_cell_at_its_limits)
{
    static const CellLimits cells[] = {
        {"standard_dye", 3, "0", "1", "6", "7"},
        {"baseline", 6, "4", "5", "2001", "2002"},
        {"smooth", 7, "0", "1", "51", "52"},
        {"peak_height", 8, "0.9", "1", "1000000", "1000001"},
        {"peak_width", 9, "-0.1", "0", "100", "100.1"},
        {"rung_height", 10, "0.9", "1", "1000000", "1000001"},
        {"least_rungs", 11, "4", "5", "64", "65"},
        {"first_scan", 12, "-1", "0", "50000", "50001"},
        {"most_residual", 13, "0.009", "0.01", "100", "100.1"},
        {"pull_up_ratio", 14, "-0.1", "0", "1", "1.1"},
        {"pull_up_scans", 15, "-0.1", "0", "20", "20.1"},
        {"width_low", 16, "-0.1", "0", "1", "1.1"},
        {"width_high", 17, "0.9", "1", "100", "100.1"},
        {"method", 5, "cubics", "cubic", "local_southern", "southern"},
        {"standard", 1, "ten", "nine", NULL, NULL},
    };
    expect_limits(ROW, cells, sizeof cells / sizeof *cells, reads);
}

Test(kit, every_cell_is_read_into_its_place)
{
    static const double left[] = {50, 100, 139, 150, 200, 250, 300};
    Kit k;
    Note why = {0};
    char changed[ROW_MOST];
    cr_assert_eq(find(&k, ROW, NINE, "", &why), OK, "%s", why.code);
    cr_expect_str_eq(k.code, "k");
    cr_expect(k.method == SIZING_CUBIC && k.standard_dye == 2 && k.baseline == 51);
    cr_expect(k.peaks.smooth_window == 7 && k.peaks.least_height == 80 &&
              k.peaks.least_width == 1.5 && k.peaks.from == 0 && k.peaks.to == 0);
    cr_expect(k.rungs.smooth_window == 7 && k.rungs.least_height == 60 &&
              k.rungs.least_width == 1.5 && k.rungs.from == 30 && k.rungs.to == INT_MAX);
    cr_expect(k.ladder.least_peaks == 6 && k.ladder.most_residual == 4);
    cr_expect(k.artefacts.pull_up_ratio == 0.1 && k.artefacts.pull_up_scans == 2 &&
              k.artefacts.width_low == 0.5 && k.artefacts.width_high == 3);
    cr_expect_str_eq(k.standard.name, "nine");
    cr_assert_eq(k.standard.n, 7);
    for (int i = 0; i < 7; i++)
        cr_expect_eq(k.standard.sizes[i], left[i], "rung %d", i);
    cr_assert_eq(find(&k, with_cell(changed, ROW, 5, "local_southern"), NINE, "", &why), OK);
    cr_expect_eq(k.method, SIZING_LOCAL_SOUTHERN);
}

/* Ascending positive sizes, five at least and LADDER_MOST at most; what is excluded is left out and leaves five. */
Test(kit, sizes_of_a_standard)
{
    const char *full = "1";
    for (int i = 2; i <= LADDER_MOST; i++)
        full = arena_print(arena, "%s|%d", full, i);
    const struct {
        const char *sizes, *excluded;
        int n; /* 0 = refused */
    } rows[] = {
        {"50|75|100|139|150", "", 5},
        {"50|75|100|139", "", 0},
        {"0.5|75|100|139|150.25", "", 5},
        {"0|75|100|139|150", "", 0},
        {"50|75|75|139|150", "", 0},
        {"50|75|74|139|150", "", 0},
        {"50|75|100|139|150|", "", 5},
        {"50||75|100|139|150", "", 0},
        {"|50|75|100|139|150", "", 0},
        {"50|75|100|139|150 ", "", 0},
        {"50|75|1x0|139|150", "", 0},
        {"50|75|-100|139|150", "", 0},
        {"50|75|1e2|139|150", "", 0},
        {"50|75|+100|139|150", "", 0},
        {"75|50|100|139|150", "", 0},
        {"50|75|1.0.0|139|150", "", 0},
        {full, "", LADDER_MOST},
        {arena_print(arena, "%s|99", full), "", 0},
        {"50|75|100|139|150|160", "50", 5},
        {"50|75|100|139|150|160", "160", 5},
        {"50|75|100|139|150|160", "50|160", 0},
        {"50|75|100|139|150|160|200", "75|139", 5},
        {"50|75|100|139|150|160", "51|149|170", 6},
        {"50|75|100|139|150|160", "x", 0},
        {"50|75|100|139|150|160", "75|50", 0},
    };
    char row[ROW_MOST];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Kit k;
        Note why = {0};
        const Status s = find(&k, with_cell(row, ROW, 4, rows[i].excluded),
                              arena_print(arena, "nine\t%s\t\ts\n", rows[i].sizes), "", &why);
        cr_expect_eq(s, rows[i].n > 0 ? OK : BAD_INPUT, "row %zu", i);
        if (s == OK) cr_expect_eq(k.standard.n, rows[i].n, "row %zu: %d", i, k.standard.n);
        if (s != OK) cr_expect_str_eq(why.code, "kit.row");
    }
}

Test(kit, headers_that_agree_and_that_someone_answered_for)
{
    static const struct {
        const char *header;
        bool good;
    } rows[] = {{"", true},      {"NINE", true},   {"nine-250", true}, {"N9", true},
                {"NIN", false},  {"NINE|", false}, {"nine", false},    {"N99", false},
                {"GS500", true}, {"GS400", false}, {"GS300", false},   {"GS200", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Kit k = {.baseline = 77};
        Note why = {0};
        const Status s = find(&k, ROW, NINE, rows[i].header, &why);
        cr_expect_eq(s, rows[i].good ? OK : REFUSED, "\"%s\"", rows[i].header);
        if (s == OK) continue;
        cr_expect(strcmp(why.code, "kit.header") == 0 && k.baseline == 77);
    }
    Kit k;
    Note why = {0};
    Reference *r = reference_new(arena, "test", true);
    cr_expect_eq(kit_find(&k, r, "k", "", arena, &why), NOT_FOUND);
    cr_expect_str_eq(why.code, "kit.unknown");
    fixture_table(r, "fragment/kits", "local", KITS ROW, arena);
    cr_expect_eq(kit_find(&k, r, "k", "", arena, &why), BAD_INPUT, "without standards");
    cr_expect_str_eq(why.code, "kit.row");
}

/* ---- a run ---- */

enum { SCANS = 2600, RUNGS = 7 };
static const double rungs[RUNGS] = {50, 100, 139, 150, 200, 250, 300};

static int scan_of(double bp)
{
    return (int)lrint(200 + 6 * bp + 0.002 * bp * bp);
}

static void add(int32_t *channel, int centre, double height, double sd)
{
    for (int i = 0; i < SCANS; i++)
        channel[i] += (int32_t)lrint(height * exp(-pow((i - centre) / sd, 2) / 2));
}

typedef struct Run {
    int32_t dye[DYES][SCANS];
    Channels channels;
} Run;

/* The standard in dye 2 of three, fragments of 120 and 180 bp in dye 1, a lower shadow of the second in dye 3. */
static Run *run_of(void)
{
    static const int32_t saturated[] = {1};
    Run *run = arena_alloc(arena, sizeof *run);
    for (int i = 0; i < RUNGS; i++)
        add(run->dye[1], scan_of(rungs[i]), 500, 3);
    add(run->dye[1], 20, 900, 3); /* before the first scan that is looked at */
    add(run->dye[0], scan_of(120), 1000, 3);
    add(run->dye[0], scan_of(180), 5000, 3);
    add(run->dye[2], scan_of(180), 200, 3);
    add(run->dye[2], scan_of(270), 70, 3);
    run->channels = (Channels){.n = SCANS, .off_scale = saturated, .header = ""};
    for (int d = 0; d < 3; d++)
        run->channels.dye[d] = run->dye[d];
    return run;
}

static const Kit *kit(void)
{
    Kit *k = arena_alloc(arena, sizeof *k);
    Note why = {0};
    cr_assert_eq(find(k, ROW, NINE, "", &why), OK);
    return k;
}

Test(kit, a_run_is_sized_and_marked)
{
    Run *run = run_of();
    int32_t saturated[] = {0};
    Sized s;
    Note why = {0};
    saturated[0] = scan_of(120) + 1;
    run->channels.off_scale = saturated;
    run->channels.n_off_scale = 1;
    cr_assert_eq(kit_size(&s, kit(), &run->channels, arena, &why), OK, "%s", why.code);
    cr_expect(s.standard_dye == 2 && s.bp == NULL && s.ladder.method == SIZING_CUBIC);
    cr_assert_eq(s.ladder.n, RUNGS);
    for (int i = 0; i < RUNGS; i++)
        cr_expect(s.ladder.scans[i] == scan_of(rungs[i]) && s.ladder.sizes[i] == rungs[i]);
    cr_assert_eq(s.dye[1].n, (size_t)RUNGS, "rungs from the first scan on, of half the height");
    cr_assert_eq(s.dye[0].n, 2U);
    cr_assert_eq(s.dye[2].n, 1U, "70 is below the 80 that a peak needs");
    static const struct {
        int dye;
        size_t peak;
        double bp, height;
        unsigned flags;
    } peaks[] = {
        {0, 0, 120, 1000, PEAK_OFF_SCALE}, {0, 1, 180, 5000, 0}, {2, 0, 180, 200, PEAK_PULL_UP}};
    for (size_t i = 0; i < 3; i++) {
        const Peak *p = &s.dye[peaks[i].dye].items[peaks[i].peak];
        cr_expect_eq(p->scan, scan_of(peaks[i].bp));
        cr_expect_float_eq(p->size, peaks[i].bp, 0.2, "%g bp: %g", peaks[i].bp, p->size);
        cr_expect_float_eq(p->height, peaks[i].height, 1, "%g", p->height);
        cr_expect_eq(p->flags, peaks[i].flags, "%g bp in dye %d: %u", peaks[i].bp, peaks[i].dye + 1,
                     p->flags);
    }
    for (int d = 0; d < DYES; d++) {
        cr_expect_eq(s.height[d] != NULL, d < 3);
        if (d > 2) cr_expect_eq(s.dye[d].n, 0U);
    }
}

/* The rungs may be of any width; a peak of another dye that is three times as wide as its neighbours is marked. */
Test(kit, shapes_are_asked_of_all_dyes_but_the_standards)
{
    Run *run = run_of();
    Sized s;
    Note why = {0};
    static const double bp[] = {70, 85, 120, 160, 180, 230};
    for (int wide = 0; wide < 2; wide++) {
        int32_t *channel = run->dye[wide == 0 ? 0 : 1];
        memset(run->dye[0], 0, sizeof run->dye[0]);
        for (size_t i = 0; i < 6; i++)
            add(run->dye[0], scan_of(bp[i]), 1000, 3);
        add(channel, scan_of(275), 1500, 11);
        cr_assert_eq(kit_size(&s, kit(), &run->channels, arena, &why), OK, "%s", why.code);
        const PeakList *list = &s.dye[wide];
        cr_assert_eq(list->n, wide == 0 ? 7U : 8U, "%zu", list->n);
        for (size_t i = 0; i < list->n; i++)
            cr_expect_eq(list->items[i].flags, wide == 0 && i == 6 ? PEAK_SHAPE : 0U, "%d: %zu",
                         wide, i);
    }
}

Test(kit, without_a_ladder_nothing_is_handed_out)
{
    Run *run = run_of();
    Note why = {0};
    Sized s = {.standard_dye = 77};
    run->channels.dye[1] = NULL;
    cr_expect_eq(kit_size(&s, kit(), &run->channels, arena, &why), REFUSED);
    cr_expect(strcmp(why.code, "ladder.none") == 0 && s.standard_dye == 77);
    run->channels.dye[1] = run->dye[0];
    cr_expect_eq(kit_size(&s, kit(), &run->channels, arena, &why), REFUSED);
    cr_expect(strcmp(why.code, "ladder.none") == 0 && s.standard_dye == 77);
}

/* Heights for pictures: to the nearest whole number, none below zero, a million at most. */
Test(kit, heights_are_whole)
{
    Kit k = *kit();
    Run *run = arena_alloc(arena, sizeof *run);
    Sized s = {.standard_dye = 2};
    static const int32_t steps[] = {0, 1, 7, 999999, 1000000, 1000001, INT32_MAX};
    k.baseline = 5;
    for (size_t i = 0; i < 7; i++)
        run->dye[0][100 + 50 * i] = steps[i];
    for (int i = 1000; i < 1100; i++)
        run->dye[0][i] = (i * 7919) % 13 - 6;
    kit_dye(&s, &k, 0, run->dye[0], SCANS, arena);
    for (size_t i = 0; i < 7; i++)
        cr_expect_eq(s.height[0][100 + 50 * i], steps[i] < 1000000 ? steps[i] : 1000000, "%zu", i);
    const double *flat = fragment_flatten(run->dye[0], SCANS, 5, arena);
    for (int i = 0; i < SCANS; i++)
        cr_expect_eq(s.height[0][i], fmin(fmax(floor(flat[i] + 0.5), 0), 1000000), "scan %d", i);
}
