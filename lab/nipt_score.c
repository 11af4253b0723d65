/* Why: a z whose error is only the panel's spread is wrong at every other depth. Method: the statistic of a
 * chromosome is linear in the windows' ratios, so its counting variance follows from this sample's own expected
 * counts; over-dispersion and the panel's finite size were measured on held-out samples (pipeline/panel):
 *
 *     SD^2 = excess + uncertain + counting(this sample)
 *
 * A sample whose bins scatter more than its counts and the panel explain (copies that nobody marked) has its counting variance
 * raised by as much as explains it.
 *
 * The ratio of a trisomic fetus is 1 + fraction / 2, whence the fraction implied and the least fraction that can be
 * found. Prediction from other chromosomes: L. F. Johansson et al., Sci. Rep. 7 (2017) 1838, doi 10.1038/s41598-017-02031-5, who
 * choose predictors step by step; here ridge regression uses them all. Degrees of freedom: only a part of SD^2 is estimated, so
 * they grow by Satterthwaite's rule (F. E. Satterthwaite, Biometrics Bull. 2 (1946) 110). */
#include "nipt.h"
#include "stats.h"

#include <math.h>

double nipt_counting(const NiptPanel *panel, const NiptProfile *profile, const float *line)
{
    double sum = 0, reference = 0;
    for (uint32_t w = 0; w < panel->n_windows; w++)
        sum += (double)line[w];
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t w = panel->window_first[c]; w < panel->window_first[c + 1]; w++)
            reference += nipt_target(c) ? 0 : profile->weight[w];
    double variance = 0;
    for (int c = 1; c <= AUTOSOMES; c++) {
        for (uint32_t w = panel->window_first[c]; w < panel->window_first[c + 1]; w++) {
            double centring = nipt_target(c) ? 0 : sum * profile->weight[w] / reference;
            double a = (double)line[w] - centring;
            variance += a * a * profile->variance[w];
        }
    }
    return variance;
}

/* Without reads outside or inside the chromosome the ratio may be anything: an error of 100 per cent. */
static NiptScore nothing_seen(const NiptChrom *c, double z_limit, double power_z)
{
    return (NiptScore){.ratio = 1,
                       .sd = 1,
                       .counting = 1,
                       .p = 0.5,
                       .df = c->df,
                       .implied_low = 0,
                       .implied_high = 1,
                       .detectable = 2 * (z_limit + power_z)};
}

NiptScore nipt_score(const NiptPanel *panel, const NiptProfile *profile, int chrom, double z_limit,
                     double power_z)
{
    const NiptChrom *c = &panel->chroms[chrom];
    double y = -c->shift;
    for (uint32_t w = 0; w < panel->n_windows; w++)
        y += (double)c->line[w] * profile->x[w];
    double counting = nipt_counting(panel, profile, c->line);
    counting *= profile->overcount;
    if (!(isfinite(counting) && counting > 0)) return nothing_seen(c, z_limit, power_z);
    double variance = c->excess + c->uncertain + counting;
    NiptScore s = {.ratio = 1 + y, .sd = sqrt(variance), .counting = sqrt(counting)};
    s.df = c->df * (variance / c->held_out) * (variance / c->held_out);
    if (!(s.df >= c->df)) s.df = c->df;
    s.z = s.sd > 0 ? y / s.sd : 0;
    s.p = student_upper(s.z, s.df);
    double reach = student_quantile(0.975, s.df) * s.sd;
    s.implied = 2 * y;
    s.implied_low = 2 * (y - reach);
    s.implied_high = 2 * (y + reach);
    s.detectable = 2 * (z_limit + power_z) * s.sd;
    return s;
}
