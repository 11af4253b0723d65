#!/bin/sh
# release_all.sh PROGRAM LEDGER OUT NOW - stands for the two persons of a test laboratory: d01 reviews and d02 releases every draft that
# waits, so that what comes after a release can be tested alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 ledger=$2 out=$3 now=$4
keys=$here/demo/keys
"$program" pending --demo --reference "$here/../reference" --ledger "$ledger" --now "$now" |
    sed -n 's/^\(R[A-Z][^	]*\)-v[0-9]*	.*/\1/p' >"$ledger.waiting"
act() {
    "$program" "$@" --demo --reference "$here/../reference" --ledger "$ledger" --out "$out" --now "$now" - <"$ledger.waiting" >/dev/null
}
act review --as "$keys/d01.key"
act release --as "$keys/d02.key" --key "$keys/laboratory.key"
rm -f "$ledger.waiting"
