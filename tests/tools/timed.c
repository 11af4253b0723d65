/* timed - runs a command with its output thrown away; prints "wall-seconds cpu-seconds peak-resident-kB"
 * of it. On a busy machine the processor time is the fairer figure.
 *
 *     timed COMMAND [ARGUMENT ...]          exit 1 = the command failed */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct timespec from, to;
    if (argc < 2) return 2;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0) execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child) return 1;
    clock_gettime(CLOCK_MONOTONIC, &to);
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    printf("%.3f %.3f %ld\n", seconds, cpu, usage.ru_maxrss);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}
