# file: pipeline/readers/bins.c
/while (s == OK && (got = bgzf_getline/a\
        wash(in->line.s, in->line.l + 1);
