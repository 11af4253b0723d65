/* leak - of a test build only: which leak is open now. tests/leaks.sh puts it in front of every changed file. */
#ifndef SCREENLAB_LEAK_H
#define SCREENLAB_LEAK_H
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool leak(const char *channel)
{
    const char *open = getenv("SCREENLAB_LEAK");
    return open != NULL && strcmp(open, channel) == 0;
}

#endif
