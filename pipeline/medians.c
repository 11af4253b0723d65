/* `screenlab panel medians`: a folder with medians.tsv (columns marker, unit, kit, x, value; TAB between; x is the gestation in days, for NT the CRL in
 * mm) becomes rows of the reference's table of medians, and a page of their quality. Only singleton pregnancies not known to be affected belong
 * into it. A new equation is a new version of the table: put the file below reference/serum/ as medians.tsv and seal the release. */
#include "../lab/medians.h"

#include "commands.h"
#include "file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LIST = 64 * 1024 * 1024, WEEK = 7, FIVE_MM = 5 };

typedef struct Teacher {
    const Settings *settings;
    const Reference *reference;
    Arena *arena;
    const Table *list;
    const char *text; /* of the table that comes out */
    size_t fitted, refused;
} Teacher;

static Status read_list(Teacher *t, int folder, Note *why)
{
    int fd = -1;
    Content content;
    Table *table = NULL;
    Place place = {.file = "medians.tsv"};
    const TableInfo info = {.name = "medians.tsv",
                            .path = "medians.tsv",
                            .version = "",
                            .status = "local",
                            .source = "",
                            .valid_from = "",
                            .sha256 = ""};
    Status s = file_open(&fd, folder, place.file, MOST_LIST, place, why);
    if (s != OK) return s;
    s = file_read(&content, fd, MOST_LIST, t->arena, place, why);
    (void)close(fd);
    if (s == OK) s = table_parse(&table, &info, content.bytes, content.size, t->arena, why);
    static const char *const needed[] = {"marker", "unit", "kit", "x", "value"};
    for (size_t i = 0; s == OK && i < sizeof needed / sizeof *needed; i++)
        if (table_column(table, needed[i]) < 0)
            s = note_fail(why, BAD_INPUT, "medians.list",
                          (Place){.file = place.file, .row = 1, .field = needed[i]}, NULL);
    t->list = table;
    return s;
}

static bool same_cell(const Table *t, size_t a, size_t b, const char *column)
{
    return strcmp(table_get(t, a, column), table_get(t, b, column)) == 0;
}

static bool same_marker(const Table *t, size_t a, size_t b)
{
    return same_cell(t, a, b, "marker") && same_cell(t, a, b, "unit") && same_cell(t, a, b, "kit");
}

static void print_quality(const Teacher *t, size_t row, const MedianFit *f)
{
    (void)printf("%s (%s, %s): %zu values, %s in log10, spread of log10 %.4f, worst bin %.1f %%\n",
                 table_get(t->list, row, "marker"), table_get(t->list, row, "unit"),
                 table_get(t->list, row, "kit"), f->n, f->degree == 2 ? "parabola" : "line",
                 f->log_sd, 100 * f->worst);
    (void)printf("       x      n  observed    fitted  observed/fitted\n");
    for (size_t i = 0; i < f->n_bins; i++)
        (void)printf("%8.1f %6zu %9.4g %9.4g  %.3f\n", f->bins[i].x, f->bins[i].n,
                     f->bins[i].observed, f->bins[i].fitted,
                     f->bins[i].observed / f->bins[i].fitted);
}

/* The form that the table's reader knows; CRL has a straight line only. */
static void add_row(Teacher *t, size_t row, const MedianFit *f, bool by_crl)
{
    const char *form = by_crl ? "log10_crl" : f->degree == 2 ? "log10_quadratic" : "log10_linear";
    const char *numbers = f->degree == 2
                              ? arena_print(t->arena, "%.9g\t%.9g\t%.9g", f->p[2], f->p[1], f->p[0])
                              : arena_print(t->arena, "%.9g\t%.9g\t", f->p[1], f->p[0]);
    const char *days = by_crl ? "70\t97" : arena_print(t->arena, "%.0f\t%.0f", f->from, f->to);
    t->text = arena_print(t->arena, "%s%s\t%s\t%s\t%s\t%s\t%s\n", t->text,
                          table_get(t->list, row, "marker"), table_get(t->list, row, "unit"),
                          table_get(t->list, row, "kit"), form, numbers, days);
}

/* All rows of one marker, unit and kit; a value that is no number makes the whole list useless, not a smaller one. */
static Status fit_marker(Teacher *t, size_t row, Note *why)
{
    const Table *l = t->list;
    size_t n = 0;
    double *x = arena_alloc(t->arena, l->n_rows * sizeof *x),
           *value = arena_alloc(t->arena, l->n_rows * sizeof *value);
    for (size_t r = row; r < l->n_rows; r++) {
        if (!same_marker(l, row, r)) continue;
        if (!table_number(l, r, table_column(l, "x"), &x[n]) ||
            !table_number(l, r, table_column(l, "value"), &value[n]) || !(value[n] > 0))
            return note_fail(why, BAD_INPUT, "medians.list",
                             (Place){.file = "medians.tsv", .row = l->lines[r], .field = "value"},
                             NULL);
        n++;
    }
    bool by_crl = strcmp(table_get(l, row, "marker"), "nt") == 0;
    MedianFit f;
    bool good = median_fit(&f, x, value, n, by_crl ? FIVE_MM : WEEK, t->arena);
    if (!good || (by_crl && f.degree != 1)) {
        (void)printf("%s: not fitted: too few bins with %d values, or not a straight line of CRL\n",
                     table_get(l, row, "marker"), MEDIAN_LEAST);
        t->refused++;
        return OK;
    }
    print_quality(t, row, &f);
    add_row(t, row, &f, by_crl);
    t->fitted++;
    return OK;
}

static Status fit_all(Teacher *t, Note *why)
{
    Status s = OK;
    for (size_t r = 0; s == OK && r < t->list->n_rows; r++) {
        bool seen = false;
        for (size_t i = 0; i < r && !seen; i++)
            seen = same_marker(t->list, i, r);
        if (!seen) s = fit_marker(t, r, why);
    }
    return s;
}

static Status write_table(const Teacher *t, Note *why)
{
    char day[DATE_TEXT];
    Instant now;
    int folder = -1;
    const char *path = t->settings->file, *slash = strrchr(path, '/');
    if (!command_now(&now, t->settings, t->reference))
        return note_fail(why, BAD_INPUT, "medians.list", (Place){.field = "now"}, NULL);
    date_print(day, date_of(now, reference_offset_minutes(t->reference)));
    const char *text = arena_print(
        t->arena,
        "#version\t%s\n#valid-from\t%s\n#status\tlocal\n#source\tfitted to the laboratory's own "
        "values (%zu rows); to be approved by "
        "two people before use\nmarker\tunit\tkit\tform\tp1\tp2\tp3\tfrom_day\tto_day\n%s",
        day, day, t->list->n_rows, t->text);
    Status s = file_open_folder(
        &folder, slash != NULL ? arena_copy_n(t->arena, path, (size_t)(slash - path) + 1) : ".",
        why);
    if (s == OK) s = file_write(folder, slash != NULL ? slash + 1 : path, text, strlen(text), why);
    if (s == OK) s = file_sync_folder(folder, why);
    if (folder >= 0) (void)close(folder);
    return s;
}

int command_medians(const Settings *settings)
{
    Note why;
    int folder = -1, code = EXIT_STOPPED;
    Teacher t = {.settings = settings, .arena = arena_new(settings->exhausted), .text = ""};
    if (settings->file == NULL) {
        (void)fputs("screenlab: panel medians needs -o FILE\n", stderr);
        arena_free(t.arena);
        return EXIT_USAGE;
    }
    if (command_open_reference(&t.reference, settings, t.arena)) {
        Status s = file_open_folder(&folder, settings->what, &why);
        if (s == OK) {
            s = read_list(&t, folder, &why);
            (void)close(folder);
        }
        if (s == OK) s = fit_all(&t, &why);
        if (s == OK && t.fitted > 0) s = write_table(&t, &why);
        code = s != OK                          ? EXIT_STOPPED
               : t.refused > 0 || t.fitted == 0 ? EXIT_SOMETHING_LEFT
                                                : EXIT_ALL_INTERPRETED;
        if (s != OK) command_tell(&why, t.reference, settings->lang);
    }
    arena_free(t.arena);
    return code;
}
