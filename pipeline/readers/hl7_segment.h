/* hl7_segment - the ER7 grammar of HL7 v2: messages, segments, fields, components, escapes. Private to the HL7 reader. */
#ifndef SCREENLAB_HL7_SEGMENT_H
#define SCREENLAB_HL7_SEGMENT_H

#include "../../lab/arena.h"

#include <stdbool.h>

typedef struct Span {
    const char *text; /* not NUL-terminated */
    size_t size;
} Span;

typedef struct Delimiters {
    char field, component, repetition, escape, sub; /* '\0' = the message declares none */
} Delimiters;

/* The next message of a file: from "MSH" at the start of a line to the next one, or the end. False = no more. *before is set when text
 * that belongs to no message stands in front of it; *cut when a frame (0x0b) was opened and not closed (0x1c). */
bool hl7_next_message(Span *message, Span *rest, bool *before, bool *cut);

/* From MSH-1 and MSH-2; false when they are missing, alphanumeric or not distinct. */
bool hl7_delimiters(Delimiters *out, Span message);

/* The next segment of a message; a line that does not begin like a segment belongs to the one before it. */
bool hl7_next_segment(Span *segment, Span *rest, const Delimiters *d);
bool hl7_is(Span segment, const char *name);

Span hl7_field(
    Span segment, int number,
    const Delimiters *d); /* 1-based; empty when absent. MSH is counted as the standard does */
Span hl7_part(Span text, char separator,
              int number); /* 1-based part; the whole text when separator is '\0' and number 1 */
/* The segment with every field that nobody reads empty, and without what stands behind the last that is read: a remark about the specimen
 * must decide nothing, not even by its encoding. `gb` = the bytes are GB18030, whose second byte may look like a separator. MSH stays as it is. */
Span hl7_kept(Span segment, const Delimiters *d, bool gb, Arena *arena);
bool hl7_equals(Span text, const char *word);
/* A copy without escapes: \F\ \S\ \T\ \R\ \E\ \Xhh..\ ; formatting (\H\ \.br\ ...) becomes a blank, an unknown one stays as it stands. */
const char *hl7_text(Span text, const Delimiters *d, Arena *arena);

#endif
