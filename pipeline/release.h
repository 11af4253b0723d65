/* release - opens a release of reference/: reads MANIFEST.tsv and its tables, checks every sha256. */
#ifndef SCREENLAB_RELEASE_H
#define SCREENLAB_RELEASE_H

#include "../lab/reference.h"

/* `path` is the folder; example tables are opened only with `demo`. Fails on a missing file, a wrong checksum, a bad table. A listed example
 * table outside demo is not an error here: who needs it refuses. */
Status release_open(Reference **out, const char *path, bool demo, Arena *arena, Note *why) MUST_USE;

#endif
