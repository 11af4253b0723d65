/* A document that leaves must prove that it is the laboratory's and that no byte was changed, with tools that the receiver has.
 *
 * Method: XML Signature (W3C, 2008), detached, one Reference whose URI is the file's name, no transform, so that the raw
 * bytes are signed: with a canonicalising transform an inserted comment would go unseen. RSA-3072 (PKCS#1 v1.5) with SHA-256, because it
 * is deterministic: twins must stay byte-identical. The engine is xmlsec1 on OpenSSL; this file owns both.
 *
 * Verification does not ask the signature file how it wants to be verified. There is exactly one form: the text is built again
 * from the file's name, the digest of its bytes and the value found, and must be the same to the byte. So key, algorithm, URI and
 * the number of references are pinned by construction, a KeyInfo cannot bring a key along, and the only part that is taken from the file is
 * a number in base64. xmlsec then checks that number with the key that the caller trusts. The URI is answered from memory: no name
 * that a signature holds is ever opened as a file or fetched. */
#include "sign.h"
#include "exhausted.h"

#include "xml.h"

#include <libxml/tree.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <xmlsec/app.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

enum { SIGNATURE_CEILING = 16 * 1024, KEY_CEILING = 64 * 1024, BASE64_DIGEST = 48 };

struct SignKey {
    EVP_PKEY *pair;
    bool is_private;
    char fingerprint[SHA256_HEX];
};

/* ---- the library ---- */

/* What the one Reference of the signature at hand means: xmlsec asks for it by name. */
static struct {
    const char *name;
    const char *bytes;
    size_t size, at;
} referenced;

static int is_referenced(const char *uri)
{
    return referenced.name != NULL && strcmp(uri, referenced.name) == 0;
}

static void *open_referenced(const char *uri)
{
    referenced.at = 0;
    return is_referenced(uri) ? &referenced : NULL;
}

static int read_referenced(void *context, char *buffer, int room)
{
    (void)context;
    size_t left = referenced.size - referenced.at, n = (size_t)room < left ? (size_t)room : left;
    memcpy(buffer, referenced.bytes + referenced.at, n);
    referenced.at += n;
    return (int)n;
}

static int close_referenced(void *context)
{
    (void)context;
    return 0;
}

/* Once; the library's own ways to files and the network are taken out first. */
static bool start_library(void)
{
    static bool started, works;
    if (started) return works;
    started = true;
    works = xmlSecInit() >= 0 && xmlSecCryptoAppInit(NULL) >= 0 && xmlSecCryptoInit() >= 0;
    xmlSecErrorsDefaultCallbackEnableOutput(0); /* our own words */
    xmlSecIOCleanupCallbacks();
    works = works && xmlSecIORegisterCallbacks(is_referenced, open_referenced, read_referenced,
                                               close_referenced) >= 0;
    return works;
}

/* ---- keys ---- */

typedef struct Passphrase {
    const char *text; /* NULL = none */
} Passphrase;

static int give_passphrase(char *buffer, int room, int writing, void *context)
{
    const Passphrase *phrase = context;
    (void)writing;
    size_t n = phrase->text != NULL ? strlen(phrase->text) : 0;
    if (n == 0 || n > (size_t)room) return -1; /* never ask at the terminal */
    for (size_t i = 0; i < n; i++)             /* bytes, not a string: the library counts them */
        buffer[i] = phrase->text[i];
    return (int)n;
}

static bool take_bytes(Content *out, BIO *bio, Arena *arena)
{
    char *bytes;
    long n = BIO_get_mem_data(bio, &bytes);
    if (n <= 0) return false;
    *out = (Content){arena_copy_n(arena, bytes, (size_t)n), (size_t)n};
    return true;
}

Status sign_make_pair(Content *private_pem, Content *public_pem, const char *passphrase,
                      Arena *arena, Note *why)
{
    EVP_PKEY *pair = EVP_RSA_gen(SIGN_BITS);
    BIO *secret = BIO_new(BIO_s_mem()), *public = BIO_new(BIO_s_mem());
    const EVP_CIPHER *cipher = passphrase != NULL ? EVP_aes_256_cbc() : NULL;
    Passphrase phrase = {passphrase};
    bool made = pair != NULL && secret != NULL && public != NULL &&
                PEM_write_bio_PKCS8PrivateKey(secret, pair, cipher, NULL, 0, give_passphrase,
                                              &phrase) == 1 &&
                PEM_write_bio_PUBKEY(public, pair) == 1 && take_bytes(private_pem, secret, arena) &&
                take_bytes(public_pem, public, arena);
    BIO_free(secret);
    BIO_free(public);
    EVP_PKEY_free(pair);
    return made ? OK : note_fail(why, IO_FAILED, "key.make", (Place){0}, NULL);
}

static bool set_fingerprint(SignKey *key)
{
    unsigned char *der = NULL;
    int n = i2d_PUBKEY(key->pair, &der);
    if (n <= 0) return false;
    bytes_sha256(key->fingerprint, der, (size_t)n);
    OPENSSL_free(der);
    return true;
}

static EVP_PKEY *read_pem(const Content *pem, bool is_private, const char *passphrase)
{
    BIO *bio = BIO_new_mem_buf(pem->bytes, (int)pem->size);
    if (bio == NULL) return NULL;
    Passphrase phrase = {passphrase};
    EVP_PKEY *pair = is_private ? PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &phrase)
                                : PEM_read_bio_PUBKEY(bio, NULL, give_passphrase, &phrase);
    BIO_free(bio);
    return pair;
}

/* Takes over the pair, whatever comes of it. */
static Status adopt(SignKey **out, EVP_PKEY *pair, bool is_private, Place place, Note *why)
{
    SignKey *key = calloc(1, sizeof *key);
    if (key == NULL) {
        EVP_PKEY_free(pair);
        return note_fail(why, IO_FAILED, "signature.engine", place, NULL);
    }
    *key = (SignKey){.pair = pair, .is_private = is_private};
    Status s = OK;
    if (EVP_PKEY_get_base_id(pair) != EVP_PKEY_RSA || EVP_PKEY_get_bits(pair) < SIGN_BITS ||
        !set_fingerprint(key))
        s = note_fail(why, REFUSED, "key.weak", place, NULL);
    else if (!start_library())
        s = note_fail(why, IO_FAILED, "signature.engine", place, NULL);
    if (s == OK)
        *out = key;
    else
        sign_close(key);
    return s;
}

static Status open_key(SignKey **out, const char *path, bool is_private, const char *passphrase,
                       Note *why)
{
    Place place = {.file = path};
    Arena *arena = arena_new(exhausted);
    Content pem = {0};
    Status s = file_load(&pem, path, KEY_CEILING, arena, why);
    if (s == OK) {
        EVP_PKEY *pair = read_pem(&pem, is_private, passphrase);
        sodium_memzero(pem.bytes, pem.size);
        s = pair != NULL
                ? adopt(out, pair, is_private, place, why)
                : note_fail(why, BAD_INPUT, is_private ? "key.private" : "key.public", place, NULL);
    }
    arena_free(arena);
    return s;
}

Status sign_open_private(SignKey **out, const char *path, const char *passphrase, Note *why)
{
    return open_key(out, path, true, passphrase, why);
}

Status sign_open_public(SignKey **out, const char *path, Note *why)
{
    return open_key(out, path, false, NULL, why);
}

void sign_close(SignKey *key)
{
    if (key == NULL) return;
    EVP_PKEY_free(key->pair);
    free(key);
}

const char *sign_fingerprint(const SignKey *key)
{
    return key->fingerprint;
}

/* ---- the one form ---- */

static const char *signature_text(const char *name, const char *digest, const char *value,
                                  Arena *arena)
{
    return arena_print(
        arena,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\n"
        "<SignedInfo>\n"
        "<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>\n"
        "<SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\n"
        "<Reference URI=\"%s\">\n"
        "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\n"
        "<DigestValue>%s</DigestValue>\n"
        "</Reference>\n"
        "</SignedInfo>\n"
        "<SignatureValue>%s</SignatureValue>\n"
        "</Signature>\n",
        name, digest, value);
}

static void digest_of(char out[BASE64_DIGEST], const SignedFile *file)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, file->bytes, file->size);
    (void)sodium_bin2base64(out, BASE64_DIGEST, digest, sizeof digest,
                            sodium_base64_VARIANT_ORIGINAL);
}

/* The text between the only <element> and </element>; NULL = not there, or no base64 without blanks. */
static const char *value_in(const char *text, const char *element, Arena *arena)
{
    const char *open = arena_print(arena, "<%s>", element);
    const char *at = strstr(text, open);
    if (at == NULL || strstr(at + 1, open) != NULL) return NULL;
    at += strlen(open);
    size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
    return n > 0 && at[n] == '<' ? arena_copy_n(arena, at, n) : NULL;
}

/* xmlsec folds base64 to lines. */
static const char *unfolded(const xmlNode *node, Arena *arena)
{
    xmlChar *content = node != NULL ? xmlNodeGetContent(node) : NULL;
    const char *from = content != NULL ? (const char *)content : "";
    char *to = arena_copy(arena, from);
    size_t n = 0;
    for (; *from != '\0'; from++)
        if (strchr(" \t\r\n", *from) == NULL) to[n++] = *from;
    to[n] = '\0';
    xmlFree(content);
    return to;
}

typedef enum Deed { DEED_SIGN, DEED_VERIFY } Deed;

static xmlSecKey *engine_key(const SignKey *key)
{
    EVP_PKEY *pair = key->pair;
    if (EVP_PKEY_up_ref(pair) != 1) return NULL;
    xmlSecKeyData *data = xmlSecOpenSSLEvpKeyAdopt(pair);
    xmlSecKey *out = data != NULL ? xmlSecKeyCreate() : NULL;
    if (out != NULL && xmlSecKeySetValue(out, data) == 0) return out;
    xmlSecKeyDestroy(out);
    if (data != NULL)
        xmlSecKeyDataDestroy(data);
    else
        EVP_PKEY_free(pair);
    return NULL;
}

/* Runs the engine over the tree of a text of the one form, with this key and no other. */
static bool run_engine(xmlDoc *doc, const SignKey *key, Deed deed)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlSecDSigCtx *context = xmlSecDSigCtxCreate(NULL);
    bool good = false;
    if (root != NULL && context != NULL && (context->signKey = engine_key(key)) != NULL) {
        context->enabledReferenceUris = xmlSecTransformUriTypeRemote; /* answered from memory */
        good = deed == DEED_SIGN ? xmlSecDSigCtxSign(context, root) >= 0
                                 : xmlSecDSigCtxVerify(context, root) >= 0 &&
                                       context->status == xmlSecDSigStatusSucceeded;
    }
    if (context != NULL) xmlSecDSigCtxDestroy(context);
    return good;
}

/* `value` "" to sign: then *signed_value is what the engine computed. */
static Status with_engine(const char **signed_value, const SignKey *key, const char *text,
                          Deed deed, Arena *arena, Note *why)
{
    Place place = {.file = referenced.name};
    xmlDoc *doc = NULL;
    Status s = xml_tree(&doc, text, strlen(text), place, why);
    if (s != OK) return s;
    if (!run_engine(doc, key, deed))
        s = note_fail(why, REFUSED, deed == DEED_SIGN ? "signature.engine" : "signature.key", place,
                      NULL);
    if (s == OK && deed == DEED_SIGN)
        *signed_value = unfolded(
            xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeSignatureValue, xmlSecDSigNs),
            arena);
    xmlFreeDoc(doc);
    return s;
}

/* NULL: nothing is referred to any more. */
static void refer(const SignedFile *file)
{
    referenced.name = file != NULL ? file->name : NULL;
    referenced.bytes = file != NULL ? file->bytes : NULL;
    referenced.size = file != NULL ? file->size : 0;
    referenced.at = 0;
}

Status sign_document(Content *signature, const SignKey *key, const SignedFile *file, Arena *arena,
                     Note *why)
{
    char digest[BASE64_DIGEST];
    const char *value = "";
    if (!key->is_private || !file_name_ok(file->name))
        return note_fail(why, REFUSED, "signature.engine", (Place){.file = file->name}, NULL);
    digest_of(digest, file);
    refer(file);
    const char *empty = signature_text(file->name, digest, "", arena);
    Status s = with_engine(&value, key, empty, DEED_SIGN, arena, why);
    refer(NULL);
    if (s != OK) return s;
    const char *text = signature_text(file->name, digest, value, arena);
    *signature = (Content){arena_copy(arena, text), strlen(text)};
    return sign_verify(key, file, signature, why); /* what is given out verifies */
}

/* Which part is wrong; NULL = the text is of the one form and names these bytes. */
static const char *form_fault(const SignedFile *file, const Content *signature, Arena *arena)
{
    char digest[BASE64_DIGEST];
    if (signature->size > SIGNATURE_CEILING || strlen(signature->bytes) != signature->size ||
        !file_name_ok(file->name))
        return "signature.form";
    const char *value = value_in(signature->bytes, "SignatureValue", arena);
    const char *told = value_in(signature->bytes, "DigestValue", arena);
    if (value == NULL || told == NULL) return "signature.form";
    if (strcmp(signature->bytes, signature_text(file->name, told, value, arena)) != 0)
        return "signature.form";
    digest_of(digest, file);
    return strcmp(told, digest) == 0 ? NULL : "signature.digest";
}

Status sign_verify(const SignKey *key, const SignedFile *file, const Content *signature, Note *why)
{
    Arena *arena = arena_new(exhausted);
    const char *fault = form_fault(file, signature, arena);
    Status s = OK;
    if (fault != NULL)
        s = note_fail(why, REFUSED, fault, (Place){.file = file->name}, NULL);
    else {
        refer(file);
        s = with_engine(NULL, key, signature->bytes, DEED_VERIFY, arena, why);
        refer(NULL);
    }
    arena_free(arena);
    return s;
}
