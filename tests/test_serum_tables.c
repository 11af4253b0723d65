/* The tables of serum screening: a good set is read back cell by cell, and each cell that cannot be meant is refused by a Note with file, row and field.
 * Ranges are those of lab/assays/serum_model.c and serum_tables.c. */
#include "broken_table.h"
#include "lab/assays/serum_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const TableText texts[] = {
    {"serum/parameters", "set\tclass\tmarker\tmean\tslope_per_day\tsd\tfrom_day\tto_day\n"
                         "one\tunaffected\tafp\t0.1\t0.001\t0.2\t\t\n"
                         "one\taffected\tafp\t-0.2\t0.002\t0.3\t100\t120\n"
                         "one\taffected\tafp\t-0.25\t0\t0.35\t121\t140\n"
                         "two\tunaffected\tnt\t0\t0\t0.11\t70\t97\n"
                         "two\taffected\tnt\t0.4\t-0.01\t0.22\t70\t97\n"
                         "two\tunaffected\tafp\t0\t0\t0.12\t\t\n"
                         "two\taffected\tafp\t-0.1\t0\t0.13\t\t\n"},
    {"serum/correlations", "set\tclass\ta\tb\tr\tfrom_day\tto_day\n"
                           "two\tunaffected\tafp\tnt\t0.25\t70\t80\n"
                           "two\tunaffected\tafp\tnt\t-0.35\t81\t97\n"
                           "two\taffected\tnt\tafp\t0.5\t\t\n"},
    {"serum/truncation", "set\tmarker\tlow\thigh\none\tafp\t0.4\t3\ntwo\tnt\t0.6\t2\n"},
    {"serum/tests", "test\tcondition\tmarkers\tdating\tset\tprior\tcutoff\tfallback\n"
                    "large\tt21\tafp|nt\tus\ttwo\tsecond\tt21\tsmall\n"
                    "large\tt18\tafp\t*\tone\tt18\tt18\tsmall\n"
                    "small\tt21\tafp\tus\tone\tfirst\tt21\t\n"
                    "small\tt21\tafp\tlmp\tone\tsecond\tt21\t\n"
                    "small\tontd\tafp\t*\t\tnone\tontd\t\n"
                    "new\tt21\tfree_beta\tlmp\tfree\tfirst\tother\t\n"},
    {"serum/priors", "prior\ta\tb\tc\td\thalf_year\tsurvival\tratio\tage_min\tage_max\n"
                     "first\t7.1\t4.2\t0.3\t37.5\t0.5\t0.6\t1\t15\t50\n"
                     "second\t7.2\t4.3\t0.4\t36.5\t0.25\t0.7\t2\t16\t49\n"
                     "t18\t7.3\t4.4\t0.5\t35.5\t0\t1\t10\t17\t48\n"},
    {"serum/cutoffs", "cutoff\thigh\tgrey\nt21\t0.004\t0.001\nt18\t0.003\t\nontd\t2.5\t2\n"},
    {"serum/limits", "key\tvalue\nage_min\t15\nage_most\t60\nue3_review\t0.25\n"
                     "pappa_review\t0.1\nimplausible_tail\t0.0001\nfirst_from\t70\nfirst_to\t97\n"
                     "second_from\t105\nsecond_to\t146\nweight_from_kg\t35\nweight_to_kg\t130\n"},
    {"serum/dating", "method\tform\tc0\tc1\tc2\tc3\tc4\tmin_mm\tmax_mm\n"
                     "crl\texp\t1.5\t0.4\t-0.05\t0.004\t-0.0001\t32\t80\n"
                     "bpd\tpoly\t9.5\t1.5\t0.2\t0.01\t0.001\t20\t400\n"},
    {"serum/weight", "marker\ta_kg\tb\nafp\t52.5\t0.3\nue3\t17.5\t0.75\n"},
    {"serum/medians", "marker\tunit\tform\tp1\tp2\tp3\tfrom_day\tto_day\n"
                      "afp\tU/mL\tlog10_linear\t0.01\t0.5\t\t105\t120\n"
                      "afp\tng/mL\texponential\t2\t0.03\t5\t121\t146\n"
                      "nt\tmm\tlog10_crl\t0.01\t-0.4\t\t70\t97\n"
                      "ue3\tnmol/L\tquadratic\t0.02\t-0.3\t4\t105\t146\n"
                      "hcg\tU/mL\tlog10_quadratic\t0.0001\t0.01\t0.2\t105\t146\n"},
    {"serum/corrections", "condition\tmarker\tdivisor\nsmoking\tafp\t1.05\n"
                          "diabetes_insulin\tafp\t0.9\nivf\tnt\t0.8\n"},
};

/* One cell with another value; table NULL = none. */
typedef struct Change {
    const char *table;
    size_t row;
    const char *column, *value;
} Change;

static Status prepare(const SerumModel **model, const Change *change, const char *without,
                      Arena *arena, Note *why)
{
    const void *m = NULL;
    Reference *r = reference_new(arena, "test", false);
    for (size_t i = 0; i < COUNT(texts); i++) {
        Table *t = table_of(&texts[i], arena);
        if (change != NULL && strcmp(change->table, texts[i].name) == 0)
            t = table_with(t, change->row, change->column, change->value, arena);
        if (without == NULL || strcmp(without, texts[i].name) != 0)
            cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    const Status s = serum_prepare(&m, r, arena, why);
    *model = m;
    return s;
}

static const SerumModel *good_model(Arena *arena)
{
    const SerumModel *m;
    cr_assert_eq(prepare(&m, NULL, NULL, arena, NULL), OK);
    return m;
}

/* Is the change accepted, or refused by a Note that names file, line and `field` (NULL = it is accepted)? */
static void expect_change(const Change *c, const char *field)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m;
    Note why = {.code = ""};
    const Status s = prepare(&m, c, NULL, arena, &why);
    cr_expect_eq(s, field == NULL ? OK : BAD_INPUT, "%s %zu %s '%s': %s", c->table, c->row,
                 c->column, c->value, why.field);
    if (s != OK && field != NULL) {
        cr_expect_str_eq(why.code, "serum.table");
        cr_expect_str_eq(why.file, arena_print(arena, "%s.tsv", c->table));
        cr_expect_str_eq(why.field, field, "%s %zu %s '%s'", c->table, c->row, c->column, c->value);
        cr_expect_eq(why.row, (long)c->row + 2, "%s: %ld", c->table, why.row);
    }
    arena_free(arena);
}

static size_t last_row(const char *table)
{
    size_t lines = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (const char *p = texts[i].text; strcmp(texts[i].name, table) == 0 && *p != '\0'; p++)
            lines += *p == '\n';
    return lines - 2;
}

/* Every number may lie on its limits, not beyond, and must be there: in the first row and in the last. */
Test(serum_tables, numbers_keep_their_range)
{
    static const struct {
        TableRange of;
        const char *field; /* NULL = the column */
        int row;           /* -1 = the first and the last */
        bool may_be_empty;
    } rows[] = {
        {{"serum/parameters", "mean", -3, 3}, NULL, -1, false},
        {{"serum/parameters", "slope_per_day", -1, 1}, "mean", -1, false},
        {{"serum/parameters", "sd", 1e-6, 2}, NULL, -1, false},
        {{"serum/correlations", "r", -0.999999, 0.999999}, NULL, -1, false},
        {{"serum/truncation", "low", 1e-3, 3}, NULL, 0, false},
        {{"serum/truncation", "high", 0.6, 100}, "low", 1, false},
        {{"serum/priors", "a", -100, 100}, NULL, -1, false},
        {{"serum/priors", "b", -100, 100}, NULL, -1, false},
        {{"serum/priors", "c", -100, 100}, NULL, -1, false},
        {{"serum/priors", "d", 0, 100}, NULL, -1, false},
        {{"serum/priors", "half_year", 0, 1}, NULL, -1, false},
        {{"serum/priors", "survival", 0.01, 1}, NULL, -1, false},
        {{"serum/priors", "ratio", 0.01, 1000}, NULL, -1, false},
        {{"serum/priors", "age_min", 10, 60}, NULL, -1, false},
        {{"serum/priors", "age_max", 10, 60}, NULL, -1, false},
        {{"serum/cutoffs", "high", 1e-9, 100}, NULL, 1, false},
        {{"serum/cutoffs", "grey", 1e-9, 0.004}, NULL, 0, true},
        {{"serum/dating", "c0", -1e3, 1e3}, NULL, -1, false},
        {{"serum/dating", "c1", -1e3, 1e3}, NULL, -1, false},
        {{"serum/dating", "c2", -1e3, 1e3}, NULL, -1, false},
        {{"serum/dating", "c3", -1e3, 1e3}, NULL, -1, false},
        {{"serum/dating", "c4", -1e3, 1e3}, NULL, -1, false},
        {{"serum/dating", "min_mm", 0, 400}, NULL, 1, false},
        {{"serum/dating", "max_mm", 32, 400}, NULL, 0, false},
        {{"serum/weight", "a_kg", 0, 1000}, NULL, -1, false},
        {{"serum/weight", "b", -10, 10}, NULL, -1, false},
        {{"serum/medians", "p1", -1e6, 1e6}, NULL, -1, true},
        {{"serum/medians", "p2", -1e6, 1e6}, NULL, -1, true},
        {{"serum/medians", "p3", -1e6, 1e6}, NULL, -1, true},
        {{"serum/corrections", "divisor", 0.2, 5}, NULL, -1, false},
        {{"serum/limits", "value", 0, 308}, NULL, -1, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const TableRange *of = &rows[i].of;
        const char *field = rows[i].field != NULL ? rows[i].field : of->column;
        const double beyond = 1e-6 * (of->high - of->low);
        const double tried[] = {of->low, of->high, of->low - beyond, of->high + beyond};
        for (int end = 0; end < (rows[i].row < 0 ? 2 : 1); end++) {
            Change c = {of->table, 0, of->column, NULL};
            c.row = rows[i].row >= 0 ? (size_t)rows[i].row : end > 0 ? last_row(of->table) : 0;
            for (size_t k = 0; k < COUNT(tried); k++) {
                char value[40];
                (void)snprintf(value, sizeof value, "%.17g", tried[k]);
                c.value = value;
                expect_change(&c, k < 2 ? NULL : field);
            }
            c.value = "x";
            expect_change(&c, field);
            c.value = "";
            if (!rows[i].may_be_empty) expect_change(&c, field);
        }
    }
}

/* Words, names, days and doubles; what a row leaves out is no fault. */
Test(serum_tables, words_and_days_are_known)
{
    static const struct {
        Change c;
        const char *field; /* NULL = accepted */
    } rows[] = {
        {{"serum/parameters", 0, "class", "well"}, "marker"},
        {{"serum/parameters", 0, "marker", "afps"}, "marker"},
        {{"serum/parameters", 0, "marker", "af"}, "marker"},
        {{"serum/parameters", 6, "marker", ""}, "marker"},
        {{"serum/parameters", 1, "from_day", ""}, "from_day"},
        {{"serum/parameters", 1, "to_day", ""}, "from_day"},
        {{"serum/parameters", 1, "from_day", "121"}, "from_day"},
        {{"serum/parameters", 1, "from_day", "120"}, NULL},
        {{"serum/parameters", 1, "from_day", "0"}, NULL},
        {{"serum/parameters", 1, "from_day", "-1"}, "from_day"},
        {{"serum/parameters", 2, "to_day", "308"}, NULL},
        {{"serum/parameters", 2, "to_day", "309"}, "from_day"},
        {{"serum/correlations", 0, "class", "well"}, "a"},
        {{"serum/correlations", 0, "a", "afx"}, "a"},
        {{"serum/correlations", 0, "b", "ntx"}, "a"},
        {{"serum/correlations", 0, "b", "afp"}, "a"}, /* of a marker with itself */
        {{"serum/correlations", 2, "a", "afp"}, "a"},
        {{"serum/correlations", 1, "to_day", "80"}, "from_day"},
        {{"serum/truncation", 0, "marker", "x"}, "marker"},
        {{"serum/truncation", 1, "marker", "x"}, "marker"},
        {{"serum/tests", 0, "condition", "t13"}, "condition"},
        {{"serum/tests", 5, "condition", ""}, "condition"},
        {{"serum/tests", 0, "markers", ""}, "markers"},
        {{"serum/tests", 0, "markers", "afp|"}, NULL},
        {{"serum/tests", 0, "markers", "afp|x"}, "markers"},
        {{"serum/tests", 0, "markers", "x|afp"}, "markers"},
        {{"serum/tests", 4, "markers", "afp|ue3|hcg|inha|pappa|nt|hcg1|free_beta"}, NULL},
        {{"serum/tests", 4, "markers", "afp|ue3|hcg|inha|pappa|nt|hcg1|free_beta|afp"}, "markers"},
        {{"serum/tests", 2, "prior", "x"}, "prior"},
        {{"serum/tests", 2, "prior", "none"}, NULL},
        {{"serum/tests", 2, "set", "x"}, NULL},
        {{"serum/tests", 2, "cutoff", "x"}, NULL},
        {{"serum/tests", 0, "fallback", "x"}, "fallback"},
        {{"serum/tests", 1, "fallback", "large"}, "fallback"}, /* never smaller than itself */
        {{"serum/tests", 2, "fallback", "new"}, NULL},
        {{"serum/tests", 5, "fallback", "large"}, NULL},
        {{"serum/tests", 5, "fallback", "new"}, "fallback"},
        {{"serum/dating", 0, "form", ""}, "form"},
        {{"serum/dating", 1, "form", "polynomial"}, "form"},
        {{"serum/weight", 0, "marker", "x"}, "marker"},
        {{"serum/weight", 1, "marker", "afp"}, "marker"}, /* twice */
        {{"serum/medians", 0, "marker", "x"}, "marker"},
        {{"serum/medians", 4, "marker", "x"}, "marker"},
        {{"serum/medians", 0, "unit", ""}, "unit"},
        {{"serum/medians", 0, "form", "log10"}, "form"},
        {{"serum/medians", 0, "from_day", "120"}, NULL},
        {{"serum/medians", 0, "from_day", "121"}, "from_day"},
        {{"serum/medians", 4, "from_day", ""}, "from_day"},
        {{"serum/medians", 1, "from_day", "120"}, "from_day"}, /* two medians of one day */
        {{"serum/medians", 1, "from_day", "122"}, NULL},
        {{"serum/medians", 1, "to_day", "147"}, NULL},
        {{"serum/medians", 4, "marker", "ue3"}, "from_day"},
        {{"serum/medians", 3, "marker", "afp"}, "from_day"},
        {{"serum/corrections", 0, "condition", "x"}, "condition"},
        {{"serum/corrections", 2, "condition", "smoking"}, NULL},
        {{"serum/corrections", 1, "condition", "smoking"}, "marker"}, /* twice */
        {{"serum/corrections", 2, "marker", "x"}, "marker"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_change(&rows[i].c, rows[i].field);
}

/* Both ends of a cell's days empty is "any day"; one end alone was refused above. */
Test(serum_tables, three_pieces_of_days_and_eight_sets_are_the_most)
{
    static const struct {
        const char *table, *column, *marker;
        size_t good;
    } rows[] = {{"serum/parameters", "set", "afp", 8},
                {"serum/parameters", "days", "afp", 3},
                {"serum/correlations", "days", "afp", 3}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t more = 0; more < 2; more++) {
            Arena *arena = arena_new(NULL);
            SerumModel m = {.n_sets = 0};
            const bool sets = strcmp(rows[i].column, "set") == 0,
                       pairs = strcmp(rows[i].table, "serum/correlations") == 0;
            const char *p = "set\tclass\tmarker\tmean\tslope_per_day\tsd\tfrom_day\tto_day\n",
                       *c = "set\tclass\ta\tb\tr\tfrom_day\tto_day\n";
            const size_t n = rows[i].good + more;
            for (size_t k = 0; k < n; k++)
                if (pairs)
                    c = arena_print(arena, "%ss\taffected\tnt\tafp\t0.1\t%zu\t%zu\n", c, k, k);
                else
                    p = arena_print(arena, "%ss%zu\taffected\tafp\t0\t0\t0.1\t%zu\t%zu\n", p,
                                    sets ? k : 0, k, k);
            Reference *r = reference_new(arena, "test", false);
            for (size_t t = 0; t < COUNT(texts); t++) {
                TableText text = texts[t];
                if (t == 0) text.text = p;
                if (t == 1) text.text = c;
                if (t == 2) text.text = "set\tmarker\tlow\thigh\n";
                cr_assert_eq(reference_add(r, table_of(&text, arena), NULL), OK);
            }
            const void *model = &m;
            Note why = {.code = ""};
            cr_expect_eq(serum_prepare(&model, r, arena, &why), more > 0 ? BAD_INPUT : OK,
                         "row %zu, %zu", i, n);
            if (more > 0) {
                cr_expect_eq(why.row, (long)n + 1, "row %zu: the last: %ld", i, why.row);
                cr_expect_str_eq(why.field, pairs ? "a" : "marker");
            }
            arena_free(arena);
        }
}

static bool same_days(Days d, int from, int to)
{
    return d.from == from && d.to == to;
}

Test(serum_tables, sets_are_read_cell_by_cell)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m = good_model(arena);
    cr_assert_eq(m->n_sets, 2);
    const ParameterSet *one = &m->sets[0], *two = &m->sets[1];
    cr_expect(serum_set(m, "one") == one && serum_set(m, "two") == two);
    cr_expect(serum_set(m, "on") == NULL && serum_set(m, "") == NULL);
    const MarkerNumber *n = one->affected.markers[MARKER_AFP];
    cr_assert_eq(one->affected.n_markers[MARKER_AFP], 2);
    cr_expect(n[0].mean == -0.2 && n[0].slope == 0.002 && n[0].sd == 0.3 &&
              same_days(n[0].days, 100, 120));
    cr_expect(n[1].mean == -0.25 && n[1].slope == 0 && n[1].sd == 0.35 &&
              same_days(n[1].days, 121, 140));
    n = one->unaffected.markers[MARKER_AFP];
    cr_assert_eq(one->unaffected.n_markers[MARKER_AFP], 1);
    cr_expect(n->mean == 0.1 && n->slope == 0.001 && n->sd == 0.2 && n->days.from > n->days.to);
    cr_expect_eq(two->affected.markers[MARKER_NT][0].sd, 0.22);
    cr_expect_eq(two->unaffected.markers[MARKER_NT][0].sd, 0.11);
    cr_expect_eq(one->affected.n_markers[MARKER_NT], 0);
    const int a = MARKER_AFP, t = MARKER_NT;
    for (int swap = 0; swap < 2; swap++) {
        const int x = swap ? t : a, y = swap ? a : t;
        cr_expect_eq(two->unaffected.n_r[x][y], 2);
        cr_expect(two->unaffected.r[x][y][0] == 0.25 && two->unaffected.r[x][y][1] == -0.35);
        cr_expect(same_days(two->unaffected.r_days[x][y][0], 70, 80) &&
                  same_days(two->unaffected.r_days[x][y][1], 81, 97));
        cr_expect(two->affected.n_r[x][y] == 1 && two->affected.r[x][y][0] == 0.5);
        cr_expect_eq(one->affected.n_r[x][y], 0);
    }
    cr_expect(one->low[a] == 0.4 && one->high[a] == 3 && one->low[t] == 0 && one->high[t] == 0);
    cr_expect(two->low[t] == 0.6 && two->high[t] == 2 && two->low[a] == 0);
    cr_expect_str_eq(m->parameters_table, "serum/parameters");
    cr_expect_str_eq(m->parameters_version, "7.1");
    cr_expect_not(m->parameters_unverified);
    arena_free(arena);
}

Test(serum_tables, numbers_are_read_cell_by_cell)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m = good_model(arena);
    static const double limits[SERUM_LIMITS] = {15, 60,  0.25, 0.1, 0.0001, 70,
                                                97, 105, 146,  35,  130};
    for (int i = 0; i < SERUM_LIMITS; i++)
        cr_expect_eq(m->limits[i], limits[i], "limit %d", i);
    cr_assert_eq(m->n_priors, 3);
    const SerumPrior *p = &m->priors[1];
    cr_expect_str_eq(p->name, "second");
    cr_expect(p->a == 7.2 && p->b == 4.3 && p->c == 0.4 && p->d == 36.5 && p->half_year == 0.25 &&
              p->survival == 0.7 && p->ratio == 2 && p->age_min == 16 && p->age_max == 49);
    cr_expect(m->priors[0].a == 7.1 && m->priors[2].age_max == 48);
    cr_assert_eq(m->n_cutoffs, 3);
    cr_expect(m->cutoffs[0].high == 0.004 && m->cutoffs[0].grey == 0.001);
    cr_expect(m->cutoffs[1].high == 0.003 && isnan(m->cutoffs[1].grey));
    cr_expect(m->cutoffs[2].high == 2.5 && m->cutoffs[2].grey == 2 && !m->cutoffs[2].example);
    cr_expect_str_eq(m->cutoffs_table, "serum/cutoffs");
    cr_expect_str_eq(m->cutoffs_version, "7.1");
    cr_expect_not(m->cutoffs_unverified || m->corrections_example);
    cr_assert_eq(m->n_datings, 2);
    const SerumDating *d = &m->datings[1];
    cr_expect(m->datings[0].exponential && m->datings[0].min_mm == 32 &&
              m->datings[0].max_mm == 80);
    cr_expect(!d->exponential && d->c[0] == 9.5 && d->c[1] == 1.5 && d->c[2] == 0.2 &&
              d->c[3] == 0.01 && d->c[4] == 0.001 && d->min_mm == 20 && d->max_mm == 400);
    for (int i = 0; i < MARKERS; i++)
        cr_expect_eq(isnan(m->weights[i].a_kg) != 0, i != MARKER_AFP && i != MARKER_UE3);
    cr_expect(m->weights[MARKER_AFP].a_kg == 52.5 && m->weights[MARKER_AFP].b == 0.3);
    cr_expect(m->weights[MARKER_UE3].a_kg == 17.5 && m->weights[MARKER_UE3].b == 0.75);
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        for (int i = 0; i < MARKERS; i++) {
            const double due = i == MARKER_AFP && c == CONDITION_SMOKING   ? 1.05
                               : i == MARKER_AFP && c == CONDITION_INSULIN ? 0.9
                               : i == MARKER_NT && c == CONDITION_IVF      ? 0.8
                                                                           : NAN;
            const double read = m->corrections[c][i];
            cr_expect(isnan(due) ? isnan(read) : read == due, "%d %d: %g", c, i, read);
        }
    static const struct {
        Marker marker;
        MedianForm form;
        double p[3];
        int from, to;
        const char *unit;
    } medians[] = {{MARKER_AFP, MEDIAN_LOG10_LINEAR, {0.01, 0.5, 0}, 105, 120, "U/mL"},
                   {MARKER_AFP, MEDIAN_EXPONENTIAL, {2, 0.03, 5}, 121, 146, "ng/mL"},
                   {MARKER_NT, MEDIAN_LOG10_CRL, {0.01, -0.4, 0}, 70, 97, "mm"},
                   {MARKER_UE3, MEDIAN_QUADRATIC, {0.02, -0.3, 4}, 105, 146, "nmol/L"},
                   {MARKER_HCG, MEDIAN_LOG10_QUADRATIC, {0.0001, 0.01, 0.2}, 105, 146, "U/mL"}};
    cr_assert_eq(m->n_medians, (int)COUNT(medians));
    for (size_t i = 0; i < COUNT(medians); i++) {
        const SerumMedian *x = &m->medians[i];
        cr_expect(x->marker == medians[i].marker && x->form == medians[i].form &&
                      same_days(x->days, medians[i].from, medians[i].to) && !x->example,
                  "row %zu", i);
        cr_expect_str_eq(x->unit, medians[i].unit);
        for (size_t k = 0; k < 3; k++)
            cr_expect_eq(x->p[k], medians[i].p[k], "row %zu p%zu", i, k + 1);
    }
    arena_free(arena);
}

Test(serum_tables, tests_are_read_cell_by_cell)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m = good_model(arena);
    static const struct {
        int test;
        const char *item;
        bool first;
        int n_markers;
        Marker markers[2];
        Dating dating;
        bool by_mom;
        int set, prior, cutoff; /* -1 = NULL */
    } asks[] = {
        {0, "T21", true, 2, {MARKER_AFP, MARKER_NT}, DATING_US, false, 1, 1, 0},
        {0, "T18", true, 1, {MARKER_AFP}, DATING_ANY, false, 0, 2, 1},
        {1, "T21", true, 1, {MARKER_AFP}, DATING_US, false, 0, 0, 0},
        {1, "T21", false, 1, {MARKER_AFP}, DATING_LMP, false, 0, 1, 0},
        {1, "ONTD", true, 1, {MARKER_AFP}, DATING_ANY, true, -1, -1, 2},
        {2, "T21", true, 1, {MARKER_FREE_BETA}, DATING_LMP, false, -1, 0, -1},
    };
    cr_assert_eq(m->n_asks, (int)COUNT(asks));
    for (size_t i = 0; i < COUNT(asks); i++) {
        const SerumAsk *a = &m->asks[i];
        cr_expect(a->test == asks[i].test && a->first == asks[i].first &&
                      a->dating == asks[i].dating && a->by_mom == asks[i].by_mom,
                  "row %zu", i);
        cr_expect_str_eq(a->item, asks[i].item, "row %zu", i);
        cr_assert_eq(a->n_markers, asks[i].n_markers, "row %zu", i);
        for (int k = 0; k < a->n_markers; k++)
            cr_expect_eq(a->markers[k], asks[i].markers[k], "row %zu", i);
        cr_expect_eq(a->set, asks[i].set < 0 ? NULL : &m->sets[asks[i].set], "row %zu", i);
        cr_expect_eq(a->prior, asks[i].prior < 0 ? NULL : &m->priors[asks[i].prior], "row %zu", i);
        cr_expect_eq(a->cutoff, asks[i].cutoff < 0 ? NULL : &m->cutoffs[asks[i].cutoff], "row %zu",
                     i);
    }
    static const struct {
        const char *code;
        int fallback;
        bool lacks_us, lacks_lmp; /* large: its trisomy 21 by scan only; new: by period only */
    } tests[] = {{"large", 1, false, true}, {"small", -1, false, false}, {"new", -1, true, false}};
    cr_assert_eq(m->n_tests, (int)COUNT(tests));
    for (size_t i = 0; i < COUNT(tests); i++) {
        cr_expect_str_eq(m->tests[i].code, tests[i].code);
        cr_expect_eq(m->tests[i].fallback, tests[i].fallback, "%s", tests[i].code);
        cr_expect_eq(m->tests[i].lacks[DATING_US], tests[i].lacks_us, "%s", tests[i].code);
        cr_expect_eq(m->tests[i].lacks[DATING_LMP], tests[i].lacks_lmp, "%s", tests[i].code);
    }
    arena_free(arena);
}

/* A laboratory without corrections has none; a table that says so says whose numbers it holds. */
Test(serum_tables, corrections_may_be_absent_and_a_limit_may_not)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m;
    Note why = {.code = ""};
    cr_assert_eq(prepare(&m, NULL, "serum/corrections", arena, NULL), OK);
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        for (int i = 0; i < MARKERS; i++)
            cr_expect(isnan(m->corrections[c][i]));
    cr_expect_eq(prepare(&m, &(Change){"serum/limits", 10, "key", "weight"}, NULL, arena, &why),
                 BAD_INPUT);
    cr_expect_str_eq(why.code, "serum.table");
    cr_expect_str_eq(why.file, "serum/limits.tsv");
    cr_expect_str_eq(why.field, "weight_to_kg");
    static const char *const conditions[] = {"smoking", "diabetes_insulin", "ivf"};
    for (int c = 0; c < SERUM_CONDITIONS; c++)
        cr_expect_str_eq(serum_condition_code((SerumCondition)c), conditions[c]);
    static const char *const codes[MARKERS] = {"afp",   "ue3", "hcg",  "inha",
                                               "pappa", "nt",  "hcg1", "free_beta"};
    for (int i = 0; i < MARKERS; i++) {
        cr_expect_str_eq(marker_code((Marker)i), codes[i]);
        cr_expect_eq(marker_find(codes[i], strlen(codes[i])), i);
    }
    cr_expect_eq(marker_find("hcg1", 3), MARKER_HCG, "as long as it is told to be");
    cr_expect(marker_find("afp|", 4) == -1 && marker_find("", 0) == -1);
    arena_free(arena);
}

/* Which numbers hold on which day; of two markers the earlier day says which correlation, and a gap is no model. */
Test(serum_tables, a_profile_takes_the_numbers_of_its_days)
{
    Arena *arena = arena_new(NULL);
    const SerumModel *m = good_model(arena);
    static const struct {
        int day;
        double mean, sd; /* of the affected; sd 0 = no model */
    } days[] = {{99, 0, 0},         {100, 0, 0.3},      {120, 0.04, 0.3},
                {121, -0.25, 0.35}, {140, -0.25, 0.35}, {141, 0, 0}};
    for (size_t i = 0; i < COUNT(days); i++) {
        Gauss well, ill;
        const Profile p = {.n = 1, .markers = {MARKER_AFP}, .days = {days[i].day}};
        const PairFault fault = serum_pair(&well, &ill, &m->sets[0], &p);
        cr_expect_eq(fault, days[i].sd > 0 ? PAIR_GOOD : PAIR_NO_MODEL, "day %d", days[i].day);
        if (fault != PAIR_GOOD) continue;
        cr_expect(fabs(ill.mean[0] - days[i].mean) < 1e-12 && ill.factor[0][0] == days[i].sd,
                  "day %d: %g %g", days[i].day, ill.mean[0], ill.factor[0][0]);
        cr_expect(fabs(well.mean[0] - 0.1 - 0.001 * days[i].day) < 1e-12 &&
                  well.factor[0][0] == 0.2);
    }
    static const struct {
        int nt, afp;
        double r; /* of the unaffected; 9 = no model */
    } pairs[] = {{80, 112, 0.25}, {81, 112, -0.35}, {97, 80, 0.25}, {97, 112, -0.35},
                 {98, 112, 9},    {69, 112, 9},     {70, 69, 9}};
    for (size_t i = 0; i < COUNT(pairs); i++)
        for (int swap = 0; swap < 2; swap++) {
            Gauss well, ill;
            Profile p = {.n = 2, .markers = {MARKER_NT, MARKER_AFP}};
            p.days[0] = pairs[i].nt;
            p.days[1] = pairs[i].afp;
            if (swap)
                p = (Profile){.n = 2,
                              .markers = {MARKER_AFP, MARKER_NT},
                              .days = {pairs[i].afp, pairs[i].nt}};
            const PairFault fault = serum_pair(&well, &ill, &m->sets[1], &p);
            cr_expect_eq(fault, pairs[i].r < 9 ? PAIR_GOOD : PAIR_NO_MODEL, "row %zu", i);
            if (fault != PAIR_GOOD) continue;
            const double sd = swap ? 0.11 : 0.12;
            cr_expect(fabs(well.factor[1][0] / sd - pairs[i].r) < 1e-12, "row %zu: %g", i,
                      well.factor[1][0] / sd);
        }
    arena_free(arena);
}

/* Three correlations that no population can have together are found on whatever day they hold, between two of the same tube or of both. */
Test(serum_tables, an_impossible_covariance_is_found_on_its_day)
{
    static const int days[] = {0, 1, 70, 97, 105, 146, 307, 308};
    static const char *const markers[][3] = {
        {"afp", "ue3", "hcg"}, {"nt", "pappa", "hcg1"}, {"nt", "pappa", "afp"}};
    for (size_t i = 0; i < COUNT(days); i++)
        for (size_t k = 0; k < COUNT(markers); k++)
            for (int bad = 0; bad < 3; bad++) { /* of the unaffected, the affected; nowhere */
                Arena *arena = arena_new(NULL);
                const char *p = "set\tclass\tmarker\tmean\tslope_per_day\tsd\tfrom_day\tto_day\n",
                           *c = "set\tclass\ta\tb\tr\tfrom_day\tto_day\n";
                for (int class = 0; class < 2; class ++)
                    for (int a = 0; a < 3; a++) {
                        const char *name = class ? "affected" : "unaffected";
                        const int b = (a + 1) % 3;
                        p = arena_print(arena, "%sone\t%s\t%s\t0\t0\t0.1\t\t\n", p, name,
                                        markers[k][a]);
                        c = arena_print(arena, "%sone\t%s\t%s\t%s\t%s\t%d\t%d\n", c, name,
                                        markers[k][a], markers[k][b],
                                        class == bad ? (a == 2 ? "-0.9" : "0.9") : "0.1", days[i],
                                        days[i]);
                    }
                const char *tests =
                    arena_print(arena,
                                "test\tcondition\tmarkers\tdating\tset\tprior\tcutoff\tfallback\n"
                                "three\tt21\t%s|%s|%s\t*\tone\tfirst\tt21\t\n",
                                markers[k][0], markers[k][1], markers[k][2]);
                Reference *r = reference_new(arena, "test", false);
                for (size_t t = 0; t < COUNT(texts); t++) {
                    TableText text = texts[t];
                    if (t == 0) text.text = p;
                    if (t == 1) text.text = c;
                    if (t == 2) text.text = "set\tmarker\tlow\thigh\n";
                    if (t == 3) text.text = tests;
                    cr_assert_eq(reference_add(r, table_of(&text, arena), NULL), OK);
                }
                const void *model;
                Note why = {.code = ""};
                cr_expect_eq(serum_prepare(&model, r, arena, &why), bad < 2 ? BAD_INPUT : OK,
                             "day %d, %s, %d", days[i], markers[k][0], bad);
                if (bad < 2) {
                    cr_expect_str_eq(why.field, "set");
                    cr_expect_eq(why.row, 2);
                }
                arena_free(arena);
            }
}
