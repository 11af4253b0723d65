# file: lab/assays/carrier_disclose.c
# proof: noninterference_disclose.sh
s/strcmp(v->detail, "x_two_alleles") == 0;/strcmp(v->detail, "x_one_allele") == 0;/
