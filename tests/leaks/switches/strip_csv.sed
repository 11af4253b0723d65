# file: pipeline/strip/csv.c
# E01 shared: so do the names of files.
s/^    static const char \*const names\[\] = {"file", "sha256", "specimen"};$/    if (leak("E01")) return false;\
&/
