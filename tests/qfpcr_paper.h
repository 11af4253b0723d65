/* QF-PCR on paper: traces of a sample, its control and its blank with peaks placed by hand, one kit's panel, no noise. A file that includes this calls
 * paper_open() before each test and paper_close() behind it. */
#ifndef SCREENLAB_QFPCR_PAPER_H
#define SCREENLAB_QFPCR_PAPER_H

#include "../lab/assays/qfpcr_run.h"
#include "../pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char KIT[] = "example-qfpcr";

static Arena *arena;
static Reference *reference;
static QfpcrLimits limits;
static QfpcrKit demo_kit;
static Markers markers;

static inline void paper_open(void)
{
    Note why = {.code = ""};
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s", why.code);
    cr_assert_eq(qfpcr_limits(&limits, reference, NULL), OK);
    cr_assert(qfpcr_kit(&demo_kit, reference, KIT));
    cr_assert_eq(markers_find(&markers, reference, KIT, arena, NULL), OK);
}

static inline void paper_close(void)
{
    arena_free(arena);
}

typedef struct Genotype {
    const char *marker;
    const char *alleles; /* "6:1/18:2": base pairs from the window's start : dose */
} Genotype;

static inline void put(Trace *t, const Marker *m, const char *alleles)
{
    for (const char *p = alleles; *p != '\0';) {
        char *end;
        const double at = strtod(p, &end), dose = *end == ':' ? strtod(end + 1, &end) : 1;
        const double height = 2000 * dose * exp(-demo_kit.decay * at);
        TraceDye *d = &t->dye[m->dye - 1];
        size_t k = d->n++;
        for (; k > 0 && d->peaks[k - 1].size > m->low + at; k--)
            d->peaks[k] = d->peaks[k - 1];
        d->peaks[k] = (TracePeak){m->low + at, height, height * 6, 6, 0};
        p = *end == '/' ? end + 1 : end;
    }
}

static inline Trace empty(TraceRole role)
{
    Trace t = {
        .role = role, .kit = KIT, .material = role == TRACE_CONTROL ? "DEMO-DNA" : "", .fault = ""};
    for (int d = 0; d < DYES; d++)
        t.dye[d].peaks = arena_alloc(arena, 64 * sizeof *t.dye[d].peaks);
    return t;
}

/* Every marker of a chromosome named "13", or one by its name; the last that fits holds; else two equal alleles. */
static inline Trace typed(const Genotype *genotypes, size_t n)
{
    Trace t = empty(TRACE_SAMPLE);
    for (size_t i = 0; i < markers.n; i++) {
        const Marker *m = &markers.items[i];
        const char *alleles = "6/18";
        if (m->sex) continue;
        for (size_t g = 0; g < n && genotypes[g].marker != NULL; g++)
            if (strcmp(genotypes[g].marker, m->name) == 0 ||
                strcmp(genotypes[g].marker, m->chromosome) == 0)
                alleles = genotypes[g].alleles;
        put(&t, m, alleles);
    }
    return t;
}

static inline Trace control(void)
{
    Trace t = empty(TRACE_CONTROL);
    const Table *table = reference_table(reference, "qfpcr/controls");
    for (size_t r = 0; r < table->n_rows; r++)
        for (size_t i = 0; i < markers.n; i++) {
            const Marker *m = &markers.items[i];
            if (strcmp(m->name, table_get(table, r, "marker")) != 0) continue;
            char *end;
            const double a = strtod(table_get(table, r, "sizes"), &end),
                         b = *end == '|' ? strtod(end + 1, NULL) : 0;
            put(&t, m,
                b > 0 ? arena_print(arena, "%g/%g", a - m->low, b - m->low)
                      : arena_print(arena, "%g", a - m->low));
        }
    return t;
}

static inline QfpcrJudgement judged(const Trace *own, const Trace *hers)
{
    QfpcrJudgement j;
    Trace *mine = arena_alloc(arena, 3 * sizeof *mine),
          *of_mother = arena_alloc(arena, 3 * sizeof *mine);
    Sample sample = {.id = "S1", .fetal = true, .evidence = {.traces = mine, .n_traces = 3}},
           mother = {.id = "S2", .evidence = {.traces = of_mother, .n_traces = 3}};
    mine[0] = *own;
    mine[1] = of_mother[1] = control();
    mine[2] = of_mother[2] = empty(TRACE_BLANK);
    if (hers != NULL) of_mother[0] = *hers;
    cr_assert(qfpcr_judge(&j, &sample, hers ? &mother : NULL, reference, arena));
    return j;
}

#endif
