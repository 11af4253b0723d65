/* markers - the marker windows of a kit, and what must be blanked in a fetus before anything is measured.
 *
 *     Markers m;
 *     Status s = markers_find(&m, reference, "example-qfpcr", arena, &why);
 *     if (s == OK) s = markers_size(&run, &m, &kit, &channels, sample->fetal, arena, &why);
 *
 * For fetal material the scans of every sex-marker window are wiped out of all dyes first (a tall peak shows through in other
 * dyes, and moves baseline and neighbours), then baseline, peaks and marks are computed: what leaves depends on no sample inside. */
#ifndef SCREENLAB_MARKERS_H
#define SCREENLAB_MARKERS_H

#include "kit.h"
#include "trace.h"

typedef struct Marker {
    const char *name, *chromosome; /* "21" */
    int dye;                       /* 1 to DYES */
    double low, high, repeat;      /* bp */
    bool sex;
    bool example, unverified;
} Marker;

typedef struct Markers {
    const char *kit;
    Marker *items;
    size_t n;
    double margin; /* bp, wiped on both sides of a sex marker's window */
} Markers;

/* Table fragment/panel. NOT_FOUND "panel.kit"; BAD_INPUT "panel.row" for a row without a chromosome, with a window that is none,
 * or one that calls a marker autosomal whose chromosome is not 1 to 22. */
Status markers_find(Markers *out, const Reference *reference, const char *kit, Arena *arena,
                    Note *why) MUST_USE;

/* Sizes a run. For fetal material: REFUSED "ladder.*" without a ladder, and nothing from the wiped scans of any dye; peaks that touch
 * them are left out too. Rungs inside a sex marker's window help to find the ladder and size nothing, for anybody: a fetus and its
 * mother are measured with one rule. */
Status markers_size(Sized *out, const Markers *markers, const Kit *kit, const Channels *channels,
                    bool fetal, Arena *arena, Note *why) MUST_USE;

/* The channels as they may be shared: the scans of sex markers' windows and all outside the ladder are wiped out of every dye, and the dye of the
 * standard is drawn anew, a peak of one shape at each rung (whole scans; a rung inside such a window where its neighbours place it), because what
 * shows through there could be seen. The result sizes as before, to half a scan, and gives itself again. REFUSED "ladder.*". */
Status markers_shared(Channels *out, const Markers *markers, const Kit *kit,
                      const Channels *channels, Arena *arena, Note *why) MUST_USE;

/* Does a place lie in the window of a sex marker, or in the margin beside it? */
bool markers_sealed(const Markers *markers, double bp);
/* Is every marker of the kit on an autosome? False for a kit without markers. */
bool markers_autosomal(const Markers *markers);

/* The run as evidence: rounded peaks inside the ladder, the ladder, and, when `drawn`, the curves on a grid of 0.5 bp. Role, kit and place on the
 * plate are the caller's to fill in. */
void markers_trace(Trace *out, const Markers *markers, const Sized *run, bool fetal, bool drawn,
                   Arena *arena);

#endif
