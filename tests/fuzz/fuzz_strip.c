/* Any bytes as a file to be stripped, as they are or packed (one_file.h). Whatever comes out must strip to itself, byte for byte; whatever does not has
 * one Note without a place. */
#include "one_file.h"

#include "../../pipeline/release.h"
#include "../../pipeline/strip/strip.h"

#include <htslib/hts_log.h>
#include <libxml/parser.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Reference *reference;

static void open_once(void)
{
    static bool opened = false;
    if (opened) return;
    Note why;
    Reference *r = NULL;
    check(sodium_init() >= 0 && release_open(&r, "reference", true, arena_new(NULL), &why) == OK);
    hts_set_log_level(HTS_LOG_OFF);
    xmlInitParser();
    reference = r;
    opened = true;
}

/* False = it could not be stripped. */
static bool strip(int in, int out)
{
    unsigned char head[4096];
    ssize_t n = pread(in, head, sizeof head, 0);
    const Stripper *s = n > 0 ? strip_find(head, (size_t)n) : NULL;
    if (s == NULL) return false;
    Note why = {0};
    Arena *arena = arena_new(NULL);
    const StripJob job = {
        .in = in, .out = out, .reference = reference, .kit = "example-qfpcr", .arena = arena};
    check(lseek(in, 0, SEEK_SET) == 0);
    Status status = s->strip(&job, &why);
    check(status == OK || (why.code != NULL && why.row == 0));
    arena_free(arena);
    return status == OK;
}

static bool same(int a, int b)
{
    char x[4096], y[4096];
    off_t at = 0;
    for (ssize_t n; (n = pread(a, x, sizeof x, at)) >= 0; at += n) {
        if (pread(b, y, sizeof y, at) != n || memcmp(x, y, (size_t)n) != 0) return false;
        if (n == 0) return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    open_once();
    int in = one_file_packed(data, size), once = one_file(data, 0), twice = one_file(data, 0);
    if (strip(in, once)) check(strip(once, twice) && same(once, twice));
    check(close(in) == 0 && close(once) == 0 && close(twice) == 0);
    return 0;
}
