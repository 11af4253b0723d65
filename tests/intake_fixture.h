/* A reference of the tables that intake and the readers of coded results use, and a batch folder to fill. Other rooms' tables stay out, so
 * that a test here turns red for reasons of this room only. */
#ifndef SCREENLAB_INTAKE_FIXTURE_H
#define SCREENLAB_INTAKE_FIXTURE_H

#include "../lab/reference.h"
#include "temporary.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    Arena *arena;
    Reference *reference;
    char batch[TEMPORARY];
} Fixture;

static inline bool fixture_add(Fixture *x, const char *name)
{
    char path[120];
    Note why;
    Table *table;
    (void)snprintf(path, sizeof path, "reference/%s.tsv", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return false;
    enum { CEILING = 4 * 1024 * 1024 };
    char *bytes = arena_alloc(x->arena, CEILING);
    size_t size = fread(bytes, 1, CEILING, f);
    (void)fclose(f);
    TableInfo *info = arena_alloc(x->arena, sizeof *info);
    *info = (TableInfo){.name = arena_copy(x->arena, name),
                        .path = arena_copy(x->arena, path),
                        .version = "1",
                        .valid_from = "2026-01-01",
                        .source = "",
                        .sha256 = "",
                        .status = "local"};
    return table_parse(&table, info, bytes, size, x->arena, &why) == OK &&
           reference_add(x->reference, table, &why) == OK;
}

static inline bool fixture_open(Fixture *x)
{
    static const char *const names[] = {"wording",   "site",      "centres",       "domains",
                                        "facts",     "results",   "columns",       "reasons",
                                        "materials", "exporters", "cervical/terms"};
    Note why = {0};
    *x = (Fixture){.arena = arena_new(NULL)};
    x->reference = reference_new(x->arena, "test", false);
    bool ok = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ok = ok && fixture_add(x, names[i]);
    return ok && reference_finish(x->reference, &why) == OK;
}

static inline bool fixture_batch(Fixture *x)
{
    temporary_folder(x->batch, "batch");
    return true;
}

static inline bool fixture_put(const Fixture *x, const char *name, const void *bytes, size_t size)
{
    char path[TEMPORARY + 100];
    (void)snprintf(path, sizeof path, "%s/%s", x->batch, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL) return false;
    bool ok = fwrite(bytes, 1, size, f) == size;
    return fclose(f) == 0 && ok;
}

static inline void fixture_close(Fixture *x)
{
    arena_free(x->arena);
}

#endif
