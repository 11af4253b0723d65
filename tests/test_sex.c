/* The firewall: who falls under it, which names are sex chromosomes, which codes and words are
 * denied, and - just as important - which ordinary ones are not. Test names carry the number of the
 * leak channel they close. */
#include "lab/sex.h"
#include "utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { SUBJECTS = SUBJECT_NEWBORN + 1, MATERIALS = MATERIAL_CONCEPTION + 1 };

Test(sex, firewall_applies_to_fetal_and_unknown_material)
{
    /* one row a subject, one column a material, in the order of the enums */
    static const char *const EXPECTED[SUBJECTS] = {
        "111111111111", /* unknown */
        "100000011111", /* woman: her plasma holds the fetus's DNA */
        "100000011111", /* partner */
        "111111111111", /* fetus A */
        "111111111111", /* fetus B */
        "100000011111", /* newborn */
    };
    for (int s = 0; s < SUBJECTS; s++)
        for (int m = 0; m < MATERIALS; m++)
            cr_expect(sex_firewall_applies((Subject)s, (Material)m) == (EXPECTED[s][m] == '1'),
                      "subject %d, material %d", s, m);
}

static const struct {
    const char *name;
    bool sex;
} CONTIGS[] = {
    {"X", true},
    {"Y", true},
    {"x", true},
    {"y", true},
    {"chrX", true},
    {"chrY", true},
    {"CHRX", true},
    {"ChrY", true},
    {"chrx", true},
    {"chromosomeX", true},
    {"Chromosome_Y", true},
    {"chrom X", true},
    {"chr_X", true},
    {"chr.Y", true},
    {"chr0X", true},
    {"hsX", true},
    {"HSCHRX_1_CTG3", true},
    {"23", true},
    {"24", true},
    {"25", true},
    {"chr23", true},
    {"chr24", true},
    {"023", true},
    {"XY", true},
    {"chrXY", true},
    {"PAR", true},
    {"PAR1", true},
    {"PAR2", true},
    {"chrPAR1", true},
    {"X_PAR1", true},
    {"NC_000023", true},
    {"NC_000023.10", true},
    {"NC_000023.11", true},
    {"nc_000024.9", true},
    {"NC_000024.10", true},
    {"NC_060947.1", true},
    {"NC_060948.1", true},
    {"CM000685.1", true},
    {"CM000685.2", true},
    {"CM000686.2", true},
    {"CP068255.2", true},
    {"CP086569.2", true},
    {"gi|568815575|ref|NC_000023.11|", true},
    {"ref|NC_000024.9|", true},
    {"chrX_KI270880v1_alt", true},
    {"chrX_KI270913v1_alt", true},
    {"chrY_KI270740v1_random", true},
    {"chrX_random", true},
    {"chrX_decoy", true},
    {"X_KN196475v1_fix", true},
    {"X.1", true},
    {"KI270881.1", true},
    {"KI270740.1", true},
    {"chrX:2781480", true},
    {"chrXp22", true},
    {"1", false},
    {"chr1", false},
    {"2", false},
    {"3", false},
    {"chr2", false},
    {"22", false},
    {"chr22", false},
    {"230", false},
    {"chr11", false},
    {"16", false},
    {"MT", false},
    {"chrM", false},
    {"M", false},
    {"26", false},
    {"NC_000001.11", false},
    {"NC_000022.11", false},
    {"NC_012920.1", false},
    {"CM000684.2", false},
    {"CM000663.2", false},
    {"chrUn_KI270302v1", false},
    {"GL000192.1", false},
    {"hs37d5", false},
    {"HLA-A*01:01:01:01", false},
    {"HLA-DRB1*15:01:01:01", false},
    {"HLA-Y*01:01", false},
    {"chrEBV", false},
    {"phix", false},
    {"", false},
    {"chr", false},
    {"20", false},
    {"chr20_KI270869v1_alt", false},
};

Test(sex, leak_A15_contig_names)
{
    for (size_t i = 0; i < sizeof CONTIGS / sizeof *CONTIGS; i++)
        cr_expect(sex_contig(CONTIGS[i].name, strlen(CONTIGS[i].name)) == CONTIGS[i].sex,
                  "row %zu: %s", i, CONTIGS[i].name);
    cr_expect(sex_contig("chrXtail", 4), "only the given length counts");
    cr_expect(!sex_contig("chr1X", 4), "only the given length counts");
}

Test(sex, contig_of_any_length_is_safe)
{
    char name[200];
    memset(name, 'X', sizeof name);
    for (size_t n = 0; n <= sizeof name; n++)
        (void)sex_contig(name, n);
    memcpy(name, "chr", 3);
    cr_expect(sex_contig(name, sizeof name));
}

static const struct {
    const char *code;
    bool denied;
} CODES[] = {
    {"75693-2", true},
    {"75668-4", true},
    {"73822-9", true},
    {"73821-1", true},
    {"73967-2", true},
    {"11882-8", true},
    {"62356-1", true},
    {"46098-0", true},
    {"76689-9", true},
    {"LN:75693-2", true},
    {"LOINC 75693-2", true},
    {"75693-2^Fetal sex^LN", true},
    {"LA19938-2", true},
    {"LA19939-0", true},
    {"LA19940-8", true},
    {"LA2-8", true},
    {"LA3-6", true},
    {"248152002", true},
    {"248153007", true},
    {"SCT:248153007", true},
    {"fetal_sex", true},
    {"fetalSex", true},
    {"sex", true},
    {"SEX", true},
    {"Gender", true},
    {"birth-sex", true},
    {"sex_chromosomes", true},
    {"sca", true},
    {"NCV_X", true},
    {"NCV_Y", true},
    {"chrX_reads", true},
    {"chrY.z", true},
    {"FF_Y", true},
    {"y_ff", true},
    {"z_x", true},
    {"SRY", true},
    {"AMELX", true},
    {"amel", true},
    {"karyotype", true},
    {"sexratio", true}, /* what begins so is one of them */
    {"chrxcount", true},
    {"chrycount", true},
    {"fetal.chrycount", true},
    {"chrcount", false},
    {"secount", false},
    {"iscn", true},
    {"胎儿性别", true},
    {"性別", true},
    {"Y染色体浓度", true},
    {"Ｙ染色体浓度", true},
    {"baby.gender", true},
    {"s\u0435x", true},
    {"ＦＥＴＡＬ＿ＳＥＸ", true},
    {"is_male", true},
    {"\xff", true},
    {"73970-6", false},
    {"175693-2", false},
    {"75693-21", false},
    {"21440-3", false},
    {"birth_date", false},
    {"gestation_days", false},
    {"weight", false},
    {"plurality", false},
    {"hiv", false},
    {"hpv.16", false},
    {"cytology", false},
    {"alpha.deletion", false},
    {"hysterectomy", false},
    {"crl", false},
    {"fetal_fraction", false},
    {"t21.z", false},
    {"xylene", false},
    {"essex", false},
    {"year", false},
    {"taxon", false},
    {"", false},
};

Test(sex, leak_D04_codes_and_columns)
{
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        cr_expect(sex_code_denied(CODES[i].code) == CODES[i].denied, "row %zu: %s", i,
                  CODES[i].code);
}

static const char *const DENIED[] = {
    "男",
    "女",
    "男胎",
    "女胎",
    "男孩",
    "女孩",
    "男婴",
    "女嬰",
    "儿子",
    "兒子",
    "女儿",
    "女兒",
    "男宝",
    "女寶",
    "公主",
    "小公主",
    "王子",
    "千金",
    "弄璋",
    "弄瓦之喜",
    "带把",
    "帶把儿的",
    "阴茎",
    "陰莖",
    "阴囊",
    "陰囊",
    "睾丸",
    "睪丸",
    "阴唇",
    "陰脣",
    "卵巢",
    "外生殖器",
    "像爸爸",
    "像爸",
    "像媽媽",
    "Y染色体",
    "Y 染色體",
    "y染色体",
    "Ｙ染色体",
    "性别",
    "性別",
    "胎儿性别: 1",
    "男 胎",
    "男\u3000胎",
    "男-胎",
    "儿\u200B子",
    "儿 子",
    "公·主",
    "公\u2060主",
    "♂",
    "♀",
    "㊚",
    "㊛",
    "⼥",
    "\uF981",
    "👦",
    "👧",
    "👸",
    "🤴",
    "🚹",
    "生了个儿子",
    "儿子宫",
    "丫头",
    "XX",
    "XY",
    "xy",
    "46,XX",
    "46,XY",
    "46XY",
    "46, XY",
    "47,XXY",
    "47,XYY",
    "47,XXX",
    "45,X",
    "45X",
    "45,XO",
    "XO",
    "46,X",
    "45 X",
    "49 Y",
    "40x",
    "49xo",
    "xx1",
    "46x2",
    "45,X/46,XX",
    "ＸＹ",
    "Х\u0423",
    "\u03A7\u03A7",
    "X Y",
    "X/Y",
    "X X",
    "X\u200BY",
    "X-X",
    "(XY)",
    "胎儿XY型",
    "XY1",
    "SRY",
    "sry+",
    "AMELY",
    "A M E L Y",
    "chrY",
    "Y chromosome",
    "y-chromosomal",
    "Y-linked",
    "male",
    "Male fetus (XY)",
    "Female",
    "FEMALE",
    "boy",
    "boys",
    "It's a girl!",
    "son",
    "daughter",
    "penis",
    "scrotum",
    "testis",
    "labia",
    "he",
    "she",
    "he/she",
    "his",
    "her",
    "He kicked",
    "m a l e",
    "m  a  l  e",
    "s h e",
    "h i s",
    "m, a, l, e",
    "b - o - y",
    "b-o-y",
    "b.o.y",
    "a b o y",
    "g\u200Bi\u200Br\u200Bl",
    "ｂｏｙ",
    "b\u043Ey",
    "m\u0430le",
    "\U0001D41B\U0001D428\U0001D432",
    "b0y",
    "g1rl",
    "ma1e",
    "f3male",
    "bo\u0301y",
    "\u24B7\u24C4\u24CE",
    "is_male",
    "fetus=female;",
    "sex",
    "Sex: 1",
    "fetal sex",
    "gender",
    "nan tai",
    "nantai",
    "nv hai",
    "nü hai",
    "nǚ ér",
    "er zi",
    "xingbie",
    "\xC4\xD0",
    "broken \xE7\x94",
    "\xC0\x80",
    "\xE0\x81\xAD", /* an m in three bytes */
    "\xE0\x9F\xBF",
    "\xF0\x8F\xBF\xBF",
    "\xF4\x90\x80\x80",
    "\xED\xA0\x80 boy",
};

static const char *const ALLOWED[] = {
    "",
    " ",
    "the",
    "The fetus is not assessed here",
    "mother",
    "father",
    "other",
    "hero",
    "shed",
    "this",
    "history",
    "hers1",
    "here",
    "where",
    "sonogram",
    "person",
    "season",
    "reason",
    "malefic",
    "tamale",
    "boycott",
    "girlfriend2",
    "essex",
    "46,XN",
    "46, XN",
    "XN",
    "X",
    "Y",
    "X-linked",
    "HBB c.52A>T",
    "p.His100Argfs",
    "HBB CD41-42(-TTCT)",
    "chr11:5226762",
    "galaxy",
    "proxy",
    "sexchange2",
    "性染色体数目异常, 建议遗传咨询",
    "Abnormal number of sex chromosomes: genetic counselling",
    "胎儿",
    "胎儿A",
    "胎儿子宫内生长",
    "新生儿子痫",
    "胎儿子宮",
    "婴儿",
    "幼儿",
    "儿科",
    "孩子",
    "子宫",
    "遗传咨询",
    "建议转产前诊断中心",
    "羊水",
    "绒毛",
    "脐带血",
    "未检测",
    "不能判定, 建议复查",
    "染色体",
    "爸爸和妈妈",
    "H15",
    "A01",
    "S2026000123",
    "230103",
    "2026-11-23T08:30:00+08:00",
    "DP<10",
    "GQ 20",
    "\u00FC",
    "Müller",
    "β-地中海贫血",
    "α0",
    "μg/L",
    "≥ 20",
    "—",
    "…",
    "10^9/L",
    "mmol/L",
    "kg",
    "3e5f60b1c9",
    "boy5cott",
    "x1",
    "0/1",
    "A;B",
    "\xF4\x8F\xBF\xBF", /* the last character there is, and the first of each length */
    "\xF0\x90\x80\x80",
    "\xE0\xA0\x80",
    "\xC2\x80",
    "450 X",
    "35 X",
    "4 X",
    "4a X",
    "a5 Y",
    "5x",
    "35x",
    "5xo",
    "35xo",
};

Test(sex, leak_D06_deny_words)
{
    for (size_t i = 0; i < sizeof DENIED / sizeof *DENIED; i++)
        cr_expect(sex_text_denied(DENIED[i]), "row %zu: %s", i, DENIED[i]);
}

Test(sex, ordinary_words_pass)
{
    for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++)
        cr_expect(!sex_text_denied(ALLOWED[i]), "row %zu: %s", i, ALLOWED[i]);
}

Test(sex, a_deny_word_is_found_wherever_it_stands)
{
    char text[512];
    for (size_t i = 0; i < sizeof DENIED / sizeof *DENIED; i++) {
        snprintf(text, sizeof text, "建议遗传咨询; ref 7 | %s | then more", DENIED[i]);
        cr_expect(sex_text_denied(text), "row %zu: %s", i, text);
    }
}

/* Signs that show nothing are taken out of a word, from the first to the last of each range; their neighbours cut it in two. */
Test(sex, invisible_signs_by_their_ranges)
{
    static const unsigned RANGES[][2] = {
        {0xAD, 0xAD},     {0x61C, 0x61C},   {0xFEFF, 0xFEFF},   {0x3164, 0x3164},  {0x300, 0x36F},
        {0x115F, 0x1160}, {0x180B, 0x180E}, {0x200B, 0x200F},   {0x202A, 0x202E},  {0x2060, 0x206F},
        {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0x1F3FB, 0x1F3FF}, {0xE0000, 0xE01EF}};
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        for (unsigned code = RANGES[i][0] - 1; code <= RANGES[i][1] + 1; code++) {
            char text[16] = "bo";
            size_t n = utf8(text + 2, code);
            memcpy(text + 2 + n, "y", 2);
            cr_expect(sex_text_denied(text) == (code >= RANGES[i][0] && code <= RANGES[i][1]),
                      "U+%04X", code);
        }
}

/* A word in each alphabet that is drawn like ours: the first letter stands for A, capitals and small ones. */
Test(sex, alphabets_that_look_like_ours)
{
    static const struct {
        unsigned a;
        const char *word;
    } ROWS[] = {
        {0xFF21, "SON"},    {0xFF41, "SON"},   {0x24B6, "BOY"},   {0x24D0, "BOY"},
        {0x249C, "BOY"},    {0x1F110, "BOY"},  {0x1F130, "GIRL"}, {0x1F150, "BOY"},
        {0x1F170, "GIRL"},  {'A', "BOY"},      {'a', "BOY"},      {0x1D400, "BOY"},
        {0x1D41A, "BOY"},   {0x1D670, "BOY"},  {0x1D68A, "BOY"},  {0x1D400, "AMELX"},
        {0x1D68A, "AMELY"}, {0x249C, "AMELX"}, {0x24D0, "AMELY"}, {'A', "AMELY"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[64] = "";
        size_t n = 0;
        for (const char *p = ROWS[i].word; *p != '\0'; p++)
            n += utf8(text + n, ROWS[i].a + (unsigned)(*p - 'A'));
        text[n] = '\0';
        cr_expect(sex_text_denied(text), "row %zu: %s", i, text);
    }
    static const unsigned NO_LETTERS[] = {'@',     '[',         '`',     '{',     '/',
                                          ':',     0x24B5 - 26, 0x24EA,  0x249B,  0x1F12A,
                                          0x1F12F, 0x1F14A,     0x1F14F, 0x1F16A, 0x1F18A};
    for (size_t i = 0; i < sizeof NO_LETTERS / sizeof *NO_LETTERS; i++) { /* "he" ends there */
        char text[16];
        size_t n = utf8(text, NO_LETTERS[i]);
        memcpy(text + n, "he", 3);
        cr_expect(sex_text_denied(text), "U+%04X", NO_LETTERS[i]);
        memcpy(text + n, "ale", 4);
        cr_expect(!sex_text_denied(text), "U+%04X", NO_LETTERS[i]);
    }
}

/* Wherever it stands among single letters, and behind words of any length. */
Test(sex, words_drawn_apart_in_long_company)
{
    for (size_t n = 0; n < 80; n++) {
        char text[256], words[256];
        memset(text, ' ', sizeof text);
        for (size_t i = 0; i < n; i++)
            text[2 * i] = "cdk"[i % 3];
        memcpy(text + 2 * n, "b o y", 6);
        cr_expect(sex_text_denied(text), "%zu letters before: %s", n, text);
        memcpy(text + 2 * n, "b  o  y", 8);
        cr_expect(sex_text_denied(text), "%zu letters before: %s", n, text);
        memcpy(text + 2 * n, "b o k", 6);
        cr_expect_not(sex_text_denied(text), "%zu letters before: %s", n, text);
        memset(words, 'k', sizeof words);
        memcpy(words + n, " boy", 5);
        cr_expect(sex_text_denied(words), "a word of %zu", n);
        memcpy(words + n, "boy", 4);
        if (n > 0) cr_expect_not(sex_text_denied(words), "inside a word of %zu", n);
        memset(words + 4, 'k', sizeof words - 4);
        memcpy(words, "boy ", 4);
        words[4 + n] = '\0';
        cr_expect(sex_text_denied(words), "before a word of %zu", n);
    }
}

Test(sex, sealed_takes_everything_and_gives_nothing)
{
    Arena *arena = arena_new(NULL);
    Sealed *sealed = sealed_new(arena);
    Call call = {.site = 1, .copies = 1};
    Result result = {.code = "x", .value = "y"};
    for (int i = 0; i < 1000; i++) {
        sealed_put_call(sealed, &call, arena);
        sealed_put_result(sealed, &result, arena);
    }
    cr_expect(arena_used(arena) > 1000 * sizeof(Call));
    arena_free(arena);
}

/* Codes that the laboratory itself declares must not fall to the firewall's guesses. */
Test(sex, own_codes_pass_the_gate)
{
    static const char *const TABLES[] = {"reference/facts.tsv", "reference/results.tsv"};
    for (size_t t = 0; t < sizeof TABLES / sizeof *TABLES; t++) {
        FILE *file = fopen(TABLES[t], "r");
        char line[2048];
        while (file && fgets(line, sizeof line, file)) {
            line[strcspn(line, "\t\r\n")] = '\0';
            if (line[0] != '#' && strcmp(line, "code") != 0)
                cr_expect(!sex_code_denied(line), "%s: %s", TABLES[t], line);
        }
        if (file) fclose(file);
    }
}
