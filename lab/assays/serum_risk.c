/* Method: log10 MoM of unaffected and of affected pregnancies are multivariate normal; the ratio of the two densities at the
 * woman's values turns the odds of her age into her odds (N. J. Wald et al., SURUSS, J Med Screen 2003;10:56-104). MoM are truncated
 * before the logarithm, the same for both densities. Risk is odds / (1 + odds), never prior / LR, which can exceed 1. */
#include "serum_risk.h"

#include <math.h>
#include <string.h>

double serum_prior(const SerumPrior *p, double age)
{
    double at = age < p->age_min ? p->age_min : age > p->age_max ? p->age_max : age;
    double term = 1 / (1 + exp(p->a - p->b / (1 + exp(-p->c * (at - p->half_year - p->d)))));
    double odds = term / (1 - term) / p->ratio; /* T18: rarer than T21 by a ratio of odds */
    double risk = odds / (1 + odds) / p->survival;
    return risk < 1 ? risk : 1;
}

const SerumPrior *serum_find_prior(const SerumModel *model, const char *name)
{
    for (int i = 0; i < model->n_priors; i++)
        if (strcmp(model->priors[i].name, name) == 0) return &model->priors[i];
    return NULL;
}

static double truncated(const ParameterSet *set, Marker m, double mom, bool *clamped)
{
    *clamped = false;
    if (set->low[m] <= 0) return mom;
    double kept = mom < set->low[m] ? set->low[m] : mom > set->high[m] ? set->high[m] : mom;
    *clamped = kept != mom;
    return kept;
}

bool serum_risk(SerumRisk *out, const ParameterSet *set, double prior, const Profile *profile)
{
    Gauss unaffected, affected;
    double x[GAUSS_MOST] = {0}, raw[GAUSS_MOST] = {0};
    int n = profile->n;
    if (n < 1 || n > GAUSS_MOST || serum_pair(&unaffected, &affected, set, profile) != PAIR_GOOD)
        return false;
    SerumRisk r = {.prior = prior};
    for (int i = 0; i < n; i++) {
        Marker m = profile->markers[i];
        if (!(profile->moms[i] > 0)) return false;
        raw[i] = log10(profile->moms[i]);
        x[i] = log10(truncated(set, m, profile->moms[i], &r.clamped[m]));
    }
    double log_lr = gauss_log(&affected, x) - gauss_log(&unaffected, x);
    double log_odds = log(prior) - log1p(-prior) + log_lr;
    r.lr = exp(log_lr);
    r.risk = 1 / (1 + exp(-log_odds));
    /* Plausibility looks at the values as measured: truncation would hide what it is for. */
    double in_unaffected = chi_square_tail(gauss_mahalanobis2(&unaffected, raw), n);
    double in_affected = chi_square_tail(gauss_mahalanobis2(&affected, raw), n);
    r.rarity = in_unaffected > in_affected ? in_unaffected : in_affected;
    *out = r;
    return true;
}

bool serum_median(double *out, const SerumMedian *median, int day, double crl_mm)
{
    const double d = day, *p = median->p;
    switch (median->form) {
    case MEDIAN_LOG10_LINEAR:
        *out = pow(10, p[0] * d + p[1]);
        break;
    case MEDIAN_LOG10_QUADRATIC:
        *out = pow(10, p[0] * d * d + p[1] * d + p[2]);
        break;
    case MEDIAN_EXPONENTIAL: /* from week 14 on, as the source writes it */
        *out = p[0] * exp(p[1] * (d - 98)) + p[2];
        break;
    case MEDIAN_QUADRATIC:
        *out = p[0] * d * d + p[1] * d + p[2];
        break;
    case MEDIAN_LOG10_CRL:
        *out = crl_mm > 0 ? pow(10, p[0] * crl_mm + p[1]) : 0;
        break;
    default:
        return false;
    }
    return isfinite(*out) && *out > 0;
}

const SerumMedian *serum_find_median(const SerumModel *model, Marker marker, int day)
{
    for (int i = 0; i < model->n_medians; i++) {
        const SerumMedian *m = &model->medians[i];
        if (m->marker == marker && m->days.from <= day && day <= m->days.to) return m;
    }
    return NULL;
}

bool serum_weight_factor(double *out, const SerumModel *model, Marker marker, double weight_kg)
{
    *out = 1;
    if (marker == MARKER_NT) return true;
    *out = model->weights[marker].a_kg / weight_kg + model->weights[marker].b;
    return *out > 0; /* NAN without a row */
}

bool serum_condition_factor(double *out, const SerumModel *model, Marker marker,
                            const bool declared[SERUM_CONDITIONS])
{
    *out = 1;
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        if (declared[c]) *out *= model->corrections[c][marker];
    return *out > 0; /* NAN without a row */
}

bool serum_days(int *out, const SerumModel *model, const char *method, double mm)
{
    for (int i = 0; i < model->n_datings; i++) {
        const SerumDating *d = &model->datings[i];
        if (strcmp(d->method, method) != 0) continue;
        if (!(mm >= d->min_mm && mm <= d->max_mm)) return false;
        double x = mm / 10; /* the published polynomials take centimetres */
        double y = d->c[0] + x * (d->c[1] + x * (d->c[2] + x * (d->c[3] + x * d->c[4])));
        *out = (int)floor(7 * (d->exponential ? exp(y) : y)); /* completed days */
        return true;
    }
    return false;
}
