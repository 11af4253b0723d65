/* dress - the two dresses of a Page: CDA R2 XML and an HTML page. */
#ifndef SCREENLAB_DRESS_H
#define SCREENLAB_DRESS_H

#include "page.h"

/* NOT_FOUND when cda.tsv or a key of it is missing. */
Status cda_print(Document *out, const Page *page, const PaperInput *input, Note *why) MUST_USE;
/* One section as a component of the body, without entries: what is added to a document that stands. */
void cda_section(Markup *m, const Page *page, const Section *section);
Status html_print(Document *out, const Page *page, Note *why) MUST_USE;

/* For pages that add figures of their own (summary): head and header, then sections one by one,
 * then the end. */
Markup *html_begin(const Page *page);
void html_section(Markup *m, const Page *page, const Section *section);
void html_blocks(Markup *m, const Page *page,
                 const Section *section); /* its blocks without the frame */
Status html_end(Document *out, Markup *m, const Page *page, Note *why) MUST_USE;

#endif
