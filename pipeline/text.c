/* Why: district centres export tables from Excel (GB18030), from web systems (UTF-8 with BOM) and from instruments. A character
 * read wrongly is a wrong name of a test, so the encoding is decided once, at the door, for the whole file.
 * Method: a file is read twice. The first pass looks for NUL and walks the UTF-8 automaton (Unicode 15, table 3-7: no overlong
 * forms, no surrogates, nothing past U+10FFFF); if that fails, the whole file must convert from GB18030 (GB 18030-2005, by
 * iconv) without one error. The second pass hands out UTF-8 in pieces, so that a table of a million rows needs no copy in memory.
 * Refuses: NUL and control characters other than TAB, LF, CR (binary files, UTF-16), and text in any other encoding. */
#include "text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, CONVERTED = 4 * CHUNK };

struct TextStream {
    int fd;
    Place place;
    iconv_t gb; /* only when is_gb */
    bool is_gb;
    size_t lines, bytes;
    bool at_start;
    char in[CHUNK];
    size_t n_in;
};

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

static bool has_control(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (is_control((unsigned char)bytes[i])) return true;
    return false;
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

/* Converts as much of `in` as is whole; keeps the tail of a split character. False on a byte that is not GB18030. */
static bool convert(iconv_t gb, char *in, size_t *n_in, char *out, size_t capacity, size_t *n_out)
{
    char *from = in, *to = out;
    size_t left = *n_in, room = capacity;
    size_t r = iconv(gb, &from, &left, &to, &room);
    if (r == (size_t)-1 && errno == EILSEQ) return false;
    memmove(in, from, left);
    *n_in = left;
    *n_out = capacity - room;
    return true;
}

static Status read_more(TextStream *t, Note *why)
{
    ssize_t n;
    do
        n = read(t->fd, t->in + t->n_in, CHUNK - t->n_in);
    while (n < 0 && errno == EINTR);
    if (n < 0) return note_fail(why, IO_FAILED, "file.read", t->place, NULL);
    t->n_in += (size_t)n;
    return OK;
}

static Status rewind_stream(TextStream *t, Note *why)
{
    t->n_in = 0;
    t->at_start = true;
    if (lseek(t->fd, 0, SEEK_SET) != 0)
        return note_fail(why, IO_FAILED, "file.read", t->place, NULL);
    return OK;
}

/* First pass: control characters, line feeds, UTF-8 or not. */
static Status scan_utf8(TextStream *t, bool *valid, Note *why)
{
    Walk w = {0};
    *valid = true;
    for (;;) {
        t->n_in = 0;
        Status s = read_more(t, why);
        if (s != OK || t->n_in == 0) {
            *valid = *valid && w.wanted == 0;
            return s;
        }
        if (has_control(t->in, t->n_in))
            return note_fail(why, BAD_INPUT, "text.binary", t->place, NULL);
        t->bytes += t->n_in;
        for (size_t i = 0; i < t->n_in; i++)
            t->lines += t->in[i] == '\n';
        *valid = *valid && walk_utf8(&w, t->in, t->n_in);
    }
}

static Status scan_gb18030(TextStream *t, Note *why)
{
    char *out = malloc(CONVERTED);
    Status s = out != NULL ? rewind_stream(t, why)
                           : note_fail(why, IO_FAILED, "file.read", t->place, NULL);
    while (s == OK) {
        size_t before = t->n_in, n;
        s = read_more(t, why);
        if (s == OK && t->n_in == before) {
            if (before > 0) /* the file ends inside a character */
                s = note_fail(why, BAD_INPUT, "text.encoding", t->place, NULL);
            break;
        }
        if (s == OK && !convert(t->gb, t->in, &t->n_in, out, CONVERTED, &n))
            s = note_fail(why, BAD_INPUT, "text.encoding", t->place, NULL);
    }
    free(out);
    return s;
}

Status text_open(TextStream **out, int fd, Place place, Note *why)
{
    TextStream *t = malloc(sizeof *t);
    *out = NULL;
    if (t == NULL) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    t->fd = fd;
    t->place = place;
    t->is_gb = false;
    t->lines = t->bytes = t->n_in = 0;
    bool utf8;
    Status s = scan_utf8(t, &utf8, why);
    if (s == OK && !utf8) {
        t->is_gb = open_gb18030(&t->gb);
        s = t->is_gb ? scan_gb18030(t, why)
                     : note_fail(why, BAD_INPUT, "text.encoding", place, NULL);
    }
    if (s == OK) s = rewind_stream(t, why);
    if (s == OK)
        *out = t;
    else
        text_close(t);
    return s;
}

static void drop_bom(char *buffer, size_t *n)
{
    if (*n >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) {
        *n -= 3;
        memmove(buffer, buffer + 3, *n);
    }
}

static Status next_piece(TextStream *t, char *buffer, size_t capacity, size_t *n, Note *why)
{
    if (!t->is_gb) {
        size_t take = t->n_in < capacity ? t->n_in : capacity;
        memcpy(buffer, t->in, take);
        memmove(t->in, t->in + take, t->n_in - take);
        t->n_in -= take;
        *n = take;
        return OK;
    }
    if (!convert(t->gb, t->in, &t->n_in, buffer, capacity, n))
        return note_fail(why, BAD_INPUT, "text.encoding", t->place, NULL);
    return OK;
}

Status text_next(TextStream *text, char *buffer, size_t capacity, size_t *n, Note *why)
{
    *n = 0;
    do {
        size_t before = text->n_in;
        Status s = before < CHUNK ? read_more(text, why) : OK;
        if (s != OK) return s;
        if (text->n_in == 0 || (text->n_in == before && before < 4 && text->is_gb))
            return OK; /* the end; the first pass saw that no character is cut */
        s = next_piece(text, buffer, capacity, n, why);
        if (s != OK) return s;
        if (text->at_start) drop_bom(buffer, n);
        text->at_start = false;
    } while (*n == 0);
    return OK;
}

size_t text_lines(const TextStream *text)
{
    return text->lines;
}

size_t text_bytes(const TextStream *text)
{
    return text->bytes;
}

void text_close(TextStream *text)
{
    if (text == NULL) return;
    if (text->is_gb) (void)iconv_close(text->gb);
    free(text);
}

static Status decode_gb18030(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                             Arena *arena)
{
    iconv_t gb;
    if (!open_gb18030(&gb)) return BAD_INPUT;
    size_t capacity = n_bytes * 3 + 4, left = n_bytes, room = capacity;
    char *in = arena_copy_n(arena, bytes, n_bytes), *from = in;
    char *out = arena_alloc(arena, capacity + 1), *to = out;
    bool ok = iconv(gb, &from, &left, &to, &room) != (size_t)-1 && left == 0;
    (void)iconv_close(gb);
    *utf8 = out;
    *size = capacity - room;
    return ok ? OK : BAD_INPUT;
}

static bool is_ascii(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] >= 0x80) return false;
    return true;
}

Status text_decode(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                   const char *charset, Arena *arena)
{
    bool any = charset == NULL;
    bool plain = any || strcmp(charset, "GB18030") != 0;
    bool fits = !any && strcmp(charset, "ASCII") == 0 ? is_ascii(bytes, n_bytes)
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
