/* trace_fixture - evidence of capillary runs made by hand, for the assays that judge it. */
#ifndef SCREENLAB_TRACE_FIXTURE_H
#define SCREENLAB_TRACE_FIXTURE_H

#include "lab/assays/assay.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { FIXTURE_TRACES = 16, FIXTURE_PEAKS = 64 };

static inline Reference *demo_release(Arena *arena)
{
    Reference *r = NULL;
    Note why = {0};
    Status s = release_open(&r, "reference", true, arena, &why);
    cr_assert_eq(s, OK, "%s %s row %ld %s %s", why.code, why.file, why.row, why.field, why.detail);
    return r;
}

static inline Trace empty_trace(TraceRole role, const char *kit, const char *material, Arena *arena)
{
    Trace t = {.role = role,
               .kit = kit,
               .material = material,
               .run = "RUN-1",
               .well = "A01",
               .fault = "",
               .standard_dye = 5};
    for (int d = 0; d < DYES; d++)
        t.dye[d].peaks = arena_alloc(arena, FIXTURE_PEAKS * sizeof(TracePeak));
    return t;
}

/* In the first dye; peaks must be added by size. */
static inline void put_peak(Trace *t, double size, double height, unsigned marks)
{
    cr_assert(t->dye[0].n < FIXTURE_PEAKS);
    t->dye[0].peaks[t->dye[0].n++] = (TracePeak){size, height, height * 6.5, 6, marks};
}

static inline const Finding *find_finding(const Findings *all, const char *code)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->items[i].code, code) == 0) return &all->items[i];
    return NULL;
}

/* A table of a little release, as its file would hold it. */
static inline void add_table(Reference *r, const char *name, const char *status, const char *text,
                             Arena *arena)
{
    TableInfo info = {.name = arena_copy(arena, name),
                      .path = arena_copy(arena, name),
                      .version = "1",
                      .valid_from = "2026-01-01",
                      .source = "test",
                      .sha256 = "",
                      .status = arena_copy(arena, status)};
    Table *t = NULL;
    Note why = {0};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s: %s", name,
                 why.code);
    cr_assert_eq(reference_add(r, t, &why), OK, "%s: %s", name, why.code);
}

#endif
