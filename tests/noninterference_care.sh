#!/bin/sh
# noninterference_care.sh PROGRAM - what a centre returns about a fetus tells nothing of its sex: two copies of one laboratory get the same messages, equal but
# for the sex of every fetus in them (karyotypes 47,XY,+21 and 47,XX,+21, 45,X and 47,XXY, mosaics, coded sex, as CSV and XML, of different
# length and checksum). Words, exit codes, outbox, receipts, worklist, indicators and the whole ledger with its audit must be equal byte
# for byte; at least one karyotype must have been taken, else the proof is empty. With LEAK=1 one autosome is exchanged, and must be seen.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
lab() { # COMMAND NOW ...: in the folder "here"
    command=$1 now=$2
    shift 2
    "$program" "$command" --demo --reference "$root/reference" --ledger here/l.db --out here/out --now "$now" "$@"
}
mkdir here
head -c 32 /dev/zero | tr '\0' 'k' >here/l.db.key
lab run 2026-11-23T08:30:00+08:00 "$root/tests/demo/batch" >/dev/null 2>&1 || [ $? -eq 1 ]
sh "$root/tests/release_all.sh" "$program" here/l.db here/out 2026-11-23T09:00:00+08:00
lab send 2026-11-23T10:00:00+08:00 >/dev/null
lab centre-key 2026-11-23T10:00:00+08:00 --as "$root/tests/demo/keys/d02.key" 230100 >key
mv here start

twin() { # NAME XX X XXY SEX
    rm -rf here
    cp -r start here
    mkdir -p here/out/inbox/230100
    {
        echo 'referral,version,step,date,person,reason,outcome,value,to,sha256'
        for path in here/out/outbox/230100/RN*-v1; do
            referral=$(basename "$path" -v1)
            echo "$referral,1,received,2026-11-24,G1,,,,,$(sha256sum "$path"/*.xml | cut -c 1-64)"
            echo "$referral,1,attended,2026-11-25,G1,,,,,"
            echo "$referral,1,result_returned,2026-11-26,G1,,chromosomes,\"$2\",,"
            echo "$referral,1,result_returned,2026-11-27,G1,,chromosomes,\"$3\",,"
            echo "$referral,1,result_returned,2026-11-27,G1,,fetal_sex,$5,,"
            echo "$referral,1,result_returned,2026-11-28,G1,,chromosomes,\"$4\",,"
        done
    } >here/out/inbox/230100/back.csv
    referral=$(basename "$(ls -d here/out/outbox/230100/RN*-v1 | head -n 1)" -v1)
    echo "<returns xmlns=\"urn:screenlab:returns:1\"><step referral=\"$referral\" version=\"1\" step=\"result_returned\" date=\"2026-11-29\" person=\"G1\" outcome=\"chromosomes\" value=\"$2\"/><step referral=\"$referral\" version=\"1\" step=\"result_returned\" date=\"2026-11-29\" person=\"G1\" outcome=\"胎儿性别\" value=\"$5\"/></returns>" >here/out/inbox/230100/more.xml
    for m in back.csv more.xml; do "$program" seal key here/out/inbox/230100/$m >here/out/inbox/230100/$m.mac; done
    {
        lab send 2026-12-01T10:00:00+08:00 && echo 0 || echo $?
        lab worklist 2026-12-01T11:00:00+08:00 && echo 0 || echo $?
        lab indicators 2026-12-01T11:00:00+08:00 && echo 0 || echo $?
    } >"$1.said" 2>&1
    rm -rf here/out/inbox "$1" # what came in
    sqlite3 here/l.db .dump >here/dump
    rm -f here/l.db*
    mv here "$1"
}
other=47,XX,+21
[ -z "${LEAK-}" ] || other=47,XX,+18
twin a 47,XY,+21 45,X '47,XY,+21[10]/46,XY[20]' male
twin b "$other" 47,XXY '47,XX,+21[10]/46,XX[20]' female
diff a.said b.said >diff.out && diff -r a b >>diff.out || { head -n 10 diff.out; echo "noninterference: returns of twins differ"; exit 1; }
n=$(grep -c "chromosomes','mos 47,XN,+21'" a/dump)
[ "$n" -gt 0 ] || { echo "noninterference: no karyotype was taken"; exit 1; }
echo "noninterference: returns of twins: $n referrals with four karyotypes each, nothing differs"
