/* Thousands of women whose visits are cast by dice: what the history, its marks, its questions and the risk tables say of each, against the same rules said
 * plainly over the list of her visits. */
#include "cervical_plain.h"

enum { WOMEN = 3500 };

/* --- questions --- */

typedef struct Asked {
    const Own *o;
    Arena *arena;
} Asked;

static const char *yes(bool is)
{
    return is ? "yes" : "no";
}

static const char *number(const Asked *a, int n)
{
    return arena_print(a->arena, "%d", n);
}

static const char *hpv_with_cytology(const Asked *a)
{
    const Date hpv = day_at(&a->o->chain, 0), cytology = day_at(&a->o->cytology, 0);
    const bool both = hpv != DATE_NONE && cytology != DATE_NONE;
    return both && abs(hpv - cytology) <= COTEST_DAYS ? a->o->chain.at[0].word : "";
}

static const char *hpv_since_cytology(const Asked *a)
{
    return yes(a->o->hpv.n > 0 && a->o->cytology.n > 0 &&
               day_at(&a->o->hpv, 0) + COTEST_DAYS >= day_at(&a->o->cytology, 0));
}

static const char *cytology_alone(const Asked *a)
{
    const Own *o = a->o;
    const Date day = day_at(&o->cytology, 0);
    const bool last = day >= day_at(&o->hpv, 0) && day >= day_at(&o->biopsy, 0);
    return last && !beside(&o->hpv, day)[0] && !followed(o, day) ? word_at(&o->cytology, 0) : "";
}

static bool unplaced(const Own *o)
{
    for (size_t i = 0; i < o->cytology.n; i++) {
        const Date day = o->cytology.at[i].day;
        const bool alone = !beside(&o->hpv, day)[0], bad = in(o->cytology.at[i].word, ABNORMAL);
        if (alone && (day > day_at(&o->chain, 0) || (bad && day > day_at(&o->chain, 1))))
            return true;
    }
    return false;
}

static const char *unplaced_cytology(const Asked *a)
{
    return yes(unplaced(a->o));
}

static const char *positive_now(const Asked *a)
{
    return yes(in(word_at(&a->o->cytology, 0), ABNORMAL) || in(word_at(&a->o->chain, 0), POSITIVE));
}

/* The newest low-grade cytology before a day that nobody followed up; DATE_NONE = none. */
static Date open_low(const Own *o, Date before)
{
    for (size_t i = 0; i < o->cytology.n; i++)
        if (o->cytology.at[i].day < before && low(o, i) && !followed(o, o->cytology.at[i].day))
            return o->cytology.at[i].day;
    return DATE_NONE;
}

static const char *low_grade_open(const Asked *a)
{
    const Own *o = a->o;
    Date now = DATE_NONE;
    if (in(word_at(&o->cytology, 0), ABNORMAL)) now = day_at(&o->cytology, 0);
    if (in(word_at(&o->chain, 0), POSITIVE) && day_at(&o->chain, 0) > now)
        now = day_at(&o->chain, 0);
    return yes(open_low(o, now) != DATE_NONE);
}

static const char *low_grade_cleared(const Asked *a)
{
    const Own *o = a->o;
    const Date now = day_at(&o->chain, 0), was = open_low(o, now);
    return yes(now != DATE_NONE && negative_at(o, now) && was != DATE_NONE &&
               after(&o->cytology, was, ABNORMAL) == 0);
}

static const char *hpv_twice_open(const Asked *a)
{
    const List *c = &a->o->chain;
    return yes(in(word_at(c, 0), POSITIVE) && in(word_at(c, 1), POSITIVE) &&
               !followed(a->o, day_at(c, 1)));
}

static const char *high_grade_open(const Asked *a)
{
    const Date day = newest_in(&a->o->cytology, "asc_h agc hsil");
    return yes(day != DATE_NONE && !followed(a->o, day));
}

static bool abnormal_after(const Own *o, Date day)
{
    return after(&o->hpv, day, POSITIVE) + after(&o->cytology, day, ABNORMAL) > 0;
}

static const char *abnormal_after_treatment(const Asked *a)
{
    return yes(a->o->treatment.n > 0 && abnormal_after(a->o, day_at(&a->o->treatment, 0)));
}

static const char *abnormal_after_biopsy(const Asked *a)
{
    const Own *o = a->o;
    bool is = false;
    for (size_t i = 0; i < o->hpv.n && o->biopsy.n > 0; i++)
        is = is || (o->hpv.at[i].day > day_at(&o->biopsy, 0) &&
                    (in(o->hpv.at[i].word, POSITIVE) ||
                     in(beside(&o->cytology, o->hpv.at[i].day), ABNORMAL)));
    return yes(is);
}

static const char *newest_test_negative(const Asked *a)
{
    const Date day = day_at(&a->o->chain, 0);
    return yes(day != DATE_NONE && negative_at(a->o, day) && day >= day_at(&a->o->cytology, 0));
}

static bool clear_visit(const Own *o, size_t i)
{
    const char *cytology = on_day(&o->cytology, day_at(&o->biopsy, i)),
               *hpv = on_day(&o->hpv, day_at(&o->biopsy, i));
    return in(word_at(&o->biopsy, i), BENIGN) &&
           (cytology[0] ? in(cytology, FINE) : in(hpv, "negative"));
}

static Date lesion_of(const Own *o)
{
    return newest_in(&o->biopsy, "cin2 hsil");
}

static const char *clear_since_observation(const Asked *a)
{
    const Own *o = a->o;
    const Date lesion = lesion_of(o);
    Date second = DATE_NONE;
    int n = 0, negatives = 0;
    for (size_t i = o->biopsy.n; i-- > 0;)
        if (lesion != DATE_NONE && day_at(&o->biopsy, i) > lesion && clear_visit(o, i) && ++n == 2)
            second = day_at(&o->biopsy, i);
    if (second == DATE_NONE || abnormal_after(o, second)) return "";
    while (negative_after(o, second, negatives + 1) != DATE_NONE)
        negatives++;
    return number(a, negatives);
}

/* Months by counting them. */
static int begun(Date from, Date to)
{
    int n = 0;
    while (date_add_months(from, n) < to)
        n++;
    return n;
}

static const char *two_clear_visits(const Asked *a)
{
    const Own *o = a->o;
    const Date lesion = lesion_of(o);
    if (lesion == DATE_NONE || o->biopsy.n < 2 || day_at(&o->biopsy, 1) <= lesion ||
        !clear_visit(o, 0) || !clear_visit(o, 1))
        return "";
    return number(a, begun(lesion, day_at(&o->biopsy, 0)));
}

static const char *clear_after_lesion(const Asked *a)
{
    const Own *o = a->o;
    const Date lesion = lesion_of(o);
    if (lesion == DATE_NONE) return "";
    const Date until = date_add_months(lesion, 24) - 1;
    const int b = after(&o->biopsy, lesion, BENIGN) - after(&o->biopsy, until, BENIGN),
              c = after(&o->cytology, lesion, FINE) - after(&o->cytology, until, FINE);
    return number(a, b < c ? b : c);
}

static const char *negatives_after_treatment(const Asked *a)
{
    int n = 0;
    while (negative_after(a->o, day_at(&a->o->treatment, 0), n + 1) != DATE_NONE)
        n++;
    return number(a, n);
}

static const char *hpv_negatives(const Asked *a)
{
    return number(a, after(&a->o->hpv, DATE_NONE, "negative"));
}

static const char *nilm_cytologies(const Asked *a)
{
    return number(a, after(&a->o->cytology, DATE_NONE, "nilm"));
}

static const char *any_cin(const Asked *a)
{
    return yes(after(&a->o->biopsy, DATE_NONE, "cin1 cin2 hsil cin3 ais") > 0);
}

static const char *positive_twice(const Asked *a)
{
    const List *l = &a->o->hpv;
    bool is = false;
    for (size_t i = 0; i + 1 < l->n; i++)
        is = is || (in(l->at[i].word, POSITIVE) && in(l->at[i + 1].word, POSITIVE));
    return yes(is);
}

static const char *grade_at(const Asked *a, size_t i)
{
    const char *word = word_at(&a->o->cytology, i);
    if (word[0] == '\0') return "";
    return low(a->o, i)         ? "low"
           : in(word, "nilm")   ? "nilm"
           : in(word, "asc_us") ? "asc_us_hpv_negative"
                                : "other";
}

static const char *grade1(const Asked *a)
{
    return grade_at(a, 0);
}

static const char *grade2(const Asked *a)
{
    return grade_at(a, 1);
}

static const char *grade3(const Asked *a)
{
    return grade_at(a, 2);
}

static const char *removed_for_disease(const Asked *a)
{
    const Own *o = a->o;
    const Date removed = day_at(&o->removal, 0);
    bool is = false;
    for (size_t i = 0; i < o->biopsy.n && o->removal.n > 0; i++)
        is = is || (o->biopsy.at[i].day <= removed && begun(o->biopsy.at[i].day, removed) <= 12 &&
                    in(o->biopsy.at[i].word, "cin2 cin3 hsil ais"));
    return yes(is);
}

#define SAYS(question) #question, question

static const struct {
    const char *name;
    const char *(*say)(const Asked *a);
} plain[] = {
    {SAYS(hpv_with_cytology)},
    {SAYS(hpv_since_cytology)},
    {SAYS(cytology_alone)},
    {SAYS(unplaced_cytology)},
    {SAYS(positive_now)},
    {SAYS(low_grade_open)},
    {SAYS(low_grade_cleared)},
    {SAYS(hpv_twice_open)},
    {SAYS(high_grade_open)},
    {SAYS(abnormal_after_treatment)},
    {SAYS(abnormal_after_biopsy)},
    {SAYS(newest_test_negative)},
    {SAYS(clear_since_observation)},
    {SAYS(two_clear_visits)},
    {SAYS(clear_after_lesion)},
    {SAYS(negatives_after_treatment)},
    {SAYS(hpv_negatives)},
    {SAYS(nilm_cytologies)},
    {SAYS(any_cin)},
    {SAYS(positive_twice)},
    {"grade", grade1},
    {SAYS(grade2)},
    {SAYS(grade3)},
    {SAYS(removed_for_disease)},
};

/* --- marks --- */

static Date beside_day(const List *l, Date day)
{
    for (size_t i = 0; i < l->n && day != DATE_NONE; i++)
        if (abs(l->at[i].day - day) <= COTEST_DAYS) return l->at[i].day;
    return DATE_NONE;
}

static Date preceding(const Own *o, size_t biopsy)
{
    const Date day = day_at(&o->biopsy, biopsy);
    for (size_t i = 0; i < o->cytology.n && day != DATE_NONE; i++)
        if (o->cytology.at[i].day <= day && o->cytology.at[i].day >= date_add_months(day, -12))
            return o->cytology.at[i].day;
    return DATE_NONE;
}

static Date recurrence(const Own *o)
{
    for (size_t i = o->biopsy.n; i-- > 0 && o->treatment.n > 0;)
        if (o->biopsy.at[i].day > day_at(&o->treatment, 0) &&
            in(o->biopsy.at[i].word, "cin2 cin3 hsil"))
            return o->biopsy.at[i].day;
    return DATE_NONE;
}

static Date old_lesion(const Own *o)
{
    for (size_t i = 0; i < o->biopsy.n; i++)
        if (date_add_months(o->biopsy.at[i].day, 24) <= day_at(&o->biopsy, 0) &&
            in(o->biopsy.at[i].word, "cin2 hsil"))
            return o->biopsy.at[i].day;
    return DATE_NONE;
}

static Date later(Date a, Date b)
{
    return a > b ? a : b;
}

static void expect_mark(const View *v, const char *name, Date due, const char *text)
{
    const int mark = mark_find(name, strlen(name));
    const Date got = history_mark(v->h, mark);
    cr_assert(mark >= 0 && got == due, "%s: %d, want %d: %s", name, got, due, text);
}

static void expect_marks(const View *v, const Own *o, const char *text)
{
    const Date biopsy = day_at(&o->biopsy, 0), biopsy2 = day_at(&o->biopsy, 1),
               treated = day_at(&o->treatment, 0), removed = day_at(&o->removal, 0),
               clear = negative_after(o, removed, 0);
    const struct {
        const char *name;
        Date due;
    } rows[] = {
        {"today", o->today},
        {"pregnancy", DATE_NONE},
        {"report", later(later(day_at(&o->chain, 0), day_at(&o->cytology, 0)), biopsy)},
        {"hpv", day_at(&o->chain, 0)},
        {"hpv2", day_at(&o->chain, 1)},
        {"hpv3", day_at(&o->chain, 2)},
        {"cotest", beside_day(&o->cytology, day_at(&o->chain, 0))},
        {"cotest2", beside_day(&o->cytology, day_at(&o->chain, 1))},
        {"cyt", day_at(&o->cytology, 0)},
        {"cyt2", day_at(&o->cytology, 1)},
        {"cyt3", day_at(&o->cytology, 2)},
        {"biopsy", biopsy},
        {"biopsy2", biopsy2},
        {"treatment", treated},
        {"removal", removed},
        {"high_cyt", newest_in(&o->cytology, "asc_h hsil")},
        {"agc_cyt", newest_in(&o->cytology, "agc")},
        {"cin2", newest_in(&o->biopsy, "cin2")},
        {"cin3", newest_in(&o->biopsy, "cin3")},
        {"hsil_nos", newest_in(&o->biopsy, "hsil")},
        {"cin2_or_nos", lesion_of(o)},
        {"ais", newest_in(&o->biopsy, "ais")},
        {"preceding", preceding(o, 0)},
        {"preceding2", preceding(o, 1)},
        {"recurrence", recurrence(o)},
        {"removal_base", clear != DATE_NONE ? clear : removed},
        {"old_lesion", old_lesion(o)},
        {"clear1", negative_after(o, biopsy, 1)},
        {"clear2", negative_after(o, biopsy, 2)},
        {"clear1_of_second", negative_after(o, biopsy2, 1)},
        {"clear2_of_second", negative_after(o, biopsy2, 2)},
        {"cured1", negative_after(o, treated, 1)},
        {"cured3", negative_after(o, treated, 3)},
        {"removal_clear3", negative_after(o, removed, 3)},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_mark(v, rows[i].name, rows[i].due, text);
}

#include "cervical_risk_plain.h"

/* --- the women --- */

static void expect_answers(const View *v, const Own *o, const char *text)
{
    for (size_t i = 0; i < COUNT(plain); i++) {
        const char *got = question_find(plain[i].name)(v),
                   *due = plain[i].say(&(Asked){o, v->arena});
        cr_assert_str_eq(got, due, "%s: \"%s\", want \"%s\": %s", plain[i].name, got, due, text);
    }
}

Test(cervical_random, marks_questions_and_risks_of_women_cast_by_dice)
{
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    const Date today = date_from(2026, 6, 1);
    size_t of[6] = {0};
    for (size_t i = 0; i < WOMEN; i++) {
        Visit visits[VISITS];
        const size_t n = cast(visits, today);
        const Own o = own_of(visits, n, today);
        const char *text = text_of(visits, n, own);
        const View *v = view_of(text, "", model, today, own);
        expect_marks(v, &o, text);
        expect_answers(v, &o, text);
        of[expect_risk(v, &o, text)]++;
        arena_reset(own);
    }
    for (size_t t = 0; t < COUNT(of); t++)
        cr_expect_gt(of[t], 20U, "T%zu: %zu", t, of[t]);
    arena_free(own);
    arena_free(arena);
}

/* Months that have passed, and begun, by counting them. */
Test(cervical_random, months_are_counted)
{
    for (size_t i = 0; i < 20000; i++) {
        const Date from = date_from(2000, 1, 1) + (Date)chance(9000),
                   to = from + (Date)chance(1200);
        int passed = 0;
        while (date_add_months(from, passed + 1) <= to)
            passed++;
        cr_assert_eq(months_passed(from, to), passed, "%d %d", from, to);
        cr_assert_eq(months_begun(from, to), begun(from, to), "%d %d", from, to);
    }
}
