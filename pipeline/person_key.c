/* A name typed at a prompt is not a signature: whoever sits at the machine can type it. So each person has a key file of his or her
 * own, kept where only that person reads, better under a passphrase, and what is done is signed with it; roles.tsv says which key is
 * whose, and the signed text names the paper, its version and the checksums of its bytes, so that an act cannot be moved to another.
 *
 * Method: Ed25519 (Bernstein et al. 2012, doi 10.1007/s13389-012-0027-1) by libsodium. The passphrase derives a key by Argon2id (RFC 9106);
 * its salt is new for every file, so the nonce of the box may be constant. Refuses a file whose halves do not belong together. */
#include "person_key.h"
#include "exhausted.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    FILE_CEILING = 4096,
    SEED = crypto_sign_SEEDBYTES,
    SALT = crypto_pwhash_SALTBYTES,
    SEALED = SEED + crypto_secretbox_MACBYTES,
    LINE = 160
};

static const char head[] = "screenlab person key 1\n";

bool person_code_ok(const char *code)
{
    size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return code[0] >= 'a' && code[0] <= 'z' && code[n] == '\0' && n < PERSON_CODE;
}

static const char *hex(const unsigned char *bytes, size_t n, Arena *arena)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    return sodium_bin2hex(text, 2 * n + 1, bytes, n);
}

static bool derive(unsigned char key[crypto_secretbox_KEYBYTES], const char *passphrase,
                   const unsigned char salt[SALT])
{
    return crypto_pwhash(key, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), salt,
                         crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static const unsigned char no_nonce[crypto_secretbox_NONCEBYTES];

/* The lines that hold the secret. */
static const char *secret_lines(const unsigned char seed[SEED], const char *passphrase,
                                Arena *arena)
{
    unsigned char salt[SALT], sealed[SEALED], key[crypto_secretbox_KEYBYTES];
    if (passphrase == NULL) return arena_print(arena, "secret %s\n", hex(seed, SEED, arena));
    randombytes_buf(salt, sizeof salt);
    if (!derive(key, passphrase, salt)) return NULL;
    (void)crypto_secretbox_easy(sealed, seed, SEED, no_nonce, key);
    sodium_memzero(key, sizeof key);
    return arena_print(arena, "salt %s\nsealed %s\n", hex(salt, SALT, arena),
                       hex(sealed, SEALED, arena));
}

Status person_key_make(Content *file, char public_hex[PERSON_PUBLIC_HEX], const char *person,
                       const char *passphrase, Arena *arena, Note *why)
{
    unsigned char seed[SEED], secret[crypto_sign_SECRETKEYBYTES], public[PERSON_PUBLIC];
    if (!person_code_ok(person))
        return note_fail(why, BAD_INPUT, "key.person_code", (Place){0}, NULL);
    randombytes_buf(seed, sizeof seed);
    (void)crypto_sign_seed_keypair(public, secret, seed);
    (void)sodium_bin2hex(public_hex, PERSON_PUBLIC_HEX, public, sizeof public);
    const char *lines = secret_lines(seed, passphrase, arena);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    if (lines == NULL) return note_fail(why, IO_FAILED, "key.make", (Place){0}, NULL);
    char *text = arena_print(arena, "%sperson %s\npublic %s\n%s", head, person, public_hex, lines);
    *file = (Content){text, strlen(text)};
    return OK;
}

/* The word behind `name` at the start of a line; "" = not there, or too long. */
static void field(char out[LINE], const char *text, const char *name)
{
    size_t n = strlen(name);
    out[0] = '\0';
    for (const char *at = text; at != NULL && *at != '\0';
         at = strchr(at, '\n'), at += at != NULL) {
        if (strncmp(at, name, n) != 0 || at[n] != ' ') continue;
        size_t length = strcspn(at + n + 1, "\r\n");
        if (length >= LINE) return;
        memcpy(out, at + n + 1, length);
        out[length] = '\0';
        return;
    }
}

static bool bytes_of(unsigned char *out, size_t n, const char *text, const char *name)
{
    char line[LINE];
    size_t got = 0;
    field(line, text, name);
    bool good = sodium_hex2bin(out, n, line, strlen(line), NULL, &got, NULL) == 0 && got == n;
    sodium_memzero(line, sizeof line);
    return good;
}

static bool read_seed(unsigned char seed[SEED], const char *text, const char *passphrase)
{
    unsigned char salt[SALT], sealed[SEALED], key[crypto_secretbox_KEYBYTES];
    if (bytes_of(seed, SEED, text, "secret")) return true;
    if (passphrase == NULL || !bytes_of(salt, SALT, text, "salt") ||
        !bytes_of(sealed, SEALED, text, "sealed") || !derive(key, passphrase, salt))
        return false;
    bool opened = crypto_secretbox_open_easy(seed, sealed, SEALED, no_nonce, key) == 0;
    sodium_memzero(key, sizeof key);
    return opened;
}

static const char *parse(PersonKey *key, const char *text, const char *passphrase)
{
    char line[LINE];
    unsigned char seed[SEED], stated[PERSON_PUBLIC];
    if (strncmp(text, head, sizeof head - 1) != 0) return "key.person";
    field(line, text, "person");
    if (!person_code_ok(line) || !bytes_of(stated, sizeof stated, text, "public"))
        return "key.person";
    if (!read_seed(seed, text, passphrase)) return "key.passphrase";
    memcpy(key->person, line, strlen(line) + 1);
    (void)crypto_sign_seed_keypair(key->public, key->secret, seed);
    sodium_memzero(seed, sizeof seed);
    (void)sodium_bin2hex(key->public_hex, sizeof key->public_hex, key->public, sizeof key->public);
    return memcmp(stated, key->public, sizeof stated) == 0 ? NULL : "key.person";
}

Status person_key_open(PersonKey *out, const char *path, const char *passphrase, Note *why)
{
    Arena *arena = arena_new(exhausted);
    Content content = {0};
    PersonKey key = {0};
    Status s = file_load(&content, path, FILE_CEILING, arena, why);
    if (s == OK) {
        const char *fault = parse(&key, content.bytes, passphrase);
        const char *slash = strrchr(path, '/');
        if (fault != NULL)
            s = note_fail(why, BAD_INPUT, fault, (Place){.file = slash ? slash + 1 : path}, NULL);
        sodium_memzero(content.bytes, content.size);
    }
    arena_free(arena);
    if (s == OK) *out = key;
    person_key_forget(&key);
    return s;
}

void person_key_forget(PersonKey *key)
{
    sodium_memzero(key, sizeof *key);
}

void person_key_sign(unsigned char signature[PERSON_SIGNATURE], const PersonKey *key,
                     const char *text)
{
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text),
                               key->secret);
}

bool person_signature_ok(const unsigned char signature[PERSON_SIGNATURE],
                         const unsigned char public[PERSON_PUBLIC], const char *text)
{
    return crypto_sign_verify_detached(signature, (const unsigned char *)text, strlen(text),
                                       public) == 0;
}
