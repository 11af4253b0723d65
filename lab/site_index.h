/* site_index - inside of the panel's index, shared by site_index.c (builds it) and variant.c
 * (matches records against it). Others see variant.h only. */
#ifndef SCREENLAB_SITE_INDEX_H
#define SCREENLAB_SITE_INDEX_H

#include "variant.h"

/* A change of bases without anchor: `ref` is replaced by `alt` at `pos`. An insertion has
 * ref_length 0 and stands before `pos`. */
typedef struct Event {
    int64_t pos;
    const char *ref, *alt;
    int64_t ref_length, alt_length;
} Event;

/* Trims the common suffix, then the common prefix, whatever the case of the letters. */
Event event_of(int64_t pos, const char *ref, size_t ref_length, const char *alt, size_t alt_length);

/* Bases that a site looks at, kept small and apart: the test of every line of a file reads
 * nothing else. */
typedef struct Span {
    int32_t start, end; /* 1-based, inclusive, over the whole shift range */
    int32_t reach;      /* largest `end` of this and all earlier sites of the chromosome */
} Span;

typedef struct Entry {
    Event event; /* in its leftmost spelling */
    const char
        *bases; /* known reference from the site's pos on: context, or REF where that is absent */
    int32_t n_bases;
    int32_t shift; /* how far the event can move to the right; 0 for substitutions */
    uint32_t panel;
    bool identity;
} Entry;

struct SiteIndex {
    Build build;
    size_t n, n_panel, n_identity;
    int64_t fingerprint;
    Span *spans;              /* sorted by chromosome and start */
    Entry *entries;           /* in the same order */
    size_t first[CHROMS + 1]; /* sites of a chromosome: first[chrom] .. first[chrom + 1] - 1 */
};

#endif
