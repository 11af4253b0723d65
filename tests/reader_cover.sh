#!/bin/sh
# reader_cover.sh COVDIR [LEAST] - how much of each reader the corpora of tests/fuzz/corpus reach, in lines: COVDIR is build/cov, with the replays.
# A reader below LEAST per cent (90) fails.
set -eu
export LC_ALL=C
dir=$1 least=${2-90}
failed=0
row() { # FUZZER[,FUZZER] FILE...
    name=$1
    shift
    find "$dir" -name '*.gcda' -delete
    inputs=0
    for x in $(echo "$name" | tr , ' '); do
        "$dir/fuzz/replay_$x" "tests/fuzz/corpus/$x" >/dev/null
        inputs=$((inputs + $(ls "tests/fuzz/corpus/$x" | wc -l)))
    done
    filters=
    for f; do filters="$filters --filter $f"; done
    # shellcheck disable=SC2086
    gcovr --root . $filters --object-directory "$dir" --json-summary 2>/dev/null >"$dir/summary.json"
    percent=$(sed -n 's/.*"line_percent": *\([0-9.]*\).*/\1/p' "$dir/summary.json" | tail -1)
    lines=$(sed -n 's/.*"line_total": *\([0-9]*\).*/\1/p' "$dir/summary.json" | tail -1)
    verdict=ok
    [ "$(awk -v a="$percent" -v b="$least" 'BEGIN { print (a >= b) }')" = 1 ] || { verdict="below $least"; failed=1; }
    printf '%-12s %4d inputs  %5d lines  %5.1f %%  %s\n' "$name" "$inputs" "$lines" "$percent" "$verdict"
}
row abif pipeline/readers/abif
row bam pipeline/readers/bam.c
row bins pipeline/readers/bins.c
row csv pipeline/readers/csv.c pipeline/readers/desk.c pipeline/csv_table.c pipeline/intake_table.c pipeline/intake_submission.c pipeline/intake_facts.c pipeline/intake_results.c
row evidence lab/evidence.c lab/trace.c lab/bins.c
row hl7 pipeline/readers/hl7
row table lab/table.c lab/decide pipeline/release.c lab/reference.c
row vcf pipeline/readers/vcf
row xml,returns pipeline/xml.c
[ "$failed" -eq 0 ]
