#!/bin/sh
# analyze.sh FILE... -- FLAGS - gcc -fanalyzer over the files; prints what it finds and fails, but for the exceptions below.
# An exception is a file and a warning (without line and column), a TAB, and why it is none.
set -eu
files=
while [ "$1" != -- ]; do
    files="$files $1"
    shift
done
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086
printf '%s\n' $files | xargs -P "$(nproc)" -I{} sh -c 'file=$1; work=$2; shift 2
    gcc "$@" -fanalyzer -Wno-error -c -o "$work/$(echo "$file" | tr / _).o" "$file" 2>"$work/$(echo "$file" | tr / _).log" || echo "$file: does not compile" >>"$work/failed"' \
    sh {} "$work" "$@"
cat "$work"/*.log | grep -E 'warning: .*\[-Wanalyzer' | sed 's/:[0-9]*:[0-9]*: /: /' | sort -u >"$work/found" || true
cat >"$work/exceptions" <<'LIST'
pipeline/text.c: warning: leak of ‘iconv_open("UTF-8", "GB18030")’	on the path where it gave (iconv_t)-1, which is no handle
pipeline/sandbox.c: warning: leak of ‘iconv_open("UTF-8", "GB18030")’	kept open on purpose: every decoder forked from here needs the converter
pipeline/sandbox_work.c: warning: leak of ‘iconv_open("UTF-8", "GB18030")’	the same, for the process that is forked next
lab/care.c: warning: use of uninitialized value ‘*(const char **)((char *)&no + offsetof(CareRefusal, field))’	set to {0}, or taken over whole from a compound literal, which sets every member
lab/fragment.c: warning: dereference of NULL ‘list.items’	the list is empty only with n == capacity == 0, and then it grows first
lab/sanger_slices.c: warning: use of uninitialized value ‘before’	written through the table of rows, or the function has returned
lab/sanger_slices.c: warning: use of uninitialized value ‘after’	the same
LIST
grep -v '^#' "$work/exceptions" | cut -f 1 >"$work/patterns"
bad=$(if [ -s "$work/patterns" ]; then grep -vF -f "$work/patterns" "$work/found"; else cat "$work/found"; fi || true)
[ ! -e "$work/failed" ] || { cat "$work/failed"; exit 1; }
[ -z "$bad" ] || { echo "$bad"; exit 1; }
echo "analyze: $(echo $files | wc -w) files, $(wc -l <"$work/found") findings of gcc -fanalyzer, all explained"
