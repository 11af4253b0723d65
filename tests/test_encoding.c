/* Encodings are decided cell by cell, of cells that are read: what stands in a column of sex, in whatever bytes, changes nothing that is
 * said about the rest of the table. Every cell of one table against every other; the rest holds Chinese in UTF-8, in GB18030, or none. */
#include "intake_rows.h"

#include <sodium.h>

/* What may stand in the column; "male" and "female" in GB18030 are C4 D0 and C5 AE, of which only the second is valid UTF-8. The third
 * has trail bytes that are '|' and a backslash, the fourth digits. */
static const char *const sexes[] = {
    "",         "male", "\xE7\x94\xB7", "\xE5\xA5\xB3",     "\xC4\xD0",
    "\xC5\xAE", "\xC4", "\xFF\xFF",     "\x81\x7C\x81\x5C", "\x81\x30\x81\x31",
    "\x01\x02", "\x7F", "\xED\xA0\x80", "\xC0\x80"};
enum { SEXES = sizeof sexes / sizeof *sexes };

#define NAME_UTF8 "\xE6\xA0\xB7\xE6\x9C\xAC\xE7\xBC\x96\xE5\x8F\xB7" /* sample number */
#define NAME_GB   "\xD1\xF9\xB1\xBE\xB1\xE0\xBA\xC5"
#define POS_UTF8  "\xE9\x98\xB3\xE6\x80\xA7"
#define POS_GB    "\xD1\xF4\xD0\xD4"
#define SEX_GB    "\xD0\xD4\xB1\xF0"
#define FETUS_ROW                                                                                  \
    "P100001,C100001,S000002,1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-01,"         \
    "P100001,v1,2026-10-30"
#define AFTER_SAMPLE                                                                               \
    ",revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,"              \
    "consent_person,consent_version,consent_date"

/* `%s` is the cell; `without` the same table where the column is absent. */
typedef struct Mixed {
    const char *what, *file, *table, *without;
} Mixed;

#define MESSAGE(charset)                                                                           \
    "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||" charset "\rPID|1||X||N^N||1990|%s\r"           \
    "OBR|1|S000077||10524-7^Cytology^LN\rNTE|1||%s\r"                                              \
    "OBX|1|ST|75693-2^x^LN||%s||||||F\rOBX|2|ST|10524-7^Pap^LN||"
#define NILM_UTF8                                                                                  \
    "\xE6\x9C\xAA\xE8\xA7\x81\xE4\xB8\x8A\xE7\x9A\xAE\xE5\x86\x85\xE7\x97\x85\xE5\x8F\x98\xE6\x88" \
    "\x96\xE6\x81\xB6\xE6\x80\xA7\xE7\xBB\x86\xE8\x83\x9E"

/* Sexes as they may stand in a message: no control characters, which end a line there. */
static const char *const spoken[] = {
    "M",        "F",    "\xE7\x94\xB7", "\xE5\xA5\xB3",     "\xC4\xD0",
    "\xC5\xAE", "\xC4", "\xFF\xFF",     "\x81\x7C\x81\x5C", "\x81\x30\x81\x31"};

static const Mixed mixed[] = {
    {"registrations, ASCII", "submission.csv",
     "person,case,sample" AFTER_SAMPLE ",fetal_sex\n" FETUS_ROW ",%s\n",
     "person,case,sample" AFTER_SAMPLE "\n" FETUS_ROW "\n"},
    {"registrations, a header in UTF-8, the column's name in GB18030", "submission.csv",
     "person,case," NAME_UTF8 AFTER_SAMPLE "," SEX_GB "\n" FETUS_ROW ",%s\n",
     "person,case," NAME_UTF8 AFTER_SAMPLE "\n" FETUS_ROW "\n"},
    {"registrations, a header in GB18030", "submission.csv",
     "person,case," NAME_GB AFTER_SAMPLE "," SEX_GB "\n" FETUS_ROW ",%s\n",
     "person,case," NAME_GB AFTER_SAMPLE "\n" FETUS_ROW "\n"},
    {"the column in front", "submission.csv",
     "sex,person,case,sample" AFTER_SAMPLE "\n%s," FETUS_ROW "\n",
     "person,case,sample" AFTER_SAMPLE "\n" FETUS_ROW "\n"},
    {"facts", "facts.csv",
     "case,owner,code,value,unit,time," SEX_GB "\nC100001,woman,weight_kg,61,kg,,%s\n",
     "case,owner,code,value,unit,time\nC100001,woman,weight_kg,61,kg,\n"},
    {"a fact of sex", "facts.csv",
     "case,owner,code,value,unit,time\nC100001,fetus_a,fetal_sex,%s,,\n",
     "case,owner,code,value,unit,time\n"},
    {"a result of sex", "results.csv",
     "sample,run,well,specimen,file,sha256,code,value,unit,time\nS000002,,,,,,75693-2,%s,,\n",
     "sample,run,well,specimen,file,sha256,code,value,unit,time\n"},
    {"an exporter's table in UTF-8", "m.csv", NAME_UTF8 ",HPV16,name\nS000077," POS_UTF8 ",%s\n",
     NAME_UTF8 ",HPV16\nS000077," POS_UTF8 "\n"},
    {"an exporter's table in GB18030", "m.csv",
     NAME_GB ",HPV16," SEX_GB "\nS000077," POS_GB ",%s\n", NAME_GB ",HPV16\nS000077," POS_GB "\n"},
    {"an exporter's row of nothing else", "m.csv",
     NAME_UTF8 ",HPV16,name\nS000077," POS_UTF8 ",\n,,%s\n",
     NAME_UTF8 ",HPV16\nS000077," POS_UTF8 "\n"},
};

static void put_mixed(const Fixture *x, const Mixed *m, const char *table)
{
    char hex[SHA256_HEX];
    if (strcmp(m->file, "submission.csv") != 0)
        put_text(x, "submission.csv", HEAD, WOMAN("S000001") FETUS("S000002", "P100001"));
    put_text(x, m->file, "", table);
    if (strcmp(m->file, "m.csv") != 0) return;
    sum(hex, table);
    put_text(x, "results.csv", RESULTS, arena_print(x->arena, "*,,,,m.csv,%s,,,,\n", hex));
}

/* What intake says of the table, and how many rows it took. */
static size_t said(char *out, size_t size, const Mixed *m, const char *cell)
{
    Fixture x;
    Intake in;
    Note why = {0};
    cr_assert_geq(sodium_init(), 0);
    setup(&x);
    const char *at = strstr(m->table, "%s");
    put_mixed(&x, m,
              cell == NULL
                  ? m->without
                  : arena_print(x.arena, "%.*s%s%s", (int)(at - m->table), m->table, cell, at + 2));
    cr_expect(read_batch(&x, &in, &why) == OK, "%s: %s", m->what, why.code);
    intake_dump(out, size, &in);
    size_t n = in.n_samples + in.n_facts + in.n_results;
    fixture_close(&x);
    return n;
}

Test(encoding, a_column_of_sex_changes_nothing_in_any_bytes)
{
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        static char first[20000], other[20000];
        size_t n = said(first, sizeof first, &mixed[i], NULL);
        cr_expect(n > 0 && strstr(first, "\nJ ") == NULL, "%s: %s", mixed[i].what, first);
        for (size_t k = 0; k < SEXES; k++) {
            (void)said(other, sizeof other, &mixed[i], sexes[k]);
            cr_expect(strcmp(first, other) == 0, "%s, cell %zu:\n%s---\n%s", mixed[i].what, k,
                      first, other);
        }
    }
}

/* What is read must still be understood, each cell by its own bytes, and refused when it is in no encoding. */
Test(encoding, cells_that_are_read_are_understood_each_for_itself)
{
    static const struct {
        const char *what, *table, *expected;
    } rows[] = {
        {"UTF-8 and GB18030 side by side", "sample,HPV16,HPV18\nS000077," POS_UTF8 "," POS_GB "\n",
         "positive positive"},
        {"a word in GB18030 below a header in UTF-8", NAME_UTF8 ",HPV16\nS000077," POS_GB "\n",
         "positive"},
        {"neither", "sample,HPV16,HPV18\nS000077,\xFF\xFF,POS\n", "positive"},
        {"a control character", "sample,HPV16,HPV18\nS000077,POS\x01,POS\n", "positive"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture x;
        Intake in;
        Note why = {0};
        char values[100] = "";
        cr_assert_geq(sodium_init(), 0);
        setup(&x);
        put_mixed(&x, &(Mixed){.file = "m.csv"}, rows[i].table);
        cr_expect(read_batch(&x, &in, &why) == OK, "%s: %s", rows[i].what, why.code);
        for (size_t k = 0; k < in.n_results; k++)
            for (size_t r = 0; r < in.results[k].n_results; r++)
                (void)snprintf(values + strlen(values), sizeof values - strlen(values), "%s%s",
                               values[0] ? " " : "", in.results[k].results[r].value);
        cr_expect_str_eq(values, rows[i].expected, "%s", rows[i].what);
        fixture_close(&x);
    }
}

/* The same in HL7: what stands in PID, NTE and an OBX about sex decides neither whether the message is read nor how. */
Test(encoding, sex_in_a_message_changes_nothing_in_any_bytes)
{
    static const char *const messages[] = {
        MESSAGE("") NILM_UTF8 "||||||F\r", MESSAGE("UNICODE UTF-8") NILM_UTF8 "||||||F\r",
        MESSAGE("ASCII") "NILM||||||F\r", MESSAGE("GB 18030-2000") "NILM||||||F\r",
        MESSAGE("") "NILM||||||F\rOBX|3|ST|M7^\xD0\xD4||%s||||||F\r",
        /* in fields that nobody reads between fields that are read, from here on */
        MESSAGE("GB 18030-2000") "NILM||%s|N|||F\r", MESSAGE("") "NILM||%s|N|||F\r",
        MESSAGE("GB 18030-2000") "NILM||%s||||F|||20260101\rOBX|3|ST|M7^\xD0\xD4|%s|N||%s||||F\r"};
    enum {
        BETWEEN = 5,
        ALONE = 6
    }; /* one lead byte in front of a separator is a character of GB18030 */
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        static char first[20000], other[20000];
        for (size_t k = 0; k < sizeof spoken / sizeof *spoken; k++) {
            Arena *arena = arena_new(NULL);
            const char *text = messages[i], *at;
            if (i >= BETWEEN && k == ALONE) {
                arena_free(arena);
                continue;
            }
            while ((at = strstr(text, "%s")) != NULL)
                text = arena_print(arena, "%.*s%s%s", (int)(at - text), text, spoken[k], at + 2);
            const Mixed m = {.what = "message", .file = "m.csv", .table = "%s", .without = text};
            size_t n = said(k == 0 ? first : other, sizeof first, &m, NULL);
            cr_expect_eq(n, 3, "message %zu, %zu:\n%s", i, k, k == 0 ? first : other);
            cr_expect(k == 0 || strcmp(first, other) == 0, "message %zu, %zu:\n%s---\n%s", i, k,
                      first, other);
            arena_free(arena);
        }
    }
}
