# file: lab/markers.c
# proof: noninterference_qfpcr.sh
# E13: rungs below a sex marker size fragments again, so what shows through there moves peaks and pictures.
s/return !any || ladder_drop(ladder, gone);/return true;/
