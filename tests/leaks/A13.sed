# file: pipeline/readers/abif.c
# proof: noninterference_qfpcr.sh
# A13: the peaks of sex markers are not wiped out of a fetus's channels.
s/&channels, job->fetal, x->scratch/\&channels, false, x->scratch/
