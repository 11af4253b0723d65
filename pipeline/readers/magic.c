/* Why: BAM, VCF.gz and a packed bin table begin with the same two bytes. Method: zlib inflates the head as far as it goes
 * (RFC 1952). Refuses: nothing; a damaged head has no bytes. */
#define ZLIB_CONST
#include "magic.h"

#include <string.h>
#include <zlib.h>

size_t magic_bytes(unsigned char *out, size_t capacity, const unsigned char *head, size_t size)
{
    if (size < 2 || head[0] != 0x1f || head[1] != 0x8b) {
        size_t n = size < capacity ? size : capacity;
        memcpy(out, head, n);
        return n;
    }
    z_stream z = {
        .next_in = head, .avail_in = (uInt)size, .next_out = out, .avail_out = (uInt)capacity};
    if (inflateInit2(&z, 15 + 16) != Z_OK) return 0;
    (void)inflate(&z, Z_SYNC_FLUSH);
    (void)inflateEnd(&z);
    return capacity - z.avail_out;
}

bool magic_is(const unsigned char *bytes, size_t n, const char *magic)
{
    size_t length = strlen(magic);
    return n >= length && memcmp(bytes, magic, length) == 0;
}
