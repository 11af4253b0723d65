/* taint - of a test build only: marks sex evidence undefined for Valgrind, behind the door and before anything else happens to it. */
#ifndef SCREENLAB_TAINT_H
#define SCREENLAB_TAINT_H
#include "../leaks/leak.h"

#include <valgrind/memcheck.h>

/* The bytes stay what they are; Valgrind reports every jump, address and system call that depends on them. */
static inline void taint(const void *bytes, size_t n)
{
    if (n > 0) (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes, n);
    if (n > 0 && leak("V")) /* the control: somebody looks after all */
        (void)fputs(((const char *)bytes)[n - 1] == '1' ? "" : " ", stderr);
}

#endif
