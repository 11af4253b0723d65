/* abif_bases - the called bases of a sequencing trace (.ab1), with the height of every channel's peak at each call. */
#ifndef SCREENLAB_ABIF_BASES_H
#define SCREENLAB_ABIF_BASES_H

#include "../../lab/trace.h"
#include "abif_directory.h"

/* Does the file hold called bases? */
bool abif_has_bases(const AbifFile *file);
/* Fills out->bases. BAD_INPUT "abif.bases" names the tag: calls of another type, an analysed channel of another length. Without channels, places or
 * qualities those figures stay -1 or 0. */
Status abif_bases(Trace *out, const AbifFile *file, Arena *arena, Place place, Note *why) MUST_USE;

#endif
