/* The VCF reader: what it reads, what it refuses and with which Note, every cut of a small file in five dresses, and that a fetus's sex
 * chromosomes leave no trace. */
#include "pipeline/readers/reader.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <htslib/bgzf.h>
#include <htslib/vcf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

extern const Reader reader_vcf;

static const Site SITES[] = {
    {11, 100, "C", "T", "", 0, false},           {11, 200, "CA", "C", "CAAAAG", 1, false},
    {11, 300, "C", "CAT", "CATATATG", 2, false}, {23, 100, "C", "T", "", 3, false},
    {25, 100, "C", "T", "", 4, false},
};
enum { N_SITES = sizeof SITES / sizeof SITES[0] };

static Arena *arena;
static SiteIndex *indices[BUILD_GRCH38 + 1];

static const SiteIndex *sites_of(const void *model, Build build)
{
    (void)model;
    return indices[build];
}
static const Assay assay = {.code = "test", .takes_calls = true, .sites = sites_of};

static void setup(void)
{
    hts_set_log_level(HTS_LOG_OFF);
    arena = arena_new(NULL);
    Note why;
    for (Build b = BUILD_GRCH37; b <= BUILD_GRCH38; b++)
        cr_assert_eq(site_index_build(&indices[b], b, SITES, N_SITES, arena, &why), OK);
}
static void teardown(void)
{
    arena_free(arena);
}
TestSuite(vcf, .init = setup, .fini = teardown);

#define VERSION_LINE "##fileformat=VCFv4.2\n"
#define CONTIGS                                                                                    \
    "##contig=<ID=chr1,length=248956422>\n##contig=<ID=chr11,length=135086622>\n"                  \
    "##contig=<ID=chrX,length=156040895>\n##contig=<ID=chrM,length=16569>\n"
#define TAGS                                                                                       \
    "##INFO=<ID=END,Number=1,Type=Integer,Description=\"End, \\\"of\\\" it\">\n"                   \
    "##INFO=<ID=BLOCKAVG_min30p3a,Number=0,Type=Flag,Description=\"b\">\n"                         \
    "##INFO=<ID=CIEND,Number=2,Type=Integer,Description=\"c\">\n"                                  \
    "##INFO=<ID=SVLEN,Number=.,Type=Integer,Description=\"l\">\n"                                  \
    "##INFO=<ID=MIN_DP,Number=1,Type=Integer,Description=\"c\">\n"                                 \
    "##INFO=<ID=MinDP,Number=1,Type=Integer,Description=\"c\">\n"                                  \
    "##FILTER=<ID=LowQ,Description=\"q\">\n"                                                       \
    "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n"                                    \
    "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n"                                   \
    "##FORMAT=<ID=DPI,Number=1,Type=Integer,Description=\"d\">\n"                                  \
    "##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description=\"d\">\n"                               \
    "##FORMAT=<ID=GQ,Number=1,Type=Float,Description=\"q\">\n"                                     \
    "##FORMAT=<ID=GQX,Number=1,Type=Integer,Description=\"q\">\n"                                  \
    "##FORMAT=<ID=RGQ,Number=1,Type=Integer,Description=\"q\">\n"                                  \
    "##FORMAT=<ID=PS,Number=1,Type=Integer,Description=\"p\">\n"                                   \
    "##FORMAT=<ID=FT,Number=1,Type=String,Description=\"f\">\n"
#define FIXED_COLUMNS "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
#define COLUMNS       FIXED_COLUMNS "\tFORMAT\tS1\n"
#define HEADER        VERSION_LINE CONTIGS TAGS COLUMNS

/* ---- files ---- */

typedef enum Dress { PLAIN, BGZIP, GZIP, BCF, BCF_PLAIN, DRESSES } Dress;

static void put(const char *path, const char *text, size_t size)
{
    FILE *f = fopen(path, "wb");
    cr_assert(f != NULL && fwrite(text, 1, size, f) == size && fclose(f) == 0);
}

static void put_bcf(const char *path, const char *text, const char *mode)
{
    char from[TEMPORARY];
    temporary_path(from, "from");
    put(from, text, strlen(text));
    htsFile *in = hts_open(from, "r"), *out = hts_open(path, mode);
    bcf_hdr_t *header = bcf_hdr_read(in);
    bcf1_t *record = bcf_init();
    cr_assert(header != NULL && bcf_hdr_write(out, header) == 0);
    while (bcf_read(in, header, record) == 0)
        cr_assert_eq(bcf_write(out, header, record), 0);
    bcf_destroy(record);
    bcf_hdr_destroy(header);
    hts_close(in);
    cr_assert_eq(hts_close(out), 0);
    unlink(from);
}

static void put_dressed(const char *path, const char *text, Dress dress)
{
    if (dress == PLAIN) put(path, text, strlen(text));
    if (dress == BGZIP) {
        BGZF *f = bgzf_open(path, "w");
        cr_assert_eq(bgzf_write(f, text, strlen(text)), (ssize_t)strlen(text));
        cr_assert_eq(bgzf_close(f), 0);
    }
    if (dress == GZIP) {
        gzFile f = gzopen(path, "wb");
        cr_assert_eq(gzwrite(f, text, (unsigned)strlen(text)), (int)strlen(text));
        cr_assert_eq(gzclose(f), Z_OK);
    }
    if (dress >= BCF) put_bcf(path, text, dress == BCF ? "wb" : "wbu");
}

typedef struct Options {
    bool fetal;
    const char *specimen;
} Options;

static Status read_path(Evidence *out, const char *path, Options options, Note *why)
{
    FILE *f = fopen(path, "rb");
    cr_assert(f != NULL);
    ReadJob job = {.fd = fileno(f),
                   .file = "a.vcf",
                   .fetal = options.fetal,
                   .specimen = options.specimen ? options.specimen : "S1",
                   .assay = &assay,
                   .arena = arena};
    *why = (Note){0};
    Status s = reader_vcf.read(out, &job, why);
    cr_expect_eq(s, out->status);
    fclose(f);
    return s;
}

static const char *print(const Evidence *e)
{
    static const char *const kinds[] = {"allele", "ref",  "other",   "deleted",
                                        "mnv",    "none", "mismatch"};
    char *text = arena_copy(arena, "");
    for (size_t i = 0; e->calls != NULL && i < e->calls->n_calls; i++) {
        const Call *c = &e->calls->calls[i];
        text = arena_print(arena, "%s%s%u %s %d dp%d gq%d%s%s%s ps%d %ld-%ld", text, i ? "; " : "",
                           c->site, kinds[c->kind], c->copies, c->depth, c->quality,
                           c->block ? " block" : "", c->filtered ? " filtered" : "",
                           c->phased ? " phased" : "", c->phase_set, (long)c->start, (long)c->end);
    }
    return text;
}

/* Calls, or "code row field" of the Note. */
static const char *read_text(const char *text, size_t size, Dress dress, Options options)
{
    char path[TEMPORARY];
    temporary_path(path, "vcf");
    if (dress == PLAIN)
        put(path, text, size);
    else
        put_dressed(path, text, dress);
    Evidence e;
    Note why;
    Status s = read_path(&e, path, options, &why);
    unlink(path);
    if (s == OK) return print(&e);
    return arena_print(arena, "%s %s%ld %s", why.code, why.file[0] ? "" : "- ", why.row, why.field);
}

/* ---- what is read ---- */

static const struct {
    const char *lines, *calls;
} GOOD[] = {
    {"", ""},
    {"chr11\t100\t.\tC\tT\t50\tPASS\t.\tGT:DP:GQ\t0/1:30:99\n",
     "0 allele 1 dp30 gq99 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\tLowQ\t.\tGT:DP:GQ\t0|1:.:99.6\n",
     "0 allele 1 dp-1 gq99 filtered phased ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tGT:DP:GQ:PS\t1|0:3:5:77\n",
     "0 allele 1 dp3 gq5 phased ps77 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tGT:FT\t0/1:LowQ\n",
     "0 allele 1 dp-1 gq-1 filtered ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tGT:FT\t0/1:PASS\n", "0 allele 1 dp-1 gq-1 ps-1 100-100"},
    {"chr11\t100\t.\tC\t.\t50\t.\t.\tGT:DP:RGQ\t0/0:30:40\n", "0 ref 0 dp30 gq40 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tGT:DPI:GQX\t0/1:12:13\n", "0 allele 1 dp12 gq13 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tGT\t./.\n", "0 none 0 dp-1 gq-1 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t50\t.\t.\tDP\t30\n", "0 none 0 dp30 gq-1 ps-1 100-100"},
    {"chr11\t90\t.\tC\t<NON_REF>\t.\t.\tEND=110\tGT:DP:GQ:MIN_DP\t0/0:30:50:7\n",
     "0 ref 0 dp7 gq50 block ps-1 90-110"},
    {"chr11\t90\t.\tC\t<*>\t.\t.\tEND=110\tGT:DP:GQ:MIN_DP\t0/0:30:50:.\n",
     "0 ref 0 dp-1 gq50 block ps-1 90-110"},
    /* the median of a block is no proof */
    {"chr11\t90\t.\tC\t<NON_REF>\t.\t.\tEND=110\tGT:DP:GQ\t0/0:30:50\n",
     "0 ref 0 dp-1 gq50 block ps-1 90-110"},
    {"chr11\t90\t.\tC\t.\t.\t.\tEND=110;BLOCKAVG_min30p3a\tGT:GQX:DP\t0/0:60:30\n",
     "0 ref 0 dp30 gq60 block ps-1 90-110"},
    {"chr11\t90\t.\tC\t.\t.\tLowQ\tBLOCKAVG_min30p3a;END=110\tGT:GQX:DP:MIN_DP\t0/0:60:30:9\n",
     "0 ref 0 dp9 gq60 block filtered ps-1 90-110"},
    {"chr11\t90\t.\tC\t.\t.\t.\tMIN_DP=8;END=110\tGT:DP\t0/0:30\n",
     "0 ref 0 dp8 gq-1 block ps-1 90-110"},
    {"chr11\t90\t.\tC\t<*>\t.\t.\tEND=110;MinDP=8\tGT:DP\t0/0:30\n",
     "0 ref 0 dp8 gq-1 block ps-1 90-110"},
    {"chr11\t90\t.\tC\t.\t.\t.\tCIEND=100,110\tGT:DP\t0/0:30\n", ""}, /* CIEND is not END */
    {"chr11\t90\t.\tC\t<NON_REF>\t.\t.\tEND=99\tGT:DP\t0/"
     "0:30\nchr11\t100\t.\tC\t<NON_REF>\t.\t.\tEND=100\tGT:DP:GQ\t0/0:30:1\n",
     "0 ref 0 dp30 gq1 block ps-1 100-100"},
    {"chr11\t90\t.\tC\t<DEL>\t.\t.\tEND=120\tGT:DP:GQ\t0/1:30:50\n",
     "0 deleted 0 dp30 gq50 ps-1 90-120"},
    {"chr11\t203\t.\taa\ta\t.\t.\t.\tGT:DP:GQ\t1/"
     "1:30:50\nchr11\t306\t.\tT\tTAT\t.\t.\t.\tGT:DP:GQ\t0/1:3:5\n",
     "1 allele 2 dp30 gq50 ps-1 203-204; 2 allele 1 dp3 gq5 ps-1 306-306"},
    {"chr11\t90\t.\tC\t<DEL>\t.\t.\tEND=120\tGT:DP:GQ\t0/0:30:50\n", ""},
    {"chr11\t90\t.\tC\tT,<DEL>\t.\t.\tEND=120\tGT:DP:GQ\t0/1:30:50\n", ""}, /* no proof below */
    {"chr11\t90\t.\tC\tT,<DEL>\t.\t.\tEND=120\tGT:DP:GQ\t0/2:30:50\n",
     "0 deleted 0 dp30 gq50 ps-1 90-120"},
    {"chr11\t100\t.\tC\tG,T,<NON_REF>\t.\t.\t.\tGT:DP:GQ\t1/2:30:50\n",
     "0 allele 1 dp30 gq50 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/1:30\nchr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t1/1:31\n",
     "0 allele 1 dp30 gq-1 ps-1 100-100; 0 allele 2 dp31 gq-1 ps-1 100-100"},
    {"chrX\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t1:30\n", "3 allele 1 dp30 gq-1 ps-1 100-100"},
    {"chrM\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t1:30\n", "4 allele 1 dp30 gq-1 ps-1 100-100"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/1:30\nchr1\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/1:30\n",
     "0 allele 1 dp30 gq-1 ps-1 100-100"}, /* chromosomes in any order */
};

Test(vcf, good_records_in_every_dress)
{
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        for (Dress d = PLAIN; d < DRESSES; d++) {
            char *text = arena_print(arena, "%s%s", HEADER, GOOD[i].lines);
            const char *got = read_text(text, strlen(text), d, (Options){0});
            cr_expect_str_eq(got, GOOD[i].calls, "row %zu dress %d: %s, wanted %s", i, d, got,
                             GOOD[i].calls);
        }
}

Test(vcf, lines_may_end_in_crlf)
{
    const char *text = "##fileformat=VCFv4.2\r\n##contig=<ID=11,length=135006516>\r\n"
                       "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\r\n"
                       "11\t100\t.\tC\tT\t.\t.\t.\tDP:GT\t30:0/1\r\n";
    const char *got = read_text(text, strlen(text), PLAIN, (Options){0});
    cr_expect_str_eq(got, "0 allele 1 dp30 gq-1 ps-1 100-100", "%s", got);
}

/* ---- samples ---- */

Test(vcf, the_specimen_is_picked_by_name)
{
#define TWO                                                                                        \
    VERSION_LINE CONTIGS TAGS FIXED_COLUMNS                                                        \
        "\tFORMAT\tA\tB\nchr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/0:10\t1/1:20\n"
#define SAME                                                                                       \
    VERSION_LINE CONTIGS TAGS FIXED_COLUMNS                                                        \
        "\tFORMAT\tA\tA\nchr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/0:10\t1/1:20\n"
    static const struct {
        const char *text, *specimen, *calls;
    } rows[] = {
        {TWO, "A", "0 allele 0 dp10 gq-1 ps-1 100-100"},
        {TWO, "B", "0 allele 2 dp20 gq-1 ps-1 100-100"},
        {TWO, "C", "vcf.sample 22 #CHROM"},
        {TWO, "", "vcf.sample 22 #CHROM"},
        {SAME, "A", "vcf.sample 22 #CHROM"},
        {HEADER "chr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/1:10\n", "other",
         "0 allele 1 dp10 gq-1 ps-1 100-100"},
        {VERSION_LINE CONTIGS FIXED_COLUMNS "\n", "A", "vcf.sample 6 FORMAT"},
        {VERSION_LINE CONTIGS FIXED_COLUMNS "\tFORMAT\n", "A", "vcf.sample 6 FORMAT"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = read_text(rows[i].text, strlen(rows[i].text), PLAIN,
                                    (Options){.specimen = rows[i].specimen});
        cr_expect_str_eq(got, rows[i].calls, "row %zu: %s, wanted %s", i, got, rows[i].calls);
    }
    for (int b = 0; b < 2; b++) {
        const char *got = read_text(TWO, strlen(TWO), BCF, (Options){.specimen = b ? "B" : "A"});
        cr_expect_str_eq(got, rows[b].calls, "BCF: %s", got);
    }
}

/* ---- what is refused ---- */

#define CONTIG(name, length) "##contig=<ID=" name ",length=" length ">\n"
#define HEADED(contigs)      VERSION_LINE contigs COLUMNS "chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\n"

Test(vcf, the_build_must_be_proven)
{
    static const struct {
        const char *text, *calls;
    } rows[] = {
        {HEADED(CONTIG("chr11", "135086622")), "0 allele 1 dp-1 gq-1 ps-1 100-100"},
        {HEADED(CONTIG("chr11", "135006516")), "0 allele 1 dp-1 gq-1 ps-1 100-100"},
        {HEADED("##contig=<assembly=\"a,length=5\",length=135006516,ID=chr11>\n"),
         "0 allele 1 dp-1 gq-1 ps-1 100-100"},
        {HEADED(CONTIG("chr11", "135006516") CONTIG("chrUn_1", "7")),
         "0 allele 1 dp-1 gq-1 ps-1 100-100"},
        {HEADED(""), "vcf.build 0 ##contig"},
        {HEADED("##reference=GRCh38\n##contig=<ID=chr11,assembly=GRCh38>\n"),
         "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chr11", "135006516") CONTIG("chr1", "248956422")), "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chr11", "100000")), "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chr11", "x")), "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chr11", "135006516") CONTIG("chr1", "5")), "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chrM", "16569")), "vcf.build 0 ##contig"},
        {HEADED(CONTIG("chr11", "135006516") CONTIG("1", "249250621")),
         "vcf.mixed_names 0 ##contig"},
        {HEADED(CONTIG("11", "135006516")), "vcf.mixed_names 4 CHROM"},
        {"##fileformat=BED\n" CONTIGS COLUMNS, "vcf.header 1 ##fileformat"},
        {VERSION_LINE CONTIGS "chr11\t100\n", "vcf.header 6 #CHROM"},
        {VERSION_LINE CONTIGS, "vcf.truncated 0 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = read_text(rows[i].text, strlen(rows[i].text), PLAIN, (Options){0});
        cr_expect_str_eq(got, rows[i].calls, "row %zu: %s, wanted %s", i, got, rows[i].calls);
    }
}

Test(vcf, hg19_has_another_mitochondrion)
{
    const char *text = VERSION_LINE CONTIG("chr11", "135006516") CONTIG("chrM", "16571") COLUMNS
        "chrM\t100\t.\tC\tT\t.\t.\t.\tGT\t1\nchr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\n";
    const char *got = read_text(text, strlen(text), PLAIN, (Options){0});
    cr_expect_str_eq(got, "0 allele 1 dp-1 gq-1 ps-1 100-100", "%s", got);
}

#define REST "\t.\t.\t.\tGT:DP\t0/1:30\n"
static const struct {
    const char *lines, *note; /* the row number is that of the first line plus what stands here */
    int line;
    const char *field;
} BAD[] = {
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\n", "vcf.fields", 0, ""},
    {"chr11\t100\t.\n", "vcf.fields", 0, ""},
    {"chr11\n", "vcf.fields", 0, ""},
    {"\n", "vcf.fields", 0, ""},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\t0/1\n", "vcf.fields", 0, ""},
    {"chr1\t100\t.\tC\n", "vcf.fields", 0, ""}, /* where no site is, too */
    {"chr11\tabc\t.\tC\tT" REST, "vcf.position", 0, "POS"},
    {"chr11\t-5\t.\tC\tT" REST, "vcf.position", 0, "POS"},
    {"chr11\t\t.\tC\tT" REST, "vcf.position", 0, "POS"},
    {"chr11\t9999999999999999999\t.\tC\tT" REST, "vcf.position", 0, "POS"},
    {"chr11\t135086624\t.\tC\tT" REST, "vcf.position", 0, "POS"},
    {"chr11\t100\t.\tC\t<DEL>\t.\t.\tEND=99\tGT\t0/1\n", "vcf.position", 0, "INFO/END"},
    {"chr11\t500\t.\tC\t<*>\t.\t.\tEND=135086624\tGT\t0/0\n", "vcf.position", 0, "INFO/END"},
    {"chr11\t135086621\t.\tCAAA\tC" REST, "vcf.position", 0, "REF"},
    {"chr11\t500\t.\tC\t<*>\t.\t.\tEND=x\tGT\t0/1\n", "vcf.position", 0, "INFO/END"},
    {"chr11\t500\t.\tC\tT" REST "chr11\t499\t.\tC\tT" REST, "vcf.unsorted", 1, "POS"},
    {"chr11\t5\t.\tC\tT" REST "chr1\t5\t.\tC\tT" REST "chr11\t6\t.\tC\tT" REST, "vcf.unsorted", 2,
     "CHROM"},
    {"chr11\t100\t.\t?\tT" REST, "vcf.allele", 0, "REF"},
    {"chr11\t100\t.\t\tT" REST, "vcf.allele", 0, "REF"},
    {"chr11\t100\t.\tC\t" REST, "vcf.allele", 0, "REF"},
    {"chr11\t100\t.\tC\tT," REST, "vcf.allele", 0, "ALT"},
    {"chr11\t100\t.\tC\tT,.\xff" REST, "vcf.allele", 0, "ALT"},
    {"chr11\t100\t.\tC\t<\t.\t.\t.\tGT\t0/1\n", "vcf.allele", 0, "ALT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/2\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:GT\t0/0:0/1\n", "vcf.genotype", 0, "FORMAT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t/1\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0-1\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t99999999999999999999/1\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/0/0/0/0/0/0/0/1\n", "vcf.genotype", 0, "GT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1:5\n", "vcf.genotype", 0, "FORMAT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP\t0/1:many\n", "vcf.value", 0, "FORMAT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:GQ\t0/1:1e999\n", "vcf.value", 0, "FORMAT"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT:GQ\t0/1:0x10\n", "vcf.value", 0, "FORMAT"},
    {"chr11\t100\t.\tC\t.\t.\t.\tMIN_DP=q\tGT:GQ\t0/0:10\n", "vcf.value", 0, "INFO/MIN_DP"},
    {"11\t100\t.\tC\tT" REST, "vcf.mixed_names", 0, "CHROM"},
    {"chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1", "vcf.truncated", -1, ""},
};

Test(vcf, bad_lines_are_told_by_row_and_field)
{
    long first = 1;
    for (const char *p = HEADER; *p != '\0'; p++)
        first += *p == '\n';
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char *text = arena_print(arena, "%s%s", HEADER, BAD[i].lines);
        long row = BAD[i].line < 0 ? 0 : first + BAD[i].line;
        const char *wanted = arena_print(arena, "%s %ld %s", BAD[i].note, row, BAD[i].field);
        const char *got = read_text(text, strlen(text), PLAIN, (Options){0});
        cr_expect_str_eq(got, wanted, "row %zu: %s, wanted %s", i, got, wanted);
    }
}

Test(vcf, a_deletion_may_give_its_length_only)
{
    const char *text = HEADER "chr11\t90\t.\tC\t<DEL>\t.\t.\tSVLEN=5,-30\tGT:DP:GQ\t0/1:30:50\n";
    for (Dress d = PLAIN; d < DRESSES; d++) {
        const char *got = read_text(text, strlen(text), d, (Options){0});
        cr_expect_str_eq(got, "0 deleted 0 dp30 gq50 ps-1 90-120", "dress %d: %s", d, got);
    }
}

Test(vcf, bytes_that_are_no_text)
{
    static const char text[] = HEADER "chr11\t100\t.\tC\tT\t.\t.\t\0\tGT\t0/1\n";
    const char *got = read_text(text, sizeof text - 1, PLAIN, (Options){0});
    cr_expect(strncmp(got, "vcf.not_text ", 13) == 0, "%s", got);
}

Test(vcf, ceilings)
{
    size_t size = (size_t)20 << 20;
    char *text = malloc(size);
    memset(text, 'A', size);
    memcpy(text, HEADER "chr11\t100\t.\t", strlen(HEADER) + 12);
    const char *got = read_text(text, size, PLAIN, (Options){0});
    cr_expect(strncmp(got, "vcf.too_large ", 14) == 0, "%s", got);
    memcpy(text, HEADER "chr1X\t100\t.\t",
           strlen(HEADER) + 12); /* a fetus's hidden contig: no ceiling */
    text[size - 1] = '\n';
    got = read_text(text, size, PLAIN, (Options){.fetal = true});
    cr_expect_str_eq(got, "", "%s", got);
    free(text);
}

/* How long what the header says of X or Y is may not tell either. */
Test(vcf, a_long_line_in_the_header_of_a_fetus)
{
    enum { LONG = 20 << 20 };
    const char *rest = strchr(HEADER, '\n') + 1;
    char *text = malloc(LONG + sizeof HEADER + 200), *p = text;
    p += sprintf(p, "##fileformat=VCFv4.2\n##contig=<ID=chrY,x=");
    memset(p, 'A', LONG);
    p += LONG;
    p += sprintf(p, ">\n%schr11\t100\t.\tC\tT\t.\tPASS\t.\tGT:DP:GQ\t0/1:30:50\n", rest);
    const char *got = read_text(text, (size_t)(p - text), PLAIN, (Options){.fetal = true});
    cr_expect(strncmp(got, "0 allele ", 9) == 0, "%s", got);
    free(text);
}

Test(vcf, one_record_repeated_without_end)
{
    enum { TIMES = 20000 };
    static const char line[] = "chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\n";
    char *text = malloc(sizeof HEADER + TIMES * sizeof line);
    char *p = text + sprintf(text, "%s", HEADER);
    for (int i = 0; i < TIMES; i++)
        p += sprintf(p, "%s", line);
    const char *got = read_text(text, (size_t)(p - text), PLAIN, (Options){0});
    cr_expect(strncmp(got, "vcf.too_large ", 14) == 0, "%s", got);
    free(text);
}

/* ---- cuts and bit errors ---- */

#define SMALL                                                                                      \
    HEADER "chr11\t90\t.\tC\t<NON_REF>\t.\t.\tEND=99\tGT:DP:GQ:MIN_DP\t0/0:30:50:7\n"              \
           "chr11\t100\t.\tC\tT,<NON_REF>\t.\tPASS\t.\tGT:DP:GQ\t0/1:30:50\n"                      \
           "chr11\t203\t.\taa\ta\t.\tPASS\t.\tGT:DP:GQ\t0/1:30:50\n"

static char *load(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    static char bytes[65536];
    *size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return bytes;
}

/* Plain dresses cannot tell a cut between two lines or records: nothing but the checksum can. */
static bool may_pass(Dress dress, const char *bytes, size_t cut)
{
    return (dress == PLAIN && cut >= strlen(HEADER) && bytes[cut - 1] == '\n') ||
           dress == BCF_PLAIN;
}

Test(vcf, a_cut_at_any_byte_is_told)
{
    for (Dress d = PLAIN; d < DRESSES; d++) {
        char path[TEMPORARY];
        temporary_path(path, "vcf");
        put_dressed(path, SMALL, d);
        size_t size, passed = 0;
        char *bytes = load(path, &size);
        for (size_t cut = 0; cut < size; cut++) {
            put(path, bytes, cut);
            Evidence e;
            Note why;
            Status s = read_path(&e, path, (Options){.fetal = cut % 2 == 1}, &why);
            cr_expect(s != OK || may_pass(d, bytes, cut), "dress %d cut at %zu of %zu", d, cut,
                      size);
            cr_expect(s == OK || (why.code != NULL && (cut % 2 == 0 || why.file[0] == '\0')),
                      "dress %d cut %zu", d, cut);
            passed += s == OK;
        }
        cr_expect_leq(passed, d == PLAIN || d == BCF_PLAIN ? 4 : 0, "dress %d: %zu cuts passed", d,
                      passed);
        unlink(path);
    }
}

Test(vcf, a_flipped_bit_never_crashes_and_never_passes_a_checksum)
{
    for (Dress d = PLAIN; d < DRESSES; d++) {
        char path[TEMPORARY];
        temporary_path(path, "vcf");
        put_dressed(path, SMALL, d);
        size_t size;
        char *bytes = load(path, &size);
        for (size_t at = 0; at < size; at += 1) {
            bytes[at] ^= (char)(1 << at % 8);
            put(path, bytes, size);
            bytes[at] ^= (char)(1 << at % 8);
            Evidence e;
            Note why;
            Status s = read_path(&e, path, (Options){0}, &why);
            cr_expect(s != OK || e.calls != NULL, "dress %d byte %zu", d, at);
            if (s == OK && (d == BGZIP || d == BCF) && at >= 18)
                cr_expect_str_eq(
                    print(&e),
                    "0 allele 1 dp30 gq50 ps-1 100-100; 1 allele 1 dp30 gq50 ps-1 203-204",
                    "dress %d byte %zu", d, at);
        }
        unlink(path);
    }
}

/* ---- the fetus ---- */

#define FETAL_HEADER(extra) VERSION_LINE CONTIG("chr11", "135086622") extra COLUMNS
#define ONE                 "chr11\t100\t.\tC\tT\t.\t.\t.\tGT:DP:GQ\t0/1:30:50\n"
#define TWO_LINES           "chr11\t203\t.\taa\ta\t.\t.\t.\tGT:DP:GQ\t0/1:30:50\n"

Test(vcf, leak_A15_A18_C01_E03_sex_chromosomes_of_a_fetus_leave_no_trace)
{
    static const char *const files[] = {
        FETAL_HEADER("") ONE TWO_LINES,
        FETAL_HEADER(CONTIG("chrX", "156040895") CONTIG("chrY", "57227415")) ONE TWO_LINES,
        FETAL_HEADER(CONTIG("chrX", "1") CONTIG("chrY", "x")) ONE TWO_LINES, /* another build's */
        FETAL_HEADER(CONTIG("X", "155270560")) ONE TWO_LINES "X\t100\t.\tC\tT\t.\t.\t.\tGT\t1\n",
        FETAL_HEADER("") ONE
        "chrX\t100\t.\tC\tT\t.\t.\t.\tGT:DP:GQ\t1:30:50\n" TWO_LINES, /* between */
        FETAL_HEADER("") "chrY\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\n" ONE TWO_LINES,
        FETAL_HEADER("") ONE TWO_LINES "chrX\tabc\n",
        FETAL_HEADER("") ONE TWO_LINES "chrX\n",
        FETAL_HEADER("") ONE TWO_LINES "chrX\t9\t.\t\t\t\t\nchrX\t8\nchrY\t0\nchrX\t7\n",
        FETAL_HEADER("") ONE TWO_LINES "chrY\t100\t.\tC", /* cut inside */
        FETAL_HEADER("") ONE TWO_LINES "NC_000023.11\t100\t.\tC\tT\t.\t.\t.\tGT\t1\n",
        FETAL_HEADER("") ONE TWO_LINES "chromosomeY\t100\t.\tC\tT\t.\t.\t.\tGT\t1\n",
        FETAL_HEADER("") ONE TWO_LINES "24\t100\nchrX_random\t5\nHLA-A\t1\n",
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        for (Dress d = PLAIN; d <= GZIP; d++) {
            const char *got = read_text(files[i], strlen(files[i]), d, (Options){.fetal = true});
            cr_expect_str_eq(got,
                             "0 allele 1 dp30 gq50 ps-1 100-100; 1 allele 1 dp30 gq50 ps-1 203-204",
                             "file %zu: %s", i, got);
        }
}

Test(vcf, leak_A18_bcf_of_a_fetus)
{
    const char *text = HEADER ONE "chrX\t100\t.\tC\tT\t.\t.\t.\tGT:DP:GQ\t1:30:50\n"
                                  "chrM\t100\t.\tC\tT\t.\t.\t.\tGT:DP:GQ\t1:30:50\n";
    const char *fetal = read_text(text, strlen(text), BCF, (Options){.fetal = true});
    cr_expect_str_eq(fetal, "0 allele 1 dp30 gq50 ps-1 100-100; 4 allele 1 dp30 gq50 ps-1 100-100",
                     "%s", fetal);
    const char *adult = read_text(text, strlen(text), BCF, (Options){0});
    cr_expect_neq(strstr(adult, "3 allele 1"), NULL, "%s", adult);
}

Test(vcf, leak_E03_notes_on_a_fetus_name_only_the_place)
{
    static const struct {
        const char *text, *note;
    } rows[] = {
        {HEADER "chr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/9\n", "vcf.genotype - 0 chr11:100"},
        {HEADER "chrX\t100\nchr11\t100\t.\tC\tT\t.\t.\t.\tGT\t0/9\n", "vcf.genotype - 0 chr11:100"},
        {HEADER "chr11\t100\t.\n", "vcf.fields - 0 chr11:100"},
        {HEADER "chr11\tabc\t.\n", "vcf.position - 0 POS"},
        {HEADER "chr11\t100\t.\tC\tT", "vcf.truncated - 0 "},
        {VERSION_LINE COLUMNS, "vcf.build - 0 ##contig"},
        {VERSION_LINE CONTIGS FIXED_COLUMNS "\tFORMAT\tA\tB\n", "vcf.sample - 0 #CHROM"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got =
            read_text(rows[i].text, strlen(rows[i].text), PLAIN, (Options){.fetal = true});
        cr_expect_str_eq(got, rows[i].note, "row %zu: %s, wanted %s", i, got, rows[i].note);
    }
}

/* ---- sniffing ---- */

Test(vcf, sniff)
{
    static const struct {
        const char *bytes;
        size_t size;
        bool mine;
    } rows[] = {
        {"##fileformat=VCFv4.2\n", 21, true},
        {"##file", 6, true},
        {"BCF\2\2", 5, true},
        {"MSH|^~\\&|", 9, false},
        {"sample,value", 12, false},
        {"", 0, false},
        {"##", 2, false},
        {"\x1f\x8b", 2, true},
        {"BAM\1", 4, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(reader_vcf.sniff((const unsigned char *)rows[i].bytes, rows[i].size),
                     rows[i].mine, "row %zu", i);
    for (Dress d = PLAIN; d < DRESSES; d++) {
        char path[TEMPORARY];
        temporary_path(path, "vcf");
        put_dressed(path, SMALL, d);
        size_t size;
        char *bytes = load(path, &size);
        cr_expect(reader_vcf.sniff((unsigned char *)bytes, size < 4096 ? size : 4096), "dress %d",
                  d);
        put_dressed(path, "sample,value\nS1,2\n", d < BCF ? d : BGZIP);
        bytes = load(path, &size);
        cr_expect_not(reader_vcf.sniff((unsigned char *)bytes, size), "a zipped table, dress %d",
                      d);
        unlink(path);
    }
}

Test(vcf, an_assay_without_sites_is_refused)
{
    static const Assay none = {.code = "none"};
    FILE *f = tmpfile();
    ReadJob job = {
        .fd = fileno(f), .file = "a.vcf", .specimen = "S1", .assay = &none, .arena = arena};
    Evidence e;
    Note why;
    cr_expect_eq(reader_vcf.read(&e, &job, &why), REFUSED);
    cr_expect_str_eq(why.code, "vcf.assay");
    indices[BUILD_GRCH38] = NULL;
    const char *got = read_text(SMALL, strlen(SMALL), PLAIN, (Options){0});
    cr_expect_str_eq(got, "vcf.panel 0 ", "%s", got);
    fclose(f);
}
