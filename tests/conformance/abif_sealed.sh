#!/bin/sh
# abif_sealed.sh BUILD - real files of an analyser go through the whole program as fetal samples, with a real control DNA and a real blank of
# the same set; then again with the amelogenin peaks of samples and controls erased, doubled and five times as high, in every dye: no byte that
# comes out may change. And every truncation of a real file is refused with its tag, or loses nothing. Needs SHARED (default ../shared).
set -u
export LC_ALL=C
dir=$(cd "${1:-build/release}" && pwd)
shared=${SHARED:-../shared}/data/abif
[ -d "$shared" ] || { echo "abif_sealed: SKIPPED - no $shared: nothing was checked"; exit 0; }
set_i=$shared/osiris/Identifiler/STRbaseIF
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0

# The laboratory's part: windows of a forensic kit, of which three markers are on 13, 18 and 21.
cp -r reference "$tmp/reference"
{
    printf '#version\t1\n#valid-from\t2026-01-01\n#status\tlocal\n#source\tthis test\nkit\tmarker\tchromosome\tdye\tlow\thigh\trepeat\tsex\tsource\n'
    while read -r marker chromosome dye low high sex; do
        printf 'identifiler\t%s\t%s\t%s\t%s\t%s\t4\t%s\ttest\n' "$marker" "$chromosome" "$dye" "$low" "$high" "$sex"
    done <<IN
AMEL XY 4 104 114 yes
D21S11 21 1 184 242 no
D18S51 18 3 262 347 no
D13S317 13 2 215 247 no
D8S1179 8 1 122 172 no
D7S820 7 1 255 297 no
TH01 11 2 160 205 no
D16S539 16 2 250 295 no
vWA 12 3 152 210 no
D5S818 5 4 130 172 no
FGA 4 4 210 300 no
IN
} >"$tmp/reference/fragment/panel.tsv"
printf '#version\t1\n#valid-from\t2026-01-01\n#status\tlocal\n#source\tthis test\nkit\tdecay_per_bp\tstutter_mean\tstutter_most\tforward_most\tsource\nidentifiler\t0.001\t0.06\t0.15\t0.03\ttest\n' >"$tmp/reference/qfpcr/kits.tsv"
printf '#version\t1\n#valid-from\t2026-01-01\n#status\tlocal\n#source\tthis test\nkit\tmaterial\tmarker\tsizes\tsource\nidentifiler\t9947A\tD18S51\t296.5|314.1\ttest\n' >"$tmp/reference/qfpcr/controls.tsv"
rm "$tmp/reference/example/fragment/panel.tsv" "$tmp/reference/example/qfpcr/kits.tsv" "$tmp/reference/example/qfpcr/controls.tsv"
sh "$tmp/reference/seal.sh" >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }

sum() { sha256sum "$1" | cut -c 1-64; }
run() { # name, factor ("" = as it is)
    batch=$tmp/batch
    rm -rf "$batch" "$tmp/here"
    mkdir "$batch" "$tmp/here"
    echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$batch/submission.csv"
    echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$batch/results.csv"
    echo run,well,role,kit,material,file,sha256 >"$batch/plate.csv"
    n=700000
    for f in "$set_i"/MIX05case[234]_victim.fsa "$set_i/Positive Control.fsa"; do
        n=$((n + 1))
        take "$2" "$f" "$batch/S$n.fsa"
        echo "P$n,C$n,S$n,1,,,230103001,230103001,fetus_a,amniotic_fluid,qfpcr,2026-11-12T08:30,P$n,ZQ-2026-1,2026-11-10," >>"$batch/submission.csv"
        echo "S$n,ID,W$n,,S$n.fsa,$(sum "$batch/S$n.fsa"),,,," >>"$batch/results.csv"
    done
    take "$2" "$set_i/Positive Control.fsa" "$batch/control.fsa"
    take "" "$set_i/Negative Control.fsa" "$batch/blank.fsa"
    printf 'ID,,sample,identifiler,,,\nID,C1,control,identifiler,9947A,control.fsa,%s\nID,C2,blank,identifiler,,blank.fsa,%s\n' "$(sum "$batch/control.fsa")" "$(sum "$batch/blank.fsa")" >>"$batch/plate.csv"
    cd "$tmp/here" || exit 1
    printf 'noninterference: one fixed key!\n' >ledger.db.key
    chmod 600 ledger.db.key
    rc=0
    "$dir/screenlab" run --demo --reference "$tmp/reference" --ledger ledger.db --out out --now 2026-11-23T08:30:00+08:00 "$batch" >stdout 2>stderr || rc=$?
    echo $rc >exit
    sqlite3 ledger.db .dump >ledger.sql
    rm -f ledger.db.sealed*
    cd "$OLDPWD" || exit 1
    mv "$tmp/here" "$tmp/$1"
}
take() { # factor, from, to
    if [ "$1" = "" ]; then cp "$2" "$3"; else "$dir/tools/edit_abif" "$tmp/reference" identifiler "$2" "$3" 104 114 "$1" || bad=1; fi
    chmod u+w "$3"
}
run whole ""
for factor in 0 2 5; do
    run "times$factor" $factor
    cmp -s "$tmp/whole/ledger.sql" "$tmp/times$factor/ledger.sql" || bad=1
    diff -r "$tmp/whole" "$tmp/times$factor" >"$tmp/diff" 2>&1 || { bad=1; echo "abif_sealed: amelogenin times $factor shows:"; head -5 "$tmp/diff" | cut -c 1-200; }
done
findings=$tmp/whole/out/batch/findings.tsv
told=$(grep -c 'qfpcr.marker.*measured' "$findings")
[ "$told" -ge 20 ] || { echo "abif_sealed: only $told markers were measured: the proof would be empty"; bad=1; }
grep -q AMEL "$findings" && { echo "abif_sealed: amelogenin is listed"; bad=1; }
[ $bad = 0 ] || { echo "abif_sealed: BROKEN"; exit 1; }
echo "abif_sealed: 4 real files as fetal samples, control and blank; amelogenin erased, doubled, five times: $(find "$tmp/whole" -type f | wc -l) files equal; $told markers measured"
got=$("$dir/tools/edit_abif" reference gs500-liz "$shared/trace/20230413_A07.fsa" --cuts) || { echo "abif_sealed: WRONG:"; bad=1; }
echo "abif_sealed: $got"
exit $bad
