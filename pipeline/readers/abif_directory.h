/* abif_directory - the tags of an ABIF file (.fsa, .ab1, .hid), bounds-checked once, read in place.
 *
 *     AbifFile f;
 *     Status s = abif_parse(&f, bytes, size, arena, place, &why);
 *     const AbifTag *raw = abif_find(&f, "DATA", 1);
 *     int32_t scan = raw ? abif_integer(raw, 17) : 0;
 *
 * Form: vendor's "ABIF File Format Specification" (2006, 2009), big-endian, 28-byte entries, versions 1.xx and 3.xx. A .hid file scrambles
 * its outer directory (element type 28) and holds plain ones inside: the last valid run of entries around a DATA entry is taken. */
#ifndef SCREENLAB_ABIF_DIRECTORY_H
#define SCREENLAB_ABIF_DIRECTORY_H

#include "../../lab/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum AbifType {
    ABIF_BYTE = 1,
    ABIF_CHAR = 2,
    ABIF_WORD = 3,
    ABIF_SHORT = 4,
    ABIF_LONG = 5,
    ABIF_FLOAT = 7,
    ABIF_DOUBLE = 8,
    ABIF_DATE = 10,
    ABIF_TIME = 11,
    ABIF_THUMB = 12,
    ABIF_BOOL = 13,
    ABIF_PSTRING = 18,
    ABIF_CSTRING = 19,
    ABIF_USER = 1024
} AbifType;

typedef struct AbifTag {
    char name[5];
    int32_t number;
    int type;      /* AbifType; legacy and user types stay raw bytes */
    uint32_t item; /* bytes of one item */
    uint32_t count;
    uint32_t size;             /* bytes of all */
    const unsigned char *data; /* inside the file */
} AbifTag;

typedef struct AbifFile {
    int version; /* 101, 300 ... */
    bool hid;    /* the directory was found inside a scrambled file */
    AbifTag *tags;
    size_t n_tags;
} AbifFile;

/* BAD_INPUT names the tag at fault in the Note's field. `bytes` must outlive the result. */
Status abif_parse(AbifFile *out, const unsigned char *bytes, size_t size, Arena *arena, Place place,
                  Note *why) MUST_USE;
const AbifTag *abif_find(const AbifFile *file, const char *name,
                         int32_t number); /* NULL = absent */

bool abif_is_integer(const AbifTag *tag); /* byte, char, word, short, long, bool */
int32_t abif_integer(const AbifTag *tag,
                     uint32_t index); /* 0 when out of range or of another type */
/* All of them; `out` has room for tag->count. */
void abif_integers(int32_t *out, const AbifTag *tag);
double abif_number(const AbifTag *tag,
                   uint32_t index); /* integers and floats; NAN when out of range or another type */
/* Characters of a char, pString or cString tag, NUL-terminated copy, leading and trailing blanks taken off; "" = other types. */
const char *abif_text(const AbifTag *tag, Arena *arena);

#endif
