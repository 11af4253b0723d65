/* person_key - the key with which one person of the laboratory signs what he or she does, and its file.
 *
 *     PersonKey key;
 *     Status s = person_key_open(&key, "a01.key", passphrase, &why);
 *     person_key_sign(signature, &key, "screenlab act 1\n...");
 *     person_key_forget(&key);
 *
 * Ed25519 (libsodium). The file is text: "screenlab person key 1", then person, public and either secret (hex) or salt and sealed (the
 * secret under a passphrase: Argon2id, XSalsa20-Poly1305). The public half is a cell of roles.tsv. */
#ifndef SCREENLAB_PERSON_KEY_H
#define SCREENLAB_PERSON_KEY_H

#include "file.h"

enum { PERSON_CODE = 17, PERSON_PUBLIC = 32, PERSON_PUBLIC_HEX = 65, PERSON_SIGNATURE = 64 };

typedef struct PersonKey {
    char person[PERSON_CODE]; /* [a-z][a-z0-9_]*, at most 16 */
    char public_hex[PERSON_PUBLIC_HEX];
    unsigned char public[PERSON_PUBLIC];
    unsigned char secret[64];
} PersonKey;

bool person_code_ok(const char *code);
/* The text of a new key file; passphrase NULL = in clear. BAD_INPUT "key.person_code". */
Status person_key_make(Content *file, char public_hex[PERSON_PUBLIC_HEX], const char *person,
                       const char *passphrase, Arena *arena, Note *why) MUST_USE;
/* NOT_FOUND; BAD_INPUT "key.person" (no such file, damaged) or "key.passphrase" (missing or wrong). */
Status person_key_open(PersonKey *out, const char *path, const char *passphrase,
                       Note *why) MUST_USE;
void person_key_forget(PersonKey *key);
void person_key_sign(unsigned char signature[PERSON_SIGNATURE], const PersonKey *key,
                     const char *text);
bool person_signature_ok(const unsigned char signature[PERSON_SIGNATURE],
                         const unsigned char public[PERSON_PUBLIC], const char *text);

#endif
