/* Questions about a woman's history that no interval between two marks can put.
 *
 * Who she is (age, pregnancy, immunosuppression, no cervix), what belongs together (a cotest,
 * cytology alone), what nobody followed up, and how the current round looks to a programme's chart.
 * Each is a function of one row of the table at the end. Sources: ASCCP 2019 (doi
 * 10.1097/LGT.0000000000000525) and its 2024 addendum as carried out by the published engine of CDC
 * and MITRE; HPV consensus 2022 for persistence by genotype.
 *
 * Refused: nothing; "" = the question has no answer, and the tables say what then. */
#include "cervical_feature.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static const char *yes(bool is)
{
    return is ? "yes" : "no";
}

static const char *const POSITIVE[] = {"positive", "hpv16", "hpv18", NULL};
static const char *const ABNORMAL[] = {"asc_us", "lsil", "asc_h", "agc", "hsil", NULL};
static const char *const LOW[] = {"asc_us", "lsil", NULL};

static bool positive(const Report *hpv)
{
    return hpv != NULL && word_in(hpv->word, POSITIVE);
}

/* --- who she is -------------------- */

const char *feature_age(const View *v)
{
    Date born;
    if (!date_parse(&born, declared(v->h, "birth_date"))) return "";
    return arena_print(v->arena, "%d", date_years(born, v->h->today));
}

static const char *pregnant(const View *v)
{
    return yes(v->h->pregnant);
}

static const char *immunosuppressed(const View *v)
{
    return yes(same(declared(v->h, "hiv"), "positive") ||
               same(declared(v->h, "immunosuppressed"), "yes"));
}

static const char *no_cervix(const View *v)
{
    return yes(cervix_absent(v->h));
}

static bool any_biopsy(const History *h, const char *const *values)
{
    for (size_t i = 0; i < h->biopsy.n; i++)
        for (const char *const *value = values; *value != NULL; value++)
            if (report_has(&h->biopsy.items[i], h->model, *value)) return true;
    return false;
}

static const char *cancer(const View *v)
{
    static const char *const values[] = {"cancer", "microinvasive", NULL};
    return yes(any_biopsy(v->h, values));
}

static const char *prior_high(const View *v)
{
    static const char *const values[] = {"cin2",          "cin3",   "hsil", "ais",
                                         "microinvasive", "cancer", NULL};
    return yes(any_biopsy(v->h, values) || v->past->cin2plus || v->h->treatment.n > 0 ||
               same(declared(v->h, "prior_cin2plus"), "yes"));
}

/* Removed for disease: so declared, or within a year of histology that shows it. */
static const char *removed_for_disease(const View *v)
{
    const char *reason = declared(v->h, "hysterectomy_reason");
    if (same(reason, "precancer") || same(reason, "cancer")) return "yes";
    if (v->h->removal.n == 0) return "no";
    for (size_t i = 0; i < v->h->biopsy.n; i++) {
        const Report *b = &v->h->biopsy.items[i];
        static const char *const high[] = {"cin2", "cin3", "hsil", "ais", "cancer", NULL};
        int months = months_begun(b->date, v->h->removal.items[0].date);
        if (word_in(b->word, high) && months >= 0 &&
            months <= v->h->model->windows[WINDOW_REFERRAL])
            return "yes";
    }
    return "no";
}

/* --- what belongs together -------------------- */

/* The newest HPV result, when it is of the visit of the newest cytology; "" = it is not. */
static const char *hpv_with_cytology(const View *v)
{
    const Report *hpv = v->h->chain[0];
    if (hpv == NULL || v->h->cytology.n == 0) return "";
    const Report *cytology = &v->h->cytology.items[0];
    int days = (int)(v->h->model->cotest_seconds / 86400);
    Date apart = hpv->date - cytology->date;
    return apart <= days && -apart <= days ? hpv->word : "";
}

static const char *hpv_since_cytology(const View *v)
{
    if (v->h->hpv.n == 0 || v->h->cytology.n == 0) return "no";
    int days = (int)(v->h->model->cotest_seconds / 86400);
    return yes(v->h->hpv.items[0].date >= v->h->cytology.items[0].date - days);
}

static bool alone(const History *h, const Report *cytology)
{
    return same_visit(h, &h->hpv, cytology->date) == NULL;
}

static Date newest_of(const Reports *reports)
{
    return reports->n > 0 ? reports->items[0].date : DATE_NONE;
}

static bool followed_up(const History *h, Date since)
{
    return newest_of(&h->biopsy) > since || newest_of(&h->treatment) > since;
}

/* The newest cytology, when it stands alone, is the newest report and nothing followed it. */
static const char *cytology_alone(const View *v)
{
    const History *h = v->h;
    if (h->cytology.n == 0) return "";
    const Report *c = &h->cytology.items[0];
    bool newest = c->date >= newest_of(&h->hpv) && c->date >= newest_of(&h->biopsy);
    return newest && alone(h, c) && !followed_up(h, c->date) ? c->word : "";
}

/* Cytology without HPV that the risk tables of HPV histories cannot place. */
bool cytology_unplaced(const View *v)
{
    const History *h = v->h;
    for (size_t i = 0; i < h->cytology.n; i++) {
        const Report *c = &h->cytology.items[i];
        if (!alone(h, c)) continue;
        if (h->chain[0] == NULL || c->date > h->chain[0]->date) return true;
        if (word_in(c->word, ABNORMAL) && (h->chain[1] == NULL || c->date > h->chain[1]->date))
            return true;
    }
    return false;
}

static const char *unplaced_cytology(const View *v)
{
    return yes(cytology_unplaced(v));
}

/* --- what nobody followed up -------------------- */

static bool cytology_abnormal_now(const History *h)
{
    return h->cytology.n > 0 && word_in(h->cytology.items[0].word, ABNORMAL);
}

static const char *positive_now(const View *v)
{
    return yes(cytology_abnormal_now(v->h) || positive(v->h->chain[0]));
}

/* The day of the newest abnormal result of now; DATE_NONE = nothing is abnormal now. */
static Date abnormal_day(const History *h)
{
    Date day = DATE_NONE;
    if (cytology_abnormal_now(h)) day = h->cytology.items[0].date;
    if (positive(h->chain[0]) && h->chain[0]->date > day) day = h->chain[0]->date;
    return day;
}

/* LSIL, or ASC-US alone or with a positive HPV test: low-grade cytology that asked for more. */
static bool low_grade(const History *h, const Report *c)
{
    if (same(c->word, "lsil")) return true;
    const Report *hpv = same_visit(h, &h->hpv, c->date);
    return same(c->word, "asc_us") && (hpv == NULL || positive(hpv));
}

static const Report *open_low_grade(const History *h, Date before)
{
    for (size_t i = 0; i < h->cytology.n; i++) {
        const Report *c = &h->cytology.items[i];
        if (c->date < before && low_grade(h, c) && !followed_up(h, c->date)) return c;
    }
    return NULL;
}

static const char *low_grade_open(const View *v)
{
    return yes(open_low_grade(v->h, abnormal_day(v->h)) != NULL);
}

/* Low-grade cytology without biopsy, nothing worse since, and now a negative HPV-based test. */
static const char *low_grade_cleared(const View *v)
{
    const History *h = v->h;
    if (h->chain[0] == NULL || !negative_test(h, h->chain[0])) return "no";
    const Report *low = open_low_grade(h, h->chain[0]->date);
    for (size_t i = 0; low != NULL && i < h->cytology.n; i++)
        if (h->cytology.items[i].date > low->date && word_in(h->cytology.items[i].word, ABNORMAL))
            return "no";
    return yes(low != NULL);
}

static const char *hpv_twice_open(const View *v)
{
    const History *h = v->h;
    return yes(positive(h->chain[0]) && positive(h->chain[1]) &&
               !followed_up(h, h->chain[1]->date));
}

static const char *high_grade_open(const View *v)
{
    const History *h = v->h;
    for (size_t i = 0; i < h->cytology.n; i++) {
        static const char *const high[] = {"asc_h", "agc", "hsil", NULL};
        if (word_in(h->cytology.items[i].word, high))
            return yes(!followed_up(h, h->cytology.items[i].date));
    }
    return "no";
}

static bool abnormal_since(const History *h, Date since)
{
    for (size_t i = 0; i < h->hpv.n; i++)
        if (h->hpv.items[i].date > since && positive(&h->hpv.items[i])) return true;
    for (size_t i = 0; i < h->cytology.n; i++)
        if (h->cytology.items[i].date > since && word_in(h->cytology.items[i].word, ABNORMAL))
            return true;
    return false;
}

static const char *abnormal_after_treatment(const View *v)
{
    return yes(v->h->treatment.n > 0 && abnormal_since(v->h, newest_of(&v->h->treatment)));
}

/* A positive HPV test, or abnormal cytology of a cotest, after the newest biopsy. */
static const char *abnormal_after_biopsy(const View *v)
{
    const History *h = v->h;
    Date since = newest_of(&h->biopsy);
    for (size_t i = 0; h->biopsy.n > 0 && i < h->hpv.n; i++) {
        const Report *hpv = &h->hpv.items[i];
        const Report *c = same_visit(h, &h->cytology, hpv->date);
        if (hpv->date > since && (positive(hpv) || (c != NULL && word_in(c->word, ABNORMAL))))
            return "yes";
    }
    return "no";
}

static const char *newest_test_negative(const View *v)
{
    const History *h = v->h;
    return yes(h->chain[0] != NULL && negative_test(h, h->chain[0]) &&
               h->chain[0]->date >= newest_of(&h->cytology));
}

/* --- observation of HSIL instead of treatment -------------------- */

static const char *const BENIGN[] = {"normal", "cin1", NULL};

/* A biopsy below CIN2 with, on its day, cytology below ASC-H or, without cytology, HPV negative. */
static bool observed_clear(const History *h, const Report *biopsy)
{
    static const char *const fine[] = {"nilm", "asc_us", "lsil", NULL};
    if (!word_in(biopsy->word, BENIGN)) return false;
    for (size_t i = 0; i < h->cytology.n; i++)
        if (h->cytology.items[i].date == biopsy->date)
            return word_in(h->cytology.items[i].word, fine);
    for (size_t i = 0; i < h->hpv.n; i++)
        if (h->hpv.items[i].date == biopsy->date) return same(h->hpv.items[i].word, "negative");
    return false;
}

static const Report *observed_lesion(const History *h)
{
    return history_report(h, mark_find("cin2_or_nos", strlen("cin2_or_nos")));
}

/* The day of the second clear visit after the lesion, in order of time; DATE_NONE = not yet. */
static Date second_clear_visit(const History *h, const Report *lesion)
{
    size_t clear = 0;
    for (size_t i = h->biopsy.n; lesion != NULL && i > 0; i--) {
        const Report *b = &h->biopsy.items[i - 1];
        if (b->date > lesion->date && observed_clear(h, b) && ++clear == 2) return b->date;
    }
    return DATE_NONE;
}

/* Negative tests after two clear visits: 0, 1, 2 ..; "" = no two clear visits, or one was abnormal
 * since. */
static const char *clear_since_observation(const View *v)
{
    const History *h = v->h;
    Date second = second_clear_visit(h, observed_lesion(h));
    if (second == DATE_NONE || abnormal_since(h, second)) return "";
    int n = 0;
    for (size_t i = 0; i < h->hpv.n; i++)
        if (h->hpv.items[i].date > second && negative_test(h, &h->hpv.items[i])) n++;
    return arena_print(v->arena, "%d", n);
}

/* Months from the lesion to the newest biopsy, when the two newest biopsies are clear visits. */
static const char *two_clear_visits(const View *v)
{
    const History *h = v->h;
    const Report *lesion = observed_lesion(h);
    if (lesion == NULL || h->biopsy.n < 3) return ""; /* it lies before both */
    const Report *newest = &h->biopsy.items[0], *second = &h->biopsy.items[1];
    if (second->date <= lesion->date || !observed_clear(h, newest) || !observed_clear(h, second))
        return "";
    return arena_print(v->arena, "%d", months_begun(lesion->date, newest->date));
}

/* --- leaving the programme -------------------- */

static const char *negatives_after_treatment(const View *v)
{
    const History *h = v->h;
    int n = 0;
    for (size_t i = 0; h->treatment.n > 0 && i < h->hpv.n; i++)
        n += h->hpv.items[i].date > newest_of(&h->treatment) && negative_test(h, &h->hpv.items[i]);
    return arena_print(v->arena, "%d", n);
}

/* Reports of that word among those looked back upon. */
static const char *count_of(const View *v, const Reports *reports, const char *word)
{
    int n = 0;
    for (size_t i = 0; i < reports->n; i++)
        n += same(reports->items[i].word, word);
    return arena_print(v->arena, "%d", n);
}

static const char *hpv_negatives(const View *v)
{
    return count_of(v, &v->h->hpv, "negative");
}

static const char *nilm_cytologies(const View *v)
{
    return count_of(v, &v->h->cytology, "nilm");
}

static const char *any_cin(const View *v)
{
    static const char *const values[] = {"cin1", "cin2",          "cin3",   "hsil",
                                         "ais",  "microinvasive", "cancer", NULL};
    return yes(any_biopsy(v->h, values));
}

static const char *positive_twice(const View *v)
{
    for (size_t i = 1; i < v->h->hpv.n; i++)
        if (positive(&v->h->hpv.items[i]) && positive(&v->h->hpv.items[i - 1])) return "yes";
    return "no";
}

/* --- under 25 -------------------- */

/* Low-grade reports within two years of a CIN2 or HSIL: 0, 1, 2 ..; the fewer of biopsy, cytology. */
static const char *clear_after_lesion(const View *v)
{
    static const char *const fine[] = {"nilm", "asc_us", "lsil", NULL};
    const History *h = v->h;
    const Report *lesion = observed_lesion(h);
    int biopsies = 0, cytologies = 0;
    if (lesion == NULL) return "";
    Date until = date_add_months(lesion->date, 2 * h->model->windows[WINDOW_REFERRAL]);
    for (size_t i = 0; i < h->biopsy.n; i++)
        biopsies += h->biopsy.items[i].date > lesion->date && h->biopsy.items[i].date < until &&
                    word_in(h->biopsy.items[i].word, BENIGN);
    for (size_t i = 0; i < h->cytology.n; i++)
        cytologies += h->cytology.items[i].date > lesion->date &&
                      h->cytology.items[i].date < until && word_in(h->cytology.items[i].word, fine);
    return arena_print(v->arena, "%d", biopsies < cytologies ? biopsies : cytologies);
}

static const char *low_or_none(const History *h, size_t n)
{
    if (n >= h->cytology.n) return "";
    const Report *c = &h->cytology.items[n];
    if (low_grade(h, c)) return "low";
    return same(c->word, "nilm") ? "nilm" : word_in(c->word, LOW) ? "asc_us_hpv_negative" : "other";
}

static const char *grade1(const View *v)
{
    return low_or_none(v->h, 0);
}

static const char *grade2(const View *v)
{
    return low_or_none(v->h, 1);
}

static const char *grade3(const View *v)
{
    return low_or_none(v->h, 2);
}

/* --- the round, as a programme's chart sees it -------------------- */

static const char *round_hpv(const View *v)
{
    return v->hpv_state;
}

static const char *round_cytology(const View *v)
{
    return v->round->value[TEST_CYTOLOGY];
}

static const char *round_visual(const View *v)
{
    return v->round->value[TEST_VISUAL];
}

/* What followed the round's tests; an older colposcopy says nothing of a newer test. */
static const char *after_tests(const View *v, Test test)
{
    Instant tests = INSTANT_NONE;
    for (int t = TEST_HPV; t <= TEST_VISUAL; t++)
        if (v->round->time[t] > tests) tests = v->round->time[t];
    return v->round->time[test] >= tests ? v->round->value[test] : "";
}

static const char *round_colposcopy(const View *v)
{
    return after_tests(v, TEST_COLPOSCOPY);
}

static const char *round_histology(const View *v)
{
    return after_tests(v, TEST_HISTOLOGY);
}

static const char *previous(const View *v)
{
    bool again = v->round->again[TEST_CYTOLOGY] && same(round_cytology(v), "unsatisfactory");
    return again ? "unsatisfactory" : v->past->previous;
}

static const char *newer(const View *v)
{
    return yes(v->past->newer);
}

static const char *pending(const View *v)
{
    return yes(v->pending);
}

static const char *group(const View *v)
{
    return v->special;
}

static const char *material(const View *v)
{
    return material_code(v->woman->screens[0].sample->material);
}

static const char *persistent(const View *v)
{
    return yes(v->past->persistent);
}

/* --- the table -------------------- */

static const struct {
    const char *name;
    Ask ask;
} QUESTIONS[] = {
    {"age", feature_age},
    {"pregnant", pregnant},
    {"immunosuppressed", immunosuppressed},
    {"no_cervix", no_cervix},
    {"cancer", cancer},
    {"prior_high", prior_high},
    {"removed_for_disease", removed_for_disease},
    {"hpv_with_cytology", hpv_with_cytology},
    {"hpv_since_cytology", hpv_since_cytology},
    {"cytology_alone", cytology_alone},
    {"unplaced_cytology", unplaced_cytology},
    {"positive_now", positive_now},
    {"low_grade_open", low_grade_open},
    {"low_grade_cleared", low_grade_cleared},
    {"hpv_twice_open", hpv_twice_open},
    {"high_grade_open", high_grade_open},
    {"abnormal_after_treatment", abnormal_after_treatment},
    {"abnormal_after_biopsy", abnormal_after_biopsy},
    {"newest_test_negative", newest_test_negative},
    {"clear_since_observation", clear_since_observation},
    {"two_clear_visits", two_clear_visits},
    {"clear_after_lesion", clear_after_lesion},
    {"negatives_after_treatment", negatives_after_treatment},
    {"hpv_negatives", hpv_negatives},
    {"nilm_cytologies", nilm_cytologies},
    {"any_cin", any_cin},
    {"positive_twice", positive_twice},
    {"grade", grade1},
    {"grade2", grade2},
    {"grade3", grade3},
    {"round_hpv", round_hpv},
    {"round_cytology", round_cytology},
    {"round_visual", round_visual},
    {"round_colposcopy", round_colposcopy},
    {"round_histology", round_histology},
    {"previous", previous},
    {"newer", newer},
    {"pending", pending},
    {"group", group},
    {"material", material},
    {"persistent", persistent},
};

Ask question_find(const char *name)
{
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++)
        if (same(QUESTIONS[i].name, name)) return QUESTIONS[i].ask;
    return NULL;
}
