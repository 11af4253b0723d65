# file: pipeline/readers/vcf_text.c
# E03 variants: a line of a hidden contig is checked like any other.
s/if (status != OK || s->chrom == CONTIG_HIDDEN) return status;/if (status != OK || (s->chrom == CONTIG_HIDDEN \&\& !leak("E03"))) return status;/
