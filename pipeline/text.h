/* text - the bytes of a cell or of a message's segment become UTF-8, or are refused.
 *
 *     if (text_decode(&utf8, &size, bytes, n, NULL, arena) == OK) use(utf8, size);
 *
 * Accepted: UTF-8 (a BOM in front is dropped) and, when the bytes are not UTF-8, GB18030. Nothing else. */
#ifndef SCREENLAB_TEXT_H
#define SCREENLAB_TEXT_H

#include "../lab/arena.h"

#include <stdbool.h>

/* `charset` is NULL (detect as above), "UTF-8", "GB18030" or "ASCII": then only that is accepted. BAD_INPUT without a Note. */
Status text_decode(const char **utf8, size_t *size, const char *bytes, size_t n_bytes,
                   const char *charset, Arena *arena) MUST_USE;

bool text_is_utf8(const char *bytes, size_t size);
bool text_is_ascii(const char *bytes, size_t size);
/* NUL and other characters that no table holds; TAB, LF and CR are none. */
bool text_has_control(const char *bytes, size_t size);
/* Without control characters, and at most `limit` bytes. */
bool text_is_plain(const char *text, size_t limit);
/* Would a spreadsheet run it? '=', '+', '-', '@', TAB or CR in front, full-width forms too. */
bool text_is_formula(const char *text);

#endif
