#include "buffer.h"

#include <string.h>

void buffer_put_n(Buffer *buffer, const char *bytes, size_t n)
{
    while (buffer->capacity - buffer->n < n)
        buffer->bytes = arena_grow(buffer->arena, buffer->bytes, &buffer->capacity, 1);
    if (n > 0) memcpy(buffer->bytes + buffer->n, bytes, n);
    buffer->n += n;
}

void buffer_put(Buffer *buffer, const char *words)
{
    buffer_put_n(buffer, words, strlen(words));
}

const char *buffer_text(Buffer *buffer)
{
    buffer_put_n(buffer, "", 1);
    buffer->n--;
    return buffer->bytes;
}
