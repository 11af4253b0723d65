/* What DataFlowSanitizer calls: each comparison of a marked value (so each branch on one) and each outlet is counted; the count goes to the
 * file that SCREENLAB_DFSAN names. Compiled without instruments. */
#include <sanitizer/dfsan_interface.h>

#include <stdio.h>
#include <stdlib.h>

static long compared, written;

static void tell(void)
{
    const char *path = getenv("SCREENLAB_DFSAN");
    FILE *f = path != NULL ? fopen(path, "w") : NULL;
    if (f == NULL) return;
    (void)fprintf(f, "%ld %ld\n", compared, written);
    (void)fclose(f);
}

__attribute__((constructor)) static void begin(void)
{
    (void)atexit(tell);
}

void __dfsan_cmp_callback(dfsan_label label)
{
    if (label == 0) return;
    if (compared++ < 10)
        (void)fprintf(stderr, "dfsan: compared at %p\n", __builtin_return_address(0));
}

void __dfsan_load_callback(dfsan_label label, void *p)
{
    (void)label;
    (void)p;
}

void __dfsan_store_callback(dfsan_label label, void *p)
{
    (void)label;
    (void)p;
}

void __dfsan_mem_transfer_callback(dfsan_label *start, size_t n)
{
    (void)start;
    (void)n;
}

void taint_outlet(const void *bytes, size_t n, const char *where)
{
    if (n == 0 || dfsan_read_label(bytes, n) == 0) return;
    if (written++ < 10) (void)fprintf(stderr, "dfsan: leaves by %s\n", where);
}
