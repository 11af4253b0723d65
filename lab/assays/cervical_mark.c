/* Marks: the named days and reports of a woman's history that rules measure from.
 *
 * "The newest cytology", "the first negative test after the newest biopsy", "the lesion that was
 * left under observation": each is one small function over the lists of cervical_history.c, and one
 * row of the table at the end. Sources: ASCCP 2019 (doi 10.1097/LGT.0000000000000525), sections G
 * to K, as carried out by the published engine of CDC and MITRE (ccsm-cds-with-tests).
 *
 * Refused: nothing. What is not there is NULL, and no rule fits a mark that is missing by chance. */
#include "cervical_history.h"

#include <stddef.h>
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

static const Report *newest(const Reports *reports)
{
    return nth(reports, 0);
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
    return preceding(h, newest(&h->biopsy));
}

static const Report *preceding2(const History *h)
{
    return preceding(h, nth(&h->biopsy, 1));
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
    return negative_after(h, newest(&h->biopsy), 0);
}

static const Report *clear2(const History *h)
{
    return negative_after(h, newest(&h->biopsy), 1);
}

static const Report *clear1_of_second(const History *h)
{
    return negative_after(h, nth(&h->biopsy, 1), 0);
}

static const Report *clear2_of_second(const History *h)
{
    return negative_after(h, nth(&h->biopsy, 1), 1);
}

static const Report *cured1(const History *h)
{
    return negative_after(h, newest(&h->treatment), 0);
}

static const Report *cured3(const History *h)
{
    return negative_after(h, newest(&h->treatment), 2);
}

static const Report *after_removal3(const History *h)
{
    return negative_after(h, newest(&h->removal), 2);
}

/* The first HSIL of any kind after the newest treatment. */
static const Report *recurrence(const History *h)
{
    const Report *treated = newest(&h->treatment), *first = NULL;
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
    const Report *removal = newest(&h->removal), *base = removal;
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

typedef struct Mark {
    const char *name;
    enum { MARK_DAY, MARK_CHAIN, MARK_COTEST, MARK_NTH, MARK_WITH, MARK_ASK } kind;
    size_t list;       /* NTH, WITH: which reports, as an offset in History */
    size_t n;          /* CHAIN, COTEST, NTH: 0 = the newest */
    const char *a, *b; /* WITH: the newest report that holds one of these classes */
    const Report *(*ask)(const History *h);
} Mark;

#define CHAIN(nth)        .kind = MARK_CHAIN, .n = (nth)
#define COTEST(nth)       .kind = MARK_COTEST, .n = (nth)
#define NTH(reports, nth) .kind = MARK_NTH, .list = offsetof(History, reports), .n = (nth)
#define WITH(reports, one, other)                                                                  \
    .kind = MARK_WITH, .list = offsetof(History, reports), .a = (one), .b = (other)
#define ASK(function) .kind = MARK_ASK, .ask = (function)

static const Mark MARKS[] = {
    {"today", .kind = MARK_DAY},
    {"pregnancy", .kind = MARK_DAY},
    {"report", .kind = MARK_DAY}, /* the newest of HPV (in the chain), cytology and biopsy */
    {"hpv", CHAIN(0)},
    {"hpv2", CHAIN(1)},
    {"hpv3", CHAIN(2)},
    {"cotest", COTEST(0)},
    {"cotest2", COTEST(1)},
    {"cyt", NTH(cytology, 0)},
    {"cyt2", NTH(cytology, 1)},
    {"cyt3", NTH(cytology, 2)},
    {"biopsy", NTH(biopsy, 0)},
    {"biopsy2", NTH(biopsy, 1)},
    {"treatment", NTH(treatment, 0)},
    {"removal", NTH(removal, 0)},
    {"colposcopy", NTH(colposcopy, 0)},
    {"high_cyt", WITH(cytology, "asc_h", "hsil")},
    {"agc_cyt", WITH(cytology, "agc", "ais")},
    {"cin2", WITH(biopsy, "cin2", NULL)},
    {"cin3", WITH(biopsy, "cin3", NULL)},
    {"hsil_nos", WITH(biopsy, "hsil", NULL)},
    {"cin2_or_nos", WITH(biopsy, "cin2", "hsil")},
    {"ais", WITH(biopsy, "ais", NULL)},
    {"preceding", ASK(preceding1)},
    {"preceding2", ASK(preceding2)},
    {"pregnant_biopsy", ASK(pregnant_biopsy)},
    {"recurrence", ASK(recurrence)},
    {"removal_base", ASK(removal_base)},
    {"old_lesion", ASK(old_lesion)},
    {"clear1", ASK(clear1)},
    {"clear2", ASK(clear2)},
    {"clear1_of_second", ASK(clear1_of_second)},
    {"clear2_of_second", ASK(clear2_of_second)},
    {"cured1", ASK(cured1)},
    {"cured3", ASK(cured3)},
    {"removal_clear3", ASK(after_removal3)},
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
    if (mark < 0) return NULL;
    const Mark *m = &MARKS[mark];
    const Reports *list = (const Reports *)((const char *)h + m->list);
    switch (m->kind) {
    case MARK_DAY:
        return NULL;
    case MARK_CHAIN:
        return h->chain[m->n];
    case MARK_COTEST:
        return h->cotests[m->n];
    case MARK_NTH:
        return nth(list, m->n);
    case MARK_WITH:
        return newest_with(h, list, m->a, m->b);
    case MARK_ASK:
        return m->ask(h);
    }
    return NULL;
}

static Date newest_report(const History *h)
{
    const Report *const newest_of[] = {h->chain[0], newest(&h->cytology), newest(&h->biopsy)};
    Date date = DATE_NONE;
    for (size_t i = 0; i < sizeof newest_of / sizeof *newest_of; i++)
        if (newest_of[i] != NULL && newest_of[i]->date > date) date = newest_of[i]->date;
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
