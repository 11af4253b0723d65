/* temporary - folders and files of a test or a fuzz target, below TMPDIR, that are gone when its process ends: also when the test failed, not when it was killed.
 *
 *     char folder[TEMPORARY], path[TEMPORARY];
 *     temporary_folder(folder, "batch"); // /tmp/screenlab-test.Xy12Ab/1-batch, another one each time
 *     int fd = temporary_file(path, "vcf");
 */
#ifndef SCREENLAB_TEMPORARY_H
#define SCREENLAB_TEMPORARY_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { TEMPORARY = 256 };

static char temporary_root[TEMPORARY - 64];
static pid_t temporary_owner; /* a child that a test forks ends without taking the folder away */

static inline void temporary_remove(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) == 0 || unlinkat(folder, name, AT_REMOVEDIR) == 0) return;
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *inside = fd < 0 ? NULL : fdopendir(fd);
    if (inside == NULL) return;
    for (struct dirent *e = readdir(inside); e != NULL; e = readdir(inside))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            temporary_remove(dirfd(inside), e->d_name);
    (void)closedir(inside);
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}

__attribute__((destructor)) static void temporary_end(void)
{
    if (temporary_root[0] != '\0' && temporary_owner == getpid())
        temporary_remove(AT_FDCWD, temporary_root);
}

/* A path where nothing stands yet. */
static inline void temporary_path(char path[TEMPORARY], const char *name)
{
    static int n;
    const char *where = getenv("TMPDIR");
    if (temporary_root[0] == '\0') {
        (void)snprintf(temporary_root, sizeof temporary_root, "%s/screenlab-test.XXXXXX",
                       where != NULL && *where != '\0' ? where : "/tmp");
        if (mkdtemp(temporary_root) == NULL) {
            perror(temporary_root);
            abort();
        }
        temporary_owner = getpid();
    }
    (void)snprintf(path, TEMPORARY, "%s/%d-%.40s", temporary_root, ++n, name);
}

static inline void temporary_folder(char path[TEMPORARY], const char *name)
{
    temporary_path(path, name);
    if (mkdir(path, 0700) == 0) return;
    perror(path);
    abort();
}

/* Open for reading and writing. */
static inline int temporary_file(char path[TEMPORARY], const char *name)
{
    temporary_path(path, name);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) return fd;
    perror(path);
    abort();
}

#endif
