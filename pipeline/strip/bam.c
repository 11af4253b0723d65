/* BAM without what tells a fetus's sex.
 *
 * What comes out: primary records on chromosomes 1 to 22, their contigs, fragments named 1, 2, 3 ... in order of appearance, one read group, and of the optional fields
 * only NM, MD, AS and RG. What does not: records of every other contig and of none, secondary and supplementary ones (their fields name
 * other places), names of reads and samples, programs' command lines. A mate that is not kept reads as unmapped without a place, so X and Y read
 * alike. A record of another contig is stepped over by its length. Format: Sequence Alignment/Map Format Specification, section 4. */
#include "../../lab/variant.h"
#include "strip.h"

#include "../readers/magic.h"
#include "../seen.h"

#include <htslib/bgzf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_TEXT = 64 * 1024 * 1024,
    MOST_CONTIGS = 1000000,
    MOST_NAME = 1024,
    MOST_RECORD = 16 * 1024 * 1024,
    MOST_OPEN = 1 << 25, /* fragments whose second read is still to come */
    FIRST_ROOM = 1 << 10,
    CORE = 32
};
enum {
    PAIRED = 1,
    PROPER = 2,
    UNMAPPED = 4,
    MATE_UNMAPPED = 8,
    MATE_REVERSE = 32,
    NOT_PRIMARY = 0x900
};

/* Fragments of which one read was seen: 128 bits of the name's hash, so that two names are never taken for one. */
typedef struct Fragment {
    uint64_t a, b, number; /* number 0 = empty */
} Fragment;

typedef struct Open {
    Fragment *items;
    size_t n, room; /* room: a power of two */
} Open;

typedef struct Bam {
    const StripJob *job;
    StripStream in;
    BGZF *out;
    int32_t *contigs; /* new index of each contig, -1 = dropped */
    uint32_t n_contigs, n_kept;
    Open open;
    uint64_t fragments;
    unsigned char *record;
    size_t capacity;
} Bam;

static uint32_t u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void set32(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (8 * i));
}

static Status damaged(Note *why)
{
    return strip_fault(BAD_INPUT, "strip.damaged", why);
}

static Status write_out(const Bam *b, const void *bytes, size_t n, Note *why)
{
    return bgzf_write(b->out, bytes, n) == (ssize_t)n ? OK
                                                      : strip_fault(IO_FAILED, "file.write", why);
}

static Status want(Bam *b, size_t n, const unsigned char **bytes, Note *why)
{
    Status s = stream_bytes(&b->in, n, bytes, why);
    return s == OK && *bytes == NULL && n > 0 ? damaged(why) : s;
}

/* ---- the header ---- */

typedef struct Contig {
    char name[MOST_NAME];
    uint32_t length;
} Contig;

static Status read_contig(Bam *b, uint32_t index, Contig *kept, Note *why)
{
    const unsigned char *bytes;
    Status s = want(b, 4, &bytes, why);
    if (s != OK) return s;
    uint32_t n = u32(bytes);
    if (n < 2 || n > MOST_NAME) return damaged(why);
    s = want(b, n + 4, &bytes, why);
    if (s != OK) return s;
    int chrom = chrom_parse((const char *)bytes, n - 1);
    b->contigs[index] = -1;
    if (chrom < 1 || chrom > 22) return OK;
    if (b->n_kept == 22) return damaged(why);
    Contig *c = &kept[b->n_kept];
    (void)snprintf(c->name, sizeof c->name, "%.*s", (int)(n - 1), (const char *)bytes);
    c->length = u32(bytes + n);
    b->contigs[index] = (int32_t)b->n_kept++;
    return OK;
}

static bool is_sorted(const char *text, size_t n)
{
    static const char order[] = "SO:coordinate";
    const char *end = memchr(text, '\n', n);
    size_t first = end != NULL ? (size_t)(end - text) : n;
    for (size_t i = 0; n > 3 && memcmp(text, "@HD", 3) == 0 && i + sizeof order - 1 <= first; i++)
        if (memcmp(text + i, order, sizeof order - 1) == 0) return true;
    return false;
}

static Status write_header(Bam *b, const Contig *kept, bool sorted, Note *why)
{
    Arena *a = b->job->arena;
    const char *text = arena_print(a, "@HD\tVN:1.6\tSO:%s\n", sorted ? "coordinate" : "unsorted");
    for (uint32_t i = 0; i < b->n_kept; i++)
        text = arena_print(a, "%s@SQ\tSN:%s\tLN:%lu\n", text, kept[i].name,
                           (unsigned long)kept[i].length);
    text = arena_print(a, "%s@RG\tID:1\tSM:SAMPLE\n", text);
    unsigned char word[8];
    set32(word, 0x014d4142); /* "BAM\1" */
    set32(word + 4, (uint32_t)strlen(text));
    Status s = write_out(b, word, 8, why);
    if (s == OK) s = write_out(b, text, strlen(text), why);
    set32(word, b->n_kept);
    if (s == OK) s = write_out(b, word, 4, why);
    for (uint32_t i = 0; s == OK && i < b->n_kept; i++) {
        uint32_t n = (uint32_t)strlen(kept[i].name) + 1;
        set32(word, n);
        s = write_out(b, word, 4, why);
        if (s == OK) s = write_out(b, kept[i].name, n, why);
        set32(word, kept[i].length);
        if (s == OK) s = write_out(b, word, 4, why);
    }
    return s;
}

static Status strip_header(Bam *b, Note *why)
{
    const unsigned char *bytes;
    Status s = want(b, 8, &bytes, why);
    if (s != OK) return s;
    uint32_t length = u32(bytes + 4);
    if (memcmp(bytes, "BAM\1", 4) != 0 || length > MOST_TEXT) return damaged(why);
    s = want(b, length, &bytes, why);
    if (s != OK) return s;
    bool sorted = is_sorted((const char *)bytes, length);
    s = want(b, 4, &bytes, why);
    if (s != OK) return s;
    b->n_contigs = u32(bytes);
    if (b->n_contigs > MOST_CONTIGS) return damaged(why);
    b->contigs = arena_alloc(b->job->arena, (b->n_contigs + 1) * sizeof *b->contigs);
    Contig *kept = arena_alloc(b->job->arena, 22 * sizeof *kept);
    for (uint32_t i = 0; s == OK && i < b->n_contigs; i++)
        s = read_contig(b, i, kept, why);
    return s == OK ? write_header(b, kept, sorted, why) : s;
}

/* ---- records ---- */

static int32_t place_of(const Bam *b, uint32_t contig)
{
    return contig < b->n_contigs ? b->contigs[contig] : -1;
}

static Fragment *slot_of(const Open *o, uint64_t a, uint64_t b)
{
    size_t at = (size_t)a & (o->room - 1);
    while (o->items[at].number != 0 && (o->items[at].a != a || o->items[at].b != b))
        at = (at + 1) & (o->room - 1);
    return &o->items[at];
}

static void grow(Open *o, Arena *arena)
{
    Open wider = {.room = o->room != 0 ? 2 * o->room : FIRST_ROOM, .n = o->n};
    wider.items = arena_alloc(arena, wider.room * sizeof *wider.items);
    for (size_t i = 0; i < o->room; i++)
        if (o->items[i].number != 0) *slot_of(&wider, o->items[i].a, o->items[i].b) = o->items[i];
    *o = wider;
}

/* Takes a slot out and moves up what stood behind it (D. E. Knuth, The Art of Computer Programming 3, 6.4, algorithm R). */
static void close_slot(Open *o, Fragment *slot)
{
    size_t mask = o->room - 1, hole = (size_t)(slot - o->items);
    for (size_t at = (hole + 1) & mask; o->items[at].number != 0; at = (at + 1) & mask) {
        size_t home = (size_t)o->items[at].a & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        o->items[hole] = o->items[at];
        hole = at;
    }
    o->items[hole].number = 0;
    o->n--;
}

/* The fragment's number: the same for both reads of a pair whose mate is kept, too. */
static Status number_of(Bam *b, const char *name, bool paired, uint64_t *number, Note *why)
{
    if (!paired) {
        *number = ++b->fragments;
        return OK;
    }
    Open *o = &b->open;
    if (2 * (o->n + 1) > o->room) grow(o, b->job->arena);
    uint64_t first = seen_hash(SEEN_SEED, name),
             second = seen_hash(first ^ UINT64_C(0x9e3779b97f4a7c15), name);
    Fragment *slot = slot_of(o, first, second);
    if (slot->number != 0) {
        *number = slot->number;
        close_slot(o, slot);
        return OK;
    }
    if (o->n == MOST_OPEN) return strip_fault(TOO_LARGE, "strip.too_long", why);
    *number = ++b->fragments;
    *slot = (Fragment){first, second, *number};
    o->n++;
    return OK;
}

static size_t item_size(unsigned char type)
{
    switch (type) {
    case 'A':
    case 'c':
    case 'C':
        return 1;
    case 's':
    case 'S':
        return 2;
    case 'i':
    case 'I':
    case 'f':
        return 4;
    default:
        return 0;
    }
}

/* Bytes of the value behind tag and type; 0 = broken. */
static size_t value_size(const unsigned char *p, const unsigned char *end)
{
    unsigned char type = p[2];
    const unsigned char *value = p + 3;
    if (type == 'Z' || type == 'H') {
        const unsigned char *nul = memchr(value, '\0', (size_t)(end - value));
        return nul == NULL ? 0 : (size_t)(nul - value) + 1;
    }
    if (type != 'B') return item_size(type);
    if (end - value < 5 || item_size(value[0]) == 0) return 0;
    uint64_t all = 5 + (uint64_t)u32(value + 1) * item_size(value[0]);
    return all > (uint64_t)(end - value) ? 0 : (size_t)all;
}

static bool is_kept(const unsigned char *p)
{
    static const char kept[][4] = {"NM", "MD", "AS"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (memcmp(p, kept[i], 2) == 0) return p[2] != 'B' && p[2] != 'H';
    return false;
}

static bool is_match_string(const unsigned char *value, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (strchr("0123456789ACGTN^", value[i]) == NULL) return false;
    return true;
}

/* Copies the fields of the allow-list behind `at`; gives the end, NULL when a field is broken. */
static unsigned char *copy_fields(unsigned char *at, const unsigned char *p,
                                  const unsigned char *end)
{
    while (end - p >= 4) {
        size_t n = value_size(p, end);
        if (n == 0 || n > (size_t)(end - p) - 3) return NULL;
        if (is_kept(p) && (p[2] != 'Z' || is_match_string(p + 3, n))) {
            memcpy(at, p, n + 3);
            at += n + 3;
        }
        p += n + 3;
    }
    if (p != end) return NULL;
    memcpy(at, "RGZ1", 5);
    return at + 5;
}

/* The place of the mate, or of none: an unmapped mate without a place, whatever it was. */
static void set_mate(unsigned char *out, const unsigned char *r, int32_t mate)
{
    unsigned flag = r[14] | (unsigned)r[15] << 8;
    if ((flag & PAIRED) && mate < 0) {
        flag = (flag & ~(unsigned)(PROPER | MATE_REVERSE)) | MATE_UNMAPPED;
        set32(out + 24, UINT32_MAX);
        set32(out + 28, 0);
    }
    set32(out + 20, (flag & PAIRED) ? (uint32_t)mate : UINT32_MAX);
    out[14] = (unsigned char)flag;
    out[15] = (unsigned char)(flag >> 8);
}

static Status write_record(Bam *b, const unsigned char *r, uint32_t size, int32_t contig, Note *why)
{
    uint64_t l_seq = u32(r + 16), n_cigar = r[12] | (unsigned)r[13] << 8, number = 0;
    uint64_t body = 4 * n_cigar + (l_seq + 1) / 2 + l_seq;
    if (r[8] < 1 || CORE + r[8] + body > size || r[CORE + r[8] - 1] != '\0') return damaged(why);
    int32_t mate = place_of(b, u32(r + 20));
    bool with_mate = (r[14] & PAIRED) && mate >= 0;
    Status s = number_of(b, (const char *)r + CORE, with_mate, &number, why);
    if (s != OK) return s;
    while (b->capacity < size + 64)
        b->record = arena_grow(b->job->arena, b->record, &b->capacity, 1);
    unsigned char *out = b->record + 4;
    memcpy(out, r, CORE);
    char name[24];
    int n = snprintf(name, sizeof name, "%llu", (unsigned long long)number) + 1;
    out[8] = (unsigned char)n;
    set32(out, (uint32_t)contig);
    set_mate(out, r, mate);
    memcpy(out + CORE, name, (size_t)n);
    memcpy(out + CORE + n, r + CORE + r[8], body);
    unsigned char *end = copy_fields(out + CORE + n + body, r + CORE + r[8] + body, r + size);
    if (end == NULL) return damaged(why);
    set32(b->record, (uint32_t)(end - out));
    return write_out(b, b->record, (size_t)(end - b->record), why);
}

static Status strip_record(Bam *b, bool *more, Note *why)
{
    const unsigned char *bytes;
    Status s = stream_bytes(&b->in, 4, &bytes, why);
    *more = s == OK && bytes != NULL;
    if (!*more) return s;
    uint32_t size = u32(bytes);
    if (size < CORE || size > MOST_RECORD) return damaged(why);
    s = want(b, size, &bytes, why);
    if (s != OK) return s;
    int32_t contig = place_of(b, u32(bytes));
    unsigned flag = bytes[14] | (unsigned)bytes[15] << 8;
    if (contig < 0 || (flag & NOT_PRIMARY)) return OK;
    return write_record(b, bytes, size, contig, why);
}

static Status strip_all(Bam *b, Note *why)
{
    bool more = true;
    Status s = bgzf_compression(b->in.bgzf) == 2 ? strip_header(b, why) : damaged(why);
    while (s == OK && more)
        s = strip_record(b, &more, why);
    return s;
}

static Status strip_alignments(const StripJob *job, Note *why)
{
    Bam b = {.job = job};
    Status s = stream_open(&b.in, job, MOST_TEXT, why);
    if (s == OK) {
        int fd = dup(job->out);
        b.out = fd < 0 ? NULL : bgzf_dopen(fd, "w");
        if (b.out == NULL && fd >= 0) (void)close(fd);
        s = b.out == NULL ? strip_fault(IO_FAILED, "file.write", why) : strip_all(&b, why);
        if (b.out != NULL && bgzf_close(b.out) != 0 && s == OK)
            s = strip_fault(IO_FAILED, "file.write", why);
        s = stream_close(&b.in, s, why);
    }
    return s;
}

static bool sniff(const unsigned char *head, size_t size)
{
    unsigned char text[8];
    return magic_is(text, magic_bytes(text, sizeof text, head, size), "BAM\1");
}

extern const Stripper strip_bam;
const Stripper strip_bam = {
    .code = "bam", .what = "BAM", .sniff = sniff, .strip = strip_alignments};
