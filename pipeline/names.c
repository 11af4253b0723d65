/* A batch names samples and cases a million times; a look-up must cost the same for the first and
 * the last. The set of seen.c has a fixed size, so this one is made again with twice the room
 * whenever it is full: together less than two insertions a name. */
#include "names.h"

#include "seen.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

typedef struct Entry {
    const char *name;
    size_t place;
} Entry;

struct Index {
    Arena *arena;
    Seen *seen;
    Entry *entries;
    size_t n, room;
};

static void make_room(Index *index)
{
    size_t room = index->room == 0 ? FIRST_ROOM : index->room * 2;
    Entry *entries = arena_alloc(index->arena, room * sizeof *entries);
    index->seen = seen_new(room, index->arena);
    for (size_t i = 0; i < index->n; i++) {
        entries[i] = index->entries[i];
        seen_add(index->seen, seen_hash(SEEN_SEED, entries[i].name), i);
    }
    index->entries = entries;
    index->room = room;
}

Index *index_new(Arena *arena)
{
    Index *index = arena_alloc(arena, sizeof *index);
    index->arena = arena;
    make_room(index);
    return index;
}

size_t index_find(const Index *index, const char *name)
{
    uint64_t key = seen_hash(SEEN_SEED, name);
    size_t cursor = 0;
    for (long i; (i = seen_next(index->seen, key, &cursor)) >= 0;)
        if (strcmp(index->entries[i].name, name) == 0) return index->entries[i].place;
    return INDEX_NONE;
}

void index_add(Index *index, const char *name, size_t place)
{
    if (index->n == index->room) make_room(index);
    seen_add(index->seen, seen_hash(SEEN_SEED, name), index->n);
    index->entries[index->n++] = (Entry){name, place};
}
