#include "pipeline/ledger.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[TEMPORARY], path[TEMPORARY + 8];
static Arena *arena;

static void set_up(void)
{
    temporary_folder(folder, "ledger");
    (void)snprintf(path, sizeof path, "%s/l.db", folder);
    arena = arena_new(NULL);
    cr_assert_geq(sodium_init(), 0);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(ledger, .init = set_up, .fini = tear_down);

static Ledger *open_ledger(void)
{
    Ledger *ledger;
    Note why = {.code = ""};
    cr_assert_eq(ledger_open(&ledger, path, LEDGER_WRITE, &why), OK, "%s %s", why.code, why.detail);
    return ledger;
}

static const Sample sample = {.person = "P2026000001",
                              .case_id = "C2026000001",
                              .id = "S2026000001",
                              .revision = 1,
                              .reason = "",
                              .submitter = "230103",
                              .follow_up = "230103001",
                              .subject = SUBJECT_WOMAN,
                              .material = MATERIAL_CERVICAL,
                              .assay = "cervical",
                              .collected = 1795392000,
                              .consent = {"P2026000001", "ZQ-2026-1", 20000},
                              .row = 2};

/* One batch with one sample, one piece of evidence and one verdict. */
static int64_t fill(Ledger *ledger)
{
    BatchRow batch = {.now = 1795392000, .lang = LANG_EN, .documents = true};
    Verdict verdict = {.case_id = sample.case_id, .version = 1};
    ledger_begin(ledger);
    verdict.batch = ledger_add_batch(ledger, "b1", &batch);
    verdict.stamp = ledger_stamp(ledger, "2026.1", "screenlab 0", false);
    int64_t row = ledger_add_sample(ledger, verdict.batch, &sample);
    ledger_add_evidence(ledger, verdict.batch, row, &(NewEvidence){0, false, "evidence\t1\n"});
    int64_t id = ledger_add_verdict(ledger, &verdict);
    ledger_add_judged(ledger, id, row, &(Judged){.state = JUDGED_INTERPRETED});
    ledger_end_batch(ledger, verdict.batch, &(Tally){.interpreted = 1});
    cr_assert_eq(ledger_commit(ledger, NULL), OK);
    return id;
}

Test(ledger, a_registration_is_read_back_as_it_was_written)
{
    Ledger *ledger = open_ledger();
    (void)fill(ledger);
    KnownList list = ledger_revisions(ledger, sample.id, arena);
    cr_assert_eq(list.n, 1);
    const Sample *s = &list.items[0].sample;
    cr_expect(list.items[0].newest);
    cr_expect_str_eq(s->person, sample.person);
    cr_expect_str_eq(s->case_id, sample.case_id);
    cr_expect_str_eq(s->submitter, sample.submitter);
    cr_expect_str_eq(s->follow_up, sample.follow_up);
    cr_expect_str_eq(s->assay, sample.assay);
    cr_expect_str_eq(s->consent.version, sample.consent.version);
    cr_expect(s->subject == sample.subject && s->material == sample.material && s->revision == 1);
    cr_expect(s->collected == sample.collected && s->consent.given == 20000 && s->row == 2);
    BatchRow batch = ledger_batch(ledger, "b1");
    cr_expect(batch.id == 1 && batch.finished && batch.lang == LANG_EN &&
              batch.tally.interpreted == 1);
    cr_expect_eq(ledger_batch(ledger, "b2").id, 0);
    ledger_close(ledger);
}

Test(ledger, the_highest_revision_is_the_newest_wherever_its_case_is)
{
    Ledger *ledger = open_ledger();
    (void)fill(ledger);
    Sample moved = sample;
    moved.revision = 2;
    moved.replaces = 1;
    moved.case_id = "C2026000009";
    ledger_begin(ledger);
    (void)ledger_add_sample(ledger, 1, &moved);
    cr_assert_eq(ledger_commit(ledger, NULL), OK);
    KnownList old = ledger_case_samples(ledger, "C2026000001", arena);
    KnownList new = ledger_case_samples(ledger, "C2026000009", arena);
    cr_assert(old.n == 1 && new.n == 1);
    cr_expect_not(old.items[0].newest);
    cr_expect(new.items[0].newest);
    cr_expect_eq(ledger_evidence(ledger, sample.id, arena).n, 1, "evidence follows the tube");
    ledger_close(ledger);
}

Test(ledger, every_table_refuses_update_and_delete)
{
    static const char *const tables[] = {"keeper", "stamp",    "batch",   "batch_end",
                                         "sample", "evidence", "verdict", "judged"};
    Ledger *ledger = open_ledger();
    (void)fill(ledger);
    ledger_close(ledger);
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[100];
        (void)snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        cr_expect_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT, "%s", sql);
        (void)snprintf(sql, sizeof sql, "UPDATE %s SET rowid = rowid", tables[i]);
        if (i >= 5) /* without rowid */
            (void)snprintf(sql, sizeof sql, "UPDATE %s SET %s", tables[i],
                           i == 5   ? "text = ''"
                           : i == 6 ? "version = 2"
                                    : "state = 0");
        cr_expect_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT, "%s", sql);
    }
    (void)sqlite3_close(db);
}

Test(ledger, verify_finds_what_a_tamperer_did)
{
    static const struct {
        const char *sql;
        bool good;
    } rows[] = {
        {"SELECT 1", true},
        {"DROP TRIGGER sample_no_delete", false},
        {"DROP TRIGGER judged_no_delete; DELETE FROM judged; CREATE TRIGGER judged_no_delete "
         "BEFORE DELETE "
         "ON judged BEGIN SELECT RAISE(ABORT, 'x'); END",
         false},
        {"DROP TRIGGER evidence_no_delete; DELETE FROM evidence; CREATE TRIGGER evidence_no_delete "
         "BEFORE "
         "DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'x'); END",
         false},
        {"DROP TRIGGER judged_no_update; UPDATE judged SET state = 0; CREATE TRIGGER "
         "judged_no_update "
         "BEFORE UPDATE ON judged BEGIN SELECT RAISE(ABORT, 'x'); END",
         false},
        {"PRAGMA foreign_keys = OFF; DROP TRIGGER sample_no_delete; DELETE FROM sample; CREATE "
         "TRIGGER "
         "sample_no_delete BEFORE DELETE ON sample BEGIN SELECT RAISE(ABORT, 'x'); END",
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)unlink(path);
        Ledger *ledger = open_ledger();
        (void)fill(ledger);
        ledger_close(ledger);
        sqlite3 *db;
        cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
        cr_assert_eq(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK, "row %zu", i);
        (void)sqlite3_close(db);
        cr_assert_eq(ledger_open(&ledger, path, LEDGER_READ, NULL), OK);
        cr_expect_eq(ledger_verify(ledger, NULL, NULL), rows[i].good, "row %zu", i);
        ledger_close(ledger);
    }
}

Test(ledger, what_is_not_committed_is_not_there)
{
    Ledger *ledger = open_ledger();
    ledger_begin(ledger);
    (void)ledger_add_batch(ledger, "b1", &(BatchRow){.now = 1});
    ledger_close(ledger);
    ledger = open_ledger();
    cr_expect_eq(ledger_batch(ledger, "b1").id, 0);
    ledger_close(ledger);
}

Test(ledger, the_first_fault_sticks)
{
    Ledger *ledger = open_ledger();
    Note why = {.code = ""};
    (void)fill(ledger);
    ledger_begin(ledger);
    cr_expect_eq(ledger_add_sample(ledger, 1, &sample), 0, "the same revision twice");
    cr_expect_eq(ledger_add_batch(ledger, "b2", &(BatchRow){.now = 1}), 0,
                 "nothing is added after a fault");
    cr_expect_eq(ledger_commit(ledger, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "ledger.failed");
    ledger_close(ledger);
    ledger = open_ledger();
    cr_expect_eq(ledger_batch(ledger, "b2").id, 0);
    ledger_close(ledger);
}

Test(ledger, opening_refuses_what_is_not_its_own)
{
    Ledger *ledger = open_ledger(), *second;
    Note why = {.code = ""};
    char key[TEMPORARY + 16];
    (void)fill(ledger);
    ledger_close(ledger);
    (void)snprintf(key, sizeof key, "%s.key", path);

    FILE *f = fopen(key, "w");
    (void)fputs("0123456789abcdef0123456789abcdef", f);
    (void)fclose(f);
    cr_expect_eq(ledger_open(&second, path, LEDGER_WRITE, &why), LEDGER_FAILED, "another key");
    cr_expect_str_eq(why.code, "ledger.key");
    (void)unlink(key);
    cr_expect_eq(ledger_open(&second, path, LEDGER_WRITE, &why), LEDGER_FAILED, "no key");
    cr_expect_str_eq(why.code, "ledger.key");

    f = fopen(path, "w");
    (void)fputs("not a database, not a database, not a database, not a database", f);
    (void)fclose(f);
    cr_expect_eq(ledger_open(&second, path, LEDGER_READ, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "ledger.alien");
    (void)unlink(path);
    cr_expect_eq(ledger_open(&second, path, LEDGER_READ, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "ledger.absent");
}

Test(ledger, the_key_is_secret_and_stays)
{
    Ledger *ledger = open_ledger();
    unsigned char first[LEDGER_KEY];
    char key[TEMPORARY + 16];
    struct stat st;
    memcpy(first, ledger_key(ledger), sizeof first);
    ledger_close(ledger);
    ledger = open_ledger();
    cr_expect_arr_eq(ledger_key(ledger), first, sizeof first);
    ledger_close(ledger);
    (void)snprintf(key, sizeof key, "%s.key", path);
    cr_assert_eq(stat(key, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
}

Test(ledger, checksums_of_raw_files_stand_in_the_sealed_store_only)
{
    unsigned char digest[LEDGER_MAC] = {1, 2, 3};
    Ledger *ledger = open_ledger();
    ledger_begin(ledger);
    ledger_seal(ledger, sample.id, 2, digest);
    ledger_seal(ledger, sample.id, 2, digest);
    cr_assert_eq(ledger_commit(ledger, NULL), OK);
    cr_expect_eq(ledger_sealed_revision(ledger, sample.id, digest), 2);
    SealedList all = ledger_sealed_samples(ledger, digest, arena);
    cr_assert_eq(all.n, 1);
    cr_expect_str_eq(all.items[0].sample, sample.id);
    cr_expect_eq(all.items[0].revision, 2);
    digest[0] = 9;
    cr_expect_eq(ledger_sealed_samples(ledger, digest, arena).n, 0);
    cr_expect_eq(ledger_sealed_revision(ledger, sample.id, digest), 0);
    cr_expect_eq(ledger_sealed_revision(ledger, "S2026000002", digest), 0);
    ledger_close(ledger);
}

static Status take_bytes(const DocumentRow *row, void *context, Note *why)
{
    (void)why;
    if (row->size == 5 && memcmp(row->bytes, "hallo", 5) == 0) ++*(int *)context;
    return OK;
}

Test(ledger, documents_can_be_restored_newest_first)
{
    Ledger *ledger = open_ledger();
    (void)fill(ledger);
    DocumentRow row = {
        .name = "b1/x", .kind = "summary", .sha256 = "00", .size = 3, .bytes = "old"};
    ledger_begin(ledger);
    ledger_add_document(ledger, 1, 0, &row, arena);
    row.bytes = "hallo";
    row.size = 5;
    ledger_add_document(ledger, 1, 0, &row, arena);
    cr_assert_eq(ledger_commit(ledger, NULL), OK);
    int n = 0;
    cr_expect_eq(ledger_each_document(ledger, "b1", take_bytes, &n, NULL), OK);
    cr_expect_eq(n, 1);
    ledger_close(ledger);
}
