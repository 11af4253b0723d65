/* vcf_text - the lines of a VCF: a quick look at each, the full parse of the few that touch a
 * site.
 *
 * The quick look reads CHROM (a comparison with the line before), POS, the length of REF, END
 * where ALT shows that there may be a block, and counts the columns; it allocates and copies
 * nothing. A line on a chromosome that no panel can have is only counted; one on a hidden contig
 * is not looked at. */
#include "vcf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One line, split as far as it was needed. */
typedef struct Line {
    Text text;
    Text ref, alt;
    const char *rest; /* behind ALT's tab: QUAL FILTER INFO FORMAT samples */
    int64_t pos, end;
    bool has_end;
} Line;

static const char *line_end(const Line *line)
{
    return line->text.at + line->text.length;
}

/* Tabs in a text, eight bytes at a time: each byte that is a tab becomes 0x80. */
static size_t count_tabs(const char *p, size_t n)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    size_t count = 0;
    while (n >= 8) {
        uint64_t sums = 0; /* at most 255 in each byte */
        for (int i = 0; i < 255 && n >= 8; i++, p += 8, n -= 8) {
            uint64_t w;
            memcpy(&w, p, 8);
            w ^= ones * '\t';
            sums += ~(((w & low) + low) | w | low) >> 7;
        }
        const uint64_t pairs = UINT64_C(0x00ff00ff00ff00ff);
        uint64_t halves = (sums & pairs) + (sums >> 8 & pairs);
        count += (size_t)(halves * UINT64_C(0x0001000100010001) >> 48);
    }
    for (; n > 0; n--, p++)
        count += *p == '\t';
    return count;
}

/* The field up to the next tab; moves *at behind it. False when no tab follows. */
static bool next_field(Text *field, const char **at, const char *end)
{
    const char *tab = *at < end ? memchr(*at, '\t', (size_t)(end - *at)) : NULL;
    if (tab == NULL) return false;
    *field = (Text){*at, (size_t)(tab - *at)};
    *at = tab + 1;
    return true;
}

static bool text_is(Text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* The new spelling of a contig: which chromosome, and may it be spelt so? */
static Status enter_contig(VcfState *s, Text name)
{
    s->chrom = vcf_contig(s->in->job, name.at, name.length);
    if (s->chrom == CHROM_MT && !s->header.mt_usable) s->chrom = CHROM_NONE;
    s->contig_length = name.length < sizeof s->contig ? name.length : 0;
    memcpy(s->contig, name.at, s->contig_length);
    if (s->chrom > 0 && (s->header.styles | vcf_style(name.at, name.length)) != s->header.styles) {
        s->at = 0;
        return vcf_record_fault(s, "vcf.mixed_names", "CHROM");
    }
    return vcf_enter_chrom(s, s->chrom);
}

/* CHROM and the place behind its tab; NULL when the line has no tab. */
static Status chrom_field(VcfState *s, const Line *line, const char **behind)
{
    const char *p = line->text.at;
    size_t n = s->contig_length;
    bool same = n > 0 && line->text.length > n && p[n] == '\t' && memcmp(p, s->contig, n) == 0;
    *behind = p + n + 1;
    if (same && (s->chrom <= 0 || s->chrom == s->visible)) return OK;
    Text name;
    *behind = p;
    if (!next_field(&name, behind, line_end(line))) {
        *behind = NULL;
        s->chrom = s->in->job->fetal ? CONTIG_HIDDEN : CHROM_NONE;
        return OK;
    }
    return enter_contig(s, name);
}

/* INFO's END: only "END=" at the beginning of a key counts, not CIEND. */
static bool info_value(Text *value, Text info, const char *key)
{
    const size_t n = strlen(key);
    const char *p = info.at, *end = info.at + info.length;
    while (p < end) {
        const char *semicolon = memchr(p, ';', (size_t)(end - p));
        const char *stop = semicolon != NULL ? semicolon : end;
        if ((size_t)(stop - p) > n && memcmp(p, key, n) == 0 && p[n] == '=') {
            *value = (Text){p + n + 1, (size_t)(stop - p) - n - 1};
            return true;
        }
        p = stop + 1;
    }
    return false;
}

static bool info_flag(Text info, const char *prefix)
{
    const size_t n = strlen(prefix);
    for (const char *p = info.at, *end = info.at + info.length; p < end;) {
        const char *semicolon = memchr(p, ';', (size_t)(end - p));
        if ((size_t)(end - p) >= n && memcmp(p, prefix, n) == 0) return true;
        p = semicolon != NULL ? semicolon + 1 : end;
    }
    return false;
}

/* The longest of SVLEN's lengths ("-8000,300"): since VCF 4.4 a deletion may give no END. */
static int64_t longest(Text list)
{
    int64_t most = 0;
    for (const char *at = list.at, *end = list.at + list.length; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        const char *digits = *at == '-' ? at + 1 : at;
        int64_t n = vcf_whole((Text){digits, (size_t)(stop - digits)});
        most = n > most ? n : most;
        at = stop + 1;
    }
    return most;
}

/* END is asked for only where ALT leaves room for it: ".", or a symbolic allele. */
static Status symbolic_end(VcfState *s, Line *line)
{
    Text qual, filter, info, value;
    const char *at = line->rest;
    if (!next_field(&qual, &at, line_end(line)) || !next_field(&filter, &at, line_end(line)) ||
        !next_field(&info, &at, line_end(line)))
        return vcf_record_fault(s, "vcf.fields", NULL);
    if (info_value(&value, info, "END")) {
        line->end = vcf_whole(value);
        line->has_end = true;
    } else if (info_value(&value, info, "SVLEN") && line->pos + longest(value) <= s->limit) {
        line->end = line->pos + longest(value);
    }
    return line->end < line->pos ? vcf_record_fault(s, "vcf.position", "INFO/END") : OK;
}

static Status find_end(VcfState *s, Line *line)
{
    line->end = line->pos + (int64_t)line->ref.length - 1;
    bool symbolic = line->alt.at[0] == '.' || memchr(line->alt.at, '<', line->alt.length) != NULL;
    Status status = symbolic ? symbolic_end(s, line) : OK;
    if (status == OK && line->end > s->limit + 1)
        return vcf_record_fault(s, "vcf.position", line->has_end ? "INFO/END" : "REF");
    return status;
}

/* CHROM POS ID REF ALT, and that there are as many columns as the header has. */
static Status split(VcfState *s, Line *line, const char *at)
{
    const char *end = line_end(line);
    Text pos, id;
    if (!next_field(&pos, &at, end)) return vcf_record_fault(s, "vcf.fields", NULL);
    line->pos = vcf_whole(pos);
    if (line->pos < 0) return vcf_record_fault(s, "vcf.position", "POS");
    Status status = s->chrom > 0 ? vcf_advance(s, line->pos) : OK;
    if (status != OK) return status;
    bool whole_line = next_field(&id, &at, end) && next_field(&line->ref, &at, end) &&
                      next_field(&line->alt, &at, end);
    line->rest = at;
    if (!whole_line || count_tabs(at, (size_t)(end - at)) != s->header.n_samples + 3)
        return vcf_record_fault(s, "vcf.fields", NULL);
    if (memchr(line->text.at, '\0', line->text.length) != NULL)
        return vcf_record_fault(s, "vcf.not_text", NULL);
    return line->ref.length == 0 || line->alt.length == 0 ? vcf_record_fault(s, "vcf.allele", "REF")
                                                          : OK;
}

static bool is_base(char c)
{
    return c != '\0' && strchr("ACGTNRYSWKMBDHVacgtnryswkmbdhv", c) != NULL;
}

static bool all_bases(Text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!is_base(text.at[i])) return false;
    return text.length > 0;
}

/* Bases, "*", "<...>", or a breakend with its brackets; "." stands only alone. */
static bool is_alt(Text alt)
{
    if (all_bases(alt) || text_is(alt, "*")) return true;
    for (size_t i = 0; i < alt.length; i++)
        if (alt.at[i] <= ' ' || alt.at[i] > '~') return false;
    if (alt.length < 2) return false;
    if (alt.at[0] == '<') return alt.length > 2 && alt.at[alt.length - 1] == '>';
    Text first = {alt.at, alt.length - 1}, last = {alt.at + 1, alt.length - 1};
    bool bracket =
        memchr(alt.at, '[', alt.length) != NULL || memchr(alt.at, ']', alt.length) != NULL;
    return bracket || (alt.at[0] == '.' && all_bases(last)) ||
           (alt.at[alt.length - 1] == '.' && all_bases(first));
}

static bool is_unspecified(Text alt)
{
    return text_is(alt, "<NON_REF>") || text_is(alt, "<*>") || text_is(alt, "<X>");
}

/* Splits ALT; *real = something other than "<NON_REF>" and "<*>" is listed. */
static Status split_alts(VcfState *s, Record *record, Text list, bool *real)
{
    *real = false;
    record->alts = s->alts;
    record->alt_lengths = s->alt_lengths;
    if (text_is(list, ".")) return OK;
    const char *at = list.at, *end = list.at + list.length;
    for (bool more = true; more;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        Text alt = {at, (size_t)((comma != NULL ? comma : end) - at)};
        if (!is_alt(alt)) return vcf_record_fault(s, "vcf.allele", "ALT");
        if (record->n_alts == VCF_ALTS_LIMIT)
            return vcf_fault(s->in, TOO_LARGE, "vcf.too_large", "ALT");
        *real = *real || !is_unspecified(alt);
        s->alts[record->n_alts] = alt.at;
        s->alt_lengths[record->n_alts++] = alt.length;
        more = comma != NULL;
        at = comma != NULL ? comma + 1 : end;
    }
    return OK;
}

/* "0/1", "1|0", "1", ".", "./1"; up to eight alleles. */
static Status genotype(VcfState *s, Record *record, Text gt)
{
    const char *p = gt.at, *end = gt.at + gt.length;
    bool phased = true;
    for (bool more = gt.length > 0; more;) {
        int allele = -1;
        if (p < end && *p == '.')
            p++;
        else
            for (allele = 0; p < end && *p >= '0' && *p <= '9'; p++)
                allele = allele > VCF_ALTS_LIMIT ? allele : allele * 10 + (*p - '0');
        bool digits = p > gt.at && (p[-1] == '.' || (p[-1] >= '0' && p[-1] <= '9'));
        more = p < end && (*p == '/' || *p == '|');
        if (!digits || allele > record->n_alts || record->ploidy == 8 || (p < end && !more))
            return vcf_record_fault(s, "vcf.genotype", "GT");
        record->gt[record->ploidy++] = allele;
        phased = phased && (!more || *p == '|');
        p += more;
    }
    record->phased = phased && record->ploidy > 1;
    return OK;
}

/* A number of FORMAT or INFO as a whole one: "30", "99.5" (cut), "." = -1. False for anything
 * else. */
static bool number(int32_t *out, Text text)
{
    char copy[24];
    *out = -1;
    if (text.length == 0 || text_is(text, ".")) return true;
    int64_t n = vcf_whole(text);
    if (n >= 0) {
        *out = n > INT32_MAX ? INT32_MAX : (int32_t)n;
        return true;
    }
    if (text.length >= sizeof copy) return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (strspn(copy, "0123456789.+-eE") != text.length) return false;
    char *behind;
    double value = strtod(copy, &behind);
    if (*behind != '\0' || !isfinite(value)) return false;
    *out = value < 0 ? -1 : value >= INT32_MAX ? INT32_MAX : (int32_t)value;
    return true;
}

static Status put_value(VcfState *s, Record *record, VcfValues *values, VcfKey key, Text value)
{
    if (key == KEY_GT && values->present[key]) /* which of two genotypes is meant? */
        return vcf_record_fault(s, "vcf.genotype", "FORMAT");
    if (key == KEY_OTHER || values->present[key]) return OK;
    values->present[key] = true;
    if (key == KEY_GT) return genotype(s, record, value);
    if (key == KEY_FT)
        values->failed = !text_is(value, "PASS") && !text_is(value, ".");
    else if (!number(&values->number[key], value)) {
        if (key != KEY_PS) return vcf_record_fault(s, "vcf.value", "FORMAT");
        values->unknown_phase = true;
    }
    return OK;
}

/* FORMAT's keys and the specimen's values, side by side; values may be fewer. */
static Status sample_values(VcfState *s, Record *record, VcfValues *values, Text format,
                            Text sample)
{
    const char *key = format.at, *key_end = format.at + format.length;
    const char *value = sample.at, *value_end = sample.at + sample.length;
    while (value <= value_end) {
        if (key > key_end) return vcf_record_fault(s, "vcf.genotype", "FORMAT");
        const char *k = memchr(key, ':', (size_t)(key_end - key));
        const char *v = memchr(value, ':', (size_t)(value_end - value));
        Text one = {value, (size_t)((v != NULL ? v : value_end) - value)};
        VcfKey which = vcf_key(key, (size_t)((k != NULL ? k : key_end) - key));
        Status status = which >= KEY_END ? OK : put_value(s, record, values, which, one);
        if (status != OK) return status;
        key = k != NULL ? k + 1 : key_end + 1;
        value = v != NULL ? v + 1 : value_end + 1;
    }
    return OK;
}

static Status rest_of_line(VcfState *s, Record *record, VcfValues *values, const Line *line)
{
    const char *at = line->rest, *end = line_end(line);
    Text qual, filter, info, format, sample, min_dp;
    bool enough = next_field(&qual, &at, end) && next_field(&filter, &at, end) &&
                  next_field(&info, &at, end) && next_field(&format, &at, end);
    for (size_t i = 0; enough && i < s->header.sample; i++)
        enough = next_field(&sample, &at, end);
    if (!enough) return vcf_record_fault(s, "vcf.fields", NULL);
    if (!next_field(&sample, &at, end)) sample = (Text){at, (size_t)(end - at)};
    record->filtered = !text_is(filter, "PASS") && !text_is(filter, ".");
    values->present[KEY_BLOCKAVG] = info_flag(info, "BLOCKAVG");
    bool given = info_value(&min_dp, info, "MIN_DP") || info_value(&min_dp, info, "MinDP");
    if (given && !number(&values->info_min_dp, min_dp))
        return vcf_record_fault(s, "vcf.value", "INFO/MIN_DP");
    return sample_values(s, record, values, format, sample);
}

/* A line that touches a site, in full. */
static Status touched(VcfState *s, const Line *line)
{
    Record record = {.chrom = s->chrom,
                     .pos = line->pos,
                     .end = line->end,
                     .ref = line->ref.at,
                     .ref_length = line->ref.length};
    VcfValues values = {.info_min_dp = -1};
    for (int i = 0; i < VCF_KEYS; i++)
        values.number[i] = -1;
    bool real;
    if (!all_bases(line->ref)) return vcf_record_fault(s, "vcf.allele", "REF");
    Status status = split_alts(s, &record, line->alt, &real);
    if (status != OK) return status;
    record.block = line->has_end && !real;
    status = rest_of_line(s, &record, &values, line);
    return status == OK ? vcf_add(s, &record, &values) : status;
}

static Status one_line(VcfState *s, Line *line)
{
    const char *behind;
    Status status = chrom_field(s, line, &behind);
    if (status != OK || s->chrom == CONTIG_HIDDEN) return status;
    s->at = 0;
    if (behind == NULL) return vcf_record_fault(s, "vcf.fields", NULL);
    status = split(s, line, behind);
    if (status != OK || s->chrom == CHROM_NONE) return status;
    status = find_end(s, line);
    bool touches = status == OK &&
                   site_index_touches(s->header.sites, s->chrom, line->pos, line->end, &s->hint);
    return touches ? touched(s, line) : status;
}

Status vcf_text_records(VcfState *s)
{
    for (;;) {
        Line line = {0};
        Status status = vcf_next_line(s->in, &line.text.at, &line.text.length);
        if (status != OK || line.text.at == NULL) return status;
        status = one_line(s, &line);
        if (status != OK) return status;
    }
}
