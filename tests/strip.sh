#!/bin/sh
# The proof of `screenlab strip`: tests/strip.sh PROGRAM SIMULATOR_NIPT [SIMULATOR_ABIF]
#
# For each format twins that differ in a fetus's sex only (X and Y, 45,X and 47,XXY, het and hemizygous, words, names, headers, codes) strip to the same bytes;
# a stripped file strips to itself; what was about autosomes is still there; and peers' tools read it where they are installed (bcftools, samtools,
# Biopython, xmllint). A damaged file leaves nothing behind.
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
case $2 in /*) nipt=$2 ;; *) nipt=$PWD/$2 ;; esac
abif=${3-}
case $abif in /* | '') ;; *) abif=$PWD/$abif ;; esac
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
failed=0 pairs=0 peers=

strip_one() { "$program" strip --demo --reference "$root/reference" "$@" 2>said || { echo "strip: $* failed: $(cat said)"; return 1; }; }

# same NAME.EXT: a.NAME.EXT and b.NAME.EXT strip alike, and a stripped file to itself
same() {
    f=$1
    shift
    pairs=$((pairs + 1))
    cmp -s "a.$f" "b.$f" && { echo "strip: $f: the twins do not differ, so nothing is proven"; failed=1; }
    for t in a b; do strip_one "$@" "$t.$f" "s$t.$f" || { failed=1; return; }; done
    strip_one "$@" "sa.$f" "ss.$f" || { failed=1; return; }
    cmp "sa.$f" "sb.$f" || { echo "strip: $f: the twins can be told apart"; failed=1; }
    cmp "sa.$f" "ss.$f" || { echo "strip: $f: a stripped file does not strip to itself"; failed=1; }
}
holds() { # file pattern: what must still be there
    grep -q "$2" "$1" || { echo "strip: $1 lost $2"; failed=1; }
}
peer() { # tool command...: run where the tool is installed
    tool=$1
    shift
    command -v "$tool" >/dev/null || return 0
    case " $peers " in *" $tool "*) ;; *) peers="$peers $tool" ;; esac
    "$@" >peer.out 2>peer.err || { echo "strip: $* failed:"; head -3 peer.err; failed=1; }
}

# ---- VCF, VCF.gz, gVCF, BCF ----
vcf() { # sex
    x=chrX y=chrY word=girl gt=0/1 name=Lily
    [ "$1" = b ] && word=boy gt=1 name=Tom
    cat <<EOF
##fileformat=VCFv4.2
##source=caller of $name, a $word
##contig=<ID=chr1,length=248956422>
##contig=<ID=chr21,length=46709983>
##contig=<ID=chrX,length=156040895>
$([ "$1" = b ] && echo '##contig=<ID=chrY,length=57227415>')
##INFO=<ID=DP,Number=1,Type=Integer,Description="depth of the $word">
##INFO=<ID=END,Number=1,Type=Integer,Description="end">
##INFO=<ID=SEX,Number=1,Type=String,Description="$word">
##FILTER=<ID=$word,Description="x">
##ALT=<ID=NON_REF,Description="x">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="d">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="d">
##FORMAT=<ID=XR,Number=1,Type=Float,Description="share of X">
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	${name}_$word
chr1	10000	rs123	A	G	50	PASS	DP=30;SEX=$word	GT:DP:AD:XR	0/1:30:15,15:0.$([ "$1" = b ] && echo 49 || echo 97)
chr1	20000	.	AT	A,<NON_REF>	.	$word	END=20001	GT:DP	0/0:12
chr21	5000	my_$word	C	T	9.5	.	.	GT	1|0
chr21	6000	.	G	G]$([ "$1" = b ] && echo chrY || echo chrX):100]	9	PASS	.	GT	0/1
chrX	300	.	A	C	50	PASS	DP=9	GT:DP	$gt:9
$([ "$1" = b ] && printf 'chrY\t400\t.\tA\tC\t50\tPASS\t.\tGT\t1\nchrX\tnonsense')
EOF
}
for t in a b; do vcf $t | sed '/^$/d' >$t.calls.vcf; done
same calls.vcf
holds sa.calls.vcf 'chr1	10000	rs123	A	G	50	PASS	DP=30	GT:DP:AD	0/1:30:15,15'
holds sa.calls.vcf 'FILTERED	END=20001'
grep -qiE 'chrX|chrY|girl|boy|Lily|Tom|XR|SEX' sa.calls.vcf && { echo "strip: calls.vcf still tells"; failed=1; }
peer bcftools bcftools view -o /dev/null sa.calls.vcf
if command -v bcftools >/dev/null; then
    for t in a b; do
        grep -v nonsense $t.calls.vcf | sed 's/##FILTER=<ID=/##FILTER=<ID=q,Description="q">\n&/' >$t.v
        bcftools view -Oz -o $t.calls.vcf.gz $t.v 2>/dev/null
        bcftools view -Ob -o $t.calls.bcf $t.v 2>/dev/null
    done
    same calls.vcf.gz
    same calls.bcf
    peer bcftools bcftools index sa.calls.vcf.gz
    peer bcftools bcftools view -o from.bcf.vcf sa.calls.bcf
    holds from.bcf.vcf 'chr1	10000	rs123	A	G	50	PASS	DP=30	GT:DP:AD	0/1:30:15,15'
fi

# ---- BAM, single and paired ----
for kind in bam pairs; do
    option=ends=single
    [ $kind = pairs ] && option=ends=paired
    for pair in xx:xy x:xxy; do
        "$nipt" bam a.$kind.bam seed=7 reads=20000 fraction=0.1 sex="${pair%:*}" $option >/dev/null
        "$nipt" bam b.$kind.bam seed=7 reads=20000 fraction=0.1 sex="${pair#*:}" $option >/dev/null
        same $kind.bam
    done
    peer samtools samtools quickcheck -v sa.$kind.bam
    peer samtools samtools index sa.$kind.bam
    if command -v samtools >/dev/null; then
        kept=$(samtools view -c -F 0x900 a.$kind.bam $(seq -f chr%g 1 22) 2>/dev/null || { samtools index a.$kind.bam; samtools view -c -F 0x900 a.$kind.bam $(seq -f chr%g 1 22); })
        [ "$kept" = "$(samtools view -c sa.$kind.bam)" ] || { echo "strip: $kind.bam: autosomal reads were lost"; failed=1; }
    fi
done

# ---- HL7 ----
hl7() {
    s=F w=female c=LA19939-0 n=Lily
    [ "$1" = b ] && s=M w=male c=LA19938-2 n=Tom
    printf 'MSH|^~\\&|NIPT-%s|LAB|||20261120||ORU^R01^ORU_R01|M1|P|2.5.1|||||||UTF-8\r' $w
    printf 'PID|1||S2026000123^^^LAB||Baby^%s||20261101|%s\r' $n $s
    printf 'NK1|1|x|%s\rOBR|1|O1|S2026000123|73966-4^Panel^LN|||20261120\r' "$([ "$1" = b ] && echo SON || echo DAU)"
    printf 'OBX|1|NM|73970-6^T21 risk^LN||0.0001|1|%s|N|||F|||20261120\r' $s
    printf 'OBX|2|CWE|75693-2^Fetal sex^LN||%s^%s^LN\r' $c $w
    [ "$1" = b ] && printf 'OBX|3|NM|73823-0^Y reads^LN||1200\rNTE|1||it is a boy\r'
    printf 'OBX|4|CWE|hpv.16^HPV 16^L||positive^Positive^L||||||F\rZSX|%s\r' $w
}
for t in a b; do hl7 $t >$t.msg.hl7; done
sed -i 's/73823-0^Y reads/73821-1^Y reads/' b.msg.hl7
same msg.hl7
holds sa.msg.hl7 '73970-6^^LN||0.0001'
holds sa.msg.hl7 'hpv.16^^L||positive'

# ---- CSV ----
for t in a b; do
    w=girl code=female
    [ $t = b ] && w=boy code=male
    printf 'case,owner,code,value,unit,time,remark\nC1,woman,weight_kg,60,kg,2026-11-12,%s\nC1,fetus_a,fetal_sex,%s,,,\nC1,woman,gestation_days,100,d,2026-11-12,\n' $w $code >$t.facts.csv
    printf 'sample,run,well,specimen,file,sha256,code,value,unit,time,sex\nS1,%s-run,A1,%s,S1_%s.bam,%s,,,,,%s\nS1,R1,A2,,,,hpv.16,positive,,2026-11-12T16:00,%s\n' $w $w $w "$(echo $w | sha256sum | cut -c 1-64)" $code $code >$t.results.csv
done
same facts.csv
same results.csv
holds sa.facts.csv 'C1,woman,weight_kg,60,kg,2026-11-12'
holds sa.results.csv 'hpv.16,positive'

# ---- CDA ----
for t in a b; do
    w=Girl code=F role=DAU v=LA19939-0
    [ $t = b ] && w=Boy code=M role=SON v=LA19938-2
    cat >$t.doc.xml <<EOF
<?xml version="1.0"?><?note $w?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><!-- $w -->
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="2.16.156.10011.1.1" extension="R1"/>
<code code="HSDC00.05" codeSystem="2.16.156.10011.2.4" displayName="$w"/><title>$w</title><effectiveTime value="20261120"/>
<confidentialityCode code="R" codeSystem="2.16.840.1.113883.5.25"/>
<recordTarget><patientRole classCode="PAT"><id extension="P1" root="1.2.3"/><patient><name>Mother of $w</name><administrativeGenderCode code="$code"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><title>$w</title><text>It is a $w</text>
<subject><relatedSubject classCode="PRS"><code code="$role" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>
<entry><observation classCode="OBS" moodCode="EVN"><code code="73970-6" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="PQ" value="0.1" unit="1"/></observation></entry>
<entry><observation classCode="OBS" moodCode="EVN"><code code="75693-2" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CD" code="$v"/></observation></entry>
<entry><observation classCode="OBS" moodCode="EVN"><code code="X" codeSystem="9"/><value xsi:type="ST">$w</value></observation></entry>
</section></component></structuredBody></component></ClinicalDocument>
EOF
done
same doc.xml
holds sa.doc.xml 'value="0.1"'
peer xmllint xmllint --noout sa.doc.xml

# ---- ABIF ----
if [ -n "$abif" ]; then
    for what in "xx trisomy=21" "xy triploid=1"; do
        other=xy
        [ "${what%% *}" = xy ] && other=xx
        "$abif" "$root/reference" example-qfpcr qf a.run.fsa 5 "${what#* }" sex="${what%% *}"
        "$abif" "$root/reference" example-qfpcr qf b.run.fsa 5 "${what#* }" sex=$other
        same run.fsa --kit example-qfpcr
    done
    biopython=
    for python in /usr/bin/python3 python3; do
        [ -n "$biopython" ] || { $python -c 'import Bio' 2>/dev/null && biopython=$python; } || :
    done
    [ -z "$biopython" ] ||
        peer $biopython $biopython -c "from Bio import SeqIO; r=SeqIO.read(open('sa.run.fsa','rb'),'abi'); assert 'DATA1' in r.annotations['abif_raw']"
fi

# ---- what is damaged leaves nothing ----
head -c 30000 a.bam.bam >cut.bam
printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\tx\t.\tA\tC\t.\t.\t.\n' >cut.vcf
printf '<ClinicalDocument xmlns="urn:hl7-org:v3"><a>' >cut.xml
printf 'no,table,of,ours\n1,2,3,4\n' >cut.csv
for f in cut.bam cut.vcf cut.xml cut.csv; do
    rc=0
    "$program" strip --demo --reference "$root/reference" $f out.$f >said 2>&1 || rc=$?
    [ $rc = 1 ] && [ ! -e out.$f ] && [ -s said ] || { echo "strip: $f: exit $rc, $(ls -a | grep -c out.$f) files left"; failed=1; }
done
ls -a | grep -q '^\.[^.]' && { echo "strip: a temporary file was left"; failed=1; }

[ $failed -eq 0 ] && echo "strip: $pairs pairs of twins strip to the same bytes and to themselves; read by:${peers:- no peer installed}"
exit $failed
