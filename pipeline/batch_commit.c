/* Documents first, rows second. A kill between the two leaves files without a row, over which the
 * next run writes the same bytes; the other order would leave rows that promise files nobody has.
 * Each file is synced and renamed into place, then its folder is synced, then one transaction takes
 * the whole chunk. Checksums of raw files go to the sealed store before the evidence they belong
 * to: alone there they do nothing. */
#include "batch_room.h"

#include "../reports/content.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folder_names[FOLDERS] = {"", "referrals", "results", "receipts"};

/* ---- documents ---- */

static Status open_out(int *fd, const char *path, Note *why)
{
    if (mkdir(path, 0777) == 0 || access(path, F_OK) == 0) return file_open_folder(fd, path, why);
    return note_fail(why, IO_FAILED, "file.write", (Place){.file = path}, NULL);
}

Status documents_open(Run *run, Note *why)
{
    int out = -1;
    if (!run->batch.documents) return OK;
    Status s = open_out(&out, run->options->out, why);
    if (s != OK) return s;
    s = file_make_folder(&run->folders[0], out, run->in.batch, why);
    if (s == OK) s = file_sync_folder(out, why);
    (void)close(out);
    for (size_t i = 1; i < FOLDERS && s == OK; i++)
        s = file_make_folder(&run->folders[i], run->folders[0], folder_names[i], why);
    for (size_t i = 0; i < FOLDERS && s == OK; i++)
        file_sweep(run->folders[i]);
    return s;
}

void documents_close(Run *run)
{
    for (size_t i = 0; i < FOLDERS; i++)
        if (run->folders[i] >= 0) (void)close(run->folders[i]);
}

static size_t folder_of(const char *folder)
{
    for (size_t i = 1; i < FOLDERS; i++)
        if (strcmp(folder_names[i], folder) == 0) return i;
    return 0;
}

Status document_write(const Run *run, const Document *d, Note *why)
{
    return file_write(run->folders[folder_of(d->folder)], d->name, d->bytes, d->size, why);
}

Status documents_sync(const Run *run, Note *why)
{
    for (size_t i = FOLDERS; i-- > 0;) {
        Status s = run->folders[i] >= 0 ? file_sync_folder(run->folders[i], why) : OK;
        if (s != OK) return s;
    }
    return OK;
}

void document_add(const Run *run, int64_t paper, const Document *d, Arena *arena)
{
    char sha256[SHA256_HEX];
    bytes_sha256(sha256, d->bytes, d->size);
    const char *between = d->folder[0] != '\0' ? "/" : "";
    const DocumentRow row = {
        .name = arena_print(arena, "%s/%s%s%s", run->in.batch, d->folder, between, d->name),
        .kind = d->kind,
        .sha256 = sha256,
        .size = d->size,
        .bytes = d->bytes};
    ledger_add_document(run->ledger, run->batch.id, paper, &row, arena);
}

typedef struct Restore {
    const Run *run;
    size_t n;
} Restore;

/* Puts back what somebody removed; a file that stands there but differs is `screenlab verify`'s to
 * tell, not ours to hide. */
static Status restore_one(const DocumentRow *row, void *context, Note *why)
{
    Restore *restore = context;
    const char *name = strchr(row->name, '/');
    if (name == NULL) return OK;
    const char *slash = strchr(++name, '/');
    size_t folder = 0;
    for (size_t i = 1; i < FOLDERS && slash != NULL; i++)
        if (strncmp(folder_names[i], name, (size_t)(slash - name)) == 0) folder = i;
    const char *file = slash != NULL ? slash + 1 : name;
    int at = restore->run->folders[folder];
    if (faccessat(at, file, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return OK;
    restore->n++;
    return file_write(at, file, row->bytes, row->size, why);
}

Status documents_restore(const Run *run, size_t *restored, Note *why)
{
    Restore restore = {.run = run};
    Status s = ledger_each_document(run->ledger, run->in.batch, restore_one, &restore, why);
    if (s == OK && restore.n > 0) s = documents_sync(run, why);
    *restored = restore.n;
    return s;
}

static Status write_chunk(const Run *run, const Slot *slots, size_t n, Note *why)
{
    size_t written = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < slots[i].n_papers; k++, written++) {
            Status s = document_write(run, &slots[i].papers[k].xml, why);
            if (s == OK) s = document_write(run, &slots[i].papers[k].html, why);
            if (s != OK) return s;
        }
    return written > 0 ? documents_sync(run, why) : OK;
}

/* ---- rows ---- */

static Status seal_chunk(const Run *run, const Slot *slots, size_t n, Note *why)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || slots[i].visit->files != NULL;
    if (!any) return OK;
    ledger_begin(run->ledger);
    for (size_t i = 0; i < n; i++)
        for (const RawFile *f = slots[i].visit->files; f != NULL; f = f->next) {
            int revision = f->tube->newest->sample->revision;
            ledger_seal(run->ledger, f->tube->id, revision, f->digest);
            ledger_seal(run->ledger, f->tube->id, revision, f->content);
        }
    return ledger_commit(run->ledger, why);
}

static void add_evidence(const Run *run, const Slot *slot)
{
    for (size_t i = 0; i < slot->c.n_samples; i++) {
        const Member *m = &slot->members[i];
        size_t n = 0;
        for (size_t k = 0; k < m->n_old; k++)
            n += m->pieces.items[k].revision == slot->samples[i].revision ? 1 : 0;
        for (size_t k = m->n_old; k < m->pieces.n; k++)
            ledger_add_evidence(run->ledger, run->batch.id, m->row,
                                &(NewEvidence){n++, true, m->pieces.items[k].text});
        for (const RawFile *f = m->files; f != NULL; f = f->next)
            if (f->row->run != NULL && f->row->run[0] != '\0')
                ledger_measured_in(run->ledger, f->row->run, m->row);
    }
}

static int64_t row_of_sample(const Slot *slot, const char *sample)
{
    for (size_t i = 0; i < slot->c.n_samples; i++)
        if (strcmp(slot->samples[i].id, sample) == 0) return slot->members[i].row;
    return 0;
}

static void add_told(const Run *run, const Slot *slot, const OutPaper *p, int64_t paper,
                     int64_t verdict)
{
    const PaperInput input = {.findings = &slot->findings, .paper = &p->paper};
    if (p->paper.kind == PAPER_WITHDRAWAL) return;
    for (size_t i = 0; i < slot->findings.n; i++)
        if (content_includes(&input, &slot->findings.items[i]))
            ledger_add_told(run->ledger, paper, verdict, i);
}

static void add_paper(const Run *run, const Slot *slot, const OutPaper *p, int64_t verdict)
{
    const PaperRow row = {.kind = p->paper.kind,
                          .name = p->paper.id,
                          .version = p->paper.version,
                          .replaces = p->paper.replaces,
                          .centre = p->paper.to->id,
                          .copy_to = p->paper.copy_to ? p->paper.copy_to->id : "",
                          .due = p->paper.due};
    int64_t paper = ledger_add_paper(run->ledger, verdict, &row);
    add_told(run, slot, p, paper, verdict);
    document_add(run, paper, &p->xml, slot->arena);
    document_add(run, paper, &p->html, slot->arena);
}

static void add_case(const Run *run, const Slot *slot)
{
    Verdict v = {.batch = run->batch.id,
                 .case_id = slot->c.id,
                 .stamp = run->stamp_row,
                 .version = slot->previous.version + (slot->unchanged ? 0 : 1),
                 .replaces = slot->unchanged ? 0 : slot->previous.id,
                 .same_as = slot->unchanged ? slot->previous.id : 0};
    memcpy(v.key, slot->key, sizeof v.key);
    add_evidence(run, slot);
    int64_t verdict = ledger_add_verdict(run->ledger, &v);
    if (slot->unchanged) return;
    for (size_t i = 0; i < slot->c.n_samples; i++)
        ledger_add_judged(run->ledger, verdict, slot->members[i].row, &slot->members[i].judged);
    for (size_t i = 0; i < slot->findings.n; i++) {
        const Finding *f = &slot->findings.items[i];
        ledger_add_finding(run->ledger, verdict, i, row_of_sample(slot, f->sample), f,
                           slot->actions[i]);
    }
    for (size_t i = 0; i < slot->n_papers; i++)
        add_paper(run, slot, &slot->papers[i], verdict);
}

Status chunk_commit(Run *run, Slot *slots, size_t n, Note *why)
{
    Status s = write_chunk(run, slots, n, why);
    if (s == OK) s = seal_chunk(run, slots, n, why);
    if (s != OK) return s;
    ledger_begin(run->ledger);
    for (size_t i = 0; i < n; i++)
        add_case(run, &slots[i]);
    return ledger_commit(run->ledger, why);
}
