/* The ledger's foundation, and the only user of SQLite: opening, transactions, statements.
 *
 * SQLite's defaults are those of 2004; what a record that must last needs is switched on here:
 * foreign keys, STRICT tables, no text in double quotes, DEFENSIVE, write-ahead log with
 * synchronous FULL (NORMAL may lose the last commits at power loss), and BEGIN IMMEDIATE, because a
 * transaction that begins as a reader is refused in spite of any time-out when another has written
 * meanwhile. A lock file keeps a second run away for its whole length, not only for a transaction.
 */
#include "ledger_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LIMIT = 4096, BUSY_MS = 30000, FORM = 5, APPLICATION = 0x53434C42 /* "SCLB" */ };

struct Ledger {
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT];
    unsigned char key[LEDGER_KEY];
    AuditReach audit_reach;
    int lock;
    bool failed;
    Note fault;
};

#define TEXT(name, sql) sql,
static const char *const texts[] = {STATEMENTS(TEXT) CARE_STATEMENTS(TEXT)};
#undef TEXT

static const char PREPARE_CONNECTION[] =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
    "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";
/* A file that holds nothing has nothing to be rolled back to: its first page goes to disk without a journal of its own. Afterwards it
 * has a log, and this changes nothing. */
static const char PREPARE_FRESH[] = "PRAGMA main.journal_mode = MEMORY;";
static const char PREPARE_FRESH_SEALED[] = "PRAGMA sealed.journal_mode = MEMORY;";
static const char PREPARE_WRITER[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384;";
static const char PREPARE_SEALED[] =
    "PRAGMA sealed.journal_mode = WAL; PRAGMA sealed.synchronous = FULL;";

/* ---- faults ---- */

static void fail(Ledger *ledger, const char *code)
{
    if (ledger->failed) return;
    ledger->failed = true;
    if (ledger->db != NULL && sqlite3_errcode(ledger->db) == SQLITE_NOTADB) code = "ledger.alien";
    (void)note_fail(&ledger->fault, LEDGER_FAILED, code, (Place){.file = ""}, "%s",
                    ledger->db ? sqlite3_errmsg(ledger->db) : "");
}

Status ledger_ok(const Ledger *ledger, Note *why)
{
    if (!ledger->failed) return OK;
    if (why != NULL) *why = ledger->fault;
    return LEDGER_FAILED;
}

static void execute(Ledger *ledger, const char *sql)
{
    if (!ledger->failed && sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(ledger, "ledger.failed");
}

void ledger_begin(Ledger *ledger)
{
    execute(ledger, "BEGIN IMMEDIATE");
}

void ledger_begin_reading(Ledger *ledger)
{
    execute(ledger, "BEGIN");
}

Status ledger_commit(Ledger *ledger, Note *why)
{
    execute(ledger, "COMMIT");
    return ledger_ok(ledger, why);
}

void ledger_rollback(Ledger *ledger)
{
    if (!sql_in_transaction(ledger)) return;
    execute(ledger, "ROLLBACK");
    ledger->audit_reach = (AuditReach){0};
}

bool sql_in_transaction(const Ledger *ledger)
{
    return ledger->db != NULL && sqlite3_get_autocommit(ledger->db) == 0;
}

/* ---- statements ---- */

static int bind(sqlite3_stmt *st, int column, const Cell *cell)
{
    switch (cell->kind) {
    case CELL_INT:
        return sqlite3_bind_int64(st, column, cell->integer);
    case CELL_REAL:
        return sqlite3_bind_double(st, column, cell->real);
    case CELL_TEXT:
        return sqlite3_bind_text(st, column, cell->bytes, -1, SQLITE_STATIC);
    case CELL_BLOB:
        return sqlite3_bind_blob64(st, column, cell->bytes, cell->size, SQLITE_STATIC);
    case CELL_NULL:
        break;
    }
    return sqlite3_bind_null(st, column);
}

/* The prepared statement with its cells bound; NULL after a fault. */
static sqlite3_stmt *ready(Ledger *ledger, Sql sql, const Cell *cells, size_t n)
{
    if (ledger->failed) return NULL;
    sqlite3_stmt **st = &ledger->statements[sql];
    int rc = *st != NULL ? SQLITE_OK
                         : sqlite3_prepare_v3(ledger->db, texts[sql], -1, SQLITE_PREPARE_PERSISTENT,
                                              st, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < n; i++)
        rc = bind(*st, (int)i + 1, &cells[i]);
    if (rc != SQLITE_OK) {
        fail(ledger, "ledger.failed");
        return NULL;
    }
    return *st;
}

int64_t sql_add(Ledger *ledger, Sql sql, const Cell *cells, size_t n)
{
    sqlite3_stmt *st = ready(ledger, sql, cells, n);
    if (st == NULL) return 0;
    if (sqlite3_step(st) != SQLITE_DONE) fail(ledger, "ledger.failed");
    (void)sqlite3_reset(st);
    return ledger->failed ? 0 : sqlite3_last_insert_rowid(ledger->db);
}

Rows sql_ask(Ledger *ledger, Sql sql, const Cell *cells, size_t n)
{
    return (Rows){ledger, ready(ledger, sql, cells, n)};
}

Rows sql_ask_text(Ledger *ledger, const char *text)
{
    sqlite3_stmt *st = NULL;
    if (!ledger->failed && sqlite3_prepare_v2(ledger->db, text, -1, &st, NULL) != SQLITE_OK)
        fail(ledger, "ledger.failed");
    return (Rows){ledger, st};
}

static bool is_prepared(const Ledger *ledger, const sqlite3_stmt *st)
{
    for (size_t i = 0; i < SQL_COUNT; i++)
        if (ledger->statements[i] == st) return true;
    return false;
}

void sql_stop(Rows *rows)
{
    if (rows->statement == NULL) return;
    if (is_prepared(rows->ledger, rows->statement))
        (void)sqlite3_reset(rows->statement);
    else
        (void)sqlite3_finalize(rows->statement);
    rows->statement = NULL;
}

bool sql_next(Rows *rows)
{
    if (rows->statement == NULL) return false;
    int rc = sqlite3_step(rows->statement);
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) fail(rows->ledger, "ledger.failed");
    sql_stop(rows);
    return false;
}

int64_t sql_int(const Rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

bool sql_is_null(const Rows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

double sql_real(const Rows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

const char *sql_text(const Rows *rows, int column, Arena *arena)
{
    const unsigned char *text = sqlite3_column_text(rows->statement, column);
    if (text == NULL) return "";
    return arena_copy_n(arena, (const char *)text,
                        (size_t)sqlite3_column_bytes(rows->statement, column));
}

size_t sql_blob(const Rows *rows, int column, const void **bytes)
{
    *bytes = sqlite3_column_blob(rows->statement, column);
    return (size_t)sqlite3_column_bytes(rows->statement, column);
}

/* ---- opening ---- */

static bool beside(char path[PATH_LIMIT], const char *ledger, const char *suffix)
{
    int n = snprintf(path, PATH_LIMIT, "%s%s", ledger, suffix);
    return n > 0 && n < PATH_LIMIT;
}

/* A second run on the same ledger must not even plan: it would judge what the first is judging. */
static Status take_lock(Ledger *ledger, const char *path, Note *why)
{
    char name[PATH_LIMIT];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (!beside(name, path, ".lock"))
        return note_fail(why, LEDGER_FAILED, "ledger.open", (Place){.file = path}, NULL);
    ledger->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (ledger->lock < 0)
        return note_fail(why, LEDGER_FAILED, "ledger.open", (Place){.file = name}, NULL);
    if (fcntl(ledger->lock, F_SETLK, &whole) != 0)
        return note_fail(why, LEDGER_FAILED, "ledger.busy", (Place){.file = path}, NULL);
    return OK;
}

/* Synced under a temporary name first: a key that is half there would lock the ledger for ever. */
static bool make_key(const char *path)
{
    char temporary[PATH_LIMIT + 16];
    unsigned char key[LEDGER_KEY];
    (void)snprintf(temporary, sizeof temporary, "%s.new", path);
    (void)unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    randombytes_buf(key, sizeof key);
    bool written = write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
    sodium_memzero(key, sizeof key);
    written = close(fd) == 0 && written;
    return written && rename(temporary, path) == 0;
}

static Status read_key(Ledger *ledger, const char *path, bool may_make, Note *why)
{
    char name[PATH_LIMIT];
    struct stat st;
    if (!beside(name, path, ".key"))
        return note_fail(why, LEDGER_FAILED, "ledger.open", (Place){.file = path}, NULL);
    if (may_make && stat(name, &st) != 0 && errno == ENOENT && !make_key(name))
        return note_fail(why, LEDGER_FAILED, "ledger.key", (Place){.file = name}, NULL);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && fstat(fd, &st) == 0 && st.st_size == LEDGER_KEY &&
                read(fd, ledger->key, LEDGER_KEY) == LEDGER_KEY;
    if (fd >= 0) (void)close(fd);
    return good ? OK : note_fail(why, LEDGER_FAILED, "ledger.key", (Place){.file = name}, NULL);
}

static int64_t ask_int(Ledger *ledger, const char *sql)
{
    Rows rows = sql_ask_text(ledger, sql);
    int64_t value = sql_next(&rows) ? sql_int(&rows, 0) : 0;
    sql_stop(&rows);
    return value;
}

static void refuse_change(Ledger *ledger, const char *schema, const char *table)
{
    static const char *const verbs[] = {"UPDATE", "DELETE"};
    char sql[256];
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(sql, sizeof sql,
                       "CREATE TRIGGER IF NOT EXISTS %s%s_no_%s BEFORE %s ON %s BEGIN SELECT "
                       "RAISE(ABORT, 'the ledger is append-only'); END",
                       schema, table, i == 0 ? "update" : "delete", verbs[i], table);
        execute(ledger, sql);
    }
}

static void key_check(const Ledger *ledger, unsigned char mac[LEDGER_MAC])
{
    static const char what[] = "screenlab ledger";
    (void)crypto_auth_hmacsha256(mac, (const unsigned char *)what, sizeof what - 1, ledger->key);
}

static void add_later_tables(Ledger *ledger)
{
    for (size_t i = 0; ledger_additions[i] != NULL; i++)
        execute(ledger, ledger_additions[i]);
    for (size_t i = 0; ledger_tables[i] != NULL; i++)
        refuse_change(ledger, "", ledger_tables[i]);
}

/* A ledger of an older form: the tables it lacks, and the form's number, or nothing. */
static void upgrade(Ledger *ledger)
{
    char sql[64];
    ledger_begin(ledger);
    add_later_tables(ledger);
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", FORM);
    execute(ledger, sql);
    execute(ledger, "COMMIT");
}

static void create(Ledger *ledger)
{
    unsigned char mac[LEDGER_MAC];
    char sql[160], hex[LEDGER_MAC * 2 + 1];
    ledger_begin(ledger);
    for (size_t i = 0; ledger_schema[i] != NULL; i++)
        execute(ledger, ledger_schema[i]);
    add_later_tables(ledger);
    key_check(ledger, mac);
    (void)sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    (void)snprintf(sql, sizeof sql, "INSERT INTO keeper VALUES (1, x'%s')", hex);
    execute(ledger, sql);
    (void)snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION, FORM);
    execute(ledger, sql);
    execute(ledger, "COMMIT");
}

static bool right_key(Ledger *ledger)
{
    unsigned char mac[LEDGER_MAC];
    const void *kept;
    key_check(ledger, mac);
    Rows rows = sql_ask_text(ledger, "SELECT key_check FROM keeper");
    bool right = sql_next(&rows) && sql_blob(&rows, 0, &kept) == sizeof mac &&
                 sodium_memcmp(kept, mac, sizeof mac) == 0;
    sql_stop(&rows);
    return right;
}

static void attach_sealed(Ledger *ledger, const char *path)
{
    char name[PATH_LIMIT];
    sqlite3_stmt *st = NULL;
    if (ledger->failed || !beside(name, path, ".sealed")) return;
    bool good = sqlite3_prepare_v2(ledger->db, "ATTACH ?1 AS sealed", -1, &st, NULL) == SQLITE_OK &&
                sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(st) == SQLITE_DONE;
    if (!good) fail(ledger, "ledger.open");
    (void)sqlite3_finalize(st);
    if (ask_int(ledger, "PRAGMA sealed.page_count") == 0) execute(ledger, PREPARE_FRESH_SEALED);
    execute(ledger, PREPARE_SEALED);
    ledger_begin(ledger);
    execute(ledger, ledger_sealed_schema);
    refuse_change(ledger, "sealed.", "raw_file");
    execute(ledger, "COMMIT");
}

/* A store that forgets: what is deleted is overwritten, and no log keeps it. */
void sql_attach_people(Ledger *ledger)
{
    char name[PATH_LIMIT];
    sqlite3_stmt *st = NULL;
    const char *path = ledger->failed ? NULL : sqlite3_db_filename(ledger->db, "main");
    if (path == NULL || !beside(name, path, ".people")) return;
    bool good = sqlite3_prepare_v2(ledger->db, "ATTACH ?1 AS people", -1, &st, NULL) == SQLITE_OK &&
                sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(st) == SQLITE_DONE;
    if (!good) fail(ledger, "ledger.open");
    (void)sqlite3_finalize(st);
    execute(ledger, "PRAGMA people.journal_mode = DELETE; PRAGMA people.synchronous = EXTRA;"
                    "PRAGMA people.secure_delete = ON;");
    for (size_t i = 0; ledger_people_schema[i] != NULL; i++)
        execute(ledger, ledger_people_schema[i]);
}

static void connect(Ledger *ledger, const char *path, LedgerUse use)
{
    int flags = use == LEDGER_WRITE  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                : use == LEDGER_LOOK ? SQLITE_OPEN_READWRITE
                                     : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path, &ledger->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        fail(ledger, "ledger.open");
        return;
    }
    (void)sqlite3_busy_timeout(ledger->db, BUSY_MS);
    (void)sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    execute(ledger, PREPARE_CONNECTION);
    if (use == LEDGER_WRITE && ask_int(ledger, "PRAGMA main.page_count") == 0)
        execute(ledger, PREPARE_FRESH);
    if (use != LEDGER_READ) execute(ledger, PREPARE_WRITER);
    if (use == LEDGER_WRITE && ask_int(ledger, "SELECT count(*) FROM sqlite_schema") == 0)
        create(ledger);
    if (ask_int(ledger, "PRAGMA application_id") != APPLICATION) fail(ledger, "ledger.alien");
    int64_t form = ask_int(ledger, "PRAGMA user_version");
    if (use != LEDGER_READ && form >= 1 && form < FORM) upgrade(ledger);
    if (ask_int(ledger, "PRAGMA user_version") != FORM)
        fail(ledger, form >= 1 && form < FORM ? "ledger.older" : "ledger.alien");
    if (use == LEDGER_WRITE) attach_sealed(ledger, path);
}

Status ledger_open(Ledger **out, const char *path, LedgerUse use, Note *why)
{
    Ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return note_fail(why, LEDGER_FAILED, "ledger.open", (Place){.file = path}, NULL);
    ledger->lock = -1;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
                         0); /* nobody asks; refused, and harmless, once SQLite runs */
    struct stat st;
    bool fresh = stat(path, &st) != 0 && errno == ENOENT;
    Status s = OK;
    if (fresh && use != LEDGER_WRITE)
        s = note_fail(why, LEDGER_FAILED, "ledger.absent", (Place){.file = path}, NULL);
    if (s == OK && use == LEDGER_WRITE) s = take_lock(ledger, path, why);
    if (s == OK && use != LEDGER_READ)
        s = read_key(ledger, path, fresh && use == LEDGER_WRITE, why);
    if (s == OK) {
        connect(ledger, path, use);
        if (use != LEDGER_READ && !ledger->failed && !right_key(ledger))
            s = note_fail(why, LEDGER_FAILED, "ledger.key", (Place){.file = path}, NULL);
        else
            s = ledger_ok(ledger, why);
    }
    if (s == OK)
        *out = ledger;
    else
        ledger_close(ledger);
    return s;
}

void ledger_close(Ledger *ledger)
{
    if (ledger == NULL) return;
    for (size_t i = 0; i < SQL_COUNT; i++)
        (void)sqlite3_finalize(ledger->statements[i]);
    (void)sqlite3_close(ledger->db);
    if (ledger->lock >= 0) (void)close(ledger->lock);
    sodium_memzero(ledger->key, sizeof ledger->key);
    free(ledger);
}

const unsigned char *ledger_key(const Ledger *ledger)
{
    return ledger->key;
}

AuditReach *ledger_audit_reach(Ledger *ledger)
{
    return &ledger->audit_reach;
}
