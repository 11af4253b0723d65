/* A signature file: any bytes, beside a document that was really signed. Nothing but the genuine text may be accepted, whatever stands
 * around it, and no name in it is ever opened. */
#include "../../pipeline/sign.h"

#include <libxml/parser.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Fixture {
    Arena *arena;
    SignKey *key;
    Content genuine;
} Fixture;

static const SignedFile document = {"RN2026000001-1-C2026000001-230103-v1.xml",
                                    "<ClinicalDocument/>\n", 20};

static void demand(bool holds)
{
    if (!holds) abort();
}

/* Replay and fuzzer run from the root of the repository. */
static const Fixture *fixture(void)
{
    static Fixture x;
    if (x.arena != NULL) return &x;
    demand(sodium_init() >= 0);
    xmlInitParser();
    x.arena = arena_new(NULL);
    demand(sign_open_private(&x.key, "tests/demo/keys/laboratory.key", NULL, NULL) == OK);
    demand(sign_document(&x.genuine, x.key, &document, x.arena, NULL) == OK);
    return &x;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const Fixture *x = fixture();
    Arena *arena = arena_new(NULL);
    const Content given = {arena_copy_n(arena, (const char *)data, size), size};
    bool same =
        size == x->genuine.size && memcmp(given.bytes, x->genuine.bytes, x->genuine.size) == 0;
    Note why = {.code = ""};
    demand((sign_verify(x->key, &document, &given, &why) == OK) == same);
    arena_free(arena);
    return 0;
}
