/* Why: 57,000 bins a sample must live in a text ledger, to the last read, and in one form only.
 * Method: counts packed by lab/pack, GC as its difference from 41 per cent of the reads (the genome's mean).
 * Refuses: any text that it would not have printed itself, because two texts of one sample would
 * be two keys in the ledger. */
#include "bins.h"

#include "variant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEAN_GC = 41, CELLS = 14 };

uint32_t bins_first(Build build, uint32_t size, int chrom)
{
    uint32_t first = 0;
    for (int c = 1; c < chrom; c++)
        first += (uint32_t)((chrom_length(build, c) + size - 1) / size);
    return first;
}

Bins *bins_new(Build build, uint32_t size, bool gc, bool shorts, Arena *arena)
{
    Bins *b = arena_alloc(arena, sizeof *b);
    *b = (Bins){.build = build, .size = size, .n = bins_first(build, size, AUTOSOMES + 1)};
    b->instrument = b->aligner = b->protocol = "";
    size_t bytes = b->n * sizeof *b->reads;
    b->reads = arena_alloc(arena, bytes);
    if (gc) b->gc = arena_alloc(arena, bytes);
    if (shorts) b->shorts = arena_alloc(arena, bytes);
    return b;
}

/* ---- columns ---- */

/* `around` is NULL, or the reads to whose mean GC the values are told. "-" = no values. */
static const char *print_values(const uint32_t *values, const uint32_t *around, size_t n,
                                Arena *arena)
{
    if (values == NULL) return "-";
    Pack p = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        if (around)
            pack_signed(&p, (int64_t)values[i] - (int64_t)around[i] * MEAN_GC);
        else
            pack_number(&p, values[i]);
    return pack_text(&p);
}

static bool parse_values(uint32_t *values, const uint32_t *around, size_t n, const char *text,
                         Arena *arena)
{
    Unpack u;
    if (!unpack_open(&u, text, arena)) return false;
    for (size_t i = 0; i < n; i++) {
        int64_t value =
            around ? unpack_signed(&u) + (int64_t)around[i] * MEAN_GC : (int64_t)unpack_number(&u);
        if (value < 0 || value > UINT32_MAX) return false;
        values[i] = (uint32_t)value;
    }
    return unpack_done(&u);
}

/* ---- the line ---- */

const char *bins_print(const Bins *b, Arena *arena)
{
    return arena_print(
        arena,
        "\t%d\t%" PRIu32 "\t%d\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
        "\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
        b->build, b->size, b->paired, b->examined, b->ambiguous, b->duplicates, b->filtered,
        b->instrument, b->aligner, b->protocol, print_values(b->reads, NULL, b->n, arena),
        print_values(b->gc, b->reads, b->n, arena), print_values(b->shorts, NULL, b->n, arena),
        print_values(b->lengths, NULL, BINS_LENGTHS, arena));
}

static bool whole(uint64_t *out, const char *cell, uint64_t most)
{
    size_t n = strspn(cell, "0123456789");
    if (n == 0 || n > 18 || cell[n] != '\0' || (n > 1 && cell[0] == '0')) return false;
    *out = strtoull(cell, NULL, 10);
    return *out <= most;
}

/* Words that a reader lets through: lower-case letters, digits and a few signs, so that no line breaks. */
static bool plain_word(const char *cell)
{
    return strspn(cell, "abcdefghijklmnopqrstuvwxyz0123456789._+-") == strlen(cell) &&
           strlen(cell) < 64;
}

bool bins_parse(Bins **out, const char *const *cells, size_t n, Arena *arena)
{
    uint64_t v[7];
    static const uint64_t most[7] = {BUILD_GRCH38, BINS_LARGEST, 1,        INT64_MAX,
                                     INT64_MAX,    INT64_MAX,    INT64_MAX};
    if (n != CELLS) return false;
    for (size_t i = 0; i < 7; i++)
        if (!whole(&v[i], cells[i], most[i])) return false;
    for (size_t i = 7; i < 10; i++)
        if (!plain_word(cells[i])) return false;
    if (v[0] == BUILD_UNKNOWN || v[1] < BINS_SMALLEST) return false;
    bool gc = strcmp(cells[11], "-") != 0, shorts = strcmp(cells[12], "-") != 0;
    Bins *b = bins_new((Build)v[0], (uint32_t)v[1], gc, shorts, arena);
    b->paired = v[2] == 1;
    b->examined = v[3];
    b->ambiguous = v[4];
    b->duplicates = v[5];
    b->filtered = v[6];
    b->instrument = arena_copy(arena, cells[7]);
    b->aligner = arena_copy(arena, cells[8]);
    b->protocol = arena_copy(arena, cells[9]);
    *out = b;
    return parse_values(b->reads, NULL, b->n, cells[10], arena) &&
           (!gc || parse_values(b->gc, b->reads, b->n, cells[11], arena)) &&
           (!shorts || parse_values(b->shorts, NULL, b->n, cells[12], arena)) &&
           parse_values(b->lengths, NULL, BINS_LENGTHS, cells[13], arena);
}
