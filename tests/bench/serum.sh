#!/bin/sh
# serum.sh DIR [CASES] [DRAWS] - what serum screening costs: one million cases judged beside one likelihood ratio each, and the simulation of the
# tests with 10^7 draws on one thread and on two, which must print the same bytes. Reported, not gated.
set -eu
dir=$1 cases=${2-1000000} draws=${3-10000000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
"$dir/tools/bench_serum" "$here/../../reference" "$cases"
each=$((draws / 22)) # eleven tests, two classes
for j in 1 2; do
    from=$(date +%s%N)
    "$dir/tools/validate_serum" "$here/../../reference" "$each" $j >"$work/$j"
    echo "simulation of $draws draws, $j thread(s): $((($(date +%s%N) - from) / 1000000)) ms of wall clock"
done
cmp "$work/1" "$work/2" && echo "the same figures on one thread and on two"
