/* ledger - the append-only record of everything: registrations, evidence, verdicts, papers,
 * documents, quarantined rows.
 *
 *     Ledger *ledger;
 *     Status s = ledger_open(&ledger, "screenlab.db", LEDGER_WRITE, &why);
 *     ledger_begin(ledger);
 *     int64_t id = ledger_add_sample(ledger, batch, &sample);
 *     s = ledger_commit(ledger, &why);           // all of it, or nothing
 *     ledger_close(ledger);
 *
 * Beside FILE stand FILE.key (32 secret bytes, made when absent, kept like a password), FILE.sealed
 * (keyed checksums of raw files), FILE.lock (two runs never share a ledger) and SQLite's own
 * FILE-wal and FILE-shm. Not on network file systems.
 *
 * Faults stick: after the first one all functions do nothing and return nothing, and ledger_commit
 * or ledger_ok tells it. What is read is copied into the arena that is given. One thread at a time.
 */
#ifndef SCREENLAB_LEDGER_H
#define SCREENLAB_LEDGER_H

#include "../lab/case.h"
#include "../lab/finding.h"
#include "../lab/qc.h"
#include "../lab/triage.h"

#include <stdio.h>

typedef struct Ledger Ledger;

/* READ: only looks, and leaves no trace: for checks that show nobody's results. LOOK: reads and records in the audit that it
 * read; needs the key, waits for a run's transactions, not for the run. WRITE: alone. */
typedef enum LedgerUse { LEDGER_READ, LEDGER_LOOK, LEDGER_WRITE } LedgerUse;

Status ledger_open(Ledger **out, const char *path, LedgerUse use, Note *why) MUST_USE;
void ledger_close(Ledger *ledger); /* NULL is fine; what is not committed is gone */
Status ledger_ok(const Ledger *ledger, Note *why) MUST_USE;
void ledger_begin(Ledger *ledger);
/* Many questions in a row cost a third less between this and ledger_commit; nothing may be added
 * there. */
void ledger_begin_reading(Ledger *ledger);
Status ledger_commit(Ledger *ledger, Note *why) MUST_USE;

void ledger_rollback(
    Ledger *ledger); /* what was added since ledger_begin is not; nothing when none is open */

enum { LEDGER_KEY = 32, LEDGER_MAC = 32 };
const unsigned char *ledger_key(const Ledger *ledger); /* LEDGER_KEY bytes, for HMAC-SHA256 */

/* ---- batches ---- */

typedef struct Tally {
    int64_t interpreted, not_interpretable, awaiting, replaced,
        rejected; /* samples; rejected = rows */
} Tally;

typedef struct BatchRow {
    int64_t id; /* 0 = no such batch */
    Instant now;
    Lang lang;
    bool documents, finished;
    Tally tally; /* of a finished one */
} BatchRow;

BatchRow ledger_batch(Ledger *ledger, const char *name); /* the newest of that name */
bool ledger_is_of_batch(Ledger *ledger, int64_t batch, const char *name);
/* Samples of the cases that the batch visited, over all its runs, and registrations that it
 * replaced; `rejected` is left as it is. */
void ledger_tally(Tally *tally, Ledger *ledger, const char *batch);
int64_t ledger_add_batch(Ledger *ledger, const char *name, const BatchRow *batch);
void ledger_end_batch(Ledger *ledger, int64_t batch, const Tally *tally);
int64_t ledger_stamp(Ledger *ledger, const char *release, const char *program, bool demo);

/* ---- what came in ---- */

typedef struct Known {
    int64_t id, batch;
    bool newest; /* no higher revision stands in the ledger */
    Sample sample;
} Known;

typedef struct KnownList {
    Known *items;
    size_t n;
} KnownList;

KnownList ledger_revisions(Ledger *ledger, const char *sample, Arena *arena); /* lowest first */
KnownList ledger_case_samples(Ledger *ledger, const char *case_id,
                              Arena *arena); /* in order of registration */
/* Newest revisions of a person's samples in other cases, collected until `until`, newest first. */
KnownList ledger_history(Ledger *ledger, const char *person, const char *other_than, Instant until,
                         Arena *arena);
typedef struct Names {
    const char **items;
    size_t n;
} Names;
/* Other cases of the person with a sample collected at `from` or later: their history changes. */
Names ledger_later_cases(Ledger *ledger, const char *person, const char *other_than, Instant from,
                         Arena *arena);
bool ledger_has_case(Ledger *ledger, const char *case_id);
int64_t ledger_add_sample(Ledger *ledger, int64_t batch, const Sample *sample);

typedef struct FactList {
    Fact *items;
    int64_t *batches; /* that brought each */
    size_t n;
} FactList;
/* In order of arrival. A fact is never declared as "": that stands for one whose row could not be read. */
FactList ledger_facts(Ledger *ledger, const char *case_id, Arena *arena);
void ledger_add_fact(Ledger *ledger, int64_t batch, const char *case_id, const Fact *fact);

/* One piece of evidence: what one row of results.csv brought. */
typedef struct Piece {
    int revision; /* of the registration it was filed under */
    int64_t batch;
    bool file;
    const char *text;     /* evidence_print() */
    const Evidence *read; /* the same, when evidence_parse() has read it already; or NULL */
} Piece;

typedef struct Pieces {
    Piece *items; /* by revision, then in order of arrival */
    size_t n;
} Pieces;

Pieces ledger_evidence(Ledger *ledger, const char *sample, Arena *arena);
typedef struct NewEvidence {
    size_t n; /* which piece of that registration: 0, 1, ... */
    bool file;
    const char *text;
} NewEvidence;

void ledger_add_evidence(Ledger *ledger, int64_t batch, int64_t sample_row, const NewEvidence *e);
bool ledger_has_unmatched(Ledger *ledger);
Names ledger_unmatched(Ledger *ledger, const char *sample, Arena *arena); /* texts of evidence */
void ledger_add_unmatched(Ledger *ledger, int64_t batch, const char *sample, const char *text);

typedef struct ControlList {
    Control *items;   /* in order of arrival */
    int64_t *batches; /* that brought each */
    size_t n;
} ControlList;

ControlList ledger_controls(Ledger *ledger, Arena *arena); /* of all time */
void ledger_add_control(Ledger *ledger, int64_t batch, const Control *control);
/* Results of that registration came from that run; told once or often, it is the same. */
void ledger_measured_in(Ledger *ledger, const char *run, int64_t sample_row);
Names ledger_cases_of_run(Ledger *ledger, const char *run, Arena *arena);

typedef struct Watched {
    const char *item;
    Answer answer;
    double value; /* NAN = none */
    Instant collected;
    const char *run; /* that measured the sample; without one, its batch */
    double beside;   /* the number asked for beside it, NAN = none */
} Watched;

typedef struct WatchedList {
    Watched *items;
    size_t n;
} WatchedList;

/* Findings of that code in the newest judgement of every case. `beside` says what else is wanted of the same judgement or case: "finding" or
 * "fact" of the code `of`; any other word, nothing. Of fetal material only where whole runs are looked at ("run"). */
WatchedList ledger_watched(Ledger *ledger, const char *code, const char *beside, const char *of,
                           Arena *arena);

/* The sealed store: under which revision a raw file of that digest came in; 0 = unknown. */
int ledger_sealed_revision(Ledger *ledger, const char *sample,
                           const unsigned char digest[LEDGER_MAC]);
/* The keyed digest of a sample's raw file; `specimen` "" = the file names it as it likes. */
void ledger_raw_digest(unsigned char digest[LEDGER_MAC], const Ledger *ledger, const char *sample,
                       const char *sha256, const char *specimen);
void ledger_seal(Ledger *ledger, const char *sample, int revision,
                 const unsigned char digest[LEDGER_MAC]);

typedef struct SealedList {
    struct {
        const char *sample;
        int revision;
    } * items;
    size_t n;
} SealedList;

/* Everything that was sealed under that digest. */
SealedList ledger_sealed_samples(Ledger *ledger, const unsigned char digest[LEDGER_MAC],
                                 Arena *arena);

typedef struct Rejected {
    const char *centre, *sample, *case_id;
    Note note;
} Rejected;

typedef struct RejectedList {
    Rejected *items;
    size_t n;
} RejectedList;

RejectedList ledger_rejections(Ledger *ledger, int64_t batch, Arena *arena);
void ledger_add_rejection(Ledger *ledger, int64_t batch, const Rejected *rejected);

/* ---- verdicts ---- */

typedef struct Verdict {
    int64_t id; /* 0 = none */
    int64_t batch, replaces, same_as, stamp;
    const char *case_id;
    int version;
    unsigned char key[LEDGER_MAC];
} Verdict;

Verdict ledger_verdict(Ledger *ledger, const char *case_id); /* the newest judgement of the case */
int64_t ledger_add_verdict(Ledger *ledger, const Verdict *verdict);
/* Ids of the cases that the batch visited in its rows from `from` on, unordered. */
Names ledger_visited(Ledger *ledger, const char *batch, int64_t from, Arena *arena);

enum { JUDGED_AWAITING, JUDGED_INTERPRETED, JUDGED_NOT_INTERPRETABLE, JUDGED_REPLACED };

typedef struct Judged {
    int state; /* the values of SampleState in reports/summary.h; replaced is never stored, but seen
                  from the revisions */
    Note note;
} Judged;

void ledger_add_judged(Ledger *ledger, int64_t verdict, int64_t sample_row, const Judged *judged);
bool ledger_judged(Judged *out, Ledger *ledger, int64_t verdict, int64_t sample_row, Arena *arena);

/* A finding and, when there is one, what is asked for because of it (action->finding is not used).
 */
void ledger_add_finding(Ledger *ledger, int64_t verdict, size_t n, int64_t sample_row,
                        const Finding *finding, const Action *action);

typedef struct Told {
    Finding finding;
    bool has_action;
    Action action; /* `to` comes from the reference's centres, `finding` is NULL */
} Told;

typedef struct ToldList {
    Told *items;
    size_t n;
} ToldList;

ToldList ledger_findings(Ledger *ledger, int64_t verdict, const Reference *reference, Arena *arena);

/* ---- what went out ---- */

typedef struct PaperRow {
    int64_t id;
    PaperKind kind;
    const char *name;
    int version, replaces;
    const char *centre, *copy_to; /* ids */
    Date due;
} PaperRow;

typedef struct PaperRows {
    PaperRow *items;
    size_t n;
} PaperRows;

PaperRows ledger_papers(Ledger *ledger, const char *case_id, Arena *arena); /* oldest first */
int64_t ledger_add_paper(Ledger *ledger, int64_t verdict, const PaperRow *paper);
void ledger_add_told(Ledger *ledger, int64_t paper, int64_t verdict, size_t finding);
ToldList ledger_told(Ledger *ledger, int64_t paper,
                     Arena *arena); /* sample code item answer fetal only */
/* The case a paper belongs to; NULL = no such paper. */
const char *ledger_paper_case(Ledger *ledger, const char *name, Arena *arena);

typedef struct DocumentRow {
    const char *name; /* below the output folder: "batch/referrals/RN1-230103-v1.xml" */
    const char *kind, *sha256;
    size_t size;
    const void *bytes;
} DocumentRow;

typedef struct DocumentRows {
    DocumentRow *items;
    size_t n;
} DocumentRows;

void ledger_add_document(Ledger *ledger, int64_t batch, int64_t paper, const DocumentRow *document,
                         Arena *arena);
Names ledger_paper_documents(Ledger *ledger, int64_t verdict, Arena *arena);
/* Calls `use` for the newest document of each name that the batch wrote (batch NULL: of all
 * batches, and without bytes). Stops at the first status that is not OK. */
Status ledger_each_document(Ledger *ledger, const char *batch,
                            Status (*use)(const DocumentRow *document, void *context, Note *why),
                            void *context, Note *why) MUST_USE;

/* ---- release ---- */

/* A paper is released once and for ever; a correction is a new version of it. */
bool ledger_released(Ledger *ledger, int64_t paper);
/* Released papers, of each name the newest released version only, oldest first. */
PaperRows ledger_released_papers(Ledger *ledger, Arena *arena);
void ledger_add_released(Ledger *ledger, int64_t paper, Instant time,
                         const char *how); /* "automatic", "two_persons" */

/* A paper as it was written by the run, still in the state of a draft. */
typedef struct Draft {
    PaperRow row;
    int64_t verdict, batch;
    const char *case_id, *batch_name, *release; /* of the reference it was judged with */
    Lang lang;
    bool demo;
    bool newest;        /* no higher version of the paper */
    bool current;       /* of the newest judgement of its case */
    const char *person; /* whose record it is; NULL = nobody's */
    bool newborn;       /* ... who is a newborn */
} Draft;

/* `version` 0 = the newest; false = no such paper. */
bool ledger_draft(Draft *out, Ledger *ledger, const char *name, int version, Arena *arena);

typedef struct PaperName {
    const char *name;
    int version;
} PaperName;

typedef struct PaperNames {
    PaperName *items;
    size_t n;
} PaperNames;

/* Newest versions that are not released, oldest first; of one batch, or ("") of all. A withdrawal of what never left is not among them. */
PaperNames ledger_open_drafts(Ledger *ledger, const char *batch, Arena *arena);
PaperNames ledger_acted(Ledger *ledger, Arena *arena); /* papers on which somebody acted */
/* Centres that got any released version of the paper: who must get the next one too. */
Names ledger_recipients(Ledger *ledger, const char *name, Arena *arena);

typedef struct LastRelease {
    int version; /* 0 = none */
    Instant time;
    int64_t paper, verdict;
} LastRelease;
LastRelease ledger_last_released(Ledger *ledger, const char *name);
/* The findings that a paper told, with what was to be done about each. */
ToldList ledger_told_whole(Ledger *ledger, int64_t paper, int64_t verdict,
                           const Reference *reference, Arena *arena);

enum { ACT_KEY = 32, ACT_SIGNATURE = 64 };
typedef struct Act {
    int64_t id;
    const char *kind; /* "review", "amend", "release", "hold", "lift", "call" */
    const char *person;
    Instant time;
    const char *reason, *told; /* codes; "" = none */
    unsigned char key[ACT_KEY], signature[ACT_SIGNATURE];
} Act;

typedef struct Acts {
    Act *items;
    size_t n;
} Acts;

Acts ledger_acts(Ledger *ledger, int64_t paper, Arena *arena); /* oldest first */
void ledger_add_act(Ledger *ledger, int64_t paper, const Act *act);
bool ledger_held(Ledger *ledger, const char *name); /* some version is held, and not lifted since */

typedef struct CallDue {
    const char *name;
    int version;
    const char *centre; /* who is to be told */
    Instant due;        /* INSTANT_NONE = at once: no number of hours has been set */
} CallDue;

typedef struct CallsDue {
    CallDue *items; /* at once first, then by time */
    size_t n;
} CallsDue;

void ledger_add_call_due(Ledger *ledger, int64_t paper, Instant due);
CallsDue ledger_calls_due(Ledger *ledger, Arena *arena); /* those nobody has recorded a call for */

/* A file of a released paper: NAME.xml, NAME.html and their signatures, below OUT/released. */
typedef struct IssuedRow {
    const char *name; /* below the output folder: "released/RN...-v1.xml" */
    const char *kind, *sha256;
    size_t size;
    const char *person; /* "" = nobody is named in it: `content` is deflated; else sealed too */
    bool erased;        /* ... whose key was erased since; told by ledger_each_issued only */
    const void *content;
    size_t content_size;
} IssuedRow;

typedef struct IssuedRows {
    IssuedRow *items;
    size_t n;
} IssuedRows;

void ledger_add_issued(Ledger *ledger, int64_t paper, const IssuedRow *row);
IssuedRows ledger_issued(Ledger *ledger, int64_t paper, Arena *arena);
bool ledger_issued_file(IssuedRow *out, Ledger *ledger, const char *name, Arena *arena);
/* Of all papers, without content; stops at the first status that is not OK. */
Status ledger_each_issued(Ledger *ledger,
                          Status (*use)(const IssuedRow *row, void *context, Note *why),
                          void *context, Note *why) MUST_USE;
/* Names of the released files that name the person. */
Names ledger_issued_of_person(Ledger *ledger, const char *person, Arena *arena);
DocumentRows ledger_draft_documents(Ledger *ledger, int64_t paper, Arena *arena); /* with bytes */

/* ---- approved disclosures ---- */

typedef struct DisclosureAct {
    int64_t id, request; /* request 0 = it is one */
    const char *kind;    /* "request" "approve" "give" */
    const char *sample;  /* of a giving; else "" */
    const char *person, *condition;
    Instant time;
    unsigned char key[ACT_KEY], signature[ACT_SIGNATURE];
} DisclosureAct;

typedef struct DisclosureActs {
    DisclosureAct *items;
    size_t n;
} DisclosureActs;

/* Of one case and one condition, "" = of all, oldest first. */
DisclosureActs ledger_disclosures(Ledger *ledger, const char *case_id, const char *condition,
                                  Arena *arena);
void ledger_add_disclosure(Ledger *ledger, const char *case_id, const char *condition,
                           const DisclosureAct *act);
/* Whether the judgement was made with example tables. */
bool ledger_verdict_demo(Ledger *ledger, int64_t verdict);

/* ---- audit ---- */

/* Who did what to what, and whether it was done: codes and pseudonyms only, never a clinical value. */
typedef struct AuditEntry {
    Instant time;
    const char *actor;   /* code of the person, or "-" when nobody showed a key */
    const char *action;  /* "show", "release", "send" ... */
    const char *object;  /* case, paper, batch; "" = none */
    const char *outcome; /* "done", or the code of the Note that refused it */
} AuditEntry;

/* Adds a row to the HMAC chain, in the transaction that is open or, when none is, in one of its own. */
void ledger_audit(Ledger *ledger, const AuditEntry *entry);

/* What was recorded about runs (`screenlab qc-action`), oldest first: of each the outcome begins with LEDGER_QC_ACTION, then stand cause and action. */
#define LEDGER_QC_ACTION "done "
typedef struct QcActionList {
    QcAction *items;
    size_t n;
} QcActionList;

QcActionList ledger_qc_actions(Ledger *ledger, Arena *arena);

/* The chain up to row `count`: its last MAC, in hex. Kept off-site, it proves later what stood there. */
typedef struct Anchor {
    int64_t count;
    Instant time; /* of that row; 0 for an empty chain */
    char mac[2 * LEDGER_MAC + 1];
} Anchor;

/* A row that does not follow from the one before: it was changed, or rows before it are gone. */
typedef struct AuditBreak {
    int64_t n;       /* of the row */
    int64_t missing; /* numbers gone before it; 0 = the row itself was changed */
    char seen[2 * LEDGER_MAC +
              1]; /* MAC of what stands there now, in hex: changed again it is another break */
    const char *accepted[2]; /* persons who have looked into it; NULL = not yet */
    const char *key;         /* of the first of them, in hex */
} AuditBreak;

typedef struct AuditBreaks {
    AuditBreak *items;
    size_t n;
    bool
        more; /* above LEDGER_BREAKS nobody looks into single rows: the ledger of a backup is needed */
} AuditBreaks;

enum { LEDGER_BREAKS = 1000 };

typedef struct AuditCheck {
    Anchor last;        /* of the rows that stand there */
    int64_t gaps;       /* numbers that are missing */
    int64_t rewrites;   /* rows whose MAC does not follow from them and the row before */
    int64_t backward;   /* rows earlier than the one before: a clock was set back */
    int64_t orphans;    /* releases that the chain does not know */
    AuditBreaks breaks; /* each gap and each changed row, and who has looked into it */
} AuditCheck;

/* Two persons, by name and by key, have recorded that they looked into every break (rows LEDGER_ACCEPT of the unbroken part that comes after it). */
bool ledger_audit_settled(const AuditBreaks *breaks);
/* That row: action LEDGER_ACCEPT; its object names the break, its outcome begins with "done ", then cause and key. Refusals have other outcomes. */
#define LEDGER_ACCEPT "audit-accept"
const char *ledger_break_name(const AuditBreak *broken, Arena *arena);

/* Whether every row follows from the one before, from the first on, or the break is settled: what a release asks. The first question after opening reads the
 * whole chain, later ones only what was added since. It says nothing of rows cut off at the end: `screenlab audit` with an anchor does. */
bool ledger_audit_unbroken(Ledger *ledger);
/* The whole chain, once; the breaks live in the arena. */
AuditCheck ledger_audit_check(Ledger *ledger, Arena *arena);
/* Whether the chain holds that anchor: row `count` is there and its MAC is the anchor's. */
bool ledger_audit_holds(Ledger *ledger, const Anchor *anchor);

/* ---- a batch as a whole ---- */

typedef struct VisitRow {
    const char *case_id;
    int64_t verdict; /* that holds the content: findings, states, papers */
} VisitRow;

typedef struct VisitRows {
    VisitRow *items;
    size_t n;
} VisitRows;

VisitRows ledger_visits(Ledger *ledger, const char *batch, Arena *arena); /* in submission order */

/* ---- integrity ---- */

typedef struct LedgerCheck {
    const char *what; /* wording row "verify.<what>" */
    int64_t answer;
    bool counts; /* told, not judged: any answer is good */
    bool good;
} LedgerCheck;

/* Every sample in is accounted for, exactly once; keys, references and triggers hold. `tell` (NULL = nobody) hears of each check;
 * false when anything is wrong. Documents are the caller's to check (show.c). */
bool ledger_verify(Ledger *ledger, void (*tell)(const LedgerCheck *check, void *context),
                   void *context);

#endif
