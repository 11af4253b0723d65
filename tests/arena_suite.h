/* arena_suite - a suite whose tests each have a fresh arena, freed behind them.
 *
 *     ARENA_SUITE(nipt_segment);
 *     Test(nipt_segment, ...) { double *x = arena_alloc(arena, ...); ... } */
#ifndef SCREENLAB_TESTS_ARENA_SUITE_H
#define SCREENLAB_TESTS_ARENA_SUITE_H

#include "lab/arena.h"

#include <criterion/criterion.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static Arena *arena;

static void arena_suite_open(void)
{
    arena = arena_new(NULL);
}

static void arena_suite_close(void)
{
    arena_free(arena);
}

#define ARENA_SUITE(suite) TestSuite(suite, .init = arena_suite_open, .fini = arena_suite_close)

#endif
