/* trace - one injection of a capillary analyser behind the door: sized peaks of every dye, or called bases.
 *
 *     for (size_t i = 0; i < e->n_traces; i++) {
 *         const Trace *t = &e->traces[i];                   // the sample's own first, then the controls of its run
 *         if (t->role == TRACE_CONTROL && t->fault[0] != '\0') ...     // a control that could not be read fails the run
 *         for (size_t k = 0; k < t->dye[0].n; k++)
 *             use(t->dye[0].peaks[k].size, t->dye[0].peaks[k].area, t->dye[0].peaks[k].marks);
 *     }
 *
 * Evidence carries the controls of its run, so that a case can be judged again without any file. Kit, material, run and well are
 * what the laboratory declared in plate.csv, never words of the file. For fetal material nothing here comes from the windows of
 * sex markers: those scans were wiped before anything was measured (lab/markers.h), in the controls' files too.
 *
 * All figures are rounded at the door to the steps named below: what is read from a file and what is read back from the ledger
 * are the same numbers. */
#ifndef SCREENLAB_TRACE_H
#define SCREENLAB_TRACE_H

#include "fragment.h"

typedef enum TraceRole {
    TRACE_SAMPLE,
    TRACE_CONTROL,   /* DNA of known genotype: `material` names it */
    TRACE_BLANK,     /* no DNA: must be silent */
    TRACE_REFERENCE, /* DNA of normal dosage, for quotients */
    TRACE_LADDER     /* allelic ladder */
} TraceRole;

enum { TRACE_ROLES = TRACE_LADDER + 1, TRACE_GAP = -1 };

typedef struct TracePeak {
    double size;    /* bp, steps of 0.001 */
    double height;  /* above baseline, instrument units, whole */
    double area;    /* height x scans, whole */
    double width;   /* full width at half maximum, scans, steps of 0.01 */
    unsigned marks; /* PeakFlag */
} TracePeak;

typedef struct TraceDye {
    TracePeak *peaks; /* by size; what lies outside the ladder is not here */
    size_t n;
    int32_t
        *drawn; /* height above baseline on the grid of the trace, at least 0; TRACE_GAP = wiped at
                       the door; NULL = not drawn */
} TraceDye;

/* One called base. Heights are those of the peak in each channel that stands at the call; 0 = none stands there. */
typedef struct TraceBase {
    char call;         /* IUPAC letter, capital */
    int quality;       /* Phred; -1 = not given */
    int32_t scan;      /* of the call; -1 = not given */
    int32_t height[4]; /* A C G T */
} TraceBase;

typedef struct Trace {
    TraceRole role;
    const char *kit;        /* row of fragment/kits; "" = bases without a kit */
    const char *material;   /* of a control or reference, as declared ("9947A"); "" */
    const char *run, *well; /* as declared; "" = not given */
    const char
        *fault; /* Note code ("ladder.few") of a control that could not be used; "" = good. The
                              sample's own faults are the evidence's */
    TraceDye dye[DYES];
    int standard_dye;                                        /* 1 to DYES; 0 = no fragments */
    double rung_scans[LADDER_MOST], rung_sizes[LADDER_MOST]; /* the ladder; whole scans, 0.1 bp */
    int n_rungs;
    double residual; /* bp, 0.001: largest distance of a rung from where its neighbours place it */
    double grid_from, grid_step; /* bp, 0.1: of drawn[0], and from one to the next */
    size_t n_grid;
    TraceBase *bases;
    size_t n_bases;
} Trace;

const char *trace_role_code(TraceRole role); /* "sample" "control" "blank" "reference" "ladder" */
/* -1 = no such role */
int trace_role_parse(const char *code);

/* A measured peak, rounded. */
TracePeak trace_peak(const Peak *peak);
/* Steps of `step`, e.g. 0.001. */
double trace_round(double value, double step);

/* The part of a line of evidence_print() behind "trace": cells, each with a TAB before it. */
const char *trace_print(const Trace *trace, Arena *arena);
/* The inverse, from the cells behind "trace". False when they were not printed by trace_print(). */
bool trace_parse(Trace *out, const char *const *cells, size_t n, Arena *arena);

#endif
