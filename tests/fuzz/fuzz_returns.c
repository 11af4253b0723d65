/* Returns of centres: the first byte says which form ('x' XML, else CSV). Whatever comes in: no crash, every Note has words, every row without
 * a Note holds only what the tables list, and no outcome tells a fetus's sex. */
#include "../../lab/sex.h"
#include "../../pipeline/release.h"
#include "../../pipeline/returns.h"
#include "../reading.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static const Reference *reference(void)
{
    static Reference *r = NULL;
    Note why;
    if (r == NULL) demand(release_open(&r, "reference", true, arena_new(NULL), &why) == OK);
    return r;
}

static void check_words(const Note *note)
{
    char key[80];
    (void)snprintf(key, sizeof key, "note.%s", note->code);
    demand(reference_has_word(reference(), key));
}

static void check_row(const ReturnRow *r)
{
    if (r->note.code != NULL) {
        check_words(&r->note);
        return;
    }
    const Table *t = reference_table(reference(), "care/outcomes");
    demand(r->referral[0] == 'R' && r->step.version > 0 && r->step.to != CARE_NEW);
    demand(r->step.date != DATE_NONE && returns_person_ok(r->step.person));
    demand(r->step.outcome[0] == '\0' || table_find(t, r->step.outcome) >= 0);
    demand(strpbrk(r->step.value, "Yy\n\t") == NULL || strcmp(r->step.outcome, "chromosomes") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    Returns returns;
    Note why = {0};
    Arena *arena = arena_new(NULL);
    int fd = reading_file((const char *)data + 1, size - 1);
    Status s = returns_read(&returns, fd, data[0] == 'x', reference(), arena, &why);
    if (s != OK) check_words(&why);
    for (size_t i = 0; s == OK && i < returns.n; i++)
        check_row(&returns.items[i]);
    (void)close(fd);
    arena_free(arena);
    return 0;
}
