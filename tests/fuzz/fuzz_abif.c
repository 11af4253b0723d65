/* ABIF: any bytes. What abif_parse takes must lie inside the file and be readable to its last item; then the channels go
 * through baseline, peaks, ladder and sizing, as a reader would send them. */
#include "../../lab/fragment.h"
#include "../../pipeline/readers/abif_directory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static void read_tag(const AbifTag *t, const uint8_t *data, size_t size, Arena *arena)
{
    const unsigned char *end = t->data + t->size;
    double sum = 0;
    demand(t->data >= data && end <= data + size);
    for (uint32_t i = 0; i < t->count; i += 1 + t->count / 1000)
        sum += abif_integer(t, i) + abif_number(t, i);
    demand(sum < 1e300 || sum >= 1e300 || isnan(sum));
    (void)abif_text(t, arena);
}

static void size_channel(const AbifTag *t, Arena *arena)
{
    static const SizeStandard standard = {"small", {50, 75, 100, 139, 150, 160, 200}, 7};
    static const LadderLimits limits = {2, 5};
    static const PeakOptions options = {.least_height = 50, .smooth_window = 7, .least_width = 2};
    size_t n = t->count < 3000 ? t->count : 3000;
    int32_t *raw = arena_alloc(arena, (n + 1) * sizeof *raw);
    for (size_t i = 0; i < n; i++)
        raw[i] = abif_integer(t, (uint32_t)i);
    PeakList peaks = fragment_peaks(fragment_flatten(raw, n, 51, arena), n, &options, arena);
    Ladder ladder;
    Note why;
    for (size_t i = 0; i < peaks.n; i++)
        demand(peaks.items[i].begin >= 0 && (size_t)peaks.items[i].end < n);
    if (peaks.n > 40) peaks.n = 40;
    if (ladder_match(&ladder, &standard, &peaks, &limits, arena, &why) != OK) return;
    ladder_size_all(&ladder, &peaks);
    demand(isnan(ladder_size(&ladder, -1)) && isnan(ladder_size(&ladder, NAN)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(NULL);
    AbifFile f;
    Note why;
    if (abif_parse(&f, data, size, arena, (Place){0}, &why) == OK) {
        for (size_t i = 0; i < f.n_tags; i++)
            read_tag(&f.tags[i], data, size, arena);
        const AbifTag *raw = abif_find(&f, "DATA", 1);
        if (raw != NULL) size_channel(raw, arena);
    }
    arena_free(arena);
    return 0;
}
