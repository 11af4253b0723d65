/* Every number of an ABIF file is a claim. A tag is taken only when item size times count is its size, and its bytes lie inside the
 * file; directory and data may stand anywhere and in any order. Entries that point into the directory itself, or a name given twice with
 * one number, are refused: no analyser writes them, and a cyclic file is made with them. */
#include "abif_directory.h"

#include <math.h>
#include <string.h>

enum { ENTRY = 28, MOST_TAGS = 4096, HEADER = 34, HID_SCRAMBLED = 28, MOST_NUMBER = 10000 };

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t be16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

/* Bytes of one item of the known types; 0 = raw bytes, the entry's own word is taken. */
static uint32_t type_size(int type)
{
    static const struct {
        int type;
        uint32_t size;
    } sizes[] = {{ABIF_BYTE, 1}, {ABIF_CHAR, 1},  {ABIF_WORD, 2},    {ABIF_SHORT, 2},
                 {ABIF_LONG, 4}, {ABIF_FLOAT, 4}, {ABIF_DOUBLE, 8},  {ABIF_DATE, 4},
                 {ABIF_TIME, 4}, {ABIF_BOOL, 1},  {ABIF_PSTRING, 1}, {ABIF_CSTRING, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i].type == type) return sizes[i].size;
    return 0;
}

/* The entry at `at` without judgement. */
static AbifTag read_entry(const unsigned char *bytes, size_t at)
{
    const unsigned char *e = bytes + at;
    AbifTag t = {.number = (int32_t)be32(e + 4),
                 .type = (int)be16(e + 8),
                 .item = be16(e + 10),
                 .count = be32(e + 12),
                 .size = be32(e + 16)};
    memcpy(t.name, e, 4);
    t.data = t.size <= 4 ? e + 20 : NULL;
    return t;
}

static bool printable(const char *name)
{
    for (size_t i = 0; i < 4; i++)
        if (name[i] < ' ' || name[i] > '~') return false;
    return true;
}

/* Whether the entry holds together; sets its data. */
static bool entry_ok(AbifTag *t, const unsigned char *bytes, size_t size, size_t at)
{
    uint32_t known = type_size(t->type);
    if (!printable(t->name) || (known != 0 && t->item != known) || t->item == 0 ||
        (uint64_t)t->item * t->count != t->size)
        return false;
    if (t->size <= 4) return true;
    uint32_t offset = be32(bytes + at + 20);
    if (offset > size || t->size > size - offset) return false;
    t->data = bytes + offset;
    return true;
}

static Status refuse(const char *code, const AbifTag *t, Place place, Note *why)
{
    char field[32] = "";
    if (t != NULL && printable(t->name)) {
        memcpy(field, t->name, 4);
        size_t n = 4;
        uint32_t number = (uint32_t)t->number % 100000;
        char digits[8];
        size_t d = 0;
        do
            digits[d++] = (char)('0' + number % 10);
        while ((number /= 10) > 0);
        field[n++] = ' ';
        while (d > 0)
            field[n++] = digits[--d];
        place.field = field;
    }
    return note_fail(why, BAD_INPUT, code, place, NULL);
}

/* Where a directory stands in the bytes of a file. */
typedef struct Directory {
    const unsigned char *bytes;
    size_t size, offset, count;
} Directory;

static Status take_directory(AbifFile *f, const Directory *d, Place place, Note *why)
{
    const unsigned char *first = d->bytes + d->offset, *last = first + d->count * ENTRY;
    for (size_t i = 0; i < d->count; i++) {
        size_t at = d->offset + i * ENTRY;
        AbifTag t = read_entry(d->bytes, at);
        if (!entry_ok(&t, d->bytes, d->size, at)) return refuse("abif.tag", &t, place, why);
        if (t.size > 4 && t.data < last && t.data + t.size > first)
            return refuse("abif.overlap", &t, place, why);
        if (abif_find(f, t.name, t.number) != NULL) return refuse("abif.twice", &t, place, why);
        f->tags[f->n_tags++] = t;
    }
    return OK;
}

/* An entry as a .hid file's inner directories hold them (the rule of OSIRIS, _SetupHIDOffset). */
static bool inner_entry(const unsigned char *bytes, size_t size, size_t at)
{
    if (at + ENTRY > size) return false;
    AbifTag t = read_entry(bytes, at);
    bool known_type = (t.type >= 1 && t.type <= 19) || t.type == ABIF_USER;
    return known_type && t.number >= 0 && t.number <= MOST_NUMBER && entry_ok(&t, bytes, size, at);
}

/* The last run of valid entries that holds a DATA entry; false when there is none. */
static bool find_inner(const unsigned char *bytes, size_t size, size_t *offset, size_t *count)
{
    bool found = false;
    for (size_t at = HEADER; at + ENTRY <= size; at++) {
        const unsigned char *hit = memchr(bytes + at, 'D', size - ENTRY - at + 1);
        if (hit == NULL) break;
        at = (size_t)(hit - bytes);
        if (memcmp(hit, "DATA", 4) != 0 || be16(hit + 8) != ABIF_SHORT ||
            !inner_entry(bytes, size, at))
            continue;
        size_t first = at, n = 1;
        while (first >= ENTRY && inner_entry(bytes, size, first - ENTRY)) {
            first -= ENTRY;
            n++;
        }
        for (size_t next = at + ENTRY; n < MOST_TAGS && inner_entry(bytes, size, next);
             next += ENTRY)
            n++;
        *offset = first;
        *count = n;
        found = true;
        at = first + n * ENTRY - 1;
    }
    return found;
}

static bool scrambled(const unsigned char *bytes, size_t offset, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (be16(bytes + offset + i * ENTRY + 8) == HID_SCRAMBLED) return true;
    return false;
}

Status abif_parse(AbifFile *out, const unsigned char *bytes, size_t size, Arena *arena, Place place,
                  Note *why)
{
    AbifFile f = {.version = 0};
    if (size < HEADER || memcmp(bytes, "ABIF", 4) != 0)
        return note_fail(why, BAD_INPUT, "abif.magic", place, NULL);
    f.version = (int)be16(bytes + 4);
    if (f.version / 100 != 1 && f.version / 100 != 3)
        return note_fail(why, REFUSED, "abif.version", place, NULL);
    size_t count = be32(bytes + 18), offset = be32(bytes + 26);
    if (count == 0 || count > MOST_TAGS || offset > size || count * ENTRY > size - offset)
        return note_fail(why, BAD_INPUT, "abif.directory", place, NULL);
    if (scrambled(bytes, offset, count)) {
        f.hid = true;
        if (!find_inner(bytes, size, &offset, &count))
            return note_fail(why, BAD_INPUT, "abif.directory", place, NULL);
    }
    f.tags = arena_alloc(arena, count * sizeof *f.tags);
    Status s = take_directory(&f, &(Directory){bytes, size, offset, count}, place, why);
    if (s == OK) *out = f;
    return s;
}

const AbifTag *abif_find(const AbifFile *file, const char *name, int32_t number)
{
    for (size_t i = 0; i < file->n_tags; i++)
        if (file->tags[i].number == number && strcmp(file->tags[i].name, name) == 0)
            return &file->tags[i];
    return NULL;
}

bool abif_is_integer(const AbifTag *tag)
{
    return (tag->type >= ABIF_BYTE && tag->type <= ABIF_LONG) || tag->type == ABIF_BOOL;
}

int32_t abif_integer(const AbifTag *tag, uint32_t index)
{
    if (index >= tag->count) return 0;
    const unsigned char *p = tag->data + (size_t)index * tag->item;
    switch (tag->type) {
    case ABIF_BYTE:
    case ABIF_CHAR:
    case ABIF_BOOL:
        return p[0];
    case ABIF_WORD:
        return (int32_t)be16(p);
    case ABIF_SHORT:
        return (int16_t)be16(p);
    case ABIF_LONG:
        return (int32_t)be32(p);
    default:
        return 0;
    }
}

void abif_integers(int32_t *out, const AbifTag *tag)
{
    if (tag->type == ABIF_SHORT) /* nearly all: whole channels */
        for (uint32_t i = 0; i < tag->count; i++)
            out[i] = (int16_t)be16(tag->data + (size_t)i * 2);
    else
        for (uint32_t i = 0; i < tag->count; i++)
            out[i] = abif_integer(tag, i);
}

double abif_number(const AbifTag *tag, uint32_t index)
{
    if (index >= tag->count) return NAN;
    const unsigned char *p = tag->data + (size_t)index * tag->item;
    if (tag->type == ABIF_FLOAT) {
        uint32_t bits = be32(p);
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value;
    }
    if (tag->type == ABIF_DOUBLE) {
        uint64_t bits = (uint64_t)be32(p) << 32 | be32(p + 4);
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    return abif_is_integer(tag) ? (double)abif_integer(tag, index) : (double)NAN;
}

const char *abif_text(const AbifTag *tag, Arena *arena)
{
    const char *p = (const char *)tag->data;
    size_t n = tag->size;
    if (tag->type == ABIF_PSTRING && n > 0) {
        size_t told = tag->data[0];
        n = told < n - 1 ? told : n - 1;
        p++;
    } else if (tag->type != ABIF_CHAR && tag->type != ABIF_CSTRING) {
        return "";
    }
    const char *end = memchr(p, '\0', n);
    n = end ? (size_t)(end - p) : n;
    while (n > 0 && p[n - 1] == ' ')
        n--;
    while (n > 0 && *p == ' ') {
        p++;
        n--;
    }
    return arena_copy_n(arena, p, n);
}
