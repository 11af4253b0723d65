/* Raw channels (DATA 1 to 4, 105, 106) and not the analysed ones: files of some instruments hold nothing else, and what a vendor's
 * program smoothed or rescaled cannot be told from its settings. The list of saturated scans is OfSc where there is one, Satd otherwise. */
#include "abif_channels.h"

enum { MOST_SCANS = 60000, FEWEST_SCANS = 500 };

static int32_t *copy(const AbifTag *t, Arena *arena)
{
    int32_t *out = arena_alloc(arena, (t->count + 1) * sizeof *out);
    abif_integers(out, t);
    return out;
}

Status abif_channels(Channels *out, const AbifFile *file, Arena *arena, Place place, Note *why)
{
    static const struct {
        int number;
        const char *tag;
    } raw[DYES] = {{1, "DATA 1"}, {2, "DATA 2"},     {3, "DATA 3"},
                   {4, "DATA 4"}, {105, "DATA 105"}, {106, "DATA 106"}};
    Channels c = {.header = ""};
    for (int d = 0; d < DYES; d++) {
        const AbifTag *t = abif_find(file, "DATA", raw[d].number);
        if (t == NULL && d > 0) continue;
        place.field = raw[d].tag;
        bool good = t != NULL && (t->type == ABIF_SHORT || t->type == ABIF_LONG) &&
                    t->count >= FEWEST_SCANS && t->count <= MOST_SCANS &&
                    (d == 0 || t->count == c.n);
        if (!good) return note_fail(why, BAD_INPUT, "abif.channel", place, NULL);
        c.n = t->count;
        c.dye[d] = copy(t, arena);
    }
    const AbifTag *off = abif_find(file, "OfSc", 1), *name = abif_find(file, "StdF", 1);
    if (off == NULL) off = abif_find(file, "Satd", 1);
    if (off != NULL && abif_is_integer(off) && off->count <= MOST_SCANS) {
        c.off_scale = copy(off, arena);
        c.n_off_scale = off->count;
    }
    if (name != NULL) c.header = abif_text(name, arena);
    *out = c;
    return OK;
}
