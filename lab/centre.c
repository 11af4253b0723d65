#include "centre.h"

#include <string.h>

typedef struct Columns {
    int id, level, parent, capabilities, from, until, zh, en;
} Columns;

static Status centre_fault(const Table *t, const char *code, size_t row, const char *field,
                           Note *why)
{
    return note_fail(why, BAD_INPUT, code,
                     (Place){.file = t->info.path, .row = t->lines[row], .field = field}, NULL);
}

static bool date_cell(Date *out, const char *text)
{
    *out = DATE_NONE;
    return text[0] == '\0' || date_parse(out, text);
}

static Status take_centre(Centre *c, const Table *t, size_t row, const Columns *at, Note *why)
{
    const char *level = table_cell(t, row, at->level);
    *c = (Centre){.id = table_cell(t, row, at->id),
                  .zh = table_cell(t, row, at->zh),
                  .en = table_cell(t, row, at->en),
                  .example = t->examples[row],
                  .capabilities = table_cell(t, row, at->capabilities)};
    if (strlen(level) != 1 || level[0] < '1' || level[0] > '3')
        return centre_fault(t, "centre.level", row, "level", why);
    c->level = (Level)(level[0] - '0');
    if (!date_cell(&c->from, table_cell(t, row, at->from)) ||
        !date_cell(&c->until, table_cell(t, row, at->until)))
        return centre_fault(t, "centre.date", row, "valid_from", why);
    return OK;
}

static Centre *find(Centre *items, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(items[i].id, id) == 0) return &items[i];
    return NULL;
}

/* Parents are strictly higher, so a chain of parents cannot be a cycle. */
static Status link_parents(Centre *items, const Table *t, const Columns *at, const Centre **city,
                           Note *why)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *parent = table_cell(t, i, at->parent);
        if (find(items, i, items[i].id) != NULL)
            return centre_fault(t, "centre.duplicate", i, "id", why);
        if (items[i].level == LEVEL_CITY) {
            if (*city != NULL || parent[0] != '\0')
                return centre_fault(t, "centre.city", i, "parent", why);
            *city = &items[i];
            continue;
        }
        items[i].parent = find(items, t->n_rows, parent);
        if (items[i].parent == NULL || items[i].parent->level <= items[i].level)
            return centre_fault(t, "centre.parent", i, "parent", why);
    }
    if (*city == NULL)
        return note_fail(why, BAD_INPUT, "centre.city", (Place){.file = t->info.path}, NULL);
    return OK;
}

Status centres_parse(Centres **out, const Table *table, Arena *arena, Note *why)
{
    Columns at = {table_column(table, "id"),         table_column(table, "level"),
                  table_column(table, "parent"),     table_column(table, "capabilities"),
                  table_column(table, "valid_from"), table_column(table, "valid_until"),
                  table_column(table, "zh"),         table_column(table, "en")};
    Centres *centres = arena_alloc(arena, sizeof *centres);
    Centre *items = arena_alloc(arena, table->n_rows * sizeof *items);
    for (size_t i = 0; i < table->n_rows; i++) {
        Status s = take_centre(&items[i], table, i, &at, why);
        if (s != OK) return s;
    }
    *centres = (Centres){.items = items, .n = table->n_rows};
    Status s = link_parents(items, table, &at, &centres->city, why);
    if (s == OK) *out = centres;
    return s;
}

const Centre *centre_find(const Centres *centres, const char *id)
{
    for (size_t i = 0; i < centres->n; i++)
        if (strcmp(centres->items[i].id, id) == 0) return &centres->items[i];
    return NULL;
}

bool centre_valid(const Centre *centre, Date on)
{
    return (centre->from == DATE_NONE || centre->from <= on) &&
           (centre->until == DATE_NONE || on <= centre->until);
}

bool centre_can(const Centre *centre, const char *capability, Date on)
{
    if (!centre_valid(centre, on)) return false;
    size_t n = strlen(capability);
    for (const char *at = centre->capabilities; n > 0; at++) {
        at = strstr(at, capability);
        if (at == NULL) return false;
        bool starts = at == centre->capabilities || at[-1] == ' ';
        if (starts && (at[n] == ' ' || at[n] == '\0')) return true;
    }
    return true;
}

const Centre *centre_destination(const Centres *centres, const Centre *from, Level level,
                                 const char *capability, Date on)
{
    for (const Centre *c = from; c != NULL; c = c->parent)
        if (c->level >= level && centre_can(c, capability, on)) return c;
    return centres->city;
}
