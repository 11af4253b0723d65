#!/bin/sh
# release_all.sh PROGRAM LEDGER OUT NOW - stands for the two persons of a test laboratory: d01 reviews and d02 releases every draft that
# waits, so that what comes after a release can be tested alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 ledger=$2 out=$3 now=$4
keys=$here/demo/keys
sqlite3 "$ledger" "SELECT name FROM paper p WHERE kind <> 2 AND NOT EXISTS (SELECT 1 FROM paper h WHERE h.name = p.name AND
    h.version > p.version) AND NOT EXISTS (SELECT 1 FROM released r WHERE r.paper = p.id) ORDER BY id" >"$ledger.waiting"
act() {
    "$program" "$@" --demo --reference "$here/../reference" --ledger "$ledger" --out "$out" --now "$now" - <"$ledger.waiting" >/dev/null
}
act review --as "$keys/d01.key"
act release --as "$keys/d02.key" --key "$keys/laboratory.key"
rm -f "$ledger.waiting"
