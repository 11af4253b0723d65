#!/bin/sh
# abif.sh [BUILD-DIR] - a plate of 96 wells (94 pregnancies, control DNA, blank; simulated, 4,200 scans of 5 dyes as an analyser of the 3730
# kind writes them) on one core: read, sized, judged and ledgered by the whole program from its start to its end, the same without
# confinement, and only read and sized by the reader; against R's seqinr reading and sizing the same files in the same run. Everything is
# bound to one core, so that a decoder's work counts in full. ROUNDS makes it shorter. Real 3730 files, when they are there
# ($SHARED), go through the reader alone: seqinr does not find their ladders. It fails when something does not run.
set -eu
export LC_ALL=C
dir=$(cd "${1:-build/release}" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
tools=$dir/tools
rounds=${ROUNDS:-3}
work=$(mktemp -d "${TMPDIR:-/tmp}/screenlab-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
plate=$work/plate
mkdir "$plate"
sum() { sha256sum "$1" | cut -c 1-64; }
simulate() { "$tools/simulate_abif" "$root/reference" example-qfpcr "$@"; }
echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$plate/submission.csv"
echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$plate/results.csv"
echo run,well,role,kit,material,file,sha256 >"$plate/plate.csv"
i=1
while [ "$i" -le 94 ]; do
    n=$((40000 + i))
    simulate qf "$plate/S2026$n.fsa" "$n" trisomy=$((i % 10 == 0 ? 21 : 0)) sex=xx
    echo "P2026$n,C2026$n,S2026$n,1,,,230103001,230103001,fetus_a,amniotic_fluid,qfpcr,2026-11-12T08:30,P2026$n,ZQ-2026-1,2026-11-10," >>"$plate/submission.csv"
    echo "S2026$n,QF,W$i,,S2026$n.fsa,$(sum "$plate/S2026$n.fsa"),,,," >>"$plate/results.csv"
    i=$((i + 1))
done
simulate control "$plate/control.fsa" 1
simulate blank "$plate/blank.fsa" 2
printf 'QF,,sample,example-qfpcr,,,\nQF,C1,control,example-qfpcr,DEMO-DNA,control.fsa,%s\nQF,C2,blank,example-qfpcr,,blank.fsa,%s\n' \
    "$(sum "$plate/control.fsa")" "$(sum "$plate/blank.fsa")" >>"$plate/plate.csv"

cat >"$work/size.R" <<'EOF'
suppressPackageStartupMessages(library(seqinr))
std <- c(50, 75, 100, 139, 150, 160, 200, 300, 340, 350, 400, 450, 490, 500)
n <- 0
for (f in commandArgs(trailingOnly = TRUE)) {
    a <- read.abif(f)
    r <- peakabif(a, 5, npeak = length(std), tmin = 0.5, thres = 0.4, fig = FALSE)
    to <- splinefun(r$maxis, std)
    for (d in 1:4) {
        p <- suppressWarnings(peakabif(a, d, npeak = 40, tmin = 0.5, thres = 0.3, fig = FALSE))
        n <- n + sum(is.finite(to(p$maxis)))
    }
}
cat("seqinr: peaks", n, "\n")
EOF
cat >"$work/run.sh" <<EOF
rm -rf "$work/out"
mkdir "$work/out"
"$dir/screenlab" run "\$@" --demo --reference "$root/reference" --ledger "$work/out/l.db" --out "$work/out" -j 1 --no-documents --now 2026-11-23T08:30:00+08:00 "$plate" >"$work/log" 2>&1 || [ \$? = 1 ]
EOF
core=$(taskset -pc $$ | sed 's/.*: *//; s/[,-].*//')
best() {
    name=$1
    shift
    taskset -c "$core" "$tools/timed" "$@" >>"$work/$name"
}
wall() { sort -n "$work/$1" | head -n 1 | cut -d ' ' -f 1; }
round=0
while [ "$round" -lt "$rounds" ]; do
    best judged sh "$work/run.sh"
    best free sh "$work/run.sh" --unconfined
    best sized "$tools/plate_abif" "$root/reference" example-qfpcr --fetal "$plate"/*.fsa >/dev/null
    best seqinr Rscript "$work/size.R" "$plate"/*.fsa >/dev/null
    round=$((round + 1))
done
row() {
    awk -v n="$2" -v s="$(wall "$1")" -v r="$(wall seqinr)" 'BEGIN { printf "  %-62s %7.2f s %7.1f x\n", n, s, r / s }'
}
printf 'A plate of 96 files, one core, wall, best of %s\n' "$rounds"
row judged "screenlab: read, sized, judged, in the ledger"
row free "the same, decoders not confined"
row sized "screenlab's reader: read and sized"
row seqinr "R seqinr: read and sized (read.abif, peakabif, splinefun)"
# Controls are read twice: sealed for fetuses, and open.
awk -v a="$(wall judged)" -v b="$(wall free)" 'BEGIN { printf "  a process of its own for each file: %.2f ms a file (98 decoders)\n", (a - b) * 1000 / 98 }'
real=${SHARED:-$root/../shared}/data/abif/trace
if [ -d "$real" ]; then
    # shellcheck disable=SC2046 # ten names without blanks, ten times
    best real "$tools/plate_abif" "$root/reference" gs500-liz $(for i in 1 2 3 4 5 6 7 8 9 10; do ls "$real"/*.fsa; done) >/dev/null
    echo "  100 real files of a 3730 (10, ten times), read and sized: $(wall real) s"
fi
