#!/bin/sh
# The proof of tests/noninterference.sh for MLPA, FMR1 and Sanger: tests/noninterference_dosage.sh BUILD [PAIRS]
#
# Invented runs go through the whole program three times: every fetus as a girl (two X fragments, two FMR1 alleles, a heterozygous read of an X
# amplicon), as a boy (X and Y, one allele, one base), and with reference DNA of the other sex. Whatever comes out must be equal byte for
# byte: stdout, stderr, exit status, names, sizes and contents of documents with their pictures, the ledger's rows as text. Left out is
# FILE.sealed alone. At least 90 % of the MLPA samples must have been answered, since a proof that refuses everything would be empty.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
pairs=${2-6}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
. "$root/tests/twins.sh"

copies_of() { # number: what the fetus has
    case $(($1 % 5)) in
    1) echo UPSTREAM:1,HBA2:1,BETWEEN:1,HBA1:1 ;; 2) echo HBA2:1,BETWEEN:1 ;; 3) echo UPSTREAM:0,HBA2:0,BETWEEN:0,HBA1:0 ;; 4) echo HBA2:3 ;; *) echo HBZ:2 ;;
    esac
}
simulate() { "$dir/tools/simulate_traces" "$@"; }
register() { # number, letter, assay, run, well, file
    id=2026$((40000 + $1))
    echo "P$id,C$id,S$id$2,1,,,230103001,230103001,fetus_a,amniotic_fluid,$3,2026-11-12T08:30,P$id,ZQ-2026-1,2026-11-10," >>"$out/submission.csv"
    echo "S$id$2,$4,$5,,$6,$(sum "$out/$6"),,,," >>"$out/results.csv"
}
x_amplicon() { # bases that no slice holds; the second allele differs at one place
    awk -v seed="$1" -v both="$2" 'BEGIN { srand(seed); for (i = 0; i < 200; i++) s = s substr("ACGT", int(rand() * 4) + 1, 1)
        t = s; if (both) t = substr(s, 1, 99) (substr(s, 100, 1) == "A" ? "C" : "A") substr(s, 101); print "first=" s; print "second=" t }'
}

batch() { # sex of the fetuses, sex of the reference DNA
    begin_batch
    printf 'ML,,sample,example-alpha,,,\nFX,,sample,example-fmr1,,,\nSQ,,sample,HBB-1,,,\n' >>"$out/plate.csv"
    for r in 1 2 3 4; do
        simulate mlpa "$out/r$r.fsa" seed=$((70 + r)) sex="$2"
        echo "ML,R$r,reference,example-alpha,,r$r.fsa,$(sum "$out/r$r.fsa")" >>"$out/plate.csv"
    done
    two=$([ "$1" = xx ] && echo 1 || echo 0)
    i=1
    while [ "$i" -le "$pairs" ]; do
        simulate mlpa "$out/m$i.fsa" seed=$((6000 + i)) sex="$1" copies="$(copies_of $i)"
        register $i 1 mlpa ML "M$i" "m$i.fsa"
        simulate fmr1 "$out/f$i.fsa" seed=$((7000 + i)) alleles="$([ "$two" = 1 ] && echo 30,$((20 + i % 80)) || echo 30)"
        register $i 2 fmr1 FX "F$i" "f$i.fsa"
        simulate ab1 "$out/s$i.ab1" seed=$((8000 + i)) $(x_amplicon $i "$two")
        register $i 3 sanger SQ "S$i" "s$i.ab1"
        echo "S2026$((40000 + i))3,,,,,,sanger.variant,G6PD:c.1466G>T,," >>"$out/results.csv"
        i=$((i + 1))
    done
}

twin a xx xx
twin b xy xx
twin c xx xy
answered=$(awk -F'\t' '$4 == "mlpa.result" && $6 ~ /^(positive|negative|possible)$/' "$tmp/a/out/batch/findings.tsv" | wc -l)
same_bytes "MLPA, FMR1 and Sanger: $pairs fetuses of either sex, reference DNA of either sex" "$answered"
