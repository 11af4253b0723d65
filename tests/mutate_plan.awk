# mutate_plan.awk - which tests are asked about each mutant: awk -f mutate_plan.awk COUNTED REACHED CHOSEN
#     COUNTED  FILE <TAB> LINE                          lines that gcov counts
#     REACHED  FILE <TAB> TEST <TAB> MILLISECONDS <TAB> LINE LINE ...
#     CHOSEN   as mutate.awk prints it; printed again with a last column, MILLISECONDS=TEST of each, the quickest first,
# unit tests before golden cases. A line that gcov does not count (a part of a table) belongs to every test of its file.
BEGIN { FS = OFS = "\t" }
FILENAME == ARGV[1] { counted[$1, $2] = 1; next }
FILENAME == ARGV[2] {
    n = ++tests[$1]
    test[$1, n] = $2
    took[$1, n] = $3
    lines[$1, n] = " " $4 " "
    next
}
{
    m = 0
    for (i = 1; i <= tests[$1]; i++)
        if (!(($1, $2) in counted) || index(lines[$1, i], " " $2 " ")) {
            key = took[$1, i] + (test[$1, i] ~ /^golden/ ? 1e9 : 0)
            for (j = ++m; j > 1 && keys[j - 1] > key; j--) {
                keys[j] = keys[j - 1]
                asked[j] = asked[j - 1]
            }
            keys[j] = key
            asked[j] = took[$1, i] "=" test[$1, i]
        }
    list = ""
    for (j = 1; j <= m; j++) list = list " " asked[j]
    print $0, substr(list, 2)
}
