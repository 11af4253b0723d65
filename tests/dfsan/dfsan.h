/* dfsan - of a test build only: what tests/taint/taint.h marks for Valgrind, marked for clang's DataFlowSanitizer. */
#ifndef SCREENLAB_TAINT_H
#define SCREENLAB_TAINT_H
#include "../leaks/leak.h"

#include <sanitizer/dfsan_interface.h>
#include <stdarg.h>
#include <stdio.h>

/* An outlet: what is written or bound to a row; a marked byte among it is counted (dfsan.c). */
void taint_outlet(const void *bytes, size_t n, const char *where);

/* vsnprintf drops labels: text that was composed of a marked text is marked as a whole. Numbers come without their labels. */
int taint_vsnprintf(char *to, size_t n, const char *format, va_list args);
#define vsnprintf taint_vsnprintf

static inline void taint(const void *bytes, size_t n)
{
    static char copy[64];
    if (n > 0) dfsan_set_label(1, (void *)bytes, n);
    if (n > 0 && leak("V")) /* the control of comparisons: somebody looks after all */
        (void)fputs(((const char *)bytes)[n - 1] == '1' ? "" : " ", stderr);
    if (n > 0 && leak("W")) { /* the control of outlets: somebody takes it along */
        memcpy(copy, bytes, n < sizeof copy ? n : sizeof copy);
        taint_outlet(copy, sizeof copy, "control");
    }
}

/* Bytes that a library without instruments has written over: their marks are gone. */
static inline void wash(const void *bytes, size_t n)
{
    if (n > 0) dfsan_set_label(0, (void *)bytes, n);
}

#endif
