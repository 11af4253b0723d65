/* magic - the first bytes of a file, also of a compressed one: what readers sniff at. */
#ifndef SCREENLAB_MAGIC_H
#define SCREENLAB_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/* Copies up to `capacity` first bytes, inflated when the head is gzip's; 0 = damaged or empty. */
size_t magic_bytes(unsigned char *out, size_t capacity, const unsigned char *head, size_t size);
bool magic_is(const unsigned char *bytes, size_t n, const char *magic);

#endif
