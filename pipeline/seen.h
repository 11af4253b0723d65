/* seen - which keys came before: a fixed-size hash set of row numbers, 16 to 32 bytes a row.
 *
 *     Seen *seen = seen_new(n_rows, arena);
 *     uint64_t key = seen_hash(seen_hash(SEEN_SEED, row->sample), row->code);
 *     size_t cursor = 0;
 *     for (long i; (i = seen_next(seen, key, &cursor)) >= 0;)
 *         if (same(&rows[i], row)) ...          // equal hashes are not yet equal keys: the caller compares
 *     seen_add(seen, key, n);
 *
 * No deletion, no growth: at most `expected` additions. Add a key once: many equal keys make every later step slow. */
#ifndef SCREENLAB_SEEN_H
#define SCREENLAB_SEEN_H

#include "../lab/arena.h"

#include <stdint.h>

#define SEEN_SEED UINT64_C(0xCBF29CE484222325)

typedef struct Seen Seen;

Seen *seen_new(size_t expected, Arena *arena);
uint64_t seen_hash(uint64_t seed,
                   const char *text); /* chains: feed one hash as the seed of the next */
uint64_t seen_hash_number(uint64_t seed, int64_t number);
long seen_next(const Seen *seen, uint64_t hash, size_t *cursor); /* -1 = no more */
void seen_add(Seen *seen, uint64_t hash, size_t item);

#endif
