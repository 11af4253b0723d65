/* Why: HL7 v2 is the language of analysers and laboratory systems; there is no C library for it in Debian, and the grammar is small.
 * Method: nothing is copied until a value is wanted: messages, segments and fields are spans of the file's bytes.
 * CR, LF, NUL and the MLLP bytes (0x0b, 0x1c) all end a line, so framed, unframed, and blank-line separated files are one
 * case. Encoding characters come from MSH-1 and MSH-2. Escapes are those of chapter 2 of the standard.
 * Source: HL7 Version 2.5.1, chapter 2 (2007); MLLP: HL7 Transport Specification, release 1.
 * Refuses: encoding characters that are letters or digits, or one used twice. */
#include "hl7_segment.h"

#include "../text.h"

#include <stdint.h>
#include <string.h>

static bool ends_line(char c)
{
    return c == '\r' || c == '\n' || c == '\0' || c == 0x0B || c == 0x1C;
}

static bool is_upper_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_word(char c)
{
    return is_upper_or_digit(c) || (c >= 'a' && c <= 'z') || (unsigned char)c <= 0x20 ||
           (unsigned char)c >= 0x7F;
}

static bool starts_message(const char *p, size_t left)
{
    return left > 3 && memcmp(p, "MSH", 3) == 0 && !is_word(p[3]);
}

/* Lines that frame a batch of messages and belong to none. */
static bool frames_batch(const char *p, size_t left)
{
    return left > 3 && (memcmp(p, "FHS", 3) == 0 || memcmp(p, "BHS", 3) == 0) && !is_word(p[3]);
}

/* Offset of the next line that starts a message at or after `at`; text.size = none. */
static size_t find_start(Span text, size_t at, bool *skipped)
{
    bool line_start = at == 0 || ends_line(text.text[at - 1]);
    for (; at < text.size; at++) {
        if (line_start && starts_message(text.text + at, text.size - at)) return at;
        if (line_start && frames_batch(text.text + at, text.size - at))
            while (at + 1 < text.size && !ends_line(text.text[at]))
                at++;
        line_start = ends_line(text.text[at]);
        if (!line_start && (unsigned char)text.text[at] > ' ') *skipped = true;
    }
    return at;
}

static bool was_framed(Span text, size_t start)
{
    while (start > 0 && ends_line(text.text[start - 1]))
        if (text.text[--start] == 0x0B) return true;
    return false;
}

bool hl7_next_message(Span *message, Span *rest, bool *before, bool *cut)
{
    bool inside = false;
    *before = *cut = false;
    size_t start = find_start(*rest, 0, before);
    if (start == rest->size) return false;
    size_t end = find_start(*rest, start + 3, &inside);
    *message = (Span){rest->text + start, end - start};
    *cut = was_framed(*rest, start) && memchr(message->text, 0x1C, message->size) == NULL;
    /* One byte back, so that the next call still sees the frame that opens in front of its message. */
    size_t keep = end;
    while (keep > start && ends_line(rest->text[keep - 1]) && rest->text[keep - 1] != 0x1C)
        keep--;
    *rest = (Span){rest->text + keep, rest->size - keep};
    return true;
}

bool hl7_delimiters(Delimiters *out, Span message)
{
    if (!starts_message(message.text, message.size)) return false;
    char field = message.text[3], set[5] = {0};
    size_t n = 0;
    for (; 4 + n < message.size && message.text[4 + n] != field && !ends_line(message.text[4 + n]);
         n++) {
        char c = message.text[4 + n];
        if (is_word(c) || n >= sizeof set || memchr(set, c, n) != NULL) return false;
        set[n] = c;
    }
    *out = (Delimiters){field, set[0], set[1], set[2], set[3]};
    return n >= 1;
}

static bool starts_segment(const char *p, size_t left, char field)
{
    return left >= 3 && is_upper_or_digit(p[0]) && is_upper_or_digit(p[1]) &&
           is_upper_or_digit(p[2]) && (left == 3 || p[3] == field || ends_line(p[3]));
}

bool hl7_next_segment(Span *segment, Span *rest, const Delimiters *d)
{
    size_t start = 0, end;
    while (start < rest->size &&
           !starts_segment(rest->text + start, rest->size - start, d->field)) {
        while (start < rest->size && !ends_line(rest->text[start]))
            start++;
        while (start < rest->size && ends_line(rest->text[start]))
            start++;
    }
    for (end = start; end < rest->size; end++)
        if (ends_line(rest->text[end]) &&
            (end + 1 == rest->size ||
             starts_segment(rest->text + end + 1, rest->size - end - 1, d->field)))
            break;
    *segment = (Span){rest->text + start, end - start};
    size_t next = end < rest->size ? end + 1 : end;
    *rest = (Span){rest->text + next, rest->size - next};
    while (segment->size > 0 && ends_line(segment->text[segment->size - 1]))
        segment->size--;
    return segment->size > 0;
}

bool hl7_is(Span segment, const char *name)
{
    return segment.size >= 3 && memcmp(segment.text, name, 3) == 0;
}

Span hl7_part(Span text, char separator, int number)
{
    if (separator == '\0') return number == 1 ? text : (Span){"", 0};
    for (int i = 1;; i++) {
        const char *end = memchr(text.text, separator, text.size);
        size_t size = end != NULL ? (size_t)(end - text.text) : text.size;
        if (i == number) return (Span){text.text, size};
        if (end == NULL) return (Span){"", 0};
        text = (Span){end + 1, text.size - size - 1};
    }
}

Span hl7_field(Span segment, int number, const Delimiters *d)
{
    return hl7_part(segment, d->field, hl7_is(segment, "MSH") ? number : number + 1);
}

/* Bytes of the character at p: two or four behind a lead byte of GB18030, else one. */
static size_t step(const unsigned char *p, size_t left, bool gb)
{
    if (!gb || p[0] < 0x81 || left < 2) return 1;
    if (p[1] >= '0' && p[1] <= '9') return left < 4 ? 1 : 4;
    return p[1] >= 0x40 ? 2 : 1;
}

/* Bit n = field n is read. Other segments than these keep their name only. */
static uint32_t fields_read(Span segment)
{
    static const struct {
        const char *name;
        uint32_t fields;
    } read[] = {
        {"SPM", 1U << 2 | 1U << 11},
        {"SAC", 1U << 3},
        {"OBR", 1U << 2 | 1U << 3},
        {"OBX", 1U << 2 | 1U << 3 | 1U << 5 | 1U << 8 | 1U << 11 | 1U << 14 | 1U << 19},
    };
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (hl7_is(segment, read[i].name)) return read[i].fields;
    return 0;
}

/* Bytes of a field that nobody reads when they are whole text in UTF-8 up to the next separator, whatever the message declares: an odd number of them
 * would swallow that separator as the second byte of a character. 0 = they are not. */
static size_t foreign(const char *at, size_t left, char separator)
{
    const char *end = memchr(at, separator, left);
    size_t n = end != NULL ? (size_t)(end - at) : left;
    return !text_is_ascii(at, n) && text_is_utf8(at, n) ? n : 0;
}

Span hl7_kept(Span segment, const Delimiters *d, bool gb, Arena *arena)
{
    if (hl7_is(segment, "MSH")) return segment;
    const unsigned char *p = (const unsigned char *)segment.text;
    uint32_t fields = fields_read(segment) | 1;
    char *copy = arena_alloc(arena, segment.size + 1);
    size_t n = 0;
    int field = 0;
    for (size_t i = 0, width; i < segment.size && field < 32 && fields >> field != 0; i += width) {
        width = step(p + i, segment.size - i, gb);
        bool ends = p[i] == (unsigned char)d->field;
        field += ends;
        if (!ends && (fields >> field & 1) == 0) continue;
        if (ends && gb && field < 32 && (fields >> field & 1) == 0)
            width += foreign(segment.text + i + 1, segment.size - i - 1, d->field);
        size_t keep = ends ? 1 : width;
        memcpy(copy + n, p + i, keep);
        n += keep;
    }
    return (Span){copy, n};
}

bool hl7_equals(Span text, const char *word)
{
    return strlen(word) == text.size && memcmp(text.text, word, text.size) == 0;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* \Xhh..\ : pairs of hex digits, in UTF-8 or GB18030; bytes that are no whole character are joined with the next escape's. */
static bool put_hex(char *out, size_t *n, Span digits, Arena *arena)
{
    if (digits.size % 2 != 0 || digits.size == 0) return false;
    unsigned char *raw = arena_alloc(arena, digits.size / 2 + 1);
    const char *bytes = (const char *)raw, *utf8 = bytes;
    size_t size = digits.size / 2;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(digits.text[2 * i]), low = hex_value(digits.text[2 * i + 1]);
        if (high < 0 || low < 0 || high * 16 + low == 0) return false;
        raw[i] = (unsigned char)(high * 16 + low);
    }
    if (!text_is_utf8(bytes, size) &&
        text_decode(&utf8, &size, bytes, size, "GB18030", arena) != OK) {
        utf8 = bytes;
        size = digits.size / 2;
    }
    memcpy(out + *n, utf8, size); /* at most 3 bytes for 2 of GB18030, which took 4 digits */
    *n += size;
    return true;
}

static bool put_escape(char *out, size_t *n, Span name, const Delimiters *d, Arena *arena)
{
    static const char codes[] = "FSRET";
    const char meant[] = {d->field, d->component, d->repetition, d->escape, d->sub};
    const char *at = name.size == 1 ? memchr(codes, name.text[0], sizeof codes - 1) : NULL;
    if (at != NULL && meant[at - codes] != '\0') {
        out[(*n)++] = meant[at - codes];
        return true;
    }
    if (name.size > 1 && name.text[0] == 'X')
        return put_hex(out, n, (Span){name.text + 1, name.size - 1}, arena);
    bool format =
        name.size > 0 && (name.text[0] == '.' || hl7_equals(name, "H") || hl7_equals(name, "N"));
    if (format) out[(*n)++] = ' ';
    return format;
}

const char *hl7_text(Span text, const Delimiters *d, Arena *arena)
{
    char *out = arena_alloc(arena, text.size + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *close = d->escape != '\0' && text.text[i] == d->escape
                                ? memchr(text.text + i + 1, d->escape, text.size - i - 1)
                                : NULL;
        if (close != NULL) {
            Span name = {text.text + i + 1, (size_t)(close - text.text) - i - 1};
            if (put_escape(out, &n, name, d, arena)) {
                i += name.size + 1;
                continue;
            }
        }
        out[n++] = text.text[i];
        if (ends_line(text.text[i])) out[n - 1] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out + strspn(out, " ");
}
