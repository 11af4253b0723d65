#include "lab/decide.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const Table *parse(const char *name, const char *text, Arena *arena)
{
    TableInfo info = {.name = name, .path = "x.tsv", .version = "1"};
    Table *t = NULL;
    Note why;
    Status s = table_parse(&t, &info, text, strlen(text), arena, &why);
    cr_assert_eq(s, OK, "%s: %s %s", name, why.code, why.detail);
    return t;
}

static Status compile(Rules **rules, const char *table, const char *domains, Arena *arena,
                      Note *why)
{
    *why = (Note){.code = ""};
    return decide_compile(rules, parse("t", table, arena), parse("domains", domains, arena), arena,
                          why);
}

#define D  "table\tinput\tvalues\n"
#define AB D "t\ta\tx|y|z\nt\tb\t0..120\n"
#define AE D "t\ta\t-|x\nt\ta\ty|z\nother\ta\tq\nt\tb\t-|0..120\n"
#define H  "row\tin:a\tin:b\tout:o\n"
#define O  "row\torder\tin:a\tin:b\tout:o\n"

/* Compiling: which tables stand, and what a Note says about those that do not. */
static const struct {
    const char *what, *table, *domains;
    Status status;
    const char *code, *detail;
    long row;
} compiling[] = {
    {"complete", H "1\tx\t*\tA\n2\t!x\t..24\tB\n3\ty|z\t25..\tC\n", AB, OK, "", "", 0},
    {"one row for all", H "1\t*\t*\tA\n", AE, OK, "", "", 0},
    {"empty values", H "1\t-\t*\tA\n2\t!-\t-\tB\n3\t!-\t!-\tC\n", AE, OK, "", "", 0},
    {"mixed pieces", H "1\t-|x\t-|65..\tA\n2\t-|x\t..64\tB\n3\ty|z\t*\tC\n", AE, OK, "", "", 0},
    {"overlap of words", H "1\tx|y\t*\tA\n2\ty|z\t*\tB\n", AB, REFUSED, "decide.overlap", "1 / 2",
     3},
    {"overlap of ranges", H "a\t*\t..30\tA\nb\t*\t30..\tB\n", AB, REFUSED, "decide.overlap",
     "a / b", 3},
    {"overlap of equal rows", H "1\t*\t*\tA\n2\t*\t*\tA\n", AB, REFUSED, "decide.overlap", "1 / 2",
     3},
    {"overlap on the empty value", H "1\t!x\t*\tA\n2\t-|x\t*\tB\n", AE, REFUSED, "decide.overlap",
     "1 / 2", 3},
    {"hole of a word", H "1\tx|y\t*\tA\n", AB, REFUSED, "decide.hole", "a=z, b=0..120", 0},
    {"hole of a range", H "1\t*\t..24\tA\n2\t*\t26..\tB\n", AB, REFUSED, "decide.hole",
     "a=x, b=25..25", 0},
    {"hole in one corner", H "1\tx\t*\tA\n2\t!x\t..64\tB\n3\ty\t65..\tC\n", AB, REFUSED,
     "decide.hole", "a=z, b=65..120", 0},
    {"hole of the empty value", H "1\tx|y|z\t*\tA\n2\t-\t0..120\tB\n", AE, REFUSED, "decide.hole",
     "a=-, b=-", 0},
    {"word outside the domain", H "1\tx|w\t*\tA\n2\ty|z\t*\tB\n", AB, BAD_INPUT, "decide.cell",
     "x|w", 2},
    {"asked in order", O "1\t10\tx\t*\tA\n2\t20\t*\t..64\tB\n3\t30\t*\t*\tC\n", AB, OK, "", "", 0},
    {"the order in the first column",
     "order\trow\tin:a\tin:b\tout:o\n10\t1\tx\t*\tA\n20\t2\t*\t*\tB\n", AB, OK, "", "", 0},
    {"an order of nothing", O "1\t0\tx\t*\tA\n2\t20\t*\t*\tB\n", AB, BAD_INPUT, "decide.cell", "0",
     2},
    {"order that does not rise", O "1\t20\tx\t*\tA\n2\t20\t*\t*\tB\n", AB, BAD_INPUT, "decide.cell",
     "20", 3},
    {"a row inside an earlier one", O "1\t10\tx|y\t*\tA\n2\t20\tx\t..64\tB\n3\t30\t*\t*\tC\n", AB,
     REFUSED, "decide.overlap", "1 / 2", 3},
    {"a last row that does not fit everything", O "1\t10\tx\t*\tA\n2\t20\t*\t..64\tB\n", AB,
     REFUSED, "decide.hole", "the last row must fit everything", 0},
    {"a last row that leaves out the first word", O "1\t10\tx\t..9\tA\n2\t20\t!x\t*\tB\n", AB,
     REFUSED, "decide.hole", "the last row must fit everything", 0},
    {"a last row that leaves out the first number", O "1\t10\tx\t..9\tA\n2\t20\t*\t1..\tB\n", AB,
     REFUSED, "decide.hole", "the last row must fit everything", 0},
    {"a last row that leaves out a word", O "1\t10\tx\t*\tA\n2\t20\t!z\t*\tB\n", AB, REFUSED,
     "decide.hole", "the last row must fit everything", 0},
    {"prefix of a word", H "1\t*\t*\tA\n", D "t\ta\tx|xy\nt\tb\t0..1\n", OK, "", "", 0},
    {"empty cell", H "1\t\t*\tA\n", AB, BAD_INPUT, "decide.cell", "", 2},
    {"empty value outside the domain", H "1\t-\t*\tA\n", AB, BAD_INPUT, "decide.cell", "-", 2},
    {"range outside the domain", H "1\t*\t..121\tA\n", AB, BAD_INPUT, "decide.cell", "..121", 2},
    {"range backwards", H "1\t*\t30..20\tA\n", AB, BAD_INPUT, "decide.cell", "30..20", 2},
    {"range of nothing", H "1\t*\t..\tA\n", AB, BAD_INPUT, "decide.cell", "..", 2},
    {"text in a range", H "1\t*\t3x..\tA\n", AB, BAD_INPUT, "decide.cell", "3x..", 2},
    {"trailing bar", H "1\tx|\t*\tA\n", AB, BAD_INPUT, "decide.cell", "x|", 2},
    {"row that never fits", H "1\t!x|y|z\t*\tA\n2\t*\t*\tA\n", AB, BAD_INPUT, "decide.cell",
     "!x|y|z", 2},
    {"no domain", H "1\t*\t*\tA\n", D "t\ta\tx\n", BAD_INPUT, "decide.domain", "t, in:b", 0},
    {"domain of both kinds", H "1\t*\t*\tA\n", D "t\ta\tx|1..2\nt\tb\t0..1\n", BAD_INPUT,
     "decide.domain", "x|1..2", 2},
    {"a range, then a word", H "1\t*\t*\tA\n", D "t\ta\t1..2|x\nt\tb\t0..1\n", BAD_INPUT,
     "decide.domain", "1..2|x", 2},
    {"a word of nothing", H "1\t*\t*\tA\n", D "t\ta\tx||y\nt\tb\t0..1\n", BAD_INPUT,
     "decide.domain", "x||y", 2},
    {"domain with an open end", H "1\t*\t*\tA\n", D "t\ta\tx\nt\tb\t0..\n", BAD_INPUT,
     "decide.domain", "0..", 3},
    {"no inputs", "row\tout:o\n1\tA\n", AB, BAD_INPUT, "decide.columns", "", 0},
    {"no outputs", "row\tin:a\n1\t*\n", AB, BAD_INPUT, "decide.columns", "", 0},
    {"no rows", H, AB, BAD_INPUT, "decide.columns", "", 0},
};

Test(decide, compiles_only_what_is_complete)
{
    for (size_t i = 0; i < sizeof compiling / sizeof *compiling; i++) {
        Arena *arena = arena_new(NULL);
        Rules *rules = NULL;
        Note why;
        Status s = compile(&rules, compiling[i].table, compiling[i].domains, arena, &why);
        cr_expect_eq(s, compiling[i].status, "%s: status %d", compiling[i].what, (int)s);
        cr_expect_str_eq(why.code, compiling[i].code, "%s: %s", compiling[i].what, why.code);
        if (s != OK) {
            cr_expect_str_eq(why.detail, compiling[i].detail, "%s: %s", compiling[i].what,
                             why.detail);
            cr_expect_eq(why.row, compiling[i].row, "%s: row %ld", compiling[i].what, why.row);
        }
        arena_free(arena);
    }
}

static const struct {
    const char *a, *b, *o;
} deciding[] = {
    {"", "", "none"},    {"", "30", "none"},   {"x", "", "no age"},
    {"x", "0", "young"}, {"y", "24", "young"}, {"z", "25", "mid"},
    {"x", "64", "mid"},  {"y", "65", "old y"}, {"x", "65", "old"},
    {"z", "120", "old"}, {"z", "121", ""},     {"z", "-1", ""},
    {"w", "30", ""},     {"X", "30", ""},      {"x ", "30", ""},
    {"x", "30.0", ""},   {"x", "3 0", ""},     {"x", "+30", ""},
    {"xy", "30", ""},    {"x", "030", "mid"},  {"x", "99999999999999999999", ""},
};

Test(decide, one_row_fits)
{
    Arena *arena = arena_new(NULL);
    Rules *rules = NULL;
    Note why;
    Status s = compile(&rules,
                       H "1\t-\t*\tnone\n2\t!-\t-\tno age\n3\t!-\t..24\tyoung\n4\t!-\t25..64\tmid\n"
                         "5\ty\t65..\told y\n6\tx|z\t65..\told\n",
                       AE, arena, &why);
    cr_assert_eq(s, OK, "%s %s", why.code, why.detail);
    cr_expect_eq(decide_inputs(rules), 2u);
    cr_expect_str_eq(decide_input_name(rules, 1), "b");
    for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++) {
        Decision d = decide(rules, (const char *const[]){deciding[i].a, deciding[i].b});
        cr_expect_str_eq(decide_output(rules, d, "o"), deciding[i].o, "row %zu", i);
        cr_expect_eq(d.row < 0, deciding[i].o[0] == '\0', "row %zu", i);
    }
    cr_expect_str_eq(decide_row(rules, (Decision){0}), "1");
    cr_expect_str_eq(decide_output(rules, (Decision){0}, "o"), "none");
    cr_expect_str_eq(decide_row(rules, (Decision){2}), "3");
    cr_expect_str_eq(decide_row(rules, (Decision){-1}), "");
    cr_expect_str_eq(decide_output(rules, (Decision){2}, "nothing"), "");
    arena_free(arena);
}

/* More rows than one 64-bit word, and twelve inputs: 3^12 combinations of which none is
 * enumerated. */
/* Numbers of nine digits at most, below and above nothing; a single dot belongs to a word. */
Test(decide, numbers_and_words_at_their_ends)
{
    static const struct {
        const char *domain, *rows;
        Status status;
        const char *values, *outputs; /* "?" = outside */
    } tables[] = {
        {"-5..5", "1\t..-1\tA\n2\t0\tB\n3\t1..\tC\n", OK, "-6 -5 -1 0 1 5 6 - --1 -0 1-",
         "? A A B C C ? ? ? B ?"},
        {"0..999999999", "1\t..999999998\tA\n2\t999999999\tB\n", OK,
         "999999998 999999999 1000000000 0000000001", "A B ? ?"},
        {"-999999999..0", "1\t..-999999999\tA\n2\t-999999998..\tB\n", OK,
         "-999999999 -999999998 -1000000000", "A B ?"},
        {"0..1000000000", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"-1000000000..0", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"5..5", "1\t5\tA\n", OK, "4 5 6", "? A ?"},
        {"5..4", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"3..", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"..3", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"1...3", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"-..3", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"a..b", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"1..2|4..5", "1\t*\tA\n", BAD_INPUT, "", ""},
        {"hpv.16|.x|a.|.|b.c.d", "1\thpv.16|.\tA\n2\t.x|a.\tB\n3\tb.c.d\tC\n", OK,
         "hpv.16 . .x a. b.c.d hpv hpv.1 hpv.166", "A A B B C ? ? ?"},
        {"30|5", "1\t30\tA\n2\t5\tB\n", OK, "30 5 3 05", "A B ? ?"}, /* words of digits */
        {"0..9", "1\t0|2..3|9\tA\n2\t!0|2..3|9\tB\n", OK, "0 1 2 3 4 8 9", "A B A A B B A"},
        {"0..9", "1\t..2|1..3\tA\n2\t4..\tB\n", OK, "0 1 2 3 4 9", "A A A A B B"},
        {"0..9", "1\t0..10\tA\n", BAD_INPUT, "", ""},
        {"1..9", "1\t0..9\tA\n", BAD_INPUT, "", ""},
        {"1..9", "1\t1..9|3..2\tA\n", BAD_INPUT, "", ""},
        {"1..9|-", "1\t-\tA\n2\t!-\tB\n", OK, "1 9", "B B"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        Arena *arena = arena_new(NULL);
        Rules *rules = NULL;
        Note why;
        Status s = compile(&rules, arena_print(arena, "row\tin:n\tout:o\n%s", tables[i].rows),
                           arena_print(arena, D "t\tn\t%s\n", tables[i].domain), arena, &why);
        cr_expect_eq(s, tables[i].status, "table %zu: %s %s", i, why.code, why.detail);
        const char *v = tables[i].values, *o = tables[i].outputs;
        while (s == OK && *v != '\0') {
            const size_t n = strcspn(v, " ");
            const char *value = arena_copy_n(arena, v, n);
            Decision d = decide(rules, (const char *const[]){value});
            cr_expect_str_eq(decide_output(rules, d, "o"),
                             *o == '?' ? "" : arena_copy_n(arena, o, 1), "table %zu: %s", i, value);
            v += n + (v[n] == ' ');
            o += 1 + (o[1] == ' ');
        }
        arena_free(arena);
    }
}

Test(decide, many_rows_and_inputs)
{
    Arena *arena = arena_new(NULL);
    static char table[16384], domains[2048], long_table[8192];
    Rules *rules = NULL;
    Note why;
    size_t n = 0, m = (size_t)snprintf(domains, sizeof domains, "table\tinput\tvalues\n");
    for (int i = 0; i < 12; i++) {
        n += (size_t)snprintf(table + n, sizeof table - n, "in:i%d\t", i);
        m += (size_t)snprintf(domains + m, sizeof domains - m, "t\ti%d\ta|b|c\n", i);
    }
    n += (size_t)snprintf(table + n, sizeof table - n, "out:o\n");
    for (int r = 0; r <= 12; r++) { /* row r: the first r inputs are a, the next is not */
        for (int i = 0; i < 12; i++)
            n += (size_t)snprintf(table + n, sizeof table - n, "%s\t",
                                  i < r    ? "a"
                                  : i == r ? "!a"
                                           : "*");
        n += (size_t)snprintf(table + n, sizeof table - n, "%d\n", r);
    }
    cr_assert_eq(compile(&rules, table, domains, arena, &why), OK, "%s %s", why.code, why.detail);
    const char *const third[] = {"a", "a", "a", "c", "a", "a", "b", "c", "a", "b", "c", "a"};
    cr_expect_str_eq(decide_output(rules, decide(rules, third), "o"), "3");

    n = (size_t)snprintf(long_table, sizeof long_table, "in:n\tout:o\n");
    for (int r = 0; r < 200; r++)
        n += (size_t)snprintf(long_table + n, sizeof long_table - n, "%d\t%d\n", r, r);
    cr_assert_eq(compile(&rules, long_table, D "t\tn\t0..199\n", arena, &why), OK, "%s %s",
                 why.code, why.detail);
    for (int r = 0; r < 200; r++) {
        char value[16];
        (void)snprintf(value, sizeof value, "%d", r);
        cr_expect_eq(decide(rules, (const char *const[]){value}).row, r);
    }
    cr_expect_eq(compile(&rules, long_table, D "t\tn\t0..200\n", arena, &why), REFUSED);
    cr_expect_str_eq(why.detail, "n=200..200");
    arena_free(arena);
}

/* --- the proof against plain enumeration -------------------- */

enum { SIDE = 4, MOST_ROWS = 12 };

/* A small generator of our own: the same tables on every machine. */
static unsigned next_number(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16) % below;
}

/* Rows are boxes of masks over three inputs of SIDE values (bit SIDE - 1 is the empty value). */
typedef struct Boxes {
    unsigned masks[MOST_ROWS][3];
    size_t n;
} Boxes;

/* Splits boxes at random: the result covers everything exactly once. */
static Boxes partition(unsigned *state)
{
    Boxes b = {.masks = {{15, 15, 15}}, .n = 1};
    for (unsigned splits = next_number(state, MOST_ROWS); splits > 0; splits--) {
        size_t row = next_number(state, (unsigned)b.n), input = next_number(state, 3);
        unsigned part = b.masks[row][input] & next_number(state, 16);
        if (part == 0 || part == b.masks[row][input]) continue;
        memcpy(b.masks[b.n], b.masks[row], sizeof b.masks[row]);
        b.masks[b.n++][input] = part;
        b.masks[row][input] &= ~part;
    }
    return b;
}

static size_t rows_that_fit(const Boxes *b, size_t i, size_t j, size_t k, size_t *row)
{
    size_t n = 0;
    for (size_t r = 0; r < b->n; r++)
        if ((b->masks[r][0] >> i & 1) && (b->masks[r][1] >> j & 1) && (b->masks[r][2] >> k & 1)) {
            *row = r;
            n++;
        }
    return n;
}

/* Inputs 0 and 1 are words with "-", input 2 is the numbers 0..3. Cells are written as lists,
 * negations or "*" at random. */
static void write_cell(char *out, size_t size, unsigned mask, size_t input, unsigned *state)
{
    static const char *const words[] = {"a", "b", "ab", "-"}, *const numbers[] = {"0", "1..1",
                                                                                  "2..2", "3.."};
    bool negated = mask != 15 && next_number(state, 2) == 0;
    size_t used = 0;
    if (mask == 15 && next_number(state, 2) == 0) {
        (void)snprintf(out, size, "*");
        return;
    }
    if (negated) {
        used = (size_t)snprintf(out, size, "!");
        mask = ~mask & 15u;
    }
    for (size_t v = 0; v < SIDE; v++)
        if (mask >> v & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     used > (negated ? 1u : 0u) ? "|" : "",
                                     input == 2 ? numbers[v] : words[v]);
}

static void write_table(char *out, size_t size, const Boxes *b, unsigned *state)
{
    size_t used = (size_t)snprintf(out, size, "row\tin:x\tin:y\tin:n\tout:o\n");
    for (size_t r = 0; r < b->n; r++) {
        char cells[3][64];
        for (size_t i = 0; i < 3; i++)
            write_cell(cells[i], sizeof cells[i], b->masks[r][i], i, state);
        used += (size_t)snprintf(out + used, size - used, "%zu\t%s\t%s\t%s\t%zu\n", r, cells[0],
                                 cells[1], cells[2], r);
    }
}

static void check_table(const Boxes *b, const char *text, Arena *arena)
{
    static const char *const words[] = {"a", "b", "ab", ""}, *const numbers[] = {"0", "1", "2",
                                                                                 "3"};
    Rules *rules = NULL;
    Note why;
    bool exact = true;
    Status s = compile(&rules, text, D "t\tx\ta|b|ab|-\nt\ty\t-|a|b|ab\nt\tn\t0..3\n", arena, &why);
    for (size_t c = 0; c < SIDE * SIDE * SIDE; c++) {
        size_t i = c % SIDE, j = c / SIDE % SIDE, k = c / SIDE / SIDE, row = 0;
        bool one = rows_that_fit(b, i, j, k, &row) == 1;
        exact = exact && one;
        if (s == OK && one)
            cr_expect_eq(decide(rules, (const char *const[]){words[i], words[j], numbers[k]}).row,
                         (long)row, "%s", text);
    }
    cr_expect_eq(s, exact ? OK : REFUSED, "%s%s %s", text, why.code, why.detail);
}

Test(decide, proof_agrees_with_enumeration)
{
    Arena *arena = arena_new(NULL);
    unsigned state = 20261123;
    size_t complete = 0;
    for (size_t t = 0; t < 4000; t++) {
        char text[4096];
        Boxes b = partition(&state);
        if (t % 2 == 1) { /* spoilt in one bit, which leaves no row empty */
            unsigned *mask = &b.masks[next_number(&state, (unsigned)b.n)][next_number(&state, 3)];
            unsigned spoilt = *mask ^ 1u << next_number(&state, SIDE);
            *mask = spoilt != 0 ? spoilt : *mask;
        } else {
            complete++;
        }
        write_table(text, sizeof text, &b, &state);
        check_table(&b, text, arena);
        arena_reset(arena);
    }
    cr_expect_eq(complete, 2000u);
    arena_free(arena);
}

/* Of several rows that fit the first one holds. */
Test(decide, rows_in_order)
{
    Arena *arena = arena_new(NULL);
    Rules *rules;
    Note why;
    cr_assert_eq(
        compile(&rules, O "1\t10\tx\t*\tA\n2\t20\t*\t..64\tB\n3\t30\t*\t*\tC\n", AB, arena, &why),
        OK, "%s %s", why.code, why.detail);
    static const char *const asked[][3] = {{"x", "10", "A"}, {"y", "64", "B"}, {"y", "65", "C"}};
    for (size_t i = 0; i < 3; i++)
        cr_expect_str_eq(decide_output(rules, decide(rules, asked[i]), "o"), asked[i][2], "%zu", i);
    arena_free(arena);
}
