#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under the address sanitizer what was not handed out may not be touched, and a gap stands behind every piece: a loop that runs one element too far
 * would else read its neighbour in peace. ARENA_WATCHED: in a program that is not instrumented itself, but holds code that is (tests/mutate.sh). */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_WATCHED)
#define WATCHED 1
#endif

#ifdef WATCHED
/* Of the sanitizer's own library: absent in a program that was started without it. */
void __asan_poison_memory_region(void *at, size_t size) __attribute__((weak));
void __asan_unpoison_memory_region(void *at, size_t size) __attribute__((weak));
enum { GAP = 16 };

static void hide(void *at, size_t size)
{
    if (__asan_poison_memory_region != NULL) __asan_poison_memory_region(at, size);
}

static void show(void *at, size_t size)
{
    if (__asan_unpoison_memory_region != NULL) __asan_unpoison_memory_region(at, size);
}
#else
enum { GAP = 0 };

static void hide(void *at, size_t size)
{
    (void)at, (void)size;
}

static void show(void *at, size_t size)
{
    (void)at, (void)size;
}
#endif

enum { ALIGN = 16, FIRST_BLOCK = 16 * 1024, LARGEST_STEP = 1024 * 1024 };

typedef struct Block {
    struct Block *next;
    size_t capacity, used;
    _Alignas(ALIGN) unsigned char bytes[];
} Block;

struct Arena {
    Block *first, *current;
    size_t used;
    void (*exhausted)(void);
};

static void out_of_memory(void (*exhausted)(void))
{
    if (exhausted != NULL) exhausted();
    abort();
}

static Block *block_new(const Arena *arena, size_t capacity)
{
    Block *b = capacity > SIZE_MAX / 2 ? NULL : malloc(sizeof *b + capacity);
    if (b == NULL) {
        out_of_memory(arena->exhausted);
    } else {
        *b = (Block){.capacity = capacity};
        hide(b->bytes, capacity);
    }
    return b;
}

Arena *arena_new(void (*exhausted)(void))
{
    Arena *a = malloc(sizeof *a);
    if (a == NULL)
        out_of_memory(exhausted);
    else
        *a = (Arena){.exhausted = exhausted};
    return a;
}

Arena *arena_like(const Arena *other)
{
    return arena_new(other->exhausted);
}

/* Takes back all of a block but its first bytes. */
static void take_back(Block *b, size_t but)
{
    hide(b->bytes + but, b->used - but);
    b->used = but;
}

void arena_reset(Arena *arena)
{
    for (Block *b = arena->first; b != NULL; b = b->next)
        take_back(b, 0);
    arena->current = arena->first;
    arena->used = 0;
}

void arena_free(Arena *arena)
{
    if (arena == NULL) return;
    for (Block *b = arena->first; b != NULL;) {
        Block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

/* The next block that has room: one kept from before a reset, or a new one behind the current. */
static Block *block_with_room(Arena *arena, size_t size)
{
    Block *last = arena->current;
    for (Block *b = last ? last->next : NULL; b != NULL; last = b, b = b->next)
        if (b->capacity - b->used >= size) return b;
    size_t step = last == NULL ? FIRST_BLOCK : last->capacity * 2;
    if (step > LARGEST_STEP) step = LARGEST_STEP;
    Block *b = block_new(arena, size > step ? size : step);
    if (last == NULL)
        arena->first = b;
    else
        last->next = b;
    return b;
}

/* Room for `size` bytes, as they are. */
static void *take(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 4) out_of_memory(arena->exhausted);
    size_t rounded = (size + GAP + ALIGN - 1) / ALIGN * ALIGN;
    Block *b = arena->current;
    if (b == NULL || b->capacity - b->used < rounded)
        b = arena->current = block_with_room(arena, rounded);
    void *p = b->bytes + b->used;
    b->used += rounded;
    arena->used += rounded;
    show(p, size);
    return p;
}

void *arena_alloc(Arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

ArenaMark arena_mark(const Arena *arena)
{
    Block *b = arena->current;
    return (ArenaMark){b, b != NULL ? b->used : 0, arena->used};
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    Block *at = mark.block;
    for (Block *b = at != NULL ? at->next : arena->first; b != NULL; b = b->next)
        take_back(b, 0);
    if (at != NULL) take_back(at, mark.in_block);
    arena->current = at != NULL ? at : arena->first;
    arena->used = mark.used;
}

void *arena_rewind_but(Arena *arena, ArenaMark mark, void *kept, size_t size)
{
    arena_rewind(arena, mark);
    void *to = take(arena, size); /* may lie over `kept` */
    if (size == 0) return to;
    show(kept, size);
    (void)memmove(to, kept, size);
    hide(kept, size);
    show(to, size);
    return to;
}

char *arena_copy_n(Arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);
    if (bytes > 0) memcpy(copy, text, bytes);
    return copy;
}

char *arena_copy(Arena *arena, const char *text)
{
    return text ? arena_copy_n(arena, text, strlen(text)) : NULL;
}

char *arena_print(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = n < 0 ? 1 : (size_t)n + 1;
    char *text = arena_alloc(arena, size);
    (void)vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

void *arena_grow(Arena *arena, const void *items, size_t *capacity, size_t item_size)
{
    size_t more = *capacity == 0 ? 8 : *capacity * 2;
    if (more > SIZE_MAX / 4 / item_size) out_of_memory(arena->exhausted);
    void *larger = arena_alloc(arena, more * item_size);
    if (*capacity > 0) memcpy(larger, items, *capacity * item_size);
    *capacity = more;
    return larger;
}

size_t arena_used(const Arena *arena)
{
    return arena->used;
}
