#!/bin/sh
# crash_release.sh PROGRAM [N] - kill -9 at N random moments (default 60) of what comes after the judgement: a run that releases by policy,
# review, release by two persons, import and rotation of the store of persons, an amendment. After each kill the same step is done again
# where the ledger does not have it; then released files and ledger must be those of a walk that nobody disturbed, byte for byte, and
# verify and audit must find nothing. In FILE.people nonces are chance: of it the persons are compared.
set -eu
program=$1 kills=${2-60}
case $program in /*) ;; *) program=$PWD/$program ;; esac
here=$(cd "$(dirname "$0")" && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
keys=$here/demo/keys
head -c 32 /dev/zero | tr '\0' 'r' >"$work/new.key"

STEPS="import run review release rotate later amend again"
step() { # name: the command of a step, in the current folder
    verb=$1
    set -- --demo --reference "$here/../reference" --ledger l.db --out out
    case $verb in
    import) exec "$program" people "$@" --now 2026-11-23T08:00:00+08:00 --as "$keys/d02.key" --people-key "$keys/people.key" import "$here/demo/people.csv" ;;
    run) exec "$program" run "$@" --now 2026-11-23T08:30:00+08:00 -j 2 --key "$keys/laboratory.key" "$here/demo/batch" ;;
    review) exec "$program" review "$@" --now 2026-11-23T09:00:00+08:00 --as "$keys/d01.key" RN2026206-3 ;;
    release) exec "$program" release "$@" --now 2026-11-23T09:30:00+08:00 --as "$keys/d02.key" --key "$keys/laboratory.key" --people-key "$keys/people.key" RN2026206-3 ;;
    rotate) exec "$program" people "$@" --now 2026-11-24T08:00:00+08:00 --as "$keys/d02.key" --people-key "$keys/people.key" rotate "$work/new.key" ;;
    later) exec "$program" run "$@" --now 2026-11-30T08:30:00+08:00 -j 2 --key "$keys/laboratory.key" "$here/demo/batch2" ;;
    amend) exec "$program" amend "$@" --now 2026-11-30T09:00:00+08:00 --as "$keys/d01.key" --reason new_result RN2026206-3 ;;
    again) exec "$program" release "$@" --now 2026-11-30T09:30:00+08:00 --as "$keys/d02.key" --key "$keys/laboratory.key" --people-key "$work/new.key" RN2026206-3 ;;
    esac
}

is_done() { # name: does the ledger have the step? A run is always asked again: it knows itself what is left.
    case $1 in
    import) what="action = 'people.import'" ;;
    rotate) what="action = 'people.rotate'" ;;
    review | amend) what="action = '$1'" ;;
    release) what="action = 'release' AND object = 'RN2026206-3-v1'" ;;
    again) what="action = 'release' AND object = 'RN2026206-3-v2'" ;;
    *) return 1 ;;
    esac
    [ "$(sqlite3 l.db "SELECT count(*) FROM audit WHERE outcome = 'done' AND $what" 2>/dev/null || echo 0)" -gt 0 ]
}

dump() {
    sqlite3 l.db .dump >dump
    # The sealed copies hold keys that chance made: their names, sizes and checksums are compared.
    grep -v "INTO issued VALUES" dump >dump.rows
    sqlite3 l.db "SELECT id, paper, name, kind, sha256, size, person FROM issued" >>dump.rows
    sqlite3 l.db.people "SELECT person FROM person; SELECT person FROM entry" >>dump.rows 2>/dev/null || :
    rm -f dump l.db-wal l.db-shm l.db.people-journal l.db.sealed-wal l.db.sealed-shm
}

mkdir "$work/0"
head -c 32 /dev/zero | tr '\0' 'k' >"$work/0/l.db.key"
n=0
for s in $STEPS; do
    cp -r "$work/$n" "$work/$((n + 1))"
    n=$((n + 1))
    cd "$work/$n"
    began=$(date +%s%N)
    (step $s) >log 2>&1 || [ $? -le 1 ] || { cat log >&2; echo "crash: step $s fails undisturbed" >&2; exit 1; }
    echo $((($(date +%s%N) - began) / 1000000)) >"$work/ms.$n"
    dump
done

hit=0 k=0
while [ $k -lt "$kills" ]; do
    n=$((k % 8 + 1))
    s=$(echo $STEPS | cut -d' ' -f$n)
    rm -rf "$work/victim"
    cp -r "$work/$((n - 1))" "$work/victim"
    cd "$work/victim"
    delay=$(awk -v seed="$k" -v ms="$(cat "$work/ms.$n")" 'BEGIN { srand(seed); printf "%.3f", rand() * ms / 1000 }')
    (step "$s") >log 2>&1 &
    victim=$!
    sleep "$delay"
    kill -9 $victim 2>/dev/null || :
    status=0
    wait $victim 2>/dev/null || status=$?
    [ $status -eq 137 ] && hit=$((hit + 1))
    is_done "$s" || (step "$s") >log 2>&1 || [ $? -le 1 ] || { cat log >&2; echo "crash: after kill $k step $s ends with an error" >&2; exit 1; }
    dump
    diff -r -q -x log -x 'l.db*' "$work/$n" . || { diff -r -x log -x 'l.db*' "$work/$n" . | head -10; echo "crash: kill $k in step $s leaves a trace" >&2; exit 1; }
    "$program" audit --demo --reference "$here/../reference" --ledger l.db >log 2>&1 || { cat log >&2; exit 1; }
    [ ! -d out ] || "$program" verify --demo --reference "$here/../reference" --ledger l.db --out out >log 2>&1 || { cat log >&2; exit 1; }
    k=$((k + 1))
done
echo "crash: $kills kills in eight steps of release, $hit at work; files and ledger are those of an undisturbed walk"
[ $((hit * 3)) -ge "$kills" ] || { echo "crash: too few kills hit a program at work" >&2; exit 1; }
