/* The store of persons: see people.h for what it promises.
 *
 * Method: envelope encryption. A person's key is random; it lies wrapped under the master key (XSalsa20-Poly1305 with a random nonce, the
 * pseudonym bound in by deriving the wrapping key from it), entries lie under the person's own key (XChaCha20-Poly1305, random nonce). A
 * released file that names a person is sealed under the person's key with a nonce that is the keyed hash of its name and bytes (the
 * construction of deterministic AEAD, Rogaway and Shrimpton 2006): the same file gives the same bytes, and no nonce serves two texts.
 * Deleting overwrites (SQLite secure_delete, no write-ahead log); copies of old pages that a file system or a backup keeps are
 * useless once the master key has been rotated and the old one destroyed.
 *
 * Refuses a master key that is not this store's, so that two keys never mix in one file. */
#include "exhausted.h"
#include "ledger_sql.h"
#include "people.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    BOX_NONCE = crypto_secretbox_NONCEBYTES,
    WRAPPED = BOX_NONCE + PEOPLE_KEY + crypto_secretbox_MACBYTES,
    CHECK = crypto_auth_hmacsha256_BYTES
};

struct People {
    Ledger *ledger;
    unsigned char master[PEOPLE_KEY];
};

static void keyed(unsigned char out[CHECK], const unsigned char key[PEOPLE_KEY], const char *text)
{
    (void)crypto_auth_hmacsha256(out, (const unsigned char *)text, strlen(text), key);
}

/* ---- opening ---- */

Status people_read_key(unsigned char master[PEOPLE_KEY], const char *path, Note *why)
{
    Arena *arena = arena_new(exhausted);
    Content content = {0};
    Status s = file_load(&content, path, PEOPLE_KEY + 1, arena, why);
    if (s == OK && content.size != PEOPLE_KEY)
        s = note_fail(why, LEDGER_FAILED, "people.key", (Place){0}, NULL);
    if (s == OK) {
        memcpy(master, content.bytes, PEOPLE_KEY);
        sodium_memzero(content.bytes, content.size);
    }
    arena_free(arena);
    return s;
}

static bool right_master(People *people)
{
    unsigned char check[CHECK];
    const void *kept;
    keyed(check, people->master, "screenlab people");
    Rows rows = sql_ask(people->ledger, GET_PEOPLE_KEEPER, NULL, 0);
    bool any = sql_next(&rows);
    bool right =
        any && sql_blob(&rows, 0, &kept) == CHECK && sodium_memcmp(kept, check, CHECK) == 0;
    sql_stop(&rows);
    if (any) return right;
    (void)sql_add(people->ledger, ADD_PEOPLE_KEEPER, (const Cell[]){of_blob(check, CHECK)}, 1);
    return ledger_ok(people->ledger, NULL) == OK;
}

Status people_open(People **out, Ledger *ledger, const char *key_file, Note *why)
{
    People *people = calloc(1, sizeof *people);
    if (people == NULL)
        return note_fail(why, LEDGER_FAILED, "ledger.open", (Place){.file = ""}, NULL);
    people->ledger = ledger;
    Status s = people_read_key(people->master, key_file, why);
    if (s == OK) {
        sql_attach_people(ledger);
        bool right = right_master(people);
        s = ledger_ok(ledger, why);
        if (s == OK && !right) s = note_fail(why, LEDGER_FAILED, "people.key", (Place){0}, NULL);
    }
    if (s == OK)
        *out = people;
    else
        people_close(people);
    return s;
}

void people_close(People *people)
{
    if (people == NULL) return;
    sodium_memzero(people, sizeof *people);
    free(people);
}

/* ---- keys of persons ---- */

static void wrapping_key(unsigned char out[CHECK], const unsigned char master[PEOPLE_KEY],
                         const char *person)
{
    unsigned char base[CHECK];
    keyed(base, master, "screenlab wrapping");
    keyed(out, base, person);
    sodium_memzero(base, sizeof base);
}

static void wrap(unsigned char wrapped[WRAPPED], const unsigned char key[PEOPLE_KEY],
                 const unsigned char master[PEOPLE_KEY], const char *person)
{
    unsigned char under[CHECK];
    wrapping_key(under, master, person);
    randombytes_buf(wrapped, BOX_NONCE);
    (void)crypto_secretbox_easy(wrapped + BOX_NONCE, key, PEOPLE_KEY, wrapped, under);
    sodium_memzero(under, sizeof under);
}

static bool unwrap(unsigned char key[PEOPLE_KEY], const unsigned char *wrapped, size_t n,
                   const unsigned char master[PEOPLE_KEY], const char *person)
{
    unsigned char under[CHECK];
    if (n != WRAPPED) return false;
    wrapping_key(under, master, person);
    bool good = crypto_secretbox_open_easy(key, wrapped + BOX_NONCE, WRAPPED - BOX_NONCE, wrapped,
                                           under) == 0;
    sodium_memzero(under, sizeof under);
    return good;
}

static bool key_of(unsigned char key[PEOPLE_KEY], People *people, const char *person)
{
    const void *wrapped;
    Rows rows = sql_ask(people->ledger, GET_PERSON, (const Cell[]){of_text(person)}, 1);
    bool found = sql_next(&rows);
    size_t n = found ? sql_blob(&rows, 0, &wrapped) : 0;
    found = found && unwrap(key, wrapped, n, people->master, person);
    sql_stop(&rows);
    return found;
}

static void make_key(unsigned char key[PEOPLE_KEY], People *people, const char *person)
{
    unsigned char wrapped[WRAPPED];
    randombytes_buf(key, PEOPLE_KEY);
    wrap(wrapped, key, people->master, person);
    (void)sql_add(people->ledger, ADD_PERSON,
                  (const Cell[]){of_text(person), of_blob(wrapped, WRAPPED)}, 2);
}

/* ---- entries ---- */

/* Four texts, one behind the other, each with its NUL: guardian flag, name, phone, identity number. */
static Content pack(const Addressee *who, Arena *arena)
{
    const char *parts[] = {who->guardian ? "1" : "0", who->name, who->phone, who->id_number};
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        n += strlen(parts[i]) + 1;
    char *bytes = arena_alloc(arena, n), *to = bytes;
    for (size_t i = 0; i < 4; i++) {
        size_t size = strlen(parts[i]) + 1;
        memcpy(to, parts[i], size);
        to += size;
    }
    return (Content){bytes, n};
}

static bool unpack(Addressee *out, const Content *packed)
{
    const char *parts[4], *at = packed->bytes, *end = packed->bytes + packed->size;
    for (size_t i = 0; i < 4; i++) {
        parts[i] = at;
        at = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
        if (at == NULL) return false;
        at++;
    }
    *out = (Addressee){
        .guardian = parts[0][0] == '1', .name = parts[1], .phone = parts[2], .id_number = parts[3]};
    return at == end;
}

static Content encrypt(const Content *text, const char *about, const unsigned char nonce[NONCE],
                       const unsigned char key[PEOPLE_KEY], Arena *arena)
{
    size_t n = NONCE + text->size + TAG;
    unsigned char *out = arena_alloc(arena, n + 1);
    memcpy(out, nonce, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + NONCE, NULL, (const unsigned char *)text->bytes, text->size,
        (const unsigned char *)about, strlen(about), NULL, nonce, key);
    return (Content){(char *)out, n};
}

static bool decrypt(Content *out, const Content *sealed, const char *about,
                    const unsigned char key[PEOPLE_KEY], Arena *arena)
{
    const unsigned char *from = (const unsigned char *)sealed->bytes;
    if (sealed->size < NONCE + TAG) return false;
    size_t n = sealed->size - NONCE - TAG;
    char *text = arena_alloc(arena, n + 1);
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(
                    (unsigned char *)text, NULL, NULL, from + NONCE, sealed->size - NONCE,
                    (const unsigned char *)about, strlen(about), from, key) == 0;
    text[n] = '\0';
    *out = (Content){text, n};
    return good;
}

void people_put(People *people, const char *person, const Addressee *who)
{
    unsigned char key[PEOPLE_KEY], nonce[NONCE];
    Arena *arena = arena_new(exhausted);
    if (!key_of(key, people, person)) make_key(key, people, person);
    randombytes_buf(nonce, sizeof nonce);
    Content packed = pack(who, arena), sealed = encrypt(&packed, person, nonce, key, arena);
    (void)sql_add(people->ledger, ADD_PEOPLE_ENTRY,
                  (const Cell[]){of_text(person), of_blob(sealed.bytes, sealed.size)}, 2);
    sodium_memzero(packed.bytes, packed.size);
    sodium_memzero(key, sizeof key);
    arena_free(arena);
}

bool people_find(Addressee *out, People *people, const char *person, Arena *arena)
{
    unsigned char key[PEOPLE_KEY];
    const void *bytes;
    Content packed;
    if (!key_of(key, people, person)) return false;
    Rows rows = sql_ask(people->ledger, GET_PEOPLE_ENTRY, (const Cell[]){of_text(person)}, 1);
    bool found = sql_next(&rows);
    Content sealed = {0};
    if (found) {
        sealed.size = sql_blob(&rows, 0, &bytes);
        sealed.bytes = arena_copy_n(arena, bytes, sealed.size);
    }
    sql_stop(&rows);
    found = found && decrypt(&packed, &sealed, person, key, arena) && unpack(out, &packed);
    sodium_memzero(key, sizeof key);
    return found;
}

bool people_erase(People *people, const char *person)
{
    Rows rows = sql_ask(people->ledger, GET_PERSON, (const Cell[]){of_text(person)}, 1);
    bool there = sql_next(&rows);
    sql_stop(&rows);
    (void)sql_add(people->ledger, ERASE_PERSON, (const Cell[]){of_text(person)}, 1);
    (void)sql_add(people->ledger, ERASE_PEOPLE_ENTRIES, (const Cell[]){of_text(person)}, 1);
    return there;
}

typedef struct Wrapped {
    const char *person;
    unsigned char bytes[WRAPPED];
} Wrapped;

/* All rows first, then the changes: a statement that walks a table must not see its own updates. */
int64_t people_rotate(People *people, const unsigned char master[PEOPLE_KEY])
{
    Arena *arena = arena_new(exhausted);
    Wrapped *all = NULL;
    size_t n = 0, capacity = 0;
    unsigned char check[CHECK], key[PEOPLE_KEY];
    Rows rows = sql_ask(people->ledger, GET_PERSONS, NULL, 0);
    while (sql_next(&rows)) {
        const void *bytes;
        if (n == capacity) all = arena_grow(arena, all, &capacity, sizeof *all);
        all[n].person = sql_text(&rows, 0, arena);
        if (sql_blob(&rows, 1, &bytes) == WRAPPED) memcpy(all[n].bytes, bytes, WRAPPED);
        n++;
    }
    int64_t done = 0;
    for (size_t i = 0; i < n; i++) {
        if (!unwrap(key, all[i].bytes, WRAPPED, people->master, all[i].person)) continue;
        wrap(all[i].bytes, key, master, all[i].person);
        (void)sql_add(people->ledger, SET_PERSON,
                      (const Cell[]){of_text(all[i].person), of_blob(all[i].bytes, WRAPPED)}, 2);
        done++;
    }
    keyed(check, master, "screenlab people");
    (void)sql_add(people->ledger, SET_PEOPLE_KEEPER, (const Cell[]){of_blob(check, CHECK)}, 1);
    memcpy(people->master, master, PEOPLE_KEY);
    sodium_memzero(key, sizeof key);
    arena_free(arena);
    return done;
}

/* ---- released files ---- */

bool people_seal(Content *out, People *people, const char *person, const char *name,
                 const Content *bytes, Arena *arena)
{
    unsigned char key[PEOPLE_KEY], base[CHECK], nonce[CHECK];
    crypto_auth_hmacsha256_state state;
    if (!key_of(key, people, person)) return false;
    keyed(base, key, "screenlab nonce");
    (void)crypto_auth_hmacsha256_init(&state, base, sizeof base);
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)name, strlen(name) + 1);
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)bytes->bytes, bytes->size);
    (void)crypto_auth_hmacsha256_final(&state, nonce);
    *out = encrypt(bytes, name, nonce, key, arena);
    sodium_memzero(key, sizeof key);
    return true;
}

bool people_unseal(Content *out, People *people, const char *person, const char *name,
                   const Content *sealed, Arena *arena)
{
    unsigned char key[PEOPLE_KEY];
    bool opened = key_of(key, people, person) && decrypt(out, sealed, name, key, arena);
    sodium_memzero(key, sizeof key);
    return opened;
}

bool people_is_newborn(People *people, const char *person)
{
    Rows rows = sql_ask(people->ledger, IS_NEWBORN, (const Cell[]){of_text(person)}, 1);
    bool is = sql_next(&rows);
    sql_stop(&rows);
    return is;
}
