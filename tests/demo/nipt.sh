#!/bin/sh
# nipt.sh BUILD - makes tests/demo/nipt anew: nine invented pregnancies as bin tables. For developers; the files stand in the tree.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
simulate=$(cd "$1" && pwd)/tools/simulate_nipt
out=$here/nipt
rm -rf "$out"
mkdir "$out"
echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$out/submission.csv"
echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$out/results.csv"
echo case,owner,code,value,unit,time >"$out/facts.csv"
n=8100
pregnancy() { # centre days weight born words of the simulator...
    centre=$1 days=$2 weight=$3 born=$4
    shift 4
    n=$((n + 1))
    f=S2026${n}1.tsv.gz
    "$simulate" bins "$out/$f" seed=$n ends=paired brief=1 sex=xx "$@"
    echo "P2026${n}1,C2026$n,S2026${n}1,1,,,$centre,$centre,fetus_a,maternal_plasma,nipt,2026-11-12T08:30,P2026${n}1,ZQ-2026-1,2026-11-10," >>"$out/submission.csv"
    echo "S2026${n}1,NIPT-1,,,$f,$(sha256sum "$out/$f" | cut -c 1-64),,,," >>"$out/results.csv"
    echo "C2026$n,woman,gestation_days,$days,d,2026-11-12" >>"$out/facts.csv"
    echo "C2026$n,woman,plurality,1,1,2026-11-12" >>"$out/facts.csv"
    [ "$born" = "" ] || echo "C2026$n,woman,birth_date,$born,," >>"$out/facts.csv"
    [ "$weight" = "" ] || echo "C2026$n,woman,weight_kg,$weight,kg,2026-11-12" >>"$out/facts.csv"
}
pregnancy 230103001 95 58 1997-04-02 reads=6e6 fraction=0.12
pregnancy 230103001 100 61 1988-07-19 reads=6e6 fraction=0.10 trisomy=21
pregnancy 230111 110 55 1991-01-30 reads=6e6 fraction=0.09 trisomy=18
pregnancy 230111 120 66 1985-10-08 reads=6e6 fraction=0.08 trisomy=13
pregnancy 230125 90 88 1999-12-01 reads=6e6 fraction=0.02
pregnancy 230125 105 60 1994-05-23 reads=3e5 fraction=0.10
pregnancy 230103001 112 59 1996-09-14 reads=6e6 fraction=0.16 cnv=5:20e6:55e6:1
pregnancy 230184 98 "" "" reads=6e6 fraction=0.11
pregnancy 230184 77 52 2000-02-11 reads=6e6 fraction=0.09
