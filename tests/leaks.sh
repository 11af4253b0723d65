#!/bin/sh
# Leaks planted on purpose: tests/leaks.sh PROGRAM [NAME ...]. Each tests/leaks/*.sed changes one file of a copy of the tree so that a channel of
# the threat list opens; the copy is built, and tests/noninterference.sh must then fail. A leak that passes means that the
# proof is blind there. The numbers are those of the threat list in docs/validation.md.
#
# A plant: its first line is "# file: PATH", a second line "# proof: SCRIPT" names another proof, which gets the build folder; the rest is a sed script. One that changes nothing no longer fits the code: that is a failure too.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$root"
variant=$(basename "$(dirname "$1")")
blind=0 n=0
# The proof's own status: 0 = it saw nothing.
sees() {
    if [ "$1" = "" ]; then
        sh "$root/tests/noninterference.sh" "$tmp/tree/build/$variant/screenlab" >"$tmp/said" 2>&1
    else
        sh "$root/tests/$1" "$tmp/tree/build/$variant" 24 >"$tmp/said" 2>&1
    fi
}
shift
[ $# -gt 0 ] || set -- $(ls "$root/tests/leaks" | sed 's/\.sed$//')
for name; do
    plant=$root/tests/leaks/$name.sed
    file=$(sed -n '1s/^# file: //p' "$plant")
    proof=$(sed -n '2s/^# proof: //p' "$plant")
    n=$((n + 1))
    rm -rf "$tmp/tree"
    mkdir "$tmp/tree"
    cp -pr Makefile lab pipeline reports reference tests "$tmp/tree"
    mkdir -p "$tmp/tree/build"
    cp -pr "build/$variant" "$tmp/tree/build" # so that only the changed file is compiled
    sed -f "$plant" "$file" >"$tmp/changed"
    if cmp -s "$tmp/changed" "$file"; then
        echo "leaks: $name no longer fits $file"
        blind=$((blind + 1))
        continue
    fi
    cp "$tmp/changed" "$tmp/tree/$file"
    if ! make -s -C "$tmp/tree" V="$variant" "build/$variant/screenlab" >"$tmp/made" 2>&1; then
        echo "leaks: $name does not compile"
        tail -5 "$tmp/made"
        blind=$((blind + 1))
    elif sees "$proof"; then
        echo "leaks: $name is NOT seen by the proof"
        blind=$((blind + 1))
    else
        echo "leaks: $name is seen ($(grep -c 'twins .*differ' "$tmp/said") pairs of batches differ)"
    fi
done
echo "leaks: $((n - blind)) of $n planted leaks are seen"
[ $blind -eq 0 ]
