/* fragment - from a channel of an electropherogram to peaks with sizes in base pairs.
 *
 *     double *flat = fragment_flatten(raw, n, 51, arena);                     // baseline taken away
 *     PeakList peaks = fragment_peaks(flat, n, &options, arena);
 *     Ladder ladder;
 *     Status s = ladder_match(&ladder, &standard, &peaks_of_standard_dye, &limits, arena, &why);
 *     double bp = ladder_size(&ladder, peaks.items[0].scan);                   // NAN outside the ladder
 *
 * Pure arithmetic; every threshold comes in from a table. */
#ifndef SCREENLAB_FRAGMENT_H
#define SCREENLAB_FRAGMENT_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { DYES = 6 }; /* channels that an analyser can have */

typedef enum PeakFlag {
    PEAK_OFF_SCALE = 1, /* overlaps a saturated scan: no ratio may rest on it */
    PEAK_PULL_UP = 2,   /* stands at a much higher peak of another dye: flagged, never deleted */
    PEAK_SHAPE = 4,     /* width or area/height unlike its neighbours: no true fragment */
    PEAK_STUTTER = 8
} PeakFlag;

typedef struct Peak {
    double scan;    /* of the apex */
    int begin, end; /* scans, inclusive */
    double height;  /* above baseline, instrument units */
    double area;    /* height x scans */
    double width;   /* full width at half maximum, scans */
    double size;    /* bp; NAN = not sized */
    unsigned flags;
} Peak;

typedef struct PeakList {
    Peak *items; /* by scan */
    size_t n;
} PeakList;

typedef struct PeakOptions {
    double least_height;
    int smooth_window; /* odd, scans: a cubic is fitted over it (A. Savitzky, M. J. E. Golay, Anal Chem 36 (1964) 1627); 1 = none */
    double least_width; /* scans: a spike is narrower */
    int from, to;       /* scans to look at, to exclusive; 0,0 = all */
} PeakOptions;

/* The channel minus its baseline: the morphological opening over `window` scans, averaged over it (flat under peaks, follows a slow drift). */
double *fragment_flatten(const int32_t *raw, size_t n, int window, Arena *arena);
PeakList fragment_peaks(const double *signal, size_t n, const PeakOptions *options, Arena *arena);

/* ---- ladder ---- */

enum { LADDER_MOST = 64 };

typedef enum SizingMethod { SIZING_LOCAL_SOUTHERN, SIZING_CUBIC } SizingMethod;

typedef struct SizeStandard {
    const char *name;
    double sizes[LADDER_MOST]; /* bp, ascending; those that the kit excludes are left out already */
    int n;
} SizeStandard;

typedef struct LadderLimits {
    double most_residual; /* bp: largest distance of a rung from where its neighbours place it */
    int least_peaks;      /* standard peaks that must be found */
} LadderLimits;

typedef struct Ladder {
    const SizeStandard *standard;
    SizingMethod method;
    double scans[LADDER_MOST], sizes[LADDER_MOST]; /* matched peaks */
    int n;
    double residual; /* bp: largest distance of a rung from where its neighbours place it */
    double
        cubic[4]; /* least-squares size = c0 + c1 t + c2 t^2 + c3 t^3, t = (scan - shift) / scale */
    double shift, scale;
} Ladder;

/* Finds the standard's peaks among those of its dye: the assignment whose speed (scans per bp) changes least from gap to gap. REFUSED "ladder.bad" when
 * too few match or the fit is bad, "ladder.none" without peaks; *out is then untouched. */
Status ladder_match(Ladder *out, const SizeStandard *standard, const PeakList *peaks,
                    const LadderLimits *limits, Arena *arena, Note *why) MUST_USE;
/* A ladder from given scans (the vendor's own), one a size. */
void ladder_set(Ladder *out, const SizeStandard *standard, const double *scans);
/* Takes rungs out (gone[i] != 0) and fits again; false, and the ladder as it was, when fewer than five would be left. */
bool ladder_drop(Ladder *ladder, const bool *gone) MUST_USE;
/* Size of a scan by the ladder's method; NAN outside its first and last peak. Source: J. K. Elder, E. M. Southern, Anal Biochem 128 (1983) 227. */
double ladder_size(const Ladder *ladder, double scan);
/* Sizes of the scans 0 to n - 1. */
void ladder_size_scans(const Ladder *ladder, double *bp, size_t n);
void ladder_size_all(const Ladder *ladder, PeakList *peaks);

/* ---- artefacts ---- */

typedef struct ArtefactLimits {
    double
        pull_up_ratio; /* a peak below this share of a peak of another dye at its place is marked */
    double pull_up_scans;         /* how near the apexes must be */
    double width_low, width_high; /* of the median width of the dye's peaks */
} ArtefactLimits;

/* Marks pull-up in each dye against all others. What was blanked at the door cannot be a
 * cause: it is not in the lists. */
void fragment_mark_pull_up(PeakList *dyes, int n_dyes, const ArtefactLimits *limits);
void fragment_mark_shape(PeakList *peaks, const ArtefactLimits *limits);
void fragment_mark_off_scale(PeakList *peaks, const int32_t *scans, size_t n_scans);

#endif
