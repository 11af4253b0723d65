/* vcf_lines - the floor of the bench: a bare hts_getline loop that looks at POS and REF of every
 * line and nothing else.
 *
 *     vcf_lines FILE */
#include <htslib/hts.h>
#include <htslib/kstring.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    htsFile *f = argc == 2 ? hts_open(argv[1], "r") : NULL;
    if (f == NULL) return 2;
    kstring_t line = {0, 0, NULL};
    long lines = 0, sum = 0;
    while (hts_getline(f, '\n', &line) >= 0) {
        const char *tab = line.s[0] == '#' ? NULL : strchr(line.s, '\t');
        if (tab == NULL) continue;
        char *behind;
        sum += strtol(tab + 1, &behind, 10);
        const char *ref = *behind == '\t' ? strchr(behind + 1, '\t') : NULL;
        const char *end = ref != NULL ? strchr(ref + 1, '\t') : NULL;
        sum += end != NULL ? end - ref - 1 : 0;
        lines++;
    }
    printf("lines %ld sum %ld\n", lines, sum);
    free(line.s);
    return hts_close(f) != 0;
}
