#!/bin/sh
# The proof that fetal sex never leaves, counted in pairs: tests/prove_sex.sh BUILD [PAIRS [BAMS]]
#
# A pair is one fetus (or the plasma of one pregnancy, or one specimen of a woman whose fetus somebody wrote about) that went through the whole program
# twice, the same in everything but its sex. Ten or fifty of them share a batch, since a difference of any one shows in the batch. Kinds of pairs:
#
#     variants   VCF, VCF.gz, gVCF, BCF of fetuses, twins, mothers beside them      tests/noninterference.sh chance
#     plasma     bin tables, and BAMS of full depth                                  tests/noninterference_nipt.sh
#     messages   HL7 v2 and exporters' CSV                                            tests/noninterference_messages.sh
#     traces     QF-PCR as ABIF, sex markers up to saturation                         tests/noninterference_qfpcr.sh
#     dosage     MLPA and FMR1 as ABIF, Sanger reads                                   tests/noninterference_dosage.sh
#     serum      serum and newborn screening: columns and facts about sex            tests/noninterference_serum.sh
#
# The first batch of variants is watched by strace and on a terminal. PAIRS = 200 takes minutes; the long size is PAIRS=2000 BAMS=50.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
pairs=${2-200} bams=${3-2}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0 done=0 good=0

fail() { # what
    echo "prove-sex: $1"
    cat "$tmp/said"
    failed=$((failed + 1))
}

plasma=$((pairs / 10)) messages=$((pairs / 5)) traces=$((pairs / 20))
variants=$((pairs - plasma - bams - messages - 2 * traces))
seed=1
export WATCH=1
while [ "$done" -lt "$variants" ]; do
    cases=$((variants - done < 50 ? (variants - done) * 7 / 8 + 1 : 50))
    [ -z "$WATCH" ] || cases=20
    sh "$root/tests/noninterference.sh" "$dir/screenlab" chance "$cases" "$seed" >"$tmp/said" 2>&1 || fail "variants, seed $seed"
    [ -z "$WATCH" ] || { grep 'calls that write' "$tmp/said" || fail "the writing calls could not be watched (strace)"; }
    WATCH=
    seed=$((seed + 1))
    set -- $(sed -n 's/^pairs \([0-9]*\) interpreted \([0-9]*\) .*/\1 \2/p' "$tmp/said") 0 0
    [ "$1" -gt 0 ] || { fail "no pairs"; break; }
    done=$((done + $1)) good=$((good + $2))
done
echo "variants: $done pairs, $good interpreted"

# $bams BAMs and all tables in batches that fit into a small memory disk
left=$plasma bam=$bams first=0
while [ $((left + bam)) -gt 0 ]; do
    t=$((left < 20 ? left : 20)) b=$((bam < 2 ? bam : 2))
    FIRST=$first sh "$root/tests/noninterference_nipt.sh" "$dir" "$t" "$b" >"$tmp/said" 2>&1 || fail "plasma"
    set -- $(sed -n 's/.*; \([0-9]*\) of \([0-9]*\) answered$/\2 \1/p' "$tmp/said") 0 0
    [ "$1" -gt 0 ] || { fail "no plasma"; break; }
    done=$((done + $1)) good=$((good + $2)) left=$((left - t)) bam=$((bam - b)) first=$((first + t + b))
done
echo "plasma: $plasma bin tables, $bams BAMs"

for kind in qfpcr dosage; do
    sh "$root/tests/noninterference_$kind.sh" "$dir" "$traces" >"$tmp/said" 2>&1 || fail "traces, $kind"
    set -- $(sed -n 's/.*; \([0-9]*\) of \([0-9]*\) answered$/\2 \1/p' "$tmp/said") 0 0
    done=$((done + $1)) good=$((good + $2))
    echo "traces, $kind: $1 pairs"
done

sh "$root/tests/noninterference_messages.sh" "$dir/screenlab" "$messages" >"$tmp/said" 2>&1 || fail "messages"
set -- $(sed -n 's/.*; \([0-9]*\) of \([0-9]*\) answered$/\2 \1/p' "$tmp/said") 0 0
done=$((done + $1)) good=$((good + $2))
echo "messages: $1 pairs in HL7 and CSV"

sh "$root/tests/noninterference_serum.sh" "$dir/screenlab" >"$tmp/said" 2>&1 || fail "serum and newborn screening"
tail -1 "$tmp/said"

echo "prove-sex: $done pairs, $good interpreted ($((done > 0 ? 100 * good / done : 0)) %), $failed kinds of pairs differ or could not be run"
[ "$failed" = 0 ] && [ "$done" -ge "$pairs" ] && [ $((good * 10)) -ge $((done * 9)) ]
