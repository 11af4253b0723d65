/* Samples of one woman become rounds of screening: this one, and what the earlier ones still ask for.
 *
 * A case is a round: an HPV test and the cytology that triages it are often two samples. Inside a round the newest reading of
 * a test holds, but one without a result never hides an older abnormal one. Across rounds an old result never
 * overrides a newer test; it only tells the guideline what is still open (cervical/previous.tsv): a positive HPV test
 * that was never triaged, an abnormal result without colposcopy, a second invalid or unsatisfactory test in a row. */
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

/* The screen whose reading of `test` holds; NULL = none has one. *again: it and the one before gave no result. */
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

static bool has_screening(const Screen *s)
{
    return given(s, TEST_HPV) || given(s, TEST_CYTOLOGY) || given(s, TEST_VISUAL);
}

static bool has_followup(const Screen *s)
{
    return given(s, TEST_COLPOSCOPY) || given(s, TEST_HISTOLOGY);
}

static bool followed_since(Instant time, const Screen *screens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has_followup(&screens[i]) && screens[i].sample->collected >= time) return true;
    return false;
}

/* Earlier screens of this woman, newest first; what is newer than `now` is only counted. */
static Screen *read_history(size_t *n, bool *newer, const CervicalModel *m, const Case *c,
                            const Sample *now, Arena *arena)
{
    Screen *screens = arena_alloc(arena, c->n_history * sizeof *screens);
    *n = 0;
    for (size_t i = 0; i < c->n_history; i++) {
        const Sample *s = &c->history[i];
        if (strcmp(s->assay, now->assay) != 0 || strcmp(s->person, now->person) != 0 ||
            s->subject != now->subject)
            continue;
        screen_read(&screens[*n], m, s);
        if (!screens[*n].usable) continue;
        if (s->collected > now->collected)
            *newer = true;
        else
            (*n)++;
    }
    return screens;
}

/* Screens of the case of `first`, which stand together unless two rounds interleave. */
static size_t round_length(const Screen *first, size_t n)
{
    size_t length = 1;
    while (length < n && strcmp(first[length].sample->case_id, first->sample->case_id) == 0)
        length++;
    return length;
}

static const char *judge_round(const CervicalModel *m, const Screen *screens, size_t n,
                               bool followed)
{
    Round r = round_of(screens, n);
    const char *values[] = {r.value[TEST_HPV], r.value[TEST_CYTOLOGY], r.value[TEST_VISUAL],
                            followed ? "yes" : "no"};
    Decision d = decide(m->previous, values);
    return d.row < 0 ? "none" : decide_output(m->previous, d, "previous");
}

static bool says_nothing(const char *previous)
{
    return strcmp(previous, "unsatisfactory") == 0 || strcmp(previous, "invalid") == 0;
}

/* The newest earlier round; one without a result does not hide what the round before it left open. */
static const char *previous_of(const CervicalModel *m, const Screen *history, size_t n,
                               const Screen *now, size_t n_now)
{
    const char *newest = NULL;
    for (size_t i = 0; i < n;) {
        const Screen *first = &history[i];
        size_t length = round_length(first, n - i);
        i += length;
        if (!has_screening(first) && length == 1) continue;
        Instant since = first->sample->collected;
        bool followed = followed_since(since, now, n_now) || followed_since(since, history, n);
        const char *p = judge_round(m, first, length, followed);
        if (newest == NULL && !says_nothing(p)) return p;
        if (newest != NULL && !says_nothing(p))
            return strcmp(p, "none") == 0 || strcmp(p, "negative") == 0 ? newest : p;
        newest = newest ? newest : p;
    }
    return newest ? newest : "none";
}

static bool any_cin2plus(const Screen *screens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (screens[i].classes[TEST_HISTOLOGY] != NULL &&
            screens[i].classes[TEST_HISTOLOGY]->cin2plus)
            return true;
    return false;
}

Past past_of(const CervicalModel *model, const Case *c, const Screen *screens, size_t n,
             Arena *arena)
{
    Past past = {0};
    size_t n_history;
    const Screen *history =
        read_history(&n_history, &past.newer, model, c, screens[0].sample, arena);
    past.previous = previous_of(model, history, n_history, screens, n);
    past.cin2plus = any_cin2plus(history, n_history) || any_cin2plus(screens, n);
    return past;
}
