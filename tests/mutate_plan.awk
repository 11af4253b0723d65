# mutate_plan.awk - which tests are asked about each mutant: awk -f mutate_plan.awk COUNTED REACHED CHOSEN
#     COUNTED  FILE <TAB> LINE                          lines that gcov counts
#     REACHED  FILE <TAB> TEST <TAB> MILLISECONDS <TAB> LINE LINE ...
#     CHOSEN   as mutate.awk prints it; printed again with a last column, MILLISECONDS=TEST of each.
# Of the tests that reach the line the UNITS unit tests and the GOLDENS golden cases that reach most of its file are asked (whatever opens a release reaches
# half of every table's reader, and asks nothing of it), unit tests first and the quickest of them first; a test of more than SLOW milliseconds (8,000) only when
# it is one of the two that reach most of the file. A line that gcov does not count (a part of
# a table) belongs to every test of its file.
BEGIN {
    FS = OFS = "\t"
    UNITS = ENVIRON["UNITS"] != "" ? ENVIRON["UNITS"] : 8
    GOLDENS = ENVIRON["GOLDENS"] != "" ? ENVIRON["GOLDENS"] : 3
    SLOW = ENVIRON["SLOW"] != "" ? ENVIRON["SLOW"] : 8000
}
FILENAME == ARGV[1] { counted[$1, $2] = 1; next }
FILENAME == ARGV[2] {
    n = ++tests[$1]
    test[$1, n] = $2
    took[$1, n] = $3
    lines[$1, n] = " " $4 " "
    most[$1, n] = split($4, words, " ")
    whole[$2] += most[$1, n]
    next
}
# Takes the best of those left: by most lines of the file, then by fewest elsewhere; puts it among those to be asked by time.
function take(golden, limit, slow,   i, best, k, j) {
    for (k = golden ? 0 : m; k < limit; k++) {
        best = 0
        for (i = 1; i <= tests[$1]; i++) {
            if ((i in taken) || (test[$1, i] ~ /^golden/) != golden || (took[$1, i] > slow)) continue
            if ((($1, $2) in counted) && !index(lines[$1, i], " " $2 " ")) continue
            if (!best || most[$1, i] > most[$1, best] || most[$1, i] == most[$1, best] && whole[test[$1, i]] < whole[test[$1, best]]) best = i
        }
        if (!best) return
        taken[best] = 1
        for (j = ++m; j > 1 && keys[j - 1] > took[$1, best] + golden * 1e9; j--) {
            keys[j] = keys[j - 1]
            asked[j] = asked[j - 1]
        }
        keys[j] = took[$1, best] + golden * 1e9
        asked[j] = took[$1, best] "=" test[$1, best]
    }
}
{
    m = 0
    split("", taken)
    take(0, 2, 1e9)
    take(0, UNITS, SLOW)
    take(1, GOLDENS, 1e9)
    list = ""
    for (j = 1; j <= m; j++) list = list " " asked[j]
    print $0, substr(list, 2)
}
