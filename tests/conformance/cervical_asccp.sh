#!/bin/sh
# cervical_asccp.sh BUILD - ASCCP 2019 as we have it beside what is published.
# 1. The NCI risk tables row by row: for each of the 184 rows a woman is made up whose history the row describes; our engine must pick that
#    row, with its action, its risks to 2 decimals, and its number of women.
# 2. The published test cases of the CDC and MITRE engine: how many of those that state a recommendation agree, each source file weighing the
#    same; surveillance intervals also by their due date. Every disagreement is listed with its reason, one without a known reason says so.
# Neither is ours to ship: $SHARED points at the folder that holds them. Says what it checked.
set -eu
build=${1:?usage: cervical_asccp.sh BUILD}
data=${SHARED:-../shared}/data/cervical
if [ ! -f "$data/asccp_risk.tsv" ] || [ ! -f "$data/ccsm_cases_open.tsv" ]; then
    echo "cervical_asccp: SKIPPED - no $data/asccp_risk.tsv or ccsm_cases_open.tsv; nothing was checked"
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A woman for each row, 26 years old so that "never screened" does not speak first. Years are counted back from the newest test, 2021-05-01.
LC_ALL=C awk -F '\t' -v OFS='\t' '
function cytology(p) { return p == "High Grade" ? "ASC-H" : p == "HSIL+" ? "HSIL" : p == "ASC-US/LSIL" || p == "ASCUS/LSIL" ? "LSIL" : p }
function result(h) { sub(/^ /, "", h); return h ~ /^HPV16-/ ? "HPV16-,HPV18+" : h == "HPV16+" ? h : h ~ /^HPV-positive/ ? "HPV+" : "HPV-" }
function join(a, b) { return a == "" ? b : a " ; " b }
function test(year, h, p) {
    hpv = join(hpv, year "-05-01=" result(h))
    if (p != "ALL" && p != "") cyt = join(cyt, year "-05-01=" cytology(p))
}
# "HPV-positive/NILM", "Cotest-negative x2", "HPV-negative": tests of earlier years, newest first.
function past(text, year,    n, part) {
    sub(/^ /, "", text)
    n = text ~ / x3$/ ? 3 : text ~ / x2$/ ? 2 : 1
    sub(/ x[23]$/, "", text)
    for (; n > 0; n--) {
        if (text ~ /^Cotest/) test(year, "HPV-negative", "NILM")
        else if (split(text, part, "/") > 1) test(year, part[1], substr(text, length(part[1]) + 2))
        else test(year, text, "ALL")
        year--
    }
    return year
}
NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i
          print "case_id", "suite", "source_file", "eval_datetime", "birth_date", "hpv_history", "cytology_history", "histology_history",
                "procedures", "conditions", "medications", "other_inputs", "events", "exp_short", "exp_due_date", "exp_rule_id"; next }
{
    hpv = cyt = his = proc = ""; year = 2020; t = $c["table"]; p = $c["current_cytology"]; h = $c["current_hpv"]
    if (t == 3) {
        ref = $c["referral_screen"]
        if (ref ~ / x2$/) { test(2021, "HPV-positive", "NILM"); test(2020, "HPV-positive", "NILM") }
        else if (ref ~ /^HPV-positive /) test(2021, "HPV-positive", substr(ref, 14))
        else if (ref != "-") cyt = "2021-05-01=" cytology(ref)
        b = $c["biopsy"]
        his = "2021-05-14=" (b == "Cancer" ? "CANCER" : b)
    } else if (t == 5 && h ~ / x[23]$/) past(h, 2021)
    else {
        test(2021, h, p)
        if (t == 4 && $c["past_history"] ~ /ASCUS\/LSIL|ASC-US\/LSIL/) { test(2020, "HPV-negative", "LSIL"); year = 2019 }
        else if ($c["past_history"] != "" && $c["past_history"] != "NO HISTORY") year = past($c["past_history"], 2020)
        if ($c["past_history_prev2"] != "") year = past($c["past_history_prev2"], year)
    }
    if (t == 4) { cyt = join(cyt, (year - 1) "-05-01=" ($c["pre_colpo"] ~ /^Low/ ? "LSIL" : "ASC-H")); his = (year - 1) "-05-14=<CIN1" }
    if (t == 5) { his = "2017-05-14=CIN2"; proc = "2017-06-01 120038005 Cervix excision (procedure)" }
    m = $c["recommended_management"]
    short = m == "Colposcopy/Treatment" ? "Colposcopy or Treatment" : m ~ /follow-up/ ? "Surveillance " m : m == "" ? "(no management)" : m
    print $c["row"], "ManagementTable" t, "risk", "2021-06-02", "1995-01-01", hpv, cyt, his, proc, "", "", "", "", short, "", ""
}' "$data/asccp_risk.tsv" > "$tmp/rows"
"$build/tools/cervical_cases" reference asccp2019 < "$tmp/rows" > "$tmp/risk"
LC_ALL=C awk -F '\t' '
function near(ours, theirs) {
    if (theirs ~ /^NA|^$/) return ours == ""
    sub(/\(.*/, "", theirs)
    return ours != "" && (ours - theirs) < 0.0051 && (theirs - ours) < 0.0051
}
NR == FNR { if (FNR == 1) { for (i = 1; i <= NF; i++) c[$i] = i; next }
            now[$c["row"]] = $c["cin3_immediate_pct"]; five[$c["row"]] = $c["cin3_5yr_pct"]; n[$c["row"]] = $c["n"]; table[$c["row"]] = $c["table"]; next }
{
    rows++
    if ($3 == "(no management)") { blank++; if ($9 != "") { print "cervical_asccp: row " $1 ": the tables give no management, ours used it: " $9; bad++ }; next }
    ok = $3 == $4 && substr($9, 1, 2) == "T" table[$1] && near($10, now[$1]) && near($11, five[$1]) && (n[$1] == $12 || (n[$1] - $12) ^ 2 < 1e-6)
    if (ok) good++; else { print "cervical_asccp: row " $1 ": " $3 " " now[$1] " " five[$1] " n " n[$1] "; ours " $4 " " $9 " " $10 " " $11 " n " $12; bad++ }
}
END { print "cervical_asccp: " rows + 0 " rows of the risk tables, " good + 0 " reproduced with action, risks and n, " blank + 0 " have no management and are not used, " bad + 0 " differ"
      exit rows != 184 || bad > 0 }' "$data/asccp_risk.tsv" "$tmp/risk"

"$build/tools/cervical_cases" reference asccp2019 < "$data/ccsm_cases_open.tsv" > "$tmp/cases"
LC_ALL=C awk -F '\t' '
function reason() {
    if ($3 ~ /3-year/ && $9 ~ /^T1/ && $4 == "Colposcopy") return "they read the row of all cytologies for a high-grade one; their rare-result library stops it, ours never uses it"
    return "NOT KNOWN"
}
{
    cases++; total[$2]++
    dated = $3 ~ /^Surveillance .*follow-up$/
    if ($3 == $4 && (!dated || $5 == $6)) { agree[$2]++; same++ }
    else print "  differs: " $1 ": theirs " $3 " " $5 " (" $7 "), ours " $4 " " $6 " (" $8 "): " reason()
    if (dated) { due++; met += $5 == $6 }
    rules += $7 == $8
}
END {
    for (f in total) { files++; sum += agree[f] / total[f] }
    printf "cervical_asccp: %d cases state a recommendation, %d agree; weighted by their %d source files %.2f %%\n", cases, same, files, 100 * sum / files
    printf "cervical_asccp: due dates of surveillance intervals: %d of %d; rule numbers equal: %d\n", met, due, rules
    exit cases == 0 || sum / files < 0.98
}' "$tmp/cases"
