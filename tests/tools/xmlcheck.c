/* xmlcheck KIND FILE - what xml_check_document says about a file: nothing and 0, or one line and 1. */
#include "../../pipeline/xml.h"

#include <stdio.h>
#include <stdlib.h>

enum { LARGEST = 64 * 1024 * 1024 };

int main(int argc, char **argv)
{
    FILE *f = argc == 3 ? fopen(argv[2], "rb") : NULL;
    char *bytes = malloc(LARGEST);
    if (f == NULL || bytes == NULL) {
        (void)fprintf(stderr, "usage: xmlcheck KIND FILE\n");
        return 2;
    }
    size_t n = fread(bytes, 1, LARGEST, f);
    (void)fclose(f);
    Note why;
    Status s = xml_check_document(bytes, n, argv[1], (Place){0}, &why);
    free(bytes);
    if (s != OK) (void)printf("refused: %s %s\n", why.code, why.detail);
    return s == OK ? 0 : 1;
}
