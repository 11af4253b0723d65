# mutate.awk - every small change of the C files named as arguments that could be a mistake of a programmer: one a line,
#     FILE <TAB> LINE <TAB> COLUMN <TAB> LENGTH <TAB> BY
# < <= > >= == != && || ! + - * / += -= true false and whole numbers (the 12 of 1e-12 is none). Comments, strings, includes, asserts and the sizes of
# memory (lines with arena_, sizeof, capacity, snprintf; "double x[7]") are left alone: they hold no decision.
BEGIN {
    OFS = "\t"
    split("<= >= == != && ||", two, " ")
    by["<"] = "<="; by["<="] = "<"; by[">"] = ">="; by[">="] = ">"; by["=="] = "!="; by["!="] = "=="
    by["&&"] = "||"; by["||"] = "&&"; by["+"] = "-"; by["-"] = "+"; by["*"] = "/"; by["/"] = "*"
    by["+="] = "-="; by["-="] = "+="
    by["true"] = "false"; by["false"] = "true"
}
FNR == 1 { comment = 0 }
{
    line = $0
    skip = line ~ /^[ \t]*#|arena_|sizeof|capacity|snprintf|^static const|^extern|^typedef|^enum|\\$/
    declares = line ~ /^[ \t]*(static |const )*(double|int|char|bool|size_t|float|u?int[0-9]+_t|[A-Z][A-Za-z0-9]+) (\*(const )?)*[a-z_0-9]+\[/
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        pair = substr(line, i, 2)
        if (comment) {
            if (pair == "*/") { comment = 0; i++ }
            continue
        }
        if (pair == "/*") { comment = 1; i++; continue }
        if (c == "\"" || c == "'") { # a string or a character
            for (i++; i <= n && substr(line, i, 1) != c; i++)
                if (substr(line, i, 1) == "\\") i++
            continue
        }
        if (pair == "->" || pair == "++" || pair == "--" || pair == "<<" || pair == ">>" || pair == "*=" || pair == "/=") { i++; continue }
        if (skip) continue
        if (pair in by) { print FILENAME, FNR, i, 2, by[pair]; i++; continue }
        if (c == "!") { print FILENAME, FNR, i, 1, "!!"; continue }
        if (c ~ /[A-Za-z_]/) {
            match(substr(line, i), /^[A-Za-z_0-9]+/)
            word = substr(line, i, RLENGTH)
            if (word in by) print FILENAME, FNR, i, RLENGTH, by[word]
            i += RLENGTH - 1
            continue
        }
        if (c ~ /[0-9]/) {
            if (!match(substr(line, i), /^[0-9.]+[eE]-[0-9]+/)) match(substr(line, i), /^[0-9.]+[uUlLeExXa-fA-F0-9+]*/)
            number = substr(line, i, RLENGTH)
            size = declares && substr(line, i - 1, 1) == "[" && substr(line, i + RLENGTH, 1) == "]"
            if (number ~ /^[0-9]+$/ && !size) print FILENAME, FNR, i, RLENGTH, (number == "0" ? "1" : number == "1" ? "0" : number + 1)
            i += RLENGTH - 1
            continue
        }
        # a binary operator has blanks on both sides in our format
        if ((c in by) && substr(line, i - 1, 1) == " " && substr(line, i + 1, 1) == " " && !(c == "*" && substr(line, 1, i - 1) ~ /^[ \t]*(const )?[A-Za-z_]+ $/))
            print FILENAME, FNR, i, 1, by[c]
    }
}
