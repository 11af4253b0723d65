/* chance - numbers that look random and are the same in every run: a test begins with the same ones.
 *
 *     const uint32_t die = 1 + chance(6); */
#ifndef SCREENLAB_CHANCE_H
#define SCREENLAB_CHANCE_H

#include <stdint.h>

/* 0 to below - 1. The low bits of a linear congruence are poor: they are not used. */
static inline uint32_t chance(uint32_t below)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(state >> 4) * below >> 28);
}

/* 0 <= x < 1 */
static inline double chance_part(void)
{
    return chance(1u << 28) / 268435456.0;
}

#endif
