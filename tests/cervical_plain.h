/* A woman's visits cast by dice, and her lists of reports said plainly, newest first: what test_cervical_random.c compares the code with. */
#ifndef SCREENLAB_CERVICAL_PLAIN_H
#define SCREENLAB_CERVICAL_PLAIN_H

#include "cervical_fixture.h"
#include "chance.h"
#include "lab/assays/cervical_guideline.h"

#include <stdlib.h>

enum { VISITS = 9, COTEST_DAYS = 1 };

/* One day; "" = not done. */
typedef struct Visit {
    Date day;
    const char *hpv, *cytology, *histology, *treatment;
} Visit;

/* Reports of one kind, newest first. */
typedef struct List {
    struct {
        Date day;
        const char *word;
    } at[VISITS];
    size_t n;
} List;

typedef struct Own {
    Date today;
    List hpv, cytology, biopsy, treatment, removal, chain;
} Own;

/* --- casting --- */

static inline const char *one_of(const char *const *words, size_t n)
{
    return words[chance((uint32_t)n)];
}

#define ONE_OF(words) one_of(words, COUNT(words))

/* Days and months at which a window ends, and one day beside them. */
static inline Date earlier_day(Date day)
{
    static const int months[] = {1, 6, 12, 12, 12, 24, 24, 36, 60, 66, 120, 300};
    const unsigned kind = chance(8);
    if (kind == 0) return day - 1;
    if (kind == 1) return day - 2;
    if (kind == 2) return day - 1 - (Date)chance(900);
    return date_add_months(day, -months[chance(kind < 6 ? 7 : COUNT(months))]) + (Date)chance(3) -
           1;
}

static inline size_t cast(Visit *v, Date today)
{
    static const char *const hpv[] = {"negative", "negative", "positive", "positive", "hpv16",
                                      "hpv18",    "unknown",  "",         "negative", ""};
    static const char *const cytology[] = {"nilm", "nilm",  "nilm", "asc_us", "lsil",
                                           "agc",  "asc_h", "hsil", "",       ""};
    static const char *const histology[] = {"normal", "cin1", "normal", "cin1",
                                            "cin2",   "hsil", "cin3",   "ais"};
    static const char *const treatment[] = {"excision", "ablation", "hysterectomy"};
    const bool quiet = chance(3) == 0; /* nothing but HPV with or without cytology */
    size_t n = 0;
    Date day = chance(3) == 0 ? earlier_day(today) : today;
    if (day > today) day = today;
    for (const size_t most = 1 + chance(VISITS); n < most; n++) {
        v[n] = (Visit){day, ONE_OF(hpv), ONE_OF(cytology), "", ""};
        if (quiet && chance(2) == 0) v[n].hpv = "negative", v[n].cytology = "nilm";
        if (!quiet && chance(3) == 0) v[n].histology = ONE_OF(histology);
        if (!quiet && chance(7) == 0) v[n].treatment = ONE_OF(treatment);
        if (chance(5) == 0) v[n].hpv = v[n].cytology = "";
        const Date next = earlier_day(day);
        day = next < day ? next : day - 1;
    }
    return n;
}

static inline const char *text_of(const Visit *v, size_t n, Arena *arena)
{
    static const char *const hpv[][2] = {{"negative", " 16=- 18=- o=-"},
                                         {"positive", " 16=- 18=- o=+"},
                                         {"hpv16", " 16=+ 18=- o=-"},
                                         {"hpv18", " 16=- 18=+ o=-"},
                                         {"unknown", " p=i"}};
    const char *text = "";
    for (size_t i = 0; i < n; i++) {
        char day[DATE_TEXT];
        date_print(day, v[i].day);
        text = arena_print(arena, "%s%s%s c%zu", text, i > 0 ? "; " : "", day, i);
        for (size_t k = 0; k < COUNT(hpv); k++)
            if (strcmp(hpv[k][0], v[i].hpv) == 0)
                text = arena_print(arena, "%s%s", text, hpv[k][1]);
        if (v[i].cytology[0]) text = arena_print(arena, "%s cyt=%s", text, v[i].cytology);
        if (v[i].histology[0]) text = arena_print(arena, "%s his=%s", text, v[i].histology);
        if (v[i].treatment[0]) text = arena_print(arena, "%s treatment=%s", text, v[i].treatment);
    }
    return text;
}

/* --- her lists, said plainly --- */

static inline void take(List *to, const Visit *v, const char *word, Date from)
{
    if (word[0] == '\0' || v->day < from) return;
    to->at[to->n].day = v->day;
    to->at[to->n++].word = word;
}

static inline Own own_of(const Visit *v, size_t n, Date today)
{
    Own o = {.today = today};
    for (size_t i = 0; i < n; i++) {
        const bool removed = strcmp(v[i].treatment, "hysterectomy") == 0;
        take(&o.hpv, &v[i], v[i].hpv, date_add_months(today, -120));
        take(&o.cytology, &v[i], v[i].cytology, date_add_months(today, -120));
        take(&o.biopsy, &v[i], v[i].histology, date_add_months(today, -300));
        take(removed ? &o.removal : &o.treatment, &v[i], v[i].treatment, INT32_MIN + 1);
    }
    Date next = today;
    for (size_t i = 0; i < o.hpv.n && i < 4; i++) {
        if (o.hpv.at[i].day < date_add_months(next, -66)) break;
        o.chain.at[o.chain.n++] = o.hpv.at[i];
        next = o.hpv.at[i].day;
    }
    return o;
}

/* Days of what is not there are before every day. */
static inline Date day_at(const List *l, size_t i)
{
    return i < l->n ? l->at[i].day : DATE_NONE;
}

static inline const char *word_at(const List *l, size_t i)
{
    return i < l->n ? l->at[i].word : "";
}

static inline bool in(const char *word, const char *list)
{
    const char *at = word[0] == '\0' ? NULL : strstr(list, word);
    for (; at != NULL; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[strlen(word)] == ' ' || !at[strlen(word)]))
            return true;
    return false;
}

#define POSITIVE "positive hpv16 hpv18"
#define ABNORMAL "asc_us lsil asc_h agc hsil"
#define FINE     "nilm asc_us lsil"
#define BENIGN   "normal cin1"

/* The report of the same visit; "" = none. */
static inline const char *beside(const List *l, Date day)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].day - day <= COTEST_DAYS && day - l->at[i].day <= COTEST_DAYS)
            return l->at[i].word;
    return "";
}

static inline const char *on_day(const List *l, Date day)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].day == day) return l->at[i].word;
    return "";
}

static inline Date newest_in(const List *l, const char *words)
{
    for (size_t i = 0; i < l->n; i++)
        if (in(l->at[i].word, words)) return l->at[i].day;
    return DATE_NONE;
}

/* Reports of those words after a day; DATE_NONE: of all times. */
static inline int after(const List *l, Date day, const char *words)
{
    int n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->at[i].day > day && in(l->at[i].word, words);
    return n;
}

static inline bool negative_at(const Own *o, Date day)
{
    const char *cytology = beside(&o->cytology, day);
    return in(on_day(&o->hpv, day), "negative") && (!cytology[0] || in(cytology, "nilm"));
}

static inline bool followed(const Own *o, Date day)
{
    return day_at(&o->biopsy, 0) > day || day_at(&o->treatment, 0) > day;
}

static inline bool low(const Own *o, size_t i)
{
    const char *word = word_at(&o->cytology, i), *hpv = beside(&o->hpv, day_at(&o->cytology, i));
    return in(word, "lsil") || (in(word, "asc_us") && (!hpv[0] || in(hpv, POSITIVE)));
}

/* The n-th negative test after a day, counted from 1; n = 0: the newest. */
static inline Date negative_after(const Own *o, Date day, int nth)
{
    Date found = DATE_NONE;
    int n = 0;
    for (size_t i = o->hpv.n; day != DATE_NONE && i-- > 0;)
        if (o->hpv.at[i].day > day && negative_at(o, o->hpv.at[i].day) && (++n == nth || nth == 0))
            found = o->hpv.at[i].day;
    return found;
}

/* --- the same woman as the code sees her --- */

static inline const CervicalModel *asccp(const Reference *r)
{
    const CervicalModels *models = reference_model(r, "cervical");
    for (size_t i = 0; i < models->n; i++)
        if (strcmp(models->items[i].policy, "asccp2019") == 0) return &models->items[i];
    cr_assert_fail("no such policy");
    return NULL;
}

/* Reports newest first, of which the first n_round are this round's. */
static inline View *view_of(const char *text, const char *facts, const CervicalModel *model,
                            Date today, Arena *arena)
{
    Sample *samples = arena_alloc(arena, MOST * sizeof *samples);
    Screen *screens = arena_alloc(arena, MOST * sizeof *screens);
    Case *c = arena_alloc(arena, sizeof *c);
    Woman *woman = arena_alloc(arena, sizeof *woman);
    Round *round = arena_alloc(arena, sizeof *round);
    Past *past = arena_alloc(arena, sizeof *past);
    History *h = arena_alloc(arena, sizeof *h);
    View *v = arena_alloc(arena, sizeof *v);
    const size_t n = add_samples(samples, text, MATERIAL_CERVICAL, "S", arena);
    *c = (Case){.id = "c0", .offset_minutes = 480, .samples = samples, .n_samples = n};
    Fact *declared = arena_alloc(arena, MOST * sizeof *declared);
    c->n_facts = add_facts(declared, facts, arena);
    c->facts = declared;
    for (size_t i = 0; i < n; i++)
        screen_read(&screens[i], model, &samples[i]);
    *woman = (Woman){model, screens, n, round_length(model, screens, n)};
    *round = round_of(screens, woman->n_round);
    *past = past_of(woman, c, arena);
    *h = history_of(model, c, screens, n, today, arena);
    *v = (View){.h = h,
                .woman = woman,
                .round = round,
                .past = past,
                .hpv_state = round->value[TEST_HPV],
                .special = "none",
                .arena = arena};
    return v;
}

#endif
