/* What a guideline may ask about a woman's past, question by question and mark by mark: her reports written short, the answer that the guideline's own
 * words give, and each window on both sides. Source of the rules: ASCCP 2019 (doi 10.1097/LGT.0000000000000525), sections G to K. */
#include "cervical_fixture.h"
#include "lab/assays/cervical_guideline.h"

typedef struct Row {
    const char *name;    /* a question or a mark */
    const char *reports; /* newest first; today is 2026-06-01 */
    const char *says;    /* the answer; a mark's day, "" = there is none */
    const char *facts;   /* "pregnant=yes@2026-01-01" */
} Row;

#define TODAY "2026-06-01"

static Date day(const char *text)
{
    Date d = DATE_NONE;
    cr_assert(date_parse(&d, text), "%s", text);
    return d;
}

/* Facts may have a day. */
static size_t dated_facts(Fact *out, const char *text, Arena *arena)
{
    const size_t n = add_facts(out, text, arena);
    for (size_t i = 0; i < n; i++) {
        const char *at = strchr(out[i].value, '@');
        if (at == NULL) continue;
        cr_assert(instant_parse(&out[i].time, at + 1, 480), "%s", at);
        out[i].value = arena_copy_n(arena, out[i].value, (size_t)(at - out[i].value));
    }
    return n;
}

static const CervicalModel *asccp(const Reference *r)
{
    const CervicalModels *models = reference_model(r, "cervical");
    for (size_t i = 0; i < models->n; i++)
        if (strcmp(models->items[i].policy, "asccp2019") == 0) return &models->items[i];
    cr_assert_fail("no such policy");
    return NULL;
}

static View *view_of(const Row *row, const CervicalModel *model, Arena *arena)
{
    Sample *samples = arena_alloc(arena, MOST * sizeof *samples);
    Screen *screens = arena_alloc(arena, MOST * sizeof *screens);
    Fact *facts = arena_alloc(arena, MOST * sizeof *facts);
    Case *c = arena_alloc(arena, sizeof *c);
    Woman *woman = arena_alloc(arena, sizeof *woman);
    Round *round = arena_alloc(arena, sizeof *round);
    History *h = arena_alloc(arena, sizeof *h);
    View *v = arena_alloc(arena, sizeof *v);
    const size_t n = add_samples(samples, row->reports, MATERIAL_CERVICAL, "S", arena);
    *c = (Case){.id = "c0", .offset_minutes = 480, .samples = samples, .n_samples = n};
    c->facts = facts;
    c->n_facts = dated_facts(facts, row->facts ? row->facts : "", arena);
    for (size_t i = 0; i < n; i++)
        screen_read(&screens[i], model, &samples[i]);
    *woman = (Woman){model, screens, n, n == 0 ? 0 : round_length(model, screens, n)};
    *round = round_of(screens, woman->n_round);
    *h = history_of(model, c, screens, n, day(TODAY), arena);
    *v = (View){.h = h, .woman = woman, .round = round, .arena = arena};
    Past *past = arena_alloc(arena, sizeof *past);
    *past = n == 0 ? (Past){.previous = "none"} : past_of(woman, c, arena);
    v->past = past;
    return v;
}

static void ask_all(const Row *rows, size_t n, bool marks)
{
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t i = 0; i < n; i++) {
        const Row *r = &rows[i];
        const View *v = view_of(r, model, own);
        if (marks) {
            const int mark = mark_find(r->name, strlen(r->name));
            cr_assert(mark >= 0, "%s", r->name);
            const Date got = history_mark(v->h, mark);
            const Date due = r->says[0] == '\0' ? DATE_NONE : day(r->says);
            cr_expect_eq(got, due, "row %zu: %s of %s (%s): %d, not %s", i, r->name, r->reports,
                         r->facts ? r->facts : "", got, r->says);
        } else {
            const Ask ask = question_find(r->name);
            cr_assert_not_null(ask, "%s", r->name);
            cr_expect_str_eq(ask(v), r->says, "row %zu: %s of %s (%s): \"%s\"", i, r->name,
                             r->reports, r->facts ? r->facts : "", ask(v));
        }
        arena_reset(own);
    }
    arena_free(own);
    arena_free(arena);
}

#define ASK_ALL(rows)  ask_all(rows, COUNT(rows), false)
#define MARK_ALL(rows) ask_all(rows, COUNT(rows), true)

/* Days of one sample each. */
#define D0  "2026-06-01 c0 "
#define HP  "16=- 18=- o=+ "
#define HN  "16=- 18=- o=- "
#define H16 "16=+ 18=- o=- "
#define H18 "16=- 18=+ o=- "

Test(cervical_history, months)
{
    static const struct {
        const char *from, *to;
        int passed, begun;
    } rows[] = {
        {"2025-06-01", "2026-06-01", 12, 12}, {"2025-06-01", "2026-06-02", 12, 13},
        {"2025-06-02", "2026-06-01", 11, 12}, {"2026-06-01", "2026-06-01", 0, 0},
        {"2026-06-01", "2026-06-02", 0, 1},   {"2026-06-02", "2026-06-01", -1, -1},
        {"2025-12-31", "2026-01-01", 0, 1},   {"2024-02-29", "2025-02-28", 12, 12},
        {"2026-01-31", "2026-02-28", 1, 1},   {"2023-11-15", "2026-02-14", 26, 27},
        {"2023-11-15", "2026-02-15", 27, 27}, {"2023-11-15", "2026-12-16", 37, 38},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Date from = day(rows[i].from), to = day(rows[i].to);
        cr_expect_eq(months_passed(from, to), rows[i].passed, "row %zu: %d", i,
                     months_passed(from, to));
        cr_expect_eq(months_begun(from, to), rows[i].begun, "row %zu: %d", i,
                     months_begun(from, to));
    }
    cr_expect_eq(months_passed(DATE_NONE, day(TODAY)), -1);
    cr_expect_eq(months_passed(day(TODAY), DATE_NONE), -1);
    cr_expect_eq(months_begun(DATE_NONE, day(TODAY)), -1);
}

Test(cervical_history, who_she_is)
{
    static const Row rows[] = {
        {"age", D0, "25", "birth_date=2001-06-01"},
        {"age", D0, "24", "birth_date=2001-06-02"},
        {"age", D0, "", ""},
        {"pregnant", D0, "yes", "pregnant=yes"},
        {"pregnant", D0, "no", "pregnant=no"},
        {"pregnant", D0, "no", "pregnant=unknown"},
        {"pregnant", D0, "no", ""},
        {"pregnant", D0, "yes", "pregnant=yes@2025-08-11"}, /* 294 days: 42 weeks */
        {"pregnant", D0, "no", "pregnant=yes@2025-08-10"},
        {"pregnant", D0, "yes", "pregnant=yes@2026-06-01"},
        {"pregnant", D0, "no", "pregnant=yes@2026-06-02"},
        {"immunosuppressed", D0, "yes", "hiv=positive"},
        {"immunosuppressed", D0, "yes", "immunosuppressed=yes"},
        {"immunosuppressed", D0, "no", "hiv=negative immunosuppressed=no"},
        {"immunosuppressed", D0, "no", ""},
        {"no_cervix", D0, "yes", "hysterectomy=cervix_removed"},
        {"no_cervix", D0, "no", "hysterectomy=cervix_present"},
        {"no_cervix", D0, "no", "hysterectomy=cervix_unknown"},
        {"no_cervix", D0 "; 2025-06-01 c1 treatment=hysterectomy", "yes", ""},
        {"no_cervix", D0 "; 2025-06-01 c1 treatment=excision", "no", ""},
        {"cancer", D0 "his=cancer", "yes", ""},
        {"cancer", D0 "; 2010-06-01 c1 his=microinvasive", "yes", ""},
        {"cancer", D0 "his=ais", "no", ""},
        {"cancer", D0 "; 2001-06-01 c1 his=cancer", "yes", ""}, /* 25 years back */
        {"cancer", D0 "; 2001-05-31 c1 his=cancer", "no", ""},
        {"prior_high", D0 "his=normal", "no", ""},
        {"prior_high", D0 "his=cin1", "no", ""},
        {"prior_high", D0 "his=cin2", "yes", ""},
        {"prior_high", D0 "his=cin3", "yes", ""},
        {"prior_high", D0 "his=hsil", "yes", ""},
        {"prior_high", D0 "his=ais", "yes", ""},
        {"prior_high", D0 "his=microinvasive", "yes", ""},
        {"prior_high", D0 "his=cancer", "yes", ""},
        {"prior_high", D0 "his=cin1; 2024-06-01 c1 his=cin2", "yes", ""},
        {"prior_high", D0 "; 2024-06-01 c1 treatment=ablation", "yes", ""},
        {"prior_high", D0 "cyt=hsil", "no", ""}, /* cytology alone is no diagnosis */
        {"prior_high", D0, "yes", "prior_cin2plus=yes"},
        {"prior_high", D0, "no", "prior_cin2plus=unknown"},
        {"any_cin", D0 "his=normal", "no", ""},
        {"any_cin", D0 "his=insufficient", "no", ""},
        {"any_cin", D0 "his=cin1", "yes", ""},
        {"any_cin", D0 "his=cin2", "yes", ""},
        {"any_cin", D0 "his=cin3", "yes", ""},
        {"any_cin", D0 "his=hsil", "yes", ""},
        {"any_cin", D0 "his=ais", "yes", ""},
        {"any_cin", D0 "his=cancer", "yes", ""},
        {"any_cin", D0 "his=normal; 2004-06-01 c1 his=cin1", "yes", ""},
        {"any_cin", D0 "cyt=lsil", "no", ""},
    };
    ASK_ALL(rows);
}

/* K.4: surveillance goes on for 25 years when the cervix was removed for disease. */
Test(cervical_history, a_cervix_removed_for_disease)
{
    static const Row rows[] = {
        {"removed_for_disease", D0, "no", ""},
        {"removed_for_disease", D0, "yes", "hysterectomy_reason=precancer"},
        {"removed_for_disease", D0, "yes", "hysterectomy_reason=cancer"},
        {"removed_for_disease", D0, "no", "hysterectomy_reason=benign"},
        {"removed_for_disease", D0, "no", "hysterectomy_reason=unknown"},
        /* histology of the year before, or of the organ itself */
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2025-01-01 c1 his=cin2",
         "yes", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2024-12-31 c1 his=cin2",
         "no", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2026-01-01 c1 his=cin3",
         "yes", ""},
        {"removed_for_disease", "2026-01-02 c0 his=cin3; 2026-01-01 c1 treatment=hysterectomy",
         "no", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2025-06-01 c1 his=hsil",
         "yes", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2025-06-01 c1 his=ais",
         "yes", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2025-06-01 c1 his=cancer",
         "yes", ""},
        {"removed_for_disease", "2026-01-01 c0 treatment=hysterectomy; 2025-06-01 c1 his=cin1",
         "no", ""},
        {"removed_for_disease",
         "2026-01-01 c0 treatment=hysterectomy; 2025-12-01 c1 his=cin1; 2025-06-01 c2 his=cin3",
         "yes", ""},
        {"removed_for_disease", D0 "; 2025-06-01 c1 his=cin3", "no", ""},
        {"removed_for_disease", D0 "; 2025-06-01 c1 his=cin3", "yes",
         "hysterectomy=cervix_removed@2025-08-01"},
    };
    static const Row marks[] = {
        {"removal", D0, "2020-03-04", "hysterectomy=cervix_removed@2020-03-04"},
        {"removal", D0, TODAY, "hysterectomy=cervix_removed@2026-06-01"},
        {"removal", D0, "", "hysterectomy=cervix_removed@2026-06-02"},
        {"removal", D0, "", "hysterectomy=cervix_removed"},
        {"removal", D0, "", "hysterectomy=cervix_present@2020-03-04"},
        {"removal", "2024-01-01 c0 treatment=hysterectomy", "2024-01-01", ""},
        {"removal", "2024-01-01 c0 treatment=excision", "", ""},
        {"treatment", "2024-01-01 c0 treatment=excision", "2024-01-01", ""},
        {"treatment", "2024-01-01 c0 treatment=ablation", "2024-01-01", ""},
        {"treatment", "2024-01-01 c0 treatment=hysterectomy", "", ""},
        /* three negatives after it, in order of time */
        {"removal_clear3", "2026-01-01 c0 " HN "; 2025-01-01 c1 " HN, "",
         "hysterectomy=cervix_removed@2020-03-04"},
        {"removal_clear3",
         "2026-01-01 c0 " HN "; 2025-01-01 c1 " HN "; 2024-01-01 c2 " HN "; 2023-01-01 c3 " HN,
         "2025-01-01", "hysterectomy=cervix_removed@2020-03-04"},
        {"removal_base", "2026-01-01 c0 " HN "; 2025-01-01 c1 " HN, "2026-01-01",
         "hysterectomy=cervix_removed@2020-03-04"},
        {"removal_base", "2026-01-01 c0 " HP "; 2025-01-01 c1 " HN, "2025-01-01",
         "hysterectomy=cervix_removed@2020-03-04"},
        {"removal_base", "2026-01-01 c0 " HP, "2020-03-04",
         "hysterectomy=cervix_removed@2020-03-04"},
        {"removal_base", "2026-01-01 c0 " HN, "", ""},
    };
    ASK_ALL(rows);
    MARK_ALL(marks);
}

/* A cotest is HPV and cytology not more than one day apart. */
Test(cervical_history, what_belongs_together)
{
    static const Row rows[] = {
        {"hpv_with_cytology", D0 HP "cyt=nilm", "positive", ""},
        {"hpv_with_cytology", D0 H16 "cyt=nilm", "hpv16", ""},
        {"hpv_with_cytology", D0 H18 "cyt=nilm", "hpv18", ""},
        {"hpv_with_cytology", D0 HN "cyt=nilm", "negative", ""},
        {"hpv_with_cytology", D0 "p=i cyt=nilm", "unknown", ""},
        {"hpv_with_cytology", D0 "cyt=nilm; 2026-05-31 c0 " HP, "positive", ""},
        {"hpv_with_cytology", D0 "cyt=nilm; 2026-05-30 c0 " HP, "", ""},
        {"hpv_with_cytology", D0 HP "; 2026-05-31 c0 cyt=nilm", "positive", ""},
        {"hpv_with_cytology", D0 HP "; 2026-05-30 c0 cyt=nilm", "", ""},
        {"hpv_with_cytology", D0 "cyt=nilm", "", ""},
        {"hpv_with_cytology", D0 HP, "", ""},
        {"hpv_since_cytology", D0 HP "cyt=nilm", "yes", ""},
        {"hpv_since_cytology", D0 "cyt=nilm; 2026-05-31 c0 " HP, "yes", ""},
        {"hpv_since_cytology", D0 "cyt=nilm; 2026-05-30 c0 " HP, "no", ""},
        {"hpv_since_cytology", D0 HP "; 2024-05-30 c0 cyt=nilm", "yes", ""},
        {"hpv_since_cytology", D0 HP, "no", ""},
        {"hpv_since_cytology", D0 "cyt=nilm", "no", ""},
        {"cytology_alone", D0 "cyt=asc_us", "asc_us", ""},
        {"cytology_alone", D0 HP "cyt=asc_us", "", ""},
        {"cytology_alone", D0 HP "; 2026-05-01 c0 cyt=asc_us", "", ""},
        {"cytology_alone", D0 "cyt=asc_us; 2026-05-01 c0 " HP, "asc_us", ""},
        {"cytology_alone", D0 "cyt=asc_us his=normal", "asc_us", ""},
        {"cytology_alone", D0 "his=normal; 2026-05-31 c0 cyt=asc_us", "", ""},
        {"cytology_alone", D0 "cyt=asc_us; 2026-05-31 c0 his=normal", "asc_us", ""},
        {"cytology_alone", D0 "treatment=excision; 2026-05-31 c0 cyt=hsil", "", ""},
        {"cytology_alone", D0 "cyt=hsil treatment=excision", "hsil", ""},
        {"cytology_alone", D0 HP, "", ""},
        /* risk tables know histories of HPV tests: cytology alone that is newer than the newest one, or abnormal and newer than the one before */
        {"unplaced_cytology", D0 "cyt=nilm", "yes", ""},
        {"unplaced_cytology", D0 HN "cyt=nilm", "no", ""},
        {"unplaced_cytology", D0 "cyt=nilm; 2026-01-01 c1 " HN, "yes", ""},
        {"unplaced_cytology", D0 HN "; 2026-01-01 c1 cyt=nilm", "no", ""},
        {"unplaced_cytology", D0 HN "; 2026-01-01 c1 cyt=asc_us", "yes", ""},
        {"unplaced_cytology", D0 HN "; 2026-01-01 c1 cyt=lsil; 2025-01-01 c2 " HN, "yes", ""},
        {"unplaced_cytology", D0 HN "; 2025-01-01 c2 " HN "; 2024-01-01 c1 cyt=lsil", "no", ""},
        {"unplaced_cytology",
         D0 HN "cyt=nilm; 2026-01-01 c1 cyt=hsil; 2025-01-01 c2 " HN "cyt=nilm", "yes", ""},
        {"unplaced_cytology", D0 HP "cyt=hsil; 2025-01-01 c2 " HN "cyt=nilm", "no", ""},
        {"newest_test_negative", D0 HN, "yes", ""},
        {"newest_test_negative", D0 HN "cyt=nilm", "yes", ""},
        {"newest_test_negative", D0 HN "cyt=asc_us", "no", ""},
        {"newest_test_negative", D0 HN "cyt=unsatisfactory", "no", ""},
        {"newest_test_negative", D0 HP, "no", ""},
        {"newest_test_negative", D0 "p=i", "no", ""},
        {"newest_test_negative", D0 "cyt=nilm", "no", ""},
        {"newest_test_negative", D0 "cyt=nilm; 2026-01-01 c1 " HN, "no", ""},
        {"newest_test_negative", D0 HN "; 2026-01-01 c1 cyt=nilm", "yes", ""},
        {"hpv_negatives", D0 HN "; 2025-06-01 c1 " HP "; 2024-06-01 c2 " HN, "2", ""},
        {"hpv_negatives", D0 "cyt=nilm", "0", ""},
        {"hpv_negatives", D0 "; 2016-06-01 c1 " HN, "1", ""}, /* ten years back */
        {"hpv_negatives", D0 "; 2016-05-31 c1 " HN, "0", ""},
        {"nilm_cytologies", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil; 2024-06-01 c2 cyt=nilm", "2", ""},
        {"nilm_cytologies", D0 "; 2016-06-01 c1 cyt=nilm", "1", ""},
        {"nilm_cytologies", D0 "; 2016-05-31 c1 cyt=nilm", "0", ""},
        {"positive_twice", D0 HP "; 2025-06-01 c1 " H16, "yes", ""},
        {"positive_twice", D0 HP "; 2025-06-01 c1 " HN "; 2024-06-01 c2 " HP, "no", ""},
        {"positive_twice", D0 HN "; 2025-06-01 c1 " H18 "; 2024-06-01 c2 " HP, "yes", ""},
        {"positive_twice", D0 HP, "no", ""},
    };
    ASK_ALL(rows);
}

/* An abnormal result stays open until a biopsy or a treatment of a later day. */
Test(cervical_history, what_nobody_followed_up)
{
    static const Row rows[] = {
        {"positive_now", D0 "cyt=asc_us", "yes", ""},
        {"positive_now", D0 "cyt=lsil", "yes", ""},
        {"positive_now", D0 "cyt=asc_h", "yes", ""},
        {"positive_now", D0 "cyt=agc", "yes", ""},
        {"positive_now", D0 "cyt=hsil", "yes", ""},
        {"positive_now", D0 "cyt=nilm", "no", ""},
        {"positive_now", D0 "cyt=unsatisfactory", "no", ""},
        {"positive_now", D0 HP, "yes", ""},
        {"positive_now", D0 H16 "cyt=nilm", "yes", ""},
        {"positive_now", D0 H18, "yes", ""},
        {"positive_now", D0 HN "cyt=nilm", "no", ""},
        {"positive_now", D0 "cyt=nilm; 2025-06-01 c1 cyt=hsil", "no", ""},
        {"positive_now", D0, "no", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 cyt=lsil", "yes", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 cyt=asc_us", "yes", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 " HP "cyt=asc_us", "yes", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 " HN "cyt=asc_us", "no", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 " HN "cyt=lsil", "yes", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 cyt=nilm", "no", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 cyt=hsil", "no", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-02 c2 his=normal; 2025-06-01 c1 cyt=lsil", "no",
         ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-01 c1 cyt=lsil his=normal", "yes", ""},
        {"low_grade_open", D0 "cyt=hsil; 2025-06-02 c2 treatment=ablation; 2025-06-01 c1 cyt=lsil",
         "no", ""},
        {"low_grade_open", D0 "cyt=lsil", "no", ""}, /* it is the result of now */
        {"low_grade_open", D0 HP "cyt=lsil", "no", ""},
        {"low_grade_open", D0 HP "; 2025-06-01 c1 cyt=lsil", "yes", ""},
        {"low_grade_open", D0 "cyt=asc_h; 2026-01-01 c1 " HP "cyt=lsil", "yes", ""},
        {"low_grade_open", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"low_grade_open", D0 HN "; 2025-06-01 c1 cyt=nilm; 2024-06-01 c2 cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 HN "; 2025-06-01 c1 cyt=lsil", "yes", ""},
        {"low_grade_cleared", D0 HN "cyt=nilm; 2025-06-01 c1 cyt=lsil", "yes", ""},
        {"low_grade_cleared", D0 HN "cyt=asc_us; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 HP "; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 HN "; 2025-12-01 c2 cyt=asc_h; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 HN "; 2025-12-01 c2 cyt=nilm; 2025-06-01 c1 cyt=lsil", "yes", ""},
        {"low_grade_cleared", D0 HN "; 2025-12-01 c2 cyt=lsil; 2025-06-01 c1 cyt=hsil", "yes", ""},
        {"low_grade_cleared", D0 HN "; 2025-07-01 c2 his=normal; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 HN "; 2025-06-01 c1 cyt=nilm", "no", ""},
        {"low_grade_cleared", D0 HN "cyt=lsil", "no", ""},
        {"low_grade_cleared", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil", "no", ""},
        {"hpv_twice_open", D0 HP "; 2025-06-01 c1 " H16, "yes", ""},
        {"hpv_twice_open", D0 H18 "cyt=nilm; 2025-06-01 c1 " HP "cyt=nilm", "yes", ""},
        {"hpv_twice_open", D0 HN "; 2025-06-01 c1 " HP, "no", ""},
        {"hpv_twice_open", D0 HP "; 2025-06-01 c1 " HN, "no", ""},
        {"hpv_twice_open", D0 HP, "no", ""},
        {"hpv_twice_open", D0 HP "; 2025-06-02 c2 his=cin1; 2025-06-01 c1 " HP, "no", ""},
        {"hpv_twice_open", D0 HP "; 2025-06-01 c1 his=cin1 " HP, "yes", ""},
        {"hpv_twice_open", D0 HP "; 2025-06-02 c2 treatment=excision; 2025-06-01 c1 " HP, "no", ""},
        {"hpv_twice_open", D0 HP "; 2020-12-01 c1 " HP, "yes", ""}, /* five years and six months */
        {"hpv_twice_open", D0 HP "; 2020-11-30 c1 " HP, "no", ""},
        {"high_grade_open", D0 "cyt=asc_h", "yes", ""},
        {"high_grade_open", D0 "cyt=agc", "yes", ""},
        {"high_grade_open", D0 "cyt=hsil", "yes", ""},
        {"high_grade_open", D0 "cyt=lsil", "no", ""},
        {"high_grade_open", D0 "cyt=lsil; 2025-06-01 c1 cyt=hsil", "yes", ""},
        {"high_grade_open", D0 "his=normal; 2026-05-01 c0 cyt=hsil", "no", ""},
        {"high_grade_open", D0 "treatment=excision; 2026-05-01 c0 cyt=hsil", "no", ""},
        {"high_grade_open", D0 "cyt=hsil his=normal", "yes", ""},
        {"high_grade_open", D0 HN, "no", ""},
        {"abnormal_after_treatment", D0 HP "; 2025-06-01 c1 treatment=excision", "yes", ""},
        {"abnormal_after_treatment", D0 "cyt=asc_us; 2025-06-01 c1 treatment=excision", "yes", ""},
        {"abnormal_after_treatment", D0 HN "cyt=nilm; 2025-06-01 c1 treatment=excision", "no", ""},
        {"abnormal_after_treatment", D0 HP "cyt=hsil treatment=excision", "no", ""},
        {"abnormal_after_treatment", D0 "treatment=excision; 2025-06-01 c1 " HP "cyt=hsil", "no",
         ""},
        {"abnormal_after_treatment",
         D0 HN "; 2025-09-01 c1 " HP "; 2025-06-01 c1 treatment=excision", "yes", ""},
        {"abnormal_after_treatment", D0 HP "cyt=hsil", "no", ""},
        {"abnormal_after_biopsy", D0 HP "; 2025-06-01 c1 his=cin1", "yes", ""},
        {"abnormal_after_biopsy", D0 H16 "; 2025-06-01 c1 his=cin1", "yes", ""},
        {"abnormal_after_biopsy", D0 HN "cyt=asc_us; 2025-06-01 c1 his=cin1", "yes", ""},
        {"abnormal_after_biopsy", D0 HN "cyt=nilm; 2025-06-01 c1 his=cin1", "no", ""},
        {"abnormal_after_biopsy", D0 HN "; 2025-06-01 c1 his=cin1", "no", ""},
        {"abnormal_after_biopsy", D0 HP "his=cin1", "no", ""},
        {"abnormal_after_biopsy", D0 "his=cin1; 2025-06-01 c1 " HP, "no", ""},
        {"abnormal_after_biopsy", D0 HN "; 2025-09-01 c2 " HP "; 2025-06-01 c1 his=cin1", "yes",
         ""},
        {"abnormal_after_biopsy", D0 HP, "no", ""},
        {"negatives_after_treatment", D0 HN, "0", ""},
        {"negatives_after_treatment", D0 HN "treatment=excision", "0", ""},
        {"negatives_after_treatment", D0 HN "; 2025-06-01 c1 treatment=excision", "1", ""},
        {"negatives_after_treatment",
         D0 HN "; 2026-01-01 c2 " HN "cyt=nilm; 2025-12-01 c3 " HN
               "cyt=lsil; 2025-06-01 c1 treatment=excision; 2025-01-01 c4 " HN,
         "2", ""},
        {"negatives_after_treatment", D0 HP "; 2025-06-01 c1 treatment=excision", "0", ""},
    };
    ASK_ALL(rows);
}

/* I.3: a lesion that is watched. A clear visit is a biopsy below CIN2 with, on its day, cytology below ASC-H, or HPV negative when there is no cytology. */
Test(cervical_history, observation_instead_of_treatment)
{
#define LESION "2024-01-01 c9 his=cin2"
#define FIRST  "2024-07-01 c8 his=normal cyt=nilm; "
#define SECOND "2025-01-01 c7 his=cin1 cyt=lsil; "
    static const Row rows[] = {
        {"clear_since_observation", SECOND FIRST LESION, "0", ""},
        {"clear_since_observation", FIRST LESION, "", ""},
        {"clear_since_observation", SECOND FIRST, "", ""},
        {"clear_since_observation", SECOND FIRST "2024-01-01 c9 his=hsil", "0", ""},
        {"clear_since_observation", SECOND FIRST "2024-01-01 c9 his=cin3", "", ""},
        {"clear_since_observation", D0 HN "; " SECOND FIRST LESION, "1", ""},
        {"clear_since_observation", D0 HN "cyt=nilm; 2025-12-01 c1 " HN "; " SECOND FIRST LESION,
         "2", ""},
        {"clear_since_observation", D0 HP "; " SECOND FIRST LESION, "", ""},
        {"clear_since_observation", D0 HN "cyt=asc_us; " SECOND FIRST LESION, "", ""},
        {"clear_since_observation", D0 "cyt=lsil; " SECOND FIRST LESION, "", ""},
        /* a negative test of the second visit's own day, or before it, is no later one */
        {"clear_since_observation", "2025-01-01 c7 his=cin1 " HN "; " FIRST LESION, "0", ""},
        {"clear_since_observation", SECOND "2024-09-01 c6 " HN "; " FIRST LESION, "0", ""},
        {"clear_since_observation", "2025-01-01 c7 his=cin1 " HP "; " FIRST LESION, "", ""},
        {"clear_since_observation", "2025-01-01 c7 his=cin1; " FIRST LESION, "", ""},
        {"clear_since_observation", "2025-01-01 c7 his=cin1 cyt=asc_h; " FIRST LESION, "", ""},
        {"clear_since_observation", "2025-01-01 c7 his=cin1 cyt=asc_us; " FIRST LESION, "0", ""},
        {"clear_since_observation", "2025-01-02 c7 cyt=nilm; 2025-01-01 c7 his=cin1; " FIRST LESION,
         "", ""},
        /* the second visit stays the second when a third follows */
        {"clear_since_observation",
         "2025-07-01 c5 his=normal cyt=nilm; 2025-03-01 c6 " HN "; " SECOND FIRST LESION, "1", ""},
        {"two_clear_visits", SECOND FIRST LESION, "12", ""},
        {"two_clear_visits", "2025-01-02 c7 his=cin1 cyt=lsil; " FIRST LESION, "13", ""},
        {"two_clear_visits", FIRST LESION, "", ""},
        {"two_clear_visits", LESION, "", ""},
        {"two_clear_visits", SECOND FIRST, "", ""},
        {"two_clear_visits", "2025-01-01 c7 his=cin1 cyt=hsil; " FIRST LESION, "", ""},
        {"two_clear_visits", SECOND "2024-07-01 c8 his=normal cyt=asc_h; " LESION, "", ""},
        {"two_clear_visits", "2025-01-01 c7 his=cin3 cyt=nilm; " FIRST LESION, "", ""},
        {"two_clear_visits", "2025-07-01 c5 his=normal cyt=nilm; " SECOND FIRST LESION, "18", ""},
    };
    static const Row marks[] = {
        {"cin2_or_nos", SECOND FIRST LESION, "2024-01-01", ""},
        {"cin2_or_nos", SECOND FIRST "2024-01-01 c9 his=hsil", "2024-01-01", ""},
        {"cin2_or_nos", SECOND FIRST "2024-01-01 c9 his=cin3", "", ""},
        {"old_lesion", D0 "his=cin1; 2024-06-01 c9 his=cin2", "2024-06-01", ""}, /* two years */
        {"old_lesion", D0 "his=cin1; 2024-06-02 c9 his=cin2", "", ""},
        {"old_lesion", D0 "his=cin1; 2024-06-01 c9 his=hsil", "2024-06-01", ""},
        {"old_lesion", D0 "his=cin1; 2024-06-01 c9 his=cin3", "", ""},
        {"old_lesion", D0 "his=cin1; 2023-06-01 c9 his=cin2; 2022-06-01 c8 his=cin2", "2023-06-01",
         ""},
        {"old_lesion", D0 "his=cin1; 2025-06-01 c9 his=cin2; 2022-06-01 c8 his=cin2", "2022-06-01",
         ""},
        {"old_lesion", D0 "his=cin2", "", ""},
    };
    ASK_ALL(rows);
    MARK_ALL(marks);
}

/* K.1: under 25, low-grade reports of the two years after a lesion, the fewer of biopsies and cytologies. */
Test(cervical_history, under_25)
{
    static const Row rows[] = {
        {"clear_after_lesion", SECOND FIRST LESION, "2", ""},
        {"clear_after_lesion", FIRST LESION, "1", ""},
        {"clear_after_lesion", LESION, "0", ""},
        {"clear_after_lesion", SECOND FIRST, "", ""},
        {"clear_after_lesion", "2025-01-01 c7 cyt=asc_us; " FIRST LESION, "1", ""},
        {"clear_after_lesion", "2025-01-01 c7 his=cin1; " FIRST LESION, "1", ""},
        {"clear_after_lesion", "2025-01-01 c7 his=cin1 cyt=asc_us; " FIRST LESION, "2", ""},
        {"clear_after_lesion", "2025-01-01 c7 his=cin1 cyt=asc_h; " FIRST LESION, "1", ""},
        {"clear_after_lesion", "2025-01-01 c7 his=cin3 cyt=nilm; " FIRST LESION, "1", ""},
        {"clear_after_lesion", "2025-12-31 c7 his=cin1 cyt=nilm; " FIRST LESION, "2", ""},
        {"clear_after_lesion", "2026-01-01 c7 his=cin1 cyt=nilm; " FIRST LESION, "1", ""},
        {"clear_after_lesion", "2025-12-31 c6 his=cin1; 2026-01-01 c7 cyt=nilm; " FIRST LESION, "1",
         ""},
        {"clear_after_lesion", FIRST "2024-01-01 c9 his=cin2 cyt=lsil", "1", ""},
        {"clear_after_lesion", FIRST LESION "; 2023-07-01 c6 his=normal cyt=nilm", "1", ""},
        {"grade", D0 "cyt=lsil", "low", ""},
        {"grade", D0 HN "cyt=lsil", "low", ""},
        {"grade", D0 "cyt=asc_us", "low", ""},
        {"grade", D0 HP "cyt=asc_us", "low", ""},
        {"grade", D0 HN "cyt=asc_us", "asc_us_hpv_negative", ""},
        {"grade", D0 "cyt=nilm", "nilm", ""},
        {"grade", D0 "cyt=hsil", "other", ""},
        {"grade", D0 "cyt=unsatisfactory", "other", ""},
        {"grade", D0 HP, "", ""},
        {"grade2", D0 "cyt=nilm", "", ""},
        {"grade2", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil", "low", ""},
        {"grade3", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil", "", ""},
        {"grade3", D0 "cyt=lsil; 2025-06-01 c1 cyt=lsil; 2024-06-01 c2 cyt=nilm", "nilm", ""},
    };
    ASK_ALL(rows);
}

/* Persistence: the same genotype in two HPV tests, one after the other, 6 to 12 months apart (HPV consensus 2022). A channel of several types proves none. */
Test(cervical_history, persistence)
{
    static const Row rows[] = {
        {"persistent", D0 "52=+; 2025-12-01 c1 52=+", "yes", ""},
        {"persistent", D0 "52=+; 2025-12-02 c1 52=+", "no", ""},
        {"persistent", D0 "52=+; 2025-06-01 c1 52=+", "yes", ""},
        {"persistent", D0 "52=+; 2025-05-31 c1 52=+", "no", ""},
        {"persistent", D0 "52=+ 58=-; 2025-10-01 c1 58=+ 52=-", "no", ""},
        {"persistent", D0 "52=+ 58=+; 2025-10-01 c1 58=+ 52=-", "yes", ""},
        {"persistent", D0 H16 "; 2025-10-01 c1 " H16, "yes", ""},
        {"persistent", D0 H18 "; 2025-10-01 c1 " H18, "yes", ""},
        {"persistent", D0 H18 "; 2025-10-01 c1 " H16, "no", ""},
        {"persistent", D0 "o=+; 2025-10-01 c1 o=+", "no", ""},
        {"persistent", D0 "p=+; 2025-10-01 c1 p=+", "no", ""},
        {"persistent", D0 HN "53=+; 2025-10-01 c1 " HN "53=+", "no", ""}, /* not one of the 14 */
        {"persistent", D0 HN "; 2025-10-01 c1 52=+", "no", ""},
        {"persistent", D0 "52=+; 2026-03-01 c2 " HN "; 2025-10-01 c1 52=+", "no", ""},
        {"persistent", D0 "52=+; 2026-03-01 c2 cyt=nilm; 2025-10-01 c1 52=+", "yes", ""},
        {"persistent", D0 "52=+", "no", ""},
        {"persistent", D0 "cyt=nilm; 2025-10-01 c1 52=+", "no", ""},
    };
    ASK_ALL(rows);
}

/* What an earlier round still asks for: the newest that says something, unless what a newer one could not say hides nothing. */
Test(cervical_history, what_an_earlier_round_left_open)
{
    static const Row rows[] = {
        {"previous", D0 HN, "none", ""},
        {"previous", D0 HN "; 2025-06-01 c1 cyt=lsil", "abnormal_open", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " H16, "abnormal_open", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " HN "vis=abnormal", "abnormal_open", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " HP "cyt=nilm", "hpv_positive_normal", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " HP, "hpv_positive_untriaged", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " HN "cyt=nilm", "negative", ""},
        {"previous", D0 HN "; 2025-06-01 c1 cyt=nilm", "negative", ""},
        {"previous", D0 HN "; 2025-06-01 c1 cyt=unsatisfactory", "unsatisfactory", ""},
        {"previous", D0 HN "; 2025-06-01 c1 p=i", "invalid", ""},
        /* followed up: on the day of the abnormal test or later, whoever registered it */
        {"previous", D0 HN "; 2025-07-01 c2 col=normal; 2025-06-01 c1 " H16, "none", ""},
        {"previous", D0 HN "; 2025-06-01 c1 col=normal " H16, "none", ""},
        {"previous", D0 HN "; 2025-06-01 c1 " H16 "; 2025-05-31 c2 col=normal", "abnormal_open",
         ""},
        {"previous", D0 HN "; 2025-07-01 c2 his=cin1; 2025-06-01 c1 cyt=lsil", "none", ""},
        {"previous", D0 HN "; 2025-07-01 c2 treatment=excision; 2025-06-01 c1 cyt=hsil", "none",
         ""},
        {"previous", D0 "col=normal; 2025-06-01 c1 cyt=hsil", "none", ""},
        /* asked at the abnormal test, not at a later normal one of the same round */
        {"previous", D0 HN "; 2025-07-15 c1 cyt=nilm; 2025-07-01 c1 col=normal; 2025-06-01 c1 " H16,
         "none", ""},
        /* a round without a result hides nothing that an older one left open, and clears nothing */
        {"previous", D0 HN "; 2025-09-01 c2 cyt=unsatisfactory; 2025-06-01 c1 cyt=lsil",
         "abnormal_open", ""},
        {"previous", D0 HN "; 2025-09-01 c2 p=i; 2025-06-01 c1 " HP, "hpv_positive_untriaged", ""},
        {"previous", D0 HN "; 2025-09-01 c2 cyt=unsatisfactory; 2025-06-01 c1 cyt=nilm",
         "unsatisfactory", ""},
        {"previous",
         D0 HN "; 2025-09-01 c2 p=i; 2025-08-01 c3 cyt=unsatisfactory; 2025-06-01 c1 cyt=lsil",
         "abnormal_open", ""},
        {"previous", D0 HN "; 2025-09-01 c2 p=i; 2025-08-01 c3 cyt=unsatisfactory", "invalid", ""},
        {"previous", D0 HN "; 2025-09-01 c2 cyt=nilm; 2025-06-01 c1 cyt=lsil", "negative", ""},
        {"previous", D0 HN "; 2025-09-01 c2 col=normal; 2025-06-01 c1 " HN, "none", ""},
    };
    ASK_ALL(rows);
}

/* One case holds one round until a conclusive test repeats. */
Test(cervical_history, where_a_round_ends)
{
    static const struct {
        const char *reports; /* newest first */
        size_t length;
    } rows[] = {
        {D0 HN, 1},
        {"2026-06-15 c0 cyt=nilm; " D0 HP, 2},
        {"2026-06-15 c0 " HN "; " D0 HP, 1},
        {"2026-06-15 c0 cyt=nilm; " D0 "cyt=lsil", 1},
        {"2026-06-15 c0 cyt=unsatisfactory; " D0 "cyt=lsil", 2},
        {"2026-06-15 c0 cyt=nilm; " D0 "cyt=unsatisfactory", 2},
        {"2026-06-15 c0 p=i; " D0 HN, 2},
        {"2026-06-15 c0 " HN "; " D0 "p=i", 2},
        {"2026-06-02 c0 " HN "; " D0 "cyt=nilm", 2}, /* a cotest */
        {"2026-06-03 c0 " HN "; " D0 "cyt=nilm", 1},
        {"2026-06-03 c0 p=i; " D0 "cyt=nilm", 2},
        {"2026-06-03 c0 " HN "; " D0 "cyt=unsatisfactory", 2},
        {"2026-06-15 c0 cyt=nilm; " D0 HP "; 2025-06-01 c0 " HN, 2},
        {"2026-06-20 c0 col=normal; 2026-06-15 c0 cyt=nilm; " D0 HP "; 2025-06-01 c0 cyt=nilm", 3},
        {"2026-06-15 c0 cyt=nilm; 2026-06-01 c1 " HP, 1},
    };
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Row row = {.reports = rows[i].reports};
        const View *v = view_of(&row, model, arena);
        cr_expect_eq(v->woman->n_round, rows[i].length, "row %zu %s: %zu", i, rows[i].reports,
                     v->woman->n_round);
    }
    arena_free(arena);
}

/* Colposcopy and histology speak of this round's tests, not of an older round's. */
Test(cervical_history, the_round_as_a_chart_sees_it)
{
    static const Row rows[] = {
        {"round_cytology", D0 HP "cyt=lsil vis=normal", "lsil", ""},
        {"round_visual", D0 HP "cyt=lsil vis=normal", "normal", ""},
        {"round_visual", D0 HP, "", ""},
        {"round_colposcopy", D0 "col=abnormal; 2026-05-01 c0 " HP, "abnormal", ""},
        {"round_colposcopy", D0 "col=abnormal " HP, "abnormal", ""},
        {"round_colposcopy", D0 HP "; 2026-05-01 c0 col=abnormal", "", ""},
        {"round_colposcopy", D0 "vis=normal; 2026-05-01 c0 col=abnormal", "", ""},
        {"round_histology", D0 "his=cin1; 2026-05-01 c0 cyt=lsil", "cin1", ""},
        {"round_histology", D0 "cyt=lsil; 2026-05-01 c0 his=cin1", "", ""},
        {"previous", D0 "cyt=unsatisfactory; 2026-05-01 c0 cyt=unsatisfactory", "unsatisfactory",
         ""},
    };
    ASK_ALL(rows);
    cr_expect_null(question_find("no such question"));
}

Test(cervical_history, marks)
{
    static const Row rows[] = {
        {"today", D0, TODAY, ""},
        {"pregnancy", D0, "2026-01-02", "pregnant=yes@2026-01-02"},
        {"pregnancy", D0, TODAY, "pregnant=yes"},
        {"pregnancy", D0, "", "pregnant=no@2026-01-02"},
        {"pregnancy", D0, "", "pregnant=yes@2025-01-02"},
        {"report", D0 HP "; 2026-05-01 c0 cyt=nilm; 2026-04-01 c0 his=cin1", TODAY, ""},
        {"report", D0 "cyt=nilm; 2026-05-01 c0 " HP "; 2026-04-01 c0 his=cin1", TODAY, ""},
        {"report", D0 "his=cin1; 2026-05-01 c0 " HP "; 2026-04-01 c0 cyt=nilm", TODAY, ""},
        {"report", D0 "col=normal", "", ""},
        {"hpv", D0 HP "; 2025-06-01 c1 " HN "; 2024-06-01 c2 " HN, TODAY, ""},
        {"hpv2", D0 HP "; 2025-06-01 c1 " HN "; 2024-06-01 c2 " HN, "2025-06-01", ""},
        {"hpv3", D0 HP "; 2025-06-01 c1 " HN "; 2024-06-01 c2 " HN, "2024-06-01", ""},
        {"hpv3", D0 HP "; 2025-06-01 c1 " HN, "", ""},
        {"hpv", "2020-12-01 c0 " HP, "2020-12-01", ""},
        {"hpv", "2020-11-30 c0 " HP, "", ""},
        {"hpv2", "2026-01-01 c0 " HP "; 2020-07-01 c1 " HP, "2020-07-01", ""},
        {"hpv2", "2026-01-01 c0 " HP "; 2020-06-30 c1 " HP, "", ""},
        {"cotest", D0 HP "cyt=nilm", TODAY, ""},
        {"cotest", D0 HP "; 2026-05-31 c0 cyt=nilm", "2026-05-31", ""},
        {"cotest", D0 HP "; 2026-05-30 c0 cyt=nilm", "", ""},
        {"cotest2", D0 HP "; 2025-06-01 c1 " HN "cyt=nilm", "2025-06-01", ""},
        {"cyt", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil; 2024-06-01 c2 cyt=hsil", TODAY, ""},
        {"cyt2", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil; 2024-06-01 c2 cyt=hsil", "2025-06-01", ""},
        {"cyt3", D0 "cyt=nilm; 2025-06-01 c1 cyt=lsil; 2024-06-01 c2 cyt=hsil", "2024-06-01", ""},
        /* in whatever order they came */
        {"cyt", "2025-06-01 c1 cyt=lsil; " D0 "cyt=nilm", TODAY, ""},
        {"cyt2", "2025-06-01 c1 cyt=lsil; 2026-06-01 c0 cyt=nilm; 2024-06-01 c2 cyt=hsil",
         "2025-06-01", ""},
        {"cyt3", "2024-06-01 c2 cyt=hsil; 2025-06-01 c1 cyt=lsil; " D0 "cyt=nilm", "2024-06-01",
         ""},
        {"biopsy2", D0 "his=cin1; 2025-06-01 c1 his=cin2", "2025-06-01", ""},
        {"biopsy2", D0 "his=cin1", "", ""},
        {"colposcopy", D0 "; 2025-06-01 c1 col=normal", "2025-06-01", ""},
        {"high_cyt", D0 "cyt=lsil; 2025-06-01 c1 cyt=asc_h; 2024-06-01 c2 cyt=hsil", "2025-06-01",
         ""},
        {"high_cyt", D0 "cyt=lsil; 2025-06-01 c1 cyt=agc; 2024-06-01 c2 cyt=hsil", "2024-06-01",
         ""},
        {"agc_cyt", D0 "cyt=lsil; 2025-06-01 c1 cyt=agc", "2025-06-01", ""},
        {"agc_cyt", D0 "cyt=lsil; 2025-06-01 c1 cyt=ais", "2025-06-01", ""},
        {"cin2", D0 "his=cin3; 2025-06-01 c1 his=cin2; 2024-06-01 c2 his=cin2", "2025-06-01", ""},
        {"cin3", D0 "his=cin2; 2025-06-01 c1 his=cin3", "2025-06-01", ""},
        {"hsil_nos", D0 "his=cin2; 2025-06-01 c1 his=hsil", "2025-06-01", ""},
        {"ais", D0 "his=cin2; 2025-06-01 c1 his=ais", "2025-06-01", ""},
        /* the cytology that led to a biopsy: of the year before, its own day included */
        {"preceding", D0 "his=cin1; 2025-06-01 c1 cyt=lsil", "2025-06-01", ""},
        {"preceding", D0 "his=cin1; 2025-05-31 c1 cyt=lsil", "", ""},
        {"preceding", D0 "his=cin1 cyt=lsil", TODAY, ""},
        {"preceding", D0 "cyt=nilm; 2026-05-01 c0 his=cin1; 2026-04-01 c1 cyt=lsil", "2026-04-01",
         ""},
        {"preceding2",
         D0 "his=cin1; 2025-12-01 c1 cyt=nilm; 2025-06-01 c1 his=cin1; 2025-05-01 c2 cyt=hsil",
         "2025-05-01", ""},
        {"preceding2", D0 "his=cin1; 2025-12-01 c1 cyt=nilm", "", ""},
        /* the first biopsy of a pregnancy */
        {"pregnant_biopsy", D0 "his=cin2; 2026-03-01 c1 his=cin1", "2026-03-01",
         "pregnant=yes@2026-03-01"},
        {"pregnant_biopsy", D0 "his=cin2; 2026-03-01 c1 his=cin1", TODAY,
         "pregnant=yes@2026-03-02"},
        {"pregnant_biopsy", D0 "his=cin2; 2026-03-01 c1 his=cin1", "", ""},
        {"recurrence",
         D0 "his=cin3; 2026-01-01 c3 his=cin2; 2025-06-01 c2 treatment=excision; 2025-01-01 c1 "
            "his=cin3",
         "2026-01-01", ""},
        {"recurrence", D0 "his=hsil; 2025-06-01 c2 treatment=excision", TODAY, ""},
        {"recurrence", D0 "his=cin3; 2025-06-01 c2 treatment=excision", TODAY, ""},
        {"recurrence", D0 "his=cin1; 2025-06-01 c2 treatment=excision", "", ""},
        {"recurrence", D0 "his=cin3 treatment=excision", "", ""},
        {"recurrence", D0 "his=cin3", "", ""},
        {"clear1", D0 HN "; 2026-01-01 c2 " HN "; 2025-06-01 c1 his=cin1", "2026-01-01", ""},
        {"clear2", D0 HN "; 2026-01-01 c2 " HN "; 2025-06-01 c1 his=cin1", TODAY, ""},
        {"clear1", D0 HN "his=cin1", "", ""},
        {"clear1", D0 HN "; 2026-01-01 c2 " HN "cyt=lsil; 2025-06-01 c1 his=cin1", TODAY, ""},
        {"clear1_of_second",
         D0 HN "; 2026-01-01 c2 his=cin1; 2025-09-01 c3 " HN "; 2025-06-01 c1 his=cin1",
         "2025-09-01", ""},
        {"clear2_of_second",
         D0 HN "; 2026-01-01 c2 his=cin1; 2025-09-01 c3 " HN "; 2025-06-01 c1 his=cin1", TODAY, ""},
        {"clear1_of_second", D0 HN "; 2026-01-01 c2 his=cin1", "", ""},
        {"cured1", D0 HN "; 2026-01-01 c2 " HN "; 2025-06-01 c1 treatment=excision", "2026-01-01",
         ""},
        {"cured3",
         D0 HN "; 2026-01-01 c2 " HN "; 2025-12-01 c3 " HN "; 2025-06-01 c1 treatment=excision",
         TODAY, ""},
        {"cured3", D0 HN "; 2026-01-01 c2 " HN "; 2025-06-01 c1 treatment=excision", "", ""},
    };
    MARK_ALL(rows);
    cr_expect_eq(mark_find("nothing", 7), -1);
    cr_expect_eq(mark_find("cytology", 3), mark_find("cyt", 3));
}

/* One day is one report: its most severe result speaks, and what the risk tables know before what they do not. */
Test(cervical_history, one_day_is_one_report)
{
    static const struct {
        const char *mark, *reports, *word;
    } rows[] = {
        {"hpv", D0 HN "; " D0 HP, "positive"},
        {"hpv", D0 H18 "; " D0 HP, "hpv18"},
        {"hpv", D0 H18 "; " D0 H16, "hpv16"},
        {"hpv", D0 "p=i; " D0 HN, "negative"},
        {"hpv", D0 "16=+ 18=+ o=+", "hpv16"},
        {"hpv", D0 "p=i", "unknown"},
        {"cyt", D0 "cyt=nilm; " D0 "cyt=hsil; " D0 "cyt=lsil", "hsil"},
        {"cyt", D0 "cyt=asc_us; " D0 "cyt=agc_em", "asc_us"},
        {"cyt", D0 "cyt=agc_em; " D0 "cyt=asc_us", "asc_us"},
        {"cyt", D0 "cyt=unsatisfactory; " D0 "cyt=tz_absent", "tz_absent"},
        {"cyt", D0 "cyt=agc_em", "agc_em"},
        {"cyt", D0 "cyt=scc", "hsil"},
        {"biopsy", D0 "his=cin1; " D0 "his=cin3; " D0 "his=cin2", "cin3"},
        {"biopsy", D0 "his=insufficient; " D0 "his=normal", "normal"},
    };
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Row row = {.reports = rows[i].reports};
        const View *v = view_of(&row, model, arena);
        const Report *r = history_report(v->h, mark_find(rows[i].mark, strlen(rows[i].mark)));
        cr_assert_not_null(r, "row %zu", i);
        cr_expect_str_eq(r->word, rows[i].word, "row %zu: %s", i, r->word);
    }
    const Row both = {.reports = D0 "his=cin1; " D0 "his=cin3"};
    const View *v = view_of(&both, model, arena);
    const Report *r = history_report(v->h, mark_find("biopsy", 6));
    cr_expect(report_has(r, model, "cin1") && report_has(r, model, "cin3"));
    cr_expect_not(report_has(r, model, "cin2"));
    cr_expect_not(report_has(NULL, model, "cin2"));
    cr_expect_eq(v->h->biopsy.n, 1U);
    cr_expect_null(history_report(v->h, -1));
    cr_expect_null(history_report(v->h, mark_find("today", 5)));
    cr_expect_eq(history_mark(v->h, -1), DATE_NONE);
    arena_free(arena);
}

/* Months are reckoned from the day that the rule names: the newest report, the removal or its newest negative test, today. */
Test(cervical_history, the_day_from_which_months_count)
{
    static const struct {
        const char *reports, *facts, *recommendation, *months, *base;
    } rows[] = {
        {"2026-05-01 c0 " HN "cyt=nilm", "", "surveillance_60mo", "60", "2026-05-01"},
        {"2026-05-01 c0 " HP "cyt=nilm", "", "surveillance_12mo", "12", "2026-05-01"},
        {"2026-05-01 c0 " HP "cyt=lsil", "", "colposcopy", "", ""},
        {"2026-05-01 c0 cyt=unsatisfactory", "", "repeat_screening_2mo", "2", TODAY},
        {"2026-05-01 c0 " HN "cyt=nilm; 2025-10-01 c1 " HN "cyt=nilm; 2025-04-01 c2 " HN
         "cyt=nilm; " SECOND FIRST LESION,
         "future_pregnancy=yes", "surveillance_36mo", "36", TODAY},
        {D0 "; 2019-01-01 c1 his=cin3",
         "hysterectomy=cervix_removed@2020-03-04 hysterectomy_reason=precancer",
         "hpv_or_cotest_12mo", "12", "2020-03-04"},
        {"2026-01-01 c0 " HN "; 2019-01-01 c1 his=cin3",
         "hysterectomy=cervix_removed@2020-03-04 hysterectomy_reason=precancer",
         "hpv_or_cotest_12mo", "12", "2026-01-01"},
    };
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Row row = {.reports = rows[i].reports,
                         .facts = arena_print(arena, "birth_date=1986-05-01 %s", rows[i].facts)};
        View *v = view_of(&row, model, arena);
        v->hpv_state = v->round->value[TEST_HPV];
        v->special = "none";
        const Advice a = guideline_ask(v, v->h->removal.n > 0 ? "special" : NULL);
        cr_expect_str_eq(a.recommendation, rows[i].recommendation, "row %zu: %s (%s)", i,
                         a.recommendation, a.section);
        cr_expect_str_eq(a.months, rows[i].months, "row %zu: %s", i, a.months);
        cr_expect_eq(a.base, rows[i].base[0] == '\0' ? DATE_NONE : day(rows[i].base), "row %zu", i);
    }
    arena_free(arena);
}
