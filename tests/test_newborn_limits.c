/* Cut-offs of dried blood spots: tables of spans against a plain count (each point of weight and age is fitted by one row, and the rows stand in their order), every
 * cell of a row read back, and each cell that cannot be meant refused. */
#include "broken_table.h"
#include "lab/assays/newborn_limits.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

#define COLUMNS                                                                                    \
    "row\tanalyte\tkit\tunit\tdirection\tstratum\tabove\tup_to\tage_above_h\tage_up_to_h\t"        \
    "borderline\tpositive\treplicates\tduplicates\n"

static const TableText cutoffs = {
    "newborn/cutoffs", COLUMNS "N1\ttsh\tk\tmU/L\thigh\t\t\t\t\t\t10\t20\t1\tmean\n"
                               "N2\tohp\tk\tnmol/L\thigh\tweight_g\t\t2500\t\t48\t40\t100\t2\tall\n"
                               "N3\tohp\tk\tnmol/L\thigh\tweight_g\t\t2500\t48\t\t35\t90\t3\tmean\n"
                               "N4\tohp\tk\tnmol/L\thigh\tweight_g\t2500\t\t\t\t30\t80\t8\tmean\n"
                               "N5\tgalt\tk\tU\tlow\tgestation_d\t\t230\t\t\t3.7\t3.2\t1\tall\n"
                               "N6\tgalt\tk\tU\tlow\tgestation_d\t230\t\t\t\t3.5\t3\t1\tall\n"};
static const TableText ratios = {"newborn/ratios",
                                 "ratio\tnumerator\tdenominator\nx_y\tx\ty\ntsh\tp\tq\n"};
static const TableText rules = {
    "newborn/rules", "key\tvalue\nearly_h\t72\nlate_h\t480\nspots_min\t3\nspot_mm_min\t8\n"};

static Status prepare(const NewbornModel **model, Table *c, Table *q, Table *r, Arena *arena,
                      Note *why)
{
    const void *m;
    Reference *all = reference_new(arena, "test", false);
    cr_assert_eq(reference_add(all, c, NULL), OK);
    if (q != NULL) cr_assert_eq(reference_add(all, q, NULL), OK);
    cr_assert_eq(reference_add(all, r, NULL), OK);
    const Status s = newborn_prepare(&m, all, arena, why);
    *model = m;
    return s;
}

Test(newborn_limits, a_table_is_read_cell_by_cell)
{
    Arena *arena = arena_new(NULL);
    const NewbornModel *m;
    cr_assert_eq(prepare(&m, table_of(&cutoffs, arena), table_of(&ratios, arena),
                         table_of(&rules, arena), arena, NULL),
                 OK);
    static const double due[NEWBORN_RULES] = {72, 480, 3, 8};
    for (int i = 0; i < NEWBORN_RULES; i++)
        cr_expect_eq(m->rules[i], due[i]);
    cr_expect_str_eq(m->table, "newborn/cutoffs");
    cr_expect_str_eq(m->version, "7.1");
    static const struct {
        const char *code;
        Stratum stratum;
        int n;
        const char *numerator, *denominator;
    } analytes[] = {{"tsh", STRATUM_NONE, 1, "p", "q"},
                    {"ohp", STRATUM_WEIGHT_G, 3, NULL, NULL},
                    {"galt", STRATUM_GESTATION_D, 2, NULL, NULL}};
    static const double open = HUGE_VAL;
    static const NewbornLimits limits[] = {
        {"N1", "mU/L", {-open, open}, {-open, open}, false, false, 1, 10, 20, false},
        {"N2", "nmol/L", {-open, 2500}, {-open, 48}, false, true, 2, 40, 100, false},
        {"N3", "nmol/L", {-open, 2500}, {48, open}, false, false, 3, 35, 90, false},
        {"N4", "nmol/L", {2500, open}, {-open, open}, false, false, 8, 30, 80, false},
        {"N5", "U", {-open, 230}, {-open, open}, true, true, 1, 3.7, 3.2, false},
        {"N6", "U", {230, open}, {-open, open}, true, true, 1, 3.5, 3, false}};
    cr_assert_eq(m->n_analytes, 3);
    const NewbornLimits *x = limits;
    for (int a = 0; a < 3; a++) {
        const NewbornAnalyte *read = &m->analytes[a];
        cr_expect_str_eq(read->code, analytes[a].code);
        cr_expect_eq(read->stratum, analytes[a].stratum);
        cr_expect_eq(read->numerator == NULL, analytes[a].numerator == NULL);
        if (read->numerator != NULL)
            cr_expect(strcmp(read->numerator, analytes[a].numerator) == 0 &&
                      strcmp(read->denominator, analytes[a].denominator) == 0);
        cr_assert_eq(read->n_limits, analytes[a].n);
        for (int i = 0; i < read->n_limits; i++, x++) {
            const NewbornLimits *l = &read->limits[i];
            cr_expect(strcmp(l->row, x->row) == 0 && strcmp(l->unit, x->unit) == 0 &&
                          l->stratum.above == x->stratum.above &&
                          l->stratum.up_to == x->stratum.up_to &&
                          l->age_h.above == x->age_h.above && l->age_h.up_to == x->age_h.up_to &&
                          l->low_is_bad == x->low_is_bad && l->all == x->all &&
                          l->replicates == x->replicates && l->borderline == x->borderline &&
                          l->positive == x->positive && !l->example,
                      "%s", x->row);
        }
    }
    cr_expect_eq(prepare(&m, table_of(&cutoffs, arena), NULL, table_of(&rules, arena), arena, NULL),
                 OK, "a laboratory without ratios");
    arena_free(arena);
}

Test(newborn_limits, a_cell_that_cannot_be_meant)
{
    static const struct {
        size_t row;
        const char *column, *value, *code, *field; /* code NULL = accepted */
        long line;                                 /* 0 = of the row */
    } rows[] = {
        {0, "direction", "", "newborn.direction", "direction", 0},
        {5, "direction", "both", "newborn.direction", "direction", 0},
        {0, "duplicates", "", "newborn.limits", "duplicates", 0},
        {0, "duplicates", "all", NULL, NULL, 0},
        {0, "borderline", "", "newborn.limits", "borderline", 0},
        {0, "positive", "x", "newborn.limits", "borderline", 0},
        {0, "positive", "10", NULL, NULL, 0},
        {0, "positive", "9.9", "newborn.limits", "borderline", 0},
        {4, "positive", "3.7", NULL, NULL, 0},
        {4, "positive", "3.8", "newborn.limits", "borderline", 0},
        {0, "replicates", "0", "newborn.limits", "replicates", 0},
        {0, "replicates", "8", NULL, NULL, 0},
        {0, "replicates", "9", "newborn.limits", "replicates", 0},
        {0, "replicates", "", "newborn.limits", "replicates", 0},
        {1, "stratum", "gestation_d", "newborn.gap", "stratum", 4},
        {2, "stratum", "gestation_d", "newborn.gap", "stratum", 0},
        {0, "stratum", "length", "newborn.gap", "stratum", 0},
        {0, "stratum", "weight_g", NULL, NULL, 0},
        {3, "kit", "k2", "newborn.limits", "kit", 0},
        {0, "kit", "k2", NULL, NULL, 0}, /* another analyte may have another kit */
        {0, "analyte", "", "newborn.gap", "analyte", 0},
        {0, "analyte", "galt", "newborn.gap", "analyte", 6},
        {5, "analyte", "tsh", "newborn.gap", "up_to", 6},
        {1, "up_to", "x", "newborn.gap", "above", 0},
        {1, "age_up_to_h", "x", "newborn.gap", "age_above_h", 0},
        {2, "age_above_h", "49", "newborn.gap", "age_above_h", 3},
        {2, "age_up_to_h", "96", "newborn.gap", "age_up_to_h", 3},
        {3, "above", "2501", "newborn.gap", "above", 3},
        {3, "up_to", "4000", "newborn.gap", "up_to", 3},
        {3, "above", "", "newborn.gap", "above", 3},
        {1, "above", "500", "newborn.gap", "above", 3},
        {0, "above", "500", "newborn.gap", "above", 0},
        {0, "up_to", "500", "newborn.gap", "up_to", 0},
        {1, "above", "2500", "newborn.gap", "above", 0}, /* nothing lies between 2500 and 2500 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *arena = arena_new(NULL);
        const NewbornModel *m;
        Note why = {.code = ""};
        Table *t = table_with(table_of(&cutoffs, arena), rows[i].row, rows[i].column, rows[i].value,
                              arena);
        const Status s =
            prepare(&m, t, table_of(&ratios, arena), table_of(&rules, arena), arena, &why);
        cr_expect_eq(s, rows[i].code == NULL ? OK : BAD_INPUT, "row %zu: %s %s", i, why.code,
                     why.field);
        if (s != OK && rows[i].code != NULL) {
            cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
            cr_expect_str_eq(why.field, rows[i].field, "row %zu", i);
            cr_expect_str_eq(why.file, "newborn/cutoffs.tsv");
            cr_expect_eq(why.row, rows[i].line > 0 ? rows[i].line : (long)rows[i].row + 2,
                         "row %zu: %ld", i, why.row);
        }
        arena_free(arena);
    }
}

/* Nobody knows of a stratum that the column does not name: rows of one analyte without one may not differ in it. */
Test(newborn_limits, ratios_and_rules)
{
    static const struct {
        bool of_rules;
        size_t row;
        const char *column, *value, *field; /* field NULL = accepted */
        long line;
    } rows[] = {
        {false, 0, "numerator", "", "numerator", 2},
        {false, 1, "numerator", "", "numerator", 3},
        {false, 0, "denominator", "", "numerator", 2},
        {false, 1, "denominator", "", "numerator", 3},
        {false, 1, "ratio", "z", NULL, 0},
        {true, 0, "value", "", "early_h", 2},
        {true, 0, "value", "-1", "early_h", 2},
        {true, 0, "value", "0", NULL, 0},
        {true, 1, "value", "x", "late_h", 3},
        {true, 2, "value", "-0.1", "spots_min", 4},
        {true, 3, "value", "", "spot_mm_min", 5},
        {true, 3, "value", "-8", "spot_mm_min", 5},
        {true, 3, "key", "spot_mm", "spot_mm_min", 0},
        {true, 0, "key", "early", "early_h", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *arena = arena_new(NULL);
        const NewbornModel *m;
        Note why = {.code = ""};
        Table *q = table_of(&ratios, arena), *r = table_of(&rules, arena);
        Table **changed = rows[i].of_rules ? &r : &q;
        *changed = table_with(*changed, rows[i].row, rows[i].column, rows[i].value, arena);
        const Status s = prepare(&m, table_of(&cutoffs, arena), q, r, arena, &why);
        cr_expect_eq(s, rows[i].field == NULL ? OK : BAD_INPUT, "row %zu", i);
        if (s != OK && rows[i].field != NULL) {
            cr_expect_str_eq(why.code, "newborn.limits");
            cr_expect_str_eq(why.field, rows[i].field, "row %zu", i);
            cr_expect_eq(why.row, rows[i].line, "row %zu: %ld", i, why.row);
        }
        arena_free(arena);
    }
}

/* ---- tiles against points ---- */

static unsigned seed = 11;

static unsigned any(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return seed / 65536u % below;
}

enum { EDGES = 4, MOST_TILES = 9 };

/* Spans between edges 0 (open), 1, 2 and 3 (open): a tile is from..to of both. */
typedef struct Tile {
    unsigned stratum[2], age[2];
} Tile;

static unsigned tile(Tile *tiles)
{
    unsigned n = 0;
    for (unsigned s = 0, s_end; s < EDGES - 1; s = s_end) {
        s_end = s + 1 + any(EDGES - 1 - s);
        for (unsigned a = 0, a_end; a < EDGES - 1; a = a_end) {
            a_end = a + 1 + any(EDGES - 1 - a);
            tiles[n++] = (Tile){{s, s_end}, {a, a_end}};
        }
    }
    return n;
}

static void spoil(Tile *tiles, unsigned *n)
{
    const unsigned i = any(*n);
    switch (any(5)) {
    case 0:
        tiles[i].stratum[any(2)] = any(EDGES);
        break;
    case 1:
        tiles[i].age[any(2)] = any(EDGES);
        break;
    case 2: /* one is lost */
        for (unsigned k = i; k + 1 < *n; k++)
            tiles[k] = tiles[k + 1];
        *n -= *n > 1;
        break;
    case 3: { /* two have changed places */
        const Tile first = tiles[0];
        tiles[0] = tiles[i];
        tiles[i] = first;
        break;
    }
    default: /* one comes twice */
        if (*n < MOST_TILES) tiles[(*n)++] = tiles[i];
    }
}

static bool inside(const unsigned span[2], unsigned step)
{
    return span[0] <= step && step < span[1];
}

/* Every span is one, the rows go up in stratum and then in age, and each of the nine fields is covered once. */
static bool tiled(const Tile *tiles, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (tiles[i].stratum[0] >= tiles[i].stratum[1] || tiles[i].age[0] >= tiles[i].age[1])
            return false;
        if (i > 0 && tiles[i].stratum[0] * 9 + tiles[i].age[0] <=
                         tiles[i - 1].stratum[0] * 9 + tiles[i - 1].age[0])
            return false;
        for (unsigned k = 0; k < i; k++) /* strata are the same, or apart */
            if (tiles[k].stratum[0] != tiles[i].stratum[0]
                    ? tiles[k].stratum[1] > tiles[i].stratum[0]
                    : tiles[k].stratum[1] != tiles[i].stratum[1])
                return false;
    }
    for (unsigned s = 0; s < EDGES - 1; s++)
        for (unsigned a = 0; a < EDGES - 1; a++) {
            unsigned times = 0;
            for (unsigned i = 0; i < n; i++)
                times += inside(tiles[i].stratum, s) && inside(tiles[i].age, a);
            if (times != 1) return false;
        }
    return true;
}

Test(newborn_limits, a_table_opens_when_each_baby_is_fitted_once)
{
    static const char *const weights[EDGES] = {"", "1500", "2500", ""}, *const ages[EDGES] = {
                                                                            "", "48", "96", ""};
    static const double at_weight[] = {1500, 2500, 2501}, at_age[] = {48, 96, 97}; /* of a field */
    unsigned opened = 0;
    for (int round = 0; round < 1500; round++) {
        Arena *arena = arena_new(NULL);
        Tile tiles[MOST_TILES + 1];
        unsigned n = tile(tiles);
        for (unsigned k = any(3); k > 0; k--)
            spoil(tiles, &n);
        const char *text = COLUMNS;
        bool empty = false; /* a span from open to open, the wrong way round, looks like any */
        for (unsigned i = 0; i < n; i++) {
            const Tile *t = &tiles[i];
            empty = empty || t->stratum[0] == 3 || t->age[0] == 3 || t->stratum[1] == 0 ||
                    t->age[1] == 0;
            text = arena_print(
                arena, "%sR%u\ta\tk\tu\thigh\tweight_g\t%s\t%s\t%s\t%s\t1\t2\t1\tmean\n", text, i,
                weights[t->stratum[0]], weights[t->stratum[1]], ages[t->age[0]], ages[t->age[1]]);
        }
        const NewbornModel *m;
        Note why = {.code = ""};
        if (!empty) {
            const Status s =
                prepare(&m, table_of(&(TableText){"newborn/cutoffs", text}, arena),
                        table_of(&ratios, arena), table_of(&rules, arena), arena, &why);
            cr_assert_eq(s == OK, tiled(tiles, n), "%s%s %s", text, why.code, why.field);
            opened += s == OK;
            for (unsigned w = 0; s == OK && w < 3; w++)
                for (unsigned h = 0; h < 3; h++)
                    for (unsigned until = h; until < 3; until++) {
                        const NewbornLimits *l = newborn_limits(m->analytes, at_weight[w],
                                                                (Span){at_age[h], at_age[until]});
                        const char *due = "";
                        for (unsigned i = 0; i < n; i++)
                            if (inside(tiles[i].stratum, w) && inside(tiles[i].age, h) &&
                                inside(tiles[i].age, until))
                                due = arena_print(arena, "R%u", i);
                        cr_assert_str_eq(l != NULL ? l->row : "", due, "%s%u %u %u", text, w, h,
                                         until);
                    }
        }
        arena_free(arena);
    }
    cr_expect(opened > 300 && opened < 1200, "%u", opened);
}

/* ---- grades ---- */

/* Each value by itself, then the mildest of all or the mean; the far ends of what the analyser could not tell. */
static int plain_grade(const NewbornLimits *l, double value)
{
    const double sign = l->low_is_bad ? -1 : 1;
    return sign * value >= sign * l->positive ? 2 : sign * value >= sign * l->borderline ? 1 : 0;
}

Test(newborn_limits, grades_of_replicates)
{
    for (int round = 0; round < 4000; round++) {
        const bool low = any(2), all = any(2);
        const NewbornLimits l = {
            .low_is_bad = low, .all = all, .borderline = low ? 8 : 4, .positive = low ? 0 : 8};
        Reach values[3];
        const size_t n = 1 + any(3);
        double sums[2] = {0, 0};
        int least[2] = {2, 2};
        for (size_t i = 0; i < n; i++) {
            values[i].from = (double)any(12);
            values[i].to = any(2) ? values[i].from : values[i].from + any(6);
            for (int end = 0; end < 2; end++) {
                const double x = end ? values[i].to : values[i].from;
                sums[end] += x;
                if (plain_grade(&l, x) < least[end]) least[end] = plain_grade(&l, x);
            }
        }
        int due[2];
        for (int end = 0; end < 2; end++)
            due[end] = all ? least[end] : plain_grade(&l, sums[end] / (double)n);
        const Grades g = newborn_grades(&l, values, n);
        cr_assert(g.mildest == (Grade)due[low] && g.worst == (Grade)due[!low], "round %d: %d %d",
                  round, (int)g.mildest, (int)g.worst);
    }
}

/* Whoever the baby is: the mildest of all rows. */
Test(newborn_limits, what_is_alarming_under_every_row)
{
    for (int round = 0; round < 500; round++) {
        NewbornLimits rows[3];
        const int n = 1 + (int)any(3);
        const Reach value = {(double)any(12), 12};
        Grade due = GRADE_POSITIVE;
        for (int i = 0; i < n; i++) {
            const double at = (double)any(12);
            rows[i] = (NewbornLimits){.borderline = at, .positive = at + (double)any(4)};
            const Grade g = newborn_grades(&rows[i], &value, 1).mildest;
            if (g < due) due = g;
        }
        const NewbornAnalyte a = {.limits = rows, .n_limits = n};
        cr_assert_eq(newborn_grade_at_least(&a, &value, 1), due, "round %d", round);
    }
}
