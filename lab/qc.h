/* qc - which runs of an analyser may be believed: the controls of all time, judged once, then asked from any thread.
 *
 *     const QcBook *book = qc_book(reference, controls, n, arena);
 *     QcVerdict v = qc_verdict(book, "serum.afp", "IA-0312");       // of the run that measured a patient
 *     if (qc_holds(book, "serum.afp", v)) ...                       // nothing of that run may be told
 *
 * Which analytes need controls, and which rules count for them, are rows of qc/rules; mean and SD of a material are rows of qc/materials, by
 * analyte, material, lot and instrument. An analyte without a row of qc/rules is not asked about. */
#ifndef SCREENLAB_QC_H
#define SCREENLAB_QC_H

#include "date.h"
#include "reference.h"
#include "westgard.h"

/* One measurement of a control material: a row of controls.csv. */
typedef struct Control {
    const char *run, *analyte, *material, *lot, *instrument, *unit;
    double value; /* NAN = measured, but not to be used: never a pass */
    Instant time;
    long row;
} Control;

/* What somebody found and did about a run: words of qc/actions. */
typedef struct QcAction {
    const char *analyte, *run, *cause, *action;
    const char *person; /* code */
    Instant time;
} QcAction;

typedef struct QcPoint {
    const Control *control;
    const char *mean_row; /* line of qc/materials as text, "" = none */
    double mean, sd, z;   /* NAN when the lot is not in the table */
    unsigned fired;       /* 1-2s and 1-3s of the point itself */
} QcPoint;

typedef struct QcRun {
    const char *name;
    Instant time; /* of its first control */
    QcVerdict verdict;
    size_t first, n; /* its points */
} QcRun;

/* One analyte on one instrument, in order of time. */
typedef struct QcSeries {
    const char *analyte, *instrument;
    QcPoint *points; /* by run, then level, then time */
    QcRun *runs;
    size_t n_points, n_runs;
} QcSeries;

typedef struct QcBook QcBook;

const QcBook *qc_book(const Reference *reference, const Control *controls, size_t n, Arena *arena);
size_t qc_size(const QcBook *book);
const QcSeries *qc_series(const QcBook *book, size_t index);
/* Does qc/rules name this result code at all? */
bool qc_asks(const QcBook *book, const char *code);
/* Of the run that measured `code`; the worst when several instruments used that name. QC_NONE without a control or without a name. */
QcVerdict qc_verdict(const QcBook *book, const char *code, const char *run);
/* Rejected, or without an accepted control although the rules require one. */
bool qc_holds(const QcBook *book, const char *code, QcVerdict verdict);
const char *qc_state_code(QcState state); /* "none" "accepted" "warning" "rejected" */
/* "1-2s 2-2s": all that fired. */
const char *qc_fired(unsigned fired, Arena *arena);
/* The reading of R-4s in use: a row of wording, "qc.r4s.limits" or "qc.r4s.range". */
bool qc_r4s_as_range(const QcBook *book, const char *analyte);
/* Row of qc/materials; -1 = none. */
long qc_material(const Reference *reference, const Control *control);

#endif
