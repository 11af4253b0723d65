#!/bin/sh
# crash.sh PROGRAM [N] - kills the program with SIGKILL at N random moments of the demonstration (default 200) and runs it again: the
# documents and the ledger must then be those of a run that nobody disturbed, byte for byte. Every third victim's second run is
# killed too. At least three quarters of 100 kills or more (half of fewer) must have hit a program that was at work.
set -eu
program=$1 kills=${2-200}
first=${BATCH-batch} # BATCH=qfpcr kills a run of capillary files
here=$(cd "$(dirname "$0")" && pwd)
reference=$here/../reference
# In memory where that is possible: a killed process, unlike a power failure, does not ask what the disk has taken.
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
[ -d "$here/demo/batch" ] || { echo "crash: tests/demo/batch is not there" >&2; exit 1; }
head -c 32 /dev/zero | tr '\0' 'k' > "$work/key"

# run FOLDER BATCH: exit code 0 or 1 is a finished run.
run() {
    "$program" run --demo --reference "$reference" --ledger "$1/l.db" --out "$1/out" -j 2 \
        --now 2026-11-23T08:30:00+08:00 "$here/demo/$2" >"$1/log" 2>&1
}

finish() { # FOLDER BATCH
    status=0
    run "$1" "$2" || status=$?
    [ "$status" -le 1 ] || { cat "$1/log" >&2; echo "crash: a rerun ended with $status" >&2; exit 1; }
}

fresh() {
    rm -rf "$1"
    mkdir "$1"
    cp "$work/key" "$1/l.db.key"
}

# What the ledger says, as text; the sealed store too.
dump() {
    sqlite3 "$1/l.db" .dump > "$1/dump"
    sqlite3 "$1/l.db.sealed" .dump >> "$1/dump"
    rm -f "$1"/l.db-wal "$1"/l.db-shm
}

now_ms() { date +%s%N | cut -c 1-13; }

fresh "$work/whole"
began=$(now_ms)
finish "$work/whole" "$first"
length=$(($(now_ms) - began))
[ ! -d "$here/demo/batch2" ] || finish "$work/whole" batch2
dump "$work/whole"
echo "crash: undisturbed run takes $length ms; $kills kills"

# Starts a run of the batch in FOLDER and kills it at a random moment of the time a run takes; counts it when it was at work. How
# long a run takes is learnt on the way: other work on the machine comes and goes.
hit=0
strike() { # FOLDER BATCH SEED
    delay=$(awk -v seed="$3" -v ms="$length" 'BEGIN { srand(seed); printf "%.3f", rand() * 0.95 * ms / 1000 }')
    "$program" run --demo --reference "$reference" --ledger "$1/l.db" --out "$1/out" -j 2 \
        --now 2026-11-23T08:30:00+08:00 "$here/demo/$2" >"$1/log" 2>&1 &
    victim=$!
    sleep "$delay"
    kill -9 "$victim" 2>/dev/null || true
    status=0
    wait "$victim" 2>/dev/null || status=$?
    if [ "$status" -eq 137 ]; then # 128 + SIGKILL: it had not ended by itself
        hit=$((hit + 1))
        length=$((length * 21 / 20 + 1))
    else # the machine has become faster than it was: aim earlier
        length=$((length * 4 / 5 + 1))
    fi
}

done=0
while [ "$done" -lt "$kills" ]; do
    fresh "$work/victim"
    strike "$work/victim" "$first" "$done"
    done=$((done + 1))
    if [ $((done % 3)) -eq 0 ] && [ "$done" -lt "$kills" ]; then
        strike "$work/victim" "$first" "$((done + 100000))"
        done=$((done + 1))
    fi
    finish "$work/victim" "$first"
    [ ! -d "$here/demo/batch2" ] || finish "$work/victim" batch2
    dump "$work/victim"
    if ! diff -r "$work/whole/out" "$work/victim/out" >"$work/diff" || ! diff "$work/whole/dump" "$work/victim/dump" >>"$work/diff"; then
        head -n 40 "$work/diff" >&2
        echo "crash: after kill $done the outcome differs" >&2
        exit 1
    fi
done
"$program" verify --demo --reference "$reference" --ledger "$work/victim/l.db" --out "$work/victim/out" >"$work/log" ||
    { cat "$work/log" >&2; echo "crash: verify finds a fault" >&2; exit 1; }
echo "crash: $hit of $kills kills hit a program at work; documents and ledger are those of an undisturbed run"
# Three quarters are asked for where chance evens out; of a handful of kills half will do.
share=3
[ "$kills" -ge 100 ] || share=2
[ $((hit * 4)) -ge $((kills * share)) ] || { echo "crash: too few hit a program at work" >&2; exit 1; }
