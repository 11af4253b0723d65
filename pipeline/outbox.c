/* Why: 48,000 letters of the English programme never went out, because sending and recording were two things (cervical.md, incidents). Here a
 * document is sent when its dispatch stands in the ledger, and the folder follows from that.
 *
 * Method, for up to CHUNK papers at a time: (1) every package is written into OUT/staging and synced; (2) one transaction adds the dispatches,
 * the steps and the audit; (3) each package is renamed into its outbox. Killed before (2), nothing was sent: the rerun writes the same bytes.
 * Killed between (2) and (3), the package still stands in staging and the ledger knows it: the rerun publishes it. After (3) it is no
 * longer in staging, so it cannot be published twice, whether the transport has taken it away or not. A rename inside one file system
 * is atomic; OUT must lie on one. What power failure may do to a rename that was not yet synced is left to the receiver, who knows the set id and
 * version of every document.
 * Refuses: nothing. A centre that is closed by now is replaced by the nearest valid one above it; a paper whose files cannot be read (a
 * name in it was erased, or the store of persons is not open) is counted and stays listed. What goes out is what was released, byte for byte, with its
 * signatures; an amended version goes to everybody who got an earlier one too. */
#include "outbox.h"

#include "desk.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64, KEY_LIMIT = 160 };

typedef struct Package {
    const char *key; /* folder in staging: "230103_RN2026501-2-v1_1" */
    const char *centre, *name;
    int version, n;
} Package;

typedef struct Sender {
    const OutboxJob *job;
    OutboxCount *count;
    Arena *arena;
    int out, staging, outbox;
    Package *packages; /* of the chunk at hand */
    size_t n_packages, package_capacity;
} Sender;

/* ---- folders ---- */

static Status open_out(int *fd, const char *path, Note *why)
{
    if (mkdir(path, 0777) == 0 || access(path, F_OK) == 0) return file_open_folder(fd, path, why);
    return note_fail(why, IO_FAILED, "file.write", (Place){.file = path}, NULL);
}

Status outbox_folder(int *fd, const char *out, const char *centre, Note *why)
{
    int at = -1, outbox = -1;
    Status s = open_out(&at, out, why);
    if (s == OK) s = file_make_folder(&outbox, at, "outbox", why);
    if (s == OK) s = file_make_folder(fd, outbox, centre, why);
    if (outbox >= 0) (void)close(outbox);
    if (at >= 0) (void)close(at);
    return s;
}

/* "RN2026501-2-v1", with ".copy" for the submitter and ".again2" after a reroute. */
static const char *published_name(const Package *p, Arena *arena)
{
    if (p->n <= 0) return arena_print(arena, "%s-v%d.copy", p->name, p->version);
    if (p->n == 1) return arena_print(arena, "%s-v%d", p->name, p->version);
    return arena_print(arena, "%s-v%d.again%d", p->name, p->version, p->n);
}

static void empty_folder(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        if (fd >= 0) (void)close(fd);
        return;
    }
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        (void)unlinkat(fd, e->d_name, 0); /* "." and ".." refuse by themselves */
    (void)closedir(dir);
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}

/* From staging to the outbox of its centre. When a package of that name stands there already, it is this one. */
static Status publish(const Sender *s, const Package *p, Note *why)
{
    int centre;
    const char *name = published_name(p, s->arena);
    Status status = file_make_folder(&centre, s->outbox, p->centre, why);
    if (status != OK) return status;
    if (renameat(s->staging, p->key, centre, name) != 0) {
        bool stands = errno == ENOTEMPTY || errno == EEXIST;
        if (stands)
            empty_folder(s->staging, p->key);
        else
            status = note_fail(why, IO_FAILED, "file.write", (Place){.file = name}, NULL);
    }
    if (status == OK) status = file_sync_folder(centre, why);
    (void)close(centre);
    return status;
}

/* ---- what an interrupted run left ---- */

/* "230103_RN2026501-2-v1_1" back into its parts; false when it is not of that form. */
static bool read_key(Package *p, const char *key, Arena *arena)
{
    const char *name = strchr(key, '_'), *last = strrchr(key, '_');
    if (name == NULL || last == name) return false;
    char *middle = arena_copy_n(arena, name + 1, (size_t)(last - name - 1));
    char *version = strrchr(middle, 'v');
    if (version == NULL || version == middle || version[-1] != '-') return false;
    version[-1] = '\0';
    *p = (Package){.key = arena_copy(arena, key),
                   .centre = arena_copy_n(arena, key, (size_t)(name - key)),
                   .name = middle,
                   .version = (int)strtol(version + 1, NULL, 10),
                   .n = (int)strtol(last + 1, NULL, 10)};
    return true;
}

static Status recover_one(const Sender *s, const char *key, Note *why)
{
    Package p;
    bool ours = read_key(&p, key, s->arena);
    if (ours && ledger_dispatched(s->job->ledger, p.name, p.version, p.n)) {
        s->count->recovered++;
        return publish(s, &p, why);
    }
    empty_folder(s->staging, key); /* nobody was told of it: it is written anew */
    return ledger_ok(s->job->ledger, why);
}

static Status recover(const Sender *s, Note *why)
{
    int again = openat(s->staging, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    Status status = OK;
    if (dir == NULL) {
        if (again >= 0) (void)close(again);
        return note_fail(why, IO_FAILED, "file.read", (Place){.file = "staging"}, NULL);
    }
    for (const struct dirent *e; status == OK && (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.') status = recover_one(s, e->d_name, why);
    (void)closedir(dir);
    return status;
}

/* ---- one chunk ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static Status stage(Sender *s, const Package *p, const DocumentRows *files, Note *why)
{
    int folder;
    Status status = file_make_folder(&folder, s->staging, p->key, why);
    if (status != OK) return status;
    for (size_t i = 0; i < files->n && status == OK; i++)
        status = file_write(folder, base_name(files->items[i].name), files->items[i].bytes,
                            files->items[i].size, why);
    if (status == OK) status = file_sync_folder(folder, why);
    (void)close(folder);
    if (status != OK) return status;
    if (s->n_packages == s->package_capacity)
        s->packages = arena_grow(s->arena, s->packages, &s->package_capacity, sizeof *s->packages);
    s->packages[s->n_packages++] = *p;
    return OK;
}

/* The centre itself, or the nearest one above it that is open today. */
static const char *open_centre(const Sender *s, const char *id)
{
    const Centres *centres = reference_centres(s->job->reference);
    Date today = date_of(s->job->now, reference_offset_minutes(s->job->reference));
    const Centre *c = centre_find(centres, id);
    while (c != NULL && !centre_valid(c, today))
        c = c->parent;
    return c != NULL ? c->id : centres->city->id;
}

static Package package_of(const Sender *s, const Pending *p, const char *centre, int n)
{
    return (Package){.key = arena_print(s->arena, "%s_%s-v%d_%d", centre, p->name, p->version, n),
                     .centre = centre,
                     .name = p->name,
                     .version = p->version,
                     .n = n};
}

/* What was released, signatures among it; no file when a name in it cannot be read any more. */
static Status released_files(DocumentRows *out, const Sender *s, int64_t paper, Note *why)
{
    IssuedRows issued = ledger_issued(s->job->ledger, paper, s->arena);
    *out = (DocumentRows){.items = arena_alloc(s->arena, (issued.n + 1) * sizeof *out->items)};
    Status status = ledger_ok(s->job->ledger, why);
    for (size_t i = 0; i < issued.n && status == OK; i++) {
        const IssuedRow *row = &issued.items[i];
        Content bytes = {0};
        status = desk_issued_bytes(&bytes, row, s->job->people, s->arena, why);
        if (status == NOT_FOUND) {
            out->n = 0;
            return OK;
        }
        out->items[out->n++] =
            (DocumentRow){row->name, row->kind, row->sha256, row->size, bytes.bytes};
    }
    return status;
}

/* Whoever got an earlier version, beside those who get this one anyway. */
static void set_others(const Sender *s, Pending *p)
{
    Names before = ledger_sent_before(s->job->ledger, p->name, p->version, s->arena);
    p->more = (Names){.items = arena_alloc(s->arena, (before.n + 1) * sizeof *p->more.items)};
    for (size_t i = 0; i < before.n; i++) {
        const char *centre = open_centre(s, before.items[i]);
        bool known = strcmp(centre, p->centre) == 0 || strcmp(centre, p->copy_to) == 0;
        for (size_t k = 0; k < p->more.n && !known; k++)
            known = strcmp(centre, p->more.items[k]) == 0;
        if (!known) p->more.items[p->more.n++] = centre;
    }
}

/* n of the i-th other receiver: below 0, the copy to the submitter being 0. */
static int other_number(size_t i)
{
    return -(int)i - 1;
}

static Status stage_copies(Sender *s, Pending *p, const DocumentRows *files, Note *why)
{
    Status status = OK;
    if (p->copy_to[0] != '\0') {
        p->copy_to = open_centre(s, p->copy_to);
        const Package package = package_of(s, p, p->copy_to, 0);
        status = stage(s, &package, files, why);
    }
    if (p->reroute == 0) set_others(s, p);
    for (size_t i = 0; i < p->more.n && status == OK; i++) {
        const Package package = package_of(s, p, p->more.items[i], other_number(i));
        status = stage(s, &package, files, why);
    }
    return status;
}

static Status stage_pending(Sender *s, Pending *p, Note *why)
{
    DocumentRows files;
    Status status = released_files(&files, s, p->paper, why);
    if (status != OK) return status;
    if (files.n == 0) {
        s->count->without_file++;
        p->paper = 0; /* stays unsent, and listed */
        return OK;
    }
    p->centre = open_centre(s, p->centre);
    const Package package = package_of(s, p, p->centre, p->n);
    status = stage(s, &package, &files, why);
    return status == OK ? stage_copies(s, p, &files, why) : status;
}

static void record(const Sender *s, const Pending *p)
{
    const OutboxJob *job = s->job;
    Date today = date_of(job->now, reference_offset_minutes(job->reference));
    const char *reason = p->reroute != 0 ? p->reason : p->version > 1 ? "new_version" : "first";
    const StepRow step = {.paper = p->name,
                          .time = job->now,
                          .step = {.to = CARE_SENT,
                                   .version = p->version,
                                   .date = today,
                                   .centre = p->centre,
                                   .person = p->person,
                                   .reason = reason,
                                   .laboratory = true}};
    ledger_add_dispatch(job->ledger,
                        &(DispatchRow){p->paper, p->reroute, p->n, p->centre, job->now});
    if (p->copy_to[0] != '\0')
        ledger_add_dispatch(job->ledger, &(DispatchRow){p->paper, 0, 0, p->copy_to, job->now});
    for (size_t i = 0; i < p->more.n; i++)
        ledger_add_dispatch(
            job->ledger, &(DispatchRow){p->paper, 0, other_number(i), p->more.items[i], job->now});
    ledger_add_step(job->ledger, &step);
    ledger_audit(job->ledger,
                 &(AuditEntry){.time = job->now,
                               .actor = p->person,
                               .action = p->reroute != 0 ? "reroute" : "send",
                               .object = arena_print(s->arena, "%s-v%d", p->name, p->version),
                               .outcome = "done"});
    s->count->documents += p->reroute == 0;
    s->count->rerouted += p->reroute != 0;
    s->count->copies += (p->copy_to[0] != '\0') + (int64_t)p->more.n;
}

static Status send_chunk(Sender *s, const PendingRows *list, Note *why)
{
    Status status = OK;
    s->packages = NULL; /* of the chunk before: its arena was reset */
    s->n_packages = s->package_capacity = 0;
    for (size_t i = 0; i < list->n && status == OK; i++)
        status = stage_pending(s, &list->items[i], why);
    if (status == OK) status = file_sync_folder(s->staging, why);
    if (status != OK) return status;
    ledger_begin(s->job->ledger);
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].paper != 0) record(s, &list->items[i]);
    status = ledger_commit(s->job->ledger, why);
    for (size_t i = 0; i < s->n_packages && status == OK; i++)
        status = publish(s, &s->packages[i], why);
    return status == OK ? file_sync_folder(s->staging, why) : status;
}

typedef PendingRows List(Ledger *ledger, int64_t after, int most, Arena *arena);

static Status send_list(Sender *s, List *list, Note *why)
{
    int64_t after = 0;
    for (;;) {
        arena_reset(s->arena);
        PendingRows rows = list(s->job->ledger, after, CHUNK, s->arena);
        if (rows.n == 0) return ledger_ok(s->job->ledger, why);
        const Pending *last = &rows.items[rows.n - 1];
        after = last->reroute != 0 ? last->reroute : last->paper;
        Status status = send_chunk(s, &rows, why);
        if (status != OK) return status;
    }
}

Status outbox_send(OutboxCount *count, const OutboxJob *job, Note *why)
{
    Sender *s = calloc(1, sizeof *s);
    if (s == NULL) return note_fail(why, IO_FAILED, "file.write", (Place){.file = job->out}, NULL);
    *s = (Sender){.job = job, .count = count, .out = -1, .staging = -1, .outbox = -1};
    s->arena = arena_new(job->exhausted);
    *count = (OutboxCount){0};
    Status status = open_out(&s->out, job->out, why);
    if (status == OK) status = file_make_folder(&s->staging, s->out, "staging", why);
    if (status == OK) status = file_make_folder(&s->outbox, s->out, "outbox", why);
    if (status == OK) status = file_sync_folder(s->out, why);
    if (status == OK) status = recover(s, why);
    if (status == OK) status = send_list(s, ledger_unsent, why);
    if (status == OK) status = send_list(s, ledger_reroutes, why);
    int *const folders[] = {&s->out, &s->staging, &s->outbox};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (*folders[i] >= 0) (void)close(*folders[i]);
    arena_free(s->arena);
    free(s);
    return status;
}
