/* Samples of one woman become rounds of screening: this one, and what the earlier ones still ask
 * for.
 *
 * A round is what one case holds until a test repeats: an HPV test and the cytology that triages
 * it are often two samples; a second HPV result begins a new round. Inside a round the newest
 * reading of a test holds, but one without a result never hides an older abnormal one. Across
 * rounds an old result never overrides a newer test; it only tells the guideline what is still
 * open (cervical/previous.tsv): a positive HPV test that was never triaged, an abnormal result
 * without colposcopy, a second invalid or unsatisfactory test in a row. */
#include "cervical.h"

#include <string.h>

static bool conclusive(Answer a)
{
    return a == ANSWER_POSITIVE || a == ANSWER_NEGATIVE;
}

static bool given(const Screen *s, Test test)
{
    return s->value[test][0] != '\0';
}

/* The screen whose reading of `test` holds; NULL = none has one. *again: it and the one before
 * gave no result. */
static const Screen *pick(const Screen *screens, size_t n, Test test, bool *again)
{
    const Screen *newest = NULL, *second = NULL;
    for (size_t i = 0; i < n; i++) {
        const Screen *s = &screens[i];
        if (!given(s, test)) continue;
        if (s->answer[test] == ANSWER_POSITIVE || (newest == NULL && conclusive(s->answer[test])))
            return s;
        if (newest == NULL)
            newest = s;
        else if (second == NULL)
            second = s;
    }
    *again = newest != NULL && ((test == TEST_HPV && newest->hpv_again) ||
                                (second != NULL && !conclusive(second->answer[test])));
    return newest;
}

Round round_of(const Screen *screens, size_t n)
{
    Round r = {0};
    for (int test = 0; test < TESTS; test++) {
        const Screen *s = pick(screens, n, (Test)test, &r.again[test]);
        r.value[test] = s ? s->value[test] : "";
        r.answer[test] = s ? s->answer[test] : ANSWER_NOT_ASSESSED;
        r.time[test] = s ? s->sample->collected : INSTANT_NONE;
    }
    return r;
}

static bool has_followup(const Screen *s)
{
    return given(s, TEST_COLPOSCOPY) || given(s, TEST_HISTOLOGY) || given(s, TEST_TREATMENT);
}

static bool followed_since(Instant time, const Screen *screens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has_followup(&screens[i]) && screens[i].sample->collected >= time) return true;
    return false;
}

static bool both_conclusive(const Screen *a, Test of_a, const Screen *b, Test of_b)
{
    return conclusive(a->answer[of_a]) && conclusive(b->answer[of_b]);
}

/* A conclusive test that a newer screen already gave begins an older round; so does cytology from
 * before the HPV test, which triages no later one unless it is a cotest. */
static bool older_round(const CervicalModel *m, const Screen *newer, const Screen *older)
{
    return both_conclusive(newer, TEST_HPV, older, TEST_HPV) ||
           both_conclusive(newer, TEST_CYTOLOGY, older, TEST_CYTOLOGY) ||
           (both_conclusive(newer, TEST_HPV, older, TEST_CYTOLOGY) &&
            newer->sample->collected - older->sample->collected > m->cotest_seconds);
}

size_t round_length(const CervicalModel *model, const Screen *screens, size_t n)
{
    for (size_t length = 1; length < n; length++) {
        if (strcmp(screens[length].sample->case_id, screens[0].sample->case_id) != 0) return length;
        for (size_t i = 0; i < length; i++)
            if (older_round(model, &screens[i], &screens[length])) return length;
    }
    return n;
}

static void insert_by_time(Screen *screens, size_t n, const Screen *one)
{
    size_t at = n;
    for (; at > 0 && screens[at - 1].sample->collected < one->sample->collected; at--)
        screens[at] = screens[at - 1];
    screens[at] = *one;
}

/* What is newer than this round is only noted. */
Screen *earlier_screens(size_t *n, bool *newer, const Case *c, const Woman *woman, Arena *arena)
{
    const Sample *now = woman->screens[0].sample;
    Screen *earlier = arena_alloc(arena, (c->n_history + woman->n) * sizeof *earlier);
    *n = 0;
    for (size_t i = woman->n_round; i < woman->n; i++)
        insert_by_time(earlier, (*n)++, &woman->screens[i]);
    for (size_t i = 0; i < c->n_history; i++) {
        const Sample *s = &c->history[i];
        Screen one;
        if (strcmp(s->assay, now->assay) != 0 || strcmp(s->person, now->person) != 0 ||
            s->subject != now->subject)
            continue;
        screen_read(&one, woman->model, s);
        if (one.usable && s->collected > now->collected)
            *newer = true;
        else if (one.usable)
            insert_by_time(earlier, (*n)++, &one);
    }
    return earlier;
}

/* When the round asked for something: at its abnormal test, else at its newest. */
static Instant asked_at(const Round *r)
{
    Instant any = INSTANT_NONE, abnormal = INSTANT_NONE;
    for (int test = TEST_HPV; test <= TEST_VISUAL; test++) {
        if (r->time[test] > any) any = r->time[test];
        if (r->answer[test] == ANSWER_POSITIVE && r->time[test] > abnormal)
            abnormal = r->time[test];
    }
    return abnormal != INSTANT_NONE ? abnormal : any;
}

static bool says_nothing(const char *previous)
{
    return strcmp(previous, "unsatisfactory") == 0 || strcmp(previous, "invalid") == 0;
}

static const char *judge_round(const Woman *woman, const Screen *earlier, size_t n, size_t first)
{
    Round r = round_of(&earlier[first], round_length(woman->model, &earlier[first], n - first));
    Instant asked = asked_at(&r);
    bool followed =
        followed_since(asked, woman->screens, woman->n_round) || followed_since(asked, earlier, n);
    const char *values[] = {r.value[TEST_HPV], r.value[TEST_CYTOLOGY], r.value[TEST_VISUAL],
                            followed ? "yes" : "no"};
    Decision d = decide(woman->model->previous, values);
    return d.row < 0 ? "none" : decide_output(woman->model->previous, d, "previous");
}

/* The newest earlier round; one without a result does not hide what an older one left open. */
static const char *previous_of(const Woman *woman, const Screen *earlier, size_t n)
{
    const char *newest = NULL;
    for (size_t i = 0; i < n; i += round_length(woman->model, &earlier[i], n - i)) {
        const char *p = judge_round(woman, earlier, n, i);
        if (newest == NULL && !says_nothing(p)) return p;
        if (newest != NULL && !says_nothing(p))
            return strcmp(p, "none") == 0 || strcmp(p, "negative") == 0 ? newest : p;
        newest = newest ? newest : p;
    }
    return newest ? newest : "none";
}

/* Histology of CIN2 or worse, or a treatment: nobody treats less. */
static bool any_cin2plus(const Screen *screens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int test = TEST_HISTOLOGY; test <= TEST_TREATMENT; test++)
            if (screens[i].classes[test] != NULL && screens[i].classes[test]->cin2plus) return true;
    return false;
}

/* A single genotype, not a channel of several. */
static bool is_genotype(const HpvType *t)
{
    return t->channel != CHANNEL_NONE &&
           !(t->whole && t->channel != CHANNEL_16 && t->channel != CHANNEL_18);
}

static bool shares_genotype(const CervicalModel *m, const Screen *a, const Screen *b)
{
    for (size_t i = 0; i < m->n_types; i++)
        if (is_genotype(&m->types[i]) && a->types[i].given && b->types[i].given &&
            a->types[i].answer == ANSWER_POSITIVE && b->types[i].answer == ANSWER_POSITIVE)
            return true;
    return false;
}

static const Screen *newest_hpv(const Screen *screens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (given(&screens[i], TEST_HPV)) return &screens[i];
    return NULL;
}

/* The same genotype in two HPV tests, one after the other, 6 to 12 months apart. */
static bool persists(const Woman *woman, const Case *c, const Screen *earlier, size_t n)
{
    const Screen *now = newest_hpv(woman->screens, woman->n_round), *then = newest_hpv(earlier, n);
    if (now == NULL || then == NULL || !shares_genotype(woman->model, now, then)) return false;
    Date a = date_of(then->sample->collected, c->offset_minutes),
         b = date_of(now->sample->collected, c->offset_minutes);
    const int *windows = woman->model->windows;
    return date_add_months(a, windows[WINDOW_PERSISTS_FROM]) <= b &&
           b <= date_add_months(a, windows[WINDOW_PERSISTS_TO]);
}

Past past_of(const Woman *woman, const Case *c, Arena *arena)
{
    Past past = {0};
    size_t n;
    const Screen *earlier = earlier_screens(&n, &past.newer, c, woman, arena);
    past.previous = previous_of(woman, earlier, n);
    past.persistent = persists(woman, c, earlier, n);
    past.cin2plus = any_cin2plus(earlier, n) || any_cin2plus(woman->screens, woman->n_round);
    return past;
}
