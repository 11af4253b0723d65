#include "lab/markers.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SCANS = 4200, PAIRS = 200 };
static const LadderLimits limits = {4, 14};

/* Migration: 50 to 500 bp between scans 633 and 3900. */
static double scan_of(double bp)
{
    return 300 + 6.6 * bp + 0.0012 * bp * bp;
}

static Reference *reference(bool demo, Arena *a)
{
    Reference *r = NULL;
    Note why = {0};
    cr_assert_eq(release_open(&r, "reference", demo, a, &why), OK, "%s %s", why.code, why.field);
    return r;
}

typedef struct Tube {
    int32_t dye[5][SCANS];
    int32_t off[64];
    size_t n_off;
    unsigned seed;
} Tube;

static double any(Tube *t)
{
    t->seed = t->seed * 1664525u + 1013904223u;
    return (double)(t->seed >> 8) / 16777216.0;
}

/* A fragment shows in its own dye and, a little, in all others; a very high one saturates. */
static void add(Tube *t, int dye, double bp, double height)
{
    double centre = scan_of(bp);
    for (int d = 0; d < 5; d++)
        for (int i = (int)centre - 15; i <= (int)centre + 15; i++) {
            double share = d == dye - 1 ? 1 : 0.06;
            t->dye[d][i] += (int32_t)lrint(share * height * exp(-pow((i - centre) / 3, 2) / 2));
        }
    if (height > 20000 && t->n_off < 64) t->off[t->n_off++] = (int32_t)centre;
}

static Channels channels_of(const Tube *t)
{
    Channels c = {.n = SCANS, .off_scale = t->off, .n_off_scale = t->n_off, .header = ""};
    for (int d = 0; d < 5; d++)
        c.dye[d] = t->dye[d];
    return c;
}

static void fill(Tube *t, const Kit *kit, const Markers *m, unsigned seed, bool male)
{
    *t = (Tube){.seed = seed};
    for (int d = 0; d < 5; d++)
        for (int i = 0; i < SCANS; i++)
            t->dye[d][i] = 300 + i / 60 + (int32_t)(12 * any(t));
    for (int i = 0; i < kit->standard.n; i++)
        add(t, kit->standard_dye, kit->standard.sizes[i], 900);
    for (size_t k = 0; k < m->n; k++) {
        const Marker *x = &m->items[k];
        double room = floor((x->high - x->low - 8) / x->repeat), bp = x->low + 4;
        double first = floor(any(t) * room), second = floor(any(t) * room);
        double height = 1500 + 5000 * any(t);
        if (x->sex) continue;
        add(t, x->dye, bp + first * x->repeat, height);
        add(t, x->dye, bp + second * x->repeat, height * (0.9 + 0.2 * any(t)));
    }
    for (size_t k = 0; k < m->n; k++) { /* last: the same random numbers for both twins */
        const Marker *x = &m->items[k];
        double tall = k % 3 == 0 ? 30000 : 4000;
        if (!x->sex) continue;
        if (male || strcmp(x->chromosome, "Y") != 0) add(t, x->dye, x->low + 3, tall);
        if (male != (strcmp(x->chromosome, "Y") == 0)) add(t, x->dye, x->high - 2, tall);
    }
}

static void expect_same(const Sized *x, const Sized *y, int pair)
{
    for (int d = 0; d < DYES; d++) {
        cr_assert_eq(x->dye[d].n, y->dye[d].n, "pair %d dye %d: %zu and %zu peaks", pair, d + 1,
                     x->dye[d].n, y->dye[d].n);
        for (size_t i = 0; i < x->dye[d].n; i++) {
            const Peak *p = &x->dye[d].items[i], *q = &y->dye[d].items[i];
            cr_expect(p->scan == q->scan && p->height == q->height && p->area == q->area &&
                          p->width == q->width && p->size == q->size && p->flags == q->flags,
                      "pair %d dye %d peak %zu at %g bp", pair, d + 1, i, p->size);
        }
        if (x->height[d] != NULL)
            cr_expect_eq(memcmp(x->height[d], y->height[d], SCANS * sizeof *x->height[d]), 0,
                         "pair %d dye %d: a picture would differ", pair, d + 1);
    }
}

Test(markers, twins_of_either_sex_give_the_same_bytes)
{
    Arena *a = arena_new(NULL), *scratch = arena_new(NULL);
    Reference *r = reference(true, a);
    Markers m;
    Kit kit;
    Note why = {0};
    static Tube girl, boy;
    int differ = 0;
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, &why), OK, "%s %s", why.code, why.field);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, &why), OK, "%s", why.code);
    cr_assert_eq(kit.ladder.least_peaks, limits.least_peaks);
    for (int pair = 0; pair < PAIRS; pair++) {
        Sized x, y, open_x, open_y;
        fill(&girl, &kit, &m, 7u + (unsigned)pair, false);
        fill(&boy, &kit, &m, 7u + (unsigned)pair, true);
        Channels cx = channels_of(&girl), cy = channels_of(&boy);
        cr_assert_eq(markers_size(&x, &m, &kit, &cx, true, scratch, &why), OK, "%s", why.code);
        cr_assert_eq(markers_size(&y, &m, &kit, &cy, true, scratch, &why), OK, "%s", why.code);
        expect_same(&x, &y, pair);
        cr_expect_geq(x.dye[0].n + x.dye[1].n + x.dye[2].n + x.dye[3].n, 15, "markers are left");
        cr_assert_eq(markers_size(&open_x, &m, &kit, &cx, false, scratch, &why), OK);
        cr_assert_eq(markers_size(&open_y, &m, &kit, &cy, false, scratch, &why), OK);
        differ += open_x.dye[0].n != open_y.dye[0].n || open_x.dye[2].n != open_y.dye[2].n;
        arena_reset(scratch);
    }
    cr_expect_gt(differ, PAIRS / 2, "the twins do differ before the door: %d", differ);
    arena_free(scratch);
    arena_free(a);
}

Test(markers, no_peak_is_left_in_a_sealed_window_of_any_dye)
{
    Arena *a = arena_new(NULL);
    Reference *r = reference(true, a);
    Markers m;
    Kit kit;
    Sized x;
    Note why = {0};
    static Tube boy;
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, &why), OK);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, &why), OK);
    fill(&boy, &kit, &m, 1, true);
    Channels c = channels_of(&boy);
    cr_assert_eq(markers_size(&x, &m, &kit, &c, true, a, &why), OK);
    for (int d = 0; d < DYES; d++)
        for (size_t i = 0; i < x.dye[d].n; i++)
            for (size_t k = 0; k < m.n; k++)
                cr_expect_not(m.items[k].sex && x.dye[d].items[i].size >= m.items[k].low &&
                                  x.dye[d].items[i].size <= m.items[k].high,
                              "%s: dye %d, %g bp", m.items[k].name, d + 1, x.dye[d].items[i].size);
    arena_free(a);
}

Test(markers, without_a_ladder_nothing_is_handed_out)
{
    Arena *a = arena_new(NULL);
    Reference *r = reference(true, a);
    Markers m;
    Kit kit, none;
    Sized x;
    Note why = {0};
    static Tube boy;
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, &why), OK);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, &why), OK);
    none = kit;
    none.standard.n = 0;
    fill(&boy, &none, &m, 1, true);
    memset(&x, 0x5a, sizeof x);
    Sized untouched = x;
    Channels c = channels_of(&boy);
    cr_expect_eq(markers_size(&x, &m, &kit, &c, true, a, &why), REFUSED);
    cr_expect_eq(memcmp(&x, &untouched, sizeof x), 0);
    cr_expect_eq(why.detail[0], '\0', "the Note holds nothing of the file");
    arena_free(a);
}

static const struct {
    const char *rows;
    Status status;
    const char *code;
} panels[] = {
    {"k\tD21S11\t21\t1\t180\t250\t4\tno\ts\n", OK, NULL},
    {"other\tD21S11\t21\t1\t180\t250\t4\tno\ts\n", NOT_FOUND, "panel.kit"},
    {"k\tD21S11\t\t1\t180\t250\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tAMEL\tX\t1\t100\t120\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tAMEL\tXY\t1\t100\t120\t4\tyes\ts\n", OK, NULL},
    {"k\tD21S11\t23\t1\t180\t250\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tD21S11\t0\t1\t180\t250\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tD21S11\t21\t7\t180\t250\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tD21S11\t21\t1.5\t180\t250\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tD21S11\t21\t1\t250\t180\t4\tno\ts\n", BAD_INPUT, "panel.row"},
    {"k\tD21S11\t21\t1\t180\t250\t4\tmaybe\ts\n", BAD_INPUT, "panel.row"},
};

Test(markers, rows_of_a_panel)
{
    static const TableInfo info = {.name = "fragment/panel",
                                   .path = "fragment/panel.tsv",
                                   .version = "1",
                                   .valid_from = "2026-01-01",
                                   .source = "test",
                                   .sha256 = "",
                                   .status = "local"};
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++) {
        Arena *a = arena_new(NULL);
        Note why = {0};
        Markers m;
        Table *t;
        Reference *r = reference_new(a, "test", false);
        const char *text = arena_print(
            a, "kit\tmarker\tchromosome\tdye\tlow\thigh\trepeat\tsex\tsource\n%s", panels[i].rows);
        cr_assert_eq(table_parse(&t, &info, text, strlen(text), a, &why), OK);
        cr_assert_eq(reference_add(r, t, &why), OK);
        cr_expect_eq(markers_find(&m, r, "k", a, &why), panels[i].status, "row %zu", i);
        if (panels[i].code != NULL) cr_expect_str_eq(why.code, panels[i].code, "row %zu", i);
        arena_free(a);
    }
}

static const struct {
    const char *kit, *header;
    Status status;
    const char *code;
} kits[] = {
    {"identifiler", "GSLIZ500-250POP6.szs", OK, NULL},
    {"identifiler", "", OK, NULL},
    {"identifiler", "GS500", REFUSED, "kit.header"},
    {"identifiler", "GS400HD", REFUSED, "kit.header"},
    {"powerplex16", "GSLIZ500-250POP6.szs", REFUSED, "kit.header"},
    {"no-such-kit", "", NOT_FOUND, "kit.unknown"},
    {"example-qfpcr", "", NOT_FOUND, "kit.unknown"}, /* only with --demo */
};

Test(kits, headers_and_names)
{
    Arena *a = arena_new(NULL);
    Reference *r = reference(false, a);
    for (size_t i = 0; i < sizeof kits / sizeof *kits; i++) {
        Kit k;
        Note why = {0};
        cr_expect_eq(kit_find(&k, r, kits[i].kit, kits[i].header, a, &why), kits[i].status,
                     "row %zu: %s", i, why.code);
        if (kits[i].code != NULL) cr_expect_str_eq(why.code, kits[i].code, "row %zu", i);
    }
    arena_free(a);
}

/* Every kit of the release opens: a broken row would be met only when a file comes in. */
Test(kits, every_row_is_whole)
{
    Arena *a = arena_new(NULL);
    Reference *r = reference(true, a);
    const Table *t = reference_table(r, "fragment/kits");
    cr_assert_not_null(t);
    for (size_t i = 0; i < t->n_rows; i++) {
        Kit k;
        Note why = {0};
        cr_expect_eq(kit_find(&k, r, table_cell(t, i, 0), "", a, &why), OK, "%s: %s",
                     table_cell(t, i, 0), why.code);
        cr_expect_leq(k.ladder.least_peaks, k.standard.n, "%s", table_cell(t, i, 0));
        for (int s = 0; s < k.standard.n; s++)
            cr_expect(strcmp(k.standard.name, "GS500") != 0 || k.standard.sizes[s] != 250,
                      "250 is left out");
    }
    arena_free(a);
}

/* What may be shared: the same for either sex, the same again from itself, and autosomal peaks within half a scan of where they were. */
Test(markers, channels_that_are_shared_tell_no_sex_and_size_as_before)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(true, a);
    Markers m;
    Kit kit;
    Note why = {0};
    Tube *tubes = arena_alloc(a, 2 * sizeof *tubes);
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, &why), OK);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, &why), OK);
    for (unsigned seed = 1; seed <= 20; seed++) {
        Channels shared[2], again;
        for (int male = 0; male < 2; male++) {
            fill(&tubes[male], &kit, &m, seed, male != 0);
            const Channels c = channels_of(&tubes[male]);
            cr_assert_eq(markers_shared(&shared[male], &m, &kit, &c, a, &why), OK, "%s", why.code);
        }
        cr_assert_eq(markers_shared(&again, &m, &kit, &shared[0], a, &why), OK);
        for (int d = 0; d < 5; d++) {
            cr_expect_arr_eq(shared[0].dye[d], shared[1].dye[d], SCANS * sizeof(int32_t),
                             "seed %u dye %d: the twins differ", seed, d + 1);
            cr_expect_arr_eq(shared[0].dye[d], again.dye[d], SCANS * sizeof(int32_t),
                             "seed %u dye %d: not itself again", seed, d + 1);
        }
        Sized before, after;
        const Channels c = channels_of(&tubes[0]);
        cr_assert_eq(markers_size(&before, &m, &kit, &c, true, a, &why), OK);
        cr_assert_eq(markers_size(&after, &m, &kit, &shared[0], true, a, &why), OK);
        for (int d = 0; d < 4; d++) {
            cr_assert_eq(before.dye[d].n, after.dye[d].n, "seed %u dye %d", seed, d + 1);
            for (size_t i = 0; i < before.dye[d].n; i++)
                cr_expect_float_eq(before.dye[d].items[i].size, after.dye[d].items[i].size, 0.12,
                                   "seed %u dye %d peak %zu", seed, d + 1, i);
        }
    }
    arena_free(a);
}

Test(markers, window_margin_and_kind)
{
    Marker items[] = {{.name = "A", .low = 100, .high = 120, .sex = true},
                      {.name = "B", .low = 200, .high = 220}};
    const Markers both = {.items = items, .n = 2, .margin = 4},
                  first = {.items = items, .n = 1, .margin = 4},
                  second = {.items = items + 1, .n = 1, .margin = 4}, none = {.n = 0};
    static const struct {
        double bp;
        bool sealed;
    } rows[] = {{95.9, false},  {96, true},   {100, true},  {110, true}, {124, true},
                {124.1, false}, {200, false}, {210, false}, {0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(markers_sealed(&both, rows[i].bp), rows[i].sealed, "%g", rows[i].bp);
    cr_expect(!markers_autosomal(&both) && !markers_autosomal(&first) && !markers_autosomal(&none));
    cr_expect(markers_autosomal(&second), "a kit of one marker");
}

/* In a channel that rises steadily a wiped window is no step: the line goes on through it. */
Test(markers, a_wiped_window_is_the_line_between_its_neighbours)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(true, a);
    Markers m;
    Kit kit;
    Note why = {0};
    Tube *t = arena_alloc(a, sizeof *t);
    *t = (Tube){.seed = 1};
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, &why), OK);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, &why), OK);
    fill(t, &kit, &m, 1, true);
    for (int i = 0; i < SCANS; i++)
        t->dye[1][i] = 10 * i;
    t->dye[2][0] = 25000; /* outside the ladder nobody can say what it is */
    t->dye[2][SCANS - 1] = 25000;
    Channels shared;
    const Channels c = channels_of(t);
    cr_assert_eq(markers_shared(&shared, &m, &kit, &c, a, &why), OK, "%s", why.code);
    size_t wiped = 0;
    for (int i = (int)scan_of(80); i < (int)scan_of(490); i++) {
        cr_expect_float_eq(shared.dye[1][i], 10 * i, 1, "scan %d: %d", i, (int)shared.dye[1][i]);
        wiped += shared.dye[0][i] != t->dye[0][i] ? 1 : 0;
    }
    cr_expect_lt(shared.dye[2][0], 25000);
    cr_expect_lt(shared.dye[2][SCANS - 1], 25000);
    cr_expect_gt(wiped, 50, "%zu scans of another dye were wiped", wiped);
    arena_free(a);
}
