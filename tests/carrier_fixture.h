/* carrier_fixture - the real tables of reference/, samples made by hand, and calls written as short words.
 *
 * A call:  KIND GT DEPTH QUALITY [FLAG...]      several of one site are parted by ';'
 *     KIND  A the panel allele is listed, R reference, O another allele, D deletion, M longer substitution, N no call, X foreign REF
 *     GT    1 panel allele, 0 reference, 2 another, . missing, * deleted; "-" = no GT
 *     FLAG  f filtered, b block, pN phase set, sN / eN begin and end against the site's position
 */
#ifndef SCREENLAB_CARRIER_FIXTURE_H
#define SCREENLAB_CARRIER_FIXTURE_H

#include "lab/assays/carrier.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* Short words of the tables in the tests. */
#define W    SUBJECT_WOMAN
#define P    SUBJECT_PARTNER
#define G38  BUILD_GRCH38
#define POS  ANSWER_POSITIVE
#define NEG  ANSWER_NEGATIVE
#define MAY  ANSWER_POSSIBLE
#define NOT  ANSWER_NOT_ASSESSED
#define REF  ANSWER_REFUSED
#define SNV  "HBB:c.52A>T" /* verified substitution */
#define HET  "A 0/1 30 99"
#define HOM  "A 1/1 30 99"
#define NONE (-1.0)

typedef struct Lab {
    Arena *arena;
    Reference *reference;
    const CarrierModel *model;
} Lab;

/* Replaces `from` by `to` everywhere in a table's text before it is parsed: what a laboratory, or a slip, could change. */
typedef struct Edit {
    const char *table, *from, *to;
} Edit;

static char *text_of(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    char *text = calloc(1, 1 << 20);
    *size = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    return text;
}

static char *edited(Arena *arena, const char *text, const Edit *e)
{
    char *out = arena_alloc(arena, 2 << 20), *at = out;
    size_t n = strlen(e->from);
    for (const char *p = text; *p != '\0';) {
        if (strncmp(p, e->from, n) == 0) {
            at += snprintf(at, 4096, "%s", e->to);
            p += n;
        } else {
            *at++ = *p++;
        }
    }
    return out;
}

static void add_table(Lab *lab, const char *name, bool example, const Edit *edits, size_t n_edits)
{
    Note why = {0};
    size_t size = 0;
    char path[128];
    snprintf(path, sizeof path, "reference/%s%s.tsv", example ? "example/" : "", name);
    char *raw = text_of(path, &size);
    char *text = arena_copy(lab->arena, raw);
    free(raw);
    for (size_t i = 0; i < n_edits; i++)
        if (strcmp(edits[i].table, name) == 0) text = edited(lab->arena, text, &edits[i]);
    TableInfo info = {.name = name,
                      .path = arena_copy(lab->arena, path),
                      .version = "2026.1",
                      .valid_from = "2026-11-23",
                      .status = example ? "example" : "sourced"};
    Table *t = NULL;
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), lab->arena, &why), OK, "%s %ld", path,
                 why.row);
    cr_assert_eq(reference_add(lab->reference, t, &why), OK, "%s", path);
}

static Status lab_try(Lab *lab, bool demo, const Edit *edits, size_t n, Note *why)
{
    static const char *const sourced[] = {"panel",        "genes",           "alpha_deletions",
                                          "alpha_points", "alpha_genotypes", "alpha_couples",
                                          "smn1",         "frequencies"};
    static const char *const examples[] = {"frequencies", "floors", "relationship", "identity"};
    lab->arena = arena_new(NULL);
    lab->reference = reference_new(lab->arena, "test", demo);
    for (size_t i = 0; i < COUNT(sourced); i++)
        add_table(lab, arena_print(lab->arena, "carrier/%s", sourced[i]), false, edits, n);
    for (size_t i = 0; i < COUNT(examples) && demo; i++)
        add_table(lab, arena_print(lab->arena, "carrier/%s", examples[i]), true, edits, n);
    const void *model = NULL;
    Status s = carrier_prepare(&model, lab->reference, lab->arena, why);
    lab->model = model;
    return s;
}

static inline Lab lab_open(const Edit *edits, size_t n)
{
    Lab lab;
    Note why = {0};
    cr_assert_eq(lab_try(&lab, true, edits, n, &why), OK, "%s %s row %ld %s", why.code, why.file,
                 why.row, why.detail);
    return lab;
}

static inline void lab_close(Lab *lab)
{
    arena_free(lab->arena);
}

/* Every small row counts as verified: what the panel becomes when the laboratory has checked it. */
static const Edit all_verified[] = {{"carrier/panel", "\tsmall\tno\t", "\tsmall\tyes\t"}};

static inline size_t row_of(const Lab *lab, const char *key)
{
    for (size_t r = 0; r < lab->model->n_rows; r++)
        if (strcmp(lab->model->rows[r].key, key) == 0) return r;
    cr_assert_fail("no row %s", key);
    return 0;
}

static inline CallKind kind_of_letter(char letter)
{
    switch (letter) {
    case 'A':
        return CALL_ALLELE;
    case 'R':
        return CALL_REFERENCE;
    case 'O':
        return CALL_OTHER;
    case 'D':
        return CALL_DELETED;
    case 'M':
        return CALL_MNV;
    case 'N':
        return CALL_NO_CALL;
    default:
        return CALL_REF_MISMATCH;
    }
}

static inline void read_genotype(Call *c, const char *gt)
{
    for (const char *p = gt; *p != '\0'; p++) {
        bool allele = strchr("012.*", *p) != NULL;
        if (*p == '1' && c->first < 0) c->first = c->ploidy == 0;
        c->ploidy += allele;
        c->copies += *p == '1';
        c->missing += *p == '.';
        c->deleted += *p == '*';
        c->phased |= *p == '|';
    }
    if (!c->phased) c->first = -1;
}

static inline Call call_read(const CarrierRow *row, Build build, const char *words)
{
    const Site *site = &row->places[build == BUILD_GRCH38];
    char kind = '?', gt[16] = "", flags[4][16] = {"", "", "", ""};
    int depth = -1, quality = -1;
    int n = sscanf(words, " %c %15s %d %d %15s %15s %15s %15s", &kind, gt, &depth, &quality,
                   flags[0], flags[1], flags[2], flags[3]);
    cr_assert(n >= 4 && strchr("ARODMNX", kind) != NULL, "call '%s'", words);
    Call c = {.site = (uint32_t)row->site,
              .kind = kind_of_letter(kind),
              .depth = depth,
              .quality = quality,
              .first = -1,
              .phase_set = -1,
              .start = site->pos,
              .end = site->pos + (int64_t)strlen(site->ref) - 1};
    read_genotype(&c, gt);
    for (size_t i = 0; i < 4; i++) {
        c.filtered |= flags[i][0] == 'f';
        c.block |= flags[i][0] == 'b';
        if (flags[i][0] == 'p') c.phase_set = atoi(flags[i] + 1);
        if (flags[i][0] == 's') c.start = site->pos + atoi(flags[i] + 1);
        if (flags[i][0] == 'e') c.end = site->pos + atoi(flags[i] + 1);
    }
    return c;
}

/* What a file says where it differs from "every site 0/0, read well": key and calls; "" = no record at all. */
typedef struct Differs {
    const char *key, *calls;
} Differs;

static inline const char *words_for(const CarrierRow *row, const Differs *differs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (differs[i].key != NULL &&
            (strcmp(differs[i].key, row->key) == 0 || strcmp(differs[i].key, "*") == 0))
            return differs[i].calls;
    return row->places[0].chrom == CHROM_MT ? "A 0 900 99" : "A 0/0 30 99";
}

static inline CallSet *calls_of(const Lab *lab, Build build, const Differs *differs, size_t n)
{
    CallSet *set = arena_alloc(lab->arena, sizeof *set);
    *set = (CallSet){.build = build,
                     .n_identity = lab->model->n_identity,
                     .panel = site_index_fingerprint(carrier_sites(lab->model, build))};
    set->calls = arena_alloc(lab->arena, 8 * lab->model->n_rows * sizeof *set->calls);
    set->identity = arena_alloc(lab->arena, set->n_identity + 1);
    memset(set->identity, -1, set->n_identity);
    for (size_t r = 0; r < lab->model->n_rows; r++) {
        const CarrierRow *row = &lab->model->rows[r];
        const char *words = row->site == SITE_NONE ? "" : words_for(row, differs, n);
        for (const char *p = words; p != NULL && *p != '\0';
             p = strchr(p, ';') ? strchr(p, ';') + 1 : NULL)
            set->calls[set->n_calls++] = call_read(row, build, p);
    }
    return set;
}

static inline Sample person(Subject subject, const char *id, CallSet *calls)
{
    return (Sample){.person = id,
                    .case_id = "C1",
                    .id = id,
                    .revision = 1,
                    .subject = subject,
                    .material = MATERIAL_BLOOD,
                    .assay = "carrier",
                    .evidence = {.calls = calls}};
}

static inline Sample fetus(Subject subject, const char *id, CallSet *calls)
{
    Sample s = person(subject, id, calls);
    s.material = MATERIAL_AMNIOTIC;
    s.fetal = true;
    return s;
}

static inline Findings judge_case(const Lab *lab, const Sample *samples, size_t n)
{
    Findings out = {.arena = lab->arena};
    Case c = {.id = "C1", .samples = samples, .n_samples = n};
    carrier_interpret(&out, &c, lab->model, lab->arena);
    return out;
}

/* The finding of that code and item; "" as sample = about the couple. */
static inline const Finding *finding_of(const Findings *f, const char *sample, const char *code,
                                        const char *item)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].sample, sample) == 0 && strcmp(f->items[i].code, code) == 0 &&
            strcmp(f->items[i].item, item) == 0)
            return &f->items[i];
    return NULL;
}

#define EXPECT_FINDING(found, answer_, detail_, format, ...)                                       \
    do {                                                                                           \
        const Finding *f_ = (found);                                                               \
        cr_expect(f_ != NULL, format ": no finding", __VA_ARGS__);                                 \
        if (f_ != NULL)                                                                            \
            cr_expect(f_->answer == (answer_) && strcmp(f_->detail, (detail_)) == 0,               \
                      format ": %s %s, want %s %s", __VA_ARGS__, answer_code(f_->answer),          \
                      f_->detail, answer_code(answer_), (detail_));                                \
    } while (0)

/* `value` below 0: none may be there. */
static inline void expect_value(const Finding *f, double value, size_t row, const char *what)
{
    if (f == NULL) return;
    cr_expect_eq(f->has_value, value >= 0, "row %zu (%s): has a value: %d", row, what,
                 (int)f->has_value);
    if (value >= 0)
        cr_expect(fabs(f->value - value) < 1e-12, "row %zu (%s): %g, want %g", row, what, f->value,
                  value);
}

#endif
