/* Any bytes as a BAM file: an odd first byte gives them as they are, an even one as the content of sound BGZF blocks, whose checksums
 * would otherwise keep the fuzzer out of the records. The reader must answer with bins or with one Note that names no file. */
#include "../../lab/assays/nipt.h"
#include "../../pipeline/readers/reader.h"

#include <htslib/bgzf.h>
#include <htslib/hts_log.h>
#include <stdlib.h>
#include <unistd.h>

extern const Reader reader_bam;
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
    Status s = reader_bam.read(&e, &job, &why);
    check(s == OK ? e.bins != NULL : why.code != NULL && why.file[0] == '\0' && why.row == 0);
    if (s == OK) check(evidence_parse(&again, evidence_print(&e, arena), arena, &why) == OK);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hts_set_log_level(HTS_LOG_OFF);
    if (size == 0) return 0;
    (void)reader_bam.sniff(data + 1, size - 1 < 4096 ? size - 1 : 4096);
    char path[] = "/tmp/fuzzbamXXXXXX";
    int fd = mkstemp(path);
    check(fd >= 0);
    if (data[0] & 1) {
        check(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    } else {
        BGZF *out = bgzf_open(path, "w0");
        check(out != NULL && bgzf_write(out, data + 1, size - 1) >= 0 && bgzf_close(out) == 0);
    }
    check(unlink(path) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    read_once(fd);
    check(close(fd) == 0);
    return 0;
}
