/* file - the only way to open, check and write a file: no links followed, nothing outside the
 * batch, sizes bounded, writes that are whole or not there. */
#ifndef SCREENLAB_FILE_H
#define SCREENLAB_FILE_H

#include "../lab/arena.h"
#include "../lab/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHA256_HEX = 65, FILE_NAME_LIMIT = 100 };

/* [A-Za-z0-9][A-Za-z0-9._-]*, at most 100 bytes, no "..", so: no folder, no scheme, no option. */
bool file_name_ok(const char *name);

/* Opens folder/name for reading: a regular file, not a link, at most `ceiling` bytes. NOT_FOUND,
 * REFUSED, TOO_LARGE, IO_FAILED. The Note's place is `place` (a row of results.csv, say), so that
 * the caller decides what may be named. */
Status file_open(int *fd, int folder, const char *name, int64_t ceiling, Place place,
                 Note *why) MUST_USE;
Status file_open_folder(int *fd, const char *path, Note *why) MUST_USE;
/* The same for a path that a person types: the folder may be any, the name in it is one of ours. */
Status file_open_path(int *fd, const char *path, int64_t ceiling, Arena *arena, Place place,
                      Note *why) MUST_USE;

typedef struct Content {
    char *bytes; /* with a NUL behind them that is not counted */
    size_t size;
} Content;

Status file_read(Content *out, int fd, size_t ceiling, Arena *arena, Place place,
                 Note *why) MUST_USE;
Status file_sha256(char hex[SHA256_HEX], int fd, Place place,
                   Note *why) MUST_USE; /* reads all, rewinds */
void bytes_sha256(char hex[SHA256_HEX], const void *bytes,
                  size_t size); /* without memory: exhausted() */

/* Writes folder/name whole: temporary file, fsync, rename. An equal file that stands there already
 * is left alone. The folder is not synced: call file_sync_folder once for many. */
Status file_write(int folder, const char *name, const void *bytes, size_t size, Note *why) MUST_USE;
/* The same for what does not fit into memory: write to draft.fd (file_put), then settle. */
typedef struct FileDraft {
    int fd, folder;
    char name[FILE_NAME_LIMIT + 1];
} FileDraft;

Status file_draft(FileDraft *out, int folder, const char *name, Note *why) MUST_USE;
bool file_put(int fd, const void *bytes, size_t size); /* all of it; false = the system said no */
/* `so_far` OK: syncs and renames; else removes the draft. Gives `so_far`, or IO_FAILED. */
Status file_settle(FileDraft *draft, Status so_far, Note *why) MUST_USE;
/* A file that a person names on the command line: any path, but a regular file and no link. */
Status file_load(Content *out, const char *path, size_t ceiling, Arena *arena, Note *why) MUST_USE;
/* Writes it whole and syncs its folder; REFUSED "file.exists" when something of that name is there. */
Status file_save_new(const char *path, const void *bytes, size_t size, Note *why) MUST_USE;
Status file_sync_folder(int folder, Note *why) MUST_USE;
/* Opens folder/name, made when absent. */
Status file_make_folder(int *fd, int folder, const char *name, Note *why) MUST_USE;
/* Removes what a killed run left: names that begin with the temporary prefix. */
void file_sweep(int folder);

#endif
