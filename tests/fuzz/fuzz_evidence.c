/* The canonical text of Evidence: any bytes. It comes from the ledger, and from a decoder that may have been taken over. What is taken prints as
 * itself, and no list is longer than the text could hold. */
#include "mutators.h"

#include "../../lab/evidence.h"
#include "../../pipeline/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(NULL);
    const char *text = arena_copy_n(arena, (const char *)data, size);
    /* Others are refused before, where they come in (pipeline/sandbox.c). */
    const bool is_text = text_is_utf8(text, strlen(text));
    Evidence e, again;
    Note why = {0};
    if (!is_text) {
        demand(evidence_parse(&e, text, arena, &why) == OK || why.code != NULL);
    } else if (evidence_parse(&e, text, arena, &why) == OK) {
        const char *printed = evidence_print(&e, arena);
        demand(e.n_results <= size && (e.calls == NULL || e.calls->n_calls <= size));
        demand(evidence_parse(&again, printed, arena, &why) == OK);
        demand(strcmp(evidence_print(&again, arena), printed) == 0);
    } else {
        demand(why.code != NULL);
    }
    demand(arena_used(arena) < 64 * 1024 * 1024 + 400 * size);
    arena_free(arena);
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    return seed % 2 ? LLVMFuzzerMutate(data, size, capacity)
                    : pieces_mutate(data, size, capacity, seed, seed % 4 ? "\t\n" : "\n");
}
#endif
