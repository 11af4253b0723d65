/* buffer - a text that grows in an arena: for lists and tables whose length nobody knows
 * beforehand. */
#ifndef SCREENLAB_BUFFER_H
#define SCREENLAB_BUFFER_H

#include "../lab/arena.h"

typedef struct Buffer {
    char *bytes; /* not terminated until buffer_text */
    size_t n, capacity;
    Arena *arena;
} Buffer;

void buffer_put_n(Buffer *buffer, const char *bytes, size_t n);
void buffer_put(Buffer *buffer, const char *words);
const char *buffer_text(Buffer *buffer); /* terminated; "" when nothing was put in */

#endif
