/* Why: a decompressor or parser that reads bytes of strangers will one day hold a fault that lets the bytes take over. Whatever takes over here
 * finds no file, no network, no ledger key, no second patient: the process that decodes a file was forked before any of
 * them was opened, lives for that file, and owns two descriptors.
 *
 * Method: a server is forked once, before threads and SQLite. For each file it is sent the descriptor and the end of a pipe (SCM_RIGHTS,
 * unix(7)), and forks a decoder. The server has given up the file system for itself and all its decoders (Landlock, where the kernel has it); a
 * decoder closes everything else and gives up all system calls but those of reading, memory and answering (seccomp, libseccomp), and answers with the canonical text of evidence_print().
 * The parent believes the answer no more than a file: it has a ceiling and is read by evidence_parse(). Threads of the batch loop ask
 * side by side; each waits on its own pipe. Source of the pattern: N. Provos, M. Friedl, P. Honeyman, "Preventing privilege
 * escalation", USENIX Security 2003.
 *
 * Refuses: a kernel without seccomp filters, unless the user says --unconfined. A decoder that dies is a Note for its file. */
#define _GNU_SOURCE
#include "sandbox_room.h"

#include "exhausted.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DESCRIPTORS = 16, REQUEST = 80 * 1024 };
enum { CPU_SECONDS = 900, FIRST_REPLY = 16 * 1024, WARM = 448 * 1024 };
static const size_t MOST_MEMORY = (size_t)6 << 30, MOST_REPLY = (size_t)512 << 20;
/* Below this a decoder that gets no memory has met a machine without memory, not a file that wants too much. */
static const size_t MODEST = (size_t)256 << 20;

/* Last words. DONE stands behind the NUL of the last text, and no text begins like that: so it can be nothing else. */
static const char DONE[] = {'\0', '\0', 'd', 'o', 'n', 'e'};
static const char MEMORY[] = {'m', 'e', 'm', 'o', 'r', 'y'}, NO_DECODER[] = {'n', 'o', 'n', 'e'};

static int server = -1; /* socket to it; -1 = decode in this process */
static pid_t server_pid;

typedef struct Request {
    bool fetal, many;
    long row;
    TraceRole role;
    unsigned absent; /* bit i: texts[i] is NULL */
    char texts[];    /* TEXTS of them, each with its NUL; at most REQUEST bytes */
} Request;

/* Where the server takes a request; the second member gives its size. */
typedef union RequestRoom {
    Request request;
    char bytes[sizeof(Request) + REQUEST];
} RequestRoom;

enum { FILE_NAME, SPECIMEN, ASSAY, PLACE_FILE, PLACE_FIELD, KIT, MATERIAL_TEXT, RUN, WELL, TEXTS };

/* ---- the decoder ---- */

static Arena *decoder_arena;

void sandbox_put(const void *bytes, size_t size)
{
    const char *p = bytes;
    while (size > 0) {
        ssize_t n = write(REPLY_FD, p, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) _exit(1);
        p += n;
        size -= (size_t)n;
    }
}

static void put_text(const char *text)
{
    sandbox_put(text, strlen(text) + 1);
}

static void decoder_exhausted(void)
{
    if (decoder_arena == NULL || arena_used(decoder_arena) < MODEST)
        sandbox_put(MEMORY, sizeof MEMORY);
    _exit(1);
}

static void answer(const ReadJob *job, Place place)
{
    Evidence e = {.status = OK};
    Note why = {.code = "file.read"};
    Status s = reader_read(&e, job, place, &why);
    if (s != OK) e = (Evidence){.status = s, .note = why};
    put_text(evidence_print(&e, job->arena));
    for (size_t i = 0; job->faults != NULL && i < job->faults->n; i++) {
        const ReadFault *f = &job->faults->items[i];
        put_text(f->specimen);
        put_text(evidence_print(&(Evidence){.status = BAD_INPUT, .note = f->note}, job->arena));
    }
    sandbox_put(DONE + 1, sizeof DONE - 1); /* its first NUL was the text's */
}

static void limit(int what, rlim_t most)
{
    (void)setrlimit((__rlimit_resource_t)what, &(struct rlimit){most, most});
}

/* 0 = this kernel has none. */
static long landlock_version(void)
{
    long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return v > 0 ? v : 0;
}

/* Everything that touches a path is handled and nothing is allowed. */
static bool give_up_files(void)
{
    long version = landlock_version();
    if (version == 0) return true; /* told by --version */
    const struct landlock_ruleset_attr all = {.handled_access_fs =
                                                  version >= 2 ? (1U << 14) - 1 : (1U << 13) - 1};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all.handled_access_fs, 0);
    bool good = fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (fd >= 0) (void)close(fd);
    return good;
}

/* What a decoder needs no more than its server does: given up there, once, and inherited. */
static bool give_up(rlim_t most_written)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_AS, MOST_MEMORY);
    limit(RLIMIT_FSIZE, most_written);
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           give_up_files();
}

static bool put_on(const struct sock_fprog *filter, rlim_t seconds)
{
    limit(RLIMIT_CPU, seconds);
    limit(RLIMIT_NOFILE, DESCRIPTORS);
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0, 0) == 0;
}

bool sandbox_confine(const struct sock_fprog *filter, rlim_t seconds, rlim_t most_written)
{
    return give_up(most_written) && put_on(filter, seconds);
}

/* The descriptors (two or three) get the agreed numbers from FILE_FD on, every other is closed. */
bool sandbox_keep_only(const int *fds, int n)
{
    int high[OUT_FD - FILE_FD + 1];
    bool good = true;
    for (int i = 0; i < n; i++)
        good = (high[i] = fcntl(fds[i], F_DUPFD, OUT_FD + 1)) >= 0 && good;
    for (int i = 0; good && i < n; i++)
        good = dup2(high[i], FILE_FD + i) == FILE_FD + i;
    return good && syscall(SYS_close_range, 0U, (unsigned)FILE_FD - 1, 0U) == 0 &&
           syscall(SYS_close_range, (unsigned)(FILE_FD + n), ~0U, 0U) == 0;
}

/* Nearly every decoder uses so much: taken in one call instead of a page fault for each four kilobytes. */
static void warm_up(void)
{
    enum { PAGE = 4096 };
    char *p = malloc(WARM + PAGE);
    if (p == NULL) return;
    char *page = p + (PAGE - (uintptr_t)p % PAGE);
    (void)madvise(page, WARM, MADV_POPULATE_WRITE);
    free(p);
}

static _Noreturn void decode(const Request *r, const int fds[2], const Reference *reference,
                             const struct sock_fprog *filter)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (!sandbox_keep_only(fds, 2)) _exit(1);
    if (!put_on(filter, CPU_SECONDS)) {
        sandbox_put(NO_DECODER, sizeof NO_DECODER);
        _exit(1);
    }
    const char *t[TEXTS], *next = r->texts;
    for (size_t i = 0; i < TEXTS; i++) {
        t[i] = (r->absent >> i & 1) != 0 ? NULL : next;
        next += strlen(next) + 1;
    }
    const Assay *assay = t[ASSAY] ? assay_find(t[ASSAY]) : NULL;
    ReadFaults faults = {0};
    exhausted_tell(decoder_exhausted);
    warm_up();
    decoder_arena = arena_new(exhausted);
    const ReadJob job = {.fd = FILE_FD,
                         .file = t[FILE_NAME],
                         .fetal = r->fetal,
                         .specimen = t[SPECIMEN],
                         .assay = assay,
                         .model = assay ? reference_model(reference, assay->code) : NULL,
                         .reference = reference,
                         .arena = decoder_arena,
                         .kit = t[KIT],
                         .material = t[MATERIAL_TEXT],
                         .run = t[RUN],
                         .well = t[WELL],
                         .role = r->role,
                         .faults = r->many ? &faults : NULL};
    answer(&job, (Place){t[PLACE_FILE], r->row, t[PLACE_FIELD]});
    _exit(0);
}

/* ---- the filter ---- */

static bool allow_memory_and_reading(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(read),       SCMP_SYS(pread64),       SCMP_SYS(lseek),
        SCMP_SYS(fstat),      SCMP_SYS(newfstatat),    SCMP_SYS(close),
        SCMP_SYS(dup),        SCMP_SYS(brk),           SCMP_SYS(munmap),
        SCMP_SYS(mremap),     SCMP_SYS(madvise),       SCMP_SYS(futex),
        SCMP_SYS(exit_group), SCMP_SYS(exit),          SCMP_SYS(rt_sigreturn),
        SCMP_SYS(getrandom),  SCMP_SYS(clock_gettime), SCMP_SYS(restart_syscall)};
    bool good = true;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    const struct scmp_arg_cmp no_code = {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
    return good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code) == 0;
}

static bool allow_write(scmp_filter_ctx filter, int fd)
{
    const struct scmp_arg_cmp to = {0, SCMP_CMP_EQ, (scmp_datum_t)fd, 0};
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, to) == 0;
}

static bool allow_calls(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp other = {0, SCMP_CMP_NE, REPLY_FD, 0}; /* a library that complains */
    return allow_memory_and_reading(filter) && allow_write(filter, REPLY_FD) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1, other) == 0;
}

/* Work of this program that makes a file: it writes to what it holds, and HTSlib syncs what it closes. */
static bool allow_work(scmp_filter_ctx filter, bool writes)
{
    static const int more[] = {SCMP_SYS(write), SCMP_SYS(fdatasync), SCMP_SYS(fsync)};
    bool good = allow_memory_and_reading(filter) && (writes || allow_write(filter, REPLY_FD));
    for (size_t i = 0; writes && i < sizeof more / sizeof *more; i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, more[i], 0) == 0;
    return good;
}

/* Compiled once: a decoder then needs one system call to put it on. */
bool sandbox_filter(struct sock_fprog *out, struct sock_filter program[MOST_FILTER], SandboxUse use)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int fd = memfd_create("filter", MFD_CLOEXEC);
    bool good =
        filter != NULL && fd >= 0 && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
        (use == USE_DECODER ? allow_calls(filter) : allow_work(filter, use == USE_WRITES)) &&
        seccomp_export_bpf(filter, fd) == 0 && lseek(fd, 0, SEEK_SET) == 0;
    ssize_t n = good ? read(fd, program, MOST_FILTER * sizeof *program) : -1;
    seccomp_release(filter);
    if (fd >= 0) (void)close(fd);
    *out = (struct sock_fprog){(unsigned short)(n > 0 ? (size_t)n / sizeof *program : 0), program};
    return n > 0;
}

/* ---- the server ---- */

/* One request and its two descriptors; its bytes, 0 at the end or when it is none. */
static size_t receive(int from, RequestRoom *room, int fds[2])
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec io = {room, sizeof *room};
    struct msghdr m = {.msg_iov = &io,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    ssize_t n;
    do
        n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return 0;
    memcpy(fds, CMSG_DATA(c), 2 * sizeof(int));
    return (size_t)n;
}

static void serve_one(const Request *r, const int fds[2], const Reference *reference,
                      const struct sock_fprog *filter)
{
    pid_t pid = fork();
    if (pid == 0) decode(r, fds, reference, filter);
    if (pid < 0 && write(fds[1], NO_DECODER, sizeof NO_DECODER) < 0)
        (void)0; /* the reader then sees an empty answer */
    (void)close(fds[0]);
    (void)close(fds[1]);
}

/* A file that nobody sent; -1 = none can be made. */
static int trial_file(void)
{
    static const char text[] = "##fileformat=VCFv4.2\n";
    const int file = memfd_create("trial", MFD_CLOEXEC);
    return file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1 ? file : -1;
}

/* Whether a decoder can be confined here and still answer: tried on that file, which is closed. */
static bool can_decode(int file, Request *r, const Reference *reference,
                       const struct sock_fprog *filter)
{
    char reply[256] = "";
    int ends[2];
    bool good = true;
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    r->absent = ~0U;
    r->many = true;
    serve_one(r, (const int[]){file, ends[1]}, reference, filter);
    size_t have = 0;
    for (ssize_t n = 1; good && n != 0 && have < sizeof reply;) {
        n = read(ends[0], reply + have, sizeof reply - have);
        if (n < 0 && errno != EINTR) good = false;
        have += n > 0 ? (size_t)n : 0;
    }
    (void)close(ends[0]);
    return good && have > sizeof DONE && memcmp(reply + have - sizeof DONE, DONE, sizeof DONE) == 0;
}

static _Noreturn void serve(int at, const Reference *reference)
{
    static struct sock_filter program[MOST_FILTER];
    static RequestRoom room;
    struct sock_fprog filter;
    int fds[2];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)signal(SIGCHLD, SIG_IGN); /* nobody asks how a decoder ended: its answer tells */
    /* The converter is a shared object: a decoder cannot load it any more. */
    if ((intptr_t)iconv_open("UTF-8", "GB18030") == -1) _exit(1);
    /* Memory that a decoder gives back it soon asks for again. */
    (void)mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
    const int trial = trial_file();
    const bool good = trial >= 0 && sandbox_filter(&filter, program, USE_DECODER) && give_up(0) &&
                      can_decode(trial, &room.request, reference, &filter);
    if (write(at, good ? "y" : "n", 1) != 1 || !good) _exit(1);
    for (size_t n; (n = receive(at, &room, fds)) > 0;) {
        serve_one(&room.request, fds, reference, &filter);
        memset(&room, 0, n); /* no decoder finds whom the one before it was asked about */
    }
    _exit(0);
}

static Status start(const Reference *reference, Note *why)
{
    int ends[2];
    char word = 'n';
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return note_fail(why, IO_FAILED, "sandbox.start", (Place){0}, NULL);
    server_pid = fork();
    if (server_pid == 0) {
        (void)close(ends[0]);
        serve(ends[1], reference);
    }
    (void)close(ends[1]);
    server = ends[0];
    ssize_t n = -1;
    if (server_pid > 0) do
            n = read(server, &word, 1);
        while (n < 0 && errno == EINTR);
    if (n == 1 && word == 'y') return OK;
    sandbox_stop();
    return n == 1 ? note_fail(why, REFUSED, "sandbox.unavailable", (Place){0}, NULL)
                  : note_fail(why, IO_FAILED, "sandbox.start", (Place){0}, NULL);
}

Status sandbox_start(const Reference *reference, Note *why)
{
    return CONFINED ? start(reference, why) : OK;
}

void sandbox_stop(void)
{
    if (server < 0) return;
    (void)shutdown(
        server, SHUT_RDWR); /* tells it the end even where close() fails: it is waited for below */
    (void)close(server);
    server = -1;
    while (server_pid > 0 && waitpid(server_pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

const char *sandbox_means(void)
{
    if (!CONFINED) return "nothing (a build with sanitizers)";
    return landlock_version() > 0 ? "seccomp and Landlock"
                                  : "seccomp (this kernel has no Landlock)";
}

/* ---- asking ---- */

/* The request of a job, as long as it is; NULL when its texts are too long. */
static const Request *request_of(size_t *size, const ReadJob *job, Place place, Arena *arena)
{
    const char *const texts[TEXTS] = {
        job->file,     job->specimen, job->assay ? job->assay->code : NULL,
        place.file,    place.field,   job->kit,
        job->material, job->run,      job->well};
    size_t sizes[TEXTS], all = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        sizes[i] = texts[i] != NULL ? strlen(texts[i]) + 1 : 1;
        if (sizes[i] > REQUEST - all) return NULL;
        all += sizes[i];
    }
    *size = offsetof(Request, texts) + all;
    Request *r = arena_alloc(arena, *size);
    r->fetal = job->fetal;
    r->many = job->faults != NULL;
    r->role = job->role;
    r->row = place.row;
    char *to = r->texts;
    for (size_t i = 0; i < TEXTS; to += sizes[i], i++) {
        r->absent |= (texts[i] == NULL ? 1U : 0U) << i;
        memcpy(to, texts[i] != NULL ? texts[i] : "", sizes[i]);
    }
    return r;
}

static bool send_request(const Request *r, size_t size, int file, int reply)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec io = {(void *)r, size};
    struct msghdr m = {.msg_iov = &io,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(c), (const int[]){file, reply}, 2 * sizeof(int));
    ssize_t n;
    do
        n = sendmsg(server, &m, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)size;
}

typedef struct Reply {
    char *bytes;
    size_t n, capacity;
} Reply;

static bool ends_with(const Reply *r, const char *word, size_t n)
{
    return r->n >= n && memcmp(r->bytes + r->n - n, word, n) == 0;
}

/* All that the decoder says; TOO_LARGE when that is more than a ceiling, IO_FAILED when the pipe fails. */
static Status hear(Reply *r, int fd, Arena *arena, Place place, Note *why)
{
    r->capacity = FIRST_REPLY;
    r->bytes = arena_alloc(arena, r->capacity);
    for (;;) {
        if (r->n == r->capacity && r->n >= MOST_REPLY)
            return note_fail(why, TOO_LARGE, "file.too_large", place, NULL);
        if (r->n == r->capacity) r->bytes = arena_grow(arena, r->bytes, &r->capacity, 1);
        ssize_t n = read(fd, r->bytes + r->n, r->capacity - r->n);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return note_fail(why, IO_FAILED, "file.read", place, NULL);
        if (n == 0) return OK;
        r->n += (size_t)n;
        if (ends_with(r, DONE, sizeof DONE)) return OK;
    }
}

/* The next text of the reply; NULL when there is none, or when it could not stand in a document. */
static const char *next_text(const Reply *r, size_t *at)
{
    const char *text = r->bytes + *at, *end = *at < r->n ? memchr(text, '\0', r->n - *at) : NULL;
    if (end == NULL) return NULL;
    size_t n = (size_t)(end - text);
    *at += n + 1;
    return text_is_utf8(text, n) ? text : NULL;
}

static bool take_faults(const ReadJob *job, const Reply *r, size_t at)
{
    const size_t end = r->n - (sizeof DONE - 1);
    while (at < end) {
        Evidence e;
        ReadFaults *f = job->faults;
        const char *specimen = next_text(r, &at), *text = next_text(r, &at);
        if (f == NULL || specimen == NULL || text == NULL ||
            evidence_parse(&e, text, job->arena, NULL) != OK)
            return false;
        if (f->n == f->capacity)
            f->items = arena_grow(job->arena, f->items, &f->capacity, sizeof *f->items);
        f->items[f->n++] = (ReadFault){arena_copy(job->arena, specimen), e.note};
    }
    return at == end;
}

static Status understand(Evidence *out, const Reply *r, const ReadJob *job, Place place, Note *why)
{
    size_t at = 0;
    if (ends_with(r, MEMORY, sizeof MEMORY) || ends_with(r, NO_DECODER, sizeof NO_DECODER))
        return note_fail(why, IO_FAILED, "decoder.none", place, NULL);
    const char *text = ends_with(r, DONE, sizeof DONE) ? next_text(r, &at) : NULL;
    if (text == NULL || evidence_parse(out, text, job->arena, NULL) != OK ||
        !take_faults(job, r, at))
        return note_fail(why, BAD_INPUT, "decoder.died", place, NULL);
    if (out->status == OK) return OK;
    if (why != NULL) *why = out->note;
    return out->status;
}

/* The reply lies in `scratch`. */
static Status ask(Reply *reply, const ReadJob *job, Place place, Arena *scratch, Note *why)
{
    size_t size;
    int ends[2];
    const Request *request = request_of(&size, job, place, scratch);
    if (request == NULL) return note_fail(why, TOO_LARGE, "file.too_large", place, NULL);
    if (pipe2(ends, O_CLOEXEC) != 0) return note_fail(why, IO_FAILED, "decoder.none", place, NULL);
    bool sent = send_request(request, size, job->fd, ends[1]);
    (void)close(ends[1]);
    Status s = sent ? hear(reply, ends[0], scratch, place, why)
                    : note_fail(why, IO_FAILED, "decoder.none", place, NULL);
    (void)close(ends[0]);
    return s;
}

/* Through the same text as a decoder's answer, so that nothing can be told apart by where it was read. */
static Status read_here(Evidence *out, const ReadJob *job, Place place, Arena *scratch, Note *why)
{
    Evidence e = {.status = OK};
    Status s = reader_read(&e, job, place, why);
    return s == OK ? evidence_parse(out, evidence_print(&e, scratch), job->arena, why) : s;
}

static Status read_there(Evidence *out, const ReadJob *job, Place place, Arena *scratch, Note *why)
{
    Reply reply = {0};
    Status s = ask(&reply, job, place, scratch, why);
    return s == OK ? understand(out, &reply, job, place, why) : s;
}

Status sandbox_read(Evidence *out, const ReadJob *job, Place place, Note *why)
{
    Arena *scratch = arena_like(job->arena);
    Status s = (server < 0 ? read_here : read_there)(out, job, place, scratch, why);
    arena_free(scratch);
    return s;
}
