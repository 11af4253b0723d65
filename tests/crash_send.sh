#!/bin/sh
# crash_send.sh PROGRAM [N] - kills `screenlab send` with SIGKILL at random moments until N kills (default 200) fell inside its work, half of them while it sends, half while
# it takes returns, with a transport that carries packages away between runs, and runs it again: each document must have been delivered exactly once, with the bytes of a run
# that nobody disturbed, and steps, dispatches, messages and reroutes must be those of that run. A third of the victims are struck again when they rerun. Then
# what must change nothing is sent: a duplicate, a late, a foreign, a tampered and a replayed message; only the audit may grow.
set -eu
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
kills=${2-200}
here=$(cd "$(dirname "$0")" && pwd)
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export LC_ALL=C

cd "$work"
head -c 32 /dev/zero | tr '\0' 'k' >key
first=2026-11-23T10:00:00+08:00 second=2026-12-04T10:00:00+08:00

screenlab() { # COMMAND FOLDER NOW ...
    command=$1 folder=$2 now=$3
    shift 3
    "$program" "$command" --demo --reference "$here/../reference" --ledger "$folder/l.db" --out "$folder/out" --now "$now" "$@"
}

# A ledger with released documents and nothing sent: made once, copied for every victim.
mkdir start
cp key start/l.db.key
screenlab run start 2026-11-23T08:30:00+08:00 -j 2 "$here/demo/batch" >log 2>&1 || [ $? -eq 1 ]
sh "$here/release_all.sh" "$program" start/l.db start/out 2026-11-23T09:00:00+08:00
rm -rf start/out start/l.db-wal start/l.db-shm

# Every centre acknowledges what it got, attends and returns; one woman has moved. Written from the outbox as it stands: SEEN is the list.
returns() { # FOLDER
    for path in "$1"/delivered/*/*; do
        [ -d "$path" ] || continue
        centre=$(basename "$(dirname "$path")") name=$(basename "$path")
        case $name in *.copy) continue ;; esac
        referral=${name%-v*} version=${name##*-v}
        sha=$(sha256sum "$path"/*.xml | cut -c 1-64)
        mkdir -p "$1/out/inbox/$centre"
        csv=$1/out/inbox/$centre/returns.csv
        [ -e "$csv" ] || echo 'referral,version,step,date,person,reason,outcome,value,to,sha256' >"$csv"
        echo "$referral,$version,received,2026-11-24,N07,,,,,$sha" >>"$csv"
        case $referral in
        RN2026501-2) printf '%s\n' "$referral,1,attended,2026-11-25,D02,,,,," "$referral,1,result_returned,2026-11-26,D02,,histology,cin3,," ;;
        RN2026202-2) echo "$referral,1,elsewhere,2026-11-25,D02,moved,,,230102," ;;
        RN2026*) case $version in 1) case $referral in RN*) echo "$referral,1,attended,2026-11-25,D02,,,,," ;; esac ;; esac ;;
        esac >>"$csv"
    done
    seal_all "$1"
}

seal_all() { # FOLDER
    for csv in "$1"/out/inbox/*/*.csv; do
        centre=$(basename "$(dirname "$csv")")
        [ -e "keys/$centre" ] || { mkdir -p keys; screenlab centre-key keyholder $first --as "$here/demo/keys/d02.key" "$centre" >"keys/$centre"; }
        "$program" seal "keys/$centre" "$csv" >"$csv.mac"
    done
}

# The transport: whatever package stands in the outbox is carried away; a second delivery of one name is a failure.
carry() { # FOLDER
    for path in "$1"/out/outbox/*/*; do
        [ -d "$path" ] || continue
        centre=$(basename "$(dirname "$path")") name=$(basename "$path")
        mkdir -p "$1/delivered/$centre"
        [ ! -e "$1/delivered/$centre/$name" ] || { echo "crash_send: $centre/$name was delivered twice" >&2; exit 1; }
        mv "$path" "$1/delivered/$centre/$name"
    done
}

# What the ledger says of it, without the audit: a run that was killed may look at a message twice.
dump() { # FOLDER
    sqlite3 "$1/l.db" "SELECT * FROM dispatch ORDER BY id; SELECT id, paper, version, state, date, centre, person, reason, outcome, value,
        laboratory, message, time FROM step ORDER BY id; SELECT id, centre, hex(key), time FROM message ORDER BY id; SELECT * FROM reroute ORDER BY id"
}

steps() { sqlite3 "$1/l.db" 'SELECT (SELECT count(*) FROM dispatch) + (SELECT count(*) FROM step) + (SELECT count(*) FROM message)'; }

finish() { # FOLDER NOW
    status=0
    screenlab send "$1" "$2" >log 2>&1 || status=$?
    [ "$status" -le 1 ] || { cat log >&2; echo "crash_send: a rerun ended with $status" >&2; exit 1; }
}

now_ms() { date +%s%N | cut -c 1-13; }

cp -r start whole
mkdir keyholder
cp start/l.db start/l.db.key keyholder
began=$(now_ms)
finish whole $first
length=$(($(now_ms) - began))
carry whole
steps whole >whole.send
returns whole
cp -r whole/out/inbox inbox
began=$(now_ms)
finish whole $second
length2=$(($(now_ms) - began))
carry whole
steps whole >whole.take
dump whole >whole.dump
echo "crash_send: undisturbed runs take $length ms (send) and $length2 ms (take and send); $(find whole/delivered -mindepth 2 -maxdepth 2 | wc -l) packages; $kills kills"

# A kill is a hit when it fell inside the work: the victim was alive, had begun (a package staged or published; of a run that takes: a receipt
# written), and left something undone (a package in staging, a message in the inbox, a step or dispatch that the undisturbed run has).
begun() { # KIND
    case $1 in
    send) find victim/out/staging victim/out/outbox -mindepth 1 2>/dev/null | grep -q . ;;
    take) find victim/out/outbox -name 'returns-*' 2>/dev/null | grep -q . ;;
    esac
}
undone() { # KIND
    find victim/out/staging -mindepth 1 2>/dev/null | grep -q . && return
    [ "$1" = send ] || ! find victim/out/inbox -maxdepth 2 -name '*.csv' | grep -q . || return 0
    [ "$(steps victim)" -ne "$(cat "whole.$1")" ]
}

hit=0 unsent=0
kill_at() { # NOW SECONDS: sets `status`
    "$program" send --demo --reference "$here/../reference" --ledger victim/l.db --out victim/out --now "$1" >log 2>&1 &
    victim=$!
    sleep "$2"
    kill -9 "$victim" 2>/dev/null || true
    status=0
    wait "$victim" 2>/dev/null || status=$?
}

strike() { # KIND NOW SEED FROM UNTIL (ms): sets `when` to early, inside or late
    delay=$(awk -v seed="$3" -v from="$4" -v until="$5" 'BEGIN { srand(seed); printf "%.3f", (from + rand() * (until - from)) / 1000 }')
    kill_at "$2" "$delay"
    when=late
    [ "$status" -eq 137 ] || return 0
    if ! begun "$1"; then
        when=early
    elif undone "$1"; then
        when=inside
        hit=$((hit + 1))
        [ -n "$(sqlite3 victim/l.db 'SELECT 1 FROM dispatch LIMIT 1')" ] || unsent=$((unsent + 1))
    fi
    [ $(($3 % 3)) -ne 1 ] || kill_at "$2" "$delay"
}

# Where the work lies is learnt on the way; after a hit the window widens, so that its edges are tried too.
adapt() { # ROOM FROM UNTIL: prints the next ones
    awk -v when="$when" -v room="$1" -v from="$2" -v until="$3" 'BEGIN {
        step = (until - from) / 12
        if (when == "early") from += step
        if (when == "late") until -= step
        if (when == "inside") { from -= step / 4; until += step / 4 }
        if (until - from < room) { from -= room / 8; until += room / 4 } # never so narrow that all fall on one spot
        print (from < 0 ? 0 : from), until }'
}

tries=0 sending="0 $length" taking="0 $length2"
while [ "$hit" -lt "$kills" ] && [ "$tries" -lt $((kills * 3)) ]; do
    rm -rf victim
    cp -r start victim
    if [ $((tries % 2)) -eq 0 ]; then # while it sends
        strike send $first "$tries" $sending
        sending=$(adapt $((length / 3)) $sending)
        [ $((tries % 3)) -eq 0 ] || carry victim # the transport may come by at any time
        finish victim $first
        carry victim
        cp -r inbox victim/out/inbox
        finish victim $second
    else # while it takes
        finish victim $first
        carry victim
        cp -r inbox victim/out/inbox
        strike take $second "$tries" $taking
        taking=$(adapt $((length2 / 3)) $taking)
        [ $((tries % 3)) -ne 0 ] || carry victim
        finish victim $second
    fi
    carry victim
    tries=$((tries + 1))
    dump victim >victim.dump
    if ! diff -r whole/delivered victim/delivered >diff.out || ! diff whole.dump victim.dump >>diff.out; then
        head -n 40 diff.out >&2
        echo "crash_send: after kill $tries the outcome differs" >&2
        exit 1
    fi
    [ -z "$(ls victim/out/staging)" ] || { echo "crash_send: something is left in staging" >&2; exit 1; }
done
echo "crash_send: $hit kills of $tries fell inside the work ($unsent before anything was recorded); every document was delivered exactly once, steps and dispatches are those of an undisturbed run"
# All are asked for where chance evens out; of a handful, on a busy machine, a quarter will do.
[ "$hit" -ge "$kills" ] || { [ "$kills" -lt 100 ] && [ $((hit * 4)) -ge "$kills" ]; } || { echo "crash_send: too few fell inside the work" >&2; exit 1; }

# ---- what must change nothing but the audit ----
audit() { sqlite3 victim/l.db 'SELECT count(*) FROM audit'; }
nothing() { # NAME EXPECTED-OUTCOME
    before=$(audit)
    finish victim $second
    carry victim
    dump victim >after.dump
    diff victim.dump after.dump >/dev/null || { echo "crash_send: a $1 message changed the ledger" >&2; exit 1; }
    [ "$(audit)" -gt "$before" ] || { echo "crash_send: a $1 message left no trace in the audit" >&2; exit 1; }
    sqlite3 victim/l.db "SELECT outcome FROM audit WHERE n > $before" | grep -qx "$2" || { echo "crash_send: a $1 message was not refused as $2" >&2; exit 1; }
    echo "crash_send: a $1 message changes nothing but the audit ($2)"
}
box=victim/out/inbox/230103
head=$(head -n 1 "$box/done/returns.csv")
ack=$(grep '^RN2026501-2,1,received' "$box/done/returns.csv")
cp "$box/done/returns.csv" "$box/again.csv"; cp "$box/done/returns.csv.mac" "$box/again.csv.mac"; nothing replayed care.replayed
printf '%s\n%s\n' "$head" "$ack" >"$box/dup.csv"; seal_all victim; nothing duplicate care.known
cp "$box/done/returns.csv" "$box/t.csv"; sed -i s/cin3/cin1/ "$box/t.csv"; cp "$box/done/returns.csv.mac" "$box/t.csv.mac"; nothing tampered care.mac
mkdir -p victim/out/inbox/230104
printf '%s\n%s\n' "$head" "$ack" >victim/out/inbox/230104/f.csv; seal_all victim; nothing foreign care.foreign
printf '%s\n%s\n' "$head" "RN2026501-2,2,attended,2026-11-27,D02,,,,," >"$box/l.csv"; seal_all victim; nothing late care.version
