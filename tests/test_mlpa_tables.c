/* The tables of an MLPA kit: every cell at its limits, and what must go together. */
#include "arena_suite.h"
#include "mlpa_tables.h"
#include "row_fixture.h"

ARENA_SUITE(mlpa_tables);

/* The code of the Note, which must name that line; "" when the tables are read. */
static const char *fault_of(MlpaTexts t, long row)
{
    const MlpaModel *m;
    static Note why;
    why = (Note){.code = ""};
    const Status s = mlpa_model(&m, &t, MLPA_PANEL, arena, &why);
    cr_expect_eq(s == OK, m != NULL);
    if (s == OK) return "";
    cr_expect(s == BAD_INPUT && why.row == row, "%s: row %ld, not %ld", why.code, why.row, row);
    return why.code;
}

static bool good(const char *code, const char *fault)
{
    cr_expect(code[0] == '\0' || strcmp(code, fault) == 0, "%s", code);
    return code[0] == '\0';
}

static bool reads_kit(const char *row)
{
    return good(fault_of((MlpaTexts){row, MLPA_PROBES, MLPA_BANDS, MLPA_PATTERNS}, 2), "mlpa.kit");
}

static bool reads_probe(const char *row)
{
    return good(fault_of((MlpaTexts){MLPA_KIT, arena_print(arena, MLPA_PROBES "%s", row),
                                     MLPA_BANDS, MLPA_PATTERNS},
                         16),
                "mlpa.probe");
}

static bool reads_band(const char *row)
{
    return good(fault_of((MlpaTexts){MLPA_KIT, MLPA_PROBES,
                                     arena_print(arena, MLPA_BANDS "%s", row), MLPA_PATTERNS},
                         6),
                "mlpa.band");
}

Test(mlpa_tables, every_cell_at_its_limits)
{
    static const CellLimits kit[] = {{"references", 3, "2", "3", "100", "101"},
                                     {"reference_probes", 4, "2", "3", "5", "6"},
                                     {"spread", 5, "0.0009", "0.001", "0.5", "0.51"},
                                     {"q_most", 6, "0.009", "0.01", "1", "1.01"},
                                     {"d_least", 7, "-0.1", "0", "1", "1.01"},
                                     {"blank_most", 8, "-0.1", "0", "1000000", "1000001"}};
    static const CellLimits probe[] = {{"probe", 1, NULL, "p", "P", NULL},
                                       {"role", 2, "targets", "target", NULL, NULL},
                                       {"region", 3, NULL, "A", "Z", NULL},
                                       {"chromosome", 4, "0", "1", "22", "23"},
                                       {"chromosome", 4, "X", "9", "10", "Y"},
                                       {"chromosome", 4, "-", "16", "19", "01"},
                                       {"dye", 5, "0", "1", "6", "7"},
                                       {"low", 6, "222", "222.1", "241.9", "242"},
                                       {"high", 7, "240", "240.1", "2000", "2001"}};
    static const CellLimits far[] = {{"low", 6, "0.9", "1", "62.9", "63"}}; /* other end */
    static const CellLimits band[] = {{"copies", 0, "-1", "0", "9", "10"},
                                      {"low", 1, "1.7", "1.71", "2.2", "2.21"},
                                      {"high", 2, "1.79", "1.8", "10", "10.1"}};
    expect_limits(MLPA_KIT, kit, COUNT(kit), reads_kit);
    /* any word is a probe's name or a region's */
    for (size_t i = 0; i < COUNT(probe); i++) {
        char changed[ROW_MOST];
        const char *const cells[] = {probe[i].below, probe[i].above, "", probe[i].lowest,
                                     probe[i].highest};
        for (size_t k = 0; k < COUNT(cells); k++)
            if (cells[k] != NULL)
                cr_expect_eq(reads_probe(with_cell(changed, "k\tX\ttarget\tA\t16\t1\t240\t242\ts\n",
                                                   probe[i].column, cells[k])) &&
                                 cells[k][0] != '\0',
                             k > 2, "%s = \"%s\"", probe[i].name, cells[k]);
    }
    expect_limits("k\tX\ttarget\tA\t16\t1\t2\t62.95\ts\n", far, COUNT(far), reads_probe);
    expect_limits("2\t1.8\t2.2\ts\n", band, 2, reads_band);
    expect_limits("2\t1.8\t2.2\ts\n", band + 2, 1, reads_band);
}

/* Which roles go with which cells, and which windows with those that stand there (140 to 142 in dye 1). */
Test(mlpa_tables, probes_that_are_none)
{
    static const struct {
        const char *row;
        bool good;
    } rows[] = {
        {"k\tX\tq\t\t-\t1\t240\t242\ts\n", true},
        {"k\tX\td\t\t-\t1\t240\t242\ts\n", true},
        {"k\tX\treference\t\t-\t1\t240\t242\ts\n", false},
        {"k\tX\ttarget\tA\t-\t1\t240\t242\ts\n", false},
        {"k\tX\tq\tA\t-\t1\t240\t242\ts\n", false},
        {"k\tX\treference\t\t7\t1\t240\t242\ts\n", true},
        {"k\tX\treference\tA\t7\t1\t240\t242\ts\n", false},
        {"k\tX\ttarget\t\t7\t1\t240\t242\ts\n", false},
        {"k\tX\ttarget\tA\t7\t1\t138\t140\ts\n", false},
        {"k\tX\ttarget\tA\t7\t1\t138\t139.9\ts\n", true},
        {"k\tX\ttarget\tA\t7\t1\t142\t144\ts\n", false},
        {"k\tX\ttarget\tA\t7\t1\t142.1\t144\ts\n", true},
        {"k\tX\ttarget\tA\t7\t1\t140.5\t141.5\ts\n", false},
        {"k\tX\ttarget\tA\t7\t1\t139\t143\ts\n", false},
        {"k\tX\ttarget\tA\t7\t2\t139\t143\ts\n", true}, /* another dye */
        {"l\tX\ttarget\tA\tX\t1\t139\t143\ts\n", true}, /* another kit's are not asked here */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(reads_probe(rows[i].row), rows[i].good, "row %zu", i);
}

/* A kit needs a target, Q and D fragments, one benchmark and as many references as it asks for. */
Test(mlpa_tables, kits_that_are_complete)
{
    static const char *const probes[] = {"k\tQ\tq\t\t-\t1\t63\t65\ts\n",
                                         "k\tD\td\t\t-\t1\t87\t89\ts\n",
                                         "k\tB\tbenchmark\t\t2\t1\t91\t93\ts\n",
                                         "k\tA1\ttarget\tA\t16\t1\t140\t142\ts\n",
                                         "k\tR1\treference\t\t1\t1\t150\t152\ts\n",
                                         "k\tR2\treference\t\t1\t1\t160\t162\ts\n",
                                         "k\tR3\treference\t\t1\t1\t170\t172\ts\n"};
    static const char kit[] = "k\talpha\tHBA\t3\t3\t0.1\t0.3\t0.4\t50\ts\n",
                      pattern[] = "1\tbeta\tA=2\tc\tv\t\tl\tnegative\td\ts\n";
    for (size_t without = 0; without <= COUNT(probes); without++) {
        const char *rows = "";
        for (size_t i = 0; i < COUNT(probes); i++)
            if (i != without) rows = arena_print(arena, "%s%s", rows, probes[i]);
        cr_expect_str_eq(fault_of((MlpaTexts){kit, rows, MLPA_BANDS, pattern}, 2),
                         without < COUNT(probes) ? "mlpa.kit" : "", "without %zu", without);
    }
}

Test(mlpa_tables, patterns_speak_of_regions_that_are_there)
{
    static const struct {
        const char *locus, *regions;
        bool good;
    } rows[] = {{"alpha", "A=0", true},      {"alpha", "C=9|B=0", true},   {"alpha", "A=2|", true},
                {"alpha", "A=10", false},    {"alpha", "A=", false},       {"alpha", "A=x", false},
                {"alpha", "A=/", false},     {"alpha", "A=:", false},      {"alpha", "D=2", false},
                {"alpha", "A=2|D=2", false}, {"alpha", "AB=2", false},     {"alpha", "A", false},
                {"alpha", "", false},        {"alpha", "A=2||B=2", false}, {"beta", "D=2", true},
                {"beta", "nonsense", true},  {"beta", "", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *row = arena_print(arena, MLPA_PATTERNS "5\t%s\t%s\tc\tv\t\tl\tnegative\td\ts\n",
                                      rows[i].locus, rows[i].regions);
        cr_expect_str_eq(fault_of((MlpaTexts){MLPA_KIT, MLPA_PROBES, MLPA_BANDS, row}, 6),
                         rows[i].good ? "" : "mlpa.pattern", "\"%s\"", rows[i].regions);
    }
}

Test(mlpa_tables, every_cell_is_read_into_its_place)
{
    const MlpaModel *m;
    Note why = {0};
    cr_assert_eq(mlpa_model(&m, &(MlpaTexts){MLPA_KIT, MLPA_PROBES, MLPA_BANDS, MLPA_PATTERNS},
                            MLPA_PANEL, arena, &why),
                 OK);
    static const struct {
        const char *name, *region;
        MlpaRole role;
        double low;
        bool sealed;
    } probes[] = {{"Q1", "", MLPA_Q, 63, false},          {"Q2", "", MLPA_Q, 69, false},
                  {"D1", "", MLPA_D, 87, false},          {"D2", "", MLPA_D, 95, false},
                  {"B", "", MLPA_BENCHMARK, 91, false},   {"A1", "A", MLPA_TARGET, 140, false},
                  {"R1", "", MLPA_REFERENCE, 150, false}, {"B1", "B", MLPA_TARGET, 160, false},
                  {"R2", "", MLPA_REFERENCE, 170, false}, {"A2", "A", MLPA_TARGET, 180, false},
                  {"R3", "", MLPA_REFERENCE, 190, true}, /* 192 lies in the margin of 195 */
                  {"C1", "C", MLPA_TARGET, 200, true},    {"R4", "", MLPA_REFERENCE, 210, false},
                  {"R5", "", MLPA_REFERENCE, 220, false}};
    cr_assert_eq(m->n_kits, 1U);
    const MlpaKit *k = m->kits;
    cr_expect(strcmp(k->code, "k") == 0 && strcmp(k->locus, "alpha") == 0 && !k->example);
    cr_expect(k->least_references == 3 && k->least_reference_probes == 4 && k->spread == 0.1 &&
              k->q_most == 0.3 && k->d_least == 0.4 && k->blank_most == 50);
    cr_assert_eq(k->n, COUNT(probes));
    for (size_t i = 0; i < k->n; i++) {
        const MlpaProbe *p = &k->probes[i];
        cr_expect(strcmp(p->name, probes[i].name) == 0 &&
                      strcmp(p->region, probes[i].region) == 0 && p->role == probes[i].role &&
                      p->dye == 1 && p->low == probes[i].low && p->high == probes[i].low + 2 &&
                      p->length == probes[i].low + 1 && p->sealed == probes[i].sealed,
                  "%s", p->name);
    }
    cr_assert_eq(k->n_regions, 3U);
    for (size_t i = 0; i < 3; i++)
        cr_expect(k->regions[i][0] == "ABC"[i] && k->regions[i][1] == '\0');
    const MlpaTexts without[] = {{NULL, MLPA_PROBES, MLPA_BANDS, MLPA_PATTERNS},
                                 {MLPA_KIT, NULL, MLPA_BANDS, MLPA_PATTERNS},
                                 {MLPA_KIT, MLPA_PROBES, NULL, MLPA_PATTERNS},
                                 {MLPA_KIT, MLPA_PROBES, MLPA_BANDS, NULL}};
    for (size_t i = 0; i < COUNT(without); i++) {
        cr_expect_eq(mlpa_model(&m, &without[i], MLPA_PANEL, arena, &why), OK,
                     "without a table nothing is judged");
        cr_expect_null(m);
    }
    cr_expect_eq(mlpa_model(&m, &(MlpaTexts){MLPA_KIT, MLPA_PROBES, MLPA_BANDS, MLPA_PATTERNS},
                            "k\tAMEL\tX\t1\t195\t198\t4\tno\ts\n", arena, &why),
                 BAD_INPUT);
    cr_expect(strcmp(why.code, "panel.row") == 0 && m == NULL, "%s", why.code);
}
