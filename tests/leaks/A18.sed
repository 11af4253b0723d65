# file: pipeline/readers/vcf_header.c
# A18: X is read like an autosome; hemizygous or heterozygous goes into the evidence.
s/|| chrom == CHROM_MT;/|| chrom == CHROM_MT || chrom == CHROM_X;/
