/* `screenlab keygen` and `screenlab verify-document`. Keys are made once, never over a file that is there; the private half is readable by
 * its owner only (the process's umask), and better locked with a passphrase. */
#include "commands.h"
#include "people.h"
#include "person_key.h"
#include "sign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

typedef struct Maker {
    const Settings *settings;
    const Reference *reference;
    const char *passphrase, *base; /* -o */
    Arena *arena;
} Maker;

static Status save(const Maker *m, const char *suffix, const Content *content, Note *why)
{
    return file_save_new(arena_print(m->arena, "%s%s", m->base, suffix), content->bytes,
                         content->size, why);
}

static void say(const Maker *m, const char *key, const char *value)
{
    const char *const pairs[] = {"file", m->base, "value", value, NULL};
    (void)puts(word_fill(reference_word(m->reference, m->settings->lang, key), pairs, m->arena));
}

static Status make_laboratory(const Maker *m, Note *why)
{
    Content secret, open;
    Status s = sign_make_pair(&secret, &open, m->passphrase, m->arena, why);
    if (s != OK) return s;
    s = save(m, ".key", &secret, why);
    if (s == OK) s = save(m, ".pub", &open, why);
    sodium_memzero(secret.bytes, secret.size);
    if (s == OK) say(m, "console.key.laboratory", "");
    return s;
}

static Status make_person(const Maker *m, Note *why)
{
    char public[PERSON_PUBLIC_HEX];
    Content file = {0};
    const char *person = m->settings->person != NULL ? m->settings->person : "";
    Status s = person_key_make(&file, public, person, m->passphrase, m->arena, why);
    if (s == OK) s = save(m, ".key", &file, why);
    if (file.bytes != NULL) sodium_memzero(file.bytes, file.size);
    if (s == OK) say(m, "console.key.person", public);
    return s;
}

static Status make_people(const Maker *m, Note *why)
{
    char bytes[PEOPLE_KEY];
    randombytes_buf(bytes, sizeof bytes);
    Status s = save(m, ".key", &(Content){bytes, sizeof bytes}, why);
    sodium_memzero(bytes, sizeof bytes);
    if (s == OK) say(m, "console.key.people", "");
    return s;
}

static Status make(const Maker *m, Note *why)
{
    static const struct {
        const char *kind;
        Status (*make)(const Maker *m, Note *why);
    } kinds[] = {{"laboratory", make_laboratory}, {"person", make_person}, {"people", make_people}};
    if (m->base == NULL) return note_fail(why, BAD_INPUT, "key.no_file", (Place){0}, NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, m->settings->what) == 0) return kinds[i].make(m, why);
    return note_fail(why, BAD_INPUT, "key.kind", (Place){0}, NULL);
}

static Status verify(const Maker *m, Note *why)
{
    enum { CEILING = 64 * 1024 * 1024, SIGNATURE_CEILING = 64 * 1024 };
    const char *path = m->settings->what, *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    SignKey *key = NULL;
    Content document, signature;
    if (m->settings->key == NULL)
        return note_fail(why, BAD_INPUT, "signature.no_key", (Place){0}, NULL);
    Status s = sign_open_public(&key, m->settings->key, why);
    if (s == OK) s = file_load(&document, path, CEILING, m->arena, why);
    if (s == OK)
        s = file_load(&signature, arena_print(m->arena, "%s.sig", path), SIGNATURE_CEILING,
                      m->arena, why);
    if (s == OK)
        s = sign_verify(key, &(SignedFile){name, document.bytes, document.size}, &signature, why);
    if (s == OK)
        say(&(Maker){m->settings, m->reference, NULL, name, m->arena}, "console.signature_good",
            sign_fingerprint(key));
    sign_close(key);
    return s;
}

/* Exit 0: done or good; 1: the document is not what was signed; 3: it could not be found out. */
static int with_reference(const Settings *settings, Status (*what)(const Maker *m, Note *why))
{
    Maker m = {
        .settings = settings, .base = settings->file, .arena = arena_new(settings->exhausted)};
    Note why;
    int code = EXIT_STOPPED;
    if (command_open_reference(&m.reference, settings, m.arena) &&
        command_passphrase(&m.passphrase, settings, m.reference, m.arena)) {
        Status s = what(&m, &why);
        if (s != OK) command_tell(&why, m.reference, settings->lang);
        code = s == OK ? EXIT_ALL_INTERPRETED : s == REFUSED ? EXIT_SOMETHING_LEFT : EXIT_STOPPED;
    }
    arena_free(m.arena);
    return code;
}

int command_keygen(const Settings *settings)
{
    return with_reference(settings, make);
}

int command_verify_document(const Settings *settings)
{
    return with_reference(settings, verify);
}
