/* cervical_feature - the words in which a sectioned guideline asks about a woman.
 *
 * An input of a section's table is the name of a feature:
 *     cyt  hpv2  biopsy              the word of that report ("lsil"), "" = there is none
 *     biopsy_has_cin1                yes | no: among all results of that report
 *     passed_biopsy_to_cyt           whole months from one mark to the other, "" = it is before, or
 *                                    one of them is missing
 *     begun_biopsy_to_today          begun months: "18 months or less" is 0..18
 *     cyt_vs_biopsy                  before | same | after, "" = one of them is missing
 *     fact_menopause                 a declared fact, "" = not declared
 *     age  pregnant  cancer  ...     the table of cervical_feature.c
 * Marks are those of cervical_history.c. */
#ifndef SCREENLAB_CERVICAL_FEATURE_H
#define SCREENLAB_CERVICAL_FEATURE_H

#include "cervical_history.h"

/* All that a feature can look at. */
typedef struct View {
    const History *h;
    const Woman *woman;
    const Round *round;
    const Past *past;
    const char *hpv_state; /* the round's HPV result as a chart knows it */
    const char *special;   /* the group that cervical/special puts her in */
    bool pending;          /* another sample of the round has no result */
    Arena *arena;
} View;

typedef const char *(*Ask)(const View *v);
Ask question_find(const char *name); /* NULL = no such question */

/* One feature an input of `rules`. BAD_INPUT names the table and the input that no feature has. */
Status features_bind(const Feature **out, const Rules *rules, Arena *arena, Note *why) MUST_USE;
Decision features_decide(const Rules *rules, const Feature *features, const View *v);
const char *feature_age(const View *v);
/* Cytology without an HPV test that histories made of HPV tests cannot place. */
bool cytology_unplaced(const View *v);

#endif
