/* sandbox - where the files of instruments are decoded: a process that can read that one file, answer, and do nothing else.
 *
 *     if (sandbox_start(reference, &why) != OK) ...    // before the first thread and before the ledger is opened
 *     Status s = sandbox_read(&evidence, &job, place, &why);       // from any thread
 *     sandbox_stop();
 *
 * Without sandbox_start() a file is decoded in the calling process: unit tests, fuzzers, and builds with a sanitizer, which must see what a
 * decoder does (-DSCREENLAB_UNCONFINED). */
#ifndef SCREENLAB_SANDBOX_H
#define SCREENLAB_SANDBOX_H

#include "readers/reader.h"

/* REFUSED "sandbox.unavailable" when the kernel cannot confine a process; IO_FAILED when none can be started. */
Status sandbox_start(const Reference *reference, Note *why) MUST_USE;
void sandbox_stop(void);

/* reader_read() in a decoder of its own. BAD_INPUT "decoder.died" when it crashed or went over its limits of time, memory or
 * answer; IO_FAILED when the machine could give no decoder. job->model must be that of job->reference. */
Status sandbox_read(Evidence *out, const ReadJob *job, Place place, Note *why) MUST_USE;

/* One piece of this program's own work on a hostile file, in a process of its own that holds only these descriptors: `strip`, for one. What comes
 * back is a number and the code of a Note. */
typedef struct SandboxWork {
    int (*run)(void *context, int in, int out, Note *why); /* gets the descriptors it must use */
    void *context;   /* as it was when sandbox_do was called */
    int in, out;     /* out -1: nothing is written */
    bool unconfined; /* --unconfined: in this process */
    Place place;     /* of the Note */
} SandboxWork;

/* OK and *value = what run() gave, with its Note in *why when it made one. BAD_INPUT "decoder.died" when it crashed; IO_FAILED
 * "decoder.none" when the machine gave no process, no memory or no confinement. From one thread only. */
Status sandbox_do(int *value, const SandboxWork *work, Note *why) MUST_USE;

/* What confines decoders here, for --version: "seccomp and Landlock", "seccomp (this kernel has no Landlock)", ... */
const char *sandbox_means(void);

#endif
