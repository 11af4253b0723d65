#include "reader.h"

#include <errno.h>
#include <unistd.h>

/* THE TABLE: a new file format is one row here and one file beside this one. Order = order of sniffing. */
#define READERS(ROW) ROW(vcf) ROW(bam) ROW(abif) ROW(bins) ROW(hl7) ROW(csv)

#define DECLARE(name) extern const Reader reader_##name;
#define ENTRY(name)   &reader_##name,

READERS(DECLARE)

const Reader *const readers[] = {READERS(ENTRY) NULL};

const Reader *reader_find(const unsigned char *head, size_t size)
{
    for (size_t i = 0; readers[i] != NULL; i++)
        if (readers[i]->sniff(head, size)) return readers[i];
    return NULL;
}

static ssize_t read_head(int fd, unsigned char *head, size_t size)
{
    ssize_t n;
    do
        n = pread(fd, head, size, 0);
    while (n < 0 && errno == EINTR);
    return n;
}

Status reader_at(const Reader **out, int fd, Place place, Note *why)
{
    unsigned char head[READER_HEAD];
    ssize_t n = read_head(fd, head, sizeof head);
    if (n < 0) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    *out = reader_find(head, (size_t)n);
    return *out != NULL ? OK : note_fail(why, REFUSED, "file.format", place, NULL);
}

Status reader_read(Evidence *out, const ReadJob *job, Place place, Note *why)
{
    const Reader *reader = NULL;
    Status s = reader_at(&reader, job->fd, place, why);
    if (s != OK || reader == NULL) return s;
    if (job->specimen == NULL && !reader->many)
        return note_fail(why, REFUSED, "file.not_many", place, NULL);
    return reader->read(out, job, why);
}
