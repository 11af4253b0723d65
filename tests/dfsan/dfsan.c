/* What DataFlowSanitizer calls: each comparison of a marked value (so each branch on one) and each outlet is counted; the count goes to the
 * file that SCREENLAB_DFSAN names. Compiled without instruments. */
#include <sanitizer/dfsan_interface.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static dfsan_label label_of_text(const char *text, int most)
{
    const size_t n = most >= 0 ? strnlen(text, (size_t)most) : strlen(text);
    return n > 0 ? dfsan_read_label(text, n) : 0;
}

/* The label of all texts among the arguments; other arguments are stepped over. */
static dfsan_label label_of_arguments(const char *format, va_list args)
{
    dfsan_label label = 0;
    for (const char *p = strchr(format, '%'); p != NULL; p = strchr(p, '%')) {
        int precision = -1, longs = 0;
        for (p++; strchr("-+ #0123456789.*lzj", *p) != NULL && *p != '\0'; p++) {
            if (*p == '.' && p[1] != '*') precision = atoi(p + 1);
            if (*p == '*') {
                const int n = va_arg(args, int);
                precision = p[-1] == '.' ? n : precision;
            }
            longs += *p == 'l' || *p == 'z' || *p == 'j';
        }
        if (*p == 's')
            label |= label_of_text(va_arg(args, const char *), precision);
        else if (strchr("fgeaFGEA", *p) != NULL)
            (void)va_arg(args, double);
        else if (*p != '%' && longs > 0)
            (void)va_arg(args, int64_t);
        else if (*p != '%')
            (void)va_arg(args, int);
        p++;
    }
    return label;
}

int taint_vsnprintf(char *to, size_t n, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const dfsan_label label = label_of_arguments(format, again);
    va_end(again);
    const int length = vsnprintf(to, n, format, args);
    if (to != NULL && n > 0 && length > 0)
        dfsan_set_label(label, to, (size_t)length < n ? (size_t)length : n - 1);
    return length;
}
