# file: pipeline/readers/vcf_header.c
# A18: X is read like an autosome; hemizygous or heterozygous goes into the evidence.
s/(chrom == CHROM_X && job->disclosing)/chrom == CHROM_X/
