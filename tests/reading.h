/* Reads bytes with a reader, as intake does (every specimen) or as the batch does (one), and prints what came out. */
#ifndef SCREENLAB_READING_H
#define SCREENLAB_READING_H

#include "../pipeline/readers/reader.h"
#include "intake_fixture.h"

typedef struct Reading {
    Status status;
    Note why;
    char results[8000]; /* "S000001 hpv.16=positive; " in order */
    char faults[8000];  /* "S000001 result.word OBX-5; " in order */
} Reading;

static inline int reading_file(const char *bytes, size_t size)
{
    FILE *f = tmpfile();
    int fd = -1;
    if (f == NULL) return -1;
    if (fwrite(bytes, 1, size, f) == size && fflush(f) == 0) fd = dup(fileno(f));
    (void)fclose(f);
    if (fd >= 0) (void)lseek(fd, 0, SEEK_SET);
    return fd;
}

static inline void reading_print(Reading *out, const Evidence *e, const ReadFaults *faults)
{
    out->results[0] = out->faults[0] = '\0';
    for (size_t i = 0; i < e->n_results; i++) {
        const Result *r = &e->results[i];
        size_t n = strlen(out->results);
        (void)snprintf(out->results + n, sizeof out->results - n, "%s %s=%s%s; ", r->specimen,
                       r->code, r->value, r->standing == RESULT_CORRECTED ? " (C)" : "");
    }
    for (size_t i = 0; i < faults->n; i++) {
        size_t n = strlen(out->faults);
        (void)snprintf(out->faults + n, sizeof out->faults - n, "%s %s %s; ",
                       faults->items[i].specimen, faults->items[i].note.code,
                       faults->items[i].note.field);
    }
}

static inline Reading reading_as(const Fixture *x, const Reader *reader, const char *bytes,
                                 size_t size, const char *specimen, bool fetal)
{
    Reading out = {.status = IO_FAILED};
    Evidence e = {.status = OK};
    ReadFaults faults = {0};
    int fd = reading_file(bytes, size);
    if (fd < 0) return out;
    ReadJob job = {.fd = fd,
                   .file = "x",
                   .fetal = fetal,
                   .specimen = specimen,
                   .reference = x->reference,
                   .arena = x->arena,
                   .faults = specimen == NULL ? &faults : NULL};
    out.status = reader->read(&e, &job, &out.why);
    (void)close(fd);
    reading_print(&out, &e, &faults);
    return out;
}

static inline Reading reading_of(const Fixture *x, const Reader *reader, const char *bytes,
                                 size_t size, const char *specimen)
{
    return reading_as(x, reader, bytes, size, specimen, specimen == NULL);
}

#endif
