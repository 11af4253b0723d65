#!/bin/sh
# ledger.sh DIR [LARGEST] - what a cervical result costs: read, checked, registered, judged and ledgered without documents, 1,000 cases a
# transaction. Two ratios, measured in one run: the cost of a result at the largest size over that at 10,000; and the
# time at the largest size over that of the sqlite3 shell, which imports the same rows into a STRICT table with the same indexes.
# Wall clock and processor time are told side by side: on a busy machine only the second one says anything.
set -eu
dir=$1 largest=${2-1000000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# One woman, one sample, one HPV result a row; ages, types and outcomes go round.
generate() { # N
    mkdir -p "$work/b$1"
    awk -v n="$1" -v dir="$work/b$1" 'BEGIN {
        s = dir "/submission.csv"; f = dir "/facts.csv"; r = dir "/results.csv"; flat = dir "/../flat.csv"
        print "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date" > s
        print "case,owner,code,value,unit,time" > f
        print "sample,run,well,specimen,file,sha256,code,value,unit,time" > r
        printf "" > flat
        split("230102001 230103001 230111101 230123101 230183101", centre, " ")
        for (i = 1; i <= n; i++) {
            id = sprintf("%09d", i); p = sprintf("P%09d", (i * 7919) % 999999937)
            c = centre[i % 5 + 1]; v = i % 9 == 0 ? "positive" : "negative"
            print p ",C" id ",S" id ",1,,," c "," c ",woman,cervical_cells,cervical,2026-11-09T08:30," p ",ZQ-2026-1,2026-11-09" > s
            print "C" id ",woman,birth_date," 1965 + i % 25 "-04-18,," > f
            print "S" id ",HPV-" int(i / 96) ",A" i % 96 ",,,,hpv.pooled," v ",,2026-11-12T16:00" > r
            print "S" id ",1," p ",C" id "," c "," c ",woman,cervical_cells,cervical,2026-11-09T08:30," p ",ZQ-2026-1,2026-11-09,HPV-" int(i / 96) ",A" i % 96 ",hpv.pooled," v ",2026-11-12T16:00" > flat
        }
    }'
}

# Both print "wall-seconds cpu-seconds peak-kB".
judge() { # N
    "$dir/tools/timed" "$dir/screenlab" run --demo --reference "$here/../../reference" --ledger "$work/l$1.db" --out "$work/out" \
        --no-documents --now 2026-11-23T08:30:00+08:00 "$work/b$1"
}

import() { # the rows of flat.csv
    cat >"$work/import.sql" <<SQL
CREATE TABLE result (sample TEXT NOT NULL, revision INTEGER NOT NULL, person TEXT NOT NULL, case_id TEXT NOT NULL, submitter TEXT,
  follow_up TEXT, subject TEXT, material TEXT, assay TEXT, collected TEXT, consent_person TEXT, consent_version TEXT, consent_given TEXT,
  run TEXT, well TEXT, code TEXT, value TEXT, time TEXT, UNIQUE (sample, revision)) STRICT;
CREATE INDEX result_case ON result (case_id);
CREATE INDEX result_person ON result (person);
.import --csv $work/flat.csv result
SQL
    rm -f "$work/import.db"
    "$dir/tools/timed" sqlite3 "$work/import.db" ".read $work/import.sql"
}

first=
for n in 10000 100000 1000000; do
    [ "$n" -le "$largest" ] || break
    generate "$n"
    ours=$(judge "$n")
    first=${first:-"$n $ours"}
    last="$n $ours"
    echo "$n $ours" | awk '{ printf "ledger: %7d results: wall %.2f s, %.1f microseconds a result; processor %.2f s, %.1f; peak %.0f MB\n",
        $1, $2, 1e6 * $2 / $1, $3, 1e6 * $3 / $1, $4 / 1024 }'
    rm -rf "$work/b$n" "$work"/l"$n".db*
done
peer=$(import)
rows=$(sqlite3 "$work/import.db" 'SELECT count(*) FROM result')
echo "$first $last $peer $rows" | awk '{
    printf "sqlite3 .import: %d rows: wall %.2f s, processor %.2f s\n", $12, $9, $10
    printf "ratio: cost of a result at the largest size / at 10,000: wall %.2f, processor %.2f (aim: at most 1.20)\n",
        ($6 / $5) / ($2 / $1), ($7 / $5) / ($3 / $1)
    printf "ratio: time / .import: wall %.1f, processor %.1f (aim: at most 10)\n", $6 / $9, $7 / $10 }'
