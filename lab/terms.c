/* Outside codes and words become result codes by exact match.
 *
 * Spellings differ in harmless ways only: case, spaces, hyphens, and the full-width letters of
 * Chinese input methods ("ＡＳＣ－ＵＳ"). These are folded away; everything else must be equal. There is
 * no substring search, on purpose: published readers have taken "ASC-US" for unknown because they
 * looked for "ASCUS", taken any text with "CA" for cancer, and would read HSIL out of "no evidence
 * of HSIL". What does not match is for a person. */
#include "terms.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    const char *system, *key;
    size_t row;
} Entry;

struct Terms {
    const Table *table;
    Entry *entries; /* sorted by system, then key */
    size_t n;
    int result_code, value;
};

/* Bytes of the character at `s`, 0 at the end; its code point goes to *out. Broken UTF-8 is taken
 * byte by byte. */
static size_t next_character(uint32_t *out, const unsigned char *s)
{
    size_t n = s[0] == 0 ? 0 : s[0] < 0xC0 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    *out = n < 2 ? s[0] : s[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            *out = s[0];
            return 1;
        }
        *out = *out << 6 | (s[i] & 0x3Fu);
    }
    return n;
}

static bool is_filler(uint32_t c)
{
    bool space = c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000 ||
                 (c >= 0x2000 && c <= 0x200B) || c == 0xFEFF;
    bool hyphen =
        c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFF0D || c == 0xAD;
    return space || hyphen;
}

bool terms_fold(char out[TERM_LENGTH], const char *utf8)
{
    const unsigned char *s = (const unsigned char *)utf8;
    size_t used = 0;
    uint32_t c;
    for (size_t n; (n = next_character(&c, s)) > 0; s += n) {
        if (is_filler(c)) continue;
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
        if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
        size_t size = c < 0x80 ? 1 : n;
        if (used + size >= TERM_LENGTH) return false;
        if (c < 0x80)
            out[used] = (char)c;
        else
            memcpy(out + used, s, n);
        used += size;
    }
    out[used] = '\0';
    return used > 0;
}

static int by_system_and_key(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    int order = strcmp(x->system, y->system);
    return order != 0 ? order : strcmp(x->key, y->key);
}

static Status fault(const Table *table, size_t row, Note *why)
{
    return note_fail(why, BAD_INPUT, "terms.code",
                     (Place){table->info.path, table->lines[row], "code"}, "%s",
                     table_get(table, row, "code"));
}

Status terms_build(Terms **out, const Table *table, Arena *arena, Note *why)
{
    int system = table_column(table, "system"), code = table_column(table, "code");
    Terms *t = arena_alloc(arena, sizeof *t);
    *t = (Terms){.table = table,
                 .n = table->n_rows,
                 .result_code = table_column(table, "result_code"),
                 .value = table_column(table, "value")};
    if (system < 0 || code < 0 || t->result_code < 0 || t->value < 0)
        return note_fail(why, BAD_INPUT, "terms.columns", (Place){.file = table->info.path}, NULL);
    t->entries = arena_alloc(arena, t->n * sizeof *t->entries);
    for (size_t r = 0; r < t->n; r++) {
        char key[TERM_LENGTH];
        if (!terms_fold(key, table_cell(table, r, code))) return fault(table, r, why);
        t->entries[r] = (Entry){table_cell(table, r, system), arena_copy(arena, key), r};
    }
    if (t->n > 0) qsort(t->entries, t->n, sizeof *t->entries, by_system_and_key);
    for (size_t i = 1; i < t->n; i++)
        if (by_system_and_key(&t->entries[i - 1], &t->entries[i]) == 0)
            return fault(table, t->entries[i].row, why);
    *out = t;
    return OK;
}

Term terms_match(const Terms *terms, const char *system, const char *code)
{
    char key[TERM_LENGTH];
    if (terms->n == 0 || !terms_fold(key, code)) return (Term){.result_code = "", .value = ""};
    Entry wanted = {system, key, 0};
    const Entry *e =
        bsearch(&wanted, terms->entries, terms->n, sizeof *terms->entries, by_system_and_key);
    if (e == NULL) return (Term){.result_code = "", .value = ""};
    return (Term){true, table_cell(terms->table, e->row, terms->result_code),
                  table_cell(terms->table, e->row, terms->value)};
}
