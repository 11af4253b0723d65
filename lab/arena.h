/* arena - one pool of memory per case: everything in it dies together.
 *
 *     Arena *arena = arena_new(stop_for_memory);
 *     Sample *s = arena_alloc(arena, sizeof *s);     // zeroed, aligned for any type, never NULL
 *     arena_reset(arena);                            // empty again, blocks kept for the next case
 *     arena_free(arena);
 *
 *     ArenaMark here = arena_mark(arena);            // what a step needs for itself is given back at its end
 *     double *work = arena_alloc(arena, n * sizeof *work);
 *     arena_rewind(arena, here);
 *
 * Allocation never returns NULL: when memory is out, the `exhausted` handler of the owner runs and must not
 * return. lab therefore holds no error path for memory; the program stops, and the ledger's
 * transactions see to it that nothing is lost. */
#ifndef SCREENLAB_ARENA_H
#define SCREENLAB_ARENA_H

#include "status.h"

#include <stddef.h>

typedef struct Arena Arena;

/* `exhausted` is called when memory is out and must not return (abort() follows if it does). NULL = abort. */
Arena *arena_new(void (*exhausted)(void));
Arena *arena_like(const Arena *other); /* with the same handler */
void arena_reset(Arena *arena);
void arena_free(Arena *arena); /* NULL is fine */

void *arena_alloc(Arena *arena, size_t size);                     /* zeroed */
char *arena_copy(Arena *arena, const char *text);                 /* NULL stays NULL */
char *arena_copy_n(Arena *arena, const char *text, size_t bytes); /* adds the NUL */
char *arena_print(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* A larger copy of an array for one more item: capacity doubles. Use:
 *     if (n == capacity) items = arena_grow(arena, items, &capacity, sizeof *items);  */
void *arena_grow(Arena *arena, const void *items, size_t *capacity, size_t item_size);

/* Where an arena stands. Rewinding takes back all that was handed out since; earlier memory stays. */
typedef struct ArenaMark {
    void *block;
    size_t in_block, used;
} ArenaMark;

ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);
/* The same, but for `size` bytes handed out since: they are moved to the front. Gives their new place. */
void *arena_rewind_but(Arena *arena, ArenaMark mark, void *kept, size_t size);

/* Bytes handed out since new or reset: what tests and ceilings look at. */
size_t arena_used(const Arena *arena);

#endif
