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

/* First and last character of each length, behind every number of letters: what is kept are the whole characters that fit. */
Test(status, whole_characters_that_fit)
{
    static const char *const characters[] = {
        "\x7F",         "\xC2\x80",         "\xDF\xBF",        "\xE0\xA0\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
    static Note n;
    const size_t rooms[] = {sizeof n.file, sizeof n.field, sizeof n.detail};
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++)
        for (size_t lead = 0; lead < 5; lead++) {
            const size_t size = strlen(characters[c]);
            char text[2000];
            size_t length = lead;
            memset(text, 'x', lead);
            for (; length + size < 1990; length += size)
                memcpy(text + length, characters[c], size);
            text[length] = '\0';
            n = (Note){.code = ""};
            cr_expect_eq(note_fail(&n, TOO_LARGE, "c", (Place){text, 7, text}, "%s", text),
                         TOO_LARGE);
            const char *const told[] = {n.file, n.field, n.detail};
            for (size_t k = 0; k < 3; k++) {
                const size_t fit = lead + (rooms[k] - 1 - lead) / size * size;
                cr_expect_eq(strlen(told[k]), fit, "%zu behind %zu: %zu", c, lead, strlen(told[k]));
                cr_expect_eq(memcmp(told[k], text, fit), 0, "%zu behind %zu", c, lead);
            }
            text[lead + size] = '\0'; /* what fits stays whole */
            (void)note_fail(&n, REFUSED, "d", (Place){text, 8, text}, "%s", text);
            cr_expect(strcmp(n.file, text) == 0 && strcmp(n.field, text) == 0 &&
                      strcmp(n.detail, text) == 0);
            cr_expect(strcmp(n.code, "d") == 0 && n.row == 8);
        }
}

/* A text that begins in the middle of a character is no reason to lose it, or to look before it. */
Test(status, broken_texts_and_absent_ones)
{
    Note n;
    (void)note_fail(&n, REFUSED, "c", (Place){"\x80\x81", 3, ""}, "%d%%", 12);
    cr_expect_str_eq(n.file, "\x80\x81");
    cr_expect_str_eq(n.field, "");
    cr_expect_str_eq(n.detail, "12%");
    (void)note_fail(&n, REFUSED, "e", (Place){.row = 4}, NULL);
    cr_expect(n.file[0] == '\0' && n.field[0] == '\0' && n.detail[0] == '\0' && n.row == 4);
    (void)note_fail(&n, REFUSED, "f", (Place){"a\xE5\xAE", 0, "\xE5"}, "b\xF0\x9F\x98");
    cr_expect_str_eq(n.file, "a");
    cr_expect_str_eq(n.field, "");
    cr_expect_str_eq(n.detail, "b");
    (void)note_fail(&n, REFUSED, "g", (Place){.file = "\x80"}, NULL);
    cr_expect_str_eq(n.file, "\x80");
    cr_expect_eq(note_fail(NULL, NOT_FOUND, "c", (Place){"x", 1, "y"}, "%s", "z"), NOT_FOUND);
}
