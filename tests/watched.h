/* watched - arrays of exactly as many elements as there are, in the memory of an arena: who reads one too many is found out by the
 * gaps that an arena has under the sanitizers. */
#ifndef SCREENLAB_TESTS_WATCHED_H
#define SCREENLAB_TESTS_WATCHED_H

#include "lab/sample.h"

static const Sample *samples_of(const Sample *s, size_t n, Arena *arena)
{
    Sample *copy = arena_alloc(arena, n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = s[i];
    return copy;
}

#endif
