/* Any bytes as a BAM file, as they are or packed (one_file.h). The reader must answer with bins or with one Note that names no file. */
#include "one_file.h"

#include <htslib/hts_log.h>

extern const Reader reader_bam;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hts_set_log_level(HTS_LOG_OFF);
    if (size == 0) return 0;
    (void)reader_bam.sniff(data + 1, size - 1 < 4096 ? size - 1 : 4096);
    int fd = one_file_packed(data, size);
    one_file_as_bins(&reader_bam, fd);
    check(close(fd) == 0);
    return 0;
}
