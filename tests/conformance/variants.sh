#!/bin/sh
# variants.sh BUILD - does the VCF reader read real files, and does matching agree with bcftools norm?
# The files are not ours to ship: $SHARED points at the folder that holds them. Says what it checked, with figures.
set -eu
build=${1:?usage: variants.sh BUILD}
calls=$build/tools/vcf_calls
data=${SHARED:-../shared}/data/variants
if [ ! -d "$data" ]; then
    echo "variants: SKIPPED - no $data; nothing was checked"
    exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
TAB=$(printf '\t')

fail() {
    echo "variants: FAILED - $*"
    exit 1
}

# equal NAME: $out/NAME.wanted and $out/NAME.got hold the same lines
equal() {
    sort "$out/$1.wanted" > "$out/a"
    sort "$out/$1.got" > "$out/b"
    cmp -s "$out/a" "$out/b" || { diff "$out/a" "$out/b" | head -n 20; fail "$1"; }
}

header() { # CONTIG LENGTH SAMPLE
    printf '##fileformat=VCFv4.2\n##contig=<ID=%s,length=%s>\n' "$1" "$2"
    printf '##FORMAT=<ID=%s,Number=1,Type=%s,Description="x">\n' GT String DP Integer GQ Integer MIN_DP Integer
    printf '##INFO=<ID=END,Number=1,Type=Integer,Description="x">\n'
    printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t%s\n' "$3"
}

# ---- 1. random events in random spellings, on a real slice: bcftools norm is the judge of what is the same ----
slice=$data/torture/ref_chr20_100kb.fa
events() { # SEED: one event in each window of 40 bases, padded at random
    grep -v '^>' "$slice" | tr -d '\n' | tr a-z A-Z | awk -v seed="$1" '
    function pick(n) { return int(rand() * n) }
    function bases(n,  s) { s = ""; while (n-- > 0) s = s substr("ACGT", 1 + pick(4), 1); return s }
    { srand(seed); n = length($0)
      for (w = 1; w + 60 < n; w += 40) {
          if (substr($0, w, 60) ~ /[^ACGT]/) continue
          p = w + 10 + pick(8); k = pick(4); len = 1 + pick(4)
          if (k == 0) { ref = substr($0, p, 1); do alt = bases(1); while (alt == ref) }
          if (k == 1) { ref = substr($0, p, len + 1); alt = substr(ref, 1, 1) }
          if (k == 2) { ref = substr($0, p, 1); alt = ref substr($0, p + 1, len) }   # a tandem copy
          if (k == 3) { ref = substr($0, p, 1); alt = ref bases(len) }
          left = pick(6); right = pick(6); last = p + length(ref)
          ref = substr($0, p - left, left) ref substr($0, last, right)
          alt = substr($0, p - left, left) alt substr($0, last, right)
          printf "chr20\t%d\te%d\t%s\t%s\t.\tPASS\t.\tGT:DP:GQ\t0/1:30:99\n", p - left, w, ref, alt
      } }'
}
if command -v bcftools > /dev/null; then
    sed '/^>/!y/acgtn/ACGTN/' "$slice" > "$out/slice.fa"
    for seed in 11 22; do
        { header chr20 64444167 S; events $seed; } > "$out/raw$seed.vcf"
        bcftools norm --no-version -f "$out/slice.fa" "$out/raw$seed.vcf" 2> /dev/null |
            awk -F "$TAB" '!/^#/ { print $1 "\t" $2 "\t" $4 "\t" $5 }' > "$out/norm$seed.tsv"
    done
    # Panel: all events of both; each with the bases of the slice behind it.
    sort -u "$out/norm11.tsv" "$out/norm22.tsv" | awk -F "$TAB" -v fa="$slice" '
        BEGIN { while ((getline l < fa) > 0) if (l !~ /^>/) s = s toupper(l) }
        { print $0 "\t" substr(s, $2, length($3) + 60) }' > "$out/panel.tsv"
    sed 's/^chr20/20/; s/\t/:/g' "$out/norm11.tsv" | sort -u > "$out/norm.wanted"
    "$calls" -b 38 "$out/panel.tsv" "$out/raw11.vcf" |
        awk -F "$TAB" '$2 == "allele" && $3 ~ /copies=1/ { print $1 }' | sort -u > "$out/norm.got"
    equal norm
    moved=$(awk -F "$TAB" '!/^#/ { print substr($1, 4) ":" $2 ":" $4 ":" $5 }' "$out/raw11.vcf" | sort | comm -23 - "$out/a" | wc -l)
    echo "variants: $(wc -l < "$out/norm.wanted") events in random spellings found, $moved of them not written as bcftools norm" \
        "writes them; none of the other $(($(wc -l < "$out/panel.tsv") - $(wc -l < "$out/norm.wanted"))) sites of the panel was called"
else
    echo "variants: SKIPPED comparison with bcftools norm - bcftools is not installed"
fi

# ---- 2. hard cases on the slice, each with the answer that the record gives ----
# A substitution at P, a deletion of one base at the first run of five equal bases behind it, an insertion there.
grep -v '^>' "$slice" | tr -d '\n' | tr a-z A-Z | awk -v dir="$out" '
function other(b) { return b == "A" ? "G" : b == "C" ? "T" : b == "G" ? "A" : "C" }
function third(b) { return b == "A" ? "C" : b == "C" ? "A" : b == "G" ? "T" : "G" }
function rec(pos, ref, alt, filter, info, format, value, wanted) {
    n++
    file = dir "/hard" n ".rec"
    printf "chr20\t%d\t.\t%s\t%s\t.\t%s\t%s\t%s\t%s\n", pos, ref, alt, filter, info, format, value > file
    close(file)
    print wanted > (dir "/hard" n ".want")
    close(dir "/hard" n ".want")
}
{ p = 70000; r = substr($0, p, 1); a = other(r); b = third(r)
  for (h = p + 50; substr($0, h, 5) !~ /^(AAAAA|CCCCC|GGGGG|TTTTT)/ || substr($0, h - 1, 1) == substr($0, h, 1); h++);
  x = substr($0, h, 1); q = h - 1; y = substr($0, q, 1)
  for (e = h; substr($0, e, 1) == x; e++);
  context = substr($0, q, e - q + 1)
  print "chr20\t" p "\t" r "\t" a "\t" > (dir "/hard.tsv")
  print "chr20\t" q "\t" y x "\t" y "\t" context > (dir "/hard.tsv")
  g = "GT:DP:GQ"
  l = substr($0, p - 1, 1); m = substr($0, p + 1, 1)
  rec(p, r, a, "PASS", ".", g, "0/1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(p, tolower(r), tolower(a), "PASS", ".", g, "1/1:30:99", "allele copies=2 missing=0 dp=30 gq=99")
  rec(p, r, b "," a, "PASS", ".", g, "0/1:30:99", "allele copies=0 missing=0 dp=30 gq=99")
  rec(p, r, b "," a, "PASS", ".", g, "1/2:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(p - 1, l r m, l a m, "PASS", ".", g, "0/1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(p - 1, l r, other(l) a, "PASS", ".", g, "0/1:30:99", "mnv copies=1 missing=0 dp=30 gq=99")
  rec(p, r, a, "PASS", ".", g, "./.:0:0", "no_call copies=0 missing=2 dp=0 gq=0")
  rec(p, r, a, "PASS", ".", g, "0/.:30:99", "no_call copies=0 missing=1 dp=30 gq=99")
  rec(p, r, a, "PASS", ".", g, "./1:30:99", "allele copies=1 missing=1 dp=30 gq=99")
  rec(p, r, a, "LowQual", ".", g, "0/1:3:5", "allele copies=1 missing=0 dp=3 gq=5 filtered")
  rec(p, r, ".", "PASS", ".", g, "0/0:30:99", "reference copies=0 missing=0 dp=30 gq=99")
  rec(p, r, a, "PASS", ".", "GT", "0/0", "allele copies=0 missing=0 dp=-1 gq=-1")
  rec(p - 9, substr($0, p - 9, 1), "<NON_REF>", ".", "END=" p + 9, g ":MIN_DP", "0/0:30:99:12", "reference copies=0 missing=0 dp=12 gq=99 block")
  rec(p - 9, substr($0, p - 9, 1), "<NON_REF>", ".", "END=" p + 9, g ":MIN_DP", "0/0:0:0:0", "reference copies=0 missing=0 dp=0 gq=0 block")
  rec(p - 9, substr($0, p - 9, 1), "<NON_REF>", ".", "END=" p - 1, g, "0/0:30:99", "nothing")
  rec(p, other(r), b, "PASS", ".", g, "0/1:30:99", "ref_mismatch copies=0 missing=0 dp=30 gq=99")
  rec(p - 3, substr($0, p - 3, 6), substr($0, p - 3, 1), "PASS", ".", g, "0/1:30:99", "deleted copies=0 missing=0 dp=30 gq=99")
  rec(p, r, "*", "PASS", ".", g, "0/1:30:99", "deleted copies=0 missing=0 dp=30 gq=99")
  rec(p, r, a ",*", "PASS", ".", g, "1/2:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(p, r, a, "PASS", ".", g, "1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(p + 2, substr($0, p + 2, 1), other(substr($0, p + 2, 1)), "PASS", ".", g, "0/1:30:99", "nothing")
  rec(q, y x, y, "PASS", ".", g, "0/1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(e - 2, x x, x, "PASS", ".", g, "0/1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(q, substr($0, q, e - q), y substr($0, q + 2, e - q - 2), "PASS", ".", g, "0/1:30:99", "allele copies=1 missing=0 dp=30 gq=99")
  rec(q, y x x, y, "PASS", ".", g, "0/1:30:99", "deleted copies=0 missing=0 dp=30 gq=99")
  print n > (dir "/hard.n") }'
cases=$(cat "$out/hard.n")
i=1
while [ "$i" -le "$cases" ]; do
    { header chr20 64444167 S; cat "$out/hard$i.rec"; } > "$out/hard.vcf"
    got=$("$calls" -b 38 "$out/hard.tsv" "$out/hard.vcf" | awk -F "$TAB" '{
        split($3, f, " "); s = $2 " " f[2] " " f[3] " " f[7] " " f[8]
        for (k = 9; k in f; k++) s = s " " f[k]
        print s }')
    [ "${got:-nothing}" = "$(cat "$out/hard$i.want")" ] || fail "hard case $i: $(cat "$out/hard$i.rec"): got ${got:-nothing}"
    i=$((i + 1))
done
echo "variants: $cases hard cases on the slice answered as expected"

# ---- 3. Illumina gVCFs: what each block's first base is worth, against a plain reading of the file ----
records=0
zero=0
for gz in "$data"/gvcf/*.vcf.gz; do
    gzip -dc "$gz" > "$out/g.vcf"
    # A site at the first base of every record that is a block with REF known.
    awk -F "$TAB" '!/^#/ && $5 == "." && $8 ~ /END=/ && $4 ~ /^[ACGT]$/ {
        print $1 "\t" $2 "\t" $4 "\t" ($4 == "A" ? "G" : "A") "\t" }' "$out/g.vcf" | sort -u > "$out/g.tsv"
    awk -F "$TAB" '!/^#/ && $5 == "." && $8 ~ /END=/ && $4 ~ /^[ACGT]$/ {
        n = split($9, k, ":"); split($10, v, ":"); delete m
        for (i = 1; i <= n; i++) m[k[i]] = v[i]
        depth = "MIN_DP" in m ? m["MIN_DP"] : m["DP"]; quality = m["GQX"]
        if (depth == "." || depth == "") depth = -1
        if (quality == "." || quality == "") quality = -1
        sub(/^chr/, "", $1)
        print $1 ":" $2, m["GT"] ~ /\./ ? "no_call" : "reference", "dp=" depth, "gq=" quality }' "$out/g.vcf" > "$out/gvcf.wanted"
    "$calls" "$out/g.tsv" "$gz" | awk -F "$TAB" '$3 ~ / block/ {
        split($1, s, ":"); split($4, r, "-"); split($3, f, " ")
        if (r[1] == s[2]) print s[1] ":" s[2], $2, f[7], f[8] }' > "$out/gvcf.got"
    equal gvcf
    records=$((records + $(wc -l < "$out/gvcf.got")))
    zero=$((zero + $(grep -c 'reference dp=0' "$out/gvcf.got" || true)))
done
echo "variants: $records blocks of $(ls "$data"/gvcf/*.vcf.gz | wc -l) Illumina gVCFs read with their own minimum depth and GQX;" \
    "$zero say 0/0 with depth 0, and were passed on with depth 0"

# Every base by itself, as GATK's GenotypeGVCFs writes it: RGQ is the quality of a reference call.
all_sites=$data/bcftools_test/gvcfz.vcf
awk -F "$TAB" '!/^#/ && $5 == "." && $4 ~ /^[ACGT]$/ { print $1 "\t" $2 "\t" $4 "\t" ($4 == "A" ? "G" : "A") "\t" }' "$all_sites" |
    sort -u > "$out/g.tsv"
awk -F "$TAB" '!/^#/ && $5 == "." && $4 ~ /^[ACGT]$/ {
    n = split($9, k, ":"); split($10, v, ":"); delete m
    for (i = 1; i <= n; i++) m[k[i]] = v[i]
    depth = m["DP"] ~ /^[0-9]+$/ ? m["DP"] : -1; quality = m["RGQ"] ~ /^[0-9]+$/ ? m["RGQ"] : -1
    print substr($1, 4) ":" $2, m["GT"] ~ /\./ ? "no_call" : "reference", "dp=" depth, "gq=" quality }' "$all_sites" > "$out/sites.wanted"
"$calls" "$out/g.tsv" "$all_sites" | awk -F "$TAB" '{ split($1, s, ":"); split($3, f, " ")
    if ($4 == s[2] "-" s[2]) print s[1] ":" s[2], $2, f[7], f[8] }' > "$out/sites.got"
equal sites
echo "variants: $(wc -l < "$out/sites.got") single-base records of a GATK all-sites file agree ($(grep -c no_call "$out/sites.got") no-calls)"

# The same files as bcftools writes them in BCF must say the same.
if command -v bcftools > /dev/null; then
    lines=0
    for vcf in "$data"/gvcf/*.vcf.gz "$all_sites" "$data"/bcftools_test/gvcfz.2.vcf; do
        case $vcf in *.gz) gzip -dc "$vcf" ;; *) cat "$vcf" ;; esac > "$out/g.vcf"
        # a site at every record with one base of REF: its own first ALT, or any other base
        awk -F "$TAB" '!/^#/ && $4 ~ /^[ACGT]$/ {
            alt = $5 ~ /^[ACGT]/ ? $5 : $4 == "A" ? "G" : "A"; sub(/,.*/, "", alt)
            if (length(alt) == 1) print $1 "\t" $2 "\t" $4 "\t" alt "\t" }' "$out/g.vcf" | sort -u > "$out/g.tsv"
        bcftools view --no-version -Ob -o "$out/g.bcf" "$out/g.vcf" 2> /dev/null
        "$calls" "$out/g.tsv" "$out/g.vcf" > "$out/bcf.wanted"
        "$calls" "$out/g.tsv" "$out/g.bcf" > "$out/bcf.got"
        equal bcf
        lines=$((lines + $(wc -l < "$out/bcf.got")))
    done
    echo "variants: $lines calls of 8 files are the same when bcftools has turned them into BCF"
fi

# ---- 4. PharmCAT: no contig length, so no proof of a build; with lengths, genotypes but no depth ----
pharmcat=$data/pharmcat/multisample.vcf
awk -F "$TAB" '!/^#/ && $4 ~ /^[ACGT]+$/ && $5 ~ /^[ACGT]+$/ { print $1 "\t" $2 "\t" $4 "\t" $5 "\t" }' "$pharmcat" > "$out/all.tsv"
# indels there are not all left-aligned without their context: substitutions only
awk -F "$TAB" 'length($3) == 1 && length($4) == 1' "$out/all.tsv" | sort -u > "$out/p.tsv"
"$calls" "$out/p.tsv" "$pharmcat" Sample_1 > /dev/null 2> "$out/err" && fail "a header without lengths was accepted"
grep -q '^vcf.build ' "$out/err" || fail "PharmCAT header: $(cat "$out/err")"
sed 's/##contig=<ID=chr1,/&length=248956422,/' "$pharmcat" > "$out/p.vcf"
for sample in Sample_1 Sample_2; do
    awk -F "$TAB" -v sample="$sample" '/^#CHROM/ { for (i = 10; i <= NF; i++) if ($i == sample) col = i }
        !/^#/ && $4 ~ /^[ACGT]$/ && $5 ~ /^[ACGT]$/ { sub(/^chr/, "", $1); split($col, g, ":")
            c = g[1]; missing = gsub(/\./, ".", c); copies = gsub(/1/, "1", c)
            print $1 ":" $2 ":" $4 ":" $5, (missing && !copies) ? "no_call" : "allele", "copies=" copies }' "$out/p.vcf" > "$out/pharmcat.wanted"
    "$calls" -b 38 "$out/p.tsv" "$out/p.vcf" "$sample" | awk -F "$TAB" '{
        split($1, s, ":"); split($4, r, "-"); split($3, f, " ")
        if (f[7] != "dp=-1" || f[8] != "gq=-1") print "depth out of nowhere"
        if (r[1] == s[2] && $2 != "other" && $2 != "reference") print $1, $2, f[2] }' > "$out/pharmcat.got"
    equal pharmcat
done
echo "variants: PharmCAT's file without contig lengths is refused; with them $(wc -l < "$out/pharmcat.got") genotypes of each of" \
    "two samples agree, and none has a depth, so none can be proof"

# ---- 5. bcftools' own test files: an answer or a Note for each, never a crash ----
: > "$out/codes"
for vcf in "$data"/bcftools_test/*.vcf; do
    rc=0
    "$calls" -q "$out/p.tsv" "$vcf" "$(awk -F "$TAB" '/^#CHROM/ { print $10; exit }' "$vcf")" > "$out/log" 2>&1 || rc=$?
    [ "$rc" -le 1 ] || fail "$vcf: exit $rc"
    if [ "$rc" -eq 0 ]; then echo read; else sed -n '1s/ .*//p' "$out/log"; fi >> "$out/codes"
done
echo "variants: $(wc -l < "$out/codes") files of bcftools' tests: $(sort "$out/codes" | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $2, $1 }')"

# ---- 6. a panel of real size, and our own facts ----
gzip -dc "$data/clinvar_macarthur_b37_20161102.vcf.gz" | awk -F "$TAB" '!/^#/ { print $1 "\t" $2 "\t" $4 "\t" $5 "\t" }' > "$out/clinvar.tsv"
echo "variants: ClinVar 2016 as a panel: $("$calls" -c -b 37 "$out/clinvar.tsv")" \
    "(with lower-case letters: $(awk -F "$TAB" '$3 $4 ~ /[a-z]/' "$out/clinvar.tsv" | wc -l))"
for b in 37 38; do
    awk -F "$TAB" -v b="$b" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $c["ref" b] != "" && $c["pos" b] != "" { print $c["chrom" b] "\t" $c["pos" b] "\t" $c["ref" b] "\t" $c["alt" b] "\t" }' \
        "$data/panel_facts.tsv" > "$out/facts.tsv"
    echo "variants: panel facts, GRCh$b: $("$calls" -c -b "$b" "$out/facts.tsv")"
done
