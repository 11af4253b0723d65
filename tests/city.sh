#!/bin/sh
# city.sh DIR [PARTS] [WEEKS] [SEED] - a year of a city in the laboratory: 80,000 births and 300,000 cervical screens, divided by PARTS (default 50), from
# some 400 centres, week by week through submission, judgement, release, sending, returns, until every referral has ended; then worklist and indicators.
# Prints time, size and the cost of a case in the first and in the last quarter of the year (processor time: other work on the machine counts less).
# Fails when a sample is not in exactly one end state, a document is lost or delivered twice, the books do not add up, or, from a tenth of a year up, the
# cost of a case grew by more than a fifth (in a smaller city what a week costs by itself counts for more than its cases).
set -eu
dir=$1 parts=${2-50} weeks=${3-52} seed=${4-1}
here=$(cd "$(dirname "$0")" && pwd)
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
# In memory where that is possible: what is measured is the program, not how long the disk takes to sync two files a case.
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export LC_ALL=C
births=$((80000 / parts)) screens=$((300000 / parts)) townships=380
cd "$work"
cp -r "$here/../reference" reference
"$dir/tools/simulate_city" centres $townships >>reference/example/centres.tsv
# In this city every rule of release that the policy lists is an automatic one; the rest is released by two persons all the same.
for t in reference/release.tsv reference/example/release.tsv; do
    [ ! -e "$t" ] || awk -F'\t' -v OFS='\t' '!/^#/ && $1 != "row" { $6 = "automatic" } { print }' "$t" >"$t.new" && mv "$t.new" "$t"
done
sh reference/seal.sh
keys=$here/demo/keys key=
[ ! -e reference/release.tsv ] || key="--key $keys/laboratory.key"
head -c 32 /dev/zero | tr '\0' 'k' >l.db.key

day() { date -u -d "2026-01-05 + $((7 * $1 + $2)) days" +%Y-%m-%d; }
lab() { # COMMAND NOW ...: prints "wall cpu peak"
    command=$1 now=$2
    shift 2
    "$dir/tools/timed" "$dir/screenlab" "$command" --demo --reference reference --ledger l.db --out out --now "$now" "$@" 2>>log && rc=0 || rc=$?
}
release_rest() { # NOW: d01 reviews and d02 releases what the policy has left
    sqlite3 l.db "SELECT name FROM paper p WHERE NOT EXISTS (SELECT 1 FROM paper h WHERE h.name = p.name AND h.version > p.version)
        AND NOT EXISTS (SELECT 1 FROM released r WHERE r.paper = p.id) ORDER BY id" >waiting
    if [ ! -e reference/release.tsv ]; then
        sh "$here/release_all.sh" "$dir/screenlab" l.db out "$1"
        return
    fi
    for act in "review --as $keys/d01.key" "release --as $keys/d02.key --key $keys/laboratory.key"; do
        "$dir/screenlab" $act --demo --reference reference --ledger l.db --out out --now "$1" - <waiting >/dev/null 2>>log || true
    done
}
answer() { "$dir/tools/simulate_city" answer reference l.db out "$1" "$seed" >>answers || { cat answers; echo "city: a document was lost"; exit 1; }; }

began=$(date +%s)
: >times
w=0
while [ $w -lt "$weeks" ]; do
    rm -rf batch
    mkdir batch
    "$dir/tools/simulate_city" batch "batch/week$w" $w "$weeks" $births $screens $townships "$seed"
    n=$(($(wc -l <"batch/week$w/submission.csv") - 1))
    a=$(lab run "$(day $w 3)T08:00:00+08:00" $key "batch/week$w")
    release_rest "$(day $w 3)T09:00:00+08:00"
    b=$(lab send "$(day $w 4)T08:00:00+08:00")
    answer "$(day $w 6)T08:00:00+08:00"
    echo "$w $n $a $b" >>times
    rm -rf "out/week$w" out/released # what was written lies in the ledger and, as it was sent, in the packages
    w=$((w + 1))
done
round=0
while :; do
    lab send "$(day $((weeks + round)) 4)T08:00:00+08:00" >/dev/null
    before=$(wc -l <answers)
    answer "$(day $((weeks + round)) 6)T08:00:00+08:00"
    round=$((round + 1))
    open=$(sqlite3 l.db "SELECT count(*) FROM (SELECT paper, max(id) AS id FROM step GROUP BY paper) l JOIN step s ON s.id = l.id WHERE NOT (s.state = 'closed' OR (s.state = 'received' AND l.paper LIKE 'RP%'))")
    [ "$open" -gt 0 ] && [ $round -lt 30 ] || break
done
end=$(day $((weeks + round)) 0)
worklist=$(lab worklist "${end}T08:00:00+08:00")
indicators=$(lab indicators "${end}T08:00:00+08:00" --from 2026-01-01 --to 2026-12-31)
took=$(($(date +%s) - began))

echo "city: $births births and $screens screens from $townships townships in $weeks weeks, and $round weeks until the last referral ended: $took s"
awk -v weeks="$weeks" -v parts="$parts" '{ n = $1 < weeks / 4 ? 1 : $1 >= weeks * 3 / 4 ? 4 : 0; cases += $2; cpu += $4 + $7; if (n) { c[n] += $2; r[n] += $4; s[n] += $7 } }
    END { printf "city: cost of a case, processor: run %.2f ms in the first quarter, %.2f in the last; send %.2f and %.2f ms; whole year %.2f ms\n", 1000 * r[1] / c[1], 1000 * r[4] / c[4], 1000 * s[1] / c[1], 1000 * s[4] / c[4], 1000 * cpu / cases
          f = (r[4] + s[4]) / c[4] / ((r[1] + s[1]) / c[1]); printf "city: last quarter over first: %.2f\n", f; exit (weeks >= 52 && parts <= 10 && f > 1.2) }' times || slow=1
echo "city: worklist $worklist, indicators $indicators (wall s, processor s, peak kB); ledger $(($(stat -c %s l.db) / 1048576)) MB"

# ---- nothing lost ----
sqlite3 l.db <<'SQL' >states
.mode list
WITH current AS (SELECT case_id, max(id) AS id FROM verdict WHERE same_as IS NULL GROUP BY case_id),
last AS (SELECT s.paper, s.state FROM (SELECT paper, max(id) AS id FROM step GROUP BY paper) l JOIN step s ON s.id = l.id),
thread AS (SELECT v.case_id, p.name, CASE WHEN l.state IS NULL THEN 'never sent' WHEN l.state = 'closed' THEN 'closed'
    WHEN p.name LIKE 'RP%' AND l.state = 'received' THEN 'reported' ELSE 'open: ' || l.state END AS state
    FROM (SELECT DISTINCT name, verdict FROM paper) p JOIN verdict v ON v.id = p.verdict LEFT JOIN last l ON l.paper = p.name),
case_state AS (SELECT case_id, group_concat(DISTINCT CASE WHEN state LIKE 'open%' OR state = 'never sent' THEN state END) AS open, sum(name LIKE 'RN%') AS referrals FROM thread GROUP BY case_id),
sample_state AS (SELECT s.sample, CASE
    WHEN EXISTS (SELECT 1 FROM sample h WHERE h.sample = s.sample AND h.revision > s.revision) THEN 'replaced'
    WHEN j.state IS NULL THEN 'LOST: no verdict' WHEN k.case_id IS NULL THEN 'LOST: no document' WHEN k.open IS NOT NULL THEN 'LOST: ' || k.open
    WHEN j.state = 0 THEN 'awaiting, told' WHEN k.referrals > 0 THEN 'referred and closed' ELSE 'reported' END AS state
    FROM sample s LEFT JOIN current c ON c.case_id = s.case_id LEFT JOIN judged j ON j.verdict = c.id AND j.sample = s.id LEFT JOIN case_state k ON k.case_id = s.case_id)
SELECT state, count(*) FROM sample_state GROUP BY state ORDER BY state;
SQL
sed 's/^/city: end state: /' states
total=$(awk -F'|' '{ n += $2 } END { print n + 0 }' states)
quarantined=$(sqlite3 l.db 'SELECT count(*) FROM rejection')
[ "$total" -eq $((births + screens)) ] && [ "$quarantined" -eq 0 ] || { echo "city: $total samples of $((births + screens)), $quarantined rejections"; exit 1; }
! grep -q LOST states || { echo "city: samples are lost"; exit 1; }
[ "$(find out/outbox -mindepth 2 -maxdepth 2 -type d ! -name '*.copy' | wc -l)" -eq 0 ] || { echo "city: packages were left behind"; exit 1; }
sqlite3 l.db 'SELECT count(*) FROM (SELECT 1 FROM dispatch WHERE n > 0 GROUP BY paper, centre HAVING count(*) > 1)' | grep -qx 0 || { echo "city: a document was dispatched twice"; exit 1; }
"$dir/screenlab" verify --demo --reference reference --lang en --ledger l.db --out out >verify 2>/dev/null || true
! grep -v ' documents ' verify | grep -q WRONG || { cat verify; exit 1; }
awk -F'\t' '$2 == "230100" && $4 ~ /\// && ($1 == "CN14" || $1 == "CN07" || $1 == "CN23" || $1 == "BD13" || $1 == "LC04" || $1 == "TA01") { printf "city: %s: %s of %s = %.3f\n", $1, $6, $7, $8 }' out/indicators/indicators.tsv
[ -z "${CITY_KEEP-}" ] || { rm -rf "$CITY_KEEP"; mkdir -p "$CITY_KEEP"; cp -r out/worklist out/indicators "$CITY_KEEP"; }
[ -z "${slow-}" ] || { echo "city: the cost of a case grew by more than a fifth"; exit 1; }
