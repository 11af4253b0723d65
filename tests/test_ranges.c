/* What a laboratory enters into a table is taken only inside the range that the code can use: the ends are taken, a step beyond is refused.
 * A cut-off that lost its decimal point must stop the release, not the first patient. */
#include "lab/care.h"
#include "lab/indicators.h"
#include "lab/kit.h"
#include "trace_fixture.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* The demonstration's tables with one cell changed. */
static Reference *changed(const Reference *demo, const char *table, const char *key,
                          const char *column, const char *value, Arena *arena)
{
    Reference *out = reference_new(arena, "test", true);
    Note why = {0};
    bool found = false;
    for (size_t i = 0; i < reference_size(demo); i++) {
        Table *t = arena_alloc(arena, sizeof *t);
        *t = *reference_at(demo, i);
        if (strcmp(t->info.name, table) == 0) {
            const long row = key == NULL ? 0 : table_find(t, key);
            const int at = table_column(t, column);
            cr_assert(row >= 0 && at >= 0, "%s %s %s", table, key == NULL ? "" : key, column);
            const char **cells = arena_alloc(arena, t->n_rows * t->n_columns * sizeof *cells);
            memcpy(cells, t->cells, t->n_rows * t->n_columns * sizeof *cells);
            cells[(size_t)row * t->n_columns + (size_t)at] = value;
            t->cells = cells;
            found = true;
        }
        cr_assert_eq(reference_add(out, t, &why), OK, "%s: %s", t->info.name, why.code);
    }
    cr_assert(found, "%s", table);
    return out;
}

static Status opens(const char *user, Reference *r, Arena *arena, Note *why)
{
    const void *model;
    IndicatorBook *book;
    Kit kit;
    if (strcmp(user, "release") == 0) return reference_finish(r, why);
    if (strcmp(user, "kit") == 0) return kit_find(&kit, r, "identifiler", "", arena, why);
    if (strcmp(user, "indicators") == 0) return indicators_open(&book, r, arena, why);
    return assay_find(user)->prepare(&model, r, arena, why);
}

typedef struct Range {
    const char *user, *table, *key, *column; /* key NULL = the first row */
    const char *below, *low, *high, *above;  /* NULL = another rule decides there */
    const char *code;
} Range;

static void try_value(const Range *x, const Reference *demo, const char *value, bool good)
{
    if (value == NULL) return;
    Arena *arena = arena_new(NULL);
    Note why = {0};
    Reference *r = changed(demo, x->table, x->key, x->column, value, arena);
    const Status s = opens(x->user, r, arena, &why);
    const char *key = x->key == NULL ? "" : x->key;
    cr_expect_eq(s == OK, good, "%s %s %s = %s: %s", x->table, key, x->column, value, why.code);
    if (s != OK && !good && x->code != NULL)
        cr_expect_str_eq(why.code, x->code, "%s %s %s", x->table, key, x->column);
    arena_free(arena);
}

static void try_ranges(const Range *rows, size_t n)
{
    Arena *arena = arena_new(NULL);
    const Reference *demo = demo_release(arena);
    for (size_t i = 0; i < n; i++) {
        try_value(&rows[i], demo, rows[i].below, false);
        try_value(&rows[i], demo, rows[i].low, true);
        try_value(&rows[i], demo, rows[i].high, true);
        try_value(&rows[i], demo, rows[i].above, false);
        try_value(&rows[i], demo, "", false);
        try_value(&rows[i], demo, "x", false);
    }
    arena_free(arena);
}

/* A release that lacks a table refuses, or does without: whoever uses it has asked whether it is there. */
Test(ranges, any_table_may_be_absent)
{
    Arena *arena = arena_new(NULL);
    const Reference *demo = demo_release(arena);
    size_t refused = 0;
    for (size_t left_out = 0; left_out < reference_size(demo); left_out++) {
        Arena *scratch = arena_new(NULL);
        Reference *r = reference_new(scratch, "test", true);
        Note why = {0};
        for (size_t i = 0; i < reference_size(demo); i++) {
            Table *t = arena_alloc(scratch, sizeof *t);
            *t = *reference_at(demo, i);
            if (i != left_out) cr_assert_eq(reference_add(r, t, &why), OK);
        }
        const Status s = reference_finish(r, &why);
        cr_expect(s == OK || why.code[0] != '\0', "%s", reference_at(demo, left_out)->info.name);
        refused += s != OK;
        arena_free(scratch);
    }
    cr_expect(refused > 0 && refused < reference_size(demo), "%zu", refused);
    arena_free(arena);
}

/* A case must be able to end from wherever it stands: a table of steps without a way out does not open. */
Test(ranges, a_way_of_care_without_an_end)
{
    static const struct {
        const char *rows[3];
        bool ends;
    } tables[] = {
        {{NULL}, true},
        {{"ST23", "ST24", NULL}, false}, /* no referral is ever closed */
        {{"ST24", NULL}, true},          /* one that was attended is */
        {{"ST2", "ST5", NULL}, false},   /* a report is neither received nor ended */
    };
    Arena *arena = arena_new(NULL);
    const Reference *demo = demo_release(arena);
    for (size_t i = 0; i < COUNT(tables); i++) {
        Reference *r = changed(demo, "care/steps", "ST1", "source", "test", arena);
        Note why = {0};
        for (size_t k = 0; tables[i].rows[k] != NULL; k++)
            r = changed(r, "care/steps", tables[i].rows[k], "out:may", "no", arena);
        cr_assert_eq(reference_finish(r, &why), OK, "%s", why.code);
        const Status s = care_ready(r, &why);
        cr_expect_eq(s == OK, tables[i].ends, "row %zu", i);
        if (s != OK) cr_expect_str_eq(why.code, "care.dead_end");
    }
    arena_free(arena);
}

Test(ranges, capillary_kits)
{
#define KIT(column, ...)                                                                           \
    {                                                                                              \
        "kit", "fragment/kits", "identifiler", column, __VA_ARGS__, "kit.row"                      \
    }
    static const Range rows[] = {
        KIT("standard_dye", "0.9", "1", "6", "6.1"),
        KIT("baseline", "4", "5", "2001", "2002"),
        KIT("smooth", "0", "1", "51", "52"),
        KIT("least_rungs", "4", "5", "64", "65"),
        KIT("peak_height", "0.9", "1", "1000000", "1000001"),
        KIT("peak_width", "-0.1", "0", "100", "100.1"),
        KIT("rung_height", "0.9", "1", "1000000", "1000001"),
        KIT("first_scan", "-1", "0", "50000", "50001"),
        KIT("most_residual", "0.009", "0.01", "100", "100.1"),
        KIT("pull_up_ratio", "-0.01", "0", "1", "1.01"),
        KIT("pull_up_scans", "-1", "0", "20", "21"),
        KIT("width_low", "-0.1", "0", "1", "1.1"),
        KIT("width_high", "0.9", "1", "100", "101"),
    };
    try_ranges(rows, COUNT(rows));
}

/* A rung that is to be left out and cannot be read must not be taken for none. */
Test(ranges, rungs_left_out)
{
    static const struct {
        const char *cell;
        bool good;
    } rows[] = {{"", true},        {"35", true},     {"35|50|250", true}, {"35|x", false},
                {"50|35", false},  {"35|35", false}, {"0", false},        {"|35", false},
                {"35||50", false}, {"-35", false},   {"1e2", false}};
    Arena *arena = arena_new(NULL);
    const Reference *demo = demo_release(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Note why = {0};
        Reference *r =
            changed(demo, "fragment/kits", "identifiler", "excluded", rows[i].cell, arena);
        cr_expect_eq(opens("kit", r, arena, &why) == OK, rows[i].good, "%s", rows[i].cell);
    }
    arena_free(arena);
}

Test(ranges, mlpa)
{
#define MLPA(column, ...)                                                                          \
    {                                                                                              \
        "mlpa", "mlpa/kits", "example-alpha", column, __VA_ARGS__, "mlpa.kit"                      \
    }
#define PROBE(column, ...)                                                                         \
    {                                                                                              \
        "mlpa", "mlpa/probes", NULL, column, __VA_ARGS__, "mlpa.probe"                             \
    }
#define BAND(column, ...)                                                                          \
    {                                                                                              \
        "mlpa", "mlpa/bands", NULL, column, __VA_ARGS__, "mlpa.band"                               \
    }
    static const Range rows[] = {
        MLPA("references", "2", "3", "100", "101"),
        MLPA("reference_probes", "2", "3", NULL, "101"),
        MLPA("spread", "0.0009", "0.001", "0.5", "0.51"),
        MLPA("q_most", "0.009", "0.01", "1", "1.01"),
        MLPA("d_least", "-0.01", "0", "1", "1.01"),
        MLPA("blank_most", "-1", "0", "1000000", "1000001"),
        PROBE("dye", "0.9", "1", "6", "6.1"),
        PROBE("low", "0.9", "1", NULL, "65"), /* the window ends at 65 */
        PROBE("high", "63", "63.1", NULL, "2001"),
        BAND("copies", "-1", "0", "9", "9.1"),
        BAND("low", "-0.1", "0", "0.1", "0.11"),
        BAND("high", NULL, "0", NULL, "10.1"),
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, fmr1)
{
#define FMR1(column, ...)                                                                          \
    {                                                                                              \
        "fmr1", "fmr1/kits", NULL, column, __VA_ARGS__, "fmr1.kit"                                 \
    }
    static const Range rows[] = {
        FMR1("dye", "0.9", "1", "6", "6.1"),
        FMR1("low", "0.9", "1", "595", "596"),
        FMR1("high", "239", "240", "5000", "5001"),
        FMR1("least_share", "0.009", "0.01", "1", "1.01"),
        FMR1("stutter", "-0.1", "0", "100", "100.1"),
        FMR1("stutter_most", "-0.1", "0", "1", "1.1"),
        FMR1("control_alleles", "2", "3", "50", "51"),
        FMR1("residual", "0.009", "0.01", "10", "10.1"),
        {"fmr1", "fmr1/limits", "tolerance", "value", "0.0009", "0.001", "0.5", "0.51",
         "fmr1.limit"},
        {"fmr1", "fmr1/categories", "normal", "low", "-1", "0", NULL, "1", "fmr1.category"},
        {"fmr1", "fmr1/categories", "normal", "high", "43", "44", NULL, "45", "fmr1.category"},
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, sanger)
{
#define SANGER(key, ...)                                                                           \
    {                                                                                              \
        "sanger", "sanger/limits", key, "value", __VA_ARGS__, "sanger.limit"                       \
    }
    static const Range rows[] = {
        SANGER("one_base", "-0.01", "0", "0.29", "0.3"), /* below two_bases */
        SANGER("two_bases", "0.15", "0.16", "1", "1.01"),
        SANGER("noise", "-0.01", "0", "1", "1.01"),
        SANGER("quality", "0.9", "1", "99", "99.1"),
        SANGER("wrong", "-0.01", "0", "0.5", "0.51"),
        SANGER("before", "7", "8", "100", "101"),
        SANGER("after", "7", "8", "100", "101"),
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, qfpcr_and_nipt)
{
#define QFPCR(key, ...)                                                                            \
    {                                                                                              \
        "release", "qfpcr/settings", key, "value", __VA_ARGS__, "qfpcr.settings"                   \
    }
#define AMPLIFIED(column, ...)                                                                     \
    {                                                                                              \
        "release", "qfpcr/kits", NULL, column, __VA_ARGS__, "qfpcr.settings"                       \
    }
#define CONTROL(column, ...)                                                                       \
    {                                                                                              \
        "release", "qfpcr/controls", NULL, column, __VA_ARGS__, "qfpcr.controls"                   \
    }
#define NIPT(key, ...)                                                                             \
    {                                                                                              \
        "release", "nipt/settings", key, "value", __VA_ARGS__, "nipt.settings"                     \
    }
    static const Range rows[] = {
        QFPCR("ratio.normal_low", "0", "0.001", NULL, NULL),
        QFPCR("match_bp", "0", "0.001", NULL, NULL),
        QFPCR("mother.least_markers", "-1", "1", NULL, NULL),
        AMPLIFIED("decay_per_bp", "-0.001", "0", "1", NULL),
        AMPLIFIED("stutter_mean", "-0.001", "0", "1", NULL),
        AMPLIFIED("stutter_most", NULL, "0", "0.99", "1"),
        AMPLIFIED("forward_most", NULL, "0", "0.99", "1"),
        CONTROL("sizes", "397|", "397", "397|413", "397|413|421"),
        CONTROL("sizes", "0", "397.5", NULL, "397;413"),
        CONTROL("marker", "AMEL", "D13S252", NULL, "D13S2520"),
        CONTROL("kit", NULL, "example-qfpcr", NULL, "another"),
        NIPT("bins.size", "4999", "5000", "5000000", "5000001"),
        NIPT("power", "0", "0.01", "0.99", "1"),
        NIPT("family_error", "0", "0.01", "0.99", "1"),
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, serum)
{
#define SERUM(table, key, column, ...)                                                             \
    {                                                                                              \
        "serum", "serum/" table, key, column, __VA_ARGS__, "serum.table"                           \
    }
    static const Range rows[] = {
        SERUM("limits", "age_min", "value", "-1", "0", "308", "309"),
        SERUM("limits", "second_to", "value", "-1", NULL, "308", "309"),
        SERUM("priors", "first", "a", "-100.1", "-100", "100", "100.1"),
        SERUM("priors", "first", "b", "-100.1", "-100", "100", "100.1"),
        SERUM("priors", "first", "c", "-100.1", "-100", "100", "100.1"),
        SERUM("priors", "first", "d", "-0.1", "0", "100", "100.1"),
        SERUM("priors", "first", "half_year", "-0.1", "0", "1", "1.1"),
        SERUM("priors", "first", "survival", "0.009", "0.01", "1", "1.1"),
        SERUM("priors", "first", "ratio", "0.009", "0.01", "1000", "1001"),
        SERUM("priors", "first", "age_min", "9", "10", "60", "61"),
        SERUM("priors", "first", "age_max", "9", "10", "60", "61"),
        SERUM("cutoffs", "t21", "high", "0.0009", "0.001", "100", "101"), /* not below grey */
        SERUM("dating", "crl", "c0", "-1001", "-1000", "1000", "1001"),
        SERUM("dating", "crl", "c4", "-1001", "-1000", "1000", "1001"),
        SERUM("dating", "crl", "min_mm", "-1", "0", "80", "81"),
        SERUM("dating", "crl", "max_mm", "31", "32", "400", "401"),
        SERUM("weight", "afp", "a_kg", "-1", "0", "1000", "1001"),
        SERUM("weight", "afp", "b", "-10.1", "-10", "10", "10.1"),
        SERUM("parameters", NULL, "mean", "-3.1", "-3", "3", "3.1"),
        SERUM("parameters", NULL, "slope_per_day", "-1.1", "-1", "1", "1.1"),
        SERUM("parameters", NULL, "sd", "0", NULL, "2", "2.1"),
        SERUM("parameters", NULL, "from_day", "-1", "0", "146", "147"),
        SERUM("parameters", NULL, "to_day", "104", "105", "308", "309"),
        SERUM("correlations", NULL, "r", "-1", NULL, NULL, "1"),
        SERUM("truncation", NULL, "low", "0.0009", "0.001", "3", "3.1"),
        SERUM("truncation", NULL, "high", "0.3", "0.4", "100", "101"),
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, newborn)
{
#define CUTOFF(key, column, ...)                                                                   \
    {                                                                                              \
        "newborn", "newborn/cutoffs", key, column, __VA_ARGS__, "newborn.limits"                   \
    }
    static const Range rows[] = {
        CUTOFF("N1", "replicates", "0", "1", "8", "9"),
        CUTOFF("N1", "borderline", NULL, "0", "20", "20.1"), /* high is bad: not above positive */
        CUTOFF("N1", "positive", "9.9", "10", "1000", NULL),
        {"newborn", "newborn/rules", "early_h", "value", "-1", "0", NULL, NULL, "newborn.limits"},
        {"newborn", "newborn/rules", "spots_min", "value", "-1", "0", NULL, NULL, "newborn.limits"},
    };
    try_ranges(rows, COUNT(rows));
}

Test(ranges, carrier_and_cervical)
{
#define FLOOR(key, ...)                                                                            \
    {                                                                                              \
        "carrier", "carrier/floors", key, "value", __VA_ARGS__, "carrier.table"                    \
    }
#define ALIKE(key, ...)                                                                            \
    {                                                                                              \
        "carrier", "carrier/relationship", key, "value", __VA_ARGS__, "carrier.table"              \
    }
#define WINDOW(key)                                                                                \
    {                                                                                              \
        "release", "cervical/windows", key, "value", "-1", "0", "1200", "1201", "cervical.table"   \
    }
    static const Range rows[] = {
        FLOOR("depth", "-1", "0", "1000000", "1000001"),
        FLOOR("quality", "-1", "0", "1000", "1001"),
        FLOOR("ref_mismatch_rows", "-1", "0", "1000000", "1000001"),
        ALIKE("min_sites", "-1", "0", "1000000", "1000001"),
        ALIKE("same_agreement_min", "-0.1", "0", "1", "1.1"),
        ALIKE("child_ibs0_max", "-0.1", "0", "1", "1.1"),
        ALIKE("contamination_agreement_min", "-0.1", "0", "1", "1.1"),
        ALIKE("couple_ibs0_min", "-0.1", "0", "1", "1.1"),
        {"release", "site", "utc_offset_minutes", "value", "-841", "-840", "840", "841",
         "site.offset"},
        WINDOW("screening"),
        WINDOW("biopsy"),
        WINDOW("hpv_chain"),
        WINDOW("referral"),
        WINDOW("pregnancy"),
        WINDOW("persists_to"),
        {"release", "cervical/classes", NULL, "rank", NULL, "0", "100", NULL, "cervical.table"},
        {"indicators", "care/suppression", "least", "value", NULL, "0", "100", NULL,
         "indicator.table"},
    };
    try_ranges(rows, COUNT(rows));
}
