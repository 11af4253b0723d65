/* The carrier's rows in the shared tables: every code has words in both languages, none of them hints at a fetus's sex, and triage knows
 * every finding. */
#include "lab/decide.h"
#include "lab/sex.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <string.h>

static Reference *open_release(Arena *arena)
{
    Reference *r = NULL;
    Note why = {0};
    Status s = release_open(&r, "reference", true, arena, &why);
    cr_assert_eq(s, OK, "%s %s row %ld %s %s", why.code, why.file, why.row, why.field, why.detail);
    return r;
}

static void expect_word(const Reference *r, const char *prefix, const char *code, Arena *arena)
{
    const char *key = arena_print(arena, "%s.%s", prefix, code);
    cr_expect(reference_has_word(r, key), "no wording row %s", key);
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++)
        cr_expect_not(sex_text_denied(reference_word(r, (Lang)lang, key)), "%s: denied words", key);
}

/* Each word of "a|b|c". */
static void each_word(const char *values, const Reference *r, const char *prefix, Arena *arena)
{
    for (const char *p = values; *p != '\0';) {
        size_t n = strcspn(p, "|");
        expect_word(r, prefix, arena_copy_n(arena, p, n), arena);
        p += n + (p[n] == '|');
    }
}

Test(carrier_tables, the_release_opens_and_has_a_model)
{
    Arena *arena = arena_new(NULL);
    cr_expect_not_null(reference_model(open_release(arena), "carrier"));
    arena_free(arena);
}

Test(carrier_tables, every_code_has_words_and_no_word_is_denied)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = open_release(arena);
    const Table *domains = reference_table(r, "domains");
    size_t rows = 0;
    for (size_t i = 0; i < domains->n_rows; i++) {
        const char *values = table_get(domains, i, "values"),
                   *input = table_get(domains, i, "input");
        if (strcmp(table_get(domains, i, "table"), "triage") != 0) continue;
        if (strcmp(input, "code") == 0 && strncmp(values, "carrier.", 8) == 0)
            each_word(values, r, "finding", arena), rows++;
        if (strcmp(input, "detail") == 0 &&
            (strstr(values, "fetal_xlinked") != NULL || strncmp(values, "alpha_", 6) == 0 ||
             strncmp(values, "partner_", 8) == 0))
            each_word(values, r, "detail", arena), rows++;
    }
    cr_expect_geq(rows, 5);
    arena_free(arena);
}

/* Of a fetus nothing may say how many copies of a chromosome there are: one code alone has the word, and only adults get it. */
Test(carrier_tables, one_sentence_alone_says_hemizygous)
{
    Arena *arena = arena_new(NULL);
    const Table *t = reference_table(open_release(arena), "wording");
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *key = table_cell(t, i, 0);
        bool own = strcmp(key, "detail.hemizygous") == 0;
        bool says = strstr(table_get(t, i, "zh"), "半合") != NULL ||
                    strstr(table_get(t, i, "en"), "hemizygous") != NULL;
        if (strncmp(key, "detail.", 7) == 0) cr_expect_eq(says, own, "%s", key);
    }
    arena_free(arena);
}

Test(carrier_tables, triage_names_words_for_all_it_asks)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = open_release(arena);
    const Table *t = reference_table(r, "triage");
    size_t rows = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (strncmp(table_get(t, i, "in:code"), "carrier.", 8) != 0) continue;
        rows++;
        expect_word(r, "action", table_get(t, i, "out:wording"), arena);
        expect_word(r, "urgency", table_get(t, i, "out:urgency"), arena);
        if (*table_get(t, i, "out:department") != '\0')
            expect_word(r, "department", table_get(t, i, "out:department"), arena);
        if (*table_get(t, i, "out:capability") != '\0')
            expect_word(r, "capability", table_get(t, i, "out:capability"), arena);
    }
    cr_expect_gt(rows, 25);
    arena_free(arena);
}
