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

/* RFC 3629 at both ends of each length: alone in a cell, and cut short by one byte. */
Test(table, utf8_at_its_boundaries)
{
    static const struct {
        const char *bytes;
        bool valid;
    } rows[] = {
        {"\x7F", true},
        {"\xC2\x80", true},
        {"\xDF\xBF", true},
        {"\xE0\xA0\x80", true},
        {"\xED\x9F\xBF", true},
        {"\xEE\x80\x80", true},
        {"\xEF\xBF\xBF", true},
        {"\xF0\x90\x80\x80", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\x80", false},
        {"\xBF", false},
        {"\xC1\xBF", false},
        {"\xC2\x7F", false},
        {"\xC2\xC0", false},
        {"\xE0\x9F\xBF", false},
        {"\xE1\x80\x7F", false},
        {"\xE1\xC0\x80", false},
        {"\xED\xA0\x80", false},
        {"\xED\xBF\xBF", false},
        {"\xF0\x8F\xBF\xBF", false},
        {"\xF1\x80\x80\xC0", false},
        {"\xF1\x7F\x80\x80", false},
        {"\xF4\x90\x80\x80", false},
        {"\xF5\x80\x80\x80", false},
        {"\xFF", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Table *t;
        const size_t n = strlen(rows[i].bytes);
        const char *text = arena_print(arena, "k\tv\n%s\t%s\n", rows[i].bytes, rows[i].bytes);
        cr_expect_eq(parse(&t, text, arena, NULL), rows[i].valid ? OK : BAD_INPUT, "row %zu", i);
        if (rows[i].valid) cr_expect_str_eq(table_cell(t, 0, 1), rows[i].bytes);
        text = arena_print(arena, "k\nx%.*s\n", (int)n - 1, rows[i].bytes);
        cr_expect_eq(parse(&t, text, arena, NULL), n == 1 ? OK : BAD_INPUT, "row %zu, cut", i);
        text = arena_print(arena, "k\nx%.*s", (int)n - 1, rows[i].bytes);
        cr_expect_eq(parse(&t, text, arena, NULL), n == 1 ? OK : BAD_INPUT, "row %zu, cut", i);
        arena_free(arena);
    }
}

Test(table, as_many_columns_as_it_may_have)
{
    for (int n = 126; n < 132; n++) {
        Arena *arena = arena_new(NULL);
        const char *head = "c0", *row = "0";
        Table *t;
        Note why = {0};
        for (int i = 1; i < n; i++) {
            head = arena_print(arena, "%s\tc%d", head, i);
            row = arena_print(arena, "%s\t%d", row, i);
        }
        Status s = parse(&t, arena_print(arena, "%s\n%s\n", head, row), arena, &why);
        cr_expect_eq(s, n <= 128 ? OK : BAD_INPUT, "%d", n);
        if (s == OK) {
            cr_expect_eq(t->n_columns, (size_t)n);
            cr_expect_eq(table_column(t, "c125"), 125);
            cr_expect_str_eq(table_get(t, 0, "c125"), "125");
            cr_expect_eq(table_column(t, "c0"), 0);
        } else {
            cr_expect_str_eq(why.code, "table.columns");
        }
        arena_free(arena);
    }
}

/* Every key of a long table is found, at its first row; what lies between, before and behind is not. */
Test(table, finds_each_key_of_a_long_table)
{
    for (int n = 0; n < 40; n++) {
        Arena *arena = arena_new(NULL);
        const char *text = "k\tv\n";
        Table *t;
        for (int i = 0; i < n; i++) /* a walk through all keys, each twice */
            text = arena_print(arena, "%sk%02d\t%d\n", text, i * 7 % 20 * 2, i);
        cr_assert_eq(parse(&t, text, arena, NULL), OK);
        cr_assert_eq(t->n_rows, (size_t)n);
        for (int key = 0; key < 40; key++) {
            long first = -1;
            for (int i = n; i-- > 0;)
                if (i * 7 % 20 * 2 == key) first = i;
            cr_expect_eq(table_find(t, arena_print(arena, "k%02d", key)), first, "%d of %d", key,
                         n);
        }
        cr_expect_eq(table_find(t, "a"), -1);
        cr_expect_eq(table_find(t, "z"), -1);
        for (int i = 0; i < n; i++)
            cr_expect_eq(t->lines[i], i + 2);
        arena_free(arena);
    }
}

Test(table, a_cell_is_a_number_or_none)
{
    static const struct {
        const char *cell;
        bool is_number;
        double value;
    } rows[] = {
        {"0", true, 0},      {"1", true, 1},       {"-1.5", true, -1.5}, {"+2", true, 2},
        {"1e3", true, 1000}, {"2E-2", true, 0.02}, {".5", true, 0.5},    {"5.", true, 5},
        {"", false, 0},      {"-", false, 0},      {"1 ", false, 0},     {" 1", false, 0},
        {"1x", false, 0},    {"x", false, 0},      {"1e999", false, 0},  {"-1e999", false, 0},
        {"nan", false, 0},   {"inf", false, 0},    {"0x10", false, 0},   {"1,5", false, 0},
        {"1.2.3", false, 0}, {"1e", false, 0},     {"--1", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Table *t;
        double value = -77;
        cr_assert_eq(parse(&t, arena_print(arena, "k\tv\nx\t%s\n", rows[i].cell), arena, NULL), OK);
        cr_expect_eq(table_number(t, 0, 1, &value), rows[i].is_number, "%s", rows[i].cell);
        cr_expect_eq(value, rows[i].is_number ? rows[i].value : -77, "%s", rows[i].cell);
        cr_expect_not(table_number(t, 0, -1, &value));
        arena_free(arena);
    }
}

/* Only "\n" is a line break; a comment is one at the beginning of its line; the last line needs no end. */
Test(table, lines_and_cells)
{
    Arena *arena = arena_new(NULL);
    Table *t;
    cr_assert_eq(
        parse(&t, "\r\n\nk\tv\n\\n\ta\\nb\\n\n#x\ty\n\\\t\\t#\n\tn\\\n \t\\\\n", arena, NULL), OK);
    static const char *const cells[][2] = {
        {"\n", "a\nb\n"}, {"\\", "\\t#"}, {"", "n\\"}, {" ", "\\\n"}};
    static const long lines[] = {4, 6, 7, 8};
    cr_assert_eq(t->n_rows, 4U);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(table_cell(t, i, 0), cells[i][0], "row %zu", i);
        cr_expect_str_eq(table_cell(t, i, 1), cells[i][1], "row %zu", i);
        cr_expect_eq(t->lines[i], lines[i]);
        cr_expect_not(t->examples[i]);
    }
    arena_free(arena);
}

/* Rows of the example stand behind those of the base, each with its line; columns are the same in the same order, or nothing is joined. */
Test(table, examples_by_their_columns)
{
    static const struct {
        const char *base, *examples;
        bool joins;
    } rows[] = {
        {"k\tv\nb\t1\nc\t2\n", "#\nk\tv\na\t3\nd\t4\n", true},
        {"k\tv\n", "k\tv\na\t3\nd\t4\n", true},
        {"k\tv\nb\t1\n", "k\tv\n", true},
        {"k\tv\nb\t1\n", "v\tk\n3\ta\n", false},
        {"k\tv\nb\t1\n", "k\na\n", false},
        {"k\tv\nb\t1\n", "k\tv\tw\na\t3\t4\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Table *base, *examples, *both = NULL;
        TableInfo example = info;
        Note why = {0};
        example.status = "example";
        cr_assert_eq(parse(&base, rows[i].base, arena, NULL), OK);
        cr_assert_eq(table_parse(&examples, &example, rows[i].examples, strlen(rows[i].examples),
                                 arena, NULL),
                     OK);
        Status s = table_append_examples(&both, base, examples, arena, &why);
        cr_expect_eq(s, rows[i].joins ? OK : BAD_INPUT, "row %zu", i);
        for (size_t r = 0; s == OK && r < both->n_rows; r++) {
            const bool is_example = r >= base->n_rows;
            const Table *from = is_example ? examples : base;
            const size_t at = is_example ? r - base->n_rows : r;
            cr_expect_eq(both->examples[r], is_example);
            cr_expect_eq(both->lines[r], from->lines[at]);
            cr_expect_str_eq(table_cell(both, r, 1), table_cell(from, at, 1));
            cr_expect_eq(table_find(both, table_cell(from, at, 0)), (long)r);
        }
        if (s == OK)
            cr_expect_eq(both->n_rows, base->n_rows + examples->n_rows);
        else
            cr_expect_str_eq(why.code, "table.examples");
        arena_free(arena);
    }
}
