/* Marks: the named days and reports of a woman's history that rules measure from.
 *
 * "The newest cytology", "the first negative test after the newest biopsy", "the lesion that was
 * left under observation": each is one small function over the lists of cervical_history.c, and one
 * row of the table at the end. Sources: ASCCP 2019 (doi 10.1097/LGT.0000000000000525), sections G
 * to K, as carried out by the published engine of CDC and MITRE (ccsm-cds-with-tests).
 *
 * Refused: nothing. What is not there is NULL, and no rule fits a mark that is missing by chance. */
#include "cervical_history.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool word_in(const char *word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (same(word, *list)) return true;
    return false;
}

bool report_has(const Report *report, const CervicalModel *m, const char *value)
{
    for (size_t i = 0; report != NULL && i < m->n_classes; i++)
        if ((report->seen >> i & 1) != 0 && same(m->classes[i].value, value)) return true;
    return false;
}

bool negative_test(const History *h, const Report *hpv)
{
    if (!same(hpv->word, "negative")) return false;
    const Report *cytology = same_visit(h, &h->cytology, hpv->date);
    return cytology == NULL || same(cytology->word, "nilm");
}

static const Report *nth(const Reports *reports, size_t n)
{
    return n < reports->n ? &reports->items[n] : NULL;
}

static const Report *newest_with(const History *h, const Reports *reports, const char *a,
                                 const char *b)
{
    for (size_t i = 0; i < reports->n; i++)
        if (report_has(&reports->items[i], h->model, a) ||
            (b != NULL && report_has(&reports->items[i], h->model, b)))
            return &reports->items[i];
    return NULL;
}

static const Report *hpv1(const History *h)
{
    return h->chain[0];
}

static const Report *hpv2(const History *h)
{
    return h->chain[1];
}

static const Report *hpv3(const History *h)
{
    return h->chain[2];
}

static const Report *cotest1(const History *h)
{
    return h->cotests[0];
}

static const Report *cotest2(const History *h)
{
    return h->cotests[1];
}

static const Report *cyt1(const History *h)
{
    return nth(&h->cytology, 0);
}

static const Report *cyt2(const History *h)
{
    return nth(&h->cytology, 1);
}

static const Report *cyt3(const History *h)
{
    return nth(&h->cytology, 2);
}

static const Report *biopsy1(const History *h)
{
    return nth(&h->biopsy, 0);
}

static const Report *biopsy2(const History *h)
{
    return nth(&h->biopsy, 1);
}

static const Report *treatment1(const History *h)
{
    return nth(&h->treatment, 0);
}

static const Report *removal1(const History *h)
{
    return nth(&h->removal, 0);
}

static const Report *colposcopy1(const History *h)
{
    return nth(&h->colposcopy, 0);
}

static const Report *high_cytology(const History *h)
{
    return newest_with(h, &h->cytology, "asc_h", "hsil");
}

static const Report *hsil_cytology(const History *h)
{
    return newest_with(h, &h->cytology, "hsil", "scc");
}

static const Report *glandular(const History *h)
{
    return newest_with(h, &h->cytology, "agc", "ais");
}

static const Report *low_cytology(const History *h)
{
    return newest_with(h, &h->cytology, "asc_us", "lsil");
}

static const Report *cin2(const History *h)
{
    return newest_with(h, &h->biopsy, "cin2", NULL);
}

static const Report *cin3(const History *h)
{
    return newest_with(h, &h->biopsy, "cin3", NULL);
}

static const Report *hsil_nos(const History *h)
{
    return newest_with(h, &h->biopsy, "hsil", NULL);
}

static const Report *cin2_or_nos(const History *h)
{
    return newest_with(h, &h->biopsy, "cin2", "hsil");
}

static const Report *ais(const History *h)
{
    return newest_with(h, &h->biopsy, "ais", NULL);
}

/* The newest cytology of the months before a biopsy, its own day included. */
static const Report *preceding(const History *h, const Report *biopsy)
{
    for (size_t i = 0; biopsy != NULL && i < h->cytology.n; i++) {
        const Report *r = &h->cytology.items[i];
        if (r->date <= biopsy->date &&
            r->date >= date_add_months(biopsy->date, -h->model->windows[WINDOW_REFERRAL]))
            return r;
    }
    return NULL;
}

static const Report *preceding1(const History *h)
{
    return preceding(h, biopsy1(h));
}

static const Report *preceding2(const History *h)
{
    return preceding(h, biopsy2(h));
}

/* The first biopsy on or after the day from which the pregnancy is known. */
static const Report *pregnant_biopsy(const History *h)
{
    const Report *first = NULL;
    for (size_t i = 0; h->pregnant && i < h->biopsy.n; i++)
        if (h->biopsy.items[i].date >= h->pregnancy) first = &h->biopsy.items[i];
    return first;
}

/* The n-th negative surveillance test after a day, in order of time. */
static const Report *negative_after(const History *h, const Report *since, size_t n)
{
    for (size_t i = h->hpv.n; since != NULL && i > 0; i--) {
        const Report *r = &h->hpv.items[i - 1];
        if (r->date > since->date && negative_test(h, r) && n-- == 0) return r;
    }
    return NULL;
}

static const Report *clear1(const History *h)
{
    return negative_after(h, biopsy1(h), 0);
}

static const Report *clear2(const History *h)
{
    return negative_after(h, biopsy1(h), 1);
}

static const Report *clear1_of_second(const History *h)
{
    return negative_after(h, biopsy2(h), 0);
}

static const Report *clear2_of_second(const History *h)
{
    return negative_after(h, biopsy2(h), 1);
}

static const Report *cured1(const History *h)
{
    return negative_after(h, treatment1(h), 0);
}

static const Report *cured3(const History *h)
{
    return negative_after(h, treatment1(h), 2);
}

static const Report *after_removal3(const History *h)
{
    return negative_after(h, removal1(h), 2);
}

/* The first HSIL of any kind after the newest treatment. */
static const Report *recurrence(const History *h)
{
    const Report *treated = treatment1(h), *first = NULL;
    for (size_t i = 0; treated != NULL && i < h->biopsy.n; i++) {
        const Report *r = &h->biopsy.items[i];
        if (r->date > treated->date &&
            (report_has(r, h->model, "cin2") || report_has(r, h->model, "cin3") ||
             report_has(r, h->model, "hsil")))
            first = r;
    }
    return first;
}

/* The newest negative test after removal of the cervix, else the removal. */
static const Report *removal_base(const History *h)
{
    const Report *removal = removal1(h), *base = removal;
    for (size_t n = 0; removal != NULL; n++) {
        const Report *clear = negative_after(h, removal, n);
        if (clear == NULL) break;
        base = clear;
    }
    return base;
}

/* The newest CIN2 or unspecified HSIL that lies two years or more before the newest biopsy. */
static const Report *old_lesion(const History *h)
{
    for (size_t i = 1; i < h->biopsy.n; i++) {
        const Report *r = &h->biopsy.items[i];
        if (months_passed(r->date, h->biopsy.items[0].date) >=
                2 * h->model->windows[WINDOW_REFERRAL] &&
            (report_has(r, h->model, "cin2") || report_has(r, h->model, "hsil")))
            return r;
    }
    return NULL;
}

static const struct {
    const char *name;
    const Report *(*report)(const History *h);
} MARKS[] = {
    {"today", NULL},
    {"pregnancy", NULL},
    {"report", NULL}, /* the newest of HPV (in the chain), cytology and biopsy */
    {"hpv", hpv1},
    {"hpv2", hpv2},
    {"hpv3", hpv3},
    {"cotest", cotest1},
    {"cotest2", cotest2},
    {"cyt", cyt1},
    {"cyt2", cyt2},
    {"cyt3", cyt3},
    {"biopsy", biopsy1},
    {"biopsy2", biopsy2},
    {"treatment", treatment1},
    {"removal", removal1},
    {"colposcopy", colposcopy1},
    {"high_cyt", high_cytology},
    {"hsil_cyt", hsil_cytology},
    {"agc_cyt", glandular},
    {"low_cyt", low_cytology},
    {"cin2", cin2},
    {"cin3", cin3},
    {"hsil_nos", hsil_nos},
    {"cin2_or_nos", cin2_or_nos},
    {"ais", ais},
    {"preceding", preceding1},
    {"preceding2", preceding2},
    {"pregnant_biopsy", pregnant_biopsy},
    {"recurrence", recurrence},
    {"removal_base", removal_base},
    {"old_lesion", old_lesion},
    {"clear1", clear1},
    {"clear2", clear2},
    {"clear1_of_second", clear1_of_second},
    {"clear2_of_second", clear2_of_second},
    {"cured1", cured1},
    {"cured3", cured3},
    {"removal_clear3", after_removal3},
};

int mark_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (strlen(MARKS[i].name) == length && memcmp(MARKS[i].name, name, length) == 0)
            return (int)i;
    return -1;
}

const Report *history_report(const History *h, int mark)
{
    return mark < 0 || MARKS[mark].report == NULL ? NULL : MARKS[mark].report(h);
}

static Date newest_report(const History *h)
{
    const Report *const newest[] = {h->chain[0], cyt1(h), biopsy1(h)};
    Date date = DATE_NONE;
    for (size_t i = 0; i < sizeof newest / sizeof *newest; i++)
        if (newest[i] != NULL && newest[i]->date > date) date = newest[i]->date;
    return date;
}

Date history_mark(const History *h, int mark)
{
    if (mark < 0) return DATE_NONE;
    const Report *r = history_report(h, mark);
    if (r != NULL) return r->date;
    if (same(MARKS[mark].name, "today")) return h->today;
    if (same(MARKS[mark].name, "pregnancy")) return h->pregnancy;
    return same(MARKS[mark].name, "report") ? newest_report(h) : DATE_NONE;
}
