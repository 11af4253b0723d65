/* qfpcr_simulation - pregnancies that never were, as electropherograms of a QF-PCR kit: disomy, trisomy, triploidy, mosaics, maternal
 * cells, either sex; control DNA and blanks. The same bytes for the same seed on every machine.
 *
 *     Pregnancy p = {.seed = 7, .trisomy = 21, .male = true};
 *     Tube fetus, mother;
 *     pregnancy_tube(&fetus, &p, &markers, &kit);
 *     mother_tube(&mother, &p, &markers, &kit);
 *
 * Model: each marker has its own efficiency, amplification falls with length, a peak's height varies by `noise`, stutter stands one repeat
 * shorter. Alleles are whole repeats inside the window, drawn with the weights of a bell, so that about a fifth of all
 * genotypes are homozygous. The extra chromosome of a trisomy is the mother's second one (meiosis I) or a copy (meiosis II). */
#ifndef SCREENLAB_QFPCR_SIMULATION_H
#define SCREENLAB_QFPCR_SIMULATION_H

#include "../lab/markers.h"
#include "capillary_simulation.h"

#include <string.h>

typedef struct Pregnancy {
    uint64_t seed;
    int trisomy;     /* chromosome; 0 = none */
    double mosaic;   /* part of the trisomic cells; 0 counts as 1 */
    bool triploid;   /* a third set from the mother or, for odd seeds, from the father */
    double maternal; /* part of the mother's cells, 0..1 */
    double noise;    /* relative, of one peak; 0 counts as 0.035 */
    bool male, no_ladder;
    bool wrong_mother; /* the mother's tube is another woman's */
} Pregnancy;

enum { PREGNANCY_ALLELES = 24 };

/* Copies of each allele of one marker, as a share of cells. */
typedef struct Mixture {
    double bp[PREGNANCY_ALLELES], copies[PREGNANCY_ALLELES];
    int n;
} Mixture;

static inline void mixture_add(Mixture *m, double bp, double copies)
{
    for (int i = 0; i < m->n; i++)
        if (fabs(m->bp[i] - bp) < 0.1) {
            m->copies[i] += copies;
            return;
        }
    if (m->n == PREGNANCY_ALLELES || copies <= 0) return;
    m->bp[m->n] = bp;
    m->copies[m->n++] = copies;
}

/* A bell over the window's repeats: the mean of three. */
static inline double any_allele(Tube *t, const Marker *m)
{
    const double room = floor((m->high - m->low - 10) / m->repeat);
    const double at = (tube_any(t) + tube_any(t) + tube_any(t)) / 3;
    return m->low + 6 + m->repeat * floor(at * (room + 0.999));
}

/* The four grandparental alleles of a marker, from a stream of the marker's own. */
typedef struct Family {
    double mother[2], father[2];
    double efficiency;
    int from_mother, from_father;
    bool second; /* meiosis I: the extra chromosome is the mother's other one */
} Family;

static inline Family family_of(const Pregnancy *p, const Marker *m, size_t index)
{
    Tube t = {.seed = p->seed * 1000003u + index * 7907u + 11};
    Tube whole = {.seed = p->seed * 31337u + 5}; /* the same for all markers of a pregnancy */
    Family f;
    for (int i = 0; i < 2; i++) {
        f.mother[i] = any_allele(&t, m);
        f.father[i] = any_allele(&t, m);
    }
    f.efficiency = exp(0.35 * tube_normal(&t));
    f.from_mother = tube_any(&t) < 0.5;
    f.from_father = tube_any(&t) < 0.5;
    f.second = tube_any(&whole) < 0.7;
    return f;
}

static inline void mix_fetus(Mixture *x, const Pregnancy *p, const Family *f, const Marker *m)
{
    const double own = 1 - p->maternal, mosaic = p->mosaic > 0 ? p->mosaic : 1;
    const bool extra = p->trisomy > 0 && !m->sex && strtol(m->chromosome, NULL, 10) == p->trisomy;
    mixture_add(x, f->mother[f->from_mother], own);
    mixture_add(x, f->father[f->from_father], own);
    if (extra)
        mixture_add(x, f->mother[f->second ? !f->from_mother : f->from_mother], own * mosaic);
    if (p->triploid && p->seed % 2)
        mixture_add(x, f->father[f->second ? !f->from_father : f->from_father], own);
    if (p->triploid && p->seed % 2 == 0)
        mixture_add(x, f->mother[f->second ? !f->from_mother : f->from_mother], own);
    mixture_add(x, f->mother[0], p->maternal);
    mixture_add(x, f->mother[1], p->maternal);
}

static inline void put_mixture(Tube *t, const Mixture *x, const Marker *m, double level,
                               double noise)
{
    for (int i = 0; i < x->n; i++) {
        const double fall = exp(-0.0012 * (x->bp[i] - m->low));
        tube_allele(t, m->dye, x->bp[i], m->repeat,
                    level * x->copies[i] * fall * exp(noise * tube_normal(t)));
    }
}

static inline void start_run(Tube *t, const Kit *kit, uint64_t seed, bool ladder)
{
    tube_start(t, 4200, 5, seed);
    if (ladder) tube_ladder(t, kit->standard_dye, kit->standard.sizes, kit->standard.n, 900);
    tube_flare(t, kit->standard_dye);
}

/* Sex markers come last, from a stream of their own, so that twins differ in nothing else. */
static inline void put_sex(Tube *t, const Markers *m, bool male)
{
    for (size_t i = 0; i < m->n; i++) {
        const Marker *x = &m->items[i];
        const bool y = strcmp(x->chromosome, "Y") == 0, both = strcmp(x->chromosome, "XY") == 0;
        if (!x->sex || (y && !male)) continue;
        const double tall =
            i % 3 == 0 ? 36000 : 4000; /* some saturate and show through in every dye */
        tube_fragment(t, x->dye, x->low + 3, tall);
        if (!y && (both ? male : !male)) tube_fragment(t, x->dye, x->high - 3, tall * 0.95);
    }
}

static inline void pregnancy_tube(Tube *t, const Pregnancy *p, const Markers *m, const Kit *kit)
{
    const double noise = p->noise > 0 ? p->noise : 0.035;
    start_run(t, kit, p->seed * 4 + 1, !p->no_ladder);
    const double level = 1100 + 1400 * tube_any(t);
    for (size_t i = 0; i < m->n; i++) {
        Mixture x = {.n = 0};
        if (m->items[i].sex) continue;
        const Family f = family_of(p, &m->items[i], i);
        mix_fetus(&x, p, &f, &m->items[i]);
        put_mixture(t, &x, &m->items[i], level * f.efficiency, noise);
    }
    put_sex(t, m, p->male);
    tube_finish(t);
}

static inline void mother_tube(Tube *t, const Pregnancy *p, const Markers *m, const Kit *kit)
{
    Pregnancy hers = *p;
    if (p->wrong_mother) hers.seed += 999983;
    start_run(t, kit, p->seed * 4 + 2, true);
    const double level = 1100 + 1400 * tube_any(t);
    for (size_t i = 0; i < m->n; i++) {
        Mixture x = {.n = 0};
        if (m->items[i].sex) continue;
        const Family f = family_of(&hers, &m->items[i], i);
        mixture_add(&x, f.mother[0], 1);
        mixture_add(&x, f.mother[1], 1);
        put_mixture(t, &x, &m->items[i], level * f.efficiency, 0.035);
    }
    put_sex(t, m, false);
    tube_finish(t);
}

/* Control DNA of a woman or a man, by the sizes of qfpcr/controls; markers that it does not list are homozygous. */
static inline void control_tube(Tube *t, uint64_t seed, const Markers *m, const Kit *kit,
                                const Table *controls, bool male)
{
    start_run(t, kit, seed * 4 + 3, true);
    for (size_t i = 0; i < m->n; i++) {
        const Marker *x = &m->items[i];
        Mixture mix = {.n = 0};
        for (size_t r = 0; controls != NULL && r < controls->n_rows && !x->sex; r++) {
            char *end;
            if (strcmp(table_get(controls, r, "marker"), x->name) != 0) continue;
            const double a = strtod(table_get(controls, r, "sizes"), &end);
            mixture_add(&mix, a, *end == '|' ? 1 : 2);
            if (*end == '|') mixture_add(&mix, strtod(end + 1, NULL), 1);
        }
        if (mix.n == 0 && !x->sex) mixture_add(&mix, x->low + 14, 2);
        put_mixture(t, &mix, x, 1800, 0.02);
    }
    put_sex(t, m, male);
    tube_finish(t);
}

static inline void blank_tube(Tube *t, uint64_t seed, const Kit *kit)
{
    start_run(t, kit, seed * 4 + 4, true);
    tube_finish(t);
}

#endif
