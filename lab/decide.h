/* decide - decision tables: exactly one row must fit.
 *
 * A decision table is a reference table whose columns are "in:NAME" and "out:NAME" (others, such
 * as "row" and "source", are carried along). A cell of an input is
 *     *       any value, the empty one too
 *     a|b|c   one of these
 *     !a|b    none of these
 *     30..64  a whole number in the range, both ends in; ..24 and 65.. are open
 *     -       the empty value (not given)
 * and the forms mix: "-|65..", "!-|a". The domain of every input stands in a sister table
 * (columns: table input values), "values" being words "a|b|c" or a range "0..120", with "-" among
 * them where the input may be empty: "-|0..120". Several rows for one input add up.
 * decide_compile() proves over the whole product of the domains that every combination fits
 * exactly one row: an overlap or a hole is REFUSED with the rows or the combination named. A row
 * that says "a clinician must look" is written like any other; there is no fall-through.
 *
 * A table with a column "order" is asked row by row instead, and the first row that fits holds (the
 * hit policy "first" of DMN). Its numbers must rise, its last row must fit everything, and no row
 * may lie inside an earlier one: it could never be reached.
 *
 *     Decision d = decide(rules, (const char *const[]){"positive", "nilm", "38"});
 *     if (d.row < 0) ...   // a value outside the declared domain: needs a clinician */
#ifndef SCREENLAB_DECIDE_H
#define SCREENLAB_DECIDE_H

#include "table.h"

enum { DECIDE_INPUTS = 32 }; /* most inputs of one table */

typedef struct Rules Rules;

typedef struct Decision {
    long row; /* of the table; -1 = some input lies outside its domain */
} Decision;

/* Compiles and proves. `domains` as above. REFUSED for overlap or hole, BAD_INPUT for a malformed
 * or missing cell, column or domain, TOO_LARGE for more inputs or combinations than can be
 * counted. The table must outlive the rules. */
Status decide_compile(Rules **out, const Table *table, const Table *domains, Arena *arena,
                      Note *why) MUST_USE;
size_t decide_inputs(const Rules *rules);
const char *decide_input_name(const Rules *rules, size_t input); /* without "in:" */
/* `values` in the order of the in: columns; "" = not given. */
Decision decide(const Rules *rules, const char *const *values);
const char *decide_output(const Rules *rules, Decision decision,
                          const char *output); /* "" when row < 0 */
/* The cell of column "row": what a finding cites; "" when row < 0. */
const char *decide_row(const Rules *rules, Decision decision);
const Table *decide_table(const Rules *rules);

#endif
