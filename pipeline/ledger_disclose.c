/* Approved disclosures in the ledger: who asked, who approved, for which sample a document was given. What it said stands in no row: the ledger is the same
 * for every answer, and so for a fetus of either sex. */
#include "ledger_sql.h"

#include <sodium.h>
#include <string.h>

static DisclosureAct act_in(const Rows *rows, Arena *arena)
{
    const void *bytes;
    DisclosureAct act = {.id = sql_int(rows, 0),
                         .kind = sql_text(rows, 1, arena),
                         .request = sql_is_null(rows, 2) ? 0 : sql_int(rows, 2),
                         .sample = sql_text(rows, 3, arena),
                         .person = sql_text(rows, 4, arena),
                         .time = sql_int(rows, 5),
                         .condition = sql_text(rows, 8, arena)};
    if (sql_blob(rows, 6, &bytes) == ACT_KEY) memcpy(act.key, bytes, ACT_KEY);
    if (sql_blob(rows, 7, &bytes) == ACT_SIGNATURE) memcpy(act.signature, bytes, ACT_SIGNATURE);
    return act;
}

DisclosureActs ledger_disclosures(Ledger *ledger, const char *case_id, const char *condition,
                                  Arena *arena)
{
    DisclosureActs list = {0};
    size_t capacity = 0;
    Rows rows =
        sql_ask(ledger, GET_DISCLOSURES, (const Cell[]){of_text(case_id), of_text(condition)}, 2);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = act_in(&rows, arena);
    }
    return list;
}

void ledger_add_disclosure(Ledger *ledger, const char *case_id, const char *condition,
                           const DisclosureAct *act)
{
    const Cell cells[] = {of_text(case_id),
                          of_text(condition),
                          of_text(act->kind),
                          act->request != 0 ? of_int(act->request) : of_null(),
                          of_text(act->sample),
                          of_text(act->person),
                          of_int(act->time),
                          of_blob(act->key, ACT_KEY),
                          of_blob(act->signature, ACT_SIGNATURE)};
    (void)sql_add(ledger, ADD_DISCLOSURE, cells, sizeof cells / sizeof *cells);
}

bool ledger_verdict_demo(Ledger *ledger, int64_t verdict)
{
    Rows rows = sql_ask(ledger, GET_VERDICT_DEMO, (const Cell[]){of_int(verdict)}, 1);
    bool demo = sql_next(&rows) && sql_int(&rows, 0) != 0;
    sql_stop(&rows);
    return demo;
}

void ledger_raw_digest(unsigned char digest[LEDGER_MAC], const Ledger *ledger, const char *sample,
                       const char *sha256, const char *specimen)
{
    crypto_auth_hmacsha256_state state;
    const char *const parts[] = {"raw file", sample, sha256, specimen};
    /* another column of the same file is another reading */
    size_t n = specimen[0] != '\0' ? 4 : 3;
    (void)crypto_auth_hmacsha256_init(&state, ledger_key(ledger), LEDGER_KEY);
    for (size_t i = 0; i < n; i++)
        (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i],
                                            strlen(parts[i]) + 1);
    (void)crypto_auth_hmacsha256_final(&state, digest);
}
