/* Women, samples and results written short, judged against the shipped tables.
 *     "16=- 18=- o=+ cyt=nilm"                      one sample of case c0, taken on 2026-06-01
 *     "2025-06-01 c1 16=+; 2026-06-01 c0 cyt=nilm"  dates and cases given; case x... is another woman's */
#ifndef SCREENLAB_CERVICAL_FIXTURE_H
#define SCREENLAB_CERVICAL_FIXTURE_H

#include "lab/assays/assay.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MOST = 24 };

static inline const char *long_code(const char *code, Arena *arena)
{
    static const char *const names[][2] = {{"o", "hpv.other"},     {"p", "hpv.pooled"},
                                           {"lr", "hpv.low_risk"}, {"cyt", "cytology"},
                                           {"vis", "visual"},      {"col", "colposcopy"},
                                           {"his", "histology"},   {"treatment", "treatment"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(code, names[i][0]) == 0) return names[i][1];
    return arena_print(arena, "hpv.%s", code);
}

static inline const char *long_value(const char *value)
{
    static const char *const names[][2] = {
        {"+", "positive"}, {"-", "negative"}, {"i", "invalid"}, {"f", "failed"}};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(value, names[i][0]) == 0) return names[i][1];
    return value;
}

/* "16=- cyt=nilm" -> results; "12=-" is all twelve other genotypes. */
static inline void add_results(Evidence *e, const char *text, Arena *arena)
{
    static const char *const twelve[] = {"31", "33", "35", "39", "45", "51",
                                         "52", "56", "58", "59", "66", "68"};
    e->results = arena_alloc(arena, MOST * sizeof *e->results);
    while (*text != '\0') {
        size_t code = strcspn(text, "="), value = strcspn(text + code + 1, " ");
        const char *c = arena_copy_n(arena, text, code),
                   *v = arena_copy_n(arena, text + code + 1, value);
        size_t n = strcmp(c, "12") == 0 ? 12 : 1;
        for (size_t i = 0; i < n; i++)
            e->results[e->n_results++] = (Result){.specimen = "",
                                                  .code = long_code(n > 1 ? twelve[i] : c, arena),
                                                  .value = long_value(v),
                                                  .unit = "",
                                                  .time = INSTANT_NONE};
        text += code + 1 + value;
        text += strspn(text, " ");
    }
}

/* "2025-06-01 c1 16=- ...; ..." -> samples, in the order written. */
static inline size_t add_samples(Sample *out, const char *text, Material material, const char *id,
                                 Arena *arena)
{
    size_t n = 0;
    if (strncmp(text, "20", 2) != 0) text = arena_print(arena, "2026-06-01 c0 %s", text);
    while (*text != '\0') {
        size_t length = strcspn(text, ";");
        char *one = arena_copy_n(arena, text, length);
        Sample *s = &out[n++];
        *s = (Sample){.person = "P1",
                      .id = arena_print(arena, "%s%zu", id, n),
                      .subject = SUBJECT_WOMAN,
                      .revision = 1,
                      .material = material,
                      .assay = "cervical"};
        one[10] = one[13] = '\0';
        cr_assert(instant_parse(&s->collected, one, 480), "%s", one);
        s->case_id = one + 11;
        if (s->case_id[0] == 'x') s->person = "P2"; /* another woman */
        add_results(&s->evidence, length > 14 ? one + 14 : "", arena);
        text += length;
        text += strspn(text, "; ");
    }
    return n;
}

static inline size_t add_facts(Fact *out, const char *text, Arena *arena)
{
    size_t n = 0;
    while (*text != '\0') {
        size_t code = strcspn(text, "="), value = strcspn(text + code + 1, " ");
        out[n++] = (Fact){.owner = SUBJECT_WOMAN,
                          .code = arena_copy_n(arena, text, code),
                          .number = NAN,
                          .unit = "",
                          .value = arena_copy_n(arena, text + code + 1, value),
                          .time = INSTANT_NONE};
        text += code + 1 + value;
        text += strspn(text, " ");
    }
    return n;
}

static inline const Reference *shipped(Arena *arena)
{
    Reference *r = NULL;
    Note why = {.code = ""};
    Status s = release_open(&r, "reference", false, arena, &why);
    cr_assert_eq(s, OK, "%s %s %ld %s %s", why.code, why.file, why.row, why.field, why.detail);
    return r;
}

/* The shipped release with one cell of one table changed, opened anew. */
static inline Status reopen(Reference **out, const char *const cell[4], Arena *arena, Note *why)
{
    const Reference *from = shipped(arena);
    *out = reference_new(arena, "test", false);
    for (size_t i = 0; i < reference_size(from); i++) {
        Table *t = arena_alloc(arena, sizeof *t);
        *t = *reference_at(from, i);
        if (strcmp(t->info.name, cell[0]) == 0) {
            long at = table_find(t, cell[1]);
            int c = table_column(t, cell[2]);
            cr_assert(at >= 0 && c >= 0, "%s %s %s", cell[0], cell[1], cell[2]);
            const char **cells = arena_alloc(arena, t->n_rows * t->n_columns * sizeof *cells);
            memcpy(cells, t->cells, t->n_rows * t->n_columns * sizeof *cells);
            cells[(size_t)at * t->n_columns + (size_t)c] = cell[3];
            t->cells = cells;
        }
        cr_assert_eq(reference_add(*out, t, NULL), OK);
    }
    return reference_finish(*out, why);
}

static inline const Reference *changed(const char *table, const char *row, const char *column,
                                       const char *value, Arena *arena)
{
    Reference *r = NULL;
    Note why = {.code = ""};
    Status s = reopen(&r, (const char *const[]){table, row, column, value}, arena, &why);
    cr_assert_eq(s, OK, "%s %s %s", why.code, why.field, why.detail);
    return r;
}

typedef struct Setting {
    const char *now, *facts, *history; /* now: samples of case c0 */
    Material material;
} Setting;

static inline Findings judge(const Setting *set, const Reference *reference, Arena *arena)
{
    Case c = {.id = "c0", .offset_minutes = 480};
    Sample *now = arena_alloc(arena, MOST * sizeof *now),
           *history = arena_alloc(arena, MOST * sizeof *history);
    Fact *facts = arena_alloc(arena, MOST * sizeof *facts);
    c.n_samples =
        add_samples(now, set->now, set->material ? set->material : MATERIAL_CERVICAL, "S", arena);
    c.n_history =
        add_samples(history, set->history ? set->history : "", MATERIAL_CERVICAL, "H", arena);
    c.n_facts = add_facts(facts, set->facts ? set->facts : "birth_date=1980-05-01", arena);
    c.samples = now;
    c.history = history;
    c.facts = facts;
    Findings out = {.arena = arena};
    Note why;
    cr_assert_eq(assay_find("cervical")->interpret(&out, &c, reference, arena, &why), OK);
    return out;
}

static inline const Finding *find(const Findings *f, const char *code, size_t skip)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, code) == 0 && skip-- == 0) return &f->items[i];
    return NULL;
}

static inline Findings judge_samples(const Sample *samples, size_t n, const Reference *reference,
                                     Arena *arena)
{
    Case c = {.id = "c0", .offset_minutes = 480, .samples = samples, .n_samples = n};
    Findings out = {.arena = arena};
    cr_assert_eq(assay_find("cervical")->interpret(&out, &c, reference, arena, NULL), OK);
    return out;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define NEG   "16=- 18=- o=- "
#define OTHER "16=- 18=- o=+ "
#define POS16 "16=+ 18=- o=- "
#define UNRES "16=i 18=- o=+ "
#define INV   "16=i 18=i o=i "

#endif
