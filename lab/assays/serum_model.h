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
enum { MARKERS = MARKER_FREE_BETA + 1, SERUM_SETS = 8 };

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

typedef struct SerumModel {
    ParameterSet sets[SERUM_SETS];
    int n_sets;
    const Table *parameters, *tests, *priors, *cutoffs, *limits, *dating, *weight, *medians;
} SerumModel;

Status serum_prepare(const void **model, const Reference *reference, Arena *arena,
                     Note *why) MUST_USE;
const ParameterSet *serum_set(const SerumModel *model, const char *name); /* NULL = not loaded */
double serum_limit(const SerumModel *model, const char *key);

/* The markers of one test in one woman. */
typedef struct Profile {
    int n;
    Marker markers[GAUSS_MOST];
    double moms[GAUSS_MOST]; /* corrected MoM */
    int days[GAUSS_MOST];    /* gestation at each marker's sample */
} Profile;

/* Which of two populations a profile fits: both densities of log10 MoM over its markers at its gestation. False when a number or a
 * correlation is not in the set: then there is no model, and nothing is assumed to be 0. */
bool serum_pair(Gauss *unaffected, Gauss *affected, const ParameterSet *set,
                const Profile *profile);

#endif
