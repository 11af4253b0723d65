/* hold - what no assay may hide: a fact that could not be read withholds what it might have changed, a test that nobody knows is named.
 *
 *     size_t before = findings.n;
 *     Status s = assay->interpret(&findings, c, reference, arena, &why);
 *     hold_unreadable(&findings, before, c, assay);
 *
 * A fact that was declared in a row which could not be read is not "not declared": the usual value must not be assumed. */
#ifndef SCREENLAB_HOLD_H
#define SCREENLAB_HOLD_H

#include "assays/assay.h"

/* Tells each unreadable fact that the assay uses (finding "case.fact"), and turns its negative answers, from `first` on, into "missing" unless
 * the assay meets unreadable facts itself. */
void hold_unreadable(Findings *findings, size_t first, const Case *c, const Assay *assay);

/* Names each test that a file of the assay's samples holds and no table knows (finding "test.unknown", never of fetal material), and each whose
 * result was taken back or contradicted (finding "test.held"). */
void tell_tests(Findings *findings, const Case *c, const Assay *assay);

#endif
