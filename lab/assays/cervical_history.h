/* cervical_history - one woman's reports in order of time, and the marks that rules measure from.
 *
 *     History h = history_of(&woman, c, screens, n, today, arena);
 *     Date biopsy = history_mark(&h, mark_find("biopsy"));        // DATE_NONE = there is none
 *     const char *word = history_word(&h, mark_find("biopsy"));   // "cin1"; "" = there is none */
#ifndef SCREENLAB_CERVICAL_HISTORY_H
#define SCREENLAB_CERVICAL_HISTORY_H

#include "cervical.h"

/* One report: all results of one test on one day. */
typedef struct Report {
    Date date;
    const char *word; /* the risk tables' word of its most severe result, else the class's own */
    uint64_t seen;    /* all classes of it, one bit a row of classes.tsv */
} Report;

/* Newest first. */
typedef struct Reports {
    Report *items;
    size_t n;
} Reports;

typedef struct History {
    const CervicalModel *model;
    const Case *c;
    Date today; /* the day of the judgement: of the newest sample, or the caller's */
    Reports hpv, cytology, biopsy, colposcopy, treatment, removal;
    const Report *chain[4];   /* the newest HPV tests that still belong together */
    const Report *cotests[4]; /* cytology of the same visit as chain[i] */
    Date pregnancy;           /* first day that a pregnancy is known of; DATE_NONE = none holds */
    bool pregnant;
} History;

History history_of(const CervicalModel *model, const Case *c, const Screen *screens, size_t n,
                   Date today, Arena *arena);

/* Marks: "today", "hpv", "cyt2", "cin3" ... by place in a table; -1 = no such mark. */
int mark_find(const char *name, size_t length);
Date history_mark(const History *h, int mark);
const Report *history_report(const History *h, int mark); /* NULL = none, or not a report */

bool report_has(const Report *report, const CervicalModel *model, const char *class_value);
bool word_in(const char *word, const char *const *list);  /* NULL-terminated */
const char *declared(const History *h, const char *code); /* "" = not declared */

/* Months between two days: whole ones that have passed, and begun ones. -1 = `to` is before. */
int months_passed(Date from, Date to);
int months_begun(Date from, Date to);

/* HPV negative, alone or with NILM of the same visit: a negative surveillance test. */
bool negative_test(const History *h, const Report *hpv);
/* Cytology of the same visit; NULL = HPV alone. */
const Report *same_visit(const History *h, const Reports *reports, Date date);
bool cervix_absent(const History *h);

#endif
