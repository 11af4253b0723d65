#include "lab/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

/* So that a loop which runs one element too far is seen wherever the sanitizer looks. */
Test(arena, what_was_not_handed_out_may_not_be_touched)
{
    for (size_t size = 1; size < 70000; size = size * 3 + 5) {
        Arena *a = arena_new(NULL);
        char *kept = arena_alloc(a, size);
        const ArenaMark here = arena_mark(a);
        char *next = arena_alloc(a, size);
        cr_expect_null(__asan_region_is_poisoned(kept, size));
        cr_expect(__asan_address_is_poisoned(kept + size));
        cr_expect_null(__asan_region_is_poisoned(next, size));
        const char *moved = arena_rewind_but(a, here, next + size / 2, size - size / 2);
        cr_expect_null(__asan_region_is_poisoned((void *)moved, size - size / 2));
        cr_expect(__asan_address_is_poisoned(moved + (size - size / 2)));
        arena_rewind(a, here);
        cr_expect(__asan_address_is_poisoned(next), "what was taken back may not be touched");
        cr_expect_null(__asan_region_is_poisoned(kept, size));
        arena_reset(a);
        cr_expect(__asan_address_is_poisoned(kept));
        arena_free(a);
    }
}
#endif

Test(arena, zeroed_aligned_and_kept_apart)
{
    Arena *a = arena_new(NULL);
    unsigned char *last = NULL;
    for (size_t size = 1; size < 70000; size += 613) {
        unsigned char *p = arena_alloc(a, size);
        cr_assert_eq((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(p[i], 0, "size %zu byte %zu", size, i);
        memset(p, 0xAB, size);
        cr_assert_neq(p, last);
        last = p;
    }
    arena_reset(a);
    cr_expect_eq(arena_used(a), 0);
    unsigned char *again = arena_alloc(a, 4096);
    cr_expect_eq(again[0], 0, "a block that was used before is zeroed again");
    arena_free(a);
}

Test(arena, grows_arrays_and_prints)
{
    Arena *a = arena_new(NULL);
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        if ((size_t)i == capacity) items = arena_grow(a, items, &capacity, sizeof *items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(items[i], i);
    cr_expect_str_eq(arena_print(a, "%s-%d", "x", 7), "x-7");
    cr_expect_null(arena_copy(a, NULL));
    cr_expect_str_eq(arena_copy_n(a, "abcdef", 3), "abc");
    cr_expect_str_eq(arena_copy_n(a, NULL, 0), "", "nothing is copied from nowhere");
    arena_free(a);
}

Test(arena, a_step_gives_back_what_it_took)
{
    Arena *a = arena_new(NULL);
    const ArenaMark empty = arena_mark(a);
    char *kept = arena_copy(a, "before");
    for (size_t size = 100; size < 3000000;
         size = size * 3 + 7) { /* within a block, over several, larger than any */
        const ArenaMark here = arena_mark(a);
        const size_t used = arena_used(a);
        for (int i = 0; i < 5; i++)
            memset(arena_alloc(a, size), 0xCD, size);
        arena_rewind(a, here);
        cr_assert_eq(arena_used(a), used);
        const unsigned char *again = arena_alloc(a, size);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(again[i], 0, "size %zu byte %zu", size, i);
        arena_rewind(a, here);
    }
    cr_expect_str_eq(kept, "before");
    arena_rewind(a, empty);
    cr_expect_eq(arena_used(a), 0);
    cr_expect_eq((void *)arena_alloc(a, 1), (void *)kept, "blocks are kept");
    arena_free(a);
}

Test(arena, what_is_kept_moves_to_the_front)
{
    for (size_t before = 1; before < 200000; before = before * 5 + 3)
        for (size_t size = 0; size < 200000; size = size * 7 + 5) {
            Arena *a = arena_new(NULL);
            char *first = arena_copy(a, "first");
            const ArenaMark here = arena_mark(a);
            const size_t used = arena_used(a);
            memset(arena_alloc(a, before), 0xEE, before);
            unsigned char *items = arena_alloc(a, size);
            for (size_t i = 0; i < size; i++)
                items[i] = (unsigned char)(i * 31 + size);
            memset(arena_alloc(a, before), 0xEE, before);
            const unsigned char *moved = arena_rewind_but(a, here, items, size);
            for (size_t i = 0; i < size; i++)
                cr_assert_eq(moved[i], (unsigned char)(i * 31 + size), "%zu behind %zu: byte %zu",
                             size, before, i);
            cr_expect_leq(arena_used(a),
                          used + size + 31); /* rounded up, and a gap under a sanitizer */
            cr_expect_str_eq(first, "first");
            arena_free(a);
        }
}
