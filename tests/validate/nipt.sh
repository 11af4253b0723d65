#!/bin/sh
# nipt.sh BUILD [PANELS SAMPLES] - accuracy of NIPT: honest errors on simulated and on real counts, power, and real data held out.
# The full run is: tests/validate/nipt.sh build/release 20 1000, or PANELS=20 SAMPLES=1000 make validate; 20 ms of processor a sample make it
# half an hour of processor, twice (simulated and real counts).
set -eu
v=$1/tools/validate_nipt
panels=${2:-${PANELS:-3}} samples=${3:-${SAMPLES:-200}}
shared=${SHARED:-../shared}/data/nipt
echo "simulated euploids: $panels panels of 100 at 10 M reads, $samples held-out samples at each depth"
"$v" errors "$panels" "$samples"
"$v" limit 100
"$1/tools/power_nipt" table "${TABLE:-40}"
"$1/tools/power_nipt" calls "${CALL_PANELS:-3}" "${CALLS:-200}"
if [ -d "$shared" ]; then
    echo "real counts (NIPTeR, three samples mixed and drawn anew)"
    "$v" real "$panels" "$samples" "$shared"/NIPTeR/NIPTeR_test_sample_*.tsv.gz
    "$v" shares "$shared"/NIPTeR/NIPTeR_test_sample_*.tsv.gz
    "$v" preface "$shared"/preface/ratio_100kb_open60.tsv.gz 10 "${ROUNDS:-3}"
else
    echo "the real data are not here ($shared): not checked"
fi
