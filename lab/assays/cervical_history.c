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
