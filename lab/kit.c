/* A header that names a size standard is not believed: the kit says which standard is in the tube. When the two disagree the
 * sizes are refused, because real files exist in which either of them was wrong; a laboratory that has looked into it enters the
 * kit and the header in fragment/overrides, with a name and a date. A file without a header has nothing to disagree with.
 *
 * Rungs that a kit excludes (250 and 340 of GS500 move with temperature) are taken out before the ladder is matched, so that no later
 * step can use them. */
#include "kit.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; *p != '\0';) {
        size_t item = strcspn(p, "|");
        if (item == n && memcmp(p, word, n) == 0) return true;
        p += item + (p[item] == '|');
    }
    return false;
}

/* "35|50|75": ascending positive numbers; -1 = malformed. */
static int read_sizes(double *out, const char *cell)
{
    int n = 0;
    for (const char *p = cell; *p != '\0';) {
        size_t item = strcspn(p, "|");
        char *end;
        if (n == LADDER_MOST || strspn(p, "0123456789.") != item || item == 0) return -1;
        out[n] = strtod(p, &end);
        if (end != p + item || !(out[n] > (n > 0 ? out[n - 1] : 0))) return -1;
        n++;
        p += item + (p[item] == '|');
    }
    return n;
}

static bool read_standard(SizeStandard *out, const Reference *reference, const char *name,
                          const char *excluded)
{
    const Table *t = reference_table(reference, "fragment/standards");
    long row = t ? table_find(t, name) : -1;
    double all[LADDER_MOST], left_out[LADDER_MOST];
    int n = row < 0 ? -1 : read_sizes(all, table_get(t, (size_t)row, "sizes"));
    int n_out = read_sizes(left_out, excluded);
    if (n < 5 || n_out < 0) return false;
    *out = (SizeStandard){.name = name};
    for (int i = 0; i < n; i++) {
        bool keep = true;
        for (int k = 0; k < n_out; k++)
            keep = keep && fabs(left_out[k] - all[i]) > 1e-9;
        if (keep) out->sizes[out->n++] = all[i];
    }
    return out->n >= 5;
}

static bool overridden(const Reference *reference, const char *kit, const char *header)
{
    const Table *t = reference_table(reference, "fragment/overrides");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++)
        if (strcmp(table_get(t, r, "kit"), kit) == 0 &&
            strcmp(table_get(t, r, "header"), header) == 0 &&
            *table_get(t, r, "approved_by") != '\0')
            return true;
    return false;
}

static bool number(const Table *t, size_t row, const char *column, double low, double high,
                   double *out)
{
    return table_number(t, row, table_column(t, column), out) && *out >= low && *out <= high;
}

static bool read_row(Kit *k, const Table *t, size_t row)
{
    double dye, window, smooth, rungs, first;
    const char *method = table_get(t, row, "method");
    if (strcmp(method, "local_southern") != 0 && strcmp(method, "cubic") != 0) return false;
    k->method = method[0] == 'c' ? SIZING_CUBIC : SIZING_LOCAL_SOUTHERN;
    if (!number(t, row, "standard_dye", 1, DYES, &dye) ||
        !number(t, row, "baseline", 5, 2001, &window) ||
        !number(t, row, "smooth", 1, 51, &smooth) ||
        !number(t, row, "least_rungs", 5, LADDER_MOST, &rungs) ||
        !number(t, row, "peak_height", 1, 1e6, &k->peaks.least_height) ||
        !number(t, row, "peak_width", 0, 100, &k->peaks.least_width) ||
        !number(t, row, "rung_height", 1, 1e6, &k->rungs.least_height) ||
        !number(t, row, "first_scan", 0, 50000, &first) ||
        !number(t, row, "most_residual", 0.01, 100, &k->ladder.most_residual) ||
        !number(t, row, "pull_up_ratio", 0, 1, &k->artefacts.pull_up_ratio) ||
        !number(t, row, "pull_up_scans", 0, 20, &k->artefacts.pull_up_scans) ||
        !number(t, row, "width_low", 0, 1, &k->artefacts.width_low) ||
        !number(t, row, "width_high", 1, 100, &k->artefacts.width_high))
        return false;
    k->standard_dye = (int)dye;
    k->baseline = (int)window;
    k->peaks.smooth_window = k->rungs.smooth_window = (int)smooth;
    k->rungs.least_width = k->peaks.least_width;
    k->rungs.from = (int)first;
    k->rungs.to = INT_MAX;
    k->ladder.least_peaks = (int)rungs;
    return true;
}

Status kit_find(Kit *out, const Reference *reference, const char *code, const char *header,
                Arena *arena, Note *why)
{
    const Table *t = reference_table(reference, "fragment/kits");
    long row = t ? table_find(t, code) : -1;
    Place place = {.field = code};
    Kit k = {0};
    if (row < 0) return note_fail(why, NOT_FOUND, "kit.unknown", place, NULL);
    size_t r = (size_t)row;
    k.code = arena_copy(arena, code);
    const char *standard = table_get(t, r, "standard");
    if (!read_row(&k, t, r) ||
        !read_standard(&k.standard, reference, standard, table_get(t, r, "excluded")))
        return note_fail(why, BAD_INPUT, "kit.row", place, NULL);
    bool agrees = header[0] == '\0' || listed(table_get(t, r, "headers"), header) ||
                  overridden(reference, code, header);
    if (!agrees) return note_fail(why, REFUSED, "kit.header", place, NULL);
    *out = k;
    return OK;
}

static const PeakOptions *options_of(const Kit *kit, int dye)
{
    return dye == kit->standard_dye - 1 ? &kit->rungs : &kit->peaks;
}

Status kit_ladder(Ladder *out, const Kit *kit, const Channels *channels, Arena *arena, Note *why)
{
    const int dye = kit->standard_dye - 1;
    const ArenaMark own = arena_mark(arena);
    PeakList rungs = {0};
    if (channels->dye[dye] != NULL) {
        const double *flat =
            fragment_flatten(channels->dye[dye], channels->n, kit->baseline, arena);
        rungs = fragment_peaks(flat, channels->n, options_of(kit, dye), arena);
    }
    Status s = ladder_match(out, &kit->standard, &rungs, &kit->ladder, arena, why);
    if (s == OK) out->method = kit->method;
    arena_rewind(arena, own);
    return s;
}

void kit_begin(Sized *out, const Kit *kit, const Ladder *ladder)
{
    *out = (Sized){.ladder = *ladder, .standard_dye = kit->standard_dye};
}

/* For pictures; no analyser's camera counts so far. Half of the scans are noise below zero, which no branch could foretell: so the limits are
 * put to whole numbers, where compilers need none. */
static int32_t *whole_heights(const double *flat, size_t n, int32_t *out)
{
    enum { HIGHEST = 1000000 };
    for (size_t i = 0; i < n; i++) {
        const int64_t y = (int64_t)(flat[i] + 0.5), most = y < HIGHEST ? y : HIGHEST;
        out[i] = (int32_t)(most > 0 ? most : 0);
    }
    return out;
}

void kit_dye(Sized *out, const Kit *kit, int dye, const int32_t *channel, size_t n, Arena *arena)
{
    int32_t *height = arena_alloc(arena, (n + 1) * sizeof *height);
    const ArenaMark own = arena_mark(arena);
    const double *flat = fragment_flatten(channel, n, kit->baseline, arena);
    PeakList found = fragment_peaks(flat, n, options_of(kit, dye), arena);
    out->height[dye] = whole_heights(flat, n, height);
    found.items = arena_rewind_but(arena, own, found.items, found.n * sizeof *found.items);
    out->dye[dye] = found;
}

void kit_mark(Sized *out, const Kit *kit, const Channels *channels)
{
    for (int d = 0; d < DYES; d++) {
        PeakList *peaks = &out->dye[d];
        ladder_size_all(&out->ladder, peaks);
        fragment_mark_off_scale(peaks, channels->off_scale, channels->n_off_scale);
        if (d != kit->standard_dye - 1) fragment_mark_shape(peaks, &kit->artefacts);
    }
    fragment_mark_pull_up(out->dye, DYES, &kit->artefacts);
}

void kit_peaks(Sized *out, const Kit *kit, const Channels *channels, Arena *arena)
{
    for (int d = 0; d < DYES; d++)
        if (channels->dye[d] != NULL) kit_dye(out, kit, d, channels->dye[d], channels->n, arena);
    kit_mark(out, kit, channels);
}

Status kit_size(Sized *out, const Kit *kit, const Channels *channels, Arena *arena, Note *why)
{
    Ladder ladder;
    Status s = kit_ladder(&ladder, kit, channels, arena, why);
    if (s != OK) return s;
    kit_begin(out, kit, &ladder);
    kit_peaks(out, kit, channels, arena);
    return OK;
}
