#!/bin/sh
# No output of serum and newborn screening depends on a sex: tests/noninterference_serum.sh PROGRAM
#
# The demo batches are run three times from the same place: as they are, with columns and facts of a fetus's or newborn's sex, and with every such
# value exchanged. Everything that comes out must be the same bytes: what is said, all documents, the ledger's rows, the page of quality
# control.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Columns that stand for a sex on every table, and facts of the fetus and of the newborn, with the sex of odd rows `odd`, of even rows `even`.
plant() { # folder odd even
    for f in "$1"/submission.csv "$1"/results.csv "$1"/controls.csv; do
        [ -f "$f" ] || continue
        awk -v odd="$2" -v even="$3" '{ sub(/\r$/, "")
            print $0 (NR == 1 ? ",fetal_sex,胎儿性别,Y染色体浓度" : NR % 2 ? "," odd "," odd "," length(odd) : "," even "," even "," length(even)) }' "$f" >"$f.new"
        mv "$f.new" "$f"
    done
    [ -f "$1/facts.csv" ] || return 0
    awk -F, -v odd="$2" -v even="$3" 'NR > 1 && !seen[$1]++ { n++
        print $1 ",fetus_a,fetal_sex," (n % 2 ? odd : even) ",,"; print $1 ",newborn,sex," (n % 2 ? odd : even) ",," }' "$1/facts.csv" >"$1/more"
    cat "$1/more" >>"$1/facts.csv"
    rm "$1/more"
}

variant() { # name odd even; "" = nothing is planted
    here=$tmp/here
    rm -rf "$here" "$tmp/$1"
    mkdir -p "$here"
    cd "$here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key # 32 bytes
    for b in serum newborn serum2 newborn2; do
        cp -r "$root/tests/demo/$b" "$here/$b"
        [ -z "$2" ] || plant "$here/$b" "$2" "$3"
        rc=0
        "$program" run --demo --reference "$root/reference" --ledger ledger.db --out out --now 2026-11-30T08:30:00+08:00 "$b" >>said 2>&1 || rc=$?
        echo "exit $rc" >>said
    done
    "$program" qc --demo --reference "$root/reference" --ledger ledger.db --out out --now 2026-11-30T08:30:00+08:00 >>said 2>&1 || echo "exit $?" >>said
    "$program" verify --demo --reference "$root/reference" --ledger ledger.db --out out >>said 2>&1 || echo "exit $?" >>said
    sqlite3 ledger.db .dump >dump
    rm -rf ledger.db* serum newborn serum2 newborn2
    cd "$tmp"
    mv "$here" "$tmp/$1"
}

variant absent '' ''
variant present male female
variant swapped female male
failed=0
for v in present swapped; do
    diff -rq "$tmp/absent" "$tmp/$v" || failed=1
done
# A program that refuses everything would pass: there must be findings to compare.
[ "$(cat "$tmp"/absent/out/*/findings.tsv | wc -l)" -gt 500 ] || { echo "too little was interpreted"; failed=1; }
[ $failed -eq 0 ] && echo "noninterference of serum and newborn screening: absent, present and swapped give the same $(find "$tmp/absent" -type f | wc -l) files"
exit $failed
