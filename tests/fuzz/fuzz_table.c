/* The loader of reference tables. The first byte says what the rest is: '0' any table; '1' a decision table, its domains before a line "=="; '2' the
 * table that the first line names, put in the place of the real one into the whole release, examples too, so that wording, centres, rules and the models of all
 * assays are made of it; '3' a MANIFEST beside two tables. Whatever comes: no crash, one Note that says what. */
#include "mutators.h"

#include "../../lab/reference.h"
#include "../../pipeline/file.h"
#include "../../pipeline/release.h"
#include "../temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_TABLES = 512, MOST_BYTES = 8 * 1024 * 1024 };

static const Table *real[MOST_TABLES];
static size_t n_real;

static void demand(bool holds)
{
    if (!holds) abort();
}

static Status parse(Table **out, const char *bytes, size_t size, Arena *arena, Note *why)
{
    const TableInfo info = {.name = "fuzz",
                            .path = "fuzz.tsv",
                            .version = "1",
                            .valid_from = "2026-01-01",
                            .source = "s",
                            .sha256 = "",
                            .status = "local"};
    Status s = table_parse(out, &info, bytes, size, arena, why);
    demand(s == OK || why->code != NULL);
    return s;
}

static void any_table(const char *bytes, size_t size, Arena *arena)
{
    Table *t;
    Note why = {0};
    if (parse(&t, bytes, size, arena, &why) != OK) return;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++) {
            double number;
            demand(table_cell(t, r, (int)c) != NULL);
            (void)table_number(t, r, (int)c, &number);
        }
    for (size_t r = 0; r < t->n_rows; r++)
        demand(table_find(t, table_cell(t, r, 0)) >= 0);
}

static void rules(const char *bytes, size_t size, Arena *arena)
{
    static const char mark[] = "\n==\n";
    const char *text = arena_copy_n(arena, bytes, size), *cut = strstr(text, mark);
    Table *domains, *table;
    Rules *compiled;
    Note why = {0};
    if (cut == NULL || parse(&domains, text, (size_t)(cut - text) + 1, arena, &why) != OK) return;
    if (parse(&table, cut + 4, strlen(cut + 4), arena, &why) != OK) return;
    if (decide_compile(&compiled, table, domains, arena, &why) != OK) {
        demand(why.code != NULL);
        return;
    }
    const char *values[DECIDE_INPUTS];
    for (size_t i = 0; i < DECIDE_INPUTS; i++)
        values[i] = "";
    const Decision d = decide(compiled, values);
    demand(d.row < (long)table->n_rows && decide_row(compiled, d) != NULL);
    demand(decide_output(compiled, d, "c") != NULL && decide_table(compiled) == table);
    for (size_t i = 0; i < decide_inputs(compiled); i++)
        demand(decide_input_name(compiled, i)[0] != '\0');
}

static void load_real(void)
{
    static Arena *kept;
    Note why;
    Reference *r;
    kept = arena_new(NULL);
    demand(release_open(&r, "reference", true, kept, &why) == OK);
    for (size_t i = 0; i < reference_size(r) && n_real < MOST_TABLES; i++)
        real[n_real++] = reference_at(r, i);
}

/* Only names of real tables: another one is not read by anybody. */
static void in_release(const char *bytes, size_t size, Arena *arena)
{
    const char *text = arena_copy_n(arena, bytes, size), *line = strchr(text, '\n');
    Note why = {0};
    Table *table;
    if (n_real == 0) load_real();
    if (line == NULL) return;
    const char *name = arena_copy_n(arena, text, (size_t)(line - text));
    size_t at = 0;
    while (at < n_real && strcmp(real[at]->info.name, name) != 0)
        at++;
    if (at == n_real) return;
    const TableInfo info = real[at]->info;
    if (table_parse(&table, &info, line + 1, strlen(line + 1), arena, &why) != OK) return;
    Reference *r = reference_new(arena, "fuzz", true);
    Status s = OK;
    for (size_t i = 0; i < n_real && s == OK; i++) {
        Table *copy = arena_alloc(arena, sizeof *copy);
        *copy = i == at ? *table : *real[i];
        s = reference_add(r, copy, &why);
    }
    if (s == OK) s = reference_finish(r, &why);
    demand(s == OK || why.code != NULL);
}

static void put(int folder, const char *name, const char *bytes, size_t size)
{
    Note why;
    demand(file_write(folder, name, bytes, size, &why) == OK);
}

static void put_text(int folder, const char *name, const char *text)
{
    put(folder, name, text, strlen(text));
}

static void manifest(const char *bytes, size_t size, Arena *arena)
{
    static char path[TEMPORARY];
    static int folder = -1;
    Note why = {0};
    Reference *r;
    if (folder < 0) {
        temporary_folder(path, "table");
        demand(file_open_folder(&folder, path, &why) == OK);
        put_text(folder, "site.tsv", "key\tvalue\tsource\nutc_offset_minutes\t480\ts\n");
        put_text(folder, "wording.tsv", "key\tzh\ten\na\tb\tc\n");
    }
    put(folder, "MANIFEST.tsv", bytes, size);
    for (int demo = 0; demo < 2; demo++)
        demand(release_open(&r, path, demo == 1, arena, &why) == OK || why.code != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > MOST_BYTES) return 0;
    Arena *arena = arena_new(NULL);
    const char *rest = (const char *)data + 1;
    if (data[0] == '1')
        rules(rest, size - 1, arena);
    else if (data[0] == '2')
        in_release(rest, size - 1, arena);
    else if (data[0] == '3')
        manifest(rest, size - 1, arena);
    else
        any_table(rest, size - 1, arena);
    arena_free(arena);
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    return seed % 3 == 0 || size < 2 ? LLVMFuzzerMutate(data, size, capacity)
                                     : 1 + pieces_mutate(data + 1, size - 1, capacity - 1, seed,
                                                         seed % 3 == 1 ? "\t\n" : "\n");
}
#endif
