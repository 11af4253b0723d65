/* An ABIF file without what tells a fetus's sex. The kit must be named (--kit), because only its table of markers says where a sex marker's window lies.
 *
 * Fragments: the raw channels with those windows wiped (lab/markers.h), the dyes' names, and nothing else of the file: no sample name, comment, operator, analysed
 * channel, peak table or date. Bases (.ab1): base calls, qualities, places and the analysed channels of an amplicon that the table calls
 * autosomal. Format: vendor's "ABIF File Format Specification" (2006, 2009), written from it. */
#include "../../lab/markers.h"
#include "../file.h"
#include "../readers/abif_bases.h"
#include "../readers/abif_channels.h"
#include "strip.h"

#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, ENTRY = 28, ENTRIES = 32, HEADER = 128 };

/* A file in the making: data behind the header, entries at the end. */
typedef struct Draft {
    unsigned char *bytes;
    size_t n, capacity, n_entries;
    unsigned char entries[ENTRIES][ENTRY];
    Arena *arena;
} Draft;

static void big_endian(unsigned char *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

static unsigned char *room(Draft *d, size_t more)
{
    while (d->capacity < d->n + more)
        d->bytes = arena_grow(d->arena, d->bytes, &d->capacity, 1);
    memset(d->bytes + d->n, 0, more);
    d->n += more;
    return d->bytes + d->n - more;
}

static void copy_letters(unsigned char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)from[i];
}

typedef struct Entry {
    const char *name; /* four letters */
    uint32_t number;
    AbifType type;
    size_t item, count; /* bytes of one item; items */
} Entry;

/* `data` is big-endian. */
static void put_entry(Draft *d, const Entry *entry, const unsigned char *data)
{
    size_t size = entry->item * entry->count;
    unsigned char *e = d->entries[d->n_entries++];
    copy_letters(e, entry->name, 4);
    big_endian(e + 4, entry->number, 4);
    big_endian(e + 8, (uint32_t)entry->type, 2);
    big_endian(e + 10, (uint32_t)entry->item, 2);
    big_endian(e + 12, (uint32_t)entry->count, 4);
    big_endian(e + 16, (uint32_t)size, 4);
    if (size <= 4) {
        memcpy(e + 20, data, size);
        return;
    }
    big_endian(e + 20, (uint32_t)d->n, 4);
    memcpy(room(d, size), data, size);
}

static void put_numbers(Draft *d, const char *name, uint32_t number, const int32_t *values,
                        size_t n)
{
    bool wide = false;
    for (size_t i = 0; i < n; i++)
        wide = wide || values[i] < INT16_MIN || values[i] > INT16_MAX;
    size_t item = wide ? 4 : 2;
    unsigned char *data = arena_alloc(d->arena, n * item + 1);
    for (size_t i = 0; i < n; i++)
        big_endian(data + i * item, (uint32_t)values[i], item);
    put_entry(d, &(Entry){name, number, wide ? ABIF_LONG : ABIF_SHORT, item, n}, data);
}

static void put_text(Draft *d, const char *name, uint32_t number, const char *text)
{
    unsigned char data[256];
    size_t n = strlen(text) < 255 ? strlen(text) : 255;
    data[0] = (unsigned char)n;
    copy_letters(data + 1, text, n);
    put_entry(d, &(Entry){name, number, ABIF_PSTRING, 1, n + 1}, data);
}

/* A tag of numbers or characters as it stands; nothing when the file has none, or one of another type. */
static void put_copy(Draft *d, const AbifFile *file, const char *name, int32_t number)
{
    const AbifTag *t = abif_find(file, name, number);
    if (t == NULL || t->type < ABIF_BYTE || t->type > ABIF_LONG || t->item == 0) return;
    put_entry(d, &(Entry){name, (uint32_t)number, (AbifType)t->type, t->item, t->count}, t->data);
}

static Status finish(Draft *d, const StripJob *job, Note *why)
{
    size_t at = d->n;
    for (size_t i = 0; i < d->n_entries; i++)
        memcpy(room(d, ENTRY), d->entries[i], ENTRY);
    unsigned char *h = d->bytes;
    copy_letters(h, "ABIF", 4);
    big_endian(h + 4, 101, 2);
    copy_letters(h + 6, "tdir", 4);
    big_endian(h + 10, 1, 4);
    big_endian(h + 14, 1023, 2);
    big_endian(h + 16, ENTRY, 2);
    big_endian(h + 18, (uint32_t)d->n_entries, 4);
    big_endian(h + 22, (uint32_t)(d->n_entries * ENTRY), 4);
    big_endian(h + 26, (uint32_t)at, 4);
    return strip_put(job, d->bytes, d->n, why);
}

/* ---- fragments ---- */

static void put_channels(Draft *d, const AbifFile *file, const Channels *c)
{
    static const uint32_t numbers[DYES] = {1, 2, 3, 4, 105, 106};
    int32_t dyes = 0;
    for (int i = 0; i < DYES; i++) {
        if (c->dye[i] == NULL) continue;
        put_numbers(d, "DATA", numbers[i], c->dye[i], c->n);
        const AbifTag *name = abif_find(file, "DyeN", i + 1);
        const char *text = name != NULL ? abif_text(name, d->arena) : "";
        if (strip_plain(text, strlen(text), d->arena)) put_text(d, "DyeN", (uint32_t)i + 1, text);
        dyes++;
    }
    put_numbers(d, "Dye#", 1, &dyes, 1);
    if (c->n_off_scale > 0) put_numbers(d, "OfSc", 1, c->off_scale, c->n_off_scale);
    put_text(d, "SpNm", 1, "SAMPLE");
}

static Status strip_fragments(Draft *d, const AbifFile *file, const StripJob *job,
                              const Markers *markers, Note *why)
{
    Channels channels, shared;
    Kit kit;
    Status s = abif_channels(&channels, file, job->arena, (Place){.file = NULL}, why);
    if (s == OK) s = kit_find(&kit, job->reference, job->kit, channels.header, job->arena, why);
    if (s == OK) s = markers_shared(&shared, markers, &kit, &channels, job->arena, why);
    if (s != OK) return s;
    put_channels(d, file, &shared);
    return finish(d, job, why);
}

/* ---- bases ---- */

static Status strip_bases(Draft *d, const AbifFile *file, const StripJob *job,
                          const Markers *markers, Note *why)
{
    static const struct {
        const char *name;
        int32_t number;
    } kept[] = {{"DATA", 9}, {"DATA", 10}, {"DATA", 11}, {"DATA", 12}, {"FWO_", 1},
                {"PBAS", 1}, {"PBAS", 2},  {"PCON", 1},  {"PCON", 2},  {"PLOC", 1},
                {"PLOC", 2}, {"P1AM", 1},  {"P2AM", 1},  {"P2BA", 1},  {"S/N%", 1}};
    if (!markers_autosomal(markers)) return strip_fault(REFUSED, "abif.bases_fetal", why);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        put_copy(d, file, kept[i].name, kept[i].number);
    put_text(d, "SMPL", 1, "SAMPLE");
    return finish(d, job, why);
}

static Status strip_run(const StripJob *job, Note *why)
{
    Content content;
    AbifFile file;
    Markers markers;
    Draft d = {.arena = job->arena};
    if (job->kit == NULL) return strip_fault(REFUSED, "strip.kit", why);
    Status s = file_read(&content, job->in, FILE_MOST, job->arena, (Place){.file = NULL}, why);
    if (s == OK)
        s = abif_parse(&file, (const unsigned char *)content.bytes, content.size, job->arena,
                       (Place){.file = NULL}, why);
    if (s == OK) s = markers_find(&markers, job->reference, job->kit, job->arena, why);
    if (s != OK) return s;
    (void)room(&d, HEADER);
    const Table *kits = reference_table(job->reference, "fragment/kits");
    bool fragments = kits != NULL && table_find(kits, job->kit) >= 0;
    if (!fragments && abif_has_bases(&file)) return strip_bases(&d, &file, job, &markers, why);
    return strip_fragments(&d, &file, job, &markers, why);
}

/* What is wrong inside a file that may be a fetus's is not told by its place. */
static Status strip_electropherogram(const StripJob *job, Note *why)
{
    Status s = strip_run(job, why);
    if (s != OK && why != NULL) {
        why->field[0] = '\0';
        why->detail[0] = '\0';
    }
    return s;
}

static bool sniff(const unsigned char *head, size_t size)
{
    return size >= 4 && memcmp(head, "ABIF", 4) == 0;
}

extern const Stripper strip_abif;
const Stripper strip_abif = {.code = "abif",
                             .what = "ABIF (.fsa, .hid, .ab1)",
                             .sniff = sniff,
                             .strip = strip_electropherogram};
