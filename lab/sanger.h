/* sanger - is one named variant in a Sanger trace? Confirms or refutes; never looks for another.
 *
 *     SangerQuestion q = {.slice = "...ACCTGACTCC...", .at = 497, .ref = "T", .alt = "A"};
 *     SangerView v;
 *     sanger_view(&v, &read, &q, &limits, arena);        // one read, either strand
 *     SangerVerdict told = sanger_agree(views, n);         // forward and reverse must say the same
 *
 * Slices are plus-strand bases; N in a slice is a place where people differ and is compared with nothing. */
#ifndef SCREENLAB_SANGER_H
#define SCREENLAB_SANGER_H

#include "trace.h"

enum { BASES = 4 }; /* A C G T: as TraceBase.height */

/* The called bases of one trace. */
typedef struct BaseRead {
    const TraceBase *calls;
    size_t n;
} BaseRead;

typedef struct SangerQuestion {
    const char *slice; /* A C G T N */
    size_t at;         /* of ref in the slice, from 0 */
    const char *ref, *alt;
} SangerQuestion;

/* All from a table. Ratios are second over first peak, each by its dye's usual height. */
typedef struct SangerLimits {
    double one_base;  /* below: one base */
    double two_bases; /* from here on: two bases; between: nobody can say */
    double noise;     /* largest median ratio of the bases before the variant */
    double quality;   /* least mean quality before the variant, and of a single base at it */
    double wrong;     /* largest share of places that contradict */
    int before;       /* bases that must be read before the variant */
    int after;        /* bases looked at from the variant on; half of them must be there */
} SangerLimits;

typedef enum SangerAnswer {
    SANGER_NOT_COVERED, /* the read does not reach the place, or is not of this slice */
    SANGER_LOW_QUALITY,
    SANGER_NOT_READABLE, /* two traces lie over each other and the named variant does not explain them */
    SANGER_UNCLEAR,      /* a second peak between the limits */
    SANGER_OTHER,        /* another base than the two of the question */
    SANGER_REFERENCE,
    SANGER_HETEROZYGOUS,
    SANGER_VARIANT /* on every copy: homozygous, or hemizygous */
} SangerAnswer;

typedef struct SangerView {
    SangerAnswer answer;
    bool reverse; /* the read runs against the slice */
    size_t first; /* call at which the two haplotypes part; when covered */
    double ratio; /* second over first peak there; of an indel the median where they differ */
    double noise, quality;
} SangerView;

void sanger_view(SangerView *out, const BaseRead *read, const SangerQuestion *question,
                 const SangerLimits *limits, Arena *arena);

/* Do the calls come from this stretch, on either strand? Fifty bases in a row, or more with gaps, are asked for. */
bool sanger_belongs(const BaseRead *read, const char *slice, Arena *arena);

typedef enum SangerVerdict {
    VERDICT_NO_READ,
    VERDICT_UNREAD, /* no strand could be read: see the views */
    VERDICT_ONE_STRAND_REFERENCE,
    VERDICT_ONE_STRAND_SEEN,
    VERDICT_DISCORDANT,
    VERDICT_REFUTED,
    VERDICT_HETEROZYGOUS,
    VERDICT_VARIANT
} SangerVerdict;

SangerVerdict sanger_agree(const SangerView *views, size_t n);

/* Second over first peak of a call, heights taken by the usual height of their dye in the read; 1 = equal. *first and *second
 * are the bases. */
double sanger_ratio(const TraceBase *call, const double usual[BASES], char *first, char *second);
/* Median height of each dye where it was called, over the calls around `at`. */
void sanger_usual(double usual[BASES], const BaseRead *read, size_t at, Arena *arena);

#endif
