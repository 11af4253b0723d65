/* `screenlab reference`: which tables a release holds, and whether they can be used. Opening a
 * release already proves its checksums, the form of its tables and that every decision table is
 * complete; what is left to prove is that an assay finds its tables and that every code triage uses
 * has words in both languages. */
#include "../lab/assays/assay.h"
#include "../lab/triage.h"
#include "commands.h"

#include <stdio.h>
#include <string.h>

static int list(const Reference *reference)
{
    (void)printf("release %s\n", reference_release(reference));
    for (size_t i = 0; i < reference_size(reference); i++) {
        const TableInfo *t = &reference_at(reference, i)->info;
        (void)printf("%-32s %-8s %-12s %-10s %.12s  %s\n", t->name, t->version, t->valid_from,
                     t->status, t->sha256, t->source);
    }
    return EXIT_ALL_INTERPRETED;
}

static size_t tell(const char *what, const char *name, const char *why)
{
    (void)printf("WRONG  %s %s: %s\n", what, name, why);
    return 1;
}

static size_t check_words(const Reference *reference, const Table *t, const char *column,
                          const char *kind, Arena *arena)
{
    size_t wrong = 0;
    int at = table_column(t, column);
    for (size_t r = 0; r < t->n_rows && at >= 0; r++) {
        const char *code = table_cell(t, r, at);
        const char *key = arena_print(arena, "%s.%s", kind, code);
        bool is_code =
            code[0] != '\0' && strpbrk(code, "*!|-") != code && strchr(code, '|') == NULL;
        if (is_code && !reference_has_word(reference, key))
            wrong += tell("wording.tsv", key, "no row");
    }
    return wrong;
}

static size_t check_triage(const Reference *reference, Arena *arena)
{
    static const struct {
        const char *column, *kind;
    } words[] = {{"in:code", "finding"},
                 {"out:department", "department"},
                 {"out:capability", "capability"},
                 {"out:urgency", "urgency"},
                 {"out:wording", "action"}};
    const Table *t = reference_table(reference, "triage");
    Note why;
    size_t wrong = 0;
    if (t == NULL) return tell("table", "triage", "absent");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        wrong += check_words(reference, t, words[i].column, words[i].kind, arena);
    if (triage_ready(reference, &why) != OK) wrong += tell("triage", why.field, why.code);
    return wrong;
}

static size_t check_assays(const Reference *reference)
{
    size_t wrong = 0;
    for (size_t a = 0; assays[a] != NULL; a++)
        for (size_t i = 0; assays[a]->tables != NULL && assays[a]->tables[i] != NULL; i++)
            if (reference_table(reference, assays[a]->tables[i]) == NULL)
                wrong += tell(assays[a]->code, assays[a]->tables[i], "table is absent");
    return wrong;
}

static int verify(const Reference *reference, Arena *arena)
{
    size_t wrong = check_triage(reference, arena) + check_assays(reference);
    (void)printf("%zu tables open with the checksums of the MANIFEST, %zu faults\n",
                 reference_size(reference), wrong);
    return wrong == 0 ? EXIT_ALL_INTERPRETED : EXIT_SOMETHING_LEFT;
}

int command_reference(const Settings *settings)
{
    bool lists = strcmp(settings->what, "list") == 0;
    if (!lists && strcmp(settings->what, "verify") != 0) {
        (void)fputs("screenlab: reference list, or reference verify\n", stderr);
        return EXIT_USAGE;
    }
    Arena *arena = arena_new(settings->exhausted);
    const Reference *reference;
    int code = EXIT_STOPPED;
    if (command_open_reference(&reference, settings, arena))
        code = lists ? list(reference) : verify(reference, arena);
    arena_free(arena);
    return code;
}
