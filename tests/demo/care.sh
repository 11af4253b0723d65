#!/bin/sh
# care.sh PROGRAM FOLDER - the second half of the demonstration: one woman of each kind from the released document to the closing of her referral. The
# ledger and the documents are those of run.sh; d01 and d02 release, the centres' parts are played here.
#   RN2026501-2   HPV 16, colposcopy at the district: CIN3, treated, cured
#   RN2026203-3   couple at risk of thalassaemia: counselled, prenatal diagnosis
#   RN20268102-2  cell-free DNA, trisomy 21: karyotype; its sex chromosomes never come in
#   RN2027002-2   serum, high risk of trisomy 21: she declines, the laboratory closes with a reason
#   RN2028004-2   newborn, phenylalanine: told by phone, confirmed, treated
#   RN2026202-2   she has moved: her referral goes to another district
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 folder=$2 keys=$here/keys
lab() { # COMMAND NOW ...
    command=$1 now=$2
    shift 2
    printf '\n$ screenlab %s --now %s %s\n' "$command" "$now" "$*"
    status=0
    "$program" "$command" --demo --reference reference --ledger "$folder/ledger.db" --out "$folder/out" --now "$now" "$@" || status=$?
    [ "$status" -le 1 ] || { echo "the demonstration stopped with exit code $status" >&2; exit "$status"; }
}
key() { "$program" centre-key --as "$keys/d02.key" --demo --reference reference --ledger "$folder/ledger.db" --now "$1" "$2" >"$folder/$2.key"; }
sha() { sha256sum "$folder/out/outbox/$1/$2/"*.xml | cut -c 1-64; }
returns() { # CENTRE NAME, rows from standard input
    mkdir -p "$folder/out/inbox/$1"
    file=$folder/out/inbox/$1/$2.csv
    { echo 'referral,version,step,date,person,reason,outcome,value,to,sha256' && cat; } >"$file"
    "$program" seal "$folder/$1.key" "$file" >"$file.mac"
}

sh "$here/../release_all.sh" "$program" "$folder/ledger.db" "$folder/out" 2026-12-01T09:00:00+08:00
lab call 2026-12-01T09:30:00+08:00 --as "$keys/d01.key" --told clinician RN2028004-2
lab send 2026-12-01T10:00:00+08:00
for centre in 230100 230102 230103; do key 2026-12-01T10:00:00+08:00 $centre; done
returns 230103 monday <<END
RN2026501-2,1,received,2026-12-01,N07,,,,,$(sha 230103 RN2026501-2-v1)
RN2026501-2,1,appointed,2026-12-03,N07,,,,,
RN2026202-2,1,received,2026-12-01,N07,,,,,$(sha 230103 RN2026202-2-v1)
RN2026202-2,1,elsewhere,2026-12-01,N07,moved,,,230102,
END
{ for r in RN2026203-3 RN20268102-2 RN2027002-2 RN2028004-2; do echo "$r,1,received,2026-12-01,G1,,,,,$(sha 230100 $r-v1)"; done; } | returns 230100 monday
lab send 2026-12-02T10:00:00+08:00
returns 230103 friday <<END
RN2026501-2,1,attended,2026-12-03,D02,,,,,
RN2026501-2,1,result_returned,2026-12-03,D02,,colposcopy,high_grade,,
RN2026501-2,1,result_returned,2026-12-04,D02,,histology,cin3,,
END
returns 230102 friday <<END
RN2026202-2,1,received,2026-12-03,N02,,,,,$(sha 230102 RN2026202-2-v1.again2)
RN2026202-2,1,attended,2026-12-04,N02,,,,,
RN2026202-2,1,result_returned,2026-12-04,N02,,counselling,given,,
RN2026202-2,1,closed,2026-12-04,N02,diagnosis_complete,,,,
END
returns 230100 friday <<END
RN2026203-3,1,attended,2026-12-03,G1,,,,,
RN2026203-3,1,result_returned,2026-12-03,G1,,counselling,given,,
RN2026203-3,1,result_returned,2026-12-04,G1,,prenatal_diagnosis,not_confirmed,,
RN2026203-3,1,closed,2026-12-04,G1,diagnosis_complete,,,,
RN20268102-2,1,attended,2026-12-03,G1,,,,,
RN20268102-2,1,result_returned,2026-12-04,G1,,chromosomes,"47,XX,+21",,
RN20268102-2,1,result_returned,2026-12-04,G1,,prenatal_diagnosis,confirmed,,
RN20268102-2,1,closed,2026-12-04,G1,diagnosis_complete,,,,
RN2027002-2,1,refused,2026-12-04,G1,declined,,,,
RN2028004-2,1,attended,2026-12-02,G1,,,,,
RN2028004-2,1,result_returned,2026-12-03,G1,,newborn_diagnosis,confirmed,,
RN2028004-2,1,treated,2026-12-04,G1,,treatment,diet,,
RN2028004-2,1,closed,2026-12-04,G1,treatment_complete,,,,
END
lab send 2026-12-07T10:00:00+08:00
returns 230103 later <<END
RN2026501-2,1,treated,2026-12-10,D02,,treatment,excision,,
RN2026501-2,1,cured,2026-12-18,D02,,,,,
RN2026501-2,1,closed,2026-12-18,D02,treatment_complete,,,,
END
lab send 2026-12-21T10:00:00+08:00
lab step 2026-12-21T11:00:00+08:00 --as "$keys/d01.key" --reason no_further_action RN2027002-2 closed
lab worklist 2026-12-22T08:00:00+08:00
lab indicators 2026-12-22T08:00:00+08:00
for r in RN2026501-2 RN2026203-3 RN20268102-2 RN2027002-2 RN2028004-2 RN2026202-2; do
    ! cut -f 2 "$folder/out/worklist/worklist.tsv" | grep -qx "$r" || { echo "the demonstration: $r is still open" >&2; exit 1; }
done
echo "the six referrals are closed"
