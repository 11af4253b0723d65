/* bam - reader of BAM: how many reads, with which GC, lie in each bin of chromosomes 1 to 22?
 *
 * Method. Only the fields that are needed are taken from a record, the decompressor is HTSlib's BGZF layer, and no genome file is
 * needed because the reads bring their own GC. A record of X, Y, the mitochondrion, a decoy or no place is stepped over by its length
 * before anything else of it is looked at, so that it can change neither a count nor a Note. Of a pair the leftmost mate stands
 * for both. Duplicates are those flagged and those that repeat place, strand and length of a read before. Format: Sequence
 * Alignment/Map Format Specification, section 4, samtools/hts-specs.
 *
 * Refused: a build that the lengths of chromosomes 1 to 22 do not prove, two names for one chromosome, autosomal records out of
 * order (counting duplicates by place would be wrong), read groups of several samples, single reads and pairs in one file, lengths
 * that lie, anything cut short (no end-of-file block, a bad checksum, half a record). No reads at all is no fault here: the
 * assay's table says what becomes of a failed library. */
#include "reader.h"

#include "../../lab/assays/nipt.h"
#include "magic.h"

#include <htslib/bgzf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER = 256 * 1024,
    MOST_TEXT = 64 * 1024 * 1024,
    MOST_CONTIGS = 1000000,
    MOST_NAME = 1024,
    MOST_RECORD = 16 * 1024 * 1024,
    FIXED = 32, /* bytes of a record before its name */
    HERE = 64   /* different reads remembered at one place */
};
enum { PAIRED = 1, PROPER = 2, UNMAPPED = 4, MATE_UNMAPPED = 8, REVERSE = 16, FIRST = 64 };
enum { NOT_PRIMARY = 0x900, FAILED = 0x200, DUPLICATE = 0x400 };

typedef struct BamInput {
    const ReadJob *job;
    const NiptSettings *settings;
    Note *why;
    BGZF *bgzf;
    unsigned char *buffer;
    size_t start, end, capacity;
} BamInput;

typedef struct BamState {
    BamInput *in;
    Bins *bins;
    int8_t *chroms; /* chromosome of each contig; 0 = stepped over */
    uint32_t n_contigs;
    uint32_t first[AUTOSOMES + 2]; /* bin of each chromosome */
    int64_t length[AUTOSOMES + 1];
    int32_t contig, pos; /* of the last autosomal record */
    int64_t here[HERE];  /* strand and length of the reads at this place */
    int n_here;
    bool any_paired, any_single, no_bases;
} BamState;

static Status fault(const BamInput *in, Status status, const char *code, const char *field)
{
    return note_fail(in->why, status, code,
                     (Place){.file = in->job->fetal ? NULL : in->job->file, .field = field}, NULL);
}

static Status damaged(const BamInput *in)
{
    return fault(in, BAD_INPUT, "bam.truncated", NULL);
}

/* At least `n` bytes at in->start; *have = false at a clean end of the file. */
static Status need(BamInput *in, size_t n, bool *have)
{
    *have = true;
    if (in->end - in->start >= n) return OK;
    size_t held = in->end - in->start;
    memmove(in->buffer, in->buffer + in->start, held);
    in->start = 0;
    in->end = held;
    while (in->capacity < n)
        in->buffer = arena_grow(in->job->arena, in->buffer, &in->capacity, 1);
    while (in->end < n) {
        ssize_t got = bgzf_read(in->bgzf, in->buffer + in->end, in->capacity - in->end);
        if (got < 0) return damaged(in);
        if (got == 0) {
            *have = false;
            return in->end == 0 ? OK : damaged(in);
        }
        in->end += (size_t)got;
    }
    return OK;
}

/* The same, where the end of the file is a fault. */
static Status want(BamInput *in, size_t n, const unsigned char **bytes)
{
    bool have;
    Status s = need(in, n, &have);
    if (s != OK) return s;
    if (!have) return damaged(in);
    *bytes = in->buffer + in->start;
    in->start += n;
    return OK;
}

static uint32_t u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int32_t i32(const unsigned char *p)
{
    return (int32_t)u32(p);
}

/* ---- the header ---- */

/* A tag's value as a plain word: lower case, anything strange a hyphen, at most 40 letters; "" = not there. */
static const char *tag_word(const BamInput *in, const char *line, size_t length, const char *tag)
{
    char word[41];
    size_t n = 0;
    for (const char *p = memchr(line, '\t', length); p != NULL && p + 4 < line + length;
         p = memchr(p + 1, '\t', (size_t)(line + length - p - 1))) {
        if (memcmp(p + 1, tag, 3) != 0) continue;
        for (const char *q = p + 4; q < line + length && *q != '\t' && n + 1 < sizeof word; q++) {
            int c = *q >= 'A' && *q <= 'Z' ? *q - 'A' + 'a' : *q;
            bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
            word[n++] = (char)(plain ? c : '-');
        }
        break;
    }
    return arena_copy_n(in->job->arena, word, n);
}

typedef struct Origin {
    const char *sample, *platform, *aligner; /* NULL = not seen yet */
    bool mixed_samples, mixed_platforms;
} Origin;

static void read_header_line(Origin *o, const BamInput *in, const char *line, size_t length)
{
    if (length > 3 && memcmp(line, "@RG", 3) == 0) {
        const char *sample = tag_word(in, line, length, "SM:");
        const char *platform = tag_word(in, line, length, "PM:");
        if (platform[0] == '\0') platform = tag_word(in, line, length, "PL:");
        o->mixed_samples |= o->sample != NULL && strcmp(o->sample, sample) != 0;
        o->mixed_platforms |= o->platform != NULL && strcmp(o->platform, platform) != 0;
        o->sample = sample;
        o->platform = platform;
    }
    if (length > 3 && memcmp(line, "@PG", 3) == 0 && o->aligner == NULL)
        o->aligner = tag_word(in, line, length, "PN:");
}

static Status read_text(Origin *o, BamInput *in)
{
    const unsigned char *bytes = (const unsigned char[8]){0};
    Status s = want(in, 8, &bytes);
    if (s != OK) return s;
    uint32_t length = u32(bytes + 4);
    if (memcmp(bytes, "BAM\1", 4) != 0 || length > MOST_TEXT)
        return fault(in, BAD_INPUT, "bam.header", "text");
    s = want(in, length, &bytes);
    if (s != OK) return s;
    for (const char *line = (const char *)bytes, *end = line + length; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((feed ? feed : end) - line);
        read_header_line(o, in, line, n);
        line += n + 1;
    }
    if (o->mixed_samples) return fault(in, REFUSED, "bam.mixed", "@RG SM");
    if (o->mixed_platforms) return fault(in, REFUSED, "bam.mixed", "@RG PL");
    return OK;
}

/* One contig of the list: an autosome must have the length of the build that the first one proved. */
static Status read_contig(BamState *s, uint32_t index, Build *build, uint32_t *seen)
{
    const unsigned char *bytes;
    Status status = want(s->in, 4, &bytes);
    if (status != OK) return status;
    uint32_t n = u32(bytes);
    if (n < 2 || n > MOST_NAME) return fault(s->in, BAD_INPUT, "bam.header", "contig");
    status = want(s->in, n + 4, &bytes);
    if (status != OK) return status;
    int chrom = chrom_parse((const char *)bytes, n - 1);
    int64_t length = u32(bytes + n);
    if (chrom < 1 || chrom > AUTOSOMES) return OK;
    Build told = length == chrom_length(BUILD_GRCH38, chrom)   ? BUILD_GRCH38
                 : length == chrom_length(BUILD_GRCH37, chrom) ? BUILD_GRCH37
                                                               : BUILD_UNKNOWN;
    if (told == BUILD_UNKNOWN || (*build != BUILD_UNKNOWN && *build != told))
        return fault(s->in, REFUSED, "bam.build", "@SQ");
    if (*seen & 1u << chrom) return fault(s->in, REFUSED, "bam.contigs", "@SQ");
    *seen |= 1u << chrom;
    *build = told;
    s->chroms[index] = (int8_t)chrom;
    return OK;
}

static Status read_contigs(BamState *s, Build *build)
{
    const unsigned char *bytes = (const unsigned char[4]){0};
    uint32_t seen = 0;
    Status status = want(s->in, 4, &bytes);
    if (status != OK) return status;
    s->n_contigs = u32(bytes);
    if (s->n_contigs > MOST_CONTIGS) return fault(s->in, BAD_INPUT, "bam.header", "contigs");
    s->chroms = arena_alloc(s->in->job->arena, s->n_contigs + 1);
    for (uint32_t i = 0; status == OK && i < s->n_contigs; i++)
        status = read_contig(s, i, build, &seen);
    if (status == OK && seen != ((1u << (AUTOSOMES + 1)) - 2))
        return fault(s->in, REFUSED, "bam.build", "@SQ");
    return status;
}

static Status read_header(BamState *s)
{
    Origin origin = {0};
    Build build = BUILD_UNKNOWN;
    Status status = read_text(&origin, s->in);
    if (status == OK) status = read_contigs(s, &build);
    if (status != OK) return status;
    uint32_t size = (uint32_t)s->in->settings->bin_size;
    s->bins = bins_new(build, size, true, true, s->in->job->arena);
    s->bins->instrument = origin.platform ? origin.platform : "";
    s->bins->aligner = origin.aligner ? origin.aligner : "";
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++) {
        s->first[chrom] = bins_first(build, size, chrom);
        s->length[chrom] = chrom_length(build, chrom);
    }
    s->contig = s->pos = -1;
    return OK;
}

/* ---- records ---- */

/* Whole per cent of C and G in `n` bases, four bits each (C = 2, G = 4). Eight bytes at a time. */
static uint32_t gc_percent(const unsigned char *bases, uint32_t n)
{
    const uint64_t lowest = 0x1111111111111111u;
    uint32_t count = 0, bytes = n / 2, i = 0;
    for (; i + 8 <= bytes; i += 8) {
        uint64_t x;
        memcpy(&x, bases + i, 8);
        count += (uint32_t)__builtin_popcountll((x >> 1 ^ x >> 2) & ~x & ~(x >> 3) & lowest);
    }
    for (; i < bytes; i++) {
        unsigned high = bases[i] >> 4, low = bases[i] & 15;
        count += (high == 2 || high == 4 ? 1u : 0u) + (low == 2 || low == 4 ? 1u : 0u);
    }
    if ((n & 1) && (bases[bytes] >> 4 == 2 || bases[bytes] >> 4 == 4)) count++;
    return (100 * count + n / 2) / n;
}

/* Whether this strand and length stood at this place before. */
static bool seen_here(BamState *s, int64_t key)
{
    for (int i = 0; i < s->n_here; i++)
        if (s->here[i] == key) return true;
    if (s->n_here == HERE) return true; /* a tower of reads: no more of it */
    s->here[s->n_here++] = key;
    return false;
}

/* Counts a record that passed every filter. */
static void count_read(BamState *s, int chrom, int32_t pos, int32_t span, const unsigned char *r)
{
    Bins *b = s->bins;
    uint32_t bin = s->first[chrom] + (uint32_t)pos / b->size, l_seq = u32(r + 16);
    uint32_t n_cigar = r[12] | (uint32_t)r[13] << 8;
    b->reads[bin]++;
    if (l_seq > 0)
        b->gc[bin] += gc_percent(r + FIXED + r[8] + (size_t)4 * n_cigar, l_seq);
    else
        s->no_bases = true;
    if (!s->any_paired) return;
    b->lengths[span < BINS_LENGTHS - 1 ? span : BINS_LENGTHS - 1]++;
    if (span <= s->in->settings->short_most) b->shorts[bin]++;
}

/* An autosomal primary record that stands for its read or pair: which filter takes it? */
static void filter_read(BamState *s, int chrom, const unsigned char *r, unsigned flag)
{
    Bins *b = s->bins;
    int32_t pos = i32(r + 4), span = i32(r + 28);
    bool paired = flag & PAIRED;
    b->examined++;
    /* Filters in the order in which their counts are told; two of them share a count each. */
    if (flag & UNMAPPED) { /* NOLINT(bugprone-branch-clone) */
        b->ambiguous++;
    } else if ((flag & FAILED) || (paired && (!(flag & PROPER) || (flag & MATE_UNMAPPED) ||
                                              i32(r + 20) != i32(r) || span <= 0))) {
        b->filtered++;
    } else if (flag & DUPLICATE) { /* NOLINT(bugprone-branch-clone) */
        b->duplicates++;
    } else if (r[9] < s->in->settings->least_mapq) { /* NOLINT(bugprone-branch-clone) */
        b->ambiguous++;
    } else if (seen_here(s, (int64_t)(paired ? span : 0) * 2 + (flag & REVERSE ? 1 : 0))) {
        b->duplicates++;
    } else {
        count_read(s, chrom, pos, span, r);
    }
}

/* A record of an autosome: `r` points behind its length field, `size` bytes. */
static Status autosomal(BamState *s, const unsigned char *r, uint32_t size)
{
    int32_t contig = i32(r), pos = i32(r + 4);
    int chrom = (unsigned char)s->chroms[contig];
    unsigned flag = r[14] | (unsigned)r[15] << 8;
    uint64_t l_seq = u32(r + 16), n_cigar = r[12] | (unsigned)r[13] << 8;
    if (FIXED + r[8] + 4 * n_cigar + (l_seq + 1) / 2 + l_seq > size || pos < 0 ||
        pos >= s->length[chrom])
        return fault(s->in, BAD_INPUT, "bam.record", chrom_name(chrom));
    if (contig < s->contig || (contig == s->contig && pos < s->pos))
        return fault(s->in, REFUSED, "bam.unsorted", chrom_name(chrom));
    if (contig != s->contig || pos != s->pos) s->n_here = 0;
    s->contig = contig;
    s->pos = pos;
    if (flag & NOT_PRIMARY) return OK;
    bool paired = flag & PAIRED;
    s->any_paired |= paired;
    s->any_single |= !paired;
    if (s->any_paired && s->any_single) return fault(s->in, REFUSED, "bam.ends", NULL);
    int32_t span = i32(r + 28);
    if (!paired || span > 0 || (span == 0 && (flag & FIRST))) filter_read(s, chrom, r, flag);
    return OK;
}

static Status next_record(BamState *s, bool *have)
{
    BamInput *in = s->in;
    Status status = need(in, 4, have);
    if (status != OK || !*have) return status;
    uint32_t size = u32(in->buffer + in->start);
    if (size < FIXED || size > MOST_RECORD) return fault(in, BAD_INPUT, "bam.record", NULL);
    status = need(in, size + 4, have);
    if (status != OK) return status;
    if (!*have) return damaged(in);
    const unsigned char *r = in->buffer + in->start + 4;
    int32_t contig = i32(r);
    if (contig >= 0 && (uint32_t)contig < s->n_contigs && s->chroms[contig] > 0)
        status = autosomal(s, r, size);
    in->start += size + 4;
    return status;
}

static Status read_all(Evidence *out, BamState *s)
{
    BamInput *in = s->in;
    if (bgzf_compression(in->bgzf) != 2 || bgzf_check_EOF(in->bgzf) != 1) return damaged(in);
    Status status = read_header(s);
    bool have = true;
    while (status == OK && have)
        status = next_record(s, &have);
    if (status != OK) return status;
    Bins *b = s->bins;
    b->paired = s->any_paired;
    b->protocol = b->paired ? "paired" : "single";
    if (!b->paired) b->shorts = NULL;
    if (s->no_bases) b->gc = NULL;
    out->bins = b;
    return OK;
}

static Status bam_read(Evidence *out, const ReadJob *job, Note *why)
{
    *out = (Evidence){.status = OK};
    Place place = {.file = job->fetal ? NULL : job->file};
    if (job->assay == NULL || !job->assay->takes_bins || job->model == NULL)
        return note_fail(why, REFUSED, "bam.assay", place, NULL);
    const NiptModel *model = job->model;
    BamInput in = {.job = job, .settings = &model->settings, .why = why};
    BamState *state = arena_alloc(job->arena, sizeof *state);
    Status s = OK;
    int fd = dup(job->fd);
    in.bgzf = fd < 0 ? NULL : bgzf_dopen(fd, "r");
    if (in.bgzf == NULL) {
        if (fd >= 0) (void)close(fd);
        s = damaged(&in);
        goto done;
    }
    in.capacity = BUFFER;
    in.buffer = arena_alloc(job->arena, in.capacity);
    state->in = &in;
    s = read_all(out, state);
done:
    if (in.bgzf != NULL && bgzf_close(in.bgzf) != 0 && s == OK) s = damaged(&in);
    if (s != OK) *out = (Evidence){.status = s, .note = why != NULL ? *why : (Note){0}};
    return s;
}

static bool bam_sniff(const unsigned char *head, size_t size)
{
    unsigned char text[8];
    return magic_is(text, magic_bytes(text, sizeof text, head, size), "BAM\1");
}

const Reader reader_bam = {
    .code = "bam",
    .what = "BAM, sorted, of low-pass sequencing",
    .many = false,
    .sniff = bam_sniff,
    .read = bam_read,
};
