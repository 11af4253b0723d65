#!/bin/sh
# vcf.sh [BUILD-DIR] - the VCF reader against bcftools and against the floor, on one thread, in one run.
# Peers and ours take turns, ROUNDS times; the best of each counts. Fails only when something does not run, never
# because it is slow: the figures are for people. RECORDS and ROUNDS make it smaller.
set -eu
dir=$(cd "${1:-build/release}" && pwd)
tools=$dir/tools
records=${RECORDS:-5000000}
rounds=${ROUNDS:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/screenlab-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# best NAME COMMAND ...: keeps the shortest time and the largest memory of NAME
best() {
    name=$1
    shift
    "$tools/timed" "$@" >> "$work/$name"
}
wall() { sort -n "$work/$1" | head -n 1 | cut -d ' ' -f 1; }
cpu() { sort -n -k 2 "$work/$1" | head -n 1 | cut -d ' ' -f 2; }
memory() { sort -n -k 3 "$work/$1" | tail -n 1 | cut -d ' ' -f 3; }
row() {
    awk -v n="$2" -v s="$(wall "$1")" -v c="$(cpu "$1")" -v m="$(memory "$1")" -v ours="$(wall ours)" -v our_cpu="$(cpu ours)" \
        'BEGIN { printf "  %-42s %7.2f s %5.2f x %9.2f s %5.2f x %7.1f MB\n", n, s, s / ours, c, c / our_cpu, m / 1024 }'
}

compare() {
    kind=$1
    n=$2
    rm -f "$work"/*
    "$tools/make_vcf" "$kind" "$n" 100000 7 "$work"
    for file in sample panel; do
        bgzip -f "$work/$file.vcf"
        tabix -f -p vcf "$work/$file.vcf.gz"
    done
    sample=$work/sample.vcf.gz
    panel=$work/panel.vcf.gz
    round=0
    while [ "$round" -lt "$rounds" ]; do
        best inflate bgzip -dc "$sample"
        best floor "$tools/vcf_lines" "$sample"
        best ours "$tools/vcf_calls" -q -b 38 "$work/panel.tsv" "$sample"
        best isec bcftools isec -c none -n =2 -w 1 -Ou -o /dev/null "$sample" "$panel"
        best annotate bcftools annotate -a "$panel" -c ID -Ou -o /dev/null "$sample"
        round=$((round + 1))
    done
    sites=$(wc -l < "$work/panel.tsv")
    printf '%s: %s records, %s sites, one thread, best of %s\n' "$kind" "$n" "$sites" "$rounds"
    printf '  %-42s %9s %7s %11s %7s %10s\n' "" wall "of ours" processor "of ours" memory
    row ours "ours (panel read and indexed, VCF.gz read)"
    row inflate "bgzip -dc (inflating only)"
    row floor "hts_getline loop, POS and REF only"
    row isec "bcftools isec -c none"
    row annotate "bcftools annotate"
    "$tools/vcf_calls" -q -b 38 "$work/panel.tsv" "$sample" |
        awk '{ printf "  reader alone %s s; %.1f MB resident, %.1f MB beyond the panel; %s calls\n", $4, $6 / 1024, $8 / 1024, $2 }'
}

bcftools --version | head -n 1
compare lean "$records"
compare heavy $((records / 5))
