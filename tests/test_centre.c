#include "lab/centre.h"

#include <criterion/criterion.h>
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
