#include "text.h"

#include <string.h>

void text_put_n(Text *text, const char *bytes, size_t n)
{
    while (text->capacity - text->n < n)
        text->bytes = arena_grow(text->arena, text->bytes, &text->capacity, 1);
    if (n > 0) memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
}

void text_put(Text *text, const char *words)
{
    text_put_n(text, words, strlen(words));
}

const char *text_end(Text *text)
{
    text_put_n(text, "", 1);
    text->n--;
    return text->bytes;
}
