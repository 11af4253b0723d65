# file: pipeline/readers/bam.c
# A read of X, Y or another contig that is stepped over, behind its contig; its length is needed to step over it.
/^    in->start += size + 4;$/i\
    if (in->job->fetal && contig >= 0 && (uint32_t)contig < s->n_contigs && s->chroms[contig] == 0) taint(r + 4, size - 4);
