/* mutators - for fuzzing formats whose checksums, lengths and offsets throw most changed bytes away before the reader sees them.
 *
 * Only libFuzzer calls LLVMFuzzerCustomMutator; a replay with gcc does not (FUZZ_MUTATE is undefined there), so corpora hold files as they are. */
#ifndef SCREENLAB_FUZZ_MUTATORS_H
#define SCREENLAB_FUZZ_MUTATORS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed);

/* A small generator of its own, so that one seed gives one mutation. */
static inline uint32_t mutator_next(unsigned *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* ---- BGZF: inflate, change the content, deflate into sound blocks with the mark of the end ---- */

static const uint8_t BGZF_END[28] = {0x1f, 0x8b, 8,    4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C',
                                     2,    0,    0x1b, 0, 3, 0, 0, 0, 0, 0,    0, 0, 0,   0};

static inline size_t bgzf_content(uint8_t *out, size_t capacity, const uint8_t *data, size_t size)
{
    size_t n = 0;
    while (size > 18 && data[0] == 0x1f && data[1] == 0x8b) {
        z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size};
        z.next_out = out + n;
        z.avail_out = (uInt)(capacity - n);
        if (inflateInit2(&z, 15 + 16) != Z_OK) break;
        int rc = inflate(&z, Z_FINISH);
        size_t used = size - z.avail_in;
        n = capacity - z.avail_out;
        (void)inflateEnd(&z);
        if (rc != Z_STREAM_END || used == 0) break;
        data += used;
        size -= used;
    }
    return n;
}

/* One block of at most 32 KB of content; 0 when there is no room. */
static inline size_t bgzf_block(uint8_t *out, size_t capacity, const uint8_t *data, size_t size)
{
    if (capacity < size + 256) return 0;
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size};
    z.next_out = out + 18;
    z.avail_out = (uInt)(capacity - 26);
    if (deflateInit2(&z, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    int rc = deflate(&z, Z_FINISH);
    size_t n = z.total_out;
    (void)deflateEnd(&z);
    if (rc != Z_STREAM_END || n + 26 > 65536) return 0;
    memcpy(out, BGZF_END, 16);
    size_t whole = n + 26;
    uint32_t tail[2] = {(uint32_t)crc32(crc32(0, NULL, 0), data, (uInt)size), (uint32_t)size};
    out[16] = (uint8_t)((whole - 1) & 0xff);
    out[17] = (uint8_t)((whole - 1) >> 8);
    for (size_t i = 0; i < 8; i++)
        out[18 + n + i] = (uint8_t)(tail[i / 4] >> (8 * (i % 4)));
    return whole;
}

static inline size_t bgzf_pack(uint8_t *out, size_t capacity, const uint8_t *data, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at < size;) {
        size_t step = size - at < 32768 ? size - at : 32768;
        size_t block = bgzf_block(out + n, capacity - n, data + at, step);
        if (block == 0) return 0;
        n += block;
        at += step;
    }
    if (capacity - n < sizeof BGZF_END) return 0;
    memcpy(out + n, BGZF_END, sizeof BGZF_END);
    return n + sizeof BGZF_END;
}

/* Three times in four the content is changed, else the blocks themselves. Plain bytes are changed as they are, or packed. */
static inline size_t bgzf_mutate(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    enum { CONTENT = 256 * 1024 };
    static uint8_t content[CONTENT], packed[CONTENT];
    bool is_packed = size > 2 && data[0] == 0x1f && data[1] == 0x8b;
    uint32_t way = mutator_next(&seed) % 8;
    if (way < 2 || (!is_packed && way < 7)) return LLVMFuzzerMutate(data, size, capacity);
    size_t n = is_packed        ? bgzf_content(content, CONTENT, data, size)
               : size < CONTENT ? size
                                : CONTENT;
    if (!is_packed) memcpy(content, data, n);
    n = LLVMFuzzerMutate(content, n, CONTENT);
    if (way == 7 && is_packed && n <= capacity) { /* unpacked: plain text or BCF from here on */
        memcpy(data, content, n);
        return n;
    }
    size_t m = bgzf_pack(packed, CONTENT, content, n);
    if (m == 0 || m > capacity) return LLVMFuzzerMutate(data, size, capacity);
    memcpy(data, packed, m);
    return m;
}

/* ---- lines: a text of lines and fields is cut, doubled, swapped and crossed at its own joints ---- */

static inline size_t piece_end(const uint8_t *data, size_t size, size_t at, const char *ends)
{
    while (at < size && strchr(ends, data[at]) == NULL)
        at++;
    return at;
}

/* Start of the n-th piece; pieces are counted modulo their number. */
static inline size_t piece_start(const uint8_t *data, size_t size, uint32_t n, const char *ends)
{
    size_t pieces = 1, at = 0;
    for (size_t i = 0; i < size; i++)
        pieces += data[i] != '\0' && strchr(ends, data[i]) != NULL;
    for (n %= (uint32_t)pieces; n > 0 && at < size; n--)
        at = piece_end(data, size, at, ends) + 1;
    return at < size ? at : size;
}

/* Copies one piece over another, puts it in twice, or takes it out. `ends`: what stands between pieces. */
static inline size_t pieces_mutate(uint8_t *data, size_t size, size_t capacity, unsigned seed,
                                   const char *ends)
{
    enum { PIECE = 4096 };
    uint8_t piece[PIECE];
    size_t from = piece_start(data, size, mutator_next(&seed), ends);
    size_t to = piece_start(data, size, mutator_next(&seed), ends);
    size_t n = piece_end(data, size, from, ends) - from, old = piece_end(data, size, to, ends) - to;
    uint32_t way = mutator_next(&seed) % 4;
    if (n > PIECE - 1) n = PIECE - 1;
    memcpy(piece, data + from, n);
    if (way == 0) n = 0;                                  /* taken out */
    if (way == 1) old = 0, piece[n++] = (uint8_t)ends[0]; /* put in */
    if (size - old + n > capacity) return LLVMFuzzerMutate(data, size, capacity);
    memmove(data + to + n, data + to + old, size - to - old);
    memcpy(data + to, piece, n);
    return size - old + n;
}

/* A text of lines and fields, plain or in BGZF. */
static inline size_t lines_mutate(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    bool plain = size < 2 || data[0] != 0x1f;
    if (plain && seed % 3 == 0)
        return pieces_mutate(data, size, capacity, seed, seed % 2 ? "\t\n" : "\n");
    return bgzf_mutate(data, size, capacity, seed);
}

#endif
