#!/bin/sh
# serum.sh DIR [CASES] [DRAWS] [LEDGERED] - what serum screening costs: one million cases judged beside one likelihood ratio each; whole cases from CSV to
# ledger beside cervical ones; and the simulation of the tests with 10^7 draws on one thread and on two, which must print the same bytes.
# Reported, not gated.
set -eu
dir=$1 cases=${2-1000000} draws=${3-10000000} ledgered=${4-20000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
"$dir/tools/bench_serum" "$here/../../reference" "$cases"

# N women with a quadruple test, with the controls of their runs; N women with one HPV result.
generate() { # N
    mkdir -p "$work/serum" "$work/cervical"
    awk -v n="$1" -v dir="$work" 'BEGIN {
        head = "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date"
        s = dir "/serum/submission.csv"; f = dir "/serum/facts.csv"; r = dir "/serum/results.csv"; k = dir "/serum/controls.csv"
        s2 = dir "/cervical/submission.csv"; f2 = dir "/cervical/facts.csv"; r2 = dir "/cervical/results.csv"
        print head > s; print head > s2
        print "case,owner,code,value,unit,time" > f; print "case,owner,code,value,unit,time" > f2
        print "sample,run,well,specimen,file,sha256,code,value,unit,time" > r; print "sample,run,well,specimen,file,sha256,code,value,unit,time" > r2
        print "run,analyte,material,lot,value,unit,time,instrument" > k
        split("serum.afp serum.ue3 serum.hcg serum.inha", marker, " "); split("28 3.2 15 120", low, " "); split("95 11 48 420", high, " ")
        split("U/mL nmol/L U/mL pg/mL", unit, " ")
        for (i = 0; i < n; i++) {
            id = sprintf("%09d", i); run = "Q" int(i / 96)
            tail = ",P" id ",ZQ-2026-1,2026-11-09"
            print "P" id ",C" id ",S" id ",1,,,230103001,230103001,woman,serum,serum,2026-11-09T08:30" tail > s
            print "P" id ",C" id ",S" id ",1,,,230103001,230103001,woman,cervical_cells,cervical,2026-11-09T08:30" tail > s2
            print "C" id ",woman,birth_date,1995-04-18,,\nC" id ",woman,serum_test,quadruple,,\nC" id ",woman,plurality,1,1,2026-11-09T08:30" > f
            print "C" id ",woman,weight_kg,58,kg,2026-11-09T08:30\nC" id ",woman,gestation_days,112,d,2026-11-09T08:30\nC" id ",woman,gestation_method,crl,,2026-11-09T08:30" > f
            print "C" id ",woman,birth_date,1980-04-18,," > f2
            for (m = 1; m <= 4; m++) print "S" id "," run ",,,,," marker[m] "_mom," 0.5 + ((i * 31 + m * 17) % 150) / 100 ",{MoM},2026-11-12T16:00" > r
            print "S" id "," run ",,,,,hpv.pooled,negative,,2026-11-12T16:00" > r2
            for (m = 1; i % 96 == 0 && m <= 4; m++) {
                print run "," marker[m] ",LOW,A1," low[m] "," unit[m] ",2026-11-12T" sprintf("%02d:%02d", int(i / 96 / 60) % 24, int(i / 96) % 60) ",IA-1" > k
                print run "," marker[m] ",HIGH,A1," high[m] "," unit[m] ",2026-11-12T" sprintf("%02d:%02d", int(i / 96 / 60) % 24, int(i / 96) % 60) ",IA-1" > k
            }
        }
    }'
}

ledger() { # serum|cervical
    "$dir/tools/timed" "$dir/screenlab" run --demo --reference "$here/../../reference" --ledger "$work/$1.db" --out "$work/out" \
        --no-documents --now 2026-11-23T08:30:00+08:00 "$work/$1" 2>"$work/$1.said" || cat "$work/$1.said" >&2
}
generate "$ledgered"
echo "$ledgered $(ledger serum) $(ledger cervical)" | awk '{
    printf "from CSV to ledger, %d cases: serum (6 facts, 4 results, controls) %.0f microseconds of processor a case, cervical (1 fact, 1 result) %.0f; ratio %.2f,\n",
        $1, 1e6 * $3 / $1, 1e6 * $6 / $1, $3 / $6
    printf "  by row of input (11 against 3) %.2f\n", $3 / 11 / ($6 / 3) }'
each=$((draws / 22)) # eleven tests, two classes
for j in 1 2; do
    from=$(date +%s%N)
    "$dir/tools/validate_serum" "$here/../../reference" "$each" $j >"$work/$j"
    echo "simulation of $draws draws, $j thread(s): $((($(date +%s%N) - from) / 1000000)) ms of wall clock"
done
cmp "$work/1" "$work/2" && echo "the same figures on one thread and on two"
