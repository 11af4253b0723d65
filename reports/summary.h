/* summary - what the batch came to: a receipt for each centre, the technician's page,
 * findings.tsv.
 *
 * A BatchView is plain data that the batch fills from the ledger, so that a resumed run prints
 * the bytes of an undisturbed one. */
#ifndef SCREENLAB_SUMMARY_H
#define SCREENLAB_SUMMARY_H

#include "report.h"

/* Where a sample stands; every sample in is exactly one of these. */
typedef enum SampleState {
    STATE_AWAITING, /* registered, no result yet */
    STATE_INTERPRETED,
    STATE_NOT_INTERPRETABLE, /* its files or facts could not be used: see the note */
    STATE_REPLACED           /* a higher revision took its place */
} SampleState;

const char *sample_state_code(SampleState state); /* "awaiting" ...; wording row "state.<code>" */

typedef struct SampleRow {
    const Sample *sample;
    SampleState state;
    Note note;               /* when not interpretable */
    bool new_in_batch;       /* registered by this batch, not earlier */
    const Finding *findings; /* of this sample */
    size_t n_findings;
} SampleRow;

typedef struct CaseRow {
    const char *case_id;
    const SampleRow *samples;
    size_t n_samples;
    const Finding *findings; /* of the couple or case as a whole */
    size_t n_findings;
    const Action *actions;
    size_t n_actions;
    const char *const *documents; /* names of what was written, "folder/name" */
    size_t n_documents;
} CaseRow;

typedef struct RejectedRow {
    Note note;
    const char *centre, *sample, *case_id;
} RejectedRow;

typedef struct BatchView {
    const CaseRow *cases; /* in order of submission */
    size_t n_cases;
    const RejectedRow *
        rejected; /* quarantined rows, and results without a sample (note.code "result.unmatched") */
    size_t n_rejected;
    const Reference *reference;
    const Stamp *stamp;
} BatchView;

/* Receipt of one centre: what was accepted, what was rejected and why, what to do. XML and HTML. */
Status report_receipt(Document *xml, Document *html, const BatchView *view, const Centre *centre,
                      Arena *arena, Note *why) MUST_USE;
Status report_summary(Document *html, const BatchView *view, Arena *arena, Note *why) MUST_USE;
/* Gains and losses as regions.BUILD.vcf and regions.BUILD.bed, for each build that a sample was searched in; returns how many
 * documents, at most REGION_FILES. */
enum { REGION_FILES = 4 };
size_t report_regions(Document *out, const BatchView *view, Arena *arena);
Status report_findings(Document *tsv, const BatchView *view, Arena *arena, Note *why) MUST_USE;

#endif
