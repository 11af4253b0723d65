/* The table of a panel: every number and array comes back from its text, and each row that is absent, too long or beyond its limits is named. */
#include "lab/nipt.h"
#include "tests/chance.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static Arena *arena;
static NiptPanel *panel;
static float *floats(size_t n, double scale)
{
    float *out = arena_alloc(arena, (n + 200) * sizeof *out); /* another build has more */
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(scale * chance_part());
    return out;
}

static void begin(void)
{
    arena = arena_new(NULL);
    panel = arena_alloc(arena, sizeof *panel);
    *panel = (NiptPanel){.id = "P",
                         .instrument = "i",
                         .aligner = "a",
                         .protocol = "p",
                         .build = BUILD_GRCH38,
                         .paired = true,
                         .bin_size = 5000000,
                         .window_bins = 3,
                         .n_samples = 4,
                         .reads = 5.5e6,
                         .gc_mean = 41.25,
                         .gc_sd = 0.5,
                         .n_factors = 2,
                         .has_size = true,
                         .size_base = -0.2,
                         .size_slope = 1.5,
                         .size_sd = 0.01,
                         .length_base = 0.3,
                         .length_sd = 0.02,
                         .length_gap = 2.5,
                         .fraction_base = 0.1,
                         .fraction_sd = 0.03};
    nipt_panel_layout(panel);
    panel->share = floats(panel->n_bins, 0.003);
    panel->gc = floats(panel->n_bins, 60);
    panel->noise = floats(panel->n_bins, 1e-4);
    panel->shorts = floats(panel->n_windows, 2);
    panel->length_line = floats(NIPT_LENGTHS, -3);
    panel->fraction_line = floats(panel->n_windows, 7);
    for (int i = 0; i < NIPT_SCALES; i++)
        panel->segment_excess[i] = 1e-4 * chance_part();
    for (int c = 1; c <= AUTOSOMES; c++)
        panel->chroms[c] = (NiptChrom){.shift = -chance_part(),
                                       .excess = chance_part(),
                                       .uncertain = chance_part(),
                                       .held_out = chance_part(),
                                       .df = 1 + chance_part(),
                                       .line = floats(panel->n_windows, 1),
                                       .z = floats(panel->n_samples, -3)};
    for (uint32_t k = 0; k < 2; k++) {
        panel->signal[k] = 10 * chance_part();
        panel->project[k] = floats(panel->n_windows, 1);
        panel->loading[k] = floats(panel->n_windows, -1);
    }
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(nipt_panel, .init = begin, .fini = end);

/* The field of the Note, "" when the text is read. */
static const char *read_text(NiptPanel **out, const char *text)
{
    static const TableInfo info = {
        .name = "nipt/panel", .path = "nipt/panel.tsv", .version = "1", .status = "local"};
    static Note why;
    Table *table;
    cr_assert_eq(table_parse(&table, &info, text, strlen(text), arena, &why), OK, "%s", why.code);
    const Status s = nipt_panel_parse(out, table, arena, &why);
    if (s == OK) return "";
    cr_expect(s == BAD_INPUT && strcmp(why.file, "nipt/panel.tsv") == 0);
    return strcmp(why.code, "nipt.panel") == 0 ? why.field : why.code;
}

/* The text with another value behind that key; NULL takes the row out. */
static const char *with_value(const char *text, const char *key, const char *value)
{
    const char *at = strstr(text, arena_print(arena, "\n%s\t", key));
    cr_assert_not_null(at, "%s", key);
    const char *rest = strchr(at + 1, '\n') + 1;
    const char *row = value == NULL ? "" : arena_print(arena, "%s\t%s\n", key, value);
    return arena_print(arena, "%.*s%s%s", (int)(at + 1 - text), text, row, rest);
}

static void expect_floats(const float *found, const float *due, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(found[i], due[i], "%s %zu", what, i);
}

/* Bins are kept in 65,535 steps of the largest. */
static void expect_bins(const float *found, const float *due, const char *what)
{
    double largest = 0;
    for (uint32_t i = 0; i < panel->n_bins; i++)
        largest = fmax(largest, (double)due[i]);
    for (uint32_t i = 0; i < panel->n_bins; i++)
        cr_assert_float_eq(found[i],
                           floor((double)due[i] / largest * 65535 + 0.5) / 65535 * largest,
                           1e-6 * largest, "%s %u: %g", what, i, (double)found[i]);
}

Test(nipt_panel, all_of_it_comes_back)
{
    NiptPanel *p;
    cr_assert_str_eq(read_text(&p, nipt_panel_print(panel, arena)), "");
    cr_expect(strcmp(p->id, "P") == 0 && strcmp(p->instrument, "i") == 0 &&
              strcmp(p->aligner, "a") == 0 && strcmp(p->protocol, "p") == 0);
    cr_expect(p->build == BUILD_GRCH38 && p->paired && p->bin_size == 5000000 &&
              p->window_bins == 3 && p->n_samples == 4 && p->n_bins == panel->n_bins &&
              p->n_windows == panel->n_windows);
    cr_expect(p->reads == 5.5e6 && p->gc_mean == 41.25 && p->gc_sd == 0.5);
    cr_expect_arr_eq(p->segment_excess, panel->segment_excess, sizeof p->segment_excess);
    expect_bins(p->share, panel->share, "share");
    expect_bins(p->gc, panel->gc, "gc");
    expect_bins(p->noise, panel->noise, "noise");
    expect_floats(p->shorts, panel->shorts, p->n_windows, "shorts");
    for (int c = 1; c <= AUTOSOMES; c++) {
        const NiptChrom *x = &p->chroms[c], *y = &panel->chroms[c];
        cr_expect(x->shift == y->shift && x->excess == y->excess && x->uncertain == y->uncertain &&
                      x->held_out == y->held_out && x->df == y->df,
                  "chromosome %d", c);
        expect_floats(x->line, y->line, p->n_windows, "line");
        expect_floats(x->z, y->z, p->n_samples, "z");
    }
    cr_assert_eq(p->n_factors, 2U);
    for (uint32_t k = 0; k < 2; k++) {
        cr_expect_eq(p->signal[k], panel->signal[k]);
        expect_floats(p->project[k], panel->project[k], p->n_windows, "project");
        expect_floats(p->loading[k], panel->loading[k], p->n_windows, "loading");
    }
    cr_expect(p->has_size && p->size_base == -0.2 && p->size_slope == 1.5 && p->size_sd == 0.01);
    cr_expect(p->length_base == 0.3 && p->length_sd == 0.02 && p->length_gap == 2.5);
    expect_floats(p->length_line, panel->length_line, NIPT_LENGTHS, "length_line");
    cr_expect(p->fraction_base == 0.1 && p->fraction_sd == 0.03);
    expect_floats(p->fraction_line, panel->fraction_line, p->n_windows, "fraction_line");
}

Test(nipt_panel, the_head_as_it_is_written)
{
    static const char head[] =
        "key\tvalue\nid\tP\ninstrument\ti\naligner\ta\nprotocol\tp\nbuild\tGRCh38\npaired\t1\n"
        "bin_size\t5000000\nwindow_bins\t3\nsamples\t4\nreads\t5500000\ngc_mean\t41.25\n"
        "gc_sd\t0.5\nsegment_excess\t0 1 2 3 4 5\nshare\t";
    for (int i = 0; i < NIPT_SCALES; i++)
        panel->segment_excess[i] = i;
    const char *text = nipt_panel_print(panel, arena);
    cr_expect(strncmp(text, head, strlen(head)) == 0, "%.*s", (int)strlen(head), text);
    panel->build = BUILD_GRCH37;
    panel->paired = false;
    nipt_panel_layout(panel);
    NiptPanel *p;
    cr_assert_str_eq(read_text(&p, nipt_panel_print(panel, arena)), "");
    cr_expect(p->build == BUILD_GRCH37 && !p->paired);
}

/* What may be absent, with what belongs to it. */
Test(nipt_panel, parts_that_may_be_absent)
{
    NiptPanel *p;
    panel->gc = panel->shorts = panel->length_line = panel->fraction_line = NULL;
    panel->has_size = false;
    panel->n_factors = 0;
    memset(panel->share, 0, panel->n_bins * sizeof *panel->share);
    cr_assert_str_eq(read_text(&p, nipt_panel_print(panel, arena)), "");
    cr_expect(p->gc == NULL && p->shorts == NULL && p->length_line == NULL &&
              p->fraction_line == NULL && !p->has_size && p->n_factors == 0);
    for (uint32_t i = 0; i < p->n_bins; i++)
        cr_expect(p->share[i] == 0);
    end();
    begin();
    panel->has_size = false;
    cr_expect_str_eq(read_text(&p, nipt_panel_print(panel, arena)), "size");
    panel->length_line = NULL;
    cr_expect_str_eq(read_text(&p, nipt_panel_print(panel, arena)), "");
    end();
    begin();
    const char *text = nipt_panel_print(panel, arena);
    cr_expect_str_eq(read_text(&p, with_value(text, "length", NULL)), "length");
    cr_expect_str_eq(read_text(&p, with_value(text, "length_line", NULL)), "length_line");
    cr_expect_str_eq(read_text(&p, with_value(text, "fraction", NULL)), "fraction");
    cr_expect_str_eq(read_text(&p, with_value(text, "fraction_line", NULL)), "");
    cr_expect(p->fraction_line == NULL);
}

Test(nipt_panel, rows_that_must_be_there)
{
    static const char *const keys[] = {
        "id",        "instrument", "aligner",     "protocol",       "build",    "paired",
        "bin_size",  "samples",    "window_bins", "reads",          "gc_mean",  "gc_sd",
        "share",     "noise",      "factors",     "segment_excess", "chrom.1",  "chrom.22",
        "line.1",    "line.22",    "z.1",         "z.22",           "signal.1", "signal.2",
        "project.1", "project.2",  "loading.1",   "loading.2"};
    const char *text = nipt_panel_print(panel, arena);
    for (size_t i = 0; i < COUNT(keys); i++) {
        NiptPanel *p = panel;
        cr_expect_str_eq(read_text(&p, with_value(text, keys[i], NULL)), keys[i]);
        cr_expect(p == panel, "nothing is handed out without %s", keys[i]);
    }
    NiptPanel *p = panel;
    cr_expect_str_eq(read_text(&p, "key\tvalue\tmore\nid\tP\t\n"), "table.columns");
}

/* Two faults: the first that is met is named, and nothing behind the head is read. */
Test(nipt_panel, values_at_their_limits)
{
    static const struct {
        const char *key, *value, *field; /* "" = read */
    } rows[] = {
        {"build", "GRCh37", "share"}, /* another genome has other bins */
        {"build", "hg38", "build"},
        {"build", "", "build"},
        {"paired", "-1", "paired"},
        {"paired", "0", ""},
        {"paired", "2", "paired"},
        {"bin_size", "4999", "bin_size"},
        {"bin_size", "5000", "share"},
        {"bin_size", "5000001", "bin_size"},
        {"window_bins", "0", "window_bins"},
        {"window_bins", "1", "shorts"},
        {"window_bins", "10000", "shorts"},
        {"window_bins", "10001", "window_bins"},
        {"samples", "1", "samples"},
        {"samples", "2", "z.1"},
        {"samples", "5000", "z.1"},
        {"samples", "5001", "samples"},
        {"reads", "0.9", "reads"},
        {"reads", "1", ""},
        {"reads", "1e12", ""},
        {"reads", "1.1e12", "reads"},
        {"gc_mean", "-0.1", "gc_mean"},
        {"gc_mean", "0", ""},
        {"gc_mean", "100", ""},
        {"gc_mean", "100.1", "gc_mean"},
        {"gc_sd", "-0.1", "gc_sd"},
        {"gc_sd", "0", ""},
        {"gc_sd", "100", ""},
        {"gc_sd", "100.1", "gc_sd"},
        {"segment_excess", "0 0 0 0 0 0", ""},
        {"segment_excess", "-1 0 0 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 0 0 0 -1", "segment_excess"},
        {"segment_excess", "0 0 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 0 0 0 0 0", "segment_excess"},
        {"segment_excess", "0  0 0 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 0x 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 1e999 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 1.1.1 0 0 0", "segment_excess"},
        {"segment_excess", "0 0 0 0 0 0.12345678901234567890123456789012345678", "segment_excess"},
        {"segment_excess", "0 0 0 0 0 0.1234567890123456789012345678901234567", ""}, /* 39 */
        {"chrom.1", "-1 0 0 0.1 1", ""},
        {"chrom.1", "0 -0.1 0 0.1 1", "chrom.1"},
        {"chrom.1", "0 0 -0.1 0.1 1", "chrom.1"},
        {"chrom.1", "0 0 0 0 1", "chrom.1"},
        {"chrom.22", "0 0 0 0.1 0.9", "chrom.22"},
        {"chrom.22", "0 0 0 0.1", "chrom.22"},
        {"factors", "-1", "factors"},
        {"factors", "0", ""},
        {"factors", "1", ""},
        {"factors", "3", "signal.3"},
        {"factors", "10", "signal.3"},
        {"factors", "11", "factors"},
        {"signal.1", "-0.1", "signal.1"},
        {"signal.2", "0", ""},
        {"signal.2", "1e12", ""},
        {"signal.2", "1.1e12", "signal.2"},
        {"size", "0 1", "size"},
        {"size", "0 1 2 3", "size"},
        {"length", "0 1", "length"},
        {"length", "0 1 2 3", "length"},
        {"fraction", "0", "fraction"},
        {"fraction", "0 1 2", "fraction"},
        {"share", "1", "share"},
        {"noise", "x AAAA", "noise"},
        {"noise", "1 AAAA", "noise"},
        {"gc", "", "gc"},
        {"line.1", "AAAA", "line.1"},
        {"z.22", "AAAAAAAAAAAAAAAAAAAAAA", ""},      /* four numbers */
        {"z.22", "AAAAAAAAAAAAAAAAAAAAAAA", "z.22"}, /* a byte more */
        {"z.22", "AAAAAAAAAAAAAAAAAAAA", "z.22"},    /* a byte less */
        {"z.22", "AACAfwAAAAAAAAAAAAAAAA", "z.22"},  /* the first is infinity */
        {"z.22", "AAAAAAAAAAAAAAAAAACAfw", "z.22"},  /* the last is */
        {"z.22", "AAAAAAAAAAAAAAAA*AAAAA", "z.22"},
    };
    const char *text = nipt_panel_print(panel, arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        NiptPanel *p;
        cr_expect_str_eq(read_text(&p, with_value(text, rows[i].key, rows[i].value)), rows[i].field,
                         "%s = \"%s\"", rows[i].key, rows[i].value);
    }
}

/* Whichever row stands first, what may be absent is found when it is there. */
Test(nipt_panel, a_row_may_stand_anywhere)
{
    static const char *const keys[] = {"gc", "shorts", "size", "length", "fraction_line"};
    const char *text = nipt_panel_print(panel, arena);
    for (size_t i = 0; i < COUNT(keys); i++) {
        const char *row = strstr(text, arena_print(arena, "\n%s\t", keys[i])) + 1;
        const char *rest = strchr(with_value(text, keys[i], NULL), '\n') + 1;
        NiptPanel *p;
        cr_expect_str_eq(read_text(&p, arena_print(arena, "key\tvalue\n%.*s\n%s",
                                                   (int)strcspn(row, "\n"), row, rest)),
                         "", "%s first", keys[i]);
        cr_expect(p->gc != NULL && p->shorts != NULL && p->has_size && p->length_line != NULL &&
                  p->fraction_line != NULL);
    }
}

/* The largest value of an array of bins stands before it: zero is a value, less is none, and so is what has text behind it. */
Test(nipt_panel, the_largest_of_an_array)
{
    static const struct {
        const char *largest;
        bool good;
    } rows[] = {{"0", true},      {"1", true},   {"-1", false},
                {"1e999", false}, {"1x", false}, {"nan", false}};
    const char *text = nipt_panel_print(panel, arena);
    const char *share = strchr(strstr(text, "\nshare\t"), ' ');
    share = arena_copy_n(arena, share, strcspn(share, "\n"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        NiptPanel *p;
        const char *value = arena_print(arena, "%s%s", rows[i].largest, share);
        cr_expect_str_eq(read_text(&p, with_value(text, "share", value)),
                         rows[i].good ? "" : "share", "%s", rows[i].largest);
    }
}

/* Windows never cross the end of a chromosome; bins and windows of each begin where those of the one before end. */
Test(nipt_panel, layout)
{
    static const uint32_t sizes[] = {5000000, 1000000, 500000}, joined[] = {1, 2, 3, 7, 1000};
    for (size_t s = 0; s < COUNT(sizes); s++)
        for (size_t w = 0; w < COUNT(joined); w++) {
            NiptPanel p = {.build = BUILD_GRCH38, .bin_size = sizes[s], .window_bins = joined[w]};
            uint32_t bins = 0, windows = 0;
            nipt_panel_layout(&p);
            for (int c = 1; c <= AUTOSOMES; c++) {
                cr_expect(p.bin_first[c] == bins && p.window_first[c] == windows, "%d", c);
                const uint32_t n = bins_first(BUILD_GRCH38, sizes[s], c + 1) - bins;
                bins += n;
                windows += n / joined[w] + (n % joined[w] > 0);
            }
            cr_expect(p.n_bins == bins && p.n_windows == windows);
            cr_expect(p.bin_first[23] == bins && p.window_first[23] == windows);
        }
    for (int c = 1; c <= AUTOSOMES; c++)
        cr_expect_eq(nipt_target(c), c == 13 || c == 18 || c == 21, "%d", c);
}
