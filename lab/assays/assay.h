/* assay - one test of the laboratory: a const struct with one pure function.
 *
 * A new assay is one file (lab/assays/x.c ending in `const Assay assay_x = {...}`) and one row of assays.c. Its thresholds are tables
 * under reference/x/, its facts rows of facts.tsv, its coded results rows of results.tsv, its sentences rows
 * of wording.tsv, its referrals rows of triage.tsv. Nothing else in the program names it. */
#ifndef SCREENLAB_ASSAY_H
#define SCREENLAB_ASSAY_H

#include "../case.h"
#include "../disclosure.h"
#include "../figure.h"
#include "../finding.h"
#include "../reference.h"
#include "../variant.h"

typedef struct Assay {
    const char *code;   /* "carrier": as in submission.csv */
    bool takes_calls;   /* evidence it can use: variant calls ... */
    bool takes_bins;    /* ... read counts of low-pass sequencing ... */
    bool takes_traces;  /* ... electropherograms ... */
    bool takes_results; /* ... coded or numeric results */
    const char *const
        *facts; /* codes of facts.tsv that it uses, NULL-terminated; NULL = any: see lab/hold.h */
    bool
        meets_unreadable; /* its own tables say what an unreadable fact means; else its negatives are withheld */
    bool
        never_fetal; /* what its files hold would tell a fetus's sex: of fetal material they are not opened */
    bool uses_history; /* earlier samples of the same persons, from the ledger */
    const char *const
        *tables; /* names it cannot work without, NULL-terminated; absent = refused with a Note */
    /* Every conclusion rests on all of `tables`, so a paper names them all; else on the tables that its findings name. */
    bool rests_on_all;
    /* Optional: compiles the tables once; *model is const afterwards and shared by all threads. */
    Status (*prepare)(const void **model, const Reference *reference, Arena *arena, Note *why);
    /* Optional: the sites a variant reader must look up for this assay in that build. */
    const SiteIndex *(*sites)(const void *model, Build build);
    /* Judges all samples of this assay in one case together. Pure: same input, same findings in the same order. Every sample
     * of the assay gets at least one finding. Fails only on a broken table. */
    Status (*interpret)(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why);
    /* Optional: pictures for the result report, by the same rules. */
    void (*draw)(Figures *out, const Case *c, const Reference *reference, Arena *arena);
    /* Optional, both or none: what an approved disclosure asks (pipeline/disclose.h). The one row of the gene that the mother proves to carry, by its
     * key; NULL = none, several, or unverified. Then what that row says in the fetus: one of three words, and nothing that depends on
     * the fetus's sex beside it. */
    const char *(*maternal_row)(const void *model, const CallSet *mother, const char *gene);
    Disclosure (*disclose)(const void *model, const CallSet *fetus, const char *row);
} Assay;

/* The table. NULL-terminated, in the order in which findings are reported. */
extern const Assay *const assays[];
const Assay *assay_find(const char *code); /* NULL = no such assay */

#endif
