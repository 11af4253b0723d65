#!/bin/sh
# cover.sh COVDIR LINES BRANCHES - what the tests reached, after `make V=cov all-of-check`: file by file where lines are missing, then the sums. lab/ and
# reports/ must each reach so many per cent of lines and branches. Branches are gcc's, both sides of each, without those of foreign inline code.
set -eu
export LC_ALL=C
dir=$1 least_lines=$2 least_branches=$3
failed=0
gcovr --root . --filter lab/ --filter reports/ --filter pipeline/ --object-directory "$dir" | awk '/%/ && $4 != "100%"'
for part in lab/ reports/ pipeline/; do
    gcovr --root . --filter "$part" --object-directory "$dir" --json-summary >"$dir/summary.json"
    value() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" "$dir/summary.json" | tail -1; }
    lines=$(value line_percent) branches=$(value branch_percent)
    verdict=
    if [ "$part" != pipeline/ ] && [ "$(awk -v a="$lines" -v b="$least_lines" -v c="$branches" -v d="$least_branches" 'BEGIN { print (a < b || c < d) }')" = 1 ]; then
        verdict="below $least_lines and $least_branches" failed=1
    fi
    printf 'cover: %-10s %5.1f %% of %d lines, %5.1f %% of %d branches  %s\n' "$part" "$lines" "$(value line_total)" "$branches" "$(value branch_total)" "$verdict"
done
[ "$failed" -eq 0 ]
