/* Why: a panel is a reference like any other: one versioned table with a checksum in the MANIFEST, which an auditor can
 * open. Method: rows of key and value. Numbers for every bin are 16-bit steps of the array's largest value, those for every
 * window are 32-bit floats, little-endian, in base64. Refuses: a missing key, an array of another length than build and
 * bin size ask for, a number that is not finite: a panel that is half understood would be a wrong one. */
#include "nipt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 65535, KEY = 32 };

typedef struct Parse {
    NiptPanel *panel;
    const Table *table;
    Arena *arena;
    const char *missing; /* first key that is not there, or not right; NULL = all is well */
} Parse;

static const char *cell(Parse *p, const char *key)
{
    long row = table_find(p->table, key);
    if (row < 0 && p->missing == NULL) p->missing = arena_copy(p->arena, key);
    return row < 0 ? "" : table_cell(p->table, (size_t)row, 1);
}

static bool has(const Parse *p, const char *key)
{
    return table_find(p->table, key) >= 0;
}

static void wrong(Parse *p, const char *key)
{
    if (p->missing == NULL) p->missing = arena_copy(p->arena, key);
}

/* `n` numbers with one space between them. */
static void numbers(Parse *p, const char *key, double *out, size_t n)
{
    const char *text = cell(p, key);
    for (size_t i = 0; i < n; i++) {
        size_t length = strcspn(text, " ");
        char *end, word[40];
        out[i] = 0;
        if (length == 0 || length >= sizeof word || strspn(text, "+-.0123456789e") < length) {
            wrong(p, key);
            return;
        }
        memcpy(word, text, length);
        word[length] = '\0';
        out[i] = strtod(word, &end);
        if (*end != '\0' || !isfinite(out[i])) {
            wrong(p, key);
            return;
        }
        text += length + (text[length] == ' ');
    }
    if (*text != '\0') wrong(p, key);
}

static double number(Parse *p, const char *key, double lowest, double highest)
{
    double value = 0;
    numbers(p, key, &value, 1);
    if (!(value >= lowest && value <= highest)) wrong(p, key);
    return value;
}

/* Bytes behind the first `skip` characters of the cell; NULL unless they are exactly `size`. */
static unsigned char *bytes_of(Parse *p, const char *key, size_t skip, size_t size)
{
    unsigned char *bytes;
    size_t n;
    if (base64_parse(&bytes, &n, cell(p, key) + skip, p->arena) && n == size) return bytes;
    wrong(p, key);
    return NULL;
}

static float *bin_array(Parse *p, const char *key)
{
    size_t n = p->panel->n_bins, skip = strcspn(cell(p, key), " ");
    float *out = arena_alloc(p->arena, n * sizeof *out);
    char *end;
    double largest = strtod(arena_copy_n(p->arena, cell(p, key), skip), &end);
    if (cell(p, key)[skip] != ' ' || *end != '\0' || !isfinite(largest) || largest < 0) {
        wrong(p, key);
        return out;
    }
    const unsigned char *bytes = bytes_of(p, key, skip + 1, 2 * n);
    for (size_t i = 0; bytes != NULL && i < n; i++)
        out[i] = (float)(largest * (bytes[2 * i] | bytes[2 * i + 1] << 8) / STEPS);
    return out;
}

static float *float_array(Parse *p, const char *key, size_t n)
{
    float *out = arena_alloc(p->arena, n * sizeof *out);
    const unsigned char *bytes = bytes_of(p, key, 0, 4 * n);
    for (size_t i = 0; bytes != NULL && i < n; i++) {
        const unsigned char *b = bytes + 4 * i;
        uint32_t bits =
            (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        memcpy(&out[i], &bits, sizeof bits);
        if (!isfinite(out[i])) wrong(p, key);
    }
    return out;
}

static void parse_head(Parse *p)
{
    NiptPanel *panel = p->panel;
    panel->id = cell(p, "id");
    panel->instrument = cell(p, "instrument");
    panel->aligner = cell(p, "aligner");
    panel->protocol = cell(p, "protocol");
    panel->build = strcmp(cell(p, "build"), "GRCh37") == 0   ? BUILD_GRCH37
                   : strcmp(cell(p, "build"), "GRCh38") == 0 ? BUILD_GRCH38
                                                             : BUILD_UNKNOWN;
    if (panel->build == BUILD_UNKNOWN) wrong(p, "build");
    panel->paired = number(p, "paired", 0, 1) > 0;
    panel->bin_size = (uint32_t)number(p, "bin_size", BINS_SMALLEST, BINS_LARGEST);
    panel->window_bins = (uint32_t)number(p, "window_bins", 1, 10000);
    panel->n_samples = (uint32_t)number(p, "samples", 2, NIPT_SAMPLES);
    panel->reads = number(p, "reads", 1, 1e12);
    panel->gc_mean = number(p, "gc_mean", 0, 100);
    panel->gc_sd = number(p, "gc_sd", 0, 100);
    numbers(p, "segment_excess", panel->segment_excess, NIPT_SCALES);
    for (int i = 0; i < NIPT_SCALES; i++)
        if (!(panel->segment_excess[i] >= 0)) wrong(p, "segment_excess");
}

static void parse_chrom(Parse *p, int chrom)
{
    char key[KEY];
    double v[5];
    NiptChrom *c = &p->panel->chroms[chrom];
    (void)snprintf(key, sizeof key, "chrom.%d", chrom);
    numbers(p, key, v, 5);
    *c =
        (NiptChrom){.shift = v[0], .excess = v[1], .uncertain = v[2], .held_out = v[3], .df = v[4]};
    if (c->excess < 0 || c->uncertain < 0 || !(c->held_out > 0) || !(c->df >= 1)) wrong(p, key);
    (void)snprintf(key, sizeof key, "line.%d", chrom);
    c->line = float_array(p, key, p->panel->n_windows);
    (void)snprintf(key, sizeof key, "z.%d", chrom);
    c->z = float_array(p, key, p->panel->n_samples);
}

static void parse_factors(Parse *p)
{
    NiptPanel *panel = p->panel;
    panel->n_factors = (uint32_t)number(p, "factors", 0, NIPT_FACTORS);
    for (uint32_t k = 0; k < panel->n_factors && k < NIPT_FACTORS; k++) {
        char key[KEY];
        (void)snprintf(key, sizeof key, "signal.%u", k + 1);
        panel->signal[k] = number(p, key, 0, 1e12);
        (void)snprintf(key, sizeof key, "project.%u", k + 1);
        panel->project[k] = float_array(p, key, panel->n_windows);
        (void)snprintf(key, sizeof key, "loading.%u", k + 1);
        panel->loading[k] = float_array(p, key, panel->n_windows);
    }
}

static void parse_fraction(Parse *p)
{
    double v[3];
    NiptPanel *panel = p->panel;
    if (has(p, "size")) {
        numbers(p, "size", v, 3);
        panel->has_size = true;
        panel->size_base = v[0];
        panel->size_slope = v[1];
        panel->size_sd = v[2];
    }
    if (has(p, "length") || has(p, "length_line")) {
        numbers(p, "length", v, 3);
        panel->length_base = v[0];
        panel->length_sd = v[1];
        panel->length_gap = v[2];
        panel->length_line = float_array(p, "length_line", NIPT_LENGTHS);
        if (!panel->has_size) wrong(p, "size");
    }
    if (has(p, "fraction_line")) {
        numbers(p, "fraction", v, 2);
        panel->fraction_base = v[0];
        panel->fraction_sd = v[1];
        panel->fraction_line = float_array(p, "fraction_line", panel->n_windows);
    }
}

Status nipt_panel_parse(NiptPanel **out, const Table *table, Arena *arena, Note *why)
{
    NiptPanel *panel = arena_alloc(arena, sizeof *panel);
    Parse p = {.panel = panel, .table = table, .arena = arena};
    if (table->n_columns != 2)
        return note_fail(why, BAD_INPUT, "table.columns", (Place){.file = table->info.path}, NULL);
    parse_head(&p);
    if (p.missing == NULL) {
        nipt_panel_layout(panel);
        panel->share = bin_array(&p, "share");
        panel->gc = has(&p, "gc") ? bin_array(&p, "gc") : NULL;
        panel->noise = bin_array(&p, "noise");
        if (has(&p, "shorts")) panel->shorts = float_array(&p, "shorts", panel->n_windows);
        for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
            parse_chrom(&p, chrom);
        parse_factors(&p);
        parse_fraction(&p);
    }
    if (p.missing != NULL)
        return note_fail(why, BAD_INPUT, "nipt.panel",
                         (Place){.file = table->info.path, .field = p.missing}, NULL);
    *out = panel;
    return OK;
}

/* ---- printing ---- */

typedef struct Print {
    char *text;
    size_t n, capacity;
    Arena *arena;
} Print;

static void put(Print *t, const char *text)
{
    size_t length = strlen(text);
    while (t->capacity - t->n < length + 1)
        t->text = arena_grow(t->arena, t->text, &t->capacity, 1);
    memcpy(t->text + t->n, text, length + 1);
    t->n += length;
}

static void put_row(Print *t, const char *key, const char *value)
{
    put(t, key);
    put(t, "\t");
    put(t, value);
    put(t, "\n");
}

static void put_numbers(Print *t, const char *key, const double *values, size_t n)
{
    char text[200];
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%.17g", i ? " " : "",
                                   values[i]);
    put_row(t, key, text);
}

static void put_number(Print *t, const char *key, double value)
{
    put_numbers(t, key, &value, 1);
}

static void put_bins(Print *t, const char *key, const float *values, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, (double)values[i]);
    unsigned char *bytes = arena_alloc(t->arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned step = largest > 0 ? (unsigned)((double)values[i] / largest * STEPS + 0.5) : 0;
        bytes[2 * i] = (unsigned char)(step & 255);
        bytes[2 * i + 1] = (unsigned char)(step >> 8);
    }
    put_row(t, key,
            arena_print(t->arena, "%.17g %s", largest, base64_print(bytes, 2 * n, t->arena)));
}

static void put_floats(Print *t, const char *key, const float *values, size_t n)
{
    unsigned char *bytes = arena_alloc(t->arena, 4 * n + 1);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (size_t j = 0; j < 4; j++)
            bytes[4 * i + j] = (unsigned char)(bits >> 8 * j & 255);
    }
    put_row(t, key, base64_print(bytes, 4 * n, t->arena));
}

static void put_chrom(Print *t, const NiptPanel *panel, int chrom)
{
    char key[KEY];
    const NiptChrom *c = &panel->chroms[chrom];
    (void)snprintf(key, sizeof key, "chrom.%d", chrom);
    put_numbers(t, key, (double[]){c->shift, c->excess, c->uncertain, c->held_out, c->df}, 5);
    (void)snprintf(key, sizeof key, "line.%d", chrom);
    put_floats(t, key, c->line, panel->n_windows);
    (void)snprintf(key, sizeof key, "z.%d", chrom);
    put_floats(t, key, c->z, panel->n_samples);
}

static void put_head(Print *t, const NiptPanel *panel)
{
    put(t, "key\tvalue\n");
    put_row(t, "id", panel->id);
    put_row(t, "instrument", panel->instrument);
    put_row(t, "aligner", panel->aligner);
    put_row(t, "protocol", panel->protocol);
    put_row(t, "build", panel->build == BUILD_GRCH37 ? "GRCh37" : "GRCh38");
    put_number(t, "paired", panel->paired);
    put_number(t, "bin_size", panel->bin_size);
    put_number(t, "window_bins", panel->window_bins);
    put_number(t, "samples", panel->n_samples);
    put_number(t, "reads", panel->reads);
    put_number(t, "gc_mean", panel->gc_mean);
    put_number(t, "gc_sd", panel->gc_sd);
    put_numbers(t, "segment_excess", panel->segment_excess, NIPT_SCALES);
}

static void put_factors(Print *t, const NiptPanel *panel)
{
    put_number(t, "factors", panel->n_factors);
    for (uint32_t k = 0; k < panel->n_factors; k++) {
        char key[KEY];
        (void)snprintf(key, sizeof key, "signal.%u", k + 1);
        put_number(t, key, panel->signal[k]);
        (void)snprintf(key, sizeof key, "project.%u", k + 1);
        put_floats(t, key, panel->project[k], panel->n_windows);
        (void)snprintf(key, sizeof key, "loading.%u", k + 1);
        put_floats(t, key, panel->loading[k], panel->n_windows);
    }
}

const char *nipt_panel_print(const NiptPanel *panel, Arena *arena)
{
    Print t = {.arena = arena};
    put_head(&t, panel);
    put_bins(&t, "share", panel->share, panel->n_bins);
    if (panel->gc) put_bins(&t, "gc", panel->gc, panel->n_bins);
    put_bins(&t, "noise", panel->noise, panel->n_bins);
    if (panel->shorts) put_floats(&t, "shorts", panel->shorts, panel->n_windows);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        put_chrom(&t, panel, chrom);
    put_factors(&t, panel);
    if (panel->has_size)
        put_numbers(&t, "size", (double[]){panel->size_base, panel->size_slope, panel->size_sd}, 3);
    if (panel->length_line) {
        put_numbers(&t, "length",
                    (double[]){panel->length_base, panel->length_sd, panel->length_gap}, 3);
        put_floats(&t, "length_line", panel->length_line, NIPT_LENGTHS);
    }
    if (panel->fraction_line) {
        put_numbers(&t, "fraction", (double[]){panel->fraction_base, panel->fraction_sd}, 2);
        put_floats(&t, "fraction_line", panel->fraction_line, panel->n_windows);
    }
    return t.text;
}
