/* What a release must hold before anything is judged by it, and how its words are filled. */
#include "lab/assays/assay.h"
#include "pipeline/release.h"
#include "table_fixture.h"

Test(reference, the_clock_of_the_site)
{
    static const struct {
        const char *row;
        Status status;
        int minutes;
    } rows[] = {
        {"utc_offset_minutes\t480\n", OK, 480},
        {"utc_offset_minutes\t840\n", OK, 840},
        {"utc_offset_minutes\t-840\n", OK, -840},
        {"utc_offset_minutes\t0\n", OK, 0},
        {"other\t1\nutc_offset_minutes\t60\n", OK, 60},
        {"utc_offset_minutes\t841\n", BAD_INPUT, 0},
        {"utc_offset_minutes\t-841\n", BAD_INPUT, 0},
        {"utc_offset_minutes\t\n", BAD_INPUT, 0},
        {"utc_offset_minutes\teight\n", BAD_INPUT, 0},
        {"other\t480\n", BAD_INPUT, 0},
        {"", BAD_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Reference *r = reference_new(arena, "test", false);
        Note why = {.code = ""};
        fixture_table(r, "wording", "local", "key\tzh\ten\nlevel.1\t一\tone\n", arena);
        fixture_table(r, "domains", "local", "table\tinput\tvalues\n", arena);
        fixture_table(r, "centres", "local",
                      "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\n"
                      "CITY\t3\t\t\t\t\t市\tc\n",
                      arena);
        fixture_table(r, "site", "local", arena_print(arena, "key\tvalue\n%s", rows[i].row), arena);
        cr_expect_eq(reference_finish(r, &why), rows[i].status, "row %zu: %s", i, why.code);
        if (rows[i].status == OK)
            cr_expect_eq(reference_offset_minutes(r), rows[i].minutes, "row %zu", i);
        else
            cr_expect_str_eq(why.code, "site.offset");
        arena_free(arena);
    }
}

Test(reference, words_are_filled_by_name)
{
    static const char *const pairs[] = {"a", "one", "bb", "", "c", "{a}", NULL};
    static const char *const rows[][2] = {{"", ""},
                                          {"plain", "plain"},
                                          {"{a}", "one"},
                                          {"x{a}y{a}", "xoneyone"},
                                          {"{bb}!", "!"},
                                          {"{c}", "{a}"},
                                          {"{b}", "{b}"},
                                          {"{aa}", "{aa}"},
                                          {"{", "{"},
                                          {"}{a", "}{a"},
                                          {"{{a}}", "{one}"},
                                          {"{}", "{}"},
                                          {"{d}{a}", "{d}one"}};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(word_fill(rows[i][0], pairs, arena), rows[i][1], "%s", rows[i][0]);
    arena_free(arena);
}

/* ---- tables ---- */

static Status add(Reference *r, const char *name, const char *status, const char *text,
                  Arena *arena, Note *why)
{
    TableInfo info = {
        .name = arena_copy(arena, name), .path = "path.tsv", .version = "1", .status = status};
    Table *t;
    *why = (Note){.code = ""};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, NULL), OK);
    return reference_add(r, t, why);
}

/* As many as fit, each found by its own name; an example joins its table even then. */
Test(reference, tables_by_name)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "2026.1", true);
    Note why;
    cr_expect_null(reference_table(r, "t0"));
    for (int i = 0; i < 256; i++)
        cr_assert_eq(add(r, arena_print(arena, "t%d", i), "local", "k\nx\n", arena, &why), OK, "%d",
                     i);
    cr_expect_eq(add(r, "t256", "local", "k\nx\n", arena, &why), TOO_LARGE);
    cr_expect_str_eq(why.code, "table.many");
    cr_expect_str_eq(why.file, "path.tsv");
    cr_expect_eq(add(r, "t255", "example", "k\ny\n", arena, &why), OK);
    cr_assert_eq(reference_size(r), 256U);
    for (size_t i = 0; i < 256; i++) {
        const char *name = arena_print(arena, "t%zu", i);
        const Table *t = reference_table(r, name);
        cr_assert_not_null(t, "%s", name);
        cr_expect_str_eq(t->info.name, name);
        cr_expect_eq(reference_at(r, i), t);
        cr_expect_eq(t->n_rows, i == 255 ? 2U : 1U);
        cr_expect_null(reference_rules(r, name));
    }
    cr_expect_null(reference_table(r, "t256"));
    cr_expect_null(reference_rules(r, "t256"));
    cr_expect_str_eq(reference_release(r), "2026.1");
    cr_expect(reference_demo(r) && !reference_demo(reference_new(arena, "x", false)));
    arena_free(arena);
}

/* A name stands once; only an example joins, behind the laboratory's own rows, and only with the same columns. */
Test(reference, a_name_given_twice)
{
    static const struct {
        const char *first, *second, *text, *code;
        size_t rows;
    } rows[] = {
        {"local", "example", "k\tv\nb\t2\n", "", 2},
        {"sourced", "example", "k\tv\n", "", 1},
        {"local", "local", "k\tv\nb\t2\n", "table.twice", 1},
        {"example", "local", "k\tv\nb\t2\n", "table.twice", 1},
        {"example", "example", "k\tv\nb\t2\n", "table.twice", 1},
        {"local", "example", "k\tw\nb\t2\n", "table.examples", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Reference *r = reference_new(arena, "test", true);
        Note why;
        cr_assert_eq(add(r, "other", "local", "k\nx\n", arena, &why), OK);
        cr_assert_eq(add(r, "t", rows[i].first, "k\tv\na\t1\n", arena, &why), OK);
        cr_expect_eq(add(r, "t", rows[i].second, rows[i].text, arena, &why),
                     *rows[i].code ? BAD_INPUT : OK, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        if (*rows[i].code) cr_expect_str_eq(why.file, "path.tsv");
        const Table *t = reference_table(r, "t");
        cr_expect_eq(t->n_rows, rows[i].rows, "row %zu", i);
        cr_expect_str_eq(table_cell(t, 0, 1), "1");
        cr_expect_eq(t->examples[0], strcmp(rows[i].first, "example") == 0, "row %zu", i);
        if (rows[i].rows == 2) cr_expect(t->examples[1] && table_find(t, "b") == 1);
        cr_expect_eq(reference_size(r), 2U);
        arena_free(arena);
    }
}

/* ---- what a release must hold ---- */

static const char CENTRES[] =
    "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\nCITY\t3\t\t\t\t\t市\tc\n";
static const char DOMAINS[] = "table\tinput\tvalues\nd\tx\ta|b\n";
static const char DECIDES[] = "in:x\tout:y\na\t1\nb\t2\n";

/* One table is absent or broken: which, and why. */
Test(reference, each_table_that_a_release_needs)
{
    static const char *const names[] = {"wording", "site", "centres", "domains", "d"};
    static const char *const good[] = {"key\tzh\ten\nfirst\t一\tone\nlast\t二\ttwo\n",
                                       "key\tvalue\nutc_offset_minutes\t480\nname\tx\n", CENTRES,
                                       DOMAINS, DECIDES};
    static const struct {
        size_t table;
        const char *text; /* NULL = absent */
        Status status;
        const char *code, *file;
    } rows[] = {
        {4, DECIDES, OK, "", ""},
        {4, NULL, OK, "", ""},
        {0, NULL, NOT_FOUND, "table.absent", "wording"},
        {1, NULL, NOT_FOUND, "table.absent", "site"},
        {2, NULL, NOT_FOUND, "table.absent", "centres"},
        {3, NULL, NOT_FOUND, "table.absent", "domains"},
        {0, "key\tzh\tEN\nfirst\t一\tone\n", BAD_INPUT, "table.columns", "wording"},
        {0, "key\tZH\ten\nfirst\t一\tone\n", BAD_INPUT, "table.columns", "wording"},
        {0, "zh\ten\n一\tone\n", OK, "", ""},
        {0, "en\tzh\none\t一\n", OK, "", ""},
        {2, "id\tlevel\tparent\nCITY\t3\tNOBODY\n", BAD_INPUT, NULL, NULL},
        {4, "in:x\tout:y\na\t1\n", REFUSED, NULL, NULL},         /* a hole */
        {4, "in:z\tout:y\na\t1\n", BAD_INPUT, NULL, NULL},       /* no domain */
        {4, "row\tout:y\tin:x\nR\t1\ta\nS\t1\tb\n", OK, "", ""}, /* the last column */
        {4, "row\tout:y\tin:x\nR\t1\ta\n", REFUSED, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Reference *r = reference_new(arena, "test", false);
        Note why;
        for (size_t k = 0; k < 5; k++) {
            const char *text = k == rows[i].table ? rows[i].text : good[k];
            if (text != NULL) cr_assert_eq(add(r, names[k], "local", text, arena, &why), OK);
        }
        why = (Note){.code = ""};
        cr_expect_eq(reference_finish(r, &why), rows[i].status, "row %zu: %s", i, why.code);
        if (rows[i].code != NULL) cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        if (rows[i].code == NULL) cr_expect_str_neq(why.code, "", "row %zu", i);
        if (rows[i].file != NULL) cr_expect_str_eq(why.file, rows[i].file, "row %zu", i);
        if (rows[i].status == OK && rows[i].table == 4) {
            cr_expect_eq(reference_rules(r, "d") != NULL, rows[i].text != NULL, "row %zu", i);
            cr_expect_null(reference_rules(r, "site"));
            cr_expect_not_null(centre_find(reference_centres(r), "CITY"));
            static const char *const words[][3] = {
                {"first", "一", "one"}, {"last", "二", "two"}, {"none", "none", "none"}};
            for (size_t k = 0; k < 3; k++) {
                cr_expect_str_eq(reference_word(r, LANG_ZH, words[k][0]), words[k][1]);
                cr_expect_str_eq(reference_word(r, LANG_EN, words[k][0]), words[k][2]);
                cr_expect_eq(reference_has_word(r, words[k][0]), k < 2);
            }
            cr_expect_str_eq(reference_site(r, "utc_offset_minutes"), "480");
            cr_expect_str_eq(reference_site(r, "name"), "x");
            cr_expect_str_eq(reference_site(r, "other"), "");
        }
        arena_free(arena);
    }
    Arena *arena = arena_new(NULL);
    cr_expect_str_eq(reference_site(reference_new(arena, "test", false), "name"), "");
    arena_free(arena);
}

/* ---- models ---- */

/* Every assay has its own model when all of its tables are there; without one of them it has none, and the others keep theirs. */
Test(reference, an_assay_without_one_of_its_tables_has_no_model)
{
    Arena *arena = arena_new(NULL), *scratch = arena_new(NULL);
    Reference *whole = NULL;
    Note why = {.code = ""};
    cr_assert_eq(release_open(&whole, "reference", true, arena, &why), OK, "%s", why.code);
    size_t models = 0, gone = 0;
    for (size_t i = 0; assays[i] != NULL; i++) {
        const Assay *a = assays[i];
        const void *model = reference_model(whole, a->code);
        cr_expect(model != NULL || a->prepare == NULL, "%s", a->code);
        models += model != NULL;
        for (size_t k = 0; k < i && model != NULL; k++)
            cr_expect_neq(reference_model(whole, assays[k]->code), model, "%s", a->code);
        if (a->prepare == NULL || a->tables[0] == NULL) continue;
        size_t last = 0;
        while (a->tables[last + 1] != NULL)
            last++;
        for (int which = 0; which < 2 && i % 4 == 0;
             which++) { /* the first and the last that it names */
            Reference *r = reference_new(scratch, "test", true);
            const char *absent = a->tables[which == 0 ? 0 : last];
            for (size_t k = 0; k < reference_size(whole); k++) {
                Table *t = arena_alloc(scratch, sizeof *t);
                *t = *reference_at(whole, k);
                if (strcmp(t->info.name, absent) != 0) cr_assert_eq(reference_add(r, t, &why), OK);
            }
            if (reference_finish(r, &why) != OK) continue; /* another needs it to stand at all */
            cr_expect_null(reference_model(r, a->code), "%s without %s", a->code, absent);
            gone++;
            arena_reset(scratch);
        }
    }
    cr_expect(models > 5 && gone > 0, "%zu %zu", models, gone);
    cr_expect_null(reference_model(whole, "nobody"));
    arena_free(scratch);
    arena_free(arena);
}
