# file: pipeline/readers/vcf_text.c
# A line of a hidden contig, behind its name.
/if (status != OK || s->chrom == CONTIG_HIDDEN) return status;/i\
    if (status == OK && s->chrom == CONTIG_HIDDEN && behind != NULL) taint(behind, (size_t)(line_end(line) - behind));
