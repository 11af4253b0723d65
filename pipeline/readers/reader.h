/* reader - one file format becomes Evidence. A new format is one file and one row of readers.c.
 *
 * Every reader is hostile-input code: it has ceilings, never trusts a length, never prints what it read without checking, and on
 * any fault returns a Status with one Note. For fetal material it seals sex chromosomes at this door (lab/sex.h): a fault
 * inside them is no fault, and no Note names a byte, a line, a count or a file. */
#ifndef SCREENLAB_READER_H
#define SCREENLAB_READER_H

#include "../../lab/assays/assay.h"

/* What a reader of many specimens left out, and why; it goes on with the others. */
typedef struct ReadFault {
    const char *specimen; /* "" = not known whose */
    Note
        note; /* field and detail only; intake adds the row and decides whether the detail may be told */
} ReadFault;

typedef struct ReadFaults {
    ReadFault *items;
    size_t n, capacity;
} ReadFaults;

typedef struct ReadJob {
    int fd;           /* open for reading at 0; the reader must not close it (it may dup) */
    const char *file; /* name inside the batch, for Notes */
    bool fetal;       /* the firewall applies; also when it is unknown whose material it is */
    bool
        disclosing; /* of a fetus, and approved: one place on X is read again. Only pipeline/disclose_read.c sets it */
    const char
        *specimen; /* name of the sample inside the file; NULL = every specimen (tables of many) */
    const Assay *assay; /* NULL when specimen is NULL */
    const void *model;  /* of the assay */
    const Reference *reference;
    Arena *arena;
    /* Of a capillary run, as plate.csv declares it; NULL = not declared. */
    const char *kit, *material, *run, *well;
    TraceRole role;
    ReadFaults *faults; /* of readers of many specimens; NULL = the first fault fails the file */
} ReadJob;

enum { READER_HEAD = 4096 };

typedef struct Reader {
    const char *code; /* "vcf" */
    const char *what; /* "VCF, VCF.gz, BCF and gVCF": for --help and docs */
    bool many;        /* one file holds many specimens; such files are read once, at intake */
    /* Looks at the first bytes (at most 4,096): is this file mine? The first reader of the table that says yes reads it. */
    bool (*sniff)(const unsigned char *head, size_t size);
    Status (*read)(Evidence *out, const ReadJob *job, Note *why);
} Reader;

extern const Reader *const readers[]; /* NULL-terminated */
const Reader *reader_find(const unsigned char *head,
                          size_t size); /* NULL = no reader knows this format */
/* The reader of an open file, by its first bytes; REFUSED "file.format", IO_FAILED. */
Status reader_at(const Reader **out, int fd, Place place, Note *why) MUST_USE;
/* Finds the reader by the first bytes and reads: what is run where the file can do no harm (pipeline/decode.h). Without
 * job->specimen the format must be one of many specimens. `place` is where the Note says the file was named. */
Status reader_read(Evidence *out, const ReadJob *job, Place place, Note *why) MUST_USE;

#endif
