/* markup - a small writer for XML and HTML: what is opened is closed, what is text is escaped.
 *
 *     Markup *m = markup_new(arena, MARKUP_XML);
 *     markup_open(m, "title");
 *     markup_text(m, "A & B");                  // written as A &amp; B
 *     markup_close(m);
 *     Status s = markup_finish(&bytes, &size, m, why);   // always call it: it frees the writer
 *
 * Texts may hold anything: bytes that XML cannot carry become U+FFFD. The first fault inside
 * (memory) is kept and told by markup_finish, so that the lines between need no checks. */
#ifndef SCREENLAB_MARKUP_H
#define SCREENLAB_MARKUP_H

#include "../lab/arena.h"
#include "../lab/status.h"

typedef struct Markup Markup;
typedef enum MarkupKind { MARKUP_XML, MARKUP_HTML } MarkupKind;

Markup *markup_new(Arena *arena, MarkupKind kind);
void markup_open(Markup *m, const char *element);
void markup_attr(Markup *m, const char *name,
                 const char *value);                           /* NULL value: nothing is written */
void markup_number(Markup *m, const char *name, double value); /* an attribute, %.6g */
void markup_text(Markup *m, const char *text);
void markup_style(Markup *m,
                  const char *const *css); /* our own style sheet in parts, as it stands */
void markup_close(Markup *m);

/* An element with text and nothing else; `class_name` may be NULL. */
void markup_leaf(Markup *m, const char *element, const char *class_name, const char *text);
/* An empty element with attributes {name, value, ..., NULL}; a NULL value leaves that attribute
 * out. */
void markup_empty(Markup *m, const char *element, const char *const *attributes);

/* Bytes in the arena. IO_FAILED when the writer ran out of memory. Frees the writer in any case. */
Status markup_finish(const char **bytes, size_t *size, Markup *m, Note *why) MUST_USE;

/* The text itself when XML 1.0 can carry it, else a copy with U+FFFD for what it cannot. */
const char *markup_clean(Arena *arena, const char *text);

#endif
