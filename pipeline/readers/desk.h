/* desk - what the readers of coded results share: the tables of words, the pile of results, and the faults.
 *
 *     Desk desk;
 *     Status s = desk_open(&desk, job, why);
 *     ... desk_test(), desk_value(), desk_put(), desk_fault() for every specimen that desk_wants() ...
 *     return desk_close(&desk, out, why);
 *
 * A fault never stops the reading of the other specimens: with job->faults it is put there; without (one specimen was asked for), the
 * first fault about that specimen fails the file, and a specimen that is not found is NOT_FOUND. */
#ifndef SCREENLAB_DESK_H
#define SCREENLAB_DESK_H

#include "../../lab/terms.h"
#include "reader.h"

enum { DESK_TABLES = 8 };

typedef struct Desk {
    const ReadJob *job;
    Terms *terms[DESK_TABLES]; /* of every table of the reference whose name ends in "/terms" */
    size_t n_terms;
    Result *results;
    size_t n, capacity;
    bool found;   /* the specimen asked for was met */
    bool failed;  /* `own` holds a fault about it */
    bool foreign; /* `other` holds the first fault about nobody known */
    Note own, other;
} Desk;

typedef enum Match {
    MATCH_NONE,  /* the word stands in no table */
    MATCH_VALUE, /* *code and *value are set */
    MATCH_CLASH  /* the word is about another test than the one it stands at */
} Match;

Status desk_open(Desk *desk, const ReadJob *job, Note *why) MUST_USE;
Status desk_close(Desk *desk, Evidence *out, Note *why) MUST_USE;

/* Is this specimen asked for? Notes that it was met. */
bool desk_wants(Desk *desk, const char *specimen);
/* Result code of a test's name in a system of codes ("loinc", "local"); "" = not known, "remark" = known and no result. */
const char *desk_test(const Desk *desk, const char *system, const char *code);
/* What a word says at a test: `*code` is the test's, or the finer one that the word names. */
Match desk_value(const Desk *desk, const char *test, const char *system, const char *word,
                 const char **code, const char **value);
/* The systems in which plain words of a test are looked up: "hpv_value" for "hpv.16", and "text". */
Match desk_word(const Desk *desk, const char *test, const char *word, const char **code,
                const char **value);
/* Does results.tsv let this code have that value? */
bool desk_allows(const Desk *desk, const char *code, const char *value);

void desk_put(Desk *desk, const Result *result);
/* A test that no table knows: told, unless the material is fetal, where its name alone could tell the sex. Of a file of many it is also put
 * beside the results (RESULT_UNKNOWN_TEST), so that the paper can name what was not assessed. */
void desk_unknown_test(Desk *desk, const char *specimen, const char *field, const char *name);
/* `detail` may be text of the file, or NULL: only short plain text is kept, and intake decides whether it may be told. */
void desk_fault(Desk *desk, const char *specimen, const char *code, const char *field,
                const char *detail);
#endif
