/* One woman's reports in order of time.
 *
 * A guideline with memory asks questions such as "how long after the newest biopsy was the newest
 * cytology". So all screens that are known of her, of every case, become lists of reports: results
 * of one test on one day are one report, the most severe of them speaks. Marks are named days in
 * those lists. HPV tests form a chain: each counts only when it lies close enough to the next
 * (windows.tsv), since a result of ten years ago says nothing about today's. Source of the marks
 * and of their windows: ASCCP 2019 (Perkins et al., doi 10.1097/LGT.0000000000000525) as carried
 * out by the published engine of CDC and MITRE (ccsm-cds-with-tests).
 *
 * Refused: nothing. A report without a usable result is a report with the word "unknown": it
 * occupies its day and is never negative. */
#include "cervical_history.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* --- months -------------------- */

int months_passed(Date from, Date to)
{
    if (from == DATE_NONE || to == DATE_NONE || to < from) return -1;
    int y1, m1, d1, y2, m2, d2;
    date_split(from, &y1, &m1, &d1);
    date_split(to, &y2, &m2, &d2);
    int months = (y2 - y1) * 12 + m2 - m1;
    return date_add_months(from, months) > to ? months - 1 : months;
}

int months_begun(Date from, Date to)
{
    int months = months_passed(from, to);
    return months < 0 || date_add_months(from, months) == to ? months : months + 1;
}

/* --- reports -------------------- */

static const char *hpv_word(const Screen *s, const CervicalModel *m)
{
    const char *word = s->answer[TEST_HPV] == ANSWER_POSITIVE   ? "positive"
                       : s->answer[TEST_HPV] == ANSWER_NEGATIVE ? "negative"
                                                                : "unknown";
    for (size_t i = 0; i < m->n_types; i++) {
        if (!s->types[i].given || s->types[i].answer != ANSWER_POSITIVE) continue;
        if (m->types[i].channel == CHANNEL_16) return "hpv16";
        if (m->types[i].channel == CHANNEL_18) word = "hpv18";
    }
    return word;
}

/* The most severe class that the risk tables know; without one the most severe of all. */
static const char *class_word(uint64_t seen, const CervicalModel *m)
{
    const ResultClass *best = NULL;
    for (size_t i = 0; i < m->n_classes; i++) {
        const ResultClass *k = &m->classes[i];
        if ((seen >> i & 1) == 0) continue;
        bool known = k->risk[0] != '\0', best_known = best != NULL && best->risk[0] != '\0';
        if (best == NULL || known > best_known || (known == best_known && k->rank > best->rank))
            best = k;
    }
    return best == NULL ? "unknown" : best->risk[0] != '\0' ? best->risk : best->value;
}

static const char *worse_hpv(const char *a, const char *b)
{
    static const char *const order[] = {"hpv16", "hpv18", "positive", "negative", "unknown"};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (same(a, order[i]) || same(b, order[i])) return order[i];
    return a;
}

/* Joins the report of that day, or takes its place by time, newest first. */
static void report_add(Reports *reports, const Report *one, const CervicalModel *m, bool hpv)
{
    size_t at = reports->n;
    while (at > 0 && reports->items[at - 1].date < one->date)
        at--;
    if (at > 0 && reports->items[at - 1].date == one->date) {
        Report *r = &reports->items[at - 1];
        r->seen |= one->seen;
        r->word = hpv ? worse_hpv(r->word, one->word) : class_word(r->seen, m);
        return;
    }
    for (size_t i = reports->n++; i > at; i--)
        reports->items[i] = reports->items[i - 1];
    reports->items[at] = *one;
}

static Date look_back(const History *h, Window window)
{
    return date_add_months(h->today, -h->model->windows[window]);
}

static void take_test(History *h, Reports *to, const Screen *s, Test test, Date date)
{
    if (s->value[test][0] == '\0') return;
    Report one = {date, "", s->seen[test]};
    one.word = test == TEST_HPV ? hpv_word(s, h->model) : class_word(one.seen, h->model);
    report_add(to, &one, h->model, test == TEST_HPV);
}

static void take_treatment(History *h, const Screen *s, Date date)
{
    if (s->classes[TEST_TREATMENT] == NULL) return;
    Report one = {date, "", s->seen[TEST_TREATMENT]};
    one.word = class_word(one.seen, h->model);
    report_add(same(one.word, "hysterectomy") ? &h->removal : &h->treatment, &one, h->model, false);
}

static void take_screen(History *h, const Screen *s)
{
    if (!s->usable || s->sample->collected == INSTANT_NONE) return;
    Date date = date_of(s->sample->collected, h->c->offset_minutes);
    if (date > h->today) return;
    if (date >= look_back(h, WINDOW_SCREENING)) {
        take_test(h, &h->hpv, s, TEST_HPV, date);
        take_test(h, &h->cytology, s, TEST_CYTOLOGY, date);
    }
    if (date >= look_back(h, WINDOW_BIOPSY)) take_test(h, &h->biopsy, s, TEST_HISTOLOGY, date);
    take_test(h, &h->colposcopy, s, TEST_COLPOSCOPY, date);
    take_treatment(h, s, date);
}

/* --- the chain of HPV tests -------------------- */

const Report *same_visit(const History *h, const Reports *reports, Date date)
{
    int days = (int)(h->model->cotest_seconds / 86400);
    for (size_t i = 0; i < reports->n; i++) {
        Date apart = reports->items[i].date - date;
        if (apart <= days && -apart <= days) return &reports->items[i];
    }
    return NULL;
}

static void build_chain(History *h)
{
    Date next = h->today;
    for (size_t i = 0; i < 4 && i < h->hpv.n; i++) {
        const Report *r = &h->hpv.items[i];
        if (r->date < date_add_months(next, -h->model->windows[WINDOW_HPV_CHAIN])) return;
        h->chain[i] = r;
        h->cotests[i] = same_visit(h, &h->cytology, r->date);
        next = r->date;
    }
}

/* --- what is declared -------------------- */

static const Fact *fact(const History *h, const char *code)
{
    return case_fact(h->c, SUBJECT_WOMAN, code);
}

const char *declared(const History *h, const char *code)
{
    const Fact *f = fact(h, code);
    return f && f->value ? f->value : "";
}

/* A pregnancy without a date is taken as known from today on. */
static void read_pregnancy(History *h)
{
    const Fact *f = fact(h, "pregnant");
    h->pregnancy = DATE_NONE;
    if (f == NULL || f->value == NULL || !same(f->value, "yes")) return;
    Date known = f->time == INSTANT_NONE ? h->today : date_of(f->time, h->c->offset_minutes);
    h->pregnant = known <= h->today && h->today - known <= h->model->windows[WINDOW_PREGNANCY];
    if (h->pregnant) h->pregnancy = known;
}

static void read_removal(History *h)
{
    const Fact *f = fact(h, "hysterectomy");
    if (f == NULL || f->value == NULL || !same(f->value, "cervix_removed")) return;
    if (f->time == INSTANT_NONE) return;
    Report one = {date_of(f->time, h->c->offset_minutes), "hysterectomy", 0};
    if (one.date <= h->today) report_add(&h->removal, &one, h->model, false);
}

bool cervix_absent(const History *h)
{
    return h->removal.n > 0 || same(declared(h, "hysterectomy"), "cervix_removed");
}

History history_of(const CervicalModel *model, const Case *c, const Screen *screens, size_t n,
                   Date today, Arena *arena)
{
    History h = {.model = model, .c = c, .today = today};
    Reports *const lists[] = {&h.hpv,        &h.cytology,  &h.biopsy,
                              &h.colposcopy, &h.treatment, &h.removal};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        lists[i]->items = arena_alloc(arena, (n + 1) * sizeof *lists[i]->items);
    for (size_t i = 0; i < n; i++)
        take_screen(&h, &screens[i]);
    build_chain(&h);
    read_pregnancy(&h);
    read_removal(&h);
    return h;
}

/* --- marks -------------------- */

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
