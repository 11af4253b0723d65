/* fault - a library that is loaded before the others and lets one call of the program fail, for tests/faults.sh.
 *
 * strace injects faults into system calls, but cannot shorten a write or make an allocation fail; that is done here.
 *     FAULT=KIND:N LD_PRELOAD=fault.so screenlab run ...      the N-th call of that kind fails (from 1); N=0 counts only
 * Kinds: short (write and pwrite take half of what they are given), shortread (read and pread give half of what is asked), malloc (an
 * allocation by the program's own code), library (one by any library), eio (a read or pread fails), die (a decoder is killed at a read),
 * dead (every decoder), escape (every decoder tries the N-th thing that it must not be able to do, tests/sandbox.sh),
 * clock (every asking jumps by years, forward and back). Calls are counted over the program and its decoders together.
 * FAULT_COUNT=FILE: how many calls of that kind there were. Calls that libc makes within itself are not seen. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

typedef enum Kind {
    NONE,
    SHORT,
    SHORT_READ,
    MALLOC,
    LIBRARY,
    EIO_READ,
    DIE,
    CLOCK,
    DEAD,
    ESCAPE
} Kind;

static Kind kind;
static long at, *seen;   /* shared with the processes that are forked */
static int generation;   /* 0 the program, 1 the server of decoders, 2 a decoder */
static int confined = 2; /* FAULT_GENERATION=1: what the program forks is confined itself (strip) */
static const char *begin, *end; /* of the program's own code */
static bool ready;

/* The first object is the program itself. */
static int find_program(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || (p->p_flags & PF_X) == 0) continue;
        begin = (const char *)(info->dlpi_addr + p->p_vaddr);
        end = begin + p->p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void set_up(void)
{
    static const char *const names[] = {"",    "short", "shortread", "malloc", "library",
                                        "eio", "die",   "clock",     "dead",   "escape"};
    const char *fault = getenv("FAULT");
    (void)dl_iterate_phdr(find_program, NULL);
    if (fault == NULL) return;
    size_t n = strcspn(fault, ":");
    for (int i = 1; i <= ESCAPE; i++)
        if (strlen(names[i]) == n && strncmp(names[i], fault, n) == 0) kind = (Kind)i;
    if (getenv("FAULT_GENERATION") != NULL) confined = 1;
    at = fault[n] == ':' ? strtol(fault + n + 1, NULL, 10) : 0;
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ready = seen != MAP_FAILED;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("FAULT_COUNT");
    char text[32];
    int fd =
        path == NULL || !ready ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return;
    int n = snprintf(text, sizeof text, "%ld\n", *seen);
    if (syscall(SYS_write, fd, text, (size_t)n) != n) _exit(99);
    (void)close(fd);
}

static bool strikes(Kind what)
{
    return ready && kind == what && __atomic_add_fetch(seen, 1, __ATOMIC_RELAXED) == at;
}

static bool fails(const void *caller)
{
    bool own = (const char *)caller >= begin && (const char *)caller < end;
    return strikes(own ? MALLOC : LIBRARY);
}

static size_t half(size_t size)
{
    return size > 1 ? size / 2 : size;
}

#define EXPORT __attribute__((visibility("default")))

static bool trial; /* the decoder that only shows that one can be confined here */
static int forks;

EXPORT pid_t fork(void)
{
    pid_t (*libc_fork)(void);
    *(void **)&libc_fork = dlsym(RTLD_NEXT, "fork");
    pid_t pid = libc_fork();
    if (pid == 0) {
        generation++;
        trial = generation > 1 && forks == 0;
        forks = 0;
    } else {
        forks++;
    }
    return pid;
}

EXPORT void *malloc(size_t size)
{
    if (!fails(__builtin_return_address(0))) return __libc_malloc(size);
    errno = ENOMEM;
    return NULL;
}

EXPORT void *calloc(size_t n, size_t size)
{
    if (!fails(__builtin_return_address(0))) return __libc_calloc(n, size);
    errno = ENOMEM;
    return NULL;
}

EXPORT void *realloc(void *p, size_t size)
{
    if (!fails(__builtin_return_address(0))) return __libc_realloc(p, size);
    errno = ENOMEM;
    return NULL;
}

EXPORT ssize_t write(int fd, const void *bytes, size_t size)
{
    return syscall(SYS_write, fd, bytes, fd > 2 && strikes(SHORT) ? half(size) : size);
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return syscall(SYS_pwrite64, fd, bytes, strikes(SHORT) ? half(size) : size, offset);
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return syscall(SYS_pwrite64, fd, bytes, strikes(SHORT) ? half(size) : size, offset);
}

/* What a decoder that was taken over would try. */
static void escape(long way)
{
    char path[] = "/bin/true", *const argv[] = {path, NULL};
    switch (way) {
    case 1:
        (void)syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
        break;
    case 2:
        (void)syscall(SYS_socket, 2, 1, 0);
        break;
    case 3:
        (void)syscall(SYS_kill, 1, 0);
        break;
    case 4:
        (void)syscall(SYS_execve, path, argv, argv + 1);
        break;
    case 5:
        (void)syscall(SYS_write, 1, "x", 1);
        break;
    case 6:
        (void)syscall(SYS_mmap, NULL, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case 7:
        (void)syscall(SYS_ptrace, 0, 0, 0, 0);
        break;
    case 8:
        (void)syscall(SYS_unlinkat, AT_FDCWD, "screenlab.nothing", 0);
        break;
    case 9:
        (void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        break;
    default:
        (void)syscall(SYS_prctl, 22, 0, 0, 0, 0);
        break;
    }
}

/* Whether a read fails; in a decoder, it may be its last. */
static bool refused(void)
{
    const bool decodes = ready && generation >= confined && !trial;
    if (decodes && kind == ESCAPE) escape(at);
    if (decodes && (kind == DEAD || strikes(DIE)))
        (void)syscall(SYS_kill, 0, 0); /* the filter kills for that */
    if (!strikes(EIO_READ)) return false;
    errno = EIO;
    return true;
}

EXPORT ssize_t read(int fd, void *bytes, size_t size)
{
    if (refused()) return -1;
    return syscall(SYS_read, fd, bytes, strikes(SHORT_READ) ? half(size) : size);
}

EXPORT ssize_t pread(int fd, void *bytes, size_t size, off_t offset)
{
    if (refused()) return -1;
    return syscall(SYS_pread64, fd, bytes, strikes(SHORT_READ) ? half(size) : size, offset);
}

EXPORT ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    if (refused()) return -1;
    return syscall(SYS_pread64, fd, bytes, strikes(SHORT_READ) ? half(size) : size, offset);
}

/* Every second question is answered from another decade. */
static time_t jump(time_t t)
{
    return !ready || kind != CLOCK                             ? t
           : __atomic_add_fetch(seen, 1, __ATOMIC_RELAXED) % 2 ? t - 400000000
                                                               : t + 700000000;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *t)
{
    long rc = syscall(SYS_clock_gettime, clock, t);
    if (rc == 0) t->tv_sec = jump(t->tv_sec);
    return (int)rc;
}

EXPORT time_t time(time_t *out)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    if (out != NULL) *out = t.tv_sec;
    return t.tv_sec;
}

EXPORT int gettimeofday(struct timeval *tv, void *zone)
{
    (void)zone;
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    *tv = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
    return 0;
}
