/* Why: without enough fetal DNA no trisomy can be seen, and a result that does not say so is a false negative. Never from X or Y.
 * Method: (1) paired ends: fetal fragments are shorter (S. C. Y. Yu et al., PNAS 111 (2014) 8583, doi 10.1073/pnas.1406103111). The share
 * of pairs of 100-150 bases in all pairs of 100-220 is that of a mixture, so it follows the fraction in a straight line,
 * which their quotient of 100-150 over 163-169 does only for small fractions. (2) the whole profile of lengths, by ridge regression
 * on the same labels (J. Gazdarica et al., PMC6719007): libraries differ in their share of short pairs for reasons of their own, and the
 * profile knows a shorter fetus from a more broken mother. It is believed while it agrees with (1) within what the panel allows; else the lower of the
 * two is told, with the larger error, since a fraction that is too high makes a false negative. (3) counts: ridge regression
 * of the windows' ratios on the laboratory's own labels (the idea of S. K. Kim et al., Prenat. Diagn. 35 (2015) 810, with own
 * coefficients). Lengths and counts are averaged by their variances, and every estimate has an interval that holds the
 * held-out error of its model. Refuses: an estimate from fewer than 20,000 pairs, or of a panel without labels. */
#include "nipt.h"

#include <math.h>

enum { FROM = 100, SHORT_TO = 150, TO = 220, LEAST_PAIRS = 20000 };
enum { CLASS_FROM = 60, CLASS_BASES = 5, CLASS_TO = CLASS_FROM + NIPT_LENGTHS * CLASS_BASES - 1 };

static double pairs_between(const Bins *bins, int from, int to)
{
    double n = 0;
    for (int i = from; i <= to; i++)
        n += bins->lengths[i];
    return n;
}

double nipt_size_ratio(const Bins *bins)
{
    double pairs = pairs_between(bins, FROM, TO);
    if (!bins->paired || pairs < LEAST_PAIRS) return NAN;
    return pairs_between(bins, FROM, SHORT_TO) / pairs;
}

bool nipt_length_shares(double shares[NIPT_LENGTHS], const Bins *bins)
{
    double pairs = pairs_between(bins, CLASS_FROM, CLASS_TO);
    if (!bins->paired || pairs < LEAST_PAIRS) return false;
    for (int k = 0; k < NIPT_LENGTHS; k++) {
        int from = CLASS_FROM + k * CLASS_BASES;
        shares[k] = pairs_between(bins, from, from + CLASS_BASES - 1) / pairs;
    }
    return true;
}

typedef struct Estimate {
    double value, variance; /* variance 0 = none */
} Estimate;

static NiptFraction interval(Estimate e, const char *method)
{
    double reach = 1.96 * sqrt(e.variance);
    return (NiptFraction){.estimated = true,
                          .value = fmax(e.value, 0),
                          .low = fmax(e.value - reach, 0),
                          .high = fmin(fmax(e.value + reach, 0), 1),
                          .method = method};
}

static Estimate by_short_pairs(const NiptPanel *panel, const Bins *bins)
{
    double ratio = nipt_size_ratio(bins);
    if (!panel->has_size || !isfinite(ratio)) return (Estimate){0, 0};
    double counting = ratio * (1 - ratio) / pairs_between(bins, FROM, TO);
    return (Estimate){panel->size_base + panel->size_slope * ratio,
                      panel->size_sd * panel->size_sd +
                          panel->size_slope * panel->size_slope * counting};
}

static Estimate by_profile(const NiptPanel *panel, const Bins *bins)
{
    double shares[NIPT_LENGTHS], sum = 0, square = 0;
    if (panel->length_line == NULL || !nipt_length_shares(shares, bins)) return (Estimate){0, 0};
    for (int k = 0; k < NIPT_LENGTHS; k++) {
        double weight = (double)panel->length_line[k];
        sum += weight * shares[k];
        square += weight * weight * shares[k];
    }
    double counting = (square - sum * sum) / pairs_between(bins, CLASS_FROM, CLASS_TO);
    return (Estimate){panel->length_base + sum, panel->length_sd * panel->length_sd + counting};
}

static Estimate by_lengths(const NiptPanel *panel, const Bins *bins)
{
    Estimate brief = by_short_pairs(panel, bins), whole = by_profile(panel, bins);
    if (!(whole.variance > 0) || !(brief.variance > 0)) return brief;
    double gap = fabs(whole.value - brief.value);
    if (gap <= panel->length_gap * sqrt(whole.variance + brief.variance)) return whole;
    return (Estimate){fmin(whole.value, brief.value), fmax(whole.variance, brief.variance)};
}

static Estimate by_counts(const NiptPanel *panel, const NiptProfile *profile)
{
    if (panel->fraction_line == NULL) return (Estimate){0, 0};
    double value = panel->fraction_base;
    for (uint32_t w = 0; w < panel->n_windows; w++)
        value += (double)panel->fraction_line[w] * profile->x[w];
    return (Estimate){value, panel->fraction_sd * panel->fraction_sd +
                                 nipt_counting(panel, profile, panel->fraction_line)};
}

NiptFraction nipt_fraction(const NiptPanel *panel, const NiptProfile *profile, const Bins *bins)
{
    Estimate lengths = by_lengths(panel, bins), counts = by_counts(panel, profile);
    if (lengths.variance > 0 && counts.variance > 0) {
        double a = 1 / lengths.variance, b = 1 / counts.variance;
        Estimate both = {(a * lengths.value + b * counts.value) / (a + b), 1 / (a + b)};
        return interval(both, "both");
    }
    if (lengths.variance > 0) return interval(lengths, "length");
    if (counts.variance > 0) return interval(counts, "counts");
    return (NiptFraction){.method = ""};
}
