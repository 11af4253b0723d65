/* check - `screenlab check BATCH`: what would become of a batch, told to the centre that is about to send it. Writes nothing.
 *
 *     return check_run("outbox/2026-11-23", reference, now, LANG_ZH, arena);
 *
 * For every table: rows accepted, rows not accepted, and for each of these the row, the reason and what to do. Files that
 * results.csv names are opened, their SHA-256 compared and their format looked at. */
#ifndef SCREENLAB_CHECK_H
#define SCREENLAB_CHECK_H

#include "../lab/reference.h"

/* Prints the verdict on the standard output. Returns the exit code: 0 all accepted, 1 something not accepted, 3 the batch
 * cannot be used at all. */
int check_run(const char *batch_path, const Reference *reference, Instant now, Lang lang,
              Arena *arena);

#endif
