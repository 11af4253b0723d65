#!/bin/sh
# tidy.sh FILE... -- FLAGS - clang-tidy over the files, as many at once as there are processors; prints only what it finds.
set -eu
files=
while [ "$1" != -- ]; do
    files="$files $1"
    shift
done
shift
# shellcheck disable=SC2086 # a list of names
printf '%s\n' $files | xargs -P "$(nproc)" -I{} sh -c 'file=$1; shift; clang-tidy-14 --quiet "$file" -- "$@" 2>/dev/null || exit 1' sh {} "$@"
