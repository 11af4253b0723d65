/* strip - a file of the laboratory without what tells a fetus's sex, so that a centre may share it. A new format is one file here and one row of
 * strip.c.
 *
 *     screenlab strip S2026000123.bam shared.bam
 *     screenlab strip --kit example-qfpcr run7_A01.fsa shared.fsa
 *
 * A stripper writes from an allow-list: what it does not know does not come out. So nothing is decided by looking whether a word or a number tells: two
 * files that differ in the fetus's sex only give the same bytes, and a stripped file strips to itself. Every stripper is hostile-input code, and
 * a Note never names a place inside the file. */
#ifndef SCREENLAB_STRIP_H
#define SCREENLAB_STRIP_H

#include "../../lab/reference.h"

typedef struct StripJob {
    int in;  /* open for reading at 0; the stripper may dup it, and must not close it */
    int out; /* open for writing, empty */
    const Reference *reference;
    const char *kit; /* --kit; NULL = not given */
    Arena *arena;
} StripJob;

typedef struct Stripper {
    const char *code, *what;
    bool (*sniff)(const unsigned char *head, size_t size);
    Status (*strip)(const StripJob *job, Note *why);
} Stripper;

/* By the first bytes (at most 4,096); NULL = no format of ours. */
const Stripper *strip_find(const unsigned char *head, size_t size);

/* Writes all bytes; IO_FAILED "file.write". */
Status strip_put(const StripJob *job, const void *bytes, size_t size, Note *why) MUST_USE;
Status strip_fault(Status status, const char *code, Note *why) MUST_USE;
/* Letters, digits and . _ - + : only, at most 64 of them, and no word of a sex: what may stand for itself. */
bool strip_plain(const char *text, size_t size, Arena *arena);

/* A cell's value: as strip_plain(), and the signs of numbers, units and instants ("<", ">", "/", "{", "}", "%", "[", "]", "*"). */
bool strip_value(const char *text);

/* A BGZF or plain stream, line by line or record by record, with ceilings. Private to the strippers. */
struct BGZF;
typedef struct StripStream {
    struct BGZF *bgzf;
    unsigned char *buffer;
    size_t start, end, capacity, most;
    bool ended;
    Arena *arena;
} StripStream;

Status stream_open(StripStream *s, const StripJob *job, size_t most, Note *why) MUST_USE;
Status stream_close(StripStream *s, Status so_far, Note *why) MUST_USE;
/* The next line without its line feed; *line NULL at the end. A last line without a line feed is a file cut short. */
Status stream_line(StripStream *s, const char **line, size_t *size, Note *why) MUST_USE;
/* The next n bytes; *bytes NULL at a clean end. */
Status stream_bytes(StripStream *s, size_t n, const unsigned char **bytes, Note *why) MUST_USE;

#endif
