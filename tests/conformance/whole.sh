#!/bin/sh
# whole.sh BUILD - one batch put together from real files goes the whole way: two parents' Illumina gVCFs as a couple, their child's as a woman of
# her own, PharmCAT's multi-sample VCF (no contig lengths), a real cobas 6800 message and real cytology messages, in one folder. Real coordinates
# of the gVCFs are those of a slice, so no panel site may be found or called absent in them. Every paper is validated, the ledger verified.
set -eu
build=${1:?usage: whole.sh BUILD}
shared=${SHARED:-../shared}/data
if [ ! -d "$shared/variants/gvcf" ] || [ ! -d "$shared/cervical/hl7_samples" ]; then
    echo "whole: SKIPPED - no real files in $shared; nothing was checked"
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
batch=$tmp/real
mkdir "$batch"
cp "$shared"/cervical/hl7_samples/*.hl7 "$shared"/variants/gvcf/*NA128*.vcf.gz "$shared"/variants/pharmcat/multisample.vcf "$batch"
echo 'person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date' > "$batch/submission.csv"
echo 'case,owner,code,value,unit,time' > "$batch/facts.csv"
echo 'sample,run,well,specimen,file,sha256,code,value,unit,time' > "$batch/results.csv"

# number of person and sample, case, subject, material, assay, specimen, file
take() {
    echo "P90000$1,C90000$2,S90000$1,1,,,230103,230103,$3,$4,$5,2026-11-10,P90000$1,v1,2026-11-10" >> "$batch/submission.csv"
    sum=$(sha256sum "$batch/$7" | cut -c 1-64)
    echo "S90000$1,RUN-1,,$6,$7,$sum,,,," >> "$batch/results.csv"
}
take 1 1 woman blood carrier NA12890 gvcfgenotyper_NA12890.tiny.vcf.gz
take 2 1 partner blood carrier NA12889 gvcfgenotyper_NA12889.tiny.vcf.gz
take 3 3 woman blood carrier NA12877 gvcfgenotyper_NA12877.tiny.vcf.gz
take 4 4 fetus_a chorionic_villus carrier NA12880 gvcfgenotyper_NA12880_S1.vcf.gz
take 5 5 woman blood carrier Sample_1 multisample.vcf
take 6 6 woman cervical_cells cervical NPHL/26/0000058 cobas6800_OUL_R22_captured_template.hl7
take 7 7 woman cervical_cells cervical CYT20260320001 cytology_ORU_R01_synthetic_samples.hl7
for n in 6 7; do echo "C90000$n,woman,birth_date,1980-01-01,," >> "$batch/facts.csv"; done

"$build/screenlab" run --demo --lang en --now 2026-11-23T08:30:00+08:00 --ledger "$tmp/l.db" --out "$tmp/out" "$batch" > "$tmp/log" 2>&1 || [ $? = 1 ] ||
    { cat "$tmp/log"; exit 1; }
cat "$tmp/log"
findings=$tmp/out/real/findings.tsv
[ -f "$findings" ] || { echo "whole: no findings"; exit 1; }
column() { head -n 1 "$findings" | tr '\t' '\n' | grep -n -x "$1" | cut -d : -f 1; }
sites=$(awk -F '\t' -v code="$(column code)" -v answer="$(column answer)" '$code == "carrier.site" && ($answer == "positive" || $answer == "negative")' "$findings" | wc -l)
[ "$sites" = 0 ] || { echo "whole: $sites panel sites were judged from files that hold none"; exit 1; }
for sample in 1 2 3 5 6 7; do
    grep -q "S90000$sample" "$findings" || grep -q "S90000$sample" "$tmp/out/real/summary.html" || { echo "whole: S90000$sample is nowhere"; exit 1; }
done
grep -q 'S900006.*hrHPV-12.*positive' "$findings" && grep -q 'S900007.*hsil' "$findings" || { echo "whole: the cervical results are not as in their messages"; exit 1; }
# shellcheck disable=SC2046 # names of documents hold no blanks
xmllint --nonet --noout --schema "$shared/hl7/cda-schema/normative/infrastructure/cda/CDA.xsd" $(find "$tmp/out" -name '*.xml' ! -path '*/receipts/*') 2> "$tmp/xml" ||
    { grep -v validates "$tmp/xml"; exit 1; }
"$build/screenlab" verify --demo --lang en --ledger "$tmp/l.db" --out "$tmp/out" > "$tmp/verify" || { cat "$tmp/verify"; exit 1; }
echo "whole: 7 samples of real files, $(grep -c validates "$tmp/xml") papers valid, no site judged that no file holds, ledger whole"
