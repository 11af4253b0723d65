/* A figure is only as good as its denominator: "really came" of "should have come". So both are expressions over what the ledger holds of a case
 * (tags), in a table that a statistician can read; where the ledger cannot know the denominator (how many women live there) the figure says
 * which table it needs, and is never guessed.
 *
 * Method: a case's findings, coded outcomes, steps, assay and age give it tags by care/tags (64 bits). An expression is alternatives of tags
 * that must and must not be there. Cases are counted at the centre that submitted them and added up the tree of centres.
 * Small numbers: a cell of 1 to least - 1 cases, or one that differs from its whole by as few, is not told (primary). What could be computed from
 * the rest is not told either (complementary): where a parent is told and the hidden numerators or denominators of its children would add up to one
 * cell, or to fewer than `least` cases, the smallest told child is hidden too, until they do not (the method of Cox, "Suppression
 * methodology and statistical disclosure control", J Am Stat Assoc 1980;75:377-385, in its simplest form: one dimension at a time). Months of one centre
 * are treated like children of their sum. What is left: combining different indicators that share cases is not ruled out.
 * Refuses: a tag that no row gives, more than 64 tags, a form it does not know. */
#include "indicators.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TAGS = 64, MOST_TERMS = 8, MOST_DAYS = 200, WORD = 64 };

typedef struct Term {
    uint64_t with, without;
} Term;

typedef struct Expression {
    Term terms[MOST_TERMS];
    size_t n;
} Expression;

typedef struct Rule { /* a row of care/tags */
    TagSource source;
    uint64_t tag;
    const char *code, *item, *answer, *value;
} Rule;

struct IndicatorBook {
    const Reference *reference;
    Indicator *items;
    Expression *numerators, *denominators;
    double *numbers; /* column number, NAN when it is none */
    size_t n;
    Rule *rules;
    size_t n_rules;
    const char *names[MOST_TAGS];
    size_t n_names;
    double least;
};

typedef struct Cell {
    int64_t numerator, denominator;
    bool hidden;
} Cell;

struct IndicatorCounts {
    const IndicatorBook *book;
    const Centres *centres;
    size_t n_months;
    Date from, until;
    Cell *own;      /* [indicator][centre][month]: what the centre itself submitted */
    Cell *whole;    /* [indicator][centre]: with all below it */
    Cell *months;   /* [indicator][month] of one centre */
    uint32_t *days; /* [indicator][centre][MOST_DAYS + 1] of medians, NULL rows else */
    Arena *arena;
};

/* ---- tables ---- */

static Status fault(const Table *t, const char *code, size_t row, const char *detail, Note *why)
{
    return note_fail(why, REFUSED, code, (Place){.file = t->info.path, .row = t->lines[row]}, "%s",
                     detail);
}

/* The bit of that name; 0 when there is no room for another. */
static uint64_t tag_of(IndicatorBook *book, const char *name, bool may_add)
{
    for (size_t i = 0; i < book->n_names; i++)
        if (strcmp(book->names[i], name) == 0) return UINT64_C(1) << i;
    if (!may_add || book->n_names == MOST_TAGS) return 0;
    book->names[book->n_names] = name;
    return UINT64_C(1) << book->n_names++;
}

static bool source_of(TagSource *out, const char *word)
{
    static const char *const words[] = {"sample", "finding", "outcome", "step", "age"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (TagSource)i;
            return true;
        }
    return false;
}

static Status read_rules(IndicatorBook *book, const Table *t, Arena *arena, Note *why)
{
    book->rules = arena_alloc(arena, (t->n_rows + 1) * sizeof *book->rules);
    for (size_t r = 0; r < t->n_rows; r++) {
        Rule *rule = &book->rules[book->n_rules++];
        *rule = (Rule){.tag = tag_of(book, table_get(t, r, "tag"), true),
                       .code = table_get(t, r, "code"),
                       .item = table_get(t, r, "item"),
                       .answer = table_get(t, r, "answer"),
                       .value = table_get(t, r, "value")};
        if (!source_of(&rule->source, table_get(t, r, "source")) || rule->tag == 0)
            return fault(t, "indicator.form", r, table_get(t, r, "tag"), why);
    }
    return OK;
}

/* "a b|!c": words into one term until the next bar. False with the word that is no tag. */
static bool read_expression(Expression *out, IndicatorBook *book, const char *text, char word[WORD])
{
    *out = (Expression){.n = *text != '\0' ? 1 : 0};
    while (*text != '\0') {
        if (*text == ' ' || *text == '|') {
            if (*text++ == '|' && out->n++ == MOST_TERMS) return false;
            continue;
        }
        bool negated = *text == '!';
        text += negated;
        size_t n = strcspn(text, " |");
        if (n == 0 || n >= WORD) return false;
        memcpy(word, text, n);
        word[n] = '\0';
        uint64_t tag = tag_of(book, word, false);
        if (tag == 0) return false;
        Term *term = &out->terms[out->n - 1];
        *(negated ? &term->without : &term->with) |= tag;
        text += n;
    }
    return true;
}

static bool kind_of(IndicatorKind *out, const char *word)
{
    static const char *const words[] = {"share", "ratio", "within", "median"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (IndicatorKind)i;
            return true;
        }
    return false;
}

static double number_or_nan(const Table *t, size_t row, const char *column)
{
    double value;
    return table_number(t, row, table_column(t, column), &value) ? value : NAN;
}

static Status read_indicator(IndicatorBook *book, const Table *t, size_t r, Note *why)
{
    char word[WORD] = "";
    Indicator *i = &book->items[r];
    *i = (Indicator){.id = table_get(t, r, "id"),
                     .group = table_get(t, r, "group"),
                     .needs = table_get(t, r, "needs"),
                     .numerator = table_get(t, r, "numerator"),
                     .denominator = table_get(t, r, "denominator"),
                     .number = table_get(t, r, "number"),
                     .source = table_get(t, r, "source"),
                     .low = number_or_nan(t, r, "low"),
                     .high = number_or_nan(t, r, "high")};
    book->numbers[r] = number_or_nan(t, r, "number");
    if (!kind_of(&i->kind, table_get(t, r, "kind")))
        return fault(t, "indicator.form", r, table_get(t, r, "kind"), why);
    if (!read_expression(&book->numerators[r], book, i->numerator, word) ||
        !read_expression(&book->denominators[r], book, i->denominator, word))
        return fault(t, "indicator.tag", r, word, why);
    return OK;
}

Status indicators_open(IndicatorBook **out, const Reference *reference, Arena *arena, Note *why)
{
    static const char *const names[] = {"care/tags", "care/indicators", "care/suppression"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (reference_table(reference, names[i]) == NULL)
            return note_fail(why, REFUSED, "indicator.table", (Place){.file = names[i]}, NULL);
    const Table *t = reference_table(reference, names[1]),
                *least = reference_table(reference, names[2]);
    IndicatorBook *book = arena_alloc(arena, sizeof *book);
    book->reference = reference;
    book->n = t->n_rows;
    book->items = arena_alloc(arena, (book->n + 1) * sizeof *book->items);
    book->numerators = arena_alloc(arena, (book->n + 1) * sizeof *book->numerators);
    book->denominators = arena_alloc(arena, (book->n + 1) * sizeof *book->denominators);
    book->numbers = arena_alloc(arena, (book->n + 1) * sizeof *book->numbers);
    long row = table_find(least, "least");
    if (row < 0 || !table_number(least, (size_t)row, table_column(least, "value"), &book->least))
        return note_fail(why, REFUSED, "indicator.table", (Place){.file = names[2]}, NULL);
    Status s = read_rules(book, reference_table(reference, names[0]), arena, why);
    for (size_t r = 0; r < book->n && s == OK; r++)
        s = read_indicator(book, t, r, why);
    if (s == OK) *out = book;
    return s;
}

size_t indicators_size(const IndicatorBook *book)
{
    return book->n;
}

const Indicator *indicators_at(const IndicatorBook *book, size_t i)
{
    return &book->items[i];
}

/* ---- tags ---- */

static bool among(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list != '\0') {
        size_t length = strcspn(list, "|");
        if (length == n && strncmp(list, word, n) == 0) return true;
        list += length + (list[length] == '|');
    }
    return false;
}

static bool fits(const char *pattern, const char *word)
{
    if (strcmp(pattern, "*") == 0) return true;
    return pattern[0] == '!' ? !among(pattern + 1, word) : among(pattern, word);
}

/* "35..64" */
static bool fits_age(const char *range, int age)
{
    char *end;
    long low = strtol(range, &end, 10);
    if (strncmp(end, "..", 2) != 0) return false;
    return age >= low && age <= strtol(end + 2, NULL, 10);
}

static bool rule_fits(const Rule *r, const TagEvent *e)
{
    if (r->source != e->source) return false;
    switch (e->source) {
    case TAG_AGE:
        return fits_age(r->value, e->age);
    case TAG_SAMPLE:
        return fits(r->code, e->code);
    case TAG_STEP:
        return fits(r->value, e->value);
    case TAG_OUTCOME:
        return fits(r->code, e->code) && fits(r->value, e->value);
    case TAG_FINDING:
        break;
    }
    return fits(r->code, e->code) && fits(r->item, e->item) &&
           fits(r->answer, answer_code(e->answer)) && fits(r->value, e->value);
}

uint64_t indicators_tag(const IndicatorBook *book, const TagEvent *event)
{
    uint64_t tags = 0;
    for (size_t i = 0; i < book->n_rules; i++)
        if ((tags & book->rules[i].tag) == 0 && rule_fits(&book->rules[i], event))
            tags |= book->rules[i].tag;
    return tags;
}

/* ---- counting ---- */

static bool holds(const Expression *e, uint64_t tags)
{
    for (size_t i = 0; i < e->n; i++)
        if ((tags & e->terms[i].with) == e->terms[i].with && (tags & e->terms[i].without) == 0)
            return true;
    return false;
}

IndicatorCounts *indicators_new(const IndicatorBook *book, const Reference *reference,
                                size_t n_months, Arena *arena)
{
    IndicatorCounts *c = arena_alloc(arena, sizeof *c);
    const Centres *centres = reference_centres(reference);
    *c = (IndicatorCounts){.book = book, .centres = centres, .n_months = n_months, .arena = arena};
    c->own = arena_alloc(arena, (book->n * centres->n * n_months + 1) * sizeof *c->own);
    c->whole = arena_alloc(arena, (book->n * centres->n + 1) * sizeof *c->whole);
    c->months = arena_alloc(arena, (book->n * n_months + 1) * sizeof *c->months);
    c->days = arena_alloc(arena, (book->n * centres->n * (MOST_DAYS + 1) + 1) * sizeof *c->days);
    return c;
}

static Cell *own_cell(const IndicatorCounts *c, size_t i, size_t centre, size_t month)
{
    return &c->own[(i * c->centres->n + centre) * c->n_months + month];
}

static Cell *whole_cell(const IndicatorCounts *c, size_t i, size_t centre)
{
    return &c->whole[i * c->centres->n + centre];
}

static uint32_t *days_of(const IndicatorCounts *c, size_t i, size_t centre)
{
    return &c->days[(i * c->centres->n + centre) * (MOST_DAYS + 1)];
}

static void count_timed(IndicatorCounts *counts, size_t i, const TaggedCase *c, Cell *cell)
{
    if (c->days < 0) return;
    cell->denominator++;
    if (counts->book->items[i].kind == INDICATOR_WITHIN)
        cell->numerator += c->days <= counts->book->numbers[i];
    else
        days_of(counts, i, c->centre)[c->days < MOST_DAYS ? c->days : MOST_DAYS]++;
}

void indicators_count(IndicatorCounts *counts, const TaggedCase *c)
{
    const IndicatorBook *book = counts->book;
    for (size_t i = 0; i < book->n; i++) {
        Cell *cell = own_cell(counts, i, c->centre, c->month);
        if (book->items[i].kind >= INDICATOR_WITHIN) {
            if (holds(&book->numerators[i], c->tags)) count_timed(counts, i, c, cell);
            continue;
        }
        cell->numerator += holds(&book->numerators[i], c->tags);
        cell->denominator += holds(&book->denominators[i], c->tags);
    }
}

/* ---- denominators from a table ---- */

/* Sum of the rows of that centre and group whose period holds the whole period asked for; -1 = none. */
static int64_t population(const IndicatorCounts *c, size_t i, const Centre *centre)
{
    const Table *t = reference_table(c->book->reference, c->book->items[i].needs);
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        Date from, until;
        double count;
        if (strcmp(table_get(t, r, "centre"), centre->id) != 0 ||
            strcmp(table_get(t, r, "group"), c->book->items[i].number) != 0 ||
            !date_parse(&from, table_get(t, r, "from")) ||
            !date_parse(&until, table_get(t, r, "until")) || from > c->from || until < c->until ||
            !table_number(t, r, table_column(t, "count"), &count))
            continue;
        return (int64_t)count;
    }
    return -1;
}

/* ---- small numbers ---- */

static bool is_small(const IndicatorCounts *c, int64_t n)
{
    return n > 0 && (double)n < c->book->least;
}

static bool tells_too_much(const IndicatorCounts *c, size_t i, const Cell *cell)
{
    IndicatorKind kind = c->book->items[i].kind;
    if (is_small(c, cell->denominator)) return true;
    if (kind == INDICATOR_MEDIAN) return false;
    if (is_small(c, cell->numerator)) return true;
    return kind != INDICATOR_RATIO && is_small(c, cell->denominator - cell->numerator);
}

typedef struct Hidden {
    size_t n;
    int64_t numerator, denominator;
} Hidden;

static bool gives_away(const IndicatorCounts *c, const Hidden *h)
{
    return h->n == 1 || (h->n > 0 && (is_small(c, h->numerator) || is_small(c, h->denominator)));
}

/* Hides further cells of a list whose sum is told, smallest first, until what is hidden cannot be computed. */
static void complete(const IndicatorCounts *c, Cell *const *cells, size_t n)
{
    for (;;) {
        Hidden h = {0};
        Cell *smallest = NULL;
        for (size_t k = 0; k < n; k++) {
            if (cells[k]->hidden) {
                h.n++;
                h.numerator += cells[k]->numerator;
                h.denominator += cells[k]->denominator;
            } else if (cells[k]->denominator + cells[k]->numerator > 0 &&
                       (smallest == NULL || cells[k]->denominator < smallest->denominator)) {
                smallest = cells[k];
            }
        }
        if (smallest == NULL || !gives_away(c, &h)) return;
        smallest->hidden = true;
    }
}

/* The children of a centre, and what it submitted itself, which is no less a part of its sum. */
static void complete_below(const IndicatorCounts *c, size_t i, size_t parent, Cell **cells)
{
    size_t n = 0;
    Cell *own = arena_alloc(c->arena, sizeof *own);
    for (size_t m = 0; m < c->n_months; m++) {
        own->numerator += own_cell(c, i, parent, m)->numerator;
        own->denominator += own_cell(c, i, parent, m)->denominator;
    }
    own->hidden = tells_too_much(c, i, own); /* it is what the children leave of the sum */
    if (own->numerator + own->denominator > 0) cells[n++] = own;
    for (size_t k = 0; k < c->centres->n; k++)
        if (c->centres->items[k].parent == &c->centres->items[parent])
            cells[n++] = whole_cell(c, i, k);
    if (n > 0 && !whole_cell(c, i, parent)->hidden) complete(c, cells, n);
}

/* Adds what a centre submitted to itself and everything above it. */
static void roll_up(IndicatorCounts *c, size_t i, size_t centre)
{
    Cell sum = {0};
    for (size_t m = 0; m < c->n_months; m++) {
        sum.numerator += own_cell(c, i, centre, m)->numerator;
        sum.denominator += own_cell(c, i, centre, m)->denominator;
    }
    if (sum.numerator + sum.denominator == 0) return;
    for (const Centre *at = &c->centres->items[centre]; at != NULL; at = at->parent) {
        size_t k = (size_t)(at - c->centres->items);
        whole_cell(c, i, k)->numerator += sum.numerator;
        whole_cell(c, i, k)->denominator += sum.denominator;
    }
}

/* Levels from the bottom: what a centre's own days are must be added before they hold those below it. */
static void roll_up_all(IndicatorCounts *c, size_t i)
{
    uint32_t *own = NULL;
    if (c->book->items[i].kind == INDICATOR_MEDIAN) {
        size_t bytes = c->centres->n * (MOST_DAYS + 1) * sizeof *own;
        own = arena_alloc(c->arena, bytes);
        memcpy(own, days_of(c, i, 0), bytes);
        memset(days_of(c, i, 0), 0, bytes);
    }
    for (size_t k = 0; k < c->centres->n; k++)
        roll_up(c, i, k);
    for (size_t k = 0; own != NULL && k < c->centres->n; k++)
        for (const Centre *at = &c->centres->items[k]; at != NULL; at = at->parent)
            for (size_t d = 0; d <= MOST_DAYS; d++)
                days_of(c, i, (size_t)(at - c->centres->items))[d] += own[k * (MOST_DAYS + 1) + d];
}

void indicators_finish(IndicatorCounts *counts, Date from, Date until)
{
    Cell **cells = arena_alloc(counts->arena, (counts->centres->n + 2) * sizeof(Cell *));
    counts->from = from;
    counts->until = until;
    for (size_t i = 0; i < counts->book->n; i++) {
        roll_up_all(counts, i);
        for (size_t k = 0; k < counts->centres->n; k++) {
            Cell *cell = whole_cell(counts, i, k);
            cell->hidden = tells_too_much(counts, i, cell);
        }
        for (int level = LEVEL_CITY; level > LEVEL_TOWNSHIP; level--)
            for (size_t k = 0; k < counts->centres->n; k++)
                if (counts->centres->items[k].level == (Level)level)
                    complete_below(counts, i, k, cells);
    }
}

static bool is_below(const Centre *c, const Centre *top)
{
    for (; c != NULL; c = c->parent)
        if (c == top) return true;
    return false;
}

void indicators_months(IndicatorCounts *counts, const Centre *centre)
{
    const size_t n = counts->n_months;
    Cell **cells = arena_alloc(counts->arena, (n + 1) * sizeof(Cell *));
    for (size_t i = 0; i < counts->book->n; i++) {
        for (size_t m = 0; m < n; m++) {
            Cell *cell = cells[m] = &counts->months[i * n + m];
            *cell = (Cell){0};
            for (size_t k = 0; k < counts->centres->n; k++) {
                if (!is_below(&counts->centres->items[k], centre)) continue;
                cell->numerator += own_cell(counts, i, k, m)->numerator;
                cell->denominator += own_cell(counts, i, k, m)->denominator;
            }
            cell->hidden = tells_too_much(counts, i, cell);
        }
        if (!whole_cell(counts, i, (size_t)(centre - counts->centres->items))->hidden)
            complete(counts, cells, n);
    }
}

/* ---- figures ---- */

/* The smallest day by which half of the cases were sent. */
static double median_of(const uint32_t *days, int64_t n)
{
    int64_t seen = 0;
    for (size_t d = 0; d <= MOST_DAYS; d++) {
        seen += days[d];
        if (2 * seen >= n) return (double)d;
    }
    return NAN;
}

static IndicatorFigure told(const IndicatorCounts *c, size_t i, const Cell *cell,
                            const uint32_t *days)
{
    IndicatorFigure f = {.value = NAN};
    if (cell->hidden) {
        f.state = FIGURE_SUPPRESSED;
        return f;
    }
    f.denominator = cell->denominator;
    f.numerator = cell->numerator;
    if (cell->denominator == 0) {
        f.state = FIGURE_EMPTY;
    } else if (c->book->items[i].kind == INDICATOR_MEDIAN) {
        f.value = days != NULL ? median_of(days, cell->denominator) : NAN;
    } else {
        f.value = (double)cell->numerator / (double)cell->denominator;
    }
    return f;
}

IndicatorFigure indicators_figure(const IndicatorCounts *c, size_t i, const Centre *centre,
                                  int month)
{
    const Indicator *item = &c->book->items[i];
    size_t k = (size_t)(centre - c->centres->items);
    Cell cell = month < 0 ? *whole_cell(c, i, k) : c->months[i * c->n_months + (size_t)month];
    if (item->needs[0] == '\0') return told(c, i, &cell, month < 0 ? days_of(c, i, k) : NULL);
    int64_t people = item->numerator[0] != '\0' && month < 0 ? population(c, i, centre) : -1;
    if (people < 0) return (IndicatorFigure){.state = FIGURE_NEEDS, .value = NAN};
    cell.denominator = people;
    cell.hidden = cell.hidden || is_small(c, cell.numerator);
    return told(c, i, &cell, NULL);
}
