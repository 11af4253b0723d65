/* Why: without memory no sentence can be looked up and no list freed, so one constant text is written and the process ends where it
 * stands; what a kill at that point leaves, the next run puts right (tests/faults.sh lets every allocation of ours fail). */
#include "exhausted.h"

#include "commands.h"

#include <unistd.h>

static void complain(void)
{
    static const char text[] =
        "screenlab: out of memory; nothing is lost, run the same command again\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(EXIT_STOPPED);
    _exit(EXIT_STOPPED);
}

static void (*last_words)(void) = complain;

void exhausted_tell(void (*words)(void))
{
    last_words = words;
}

void exhausted(void)
{
    last_words();
}
