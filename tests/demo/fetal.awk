# fetal.awk - N fetal cases by chance (a counter and a seed, the same everywhere), as rows of cases.tsv:
#     awk -v n=24 -v seed=1 -f fetal.awk kit.tsv
# With -v packed=1 some are VCF.gz and BCF, which make.sh then packs by bgzip and bcftools.
# Every material, subject, format and number of sex chromosomes; variants on autosomes and X; faults inside X; names that tell.
function chance(below) { state = (state * 69069 + 12345) % 2147483648; return int(state / 2147483648 * below) }
function pick(list,    words, count) { count = split(list, words, " "); return words[1 + chance(count)] }

BEGIN { FS = OFS = "\t"; state = seed * 7919 + 1 }
/^#/ || $1 ~ /^EX/ { next }
$2 == "X" { x[n_x++] = $1; next }
$2 != "MT" { a[n_a++] = $1 }
END {
    centres = "230102001 230103 230103001 230111101 230123101 230126101 230184101"
    for (i = 1; i <= n; i++) {
        number = 1000 + i
        centre = pick(centres)
        day = "2026-11-" sprintf("%02d", 2 + chance(18)) "T" sprintf("%02d", 8 + chance(9)) ":" sprintf("%02d", chance(60))
        with_mother = chance(3) == 0
        twins = chance(6) == 0
        if (with_mother) {
            print "S", number ".1", "woman", "blood", "carrier", centre, centre, day
            print "V", number ".1", "vcf", 38, "identity=" number ".1", a[chance(n_a)] "=0/1", x[chance(n_x)] "=0/1"
        }
        for (f = 3; f <= 3 + twins; f++) {
            print "S", number "." f, f == 3 ? "fetus_a" : "fetus_b", \
                pick("chorionic_villus amniotic_fluid amniotic_fluid cord_blood products_of_conception unknown"), "carrier", centre, centre, day, \
                "sex=" pick("M F M F M F X0 XXY")
            line = "V" OFS number "." f OFS pick(packed ? "vcf gvcf lower vcf.gz bcf" : "vcf vcf vcf gvcf lower") OFS (with_mother ? 38 : pick("38 38 37"))
            if (with_mother) line = line OFS "identity=" number ".1+" number ".2/" f
            k = chance(4)
            while (k-- > 0) line = line OFS a[chance(n_a)] "=" pick("0/1 0/1 1/1 ./. 0/1,5,9,LowQual 0/1,0,0 absent")
            if (chance(2)) line = line OFS x[chance(n_x)] "=carry"
            if (chance(4) == 0 && line !~ /\t(vcf\.gz|bcf)\t/) line = line OFS "badx=1"
            if (chance(4) == 0) line = line OFS "named=1"
            text = line !~ /\t(vcf\.gz|bcf)\t/ # bcftools writes no line that is cut, and none with a broken field
            if (chance(5) == 0 && text) line = line OFS "mixy=1"
            if (chance(5) == 0 && text) line = line OFS "cuty=1"
            if (chance(12) == 0) line = line OFS "kit=0/0,0,0"
            # now and then something that cannot be interpreted: what is said about it must not tell either
            if (i % 50 == 7 && line !~ /\tbcf\t/) line = line OFS "named=1" OFS "garbage=1" # bcftools packs no garbage
            if (i % 50 == 23) line = line OFS "named=1" OFS "missing=1"
            if (i % 50 == 41) line = line OFS "named=1" OFS "sha256=" sprintf("%064d", 0)
            print line
        }
    }
}
