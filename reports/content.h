/* content - the sections of a paper: what to do, what was found, what was not assessed, what it
 * rests on. */
#ifndef SCREENLAB_CONTENT_H
#define SCREENLAB_CONTENT_H

#include "telling.h"

/* Whether the finding belongs into this paper: all of the case in a result report; in a referral
 * those of the assays that something is to be done about, because a recipient is told what the
 * task needs and no more. */
bool content_includes(const PaperInput *input, const Finding *finding);

void content_actions(Page *page, const PaperInput *input);
void content_withdrawn(Page *page, const PaperInput *input);
void content_results(Page *page, const Telling *told); /* one section for each person */
void content_limits(Page *page, const Telling *told);  /* what was not assessed, and why */
void content_counsel(Page *page,
                     const Telling *told); /* what the answers mean, where wording has it */
void content_foundations(Page *page, const Telling *told); /* reference release and tables */
/* Sentences that are the same on every document of every kind, the one on fetal sex among them. */
void content_declarations(Page *page);

#endif
