#include "lab/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

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
    arena_free(a);
}
