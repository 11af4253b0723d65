#!/bin/sh
# The proof of tests/noninterference.sh for messages and tables of many specimens: tests/noninterference_messages.sh PROGRAM [SPECIMENS]
#
# Women of whom some are pregnant, and instruments and centres that write the fetus's sex wherever HL7 v2 or an exporter's table has room: NK1 (son,
# daughter), NTE, DG1, SPM's remark, OBX with LOINC 75693-2 and 73822-9, OBX that only a male fetus calls for, PID of the fetus, Z segments; a column, a
# target of its own, a remark. Half of the specimens come as HL7, half as CSV. The batch is run three times: told male, told female, told nothing. What comes out must be the
# same bytes, and at least 90 % of the specimens must have been interpreted.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
pairs=${2-20}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
. "$root/tests/twins.sh"

# Every second fetus has the other sex, so that no batch is of one sex alone.
batch() { # twin: a, b (exchanged), c (nothing told)
    rm -rf "$tmp/batch"
    mkdir "$tmp/batch"
    awk -v twin="$1" -v n="$pairs" -v out="$tmp/batch" '
    function hl7(line) { printf "%s\r", line > (out "/messages.hl7") }
    function flag(k) { return (i * 7 + k * 3) % 5 == 0 ? "POS" : "NEG" }
    BEGIN {
        print "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark" > (out "/submission.csv")
        print "sample,run,well,specimen,file,sha256,code,value,unit,time" > (out "/results.csv")
        told = twin != "c"
        print "sample_id,target,result,flag,type,result_creation_datetime" (told ? ",fetal_sex,Y染色体浓度" : "") > (out "/export.csv")
        split("Other HR HPV|HPV 16|HPV 18", target, "|")
        for (i = 1; i <= n; i++) {
            id = 30000 + i
            male = (i % 2 == 1) == (twin == "a")
            print "P2026" id ",C2026" id ",S2026" id ",1,,,230103001,230103001,woman,cervical_cells,cervical,2026-11-12T08:30,P2026" id ",ZQ-2026-1,2026-11-10," \
                (told ? male ? "it is a boy; 46 XY" : "女胎 像妈妈" : "") > (out "/submission.csv")
            if (i % 2 == 0) {
                for (k = 1; k <= 3; k++)
                    print "S2026" id "," target[k] "," (flag(k) == "POS" ? "Positive" : "Negative") ",,,2026-11-13T14:20:00" (told ? "," (male ? "male,0.083" : "female,") : "") > (out "/export.csv")
                if (told) print "S2026" id "," (male ? "SRY,Positive" : "fetal_sex,female") ",,,2026-11-13T14:20:00," (male ? "M,0.1" : "F,") > (out "/export.csv")
                continue
            }
            # every second message declares GB18030 and holds a remark in UTF-8, of an odd number of bytes, in a field that nobody reads (OBX-7)
            gb = i % 4 == 1
            remark = gb && told ? male ? "男" : "女胎" : ""
            hl7("MSH|^~\\&|COBAS6800/8800||LIS||20261112143000||OUL^R22|M-" id "|P|2.5||||||" (gb ? "GB 18030-2000" : "ASCII") "|||LAB-23^ROCHE")
            if (told) hl7("PID|1||P2026" id "||||19960101|F")
            if (told) hl7("PID|2||F2026" id "|||||" (male ? "M" : "F"))
            if (told) hl7("NK1|1|" (male ? "BOY|SON^son" : "GIRL|DAU^daughter"))
            hl7("SPM||S2026" id "||RCCM^RocheCellCollectionMedia^99ROC|||||||P" (told ? "|||" (male ? "boy" : "女胎") : "|||") "|||||||||||||")
            hl7("SAC|||||||||||||||||||||400|||uL^^UCUM")
            hl7("OBR|1|||71432-9^HPV-GT^LN|||||||A")
            for (k = 1; k <= 3; k++) {
                hl7("OBX|" k "|ST|" target[k] "^" target[k] "^99ROC||ValueNotSet||" remark "|" flag(k) "|||F|||||op1||C6800/8800^Roche|20261112142500")
                hl7("TCD|71432-9^HPV-GT^LN|^1^:^0")
            }
            if (!told) continue
            hl7("OBX|4|CWE|75693-2^Fetal sex^LN||" (male ? "LA19938-2^Male fetus (XY)^LN" : "LA19939-0^Female fetus (XX)^LN") "|||" (male ? "A" : "N") "|||F")
            hl7("NTE|1|L|" (male ? "恭喜, 带把" : "小公主; she is fine"))
            if (male) hl7("OBX|5|NM|NCV_Y^NCV_Y^L||11.2|1|||||F")
            if (male) hl7("NTE|1|L|Y染色体浓度 8.3 %")
            hl7("DG1|1||" (male ? "Q54.9^hypospadias^I10" : "Q96.9^Turner^I10"))
            hl7("ZFT|1|" (male ? "M" : "F"))
        }
        print "*,HL7-1,,,messages.hl7,@messages.hl7,,,," > (out "/results.csv")
        print "*,CSV-1,,,export.csv,@export.csv,,,," > (out "/results.csv")
    }'
    for f in messages.hl7 export.csv; do
        [ -f "$tmp/batch/$f" ] || { sed -i "/@$f/d" "$tmp/batch/results.csv"; continue; }
        sed -i "s/@$f/$(sha256sum "$tmp/batch/$f" | cut -c 1-64)/" "$tmp/batch/results.csv"
    done
}

[ -z "${BATCH-}" ] || { batch a; cp -r "$tmp/batch" "$BATCH"; exit; } # for tests/taint.sh
for t in a b c; do twin $t $t; done
good=$(awk -F'\t' '$4 == "cervical.hpv" { print $2 }' "$tmp/a/out/batch/findings.tsv" | sort -u | wc -l)
same_bytes "messages: $pairs specimens in HL7 and CSV, told male, told female, told nothing" "$good"
