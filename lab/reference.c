#include "reference.h"

#include "assays/assay.h"

#include <stdint.h>
#include <string.h>

enum { MOST_TABLES = 256, MOST_ASSAYS = 64 };

struct Reference {
    Arena *arena;
    const char *release;
    bool demo;
    const Table *tables[MOST_TABLES];
    uint32_t
        marks[MOST_TABLES]; /* of their names: a search looks at no table but the one it finds */
    size_t n_tables;
    const Table *wording;
    int word_columns[2]; /* by Lang */
    Centres *centres;
    int offset_minutes;
    const Rules *rules[MOST_TABLES]; /* by table; NULL = not a decision table */
    const void *models[MOST_ASSAYS];
};

Reference *reference_new(Arena *arena, const char *release, bool demo)
{
    Reference *r = arena_alloc(arena, sizeof *r);
    r->arena = arena;
    r->release = arena_copy(arena, release);
    r->demo = demo;
    return r;
}

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo). */
static uint32_t mark_of(const char *name)
{
    uint32_t mark = 2166136261U;
    for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++)
        mark = (mark ^ *p) * 16777619U;
    return mark;
}

/* n_tables = there is none of that name. */
static size_t index_of(const Reference *r, const char *name)
{
    const uint32_t mark = mark_of(name);
    size_t i = 0;
    while (i < r->n_tables && (r->marks[i] != mark || strcmp(r->tables[i]->info.name, name) != 0))
        i++;
    return i;
}

static bool is_example(const Table *t)
{
    return strcmp(t->info.status, "example") == 0;
}

Status reference_add(Reference *reference, Table *table, Note *why)
{
    const size_t i = index_of(reference, table->info.name);
    if (i < reference->n_tables) {
        const Table *other = reference->tables[i];
        if (is_example(other) || !is_example(table))
            return note_fail(why, BAD_INPUT, "table.twice", (Place){.file = table->info.path},
                             NULL);
        Table *joined;
        Status s = table_append_examples(&joined, other, table, reference->arena, why);
        if (s == OK) reference->tables[i] = joined;
        return s;
    }
    if (reference->n_tables == MOST_TABLES)
        return note_fail(why, TOO_LARGE, "table.many", (Place){.file = table->info.path}, NULL);
    reference->marks[reference->n_tables] = mark_of(table->info.name);
    reference->tables[reference->n_tables++] = table;
    return OK;
}

static Status need(const Table **out, const Reference *r, const char *name, Note *why)
{
    *out = reference_table(r, name);
    if (*out == NULL) return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = name}, NULL);
    return OK;
}

static Status finish_wording(Reference *r, Note *why)
{
    Status s = need(&r->wording, r, "wording", why);
    if (s != OK) return s;
    r->word_columns[LANG_ZH] = table_column(r->wording, "zh");
    r->word_columns[LANG_EN] = table_column(r->wording, "en");
    if (r->word_columns[LANG_ZH] < 0 || r->word_columns[LANG_EN] < 0)
        return note_fail(why, BAD_INPUT, "table.columns", (Place){.file = "wording", .field = "zh"},
                         NULL);
    return OK;
}

static Status finish_site(Reference *r, Note *why)
{
    const Table *site;
    Status s = need(&site, r, "site", why);
    if (s != OK) return s;
    long row = table_find(site, "utc_offset_minutes");
    double offset;
    if (row < 0 || !table_number(site, (size_t)row, table_column(site, "value"), &offset) ||
        offset < -840 || offset > 840)
        return note_fail(why, BAD_INPUT, "site.offset",
                         (Place){.file = site->info.path, .field = "utc_offset_minutes"}, NULL);
    r->offset_minutes = (int)offset;
    return OK;
}

static bool decides(const Table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strncmp(t->columns[i], "in:", 3) == 0) return true;
    return false;
}

static Status finish_rules(Reference *r, Note *why)
{
    const Table *domains;
    Status s = need(&domains, r, "domains", why);
    for (size_t i = 0; s == OK && i < r->n_tables; i++) {
        if (!decides(r->tables[i])) continue;
        Rules *rules;
        s = decide_compile(&rules, r->tables[i], domains, r->arena, why);
        if (s == OK) r->rules[i] = rules;
    }
    return s;
}

/* An assay whose tables are not all there stays without a model: who wants it is told at the start of a run. */
static Status prepare_assay(Reference *r, size_t index, Note *why)
{
    const Assay *a = assays[index];
    for (size_t i = 0; a->tables[i] != NULL; i++)
        if (reference_table(r, a->tables[i]) == NULL) return OK;
    return a->prepare ? a->prepare(&r->models[index], r, r->arena, why) : OK;
}

Status reference_finish(Reference *reference, Note *why)
{
    Status s = finish_wording(reference, why);
    if (s == OK) s = finish_site(reference, why);
    const Table *centres = NULL;
    if (s == OK) s = need(&centres, reference, "centres", why);
    if (s == OK) s = centres_parse(&reference->centres, centres, reference->arena, why);
    if (s == OK) s = finish_rules(reference, why);
    for (size_t i = 0; s == OK && assays[i] != NULL; i++)
        s = prepare_assay(reference, i, why);
    return s;
}

const char *reference_release(const Reference *reference)
{
    return reference->release;
}

bool reference_demo(const Reference *reference)
{
    return reference->demo;
}

size_t reference_size(const Reference *reference)
{
    return reference->n_tables;
}

const Table *reference_at(const Reference *reference, size_t index)
{
    return reference->tables[index];
}

const Table *reference_table(const Reference *reference, const char *name)
{
    const size_t i = index_of(reference, name);
    return i < reference->n_tables ? reference->tables[i] : NULL;
}

const Rules *reference_rules(const Reference *reference, const char *table)
{
    const size_t i = index_of(reference, table);
    return i < reference->n_tables ? reference->rules[i] : NULL;
}

const void *reference_model(const Reference *reference, const char *assay)
{
    for (size_t i = 0; assays[i] != NULL; i++)
        if (strcmp(assays[i]->code, assay) == 0) return reference->models[i];
    return NULL;
}

const Centres *reference_centres(const Reference *reference)
{
    return reference->centres;
}

int reference_offset_minutes(const Reference *reference)
{
    return reference->offset_minutes;
}

const char *reference_site(const Reference *reference, const char *key)
{
    const Table *site = reference_table(reference, "site");
    long row = site ? table_find(site, key) : -1;
    return row < 0 ? "" : table_get(site, (size_t)row, "value");
}

const char *reference_word(const Reference *reference, Lang lang, const char *key)
{
    long row = table_find(reference->wording, key);
    return row < 0 ? key
                   : table_cell(reference->wording, (size_t)row, reference->word_columns[lang]);
}

bool reference_has_word(const Reference *reference, const char *key)
{
    return table_find(reference->wording, key) >= 0;
}

/* The text for the name between braces at `name`, NULL when no pair has it. */
static const char *filler(const char *const *pairs, const char *name, size_t length)
{
    for (size_t i = 0; pairs[i] != NULL; i += 2)
        if (strlen(pairs[i]) == length && memcmp(pairs[i], name, length) == 0) return pairs[i + 1];
    return NULL;
}

/* One pass; with `to` NULL only the length is counted. */
static size_t fill(char *to, const char *pattern, const char *const *pairs)
{
    size_t n = 0;
    while (*pattern != '\0') {
        const char *close = *pattern == '{' ? strchr(pattern, '}') : NULL;
        const char *text = close ? filler(pairs, pattern + 1, (size_t)(close - pattern) - 1) : NULL;
        const char *from = text ? text : pattern;
        size_t length = text ? strlen(text) : 1;
        for (size_t i = 0; to != NULL && i < length; i++)
            to[n + i] = from[i];
        n += length;
        pattern = text ? close + 1 : pattern + 1;
    }
    return n;
}

const char *word_fill(const char *pattern, const char *const *pairs, Arena *arena)
{
    char *text = arena_alloc(arena, fill(NULL, pattern, pairs) + 1);
    (void)fill(text, pattern, pairs);
    return text;
}
