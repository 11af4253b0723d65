/* The fetal door of intake: what carries a fetus's sex, its absence included, changes nothing that intake says. Every pair below
 * differs in nothing else. */
#include "intake_rows.h"

typedef struct Twin {
    const char *what, *submission[2], *facts[2], *results[2];
} Twin;

#define PREGNANT WOMAN("S000001") FETUS("S000002", "P100001")
#define HEAD_SEX                                                                                   \
    "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,"      \
    "collected,"                                                                                   \
    "consent_person,consent_version,consent_date,remark,fetal_sex,NCV_Y\n"

static const Twin twins[] = {
    {"a run and a well that tell",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000077,male-1,boy,,,,hpv.16,negative,,\n",
      RESULTS "S000077,female-1,girl,,,,hpv.16,negative,,\n"}},
    {"a version of the consent that tells",
     {HEAD WOMAN("S000001") FETUS_VERSION("S000002", "P100001", "male-2026"),
      HEAD WOMAN("S000001") FETUS_VERSION("S000002", "P100001", "female-2026")},
     {NULL, NULL},
     {NULL, NULL}},
    {"a fact of sex",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,fetus_a,sex,male,,\n", FACTS "C100001,fetus_a,sex,female,,\n"},
     {NULL, NULL}},
    {"a fact of one sex only",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,fetus_a,y_fraction,4.1,%,\n", FACTS},
     {NULL, NULL}},
    {"a fact of one sex only, malformed",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "X,fetus_a,scrotum,=1,%,never\n", FACTS},
     {NULL, NULL}},
    {"a fact of nobody known",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,fetus,chrY_reads,12,,\n", FACTS},
     {NULL, NULL}},
    {"the sex as the woman's fact",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,woman,fetal_sex,male,,\n", FACTS "C100001,woman,fetal_sex,female,,\n"},
     {NULL, NULL}},
    {"an unlisted fact of a fetus, or nothing",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,fetus_a,marker7,4.1,,\n", FACTS},
     {NULL, NULL}},
    {"an unlisted fact of nobody known, or nothing",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,baby,marker7,4.1,,\n", FACTS},
     {NULL, NULL}},
    {"the sex as the woman's fact, or nothing",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,woman,fetal_sex,male,,\n", FACTS},
     {NULL, NULL}},
    {"the sex as the woman's result, or nothing",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000001,,,,,,fetal_sex,male,,\n", RESULTS}},
    {"a result of sex",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,,,75693-2,male,,\n", RESULTS "S000002,,,,,,75693-2,female,,\n"}},
    {"a result of one sex only",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,,,srY.ct,31.2,,\n", RESULTS}},
    {"an unlisted result of fetal material",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,,,hypospadias,yes,,\n", RESULTS}},
    {"a result of nobody known",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000077,,,,,,z_chrX,2.1,,\n", RESULTS}},
    {"columns of sex",
     {HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,male,3.2\n",
      HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,female,\n"},
     {NULL, NULL},
     {NULL, NULL}},
    {"columns of sex missing in one",
     {HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,male,3.2\n",
      HEAD "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-01,"
           "P100001,v1,2026-10-30,\n"},
     {NULL, NULL},
     {NULL, NULL}},
    {"cells of sex cut off",
     {HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,male,3.2\n",
      HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30\n"},
     {NULL, NULL},
     {NULL, NULL}},
    {"a formula in a column of sex",
     {HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,=CMD(),\n",
      HEAD_SEX "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-"
               "01,P100001,v1,2026-10-30,,,\n"},
     {NULL, NULL},
     {NULL, NULL}},
    {"the remark",
     {HEAD "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-01,"
           "P100001,v1,2026-10-30,=\xE7\x94\xB7\xE8\x83\x8E\n",
      HEAD "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-01,"
           "P100001,v1,2026-10-30,\xE5\xA5\xB3\n"},
     {NULL, NULL},
     {NULL, NULL}},
    {"two rejected values of a listed fetal fact",
     {HEAD PREGNANT, HEAD PREGNANT},
     {FACTS "C100001,woman,plurality,male,1,\n", FACTS "C100001,woman,plurality,female,1,\n"},
     {NULL, NULL}},
    {"names of missing files",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,boy.vcf," SHA ",,,,\n", RESULTS "S000002,,,,girl.vcf," SHA ",,,,\n"}},
    {"a sex code beside a file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,x.vcf," SHA ",fetal_sex,male,,\n",
      RESULTS "S000002,,,,x.vcf," SHA ",,,,\n"}},
    {"a result of one sex only that names a missing file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,boy.txt," SHA ",NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"the same in front of the sample's own file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,R1,A1,,boy.txt," SHA ",NCV_Y,1.2,,\n"
              "S000002,,,,own.vcf," SHA ",,,,\n",
      RESULTS "\n"
              "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"a result of one sex only that names another file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,x.vcf," SHA ",NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"an unlisted result of one sex only that names another file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,x.vcf," SHA ",marker7,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"a result of one sex only without a checksum",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,own.vcf,,NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"a result of one sex only with a bad checksum",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,own.vcf,12,NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"a result of one sex only with a file that has no good name",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,../boy," SHA ",NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,own.vcf," SHA ",,,,\n"}},
    {"every row has a code and a file, one of them of one sex only and of another file",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,R1,A1,,own.vcf," SHA ",marker7,1.2,,\n"
              "S000002,R1,A1,,boy.txt," SHA ",NCV_Y,1.2,,\n"
              "S000002,R1,A1,,own.vcf," SHA ",marker8,1.2,,\n",
      RESULTS "S000002,R1,A1,,own.vcf," SHA ",marker7,1.2,,\n"
              "\n"
              "S000002,R1,A1,,own.vcf," SHA ",marker8,1.2,,\n"}},
    {"the sample's own file is told as missing in both",
     {HEAD PREGNANT, HEAD PREGNANT},
     {NULL, NULL},
     {RESULTS "S000002,,,,gone.vcf," SHA ",,,,\n"
              "S000002,R1,A1,,x.vcf," SHA ",NCV_Y,1.2,,\n",
      RESULTS "S000002,,,,gone.vcf," SHA ",,,,\n"}},
};

Test(intake_sex, what_carries_sex_changes_nothing)
{
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        static char text[2][20000];
        for (int t = 0; t < 2; t++) {
            Fixture x;
            Intake in;
            Note why = {0};
            setup(&x);
            put_text(&x, "submission.csv", "", twins[i].submission[t]);
            put_text(&x, "own.vcf", "", "its file\n");
            put_text(&x, "x.vcf", "", "another's\n");
            if (twins[i].facts[t]) put_text(&x, "facts.csv", "", twins[i].facts[t]);
            if (twins[i].results[t]) put_text(&x, "results.csv", "", twins[i].results[t]);
            cr_expect(read_batch(&x, &in, &why) == OK, "twin %zu %s: %s", i, twins[i].what,
                      why.code);
            intake_dump(text[t], sizeof text[t], &in);
            fixture_close(&x);
        }
        cr_expect(strcmp(text[0], text[1]) == 0, "twin %zu %s:\n%s---\n%s", i, twins[i].what,
                  text[0], text[1]);
        cr_expect(strlen(text[0]) > 0, "twin %zu says nothing", i);
    }
}

Test(intake_sex, a_code_too_long_to_be_read_is_dropped_like_any_other)
{
    Fixture x;
    Intake in;
    Note why = {0};
    enum { LONG = 80000 };
    setup(&x);
    char *rows = arena_alloc(x.arena, LONG + 200), *p = rows;
    p += sprintf(p, "S000002,,,,,,fetal_sex");
    memset(p, 'x', LONG);
    (void)sprintf(p + LONG, ",male,,\n");
    put_text(&x, "submission.csv", HEAD, PREGNANT);
    put_text(&x, "results.csv", RESULTS, rows);
    cr_expect_eq(read_batch(&x, &in, &why), OK, "%s", why.code);
    cr_expect(in.n_rejections == 0 && in.n_results == 0, "%zu", in.n_rejections);
    fixture_close(&x);
}

#define OUL        "MSH|^~\\&|A|B|C|D|20261120||OUL^R22|1|P|2.5\r"
#define MARK(name) "OBX|1|ST|" name "||POS||||||F\r"

typedef struct Pair {
    const char *what, *text[2];
} Pair;

static const Pair pairs[] = {
    {"a marker of registered fetal material",
     {OUL "SPM||S000002\r" MARK("HPV 16") MARK("M7"), OUL "SPM||S000002\r" MARK("HPV 16")}},
    {"only markers", {OUL "SPM||S000002\r" MARK("M7") MARK("M8"), OUL "SPM||S000002\r" MARK("M8")}},
    {"a marker of nobody known",
     {OUL "SPM||S000077\r" MARK("HPV 16") MARK("M7"), OUL "SPM||S000077\r" MARK("HPV 16")}},
    {"a sex code", {OUL "SPM||S000077\r" MARK("75693-2^x^LN"), OUL "SPM||S000077\r"}},
    {"a table's marker",
     {"sample_id,target,result\nS000002,HPV 16,POS\nS000002,M7,POS\n",
      "sample_id,target,result\nS000002,HPV 16,POS\n"}},
    {"a table's sex without specimen",
     {"sample_id,target,result\nS000077,HPV 16,POS\n,fetal sex,male\n",
      "sample_id,target,result\nS000077,HPV 16,POS\n"}},
    {"a table's column of sex",
     {"sample,16,fetal_sex,NCV_Y\nS000077,POS,male,3.1\n", "sample,16\nS000077,POS\n"}},
};

Test(intake_sex, what_carries_sex_in_a_file_of_many_changes_nothing)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        static char text[2][20000];
        for (int t = 0; t < 2; t++) {
            Fixture x;
            Intake in;
            Note why = {0};
            char hex[SHA256_HEX];
            setup(&x);
            sum(hex, pairs[i].text[t]);
            put_text(&x, "submission.csv", HEAD, PREGNANT);
            put_text(&x, "m.hl7", "", pairs[i].text[t]);
            put_text(&x, "results.csv", RESULTS, arena_print(x.arena, "*,,,,m.hl7,%s,,,,\n", hex));
            cr_expect(read_batch(&x, &in, &why) == OK, "pair %zu: %s", i, why.code);
            intake_dump(text[t], sizeof text[t], &in);
            fixture_close(&x);
        }
        cr_expect(strcmp(text[0], text[1]) == 0, "pair %zu %s:\n%s---\n%s", i, pairs[i].what,
                  text[0], text[1]);
    }
}
