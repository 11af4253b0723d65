#!/bin/sh
# A reference panel does not know the sex of the fetuses it was learnt from: tests/noninterference_panel.sh BUILD [SAMPLES]
#
# The same simulated pregnancies, as bin tables, are learnt from three times: as XX and 45,X; as XY and 47,XXY; and with every read of X and Y taken away. The panel, the list of
# its samples, its page, all that is said and the exit status must be equal byte for byte, and a panel must have come out.
set -eu
export LC_ALL=C TZ=UTC
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(cd "$1" && pwd)
samples=${2-31}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for t in a b c; do
    mkdir -p "$tmp/$t" "$tmp/in_$t"
    printf 'sample\tfile\n' >"$tmp/in_$t/panel.tsv"
done
i=1
while [ "$i" -le "$samples" ]; do
    f=S$i.tsv.gz
    case $((i % 2)) in 0) one=xx other=xy ;; *) one=x other=xxy ;; esac
    "$dir/tools/simulate_nipt" bins "$tmp/in_a/$f" seed=$((7000 + i)) reads="${READS-500000}" fraction=0.1$((i % 10)) short=1 mosaic=1 \
        sex=$one also="$other:$tmp/in_b/$f" also="none:$tmp/in_c/$f"
    for t in a b c; do printf 'S%d\t%s\n' "$i" "$f" >>"$tmp/in_$t/panel.tsv"; done
    i=$((i + 1))
done
for t in a b c; do
    cd "$tmp/$t"
    mv "$tmp/in_$t" "$tmp/in"
    rc=0
    "$dir/screenlab" panel train --demo --reference "$root/reference" --now 2026-11-23T08:30:00+08:00 --assay nipt -o panel.tsv "$tmp/in" >stdout 2>stderr || rc=$?
    echo "$rc" >exit
    rm -rf "$tmp/in"
done
failed=0
for t in b c; do diff -r "$tmp/a" "$tmp/$t" >"$tmp/diff" 2>&1 || { failed=1; echo "panel: twins a and $t differ"; head -10 "$tmp/diff" | cut -c 1-200; }; done
[ -s "$tmp/a/panel.tsv" ] || { echo "noninterference of panels: no panel came out"; cat "$tmp/a/stderr"; exit 1; }
[ "$failed" = 0 ] && echo "noninterference of panels: $samples pregnancies learnt from three times, $(find "$tmp/a" -type f | wc -l) files compared"
