/* bam_bins FILE [table] - the BAM or bin-table reader alone: totals, or every bin; what the bench times. */
#include "lab/assays/nipt.h"
#include "pipeline/readers/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_table(const Bins *b)
{
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t first = bins_first(b->build, b->size, c), i = first;
             i < bins_first(b->build, b->size, c + 1); i++)
            printf("%d\t%u\t%u\t%u\n", c, (i - first) * b->size, b->reads[i], b->gc ? b->gc[i] : 0);
}

static void print_totals(const Bins *b)
{
    unsigned long long reads = 0, gc = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        reads += b->reads[i];
        gc += b->gc ? b->gc[i] : 0;
    }
    printf("counted %llu gc %.3f examined %llu ambiguous %llu duplicates %llu filtered %llu\n",
           reads, reads ? (double)gc / (double)reads : 0, (unsigned long long)b->examined,
           (unsigned long long)b->ambiguous, (unsigned long long)b->duplicates,
           (unsigned long long)b->filtered);
}

int main(int n, char **words)
{
    NiptModel model = {.settings = {.bin_size = 50000, .least_mapq = 1, .short_most = 150}};
    Arena *arena = arena_new(NULL);
    int fd = n > 1 ? open(words[1], O_RDONLY) : -1;
    unsigned char head[4096];
    ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof head);
    const Reader *reader = got > 0 ? reader_find(head, (size_t)got) : NULL;
    if (reader == NULL || lseek(fd, 0, SEEK_SET) != 0) {
        fprintf(stderr, "bam_bins: no BAM or bin table\n");
        return 2;
    }
    ReadJob job = {.fd = fd,
                   .file = words[1],
                   .fetal = true,
                   .assay = assay_find("nipt"),
                   .model = &model,
                   .arena = arena};
    Evidence e;
    Note why;
    if (reader->read(&e, &job, &why) != OK) {
        fprintf(stderr, "bam_bins: %s %s\n", why.code, why.field);
        return 1;
    }
    if (n > 2)
        print_table(e.bins);
    else
        print_totals(e.bins);
    arena_free(arena);
    close(fd);
    return 0;
}
