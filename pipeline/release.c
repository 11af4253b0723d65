/* A release of the reference is a folder with MANIFEST.tsv: one line per table with version, valid-from, status, source and
 * sha256 (reference/seal.sh writes it). Tables are clinical rules: a table that is not the one that was sealed is
 * not opened, and a table that the MANIFEST does not list does not exist. */
#include "release.h"

#include "file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { TABLE_CEILING = 64 * 1024 * 1024, MOST_DEPTH = 4 };

typedef struct Opener {
    int folder;
    bool demo;
    Reference *reference;
    Arena *arena;
    Note *why;
} Opener;

/* The folder that holds `path` and, in *name, its last part. -1 = no such folder. */
static int open_parent(int folder, const char *path, const char **name)
{
    int at = dup(folder);
    for (int depth = 0; at >= 0; depth++) {
        const char *slash = strchr(path, '/');
        char part[FILE_NAME_LIMIT + 1] = "";
        if (slash == NULL) break;
        size_t n = (size_t)(slash - path);
        if (n < sizeof part) memcpy(part, path, n);
        int next = depth < MOST_DEPTH && file_name_ok(part)
                       ? openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                       : -1;
        (void)close(at);
        at = next;
        path = slash + 1;
    }
    *name = path;
    return at;
}

static Status read_path(char **bytes, size_t *size, const Opener *o, const char *path)
{
    Place place = {.file = path};
    const char *name;
    int parent = open_parent(o->folder, path, &name), fd = -1;
    if (parent < 0) return note_fail(o->why, NOT_FOUND, "table.absent", place, NULL);
    Status s = file_open(&fd, parent, name, TABLE_CEILING, place, o->why);
    (void)close(parent);
    if (s != OK) return s;
    Content content = {0};
    s = file_read(&content, fd, TABLE_CEILING, o->arena, place, o->why);
    *bytes = content.bytes;
    *size = content.size;
    (void)close(fd);
    return s;
}

/* "example/cervical/x.tsv" and "cervical/x.tsv" are both the table "cervical/x". */
static const char *table_name(const char *path, Arena *arena)
{
    static const char example[] = "example/";
    if (strncmp(path, example, sizeof example - 1) == 0) path += sizeof example - 1;
    size_t n = strlen(path);
    return arena_copy_n(arena, path, n > 4 && strcmp(path + n - 4, ".tsv") == 0 ? n - 4 : n);
}

static TableInfo info_of(const Table *manifest, size_t row, Arena *arena)
{
    const char *path = table_get(manifest, row, "path");
    return (TableInfo){.name = table_name(path, arena),
                       .path = path,
                       .version = table_get(manifest, row, "version"),
                       .valid_from = table_get(manifest, row, "valid_from"),
                       .source = table_get(manifest, row, "source"),
                       .sha256 = table_get(manifest, row, "sha256"),
                       .status = table_get(manifest, row, "status")};
}

static Status check_info(const TableInfo *info, Note *why)
{
    static const char *const statuses[] = {"sourced", "local", "unverified", "example"};
    bool in_example_folder = strncmp(info->path, "example/", 8) == 0, known = false;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        known = known || strcmp(info->status, statuses[i]) == 0;
    /* An example that stands outside reference/example/ would be used outside --demo. */
    if (!known || in_example_folder != (strcmp(info->status, "example") == 0))
        return note_fail(why, BAD_INPUT, "table.status", (Place){.file = info->path}, NULL);
    if (info->version[0] == '\0' || info->valid_from[0] == '\0' || info->source[0] == '\0')
        return note_fail(why, BAD_INPUT, "table.unsourced", (Place){.file = info->path}, NULL);
    return OK;
}

static Status open_table(const Opener *o, const Table *manifest, size_t row)
{
    TableInfo info = info_of(manifest, row, o->arena);
    Status s = check_info(&info, o->why);
    if (s != OK || (!o->demo && strcmp(info.status, "example") == 0)) return s;
    char *bytes = NULL, hex[SHA256_HEX];
    size_t size = 0;
    s = read_path(&bytes, &size, o, info.path);
    if (s != OK) return s;
    bytes_sha256(hex, bytes, size);
    if (strcmp(hex, info.sha256) != 0)
        return note_fail(o->why, REFUSED, "table.checksum", (Place){.file = info.path}, NULL);
    Table *table;
    s = table_parse(&table, &info, bytes, size, o->arena, o->why);
    return s == OK ? reference_add(o->reference, table, o->why) : s;
}

/* The release's name: the MANIFEST's first line, "#release<TAB>2026.1". */
static const char *release_name(const char *bytes, Arena *arena)
{
    static const char key[] = "#release\t";
    if (strncmp(bytes, key, sizeof key - 1) != 0) return "";
    bytes += sizeof key - 1;
    return arena_copy_n(arena, bytes, strcspn(bytes, "\r\n"));
}

static Status open_all(Reference **out, Opener *o)
{
    char *bytes = NULL;
    size_t size = 0;
    Table *manifest = NULL;
    const TableInfo info = {.name = "MANIFEST", .path = "MANIFEST.tsv", .status = "local"};
    Status s = read_path(&bytes, &size, o, info.path);
    if (s == OK) s = table_parse(&manifest, &info, bytes, size, o->arena, o->why);
    if (s != OK) return s;
    o->reference = reference_new(o->arena, release_name(bytes ? bytes : "", o->arena), o->demo);
    /* Examples join tables that must be there first. */
    for (int examples = 0; examples <= 1; examples++)
        for (size_t i = 0; s == OK && i < manifest->n_rows; i++)
            if ((strcmp(table_get(manifest, i, "status"), "example") == 0) == (examples == 1))
                s = open_table(o, manifest, i);
    if (s == OK) s = reference_finish(o->reference, o->why);
    if (s == OK) *out = o->reference;
    return s;
}

Status release_open(Reference **out, const char *path, bool demo, Arena *arena, Note *why)
{
    Opener o = {.demo = demo, .arena = arena, .why = why};
    Status s = file_open_folder(&o.folder, path, why);
    if (s != OK) return s;
    s = open_all(out, &o);
    (void)close(o.folder);
    return s;
}
