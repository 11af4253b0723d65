/* site_index - the panel's sites of one build, checked, sorted and ready for the test of every
 * line.
 *
 * A panel that is wrong makes wrong answers in silence, so a site is refused unless it is spelt
 * the one way that the field calls normalised (Tan, Abecasis, Kang, Bioinformatics 31 (2015)
 * 2202): upper-case A, C, G, T, trimmed, and left-aligned - which needs no genome to check: the
 * alleles end in different bases and either begin with different bases or one of them is a
 * single base.
 *
 * How far an indel can be moved to the right without changing the sequence follows from the
 * reference bases that the panel carries with it (`context`): an insertion moves on while the
 * next reference base equals its first base, a deletion while the base behind it equals its
 * first. The span of a site is the whole range.
 *
 * The test of a line ("can this record touch a site?") walks a cursor over spans of 12 bytes:
 * `reach` is the running maximum of the ends, so the first site with reach >= pos is the first
 * that ends at or behind pos. */
#include "site_index.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GRC assemblies GRCh37 (GCA_000001405.1) and GRCh38 (GCA_000001405.15); the mitochondrion is
 * rCRS in both. */
static const int32_t LENGTHS[CHROMS][2] = {
    [1] = {249250621, 248956422},  [2] = {243199373, 242193529},  [3] = {198022430, 198295559},
    [4] = {191154276, 190214555},  [5] = {180915260, 181538259},  [6] = {171115067, 170805979},
    [7] = {159138663, 159345973},  [8] = {146364022, 145138636},  [9] = {141213431, 138394717},
    [10] = {135534747, 133797422}, [11] = {135006516, 135086622}, [12] = {133851895, 133275309},
    [13] = {115169878, 114364328}, [14] = {107349540, 107043718}, [15] = {102531392, 101991189},
    [16] = {90354753, 90338345},   [17] = {81195210, 83257441},   [18] = {78077248, 80373285},
    [19] = {59128983, 58617616},   [20] = {63025520, 64444167},   [21] = {48129895, 46709983},
    [22] = {51304566, 50818468},   [23] = {155270560, 156040895}, [24] = {59373566, 57227415},
    [25] = {16569, 16569},
};

static const char *const NAMES[CHROMS] = {"",   "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                          "9",  "10", "11", "12", "13", "14", "15", "16", "17",
                                          "18", "19", "20", "21", "22", "X",  "Y",  "MT"};

const char *chrom_name(int chrom)
{
    return chrom > 0 && chrom < CHROMS ? NAMES[chrom] : "";
}

int64_t chrom_length(Build build, int chrom)
{
    if (build == BUILD_UNKNOWN || chrom <= 0 || chrom >= CHROMS) return 0;
    return LENGTHS[chrom][build == BUILD_GRCH38];
}

static bool starts(const char *name, size_t length, const char *with)
{
    size_t n = strlen(with);
    return length >= n && memcmp(name, with, n) == 0;
}

/* "1" ... "22" without leading zero. */
static int autosome(const char *digits, size_t length)
{
    if (length == 0 || length > 2 || digits[0] < '1' || digits[0] > '9') return CHROM_NONE;
    int n = digits[0] - '0';
    if (length == 2) {
        if (digits[1] < '0' || digits[1] > '9') return CHROM_NONE;
        n = n * 10 + digits[1] - '0';
    }
    return n <= 22 ? n : CHROM_NONE;
}

/* RefSeq "NC_000001.11" ... "NC_000024.10"; the mitochondrion rCRS is NC_012920.1. */
static int refseq(const char *name, size_t length)
{
    if (length == 11 && starts(name, length, "NC_012920.1")) return CHROM_MT;
    if (length < 11 || length > 12 || !starts(name, length, "NC_0000") || name[9] != '.')
        return CHROM_NONE;
    int tens = name[7] - '0', ones = name[8] - '0';
    if (tens < 0 || tens > 2 || ones < 0 || ones > 9) return CHROM_NONE;
    for (size_t i = 10; i < length; i++)
        if (name[i] < '0' || name[i] > '9') return CHROM_NONE;
    int n = tens * 10 + ones;
    return n <= CHROM_Y ? n : CHROM_NONE;
}

int chrom_parse(const char *name, size_t length)
{
    if (starts(name, length, "NC_")) return refseq(name, length);
    if (starts(name, length, "chr")) {
        name += 3;
        length -= 3;
    }
    if (length == 1 && name[0] == 'X') return CHROM_X;
    if (length == 1 && name[0] == 'Y') return CHROM_Y;
    if ((length == 1 && name[0] == 'M') || (length == 2 && memcmp(name, "MT", 2) == 0))
        return CHROM_MT;
    return autosome(name, length);
}

static bool plain_bases(const char *bases)
{
    return bases != NULL && bases[0] != '\0' && strspn(bases, "ACGT") == strlen(bases);
}

/* Trimmed, left-aligned and a change at all: the property of Tan et al. */
static bool normalised(const char *ref, const char *alt)
{
    size_t r = strlen(ref), a = strlen(alt);
    return ref[r - 1] != alt[a - 1] && (ref[0] != alt[0] || r == 1 || a == 1);
}

static Status bad(Note *why, const char *code, const Site *site)
{
    return note_fail(why, BAD_INPUT, code, (Place){.field = "pos"}, "%s:%lld",
                     chrom_name(site->chrom), (long long)site->pos);
}

Status site_check(Build build, const Site *site, Note *why)
{
    if (!plain_bases(site->ref) || !plain_bases(site->alt) || !normalised(site->ref, site->alt))
        return bad(why, "variant.allele", site);
    int64_t length = chrom_length(build, site->chrom);
    int64_t n = (int64_t)strlen(site->ref), known = (int64_t)strlen(site->context);
    if (length == 0 || site->pos < 1 || site->pos + (known > n ? known : n) - 1 > length)
        return bad(why, "variant.position", site);
    bool begins = strncmp(site->context, site->ref, (size_t)n) == 0;
    if (known > 0 && (!plain_bases(site->context) || !begins))
        return bad(why, "variant.context", site);
    bool snp = strlen(site->ref) == 1 && strlen(site->alt) == 1;
    if (site->identity && (!snp || site->chrom >= CHROM_X))
        return bad(why, "variant.identity", site);
    return OK;
}

/* Steps to the right that leave the changed sequence the same, as far as the reference is known. */
static int32_t shift_of(const Event *event, const char *bases, int32_t n_bases)
{
    if (event->ref_length > 0 && event->alt_length > 0) return 0;
    bool insertion = event->ref_length == 0;
    int64_t length = insertion ? event->alt_length : event->ref_length;
    int64_t behind = insertion ? 1 : 1 + length; /* index in `bases` of the first base behind */
    int32_t shift = 0;
    while (behind + shift < n_bases) {
        const char *first = insertion ? &event->alt[shift % length] : &bases[1 + shift];
        if (bases[behind + shift] != *first) break;
        shift++;
    }
    return shift;
}

static Entry entry_of(const Site *site)
{
    Entry e = {.panel = site->panel, .identity = site->identity};
    e.event = event_of(site->pos, site->ref, strlen(site->ref), site->alt, strlen(site->alt));
    e.bases = site->context[0] != '\0' ? site->context : site->ref;
    e.n_bases = (int32_t)strlen(e.bases);
    e.shift = shift_of(&e.event, e.bases, e.n_bases);
    return e;
}

bool site_span(int64_t *start, int64_t *end, const Site *site)
{
    *start = 0;
    *end = -1;
    if (site_check(BUILD_GRCH37, site, NULL) != OK && site_check(BUILD_GRCH38, site, NULL) != OK)
        return false;
    *start = site->pos;
    *end = site->pos + (int64_t)strlen(site->ref) - 1 + entry_of(site).shift;
    return true;
}

static int compare_sites(const void *left, const void *right)
{
    const Site *a = *(const Site *const *)left, *b = *(const Site *const *)right;
    if (a->chrom != b->chrom) return a->chrom < b->chrom ? -1 : 1;
    if (a->pos != b->pos) return a->pos < b->pos ? -1 : 1;
    if (a->identity != b->identity) return a->identity ? 1 : -1;
    int by_ref = strcmp(a->ref, b->ref);
    return by_ref != 0 ? by_ref : strcmp(a->alt, b->alt);
}

static Status sort_sites(const Site **sorted, Build build, const Site *sites, size_t n, Note *why)
{
    for (size_t i = 0; i < n; i++) {
        Status s = site_check(build, &sites[i], why);
        if (s != OK) return s;
        sorted[i] = &sites[i];
    }
    if (n > 1) qsort(sorted, n, sizeof(const Site *), compare_sites);
    for (size_t i = 1; i < n; i++)
        if (compare_sites(&sorted[i - 1], &sorted[i]) == 0)
            return bad(why, "variant.duplicate", sorted[i]);
    return OK;
}

static void place_site(SiteIndex *index, size_t i, const Site *site, int last_chrom)
{
    Entry *e = &index->entries[i];
    *e = entry_of(site);
    Span *s = &index->spans[i];
    s->start = (int32_t)site->pos;
    s->end = (int32_t)(site->pos + (int64_t)strlen(site->ref) - 1 + e->shift);
    bool first = site->chrom != last_chrom;
    s->reach = first || s->end > s[-1].reach ? s->end : s[-1].reach;
    size_t *count = e->identity ? &index->n_identity : &index->n_panel;
    if (e->panel >= *count) *count = (size_t)e->panel + 1;
}

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), 64 bits; the NUL parts one text from the next. */
static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    return mix_bytes(hash, text ? text : "", (text ? strlen(text) : 0) + 1);
}

static int64_t fingerprint_of(Build build, const Site *sites, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)build;
    for (size_t i = 0; i < n; i++) {
        char numbers[80];
        (void)snprintf(numbers, sizeof numbers, "%d %" PRId64 " %" PRIu32 " %d", sites[i].chrom,
                       sites[i].pos, sites[i].panel, sites[i].identity);
        hash = mix_text(hash, numbers);
        hash = mix_text(mix_text(mix_text(hash, sites[i].ref), sites[i].alt), sites[i].context);
    }
    return (int64_t)(hash >> 1 | 1);
}

Status site_index_build(SiteIndex **out, Build build, const Site *sites, size_t n, Arena *arena,
                        Note *why)
{
    if (n > INT_MAX) return note_fail(why, TOO_LARGE, "variant.position", (Place){0}, NULL);
    SiteIndex *index = arena_alloc(arena, sizeof *index);
    index->spans = arena_alloc(arena, n * sizeof *index->spans);
    index->entries = arena_alloc(arena, n * sizeof *index->entries);
    const Site **sorted = arena_alloc(arena, n * sizeof(const Site *));
    Status s = sort_sites(sorted, build, sites, n, why);
    if (s != OK) return s;
    index->build = build;
    index->n = n;
    index->fingerprint = fingerprint_of(build, sites, n);
    int chrom = CHROM_NONE;
    for (size_t i = 0; i < n; i++) {
        place_site(index, i, sorted[i], chrom);
        while (chrom < sorted[i]->chrom)
            index->first[++chrom] = i;
    }
    while (chrom < CHROMS)
        index->first[++chrom] = n;
    *out = index;
    return OK;
}

size_t site_index_panel_size(const SiteIndex *index)
{
    return index->n_panel;
}

size_t site_index_identity_size(const SiteIndex *index)
{
    return index->n_identity;
}

int64_t site_index_fingerprint(const SiteIndex *index)
{
    return index->fingerprint;
}

/* First site in [low, high) that reaches `pos`. */
static size_t first_reaching(const Span *spans, size_t low, size_t high, int64_t pos)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].reach < pos)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool site_index_touches(const SiteIndex *index, int chrom, int64_t pos, int64_t end, size_t *hint)
{
    if (chrom <= 0 || chrom >= CHROMS) return false;
    const size_t low = index->first[chrom], high = index->first[chrom + 1];
    size_t i = *hint;
    bool stale = i < low || i > high || (i > low && index->spans[i - 1].reach >= pos);
    if (stale) i = first_reaching(index->spans, low, high, pos);
    for (int step = 0; i < high && index->spans[i].reach < pos; i++)
        if (++step > 16) {
            i = first_reaching(index->spans, i, high, pos);
            break;
        }
    *hint = i;
    return i < high && index->spans[i].start <= end;
}
