#!/bin/sh
# cervical_hl7.sh BUILD - real HL7 v2 messages through the program itself. Two cervical files (an analyser's and three laboratories') must give
# the results that a person reads in them; every other public sample must be read or refused with a clear Note, and no result may come
# out of it. The files are not ours to ship: $SHARED points at the folder that holds them. Says what it checked.
set -eu
build=${1:?usage: cervical_hl7.sh BUILD}
shared=${SHARED:-../shared}/data
cervical=$shared/cervical/hl7_samples
if [ ! -d "$cervical" ]; then
    echo "cervical_hl7: SKIPPED - no $cervical; nothing was checked"
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
now=2026-11-23T08:30:00+08:00
head='person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date'
columns='sample,run,well,specimen,file,sha256,code,value,unit,time'
sum() { sha256sum "$1" | cut -c 1-64; }

# ---- what a person reads in the files: sample, specimen, file, lines of findings.tsv that must be there ----
batch=$tmp/real
mkdir "$batch"
cp "$cervical"/*.hl7 "$batch"
cobas=cobas6800_OUL_R22_captured_template.hl7
cytology=cytology_ORU_R01_synthetic_samples.hl7
echo "$head" > "$batch/submission.csv"
echo 'case,owner,code,value,unit,time' > "$batch/facts.csv"
echo "$columns" > "$batch/results.csv"
n=0
for pair in "NPHL/26/0000058 $cobas" "PAP20260320001 $cytology" "CYT20260320001 $cytology" "OL200016 $cytology"; do
    n=$((n + 1))
    specimen=${pair% *}
    file=${pair#* }
    echo "P10000$n,C10000$n,S10000$n,1,,,230103,230103,woman,cervical_cells,cervical,2026-03-01,P10000$n,v1,2026-03-01" >> "$batch/submission.csv"
    echo "C10000$n,woman,birth_date,1980-01-0$n,," >> "$batch/facts.csv"
    echo "S10000$n,,,$specimen,$file,$(sum "$batch/$file"),,,," >> "$batch/results.csv"
done
"$build/screenlab" check --demo --lang en --now "$now" "$batch" > "$tmp/check" || { cat "$tmp/check"; exit 1; }
"$build/screenlab" run --demo --lang en --now "$now" --ledger "$tmp/l.db" --out "$tmp/out" "$batch" > "$tmp/log" 2>&1 || true
findings=$tmp/out/real/findings.tsv
[ -f "$findings" ] || { echo "cervical_hl7: no findings"; cat "$tmp/log"; exit 1; }
wanted() { # sample, words of one line
    grep "$1" "$findings" | grep -q "$2" || { echo "cervical_hl7: $1 lacks: $2"; grep "$1" "$findings"; exit 1; }
}
wanted S100001 'hrHPV-12	positive'
wanted S100002 'nilm'
wanted S100003 hsil
wanted S100004 nilm
echo "cervical_hl7: 4 specimens of 2 real files judged as a person reads them (other hr-HPV; NILM; HSIL; NILM)"

# ---- every other public sample: none is ours, so none may give a result ----
others=$tmp/others
mkdir "$others"
cp "$shared"/hl7/v2-samples/*.hl7 "$others"
echo "$head" > "$others/submission.csv"
echo "P100009,C100009,S100009,1,,,230103,230103,woman,cervical_cells,cervical,2026-03-01,P100009,v1,2026-03-01" >> "$others/submission.csv"
echo "$columns" > "$others/results.csv"
for file in "$others"/*.hl7; do
    echo "*,,,,$(basename "$file"),$(sum "$file"),,,," >> "$others/results.csv"
done
"$build/screenlab" check --demo --lang en --now "$now" "$others" > "$tmp/check" && { echo "cervical_hl7: foreign messages were accepted"; exit 1; }
grep -q '^results.csv: 0 accepted' "$tmp/check" || { echo "cervical_hl7: a foreign message gave a result"; cat "$tmp/check"; exit 1; }
row=1
for file in "$others"/*.hl7; do
    row=$((row + 1))
    note=$(grep -m 1 "  - row $row[ :]" "$tmp/check") || { echo "cervical_hl7: silence about $(basename "$file")"; exit 1; }
    printf 'cervical_hl7: %-45s %.70s...\n' "$(basename "$file")" "${note#*: }"
done
echo "cervical_hl7: $((row - 1)) other public samples told one by one, no result taken"
