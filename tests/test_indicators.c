/* Figures by the tables that ship: what is counted, what is never guessed, and what must not be told. */
#include "../lab/indicators.h"
#include "../pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct Bench {
    Arena *arena;
    Reference *reference;
    IndicatorBook *book;
    IndicatorCounts *counts;
} Bench;

static Bench open_bench(bool demo, size_t months)
{
    Bench b = {.arena = arena_new(NULL)};
    Note why = {0};
    cr_assert_eq(release_open(&b.reference, "reference", demo, b.arena, &why), OK, "%s", why.code);
    cr_assert_eq(indicators_open(&b.book, b.reference, b.arena, &why), OK, "%s %s", why.code,
                 why.detail);
    b.counts = indicators_new(b.book, b.reference, months, b.arena);
    return b;
}

static size_t index_of(const Bench *b, const char *id)
{
    for (size_t i = 0; i < indicators_size(b->book); i++)
        if (strcmp(indicators_at(b->book, i)->id, id) == 0) return i;
    cr_assert(false, "no indicator %s", id);
    return 0;
}

static const Centre *centre(const Bench *b, const char *id)
{
    return centre_find(reference_centres(b->reference), id);
}

static uint64_t tag(const Bench *b, TagEvent e)
{
    if (e.code == NULL) e.code = "";
    if (e.item == NULL) e.item = "";
    if (e.value == NULL) e.value = "";
    return indicators_tag(b->book, &e);
}

static uint64_t finding(const Bench *b, const char *code, Answer answer, const char *detail)
{
    return tag(b,
               (TagEvent){.source = TAG_FINDING, .code = code, .answer = answer, .value = detail});
}

static uint64_t outcome(const Bench *b, const char *code, const char *value)
{
    return tag(b, (TagEvent){.source = TAG_OUTCOME, .code = code, .value = value});
}

static void put(Bench *b, const char *id, uint64_t tags, size_t n, size_t month, int days)
{
    size_t at = (size_t)(centre(b, id) - reference_centres(b->reference)->items);
    for (size_t i = 0; i < n; i++)
        indicators_count(b->counts,
                         &(TaggedCase){.tags = tags, .centre = at, .month = month, .days = days});
}

static void finish(Bench *b)
{
    Date from = DATE_NONE, until = DATE_NONE;
    cr_assert(date_parse(&from, "2026-01-01") && date_parse(&until, "2026-12-31"));
    indicators_finish(b->counts, from, until);
}

static IndicatorFigure figure(const Bench *b, const char *id, const char *of)
{
    return indicators_figure(b->counts, index_of(b, id), centre(b, of), INDICATOR_WHOLE);
}

Test(indicators, the_27_of_the_programme_are_there)
{
    Bench b = open_bench(true, 1);
    for (int i = 1; i <= 27; i++) {
        char id[8], key[32];
        (void)snprintf(id, sizeof id, "CN%02d", i);
        (void)index_of(&b, id);
        static const char *const parts[] = {"", ".num", ".den"};
        for (size_t k = 0; k < 3; k++) {
            (void)snprintf(key, sizeof key, "indicator.%s%s", id, parts[k]);
            cr_expect(reference_has_word(b.reference, key), "%s", key);
        }
    }
    arena_free(b.arena);
}

/* Each row: what a case holds, and of which indicators it is numerator (+) or denominator only (-). */
Test(indicators, who_counts_where)
{
    Bench b = open_bench(true, 1);
    const uint64_t hpv16 = finding(&b, "cervical.hpv", ANSWER_POSITIVE, "hpv_pos1618");
    const uint64_t other = finding(&b, "cervical.hpv", ANSWER_POSITIVE, "hpv_pos_other");
    const uint64_t cervical = tag(&b, (TagEvent){.source = TAG_SAMPLE, .code = "cervical"});
    const uint64_t lsil = finding(&b, "cervical.cytology", ANSWER_POSITIVE, "cytology_lsil");
    const uint64_t nilm = finding(&b, "cervical.cytology", ANSWER_NEGATIVE, "cytology_nilm");
    const uint64_t bad =
        finding(&b, "cervical.cytology", ANSWER_INVALID, "cytology_unsatisfactory");
    const uint64_t age = tag(&b, (TagEvent){.source = TAG_AGE, .age = 35});
    const struct {
        uint64_t tags;
        const char *numerator, *denominator, *neither;
    } rows[] = {
        {cervical | hpv16, "CN14", "CN07", "CN08"},
        {cervical | hpv16 | outcome(&b, "colposcopy", "normal"), "CN07", "CN25", "CN10"},
        {cervical | other, "CN14", "CN08", "CN07"},
        {cervical | other | nilm, "CN08", "CN08", "CN06"},
        {cervical | other | hpv16 | nilm, "CN14", "CN07", "CN08"},
        {cervical | lsil, "CN15", "CN09", "CN14"},
        {cervical | lsil | outcome(&b, "histology", "cin2"), "CN22", "CN22", "CN20"},
        {cervical | bad, "", "CN15", "CN09"},
        {cervical | age, "", "CN03", "CN05"},
        {cervical | age | outcome(&b, "histology", "cin1"), "", "CN03", "CN05"},
        {cervical | age | outcome(&b, "histology", "cancer"), "CN03", "CN05", "CN11"},
        {cervical | age | outcome(&b, "histology", "cin3"), "CN05", "CN11", "CN13"},
        {cervical | outcome(&b, "histology", "cin3") | outcome(&b, "treatment", "excision"), "CN11",
         "CN12", "CN13"},
        {finding(&b, "newborn.screen", ANSWER_POSITIVE, "refer"), "BD12", "BD13", "BD15"},
        {finding(&b, "newborn.screen", ANSWER_POSITIVE, "refer") |
             outcome(&b, "newborn_diagnosis", "inconclusive"),
         "BD12", "BD14", "BD15"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench one = open_bench(true, 1);
        put(&one, "230103", rows[i].tags, 100, 0, -1);
        finish(&one);
        if (rows[i].numerator[0] != '\0')
            cr_expect_eq(figure(&one, rows[i].numerator, "230103").numerator, 100,
                         "row %zu numerator", i);
        cr_expect_eq(figure(&one, rows[i].denominator, "230103").denominator, 100,
                     "row %zu denominator", i);
        cr_expect_eq(figure(&one, rows[i].neither, "230103").state, FIGURE_EMPTY, "row %zu neither",
                     i);
        arena_free(one.arena);
    }
    arena_free(b.arena);
}

Test(indicators, a_denominator_is_never_guessed)
{
    Bench real = open_bench(false, 1), demo = open_bench(true, 1);
    Bench *const both[] = {&real, &demo};
    for (size_t i = 0; i < 2; i++) {
        Bench *b = both[i];
        put(b, "230103", tag(b, (TagEvent){.source = TAG_SAMPLE, .code = "newborn"}), 520, 0, -1);
        finish(b);
    }
    cr_expect_eq(figure(&real, "BD11", "230103").state, FIGURE_NEEDS, "no population table");
    cr_expect_eq(figure(&demo, "BD11", "230104").state, FIGURE_NEEDS, "no row of this centre");
    cr_expect_eq(figure(&demo, "CN01", "230103").state, FIGURE_NEEDS, "no survey");
    IndicatorFigure f = figure(&demo, "BD11", "230103");
    cr_expect(f.state == FIGURE_TOLD && f.numerator == 520 && f.denominator == 5200 &&
              fabs(f.value - 0.1) < 1e-12);
    arena_free(real.arena);
    arena_free(demo.arena);
}

Test(indicators, small_numbers_are_not_told)
{
    static const struct {
        size_t with, without;
        FigureState state;
    } rows[] = {{20, 10, FIGURE_TOLD},     {0, 10, FIGURE_TOLD},       {10, 0, FIGURE_TOLD},
                {5, 5, FIGURE_TOLD},       {4, 30, FIGURE_SUPPRESSED}, {30, 4, FIGURE_SUPPRESSED},
                {0, 4, FIGURE_SUPPRESSED}, {1, 0, FIGURE_SUPPRESSED},  {0, 0, FIGURE_EMPTY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench b = open_bench(true, 1);
        uint64_t positive = finding(&b, "cervical.hpv", ANSWER_POSITIVE, "hpv_pos_other");
        uint64_t negative = finding(&b, "cervical.hpv", ANSWER_NEGATIVE, "hpv_negative");
        put(&b, "230103", positive, rows[i].with, 0, -1);
        put(&b, "230103", negative, rows[i].without, 0, -1);
        finish(&b);
        IndicatorFigure f = figure(&b, "CN14", "230103");
        cr_expect_eq(f.state, rows[i].state, "row %zu: %d", i, (int)f.state);
        if (f.state == FIGURE_SUPPRESSED)
            cr_expect(f.numerator == 0 && f.denominator == 0 && isnan(f.value));
        arena_free(b.arena);
    }
}

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    return z ^ (z >> 27);
}

/* The attack: take what is told of the children off what is told of the parent. What is left must be nothing, or at least two
 * cells that together are no small number. */
static void attack(const Bench *b, size_t i, const Centre *parent, const int64_t *own,
                   unsigned round)
{
    const Centres *all = reference_centres(b->reference);
    IndicatorFigure whole = indicators_figure(b->counts, i, parent, INDICATOR_WHOLE);
    if (whole.state != FIGURE_TOLD) return;
    int64_t numerator = whole.numerator, denominator = whole.denominator;
    size_t hidden = 0;
    for (size_t k = 0; k < all->n; k++) {
        if (all->items[k].parent != parent) continue;
        IndicatorFigure f = indicators_figure(b->counts, i, &all->items[k], INDICATOR_WHOLE);
        numerator -= f.numerator;
        denominator -= f.denominator;
        hidden += f.state == FIGURE_SUPPRESSED;
    }
    if (hidden == 0) return;
    cr_expect(hidden >= 2 || own[0] > 0, "round %u: one hidden cell below %s can be computed",
              round, parent->id);
    cr_expect((numerator == 0 || numerator >= 5) && denominator >= 5,
              "round %u: %d of %d left below %s", round, (int)numerator, (int)denominator,
              parent->id);
}

Test(indicators, what_is_hidden_cannot_be_computed)
{
    uint64_t random = 7;
    for (unsigned round = 0; round < 200; round++) {
        Bench b = open_bench(true, 1);
        const Centres *all = reference_centres(b.reference);
        uint64_t positive = finding(&b, "cervical.hpv", ANSWER_POSITIVE, "hpv_pos_other");
        uint64_t negative = finding(&b, "cervical.hpv", ANSWER_NEGATIVE, "hpv_negative");
        const int64_t none[1] = {0};
        for (size_t k = 0; k < all->n; k++) {
            if (all->items[k].level == LEVEL_CITY) continue;
            bool is_parent = all->items[k].level == LEVEL_DISTRICT && (round % 2) == 0;
            put(&b, all->items[k].id, positive, is_parent ? 0 : next(&random) % 9, 0, -1);
            put(&b, all->items[k].id, negative, is_parent ? 0 : next(&random) % 40, 0, -1);
        }
        finish(&b);
        for (size_t k = 0; k < all->n; k++)
            if (all->items[k].level == LEVEL_CITY ||
                (all->items[k].level == LEVEL_DISTRICT && round % 2 == 0))
                attack(&b, index_of(&b, "CN14"), &all->items[k], none, round);
        arena_free(b.arena);
    }
}

Test(indicators, months_of_one_centre)
{
    Bench b = open_bench(true, 3);
    uint64_t positive = finding(&b, "cervical.hpv", ANSWER_POSITIVE, "hpv_pos_other");
    uint64_t negative = finding(&b, "cervical.hpv", ANSWER_NEGATIVE, "hpv_negative");
    static const size_t positives[] = {20, 2, 30};
    for (size_t m = 0; m < 3; m++) {
        put(&b, "230103001", positive, positives[m], m, -1);
        put(&b, "230103001", negative, 100, m, -1);
    }
    finish(&b);
    indicators_months(b.counts, centre(&b, "230103"));
    size_t i = index_of(&b, "CN14");
    FigureState said[3];
    for (int m = 0; m < 3; m++)
        said[m] = indicators_figure(b.counts, i, centre(&b, "230103"), m).state;
    cr_expect_eq(said[0], FIGURE_SUPPRESSED, "the smallest told month protects the hidden one");
    cr_expect_eq(said[1], FIGURE_SUPPRESSED);
    cr_expect_eq(said[2], FIGURE_TOLD);
    cr_expect_eq(figure(&b, "CN14", "230103").numerator, 52);
    arena_free(b.arena);
}

Test(indicators, days_from_sampling_to_sending)
{
    Bench b = open_bench(true, 1);
    uint64_t cervical = tag(&b, (TagEvent){.source = TAG_SAMPLE, .code = "cervical"});
    uint64_t serum = tag(&b, (TagEvent){.source = TAG_SAMPLE, .code = "serum"});
    put(&b, "230103001", cervical, 30, 0, 14);
    put(&b, "230103001", cervical, 10, 0, 15);
    put(&b, "230103001", cervical, 50, 0, -1); /* not sent: counts nowhere */
    put(&b, "230103001", serum, 10, 0, 3);
    put(&b, "230103", serum, 11, 0, 9);
    finish(&b);
    IndicatorFigure f = figure(&b, "TA01", "230100");
    cr_expect(f.numerator == 30 && f.denominator == 40, "%d of %d", (int)f.numerator,
              (int)f.denominator);
    cr_expect_eq(figure(&b, "TA02", "230103").value, 9);
    cr_expect_eq(figure(&b, "TA02", "230103001").value, 3);
    arena_free(b.arena);
}
