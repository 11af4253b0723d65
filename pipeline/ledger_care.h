/* ledger_care - the part of the ledger that remembers what happened to a document after its release: dispatches, messages, steps, reroutes.
 *
 *     PendingRows pending = ledger_unsent(ledger, 0, 64, arena);     // released and not sent
 *     ledger_begin(ledger);
 *     ledger_add_dispatch(ledger, &(DispatchRow){...});
 *     s = ledger_commit(ledger, &why);
 *
 * Rows are added, never changed. A thread's state is nobody's column: it follows from its steps, read in order. */
#ifndef SCREENLAB_LEDGER_CARE_H
#define SCREENLAB_LEDGER_CARE_H

#include "../lab/care.h"
#include "../lab/indicators.h"
#include "ledger.h"

/* ---- what goes out ---- */

typedef struct Pending {
    int64_t paper, reroute; /* reroute 0 = first dispatch */
    int n;                  /* 1 = first; higher: sent again to another centre */
    const char *name, *centre, *copy_to, *case_id, *reason, *person;
    int version;
    PaperKind kind;
    Names more; /* filled by the sender: other centres that got an earlier version */
} Pending;

typedef struct PendingRows {
    Pending *items;
    size_t n;
} PendingRows;

/* Centres to which an earlier version went: who got the first report gets the amended one. */
Names ledger_sent_before(Ledger *ledger, const char *name, int version, Arena *arena);
/* At most `most` behind paper `after`, oldest first. Of several released versions only the newest is unsent. */
PendingRows ledger_unsent(Ledger *ledger, int64_t after, int most, Arena *arena);
/* Reroutes that wait, behind reroute `after`; of one paper the oldest only. */
PendingRows ledger_reroutes(Ledger *ledger, int64_t after, int most, Arena *arena);

typedef struct DispatchRow {
    int64_t paper, reroute; /* reroute 0 = none */
    int n; /* 0 = the copy to the submitter; below: others who got an earlier version */
    const char *centre;
    Instant time;
} DispatchRow;

void ledger_add_dispatch(Ledger *ledger, const DispatchRow *dispatch);
bool ledger_dispatched(Ledger *ledger, const char *name, int version, int n);

/* ---- what comes back ---- */

typedef struct StepRow {
    CareStep step;
    const char *paper; /* name */
    int64_t message;   /* 0 = the laboratory itself */
    const unsigned char
        *message_key; /* of a step to be recorded: of the message that brings it; NULL = none */
    Instant time;
} StepRow;

typedef struct StepRows {
    StepRow *items;
    size_t n;
} StepRows;

void ledger_add_step(Ledger *ledger, const StepRow *row);
StepRows ledger_steps(Ledger *ledger, const char *paper, Arena *arena); /* in order */

/* What centres returned about a woman with her referrals, until a day, in order of arrival; `assay` of her samples in that case. */
typedef struct ReturnedOutcome {
    const char *case_id, *assay, *paper, *outcome, *value;
    Date date;
} ReturnedOutcome;

typedef struct ReturnedOutcomes {
    ReturnedOutcome *items;
    size_t n;
} ReturnedOutcomes;

ReturnedOutcomes ledger_returned(Ledger *ledger, const char *person, Date until, Arena *arena);

typedef struct CaseAssay {
    const char *case_id, *assay;
} CaseAssay;

typedef struct CaseAssays {
    CaseAssay *items;
    size_t n;
} CaseAssays;

/* Cases with a sample that is not older than what centres have returned about the same person since the batch before `batch` (0 = the next one)
 * began: their history may have changed. */
CaseAssays ledger_returned_since(Ledger *ledger, int64_t batch, Arena *arena);

/* A message of a centre that changed something; 0 = unknown. */
int64_t ledger_message(Ledger *ledger, const char *centre, const unsigned char key[LEDGER_MAC]);
int64_t ledger_add_message(Ledger *ledger, const char *centre, const unsigned char key[LEDGER_MAC],
                           Instant time);
void ledger_add_reroute(Ledger *ledger, int64_t paper, const StepRow *why, const char *centre);

/* ---- threads ---- */

typedef struct ThreadRow {
    CareThread thread;
    int64_t
        paper; /* newest version of that name that was sent, else the newest of all; 0 = no such name */
    const char *case_id;
    int produced_version;   /* newest that was produced */
    bool released;          /* that one, or the one that was sent */
    bool newer_draft;       /* a newer version than the one sent awaits its release */
    bool moving;            /* a reroute waits for the next dispatch */
    const char *xml_sha256; /* of the version that was sent; "" = none */
} ThreadRow;

/* Folds the steps of that name. `paper` 0 when there is none. */
ThreadRow ledger_thread(Ledger *ledger, const char *name, const Reference *reference, Arena *arena);

/* Calls `use` for every name, in order of names; the row lives until `use` returns. */
void ledger_each_thread(Ledger *ledger, const Reference *reference,
                        void (*use)(const ThreadRow *row, void *context), void *context);

/* Every document produced is in exactly one of these. */
typedef struct Reconciliation {
    int64_t produced; /* paper versions */
    int64_t draft, superseded, unsent, unacknowledged, acknowledged;
} Reconciliation;

Reconciliation ledger_reconcile(Ledger *ledger);

/* ---- what the indicators count ---- */

typedef struct PeriodCase {
    const char *case_id, *submitter; /* of its first sample */
    Instant collected;               /* first sampling */
    Instant sent;                    /* first dispatch; INSTANT_NONE = none */
    Date born;                       /* of the woman; DATE_NONE = not declared */
    uint64_t tags;                   /* the caller's */
} PeriodCase;

typedef struct PeriodCases {
    PeriodCase *items; /* by case id */
    size_t n;
} PeriodCases;

typedef struct CaseListener {
    void (*hear)(PeriodCase *c, const TagEvent *event, void *context);
    void *context;
} CaseListener;

/* Cases whose first sampling lies in from <= time < until. */
PeriodCases ledger_period_cases(Ledger *ledger, Instant from, Instant until, Arena *arena);
/* Tells all that is known of them, and fills `sent` and `born`. */
void ledger_hear_cases(Ledger *ledger, const PeriodCases *cases, const CaseListener *to);

#endif
