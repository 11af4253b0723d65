/* The risk tables of ASCCP 2019: which of the 184 rows is hers.
 *
 * The tables give the risk of CIN3+ by past history, current HPV result and current cytology:
 * T1 screening, T2 surveillance after results that needed no colposcopy, T3 colposcopy results, T4
 * after colposcopy below CIN2, T5 after treatment. They are asked from T5 down: the latest event of
 * her history speaks. What is done is the table's own management column; thresholds on the risk are
 * a cross-check only, since 26 rows with a low risk ask for colposcopy all the same. Source:
 * Egemen et al., doi 10.1097/LGT.0000000000000529 (NCI General Tables, revision of February 2022).
 *
 * Refused: rows for "all cytology" are never used for cytology that is high-grade or no result; HPV 16
 * and 18 have no rows in T4, and count as positive in T5; a history that no row has finds none. */
#include "cervical_guideline.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool among(const char *word, const char *a, const char *b, const char *c)
{
    return same(word, a) || same(word, b) || (c != NULL && same(word, c));
}

/* The cytology of a test's visit; "all" = HPV alone. */
static const char *cytology_of(const Report *cytology)
{
    return cytology == NULL ? "all" : cytology->word;
}

static const char *grade_of(const char *cytology)
{
    if (among(cytology, "asc_us", "lsil", NULL)) return "low";
    return among(cytology, "asc_h", "agc", "hsil") ? "high" : "none";
}

/* "negative" | "positive": in a history 16 and 18 are positive. */
static const char *plain(const char *hpv)
{
    return among(hpv, "hpv16", "hpv18", NULL) ? "positive" : hpv;
}

/* An earlier test as the tables call it: "none", "hpv_negative", "cotest_negative",
 * "hpv_positive/nilm" ... */
static const char *earlier(const View *v, size_t i)
{
    const Report *hpv = v->h->chain[i];
    if (hpv == NULL) return "none";
    const char *cytology = cytology_of(v->h->cotests[i]), *sign = plain(hpv->word);
    if (same(cytology, "nilm") && same(sign, "negative")) return "cotest_negative";
    return same(cytology, "all") ? arena_print(v->arena, "hpv_%s", sign)
                                 : arena_print(v->arena, "hpv_%s/%s", sign, cytology);
}

static bool found(long row)
{
    return row >= 0;
}

/* The row "history:hpv:cytology" of a table: its own cytology, else the group it belongs to. */
static long row_of(const View *v, const char *history, const char *hpv, const char *cytology)
{
    const Table *t = v->h->model->risks;
    bool joins = among(cytology, "nilm", "asc_us", "lsil");
    const char *const tries[] = {cytology, grade_of(cytology), joins ? "all" : "none"};
    for (size_t i = 0; i < 3; i++) {
        long row = table_find(t, arena_print(v->arena, "%s:%s:%s", history, hpv, tries[i]));
        if (found(row) && table_get(t, (size_t)row, "action")[0] != '\0') return row;
    }
    return -1;
}

/* --- T5, T4, T3 -------------------- */

static Date newest(const Reports *reports)
{
    return reports->n > 0 ? reports->items[0].date : DATE_NONE;
}

/* "hpv_negative_x3" ...: the newest tests since `since` are all negative, and of one kind. */
static const char *run(const View *v, Date since)
{
    const History *h = v->h;
    int n = 0;
    bool alone = h->cotests[0] == NULL;
    for (; n < 4 && h->chain[n] != NULL && h->chain[n]->date > since; n++)
        if (!negative_test(h, h->chain[n]) || (h->cotests[n] == NULL) != alone) return "";
    return n < 2
               ? ""
               : arena_print(v->arena, "%s_negative_x%d", alone ? "hpv" : "cotest", n > 3 ? 3 : n);
}

static long find_t5(const View *v)
{
    const History *h = v->h;
    Date treated = newest(&h->treatment);
    if (treated == DATE_NONE || h->chain[0] == NULL || h->chain[0]->date <= treated) return -1;
    const char *negatives = run(v, treated);
    if (negatives[0] != '\0') {
        long row = table_find(h->model->risks, arena_print(v->arena, "T5:cin2or3:%s:-", negatives));
        if (found(row)) return row;
    }
    return row_of(v, "T5:cin2or3", plain(h->chain[0]->word), cytology_of(h->cotests[0]));
}

/* What referred her to a biopsy; "all" = there is none. */
typedef struct Referral {
    const char *hpv, *cytology;
    bool twice; /* the HPV test before it was positive too */
} Referral;

/* The newest HPV test within the window before the biopsy, and its cytology, else the newest cytology. */
static Referral referral_of(const View *v, const Report *biopsy)
{
    const History *h = v->h;
    Date from = date_add_months(biopsy->date, -h->model->windows[WINDOW_REFERRAL]);
    Referral r = {.hpv = "all", .cytology = "all"};
    for (size_t i = 0; i < h->hpv.n && same(r.hpv, "all"); i++)
        if (h->hpv.items[i].date < biopsy->date && h->hpv.items[i].date >= from) {
            r.hpv = plain(h->hpv.items[i].word);
            r.cytology = cytology_of(same_visit(h, &h->cytology, h->hpv.items[i].date));
            r.twice = i + 1 < h->hpv.n && same(plain(h->hpv.items[i + 1].word), "positive");
        }
    for (size_t i = 0; i < h->cytology.n && same(r.cytology, "all"); i++)
        if (h->cytology.items[i].date < biopsy->date && h->cytology.items[i].date >= from)
            r.cytology = h->cytology.items[i].word;
    return r;
}

static bool referred(const Referral *r)
{
    return !same(r->hpv, "all") || !same(r->cytology, "all");
}

/* HPV-positive NILM, ASC-US and LSIL are low; so is a referral by a negative HPV test alone. */
static const char *referral_grade(const char *hpv, const char *cytology)
{
    if (!same(grade_of(cytology), "none")) return grade_of(cytology);
    bool low = same(hpv, "positive") ? same(cytology, "nilm") : same(hpv, "negative");
    return low ? "low" : "none";
}

static const char *since_biopsy(const View *v, Date biopsy)
{
    const History *h = v->h;
    bool second = h->chain[1] != NULL && h->chain[1]->date > biopsy;
    bool third = second && h->chain[2] != NULL && h->chain[2]->date > biopsy;
    if (!second) return "none";
    const char *one = earlier(v, 1), *two = third ? earlier(v, 2) : "none";
    if (third) return same(one, two) ? arena_print(v->arena, "%s_x2", one) : "other";
    return among(one, "hpv_negative/asc_us", "hpv_negative/lsil", NULL) ? "hpv_negative/low" : one;
}

static long find_t4(const View *v)
{
    const History *h = v->h;
    const Report *biopsy = h->biopsy.n > 0 ? &h->biopsy.items[0] : NULL;
    if (biopsy == NULL || !among(biopsy->word, "normal", "cin1", NULL)) return -1;
    if (h->chain[0] == NULL || h->chain[0]->date <= biopsy->date) return -1;
    const Referral by = referral_of(v, biopsy);
    if (!referred(&by)) return -1;
    const char *now =
        h->cotests[0] != NULL && h->cotests[0]->date > biopsy->date ? h->cotests[0]->word : "all";
    return row_of(v,
                  arena_print(v->arena, "T4:%s:%s", referral_grade(by.hpv, by.cytology),
                              since_biopsy(v, biopsy->date)),
                  h->chain[0]->word, now);
}

/* Only while nothing newer than the biopsy is known. */
static long find_t3(const View *v)
{
    const History *h = v->h;
    const Report *biopsy = h->biopsy.n > 0 ? &h->biopsy.items[0] : NULL;
    if (biopsy == NULL || newest(&h->treatment) > biopsy->date) return -1;
    const Table *t = h->model->risks;
    long any = table_find(t, arena_print(v->arena, "T3:any:%s", biopsy->word));
    if (found(any)) return any;
    if (newest(&h->hpv) > biopsy->date || newest(&h->cytology) > biopsy->date) return -1;
    const Referral by = referral_of(v, biopsy);
    if (!referred(&by)) return -1;
    const char *cytology = by.cytology;
    if (same(cytology, "nilm")) cytology = by.twice ? "nilm_x2" : "nilm_once";
    const char *result = same(by.hpv, "positive") && !same(grade_of(cytology), "high")
                             ? arena_print(v->arena, "hpv_positive/%s", cytology)
                             : cytology;
    return table_find(t, arena_print(v->arena, "T3:%s:%s", result, biopsy->word));
}

/* --- T2, T1 -------------------- */

/* Results two tests ago that ask for nothing by themselves, so that the history starts anew. */
static bool passes(const char *result)
{
    return among(result, "cotest_negative", "hpv_negative", "hpv_positive/nilm") ||
           among(result, "hpv_negative/asc_us", "hpv_negative/lsil", NULL);
}

static long find_t2(const View *v)
{
    const History *h = v->h;
    const char *hpv = h->chain[0]->word, *cytology = cytology_of(h->cotests[0]);
    const char *one = earlier(v, 1), *two = earlier(v, 2), *three = earlier(v, 3);
    if (same(one, two) && same(one, "cotest_negative")) {
        long row = row_of(v, arena_print(v->arena, "T2:%s:%s_x2", three, one), hpv, cytology);
        if (found(row)) return row;
    }
    long row = row_of(v, arena_print(v->arena, "T2:%s:%s", two, one), hpv, cytology);
    return found(row) || !passes(two)
               ? row
               : row_of(v, arena_print(v->arena, "T2:none:%s", one), hpv, cytology);
}

long risk_find(int *table, const View *v)
{
    const History *h = v->h;
    long (*const after[])(const View *v) = {find_t5, find_t4, find_t3};
    for (int i = 0; i < 3; i++) {
        long row = after[i](v);
        *table = 5 - i;
        if (found(row)) return row;
    }
    if (h->chain[0] == NULL || cytology_unplaced(v)) return -1;
    long row = find_t2(v);
    *table = found(row) ? 2 : 1;
    if (found(row)) return row;
    return row_of(v, arena_print(v->arena, "T1:%s", earlier(v, 1)), h->chain[0]->word,
                  cytology_of(h->cotests[0]));
}
