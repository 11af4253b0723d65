/* one_file - what the targets share that hand their bytes to a reader as a file.
 *
 *     int fd = one_file(data, size);           // its offset at the start; whoever asks closes it
 *     one_file_as_bins(&reader_bins, fd); */
#ifndef SCREENLAB_FUZZ_ONE_FILE_H
#define SCREENLAB_FUZZ_ONE_FILE_H

#include "../../lab/assays/nipt.h"
#include "../../pipeline/readers/reader.h"

#include <htslib/bgzf.h>
#include <stdlib.h>
#include <unistd.h>

/* A fuzzer sees an abort. */
static inline void check(bool right)
{
    if (!right) abort();
}

/* A file without a name. */
static inline int one_file(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/fuzzXXXXXX";
    int fd = mkstemp(path);
    check(fd >= 0 && unlink(path) == 0);
    check(write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* An odd first byte gives the others as they are, an even one as the content of sound BGZF blocks, whose checksums would otherwise keep the fuzzer
 * out of what they hold. At least one byte. */
static inline int one_file_packed(const uint8_t *data, size_t size)
{
    if (data[0] & 1) return one_file(data + 1, size - 1);
    int fd = one_file(data, 0);
    BGZF *out = bgzf_dopen(dup(fd), "w0");
    check(out != NULL && bgzf_write(out, data + 1, size - 1) >= 0 && bgzf_close(out) == 0);
    check(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* As plasma: bins, or one Note that names no file; what was read prints as text that reads again. */
static inline void one_file_as_bins(const Reader *reader, int fd)
{
    static const Assay assay = {.code = "fuzz", .takes_bins = true};
    static const NiptModel model = {
        .settings = {.bin_size = 1000000, .least_mapq = 1, .short_most = 150}};
    Arena *arena = arena_new(NULL);
    Note why = {0};
    ReadJob job = {
        .fd = fd, .file = "f", .fetal = true, .assay = &assay, .model = &model, .arena = arena};
    Evidence e, again;
    Status s = reader->read(&e, &job, &why);
    check(s == OK ? e.bins != NULL : why.code != NULL && why.file[0] == '\0' && why.row == 0);
    if (s == OK) check(evidence_parse(&again, evidence_print(&e, arena), arena, &why) == OK);
    arena_free(arena);
}

#endif
