#include "lab/terms.h"
#include "utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    char *bytes = calloc(1, 1 << 20);
    size_t n = fread(bytes, 1, (1 << 20) - 1, f);
    (void)fclose(f);
    cr_assert_gt(n, 0u);
    return bytes;
}

static Status build(Terms **terms, const char *text, Arena *arena, Note *why)
{
    TableInfo info = {.name = "terms", .path = "terms.tsv"};
    Table *t = NULL;
    Status s = table_parse(&t, &info, text, strlen(text), arena, why);
    cr_assert_eq(s, OK, "%s %ld %s", why->code, why->row, why->detail);
    return terms_build(terms, t, arena, why);
}

static const struct {
    const char *system, *code, *result_code, *value;
} shipped[] = {
    {"loinc", "77399-4", "hpv.16", ""},
    {"loinc", "71431-1", "hpv.other", ""},
    {"loinc", "82675-0", "hpv.pooled", ""},
    {"loinc", "38372-9", "hpv.low_risk", ""},
    {"loinc", "71432-9", "remark", ""},
    {"loinc", "10524-7", "cytology", ""},
    {"loinc", "69002-4", NULL, NULL}, /* mRNA is not the DNA test of the programme */
    {"loinc", "21440-3", NULL,
     NULL}, /* old pool of nine types: its negative is no negative of fourteen */
    {"snomed", "373887005", "cytology", "nilm"},
    {"snomed", "441088002", "cytology", "asc_h"},
    {"snomed", "62061000119107", "cytology", "hsil"},
    {"snomed", "126481000119106", "cytology", "unsatisfactory"},
    {"snomed", "412716005", "remark", ""},
    {"snomed", "720005005", "hpv.pooled", "positive"},
    {"snomed", "787724008", "hpv.pooled", "negative"},
    {"snomed", "1269514000", "hpv.68", "positive"},
    {"snomed", "20365006", "histology", "cin3"},
    {"local", "02HPV16", "hpv.16", ""},
    {"local", "02hpvohr", "hpv.other", ""},
    {"local", "HPV 52", "hpv.52", ""},
    {"local", "HPV-58型", "hpv.58", ""},
    {"local", "HPV 6", "hpv.6", ""},
    {"local", "HPV 160", NULL, NULL},
    {"hpv_value", "POS", "", "positive"},
    {"hpv_value", "neg hpv16", "hpv.16", "negative"},
    {"hpv_value", "Invalid Other HR HPV", "hpv.other", "invalid"},
    {"hpv_value", "Failed", "", "failed"},
    {"hpv_value", "阳性", "", "positive"},
    {"hpv_value", "灰区", "", "invalid"},
    {"hpv_value", "NA", NULL, NULL},
    {"hpv_value", "ValueNotSet", NULL, NULL},
    {"text", "ASCUS", "cytology", "asc_us"},
    {"text", "ASC-US", "cytology", "asc_us"},
    {"text", "asc us", "cytology", "asc_us"},
    {"text", "ＡＳＣ－ＵＳ", "cytology", "asc_us"},
    {"text", "ASC-H", "cytology", "asc_h"},
    {"text", "未明确诊断意义的非典型鳞状细胞", "cytology", "asc_us"},
    {"text", "不能排除高度鳞状上皮内病变的不典型鳞状细胞", "cytology", "asc_h"},
    {"text", "非典型鳞状细胞，不除外高级别鳞状上皮内病变", "cytology", "asc_h"},
    {"text", "未见上皮内病变或恶性细胞", "cytology", "nilm"},
    {"text", "低级别鳞状上皮内病变（LSIL）", "cytology", "lsil"},
    {"text", "高级别鳞状上皮内病变", "cytology", "hsil"},
    {"text", "不典型腺细胞，倾向瘤变", "cytology", "agc_fn"},
    {"text", "原位腺癌", "cytology", "ais"},
    {"text", "腺癌", "cytology", "adenocarcinoma"},
    {"text", "标本不满意", "cytology", "unsatisfactory"},
    {"text", "No evidence of HSIL", NULL, NULL},
    {"text", "NILM, HSIL", NULL, NULL},
    {"text", "未见HSIL", NULL, NULL},
    {"text", "CA", NULL, NULL},
    {"text", "Candida", NULL, NULL},
    {"text", "", NULL, NULL},
    {"text", " - ", NULL, NULL},
    {"snomed", "NILM", NULL, NULL}, /* a system's code only */
};

Test(terms, shipped_table)
{
    Arena *arena = arena_new(NULL);
    Terms *terms = NULL;
    Note why;
    char *bytes = slurp("reference/cervical/terms.tsv");
    Status s = build(&terms, bytes, arena, &why);
    cr_assert_eq(s, OK, "%s %ld %s", why.code, why.row, why.detail);
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        Term t = terms_match(terms, shipped[i].system, shipped[i].code);
        cr_expect_eq(t.found, shipped[i].result_code != NULL, "row %zu %s", i, shipped[i].code);
        cr_expect_str_eq(t.result_code, t.found ? shipped[i].result_code : "", "row %zu", i);
        cr_expect_str_eq(t.value, t.found ? shipped[i].value : "", "row %zu", i);
    }
    free(bytes);
    arena_free(arena);
}

#define HEADER "system\tcode\tresult_code\tvalue\n"

static const struct {
    const char *text;
    Status status;
    const char *code;
    long row;
} built[] = {
    {HEADER "text\tA\tc\tv\nother\tA\tc\tv\n", OK, "", 0},
    {HEADER, OK, "", 0},
    {HEADER "text\tA\tc\tv\ntext\tB\tc\tv\ntext\ta -\tc\tw\n", BAD_INPUT, "terms.code", 0},
    {HEADER "text\t-\tc\tv\n", BAD_INPUT, "terms.code", 2},
    {"system\tcode\tvalue\ntext\tA\tv\n", BAD_INPUT, "terms.columns", 0},
};

Test(terms, refuses_ambiguous_tables)
{
    for (size_t i = 0; i < sizeof built / sizeof *built; i++) {
        Arena *arena = arena_new(NULL);
        Terms *terms = NULL;
        Note why = {.code = ""};
        Status s = build(&terms, built[i].text, arena, &why);
        cr_expect_eq(s, built[i].status, "row %zu", i);
        if (s != OK) {
            cr_expect_str_eq(why.code, built[i].code, "row %zu", i);
            cr_expect(built[i].row == 0 || why.row == built[i].row, "row %zu", i);
        } else {
            cr_expect_not(terms_match(terms, "text", "Z").found, "row %zu", i);
        }
        arena_free(arena);
    }
}

Test(terms, folding_is_bounded)
{
    char out[TERM_LENGTH], longest[TERM_LENGTH + 4];
    memset(longest, 'x', sizeof longest);
    longest[TERM_LENGTH] = '\0';
    cr_expect_not(terms_fold(out, longest));
    longest[TERM_LENGTH - 1] = '\0';
    cr_expect(terms_fold(out, longest));
    cr_expect(terms_fold(out, "\xE4\xBD")); /* a cut character neither crashes nor reads on */
    cr_expect(terms_fold(out, "a\xFF\xE4z"));
}

/* ---- folding, sign by sign ---- */

/* Blanks and hyphens go, full-width signs become ours, small letters capitals; each other sign stays what it is. */
Test(terms, every_sign_between_two_letters)
{
    static const unsigned ranges[][2] = {
        {1, 0x3100}, {0xD700, 0xD7FF}, {0xFE00, 0x10100}, {0x1F000, 0x1F010}, {0x10FF00, 0x10FFFF}};
    static const unsigned fillers[] = {' ', '\t', '-', 0xA0, 0xAD, 0x2212, 0x3000, 0xFEFF, 0xFF0D};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        for (unsigned code = ranges[i][0]; code <= ranges[i][1]; code++) {
            char text[16] = "a", wanted[16] = "A", out[TERM_LENGTH];
            bool filler = (code >= 0x2000 && code <= 0x200B) || (code >= 0x2010 && code <= 0x2015);
            for (size_t k = 0; k < sizeof fillers / sizeof *fillers; k++)
                filler = filler || code == fillers[k];
            unsigned folded = code > 0xFF00 && code < 0xFF5F ? code - 0xFF01 + '!' : code;
            if (folded >= 'a' && folded <= 'z') folded = folded - 'a' + 'A';
            size_t n = 1 + utf8(text + 1, code), m = filler ? 1 : 1 + utf8(wanted + 1, folded);
            (void)snprintf(text + n, sizeof text - n, "z");
            (void)snprintf(wanted + m, sizeof wanted - m, "Z");
            cr_assert(terms_fold(out, text), "U+%04X", code);
            cr_assert_str_eq(out, wanted, "U+%04X", code);
        }
}

/* Bytes that are no character stay as they are, and the character behind them is read. */
Test(terms, broken_characters_stay)
{
    static const char *const rows[][2] = {
        {"\xE4\xBD-", "\xE4\xBD"},
        {"\xE4-b", "\xE4"
                   "B"},
        {"\xC3-b", "\xC3"
                   "B"},
        {"\xF0\x9F-b", "\xF0\x9F"
                       "B"},
        {"\xF0\x9F\x9F-b", "\xF0\x9F\x9F"
                           "B"},
        {"\xC3\xC3\xA9", "\xC3\xC3\xA9"},
        {"\x81-b", "\x81"
                   "B"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[TERM_LENGTH];
        cr_expect(terms_fold(out, rows[i][0]), "row %zu", i);
        cr_expect_str_eq(out, rows[i][1], "row %zu", i);
    }
}

/* 199 bytes fit, whatever the last character is long; what is folded away does not count. */
Test(terms, folded_length_by_bytes)
{
    static const char *const last[] = {"x", "\xC3\xA9", "\xE5\xAE\xAB", "\xF0\x9F\x98\x80",
                                       "\xEF\xBC\xA1"};
    static const size_t folded[] = {1, 2, 3, 4, 1}; /* the last is a full-width A */
    for (size_t i = 0; i < 5; i++)
        for (size_t n = 190; n < 204; n++) {
            char text[512] = "", out[TERM_LENGTH];
            memset(text, 'q', n);
            for (int k = 0; k < 40; k++)
                memcpy(text + n + 2 * k, " -", 2);
            (void)snprintf(text + n + 80, sizeof text - n - 80, "%s", last[i]);
            cr_expect_eq(terms_fold(out, text), n + folded[i] <= 199, "%zu, %zu", i, n);
            if (n + folded[i] <= 199) cr_expect_eq(strlen(out), n + folded[i]);
        }
}

/* ---- tables ---- */

/* Each column is asked for by its name; the Note names the row that cannot be told apart. */
Test(terms, a_table_needs_its_four_columns)
{
    static const char *const columns[] = {"system", "code", "result_code", "value"};
    for (int absent = -1; absent < 4; absent++) {
        Arena *arena = arena_new(NULL);
        const char *head = "", *row = "";
        for (int i = 3; i >= 0; i--) {
            head = arena_print(arena, "%s%s%s", head, i < 3 ? "\t" : "",
                               i == absent ? "other" : columns[i]);
            row = arena_print(arena, "%s%s%s", row, i < 3 ? "\t" : "",
                              i == 0   ? "text"
                              : i == 1 ? "A"
                              : i == 2 ? "R"
                                       : "V");
        }
        Terms *terms = NULL;
        Note why = {.code = ""};
        cr_expect_eq(build(&terms, arena_print(arena, "%s\n%s\n", head, row), arena, &why),
                     absent < 0 ? OK : BAD_INPUT, "%d", absent);
        if (absent >= 0) cr_expect_str_eq(why.code, "terms.columns");
        if (absent >= 0) cr_expect_str_eq(why.file, "terms.tsv");
        if (absent < 0) {
            const Term t = terms_match(terms, "text", "a");
            cr_expect(t.found && strcmp(t.result_code, "R") == 0 && strcmp(t.value, "V") == 0);
        }
        arena_free(arena);
    }
}

/* Tables of none to forty rows: every code is found in its own system with its own value, and a code that stands twice is refused wherever it stands. */
Test(terms, each_row_of_a_table_is_found)
{
    for (int n = 0; n < 40; n++) {
        Arena *arena = arena_new(NULL);
        const char *text = HEADER;
        for (int i = 0; i < n; i++)
            text = arena_print(arena, "%ss%d\tc%d\tr%d\tv%d\n", text, i * 7 % 3, i * 11 % 40 / 2, i,
                               i);
        Terms *terms = NULL;
        Note why;
        bool twice = false;
        for (int i = 0; i < n; i++)
            for (int k = 0; k < i; k++)
                twice = twice || (i * 7 % 3 == k * 7 % 3 && i * 11 % 40 / 2 == k * 11 % 40 / 2);
        cr_assert_eq(build(&terms, text, arena, &why), twice ? BAD_INPUT : OK, "%d", n);
        for (int s = 0; s < 3 && !twice; s++)
            for (int c = 0; c < 20; c++) {
                int row = -1;
                for (int i = 0; i < n; i++)
                    if (i * 7 % 3 == s && i * 11 % 40 / 2 == c) row = i;
                const Term t =
                    terms_match(terms, arena_print(arena, "s%d", s), arena_print(arena, "C-%d", c));
                cr_expect_eq(t.found, row >= 0, "%d rows: s%d c%d", n, s, c);
                cr_expect_str_eq(t.result_code, row < 0 ? "" : arena_print(arena, "r%d", row));
                cr_expect_str_eq(t.value, row < 0 ? "" : arena_print(arena, "v%d", row));
            }
        if (n > 0 && !twice) {
            const char *again = arena_print(arena, "%ss%d\tc - %d\tr\tv\n", text, (n - 1) * 7 % 3,
                                            (n - 1) * 11 % 40 / 2);
            cr_expect_eq(build(&terms, again, arena, &why), BAD_INPUT, "%d", n);
            cr_expect_str_eq(why.code, "terms.code");
            cr_expect_str_eq(why.field, "code");
            cr_expect(why.row == n + 1 || why.row == n + 2, "%d: row %ld", n, why.row);
        }
        arena_free(arena);
    }
}
