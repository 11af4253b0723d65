/* size_abif - sizes of a real file, for conformance:
 *     size_abif RELEASE KIT FILE             peaks of all dyes: dye scan size height area width flags; "refused CODE FIELD" and 3
 *     size_abif --vendor METHOD CSV          CSV of dye,scan,begin,end,height,area,size,standard: our size beside the vendor's from
 *                                            the vendor's own rungs (METHOD southern or cubic)
 *     size_abif --tags FILE                  name of the size standard, scans, tags */
#include "lab/kit.h"
#include "pipeline/readers/abif_channels.h"
#include "pipeline/release.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CEILING = 32 * 1024 * 1024, MOST_ROWS = 2000 };

static size_t slurp(unsigned char **out, const char *path, Arena *arena)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 0;
    *out = arena_alloc(arena, CEILING);
    size_t n = fread(*out, 1, CEILING, f);
    (void)fclose(f);
    return n;
}

static int refused(const Note *why)
{
    printf("refused\t%s\t%s\n", why->code, why->field);
    return 3;
}

static Status open_channels(Channels *c, const char *path, Arena *arena, Note *why)
{
    unsigned char *bytes = NULL;
    AbifFile file;
    size_t n = slurp(&bytes, path, arena);
    if (n == 0) return note_fail(why, NOT_FOUND, "file.missing", (Place){0}, NULL);
    Status s = abif_parse(&file, bytes, n, arena, (Place){0}, why);
    return s == OK ? abif_channels(c, &file, arena, (Place){0}, why) : s;
}

static int size_file(char **words, Arena *arena)
{
    Reference *reference;
    Channels c;
    Kit kit;
    Sized run;
    Note why = {0};
    if (release_open(&reference, words[1], false, arena, &why) != OK ||
        open_channels(&c, words[3], arena, &why) != OK ||
        kit_find(&kit, reference, words[2], c.header, arena, &why) != OK ||
        kit_size(&run, &kit, &c, arena, &why) != OK)
        return refused(&why);
    printf("ladder\t%d\t%d\t%.3f\n", run.ladder.n, kit.standard.n, run.ladder.residual);
    for (int i = 0; i < run.ladder.n; i++)
        printf("rung\t%g\t%g\n", run.ladder.sizes[i], run.ladder.scans[i]);
    for (int d = 0; d < DYES; d++)
        for (size_t i = 0; i < run.dye[d].n; i++) {
            const Peak *p = &run.dye[d].items[i];
            printf("peak\t%d\t%g\t%.4f\t%g\t%g\t%.2f\t%u\n", d + 1, p->scan, p->size, p->height,
                   p->area, p->width, p->flags);
        }
    return 0;
}

static int tags(const char *path, Arena *arena)
{
    Channels c;
    Note why = {0};
    if (open_channels(&c, path, arena, &why) != OK) return refused(&why);
    printf("header\t%s\nscans\t%zu\noff_scale\t%zu\n", c.header, c.n, c.n_off_scale);
    return 0;
}

typedef struct Row {
    double scan, size, standard;
} Row;

static int vendor(const char *method, const char *path)
{
    static Row rows[MOST_ROWS];
    SizeStandard standard = {.name = "vendor"};
    double scans[LADDER_MOST], worst = 0, sum = 0;
    int n = 0, compared = 0;
    char line[256];
    FILE *f = fopen(path, "r");
    if (f == NULL) return 2;
    while (fgets(line, sizeof line, f) != NULL && n < MOST_ROWS) {
        Row *r = &rows[n];
        if (sscanf(line, "%*d,%lf,%*d,%*d,%*d,%*d,%lf,%lf", &r->scan, &r->size, &r->standard) != 3)
            continue;
        if (r->standard > 0 && standard.n < LADDER_MOST) {
            scans[standard.n] = r->scan;
            standard.sizes[standard.n++] = r->standard;
        }
        n++;
    }
    (void)fclose(f);
    Ladder l;
    ladder_set(&l, &standard, scans);
    l.method = strcmp(method, "cubic") == 0 ? SIZING_CUBIC : SIZING_LOCAL_SOUTHERN;
    for (int i = 0; i < n; i++) {
        double error = fabs(ladder_size(&l, rows[i].scan) - rows[i].size);
        if (isnan(error)) continue;
        worst = error > worst ? error : worst;
        sum += error;
        compared++;
    }
    printf("%d\t%d\t%d\t%.6f\t%.6f\n", n, standard.n, compared, compared ? sum / compared : NAN,
           worst);
    return 0;
}

int main(int n, char **words)
{
    Arena *arena = arena_new(NULL);
    int code = 2;
    if (n == 4 && strcmp(words[1], "--vendor") == 0)
        code = vendor(words[2], words[3]);
    else if (n == 3 && strcmp(words[1], "--tags") == 0)
        code = tags(words[2], arena);
    else if (n == 4)
        code = size_file(words, arena);
    else
        (void)fputs("usage: see the head of size_abif.c\n", stderr);
    arena_free(arena);
    return code;
}
