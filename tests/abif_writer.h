/* abif_writer - builds small ABIF files for tests, corpora and the simulator of electropherograms; the reader's opposite,
 * written from the same specification. Entries stand at the end, data before them.
 *
 *     AbifWriter w = {0};
 *     writer_start(&w, 101);
 *     writer_shorts(&w, "DATA", 1, samples, n);
 *     writer_text(&w, "StdF", 1, "GS500(-250)LIZ");
 *     writer_finish(&w);                                    // w.bytes, w.n
 *     free(w.bytes); */
#ifndef SCREENLAB_ABIF_WRITER_H
#define SCREENLAB_ABIF_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WRITER_ENTRY = 28, WRITER_MOST = 64, WRITER_HEADER = 128 };

typedef struct AbifWriter {
    unsigned char *bytes;
    size_t n, directory;
    unsigned char entries[WRITER_MOST][WRITER_ENTRY];
    size_t n_entries;
} AbifWriter;

static inline void writer_be(unsigned char *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

static inline size_t writer_room(AbifWriter *w, size_t more)
{
    size_t at = w->n;
    w->bytes = realloc(w->bytes, w->n + more + 1);
    if (w->bytes == NULL) abort();
    memset(w->bytes + w->n, 0, more + 1);
    w->n += more;
    return at;
}

static inline void writer_start(AbifWriter *w, unsigned version)
{
    (void)writer_room(w, WRITER_HEADER);
    memcpy(w->bytes, "ABIF", 4);
    writer_be(w->bytes + 4, version, 2);
}

/* One entry; `data` is big-endian already, item * count bytes. */
static inline void writer_put(AbifWriter *w, const char *name, int number, int type, size_t item,
                              size_t count, const unsigned char *data)
{
    if (w->n_entries == WRITER_MOST) abort();
    unsigned char *e = w->entries[w->n_entries++];
    size_t size = item * count;
    memset(e, 0, WRITER_ENTRY);
    memcpy(e, name, 4);
    writer_be(e + 4, (uint32_t)number, 4);
    writer_be(e + 8, (uint32_t)type, 2);
    writer_be(e + 10, (uint32_t)item, 2);
    writer_be(e + 12, (uint32_t)count, 4);
    writer_be(e + 16, (uint32_t)size, 4);
    if (size <= 4) {
        memcpy(e + 20, data, size);
        return;
    }
    size_t at = writer_room(w, size);
    memcpy(w->bytes + at, data, size);
    writer_be(e + 20, (uint32_t)at, 4);
}

static inline void writer_numbers(AbifWriter *w, const char *name, int number, int type,
                                  size_t item, const int32_t *values, size_t n)
{
    unsigned char *data = calloc(n + 1, item);
    if (data == NULL) abort();
    for (size_t i = 0; i < n; i++)
        writer_be(data + i * item, (uint32_t)values[i], item);
    writer_put(w, name, number, type, item, n, data);
    free(data);
}

static inline void writer_shorts(AbifWriter *w, const char *name, int number, const int32_t *values,
                                 size_t n)
{
    writer_numbers(w, name, number, 4, 2, values, n);
}

static inline void writer_longs(AbifWriter *w, const char *name, int number, const int32_t *values,
                                size_t n)
{
    writer_numbers(w, name, number, 5, 4, values, n);
}

static inline void writer_text(AbifWriter *w, const char *name, int number, const char *text)
{
    unsigned char data[256] = {0};
    size_t n = strlen(text);
    if (n > 255) abort();
    data[0] = (unsigned char)n;
    memcpy(data + 1, text, n < 255 ? n : 255);
    writer_put(w, name, number, 18, 1, n + 1, data);
}

static inline void writer_finish(AbifWriter *w)
{
    w->directory = writer_room(w, w->n_entries * WRITER_ENTRY);
    memcpy(w->bytes + w->directory, w->entries, w->n_entries * WRITER_ENTRY);
    unsigned char *d = w->bytes + 6;
    memcpy(d, "tdir", 4);
    writer_be(d + 4, 1, 4);
    writer_be(d + 8, 1023, 2);
    writer_be(d + 10, WRITER_ENTRY, 2);
    writer_be(d + 12, (uint32_t)w->n_entries, 4);
    writer_be(d + 16, (uint32_t)(w->n_entries * WRITER_ENTRY), 4);
    writer_be(d + 20, (uint32_t)w->directory, 4);
}

/* The entry number `index` of a finished file: tests damage it there. */
static inline unsigned char *writer_entry(AbifWriter *w, size_t index)
{
    return w->bytes + w->directory + index * WRITER_ENTRY;
}

#endif
