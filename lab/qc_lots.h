/* qc_lots - what a lot of a control material has shown so far, beside the mean and SD that it is judged by.
 *
 *     QcLots lots = qc_lots(book, reference, arena);
 *     if (lots.items[0].provisional) ...     // too few points, or over too few days, for limits of its own
 *
 * How many points over how many days a lot needs is qc/settings. A new lot is judged by what qc/materials says until the laboratory enters its own. */
#ifndef SCREENLAB_QC_LOTS_H
#define SCREENLAB_QC_LOTS_H

#include "qc.h"

typedef struct QcLot {
    const QcSeries *series;
    const Control *first;    /* of the lot: material, lot, unit */
    size_t n;                /* usable points of runs that were not rejected */
    int days;                /* from the first of them to the last, both counted */
    double mean, sd;         /* of them; NAN = fewer than two */
    double set_mean, set_sd; /* of qc/materials; NAN = not entered */
    bool provisional;
} QcLot;

typedef struct QcLots {
    QcLot *items;
    size_t n, capacity;
} QcLots;

QcLots qc_lots(const QcBook *book, const Reference *reference, Arena *arena);

#endif
