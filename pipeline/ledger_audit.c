/* The audit: who looked at what, who released, who was refused. A row names codes and pseudonyms only, no clinical value, no name
 * of a person outside the laboratory; it is the same for a fetus of either sex, or it would be the leak that it is to find.
 *
 * A chain of hashes alone stops nobody who may write: the last rows can be cut off, or all of it computed anew. So each row carries
 * HMAC-SHA256 over itself and the row before, under a key that is derived from the ledger's (FILE.key), and `screenlab audit` prints
 * an anchor (count, time, MAC) that is kept where the writer of this file cannot reach: on paper, or at the district. The chain finds
 * a row that was changed, taken out or put in; the anchor finds that the end is missing, or that somebody with the key wrote all of
 * it anew. Beside that a release without a row in the chain is found without any anchor.
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

/* The row that was reached last must stand there as it did, and what was added since must follow from it. */
bool ledger_audit_unbroken(Ledger *ledger)
{
    AuditReach *reach = ledger_audit_reach(ledger);
    Link before = {.n = reach->n};
    bool good = true, found = reach->n == 0;
    unsigned char key[LEDGER_MAC];
    memcpy(before.mac, reach->mac, sizeof before.mac);
    chain_key(key, ledger);
    Arena *arena = arena_new(exhausted);
    Rows rows = sql_ask(ledger, GET_AUDIT_FROM, (const Cell[]){of_int(reach->n)}, 1);
    while (good && sql_next(&rows)) {
        arena_reset(arena);
        const Link row = link_at(&rows, arena);
        const bool again = row.n == before.n && !found;
        found = true;
        good = again ? sodium_memcmp(row.mac, before.mac, sizeof row.mac) == 0
                     : follows(key, &row, &before);
        before = row;
    }
    sql_stop(&rows);
    arena_free(arena);
    sodium_memzero(key, sizeof key);
    good = good && found && ledger_ok(ledger, NULL) == OK;
    if (!good) return false;
    reach->n = before.n;
    memcpy(reach->mac, before.mac, sizeof reach->mac);
    return true;
}

static Anchor anchor_of(const Link *row)
{
    Anchor anchor = {.count = row->n, .time = row->entry.time};
    (void)sodium_bin2hex(anchor.mac, sizeof anchor.mac, row->mac, sizeof row->mac);
    return anchor;
}

/* After a gap the MAC cannot be judged: that row is counted as part of the gap, and the chain goes on from it. */
static void check_link(AuditCheck *check, const unsigned char key[LEDGER_MAC], const Link *row,
                       const Link *before)
{
    if (row->n != before->n + 1) {
        check->gaps += row->n - before->n - 1;
        return;
    }
    if (!follows(key, row, before)) check->rewrites++;
    if (row->entry.time < before->entry.time) check->backward++;
}

AuditCheck ledger_audit_check(Ledger *ledger)
{
    AuditCheck check = {0};
    unsigned char key[LEDGER_MAC];
    chain_key(key, ledger);
    Arena *arena = arena_new(exhausted);
    Link before = {0};
    before.entry.time = INT64_MIN;
    Rows rows = sql_ask(ledger, GET_AUDIT_FROM, (const Cell[]){of_int(0)}, 1);
    while (sql_next(&rows)) {
        arena_reset(arena);
        const Link row = link_at(&rows, arena);
        check_link(&check, key, &row, &before);
        before = row;
    }
    sodium_memzero(key, sizeof key);
    if (before.n == 0) before.entry.time = 0;
    check.last = anchor_of(&before);
    Rows orphans = sql_ask(ledger, GET_AUDIT_ORPHANS, NULL, 0);
    if (sql_next(&orphans)) check.orphans = sql_int(&orphans, 0);
    sql_stop(&orphans);
    arena_free(arena);
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
