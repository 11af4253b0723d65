#include "lab/table.h"

#include <criterion/criterion.h>
#include <string.h>

static const TableInfo info = {.name = "t", .path = "t.tsv", .version = "1", .status = "local"};

static Status parse(Table **t, const char *text, Arena *arena, Note *why)
{
    return table_parse(t, &info, text, strlen(text), arena, why);
}

Test(table, parses_and_finds)
{
    Arena *arena = arena_new(NULL);
    Table *t;
    cr_assert_eq(parse(&t,
                       "#version\t1\nkey\tzh\tn\r\nb\t二\t2.5\n\r\na\t一\\n行\t1\nb\tagain\t-\n",
                       arena, NULL),
                 OK);
    cr_expect_eq(t->n_rows, 3);
    cr_expect_eq(t->n_columns, 3);
    cr_expect_eq(table_find(t, "a"), 1);
    cr_expect_eq(table_find(t, "b"), 0, "the first of equal keys");
    cr_expect_eq(table_find(t, "c"), -1);
    cr_expect_eq(table_find(t, ""), -1);
    cr_expect_str_eq(table_get(t, 1, "zh"), "一\n行");
    cr_expect_str_eq(table_get(t, 1, "nothing"), "");
    cr_expect_eq(t->lines[1], 5);
    double n = 0;
    cr_expect(table_number(t, 0, 2, &n) && n == 2.5);
    cr_expect_not(table_number(t, 2, 2, &n));
    arena_free(arena);
}

Test(table, refuses_what_is_not_a_table)
{
    static const struct {
        const char *text, *code;
        long line;
    } rows[] = {
        {"", "table.empty", 0},
        {"# only a comment\n", "table.empty", 0},
        {"a\tb\n1\n", "table.cells", 2},
        {"a\tb\n1\t2\t3\n", "table.cells", 2},
        {"a\ta\n", "table.columns", 1},
        {"a\t\n", "table.columns", 1},
        {"a\n\xff\n", "table.utf8", 2},
        {"a\n\xc0\xaf\n", "table.utf8", 2},     /* overlong '/' */
        {"a\n\xed\xa0\x80\n", "table.utf8", 2}, /* surrogate */
        {"a\n\xf4\x90\x80\x80\n", "table.utf8", 2},
        {"a\nb\xe4\xb8", "table.utf8", 2}, /* cut character */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Table *t;
        Note why = {0};
        cr_expect_eq(parse(&t, rows[i].text, arena, &why), BAD_INPUT, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        cr_expect_eq(why.row, rows[i].line, "row %zu", i);
        arena_free(arena);
    }
}

Test(table, nul_byte_is_refused)
{
    Arena *arena = arena_new(NULL);
    Table *t;
    Note why = {0};
    cr_expect_eq(table_parse(&t, &info, "a\nb\0c\n", 6, arena, &why), BAD_INPUT);
    cr_expect_str_eq(why.code, "table.utf8");
    arena_free(arena);
}

Test(table, examples_join_marked)
{
    Arena *arena = arena_new(NULL);
    Table *base, *more, *both, *other;
    TableInfo example = info;
    example.status = "example";
    cr_assert_eq(parse(&base, "k\tv\nb\t1\n", arena, NULL), OK);
    cr_assert_eq(table_parse(&more, &example, "k\tv\na\t2\n", 8, arena, NULL), OK);
    cr_assert_eq(table_parse(&other, &example, "k\tw\na\t2\n", 8, arena, NULL), OK);
    cr_assert_eq(table_append_examples(&both, base, more, arena, NULL), OK);
    cr_expect_eq(both->n_rows, 2);
    cr_expect_not(both->examples[table_find(both, "b")]);
    cr_expect(both->examples[table_find(both, "a")]);
    cr_expect_eq(table_append_examples(&both, base, other, arena, NULL), BAD_INPUT);
    arena_free(arena);
}
