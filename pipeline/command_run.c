/* `screenlab run` and `screenlab check`: a batch, for the laboratory and for the centre that is about to send it. */
#include "../reports/report.h"
#include "batch.h"
#include "check.h"
#include "commands.h"
#include "desk.h"
#include "exhausted.h"
#include "release.h"
#include "sandbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *reference_folder(const Settings *s)
{
    if (s->reference != NULL) return s->reference;
    return access("reference/MANIFEST.tsv", R_OK) == 0 ? "reference" : SCREENLAB_SHARE;
}

bool command_open_reference(const Reference **out, const Settings *settings, Arena *arena)
{
    Note why;
    Reference *reference;
    if (release_open(&reference, reference_folder(settings), settings->demo, arena, &why) != OK) {
        command_tell(&why, NULL, settings->lang);
        return false;
    }
    *out = reference;
    return true;
}

bool command_confine(const Settings *settings, const Reference *reference)
{
    Note why;
    if (settings->unconfined || sandbox_start(reference, &why) == OK) return true;
    command_tell(&why, reference, settings->lang);
    return false;
}

bool command_now(Instant *out, const Settings *settings, const Reference *reference)
{
    if (settings->now == NULL) {
        *out = (Instant)time(NULL);
        return true;
    }
    if (instant_parse(out, settings->now, reference_offset_minutes(reference))) return true;
    (void)fputs("screenlab: --now is no time like 2026-11-23T08:30:00+08:00\n", stderr);
    return false;
}

/* The words are in the reference, and it is the reference that cannot be opened. */
static void tell_reference(const Note *note, Lang lang)
{
    const char *words =
        lang == LANG_EN ? "the reference cannot be opened. Check --reference; after a change of "
                          "a table run reference/seal.sh"
                        : "参考表无法打开。请核对 --reference 的路径；改动过参考表的，请运行 "
                          "reference/seal.sh 后再试";
    (void)fprintf(stderr, "screenlab: %s%s%s%s%s (%s)\n", note->file, note->file[0] ? ": " : "",
                  words, note->field[0] ? ": " : "", note->field, note->code);
}

void command_tell(const Note *note, const Reference *reference, Lang lang)
{
    Arena *arena = arena_new(exhausted);
    if (reference != NULL)
        (void)fprintf(stderr, "screenlab: %s\n", report_note(note, reference, lang, arena));
    else
        tell_reference(note, lang);
    arena_free(arena);
}

static const char *say(const Reference *reference, Lang lang, const char *key,
                       const char *const *pairs, Arena *arena)
{
    return word_fill(reference_word(reference, lang, key), pairs, arena);
}

static const char *number(int64_t n, Arena *arena)
{
    return arena_print(arena, "%" PRId64, n);
}

static void tell_result(const BatchResult *r, const Settings *s, const Reference *reference,
                        Arena *arena)
{
    const char *const pairs[] = {"batch",
                                 r->name,
                                 "cases",
                                 number((int64_t)r->n_visited, arena),
                                 "interpreted",
                                 number(r->tally.interpreted, arena),
                                 "not_interpretable",
                                 number(r->tally.not_interpretable, arena),
                                 "awaiting",
                                 number(r->tally.awaiting, arena),
                                 "replaced",
                                 number(r->tally.replaced, arena),
                                 "rejected",
                                 number(r->tally.rejected, arena),
                                 "restored",
                                 number((int64_t)r->n_restored, arena),
                                 "out",
                                 s->out,
                                 NULL};
    if (r->nothing_to_do)
        (void)puts(say(reference, s->lang, "console.nothing_to_do", pairs, arena));
    if (r->n_restored > 0) (void)puts(say(reference, s->lang, "console.restored", pairs, arena));
    (void)puts(say(reference, s->lang, "console.tally", pairs, arena));
    if (s->documents)
        (void)puts(say(reference, s->lang, r->unwritten ? "console.unwritten" : "console.where",
                       pairs, arena));
}

/* With the laboratory's key at hand, what a row of release.tsv allows leaves at once; the rest waits for two persons. */
static bool release_by_policy(const BatchResult *result, const BatchOptions *options,
                              const Settings *s, Arena *arena)
{
    Desk desk = {.reference = options->reference,
                 .ledger = options->ledger,
                 .out = options->out,
                 .now = options->now,
                 .arena = arena};
    SignKey *key = NULL;
    const char *passphrase;
    size_t released = 0;
    Note why;
    if (s->key == NULL || !options->documents) return true;
    if (!command_passphrase(&passphrase, s, options->reference, arena)) return false;
    Status status = sign_open_private(&key, s->key, passphrase, &why);
    if (status == OK && s->people_key != NULL)
        status = people_open(&desk.people, options->ledger, s->people_key, &why);
    desk.key = key;
    if (status == OK) status = desk_automatic(&released, &desk, result->name, &why);
    people_close(desk.people);
    sign_close(key);
    const char *const pairs[] = {"n", number((int64_t)released, arena), "out", s->out, NULL};
    if (status == OK)
        (void)puts(say(options->reference, s->lang, "console.released", pairs, arena));
    else
        command_tell(&why, options->reference, s->lang);
    return status == OK;
}

static int run_batch(const Settings *s, const Reference *reference, Ledger *ledger, Arena *arena)
{
    BatchOptions options = {.path = s->what,
                            .reference = reference,
                            .ledger = ledger,
                            .out = s->out,
                            .threads = s->threads,
                            .lang = s->lang,
                            .documents = s->documents,
                            .reissue = s->reissue,
                            .exhausted = s->exhausted};
    BatchResult result;
    Note why;
    if (!command_now(&options.now, s, reference)) return EXIT_USAGE;
    if (batch_run(&result, &options, arena, &why) != OK) {
        command_tell(&why, reference, s->lang);
        return EXIT_STOPPED;
    }
    tell_result(&result, s, reference, arena);
    if (!release_by_policy(&result, &options, s, arena)) return EXIT_STOPPED;
    return result.tally.rejected + result.tally.not_interpretable > 0 ? EXIT_SOMETHING_LEFT
                                                                      : EXIT_ALL_INTERPRETED;
}

int command_run(const Settings *settings)
{
    Arena *arena = arena_new(settings->exhausted);
    const Reference *reference;
    Ledger *ledger = NULL;
    Note why;
    int code = EXIT_STOPPED;
    if (command_open_reference(&reference, settings, arena) &&
        command_confine(settings, reference)) {
        if (ledger_open(&ledger, settings->ledger, LEDGER_WRITE, &why) == OK)
            code = run_batch(settings, reference, ledger, arena);
        else
            command_tell(&why, reference, settings->lang);
    }
    ledger_close(ledger);
    sandbox_stop();
    arena_free(arena);
    return code;
}

int command_check(const Settings *settings)
{
    Arena *arena = arena_new(settings->exhausted);
    const Reference *reference;
    Instant now;
    int code = EXIT_STOPPED;
    if (command_open_reference(&reference, settings, arena) && command_confine(settings, reference))
        code = command_now(&now, settings, reference)
                   ? check_run(settings->what, reference, now, settings->lang, arena)
                   : EXIT_USAGE;
    sandbox_stop();
    arena_free(arena);
    return code;
}
