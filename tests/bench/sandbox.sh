#!/bin/sh
# sandbox.sh DIR [ROUNDS] - what it costs to decode every file in a process of its own: the demonstration's batch (small files, where it costs most) and
# one large VCF, confined and not, by turns in one run; seconds of one thread, and their ratio.
set -eu
export LC_ALL=C
dir=$(cd "$1" && pwd) rounds=${2-10}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT

once() { # BATCH [option]: milliseconds
    batch=$1
    shift
    rm -rf "$work/l.db"*
    began=$(date +%s%N)
    "$dir/screenlab" run --demo --reference "$here/../reference" --ledger "$work/l.db" --no-documents -j 1 --now 2026-11-23T08:30:00+08:00 "$@" "$batch" >/dev/null 2>&1 || [ $? -eq 1 ]
    echo $((($(date +%s%N) - began) / 1000))
}
measure() { # NAME BATCH FILES
    : >"$work/times"
    i=0
    while [ $i -lt "$rounds" ]; do
        i=$((i + 1))
        echo "$(once "$2") $(once "$2" --unconfined)" >>"$work/times"
    done
    cut -d ' ' -f 1 "$work/times" | sort -n >"$work/confined"
    cut -d ' ' -f 2 "$work/times" | sort -n >"$work/free"
    paste "$work/confined" "$work/free" | awk -v name="$1" -v files="$3" -v n="$rounds" 'NR == int((n + 1) / 2) {
        printf "sandbox: %-28s %7.1f ms confined, %7.1f ms not: ratio %.2f, %.2f ms a file (median of %d)\n", name, $1 / 1000, $2 / 1000, $1 / $2, ($1 - $2) / 1000 / files, n }'
}
files=$(awk -F, 'NR > 1 && $6 != "" { print $5 }' "$here/demo/batch/results.csv" | sort -u | wc -l)
measure "demonstration, $files files" "$here/demo/batch" "$files"

# One sample with a genome's worth of records behind its panel sites: decoding is what it does.
mkdir "$work/large"
awk -F, 'NR == 1 || $3 == "S20261011"' "$here/demo/batch/submission.csv" >"$work/large/submission.csv"
{ grep "^#" "$here/demo/batch/S20261011.vcf"; awk 'BEGIN { for (i = 1; i <= 1000000; i++) printf "chr22\t%d\t.\tA\tC\t50\tPASS\t.\tGT:DP:GQ\t0/1:30:99\n", 10000000 + i * 20 }'; } >"$work/large/a.vcf"
{ head -1 "$here/demo/batch/results.csv"; echo "S20261011,R,,,a.vcf,$(sha256sum <"$work/large/a.vcf" | cut -c 1-64),,,,"; } >"$work/large/results.csv"
measure "one VCF of 10^6 records" "$work/large" 1
