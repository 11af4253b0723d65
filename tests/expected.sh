#!/bin/sh
# tests/expected.sh OUT: does the demonstration answer what tests/demo/expected.tsv demands? OUT holds batch/findings.tsv and
# batch2/findings.tsv. Prints every mismatch; exit 1 when there is one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
awk -F'\t' '
    function fits(cell, want) { return want == "*" || cell == want || (want ~ /^HBA1\/HBA2$/ && index(cell, want) == 1) }
    function id(letter, text) { gsub(/[.C]/, "", text); return letter "2026" text }
    FILENAME ~ /findings.tsv$/ {
        if (/^#/) next
        if (!(FILENAME in head)) { head[FILENAME] = 1; part = FILENAME ~ /batch2/ ? 2 : 1; for (i = 1; i <= NF; i++) at[$i] = i; next }
        n++
        f_part[n] = part; f_case[n] = $at["case"]; f_sample[n] = $at["sample"]; f_code[n] = $at["code"]; f_item[n] = $at["item"]
        f_answer[n] = $at["answer"]; f_detail[n] = $at["detail"]; f_level[n] = $at["level"]
        next
    }
    /^#/ || NF == 0 { next }
    {
        wanted++
        none = $3 ~ /^!/
        code = none ? substr($3, 2) : $3
        found = 0; near = ""
        for (i = 1; i <= n; i++) {
            if (f_part[i] != $1 || f_code[i] != code) continue
            if ($2 ~ /^C/ ? f_case[i] != id("C", $2) || f_sample[i] != "" : f_sample[i] != id("S", $2)) continue
            if (!fits(f_item[i], $4)) continue
            if (fits(f_answer[i], $5) && fits(f_detail[i], $6) && ($7 == "*" || f_level[i] + 0 == $7 + 0)) found++
            else near = near "\n      has: " f_item[i] " | " f_answer[i] " | " f_detail[i] " | level " f_level[i]
        }
        if (none ? found > 0 : found == 0) { bad++; print "expected.tsv line " FNR ": " $0 (none ? "   (" found " rows)" : near) }
    }
    END { printf "expected: %d of %d answers are as medicine demands (%d findings read)\n", wanted - bad, wanted, n; exit bad > 0 || n == 0 }
' "$1/batch/findings.tsv" "$1/batch2/findings.tsv" "$here/demo/expected.tsv"
