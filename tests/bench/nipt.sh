#!/bin/sh
# nipt.sh [BUILD-DIR] - BAM to bins with read GC against samtools and against a pysam loop that computes the same, one core each, in one
# run; two files on two cores; a panel of 100 and the judging of one sample. READS and ROUNDS make it smaller. The figures are for people:
# it fails only when something does not run, or when the pysam loop and we disagree.
set -eu
dir=$(cd "${1:-build/release}" && pwd)
tools=$dir/tools
reads=${READS:-10000000}
rounds=${ROUNDS:-3}
panel=${PANEL:-100}
work=$(mktemp -d "${TMPDIR:-/tmp}/screenlab-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

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
        'BEGIN { printf "  %-46s %7.2f s %5.2f x %9.2f s %5.2f x %7.1f MB\n", n, s, s / ours, c, c / our_cpu, m / 1024 }'
}

cat > "$work/loop.py" <<'EOF'
import sys
import pysam
bins = {}
last, here = None, set()
for r in pysam.AlignmentFile(sys.argv[1], "rb"):
    if r.flag & 0xF04 or r.mapping_quality < 1 or r.reference_id > 21:
        continue
    place = (r.reference_id, r.reference_start)
    if place != last:
        last, here = place, set()
    if r.is_reverse in here:
        continue
    here.add(r.is_reverse)
    s = r.query_sequence
    b = bins.setdefault((r.reference_id, r.reference_start // 50000), [0, 0])
    b[0] += 1
    b[1] += (100 * (s.count("G") + s.count("C")) + len(s) // 2) // len(s)
n, gc = sum(b[0] for b in bins.values()), sum(b[1] for b in bins.values())
print("counted %d gc %.3f" % (n, gc / n))
EOF

"$tools/simulate_nipt" bam "$work/a.bam" seed=7 reads="$reads" ends=single sex=xy also="none:$work/b.bam"
mkdir "$work/in"
echo person,case,sample,revision,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date > "$work/in/submission.csv"
echo sample,file,sha256 > "$work/in/results.csv"
for f in a b; do
    n=$(printf %s "$f" | tr ab 12)
    ln "$work/$f.bam" "$work/in/$f.bam"
    echo "P202600$n,C202600$n,S202600$n,1,230103001,230103001,fetus_a,maternal_plasma,nipt,2026-11-12T08:30,P202600$n,V1,2026-11-10" >> "$work/in/submission.csv"
    echo "S202600$n,$f.bam,$(sha256sum "$work/$f.bam" | cut -c 1-64)" >> "$work/in/results.csv"
done
whole() { # threads: the program from the folder to the documents
    rm -rf "$work/out" "$work"/l.db*
    best "j$1" sh -c "'$dir/screenlab' run --demo --reference reference --ledger '$work/l.db' --out '$work/out' --now 2026-11-23T08:00:00+08:00 -j $1 '$work/in' > '$work/said' 2>&1 || [ \$? = 1 ]"
}
round=0
while [ "$round" -lt "$rounds" ]; do
    best ours "$tools/bam_bins" "$work/a.bam"
    best samtools samtools view -c -q 1 "$work/a.bam"
    best pair sh -c "'$tools/bam_bins' '$work/a.bam' & '$tools/bam_bins' '$work/b.bam' & wait"
    best two_peers sh -c "samtools view -c -q 1 '$work/a.bam' & samtools view -c -q 1 '$work/b.bam' & wait"
    whole 1
    whole 2
    round=$((round + 1))
done
printf 'BAM to bins with read GC: %s reads, best of %s\n' "$reads" "$rounds"
printf '  %-46s %9s %7s %11s %7s %10s\n' "" wall "of ours" processor "of ours" memory
row ours 'screenlab, one core'
row samtools 'samtools view -c -q 1'
if python3 -c 'import pysam' 2> /dev/null; then python=python3; else python=/usr/bin/python3; fi
if $python -c 'import pysam' 2> /dev/null; then
    best pysam $python "$work/loop.py" "$work/a.bam"
    row pysam 'pysam loop, the same bins and GC'
    a=$("$tools/bam_bins" "$work/a.bam" | cut -d ' ' -f 1-4) b=$($python "$work/loop.py" "$work/a.bam")
    echo "  screenlab: $a; pysam: $b"
    [ "$a" = "$b" ] || { echo "the two disagree" >&2; exit 1; }
else
    echo "  no pysam on this machine: not compared"
fi
awk -v one="$(wall ours)" -v two="$(wall pair)" 'BEGIN { printf "  two files on two cores: %.2f s, %.2f times one after the other\n", two, 2 * one / two }'
awk -v one="$(wall samtools)" -v two="$(wall two_peers)" 'BEGIN { printf "  the same of samtools, in the same minutes (what these cores can give): %.2f times\n", 2 * one / two }'
awk -v one="$(wall j1)" -v two="$(wall j2)" -v a="$(cpu j1)" -v b="$(cpu j2)" \
    'BEGIN { printf "  screenlab run of both, whole program: -j 1 %.2f s, -j 2 %.2f s, %.2f times; processor %.2f and %.2f s\n", one, two, one / two, a, b }'

mkdir "$work/panel"
printf 'sample\tfile\n' > "$work/panel/panel.tsv"
i=0
while [ "$i" -lt "$panel" ]; do
    "$tools/simulate_nipt" bins "$work/panel/e$i.tsv.gz" seed=$((5000 + i)) reads=1e7 ends=single
    printf 'E%d\te%d.tsv.gz\n' "$i" "$i" >> "$work/panel/panel.tsv"
    i=$((i + 1))
done
best train "$dir/screenlab" panel train --demo --reference reference --now 2026-11-23T08:00:00+08:00 --assay nipt -o "$work/out.tsv" "$work/panel"
printf 'panel of %s samples at 50 kb from bin tables: %s s\n' "$panel" "$(wall train)"
"$tools/validate_nipt" judge 50
