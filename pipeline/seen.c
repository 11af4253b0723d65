/* Why: duplicates are looked for in tables of a million rows; comparing each row with all before it would take days.
 * Method: open addressing, linear probing, load at most one half; FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) over the text, its
 * length mixed in so that "ab","c" and "a","bc" differ, then the 64-bit finaliser of MurmurHash3 (A. Appleby). */
#include "seen.h"

#include <assert.h>
#include <string.h>

typedef struct Slot {
    uint32_t hash; /* the upper half: the lower one chose the place */
    uint32_t item; /* + 1; 0 = empty */
} Slot;

struct Seen {
    Slot *slots;
    size_t mask, left;
};

Seen *seen_new(size_t expected, Arena *arena)
{
    size_t n = 16;
    while (n < expected * 2)
        n *= 2;
    Seen *seen = arena_alloc(arena, sizeof *seen);
    *seen = (Seen){.slots = arena_alloc(arena, n * sizeof(Slot)), .mask = n - 1, .left = expected};
    return seen;
}

static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xFF51AFD7ED558CCD);
    h ^= h >> 33;
    h *= UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ (h >> 33);
}

uint64_t seen_hash(uint64_t seed, const char *text)
{
    uint64_t h = seed;
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    return mix(h ^ n);
}

uint64_t seen_hash_number(uint64_t seed, int64_t number)
{
    return mix(seed ^ (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15));
}

long seen_next(const Seen *seen, uint64_t hash, size_t *cursor)
{
    for (;;) {
        const Slot *s = &seen->slots[(hash + (*cursor)++) & seen->mask];
        if (s->item == 0) return -1;
        if (s->hash == (uint32_t)(hash >> 32)) return (long)s->item - 1;
    }
}

void seen_add(Seen *seen, uint64_t hash, size_t item)
{
    assert(seen->left > 0);
    seen->left--;
    size_t at = hash & seen->mask;
    while (seen->slots[at].item != 0)
        at = (at + 1) & seen->mask;
    seen->slots[at] = (Slot){.hash = (uint32_t)(hash >> 32), .item = (uint32_t)(item + 1)};
}
