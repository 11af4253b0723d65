/* Method: log10 MoM of unaffected and of affected pregnancies are multivariate normal; the ratio of the two densities at the
 * woman's values turns the odds of her age into her odds (N. J. Wald et al., SURUSS, J Med Screen 2003;10:56-104). MoM are truncated
 * before the logarithm, the same for both densities. Risk is odds / (1 + odds), never prior / LR, which can exceed 1. */
#include "serum_risk.h"

#include <math.h>
#include <string.h>

static bool cell(double *out, const Table *t, long row, const char *column)
{
    return table_number(t, (size_t)row, table_column(t, column), out);
}

bool serum_prior(double *out, const SerumModel *model, const char *prior, double age)
{
    static const char *const columns[] = {"a",        "b",     "c",       "d",      "half_year",
                                          "survival", "ratio", "age_min", "age_max"};
    enum { A, B, C, D, HALF, SURVIVAL, RATIO, MIN, MAX, N };
    const Table *t = model->priors;
    long row = table_find(t, prior);
    double v[N];
    for (int i = 0; i < N; i++)
        if (row < 0 || !cell(&v[i], t, row, columns[i])) return false;
    double at = age < v[MIN] ? v[MIN] : age > v[MAX] ? v[MAX] : age;
    double term = 1 / (1 + exp(v[A] - v[B] / (1 + exp(-v[C] * (at - v[HALF] - v[D])))));
    double odds = term / (1 - term) / v[RATIO]; /* T18: rarer than T21 by a ratio of odds */
    double risk = odds / (1 + odds) / v[SURVIVAL];
    *out = risk < 1 ? risk : 1;
    return true;
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
    if (n < 1 || n > GAUSS_MOST || !serum_pair(&unaffected, &affected, set, profile)) return false;
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

/* The named forms of serum/medians; x is the day, for NT the CRL in mm. */
static bool median_form(double *out, const char *form, const double *p, int day, double crl_mm)
{
    double d = day;
    if (strcmp(form, "log10_linear") == 0)
        *out = pow(10, p[0] * d + p[1]);
    else if (strcmp(form, "log10_quadratic") == 0)
        *out = pow(10, p[0] * d * d + p[1] * d + p[2]);
    else if (strcmp(form, "exponential") == 0)
        *out = p[0] * exp(p[1] * (d - 98)) + p[2];
    else if (strcmp(form, "quadratic") == 0)
        *out = p[0] * d * d + p[1] * d + p[2];
    else if (strcmp(form, "log10_crl") == 0 && crl_mm > 0)
        *out = pow(10, p[0] * crl_mm + p[1]);
    else
        return false;
    return isfinite(*out) && *out > 0;
}

bool serum_median(double *out, size_t *row, const SerumModel *model, Marker marker, int day,
                  double crl_mm)
{
    const Table *t = model->medians;
    for (size_t r = 0; r < t->n_rows; r++) {
        double from, to, p[3] = {0};
        if (strcmp(table_cell(t, r, table_column(t, "marker")), marker_code(marker)) != 0) continue;
        if (!cell(&from, t, (long)r, "from_day") || !cell(&to, t, (long)r, "to_day") ||
            day < from || day > to)
            continue;
        static const char *const names[] = {"p1", "p2", "p3"};
        for (size_t i = 0; i < 3; i++)
            if (!cell(&p[i], t, (long)r, names[i])) p[i] = 0;
        *row = r;
        return median_form(out, table_get(t, r, "form"), p, day, crl_mm);
    }
    return false;
}

bool serum_weight_factor(double *out, const SerumModel *model, Marker marker, double weight_kg)
{
    double a, b;
    *out = 1;
    if (marker == MARKER_NT) return true;
    long row = table_find(model->weight, marker_code(marker));
    if (row < 0 || !cell(&a, model->weight, row, "a_kg") || !cell(&b, model->weight, row, "b"))
        return false;
    *out = a / weight_kg + b;
    return *out > 0;
}

bool serum_days(int *out, const SerumModel *model, const char *method, double mm)
{
    static const char *const columns[] = {"c0", "c1", "c2", "c3", "c4", "min_mm", "max_mm"};
    double v[7];
    long row = table_find(model->dating, method);
    for (size_t i = 0; i < 7; i++)
        if (row < 0 || !cell(&v[i], model->dating, row, columns[i])) return false;
    if (!(mm >= v[5] && mm <= v[6])) return false;
    double x = mm / 10; /* the published polynomials take centimetres */
    double y = v[0] + x * (v[1] + x * (v[2] + x * (v[3] + x * v[4])));
    bool exponential = strcmp(table_get(model->dating, (size_t)row, "form"), "exp") == 0;
    *out = (int)floor(7 * (exponential ? exp(y) : y) + 0.5);
    return true;
}
