/* kit - how the fragments of one kit are read: which size standard in which dye, which rungs are left out, which thresholds.
 *
 *     Kit kit;
 *     Status s = kit_find(&kit, reference, "identifiler", header, arena, &why);
 *     Sized run;
 *     if (s == OK) s = kit_size(&run, &kit, &channels, arena, &why);
 *
 * Tables: fragment/standards, fragment/kits; fragment/overrides (may be absent) holds the approved cases in which a file's
 * header names another standard than the kit. */
#ifndef SCREENLAB_KIT_H
#define SCREENLAB_KIT_H

#include "fragment.h"
#include "reference.h"

typedef struct Kit {
    const char *code;
    SizeStandard standard;
    SizingMethod method;
    int standard_dye; /* 1 to DYES */
    int baseline;     /* window, scans */
    PeakOptions peaks, rungs;
    LadderLimits ladder;
    ArtefactLimits artefacts;
} Kit;

/* Raw channels of one injection; dye[i] is NULL when the file has none. */
typedef struct Channels {
    const int32_t *dye[DYES];
    size_t n; /* scans, the same for all */
    const int32_t *off_scale;
    size_t n_off_scale;
    const char *header; /* name of the size standard by the file's own account; "" = it has none */
} Channels;

/* Peaks of all dyes, sized and marked. */
typedef struct Sized {
    PeakList dye[DYES];
    Ladder ladder;
    int32_t *height[DYES]; /* above baseline at each scan, whole, at least 0; NULL = no channel */
    int standard_dye;      /* 1 to DYES */
    const double *bp;      /* size at each scan, NAN outside the ladder; set by markers_size */
} Sized;

/* `header` is the file's own name of the size standard ("" = none). NOT_FOUND "kit.unknown"; REFUSED "kit.header" when the header names
 * another standard and no override is on record; BAD_INPUT "kit.row" for a broken row. */
Status kit_find(Kit *out, const Reference *reference, const char *code, const char *header,
                Arena *arena, Note *why) MUST_USE;
/* Ladder from the standard's dye; nothing is handed out without it. */
Status kit_ladder(Ladder *out, const Kit *kit, const Channels *channels, Arena *arena,
                  Note *why) MUST_USE;
/* In three steps, for callers that look after each channel themselves: an empty run, the peaks of a dye (0 to DYES - 1) in n scans, the sizes
 * by the ladder and the marks of all. */
void kit_begin(Sized *out, const Kit *kit, const Ladder *ladder);
void kit_dye(Sized *out, const Kit *kit, int dye, const int32_t *channel, size_t n, Arena *arena);
void kit_mark(Sized *out, const Kit *kit, const Channels *channels);
/* The last two, for all dyes. */
void kit_peaks(Sized *out, const Kit *kit, const Channels *channels, Arena *arena);
/* All of it. */
Status kit_size(Sized *out, const Kit *kit, const Channels *channels, Arena *arena,
                Note *why) MUST_USE;

#endif
