/* progress - one line on a terminal that tells how far a run is; silent when the standard error is no terminal. */
#ifndef SCREENLAB_PROGRESS_H
#define SCREENLAB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Progress {
    bool shown;
    size_t total, done, failed;
    int64_t begun, told; /* milliseconds of a steady clock */
} Progress;

Progress progress_begin(size_t total);
void progress_add(Progress *progress, size_t done, size_t failed);
void progress_end(Progress *progress); /* clears the line */

#endif
