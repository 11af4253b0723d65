/* HL7 v2: any bytes, read as every specimen and as one. Whatever comes in: no crash, only codes and values of results.tsv, and
 * fault texts that are valid UTF-8. */
#include "mutators.h"

#include "../../pipeline/text.h"
#include "../reading.h"

#include <stdint.h>

extern const Reader reader_hl7;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static bool is_listed(const Reference *reference, const Result *r)
{
    const Table *t = reference_table(reference, "results");
    bool known = table_find(t, r->code) >= 0 || strcmp(r->code, "test.unknown") == 0;
    return known && r->value != NULL && r->specimen != NULL;
}

static void read_as(const Fixture *x, const char *bytes, size_t size, const char *specimen)
{
    Evidence e = {.status = OK};
    ReadFaults faults = {0};
    Note why;
    Arena *arena = arena_new(NULL);
    int fd = reading_file(bytes, size);
    ReadJob job = {.fd = fd,
                   .file = "x",
                   .specimen = specimen,
                   .reference = x->reference,
                   .arena = arena,
                   .faults = specimen == NULL ? &faults : NULL};
    if (reader_hl7.read(&e, &job, &why) == OK)
        for (size_t i = 0; i < e.n_results; i++)
            demand(is_listed(x->reference, &e.results[i]));
    for (size_t i = 0; i < faults.n; i++)
        demand(text_is_utf8(faults.items[i].note.detail, strlen(faults.items[i].note.detail)));
    (void)close(fd);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Fixture x;
    if (x.arena == NULL) demand(fixture_open(&x));
    (void)reader_hl7.sniff(data, size < 4096 ? size : 4096);
    read_as(&x, (const char *)data, size, NULL);
    read_as(&x, (const char *)data, size, "S000001");
    return 0;
}

#ifdef FUZZ_MUTATE
/* Segments and fields are the joints of a message. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    static const char *const joints[] = {"\r", "|\r", "^|\r", "\r"};
    uint32_t way = mutator_next(&seed) % 6;
    return way < 4 ? pieces_mutate(data, size, capacity, seed, joints[way])
                   : LLVMFuzzerMutate(data, size, capacity);
}
#endif
