#!/bin/sh
# hardening.sh PROGRAM - the program is built to be hard to take over: position-independent, read-only relocations bound at start, stack
# protector, fortified libc calls, no memory that is both writable and executable, no search path for libraries. A check that nothing can fail proves nothing:
# a program built without each of them must be seen.
set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# faults FILE: the missing protections, one a line.
faults() {
    readelf -W -h -l -d --dyn-syms "$1" >"$work/elf"
    grep -q 'Type: *DYN' "$work/elf" && grep -q 'FLAGS_1.*PIE' "$work/elf" || echo pie
    grep -q 'GNU_RELRO' "$work/elf" || echo relro
    grep -qE 'BIND_NOW|FLAGS_1.*NOW' "$work/elf" || echo bind-now
    grep -E 'GNU_STACK' "$work/elf" | grep -q 'RW  ' || echo stack
    grep -E '^ +(LOAD|GNU_STACK)' "$work/elf" | grep -q 'RWE' && echo rwx
    grep -q '__stack_chk_fail' "$work/elf" || echo stack-protector
    grep -qE '__[a-z]+_chk(@| )' "$work/elf" || echo fortify
    grep -qE 'RPATH|RUNPATH' "$work/elf" && echo rpath
    return 0
}

bad=$(faults "$1")
[ -z "$bad" ] || { echo "hardening: $1 lacks: $(echo "$bad" | tr '\n' ' ')" >&2; exit 1; }

cat >"$work/x.c" <<'C'
#include <stdio.h>
#include <string.h>
int main(int n, char **v) { char b[64]; memcpy(b, v[0], (size_t)n); printf("%s %d\n", b, n); return 0; }
C
good='-O2 -fPIE -pie -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now,-z,noexecstack'
weak() { # FAULT FLAGS...
    wanted=$1
    shift
    # shellcheck disable=SC2086
    gcc -w $good "$@" -o "$work/x" "$work/x.c" 2>/dev/null
    faults "$work/x" | grep -qx "$wanted" || { echo "hardening: a program without $wanted is not seen" >&2; exit 1; }
}
weak pie -fno-PIE -no-pie
weak relro -Wl,-z,norelro
weak bind-now -Wl,-z,lazy
weak stack -Wl,-z,execstack
weak rwx -Wl,-z,execstack
weak stack-protector -fno-stack-protector
weak fortify -U_FORTIFY_SOURCE
weak rpath -Wl,-rpath,/tmp
echo "hardening: PIE, RELRO, BIND_NOW, no executable stack, no RWX, stack protector, FORTIFY, no RPATH; each is seen when it is missing"
