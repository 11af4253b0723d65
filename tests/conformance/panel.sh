#!/bin/sh
# panel.sh [DIR] - the carrier panel against the real files it can be held against: a ClinVar file of GRCh37 (another
# date than the one the panel was built from) and the UCSC chain from hg19 to hg38. Needs SHARED (default ../shared).
set -eu
shared=${SHARED:-../shared}/data/variants
panel=reference/carrier/panel.tsv
clinvar=$shared/clinvar_macarthur_b37_20161102.vcf.gz
chain=$shared/hg19ToHg38.over.chain.gz
for f in "$clinvar" "$chain"; do
    [ -r "$f" ] || { echo "panel: SKIPPED - no $f: nothing was checked"; exit 0; }
done

# 1. Places and alleles of GRCh37; and every base of REF and shift range against the REF of all rows that cover it.
gzip -dc "$clinvar" | awk -F '\t' '
    NR == FNR && /^#/ { next }
    NR == FNR && !header { for (i = 1; i <= NF; i++) col[$i] = i; header = 1; next }
    NR == FNR && $col["mechanism"] == "small" {
        small++
        c = $col["chrom37"]; p = $col["pos37"]
        key[c "\t" p "\t" $col["ref37"] "\t" $col["alt37"]] = $col["row"]
        text = $col["context37"] != "" ? $col["context37"] : $col["ref37"]
        if (c != "MT") for (i = 1; i <= length(text); i++) base[c "\t" (p + i - 1)] = substr(text, i, 1)
        next
    }
    NR == FNR || /^#/ { next }
    {
        sub(/^chr/, "", $1); if ($1 == "M") $1 = "MT"
        n = split($5, alts, ",")
        for (i = 1; i <= n; i++) if (($1 "\t" $2 "\t" $4 "\t" alts[i]) in key) found[$1 "\t" $2 "\t" $4 "\t" alts[i]] = 1
        for (i = 1; i <= length($4); i++) {
            at = $1 "\t" ($2 + i - 1)
            if (at in base) { seen[at] = 1; if (base[at] != toupper(substr($4, i, 1))) wrong[at] = 1 }
        }
    }
    END {
        for (k in found) agree++
        for (k in seen) known++
        for (k in wrong) { bad++; print "panel: reference base differs at " k }
        printf "panel: %d of %d small rows stand in ClinVar of GRCh37 with place and alleles\n", agree, small
        printf "panel: %d of %d bases known there agree\n", known - bad, known
        exit bad > 0 || agree < 119
    }' "$panel" -

# 2. GRCh38: the whole shift range lifts to the stated place inside one gapless block.
gzip -dc "$chain" | awk -F '\t' '
    NR == FNR && /^#/ { next }
    NR == FNR && !header { for (i = 1; i <= NF; i++) col[$i] = i; header = 1; next }
    NR == FNR {
        if ($col["mechanism"] != "small" || $col["chrom37"] == "MT") next
        text = $col["context37"] != "" ? $col["context37"] : $col["ref37"]
        n++
        row[n] = $col["row"]; chrom[n] = "chr" $col["chrom37"]; from[n] = $col["pos37"] - 1; to[n] = from[n] + length(text)
        want[n] = $col["pos38"]
        of[chrom[n]] = of[chrom[n]] " " n
        next
    }
    /^chain/ { split($0, h, " "); t = h[6]; q = h[11]; ok = h[3] in of && h[8] == h[3] && h[10] == "+"; name = h[3]; score = h[2]; next }
    !ok || NF == 0 { next }
    {
        split($0, b, /[ \t]+/)
        k = split(of[name], list, " ")
        for (i = 1; i <= k; i++) {
            r = list[i]
            if (from[r] >= t && to[r] <= t + b[1] && score > best[r]) { best[r] = score; place[r] = q + from[r] - t + 1 }
        }
        t += b[1] + b[2]; q += b[1] + b[3]
    }
    END {
        for (r = 1; r <= n; r++) {
            if (place[r] == want[r]) good++
            else print "panel: " row[r] " lifts to " place[r] ", the panel says " want[r]
        }
        printf "panel: %d of %d nuclear rows lift to their place on GRCh38\n", good, n
        exit good != n
    }' "$panel" -
