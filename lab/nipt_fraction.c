/* Why: without enough fetal DNA no trisomy can be seen, and a result that does not say so is a false negative. Never from X or Y.
 * Method: (1) paired ends: fetal fragments are shorter (S. C. Y. Yu et al., PNAS 111 (2014) 8583, doi 10.1073/pnas.1406103111). The share
 * of pairs of 100-150 bases in all pairs of 100-220 is that of a mixture, so it follows the fraction in a straight line,
 * which their quotient of 100-150 over 163-169 does only for small fractions. (2) counts: ridge regression
 * of the windows' ratios on the laboratory's own labels (the idea of S. K. Kim et al., Prenat. Diagn. 35 (2015) 810, with own
 * coefficients). Both are averaged by their variances, and every estimate has an interval that holds the
 * held-out error of its model. Refuses: an estimate from fewer than 20,000 pairs, or of a panel without labels. */
#include "nipt.h"

#include <math.h>

enum { FROM = 100, SHORT_TO = 150, TO = 220, LEAST_PAIRS = 20000 };

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

static NiptFraction interval(double value, double variance, const char *method)
{
    double reach = 1.96 * sqrt(variance);
    return (NiptFraction){.estimated = true,
                          .value = fmax(value, 0),
                          .low = fmax(value - reach, 0),
                          .high = fmin(fmax(value + reach, 0), 1),
                          .method = method};
}

NiptFraction nipt_fraction(const NiptPanel *panel, const NiptProfile *profile, const Bins *bins)
{
    double ratio = nipt_size_ratio(bins), size = 0, size_variance = 0, counts = 0,
           count_variance = 0;
    bool has_size = panel->has_size && isfinite(ratio), has_counts = panel->fraction_line != NULL;
    if (has_size) {
        double counting = ratio * (1 - ratio) / pairs_between(bins, FROM, TO);
        size = panel->size_base + panel->size_slope * ratio;
        size_variance =
            panel->size_sd * panel->size_sd + panel->size_slope * panel->size_slope * counting;
    }
    if (has_counts) {
        counts = panel->fraction_base;
        for (uint32_t w = 0; w < panel->n_windows; w++)
            counts += (double)panel->fraction_line[w] * profile->x[w];
        count_variance = panel->fraction_sd * panel->fraction_sd +
                         nipt_counting(panel, profile, panel->fraction_line);
    }
    if (has_size && has_counts) {
        double a = 1 / size_variance, b = 1 / count_variance;
        return interval((a * size + b * counts) / (a + b), 1 / (a + b), "both");
    }
    if (has_size) return interval(size, size_variance, "length");
    if (has_counts) return interval(counts, count_variance, "counts");
    return (NiptFraction){.method = ""};
}
