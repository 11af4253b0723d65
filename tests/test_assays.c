/* What each assay opens, uses and draws: the row that the rest of the program goes by. */
#include "lab/assays/assay.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* c calls, b bins, t traces, r results; u meets unreadable facts, f never opened of a fetus, h history, a rests on all tables, d draws. */
static const struct {
    const char *code, *flags;
    const char *facts; /* first fact; "" = none, "*" = any */
    size_t n_facts, n_tables;
    const char *table; /* first */
} rows[] = {
    {"carrier", "cr", "", 0, 3, "carrier/panel"},
    {"cervical", "ruh", "birth_date", 14, 12, "cervical/types"},
    {"serum", "ra", "birth_date", 14, 11, "serum/parameters"},
    {"newborn", "ra", "birth_date", 7, 3, "newborn/cutoffs"},
    {"nipt", "bd", "birth_date", 4, 2, "nipt/settings"},
    {"qfpcr", "td", "*", 0, 10, "fragment/kits"},
    {"mlpa", "td", "", 0, 4, "mlpa/kits"},
    {"fmr1", "tfd", "", 0, 4, "fmr1/kits"},
    {"sanger", "trd", "", 0, 3, "sanger/slices"},
};

static size_t count(const char *const *list)
{
    size_t n = 0;
    while (list != NULL && list[n] != NULL)
        n++;
    return n;
}

Test(assays, each_says_what_it_opens)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Assay *a = assays[i];
        const char *flags = rows[i].flags;
        cr_assert_not_null(a, "%s", rows[i].code);
        cr_expect_str_eq(a->code, rows[i].code);
        cr_expect_eq(assay_find(rows[i].code), a);
        cr_expect_eq(a->takes_calls, strchr(flags, 'c') != NULL, "%s", a->code);
        cr_expect_eq(a->takes_bins, strchr(flags, 'b') != NULL, "%s", a->code);
        cr_expect_eq(a->takes_traces, strchr(flags, 't') != NULL, "%s", a->code);
        cr_expect_eq(a->takes_results, strchr(flags, 'r') != NULL, "%s", a->code);
        cr_expect_eq(a->meets_unreadable, strchr(flags, 'u') != NULL, "%s", a->code);
        cr_expect_eq(a->never_fetal, strchr(flags, 'f') != NULL, "%s", a->code);
        cr_expect_eq(a->uses_history, strchr(flags, 'h') != NULL, "%s", a->code);
        cr_expect_eq(a->rests_on_all, strchr(flags, 'a') != NULL, "%s", a->code);
        cr_expect_eq(a->draw != NULL, strchr(flags, 'd') != NULL, "%s", a->code);
        cr_expect_eq(a->facts == NULL, rows[i].facts[0] == '*', "%s", a->code);
        cr_expect_eq(count(a->facts), rows[i].n_facts, "%s", a->code);
        if (rows[i].n_facts > 0) cr_expect_str_eq(a->facts[0], rows[i].facts);
        cr_expect_eq(count(a->tables), rows[i].n_tables, "%s", a->code);
        cr_expect_str_eq(a->tables[0], rows[i].table);
        cr_expect(a->interpret != NULL && a->prepare != NULL, "%s", a->code);
        cr_expect_eq(a->sites != NULL, a->takes_calls, "%s", a->code);
        cr_expect_eq(a->maternal_row != NULL, a->disclose != NULL, "%s", a->code);
    }
    cr_expect_null(assays[COUNT(rows)]);
    cr_expect(assay_find("") == NULL && assay_find("serums") == NULL && assay_find("ser") == NULL);
}
