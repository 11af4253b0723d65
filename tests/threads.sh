#!/bin/sh
# threads.sh PROGRAM TSAN_PROGRAM - the demonstration on 1, 2, 4 and 8 threads: no data race, and the same bytes every time as on
# one thread of the release build. The sanitizer's program is clang's; libraries that were not built for it are not judged.
set -eu
program=$1 checked=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66 halt_on_error=0"

run() { # FOLDER PROGRAM THREADS
    mkdir "$1"
    head -c 32 /dev/zero | tr '\0' 'k' > "$1/l.db.key"
    for batch in batch batch2 qfpcr; do
        [ -d "$here/demo/$batch" ] || continue
        status=0
        "$2" run --demo --reference "$here/../reference" --ledger "$1/l.db" --out "$1/out" -j "$3" \
            --now 2026-11-23T08:30:00+08:00 "$here/demo/$batch" >"$1/log" 2>&1 || status=$?
        [ "$status" -le 1 ] || { cat "$1/log" >&2; echo "threads: -j $3 ended with $status (66 = data race)" >&2; exit 1; }
    done
    sqlite3 "$1/l.db" .dump > "$1/dump"
    sqlite3 "$1/l.db.sealed" .dump >> "$1/dump"
}

run "$work/one" "$program" 1
for n in 1 2 4 8; do
    run "$work/$n" "$checked" "$n"
    diff -r "$work/one/out" "$work/$n/out" >&2 && diff "$work/one/dump" "$work/$n/dump" >&2 ||
        { echo "threads: -j $n gives other bytes" >&2; exit 1; }
    echo "threads: -j $n: no data race, same documents and ledger as on one thread"
done
