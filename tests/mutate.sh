#!/bin/sh
# mutate.sh DIR [N|all] [SEED] - would a test notice a mistake in the code that decides? lab/ and lab/assays/ are changed in one place at a time
# (tests/mutate.awk), N places drawn with SEED; the changed file is compiled, linked, and the unit tests that call it and the golden cases
# are run: a failure kills the mutant. DIR: a folder for the build (build/mutants). Survivors are listed; those with a row in tests/mutants.tsv
# (file, the line's text, the change) are explained there. Exit 0 when at least LEAST per cent (90) of the mutants that compile are killed.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)

# ---- one mutant, called by xargs ----
if [ "${1-}" = --one ]; then
    cd "$here/.."
    IFS='	' read -r file line column length by <<IN
$2
IN
    at=$work/$$
    mkdir "$at"
    awk -v line="$line" -v column="$column" -v length_="$length" -v by="$by" \
        'NR == line { $0 = substr($0, 1, column - 1) by substr($0, column + length_) } { print }' "$file" >"$at/mutant.c"
    object=$dir/$(echo "$file" | sed 's/\.c$/.o/')
    verdict=survived
    # shellcheck disable=SC2086
    if ! gcc $flags -w -iquote "$(dirname "$file")" -c -o "$at/mutant.o" "$at/mutant.c" 2>/dev/null; then
        verdict=invalid
    elif cmp -s "$at/mutant.o" "$object"; then
        verdict=same
    else
        # shellcheck disable=SC2046,SC2086
        gcc -shared -fopenmp -o "$at/libours.so" "$at/mutant.o" $(echo "$objects" | tr ' ' '\n' | grep -vx "$object") $libraries
        for t in $(cat "$object.tests"); do
            status=0
            LD_LIBRARY_PATH=$at timeout 120 "$t" -j1 --fail-fast >/dev/null 2>&1 || status=$?
            [ "$status" -eq 0 ] || { verdict="unit $(basename "$t")"; break; }
        done
        if [ "$verdict" = survived ]; then
            LD_LIBRARY_PATH=$at timeout 300 sh tests/golden.sh "$dir/screenlab" >/dev/null 2>&1 || verdict=golden
        fi
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$verdict" "$file" "$line" "$(sed -n "${line}p" "$file" | cut -c "$column-$((column + length - 1))") -> $by" \
        "$column" "$(sed -n "${line}p" "$file" | sed 's/^ *//')"
    rm -rf "$at"
    exit 0
fi

cd "$here/.."
dir=$1 n=${2-300} seed=${3-1}
mkdir -p "$dir/tests"
dir=$(cd "$dir" && pwd)
packages=$(sed -n "s/^PACKAGES := //p" Makefile)
flags="-std=c17 -D_POSIX_C_SOURCE=200809L -DSCREENLAB_VERSION=\"0.1.0\" -DSCREENLAB_SHARE=\"/usr/local/share/screenlab/reference\" -DSCREENLAB_UNCONFINED -O0 -fPIC -fopenmp $(pkg-config --cflags $packages)"
flags=$(echo "$flags" | sed 's/="/=\\"/g; s/" /\\" /g')
flags=$(eval "printf '%s ' $flags")
libraries="$(pkg-config --libs $packages) -lcsv -lm"

# ---- the program and the tests, against one shared library ----
objects=
for f in lab/*.c lab/assays/*.c pipeline/*.c pipeline/*/*.c reports/*.c; do
    [ "$f" = pipeline/main.c ] && continue
    o=$dir/${f%.c}.o
    objects="$objects $o"
    mkdir -p "$(dirname "$o")"
    [ "$o" -nt "$f" ] && [ -z "$(find lab pipeline reports -name '*.h' -newer "$o" | head -1)" ] || echo "$f $o"
done >"$dir/stale"
for f in lab/*.c lab/assays/*.c pipeline/*.c pipeline/*/*.c reports/*.c; do
    [ "$f" = pipeline/main.c ] || objects="$objects $dir/${f%.c}.o"
done
objects=$(echo "$objects" | tr ' ' '\n' | grep . | sort -u | tr '\n' ' ' | sed 's/ $//')
export dir flags objects libraries
xargs -r -P "${JOBS-$(nproc)}" -L 1 sh -c 'gcc $flags -c -o "$1" "$0"' <"$dir/stale"
# shellcheck disable=SC2086
gcc -shared -fopenmp -o "$dir/libours.so" $objects $libraries
# shellcheck disable=SC2086
gcc $flags -o "$dir/screenlab" pipeline/main.c -L"$dir" -lours -Wl,-rpath,"$dir" -Wl,-z,lazy $libraries
ls tests/test_*.c | xargs -P "${JOBS-$(nproc)}" -I{} sh -c 't=$dir/tests/$(basename {} .c)
    [ "$t" -nt {} ] || gcc $flags -w -I. -o "$t" {} -L"$dir" -lours -Wl,-rpath,"$dir" $libraries -lcriterion'
# Which tests call a file: those that need one of its symbols, and those of its name.
for t in "$dir"/tests/test_*; do
    case $t in *.needs) continue ;; esac
    nm -u "$t" | awk '{ print $2 }' | sort >"$t.needs"
done
for f in lab/*.c lab/assays/*.c; do
    o=$dir/${f%.c}.o
    nm --defined-only -g "$o" | awk '{ print $3 }' | sort >"$dir/symbols"
    word=$(basename "$f" .c | sed 's/_.*//')
    for t in "$dir"/tests/test_*; do
        case $(basename "$t") in *.needs) ;; "test_$word"*) echo "0 $t" ;; *)
            [ -z "$(comm -12 "$t.needs" "$dir/symbols" | head -1)" ] || echo "1 $t" ;;
        esac
    done | sort | cut -d ' ' -f 2 >"$o.tests"
done

work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export work
for t in "$dir"/tests/test_*; do # a test that fails without a mutant would kill them all
    case $t in *.needs) continue ;; esac
    timeout 300 "$t" -j1 >"$work/log" 2>&1 || { cat "$work/log" >&2; echo "mutate: $t fails by itself" >&2; exit 1; }
done
sh tests/golden.sh "$dir/screenlab"
awk -f tests/mutate.awk lab/*.c lab/assays/*.c >"$work/all"
if [ "$n" = all ]; then
    cp "$work/all" "$work/chosen"
else
    awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' "$work/all" | sort -g | head -n "$n" | cut -f 2- >"$work/chosen"
fi
echo "mutate: $(wc -l <"$work/all") places; $(wc -l <"$work/chosen") of them, seed $seed"
tr '\n' '\0' <"$work/chosen" | xargs -0 -P "${JOBS-$(nproc)}" -I{} sh "$here/mutate.sh" --one {} >"$work/result" || true
[ -z "${KEEP-}" ] || cp "$work/result" "$KEEP"

awk -F'\t' '{ split($1, v, " "); n[v[1]]++ } END { for (k in n) print "mutate: " n[k] " " k }' "$work/result" | sort
grep '^survived' "$work/result" | sort -k 2 | while IFS='	' read -r _ file line change column text; do
    why=$(awk -F'\t' -v f="$file" -v t="$text" -v c="$change" '$1 == f && $2 == t && $3 == c { print $4 }' tests/mutants.tsv 2>/dev/null)
    printf '  %s:%s:%s  %s  | %s  %s\n' "$file" "$line" "$column" "$change" "$text" "${why:+(explained: $why)}"
done
awk -F'\t' -v least="${LEAST-90}" '$1 != "invalid" && $1 != "same" { n++; killed += $1 != "survived" }
    END { printf "mutate: %d of %d killed, %.1f %%\n", killed, n, 100 * killed / n; exit 100 * killed < least * n }' "$work/result"
