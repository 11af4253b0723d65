#!/bin/sh
# regions.sh BUILD - bcftools reads the VCF of the demo's gains and losses, and the BED names the same places.
set -eu
program=$(cd "$1" && pwd)/screenlab
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v bcftools >/dev/null || { echo "regions: no bcftools here: not checked"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$program" run --demo --reference "$root/reference" --ledger "$tmp/l.db" --out "$tmp/out" --now 2026-11-30T08:30:00+08:00 "$root/tests/demo/nipt" >/dev/null
vcf=$(ls "$tmp"/out/*/regions.GRCh38.vcf) bed=$(ls "$tmp"/out/*/regions.GRCh38.bed)
bcftools view "$vcf" >"$tmp/view" 2>"$tmp/warnings"
[ ! -s "$tmp/warnings" ] || { cat "$tmp/warnings"; exit 1; }
bcftools query -f '%CHROM\t%POS\t%INFO/END\t[%RT;]\n' "$vcf" | tr -d ';.' | cut -f 1-3 >"$tmp/a"
grep -v '^#' "$bed" | cut -f 1-3 >"$tmp/b"
diff "$tmp/a" "$tmp/b"
[ -s "$tmp/a" ]
echo "regions: $(wc -l <"$tmp/a") records, read by bcftools without a word, the same places as the BED"
