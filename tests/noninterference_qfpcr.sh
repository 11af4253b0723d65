#!/bin/sh
# The proof of tests/noninterference.sh for the DNA analyser: tests/noninterference_qfpcr.sh BUILD [PAIRS]
#
# Simulated QF-PCR runs go through the whole program three times: every fetus as a girl, as a boy, and each with the other's sex of control
# DNA. Sex markers reach up to saturation and show through in all dyes, the size standard's too. Whatever comes out must be equal byte for byte: stdout,
# stderr, exit status, names, sizes and contents of documents with their pictures, the ledger's rows as text. Left out is FILE.sealed
# alone. At least 90 % of the samples must have been answered, since a proof that refuses everything would be empty.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
pairs=${2-6}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
. "$root/tests/twins.sh"

kind_of() { # number: what the fetus has
    case $(($1 % 8)) in
    1) echo trisomy=21 ;; 2) echo trisomy=18 ;; 3) echo trisomy=13 ;; 4) echo triploid=1 ;; 5) echo maternal=0.2 ;; *) echo mosaic=1 ;;
    esac
}
simulate() { # kind file words...
    kind=$1 file=$2
    shift 2
    "$dir/tools/simulate_abif" "$root/reference" example-qfpcr "$kind" "$file" "$@"
}

batch() { # sex of the fetuses, sex of the control
    begin_batch
    i=1
    while [ "$i" -le "$pairs" ]; do
        n=$((30000 + i))
        simulate qf "$out/S2026$n.fsa" $((5000 + i)) sex="$1" "$(kind_of "$i")"
        echo "P2026$n,C2026$n,S2026$n,1,,,230103001,230103001,fetus_a,amniotic_fluid,qfpcr,2026-11-12T08:30,P2026$n,ZQ-2026-1,2026-11-10," >>"$out/submission.csv"
        echo "S2026$n,QF-9,W$i,,S2026$n.fsa,$(sum "$out/S2026$n.fsa"),,,," >>"$out/results.csv"
        i=$((i + 1))
    done
    simulate control "$out/control.fsa" 77 sex="$2"
    simulate blank "$out/blank.fsa" 78
    printf 'QF-9,,sample,example-qfpcr,,,\nQF-9,C1,control,example-qfpcr,DEMO-DNA,control.fsa,%s\nQF-9,C2,blank,example-qfpcr,,blank.fsa,%s\n' \
        "$(sum "$out/control.fsa")" "$(sum "$out/blank.fsa")" >>"$out/plate.csv"
}

[ -z "${BATCH-}" ] || { batch xy xx; cp -r "$tmp/batch" "$BATCH"; exit; } # for tests/taint.sh
twin a xx xx
twin b xy xx
twin c xx xy
answered=$(awk -F'\t' '$5 == "21" && $4 == "qfpcr.chromosome" && $6 != "refused" && $6 != "failed"' "$tmp/a/out/batch/findings.tsv" | wc -l)
same_bytes "QF-PCR: $pairs fetuses of either sex, control DNA of either sex" "$answered"
