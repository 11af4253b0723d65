#!/bin/sh
# Golden cases through the real program: tests/golden.sh PROGRAM [--redo] [NAME ...]
#
# tests/cases/NAME/cmd is a shell script; it runs in an empty folder with PROGRAM as $screenlab, the repository as $root and a
# fixed time as $now. What it prints, its exit status and what it puts into the folder keep/ must equal
# tests/cases/NAME/expected byte for byte. --redo writes the expected files anew: look at the diff before you commit it.
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) screenlab=$1 ;; *) screenlab=$PWD/$1 ;; esac
shift
redo=no
[ "${1-}" = --redo ] && { redo=yes; shift; }
now=2026-11-23T08:30:00+08:00 later=2026-11-30T08:30:00+08:00
export root screenlab now later
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0 n=0

[ $# -gt 0 ] || set -- $(ls "$root/tests/cases")
for name; do
    n=$((n + 1))
    dir=$root/tests/cases/$name
    rm -rf "$tmp/run"
    mkdir -p "$tmp/run/keep"
    rc=0
    (cd "$tmp/run" && sh "$dir/cmd") >"$tmp/run/keep/stdout" 2>"$tmp/run/keep/stderr" || rc=$?
    echo $rc >"$tmp/run/keep/exit"
    find "$tmp/run/keep" -type f -size 0 -exec rm {} +
    if [ $redo = yes ]; then
        rm -rf "$dir/expected"
        cp -r "$tmp/run/keep" "$dir/expected"
    elif ! diff -r "$dir/expected" "$tmp/run/keep" >"$tmp/diff" 2>&1; then
        echo "golden: $name differs"
        head -40 "$tmp/diff"
        failed=$((failed + 1))
    fi
done
[ $redo = yes ] && { echo "golden: $n cases written anew"; exit 0; }
echo "golden: $((n - failed)) of $n cases agree$([ $n -gt 1 ] || echo ": $*")"
[ $failed -eq 0 ]
