/* vcf - reader of VCF, VCF.gz, BCF and gVCF: which calls does this file hold at the panel's
 * sites?
 *
 * Method. A genome has five million records and a panel a few hundred sites, so a line is split
 * only as far as CHROM, POS, the length of REF and, where there is a block, END; the rest is
 * parsed for the few lines that touch a site. Every line is still checked for its number of
 * columns, its order and its place. The decompressor is HTSlib's BGZF layer; lines and BCF
 * records are taken apart here, because the library's own parsers accept a POS of "abc" and a
 * line of three columns, make up missing header entries, stop silently at a cut, and would let a
 * fault on a fetus's sex chromosome stop the file. Format: The Variant Call Format
 * Specification, VCFv4.3 and BCFv2.2, samtools/hts-specs.
 *
 * Refused: a build that the header's contig lengths do not prove, mixed naming, no column of the
 * specimen, records out of order, END before POS, wrong numbers of columns, places outside the
 * chromosome, bytes that are no text, anything cut short: no end-of-file block in BGZF, a bad
 * checksum, a last line without its line feed. (A plain VCF that is cut between two lines cannot
 * be told from a whole one: the checksum in results.csv guards it.) */
#define ZLIB_CONST
#include "vcf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { FIRST_BUFFER = 128 * 1024 };

static bool is_fetal(const VcfInput *in)
{
    return in->job->fetal;
}

Status vcf_fault(const VcfInput *in, Status status, const char *code, const char *field)
{
    Place place = {.field = field};
    if (!is_fetal(in)) {
        place.file = in->job->file;
        place.row = in->line;
    }
    return note_fail(in->why, status, code, place, NULL);
}

Status vcf_damaged(const VcfInput *in)
{
    Place place = {.file = is_fetal(in) ? NULL : in->job->file};
    return note_fail(in->why, BAD_INPUT, "vcf.truncated", place, NULL);
}

Status vcf_record_fault(const VcfState *s, const char *code, const char *field)
{
    if (!is_fetal(s->in) && !s->header.binary) return vcf_fault(s->in, BAD_INPUT, code, field);
    Place place = {.file = is_fetal(s->in) ? NULL : s->in->job->file};
    char where[48];
    (void)snprintf(where, sizeof where, "chr%s:%lld", chrom_name(s->visible), (long long)s->at);
    place.field = s->visible > 0 && s->at > 0 ? where : field;
    return note_fail(s->in->why, BAD_INPUT, code, place, NULL);
}

/* Makes room behind the unused bytes and reads more. */
static Status refill(VcfInput *in)
{
    size_t held = in->end - in->start;
    if (held > 0 && in->start > 0) memmove(in->buffer, in->buffer + in->start, held);
    in->start = 0;
    in->end = held;
    if (held == in->capacity) in->buffer = arena_grow(in->job->arena, in->buffer, &in->capacity, 1);
    ssize_t n = bgzf_read(in->bgzf, in->buffer + held, in->capacity - held);
    if (n < 0) return vcf_damaged(in);
    in->ended = n == 0;
    in->end += (size_t)n;
    return OK;
}

/* Whether this beginning of a line belongs to a contig that must not be looked at; or to a header line of a text so long that it
 * can only be a remark, or the contig line of one. */
static bool begins_hidden(const VcfInput *in, const char *text, size_t n)
{
    if (is_fetal(in) && in->budget < 0 && n > FIRST_BUFFER / 2 && memcmp(text, "##", 2) == 0)
        return true;
    const char *tab = n > 0 ? memchr(text, '\t', n) : NULL;
    return is_fetal(in) && tab != NULL && text[0] != '#' &&
           vcf_contig(in->job, text, (size_t)(tab - text)) == CONTIG_HIDDEN;
}

/* Drops the rest of a hidden line, however long; one cut short is no fault. */
static Status skip_line(VcfInput *in)
{
    while (!in->ended) {
        const char *lf = memchr(in->buffer + in->start, '\n', in->end - in->start);
        if (lf != NULL) {
            in->start = (size_t)(lf - in->buffer) + 1;
            return OK;
        }
        in->start = in->end;
        Status s = refill(in);
        if (s != OK) return s;
    }
    in->start = in->end;
    return OK;
}

static size_t usable(const VcfInput *in)
{
    size_t held = in->end - in->start;
    return in->budget >= 0 && (uint64_t)in->budget < held ? (size_t)in->budget : held;
}

/* No line feed in all that is usable: more is read, or this was the end. */
static Status lengthen(VcfInput *in, bool *finished)
{
    const char *text = in->buffer + in->start;
    size_t held = usable(in);
    bool hidden = begins_hidden(in, text, held);
    *finished = false;
    if (in->ended || (in->budget >= 0 && (uint64_t)in->budget == held)) {
        *finished = true;
        bool padding = in->budget >= 0 && (held == 0 || memchr(text, '\0', held) == text);
        if (held > 0 && !hidden && !padding) return vcf_damaged(in);
        in->start += held;
        return OK;
    }
    if (hidden && held > FIRST_BUFFER / 2) return skip_line(in);
    if (held >= VCF_LINE_LIMIT) return vcf_fault(in, TOO_LARGE, "vcf.too_large", NULL);
    return refill(in);
}

Status vcf_next_line(VcfInput *in, const char **line, size_t *length)
{
    for (;;) {
        size_t held = usable(in);
        const char *text = in->buffer + in->start;
        const char *lf = held > 0 ? memchr(text, '\n', held) : NULL;
        if (lf != NULL) {
            size_t n = (size_t)(lf - text);
            in->start += n + 1;
            in->budget -= in->budget >= 0 ? (int64_t)n + 1 : 0;
            in->line++;
            *line = text;
            *length = n > 0 && text[n - 1] == '\r' ? n - 1 : n;
            return OK;
        }
        bool finished;
        Status s = lengthen(in, &finished);
        *line = NULL;
        if (s != OK || finished) return s;
    }
}

Status vcf_bytes(VcfInput *in, const unsigned char **bytes, size_t n)
{
    *bytes = NULL;
    while (in->end - in->start < n && !in->ended) {
        Status s = refill(in);
        if (s != OK) return s;
    }
    if (in->end == in->start) return OK;
    if (in->end - in->start < n) return vcf_damaged(in);
    *bytes = (const unsigned char *)in->buffer + in->start;
    in->start += n;
    return OK;
}

Status vcf_skip(VcfInput *in, uint64_t n)
{
    while (n > 0) {
        size_t held = in->end - in->start;
        size_t step = n < held ? (size_t)n : held;
        in->start += step;
        n -= step;
        if (n > 0 && in->ended) return vcf_damaged(in);
        Status s = n > 0 ? refill(in) : OK;
        if (s != OK) return s;
    }
    return OK;
}

Status vcf_enter_chrom(VcfState *s, int chrom)
{
    if (chrom <= 0 || chrom == s->visible) return OK;
    s->visible = chrom;
    s->pos = s->at = 0;
    s->limit = chrom_length(s->header.build, chrom);
    if ((s->seen >> chrom & 1) != 0) return vcf_record_fault(s, "vcf.unsorted", "CHROM");
    s->seen |= (uint32_t)1 << chrom;
    return OK;
}

Status vcf_advance(VcfState *s, int64_t pos)
{
    s->at = pos;
    if (pos > s->limit + 1) /* the telomere is written as length + 1 */
        return vcf_record_fault(s, "vcf.position", "POS");
    if (pos < s->pos) return vcf_record_fault(s, "vcf.unsorted", "POS");
    s->pos = pos;
    return OK;
}

static int32_t first_given(const VcfValues *v, const VcfKey *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v->present[keys[i]]) return v->number[keys[i]];
    return -1;
}

/* A block is proof only by its minimum: MIN_DP; Illumina's old blocks print minima everywhere
 * and say so (BLOCKAVG). */
static int32_t block_depth(const Record *r, const VcfValues *v)
{
    if (v->present[KEY_MIN_DP]) return v->number[KEY_MIN_DP];
    if (v->info_min_dp >= 0) return v->info_min_dp;
    bool one_base = r->end <= r->pos + (int64_t)r->ref_length - 1;
    return one_base || v->present[KEY_BLOCKAVG] ? v->number[KEY_DP] : -1;
}

Status vcf_add(VcfState *s, Record *record, const VcfValues *v)
{
    static const VcfKey of_depth[] = {KEY_DP, KEY_DPI}, of_block[] = {KEY_GQX, KEY_GQ, KEY_RGQ},
                        of_record[] = {KEY_GQ, KEY_RGQ, KEY_GQX};
    record->depth = record->block ? block_depth(record, v) : first_given(v, of_depth, 2);
    record->quality = record->block && v->present[KEY_BLOCKAVG] ? first_given(v, of_block, 3)
                                                                : first_given(v, of_record, 3);
    record->phase_set = v->number[KEY_PS];
    record->phased = record->phased && !v->unknown_phase;
    record->filtered = record->filtered || v->failed;
    call_builder_add(s->calls, record);
    if (call_builder_size(s->calls) > s->calls_limit)
        return vcf_fault(s->in, TOO_LARGE, "vcf.too_large", NULL);
    return OK;
}

static Status read_records(Evidence *out, VcfState *s)
{
    const ReadJob *job = s->in->job;
    s->header.sites = job->assay->sites(job->model, s->header.build);
    if (s->header.sites == NULL)
        return note_fail(s->in->why, REFUSED, "vcf.panel",
                         (Place){.file = job->fetal ? NULL : job->file}, NULL);
    size_t n_sites = site_index_panel_size(s->header.sites);
    s->calls = call_builder_new(s->header.sites, job->arena);
    s->calls_limit = 64 * n_sites + 4096;
    Status status = s->header.binary ? vcf_bcf_records(s) : vcf_text_records(s);
    if (status == OK) out->calls = call_builder_finish(s->calls, s->header.build);
    return status;
}

/* BCF begins with "BCF", version 2 and the length of its header. */
static Status begin(VcfInput *in, bool *binary)
{
    const unsigned char *head;
    Status s = vcf_bytes(in, &head, 9);
    if (s != OK || head == NULL) return s != OK ? s : vcf_damaged(in);
    *binary = memcmp(head, "BCF\2", 4) == 0;
    if (*binary)
        in->budget = head[5] | head[6] << 8 | head[7] << 16 | (int64_t)head[8] << 24;
    else
        in->start -= 9;
    return OK;
}

static Status read_file(Evidence *out, VcfInput *in)
{
    /* BGZF's own mark of the end; a file cut between two blocks shows only here. */
    if (bgzf_compression(in->bgzf) == 2 && bgzf_check_EOF(in->bgzf) != 1) return vcf_damaged(in);
    bool binary = false;
    Status s = begin(in, &binary);
    if (s != OK) return s;
    VcfState *state = arena_alloc(in->job->arena, sizeof *state);
    *state = (VcfState){.in = in};
    s = vcf_header_read(&state->header, in, binary);
    return s == OK ? read_records(out, state) : s;
}

static Status vcf_read(Evidence *out, const ReadJob *job, Note *why)
{
    *out = (Evidence){.status = OK};
    if (job->assay == NULL || job->assay->sites == NULL)
        return note_fail(why, REFUSED, "vcf.assay", (Place){.file = job->fetal ? NULL : job->file},
                         NULL);
    VcfInput in = {.job = job, .why = why, .budget = -1};
    Status s = OK;
    int fd = dup(job->fd);
    in.bgzf = fd < 0 ? NULL : bgzf_dopen(fd, "r");
    if (in.bgzf == NULL) {
        if (fd >= 0) (void)close(fd);
        s = vcf_damaged(&in);
        goto done;
    }
    in.capacity = FIRST_BUFFER;
    in.buffer = arena_alloc(job->arena, in.capacity);
    s = read_file(out, &in);
done:
    if (in.bgzf != NULL && bgzf_close(in.bgzf) != 0 && s == OK) s = vcf_damaged(&in);
    if (s != OK) *out = (Evidence){.status = s, .note = why != NULL ? *why : (Note){0}};
    return s;
}

/* First bytes of what a gzip file holds; fewer than asked where it is cut or damaged. */
static size_t inflate_head(unsigned char *out, size_t capacity, const unsigned char *head,
                           size_t size)
{
    z_stream z = {.next_in = head, .avail_in = (uInt)size, .avail_out = (uInt)capacity};
    z.next_out = out;
    if (inflateInit2(&z, 15 + 16) != Z_OK) return 0;
    (void)inflate(&z, Z_SYNC_FLUSH);
    (void)inflateEnd(&z);
    return capacity - z.avail_out;
}

static bool agrees(const unsigned char *bytes, size_t n, const char *with)
{
    size_t length = strlen(with);
    return n > 0 && memcmp(bytes, with, n < length ? n : length) == 0;
}

/* A gzip file too damaged to show its first bytes is taken, so that the Note says what it is. */
static bool vcf_sniff(const unsigned char *head, size_t size)
{
    static const char magic[] = "##fileformat=VCF";
    unsigned char text[16];
    if (size >= 2 && head[0] == 0x1f && head[1] == 0x8b) {
        size_t n = inflate_head(text, sizeof text, head, size);
        return n == 0 || agrees(text, n, magic) || agrees(text, n, "BCF\2");
    }
    return size >= 4 && (agrees(head, size, magic) || agrees(head, size, "BCF\2"));
}

const Reader reader_vcf = {
    .code = "vcf",
    .what = "VCF, VCF.gz, BCF and gVCF",
    .many = false,
    .sniff = vcf_sniff,
    .read = vcf_read,
};
