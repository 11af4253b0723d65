/* The files of a released paper: NAME.xml and NAME.html, each with NAME.sig beside it, in OUT/released.
 *
 * Files first, rows second, as everywhere: a kill between the two leaves files without a row, over which the next release writes; a row never
 * promises a file that nobody has. In the ledger the bytes are kept deflated, and, when they name a person, sealed under that
 * person's key, so that the ledger can give every file back and still forgets the person whose key is erased. */
#include "desk_room.h"
#include "exhausted.h"
#include "xml.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { FILES = 4, SECONDS_AN_HOUR = 3600, MOST_ISSUED = 1 << 28 };

typedef struct Letter {
    const Desk *desk;
    const Draft *draft;
    Document xml, html;
    Document files[FILES]; /* xml, its signature, html, its signature */
    Addressee addressee;
    bool addressed;
} Letter;

/* ---- drafts ---- */

static Document document_of(const DocumentRow *row)
{
    const char *slash = strrchr(row->name, '/');
    return (Document){.folder = "released",
                      .name = slash != NULL ? slash + 1 : row->name,
                      .kind = row->kind,
                      .bytes = row->bytes,
                      .size = row->size};
}

static bool is_as_written(const DocumentRow *row)
{
    char sha256[SHA256_HEX];
    bytes_sha256(sha256, row->bytes, row->size);
    return strcmp(sha256, row->sha256) == 0;
}

static Status load_drafts(Letter *letter, Note *why)
{
    const Desk *desk = letter->desk;
    DocumentRows rows = ledger_draft_documents(desk->ledger, letter->draft->row.id, desk->arena);
    Status s = ledger_ok(desk->ledger, why);
    if (s != OK) return s;
    for (size_t i = 0; i < rows.n; i++)
        if (!is_as_written(&rows.items[i]))
            return desk_refuse(letter->draft, "release.draft_changed", why);
    if (rows.n != 2) return desk_refuse(letter->draft, "release.draft_changed", why);
    letter->xml = document_of(&rows.items[0]);
    letter->html = document_of(&rows.items[1]);
    return OK;
}

/* ---- what has changed since the version that left ---- */

static bool same_subject(const Finding *a, const Finding *b)
{
    return strcmp(a->code, b->code) == 0 && strcmp(a->item, b->item) == 0 &&
           strcmp(a->sample, b->sample) == 0;
}

static bool same_content(const Finding *a, const Finding *b)
{
    bool same_value = a->has_value == b->has_value && (!a->has_value || a->value == b->value ||
                                                       (isnan(a->value) && isnan(b->value)));
    return a->answer == b->answer && strcmp(a->detail, b->detail) == 0 && same_value &&
           strcmp(a->unit, b->unit) == 0;
}

static const Finding *counterpart(const ToldList *list, const Finding *f)
{
    for (size_t i = 0; i < list->n; i++)
        if (same_subject(&list->items[i].finding, f)) return &list->items[i].finding;
    return NULL;
}

static void find_changes(Amends *out, const ToldList *before, const ToldList *after, Arena *arena)
{
    Change *changes = arena_alloc(arena, (before->n + after->n + 1) * sizeof *changes);
    for (size_t i = 0; i < after->n; i++) {
        const Finding *now = &after->items[i].finding, *was = counterpart(before, now);
        if (was == NULL || !same_content(was, now)) changes[out->n_changes++] = (Change){was, now};
    }
    for (size_t i = 0; i < before->n; i++) {
        const Finding *was = &before->items[i].finding;
        if (counterpart(after, was) == NULL) changes[out->n_changes++] = (Change){was, NULL};
    }
    out->changes = changes;
}

static Amends *amends_of(const Letter *letter, const ToldList *told, const Act *reviewed)
{
    const Desk *desk = letter->desk;
    LastRelease last = ledger_last_released(desk->ledger, letter->draft->row.name);
    if (last.version == 0) return NULL;
    Amends *out = arena_alloc(desk->arena, sizeof *out);
    *out = (Amends){.version = last.version,
                    .released = last.time,
                    .reason = reviewed != NULL ? reviewed->reason : ""};
    const ToldList before =
        ledger_told_whole(desk->ledger, last.paper, last.verdict, desk->reference, desk->arena);
    find_changes(out, &before, told, desk->arena);
    return out;
}

/* ---- the document ---- */

/* Only a referral is addressed: its receiver must find the woman; the submitter of a result knows whose it is. */
static void set_addressee(Letter *letter)
{
    const Draft *draft = letter->draft;
    if (draft->row.kind != PAPER_REFERRAL || letter->desk->people == NULL || draft->person == NULL)
        return;
    letter->addressed =
        people_find(&letter->addressee, letter->desk->people, draft->person, letter->desk->arena);
    letter->addressee.guardian = letter->addressee.guardian || draft->newborn;
}

static Status make_documents(Letter *letter, const ToldList *told, const Act *approval, Note *why)
{
    const Desk *desk = letter->desk;
    const Draft *draft = letter->draft;
    bool amended = ledger_last_released(desk->ledger, draft->row.name).version > 0;
    const Act *reviewed = approval != NULL ? desk_reviewed(desk, draft, amended) : NULL;
    const Stamp stamp = {.lang = draft->lang,
                         .now = desk->now,
                         .offset_minutes = reference_offset_minutes(desk->reference),
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = draft->batch_name};
    const Issue issue = {.reference = desk->reference,
                         .stamp = &stamp,
                         .kind = letter->xml.kind,
                         .paper = draft->row.name,
                         .version = draft->row.version,
                         .reviewer = reviewed != NULL ? reviewed->person : NULL,
                         .reviewed = reviewed != NULL ? reviewed->time : 0,
                         .authoriser = approval != NULL ? approval->person : NULL,
                         .amends = amends_of(letter, told, reviewed),
                         .addressee = letter->addressed ? &letter->addressee : NULL,
                         .fingerprint = sign_fingerprint(desk->key)};
    Status s = report_issue(&letter->xml, &letter->html, &issue, desk->arena, why);
    if (s != OK) return s;
    return xml_check_document(letter->xml.bytes, letter->xml.size, letter->xml.kind,
                              (Place){.file = letter->xml.name}, why);
}

static Status sign_one(Document *signature, const Letter *letter, const Document *d, Note *why)
{
    const Desk *desk = letter->desk;
    Content bytes = {0};
    Status s = sign_document(&bytes, desk->key, &(SignedFile){d->name, d->bytes, d->size},
                             desk->arena, why);
    *signature = (Document){.folder = d->folder,
                            .name = arena_print(desk->arena, "%s.sig", d->name),
                            .kind = "signature",
                            .bytes = bytes.bytes,
                            .size = bytes.size};
    return s;
}

static Status sign_both(Letter *letter, Note *why)
{
    letter->files[0] = letter->xml;
    letter->files[2] = letter->html;
    Status s = sign_one(&letter->files[1], letter, &letter->xml, why);
    return s == OK ? sign_one(&letter->files[3], letter, &letter->html, why) : s;
}

/* ---- files ---- */

static Status open_released(int *folder, const char *out, Note *why)
{
    int top = -1;
    if (mkdir(out, 0777) != 0 && access(out, F_OK) != 0)
        return note_fail(why, IO_FAILED, "file.write", (Place){.file = out}, NULL);
    Status s = file_open_folder(&top, out, why);
    if (s == OK) s = file_make_folder(folder, top, "released", why);
    if (s == OK) s = file_sync_folder(top, why);
    if (top >= 0) (void)close(top);
    return s;
}

static Status write_files(const Letter *letter, Note *why)
{
    int folder = -1;
    Status s = open_released(&folder, letter->desk->out, why);
    for (size_t i = 0; i < FILES && s == OK; i++)
        s = file_write(folder, letter->files[i].name, letter->files[i].bytes, letter->files[i].size,
                       why);
    if (s == OK) s = file_sync_folder(folder, why);
    if (folder >= 0) (void)close(folder);
    return s;
}

/* ---- again ---- */

typedef struct Missing {
    int folder;
    Arena *arena;
    Names names;
    size_t capacity;
} Missing;

static const char *file_name(const char *issued)
{
    const char *slash = strrchr(issued, '/');
    return slash != NULL ? slash + 1 : issued;
}

static Status note_missing(const IssuedRow *row, void *context, Note *why)
{
    Missing *m = context;
    (void)why;
    if (row->erased || faccessat(m->folder, file_name(row->name), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return OK;
    if (m->names.n == m->capacity)
        m->names.items = arena_grow(m->arena, m->names.items, &m->capacity, sizeof *m->names.items);
    m->names.items[m->names.n++] = arena_copy(m->arena, row->name);
    return OK;
}

static Status restore_file(int folder, const char *name, const Desk *desk, Arena *scratch,
                           Note *why)
{
    IssuedRow row = {0};
    Content bytes = {0};
    if (!ledger_issued_file(&row, desk->ledger, name, scratch))
        return note_fail(why, LEDGER_FAILED, "ledger.document", (Place){.file = name}, NULL);
    Status s = desk_issued_bytes(&bytes, &row, desk->people, scratch, why);
    return s == OK ? file_write(folder, file_name(name), bytes.bytes, bytes.size, why) : s;
}

Status desk_restore(size_t *restored, const Desk *desk, Note *why)
{
    Missing m = {.folder = -1, .arena = desk->arena};
    Arena *scratch = arena_new(exhausted);
    *restored = 0;
    Status s = open_released(&m.folder, desk->out, why);
    if (s == OK) s = ledger_each_issued(desk->ledger, note_missing, &m, why);
    for (size_t i = 0; i < m.names.n && s == OK; i++) {
        arena_reset(scratch);
        s = restore_file(m.folder, m.names.items[i], desk, scratch, why);
        *restored += s == OK ? 1 : 0;
    }
    if (s == OK) s = file_sync_folder(m.folder, why);
    if (m.folder >= 0) (void)close(m.folder);
    arena_free(scratch);
    return s;
}

/* ---- rows ---- */

static Content deflated(const Document *d, Arena *arena)
{
    uLongf n = compressBound((uLong)d->size);
    unsigned char *bytes = arena_alloc(arena, n + 1);
    if (compress2(bytes, &n, (const Bytef *)d->bytes, (uLong)d->size, Z_BEST_SPEED) != Z_OK)
        exhausted(); /* the bound holds: what is left is lack of memory */
    return (Content){(char *)bytes, n};
}

/* Both dresses name the person; the signatures do not. */
static Status make_issued(IssuedRow *out, const Letter *letter, const Document *d, Note *why)
{
    const Desk *desk = letter->desk;
    char *sha256 = arena_alloc(desk->arena, SHA256_HEX);
    bool names = letter->addressed && strcmp(d->kind, "signature") != 0;
    Content content = deflated(d, desk->arena);
    bytes_sha256(sha256, d->bytes, d->size);
    *out = (IssuedRow){.name = arena_print(desk->arena, "released/%s", d->name),
                       .kind = d->kind,
                       .sha256 = sha256,
                       .size = d->size,
                       .person = names ? letter->draft->person : ""};
    if (names &&
        !people_seal(&content, desk->people, out->person, out->name, &content, desk->arena))
        return desk_refuse(letter->draft, "release.erased", why);
    out->content = content.bytes;
    out->content_size = content.size;
    return OK;
}

/* The earliest time by which somebody is called; false = nobody has to be. */
static bool call_due(Instant *due, const Desk *desk, const Draft *draft, const ToldList *told)
{
    if (desk_policy(desk, draft, told) != RELEASE_CALL) return false;
    *due = INSTANT_NONE;
    for (size_t i = 0; i < told->n; i++) {
        if (!told->items[i].has_action) continue;
        double hours = policy_call_hours(desk->reference, told->items[i].action.urgency);
        if (isnan(hours)) {
            *due = INSTANT_NONE;
            return true;
        }
        if (hours == 0) continue;
        Instant by = desk->now + (Instant)(hours * SECONDS_AN_HOUR);
        if (*due == INSTANT_NONE || by < *due) *due = by;
    }
    return true;
}

static Status add_rows(const Letter *letter, const ToldList *told, const Act *approval, Note *why)
{
    const Desk *desk = letter->desk;
    const Draft *draft = letter->draft;
    IssuedRow rows[FILES];
    Instant due;
    bool call = call_due(&due, desk, draft, told);
    for (size_t i = 0; i < FILES; i++) {
        Status s = make_issued(&rows[i], letter, &letter->files[i], why);
        if (s != OK) return s;
    }
    ledger_begin(desk->ledger);
    if (approval != NULL) ledger_add_act(desk->ledger, draft->row.id, approval);
    ledger_add_released(desk->ledger, draft->row.id, desk->now,
                        approval != NULL ? "two_persons" : "automatic");
    if (call) ledger_add_call_due(desk->ledger, draft->row.id, due);
    for (size_t i = 0; i < FILES; i++)
        ledger_add_issued(desk->ledger, draft->row.id, &rows[i]);
    desk_record(desk, draft, approval != NULL ? approval->person : "-", "release");
    return ledger_commit(desk->ledger, why);
}

Status desk_issue(const Desk *desk, const Draft *draft, const ToldList *told, const Act *approval,
                  Note *why)
{
    Letter letter = {.desk = desk, .draft = draft};
    Status s = load_drafts(&letter, why);
    if (s != OK) return s;
    set_addressee(&letter);
    s = make_documents(&letter, told, approval, why);
    if (s == OK) s = sign_both(&letter, why);
    if (s == OK) s = write_files(&letter, why);
    return s == OK ? add_rows(&letter, told, approval, why) : s;
}

Status desk_issued_bytes(Content *out, const IssuedRow *row, People *people, Arena *arena,
                         Note *why)
{
    Place place = {.file = row->name};
    Content content = {arena_copy_n(arena, row->content, row->content_size), row->content_size};
    char sha256[SHA256_HEX];
    if (row->person[0] != '\0' && (people == NULL || !people_unseal(&content, people, row->person,
                                                                    row->name, &content, arena)))
        return note_fail(why, NOT_FOUND, "release.erased", place, NULL);
    uLongf n = (uLongf)row->size;
    char *bytes = row->size <= MOST_ISSUED ? arena_alloc(arena, row->size + 1) : NULL;
    if (bytes == NULL ||
        uncompress((Bytef *)bytes, &n, (const Bytef *)content.bytes, (uLong)content.size) != Z_OK)
        return note_fail(why, LEDGER_FAILED, "ledger.document", place, NULL);
    bytes_sha256(sha256, bytes, n);
    if (n != row->size || strcmp(sha256, row->sha256) != 0)
        return note_fail(why, LEDGER_FAILED, "ledger.document", place, NULL);
    bytes[n] = '\0';
    *out = (Content){bytes, n};
    return OK;
}
