/* replay - runs a fuzz target over the files of a folder, without a fuzzer: `make check` replays the corpora with gcc.
 *     replay_vcf tests/fuzz/corpus/vcf */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 1;
    enum { CEILING = 16 * 1024 * 1024 };
    uint8_t *bytes = malloc(CEILING);
    size_t size = bytes ? fread(bytes, 1, CEILING, f) : 0;
    (void)fclose(f);
    /* A copy of the exact size, so that the sanitizer sees a read past the end. */
    uint8_t *exact = malloc(size + 1);
    for (size_t i = 0; exact && i < size; i++)
        exact[i] = bytes[i];
    free(bytes);
    int bad = exact == NULL || LLVMFuzzerTestOneInput(exact, size) != 0;
    free(exact);
    return bad;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        (void)fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    size_t n = 0;
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        char path[4096];
        if (e->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
        if (replay(path) != 0) return 1;
        n++;
    }
    (void)closedir(folder);
    (void)printf("%s: %zu inputs replayed\n", argv[1], n);
    return n == 0; /* an empty corpus proves nothing */
}
