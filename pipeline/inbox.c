/* Why: a late acknowledgement credited to the next message is a lost result (transport-and-privacy.md, section 8), and whoever can write
 * into a folder could close a woman's referral. So a message proves who wrote it, every row names the document and version it speaks of, and
 * an acknowledgement names the checksum of what was received.
 *
 * Method: HMAC-SHA256 over the message's bytes under a key that is derived from the ledger's key and the centre's id (RFC 2104); the centre computes it with
 * `screenlab seal` or with openssl. A message is known again by a keyed digest of what the door let through, not of its bytes: these may hold
 * a karyotype. The receipt is written before the transaction that takes the rows and the message is moved after it, so that a
 * kill at any moment leaves a message that is taken again, or one that is known by then.
 * Refuses: messages without a MAC wait (the transport may still be writing), those with a wrong one or a broken form go to quarantine. */
#include "inbox.h"

#include "../reports/returned.h"
#include "file.h"
#include "outbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAC_HEX = 2 * CENTRE_KEY, MAC_FILE = 256, MOST_MESSAGES = 100000 };

typedef struct Desk {
    const InboxJob *job;
    InboxCount *count;
    const Centre *centre;
    int inbox, folder; /* INBOX, INBOX/CENTRE */
    unsigned char key[CENTRE_KEY];
    Arena *arena; /* of one message */
} Desk;

typedef struct Message {
    const char *name;
    int fd;
    Returns returns;
    unsigned char key[LEDGER_MAC];
    ReturnedRow *answers;
    size_t n_taken;
} Message;

/* ---- keys ---- */

void inbox_centre_key(unsigned char key[CENTRE_KEY], const Ledger *ledger, const char *centre)
{
    static const char purpose[] = "screenlab centre key ";
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, ledger_key(ledger), LEDGER_KEY);
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, sizeof purpose - 1);
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)centre, strlen(centre));
    (void)crypto_auth_hmacsha256_final(&state, key);
}

void inbox_mac(char hex[MAC_HEX + 1], const unsigned char key[CENTRE_KEY], const void *bytes,
               size_t size)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, key, CENTRE_KEY);
    (void)crypto_auth_hmacsha256_update(&state, bytes, size);
    (void)crypto_auth_hmacsha256_final(&state, mac);
    (void)sodium_bin2hex(hex, MAC_HEX + 1, mac, sizeof mac);
}

/* OK, NOT_FOUND without a MAC beside it, REFUSED with a wrong one. */
static Status check_mac(const Desk *d, const Message *m, Note *why)
{
    const char *name = arena_print(d->arena, "%s.mac", m->name);
    char hex[MAC_HEX + 1];
    Content mac, bytes;
    int fd;
    Status s = file_open(&fd, d->folder, name, MAC_FILE, (Place){0}, why);
    if (s != OK) return s;
    s = file_read(&mac, fd, MAC_FILE, d->arena, (Place){0}, why);
    (void)close(fd);
    if (s == OK) s = file_read(&bytes, m->fd, RETURN_BYTES, d->arena, (Place){0}, why);
    if (s != OK) return s;
    inbox_mac(hex, d->key, bytes.bytes, bytes.size);
    bool good = mac.size >= MAC_HEX && sodium_memcmp(mac.bytes, hex, MAC_HEX) == 0;
    return good ? OK : note_fail(why, REFUSED, "care.mac", (Place){0}, NULL);
}

/* What the message says, after the door. */
static void message_key(const Desk *d, Message *m)
{
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, d->key, CENTRE_KEY);
    for (size_t i = 0; i < m->returns.n; i++) {
        const ReturnRow *r = &m->returns.items[i];
        const char *text = arena_print(
            d->arena, "%ld|%s|%d|%d|%d|%s|%s|%s|%s|%s|%s|%s\n", r->row, r->referral,
            r->step.version, (int)r->step.to, (int)r->step.date, r->step.person, r->step.reason,
            r->step.outcome, r->step.value, r->to, r->sha256, r->note.code ? r->note.code : "");
        (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    }
    (void)crypto_auth_hmacsha256_final(&state, m->key);
}

/* ---- rows ---- */

static bool same_document(const Desk *d, const ReturnRow *r)
{
    if (r->sha256[0] == '\0') return false;
    const char *sent =
        ledger_thread(d->job->ledger, r->referral, d->job->reference, d->arena).xml_sha256;
    return strcmp(sent, r->sha256) == 0;
}

static CareRefusal take_row(const Desk *d, const Message *m, const ReturnRow *r)
{
    StepRow row = {
        .step = r->step, .paper = r->referral, .message_key = m->key, .time = d->job->now};
    row.step.centre = d->centre->id;
    row.step.laboratory = d->centre == reference_centres(d->job->reference)->city;
    row.step.same_document = same_document(d, r);
    return care_record(d->job->ledger, d->job->reference, &row, r->to, d->arena);
}

static void answer(const Desk *d, Message *m, size_t i, CareRefusal no)
{
    const ReturnRow *r = &m->returns.items[i];
    ReturnedRow *a = &m->answers[i];
    bool known = no.code != NULL && strcmp(no.code, "care.known") == 0;
    *a = (ReturnedRow){.row = r->row,
                       .referral = r->referral,
                       .version = r->step.version,
                       .step = care_state_code(r->step.to),
                       .answer = no.code == NULL ? RETURNED_TAKEN
                                 : known         ? RETURNED_KNOWN
                                                 : RETURNED_REFUSED,
                       .note = r->note};
    if (no.code != NULL && r->note.code == NULL)
        (void)note_fail(&a->note, REFUSED, no.code, (Place){.row = r->row, .field = no.field},
                        NULL);
    int64_t *const counts[] = {&d->count->taken, &d->count->known, &d->count->refused};
    ++*counts[a->answer];
    d->count->rows++;
    m->n_taken += a->answer == RETURNED_TAKEN;
}

static void audit(const Desk *d, const char *object, const char *outcome)
{
    ledger_audit(d->job->ledger, &(AuditEntry){.time = d->job->now,
                                               .actor = d->centre->id,
                                               .action = "return",
                                               .object = object,
                                               .outcome = outcome});
}

/* ---- one message ---- */

static Status write_receipt(const Desk *d, Returned returned, const char *name, Note *why)
{
    const Stamp stamp = {.lang = d->job->lang,
                         .now = d->job->now,
                         .offset_minutes = reference_offset_minutes(d->job->reference),
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = ""};
    Document html, tsv;
    int folder;
    returned.reference = d->job->reference;
    returned.stamp = &stamp;
    Status s = report_returned(&html, &tsv, &returned, d->arena, why);
    if (s == OK) s = outbox_folder(&folder, d->job->out, d->centre->id, why);
    if (s != OK) return s;
    s = file_write(folder, arena_print(d->arena, "%s.html", name), html.bytes, html.size, why);
    if (s == OK)
        s = file_write(folder, arena_print(d->arena, "%s.tsv", name), tsv.bytes, tsv.size, why);
    if (s == OK) s = file_sync_folder(folder, why);
    (void)close(folder);
    return s;
}

/* With its MAC; a name that stands there already gets a number. */
static Status put_away(const Desk *d, const char *name, const char *where, Note *why)
{
    int to;
    Status s = file_make_folder(&to, d->folder, where, why);
    if (s != OK) return s;
    const char *as = name;
    for (int i = 2; i < MOST_MESSAGES && faccessat(to, as, F_OK, AT_SYMLINK_NOFOLLOW) == 0; i++)
        as = arena_print(d->arena, "%d.%s", i, name);
    if (renameat(d->folder, name, to, as) != 0)
        s = note_fail(why, IO_FAILED, "file.write", (Place){0}, NULL);
    const char *mac = arena_print(d->arena, "%s.mac", name);
    if (s == OK) (void)renameat(d->folder, mac, to, arena_print(d->arena, "%s.mac", as));
    if (s == OK) s = file_sync_folder(to, why);
    (void)close(to);
    return s == OK ? file_sync_folder(d->folder, why) : s;
}

static Status quarantine(const Desk *d, const Message *m, const Note *fault, Note *why)
{
    char day[DATE_TEXT];
    Note note = *fault;
    note.file[0] = '\0'; /* the centre's name of the file may say what must not be said */
    date_print(day, date_of(d->job->now, reference_offset_minutes(d->job->reference)));
    const Returned returned = {.centre = d->centre, .whole = &note};
    Status s = write_receipt(d, returned, arena_print(d->arena, "returns-refused-%s", day), why);
    if (s != OK) return s;
    audit(d, "", note.code);
    d->count->quarantined++;
    if (d->job->tell != NULL) d->job->tell(&note, d->job->context);
    s = ledger_ok(d->job->ledger, why);
    return s == OK ? put_away(d, m->name, "quarantine", why) : s;
}

static Status take_rows(const Desk *d, Message *m, const char *hex, Note *why)
{
    m->answers = arena_alloc(d->arena, (m->returns.n + 1) * sizeof *m->answers);
    ledger_begin(d->job->ledger);
    for (size_t i = 0; i < m->returns.n; i++) {
        const ReturnRow *r = &m->returns.items[i];
        CareRefusal no = {r->note.code, ""};
        if (no.code == NULL)
            no = take_row(d, m, r);
        else
            audit(d, "", no.code);
        answer(d, m, i, no);
    }
    audit(d, hex, m->n_taken > 0 ? "done" : "care.nothing");
    const Returned returned = {.centre = d->centre, .rows = m->answers, .n = m->returns.n};
    Status s = ledger_ok(d->job->ledger, why);
    if (s == OK) s = write_receipt(d, returned, arena_print(d->arena, "returns-%.16s", hex), why);
    return s == OK ? ledger_commit(d->job->ledger, why) : s;
}

static Status take_message(const Desk *d, Message *m, Note *why)
{
    Note fault;
    char hex[2 * LEDGER_MAC + 1];
    size_t n = strlen(m->name);
    bool xml = strcmp(m->name + n - 4, ".xml") == 0;
    Status s = check_mac(d, m, &fault);
    if (s == NOT_FOUND) {
        d->count->waiting++;
        return OK;
    }
    if (s == OK && lseek(m->fd, 0, SEEK_SET) != 0) s = IO_FAILED;
    if (s == OK) s = returns_read(&m->returns, m->fd, xml, d->job->reference, d->arena, &fault);
    d->count->messages++;
    if (s != OK) return quarantine(d, m, &fault, why);
    message_key(d, m);
    (void)sodium_bin2hex(hex, sizeof hex, m->key, sizeof m->key);
    if (ledger_message(d->job->ledger, d->centre->id, m->key) != 0) {
        d->count->replayed++;
        audit(d, arena_copy_n(d->arena, hex, 16), "care.replayed");
    } else {
        s = take_rows(d, m, hex, why);
    }
    if (s == OK) s = ledger_ok(d->job->ledger, why);
    return s == OK ? put_away(d, m->name, "done", why) : s;
}

/* ---- folders ---- */

static bool is_message(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && file_name_ok(name) &&
           (strcmp(name + n - 4, ".xml") == 0 || strcmp(name + n - 4, ".csv") == 0);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that `fits` accepts, sorted: the order of taking does not depend on the file system. */
static Names list_names(int folder, bool (*fits)(const char *), Arena *arena)
{
    Names names = {0};
    size_t capacity = 0;
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    if (dir == NULL && again >= 0) (void)close(again);
    for (const struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (!fits(e->d_name) || names.n == MOST_MESSAGES) continue;
        if (names.n == capacity)
            names.items = arena_grow(arena, names.items, &capacity, sizeof *names.items);
        names.items[names.n++] = arena_copy(arena, e->d_name);
    }
    if (dir != NULL) (void)closedir(dir);
    if (names.n > 0) qsort(names.items, names.n, sizeof *names.items, by_name);
    return names;
}

static Status take_centre(Desk *d, Note *why)
{
    Arena *names_arena = arena_new(d->job->exhausted);
    Names names = list_names(d->folder, is_message, names_arena);
    Status s = OK;
    for (size_t i = 0; i < names.n && s == OK; i++) {
        Note fault;
        Message m = {.name = names.items[i]};
        arena_reset(d->arena);
        s = file_open(&m.fd, d->folder, m.name, RETURN_BYTES, (Place){0}, &fault);
        if (s != OK) { /* a link, a folder, too large: never opened */
            d->count->messages++;
            s = quarantine(d, &m, &fault, why);
            continue;
        }
        s = take_message(d, &m, why);
        (void)close(m.fd);
    }
    arena_free(names_arena);
    return s;
}

static bool is_folder_name(const char *name)
{
    return file_name_ok(name);
}

/* A folder of nobody's is told and left alone. */
static Status take_folder(Desk *d, const char *name, Note *why)
{
    d->centre = centre_find(reference_centres(d->job->reference), name);
    if (d->centre == NULL) {
        Note note;
        (void)note_fail(&note, REFUSED, "care.folder", (Place){0}, NULL);
        if (d->job->tell != NULL) d->job->tell(&note, d->job->context);
        return OK;
    }
    Status s = file_make_folder(&d->folder, d->inbox, name, why);
    if (s != OK) return s;
    inbox_centre_key(d->key, d->job->ledger, d->centre->id);
    s = take_centre(d, why);
    (void)close(d->folder);
    sodium_memzero(d->key, sizeof d->key);
    return s;
}

Status inbox_take(InboxCount *count, const InboxJob *job, Note *why)
{
    *count = (InboxCount){0};
    if (access(job->inbox, F_OK) != 0) return OK; /* nobody has sent anything yet */
    Desk d = {.job = job, .count = count};
    Status s = file_open_folder(&d.inbox, job->inbox, why);
    if (s != OK) return s;
    d.arena = arena_new(job->exhausted);
    Arena *names_arena = arena_new(job->exhausted);
    Names names = list_names(d.inbox, is_folder_name, names_arena);
    for (size_t i = 0; i < names.n && s == OK; i++)
        s = take_folder(&d, names.items[i], why);
    (void)close(d.inbox);
    arena_free(names_arena);
    arena_free(d.arena);
    return s;
}
