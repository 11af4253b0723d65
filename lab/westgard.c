/* Why every rule is looked at each time: which rules fire together tells a random error (1-3s, R-4s) from a systematic one (2-2s,
 * 4-1s, 10x), and whoever repairs the instrument wants to know. Chains run backwards from the points of the judged run, so that a run is
 * judged by what was known when it was made. Points of rejected runs stay in the chains: leaving them out would hide a drift. */
#include "westgard.h"

#include <math.h>

double control_z(const ControlPoint *point)
{
    const double z = (point->value - point->mean) / point->sd;
    return point->sd > 0 && isfinite(z) ? z : NAN;
}

/* Values are decimal: 30.8 lies exactly 2 SD above 28 with an SD of 1.4, and in binary (30.8 - 28) / 1.4 comes out 4e-16 above 2. No analyser tells a
 * billionth of an SD, so that much is no excess. */
static const double ROUNDING = 1e-9;

/* +1 or -1 when z exceeds the limit on that side, else 0. */
static int side(double z, double limit)
{
    return z > limit + ROUNDING ? 1 : z < -limit - ROUNDING ? -1 : 0;
}

bool control_exceeds(double z, double limit)
{
    return side(z, limit) != 0;
}

/* Whether the points before and with `last` hold `length` in a row on one side beyond `limit`: of one level, or of all. A point that cannot be
 * judged and a new lot end the row. */
static bool chain(const ControlPoint *points, size_t last, double limit, int length, bool one_level)
{
    const ControlPoint *end = &points[last];
    int wanted = side(control_z(end), limit), have = 0;
    if (wanted == 0) return false;
    for (size_t i = last + 1; i-- > 0 && have < length;) {
        const ControlPoint *p = &points[i];
        if (one_level && p->level != end->level) continue;
        /* Lots are numbered per level: the newest seen of each level is the one of this row. */
        for (size_t j = i + 1; !one_level && j <= last; j++)
            if (points[j].level == p->level && points[j].lot != p->lot) return false;
        if ((one_level && p->lot != end->lot) || side(control_z(p), limit) != wanted) return false;
        have++;
    }
    return have == length;
}

static bool within_run_2_2s(const ControlPoint *points, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        int a = side(control_z(&points[i]), 2), b = side(control_z(&points[i + 1]), 2);
        if (a != 0 && a == b) return true;
    }
    return false;
}

static bool r_4s(const ControlPoint *points, size_t first, size_t last, bool as_range)
{
    double high = -INFINITY, low = INFINITY;
    for (size_t i = first; i <= last; i++) {
        double z = control_z(&points[i]);
        high = z > high ? z : high;
        low = z < low ? z : low;
    }
    return as_range ? high - low > 4 + ROUNDING : side(high, 2) > 0 && side(low, 2) < 0;
}

static unsigned rules_of_point(const ControlPoint *points, size_t i, const QcRules *rules)
{
    double z = control_z(&points[i]);
    unsigned fired = 0;
    if (side(z, 2) != 0) fired |= QC_1_2S;
    if (side(z, 3) != 0) fired |= QC_1_3S;
    if (chain(points, i, 2, 2, true)) fired |= QC_2_2S;
    if (chain(points, i, 1, 4, true) || (rules->across_levels && chain(points, i, 1, 4, false)))
        fired |= QC_4_1S;
    if (chain(points, i, 0, rules->n_same_side, true) ||
        (rules->across_levels && chain(points, i, 0, rules->n_same_side, false)))
        fired |= QC_10X;
    return fired;
}

QcVerdict westgard_judge(const ControlPoint *points, size_t n, long run, const QcRules *rules)
{
    size_t end = n, first;
    unsigned fired = 0;
    bool complete = true;
    while (end > 0 && points[end - 1].run != run)
        end--; /* a later run */
    if (end == 0) return (QcVerdict){QC_NONE, 0};
    for (first = end; first > 0 && points[first - 1].run == run; first--) {
        complete = complete && isfinite(control_z(&points[first - 1]));
        fired |= rules_of_point(points, first - 1, rules);
    }
    if (within_run_2_2s(points, first, end - 1)) fired |= QC_2_2S;
    if (r_4s(points, first, end - 1, rules->r4s_as_range)) fired |= QC_R_4S;
    fired &= rules->reject | (rules->warn ? QC_1_2S : 0u);
    if (fired & ~(unsigned)QC_1_2S) return (QcVerdict){QC_REJECTED, fired};
    if (!complete) return (QcVerdict){QC_NONE, fired};
    return (QcVerdict){fired ? QC_WARNING : QC_ACCEPTED, fired};
}
