/* abif_channels - the raw traces of an ABIF file as lab/kit wants them. */
#ifndef SCREENLAB_ABIF_CHANNELS_H
#define SCREENLAB_ABIF_CHANNELS_H

#include "../../lab/kit.h"
#include "abif_directory.h"

/* BAD_INPUT names the tag: no DATA 1, channels of different length, of another type than short or long, too many scans. */
Status abif_channels(Channels *out, const AbifFile *file, Arena *arena, Place place,
                     Note *why) MUST_USE;

#endif
