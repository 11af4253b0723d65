/* vcf_header - what the header proves: the build, the naming of contigs, the specimen's column,
 * and BCF's dictionaries.
 *
 * The build comes from the lengths of ##contig lines of chromosomes and from nothing else: not
 * from ##reference, not from "assembly=", not from the file's name. Each length must fit one and
 * the same build. The mitochondrion must be rCRS (16,569): hg19's chrM of 16,571 is another
 * sequence, so its records are not read. Contigs that are no chromosomes do not matter.
 *
 * The specimen is found by name. A file of one sample may name it as it likes (analysers do); in
 * a file of several the name must stand there, once. */
#include "vcf.h"

#include <string.h>

/* Sum of what the ##contig lines said. */
typedef struct Proof {
    bool fits37, fits38, misfit;
    bool mt_other;
} Proof;

int vcf_contig(const ReadJob *job, const char *name, size_t length)
{
    int chrom = chrom_parse(name, length);
    bool open =
        (chrom >= 1 && chrom <= 22) || chrom == CHROM_MT || (chrom == CHROM_X && job->disclosing);
    return job->fetal && !open ? CONTIG_HIDDEN : chrom;
}

int vcf_style(const char *name, size_t length)
{
    if (length >= 3 && memcmp(name, "chr", 3) == 0) return 2;
    return length >= 3 && memcmp(name, "NC_", 3) == 0 ? 4 : 1;
}

VcfKey vcf_key(const char *name, size_t length)
{
    static const struct {
        const char *name;
        VcfKey key;
    } keys[] = {{"GT", KEY_GT}, {"DP", KEY_DP},   {"DPI", KEY_DPI},      {"MIN_DP", KEY_MIN_DP},
                {"GQ", KEY_GQ}, {"GQX", KEY_GQX}, {"RGQ", KEY_RGQ},      {"PS", KEY_PS},
                {"FT", KEY_FT}, {"END", KEY_END}, {"MinDP", KEY_MIN_DP}, {"SVLEN", KEY_SVLEN}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strlen(keys[i].name) == length && memcmp(keys[i].name, name, length) == 0)
            return keys[i].key;
    return length >= 8 && memcmp(name, "BLOCKAVG", 8) == 0 ? KEY_BLOCKAVG : KEY_OTHER;
}

static bool text_is(Text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

static bool begins(const char *line, size_t n, const char *with)
{
    size_t length = strlen(with);
    return n >= length && memcmp(line, with, length) == 0;
}

/* Next "key=value" of a structured header line; quoted values may hold commas. False at the end. */
static bool next_pair(Text *key, Text *value, const char **at, const char *end)
{
    const char *p = *at;
    const char *equals = p < end ? memchr(p, '=', (size_t)(end - p)) : NULL;
    if (equals == NULL) return false;
    *key = (Text){p, (size_t)(equals - p)};
    const char *v = p = equals + 1;
    bool quoted = false;
    for (; p < end && (quoted || (*p != ',' && *p != '>')); p++) {
        if (*p == '\\' && quoted && p + 1 < end)
            p++;
        else if (*p == '"')
            quoted = !quoted;
    }
    *value = (Text){v, (size_t)(p - v)};
    *at = p < end ? p + 1 : p;
    return true;
}

typedef struct Fields {
    Text id, length, index;
} Fields;

static Fields header_fields(const char *line, size_t n)
{
    Fields f = {0};
    const char *at = memchr(line, '<', n), *end = line + n;
    if (at == NULL) return f;
    at++;
    for (Text key, value; next_pair(&key, &value, &at, end);) {
        if (text_is(key, "ID") && f.id.at == NULL)
            f.id = value;
        else if (text_is(key, "length") && f.length.at == NULL)
            f.length = value;
        else if (text_is(key, "IDX") && f.index.at == NULL)
            f.index = value;
    }
    return f;
}

static void weigh_length(Proof *proof, int chrom, int64_t length)
{
    if (chrom == CHROM_MT) {
        proof->mt_other = proof->mt_other || length != chrom_length(BUILD_GRCH38, CHROM_MT);
        return;
    }
    bool fits37 = length == chrom_length(BUILD_GRCH37, chrom);
    bool fits38 = length == chrom_length(BUILD_GRCH38, chrom);
    proof->fits37 = proof->fits37 || fits37;
    proof->fits38 = proof->fits38 || fits38;
    proof->misfit = proof->misfit || (!fits37 && !fits38);
}

/* BCF: what a contig's number stands for. */
static Status put_contig(VcfHeader *h, const VcfInput *in, Text index, int chrom)
{
    int64_t at = index.at != NULL ? vcf_whole(index) : (int64_t)h->next_contig;
    if (chrom == CONTIG_HIDDEN && (at < 0 || at >= VCF_CONTIGS_LIMIT)) return OK;
    if (at < 0 || at >= VCF_CONTIGS_LIMIT)
        return vcf_fault(in, BAD_INPUT, "vcf.header", "##contig");
    while ((size_t)at >= h->contigs_capacity)
        h->contigs = arena_grow(in->job->arena, h->contigs, &h->contigs_capacity, 1);
    if ((size_t)at >= h->n_contigs) h->n_contigs = (size_t)at + 1;
    h->contigs[at] = (int8_t)chrom;
    h->next_contig = (size_t)at + 1;
    return OK;
}

static Status contig_line(VcfHeader *h, Proof *proof, const VcfInput *in, const char *line,
                          size_t n)
{
    Fields f = header_fields(line, n);
    int chrom = f.id.at != NULL ? vcf_contig(in->job, f.id.at, f.id.length) : CHROM_NONE;
    if (chrom > 0) {
        h->styles |= vcf_style(f.id.at, f.id.length);
        if (f.length.at != NULL) weigh_length(proof, chrom, vcf_whole(f.length));
    }
    return h->binary ? put_contig(h, in, f.index, chrom) : OK;
}

/* BCF: one name in the dictionary that FILTER, INFO and FORMAT share; PASS is number 0. */
static Status put_id(VcfHeader *h, const VcfInput *in, Text id, Text index)
{
    for (size_t i = 0; i < h->n_ids; i++)
        if (text_is(id, h->ids[i].name)) return OK;
    int64_t at = index.at != NULL ? vcf_whole(index)
                 : h->n_ids > 0   ? (int64_t)h->ids[h->n_ids - 1].index + 1
                                  : 0;
    if (at < 0 || at > INT32_MAX || h->n_ids >= VCF_IDS_LIMIT)
        return vcf_fault(in, BAD_INPUT, "vcf.header", "IDX");
    if (h->n_ids == h->ids_capacity)
        h->ids = arena_grow(in->job->arena, h->ids, &h->ids_capacity, sizeof *h->ids);
    h->ids[h->n_ids++] = (VcfId){arena_copy_n(in->job->arena, id.at, id.length), (int32_t)at,
                                 vcf_key(id.at, id.length)};
    return OK;
}

static Status id_line(VcfHeader *h, const VcfInput *in, const char *line, size_t n)
{
    Fields f = header_fields(line, n);
    return f.id.at == NULL ? vcf_fault(in, BAD_INPUT, "vcf.header", "ID")
                           : put_id(h, in, f.id, f.index);
}

/* The #CHROM line: eight fixed columns, FORMAT, then the samples. */
static Status column_line(VcfHeader *h, const VcfInput *in, const char *line, size_t n)
{
    static const char fixed[] = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    const size_t length = sizeof fixed - 1;
    if (!begins(line, n, fixed)) return vcf_fault(in, BAD_INPUT, "vcf.header", "#CHROM");
    if (!begins(line + length, n - length, "\tFORMAT\t"))
        return vcf_fault(in, REFUSED, "vcf.sample", "FORMAT");
    const char *at = line + length + 8, *end = line + n;
    const char *specimen = in->job->specimen != NULL ? in->job->specimen : "";
    size_t found = 0;
    for (;; h->n_samples++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        Text name = {at, (size_t)((tab != NULL ? tab : end) - at)};
        if (text_is(name, specimen)) {
            h->sample = h->n_samples;
            found++;
        }
        if (tab == NULL) break;
        at = tab + 1;
    }
    h->n_samples++;
    h->complete = true;
    if (h->n_samples > 1 && found != 1) return vcf_fault(in, REFUSED, "vcf.sample", "#CHROM");
    return OK;
}

static Status header_line(VcfHeader *h, Proof *proof, const VcfInput *in, const char *line,
                          size_t n)
{
    if (in->line == 1 && !begins(line, n, "##fileformat=VCFv4."))
        return vcf_fault(in, BAD_INPUT, "vcf.header", "##fileformat");
    if (begins(line, n, "##contig=")) return contig_line(h, proof, in, line, n);
    h->bytes += n;
    if (h->bytes > VCF_HEADER_LIMIT) return vcf_fault(in, TOO_LARGE, "vcf.too_large", "##");
    if (begins(line, n, "##FILTER=") || begins(line, n, "##INFO=") || begins(line, n, "##FORMAT="))
        return h->binary ? id_line(h, in, line, n) : OK;
    if (begins(line, n, "##")) return OK;
    return column_line(h, in, line, n);
}

static Status judge(VcfHeader *h, const Proof *proof, const VcfInput *in)
{
    Place place = {.file = in->job->fetal ? NULL : in->job->file, .field = "##contig"};
    if ((h->styles & (h->styles - 1)) != 0)
        return note_fail(in->why, REFUSED, "vcf.mixed_names", place, NULL);
    if (proof->misfit || proof->fits37 == proof->fits38)
        return note_fail(in->why, REFUSED, "vcf.build", place, NULL);
    h->build = proof->fits37 ? BUILD_GRCH37 : BUILD_GRCH38;
    h->mt_usable = !proof->mt_other;
    return OK;
}

Status vcf_header_read(VcfHeader *header, VcfInput *in, bool binary)
{
    *header = (VcfHeader){.binary = binary};
    Proof proof = {0};
    Status s = binary ? put_id(header, in, (Text){"PASS", 4}, (Text){0}) : OK;
    while (s == OK && !header->complete) {
        const char *line;
        size_t n;
        s = vcf_next_line(in, &line, &n);
        if (s == OK && line == NULL) return vcf_damaged(in);
        if (s == OK) s = header_line(header, &proof, in, line, n);
    }
    if (s == OK && binary) {
        s = vcf_skip(in, (uint64_t)in->budget);
        in->budget = -1;
    }
    return s == OK ? judge(header, &proof, in) : s;
}
