#!/bin/sh
# qfpcr.sh BUILD - makes tests/demo/qfpcr anew: one run of QF-PCR on invented pregnancies, with control DNA and blank. For
# developers; the files stand in the tree, because the demonstration must not need more than the program.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
simulate=$(cd "$1" && pwd)/tools/simulate_abif
reference=$here/../../reference
out=$here/qfpcr
rm -rf "$out"
mkdir "$out"
echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$out/submission.csv"
echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$out/results.csv"
echo run,well,role,kit,material,file,sha256 >"$out/plate.csv"
n=8600
well=1
add() { # id subject material words of the simulator...
    id=$1 subject=$2 material=$3 kind=$4
    shift 4
    "$simulate" "$reference" example-qfpcr "$kind" "$out/$id.fsa" "$@"
    echo "P2026${n}1,C2026$n,$id,1,,,$centre,$centre,$subject,$material,qfpcr,2026-11-20T09:00,P2026${n}1,ZQ-2026-1,2026-11-18," >>"$out/submission.csv"
    echo "$id,QF-1,$(printf 'A%02d' $well),,$id.fsa,$(sha256sum "$out/$id.fsa" | cut -c 1-64),,,," >>"$out/results.csv"
    well=$((well + 1))
}
pregnancy() { # centre material words...
    centre=$1 material=$2
    shift 2
    n=$((n + 1))
    add "S2026${n}2" fetus_a "$material" qf "$n" sex=xx "$@"
}
mother() {
    add "S2026${n}1" woman blood mother "$n"
}
pregnancy 230103001 amniotic_fluid
mother
pregnancy 230103001 amniotic_fluid trisomy=21
pregnancy 230111 chorionic_villus trisomy=18
pregnancy 230111 amniotic_fluid trisomy=13
pregnancy 230125 products_of_conception triploid=1
pregnancy 230125 chorionic_villus maternal=0.2
mother
pregnancy 230184 amniotic_fluid ladder=0
plate() { # well role words...
    w=$1 role=$2 material=$3
    shift 3
    "$simulate" "$reference" example-qfpcr "$role" "$out/QF-1-$role.fsa" "$@"
    echo "QF-1,$w,$role,example-qfpcr,$material,QF-1-$role.fsa,$(sha256sum "$out/QF-1-$role.fsa" | cut -c 1-64)" >>"$out/plate.csv"
}
echo "QF-1,,sample,example-qfpcr,,," >>"$out/plate.csv"
plate A11 control DEMO-DNA 1
plate A12 blank "" 1
