/* reference - all versioned tables of one release of reference/, opened once, const for ever.
 *
 * pipeline/release.c reads the files and their MANIFEST; here the bytes become tables, wording, centres and the
 * models that assays prepare. Example tables (reference/example/) enter only when `demo` is set. */
#ifndef SCREENLAB_REFERENCE_H
#define SCREENLAB_REFERENCE_H

#include "centre.h"
#include "decide.h"
#include "table.h"

typedef enum Lang { LANG_ZH, LANG_EN } Lang;

typedef struct Reference Reference;

Reference *reference_new(Arena *arena, const char *release, bool demo);
/* Adds a table; an example table joins the table of the same name, or stands alone. BAD_INPUT on a name given twice. */
Status reference_add(Reference *reference, Table *table, Note *why) MUST_USE;
/* After the last table: checks wording and centres, lets every assay of the table prepare its model. */
Status reference_finish(Reference *reference, Note *why) MUST_USE;

const char *reference_release(const Reference *reference); /* "2026.1", stamped on every report */
bool reference_demo(const Reference *reference);
size_t reference_size(const Reference *reference);
const Table *reference_at(const Reference *reference, size_t index);
const Table *reference_table(const Reference *reference,
                             const char *name); /* NULL = not in this release */
const void *reference_model(const Reference *reference,
                            const char *assay); /* what prepare() made; may be NULL */
/* The proven rules of a decision table (any table with "in:" columns); NULL = no such table. */
const Rules *reference_rules(const Reference *reference, const char *table);
const Centres *reference_centres(const Reference *reference);
int reference_offset_minutes(
    const Reference *reference); /* local time: site.tsv, "utc_offset_minutes" */
/* A value of site.tsv (key, value, source): "" when absent. */
const char *reference_site(const Reference *reference, const char *key);

/* Words that a user reads: wording.tsv (key, zh, en). "{item}" and the like are filled by word_fill.
 * A key without a row gives the key itself: visible, harmless, and found by `screenlab reference verify`. */
const char *reference_word(const Reference *reference, Lang lang, const char *key);
bool reference_has_word(const Reference *reference, const char *key);

/* Fills "{name}" from pairs {name, text, name, text, NULL}; an unknown name stays as it stands. */
const char *word_fill(const char *pattern, const char *const *pairs, Arena *arena);

#endif
