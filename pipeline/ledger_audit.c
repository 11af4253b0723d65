/* The audit: who looked at what, who released, who was refused. A row names codes and pseudonyms only, no clinical value, no name
 * of a person outside the laboratory; it is the same for a fetus of either sex, or it would be the leak that it is to find.
 *
 * A chain of hashes alone stops nobody who may write: the last rows can be cut off, or all of it computed anew. So each row carries
 * HMAC-SHA256 over itself and the row before, under a key that is derived from the ledger's (FILE.key), and `screenlab audit` prints
 * an anchor (count, time, MAC) that is kept where the writer of this file cannot reach: on paper, or at the district. The chain finds
 * a row that was changed, taken out or put in; the anchor finds that the end is missing, or that somebody with the key wrote all of
 * it anew. Beside that a release without a row in the chain is found without any anchor.
 *
 * A break closes the gate of every release, and one damaged sector must not close it for ever. So two persons can record, as rows of
 * this chain, that they looked into it (`screenlab audit-accept`). Such a row names the break by number and by the MAC of what stands
 * there: another change at the same place is another break. The break itself stays, and `audit` tells it for ever.
 *
 * What is refused: nothing. A row that cannot be written is a fault of the ledger, which sticks, so that what it should
 * have recorded does not take place. */
#include "ledger_sql.h"

#include "exhausted.h"

#include <sodium.h>
#include <string.h>

typedef crypto_auth_hmacsha256_state Hmac;

static void mix_int(Hmac *hmac, int64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    (void)crypto_auth_hmacsha256_update(hmac, bytes, sizeof bytes);
}

/* Each text with its length before it: no two rows have the same bytes. */
static void mix_text(Hmac *hmac, const char *text)
{
    mix_int(hmac, (int64_t)strlen(text));
    (void)crypto_auth_hmacsha256_update(hmac, (const unsigned char *)text, strlen(text));
}

typedef struct Link {
    int64_t n; /* 0 = before the first row */
    AuditEntry entry;
    unsigned char mac[LEDGER_MAC];
} Link;

static void chain_key(unsigned char key[LEDGER_MAC], const Ledger *ledger)
{
    static const char purpose[] = "screenlab audit chain";
    (void)crypto_auth_hmacsha256(key, (const unsigned char *)purpose, sizeof purpose - 1,
                                 ledger_key(ledger));
}

static void link_mac(unsigned char mac[LEDGER_MAC], const unsigned char key[LEDGER_MAC],
                     const Link *row, const Link *before)
{
    Hmac hmac;
    (void)crypto_auth_hmacsha256_init(&hmac, key, LEDGER_MAC);
    (void)crypto_auth_hmacsha256_update(&hmac, before->mac, sizeof before->mac);
    mix_int(&hmac, row->n);
    mix_int(&hmac, row->entry.time);
    mix_text(&hmac, row->entry.actor);
    mix_text(&hmac, row->entry.action);
    mix_text(&hmac, row->entry.object);
    mix_text(&hmac, row->entry.outcome);
    (void)crypto_auth_hmacsha256_final(&hmac, mac);
}

static Link link_at(const Rows *rows, Arena *arena)
{
    const void *mac;
    Link row = {.n = sql_int(rows, 0),
                .entry = {.time = sql_int(rows, 1),
                          .actor = sql_text(rows, 2, arena),
                          .action = sql_text(rows, 3, arena),
                          .object = sql_text(rows, 4, arena),
                          .outcome = sql_text(rows, 5, arena)}};
    if (sql_blob(rows, 6, &mac) == sizeof row.mac) memcpy(row.mac, mac, sizeof row.mac);
    return row;
}

static Link last_link(Ledger *ledger, Arena *arena)
{
    Rows rows = sql_ask(ledger, GET_AUDIT_LAST, NULL, 0);
    Link last = {0};
    if (sql_next(&rows)) last = link_at(&rows, arena);
    sql_stop(&rows);
    return last;
}

/* The row before is read inside the transaction that adds the next one: two processes cannot both follow the same row. */
void ledger_audit(Ledger *ledger, const AuditEntry *entry)
{
    bool own = !sql_in_transaction(ledger);
    if (own) ledger_begin(ledger);
    Arena *arena = arena_new(exhausted);
    unsigned char key[LEDGER_MAC];
    const Link before = last_link(ledger, arena);
    Link row = {.n = before.n + 1, .entry = *entry};
    chain_key(key, ledger);
    link_mac(row.mac, key, &row, &before);
    sodium_memzero(key, sizeof key);
    const Cell cells[] = {of_int(row.n),
                          of_int(entry->time),
                          of_text(entry->actor),
                          of_text(entry->action),
                          of_text(entry->object),
                          of_text(entry->outcome),
                          of_blob(row.mac, LEDGER_MAC)};
    (void)sql_add(ledger, ADD_AUDIT, cells, sizeof cells / sizeof *cells);
    arena_free(arena);
    if (own) (void)(ledger_commit(ledger, NULL) == OK); /* a fault sticks: ledger_ok tells it */
}

static Link link_number(Ledger *ledger, int64_t n, Arena *arena)
{
    Rows rows = sql_ask(ledger, GET_AUDIT_ROW, (const Cell[]){of_int(n)}, 1);
    Link row = {0};
    if (sql_next(&rows)) row = link_at(&rows, arena);
    sql_stop(&rows);
    return row;
}

/* "serum.afp IA-0914", "reagent run_repeated": the first half holds no blank. */
static bool take_halves(const char **a, const char **b, const char *text, Arena *arena)
{
    size_t n = strcspn(text, " ");
    if (text[n] == '\0') return false;
    *a = arena_copy_n(arena, text, n);
    *b = text + n + 1;
    return true;
}

QcActionList ledger_qc_actions(Ledger *ledger, Arena *arena)
{
    QcActionList list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_QC_ACTIONS, NULL, 0);
    while (sql_next(&rows)) {
        QcAction a = {.time = sql_int(&rows, 0), .person = sql_text(&rows, 1, arena)};
        const char *outcome = sql_text(&rows, 3, arena);
        if (strncmp(outcome, LEDGER_QC_ACTION, sizeof LEDGER_QC_ACTION - 1) != 0 || /* refused */
            !take_halves(&a.analyte, &a.run, sql_text(&rows, 2, arena), arena) ||
            !take_halves(&a.cause, &a.action, outcome + sizeof LEDGER_QC_ACTION - 1, arena))
            continue;
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = a;
    }
    return list;
}

static bool follows(const unsigned char key[LEDGER_MAC], const Link *row, const Link *before)
{
    unsigned char mac[LEDGER_MAC];
    if (row->n != before->n + 1) return false;
    link_mac(mac, key, row, before);
    return sodium_memcmp(mac, row->mac, sizeof mac) == 0;
}

const char *ledger_break_name(const AuditBreak *broken, Arena *arena)
{
    return arena_print(arena, "%lld %s", (long long)broken->n, broken->seen);
}

/* A row that does not follow; after a gap its MAC cannot be judged, and the chain goes on from it. */
static void add_break(AuditCheck *check, const unsigned char key[LEDGER_MAC], const Link *row,
                      const Link *before, Arena *arena)
{
    unsigned char mac[LEDGER_MAC];
    AuditBreaks *breaks = &check->breaks;
    const int64_t missing = row->n > before->n + 1 ? row->n - before->n - 1 : 0;
    check->gaps += missing;
    check->rewrites += missing == 0;
    breaks->more |= breaks->n == LEDGER_BREAKS;
    if (breaks->more) return;
    if (breaks->items == NULL)
        breaks->items = arena_alloc(arena, LEDGER_BREAKS * sizeof *breaks->items);
    AuditBreak *b = &breaks->items[breaks->n++];
    *b = (AuditBreak){.n = row->n, .missing = missing};
    link_mac(mac, key, row, before);
    (void)sodium_bin2hex(b->seen, sizeof b->seen, mac, sizeof mac);
}

/* One person, under one name or with one key, is never two. */
static void accept_by(AuditBreak *b, const char *person, const char *key, Arena *arena)
{
    if (b->accepted[0] == NULL) {
        b->accepted[0] = arena_copy(arena, person);
        b->key = arena_copy(arena, key);
    } else if (b->accepted[1] == NULL && strcmp(b->accepted[0], person) != 0 &&
               strcmp(b->key, key) != 0) {
        b->accepted[1] = arena_copy(arena, person);
    }
}

static void take_acceptance(AuditBreaks *breaks, const AuditEntry *entry, Arena *arena,
                            Arena *scratch)
{
    static const char done[] = "done ";
    if (strcmp(entry->action, LEDGER_ACCEPT) != 0 ||
        strncmp(entry->outcome, done, sizeof done - 1) != 0)
        return;
    const char *key = strrchr(entry->outcome, ' ') + 1;
    for (size_t i = 0; i < breaks->n; i++)
        if (strcmp(ledger_break_name(&breaks->items[i], scratch), entry->object) == 0)
            accept_by(&breaks->items[i], entry->actor, key, arena);
}

static Anchor anchor_of(const Link *row)
{
    Anchor anchor = {.count = row->n, .time = row->entry.time};
    (void)sodium_bin2hex(anchor.mac, sizeof anchor.mac, row->mac, sizeof row->mac);
    return anchor;
}

/* From the row that was reached on (n = 0: the first of all). False: it does not stand there as it did. *reach: the last row. */
static bool walk_chain(AuditCheck *check, AuditReach *reach, Ledger *ledger, Arena *arena)
{
    Link before = {.n = reach->n};
    bool found = before.n == 0;
    unsigned char key[LEDGER_MAC];
    memcpy(before.mac, reach->mac, sizeof before.mac);
    chain_key(key, ledger);
    Arena *scratch = arena_new(exhausted);
    Rows rows = sql_ask(ledger, GET_AUDIT_FROM, (const Cell[]){of_int(before.n)}, 1);
    while (sql_next(&rows)) {
        arena_reset(scratch);
        const Link row = link_at(&rows, scratch);
        if (row.n == before.n && !found) {
            found = sodium_memcmp(row.mac, before.mac, sizeof row.mac) == 0;
            continue;
        }
        if (!follows(key, &row, &before))
            add_break(check, key, &row, &before, arena);
        else if (check->breaks.n > 0)
            take_acceptance(&check->breaks, &row.entry, arena, scratch);
        check->backward +=
            before.n > 0 && row.n == before.n + 1 && row.entry.time < before.entry.time;
        before = row;
    }
    check->last = anchor_of(&before);
    reach->n = before.n;
    memcpy(reach->mac, before.mac, sizeof reach->mac);
    arena_free(scratch);
    sodium_memzero(key, sizeof key);
    return found;
}

bool ledger_audit_settled(const AuditBreaks *breaks)
{
    for (size_t i = 0; i < breaks->n; i++)
        if (breaks->items[i].accepted[1] == NULL) return false;
    return !breaks->more;
}

bool ledger_audit_unbroken(Ledger *ledger)
{
    AuditReach *reach = ledger_audit_reach(ledger), to = *reach;
    AuditCheck check = {0};
    Arena *arena = arena_new(exhausted);
    const bool found = walk_chain(&check, &to, ledger, arena);
    const bool good = found && ledger_audit_settled(&check.breaks) && ledger_ok(ledger, NULL) == OK;
    arena_free(arena);
    if (good) *reach = to;
    return good;
}

AuditCheck ledger_audit_check(Ledger *ledger, Arena *arena)
{
    AuditCheck check = {0};
    (void)walk_chain(&check, &(AuditReach){0}, ledger, arena);
    Rows orphans = sql_ask(ledger, GET_AUDIT_ORPHANS, NULL, 0);
    if (sql_next(&orphans)) check.orphans = sql_int(&orphans, 0);
    sql_stop(&orphans);
    return check;
}

bool ledger_audit_holds(Ledger *ledger, const Anchor *anchor)
{
    Arena *arena = arena_new(exhausted);
    const Link row = link_number(ledger, anchor->count, arena);
    bool found = row.n == anchor->count;
    const Anchor here = anchor_of(&row);
    arena_free(arena);
    return found && sodium_memcmp(here.mac, anchor->mac, sizeof here.mac) == 0;
}
