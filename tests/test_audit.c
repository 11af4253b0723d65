#include "pipeline/ledger.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[TEMPORARY], path[TEMPORARY + 8];

static void set_up(void)
{
    temporary_folder(folder, "audit");
    (void)snprintf(path, sizeof path, "%s/l.db", folder);
    cr_assert_geq(sodium_init(), 0);
}

TestSuite(audit, .init = set_up);

static Ledger *open_as(LedgerUse use)
{
    Ledger *ledger;
    Note why = {.code = ""};
    cr_assert_eq(ledger_open(&ledger, path, use, &why), OK, "%s %s", why.code, why.detail);
    return ledger;
}

static void write_rows(int n)
{
    Ledger *ledger = open_as(LEDGER_WRITE);
    for (int i = 0; i < n; i++)
        ledger_audit(ledger, &(AuditEntry){1000 + i, "p1", "show", "C2026000001", "done"});
    cr_assert_eq(ledger_ok(ledger, NULL), OK);
    ledger_close(ledger);
}

/* What somebody with the file and without the program does to it. */
static void write_sql(const char *sql)
{
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

static void tamper(const char *sql)
{
    write_sql("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;");
    write_sql(sql);
}

static AuditCheck check(void)
{
    Ledger *ledger = open_as(LEDGER_LOOK);
    Arena *arena = arena_new(NULL);
    AuditCheck c = ledger_audit_check(ledger, arena);
    cr_assert_eq(ledger_ok(ledger, NULL), OK);
    c.breaks = (AuditBreaks){0}; /* they go with the arena */
    arena_free(arena);
    ledger_close(ledger);
    return c;
}

static bool holds(const Anchor *anchor)
{
    Ledger *ledger = open_as(LEDGER_LOOK);
    bool is = ledger_audit_holds(ledger, anchor);
    ledger_close(ledger);
    return is;
}

Test(audit, an_untouched_chain_is_whole_and_holds_its_anchor)
{
    write_rows(5);
    AuditCheck c = check();
    cr_expect(c.gaps == 0 && c.rewrites == 0 && c.backward == 0 && c.orphans == 0);
    cr_expect_eq(c.last.count, 5);
    cr_expect_eq(c.last.time, 1004);
    cr_expect(holds(&c.last));
    write_rows(2);
    cr_expect(holds(&c.last), "later rows change no earlier one");
    cr_expect_eq(check().backward, 1, "a clock that was set back is told");
}

/* Who has the key can write a chain of the same length anew: its number fits, its MAC does not. */
Test(audit, an_anchor_is_more_than_a_number)
{
    write_rows(3);
    Anchor anchor = check().last;
    Ledger *ledger = open_as(LEDGER_READ);
    cr_expect(ledger_audit_holds(ledger, &anchor));
    anchor.mac[5] = anchor.mac[5] == 'a' ? 'b' : 'a';
    cr_expect_not(ledger_audit_holds(ledger, &anchor));
    ledger_close(ledger);
}

Test(audit, what_somebody_did_to_the_rows_is_found)
{
    static const struct {
        const char *sql;
        int64_t gaps, rewrites;
        bool anchor; /* still held */
    } rows[] = {
        {"UPDATE audit SET actor = 'p2' WHERE n = 3", 0, 1, true},
        {"UPDATE audit SET object = '', outcome = 'C2026000001done' WHERE n = 3", 0, 1, true},
        {"DELETE FROM audit WHERE n = 3", 1, 0, true},
        {"DELETE FROM audit WHERE n = 1", 1, 0, true},
        {"DELETE FROM audit WHERE n >= 4", 0, 0, false},
        {"DELETE FROM audit", 0, 0, false},
        {"UPDATE audit SET mac = zeroblob(32) WHERE n = 2", 0, 2, true},
        {"INSERT INTO audit VALUES (6, 2000, 'p1', 'show', '', 'done', zeroblob(32))", 0, 1, true},
        {"INSERT INTO audit VALUES (0, 1, 'p1', 'show', '', 'done', zeroblob(32))", 0, 1, true},
    };
    write_rows(5);
    const Anchor anchor = check().last;
    char whole[TEMPORARY + 8], command[512];
    (void)snprintf(whole, sizeof whole, "%s/whole", folder);
    sqlite3 *db;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
        (void)sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;",
                           NULL, NULL, NULL);
        (void)snprintf(command, sizeof command, "VACUUM INTO '%s'", whole);
        cr_assert_eq(sqlite3_exec(db, command, NULL, NULL, NULL), SQLITE_OK);
        (void)sqlite3_close(db);
        tamper(rows[i].sql);
        AuditCheck c = check();
        cr_expect_eq(c.gaps, rows[i].gaps, "%s: %ld gaps", rows[i].sql, (long)c.gaps);
        cr_expect_eq(c.rewrites, rows[i].rewrites, "%s: %ld rewrites", rows[i].sql,
                     (long)c.rewrites);
        cr_expect_eq(holds(&anchor), rows[i].anchor, "%s: anchor", rows[i].sql);
        (void)unlink(path);
        cr_assert_eq(rename(whole, path), 0);
    }
}

static bool unbroken(void)
{
    Ledger *ledger = open_as(LEDGER_LOOK);
    const bool is = ledger_audit_unbroken(ledger) && ledger_audit_unbroken(ledger);
    ledger_close(ledger);
    return is;
}

Test(audit, a_row_broken_anywhere_closes_the_gate)
{
    static const struct {
        const char *sql;
        bool open;
    } rows[] = {
        {"UPDATE audit SET actor = 'p2' WHERE n = 1", false},
        {"UPDATE audit SET actor = 'p1' WHERE n = 1", true},
        {"UPDATE audit SET time = time + 1 WHERE n = 3", false},
        {"UPDATE audit SET time = time - 1 WHERE n = 3", true},
        {"UPDATE audit SET outcome = 'x' WHERE n = 5", false},
        {"UPDATE audit SET outcome = 'done' WHERE n = 5", true},
        {"INSERT INTO audit VALUES (0, 1, 'p1', 'show', '', 'done', zeroblob(32))", false},
        {"DELETE FROM audit WHERE n = 0", true},
        {"DELETE FROM audit WHERE n = 2", false},
        {"DELETE FROM audit WHERE n < 5", false},
        {"DELETE FROM audit", true},
    };
    write_rows(5);
    cr_expect(unbroken());
    tamper("SELECT 1");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_sql(rows[i].sql);
        cr_expect_eq(unbroken(), rows[i].open, "%s", rows[i].sql);
    }
}

static void add_row(Ledger *ledger, Instant time)
{
    ledger_audit(ledger, &(AuditEntry){time, "p1", "show", "", "done"});
}

/* What was reached is remembered, not believed: its row must still stand there, and what follows must follow. */
Test(audit, the_gate_goes_on_where_it_was)
{
    write_rows(3);
    tamper("SELECT 1");
    Ledger *ledger = open_as(LEDGER_WRITE);
    cr_expect(ledger_audit_unbroken(ledger));
    add_row(ledger, 2000);
    cr_expect(ledger_audit_unbroken(ledger));
    ledger_begin(ledger);
    add_row(ledger, 2001);
    cr_expect(ledger_audit_unbroken(ledger));
    ledger_rollback(ledger);
    cr_expect(ledger_audit_unbroken(ledger), "a row that was rolled back is not missed");
    add_row(ledger, 2002);
    cr_expect(ledger_audit_unbroken(ledger));
    write_sql("DELETE FROM audit WHERE n = 5");
    cr_expect_not(ledger_audit_unbroken(ledger), "the row that was reached is gone");
    write_sql("INSERT INTO audit VALUES (5, 2002, 'p1', 'show', '', 'done', zeroblob(32))");
    cr_expect_not(ledger_audit_unbroken(ledger), "another stands in its place");
    ledger_close(ledger);
}

Test(audit, the_table_refuses_change_by_itself)
{
    write_rows(1);
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_expect_neq(sqlite3_exec(db, "UPDATE audit SET actor = 'x'", NULL, NULL, NULL), SQLITE_OK);
    cr_expect_neq(sqlite3_exec(db, "DELETE FROM audit", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

Test(audit, a_row_rolls_back_with_its_transaction)
{
    Ledger *ledger = open_as(LEDGER_WRITE);
    ledger_begin(ledger);
    ledger_audit(ledger, &(AuditEntry){1, "p1", "show", "", "done"});
    ledger_close(ledger); /* a crash: nothing was committed */
    cr_expect_eq(check().last.count, 0);
}

Test(audit, another_key_opens_nothing)
{
    write_rows(1);
    char key[TEMPORARY + 16];
    (void)snprintf(key, sizeof key, "%s.key", path);
    FILE *file = fopen(key, "wb");
    (void)fwrite("0123456789abcdef0123456789abcdef", 1, 32, file);
    (void)fclose(file);
    Ledger *ledger;
    Note why = {0};
    cr_expect_eq(ledger_open(&ledger, path, LEDGER_LOOK, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "ledger.key");
}

Test(audit, a_ledger_of_the_first_form_gets_the_tables)
{
    write_rows(0);
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "DROP TABLE audit; DROP TABLE released; PRAGMA user_version = 1;",
                              NULL, NULL, NULL),
                 SQLITE_OK);
    (void)sqlite3_close(db);
    Ledger *ledger;
    Note why = {0};
    cr_expect_eq(ledger_open(&ledger, path, LEDGER_READ, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "ledger.older");
    write_rows(2);
    cr_expect_eq(check().last.count, 2);
}

/* ---- breaks that were looked into ---- */

static void accept(Ledger *ledger, const char *person, const char *object, const char *outcome)
{
    ledger_audit(ledger, &(AuditEntry){3000, person, LEDGER_ACCEPT, object, outcome});
}

/* Five rows, the third of them changed; the name of the break. */
static Ledger *broken_ledger(char name[128])
{
    write_rows(5);
    tamper("UPDATE audit SET actor = 'p2' WHERE n = 3");
    Ledger *ledger = open_as(LEDGER_WRITE);
    Arena *arena = arena_new(NULL);
    const AuditBreaks breaks = ledger_audit_check(ledger, arena).breaks;
    cr_assert_eq(breaks.n, 1);
    cr_expect(breaks.items[0].n == 3 && breaks.items[0].missing == 0 &&
              breaks.items[0].accepted[0] == NULL);
    (void)snprintf(name, 128, "%s", ledger_break_name(&breaks.items[0], arena));
    arena_free(arena);
    return ledger;
}

Test(audit, two_persons_with_two_keys_settle_a_break)
{
    static const struct {
        const char *why, *person[3], *outcome[3];
        bool open;
    } rows[] = {
        {"nobody", {NULL}, {NULL}, false},
        {"one", {"p1"}, {"done disk_fault aa"}, false},
        {"one twice", {"p1", "p1"}, {"done disk_fault aa", "done disk_fault bb"}, false},
        {"one key under two names",
         {"p1", "p2"},
         {"done disk_fault aa", "done disk_fault aa"},
         false},
        {"two", {"p1", "p2"}, {"done disk_fault aa", "done restored bb"}, true},
        {"the third is another",
         {"p1", "p1", "p2"},
         {"done disk_fault aa", "done disk_fault aa", "done disk_fault bb"},
         true},
        {"a refusal is no acceptance",
         {"p1", "p2"},
         {"done disk_fault aa", "audit.accept_cause"},
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[128];
        Ledger *ledger = broken_ledger(name);
        for (size_t k = 0; k < 3 && rows[i].person[k] != NULL; k++)
            accept(ledger, rows[i].person[k], name, rows[i].outcome[k]);
        cr_expect_eq(ledger_audit_unbroken(ledger), rows[i].open, "%s", rows[i].why);
        ledger_close(ledger);
        cr_expect_eq(unbroken(), rows[i].open, "%s, opened again", rows[i].why);
        cr_expect_eq(check().rewrites, 1, "%s: the break is told for ever", rows[i].why);
        (void)unlink(path);
    }
}

static void accept_by_two(Ledger *ledger, const char *object)
{
    accept(ledger, "p1", object, "done disk_fault aa");
    accept(ledger, "p2", object, "done disk_fault bb");
}

/* What is accepted is what stands there: not the place, and not what comes later. */
Test(audit, another_break_is_not_settled_by_the_first)
{
    static const struct {
        const char *sql;
        bool open;
    } rows[] = {
        {"UPDATE audit SET actor = 'p3' WHERE n = 3", false},
        {"UPDATE audit SET actor = 'p2' WHERE n = 3", true},
        {"UPDATE audit SET actor = 'p1' WHERE n = 3", true}, /* as it was written */
        {"UPDATE audit SET actor = 'p2' WHERE n IN (3, 4)", false},
        {"UPDATE audit SET actor = 'p1' WHERE n = 4; DELETE FROM audit WHERE n = 2", false},
    };
    char name[128];
    Ledger *ledger = broken_ledger(name);
    accept_by_two(ledger, name);
    ledger_close(ledger);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_sql(rows[i].sql);
        cr_expect_eq(unbroken(), rows[i].open, "%s", rows[i].sql);
    }
}

/* Who can write the file but has not its key can add no row that counts, not even when the forged row itself has been looked into. */
Test(audit, a_forged_acceptance_counts_for_nothing)
{
    char name[128], sql[512];
    Ledger *ledger = broken_ledger(name);
    accept(ledger, "p1", name, "done disk_fault aa");
    ledger_close(ledger);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO audit VALUES (7, 3000, 'p2', 'audit-accept', '%s', "
                   "'done disk_fault bb', zeroblob(32))",
                   name);
    write_sql(sql);
    ledger = open_as(LEDGER_WRITE);
    Arena *arena = arena_new(NULL);
    const AuditBreaks breaks = ledger_audit_check(ledger, arena).breaks;
    cr_assert_eq(breaks.n, 2);
    accept_by_two(ledger, ledger_break_name(&breaks.items[1], arena));
    cr_expect_not(ledger_audit_unbroken(ledger), "one person has looked into the first");
    accept(ledger, "p2", name, "done disk_fault bb");
    cr_expect(ledger_audit_unbroken(ledger));
    arena_free(arena);
    ledger_close(ledger);
}

Test(audit, missing_rows_are_counted_where_they_were)
{
    write_rows(9);
    tamper("DELETE FROM audit WHERE n IN (1, 2, 5, 6, 7)");
    Ledger *ledger = open_as(LEDGER_WRITE);
    Arena *arena = arena_new(NULL);
    AuditBreaks breaks = ledger_audit_check(ledger, arena).breaks;
    cr_assert_eq(breaks.n, 2);
    cr_expect(breaks.items[0].n == 3 && breaks.items[0].missing == 2);
    cr_expect(breaks.items[1].n == 8 && breaks.items[1].missing == 3);
    accept_by_two(ledger, ledger_break_name(&breaks.items[1], arena));
    cr_expect_not(ledger_audit_unbroken(ledger), "the first break is open");
    accept_by_two(ledger, ledger_break_name(&breaks.items[0], arena));
    cr_expect(ledger_audit_unbroken(ledger));
    add_row(ledger, 3001);
    cr_expect(ledger_audit_unbroken(ledger), "later rows are read on from there");
    breaks = ledger_audit_check(ledger, arena).breaks;
    for (size_t i = 0; i < 2; i++)
        cr_expect(strcmp(breaks.items[i].accepted[0], "p1") == 0 &&
                  strcmp(breaks.items[i].accepted[1], "p2") == 0 &&
                  strcmp(breaks.items[i].key, "aa") == 0);
    arena_free(arena);
    ledger_close(ledger);
}

/* A chain that is broken everywhere is nobody's to accept row by row. */
Test(audit, above_the_most_breaks_nothing_settles_them)
{
    for (int more = 0; more < 2; more++) {
        char sql[96];
        write_rows(LEDGER_BREAKS + 2);
        (void)snprintf(sql, sizeof sql, "UPDATE audit SET actor = 'p2' WHERE n <= %d",
                       LEDGER_BREAKS + more);
        tamper(sql);
        Ledger *ledger = open_as(LEDGER_WRITE);
        Arena *arena = arena_new(NULL);
        AuditBreaks breaks = ledger_audit_check(ledger, arena).breaks;
        cr_expect(breaks.n == LEDGER_BREAKS && breaks.more == (more == 1));
        for (size_t i = 0; i < breaks.n; i++)
            breaks.items[i].accepted[1] = "p2";
        cr_expect_eq(ledger_audit_settled(&breaks), more == 0);
        arena_free(arena);
        ledger_close(ledger);
        (void)unlink(path);
    }
}
