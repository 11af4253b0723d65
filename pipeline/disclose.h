/* disclose - the medically approved way to tell whether a fetus has one serious disease: asked for, approved by experts, given once.
 *
 *     screenlab disclose --as d01.key request C2026000001 haemophilia_b
 *     screenlab disclose --as d04.key approve C2026000001 haemophilia_b          # three experts or more
 *     screenlab disclose --as d02.key --key lab.key --evidence S2026000123.vcf.gz give C2026000001 haemophilia_b
 *
 * The evidence is read again here, because the ledger has none of it (lab/sex.h): the file must be the one that was judged. What is taken from it
 * is one of three words (lab/disclose.h), which stands in one signed document below OUT/disclosed and nowhere else: the ledger, the audit, all
 * that is printed and the size of every file are the same for each of them. */
#ifndef SCREENLAB_DISCLOSE_DESK_H
#define SCREENLAB_DISCLOSE_DESK_H

#include "../lab/assays/assay.h"
#include "../lab/disclose.h"
#include "ledger.h"
#include "person_key.h"
#include "sign.h"

typedef struct DisclosureDesk {
    const Reference *reference;
    Ledger *ledger;
    const char *out;
    const SignKey *key;   /* of the laboratory; NULL: nothing can be given */
    const char *evidence; /* path of the file; NULL = not given */
    const char *specimen; /* its name in a file of several; NULL = as the file names it */
    bool unconfined;
    Lang lang;
    Instant now;
    Arena *arena;
} DisclosureDesk;

typedef struct DisclosureWish {
    const char *step; /* "request" "approve" "give" */
    const char *case_id, *condition;
} DisclosureWish;

/* One step of one person, with its row in the audit when it was taken; a refusal is the caller's to record. *document: the file that was written,
 * below OUT; NULL for other steps. REFUSED with a Note that is the same for a fetus of either sex. */
Status disclosure_take(const char **document, const DisclosureDesk *desk, const PersonKey *person,
                       const DisclosureWish *wish, Note *why) MUST_USE;

/* What the file says about that one row; the only function that lets a reader see a fetus's X. In a process of its own, unless
 * `unconfined`. */
typedef struct DisclosureReading {
    int fd; /* open for reading */
    const char *specimen;
    const Assay *assay;
    const Reference *reference;
    const char *row;
    bool unconfined;
} DisclosureReading;

Status disclosure_read(Disclosure *out, const DisclosureReading *reading, Note *why) MUST_USE;

#endif
