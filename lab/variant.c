/* variant - what one record of a VCF says about each site of a panel that it touches.
 *
 * Matching is by event, not by text: both sides are trimmed (common suffix, then prefix; Tan,
 * Abecasis, Kang, Bioinformatics 31 (2015) 2202), case is folded, and an indel may stand
 * anywhere in the range over which the panel's own event can be shifted, its bases rotated by
 * the distance. Each ALT is compared by itself and counted through the indices of GT, so an ALT
 * that is listed but not carried is no carrier, and no multi-allelic record is ever split.
 *
 * What is not proof stays without proof. An allele that is called but cannot be read base by
 * base ("<NON_REF>", "<DUP>", a breakend) counts as missing; a part of a longer panel event
 * counts as missing too, since only phase could tell. A called deletion or '*' takes the site
 * away. A structural record (only symbolic ALTs) says nothing about the small variants below it
 * unless it takes them away. A longer substitution, or a substitution with an insertion, that
 * contains the panel's base is told as such: the codon may differ.
 *
 * Nothing here knows a threshold: depth and quality go into the Call as the file gave them. */
#include "site_index.h"

#include <string.h>

/* What one ALT of a record means for one site. */
typedef enum Relation {
    REL_OTHER,     /* a readable allele that leaves the panel's event out */
    REL_MATCH,     /* the panel's event */
    REL_MNV,       /* contains the panel's substitution among others */
    REL_DELETED,   /* takes bases of the site away */
    REL_UNREADABLE /* cannot be told */
} Relation;

struct CallBuilder {
    const SiteIndex *index;
    Arena *arena;
    Call *calls;
    size_t n, capacity, hint;
    int8_t *identity;
};

enum { UNREAD = -1, CONFLICT = -2 };

static char upper(char c)
{
    if (c >= 'a' && c <= 'z') return (char)(c - 'a' + 'A');
    return c;
}

static bool same_base(char a, char b)
{
    return upper(a) == upper(b);
}

Event event_of(int64_t pos, const char *ref, size_t ref_length, const char *alt, size_t alt_length)
{
    while (ref_length > 0 && alt_length > 0 &&
           same_base(ref[ref_length - 1], alt[alt_length - 1])) {
        ref_length--;
        alt_length--;
    }
    size_t skip = 0;
    while (skip < ref_length && skip < alt_length && same_base(ref[skip], alt[skip]))
        skip++;
    return (Event){pos + (int64_t)skip, ref + skip, alt + skip, (int64_t)(ref_length - skip),
                   (int64_t)(alt_length - skip)};
}

/* Does `alt` spell the entry's bases, rotated by `distance`? */
static bool rotated(const char *alt, const char *bases, int64_t length, int64_t distance)
{
    for (int64_t i = 0; i < length; i++)
        if (!same_base(alt[i], bases[(distance + i) % length])) return false;
    return true;
}

static bool is_match(const Entry *e, const Event *seen)
{
    const Event *own = &e->event;
    if (seen->ref_length != own->ref_length || seen->alt_length != own->alt_length) return false;
    int64_t distance = seen->pos - own->pos;
    if (distance < 0 || distance > e->shift) return false;
    if (own->ref_length == 0) return rotated(seen->alt, own->alt, own->alt_length, distance);
    return rotated(seen->alt, own->alt, own->alt_length, 0);
}

/* Range of bases that the panel's event changes; for an insertion the bases around which it
 * stands. */
static void changed_range(const Entry *e, const Span *span, int64_t *from, int64_t *to)
{
    *from = e->event.ref_length > 0 ? e->event.pos : span->start;
    *to = span->end;
}

/* A called allele that changes `seen`, inside of which the panel's substitution may stand: base
 * by base from the left, and for alleles of another length from the right as well. */
static bool contains_substitution(const Event *own, const Event *seen)
{
    if (own->ref_length != own->alt_length || own->pos < seen->pos ||
        own->pos + own->ref_length > seen->pos + seen->ref_length)
        return false;
    int64_t left = own->pos - seen->pos, right = left + seen->alt_length - seen->ref_length;
    bool from_left = left + own->alt_length <= seen->alt_length;
    bool from_right = right >= 0;
    for (int64_t i = 0; i < own->alt_length; i++) {
        from_left = from_left && same_base(seen->alt[left + i], own->alt[i]);
        from_right = from_right && same_base(seen->alt[right + i], own->alt[i]);
    }
    return from_left || from_right;
}

/* A called allele that overlaps the site without being its event. */
static Relation overlap(const Entry *e, const Span *span, const Event *seen)
{
    int64_t from, to;
    changed_range(e, span, &from, &to);
    const Event *own = &e->event;
    int64_t last = seen->pos + seen->ref_length - 1;
    bool apart =
        seen->ref_length == 0 ? seen->pos <= from || seen->pos > to : last < from || seen->pos > to;
    if (contains_substitution(own, seen)) return REL_MNV;
    if (apart) return REL_OTHER;
    if (seen->alt_length < seen->ref_length) return REL_DELETED;
    bool single = own->ref_length == 1 && own->alt_length == 1;
    bool indel = own->ref_length == 0 || own->alt_length == 0;
    return single || indel ? REL_OTHER : REL_UNREADABLE;
}

static bool text_is(const char *text, size_t length, const char *word)
{
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

/* An N may be the panel's own base: it is not read as another one. */
static bool is_readable(const char *alt, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = upper(alt[i]);
        if (c != 'A' && c != 'C' && c != 'G' && c != 'T') return false;
    }
    return length > 0;
}

static bool is_structural(const char *alt, size_t length)
{
    return !is_readable(alt, length) && !text_is(alt, length, "*") &&
           !text_is(alt, length, "<*>") && !text_is(alt, length, "<NON_REF>") &&
           !text_is(alt, length, "<X>");
}

static Relation relation_of(const Entry *e, const Span *span, const Record *record, int alt)
{
    const char *text = record->alts[alt];
    size_t length = record->alt_lengths[alt];
    if (text_is(text, length, "*")) return REL_DELETED;
    if (length >= 5 && memcmp(text, "<DEL", 4) == 0) {
        int64_t from, to;
        changed_range(e, span, &from, &to);
        return record->pos + 1 <= to && record->end >= from ? REL_DELETED : REL_OTHER;
    }
    if (!is_readable(text, length)) return REL_UNREADABLE;
    Event seen = event_of(record->pos, record->ref, record->ref_length, text, length);
    if (is_match(e, &seen)) return REL_MATCH;
    return overlap(e, span, &seen);
}

/* The file's reference bases against those the panel knows, wherever both speak. `padding`: the
 * record's REF is only an anchor (a block, a structural record), for which tools write N. */
static bool ref_differs(const Entry *e, const Span *span, const Record *record, bool padding)
{
    int64_t offset = span->start - record->pos; /* of the site inside the record's REF */
    int64_t i = offset < 0 ? -offset : 0;
    for (; i < e->n_bases && offset + i < (int64_t)record->ref_length; i++) {
        char seen = upper(record->ref[offset + i]);
        if (seen != e->bases[i] && !(padding && seen == 'N')) return true;
    }
    return false;
}

/* How often each relation is called, and whether the panel's allele is listed at all. */
typedef struct Tally {
    int8_t of[REL_UNREADABLE + 1];
    int8_t missing, reference;
    int match_at; /* place in GT of the last copy */
    bool listed, structural;
} Tally;

static Tally tally(const Entry *e, const Span *span, const Record *record)
{
    Tally t = {.structural = record->n_alts > 0};
    for (int i = 0; i < record->n_alts; i++) {
        t.listed = t.listed || relation_of(e, span, record, i) == REL_MATCH;
        t.structural = t.structural && is_structural(record->alts[i], record->alt_lengths[i]);
    }
    for (int i = 0; i < record->ploidy; i++) {
        int allele = record->gt[i];
        if (allele < 0 || allele > record->n_alts) {
            t.missing++;
        } else if (allele == 0) {
            t.reference++;
        } else {
            Relation r = relation_of(e, span, record, allele - 1);
            t.of[r]++;
            if (r == REL_MATCH) t.match_at = i;
        }
    }
    return t;
}

static CallKind kind_of(const Tally *t, int ploidy)
{
    if (t->of[REL_MATCH] > 0) return CALL_ALLELE;
    if (t->of[REL_MNV] > 0) return CALL_MNV;
    if (t->of[REL_DELETED] > 0) return CALL_DELETED;
    if (ploidy == 0 || t->missing > 0 || t->of[REL_UNREADABLE] > 0) return CALL_NO_CALL;
    if (t->listed) return CALL_ALLELE;
    return t->of[REL_OTHER] > 0 ? CALL_OTHER : CALL_REFERENCE;
}

static int64_t last_of_ref(const Record *record)
{
    return record->pos + (int64_t)record->ref_length - 1;
}

/* INFO/END belongs to a block or to a symbolic allele: where neither is called, a record speaks about
 * its REF only. */
static bool reaches_end(const Record *record, const Tally *t)
{
    return record->block || t->of[REL_DELETED] > 0 || t->of[REL_UNREADABLE] > 0;
}

static Call call_of(const Entry *e, const Record *record, const Tally *t)
{
    CallKind kind = kind_of(t, record->ploidy);
    int8_t copies = t->of[kind == CALL_MNV ? REL_MNV : REL_MATCH];
    bool ordered = record->phased && record->ploidy == 2 && copies == 1;
    return (Call){
        .site = e->panel,
        .kind = kind,
        .block = record->block,
        .filtered = record->filtered,
        .phased = record->phased,
        .ploidy = (int8_t)record->ploidy,
        .copies = copies,
        .missing = (int8_t)(t->missing + t->of[REL_UNREADABLE]),
        .deleted = t->of[REL_DELETED],
        .first = (int8_t)(!ordered ? -1 : t->match_at == 0),
        .phase_set = record->phase_set,
        .depth = record->depth,
        .quality = record->quality,
        .start = record->pos,
        .end = reaches_end(record, t) ? record->end : last_of_ref(record),
    };
}

/* Copies of the ALT at an identity site; two records that disagree leave it unread. */
static void put_identity(CallBuilder *b, const Call *call)
{
    bool good = call->ploidy == 2 && call->missing == 0 && !call->filtered && call->depth != 0 &&
                call->quality != 0 && (call->kind == CALL_ALLELE || call->kind == CALL_REFERENCE);
    if (!good) return;
    int8_t *slot = &b->identity[call->site];
    *slot = (int8_t)(*slot == UNREAD || *slot == call->copies ? call->copies : CONFLICT);
}

static void put_call(CallBuilder *b, const Call *call)
{
    if (b->n == b->capacity)
        b->calls = arena_grow(b->arena, b->calls, &b->capacity, sizeof *b->calls);
    b->calls[b->n++] = *call;
}

static void add_site(CallBuilder *b, size_t i, const Record *record)
{
    const Entry *e = &b->index->entries[i];
    const Span *span = &b->index->spans[i];
    Tally t = tally(e, span, record);
    Call call = call_of(e, record, &t);
    if (!reaches_end(record, &t) && (t.structural || span->start > last_of_ref(record))) return;
    if (ref_differs(e, span, record, record->block || t.structural)) call.kind = CALL_REF_MISMATCH;
    if (e->identity)
        put_identity(b, &call);
    else
        put_call(b, &call);
}

CallBuilder *call_builder_new(const SiteIndex *index, Arena *arena)
{
    CallBuilder *b = arena_alloc(arena, sizeof *b);
    *b = (CallBuilder){.index = index, .arena = arena};
    b->identity = arena_alloc(arena, index->n_identity);
    memset(b->identity, UNREAD, index->n_identity);
    return b;
}

void call_builder_add(CallBuilder *builder, const Record *record)
{
    const SiteIndex *index = builder->index;
    if (!site_index_touches(index, record->chrom, record->pos, record->end, &builder->hint)) return;
    for (size_t i = builder->hint; i < index->first[record->chrom + 1]; i++) {
        if (index->spans[i].start > record->end) break;
        if (index->spans[i].end >= record->pos) add_site(builder, i, record);
    }
}

size_t call_builder_size(const CallBuilder *builder)
{
    return builder->n;
}

CallSet *call_builder_finish(CallBuilder *builder, Build build)
{
    const SiteIndex *index = builder->index;
    CallSet *set = arena_alloc(builder->arena, sizeof *set);
    *set = (CallSet){.build = build, .n_calls = builder->n, .n_identity = index->n_identity};
    set->panel = index->fingerprint;
    set->calls = arena_alloc(builder->arena, builder->n * sizeof *set->calls);
    size_t *place = arena_alloc(builder->arena, (index->n_panel + 1) * sizeof *place);
    for (size_t i = 0; i < builder->n; i++)
        place[builder->calls[i].site + 1]++;
    for (size_t i = 1; i <= index->n_panel; i++)
        place[i] += place[i - 1];
    for (size_t i = 0; i < builder->n; i++) /* stable: records came in order of position */
        set->calls[place[builder->calls[i].site]++] = builder->calls[i];
    set->identity = builder->identity;
    for (size_t i = 0; i < set->n_identity; i++)
        if (set->identity[i] == CONFLICT) set->identity[i] = UNREAD;
    return set;
}
