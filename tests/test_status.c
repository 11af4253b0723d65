#include "lab/status.h"

#include <criterion/criterion.h>
#include <string.h>

Test(status, a_note_is_cut_at_a_character)
{
    char longer[400];
    for (size_t lead = 0; lead < 4; lead++) {
        memset(longer, 'x', lead);
        for (size_t i = lead; i + 3 < sizeof longer; i += 3)
            memcpy(longer + i, "宫", 4);
        Note n;
        cr_expect_eq(note_fail(&n, REFUSED, "c", (Place){longer, 7, longer}, "%s", longer),
                     REFUSED);
        const char *texts[] = {n.file, n.field, n.detail};
        for (size_t t = 0; t < 3; t++) {
            size_t size = strlen(texts[t]);
            cr_expect_eq((size - lead) % 3, 0, "lead %zu text %zu: cut inside a character", lead,
                         t);
        }
        cr_expect_eq(n.row, 7);
    }
}

Test(status, no_note_is_fine)
{
    cr_expect_eq(note_fail(NULL, IO_FAILED, "c", (Place){0}, NULL), IO_FAILED);
}
