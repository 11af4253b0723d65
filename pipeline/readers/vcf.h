/* vcf - inside of the VCF reader, shared by vcf.c (files, lines), vcf_header.c, vcf_text.c and
 * vcf_bcf.c.
 *
 * For fetal material the door is an allow-list: a record is looked at beyond its CHROM only when
 * that is an autosome or the mitochondrion in a spelling that chrom_parse() knows. Everything
 * else is skipped unread and never counted. */
#ifndef SCREENLAB_VCF_H
#define SCREENLAB_VCF_H

#include "reader.h"

#include <htslib/bgzf.h>

/* Ceilings: one line (or BCF record) that must be read, the header without its contig lines,
 * alternative alleles of one record, names in a BCF header's dictionary, contigs of a BCF
 * header. */
enum {
    VCF_LINE_LIMIT = 16 << 20,
    VCF_HEADER_LIMIT = 32 << 20,
    VCF_ALTS_LIMIT = 1024,
    VCF_IDS_LIMIT = 4096,
    VCF_CONTIGS_LIMIT = 4 << 20
};

/* One open file, decompressed, in order. */
typedef struct VcfInput {
    const ReadJob *job;
    Note *why;
    BGZF *bgzf;
    char *buffer;
    size_t capacity, start, end; /* buffer[start..end) is not yet used */
    bool ended;                  /* nothing more to read */
    int64_t budget;              /* bytes that next_line may still use; -1 = no limit */
    long line;                   /* lines given out */
} VcfInput;

/* Keys of INFO and FORMAT that say something here. */
typedef enum VcfKey {
    KEY_GT,
    KEY_DP,
    KEY_DPI,
    KEY_MIN_DP,
    KEY_GQ,
    KEY_GQX,
    KEY_RGQ,
    KEY_PS,
    KEY_FT,
    KEY_END, /* from here on of INFO only */
    KEY_BLOCKAVG,
    KEY_SVLEN,
    VCF_KEYS,
    KEY_OTHER = -1
} VcfKey;

VcfKey vcf_key(const char *name, size_t length);

typedef struct VcfId { /* of a BCF header's dictionary of strings */
    const char *name;
    int32_t index;
    VcfKey key;
} VcfId;

typedef struct VcfHeader {
    Build build;
    int styles;     /* naming styles of chromosomes seen: 1 plain, 2 chr, 4 RefSeq */
    bool mt_usable; /* the mitochondrion is rCRS, as the panel's */
    bool complete;  /* the #CHROM line was read */
    size_t n_samples;
    size_t sample; /* which of them is the specimen */
    size_t bytes;
    bool binary; /* BCF: the dictionaries below are wanted */
    VcfId *ids;
    size_t n_ids, ids_capacity;
    int8_t *contigs; /* BCF: chromosome of each contig index; CONTIG_HIDDEN; CHROM_NONE */
    size_t n_contigs, contigs_capacity, next_contig;
    const SiteIndex *sites;
} VcfHeader;

enum { CONTIG_HIDDEN = -1 };

/* What the INFO and FORMAT of a touched record hold, before it is settled what they mean. */
typedef struct VcfValues {
    int32_t number[VCF_KEYS]; /* -1 = '.' or absent */
    bool present[VCF_KEYS];
    bool failed;         /* FORMAT/FT is neither PASS nor '.' */
    bool unknown_phase;  /* FORMAT/PS is no number: which set is meant cannot be told */
    int32_t info_min_dp; /* bcftools writes it there, as MIN_DP or MinDP */
} VcfValues;

/* Where the reader stands in the records, and what it collects. */
typedef struct VcfState {
    VcfInput *in;
    VcfHeader header;
    CallBuilder *calls;
    size_t calls_limit;
    size_t hint;
    char contig[64]; /* spelling of the current contig */
    size_t contig_length;
    int chrom;     /* of that: CONTIG_HIDDEN, CHROM_NONE = not of the panel, or the chromosome */
    int visible;   /* the last chromosome that was looked at: what lies between leaves no trace */
    int64_t pos;   /* of its last record */
    int64_t at;    /* of the record in hand, for Notes; 0 = not yet known */
    int64_t limit; /* length of that chromosome */
    uint32_t seen; /* chromosomes that were begun */
    const char *alts[VCF_ALTS_LIMIT];
    size_t alt_lengths[VCF_ALTS_LIMIT];
} VcfState;

/* A part of a line. */
typedef struct Text {
    const char *at;
    size_t length;
} Text;

/* A whole number without sign, up to 12 digits; -1 for all else. Asked for every line: inline. */
static inline int64_t vcf_whole(Text text)
{
    int64_t n = 0;
    if (text.length == 0 || text.length > 12) return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return -1;
        n = n * 10 + (text.at[i] - '0');
    }
    return n;
}

/* vcf.c */
Status vcf_fault(const VcfInput *in, Status status, const char *code, const char *field);
Status vcf_record_fault(const VcfState *s, const char *code, const char *field);
Status vcf_damaged(const VcfInput *in);
/* One line without its end; *line = NULL at the end of the file. A line that may be hidden is
 * never too long. */
Status vcf_next_line(VcfInput *in, const char **line, size_t *length) MUST_USE;
Status vcf_bytes(VcfInput *in, const unsigned char **bytes,
                 size_t n) MUST_USE; /* NULL at a clean end */
Status vcf_skip(VcfInput *in, uint64_t n) MUST_USE;
/* Order, place and contig of a record: call before anything else of it is used. */
Status vcf_enter_chrom(VcfState *s, int chrom) MUST_USE;
Status vcf_advance(VcfState *s, int64_t pos) MUST_USE;
/* Depth and quality, then into the calls. */
Status vcf_add(VcfState *s, Record *record, const VcfValues *values) MUST_USE;

/* vcf_header.c */
int vcf_contig(const ReadJob *job, const char *name,
               size_t length); /* chromosome, CHROM_NONE or CONTIG_HIDDEN */
int vcf_style(const char *name, size_t length);
Status vcf_header_read(VcfHeader *header, VcfInput *in, bool binary) MUST_USE;

/* vcf_text.c, vcf_bcf.c */
Status vcf_text_records(VcfState *s) MUST_USE;
Status vcf_bcf_records(VcfState *s) MUST_USE;

#endif
