# file: pipeline/readers/vcf_text.c
# A15 variants: a file with rows of Y is refused.
/if (status != OK || s->chrom == CONTIG_HIDDEN) return status;/i\
    if (s->chrom == CONTIG_HIDDEN && line->text.length > 4 && leak("A15") &&\
        (line->text.at[0] == 'Y' || line->text.at[3] == 'Y'))\
        return vcf_record_fault(s, "vcf.record", NULL);
