/* batch_room - what the rooms of the batch share.
 *
 *     batch.c           the way: plan, register, visit chunk by chunk, close
 *     batch_plan.c      intake and ledger side by side: what is new, what contradicts, which cases to visit
 *     batch_plan_results.c  of it, what comes for samples: coded results and files
 *     batch_plan_files.c  of it, files that stand under two women
 *     batch_merge.c     the evidence of a sample out of its pieces
 *     batch_controls.c  which runs' controls changed, and what a run's controls mean for a sample
 *     batch_plate.c     control files of capillary runs: read once, then part of every sample's evidence
 *     batch_case.c      one case: loaded from the ledger, its new files read, judged (the parallel part)
 *     batch_papers.c    its papers: numbers, versions, withdrawals, documents
 *     batch_commit.c    documents to disk, then rows to the ledger
 *     batch_view.c      the batch as a whole, from the ledger: receipts, summary, findings.tsv */
#ifndef SCREENLAB_BATCH_ROOM_H
#define SCREENLAB_BATCH_ROOM_H

#include "batch.h"
#include "case_merge.h"
#include "file.h"
#include "intake.h"
#include "names.h"
#include "readers/reader.h"

/* ---- plan ---- */

typedef struct Revision {
    struct Revision *next;
    int64_t row;          /* in the ledger; 0 = to be registered */
    size_t n_pieces;      /* of evidence, in the ledger under this registration */
    const Sample *sample; /* of the intake or of the ledger */
} Revision;

typedef struct NewPiece NewPiece;
typedef struct RawFile RawFile;

/* One sample id, as the ledger and this batch together know it. */
typedef struct Tube {
    const char *id;
    Revision *revisions; /* in order of arrival */
    Revision *newest;    /* NULL = nobody has registered it */
    Pieces pieces;       /* in the ledger before this run */
    bool in_ledger;
    NewPiece *rows, *last_row;  /* that this batch adds, in order */
    RawFile *files, *last_file; /* to be read in this batch, in order */
    bool fresh; /* this batch, in this run or a killed one, brings something of it */
} Tube;

struct RawFile {
    RawFile *next, *next_of_tube; /* of its visit; of its tube */
    const ResultRow *row;
    Tube *tube;
    unsigned char digest[LEDGER_MAC];  /* of file and sample */
    unsigned char content[LEDGER_MAC]; /* of the file alone */
};

typedef struct Visit {
    const char *case_id;
    bool changed; /* the batch brings something that the ledger does not have */
    RawFile *files, *last_file;
} Visit;

struct NewPiece {
    NewPiece *next; /* of its tube */
    Tube *tube;
    const ResultRow *row;
};

typedef struct Run Run;

typedef struct Plan {
    Visit *visits; /* cases in order of submission */
    size_t n_visits;
    Revision **samples; /* to be registered */
    size_t n_samples;
    const FactRow **facts;
    size_t n_facts;
    NewPiece **pieces; /* coded results of registered samples */
    size_t n_pieces;
    const ResultRow **unmatched; /* coded results that nobody has registered a sample for */
    size_t n_unmatched;
    const Control **controls; /* that the ledger does not have */
    size_t n_controls;
    Rejected *rejected; /* intake's and the plan's own */
    size_t n_rejected;
    Index *tube_index; /* of `tubes`, by sample id */
    Tube **tubes;
} Plan;

/* NULL = the batch brings nothing of it. */
const Tube *plan_tube(const Plan *plan, const char *sample);

/* ---- controls ---- */

/* Files what is new of controls.csv under plan->controls, tells what contradicts the ledger by `contradicts`, and gives the names of runs whose
 * verdict is no longer what it was before this batch. */
Names controls_plan(Run *run, void (*contradicts)(void *context, const Control *control),
                    void *context);
bool controls_same(const Control *a, const Control *b); /* same measurement, same value */

typedef struct Controlled {
    bool asked; /* some result is of an analyte that needs controls */
    bool held;  /* nothing of the sample may be told: the evidence is refused */
    QcState state;
} Controlled;

/* Takes out results of runs that may not be believed, when a better run measured the same; else refuses the evidence. */
Controlled controls_apply(Evidence *evidence, const QcBook *book, Arena *arena);

/* ---- plates ---- */

typedef struct PlateFault {
    void (*tell)(void *context, const Note *note);
    void *context;
} PlateFault;

/* Reads the control files of plate.csv; tells of each that cannot be used. IO_FAILED only. */
Status plates_read(Run *run, const PlateFault *to, Note *why) MUST_USE;
/* Tells the reader kit, run and well of a sample's file; REFUSED when plate.csv gives the well to a control or contradicts itself. */
Status plates_place(ReadJob *job, const Run *run, const ResultRow *row, Note *why) MUST_USE;
/* Puts the controls of its run behind the sample's own trace. */
void plates_attach(Evidence *evidence, const Run *run, bool fetal, Arena *arena);

/* ---- run ---- */

enum { FOLDERS = 4 }; /* of documents: the batch's own, referrals, results, receipts */

typedef struct Plates Plates; /* controls of capillary runs, read once */

struct Run {
    const BatchOptions *options;
    const Reference *reference;
    Ledger *ledger;
    Arena *arena; /* lives as long as the run */
    Intake in;
    Plan plan;
    Plates *plates;   /* NULL until read */
    const QcBook *qc; /* of all controls, those of this batch among them */
    BatchRow batch;   /* the row that this run works for; id 0 = not yet added */
    bool rerun;       /* that row was finished before this run came */
    bool unwritten;   /* a rerun of a batch that was judged without documents */
    int64_t stamp_row;
    Stamp stamp;
    int folders[FOLDERS]; /* open; -1 = without documents */
};

Status plan_make(Run *run, Note *why) MUST_USE;
/* Whether anything is in the plan that the ledger does not have. */
bool plan_is_empty(const Run *run);

/* ---- one case ---- */

/* A sample of the case: its row in the ledger and the evidence that this visit adds. */
typedef struct Member {
    int64_t row;
    Pieces pieces; /* of the ledger, then of this visit */
    size_t n_old;  /* pieces that the ledger has already */
    RawFile *files;
    Judged judged;
    Controlled qc;
} Member;

typedef struct OldPaper {
    PaperRow row;
    ToldList told;
} OldPaper;

typedef struct OutPaper {
    Paper paper;
    Withdrawn *withdrawn;
    size_t n_withdrawn;
    Document xml, html;
} OutPaper;

typedef struct Slot {
    Arena *arena;
    const Visit *visit;
    Case c;           /* samples, facts and history, with evidence after judging */
    Sample *samples;  /* c.samples, while it is being filled */
    Case former;      /* when all samples were moved away: whom a withdrawal is about */
    Member *members;  /* one a sample */
    Sample *earlier;  /* c.history, while it is being filled */
    Member *past;     /* one an earlier sample; its row, judged and n_old are not used */
    Verdict previous; /* id 0 = never judged */
    OldPaper *old;    /* newest version of each paper of the case */
    size_t n_old, n_old_names;
    unsigned char key[LEDGER_MAC];
    bool unchanged; /* same key as `previous` */
    Findings findings;
    const Action **actions; /* one a finding, NULL = nothing to do */
    OutPaper *papers;
    size_t n_papers;
    bool failed;  /* some sample cannot be interpreted */
    bool stopped; /* the machine failed, not the input: nothing of this chunk may be recorded */
    Note fault;   /* why, when stopped */
} Slot;

void case_load(Slot *slot, Run *run, const Visit *visit); /* serial: asks the ledger */
void case_judge(Slot *slot, const Run *run);              /* parallel: touches its slot only */
Status papers_make(Slot *slot, const Run *run, Note *why) MUST_USE;
Status chunk_commit(Run *run, Slot *slots, size_t n, Note *why) MUST_USE;

/* ---- documents ---- */

Status documents_open(Run *run, Note *why) MUST_USE;
void documents_close(Run *run);
/* Writes one document and notes its folder; sync with documents_sync. */
Status document_write(const Run *run, const Document *document, Note *why) MUST_USE;
Status documents_sync(const Run *run, Note *why) MUST_USE;
void document_add(const Run *run, int64_t paper, const Document *document, Arena *arena);
Status documents_restore(const Run *run, size_t *restored, Note *why) MUST_USE;

/* Receipts, summary, findings.tsv, and the row that says the batch is finished. */
Status batch_finish(Run *run, Note *why) MUST_USE;

#endif
