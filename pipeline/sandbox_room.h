/* sandbox_room - what the rooms of the sandbox share; nobody else includes this header.
 *
 *     sandbox.c        the server of decoders, the filter, the limits
 *     sandbox_work.c   one piece of the program's own work (`strip`, a disclosure) in a process of its own
 *
 *     good = sandbox_filter(&filter, program, USE_WRITES) && sandbox_keep_only((const int[]){in, reply, out}, 3) &&
 *            sandbox_confine(&filter, seconds, RLIM_INFINITY);       // from here on nothing else can be touched */
#ifndef SCREENLAB_SANDBOX_ROOM_H
#define SCREENLAB_SANDBOX_ROOM_H

#include "sandbox.h"

#include <linux/filter.h>
#include <sys/resource.h>

#ifdef SCREENLAB_UNCONFINED
enum { CONFINED = 0 };
#else
enum { CONFINED = 1 };
#endif

enum { FILE_FD = 3, REPLY_FD = 4, OUT_FD = 5, MOST_FILTER = 4096 };

/* A decoder writes its answer; work that only reads, too; work that makes a file writes to what it holds. */
typedef enum SandboxUse { USE_DECODER, USE_READS, USE_WRITES } SandboxUse;

bool sandbox_filter(struct sock_fprog *out, struct sock_filter program[MOST_FILTER],
                    SandboxUse use);
/* The descriptors (two or three) get the numbers FILE_FD, REPLY_FD, OUT_FD; every other is closed. */
bool sandbox_keep_only(const int *fds, int n);
bool sandbox_confine(const struct sock_fprog *filter, rlim_t seconds, rlim_t most_written);
/* Into REPLY_FD, all of it, or the process ends. */
void sandbox_put(const void *bytes, size_t size);

#endif
