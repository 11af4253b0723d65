/* Why: an analyser writes one file for a whole run, so the file must be read to know whose results came.
 * Method: the file is opened once, its SHA-256 compared with results.csv, its format sniffed, and read by a reader of many
 * specimens. Results are grouped by specimen in order of first appearance; each specimen becomes a row as if results.csv had listed it.
 * Nobody knows yet whether a specimen is fetal material, so the reader is told that it is. What the reader could not use is
 * told with the specimen's id; a detail of the file is added only for a specimen that this batch registered as not fetal.
 * Refuses: a wrong checksum, a format that no reader of many knows, a specimen's name that cannot be a sample's id. */
#include "../lab/standing.h"
#include "decode.h"
#include "exhausted.h"
#include "file.h"
#include "intake_room.h"

#include <string.h>
#include <unistd.h>

static Status check_sha256(int fd, const ResultRow *row, Place at, Note *why)
{
    char hex[SHA256_HEX];
    Status s = file_sha256(hex, fd, at, why);
    if (s == OK && strcmp(hex, row->sha256) != 0)
        return note_fail(why, REFUSED, "file.checksum", at, NULL);
    return s;
}

Status intake_open_result(int *fd, const Intake *in, const ResultRow *row, bool fetal, Note *why)
{
    Place at = {.file = "results.csv", .row = row->row, .field = "file"};
    int opened;
    Status s = file_open(&opened, in->folder, row->file, INTAKE_FILE_LIMIT, at, why);
    if (s == OK) {
        s = check_sha256(opened, row, at, why);
        if (s == OK)
            *fd = opened;
        else
            (void)close(opened);
    }
    if (s != OK && fetal && why != NULL) why->detail[0] = '\0';
    return s;
}

bool intake_holds_results(const Intake *in, const ResultRow *row)
{
    const Reader *reader = NULL;
    int fd;
    Place at = {.file = "results.csv", .row = row->row, .field = "file"};
    if (file_open(&fd, in->folder, row->file, INTAKE_FILE_LIMIT, at, NULL) != OK) return false;
    Status s = reader_at(&reader, fd, at, NULL);
    (void)close(fd);
    return s == OK && reader->many;
}

static Whose whose_specimen(const Room *room, const char *specimen, bool *fetal)
{
    const Sample *s = intake_find_sample(room, specimen, fetal);
    return (Whose){.centre = s ? s->submitter : "",
                   .case_id = s ? s->case_id : "",
                   .sample = intake_id_ok('S', specimen) ? specimen : ""};
}

static void tell_faults(Room *room, const ReadFaults *faults, const ResultRow *row)
{
    for (size_t i = 0; i < faults->n; i++) {
        bool fetal;
        Note note = faults->items[i].note;
        Whose whose = whose_specimen(room, faults->items[i].specimen, &fetal);
        if (fetal && strcmp(note.code, "result.test_unknown") == 0) continue; /* the door */
        (void)strncpy(note.file, "results.csv", sizeof note.file - 1);
        note.row = row->row;
        if (fetal) note.detail[0] = '\0';
        intake_reject_note(room, whose, &note);
    }
}

static bool is_unknown_test(const Result *r)
{
    return strcmp(r->code, RESULT_UNKNOWN_TEST) == 0;
}

/* The codes that count: listed for the assay of the specimen, or for any when it is not registered here. */
static bool code_counts(const Room *room, const Sample *s, const Result *r)
{
    return !intake_code_denied(room, r->code) &&
           intake_result_known(room->reference, s ? s->assay : "", r->code);
}

typedef struct Group {
    size_t first, n; /* in `results` after grouping */
} Group;

/* Puts results of one specimen side by side, keeping their order; returns the number of specimens. */
static size_t group_results(Group *groups, Result *to, const Evidence *e, Arena *scratch)
{
    Seen *seen = seen_new(e->n_results, scratch);
    size_t *of = arena_alloc(scratch, (e->n_results + 1) * sizeof *of), n = 0, at = 0;
    const char **names = arena_alloc(scratch, (e->n_results + 1) * sizeof *names);
    for (size_t i = 0; i < e->n_results; i++) {
        uint64_t key = seen_hash(SEEN_SEED, e->results[i].specimen);
        size_t cursor = 0;
        long g;
        while ((g = seen_next(seen, key, &cursor)) >= 0 &&
               strcmp(names[g], e->results[i].specimen) != 0)
            continue;
        if (g < 0) {
            g = (long)n;
            names[n] = e->results[i].specimen;
            seen_add(seen, key, n++);
        }
        of[i] = (size_t)g;
        groups[g].n++;
    }
    for (size_t g = 0; g < n; at += groups[g].n, g++)
        groups[g].first = at;
    size_t *filled = arena_alloc(scratch, (n + 1) * sizeof *filled);
    for (size_t i = 0; i < e->n_results; i++)
        to[groups[of[i]].first + filled[of[i]]++] = e->results[i];
    return n;
}

/* A specimen's own row. Codes that no table lists are told for known samples that are not fetal, and dropped else. */
static void push_specimen(Room *room, Result *results, size_t n, const ResultRow *row)
{
    bool fetal;
    const char *specimen = results[0].specimen;
    const Sample *s = intake_find_sample(room, specimen, &fetal);
    Place at = {.file = "results.csv", .row = row->row, .field = "file"};
    if (!intake_id_ok('S', specimen)) {
        intake_reject(room, (Whose){0}, "specimen.id", at, NULL);
        return;
    }
    size_t kept = 0;
    size_t real = 0, unlisted = 0;
    for (size_t i = 0; i < n; i++)
        if (is_unknown_test(&results[i])) {
            results[kept++] = results[i]; /* the plan drops it for fetal material */
        } else if (code_counts(room, s, &results[i])) {
            results[kept++] = results[i];
            real++;
        } else {
            unlisted++;
        }
    if (real == 0) kept = 0;    /* nothing to stand beside */
    if (unlisted > 0 && !fetal) /* once, however many there are */
        intake_reject(room, whose_specimen(room, specimen, &fetal), "result.code", at, NULL);
    ResultRow r = *row;
    r.sample = s ? s->id : specimen;
    r.specimen = specimen;
    r.results = results;
    r.n_results = kept;
    if (kept > 0) intake_push_result(room, &r);
}

static void push_specimens(Room *room, const Evidence *e, const ResultRow *row)
{
    Arena *scratch = arena_new(exhausted);
    Group *groups = arena_alloc(scratch, (e->n_results + 1) * sizeof *groups);
    Result *sorted = arena_alloc(room->arena, (e->n_results + 1) * sizeof *sorted);
    size_t n = group_results(groups, sorted, e, scratch);
    for (size_t g = 0; g < n; g++)
        push_specimen(room, sorted + groups[g].first, groups[g].n, row);
    arena_free(scratch);
}

void intake_stop(Room *room, const Note *why)
{
    if (!room->stopped) room->fault = *why;
    room->stopped = true;
}

void intake_read_many(Room *room, const ResultRow *row)
{
    Evidence e = {.status = OK};
    ReadFaults faults = {0};
    Note note;
    int fd = -1;
    Status s = intake_open_result(&fd, room->out, row, false, &note);
    if (s == OK) {
        ReadJob job = {.fd = fd,
                       .file = row->file,
                       .fetal = true,
                       .reference = room->reference,
                       .arena = room->arena,
                       .faults = &faults};
        s = decode_file(&e, &job, (Place){.file = "results.csv", .row = row->row, .field = "file"},
                        &note);
        (void)close(fd);
    }
    if (s == IO_FAILED) {
        intake_stop(room, &note);
        return;
    }
    if (s != OK) {
        (void)strncpy(note.file, "results.csv", sizeof note.file - 1);
        note.row = row->row;
        intake_reject_note(room, (Whose){0}, &note);
        return;
    }
    tell_faults(room, &faults, row);
    push_specimens(room, &e, row);
}
