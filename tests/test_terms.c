#include "lab/terms.h"

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
