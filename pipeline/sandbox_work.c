/* Why: a file of strangers that this program takes apart itself, not a decoder: what `strip` shares, what a disclosure reads again. The same fault in a
 * decompressor would find keys and the ledger here.
 * Method: as in sandbox.c, but forked for that one piece of work, from a process without threads: every descriptor but two or three is closed,
 * then limits, Landlock and seccomp. The reply is a number and a code, of constant size: nothing of the file comes back with it, and in `strip`
 * the result is the file that was made. Memory that was there before (a key, the reference) stays readable to it, and has no way out but the reply.
 * Refuses: to go on when it cannot confine itself, unless the user says --unconfined. */
#define _GNU_SOURCE
#include "exhausted.h"
#include "sandbox_room.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CODE = 64, NO_MEMORY = 2, DAY_SECONDS = 86400 };

typedef struct Done {
    int value;
    char code[CODE];
} Done;

static _Noreturn void no_memory(void)
{
    _exit(NO_MEMORY);
}

static _Noreturn void work_confined(const SandboxWork *work, const struct sock_fprog *filter,
                                    int reply)
{
    const bool writes = work->out >= 0;
    Done done = {0};
    Note why = {.code = ""};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    exhausted_tell(no_memory);
    if (!sandbox_keep_only((const int[]){work->in, reply, work->out}, writes ? 3 : 2) ||
        !sandbox_confine(filter, DAY_SECONDS, writes ? RLIM_INFINITY : 0))
        _exit(1);
    done.value = work->run(work->context, FILE_FD, writes ? OUT_FD : -1, &why);
    (void)strncpy(done.code, why.code, sizeof done.code - 1);
    sandbox_put(&done, sizeof done);
    _exit(0);
}

/* The reply is a number and a word; what is no word of ours is none at all. */
static bool hear_done(Done *done, int from)
{
    size_t have = 0;
    for (ssize_t n = 1; n != 0 && have < sizeof *done;) {
        n = read(from, (char *)done + have, sizeof *done - have);
        if (n < 0 && errno != EINTR) return false;
        have += n > 0 ? (size_t)n : 0;
    }
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    return have == sizeof *done && done->code[CODE - 1] == '\0' &&
           strspn(done->code, letters) == strlen(done->code);
}

static Status work_ended(int *value, const SandboxWork *work, int from, pid_t pid, Note *why)
{
    static char code[CODE]; /* a Note's code outlives its maker */
    Done done = {0};
    int how = 0;
    bool heard = hear_done(&done, from);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    if (!heard && WIFEXITED(how) && WEXITSTATUS(how) != 0)
        return note_fail(why, IO_FAILED, "decoder.none", work->place, NULL);
    if (!heard) return note_fail(why, BAD_INPUT, "decoder.died", work->place, NULL);
    *value = done.value;
    memcpy(code, done.code, sizeof code);
    if (code[0] != '\0') (void)note_fail(why, OK, code, work->place, NULL);
    return OK;
}

static Status fork_work(int *value, const SandboxWork *work, const struct sock_fprog *filter,
                        Note *why)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return note_fail(why, IO_FAILED, "decoder.none", work->place, NULL);
    pid_t pid = fork();
    if (pid == 0) work_confined(work, filter, ends[1]);
    (void)close(ends[1]);
    Status s = pid > 0 ? work_ended(value, work, ends[0], pid, why)
                       : note_fail(why, IO_FAILED, "decoder.none", work->place, NULL);
    (void)close(ends[0]);
    return s;
}

Status sandbox_do(int *value, const SandboxWork *work, Note *why)
{
    static struct sock_filter program[MOST_FILTER];
    struct sock_fprog filter;
    if (!CONFINED || work->unconfined) {
        *value = work->run(work->context, work->in, work->out, why);
        return OK;
    }
    /* The converter is a shared object: confined work could not load it any more. */
    if ((intptr_t)iconv_open("UTF-8", "GB18030") == -1)
        return note_fail(why, IO_FAILED, "decoder.none", work->place, NULL);
    if (!sandbox_filter(&filter, program, work->out >= 0 ? USE_WRITES : USE_READS))
        return note_fail(why, REFUSED, "sandbox.unavailable", work->place, NULL);
    return fork_work(value, work, &filter, why);
}
