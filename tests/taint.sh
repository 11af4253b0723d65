#!/bin/sh
# No jump, no address and no system call depends on fetal sex: tests/taint.sh BUILD [CASES]
#
# A copy of the program marks sex evidence undefined the moment the door has recognised it (tests/taint/*.sed: lines and records of hidden contigs in VCF
# and BCF, rows of bin tables, reads of BAM, scans of sex markers, HL7 segments and OBX, facts and results that vanish), and runs under Valgrind's memcheck, decoding in the program's own process.
# Memcheck then reports every branch, address and write that depends on such a byte. Zero is the answer wanted, on the demonstration's first batch, on
# CASES fetal cases by chance of both twins, and on plasma.
#
# A control must be reported: with SCREENLAB_LEAK=V the marking itself looks at a marked byte. What this does not see: the way to the door (finding
# the line's end, the contig's name, the file's length), inflating (zlib runs before the door), time, and columns that are never decoded.
set -u
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
cases=${2-12}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$root"
variant=$(basename "$dir")
failed=0 runs=0

mkdir "$tmp/tree"
cp -pr Makefile lab pipeline reports reference tests "$tmp/tree"
mkdir -p "$tmp/tree/build"
cp -pr "$dir" "$tmp/tree/build/$variant"
for mark in tests/taint/*.sed; do
    file=$(sed -n '1s/^# file: //p' "$mark")
    sed -f "$mark" "$file" >"$tmp/changed"
    cmp -s "$tmp/changed" "$file" && { echo "taint: $mark no longer fits $file"; exit 1; }
    cp "$tmp/changed" "$tmp/tree/$file"
done
CFLAGS="-include tests/taint/taint.h" make -s -C "$tmp/tree" V="$variant" "build/$variant/screenlab" >"$tmp/made" 2>&1 || { tail -20 "$tmp/made"; echo "taint: does not build"; exit 1; }
program=$tmp/tree/build/$variant/screenlab

under() { # name folder: 0 = nothing depends
    runs=$((runs + 1))
    rm -rf "$tmp/l.db"* "$tmp/out"
    valgrind -q --error-exitcode=99 --undef-value-errors=yes --num-callers=8 --log-file="$tmp/log" \
        "$program" run --demo --unconfined -j 1 --reference reference --ledger "$tmp/l.db" --out "$tmp/out" --now 2026-11-23T08:30:00+08:00 "$2" >/dev/null 2>&1
    rc=$?
    reports=$(grep -cE 'depends on uninitialised|Use of uninitialised|points to uninitialised|contains uninitialised' "$tmp/log")
    echo "taint: $1: exit $rc, $reports reports"
    [ "$rc" -lt 2 ] && [ "$reports" = 0 ] && [ -d "$tmp/out" ]
}
clean() { under "$@" || { head -40 "$tmp/log"; failed=$((failed + 1)); }; }
batch() { # case file, twin
    CASES=$1 sh tests/demo/make.sh "$tmp/batch" "$2" 1 ""
}

sh tests/demo/make.sh "$tmp/batch" a 1
clean "demonstration" "$tmp/batch"
awk -v n="$cases" -v seed=3 -v packed=1 -f tests/demo/fetal.awk tests/demo/kit.tsv >"$tmp/chance.tsv"
for t in a b; do
    batch "$tmp/chance.tsv" $t
    clean "$cases fetal cases, twin $t" "$tmp/batch"
done
SCREENLAB_LEAK=V
export SCREENLAB_LEAK
if under "control: a marked byte is looked at" "$tmp/batch"; then
    echo "taint: the control is NOT reported"
    failed=$((failed + 1))
fi
unset SCREENLAB_LEAK
for i in 1 2 3 4; do
    printf 'S\t90%d.1\twoman\tmaternal_plasma\tnipt\t230103\t230103\t2026-11-10T09:00\tsex=%s\nV\t90%d.1\tbins\t38\n' $i "$(echo M F X0 XXY | cut -d' ' -f$i)" $i
done >"$tmp/plasma.tsv"
batch "$tmp/plasma.tsv" a
clean "plasma in bins" "$tmp/batch"
"$dir/tools/simulate_nipt" bam "$tmp/S2026901.bam" seed=5 reads=200000 short=1 sex=xy
sed -i "s/^S20269011,[^,]*,[^,]*,[^,]*,[^,]*,[0-9a-f]*/S20269011,NGS-901,,,S2026901.bam,$(sha256sum "$tmp/S2026901.bam" | cut -c 1-64)/" "$tmp/batch/results.csv"
mv "$tmp/S2026901.bam" "$tmp/batch/"
clean "plasma in a BAM" "$tmp/batch"
rm -rf "$tmp/batch"
BATCH=$tmp/batch sh tests/noninterference_messages.sh "$program" 6
clean "HL7 and CSV" "$tmp/batch"
rm -rf "$tmp/batch"
BATCH=$tmp/batch sh tests/noninterference_qfpcr.sh "$dir" 2
clean "ABIF of QF-PCR" "$tmp/batch"
echo "taint: $runs runs under Valgrind, $failed not as they must be"
[ "$failed" = 0 ]
