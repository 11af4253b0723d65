/* edit_abif - a real file with the signal of one range of sizes changed, in every dye: what a fetus of the other sex would look like.
 *
 *     edit_abif RELEASE KIT IN OUT LOW HIGH FACTOR      bp; the height above the line between the range's ends, times FACTOR
 *     edit_abif RELEASE KIT IN --cuts                   every truncation goes through the reader: refused with a tag, the directory or the
 *                                                       magic, or nothing but bytes behind the last tag are gone; else exit 1 */
#include "lab/assays/assay.h"
#include "lab/kit.h"
#include "pipeline/readers/abif_channels.h"
#include "pipeline/readers/reader.h"
#include "pipeline/release.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const Reader reader_abif;
enum { CEILING = 32 * 1024 * 1024 };

static size_t slurp(unsigned char *bytes, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t n = f != NULL ? fread(bytes, 1, CEILING, f) : 0;
    if (f != NULL) (void)fclose(f);
    return n;
}

static void put_short(unsigned char *at, double value)
{
    const long v = lrint(fmin(fmax(value, -32768), 32767));
    at[0] = (unsigned char)(((unsigned long)v >> 8) & 255);
    at[1] = (unsigned char)((unsigned long)v & 255);
}

/* Scans of the range in one channel. */
static void scale(unsigned char *data, const AbifTag *tag, uint32_t from, uint32_t to,
                  double factor)
{
    const double left = abif_integer(tag, from), right = abif_integer(tag, to);
    for (uint32_t i = from; i <= to; i++) {
        const double line = left + (right - left) * (i - from) / fmax(1, to - from);
        put_short(data + (size_t)i * 2, line + (abif_integer(tag, i) - line) * factor);
    }
}

static bool edit(unsigned char *bytes, const AbifFile *file, const Ladder *l, const double range[2],
                 double factor)
{
    static const int numbers[] = {1, 2, 3, 4, 105, 106};
    const AbifTag *first = abif_find(file, "DATA", 1);
    uint32_t from = 0, to = 0;
    for (uint32_t i = 1; i < first->count; i++) {
        const double bp = ladder_size(l, i);
        if (bp >= range[0] && from == 0) from = i;
        if (bp <= range[1]) to = i;
    }
    for (size_t d = 0; d < sizeof numbers / sizeof *numbers && from > 0; d++) {
        const AbifTag *t = abif_find(file, "DATA", numbers[d]);
        if (t != NULL && t->type == ABIF_SHORT)
            scale(bytes + (t->data - bytes), t, from, to, factor);
    }
    return from > 0 && to > from;
}

static int cuts(const unsigned char *bytes, size_t n, const Reference *reference, const char *kit)
{
    static const Assay assay = {.code = "cuts", .takes_traces = true};
    Arena *arena = arena_new(NULL);
    FILE *f = tmpfile();
    size_t same = 0, named = 0;
    Arena *keep = arena_new(NULL);
    const char *whole = "";
    if (f == NULL || fwrite(bytes, 1, n, f) != n || fflush(f) != 0) return 2;
    for (size_t size = n + 1; size-- > 0;) {
        Evidence e;
        Note why = {0};
        ReadJob job = {.fd = fileno(f),
                       .file = "real.fsa",
                       .assay = &assay,
                       .reference = reference,
                       .arena = arena,
                       .kit = kit};
        if (ftruncate(job.fd, (off_t)size) != 0 || lseek(job.fd, 0, SEEK_SET) != 0) return 2;
        if (reader_abif.read(&e, &job, &why) == OK) {
            if (size == n) whole = arena_copy(keep, evidence_print(&e, arena));
            same += strcmp(evidence_print(&e, arena), whole) == 0;
        } else {
            named += why.field[0] != '\0' || strcmp(why.code, "abif.directory") == 0 ||
                     strcmp(why.code, "abif.magic") == 0;
        }
        arena_reset(arena);
    }
    (void)fclose(f);
    arena_free(arena);
    arena_free(keep);
    (void)printf("%zu lengths: %zu refused with a tag, the directory or the magic, %zu with all "
                 "tags read as the whole file\n",
                 n + 1, named, same);
    return same == 0 || named + same != n + 1 || named < n / 2;
}

int main(int argc, char **argv)
{
    Arena *arena = arena_new(NULL);
    Reference *reference;
    unsigned char *bytes = arena_alloc(arena, CEILING);
    AbifFile file;
    Channels channels;
    Kit kit;
    Ladder ladder;
    Note why = {0};
    if (argc != 5 && argc != 8) {
        (void)fputs("usage: see the head of edit_abif.c\n", stderr);
        return 2;
    }
    const size_t n = slurp(bytes, argv[3]);
    bool good = release_open(&reference, argv[1], false, arena, &why) == OK;
    if (good && argc == 5) return cuts(bytes, n, reference, argv[2]);
    good = good && abif_parse(&file, bytes, n, arena, (Place){0}, &why) == OK &&
           abif_channels(&channels, &file, arena, (Place){0}, &why) == OK &&
           kit_find(&kit, reference, argv[2], channels.header, arena, &why) == OK &&
           kit_ladder(&ladder, &kit, &channels, arena, &why) == OK;
    const double range[2] = {argc == 8 ? strtod(argv[5], NULL) : 0,
                             argc == 8 ? strtod(argv[6], NULL) : 0};
    good = good && edit(bytes, &file, &ladder, range, strtod(argv[7], NULL));
    FILE *out = good ? fopen(argv[4], "wb") : NULL;
    good = out != NULL && fwrite(bytes, 1, n, out) == n;
    if (out != NULL) good = fclose(out) == 0 && good;
    if (!good) (void)fprintf(stderr, "edit_abif: %s %s\n", why.code ? why.code : "", why.field);
    arena_free(arena);
    return good ? 0 : 1;
}
