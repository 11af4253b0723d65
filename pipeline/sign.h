/* sign - the laboratory's signature beside a released document: detached XML-DSig over the file's raw bytes.
 *
 *     SignKey *key;
 *     Status s = sign_open_private(&key, "lab.key", passphrase, &why);
 *     const SignedFile file = {"RN2026000001-1-...-v1.xml", bytes, size};
 *     s = sign_document(&signature, key, &file, arena, &why);
 *     ...                                     // NAME.xml and NAME.xml.sig stand side by side
 *     s = sign_verify(public, &file, &signature, &why);
 *     sign_close(key);
 *
 * The same key, name and bytes give the same signature (RSA-3072, PKCS#1 v1.5, SHA-256). Anybody can check it:
 *     xmlsec1 --verify --pubkey-pem lab.pub NAME.xml.sig       (in the folder of both files) */
#ifndef SCREENLAB_SIGN_H
#define SCREENLAB_SIGN_H

#include "file.h"

typedef struct SignKey SignKey;

enum { SIGN_BITS = 3072 };

/* A new pair as PEM texts. With a passphrase the private one is encrypted (PKCS#8, AES-256); NULL = in clear. IO_FAILED. */
Status sign_make_pair(Content *private_pem, Content *public_pem, const char *passphrase,
                      Arena *arena, Note *why) MUST_USE;
/* RSA of SIGN_BITS or more, nothing else: REFUSED. NOT_FOUND, BAD_INPUT (no PEM, or a wrong passphrase). */
Status sign_open_private(SignKey **out, const char *path, const char *passphrase,
                         Note *why) MUST_USE;
Status sign_open_public(SignKey **out, const char *path, Note *why) MUST_USE;
void sign_close(SignKey *key); /* NULL is fine */
/* SHA-256 of the public key (SubjectPublicKeyInfo, DER), in hex. */
const char *sign_fingerprint(const SignKey *key);

typedef struct SignedFile {
    const char *name; /* without folder: it is what the signature refers to */
    const void *bytes;
    size_t size;
} SignedFile;

/* What stands in the file NAME.sig beside the file NAME. */
Status sign_document(Content *signature, const SignKey *key, const SignedFile *file, Arena *arena,
                     Note *why) MUST_USE;
/* REFUSED "signature.form": not the one form that we write (another algorithm, another name, two references, a transform, a comment,
 * a key of its own ...); "signature.digest": the document is not the one that was signed; "signature.key": not
 * signed with this key. */
Status sign_verify(const SignKey *key, const SignedFile *file, const Content *signature,
                   Note *why) MUST_USE;

#endif
