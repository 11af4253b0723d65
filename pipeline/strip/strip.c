/* `screenlab strip IN OUT`: the command and the table of formats.
 *
 * The file is taken apart in a process of its own that holds IN and the draft of OUT and nothing else (pipeline/sandbox.h); this one only names
 * the result. The output is whole or not there: it is written beside OUT under another name, synced and renamed. No ledger is touched. */
#include "strip.h"

#include "../../lab/sex.h"
#include "../commands.h"
#include "../file.h"
#include "../sandbox.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* THE TABLE: a new format is one row here and one file beside this one. Order = order of sniffing. */
#define STRIPPERS(ROW) ROW(bam) ROW(bcf) ROW(vcf) ROW(abif) ROW(cda) ROW(hl7) ROW(csv)

#define DECLARE(name) extern const Stripper strip_##name;
#define ENTRY(name)   &strip_##name,

STRIPPERS(DECLARE)

static const Stripper *const strippers[] = {STRIPPERS(ENTRY) NULL};

enum { HEAD = 4096, PLAIN_MOST = 64 };
static const int64_t FILE_CEILING = (int64_t)256 << 30;

Status strip_fault(Status status, const char *code, Note *why)
{
    return note_fail(why, status, code, (Place){.file = NULL}, NULL);
}

Status strip_put(const StripJob *job, const void *bytes, size_t size, Note *why)
{
    return file_put(job->out, bytes, size) ? OK : strip_fault(IO_FAILED, "file.write", why);
}

static bool made_of(const char *text, size_t size, const char *signs)
{
    if (size == 0 || size > PLAIN_MOST) return false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr(signs, c) == NULL)) return false;
    }
    return true;
}

bool strip_plain(const char *text, size_t size, Arena *arena)
{
    return made_of(text, size, "._-+:") && !sex_text_denied(arena_copy_n(arena, text, size));
}

bool strip_value(const char *text)
{
    return made_of(text, strlen(text), "._-+:<>/{}%[]*") && !sex_text_denied(text);
}

const Stripper *strip_find(const unsigned char *head, size_t size)
{
    for (size_t i = 0; strippers[i] != NULL; i++)
        if (strippers[i]->sniff(head, size)) return strippers[i];
    return NULL;
}

static const Stripper *find(int fd)
{
    unsigned char head[HEAD];
    ssize_t n = pread(fd, head, sizeof head, 0);
    return n > 0 ? strip_find(head, (size_t)n) : NULL;
}

/* "a/b/c.bam": the folder, opened, and the name in it. */
static Status open_place(int *folder, const char **name, const char *path, Arena *arena, Note *why)
{
    const char *slash = strrchr(path, '/');
    *name = slash != NULL ? slash + 1 : path;
    const char *at = slash == NULL ? "." : arena_copy_n(arena, path, (size_t)(slash - path) + 1);
    if (!file_name_ok(*name))
        return note_fail(why, REFUSED, "file.name", (Place){.file = path}, NULL);
    return file_open_folder(folder, at, why);
}

typedef struct Places {
    int to, in;
    const char *name;
} Places;

static Status open_places(Places *p, const Settings *s, Arena *arena, Note *why)
{
    const char *slash = strrchr(s->verb, '/');
    const Place in = {.file = slash != NULL ? slash + 1 : s->verb};
    *p = (Places){.to = -1, .in = -1};
    Status status = open_place(&p->to, &p->name, s->what, arena, why);
    return status == OK ? file_open_path(&p->in, s->verb, FILE_CEILING, arena, in, why) : status;
}

static void close_places(const Places *p)
{
    const int all[] = {p->in, p->to};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0) (void)close(all[i]);
}

typedef struct Work {
    const Stripper *stripper;
    StripJob job;
} Work;

static int work(void *context, int in, int out, Note *why)
{
    Work *w = context;
    w->job.in = in;
    w->job.out = out;
    return (int)w->stripper->strip(&w->job, why);
}

static Status strip_confined(const Work *w, bool unconfined, Note *why)
{
    int value = IO_FAILED;
    Work own = *w;
    const SandboxWork task = {
        .run = work, .context = &own, .in = w->job.in, .out = w->job.out, .unconfined = unconfined};
    Status s = sandbox_do(&value, &task, why);
    return s == OK ? (Status)value : s;
}

static Status strip_file(const Settings *s, const Reference *reference, Arena *arena, Note *why)
{
    Places p;
    FileDraft draft = {.fd = -1};
    const Stripper *stripper = NULL;
    Status status = open_places(&p, s, arena, why);
    if (status == OK) {
        stripper = find(p.in);
        status = stripper == NULL ? strip_fault(REFUSED, "strip.format", why)
                                  : file_draft(&draft, p.to, p.name, why);
    }
    if (status == OK && stripper != NULL) {
        const Work w = {
            stripper,
            {.in = p.in, .out = draft.fd, .reference = reference, .kit = s->kit, .arena = arena}};
        status = strip_confined(&w, s->unconfined, why);
        status = file_settle(&draft, status, why);
    }
    if (status == OK) status = file_sync_folder(p.to, why);
    close_places(&p);
    return status;
}

int command_strip(const Settings *settings)
{
    Note why;
    const Reference *reference;
    Arena *arena = arena_new(settings->exhausted);
    int code = EXIT_STOPPED;
    if (command_open_reference(&reference, settings, arena)) {
        Status s = strip_file(settings, reference, arena, &why);
        if (s == OK)
            code = EXIT_ALL_INTERPRETED;
        else {
            command_tell(&why, reference, settings->lang);
            code = s == IO_FAILED ? EXIT_STOPPED : EXIT_SOMETHING_LEFT;
        }
    }
    arena_free(arena);
    return code;
}
