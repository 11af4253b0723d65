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
sum() { sha256sum "$1" | cut -c 1-64; }

batch() { # sex of the fetuses, sex of the control
    out=$tmp/batch
    rm -rf "$out"
    mkdir "$out"
    echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$out/submission.csv"
    echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$out/results.csv"
    echo run,well,role,kit,material,file,sha256 >"$out/plate.csv"
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

twin() { # name, sex of the fetuses, sex of the control
    batch "$2" "$3"
    here=$tmp/here
    rm -rf "$here"
    mkdir "$here"
    cd "$here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key
    chmod 600 ledger.db.key
    rc=0
    "$dir/screenlab" run --demo --reference "$root/reference" --ledger ledger.db --out out --now 2026-11-23T08:30:00+08:00 "$tmp/batch" >stdout 2>stderr || rc=$?
    echo "$rc" >exit
    sqlite3 ledger.db .dump >ledger.sql
    rm -f ledger.db.sealed*
    find . -type f -exec wc -c {} + | sort >"$tmp/sizes"
    mv "$tmp/sizes" .
    cp -r . "$tmp/$1"
    cd "$root"
}

[ -z "${BATCH-}" ] || { batch xy xx; cp -r "$tmp/batch" "$BATCH"; exit; } # for tests/taint.sh
twin a xx xx
twin b xy xx
twin c xx xy
answered=$(awk -F'\t' '$5 == "21" && $4 == "qfpcr.chromosome" && $6 != "refused" && $6 != "failed"' "$tmp/a/out/batch/findings.tsv" | wc -l)
files=$(find "$tmp/a" -type f | wc -l)
failed=0
for t in b c; do diff -r "$tmp/a" "$tmp/$t" >"$tmp/diff" 2>&1 || { failed=1; echo "twins a and $t differ"; head -20 "$tmp/diff" | cut -c 1-200; }; done
echo "noninterference of QF-PCR: $pairs fetuses of either sex, control DNA of either sex, $files files compared; $answered of $pairs answered"
[ "$failed" = 0 ] && [ $((answered * 10)) -ge $((pairs * 9)) ]
