#include "pipeline/sign.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[TEMPORARY], private_path[TEMPORARY + 16], public_path[TEMPORARY + 16],
    foreign_path[TEMPORARY + 16];
static Arena *arena;
static SignKey *key, *public_key, *foreign;

/* One pair of the laboratory and one of a stranger; made anew, because no private key stands in a repository. */
static void make_pair(const char *private_file, const char *public_file, const char *passphrase)
{
    Content secret, open;
    cr_assert_eq(sign_make_pair(&secret, &open, passphrase, arena, NULL), OK);
    cr_assert_eq(file_save_new(private_file, secret.bytes, secret.size, NULL), OK);
    cr_assert_eq(file_save_new(public_file, open.bytes, open.size, NULL), OK);
}

static void set_up(void)
{
    cr_assert_geq(sodium_init(), 0);
    xmlInitParser();
    temporary_folder(folder, "sign");
    (void)snprintf(private_path, sizeof private_path, "%s/lab.key", folder);
    (void)snprintf(public_path, sizeof public_path, "%s/lab.pub", folder);
    (void)snprintf(foreign_path, sizeof foreign_path, "%s/foreign.key", folder);
    arena = arena_new(NULL);
    make_pair(private_path, public_path, NULL);
    char other[TEMPORARY + 16];
    (void)snprintf(other, sizeof other, "%s/foreign.pub", folder);
    make_pair(foreign_path, other, NULL);
    cr_assert_eq(sign_open_private(&key, private_path, NULL, NULL), OK);
    cr_assert_eq(sign_open_public(&public_key, public_path, NULL), OK);
    cr_assert_eq(sign_open_private(&foreign, foreign_path, NULL, NULL), OK);
}

static void tear_down(void)
{
    sign_close(key);
    sign_close(public_key);
    sign_close(foreign);
    arena_free(arena);
}

TestSuite(sign, .init = set_up, .fini = tear_down);

static const char document[] = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>转诊单</title>"
                               "</ClinicalDocument>\n";
static const char name[] = "RN2026000001-1-C2026000001-230103-v1.xml";

static const char *verify(const char *file, const char *bytes, const char *signature)
{
    Note why = {.code = "ok"};
    const Content given = {(char *)(uintptr_t)signature, strlen(signature)};
    Status s = sign_verify(public_key, &(SignedFile){file, bytes, strlen(bytes)}, &given, &why);
    cr_expect_eq(s == OK, strcmp(why.code, "ok") == 0);
    return why.code;
}

static Content signed_by(const SignKey *by)
{
    Content signature = {0};
    Note why = {.code = ""};
    cr_assert_eq(
        sign_document(&signature, by, &(SignedFile){name, document, strlen(document)}, arena, &why),
        OK, "%s", why.code);
    return signature;
}

Test(sign, the_same_key_name_and_bytes_give_the_same_signature)
{
    const Content one = signed_by(key), two = signed_by(key);
    cr_expect_str_eq(one.bytes, two.bytes);
    cr_expect_str_eq(verify(name, document, one.bytes), "ok");
    cr_expect_str_eq(sign_fingerprint(key), sign_fingerprint(public_key));
    cr_expect_str_neq(sign_fingerprint(key), sign_fingerprint(foreign));
}

/* `from` of the signature (or, with document, of the document) becomes `to`. */
static const char *changed(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    return arena_print(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

Test(sign, whatever_is_changed_is_refused)
{
    const char *good = signed_by(key).bytes;
    const char *value = strstr(good, "<SignatureValue>") + 16;
    static const struct {
        const char *from, *to, *code;
    } documents[] =
        {
            {"<title>", "<!-- --><title>", "signature.digest"}, /* a comment */
            {"<title>", "<?x y?><title>", "signature.digest"},  /* a processing instruction */
            {"转诊单", "转诊単", "signature.digest"},           /* a byte */
            {">\n", ">", "signature.digest"},                   /* white space at the end */
        },
      signatures[] = {
          {"<Reference URI=\"RN2026000001-1", "<Reference URI=\"RN2026000002-1", "signature.form"},
          {"<Reference URI=\"RN2026000001-1", "<Reference URI=\"../RN2026000001-1",
           "signature.form"},
          {"<DigestMethod",
           "<Transforms><Transform "
           "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></Transforms><DigestMethod",
           "signature.form"},
          {"rsa-sha256", "rsa-sha1", "signature.form"},
          {"xmlenc#sha256", "xmldsig#sha1", "signature.form"},
          {"</Reference>", "</Reference><Reference URI=\"x\"/>", "signature.form"},
          {"</SignatureValue>", "</SignatureValue><KeyInfo><KeyName>x</KeyName></KeyInfo>",
           "signature.form"},
          {"<SignedInfo>", "<!-- --><SignedInfo>", "signature.form"},
          {"<?xml", "<!DOCTYPE x><?xml", "signature.form"},
          {"</Signature>\n", "</Signature>\n ", "signature.form"},
          {"<SignatureValue>", "<SignatureValue>AAAA", "signature.key"},
          {"<SignatureValue>", "<SignatureValue> ", "signature.form"},
      };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        cr_expect_str_eq(verify(name, changed(document, documents[i].from, documents[i].to), good),
                         documents[i].code, "document %zu", i);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        cr_expect_str_eq(
            verify(name, document, changed(good, signatures[i].from, signatures[i].to)),
            signatures[i].code, "signature %zu", i);
    cr_expect_str_eq(verify("RN2026000001-1-C2026000001-230103-v2.xml", document, good),
                     "signature.form", "the name is signed too");
    cr_expect_str_eq(verify(name, document, signed_by(foreign).bytes), "signature.key");
    const char *other = value[0] == 'A' ? "B" : "A";
    char *turned = arena_copy(arena, good);
    turned[value - good] = *other;
    cr_expect_str_eq(verify(name, document, turned), "signature.key", "a byte of the value");
    cr_expect_str_eq(verify(name, document, ""), "signature.form");
    cr_expect_str_eq(verify(name, "", good), "signature.digest");
}

Test(sign, a_digest_of_other_bytes_inside_a_whole_form_is_seen)
{
    const char *good = signed_by(key).bytes;
    Content other = {0};
    cr_assert_eq(sign_document(&other, key, &(SignedFile){name, "x", 1}, arena, NULL), OK);
    cr_expect_str_eq(verify(name, document, other.bytes), "signature.digest");
    const char *digest = strstr(other.bytes, "<DigestValue>");
    const char *spliced = changed(
        good, arena_copy_n(arena, strstr(good, "<DigestValue>"), 13 + 44),
        arena_copy_n(arena, digest, 13 + 44)); /* the digest of "x", the value of the document */
    Note why = {.code = "ok"};
    const Content given = {(char *)(uintptr_t)spliced, strlen(spliced)};
    cr_expect_eq(sign_verify(public_key, &(SignedFile){name, "x", 1}, &given, &why), REFUSED);
    cr_expect_str_eq(why.code, "signature.key");
}

Test(sign, a_passphrase_locks_the_private_key)
{
    char locked[TEMPORARY + 16], open[TEMPORARY + 16];
    Note why = {0};
    SignKey *opened = NULL;
    (void)snprintf(locked, sizeof locked, "%s/locked.key", folder);
    (void)snprintf(open, sizeof open, "%s/locked.pub", folder);
    make_pair(locked, open, "开门");
    cr_expect_eq(sign_open_private(&opened, locked, NULL, &why), BAD_INPUT);
    cr_expect_eq(sign_open_private(&opened, locked, "wrong", &why), BAD_INPUT);
    cr_expect_str_eq(why.code, "key.private");
    cr_assert_eq(sign_open_private(&opened, locked, "开门", &why), OK);
    sign_close(opened);
    cr_expect_eq(sign_open_public(&opened, locked, &why), BAD_INPUT);
    cr_expect_eq(sign_open_private(&opened, "/nonexistent/x.key", NULL, &why), NOT_FOUND);
    cr_expect_eq(file_save_new(locked, "x", 1, &why), REFUSED, "a key is never overwritten");
}

Test(sign, a_public_key_signs_nothing)
{
    Content signature;
    cr_expect_eq(sign_document(&signature, public_key, &(SignedFile){name, "x", 1}, arena, NULL),
                 REFUSED);
    cr_expect_eq(sign_document(&signature, key, &(SignedFile){"../x.xml", "x", 1}, arena, NULL),
                 REFUSED);
}
