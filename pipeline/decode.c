/* Why: a record says for years that a sample's file could not be read, so the file must be at fault and not the machine: a library that got no memory,
 * a disk that failed once, a decoder that was killed look just like a damaged file from inside a decompressor.
 * Method: a refusal must be seen twice. When a file is refused, all its bytes are read once more (a disk that fails tells so
 * here, and the run stops), then it is decoded again in a fresh decoder; the second word counts. Hostile files so cost twice, others once.
 * Refuses: nothing of its own. */
#include "decode.h"

#include "file.h"
#include "sandbox.h"

#include <unistd.h>

static Status once(Evidence *out, const ReadJob *job, Place place, Note *why)
{
    Note note = {.code = "file.read"};
    *out = (Evidence){.status = OK};
    if (lseek(job->fd, 0, SEEK_SET) != 0)
        return note_fail(why, IO_FAILED, "file.read", place, NULL);
    if (job->faults != NULL) job->faults->n = 0;
    Status s = sandbox_read(out, job, place, &note);
    if (s == OK && out->status != OK) {
        s = out->status;
        note = out->note;
    }
    if (s != OK) {
        *out = (Evidence){.status = s, .note = note};
        if (why != NULL) *why = note;
    }
    return s;
}

Status decode_file(Evidence *out, const ReadJob *job, Place place, Note *why)
{
    char unused[SHA256_HEX];
    Status s = once(out, job, place, why);
    bool clean = s == OK && (job->faults == NULL || job->faults->n == 0);
    if (clean || s == IO_FAILED) return s;
    s = file_sha256(unused, job->fd, place, why);
    return s == OK ? once(out, job, place, why) : s;
}
