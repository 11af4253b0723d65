#include "lab/centre.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define HEAD "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\n"

static Status parse(Centres **out, const char *text, Arena *arena, Note *why)
{
    static const TableInfo info = {.name = "centres", .path = "centres.tsv", .status = "local"};
    Table *t;
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, NULL), OK);
    return centres_parse(out, t, arena, why);
}

static const char network[] = HEAD "CITY\t3\t\tcolposcopy counselling\t\t\t市\tcity\n"
                                   "D1\t2\tCITY\tcolposcopy\t\t\t甲\tone\n"
                                   "D2\t2\tCITY\t\t2026-01-01\t\t乙\ttwo\n"
                                   "T1\t1\tD1\t\t\t2025-12-31\t丙\tthree\n"
                                   "T2\t1\tD2\tcolposcopy_x\t\t\t丁\tfour\n";

Test(centre, nearest_ancestor_that_can)
{
    static const struct {
        const char *from;
        Level level;
        const char *can, *to;
    } rows[] = {
        {"T1", LEVEL_TOWNSHIP, "", "D1"}, /* the township closed in 2025 */
        {"T2", LEVEL_TOWNSHIP, "", "T2"},
        {"T2", LEVEL_DISTRICT, "", "D2"},
        {"T2", LEVEL_DISTRICT, "colposcopy", "CITY"}, /* "colposcopy_x" is another word */
        {"T1", LEVEL_DISTRICT, "colposcopy", "D1"},
        {"T1", LEVEL_CITY, "counselling", "CITY"},
        {"T1", LEVEL_TOWNSHIP, "unknown", "CITY"},
    };
    Arena *arena = arena_new(NULL);
    Centres *c;
    cr_assert_eq(parse(&c, network, arena, NULL), OK);
    Date on = date_from(2026, 11, 23);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Centre *to =
            centre_destination(c, centre_find(c, rows[i].from), rows[i].level, rows[i].can, on);
        cr_expect_str_eq(to->id, rows[i].to, "row %zu", i);
    }
    cr_expect_null(centre_find(c, "nobody"));
    arena_free(arena);
}

Test(centre, refuses_broken_networks)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {HEAD "D1\t2\tCITY\t\t\t\tx\tx\n", "centre.parent"},
        {HEAD "A\t3\t\t\t\t\tx\tx\nB\t3\t\t\t\t\tx\tx\n", "centre.city"},
        {HEAD "A\t3\t\t\t\t\tx\tx\nB\t2\tB\t\t\t\tx\tx\n", "centre.parent"},
        {HEAD "A\t3\t\t\t\t\tx\tx\nB\t2\tA\t\t\t\tx\tx\nC\t2\tB\t\t\t\tx\tx\n", "centre.parent"},
        {HEAD "A\t0\t\t\t\t\tx\tx\n", "centre.level"},
        {HEAD "A\t33\t\t\t\t\tx\tx\n", "centre.level"},
        {HEAD "A\t\t\t\t\t\tx\tx\n", "centre.level"},
        {HEAD "A\t4\t\t\t\t\tx\tx\n", "centre.level"},
        {HEAD "A\t3\t\t\t2026-02-30\t\tx\tx\n", "centre.date"},
        {HEAD "A\t3\t\t\t\t\tx\tx\nA\t2\tA\t\t\t\tx\tx\n", "centre.duplicate"},
        {HEAD, "centre.city"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Centres *c;
        Note why = {0};
        cr_expect_eq(parse(&c, rows[i].text, arena, &why), BAD_INPUT, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        arena_free(arena);
    }
}

Test(centre, a_network_is_read_cell_by_cell)
{
    Arena *arena = arena_new(NULL);
    Centres *c;
    cr_assert_eq(parse(&c, network, arena, NULL), OK);
    static const struct {
        const char *id, *parent, *capabilities, *zh, *en;
        Level level;
        int from[3], until[3];
    } rows[] = {
        {"CITY", "", "colposcopy counselling", "市", "city", LEVEL_CITY, {0}, {0}},
        {"D1", "CITY", "colposcopy", "甲", "one", LEVEL_DISTRICT, {0}, {0}},
        {"D2", "CITY", "", "乙", "two", LEVEL_DISTRICT, {2026, 1, 1}, {0}},
        {"T1", "D1", "", "丙", "three", LEVEL_TOWNSHIP, {0}, {2025, 12, 31}},
        {"T2", "D2", "colposcopy_x", "丁", "four", LEVEL_TOWNSHIP, {0}, {0}},
    };
    cr_assert_eq(c->n, sizeof rows / sizeof *rows);
    cr_expect_eq(c->city, centre_find(c, "CITY"));
    for (size_t i = 0; i < c->n; i++) {
        const Centre *x = &c->items[i];
        cr_expect_str_eq(x->id, rows[i].id);
        cr_expect_eq(centre_find(c, rows[i].id), x);
        cr_expect_str_eq(x->parent != NULL ? x->parent->id : "", rows[i].parent);
        cr_expect_str_eq(x->capabilities, rows[i].capabilities);
        cr_expect_str_eq(x->zh, rows[i].zh);
        cr_expect_str_eq(x->en, rows[i].en);
        cr_expect_eq(x->level, rows[i].level);
        cr_expect_not(x->example);
        cr_expect_eq(x->from, rows[i].from[0]
                                  ? date_from(rows[i].from[0], rows[i].from[1], rows[i].from[2])
                                  : DATE_NONE);
        cr_expect_eq(x->until, rows[i].until[0]
                                   ? date_from(rows[i].until[0], rows[i].until[1], rows[i].until[2])
                                   : DATE_NONE);
    }
    arena_free(arena);
}

/* Its first day and its last are its own. */
Test(centre, days_on_which_a_centre_holds)
{
    static const struct {
        Date from, until, on;
        bool valid;
    } rows[] = {{DATE_NONE, DATE_NONE, 5, true},
                {5, DATE_NONE, 5, true},
                {5, DATE_NONE, 4, false},
                {5, DATE_NONE, 6, true},
                {DATE_NONE, 7, 7, true},
                {DATE_NONE, 7, 8, false},
                {DATE_NONE, 7, -1, true},
                {5, 7, 6, true},
                {5, 7, 4, false},
                {5, 7, 8, false},
                {5, 5, 5, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Centre c = {.from = rows[i].from, .until = rows[i].until, .capabilities = "a"};
        cr_expect_eq(centre_valid(&c, rows[i].on), rows[i].valid, "row %zu", i);
        cr_expect_eq(centre_can(&c, "a", rows[i].on), rows[i].valid, "row %zu", i);
        cr_expect_eq(centre_can(&c, "", rows[i].on), rows[i].valid, "row %zu", i);
    }
}

/* A capability is a whole word of the list: every list of up to three words out of some that hold each other. */
Test(centre, capabilities_are_whole_words)
{
    static const char *const words[] = {"", "a", "b", "ab", "aa", "ba", "aba"};
    enum { WORDS = sizeof words / sizeof *words };
    for (int i = 0; i < WORDS * WORDS * WORDS; i++) {
        const char *const in[] = {words[i % WORDS], words[i / WORDS % WORDS],
                                  words[i / WORDS / WORDS]};
        char list[16] = "";
        for (size_t k = 0; k < 3; k++) {
            if (in[k][0] == '\0') continue;
            const size_t n = strlen(list);
            (void)snprintf(list + n, sizeof list - n, "%s%s", n > 0 ? " " : "", in[k]);
        }
        const Centre c = {.from = DATE_NONE, .until = DATE_NONE, .capabilities = list};
        for (int w = 0; w < WORDS; w++) {
            bool due = w == 0;
            for (size_t k = 0; k < 3; k++)
                due = due || strcmp(in[k], words[w]) == 0;
            cr_assert_eq(centre_can(&c, words[w], 0), due, "'%s' of '%s'", words[w], list);
        }
    }
}
