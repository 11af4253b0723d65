/* pack - many small numbers as one short word of text, for the ledger's lines and for tables with a number for every bin.
 *
 *     Pack p = {.arena = arena};
 *     pack_number(&p, 171);
 *     pack_signed(&p, -3);
 *     const char *text = pack_text(&p);                 // letters, digits, '-' and '_'
 *
 *     Unpack u;
 *     bool good = unpack_open(&u, text, arena);
 *     uint32_t a = unpack_number(&u);
 *     int64_t b = unpack_signed(&u);
 *     good = good && unpack_done(&u);                   // every byte used, none overlong: it is what pack_text() would print
 */
#ifndef SCREENLAB_PACK_H
#define SCREENLAB_PACK_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Pack {
    unsigned char *bytes;
    size_t n, capacity;
    Arena *arena;
} Pack;

typedef struct Unpack {
    const unsigned char *at, *end;
    bool bad; /* a number was cut, overlong or too large; every later one is 0 */
} Unpack;

void pack_number(Pack *pack, uint32_t value);
void pack_signed(Pack *pack, int64_t value); /* within +-2^31 */
/* A curve as differences from the point before, the first from 0. */
void pack_curve(Pack *pack, const int32_t *y, size_t n);
const char *pack_text(const Pack *pack); /* "" when nothing was put */

bool unpack_open(Unpack *out, const char *text, Arena *arena);
uint32_t unpack_number(Unpack *unpack);
int64_t unpack_signed(Unpack *unpack);
/* What pack_curve() wrote; bad when a point lies below `least`. */
void unpack_curve(int32_t *out, size_t n, int32_t least, Unpack *unpack);
bool unpack_done(const Unpack *unpack);

/* Base64 without padding, as RFC 4648 section 5; what tables with numbers for every bin are written in. */
const char *base64_print(const unsigned char *bytes, size_t size, Arena *arena);
/* False for a character outside the alphabet or bits behind the end. */
bool base64_parse(unsigned char **bytes, size_t *size, const char *text, Arena *arena);

#endif
