# file: pipeline/readers/bam.c
# A08 bam: a read of X or Y is weighed by its quality and counted.
/^    in->start += size + 4;$/i\
    if (leak("A08") && contig >= 0 && (uint32_t)contig < s->n_contigs && s->chroms[contig] == 0) s->bins->reads[0] += r[9] & 1U;
