/* The BAM and bin-table readers: what is counted, what is refused and with which Note, every cut of a small file, and that a fetus's
 * sex chromosomes leave no trace. BAMs are written here, record by record. */
#include "lab/assays/nipt.h"
#include "pipeline/readers/reader.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <htslib/bgzf.h>
#include <htslib/sam.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const Reader reader_bam, reader_bins;

static Arena *arena;
static const Assay assay = {.code = "test", .takes_bins = true};
static NiptModel model = {.settings = {.bin_size = 50000, .least_mapq = 1, .short_most = 150}};

static void setup(void)
{
    hts_set_log_level(HTS_LOG_OFF);
    arena = arena_new(NULL);
}

static void teardown(void)
{
    arena_free(arena);
}

TestSuite(bam, .init = setup, .fini = teardown);

typedef struct Row {
    int tid; /* 0..21 = chr1..chr22, 22 = X, 23 = Y, 24 = M; -1 = no place */
    int64_t pos;
    int flag, mapq, span;
    const char *bases;
} Row;

typedef struct Form { /* of the header */
    const char *prefix;
    Build build;
    int contigs;
    const char *second_sample;
} Form;

static const Form plain = {"chr", BUILD_GRCH38, 25, NULL};

static int write_file(const void *bytes, size_t n)
{
    char name[TEMPORARY];
    int fd = temporary_file(name, "bam");
    cr_assert(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
    unlink(name);
    return fd;
}

static sam_hdr_t *header_of(const Form *f)
{
    sam_hdr_t *h = sam_hdr_init();
    for (int c = 1; c <= f->contigs; c++) {
        const char *name = arena_print(arena, "%s%s", f->prefix, c == 25 ? "M" : chrom_name(c));
        const char *length = arena_print(arena, "%lld", (long long)chrom_length(f->build, c));
        if (strcmp(f->prefix, "NC_") == 0) name = arena_print(arena, "NC_%06d.1", c);
        cr_assert_eq(sam_hdr_add_line(h, "SQ", "SN", name, "LN", length, NULL), 0);
    }
    cr_assert_eq(sam_hdr_add_line(h, "RG", "ID", "1", "SM", "a", "PL", "ILLUMINA", NULL), 0);
    if (f->second_sample)
        cr_assert_eq(
            sam_hdr_add_line(h, "RG", "ID", "2", "SM", f->second_sample, "PL", "ILLUMINA", NULL),
            0);
    cr_assert_eq(sam_hdr_add_line(h, "PG", "ID", "b", "PN", "Bowtie 2", NULL), 0);
    return h;
}

/* Bytes of a BAM with these rows. */
static unsigned char *bam_bytes(size_t *size, const Form *f, const Row *rows, size_t n)
{
    char name[TEMPORARY];
    int fd = temporary_file(name, "bam");
    samFile *out = sam_open(name, "wb");
    sam_hdr_t *h = header_of(f);
    bam1_t *b = bam_init1();
    cr_assert(out != NULL && sam_hdr_write(out, h) == 0);
    for (size_t i = 0; i < n; i++) {
        const char *bases = rows[i].bases ? rows[i].bases : "ACGTACGTAA"; /* 40 per cent */
        char q[64] = {0};
        uint32_t cigar = (uint32_t)strlen(bases) << 4;
        cr_assert(bam_set1(b, 2, "r", (uint16_t)rows[i].flag, rows[i].tid, rows[i].pos,
                           (uint8_t)rows[i].mapq, 1, &cigar, rows[i].flag & 1 ? rows[i].tid : -1,
                           rows[i].flag & 1 ? rows[i].pos : -1, rows[i].span, strlen(bases), bases,
                           q, 0) >= 0);
        cr_assert(sam_write1(out, h, b) >= 0);
    }
    cr_assert_eq(sam_close(out), 0);
    *size = (size_t)lseek(fd, 0, SEEK_END);
    unsigned char *bytes = arena_alloc(arena, *size);
    cr_assert(pread(fd, bytes, *size, 0) == (ssize_t)*size);
    close(fd);
    unlink(name);
    bam_destroy1(b);
    sam_hdr_destroy(h);
    return bytes;
}

static Status read_bytes(Evidence *e, const Reader *reader, const void *bytes, size_t n, bool fetal,
                         Note *why)
{
    int fd = write_file(bytes, n);
    *why = (Note){0};
    ReadJob job = {.fd = fd,
                   .file = "x.bam",
                   .fetal = fetal,
                   .assay = &assay,
                   .model = &model,
                   .arena = arena};
    Status s = reader->read(e, &job, why);
    close(fd);
    return s;
}

static Status read_rows(Evidence *e, const Form *f, const Row *rows, size_t n, Note *why)
{
    size_t size;
    unsigned char *bytes = bam_bytes(&size, f, rows, n);
    cr_assert(reader_bam.sniff(bytes, size));
    return read_bytes(e, &reader_bam, bytes, size, true, why);
}

static uint64_t total(const uint32_t *values, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

Test(bam, filters_one_by_one)
{
    static const struct {
        Row row;
        uint64_t reads, examined, ambiguous, duplicates, filtered;
    } rows[] = {
        {{0, 100, 0, 30, 0, NULL}, 1, 1, 0, 0, 0},
        {{0, 100, 16, 30, 0, NULL}, 1, 1, 0, 0, 0},
        {{0, 100, 0, 0, 0, NULL}, 0, 1, 1, 0, 0},
        {{0, 100, 0x400, 30, 0, NULL}, 0, 1, 0, 1, 0},
        {{0, 100, 0x100, 30, 0, NULL}, 0, 0, 0, 0, 0},
        {{0, 100, 0x800, 30, 0, NULL}, 0, 0, 0, 0, 0},
        {{0, 100, 0x200, 30, 0, NULL}, 0, 1, 0, 0, 1},
        {{0, 100, 4, 0, 0, NULL}, 0, 1, 1, 0, 0},
        {{-1, -1, 4, 0, 0, NULL}, 0, 0, 0, 0, 0},
        {{24, 100, 0, 30, 0, NULL}, 0, 0, 0, 0, 0},
        {{22, 100, 0, 30, 0, NULL}, 0, 0, 0, 0, 0},
        {{23, 100, 0, 30, 0, NULL}, 0, 0, 0, 0, 0},
        {{0, 100, 0x43, 30, 160, NULL}, 1, 1, 0, 0, 0},
        {{0, 100, 0x83, 30, -160, NULL}, 0, 0, 0, 0, 0},
        {{0, 100, 0x41, 30, 160, NULL}, 0, 1, 0, 0, 1},
        {{0, 100, 0x4B, 30, 160, NULL}, 0, 1, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Evidence e;
        Note why;
        cr_assert_eq(read_rows(&e, &plain, &rows[i].row, 1, &why), OK, "row %zu: %s", i, why.code);
        cr_expect_eq(total(e.bins->reads, e.bins->n), rows[i].reads, "row %zu reads", i);
        cr_expect_eq(e.bins->examined, rows[i].examined, "row %zu examined", i);
        cr_expect_eq(e.bins->ambiguous, rows[i].ambiguous, "row %zu ambiguous", i);
        cr_expect_eq(e.bins->duplicates, rows[i].duplicates, "row %zu duplicates", i);
        cr_expect_eq(e.bins->filtered, rows[i].filtered, "row %zu filtered", i);
    }
}

Test(bam, places_gc_lengths_and_duplicates)
{
    static const Row rows[] = {{0, 49999, 0x43, 30, 160, "CCCCCGGGGG"},
                               {0, 50000, 0x43, 30, 160, "AAAAAAAAAA"},
                               {0, 50000, 0x43, 30, 160, "AAAAAAAAAA"},
                               {0, 50000, 0x43, 30, 140, "ACGTACGTACGTACGTACGTACGTACGTACGTACGTA"},
                               {20, 46709982, 0x43, 30, 390, "NNNNNNNNNN"}};
    Evidence e;
    Note why;
    cr_assert_eq(read_rows(&e, &plain, rows, 5, &why), OK);
    const Bins *b = e.bins;
    cr_expect_eq(b->build, BUILD_GRCH38);
    cr_expect(b->paired);
    cr_expect_str_eq(b->instrument, "illumina");
    cr_expect_str_eq(b->aligner, "bowtie-2");
    cr_expect_eq(b->reads[0], 1);
    cr_expect_eq(b->gc[0], 100);
    cr_expect_eq(b->reads[1], 2);
    cr_expect_eq(b->gc[1], 49); /* 18 of 37 */
    cr_expect_eq(b->shorts[1], 1);
    cr_expect_eq(b->duplicates, 1);
    cr_expect_eq(b->lengths[160], 2);
    cr_expect_eq(b->lengths[140], 1);
    cr_expect_eq(b->reads[bins_first(BUILD_GRCH38, 50000, 22) - 1], 1);
}

Test(bam, evidence_goes_to_the_ledger_and_back)
{
    static const Row rows[] = {{0, 5, 0x43, 30, 160, NULL}, {3, 777777, 0x43, 30, 120, NULL}};
    Evidence e, again;
    Note why;
    cr_assert_eq(read_rows(&e, &plain, rows, 2, &why), OK);
    const char *text = evidence_print(&e, arena);
    cr_assert_eq(evidence_parse(&again, text, arena, &why), OK);
    cr_expect_str_eq(evidence_print(&again, arena), text);
    cr_expect_eq(memcmp(again.bins->gc, e.bins->gc, e.bins->n * sizeof *e.bins->gc), 0);
    char *broken = arena_copy(arena, text);
    broken[strlen(broken) - 5] ^= 1;
    if (evidence_parse(&again, broken, arena, &why) == OK)
        cr_expect_str_neq(evidence_print(&again, arena), text);
}

Test(bam, names_of_chromosomes_and_builds)
{
    static const struct {
        Form form;
        Status status;
        const char *code;
    } rows[] = {
        {{"chr", BUILD_GRCH38, 25, NULL}, OK, NULL},
        {{"", BUILD_GRCH38, 25, NULL}, OK, NULL},
        {{"NC_", BUILD_GRCH38, 24, NULL}, OK, NULL},
        {{"chr", BUILD_GRCH37, 25, NULL}, OK, NULL},
        {{"chr", BUILD_GRCH38, 22, NULL}, OK, NULL},
        {{"chr", BUILD_GRCH38, 21, NULL}, REFUSED, "bam.build"},
        {{"scaffold", BUILD_GRCH38, 25, NULL}, REFUSED, "bam.build"},
        {{"chr", BUILD_GRCH38, 25, "b"}, REFUSED, "bam.mixed"},
    };
    static const Row row = {0, 100, 0, 30, 0, NULL};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Evidence e;
        Note why;
        cr_expect_eq(read_rows(&e, &rows[i].form, &row, 1, &why), rows[i].status, "row %zu: %s", i,
                     why.code);
        if (rows[i].code) cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
    }
}

Test(bam, what_would_be_counted_wrong_is_refused)
{
    static const Row unsorted[] = {{0, 500, 0, 30, 0, NULL}, {0, 400, 0, 30, 0, NULL}};
    static const Row chroms[] = {{5, 500, 0, 30, 0, NULL}, {4, 600, 0, 30, 0, NULL}};
    static const Row ends[] = {{0, 500, 0, 30, 0, NULL}, {0, 600, 0x43, 30, 160, NULL}};
    static const Row hidden[] = {{0, 500, 0, 30, 0, NULL},
                                 {22, 900, 0, 30, 0, NULL},
                                 {22, 100, 0x43, 30, 9, NULL},
                                 {1, 600, 0, 30, 0, NULL}};
    Evidence e;
    Note why;
    cr_expect_eq(read_rows(&e, &plain, unsorted, 2, &why), REFUSED);
    cr_expect_str_eq(why.code, "bam.unsorted");
    cr_expect_eq(read_rows(&e, &plain, chroms, 2, &why), REFUSED);
    cr_expect_eq(read_rows(&e, &plain, ends, 2, &why), REFUSED);
    cr_expect_str_eq(why.code, "bam.ends");
    cr_expect_eq(read_rows(&e, &plain, hidden, 4, &why), OK,
                 "disorder among hidden records is no fault");
}

Test(bam, hidden_chromosomes_leave_no_trace)
{
    static const Row with[] = {{0, 500, 0, 30, 0, NULL}, {21, 600, 0, 30, 0, NULL},
                               {22, 1, 0, 30, 0, NULL},  {22, 1, 0x400, 0, 0, NULL},
                               {23, 7, 0, 30, 0, NULL},  {24, 8, 0, 30, 0, NULL},
                               {-1, -1, 4, 0, 0, NULL}};
    Evidence a, b;
    Note why;
    cr_assert_eq(read_rows(&a, &plain, with, 7, &why), OK);
    cr_assert_eq(read_rows(&b, &plain, with, 2, &why), OK);
    cr_expect_str_eq(evidence_print(&a, arena), evidence_print(&b, arena));
}

Test(bam, every_cut_is_refused)
{
    static const Row rows[] = {{0, 500, 0, 30, 0, NULL}, {21, 600, 0, 30, 0, NULL}};
    size_t size;
    unsigned char *bytes = bam_bytes(&size, &plain, rows, 2);
    for (size_t n = 0; n < size; n++) {
        Evidence e;
        Note why;
        Status s = read_bytes(&e, &reader_bam, bytes, n, true, &why);
        cr_expect_neq(s, OK, "cut at %zu", n);
        cr_expect(why.code != NULL && why.file[0] == '\0', "cut at %zu", n);
    }
}

Test(bam, every_broken_byte_is_refused_or_harmless)
{
    static const Row rows[] = {{0, 500, 0, 30, 0, NULL}, {21, 600, 0, 30, 0, NULL}};
    size_t size;
    unsigned char *bytes = bam_bytes(&size, &plain, rows, 2);
    for (size_t i = 0; i < size; i++) {
        Evidence e;
        Note why;
        bytes[i] ^= 0x10;
        if (read_bytes(&e, &reader_bam, bytes, size, true, &why) == OK)
            cr_expect_eq(total(e.bins->reads, e.bins->n), 2, "byte %zu", i);
        bytes[i] ^= 0x10;
    }
}

Test(bam, no_reads_are_no_fault)
{
    Evidence e;
    Note why;
    cr_assert_eq(read_rows(&e, &plain, NULL, 0, &why), OK);
    cr_expect_eq(e.bins->examined, 0);
}

TestSuite(bins, .init = setup, .fini = teardown);

Test(bins, tables)
{
    static const struct {
        const char *text, *code; /* NULL = read */
        uint64_t reads;
    } rows[] = {
        {"#build GRCh38\nchrom\tstart\tcount\n1\t0\t5\nchr2\t50000\t7\n", NULL, 12},
        {"#build GRCh38\nchrom\tstart\tend\tcount\tgc\n1\t0\t50000\t5\t41.5\n", NULL, 5},
        {"#build GRCh38\n1\t0\t50000\t5\nX\t0\t50000\tgarbage\nY\n22\t0\t50000\t1\n", NULL, 6},
        {"#build GRCh37\r\nchrom\tstart\tcount\r\n1\t0\t5\r\n", NULL, 5},
        {"chrom\tstart\tcount\n1\t0\t5\n", "bins.build", 0},
        {"#build GRCh38\nchrom\tstart\tratio\n1\t0\t0.9\n", "bins.columns", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t0\t5.5\n", "bins.number", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t0\t-5\n", "bins.number", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t0\t\n", "bins.number", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t25000\t5\n", "bins.size", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t300000000\t5\n", "bins.place", 0},
        {"#build GRCh38\nchrom\tstart\tcount\n1\t0\t5\n1\t0\t5\n", "bins.twice", 0},
        {"#build GRCh38\n", "bins.empty", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Evidence e;
        Note why;
        Status s = read_bytes(&e, &reader_bins, rows[i].text, strlen(rows[i].text), true, &why);
        cr_expect_eq(s == OK, rows[i].code == NULL, "row %zu: %s", i, why.code ? why.code : "");
        if (s != OK) cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        if (s == OK) cr_expect_eq(total(e.bins->reads, e.bins->n), rows[i].reads, "row %zu", i);
    }
    cr_expect(reader_bins.sniff((const unsigned char *)rows[0].text, strlen(rows[0].text)));
    cr_expect(reader_bins.sniff((const unsigned char *)rows[4].text, strlen(rows[4].text)));
    cr_expect_not(reader_bins.sniff((const unsigned char *)"sample,run\n", 11));
}
