/* names - which place a name has in a list: a hash index that grows.
 *
 *     Index *index = index_new(arena);
 *     size_t at = index_find(index, "S2026000123");       // INDEX_NONE = not there
 *     if (at == INDEX_NONE)
 *         index_add(index, "S2026000123", n++);           // the name must outlive the index */
#ifndef SCREENLAB_NAMES_H
#define SCREENLAB_NAMES_H

#include "../lab/arena.h"

#define INDEX_NONE SIZE_MAX

typedef struct Index Index;

Index *index_new(Arena *arena);
size_t index_find(const Index *index, const char *name);
void index_add(Index *index, const char *name, size_t place); /* not there yet */

#endif
