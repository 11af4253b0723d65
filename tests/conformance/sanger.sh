#!/bin/sh
# sanger.sh [DIR] - base calls and qualities of real .ab1 files against the published lists, and the heterozygous insertion of a known
# heterozygote against a read of the homozygote. Needs SHARED (default ../shared).
set -u
export LC_ALL=C
dir=${1:-build/release}
shared=${SHARED:-../shared}/data/abif
[ -d "$shared/biopython" ] || { echo "sanger: SKIPPED - no $shared: nothing was checked"; exit 0; }
tool=$dir/tools/read_sanger
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
fail() {
    echo "sanger: WRONG: $*"
    bad=1
}

# 1. Biopython's list: {'id': 'NAME', 'seq': 'BASES', 'qual': [Q, Q, ...]}; blanks and line breaks anywhere.
list=$(tr -d ' \n\r' <"$shared/biopython/Tests/Abi/test_data")
checked=0 bases=0
for name in empty 310 3100 3730; do
    printf '%s' "$list" | awk -v id="$name" '{ at = index($0, "'"'id':'"'" id "'"'"'"); if (at == 0) exit
        s = substr($0, at); match(s, /'"'seq':'[A-Z-]*'"'/); print substr(s, RSTART + 7, RLENGTH - 8)
        s = substr(s, RSTART + RLENGTH); match(s, /'"'qual'"':\[[0-9,]*\]/); print substr(s, RSTART + 8, RLENGTH - 9) }' >"$tmp/want"
    "$tool" --bases "$shared/biopython/Tests/Abi/$name.ab1" >"$tmp/got"
    tr - N <"$tmp/want" | cmp -s - "$tmp/got" || fail "$name.ab1: bases or qualities differ from the list"
    checked=$((checked + 1))
    bases=$((bases + $(head -1 "$tmp/got" | wc -c) - 1))
done
echo "sanger: $bases bases and qualities of $checked files as listed"
got=$("$tool" --bases "$shared/biopython/Tests/Abi/fake.ab1")
[ "$got" = "refused	abif.magic	" ] || fail "fake.ab1: $got"
for f in no_smpl1 nonascii_encoding A6_1-DB3; do
    "$tool" --bases "$shared/biopython/Tests/Abi/$f.ab1" >"$tmp/got" || fail "$f.ab1 is not read"
done

# 2. heterozygous.ab1 beside a clone of its first allele (homozygous.scf): a stretch of it around the place where its two traces part.
het=$shared/sangerseqR/inst/extdata/heterozygous.ab1
slice=GGCTTTTTGGGTGCACCGATGAGAGATCCAGTTTTCACAGCGAACGCTATGGCTTATCACCCTTTTCACGCGCACAGGCCGGCCGACTTTCCCATGTCAGCTTTCCTTGCGGCGGCTCAACCTTCGTTCTTTCCAGCGCTCACTTTACCAGTAAACCGCTGGCGGATCATGCGCTCTCCGGTGCGGCTGAAGCTGGTTTACACGCGGCGCTTGGACATCACCACCAGGCGGCTCATCTGCGCTCTTTCAAGGG
grep -aq ACTTTACCAGTAAACCGCTGGCGGATCATGCGC "$shared/sangerseqR/inst/extdata/homozygous.scf" || fail "the homozygote does not hold the slice"
ask() { # PLACE REF ALT WANT WHAT
    got=$("$tool" --ask "$het" "$slice" "$1" "$2" "$3")
    case $got in "$4"*) echo "sanger: heterozygous.ab1, $5: $4" ;; *) fail "$5: $got instead of $4" ;; esac
}
ask 150 G CCGGGTCTCAG heterozygous "its insertion of ten bases"
ask 150 G CCGGGTCTCTG not_readable "another insertion at that place"
ask 150 G C not_readable "a substitution at that place"
ask 90 C A reference "a place before it"
ask 210 T A not_covered "a place behind it"
n=$("$tool" --double "$het" 0.3 | awk '$1 >= 208 && $1 < 308' | wc -l)
m=$("$tool" --double "$het" 0.3 | awk '$1 >= 108 && $1 < 208' | wc -l)
echo "sanger: heterozygous.ab1: $m of 100 places before the insertion show a second base, $n of 100 from it on"
[ "$m" -le 2 ] && [ "$n" -ge 60 ] || fail "second bases"
exit $bad
