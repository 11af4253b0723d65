#!/bin/sh
# together.sh PROGRAM - what others do to a run: a second run on the same ledger, a reader that holds the database, a folder that cannot
# be written, a clock that was put back between a kill and the rerun. One waits or refuses with a Note; nothing is lost, nothing
# is there twice. Exit 0 only when all held.
set -eu
export LC_ALL=C
program=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
now=2026-11-23T08:30:00+08:00

start() { # FOLDER OUT [option...]: exec, so that $! is the program
    folder=$1 out=$2
    shift 2
    exec "$program" run --demo --reference "$here/../reference" --ledger "$folder/l.db" --out "$out" -j 1 "$@" "$here/demo/batch"
}
fresh() {
    rm -rf "$1"
    mkdir "$1"
    head -c 32 /dev/zero | tr '\0' k >"$1/l.db.key"
}
dump() { { sqlite3 "$1/l.db" .dump && sqlite3 "$1/l.db.sealed" .dump; } >"$1.dump"; }
fail() {
    echo "together: $*" >&2
    exit 1
}
ended() { # STATUS WANTED LOG WHAT
    [ "$1" -eq "$2" ] || { cat "$3" >&2; fail "$4 ended with $1, not $2"; }
}
same() { # FOLDER WHAT
    dump "$1"
    diff "$work/whole.dump" "$1.dump" >/dev/null || fail "$2: another ledger"
    diff -r "$work/whole/out" "$1/out" >/dev/null || fail "$2: other documents"
    echo "together: $2: same ledger and documents"
}
run() { # FOLDER LOG WANTED WHAT [option...]
    f=$1 log=$2 wanted=$3 what=$4
    shift 4
    rc=0
    (start "$f" "$f/out" "$@") >"$log" 2>&1 || rc=$?
    ended $rc "$wanted" "$log" "$what"
}

fresh "$work/whole"
run "$work/whole" "$work/log" 1 "the undisturbed run" --now $now
dump "$work/whole"

# A first run that stands still in the middle: the second refuses and says why; the first then goes on to its end.
fresh "$work/two"
start "$work/two" "$work/two/out" --now $now >"$work/first.log" 2>&1 &
first=$!
until [ -e "$work/two/out/batch/referrals" ]; do kill -0 $first || break; done
kill -STOP $first
run "$work/two" "$work/second.log" 3 "a second run beside a first" --now $now
grep -q '^screenlab: ' "$work/second.log" || fail "the second run says nothing"
kill -CONT $first
rc=0
wait $first || rc=$?
ended $rc 1 "$work/first.log" "the first run"
same "$work/two" "a second run beside a first refuses"

# Both at the same moment, ten times.
i=0
while [ $i -lt 10 ]; do
    i=$((i + 1))
    fresh "$work/race"
    start "$work/race" "$work/race/out" --now $now >"$work/a.log" 2>&1 &
    a=$!
    start "$work/race" "$work/race/out" --now $now >"$work/b.log" 2>&1 &
    b=$!
    ra=0 rb=0
    wait $a || ra=$?
    wait $b || rb=$?
    case $ra$rb in 13 | 31 | 11 | 10 | 01) ;; *) fail "two runs at once ended with $ra and $rb" ;; esac
    [ $ra -ne 3 ] || grep -q '^screenlab: ' "$work/a.log" || fail "no Note"
    [ $rb -ne 3 ] || grep -q '^screenlab: ' "$work/b.log" || fail "no Note"
    dump "$work/race"
    diff "$work/whole.dump" "$work/race.dump" >/dev/null && diff -r "$work/whole/out" "$work/race/out" >/dev/null ||
        fail "two runs at once: another outcome"
done
echo "together: two runs at the same moment, $i times: one waits or refuses; same ledger and documents"

# Another program holds the database for two seconds: the run waits.
fresh "$work/held"
run "$work/held" "$work/log" 1 "a run" --now $now
rm -rf "$work/held/out"
(echo 'BEGIN IMMEDIATE;' && sleep 2 && echo 'ROLLBACK;') | sqlite3 "$work/held/l.db" &
sleep 0.3
run "$work/held" "$work/log" 1 "a run on a held database" --now $now
wait
same "$work/held" "a database held by another for two seconds is waited for"

# Documents cannot be written: nothing is recorded as told; afterwards they can.
fresh "$work/readonly"
rc=0
(start "$work/readonly" /proc/screenlab --now $now) >"$work/log" 2>&1 || rc=$?
ended $rc 3 "$work/log" "a run with an output folder that cannot be made"
grep -q '^screenlab: ' "$work/log" || fail "no Note on the output folder"
run "$work/readonly" "$work/log" 1 "its rerun" --now $now
same "$work/readonly" "an output folder that cannot be written"

# Killed at work; the clock is put back by a year before the rerun: the batch keeps the time at which it began.
fresh "$work/clock"
start "$work/clock" "$work/clock/out" --now $now >"$work/log" 2>&1 &
victim=$!
until [ -n "$(ls "$work/clock/out/batch/referrals" 2>/dev/null)" ]; do kill -0 $victim || break; done
kill -9 $victim 2>/dev/null || true
wait $victim 2>/dev/null || true
run "$work/clock" "$work/log" 1 "a rerun with the clock put back" --now 2025-11-23T08:30:00+08:00
same "$work/clock" "a clock that is put back between a kill and the rerun"
