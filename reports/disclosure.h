/* disclosure - the one document of an approved disclosure: whether a fetus is affected by one disease, who approved, and nothing more.
 *
 * Its three possible sentences have the same number of bytes, so that the file's size and name tell nothing. */
#ifndef SCREENLAB_REPORTS_DISCLOSURE_H
#define SCREENLAB_REPORTS_DISCLOSURE_H

#include "../lab/disclose.h"
#include "report.h"

typedef struct DisclosurePaper {
    const Reference *reference;
    const Stamp *stamp; /* of the giving */
    const char *case_id, *sample;
    const char *row; /* the mother's variant */
    const DisclosureCondition *condition;
    const DisclosureLimits *limits;
    Disclosure answer;
    const char *requester;
    Instant requested;
    const DisclosureExpert *experts;
    size_t n_experts;
    const char *giver, *fingerprint;
} DisclosurePaper;

/* REFUSED when the deny gate finds a word about a fetus's sex in it. */
Status report_disclosure(Document *html, const DisclosurePaper *paper, Arena *arena,
                         Note *why) MUST_USE;

#endif
