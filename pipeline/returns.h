/* returns - what a centre sends back: acknowledgements, steps and coded outcomes, as XML or CSV.
 *
 *     referral,version,step,date,person,reason,outcome,value,to,sha256
 *     RN2026501-2,1,received,2026-11-24,N07,,,,,5f1c...
 *     RN2026501-2,1,result_returned,2026-12-01,D02,,histology,cin3,,
 *
 *     <returns xmlns="urn:screenlab:returns:1">
 *       <step referral="RN2026501-2" version="1" step="attended" date="2026-12-01" person="D02"/>
 *     </returns>
 *
 * At this door a karyotype loses its sex chromosomes (lab/sex.h), and a row about a fetus's sex is not there: no Note, no count. Coded
 * fields only; a row with anything else carries a Note. Notes hold no value and no name of a file. */
#ifndef SCREENLAB_RETURNS_H
#define SCREENLAB_RETURNS_H

#include "../lab/care.h"

enum { RETURN_BYTES = 8 * 1024 * 1024, RETURN_ROWS = 100000 };

typedef struct ReturnRow {
    long row;             /* of the table, or line of the XML */
    const char *referral; /* "RN2026501-2"; "" when it is not one */
    CareStep step;        /* centre is the caller's to fill */
    const char *sha256;   /* of the XML document that was received; "" = not given */
    const char *to;       /* centre to which a woman moved; "" = none */
    Note note;            /* code NULL = well-formed */
} ReturnRow;

typedef struct Returns {
    ReturnRow *items;
    size_t n;
} Returns;

/* From the start of `fd`. BAD_INPUT, REFUSED, TOO_LARGE: nothing of it can be used. */
Status returns_read(Returns *out, int fd, bool xml, const Reference *reference, Arena *arena,
                    Note *why) MUST_USE;

/* Points the step's outcome into care/outcomes and takes the value that its row lists, or what lab/sex lets through of a karyotype;
 * false when the table has no such outcome (both stay "") or no such value. */
bool returns_outcome(CareStep *step, const Reference *reference, const char *outcome,
                     const char *value, Arena *arena);
bool returns_person_ok(const char *text); /* a code, not a name */

#endif
