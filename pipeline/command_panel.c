/* `screenlab panel train`: a folder with panel.tsv (columns sample, file; TAB between) and the files it names becomes one table of the
 * reference. fraction.tsv (columns sample, fraction), when it is there, labels the fetal fractions; who was labelled is told nowhere.
 * Beside the panel lie PANEL.samples, the training list, and PANEL.html, its quality page. Put the panel below reference/nipt/ under a name that begins with "panel" and
 * seal the release (reference/seal.sh): from then on samples that fit it are judged by it. */
#include "../lab/assays/nipt.h"
#include "../reports/panel.h"
#include "commands.h"
#include "decode.h"
#include "file.h"
#include "panel.h"
#include "sandbox.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LIST = 4 * 1024 * 1024 };
static const int64_t most_file = (int64_t)64 * 1024 * 1024 * 1024;

typedef struct Lesson {
    const Settings *settings;
    const Reference *reference;
    const Assay *assay;
    const NiptModel *model;
    Arena *arena;
    int folder;
    const Table *list, *labels; /* labels may be NULL */
    PanelSample *samples;
} Lesson;

/* A small table of the folder; NOT_FOUND is for the caller to judge. */
static Status read_table(const Table **out, const Lesson *l, const char *name, Note *why)
{
    Content content;
    int fd = -1;
    Table *table = NULL;
    Place place = {.file = name};
    Status s = file_open(&fd, l->folder, name, MOST_LIST, place, why);
    if (s != OK) return s;
    s = file_read(&content, fd, MOST_LIST, l->arena, place, why);
    (void)close(fd);
    const TableInfo info = {.name = name,
                            .path = name,
                            .version = "",
                            .status = "local",
                            .source = "",
                            .valid_from = "",
                            .sha256 = ""};
    if (s == OK) s = table_parse(&table, &info, content.bytes, content.size, l->arena, why);
    if (s == OK) *out = table;
    return s;
}

static Status read_sample(const Bins **out, const Lesson *l, const char *name, long line, Note *why)
{
    int fd = -1;
    Place place = {.file = "panel.tsv", .row = line, .field = "file"};
    Status s = file_open(&fd, l->folder, name, most_file, place, why);
    if (s != OK) return s;
    Evidence e = {.status = OK};
    ReadJob job = {.fd = fd,
                   .file = name,
                   .fetal = true,
                   .specimen = "",
                   .assay = l->assay,
                   .model = l->model,
                   .reference = l->reference,
                   .arena = l->arena};
    s = decode_file(&e, &job, place, why);
    (void)close(fd);
    if (s == OK && e.bins == NULL) s = note_fail(why, BAD_INPUT, "panel.list", place, NULL);
    *out = e.bins;
    return s;
}

/* NAN where nobody labelled the sample. */
static double label_of(const Lesson *l, const char *sample)
{
    double fraction = NAN;
    long row = l->labels ? table_find(l->labels, sample) : -1;
    if (row < 0 ||
        !table_number(l->labels, (size_t)row, table_column(l->labels, "fraction"), &fraction))
        return NAN;
    return fraction > 0 && fraction < 1 ? fraction
                                        : NAN; /* 0 stands for "not known" in many exports */
}

static Status read_samples(Lesson *l, Note *why)
{
    Status s = read_table(&l->list, l, "panel.tsv", why);
    if (s != OK) return s;
    int sample = table_column(l->list, "sample"), file = table_column(l->list, "file");
    if (sample < 0 || file < 0)
        return note_fail(why, BAD_INPUT, "panel.list", (Place){.file = "panel.tsv", .row = 1},
                         NULL);
    if (read_table(&l->labels, l, "fraction.tsv", NULL) != OK) l->labels = NULL;
    l->samples = arena_alloc(l->arena, (l->list->n_rows + 1) * sizeof *l->samples);
    for (size_t r = 0; s == OK && r < l->list->n_rows; r++) {
        PanelSample *p = &l->samples[r];
        p->name = table_cell(l->list, r, sample);
        p->fraction = label_of(l, p->name);
        s = read_sample(&p->bins, l, table_cell(l->list, r, file), l->list->lines[r], why);
    }
    return s;
}

/* "a/b/c" -> open folder "a/b" and name "c". */
static Status open_target(int *folder, const char **name, const Lesson *l, Note *why)
{
    const char *slash = strrchr(l->settings->file, '/');
    *name = slash ? slash + 1 : l->settings->file;
    const char *path =
        slash ? arena_copy_n(l->arena, l->settings->file, (size_t)(slash - l->settings->file) + 1)
              : ".";
    return file_open_folder(folder, path, why);
}

static const char *sample_list(const Lesson *l)
{
    size_t size = sizeof "sample\n";
    for (size_t i = 0; i < l->list->n_rows; i++)
        size += strlen(l->samples[i].name) + 1;
    char *text = arena_alloc(l->arena, size);
    int n = snprintf(text, size, "sample\n");
    for (size_t i = 0; i < l->list->n_rows; i++)
        n += snprintf(text + n, size - (size_t)n, "%s\n", l->samples[i].name);
    return text;
}

static Status write_panel(const Lesson *l, const NiptPanel *panel, Note *why)
{
    char day[DATE_TEXT];
    Instant now;
    int folder = -1;
    const char *name;
    if (!command_now(&now, l->settings, l->reference))
        return note_fail(why, BAD_INPUT, "panel.list", (Place){.field = "now"}, NULL);
    date_print(day, date_of(now, reference_offset_minutes(l->reference)));
    const char *text = arena_print(
        l->arena, "#version\t%s\n#valid-from\t%s\n#status\t%s\n#source\tlearnt from %u samples\n%s",
        panel->id, day, l->settings->demo ? "example" : "local", panel->n_samples,
        nipt_panel_print(panel, l->arena));
    const char *list = sample_list(l);
    const Stamp stamp = {.now = now,
                         .offset_minutes = reference_offset_minutes(l->reference),
                         .lang = l->settings->lang,
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = ""};
    PanelSettings set;
    const char *missing;
    Document html;
    if (!panel_settings(&set, l->model->table, &missing)) return NOT_FOUND; /* train() told it */
    Status s = report_panel(&html, &(PanelView){l->reference, &stamp, panel, set.advised_samples},
                            l->arena, why);
    if (s == OK) s = open_target(&folder, &name, l, why);
    if (s == OK) s = file_write(folder, name, text, strlen(text), why);
    if (s == OK)
        s = file_write(folder, arena_print(l->arena, "%s.samples", name), list, strlen(list), why);
    if (s == OK)
        s = file_write(folder, arena_print(l->arena, "%s.html", name), html.bytes, html.size, why);
    if (s == OK) s = file_sync_folder(folder, why);
    if (folder >= 0) (void)close(folder);
    return s;
}

static void print_quality(const Lesson *l, const NiptPanel *p)
{
    (void)printf("panel %s: %u samples, %u bins of %u bases, %u components\n", p->id, p->n_samples,
                 p->n_bins, p->bin_size, p->n_factors);
    (void)printf("chromosome  held-out CV %%  over-dispersion %%  panel %%  largest |z|\n");
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        const NiptChrom *c = &p->chroms[chrom];
        double largest = 0;
        for (uint32_t i = 0; i < p->n_samples; i++)
            largest = fmax(largest, fabs((double)c->z[i]));
        (void)printf("%10d %14.3f %18.3f %8.3f %12.2f\n", chrom, 100 * sqrt(c->held_out),
                     100 * sqrt(c->excess), 100 * sqrt(c->uncertain), largest);
    }
    PanelSettings set;
    const char *missing;
    if (panel_settings(&set, l->model->table, &missing) && p->n_samples < set.advised_samples)
        (void)printf("WARNING: fewer than %.0f samples: over-dispersion is known poorly\n",
                     set.advised_samples);
}

static Status train(Lesson *l, const char *id, Note *why)
{
    PanelInput in = {.id = id};
    const char *missing;
    NiptPanel *panel;
    if (!panel_settings(&in.settings, l->model->table, &missing))
        return note_fail(why, BAD_INPUT, "nipt.settings",
                         (Place){.file = l->model->table->info.path, .field = missing}, NULL);
    Status s = read_samples(l, why);
    in.samples = l->samples;
    in.n = s == OK ? l->list->n_rows : 0;
    if (s == OK) s = panel_train(&panel, &in, l->arena, why);
    if (s == OK) s = write_panel(l, panel, why);
    if (s == OK) print_quality(l, panel);
    return s;
}

/* Last part of a path: the panel's id. */
static const char *base_name(const char *path, Arena *arena)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    const char *whole = arena_copy_n(arena, path, n), *slash = strrchr(whole, '/');
    return slash ? slash + 1 : whole;
}

static int teach(Lesson *l)
{
    Note why;
    const Settings *settings = l->settings;
    l->assay = settings->assay ? assay_find(settings->assay) : NULL;
    l->model =
        l->assay && l->assay->takes_bins ? reference_model(l->reference, l->assay->code) : NULL;
    if (l->model == NULL || settings->file == NULL || strcmp(settings->verb, "train") != 0) {
        (void)fputs("screenlab: panel train needs --assay, one that counts reads, and -o FILE\n",
                    stderr);
        return EXIT_USAGE;
    }
    if (!command_confine(settings, l->reference)) return EXIT_STOPPED;
    Status s = file_open_folder(&l->folder, settings->what, &why);
    if (s == OK) {
        s = train(l, base_name(settings->what, l->arena), &why);
        (void)close(l->folder);
    }
    if (s == OK) return EXIT_ALL_INTERPRETED;
    command_tell(&why, l->reference, settings->lang);
    return EXIT_STOPPED;
}

int command_panel(const Settings *settings)
{
    if (strcmp(settings->verb, "medians") == 0) return command_medians(settings);
    Arena *arena = arena_new(settings->exhausted);
    Lesson lesson = {.settings = settings, .arena = arena};
    int code = EXIT_STOPPED;
    if (command_open_reference(&lesson.reference, settings, arena)) code = teach(&lesson);
    sandbox_stop();
    arena_free(arena);
    return code;
}
