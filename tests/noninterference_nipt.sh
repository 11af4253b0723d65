#!/bin/sh
# The proof of tests/noninterference.sh for sequencing: tests/noninterference_nipt.sh BUILD [TABLES BAMS [any]]
#
# Simulated pregnancies, as bin tables and as full-depth BAM, go through the whole program three times: as XX and 45,X; as XY and 47,XXY;
# and with every read of X and Y taken away. Autosomal reads are equal. Whatever comes out must be equal byte for byte:
# stdout, stderr, exit status, names, sizes and contents of documents with their figures, the ledger's rows as text. Left out is FILE.sealed alone. At
# least 90 % of the samples must have been called, since a proof that refuses everything would be empty.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
tables=${2-12} bams=${3-1}
reads=${READS-6000000} first=${FIRST-0} # number of the first pregnancy, so that batches differ
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

sex_of() { # twin number
    case $1$(($2 % 2)) in
    a0) echo xx ;; b0) echo xy ;; a1) echo x ;; b1) echo xxy ;; *) echo none ;;
    esac
}
kind_of() { # number: what the fetus has
    case $(($1 % 6)) in
    1) echo trisomy=21 ;; 2) echo trisomy=18 ;; 3) echo trisomy=13 ;; 4) echo cnv=5:20e6:60e6:1 ;; *) echo mosaic=1 ;;
    esac
}

# The three batches at once: a pregnancy's autosomes are drawn and packed once, the twins get copies with other X and Y behind them.
made() { echo "$tmp/made_$1"; }
for t in a b c; do
    mkdir "$(made $t)"
    echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$(made $t)/submission.csv"
    echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$(made $t)/results.csv"
    echo case,owner,code,value,unit,time >"$(made $t)/facts.csv"
done
i=1
while [ "$i" -le $((tables + bams)) ]; do
    k=$((first + i)) n=$((20000 + first + i))
    f=S2026$n.tsv.gz form=bins
    [ "$i" -gt "$tables" ] && f=S2026$n.bam form=bam
    "$dir/tools/simulate_nipt" $form "$(made a)/$f" seed=$((3000 + k)) reads="$reads" fraction=0.1$((i % 10)) short=1 "$(kind_of $k)" \
        sex="$(sex_of a $k)" also="$(sex_of b $k):$(made b)/$f" also="$(sex_of c $k):$(made c)/$f"
    for t in a b c; do
        out=$(made $t)
        echo "P2026$n,C2026$n,S2026$n,1,,,230103001,230103001,fetus_a,maternal_plasma,nipt,2026-11-12T08:30,P2026$n,ZQ-2026-1,2026-11-10," >>"$out/submission.csv"
        echo "S2026$n,NIPT-1,,,$f,$(sha256sum "$out/$f" | cut -c 1-64),,,," >>"$out/results.csv"
        printf 'C2026%s,woman,gestation_days,100,d,2026-11-12\nC2026%s,woman,plurality,1,1,2026-11-12\nC2026%s,woman,weight_kg,60,kg,2026-11-12\n' $n $n $n >>"$out/facts.csv"
    done
    i=$((i + 1))
done

batch() { rm -rf "$tmp/batch" && mv "$(made "$1")" "$tmp/batch"; }
. "$root/tests/twins.sh"
for t in a b c; do twin $t $t; done
called=$(awk -F'\t' '$5 == "T21" && ($6 == "negative" || $6 == "positive")' "$tmp/a/out/batch/findings.tsv" | wc -l)
pairs=$((tables + bams))
[ "${4-}" != any ] || least=0 # planted leaks need no answers
same_bytes "sequencing: $tables tables and $bams BAMs, each three times" "$called"
