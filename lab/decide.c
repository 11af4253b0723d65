/* Decision tables that cannot fall through.
 *
 * Guidelines are written as tables, and software that follows them fails in two ways: two rows fit
 * and the order decides, or no row fits and the last `else` sends a woman back to routine recall.
 * Both are refused here before the first case is judged.
 *
 * Every input's domain is cut into classes: each word is one, numbers are cut at the ends of the
 * ranges that the table uses, the empty value is one. A cell then is a set of classes and a row a
 * box, which decide_proof.c counts.
 *
 * A decision intersects, for each input, the set of rows that its class fits: a few words of bits,
 * whatever the table. */
#include "decide_rules.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t NO_CLASS = SIZE_MAX;
enum { MOST_DIGITS = 9 };

/* --- cells and domains: pieces between '|' -------------------- */

typedef struct Piece {
    const char *text;
    size_t n;
} Piece;

static bool piece_next(Piece *out, const char **cursor)
{
    if (*cursor == NULL) return false;
    const char *bar = strchr(*cursor, '|');
    *out = (Piece){*cursor, bar != NULL ? (size_t)(bar - *cursor) : strlen(*cursor)};
    *cursor = bar != NULL ? bar + 1 : NULL;
    return true;
}

static bool piece_is(Piece p, const char *text)
{
    return strlen(text) == p.n && memcmp(p.text, text, p.n) == 0;
}

static bool whole_number(long *out, const char *text, size_t n)
{
    bool minus = n > 0 && text[0] == '-';
    size_t first = minus ? 1 : 0;
    if (n == first || n - first > MOST_DIGITS) return false;
    long value = 0;
    for (size_t i = first; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    *out = minus ? -value : value;
    return true;
}

/* Where ".." stands; NULL = nowhere. */
static const char *dots_of(Piece p)
{
    for (size_t i = 1; i < p.n; i++)
        if (p.text[i - 1] == '.' && p.text[i] == '.') return p.text + i - 1;
    return NULL;
}

/* "30..64", "..24", "65..", "30"; open ends take the given bounds. False for all else. */
static bool range_parse(long *low, long *high, Piece p, const Input *bounds)
{
    const char *dots = dots_of(p);
    if (dots == NULL) return whole_number(low, p.text, p.n) && whole_number(high, p.text, p.n);
    size_t left = (size_t)(dots - p.text), right = p.n - left - 2;
    *low = bounds->low;
    *high = bounds->high;
    return left + right > 0 && (left == 0 || whole_number(low, p.text, left)) &&
           (right == 0 || whole_number(high, dots + 2, right));
}

/* --- domains -------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_number(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

/* One piece of a "values" cell; false = malformed, or words and numbers mixed. */
static bool domain_add(Input *input, Piece p, Arena *arena)
{
    if (piece_is(p, "-")) {
        input->empty = true;
        return true;
    }
    if (dots_of(p) != NULL) {
        bool first = !input->numeric && input->n_words == 0;
        Input open = {.low = LONG_MAX, .high = LONG_MIN}; /* a domain has no open ends */
        input->numeric = true;
        return first && range_parse(&input->low, &input->high, p, &open) &&
               input->low <= input->high;
    }
    if (p.n == 0 || input->numeric) return false;
    if (input->n_words == input->capacity)
        input->words = arena_grow(arena, input->words, &input->capacity, sizeof *input->words);
    input->words[input->n_words++] = arena_copy_n(arena, p.text, p.n);
    return true;
}

static void sort_words(Input *input)
{
    if (input->n_words == 0) return;
    qsort(input->words, input->n_words, sizeof *input->words, by_text);
    size_t kept = 1;
    for (size_t i = 1; i < input->n_words; i++)
        if (strcmp(input->words[i], input->words[kept - 1]) != 0)
            input->words[kept++] = input->words[i];
    input->n_words = kept;
}

static Status domain_read(Input *input, const Table *table, const Table *domains, Arena *arena,
                          Note *why)
{
    int of_table = table_column(domains, "table"), of_input = table_column(domains, "input");
    int values = table_column(domains, "values");
    for (size_t r = 0; r < domains->n_rows; r++) {
        if (strcmp(table_cell(domains, r, of_table), table->info.name) != 0 ||
            strcmp(table_cell(domains, r, of_input), input->name) != 0)
            continue;
        const char *cursor = table_cell(domains, r, values);
        for (Piece p; piece_next(&p, &cursor);)
            if (!domain_add(input, p, arena))
                return note_fail(why, BAD_INPUT, "decide.domain",
                                 (Place){domains->info.path, domains->lines[r], "values"}, "%s",
                                 table_cell(domains, r, values));
    }
    sort_words(input);
    if (!input->numeric && input->n_words == 0)
        return note_fail(why, BAD_INPUT, "decide.domain", (Place){.file = domains->info.path},
                         "%s, in:%s", table->info.name, input->name);
    return OK;
}

/* --- classes -------------------- */

static const char *cell_of(const Rules *rules, const Input *input, size_t row)
{
    return table_cell(rules->table, row, input->column);
}

static Status cell_fault(const Rules *rules, const Input *input, size_t row, Note *why)
{
    char field[48];
    (void)snprintf(field, sizeof field, "in:%s", input->name);
    return note_fail(why, BAD_INPUT, "decide.cell",
                     (Place){rules->table->info.path, rules->table->lines[row], field}, "%s",
                     cell_of(rules, input, row));
}

static void cut_at(Input *input, long start, Arena *arena)
{
    if (start < input->low || start > input->high) return;
    if (input->n_starts == input->capacity)
        input->starts = arena_grow(arena, input->starts, &input->capacity, sizeof *input->starts);
    input->starts[input->n_starts++] = start;
}

static const char *cell_pieces(const char *cell, bool *negated)
{
    *negated = cell[0] == '!';
    return cell + (*negated ? 1 : 0);
}

/* Numbers are cut where a range of the table begins, and behind where one ends. */
static Status cut_ranges(const Rules *rules, Input *input, Arena *arena, Note *why)
{
    input->capacity = 0;
    cut_at(input, input->low, arena);
    for (size_t r = 0; r < rules->table->n_rows; r++) {
        bool negated;
        const char *cursor = cell_pieces(cell_of(rules, input, r), &negated);
        for (Piece p; piece_next(&p, &cursor);) {
            long low, high;
            if (piece_is(p, "*") || piece_is(p, "-")) continue;
            if (!range_parse(&low, &high, p, input) || low > high || low < input->low ||
                high > input->high)
                return cell_fault(rules, input, r, why);
            cut_at(input, low, arena);
            cut_at(input, high + 1, arena);
        }
    }
    qsort(input->starts, input->n_starts, sizeof *input->starts, by_number);
    size_t kept = 1;
    for (size_t i = 1; i < input->n_starts; i++)
        if (input->starts[i] != input->starts[kept - 1]) input->starts[kept++] = input->starts[i];
    input->n_starts = kept;
    return OK;
}

static size_t class_of_word(const Input *input, const char *text, size_t n)
{
    size_t low = 0, high = input->n_words;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(input->words[middle], text, n);
        if (order == 0 && input->words[middle][n] != '\0') order = 1;
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_CLASS;
}

static size_t class_of_number(const Input *input, long value)
{
    if (value < input->low || value > input->high) return NO_CLASS;
    size_t low = 0, high = input->n_starts; /* starts[low] <= value < starts[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (input->starts[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t class_of(const Input *input, const char *value)
{
    long number;
    if (value[0] == '\0') return input->empty ? input->n_classes - 1 : NO_CLASS;
    if (!input->numeric) return class_of_word(input, value, strlen(value));
    return whole_number(&number, value, strlen(value)) ? class_of_number(input, number) : NO_CLASS;
}

/* The classes of one piece of a cell, first..last; false = not in the domain. */
static bool piece_classes(const Input *input, Piece p, size_t *first, size_t *last)
{
    long low, high;
    if (piece_is(p, "-")) {
        *first = *last = input->n_classes - 1;
        return input->empty;
    }
    if (!input->numeric) {
        *first = *last = class_of_word(input, p.text, p.n);
        return p.n > 0 && *first != NO_CLASS;
    }
    if (!range_parse(&low, &high, p, input)) return false;
    *first = class_of_number(input, low);
    *last = class_of_number(input, high);
    return *first != NO_CLASS && *last != NO_CLASS;
}

uint64_t *fits_of(const Rules *rules, const Input *input, size_t class)
{
    return input->fits + class * rules->stride;
}

bool fits(const Rules *rules, const Input *input, size_t class, size_t row)
{
    return (fits_of(rules, input, class)[row / WORD_BITS] >> (row % WORD_BITS) & 1) != 0;
}

static void fits_flip(const Rules *rules, const Input *input, size_t class, size_t row)
{
    fits_of(rules, input, class)[row / WORD_BITS] ^= UINT64_C(1) << (row % WORD_BITS);
}

/* Sets the row's bit in every class that its cell fits. */
static Status cell_compile(const Rules *rules, const Input *input, size_t row, Note *why)
{
    const char *cell = cell_of(rules, input, row);
    bool any = strcmp(cell, "*") == 0, negated = false, fits_some = false;
    const char *cursor = any ? NULL : cell_pieces(cell, &negated);
    for (Piece p; piece_next(&p, &cursor);) {
        size_t first, last;
        if (!piece_classes(input, p, &first, &last)) return cell_fault(rules, input, row, why);
        for (size_t c = first; c <= last; c++)
            if (!fits(rules, input, c, row)) fits_flip(rules, input, c, row);
    }
    for (size_t c = 0; c < input->n_classes; c++) {
        if (any || negated) fits_flip(rules, input, c, row);
        fits_some = fits_some || fits(rules, input, c, row);
    }
    return fits_some
               ? OK
               : cell_fault(rules, input, row, why); /* a row that can never fit is a mistake */
}

static Status input_compile(const Rules *rules, Input *input, const Table *domains, Arena *arena,
                            Note *why)
{
    Status s = domain_read(input, rules->table, domains, arena, why);
    if (s == OK && input->numeric) s = cut_ranges(rules, input, arena, why);
    if (s != OK) return s;
    input->n_classes = (input->numeric ? input->n_starts : input->n_words) + (input->empty ? 1 : 0);
    input->fits = arena_alloc(arena, input->n_classes * rules->stride * sizeof *input->fits);
    for (size_t r = 0; r < rules->table->n_rows && s == OK; r++)
        s = cell_compile(rules, input, r, why);
    return s;
}

/* --- the module -------------------- */

static Status read_columns(Rules *rules, Arena *arena, Note *why)
{
    const Table *t = rules->table;
    rules->outputs = arena_alloc(arena, t->n_columns * sizeof *rules->outputs);
    for (size_t c = 0; c < t->n_columns; c++) {
        if (strncmp(t->columns[c], "out:", 4) == 0)
            rules->outputs[rules->n_outputs++] = (Output){t->columns[c] + 4, (int)c};
        if (strncmp(t->columns[c], "in:", 3) != 0) continue;
        if (rules->n_inputs == DECIDE_INPUTS)
            return note_fail(why, TOO_LARGE, "decide.size", (Place){.file = t->info.path}, NULL);
        rules->inputs[rules->n_inputs++] = (Input){.name = t->columns[c] + 3, .column = (int)c};
    }
    if (rules->n_inputs == 0 || rules->n_outputs == 0 || t->n_rows == 0)
        return note_fail(why, BAD_INPUT, "decide.columns", (Place){.file = t->info.path}, NULL);
    return OK;
}

Status decide_compile(Rules **out, const Table *table, const Table *domains, Arena *arena,
                      Note *why)
{
    Rules *rules = arena_alloc(arena, sizeof *rules);
    rules->table = table;
    rules->row_column = table_column(table, "row");
    rules->order_column = table_column(table, "order");
    rules->stride = (table->n_rows + WORD_BITS - 1) / WORD_BITS;
    Status s = read_columns(rules, arena, why);
    for (size_t i = 0; i < rules->n_inputs && s == OK; i++)
        s = input_compile(rules, &rules->inputs[i], domains, arena, why);
    if (s == OK) s = decide_prove(rules, arena, why);
    if (s == OK) *out = rules;
    return s;
}

size_t decide_inputs(const Rules *rules)
{
    return rules->n_inputs;
}

const char *decide_input_name(const Rules *rules, size_t input)
{
    return rules->inputs[input].name;
}

static long lowest_bit(uint64_t bits)
{
    long n = 0;
    while ((bits & 1) == 0) {
        bits >>= 1;
        n++;
    }
    return n;
}

Decision decide(const Rules *rules, const char *const *values)
{
    const uint64_t *sets[DECIDE_INPUTS];
    for (size_t i = 0; i < rules->n_inputs; i++) {
        size_t class = class_of(&rules->inputs[i], values[i]);
        if (class == NO_CLASS) return (Decision){-1};
        sets[i] = fits_of(rules, &rules->inputs[i], class);
    }
    for (size_t w = 0; w < rules->stride; w++) {
        uint64_t bits = UINT64_MAX;
        for (size_t i = 0; i < rules->n_inputs; i++)
            bits &= sets[i][w];
        if (bits != 0) return (Decision){(long)(w * WORD_BITS) + lowest_bit(bits)};
    }
    return (Decision){-1};
}

const char *decide_output(const Rules *rules, Decision decision, const char *output)
{
    for (size_t i = 0; i < rules->n_outputs && decision.row >= 0; i++)
        if (strcmp(rules->outputs[i].name, output) == 0)
            return table_cell(rules->table, (size_t)decision.row, rules->outputs[i].column);
    return "";
}

const char *decide_row(const Rules *rules, Decision decision)
{
    return decision.row < 0 ? ""
                            : table_cell(rules->table, (size_t)decision.row, rules->row_column);
}

const Table *decide_table(const Rules *rules)
{
    return rules->table;
}
