#!/bin/sh
# run.sh PROGRAM FOLDER - the main job on the embedded example batch: what a technician would type, in order.
# The time is fixed, so that everybody's demonstration gives the same bytes.
set -eu
program=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder"

# Exit 1 is the right answer here: the batch holds bad rows and uninterpretable samples on purpose.
run() {
    printf '\n$ screenlab run --demo --now %s %s\n' "$1" "$2"
    status=0
    "$program" run --demo --reference reference --ledger "$folder/ledger.db" --out "$folder/out" --now "$1" "$2" || status=$?
    [ "$status" -le 1 ] || { echo "the demonstration stopped with exit code $status" >&2; exit "$status"; }
}

run 2026-11-23T08:30:00+08:00 tests/demo/batch
run 2026-11-30T08:30:00+08:00 tests/demo/batch2
run 2026-11-30T08:30:00+08:00 tests/demo/nipt
run 2026-11-30T08:30:00+08:00 tests/demo/qfpcr
run 2026-11-23T08:30:00+08:00 tests/demo/serum
run 2026-11-23T08:30:00+08:00 tests/demo/newborn
run 2026-11-23T08:30:00+08:00 tests/demo/cervical
run 2026-11-30T08:30:00+08:00 tests/demo/serum2
run 2026-11-30T08:30:00+08:00 tests/demo/newborn2
run 2026-11-30T08:30:00+08:00 tests/demo/dosage
printf '\n$ screenlab qc-action\n'
"$program" qc-action --demo --reference reference --ledger "$folder/ledger.db" --out "$folder/out" --now 2026-11-30T08:30:00+08:00 --as tests/demo/keys/d01.key \
    --reason pipetting --outcome run_repeated serum.afp IA-1113
printf '\n$ screenlab qc\n'
"$program" qc --demo --reference reference --ledger "$folder/ledger.db" --out "$folder/out" --now 2026-11-30T08:30:00+08:00 || [ $? -eq 1 ]
sh tests/demo/care.sh "$program" "$folder"
printf '\n$ screenlab verify\n'
"$program" verify --demo --reference reference --ledger "$folder/ledger.db" --out "$folder/out"

cat <<EOF

The results lie in $folder/out:
  batch/summary.html     the technician's page: what failed and why, at a glance       (open it in a browser)
  batch/findings.tsv     one row per finding, for other programs
  batch/receipts/        what each submitting centre gets back: accepted, rejected and why
  batch/referrals/       referrals to the three levels, as CDA R2 XML and as HTML pages
  batch/results/         one result report per case
  batch2/                results that came a week later, a correction, a withdrawal
  nipt/                  prenatal testing of cell-free DNA: trisomies, a lost segment, tests that did not succeed
  cervical/              cervical screening judged by four other guidelines, each chosen by its centre
  qfpcr/                 rapid aneuploidy test from files of a DNA analyser: trisomies, triploidy, maternal cells, a failed ladder
  serum/ newborn/        maternal serum and newborn screening, with the controls of their runs; serum2/ newborn2/ a week later
  dosage/                MLPA of alpha-globin and SMN1 with their couples, FMR1 repeats, Sanger confirmations; runs that failed
  qc/qc.html             quality control: rejected runs, Levey-Jennings charts, medians and rates of the months
  outbox/ inbox/         what went to each centre and what it sent back: six women from the document to the closing of their referral
  worklist/worklist.html what waits, and where every document is; indicators/indicators.html: the figures of the network
  $folder/ledger.db      the ledger; try:  $program show --demo --ledger $folder/ledger.db C2026201
EOF
