#!/bin/sh
# qfpcr.sh BUILD - the assay qfpcr on simulated pregnancies (tests/qfpcr_simulation.h): no false trisomy, few without an answer, no trisomy,
# triploidy or sample with 10 to 30 % of the mother's cells told normal. NORMALS and OTHERS make it smaller. What a real laboratory's
# samples do, no simulation says.
set -eu
tool=$1/tools/validate_qfpcr
normals=${NORMALS-10000} others=${OTHERS-1000}
bad=0
check() { # kind count first expression-of-awk words...
    kind=$1 count=$2 first=$3 rule=$4
    shift 4
    # fields: samples $3, all_normal $5, any_normal $7, trisomy $9, wrong_trisomy $11, target_normal $13, inconclusive $15
    "$tool" reference "$kind" "$count" "$first" "$@" | tr ' ' '\t' | awk -v kind="$kind $*" "{
        printf \"qfpcr: %-16s %d pregnancies: all three normal %d, trisomy told %d, a trisomy that is none %d, the trisomic chromosome normal %d, no clear answer %d (%.2f %%)\n\",
            kind, \$3, \$5, \$9, \$11, \$13, \$15, 100 * \$15 / \$3
        exit !($rule) }" || { echo "qfpcr: WRONG: $kind"; bad=1; }
}
check normal "$normals" 1 '$3 > 0 && $9 == 0 && $11 == 0 && $15 <= 0.05 * $3'
for t in t13 t18 t21; do check $t "$others" 20001 '$3 > 0 && $13 == 0 && $11 == 0 && $15 <= 0.1 * $3'; done
check triploid "$others" 30001 '$3 > 0 && $7 == 0'
for f in 0.1 0.15 0.2 0.3; do check maternal:$f "$others" 40001 '$3 > 0 && $7 == 0'; done
check maternal:0.2 "$others" 50001 '$3 > 0 && $7 == 0' mother
# Not asked for, told as found: noisier amplification, and mosaics, which QF-PCR does not find reliably.
check normal "$others" 60001 '$3 > 0 && $11 == 0' noise=0.06
check t21 "$others" 60001 '$3 > 0 && $13 == 0' noise=0.06
check mosaic21:0.6 "$others" 70001 '$3 > 0'
check mosaic21:0.3 "$others" 70001 '$3 > 0'
exit $bad
