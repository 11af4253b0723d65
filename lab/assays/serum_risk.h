/* serum_risk - from marker values to MoM, from MoM to a risk. Pure arithmetic over the model; the assay (serum.c) decides what may be asked. */
#ifndef SCREENLAB_SERUM_RISK_H
#define SCREENLAB_SERUM_RISK_H

#include "serum_model.h"

/* Age prior, as probability for the stage of pregnancy that a row of serum/priors speaks about. `age` in years at the expected date
 * of delivery, exact. Source of the form: Morris et al., J Med Screen 2002;9:2-6. */
double serum_prior(const SerumPrior *prior, double age);
const SerumPrior *serum_find_prior(const SerumModel *model, const char *name); /* NULL = no row */

typedef struct SerumRisk {
    double prior, lr, risk; /* probabilities, unrounded; lr = likelihood ratio */
    double
        rarity; /* larger upper tail of the two populations' Mahalanobis distances: small = no pregnancy shows this */
    bool clamped[MARKERS]; /* the MoM was truncated */
} SerumRisk;

/* False when the set has no model for these markers at these days, or a MoM is not positive. */
bool serum_risk(SerumRisk *out, const ParameterSet *set, double prior, const Profile *profile);

/* Median of a marker at `day` (NT: at `crl_mm`), in the row's unit; false = it cannot be stated. */
bool serum_median(double *out, const SerumMedian *median, int day, double crl_mm);
/* The row for that day; NULL = none. */
const SerumMedian *serum_find_median(const SerumModel *model, Marker marker, int day);
/* What a MoM is divided by for `weight_kg`: 1 for NT, false when the marker has no row. */
bool serum_weight_factor(double *out, const SerumModel *model, Marker marker, double weight_kg);
/* What a MoM is divided by for the conditions that were declared: 1 for none, false when one of them has no row for the marker. */
bool serum_condition_factor(double *out, const SerumModel *model, Marker marker,
                            const bool declared[SERUM_CONDITIONS]);
/* Gestation on the day of the scan by row `method` ("crl", "bpd") of serum/dating, in completed days: 97.9 days are 13 weeks and 6 days. So the
 * ends of the CRL formula, 32 and 80 mm, are the ends of the first-trimester models, 70 and 97 days; rounding would shut the last millimetre out. False
 * when the measurement is outside the formula's range, or there is no such row. */
bool serum_days(int *out, const SerumModel *model, const char *method, double mm);

#endif
