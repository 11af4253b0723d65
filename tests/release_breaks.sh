#!/bin/sh
# release_breaks.sh DIR [WORDS] - would a test notice that a gate of release stands open? Each row of tests/release_breaks.tsv (break, file, from, to; "\n" is a
# line's end) is planted alone in a copy of the tree below DIR, the program is built, and the unit tests and golden cases of release are run: one must go red.
# Prints break and what went red; with WORDS (an extended regular expression) only the rows that match. Fails when a break survives, does not build or is not found exactly once.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$1 word=${2-}
mkdir -p "$dir"
tree=$(cd "$dir" && pwd)/tree
rm -rf "$tree"
mkdir "$tree"
(cd "$here" && git ls-files -z | xargs -0 tar cf -) | tar xf - -C "$tree"
[ ! -d "$here/build/release" ] || { mkdir "$tree/build" && cp -a "$here/build/release" "$tree/build/"; } # what is built already
cd "$tree"
units="policy people sign audit care" cases="release desk call dating care"
tab=$(printf '\t')
build() {
    # shellcheck disable=SC2046
    make -s WARN=-w build/release/screenlab $(for t in $units; do echo "build/release/tests/test_$t"; done) >log 2>&1
}
red() { # prints the first test that fails
    for t in $units; do
        timeout 120 "build/release/tests/test_$t" --fail-fast >log 2>&1 || { echo "tests/test_$t.c"; return; }
    done
    for c in $cases; do
        sh tests/golden.sh build/release/screenlab "$c" >log 2>&1 || { echo "tests/cases/$c"; return; }
    done
}
build || { tail -5 log; exit 1; }
already=$(red)
[ -z "$already" ] || { cat log; echo "release_breaks: $already fails before anything was broken"; exit 1; }
total=0 bad=0
tail -n +2 tests/release_breaks.tsv >rows
while IFS=$tab read -r name file from to; do
    echo "$name" | grep -qE -e "$word" || continue
    total=$((total + 1))
    cp "$file" whole
    found=$(from=$from to=$to awk 'BEGIN { RS = "\001"; from = ENVIRON["from"]; to = ENVIRON["to"]; gsub(/\\n/, "\n", from); gsub(/\\n/, "\n", to) }
        { n = 0; rest = $0; out = ""
          while ((at = index(rest, from)) > 0) { n++; out = out substr(rest, 1, at - 1) to; rest = substr(rest, at + length(from)) }
          printf "%s%s", out, rest >"broken"; print n }' whole)
    what=
    if [ "$found" -ne 1 ]; then
        what="NOT FOUND ONCE ($found)"
    else
        cp broken "$file"
        if build; then what=$(red); else what="DOES NOT BUILD"; fi
        cp whole "$file"
    fi
    case $what in tests/*) ;; *) bad=$((bad + 1)) ;; esac
    printf '%s\t%s\n' "$name" "${what:-SURVIVED}"
done <rows
echo "release_breaks: $((total - bad)) of $total breaks are noticed"
[ "$bad" -eq 0 ]
