/* Is the ledger what it claims to be? Each check is one question to the database; the answer must be 0 (nothing is wrong),
 * unless it only counts. The central one is the promise that nothing is lost: every registration is
 * replaced by a higher revision or stands in the newest judgement of its case in exactly one state. */
#include "ledger_sql.h"

#include "exhausted.h"

#include <string.h>

typedef struct Check {
    const char *what; /* wording row "verify.<what>" */
    const char *sql;
    bool counts; /* told, not judged */
} Check;

#define CURRENT                                                                                    \
    "WITH current AS (SELECT case_id, max(id) AS id FROM verdict WHERE same_as IS NULL "           \
    "GROUP BY case_id) "

static const Check checks[] = {
    {"foreign_keys", "SELECT count(*) FROM pragma_foreign_key_check", false},
    {"unfinished",
     "SELECT count(*) FROM batch b WHERE NOT EXISTS (SELECT 1 FROM batch_end e WHERE e.batch = "
     "b.id)",
     true},
    {"registrations", "SELECT count(*) FROM sample", true},
    {"replaced", "SELECT count(*) FROM sample s WHERE NOT " NEWEST, true},
    {"awaiting",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 0 AND " NEWEST,
     true},
    {"interpreted",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 1 AND " NEWEST,
     true},
    {"not_interpretable",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 2 AND " NEWEST,
     true},
    {"no_state",
     CURRENT "SELECT count(*) FROM sample s JOIN batch_end e ON e.batch = s.batch "
             "LEFT JOIN current c ON c.case_id = s.case_id "
             "LEFT JOIN judged j ON j.verdict = c.id AND j.sample = s.id "
             "WHERE j.sample IS NULL AND " NEWEST,
     false},
    {"two_states",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample JOIN batch_end e ON e.batch = s.batch "
             "WHERE NOT " NEWEST
             "AND NOT EXISTS (SELECT 1 FROM sample h JOIN batch b ON b.id = h.batch "
             "WHERE h.sample = s.sample AND h.revision > s.revision AND NOT EXISTS (SELECT 1 FROM "
             "batch_end x WHERE x.batch = b.id))",
     false},
    {"awaiting_with_evidence",
     CURRENT
     "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id WHERE j.state = 0 AND "
     "EXISTS (SELECT 1 FROM evidence e JOIN batch_end x ON x.batch = e.batch WHERE e.sample = "
     "j.sample)",
     false},
    {"interpreted_without_evidence",
     CURRENT
     "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
     "s.id = j.sample WHERE j.state = 1 AND NOT EXISTS (SELECT 1 FROM sample r JOIN evidence e "
     "ON e.sample = r.id WHERE r.sample = s.sample)",
     false},
    {"no_reason", "SELECT count(*) FROM judged WHERE state = 2 AND note_code IS NULL", false},
    {"version_gap",
     "SELECT count(*) FROM verdict v WHERE same_as IS NULL AND version > 1 AND replaces IS NULL",
     false},
    {"quarantined", "SELECT count(*) FROM rejection", true},
    {"waiting_results",
     "SELECT count(*) FROM unmatched u WHERE NOT EXISTS (SELECT 1 FROM sample s WHERE s.sample = "
     "u.sample)",
     true},
    {"not_taken_over",
     "SELECT count(*) FROM unmatched u JOIN sample s ON s.sample = u.sample WHERE NOT EXISTS "
     "(SELECT 1 FROM sample r JOIN evidence e ON e.sample = r.id WHERE r.sample = u.sample AND "
     "e.text = u.text)",
     false},
    {"paper_gap",
     "SELECT count(*) FROM paper p WHERE version > 1 AND NOT EXISTS (SELECT 1 FROM paper o WHERE "
     "o.name = p.name AND o.version = p.version - 1)",
     false},
    {"one_document",
     "SELECT count(*) FROM paper p WHERE (SELECT count(*) FROM document d WHERE d.paper = p.id) <> "
     "2",
     false},
    {"sent", "SELECT count(*) FROM dispatch WHERE n > 0", true},
    {"sent_unreleased",
     "SELECT count(*) FROM dispatch d WHERE NOT EXISTS (SELECT 1 FROM released r WHERE r.paper = "
     "d.paper)",
     false},
    {"sent_without_step",
     "SELECT count(*) FROM dispatch d JOIN paper p ON p.id = d.paper WHERE d.n > 0 AND NOT EXISTS "
     "(SELECT 1 FROM step s WHERE s.paper = p.name AND s.version = p.version AND s.state = 'sent')",
     false},
    {"step_without_sending",
     "SELECT count(*) FROM step s JOIN paper p ON p.name = s.paper AND p.version = s.version WHERE "
     "NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.paper = p.id)",
     false},
    {"released", "SELECT count(*) FROM released", true},
    {"released_files",
     "SELECT count(*) FROM released r WHERE (SELECT count(*) FROM issued i WHERE i.paper = "
     "r.paper) "
     "<> 4",
     false},
    {"released_persons",
     "SELECT count(*) FROM released r WHERE r.how = 'two_persons' AND NOT EXISTS (SELECT 1 FROM "
     "act "
     "b JOIN act a ON a.paper = b.paper AND a.kind IN ('review', 'amend') AND a.person <> b.person "
     "AND a.key <> b.key AND a.id < b.id WHERE b.paper = r.paper AND b.kind = 'release')",
     false},
    {"amended_unsaid",
     "SELECT count(*) FROM released r JOIN paper p ON p.id = r.paper WHERE EXISTS (SELECT 1 FROM "
     "paper o JOIN released q ON q.paper = o.id WHERE o.name = p.name AND o.version < p.version) "
     "AND NOT EXISTS (SELECT 1 FROM act a WHERE a.paper = r.paper AND a.kind = 'amend')",
     false},
};

static int64_t ask(Ledger *ledger, const char *sql)
{
    Rows rows = sql_ask_text(ledger, sql);
    int64_t answer = sql_next(&rows) ? sql_int(&rows, 0) : -1;
    sql_stop(&rows);
    return answer;
}

typedef struct Listener {
    void (*tell)(const LedgerCheck *check, void *context);
    void *context;
} Listener;

static bool tell(const Listener *to, const char *what, int64_t answer, bool counts)
{
    LedgerCheck check = {.what = what, .answer = answer, .counts = counts};
    check.good = answer == 0 || (counts && answer > 0);
    if (to->tell != NULL) to->tell(&check, to->context);
    return check.good;
}

static bool is_whole(Ledger *ledger, const Listener *to)
{
    Arena *arena = arena_new(exhausted);
    Rows rows = sql_ask_text(ledger, "PRAGMA integrity_check(1)");
    bool whole = sql_next(&rows) && strcmp(sql_text(&rows, 0, arena), "ok") == 0;
    sql_stop(&rows);
    arena_free(arena);
    return tell(to, "damaged", whole ? 0 : 1, false);
}

static int64_t missing_triggers(Ledger *ledger)
{
    int64_t missing = 0;
    char sql[200];
    for (size_t i = 0; ledger_tables[i] != NULL; i++) {
        (void)snprintf(sql, sizeof sql,
                       "SELECT 2 - count(*) FROM sqlite_schema WHERE type = 'trigger' AND name IN "
                       "('%s_no_update', '%s_no_delete')",
                       ledger_tables[i], ledger_tables[i]);
        missing += ask(ledger, sql);
    }
    return missing;
}

/* Every registration is in exactly one of the four states. */
static bool adds_up(Ledger *ledger, const Listener *to)
{
    int64_t total = ask(ledger, checks[2].sql), states = 0;
    for (size_t i = 3; i <= 6; i++)
        states += ask(ledger, checks[i].sql);
    /* A list, not a question per row: judged has no index that begins with the sample. */
    int64_t waiting = ask(ledger, "SELECT count(*) FROM sample s WHERE " NEWEST
                                  "AND s.id NOT IN (SELECT sample FROM judged)");
    return tell(to, "adds_up", total - states - waiting, false);
}

bool ledger_verify(Ledger *ledger, void (*hear)(const LedgerCheck *check, void *context),
                   void *context)
{
    const Listener listener = {.tell = hear, .context = context}, *to = &listener;
    bool good = is_whole(ledger, to);
    good = tell(to, "triggers", missing_triggers(ledger), false) && good;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        good = tell(to, checks[i].what, ask(ledger, checks[i].sql), checks[i].counts) && good;
    good = adds_up(ledger, to) && good;
    return ledger_ok(ledger, NULL) == OK && good;
}
