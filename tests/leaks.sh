#!/bin/sh
# Leaks planted on purpose: tests/leaks.sh PROGRAM [NAME ...]. Each tests/leaks/*.sed changes one file of a copy of the tree so that a channel of
# the threat list opens; the copy is built, and tests/noninterference.sh must then fail. A leak that passes means that the
# proof is blind there. The numbers are those of the threat list in docs/validation.md.
#
# Most leaks are switches of one test build (tests/leaks/switches/*.sed, all applied at once): "# A01 plasma: WHAT" names the channel and the proof that must
# see it, and the environment opens one at a time. With none open the same build must pass all proofs.
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
sees() { # proof
    if [ "$1" = "" ]; then # thirty, and one alone: some columns are there for both twins as soon as there are two fetuses
        sh tests/noninterference.sh "$tmp/tree/build/$variant/screenlab" chance 30 1 && sh tests/noninterference.sh "$tmp/tree/build/$variant/screenlab" chance 1 1
    else sh "tests/$1" "$tmp/tree/build/$variant" 24; fi >"$tmp/said" 2>&1
}
shift
[ $# -gt 0 ] || set -- $(ls "$root/tests/leaks" | sed -n 's/\.sed$//p') switches

plasma() { READS=1000000 sh tests/noninterference_nipt.sh "$1" 2 0 any; }
variants() { sh tests/noninterference.sh "$1/screenlab" chance 12 5; } # a seed with more of one sex, else counts are equal
messages() { sh tests/noninterference_messages.sh "$1/screenlab" 4; }
care() { sh tests/noninterference_care.sh "$1/screenlab"; }
afterwards() { PAPERS=2 sh tests/noninterference_release.sh "$1/screenlab"; }
shared() { sh tests/strip.sh "$1/screenlab" "$1/tools/simulate_nipt" "$1/tools/simulate_abif"; }
panel() { sh tests/noninterference_panel.sh "$1" 31; }
plates() { sh tests/noninterference_qfpcr.sh "$1" 6; }

switches() {
    for plant in tests/leaks/switches/*.sed; do
        file=$(sed -n '1s/^# file: //p' "$plant")
        sed -f "$plant" "$file" >"$tmp/changed"
        cmp -s "$tmp/changed" "$file" && { echo "leaks: $plant no longer fits $file"; blind=$((blind + 1)); }
        cp "$tmp/changed" "$tmp/tree/$file"
    done
    if ! CFLAGS="-include tests/leaks/leak.h" make -s -C "$tmp/tree" V="$variant" "build/$variant/screenlab" >"$tmp/made" 2>&1; then
        echo "leaks: the switches do not compile"
        head -20 "$tmp/made"
        blind=$((blind + 1))
        return
    fi
    for proof in ${PROOFS-plasma variants messages care afterwards plates shared panel}; do
        n=$((n + 1))
        if "$proof" "$tmp/tree/build/$variant" >"$tmp/said" 2>&1; then echo "leaks: nothing open: $proof passes"
        else echo "leaks: nothing open, and $proof fails all the same"; cat "$tmp/said"; blind=$((blind + 1)); fi
        for name in $(sed -n "s/^# \([A-E][0-9][0-9]\) $proof: .*/\1/p" tests/leaks/switches/*.sed | sort); do
            n=$((n + 1))
            export SCREENLAB_LEAK="$name"
            if "$proof" "$tmp/tree/build/$variant" >"$tmp/said" 2>&1; then
                echo "leaks: $name is NOT seen by $proof"
                blind=$((blind + 1))
            elif grep -q 'differ\|told apart' "$tmp/said"; then echo "leaks: $name is seen by $proof"
            else
                echo "leaks: $name: $proof failed, but not because twins differ"
                tail -3 "$tmp/said"
                blind=$((blind + 1))
            fi
            unset SCREENLAB_LEAK
        done
    done
}
for name; do
    rm -rf "$tmp/tree"
    mkdir "$tmp/tree"
    cp -pr Makefile lab pipeline reports reference tests "$tmp/tree"
    mkdir -p "$tmp/tree/build"
    cp -pr "build/$variant" "$tmp/tree/build" # so that only the changed file is compiled
    [ "$name" != switches ] || { switches; continue; }
    plant=$root/tests/leaks/$name.sed
    file=$(sed -n '1s/^# file: //p' "$plant")
    n=$((n + 1))
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
    elif sees "$(sed -n '2s/^# proof: //p' "$plant")"; then
        echo "leaks: $name is NOT seen by the proof"
        blind=$((blind + 1))
    else
        echo "leaks: $name is seen"
    fi
done
echo "leaks: $((n - blind)) of $n planted leaks are seen"
[ $blind -eq 0 ]
