#!/bin/sh
# An approved disclosure tells one of three words and nothing else: tests/noninterference_disclose.sh PROGRAM|BUILD
#
# Ten pregnancies whose mother carries one variant of X. Twin b is twin a with the sex of every fetus exchanged and what it will suffer kept: every copy
# has the variant (1 against 1/1), a copy is spared (0 against 0/1, and a fetus without the variant), the place is not covered, of low quality, filtered, not called;
# 45,X against 47,XXY; VCF, VCF.gz, BCF and gVCF, records of Y anywhere. Each is walked through refused requests, a request, three approvals, a giving, a
# giving again. Compared byte for byte: all that is said, exit codes, files with names and sizes, the ledger and its audit. The documents must say what the genotype means.
#
# Then the answers are exchanged in one twin (affected for spared): only the documents and their signatures may differ, not their sizes, and nothing else.
# That it can fail: tests/leaks/A19.sed (a carrier told apart from somebody without the variant), tests/leaks/E19.sed (an audit that knows the answer).
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
[ ! -d "$program" ] || program=$program/screenlab
tmp=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$program" "$tmp/screenlab"
cp -r "${REFERENCE-$root/reference}" "$tmp/reference"
cp -r "$root/tests/demo/keys" "$tmp/keys"
program=$tmp/screenlab keys=$tmp/keys condition=example_disease

# number, what the fetus's file says at the place, form, sex, further options, the answer
cases() { # what "affected" and "spared" stand for: "" or "exchanged"
    a=affected s=spared
    [ "$1" = exchanged ] && a=spared s=affected
    cat <<EOF
601 $a vcf M - $a
602 $s vcf M - $s
603 $a vcf.gz F - $a
604 0/0 bcf F - none
605 $a,3,99 vcf M - unknown
606 $s,34,4 vcf F - unknown
607 absent gvcf M - unknown
608 $s,34,99,LowQual vcf.gz M mixy=1 unknown
609 $a bcf X0 - $a
610 $s gvcf XXY mixy=1 $s
EOF
}

write_cases() { # exchanged or ""
    cases "$1" | while read -r n gt form sex more answer; do
        [ "$more" = - ] && more= || more="	$more"
        printf 'S\t%s.1\twoman\tblood\tcarrier\t230103\t230103001\t2026-11-12T08:50\n' $n
        printf 'S\t%s.3\tfetus_a\tamniotic_fluid\tcarrier\t230103\t230103001\t2026-11-12T08:55\tsex=%s\n' $n $sex
        printf 'F\t%s\twoman\tgestation_days\t126\td\t2026-11-12\n' $n
        printf 'V\t%s.1\tvcf\t38\tidentity=%s.1\tG6PD:c.1466G>T=0/1\n' $n $n
        printf 'V\t%s.3\t%s\t38\tidentity=%s.1+%s.2/A\tG6PD:c.1466G>T=%s%s\n' $n "$form" $n $n "$gt" "$more"
    done
}

say() { # time argument...
    time=$1
    shift
    echo "\$ $*" | sed "s|$tmp||g; s|--evidence [^ ]*|--evidence FILE|; s|--specimen [^ ]*|--specimen NAME|" >>said
    rc=0
    "$program" disclose --demo --reference "$tmp/reference" --ledger ledger.db --out out --now "$time" "$@" >>said 2>&1 || rc=$?
    echo "exit $rc" >>said
}

twin() { # name twin [exchanged]
    rm -rf "$tmp/here" "$tmp/$1"
    mkdir "$tmp/here"
    cd "$tmp/here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key
    chmod 600 ledger.db.key
    write_cases "${3-}" >"$tmp/cases.tsv"
    CASES=$tmp/cases.tsv "$root/tests/demo/make.sh" "$tmp/here/batch" "$2" 1 ""
    "$program" run --demo --reference "$tmp/reference" --ledger ledger.db --out out --now 2026-11-23T08:30:00+08:00 batch >said 2>&1 || echo "run: $?" >>said
    day=2026-11-24T09 late=2026-12-20T09:00:00+08:00
    for n in ${CASES_OF-$(cases "" | cut -d' ' -f1)}; do
        c=C2026$n
        file=batch/$(awk -F, -v s="S2026${n}3" '$1 == s && $5 != "" { print $5; exit }' batch/results.csv)
        column=$(awk -F, -v s="S2026${n}3" '$1 == s && $5 != "" { print $4; exit }' batch/results.csv)
        give="--as $keys/d02.key --key $keys/laboratory.key --specimen $column"
        say $day:00:00+08:00 $give --evidence "$file" give $c $condition
        say $day:01:00+08:00 --as "$keys/d01.key" request $c $condition
        say $day:02:00+08:00 --as "$keys/d01.key" approve $c $condition
        for e in d04 d07 d05 d04; do say $day:03:00+08:00 --as "$keys/$e.key" approve $c $condition; done
        say $day:04:00+08:00 $give --evidence "$file" give $c $condition
        say $day:05:00+08:00 --as "$keys/d06.key" approve $c $condition
        say $day:06:00+08:00 --as "$keys/d05.key" --key "$keys/laboratory.key" --evidence "$file" give $c $condition
        say $day:07:00+08:00 $give --evidence batch/submission.csv give $c $condition
        say $late $give --evidence "$file" give $c $condition
        say $day:08:00+08:00 $give --evidence "$file" give $c $condition
        say $day:09:00+08:00 $give --evidence "$file" give $c $condition
    done
    say $day:10:00+08:00 --as "$keys/d01.key" request C2026601 haemophilia_a
    say $day:10:00+08:00 --as "$keys/d01.key" request C2026601 otc_deficiency
    say $day:10:00+08:00 --as "$keys/d01.key" request C2026601 "male; DROP"
    for c in C2026601 C2026602 C2026604; do
        "$program" show --demo --reference "$tmp/reference" --ledger ledger.db --as "$keys/d01.key" --now 2026-11-24T10:00:00+08:00 "$c" >>said 2>&1 || echo "show: $?" >>said
    done
    "$program" verify --demo --reference "$tmp/reference" --ledger ledger.db --out out >>said 2>&1 || echo "verify: $?" >>said
    "$program" audit --demo --reference "$tmp/reference" --ledger ledger.db --now 2026-11-25T09:00:00+08:00 >>said 2>&1 || echo "audit: $?" >>said
    sqlite3 ledger.db .dump >ledger.sql
    rm -rf batch
    find . -type f -exec wc -c {} + | sort >"$tmp/sizes"
    mv "$tmp/sizes" .
    rm -f ledger.db.sealed*
    mv "$tmp/here" "$tmp/$1"
    cd "$root"
}

fail() {
    echo "noninterference of disclosures: $*"
    exit 1
}

twin a a
twin b b
diff -r "$tmp/a" "$tmp/b" >"$tmp/diff" 2>&1 || { head -20 "$tmp/diff" | cut -c1-200; fail "the twins differ"; }
wrong=0 count=0
for row in $(cases "" | tr ' ' '|'); do
    c=C2026${row%%|*} answer=${row##*|}
    case " ${CASES_OF-${row%%|*}} " in *" ${row%%|*} "*) ;; *) continue ;; esac
    case $answer in affected) words=胎儿：受累。 ;; unknown) words=胎儿：无法判断。 ;; *) words=胎儿：预期不受累。 ;; esac
    count=$((count + 1))
    grep -q "$words" "$tmp/a/out/disclosed/$c"-*.html || { echo "$c: not \"$words\""; wrong=1; }
done
[ "$wrong" = 0 ] || fail "a document says something else than the file"
grep -qiE 'male|女|男|chrX|[^a-z]xy?[^a-z]' "$tmp/a/out/disclosed/"*.html && fail "a document holds a word about sex"

twin c a exchanged
find "$tmp/a" "$tmp/c" -path '*disclosed*' \( -name '*.html' -o -name '*.sig' \) -exec sh -c 'wc -c <"$1" >"$1.size"; rm "$1"' _ {} \;
diff -r "$tmp/a" "$tmp/c" >"$tmp/diff" 2>&1 || { head -20 "$tmp/diff" | cut -c1-200; fail "more than the document depends on the answer"; }
echo "noninterference of disclosures: $count pregnancies, $(grep -c '^exit 0' "$tmp/b/said") steps taken and $(grep -c '^exit 1' "$tmp/b/said") refused: twins are equal byte for byte; of another answer only the documents know"
