/* A thin cover over libxml2's xmlTextWriter: the one writer of documents here.
 *
 * xmlTextWriter escapes text and attributes and refuses an element that was not opened; it does
 * not refuse characters that XML 1.0 forbids (W3C XML 1.0, 5th edition, production 2), which is
 * why every text passes markup_clean(). HTML is written as polyglot markup (XML syntax, no empty
 * tag closed short except void elements), so that one writer serves both. No comment and no
 * processing instruction can be written: there is no function for it. */
#include "markup.h"

#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct Markup {
    Arena *arena;
    MarkupKind kind;
    xmlBuffer *buffer;
    xmlTextWriter *writer;
    bool failed;
};

enum { REPLACEMENT_BYTES = 3 };
static const char replacement[] = "\xEF\xBF\xBD";

/* Length of the valid character at `s`, 0 when there is none that XML can carry. */
static size_t good_character(const unsigned char *s)
{
    if (s[0] < 0x80) return s[0] >= 0x20 || s[0] == '\t' || s[0] == '\n' ? 1 : 0;
    size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4) return 0;
    unsigned long code = s[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        code = code << 6 | (s[i] & 0x3Fu);
    }
    bool overlong = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
    bool forbidden = (code >= 0xD800 && code <= 0xDFFF) || code == 0xFFFE || code == 0xFFFF;
    return overlong || forbidden || code > 0x10FFFF ? 0 : n;
}

const char *markup_clean(Arena *arena, const char *text)
{
    const unsigned char *s = (const unsigned char *)(text ? text : "");
    size_t n = 0, step;
    while (s[n] != '\0' && (step = good_character(s + n)) > 0)
        n += step;
    if (s[n] == '\0') return (const char *)s;
    char *clean = arena_alloc(arena, strlen((const char *)s) * REPLACEMENT_BYTES + 1);
    char *to = clean;
    for (; *s != '\0'; s += step > 0 ? step : 1) {
        step = good_character(s);
        size_t bytes = step > 0 ? step : REPLACEMENT_BYTES;
        memcpy(to, step > 0 ? (const char *)s : replacement, bytes);
        to += bytes;
    }
    return clean;
}

static void check(Markup *m, int written)
{
    if (written < 0) m->failed = true;
}

Markup *markup_new(Arena *arena, MarkupKind kind)
{
    Markup *m = arena_alloc(arena, sizeof *m);
    *m = (Markup){.arena = arena, .kind = kind, .buffer = xmlBufferCreate()};
    m->writer = m->buffer ? xmlNewTextWriterMemory(m->buffer, 0) : NULL;
    m->failed = m->writer == NULL;
    if (m->failed) return m;
    if (kind == MARKUP_XML) {
        check(m, xmlTextWriterSetIndent(m->writer, 1));
        check(m, xmlTextWriterSetIndentString(m->writer, BAD_CAST " "));
        check(m, xmlTextWriterStartDocument(m->writer, "1.0", "UTF-8", NULL));
    } else {
        check(m, xmlTextWriterWriteRaw(m->writer, BAD_CAST "<!DOCTYPE html>\n"));
    }
    return m;
}

void markup_open(Markup *m, const char *element)
{
    if (!m->failed) check(m, xmlTextWriterStartElement(m->writer, BAD_CAST element));
}

void markup_attr(Markup *m, const char *name, const char *value)
{
    if (!m->failed && value != NULL)
        check(m, xmlTextWriterWriteAttribute(m->writer, BAD_CAST name,
                                             BAD_CAST markup_clean(m->arena, value)));
}

void markup_number(Markup *m, const char *name, double value)
{
    markup_attr(m, name, arena_print(m->arena, "%.6g", value));
}

void markup_text(Markup *m, const char *text)
{
    if (!m->failed && text != NULL && *text != '\0')
        check(m, xmlTextWriterWriteString(m->writer, BAD_CAST markup_clean(m->arena, text)));
}

void markup_style(Markup *m, const char *const *css)
{
    markup_open(m, "style");
    for (size_t i = 0; css[i] != NULL && !m->failed; i++)
        check(m, xmlTextWriterWriteRaw(m->writer, BAD_CAST css[i]));
    markup_close(m);
}

static bool is_void(const char *element)
{
    return strcmp(element, "meta") == 0 || strcmp(element, "br") == 0 ||
           strcmp(element, "rect") == 0 || strcmp(element, "line") == 0;
}

void markup_close(Markup *m)
{
    if (m->failed) return;
    bool full = m->kind == MARKUP_HTML;
    check(m, full ? xmlTextWriterFullEndElement(m->writer) : xmlTextWriterEndElement(m->writer));
    if (full) check(m, xmlTextWriterWriteRaw(m->writer, BAD_CAST "\n"));
}

void markup_leaf(Markup *m, const char *element, const char *class_name, const char *text)
{
    markup_open(m, element);
    markup_attr(m, "class", class_name);
    markup_text(m, text);
    markup_close(m);
}

void markup_empty(Markup *m, const char *element, const char *const *attributes)
{
    markup_open(m, element);
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        markup_attr(m, attributes[i], attributes[i + 1]);
    if (m->kind == MARKUP_HTML && is_void(element)) {
        if (!m->failed) check(m, xmlTextWriterEndElement(m->writer));
    } else {
        markup_close(m);
    }
}

Status markup_finish(const char **bytes, size_t *size, Markup *m, Note *why)
{
    if (!m->failed) check(m, xmlTextWriterEndDocument(m->writer));
    if (m->writer != NULL) xmlFreeTextWriter(m->writer); /* flushes into the buffer */
    if (!m->failed) {
        *size = (size_t)xmlBufferLength(m->buffer);
        *bytes = arena_copy_n(m->arena, (const char *)xmlBufferContent(m->buffer), *size);
    }
    xmlBufferFree(m->buffer);
    return m->failed ? note_fail(why, IO_FAILED, "document.write", (Place){0}, NULL) : OK;
}
