/* The cervical tables: read back cell by cell, and refused with their place when one cell is wrong. */
#include "cervical_fixture.h"
#include "lab/assays/cervical.h"

typedef struct Bench {
    Arena *arena;
    const Reference *reference;
} Bench;

static Bench open_bench(void)
{
    Bench b = {.arena = arena_new(NULL)};
    b.reference = shipped(b.arena);
    return b;
}

static const CervicalModels *prepared(const Bench *b)
{
    const void *models = NULL;
    Note why = {.code = ""};
    cr_assert_eq(cervical_prepare(&models, b->reference, b->arena, &why), OK, "%s %s", why.field,
                 why.detail);
    return models;
}

/* A cell, to be changed and put back. */
static const char **cell_at(const Bench *b, const char *table, const char *row, const char *column)
{
    const Table *t = reference_table(b->reference, table);
    const long r = table_find(t, row);
    const int c = table_column(t, column);
    cr_assert(r >= 0 && c >= 0, "%s %s %s", table, row, column);
    return &t->cells[(size_t)r * t->n_columns + (size_t)c];
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* --- what is read --- */

Test(cervical_model, every_type_of_every_policy_is_read_back)
{
    static const char *const channels[CHANNELS] = {"none", "16", "18", "other", "pooled"};
    Bench b = open_bench();
    const Table *t = reference_table(b.reference, "cervical/types");
    static const char *const required[] = {"13", "14", "12"}; /* no column: the fourteen */
    for (size_t k = 0; k < COUNT(required); k++) {
        *cell_at(&b, "cervical/policies", "cn2023", "hpv.required_types") = required[k];
        const CervicalModels *models = prepared(&b);
        for (size_t p = 0; p < models->n; p++) {
            const CervicalModel *m = &models->items[p];
            const bool thirteen = is(table_get(m->policies, p, "hpv.required_types"), "13");
            cr_assert_eq(m->n_types, t->n_rows);
            for (size_t r = 0; r < t->n_rows; r++) {
                const char *needed = table_get(t, r, thirteen ? "types13" : "types14");
                cr_expect_str_eq(m->types[r].code, table_get(t, r, "code"));
                cr_expect_str_eq(m->types[r].item, table_get(t, r, "item"));
                cr_expect_str_eq(channels[m->types[r].channel], table_get(t, r, "channel"));
                cr_expect_eq(m->types[r].whole, is(needed, "whole"), "%s %zu", m->policy, r);
                cr_expect_eq(m->types[r].required, is(needed, "yes"), "%s %zu", m->policy, r);
            }
        }
    }
    arena_free(b.arena);
}

Test(cervical_model, every_class_is_read_back)
{
    static const char *const tests[TESTS] = {"hpv",        "cytology",  "visual",
                                             "colposcopy", "histology", "treatment"};
    Bench b = open_bench();
    const CervicalModel *m = prepared(&b)->items;
    const Table *t = reference_table(b.reference, "cervical/classes");
    cr_assert_eq(m->n_classes, t->n_rows);
    for (size_t r = 0; r < t->n_rows; r++) {
        const ResultClass *k = &m->classes[r];
        cr_expect_str_eq(tests[k->test], table_get(t, r, "test"));
        cr_expect_str_eq(k->value, table_get(t, r, "value"));
        cr_expect_str_eq(k->detail, table_get(t, r, "detail"));
        cr_expect_str_eq(k->chart, table_get(t, r, "chart"));
        cr_expect_str_eq(k->risk, table_get(t, r, "risk"));
        cr_expect_str_eq(answer_code(k->answer), table_get(t, r, "answer"));
        cr_expect_eq(k->rank, strtod(table_get(t, r, "rank"), NULL), "row %zu", r);
        cr_expect_eq(k->cin2plus, is(table_get(t, r, "cin2plus"), "yes"), "row %zu", r);
    }
    arena_free(b.arena);
}

Test(cervical_model, every_policy_is_read_back)
{
    static const char *const windows[WINDOWS] = {"screening",  "biopsy",    "hpv_chain",
                                                 "referral",   "pregnancy", "persists_from",
                                                 "persists_to"};
    Bench b = open_bench();
    const CervicalModels *models = prepared(&b);
    const Table *t = reference_table(b.reference, "cervical/policies"),
                *w = reference_table(b.reference, "cervical/windows");
    cr_assert_eq(models->n, t->n_rows);
    for (size_t p = 0; p < t->n_rows; p++) {
        const CervicalModel *m = &models->items[p];
        const Table *sections = reference_table(b.reference, table_get(t, p, "sections"));
        cr_expect_str_eq(m->policy, table_cell(t, p, 0));
        cr_expect_str_eq(m->guideline, table_get(t, p, "guideline"));
        cr_expect_str_eq(m->guideline_version, table_get(t, p, "guideline_version"));
        cr_expect_eq(m->cotest_seconds, 86400 * atoi(table_get(t, p, "cotest_days")));
        cr_expect_eq(m->chart, reference_rules(b.reference, table_get(t, p, "chart")));
        cr_expect_eq(m->scope, reference_rules(b.reference, table_get(t, p, "scope")));
        cr_expect_eq(m->followup, reference_rules(b.reference, table_get(t, p, "followup")));
        cr_expect_not(m->refused, "%s", m->policy);
        for (int i = 0; i < WINDOWS; i++)
            cr_expect_eq(m->windows[i],
                         atoi(table_get(w, (size_t)table_find(w, windows[i]), "value")), "%s",
                         windows[i]);
        cr_assert_eq(m->n_sections, sections ? sections->n_rows : 0, "%s", m->policy);
        for (size_t s = 0; s < m->n_sections; s++) {
            const char *table = table_get(sections, s, "table");
            cr_expect_str_eq(m->sections[s].code, table_get(sections, s, "section"));
            cr_expect_str_eq(m->sections[s].library, table_get(sections, s, "library"));
            cr_expect_eq(m->sections[s].rules, reference_rules(b.reference, table), "%s", table);
            cr_expect_eq(m->sections[s].features == NULL, is(table, "cervical/asccp/risk"));
        }
        *cell_at(&b, "site", "cervical_policy", "value") = m->policy;
        cr_expect_str_eq(prepared(&b)->standing->policy, m->policy);
    }
    arena_free(b.arena);
}

/* Days of a cotest: no number from 0 to 366, and the policy judges nobody. */
Test(cervical_model, days_of_a_cotest_have_limits)
{
    static const struct {
        const char *days;
        bool refused;
        Instant seconds;
    } rows[] = {{"0", false, 0},   {"1", false, 86400}, {"366", false, 366 * 86400},
                {"367", true, 0},  {"366.5", true, 0},  {"-1", true, 0},
                {"-0.5", true, 0}, {"", true, 0},       {"one", true, 0}};
    Bench b = open_bench();
    for (size_t i = 0; i < COUNT(rows); i++) {
        *cell_at(&b, "cervical/policies", "asccp2019", "cotest_days") = rows[i].days;
        const CervicalModels *models = prepared(&b);
        for (size_t p = 0; p < models->n; p++)
            if (is(models->items[p].policy, "asccp2019"))
                cr_expect(models->items[p].refused == rows[i].refused &&
                              models->items[p].cotest_seconds == rows[i].seconds,
                          "row %zu", i);
    }
    arena_free(b.arena);
}

/* --- what is refused --- */

Test(cervical_model, each_cell_has_its_words_and_limits)
{
    static const struct {
        const char *table, *row, *column, *value;
        const char *field; /* "" = no fault */
    } rows[] = {
        {"types", "hpv.16", "channel", "19", "channel"},
        {"types", "hpv.16", "channel", "", "channel"},
        {"types", "hpv.44", "channel", "None", "channel"},
        {"types", "hpv.16", "channel", "none", ""},
        {"types", "hpv.16", "channel", "pooled", ""},
        {"classes", "cytology.failed", "test", "hpv", "test"},
        {"classes", "cytology.failed", "test", "", "test"},
        {"classes", "treatment.hysterectomy", "test", "surgery", "test"},
        {"classes", "treatment.hysterectomy", "answer", "yes", "answer"},
        {"classes", "cytology.failed", "answer", "", "answer"},
        {"classes", "cytology.failed", "answer", "refused", ""},
        {"classes", "cytology.failed", "rank", "", "rank"},
        {"classes", "cytology.failed", "rank", "low", "rank"},
        {"windows", "screening", "value", "", "screening"},
        {"windows", "screening", "value", "-1", "screening"},
        {"windows", "screening", "value", "0", ""},
        {"windows", "biopsy", "value", "1200", ""},
        {"windows", "biopsy", "value", "1201", "biopsy"},
        {"windows", "hpv_chain", "value", "many", "hpv_chain"},
        {"windows", "persists_to", "value", "1201", "persists_to"},
        {"windows", "persists_from", "window", "persists_frox", "persists_from"},
        {"windows", "referral", "window", "referrax", "referral"},
    };
    Bench b = open_bench();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *name = arena_print(b.arena, "cervical/%s", rows[i].table);
        const Table *t = reference_table(b.reference, name);
        const long line = t->lines[table_find(t, rows[i].row)];
        const char **cell = cell_at(&b, name, rows[i].row, rows[i].column), *was = *cell;
        const void *models = NULL;
        Note why = {.code = ""};
        *cell = rows[i].value;
        const Status s = cervical_prepare(&models, b.reference, b.arena, &why);
        *cell = was;
        cr_expect_eq(s, rows[i].field[0] == '\0' ? OK : BAD_INPUT, "row %zu", i);
        cr_expect_eq(models != NULL, s == OK, "row %zu", i);
        if (s == OK) continue;
        cr_expect_str_eq(why.code, "cervical.table");
        cr_expect_str_eq(why.file, t->info.path, "row %zu", i);
        cr_expect_str_eq(why.field, rows[i].field, "row %zu: %s", i, why.field);
        cr_expect_eq(why.row, is(rows[i].table, "windows") ? 0 : line, "row %zu: %ld", i, why.row);
    }
    arena_free(b.arena);
}

/* A table of n copies of its first row. */
static Table grown(const Table *t, size_t n, Arena *arena)
{
    Table big = *t;
    const char **cells = arena_alloc(arena, n * t->n_columns * sizeof *cells);
    long *lines = arena_alloc(arena, n * sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        memcpy(cells + i * t->n_columns, t->cells, t->n_columns * sizeof *cells);
        lines[i] = t->lines[0];
    }
    big.cells = cells;
    big.lines = lines;
    big.n_rows = n;
    return big;
}

/* One bit a class, one place a type: sixty-four of each, and no more. */
Test(cervical_model, sixty_four_types_and_classes_fit)
{
    static const char *const names[] = {"cervical/types", "cervical/classes"};
    Bench b = open_bench();
    for (size_t i = 0; i < COUNT(names); i++)
        for (size_t n = 64; n <= 65; n++) {
            const void *models = NULL;
            Note why = {.code = ""};
            Table *t = (Table *)reference_table(b.reference, names[i]);
            const Table was = *t;
            *t = grown(&was, n, b.arena);
            const Status s = cervical_prepare(&models, b.reference, b.arena, &why);
            *t = was;
            cr_expect_eq(s, n == 64 ? OK : TOO_LARGE, "%s %zu", names[i], n);
            if (s != OK) cr_expect_str_eq(why.file, was.info.path);
        }
    arena_free(b.arena);
}

/* An option is in force where "implemented" says yes or names the policy's own chart or sections, as a whole word. */
Test(cervical_model, options_are_carried_out_by_the_policys_own_tables)
{
    static const struct {
        const char *implemented;
        bool chart, sections; /* national2021 and who2021 are in force */
    } rows[] = {
        {"yes", true, true},
        {"no", false, false},
        {"", false, false},
        {"yes|no", false, false},
        {"cervical/national2021", true, false},
        {"cervical/who2021_sections", false, true},
        {"cervical/national2021|cervical/who2021_sections", true, true},
        {"cervical/who2021_sections|cervical/national2021", true, true},
        {"a|cervical/national2021|b", true, false},
        {"cervical/national2021_b", false, false},
        {"xcervical/national2021", false, false},
        {"cervical/national2021x|cervical/national2021", true, false},
        {"x-cervical/national2021|cervical/national2021", true, false},
        {"cervical/who2021_section", false, false},
    };
    Bench b = open_bench();
    Table *t = (Table *)reference_table(b.reference, "cervical/switches");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const CervicalModels *models;
        for (size_t r = 0; r < t->n_rows; r++) /* the option that both have chosen */
            if (is(table_cell(t, r, 0), "ascus.route") &&
                is(table_get(t, r, "option"), "colposcopy"))
                t->cells[r * t->n_columns + (size_t)table_column(t, "implemented")] =
                    rows[i].implemented;
        models = prepared(&b);
        for (size_t p = 0; p < models->n; p++) {
            const char *policy = models->items[p].policy;
            if (is(policy, "national2021"))
                cr_expect_eq(models->items[p].refused, !rows[i].chart, "row %zu", i);
            if (is(policy, "who2021"))
                cr_expect_eq(models->items[p].refused, !rows[i].sections, "row %zu", i);
        }
    }
    arena_free(b.arena);
}

/* A word that no class has is read as "unmatched", also where the table has no such class. */
Test(cervical_model, a_value_that_no_class_has)
{
    Bench b = open_bench();
    const Result result = {.specimen = "", .code = "cytology", .value = "unheard", .unit = ""};
    const Sample s = {.material = MATERIAL_CERVICAL,
                      .evidence = {.results = (Result *)&result, .n_results = 1}};
    for (int i = 0; i < 2; i++) {
        if (i == 1) *cell_at(&b, "cervical/classes", "cytology.unmatched", "value") = "another";
        const CervicalModel *m = prepared(&b)->items;
        Screen screen;
        screen_read(&screen, m, &s);
        cr_expect(screen.unknown_value);
        cr_expect_eq(screen.usable, i == 0);
        cr_expect_str_eq(screen.value[TEST_CYTOLOGY], i == 0 ? "unmatched" : "");
    }
    arena_free(b.arena);
}
