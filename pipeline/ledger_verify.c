/* Is the ledger what it claims to be? Each check is one question to the database; the answer must be 0 (nothing is wrong),
 * unless it only counts. The central one is the promise that nothing is lost: every registration is
 * replaced by a higher revision or stands in the newest judgement of its case in exactly one state. */
#include "ledger_sql.h"

#include <inttypes.h>
#include <string.h>

typedef struct Check {
    const char *what;
    const char *sql;
    bool counts; /* told, not judged */
} Check;

#define CURRENT                                                                                    \
    "WITH current AS (SELECT case_id, max(id) AS id FROM verdict WHERE same_as IS NULL "           \
    "GROUP BY case_id) "

static const Check checks[] = {
    {"foreign keys that point nowhere", "SELECT count(*) FROM pragma_foreign_key_check", false},
    {"batches that are not finished (run them again)",
     "SELECT count(*) FROM batch b WHERE NOT EXISTS (SELECT 1 FROM batch_end e WHERE e.batch = "
     "b.id)",
     true},
    {"registrations", "SELECT count(*) FROM sample", true},
    {"  replaced by a higher revision", "SELECT count(*) FROM sample s WHERE NOT " NEWEST, true},
    {"  awaiting results",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 0 AND " NEWEST,
     true},
    {"  interpreted",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 1 AND " NEWEST,
     true},
    {"  not interpretable",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample WHERE j.state = 2 AND " NEWEST,
     true},
    {"registrations in no state, of finished batches",
     CURRENT "SELECT count(*) FROM sample s JOIN batch_end e ON e.batch = s.batch "
             "LEFT JOIN current c ON c.case_id = s.case_id "
             "LEFT JOIN judged j ON j.verdict = c.id AND j.sample = s.id "
             "WHERE j.sample IS NULL AND " NEWEST,
     false},
    {"registrations both replaced and judged as current",
     CURRENT "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
             "s.id = j.sample JOIN batch_end e ON e.batch = s.batch "
             "WHERE NOT " NEWEST
             "AND NOT EXISTS (SELECT 1 FROM sample h JOIN batch b ON b.id = h.batch "
             "WHERE h.sample = s.sample AND h.revision > s.revision AND NOT EXISTS (SELECT 1 FROM "
             "batch_end x WHERE x.batch = b.id))",
     false},
    {"samples with evidence, counted as awaiting",
     CURRENT
     "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id WHERE j.state = 0 AND "
     "EXISTS (SELECT 1 FROM evidence e JOIN batch_end x ON x.batch = e.batch WHERE e.sample = "
     "j.sample)",
     false},
    {"samples counted as interpreted, without any evidence",
     CURRENT
     "SELECT count(*) FROM current c JOIN judged j ON j.verdict = c.id JOIN sample s ON "
     "s.id = j.sample WHERE j.state = 1 AND NOT EXISTS (SELECT 1 FROM sample r JOIN evidence e "
     "ON e.sample = r.id WHERE r.sample = s.sample)",
     false},
    {"not interpretable without a reason",
     "SELECT count(*) FROM judged WHERE state = 2 AND note_code IS NULL", false},
    {"versions of a case that do not name the one before",
     "SELECT count(*) FROM verdict v WHERE same_as IS NULL AND version > 1 AND replaces IS NULL",
     false},
    {"quarantined rows", "SELECT count(*) FROM rejection", true},
    {"results that wait for their registration",
     "SELECT count(*) FROM unmatched u WHERE NOT EXISTS (SELECT 1 FROM sample s WHERE s.sample = "
     "u.sample)",
     true},
    {"results whose registration came, but which were not taken over",
     "SELECT count(*) FROM unmatched u JOIN sample s ON s.sample = u.sample WHERE NOT EXISTS "
     "(SELECT 1 FROM sample r JOIN evidence e ON e.sample = r.id WHERE r.sample = u.sample AND "
     "e.text = u.text)",
     false},
    {"versions of a paper with a gap",
     "SELECT count(*) FROM paper p WHERE version > 1 AND NOT EXISTS (SELECT 1 FROM paper o WHERE "
     "o.name = p.name AND o.version = p.version - 1)",
     false},
    {"papers without two documents",
     "SELECT count(*) FROM paper p WHERE (SELECT count(*) FROM document d WHERE d.paper = p.id) <> "
     "2",
     false},
};

static int64_t ask(Ledger *ledger, const char *sql)
{
    Rows rows = sql_ask_text(ledger, sql);
    int64_t answer = sql_next(&rows) ? sql_int(&rows, 0) : -1;
    sql_stop(&rows);
    return answer;
}

static bool tell(FILE *to, const char *what, int64_t answer, bool counts)
{
    bool good = answer == 0 || (counts && answer > 0);
    (void)fprintf(to, "%-8s %10" PRId64 "  %s\n",
                  counts && good ? ""
                  : good         ? "ok"
                                 : "WRONG",
                  answer, what);
    return good;
}

static bool is_whole(Ledger *ledger, FILE *to)
{
    Arena *arena = arena_new(NULL);
    Rows rows = sql_ask_text(ledger, "PRAGMA integrity_check(1)");
    bool whole = sql_next(&rows) && strcmp(sql_text(&rows, 0, arena), "ok") == 0;
    sql_stop(&rows);
    arena_free(arena);
    return tell(to, "damaged pages", whole ? 0 : 1, false);
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
static bool adds_up(Ledger *ledger, FILE *to)
{
    int64_t total = ask(ledger, checks[2].sql), states = 0;
    for (size_t i = 3; i <= 6; i++)
        states += ask(ledger, checks[i].sql);
    int64_t waiting = ask(ledger, "SELECT count(*) FROM sample s WHERE " NEWEST "AND NOT EXISTS "
                                  "(SELECT 1 FROM judged j WHERE j.sample = s.id)");
    return tell(to, "registrations minus the four states (and those of unfinished batches)",
                total - states - waiting, false);
}

bool ledger_verify(Ledger *ledger, FILE *to)
{
    bool good = is_whole(ledger, to);
    good = tell(to, "triggers that are missing", missing_triggers(ledger), false) && good;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        good = tell(to, checks[i].what, ask(ledger, checks[i].sql), checks[i].counts) && good;
    good = adds_up(ledger, to) && good;
    return ledger_ok(ledger, NULL) == OK && good;
}
