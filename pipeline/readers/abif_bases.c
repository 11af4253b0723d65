/* Why: a variant is confirmed by what stands under the caller's letter, not by the letter.
 * Method: bases, qualities and places as the base caller wrote them (PBAS, PCON, PLOC 2; where they are absent those of 1), heights from the
 * analysed channels (DATA 9 to 12 in the order of FWO_): the highest local peak within a third of the mean spacing of the call. A
 * shoulder of a neighbour is no peak, so it makes no second base. P1AM and its like are not read: their lengths are wrong in real files.
 * Refuses: an array that is indexed by another's length, and names, comments, or anything else a person typed. */
#include "abif_bases.h"

#include <string.h>

enum { MOST_BASES = 20000, MOST_SCANS = 60000 };

static const AbifTag *called(const AbifFile *file, const char *name)
{
    const AbifTag *t = abif_find(file, name, 2);
    return t != NULL && t->count > 0 ? t : abif_find(file, name, 1);
}

bool abif_has_bases(const AbifFile *file)
{
    const AbifTag *t = called(file, "PBAS");
    return t != NULL && t->count > 0;
}

/* Channels in the order A C G T; all or none. */
typedef struct Channels4 {
    const AbifTag *of[4];
    int32_t n; /* scans */
} Channels4;

static bool find_channels(Channels4 *out, const AbifFile *file)
{
    static const char letters[] = "ACGT";
    const AbifTag *order = abif_find(file, "FWO_", 1);
    *out = (Channels4){.n = 0};
    if (order == NULL || order->size != 4) return true;
    for (int i = 0; i < 4; i++) {
        const AbifTag *t = abif_find(file, "DATA", 9 + i);
        const char *at = strchr(letters, (char)order->data[i]);
        if (order->data[i] == '\0' || at == NULL || out->of[at - letters] != NULL) return true;
        if (t == NULL) return true;
        if ((t->type != ABIF_SHORT && t->type != ABIF_LONG) || t->count > MOST_SCANS ||
            (i > 0 && t->count != (uint32_t)out->n))
            return false;
        out->n = (int32_t)t->count;
        out->of[at - letters] = t;
    }
    return true;
}

/* Highest local maximum within `reach` scans of `at`; 0 = none. */
static int32_t peak_near(const AbifTag *t, int32_t n, int32_t at, int32_t reach)
{
    int32_t best = 0;
    for (int32_t i = at > reach ? at - reach : 0; i <= at + reach && i < n; i++) {
        const int32_t y = abif_integer(t, (uint32_t)i);
        const int32_t left = i > 0 ? abif_integer(t, (uint32_t)i - 1) : 0;
        const int32_t right = i + 1 < n ? abif_integer(t, (uint32_t)i + 1) : 0;
        if (y > best && y >= left && y >= right) best = y;
    }
    return best;
}

static int32_t spacing(const TraceBase *bases, size_t n)
{
    const int32_t span = n > 1 ? bases[n - 1].scan - bases[0].scan : 0;
    return span > 0 ? span / (int32_t)(n - 1) : 0;
}

static bool take_bases(Trace *t, const AbifFile *file, Arena *arena)
{
    const AbifTag *letters = called(file, "PBAS"), *quality = called(file, "PCON"),
                  *places = called(file, "PLOC");
    if (letters->type != ABIF_CHAR || letters->count > MOST_BASES) return false;
    t->bases = arena_alloc(arena, letters->count * sizeof *t->bases);
    for (uint32_t i = 0; i < letters->count; i++) {
        char c = (char)letters->data[i];
        c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (c == '-') c = 'N';
        if (c < 'A' || c > 'Z') return false;
        TraceBase b = {.call = c, .quality = -1, .scan = -1};
        if (quality != NULL && i < quality->count && abif_is_integer(quality))
            b.quality = abif_integer(quality, i) & 127;
        if (places != NULL && i < places->count && abif_is_integer(places) &&
            abif_integer(places, i) >= 0)
            b.scan = abif_integer(places, i);
        t->bases[i] = b;
    }
    t->n_bases = letters->count;
    return true;
}

Status abif_bases(Trace *out, const AbifFile *file, Arena *arena, Place place, Note *why)
{
    Channels4 channels;
    Trace t = *out;
    place.field = "PBAS 2";
    if (!take_bases(&t, file, arena)) return note_fail(why, BAD_INPUT, "abif.bases", place, NULL);
    place.field = "DATA 9";
    if (!find_channels(&channels, file))
        return note_fail(why, BAD_INPUT, "abif.bases", place, NULL);
    const int32_t reach = spacing(t.bases, t.n_bases) / 3;
    for (size_t i = 0; channels.n > 0 && i < t.n_bases; i++)
        for (int c = 0; c < 4; c++)
            if (channels.of[c] != NULL && t.bases[i].scan >= 0 && t.bases[i].scan < channels.n)
                t.bases[i].height[c] =
                    peak_near(channels.of[c], channels.n, t.bases[i].scan, reach);
    *out = t;
    return OK;
}
