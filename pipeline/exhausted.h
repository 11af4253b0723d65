/* exhausted - what the program does when memory is out: it says so and stops with the exit code of a batch that stopped.
 *
 *     Arena *scratch = arena_new(exhausted);
 *
 * Nothing is lost by that: documents are whole or not there, and the ledger's transactions are its own. */
#ifndef SCREENLAB_EXHAUSTED_H
#define SCREENLAB_EXHAUSTED_H

void exhausted(void);
/* For a process that has other last words (pipeline/sandbox.c): `words` must not return. */
void exhausted_tell(void (*words)(void));

#endif
