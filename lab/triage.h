/* triage - findings become documents at one of three levels, by a table.
 *
 * A finding whose code, answer or detail triage.tsv does not know is never dropped: it goes to the city by the row of code
 * "unmatched". triage.tsv, a decision table (lab/decide): in:code in:answer in:detail -> out:level (0 none, 1 township, 2 district/county, 3 city) out:department out:capability
 * out:urgency out:wording. due.tsv: urgency -> number and kind of days ("working" or "calendar"), with source. calendar.tsv: Chinese public
 * holidays and adjusted working days; a due date past its end is flagged as uncertain. */
#ifndef SCREENLAB_TRIAGE_H
#define SCREENLAB_TRIAGE_H

#include "case.h"
#include "finding.h"
#include "reference.h"

typedef struct Action {
    const Finding *finding;
    Level level;            /* LEVEL_NONE: told, nothing to do */
    const char *department; /* code, wording row "department.<code>" */
    const char *capability; /* code, wording row "capability.<code>"; "" = none needed */
    const char *urgency;    /* code, wording row "urgency.<code>" */
    const char *wording; /* code, wording row "action.<code>": what the clinician is asked to do */
    Date due;            /* DATE_NONE = no date */
    bool due_uncertain;  /* beyond the calendar's end, or resting on no sourced number */
    bool due_example;    /* the number of days is an example */
    const Centre *to;    /* NULL when level is NONE */
    const char *row;     /* row of triage.tsv */
} Action;

typedef enum PaperKind { PAPER_REFERRAL, PAPER_RESULT, PAPER_WITHDRAWAL } PaperKind;

/* One document to be written: a referral per case and destination; one result report per case to the submitter.
 * Withdrawals are made by the batch from what the ledger says was sent before. */
typedef struct Paper {
    PaperKind kind;
    const Centre *to;      /* who must act, or the submitter of a result report */
    const Centre *copy_to; /* the submitter, when it is another centre than `to`; else NULL */
    const Action *actions; /* most urgent first, then in order of findings */
    size_t n_actions;
    Date due; /* earliest of the actions'; DATE_NONE = none */
    bool due_uncertain;
    /* Filled by the batch from the ledger: */
    const char *id; /* set id, the same for all versions: "RN" + ... */
    int version;    /* 1, 2, ... */
    int replaces;   /* the version it replaces, 0 = none */
} Paper;

typedef struct Papers {
    Paper *items;
    size_t n;
} Papers;

/* Actions of all findings, grouped into papers: first the result report, then referrals by level (city last) and centre id. */
Status triage_case(Papers *out, const Case *c, const Findings *findings, const Reference *reference,
                   Arena *arena, Note *why) MUST_USE;

/* Before a run: is triage.tsv there, and does every urgency it uses have its days in due.tsv? Outside --demo that asks for the
 * laboratory's own numbers. REFUSED "due.absent" names the urgency that has none. */
Status triage_ready(const Reference *reference, Note *why) MUST_USE;

/* `days` working days after `from` (from itself not counted) by calendar.tsv; *uncertain is set when the calendar ends before. */
Date triage_working_day(const Table *calendar, Date from, int days, bool *uncertain);

/* What is told about a finding that asks for nothing: the wording code of its row of level 0; "" when its row asks for
 * something, or says nothing. */
const char *triage_told(const Reference *reference, const Finding *finding);

#endif
