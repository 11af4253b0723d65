/* report - findings become sections and sentences, from coded fields only (an allow-list), in
 * Chinese or English.
 *
 * One content, two dresses: cda.c writes it as CDA R2 XML, html.c as a page. Both take a Page;
 * neither knows an assay. Text that a centre or an instrument sent is never in a Page. */
#ifndef SCREENLAB_REPORT_H
#define SCREENLAB_REPORT_H

#include "../lab/case.h"
#include "../lab/finding.h"
#include "../lab/reference.h"
#include "../lab/triage.h"

/* What is stamped on every document. */
typedef struct Stamp {
    Lang lang;
    Instant now;
    int offset_minutes;
    const char *program; /* "screenlab 0.1.0" */
    const char *batch;
} Stamp;

typedef struct Document {
    const char *folder; /* "referrals", "results", "receipts" or "" (the batch's own folder) */
    const char *name;   /* "RN0001-C2026000001-230103-v1.xml" */
    const char
        *kind; /* "referral", "result", "withdrawal", "receipt", "summary", "findings", "regions" */
    const char *bytes;
    size_t size;
} Document;

/* One finding that an earlier version of the paper told and this one no longer does. */
typedef struct Withdrawn {
    const char *code, *item;
    bool fetal;
} Withdrawn;

typedef struct PaperInput {
    const Case *c;
    const Findings *findings;
    const Paper *paper;         /* with id, version and replaces filled */
    const Withdrawn *withdrawn; /* what the version it replaces told and this one takes back */
    size_t n_withdrawn;
    const Reference *reference;
    const Stamp *stamp;
} PaperInput;

/* XML (CDA R2) and HTML of one paper; same content. REFUSED when the deny gate finds a word
 * about a fetus's sex in it (a bug: the case is then "not interpretable", nothing is written). */
Status report_paper(Document *xml, Document *html, const PaperInput *input, Arena *arena,
                    Note *why) MUST_USE;

/* One line for the technician: "results.csv row 7, field sha256: checksum differs ... what to
 * do". */
const char *report_note(const Note *note, const Reference *reference, Lang lang, Arena *arena);

#endif
