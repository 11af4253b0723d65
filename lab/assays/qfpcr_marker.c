/* Why: dosage is a ratio of two peaks, and three things spoil it: the shorter allele amplifies better, the longer one's stutter may
 * stand on it, and a peak may not be what it seems.
 * Method: peaks of the marker's window, from the highest down. One that stands a repeat beside a higher one and is no higher than the kit's
 * stutter is stutter; an allele that stands there gives up the kit's mean stutter. What amplification loses with length (share for
 * each base pair, measured by the laboratory) is made good. Ratios are taken by height and by area; limits and classes are tables
 * (ACGS guideline v4, from memory: verify).
 * Refuses: a ratio from a peak that is off scale, of odd shape, or at a much higher peak of another dye: the marker is then unusable,
 * which is not the same as normal. */
#include "qfpcr_marker.h"

#include <math.h>
#include <string.h>

typedef struct Window {
    const QfpcrLimits *limits;
    const QfpcrKit *kit;
    const Marker *marker;
    TracePeak peaks[32]; /* the highest of the window, highest first */
    size_t n;
} Window;

enum { MOST = sizeof((Window){0}.peaks) / sizeof(TracePeak) };

/* ---- tables ---- */

Status qfpcr_limits(QfpcrLimits *l, const Reference *reference, Note *why)
{
    const Table *t = reference_table(reference, "qfpcr/settings");
    const struct {
        const char *key;
        double *value;
    } rows[] = {{"ratio.normal_low", &l->normal_low},
                {"ratio.normal_high", &l->normal_high},
                {"ratio.normal_high_far", &l->normal_high_far},
                {"ratio.far_bp", &l->far_bp},
                {"ratio.trisomy_low", &l->trisomy_low},
                {"ratio.trisomy_high", &l->trisomy_high},
                {"ratio.disagree", &l->disagree},
                {"allele.least_height", &l->allele_height},
                {"allele.least_share", &l->allele_share},
                {"foreign.least_height", &l->foreign_height},
                {"foreign.least_share", &l->foreign_share},
                {"stutter.reach_bp", &l->stutter_reach},
                {"match_bp", &l->match},
                {"mother.least_markers", &l->mother_least},
                {"joint.skew", &l->joint_skew}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long row = t != NULL ? table_find(t, rows[i].key) : -1;
        if (row < 0 || !table_number(t, (size_t)row, 1, rows[i].value) || !(*rows[i].value > 0))
            return note_fail(
                why, BAD_INPUT, "qfpcr.settings",
                (Place){.file = t != NULL ? t->info.path : "qfpcr/settings", .field = rows[i].key},
                NULL);
    }
    return OK;
}

bool qfpcr_kit(QfpcrKit *out, const Reference *reference, const char *kit)
{
    const Table *t = reference_table(reference, "qfpcr/kits");
    long row = t != NULL ? table_find(t, kit) : -1;
    if (row < 0) return false;
    const size_t r = (size_t)row;
    return table_number(t, r, table_column(t, "decay_per_bp"), &out->decay) &&
           table_number(t, r, table_column(t, "stutter_mean"), &out->stutter_mean) &&
           table_number(t, r, table_column(t, "stutter_most"), &out->stutter_most) &&
           table_number(t, r, table_column(t, "forward_most"), &out->forward_most) &&
           out->decay >= 0 && out->stutter_mean >= 0 && out->stutter_most < 1 &&
           out->forward_most < 1;
}

/* A kit whose markers are not listed can be read by nobody, and is no fault. */
Status qfpcr_kits_check(const Reference *reference, Arena *arena, Note *why)
{
    const Table *t = reference_table(reference, "qfpcr/kits");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        QfpcrKit kit;
        Markers markers;
        const char *code = table_cell(t, r, 0);
        if (!qfpcr_kit(&kit, reference, code))
            return note_fail(why, BAD_INPUT, "qfpcr.settings",
                             (Place){.file = t->info.path, .row = t->lines[r], .field = code},
                             NULL);
        if (markers_find(&markers, reference, code, arena, why) == BAD_INPUT) return BAD_INPUT;
    }
    return OK;
}

/* ---- alleles ---- */

static void window_put(Window *w, const TracePeak *p)
{
    size_t at = w->n < MOST ? w->n++ : MOST - 1;
    if (at == MOST - 1 && w->n == MOST && w->peaks[at].height >= p->height) return;
    for (; at > 0 && w->peaks[at - 1].height < p->height; at--)
        w->peaks[at] = w->peaks[at - 1];
    w->peaks[at] = *p;
}

static void window_fill(Window *w, const Trace *trace)
{
    const TraceDye *dye = &trace->dye[w->marker->dye - 1];
    for (size_t i = 0; i < dye->n; i++)
        if (dye->peaks[i].size >= w->marker->low && dye->peaks[i].size <= w->marker->high)
            window_put(w, &dye->peaks[i]);
}

static bool stands_at(const Window *w, const TracePeak *p, const TracePeak *parent, int repeats)
{
    return fabs(p->size - (parent->size + repeats * w->marker->repeat)) <= w->limits->stutter_reach;
}

static bool is_stutter(const Window *w, size_t i)
{
    double most = 0;
    for (size_t k = 0; k < i; k++) {
        const TracePeak *parent = &w->peaks[k];
        if (stands_at(w, &w->peaks[i], parent, -1)) most += w->kit->stutter_most * parent->height;
        if (stands_at(w, &w->peaks[i], parent, -2))
            most += w->kit->stutter_most * w->kit->stutter_most * parent->height;
        if (stands_at(w, &w->peaks[i], parent, 1)) most += w->kit->forward_most * parent->height;
    }
    return w->peaks[i].height <= most;
}

/* Without the neighbour's mean stutter, and as if all lengths amplified alike. */
static Allele corrected(const Window *w, size_t i)
{
    const TracePeak *p = &w->peaks[i];
    double height = p->height, area = p->area;
    for (size_t k = 0; k < w->n; k++)
        if (k != i && stands_at(w, p, &w->peaks[k], -1)) {
            height -= w->kit->stutter_mean * w->peaks[k].height;
            area -= w->kit->stutter_mean * w->peaks[k].area;
        }
    const double gain = exp(w->kit->decay * (p->size - w->marker->low));
    return (Allele){p->size, fmax(0, height) * gain, fmax(0, area) * gain, p->marks};
}

static void put_by_size(Allele *list, int *n, Allele a)
{
    if (*n == QFPCR_ALLELES) return;
    int at = (*n)++;
    for (; at > 0 && list[at - 1].size > a.size; at--)
        list[at] = list[at - 1];
    list[at] = a;
}

/* Pull-up and odd shapes among the low peaks are artefacts; among the alleles they make the marker unusable. */
static void sort_peaks(MarkerReading *r, const Window *w)
{
    const double top = corrected(w, 0).height;
    for (size_t i = 0; i < w->n; i++) {
        const TracePeak *p = &w->peaks[i];
        const Allele a = corrected(w, i);
        if (i > 0 && is_stutter(w, i)) continue;
        if (a.height >= w->limits->allele_share * top)
            put_by_size(r->alleles, &r->n, a);
        else if (p->height >= w->limits->foreign_height &&
                 a.height >= w->limits->foreign_share * top &&
                 (p->marks & (PEAK_PULL_UP | PEAK_SHAPE)) == 0)
            put_by_size(r->foreign, &r->n_foreign, a);
    }
}

/* ---- dosage ---- */

typedef enum Band { BAND_EQUAL, BAND_DOUBLE, BAND_BETWEEN, BAND_NONE } Band;

static Band band_of(const QfpcrLimits *l, double ratio, double apart)
{
    const double high = apart > l->far_bp ? l->normal_high_far : l->normal_high;
    if (ratio >= l->normal_low && ratio <= high) return BAND_EQUAL;
    return ratio <= l->trisomy_low || ratio >= l->trisomy_high ? BAND_DOUBLE : BAND_BETWEEN;
}

typedef struct Dosage {
    Band band;
    bool agree;
} Dosage;

static Dosage dosage_of_pair(MarkerReading *r, const QfpcrLimits *l, int a, int b)
{
    const Allele *x = &r->alleles[a], *y = &r->alleles[b];
    if (!(y->height > 0) || !(y->area > 0)) return (Dosage){BAND_NONE, false};
    const double by_height = x->height / y->height, by_area = x->area / y->area;
    const double apart = y->size - x->size;
    const Band band = band_of(l, by_area, apart);
    if (isnan(r->ratio) || fabs(log(by_area)) > fabs(log(r->ratio))) r->ratio = by_area;
    return (Dosage){band, fabs(by_height - by_area) <= l->disagree &&
                              band_of(l, by_height, apart) == band};
}

/* Of three alleles all pairs must be equal. */
static Dosage dosage_of(MarkerReading *r, const QfpcrLimits *l)
{
    Dosage all = {BAND_EQUAL, true};
    if (r->n != 2 && r->n != 3) return (Dosage){BAND_NONE, true};
    for (int a = 0; a < r->n; a++)
        for (int b = a + 1; b < r->n; b++) {
            const Dosage d = dosage_of_pair(r, l, a, b);
            if (d.band != BAND_EQUAL) all.band = d.band;
            all.agree = all.agree && d.agree;
        }
    return all;
}

static bool usable(const MarkerReading *r, const QfpcrLimits *l)
{
    bool tall = false;
    for (int i = 0; i < r->n; i++) {
        if (r->alleles[i].marks & (PEAK_OFF_SCALE | PEAK_PULL_UP | PEAK_SHAPE)) return false;
        tall = tall || r->alleles[i].height >= l->allele_height;
    }
    return tall;
}

void qfpcr_read_marker(MarkerReading *out, const QfpcrLimits *limits, const QfpcrKit *kit,
                       const Marker *marker, const Trace *trace, const Reference *reference)
{
    static const char *const bands[] = {"equal", "double", "between", ""};
    static const char *const counts[] = {"0", "1", "2", "3", "4"};
    Window w = {.limits = limits, .kit = kit, .marker = marker};
    MarkerReading r = {.marker = marker, .ratio = NAN};
    window_fill(&w, trace);
    if (w.n > 0) sort_peaks(&r, &w);
    const Dosage d = dosage_of(&r, limits);
    const Rules *rules = reference_rules(reference, "qfpcr/marker");
    const char *const values[] = {usable(&r, limits) ? "yes" : "no", counts[r.n < 4 ? r.n : 4],
                                  bands[d.band], d.agree ? "yes" : "no",
                                  r.n_foreign > 0 ? "yes" : "no"};
    r.class = decide_output(rules, decide(rules, values), "class");
    if (r.class[0] == '\0') r.class = "unusable";
    *out = r;
}

bool qfpcr_has_allele(const MarkerReading *r, double size, double within)
{
    for (int i = 0; i < r->n; i++)
        if (fabs(r->alleles[i].size - size) <= within) return true;
    return false;
}
