#!/bin/sh
# No value of sex evidence is compared, written or bound to a row: tests/dfsan.sh BUILD [CASES]
#
# The program is built with clang's DataFlowSanitizer; the bytes that tests/taint.sh marks for Valgrind are marked with a label at the same places (tests/taint/*.sed), and
# every comparison of a value that carries it, every marked byte of a file, a row or a Note is counted (tests/dfsan). Zero is the answer wanted, on the
# demonstration's first batch, on CASES fetal cases by chance of both twins, on plasma in bins and in a BAM, HL7, CSV and ABIF. Counted must be two controls in the marking itself (V
# looks at a marked byte, W takes it along), and in the program's own code one leak for each kind of file (tests/dfsan/leaks, and D02 of tests/leaks/switches).
#
# What it sees other than Valgrind: a copy that nobody branches on. What it does not see: values that pass through a library (HTSlib, libxml2, SQLite and the others stand in
# an ABI list that drops labels; what they write over in a reader's buffer is washed), numbers that vsnprintf has put into a text, a value that a branch has chosen, and the decoders' answers, which are
# made in the same process here (--unconfined).
set -u
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
cases=${2-6}
tmp=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$root"
packages="libxml-2.0 sqlite3 zlib htslib libsodium libcrypto lapacke libseccomp xmlsec1-openssl"
failed=0 runs=0

mkdir "$tmp/tree"
cp -pr lab pipeline reports tests "$tmp/tree"
for mark in tests/taint/*.sed tests/dfsan/*.sed tests/dfsan/leaks/*.sed tests/leaks/switches/hl7.sed; do
    file=$tmp/tree/$(sed -n '1s/^# file: //p' "$mark")
    sed -f "$mark" "$file" >"$tmp/changed"
    cmp -s "$tmp/changed" "$file" && { echo "dfsan: $mark no longer fits"; exit 1; }
    cp "$tmp/changed" "$file"
done
# Every function of every library but libc's own, which the compiler knows.
for l in $(ldd "$dir/screenlab" | awk '$3 ~ /^\// && $1 !~ /^lib(c|m|gcc_s|pthread|dl)\.so/ { print $3 }'); do nm -D --defined-only "$l"; done 2>/dev/null |
    awk '$2 ~ /[TWi]/ { sub(/@.*/, "", $3); print $3 }
         END { print "taint_outlet\ntaint_vsnprintf\nmemfd_create\npipe2\nclose_range\ngetrandom" }' | sort -u | sed 's/.*/fun:&=uninstrumented\nfun:&=discard/' >"$tmp/abi"
for f in ceil fmax fmin log10 erfc lrint llround lround; do echo "fun:$f=functional"; done >>"$tmp/abi" # clang's own list forgets them
flags="-std=c17 -D_GNU_SOURCE -DSCREENLAB_VERSION=\"0\" -DSCREENLAB_SHARE=\"/\" -DSCREENLAB_UNCONFINED -O1 -g -w -fsanitize=dataflow -mllvm -dfsan-event-callbacks \
    -fsanitize-ignorelist=$tmp/abi -include tests/dfsan/dfsan.h $(pkg-config --cflags $packages)"
cd "$tmp/tree"
mkdir "$tmp/o"
clang-14 -O1 -c -o "$tmp/o/callbacks.o" tests/dfsan/dfsan.c || exit 1
ls lab/*.c lab/assays/*.c pipeline/*.c pipeline/readers/*.c pipeline/strip/*.c reports/*.c |
    FLAGS=$flags O=$tmp/o xargs -P 2 -n 1 sh -c 'clang-14 $FLAGS -c -o "$O/$(echo "$1" | tr / -).o" "$1" || exit 255' _ || { echo "dfsan: does not build"; exit 1; }
clang-14 -fsanitize=dataflow -o "$tmp/screenlab" "$tmp"/o/*.o $(pkg-config --libs $packages) -lcsv -lm || { echo "dfsan: does not link"; exit 1; }
cd "$root"

under() { # name folder: 0 = nothing is counted
    runs=$((runs + 1))
    rm -rf "$tmp/l.db"* "$tmp/out" "$tmp/count"
    SCREENLAB_DFSAN=$tmp/count DFSAN_OPTIONS=strict_data_dependencies=0 "$tmp/screenlab" run --demo --unconfined -j 1 --reference reference --ledger "$tmp/l.db" --out "$tmp/out" --now 2026-11-23T08:30:00+08:00 "$2" >"$tmp/said" 2>&1
    rc=$?
    read -r compared written <"$tmp/count" || { compared=none written=none; }
    echo "dfsan: $1: exit $rc, $compared comparisons, $written outlets"
    [ "$rc" -lt 2 ] && [ "$compared" = 0 ] && [ "$written" = 0 ] && [ -d "$tmp/out" ]
}
clean() { under "$@" || { grep -a dfsan "$tmp/said" | sort | uniq -c | head; failed=$((failed + 1)); }; }
control() { # leak name folder
    SCREENLAB_LEAK=$1
    export SCREENLAB_LEAK
    under "$2" "$3" && { echo "dfsan: control $1 is NOT counted"; failed=$((failed + 1)); }
    unset SCREENLAB_LEAK
}

. tests/marked.sh

sh tests/demo/make.sh "$tmp/batch" a 1
clean "demonstration" "$tmp/batch"
for t in a b; do
    marked_chance "$cases" $t
    clean "$cases fetal cases, twin $t" "$tmp/batch"
done
control V "control: a marked byte is compared" "$tmp/batch"
control W "control: a marked byte is taken along" "$tmp/batch"
control E03 "leak in the reader of VCF" "$tmp/batch"
marked_bins
clean "plasma in bins" "$tmp/batch"
control A04 "leak in the reader of bins" "$tmp/batch"
marked_bam 20000
clean "plasma in a BAM" "$tmp/batch"
control A08 "leak in the reader of BAM" "$tmp/batch"
marked_messages
clean "HL7 and CSV" "$tmp/batch"
control D02 "leak in the reader of HL7" "$tmp/batch"
marked_traces 1
clean "ABIF of QF-PCR" "$tmp/batch"
control A13 "leak in the sealing of ABIF" "$tmp/batch"
echo "dfsan: $runs runs, $failed not as they must be"
[ "$failed" = 0 ]
