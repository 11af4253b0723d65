#define _GNU_SOURCE
#include "pipeline/people.h"
#include "pipeline/person_key.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[TEMPORARY], path[TEMPORARY + 16], key_path[TEMPORARY + 16],
    other_path[TEMPORARY + 16];
static Arena *arena;

static void write_key(const char *file, char fill)
{
    char bytes[PEOPLE_KEY];
    memset(bytes, fill, sizeof bytes);
    cr_assert_eq(file_save_new(file, bytes, sizeof bytes, NULL), OK);
}

static void set_up(void)
{
    temporary_folder(folder, "people");
    (void)snprintf(path, sizeof path, "%s/l.db", folder);
    (void)snprintf(key_path, sizeof key_path, "%s/people.key", folder);
    (void)snprintf(other_path, sizeof other_path, "%s/other.key", folder);
    cr_assert_geq(sodium_init(), 0);
    arena = arena_new(NULL);
    write_key(key_path, 'a');
    write_key(other_path, 'b');
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(people, .init = set_up, .fini = tear_down);

typedef struct Open {
    Ledger *ledger;
    People *people;
} Open;

static Open open_store(const char *key)
{
    Open o = {0};
    Note why = {.code = ""};
    cr_assert_eq(ledger_open(&o.ledger, path, LEDGER_WRITE, &why), OK, "%s", why.code);
    cr_assert_eq(people_open(&o.people, o.ledger, key, &why), OK, "%s %s", why.code, why.detail);
    return o;
}

static void close_store(Open *o)
{
    people_close(o->people);
    ledger_close(o->ledger);
}

static const Addressee her = {"王示例", "0451-1234567", "230103198503071227", false};

static void put(const char *person, const Addressee *who)
{
    Open o = open_store(key_path);
    ledger_begin(o.ledger);
    people_put(o.people, person, who);
    cr_assert_eq(ledger_commit(o.ledger, NULL), OK);
    close_store(&o);
}

static bool file_holds(const char *suffix, const char *what)
{
    char name[TEMPORARY + 32];
    Content content;
    (void)snprintf(name, sizeof name, "%s%s", path, suffix);
    if (file_load(&content, name, 1 << 24, arena, NULL) != OK) return false;
    return memmem(content.bytes, content.size, what, strlen(what)) != NULL;
}

Test(people, what_was_put_is_found_and_lies_nowhere_in_clear)
{
    put("P2026000001", &her);
    Open o = open_store(key_path);
    Addressee found;
    cr_assert(people_find(&found, o.people, "P2026000001", arena));
    cr_expect_str_eq(found.name, her.name);
    cr_expect_str_eq(found.phone, her.phone);
    cr_expect_str_eq(found.id_number, her.id_number);
    cr_expect_not(found.guardian);
    cr_expect_not(people_find(&found, o.people, "P2026000002", arena));
    close_store(&o);
    static const char *const suffixes[] = {"", "-wal", ".people", ".sealed"};
    for (size_t i = 0; i < 4; i++) {
        cr_expect_not(file_holds(suffixes[i], "王示例"), "%s", suffixes[i]);
        cr_expect_not(file_holds(suffixes[i], "230103198503071227"), "%s", suffixes[i]);
    }
    cr_expect(file_holds(".people", "P2026000001"), "the look itself works");
}

Test(people, the_newest_entry_counts)
{
    const Addressee later = {"王示例", "13800000000", "", false};
    put("P2026000001", &her);
    put("P2026000001", &later);
    Open o = open_store(key_path);
    Addressee found;
    cr_assert(people_find(&found, o.people, "P2026000001", arena));
    cr_expect_str_eq(found.phone, "13800000000");
    cr_expect_str_eq(found.id_number, "");
    close_store(&o);
}

Test(people, another_master_key_opens_nothing)
{
    put("P2026000001", &her);
    Ledger *ledger;
    People *people;
    Note why = {0};
    cr_assert_eq(ledger_open(&ledger, path, LEDGER_WRITE, &why), OK);
    cr_expect_eq(people_open(&people, ledger, other_path, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "people.key");
    ledger_close(ledger);
}

Test(people, erasing_a_key_erases_the_person_and_her_files)
{
    put("P2026000001", &her);
    put("P2026000002", &her);
    Open o = open_store(key_path);
    char text[] = "<name>王示例</name>";
    Content bytes = {text, strlen(text)}, sealed, again, back;
    cr_assert(people_seal(&sealed, o.people, "P2026000001", "released/a.xml", &bytes, arena));
    cr_assert(people_seal(&again, o.people, "P2026000001", "released/a.xml", &bytes, arena));
    cr_expect(sealed.size == again.size && memcmp(sealed.bytes, again.bytes, sealed.size) == 0,
              "the same bytes and name give the same result");
    cr_assert(people_seal(&again, o.people, "P2026000001", "released/b.xml", &bytes, arena));
    cr_expect(memcmp(sealed.bytes, again.bytes, sealed.size) != 0, "another name, another nonce");
    cr_assert(people_unseal(&back, o.people, "P2026000001", "released/a.xml", &sealed, arena));
    cr_expect(back.size == bytes.size && memcmp(back.bytes, bytes.bytes, back.size) == 0);
    cr_expect_not(people_unseal(&back, o.people, "P2026000001", "released/c.xml", &sealed, arena));
    cr_expect_not(people_unseal(&back, o.people, "P2026000002", "released/a.xml", &sealed, arena));
    ledger_begin(o.ledger);
    cr_expect(people_erase(o.people, "P2026000001"));
    cr_expect_not(people_erase(o.people, "P2026000001"));
    cr_assert_eq(ledger_commit(o.ledger, NULL), OK);
    Addressee found;
    cr_expect_not(people_find(&found, o.people, "P2026000001", arena));
    cr_expect(people_find(&found, o.people, "P2026000002", arena));
    cr_expect_not(people_unseal(&back, o.people, "P2026000001", "released/a.xml", &sealed, arena));
    cr_expect_not(people_seal(&sealed, o.people, "P2026000001", "released/a.xml", &bytes, arena));
    close_store(&o);
    cr_expect_not(file_holds(".people", "P2026000001"), "nothing of her is left in the file");
    put("P2026000001", &her);
    o = open_store(key_path);
    cr_expect_not(people_unseal(&back, o.people, "P2026000001", "released/a.xml", &sealed, arena),
                  "a new key does not open what was erased");
    close_store(&o);
}

Test(people, after_rotation_only_the_new_key_opens)
{
    unsigned char master[PEOPLE_KEY];
    put("P2026000001", &her);
    Open o = open_store(key_path);
    char text[] = "x";
    Content bytes = {text, 1}, sealed, back;
    cr_assert(people_seal(&sealed, o.people, "P2026000001", "released/a.xml", &bytes, arena));
    cr_assert_eq(people_read_key(master, other_path, NULL), OK);
    ledger_begin(o.ledger);
    cr_expect_eq(people_rotate(o.people, master), 1);
    cr_assert_eq(ledger_commit(o.ledger, NULL), OK);
    cr_expect(people_unseal(&back, o.people, "P2026000001", "released/a.xml", &sealed, arena));
    close_store(&o);
    o = open_store(other_path);
    Addressee found;
    cr_expect(people_find(&found, o.people, "P2026000001", arena));
    cr_expect(people_unseal(&back, o.people, "P2026000001", "released/a.xml", &sealed, arena));
    close_store(&o);
    Note why = {0};
    cr_assert_eq(ledger_open(&o.ledger, path, LEDGER_WRITE, &why), OK);
    cr_expect_eq(people_open(&o.people, o.ledger, key_path, &why), LEDGER_FAILED);
    ledger_close(o.ledger);
}

Test(people, a_key_file_of_another_size_is_none)
{
    unsigned char master[PEOPLE_KEY];
    char file[TEMPORARY + 16];
    Note why = {0};
    (void)snprintf(file, sizeof file, "%s/p.key", folder);
    cr_assert_eq(file_save_new(file, "short", 5, NULL), OK);
    cr_expect_eq(people_read_key(master, file, &why), LEDGER_FAILED);
    cr_expect_str_eq(why.code, "people.key");
}

/* ---- keys of persons who act ---- */

static void save_person(const char *file, const char *passphrase)
{
    Content content;
    char public[PERSON_PUBLIC_HEX];
    cr_assert_eq(person_key_make(&content, public, "a01", passphrase, arena, NULL), OK);
    cr_assert_eq(file_save_new(file, content.bytes, content.size, NULL), OK);
}

Test(people, a_person_signs_and_nothing_else_verifies)
{
    char file[TEMPORARY + 16];
    PersonKey key;
    unsigned char signature[PERSON_SIGNATURE];
    (void)snprintf(file, sizeof file, "%s/p.key", folder);
    save_person(file, NULL);
    cr_assert_eq(person_key_open(&key, file, NULL, NULL), OK);
    cr_expect_str_eq(key.person, "a01");
    person_key_sign(signature, &key, "screenlab act 1\nreview\n");
    cr_expect(person_signature_ok(signature, key.public, "screenlab act 1\nreview\n"));
    cr_expect_not(person_signature_ok(signature, key.public, "screenlab act 1\nrelease\n"));
    signature[5] ^= 1;
    cr_expect_not(person_signature_ok(signature, key.public, "screenlab act 1\nreview\n"));
}

Test(people, a_passphrase_locks_the_key_of_a_person)
{
    char file[TEMPORARY + 16];
    PersonKey key;
    Note why = {0};
    (void)snprintf(file, sizeof file, "%s/p.key", folder);
    save_person(file, "开门");
    cr_expect_eq(person_key_open(&key, file, NULL, &why), BAD_INPUT);
    cr_expect_str_eq(why.code, "key.passphrase");
    cr_expect_eq(person_key_open(&key, file, "wrong", &why), BAD_INPUT);
    cr_expect_eq(person_key_open(&key, file, "开门", &why), OK);
}

Test(people, a_damaged_key_file_is_refused)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"", "key.person"},
        {"screenlab person key 2\n", "key.person"},
        {"screenlab person key 1\nperson a01\n", "key.person"},
        {"screenlab person key 1\nperson A01\npublic 00\nsecret 00\n", "key.person"},
        {"screenlab person key 1\nperson a01\npublic "
         "0000000000000000000000000000000000000000000000000000000000000000\nsecret "
         "0000000000000000000000000000000000000000000000000000000000000000\n",
         "key.person"}, /* halves of two keys */
        {"screenlab person key 1\nperson a01\npublic "
         "0000000000000000000000000000000000000000000000000000000000000000\nsecret 00\n",
         "key.passphrase"},
    };
    char file[TEMPORARY + 16];
    (void)snprintf(file, sizeof file, "%s/p.key", folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        PersonKey key;
        Note why = {0};
        (void)unlink(file);
        cr_assert_eq(file_save_new(file, rows[i].text, strlen(rows[i].text), NULL), OK);
        cr_expect_eq(person_key_open(&key, file, NULL, &why), BAD_INPUT, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
    }
    cr_expect_not(person_code_ok("a very long code of a person"));
    cr_expect_not(person_code_ok("1a"));
    cr_expect_not(person_code_ok(""));
    cr_expect(person_code_ok("a_1234567890abcd"));
}
