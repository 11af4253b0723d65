/* decode - the one way from an analyser's file to Evidence, for a run, a check and a panel that is learnt.
 *
 *     ReadJob job = {.fd = fd, .file = "a.vcf.gz", .fetal = true, .specimen = "S1", .assay = assay, ...};
 *     Status s = decode_file(&evidence, &job, (Place){.file = "results.csv", .row = 7, .field = "file"}, &why);
 *     if (s == IO_FAILED) ...     the machine failed, not the file: the run must stop, nothing may be recorded
 *
 * Where sandbox_start() was called the file is decoded in a process of its own that can touch nothing else (pipeline/sandbox.h). */
#ifndef SCREENLAB_DECODE_H
#define SCREENLAB_DECODE_H

#include "readers/reader.h"

/* Evidence with status OK, or the Status and Note of why not; `out` is whole in both cases. job->specimen NULL: a file of many
 * specimens, whose faults go to job->faults. The file's SHA-256 has been compared before. */
Status decode_file(Evidence *out, const ReadJob *job, Place place, Note *why) MUST_USE;

#endif
