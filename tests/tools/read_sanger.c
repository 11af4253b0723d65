/* read_sanger - what lab/sanger reads in a real .ab1 file, for conformance:
 *     read_sanger --bases FILE                      the called bases on one line, their qualities on the next; "refused CODE FIELD" and 3
 *     read_sanger --double FILE LEAST               places with a second peak of at least that ratio: call, first, second, ratio, quality
 *     read_sanger --ask FILE SLICE AT REF ALT       answer, strand, call, ratio, noise, quality */
#include "lab/sanger.h"
#include "pipeline/readers/abif_bases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CEILING = 8 * 1024 * 1024 };

static const SangerLimits limits = {.one_base = 0.15,
                                    .two_bases = 0.3,
                                    .noise = 0.25,
                                    .quality = 20,
                                    .wrong = 0.2,
                                    .before = 20,
                                    .after = 20};

static Status open_read(BaseRead *read, const char *path, Arena *arena, Note *why)
{
    AbifFile file;
    unsigned char *bytes = arena_alloc(arena, CEILING);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return note_fail(why, NOT_FOUND, "file.missing", (Place){0}, NULL);
    size_t n = fread(bytes, 1, CEILING, f);
    (void)fclose(f);
    Trace t = {.fault = ""};
    Status s = abif_parse(&file, bytes, n, arena, (Place){0}, why);
    if (s == OK && !abif_has_bases(&file))
        return note_fail(why, REFUSED, "abif.bases", (Place){0}, NULL);
    if (s == OK) s = abif_bases(&t, &file, arena, (Place){0}, why);
    *read = (BaseRead){t.bases, t.n_bases};
    return s;
}

static void print_bases(const BaseRead *read)
{
    for (size_t i = 0; i < read->n; i++)
        putchar(read->calls[i].call);
    putchar('\n');
    for (size_t i = 0; i < read->n; i++)
        printf("%s%d", i > 0 ? "," : "", read->calls[i].quality);
    putchar('\n');
}

static void print_double(const BaseRead *read, double least, Arena *arena)
{
    for (size_t i = 0; i < read->n; i++) {
        double usual[BASES];
        char first, second;
        sanger_usual(usual, read, i, arena);
        double ratio = sanger_ratio(&read->calls[i], usual, &first, &second);
        if (ratio >= least)
            printf("%zu\t%c\t%c\t%.2f\t%d\n", i, first, second, ratio, read->calls[i].quality);
    }
}

static void ask(const BaseRead *read, char **words, Arena *arena)
{
    static const char *const answers[] = {"not_covered", "low_quality", "not_readable", "unclear",
                                          "other",       "reference",   "heterozygous", "variant"};
    SangerQuestion q = {words[3], strtoul(words[4], NULL, 10), words[5], words[6]};
    SangerView v;
    sanger_view(&v, read, &q, &limits, arena);
    printf("%s\t%s\t%zu\t%.2f\t%.2f\t%.0f\n", answers[v.answer], v.reverse ? "reverse" : "forward",
           v.first, v.ratio, v.noise, v.quality);
}

int main(int n, char **words)
{
    Arena *arena = arena_new(NULL);
    BaseRead read;
    Note why = {0};
    int rc = 2;
    if (n >= 3 && open_read(&read, words[2], arena, &why) != OK) {
        printf("refused\t%s\t%s\n", why.code, why.field);
        rc = 3;
    } else if (n == 3 && strcmp(words[1], "--bases") == 0) {
        print_bases(&read);
        rc = 0;
    } else if (n == 4 && strcmp(words[1], "--double") == 0) {
        print_double(&read, strtod(words[3], NULL), arena);
        rc = 0;
    } else if (n == 7 && strcmp(words[1], "--ask") == 0) {
        ask(&read, words, arena);
        rc = 0;
    }
    arena_free(arena);
    return rc;
}
