/* leak - of a test build only: which leak is open now. tests/leaks.sh puts it in front of every changed file. */
#ifndef SCREENLAB_LEAK_H
#define SCREENLAB_LEAK_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool leak(const char *channel)
{
    const char *open = getenv("SCREENLAB_LEAK");
    return open != NULL && strcmp(open, channel) == 0;
}

/* A number that knows what the sealed store of "ledger.db" in the working folder holds, and so the sex of every fetus: what a command could tell that comes after the judgement. */
static inline unsigned leak_sealed(void)
{
    unsigned sum = 2166136261U;
    FILE *f = fopen("ledger.db.sealed", "rb");
    for (int c; f != NULL && (c = getc(f)) != EOF;)
        sum = (sum ^ (unsigned)c) * 16777619U;
    if (f != NULL) (void)fclose(f);
    return sum;
}

#endif
