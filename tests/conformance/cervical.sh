#!/bin/sh
# cervical.sh BUILD - our engine under the national plan beside the published test cases of a US engine (ASCCP 2019).
# The two guidelines differ on purpose, so equal answers are not asked for. Asked for is safety: a woman whom the US rules send to
# colposcopy or treatment on her newest results must never get a routine interval from ours.
# The cases are not ours to ship: $SHARED points at the folder that holds them. Says what it checked.
set -eu
build=${1:?usage: cervical.sh BUILD}
cases=${SHARED:-../shared}/data/cervical/ccsm_cases_open.tsv
if [ ! -f "$cases" ]; then
    echo "cervical: SKIPPED - no $cases; nothing was checked"
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Every woman is made 45 on the day of her newest result, so that age does not decide; conditions and treatments are left out.
LC_ALL=C awk -F '\t' -v OFS='\t' '
function value(kind, v) {
    if (kind == "hpv") {
        if (v == "HPV-") return "hpv.pooled=negative"
        if (v == "HPV+") return "hpv.pooled=positive"
        if (v == "HPV16+") return "hpv.16=positive"
        if (v == "HPV16-,HPV18+") return "hpv.18=positive"
        return ""
    }
    if (kind == "cyt") {
        if (v == "NILM" || v == "TZ_ABSENT+NILM") return "cytology=nilm"
        if (v == "ASC-US") return "cytology=asc_us"
        if (v == "ASC-H") return "cytology=asc_h"
        if (v == "LSIL" || v == "HSIL" || v == "AGC" || v == "AIS" || v == "SCC") return "cytology=" tolower(v)
        if (v == "AGC-FN" || v == "ENDOCERVICAL_FAVOUR_NEOPLASTIC") return "cytology=agc_fn"
        if (v ~ /^AGC\+/) return "cytology=agc"
        if (v ~ /^AIS\+/ || v == "ENDOCERVICAL_AIS") return "cytology=ais"
        if (v == "UNSAT") return "cytology=unsatisfactory"
        if (v == "NO_RESULT" || v == "TZ_ABSENT") return ""
        return "cytology=unmatched"
    }
    if (v == "<CIN1") return "histology=normal"
    if (v == "CIN1" || v == "CIN2" || v == "CIN3" || v == "AIS") return "histology=" tolower(v)
    if (v == "HSIL_UNSPECIFIED") return "histology=hsil"
    if (v == "INSUFFICIENT") return "histology=insufficient"
    if (v ~ /^CANCER/) return "histology=cancer"
    return ""
}
function events(kind, text,    list, n, i, at, date, v) {
    n = split(text, list, " ; ")
    for (i = 1; i <= n; i++) {
        at = index(list[i], "=")
        if (at == 0) continue
        date = substr(list[i], 1, at - 1)
        sub(/.*\//, "", date)
        date = substr(date, 1, 10)
        if (length(date) != 10) continue # an event without a date cannot be placed
        v = value(kind, substr(list[i], at + 1))
        if (v == "") continue
        if (date > newest) newest = date
        line = line OFS date " " v
    }
}
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{
    line = newest = ""
    events("hpv", $column["hpv_history"])
    events("cyt", $column["cytology_history"])
    events("his", $column["histology_history"])
    if (newest == "") next
    print $column["case_id"], (substr(newest, 1, 4) - 45) "-01-01" line > women
    print $column["case_id"], $column["exp_short"] > expected
}' women="$tmp/women" expected="$tmp/expected" "$cases"

"$build/tools/cervical_rounds" reference < "$tmp/women" > "$tmp/ours"
echo "cervical: $(wc -l < "$tmp/ours") of $(($(wc -l < "$cases") - 1)) published cases hold a result and were judged; their answer, ours, cases:"
LC_ALL=C awk -F '\t' '
NR == FNR { expected[$1] = $2; next }
{
    e = expected[$1] == "" ? "(none)" : expected[$1]
    seen[e "\t" $2 "\t" $3]++
    if (e ~ /Colposcopy|Treatment|Excision|Cancer|Sampling|Hysterectomy/ && e !~ /Surveillance/) {
        strict++
        if ($3 == "negative") { print "cervical: routine instead of " e ": " $1; bad++ }
    }
    if (e ~ /^Surveillance 1-year/ && $2 ~ /^routine/) longer++
}
END {
    for (k in seen) print "  " seen[k] "\t" k | "sort -t\"\t\" -k2,2 -k1,1nr"
    close("sort -t\"\t\" -k2,2 -k1,1nr")
    print "cervical: " strict " cases ask for colposcopy or treatment; " bad + 0 " of them got a routine interval from us"
    print "cervical: " longer + 0 " cases ask for 1 year where the national plan starts its chart again with a longer interval"
    exit bad > 0 || strict == 0
}' "$tmp/expected" "$tmp/ours"
