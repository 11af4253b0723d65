/* sanger_slices - which variants of the panel can be confirmed on which slice of the reference.
 *
 *     const SangerModel *m = reference_model(reference, "sanger");
 *     const SangerVariant *v = sanger_variant(m, "HBB:c.52A>T");    // NULL = not in the panel; v->slice NULL = no slice is sourced */
#ifndef SCREENLAB_SANGER_SLICES_H
#define SCREENLAB_SANGER_SLICES_H

#include "reference.h"
#include "sanger.h"

typedef struct SangerVariant {
    const char *key, *item; /* "HBB:c.52A>T", "HBB c.52A>T" */
    const char *slice;      /* its name; NULL = none holds it */
    bool x;                 /* on the X chromosome: never told of a fetus */
    bool verified;          /* its place agrees in two sources */
    SangerQuestion question;
} SangerVariant;

typedef struct SangerModel {
    SangerVariant *variants;
    size_t n_variants;
    SangerLimits limits;
    bool example; /* the limits are */
    const Table *slices, *limit_table, *panel;
} SangerModel;

/* BAD_INPUT "sanger.slice": other letters than A C G T N, a place that is none, or a REF of the panel that the slice does not hold;
 * "sanger.limit": a limit is missing. */
Status sanger_prepare(const void **out, const Reference *reference, Arena *arena,
                      Note *why) MUST_USE;
const SangerVariant *sanger_variant(const SangerModel *model, const char *key);

/* At the door of fetal material: may the bases of this amplicon be taken? Only when its slice is on an autosome and the calls are those of the
 * slice, so that a read under a wrong name tells nothing. */
bool sanger_admits(const Reference *reference, const char *slice, const BaseRead *read,
                   Arena *arena);

#endif
