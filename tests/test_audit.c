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

static void tamper(const char *sql)
{
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;",
                              NULL, NULL, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

static AuditCheck check(void)
{
    Ledger *ledger = open_as(LEDGER_LOOK);
    AuditCheck c = ledger_audit_check(ledger);
    cr_assert_eq(ledger_ok(ledger, NULL), OK);
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
    Ledger *ledger = open_as(LEDGER_READ);
    Anchor anchor = ledger_audit_check(ledger).last;
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
        sqlite3 *db;
        cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
        cr_assert_eq(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
        (void)sqlite3_close(db);
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
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "DELETE FROM audit WHERE n = 5", NULL, NULL, NULL), SQLITE_OK);
    cr_expect_not(ledger_audit_unbroken(ledger), "the row that was reached is gone");
    cr_assert_eq(sqlite3_exec(db,
                              "INSERT INTO audit VALUES (5, 2002, 'p1', 'show', '', 'done', "
                              "zeroblob(32))",
                              NULL, NULL, NULL),
                 SQLITE_OK);
    cr_expect_not(ledger_audit_unbroken(ledger), "another stands in its place");
    (void)sqlite3_close(db);
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
