/* variant - normalised alleles, and how a record of a VCF speaks about a panel's sites.
 *
 * The key of a variant is build + chromosome + position + REF + ALT after normalisation: upper
 * case, common suffix then prefix trimmed, indels left-aligned. A run needs no genome: each
 * panel indel carries the range over which it can be shifted and the reference bases of that
 * range, so that every spelling of the event is recognised. Method: A. Tan, G. R. Abecasis, H.
 * M. Kang, "Unified representation of genetic variants", Bioinformatics 31 (2015) 2202. */
#ifndef SCREENLAB_VARIANT_H
#define SCREENLAB_VARIANT_H

#include "evidence.h"

enum { CHROM_NONE = 0, CHROM_X = 23, CHROM_Y = 24, CHROM_MT = 25, CHROMS = 26 };

/* 1..22, CHROM_X, CHROM_Y, CHROM_MT from "chr1", "1", "NC_000001.11"; CHROM_NONE for all else.
 * Not NUL-terminated. */
int chrom_parse(const char *name, size_t length);
const char *chrom_name(int chrom); /* "1" ... "22", "X", "Y", "MT"; "" for CHROM_NONE */

/* Length of a chromosome in a build, 0 = unknown; what build detection compares with ##contig
 * lengths. */
int64_t chrom_length(Build build, int chrom);

/* One site of a panel in one build. */
typedef struct Site {
    int chrom;
    int64_t pos;           /* 1-based, left-aligned */
    const char *ref, *alt; /* upper case, trimmed, VCF style (one anchor base for indels) */
    /* Reference bases from pos on over the shift range. "" = not known: then only the given
     * spelling matches, so such an indel must never be judged negative. */
    const char *context;
    uint32_t panel; /* index in panel order: Call.site */
    bool identity; /* an identity SNP (swap check), not a panel allele; panel = index among these */
} Site;

typedef struct SiteIndex SiteIndex; /* const after building: shared by all threads */

/* Bases that proof of reference must cover, 1-based and inclusive: pos .. the right end of the
 * event in its rightmost spelling. False (and 0..-1) when site_check() would refuse the site. */
bool site_span(int64_t *start, int64_t *end, const Site *site);

/* One site by itself. BAD_INPUT: IUPAC, lower-case or empty alleles, REF = ALT, not trimmed or
 * not left-aligned ("variant.allele"); no such place in the build ("variant.position"); a
 * context that does not begin with REF ("variant.context"). */
Status site_check(Build build, const Site *site, Note *why) MUST_USE;

/* Sorts, checks and indexes; keeps pointers to the sites' texts. BAD_INPUT: as site_check(), the
 * same event twice ("variant.duplicate"), an identity site that is no autosomal SNP. Memory:
 * about 100 bytes a site. */
Status site_index_build(SiteIndex **out, Build build, const Site *sites, size_t n, Arena *arena,
                        Note *why) MUST_USE;
size_t site_index_panel_size(const SiteIndex *index); /* largest Site.panel + 1 */
size_t site_index_identity_size(const SiteIndex *index);
/* Of all sites in their order: two indexes with one fingerprint give calls the same meaning. Never negative or 0. */
int64_t site_index_fingerprint(const SiteIndex *index);

/* One record as the reader has parsed it; alleles point into the reader's line buffer. */
typedef struct Record {
    int chrom;
    int64_t pos, end; /* end = pos + |REF| - 1, or INFO/END */
    const char *ref;
    size_t ref_length;
    /* "." is no ALT; symbolic "<NON_REF>", "<*>", "<DEL>", and "*" as written */
    const char *const *alts;
    const size_t *alt_lengths;
    int n_alts;
    bool block; /* a reference block: INFO/END with no real ALT */
    bool filtered;
    int gt[8];  /* allele indices, -1 = '.' */
    int ploidy; /* 0 = no GT */
    bool phased;
    int32_t phase_set, depth, quality;
} Record;

/* Whether any site can be touched by a record at chrom:pos..end: the fast test of every line.
 * `hint` is the caller's cursor (start at 0; records sorted), which makes the test a comparison
 * in the usual case. */
bool site_index_touches(const SiteIndex *index, int chrom, int64_t pos, int64_t end, size_t *hint);

typedef struct CallBuilder CallBuilder; /* collects calls of one file in an arena */
CallBuilder *call_builder_new(const SiteIndex *index, Arena *arena);
/* Adds what `record` says about every site it touches. Copies of a CALL_MNV are those of the
 * longer substitution; `missing` counts called alleles that cannot be read ("<NON_REF>",
 * "<DUP>", a part of a longer panel event) too. */
void call_builder_add(CallBuilder *builder, const Record *record);
/* Calls so far: what a reader's ceiling looks at. */
size_t call_builder_size(const CallBuilder *builder);
/* Ordered by site and position; block pieces stay separate, the judge joins them. */
CallSet *call_builder_finish(CallBuilder *builder, Build build);

#endif
