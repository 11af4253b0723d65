#!/bin/sh
# abif.sh [DIR] - sizing against the vendor's tables and GeneMapper's, genotypes of a control whose alleles are published, and files
# that must be refused, on real files of analysers. Needs SHARED (default ../shared).
set -u
export LC_ALL=C
dir=${1:-build/release}
shared=${SHARED:-../shared}/data/abif
[ -d "$shared" ] || { echo "abif: SKIPPED - no $shared: nothing was checked"; exit 0; }
tool=$dir/tools/size_abif
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
fail() {
    echo "abif: WRONG: $*"
    bad=1
}

# 1. The vendor's sizes from the vendor's own rungs: every peak between the first and the last.
for csv in "$shared"/vendor_peaks/*.csv; do
    case $csv in */GF_*) method=cubic ;; *) method=southern ;; esac
    "$tool" --vendor $method "$csv"
done | awk '{ n += $3; m = $5 > m ? $5 : m }
    END { printf "abif: vendor sizes: %d peaks of %d files, largest difference %.6f bp (at most 0.01)\n", n, NR, m; exit !(n > 1500 && m <= 0.01) }' ||
    fail "vendor sizes"

# 2. GeneMapper's table: 50 to 500 bp, the four dyes of the fragments.
for f in "$shared"/trace/*.fsa; do
    "$tool" reference gs500-liz "$f" | awk -F '\t' -v f="$(basename "$f")" '
        $1 == "ladder" { print "ladder\t" f; next } $1 == "peak" && $2 < 5 { print f "\t" $2 "\t" $3 "\t" $4 }'
done >"$tmp/ours"
awk -F '\t' '
    NR == FNR && $1 == "ladder" { files++; next }
    NR == FNR { k = $1 SUBSEP $2; scan[k, ++n[k]] = $3; size[k, n[k]] = $4; next }
    FNR == 1 { next }
    {
        split($0, c, ","); gsub(/"/, "", c[1])
        dye = index("BGYR", c[1]); bp = c[6]
        if (dye == 0 || bp == "NA" || bp < 50 || bp > 500 || !((c[3] SUBSEP dye) in n)) next
        k = c[3] SUBSEP dye; best = 4; total++
        for (i = 1; i <= n[k]; i++) { d = scan[k, i] - c[9]; d = d < 0 ? -d : d; if (d < best && size[k, i] != "nan") { best = d; at = i } }
        if (best > 2) next
        e = size[k, at] - bp; e = e < 0 ? -e : e; print e
        found++
    }
    END { print files, total, found >"/dev/stderr" }' "$tmp/ours" "$shared/trace/genemapper_peaks.csv" 2>"$tmp/counts" | sort -n >"$tmp/errors"
awk 'NR == FNR { files = $1; total = $2; found = $3; next } { e[++n] = $1; s += $1 }
    END {
        p95 = e[int(n * 0.95 + 0.5)]
        printf "abif: GeneMapper: ladder right in %d files, %d of %d peaks found (%.1f %%; at least 98), mean difference %.4f bp (aim 0.02), 95th percentile %.4f (aim 0.12)\n", files, found, total, 100 * found / total, s / n, p95
        exit !(files == 10 && found >= 0.98 * total && s / n <= 0.02 && p95 <= 0.12) }' "$tmp/counts" "$tmp/errors" || fail "GeneMapper's sizes"

# 3. 9947A: 30/30, 15/19, 11/11, named by the ladder of the same run.
d21i="24 24.2 25 26 27 28 28.2 29 29.2 30 30.2 31 31.2 32 32.2 33 33.2 34 34.2 35 35.2 36 37 38"
d21p="24 24.2 25 25.2 26 27 28 28.2 29 29.2 30 30.2 31 31.2 32 32.2 33 33.2 34 34.2 35 35.2 36 37 38"
d18i="7 9 10 10.2 11 12 13 13.2 14 14.2 15 16 17 18 19 20 21 22 23 24 25 26 27"
d18p="8 9 10 10.2 11 12 13 13.2 14 15 16 17 18 19 20 21 22 23 24 25 26 27"
alleles() { # RELEASE KIT LADDER FILE LOCUS DYE LOW HIGH LEAST "NAMES"
    "$tool" "$1" "$2" "$3" >"$tmp/ladder"
    "$tool" "$1" "$2" "$4" >"$tmp/sample"
    awk -F '\t' -v dye="$6" -v low="$7" -v high="$8" -v least="$9" -v names="${10}" '
        $1 != "peak" || $2 != dye || $4 < low || $4 > high { next }
        NR == FNR { tall = $5 > tall ? $5 : tall }
        NR == FNR { all[++seen] = $4; high_of[seen] = $5; next }
        { size[++m] = $4; height[m] = $5; top = $5 > top ? $5 : top }
        END {
            for (i = 1; i <= seen; i++) if (high_of[i] >= least * tall) bin[++n] = all[i]
            if (split(names, name, " ") != n) { print "ladder has " n " alleles"; exit }
            for (i = 2; i <= n; i++) { # evenly spaced: 2 bp for a half repeat, 4 for a whole one
                split(name[i], a, "."); split(name[i - 1], b, ".")
                repeat = (a[1] - b[1]) * 4 + a[2] - b[2]; step = bin[i] - bin[i - 1] - repeat
                if (step > 0.7 || step < -0.7) { print "ladder is uneven at " name[i]; exit }
            }
            for (i = 1; i <= m; i++) {
                if (height[i] < 0.4 * top) continue
                best = "?"
                for (k = 1; k <= n; k++) { d = bin[k] - size[i]; if (d < 0.5 && d > -0.5) best = name[k] }
                out = out (out == "" ? "" : "/") best
            }
            print out
        }' "$tmp/ladder" "$tmp/sample"
}
genotype() { # WHAT RELEASE KIT LADDER FILE
    if [ "$3" = identifiler ]; then
        a=$(alleles "$2" "$3" "$4" "$5" D21S11 1 184 242 0.2 "$d21i")
        b=$(alleles "$2" "$3" "$4" "$5" D18S51 3 262 347 0.2 "$d18i")
        c=$(alleles "$2" "$3" "$4" "$5" D13S317 2 215 247 0.2 "8 9 10 11 12 13 14 15")
    else
        a=$(alleles "$2" "$3" "$4" "$5" D21S11 1 198 261 0.4 "$d21p")
        b=$(alleles "$2" "$3" "$4" "$5" D18S51 1 284 361 0.4 "$d18p")
        c=$(alleles "$2" "$3" "$4" "$5" D13S317 2 172 207 0.4 "7 8 9 10 11 12 13 14 15")
    fi
    echo "$1: D21S11 $a, D18S51 $b, D13S317 $c"
}
want="D21S11 30, D18S51 15/19, D13S317 11"
set_i=$shared/osiris/Identifiler
for f in "$set_i/STRbaseIF/Positive Control.fsa" "$set_i/Identifiler_Artifacts/_Positive_Control.fsa"; do
    got=$(genotype "abif: 9947A, Identifiler" reference identifiler "$set_i/STRbaseIF/Identifiler LADDER.fsa" "$f")
    echo "$got"
    case $got in *"$want") ;; *) fail "the control's genotype" ;; esac
done
got=$(genotype "abif: switched control" reference identifiler "$set_i/Identifiler_Artifacts/A01_LADDER_Run_3100_1465_027_2002-12-31_418_01.fsa" \
    "$set_i/Identifiler_Artifacts/_switched_positive_control_A05_PT84244.fsa")
echo "$got"
case $got in *"$want") fail "the switched control passes for 9947A" ;; esac

got=$(genotype "abif: mixture" reference identifiler "$set_i/STRbaseIF/Identifiler LADDER.fsa" "$set_i/Identifiler_Artifacts/_mixture_G01_ESM7.fsa")
echo "$got"
case $got in *"D21S11 "*/*/*", D18"*) ;; *) fail "the mixture has two alleles at most" ;; esac

# 4. PowerPlex 16: the header names another standard; an approved override lets it be read.
set_p=$shared/osiris/PowerPlex16/STRBasePP16
cp -r reference "$tmp/reference"
printf '#version\t1\n#valid-from\t2026-01-01\n#status\tlocal\n#source\tthis test\nkit\theader\tapproved_by\tdate\tsource\npowerplex16\tGSLIZ500-250POP6.szs\ttest\t2026-01-01\ttest\n' \
    >"$tmp/reference/fragment/overrides.tsv"
sh "$tmp/reference/seal.sh" >"$tmp/log" 2>&1 || { cat "$tmp/log"; fail "seal"; }
got=$(genotype "abif: 9947A, PowerPlex 16 with an override" "$tmp/reference" powerplex16 "$set_p/PP16 LADDER.fsa" "$set_p/positive control.fsa")
echo "$got"
case $got in *"$want") ;; *) fail "the control's genotype" ;; esac

# 5. Files that must be refused, and for which reason; files whose vendor ladder was wrong and whose true ladder is found.
refused() { # KIT FILE CODE
    got=$("$tool" reference "$1" "$2" | cut -f 1,2 | head -1)
    [ "$got" = "refused	$3" ] || fail "$(basename "$2"): $got instead of $3"
    echo "abif: $(basename "$2"): refused, $3"
}
refused powerplex16 "$set_p/positive control.fsa" kit.header
refused identifiler "$set_i/Identifiler_Artifacts/_ILS_too_low_A06_OT05897.fsa" ladder.none
refused gs500-pet "$shared/fsatools/FSAtools/inst/extdata/fsa_SNP/A7840.fsa" ladder.few
refused gs400-pet "$shared/fsatools/FSAtools/inst/extdata/fsa_SNP/A7840.fsa" kit.header
refused gs600-liz "$shared/fraggler/demo/no_peaks.fsa" ladder.few
for s in GF_1_FTA_A01_01 GF_4_FTA_D01_04 GF_6_FTA_F01_06; do
    "$tool" reference globalfiler "$shared/osiris/GlobalFilerHID/$s.hid" >"$tmp/gf" || fail "$s: no ladder"
    awk -F '\t' -v s=$s 'NR == 1 { n = $2 == $3 && $2 == 36 } $1 == "rung" { m[$2] = $3 }
        END { print "abif: " s ": 36 rungs, 120 bp at scan " m[120]; exit !(n && (s !~ /GF_1/ || (m[40] == 3325 && m[60] == 3595 && m[80] == 3858 && m[100] == 4116 && m[114] == 4291 && m[120] >= 4368 && m[120] <= 4369))) }' "$tmp/gf" || fail "$s: wrong rungs"
done

# 6. A saturated or pulled-up peak carries its mark.
for f in _off_scale_data_D3_D21_vWA_B08_UT57312 "_pull-up_D21_vWA_B08_UT57312 "; do
    "$tool" reference identifiler "$set_i/Identifiler_Artifacts/$f.fsa" |
        awk -F '\t' '$1 == "peak" && $8 % 2 { off++ } $1 == "peak" && int($8 / 2) % 2 { pulled++ }
            END { printf "abif: one file under two names: %d peaks off scale, %d pulled up\n", off, pulled; exit !(off > 0 && pulled > 0) }' || fail "marks of $f"
done
# 7. An electrical spike stands at one scan of all dyes, up to 1,450 high, and is narrower than any fragment: no peak of any dye.
"$tool" reference identifiler "$set_i/Identifiler_Artifacts/_spike_in_D2_and_FGA_B12_ID_LADDER2.fsa" >"$tmp/spike"
awk -F '\t' '$1 == "ladder" { rungs = $2 } $1 == "peak" { n++; near += $3 > 6588 && $3 < 6594 }
    END { printf "abif: spike at scan 6591: %d peaks there, %d elsewhere, %d rungs\n", near, n, rungs; exit !(n > 100 && near == 0 && rungs == 13) }' "$tmp/spike" || fail "the spike is a peak"
exit $bad
