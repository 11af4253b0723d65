# make.awk - cases.tsv becomes the tables and analyser files of one batch. Called by make.sh; see there.
# Variables: out (folder), twin (a|b), only (case number or ""), kit (kit.tsv), batch (part of cases.tsv to write).

function die(text) { print "make.awk: " FILENAME " line " FNR ": " text > "/dev/stderr"; failed = 1; exit 1 }

function csv(text) { return text ~ /[",\n]/ ? "\"" replace(text, "\"", "\"\"") "\"" : text }
function replace(text, from, to) { gsub(from, to, text); return text }

# "k=v k=v" into option[]; words without "=" are not allowed here
function options(first,    i, at) {
    for (i in option) delete option[i]
    for (i = first; i <= NF; i++) {
        if ($i == "") continue
        if ((at = index($i, "=")) == 0) die("option without =: " $i)
        option[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
}
function given(name, otherwise) { return name in option ? option[name] : otherwise }

function id(letter, number,    n) { # 101.2 -> S20261012, 101 -> C2026101
    n = number
    sub(/\./, "", n)
    return letter "2026" n
}
function case_of(number) { sub(/\..*/, "", number); return number }

# ---- sex: exchanged between the twins, and told by everything a centre or an analyser might send ----
function sex_of(given_sex) {
    if (twin == "a") return given_sex
    return given_sex == "M" ? "F" : given_sex == "F" ? "M" : given_sex == "X0" ? "XXY" : given_sex == "XXY" ? "X0" : given_sex
}
function has_y(s) { return s == "M" || s == "XXY" }
function one_x(s) { return s == "M" || s == "X0" }
function word_of(s) { return s == "M" ? "male" : s == "F" ? "female" : s }

# ---- chance without chance: the same small number for the same words ----
function draw(text,    i, h) {
    h = 7
    for (i = 1; i <= length(text); i++) h = (h * h + h * 31 + index(letters, substr(text, i, 1)) * 7919 + i) % 1000003
    return (h * h + 17) % 1000003
}
# haplotype h (1, 2) of a person at an identity site: 0 or 1
function haplotype(person, site, h) { return draw(person "/" site "/" h) % 100 < 50 ? 1 : 0 }
function identity_gt(person, site,    parents, n) {
    n = split(person, parents, "+") # "101.1+101.2/A" = child of the two
    if (n == 1) return haplotype(person, site, 1) "/" haplotype(person, site, 2)
    sub(/\/.*/, "", parents[2])
    return haplotype(parents[1], site, 1 + draw(person site "m") % 2) "/" \
           haplotype(parents[2], site, 1 + draw(person site "f") % 2)
}

BEGIN {
    FS = OFS = "\t"
    letters = "0123456789.+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    lengths38 = "1:248956422 2:242193529 3:198295559 4:190214555 5:181538259 6:170805979 7:159345973 8:145138636 " \
        "9:138394717 10:133797422 11:135086622 12:133275309 13:114364328 14:107043718 15:101991189 16:90338345 " \
        "17:83257441 18:80373285 19:58617616 20:64444167 21:46709983 22:50818468 X:156040895 Y:57227415 M:16569"
    lengths37 = "1:249250621 2:243199373 3:198022430 4:191154276 5:180915260 6:171115067 7:159138663 8:146364022 " \
        "9:141213431 10:135534747 11:135006516 12:133851895 13:115169878 14:107349540 15:102531392 16:90354753 " \
        "17:81195210 18:78077248 19:59128983 20:63025520 21:48129895 22:51304566 X:155270560 Y:59373566 MT:16569"
    # an older assembly, which the laboratory does not take
    lengths36 = "1:247249719 2:242951149 11:134452384 13:114142980 16:88827254 X:154913754 Y:57772954 MT:16571"
    y38 = "2786855:C:T 2787140:G:A 6868350:A:G 12709450:T:C"
    y37 = "2654896:C:T 2655180:G:A 6736391:A:G 14821381:T:C"
    while ((getline line < kit) > 0) {
        if (line ~ /^#/) continue
        split(line, c, "\t")
        n_kit++
        name[n_kit] = c[1]
        for (i = 0; i < 4; i++) { at38[n_kit, i] = c[2 + i]; at37[n_kit, i] = c[6 + i] }
    }
    part = 1
}

/^#/ || NF == 0 { next }
$1 == "batch" { part = $2; next }
{ number = $1 == "=" ? $3 : $2 }
part != batch || (only != "" && case_of(number) != only) { next }

# S number subject material assay submitter follow_up collected [options]: a registration
$1 == "S" {
    options(9)
    sex = sex_of(given("sex", ""))
    sex_at[number] = sex
    subject_at[number] = $3
    mother = case_of(number) ".1"
    owner = $3 ~ /^fetus/ ? mother : number
    n_rows++
    row[n_rows] = given("person", id("P", owner)) OFS given("case", id("C", case_of(number))) OFS id("S", number) OFS \
        given("revision", 1) OFS given("replaces", "") OFS given("reason", "") OFS $6 OFS $7 OFS $3 OFS $4 OFS $5 OFS $8 OFS \
        given("consent_person", given("person", id("P", owner))) OFS given("consent_version", "ZQ-2026-1") OFS \
        given("consent_date", substr($8, 1, 10)) OFS remark(given("remark", ""), sex)
    row_sex[n_rows] = sex
    if (has_y(sex)) any_y = 1
    if (sex != "") told[++n_told] = number
    next
}
function remark(text, s) {
    if (s == "") return text
    return text (has_y(s) ? "B超提示男孩, 46,XY; it's a boy" : "像妈妈, 女胎; ♀ 46,XX")
}

# F case owner code value [unit [time]]: a declared fact
$1 == "F" { fact[++n_facts] = id("C", $2) OFS $3 OFS $4 OFS $5 OFS $6 OFS $7; next }

# R number run well code value [unit [time]]: a coded result
$1 == "R" {
    result[++n_results] = id("S", $2) OFS $3 OFS $4 OFS "" OFS "" OFS "" OFS $5 OFS $6 OFS $7 OFS $8
    next
}

# T case file run: a table or message file of many specimens, that stands in files/
$1 == "T" { result[++n_results] = "*" OFS $4 OFS "" OFS "" OFS $3 OFS "@" $3 OFS "" OFS "" OFS "" OFS ""; print $3 > (out "/.copy"); next }

# = table case line: a row as a centre might really send it, word for word ("|" for TAB between cells)
$1 == "=" {
    line = $4
    gsub(/\|/, "\t", line)
    if ($2 == "submission") row[++n_rows] = line
    else if ($2 == "facts") fact[++n_facts] = line
    else if ($2 == "results") result[++n_results] = line
    else die("no such table: " $2)
    next
}

# V number form build [options and variants]: a variant file (vcf gvcf lower vcf.gz bcf) and its row of results.csv
$1 == "V" && $3 == "bins" { bins_file(); next }
$1 == "V" { variant_file(); next }
{ die("unknown row: " $1) }

# Reads of cell-free DNA in 50 kb bins: autosomes from a counter, the same for both twins; X and Y fit the fetus's sex.
function bins_file(    file, path, list, n, i, c, b, seed, mean) {
    options(5)
    number = $2
    sex = number in sex_at ? sex_at[number] : ""
    file = (given("named", "") != "" ? "f" case_of(number) "-" word_of(sex) : id("S", number)) ".bins.tsv"
    path = out "/" file
    print "#build GRCh38\n#instrument simulated\n#aligner none\n#ends paired\n#examined 12000000\n#duplicates 600000" > path
    if (sex != "") print "#sex " word_of(sex) > path
    print "chrom", "start", "end", "count", "gc" > path
    n = split(lengths38, list, " ")
    seed = draw(number)
    for (i = 1; i <= n; i++) {
        split(list[i], c, ":")
        if (c[1] == "M" || (c[1] == "Y" && !has_y(sex))) continue
        mean = c[1] == "Y" ? 6 : c[1] == "X" && one_x(sex) ? 190 : 200
        for (b = 0; b < c[2]; b += 50000) {
            if (c[1] != "X" && c[1] != "Y") seed = (seed * 69069 + 12345) % 2147483648
            print "chr" c[1], b, (b + 50000 < c[2] ? b + 50000 : c[2] + 0), \
                mean + (mean < 100 ? 0 : int((seed % 4001 + int(seed / 4001) % 4001 - 4000) / 160)), 38 + (b / 50000) % 7 > path
        }
    }
    close(path)
    result[++n_results] = id("S", number) OFS "NGS-" case_of(number) OFS "" OFS "" OFS file OFS "@" file OFS "" OFS "" OFS "" OFS ""
}

function site(k, i) { return build == 37 ? at37[k, i] : at38[k, i] }
function add(chrom, pos, ref, alt, filter, info, format, sample) {
    n_rec++
    r_chrom[n_rec] = chrom; r_pos[n_rec] = pos
    r_text[n_rec] = chrom_name(chrom) OFS pos OFS "." OFS ref OFS alt OFS "." OFS filter OFS info OFS format OFS sample
}
function chrom_name(chrom) { return build == 38 ? (chrom == "MT" ? "chrM" : "chr" chrom) : chrom }
function chrom_rank(chrom) {
    if (chrom == "Y" && given("mixy", "") != "") return 11.5 # Y in the middle of the autosomes
    return chrom == "X" ? 23 : chrom == "Y" ? 24 : chrom == "MT" || chrom == "M" ? 25 : chrom + 0
}

# What one kit site reads like in this file: genotype,depth,quality,filter,phase set
function reading(k,    who) {
    if (name[k] in option) return option[name[k]]
    if (name[k] ~ /^EX/) { who = given("identity", ""); return who == "" ? "" : identity_gt(who, name[k]) }
    return given("kit", "0/0")
}
function sexed(gt, chrom) {
    if (chrom == "MT") return gt == "0/0" ? "0" : gt
    if (chrom != "X") return gt
    if (gt == "carry") return one_x(sex) ? "1" : "0/1"
    if (gt == "affected") return one_x(sex) ? "1" : "1/1" # the same of both twins: every copy, or one that is spared
    if (gt == "spared") return one_x(sex) ? "0" : "0/1"
    return one_x(sex) && gt == "0/0" ? "0" : gt
}
function variant_file(    line, k, c, r, parts, n, i, gt, keys, blocked, end, last_chrom, last_end) {
    options(5)
    number = $2; form = $3; build = $4
    sex = number in sex_at ? sex_at[number] : ""
    specimen = given("specimen", id("S", number))
    if (sex_at[number] != "" && !("specimen" in option)) specimen = (has_y(sex) ? "BOY-" : "GIRL-") number
    n_rec = 0
    for (k = 1; k <= n_kit; k++) {
        for (i = 0; i < 4; i++) c[i] = site(k, i)
        n = split(reading(k), r, ",")
        if (n == 0 || r[1] == "absent" || (c[0] == "MT" && given("cuty", "") != "")) continue
        gt = sexed(r[1], c[0])
        if (form == "lower") { c[2] = tolower(c[2]); c[3] = tolower(c[3]) }
        if (form == "gvcf" && gt ~ /^0(\/0)?$/) {
            if (k > 1 && site(k - 1, 0) == c[0] && site(k - 1, 1) == c[1] && blocked) continue
            if (last_chrom == c[0] && c[1] <= last_end) continue # a variant's own record speaks there
            blocked = 1
            end = c[1] + length(c[2]) + 11
            for (i = k + 1; i <= n_kit && site(i, 0) == c[0] && site(i, 1) == c[1]; i++) continue
            if (i <= n_kit && site(i, 0) == c[0] && site(i, 1) + 0 > c[1] + 0 && site(i, 1) + 0 <= end) end = site(i, 1) - 1
            add(c[0], c[1], substr(c[2], 1, 1), "<NON_REF>", ".", "END=" end, \
                "GT:DP:GQ:MIN_DP", gt ":" (n > 1 ? r[2] : 36) ":" (n > 2 ? r[3] : 99) ":" (n > 1 ? r[2] : 31))
            continue
        }
        blocked = 0
        last_chrom = c[0]
        last_end = c[1] + length(c[2]) - 1
        add(c[0], c[1], c[2], c[3] (form == "gvcf" ? ",<NON_REF>" : ""), n > 3 && r[4] != "" ? r[4] : "PASS", ".", \
            "GT:DP:GQ" (n > 4 ? ":PS" : ""), gt ":" (n > 1 && r[2] != "" ? r[2] : 34) ":" (n > 2 && r[3] != "" ? r[3] : 99) (n > 4 ? ":" r[5] : ""))
    }
    # raw=chrom:pos:ref:alt:gt[:dp:gq] more than once: raw2=, raw3=
    split("raw raw2 raw3 raw4", keys, " ")
    for (k = 1; k <= 4; k++)
        if (keys[k] in option) {
            n = split(option[keys[k]], parts, ":")
            add(parts[1], parts[2], parts[3], parts[4], "PASS", ".", "GT:DP:GQ", \
                parts[5] ":" (n > 5 ? parts[6] : 34) ":" (n > 6 ? parts[7] : 99))
        }
    if (sex != "") sex_records()
    write_vcf()
}
# What differs between the twins inside the file: Y records or none, alternate contigs, a broken line on X
function sex_records(    n, i, sites, parts) {
    if (has_y(sex)) {
        n = split(build == 38 ? y38 : y37, sites, " ")
        for (i = 1; i <= n; i++) {
            split(sites[i], parts, ":")
            add("Y", parts[1], parts[2], parts[3], "PASS", ".", "GT:DP:GQ", (i % 2 ? "1" : "0") ":17:99")
        }
        if (given("badx", "") != "") { # a place that is none, more values than keys, a line too short
            add("X", "7000000x", "A", "G", "PASS", ".", "GT:DP:GQ", "1:17:99")
            add("X", 70000000, "A", "G", "PASS", ".", "GT:DP:GQ", "1:x:y:z:much:too:many")
            r_chrom[++n_rec] = "X"; r_pos[n_rec] = 70000001; r_text[n_rec] = chrom_name("X") OFS "70000001"
        }
    } else if (given("badx", "") != "") add("X", 70000000, "A", "G,T", "PASS", ".", "GT:DP:GQ", "0/1:30:99")
}
function write_vcf(    file, i, j, t, list, n, c, text, order) {
    text = form == "gvcf" || form == "lower" ? "vcf" : form
    file = given("file", "")
    if (file == "") file = sex_at[number] != "" && given("named", "") != "" ? "f" case_of(number) "-" word_of(sex) "." text : id("S", number) "." text
    path = out "/" file
    if (text != "vcf") path = out "/" file ".text" # make.sh packs it
    if (given("garbage", "") != "") printf "\001\002\003 what no reader knows" > path
    else print "##fileformat=VCFv4.2" > path
    print "##source=example analyser" > path
    if (sex != "") print "##inferredSex=" (has_y(sex) ? "XY" : "XX") > path
    print "##FILTER=<ID=PASS,Description=\"All filters passed\">" > path
    print "##FILTER=<ID=LowQual,Description=\"Low quality\">" > path
    print "##INFO=<ID=END,Number=1,Type=Integer,Description=\"End of the block\">" > path
    print "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">" > path
    print "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">" > path
    print "##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"Genotype quality\">" > path
    print "##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description=\"Least depth of the block\">" > path
    print "##FORMAT=<ID=PS,Number=1,Type=Integer,Description=\"Phase set\">" > path
    print "##ALT=<ID=NON_REF,Description=\"Any other allele\">" > path
    n = split(build == 38 ? lengths38 : build == 37 ? lengths37 : lengths36, list, " ")
    for (i = 1; i <= n; i++) {
        split(list[i], c, ":")
        if (c[1] == "Y" && sex != "" && !has_y(sex)) continue
        print "##contig=<ID=" (build == 38 ? "chr" : "") c[1] ",length=" c[2] ">" > path
    }
    print "#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", specimen > path
    for (i = 1; i <= n_rec; i++) order[i] = i
    for (i = 2; i <= n_rec; i++) { # insertion sort: short and almost in order
        t = order[i]
        for (j = i - 1; j > 0 && after(order[j], t); j--) order[j + 1] = order[j]
        order[j + 1] = t
    }
    for (i = 1; i <= n_rec; i++) print r_text[order[i]] > path
    if (given("cuty", "") != "" && has_y(sex)) printf "%s\t129", chrom_name("Y") > path # cut short inside Y
    close(path)
    if (text != "vcf") print file, given("cut", 0) > (out "/.pack")
    if (given("missing", "") != "") print file > (out "/.remove")
    line = given("run", "NGS-" case_of(number)) OFS given("well", "") OFS \
        (("specimen" in option) || specimen != id("S", number) ? specimen : "") OFS file OFS given("sha256", "@" file)
    if (given("missing", "") == "") file_at[number] = line
    result[++n_results] = id("S", number) OFS line OFS "" OFS "" OFS "" OFS ""
}
function after(a, b) {
    return chrom_rank(r_chrom[a]) > chrom_rank(r_chrom[b]) || \
        (r_chrom[a] == r_chrom[b] && r_pos[a] + 0 > r_pos[b] + 0)
}

function put(file, line,    cells, n, i, text) {
    n = split(line, cells, "\t")
    text = ""
    for (i = 1; i <= n; i++) text = text (i > 1 ? "," : "") csv(cells[i])
    printf "%s\r\n", text > (out "/" file)
}
END {
    if (failed) exit 1
    # the centre's own extra columns: one that always stands there, one that only a male fetus calls for
    if (n_rows) put("submission.csv", "person" OFS "case" OFS "sample" OFS "revision" OFS "replaces" OFS "reason" OFS "submitter" OFS \
        "follow_up" OFS "subject" OFS "material" OFS "assay" OFS "collected" OFS "consent_person" OFS "consent_version" OFS \
        "consent_date" OFS "remark" (n_told ? OFS "fetal_sex" : "") (any_y ? OFS "Y染色体浓度" : ""))
    for (i = 1; i <= n_rows; i++)
        put("submission.csv", row[i] (n_told ? OFS word_of(row_sex[i]) : "") (any_y ? OFS (has_y(row_sex[i]) ? "0.083" : "") : ""))
    if (n_facts || n_told) put("facts.csv", "case" OFS "owner" OFS "code" OFS "value" OFS "unit" OFS "time")
    for (i = 1; i <= n_facts; i++) put("facts.csv", fact[i])
    # facts and results about sex: every fetus has one that differs in value, males one more
    for (i = 1; i <= n_told; i++)
        put("facts.csv", id("C", case_of(told[i])) OFS subject_at[told[i]] OFS "fetal_sex" OFS word_of(sex_at[told[i]]) OFS "" OFS "")
    for (i = 1; i <= n_told; i++)
        if (has_y(sex_at[told[i]])) put("facts.csv", id("C", case_of(told[i])) OFS subject_at[told[i]] OFS "ncv_y" OFS "11.2" OFS "1" OFS "")
    if (n_results || n_told) put("results.csv", "sample" OFS "run" OFS "well" OFS "specimen" OFS "file" OFS "sha256" OFS "code" OFS "value" OFS "unit" OFS "time")
    for (i = 1; i <= n_results; i++) put("results.csv", result[i])
    for (i = 1; i <= n_told; i++) put("results.csv", id("S", told[i]) OFS "NIPT-1" OFS OFS OFS OFS OFS "75693-2" OFS (has_y(sex_at[told[i]]) ? "LA19938-2" : "LA19939-0") OFS OFS)
    for (i = 1; i <= n_told; i++)
        if (has_y(sex_at[told[i]])) put("results.csv", id("S", told[i]) OFS "NIPT-1" OFS OFS OFS OFS OFS "NCV_Y" OFS "11.2" OFS "1" OFS)
    # and some analysers name their file beside every result
    for (i = 1; i <= n_told; i++)
        if (has_y(sex_at[told[i]]) && told[i] in file_at) put("results.csv", id("S", told[i]) OFS file_at[told[i]] OFS "FF_Y" OFS "8.1" OFS "%" OFS)
    # or a file of another sample, or one that was not sent
    for (i = 1; i <= n_told; i++)
        if (has_y(sex_at[told[i]]) && told[i] in file_at) {
            if (told[i % n_told + 1] in file_at) put("results.csv", id("S", told[i]) OFS file_at[told[i % n_told + 1]] OFS "NCV_Y" OFS "11.2" OFS "1" OFS)
            put("results.csv", id("S", told[i]) OFS "NIPT-1" OFS OFS OFS "boy-" told[i] ".txt" OFS OFS "FF_Y" OFS "8.1" OFS "%" OFS)
        }
}
