/* utf8 - the bytes of a code point, 1 to 4 of them, whatever it stands for. */
#ifndef SCREENLAB_TESTS_UTF8_H
#define SCREENLAB_TESTS_UTF8_H

#include <stddef.h>

static size_t utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00 >> n & 0xFF) | code);
    return n;
}

#endif
