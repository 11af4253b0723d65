/* bins - where the bins of the autosomes lie, and their compact text for the ledger.
 *
 *     Bins *b = bins_new(BUILD_GRCH38, 50000, true, true, arena);
 *     b->reads[bins_at(b, chrom, position)]++;        // chrom 1..22, position 1-based
 *
 * The ledger keeps every bin (about 0.4 MB of text a sample at 50,000 bases), not a summary of them: a summary would rest on the panel
 * of the day, and a sample must be judged again, against a better panel, without its BAM. */
#ifndef SCREENLAB_BINS_H
#define SCREENLAB_BINS_H

#include "evidence.h"
#include "pack.h"

enum { AUTOSOMES = 22, BINS_SMALLEST = 5000, BINS_LARGEST = 5000000 };

/* Index of the first bin of `chrom` (1..23; 23 = number of all bins) in that build, 0 when the build is unknown. */
uint32_t bins_first(Build build, uint32_t size, int chrom);
/* Zeroed counts; `gc` and `shorts` only when wanted. */
Bins *bins_new(Build build, uint32_t size, bool gc, bool shorts, Arena *arena);

/* The part of a line of evidence_print() behind "bins": cells, each with a TAB before it. */
const char *bins_print(const Bins *bins, Arena *arena);
/* The inverse, from the cells behind "bins". False when they were not printed by bins_print(). */
bool bins_parse(Bins **out, const char *const *cells, size_t n, Arena *arena);

#endif
