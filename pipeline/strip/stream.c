/* What the strippers of sequencing files read from: HTSlib's BGZF layer, which also takes gzip and plain text. Nothing longer than the ceiling is held, and
 * an end without BGZF's own end-of-file block is a cut. */
#include "strip.h"

#include <htslib/bgzf.h>
#include <string.h>
#include <unistd.h>

enum { FIRST = 256 * 1024 };

Status stream_open(StripStream *s, const StripJob *job, size_t most, Note *why)
{
    int fd = dup(job->in);
    *s = (StripStream){.arena = job->arena, .most = most, .capacity = FIRST};
    s->bgzf = fd < 0 ? NULL : bgzf_dopen(fd, "r");
    if (s->bgzf == NULL) {
        if (fd >= 0) (void)close(fd);
        return strip_fault(BAD_INPUT, "strip.damaged", why);
    }
    s->buffer = arena_alloc(job->arena, s->capacity);
    if (bgzf_compression(s->bgzf) == 2 && bgzf_check_EOF(s->bgzf) != 1) {
        (void)bgzf_close(s->bgzf);
        s->bgzf = NULL;
        return strip_fault(BAD_INPUT, "strip.damaged", why);
    }
    return OK;
}

Status stream_close(StripStream *s, Status so_far, Note *why)
{
    bool closed = s->bgzf == NULL || bgzf_close(s->bgzf) == 0;
    s->bgzf = NULL;
    return so_far == OK && !closed ? strip_fault(BAD_INPUT, "strip.damaged", why) : so_far;
}

static Status refill(StripStream *s, Note *why)
{
    size_t held = s->end - s->start;
    if (held > 0 && s->start > 0) memmove(s->buffer, s->buffer + s->start, held);
    s->start = 0;
    s->end = held;
    if (held == s->capacity) {
        if (held >= s->most) return strip_fault(TOO_LARGE, "strip.too_long", why);
        s->buffer = arena_grow(s->arena, s->buffer, &s->capacity, 1);
    }
    ssize_t n = bgzf_read(s->bgzf, s->buffer + held, s->capacity - held);
    if (n < 0) return strip_fault(BAD_INPUT, "strip.damaged", why);
    s->ended = n == 0;
    s->end += (size_t)n;
    return OK;
}

Status stream_line(StripStream *s, const char **line, size_t *size, Note *why)
{
    for (size_t looked = 0;;) {
        const unsigned char *from = s->buffer + s->start;
        const unsigned char *feed = memchr(from + looked, '\n', s->end - s->start - looked);
        if (feed != NULL) {
            *line = (const char *)from;
            *size = (size_t)(feed - from);
            s->start += *size + 1;
            if (*size > 0 && (*line)[*size - 1] == '\r') --*size;
            return OK;
        }
        looked = s->end - s->start;
        if (s->ended) {
            *line = NULL;
            return looked == 0 ? OK : strip_fault(BAD_INPUT, "strip.damaged", why);
        }
        Status status = refill(s, why);
        if (status != OK) return status;
    }
}

Status stream_bytes(StripStream *s, size_t n, const unsigned char **bytes, Note *why)
{
    *bytes = NULL;
    if (n > s->most) return strip_fault(TOO_LARGE, "strip.too_long", why);
    while (s->end - s->start < n) {
        if (s->ended) return s->end == s->start ? OK : strip_fault(BAD_INPUT, "strip.damaged", why);
        Status status = refill(s, why);
        if (status != OK) return status;
    }
    *bytes = s->buffer + s->start;
    s->start += n;
    return OK;
}
