/* Why: a named variant is looked for at its own place, and that place must be known for certain. Method: a slice is a stretch of the
 * genome's plus strand with its coordinate (GRCh38); a row of carrier/panel belongs to the slice that covers it with room on both
 * sides, and its REF must stand there. Refuses: a slice that contradicts the panel, a variant no slice covers ("no slice"), and to guess. */
#include "sanger_slices.h"

#include <string.h>

static Status bad(const Table *t, size_t row, const char *code, Note *why)
{
    return note_fail(why, BAD_INPUT, code, (Place){.file = t->info.path, .row = t->lines[row]},
                     NULL);
}

static Status check_slices(const Table *t, Note *why)
{
    for (size_t r = 0; r < t->n_rows; r++) {
        double start;
        const char *bases = table_get(t, r, "bases");
        if (table_get(t, r, "chromosome")[0] == '\0' || bases[0] == '\0' ||
            strspn(bases, "ACGTN") != strlen(bases) ||
            !table_number(t, r, table_column(t, "start"), &start) || start < 1)
            return bad(t, r, "sanger.slice", why);
    }
    return OK;
}

static bool read_limits(SangerLimits *out, const Table *t)
{
    double before, after;
    const struct {
        const char *key;
        double *to, low, high;
    } rows[] = {{"one_base", &out->one_base, 0, 1}, {"two_bases", &out->two_bases, 0, 1},
                {"noise", &out->noise, 0, 1},       {"quality", &out->quality, 1, 99},
                {"wrong", &out->wrong, 0, 0.5},     {"before", &before, 8, 100},
                {"after", &after, 8, 100}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long row = table_find(t, rows[i].key);
        if (row < 0 || !table_number(t, (size_t)row, table_column(t, "value"), rows[i].to) ||
            *rows[i].to < rows[i].low || *rows[i].to > rows[i].high)
            return false;
    }
    out->before = (int)before;
    out->after = (int)after;
    return out->one_base < out->two_bases;
}

static bool any_example(const Table *t)
{
    for (size_t r = 0; r < t->n_rows; r++)
        if (t->examples[r]) return true;
    return false;
}

/* Finds the slice that covers the row; false when it stands there with another REF. */
static bool place(SangerVariant *v, const SangerModel *m, size_t row)
{
    double at, start;
    v->question.ref = table_get(m->panel, row, "ref38");
    v->question.alt = table_get(m->panel, row, "alt38");
    if (!table_number(m->panel, row, table_column(m->panel, "pos38"), &at)) return true;
    for (size_t r = 0; r < m->slices->n_rows; r++) {
        const char *bases = table_get(m->slices, r, "bases");
        size_t n = strlen(bases), ref = strlen(v->question.ref);
        if (strcmp(table_get(m->slices, r, "chromosome"), table_get(m->panel, row, "chrom38")) !=
                0 ||
            !table_number(m->slices, r, table_column(m->slices, "start"), &start) || at < start ||
            at - start + (double)ref > (double)n)
            continue;
        v->question.at = (size_t)(at - start);
        v->question.slice = bases;
        v->slice = table_cell(m->slices, r, 0);
        return memcmp(bases + v->question.at, v->question.ref, ref) == 0;
    }
    return true;
}

static Status read_panel(SangerModel *m, Arena *arena, Note *why)
{
    const Table *t = m->panel;
    m->variants = arena_alloc(arena, (t->n_rows + 1) * sizeof *m->variants);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *key = table_cell(t, r, 0), *colon = strchr(key, ':');
        if (colon == NULL || strcmp(table_get(t, r, "mechanism"), "small") != 0) continue;
        SangerVariant *v = &m->variants[m->n_variants++];
        *v = (SangerVariant){.key = key,
                             .item =
                                 arena_print(arena, "%.*s %s", (int)(colon - key), key, colon + 1),
                             .x = strcmp(table_get(t, r, "chrom38"), "X") == 0,
                             .verified = strcmp(table_get(t, r, "verified"), "yes") == 0};
        if (!place(v, m, r)) return bad(t, r, "sanger.slice", why);
    }
    return OK;
}

Status sanger_prepare(const void **out, const Reference *reference, Arena *arena, Note *why)
{
    SangerModel *m = arena_alloc(arena, sizeof *m);
    *out = NULL;
    *m = (SangerModel){.slices = reference_table(reference, "sanger/slices"),
                       .limit_table = reference_table(reference, "sanger/limits"),
                       .panel = reference_table(reference, "carrier/panel")};
    if (m->slices == NULL || m->limit_table == NULL || m->panel == NULL) return OK;
    Status s = check_slices(m->slices, why);
    if (s == OK && !read_limits(&m->limits, m->limit_table))
        s = note_fail(why, BAD_INPUT, "sanger.limit", (Place){.file = m->limit_table->info.path},
                      NULL);
    if (s == OK) s = read_panel(m, arena, why);
    m->example = any_example(m->limit_table) || any_example(m->slices);
    if (s == OK) *out = m;
    return s;
}

const SangerVariant *sanger_variant(const SangerModel *model, const char *key)
{
    for (size_t i = 0; i < model->n_variants; i++)
        if (strcmp(model->variants[i].key, key) == 0) return &model->variants[i];
    return NULL;
}

static bool autosome(const char *chromosome)
{
    size_t n = strlen(chromosome);
    return n > 0 && n <= 2 && strspn(chromosome, "0123456789") == n && chromosome[0] != '0' &&
           (n == 1 || strcmp(chromosome, "22") <= 0);
}

bool sanger_admits(const Reference *reference, const char *slice, const BaseRead *read,
                   Arena *arena)
{
    const Table *t = reference_table(reference, "sanger/slices");
    long row = t == NULL ? -1 : table_find(t, slice);
    return row >= 0 && autosome(table_get(t, (size_t)row, "chromosome")) &&
           sanger_belongs(read, table_get(t, (size_t)row, "bases"), arena);
}
