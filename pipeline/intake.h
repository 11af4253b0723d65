/* intake - a batch folder becomes checked registrations, facts and result rows; bad rows become Rejections.
 *
 * Intake knows the batch and the reference, not the ledger: it also serves `screenlab check`, the district centre's command. What only
 * the ledger can tell (a revision changed behind its number, a sample registered last week) is reconciled in batch.c. Column by
 * column the form of the tables is docs/formats.md. Columns that are not documented are never read: nothing tells whether they were there. */
#ifndef SCREENLAB_INTAKE_H
#define SCREENLAB_INTAKE_H

#include "../lab/case.h"
#include "../lab/qc.h"
#include "../lab/reference.h"

/* One quarantined row: never dropped, always told to somebody. */
typedef struct Rejection {
    Note note;
    const char *
        centre; /* submitting centre's id when the row named a known one, else "" (the city's receipt takes it) */
    const char *sample;  /* when of correct form, else "" */
    const char *case_id; /* likewise */
} Rejection;

typedef struct FactRow {
    const char *case_id;
    Fact fact;
} FactRow;

/* One row of results.csv, or one specimen of a file of many (HL7 v2, exporter CSV) that such a row named. */
typedef struct ResultRow {
    const char *sample; /* whose; a specimen's name when the row said "*" */
    const char *run, *well;
    const char *specimen; /* name inside the file; "" = the sample's id */
    const char *file;     /* "" for a coded result */
    const char *sha256;   /* lower-case hex; checked when the file is opened */
    Result *results; /* coded results, or what the file of many held; NULL for a file read later */
    size_t n_results;
    long row;    /* of results.csv */
    bool hushed; /* the row's code was dropped at the door: the file is all that is left of it */
} ResultRow;

/* One row of plate.csv: a well of a capillary run, or (sample, well "") all wells of its samples. */
typedef struct PlateRow {
    const char *run, *well, *kit, *material;
    TraceRole role;
    ResultRow file;    /* of a control: file, sha256 and row of plate.csv */
    const char *fault; /* Note code: the row cannot be used, and so what rests on it; NULL = good */
    bool repeated;     /* an earlier row says the same */
} PlateRow;

typedef struct Intake {
    const char *batch; /* the folder's base name: [A-Za-z0-9][A-Za-z0-9._-]{0,63} */
    int folder;        /* open folder; the caller closes it */
    Sample *
        samples; /* accepted registrations in order of rows, no evidence yet, several revisions of one may stand here */
    size_t n_samples;
    FactRow *facts; /* in order of rows, those that could not be read among them */
    size_t n_facts;
    ResultRow *results;
    size_t n_results;
    Control *controls; /* of controls.csv, those that cannot be used among them */
    size_t n_controls;
    PlateRow *plate;
    size_t n_plate;
    Rejection *rejections; /* in order: submission, facts, results, controls, plate, each by row */
    size_t n_rejections;
} Intake;

enum { INTAKE_MESSAGE_LIMIT = 64 * 1024 * 1024 }; /* bytes of an HL7 or exporter CSV file */
#define INTAKE_FILE_LIMIT (INT64_C(1) << 38)      /* of any file: 256 GiB */

/* Fails only when the batch as a whole cannot be used (no submission.csv, results.csv or controls.csv, or neither can be read; folder unreadable; a name
 * that is no file_name_ok). `now` is the run's time: nothing may be dated after it; INSTANT_NONE = not known. */
/* The batch's name, the last part of the folder's path; "" when it is none that a file could have. */
const char *intake_batch_name(const char *path, Arena *arena);
Status intake_read(Intake *out, const char *path, const Reference *reference, Instant now,
                   Arena *arena, Note *why) MUST_USE;

/* Opens the file of a result row for a reader: regular, inside the batch, SHA-256 as declared, positioned at 0. Codes: those of
 * file_open, and "file.checksum" (REFUSED). The Note names the row of results.csv, never the file when `fetal`. */
Status intake_open_result(int *fd, const Intake *in, const ResultRow *row, bool fetal,
                          Note *why) MUST_USE;

/* What plate.csv says of a well: its own row, else the row for all samples of the run; NULL = nothing. */
const PlateRow *intake_plate_of(const Intake *in, const char *run, const char *well);

/* Does the row's file look like one of coded results (HL7, exporters' tables), rather than of calls or counts? */
bool intake_holds_results(const Intake *in, const ResultRow *row);

/* Does results.tsv list this code for the assay ("" = for any)? For a row whose sample only the ledger knows. */
bool intake_result_known(const Reference *reference, const char *assay, const char *code);

/* Two rows about one measurement of one control; and whether they agree. */
bool intake_same_control(const Control *a, const Control *b);
bool intake_same_value(const Control *a, const Control *b);

/* P/C/S (person, case, sample) and 6 to 18 digits, e.g. "S2026000123"; the one grammar of identifiers. */
bool intake_id_ok(char kind, const char *id);

#endif
