#!/bin/sh
# mutate.sh DIR COVDIR N|all SEED -- FLAGS - would a test notice a mistake in the code that decides? lab/ and lab/assays/ are changed in one place at a
# time (tests/mutate.awk), N places drawn with SEED. Only the changed file is compiled, with FLAGS; it stands before the whole of DIR/libours.so
# (LD_PRELOAD), so that no program is linked anew. The tests and golden cases that reach the line, as gcov saw them with COVDIR/libours.so, are run, the
# quickest first: one that fails or runs on for ever kills the mutant. An object equal to the true one is no mutant. Survivors are listed; those that no table could ask about
# stand in tests/mutants.tsv (file, the line's text, the change, why). Exit 0 when at least LEAST per cent (90) are killed, explained or not.
# JOBS: how many at once. KEEP: a file for the verdicts. UNITS, GOLDENS: how many tests are asked of each (tests/mutate_plan.awk; GOLDENS=0: no golden case is even
# looked at). ONLY: an extended regular expression; the draw is of the files it fits (ONLY='^lab/assays/cervical').
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
now() { date +%s%N | cut -c 1-13; }

case $1 in
--reach) # NAME: what one test or golden case reaches, and how long it takes; kept in DIR/reach until something it is made of is younger
    name=$2
    kept=$dir/reach/$(echo "$name" | tr / _)
    case $name in golden/*) made="$dir/linked/screenlab tests/cases/${name#golden/}" ;; *) made=$dir/$name ;; esac
    # shellcheck disable=SC2086
    if [ -e "$kept" ] && [ -z "$(find $made "$dir/libours.so" -newer "$kept" | head -1)" ]; then exit 0; fi
    case $name in golden/*) set -- sh tests/golden.sh "$work/program" "${name#golden/}" ;; *) set -- "$dir/$name" -j1 ;; esac
    : >"$kept.counted"
    at=$work/reach/$name
    mkdir -p "$at"
    cp -rs "$cov/lab" "$at/" # the .gcno must lie beside what is counted
    # Processor time of the program that counts, since the clock tells how busy the machine is.
    # shellcheck disable=SC2016
    timeout 900 env LD_LIBRARY_PATH="$cov" GCOV_PREFIX="$at" GCOV_PREFIX_STRIP="$(echo "$cov" | tr -cd / | wc -c)" \
        sh -c 'log=$1; shift; "$@" >"$log" 2>&1; r=$?; times; exit $r' sh "$work/log.$$" "$@" >"$work/times.$$" ||
        { cat "$work/log.$$" >&2; echo "mutate: $name fails by itself" >&2; exit 255; }
    took=$(awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, "[ms]"); ms += 60000 * t[1] + 1000 * t[2] } print int(ms) }' "$work/times.$$")
    find "$at" -name '*.gcda' | xargs -r gcov -t 2>/dev/null | awk -v name="$name" -v took="$took" -v counted="$kept.counted" -F: '
        $2 + 0 == 0 { if ($3 == "Source") file = $4; next }
        $1 ~ /- *$/ { next }
        { print file "\t" $2 + 0 >counted }
        $1 !~ /[#=]/ { lines[file] = lines[file] " " $2 + 0 }
        END { for (f in lines) print f "\t" name "\t" took "\t" substr(lines[f], 2) }' >"$work/reached.$$"
    mv "$work/reached.$$" "$kept"
    rm -rf "$at" "$work/log.$$" "$work/times.$$"
    exit 0
    ;;
--one) # FILE <TAB> LINE <TAB> COLUMN <TAB> LENGTH <TAB> BY <TAB> TESTS: the verdict on one mutant
    IFS='	' read -r file line column length by tests <<IN
$2
IN
    at=$work/$$
    mkdir "$at"
    mutant=$at/$(basename "$file")
    awk -v line="$line" -v column="$column" -v length_="$length" -v by="$by" -v file="$file" 'NR == 1 { print "#line 1 \"" file "\"" }
        NR == line { $0 = substr($0, 1, column - 1) by substr($0, column + length_) } { print }' "$file" >"$mutant"
    verdict=survived
    compile() { # OBJECT [OPTION...]
        sh -c "exec gcc $flags -w -I. -iquote '$(dirname "$file")' -c -o \"\$@\" '$mutant'" sh "$@" 2>/dev/null
    }
    # Runs a test with the mutant; false when it fails. Processor time, not the clock: a busy machine kills no mutant.
    ask() { # MILLISECONDS TEST PRELOAD KILOBYTES
        limit=$(($1 * 3 / 1000 + 4))
        case $2 in
        golden/*) (ulimit -v "$4"; ulimit -t $limit; exec timeout $((limit * 20)) sh tests/golden.sh "$work/program" "${2#golden/}") ;;
        *) (ulimit -v "$4"; ulimit -t $limit; exec timeout $((limit * 20)) env LD_PRELOAD="$3" "$dir/$2" -j1 --fail-fast) ;;
        esac </dev/null >/dev/null 2>&1
    }
    if ! compile "$at/mutant.o"; then
        verdict=invalid
    elif cmp -s "$at/mutant.o" "$dir/${file%.c}.o"; then
        verdict=same
    else
        gcc -shared -o "$at/mutant.so" "$at/mutant.o"
        MUTANT=$at/mutant.so
        export MUTANT ASAN_OPTIONS=detect_leaks=0
        for one in $tests; do
            took=${one%%=*} name=${one#*=}
            ask "$took" "$name" "$MUTANT" 8000000 || { verdict="killed $name"; break; }
        done
        [ -n "$tests" ] || verdict="survived unreached"
        # What reads or writes beside its arrays without being found out is found by the sanitizers of `make V=asan check`: the quickest of the same tests, that file alone instrumented.
        if [ "$verdict" = survived ] && compile "$at/sane.o" -fsanitize=address,undefined -fno-sanitize-recover=all &&
            gcc -shared -fsanitize=address,undefined -o "$at/sane.so" "$at/sane.o"; then
            for one in $tests; do
                took=${one%%=*} name=${one#*=}
                case $name in golden/*) continue ;; esac
                [ "$took" -le 2500 ] || continue
                ask $((took * 3)) "$name" "$(gcc -print-file-name=libasan.so) $at/sane.so" unlimited || { verdict="killed sanitizer of $name"; break; }
            done
        fi
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$verdict" "$file" "$line" "$(sed -n "${line}p" "$file" | cut -c "$column-$((column + length - 1))") -> $by" \
        "$column" "$(sed -n "${line}p" "$file" | sed 's/^ *//')"
    rm -rf "$at"
    exit 0
    ;;
esac

dir=$(cd "$1" && pwd) cov=$(cd "$2" && pwd) n=$3 seed=$4
shift 5
flags=
for f; do flags="$flags '$f'"; done
jobs=${JOBS-$(nproc)}
work=$(TMPDIR=${TMPDIR-/dev/shm} mktemp -d 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export dir cov flags work
printf '#!/bin/sh\nexec env ${MUTANT:+LD_PRELOAD=$MUTANT} "%s" "$@"\n' "$dir/linked/screenlab" >"$work/program"
chmod +x "$work/program"

# ---- who reaches what ----
began=$(now)
{ (cd "$dir" && ls linked/test_*) | grep -v '\.d$'; [ "${GOLDENS-}" = 0 ] || ls tests/cases | sed 's|^|golden/|'; } >"$work/names"
mkdir -p "$dir/reach"
xargs -P "$jobs" -I{} sh "$here/mutate.sh" --reach {} <"$work/names" || exit 1
tr / _ <"$work/names" | sed "s|^|$dir/reach/|" >"$work/kept"
xargs cat <"$work/kept" >"$work/reached"
sed 's/$/.counted/' "$work/kept" | xargs sort -u >"$work/counted"
echo "mutate: $(wc -l <"$work/names") tests and golden cases reach the lines of $(cut -f 1 "$work/reached" | sort -u | grep -c "^lab/.*c$") files; $((($(now) - began) / 1000)) s"

# ---- the draw: a place keeps its lot when a line is added elsewhere ----
ls lab/*.c lab/assays/*.c | grep -E "${ONLY-.}" | xargs awk -f tests/mutate.awk >"$work/all"
if [ "$n" = all ]; then
    cp "$work/all" "$work/chosen"
else
    awk -F'\t' -v seed="$seed" 'BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
        $1 != file { file = $1; n = 0; while ((getline text <file) > 0) lines[++n] = text; close(file) }
        { s = seed " " $1 " " lines[$2] " " $3 " " $5; h = 7
          for (i = 1; i <= length(s); i++) h = (h * 16807 + code[substr(s, i, 1)]) % 2147483647
          for (i = 0; i < 3; i++) h = (h * 16807 + 11) % 2147483647
          print h "\t" $0 }' "$work/all" | sort -n | head -n "$n" | cut -f 2- >"$work/chosen"
fi
echo "mutate: $(wc -l <"$work/all") places; $(wc -l <"$work/chosen") of them, seed $seed"
awk -f tests/mutate_plan.awk "$work/counted" "$work/reached" "$work/chosen" >"$work/plan"
began=$(now)
tr '\n' '\0' <"$work/plan" | xargs -0 -P "$jobs" -I{} sh "$here/mutate.sh" --one {} >"$work/result" || true
[ "$(wc -l <"$work/result")" -eq "$(wc -l <"$work/chosen")" ] || { echo "mutate: some mutants got no verdict" >&2; exit 1; }
[ -z "${KEEP-}" ] || cp "$work/result" "$KEEP"

awk -F'\t' '{ split($1, v, " "); if (v[1] == "killed") v[1] = "killed by a " (v[2] ~ /^golden/ ? "golden case" : v[2] == "sanitizer" ? "sanitizer" : "unit test"); n[v[1]]++ }
    END { for (k in n) print "mutate: " n[k] " " k }' "$work/result" | sort
explained=0
grep '^survived' "$work/result" | sort -k 2 >"$work/survivors" || true
while IFS='	' read -r verdict file line change column text; do
    why=$(awk -F'\t' -v f="$file" -v t="$text" -v c="$change" '$1 == f && $2 == t && $3 == c { print $4 }' tests/mutants.tsv 2>/dev/null)
    [ -z "$why" ] || explained=$((explained + 1))
    printf '  %s:%s:%s  %s  | %s  %s\n' "$file" "$line" "$column" "$change" "$text" "${why:+(explained: $why)}${verdict#survived}"
done <"$work/survivors"
awk -F'\t' -v least="${LEAST-90}" -v explained="$explained" -v seconds="$((($(now) - began) / 1000))" '$1 != "invalid" && $1 != "same" { n++; killed += $1 !~ /^survived/ }
    END { if (n == 0) { print "mutate: none of them is a mutant"; exit }
          printf "mutate: %d of %d killed, %.1f %%; %d of %d survivors explained; %d s\n", killed, n, 100 * killed / n, explained, n - killed, seconds
          exit 100 * killed < least * n }' "$work/result"
