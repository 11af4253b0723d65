/* The risk tables of ASCCP 2019 asked in the plainest way; a part of test_cervical_random.c. */
#ifndef SCREENLAB_CERVICAL_RISK_PLAIN_H
#define SCREENLAB_CERVICAL_RISK_PLAIN_H

typedef struct Risks {
    const Own *o;
    const Table *table;
    Arena *arena;
} Risks;

static const char *or_all(const char *cytology)
{
    return cytology[0] == '\0' ? "all" : cytology;
}

static const char *sign(const char *hpv)
{
    return in(hpv, "hpv16 hpv18") ? "positive" : hpv;
}

static const char *group_of(const char *cytology)
{
    return in(cytology, "asc_us lsil") ? "low" : in(cytology, "asc_h agc hsil") ? "high" : "none";
}

/* The row that asks for something: of this cytology, of its group, or of all that is not high-grade. */
static long find_row(const Risks *r, const char *history, const char *hpv, const char *cytology)
{
    const char *const names[] = {cytology, group_of(cytology), in(cytology, FINE) ? "all" : "-"};
    for (size_t k = 0; k < COUNT(names); k++) {
        const char *name = arena_print(r->arena, "%s:%s:%s", history, hpv, names[k]);
        for (size_t i = 0; i < r->table->n_rows; i++)
            if (strcmp(table_cell(r->table, i, 0), name) == 0 &&
                table_get(r->table, i, "action")[0] != '\0')
                return (long)i;
    }
    return -1;
}

/* "none", "hpv_negative", "cotest_negative", "hpv_positive/nilm" ... */
static const char *test_before(const Risks *r, size_t i)
{
    if (i >= r->o->chain.n) return "none";
    const char *cytology = beside(&r->o->cytology, r->o->chain.at[i].day),
               *hpv = sign(r->o->chain.at[i].word);
    if (in(cytology, "nilm") && in(hpv, "negative")) return "cotest_negative";
    return arena_print(r->arena, "hpv_%s%s%s", hpv, cytology[0] ? "/" : "", cytology);
}

/* The newest tests since a day: how many, when all are negative and all of one kind; else 0. */
static size_t clean_run(const Own *o, Date since, bool *alone)
{
    size_t n = 0, cotests = 0;
    while (n < o->chain.n && o->chain.at[n].day > since) {
        if (!negative_at(o, o->chain.at[n].day)) return 0;
        cotests += beside(&o->cytology, o->chain.at[n++].day)[0] != '\0';
    }
    *alone = cotests == 0;
    return cotests == 0 || cotests == n ? n : 0;
}

static long after_treatment(const Risks *r)
{
    const Own *o = r->o;
    const Date treated = day_at(&o->treatment, 0);
    bool alone = false;
    if (treated == DATE_NONE || day_at(&o->chain, 0) <= treated) return -1;
    const size_t n = clean_run(o, treated, &alone);
    if (n >= 2) /* every such run has its row */
        return table_find(r->table, arena_print(r->arena, "T5:cin2or3:%s_negative_x%d:-",
                                                alone ? "hpv" : "cotest", n == 2 ? 2 : 3));
    return find_row(r, "T5:cin2or3", sign(o->chain.at[0].word),
                    or_all(beside(&o->cytology, day_at(&o->chain, 0))));
}

typedef struct Referral {
    const char *hpv, *cytology;
    bool twice;
} Referral;

/* The newest HPV test of the year before the biopsy with its cytology, else the newest cytology of that year; "all" = there is none. */
static Referral referral_of(const Own *o)
{
    const Date biopsy = day_at(&o->biopsy, 0), from = date_add_months(biopsy, -12);
    Referral r = {"all", "all", false};
    for (size_t i = o->hpv.n; i-- > 0;)
        if (o->hpv.at[i].day >= from && o->hpv.at[i].day < biopsy) {
            r.hpv = sign(o->hpv.at[i].word);
            r.cytology = or_all(beside(&o->cytology, o->hpv.at[i].day));
            r.twice = in(word_at(&o->hpv, i + 1), POSITIVE);
        }
    for (size_t i = 0; i < o->cytology.n && in(r.cytology, "all"); i++)
        if (o->cytology.at[i].day >= from && o->cytology.at[i].day < biopsy)
            r.cytology = o->cytology.at[i].word;
    return r;
}

static bool referred(const Referral *r)
{
    return !in(r->hpv, "all") || !in(r->cytology, "all");
}

static long after_colposcopy(const Risks *r)
{
    const Own *o = r->o;
    const Date biopsy = day_at(&o->biopsy, 0);
    if (!in(word_at(&o->biopsy, 0), BENIGN) || day_at(&o->chain, 0) <= biopsy) return -1;
    const Referral by = referral_of(o);
    if (!referred(&by)) return -1;
    const char *grade = group_of(by.cytology), *since = "none";
    if (in(grade, "none") &&
        ((in(by.hpv, "positive") && in(by.cytology, "nilm")) || in(by.hpv, "negative")))
        grade = "low";
    const bool second = day_at(&o->chain, 1) > biopsy, third = day_at(&o->chain, 2) > biopsy;
    if (second) since = test_before(r, 1);
    if (second && !third && in(since, "hpv_negative/asc_us hpv_negative/lsil"))
        since = "hpv_negative/low";
    if (second && third)
        since =
            strcmp(since, test_before(r, 2)) == 0 ? arena_print(r->arena, "%s_x2", since) : "other";
    const Date cotest = beside_day(&o->cytology, day_at(&o->chain, 0));
    return find_row(r, arena_print(r->arena, "T4:%s:%s", grade, since), word_at(&o->chain, 0),
                    cotest > biopsy ? on_day(&o->cytology, cotest) : "all");
}

static long at_colposcopy(const Risks *r)
{
    const Own *o = r->o;
    const Date biopsy = day_at(&o->biopsy, 0);
    const char *word = word_at(&o->biopsy, 0);
    if (biopsy == DATE_NONE || day_at(&o->treatment, 0) > biopsy) return -1;
    if (in(word, "cin2 cin3 ais"))
        return table_find(r->table, arena_print(r->arena, "T3:any:%s", word));
    const Referral by = referral_of(o);
    if (day_at(&o->hpv, 0) > biopsy || day_at(&o->cytology, 0) > biopsy || !referred(&by))
        return -1;
    const char *cytology = by.cytology;
    if (in(cytology, "nilm")) cytology = by.twice ? "nilm_x2" : "nilm_once";
    const bool positive = in(by.hpv, "positive") && !in(group_of(cytology), "high");
    return table_find(r->table, arena_print(r->arena, "T3:%s%s:%s", positive ? "hpv_positive/" : "",
                                            cytology, word));
}

static long surveillance(const Risks *r)
{
    static const char passing[] = "cotest_negative hpv_negative hpv_positive/nilm "
                                  "hpv_negative/asc_us hpv_negative/lsil";
    const char *hpv = word_at(&r->o->chain, 0);
    const char *cytology = or_all(beside(&r->o->cytology, day_at(&r->o->chain, 0)));
    const char *one = test_before(r, 1), *two = test_before(r, 2), *three = test_before(r, 3);
    long row = -1;
    if (in(one, "cotest_negative") && in(two, "cotest_negative"))
        row = find_row(r, arena_print(r->arena, "T2:%s:cotest_negative_x2", three), hpv, cytology);
    if (row < 0) row = find_row(r, arena_print(r->arena, "T2:%s:%s", two, one), hpv, cytology);
    if (row < 0 && in(two, passing))
        row = find_row(r, arena_print(r->arena, "T2:none:%s", one), hpv, cytology);
    return row;
}

static long screening(const Risks *r)
{
    return find_row(r, arena_print(r->arena, "T1:%s", test_before(r, 1)), word_at(&r->o->chain, 0),
                    or_all(beside(&r->o->cytology, day_at(&r->o->chain, 0))));
}

/* The table whose row is hers; 0 = no row is. */
static size_t expect_risk(const View *v, const Own *o, const char *text)
{
    const Risks r = {o, v->h->model->risks, v->arena};
    long (*const tables[])(const Risks *r) = {screening, surveillance, at_colposcopy,
                                              after_colposcopy, after_treatment};
    long due = -1;
    size_t of = 5;
    for (; of > 0; of--) {
        if (of == 2 && (o->chain.n == 0 || unplaced(o))) {
            of = 0;
            break;
        }
        due = tables[of - 1](&r);
        if (due >= 0) break;
    }
    int table = 0;
    const long got = risk_find(&table, v);
    cr_assert_eq(got, due, "row %ld, want %ld of T%zu: %s", got, due, of, text);
    cr_assert(due < 0 || table == (int)of, "T%d, want T%zu: %s", table, of, text);
    return of;
}

#endif
