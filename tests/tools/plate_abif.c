/* plate_abif - reads and sizes the files of a plate through the reader, one after the other on one core:
 *     plate_abif RELEASE KIT [--fetal] FILE...     number of peaks that have a size, files that were refused */
#include "lab/assays/assay.h"
#include "pipeline/readers/reader.h"
#include "pipeline/release.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern const Reader reader_abif;

static Status read_one(Evidence *out, ReadJob *job, const char *path, Note *why)
{
    job->fd = open(path, O_RDONLY);
    if (job->fd < 0) return note_fail(why, NOT_FOUND, "file.missing", (Place){0}, NULL);
    Status s = reader_abif.read(out, job, why);
    (void)close(job->fd);
    return s;
}

int main(int argc, char **argv)
{
    static const Assay assay = {.code = "plate", .takes_traces = true};
    Arena *keep = arena_new(NULL), *arena = arena_new(NULL);
    Reference *reference;
    Note why = {0};
    size_t peaks = 0, refused = 0;
    if (argc < 4 || release_open(&reference, argv[1], true, keep, &why) != OK) {
        (void)fprintf(stderr, "usage: see the head of plate_abif.c %s\n", why.code ? why.code : "");
        return 2;
    }
    ReadJob job = {
        .file = "", .assay = &assay, .reference = reference, .arena = arena, .kit = argv[2]};
    for (int i = 3; i < argc; i++) {
        Evidence e = {0};
        if (strcmp(argv[i], "--fetal") == 0) {
            job.fetal = true;
            continue;
        }
        if (read_one(&e, &job, argv[i], &why) != OK) refused++;
        for (int d = 0; d < DYES && e.n_traces > 0; d++)
            peaks += e.traces->dye[d].n;
        arena_reset(arena);
    }
    (void)printf("peaks %zu, refused %zu\n", peaks, refused);
    arena_free(arena);
    arena_free(keep);
    return refused > 0 && peaks == 0;
}
