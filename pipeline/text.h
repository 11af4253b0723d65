/* text - the bytes of a table or message become UTF-8, or are refused.
 *
 *     TextStream *text;
 *     Status s = text_open(&text, fd, (Place){.file = "facts.csv"}, why);   // reads all once, checks, rewinds
 *     while (s == OK && (s = text_next(text, buffer, sizeof buffer, &n, why)) == OK && n > 0)
 *         use(buffer, n);
 *     text_close(text);
 *
 * Accepted: UTF-8 (with or without BOM) and, when the bytes are not UTF-8, GB18030. Nothing else: no UTF-16, no NUL. */
#ifndef SCREENLAB_TEXT_H
#define SCREENLAB_TEXT_H

#include "../lab/arena.h"

#include <stdbool.h>

typedef struct TextStream TextStream;

/* BAD_INPUT "text.binary" (NUL or other control characters that no table holds), "text.encoding"; IO_FAILED "file.read". The fd
 * stays the caller's; it must stand at 0. On failure *out is NULL. */
Status text_open(TextStream **out, int fd, Place place, Note *why) MUST_USE;
/* The next bytes as UTF-8, BOM removed; *n = 0 at the end. `capacity` at least 64. Characters may be split between calls. */
Status text_next(TextStream *text, char *buffer, size_t capacity, size_t *n, Note *why) MUST_USE;
size_t
text_lines(const TextStream *text); /* line feeds in the whole file: an upper bound of its rows */
size_t text_bytes(const TextStream *text); /* size of the file */
void text_close(TextStream *text);         /* NULL is fine */

/* The same for bytes in memory. `charset` is NULL (detect as above), "UTF-8", "GB18030" or "ASCII": then only that is accepted. */
Status text_decode(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                   const char *charset, Arena *arena) MUST_USE;

bool text_is_utf8(const char *bytes, size_t size);
/* Without control characters, and at most `limit` bytes. */
bool text_is_plain(const char *text, size_t limit);
/* Would a spreadsheet run it? '=', '+', '-', '@', TAB or CR in front, full-width forms too. */
bool text_is_formula(const char *text);

#endif
