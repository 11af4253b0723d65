/* Any bytes as a VCF file: the reader must answer with calls or with one Note, never crash, and as fetal material its Note must not
 * name the file. */
#include "mutators.h"
#include "one_file.h"

#include <htslib/hts_log.h>

extern const Reader reader_vcf;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Site SITES[] = {
    {11, 100, "C", "T", "", 0, false},           {11, 200, "CA", "C", "CAAAAG", 1, false},
    {11, 300, "C", "CAT", "CATATATG", 2, false}, {11, 500, "AC", "GT", "", 3, false},
    {23, 100, "C", "T", "", 4, false},           {11, 105, "G", "C", "", 0, true},
};

static const SiteIndex *sites_of(const void *model, Build build)
{
    (void)build;
    return model;
}

static void read_once(int fd, bool fetal)
{
    static const Assay assay = {.code = "fuzz", .takes_calls = true, .sites = sites_of};
    Arena *arena = arena_new(NULL);
    SiteIndex *index = NULL;
    Note why = {0};
    size_t n = sizeof SITES / sizeof SITES[0];
    check(site_index_build(&index, BUILD_GRCH38, SITES, n, arena, &why) == OK);
    ReadJob job = {.fd = fd,
                   .file = "f",
                   .fetal = fetal,
                   .specimen = "S1",
                   .assay = &assay,
                   .model = index,
                   .arena = arena};
    Evidence evidence;
    Status s = reader_vcf.read(&evidence, &job, &why);
    check(s == OK ? evidence.calls != NULL : why.code != NULL);
    check(s == OK || !fetal || (why.file[0] == '\0' && why.row == 0));
    for (size_t i = 0; s == OK && i < evidence.calls->n_calls; i++)
        check(evidence.calls->calls[i].site < 5 && (!fetal || evidence.calls->calls[i].site != 4));
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hts_set_log_level(HTS_LOG_OFF);
    (void)reader_vcf.sniff(data, size < 4096 ? size : 4096);
    for (int fetal = 0; fetal < 2; fetal++) {
        int fd = one_file(data, size);
        read_once(fd, fetal == 1);
        check(close(fd) == 0);
    }
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    return lines_mutate(data, size, capacity, seed);
}
#endif
