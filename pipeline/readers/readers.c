#include "reader.h"

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
