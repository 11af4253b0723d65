#include "lab/assays/nipt_rules.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAD "rule\tmeasure\tlow\thigh\tabsent\teffect\tanswer\tdetail\tsource\n"

static const Table *rules_of(const char *rows, Arena *arena)
{
    static const TableInfo info = {
        .name = "nipt/rules", .path = "x.tsv", .version = "1", .status = "local"};
    const char *text = arena_print(arena, "%s%s", HEAD, rows);
    Table *t = NULL;
    Note why = {0};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s", why.code);
    return t;
}

static const char *checked(const char *rows, Arena *arena)
{
    Note why = {0};
    return nipt_rules_check(rules_of(rows, arena), &why) == OK ? "" : arena_copy(arena, why.field);
}

/* Wherever in the table the row stands. */
Test(nipt_rules, a_row_that_is_not_understood)
{
    static const char good[] = "G\treads\t1\t\tyes\tstop\tfailed\td\ts\n";
    static const struct {
        const char *row, *field;
    } rows[] = {
        {"R\treads\t1\t2\t\talarm\tpossible\td\ts\n", ""},
        {"R\tother_autosomes\t\t\t\tno_negative\tnot_assessed\td\ts\n", ""},
        {"R\tread\t1\t\t\tstop\tfailed\td\ts\n", "measure"},
        {"R\treads\t1\t\t\tstopped\tfailed\td\ts\n", "effect"},
        {"R\treads\t1\t\t\tstop\tbad\td\ts\n", "answer"},
        {"R\treads\t1\t\t\tstop\tnegative\td\ts\n", "answer"}, /* a rule never says negative */
        {"R\treads\t1\t\tno\tstop\tfailed\td\ts\n", "absent"},
        {"R\treads\tx\t\t\tstop\tfailed\td\ts\n", "low"},
        {"R\treads\t\t1x\t\tstop\tfailed\td\ts\n", "high"},
    };
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_str_eq(checked(rows[i].row, arena), rows[i].field, "row %zu alone", i);
        cr_expect_str_eq(checked(arena_print(arena, "%s%s", rows[i].row, good), arena),
                         rows[i].field, "row %zu first", i);
        cr_expect_str_eq(checked(arena_print(arena, "%s%s", good, rows[i].row), arena),
                         rows[i].field, "row %zu last", i);
    }
    arena_free(arena);
}

Test(nipt_rules, ends_are_inside_and_the_strongest_effect_decides)
{
    static const struct {
        double reads, duplicates, z;
        long row;
    } rows[] = {
        {100, 0.4, 0, -1},  {99, 0.4, 0, 0},   {200, 0.4, 0, -1}, {201, 0.4, 0, 0},
        {100, 0.5, 0, 1},   {99, 0.5, 0, 1},   {100, NAN, 0, -1}, {NAN, 0.4, 0, 0},
        {100, 0.4, -3, -1}, {100, 0.4, -4, 2}, {99, 0.4, -4, 0},  {NAN, NAN, NAN, 0},
        {100, 0.5, -4, 1},
    };
    Arena *arena = arena_new(NULL);
    const Table *t = rules_of("A\treads\t100\t200\tyes\tno_negative\tnot_assessed\ta\ts\n"
                              "B\tduplicates\t\t0.4\t\tstop\tinvalid\tb\ts\n"
                              "C\tz_lowest\t-3\t\t\talarm\tpossible\tc\ts\n"
                              "D\tduplicates\t\t0.45\t\tstop\tfailed\td\ts\n",
                              arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double figures[MEASURES];
        for (int m = 0; m < MEASURES; m++)
            figures[m] = NAN;
        figures[MEASURE_READS] = rows[i].reads;
        figures[MEASURE_DUPLICATES] = rows[i].duplicates;
        figures[MEASURE_Z_LOWEST] = rows[i].z;
        const Verdict v = nipt_verdict(t, figures);
        cr_expect_eq(v.row, rows[i].row, "row %zu: %ld", i, v.row);
        if (v.row == 0)
            cr_expect(v.effect == EFFECT_NO_NEGATIVE && v.answer == ANSWER_NOT_ASSESSED);
        if (v.row == 1)
            cr_expect(v.effect == EFFECT_STOP && v.answer == ANSWER_INVALID &&
                      strcmp(v.detail, "b") == 0);
    }
    arena_free(arena);
}
