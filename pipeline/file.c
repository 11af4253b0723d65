/* Files come from district centres and from instruments, so every name is hostile: it may be a
 * link, a pipe, a device, or grow while it is read. One grammar for names (no folder, no scheme, no
 * option), one way to open (relative to an open folder, no link followed, never waiting for a
 * pipe), one ceiling per use.
 *
 * Writing: a reader of the output folder never sees half a document. The bytes go to a temporary
 * name, are synced, then renamed; rename() is atomic within a folder (POSIX.1-2008), and the folder
 * is synced by the caller once for many files. A kill at any point leaves the old file, the new
 * file, or a temporary that the next run sweeps. */
#include "file.h"

#include "exhausted.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY ".unfinished-"

enum { STEP = 128 * 1024, PATH_ROOM = 4096, TEMPORARY_NAME = FILE_NAME_LIMIT + sizeof TEMPORARY };

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool file_name_ok(const char *name)
{
    if (name == NULL || !is_letter_or_digit(name[0])) return false;
    size_t n = 0;
    for (; name[n] != '\0'; n++) {
        if (n == FILE_NAME_LIMIT || (name[n] == '.' && name[n + 1] == '.')) return false;
        if (!is_letter_or_digit(name[n]) && name[n] != '.' && name[n] != '_' && name[n] != '-')
            return false;
    }
    return true;
}

/* What open() could not do, in words for a person. */
static Status open_failed(int error, Place place, Note *why)
{
    switch (error) {
    case ENOENT:
        return note_fail(why, NOT_FOUND, "file.missing", place, NULL);
    case ELOOP:
        return note_fail(why, REFUSED, "file.link", place, NULL);
    case ENOTDIR:
        return note_fail(why, REFUSED, "file.not_folder", place, NULL);
    case EACCES: /* of this file alone; other faults of the machine stop the run */
    case EPERM:
        return note_fail(why, REFUSED, "file.open", place, NULL);
    case ENXIO: /* a socket, or a pipe without a writer */
        return note_fail(why, REFUSED, "file.not_regular", place, NULL);
    default:
        return note_fail(why, IO_FAILED, "file.open", place, NULL);
    }
}

static Status check_opened(int fd, int64_t ceiling, Place place, Note *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return note_fail(why, IO_FAILED, "file.open", place, NULL);
    if (!S_ISREG(st.st_mode)) return note_fail(why, REFUSED, "file.not_regular", place, NULL);
    if (st.st_size > ceiling) return note_fail(why, TOO_LARGE, "file.too_large", place, NULL);
    return OK;
}

Status file_open(int *fd, int folder, const char *name, int64_t ceiling, Place place, Note *why)
{
    if (!file_name_ok(name)) return note_fail(why, REFUSED, "file.name", place, NULL);
    int opened = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) return open_failed(errno, place, why);
    Status s = check_opened(opened, ceiling, place, why);
    if (s != OK)
        (void)close(opened);
    else
        *fd = opened;
    return s;
}

Status file_open_folder(int *fd, const char *path, Note *why)
{
    int opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return open_failed(errno, (Place){.file = path}, why);
    *fd = opened;
    return OK;
}

Status file_open_path(int *fd, const char *path, int64_t ceiling, Arena *arena, Place place,
                      Note *why)
{
    const char *slash = strrchr(path, '/');
    const char *at = slash == NULL ? "." : arena_copy_n(arena, path, (size_t)(slash - path) + 1);
    int folder = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return open_failed(errno, place, why);
    Status s = file_open(fd, folder, slash == NULL ? path : slash + 1, ceiling, place, why);
    (void)close(folder);
    return s;
}

/* Up to `size` bytes, fewer only at the end of the file; -1 = the operating system said no. */
static ssize_t read_some(int fd, void *bytes, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(fd, (char *)bytes + have, size - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}

Status file_read(Content *out, int fd, size_t ceiling, Arena *arena, Place place, Note *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < 0)
        return note_fail(why, IO_FAILED, "file.read", place, NULL);
    if ((uintmax_t)st.st_size > ceiling)
        return note_fail(why, TOO_LARGE, "file.too_large", place, NULL);
    size_t expected = (size_t)st.st_size;
    char *content = arena_alloc(arena, expected + 1);
    ssize_t n = read_some(fd, content, expected);
    if (n < 0) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    content[n] = '\0';
    *out = (Content){content, (size_t)n};
    return OK;
}

/* libcrypto hashes with the processor's own SHA instructions where there are any; libsodium's is plain C. */
enum { SHA256_BYTES = 32 };

static void to_hex(char hex[SHA256_HEX], const unsigned char digest[SHA256_BYTES], bool good)
{
    hex[0] = '\0'; /* never the checksum of anything */
    if (good) (void)sodium_bin2hex(hex, SHA256_HEX, digest, SHA256_BYTES);
}

void bytes_sha256(char hex[SHA256_HEX], const void *bytes, size_t size)
{
    unsigned char digest[SHA256_BYTES];
    /* Bytes that lie in memory fail to be hashed for nothing but lack of memory: a document must not be recorded without its checksum. */
    if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1) exhausted();
    to_hex(hex, digest, true);
}

/* From where the file stands to its end. */
static bool digest_rest(unsigned char digest[SHA256_BYTES], EVP_MD_CTX *state, int fd)
{
    unsigned char step[STEP];
    ssize_t n;
    bool good = EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1;
    while (good && (n = read_some(fd, step, sizeof step)) != 0)
        good = n > 0 && EVP_DigestUpdate(state, step, (size_t)n) == 1;
    return good && EVP_DigestFinal_ex(state, digest, NULL) == 1;
}

Status file_sha256(char hex[SHA256_HEX], int fd, Place place, Note *why)
{
    unsigned char digest[SHA256_BYTES];
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    bool good = state != NULL && lseek(fd, 0, SEEK_SET) == 0 && digest_rest(digest, state, fd) &&
                lseek(fd, 0, SEEK_SET) == 0;
    EVP_MD_CTX_free(state);
    to_hex(hex, digest, good);
    return good ? OK : note_fail(why, IO_FAILED, "file.read", place, NULL);
}

/* Whether folder/name holds exactly these bytes already: then a rerun touches nothing. */
static bool stands_already(int folder, const char *name, const void *bytes, size_t size)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    struct stat st;
    bool same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uintmax_t)st.st_size == size;
    unsigned char step[STEP];
    for (size_t at = 0; same && at < size;) {
        ssize_t n = read_some(fd, step, sizeof step);
        same = n > 0 && (size_t)n <= size - at &&
               memcmp(step, (const char *)bytes + at, (size_t)n) == 0;
        at += same ? (size_t)n : 0;
    }
    (void)close(fd);
    return same;
}

bool file_put(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static void temporary_name(char out[TEMPORARY_NAME], const char *name)
{
    (void)snprintf(out, TEMPORARY_NAME, "%s%s", TEMPORARY, name);
}

Status file_draft(FileDraft *out, int folder, const char *name, Note *why)
{
    Place place = {.file = name};
    char temporary[TEMPORARY_NAME];
    if (!file_name_ok(name)) return note_fail(why, REFUSED, "file.name", place, NULL);
    *out = (FileDraft){.folder = folder};
    (void)snprintf(out->name, sizeof out->name, "%s", name);
    temporary_name(temporary, name);
    (void)unlinkat(folder, temporary, 0);
    out->fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return out->fd < 0 ? note_fail(why, IO_FAILED, "file.write", place, NULL) : OK;
}

Status file_settle(FileDraft *draft, Status so_far, Note *why)
{
    char temporary[TEMPORARY_NAME];
    temporary_name(temporary, draft->name);
    bool written = so_far == OK && fsync(draft->fd) == 0;
    written = close(draft->fd) == 0 && written;
    draft->fd = -1;
    if (written && renameat(draft->folder, temporary, draft->folder, draft->name) == 0) return OK;
    (void)unlinkat(draft->folder, temporary, 0);
    return so_far != OK
               ? so_far
               : note_fail(why, IO_FAILED, "file.write", (Place){.file = draft->name}, NULL);
}

Status file_write(int folder, const char *name, const void *bytes, size_t size, Note *why)
{
    FileDraft draft = {.fd = -1};
    Place place = {.file = name};
    if (!file_name_ok(name)) return note_fail(why, REFUSED, "file.name", place, NULL);
    if (stands_already(folder, name, bytes, size)) return OK;
    Status s = file_draft(&draft, folder, name, why);
    if (s != OK) return s;
    if (!file_put(draft.fd, bytes, size)) s = note_fail(why, IO_FAILED, "file.write", place, NULL);
    return file_settle(&draft, s, why);
}

Status file_sync_folder(int folder, Note *why)
{
    if (fsync(folder) != 0)
        return note_fail(why, IO_FAILED, "file.write", (Place){.file = ""}, NULL);
    return OK;
}

Status file_load(Content *out, const char *path, size_t ceiling, Arena *arena, Note *why)
{
    const char *slash = strrchr(path, '/');
    Place place = {.file = slash != NULL ? slash + 1 : path};
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return open_failed(errno, place, why);
    Status s = check_opened(fd, (int64_t)ceiling, place, why);
    if (s == OK) s = file_read(out, fd, ceiling, arena, place, why);
    (void)close(fd);
    return s;
}

Status file_save_new(const char *path, const void *bytes, size_t size, Note *why)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char folder[PATH_ROOM] = ".";
    size_t n = slash != NULL ? (size_t)(slash - path) : 0;
    int at = -1;
    if (n >= sizeof folder)
        return note_fail(why, REFUSED, "file.name", (Place){.file = name}, NULL);
    if (slash != NULL) {
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    Status s = file_open_folder(&at, slash == path ? "/" : folder, why);
    if (s == OK && faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        s = note_fail(why, REFUSED, "file.exists", (Place){.file = name}, NULL);
    if (s == OK) s = file_write(at, name, bytes, size, why);
    if (s == OK) s = file_sync_folder(at, why);
    if (at >= 0) (void)close(at);
    return s;
}

Status file_make_folder(int *fd, int folder, const char *name, Note *why)
{
    Place place = {.file = name};
    if (!file_name_ok(name)) return note_fail(why, REFUSED, "file.name", place, NULL);
    if (mkdirat(folder, name, 0777) != 0 && errno != EEXIST)
        return note_fail(why, IO_FAILED, "file.write", place, NULL);
    int opened = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) return open_failed(errno, place, why);
    *fd = opened;
    return OK;
}

void file_sweep(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    if (dir == NULL) {
        if (again >= 0) (void)close(again);
        return;
    }
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        if (strncmp(e->d_name, TEMPORARY, sizeof TEMPORARY - 1) == 0)
            (void)unlinkat(folder, e->d_name, 0);
    (void)closedir(dir);
}
