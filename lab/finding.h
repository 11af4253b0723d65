/* finding - one coded conclusion, the numbers it states, the table row it rests on, and its certainty. */
#ifndef SCREENLAB_FINDING_H
#define SCREENLAB_FINDING_H

#include "arena.h"
#include "sample.h"

/* Never a false negative: everything that is not a proven negative has an answer of its own, and the first value,
 * which forgotten code leaves behind, is the harmless one. */
typedef enum Answer {
    ANSWER_NOT_ASSESSED, /* nobody can say: not covered, not callable, not applicable to this material */
    ANSWER_NEGATIVE, /* assessed, and the thing looked for is not there */
    ANSWER_POSITIVE, /* the thing looked for is there */
    ANSWER_POSSIBLE, /* seen, but below the floors or on an unverified row: confirm */
    ANSWER_INVALID,  /* the test ran and its control or sample was inadequate: repeat */
    ANSWER_FAILED,   /* the test did not run to its end: repeat */
    ANSWER_MISSING,  /* a result or a fact that the question needs was not given */
    ANSWER_REFUSED,  /* the input must not be used: wrong build, swap, no consent */
    ANSWER_MEASURED /* a figure that is told but judged by no cut-off of its own: a MoM, a fetal fraction, a prior */
} Answer;

enum { ANSWERS = ANSWER_MEASURED + 1 };
const char *answer_code(Answer answer);  /* "not_assessed" ... as in findings.tsv and triage.tsv */
Answer finding_answer(const char *code); /* ANSWER_NOT_ASSESSED for a word that is none */

typedef struct Finding {
    const char *sample; /* "" for a conclusion about the couple or the whole case */
    const char *assay;
    Subject subject;  /* SUBJECT_UNKNOWN for the couple or the whole case */
    bool fetal;       /* about fetal material: the firewall's rules apply to every word of it */
    const char *code; /* key of triage.tsv; wording row "finding.<code>" */
    const char *
        item; /* what it is about ("HBB", "HBB c.52A>T", "HPV16"); reference text, never file text */
    Answer answer;
    const char *detail; /* coded sub-label or reason, wording row "detail.<detail>"; "" = none */
    bool has_value;
    double value;
    const char *unit;  /* UCUM; "" = none */
    const char *table; /* the table it rests on, its version and the row's key */
    const char *version;
    const char *row;
    bool example;    /* rests on an example number: the page is stamped */
    bool unverified; /* rests on a row nobody has verified: "confirm" */
    const char
        *qc; /* controls of its run: "accepted" "warning" "none" "rejected"; "" = not asked for */
} Finding;

typedef struct Findings {
    Finding *items;
    size_t n, capacity;
    Arena *arena;
} Findings;

/* A finding of the sample's own assay about it; numbers and tables are the caller's to fill in. */
Finding finding_about(const Sample *sample, const char *code, const char *item, Answer answer,
                      const char *detail);

/* Appends a copy; NULL texts become "". */
void finding_add(Findings *findings, Finding finding);

#endif
