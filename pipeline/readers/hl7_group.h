/* hl7_group - the segments of one specimen or order: what its OBX say one by one, and what they say together. Private to the
 * HL7 reader: hl7.c (files and messages), hl7_group.c (groups), hl7_obx.c (observations). */
#ifndef SCREENLAB_HL7_GROUP_H
#define SCREENLAB_HL7_GROUP_H

#include "desk.h"
#include "hl7_segment.h"

enum { TEXT_LIMIT = 4096, NAMES = 5, GROUP_LIMIT = 2000, REPETITIONS = 8, UNKNOWN = 8 };

typedef struct Candidate {
    const char *code;  /* result code of the test */
    const char *value; /* NULL = the words mean nothing to us */
    const char *word;
    bool unread; /* a statement that nobody understands (a narrative is none) */
    bool clash;  /* its parts contradict each other */
    bool
        impossible; /* OBX-11 X: there is none to be had; takes an earlier message's back, and contradicts what stands beside it */
    ResultStanding standing;
    Instant time;
} Candidate;

typedef struct Group {
    const char *names[NAMES]; /* candidates for the specimen's id, best first */
    size_t n_names;
    bool has_spm, has_obr, control;
    const char *unknown[UNKNOWN]; /* OBX-3 of the first tests that nobody knows */
    size_t n_unknown;
    Instant time;
    Candidate *items;
    size_t n, capacity;
} Group;

typedef struct Reader7 {
    Desk *desk;
    Arena *arena; /* for the texts of one message */
    Delimiters d;
    int offset_minutes;
    const char *charset; /* of this message, for text_decode; NULL = not known yet */
    bool by_specimen;    /* OUL^R22 */
    Instant sent;
    Group group;
    bool has_group, any_group;
} Reader7;

const char *hl7_field_text(const Reader7 *r, Span segment, int field,
                           int component); /* of the first repetition */
const char *hl7_span_text(const Reader7 *r,
                          Span span); /* "?", which no table knows, when it is too long */
Instant hl7_field_time(const Reader7 *r, Span segment, int field, Instant otherwise);
bool hl7_is_unset(const char *text);
/* Whether any byte of the segment plays a part: those of PID and its like do not, nor those of an OBX about sex or about nothing we know, but for its
 * name. */
bool hl7_is_read(const Reader7 *r, Span segment);
/* As UTF-8, by the message's charset; as it stands when it is not in it. */
Span hl7_decoded(const Reader7 *r, Span text);
bool hl7_is_gb(const Reader7 *r); /* by the message's charset */
bool hl7_obx_is_read(const Reader7 *r, Span obx);
void hl7_read_obx(Reader7 *r, Span obx); /* adds candidates to the group */
void hl7_read_segment(Reader7 *r, Span segment);
void hl7_end_group(Reader7 *r);

#endif
