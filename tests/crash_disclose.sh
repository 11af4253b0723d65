#!/bin/sh
# Kill -9 while a disclosure is given: tests/crash_disclose.sh PROGRAM KILLS
#
# After each kill: no document stands there whose giving is not in the ledger and its audit, no document without its signature; then the same command again:
# the documents equal those of an undisturbed run but for the time of the giving, one giving is recorded, the audit is whole, no temporary is left.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) program=$1 ;; *) program=$PWD/$1 ;; esac
kills=$2
tmp=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$tmp"' EXIT
keys=$root/tests/demo/keys run=
ask() { # step key [option...]
    step=$1 key=$2
    shift 2
    $run "$program" disclose --demo --reference "$root/reference" --ledger l.db --out out --now 2026-11-24T09:00:00+08:00 --as "$keys/$key.key" "$@" $step C2026601 example_disease
}
give() { ask give d02 --key "$keys/laboratory.key" --evidence ../batch/S20266013.vcf; }
fail() {
    echo "crash of disclosures: $*"
    exit 1
}
cat >"$tmp/cases" <<'CASES'
S	601.1	woman	blood	carrier	230103	230103001	2026-11-12T08:50
S	601.3	fetus_a	amniotic_fluid	carrier	230103	230103001	2026-11-12T08:55
V	601.1	vcf	38	identity=601.1	G6PD:c.1466G>T=0/1
V	601.3	vcf	38	identity=601.1+601.2/A	G6PD:c.1466G>T=1
CASES
CASES=$tmp/cases "$root/tests/demo/make.sh" "$tmp/batch" a 1 ""
mkdir "$tmp/start" && cd "$tmp/start"
printf 'noninterference: one fixed key!\n' >l.db.key && chmod 600 l.db.key
"$program" run --demo --reference "$root/reference" --ledger l.db --out out --now 2026-11-23T08:30:00+08:00 ../batch >/dev/null || fail "the run failed"
for s in "request d01" "approve d04" "approve d05" "approve d06"; do ask $s >/dev/null; done
cp -r "$tmp/start" "$tmp/whole" && cd "$tmp/whole"
begin=$(date +%s%N)
give >/dev/null
took=$((($(date +%s%N) - begin) / 1000000 + 1))
n=0 killed=0
while [ "$n" -lt "$kills" ]; do
    n=$((n + 1))
    rm -rf "$tmp/one" && cp -r "$tmp/start" "$tmp/one" && cd "$tmp/one"
    (run=exec && give) >/dev/null 2>&1 &
    sleep "$(awk -v n=$n -v of="$kills" -v took=$took 'BEGIN { printf "%.3f", took * 1.1 * (n - 0.5) / of / 1000 }')"
    kill -9 $! 2>/dev/null && killed=$((killed + 1)) || :
    wait $! 2>/dev/null || :
    if ls out/disclosed/*.html >/dev/null 2>&1; then
        ls out/disclosed/*.html.sig >/dev/null || fail "kill $n: a document without its signature"
        [ "$(sqlite3 l.db "SELECT count(*) FROM disclosure d JOIN audit a ON a.action = 'disclose.give' AND a.outcome = 'done' WHERE d.kind = 'give'")" = 1 ] || fail "kill $n: a document that nobody recorded"
    fi
    give >/dev/null || fail "kill $n: the rerun failed"
    diff -r out/disclosed "$tmp/whole/out/disclosed" >/dev/null || fail "kill $n: other documents"
    [ "$(sqlite3 l.db "SELECT count(*) FROM disclosure WHERE kind = 'give'")" = 1 ] || fail "kill $n: not one giving"
    "$program" audit --demo --reference "$root/reference" --ledger l.db >/dev/null || fail "kill $n: the audit is not whole"
done
# The process that reads her file dies each time (a build with sanitizers has none): not determinable, in as many bytes as another answer, and nothing else tells.
preload=$(dirname "$program")/crash/fault.so
if [ -e "$preload" ] && ! "$program" --version | grep -q sanitizers; then
    rm -rf "$tmp/one" && cp -r "$tmp/start" "$tmp/one" && cd "$tmp/one"
    (run="env FAULT=dead FAULT_GENERATION=1 LD_PRELOAD=$preload" && give) >"$tmp/dead" || fail "a reader that dies is told"
    (cd "$tmp/whole" && give) | cmp -s - "$tmp/dead" || fail "a reader that dies prints something else"
    html=$(ls out/disclosed/*.html)
    grep -q '无法判断。' "$html" || fail "a reader that dies is not 'not determinable'"
    [ "$(wc -c <"$html")" = "$(wc -c <"$tmp/whole/$html")" ] || fail "the document of a reader that dies has another size"
    give >/dev/null && diff -r out/disclosed "$tmp/whole/out/disclosed" >/dev/null || fail "a sound machine does not mend it"
fi
echo "crash of disclosures: $n kills ($killed met the program alive): recorded before it can be read, one giving, the same document after the rerun"
