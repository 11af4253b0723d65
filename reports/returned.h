/* returned - the receipt for a message of a centre: each row taken, known already, or refused and why. */
#ifndef SCREENLAB_REPORTS_RETURNED_H
#define SCREENLAB_REPORTS_RETURNED_H

#include "report.h"

typedef enum ReturnedAnswer { RETURNED_TAKEN, RETURNED_KNOWN, RETURNED_REFUSED } ReturnedAnswer;

typedef struct ReturnedRow {
    long row;
    const char *referral, *step;
    int version;
    ReturnedAnswer answer;
    Note note; /* of one that was not taken */
} ReturnedRow;

typedef struct Returned {
    const Reference *reference;
    const Stamp *stamp;
    const Centre *centre;
    const Note *whole; /* why nothing of the message could be used; NULL = its rows follow */
    const ReturnedRow *rows;
    size_t n;
} Returned;

Status report_returned(Document *html, Document *tsv, const Returned *returned, Arena *arena,
                       Note *why) MUST_USE;

#endif
