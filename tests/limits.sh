#!/bin/sh
# limits.sh PROGRAM [small] - files that are large, deep or strange on purpose. Each is put into a batch beside a good sample; the program and its decoders may
# use MEMORY bytes of address space and SECONDS (of a machine that does nothing else) each. Wanted: exit 1, the good sample interpreted, the hostile
# file refused with a Note. Told of each: time and the peak of resident memory. "small": a tenth of the sizes. Exit 0 only when all held.
set -eu
export LC_ALL=C
program=$1
here=$(cd "$(dirname "$0")" && pwd)
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
memory=${MEMORY-3000000000} seconds=${SECONDS_MOST-300}
big=10 # of "small"
[ "${2-}" = small ] || big=100
failed=0

demo=$here/demo/batch
head='sample,run,well,specimen,file,sha256,code,value,unit,time'

# A batch: the good sample and a row for the hostile file, which is in $work/batch/$1 already or not.
batch() { # FILE SPECIMEN-ROW(sample or *)
    awk -F, 'NR == 1 || $3 == "S20261011" || $3 == "S20261021"' "$demo/submission.csv" >"$work/batch/submission.csv"
    awk -F, '$3 == "S202681011"' "$demo/../nipt/submission.csv" >>"$work/batch/submission.csv"
    awk -F, 'NR == 1' "$demo/facts.csv" >"$work/batch/facts.csv"
    sum=$( (sha256sum <"$work/batch/$1") 2>/dev/null | cut -c 1-64) || true
    [ -n "$sum" ] || sum=0000000000000000000000000000000000000000000000000000000000000000
    { echo "$head"; grep '^S20261011,' "$demo/results.csv"; echo "$2,R,,,$1,$sum,,,,"; } >"$work/batch/results.csv"
}

# What became of it: a line of the report.
judge() { # NAME [wanted exit] [alone: the table itself is hostile, so no good sample is left]
    rm -rf "$work/l.db"* "$work/out"
    began=$(date +%s%N) status=0 peak=0
    setsid prlimit --as="$memory" timeout "$seconds" "$program" run --demo --reference "$here/../reference" --ledger "$work/l.db" \
        --out "$work/out" -j 1 --now 2026-11-23T08:30:00+08:00 "$work/batch" >"$work/log" 2>&1 &
    session=$!
    while kill -0 $session 2>/dev/null; do # the largest of its processes, looked at ten times a second
        now=$(ps -o rss= --sid $session | sort -n | tail -1)
        [ "${now:-0}" -le $peak ] || peak=$now
        sleep 0.1
    done
    wait $session || status=$?
    took=$((($(date +%s%N) - began) / 1000000))
    codes=$({ sqlite3 "$work/l.db" "SELECT note_code FROM rejection"; sqlite3 "$work/l.db" "SELECT text FROM evidence" | awk -F'\t' '$1 == "failed" { print $3 }'; } 2>/dev/null | sort -u | tr '\n' ' ')
    good=$(sqlite3 "$work/l.db" "SELECT count(*) FROM finding" 2>/dev/null || echo 0)
    verdict=ok
    if [ "${2-1}" -eq 0 ]; then
        [ "$status" -eq 0 ] && [ "$good" -gt 0 ] || verdict=FAIL
    elif [ "${3-}" = alone ]; then
        [ "$status" -eq 1 ] && [ -n "$codes" ] || verdict=FAIL
    elif [ "${2-1}" -eq 1 ]; then
        [ "$status" -eq 1 ] && [ -n "$codes" ] && [ "$good" -gt 0 ] || verdict=FAIL
    else
        [ "$status" -eq "$2" ] && grep -q '^screenlab: ' "$work/log" || verdict=FAIL
        codes=$(grep -o '([a-z_.]*)' "$work/log" | tail -1)
    fi
    [ $verdict = ok ] || { failed=$((failed + 1)); head -c 300 "$work/log"; }
    printf '%-44s %8d ms %5d MB  exit %d  %-40s %s\n' "$1" "$took" $((peak / 1000)) "$status" "$codes" "$verdict"
}
fresh() {
    rm -rf "$work/batch"
    mkdir "$work/batch"
    cp "$demo/S20261011.vcf" "$work/batch/"
}
file() { # NAME FILE [sample]
    batch "$2" "${3-S20261021}"
    judge "$1"
}
vcf_head() { grep '^##' "$demo/S20261021.vcf"; }
letters() { head -c "$1" /dev/zero | tr '\0' A; }

# ---- bombs: a block of 100 MB, packed, as often as the size asks (100 times = 10 GB) ----
bomb() { # NAME FILE [SAMPLE]: content of the block on standard input, its beginning in $work/begin
    cat >"$work/block"
    fresh
    bgzip -c <"$work/block" | head -c -28 >"$work/packed" # without the mark of the end
    {
        bgzip -c <"$work/begin" | head -c -28
        i=0
        while [ $i -lt $big ]; do
            cat "$work/packed"
            i=$((i + 1))
        done
        : | bgzip -c
    } >"$work/batch/$2"
    file "$1 ($((big / 10)) GB from $(wc -c <"$work/batch/$2") bytes)" "$2" "${3-S20261021}"
}
if command -v bgzip >/dev/null; then
    { vcf_head; printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS20261021\nchr1\t1\t'; } >"$work/begin"
    letters 100000000 | bomb "zip bomb: one line" bomb.vcf.gz
    vcf_head >"$work/begin"
    yes '##remark=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' | head -c 100000000 | bomb "zip bomb: a header without end" head.vcf.gz
    printf 'BAM\1' >"$work/begin"
    printf '\377\377\377\177' >>"$work/begin"
    letters 100000000 | bomb "zip bomb: a BAM header that lies" bomb.bam S202681011
    printf '#chrom\tstart\tend\treads\n' >"$work/begin"
    letters 100000000 | bomb "zip bomb: a table of bins" bins.tsv.gz S202681011
else
    echo "limits: bgzip is not there: no bombs" >&2
    failed=1
fi

# ---- many of everything ----
fresh
{ vcf_head; awk -v n=$((big * 10000)) 'BEGIN { for (i = 0; i < n; i++) print "##contig=<ID=c" i ",length=1000>" }'
  grep -v '^##' "$demo/S20261021.vcf"; } >"$work/batch/contigs.vcf"
batch contigs.vcf S20261021
rm -f "$work/l.db"*
judge "VCF with $((big * 10000)) contigs" 0
fresh
{ vcf_head; printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT'; awk -v n=$((big * 100000)) 'BEGIN { for (i = 0; i < n; i++) printf "\ts%d", i; print "" }'; } >"$work/batch/columns.vcf"
file "VCF with $((big * 100000)) samples" columns.vcf
fresh
awk -v n=$((big * 100000)) 'BEGIN { printf "id"; for (i = 0; i < n; i++) printf ",c"; print ""; print "S20261021" }' >"$work/batch/columns.csv"
file "exporter's table with $((big * 100000)) columns" columns.csv '*'
fresh
awk -v n=$((big * 100000)) 'BEGIN { printf "MSH|^~\\&|A|B|C|D|20261113150100||ORU^R01^ORU_R01|1|P|2.4\rOBX"; for (i = 0; i < n; i++) printf "|x"; print "" }' >"$work/batch/fields.hl7"
file "HL7 segment with $((big * 100000)) fields" fields.hl7 '*'
fresh
{ vcf_head; printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS20261021\nchr1\t100\t'; letters $((big * 10000000)); } >"$work/batch/line.vcf"
file "VCF with a line of $((big * 10)) MB" line.vcf
fresh
letters $((big * 10000000)) >"$work/batch/line.csv"
file "a text of one line of $((big * 10)) MB" line.csv '*'
fresh
awk -v n=$((big * 10000)) 'BEGIN { for (i = 0; i < n; i++) printf "<a>" }' >"$work/batch/deep.xml"
file "XML $((big * 10000)) deep" deep.xml '*'
fresh
batch S20261011.vcf S20261021
letters $((big * 10000000)) >>"$work/batch/results.csv"
judge "results.csv with a line of $((big * 10)) MB" 1 alone
fresh
batch S20261011.vcf S20261021
awk -v n=$((big * 100000)) 'BEGIN { printf "person"; for (i = 0; i < n; i++) printf ",c"; print "" }' >"$work/batch/submission.csv"
sed -n 2p "$demo/submission.csv" >>"$work/batch/submission.csv"
rm "$work/batch/results.csv"
judge "submission.csv with $((big * 100000)) columns" 3

# ---- names and things that are no files ----
fresh
ln -s /etc/passwd "$work/batch/link.vcf"
file "a symbolic link" link.vcf
fresh
mkfifo "$work/batch/pipe.vcf"
batch2() { # like batch, without reading the thing
    awk -F, 'NR == 1 || $3 == "S20261011" || $3 == "S20261021"' "$demo/submission.csv" >"$work/batch/submission.csv"
    { echo "$head"; grep '^S20261011,' "$demo/results.csv"; printf 'S20261021,R,,,%s,0000000000000000000000000000000000000000000000000000000000000000,,,,\n' "$1"; } >"$work/batch/results.csv"
}
batch2 pipe.vcf
judge "a pipe without a writer"
if mknod "$work/dev" c 1 5 2>/dev/null; then
    fresh
    mknod "$work/batch/zero.vcf" c 1 5
    batch2 zero.vcf
    judge "a device"
fi
fresh
mkdir "$work/batch/folder.vcf"
batch2 folder.vcf
judge "a folder"
for name in ../../etc/passwd /etc/passwd https://example.org/a.vcf s3://a/b data:,x '"a
b.vcf"' -rf .hidden 'a;b' '%2e%2e/x' con..vcf; do
    fresh
    batch2 "$name"
    judge "the name $(printf %s "$name" | tr '\n' '~')"
done
[ "$failed" -eq 0 ] && echo "limits: all held, $((memory / 1000000)) MB of address space, $seconds s each"
[ "$failed" -eq 0 ]
