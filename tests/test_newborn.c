#include "findings_text.h"
#include "lab/assays/assay.h"
#include "lab/assays/newborn_limits.h"
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
        } analytes[] = {{"tsh", "nbs.tsh", "mU/L"},
                        {"phe", "nbs.phe", "umol/L"},
                        {"17ohp", "nbs.17ohp", "nmol/L"},
                        {"g6pd", "nbs.g6pd", "U/gHb"},
                        {"galt", "nbs.galt", "U/gHb"},
                        {"tsh_other_unit", "nbs.tsh", "mIU/mL"},
                        {"tyr", "nbs.tyr", "umol/L"},
                        {"c3", "nbs.c3", "umol/L"},
                        {"c2", "nbs.c2", "umol/L"},
                        {"phe_tyr", "nbs.phe_tyr", "1"},
                        {"tyr_other_unit", "nbs.tyr", "mg/dL"}};
        bool analyte = false;
        for (size_t i = 0; i < sizeof analytes / sizeof *analytes; i++) {
            char *values;
            if (strcmp(word, analytes[i].word) != 0) continue;
            analyte = true;
            for (char *v = strtok_r(value, ",", &values); v; v = strtok_r(NULL, ",", &values)) {
                bool bound = *v == '<' || *v == '>';
                s->evidence.results[s->evidence.n_results++] =
                    (Result){.specimen = "",
                             .code = analytes[i].code,
                             .number = strtod(v + bound, NULL),
                             .bound = (char)(bound ? *v : 0),
                             .unit = analytes[i].unit,
                             .time = INSTANT_NONE};
            }
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
    const int n = second != NULL ? 2 : 1; /* no more: who reads one too many is found out */
    Sample *s = arena_alloc(arena, (size_t)n * sizeof *s);
    Fact *facts = arena_alloc(arena, 32 * sizeof *facts);
    size_t n_facts = 0;
    for (int i = 0; i < n; i++) {
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
    /* unknown stratum: positive where every stratum says so, else never normal */
    {"born=2026-11-16T08:00 transfused=no 17ohp=100", "17ohp", ANSWER_POSITIVE, "refer"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=99", "17ohp", ANSWER_NOT_ASSESSED,
     "stratum_unknown_elevated"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=40", "17ohp", ANSWER_NOT_ASSESSED,
     "stratum_unknown_elevated"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=39", "17ohp", ANSWER_NOT_ASSESSED,
     "stratum_unknown"},
    {"born=2026-11-16T08:00 transfused=yes 17ohp=99", "17ohp", ANSWER_NOT_ASSESSED, "transfused"},
    {"born=2026-11-16T08:00 transfused=yes 17ohp=120", "17ohp", ANSWER_POSITIVE, "refer"},
    {"born=2026-11-16T08:00 transfused=no spot_quality=poor 17ohp=120", "17ohp", ANSWER_POSITIVE,
     "refer_poor_spot"},
    /* a ratio: computed from one card, or as the instrument reports it */
    {GOOD "phe=60,70 tyr=60,70", "phe_tyr", ANSWER_NEGATIVE, ""},
    {GOOD "phe=130,130 tyr=50,50", "phe_tyr", ANSWER_POSSIBLE, "borderline"},
    {GOOD "phe=500,500 tyr=50,50", "phe_tyr", ANSWER_POSITIVE, "refer"},
    {GOOD "phe=500,500 tyr=50,50 phe_tyr=1", "phe_tyr", ANSWER_NEGATIVE, ""},
    {GOOD "phe=500,300 tyr=100", "phe_tyr", ANSWER_POSITIVE, "refer"},
    {GOOD "phe=500 tyr=0", "phe_tyr", ANSWER_MISSING, "not_measured"},
    {GOOD "phe=60", "phe_tyr", ANSWER_MISSING, "not_measured"},
    {GOOD "phe=60 tyr_other_unit=2", "phe_tyr", ANSWER_REFUSED, "unit_differs"},
    {GOOD "tsh=5 tsh_other_unit=5", "tsh", ANSWER_REFUSED, "unit_differs"},
    {GOOD "tsh_other_unit=5 tsh=5", "tsh", ANSWER_REFUSED, "unit_differs"},
    /* low is bad */
    {GOOD "g6pd=5", "g6pd", ANSWER_NEGATIVE, ""},
    {GOOD "g6pd=2.6", "g6pd", ANSWER_POSSIBLE, "borderline"},
    {GOOD "g6pd=1.5", "g6pd", ANSWER_POSITIVE, "refer"},
    {GOOD "galt=3.8", "galt", ANSWER_NEGATIVE, ""},
    {GOOD "galt=3.1", "galt", ANSWER_POSITIVE, "refer"},
    /* a limit is reached although binary numbers miss it by the last bit */
    {GOOD "tsh=9.7,10.3", "tsh", ANSWER_POSSIBLE, "borderline"},
    {GOOD "c3=0.7 c2=3.5", "c3_c2", ANSWER_POSSIBLE, "borderline"},
    {GOOD "galt=3.1,3.3", "galt", ANSWER_POSITIVE, "refer"},
    {GOOD "g6pd=1.4,1.6", "g6pd", ANSWER_POSITIVE, "refer"},
    /* beyond the analyser's range */
    {GOOD "tsh=<0.5", "tsh", ANSWER_NEGATIVE, "beyond_range"},
    {GOOD "tsh=<10", "tsh", ANSWER_NOT_ASSESSED,
     "beyond_range_unclear"}, /* may be 9.99 or, with equality, not */
    {GOOD "tsh=<15", "tsh", ANSWER_NOT_ASSESSED, "beyond_range_unclear"},
    {GOOD "tsh=>500", "tsh", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "tsh=>20", "tsh", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "tsh=>15", "tsh", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "tsh=>8", "tsh", ANSWER_NOT_ASSESSED, "beyond_range_unclear"},
    {GOOD "spot_quality=poor tsh=>500", "tsh", ANSWER_POSITIVE, "refer_poor_spot"},
    {GOOD "spot_quality=poor tsh=<0.5", "tsh", ANSWER_INVALID, "poor_spot"},
    {GOOD "g6pd=<0.5", "g6pd", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "g6pd=<2", "g6pd", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "g6pd=<4", "g6pd", ANSWER_NOT_ASSESSED, "beyond_range_unclear"},
    {GOOD "g6pd=>20", "g6pd", ANSWER_NEGATIVE, "beyond_range"},
    {GOOD "phe=>1000,>1000", "phe", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "phe=>1000,60", "phe", ANSWER_NEGATIVE, "beyond_range"},
    {GOOD "phe=>1000", "phe", ANSWER_MISSING, "replicate_missing"},
    {GOOD "phe=>1000,>1000 tyr=50,50", "phe_tyr", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "phe=60,60 tyr=<20,<20", "phe_tyr", ANSWER_POSITIVE, "refer_beyond_range"},
    {GOOD "phe=60,60 tyr=>400,>400", "phe_tyr", ANSWER_NEGATIVE, "beyond_range"},
    {GOOD "phe=<20,<20 tyr=<20,<20", "phe_tyr", ANSWER_NOT_ASSESSED, "beyond_range_unclear"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=>100", "17ohp", ANSWER_POSITIVE,
     "refer_beyond_range"},
    {"born=2026-11-16T08:00 transfused=no 17ohp=<1", "17ohp", ANSWER_NOT_ASSESSED,
     "stratum_unknown"},
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
    {"born=2026-11-20T09:01 transfused=no tsh=5", "tsh", ANSWER_REFUSED, "collected_before_birth"},
    /* on the day of birth without its hour: early, not impossible */
    {"born=2026-11-20 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "early_collection"},
    /* 20 days are 480 hours; without the hour it may be more */
    {"born=2026-10-31T09:00 transfused=no tsh=5", "tsh", ANSWER_NEGATIVE, ""},
    {"born=2026-10-31T08:59 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "late_collection"},
    {"born=2026-10-31 transfused=no tsh=5", "tsh", ANSWER_NOT_ASSESSED, "late_collection"},
    {"born=2026-10-31 transfused=no tsh=25", "tsh", ANSWER_POSITIVE, "refer"},
    {"born=2026-11-01 transfused=no tsh=5", "tsh", ANSWER_NEGATIVE, ""},
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
        {GOOD "tsh=30", "tsh=5", "newborn.screen", "refer"}, /* only a diagnosis answers it */
        {GOOD "tsh=30", "tsh=30", "newborn.recall", "confirmed_by_repeat"},
        {"born=2026-11-16T08:00 transfused=yes tsh=5", "tsh=5", "newborn.screen", "transfused"},
    };
    for (size_t i = 0; i < sizeof recalls / sizeof *recalls; i++) {
        Findings f = judge(recalls[i].first, recalls[i].second);
        const Finding *x = of(&f, "S1", "tsh");
        cr_expect_str_eq(x->code, recalls[i].code, "row %zu", i);
        cr_expect_str_eq(x->detail, recalls[i].detail, "row %zu", i);
    }
}

/* Rows in short form "analyte|stratum|above|up_to|age above|age up to|borderline|positive", rows apart by ";". */
static Status open_rows(const void **model, const char *rows_text, Note *why)
{
    static const TableInfo info = {
        .name = "newborn/cutoffs", .path = "cutoffs.tsv", .version = "1", .status = "local"};
    const char *text =
        "row\tanalyte\tkit\tunit\tdirection\tstratum\tabove\tup_to\tage_above_h\tage_up_"
        "to_h\tborderline\tpositive\treplicates\tduplicates\tsource\n";
    char copy[1024], *save;
    (void)snprintf(copy, sizeof copy, "%s", rows_text);
    for (char *row = strtok_r(copy, ";", &save); row; row = strtok_r(NULL, ";", &save)) {
        const char *cells[13] = {""};
        size_t n = 0;
        for (char *cell = row; cell != NULL && n < 13; n++) {
            char *bar = strchr(cell, '|');
            if (bar != NULL) *bar = '\0';
            cells[n] = cell;
            cell = bar != NULL ? bar + 1 : NULL;
        }
        text = arena_print(arena, "%s1\t%s\t%s\tu\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\tmean\ts\n",
                           text, cells[0], n > 10 ? cells[10] : "k", n > 8 ? cells[8] : "high",
                           cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7],
                           n > 9 ? cells[9] : "1");
    }
    Table *t;
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, why), OK, "%s", text);
    Reference *r = reference_new(arena, "test", false);
    cr_assert_eq(reference_add(r, t, NULL), OK);
    static const char *const others[] = {"newborn/ratios", "newborn/rules"};
    for (size_t i = 0; i < 2; i++) {
        Table *copy_of = arena_alloc(arena, sizeof *copy_of);
        *copy_of = *reference_table(reference, others[i]);
        cr_assert_eq(reference_add(r, copy_of, NULL), OK);
    }
    return assay_find("newborn")->prepare(model, r, arena, why);
}

Test(newborn, a_table_with_a_gap_or_an_overlap_does_not_open)
{
    static const struct {
        const char *rows, *code;
    } tables[] = {
        {"a|||||  |1|2", "newborn.gap"},
        {"a||||||1|2", NULL},
        {"a|weight_g||1500|||1|2;a|weight_g|1500||||1|2", NULL},
        {"a|weight_g||1500|||1|2;a|weight_g|1600||||1|2", "newborn.gap"},
        {"a|weight_g||1500|||1|2;a|weight_g|1400||||1|2", "newborn.gap"},
        {"a|weight_g||1500|||1|2", "newborn.gap"},
        {"a|weight_g|1500||||1|2", "newborn.gap"},
        {"a|weight_g||1500|||1|2;a|gestation_d|1500||||1|2", "newborn.gap"},
        {"a||||||1|2;b||||||1|2;a||||||1|2", "newborn.gap"},
        {"a|length_cm||||||1|2", "newborn.gap"},
        {"a|weight_g||x|||1|2;a|weight_g|x||||1|2", "newborn.gap"},
        /* ages: they tile by themselves, and within each stratum */
        {"a||||||1|2", NULL},
        {"a||||| 96|1|2", "newborn.gap"},
        {"a|||||96|1|2;a||||96||1|2", NULL},
        {"a|||||96|1|2;a||||97||1|2", "newborn.gap"},
        {"a|||||96|1|2;a||||95||1|2", "newborn.gap"},
        {"a|||||96|1|2", "newborn.gap"},
        {"a|weight_g||2500||96|1|2;a|weight_g||2500|96||1|2;a|weight_g|2500||||1|2", NULL},
        {"a|weight_g||2500||96|1|2;a|weight_g|2500||||1|2", "newborn.gap"},
        {"a|weight_g||2500||96|1|2;a|weight_g||2500|96||1|2;a|weight_g|2500|||96|1|2",
         "newborn.gap"},
        {"a||||||3|2", "newborn.limits"},
        {"a||||||1|2|low", "newborn.limits"},
        {"a||||||2|1|low", NULL},
        {"a||||||1|2|high|0", "newborn.limits"},
        {"a||||||1|2|high|9", "newborn.limits"},
        {"a||||||1|2|up", "newborn.direction"},
        {"a|weight_g||1500|||1|2|high|1|k1;a|weight_g|1500||||1|2|high|1|k2", "newborn.limits"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        Note why = {0};
        const void *m;
        Status s = open_rows(&m, tables[i].rows, &why);
        cr_expect_eq(s, tables[i].code ? BAD_INPUT : OK, "row %zu: %s %s", i, why.code, why.field);
        if (tables[i].code) cr_expect_str_eq(why.code, tables[i].code, "row %zu", i);
    }
}

/* The age that decides must be certain: a birth without its hour may lie on both sides of a boundary. */
Test(newborn, age_at_collection_chooses_the_row)
{
    static const struct {
        Span age;
        double key, borderline; /* 0 = no row can be told */
    } rows[] = {{{50, 50}, 2000, 10},  {{96, 96}, 2000, 10},   {{96.1, 96.1}, 2000, 20},
                {{50, 74}, 2000, 10},  {{90, 114}, 2000, 0},   {{90, 114}, 3000, 30},
                {{NAN, NAN}, 2000, 0}, {{NAN, NAN}, 3000, 30}, {{50, 50}, NAN, 0},
                {{50, 50}, 2500, 10}};
    Note why = {0};
    const void *model;
    cr_assert_eq(
        open_rows(&model,
                  "a|weight_g||2500||96|10|40;a|weight_g||2500|96||20|40;a|weight_g|2500||||"
                  "30|40",
                  &why),
        OK);
    const NewbornAnalyte *a = ((const NewbornModel *)model)->analytes;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const NewbornLimits *l = newborn_limits(a, rows[i].key, rows[i].age);
        cr_expect_eq(l != NULL ? l->borderline : 0, rows[i].borderline, "row %zu", i);
    }
}

/* The value told is the mean, or the replicate that decided. */
Test(newborn, the_value_told_is_the_one_that_was_judged)
{
    Findings f = judge(GOOD "tsh=8,14 phe=130,125", NULL);
    cr_expect_float_eq(of(&f, "S1", "tsh")->value, 11, 1e-12);
    cr_expect_eq(of(&f, "S1", "tsh")->answer, ANSWER_POSSIBLE);
    cr_expect_float_eq(of(&f, "S1", "phe")->value, 125, 1e-12);
}

/* Every analyte of the table is answered, in its order, by the row that holds; what was not measured is told, too. */
Test(newborn, a_card_compared_whole)
{
    static const struct {
        const char *analyte, *told; /* answer, detail, value and unit */
        const char *row;
    } due[] = {{"tsh", "possible|borderline|11 mU/L", ":N1!"},
               {"phe", "possible|borderline|125 umol/L", ":N2!"},
               {"17ohp", "possible|borderline|30 nmol/L", ":N4!"},
               {"g6pd", "negative||2.7 U/gHb", ":N5!"},
               {"phe_tyr", "possible|borderline|2.525 1", ":N7!"}};
    const NewbornModel *m = reference_model(reference, "newborn");
    const Findings f = judge(GOOD "tsh=8,14 phe=130,125 17ohp=30 g6pd=2.7 tyr=50,51 tyr=50", NULL);
    const char *text = "";
    for (int i = 0; i < m->n_analytes; i++) {
        const char *told = "missing|not_measured|", *row = "";
        for (size_t k = 0; k < sizeof due / sizeof *due; k++)
            if (strcmp(due[k].analyte, m->analytes[i].code) == 0) {
                told = due[k].told;
                row = due[k].row;
            }
        if (strcmp(m->analytes[i].code, "phe_tyr") == 0) /* the means: 127.5 and 151 / 3 */
            told = arena_print(arena, "possible|borderline|%.6g 1", 127.5 / (151.0 / 3));
        if (strcmp(m->analytes[i].code, "tyr") == 0) continue;
        text = arena_print(arena, "%sS1|newborn.screen|%s|%s|newborn/cutoffs%s\n", text,
                           m->analytes[i].code, told, row);
    }
    const char *read = "";
    for (size_t i = 0; i < f.n; i++) {
        if (strcmp(f.items[i].item, "tyr") == 0) continue;
        Finding x = f.items[i];
        x.unverified = false; /* the standing of a table that ships is not asked for here */
        read = arena_print(arena, "%s%s", read, finding_text(&x, arena));
        cr_expect_str_eq(x.version, m->version);
        cr_expect(x.subject == SUBJECT_NEWBORN && strcmp(x.assay, "newborn") == 0);
    }
    cr_expect_str_eq(read, text, "%s\nnot\n%s", read, text);
}

/* Eight replicates are kept; a ratio of unequal numbers is that of the means, its reach that of their ends. */
Test(newborn, replicates_and_ratios)
{
    static const struct {
        const char *card, *item;
        double value;
        Answer answer;
    } rows[] = {
        {GOOD "tsh=2,2,2,2,2,2,2,10", "tsh", 3, ANSWER_NEGATIVE},
        {GOOD "tsh=2,2,2,2,2,2,2,10,900", "tsh", 3, ANSWER_NEGATIVE},
        {GOOD "tsh=9,11", "tsh", 10, ANSWER_POSSIBLE},
        {GOOD "tsh=9,10.9", "tsh", 9.95, ANSWER_NEGATIVE},
        {GOOD "phe=130", "phe", 130, ANSWER_MISSING},
        {GOOD "phe=125,130,128", "phe", 125, ANSWER_POSSIBLE},
        {GOOD "phe=90,110 tyr=100,90", "phe_tyr", (0.9 + 110.0 / 90) / 2, ANSWER_NEGATIVE},
        {GOOD "phe=90,110 tyr=40", "phe_tyr", 2.5, ANSWER_POSSIBLE},
        {GOOD "phe=100 tyr=20,60", "phe_tyr", 2.5, ANSWER_POSSIBLE},
        {GOOD "phe=2,2,2,2,2,2,2,10 tyr=1,1", "phe_tyr", 3, ANSWER_POSSIBLE},
        {GOOD "phe=>90,110 tyr=20", "phe_tyr", 5, ANSWER_POSITIVE},
        {GOOD "phe=<30,90 tyr=40", "phe_tyr", 1.5, ANSWER_NEGATIVE},
        {GOOD "phe=90 tyr=<30,30", "phe_tyr", 3, ANSWER_POSITIVE},
        {GOOD "phe=90 tyr=>30,30", "phe_tyr", 3, ANSWER_NOT_ASSESSED},
        {GOOD "phe=90 tyr=>20,>70", "phe_tyr", 2, ANSWER_NOT_ASSESSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Findings f = judge(rows[i].card, NULL);
        const Finding *x = of(&f, "S1", rows[i].item);
        cr_assert_not_null(x);
        cr_expect(x->has_value && fabs(x->value - rows[i].value) < 1e-12, "row %zu: %g", i,
                  x->value);
        cr_expect_eq(x->answer, rows[i].answer, "row %zu: %s %s", i, answer_code(x->answer),
                     x->detail);
    }
}

/* The age at collection (2026-11-20, 09:00 of +08:00) to the minute, with and without the hour of birth; the number and size of spots. */
Test(newborn, what_limits_a_card_on_both_sides)
{
    static const struct {
        const char *card, *detail;
    } rows[] = {
        {"born=2026-11-17T09:00 transfused=no tsh=5", ""},
        {"born=2026-11-17T09:01 transfused=no tsh=5", "early_collection"},
        {"born=2026-11-16 transfused=no tsh=5", ""},
        {"born=2026-11-17 transfused=no tsh=5", "early_collection"},
        {"born=2026-11-20T09:00 transfused=no tsh=5", "early_collection"},
        {"born=2026-11-20T09:01 transfused=no tsh=5", "collected_before_birth"},
        {"born=2026-11-20 transfused=no tsh=5", "early_collection"},
        {"born=2026-11-21 transfused=no tsh=5", "collected_before_birth"},
        {"born=2026-10-31T09:00 transfused=no tsh=5", ""},
        {"born=2026-10-31T08:59 transfused=no tsh=5", "late_collection"},
        {GOOD "spots=3 tsh=5", ""},
        {GOOD "spots=2 tsh=5", "poor_spot"},
        {GOOD "spot_mm=8.1 tsh=5", ""},
        {GOOD "spot_mm=8 tsh=5", "poor_spot"},
        {GOOD "spot_quality=good tsh=5", ""},
        {"born=2026-11-16T08:00 transfused=maybe tsh=5", "transfusion_unknown"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Findings f = judge(rows[i].card, NULL);
        cr_expect_str_eq(of(&f, "S1", "tsh")->detail, rows[i].detail, "%s", rows[i].card);
    }
}

/* Without the hour of birth the whole day is possible: its last minute for "too early", its first for "too late". Local days, to the minute. */
Test(newborn, a_day_of_birth_ends_at_midnight)
{
    static const struct {
        const char *born, *collected, *detail;
    } cards[] = {
        {"2026-11-16", "2026-11-20T00:00", ""},
        {"2026-11-16", "2026-11-19T23:59", "early_collection"},
        {"2026-10-31", "2026-11-20T00:00", ""},
        {"2026-10-31", "2026-11-20T00:01", "late_collection"},
        {"2026-11-20", "2026-11-20T00:00", "early_collection"},
        {"2026-11-20", "2026-11-19T23:59", "collected_before_birth"},
    };
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
        Sample s = {.id = "S1", .assay = "newborn", .subject = SUBJECT_NEWBORN};
        Result tsh = {.specimen = "", .code = "nbs.tsh", .number = 5, .unit = "mU/L"};
        Fact facts[] = {{.owner = SUBJECT_NEWBORN,
                         .code = "birth_date",
                         .value = cards[i].born,
                         .unit = "",
                         .time = INSTANT_NONE},
                        {.owner = SUBJECT_NEWBORN,
                         .code = "transfused",
                         .value = "no",
                         .unit = "",
                         .time = INSTANT_NONE}};
        cr_assert(instant_parse(&s.collected, cards[i].collected, 480));
        s.evidence.results = &tsh;
        s.evidence.n_results = 1;
        const Case c = {.id = "C1",
                        .samples = &s,
                        .n_samples = 1,
                        .facts = facts,
                        .n_facts = 2,
                        .offset_minutes = 480};
        Findings f = {.arena = arena};
        cr_assert_eq(assay_find("newborn")->interpret(&f, &c, reference, arena, NULL), OK);
        cr_expect_str_eq(of(&f, "S1", "tsh")->detail, cards[i].detail, "%s, %s", cards[i].born,
                         cards[i].collected);
    }
}
