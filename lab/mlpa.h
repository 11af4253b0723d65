/* mlpa - gene dosage by multiplex ligation-dependent probe amplification: probe quotients against normal samples of the same run.
 *
 *     MlpaReading r;
 *     mlpa_read(&r, model, sample, &sample->evidence.traces[i], arena);       // one injection of the sample
 *     if (r.fault == NULL) use(r.regions[k].copies, r.code, r.value);
 *
 * Tables: mlpa/kits (limits), mlpa/probes (size windows, roles, regions), mlpa/bands (quotient -> copies), mlpa/patterns (copies of
 * the regions -> coded result, as carrier/alpha_deletions and carrier/smn1 read it). Kits, probes and bands are the laboratory's own. */
#ifndef SCREENLAB_MLPA_H
#define SCREENLAB_MLPA_H

#include "reference.h"
#include "sample.h"

typedef enum MlpaRole {
    MLPA_TARGET,
    MLPA_REFERENCE, /* places of the genome that are the same in everyone */
    MLPA_Q,         /* amplified without DNA: low when there was enough of it */
    MLPA_D,         /* as high as the benchmark when the DNA was denatured */
    MLPA_BENCHMARK
} MlpaRole;

typedef struct MlpaProbe {
    const char *name, *region; /* region of a target: "HBA2" */
    MlpaRole role;
    int dye;                  /* 1 to DYES */
    double low, high, length; /* bp; length = middle of the window */
    bool sealed;              /* its window touches a sealed one: not there in fetal material */
} MlpaProbe;

typedef struct MlpaKit {
    const char *code, *locus; /* "alpha", "smn1": whose patterns it is read by */
    MlpaProbe *probes;
    size_t n;
    const char **regions; /* of the targets, in order of appearance */
    size_t n_regions;
    int least_references;       /* reference samples of the run */
    int least_reference_probes; /* that must be readable in every sample */
    double spread;              /* largest SD of a probe's quotient over the reference samples */
    double q_most, d_least;     /* shares of the benchmark's height */
    double blank_most;          /* height of a probe in a blank */
    bool example;
} MlpaKit;

typedef struct MlpaModel {
    MlpaKit *kits;
    size_t n_kits;
    const Table *kit_table, *bands, *patterns;
} MlpaModel;

/* Compiles the tables. BAD_INPUT names the row: "mlpa.kit", "mlpa.probe" (a probe on a sex chromosome is refused: those are sealed by
 * fragment/panel and never read), "mlpa.band" (bands overlap), "mlpa.pattern". */
Status mlpa_prepare(const void **out, const Reference *reference, Arena *arena, Note *why) MUST_USE;

enum { MLPA_AMBIGUOUS = -1, MLPA_UNREAD = -2 };

typedef struct MlpaRegion {
    const char *name;
    int copies;      /* all its probes agree; MLPA_AMBIGUOUS, MLPA_UNREAD */
    double quotient; /* mean of its probes */
} MlpaRegion;

typedef struct MlpaReading {
    const MlpaKit *kit; /* NULL = not a kit of the tables */
    const char *fault;  /* detail code: why there are no copies; NULL = good */
    double worst;       /* largest SD of a probe over the references; NAN = not computed */
    double *quotients;  /* one a probe, NAN = not read */
    int *copies;        /* one a probe */
    MlpaRegion *regions;
    size_t n_regions;
    const Table *patterns;
    long pattern;      /* row of patterns; -1 = none fits */
    const char *code;  /* coded result ("alpha.deletion"), NULL = none */
    const char *value; /* ... its value */
} MlpaReading;

void mlpa_read(MlpaReading *out, const MlpaModel *model, const Sample *sample, const Trace *own,
               Arena *arena);

/* What the injections of this sample say in the coded results that the carrier assay reads; a run that failed says "invalid". *example becomes
 * true when one of them was read by a kit of example numbers, and is left alone otherwise. */
size_t mlpa_results(Result **out, bool *example, const MlpaModel *model, const Sample *sample,
                    Arena *arena);

#endif
