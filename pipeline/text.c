/* Why: district centres export tables from Excel (GB18030), from web systems (UTF-8 with BOM) and from instruments. A character
 * read wrongly is a wrong name of a test, so what is no whole text of one encoding is refused.
 * Method: the UTF-8 automaton (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF); else GB 18030-2005
 * by iconv, without one error. How much text is decided together is the caller's: a cell of a table, a segment of a message. Never more,
 * because bytes that nobody reads must not decide how the others are read ("female" in GB18030 is valid UTF-8, "male" is not).
 * Refuses: text in any other encoding. */
#include "text.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

/* The automaton: how many continuation bytes are still wanted and the range that the next one must lie in. */
typedef struct Walk {
    int wanted;
    unsigned char low, high;
} Walk;

static bool walk_lead(Walk *w, unsigned char c)
{
    *w = (Walk){.low = 0x80, .high = 0xBF};
    if (c < 0x80) return true;
    if (c < 0xC2 || c > 0xF4) return false;
    w->wanted = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    if (c == 0xE0) w->low = 0xA0;
    if (c == 0xED) w->high = 0x9F;
    if (c == 0xF0) w->low = 0x90;
    if (c == 0xF4) w->high = 0x8F;
    return true;
}

static bool walk_utf8(Walk *w, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (w->wanted == 0) {
            if (!walk_lead(w, c)) return false;
            continue;
        }
        if (c < w->low || c > w->high) return false;
        *w = (Walk){.wanted = w->wanted - 1, .low = 0x80, .high = 0xBF};
    }
    return true;
}

bool text_is_utf8(const char *bytes, size_t size)
{
    Walk w = {0};
    return walk_utf8(&w, bytes, size) && w.wanted == 0;
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

bool text_has_control(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (is_control((unsigned char)bytes[i])) return true;
    return false;
}

bool text_is_ascii(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] >= 0x80) return false;
    return true;
}

bool text_is_plain(const char *text, size_t limit)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F) return false;
    return n <= limit;
}

bool text_is_formula(const char *text)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    switch (text[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
        return true;
    case '\xEF':
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
            if (strncmp(text, wide[i], 3) == 0) return true;
        return false;
    default:
        return false;
    }
}

/* False when the C library was installed without the converter. */
static bool open_gb18030(iconv_t *gb)
{
    *gb = iconv_open("UTF-8", "GB18030");
    return (intptr_t)*gb != -1;
}

static Status decode_gb18030(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                             Arena *arena)
{
    iconv_t gb;
    if (!open_gb18030(&gb)) return IO_FAILED; /* no memory, or a crippled machine */
    size_t capacity = n_bytes * 3 + 4, left = n_bytes, room = capacity;
    char *in = arena_copy_n(arena, bytes, n_bytes), *from = in;
    char *out = arena_alloc(arena, capacity + 1), *to = out;
    bool ok = iconv(gb, &from, &left, &to, &room) != (size_t)-1 && left == 0;
    (void)iconv_close(gb);
    *utf8 = out;
    *size = capacity - room;
    return ok ? OK : BAD_INPUT;
}

Status text_decode(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                   const char *charset, Arena *arena)
{
    bool any = charset == NULL;
    bool plain = any || strcmp(charset, "GB18030") != 0;
    bool fits = !any && strcmp(charset, "ASCII") == 0 ? text_is_ascii(bytes, n_bytes)
                                                      : text_is_utf8(bytes, n_bytes);
    if (plain && fits) {
        size_t bom = n_bytes >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        *utf8 = bytes + bom;
        *size = n_bytes - bom;
        return OK;
    }
    if (plain && !any) return BAD_INPUT;
    return decode_gb18030(utf8, size, bytes, n_bytes, arena);
}
