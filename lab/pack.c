/* Why: thousands of counts or heights a sample must live in a text ledger, to the last digit, and in one form only.
 * Method: little-endian base-128 (seven bits a byte, the top bit says that more follow), signs by zigzag, and base64 of RFC 4648
 * section 5. Refuses: any text that it would not have printed itself, because two texts of one sample would be two keys in
 * the ledger. */
#include "pack.h"

#include <string.h>

enum { MOST_BYTES_OF_NUMBER = 5, FIRST = 2048 };

/* ---- base64 ---- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const char *base64_print(const unsigned char *bytes, size_t size, Arena *arena)
{
    char *text = arena_alloc(arena, (size * 4 + 2) / 3 + 1), *to = text;
    size_t i = 0;
    for (; i + 3 <= size; i += 3, to += 4) {
        const uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        to[0] = alphabet[bits >> 18];
        to[1] = alphabet[bits >> 12 & 63];
        to[2] = alphabet[bits >> 6 & 63];
        to[3] = alphabet[bits & 63];
    }
    if (i < size) {
        const uint32_t bits =
            (uint32_t)bytes[i] << 16 | (i + 1 < size ? (uint32_t)bytes[i + 1] << 8 : 0);
        *to++ = alphabet[bits >> 18];
        *to++ = alphabet[bits >> 12 & 63];
        if (i + 1 < size) *to++ = alphabet[bits >> 6 & 63];
    }
    *to = '\0';
    return text;
}

/* Value of each character, plus one; 0 = not in the alphabet. */
static const unsigned char values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64};

/* More than 63 = not in the alphabet. */
static uint32_t value_of(char c)
{
    return values[(unsigned char)c] - 1U;
}

bool base64_parse(unsigned char **bytes, size_t *size, const char *text, Arena *arena)
{
    size_t length = strlen(text), n = 0, i = 0;
    unsigned char *out = arena_alloc(arena, length * 3 / 4 + 1);
    uint32_t bits = 0;
    int have = 0;
    for (; i + 4 <= length; i += 4) {
        const uint32_t a = value_of(text[i]), b = value_of(text[i + 1]), c = value_of(text[i + 2]),
                       d = value_of(text[i + 3]);
        if ((a | b | c | d) > 63) return false;
        out[n++] = (unsigned char)(a << 2 | b >> 4);
        out[n++] = (unsigned char)(b << 4 | c >> 2);
        out[n++] = (unsigned char)(c << 6 | d);
    }
    for (; i < length; i++) {
        const uint32_t value = value_of(text[i]);
        if (value > 63) return false;
        bits = bits << 6 | value;
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

static void make_room(Pack *p, size_t more)
{
    if (p->capacity == 0) p->bytes = arena_alloc(p->arena, p->capacity = FIRST);
    while (p->capacity - p->n < more)
        p->bytes = arena_grow(p->arena, p->bytes, &p->capacity, 1);
}

/* Behind `to`, where there is room for the largest number. One byte or two: in a curve that is noise, and no branch could foretell it. */
static unsigned char *put(unsigned char *to, uint32_t value)
{
    for (; value >= 1 << 14; value >>= 7)
        *to++ = (unsigned char)((value & 127) | 128);
    const uint32_t more = value > 127;
    to[0] = (unsigned char)((value & 127) | more << 7);
    to[1] = (unsigned char)(value >> 7);
    return to + 1 + more;
}

static uint32_t zigzag(int64_t value)
{
    return (uint32_t)(value < 0 ? -2 * value - 1 : 2 * value);
}

void pack_number(Pack *p, uint32_t value)
{
    make_room(p, MOST_BYTES_OF_NUMBER);
    p->n = (size_t)(put(p->bytes + p->n, value) - p->bytes);
}

void pack_signed(Pack *p, int64_t value)
{
    pack_number(p, zigzag(value));
}

void pack_curve(Pack *p, const int32_t *y, size_t n)
{
    enum { STEP = 128, MOST_BYTES = STEP * MOST_BYTES_OF_NUMBER };
    int64_t before = 0;
    for (size_t i = 0; i < n;) {
        const size_t end = n - i < STEP ? n : i + STEP;
        make_room(p, MOST_BYTES);
        unsigned char *to = p->bytes + p->n;
        for (; i < end; i++) {
            to = put(to, zigzag(y[i] - before));
            before = y[i];
        }
        p->n = (size_t)(to - p->bytes);
    }
}

const char *pack_text(const Pack *p)
{
    return base64_print(p->bytes, p->n, p->arena);
}

bool unpack_open(Unpack *out, const char *text, Arena *arena)
{
    unsigned char *bytes;
    size_t size;
    if (!base64_parse(&bytes, &size, text, arena)) return false;
    *out = (Unpack){.at = bytes, .end = bytes + size};
    return true;
}

uint32_t unpack_number(Unpack *u)
{
    uint64_t v = 0;
    if (u->at < u->end && !u->bad && *u->at < 128) return *u->at++;
    for (int shift = 0; shift < 7 * MOST_BYTES_OF_NUMBER && u->at < u->end && !u->bad; shift += 7) {
        const unsigned byte = *u->at++;
        v |= (uint64_t)(byte & 127) << shift;
        if (byte > 127) continue;
        u->bad = v > UINT32_MAX || (byte == 0 && shift > 0);
        return u->bad ? 0 : (uint32_t)v;
    }
    u->bad = true;
    return 0;
}

int64_t unpack_signed(Unpack *u)
{
    uint32_t coded = unpack_number(u);
    return coded & 1 ? -(int64_t)(coded / 2) - 1 : (int64_t)(coded / 2);
}

void unpack_curve(int32_t *out, size_t n, int32_t least, Unpack *u)
{
    int64_t at = 0;
    for (size_t i = 0; i < n && !u->bad; i++) {
        at += unpack_signed(u);
        u->bad = u->bad || at < least || at > INT32_MAX;
        out[i] = (int32_t)at;
    }
}

bool unpack_done(const Unpack *u)
{
    return !u->bad && u->at == u->end;
}
