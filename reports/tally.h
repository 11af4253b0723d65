/* tally - counts over a BatchView: states by centre and assay, answers by assay, troubles by
 * sentence. */
#ifndef SCREENLAB_TALLY_H
#define SCREENLAB_TALLY_H

#include "dress.h"
#include "plot.h"
#include "summary.h"

/* Behind the counts by SampleState: rows that were rejected. */
enum { TALLY_REJECTED = STATE_REPLACED + 1 };

typedef struct Tally {
    Bar *bars;         /* counts by SampleState, or by Answer */
    const char **keys; /* centre id or assay code of each bar */
    size_t *rejected;  /* rows, by centre */
    bool has_rejected;
    size_t n, capacity;
} Tally;

Tally tally_all(const Page *page, const BatchView *view); /* one bar: the batch */
Tally tally_centres(const Page *page, const BatchView *view);
Tally tally_assays(const Page *page, const BatchView *view);
Tally tally_answers(const Page *page, const BatchView *view);

/* Rejections and samples that could not be interpreted, one item for each sentence, most
 * frequent first. */
typedef struct Trouble {
    const char *sentence, *places;
    size_t count;
} Trouble;

typedef struct Troubles {
    Trouble *items;
    size_t n, capacity;
} Troubles;

Troubles tally_troubles(const Page *page, const BatchView *view);

/* Referrals (case and destination) by destination: city first, then by centre id. */
typedef struct Destination {
    const Centre *centre;
    size_t referrals;
    Date earliest;
} Destination;

typedef struct Destinations {
    Destination *items;
    size_t n, capacity;
} Destinations;

Destinations tally_destinations(const Page *page, const BatchView *view);

bool tally_unmatched(const RejectedRow *row); /* a result whose sample nobody registered */
const char *tally_place(const Page *page, const Note *note); /* "results.csv:7" */

#endif
