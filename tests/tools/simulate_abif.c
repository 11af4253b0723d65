/* simulate_abif - files of an analyser that never ran, for the demonstration and the proofs:
 *
 *     simulate_abif RELEASE KIT qf OUT.fsa SEED [trisomy=21] [mosaic=0.3] [triploid=1] [maternal=0.2] [sex=xx|xy] [ladder=0]
 *     simulate_abif RELEASE KIT mother OUT.fsa SEED [wrong=1]
 *     simulate_abif RELEASE KIT control OUT.fsa SEED [sex=xx|xy]
 *     simulate_abif RELEASE KIT blank OUT.fsa SEED
 *     simulate_abif RELEASE KIT peaks OUT.fsa SEED DYE:BP:HEIGHT ...        any fragments beside the kit's ladder
 *     simulate_abif - - bases OUT.ab1 SEED SEQUENCE                         IUPAC letters of two bases give two peaks
 *
 * The tables of the release are opened with its examples. */
#include "lab/markers.h"
#include "pipeline/release.h"
#include "tests/qfpcr_simulation.h"

#include <stdio.h>

static bool write_file(const char *path, const AbifWriter *w)
{
    FILE *f = fopen(path, "wb");
    if (f == NULL) return false;
    bool good = fwrite(w->bytes, 1, w->n, f) == w->n;
    return fclose(f) == 0 && good;
}

/* "key=value" among the words; NULL = not there. */
static const char *option(int argc, char **argv, const char *key)
{
    size_t n = strlen(key);
    for (int i = 6; i < argc; i++)
        if (strncmp(argv[i], key, n) == 0 && argv[i][n] == '=') return argv[i] + n + 1;
    return NULL;
}

static double number(int argc, char **argv, const char *key)
{
    const char *value = option(argc, argv, key);
    return value != NULL ? strtod(value, NULL) : 0;
}

static bool is(const char *value, const char *word)
{
    return value != NULL && strcmp(value, word) == 0;
}

static bool put_peaks(Tube *t, int argc, char **argv)
{
    for (int i = 6; i < argc; i++) {
        char *end;
        const long dye = strtol(argv[i], &end, 10);
        if (dye < 1 || dye > t->dyes || *end != ':') return false;
        const double bp = strtod(end + 1, &end);
        if (*end != ':') return false;
        tube_fragment(t, (int)dye, bp, strtod(end + 1, NULL));
    }
    return true;
}

static bool fill(Tube *t, int argc, char **argv, const Reference *reference, Arena *arena)
{
    Markers m;
    Kit kit;
    const char *kind = argv[3];
    Pregnancy p = {.seed = strtoull(argv[5], NULL, 10),
                   .trisomy = (int)number(argc, argv, "trisomy"),
                   .mosaic = number(argc, argv, "mosaic"),
                   .triploid = number(argc, argv, "triploid") > 0,
                   .maternal = number(argc, argv, "maternal"),
                   .male = is(option(argc, argv, "sex"), "xy"),
                   .no_ladder = is(option(argc, argv, "ladder"), "0"),
                   .wrong_mother = number(argc, argv, "wrong") > 0};
    if (kit_find(&kit, reference, argv[2], "", arena, NULL) != OK) return false;
    if (strcmp(kind, "blank") == 0) {
        blank_tube(t, p.seed, &kit);
        return true;
    }
    if (strcmp(kind, "peaks") == 0) {
        start_run(t, &kit, p.seed, true);
        bool good = put_peaks(t, argc, argv);
        tube_finish(t);
        return good;
    }
    if (markers_find(&m, reference, argv[2], arena, NULL) != OK) return false;
    if (strcmp(kind, "qf") == 0) pregnancy_tube(t, &p, &m, &kit);
    if (strcmp(kind, "mother") == 0) mother_tube(t, &p, &m, &kit);
    if (strcmp(kind, "control") == 0)
        control_tube(t, p.seed, &m, &kit, reference_table(reference, "qfpcr/controls"), p.male);
    return t->n > 0;
}

static int fragments(int argc, char **argv)
{
    Arena *arena = arena_new(NULL);
    Reference *reference;
    Note why = {0};
    Tube t = {.n = 0};
    bool good = release_open(&reference, argv[1], true, arena, &why) == OK;
    if (!good) (void)fprintf(stderr, "simulate_abif: %s %s\n", why.code, why.file);
    good = good && fill(&t, argc, argv, reference, arena);
    if (good) {
        AbifWriter w = tube_file(&t, "GS500(-250)LIZ", "SIMULATED");
        good = write_file(argv[4], &w);
        free(w.bytes);
    }
    tube_free(&t);
    arena_free(arena);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        (void)fputs("usage: see the head of simulate_abif.c\n", stderr);
        return 2;
    }
    if (strcmp(argv[3], "bases") != 0) return fragments(argc, argv);
    if (argc < 7) return 2;
    AbifWriter w = sequence_file(argv[6], strtoull(argv[5], NULL, 10));
    bool good = w.n > 0 && write_file(argv[4], &w);
    free(w.bytes);
    return good ? 0 : 1;
}
