/* nipt - low-pass sequencing of cell-free DNA against a panel of euploid pregnancies: z, fetal fraction, segments.
 *
 *     NiptProfile *p = nipt_profile(panel, bins, arena);       // corrected for GC, centred on the autosomes
 *     NiptScore s = nipt_score(panel, p, 21);
 *     if (s.z > 3) ...                                          // s.sd holds this sample's own counting noise
 *
 * Only chromosomes 1 to 22 exist here. Ratios are relative to the autosomes other than 13, 18 and 21, so no sum, share or centre
 * depends on a sex chromosome. Everything that pipeline/panel learns is linear in the windows' ratios, so the variance of every
 * statistic at any depth is known in closed form. */
#ifndef SCREENLAB_NIPT_H
#define SCREENLAB_NIPT_H

#include "bins.h"
#include "table.h"

enum {
    NIPT_CHROMS = AUTOSOMES + 1, /* arrays are indexed by chromosome, 1..22 */
    NIPT_FACTORS = 10,           /* most principal components that segments are cleaned of */
    NIPT_STRATA = 201,           /* of the GC curve: half a per cent each, 0 to 100 */
    NIPT_SCALES = 6, /* lengths at which segments' errors are known: 2.5, 5, 10, 20, 40, 80 Mb */
    NIPT_SCALE_LEAST = 2500000, /* bases */
    NIPT_SAMPLES = 5000,        /* most of a panel */
    NIPT_LENGTHS = 48           /* classes of 5 bases, of pairs of 60 to 299 bases */
};

/* What a panel knows of one chromosome. The statistic of a sample is  y = sum over windows of line[w] * x[w] - shift,  where x is
 * the window's ratio minus one: the chromosome's own mean minus what the other chromosomes foretell. */
typedef struct NiptChrom {
    float *line;      /* weight of every window */
    double shift;     /* mean of y in the panel */
    double excess;    /* variance of y over the panel beyond counting: over-dispersion */
    double uncertain; /* variance from the panel's finite size */
    double
        held_out; /* variance of the held-out y over the panel: counting, excess and panel together */
    double df;    /* of held_out */
    float *z;     /* held-out z of each panel sample: the dots behind a sample's own */
} NiptChrom;

typedef struct NiptPanel {
    const char *id;
    const char *instrument, *aligner, *protocol; /* a sample must match what is not "" here */
    Build build;
    bool paired;
    uint32_t bin_size, n_bins;
    uint32_t window_bins, n_windows;        /* windows never cross a chromosome's end */
    uint32_t bin_first[NIPT_CHROMS + 1];    /* first bin of each chromosome; [23] = n_bins */
    uint32_t window_first[NIPT_CHROMS + 1]; /* likewise */
    uint32_t n_samples;
    double reads;          /* median of the samples' counted reads */
    double gc_mean, gc_sd; /* of the samples' mean read GC, per cent */
    float *share;          /* expected share of each bin in all counted reads; 0 = masked */
    float
        *gc; /* expected mean GC of the reads of each bin, per cent; NULL = the panel knows none */
    float *noise; /* variance of each bin's ratio beyond counting */
    float *
        shorts; /* share of short pairs in each window over the sample's own, mean of the panel; NULL = not known */
    NiptChrom chroms[NIPT_CHROMS];
    uint32_t n_factors;
    float *project[NIPT_FACTORS];       /* windows -> score */
    float *loading[NIPT_FACTORS];       /* score -> windows */
    double signal[NIPT_FACTORS];        /* variance of the true score */
    double segment_excess[NIPT_SCALES]; /* variance of a stretch's ratio beyond its bins' own */
    bool
        has_size; /* fetal fraction from fragment lengths: size_base + size_slope * share of short pairs */
    double size_base, size_slope, size_sd;
    float *length_line; /* the same from all lengths, weight of every class; NULL = not learnt */
    double length_base, length_sd;
    double length_gap; /* standard errors that it may lie away from size_base + ... */
    float
        *fraction_line; /* fetal fraction from counts, weight of every window; NULL = not learnt */
    double fraction_base, fraction_sd;
} NiptPanel;

/* A sample, corrected. Arrays live in the arena of nipt_profile(). */
typedef struct NiptProfile {
    double reads;               /* counted reads in unmasked bins */
    double gc;                  /* mean GC of the counted reads, per cent; NAN = not told */
    double curve[NIPT_STRATA];  /* fitted bias by expected GC, 1 = none */
    double *expected;           /* reads of each bin if it were euploid; 0 = masked */
    double *ratio;              /* of each bin, centred; 0 where masked */
    double *x;                  /* ratio of each window minus one */
    double *variance;           /* counting variance of x; 0 = nothing is seen there */
    double *weight;             /* of each window: inverse variance at the panel's depth */
    double score[NIPT_FACTORS]; /* shrunken principal components */
    double overcount; /* factor of the counting variance that explains `dispersion`; at least 1 */
    double
        dispersion; /* robust SD of the bins' residuals over what counting and the panel explain; 1 = as the panel */
} NiptProfile;

typedef struct NiptScore {
    double ratio;    /* 1 = euploid, after what the other chromosomes foretell */
    double sd;       /* of ratio: sqrt(excess + uncertain + counting) */
    double counting; /* SD from this sample's own counts */
    double z, p;     /* p: upper tail of Student's t */
    double df;
    double implied, implied_low,
        implied_high; /* fetal fraction if the fetus is trisomic, 95 per cent interval */
    double
        detectable; /* fetal fraction whose trisomy is found with the power asked at the limit asked */
} NiptScore;

typedef struct NiptSegment {
    int chrom;
    int64_t start, end; /* 1-based inclusive */
    double ratio, sd, z;
    double shift,
        shift_sd; /* share of short pairs over what is due there, minus one; NAN = not told */
    bool whole;   /* most of the chromosome */
} NiptSegment;

typedef enum NiptOrigin { ORIGIN_OPEN, ORIGIN_FETAL, ORIGIN_MATERNAL } NiptOrigin;

typedef struct NiptFraction {
    bool estimated;
    double value, low, high; /* 95 per cent interval */
    const char *method;      /* "length", "counts", "both" */
} NiptFraction;

/* Text of the table nipt/panel: columns key and value. BAD_INPUT names the row that is wrong. */
Status nipt_panel_parse(NiptPanel **out, const Table *table, Arena *arena, Note *why) MUST_USE;
const char *nipt_panel_print(const NiptPanel *panel,
                             Arena *arena); /* header of the table not included */

/* From build, bin_size and window_bins: the numbers of bins and windows, and where chromosomes begin. */
void nipt_panel_layout(NiptPanel *panel);

/* True for 13, 18 and 21. */
bool nipt_target(int chrom);

/* Same build and bin size, and the panel's instrument, aligner, protocol and pairing. */
bool nipt_matches(const NiptPanel *panel, const Bins *bins);

/* GC curve: observed over expected reads by stratum of expected GC, local-linear, on bins outside 13, 18 and 21.
 * `expected` is 0 for bins that do not count. */
void nipt_gc_curve(double curve[NIPT_STRATA], const Bins *bins, const float *gc,
                   const double *expected);
double nipt_gc_at(const double curve[NIPT_STRATA], double gc);

NiptProfile *nipt_profile(const NiptPanel *panel, const Bins *bins, Arena *arena);
/* Without the scores: what the panel's making needs. */
NiptProfile *nipt_profile_plain(const NiptPanel *panel, const Bins *bins, Arena *arena);

/* z_limit and power_z: the detectable fraction is 2 (z_limit + power_z) sd. */
NiptScore nipt_score(const NiptPanel *panel, const NiptProfile *profile, int chrom, double z_limit,
                     double power_z);
/* Counting variance of a line over windows at this sample's depth; what centring does to it included. */
double nipt_counting(const NiptPanel *panel, const NiptProfile *profile, const float *line);

/* Neighbouring stretches of that length and their variance from bins alone; for the panel's making. Room for one a block (250 kb). */
size_t nipt_stretches(double *effects, double *variances, const NiptPanel *panel,
                      const NiptProfile *profile, double bases, Arena *arena);
/* Variance of a bin's ratio: counting, the bin's own noise, and the error of its share. */
double nipt_bin_variance(const NiptPanel *panel, const NiptProfile *profile, uint32_t bin);
/* Segments beyond the scan's limit, by chromosome and place. */
size_t nipt_segments(NiptSegment **out, const NiptPanel *panel, const NiptProfile *profile,
                     const Bins *bins, double limit, Arena *arena);
/* The |z| which the largest of all segments of a euploid exceeds with probability `family_error`. */
double nipt_scan_limit(const NiptPanel *panel, double family_error);
/* Smallest size in bases at which a fetal gain or loss of that fraction is found with the power asked; 0 = none. */
double nipt_segment_size(const NiptPanel *panel, const NiptProfile *profile, double fraction,
                         double limit, double power_z);

/* Whose change it is, by the lengths of its pairs: told where one answer is `limit` standard errors away and the other is not. */
NiptOrigin nipt_origin(const NiptPanel *panel, const NiptFraction *fraction,
                       const NiptSegment *segment, double limit);

NiptFraction nipt_fraction(const NiptPanel *panel, const NiptProfile *profile, const Bins *bins);
/* Share of pairs in every class of lengths; false when there are too few. */
bool nipt_length_shares(double shares[NIPT_LENGTHS], const Bins *bins);
/* Share of pairs of 100 to 150 bases in those of 100 to 220; NAN when there are too few. */
double nipt_size_ratio(const Bins *bins);

#endif
