#!/bin/sh
# The proof that no output depends on a fetus's sex: tests/noninterference.sh PROGRAM [all | chance CASES SEED]
# "chance" runs one batch of fetal cases by chance, VCF.gz and BCF among them, and nothing else; with WATCH=1 its writing system calls and its progress
# on a terminal are compared, too.
#
# Every batch is run twice through the whole program, as twins a and b: same words, same keys, same time, same place, and
# only the sex of every fetus exchanged (tests/demo/make.awk: columns, facts, result codes, remarks, specimen and file
# names, X and Y in the files, faults inside X; male <-> female, 45,X <-> 47,XXY). Then everything that came out is
# compared byte for byte: stdout, stderr, exit status, names, sizes and contents of all files, the ledger's rows as text, and what
# check, show and verify say. Left out, and only this: FILE.sealed, the keyed checksums of raw files, which nobody reads
# without the key; its size is compared.
#
# A proof that refuses everything would be empty: at least 90 % of all fetal rows that were submitted,
# over all pairs, must have been interpreted.
# That it can fail is shown by tests/leaks.sh, which plants leaks on purpose.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
size=${2-small}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$program" "$tmp/screenlab" # neither changes while the twins run
cp -r "${REFERENCE-$root/reference}" "$tmp/reference"
program=$tmp/screenlab reference=$tmp/reference
failed=0 pairs=0
: >"$tmp/counts"

say() { # what: one command of the program, with all that it says
    echo "\$ $*" >>said
    rc=0
    "$program" "$@" >>said 2>&1 || rc=$?
    echo "exit $rc" >>said
}

# A column of sex in GB18030 within a table in UTF-8: of the two words only "female" is also valid UTF-8, and 45,X is in neither encoding.
mix_encodings() { # table
    [ -f "$1" ] || return 0
    awk 'BEGIN { ORS = "\r\n" } { sub(/\r$/, "") }
        NR == 1 { print $0 ",\320\324\261\360"; next }
        { print $0 "," (/,male(,|$)/ ? "\304\320" : /,female(,|$)/ ? "\305\256" : /,X0(,|$)/ ? "\377\001" : /,XXY(,|$)/ ? "\210" : "") }' "$1" >"$1.mixed"
    mv "$1.mixed" "$1"
}

# The same batch once more on a ledger of its own: which calls wrote, in which order and how much (strace; without process numbers, times and the
# random names of SQLite's journals), and what a terminal shows (script). Rates and times left are cut out; how many failed so far must be a function of how many are done.
watched() { # part now
    run="$program run --demo --reference $reference --now $2 -j 1 --out out.watched --ledger watched"
    cp ledger.db.key watched.db.key
    strace -ff -o watch.raw -e trace=write,writev,pwrite64,ftruncate,fsync,fdatasync,openat,creat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat \
        $run.db "batch$1" >/dev/null 2>&1 || :
    # openat counts when it may write; of a write the place and the size count, its bytes are in the files
    # every process is one line: the parent, and decoders, whose numbers and order are chance
    for process in watch.raw.*; do
        sed -E 's/"[^"]*"\.{3}/""/' "$process" | grep -vE 'O_RDONLY|^(---|\+\+\+)' |
            sed -E 's/^((p?write(v|64)?)\([0-9]+, ).*(, [0-9]+(, [0-9]+)?\) += [0-9]+)$/\1\4/' | tr '\n' ';'
        echo
    done | sort | tr ';' '\n' >calls
    printf 'calls that write: %d\n' "$(wc -l <calls)" >&3
    rm -rf watch.raw.* watched.db* out.watched
    cp ledger.db.key watched.db.key
    script -qec "$run.db batch$1" /dev/null >shown.raw </dev/null || :
    tr '\r' '\n' <shown.raw | sed -E 's/, [0-9]+ a second, [0-9:]+ left//' | grep -E 'cases, [0-9]+ failed' | sort -u >"$tmp/progress.$t" || :
    tr '\r' '\n' <shown.raw | grep -vE 'cases, [0-9]+ failed' >shown
    rm -rf shown.raw watched.db* out.watched
}

# One twin from its making to its dump, always in the same place; what is to be compared ends in $tmp/$1.
twin() { # a|b cases part...
    here=$tmp/here
    rm -rf "$here" "$tmp/$1"
    mkdir -p "$here" "$tmp/$1"
    cd "$here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key # 32 bytes
    chmod 600 ledger.db.key
    t=$1 cases=$2 only=$3
    shift 3
    for part; do
        CASES=$cases "$root/tests/demo/make.sh" "$here/batch$part" "$t" "$part" "$only"
        [ -f "batch$part/submission.csv" ] || continue
        mix_encodings "batch$part/submission.csv"
        grep -cE ',fetus_[ab],|,maternal_plasma,' "batch$part/submission.csv" >>fetal_rows || :
        now=2026-11-23T08:30:00+08:00
        [ "$part" = 2 ] && now=2026-11-30T08:30:00+08:00
        say check --demo --reference "$reference" "batch$part"
        rc=0
        "$program" run --demo --reference "$reference" --ledger ledger.db --out out --now $now "batch$part" >"stdout$part" 2>"stderr$part" || rc=$?
        echo $rc >"exit$part"
        [ -z "${WATCH-}" ] || watched "$part" "$now"
    done
    for c in $(sqlite3 ledger.db "SELECT DISTINCT case_id FROM sample WHERE fetal = 1 ORDER BY 1 LIMIT 40"); do
        say show --demo --reference "$reference" --ledger ledger.db --now 2026-12-01T08:30:00+08:00 "$c"
    done
    say verify --demo --reference "$reference" --ledger ledger.db --out out
    sqlite3 ledger.db .dump >ledger.sql
    sqlite3 ledger.db "SELECT count(*) FROM (SELECT max(verdict), state FROM judged JOIN sample ON sample.id = judged.sample
        WHERE fetal = 1 GROUP BY sample.sample) WHERE state = 1" >interpreted
    for part; do rm -rf "batch$part"; done
    find . -type f -exec wc -c {} + | sort >"$tmp/sizes"
    mv "$tmp/sizes" .
    rm -f ledger.db.sealed*
    cp -r . "$tmp/$t"
    cd "$root"
}

pair() { # name cases only part...
    name=$1
    shift
    pairs=$((pairs + 1))
    twin a "$@"
    twin b "$@"
    [ "$name" = "cell-free DNA" ] || echo "$(awk '{ n += $1 } END { print n }' "$tmp/a/fetal_rows") $(cat "$tmp/a/interpreted")" >>"$tmp/counts"
    if [ -n "${WATCH-}" ] && ! awk -F'[ /]' '{ sub(/.*K/, "", $1) } ($1 in seen) && seen[$1] != $0 { exit 1 } { seen[$1] = $0 }' "$tmp/progress.a" "$tmp/progress.b"; then
        echo "noninterference: $name: progress on a terminal differs"
        failed=$((failed + 1))
    elif diff -r "$tmp/a" "$tmp/b" >"$tmp/diff" 2>&1; then return; fi
    failed=$((failed + 1))
    echo "noninterference: $name: the twins differ"
    head -${LINES_OF_DIFF-20} "$tmp/diff" | cut -c1-200
}

exec 3>/dev/null
[ -z "${WATCH-}" ] || exec 3>"$tmp/watched"
if [ "$size" = chance ]; then
    awk -v n="$3" -v seed="$4" -v packed="${PACKED-1}" -f "$root/tests/demo/fetal.awk" "$root/tests/demo/kit.tsv" >"$tmp/chance.tsv"
    pair "$3 fetal cases by chance, seed $4" "$tmp/chance.tsv" "" 1
    [ -z "${WATCH-}" ] || sort -u "$tmp/watched"
    awk -v failed=$failed '{ print "pairs", $1, "interpreted", $2, "equal", failed ? "no" : "yes"; exit !(!failed && $1 > 0 && $2 >= 0.9 * $1) }' "$tmp/counts"
    exit
fi
demo=$root/tests/demo/cases.tsv
pair "the demonstration" "$demo" "" 1 2
if [ "$size" = all ]; then n=400 singles=$(awk -F'\t' '$1 == "S" && $3 ~ /^fetus/ { sub(/\..*/, "", $2); print $2 }' "$demo" | sort -u)
else n=50 singles="303 305 309 311"; fi
awk -v n=$n -v seed=${SEED-1} -f "$root/tests/demo/fetal.awk" "$root/tests/demo/kit.tsv" >"$tmp/chance.tsv"
pair "$n fetal cases by chance" "$tmp/chance.tsv" "" 1
# cell-free DNA counted in bins: the door and the words around it. No panel fits these counts, so scoring is not reached
# and the samples do not count as interpreted.
for i in 1 2 3 4; do
    sex=$(echo M F X0 XXY | cut -d' ' -f$i)
    printf 'S\t90%d.1\twoman\tmaternal_plasma\tnipt\t230103\t230103\t2026-11-10T09:00\tsex=%s\n' $i $sex
    printf 'F\t90%d\twoman\tgestation_days\t98\td\t2026-11-10\n' $i
    printf 'V\t90%d.1\tbins\t38\tnamed=1\n' $i
done >"$tmp/plasma.tsv"
pair "cell-free DNA" "$tmp/plasma.tsv" "" 1
for c in $singles; do
    part=1
    [ "$c" -ge 700 ] && part=2
    pair "case $c alone" "$demo" "$c" $part
done

awk -v pairs=$pairs -v failed=$failed '{ all += $1; good += $2 } END {
    printf "noninterference: %d of %d pairs of batches are equal byte for byte; %d of %d fetal samples sent in were interpreted (%.1f %%)\n", \
        pairs - failed, pairs, good, all, all ? 100 * good / all : 0
    exit !(failed == 0 && all > 0 && good >= 0.9 * all) }' "$tmp/counts"
