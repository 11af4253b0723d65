#!/bin/sh
# No step of release depends on a fetus's sex: tests/noninterference_release.sh PROGRAM
#
# The demonstration as twins a and b (tests/noninterference.sh says how they are made), each taken through everything that comes
# after the judgement: release by policy, review, hold, release by two persons with names from the store of persons, an
# amendment in the second batch, a refused request, what waits, restoring, packages for the centres, worklist, indicators, quality control, a look at a case, the audit with its
# anchor. Compared byte for byte: all that was said, exit codes, released files with their signatures and sizes, packages, pages, and the whole ledger as text: acts, audit chain and
# sealed copies among it. Keys are fixed; the store of persons is filled once and the same for both, because its nonces are chance
# and its content has nothing to do with a fetus. The chosen papers of fetal cases must all have left, else the proof is empty.
# With LEAK=1 two differences are planted in one twin, a reason and a second of time, and must be seen.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
papers=${PAPERS-24}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$program" "$tmp/screenlab"
cp -r "$root/reference" "$tmp/reference"
cp -r "$root/tests/demo/keys" "$tmp/keys"
program=$tmp/screenlab keys=$tmp/keys

say() { # command time argument...
    verb=$1 time=$2
    shift 2
    echo "\$ $verb $*" >>said
    rc=0
    "$program" "$verb" --demo --reference "$tmp/reference" --ledger ledger.db --out out --now "$time" "$@" >>said 2>&1 || rc=$?
    echo "exit $rc" >>said
}

fresh() {
    rm -rf "$tmp/here"
    mkdir "$tmp/here"
    cd "$tmp/here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key
    chmod 600 ledger.db.key
}

# Everybody of the batch, once.
fresh
CASES=$root/tests/demo/cases.tsv "$root/tests/demo/make.sh" "$tmp/here/batch1" a 1 ""
{
    echo "person,subject,name,phone,id_number"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["subject"] == "woman" && $at["person"] ~ /^P[0-9]+$/ && !seen[$at["person"]]++ {
        printf "%s,woman,示例%d,0451-%07d,\n", $at["person"], NR, NR }' batch1/submission.csv
} >people.csv
say people 2026-11-23T08:00:00+08:00 --as "$keys/d02.key" --people-key "$keys/people.key" import people.csv
cp ledger.db.people "$tmp/people"
cd "$root"

twin() { # a|b
    fresh
    cp "$tmp/people" ledger.db.people
    for part in 1 2; do
        CASES=$root/tests/demo/cases.tsv "$root/tests/demo/make.sh" "$tmp/here/batch$part" "$1" $part ""
    done
    say run 2026-11-23T08:30:00+08:00 --key "$keys/laboratory.key" batch1
    sqlite3 ledger.db "SELECT p.name FROM paper p JOIN verdict v ON v.id = p.verdict WHERE v.case_id IN
        (SELECT case_id FROM sample WHERE fetal = 1) AND p.kind <> 2 ORDER BY p.id LIMIT $papers" >papers
    for p in $(cat papers); do
        say review 2026-11-23T09:00:00+08:00 --as "$keys/d01.key" $p
        say release 2026-11-23T09:30:00+08:00 --as "$keys/d02.key" --key "$keys/laboratory.key" --people-key "$keys/people.key" $p
    done
    first=$(head -1 papers)
    say review 2026-11-23T10:00:00+08:00 --as "$keys/d03.key" "$first"
    say hold 2026-11-23T10:00:00+08:00 --as "$keys/d01.key" --reason "${reason:-identity_doubt}" "$first"
    say call 2026-11-23T10:30:00+08:00 --as "$keys/d01.key" --told clinician "$first"
    say run 2026-11-30T08:30:00+08:00 --key "$keys/laboratory.key" batch2
    for p in $(sqlite3 ledger.db "SELECT p.name FROM paper p WHERE EXISTS (SELECT 1 FROM paper o JOIN released r ON r.paper = o.id
            WHERE o.name = p.name AND o.version < p.version) ORDER BY p.id"); do
        say amend 2026-11-30T09:00:00+08:00 --as "$keys/d01.key" --reason new_result $p
        say release 2026-11-30T09:30:00+08:00 --as "$keys/d02.key" --key "$keys/laboratory.key" --people-key "$keys/people.key" $p
    done
    rm -f out/released/"$first"-*
    say restore "${when:-2026-11-30T10:00:00+08:00}" --as "$keys/d02.key" --people-key "$keys/people.key"
    say send 2026-11-30T10:30:00+08:00
    say pending 2026-11-30T10:00:00+08:00
    say worklist 2027-01-30T10:00:00+08:00
    say indicators 2027-01-30T10:00:00+08:00 --from 2026-01-01
    say qc 2027-01-30T10:00:00+08:00
    say show 2026-11-30T10:00:00+08:00 --as "$keys/d01.key" "$first"
    say verify 2026-11-30T10:00:00+08:00
    say audit 2026-11-30T10:00:00+08:00
    sqlite3 ledger.db .dump >ledger.sql
    sqlite3 ledger.db "SELECT count(*) FROM released" >released
    rm -rf batch1 batch2
    find . -type f -exec wc -c {} + | sort >"$tmp/sizes"
    mv "$tmp/sizes" .
    rm -f ledger.db.sealed*
    rm -rf "$tmp/$1"
    cp -r . "$tmp/$1"
    cd "$root"
}

twin a
twin b
fetal=$(wc -l <"$tmp/a/papers") released=$(cat "$tmp/a/released")
diff -r "$tmp/a" "$tmp/b" >"$tmp/diff" 2>&1 || { echo "noninterference of release: the twins differ"; head -20 "$tmp/diff" | cut -c1-200; exit 1; }
[ "$released" -ge $((papers + 3)) ] || { echo "noninterference of release: only $released papers left"; tail -40 "$tmp/a/said"; exit 1; }
if [ -n "${LEAK-}" ]; then # the proof sees what differs between the twins
    reason=clinical_doubt twin b
    diff -r "$tmp/a" "$tmp/b" >/dev/null 2>&1 && { echo "noninterference of release: a reason is not seen"; exit 1; }
    when=2026-11-30T10:00:01+08:00 twin b
    diff -r "$tmp/a" "$tmp/b" >/dev/null 2>&1 && { echo "noninterference of release: a second in the audit is not seen"; exit 1; }
    echo "noninterference of release: planted differences are seen"
fi
echo "noninterference of release: twins are equal byte for byte over $fetal papers of fetal cases, $released released in all"
