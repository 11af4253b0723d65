/* VCF, VCF.gz, BCF and gVCF without what tells a fetus's sex.
 *
 * What comes out: records of chromosomes 1 to 22, in their order, with the contig lines of those chromosomes, a header of our own words, samples named SAMPLE1,
 * SAMPLE2 ..., and of each record the columns and tags of an allow-list with values of their declared form. What does not: every other contig and its line, breakends (the
 * mate's contig may be a sex chromosome), all other header lines, identifiers but dbSNP's, names of filters, INFO and FORMAT tags that are not
 * listed. A record of another contig is not looked at beyond its first column. Format: The Variant Call Format Specification, VCFv4.3, BCFv2.2. */
#include "../../lab/variant.h"
#include "strip.h"

#include "../readers/magic.h"

#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/kstring.h>
#include <htslib/vcf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_MOST = 64 * 1024 * 1024,
    FIXED_COLUMNS = 8,
    SAMPLES_MOST = 100000,
    HEADER_MOST = 2000000
};

typedef struct Piece { /* of a line, not NUL-terminated */
    const char *at;
    size_t n;
} Piece;

/* ---- the allow-list ---- */

typedef struct Allowed {
    const char *tag, *number, *type;
    const char *letters; /* what its values may be made of */
} Allowed;

static const Allowed infos[] = {{"END", "1", "Integer", "0123456789"},
                                {"DP", "1", "Integer", "0123456789"},
                                {"MQ", "1", "Float", "0123456789."},
                                {"SVLEN", ".", "Integer", "0123456789-,"},
                                {"SVTYPE", "1", "String", "ACDELINPSUV"}};
static const Allowed formats[] = {
    {"GT", "1", "String", "0123456789./|"},   {"GQ", "1", "Integer", "0123456789"},
    {"GQX", "1", "Integer", "0123456789"},    {"DP", "1", "Integer", "0123456789"},
    {"MIN_DP", "1", "Integer", "0123456789"}, {"AD", "R", "Integer", "0123456789,."},
    {"PL", "G", "Integer", "0123456789,."},   {"PS", "1", "Integer", "0123456789"}};

enum {
    INFOS = sizeof infos / sizeof *infos,
    FORMATS = sizeof formats / sizeof *formats,
    TAGS_MOST = 64
};

static const Allowed *allowed(const Allowed *list, size_t n, Piece tag)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i].tag) == tag.n && memcmp(list[i].tag, tag.at, tag.n) == 0)
            return &list[i];
    return NULL;
}

static bool made_of(Piece p, const char *letters)
{
    for (size_t i = 0; i < p.n; i++)
        if (p.at[i] == '\0' || strchr(letters, p.at[i]) == NULL) return false;
    return p.n > 0;
}

/* ---- pieces ---- */

/* The piece up to the next separator; moves *rest behind it. False when nothing is left. */
static bool next_piece(Piece *out, Piece *rest, char separator)
{
    if (rest->at == NULL) return false;
    const char *end = memchr(rest->at, separator, rest->n);
    *out = (Piece){rest->at, end != NULL ? (size_t)(end - rest->at) : rest->n};
    if (end == NULL)
        *rest = (Piece){NULL, 0};
    else
        *rest = (Piece){end + 1, rest->n - out->n - 1};
    return true;
}

static bool equals(Piece p, const char *word)
{
    return p.n == strlen(word) && memcmp(p.at, word, p.n) == 0;
}

static void put(kstring_t *out, Piece p)
{
    (void)kputsn(p.at, p.n, out);
}

static bool is_autosome(Piece name)
{
    int chrom = chrom_parse(name.at, name.n);
    return chrom >= 1 && chrom <= 22;
}

/* ---- columns ---- */

static void put_id(kstring_t *out, Piece id)
{
    bool known = id.n > 2 && id.n < 20 && memcmp(id.at, "rs", 2) == 0 &&
                 made_of((Piece){id.at + 2, id.n - 2}, "0123456789");
    if (known)
        put(out, id);
    else
        (void)kputc('.', out);
}

static bool is_allele(Piece a)
{
    static const char *const symbols[] = {"<NON_REF>", "<*>",   "<DEL>", "<INS>", "<DUP>",
                                          "<INV>",     "<CNV>", "*",     "."};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (equals(a, symbols[i])) return true;
    return made_of(a, "ACGTNacgtn");
}

static bool are_alleles(Piece alt)
{
    Piece one;
    while (next_piece(&one, &alt, ','))
        if (!is_allele(one)) return false;
    return true;
}

static void put_filter(kstring_t *out, Piece filter)
{
    (void)kputs(equals(filter, "PASS") ? "PASS" : equals(filter, ".") ? "." : "FILTERED", out);
}

static void put_info(kstring_t *out, Piece info)
{
    Piece one;
    bool any = false;
    while (next_piece(&one, &info, ';')) {
        Piece tag, value = one;
        (void)next_piece(&tag, &value, '=');
        const Allowed *a = allowed(infos, INFOS, tag);
        if (a == NULL || value.at == NULL || !made_of(value, a->letters)) continue;
        if (any) (void)kputc(';', out);
        put(out, one);
        any = true;
    }
    if (!any) (void)kputc('.', out);
}

/* Which of the record's FORMAT tags are kept, in their order. */
typedef struct Kept {
    const Allowed *tags[TAGS_MOST]; /* NULL = dropped */
    size_t n;
} Kept;

static bool put_format(kstring_t *out, Kept *kept, Piece format)
{
    Piece one;
    bool any = false;
    kept->n = 0;
    while (next_piece(&one, &format, ':')) {
        if (kept->n == TAGS_MOST) return false;
        const Allowed *a = allowed(formats, FORMATS, one);
        kept->tags[kept->n++] = a;
        if (a == NULL) continue;
        if (any) (void)kputc(':', out);
        put(out, one);
        any = true;
    }
    if (!any) (void)kputs("GT", out);
    return true;
}

static void put_sample(kstring_t *out, const Kept *kept, Piece values)
{
    bool any = false;
    for (size_t i = 0; i < kept->n; i++) {
        Piece value;
        bool there = next_piece(&value, &values, ':');
        if (kept->tags[i] == NULL) continue;
        if (!there && any) break; /* trailing values may be left out */
        if (any) (void)kputc(':', out);
        if (there && made_of(value, kept->tags[i]->letters))
            put(out, value);
        else
            (void)kputc('.', out);
        any = true;
    }
    if (!any) (void)kputs("./.", out);
}

/* ---- a record ---- */

typedef enum Fate { RECORD_KEPT, RECORD_DROPPED, RECORD_BROKEN } Fate;

static Fate strip_columns(kstring_t *out, const Piece *c, Piece rest, size_t samples)
{
    enum { CHROM, POS, ID, REF, ALT, QUAL, FILTER, INFO };
    Kept kept;
    if (!made_of(c[POS], "0123456789") || !made_of(c[REF], "ACGTNacgtn")) return RECORD_BROKEN;
    if (!are_alleles(c[ALT])) return RECORD_DROPPED;
    put(out, c[CHROM]);
    (void)kputc('\t', out);
    put(out, c[POS]);
    (void)kputc('\t', out);
    put_id(out, c[ID]);
    (void)kputc('\t', out);
    put(out, c[REF]);
    (void)kputc('\t', out);
    put(out, c[ALT]);
    (void)kputc('\t', out);
    put(out, made_of(c[QUAL], "0123456789.eE+-") ? c[QUAL] : (Piece){".", 1});
    (void)kputc('\t', out);
    put_filter(out, c[FILTER]);
    (void)kputc('\t', out);
    put_info(out, c[INFO]);
    if (samples == 0) return rest.at == NULL ? RECORD_KEPT : RECORD_BROKEN;
    Piece one;
    if (!next_piece(&one, &rest, '\t')) return RECORD_BROKEN;
    (void)kputc('\t', out);
    if (!put_format(out, &kept, one)) return RECORD_BROKEN;
    for (size_t i = 0; i < samples; i++) {
        if (!next_piece(&one, &rest, '\t')) return RECORD_BROKEN;
        (void)kputc('\t', out);
        put_sample(out, &kept, one);
    }
    return rest.at == NULL ? RECORD_KEPT : RECORD_BROKEN;
}

static Fate strip_record(kstring_t *out, Piece line, size_t samples)
{
    Piece columns[FIXED_COLUMNS];
    if (!next_piece(&columns[0], &line, '\t')) return RECORD_BROKEN;
    if (!is_autosome(columns[0])) return RECORD_DROPPED;
    for (size_t i = 1; i < FIXED_COLUMNS; i++)
        if (!next_piece(&columns[i], &line, '\t')) return RECORD_BROKEN;
    out->l = 0;
    return strip_columns(out, columns, line, samples);
}

/* ---- the header ---- */

typedef struct Header {
    kstring_t contigs; /* lines of chromosomes 1 to 22 */
    size_t samples;
    bool titled; /* the line of columns was seen */
} Header;

static bool attribute(Piece *out, Piece line, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 1; i + n < line.n; i++) { /* one character stands before a key: "<" or "," */
        if (memcmp(line.at + i, key, n) != 0 || (line.at[i - 1] != '<' && line.at[i - 1] != ','))
            continue;
        const char *from = line.at + i + n;
        size_t left = line.n - i - n, length = 0;
        while (length < left && from[length] != ',' && from[length] != '>')
            length++;
        *out = (Piece){from, length};
        return length > 0;
    }
    return false;
}

static void take_contig(Header *h, Piece line)
{
    static const char prefix[] = "##contig=<";
    Piece id, length;
    if (line.n < sizeof prefix || memcmp(line.at, prefix, sizeof prefix - 1) != 0) return;
    Piece inside = {line.at + sizeof prefix - 2, line.n - (sizeof prefix - 2)};
    if (!attribute(&id, inside, "ID=") || !is_autosome(id)) return;
    (void)kputs("##contig=<ID=", &h->contigs);
    put(&h->contigs, id);
    if (attribute(&length, inside, "length=") && made_of(length, "0123456789")) {
        (void)kputs(",length=", &h->contigs);
        put(&h->contigs, length);
    }
    (void)kputs(">\n", &h->contigs);
}

static bool take_title(Header *h, Piece line)
{
    size_t tabs = 0;
    for (size_t i = 0; i < line.n; i++)
        tabs += line.at[i] == '\t';
    h->titled = true;
    h->samples = tabs > FIXED_COLUMNS ? tabs - FIXED_COLUMNS : 0;
    return tabs + 1 >= FIXED_COLUMNS && h->samples <= SAMPLES_MOST;
}

static void put_tags(kstring_t *out, const char *kind, const Allowed *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)ksprintf(
            out,
            "##%s=<ID=%s,Number=%s,Type=%s,Description=\"as in the file that was stripped\">\n",
            kind, list[i].tag, list[i].number, list[i].type);
}

static void put_header(kstring_t *out, const Header *h)
{
    (void)kputs("##fileformat=VCFv4.2\n"
                "##FILTER=<ID=PASS,Description=\"All filters passed\">\n"
                "##FILTER=<ID=FILTERED,Description=\"some filter not passed\">\n",
                out);
    put_tags(out, "INFO", infos, INFOS);
    put_tags(out, "FORMAT", formats, FORMATS);
    (void)kputs("##ALT=<ID=NON_REF,Description=\"any other "
                "allele\">\n##ALT=<ID=*,Description=\"any other allele\">\n",
                out);
    if (h->contigs.s != NULL) (void)kputs(h->contigs.s, out);
    (void)kputs("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO", out);
    if (h->samples > 0) (void)kputs("\tFORMAT", out);
    for (size_t i = 0; i < h->samples; i++)
        (void)ksprintf(out, "\tSAMPLE%zu", i + 1);
    (void)kputc('\n', out);
}

/* ---- text ---- */

typedef struct Text {
    const StripJob *job;
    StripStream in;
    BGZF *out; /* NULL = plain */
    Header header;
    kstring_t line;
} Text;

static Status put_out(Text *t, const kstring_t *bytes, Note *why)
{
    if (t->out == NULL) return strip_put(t->job, bytes->s, bytes->l, why);
    bool good = bgzf_write(t->out, bytes->s, bytes->l) == (ssize_t)bytes->l;
    return good ? OK : strip_fault(IO_FAILED, "file.write", why);
}

static Status take_line(Text *t, Piece line, Note *why)
{
    if (line.n > 1 && line.at[0] == '#' && line.at[1] == '#') {
        take_contig(&t->header, line);
        return t->header.titled ? strip_fault(BAD_INPUT, "strip.damaged", why) : OK;
    }
    if (line.n > 0 && line.at[0] == '#') {
        if (t->header.titled || !take_title(&t->header, line))
            return strip_fault(BAD_INPUT, "strip.damaged", why);
        t->line.l = 0;
        put_header(&t->line, &t->header);
        return put_out(t, &t->line, why);
    }
    if (!t->header.titled) return strip_fault(BAD_INPUT, "strip.damaged", why);
    Fate fate = strip_record(&t->line, line, t->header.samples);
    if (fate == RECORD_BROKEN) return strip_fault(BAD_INPUT, "strip.damaged", why);
    if (fate == RECORD_DROPPED) return OK;
    (void)kputc('\n', &t->line);
    return put_out(t, &t->line, why);
}

static Status strip_lines(Text *t, Note *why)
{
    const char *line;
    size_t n;
    Status s;
    while ((s = stream_line(&t->in, &line, &n, why)) == OK && line != NULL) {
        s = take_line(t, (Piece){line, n}, why);
        if (s != OK) return s;
    }
    return s != OK || t->header.titled ? s : strip_fault(BAD_INPUT, "strip.damaged", why);
}

static Status strip_text(const StripJob *job, Note *why)
{
    Text t = {.job = job};
    Status s = stream_open(&t.in, job, LINE_MOST, why);
    if (s != OK) return s;
    if (bgzf_compression(t.in.bgzf) != 0) {
        int fd = dup(job->out);
        t.out = fd < 0 ? NULL : bgzf_dopen(fd, "w");
        if (t.out == NULL && fd >= 0) (void)close(fd);
        if (t.out == NULL) s = strip_fault(IO_FAILED, "file.write", why);
    }
    if (s == OK) s = strip_lines(&t, why);
    if (t.out != NULL && bgzf_close(t.out) != 0 && s == OK)
        s = strip_fault(IO_FAILED, "file.write", why);
    ks_free(&t.line);
    ks_free(&t.header.contigs);
    return stream_close(&t.in, s, why);
}

/* ---- BCF ---- */

typedef struct Binary {
    htsFile *in, *out;
    bcf_hdr_t *from, *to;
    bcf1_t *record, *kept;
    kstring_t text, line;
} Binary;

static htsFile *over(int fd, const char *mode)
{
    int copy = dup(fd);
    hFILE *file = copy < 0 ? NULL : hdopen(copy, mode);
    if (file == NULL) {
        if (copy >= 0) (void)close(copy);
        return NULL;
    }
    htsFile *hts = hts_hopen(file, "strip", mode);
    if (hts == NULL) hclose_abruptly(file);
    return hts;
}

/* The next bytes, which stay to be read; false when they are not there. */
static bool peek(BGZF *file, unsigned char *out, int n)
{
    if (file->block_length - file->block_offset >= n) {
        memcpy(out, (const unsigned char *)file->uncompressed_block + file->block_offset,
               (size_t)n);
        return true;
    }
    int64_t at = bgzf_tell(file);
    return bgzf_read(file, out, (size_t)n) == n && bgzf_seek(file, at, SEEK_SET) == 0;
}

static uint64_t u32(const unsigned char *p)
{
    return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

/* HTSlib allocates what a length says before it reads: lengths are looked at first. Magic and version are five bytes. */
static bool header_fits(const Binary *b)
{
    unsigned char head[9];
    return peek(b->in->fp.bgzf, head, sizeof head) && u32(head + 5) <= LINE_MOST;
}

static bool record_fits(const Binary *b)
{
    unsigned char head[8];
    if (bgzf_peek(b->in->fp.bgzf) < 0)
        return true; /* the end, which bcf_read() tells from a fault */
    return peek(b->in->fp.bgzf, head, sizeof head) && u32(head) + u32(head + 4) <= LINE_MOST;
}

static bool read_header(Binary *b)
{
    Header h = {.titled = false};
    bool good = true;
    b->from = header_fits(b) ? bcf_hdr_read(b->in) : NULL;
    if (b->from == NULL || bcf_hdr_format(b->from, 0, &b->text) != 0) return false;
    Piece rest = {b->text.s, b->text.l}, line;
    while (good && next_piece(&line, &rest, '\n')) {
        take_contig(&h, line);
        if (line.n > 1 && line.at[0] == '#' && line.at[1] != '#') good = take_title(&h, line);
    }
    b->line.l = 0;
    put_header(&b->line, &h);
    ks_free(&h.contigs);
    b->to = good && h.titled ? bcf_hdr_init("r") : NULL;
    return b->to != NULL && bcf_hdr_parse(b->to, b->line.s) == 0 &&
           bcf_hdr_write(b->out, b->to) == 0;
}

/* One record; *more = false at the end. */
static bool strip_one(Binary *b, bool *more)
{
    int code = record_fits(b) ? bcf_read(b->in, b->from, b->record) : -2;
    *more = code == 0;
    if (code != 0) return code == -1;
    const char *name = bcf_seqname_safe(b->from, b->record);
    if (!is_autosome((Piece){name, strlen(name)})) return true;
    b->text.l = 0;
    if (b->record->errcode != 0 || vcf_format(b->from, b->record, &b->text) != 0) return false;
    Piece line = {b->text.s, b->text.l};
    if (line.n > 0 && line.at[line.n - 1] == '\n') line.n--;
    Fate fate = strip_record(&b->line, line, (size_t)bcf_hdr_nsamples(b->to));
    if (fate != RECORD_KEPT) return fate == RECORD_DROPPED;
    return vcf_parse(&b->line, b->to, b->kept) == 0 && b->kept->errcode == 0 &&
           bcf_write(b->out, b->to, b->kept) == 0;
}

static Status strip_binary(const StripJob *job, Note *why)
{
    Binary b = {.in = over(job->in, "r"), .out = over(job->out, "wb")};
    bool more = true, whole = b.in != NULL && b.out != NULL, closed = true;
    whole = whole && b.in->is_bgzf && bgzf_check_EOF(b.in->fp.bgzf) == 1;
    b.record = bcf_init();
    b.kept = bcf_init();
    whole = whole && b.record != NULL && b.kept != NULL && read_header(&b);
    while (whole && more)
        whole = strip_one(&b, &more);
    if (b.in != NULL) whole = hts_close(b.in) == 0 && whole;
    if (b.out != NULL) closed = hts_close(b.out) == 0;
    bcf_destroy(b.record);
    bcf_destroy(b.kept);
    if (b.from != NULL) bcf_hdr_destroy(b.from);
    if (b.to != NULL) bcf_hdr_destroy(b.to);
    ks_free(&b.text);
    ks_free(&b.line);
    if (!whole) return strip_fault(BAD_INPUT, "strip.damaged", why);
    return closed ? OK : strip_fault(IO_FAILED, "file.write", why);
}

static bool begins(const unsigned char *head, size_t size, const char *magic)
{
    unsigned char text[32];
    return magic_is(text, magic_bytes(text, sizeof text, head, size), magic);
}

static bool sniff_text(const unsigned char *head, size_t size)
{
    return begins(head, size, "##fileformat=VCF");
}

static bool sniff_binary(const unsigned char *head, size_t size)
{
    return begins(head, size, "BCF\2");
}

extern const Stripper strip_vcf, strip_bcf;
const Stripper strip_vcf = {
    .code = "vcf", .what = "VCF, VCF.gz and gVCF", .sniff = sniff_text, .strip = strip_text};
const Stripper strip_bcf = {
    .code = "bcf", .what = "BCF", .sniff = sniff_binary, .strip = strip_binary};
