/* vcf_bcf - the records of a BCF2: two lengths, a fixed part of 24 bytes, typed values.
 *
 * Format: The BCF format specification, BCFv2.2 (samtools/hts-specs). A record that cannot touch
 * a site is skipped by its two lengths; of one that can, every typed value is read through a
 * cursor that cannot leave the record. Records on a hidden contig are skipped by their lengths
 * alone. */
#include "vcf.h"

#include <math.h>
#include <string.h>

enum {
    FIXED = 20 /* behind CHROM */,
    TYPE_INT8 = 1,
    TYPE_INT16 = 2,
    TYPE_INT32 = 3,
    TYPE_FLOAT = 5,
    TYPE_CHAR = 7
};
enum { MISSING = INT32_MIN, VECTOR_END = INT32_MIN + 1 };

/* Unread bytes of one record; `bad` once something did not fit. */
typedef struct Cursor {
    const unsigned char *at, *end;
    bool bad;
} Cursor;

/* A run of `n` values of one type. */
typedef struct Typed {
    const unsigned char *at;
    int type;
    uint32_t n;
} Typed;

static uint32_t u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const unsigned char *take(Cursor *c, uint64_t n)
{
    if (c->bad || (uint64_t)(c->end - c->at) < n) {
        c->bad = true;
        return NULL;
    }
    const unsigned char *p = c->at;
    c->at += n;
    return p;
}

static uint32_t type_size(int type)
{
    switch (type) {
    case TYPE_INT8:
    case TYPE_CHAR:
        return 1;
    case TYPE_INT16:
        return 2;
    case TYPE_INT32:
    case TYPE_FLOAT:
        return 4;
    default:
        return 0;
    }
}

/* Value `i` as a whole number; MISSING and VECTOR_END are the lowest two of each width. */
static int32_t value_at(const Typed *t, uint32_t i)
{
    const unsigned char *p = t->at + (size_t)i * type_size(t->type);
    if (t->type == TYPE_FLOAT) {
        float f;
        uint32_t bits = u32(p);
        memcpy(&f, &bits, sizeof f);
        return !isfinite(f) ? MISSING : f < 0 ? -1 : f >= 2147483520.0f ? INT32_MAX : (int32_t)f;
    }
    int32_t lowest = t->type == TYPE_INT8    ? INT8_MIN
                     : t->type == TYPE_INT16 ? INT16_MIN
                                             : INT32_MIN;
    int32_t v = t->type == TYPE_INT8    ? (int32_t)(int8_t)p[0]
                : t->type == TYPE_INT16 ? (int32_t)(int16_t)(p[0] | p[1] << 8)
                                        : (int32_t)u32(p);
    return v == lowest ? MISSING : v == lowest + 1 ? VECTOR_END : v;
}

/* Type and length in front of values; the values themselves are not taken. */
static Typed descriptor(Cursor *c)
{
    Typed t = {0};
    const unsigned char *byte = take(c, 1);
    if (byte == NULL) return t;
    t.type = *byte & 15;
    t.n = *byte >> 4;
    if (t.n < 15) return t;
    const unsigned char *kind = take(c, 1); /* a longer count: one typed whole number */
    if (kind == NULL || *kind >> 4 != 1 || (*kind & 15) < 1 || (*kind & 15) > 3) {
        c->bad = true;
        return t;
    }
    Typed count = {.type = *kind & 15, .n = 1};
    count.at = take(c, type_size(count.type));
    int32_t n = count.at != NULL ? value_at(&count, 0) : -1;
    c->bad = c->bad || n < 0;
    t.n = n < 0 ? 0 : (uint32_t)n;
    return t;
}

static Typed typed(Cursor *c)
{
    Typed t = descriptor(c);
    t.at = take(c, (uint64_t)t.n * type_size(t.type));
    if (t.n > 0 && t.type != 0 && type_size(t.type) == 0) c->bad = true;
    if (t.at == NULL || type_size(t.type) == 0) t.n = 0;
    return t;
}

/* A single whole number: a key of the dictionary. */
static int32_t key_number(Cursor *c)
{
    Typed t = typed(c);
    if (c->bad || t.n != 1 || t.type > TYPE_INT32) {
        c->bad = true;
        return -1;
    }
    return value_at(&t, 0);
}

static const VcfId *id_at(const VcfHeader *h, int32_t index)
{
    if (index >= 0 && (size_t)index < h->n_ids && h->ids[index].index == index)
        return &h->ids[index];
    for (size_t i = 0; i < h->n_ids; i++)
        if (h->ids[i].index == index) return &h->ids[i];
    return NULL;
}

static bool text_is(const Typed *t, const char *word)
{
    size_t n = strnlen((const char *)t->at, t->n);
    return t->type == TYPE_CHAR && n == strlen(word) && memcmp(t->at, word, n) == 0;
}

/* First of the values as VcfValues keeps it: -1 = not given. */
static int32_t first_value(const Typed *t)
{
    int32_t v = t->n > 0 && t->type != TYPE_CHAR ? value_at(t, 0) : -1;
    return v < 0 ? -1 : v;
}

static bool is_base_text(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if ((c < 'A' || c > 'Y') && (c < 'a' || c > 'y')) return false;
    }
    return n > 0;
}

static bool is(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* ID, then REF and the ALTs. *real = an ALT other than "<NON_REF>" and "<*>" is listed. */
static void alleles(VcfState *s, Record *record, Cursor *c, uint32_t n_alleles, bool *real)
{
    (void)typed(c);
    Typed ref = typed(c);
    c->bad = c->bad || ref.type != TYPE_CHAR || !is_base_text((const char *)ref.at, ref.n);
    record->ref = (const char *)ref.at;
    record->ref_length = ref.n;
    record->alts = s->alts;
    record->alt_lengths = s->alt_lengths;
    *real = false;
    for (uint32_t i = 1; i < n_alleles && !c->bad; i++) {
        Typed alt = typed(c);
        const char *text = (const char *)alt.at;
        if (c->bad || alt.n == 0 || alt.type != TYPE_CHAR) {
            c->bad = true;
            return;
        }
        s->alts[record->n_alts] = text;
        s->alt_lengths[record->n_alts++] = alt.n;
        *real = *real ||
                !(is(text, alt.n, "<NON_REF>") || is(text, alt.n, "<*>") || is(text, alt.n, "<X>"));
    }
}

/* FILTER: nothing or PASS (number 0) is a pass. */
static bool filtered(Cursor *c)
{
    Typed t = typed(c);
    if (t.type > TYPE_INT32) c->bad = true;
    for (uint32_t i = 0; i < t.n && !c->bad; i++)
        if (value_at(&t, i) != 0 && value_at(&t, i) != MISSING) return true;
    return false;
}

/* The longest of SVLEN's lengths: since VCF 4.4 a deletion may give no END. */
static int32_t longest(const Typed *t)
{
    int32_t most = -1;
    for (uint32_t i = 0; i < t->n && t->type <= TYPE_INT32; i++) {
        int32_t v = value_at(t, i);
        int32_t length = v >= 0 ? v : v > VECTOR_END ? -v : -1;
        most = length > most ? length : most;
    }
    return most;
}

static void info(const VcfState *s, VcfValues *values, Cursor *c, uint32_t n)
{
    for (uint32_t i = 0; i < n && !c->bad; i++) {
        const VcfId *id = id_at(&s->header, key_number(c));
        Typed t = typed(c);
        if (id == NULL || c->bad) {
            c->bad = true;
            return;
        }
        if (id->key == KEY_END || id->key == KEY_BLOCKAVG) {
            values->present[id->key] = true;
            values->number[id->key] = first_value(&t);
        } else if (id->key == KEY_MIN_DP) {
            values->info_min_dp = first_value(&t);
        } else if (id->key == KEY_SVLEN) {
            values->number[KEY_SVLEN] = longest(&t);
        }
    }
}

/* Alleles are (index + 1) << 1 | phased; the bit of the first says nothing. */
static void genotype(Record *record, Cursor *c, const Typed *t)
{
    bool phased = true;
    if (t->type > TYPE_INT32 || record->ploidy > 0) {
        c->bad = true;
        return;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        int32_t v = value_at(t, i);
        if (v == VECTOR_END) break;
        int32_t allele = v == MISSING ? -1 : (v >> 1) - 1;
        if ((v != MISSING && (v < 0 || allele > record->n_alts)) || record->ploidy == 8) {
            c->bad = true;
            return;
        }
        phased = phased && (i == 0 || (v != MISSING && (v & 1) != 0));
        record->gt[record->ploidy++] = allele;
    }
    record->phased = phased && record->ploidy > 1;
}

/* FORMAT: of every key the specimen's own values. */
static void formats(const VcfState *s, Record *record, VcfValues *values, Cursor *c, uint32_t n)
{
    for (uint32_t i = 0; i < n && !c->bad; i++) {
        const VcfId *id = id_at(&s->header, key_number(c));
        Typed t = descriptor(c);
        uint64_t each = (uint64_t)t.n * type_size(t.type);
        const unsigned char *all = take(c, each * s->header.n_samples);
        if (id == NULL || all == NULL || (t.n > 0 && each == 0)) {
            c->bad = true;
            return;
        }
        t.at = all + each * s->header.sample;
        if (id->key == KEY_OTHER || id->key >= KEY_END) continue;
        values->present[id->key] = true;
        if (id->key == KEY_GT)
            genotype(record, c, &t);
        else if (id->key == KEY_FT)
            values->failed = t.n > 0 && !text_is(&t, "PASS") && !text_is(&t, ".");
        else
            values->number[id->key] = first_value(&t);
        values->unknown_phase = values->unknown_phase || (id->key == KEY_PS && t.type == TYPE_CHAR);
    }
}

/* The fixed part of a record. */
typedef struct Fixed {
    int64_t pos, end; /* 1-based */
    uint32_t n_alleles, n_info, n_formats, n_samples;
} Fixed;

static Status fixed_part(VcfState *s, Fixed *f, const unsigned char *p)
{
    int64_t pos = (int32_t)u32(p), length = (int32_t)u32(p + 4);
    f->pos = pos + 1;
    f->end = pos + length;
    f->n_info = u32(p + 12) & 0xffff;
    f->n_alleles = u32(p + 12) >> 16;
    f->n_samples = u32(p + 16) & 0xffffff;
    f->n_formats = u32(p + 16) >> 24;
    if (pos < -1) return vcf_record_fault(s, "vcf.position", "POS");
    Status status = vcf_advance(s, f->pos);
    if (status != OK) return status;
    if (length < 0 || (length == 0 && pos >= 0) || f->end > s->limit + 1)
        return vcf_record_fault(s, "vcf.position", "INFO/END");
    if (f->n_alleles < 1 || f->n_samples != s->header.n_samples)
        return vcf_record_fault(s, "vcf.fields", NULL);
    return OK;
}

static Status touched(VcfState *s, const Fixed *f, const unsigned char *bytes, uint32_t shared,
                      uint32_t individual)
{
    if (f->n_alleles > VCF_ALTS_LIMIT) return vcf_fault(s->in, TOO_LARGE, "vcf.too_large", "ALT");
    Record record = {.chrom = s->chrom, .pos = f->pos, .end = f->end};
    VcfValues values = {.info_min_dp = -1};
    for (int i = 0; i < VCF_KEYS; i++)
        values.number[i] = -1;
    Cursor c = {bytes + FIXED, bytes + shared, false};
    bool real;
    alleles(s, &record, &c, f->n_alleles, &real);
    record.filtered = filtered(&c);
    info(s, &values, &c, f->n_info);
    Cursor samples = {bytes + shared, bytes + shared + individual, c.bad};
    formats(s, &record, &values, &samples, f->n_formats);
    if (samples.bad) return vcf_record_fault(s, "vcf.record", NULL);
    if (values.present[KEY_END] && values.number[KEY_END] < f->pos)
        return vcf_record_fault(s, "vcf.position", "INFO/END");
    record.block = values.present[KEY_END] && !real;
    return vcf_add(s, &record, &values);
}

/* A symbolic allele without END has a length of one base: then SVLEN says how far it goes. */
static int64_t symbolic_end(VcfState *s, const Fixed *f, const unsigned char *bytes,
                            uint32_t shared)
{
    if (f->n_alleles < 2 || f->n_alleles > VCF_ALTS_LIMIT || f->end != f->pos) return f->end;
    Record record = {0};
    VcfValues values = {.number[KEY_SVLEN] = -1};
    Cursor c = {bytes + FIXED, bytes + shared, false};
    bool real, symbolic = false;
    alleles(s, &record, &c, f->n_alleles, &real);
    for (int i = 0; i < record.n_alts; i++)
        symbolic = symbolic || (record.alts[i][0] == '<' && real);
    if (c.bad || !symbolic) return f->end;
    (void)filtered(&c);
    info(s, &values, &c, f->n_info);
    int64_t end = f->pos + values.number[KEY_SVLEN];
    return !c.bad && end > f->end && end <= s->limit ? end : f->end;
}

static Status one_record(VcfState *s, uint32_t shared, uint32_t individual, int32_t contig)
{
    const VcfHeader *h = &s->header;
    uint64_t rest = (uint64_t)shared - 4 + individual;
    bool known = contig >= 0 && (size_t)contig < h->n_contigs;
    if (!known && !s->in->job->fetal) return vcf_record_fault(s, "vcf.record", "CHROM");
    s->chrom = known ? h->contigs[contig] : CHROM_NONE;
    if (s->chrom <= 0 || (s->chrom == CHROM_MT && !h->mt_usable)) return vcf_skip(s->in, rest);
    Status status = vcf_enter_chrom(s, s->chrom);
    if (status != OK) return status;
    if (shared < FIXED + 4) return vcf_record_fault(s, "vcf.record", NULL);
    if (rest > VCF_LINE_LIMIT) return vcf_fault(s->in, TOO_LARGE, "vcf.too_large", NULL);
    const unsigned char *bytes;
    status = vcf_bytes(s->in, &bytes, (size_t)rest);
    if (status != OK || bytes == NULL) return status != OK ? status : vcf_damaged(s->in);
    Fixed f;
    status = fixed_part(s, &f, bytes);
    if (status != OK) return status;
    f.end = symbolic_end(s, &f, bytes, shared - 4);
    if (!site_index_touches(h->sites, s->chrom, f.pos, f.end, &s->hint)) return OK;
    return touched(s, &f, bytes, shared - 4, individual);
}

Status vcf_bcf_records(VcfState *s)
{
    for (;;) {
        const unsigned char *head;
        Status status = vcf_bytes(s->in, &head, 12);
        if (status != OK || head == NULL) return status;
        uint32_t shared = u32(head);
        if (shared < 4) return vcf_damaged(s->in);
        s->at = 0;
        status = one_record(s, shared, u32(head + 4), (int32_t)u32(head + 8));
        if (status != OK) return status;
    }
}
