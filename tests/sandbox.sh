#!/bin/sh
# sandbox.sh DIR - the confinement of decoders (pipeline/sandbox.c). DIR holds the program (build/release).
#
# Same bytes: confined and not, on 1, 2 and 8 threads, the demonstration gives the same documents and ledger. Escape: every decoder tries one thing that it must not be
# able to do (open a file, a socket, a signal, exec, memory to execute, ptrace, unlink, clone, prctl); each time every file is
# refused with the Note of a decoder that died, the batch goes on with everything else, and no server is left behind. Without
# confinement (--unconfined) no file dies: so it is the confinement that catches.
set -eu
export LC_ALL=C
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
program=$dir/screenlab preload=$dir/crash/fault.so
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
fail() {
    echo "sandbox: $*" >&2
    exit 1
}
run() { # FOLDER FAULT [option...]
    mkdir "$work/$1"
    head -c 32 /dev/zero | tr '\0' k >"$work/$1/l.db.key"
    folder=$work/$1 fault=$2 status=0
    shift 2
    env ${fault:+FAULT="$fault" LD_PRELOAD="$preload"} timeout 300 "$program" run --demo --reference "$here/../reference" --ledger "$folder/l.db" \
        --out "$folder/out" --now 2026-11-23T08:30:00+08:00 "$@" "$here/demo/batch" >"$folder.log" 2>&1 || status=$?
    [ "$status" -eq 1 ] || { cat "$folder.log" >&2; fail "ended with $status"; }
    { sqlite3 "$folder/l.db" .dump && sqlite3 "$folder/l.db.sealed" .dump; } >"$folder.dump"
}
deaths() { sqlite3 "$work/$1/l.db" .dump | grep -c 'decoder\.died' || true; }

"$program" --version
run free '' --unconfined -j 1
for n in 1 2 8; do
    run "j$n" '' -j $n
    diff -r "$work/free/out" "$work/j$n/out" >&2 && diff "$work/free.dump" "$work/j$n.dump" >&2 || fail "-j $n: other bytes"
done
echo "sandbox: confined on 1, 2 and 8 threads: same documents and ledger as unconfined"

run dead dead -j 2
all=$(deaths dead)
[ "$all" -gt 0 ] || fail "no decoder died"
for way in 1 2 3 4 6 7 8 9 10; do
    run "e$way" "escape:$way" -j 2
    [ "$(deaths "e$way")" -eq "$all" ] || fail "way $way: $(deaths "e$way") of $all files were refused"
    cmp -s "$work/dead.dump" "$work/e$way.dump" || fail "way $way: another ledger than when decoders die"
done
run "free1" "escape:1" --unconfined
[ "$(deaths free1)" -eq 0 ] || fail "the way is closed without confinement too"
echo "sandbox: 9 ways out are closed: $all of $all files refused each time, the batch goes on"

# `strip` takes a file apart itself, in a process that it forks for that: the same ways must be closed to it, and nothing may be left of the result.
cp "$here/demo/batch/"*.vcf.gz "$work/" 2>/dev/null || :
in=$(ls "$work"/*.vcf.gz | head -1)
strip() { # FAULT [option...]
    fault=$1
    shift
    status=0
    env ${fault:+FAULT="$fault" FAULT_GENERATION=1 LD_PRELOAD="$preload"} "$program" strip --demo --lang en --reference "$here/../reference" "$@" "$in" "$work/stripped" >"$work/said" 2>&1 || status=$?
}
strip ''
[ "$status" -eq 0 ] && mv "$work/stripped" "$work/confined" || fail "strip: exit $status: $(cat "$work/said")"
strip '' --unconfined
cmp "$work/stripped" "$work/confined" >&2 || fail "strip: confined, other bytes"
rm "$work/stripped"
for way in 1 2 3 4 6 7 8 9 10; do
    strip "escape:$way"
    [ "$status" -eq 1 ] && [ ! -e "$work/stripped" ] || fail "strip, way $way: exit $status"
    [ -z "$(find "$work" -maxdepth 1 -name '.*' -type f)" ] || fail "strip, way $way: a draft was left"
done
strip "escape:1" --unconfined
[ "$status" -eq 0 ] || fail "strip: the way is closed without confinement too"
echo "sandbox: the same 9 ways are closed to strip, and nothing is left of its result"
