/* Tables: the first byte says which. '0' an exporter's file, '1' submission.csv, '2' facts.csv, '3' results.csv. Whatever comes in: no
 * crash, every Note has wording, every accepted row has ids of the right form, and rejections are in order. */
#include "mutators.h"

#include "../../pipeline/intake.h"
#include "../../pipeline/text.h"
#include "../reading.h"

#include <stdint.h>

extern const Reader reader_csv;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static void check_note(const Fixture *x, const Note *note)
{
    char key[80];
    (void)snprintf(key, sizeof key, "note.%s", note->code);
    demand(reference_has_word(x->reference, key));
    demand(text_is_utf8(note->detail, strlen(note->detail)) &&
           text_is_utf8(note->field, strlen(note->field)));
}

static void read_export(const Fixture *x, const char *bytes, size_t size)
{
    Evidence e = {.status = OK};
    ReadFaults faults = {0};
    Note why;
    Arena *arena = arena_new(NULL);
    int fd = reading_file(bytes, size);
    ReadJob job = {
        .fd = fd, .file = "x", .reference = x->reference, .arena = arena, .faults = &faults};
    if (reader_csv.read(&e, &job, &why) != OK) check_note(x, &why);
    for (size_t i = 0; i < faults.n; i++)
        check_note(x, &faults.items[i].note);
    (void)close(fd);
    arena_free(arena);
}

static void check_intake(const Fixture *x, const Intake *in)
{
    for (size_t i = 0; i < in->n_samples; i++)
        demand(intake_id_ok('S', in->samples[i].id) && intake_id_ok('P', in->samples[i].person));
    for (size_t i = 0; i < in->n_facts; i++)
        demand(intake_id_ok('C', in->facts[i].case_id));
    for (size_t i = 0; i < in->n_results; i++)
        demand(intake_id_ok('S', in->results[i].sample));
    for (size_t i = 0; i < in->n_rejections; i++) {
        check_note(x, &in->rejections[i].note);
        demand(i == 0 ||
               strcmp(in->rejections[i].note.file, in->rejections[i - 1].note.file) != 0 ||
               in->rejections[i].note.row >= in->rejections[i - 1].note.row);
    }
}

static void read_table(const Fixture *x, const char *name, const char *bytes, size_t size)
{
    static const char *const tables[] = {"submission.csv", "facts.csv", "results.csv"};
    static const char head[] =
        "person,case,sample,revision,submitter,follow_up,subject,material,assay,collected,"
        "consent_person,consent_version,consent_date\n"
        "P100001,C100001,S000001,1,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
        "30\n";
    Intake in;
    Note why;
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < 3; i++) {
        char path[TEMPORARY + 100];
        (void)snprintf(path, sizeof path, "%s/%s", x->batch, tables[i]);
        (void)unlink(path);
    }
    demand(fixture_put(x, "submission.csv", head, sizeof head - 1) &&
           fixture_put(x, name, bytes, size));
    if (intake_read(&in, x->batch, x->reference, INSTANT_NONE, arena, &why) == OK) {
        check_intake(x, &in);
        (void)close(in.folder);
    } else {
        check_note(x, &why);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Fixture x;
    if (x.arena == NULL) demand(fixture_open(&x) && fixture_batch(&x));
    if (size == 0) return 0;
    const char *rest = (const char *)data + 1;
    if (data[0] == '1')
        read_table(&x, "submission.csv", rest, size - 1);
    else if (data[0] == '2')
        read_table(&x, "facts.csv", rest, size - 1);
    else if (data[0] == '3')
        read_table(&x, "results.csv", rest, size - 1);
    else
        read_export(&x, rest, size - 1);
    return 0;
}

#ifdef FUZZ_MUTATE
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    return size < 2 || seed % 2 == 0 ? LLVMFuzzerMutate(data, size, capacity)
                                     : 1 + pieces_mutate(data + 1, size - 1, capacity - 1, seed,
                                                         seed % 4 == 1 ? ",\n" : "\n");
}
#endif
