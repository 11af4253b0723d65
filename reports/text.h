/* text - a text that grows in an arena: for lists and tables whose length nobody knows beforehand. */
#ifndef SCREENLAB_TEXT_H
#define SCREENLAB_TEXT_H

#include "../lab/arena.h"

typedef struct Text {
    char *bytes; /* not terminated until text_end */
    size_t n, capacity;
    Arena *arena;
} Text;

void text_put_n(Text *text, const char *bytes, size_t n);
void text_put(Text *text, const char *words);
const char *text_end(Text *text); /* terminated; "" when nothing was put in */

#endif
