/* Counting for the summary. Every sample falls into exactly one state of exactly one centre and
 * assay, so the totals of the three tables are equal; tests hold them to it. Order of bars is
 * order of first appearance, that is of submission. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_SHOWN = 12 };

static size_t bar_of(const Page *page, Tally *t, const char *key, const char *label)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->keys[i], key) == 0) return i;
    if (t->n == t->capacity) {
        size_t capacity = t->capacity, same = capacity;
        t->bars = arena_grow(page->arena, t->bars, &capacity, sizeof *t->bars);
        capacity = same;
        t->keys = arena_grow(page->arena, t->keys, &capacity, sizeof *t->keys);
        capacity = same;
        t->rejected = arena_grow(page->arena, t->rejected, &capacity, sizeof *t->rejected);
        t->capacity = capacity;
    }
    t->bars[t->n] = (Bar){.label = label};
    t->keys[t->n] = key;
    t->rejected[t->n] = 0;
    return t->n++;
}

/* The counts of that bar; the bars may have moved, so it is found before it is counted. */
static size_t *counts_of(const Page *page, Tally *t, const char *key, const char *label)
{
    size_t bar = bar_of(page, t, key, label);
    return t->bars[bar].counts;
}

static const char *centre_label(const Page *page, const char *id)
{
    const Centre *centre = centre_find(reference_centres(page->reference), id);
    return centre ? page_centre(page, centre) : page_word(page, "label.centre_unknown");
}

Tally tally_all(const Page *page, const BatchView *view)
{
    Tally t = {0};
    size_t bar = bar_of(page, &t, "", page->stamp->batch);
    t.has_rejected = true;
    t.rejected[bar] = t.bars[bar].counts[TALLY_REJECTED] = view->n_rejected;
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++)
            t.bars[bar].counts[view->cases[i].samples[k].state]++;
    return t;
}

Tally tally_centres(const Page *page, const BatchView *view)
{
    Tally t = {.has_rejected = true};
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++) {
            const SampleRow *row = &view->cases[i].samples[k];
            const char *id = row->sample->submitter;
            counts_of(page, &t, id, centre_label(page, id))[row->state]++;
        }
    for (size_t i = 0; i < view->n_rejected; i++) {
        const char *id = view->rejected[i].centre ? view->rejected[i].centre : "";
        size_t bar = bar_of(page, &t, id, centre_label(page, id));
        t.rejected[bar]++;
        t.bars[bar].counts[TALLY_REJECTED]++;
    }
    return t;
}

Tally tally_assays(const Page *page, const BatchView *view)
{
    Tally t = {0};
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++) {
            const SampleRow *row = &view->cases[i].samples[k];
            const char *code = row->sample->assay;
            counts_of(page, &t, code, page_coded(page, "assay", code))[row->state]++;
        }
    return t;
}

static void count_answers(const Page *page, Tally *t, const Finding *findings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *code = findings[i].assay;
        counts_of(page, t, code, page_coded(page, "assay", code))[findings[i].answer]++;
    }
}

Tally tally_answers(const Page *page, const BatchView *view)
{
    Tally t = {0};
    for (size_t i = 0; i < view->n_cases; i++) {
        count_answers(page, &t, view->cases[i].findings, view->cases[i].n_findings);
        for (size_t k = 0; k < view->cases[i].n_samples; k++)
            count_answers(page, &t, view->cases[i].samples[k].findings,
                          view->cases[i].samples[k].n_findings);
    }
    return t;
}

bool tally_unmatched(const RejectedRow *row)
{
    return row->note.code != NULL && strcmp(row->note.code, "result.unmatched") == 0;
}

const char *tally_place(const Page *page, const Note *note)
{
    const char *row = note->row > 0 ? arena_print(page->arena, ":%ld", note->row) : "";
    return arena_print(page->arena, "%s%s", note->file, row);
}

static void add_trouble(const Page *page, Troubles *t, const Note *note, const char *sample)
{
    const char *sentence = page_note(page, note), *place = tally_place(page, note);
    const char *what =
        arena_print(page->arena, "%s%s%s", place, *place && *sample ? " " : "", sample);
    size_t i = 0;
    while (i < t->n && strcmp(t->items[i].sentence, sentence) != 0)
        i++;
    if (i == t->n) {
        if (t->n == t->capacity)
            t->items = arena_grow(page->arena, t->items, &t->capacity, sizeof *t->items);
        t->items[t->n++] = (Trouble){.sentence = sentence, .places = ""};
    }
    Trouble *trouble = &t->items[i];
    if (trouble->count < PLACES_SHOWN)
        trouble->places =
            arena_print(page->arena, "%s%s%s", trouble->places, *trouble->places ? "\n" : "", what);
    else if (trouble->count == PLACES_SHOWN)
        trouble->places = arena_print(page->arena, "%s\n…", trouble->places);
    trouble->count++;
}

/* Stable: a sort of few items by count, insertion order among equals. */
static void sort_troubles(Troubles *t)
{
    for (size_t i = 1; i < t->n; i++)
        for (size_t k = i; k > 0 && t->items[k].count > t->items[k - 1].count; k--) {
            Trouble lower = t->items[k - 1];
            t->items[k - 1] = t->items[k];
            t->items[k] = lower;
        }
}

Troubles tally_troubles(const Page *page, const BatchView *view)
{
    Troubles t = {0};
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++) {
            const SampleRow *row = &view->cases[i].samples[k];
            if (row->state == STATE_NOT_INTERPRETABLE)
                add_trouble(page, &t, &row->note, row->sample->id);
        }
    for (size_t i = 0; i < view->n_rejected; i++)
        if (!tally_unmatched(&view->rejected[i]))
            add_trouble(page, &t, &view->rejected[i].note, view->rejected[i].sample);
    sort_troubles(&t);
    return t;
}

static Destination *destination_of(const Page *page, Destinations *d, const Centre *centre)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->items[i].centre == centre) return &d->items[i];
    if (d->n == d->capacity)
        d->items = arena_grow(page->arena, d->items, &d->capacity, sizeof *d->items);
    d->items[d->n] = (Destination){.centre = centre, .earliest = DATE_NONE};
    return &d->items[d->n++];
}

static bool counted_before(const CaseRow *row, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (row->actions[k].to == row->actions[i].to) return true;
    return false;
}

static int by_level_and_id(const void *a, const void *b)
{
    const Centre *x = ((const Destination *)a)->centre, *y = ((const Destination *)b)->centre;
    return x->level != y->level ? (x->level < y->level ? 1 : -1) : strcmp(x->id, y->id);
}

Destinations tally_destinations(const Page *page, const BatchView *view)
{
    Destinations d = {0};
    for (size_t i = 0; i < view->n_cases; i++) {
        const CaseRow *row = &view->cases[i];
        for (size_t k = 0; k < row->n_actions; k++) {
            const Action *a = &row->actions[k];
            if (a->to == NULL || a->level == LEVEL_NONE) continue;
            Destination *to = destination_of(page, &d, a->to);
            to->referrals += counted_before(row, k) ? 0 : 1;
            if (a->due != DATE_NONE && (to->earliest == DATE_NONE || a->due < to->earliest))
                to->earliest = a->due;
        }
    }
    if (d.n > 1) qsort(d.items, d.n, sizeof *d.items, by_level_and_id);
    return d;
}
