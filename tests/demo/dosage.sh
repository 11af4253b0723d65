#!/bin/sh
# dosage.sh BUILD [OUT [SEX]] - makes tests/demo/dosage anew: invented runs of MLPA, FMR1 and Sanger sequencing. For developers; the files
# stand in the tree. SEX (xx or xy) is that of the two fetuses: the proof of noninterference makes the batch once with each.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
simulate=$(cd "$1" && pwd)/tools/simulate_traces
out=${2-$here/dosage}
sex=${3-xx}
rm -rf "$out"
mkdir -p "$out"
echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$out/submission.csv"
echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$out/results.csv"
echo run,well,role,kit,material,file,sha256 >"$out/plate.csv"

seed=100
hash() { sha256sum "$out/$1" | cut -c 1-64; }
make_file() { # KIND FILE words...
    kind=$1 file=$2
    shift 2
    seed=$((seed + 1))
    "$simulate" "$kind" "$out/$file" seed=$seed "$@"
}
control() { # RUN WELL ROLE KIT MATERIAL KIND words...
    run=$1 well=$2 role=$3 kit=$4 material=$5
    shift 5
    kind=$1
    shift
    make_file "$kind" "$run-$well.fsa" "$@"
    echo "$run,$well,$role,$kit,$material,$run-$well.fsa,$(hash "$run-$well.fsa")" >>"$out/plate.csv"
}
sample() { # CASE PERSON SAMPLE SUBJECT MATERIAL ASSAY [CONSENT]
    echo "$2,$1,$3,1,,,230103001,230103001,$4,$5,$6,2026-11-16T08:30,${7-$2},ZQ-2026-1,2026-11-12," >>"$out/submission.csv"
}
injected() { # SAMPLE RUN WELL KIND words...
    s=$1 run=$2 well=$3 kind=$4
    shift 4
    case $kind in ab1) file=$s-$well.ab1 ;; *) file=$s.fsa ;; esac
    make_file "$kind" "$file" "$@"
    echo "$s,$run,$well,,$file,$(hash "$file"),,,," >>"$out/results.csv"
}
coded() { echo "$1,,,,,,$2,$3,$4," >>"$out/results.csv"; } # SAMPLE CODE VALUE UNIT

# ---- MLPA, alpha-globin: run MLPA-1 ----
echo "MLPA-1,,sample,example-alpha,,," >>"$out/plate.csv"
for w in A01 A02 A03 A04; do control MLPA-1 $w reference example-alpha "" mlpa sex=$([ $w = A02 ] && echo xy || echo xx); done
control MLPA-1 A05 blank example-alpha "" mlpa level=0 q=900
sea=UPSTREAM:1,HBA2:1,BETWEEN:1,HBA1:1
person() { # CASE N SUBJECT MLPA-WELL words...: a carrier sample and an MLPA sample of one person
    c=$1 n=$2 subject=$3 well=$4
    shift 4
    sample "$c" "P2026${n}1" "S2026${n}1" "$subject" blood carrier
    sample "$c" "P2026${n}1" "S2026${n}2" "$subject" blood mlpa
    injected "S2026${n}2" MLPA-1 "$well" mlpa "$@"
    coded "S2026${n}1" alpha.points none ""
}
person C20268501 8501 woman B01 copies=$sea
person C20268501 8502 partner B02 copies=$sea sex=xy
sample C20268501 P202685031 S202685031 fetus_a amniotic_fluid mlpa P202685011
injected S202685031 MLPA-1 B03 mlpa copies=UPSTREAM:0,HBA2:0,BETWEEN:0,HBA1:0 sex="$sex"
person C20268504 8504 woman B04 copies=HBA2:1,BETWEEN:1
person C20268504 8505 partner B05 sex=xy
person C20268506 8506 woman B06 q=900
person C20268506 8507 partner B07 d=300 sex=xy
person C20268508 8508 woman B08 copies=HBA2:3,BETWEEN:3
sample C20268509 P202685091 S202685092 woman blood mlpa
injected S202685092 MLPA-0 B09 mlpa

# ---- MLPA, SMN1: run MLPA-2 ----
echo "MLPA-2,,sample,example-smn,,," >>"$out/plate.csv"
for w in A01 A02 A03; do control MLPA-2 $w reference example-smn "" mlpa kit=smn; done
for n in 8511 8512; do
    subject=woman copies=SMN1-E7:1,SMN1-E8:1
    [ $n = 8511 ] || { subject=partner copies=SMN1-E7:1; }
    sample C20268511 "P2026${n}1" "S2026${n}1" $subject blood carrier
    sample C20268511 "P2026${n}1" "S2026${n}2" $subject blood mlpa
    injected "S2026${n}2" MLPA-2 "B0${n#851}" mlpa kit=smn copies=$copies
    coded "S2026${n}1" alpha.points none ""
done

# ---- FMR1: run FX-1 ----
echo "FX-1,,sample,example-fmr1,,," >>"$out/plate.csv"
control FX-1 A01 control example-fmr1 FX-1 fmr1 alleles=20,31
control FX-1 A02 control example-fmr1 FX-2 fmr1 alleles=44,60
control FX-1 A03 control example-fmr1 FX-3 fmr1 alleles=30,118
control FX-1 A04 blank example-fmr1 "" fmr1
i=0
for alleles in 29,31 30,80 30 23,44 31,150 30,52 none; do
    i=$((i + 1))
    n=852$i
    sample "C2026$n" "P2026${n}1" "S2026${n}1" woman blood fmr1
    injected "S2026${n}1" FX-1 "B0$i" fmr1 alleles=$alleles
done
sample C20268522 P202685282 S202685282 fetus_a chorionic_villus fmr1 P202685221
injected S202685282 FX-1 C01 fmr1 alleles=$([ "$sex" = xx ] && echo 30,80 || echo 80)

# ---- Sanger: run SQ-1 ----
echo "SQ-1,,sample,HBB-1,,," >>"$out/plate.csv"
slice=$(awk -F '\t' '$1 == "HBB-1" { print $5 }' "$here/../../reference/sanger/slices.tsv" | tr N A)
start=$(awk -F '\t' '$1 == "HBB-1" { print $4 }' "$here/../../reference/sanger/slices.tsv")
around() { # POS REF ALT-or-REF: 240 bases around the place with that allele there
    printf '%s' "$slice" | awk -v at=$(($1 - start)) -v ref="$2" -v alt="$3" '{ from = at - 119; if (from < 1) from = 1
        print substr($0, from, at - from + 1) alt substr($0, at + length(ref) + 1, 120) }'
}
read_of() { # SAMPLE WELL REVERSE POS REF FIRST SECOND words...
    s=$1 well=$2 reverse=$3 pos=$4 ref=$5 first=$6 second=$7
    shift 7
    injected "$s" SQ-1 "$well" ab1 reverse="$reverse" first="$(around "$pos" "$ref" "$first")" second="$(around "$pos" "$ref" "$second")" "$@"
}
order() { # CASE N SUBJECT MATERIAL VARIANT [CONSENT]
    sample "$1" "P2026${2}1" "S2026${2}1" "$3" "$4" sanger "${6-P2026${2}1}"
    coded "S2026${2}1" sanger.variant "$5" ""
}
order C20268531 8531 woman blood 'HBB:c.52A>T'
read_of S202685311 A01 0 5226970 T T A
read_of S202685311 A02 1 5226970 T T A
order C20268532 8532 woman blood 'HBB:c.79G>A'
read_of S202685321 A03 0 5226943 C C C
read_of S202685321 A04 1 5226943 C C C
order C20268533 8533 woman blood 'HBB:c.126_129delCTTT'
read_of S202685331 A05 0 5226762 CAAAG CAAAG C
read_of S202685331 A06 1 5226762 CAAAG CAAAG CAAAG
order C20268534 8534 woman blood 'HBB:c.126_129delCTTT'
read_of S202685341 A07 0 5226762 CAAAG CAAAG C
read_of S202685341 A08 1 5226762 CAAAG CAAAG C
order C20268535 8535 woman blood 'SLC26A4:c.919-2A>G'
read_of S202685351 A09 0 5226970 T T T
order C20268536 8536 woman blood 'HBB:c.52A>T'
read_of S202685361 A10 0 5226970 T T T quality=11
read_of S202685361 A11 1 5226970 T T T
order C20268531 8537 fetus_a amniotic_fluid 'HBB:c.52A>T' P202685311
read_of S202685371 B01 0 5226970 T T A
read_of S202685371 B02 1 5226970 T T A
order C20268531 8538 fetus_a amniotic_fluid 'G6PD:c.1466G>T' P202685311
read_of S202685381 B03 0 5226970 T T T
