/* terms - the codes and words of instruments, exporters and pathologists become our result codes,
 * by a table.
 *
 *     Terms *terms;
 *     Status s = terms_build(&terms, reference_table(reference, "cervical/terms"), arena, &why);
 *     Term t = terms_match(terms, "snomed", "373887005");
 *     if (t.found) ...   // t.result_code "cytology", t.value "nilm"
 *
 * Table columns: system code result_code value source. A row with a value says what was found; a
 * row without one names the test only, and the value is another row's ("hpv_value", "POS").
 * result_code "remark" is known and is no result. Text matches whole or not at all: a word inside
 * a sentence is never looked for, since "no evidence of HSIL" holds it too. */
#ifndef SCREENLAB_TERMS_H
#define SCREENLAB_TERMS_H

#include "table.h"

enum {
    TERM_LENGTH = 200
}; /* bytes of a folded code or text, NUL included; longer text matches nothing */

typedef struct Terms Terms;

typedef struct Term {
    bool found;
    const char *result_code; /* "" = any test of the system's kind */
    const char *value;       /* "" = the row names the test, not what was found */
} Term;

/* Folded form: upper case, full-width letters as ASCII, without spaces and hyphens of any kind.
 * False when it is empty or too long. */
bool terms_fold(char out[TERM_LENGTH], const char *utf8);

/* BAD_INPUT: a column is missing, a code folds to nothing, or one code stands twice in one system.
 * The table must outlive the terms. */
Status terms_build(Terms **out, const Table *table, Arena *arena, Note *why) MUST_USE;
Term terms_match(const Terms *terms, const char *system, const char *code);

#endif
