/* Any bytes as a bin table. The reader must answer with bins or with one Note that names no file. */
#include "mutators.h"
#include "one_file.h"

#include <htslib/hts_log.h>

extern const Reader reader_bins;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hts_set_log_level(HTS_LOG_OFF);
    (void)reader_bins.sniff(data, size < 4096 ? size : 4096);
    int fd = one_file(data, size);
    one_file_as_bins(&reader_bins, fd);
    check(close(fd) == 0);
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    return lines_mutate(data, size, capacity, seed);
}
#endif
