/* fmr1 - CGG repeats of FMR1 from the size of a PCR product, by the control alleles of the same run.
 *
 *     Fmr1Reading r;
 *     fmr1_read(&r, model, evidence, &evidence->traces[i]);
 *     for (size_t k = 0; r.fault == NULL && k < r.n_alleles; k++)
 *         use(r.alleles[k].repeats, r.alleles[k].low, r.alleles[k].high);
 *
 * Tables: fmr1/kits, fmr1/controls (the laboratory's own), fmr1/categories, fmr1/limits. Never asked about fetal material. */
#ifndef SCREENLAB_FMR1_H
#define SCREENLAB_FMR1_H

#include "evidence.h"
#include "reference.h"

enum { FMR1_MOST_ALLELES = 8 };

typedef struct Fmr1Kit {
    const char *code;
    int dye;             /* 1 to DYES */
    double low, high;    /* bp: where products can be */
    double least_share;  /* an allele is at least this share of the highest peak */
    double stutter;      /* bp: a peak within this far below a higher one ... */
    double stutter_most; /* ... and lower than this share of it is its stutter */
    int control_alleles; /* that the calibration needs */
    double residual;     /* repeats: largest distance of a control allele from the line */
    bool blank;          /* a silent blank must be in the run */
    bool example;
} Fmr1Kit;

typedef struct Fmr1Model {
    Fmr1Kit *kits;
    size_t n_kits;
    double tolerance; /* share of the repeats */
    const Table *kit_table, *controls, *categories, *limits;
} Fmr1Model;

/* BAD_INPUT "fmr1.kit", "fmr1.control", "fmr1.category" (categories must follow each other without a hole), "fmr1.limit". */
Status fmr1_prepare(const void **out, const Reference *reference, Arena *arena, Note *why) MUST_USE;

typedef struct Fmr1Allele {
    double size;      /* bp */
    double repeats;   /* by the calibration */
    double low, high; /* with the tolerance */
    bool beyond;      /* longer than the longest control: no size is given */
    long category;    /* row of categories of `repeats`; of `beyond`: of the longest control */
    bool near;        /* the tolerance reaches into another category */
} Fmr1Allele;

typedef struct Fmr1Reading {
    const Fmr1Kit *kit;
    const char *fault;        /* detail code; NULL = the run and its calibration are good */
    double offset, slope;     /* size = offset + slope x repeats */
    double residual;          /* repeats */
    double shortest, longest; /* repeats of the controls */
    Fmr1Allele alleles[FMR1_MOST_ALLELES]; /* by size */
    size_t n_alleles;                      /* 0 = no product */
    bool doubtful;                         /* off scale, pulled up, misshapen, or too many peaks */
} Fmr1Reading;

void fmr1_read(Fmr1Reading *out, const Fmr1Model *model, const Evidence *evidence,
               const Trace *own);

#endif
