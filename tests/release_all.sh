#!/bin/sh
# release_all.sh PROGRAM LEDGER OUT NOW - stands for the reviewers of a test ledger: every paper that is no draft any more needs two persons in the
# laboratory; here all that the policy has left are released by the table itself, so that what comes after a release can be tested alone.
set -eu
ledger=$2
sqlite3 "$ledger" "INSERT INTO released SELECT id, strftime('%s', substr('$4', 1, 19)) - 28800, 'automatic' FROM paper p
    WHERE NOT EXISTS (SELECT 1 FROM released r WHERE r.paper = p.id) ORDER BY id"
