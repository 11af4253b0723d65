#!/bin/sh
# nipt.sh BUILD [PANELS SAMPLES] - accuracy of NIPT: honest errors on simulated and on real counts, power, and real data held out.
# The full run of docs/validation.md is: tests/validate/nipt.sh build/release 20 1000 (an hour or two on two cores).
set -eu
v=$1/tools/validate_nipt
panels=${2:-3} samples=${3:-200}
shared=${SHARED:-../shared}/data/nipt
echo "simulated euploids: $panels panels of 100 at 10 M reads, $samples held-out samples at each depth"
"$v" errors "$panels" "$samples"
"$v" limit 100
"$v" table "${TABLE:-40}"
if [ -d "$shared" ]; then
    echo "real counts (NIPTeR, three samples mixed and drawn anew)"
    "$v" real "$panels" "$samples" "$shared"/NIPTeR/NIPTeR_test_sample_*.tsv.gz
    "$v" shares "$shared"/NIPTeR/NIPTeR_test_sample_*.tsv.gz
    "$v" preface "$shared"/preface/ratio_100kb_open60.tsv.gz 10
else
    echo "the real data are not here ($shared): not checked"
fi
