/* Why: a laboratory system may change a final result only by saying so. When it does, days later, the conclusion that was
 * told rests on a result that its instrument has taken back.
 * Method: HL7 v2.5.1, chapter 7, table 0085: C replaces a final result, W says that it was posted by mistake, D deletes it, X that none
 * can be had; F "can only be changed with a corrected result". So a different final result at the same place is a contradiction,
 * whatever its time, unless the earlier one said that there was no result (a repeat of an invalid test is how laboratories work). Numbers contradict each
 * other only at one time: a repeat of a measurement never gives the same digits.
 * Refuses: to choose between contradicting results. Words stay beside the mark, so that a positive is not lost; numbers do not, because the
 * last one would be believed. */
#include "standing.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_place(const Result *a, const Result *b)
{
    return same_text(a->specimen, b->specimen) && same_text(a->code, b->code) &&
           same_text(a->run, b->run) && same_text(a->well, b->well);
}

static bool same_outcome(const Result *a, const Result *b)
{
    return same_text(a->value, b->value) && same_text(a->unit, b->unit) &&
           (a->value != NULL ||
            (a->bound == b->bound && a->number <= b->number && a->number >= b->number));
}

static bool is_mark(const Result *r)
{
    return same_text(r->value, RESULT_TAKEN_BACK) || same_text(r->value, RESULT_CONTRADICTED);
}

/* A word that says that the test gave no answer. */
static bool is_inconclusive(const Result *r)
{
    static const char *const words[] = {"invalid",        "failed",       "unmatched",
                                        "unsatisfactory", "insufficient", "inadequate"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (same_text(r->value, words[i])) return true;
    return is_mark(r);
}

static bool contradict(const Result *a, const Result *b)
{
    if (!same_place(a, b) || same_outcome(a, b) || is_mark(a) || is_mark(b)) return false;
    if (a->time == b->time) return true;
    return a->value != NULL && b->value != NULL && !is_inconclusive(a) && !is_inconclusive(b);
}

void standing_begin(Standing *s, size_t n, Arena *arena)
{
    *s = (Standing){.items = arena_alloc(arena, (2 * n + 1) * sizeof *s->items),
                    .gone = arena_alloc(arena, (2 * n + 1) * sizeof *s->gone)};
}

static void put(Standing *s, const Result *r)
{
    s->items[s->n++] = *r;
}

/* Everything at the place of `r` goes. */
static void take_away(Standing *s, const Result *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        Result one = s->items[i];
        if (!same_place(&one, r))
            s->items[kept++] = one;
        else if (!is_mark(&one))
            s->gone[s->n_gone++] = one;
    }
    s->n = kept;
}

static bool is_gone(const Standing *s, const Result *r)
{
    for (size_t i = 0; i < s->n_gone; i++)
        if (same_place(&s->gone[i], r) && same_outcome(&s->gone[i], r) &&
            s->gone[i].time == r->time)
            return true;
    return false;
}

/* The mark of that value at the place of `r`; s->n = there is none. */
static size_t find_mark(const Standing *s, const Result *r, const char *value)
{
    size_t i = 0;
    while (i < s->n && !(same_place(&s->items[i], r) && same_text(s->items[i].value, value)))
        i++;
    return i;
}

static void mark(Standing *s, const Result *r, const char *value, ResultStanding standing)
{
    Result m = *r;
    m.value = value;
    m.number = 0;
    m.unit = "";
    m.time = INSTANT_NONE; /* never older than a result that it is about */
    m.standing = standing;
    put(s, &m);
}

static Taken contradicted(Standing *s, const Result *r)
{
    bool marked = find_mark(s, r, RESULT_CONTRADICTED) < s->n;
    size_t kept = 0;
    for (size_t i = 0; i < s->n && r->value == NULL; i++)
        if (!same_place(&s->items[i], r) || is_mark(&s->items[i])) s->items[kept++] = s->items[i];
    if (r->value == NULL)
        s->n = kept;
    else
        put(s, r);
    if (!marked) mark(s, r, RESULT_CONTRADICTED, RESULT_FINAL);
    return TAKEN_AGAINST;
}

static Taken take_final(Standing *s, const Result *r)
{
    if (is_gone(s, r)) return TAKEN_GONE;
    for (size_t i = 0; i < s->n; i++)
        if (contradict(&s->items[i], r)) return contradicted(s, r);
    if (r->value == NULL && find_mark(s, r, RESULT_CONTRADICTED) < s->n) return TAKEN_AGAINST;
    size_t withdrawn = find_mark(s, r, RESULT_TAKEN_BACK); /* measured again since */
    if (withdrawn < s->n) {
        memmove(&s->items[withdrawn], &s->items[withdrawn + 1],
                (s->n - withdrawn - 1) * sizeof *s->items);
        s->n--;
    }
    put(s, r);
    return TAKEN;
}

Taken standing_take(Standing *s, const Result *result)
{
    if (same_text(result->code, RESULT_UNKNOWN_TEST)) {
        put(s, result);
        return TAKEN;
    }
    if (result->standing == RESULT_FINAL) return take_final(s, result);
    take_away(s, result);
    if (result->standing == RESULT_WITHDRAWN)
        mark(s, result, RESULT_TAKEN_BACK, RESULT_WITHDRAWN);
    else
        put(s, result);
    return TAKEN;
}
