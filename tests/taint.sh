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
. tests/marked.sh

sh tests/demo/make.sh "$tmp/batch" a 1
clean "demonstration" "$tmp/batch"
for t in a b; do
    marked_chance "$cases" $t
    clean "$cases fetal cases, twin $t" "$tmp/batch"
done
SCREENLAB_LEAK=V
export SCREENLAB_LEAK
if under "control: a marked byte is looked at" "$tmp/batch"; then
    echo "taint: the control is NOT reported"
    failed=$((failed + 1))
fi
unset SCREENLAB_LEAK
marked_bins
clean "plasma in bins" "$tmp/batch"
marked_bam 200000
clean "plasma in a BAM" "$tmp/batch"
marked_messages
clean "HL7 and CSV" "$tmp/batch"
marked_traces 2
clean "ABIF of QF-PCR" "$tmp/batch"
echo "taint: $runs runs under Valgrind, $failed not as they must be"
[ "$failed" = 0 ]
