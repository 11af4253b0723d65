#include "lab/assays/assay.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sodium.h>
#include <string.h>

static Arena *arena;
static Reference *reference;

static void open_reference(void)
{
    Note why = {0};
    cr_assert_geq(sodium_init(), 0);
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s %s %ld %s %s",
                 why.code, why.file, why.row, why.field, why.detail);
}

static void close_reference(void)
{
    arena_free(arena);
}

TestSuite(newborn, .init = open_reference, .fini = close_reference);

/* A card in words: "born=2026-11-16T08:00 weight=3200 transfused=no tsh=5,6 ..." */
static void read_card(Sample *s, Fact *facts, size_t *n_facts, const char *text)
{
    char copy[512], *save;
    *n_facts = 0;
    (void)snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        char *value = strchr(word, '=');
        cr_assert_not_null(value);
        *value++ = '\0';
        static const struct {
            const char *word, *code, *unit;
        } analytes[] = {{"tsh", "nbs.tsh", "mU/L"},       {"phe", "nbs.phe", "umol/L"},
                        {"17ohp", "nbs.17ohp", "nmol/L"}, {"g6pd", "nbs.g6pd", "U/gHb"},
                        {"galt", "nbs.galt", "U/gHb"},    {"tsh_other_unit", "nbs.tsh", "mIU/mL"}};
        bool analyte = false;
        for (size_t i = 0; i < sizeof analytes / sizeof *analytes; i++) {
            char *values;
            if (strcmp(word, analytes[i].word) != 0) continue;
            analyte = true;
            for (char *v = strtok_r(value, ",", &values); v; v = strtok_r(NULL, ",", &values))
                s->evidence.results[s->evidence.n_results++] = (Result){.specimen = "",
                                                                        .code = analytes[i].code,
                                                                        .number = strtod(v, NULL),
                                                                        .unit = analytes[i].unit,
                                                                        .time = INSTANT_NONE};
        }
        if (analyte) continue;
        Fact *f = &facts[(*n_facts)++];
        *f = (Fact){.owner = SUBJECT_NEWBORN,
                    .code = arena_copy(arena, word),
                    .value = arena_copy(arena, value),
                    .number = strtod(value, NULL),
                    .unit = "",
                    .time = INSTANT_NONE};
        if (strcmp(word, "born") == 0) {
            f->code = "birth_date";
            if (strchr(value, 'T') != NULL) cr_assert(instant_parse(&f->time, value, 480));
            f->value = arena_copy_n(arena, value, 10);
        }
    }
}

static Findings judge(const char *card, const char *second)
{
    Sample *s = arena_alloc(arena, 2 * sizeof *s);
    Fact *facts = arena_alloc(arena, 32 * sizeof *facts);
    size_t n_facts = 0;
    for (int i = 0; i < 2; i++) {
        s[i] = (Sample){.id = i ? "S2" : "S1",
                        .assay = "newborn",
                        .subject = SUBJECT_NEWBORN,
                        .material = MATERIAL_DRIED_SPOT};
        cr_assert(instant_parse(&s[i].collected, i ? "2026-11-26T09:00" : "2026-11-20T09:00", 480));
        s[i].evidence.results = arena_alloc(arena, 32 * sizeof(Result));
    }
    read_card(&s[0], facts, &n_facts, card);
    if (second != NULL) {
        size_t none;
        Fact ignored[8];
        read_card(&s[1], ignored, &none, second);
    }
    Case c = {.id = "C1",
              .samples = s,
              .n_samples = second ? 2 : 1,
              .facts = facts,
              .n_facts = n_facts,
              .offset_minutes = 480};
    Findings out = {.arena = arena};
    cr_assert_eq(assay_find("newborn")->interpret(&out, &c, reference, arena, NULL), OK);
    return out;
}

static const Finding *of(const Findings *f, const char *sample, const char *item)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].sample, sample) == 0 && strcmp(f->items[i].item, item) == 0)
            return &f->items[i];
    return NULL;
}

#define GOOD "born=2026-11-16T08:00 transfused=no birth_weight_g=3200 "

static const struct {
    const char *card, *item;
    Answer answer;
    const char *detail;
} rows[] = {
    {GOOD "tsh=5", "tsh", ANSWER_NEGATIVE, ""},
    {GOOD "tsh=9.99", "tsh", ANSWER_NEGATIVE, ""},
    {GOOD "tsh=10", "tsh", ANSWER_POSSIBLE, "borderline"},
    {GOOD "tsh=19.9", "tsh", ANSWER_POSSIBLE, "borderline"},
    {GOOD "tsh=20", "tsh", ANSWER_POSITIVE, "refer"},
    {GOOD "phe=60", "tsh", ANSWER_MISSING, "not_measured"},
    {GOOD "tsh_other_unit=5", "tsh", ANSWER_REFUSED, "unit_differs"},
    /* duplicates: every replicate must alarm, and all must be there for a normal */
    {GOOD "phe=60,70", "phe", ANSWER_NEGATIVE, ""},
    {GOOD "phe=60", "phe", ANSWER_MISSING, "replicate_missing"},
    {GOOD "phe=130,70", "phe", ANSWER_NEGATIVE, ""},
    {GOOD "phe=130,125", "phe", ANSWER_POSSIBLE, "borderline"},
    {GOOD "phe=500,400", "phe", ANSWER_POSITIVE, "refer"},
    {GOOD "phe=500", "phe", ANSWER_MISSING, "replicate_missing"},
    /* strata: the boundary belongs to the lower one */
    {"born=2026-11-16T08:00 transfused=no birth_weight_g=2500 17ohp=35", "17ohp", ANSWER_NEGATIVE,
     ""},
    {"born=2026-11-16T08:00 transfused=no birth_weight_g=2501 17ohp=35", "17ohp", ANSWER_POSSIBLE,
     "borderline"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=5", "17ohp", ANSWER_NOT_ASSESSED,
     "stratum_unknown"},
    /* low is bad */
    {GOOD "g6pd=5", "g6pd", ANSWER_NEGATIVE, ""},
    {GOOD "g6pd=2.6", "g6pd", ANSWER_POSSIBLE, "borderline"},
    {GOOD "g6pd=1.5", "g6pd", ANSWER_POSITIVE, "refer"},
    {GOOD "galt=3.8", "galt", ANSWER_NEGATIVE, ""},
    {GOOD "galt=3.1", "galt", ANSWER_POSITIVE, "refer"},
    /* what limits a card never reads normal, and never hides a positive */
    {"born=2026-11-16T08:00 transfused=yes tsh=5", "tsh", ANSWER_NOT_ASSESSED, "transfused"},
    {"born=2026-11-16T08:00 transfused=yes tsh=25", "tsh", ANSWER_POSITIVE, "refer"},
    {"born=2026-11-16T08:00 transfused=yes tsh=12", "tsh", ANSWER_NOT_ASSESSED, "transfused"},
    {"born=2026-11-16T08:00 tsh=5", "tsh", ANSWER_MISSING, "transfusion_unknown"},
    {"born=2026-11-17T09:00 transfused=no tsh=5", "tsh", ANSWER_NEGATIVE, ""},
    {"born=2026-11-17T09:01 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "early_collection"},
    {"born=2026-11-17T09:01 transfused=no tsh=25", "tsh", ANSWER_POSITIVE, "refer"},
    {"born=2026-11-17 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "early_collection"},
    {"born=2026-11-16 transfused=no tsh=5", "tsh", ANSWER_NEGATIVE, ""},
    {"born=2026-11-21 transfused=no tsh=5", "tsh", ANSWER_REFUSED, "collected_before_birth"},
    {"born=2026-10-20T08:00 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "late_collection"},
    {"transfused=no tsh=5", "tsh", ANSWER_MISSING, "birth_time_missing"},
    {GOOD "spot_quality=poor tsh=5", "tsh", ANSWER_INVALID, "poor_spot"},
    {GOOD "spot_quality=poor tsh=25", "tsh", ANSWER_POSITIVE, "refer_poor_spot"},
    {GOOD "spots=2 tsh=5", "tsh", ANSWER_INVALID, "poor_spot"},
    {GOOD "spots=3 spot_mm=8 tsh=5", "tsh", ANSWER_INVALID, "poor_spot"},
    {GOOD "spots=3 spot_mm=8.5 tsh=5", "tsh", ANSWER_NEGATIVE, ""},
    {"born=2026-11-17T20:00 transfused=yes spot_quality=poor tsh=5", "tsh", ANSWER_INVALID,
     "poor_spot"},
};

Test(newborn, cards)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Findings f = judge(rows[i].card, NULL);
        const Finding *x = of(&f, "S1", rows[i].item);
        cr_assert_not_null(x, "row %zu", i);
        cr_expect_eq(x->answer, rows[i].answer, "row %zu (%s): %s %s", i, rows[i].card,
                     answer_code(x->answer), x->detail);
        cr_expect_str_eq(x->detail, rows[i].detail, "row %zu (%s)", i, rows[i].card);
    }
}

Test(newborn, a_later_card_closes_or_confirms_a_recall)
{
    static const struct {
        const char *first, *second, *code, *detail;
    } recalls[] = {
        {GOOD "tsh=12", "tsh=5", "newborn.recall", "closed_normal"},
        {GOOD "tsh=12", "tsh=30", "newborn.recall", "confirmed_by_repeat"},
        {GOOD "tsh=12", "tsh=12", "newborn.screen", "borderline"},
        {GOOD "tsh=12", "phe=1,1", "newborn.screen", "borderline"},
        {GOOD "tsh=5", "tsh=5", "newborn.screen", ""},
    };
    for (size_t i = 0; i < sizeof recalls / sizeof *recalls; i++) {
        Findings f = judge(recalls[i].first, recalls[i].second);
        const Finding *x = of(&f, "S1", "tsh");
        cr_expect_str_eq(x->code, recalls[i].code, "row %zu", i);
        cr_expect_str_eq(x->detail, recalls[i].detail, "row %zu", i);
    }
}

static Status open_cutoffs(const char *rows_text, Note *why)
{
    static const char head[] = "row\tanalyte\tkit\tunit\tdirection\tstratum\tabove\tup_"
                               "to\tborderline\tpositive\treplicates\tduplicates\tsource\n";
    const char *text = arena_print(arena, "%s%s", head, rows_text);
    static const TableInfo info = {
        .name = "newborn/cutoffs", .path = "cutoffs.tsv", .version = "1", .status = "local"};
    Table *t;
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, why), OK);
    Reference *r = reference_new(arena, "test", false);
    cr_assert_eq(reference_add(r, t, NULL), OK);
    const void *model;
    return assay_find("newborn")->prepare(&model, r, arena, why);
}

Test(newborn, a_table_with_a_gap_or_an_overlap_does_not_open)
{
    static const struct {
        const char *rows, *code;
    } tables[] = {
        {"1\ta\tk\tu\thigh\t\t\t\t1\t2\t1\tmean\ts\n", NULL},
        {"1\ta\tk\tu\thigh\tweight_g\t\t1500\t1\t2\t1\tmean\ts\n2\ta\tk\tu\thigh\tweight_"
         "g\t1500\t\t1\t2\t1\tmean\ts\n",
         NULL},
        {"1\ta\tk\tu\thigh\tweight_g\t\t1500\t1\t2\t1\tmean\ts\n2\ta\tk\tu\thigh\tweight_"
         "g\t1600\t\t1\t2\t1\tmean\ts\n",
         "newborn.gap"},
        {"1\ta\tk\tu\thigh\tweight_g\t\t1500\t1\t2\t1\tmean\ts\n2\ta\tk\tu\thigh\tweight_"
         "g\t1400\t\t1\t2\t1\tmean\ts\n",
         "newborn.gap"},
        {"1\ta\tk\tu\thigh\tweight_g\t\t1500\t1\t2\t1\tmean\ts\n", "newborn.gap"},
        {"1\ta\tk\tu\thigh\tweight_g\t1500\t\t1\t2\t1\tmean\ts\n", "newborn.gap"},
        {"1\ta\tk\tu\thigh\tweight_g\t\t1500\t1\t2\t1\tmean\ts\n2\ta\tk\tu\thigh\tgestation_"
         "d\t1500\t\t1\t2\t1\tmean\ts\n",
         "newborn.gap"},
        {"1\ta\tk\tu\thigh\t\t\t\t1\t2\t1\tmean\ts\n2\tb\tk\tu\thigh\t\t\t\t1\t2\t1\tmean\ts\n3\ta"
         "\tk\tu\thigh\t\t\t\t1\t2\t1\tmean\ts\n",
         "newborn.gap"},
        {"1\ta\tk\tu\thigh\t\t\t\t3\t2\t1\tmean\ts\n", "newborn.limits"},
        {"1\ta\tk\tu\tlow\t\t\t\t1\t2\t1\tmean\ts\n", "newborn.limits"},
        {"1\ta\tk\tu\thigh\t\t\t\t1\t2\t0\tmean\ts\n", "newborn.limits"},
        {"1\ta\tk\tu\tup\t\t\t\t1\t2\t1\tmean\ts\n", "newborn.direction"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        Note why = {0};
        Status s = open_cutoffs(tables[i].rows, &why);
        cr_expect_eq(s, tables[i].code ? BAD_INPUT : OK, "row %zu: %s", i, why.code);
        if (tables[i].code) cr_expect_str_eq(why.code, tables[i].code, "row %zu", i);
    }
}
