/* serum_model - the tables of maternal serum screening, checked and compiled once. Shared by the rooms of the assay only. */
#ifndef SCREENLAB_SERUM_MODEL_H
#define SCREENLAB_SERUM_MODEL_H

#include "../gauss.h"
#include "../reference.h"

typedef enum Marker {
    MARKER_AFP,
    MARKER_UE3,
    MARKER_HCG,
    MARKER_INHA,
    MARKER_PAPPA,
    MARKER_NT,
    MARKER_HCG1,
    MARKER_FREE_BETA
} Marker;
enum { MARKERS = MARKER_FREE_BETA + 1, SERUM_SETS = 8, MOST_GESTATION = 308 };

const char *marker_code(Marker marker); /* "afp": as in the tables; result code "serum.afp" */
int marker_find(const char *code, size_t length); /* -1 = unknown */

/* A range of gestation in days over which a number holds; from > to = any. */
typedef struct Days {
    int from, to;
} Days;

typedef struct MarkerNumber { /* one class of one set: mean of log10 MoM = mean + slope * days */
    double mean, slope, sd;
    Days days;
} MarkerNumber;

enum { SERUM_PIECES = 3 }; /* ranges of days of one number */

typedef struct Population {
    MarkerNumber markers[MARKERS][SERUM_PIECES];
    int n_markers[MARKERS];
    double r[MARKERS][MARKERS][SERUM_PIECES];
    Days r_days[MARKERS][MARKERS][SERUM_PIECES];
    int n_r[MARKERS][MARKERS];
} Population;

typedef struct ParameterSet {
    const char *name;
    Population unaffected, affected;
    double low[MARKERS], high[MARKERS]; /* truncation in MoM; low 0 = the set has none */
} ParameterSet;

typedef enum SerumLimit {
    LIMIT_AGE_MIN,
    LIMIT_AGE_MOST,
    LIMIT_UE3_REVIEW,
    LIMIT_PAPPA_REVIEW,
    LIMIT_IMPLAUSIBLE_TAIL,
    LIMIT_FIRST_FROM,
    LIMIT_FIRST_TO,
    LIMIT_SECOND_FROM,
    LIMIT_SECOND_TO,
    LIMIT_WEIGHT_FROM,
    LIMIT_WEIGHT_TO,
    SERUM_LIMITS
} SerumLimit;

typedef struct SerumPrior { /* a row of serum/priors: serum_prior() says the form */
    const char *name;
    double a, b, c, d, half_year, survival, ratio, age_min, age_max;
} SerumPrior;

typedef struct SerumCutoff {
    const char *name;
    double high, grey; /* from there on; grey NAN = no grey zone */
    bool example;
} SerumCutoff;

typedef struct SerumDating {
    const char *method;
    bool exponential;
    double c[5], min_mm, max_mm;
} SerumDating;

typedef enum MedianForm {
    MEDIAN_LOG10_LINEAR,
    MEDIAN_LOG10_QUADRATIC,
    MEDIAN_EXPONENTIAL,
    MEDIAN_QUADRATIC,
    MEDIAN_LOG10_CRL,
    MEDIAN_FORMS
} MedianForm;

typedef struct SerumMedian {
    Marker marker;
    MedianForm form;
    double p[3];
    Days days;
    const char *unit;
    bool example;
} SerumMedian;

typedef struct SerumWeight { /* MoM is divided by a_kg / weight + b; a_kg NAN = no row */
    double a_kg, b;
} SerumWeight;

/* What a woman may declare that moves her markers. */
typedef enum SerumCondition {
    CONDITION_SMOKING,
    CONDITION_INSULIN,
    CONDITION_IVF,
    SERUM_CONDITIONS
} SerumCondition;
const char *serum_condition_code(SerumCondition condition); /* of the fact: "smoking" */

typedef enum Dating { DATING_US, DATING_LMP, DATING_ANY } Dating;

/* What a test asks about one condition: a row of serum/tests. */
typedef struct SerumAsk {
    int test;         /* index of SerumModel.tests */
    const char *item; /* "T21" "T18" "ONTD" */
    bool first;       /* row of its test about its condition: there is one for each way of dating */
    Marker markers[GAUSS_MOST];
    int n_markers;
    Dating dating;
    bool by_mom;               /* the MoM itself is held against the cut-off: no prior, no set */
    const ParameterSet *set;   /* NULL = not loaded: no model */
    const SerumPrior *prior;   /* NULL = none */
    const SerumCutoff *cutoff; /* NULL = no row: refused */
} SerumAsk;

typedef struct SerumTest {
    const char *code;
    int fallback;  /* index of the smaller test, -1 = none */
    bool lacks[2]; /* by Dating: some condition has no row for a pregnancy dated in this way */
} SerumTest;

typedef struct SerumModel {
    ParameterSet sets[SERUM_SETS];
    int n_sets;
    SerumTest *tests;
    SerumAsk *asks; /* in the table's order */
    SerumPrior *priors;
    SerumCutoff *cutoffs;
    SerumDating *datings;
    SerumMedian *medians; /* in the table's order; of one marker their days do not overlap */
    SerumWeight weights[MARKERS];
    double corrections[SERUM_CONDITIONS][MARKERS]; /* divisors of the MoM; NAN = no row: refused */
    bool medians_example, corrections_example;     /* one of them at least */
    double limits[SERUM_LIMITS];
    int n_tests, n_asks, n_priors, n_cutoffs, n_datings, n_medians;
    bool cutoffs_unverified, parameters_unverified;
    const char *cutoffs_table, *cutoffs_version, *parameters_table, *parameters_version;
} SerumModel;

Status serum_prepare(const void **model, const Reference *reference, Arena *arena,
                     Note *why) MUST_USE;
/* The tables beside the parameter sets; model->sets must be filled. */
Status serum_tables(SerumModel *model, const Reference *reference, Arena *arena,
                    Note *why) MUST_USE;
const ParameterSet *serum_set(const SerumModel *model, const char *name); /* NULL = not loaded */
/* BAD_INPUT "serum.table" about one cell. */
Status serum_fault(const Table *table, size_t row, const char *field, Note *why) MUST_USE;
/* Both ends, or both empty for "any day"; false for anything else. */
bool serum_days_of(const Table *table, size_t row, Days *out);
/* A number of that column within low..high. */
bool serum_number(const Table *table, size_t row, const char *column, double low, double high,
                  double *out);

/* The markers of one test in one woman. */
typedef struct Profile {
    int n;
    Marker markers[GAUSS_MOST];
    double moms[GAUSS_MOST]; /* corrected MoM */
    int days[GAUSS_MOST];    /* gestation at each marker's sample */
} Profile;

/* Why there is no pair. */
typedef enum PairFault { PAIR_GOOD, PAIR_NO_MODEL, PAIR_NO_COVARIANCE } PairFault;

/* Which of two populations a profile fits: both densities of log10 MoM over its markers at its gestation. False when a number or a
 * correlation is not in the set: then there is no model, and nothing is assumed to be 0. PAIR_NO_COVARIANCE = the numbers
 * are there and no population can have them. */
PairFault serum_pair(Gauss *unaffected, Gauss *affected, const ParameterSet *set,
                     const Profile *profile);

#endif
