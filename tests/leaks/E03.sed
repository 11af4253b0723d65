# file: pipeline/readers/vcf_text.c
# E03: a fault inside X is told: a line of a hidden contig is checked like any other.
s/if (status != OK || s->chrom == CONTIG_HIDDEN) *return status;/if (status != OK) return status;/
s/if (status != OK || s->chrom == CONTIG_HIDDEN)$/if (status != OK)/
