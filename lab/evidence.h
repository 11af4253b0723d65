/* evidence - what was measured on one sample, free of the file format it came in.
 *
 * A reader fills Evidence once; the ledger keeps it in the canonical text of evidence_print(), so that a case can be judged again
 * (a partner's result arrives later, a table changes) without its raw files. Evidence holds what the file
 * says, not what it means: thresholds are applied by the assay, from tables.
 *
 * For fetal material nothing here may depend on the fetus's sex: sex-chromosome evidence sits in `sealed`, a type
 * that only lab/sex.c can look into, and is never printed. */
#ifndef SCREENLAB_EVIDENCE_H
#define SCREENLAB_EVIDENCE_H

#include "arena.h"
#include "date.h"
#include "status.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Sealed Sealed; /* defined in lab/sex.c only */

typedef enum Build { BUILD_UNKNOWN, BUILD_GRCH37, BUILD_GRCH38 } Build;

/* How one record of a VCF/BCF speaks about one panel site. */
typedef enum CallKind {
    CALL_ALLELE,    /* lists the panel allele: see copies (0 = listed but not carried) */
    CALL_REFERENCE, /* an explicit reference genotype, or a reference block, over start..end */
    CALL_OTHER,     /* another allele at the site; the panel allele is not listed */
    CALL_DELETED,   /* a called deletion, or '*', takes the site away on at least one chromosome */
    CALL_MNV,       /* a called longer substitution that contains the panel's single-base change */
    CALL_NO_CALL,   /* the record is there, the genotype is ./. or 0/. */
    CALL_REF_MISMATCH /* the file's reference base is not the panel's: wrong build or wrong file */
} CallKind;

typedef struct Call {
    uint32_t site; /* index into the panel's site list, in panel order */
    CallKind kind;
    bool block;     /* from a reference block (INFO/END), not from a record of the site's own */
    bool filtered;  /* FILTER is neither PASS nor '.' */
    bool phased;    /* every separator is '|' */
    int8_t ploidy;  /* alleles in GT: 2, 1 (haploid); 0 = no GT */
    int8_t copies;  /* of the panel allele */
    int8_t missing; /* alleles given as '.' */
    int8_t deleted; /* alleles given as '*' */
    int8_t
        first; /* 1 when the panel allele is the first of a phased pair, 0 the second, -1 unknown */
    int32_t phase_set;  /* FORMAT/PS, -1 = none */
    int32_t depth;      /* reads; MIN_DP of a block; -1 = not given */
    int32_t quality;    /* Phred: GQ, or GQX in Illumina blocks; -1 = not given */
    int64_t start, end; /* 1-based inclusive span of the record on the site's chromosome */
} Call;

typedef struct CallSet {
    Build build;
    Call *calls; /* ordered by site, then by position of the record */
    size_t n_calls;
    int8_t *
        identity; /* copies of ALT at each identity site (autosomal SNPs): 0, 1, 2; -1 = not read */
    size_t n_identity;
    int64_t panel; /* fingerprint of the sites it was read against: indices mean nothing without */
} CallSet;

/* What a result does to earlier ones of the same place (lab/standing.h). */
typedef enum ResultStanding {
    RESULT_FINAL,
    RESULT_CORRECTED, /* takes their place */
    RESULT_WITHDRAWN  /* takes them back and gives nothing */
} ResultStanding;

/* One coded or numeric laboratory result, in internal codes of reference/results.tsv. */
typedef struct Result {
    const char *specimen;   /* as the instrument names it; "" = the sample itself */
    const char *code;       /* "hpv.16", "cytology", "alpha.deletion" */
    const char *value;      /* value code ("positive"), or NULL when numeric */
    double number;          /* when value is NULL */
    const char *unit;       /* UCUM, "" = none */
    Instant time;           /* of the measurement; INSTANT_NONE = not given */
    const char *run, *well; /* "" = not given */
    ResultStanding standing;
    /* '<' or '>': the value lies beyond `number`, where the analyser measures no more; 0 = it is `number`. */
    char bound;
} Result;

enum { BINS_LENGTHS = 401 };

/* Autosomal read counts of low-pass sequencing of cell-free DNA. Chromosomes 1 to 22 lie one behind the other (lab/bins.h); X, Y,
 * the mitochondrion, decoys and unplaced reads were dropped at the door and are counted nowhere. */
typedef struct Bins {
    Build build;
    uint32_t size; /* bases of one bin */
    uint32_t n;    /* bins of all autosomes, empty ones too */
    bool paired;
    uint32_t *reads; /* counted reads, or pairs, of each bin */
    uint32_t
        *gc; /* sum over them of the read's GC in whole per cent; NULL = the file does not tell */
    uint32_t *shorts; /* pairs shorter than the panel's cut; NULL = single end, or not told */
    uint32_t lengths[BINS_LENGTHS]; /* pairs by length in bases; the last holds all longer ones */
    uint64_t examined;  /* primary autosomal records, one a pair, that reached the filters */
    uint64_t ambiguous; /* of them: below the mapping quality, or unmapped beside a mapped mate */
    uint64_t duplicates;
    uint64_t filtered; /* failed quality, improper pair */
    const char *instrument, *aligner,
        *protocol; /* as the file names them, in lower case; "" = not told */
} Bins;

typedef struct Evidence {
    Status status; /* OK, or why the files could not be used; then `note` says it */
    Note note;
    CallSet *calls;  /* NULL = no variant file */
    Result *results; /* in order of arrival */
    size_t n_results;
    Bins *bins;    /* NULL = no low-pass sequencing */
    Trace *traces; /* capillary runs: the sample's own first, then the controls of its runs */
    size_t n_traces;
    Sealed *sealed; /* NULL = nothing was sealed; never printed, compared or counted */
} Evidence;

/* Canonical text, one record a line, LF, tab-separated, no locale: equal evidence gives equal bytes. */
const char *evidence_print(const Evidence *evidence, Arena *arena);
/* The inverse. BAD_INPUT when the text is not of that form (the ledger was tampered with). */
Status evidence_parse(Evidence *out, const char *text, Arena *arena, Note *why) MUST_USE;

#endif
