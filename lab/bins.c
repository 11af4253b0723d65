/* Why: 57,000 bins a sample must live in a text ledger, to the last read, and in one form only.
 * Method: numbers as little-endian base-128 (seven bits a byte, the top bit says that more follow), GC as
 * its difference from 41 per cent of the reads (the genome's mean), zigzag-coded, and base64 of RFC 4648 section 5.
 * Refuses: any text that it would not have printed itself, because two texts of one sample would
 * be two keys in the ledger. */
#include "bins.h"

#include "variant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEAN_GC = 41, MOST_BINS = 700000, MOST_BYTES_OF_NUMBER = 5, CELLS = 14 };

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

/* ---- base64 ---- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const char *base64_print(const unsigned char *bytes, size_t size, Arena *arena)
{
    char *text = arena_alloc(arena, (size * 4 + 2) / 3 + 1), *to = text;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | bytes[i];
        for (have += 8; have >= 6; have -= 6)
            *to++ = alphabet[bits >> (have - 6) & 63];
    }
    if (have > 0) *to++ = alphabet[bits << (6 - have) & 63];
    *to = '\0';
    return text;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool base64_parse(unsigned char **bytes, size_t *size, const char *text, Arena *arena)
{
    size_t length = strlen(text), n = 0;
    unsigned char *out = arena_alloc(arena, length * 3 / 4 + 1);
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < length; i++) {
        int value = base64_value(text[i]);
        if (value < 0) return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out[n++] = (unsigned char)(bits >> have & 255);
    }
    if (have >= 6 || (bits & ((1u << have) - 1)) != 0) return false;
    *bytes = out;
    *size = n;
    return true;
}

/* ---- numbers ---- */

static unsigned char *put_number(unsigned char *to, uint32_t value)
{
    for (; value > 127; value >>= 7)
        *to++ = (unsigned char)(value & 127) | 128;
    *to++ = (unsigned char)value;
    return to;
}

/* The bytes behind the number; NULL for a cut, overlong or too large one. */
static const unsigned char *get_number(uint32_t *value, const unsigned char *p,
                                       const unsigned char *end)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 7 * MOST_BYTES_OF_NUMBER && p < end; shift += 7) {
        v |= (uint64_t)(*p & 127) << shift;
        if (*p++ > 127) continue;
        if (v > UINT32_MAX || (p[-1] == 0 && shift > 0)) return NULL;
        *value = (uint32_t)v;
        return p;
    }
    return NULL;
}

static uint32_t zigzag(int64_t difference)
{
    return (uint32_t)(difference < 0 ? -2 * difference - 1 : 2 * difference);
}

static int64_t unzigzag(uint32_t coded)
{
    return coded & 1 ? -(int64_t)(coded / 2) - 1 : (int64_t)(coded / 2);
}

/* `around` is NULL, or the reads to whose mean GC the values are told. "-" = no values. */
static const char *print_values(const uint32_t *values, const uint32_t *around, size_t n,
                                Arena *arena)
{
    if (values == NULL) return "-";
    unsigned char *bytes = arena_alloc(arena, n * MOST_BYTES_OF_NUMBER + 1), *to = bytes;
    for (size_t i = 0; i < n; i++)
        to = put_number(to, around ? zigzag((int64_t)values[i] - (int64_t)around[i] * MEAN_GC)
                                   : values[i]);
    return base64_print(bytes, (size_t)(to - bytes), arena);
}

static bool parse_values(uint32_t *values, const uint32_t *around, size_t n, const char *text,
                         Arena *arena)
{
    unsigned char *bytes;
    size_t size;
    if (!base64_parse(&bytes, &size, text, arena)) return false;
    const unsigned char *p = bytes, *end = bytes + size;
    for (size_t i = 0; i < n; i++) {
        uint32_t coded;
        p = get_number(&coded, p, end);
        if (p == NULL) return false;
        int64_t value = around ? unzigzag(coded) + (int64_t)around[i] * MEAN_GC : coded;
        if (value < 0 || value > UINT32_MAX) return false;
        values[i] = (uint32_t)value;
    }
    return p == end;
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
    return b->n < MOST_BINS && parse_values(b->reads, NULL, b->n, cells[10], arena) &&
           (!gc || parse_values(b->gc, b->reads, b->n, cells[11], arena)) &&
           (!shorts || parse_values(b->shorts, NULL, b->n, cells[12], arena)) &&
           parse_values(b->lengths, NULL, BINS_LENGTHS, cells[13], arena);
}
