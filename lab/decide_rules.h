/* What the rooms of lab/decide share: a table compiled to classes of inputs and the rows that each
 * class fits. */
#ifndef SCREENLAB_DECIDE_RULES_H
#define SCREENLAB_DECIDE_RULES_H

#include "decide.h"

#include <stdint.h>

enum { WORD_BITS = 64 };

typedef struct Input {
    const char *name;
    int column;
    bool numeric, empty; /* empty: "not given" belongs to the domain, as the last class */
    const char **words;  /* sorted; of a domain of words */
    long *starts;        /* sorted; first number of each class of a numeric domain */
    size_t n_words, n_starts, capacity;
    long low, high;
    size_t n_classes;
    uint64_t *fits; /* n_classes x stride: the rows that each class fits */
} Input;

typedef struct Output {
    const char *name;
    int column;
} Output;

struct Rules {
    const Table *table;
    Input inputs[DECIDE_INPUTS];
    size_t n_inputs;
    Output *outputs;
    size_t n_outputs;
    int row_column, order_column; /* order_column -1: exactly one row must fit */
    size_t stride;                /* 64-bit words that hold one bit a row */
};

uint64_t *fits_of(const Rules *rules, const Input *input,
                  size_t class); /* stride words, one bit a row */
bool fits(const Rules *rules, const Input *input, size_t class, size_t row);

/* REFUSED with the rows or the combination named, TOO_LARGE when the combinations cannot be
 * counted. */
Status decide_prove(const Rules *rules, Arena *arena, Note *why) MUST_USE;

#endif
