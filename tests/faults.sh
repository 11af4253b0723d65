#!/bin/sh
# faults.sh DIR [POINTS|all] - nothing is lost, whichever call of the operating system fails. DIR holds the program (build/release).
#
# A small batch (VCF, VCF.gz, BCF, HL7, CSV in GB 18030, a fetus, a bad row) is run once undisturbed under strace, which lists its
# system calls. Then, one run a point, one call of them is struck: the program is killed there, or the call fails with EIO, ENOSPC,
# EINTR, ENOMEM, EROFS, or every such call from there on fails (a disk that is and stays full); a preloaded library, which also sees
# the decoders, shortens writes and reads, lets reads and allocations fail, kills a decoder, and lets the clock jump. After each: the exit code is 0, 1 or 3; with 3 stands a Note; run again, the ledger, the sealed
# store and every document are those of the undisturbed run, and no other file is there. POINTS: so many, drawn with a fixed seed
# from all; "all": every one (an hour). Exit 0 only when all held.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$here/..
now=2026-11-23T08:30:00+08:00

screenlab() { # FOLDER [prefix...]: one run of the batch
    folder=$1
    shift
    timeout 60 "$@" "$program" run --demo --reference "$root/reference" --ledger "$folder/l.db" --out "$folder/out" -j 1 --now $now "$work/batch"
}

dump() { # FOLDER: what ledger and sealed store say, as text
    { sqlite3 "$1/l.db" .dump && sqlite3 "$1/l.db.sealed" .dump; } >"$1.dump"
    (cd "$1" && find . -type f | grep -vE -e '-(wal|shm)$' | sort) >"$1.files"
}

fresh() {
    rm -rf "$1" "$1".*
    mkdir "$1"
    head -c 32 /dev/zero | tr '\0' k >"$1/l.db.key"
}

# The outcome of FOLDER after its rerun, beside the undisturbed one: prints nothing when equal.
compare() {
    dump "$1"
    diff -r "$work/whole/out" "$1/out" 2>&1 | head -5
    cmp "$work/whole.dump" "$1.dump" 2>&1 || diff "$work/whole.dump" "$1.dump" | cut -c 1-300 | head -5
    diff "$work/whole.files" "$1.files" | head -5
}

struck() { # FOLDER KIND CALL N: the run that is disturbed
    case $2 in
    kill) set -- "$1" strace -qq -o /dev/null -e "trace=$3" -e "inject=$3:signal=KILL:when=$4" ;;
    *-on) set -- "$1" strace -qq -o /dev/null -e "trace=$3" -e "inject=$3:error=${2%-on}:when=$4+" ;;
    E*) set -- "$1" strace -qq -o /dev/null -e "trace=$3" -e "inject=$3:error=$2:when=$4" ;;
    filesize) set -- "$1" prlimit --fsize="$4" ;;
    *) set -- "$1" env FAULT="$2:$4" LD_PRELOAD="$preload" ;;
    esac
    screenlab "$@"
}

one() { # KIND CALL N: one point; a line "KIND ok|FAIL detail" to standard output
    at=$work/p.$$
    fresh "$at"
    status=0
    struck "$at" "$1" "$2" "$3" >"$at.stdout" 2>"$at.stderr" || status=$?
    wrong=
    case $status in
    0 | 1) ;;
    3) # where all writes fail, the Note's own fails too
        grep -q '^screenlab: ' "$at.stderr" || [ "$1 $2" = "ENOSPC-on write" ] || wrong="exit 3 without a Note" ;;
    137) [ "$1" = kill ] || wrong="killed" ;;
    *) [ "$1" = library ] || wrong="exit $status: $(head -c 200 "$at.stderr" | tr '\n' ' ')" ;;
    esac
    again=0
    screenlab "$at" >"$at.stdout2" 2>"$at.stderr2" || again=$?
    [ "$again" -eq "$undisturbed" ] || wrong="$wrong; the rerun ended with $again: $(head -c 200 "$at.stderr2" | tr '\n' ' ')"
    difference=$(compare "$at")
    [ -z "$difference" ] || wrong="$wrong; differs: $(printf %s "$difference" | tr '\n' '~')"
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$status" "$([ -z "$wrong" ] && echo ok || echo FAIL)" "$wrong"
    rm -rf "$at" "$at".*
}

if [ "${1-}" = --one ]; then # called by xargs, with the settings in the environment
    # shellcheck disable=SC2086
    set -- $2
    one "$@"
    exit 0
fi

dir=$(cd "$1" && pwd)
points=${2-all}
program=$dir/screenlab preload=$dir/crash/fault.so
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
strace -qq -o /dev/null -e trace=none true 2>/dev/null || { echo "faults: strace may not trace here" >&2; exit 1; }

# ---- a small batch, cut from the demonstration ----
mkdir "$work/batch"
demo=$here/demo/batch
cases='^(C2026101|C2026115|C2026116|C2026314|C2026614)$'
awk -F, -v c="$cases" 'NR == 1 || $2 ~ c' "$demo/submission.csv" >"$work/batch/submission.csv"
awk -F, -v c="$cases" 'NR == 1 || $1 ~ c' "$demo/facts.csv" >"$work/batch/facts.csv"
awk -F, 'NR > 1 { print $3 }' "$work/batch/submission.csv" >"$work/samples"
awk -F, 'NR == FNR { of[$1] = 1; next } FNR == 1 || $1 in of || $5 ~ /^cytology/' "$work/samples" "$demo/results.csv" >"$work/batch/results.csv"
awk -F, 'NR > 1 && $5 != "" { print $5 }' "$work/batch/results.csv" | sort -u | while read -r f; do
    [ ! -e "$demo/$f" ] || cp "$demo/$f" "$work/batch/" # some rows name a file that is not there, on purpose
done
echo 'P1,bad' >>"$work/batch/submission.csv"

# ---- undisturbed, and its calls ----
fresh "$work/whole"
undisturbed=0
screenlab "$work/whole" strace -qq -o "$work/calls" >"$work/log" 2>&1 || undisturbed=$?
[ "$undisturbed" -le 1 ] || { cat "$work/log" >&2; exit 1; }
dump "$work/whole"

# Every point: "KIND CALL N". What the loader does before main (the first umask) is killed, but not made to fail: it is not ours.
awk '
    BEGIN {
        split("read pread64 write pwrite64 fsync fdatasync openat newfstatat fstat lseek close ftruncate unlink unlinkat renameat rename mkdir mkdirat getdents64 fcntl dup access faccessat fchown pipe2 socketpair sendmsg recvmsg", a); for (i in a) eio[a[i]]
        split("write pwrite64 openat fsync fdatasync ftruncate mkdir mkdirat renameat rename", b); for (i in b) full[b[i]]
        split("read pread64 write pwrite64 openat fsync fdatasync ftruncate fcntl close sendmsg recvmsg", c); for (i in c) eintr[c[i]]
        split("mmap mremap dup openat clone clone3 fork", d); for (i in d) enomem[d[i]]
        split("openat mkdir mkdirat renameat unlink unlinkat fchown", e); for (i in e) erofs[e[i]]
    }
    { name = $1; sub(/\(.*/, "", name); if (name !~ /^[a-z_0-9]+$/) next; n = ++count[name] }
    name == "umask" { main = 1 }
    name == "exit_group" { next }
    { print "kill", name, n }
    !main { next }
    name in eio { print "EIO", name, n }
    name in full { print "ENOSPC", name, n; if (name ~ /write/) print "ENOSPC-on", name, n }
    name in eintr { print "EINTR", name, n }
    name in enomem { print "ENOMEM", name, n }
    name in erofs { print "EROFS", name, n }
' "$work/calls" >"$work/points"
for kind in short shortread malloc library eio die clock; do
    fresh "$work/count"
    screenlab "$work/count" env FAULT=$kind:0 FAULT_COUNT="$work/n" LD_PRELOAD="$preload" >/dev/null 2>&1 || true
    n=$(cat "$work/n")
    case $kind in
    clock) echo "clock any 1" ;;
    *) # libraries, and libxml2 in our name, allocate tens of thousands of times: 1,000 of them
        awk -v n="$n" -v k=$kind 'BEGIN { srand(7); if (n <= 2000) for (i = 1; i <= n; i++) print k, "any", i
            else for (i = 0; i < 1000; i++) print k, "any", 1 + int(rand() * n) }' ;;
    esac >>"$work/points"
done
for size in 4096 5000 16384 20000 40000 100000 300000 500000; do echo "filesize any $size"; done >>"$work/points"

total=$(wc -l <"$work/points")
if [ "$points" = all ]; then
    cp "$work/points" "$work/chosen"
else # a seeded sample, every kind in it
    awk -v n="$points" -v total="$total" 'BEGIN { srand(20261123) } { key = rand(); first[$1]++
        print (first[$1] == 1 ? -1 : key) "\t" $0 }' "$work/points" | sort -g | head -n "$points" | cut -f 2 >"$work/chosen"
fi
echo "faults: $(grep -c . "$work/calls") system calls in the undisturbed run; $(wc -l <"$work/chosen") of $total fault points"

export program preload work undisturbed
tr '\n' '\0' <"$work/chosen" | xargs -0 -P "${JOBS-$(nproc)}" -I{} sh "$here/faults.sh" --one {} >"$work/result" || true

printf '%-10s %8s %9s %9s %8s %7s\n' kind points finished stopped killed failed
awk -F'\t' '{ n[$1]++; if ($4 <= 1) done[$1]++; else if ($4 == 3) noted[$1]++; else killed[$1]++; bad[$1] += $5 != "ok" }
    END { for (k in n) printf "%-10s %8d %9d %9d %8d %7d\n", k, n[k], done[k], noted[k], killed[k], bad[k] }' "$work/result" | sort
failed=$(awk -F'\t' '$5 != "ok"' "$work/result" | tee "$work/failed" | wc -l)
[ -z "${KEEP-}" ] || cp "$work/failed" "$work/points" "$work/result" "$KEEP"
head -n 20 "$work/failed" | cut -c 1-400
[ "$(wc -l <"$work/result")" -eq "$(wc -l <"$work/chosen")" ] || { echo "faults: not every point was struck" >&2; exit 1; }
echo "faults: $(($(wc -l <"$work/result") - failed)) of $(wc -l <"$work/result") points: same ledger and documents after a rerun, no file left over"
[ "$failed" -eq 0 ]
