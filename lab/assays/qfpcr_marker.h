/* qfpcr_marker - the alleles of one marker in one trace, their dosage, and the class that the table gives them.
 *
 *     MarkerReading r;
 *     qfpcr_read_marker(&r, &limits, &kit, &marker, trace, reference);
 *     if (strcmp(r.class, "trisomic") == 0) ...            // words of qfpcr/marker
 */
#ifndef SCREENLAB_QFPCR_MARKER_H
#define SCREENLAB_QFPCR_MARKER_H

#include "../markers.h"
#include "../reference.h"
#include "../trace.h"

enum { QFPCR_ALLELES = 8 };

/* qfpcr/settings */
typedef struct QfpcrLimits {
    double normal_low, normal_high, normal_high_far, far_bp, trisomy_low, trisomy_high, disagree;
    double allele_height, allele_share, foreign_height, foreign_share;
    double stutter_reach, match, mother_least;
    double
        joint_skew; /* mean fold over a chromosome's markers of two alleles, from which all of them are skewed */
} QfpcrLimits;

/* A row of qfpcr/kits. */
typedef struct QfpcrKit {
    double decay;        /* share by which amplification falls with each base pair */
    double stutter_mean; /* of the parent's height, one repeat shorter */
    double stutter_most, forward_most;
} QfpcrKit;

typedef struct Allele {
    double size; /* bp */
    double height,
        area; /* without the stutter of its neighbour, and with the loss by length made good */
    unsigned marks;
} Allele;

typedef struct MarkerReading {
    const Marker *marker;
    Allele alleles[QFPCR_ALLELES]; /* by size */
    int n;                         /* at most QFPCR_ALLELES */
    Allele foreign[QFPCR_ALLELES]; /* lower peaks that are no stutter */
    int n_foreign;
    double
        ratio; /* by area, shorter over longer of two; of three the one furthest from 1; NAN = none */
    const char *class; /* word of qfpcr/marker */
} MarkerReading;

/* BAD_INPUT "qfpcr.settings" names the key. */
Status qfpcr_limits(QfpcrLimits *l, const Reference *reference, Note *why) MUST_USE;
/* False when the kit has no row, or a broken one. */
bool qfpcr_kit(QfpcrKit *out, const Reference *reference, const char *kit);
/* All kits: BAD_INPUT "qfpcr.settings" names the first whose figures are broken, "panel.row" one whose markers are. */
Status qfpcr_kits_check(const Reference *reference, Arena *arena, Note *why) MUST_USE;
void qfpcr_read_marker(MarkerReading *out, const QfpcrLimits *limits, const QfpcrKit *kit,
                       const Marker *marker, const Trace *trace, const Reference *reference);
/* Is an allele of that size among them? */
bool qfpcr_has_allele(const MarkerReading *reading, double size, double within);

#endif
