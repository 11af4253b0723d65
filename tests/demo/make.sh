#!/bin/sh
# Writes one batch of the demonstration: tests/demo/make.sh OUT TWIN [PART [CASE]]
#
#   OUT   folder, made anew              TWIN  a, or b: the same with the sex of every fetus exchanged
#   PART  1 = batch, 2 = batch2          CASE  a case's number: only that case
#
# cases.tsv tells the cases, kit.tsv the sites that the example analyser reads, files/ the messages and tables that
# instruments export. Everything is invented. Same input, same bytes: chance is a sum of letters.
#
# CASES=FILE takes the cases from another file of the same form; its VCF.gz and BCF are packed on the spot.
#
# What is not text (vcf.gz, bcf) was packed once and stands in packed/TWIN, because a user has neither bgzip nor bcftools:
#   tests/demo/make.sh --pack        writes packed/ anew (bcftools 1.16, tabix 1.16)
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)

generate() { # out twin part case
    rm -rf "$1"
    mkdir -p "$1"
    awk -v out="$1" -v twin="$2" -v batch="$3" -v only="$4" -v kit="$here/kit.tsv" -f "$here/make.awk" "${CASES-$here/cases.tsv}"
}

pack_one() { # text packed cut
    case $2 in
    *.vcf.gz) bgzip -c "$1" >"$2" ;;
    *.bcf) bcftools view --no-version -Ob -o "$2" "$1" ;;
    esac
    [ "$3" -eq 0 ] || { head -c "$3" "$2" >"$2.cut" && mv "$2.cut" "$2"; }
}

pack() { # twin: text files of a generated batch into packed/
    mkdir -p "$here/packed/$1"
    for part in 1 2; do
        generate "$tmp/batch" "$1" $part ""
        [ -f "$tmp/batch/.pack" ] || continue
        while IFS='	' read -r file cut; do
            pack_one "$tmp/batch/$file.text" "$here/packed/$1/$file" "$cut"
        done <"$tmp/batch/.pack"
    done
}

if [ "${1-}" = --pack ]; then
    tmp=$(mktemp -d)
    trap 'rm -rf "$tmp"' EXIT
    rm -rf "$here/packed"
    pack a
    pack b
    exit 0
fi
[ $# -ge 2 ] || { sed -n '2,5p' "$0"; exit 2; }

out=$1 twin=$2
generate "$out" "$twin" "${3-1}" "${4-}"
if [ -f "$out/.pack" ]; then
    while IFS='	' read -r file cut; do
        if [ -z "${CASES-}" ]; then cp "$here/packed/$twin/$file" "$out/$file"
        else pack_one "$out/$file.text" "$out/$file" "$cut"; fi
        rm "$out/$file.text"
    done <"$out/.pack"
fi
if [ -f "$out/.copy" ]; then
    while read -r file; do cp "$here/files/$file" "$out/$file"; done <"$out/.copy"
fi
if [ -f "$out/results.csv" ]; then # @file stands for its checksum
    (cd "$out" && find . -type f ! -name '.*' ! -name submission.csv ! -name facts.csv ! -name results.csv \
        -exec sha256sum {} +) |
        sed 's|  \./|\t|' >"$out/.sums"
    awk -F'\t' 'NR == FNR { sum[$2] = $1; next }
        { n = split($0, c, ","); line = ""
          for (i = 1; i <= n; i++) line = line (i > 1 ? "," : "") (c[i] ~ /^@/ ? sum[substr(c[i], 2)] : c[i])
          print line }' "$out/.sums" "$out/results.csv" >"$out/.results"
    mv "$out/.results" "$out/results.csv"
fi
if [ -f "$out/.remove" ]; then
    while read -r file; do rm "$out/$file"; done <"$out/.remove"
fi
rm -f "$out/.pack" "$out/.copy" "$out/.sums" "$out/.remove"
