/* Any bytes as a bin table. The reader must answer with bins or with one Note that names no file. */
#include "mutators.h"

#include "../../lab/assays/nipt.h"
#include "../../pipeline/readers/reader.h"

#include <htslib/hts_log.h>
#include <stdlib.h>
#include <unistd.h>

extern const Reader reader_bins;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right) abort();
}

static void read_once(int fd)
{
    static const Assay assay = {.code = "fuzz", .takes_bins = true};
    static const NiptModel model = {
        .settings = {.bin_size = 1000000, .least_mapq = 1, .short_most = 150}};
    Arena *arena = arena_new(NULL);
    Note why = {0};
    ReadJob job = {
        .fd = fd, .file = "f", .fetal = true, .assay = &assay, .model = &model, .arena = arena};
    Evidence e, again;
    Status s = reader_bins.read(&e, &job, &why);
    check(s == OK ? e.bins != NULL : why.code != NULL && why.file[0] == '\0' && why.row == 0);
    if (s == OK) check(evidence_parse(&again, evidence_print(&e, arena), arena, &why) == OK);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hts_set_log_level(HTS_LOG_OFF);
    (void)reader_bins.sniff(data, size < 4096 ? size : 4096);
    char path[] = "/tmp/fuzzbinsXXXXXX";
    int fd = mkstemp(path);
    check(fd >= 0);
    check(write(fd, data, size) == (ssize_t)size);
    check(unlink(path) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    read_once(fd);
    check(close(fd) == 0);
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    bool plain = size < 2 || data[0] != 0x1f;
    if (plain && seed % 3 == 0)
        return pieces_mutate(data, size, capacity, seed, seed % 2 ? "\t\n" : "\n");
    return bgzf_mutate(data, size, capacity, seed);
}
#endif
