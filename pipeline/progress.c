/* Elapsed time appears here and nowhere else: it must not enter a document, the ledger or a log. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { TELL_EVERY_MS = 200 };

static int64_t steady_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

Progress progress_begin(size_t total)
{
    return (Progress){.shown = isatty(STDERR_FILENO) == 1, .total = total, .begun = steady_ms()};
}

void progress_add(Progress *p, size_t done, size_t failed)
{
    p->done += done;
    p->failed += failed;
    int64_t now = steady_ms();
    if (!p->shown || now - p->told < TELL_EVERY_MS) return;
    p->told = now;
    int64_t spent = now - p->begun > 0 ? now - p->begun : 1;
    double rate = 1000.0 * (double)p->done / (double)spent;
    int64_t left = p->done > 0 ? (int64_t)((double)(p->total - p->done) / rate) : 0;
    (void)fprintf(stderr, "\r\033[K%zu/%zu cases, %zu failed, %.0f a second, %" PRId64 ":%02d left",
                  p->done, p->total, p->failed, rate, left / 60, (int)(left % 60));
    (void)fflush(stderr);
}

void progress_end(Progress *p)
{
    if (p->shown) (void)fputs("\r\033[K", stderr);
}
