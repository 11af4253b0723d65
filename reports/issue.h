/* issue - a draft becomes the document that leaves: released, or amended.
 *
 *     Document xml = ..., html = ...;                       // as the run wrote them
 *     Status s = report_issue(&xml, &html, &issue, arena, &why);    // both were the draft's before
 *
 * What was reviewed is what leaves: the bytes of the draft, with the few places exchanged that say "draft", who the person is and who
 * stands for it, and in an amended document the section that shows what has changed. Everything else is the same byte for byte. */
#ifndef SCREENLAB_ISSUE_H
#define SCREENLAB_ISSUE_H

#include "report.h"

/* Whom a referral is about, for those who must find her. */
typedef struct Addressee {
    const char *name, *phone, *id_number; /* "" = not known */
    bool
        guardian; /* the name is that of a newborn's guardian; an identity number is then never written */
} Addressee;

/* One finding before and after; NULL = was not there, is not there any more. */
typedef struct Change {
    const Finding *before, *after;
} Change;

typedef struct Amends {
    int version;        /* the released version that is corrected */
    Instant released;   /* when it left */
    const char *reason; /* code, wording row "amend.<reason>" */
    const Change *changes;
    size_t n_changes;
} Amends;

typedef struct Issue {
    const Reference *reference;
    const Stamp *stamp; /* language of the draft, time of the release */
    const char *kind;   /* Document.kind of the draft */
    const char *paper;  /* set id */
    int version;
    const char *reviewer, *authoriser; /* codes of persons; NULL = by a row of the release policy */
    Instant reviewed;
    const Amends *amends;       /* NULL = the first that leaves */
    const Addressee *addressee; /* NULL = under the pseudonym */
    const char *fingerprint;    /* of the signing key, hex */
} Issue;

/* In: the draft's two documents; out: those that leave, untouched on failure. REFUSED "release.form" when the draft is not of the form that this
 * version of the program and its wording write, "gate.denied" when the deny gate finds a word about a fetus's sex in what would be
 * added. */
Status report_issue(Document *xml, Document *html, const Issue *issue, Arena *arena,
                    Note *why) MUST_USE;

#endif
