/* batch - a folder that centres and the laboratory filled becomes verdicts and documents.
 *
 *     BatchOptions options = {.path = "inbox/2026-11-23", .reference = reference, .ledger = ledger, ...};
 *     BatchResult result;
 *     Status s = batch_run(&result, &options, &why);
 *
 * A status other than OK stops the batch; what was committed stays, and the same command goes on where it
 * stopped. A sample, row or case that fails is a recorded result. Same batch, same reference, same time: same bytes, for any
 * number of threads and any number of interruptions. */
#ifndef SCREENLAB_BATCH_H
#define SCREENLAB_BATCH_H

#include "../reports/summary.h"
#include "ledger.h"

typedef struct BatchOptions {
    const char *path;
    const Reference *reference;
    Ledger *ledger;
    const char *out; /* folder for documents; made when absent */
    int threads;     /* at least 1 */
    Instant now;
    Lang lang;
    bool documents;          /* false: judged and ledgered only */
    bool reissue;            /* judge again what has not changed */
    void (*exhausted)(void); /* memory is out: must not return */
} BatchOptions;

typedef struct BatchResult {
    const char *name;   /* of the batch, in `arena` */
    bool nothing_to_do; /* it was finished before */
    bool unwritten;     /* ... and its run wrote no documents */
    size_t n_visited;   /* cases judged in this run */
    size_t n_restored;  /* documents that were missing and stand there again */
    Tally tally;        /* of the whole batch, over all its runs */
} BatchResult;

Status batch_run(BatchResult *out, const BatchOptions *options, Arena *arena, Note *why) MUST_USE;

#endif
