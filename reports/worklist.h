/* worklist - what waits, at one centre or at one level: the page that is looked at every day, and the same rows as a table. */
#ifndef SCREENLAB_REPORTS_WORKLIST_H
#define SCREENLAB_REPORTS_WORKLIST_H

#include "../lab/care.h"
#include "report.h"

typedef struct WorkItem {
    CareThread thread;
    CareWait wait;
    const char *case_id;
    bool newer_draft; /* a newer version awaits its release */
    bool moving;      /* rerouted, goes out with the next `send` */
} WorkItem;

/* Somebody at the receiving centre is to be told by phone, and no call is recorded. */
typedef struct WorkCall {
    const char *paper, *case_id, *centre;
    int version;
    Instant due; /* INSTANT_NONE = at once */
} WorkCall;

/* Documents by where they stand; they add up to `produced`. */
typedef struct WorkCounts {
    int64_t produced, draft, superseded, unsent, unacknowledged, acknowledged;
} WorkCounts;

typedef struct Worklist {
    const Reference *reference;
    const Stamp *stamp;
    const Centre *centre; /* NULL = all */
    Level level;          /* LEVEL_NONE = all */
    const WorkItem *items;
    size_t n;
    const WorkCall *calls; /* most urgent first */
    size_t n_calls;
    WorkCounts counts; /* of the whole ledger */
    size_t closed;     /* threads that ended, of those this list could show */
} Worklist;

Status report_worklist(Document *html, Document *tsv, const Worklist *list, Arena *arena,
                       Note *why) MUST_USE;

#endif
