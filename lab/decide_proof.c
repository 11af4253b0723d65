/* The proof that every combination of a decision table's inputs fits exactly one row. It is a
 * count.
 *
 * A row is a box: a set of classes in every input. Two rows overlap when their boxes meet in every
 * input. When no two do, the table is complete exactly if the boxes' volumes add up to the volume
 * of the whole product; if they do not, the first uncovered combination is found by fixing one
 * input after the other and counting again. No combination is ever enumerated. (Completeness and
 * consistency of decision tables: J. Vanthienen, E. Dries, "Illustration of a decision table tool
 * for specifying and implementing knowledge based systems", IJAIT 3 (1994) 267.) */
#include "decide_rules.h"

#include <stdio.h>
#include <string.h>

static const uint64_t MOST_COMBINATIONS = UINT64_C(1) << 62;

static const char *name_of_row(const Rules *rules, size_t row, char buffer[24])
{
    const char *name = table_cell(rules->table, row, rules->row_column);
    if (name[0] != '\0') return name;
    (void)snprintf(buffer, 24, "%ld", rules->table->lines[row]);
    return buffer;
}

/* Bits of the rows that `row` meets in every input go to `meets`, itself among them when its box
 * is not empty. */
static void rows_met(const Rules *rules, size_t row, uint64_t *meets)
{
    for (size_t w = 0; w < rules->stride; w++) {
        meets[w] = UINT64_MAX;
        for (size_t i = 0; i < rules->n_inputs; i++) {
            const Input *input = &rules->inputs[i];
            uint64_t met = 0;
            for (size_t c = 0; c < input->n_classes; c++)
                if (fits(rules, input, c, row)) met |= fits_of(rules, input, c)[w];
            meets[w] &= met;
        }
    }
}

static Status prove_no_overlap(const Rules *rules, Arena *arena, Note *why)
{
    const Table *t = rules->table;
    uint64_t *meets = arena_alloc(arena, rules->stride * sizeof *meets);
    for (size_t r = 0; r < t->n_rows; r++) {
        rows_met(rules, r, meets);
        for (size_t other = 0; other < t->n_rows; other++) {
            char a[24], b[24];
            if (other == r || (meets[other / WORD_BITS] >> (other % WORD_BITS) & 1) == 0) continue;
            return note_fail(why, REFUSED, "decide.overlap",
                             (Place){t->info.path, t->lines[other], NULL}, "%s / %s",
                             name_of_row(rules, r, a), name_of_row(rules, other, b));
        }
    }
    return OK;
}

static uint64_t cell_size(const Rules *rules, const Input *input, size_t row)
{
    uint64_t n = 0;
    for (size_t c = 0; c < input->n_classes; c++)
        n += fits(rules, input, c, row) ? 1 : 0;
    return n;
}

/* Combinations of the inputs from `first` on: of all, or of the rows of `alive` together. */
static uint64_t volume(const Rules *rules, size_t first)
{
    uint64_t v = 1;
    for (size_t i = first; i < rules->n_inputs; i++)
        v *= rules->inputs[i].n_classes;
    return v;
}

static uint64_t covered(const Rules *rules, size_t first, const uint64_t *alive)
{
    uint64_t sum = 0;
    for (size_t r = 0; r < rules->table->n_rows; r++) {
        uint64_t v = alive[r / WORD_BITS] >> (r % WORD_BITS) & 1;
        for (size_t i = first; i < rules->n_inputs && v > 0; i++)
            v *= cell_size(rules, &rules->inputs[i], r);
        sum += v;
    }
    return sum;
}

static void class_print(char *out, size_t size, const Input *input, size_t class)
{
    if (input->empty && class == input->n_classes - 1) {
        (void)snprintf(out, size, "%s=-", input->name);
    } else if (!input->numeric) {
        (void)snprintf(out, size, "%s=%s", input->name, input->words[class]);
    } else {
        long last = class + 1 < input->n_starts ? input->starts[class + 1] - 1 : input->high;
        (void)snprintf(out, size, "%s=%ld..%ld", input->name, input->starts[class], last);
    }
}

/* Fixes one input after the other at a class where something is uncovered. */
static void describe_hole(char *out, size_t size, const Rules *rules, uint64_t *alive, Arena *arena)
{
    uint64_t *narrowed = arena_alloc(arena, rules->stride * sizeof *narrowed);
    size_t used = 0;
    for (size_t i = 0; i < rules->n_inputs; i++) {
        const Input *input = &rules->inputs[i];
        for (size_t c = 0; c < input->n_classes; c++) {
            for (size_t w = 0; w < rules->stride; w++)
                narrowed[w] = alive[w] & fits_of(rules, input, c)[w];
            if (covered(rules, i + 1, narrowed) == volume(rules, i + 1)) continue;
            memcpy(alive, narrowed, rules->stride * sizeof *alive);
            if (i > 0 && used + 2 < size) used += (size_t)snprintf(out + used, size - used, ", ");
            class_print(out + used, size - used, input, c);
            used += strlen(out + used);
            break;
        }
    }
}

static Status prove_no_hole(const Rules *rules, Arena *arena, Note *why)
{
    uint64_t *alive = arena_alloc(arena, rules->stride * sizeof *alive);
    char hole[160] = "";
    memset(alive, 0xFF, rules->stride * sizeof *alive);
    if (covered(rules, 0, alive) == volume(rules, 0)) return OK;
    describe_hole(hole, sizeof hole, rules, alive, arena);
    return note_fail(why, REFUSED, "decide.hole", (Place){.file = rules->table->info.path}, "%s",
                     hole);
}

/* Also keeps the volumes of the proof inside 64 bits: disjoint boxes never exceed the whole. */
static Status check_size(const Rules *rules, Note *why)
{
    uint64_t v = 1;
    for (size_t i = 0; i < rules->n_inputs; i++) {
        if (v > MOST_COMBINATIONS / rules->inputs[i].n_classes)
            return note_fail(why, TOO_LARGE, "decide.size",
                             (Place){.file = rules->table->info.path}, NULL);
        v *= rules->inputs[i].n_classes;
    }
    return OK;
}

/* --- tables that are asked in order -------------------- */

/* Every combination that fits `row` fits `other` too. */
static bool inside(const Rules *rules, size_t row, size_t other)
{
    for (size_t i = 0; i < rules->n_inputs; i++)
        for (size_t c = 0; c < rules->inputs[i].n_classes; c++)
            if (fits(rules, &rules->inputs[i], c, row) && !fits(rules, &rules->inputs[i], c, other))
                return false;
    return true;
}

static bool fits_everything(const Rules *rules, size_t row)
{
    for (size_t i = 0; i < rules->n_inputs; i++)
        for (size_t c = 0; c < rules->inputs[i].n_classes; c++)
            if (!fits(rules, &rules->inputs[i], c, row)) return false;
    return true;
}

static Status prove_order(const Rules *rules, Note *why)
{
    const Table *t = rules->table;
    double before = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        double number;
        char a[24], b[24];
        if (!table_number(t, r, rules->order_column, &number) || number <= before)
            return note_fail(why, BAD_INPUT, "decide.cell",
                             (Place){t->info.path, t->lines[r], "order"}, "%s",
                             table_cell(t, r, rules->order_column));
        before = number;
        for (size_t earlier = 0; earlier < r; earlier++)
            if (inside(rules, r, earlier))
                return note_fail(why, REFUSED, "decide.overlap",
                                 (Place){t->info.path, t->lines[r], NULL}, "%s / %s",
                                 name_of_row(rules, earlier, a), name_of_row(rules, r, b));
    }
    if (!fits_everything(rules, t->n_rows - 1))
        return note_fail(why, REFUSED, "decide.hole", (Place){.file = t->info.path}, "%s",
                         "the last row must fit everything");
    return OK;
}

Status decide_prove(const Rules *rules, Arena *arena, Note *why)
{
    if (rules->order_column >= 0) return prove_order(rules, why);
    Status s = check_size(rules, why);
    if (s == OK) s = prove_no_overlap(rules, arena, why);
    if (s == OK) s = prove_no_hole(rules, arena, why);
    return s;
}
