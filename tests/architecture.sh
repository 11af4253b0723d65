#!/bin/sh
# The rules of docs/architecture.md, kept by a machine: part of `make lint`. Prints every breach as "file: rule: what" and
# ends with 1. A rule that nothing can break is no rule: tests/architecture.sh --self breaks each one in a copy and must see it.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
cd "${ARCHITECTURE_ROOT-$here/..}" || exit 2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/breaches"

plant() { # rule file line: is the rule seen to break when the line is added to the file of a copy? As many at once as there are processors
    planted=$((planted + 1))
    plant_one "$tmp/copy$planted" "$@" &
    [ $((planted % $(nproc))) -ne 0 ] || wait
}
planted=0
plant_one() { # copy rule file line
    mkdir "$1"
    cp -r lab pipeline reports reference "$1"
    printf '%b\n' "$4" >>"$1/$3"
    before=$(grep -cF "$2" "$tmp/baseline")
    after=$(ARCHITECTURE_ROOT="$1" sh "$here/architecture.sh" 2>/dev/null | grep -cF "$2")
    rm -rf "$1"
    if [ "$after" -gt "$before" ]; then
        echo "seen:   $2"
    else
        echo "MISSED: $2 ($3)"
        : >"$tmp/missed"
    fi
}
if [ "${1-}" = --self ]; then
    ARCHITECTURE_QUICK=1 sh "$here/architecture.sh" >"$tmp/baseline" 2>/dev/null
    plant "lab includes only lab and libc" lab/date.c '#include <htslib/hts.h>'
    plant "lab knows nothing of others" lab/date.c '#include "../pipeline/file.h"'
    plant "reports never include pipeline" reports/report.c '#include "../pipeline/file.h"'
    plant "sqlite3 only in the ledger" pipeline/file.c '#include <sqlite3.h>'
    plant "libxml2's parser only in xml.c" reports/report.c 'int f(void) { return xmlReadMemory(0, 0, 0, 0, 0) != 0; }'
    plant "libcrypto only in file.c and sign.c" pipeline/batch.c '#include <openssl/evp.h>'
    plant "xmlsec1 only in sign.c" pipeline/file.c '#include <xmlsec/xmlsec.h>'
    plant "HTSlib only in readers and strippers" pipeline/file.c '#include <htslib/hts.h>'
    plant "processes and their confinement only in sandbox.c" pipeline/file.c 'int f(void) { return fork(); }'
    plant "files are read through decode.c" pipeline/check.c 'Status f(const Reader *reader) { return reader->read(0, 0, 0); }'
    plant "a fetus's X is read in disclose_read.c only" pipeline/decode.c 'void f(ReadJob *j) { j->disclosing = true; }'
    plant "the parallel loop is batch's" lab/date.c '#pragma omp parallel for'
    plant "no tasks" pipeline/batch.c '#pragma omp task'
    plant "struct Sealed is defined in lab/sex.c only" reports/report.c 'struct Sealed { int x; };'
    plant "assays are reached through the table" pipeline/file.c 'extern const Assay assay_carrier;'
    plant "no assay is named outside lab" reports/report.c 'const char *f(void) { return "carrier"; }'
    plant "banned function" pipeline/file.c 'void f(char *a) { strcpy(a, "b"); }'
    plant "lab gets memory from the Arena" lab/date.c 'void *f(void) { return malloc(1); }'
    plant "no files, clock, environment or output in lab" lab/date.c 'long f(void) { return time(NULL); }'
    plant "no variable of file scope that changes" lab/date.c 'static int counter = 0;'
    plant "goto only to done" pipeline/file.c 'void f(void) { goto out; out:; }'
    plant "no typedef of a pointer" lab/date.c 'typedef struct D *DP;'
    plant "nothing is left for later" lab/date.c '/* TO''DO */'
    plant "no field on marriage, birth permit or household" reference/facts.tsv '婚姻'
    plant "a function has at most 60 lines" lab/date.c "void f(void)\n{$(printf '\\n%.0s' $(seq 61))}"
    plant "a file has at most 600 lines" lab/date.c "$(printf '\\n%.0s' $(seq 601))"
    plant "every word has a row" pipeline/file.c 'Status f(Note *w) { return note_fail(w, BAD_INPUT, "no.such.word", (Place){0}, 0); }' 2>/dev/null
    wait
    [ ! -e "$tmp/missed" ]
    exit
fi

breach() { # file rule what
    printf '%s: %s: %s\n' "$1" "$2" "$3" >>"$tmp/breaches"
}

# Code without comments, "file:line:text", so that a word in an essay breaks nothing.
code() {
    for f in "$@"; do
        gcc -fpreprocessed -dD -E "$f" 2>/dev/null | awk -v f="$f" '/^# [0-9]+ "/ { n = $2 - 1; next } { n++; print f ":" n ":" $0 }'
    done
}
# matches rule what pattern: every line of standard input that fits is a breach
matches() {
    grep -E "$3" | while IFS=: read -r file line text; do breach "$file:$line" "$1" "$2:$(printf %s "$text" | cut -c1-90)"; done
}

lab=$(ls lab/*.[ch] lab/assays/*.[ch] 2>/dev/null)
pipeline=$(ls pipeline/*.[ch] pipeline/readers/*.[ch] pipeline/strip/*.[ch] 2>/dev/null)
reports=$(ls reports/*.[ch] 2>/dev/null)
ours="$lab $pipeline $reports"
code $lab >"$tmp/lab"
code $pipeline >"$tmp/pipeline"
code $reports >"$tmp/reports"
cat "$tmp/lab" "$tmp/pipeline" "$tmp/reports" >"$tmp/all"

# ---- who may know whom ----
grep '#include' "$tmp/lab" | grep -vE '<(assert|ctype|errno|float|inttypes|limits|math|stdarg|stdbool|stddef|stdint|stdio|stdlib|string)\.h>' |
    grep -vE '"(\.\./|assays/)?[a-z_0-9]+\.h"' | matches "lab includes only lab and libc" "include" '.'
grep '#include' "$tmp/lab" | grep -E '^lab/[a-z_0-9]+\.[ch]:' | matches "lab includes only lab" "include" '"\.\./'
grep '#include' "$tmp/lab" | matches "lab knows nothing of others" "include" 'pipeline/|reports/|readers/'
matches "reports never include pipeline" "include" '#include.*pipeline' <"$tmp/reports"
grep -vE '^pipeline/ledger[a-z_]*\.c:' "$tmp/all" | matches "sqlite3 only in the ledger" "found" 'sqlite3'
# main may start and end the library: threads need that
grep -vE '^pipeline/xml\.c:|^pipeline/main\.c:.*(libxml/parser\.h|xml(Init|Cleanup)Parser\(\))' "$tmp/all" |
    sed -E '/^pipeline\/(strip\/cda|sign)\.c:/s|libxml/tree||' | # they walk a tree that xml.c parsed
    matches "libxml2's parser only in xml.c" "found" 'libxml/(parser|tree|xpath|SAX)|xml(Read|Parse|CtxtRead|NewParser|SAXParse)[A-Za-z]* *\('
grep -vE '^pipeline/(file|sign)\.c:' "$tmp/all" | matches "libcrypto only in file.c and sign.c" "include" '#include <openssl/'
grep -vE '^pipeline/sign\.c:' "$tmp/all" | matches "xmlsec1 only in sign.c" "include" '#include <xmlsec/'
grep -vE '^pipeline/(readers|strip)/|^pipeline/main\.c:.*hts_log\.h' "$tmp/all" | matches "HTSlib only in readers and strippers" "include" '#include <htslib/'
grep -vE '^pipeline/sandbox(_[a-z]+)?\.[ch]:' "$tmp/all" | matches "processes and their confinement only in sandbox.c" "found" \
    '#include <(seccomp|linux/|sys/prctl|sys/wait)|(^|[^A-Za-z0-9_])(fork|vfork|execve?|execl?p?|prctl|seccomp_[a-z_]+|socketpair) *\('
grep -vE '^pipeline/(disclose_read\.c|readers/reader\.h):' "$tmp/all" | matches "a fetus's X is read in disclose_read.c only" "found" 'disclosing *=|\.disclosing\b[^)&;]*='
grep -vE '^pipeline/readers/' "$tmp/pipeline" | matches "files are read through decode.c" "found" 'reader->read *\('
grep -vE '^pipeline/batch[a-z_]*\.c:' "$tmp/all" | matches "the parallel loop is batch's" "pragma" '# *pragma +omp|_Pragma'
matches "no tasks" "pragma" 'pragma +omp.*\btask' <"$tmp/all"
matches "struct Sealed is defined in lab/sex.c only" "found" 'struct Sealed *\{' <<IN
$(grep -v '^lab/sex\.c:' "$tmp/all")
IN
for f in lab/assays/*.c; do
    [ "$f" = lab/assays/assays.c ] && continue
    code=$(sed -n 's/^const Assay assay_\([a-z0-9_]*\).*/\1/p' "$f")
    [ -n "$code" ] || continue
    grep -vE "^lab/assays/($(basename "$f" .c)[a-z_]*|assays)\.[ch]:" "$tmp/all" |
        matches "assays are reached through the table" "found" "\\bassay_$code\\b"
    grep -vE '^lab/' "$tmp/all" | matches "no assay is named outside lab" "found" "\"$code\""
done

# ---- what no code may do ----
matches "banned function" "found" \
    '(^|[^A-Za-z0-9_>.])(gets|strcpy|strcat|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atof|localtime|gmtime|localtime_r|gmtime_r|rand|srand|system|popen|setlocale|alloca|scanf|sscanf|fscanf) *\(' <"$tmp/all"
grep -vE '^lab/arena\.c:' "$tmp/lab" | matches "lab gets memory from the Arena" "found" '(^|[^A-Za-z0-9_])(malloc|calloc|realloc|free|strdup|strndup) *\('
matches "no files, clock, environment or output in lab" "found" \
    '(^|[^A-Za-z0-9_])(fopen|open|read|write|fread|fwrite|printf|fprintf|puts|putchar|perror|time|clock|clock_gettime|getenv|exit|_Exit|pthread_[a-z_]+|omp_[a-z_]+|strtod_l|newlocale) *\(' <"$tmp/lab"
matches "no variable of file scope that changes" "found" '^[^:]*:[0-9]*:(static )?[A-Za-z_][A-Za-z0-9_ ]*[ *][a-z_][a-z0-9_]*(\[[^]]*\])*( *=.*|;)$' <<IN
$(grep -vE ':(static )?(const |inline |typedef |struct [A-Za-z]*;|enum |extern |return|else|#)' "$tmp/lab" | grep -vE 'const ' | grep -vE ':[0-9]+:[[:space:]]')
IN
matches "goto only to done" "found" '\bgoto +[a-z_]+' <<IN
$(grep -vE 'goto +done *;' "$tmp/all")
IN
matches "no typedef of a pointer" "found" 'typedef [^(]*\*[A-Za-z_]+;' <"$tmp/all"
grep -nE 'TODO|FIXME|XXX[^A-Za-z]|HACK' $ours 2>/dev/null | matches "nothing is left for later" "found" '.'

# A person is not asked for marriage, birth permit or household: no field, no table, no word.
grep -rniE 'marriage|marital|married|birth[_ -]?permit|hukou|household|婚姻|结婚|已婚|未婚|准生|生育证|户口|户籍' lab pipeline reports reference 2>/dev/null |
    matches "no field on marriage, birth permit or household" "found" '.'

# ---- size ----
for f in $ours; do
    n=$(wc -l <"$f")
    [ "$n" -le 600 ] || breach "$f" "a file has at most 600 lines" "$n"
    awk -v f="$f" '/^\{/ { start = NR } /^\}/ && start { if (NR - start + 1 > 60) print f ":" start ":" (NR - start + 1) " lines"; start = 0 }' "$f"
done | matches "a function has at most 60 lines" "found" '.'
git ls-files 2>/dev/null | sed 's|/.*||' | sort -u | grep -v '^\.' |
    grep -vxE 'pipeline|lab|reports|reference|tests|docs|Makefile|README.md|LICENSE' | while read -r name; do breach "$name" "the root holds the agreed names" "$name"; done

# ---- words: every code that a Note, a table or the code gives to a reader has its row in wording.tsv ----
cut -f1 reference/wording.tsv | sort -u >"$tmp/have"
{
    cat $lab $pipeline $reports | tr '\n' ' ' | tr -s ' ' >"$tmp/flat"
    grep -oE 'note_fail\([^,"]*, *[A-Z_a-z]+, *"[a-z0-9_.]+"' "$tmp/flat" | sed 's/.*"\(.*\)"/note.\1/'
    cat pipeline/intake*.c 2>/dev/null | tr '\n' ' ' | grep -oE '\.code = "[a-z0-9_.]+"' | sed 's/.*"\(.*\)"/note.\1/'
    grep -oE 'reference_word\([^,"]*, *[^,"]*, *"[a-z0-9_.]+"' "$tmp/flat" | sed 's/.*"\(.*\)"/\1/'
    table=reference/triage.tsv
    grep -v '^#' $table | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        function words(kind, cell,    n, i, w) { n = split(cell, w, "|"); for (i = 1; i <= n; i++) if (w[i] ~ /^[a-z]/) print kind "." w[i] }
        { words("finding", $at["in:code"]); words("detail", $at["in:detail"]); words("department", $at["out:department"])
          words("capability", $at["out:capability"]); words("urgency", $at["out:urgency"]); words("action", $at["out:wording"]) }'
    awk -F'\t' '$1 == "triage" && $2 == "code" { n = split($3, w, "|"); for (i = 1; i <= n; i++) print "finding." w[i] }
        $1 == "triage" && $2 == "detail" { n = split($3, w, "|"); for (i = 1; i <= n; i++) if (w[i] ~ /^[a-z]/) print "detail." w[i] }' reference/domains.tsv
    grep -hv '^#' reference/centres.tsv reference/example/centres.tsv | awk -F'\t' '$1 != "id" { n = split($4, w, " "); for (i = 1; i <= n; i++) print "capability." w[i] }'
} 2>/dev/null | sort -u >"$tmp/need"
comm -13 "$tmp/have" "$tmp/need" | while read -r key; do breach reference/wording.tsv "every word has a row" "$key"; done
cut -f1 reference/wording.tsv | grep -vE '^(#|key$)' | sort | uniq -d | while read -r key; do breach reference/wording.tsv "a word has one row" "$key"; done
awk -F'\t' '!/^#/ && (NF != 3 || $2 == "" || $3 == "") { print "reference/wording.tsv:" NR ":" $1 }' reference/wording.tsv |
    matches "a word is told in Chinese and English" "row" '.'

# ---- the committed demonstration is what its generator writes ----
if [ -z "${ARCHITECTURE_ROOT-}${ARCHITECTURE_QUICK-}" ]; then
    for part in 1 2; do
        folder=batch
        [ $part = 2 ] && folder=batch2
        tests/demo/make.sh "$tmp/$folder" a $part || breach tests/demo "the generator runs" "part $part"
        diff -r "$tmp/$folder" "tests/demo/$folder" >/dev/null || breach "tests/demo/$folder" "committed = generated" "run tests/demo/make.sh"
    done
fi

n=$(wc -l <"$tmp/breaches")
sort -u "$tmp/breaches"
[ "$n" -eq 0 ] && echo "architecture: all rules hold"
[ "$n" -eq 0 ]
