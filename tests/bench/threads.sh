#!/bin/sh
# threads.sh DIR [RECORDS] - 64 variant files of RECORDS records each (default 200,000), one a case, judged on one thread and on two. The
# documents are written too. The ratio is that of the wall clock, the best of three turns each, and needs a machine with two idle
# processors; the bytes must be the same.
set -eu
dir=$1 records=${2-200000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/batch"
now_ms() { date +%s%N | cut -c 1-13; }

# One file stands for all: what differs between people is not what costs time.
awk -v n="$records" 'BEGIN {
    print "##fileformat=VCFv4.2"
    print "##contig=<ID=chr1,length=248956422>"
    print "##contig=<ID=chr11,length=135086622>"
    print "##FILTER=<ID=PASS,Description=\"All filters passed\">"
    print "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">"
    print "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">"
    print "##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"Quality\">"
    print "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tX"
    split("A C G T", base, " ")
    for (i = 1; i <= n; i++)
        printf "chr11\t%d\t.\t%s\t%s\t50\tPASS\t.\tGT:DP:GQ\t%s:%d:99\n", i * 600, base[i % 4 + 1], base[(i + 1) % 4 + 1],
            i % 3 ? "0/1" : "1/1", 25 + i % 20
}' >"$work/batch/one.vcf"
sum=$(sha256sum "$work/batch/one.vcf" | cut -c 1-64)
awk -v dir="$work/batch" -v sum="$sum" 'BEGIN {
    s = dir "/submission.csv"; r = dir "/results.csv"
    print "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date" > s
    print "sample,run,well,specimen,file,sha256,code,value,unit,time" > r
    for (i = 1; i <= 64; i++) {
        id = sprintf("%06d", i)
        print "P" id ",C" id ",S" id ",1,,,230103,230103,woman,blood,carrier,2026-11-09T08:30,P" id ",ZQ-2026-1,2026-11-09" > s
        print "S" id ",V1,," "X,one.vcf," sum ",,,," > r
    }
}'

run() { # THREADS: milliseconds
    rm -rf "$work/$1"
    mkdir "$work/$1"
    head -c 32 /dev/zero | tr '\0' 'k' >"$work/$1/l.db.key"
    began=$(now_ms)
    status=0
    "$dir/screenlab" run --demo --reference "$here/../../reference" --ledger "$work/$1/l.db" --out "$work/$1/out" -j "$1" \
        --now 2026-11-23T08:30:00+08:00 "$work/batch" >"$work/log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || { cat "$work/log" >&2; exit 1; }
    echo $(($(now_ms) - began))
}

one=
two=
for turn in 1 2 3; do
    ms=$(run 1)
    [ -n "$one" ] && [ "$one" -le "$ms" ] || one=$ms
    ms=$(run 2)
    [ -n "$two" ] && [ "$two" -le "$ms" ] || two=$ms
done
diff -r "$work/1/out" "$work/2/out" >/dev/null || { echo "threads: other bytes on two threads" >&2; exit 1; }
echo "threads: 64 files of $records records: $one ms on one thread, $two ms on two; same bytes"
awk -v a="$one" -v b="$two" 'BEGIN { printf "ratio: -j 2 is %.2f times as fast as -j 1 (aim: at least 1.7)\n", a / b }'
